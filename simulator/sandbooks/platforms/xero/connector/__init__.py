"""The hub's client of Xero: neutral documents out, native requests on the wire.

Written from Xero's public API alone: this package must not know how the emulator beside it works, so that a mistake in
one cannot cancel a mistake in the other. Every write carries ``Idempotency-Key``, which Xero remembers for a short time
only; every record carries the transaction's id in a text, which is how it is found again. What Xero answers is
compared with what was sent, because Xero leaves out inactive tracking and replaces inactive tax types without an error.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

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
    Request,
    Steps,
    TaxRate,
    TrackingOption,
    with_headers,
)
from sandbooks.platforms.xero.connector import attachments, documents, lists, reading, sign_in
from sandbooks.platforms.xero.connector.bills import BILLS, XeroBills
from sandbooks.platforms.xero.connector.calls import ACCEPT, API, idempotency_key, listed, paged, read, write
from sandbooks.platforms.xero.connector.documents import COLLECTIONS, ENDED, Lists

BY_ID_MOST = 3  # reads of single accounts; beyond that the whole chart is one read
LOOK_UP_DAYS = 31  # a bookkeeper may have moved a document to another day

__all__ = ["CONNECTOR", "Xero"]


class Xero:
    """The connector; it keeps nothing."""

    # Source: developer.xero.com, OAuth 2.0 and the Accounting API
    bases: Mapping[Base, str] = {
        "api": "https://api.xero.com",
        "auth": "https://identity.xero.com",
        "consent": "https://login.xero.com",
    }
    look_up_waits: Sequence[int] = (5, 30, 90)
    payables: XeroBills = BILLS

    # Sign-in

    def consent_path(self, application: Application, *, state: str) -> str:
        return sign_in.consent_path(application, state=state)

    def anything(self, source: str, consent: Consent) -> Request:
        path = source if source.startswith(API) else f"{API}/{source.lstrip('/')}"
        return Request("GET", quote(path, safe="/?=&%,'()*"), purpose=f"read {source}", headers=(ACCEPT,))

    def exchange_code(
        self, application: Application, callback: Mapping[str, str], *, now: datetime, company: str = ""
    ) -> Steps[Consent]:
        consent = yield from sign_in.exchange_code(application, callback, now=now, company=company)
        return consent

    def refresh(self, application: Application, consent: Consent, *, now: datetime) -> Steps[Consent]:
        fresh = yield from sign_in.refresh(application, consent, now=now)
        return fresh

    def signed(self, request: Request, consent: Consent, *, now: datetime, nonce: str) -> Request:
        return with_headers(
            request, ("Authorization", f"Bearer {consent.access_token}"), ("Xero-tenant-id", consent.company)
        )

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

    # Documents

    def push(self, document: Document, consent: Consent, company: Company) -> Steps[Done]:
        kind = documents.kind_for(document)
        body = yield from _body(document, company)
        made = yield from write(
            "PUT",
            COLLECTIONS[kind],
            body,
            id=f"{kind}ID",
            key=idempotency_key(document.key),
            purpose=f"create {kind}",
            reference=document.id,
        )
        changed = [*documents.differences(body, made), *documents.arrival_differences(document, made, company)]
        if changed:
            yield from _take_back(kind, str(made[f"{kind}ID"]), document, because="; ".join(changed))
        return Done(native=documents.native_of(kind, made))

    def look_up(self, document: Document, consent: Consent, company: Company) -> Steps[Done | None]:
        kind = documents.kind_for(document)
        for body in (yield from _around(kind, document)):
            if documents.carries(kind, body, document.id):
                yield from _check_kept(kind, document, body, company)
                return Done(native=documents.native_of(kind, body), found=True)
        return None

    def take_back_doubles(
        self, document: Document, native: Native, consent: Consent, company: Company
    ) -> Steps[Sequence[str]]:
        kind = documents.kind_for(document)
        sent = yield from _body(document, company)
        found = yield from _around(kind, document)
        carrying = {str(body[f"{kind}ID"]): body for body in found if documents.carries(kind, body, document.id)}
        gone: list[str] = []
        for id, body in carrying.items() if native.id in carrying else ():
            if id != native.id and not list(documents.differences(sent, body)):
                yield from _end(kind, id, document)
                gone.append(id)
        return gone

    def update(self, document: Document, native: Native, consent: Consent, company: Company) -> Steps[Done]:
        if not isinstance(document, Expense) or native.kind != "BankTransaction":
            raise Refused(f"a {native.kind} cannot be changed through Xero's API: correct it in Xero")
        body = yield from _body(document, company)
        stands = yield from _standing(native, document)
        if stands.get("Status") != "AUTHORISED" or stands.get("Type") != body["Type"]:
            raise Refused(
                f"a {stands.get('Type')} that is {stands.get('Status')} cannot become a {body['Type']}:"
                " correct it in Xero"
            )
        if not document.reference:
            del body["Reference"]
        for line, kept in zip(body["LineItems"], stands.get("LineItems") or (), strict=False):
            line["LineItemID"] = kept["LineItemID"]
        made = yield from write(
            "POST",
            f"BankTransactions/{native.id}",
            {**body, "BankTransactionID": native.id},
            id="BankTransactionID",
            key=idempotency_key(document.key, _stamp(stands)),
            purpose="change BankTransaction",
            reference=document.id,
        )
        changed = list(documents.differences(body, made))
        if changed:
            raise Refused(f"Xero changed what was sent ({'; '.join(changed)}): correct it in Xero")
        return Done(native=documents.native_of("BankTransaction", made))

    def attach(self, file: File, native: Native, consent: Consent) -> Steps[Attached]:
        attached = yield from attachments.attach(file, native)
        return attached

    # Lists

    def create_contact(self, contact: Contact, consent: Consent, company: Company, *, key: str) -> Steps[Contact]:
        made = yield from write(
            "PUT",
            "Contacts",
            lists.contact_body(contact, creates=True),
            id="ContactID",
            key=idempotency_key(key),
            purpose="create Contact",
        )
        return reading.contact(made, contact.kind)

    def update_contact(self, contact: Contact, consent: Consent, company: Company, *, key: str) -> Steps[Contact]:
        made = yield from write(
            "POST",
            f"Contacts/{contact.id}",
            {**lists.contact_body(contact, creates=False), "ContactID": contact.id},
            id="ContactID",
            key=idempotency_key(key),
            purpose="change Contact",
        )
        return reading.contact(made, contact.kind)

    def create_account(self, account: NewAccount, consent: Consent, company: Company, *, key: str) -> Steps[Account]:
        made = yield from write(
            "PUT",
            "Accounts",
            lists.account_body(account),
            id="AccountID",
            key=idempotency_key(key),
            purpose="create Account",
        )
        return reading.account(made, company.currency)


CONNECTOR = Xero()


def _body(document: Document, company: Company) -> Steps[dict[str, Any]]:
    """The record to send, with what its lines refer to as Xero has it now."""
    codes = yield from _codes(document)
    options: dict[str, Mapping[str, Any]] = {}
    if documents.names_options(document):
        options = documents.options_of((yield from reading.tracking_categories(reference=document.id)))
    return documents.body_of(document, company, Lists(codes, options))


def _codes(document: Document) -> Steps[dict[str, str]]:
    """The codes of the accounts on the lines.

    Few accounts are read one by one, by id: a list may not show yet what was created a moment ago.
    """
    wanted = documents.line_accounts(document)
    codes: dict[str, str] = {}
    if len(wanted) > BY_ID_MOST:
        found = yield from listed("Accounts", reference=document.id)
        codes = {str(body["AccountID"]): str(body.get("Code") or "") for body in found}
    for id in wanted:
        if id not in codes:
            codes[id] = yield from _code(id, document)
    return codes


def _code(id: str, document: Document) -> Steps[str]:
    try:
        body = yield from read(f"Accounts/{quote(id)}", purpose="read an account", reference=document.id)
    except Refused as refused:
        raise Refused(
            f"account {id} is not in the organisation's chart (Xero error {refused.native_code})",
            native_code=refused.native_code,
            status=refused.status,
            element=id,
        ) from refused
    found: dict[str, Any] = next(iter(body.get("Accounts") or ()), {})
    return str(found.get("Code") or "")


def _around(kind: str, document: Document) -> Steps[list[dict[str, Any]]]:
    """Records of a kind dated near a document: dates are what Xero filters well however many records there are."""
    first, last = (document.date + timedelta(days=days) for days in (-LOOK_UP_DAYS, LOOK_UP_DAYS))
    where = " AND ".join(
        f"Date {sign} DateTime({when.year}, {when.month:02d}, {when.day:02d})"
        for sign, when in ((">=", first), ("<=", last))
    )
    collection, query = COLLECTIONS[kind], {"where": where}
    if kind == "BankTransfer":  # the one list without pages
        found = yield from listed(collection, query=query, reference=document.id)
    else:
        found = yield from paged(collection, f"{kind}ID", query=query, reference=document.id)
    return found


def _standing(native: Native, document: Document) -> Steps[dict[str, Any]]:
    path = f"BankTransactions/{native.id}"
    body = yield from read(path, purpose="read BankTransaction", reference=document.id)
    stands: dict[str, Any] = next(iter(body.get("BankTransactions") or ()), {})
    return stands


def _stamp(stands: Mapping[str, Any]) -> str:
    """Which state of a record a change was made to, so that a change made anew to another has a key of its own."""
    updated = reading.instant(stands.get("UpdatedDateUTC"))
    return updated.strftime("%Y%m%d%H%M%S%f") if updated else ""


def _check_kept(kind: str, document: Document, stands: Mapping[str, Any], company: Company) -> Steps[None]:
    """A record found again that lost what has become inactive in Xero, or its second amount, is taken back.

    One that differs otherwise was edited by somebody since: that is theirs to decide.
    """
    arrived = list(documents.arrival_differences(document, stands, company))
    if arrived:
        yield from _take_back(kind, str(stands[f"{kind}ID"]), document, because="; ".join(arrived))
    lost = documents.lost(document, stands)
    if not lost:
        return
    options = documents.options_of((yield from reading.tracking_categories(reference=document.id)))
    inactive = {id.lower() for id, option in options.items() if not option["active"]}
    inactive |= {rate.id for rate in (yield from reading.tax_rates()) if not rate.active}
    if lost & inactive:
        because = f"{', '.join(sorted(lost & inactive))} is archived in Xero"
        yield from _take_back(kind, str(stands[f"{kind}ID"]), document, because=because)


def _take_back(kind: str, id: str, document: Document, *, because: str) -> Steps[None]:
    """Remove a record that Xero did not keep as it was sent, then refuse. Always raises."""
    try:
        yield from _end(kind, id, document)
    except Refused as refused:
        raise Refused(
            f"Xero changed what was sent ({because}), and it could not be taken back ({refused.message})",
            native_code=refused.native_code,
            status=refused.status,
        ) from refused
    raise Refused(f"Xero changed what was sent ({because}); it was taken back")


def _end(kind: str, id: str, document: Document) -> Steps[None]:
    yield from write(
        "POST",
        f"{COLLECTIONS[kind]}/{id}",
        {f"{kind}ID": id, "Status": ENDED[kind]},
        id=f"{kind}ID",
        key=idempotency_key(document.key, "void", id),
        purpose=f"take back {kind}",
        reference=document.id,
    )
