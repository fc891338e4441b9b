"""What the harness tests share: small scenarios, and judges over small drivers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.harness.small_clients import Careful

from sandbooks.harness.examples import Data, Menu, base, scenario_of, with_steps
from sandbooks.harness.judging import Judge, Verdict
from sandbooks.harness.subject import subject_of_class

Judged = Callable[..., Verdict]


@pytest.fixture(scope="session")
def menu() -> Menu:
    """What QuickBooks Online offers to a driver with a restart."""
    return Menu("quickbooks_online", frozenset({"restart"}))


@pytest.fixture
def judged(menu: Menu) -> Judged:
    """Judges steps played through a driver class."""

    def judge(*steps: Data, driver: type[Any] = Careful) -> Verdict:
        return Judge(subject_of_class(driver)).judge(scenario_of(with_steps(base(menu), *steps)))

    return judge


def payment(label: str = "r-01", amount: str = "412.37 GBP", **more: Any) -> Data:
    """A push of one payment."""
    return {"push": {"payment": label, "date": "2026-03-16", "amount": amount, "account": "travel", **more}}


SYNC: Data = {"sync": "until idle"}
