"""The hub's client of FreeAgent: neutral documents out, native requests on the wire.

Written from FreeAgent's public API alone: this package must not know how the emulator beside it works, so that a
mistake in one cannot cancel a mistake in the other. FreeAgent has no idempotency key: every record carries the
transaction's id in a text, and after an answer that was lost the look-up alone decides.
"""

from __future__ import annotations

import base64
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
    Reimbursable,
    Request,
    Steps,
    TaxRate,
    TrackingOption,
    Transfer,
    Unknown,
    with_headers,
)
from sandbooks.platforms.freeagent.connector import documents, lists, reading, sign_in
from sandbooks.platforms.freeagent.connector.bills import FreeAgentBills
from sandbooks.platforms.freeagent.connector.calls import ACCEPT, delete, paged, read, tail, write
from sandbooks.platforms.freeagent.connector.documents import BILL, EXPLANATION, Place

LOOK_UP_DAYS = 31  # a bookkeeper may have moved a document to another day
RESOURCES = {EXPLANATION: "bank_transaction_explanations", BILL: "bills"}

__all__ = ["CONNECTOR", "FreeAgent"]


class FreeAgent:
    """The connector; it keeps nothing."""

    # Source: dev.freeagent.com/docs/oauth
    bases: Mapping[Base, str] = {
        "api": "https://api.freeagent.com",
        "auth": "https://api.freeagent.com",
        "consent": "https://api.freeagent.com",
    }
    look_up_waits: Sequence[int] = (5, 30, 120)  # long: there is no key to fall back on

    # Sign-in

    def consent_path(self, application: Application, *, state: str) -> str:
        return sign_in.consent_path(application, state=state)

    def anything(self, source: str, consent: Consent) -> Request:
        path = source if source.startswith("/v2/") else f"/v2/{source.lstrip('/')}"
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
        return with_headers(request, ("Authorization", f"Bearer {consent.access_token}"), sign_in.USER_AGENT)

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
        """None: tax is given as an amount. Source: docs.codat.io, FreeAgent integration (tax rates unsupported)."""
        yield from ()
        return []

    def tracking(self, consent: Consent) -> Steps[Sequence[TrackingOption]]:
        """None: FreeAgent has no dimensions."""
        yield from ()
        return []

    @property
    def payables(self) -> FreeAgentBills:
        """Bills and their payments."""
        return FreeAgentBills(self)

    # Documents

    def push(self, document: Document, consent: Consent, company: Company) -> Steps[Done]:
        kind = documents.kind_for(document)
        body = documents.body_of(document, Place.of(consent, company))
        made = yield from write("POST", RESOURCES[kind], kind, body, purpose=f"create {kind}", reference=document.id)
        changed = list(documents.differences(_compared(document, body, company), made))
        if changed:
            yield from _take_back(kind, made, document, because="; ".join(changed))
        return Done(native=documents.native_of(document, made))

    def look_up(self, document: Document, consent: Consent, company: Company) -> Steps[Done | None]:
        resource = RESOURCES[documents.kind_for(document)]
        query = _around(document, Place.of(consent, company))
        for body in (yield from paged(resource, query=query, reference=document.id)):
            if documents.carries(body, document.id):
                return Done(native=documents.native_of(document, body), found=True)
        return None

    def take_back_doubles(
        self, document: Document, native: Native, consent: Consent, company: Company
    ) -> Steps[Sequence[str]]:
        kind = documents.kind_for(document)
        place = Place.of(consent, company)
        sent = _compared(document, documents.body_of(document, place), company)
        found = yield from paged(RESOURCES[kind], query=_around(document, place), reference=document.id)
        carrying = [body for body in found if documents.carries(body, document.id)]
        others = [body for body in carrying if not _is(native, document, body)]
        gone: list[str] = []
        for body in others if len(others) < len(carrying) else ():
            if not list(documents.differences(sent, body)):
                yield from _remove(kind, body, document)
                gone.append(documents.native_of(document, body).id)
        return gone

    def update(self, document: Document, native: Native, consent: Consent, company: Company) -> Steps[Done]:
        kind = documents.kind_for(document)
        if kind != native.kind:
            raise Refused(f"a {native.kind} cannot become a {kind}: correct it in FreeAgent")
        body = documents.body_of(document, Place.of(consent, company))
        if isinstance(document, Transfer):
            yield from _change_transfer(document, native, body)
            return Done(native=native)
        path = f"{RESOURCES[kind]}/{native.id}"
        stands = yield from read(path, kind, purpose=f"read {kind}", reference=document.id)
        if isinstance(document, Reimbursable):
            asked = _changed_bill(document, body, stands)
        else:
            asked = _changed_explanation(body, stands)
        made = yield from write("PUT", path, kind, asked, purpose=f"change {kind}", reference=document.id)
        changed = list(documents.differences(_compared(document, body, company), made))
        if changed:
            raise Refused(f"FreeAgent changed what was sent ({'; '.join(changed)}): correct it in FreeAgent")
        return Done(native=native)

    def attach(self, file: File, native: Native, consent: Consent) -> Steps[Attached]:
        """Source: dev.freeagent.com/docs/attachments: a file is a member of its record, which has one at most."""
        if native.kind not in RESOURCES or native.data_type == "transfers":
            raise Refused(f"files are not attached to {native.data_type or native.kind} in FreeAgent")
        path = f"{RESOURCES[native.kind]}/{native.id}"
        stands = yield from read(path, native.kind, purpose=f"read the attachment of {native.id}")
        there = _attachment(stands)
        if there:
            if there.get("file_name") == file.name and there.get("file_size") in (None, len(file.content)):
                return Attached(id=tail(there["url"]))
            raise Refused("FreeAgent keeps one file with each record, and there is one already")
        upload = {
            "data": base64.b64encode(file.content).decode(),
            "file_name": file.name,
            "content_type": file.content_type,
            "description": file.key,
        }
        made = yield from write("PUT", path, native.kind, {"attachment": upload}, purpose=f"attach {file.name}")
        attached = _attachment(made)
        if not attached:
            raise Unknown(f"no attachment in the answer to: attach {file.name}")
        return Attached(id=tail(attached["url"]))

    # Lists

    def create_contact(self, contact: Contact, consent: Consent, company: Company, *, key: str) -> Steps[Contact]:
        """Nothing keeps two contacts of one name apart: one that is exactly as asked for is an earlier attempt's."""
        body = lists.contact_body(contact)
        for stands in (yield from paged("contacts", query={"view": "active", "sort": "created_at"})):
            if lists.same(body, stands):
                return reading.contact(stands, contact.kind)
        made = yield from write("POST", "contacts", "contact", body, purpose="create contact")
        return reading.contact({**body, **made}, contact.kind)

    def update_contact(self, contact: Contact, consent: Consent, company: Company, *, key: str) -> Steps[Contact]:
        body = lists.contact_body(contact) | {"status": "Active" if contact.active else "Hidden"}
        path = f"contacts/{contact.id}"
        made = yield from write("PUT", path, "contact", body, purpose="change contact")
        return reading.contact({**body, **made}, contact.kind)

    def create_account(self, account: NewAccount, consent: Consent, company: Company, *, key: str) -> Steps[Account]:
        if not account.pays:
            body = lists.category_body(account, company)
            root = lists.set_of(body)
            made = yield from write("POST", "categories", "category", body, purpose="create category", answered=root)
            return reading.category({**body, **made}, root, company.currency)
        body = lists.bank_account_body(account)
        for stands in (yield from paged("bank_accounts")):
            if lists.same({name: body[name] for name in body if name != "opening_balance"}, stands):
                return reading.bank_account(stands)
        made = yield from write("POST", "bank_accounts", "bank_account", body, purpose="create bank account")
        return reading.bank_account({"currency": company.currency, **body, **made})


CONNECTOR = FreeAgent()


def _compared(document: Document, body: Mapping[str, Any], company: Company) -> Mapping[str, Any]:
    """What of a body the answer must show. The tax of a foreign bill is typed in another currency than it is shown."""
    foreign = isinstance(document, Reimbursable) and document.currency != company.currency
    return {name: value for name, value in body.items() if not (foreign and name == "manual_sales_tax_amount")}


def _around(document: Document, place: Place) -> dict[str, str]:
    """The list to search: near the document's date, of its bank account."""
    first, last = (document.date + timedelta(days=days) for days in (-LOOK_UP_DAYS, LOOK_UP_DAYS))
    query = {"from_date": first.isoformat(), "to_date": last.isoformat()}
    if isinstance(document, Expense):
        query["bank_account"] = place.url("bank_accounts", document.account.id)
    if isinstance(document, Transfer):
        query["bank_account"] = place.url("bank_accounts", document.source.account)
    return query


def _changed_explanation(body: Mapping[str, Any], stands: Mapping[str, Any]) -> dict[str, Any]:
    """Own fields alone; the bank account stays. Source: docs.codat.io, FreeAgent integration (update)."""
    if stands.get("bank_account") and tail(stands["bank_account"]) != tail(body["bank_account"]):
        raise Refused("the bank account of an explanation cannot change: correct it in FreeAgent")
    asked = {name: value for name, value in body.items() if name != "bank_account"}
    return asked if "manual_sales_tax_amount" in asked else {**asked, "sales_tax_rate": "Auto"}


def _changed_bill(document: Reimbursable, body: Mapping[str, Any], stands: Mapping[str, Any]) -> dict[str, Any]:
    asked = {**body, "bill_items": documents.changed_items(body["bill_items"], stands.get("bill_items") or ())}
    if not document.reference:
        del asked["reference"]
    return asked


def _change_transfer(document: Transfer, native: Native, body: Mapping[str, Any]) -> Steps[None]:
    """Amount and date of both sides, the receiving one first; FreeAgent may carry the change over by itself."""
    path = f"{RESOURCES[EXPLANATION]}/{native.id}"
    stands = yield from read(path, EXPLANATION, purpose="read the receiving side", reference=document.id)
    sides = (tail(stands.get("linked_transfer_account")), tail(stands.get("bank_account")))
    if sides != (document.source.account, document.target.account):
        raise Refused("the accounts of a transfer cannot change: correct it in FreeAgent")
    received = {"dated_on": body["dated_on"], "gross_value": body["gross_value"].removeprefix("-")}
    yield from _change_side(path, received, stands, document)
    other = f"{RESOURCES[EXPLANATION]}/{tail(stands['linked_transfer_explanation'])}"
    stands = yield from read(other, EXPLANATION, purpose="read the paying side", reference=document.id)
    paid = {"dated_on": body["dated_on"], "gross_value": body["gross_value"]}
    yield from _change_side(other, paid, stands, document)


def _change_side(path: str, asked: dict[str, Any], stands: Mapping[str, Any], document: Transfer) -> Steps[None]:
    if not list(documents.differences(asked, stands)):
        return
    made = yield from write("PUT", path, EXPLANATION, asked, purpose="change transfer", reference=document.id)
    changed = list(documents.differences(asked, made))
    if changed:
        raise Refused(f"FreeAgent changed what was sent ({'; '.join(changed)}): correct it in FreeAgent")


def _take_back(kind: str, made: Mapping[str, Any], document: Document, *, because: str) -> Steps[None]:
    """Remove a record that FreeAgent did not keep as it was sent, then refuse. Always raises."""
    try:
        yield from _remove(kind, made, document)
    except Refused as refused:
        raise Refused(
            f"FreeAgent changed what was sent ({because}), and it could not be taken back ({refused.message})",
            native_code=refused.native_code,
            status=refused.status,
        ) from refused
    raise Refused(f"FreeAgent changed what was sent ({because}); it was taken back")


def _is(native: Native, document: Document, body: Mapping[str, Any]) -> bool:
    return native.id in (documents.native_of(document, body).id, tail(body["url"]))


def _remove(kind: str, made: Mapping[str, Any], document: Document) -> Steps[None]:
    path = f"{RESOURCES[kind]}/{tail(made['url'])}"
    yield from delete(path, purpose=f"take back {kind}", reference=document.id)
    if kind == EXPLANATION and made.get("bank_transaction"):
        # The transaction came with the explanation, and is left unexplained by its end.
        path = f"bank_transactions/{tail(made['bank_transaction'])}"
        yield from delete(path, purpose="take back bank transaction", reference=document.id)


def _attachment(body: Mapping[str, Any]) -> dict[str, Any]:
    """The file of a record, under either version of the API."""
    several = body.get("attachments") or ()
    found = body.get("attachment") or next(iter(several), None)
    return found if isinstance(found, dict) and found.get("url") else {}
