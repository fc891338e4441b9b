"""Vendor credits: what a vendor owes back, applied to bills or refunded.

Source: https://www.zoho.com/books/api/v3/vendor-credits/
"""

from __future__ import annotations

from decimal import Decimal

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.money import Money, Rate
from sandbooks.platforms.zoho_books import chart, rates
from sandbooks.platforms.zoho_books.fields import NOTE_MAX, Fields
from sandbooks.platforms.zoho_books.records import (
    accounts,
    bills,
    contacts,
    custom_fields,
    expenses,
    files,
    heading,
    lines,
    payments,
)
from sandbooks.platforms.zoho_books.records.heading import Head
from sandbooks.platforms.zoho_books.records.storing import check_open, facts_of, find, new_id, remove, save, touch
from sandbooks.platforms.zoho_books.refusals import NoSuch, Required, broken
from sandbooks.platforms.zoho_books.wire import Body, amount

KIND = "vendorcredit"
APPLIED = "creditedbill"
REFUND = "vendorcreditrefund"
_KEPT = (
    *("vat_treatment", "source_of_supply", "destination_of_supply", "place_of_supply"),
    *("gst_treatment", "tax_treatment", "gst_no"),
)


def create(company: Company, given: Body, *, own_number: bool = False) -> Record:
    """A new vendor credit. It draws its number unless ``own_number``."""
    return write(company, given, None, own_number=own_number)


def update(company: Company, record: Record, given: Body) -> Record:
    """Change a vendor credit that is not used."""
    check_open(company, record.body["date"])
    if record.body["_state"] == "void":
        raise broken("credit_not_open", "void")
    _check_unused(record)
    return write(company, given, record)


def write(company: Company, given: Body, record: Record | None, *, own_number: bool = False) -> Record:
    """A new version of a vendor credit."""
    standing = record.body if record else {}
    fields = Fields(given, standing)
    vendor = heading.vendor_of(contacts.vendor(company, fields))
    head = heading.read(company, fields, currency=str(vendor.body["currency_code"]))
    read = lines.read(company, fields, currency=head.code, rate=head.rate)
    adjustment = lines.adjustment(fields, head.code)
    total = read.total + adjustment
    if total.amount <= 0:
        raise broken("amount_not_positive")
    number = _number(company, fields, record, own_number=own_number)
    id = record.id if record else new_id(company)
    document: Body = {
        "vendor_credit_id": id,
        "vendor_credit_number": number,
        **_head_members(company, fields, head, vendor),
        "adjustment": amount(adjustment.amount, head.code),
        "adjustment_description": fields.text("adjustment_description"),
        "line_items": read.documents,
        "taxes": read.taxes,
        "sub_total": amount(read.sub_total.amount, head.code),
        "tax_total": amount(read.tax_total.amount, head.code),
        "total": amount(total.amount, head.code),
        **files.standing(standing, "documents"),
        "bills_credited": [],
        "vendor_credit_refunds": [],
        "_state": standing.get("_state") or ("draft" if fields.raw("status") == "draft" else "open"),
        "_held_base": str(head.rate.to_base(total).amount),
        "_keys": {"number": number.lower()},
    }
    facts = {
        "posts": document["_state"] == "open",
        **head.facts(company),
        "memo": number,
        "party": vendor.id,
        "account": accounts.named(company, chart.PAYABLE).id,
        "total": str(document["total"]),
        **read.facts,
        "costs": [*read.facts["costs"], *lines.adjustment_costs(company, adjustment)],
    }
    return save(company, KIND, id, document=document | _left(document), facts=facts)


def _head_members(company: Company, fields: Fields, head: Head, vendor: Record) -> Body:
    """What a vendor credit shows above and below its lines."""
    return {
        **contacts.members(vendor, "vendor"),
        "date": head.iso,
        "reference_number": fields.text("reference_number"),
        **head.members("price_precision"),
        "is_inclusive_tax": fields.flag("is_inclusive_tax"),
        "is_item_level_tax_calc": fields.flag("is_item_level_tax_calc"),
        "rounding_mode": lines.rounding(fields),
        **heading.location(company, fields),
        **{member: fields.text(member) for member in _KEPT},
        "notes": fields.text("notes", limit=NOTE_MAX),
        "custom_fields": custom_fields.read(company, KIND, fields),
    }


def _number(company: Company, fields: Fields, record: Record | None, *, own_number: bool) -> str:
    named = fields.text("vendor_credit_number")
    if record is None and not own_number and not named:
        return f"DN-{company.records.next_number('vendor_credit_number'):05d}"
    if not named:
        raise Required("vendor_credit_number")
    for other in company.records.find(KIND, "number", named.lower()):
        if record is None or other.id != record.id:
            raise broken("credit_number_exists", named)
    return named


def _left(body: Body) -> Body:
    code = body["currency_code"]
    used = sum((Decimal(str(row["amount"])) for row in body["bills_credited"]), Decimal(0))
    refunded = sum((Decimal(str(row["amount_fcy"])) for row in body["vendor_credit_refunds"]), Decimal(0))
    left = Decimal(str(body["total"])) - used - refunded
    return {
        "total_credits_used": amount(used, code),
        "total_refunded_amount": amount(refunded, code),
        "balance": amount(left if body["_state"] == "open" else 0, code),
    }


def status(body: Body) -> str:
    """The status that a vendor credit shows."""
    if body["_state"] == "open" and not Decimal(str(body["balance"])):
        return "closed"
    return str(body["_state"])


def _check_unused(record: Record) -> None:
    if record.body["bills_credited"] or record.body["vendor_credit_refunds"]:
        raise broken("credit_used")


def set_state(company: Company, record: Record, state: str) -> Record:
    """Open, void, submit or approve a vendor credit."""
    held = str(record.body["_state"])
    if held == state:
        return record
    allowed = {
        "open": ("draft", "void", "pending_approval"),
        "void": ("open", "draft", "pending_approval"),
        "pending_approval": ("draft",),
    }
    if held not in allowed[state]:
        raise broken("credit_not_open", held)
    check_open(company, record.body["date"])
    _check_unused(record)
    document = {**record.copy(), "_state": state}
    facts = {**facts_of(company, record), "posts": state == "open"}
    return save(company, KIND, record.id, document=document | _left(document), facts=facts)


def delete(company: Company, record: Record) -> None:
    """Delete a vendor credit that is not used."""
    check_open(company, record.body["date"])
    _check_unused(record)
    files.drop_all(company, record)
    remove(company, record)


def apply(company: Company, credit: Record, bill: Record, money: Money) -> Record:
    """Apply a vendor credit to a bill; the record of the application."""
    _check_applicable(credit, bill, money)
    day = max(str(bill.body["date"]), str(credit.body["date"]))
    check_open(company, day)
    rate = Rate(Decimal(str(credit.body["exchange_rate"])), money.currency, company.currency)
    base = payments.held(credit, money, company.currency)
    row = payments.application(company, bill, money, base)
    relieved = payments.relieved(row, rate)
    id = new_id(company)
    document: Body = {
        "vendor_credit_bill_id": id,
        "vendor_credit_id": credit.id,
        "date": day,
        "amount": amount(money.amount, money.currency),
    }
    held = {"_relieved_base": str(relieved.amount), "_base": str(base.amount)}
    shown = {**document, "vendor_credit_number": credit.body["vendor_credit_number"], **held}
    named = {"bill_id": bill.id, "bill_number": bill.body["bill_number"]}
    facts = {
        "posts": True,
        "base": company.currency,
        "currency": money.currency,
        "rate": str(rate.value),
        "date": day,
        "party": credit.body["vendor_id"],
        "payables": accounts.named(company, chart.PAYABLE).id,
        "exchange": accounts.named(company, chart.EXCHANGE).id,
        "bills": [row],
    }
    saved = save(company, APPLIED, id, document={**document, **named}, facts=facts)
    bills.settle(company, bill, relieved=relieved, vendor_credits=[*bill.body["vendor_credits"], shown])
    _show(company, credit, held=-base.amount)
    return saved


def _check_applicable(credit: Record, bill: Record, money: Money) -> None:
    """Both are open, of one vendor and one currency, and hold the amount."""
    if credit.body["_state"] != "open":
        raise broken("credit_not_open", str(credit.body["_state"]))
    payments.check_payable(bill, credit.body["vendor_id"])
    if bill.body["currency_code"] != credit.body["currency_code"]:
        raise broken("payment_other_currency", str(bill.body["bill_number"]))
    if money.amount > Decimal(str(bill.body["balance"])):
        raise broken("payment_exceeds", str(bill.body["bill_number"]))
    if money.amount > Decimal(str(credit.body["balance"])):
        raise broken("credit_exceeds", str(credit.body["vendor_credit_number"]))


def unapply(company: Company, credit: Record, id: str) -> None:
    """Take a vendor credit off a bill again."""
    record = company.records.get(APPLIED, id)
    if record is None or record.deleted or record.body["vendor_credit_id"] != credit.id:
        raise NoSuch("Credit", id)
    check_open(company, record.body["date"])
    bill = find(company, bills.KIND, record.body["bill_id"])
    gone = next(row for row in bill.body["vendor_credits"] if row["vendor_credit_bill_id"] == id)
    kept = [row for row in bill.body["vendor_credits"] if row["vendor_credit_bill_id"] != id]
    relieved = -Money.of(str(gone["_relieved_base"]), company.currency)
    bills.settle(company, bill, relieved=relieved, vendor_credits=kept)
    remove(company, record)
    _show(company, credit, held=Decimal(str(gone["_base"])))


def _show(company: Company, credit: Record, *, held: Decimal) -> Record:
    """Bring a vendor credit in step with its applications and refunds; ``held`` is what its base value changes by."""
    credit = find(company, KIND, credit.id)
    applied = [
        {name: record.body[name] for name in ("bill_id", "vendor_credit_bill_id", "date", "bill_number", "amount")}
        for record in company.records.find(APPLIED, "vendor_credit_id", credit.id)
    ]
    refunds = [_refund_row(record, company.currency) for record in refunds_of(company, credit)]
    base = Decimal(str(credit.body["_held_base"])) + held
    changed: Body = {"bills_credited": applied, "vendor_credit_refunds": refunds, "_held_base": str(base)}
    return touch(company, credit, **changed, **_left({**credit.copy(), **changed}))


def refunds_of(company: Company, credit: Record) -> list[Record]:
    """The refunds of a vendor credit."""
    return company.records.find(REFUND, "vendor_credit_id", credit.id)


def _refund_row(record: Record, base: str) -> Body:
    body = record.body
    return {
        "vendor_credit_refund_id": record.id,
        "vendor_credit_id": body["vendor_credit_id"],
        "date": body["date"],
        "refund_mode": body["refund_mode"],
        "reference_number": body["reference_number"],
        "description": body["description"],
        "amount_fcy": body["amount"],
        "amount_bcy": amount(Decimal(str(body["amount"])) * Decimal(str(body["exchange_rate"])), base),
    }


def refund(company: Company, credit: Record, given: Body, record: Record | None = None) -> Record:
    """Money back from a vendor for a vendor credit."""
    fields = Fields(given, record.body if record else None)
    if record is not None:
        check_open(company, record.body["date"])
        remove(company, record)
        credit = _show(company, credit, held=Decimal(str(record.body["_held_base"])))
    if credit.body["_state"] != "open":
        raise broken("credit_not_open", str(credit.body["_state"]))
    code = str(credit.body["currency_code"])
    day = fields.date("date", required=True)
    if day is None:
        raise Required("date")
    check_open(company, day.isoformat())
    money = fields.positive("amount", code)
    if money.amount > Decimal(str(credit.body["balance"])):
        raise broken("refund_exceeds", f"the vendor credit {credit.body['vendor_credit_number']}")
    rate = rates.rate_of(company, fields, code, day)
    account = expenses.paying_account(company, fields, code, name="account_id")
    base = payments.held(credit, money, company.currency)
    # A refund that is changed keeps its id, as a new record under it: what stood is taken back first.
    id = record.id if record else new_id(company)
    document: Body = {
        "vendor_credit_refund_id": id,
        "vendor_credit_id": credit.id,
        "vendor_credit_number": credit.body["vendor_credit_number"],
        "vendor_name": credit.body["vendor_name"],
        "date": day.isoformat(),
        "refund_mode": fields.text("refund_mode") or "cash",
        "reference_number": fields.text("reference_number"),
        "amount": amount(money.amount, code),
        "currency_code": code,
        "exchange_rate": rate.value,
        **accounts.members(account),
        "description": fields.text("description", limit=NOTE_MAX),
        "_held_base": str(base.amount),
        "_matched": "",
    }
    facts = payments.refund_facts(
        company, credit, account, money, rate, base, day=day.isoformat(), held_in=chart.PAYABLE
    )
    saved = save(company, REFUND, id, document=document, facts=facts)
    _show(company, credit, held=-base.amount)
    return saved


def delete_refund(company: Company, credit: Record, record: Record) -> None:
    """Delete a refund."""
    check_open(company, record.body["date"])
    if record.body["_matched"]:
        raise broken("transaction_matched")
    remove(company, record)
    _show(company, credit, held=Decimal(str(record.body["_held_base"])))
