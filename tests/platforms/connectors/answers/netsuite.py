"""Documents and answers that the tests of NetSuite's connector feed it with."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from tests.platforms.connectors.answers.played import reply

from sandbooks.connector import (
    Application,
    Company,
    Consent,
    Contact,
    Expense,
    Line,
    PaymentAccount,
)
from sandbooks.wire import Response

RECORD = "/services/rest/record/v1"
CONSENT = Consent(company="7654321_SB1", access_token="access", refresh_token="refresh")
FACTS = {"subsidiary": "2", "currency.GBP": "1", "currency.USD": "5", "untaxed": "6"}
COMPANY = Company(id="7654321_SB1", name="Harbour Street Ltd", currency="GBP", country="GB", facts=FACTS)
APPLICATION = Application(client_id="app", client_secret="secret", redirect_uri="https://hub.example/callback")
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PAYMENT = Expense(
    kind="Payment",
    id="t-01",
    key="key-1",
    version=1,
    date=date(2026, 3, 28),
    currency="GBP",
    account=PaymentAccount(id="41", pays="card", currency="GBP"),
    contact=Contact(kind="supplier", name="Contoso", id="17"),
    lines=(
        Line(net=Decimal("40.10"), tax=Decimal("8.02"), account="58", tax_rate="11", description="Stand"),
        Line(net=Decimal("3.50"), tax=Decimal(0), account="59"),
    ),
    merchant="Contoso",
    notes="Fair",
    reference="R-77",
)


def written(kind: str = "creditCardCharge", id: str = "901") -> Response:
    location = f"https://7654321-sb1.suitetalk.api.netsuite.com{RECORD}/{kind}/{id}"
    return Response(204, (("Location", location),))


def no(code: str, detail: str, status: int = 400, **more: str) -> Response:
    details = [{"detail": detail, "o:errorCode": code, **more}]
    return reply({"type": "about:blank", "title": "Bad Request", "status": status, "o:errorDetails": details}, status)


def missing() -> Response:
    return no("NONEXISTENT_ID", "The record instance does not exist.", 404)
