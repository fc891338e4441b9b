"""Receipts from customers: lines of a cash receipt journal, posted to the customer."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from tests.platforms.business_central.desk import BLANK_ID, Desk
from tests.platforms.business_central.test_around import Receiver, subscribe
from tests.platforms.business_central.test_notified import told

FIELD = "Application_FieldValidationException"
NOT_OPEN = 'The "appliesToInvoiceId" should be the ID of an Open, Paid, Corrective, or Canceled Invoice.'


@pytest.fixture
def journal(desk: Desk) -> Any:
    return desk.make("customerPaymentJournals", code="CASH", balancingAccountId=desk.account("current"))


@pytest.fixture
def customer(desk: Desk) -> Any:
    return desk.make("customers", displayName="Adatum")


def lines(journal: Any) -> str:
    return f"customerPaymentJournals({journal['id']})/customerPayments"


def test_a_receipt_is_posted_to_the_bank_and_to_the_customer(desk: Desk, journal: Any, customer: Any) -> None:
    made = desk.make(lines(journal), customerId=customer["id"], amount=Decimal("-84.20"), postingDate="2026-03-04")
    shown = {name: made[name] for name in ("customerNumber", "documentNumber", "description", "journalDisplayName")}
    assert shown == {
        "customerNumber": customer["number"],
        "documentNumber": "R00001",
        "description": "Adatum",
        "journalDisplayName": "CASH",
    }
    desk.act(f"journals({journal['id']})")
    assert desk.list(lines(journal)) == []
    assert desk.books()["current"] == "84.20"
    assert str(desk.get(f"customers({customer['id']})")["balanceDue"]) == "-84.20"
    entries = desk.list("generalLedgerEntries", filter="documentNumber eq 'R00001'")
    assert {each["documentType"] for each in entries} == {"Payment"}
    desk.company.book.verify()


@pytest.mark.parametrize(
    ("path", "party", "amount", "sign"), [("customer", "c", "5", "negative"), ("vendor", "v", "-5", "positive")]
)
def test_a_payment_of_the_wrong_sign_is_not_posted(
    desk: Desk, customer: Any, path: str, party: str, amount: str, sign: str
) -> None:
    batch = desk.make(f"{path}PaymentJournals", code="ODD", balancingAccountId=desk.account("current"))
    who = customer["id"] if party == "c" else desk.labels["suppliers"]["shop"]
    desk.make(f"{path}PaymentJournals({batch['id']})/{path}Payments", **{f"{path}Id": who}, amount=Decimal(amount))
    text = desk.refused("POST", f"journals({batch['id']})/Microsoft.NAV.post", code=FIELD)
    assert text.startswith(f"Amount must be {sign} in Gen. Journal Line Journal Template Name='")
    assert text.endswith("Journal Batch Name='ODD',Line No.='10000'.")


def test_a_receipt_names_a_customer_that_there_is(desk: Desk, journal: Any, customer: Any) -> None:
    wrong = [
        ({"customerId": BLANK_ID[:-1] + "1"}, 'The "customerId" does not match to a Customer.'),
        ({"customerNumber": "NONE"}, 'The "customerNumber" does not match to a Customer.'),
        (
            {"customerId": customer["id"], "customerNumber": "NONE"},
            "The customer values do not match to a specific Customer.",
        ),
        ({"appliesToInvoiceId": BLANK_ID[:-1] + "1"}, NOT_OPEN),
    ]
    assert [desk.refused("POST", lines(journal), {"amount": -1, **given}) for given, _ in wrong] == [
        text for _, text in wrong
    ]


def test_a_receipt_for_an_invoice_that_nobody_knows_stands_until_it_is_posted(
    desk: Desk, journal: Any, customer: Any
) -> None:
    made = desk.make(lines(journal), customerId=customer["id"], amount=-7, appliesToInvoiceNumber="S-1")
    post = f"journals({journal['id']})/Microsoft.NAV.post"
    text = desk.refused("POST", post, code="Internal_DataNotFoundFilter")
    assert text == "There is no Cust. Ledger Entry within the filter."
    desk.change(f"customerPayments({made['id']})", appliesToInvoiceNumber="")
    desk.act(f"journals({journal['id']})")
    assert desk.books()["current"] == "7.00"


def test_the_lines_of_a_receipt_journal_are_told_of_as_its_changes(desk: Desk, journal: Any, customer: Any) -> None:
    receiver = Receiver(desk)
    subscribe(desk, receiver, "customerPaymentJournals")
    made = desk.make(lines(journal), customerId=customer["id"], amount=-7)
    updated = [(f"customerPaymentJournals({journal['id']})", "updated")]
    assert told(desk, receiver) == updated
    desk.drop(f"customerPayments({made['id']})")
    assert told(desk, receiver) == updated


def test_a_receipt_journal_is_its_own_kind_of_journal(desk: Desk, journal: Any) -> None:
    assert [each["code"] for each in desk.list("customerPaymentJournals")] == ["CASH"]
    assert "CASH" not in [each["code"] for each in (*desk.list("journals"), *desk.list("vendorPaymentJournals"))]
    assert desk.get(f"journals({journal['id']})")["templateDisplayName"] == "CASHRCPT"
    (found,) = desk.list("journals", filter="templateDisplayName eq 'CASHRCPT'")
    assert found["id"] == journal["id"]


@pytest.mark.parametrize(
    ("path", "template"), [("customerPaymentJournals", "CASHRCPT"), ("vendorPaymentJournals", "PAYMENT")]
)
def test_a_code_that_is_taken_is_told_with_the_template_of_its_batch(desk: Desk, path: str, template: str) -> None:
    desk.make(path, code="TWICE")
    text = desk.refused("POST", path, {"code": "TWICE"}, code="Internal_EntityWithSameKeyExists")
    assert text.endswith(f"Identification fields and values: Journal Template Name='{template}',Name='TWICE'")
