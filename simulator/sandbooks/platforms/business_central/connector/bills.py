"""Purchase invoices and credit memos of Business Central, and the vendor payments that settle invoices.

A document is a draft under an id that the hub chooses, so that a second one cannot be made; then it is posted, and
never changes again. A payment is a line of a payment journal of its own.
Source: learn.microsoft.com, Business Central, API v2.0 (purchaseInvoice, purchaseCreditMemo, vendorPayment).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import quote
from uuid import UUID

from msgspec import Struct

from sandbooks.connector import Company, Consent, Done, Line, Native, Refused, Steps, TrackingRef, Unknown
from sandbooks.payables import (
    ZERO,
    Bill,
    BillCredit,
    BillFile,
    BillPayment,
    LedgerJournal,
    NewBill,
    NewCredit,
    NewPayment,
    NewRecord,
    PaymentMethod,
    RecordKind,
    RefusesRest,
)
from sandbooks.platforms.business_central.connector import attachments, journals, payments
from sandbooks.platforms.business_central.connector import bills_reading as shown
from sandbooks.platforms.business_central.connector.calls import (
    EXISTS,
    MISSING,
    Body,
    Place,
    every,
    there,
    write,
)
from sandbooks.platforms.business_central.connector.documents import DESCRIPTION_MOST, chosen_id
from sandbooks.platforms.business_central.connector.reading import BLANK_ID

NUMBER_MOST = 35  # Source: github.com/microsoft/BCApps, table Purchase Header, Vendor Invoice No.
DRAFT = "Draft"
ANY_VERSION = (("If-Match", "*"),)


class Papers(Struct, frozen=True, kw_only=True):
    """One kind of purchase document: its set, its lines, and the members that have names of their own."""

    set: str
    lines: str
    number: str
    day: str
    word: str
    data_type: str

    @property
    def expand(self) -> str:
        """What is read along with a document."""
        return f"{self.lines}($expand=dimensionSetLines)"

    def path(self, id: str) -> str:
        """A document's address below the company."""
        return f"{self.set}({quote(id)})"

    def native(self, id: str) -> Native:
        """A document's identity."""
        return Native(kind=self.set[:-1], id=id, data_type=self.data_type)


INVOICES = Papers(
    set="purchaseInvoices",
    lines="purchaseInvoiceLines",
    number="vendorInvoiceNumber",
    day="invoiceDate",
    word="invoice",
    data_type="bills",
)
CREDIT_MEMOS = Papers(
    set="purchaseCreditMemos",
    lines="purchaseCreditMemoLines",
    number="vendorCreditMemoNumber",
    day="creditMemoDate",
    word="credit memo",
    data_type="billCreditNotes",
)


class BusinessCentralBills(RefusesRest):
    """The payables side of the connector; it keeps nothing."""

    title = "Business Central"
    offers: frozenset[str] = frozenset(("credits", "methods", "journals", "on_account"))

    # Reads

    def bills(self, consent: Consent, company: Company) -> Steps[Sequence[Bill]]:
        place = Place.of(consent)
        found = yield from every(place.path(INVOICES.set), purpose="list purchase invoices", expand=INVOICES.expand)
        vendors = dict.fromkeys(str(body["vendorId"]) for body in found if shown.is_open(body))
        groups = yield from shown.tax_groups(place)
        open_: dict[str, Decimal] = {}  # numbers are the company's own, whatever the vendor
        for vendor in vendors:
            open_ |= yield from payments.open_amounts(vendor, place)
        return [shown.bill(body, company, open_, groups) for body in found]

    def bill(self, id: str, consent: Consent, company: Company) -> Steps[Bill | None]:
        place = Place.of(consent)
        body = yield from _one(INVOICES, id, place)
        if body is None:
            return None
        groups = yield from shown.tax_groups(place)
        open_: dict[str, Decimal] = {}
        if shown.is_open(body):
            open_ = yield from payments.open_amounts(str(body["vendorId"]), place)
        return shown.bill(body, company, open_, groups)

    def payments(self, consent: Consent, company: Company) -> Steps[Sequence[BillPayment]]:
        found = yield from payments.every_payment(Place.of(consent), company)
        return found

    def payment(self, id: str, consent: Consent, company: Company) -> Steps[BillPayment | None]:
        found = yield from payments.one_payment(id, Place.of(consent), company)
        return found

    def credits(self, consent: Consent, company: Company) -> Steps[Sequence[BillCredit]]:
        place = Place.of(consent)
        purpose = "list purchase credit memos"
        found = yield from every(place.path(CREDIT_MEMOS.set), purpose=purpose, expand=CREDIT_MEMOS.expand)
        groups = yield from shown.tax_groups(place)
        return [shown.credit(body, company, groups) for body in found]

    def credit(self, id: str, consent: Consent, company: Company) -> Steps[BillCredit | None]:
        place = Place.of(consent)
        body = yield from _one(CREDIT_MEMOS, id, place)
        if body is None:
            return None
        groups = yield from shown.tax_groups(place)
        return shown.credit(body, company, groups)

    def methods(self, consent: Consent, company: Company) -> Steps[Sequence[PaymentMethod]]:
        found = yield from every(Place.of(consent).path("paymentMethods"), purpose="list payment methods")
        return [shown.method(body) for body in found]

    def journals(self, consent: Consent, company: Company) -> Steps[Sequence[LedgerJournal]]:
        found = yield from every(Place.of(consent).path("journals"), purpose="list journals")
        return [shown.journal(body) for body in found]

    # Writes

    def write(self, record: NewRecord, consent: Consent, company: Company) -> Steps[Done]:
        place = Place.of(consent)
        if isinstance(record, NewPayment):
            done = yield from payments.pay(record, place)
            return done
        papers, id = papers_of(record), id_of(record)
        body = yield from _body(papers, record, company, place)
        try:
            yield from write(
                "POST",
                place.path(papers.set),
                {"id": id} | body,
                purpose=f"create a purchase {papers.word}",
                reference=record.id,
            )
        except Refused as refused:
            if refused.native_code != EXISTS:
                raise
        done = yield from _finished(papers, record, id, place)
        return done

    def look_up(self, record: NewRecord, consent: Consent, company: Company) -> Steps[Done | None]:
        """By the id that the hub chose; what stands as a draft, though it should be posted, is not there yet."""
        place = Place.of(consent)
        if isinstance(record, NewPayment):
            found = yield from payments.look_up(record, place)
            return found
        papers, id = papers_of(record), id_of(record)
        body = yield from there(place.path(papers.path(id)), purpose=f"look for {record.id}", reference=record.id)
        if body is None or not (shown.is_posted(body) or _stays_draft(record)):
            return None
        return Done(native=papers.native(id), found=True)

    def change(self, record: NewRecord, id: str, consent: Consent, company: Company) -> Steps[Done]:
        """A draft alone: posted documents never change.

        Source: github.com/microsoft/BCApps, codeunit Purch. Inv. Aggregator (modifying what is posted)
        """
        place = Place.of(consent)
        if isinstance(record, NewPayment):
            raise Refused("a posted payment cannot be changed in Business Central")
        papers = papers_of(record)
        stands = yield from _one(papers, id, place)
        if stands is None:
            raise Refused(f"there is no purchase {papers.word} {id} in Business Central any more", status=MISSING)
        if shown.status(stands) != DRAFT:
            why = "has been posted" if shown.is_posted(stands) else "is in review"
            raise Refused(f"the {papers.word} {why} and can no longer be modified in Business Central")
        body = yield from _body(papers, record, company, place)
        lines = body.pop(papers.lines)
        path = place.path(papers.path(id))
        purpose, reference = f"change a purchase {papers.word}", record.id
        yield from write("PATCH", path, body, purpose=purpose, headers=ANY_VERSION, reference=reference)
        wanted = {chosen_id(f"{record.key}/{number}"): line for number, line in enumerate(lines)}
        try:
            yield from _replace_lines(f"{path}/{papers.lines}", stands.get(papers.lines) or (), wanted, record.id)
            done = yield from _posted(papers, record, id, place)
        except Refused as refused:
            yield from _put_back(papers, stands, place, record.id, refused)
            raise
        return done

    def native(self, kind: RecordKind, id: str) -> Native:
        if kind == "payment":
            return payments.native(id)
        return (INVOICES if kind == "bill" else CREDIT_MEMOS).native(id)

    # Files

    def files(self, id: str, consent: Consent) -> Steps[Sequence[BillFile]]:
        found = yield from attachments.attached(attachments.INVOICE, id, Place.of(consent))
        return [shown.file(body) for body in found]

    def content(self, id: str, file: BillFile, consent: Consent) -> Steps[bytes]:
        found = yield from attachments.content(file.id, file.name, Place.of(consent))
        return found


def papers_of(record: NewBill | NewCredit) -> Papers:
    """The kind of document that a record becomes."""
    return INVOICES if isinstance(record, NewBill) else CREDIT_MEMOS


def id_of(record: NewBill | NewCredit) -> str:
    """The id of a record's document: the hub's own where that is a GUID, which is how it is found again."""
    try:
        return str(UUID(record.id))
    except ValueError:
        return chosen_id(record.id)


def _stays_draft(record: NewBill | NewCredit) -> bool:
    return isinstance(record, NewBill) and record.draft


def _one(papers: Papers, id: str, place: Place) -> Steps[Body | None]:
    """A document with its lines; None when there is none, or the id is none of this platform."""
    if len(id) != len(BLANK_ID):
        return None
    found = yield from there(
        place.path(papers.path(id)), purpose=f"read a purchase {papers.word}", expand=papers.expand
    )
    return found


# Writing


def _finished(papers: Papers, record: NewBill | NewCredit, id: str, place: Place) -> Steps[Done]:
    """See that a new draft says what was meant, and post it; one that is refused is removed."""
    try:
        done = yield from _posted(papers, record, id, place)
    except Refused:
        yield from _drop(place.path(papers.path(id)), record.id)
        raise
    return done


def _posted(papers: Papers, record: NewBill | NewCredit, id: str, place: Place) -> Steps[Done]:
    """A draft that says what was meant, posted. Raises ``Refused`` when it stands as a draft still."""
    path = place.path(papers.path(id))
    try:
        stands = yield from there(path, purpose=f"read a purchase {papers.word}", reference=record.id)
        if stands is None:
            raise Unknown(f"the purchase {papers.word} that was just written does not show")
        if shown.is_posted(stands):
            return Done(native=papers.native(id), found=True)
        _check_total(record, stands)
        if not _stays_draft(record):
            action = f"{path}/Microsoft.NAV.post"
            yield from write("POST", action, None, purpose=f"post a purchase {papers.word}", reference=record.id)
    except Refused:
        again = yield from there(path, purpose=f"read a purchase {papers.word}", reference=record.id)
        if again is None or not shown.is_posted(again):
            raise
        return Done(native=papers.native(id), found=True)
    return Done(native=papers.native(id))


def _put_back(papers: Papers, stood: Body, place: Place, reference: str, refused: Refused) -> Steps[None]:
    """Bring a draft back to what it said before a change that was refused half way."""
    path = place.path(papers.path(str(stood["id"])))
    head = ("vendorId", papers.day, "postingDate", "dueDate", papers.number, "currencyCode")
    body = {name: stood[name] for name in head if name in stood}
    try:
        stands = yield from there(path, purpose="read a half changed draft", expand=papers.expand, reference=reference)
        if stands is None:
            return
        yield from write("PATCH", path, body, purpose="put a draft back", headers=ANY_VERSION, reference=reference)
        lines = {str(line["id"]).lower(): shown.as_sent(line) for line in stood.get(papers.lines) or ()}
        yield from _replace_lines(f"{path}/{papers.lines}", stands.get(papers.lines) or (), lines, reference)
    except Refused as failure:
        raise Refused(
            f"{refused.message}; the draft is half changed ({failure.message})",
            native_code=refused.native_code,
            status=refused.status,
        ) from failure


def _drop(path: str, reference: str) -> Steps[None]:
    """Remove a draft or a line of one; what is gone already is no mistake."""
    try:
        yield from write("DELETE", path, None, purpose="take back a draft", reference=reference)
    except Refused as refused:
        if refused.status != MISSING:
            raise


def _replace_lines(path: str, standing: Sequence[Body], wanted: Mapping[str, Body], reference: str) -> Steps[None]:
    """Put lines, by the ids that they shall have, in the place of those that stand.

    A line that was sent before is not made twice, however late it comes.
    """
    own = {str(line["id"]).lower() for line in standing} & wanted.keys()
    for line in standing:
        if str(line["id"]).lower() not in own:
            yield from _drop(f"{path}({line['id']})", reference)
    for id, body in wanted.items():
        if id in own:
            continue
        try:
            yield from write("POST", path, {"id": id} | body, purpose="write a line", reference=reference)
        except Refused as refused:
            if refused.native_code != EXISTS:
                raise


def _check_total(record: NewBill | NewCredit, stands: Body) -> None:
    """Business Central works the tax out itself: a total other than the one that was sent is not posted."""
    if any(line.tax is None for line in record.lines):
        return
    wanted = sum((line.net + (line.tax or ZERO) for line in record.lines), ZERO)
    found = Decimal(str(stands.get("totalAmountIncludingTax") or 0))
    if found != wanted:
        text = f"Business Central works out a total of {found} with its own tax, not {wanted}"
        raise Refused(f"{text}: correct the tax code or the amounts", element="lineItems.taxAmount")


def _body(papers: Papers, record: NewBill | NewCredit, company: Company, place: Place) -> Steps[Body]:
    """A document as it is sent, lines included. Raises ``Refused`` for what Business Central cannot state."""
    codes: dict[str, str] = {}
    for id in dict.fromkeys(line.tax_rate for line in record.lines if line.tax_rate):
        codes[id] = yield from journals.tax_code(id, place, reference=record.id)
    number, note = _number_and_note(record)
    day = record.date.isoformat()
    body: Body = {
        "vendorId": record.supplier.id,
        papers.day: day,
        "postingDate": day,
        "dueDate": (record.due if isinstance(record, NewBill) else record.date).isoformat(),
        papers.number: number,
        papers.lines: [*_lines(record, codes), *_comment(note)],
    }
    return body | {"currencyCode": record.currency if record.currency != company.currency else ""}


def _number_and_note(record: NewBill | NewCredit) -> tuple[str, str]:
    """The vendor's own number of the document, which must be there, and what else is said of it.

    Source: github.com/codatio/oas, model of a Dynamics 365 Business Central bill (the number is sent as its note)
    """
    said = record.reference if isinstance(record, NewBill) else record.number
    number, note = (said, record.note) if said else (record.note, "")
    if len(number) > NUMBER_MOST:
        raise Refused(f"the vendor's number has at most {NUMBER_MOST} characters in Business Central", element="note")
    return number, note


def _comment(note: str) -> list[Body]:
    """What is said of a document: lines of mere text, as an invoice has no place for it."""
    parts = [note[start : start + DESCRIPTION_MOST] for start in range(0, len(note), DESCRIPTION_MOST)]
    return [{"lineType": "Comment", "description": part} for part in parts]


def _lines(record: NewBill | NewCredit, codes: dict[str, str]) -> Iterator[Body]:
    units = record.quantities or tuple((Decimal(1), line.net) for line in record.lines)
    for line, (quantity, unit) in zip(record.lines, units, strict=True):
        yield _line(line, quantity, unit, codes)


def _line(line: Line, quantity: Decimal, unit: Decimal, codes: dict[str, str]) -> Body:
    """A line of a document; without a code of its own it bears its tax itself."""
    if quantity <= 0:
        raise Refused("a quantity is above zero in Business Central", element="lineItems.quantity")
    if line.invoice_to or any(ref.kind != "tracking" for ref in line.tracking):
        raise Refused("a purchase line of Business Central takes no customer", element="lineItems.trackingRefs")
    net = line.net if line.tax_rate else line.net + (line.tax or ZERO)
    if quantity * unit != net:
        quantity, unit = Decimal(1), net
    body: Body = {"lineType": "Item" if line.item else "Account"}
    body |= {"itemId": line.item} if line.item else {"accountId": line.account}
    body |= {"description": line.description[:DESCRIPTION_MOST]} if line.description else {}
    body |= {"quantity": quantity, "unitCost": unit}
    if line.tax_rate or line.tax is not None:
        body["taxCode"] = codes.get(line.tax_rate, "")
    tags: list[dict[str, Any]] = [_dimension(ref) for ref in line.tracking]
    return body | ({"dimensionSetLines": tags} if tags else {})


def _dimension(ref: TrackingRef) -> Body:
    dimension, _, value = ref.id.partition("_")
    if not value:
        raise Refused(f"Business Central has no dimension value {ref.id}", element=ref.id)
    return {"id": dimension, "valueId": value}
