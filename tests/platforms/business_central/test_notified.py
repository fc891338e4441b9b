"""Which entity sets tell of their changes: all that Business Central lists."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.platforms.business_central.desk import Desk
from tests.platforms.business_central.test_around import Receiver, subscribe

from sandbooks.platforms.business_central import lacking, webhooks
from sandbooks.platforms.business_central.bookkeeper import BOOKKEEPER

MADE: dict[str, dict[str, Any]] = {
    "countriesRegions": {"code": "NO", "displayName": "Norway"},
    "currencies": {"code": "ISK"},
    "customerPaymentJournals": {"code": "NEW"},
    "customers": {"displayName": "New"},
    "employees": {"givenName": "Ada"},
    "itemCategories": {"code": "WOOD"},
    "items": {"displayName": "Board"},
    "journals": {"code": "NEW"},
    "paymentMethods": {"code": "GIRO"},
    "paymentTerms": {"code": "14 DAYS", "dueDateCalculation": "14D"},
    "shipmentMethods": {"code": "FOB"},
    "unitsOfMeasure": {"code": "KG"},
    "vendors": {"displayName": "New"},
}
READ_ONLY = ("accounts", "companyInformation", "dimensions", "generalLedgerEntries", "purchaseInvoices")
# Tested in test_sales.py.
SALES = ("salesCreditMemos", "salesInvoices", "salesOrders", "salesQuotes")


def told(desk: Desk, receiver: Receiver) -> list[tuple[str, str]]:
    desk.world.advance(by=timedelta(seconds=31))
    found = [(e["resource"].rpartition("/")[2], e["changeType"]) for each in receiver.seen for e in each["value"]]
    receiver.seen.clear()
    return found


@pytest.mark.parametrize("name", sorted(MADE))
def test_a_set_tells_of_what_is_made_changed_and_deleted(desk: Desk, name: str) -> None:
    receiver = Receiver(desk)
    subscribe(desk, receiver, name)
    made = desk.make(name, **MADE[name])
    one = f"{name}({made['id']})"
    assert told(desk, receiver) == [(one, "created")]
    desk.change(one, **({"surname": "Other"} if name == "employees" else {"displayName": "Other"}))
    assert told(desk, receiver) == [(one, "updated")]
    desk.drop(one)
    assert told(desk, receiver) == [(one, "deleted")]


@pytest.mark.parametrize("name", ["accounts", "dimensions"])
def test_a_list_that_the_api_only_reads_tells_of_what_the_company_renames(desk: Desk, name: str) -> None:
    receiver = Receiver(desk)
    subscribe(desk, receiver, name)
    (row, *_) = desk.list(name)
    with desk.world.unit():
        BOOKKEEPER.edit(desk.company, name.removesuffix("s"), row["id"], {"displayName": "Another name"})
    assert told(desk, receiver) == [(f"{name}({row['id']})", "updated")]
    assert desk.get(f"{name}({row['id']})")["displayName"] == "Another name"


def test_the_company_tells_of_its_own_page(desk: Desk) -> None:
    receiver = Receiver(desk)
    subscribe(desk, receiver, "companyInformation")
    (row,) = desk.list("companyInformation")
    desk.change(f"companyInformation({row['id']})", city="Leeds")
    assert told(desk, receiver) == [(f"companyInformation({row['id']})", "updated")]


def test_a_posted_invoice_is_told_of_under_the_same_id(desk: Desk) -> None:
    made = desk.invoice(desk.item(31))
    receiver = Receiver(desk)
    subscribe(desk, receiver, "purchaseInvoices")
    desk.act(f"purchaseInvoices({made['id']})")
    assert told(desk, receiver) == [(f"purchaseInvoices({made['id']})", "updated")]


def test_every_set_that_has_notifications_and_entities_is_tested_here() -> None:
    assert {*MADE, *READ_ONLY, *SALES} == webhooks.SUPPORTED
    assert not webhooks.SUPPORTED & {*lacking.SETS}
