from collections.abc import Callable
from typing import Any

import pytest
from tests.platforms.netsuite.desk import PLAN, Desk, open_desk

from sandbooks.app import App
from sandbooks.platform import CompanyPlan


@pytest.fixture
def app() -> App:
    return App()


@pytest.fixture
def desk(app: App) -> Desk:
    return open_desk(app)


@pytest.fixture
def open_with(app: App) -> Callable[..., Desk]:
    """An account with other settings."""

    def opened(**settings: Any) -> Desk:
        plan = CompanyPlan(
            name=PLAN.name,
            country=PLAN.country,
            accounts=PLAN.accounts,
            suppliers=PLAN.suppliers,
            taxes=PLAN.taxes,
            tracking=PLAN.tracking,
            settings={**PLAN.settings, **settings},
        )
        return open_desk(app, plan)

    return opened
