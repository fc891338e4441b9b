"""The hub's client of Sage Intacct: neutral documents out, functions of the XML gateway on the wire.

Written from Sage Intacct's public API alone: this package must not know how the emulator beside it works, so that a
mistake in one cannot cancel a mistake in the other. A create names the document's key as its control id, to be taken
once; every record carries the transaction's id in a text or number, which is how it is found again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from lxml import etree
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
    Expense,
    File,
    Native,
    NewAccount,
    Refused,
    Request,
    Steps,
    TaxRate,
    TrackingOption,
    Unknown,
    unless_refused,
)
from sandbooks.platforms.sage_intacct.connector import (
    answers,
    attachments,
    documents,
    envelope,
    lists,
    reading,
    sign_in,
)
from sandbooks.platforms.sage_intacct.connector.answers import TAKEN
from sandbooks.platforms.sage_intacct.connector.bills import SageIntacctBills
from sandbooks.platforms.sage_intacct.connector.documents import CHARGE, Taxes
from sandbooks.platforms.sage_intacct.connector.envelope import condition, element, flat
from sandbooks.platforms.sage_intacct.connector.gateway import call, query
from sandbooks.wire import Response

__all__ = ["CONNECTOR", "SageIntacct"]


class SageIntacct:
    """The connector; it keeps nothing."""

    # Source: https://developer.intacct.com/web-services/ (one endpoint for everything)
    bases: Mapping[Base, str] = {
        "api": "https://api.intacct.com",
        "auth": "https://api.intacct.com",
        "consent": "https://api.intacct.com",
    }
    look_up_waits: Sequence[int] = (5, 30, 120)  # long: what becomes of a control id that was lost is not written down
    asked: Sequence[Asked] = sign_in.ASKED

    # Sign-in

    def consent_path(self, application: Application, *, state: str) -> str:
        """There is no consent page."""
        return ""

    def exchange_code(
        self, application: Application, callback: Mapping[str, str], *, now: datetime, company: str = ""
    ) -> Steps[Consent]:
        consent = yield from sign_in.exchange(application, callback, now=now, company=company)
        return consent

    def refresh(self, application: Application, consent: Consent, *, now: datetime) -> Steps[Consent]:
        fresh = yield from sign_in.refresh(application, consent, now=now)
        return fresh

    def signed(self, request: Request, consent: Consent, *, now: datetime, nonce: str) -> Request:
        """The credential stands in the body."""
        return envelope.signed(request, consent)

    def credential_refused(self, answer: Response) -> bool:
        return answers.credential_refused(answer)

    # Reads

    def company(self, consent: Consent) -> Steps[Company]:
        company = yield from reading.company(consent)
        return company

    def accounts(self, consent: Consent) -> Steps[Sequence[Account]]:
        found = yield from reading.accounts(consent)
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
    def payables(self) -> SageIntacctBills:
        """Bills, their payments, adjustments and journals."""
        return SageIntacctBills(self)

    # Documents

    def push(self, document: Document, consent: Consent, company: Company) -> Steps[Done]:
        document = yield from _charged(document)
        kind = documents.check(document, company)
        taxes = yield from _taxes(document)
        function = documents.create(document, company, taxes)
        purpose = f"create {kind}"
        result = yield from call(
            function, purpose=purpose, control_id=document.key, mutates=True, once=True, reference=document.id
        )
        return Done(native=documents.native_of(kind, _key(result, "RECORDNO", purpose)))

    def look_up(self, document: Document, consent: Consent, company: Company) -> Steps[Done | None]:
        document = yield from _charged(document, written=True)
        kind, fields, wanted = documents.search(document)
        for row in (yield from query(kind, fields, condition=wanted, reference=document.id)):
            if documents.carries(row, document.id):
                return Done(native=documents.native_of(kind, row["RECORDNO"]), found=True)
        return None

    def update(self, document: Document, native: Native, consent: Consent, company: Company) -> Steps[Done]:
        """Charges only. Source: docs.codat.io and github.com/codatio/oas (bills of Sage Intacct are not updated)."""
        document = yield from _charged(document)
        kind = documents.check(document, company)
        if kind != native.kind:
            raise Refused(f"a {native.kind} cannot become a {kind}: correct it in Sage Intacct")
        if not isinstance(document, Expense):
            raise Refused("updates of bills are not offered for Sage Intacct")
        numbers = yield from _line_numbers(document, native)
        taxes = yield from _taxes(document)
        function = documents.change(document, company, taxes, record=native.id, numbers=numbers)
        yield from call(
            function, purpose=f"change {kind}", control_id=document.key, mutates=True, reference=document.id
        )
        return Done(native=native)

    def attach(self, file: File, native: Native, consent: Consent) -> Steps[Attached]:
        attached = yield from attachments.attach(file, native)
        return attached

    # Lists

    def create_contact(self, contact: Contact, consent: Consent, company: Company, *, key: str) -> Steps[Contact]:
        """Ids are unique: one of this key's id and name is an earlier attempt's."""
        object = reading.object_of(contact.kind)
        id = lists.contact_id(contact, key)
        body = lists.contact_body(contact, object=object, id=id, new=True)
        try:
            result = yield from _write("create", object, body)
        except Refused as refused:
            stands = yield from _named(object, id)
            if refused.native_code not in TAKEN or stands is None or stands.get("NAME") != body["NAME"]:
                raise
            return reading.contact(stands, contact.kind)
        made = _key(result, f"{object}ID", f"create {object}")
        return reading.contact((yield from unless_refused(_named(object, made))) or _row(body), contact.kind)

    def update_contact(self, contact: Contact, consent: Consent, company: Company, *, key: str) -> Steps[Contact]:
        object = reading.object_of(contact.kind)
        body = lists.contact_body(contact, object=object, id=contact.id, new=False)
        yield from _write("update", object, body)
        return reading.contact((yield from unless_refused(_named(object, contact.id))) or _row(body), contact.kind)

    def create_account(self, account: NewAccount, consent: Consent, company: Company, *, key: str) -> Steps[Account]:
        """Numbers and ids are unique: one that is exactly as asked for is an earlier attempt's."""
        object, id = ("CHECKINGACCOUNT", "BANKACCOUNTID") if account.pays else ("GLACCOUNT", "ACCOUNTNO")
        body = lists.bank_body(account) if account.pays else lists.account_body(account)
        made = {"CURRENCY": account.currency or company.currency, "STATUS": "active", **_row(body)}
        try:
            yield from _write("create", object, body)
        except Refused as refused:
            own = [
                name for name in ("TITLE", "ACCOUNTTYPE", "NORMALBALANCE", "GLACCOUNTNO", "BANKNAME") if name in body
            ]
            rows = yield from query(
                object, ("RECORDNO", id, *own), key=id, condition=condition("equalto", id, made[id])
            )
            same = any(all(row.get(name) == made[name] for name in own) for row in rows)
            if refused.native_code not in TAKEN or not same:
                raise
        if account.pays:
            return reading.bank(made, object, company.currency)
        return reading.account(made, company.currency)


CONNECTOR = SageIntacct()


def _charged(document: Document, *, written: bool = False) -> Steps[Document]:
    """The document; spend from a bank account is a charge of the debit card that spends from it, where it has one.
    ``written``: it may stand in the books already, so that a card which was closed since counts as well.

    Source: Sage Intacct help, set up a credit card account (debit cards). Unconfirmed: that BANKACCOUNTID names the
    account in a query.
    """
    if not isinstance(document, Expense) or document.account.pays != "bank":
        return document
    wanted = condition("equalto", "BANKACCOUNTID", document.account.id)
    fields = ("RECORDNO", "CARDID", "LIABILITYTYPE", "STATUS")
    for row in (yield from query("CREDITCARD", fields, condition=wanted, key="CARDID", reference=document.id)):
        if row.get("LIABILITYTYPE") == "Debit" and (written or row.get("STATUS", "active") == "active"):
            return replace(document, account=replace(document.account, id=row["CARDID"], pays="card"))
    return document


def _taxes(document: Document) -> Steps[Taxes]:
    solutions = yield from reading.solutions(documents.details_of(document), reference=document.id)
    return documents.taxes_of(document, solutions)


def _key(result: etree._Element, name: str, purpose: str) -> str:
    """The id in the result of a create: a ``key`` of a legacy function, else the named field of the object."""
    found = (result.findtext("key") or result.findtext(f"data/*/{name}") or "").strip()
    if not found:
        raise Unknown(f"no {name} in the answer to: {purpose}")
    return found


def _line_numbers(document: Expense, native: Native) -> Steps[list[str]]:
    """The numbers of the lines of a charge that stands, in order. Raises ``Refused`` where its card would change."""
    function = element("read", {"object": CHARGE, "keys": native.id, "fields": "*"})
    result = yield from call(function, purpose=f"read {CHARGE}", reference=document.id)
    charge = result.find(f"data/{CHARGE}")
    if charge is None:
        charge = result.find(f"data/{CHARGE.lower()}")
    if charge is None:
        raise Refused(f"there is no {CHARGE} {native.id} in Sage Intacct")
    head = {child.tag: (child.text or "").strip() for child in charge if isinstance(child.tag, str) and not len(child)}
    card = head.get("CHARGECARDID") or head.get("FINANCIALENTITY") or document.account.id
    if card != document.account.id:
        raise Refused("the card of a charge cannot change: correct it in Sage Intacct")
    entry = f"{CHARGE}ENTRY"
    rows = [flat(node) for node in charge.iter(entry, entry.lower())]
    if not rows:
        wanted = condition("equalto", "RECORDKEY", native.id)
        rows = yield from query(entry, ("RECORDNO", "LINE_NO"), condition=wanted, reference=document.id)
    numbers = [row.get("LINE_NO") or str(place) for place, row in enumerate(rows, 1)]
    return sorted(numbers, key=lambda number: int(number) if number.isdigit() else 0)


def _write(verb: str, object: str, body: Mapping[str, Any]) -> Steps[etree._Element]:
    result = yield from call(element(verb, {object: body}), purpose=f"{verb} {object}", mutates=True)
    return result


def _named(object: str, id: str) -> Steps[dict[str, str] | None]:
    """A vendor or customer by its id."""
    wanted = condition("equalto", f"{object}ID", id)
    rows = yield from query(object, reading.contact_fields(object), key=f"{object}ID", condition=wanted)
    return next(iter(rows), None)


def _row(body: Mapping[str, Any]) -> dict[str, str]:
    """What was sent, as a row would show it."""
    return flat(element("row", body))
