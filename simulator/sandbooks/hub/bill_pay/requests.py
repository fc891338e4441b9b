"""What clients of the Bill Pay API send: bills, payments, suppliers, bank accounts, checked before anything is sent on.

The texts of what is wrong are those that the public pages list.
Source: https://docs.codat.io/payables/sync/update-bill, github.com/codatio/oas (billPrototype, supplierPrototype ...).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from sandbooks.connector import Contact, Line, NewAccount, TrackingRef
from sandbooks.hub import wire
from sandbooks.hub.bill_pay.desk import SERVICE
from sandbooks.hub.bill_pay.offers import Offer
from sandbooks.hub.errors import Item, not_valid
from sandbooks.money import digits, known_currency

NUMBER_MOST = Decimal(10) ** 15
LINES_MOST = 1000
TEXT_MOST = 4000


class Reading(Struct):
    """An object of a request, read member by member; what is wrong is collected."""

    body: Mapping[str, Any]
    items: list[Item] = field(default_factory=list)
    at: str = ""

    def wrong(self, member: str, message: str, rule: str = "Schema") -> None:
        self.items.append(Item(f"{self.at}{member}", message, rule))

    def text(self, member: str, *, most: int = TEXT_MOST) -> str:
        """A text; empty when there is none."""
        value = self.body.get(member)
        if value is None:
            return ""
        if not isinstance(value, str):
            self.wrong(member, f"{member} is a text")
            return ""
        if len(value) > most:
            self.wrong(member, f"{spaced(member)} Length must be less than or equal to {most}.", "Length")
        return value.strip()

    def needed(self, member: str) -> str:
        """A text that must be there."""
        found = self.text(member)
        if not found and not any(item.item_id == f"{self.at}{member}" for item in self.items):
            self.empty(member)
        return found

    def empty(self, member: str, shown: str = "") -> None:
        self.wrong(member, f"{shown or spaced(member)} must not be empty.", "NotEmpty")

    def number(self, member: str) -> Decimal | None:
        """An exact number, None when there is none."""
        value = self.body.get(member)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            self.wrong(member, f"{member} is a number")
            return None
        exact = Decimal(value)
        if not exact.is_finite() or abs(exact) >= NUMBER_MOST or int(exact.as_tuple().exponent) < -20:
            self.wrong(member, f"{member} has too many digits", "Precision")
            return None
        return exact

    def day(self, member: str) -> datetime.date:
        """A calendar day out of an ISO 8601 text; the day as written, whatever the zone behind it."""
        text = self.needed(member)
        try:
            return datetime.datetime.fromisoformat(text).date() if text else datetime.date.min
        except ValueError:
            self.wrong(member, f"{spaced(member)} is no ISO 8601 date: {text[:40]!r}", "Date")
            return datetime.date.min

    def inner(self, member: str) -> Reading | None:
        """A nested object."""
        value = self.body.get(member)
        if value is None:
            return None
        if not isinstance(value, dict):
            self.wrong(member, f"{member} is an object")
            return None
        return Reading(value, self.items, f"{self.at}{member}.")

    def each(self, member: str) -> Iterator[Reading]:
        """Nested objects of a list."""
        value = self.body.get(member)
        if value is None:
            return
        if not isinstance(value, list):
            self.wrong(member, f"{member} is a list")
            return
        for place, one in enumerate(value[: LINES_MOST + 1]):
            if isinstance(one, dict):
                yield Reading(one, self.items, f"{self.at}{member}[{place}].")
            else:
                self.wrong(f"{member}[{place}]", f"each of {member} is an object")

    def reference(self, member: str) -> str:
        """The ``id`` of a nested reference; empty when there is none."""
        inner = self.inner(member)
        return inner.text("id", most=500) if inner else ""

    def currency(self, member: str = "currency") -> str:
        code = self.needed(member)
        if code and len(code) != 3:
            self.wrong(member, f"{spaced(member)} Length must be equal to 3.", "Length")
        elif code and not known_currency(code):
            self.wrong(member, f"No currency exists for code {code}.", "Currency")
        return code

    def rate(self, member: str = "currencyRate") -> Decimal | None:
        rate = self.number(member)
        if rate is not None and rate <= 0:
            self.wrong(member, "Currency Rate must be greater than 0.", "GreaterThan")
        return rate

    def end(self) -> None:
        """400 with everything that was wrong."""
        if self.items:
            raise not_valid(*self.items, service=SERVICE)


def spaced(member: str) -> str:
    """A member's name as messages write it.

    >>> spaced("issueDate")
    'Issue Date'
    """
    apart = "".join(f" {c}" if c.isupper() else c for c in member)
    return apart[:1].upper() + apart[1:]


def reading_of(body: Any) -> Reading:
    """A request's body, which is an object; 400 otherwise."""
    if not isinstance(body, dict):
        raise not_valid(Item("body", "the body is an object", "Schema"), service=SERVICE)
    return Reading(wire.lower_keys(body))


# Bills


class BillRequest(Struct, frozen=True, kw_only=True):
    """A bill as sent. ``quantities`` are units and unit price of each line."""

    supplier: str
    date: datetime.date
    due: datetime.date
    currency: str
    lines: tuple[Line, ...]
    quantities: tuple[tuple[Decimal, Decimal], ...]
    rate: Decimal | None = None
    reference: str = ""
    note: str = ""
    draft: bool = False


def bill_of(body: Any, offer: Offer, *, changes: bool = False) -> BillRequest:
    """A billPrototype; ``changes``: one that a bill is changed to. 400 with all that is wrong."""
    read = reading_of(body)
    currency = read.currency()
    made = BillRequest(
        supplier=supplier_ref(read),
        date=read.day("issueDate"),
        due=read.day("dueDate"),
        currency=currency,
        rate=read.rate(),
        reference=read.text("reference", most=offer.limits.get("reference", 255)),
        lines=(),
        quantities=(),
    )
    status = read.needed("status")
    if status and status != "Open":
        read.wrong("status", "Status must be equal to Open.", "Equal")
    lines, quantities = lines_of(read, currency, offer)
    if changes:
        _check_tax_rates(read, offer, lines)
    if "due_after_issue" in offer.rules and made.due < made.date:
        read.wrong("dueDate", "dueDate must be after issueDate.", "Date")
    read.end()
    return BillRequest(
        supplier=made.supplier,
        date=made.date,
        due=made.due,
        currency=currency,
        rate=made.rate,
        reference=made.reference,
        lines=lines,
        quantities=quantities,
    )


def _check_tax_rates(read: Reading, offer: Offer, lines: Sequence[Line]) -> None:
    """Lines name a tax rate where the platform needs one to change a bill: always, with a tax amount, or with tax.

    Source: https://docs.codat.io/payables/sync/update-bill (software requirements)
    """
    for place, line in enumerate(lines):
        needed = "tax_rate_needed" in offer.rules
        needed |= "tax_rate_with_amount" in offer.rules and line.tax is not None
        needed |= "tax_rate_with_tax" in offer.rules and bool(line.tax)
        if needed and not line.tax_rate:
            read.empty(f"lineItems[{place}].taxRateRef", "Tax Rate Ref")


def supplier_ref(read: Reading) -> str:
    """The supplier that a document names."""
    inner = read.inner("supplierRef")
    if inner is None:
        if read.body.get("supplierRef") is None:
            read.empty("supplierRef")
        return ""
    id = inner.text("id", most=500)
    if not id:
        inner.empty("id", "Supplier Ref Id")
    return id


def lines_of(
    read: Reading, currency: str, offer: Offer, *, sub_total: bool = False
) -> tuple[tuple[Line, ...], tuple[tuple[Decimal, Decimal], ...]]:
    """The lines of a bill or credit with their quantities; what is wrong is collected."""
    lines: list[Line] = []
    quantities: list[tuple[Decimal, Decimal]] = []
    cent = Decimal(1).scaleb(-digits(currency)) if known_currency(currency) else Decimal("0.01")
    for one in read.each("lineItems"):
        line, quantity, unit = _line(one, cent, offer)
        lines.append(line)
        quantities.append((quantity, unit))
    if not lines and not any(item.item_id.startswith(f"{read.at}lineItems") for item in read.items):
        read.empty("lineItems")
    most = offer.limits.get("lines", LINES_MOST)
    if len(lines) > most:
        read.wrong("lineItems", f"Line Items must be at most {most}.", "Length")
    if sum((line.net + (line.tax or 0) for line in lines), Decimal(0)) < 0:
        read.wrong("lineItems", "Sum of LineItems must be greater than or equal to 0.", "GreaterThanOrEqual")
    return tuple(lines), tuple(quantities)


def _line(read: Reading, cent: Decimal, offer: Offer) -> tuple[Line, Decimal, Decimal]:
    quantity, unit = read.number("quantity"), read.number("unitAmount")
    quantity = Decimal(1) if quantity is None else quantity
    discount, percent = read.number("discountAmount") or Decimal(0), read.number("discountPercentage") or Decimal(0)
    if not 0 <= percent <= 100:
        read.wrong("discountPercentage", "Discount Percentage must be between 0 and 100.", "Range")
    sub_total = read.number("subTotal")
    if unit is None:
        unit = sub_total if sub_total is not None and quantity == 1 else None
    if unit is None:
        read.empty("unitAmount")
        unit = Decimal(0)
    discount = discount or quantity * unit * percent / 100
    net = (quantity * unit - discount).quantize(cent, ROUND_HALF_UP)
    account, item = read.reference("accountRef"), read.reference("itemRef")
    if bool(account) == bool(item):
        message = "Account Ref must not be empty." if not account else "A line names an account or an item, not both."
        read.wrong("accountRef", message, "NotEmpty")
    tax_rate = read.reference("taxRateRef")
    if tax_rate and "tax_amount_only" in offer.rules:
        read.wrong("taxRateRef", "Tax Rate Ref must be empty.", "Empty")
    tax = read.number("taxAmount")
    if tax is not None:
        tax = tax.quantize(cent, ROUND_HALF_UP)
    tracking, invoice_to = _tracking(read)
    line = Line(
        net=net,
        tax=tax,
        account=account,
        item=item,
        tax_rate=tax_rate,
        description=read.text("description", most=offer.limits.get("description", TEXT_MOST)),
        tracking=tracking,
        invoice_to=invoice_to,
    )
    return line, quantity, unit if not discount else net


def _tracking(read: Reading) -> tuple[tuple[TrackingRef, ...], str]:
    """The tags of a line, and the customer whom it is billed on to."""
    tags: list[TrackingRef] = []
    invoice_to = ""
    for one in (*read.each("trackingRefs"), *read.each("trackingCategoryRefs")):
        id = one.needed("id")
        if one.body.get("dataType") != "customers":
            tags.append(TrackingRef(id=id))
        elif one.body.get("isBillable") is True:
            invoice_to = id
        else:
            tags.append(TrackingRef(id=id, kind="customer"))
    own = read.inner("tracking")
    if own is not None:
        tags += [TrackingRef(id=one.needed("id")) for one in own.each("categoryRefs")]
        customer = own.reference("customerRef")
        if customer and own.body.get("isRebilledTo") == "Customer":
            invoice_to = customer
        elif customer:
            tags.append(TrackingRef(id=customer, kind="customer"))
    return tuple(dict.fromkeys(tags)), invoice_to


# Payments, suppliers, bank accounts


class PaymentRequest(Struct, frozen=True, kw_only=True):
    """A payment of one bill as sent; the amount is in the bill's currency."""

    amount: Decimal
    date: datetime.date
    account: str
    reference: str = ""
    rate: Decimal | None = None


def payment_of(body: Any) -> PaymentRequest:
    """A billPaymentPrototype. 400 with all that is wrong."""
    read = reading_of(body)
    amount = read.number("amount")
    if amount is None and read.body.get("amount") is None:
        read.empty("amount")
    elif amount is not None and amount <= 0:
        read.wrong("amount", "Amount must be greater than 0.", "GreaterThan")
    account = read.reference("accountRef")
    if not account:
        read.empty("accountRef" if read.body.get("accountRef") is None else "accountRef.id")
    made = PaymentRequest(
        amount=amount or Decimal(0),
        date=read.day("date"),
        account=account,
        reference=read.text("reference", most=255),
        rate=read.rate(),
    )
    read.end()
    return made


ADDRESS = ("line1", "line2", "city", "region", "country", "postalCode")


class SupplierRequest(Struct, frozen=True, kw_only=True):
    """A supplier as sent. ``contact`` holds its members, its name empty when none was sent; ``status`` likewise."""

    contact: Contact
    status: str = ""


def supplier_of(body: Any) -> Contact:
    """A supplierPrototype of a new supplier. 400 with all that is wrong."""
    read = reading_of(body)
    asked = _supplier(read, status=read.needed("status"))
    if not asked.name and not asked.contact_name:
        read.empty("supplierName")
    read.end()
    return replace(asked, name=asked.name or asked.contact_name)


def supplier_change_of(body: Any) -> SupplierRequest:
    """A supplierPrototype that a supplier is changed to. 400 with all that is wrong."""
    read = reading_of(body)
    status = read.text("status")
    asked = _supplier(read, status=status)
    read.end()
    return SupplierRequest(contact=asked, status=status)


def _supplier(read: Reading, *, status: str) -> Contact:
    """The members of a supplier; what is wrong is collected."""
    if status and status not in ("Unknown", "Active", "Archived"):
        read.wrong("status", "Status must be Active or Archived.", "Enum")
    currency = read.text("defaultCurrency", most=50)
    if currency and not known_currency(currency):
        read.wrong("defaultCurrency", f"No currency exists for code {currency}.", "Currency")
    addresses = [_address(one) for one in read.each("addresses")]
    return Contact(
        kind="supplier",
        name=read.text("supplierName", most=500),
        contact_name=read.text("contactName", most=500),
        email=read.text("emailAddress", most=500),
        phone=read.text("phone", most=100),
        currency=currency,
        addresses=tuple(address for address in addresses if address),
        active=status != "Archived",
    )


def _address(read: Reading) -> dict[str, str]:
    kind = read.body.get("type", "Unknown")
    if kind not in ("Unknown", "Billing", "Delivery"):
        read.wrong("type", "Type must be Unknown, Billing or Delivery.", "Enum")
    found = {name: read.text(name, most=500) for name in ADDRESS}
    kept = {name: value for name, value in found.items() if value}
    return {"type": str(kind), **kept} if kept else {}


def bank_account_of(body: Any, offer: Offer, platform: str) -> NewAccount:
    """A bankAccountPrototype. 400 with all that is wrong."""
    read = reading_of(body)
    kind = read.needed("accountType")
    if kind and kind not in offer.bank_account_types:
        known: Sequence[str] = sorted(offer.bank_account_types)
        read.wrong("accountType", f"{platform} takes accounts of type {' or '.join(known)} here.", "Enum")
    card = kind == "Credit"
    made = NewAccount(
        name=read.needed("name"),
        account_class="Liability" if card else "Asset",
        currency=read.currency(),
        nominal_code=read.text("nominalCode", most=50),
        pays="card" if card else "bank",
        account_number=read.needed("accountNumber"),
        sort_code=read.text("sortCode", most=20),
    )
    read.end()
    return made
