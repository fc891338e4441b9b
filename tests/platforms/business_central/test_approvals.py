"""Approval of purchase documents: what waits is in review, is not changed and not posted."""

from __future__ import annotations

from typing import Any

import pytest
from tests.platforms.business_central.desk import Desk

from sandbooks.platforms.business_central.bookkeeper import BOOKKEEPER
from sandbooks.platforms.business_central.refusals import Dialog


def decide(desk: Desk, kind: str, id: str, status: str) -> None:
    with desk.world.unit():
        BOOKKEEPER.edit(desk.company, kind, id, {"status": status})


def workflow(desk: Desk, *kinds: str) -> None:
    with desk.world.unit():
        desk.company.change_settings(approval_required=list(kinds))


def draft(desk: Desk, amount: int = 53) -> Any:
    return desk.invoice(desk.item(amount), vendor="airline", currencyCode="USD")


def test_an_invoice_that_waits_for_approval_is_in_review_and_stays_as_it_is(desk: Desk) -> None:
    workflow(desk, "purchaseInvoice")
    made = draft(desk)
    path = f"purchaseInvoices({made['id']})"
    (line,) = desk.list(f"{path}/purchaseInvoiceLines")
    decide(desk, "purchaseInvoice", made["id"], "Pending Approval")
    assert desk.get(path)["status"] == "In_x0020_Review"
    key = f"Purchase Header: Document Type=Invoice, No.={made['number']}"
    text = f"Status must be equal to 'Open' in {key}. Current value is 'Pending Approval'."
    rule = "Application_FieldValidationException"
    assert desk.refused("PATCH", path, {"dueDate": "2026-05-01"}, code=rule) == text
    assert desk.refused("POST", f"{path}/purchaseInvoiceLines", desk.item(3), code=rule) == text
    assert desk.refused("DELETE", f"purchaseInvoiceLines({line['id']})", code=rule) == text
    text = f"Purchase Invoice {made['number']} must be approved and released before you can perform this action."
    assert desk.refused("POST", f"{path}/Microsoft.NAV.post") == text
    (entry,) = desk.list("approvalEntries")
    assert (entry["documentNumber"], entry["documentType"], entry["tableId"]) == (made["number"], "Invoice", 38)
    assert (entry["status"], entry["pendingApprovals"], entry["currencyCode"]) == ("Open", 1, "USD")
    assert (str(entry["amount"]), str(entry["amountLCY"])) == ("53", "41.03")
    desk.get(f"approvalEntries({entry['id']})")


def test_an_approved_invoice_is_posted_and_its_requests_with_it(desk: Desk) -> None:
    workflow(desk, "purchaseInvoice")
    made = draft(desk)
    decide(desk, "purchaseInvoice", made["id"], "Pending Approval")
    decide(desk, "purchaseInvoice", made["id"], "Released")
    path = f"purchaseInvoices({made['id']})"
    assert desk.get(path)["status"] == "In_x0020_Review"
    (entry,) = desk.list("approvalEntries")
    assert (entry["status"], entry["numberOfApprovedRequests"], entry["pendingApprovals"]) == ("Approved", 1, 0)
    desk.act(path)
    posted = desk.get(path)
    assert posted["status"] == "Open"
    assert desk.list("approvalEntries") == []
    (kept,) = desk.list("postedApprovalEntries")
    assert (kept["documentNumber"], kept["tableId"], kept["status"]) == (posted["number"], 122, "Approved")
    assert desk.books()["office"] == "41.02"  # 49.23 with VAT, of which 8.21 is VAT


@pytest.mark.parametrize(("outcome", "rejected"), [("Rejected", 1), ("Canceled", 0)])
def test_a_request_that_is_turned_down_or_taken_back_leaves_a_draft(desk: Desk, outcome: str, rejected: int) -> None:
    workflow(desk, "purchaseInvoice")
    made = draft(desk)
    decide(desk, "purchaseInvoice", made["id"], "Pending Approval")
    decide(desk, "purchaseInvoice", made["id"], outcome)
    path = f"purchaseInvoices({made['id']})"
    assert desk.change(path, dueDate="2026-05-01")["status"] == "Draft"
    (entry,) = desk.list("approvalEntries")
    assert (entry["status"], entry["numberOfRejectedRequests"]) == (outcome, rejected)
    desk.drop(path)
    assert desk.list("approvalEntries") == []


def test_where_a_workflow_is_on_nothing_is_posted_without_approval(desk: Desk) -> None:
    workflow(desk, "purchaseInvoice", "purchaseCreditMemo", "purchaseOrder")
    shop = desk.labels["suppliers"]["shop"]
    memo = desk.make("purchaseCreditMemos", vendorId=shop, purchaseCreditMemoLines=[desk.item(7)])
    order = desk.make("purchaseOrders", vendorId=shop)
    for path, action in (
        (f"purchaseInvoices({draft(desk)['id']})", "post"),
        (f"purchaseCreditMemos({memo['id']})", "post"),
        (f"purchaseOrders({order['id']})", "receiveAndInvoice"),
    ):
        assert "must be approved and released" in desk.refused("POST", f"{path}/Microsoft.NAV.{action}")
    desk.spend(11)
    assert desk.books()["travel"] == "11.00"


def test_without_a_workflow_a_document_is_released_and_reopened_by_hand(desk: Desk) -> None:
    made = draft(desk)
    path = f"purchaseInvoices({made['id']})"
    with pytest.raises(Dialog):
        decide(desk, "purchaseInvoice", made["id"], "Pending Approval")
    decide(desk, "purchaseInvoice", made["id"], "Released")
    assert desk.get(path)["status"] == "In_x0020_Review"
    decide(desk, "purchaseInvoice", made["id"], "Open")
    assert desk.get(path)["status"] == "Draft"
    decide(desk, "purchaseInvoice", made["id"], "Released")
    desk.act(path)
    assert desk.list("postedApprovalEntries") == []


def test_an_order_in_review_is_invoiced_with_its_requests(desk: Desk) -> None:
    workflow(desk, "purchaseOrder")
    line = desk.item(61)
    line["directUnitCost"] = line.pop("unitCost")
    order = desk.make("purchaseOrders", vendorId=desk.labels["suppliers"]["shop"], purchaseOrderLines=[line])
    decide(desk, "purchaseOrder", order["id"], "Pending Approval")
    decide(desk, "purchaseOrder", order["id"], "Released")
    desk.act(f"purchaseOrders({order['id']})", "receiveAndInvoice")
    (kept,) = desk.list("postedApprovalEntries")
    assert (kept["tableId"], kept["status"]) == (122, "Approved")
    assert desk.books()["office"] == "61.00"


@pytest.mark.parametrize(
    ("before", "after"),
    [((), "Paid"), ((), "Released"), (("Pending Approval",), "Pending Approval"), (("Pending Approval",), "Open")],
)
def test_a_status_that_cannot_follow_is_refused(desk: Desk, before: tuple[str, ...], after: str) -> None:
    workflow(desk, "purchaseInvoice")
    made = draft(desk)
    for status in before:
        decide(desk, "purchaseInvoice", made["id"], status)
    with pytest.raises(Dialog):
        decide(desk, "purchaseInvoice", made["id"], after)


def test_no_status_of_a_document_is_set_over_the_api(desk: Desk) -> None:
    made = draft(desk)
    assert desk.change(f"purchaseInvoices({made['id']})", status="In Review")["status"] == "Draft"
