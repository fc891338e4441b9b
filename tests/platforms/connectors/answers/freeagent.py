"""Documents and answers that the tests of FreeAgent's connector feed it with."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from tests.platforms.connectors.answers.played import Played, sent

from sandbooks.connector import (
    Company,
    Consent,
    Contact,
    Document,
    Expense,
    Line,
    PaymentAccount,
    Reimbursable,
    Request,
    Transfer,
    TransferSide,
)
from sandbooks.platforms.freeagent.connector import CONNECTOR

API = "https://api.freeagent.com/v2"
CONSENT = Consent(company="30001", access_token="access", refresh_token="refresh")
COMPANY = Company(
    id="30001",
    name="Harbour Street Ltd",
    currency="GBP",
    facts={"sales_tax_registration_status": "Registered", "type": "UkLimitedCompany"},
)
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PAYMENT = Expense(
    kind="Payment",
    id="t-01",
    key="key-1",
    version=1,
    date=date(2026, 3, 28),
    currency="GBP",
    account=PaymentAccount(id="41", pays="card", currency="GBP"),
    lines=(Line(net=Decimal("40.10"), tax=Decimal("8.02"), account="285"),),
    merchant="Contoso",
    notes="Fair",
)
TRANSFER = Transfer(
    id="t-02",
    key="key-2",
    version=1,
    date=date(2026, 3, 28),
    source=TransferSide(account="41", currency="GBP", amount=Decimal("310.40"), pays="bank"),
    target=TransferSide(account="42", currency="GBP", amount=Decimal("310.40"), pays="card"),
)
BILL = Reimbursable(
    id="t-03",
    key="key-3",
    version=1,
    date=date(2026, 3, 28),
    due=date(2026, 4, 28),
    currency="GBP",
    contact=Contact(kind="supplier", name="", id="7"),
    lines=(
        Line(net=Decimal("22.10"), tax=Decimal("4.42"), account="285", description="Train"),
        Line(net=Decimal("9.61"), tax=None, account="250"),
    ),
    reference="Trip",
    notes="Leeds",
)
EXPLANATION = "bank_transaction_explanation"


def asked(document: Document = PAYMENT, consent: Consent = CONSENT) -> Request:
    """The write that a push comes to: the only request."""
    (request,) = Played(CONNECTOR.push(document, consent, COMPANY), []).requests
    return request


def body_of(document: Document = PAYMENT) -> dict[str, Any]:
    (body,) = sent(asked(document)).values()
    return dict(body)


LINE = PAYMENT.lines[0]
