"""The hub's client of QuickBooks Desktop: neutral documents out, qbXML for the Web Connector to fetch.

Written from Intuit's public documentation alone: this package must not know how the emulator beside it works, so that a
mistake in one cannot cancel a mistake in the other. QuickBooks serves nothing: the Web Connector on the company's
machine polls the hub, fetches one document at a time and brings its answer back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from lxml import etree

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
    Heard,
    Native,
    NeedsConsent,
    NewAccount,
    Program,
    Refused,
    Reimbursable,
    Request,
    Steps,
    TaxRate,
    Told,
    TrackingOption,
    Transfer,
)
from sandbooks.payables import Payables
from sandbooks.platforms.quickbooks_desktop.connector import documents, introducing, lists, reading, soap
from sandbooks.platforms.quickbooks_desktop.connector.bills import QuickBooksDesktopBills
from sandbooks.platforms.quickbooks_desktop.connector.qbxml import SOME_MISSING, Part, parts, query, ref, text_of
from sandbooks.platforms.quickbooks_desktop.connector.writing import recovered, set_id, write
from sandbooks.wire import Response

__all__ = ["CONNECTOR", "QuickBooksDesktop"]


class QuickBooksDesktop:
    """The connector; it keeps nothing."""

    bases: Mapping[Base, str] = {}  # no hosts: the company's machine comes to us
    look_up_waits: Sequence[int] = (5, 30, 60)
    payables: Payables = QuickBooksDesktopBills()

    # The program that polls

    def introduction(self, program: Program) -> File:
        return introducing.introduction(program)

    def heard(self, body: bytes) -> Heard:
        return soap.heard(body)

    def told(self, heard: Heard, told: Told) -> Response:
        return soap.told(heard, told)

    def misheard(self, refused: Refused) -> Response:
        return soap.misheard(refused)

    # Sign-in

    def consent_path(self, application: Application, *, state: str) -> str:
        return ""

    def exchange_code(
        self, application: Application, callback: Mapping[str, str], *, now: datetime, company: str = ""
    ) -> Steps[Consent]:
        """Which company file the Web Connector has open, in its first session with us."""
        owner, wanted = callback.get("owner", ""), callback.get("company", "")
        found = yield from reading.file_id(owner)
        if not wanted or found != wanted.lower():
            raise Refused("the open company file is not the one that was connected", status=403)
        return Consent(company=found, access_token="", facts={reading.OWNER: owner})

    def refresh(self, application: Application, consent: Consent, *, now: datetime) -> Steps[Consent]:
        raise NeedsConsent("the application is no longer let in to QuickBooks")
        yield  # a generator, as every operation is

    def signed(self, request: Request, consent: Consent, *, now: datetime, nonce: str) -> Request:
        return request

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
        content = parts((f"{kind}Add", documents.add(document, company)))
        record, found = yield from write(
            f"{kind}Add",
            content,
            key=document.key,
            purpose=f"add a {kind}",
            reference=document.id,
            look_up=lambda: _search(document),
        )
        return Done(native=documents.native_of(kind, record), found=found)

    def look_up(self, document: Document, consent: Consent, company: Company) -> Steps[Done | None]:
        """By the message set that it was sent in, whose answers QuickBooks keeps; else by what its memo says."""
        kind = documents.kind_for(document)
        kept = yield from recovered(set_id(document.key, 1), reference=document.id)
        record = kept.records[0] if kept is not None and not kept.failed and kept.records else None
        if record is None:
            record = yield from _search(document)
        return None if record is None else Done(native=documents.native_of(kind, record), found=True)

    def update(self, document: Document, native: Native, consent: Consent, company: Company) -> Steps[Done]:
        """Own elements alone, on the version that stands now; somebody else's in between is read again."""
        kind = documents.kind_for(document)
        if kind != native.kind:
            raise Refused(f"a {native.kind} cannot become a {kind}: correct it in QuickBooks")
        for number in range(1, CHANGED_MOST + 1):
            standing = yield from _standing(kind, native.id, reference=document.id)
            content = parts((f"{kind}Mod", documents.modify(document, company, standing)))
            try:
                record, found = yield from write(
                    f"{kind}Mod",
                    content,
                    key=f"{document.key}/{number}" if number > 1 else document.key,
                    purpose=f"change a {kind}",
                    reference=document.id,
                    look_up=_nothing,
                )
            except Refused as refused:
                if refused.native_code != STALE or number == CHANGED_MOST:
                    raise
            else:
                return Done(native=documents.native_of(kind, record), found=found)
        raise AssertionError("the last try returns or raises")

    def attach(self, file: File, native: Native, consent: Consent) -> Steps[Attached]:
        # Source: Onscreen Reference (no message of qbXML takes a file)
        raise Refused("QuickBooks Desktop takes no files through its interface")
        yield  # a generator, as every operation is

    # Lists

    def create_contact(self, contact: Contact, consent: Consent, company: Company, *, key: str) -> Steps[Contact]:
        word = lists.word_of(contact)
        content = parts((f"{word}Add", list(lists.contact(contact, company, creates=True))))
        record, _ = yield from write(
            f"{word}Add", content, key=key, purpose=f"add a {word}", reference="", look_up=_nothing
        )
        return reading.contact(record, contact.kind, _codes(company), company.currency)

    def update_contact(self, contact: Contact, consent: Consent, company: Company, *, key: str) -> Steps[Contact]:
        word = lists.word_of(contact)
        answers = yield from reading.asked([query(word, ("ListID", contact.id))], purpose=f"read a {word}")
        records = reading.found(answers.each[0])
        if not records:
            raise Refused(f"there is no {word} {contact.id} in QuickBooks any more", status=404)
        head: list[Part] = [("ListID", contact.id), ("EditSequence", text_of(records[0], "EditSequence"))]
        content = parts((f"{word}Mod", [*head, *lists.contact(contact, company, creates=False)]))
        record, _ = yield from write(
            f"{word}Mod", content, key=key, purpose=f"change a {word}", reference="", look_up=_nothing
        )
        return reading.contact(record, contact.kind, _codes(company), company.currency)

    def create_account(self, account: NewAccount, consent: Consent, company: Company, *, key: str) -> Steps[Account]:
        content = parts(("AccountAdd", list(lists.account(account, company))))
        record, _ = yield from write(
            "AccountAdd", content, key=key, purpose="add an account", reference="", look_up=_nothing
        )
        return reading.account(record, _codes(company), company.currency)


CONNECTOR = QuickBooksDesktop()

CHANGED_MOST = 3
STALE = "3200"  # Source: Onscreen Reference (the provided edit sequence is out-of-date)


def _search(document: Document) -> Steps[etree._Element | None]:
    """The transaction that carries the document's id among those around its date on its account."""
    kind = documents.kind_for(document)
    days = timedelta(days=1)
    around: list[Part] = [
        ("FromTxnDate", (document.date - days).isoformat()),
        ("ToTxnDate", (document.date + days).isoformat()),
    ]
    filters: list[Part] = [("TxnDateRangeFilter", around)]
    if isinstance(document, Expense):
        filters.append(ref("AccountFilter", document.account.id))
    elif isinstance(document, Reimbursable):
        filters.append(ref("EntityFilter", document.contact.id))
    if not isinstance(document, Transfer):
        filters.append(("IncludeLineItems", "true"))
    purpose = f"look for {document.id} among {kind}"
    answers = yield from reading.asked([query(kind, *filters)], purpose=purpose, reference=document.id)
    records = reading.found(answers.each[0])
    return next((record for record in records if documents.carries(record, document.id)), None)


def _nothing() -> Steps[etree._Element | None]:
    """No way to search: what was begun is begun anew."""
    return None
    yield  # a generator, as every operation is


def _standing(kind: str, id: str, *, reference: str) -> Steps[etree._Element]:
    """A transaction as it stands now, with its lines. Raises ``Refused`` when it is gone."""
    more: list[Part] = [] if kind == "Transfer" else [("IncludeLineItems", "true")]
    request = query(kind, ("TxnID", id), *more)
    answers = yield from reading.asked([request], purpose=f"read a {kind}", reference=reference)
    answer = answers.each[0]
    if not answer.records or answer.code == SOME_MISSING:
        raise Refused(f"the {kind} {id} is no longer in QuickBooks", status=404)
    return reading.found(answer)[0]


def _codes(company: Company) -> dict[str, str]:
    """ISO codes of currencies by id, as last read with the company."""
    start = len(reading.CURRENCY)
    return {id: name[start:] for name, id in company.facts.items() if name.startswith(reading.CURRENCY)}
