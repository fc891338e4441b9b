"""Documents and answers that the tests of Business Central's connector feed it with."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from msgspec.structs import replace
from tests.platforms.connectors.answers.documents import payment
from tests.platforms.connectors.answers.played import Played, reply, sent

from sandbooks.connector import Company, Consent, Document, Expense, Line, Request
from sandbooks.platforms.business_central.connector import CONNECTOR
from sandbooks.wire import Response

VAT20, ZERO = "e0000000-0000-4000-8000-000000000001", "e0000000-0000-4000-8000-000000000002"
CODES = {VAT20: "STANDARD", ZERO: "ZERO"}
COMPANY_ID = "c0000000-0000-4000-8000-000000000001"
TRAVEL, BANK = "a0000000-0000-4000-8000-000000000001", "b0000000-0000-4000-8000-000000000001"
REGION, NORTH = "d0000000-0000-4000-8000-000000000001", "d0000000-0000-4000-8000-000000000002"
FACTS = {"tenant": "t-1", "environment": "Sandbox UK"}
CONSENT = Consent(company=COMPANY_ID, access_token="access", refresh_token="refresh", facts=FACTS)
ROOT = "/v2.0/t-1/Sandbox%20UK/api/v2.0"
HERE = f"{ROOT}/companies({COMPANY_ID})"
COMPANY = Company(id=COMPANY_ID, name="Harbour Street Ltd", currency="GBP", country="GB")
PAYMENT = payment(
    Line(net=Decimal("40.10"), tax=Decimal("8.02"), account=TRAVEL, tax_rate=VAT20, description="Stand"),
    account=BANK,
    pays="bank",
    category="Asset.Bank Account",
    notes="Fair",
    reference="R-77",
)
DRAFT = replace(PAYMENT, draft=True)
DONE = Response(204)


def no(code: str, said: str = "No.", status: int = 400) -> Response:
    correlation = "  CorrelationId:  0d1c9d7e-4f25-4d1c-a3d5-1b4b9b0a1f11."
    return reply({"error": {"code": code, "message": said + correlation}}, status)


EXISTS = no("Internal_EntityWithSameKeyExists", "The record in table Gen. Journal Batch already exists.")
MISSING = no("Internal_RecordNotFound", "The Gen. Journal Line does not exist.", 404)


def group(document: Document) -> list[Response]:
    """The answer to the read of the tax group that a document names."""
    named = document.lines[0].tax_rate if isinstance(document, Expense) and document.lines else ""
    return [reply({"id": named, "code": CODES[named]})] if named else []


class Pushed(Played):
    """A push, past the read of its tax group."""

    @property
    def requests(self) -> list[Request]:
        return [request for request in super().requests if "/taxGroups(" not in request.path]


def played(document: Document, *answers: Any, company: Company = COMPANY) -> Pushed:
    return Pushed(CONNECTOR.push(document, CONSENT, company), [*group(document), *answers])


def journal(document: Document, company: Company = COMPANY) -> dict[str, Any]:
    """The journal that a push begins with."""
    body: dict[str, Any] = sent(played(document, company=company).requests[0])
    return body


def line(document: Document) -> dict[str, Any]:
    found: dict[str, Any] = journal(document)["journalLines"][0]
    return found


def number_of(document: Document) -> str:
    return str(line(document)["documentNumber"])


def entries(document: Document, *ids: str) -> Response:
    """The ledger's answer to the search for a document."""
    rows = [{"id": id, "entryNumber": 40 - n, "documentNumber": number_of(document)} for n, id in enumerate(ids)]
    return reply({"value": rows})


def stands(document: Document, **changes: Any) -> Response:
    """The journal line as it is answered."""
    return reply({**line(document), "accountType": "G_x002F_L_x0020_Account", "@odata.etag": 'W/"1"', **changes})


NONE = reply({"value": []})
