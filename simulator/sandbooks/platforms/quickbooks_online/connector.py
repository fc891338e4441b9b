"""The hub's client of QuickBooks Online: neutral documents out, native requests on the wire.

Written from Intuit's public API alone: this file must not know how the emulator beside it works, so that a mistake in
one cannot cancel a mistake in the other. Every write carries ``requestid``; every document carries the transaction's
id at the end of its ``PrivateNote``, which is how it is found again.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import quote, urlencode

from sandbooks import exact_json
from sandbooks.connector import (
    Account,
    AccountClass,
    Adjustment,
    AdjustmentLine,
    Application,
    Attached,
    Base,
    Company,
    CompanyUnavailable,
    Consent,
    Contact,
    Document,
    Done,
    Expense,
    File,
    Line,
    Native,
    NeedsConsent,
    NewAccount,
    Refused,
    Reimbursable,
    Request,
    Steps,
    TaxRate,
    TrackingOption,
    TrackingRef,
    Transfer,
    Unavailable,
    Unknown,
    ask,
    json_of,
    marked,
    with_headers,
)
from sandbooks.wire import Response

SCOPE = "com.intuit.quickbooks.accounting"
NOTE_MOST = 4000  # Source: developer.intuit.com, entity Purchase, PrivateNote
DESCRIPTION_MOST = 4000  # Source: Finance.xsd, Line.Description
REFERENCE_MOST = 21  # Source: Finance.xsd, DocNumber
PAGE = 1000  # Source: developer.intuit.com, query operations, MAXRESULTS
UPDATE_TRIES_MOST = 3
EXPENSE_KINDS = ("Payment", "Refund", "Reward", "Chargeback")

# Source: developer.intuit.com, entity Account, AccountType and Classification
CLASSES: Mapping[str, AccountClass] = {
    "Bank": "Asset",
    "Accounts Receivable": "Asset",
    "Other Current Asset": "Asset",
    "Fixed Asset": "Asset",
    "Other Asset": "Asset",
    "Accounts Payable": "Liability",
    "Credit Card": "Liability",
    "Other Current Liability": "Liability",
    "Long Term Liability": "Liability",
    "Equity": "Equity",
    "Income": "Income",
    "Other Income": "Income",
    "Expense": "Expense",
    "Other Expense": "Expense",
    "Cost of Goods Sold": "Expense",
}
CONTROL = ("Accounts Receivable", "Accounts Payable", "Non-Posting")
NEW_ACCOUNT_TYPE: Mapping[str, str] = {
    "Asset": "Other Current Asset",
    "Liability": "Other Current Liability",
    "Equity": "Equity",
    "Income": "Income",
    "Expense": "Expense",
}
DATA_TYPES = {"Purchase": "directCosts", "Deposit": "directIncomes", "Transfer": "transfers"} | {
    "JournalEntry": "journalEntries",
    "Bill": "bills",
}
NO_TAX = ("", "NON")  # Source: developer.intuit.com, entity TaxCode (US pseudo codes TAX and NON)
LAPSED = "6190"
STALE = "5010"
CONSENT_CODES = ("100", "110", "120", "3100", "3200", "3202")
DUPLICATE_REQUEST = "600"
FEATURE_OFF = ("5020", "5030")


@dataclass(frozen=True, slots=True)
class _Taxes:
    """The company's tax codes and rates as read for one document."""

    codes: Mapping[str, Mapping[str, Any]]
    rates: Mapping[str, Decimal]

    def of_code(self, code: str) -> list[tuple[str, Decimal]]:
        """The purchase rates of a code: rate id and per cent."""
        found = self.codes.get(code, {}).get("PurchaseTaxRateList") or {}
        refs = [detail["TaxRateRef"]["value"] for detail in found.get("TaxRateDetail", [])]
        return [(ref, self.rates.get(ref, Decimal(0))) for ref in refs]


class QuickBooksOnline:
    """The connector; it keeps nothing."""

    # Source: developer.intuit.com, OpenID discovery document and API hosts
    bases: Mapping[Base, str] = {
        "api": "https://quickbooks.api.intuit.com",
        "auth": "https://oauth.platform.intuit.com",
        "consent": "https://appcenter.intuit.com",
    }
    look_up_waits: Sequence[int] = (5, 30, 60)

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

    def exchange_code(
        self, application: Application, callback: Mapping[str, str], *, now: datetime, company: str = ""
    ) -> Steps[Consent]:
        if "code" not in callback or "realmId" not in callback:
            raise Refused(callback.get("error", "the sign-in came back without a code"), status=403)
        if company and callback["realmId"] != company:
            raise Refused(f"the consent is for company {callback['realmId']}, not {company}", status=403)
        form = {
            "grant_type": "authorization_code",
            "code": callback["code"],
            "redirect_uri": application.redirect_uri,
        }
        body = yield from _token(application, form, purpose="exchange the authorization code")
        return _consent(body, company=callback["realmId"], now=now)

    def refresh(self, application: Application, consent: Consent, *, now: datetime) -> Steps[Consent]:
        form = {"grant_type": "refresh_token", "refresh_token": consent.refresh_token}
        try:
            body = yield from _token(application, form, purpose="refresh the access token")
        except Refused as refused:
            raise NeedsConsent(refused.message) from refused
        return _consent(body, company=consent.company, now=now)

    def signed(self, request: Request, consent: Consent, *, now: datetime, nonce: str) -> Request:
        return with_headers(request, ("Authorization", f"Bearer {consent.access_token}"))

    # Reads

    def company(self, consent: Consent) -> Steps[Company]:
        info = yield from _read(consent, f"companyinfo/{consent.company}", "CompanyInfo")
        preferences = yield from _read(consent, "preferences", "Preferences")
        currency = preferences.get("CurrencyPrefs") or {}
        return Company(
            id=consent.company,
            name=info["CompanyName"],
            legal_name=info.get("LegalName") or "",
            country=info.get("Country") or "",
            currency=_ref(currency.get("HomeCurrency")) or "USD",
            multicurrency=bool(currency.get("MultiCurrencyEnabled")),
        )

    def accounts(self, consent: Consent) -> Steps[Sequence[Account]]:
        found = yield from _all(consent, "Account")
        return [_account(body) for body in found if body["AccountType"] in CLASSES]

    def suppliers(self, consent: Consent) -> Steps[Sequence[Contact]]:
        found = yield from _all(consent, "Vendor")
        return [_contact(body, "Vendor") for body in found]

    def customers(self, consent: Consent) -> Steps[Sequence[Contact]]:
        found = yield from _all(consent, "Customer")
        return [_contact(body, "Customer") for body in found]

    def tax_rates(self, consent: Consent) -> Steps[Sequence[TaxRate]]:
        taxes = yield from _taxes(consent)
        return [_tax_rate(body, taxes) for body in taxes.codes.values() if _buys(body)]

    def tracking(self, consent: Consent) -> Steps[Sequence[TrackingOption]]:
        options: list[TrackingOption] = []
        for entity in ("Department", "Class"):
            try:
                found = yield from _all(consent, entity)
            except Refused as refused:
                if refused.native_code not in FEATURE_OFF:
                    raise
                found = []
            parents = {_ref(body.get("ParentRef")) for body in found}
            options += [_tracking(entity, body, parents) for body in found]
        return options

    # Documents

    def push(self, document: Document, consent: Consent, company: Company) -> Steps[Done]:
        kind = _entity(document)
        body = yield from _body(document, consent, company)
        made = yield from _write(consent, kind, body, key=document.key, reference=document.id)
        return Done(native=_native(kind, made))

    def look_up(self, document: Document, consent: Consent, company: Company) -> Steps[Done | None]:
        kind = _entity(document)
        found = yield from _all(consent, kind, where=f"TxnDate = '{document.date.isoformat()}'", reference=document.id)
        mark = f"[{document.id}]"
        for body in found:
            if str(body.get("PrivateNote") or "").endswith(mark):
                return Done(native=_native(kind, body), found=True)
        return None

    def update(self, document: Document, native: Native, consent: Consent, company: Company) -> Steps[Done]:
        kind = _entity(document)
        if kind != native.kind:
            raise Refused(f"a {native.kind} cannot become a {kind}: correct it in QuickBooks Online")
        body = yield from _body(document, consent, company)
        for _ in range(UPDATE_TRIES_MOST):
            stands = yield from _read(consent, f"{kind.lower()}/{native.id}", kind, reference=document.id)
            if kind == "Purchase" and stands.get("PaymentType") != body["PaymentType"]:
                raise Refused("the payment type of a purchase cannot change: correct it in QuickBooks Online")
            newest = {**body, "Id": native.id, "SyncToken": stands["SyncToken"], "sparse": True}
            key = f"{document.key}-{stands['SyncToken']}"
            try:
                made = yield from _write(consent, kind, newest, key=key, reference=document.id)
            except Refused as refused:
                if refused.native_code != STALE:
                    raise
            else:
                return Done(native=_native(kind, made))
        raise Refused("the document was changed in QuickBooks Online again and again", native_code=STALE)

    def attach(self, file: File, native: Native, consent: Consent) -> Steps[Attached]:
        where = f"AttachableRef.EntityRef.Type = '{native.kind}' AND AttachableRef.EntityRef.value = '{native.id}'"
        for body in (yield from _all(consent, "Attachable", where=where)):
            if body.get("Note") == file.key:
                return Attached(id=body["Id"])
        content_type, body_bytes = _multipart(file, native)
        request = Request(
            "POST",
            f"/v3/company/{consent.company}/upload?minorversion=75&requestid={quote(file.key)}",
            purpose=f"attach {file.name}",
            headers=(("Content-Type", content_type), ("Accept", "application/json")),
            body=body_bytes,
            mutates=True,
        )
        response = yield from ask(request)
        answer = _accepted(response, request)
        item: dict[str, Any] = next(iter(answer.get("AttachableResponse") or ()), {})
        if "Fault" in item:
            raise _refusal(item, response.status)
        return Attached(id=_member(item.get("Attachable"), "Id", request))

    # Lists

    def create_contact(self, contact: Contact, consent: Consent, company: Company, *, key: str) -> Steps[Contact]:
        kind = "Vendor" if contact.kind == "supplier" else "Customer"
        body = _contact_body(contact, company)
        made = yield from _write(consent, kind, body, key=key)
        return _contact(made, kind)

    def update_contact(self, contact: Contact, consent: Consent, company: Company, *, key: str) -> Steps[Contact]:
        kind = "Vendor" if contact.kind == "supplier" else "Customer"
        stands = yield from _read(consent, f"{kind.lower()}/{contact.id}", kind)
        body = _contact_body(contact, company)
        body.pop("CurrencyRef", None)  # fixed once used
        body |= {"Id": contact.id, "SyncToken": stands["SyncToken"], "sparse": True, "Active": contact.active}
        made = yield from _write(consent, kind, body, key=f"{key}-{stands['SyncToken']}")
        return _contact(made, kind)

    def create_account(self, account: NewAccount, consent: Consent, company: Company, *, key: str) -> Steps[Account]:
        made = yield from _write(consent, "Account", _account_body(account, company), key=key)
        return _account(made)


CONNECTOR = QuickBooksOnline()


# The wire


def _token(application: Application, form: Mapping[str, str], *, purpose: str) -> Steps[dict[str, Any]]:
    secret = base64.b64encode(f"{application.client_id}:{application.client_secret}".encode()).decode()
    request = Request(
        "POST",
        "/oauth2/v1/tokens/bearer",
        purpose=purpose,
        base="auth",
        signed=False,
        headers=(
            ("Authorization", f"Basic {secret}"),
            ("Content-Type", "application/x-www-form-urlencoded"),
            ("Accept", "application/json"),
        ),
        body=urlencode(form).encode(),
    )
    response = yield from ask(request)
    body = json_of(response, request)
    if not isinstance(body, dict):
        raise Unavailable(f"unreadable answer to: {purpose}")
    if response.status != 200 or "access_token" not in body:
        raise Refused(f"sign-in refused: {body.get('error', response.status)}", status=response.status)
    return body


def _consent(body: Mapping[str, Any], *, company: str, now: datetime) -> Consent:
    later = body.get("x_refresh_token_expires_in")
    return Consent(
        company=company,
        access_token=str(body["access_token"]),
        refresh_token=str(body["refresh_token"]),
        access_expires=now + timedelta(seconds=int(body.get("expires_in", 3600))),
        refresh_expires=now + timedelta(seconds=int(later)) if later else None,
    )


_JSON = (("Accept", "application/json"),)


def _read(consent: Consent, path: str, member: str, *, reference: str = "") -> Steps[dict[str, Any]]:
    request = Request(
        "GET",
        f"/v3/company/{consent.company}/{path}?minorversion=75",
        purpose=f"read {path}",
        headers=_JSON,
        reference=reference,
    )
    response = yield from ask(request)
    found = _accepted(response, request).get(member)
    if not isinstance(found, dict):
        raise Unavailable(f"no {member} in the answer to: {request.purpose}")
    return found


def _all(consent: Consent, entity: str, *, where: str = "", reference: str = "") -> Steps[list[dict[str, Any]]]:
    """Every record of a kind, inactive ones included, page by page until a short page; each id once."""
    lists = entity in ("Account", "Vendor", "Customer", "Department", "Class", "TaxCode", "TaxRate")
    condition = where or ("Active IN (true, false)" if lists else "")
    statement = " ".join(("select * from", entity, *(("where", condition) if condition else ())))
    found: dict[str, dict[str, Any]] = {}
    start = 1
    while True:
        text = f"{statement} startposition {start} maxresults {PAGE}"
        request = Request(
            "GET",
            f"/v3/company/{consent.company}/query?minorversion=75&query={quote(text)}",
            purpose=f"list {entity}" if not reference else f"look for {reference} among {entity}",
            headers=_JSON,
            reference=reference,
        )
        response = yield from ask(request)
        page = (_accepted(response, request).get("QueryResponse") or {}).get(entity) or []
        found.update((body["Id"], body) for body in page)
        if len(page) < PAGE:
            return list(found.values())
        start += len(page)


def _write(
    consent: Consent, entity: str, body: Mapping[str, Any], *, key: str, reference: str = ""
) -> Steps[dict[str, Any]]:
    request = Request(
        "POST",
        f"/v3/company/{consent.company}/{entity.lower()}?minorversion=75&requestid={quote(key)}",
        purpose=f"{'change' if 'Id' in body else 'create'} {entity}",
        headers=(("Content-Type", "application/json"), *_JSON),
        body=exact_json.dumps(body),
        mutates=True,
        reference=reference,
    )
    response = yield from ask(request)
    made: dict[str, Any] = _accepted(response, request).get(entity) or {}
    _member(made, "Id", request)
    return made


def _accepted(response: Response, request: Request) -> dict[str, Any]:
    """The body of an answer that says yes; a fault is raised whatever the status."""
    body = json_of(response, request)
    if not isinstance(body, dict):
        body = {}
    if "Fault" in body or "fault" in body:
        raise _refusal(body, response.status)
    if response.status != 200:
        if request.mutates:
            raise Unknown(f"status {response.status} without a fault to: {request.purpose}")
        raise Unavailable(f"status {response.status} without a fault to: {request.purpose}")
    return body


def _member(body: Any, name: str, request: Request) -> str:
    if not isinstance(body, dict) or not isinstance(body.get(name), str) or not body[name]:
        raise Unknown(f"no {name} in the answer to: {request.purpose}")
    return str(body[name])


def _refusal(body: Mapping[str, Any], status: int) -> Exception:
    """The fault of an answer; the gateway spells its members in lower case."""
    fault = body.get("Fault") or body.get("fault") or {}
    errors = fault.get("Error") or fault.get("error") or [{}]
    first = errors[0]
    code = str(first.get("code") or "").lstrip("0")
    parts = [
        f"{e.get('Message') or e.get('message') or 'refused'}: {e.get('Detail') or e.get('detail') or ''}".strip(": ")
        for e in errors
    ]
    message = f"{'; '.join(parts)} (QuickBooks Online error {code or status})"
    if code == DUPLICATE_REQUEST:
        return Unknown(message)
    if code in CONSENT_CODES:
        return NeedsConsent(message)
    made = CompanyUnavailable if code == LAPSED else Refused
    element = str(first.get("element") or "")
    return made(message, native_code=code, status=status, element=element)


def _multipart(file: File, native: Native) -> tuple[str, bytes]:
    """The two parts of an upload. Source: developer.intuit.com, entity Attachable, upload."""
    metadata = {
        "FileName": file.name,
        "ContentType": file.content_type,
        "Note": file.key,
        "AttachableRef": [
            {"EntityRef": {"type": native.kind, "value": native.id}, "IncludeOnSend": file.include_when_sent}
        ],
    }
    boundary = f"sandbooks-{file.key}"
    name = json.dumps(file.name)[1:-1]
    parts = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file_metadata_01"; filename="metadata.json"\r\n'
        "Content-Type: application/json\r\n\r\n".encode()
        + exact_json.dumps(metadata),
        f'--{boundary}\r\nContent-Disposition: form-data; name="file_content_01"; filename="{name}"\r\n'
        f"Content-Type: {file.content_type}\r\n\r\n".encode()
        + file.content,
        f"--{boundary}--\r\n".encode(),
    )
    return f"multipart/form-data; boundary={boundary}", b"\r\n".join(parts)


# Records in


def _ref(body: Any) -> str:
    return str(body.get("value") or "") if isinstance(body, dict) else ""


def _native(kind: str, body: Mapping[str, Any]) -> Native:
    return Native(kind=kind, id=str(body["Id"]), version=str(body.get("SyncToken", "")), data_type=DATA_TYPES[kind])


def _updated(body: Mapping[str, Any]) -> datetime | None:
    text = (body.get("MetaData") or {}).get("LastUpdatedTime")
    return datetime.fromisoformat(text) if text else None


def _name(text: str) -> str:
    return text.removesuffix(" (deleted)")


def _account(body: Mapping[str, Any]) -> Account:
    native_type = body["AccountType"]
    account_class = CLASSES[native_type]
    category = ".".join(filter(None, (account_class, native_type, body.get("AccountSubType"))))
    names_lines = account_class in ("Income", "Expense")
    return Account(
        id=body["Id"],
        name=_name(body.get("FullyQualifiedName") or body["Name"]),
        nominal_code=body.get("AcctNum") or "",
        description=body.get("Description") or "",
        account_class=account_class,
        category=category,
        currency=_ref(body.get("CurrencyRef")),
        pays={"Bank": "bank", "Credit Card": "card"}.get(native_type, ""),  # type: ignore[arg-type]
        lines=(*(EXPENSE_KINDS if names_lines else ()), *(("Reimbursable",) if names_lines else ()))
        + (() if native_type in CONTROL else ("Adjustment",)),
        transfers=account_class in ("Asset", "Liability", "Equity") and native_type not in CONTROL,
        active=body.get("Active") is not False,
        balance=Decimal(body["CurrentBalance"]) if body.get("CurrentBalance") is not None else None,
        updated=_updated(body),
    )


def _contact(body: Mapping[str, Any], kind: str) -> Contact:
    address = body.get("BillAddr") or {}
    given = " ".join(filter(None, (body.get("GivenName"), body.get("FamilyName"))))
    return Contact(
        kind="supplier" if kind == "Vendor" else "customer",
        id=body["Id"],
        name=_name(body["DisplayName"]),
        currency=_ref(body.get("CurrencyRef")),
        contact_name=given,
        email=(body.get("PrimaryEmailAddr") or {}).get("Address") or "",
        phone=(body.get("PrimaryPhone") or {}).get("FreeFormNumber") or "",
        addresses=(_address(address),) if address else (),
        active=body.get("Active") is not False,
        version=str(body.get("SyncToken", "")),
        updated=_updated(body),
    )


def _address(body: Mapping[str, Any]) -> dict[str, str]:
    named = {
        "line1": "Line1",
        "line2": "Line2",
        "city": "City",
        "region": "CountrySubDivisionCode",
        "country": "Country",
        "postalCode": "PostalCode",
    }
    return {ours: str(body[theirs]) for ours, theirs in named.items() if body.get(theirs)}


def _taxes(consent: Consent, *, reference: str = "") -> Steps[_Taxes]:
    codes = yield from _all(consent, "TaxCode", reference=reference)
    rates = yield from _all(consent, "TaxRate", reference=reference)
    return _Taxes(
        {body["Id"]: body for body in codes},
        {body["Id"]: Decimal(body.get("RateValue") or 0) for body in rates},
    )


def _buys(body: Mapping[str, Any]) -> bool:
    return not body["Id"].isdigit() or bool((body.get("PurchaseTaxRateList") or {}).get("TaxRateDetail"))


def _tax_rate(body: Mapping[str, Any], taxes: _Taxes) -> TaxRate:
    percents = [percent for _, percent in taxes.of_code(body["Id"])]
    return TaxRate(
        id=f"{body['Id']}_Bills" if body["Id"].isdigit() else body["Id"],
        name=_name(body["Name"]),
        code=body["Name"],
        effective=sum(percents, Decimal(0)),
        total=sum(percents, Decimal(0)),
        kinds=(*EXPENSE_KINDS, "Reimbursable"),
        active=body.get("Active") is not False,
    )


def _tracking(entity: str, body: Mapping[str, Any], parents: set[str]) -> TrackingOption:
    parent = _ref(body.get("ParentRef"))
    return TrackingOption(
        id=f"{entity.upper()}_{body['Id']}",
        name=_name(body["Name"]),
        parent=f"{entity.upper()}_{parent}" if parent else "",
        has_children=body["Id"] in parents,
        active=body.get("Active") is not False,
        updated=_updated(body),
    )


# Records out


def _contact_body(contact: Contact, company: Company) -> dict[str, Any]:
    body: dict[str, Any] = {"DisplayName": contact.name}
    given, _, family = contact.contact_name.partition(" ")
    optional = {
        "GivenName": given,
        "FamilyName": family,
        "PrimaryEmailAddr": {"Address": contact.email} if contact.email else None,
        "PrimaryPhone": {"FreeFormNumber": contact.phone} if contact.phone else None,
        "CurrencyRef": {"value": contact.currency} if contact.currency and company.multicurrency else None,
    }
    body.update({name: value for name, value in optional.items() if value})
    for address in contact.addresses[:1]:
        named = {"line1": "Line1", "line2": "Line2", "city": "City", "postalCode": "PostalCode", "country": "Country"}
        body["BillAddr"] = {theirs: address[ours] for ours, theirs in named.items() if address.get(ours)}
    return body


def _account_body(account: NewAccount, company: Company) -> dict[str, Any]:
    parts = account.category.split(".")
    native_type = {"card": "Credit Card", "bank": "Bank"}.get(account.pays, "")
    native_type = native_type or next((part for part in parts if part in CLASSES), "")
    body: dict[str, Any] = {"Name": account.name, "AccountType": native_type or NEW_ACCOUNT_TYPE[account.account_class]}
    if len(parts) == 3 and parts[1] == body["AccountType"]:
        body["AccountSubType"] = parts[2]
    if account.nominal_code:
        body["AcctNum"] = account.nominal_code
    if account.description:
        body["Description"] = account.description[:100]
    if account.currency and company.multicurrency:
        body["CurrencyRef"] = {"value": account.currency}
    return body


def _entity(document: Document) -> str:
    """The native record that a document becomes."""
    match document:
        case Expense() if document.kind == "Payment" or document.account.pays == "card":
            return "Purchase"
        case Expense():
            return "Deposit"  # a Purchase is never negative, and Credit is for card accounts alone
        case Reimbursable():
            return "Bill"
        case Transfer():
            return "Transfer"
        case Adjustment():
            return "JournalEntry"


def _body(document: Document, consent: Consent, company: Company) -> Steps[dict[str, Any]]:
    taxes = _Taxes({}, {})
    if isinstance(document, Expense | Reimbursable) and any(_taxed(line, company) for line in document.lines):
        taxes = yield from _taxes(consent, reference=document.id)
    match document:
        case Expense() if _entity(document) == "Purchase":
            return _purchase(document, company, taxes)
        case Expense():
            return _deposit(document, company, taxes)
        case Reimbursable():
            return _bill(document, company, taxes)
        case Transfer():
            return _transfer(document, company)
        case Adjustment():
            return _journal_entry(document, company)


def _head(document: Document, company: Company, *, note: str, currency: str, rate: Decimal | None) -> dict[str, Any]:
    body: dict[str, Any] = {
        "TxnDate": document.date.isoformat(),
        "PrivateNote": marked(note, document.id, most=NOTE_MOST),
    }
    if company.multicurrency or currency != company.currency:
        body["CurrencyRef"] = {"value": currency}
    if currency != company.currency and rate is not None:
        body["ExchangeRate"] = rate
    return body


def _purchase(document: Expense, company: Company, taxes: _Taxes) -> dict[str, Any]:
    card = document.account.pays == "card"
    body = _head(document, company, note=_note(document), currency=document.currency, rate=document.rate)
    body |= {"PaymentType": "CreditCard" if card else "Cash", "AccountRef": {"value": document.account.id}}
    if card:
        body["Credit"] = document.kind != "Payment"
    if document.contact:
        body["EntityRef"] = {"value": document.contact.id, "type": "Vendor"}
    return body | _spent(document, company, taxes, text=document.notes or document.merchant)


def _bill(document: Reimbursable, company: Company, taxes: _Taxes) -> dict[str, Any]:
    body = _head(document, company, note=document.notes, currency=document.currency, rate=document.rate)
    body |= {"VendorRef": {"value": document.contact.id}, "DueDate": document.due.isoformat()}
    if document.payables_account:
        body["APAccountRef"] = {"value": document.payables_account}
    return body | _spent(document, company, taxes, text=document.notes)


def _spent(document: Expense | Reimbursable, company: Company, taxes: _Taxes, *, text: str) -> dict[str, Any]:
    """Lines, taxes, number and department of a purchase or a bill."""
    lines = []
    for line in document.lines:
        detail = _line_detail(line, company)
        detail |= _billed_to(line)
        name = "ItemBasedExpenseLineDetail" if line.item else "AccountBasedExpenseLineDetail"
        detail["ItemRef" if line.item else "AccountRef"] = {"value": line.item or line.account}
        lines.append(_line(line, company, name, detail, line.description or text))
    return {"Line": lines} | _tax_and_place(document, company, taxes)


def _deposit(document: Expense, company: Company, taxes: _Taxes) -> dict[str, Any]:
    body = _head(document, company, note=_note(document), currency=document.currency, rate=document.rate)
    lines = []
    for line in document.lines:
        detail = _line_detail(line, company) | {"AccountRef": {"value": line.account}}
        if _taxed(line, company):
            detail["TaxApplicableOn"] = "Purchase"
        if document.contact:
            detail["Entity"] = {"value": document.contact.id, "type": "Vendor"}
        text = line.description or document.notes or document.merchant
        lines.append(_line(line, company, "DepositLineDetail", detail, text))
    body |= {"DepositToAccountRef": {"value": document.account.id}, "Line": lines}
    return body | _tax_and_place(document, company, taxes)


def _note(document: Expense) -> str:
    return " - ".join(filter(None, (document.merchant, document.notes)))


def _taxed(line: Line, company: Company) -> bool:
    """Whether a line carries a purchase tax that QuickBooks books apart: never in the US."""
    return company.country != "US" and line.tax_rate not in NO_TAX


def _line(line: Line, company: Company, name: str, detail: dict[str, Any], text: str) -> dict[str, Any]:
    apart = _taxed(line, company)
    amount = line.net if apart else line.net + (line.tax or 0)
    body: dict[str, Any] = {"DetailType": name, "Amount": amount, name: detail}
    if text:
        body["Description"] = text[:DESCRIPTION_MOST]
    return body


def _line_detail(line: Line, company: Company) -> dict[str, Any]:
    detail: dict[str, Any] = {}
    if _taxed(line, company):
        detail["TaxCodeRef"] = {"value": line.tax_rate.partition("_")[0]}
    elif company.country == "US" and line.tax_rate:
        detail["TaxCodeRef"] = {"value": line.tax_rate}
    classes = list(_tags(line.tracking, "CLASS_"))
    if len(classes) > 1:
        raise Refused("QuickBooks Online takes one class for each line")
    if classes:
        detail["ClassRef"] = {"value": classes[0]}
    return detail


def _billed_to(line: Line) -> dict[str, Any]:
    if line.invoice_to:
        return {"CustomerRef": {"value": line.invoice_to}, "BillableStatus": "Billable"}
    customers = [ref.id for ref in line.tracking if ref.kind == "customer"]
    return {"CustomerRef": {"value": customers[0]}} if customers else {}


def _tags(tracking: Sequence[TrackingRef], prefix: str) -> Iterator[str]:
    return (r.id.removeprefix(prefix) for r in tracking if r.kind == "tracking" and r.id.startswith(prefix))


def _tax_and_place(document: Expense | Reimbursable, company: Company, taxes: _Taxes) -> dict[str, Any]:
    body: dict[str, Any] = {}
    if document.reference:
        body["DocNumber"] = document.reference[:REFERENCE_MOST]
    departments = {tuple(_tags(line.tracking, "DEPARTMENT_")) for line in document.lines}
    if len(departments) > 1 or any(len(named) > 1 for named in departments):
        raise Refused("QuickBooks Online takes one location for the whole document")
    for named in departments:
        if named:
            body["DepartmentRef"] = {"value": named[0]}
    if company.country == "US":
        return body
    if not any(_taxed(line, company) for line in document.lines):
        return body | {"GlobalTaxCalculation": "NotApplicable"}
    body["GlobalTaxCalculation"] = "TaxExcluded"
    if all(line.tax is not None for line in document.lines if _taxed(line, company)):
        body["TxnTaxDetail"] = _tax_detail(document.lines, company, taxes)
    return body


def _tax_detail(lines: Sequence[Line], company: Company, taxes: _Taxes) -> dict[str, Any]:
    """The submitted tax amounts, so that the gross is what was spent to the cent."""
    nets: dict[str, Decimal] = {}
    amounts: dict[str, Decimal] = {}
    for line in lines:
        if _taxed(line, company):
            code = line.tax_rate.partition("_")[0]
            nets[code] = nets.get(code, Decimal(0)) + line.net
            amounts[code] = amounts.get(code, Decimal(0)) + (line.tax or 0)
    tax_lines = [part for code in amounts for part in _tax_lines(taxes.of_code(code), amounts[code], nets[code])]
    return {"TotalTax": sum(amounts.values(), Decimal(0)), "TaxLine": tax_lines}


def _tax_lines(rates: Sequence[tuple[str, Decimal]], tax: Decimal, net: Decimal) -> Iterator[dict[str, Any]]:
    """One tax shared out over the rates of its code; rates that cancel out (reverse charge) each bear their own."""
    total = sum((percent for _, percent in rates), Decimal(0))
    left = tax
    for place, (ref, percent) in enumerate(rates):
        amount = _cents(tax * percent / total) if total else _cents(net * percent / 100)
        if total and place == len(rates) - 1:
            amount = left
        left -= amount
        detail = {"TaxRateRef": {"value": ref}, "PercentBased": False, "TaxPercent": percent, "NetAmountTaxable": net}
        yield {"Amount": amount, "DetailType": "TaxLineDetail", "TaxLineDetail": detail}


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), rounding="ROUND_HALF_UP")


def _transfer(document: Transfer, company: Company) -> dict[str, Any]:
    source, target = document.source, document.target
    foreign = target if source.currency == company.currency else source
    home = source if foreign is target else target
    rate = None
    if home.currency == company.currency != foreign.currency:
        rate = (home.amount / foreign.amount).quantize(Decimal("1e-9"))
    body = _head(document, company, note=document.description, currency=foreign.currency, rate=rate)
    return body | {
        "FromAccountRef": {"value": source.account},
        "ToAccountRef": {"value": target.account},
        "Amount": foreign.amount,
    }


def _journal_entry(document: Adjustment, company: Company) -> dict[str, Any]:
    body = _head(document, company, note="", currency=document.currency, rate=document.rate)
    if document.reference:
        body["DocNumber"] = document.reference[:REFERENCE_MOST]
    return body | {"Line": [_journal_line(line) for line in document.lines]}


def _journal_line(line: AdjustmentLine) -> dict[str, Any]:
    detail: dict[str, Any] = {
        "PostingType": "Debit" if line.amount > 0 else "Credit",
        "AccountRef": {"value": line.account},
    }
    for name, prefix in (("ClassRef", "CLASS_"), ("DepartmentRef", "DEPARTMENT_")):
        for tag in _tags(line.tracking, prefix):
            detail[name] = {"value": tag}
    for ref in line.tracking:
        if ref.kind != "tracking":
            party = "Vendor" if ref.kind == "supplier" else "Customer"
            detail["Entity"] = {"Type": party, "EntityRef": {"value": ref.id}}
    if line.invoice_to:
        detail["Entity"] = {"Type": "Customer", "EntityRef": {"value": line.invoice_to}}
        detail["BillableStatus"] = "Billable"
    body = {"DetailType": "JournalEntryLineDetail", "Amount": abs(line.amount), "JournalEntryLineDetail": detail}
    return body | ({"Description": line.description[:DESCRIPTION_MOST]} if line.description else {})
