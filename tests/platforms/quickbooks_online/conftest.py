"""Companies to test with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.opened import opened
from tests.platforms.quickbooks_online.builders import ACCOUNTS, SUPPLIERS, Client

from sandbooks.app import App
from sandbooks.platform import CompanyPlan, platform_named


@pytest.fixture
def open_client() -> Callable[..., Client]:
    """Opens a company in a world of its own."""
    app = App()

    def client(country: str = "GB", **plan: Any) -> Client:
        facts: dict[str, Any] = {"accounts": ACCOUNTS, "suppliers": SUPPLIERS, **plan}
        made = opened(app, "qbo", CompanyPlan(name="Acme", country=country, **facts))
        with made.company.world.unit():
            credentials = platform_named("qbo").load_seed().credentials(made.company.world, made.company)
        return Client(app, made.company, made.labels, credentials)

    return client


@pytest.fixture
def gb(open_client: Callable[..., Client]) -> Client:
    return open_client("GB")


@pytest.fixture
def us(open_client: Callable[..., Client]) -> Client:
    return open_client("US")
