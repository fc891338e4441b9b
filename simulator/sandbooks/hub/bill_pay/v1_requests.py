"""What clients of the first version of bill pay send: bills, credits, payments and journal entries, checked.

Signs of a payment: a line's amount is the money; a ``Bill`` link is the negative of what it settles, a ``CreditNote``
link positive; a line's amount and its links add up to nothing.
Source: https://docs.codat.io/usecases/bill-pay/payments, github.com/codatio/oas (Bill, BillPayment, BillCreditNote).
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, get_args

from sandbooks.connector import AdjustmentLine, Line, TrackingRef
from sandbooks.hub.bill_pay.offers import Offer
from sandbooks.hub.bill_pay.requests import Reading, lines_of, reading_of, supplier_ref
from sandbooks.payables import LinkKind, NewBill, NewCredit, NewEntry, NewJournal, NewPayment, PaymentLink

ZERO = Decimal(0)
LINKS = {
    "Bill": "Bill",
    "CreditNote": "CreditNote",
    "PaymentOnAccount": "PaymentOnAccount",
    "Refund": "Refund",
    "Other": "Other",
}


def bill_of(body: Any, offer: Offer, *, home: str, today: datetime.date) -> NewBill:
    """A bill to be written. 400 with all that is wrong."""
    read = reading_of(body)
    currency = read.currency() if read.body.get("currency") else home
    issued = read.day("issueDate") if read.body.get("issueDate") else today
    status = read.text("status") or "Open"
    if status == "Draft" and "drafts" not in offer.rules:
        read.wrong("status", "Status must be equal to Open.", "Equal")
    elif status not in ("Open", "Draft"):
        read.wrong("status", "Status must be Open or Draft.", "Enum")
    lines, quantities = lines_of(read, currency, offer)
    made = NewBill(
        supplier=supplier_ref(read),
        date=issued,
        due=read.day("dueDate") if read.body.get("dueDate") else issued,
        currency=currency,
        rate=read.rate(),
        reference=read.text("reference", most=offer.limits.get("reference", 255)),
        note=read.text("note"),
        draft=status == "Draft",
        lines=lines,
        quantities=quantities,
        orders=_orders(read) if "bills_orders" in offer.rules else (),
    )
    _check_total(read, "totalAmount", lines)
    if read.body.get("paymentAllocations"):
        read.wrong("paymentAllocations", "Payments are not written with a bill: write a bill payment.", "Empty")
    read.end()
    return made


def _orders(read: Reading) -> tuple[tuple[str, int], ...]:
    """Which line of which purchase order each line bills, as it says itself; else, where the bill names one order, the
    line of the same number."""
    # Unconfirmed: what becomes of lines that name none while the bill names an order.
    named = [one.needed("id") for one in read.each("purchaseOrderRefs")]
    given = named[0] if len(named) == 1 else ""
    found: list[tuple[str, int]] = []
    for place, one in enumerate(read.each("lineItems"), 1):
        ref = one.inner("purchaseOrderLineRef")
        number = ref.number("lineNumber") if ref is not None else None
        if number is not None and number != int(number):
            one.wrong("purchaseOrderLineRef.lineNumber", "lineNumber is a whole number")
        id = (ref.text("id", most=500) if ref is not None else "") or given
        if ref is not None and not id:
            one.empty("purchaseOrderLineRef.id", "Purchase Order Line Ref Id")
        found.append((id, int(number) if number is not None else place) if id else ("", 0))
    return tuple(found) if any(id for id, _ in found) else ()


def _check_total(read: Reading, member: str, lines: Sequence[Line]) -> None:
    """A total that is told must be that of the lines, where these tell their tax."""
    told = read.number(member)
    if told is None or not lines or any(line.tax is None for line in lines):
        return
    total = sum((line.net + (line.tax or ZERO) for line in lines), ZERO)
    if told != total:
        read.wrong(member, f"Total Amount must be the sum of the lines, {total}.", "Sum")


def credit_of(body: Any, offer: Offer, *, home: str, today: datetime.date) -> NewCredit:
    """A bill credit note to be written. 400 with all that is wrong."""
    read = reading_of(body)
    currency = read.currency() if read.body.get("currency") else home
    status = read.text("status") or "Submitted"
    if status != "Submitted":
        read.wrong("status", "Status must be equal to Submitted.", "Equal")
    lines, quantities = lines_of(read, currency, offer)
    made = NewCredit(
        supplier=supplier_ref(read),
        date=read.day("issueDate") if read.body.get("issueDate") else today,
        currency=currency,
        rate=read.rate(),
        number=read.text("billCreditNoteNumber", most=offer.limits.get("reference", 255)),
        note=read.text("note"),
        lines=lines,
        quantities=quantities,
    )
    _check_total(read, "totalAmount", lines)
    read.end()
    return made


def payment_of(body: Any, offer: Offer, *, batches: bool) -> tuple[NewPayment, str]:
    """A bill payment to be written, and the account that is paid from.

    ``batches``: suppliers need not be told, as several may be paid. 400 with all that is wrong.
    """
    read = reading_of(body)
    supplier = read.reference("supplierRef")
    links, total = _links(read, offer)
    if not supplier and not batches and "supplier_of_payment_free" not in offer.rules:
        read.empty("supplierRef")
    told = read.number("totalAmount")
    if told is not None and told != total:
        read.wrong("totalAmount", f"Total Amount must match the sum of line amounts, {total}.", "Sum")
    account = read.reference("accountRef")
    if not account and (total or "payment_account_needed" in offer.rules):
        read.empty("accountRef")
    made = NewPayment(
        date=read.day("date"),
        currency=read.currency() if read.body.get("currency") else "",
        total=total,
        links=links,
        supplier=supplier,
        rate=read.rate(),
        note=read.text("note"),
        reference=read.text("reference", most=255),
        method=read.reference("paymentMethodRef"),
    )
    read.end()
    return made, account


def _links(read: Reading, offer: Offer) -> tuple[tuple[PaymentLink, ...], Decimal]:
    """What the lines settle, and the money that they add up to."""
    links: list[PaymentLink] = []
    total = ZERO
    count = 0
    for line in read.each("lines"):
        count += 1
        amount = line.number("amount")
        settled = [link for link in (_link(one, amount) for one in line.each("links")) if link is not None]
        signed = sum((link.amount if link.kind == "CreditNote" else -link.amount for link in settled), ZERO)
        money = amount if amount is not None else -signed
        if not settled:
            line.empty("links")
        elif money + signed != 0:
            line.wrong("amount", "Amount and the sum of Links must sum to zero.", "Sum")
        total += money
        links += settled
    if not count:
        read.empty("lines")
    if count > 1 and "one_line" in offer.rules:
        read.wrong("lines", "Lines must contain one line.", "Length")
    paid = [link.id for link in links if link.kind == "Bill"]
    if len(set(paid)) < len(paid):
        read.wrong("lines", "A bill is named once in a payment.", "Unique")
    return tuple(links), total


def _link(read: Reading, alone: Decimal | None) -> PaymentLink | None:
    kind = read.needed("type")
    if kind not in LINKS:
        if kind:
            read.wrong("type", f"Type must be one of {', '.join(LINKS)}.", "Enum")
        return None
    id = read.needed("id")
    amount = read.number("amount")
    if amount is None:
        # Source: github.com/codatio/oas, model of a QuickBooks Online bill payment (links without an amount)
        amount = -alone if alone is not None and kind != "CreditNote" else alone
    if amount is None:
        read.empty("amount")
        return None
    positive = amount if kind == "CreditNote" else -amount
    if positive <= 0:
        side = "greater" if kind == "CreditNote" else "less"
        read.wrong("amount", f"Amount must be {side} than 0 for a link of type {kind}.", "Sign")
        return None
    known: LinkKind = next(one for one in get_args(LinkKind) if one == LINKS[kind])
    return PaymentLink(kind=known, id=id, amount=positive)


def entry_of(body: Any, offer: Offer, *, home: str, today: datetime.date) -> NewEntry:
    """A journal entry to be written. 400 with all that is wrong."""
    read = reading_of(body)
    lines: list[AdjustmentLine] = []
    currencies: set[str] = set()
    text = read.text("description")
    for one in read.each("journalLines"):
        lines.append(_entry_line(one, text))
        currencies.add(one.currency() if one.body.get("currency") else home)
    journal = read.reference("journalRef")
    if not journal and "journal_needed" in offer.rules:
        read.empty("journalRef")
    if len(lines) < 2:
        read.wrong("journalLines", "Journal Lines must be two or more.", "Length")
    if sum((line.amount for line in lines), ZERO):
        read.wrong("journalLines", "The net amounts of Journal Lines must sum to zero.", "Sum")
    if len(currencies) > 1:
        read.wrong("journalLines", "Journal Lines must be in one currency.", "Currency")
    made = NewEntry(
        date=read.day("postedOn") if read.body.get("postedOn") else today,
        currency=next(iter(currencies), home),
        lines=tuple(lines),
        journal=journal,
        description=text,
    )
    read.end()
    return made


def _entry_line(read: Reading, text: str) -> AdjustmentLine:
    account = read.reference("accountRef")
    if not account:
        read.empty("accountRef")
    amount = read.number("netAmount")
    if amount is None or not amount:
        read.empty("netAmount")
    tracking = read.inner("tracking")
    tags: list[TrackingRef] = []
    for one in tracking.each("recordRefs") if tracking else ():
        kind = str(one.body.get("dataType") or "trackingCategories")
        known = {"customers": "customer", "suppliers": "supplier"}.get(kind, "tracking")
        tags.append(TrackingRef(id=one.needed("id"), kind=known))  # type: ignore[arg-type]  # one of the three
    return AdjustmentLine(
        amount=amount or ZERO, account=account, description=read.text("description") or text, tracking=tuple(tags)
    )


def journal_of(body: Any) -> NewJournal:
    """A journal to be opened. 400 with all that is wrong. Lengths as in the model of the options operation."""
    read = reading_of(body)
    name, code = read.needed("name"), read.needed("journalCode")
    for member, text, most in (("name", name, 40), ("journalCode", code, 16)):
        if len(text) > most:
            read.wrong(member, f"{member} has at most {most} characters.", "Length")
    status = read.text("status") or "Active"
    if status not in ("Active", "Archived"):
        read.wrong("status", "Status must be Active or Archived.", "Enum")
    read.end()
    return NewJournal(name=name, code=code, active=status == "Active")
