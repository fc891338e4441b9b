"""A hub company over a platform company for each test."""

import pytest
from tests.hub.desk import Desk, open_desk


@pytest.fixture
def desk() -> Desk:
    return open_desk()
