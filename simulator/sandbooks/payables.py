"""What the hub may ask of a platform about what a company owes: bills, their payments, credits of suppliers, files.

The same rules hold as for every connector (``sandbooks.connector``): an operation is a generator that yields one native
request at a time, starts from its arguments alone and may be stopped between any two steps. A platform whose connector
has a ``payables`` attribute takes part in bill pay.

Amounts are positive as the supplier's document states them; ``rate`` is base units per ONE unit of the document's
currency, None where no conversion takes part.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal, Protocol, TypeAlias, TypeGuard, runtime_checkable

from msgspec import Struct

from sandbooks.connector import (
    Adjustment,
    AdjustmentLine,
    Company,
    Connector,
    Consent,
    Contact,
    Done,
    Line,
    Native,
    PaymentAccount,
    Refused,
    Reimbursable,
    Steps,
    TrackingRef,
)

BillStatus: TypeAlias = Literal["Unknown", "Draft", "Open", "PartiallyPaid", "Paid", "Void"]
CreditStatus: TypeAlias = Literal["Unknown", "Draft", "Submitted", "PartiallyPaid", "Paid", "Void"]
LinkKind: TypeAlias = Literal["Bill", "CreditNote", "PaymentOnAccount", "Refund", "Other"]
MethodType: TypeAlias = Literal["Unknown", "Cash", "Check", "CreditCard", "DebitCard", "BankTransfer", "Other"]
RecordKind: TypeAlias = Literal["bill", "payment", "credit"]

ZERO = Decimal(0)


# What is read


class BillLine(Struct, frozen=True, kw_only=True):
    """A line of a bill or credit. ``net`` is ``quantity`` times ``unit``; ``tax`` comes on top."""

    net: Decimal
    tax: Decimal = ZERO
    quantity: Decimal = Decimal(1)
    unit: Decimal = ZERO
    description: str = ""
    account: str = ""
    item: str = ""
    tax_rate: str = ""
    tracking: tuple[TrackingRef, ...] = ()
    billable: bool = False


class Settlement(Struct, frozen=True, kw_only=True):
    """What settled a part of a bill: a payment or a credit, in the bill's currency."""

    id: str
    amount: Decimal
    date: datetime.date | None = None
    kind: Literal["payment", "credit"] = "payment"


class Bill(Struct, frozen=True, kw_only=True):
    """A bill. ``open`` is what is still owed of ``total``; ``reference`` is the supplier's own number."""

    id: str
    supplier: str
    supplier_name: str = ""
    date: datetime.date
    due: datetime.date
    currency: str
    status: BillStatus
    total: Decimal
    open: Decimal
    tax: Decimal = ZERO
    rate: Decimal | None = None
    reference: str = ""
    note: str = ""
    lines: tuple[BillLine, ...] = ()
    settled: tuple[Settlement, ...] = ()
    updated: datetime.datetime | None = None
    active: bool = True


class PaymentLink(Struct, frozen=True, kw_only=True):
    """What a payment was set against; ``amount`` is positive: so much of the bill is paid, of the credit used."""

    kind: LinkKind
    id: str
    amount: Decimal


class BillPayment(Struct, frozen=True, kw_only=True):
    """Money paid to a supplier. ``total`` is what left the account, in ``currency``."""

    id: str
    date: datetime.date
    currency: str
    total: Decimal
    account: str = ""
    supplier: str = ""
    supplier_name: str = ""
    rate: Decimal | None = None
    note: str = ""
    reference: str = ""
    method: str = ""
    links: tuple[PaymentLink, ...] = ()
    updated: datetime.datetime | None = None
    active: bool = True


class BillCredit(Struct, frozen=True, kw_only=True):
    """A supplier's credit. ``remaining`` of ``total`` is not used yet."""

    id: str
    supplier: str
    date: datetime.date
    currency: str
    status: CreditStatus
    total: Decimal
    remaining: Decimal
    supplier_name: str = ""
    tax: Decimal = ZERO
    rate: Decimal | None = None
    number: str = ""
    note: str = ""
    lines: tuple[BillLine, ...] = ()
    settled: tuple[Settlement, ...] = ()
    updated: datetime.datetime | None = None
    active: bool = True


class PaymentMethod(Struct, frozen=True, kw_only=True):
    """A way of paying that the platform lists."""

    id: str
    name: str
    type: MethodType = "Unknown"
    active: bool = True
    updated: datetime.datetime | None = None


class LedgerJournal(Struct, frozen=True, kw_only=True):
    """A journal of the books: a day book that entries are kept in."""

    id: str
    name: str
    code: str = ""
    type: str = ""
    parent: str = ""
    has_children: bool = False
    active: bool = True
    created: datetime.datetime | None = None
    updated: datetime.datetime | None = None


class BillFile(Struct, frozen=True, kw_only=True):
    """A file on a bill."""

    id: str
    name: str
    content_type: str = "application/octet-stream"
    size: int | None = None
    include_when_sent: bool = False
    created: datetime.datetime | None = None


# What is written


class NewBill(Struct, frozen=True, kw_only=True):
    """A bill to be written, or the state that an existing one is to be brought to.

    ``id`` is the hub's own id of this write, which the native bill must carry; ``key`` its idempotency key, stable over
    resends; ``quantities`` say how many units of what price each line's net is, in the order of ``lines``.
    """

    id: str
    key: str
    version: int
    date: datetime.date
    due: datetime.date
    currency: str
    supplier: Contact
    lines: tuple[Line, ...]
    quantities: tuple[tuple[Decimal, Decimal], ...] = ()
    rate: Decimal | None = None
    reference: str = ""
    note: str = ""
    draft: bool = False


class NewPayment(Struct, frozen=True, kw_only=True):
    """A payment to be written. ``links`` of one supplier, or of several where the platform pays in batches.

    ``total`` is what leaves the account: bills less credits, plus what is paid on account.
    """

    id: str
    key: str
    version: int
    date: datetime.date
    currency: str
    total: Decimal
    links: tuple[PaymentLink, ...]
    account: PaymentAccount | None = None
    supplier: str = ""
    rate: Decimal | None = None
    reference: str = ""
    note: str = ""
    method: str = ""


class NewCredit(Struct, frozen=True, kw_only=True):
    """A supplier's credit to be written, or the state that an existing one is to be brought to."""

    id: str
    key: str
    version: int
    date: datetime.date
    currency: str
    supplier: Contact
    lines: tuple[Line, ...]
    quantities: tuple[tuple[Decimal, Decimal], ...] = ()
    rate: Decimal | None = None
    number: str = ""
    note: str = ""


class NewJournal(Struct, frozen=True, kw_only=True):
    """A journal of the books to be opened."""

    id: str
    key: str
    version: int
    name: str
    code: str = ""
    active: bool = True


class NewEntry(Struct, frozen=True, kw_only=True):
    """A journal entry to be written; its lines sum to zero. ``journal`` is the journal that it is kept in, empty where
    the platform has one for all."""

    id: str
    key: str
    version: int
    date: datetime.date
    currency: str
    lines: tuple[AdjustmentLine, ...]
    journal: str = ""
    description: str = ""


NewRecord: TypeAlias = NewBill | NewPayment | NewCredit


class Payables(Protocol):
    """The payables side of one platform's client.

    ``offers`` names what there is beyond bills and their payments: ``credits`` ``methods`` ``journals``
    ``credit.update`` ``journal.create`` ``bill.delete`` ``payment.delete`` ``file.delete`` ``many`` (several bills at
    once) ``batch`` (of several suppliers) ``credit_use`` (a credit settles a bill) ``credit_in_payment`` (a credit and
    money in one record) ``on_account`` ``entries`` (journal entries, where the expense flow's adjustments are not
    offered). What is not named is not asked for.
    """

    @property
    def offers(self) -> frozenset[str]: ...

    # Reads. Lists follow the platform's pages to the end, drafts and voided records included. Raise ``Unavailable``.

    def bills(self, consent: Consent, company: Company) -> Steps[Sequence[Bill]]: ...

    def bill(self, id: str, consent: Consent, company: Company) -> Steps[Bill | None]:
        """One bill as it stands now, None when there is none with this id."""

    def payments(self, consent: Consent, company: Company) -> Steps[Sequence[BillPayment]]: ...

    def payment(self, id: str, consent: Consent, company: Company) -> Steps[BillPayment | None]: ...

    def credits(self, consent: Consent, company: Company) -> Steps[Sequence[BillCredit]]: ...

    def credit(self, id: str, consent: Consent, company: Company) -> Steps[BillCredit | None]: ...

    def methods(self, consent: Consent, company: Company) -> Steps[Sequence[PaymentMethod]]: ...

    def journals(self, consent: Consent, company: Company) -> Steps[Sequence[LedgerJournal]]: ...

    # Writes. Raise ``Refused``, ``NeedsConsent``, ``Unknown``.

    def write(self, record: NewRecord, consent: Consent, company: Company) -> Steps[Done]:
        """Create the native record."""

    def look_up(self, record: NewRecord, consent: Consent, company: Company) -> Steps[Done | None]:
        """One search for a native record that carries the record's id; None when the search shows none."""

    def change(self, record: NewRecord, id: str, consent: Consent, company: Company) -> Steps[Done]:
        """Bring an existing bill or credit to the state of ``record``, all lines replaced, on its newest version."""

    def open_journal(self, record: NewJournal, consent: Consent, company: Company) -> Steps[Done]:
        """Create the native journal; one of the same name and code that stands is an earlier attempt's."""

    def find_journal(self, record: NewJournal, consent: Consent, company: Company) -> Steps[Done | None]:
        """One search for a journal of this name and code."""

    def enter(self, record: NewEntry, consent: Consent, company: Company) -> Steps[Done]:
        """Create the native journal entry."""

    def find_entry(self, record: NewEntry, consent: Consent, company: Company) -> Steps[Done | None]:
        """One search for a journal entry that carries the record's id."""

    def remove(self, kind: RecordKind, id: str, consent: Consent, company: Company, *, key: str) -> Steps[None]:
        """Delete or void a record, as the platform has it; one that is gone already is no error."""

    # Files

    def native(self, kind: RecordKind, id: str) -> Native:
        """A record's native identity, for attaching files to it."""

    def files(self, id: str, consent: Consent) -> Steps[Sequence[BillFile]]:
        """The files on a bill."""

    def content(self, id: str, file: BillFile, consent: Consent) -> Steps[bytes]:
        """The bytes of a file on a bill."""

    def remove_file(self, id: str, file: str, consent: Consent, *, key: str) -> Steps[None]:
        """Take a file off a bill."""


class RefusesRest:
    """What a platform may lack, refused, so that its class says what it has and no more."""

    title = "the platform"

    def open_journal(self, record: NewJournal, consent: Consent, company: Company) -> Steps[Done]:
        return self.refuse("journals are not offered")

    def find_journal(self, record: NewJournal, consent: Consent, company: Company) -> Steps[Done | None]:
        return self.refuse("journals are not offered")

    def enter(self, record: NewEntry, consent: Consent, company: Company) -> Steps[Done]:
        return self.refuse("journal entries are not offered")

    def find_entry(self, record: NewEntry, consent: Consent, company: Company) -> Steps[Done | None]:
        return self.refuse("journal entries are not offered")

    def credits(self, consent: Consent, company: Company) -> Steps[Sequence[BillCredit]]:
        return self.refuse("credits of suppliers are not offered")

    def credit(self, id: str, consent: Consent, company: Company) -> Steps[BillCredit | None]:
        return self.refuse("credits of suppliers are not offered")

    def methods(self, consent: Consent, company: Company) -> Steps[Sequence[PaymentMethod]]:
        return self.refuse("payment methods are not offered")

    def journals(self, consent: Consent, company: Company) -> Steps[Sequence[LedgerJournal]]:
        return self.refuse("journals are not offered")

    def remove(self, kind: RecordKind, id: str, consent: Consent, company: Company, *, key: str) -> Steps[None]:
        return self.refuse(f"a {kind} cannot be removed")

    def remove_file(self, id: str, file: str, consent: Consent, *, key: str) -> Steps[None]:
        return self.refuse("a file cannot be taken off a bill")

    def refuse(self, what: str) -> Steps[Any]:
        """An operation that the platform does not have."""
        raise Refused(f"{what} on {self.title}")
        yield  # pragma: no cover


class ThroughReimbursables(RefusesRest):
    """Bills written as the expense flow writes what is owed to an employee; the rest is the platform's own."""

    def __init__(self, documents: Connector) -> None:
        self.documents = documents

    def write(self, record: NewRecord, consent: Consent, company: Company) -> Steps[Done]:
        if isinstance(record, NewBill):
            return self.documents.push(as_reimbursable(record), consent, company)
        return (
            self.pay(record, consent, company) if isinstance(record, NewPayment) else self.owe(record, consent, company)
        )

    def look_up(self, record: NewRecord, consent: Consent, company: Company) -> Steps[Done | None]:
        if isinstance(record, NewBill):
            return self.documents.look_up(as_reimbursable(record), consent, company)
        if isinstance(record, NewPayment):
            return self.find_payment(record, consent, company)
        return self.find_credit(record, consent, company)

    def change(self, record: NewRecord, id: str, consent: Consent, company: Company) -> Steps[Done]:
        if isinstance(record, NewBill):
            return self.documents.update(as_reimbursable(record), self.native("bill", id), consent, company)
        return self.refuse("a payment or credit cannot be changed")

    def native(self, kind: RecordKind, id: str) -> Native:
        """A record's native identity."""
        raise NotImplementedError

    def pay(self, record: NewPayment, consent: Consent, company: Company) -> Steps[Done]:
        """Create the native payment."""
        raise NotImplementedError

    def find_payment(self, record: NewPayment, consent: Consent, company: Company) -> Steps[Done | None]:
        """Search for the native payment once."""
        raise NotImplementedError

    def owe(self, record: NewCredit, consent: Consent, company: Company) -> Steps[Done]:
        """Create the native credit."""
        return self.refuse("credits of suppliers are not offered")

    def find_credit(self, record: NewCredit, consent: Consent, company: Company) -> Steps[Done | None]:
        """Search for the native credit once."""
        return self.refuse("credits of suppliers are not offered")


@runtime_checkable
class HasPayables(Protocol):
    """A connector whose platform takes part in bill pay."""

    @property
    def payables(self) -> Payables: ...


def pays_bills(connector: object) -> TypeGuard[HasPayables]:
    """Whether a connector takes part in bill pay."""
    return isinstance(connector, HasPayables)


def as_reimbursable(record: NewBill | NewCredit) -> Reimbursable:
    """The same document as the expense flow knows one, for platforms that write both alike."""
    return Reimbursable(
        id=record.id,
        key=record.key,
        version=record.version,
        date=record.date,
        due=record.due if isinstance(record, NewBill) else record.date,
        currency=record.currency,
        contact=record.supplier,
        lines=record.lines,
        rate=record.rate,
        reference=record.reference if isinstance(record, NewBill) else record.number,
        notes=record.note,
    )


def as_adjustment(record: NewEntry) -> Adjustment:
    """The same entry as the expense flow knows one."""
    return Adjustment(
        id=record.id,
        key=record.key,
        version=record.version,
        date=record.date,
        currency=record.currency,
        lines=record.lines,
    )


def unmarked(text: str) -> str:
    """A text without the hub's mark at its end, as it was before ``marked`` of ``sandbooks.connector``.

    >>> unmarked("INV-7 [5a9d0000-0000-4000-8000-000000000001]")
    'INV-7'
    >>> unmarked("rent [March]")
    'rent [March]'
    """
    head, bracket, mark = text.rstrip().rpartition("[")
    inner = mark[:-1] if bracket and mark.endswith("]") else ""
    is_mark = len(inner) == 36 and all(c in "0123456789abcdef-" for c in inner.lower()) and inner.count("-") == 4
    return head.rstrip() if is_mark else text


def status_of(total: Decimal, open: Decimal, *, draft: bool = False, void: bool = False) -> BillStatus:
    """The status of a bill by what is still owed of it."""
    if void:
        return "Void"
    if draft:
        return "Draft"
    if open <= 0:
        return "Paid"
    return "Open" if open >= total else "PartiallyPaid"


def day_of(body: Mapping[str, Any], name: str) -> datetime.date:
    """A calendar day of a native record in ISO form; the first day there is when the record has none."""
    text = str(body.get(name) or "")[:10]
    return datetime.date.fromisoformat(text) if text else datetime.date(1970, 1, 1)


def number_of(value: Any) -> Decimal:
    """A native amount; nothing counts as zero."""
    return Decimal(str(value)) if value not in (None, "") else ZERO
