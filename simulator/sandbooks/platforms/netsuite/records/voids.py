"""Voids: a document taken out of the books without being deleted, and what may be done to it afterwards.

A direct void sets a document to nothing on its own date. A void by a reversing journal leaves the document as it was
posted and takes it back by a journal on the day of the void; the two belong together: deleting the document deletes the
journal, deleting the journal makes the document stand again, and neither changes in the books while the other stands.
Source: docs.oracle.com, section_4413162576.html (both kinds; nothing that moves the ledger may change afterwards);
section_4413165692.html; knowledge.insourcess.com, Reversing a Voided Bill Payment (deleting the payment deletes the
journal); system.netsuite.com, SuiteScript records browser 2026.1 (createdfrom of a journal: Void Of)
Unconfirmed: that deleting the journal restores the document; the setting ``void_journals: locked`` refuses it. Scripts
cannot void card charges and deposits, and void bills directly alone; here the screens void every kind in either way.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from sandbooks.kit.company import Company
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.records import Record
from sandbooks.ledger import OverSettled, PostedEntry
from sandbooks.money import Money
from sandbooks.platforms.netsuite import periods
from sandbooks.platforms.netsuite.errors import VOIDED
from sandbooks.platforms.netsuite.posting import id_of
from sandbooks.platforms.netsuite.records import ledgers, orders, store
from sandbooks.platforms.netsuite.records.header import Draft
from sandbooks.platforms.netsuite.records.rules import RULES
from sandbooks.platforms.netsuite.records.settlement import held_of, is_waiting, open_item
from sandbooks.platforms.netsuite.refusals import CannotDelete, UserError
from sandbooks.platforms.netsuite.schema import TRANSACTION_KINDS, TYPES, RecordType

Body = dict[str, Any]

# What of a voided document moves nothing in the books. Unconfirmed: the list.
_PLAIN = frozenset({"memo", "externalId", "tranId", "checkNumber", "address", "toBePrinted"})


def void(company: Company, type: RecordType, record: Record) -> None:
    """Void as the screens do: amounts to zero on the original date, or a reversing journal where the account is set
    so (``void_by_reversing_journals``). Raises ``UserError``."""
    if record.body.get("voided"):
        raise UserError("This transaction has already been voided.")
    if record.body.get("createdFrom"):
        # Source: SOAP StatusDetailCodeType (VOIDING_REVERSAL_DISALLWD). Unconfirmed: the sentence.
        raise UserError("A journal that voids a transaction cannot be voided.")
    # What a voided payment or credit had settled is open again.
    body, facts = record.copy(), {**store.facts_of(company, record), "voided": True}
    body["voided"] = True
    if not company.settings.get("void_by_reversing_journals"):
        periods.check_open(company, record.kind, date.fromisoformat(body["tranDate"]))
        body["total"] = Decimal(0)
        store.save(company, type, record.id, body=body, facts={**facts, "posts": False})
        return
    journal = _reversing_journal(company, record, facts) if facts.get("posts") else None
    if journal is not None:
        body["voidJournal"] = {"id": journal.id}
    # The document's own entry stays, whether its period is open or not.
    store.save(company, type, record.id, body=body, facts=facts, in_books=False)


def changed(company: Company, type: RecordType, record: Record, given: Body) -> Body:
    """The facts of a voided document whose members ``given`` move nothing. Raises ``UserError``."""
    own = {field.name for field in type.fields if field.custom}
    moving = [name for name in given if name not in _PLAIN | own]
    if moving:
        raise UserError(VOIDED, moving[0])
    return store.facts_of(company, record)


def journal_of(company: Company, record: Record) -> Record | None:
    """The journal that takes a voided document back."""
    return store.get(company, "journalEntry", id_of(record.body.get("voidJournal"))) if record.body else None


def restore(company: Company, journal: Record, *, rewrite: Callable[[RecordType, Record, Body], Record]) -> None:
    """The document that a journal voided stands again, as the journal is deleted.

    What it settles must still be open, and the order that it bills must be there. ``rewrite`` writes the document anew
    where what it rests on is another by now.
    Raises ``CannotDelete``, ``OverSettled``, ``PeriodClosed``.
    """
    if company.settings.get("void_journals") == "locked":
        raise CannotDelete(VOIDED)
    record = store.refer(company, TRANSACTION_KINDS, id=id_of(journal.body["createdFrom"]))
    if record is None:
        return
    if not orders.are_standing(company, record.body):
        raise CannotDelete("The voided bill bills a purchase order or a line of one that is no longer there.")
    type, body = TYPES[record.kind], record.copy()
    facts = {name: value for name, value in store.facts_of(company, record).items() if name != "voided"}
    for name in ("voided", "voidJournal"):
        body.pop(name, None)
    if _rests_as_before(company, record, facts):
        store.save(company, type, record.id, body=body, facts=facts, in_books=False)
    else:
        rewrite(type, record, body)


def _rests_as_before(company: Company, record: Record, facts: Body) -> bool:
    """Whether what a document settles is open as it was when it settled it. Raises ``OverSettled``."""
    same = True
    for settled in (*facts.get("applied", ()), *facts.get("credits", ())):
        doc = store.refer(company, TRANSACTION_KINDS, id=settled["doc"])
        if doc is None or doc.body.get("voided"):
            raise CannotDelete("The voided transaction is applied to a transaction that is no longer there.")
        left = open_item(company, doc, but=record.id)
        paid = Money.of(settled["paid"], facts["currency"]) + Money.of(settled.get("discount", "0"), facts["currency"])
        if paid > left.amount:
            raise OverSettled(left.amount, paid)
        same &= (str(left.amount.amount), str(left.base.amount)) == (settled["open"], settled["open_base"])
    return same and all(_waits_as_before(company, record, taken) for taken in facts.get("payments", ()))


def _waits_as_before(company: Company, deposit: Record, taken: Body) -> bool:
    """Whether a customer payment that a deposit took along waits to be deposited as it did. Raises ``CannotDelete``."""
    payment = store.get(company, "customerPayment", taken["doc"])
    if payment is None or not is_waiting(company, payment, but=deposit.id):
        raise CannotDelete("The voided deposit takes a payment along that does not wait to be deposited any more.")
    held = held_of(company, payment)
    return all(taken[name] == held[name] for name in held)


def _reversing_journal(company: Company, record: Record, facts: Body) -> Record | None:
    """A journal on the day of the void that takes back what the document posted, to the last unit in every currency.

    Its lines are the document's, turned round; what moved base value alone (a realized gain or loss) has no line of its
    own, as no line can say it, but is taken back with them.
    Source: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_4413162576.html (both kinds of void)
    Unconfirmed: how the live service words such a journal.
    """
    if any(leg.get(ledgers.GROUP) for leg in facts.get("legs", {}).values()):
        raise NotSimulated("voiding a journal between base currencies by a reversing journal", instead="deleting it")
    posted = ledgers.current(company, record, facts)
    if posted is None:
        return None
    symbols = {p.amount.currency for p in posted.entry.postings if p.amount}
    if len(symbols) > 1:
        raise NotSimulated("voiding a payment in two currencies by a reversing journal")
    (symbol,) = symbols
    lines: list[Body] = []
    for number, posting in enumerate((p for p in posted.entry.postings if p.amount), 1):
        side = "credit" if posting.amount.amount > 0 else "debit"
        line = {"line": number, "account": {"id": posting.account}, side: abs(posting.amount).amount}
        lines.append({**line, **({"entity": {"id": posting.party}} if posting.party else {})})
    type = TYPES["journalEntry"]
    body: Body = {
        "id": store.new_id(company, type.series),
        "subsidiary": record.body["subsidiary"],
        "currency": {"id": store.currency_id(company, symbol)},
        "exchangeRate": record.body["exchangeRate"] if symbol == facts["currency"] else Decimal(1),
        "createdFrom": {"id": record.id},
        "memo": f"Void of {store.shown_name(record)}",
        "line": {"items": lines},
    }
    draft = Draft(company, type, body["id"], body, {}, None)
    RULES[type.name](draft)
    group = company.book.current(record.kind, record.id) if facts.get(ledgers.GROUP) else None
    payables = sorted(ledgers.payables_of(facts)) if record.kind in ledgers.OWED else []
    draft.facts |= {"mirror": _mirrored(posted), "posts": True, "payables": payables}
    if group is not None:
        draft.facts[ledgers.GROUP] = {**draft.facts[ledgers.GROUP], "mirror": _mirrored(group)}
    return store.save(company, type, body["id"], body=body, facts=draft.facts)


def _mirrored(posted: PostedEntry) -> list[Body]:
    """The postings of an entry, turned round, as facts of the journal that takes it back."""
    return [
        {
            "account": posting.account,
            "amount": [str(posting.amount.amount), posting.amount.currency],
            "base": [str(posting.base.amount), posting.base.currency],
            "party": posting.party,
            "dimensions": [list(pair) for pair in posting.dimensions],
            "memo": posting.memo,
        }
        for posting in posted.entry.reversed().postings
    ]
