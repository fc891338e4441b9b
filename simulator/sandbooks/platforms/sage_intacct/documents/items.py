"""Open items: what is still owed on a bill, a debit memo or an expense report, and what pays it.

The amount that the books hold for a document is that of its own posting, less what each standing payment relieved.
Credits are negative, as in the books.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from msgspec import Struct

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.ledger.fx import settle
from sandbooks.money import Money, Rate
from sandbooks.platforms.sage_intacct.documents.credits import shares_of
from sandbooks.platforms.sage_intacct.objects.keeping import facts_of, find, touch
from sandbooks.platforms.sage_intacct.posting import advanced_by_account, owed_by_account, rate_of
from sandbooks.platforms.sage_intacct.refusals import Overpaid
from sandbooks.platforms.sage_intacct.wire.scalars import decimal_text

PAYMENTS = {"APBILL": "APPYMT", "APADJUSTMENT": "APPYMT", "APADVANCE": "APPYMT", "EEXPENSES": "EPPAYMENT"}
# States in which a payment has taken effect, and those in which it has only selected what it will pay.
EFFECTIVE = ("Confirmed",)
PENDING = ("Draft", "Submitted", "Approved", "Delivered")
_RESTING = ("Draft", "Submitted", "Pending Approval", "Declined", "Reversed", "Reversal", "Voided")


# What a vendor owes back, as it is: bills are the other way round.
_CREDITS = ("APADJUSTMENT", "APADVANCE")


class OpenItem(Struct, frozen=True):
    """What is open of a document on one control account."""

    account: str
    amount: Money
    base: Money


def payments_of(company: Company, record: Record, states: tuple[str, ...]) -> list[Record]:
    """The payments of a document that are in some states."""
    found = company.records.find(PAYMENTS[record.kind], "PAYS", record.id)
    return [payment for payment in found if payment.body["STATE"] in states and not payment.body.get("REVERSEDKEY")]


def open_items(company: Company, record: Record) -> list[OpenItem]:
    """What is open, by control account, in the order of the document's lines."""
    facts = facts_of(company, record)
    if record.kind == "APADVANCE":
        held = advanced_by_account(record.body, facts)
    else:
        held = owed_by_account(record.body, facts)
    if record.kind not in _CREDITS:
        held = {account: (-amount, -base) for account, (amount, base) in held.items()}
    for payment in payments_of(company, record, EFFECTIVE):
        for item in facts_of(company, payment)["items"]:
            if item["record"] == record.id:
                amount, base = held[item["account"]]
                paid, relieved = Money.of(item["paid"], amount.currency), Money.of(item["relieved_base"], base.currency)
                held[item["account"]] = (amount - paid, base - relieved)
    return [OpenItem(account, amount, base) for account, (amount, base) in held.items()]


def open_amount(company: Company, record: Record) -> Money:
    """What is open in all; negative for what is owed."""
    rate = rate_of(facts_of(company, record))
    amount = Money.zero(rate.foreign)
    for item in open_items(company, record):
        amount = amount + item.amount
    return amount


def relieve(company: Company, record: Record, shares: Mapping[str, Money], rate: Rate) -> list[dict[str, Any]]:
    """The items of a payment for a document: shares by control account, empty for whatever is open.

    They have the sign of what is open. Raises ``Overpaid``.
    """
    items: list[dict[str, Any]] = []
    left = shares.get("", Money.zero(rate.foreign))
    for item in open_items(company, record):
        share = shares.get(item.account, Money.zero(rate.foreign))
        room = item.amount - share
        if left and room.amount * left.amount > 0:
            more = left if abs(left) <= abs(room) else room
            share, left = share + more, left - more
        if share:
            items.append(_relieved(record, item, share, rate))
    wanted = sum((share.amount for share in shares.values()), Decimal(0))
    if wanted != sum((Decimal(item["paid"]) for item in items), Decimal(0)):
        raise Overpaid(decimal_text(abs(open_amount(company, record)).amount), decimal_text(abs(wanted)))
    return items


def _relieved(record: Record, item: OpenItem, share: Money, rate: Rate) -> dict[str, Any]:
    if abs(share) > abs(item.amount) or share.amount * item.amount.amount < 0:
        raise Overpaid(decimal_text(abs(item.amount).amount), decimal_text(abs(share).amount))
    settled = settle(item.amount, item.base, paid=share, paid_base=rate.to_base(share))
    return {
        "record": record.id,
        "kind": record.kind,
        "account": item.account,
        "open": decimal_text(item.amount.amount),
        "open_base": decimal_text(item.base.amount),
        "paid": decimal_text(share.amount),
        "relieved_base": decimal_text(settled.relieved_base.amount),
    }


def _worth(company: Company, record: Record) -> list[Decimal]:
    """The lines of a document with their taxes."""
    lines = facts_of(company, record)["lines"]
    taxes = [(Decimal(tax["amount"]) for tax in line.get("taxes", ()) if "output" not in tax) for line in lines]
    return [Decimal(line["net"]) + sum(each, Decimal(0)) for line, each in zip(lines, taxes, strict=True)]


def is_credit(company: Company, record: Record, place: int) -> bool:
    """Whether a line, counted from 1, is owed by the vendor."""
    return (_worth(company, record)[place - 1] > 0) == (record.kind in _CREDITS)


def line_open(company: Company, record: Record, place: int) -> tuple[str, Decimal]:
    """The account on which a line, counted from 1, is open, and how much of it is, without what is selected of it."""
    facts = facts_of(company, record)
    line = facts["lines"][place - 1]
    account = line["account"] if record.kind == "APADVANCE" else line.get("control") or facts["control"]
    opened = abs(_worth(company, record)[place - 1]) - abs(line_payments(company, record)[place - 1])
    selected = (
        amount
        for payment in payments_of(company, record, PENDING)
        for detail in payment.body["LINES"]
        for entry, amount in shares_of(detail, record.id)
        if entry and int(entry.removeprefix(record.id)) == place
    )
    return str(account), opened - sum(selected, Decimal(0))


def line_payments(company: Company, record: Record) -> list[Decimal]:
    """What is paid of each line: as details name lines, the rest line by line in order."""
    # Source: developer.intacct.com/api/accounts-payable/ap-payments (the setup decides how an amount is spread over
    # lines). Unconfirmed: which way is the usual one.
    worth = _worth(company, record)
    paid = [Decimal(0) for _ in worth]
    spread = Decimal(0)
    for payment in payments_of(company, record, EFFECTIVE):
        for detail in payment.body["LINES"]:
            for entry, amount in shares_of(detail, record.id):
                if entry:
                    paid[int(entry.removeprefix(record.id)) - 1] += amount
                else:
                    spread += amount
    sign = -1 if sum(worth, Decimal(0)) < 0 else 1
    for place, whole in enumerate(worth):
        share = max(min(spread, whole * sign - paid[place]), Decimal(0))
        paid[place], spread = paid[place] + share, spread - share
    return [-amount if whole < 0 else amount for whole, amount in zip(worth, paid, strict=True)]


def refresh(company: Company, kind: str, id: str) -> None:
    """Bring the paid, selected and due amounts and the state of a document in step with its payments."""
    record = find(company, kind, id)
    if record is None or record.body["STATE"] in _RESTING:
        return
    document = record.copy()
    entered = Decimal(document["TRX_TOTALENTERED"])
    whole, base = Decimal(document["TRX_TOTALENTERED"]), Decimal(document["TOTALENTERED"])
    sign = 1 if kind in _CREDITS else -1
    opened = sum((item.amount.amount for item in open_items(company, record)), Decimal(0)) * sign
    open_base = sum((item.base.amount for item in open_items(company, record)), Decimal(0)) * sign
    selected = _selected(company, record)
    rate = rate_of(facts_of(company, record))
    document.update(
        TRX_TOTALPAID=decimal_text(whole - opened),
        TOTALPAID=decimal_text(base - open_base),
        TRX_TOTALSELECTED=decimal_text(selected),
        TOTALSELECTED=decimal_text(rate.to_base(Money(selected, rate.foreign)).amount),
        TRX_TOTALDUE=decimal_text(opened - selected),
        TOTALDUE=decimal_text(open_base - rate.to_base(Money(selected, rate.foreign)).amount),
        STATE=_state(kind, entered, opened, selected),
    )
    effective = payments_of(company, record, EFFECTIVE)
    if kind != "APADVANCE":
        document["WHENPAID"] = effective[-1].body["WHENCREATED"] if effective and not opened else ""
    if document != record.body:
        touch(company, record, document)


def _state(kind: str, entered: Decimal, opened: Decimal, selected: Decimal) -> str:
    # Source: Sage Intacct help, "Bill state descriptions", "Field descriptions: Advances" (states)
    if kind == "APADVANCE":
        return "Advance paid" if opened == entered else "Partially applied" if opened else "Fully applied"
    if entered and not opened:
        return "Paid"
    if selected:
        return "Selected"
    if opened != entered:
        return "Partially Paid"
    return "Approved" if kind == "EEXPENSES" else "Posted"


def _selected(company: Company, record: Record) -> Decimal:
    chosen = Decimal(0)
    for payment in payments_of(company, record, PENDING):
        for item in facts_of(company, payment)["items"]:
            if item["record"] == record.id:
                chosen += abs(Decimal(item["paid"]))
    return chosen
