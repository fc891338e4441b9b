"""Documents, records and answers that the tests of Zoho Books' connector feed it with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.platforms.connectors.answers import documents
from tests.platforms.connectors.answers.documents import T1, T2
from tests.platforms.connectors.answers.played import reply

from sandbooks.connector import Company, Consent, Contact, Document, Expense, Line, Reimbursable, Request
from sandbooks.wire import Response

ORG = "10234695"
CONSENT = Consent(company=ORG, access_token="1000.a", refresh_token="1000.r", facts={"api_domain": "x"})
COMPANY = Company(id=ORG, name="Quay Ltd", currency="GBP", country="GB")
LINE = Line(net=Decimal("41.23"), tax=Decimal("8.25"), account="701", tax_rate="81")
PAYMENT = documents.payment(
    LINE,
    account="41",
    id=T1,
    contact=Contact(kind="supplier", id="5", name="Contoso Air"),
    reference="R-9",
    notes="Flight",
)
PLAIN = Line(net=Decimal("19.90"), account="702", description="Lunch")
BILL = documents.bill(
    LINE,
    PLAIN,
    contact=Contact(kind="supplier", id="6", name="Ines Duarte"),
    id=T2,
    due=date(2026, 4, 11),
    reference="Trip 7",
    notes="March trip",
)


def expense(document: Expense = PAYMENT, **changes: Any) -> dict[str, Any]:
    """The record of an expense, as an answer shows it."""
    total = sum((line.net + (line.tax or 0) for line in document.lines), Decimal(0))
    tax = sum((line.tax or Decimal(0) for line in document.lines if line.tax_rate), Decimal(0))
    body = {
        "expense_id": "20",
        "date": document.date.isoformat(),
        "paid_through_account_id": document.account.id,
        "description": f"Contoso - Flight [{document.id}]",
        "total": total,
        "tax_amount": tax,
        "currency_code": document.currency,
        "line_items": [{"line_item_id": "201", "account_id": "701"}],
    }
    return {**body, **changes}


def bill(document: Reimbursable = BILL, **changes: Any) -> dict[str, Any]:
    """The record of a bill, as an answer shows it."""
    total = sum((line.net + (line.tax or 0) for line in document.lines), Decimal(0))
    body = {
        "bill_id": "30",
        "bill_number": document.id,
        "date": document.date.isoformat(),
        "due_date": document.due.isoformat(),
        "vendor_id": document.contact.id,
        "total": total,
        "tax_total": sum((line.tax or Decimal(0) for line in document.lines), Decimal(0)),
        "status": "open",
        "line_items": [{"line_item_id": "301"}, {"line_item_id": "302"}],
    }
    return {**body, **changes}


def good(root: str, body: Any, status: int = 200, **more: Any) -> Response:
    return reply({"code": 0, "message": "success", root: body, **more}, status)


def made(document: Document = PAYMENT, **changes: Any) -> Response:
    if isinstance(document, Reimbursable):
        return good("bill", bill(document, **changes), 201)
    assert isinstance(document, Expense)
    return good("expense", expense(document, **changes), 201)


def no(code: int, message: str, status: int = 400, **more: Any) -> Response:
    return reply({"code": code, "message": message, **more}, status)


def listing(root: str, *rows: Mapping[str, Any], more: bool = False) -> Response:
    return good(root, list(rows), page_context={"page": 1, "per_page": 200, "has_more_page": more})


def query_of(request: Request) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(request.path).query).items()}
