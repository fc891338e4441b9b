"""Documents, lists and answers that the tests of Xero's connector feed it with."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from tests.platforms.connectors.answers.documents import adjustment, payment, transfer
from tests.platforms.connectors.answers.played import Played, reply, sent

from sandbooks.connector import Adjustment, AdjustmentLine, Company, Consent, Contact, Expense, Line, Request
from sandbooks.platforms.xero.connector import CONNECTOR
from sandbooks.wire import Response

CARD, TRAVEL, MEALS = "a0000000-0000-4000-8000-00000000000c", "acc-travel", "acc-meals"
CONTACT = "c0000000-0000-4000-8000-000000000001"
CONSENT = Consent(company="tenant-1", access_token="access", refresh_token="refresh")
COMPANY = Company(id="tenant-1", name="Harbour Street Ltd", currency="GBP")
CODES = {TRAVEL: "493", MEALS: "420"}
TAGS = {
    "TrackingCategories": [
        {
            "TrackingCategoryID": "cat-1",
            "Name": "Region",
            "Status": "ACTIVE",
            "Options": [
                {"TrackingOptionID": "opt-n", "Name": "North", "Status": "ACTIVE"},
                {"TrackingOptionID": "opt-s", "Name": "South", "Status": "ARCHIVED"},
            ],
        }
    ]
}
PAYMENT = payment(
    Line(net=Decimal("40.10"), tax=Decimal("8.02"), account=TRAVEL, tax_rate="INPUT2"),
    Line(net=Decimal("3.50"), account=MEALS),
    account=CARD,
    contact=Contact(kind="supplier", name="Contoso", id=CONTACT),
    notes="Fair",
    reference="R-77",
)
TRANSFER = transfer("from", "to")
ADJUSTMENT = adjustment(
    AdjustmentLine(amount=Decimal("17.85"), account=TRAVEL), AdjustmentLine(amount=Decimal("-17.85"), account=MEALS)
)


def chart(document: Expense | Adjustment) -> list[Response]:
    """The answers to the reads of the accounts that the lines name."""
    ids = dict.fromkeys(line.account for line in document.lines)
    known = [reply({"Accounts": [{"AccountID": id, "Code": CODES[id]}]}) for id in ids if id in CODES]
    return known + [Response(404)] * (len(ids) - len(known))


def stands(body: Mapping[str, Any], **changes: Any) -> dict[str, Any]:
    """What Xero answers to a record: as sent, with an id, and the date in its own dress."""
    return {**body, "BankTransactionID": "bt-1", "Date": "/Date(1774656000000+0000)/", **changes}


def written(body: Mapping[str, Any]) -> Response:
    return reply({"Status": "OK", "BankTransactions": [body]})


def asked(document: Expense = PAYMENT) -> Request:
    """The write that a push comes to."""
    return Played(CONNECTOR.push(document, CONSENT, COMPANY), chart(document)).last


def body_of(document: Expense = PAYMENT) -> dict[str, Any]:
    body: dict[str, Any] = sent(asked(document))["BankTransactions"][0]
    return body


def error(*messages: str, number: int = 10) -> dict[str, Any]:
    elements = [{"ValidationErrors": [{"Message": message} for message in messages]}]
    return {"ErrorNumber": number, "Type": "ValidationException", "Message": "A validation exception occurred"} | (
        {"Elements": elements} if messages else {}
    )
