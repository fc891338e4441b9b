"""Bills: what is owed to a vendor. Drafts and bills that wait for approval post nothing.

Source: https://www.zoho.com/books/api/v3/bills/
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from sandbooks.kit.company import Company
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.records import Record
from sandbooks.money import Money, Rate
from sandbooks.platforms.zoho_books import chart
from sandbooks.platforms.zoho_books.fields import NOTE_MAX, Fields
from sandbooks.platforms.zoho_books.records import accounts, contacts, custom_fields, files, heading, lines
from sandbooks.platforms.zoho_books.records.heading import Head
from sandbooks.platforms.zoho_books.records.storing import check_open, facts_of, new_id, remove, save, touch
from sandbooks.platforms.zoho_books.refusals import broken
from sandbooks.platforms.zoho_books.wire import Body, amount

KIND = "bill"
STATES = ("draft", "pending_approval", "open", "void")
_POSTED = ("open",)
_KEPT = (
    *("vat_treatment", "source_of_supply", "destination_of_supply", "place_of_supply", "permit_number"),
    *("gst_treatment", "tax_treatment", "gst_no"),
)


def create(company: Company, given: Body, *, opening: bool = False) -> Record:
    """A new bill; ``opening``: it stands for what was owed before the organisation began."""
    return write(company, given, None, opening=opening)


def update(company: Company, record: Record, given: Body) -> Record:
    """Change a bill."""
    check_open(company, record.body["date"])
    if record.body["_state"] == "void":
        raise broken("bill_status", "void")
    return write(company, given, record)


def write(company: Company, given: Body, record: Record | None, *, opening: bool = False) -> Record:
    """A new version of a bill. Its number is unique among the bills of its vendor."""
    document, facts = read(company, given, record, opening=opening)
    return save(company, KIND, document["bill_id"], document=document, facts=facts)


def read(company: Company, given: Body, record: Record | None, *, opening: bool = False) -> tuple[Body, Body]:
    """A bill as it would stand, and the facts of its entry; nothing is kept."""
    standing = record.body if record else {}
    fields = Fields(given, standing)
    if fields.decimal("discount"):
        raise NotSimulated("discounts on bills")
    vendor = heading.vendor_of(contacts.vendor(company, fields))
    number = fields.text("bill_number", required=True)
    _check_number(company, vendor, number, record)
    head = heading.read(company, fields, currency=str(vendor.body["currency_code"]))
    listed = lines.read(company, fields, currency=head.code, rate=head.rate)
    adjustment = lines.adjustment(fields, head.code)
    total = listed.total + adjustment
    if total.amount < 0:
        raise broken("bill_total_negative")
    _check_settled(record, vendor, head.code, head.rate, total)
    id = record.id if record else new_id(company)
    document: Body = {
        "bill_id": id,
        "bill_number": number,
        **_head_members(company, fields, head, vendor),
        "adjustment": amount(adjustment.amount, head.code),
        "adjustment_description": fields.text("adjustment_description"),
        "line_items": listed.documents,
        "taxes": listed.taxes,
        "sub_total": amount(listed.sub_total.amount, head.code),
        "tax_total": amount(listed.tax_total.amount, head.code),
        "total": amount(total.amount, head.code),
        **files.standing(standing, "attachment_name", "documents"),
        "payments": standing.get("payments", []),
        "vendor_credits": standing.get("vendor_credits", []),
        "_state": _state(fields, record),
        "_relieved_base": standing.get("_relieved_base", "0"),
        **({"recurring_bill_id": standing["recurring_bill_id"]} if "recurring_bill_id" in standing else {}),
        **({"_opening": True} if opening or standing.get("_opening") else {}),
        "_keys": {"number": number.lower()},
    }
    if document.get("_opening"):
        document["_keys"]["opening"] = vendor.id
    facts = head.facts(company) | _facts(company, document, listed, adjustment)
    return document | _settlement(document), facts


def _head_members(company: Company, fields: Fields, head: Head, vendor: Record) -> Body:
    """What a bill shows above and below its lines."""
    return {
        **contacts.members(vendor, "vendor"),
        "reference_number": fields.text("reference_number"),
        "date": head.iso,
        "due_date": _due(fields, head.day, vendor).isoformat(),
        "payment_terms": fields.whole("payment_terms", default=int(vendor.body["payment_terms"]), most=1000),
        "payment_terms_label": fields.text("payment_terms_label") or str(vendor.body["payment_terms_label"]),
        **head.members("currency_symbol", "price_precision"),
        "is_item_level_tax_calc": fields.flag("is_item_level_tax_calc"),
        "is_inclusive_tax": fields.flag("is_inclusive_tax"),
        "rounding_mode": lines.rounding(fields),
        **heading.location(company, fields),
        **{member: fields.text(member) for member in _KEPT},
        "notes": fields.text("notes", limit=NOTE_MAX),
        "terms": fields.text("terms", limit=10000),
        "custom_fields": custom_fields.read(company, KIND, fields),
        "billing_address": vendor.body["billing_address"],
    }


def _facts(company: Company, document: Body, listed: lines.Lines, adjustment: Money) -> Body:
    costs = [*listed.facts["costs"], *lines.adjustment_costs(company, adjustment)]
    return {
        "posts": document["_state"] in _POSTED,
        "memo": document["bill_number"],
        "party": document["vendor_id"],
        "account": accounts.named(company, chart.PAYABLE).id,
        "total": str(document["total"]),
        "costs": costs,
        "charges": listed.facts["charges"],
    }


def _check_number(company: Company, vendor: Record, number: str, record: Record | None) -> None:
    # Source: https://docs.codat.io/payables/sync/update-bill (a reference is used once per supplier)
    if company.settings.get("allow_duplicate_bill_numbers"):
        return
    for other in company.records.find(KIND, "number", number.lower()):
        taken = other.body["vendor_id"] == vendor.id and other.body["_state"] != "void"
        if taken and (record is None or other.id != record.id):
            raise broken("bill_number_exists", number)


def _due(fields: Fields, day: date, vendor: Record) -> date:
    due = fields.date("due_date")
    if due is None or (fields.gives("payment_terms") and not fields.gives("due_date")):
        days = fields.whole("payment_terms", default=int(vendor.body["payment_terms"]), most=1000)
        try:
            return day + timedelta(days=days)
        except OverflowError:
            return day
    if due < day:
        # Source: https://docs.codat.io/payables/sync/update-bill (due date not before issue date)
        raise broken("due_before_date")
    return due


def _check_settled(record: Record | None, vendor: Record, code: str, rate: Rate, total: Money) -> None:
    """What payments and credits rest on stays as it is; the total may not go below them."""
    if record is None or not (record.body["payments"] or record.body["vendor_credits"]):
        return
    held = record.body
    if (
        held["vendor_id"] != vendor.id
        or held["currency_code"] != code
        or Decimal(str(held["exchange_rate"])) != rate.value
    ):
        raise broken("bill_has_payments")
    if total.amount < paid(held):
        raise broken("bill_below_paid")


def paid(body: Body) -> Decimal:
    """What payments and credits have settled of a bill."""
    return _made(body) + sum((Decimal(str(row["amount"])) for row in body["vendor_credits"]), Decimal(0))


def _made(body: Body) -> Decimal:
    """What payments have settled of a bill, with the tax that they withheld."""
    rows = body["payments"]
    parts = ("amount", "tax_amount_withheld")
    return sum((Decimal(str(row.get(name, 0))) for row in rows for name in parts), Decimal(0))


def _state(fields: Fields, record: Record | None) -> str:
    if record is None:
        return "draft" if fields.choice("status", ("draft", "open")) == "draft" else "open"
    state = str(record.body["_state"])
    if state == "draft" and fields.given.get("status") == "open":
        return "open"
    return state


def _settlement(body: Body) -> Body:
    """What follows from the payments and credits of a bill."""
    code = body["currency_code"]
    made = _made(body)
    credits = sum((Decimal(str(row["amount"])) for row in body["vendor_credits"]), Decimal(0))
    left = Decimal(str(body["total"])) - made - credits
    return {
        "payment_made": amount(made, code),
        "vendor_credits_applied": amount(credits, code),
        "balance": amount(left if body["_state"] == "open" else 0, code),
    }


def status(body: Body, today: date) -> str:
    """The status that a bill shows on a day."""
    if body["_state"] != "open":
        return str(body["_state"])
    if not Decimal(str(body["balance"])):
        # Unconfirmed: the status of a bill whose total is zero.
        return "paid"
    if body["due_date"] < today.isoformat():
        return "overdue"
    return "partially_paid" if body["payments"] or body["vendor_credits"] else "open"


def open_base(company: Company, record: Record) -> Money:
    """What is open of a bill on accounts payable, in base currency."""
    body = record.body
    rate = Rate(Decimal(str(body["exchange_rate"])), body["currency_code"], company.currency)
    total = rate.to_base(Money.of(Decimal(str(body["total"])), rate.foreign))
    return total - Money.of(str(body["_relieved_base"]), company.currency)


def settle(company: Company, record: Record, *, relieved: Money, **rows: list[Body]) -> Record:
    """Note what payments and credits do to a bill; ``relieved`` (base) is negative where one is taken back."""
    body = {**record.copy(), **rows}
    before = Money.of(str(body["_relieved_base"]), company.currency)
    body["_relieved_base"] = str((before + relieved).amount)
    return touch(company, record, **rows, _relieved_base=body["_relieved_base"], **_settlement(body))


def set_state(company: Company, record: Record, state: str) -> Record:
    """Open, void, submit or approve a bill."""
    held = str(record.body["_state"])
    if state == held:
        return record
    allowed = {
        "open": ("draft", "void", "pending_approval"),
        "void": ("open", "draft", "pending_approval"),
        "pending_approval": ("draft",),
    }
    if held not in allowed[state]:
        raise broken("bill_status", held)
    check_open(company, record.body["date"])
    if state == "void" and (record.body["payments"] or record.body["vendor_credits"]):
        raise broken("bill_has_payments")
    if state == "open":
        _recheck(company, record)
    document = {**record.copy(), "_state": state}
    facts = {**facts_of(company, record), "posts": state in _POSTED}
    return save(company, KIND, record.id, document=document | _settlement(document), facts=facts)


def _recheck(company: Company, record: Record) -> None:
    """A bill that comes back from void may find its number taken."""
    vendor = company.records.get(contacts.KIND, record.body["vendor_id"])
    if vendor is not None:
        _check_number(company, vendor, str(record.body["bill_number"]), record)


def delete(company: Company, record: Record) -> None:
    """Delete a bill without payments and credits."""
    check_open(company, record.body["date"])
    if record.body["payments"] or record.body["vendor_credits"]:
        raise broken("bill_has_payments")
    files.drop_all(company, record)
    remove(company, record)
