"""The company files of QuickBooks Desktop, for the files that share them."""

from __future__ import annotations

import pytest
from tests.platforms.connectors.books.quickbooks_desktop import Desktop, opened


@pytest.fixture
def desktop() -> Desktop:
    return opened()


@pytest.fixture
def american() -> Desktop:
    return opened("US", "USD")
