"""Open items: what is left of a bill, an expense report or a vendor credit, in its currency and in base."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from msgspec import Struct

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.ledger import OverSettled, settle
from sandbooks.money import Money
from sandbooks.platforms.netsuite.posting import id_of, rate_of
from sandbooks.platforms.netsuite.records import ledgers, store
from sandbooks.platforms.netsuite.records.header import Draft
from sandbooks.platforms.netsuite.refusals import BadContent, UserError

Body = dict[str, Any]
APPLYING = ("vendorPayment", "vendorCredit")


class OpenItem(Struct, frozen=True):
    """What is left, positive; ``account`` is the payables account that holds it."""

    amount: Money
    base: Money
    account: str


class Application(Struct, frozen=True):
    """A line of a payment or credit that settles a document."""

    record: Record
    facts: Body
    settled: Body

    @property
    def amount(self) -> Decimal:
        return Decimal(self.settled["paid"]) + Decimal(self.settled.get("discount", 0))


def applications(company: Company, doc: str, *, but: str = "") -> Iterator[Application]:
    """Every live application to a document, oldest first, those of the document ``but`` left out."""
    found = [r for kind in APPLYING for r in company.records.find(kind, "doc", doc) if r.id != but]
    for record in sorted(found, key=lambda r: r.sequence):
        facts = store.facts_of(company, record)
        if facts.get("voided"):
            continue
        for settled in (*facts.get("applied", ()), *facts.get("credits", ())):
            if settled["doc"] == doc:
                yield Application(record, facts, settled)


def open_item(company: Company, record: Record, *, but: str = "", group: bool = False) -> OpenItem:
    """What is left of a document, as if the payment ``but`` did not stand; ``group``: in the root's currency."""
    facts = _seen(store.facts_of(company, record), group=group)
    amount, base = _whole(company, record, facts, group=group)
    own = facts.get("applied", ()) if record.kind == "vendorCredit" else ()
    sent = [Decimal(a["paid"]) for a in own]
    taken = [a.amount for a in applications(company, record.id, but=but)]
    for part in (*sent, *taken):
        paid = Money(part, amount.currency)
        relief = settle(amount, base, paid=paid, paid_base=rate_of(facts).to_base(paid))
        amount, base = relief.open_amount, relief.open_base
    return OpenItem(amount, base, facts["account"])


def _seen(facts: Body, *, group: bool) -> Body:
    return ledgers.as_group(facts) if group else facts


def _whole(company: Company, record: Record, facts: Body, *, group: bool) -> tuple[Money, Money]:
    """What a document put on its payables account, at its own rate."""
    amount, base = Money.zero(facts["currency"]), Money.zero(facts["base"])
    posted = ledgers.current(company, record, facts, group=group)
    for posting in posted.entry.postings if posted else ():
        if posting.account == facts["account"] and posting.amount:
            amount, base = amount + posting.amount, base + posting.base
    return (amount, base) if record.kind == "vendorCredit" else (-amount, -base)


def apply_lines(draft: Draft, sublist: str, targets: tuple[str, ...]) -> list[Body]:
    """Check the applied lines of a sublist: each names an open document of the same entity and currency.

    The result is what the posting needs of each: ``doc``, ``open``, ``open_base``, ``paid``, ``account``.
    """
    applied: list[Body] = []
    for n, line in enumerate(draft.lines(sublist)):
        line.setdefault("apply", True)
        if not line["apply"]:
            continue
        path = f"{sublist}.items[{n}]"
        record = store.refer(draft.company, targets, id=id_of(line.get("doc"))) if line.get("doc") else None
        if record is None:
            raise BadContent("You have entered an Invalid Field Value for the following field: doc", f"{path}.doc")
        if any(a["doc"] == record.id for a in applied):
            raise UserError("A transaction can be applied only once.", f"{path}.doc")
        applied.append(_application(draft, line, record, path))
    return applied


def _application(draft: Draft, line: Body, record: Record, path: str) -> Body:
    facts = store.facts_of(draft.company, record)
    if id_of(record.body.get("entity")) != draft.ref("entity") or not facts.get("posts") or facts.get("voided"):
        raise UserError(f"You have entered an Invalid Field Value {record.id} for the following field: doc", path)
    if id_of(record.body["currency"]) != draft.ref("currency"):
        raise UserError("The currency of the transaction does not match the currency of the applied record.", path)
    if id_of(record.body["subsidiary"]) != draft.ref("subsidiary"):
        raise UserError("The subsidiary of the transaction does not match the subsidiary of the applied record.", path)
    left = open_item(draft.company, record, but=draft.id)
    discount = draft.money(line.get("discount"))
    if line.get("amount") is None:
        line["amount"] = (left.amount - discount).amount
    paid = draft.money(line["amount"])
    if paid.amount < 0 or discount.amount < 0 or not (paid + discount):
        raise UserError("The amount to apply must be more than zero.", f"{path}.amount")
    if paid + discount > left.amount:
        raise OverSettled(left.amount, paid + discount)
    made = {
        "doc": record.id,
        "kind": record.kind,
        "open": str(left.amount.amount),
        "open_base": str(left.base.amount),
        "paid": str(paid.amount),
        "discount": str(discount.amount),
        "account": left.account,
    }
    if ledgers.GROUP in draft.facts:
        made["group_base"] = str(open_item(draft.company, record, but=draft.id, group=True).base.amount)
    return made


def remaining(company: Company, record: Record) -> Decimal:
    """What is left of a document, in its currency; zero while it does not post."""
    facts = store.facts_of(company, record)
    if not facts.get("posts") or facts.get("voided"):
        return Decimal(0)
    return open_item(company, record).amount.amount


def is_applied(company: Company, record: Record) -> bool:
    """Whether other documents settle this one, or settle through it."""
    return next(applications(company, record.id), None) is not None


# Deposits of customer payments


def deposit_of(company: Company, payment: str, *, but: str = "") -> Record | None:
    """The deposit that took a customer payment to the bank, the deposit ``but`` left out."""
    found = company.records.find("deposit", "doc", payment)
    return next((record for record in found if record.id != but and not record.body.get("voided")), None)


def deposited(draft: Draft, line: Body, path: str) -> Body:
    """What the posting needs of a payment that a line of a deposit takes along."""
    record = store.get(draft.company, "customerPayment", str(line.get("id") or ""))
    if record is None:
        raise BadContent(f"You have entered an Invalid Field Value {line.get('id')} for the following field: id", path)
    waiting = is_waiting(draft.company, record, but=draft.id)
    if not waiting or any(record.body[name] != draft.body[name] for name in ("currency", "subsidiary")):
        # Unconfirmed: the sentence; the screen lists only payments that wait to be deposited in the same currency.
        raise UserError(f"You have entered an Invalid Field Value {record.id} for the following field: id", path)
    return held_of(draft.company, record)


def is_waiting(company: Company, payment: Record, *, but: str) -> bool:
    """Whether a customer payment is among the undeposited funds, the deposit ``but`` left out."""
    facts = store.facts_of(company, payment)
    held = bool(facts.get("posts") and not facts.get("voided") and facts["undeposited"])
    return held and deposit_of(company, payment.id, but=but) is None


def held_of(company: Company, payment: Record) -> Body:
    """A customer payment as it stands among the undeposited funds; ``group_base`` where the group has a view of it."""
    facts = store.facts_of(company, payment)
    made = {"doc": payment.id, "account": facts["account"], "party": id_of(payment.body["customer"])}
    made |= {"amount": str(payment.body["payment"]), "base": _held(company, payment, facts)}
    if ledgers.GROUP in facts:
        made["group_base"] = _held(company, payment, facts, group=True)
    return made


def _held(company: Company, record: Record, facts: Body, *, group: bool = False) -> str:
    """The base value at which a payment stands among the undeposited funds."""
    posted = ledgers.current(company, record, facts, group=group)
    return str(sum(p.base.amount for p in posted.entry.postings if p.account == facts["account"])) if posted else "0"


_OF_DEPOSIT = ("customer", "payment", "currency", "exchangeRate", "undepFunds", "account", "arAcct", "subsidiary")


def check_deposited(draft: Draft) -> None:
    """A payment that was deposited keeps what the deposit rests on."""
    # Unconfirmed: which fields the live service locks, and its sentence.
    before = draft.before
    if before is None or deposit_of(draft.company, before.id) is None:
        return
    for name in _OF_DEPOSIT:
        if draft.body.get(name) != before.body.get(name):
            raise UserError(f"You cannot change {name}: this payment has been deposited.", name)


def check_applied(draft: Draft) -> None:
    """A document that others settle keeps entity, currency, rate and payables account, and covers what is applied."""
    # Unconfirmed: which fields of a paid bill the live service locks.
    before = draft.before
    if before is None or not is_applied(draft.company, before):
        return
    for name in ("entity", "currency", "exchangeRate", "account", "subsidiary"):
        if draft.body.get(name) != before.body.get(name):
            raise UserError(f"You cannot change {name}: payments have been applied to this transaction.", name)
    settled = sum((a.amount for a in applications(draft.company, before.id)), Decimal(0))
    moved = draft.body["total"] != before.body["total"]
    if not draft.facts["posts"] or Decimal(draft.body["total"]) < settled:
        raise UserError("The total may not be less than the amount applied to this transaction.", "total")
    if moved and draft.currency != draft.facts["base"]:
        # What the payments relieved rests on the old total: the live service reposts them, which is left alone here.
        raise UserError("You cannot change the total: payments have been applied to this transaction.", "total")
