"""Documents and answers that the tests of FreeAgent's connector feed it with."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.platforms.connectors.answers.documents import bill, payment, transfer
from tests.platforms.connectors.answers.played import Played, sent

from sandbooks.connector import Company, Consent, Contact, Document, Line, Request
from sandbooks.platforms.freeagent.connector import CONNECTOR

API = "https://api.freeagent.com/v2"
CONSENT = Consent(company="30001", access_token="access", refresh_token="refresh")
COMPANY = Company(
    id="30001",
    name="Harbour Street Ltd",
    currency="GBP",
    facts={"sales_tax_registration_status": "Registered", "type": "UkLimitedCompany"},
)
PAYMENT = payment(Line(net=Decimal("40.10"), tax=Decimal("8.02"), account="285"), account="41", notes="Fair")
TRANSFER = transfer()
BILL = bill(
    Line(net=Decimal("22.10"), tax=Decimal("4.42"), account="285", description="Train"),
    Line(net=Decimal("9.61"), tax=None, account="250"),
    contact=Contact(kind="supplier", name="", id="7"),
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
