import pytest
from tests.platforms.quickbooks_desktop.desk import Desk


@pytest.fixture
def desk() -> Desk:
    return Desk()
