"""Documents and answers that the tests of NetSuite's connector feed it with."""

from __future__ import annotations

from decimal import Decimal

from tests.platforms.connectors.answers.documents import payment
from tests.platforms.connectors.answers.played import reply

from sandbooks.connector import Company, Consent, Contact, Line
from sandbooks.wire import Response

RECORD = "/services/rest/record/v1"
CONSENT = Consent(company="7654321_SB1", access_token="access", refresh_token="refresh")
FACTS = {"subsidiary": "2", "currency.GBP": "1", "currency.USD": "5", "untaxed": "6"}
COMPANY = Company(id="7654321_SB1", name="Harbour Street Ltd", currency="GBP", country="GB", facts=FACTS)
PAYMENT = payment(
    Line(net=Decimal("40.10"), tax=Decimal("8.02"), account="58", tax_rate="11", description="Stand"),
    Line(net=Decimal("3.50"), tax=Decimal(0), account="59"),
    account="41",
    contact=Contact(kind="supplier", name="Contoso", id="17"),
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
