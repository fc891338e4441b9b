"""The hub's client of QuickBooks Online: neutral documents out, native requests on the wire.

Written from Intuit's public API alone: this file must not know how the emulator beside it works, so that a mistake in
one cannot cancel a mistake in the other. Every write carries ``requestid``; every document carries the transaction's
id at the end of its ``PrivateNote``, which is how it is found again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

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
    NeedsConsent,
    NewAccount,
    Refused,
    Request,
    Steps,
    TaxRate,
    TrackingOption,
    ask,
    with_headers,
)
from sandbooks.platforms.quickbooks_online.connector.bills import BILLS, QuickBooksOnlineBills
from sandbooks.platforms.quickbooks_online.connector.documents import body_of, entity_of
from sandbooks.platforms.quickbooks_online.connector.lists import (
    CLASSES,
    account_body,
    account_of,
    buys,
    contact_body,
    contact_of,
    read_taxes,
    tax_rate_of,
    tracking_of,
)
from sandbooks.platforms.quickbooks_online.connector.native import (
    FEATURE_OFF,
    STALE,
    accepted,
    consent_of,
    every,
    member,
    multipart,
    native_of,
    read,
    ref,
    refusal_of,
    token,
    write,
)

SCOPE = "com.intuit.quickbooks.accounting"
UPDATE_TRIES_MOST = 3


class QuickBooksOnline:
    """The connector; it keeps nothing."""

    # Source: developer.intuit.com, OpenID discovery document and API hosts
    bases: Mapping[Base, str] = {
        "api": "https://quickbooks.api.intuit.com",
        "auth": "https://oauth.platform.intuit.com",
        "consent": "https://appcenter.intuit.com",
    }
    look_up_waits: Sequence[int] = (5, 30, 60)
    payables: QuickBooksOnlineBills = BILLS

    # Sign-in

    def consent_path(self, application: Application, *, state: str) -> str:
        query = {
            "client_id": application.client_id,
            "response_type": "code",
            "scope": SCOPE,
            "redirect_uri": application.redirect_uri,
            "state": state,
        }
        return f"/connect/oauth2?{urlencode(query)}"

    def anything(self, source: str, consent: Consent) -> Request:
        path = source if source.startswith("/v3/") else f"/v3/company/{consent.company}/{source.lstrip('/')}"
        headers = (("Accept", "application/json"),)
        return Request("GET", quote(path, safe="/?=&%,'()*"), purpose=f"read {source}", headers=headers)

    def exchange_code(
        self, application: Application, callback: Mapping[str, str], *, now: datetime, company: str = ""
    ) -> Steps[Consent]:
        if not callback.get("code") or not callback.get("realmId"):
            raise Refused(callback.get("error", "the sign-in came back without a code"), status=403)
        if company and callback["realmId"] != company:
            raise Refused(f"the consent is for company {callback['realmId']}, not {company}", status=403)
        form = {
            "grant_type": "authorization_code",
            "code": callback["code"],
            "redirect_uri": application.redirect_uri,
        }
        body = yield from token(application, form, purpose="exchange the authorization code")
        return consent_of(body, company=callback["realmId"], now=now)

    def refresh(self, application: Application, consent: Consent, *, now: datetime) -> Steps[Consent]:
        form = {"grant_type": "refresh_token", "refresh_token": consent.refresh_token}
        try:
            body = yield from token(application, form, purpose="refresh the access token")
        except Refused as refused:
            raise NeedsConsent(refused.message) from refused
        return consent_of(body, company=consent.company, now=now)

    def signed(self, request: Request, consent: Consent, *, now: datetime, nonce: str) -> Request:
        return with_headers(request, ("Authorization", f"Bearer {consent.access_token}"))

    # Reads

    def company(self, consent: Consent) -> Steps[Company]:
        info = yield from read(consent, f"companyinfo/{consent.company}", "CompanyInfo")
        preferences = yield from read(consent, "preferences", "Preferences")
        currency = preferences.get("CurrencyPrefs") or {}
        return Company(
            id=consent.company,
            name=info["CompanyName"],
            legal_name=info.get("LegalName") or "",
            country=info.get("Country") or "",
            currency=ref(currency.get("HomeCurrency")) or "USD",
            multicurrency=bool(currency.get("MultiCurrencyEnabled")),
        )

    def accounts(self, consent: Consent) -> Steps[Sequence[Account]]:
        found = yield from every(consent, "Account")
        return [account_of(body) for body in found if body["AccountType"] in CLASSES]

    def suppliers(self, consent: Consent) -> Steps[Sequence[Contact]]:
        found = yield from every(consent, "Vendor")
        return [contact_of(body, "Vendor") for body in found]

    def customers(self, consent: Consent) -> Steps[Sequence[Contact]]:
        found = yield from every(consent, "Customer")
        return [contact_of(body, "Customer") for body in found]

    def tax_rates(self, consent: Consent) -> Steps[Sequence[TaxRate]]:
        taxes = yield from read_taxes(consent)
        return [tax_rate_of(body, taxes) for body in taxes.codes.values() if buys(body)]

    def tracking(self, consent: Consent) -> Steps[Sequence[TrackingOption]]:
        options: list[TrackingOption] = []
        for entity in ("Department", "Class"):
            try:
                found = yield from every(consent, entity)
            except Refused as refused:
                if refused.native_code not in FEATURE_OFF:
                    raise
                found = []
            parents = {ref(body.get("ParentRef")) for body in found}
            options += [tracking_of(entity, body, parents) for body in found]
        return options

    # Documents

    def push(self, document: Document, consent: Consent, company: Company) -> Steps[Done]:
        kind = entity_of(document)
        body = yield from body_of(document, consent, company)
        made = yield from write(consent, kind, body, key=document.key, reference=document.id)
        return Done(native=native_of(kind, made))

    def look_up(self, document: Document, consent: Consent, company: Company) -> Steps[Done | None]:
        kind = entity_of(document)
        found = yield from every(consent, kind, where=f"TxnDate = '{document.date.isoformat()}'", reference=document.id)
        mark = f"[{document.id}]"
        for body in found:
            if str(body.get("PrivateNote") or "").endswith(mark):
                return Done(native=native_of(kind, body), found=True)
        return None

    def update(self, document: Document, native: Native, consent: Consent, company: Company) -> Steps[Done]:
        kind = entity_of(document)
        if kind != native.kind:
            raise Refused(f"a {native.kind} cannot become a {kind}: correct it in QuickBooks Online")
        body = yield from body_of(document, consent, company)
        for _ in range(UPDATE_TRIES_MOST):
            stands = yield from read(consent, f"{kind.lower()}/{native.id}", kind, reference=document.id)
            if kind == "Purchase" and stands.get("PaymentType") != body["PaymentType"]:
                raise Refused("the payment type of a purchase cannot change: correct it in QuickBooks Online")
            newest = {**body, "Id": native.id, "SyncToken": stands["SyncToken"], "sparse": True}
            key = f"{document.key}-{stands['SyncToken']}"
            try:
                made = yield from write(consent, kind, newest, key=key, reference=document.id)
            except Refused as refused:
                if refused.native_code != STALE:
                    raise
            else:
                return Done(native=native_of(kind, made))
        raise Refused("the document was changed in QuickBooks Online again and again", native_code=STALE)

    def attach(self, file: File, native: Native, consent: Consent) -> Steps[Attached]:
        where = f"AttachableRef.EntityRef.Type = '{native.kind}' AND AttachableRef.EntityRef.value = '{native.id}'"
        for body in (yield from every(consent, "Attachable", where=where)):
            if body.get("Note") == file.key:
                return Attached(id=body["Id"])
        content_type, body_bytes = multipart(file, native)
        request = Request(
            "POST",
            f"/v3/company/{consent.company}/upload?minorversion=75&requestid={quote(file.key)}",
            purpose=f"attach {file.name}",
            headers=(("Content-Type", content_type), ("Accept", "application/json")),
            body=body_bytes,
            mutates=True,
        )
        response = yield from ask(request)
        answer = accepted(response, request)
        item: dict[str, Any] = next(iter(answer.get("AttachableResponse") or ()), {})
        if "Fault" in item:
            raise refusal_of(item, response.status)
        return Attached(id=member(item.get("Attachable"), "Id", request))

    # Lists

    def create_contact(self, contact: Contact, consent: Consent, company: Company, *, key: str) -> Steps[Contact]:
        kind = "Vendor" if contact.kind == "supplier" else "Customer"
        body = contact_body(contact, company)
        made = yield from write(consent, kind, body, key=key)
        return contact_of(made, kind)

    def update_contact(self, contact: Contact, consent: Consent, company: Company, *, key: str) -> Steps[Contact]:
        kind = "Vendor" if contact.kind == "supplier" else "Customer"
        stands = yield from read(consent, f"{kind.lower()}/{contact.id}", kind)
        body = contact_body(contact, company)
        body.pop("CurrencyRef", None)  # fixed once used
        body |= {"Id": contact.id, "SyncToken": stands["SyncToken"], "sparse": True, "Active": contact.active}
        made = yield from write(consent, kind, body, key=f"{key}-{stands['SyncToken']}")
        return contact_of(made, kind)

    def create_account(self, account: NewAccount, consent: Consent, company: Company, *, key: str) -> Steps[Account]:
        made = yield from write(consent, "Account", account_body(account, company), key=key)
        return account_of(made)


CONNECTOR = QuickBooksOnline()
