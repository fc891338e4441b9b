"""The hub's client of NetSuite: neutral documents out, SuiteTalk REST requests on the wire.

Written from Oracle's public documentation alone: this package must not know how the emulator beside it works, so that a
mistake in one cannot cancel a mistake in the other. Idempotency keys count on asynchronous requests only, so every
create is an upsert under an external id: sent again it finds its own record.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, quote

from msgspec.structs import replace

from sandbooks.connector import (
    Account,
    Application,
    Asked,
    Attached,
    Base,
    Company,
    Consent,
    Contact,
    Document,
    Done,
    File,
    Native,
    NeedsConsent,
    NewAccount,
    Refused,
    Request,
    Steps,
    TaxRate,
    TrackingOption,
    Unavailable,
    Unknown,
    as_made,
    unless_refused,
)
from sandbooks.platforms.netsuite.connector import attachments, documents, lists, reading, sign_in
from sandbooks.platforms.netsuite.connector.bills import NetSuiteBills
from sandbooks.platforms.netsuite.connector.calls import (
    ACCEPT,
    RECORD,
    flat,
    is_missing,
    read,
    statement_request,
    write,
)
from sandbooks.platforms.netsuite.connector.documents import TaxCode, external_id
from sandbooks.wire import Response

__all__ = ["CONNECTOR", "NetSuite"]

UNAUTHORIZED = 401


class NetSuite:
    """The connector; it keeps nothing."""

    # Every account has hosts of its own. Source: docs.oracle.com, section_1559132836 (account-specific URLs)
    bases: Mapping[Base, str] = {
        "api": "https://{account}.suitetalk.api.netsuite.com",
        "auth": "https://{account}.suitetalk.api.netsuite.com",
        "consent": "https://system.netsuite.com",
    }
    look_up_waits: Sequence[int] = (5, 30, 60)

    # Sign-in

    asked: Sequence[Asked] = sign_in.ASKED

    def consent_path(self, application: Application, *, state: str) -> str:
        """No page asks for consent to a token: the user makes it, and types it in at the hub."""
        raise LookupError("NetSuite tokens are typed in: there is no consent page")

    def exchange_code(
        self, application: Application, callback: Mapping[str, str], *, now: datetime, company: str = ""
    ) -> Steps[Consent]:
        consent = yield from sign_in.exchange(callback, company=company)
        return consent

    def refresh(self, application: Application, consent: Consent, *, now: datetime) -> Steps[Consent]:
        """A token that is refused was revoked, or its user or role was: nothing renews it."""
        yield from ()
        raise NeedsConsent("NetSuite no longer accepts the token of this connection")

    def credential_refused(self, answer: Response) -> bool:
        return answer.status == UNAUTHORIZED

    def signed(self, request: Request, consent: Consent, *, now: datetime, nonce: str) -> Request:
        host = f"https://{consent.company.lower().replace('_', '-')}.suitetalk.api.netsuite.com"
        return self.signed_at(request, consent, url=host + request.path, now=now, nonce=nonce)

    def signed_at(self, request: Request, consent: Consent, *, url: str, now: datetime, nonce: str) -> Request:
        return sign_in.signed(request, consent, url=url, now=now, nonce=nonce)

    def anything(self, source: str, consent: Consent) -> Request:
        """A path of the REST record service; SuiteQL stands in the query of its own path.

        Unconfirmed: how the hub's real service addresses SuiteQL, which takes its statement in a body.
        """
        path, _, query = source.partition("?")
        statement = dict(parse_qsl(query)).get("q", "") if path.rstrip("/").endswith("suiteql") else ""
        if statement:
            return statement_request(statement, purpose=f"read {source}")
        own = source if source.startswith("/services/") else f"{RECORD}/{source.lstrip('/')}"
        return Request("GET", quote(own, safe="/?=&%,'()*:"), purpose=f"read {source}", headers=(ACCEPT,))

    # Reads

    def company(self, consent: Consent) -> Steps[Company]:
        company = yield from reading.company(consent)
        return company

    def accounts(self, consent: Consent) -> Steps[Sequence[Account]]:
        found = yield from reading.accounts()
        return found

    def suppliers(self, consent: Consent) -> Steps[Sequence[Contact]]:
        found = yield from reading.contacts("supplier")
        return found

    def customers(self, consent: Consent) -> Steps[Sequence[Contact]]:
        found = yield from reading.contacts("customer")
        return found

    def tax_rates(self, consent: Consent) -> Steps[Sequence[TaxRate]]:
        found = yield from reading.tax_rates()
        return found

    def tracking(self, consent: Consent) -> Steps[Sequence[TrackingOption]]:
        found = yield from reading.tracking()
        return found

    @property
    def payables(self) -> NetSuiteBills:
        """Bills, their payments and vendor credits."""
        return NetSuiteBills(self)

    # Documents

    def push(self, document: Document, consent: Consent, company: Company) -> Steps[Done]:
        kind = documents.kind_for(document)
        body = yield from _body(document, company)
        id = yield from _upserted(kind, body, purpose=f"create {kind}", reference=document.id)
        return Done(native=documents.native_of(kind, id))

    def look_up(self, document: Document, consent: Consent, company: Company) -> Steps[Done | None]:
        """By its external id, which needs no search: what is there is seen at once."""
        kind = documents.kind_for(document)
        path = f"{RECORD}/{kind}/eid:{external_id(document.id)}"
        try:
            body = yield from read(path, purpose=f"look for {document.id} among {kind}", reference=document.id)
        except Refused as refused:
            if not is_missing(refused):
                raise
            return None
        return Done(native=documents.native_of(kind, _id(body, path)), found=True)

    def update(self, document: Document, native: Native, consent: Consent, company: Company) -> Steps[Done]:
        """Own fields alone, lines as a whole. NetSuite has no version token and keeps what is not named."""
        kind = documents.kind_for(document)
        if kind != native.kind:
            raise Refused(f"a {native.kind} cannot become a {kind}: correct it in NetSuite")
        body = yield from _body(document, company)
        own = {name: value for name, value in body.items() if name != "subsidiary"}
        query = {"replace": documents.sublists_of(kind)}
        path = f"{RECORD}/{kind}/{quote(native.id)}"
        yield from write("PATCH", path, own, purpose=f"change {kind}", reference=document.id, query=query)
        return Done(native=native)

    def attach(self, file: File, native: Native, consent: Consent) -> Steps[Attached]:
        attached = yield from attachments.attach(file, native)
        return attached

    # Lists

    def create_contact(self, contact: Contact, consent: Consent, company: Company, *, key: str) -> Steps[Contact]:
        kind = "vendor" if contact.kind == "supplier" else "customer"
        body = lists.contact_body(contact, company, creates=True) | {"externalId": external_id(key)}
        id = yield from _upserted(kind, body, purpose=f"create {kind}")
        made = yield from unless_refused(_again(kind, id))
        return reading.contact(made, contact.kind, _symbols(company)) if made else replace(contact, id=id)

    def update_contact(self, contact: Contact, consent: Consent, company: Company, *, key: str) -> Steps[Contact]:
        kind = "vendor" if contact.kind == "supplier" else "customer"
        body = lists.contact_body(contact, company, creates=False)
        yield from write("PATCH", f"{RECORD}/{kind}/{quote(contact.id)}", body, purpose=f"change {kind}")
        made = yield from unless_refused(_again(kind, contact.id))
        return reading.contact(made, contact.kind, _symbols(company)) if made else contact

    def create_account(self, account: NewAccount, consent: Consent, company: Company, *, key: str) -> Steps[Account]:
        body = lists.account_body(account, company) | {"externalId": external_id(key)}
        id = yield from _upserted("account", body, purpose="create account")
        made = yield from unless_refused(_again("account", id))
        return reading.account(made, _symbols(company), company.currency) if made else as_made(account, id)


CONNECTOR = NetSuite()


def _body(document: Document, company: Company) -> Steps[dict[str, Any]]:
    """The record to send, with what the taxes of a deposit rest on as NetSuite has it now."""
    taxes: dict[str, TaxCode] = {}
    for id in documents.deposited_taxes(document, company):
        path = f"{RECORD}/salesTaxItem/{quote(id)}"
        found = flat((yield from read(path, purpose="read a tax code", reference=document.id)))
        # A reverse charge is owed and given back at once: nothing of it came with the money.
        # Unconfirmed: the names of both members; the metadata catalog of a British account would settle them.
        reverse = found.get("reversecharge") == "T"
        rate = Decimal(0) if reverse else reading.percent(found.get("rate", ""))
        taxes[id] = TaxCode(
            rate=rate,
            account=found.get("purchaseaccount", ""),
            lost=reading.percent(found.get("nondeductiblerate", "")),
        )
    return documents.body_of(document, company, taxes)


def _upserted(kind: str, body: dict[str, Any], *, purpose: str, reference: str = "") -> Steps[str]:
    """Create a record under its external id, or bring the one that has it to the same state; its internal id.

    Source: docs.oracle.com, section_156335203191 (upsert).
    """
    path = f"{RECORD}/{kind}/eid:{body['externalId']}"
    query = {"replace": documents.sublists_of(kind)} if kind in documents.DATA_TYPES else None
    id = yield from write("PUT", path, body, purpose=purpose, reference=reference, query=query)
    if id:
        return id
    try:
        made = yield from read(path, purpose=f"read again: {purpose}", reference=reference)
    except (Refused, Unavailable) as failure:
        raise Unknown(f"no place in the answer to: {purpose}") from failure
    return _id(made, path)


def _again(kind: str, id: str) -> Steps[dict[str, str]]:
    made = yield from read(f"{RECORD}/{kind}/{quote(id)}", purpose=f"read {kind}")
    return {"id": id} | flat(made)


def _id(body: Mapping[str, Any], path: str) -> str:
    if body.get("id") in (None, ""):
        raise Unavailable(f"no id in the answer to: {path}")
    return str(body["id"])


def _symbols(company: Company) -> dict[str, str]:
    """ISO codes of currencies by id, as last read with the company."""
    start = len(reading.CURRENCY)
    return {id: name[start:] for name, id in company.facts.items() if name.startswith(reading.CURRENCY)}
