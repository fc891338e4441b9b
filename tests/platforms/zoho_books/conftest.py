import pytest
from tests.platforms.zoho_books.desk import Desk, open_desk

from sandbooks.app import App


@pytest.fixture
def app() -> App:
    return App()


@pytest.fixture
def desk(app: App) -> Desk:
    return open_desk(app)
