"""Bills: what is owed to a contact, with 1 to 40 items; paid by explanations, refunded when the total is negative.

Source: https://dev.freeagent.com/docs/bills
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from msgspec import Struct

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.money import Money, Rate, total
from sandbooks.platforms.freeagent.fields import Fields
from sandbooks.platforms.freeagent.posting import TRADE_CREDITORS
from sandbooks.platforms.freeagent.rates import day_rate
from sandbooks.platforms.freeagent.records import (
    attachments,
    bill_items,
    capital_assets,
    cis,
    hire_purchases,
    properties,
    recurring,
    revaluations,
    stock,
)
from sandbooks.platforms.freeagent.records.storing import check_open, new_id, refer, remove, save, touch
from sandbooks.platforms.freeagent.refusals import Invalid
from sandbooks.platforms.freeagent.tax import Scheme, ec_status, scheme_of
from sandbooks.platforms.freeagent.wire import decimal_text, path, tail

KIND = "bill"
EXPLANATION = "bank_transaction_explanation"


class OpenItem(Struct, frozen=True):
    """What is open of a bill on trade creditors: credits are negative, as in the books."""

    amount: Money
    base: Money


def create(company: Company, given: dict[str, Any], *, several_files: bool = False, occurrence: bool = False) -> Record:
    """A new bill; the ``occurrence`` of one that recurs has its reference. Raises ``Invalid``."""
    return _write(company, given, None, several_files=several_files, occurrence=occurrence)


def update(company: Company, record: Record, given: dict[str, Any], *, several_files: bool = False) -> Record:
    """Change a bill; items that are not named stay. Raises ``Invalid``."""
    check_open(company, record.body["dated_on"])
    return _write(company, given, record, several_files=several_files)


def _write(
    company: Company,
    given: dict[str, Any],
    record: Record | None,
    *,
    several_files: bool,
    occurrence: bool = False,
) -> Record:
    fields = Fields(given, record.body if record else None)
    head = _head(company, fields)
    rate = exchange_rate(company, fields, head)
    dated = date.fromisoformat(head["dated_on"]) if head["dated_on"] else None
    scheme = scheme_of(company, dated)
    ec = ec_status(fields, scheme, dated)
    files = attachments.read(fields, several=several_files)
    if not occurrence:
        _check_reference(company, head, fields, record)
    if record is None and given.get("bill_items") in (None, []):
        fields.wrong("bill_items", "can't be blank")
    fields.check()
    items = bill_items.read(
        company,
        given.get("bill_items"),
        standing=record.body["bill_items"] if record else [],
        rate=rate,
        scheme=scheme,
        ec=ec,
    )
    document = head | _totals(items, rate) | {"bill_items": [item.document for item in items]}
    document |= _deduction(company, document, record)
    if fields.has("ec_status"):
        document["ec_status"] = ec
    if record is not None:
        _check_paid(company, record, document)
    check_open(company, document["dated_on"])
    facts = _facts(rate, scheme, items) | cis.held_back_at_once(company, document)
    return _keep(company, record, document, facts=facts, files=files, items=items)


def _check_reference(company: Company, head: dict[str, Any], fields: Fields, record: Record | None) -> None:
    """Refuse a reference that another bill of the contact has, in a company that takes each once."""
    # Unconfirmed: whether the live service takes a reference twice, as here unless ``unique_bill_references`` is set.
    names = ("contact", "reference")
    stays = record is not None and all(head[name] == record.body[name] for name in names)
    if stays or not company.settings.get("unique_bill_references"):
        return
    for other in company.records.find(KIND, "reference", head["reference"].lower()):
        if other.body["contact"] == head["contact"] and (record is None or other.id != record.id):
            fields.wrong("reference", "has already been taken")
            return


def _keep(
    company: Company,
    record: Record | None,
    document: dict[str, Any],
    *,
    facts: dict[str, Any],
    files: Any,
    items: list[bill_items.Item],
) -> Record:
    id = record.id if record else new_id(company, KIND)
    document = {"url": path("bills", id), **document}
    lines = _number(company, document, items)
    draft = hire_purchases.drafted(company, document) if document["is_paid_by_hire_purchase"] else None
    facts |= _controlled(company, record, document, draft)
    saved = save(company, KIND, id, document=document, facts=facts)
    hire_purchases.keep(company, saved, draft)
    capital_assets.keep(company, saved, lines, facts=facts)
    stock.follow(company, record.body if record else {}, document)
    attachments.attach(company, saved, files)
    settle(company, id)
    recurring.plan(company, saved)
    return company.records.get(KIND, id) or saved


def _number(company: Company, document: dict[str, Any], items: list[bill_items.Item]) -> list[capital_assets.Line]:
    """Give the items their URLs, and those that buy assets theirs; the lines that buy."""
    standing = capital_assets.made_by(company, document["url"])
    lines = []
    for place, item in enumerate(items):
        shown = item.document
        shown.setdefault("url", path("bill_items", new_id(company, "bill_item")))
        shown["bill"] = document["url"]
        if item.bought is not None:
            url, words = shown["url"], shown["description"]
            shown |= capital_assets.members(company, item.bought, standing.get(url), years="depreciation_schedule")
            lines.append(capital_assets.Line(place=place, url=url, description=words, bought=item.bought))
    return lines


def _controlled(
    company: Company, record: Record | None, document: dict[str, Any], draft: dict[str, Any] | None
) -> dict[str, Any]:
    """The account that the bill is owed on: it stays where it is once something is paid."""
    if record is not None and payments(company, record.id):
        return {"control": control_of(company, record)}
    return {"control": TRADE_CREDITORS if draft is None else hire_purchases.control(company, draft, document)}


def control_of(company: Company, record: Record) -> str:
    """The account that a bill is owed on: trade creditors, or its own under hire purchase."""
    return str(company.records.facts(KIND, record.id).get("control", TRADE_CREDITORS))


def _deduction(company: Company, document: dict[str, Any], record: Record | None) -> dict[str, Any]:
    contact = company.records.get("contact", tail(document["contact"], "contacts"))
    if contact is None or not cis.is_contractor(company):
        return {}
    standing = record.body if record is not None else {}
    return cis.bill_members(contact.body, standing, document["bill_items"], document["currency"])


def _head(company: Company, fields: Fields) -> dict[str, Any]:
    from sandbooks.platforms.freeagent.records.purposes import rebilling

    contact = fields.record("contact", company, "contact", required=True)
    currency = fields.currency("currency", company.currency)
    dated_on = fields.date("dated_on", required=True)
    due_on = fields.date("due_on", required=True)
    head: dict[str, Any] = {
        "contact": refer(contact) if contact else "",
        "reference": fields.text("reference", required=True) or "",
        "dated_on": dated_on.isoformat() if dated_on else "",
        "due_on": due_on.isoformat() if due_on else "",
        "currency": currency,
        "input_total_values_inc_tax": fields.flag("input_total_values_inc_tax", default=currency != company.currency),
        "is_paid_by_hire_purchase": hire_purchases.read(company, fields),
    }
    comments = fields.text("comments", limit=65535)
    if comments is not None:
        head["comments"] = comments
    head |= properties.read(company, fields, required=True)
    return head | rebilling(company, fields) | recurring.read(company, fields, dated_on)


def exchange_rate(company: Company, fields: Fields, head: dict[str, Any]) -> Rate:
    """Native units for one unit of a document's currency: as given, else the day's."""
    native = Rate(Decimal(1), company.currency, company.currency)
    if head["currency"] == company.currency or not head["dated_on"]:
        return native
    if fields.gives("exchange_rate") or (fields.has("exchange_rate") and not fields.gives("currency")):
        given = fields.decimal("exchange_rate")
        if given is not None and not Decimal("0.000000001") <= given < Decimal(10**9):
            fields.wrong("exchange_rate", "must be greater than 0")
        elif given is not None:
            return Rate(given, head["currency"], company.currency)
        return native
    found = day_rate(company, head["currency"], date.fromisoformat(head["dated_on"]))
    if found is None:
        fields.wrong("exchange_rate", "can't be blank")
    return found or native


def _totals(items: list[bill_items.Item], rate: Rate) -> dict[str, Any]:
    currency = rate.foreign
    gross = total((item.tax.gross for item in items), currency)
    tax = total((item.tax.tax for item in items), currency)
    second = total((item.tax.second for item in items), currency)
    members = {
        "total_value": decimal_text(gross.amount),
        # Source: https://dev.freeagent.com/docs/bills (samples show net and tax of a bill as negative)
        "net_value": decimal_text(-(gross - tax - second).amount),
        "sales_tax_value": decimal_text(-tax.amount),
        "exchange_rate": decimal_text(rate.value),
        "paid_value": "0.0",
        "due_value": decimal_text(gross.amount),
    }
    if second:
        members["second_sales_tax_value"] = decimal_text(-second.amount)
    return members


def _facts(rate: Rate, scheme: Scheme, items: list[bill_items.Item]) -> dict[str, Any]:
    return {
        "posts": "bill",
        "currency": rate.foreign,
        "base": rate.base,
        "rate": str(rate.value),
        "recoverable": scheme.recoverable,
        "notional": str(total((item.tax.notional for item in items), rate.foreign).amount),
    }


def _check_paid(company: Company, record: Record, document: dict[str, Any]) -> None:
    """A bill with payments keeps contact, currency and rate, and its total does not fall below what is paid."""
    # Unconfirmed: which attributes of a paid bill the live service locks.
    if not payments(company, record.id):
        return
    messages = [
        f"{name} can't be changed once the bill has payments"
        for name in ("contact", "currency", "exchange_rate", "is_paid_by_hire_purchase", "cis_deduction")
        if document.get(name) != record.body.get(name)
    ]
    paid, new = Decimal(record.body["paid_value"]), Decimal(document["total_value"])
    moved = new != Decimal(record.body["total_value"])
    fixed = document["currency"] != company.currency or bool(cis.deduction(document))
    if moved and (abs(new) < abs(paid) or new * paid < 0 or fixed):
        messages.append("total_value can't be changed to less than the paid value")
    if messages:
        raise Invalid(tuple(messages))


def payments(company: Company, id: str, *, but: str = "") -> list[Record]:
    """The explanations that pay or refund a bill."""
    return [found for found in company.records.find(EXPLANATION, "paid_bill", id) if found.id != but]


def open_item(company: Company, record: Record, *, but: str = "") -> OpenItem:
    """What the books hold open for a bill, as if the payment ``but`` did not stand."""
    amount, base = Money.zero(record.body["currency"]), Money.zero(company.currency)
    control = control_of(company, record)
    sources = [(KIND, record.id), *((EXPLANATION, payment.id) for payment in payments(company, record.id, but=but))]
    for kind, id in sources:
        posted = company.book.current(kind, id)
        for posting in posted.entry.postings if posted else ():
            if posting.account == control:
                amount, base = amount + posting.amount, base + posting.base
    return OpenItem(amount, base)


def held_back(company: Company, record: Record, *, but: str = "") -> Money:
    """What payments, or the bill itself, have held back for HMRC, as if the payment ``but`` did not stand."""
    kept = Money.of(company.records.facts(KIND, record.id).get("held_back", "0"), record.body["currency"])
    for payment in payments(company, record.id, but=but) if cis.deduction(record.body) else ():
        kept = kept - Money.of(company.records.facts(EXPLANATION, payment.id).get("held_back", "0"), kept.currency)
    return kept


def payable(record: Record, opened: OpenItem, kept: Money) -> Money:
    """What is left to be paid to the contact: what is open less what is still to be held back. It is negative, as in
    the books."""
    return opened.amount + cis.deduction(record.body) - kept


def held_back_with(record: Record, opened: OpenItem, kept: Money, paid: Money) -> Money:
    """What is held back with a payment, both negative; ``kept`` is what others held back."""
    before = Money.of(record.body["total_value"], paid.currency) - cis.deduction(record.body)
    return -cis.held_back(record.body, paid=before + payable(record, opened, kept) - paid, before=kept)


def settle(company: Company, id: str) -> None:
    """Bring paid and due value in step with the payments."""
    record = company.records.get(KIND, id)
    if record is None or record.deleted:
        return
    kept = held_back(company, record)
    due = -payable(record, open_item(company, record), kept)
    whole = Money.of(record.body["total_value"], record.body["currency"])
    document = record.copy()
    document["paid_value"] = decimal_text((whole - cis.deduction(document) - due).amount)
    document["due_value"] = decimal_text(due.amount)
    if "cis_deduction" in document:
        document["cis_deduction_suffered"] = decimal_text(kept.amount)
    document.pop("paid_on", None)
    standing = payments(company, id)
    if whole and not due and standing:
        document["paid_on"] = max(payment.body["dated_on"] for payment in standing)
    if document != record.body or standing:
        touch(company, record, document)
    revalue(company, record)


def revalue(company: Company, record: Record) -> None:
    """Bring the revaluation of a foreign bill in step with what is open of it."""
    opened = open_item(company, record)
    standing = revaluations.Standing(control_of(company, record), opened.amount, opened.base)
    revaluations.follow(company, record, standing)


def status(document: dict[str, Any], today: date) -> str:
    """The payment status, from the values and the due date."""
    whole, due = Decimal(document["total_value"]), Decimal(document["due_value"])
    if not whole:
        return "Zero Value"
    if not due:
        return "Refunded" if whole < 0 else "Paid"
    return "Overdue" if document["due_on"] < today.isoformat() else "Open"


def long_status(document: dict[str, Any], today: date) -> str:
    """The status with the due date relative to today."""
    return relative_status(status(document, today), document["due_on"], today)


def relative_status(word: str, due_on: str, today: date) -> str:
    """A status with its due date relative to today, where it waits for one."""
    if word not in ("Open", "Overdue"):
        return word
    days = (date.fromisoformat(due_on) - today).days
    if not days:
        return f"{word} - due today"
    near = f"{abs(days)} day{'' if abs(days) == 1 else 's'}" if abs(days) < 30 else _months(abs(days))
    return f"{word} - due in {near}" if days > 0 else f"{word} - due {near} ago"


def _months(days: int) -> str:
    months = max(1, round(days / 30))
    return f"about {months} month{'' if months == 1 else 's'}"


def delete(company: Company, record: Record) -> None:
    """Delete a bill that has no payments. Raises ``Invalid``, ``PeriodClosed``."""
    check_open(company, record.body["dated_on"])
    if payments(company, record.id):
        raise Invalid(("Bill has payments and can't be deleted",))
    attachments.drop_all(company, record)
    capital_assets.drop(company, record)
    hire_purchases.keep(company, record, None)
    control = control_of(company, record)
    remove(company, record)
    nothing = Money.zero(record.body["currency"]), Money.zero(company.currency)
    revaluations.follow(company, record, revaluations.Standing(control, *nothing))
    stock.follow(company, record.body)
