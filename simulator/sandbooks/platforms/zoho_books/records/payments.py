"""Vendor payments: bills settled at their own rates; what is left over is an advance.

An advance that is applied to a bill later is a record of its own (``billpayment``), dated with the later of the two.
Source: https://www.zoho.com/books/api/v3/vendor-payments/
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any

from msgspec import Struct

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.money import Money, Rate
from sandbooks.platforms.zoho_books import chart, rates
from sandbooks.platforms.zoho_books.fields import NOTE_MAX, Fields
from sandbooks.platforms.zoho_books.records import accounts, bills, contacts, custom_fields, expenses, heading
from sandbooks.platforms.zoho_books.records.heading import Head
from sandbooks.platforms.zoho_books.records.storing import check_open, facts_of, find, new_id, remove, save, touch
from sandbooks.platforms.zoho_books.refusals import InvalidValue, NoSuch, Required, broken
from sandbooks.platforms.zoho_books.wire import Body, amount

KIND = "vendorpayment"
LATER = "billpayment"


class Applied(Struct, frozen=True):
    """What a payment settles of a bill: what is paid, and the tax withheld beside it."""

    paid: Money
    withheld: Money

    @property
    def settled(self) -> Money:
        return self.paid + self.withheld


def create(company: Company, given: Body) -> Record:
    """A new payment."""
    return write(company, given, None)


def update(company: Company, record: Record, given: Body) -> Record:
    """Change a payment: its applications are taken back and made anew."""
    check_open(company, record.body["date"])
    _check_free(company, record)
    if "bills" not in given:
        given = {**given, "bills": _kept_rows(record)}
    release(company, record)
    return write(company, given, record)


def _kept_rows(record: Record, *, but: str = "") -> list[Body]:
    """The applications of a payment as a client would send them, one left out."""
    names = ("bill_id", "amount_applied", "tax_amount_withheld")
    return [{n: row[n] for n in names} for row in record.body["bills"] if row["bill_payment_id"] != but]


def write(company: Company, given: Body, record: Record | None) -> Record:
    """A new version of a payment."""
    fields = Fields(given, record.body if record else None)
    vendor = heading.vendor_of(contacts.vendor(company, fields))
    day = heading.day_of(company, fields)
    chosen = _chosen(company, fields, vendor)
    currency = rates.currency_with(company, _currency(company, fields, vendor, chosen))
    code = str(currency.body["currency_code"])
    head = Head(day=day, currency=currency, rate=rates.rate_of(company, fields, code, day))
    payer = expenses.paying_account(company, fields, code)
    total = fields.positive("amount", code)
    applied = [(bill, _applied(row, bill, code)) for bill, row in chosen]
    used = sum((one.paid.amount for _, one in applied), Decimal(0))
    held_back = sum((one.withheld.amount for _, one in applied), Decimal(0))
    liability = accounts.withheld(company) if held_back else None
    if used > total.amount:
        raise broken("applied_exceeds_amount")
    id = record.id if record else new_id(company)
    rows = _rows(company, applied, total, head.rate)
    left = head.rate.to_base(total).amount - sum((Decimal(row["base"]) for row in rows), Decimal(0))
    document: Body = {
        "tax_amount_withheld": amount(held_back, code),
        **accounts.members(liability, "tax_account"),
        "payment_id": id,
        "payment_number": record.body["payment_number"]
        if record
        else str(company.records.next_number("payment_number")),
        "amount": amount(total.amount, code),
        "balance": amount(total.amount - used, code),
        **_head_members(company, fields, head, vendor, payer),
        "vendorpayment_refunds": record.body["vendorpayment_refunds"] if record else [],
        "_matched": record.body["_matched"] if record else "",
        "_held_base": str(left),
        "bills": [_shown_row(company, bill, one) for bill, one in applied],
    }
    facts = {
        "posts": True,
        **head.facts(company),
        **({"withheld": liability.id} if liability else {}),
        "memo": document["reference_number"] or document["description"],
        "party": vendor.id,
        "account": payer.id,
        "account_currency": heading.kept_in(payer),
        "total": str(total.amount),
        "bills": rows,
        **_accounts(company),
    }
    saved = save(company, KIND, id, document=document, facts=facts)
    for (bill, one), row, shown in zip(applied, rows, document["bills"], strict=True):
        _note(company, bill, saved, shown["bill_payment_id"], one, relieved(row, head.rate))
    return saved


def _head_members(company: Company, fields: Fields, head: Head, vendor: Record, payer: Record) -> Body:
    """What a payment shows beside its amounts and bills."""
    return {
        **contacts.members(vendor, "vendor"),
        "date": head.iso,
        "payment_mode": fields.text("payment_mode") or "Cash",
        "reference_number": fields.text("reference_number"),
        "description": fields.text("description", limit=NOTE_MAX),
        **head.members("currency_symbol"),
        **accounts.members(payer, "paid_through_account"),
        "paid_through_account_type": payer.body["account_type"],
        **heading.location(company, fields),
        "custom_fields": custom_fields.read(company, KIND, fields),
        "is_paid_via_print_check": fields.flag("is_paid_via_print_check"),
        "check_details": _check(fields),
    }


def _check(fields: Fields) -> list[Any]:
    """The check of a payment, kept as it is given: the documentation leaves its members open."""
    given = fields.raw("check_details")
    if given in (None, "", []):
        return []
    rows = given if isinstance(given, list) else [given]
    if not all(isinstance(row, (dict, str)) for row in rows) or len(rows) > 1:
        raise InvalidValue("check_details")
    return [_check_row(row) for row in rows]


def _check_row(row: Body | str) -> Body | str:
    read = Fields(row if isinstance(row, dict) else {"check_details": row})
    if any(name.startswith("_") for name in read.given):
        raise InvalidValue("check_details")
    found = {name: read.text(name, limit=NOTE_MAX) for name in read.given}
    return found if isinstance(row, dict) else found["check_details"]


def _accounts(company: Company) -> Body:
    return {
        "payables": accounts.named(company, chart.PAYABLE).id,
        "prepaid": accounts.named(company, chart.PREPAID).id,
        "exchange": accounts.named(company, chart.EXCHANGE).id,
    }


def _chosen(company: Company, fields: Fields, vendor: Record) -> list[tuple[Record, Fields]]:
    """The open bills of the vendor that the payment names, each once."""
    found: dict[str, tuple[Record, Fields]] = {}
    for row in (Fields(row) for row in fields.rows("bills")):
        bill = row.record("bill_id", company, bills.KIND, required=True)
        if bill is None or bill.id in found:
            raise Required("bill_id")
        check_payable(bill, vendor.id)
        found[bill.id] = (bill, row)
    return list(found.values())


def check_payable(bill: Record, vendor: str) -> None:
    """Only open bills of one's own vendor can be settled."""
    if bill.body["vendor_id"] != vendor:
        raise broken("payment_other_vendor", str(bill.body["bill_number"]))
    if bill.body["_state"] != "open":
        raise broken("bill_not_open", str(bill.body["_state"]))


def _currency(company: Company, fields: Fields, vendor: Record, chosen: list[tuple[Record, Fields]]) -> str:
    """The currency of the bills that are paid; of an advance, that of the vendor."""
    codes = {str(bill.body["currency_code"]) for bill, _ in chosen}
    if len(codes) > 1:
        raise broken("payment_other_currency", str(chosen[1][0].body["bill_number"]))
    if codes:
        return codes.pop()
    named = rates.currency_of(company, Fields(fields.given), str(vendor.body["currency_code"]))
    return str(named.body["currency_code"])


def _applied(row: Fields, bill: Record, code: str) -> Applied:
    one = Applied(row.positive("amount_applied", code), row.money("tax_amount_withheld", code) or Money.zero(code))
    if one.withheld.amount < 0:
        raise InvalidValue("tax_amount_withheld")
    if one.settled.amount > Decimal(str(bill.body["balance"])):
        raise broken("payment_exceeds", str(bill.body["bill_number"]))
    return one


def _rows(company: Company, applied: list[tuple[Record, Applied]], total: Money, rate: Rate) -> list[Body]:
    """What each application rests on. Where nothing is left over, the last takes the base amount that is."""
    rows, left, left_base = [], total, rate.to_base(total)
    for bill, one in applied:
        left = left - one.paid
        base = left_base if not left else rate.to_base(one.paid)
        left_base = left_base - base
        held_back: Body = {"withheld": str(one.withheld.amount)} if one.withheld else {}
        rows.append(application(company, bill, one.paid, base) | held_back)
    return rows


def application(company: Company, bill: Record, money: Money, base: Money) -> Body:
    """The facts of one application to a bill."""
    return {
        "bill": bill.id,
        "applied": str(money.amount),
        "open": str(bill.body["balance"]),
        "open_base": str(bills.open_base(company, bill).amount),
        "base": str(base.amount),
    }


def relieved(row: Body, rate: Rate) -> Money:
    """What an application takes off a bill in base currency: its share at the bill's rate, or all that is left."""
    opened, applied = Decimal(row["open"]), Decimal(row["applied"]) + Decimal(row.get("withheld", 0))
    base = Money.of(row["open_base"], rate.base)
    return base if applied == opened else base.portion(Fraction(applied) / Fraction(opened))


def _shown_row(company: Company, bill: Record, one: Applied) -> Body:
    body = bill.body
    code = one.paid.currency
    return {
        "bill_payment_id": new_id(company),
        "bill_id": bill.id,
        "bill_number": body["bill_number"],
        "date": body["date"],
        "due_date": body["due_date"],
        "total": body["total"],
        "balance": amount(Decimal(str(body["balance"])) - one.settled.amount, code),
        "amount_applied": amount(one.paid.amount, code),
        "tax_amount_withheld": amount(one.withheld.amount, code),
    }


def _note(company: Company, bill: Record, payment: Record, id: str, one: Applied, base: Money) -> None:
    """Show the payment on its bill."""
    body = payment.body
    row = {
        "payment_id": payment.id,
        "bill_id": bill.id,
        "bill_payment_id": id,
        "payment_number": body["payment_number"],
        "payment_mode": body["payment_mode"],
        "description": body["description"],
        "date": body["date"],
        "reference_number": body["reference_number"],
        "exchange_rate": body["exchange_rate"],
        "amount": amount(one.paid.amount, one.paid.currency),
        "tax_amount_withheld": amount(one.withheld.amount, one.paid.currency),
        "paid_through_account_id": body["paid_through_account_id"],
        "paid_through_account_name": body["paid_through_account_name"],
        "is_single_bill_payment": len(body["bills"]) == 1,
        "_relieved_base": str(base.amount),
    }
    now = find(company, bills.KIND, bill.id)
    bills.settle(company, now, relieved=base, payments=[*now.body["payments"], row])


def _check_free(company: Company, record: Record) -> None:
    """A payment that is matched, refunded or applied later stays as it is."""
    if record.body["_matched"]:
        raise broken("payment_matched")
    if record.body["vendorpayment_refunds"]:
        raise broken("payment_refunded")
    if company.records.find(LATER, "payment_id", record.id):
        raise broken("payment_applied_later")


def release(company: Company, record: Record) -> None:
    """Take the payment off every bill that it settles."""
    for row in record.body["bills"]:
        bill = company.records.get(bills.KIND, row["bill_id"])
        if bill is not None and not bill.deleted:
            unsettle(company, bill, row["bill_payment_id"])


def unsettle(company: Company, bill: Record, bill_payment: str) -> None:
    """Take one payment off a bill."""
    gone = [p for p in bill.body["payments"] if p["bill_payment_id"] == bill_payment]
    kept = [p for p in bill.body["payments"] if p["bill_payment_id"] != bill_payment]
    base = sum((Decimal(p["_relieved_base"]) for p in gone), Decimal(0))
    bills.settle(company, bill, relieved=-Money.of(base, company.currency), payments=kept)


def delete(company: Company, record: Record) -> None:
    """Delete a payment; a payment cannot be voided.

    Source: https://www.zoho.com/books/kb/ (vendor payments: delete, not while matched)
    """
    check_open(company, record.body["date"])
    if record.body["_matched"]:
        raise broken("payment_matched")
    if record.body["vendorpayment_refunds"]:
        raise broken("payment_refunded")
    for later in company.records.find(LATER, "payment_id", record.id):
        remove(company, later)
    release(company, record)
    remove(company, record)


def delete_from_bill(company: Company, bill: Record, bill_payment: str) -> None:
    """Take one application off a bill: what it applied becomes an advance again."""
    row = next((p for p in bill.body["payments"] if p["bill_payment_id"] == bill_payment), None)
    if row is None:
        raise NoSuch("Bill payment", bill_payment)
    payment = find(company, KIND, row["payment_id"])
    later = next(iter(company.records.find(LATER, "bill_payment", bill_payment)), None)
    if later is not None:
        check_open(company, later.body["date"])
        base = Decimal(str(payment.body["_held_base"])) + Decimal(facts_of(company, later)["bills"][0]["base"])
        unsettle(company, bill, bill_payment)
        remove(company, later)
        _give_back(company, payment, bill_payment, held_base=base)
        return
    update(company, payment, {"bills": _kept_rows(payment, but=bill_payment)})


def _give_back(company: Company, payment: Record, bill_payment: str, *, held_base: Decimal) -> None:
    rows = payment.body["bills"]
    gone = next(b for b in rows if b["bill_payment_id"] == bill_payment)
    left = Decimal(str(payment.body["balance"])) + Decimal(str(gone["amount_applied"]))
    code = payment.body["currency_code"]
    kept = [b for b in rows if b["bill_payment_id"] != bill_payment]
    touch(company, payment, bills=kept, balance=amount(left, code), _held_base=str(held_base))


def held(payment: Record, money: Money, base: str) -> Money:
    """The base value of a part of what a payment or credit holds: its share, or all that is left."""
    left = Decimal(str(payment.body["balance"]))
    whole = Money.of(str(payment.body["_held_base"]), base)
    return whole if money.amount == left else whole.portion(Fraction(money.amount) / Fraction(left))


def apply(company: Company, bill: Record, payment: Record, money: Money) -> None:
    """Apply what is left of a payment to a bill of the same vendor."""
    check_payable(bill, payment.body["vendor_id"])
    code = str(payment.body["currency_code"])
    if bill.body["currency_code"] != code:
        raise broken("payment_other_currency", str(bill.body["bill_number"]))
    if money.amount > Decimal(str(bill.body["balance"])):
        raise broken("payment_exceeds", str(bill.body["bill_number"]))
    if money.amount > Decimal(str(payment.body["balance"])):
        raise broken("applied_exceeds_amount")
    # Unconfirmed: the date that the live service books the application with.
    day = max(str(bill.body["date"]), str(payment.body["date"]))
    check_open(company, day)
    base = held(payment, money, company.currency)
    rate = Rate(Decimal(str(payment.body["exchange_rate"])), code, company.currency)
    row = application(company, bill, money, base)
    one = Applied(money, Money.zero(code))
    shown = _shown_row(company, bill, one)
    document: Body = {
        "bill_payment_id": shown["bill_payment_id"],
        "bill_id": bill.id,
        "payment_id": payment.id,
        "date": day,
        "amount": amount(money.amount, code),
        "_keys": {"bill_payment": shown["bill_payment_id"]},
    }
    facts = {
        "posts": True,
        "base": company.currency,
        "currency": code,
        "rate": str(rate.value),
        "date": day,
        "party": payment.body["vendor_id"],
        "bills": [row],
        **_accounts(company),
    }
    save(company, LATER, str(shown["bill_payment_id"]), document=document, facts=facts)
    left = Decimal(str(payment.body["balance"])) - money.amount
    held_base = Decimal(str(payment.body["_held_base"])) - base.amount
    now = touch(
        company,
        payment,
        bills=[*payment.body["bills"], shown],
        balance=amount(left, code),
        _held_base=str(held_base),
    )
    _note(company, bill, now, str(shown["bill_payment_id"]), one, relieved(row, rate))


def refund_facts(
    company: Company,
    source: Record,
    account: Record,
    money: Money,
    rate: Rate,
    base: Money,
    *,
    day: str,
    held_in: str,
) -> Body:
    """What the entry of a refund rests on."""
    return {
        "posts": True,
        "base": company.currency,
        "currency": money.currency,
        "rate": str(rate.value),
        "date": day,
        "party": source.body["vendor_id"],
        "account": account.id,
        "account_currency": heading.kept_in(account),
        "total": str(money.amount),
        "held": accounts.named(company, held_in).id,
        "held_base": str(base.amount),
        "exchange": accounts.named(company, chart.EXCHANGE).id,
    }


def matching(records: Iterable[Record], id: str) -> Record | None:
    """The record of an id among some."""
    return next((record for record in records if record.id == id), None)
