"""Bills, payments, credits and journals: as a platform's client reads them, and as it is asked to write them.

Amounts are positive as the supplier's document states them; ``rate`` is base units per ONE unit of the document's
currency, None where no conversion takes part.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal, TypeAlias

from msgspec import Struct

from sandbooks.connector import (
    Adjustment,
    AdjustmentLine,
    Contact,
    Dated,
    Line,
    PaymentAccount,
    Reimbursable,
    TrackingRef,
    Written,
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
    """A bill. ``open`` is what is still owed of ``total``; ``reference`` is the supplier's own number; ``orders`` are
    the purchase orders that it bills, each with its number."""

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
    orders: tuple[tuple[str, str], ...] = ()
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


class NewBill(Dated, frozen=True, kw_only=True):
    """A bill to be written, or the state that an existing one is to be brought to.

    ``quantities`` say how many units of what price each line's net is, in the order of ``lines``; ``orders``, where
    there are any, which line of which purchase order each bills (an empty id: none).
    """

    due: datetime.date
    currency: str
    supplier: Contact
    lines: tuple[Line, ...]
    quantities: tuple[tuple[Decimal, Decimal], ...] = ()
    rate: Decimal | None = None
    reference: str = ""
    note: str = ""
    draft: bool = False
    orders: tuple[tuple[str, int], ...] = ()


class NewPayment(Dated, frozen=True, kw_only=True):
    """A payment to be written. ``links`` of one supplier, or of several where the platform pays in batches.

    ``total`` is what leaves the account: bills less credits, plus what is paid on account.
    """

    currency: str
    total: Decimal
    links: tuple[PaymentLink, ...]
    account: PaymentAccount | None = None
    supplier: str = ""
    rate: Decimal | None = None
    reference: str = ""
    note: str = ""
    method: str = ""


class NewCredit(Dated, frozen=True, kw_only=True):
    """A supplier's credit to be written, or the state that an existing one is to be brought to."""

    currency: str
    supplier: Contact
    lines: tuple[Line, ...]
    quantities: tuple[tuple[Decimal, Decimal], ...] = ()
    rate: Decimal | None = None
    number: str = ""
    note: str = ""


class NewJournal(Written, frozen=True, kw_only=True):
    """A journal of the books to be opened."""

    name: str
    code: str = ""
    active: bool = True


class NewEntry(Dated, frozen=True, kw_only=True):
    """A journal entry to be written; its lines sum to zero. ``journal`` is the journal that it is kept in, empty where
    the platform has one for all."""

    currency: str
    lines: tuple[AdjustmentLine, ...]
    journal: str = ""
    description: str = ""


NewRecord: TypeAlias = NewBill | NewPayment | NewCredit


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
