"""The hub's client of Business Central: neutral documents out, requests to API v2.0 on the wire.

Written from Microsoft's public documentation alone: this package must not know how the emulator beside it works, so
that a mistake in one cannot cancel a mistake in the other. There is no idempotency key: a document has a journal under
an id of the client's choice, which cannot be made twice, and a number by which the ledger shows it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
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
    File,
    Native,
    NewAccount,
    Refused,
    Request,
    Steps,
    TaxRate,
    TrackingOption,
    Unknown,
    with_headers,
)
from sandbooks.payables import Payables
from sandbooks.platforms.business_central.connector import attachments, documents, journals, lists, reading, sign_in
from sandbooks.platforms.business_central.connector.bills import BusinessCentralBills
from sandbooks.platforms.business_central.connector.calls import ACCEPT, ENGLISH, EXISTS, Place, there, write
from sandbooks.platforms.business_central.connector.reading import SETS

__all__ = ["CONNECTOR", "BusinessCentral"]

ANY_VERSION = (("If-Match", "*"),)


class BusinessCentral:
    """The connector; it keeps nothing."""

    # Source: learn.microsoft.com, Business Central, endpoints; Microsoft identity platform
    bases: Mapping[Base, str] = {
        "api": "https://api.businesscentral.dynamics.com",
        "auth": "https://login.microsoftonline.com",
        "consent": "https://login.microsoftonline.com",
    }
    look_up_waits: Sequence[int] = (5, 30, 90)
    payables: Payables = BusinessCentralBills()

    # Sign-in

    def consent_path(self, application: Application, *, state: str) -> str:
        return sign_in.consent_path(application, state=state)

    def anything(self, source: str, consent: Consent) -> Request:
        # Source: docs.codat.io, custom data types, Dynamics 365: a path below the company, written as api/<set>
        path = Place.of(consent).path(source.lstrip("/").removeprefix("api/"))
        return Request("GET", quote(path, safe="/?=&%,'()*$"), purpose=f"read {source}", headers=(ACCEPT, ENGLISH))

    def exchange_code(
        self, application: Application, callback: Mapping[str, str], *, now: datetime, company: str = ""
    ) -> Steps[Consent]:
        consent = yield from sign_in.exchange_code(application, callback, now=now, company=company)
        return consent

    def refresh(self, application: Application, consent: Consent, *, now: datetime) -> Steps[Consent]:
        fresh = yield from sign_in.refresh(application, consent, now=now)
        return fresh

    def signed(self, request: Request, consent: Consent, *, now: datetime, nonce: str) -> Request:
        return with_headers(request, ("Authorization", f"Bearer {consent.access_token}"))

    # Reads

    def company(self, consent: Consent) -> Steps[Company]:
        company = yield from reading.company(Place.of(consent))
        return company

    def accounts(self, consent: Consent) -> Steps[Sequence[Account]]:
        found = yield from reading.accounts(Place.of(consent))
        return found

    def suppliers(self, consent: Consent) -> Steps[Sequence[Contact]]:
        found = yield from reading.contacts(Place.of(consent), "supplier")
        return found

    def customers(self, consent: Consent) -> Steps[Sequence[Contact]]:
        found = yield from reading.contacts(Place.of(consent), "customer")
        return found

    def tax_rates(self, consent: Consent) -> Steps[Sequence[TaxRate]]:
        found = yield from reading.tax_rates(Place.of(consent))
        return found

    def tracking(self, consent: Consent) -> Steps[Sequence[TrackingOption]]:
        found = yield from reading.tracking(Place.of(consent))
        return found

    # Documents

    def push(self, document: Document, consent: Consent, company: Company) -> Steps[Done]:
        done = yield from journals.push(document, company, Place.of(consent))
        return done

    def look_up(self, document: Document, consent: Consent, company: Company) -> Steps[Done | None]:
        documents.lines_of(document, company)  # what cannot be written is not looked for
        found = yield from journals.look_up(document, Place.of(consent))
        return found

    def update(self, document: Document, native: Native, consent: Consent, company: Company) -> Steps[Done]:
        """Posted entries never change. Source: learn.microsoft.com, Business Central, reverse journal postings."""
        yield from ()
        raise Refused("what is posted cannot be changed in Business Central: reverse it there and send a new one")

    def attach(self, file: File, native: Native, consent: Consent) -> Steps[Attached]:
        attached = yield from attachments.attach(file, native, Place.of(consent))
        return attached

    def take_back_empty(self, file: File, native: Native, consent: Consent) -> Steps[Sequence[str]]:
        gone = yield from attachments.take_back_empty(file, native, Place.of(consent))
        return gone

    # Lists

    def create_contact(self, contact: Contact, consent: Consent, company: Company, *, key: str) -> Steps[Contact]:
        body = lists.new_contact(contact, company, key=key)
        made = yield from _created(SETS[contact.kind], body, Place.of(consent))
        return reading.contact(made, contact.kind)

    def update_contact(self, contact: Contact, consent: Consent, company: Company, *, key: str) -> Steps[Contact]:
        set = SETS[contact.kind]
        path = Place.of(consent).path(f"{set}({quote(contact.id)})")
        body = lists.changed_contact(contact)
        made = yield from write("PATCH", path, body, purpose=f"change {set}", headers=ANY_VERSION)
        return reading.contact({**body, "id": contact.id, **made}, contact.kind)

    def create_account(self, account: NewAccount, consent: Consent, company: Company, *, key: str) -> Steps[Account]:
        body = lists.new_bank_account(account, company, key=key)
        made = yield from _created("bankAccounts", body, Place.of(consent))
        return reading.bank_account(made, company.currency)


CONNECTOR = BusinessCentral()


def _created(set: str, body: dict[str, Any], place: Place) -> Steps[dict[str, Any]]:
    """Create a record under the id that the body chooses; one that has it already is an earlier attempt's."""
    try:
        made = yield from write("POST", place.path(set), body, purpose=f"create {set}")
    except Refused as refused:
        if refused.native_code != EXISTS:
            raise
        stands = yield from there(place.path(f"{set}({body['id']})"), purpose=f"read {set}")
        if stands is None:
            raise
        made = stands
    if not made.get("id"):
        raise Unknown(f"no id in the answer to: create {set}")
    return made
