"""Batches that are answered in another order, and waits that are told as a date."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
import requests

from sandbooks import Sandbox
from sandbooks.sandbox import PlatformCompany


@pytest.fixture
def world() -> Iterator[Sandbox]:
    with Sandbox(clock="2026-03-28T17:40:00 Europe/London") as sandbox, sandbox.intercept():
        yield sandbox


def batch(company: PlatformCompany, *names: str) -> list[Any]:
    """Create vendors in one request; what each element of the answer is."""
    items = [{"bId": name, "operation": "create", "Vendor": {"DisplayName": name}} for name in names]
    answer = requests.post(
        f"{company.environment['QBO_API_URL']}/company/{company.id}/batch",
        json={"BatchItemRequest": items},
        headers={"Authorization": f"Bearer {company.credentials['access_token']}", "Accept": "application/json"},
        timeout=5,
    )
    return [(element["bId"], element["Vendor"]["DisplayName"]) for element in answer.json()["BatchItemResponse"]]


def test_a_batch_is_answered_the_other_way_round_and_each_element_keeps_its_own(world: Sandbox) -> None:
    company = world.company("quickbooks_online", country="GB")
    assert batch(company, "one", "two") == [("one", "one"), ("two", "two")]
    with world.fault("reorder_batch"):
        assert batch(company, "three", "four", "five") == [("five", "five"), ("four", "four"), ("three", "three")]
    assert {"three", "four", "five"} <= {record.body["DisplayName"] for record in company.records("Vendor")}


def test_a_batch_of_one_has_no_order(world: Sandbox) -> None:
    company = world.company("quickbooks_online", country="GB")
    with pytest.raises(AssertionError, match="never met"), world.fault("reorder_batch"):
        assert batch(company, "one") == [("one", "one")]


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_a_wait_is_told_in_either_form(world: Sandbox, form: str) -> None:
    company = world.company("xero", country="GB")
    headers = {
        "Authorization": f"Bearer {company.credentials['access_token']}",
        "Xero-tenant-id": company.credentials["tenant_id"],
    }
    with world.fault("throttle", retry_after="37s", form=form):
        answer = requests.get(f"{company.environment['XERO_BASE_URL']}/Accounts", headers=headers, timeout=5)
    told = answer.headers["Retry-After"]
    assert answer.status_code == 429
    if form == "seconds":
        assert told == "37"
    else:
        assert timedelta(seconds=35) <= parsedate_to_datetime(told) - world.clock.now <= timedelta(seconds=37)
