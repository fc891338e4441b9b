"""The hub's client of Zoho Books: neutral documents out, native requests on the wire.

Written from Zoho's public API alone: this package must not know how the emulator beside it works, so that a mistake in
one cannot cancel a mistake in the other. Zoho Books has no idempotency key: every record carries the transaction's id
in a text, and after an answer that was lost the look-up alone decides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from sandbooks.connector import (
    Account,
    Application,
    Attached,
    Base,
    Company,
    Consent,
    Contact,
    Document,
    Done,
    Expense,
    File,
    Native,
    NewAccount,
    Refused,
    Reimbursable,
    Request,
    Steps,
    TaxRate,
    TrackingOption,
    with_headers,
)
from sandbooks.platforms.zoho_books.connector import attachments, documents, lists, reading, sign_in
from sandbooks.platforms.zoho_books.connector.bills import ZohoBooksBills
from sandbooks.platforms.zoho_books.connector.calls import API, act, get, paged, read, write
from sandbooks.platforms.zoho_books.connector.documents import RESOURCES, Kind, id_name

__all__ = ["CONNECTOR", "ZohoBooks"]


class ZohoBooks:
    """The connector; it keeps nothing."""

    # Source: https://www.zoho.com/books/api/v3/introduction/, https://www.zoho.com/books/api/v3/oauth/ (United States)
    bases: Mapping[Base, str] = {
        "api": "https://www.zohoapis.com",
        "auth": "https://accounts.zoho.com",
        "consent": "https://accounts.zoho.com",
    }
    look_up_waits: Sequence[int] = (5, 30, 120)  # long: there is no key to fall back on

    # Sign-in

    def consent_path(self, application: Application, *, state: str) -> str:
        return sign_in.consent_path(application, state=state)

    def anything(self, source: str, consent: Consent) -> Request:
        path, _, query = source.removeprefix(API).lstrip("/").partition("?")
        return get(consent, path, query=dict(parse_qsl(query)), purpose=f"read {source}")

    def exchange_code(
        self, application: Application, callback: Mapping[str, str], *, now: datetime, company: str = ""
    ) -> Steps[Consent]:
        consent = yield from sign_in.exchange_code(application, callback, now=now, company=company)
        return consent

    def refresh(self, application: Application, consent: Consent, *, now: datetime) -> Steps[Consent]:
        fresh = yield from sign_in.refresh(application, consent, now=now)
        return fresh

    def signed(self, request: Request, consent: Consent, *, now: datetime, nonce: str) -> Request:
        return with_headers(request, ("Authorization", f"Zoho-oauthtoken {consent.access_token}"))

    # Reads

    def company(self, consent: Consent) -> Steps[Company]:
        company = yield from reading.company(consent)
        return company

    def accounts(self, consent: Consent) -> Steps[Sequence[Account]]:
        found = yield from reading.accounts(consent)
        return found

    def suppliers(self, consent: Consent) -> Steps[Sequence[Contact]]:
        found = yield from reading.contacts(consent, "supplier")
        return found

    def customers(self, consent: Consent) -> Steps[Sequence[Contact]]:
        found = yield from reading.contacts(consent, "customer")
        return found

    def tax_rates(self, consent: Consent) -> Steps[Sequence[TaxRate]]:
        found = yield from reading.tax_rates(consent)
        return found

    def tracking(self, consent: Consent) -> Steps[Sequence[TrackingOption]]:
        found = yield from reading.tracking(consent)
        return found

    @property
    def payables(self) -> ZohoBooksBills:
        """Bills and their payments."""
        return ZohoBooksBills(self)

    # Documents

    def push(self, document: Document, consent: Consent, company: Company) -> Steps[Done]:
        kind = documents.kind_for(document)
        body = yield from _body(document, consent, company)
        made = yield from _write("POST", RESOURCES[kind], kind, body, document, consent)
        changed = list(documents.differences(document, body, made))
        if changed:
            yield from _take_back(kind, made, document, consent, because="; ".join(changed))
        return Done(native=documents.native_of(kind, made))

    def look_up(self, document: Document, consent: Consent, company: Company) -> Steps[Done | None]:
        kind = documents.kind_for(document)
        query = documents.search(document)
        rows = yield from paged(consent, RESOURCES[kind], id_name(kind), query=query, reference=document.id)
        for row in rows:
            if documents.carries(row, document.id):
                return Done(native=documents.native_of(kind, row), found=True)
        return None

    def take_back_doubles(
        self, document: Document, native: Native, consent: Consent, company: Company
    ) -> Steps[Sequence[str]]:
        kind = documents.kind_for(document)
        sent = yield from _body(document, consent, company)
        query = documents.search(document)
        rows = yield from paged(consent, RESOURCES[kind], id_name(kind), query=query, reference=document.id)
        carrying = {documents.native_of(kind, row).id: row for row in rows if documents.carries(row, document.id)}
        gone: list[str] = []
        for id, row in carrying.items() if native.id in carrying else ():
            if id != native.id and not list(documents.differences(document, sent, row)):
                path = f"{RESOURCES[kind]}/{id}"
                yield from act("DELETE", consent, path, purpose=f"take back {kind}", reference=document.id)
                gone.append(id)
        return gone

    def update(self, document: Document, native: Native, consent: Consent, company: Company) -> Steps[Done]:
        kind = documents.kind_for(document)
        if kind != native.kind:
            raise Refused(f"a {native.kind} cannot become a {kind}: correct it in Zoho Books")
        body = yield from _body(document, consent, company)
        path = f"{RESOURCES[kind]}/{native.id}"
        stands = yield from read(consent, path, kind, purpose=f"read {kind}", reference=document.id)
        asked = documents.changed(kind, body, document, stands)
        made = yield from _write("PUT", path, kind, asked, document, consent)
        changed = list(documents.differences(document, body, made))
        if changed:
            raise Refused(f"Zoho Books changed what was sent ({'; '.join(changed)}): correct it in Zoho Books")
        return Done(native=native)

    def attach(self, file: File, native: Native, consent: Consent) -> Steps[Attached]:
        attached = yield from attachments.attach(file, native, consent)
        return attached

    # Lists

    def create_contact(self, contact: Contact, consent: Consent, company: Company, *, key: str) -> Steps[Contact]:
        """Names are unique: one that is exactly as asked for is an earlier attempt's."""
        query = {"contact_type": reading.native_type(contact.kind), "contact_name": contact.name}
        for row in (yield from paged(consent, "contacts", "contact_id", query=query)):
            stands = reading.contact(row, contact.kind)
            if row.get("contact_type") == query["contact_type"] and lists.same_contact(contact, stands):
                return stands
        currency_id = yield from _foreign(contact.currency, consent, company)
        body = lists.contact_body(contact, currency_id=currency_id)
        made = yield from _keep("POST", "contacts", "contact", body, consent)
        return reading.contact(made, contact.kind)

    def update_contact(self, contact: Contact, consent: Consent, company: Company, *, key: str) -> Steps[Contact]:
        path = f"contacts/{contact.id}"
        stands = yield from read(consent, path, "contact", purpose="read contact")
        body = lists.contact_body(contact, currency_id="", stands=stands)
        made = yield from _keep("PUT", path, "contact", body, consent)
        if (made.get("status", "active") == "active") != contact.active:
            status = "active" if contact.active else "inactive"
            yield from act("POST", consent, f"{path}/{status}", purpose=f"make contact {status}")
            made = {**made, "status": status}
        return reading.contact(made, contact.kind)

    def create_account(self, account: NewAccount, consent: Consent, company: Company, *, key: str) -> Steps[Account]:
        """Names are unique: one of the same name, type and code is an earlier attempt's."""
        for stands in (yield from reading.accounts(consent)):
            kind = stands.category.rpartition(".")[2]
            if (stands.name, kind) == (account.name, lists.account_type(account)) and (
                stands.nominal_code == account.nominal_code
            ):
                return stands
        currency_id = yield from _foreign(account.currency, consent, company)
        body = lists.account_body(account, currency_id=currency_id)
        if account.pays:
            made = yield from _keep("POST", "bankaccounts", "bankaccount", body, consent)
        else:
            made = yield from _keep("POST", "chartofaccounts", "chart_of_account", body, consent)
        currency = account.currency or company.currency
        return reading.account({"currency_code": currency, **body, **made}, {}, currency)


CONNECTOR = ZohoBooks()


def _body(document: Document, consent: Consent, company: Company) -> Steps[dict[str, Any]]:
    """The record to be sent; the currency of a foreign one is looked up first."""
    currency = document.currency if isinstance(document, Expense | Reimbursable) else ""
    documents.body_of(document, company, currency_id=currency if currency != company.currency else "")  # refuses first
    id = yield from _foreign(currency, consent, company, reference=document.id)
    return documents.body_of(document, company, currency_id=id)


def _foreign(currency: str, consent: Consent, company: Company, *, reference: str = "") -> Steps[str]:
    """The id of a currency that is not the company's own; empty for that."""
    if not currency or currency == company.currency:
        return ""
    id = yield from reading.currency_id(consent, currency, reference=reference)
    return id


def _write(
    method: str, path: str, kind: Kind, body: dict[str, Any], document: Document, consent: Consent
) -> Steps[dict[str, Any]]:
    verb = "create" if method == "POST" else "change"
    made = yield from write(
        method, consent, path, body, root=kind, id=id_name(kind), purpose=f"{verb} {kind}", reference=document.id
    )
    return made


def _keep(method: str, path: str, root: str, body: dict[str, Any], consent: Consent) -> Steps[dict[str, Any]]:
    verb = "create" if method == "POST" else "change"
    id = "contact_id" if root == "contact" else "account_id"
    made = yield from write(method, consent, path, body, root=root, id=id, purpose=f"{verb} {root}")
    return made


def _take_back(
    kind: Kind, made: Mapping[str, Any], document: Document, consent: Consent, *, because: str
) -> Steps[None]:
    """Remove a record that Zoho Books did not keep as it was sent, then refuse. Always raises."""
    path = f"{RESOURCES[kind]}/{made[id_name(kind)]}"
    try:
        yield from act("DELETE", consent, path, purpose=f"take back {kind}", reference=document.id)
    except Refused as refused:
        raise Refused(
            f"Zoho Books changed what was sent ({because}), and it could not be taken back ({refused.message})",
            native_code=refused.native_code,
            status=refused.status,
        ) from refused
    raise Refused(f"Zoho Books changed what was sent ({because}); it was taken back")
