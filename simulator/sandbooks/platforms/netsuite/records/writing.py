"""Create, change and delete records of every type: merging what a request gives into what stands."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Any

from sandbooks.kit.company import Company
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.records import Record
from sandbooks.ledger import PostedEntry
from sandbooks.platforms.netsuite import periods
from sandbooks.platforms.netsuite.errors import DELETE_DEPENDENT
from sandbooks.platforms.netsuite.records import ledgers, lists, orders, references, store
from sandbooks.platforms.netsuite.records.header import Draft
from sandbooks.platforms.netsuite.records.rules import RULES
from sandbooks.platforms.netsuite.records.settlement import deposit_of, is_applied
from sandbooks.platforms.netsuite.refusals import CannotDelete, UserError
from sandbooks.platforms.netsuite.schema import TYPES, RecordType

Body = dict[str, Any]


def create(company: Company, type: RecordType, given: Body) -> Record:
    """A new record. ``given`` is what a ``Reader`` read."""
    body = merged({}, given, type=type)
    id = store.new_id(company, type.series or type.name)
    return _write(company, type, id, body, None)


def update(company: Company, type: RecordType, record: Record, given: Body, *, replace: Collection[str] = ()) -> Record:
    """A record with what is given in its place; sublists named in ``replace`` are replaced as a whole."""
    if record.body.get("voided"):
        raise UserError("A voided transaction cannot be changed.")
    return _write(company, type, record.id, merged(record.copy(), given, type=type, replace=replace), record)


def _write(company: Company, type: RecordType, id: str, body: Body, before: Record | None) -> Record:
    body["id"] = id
    if not type.is_transaction:
        return lists.write(company, type, id, body, before)
    if body.get("void"):
        raise NotSimulated("voiding through REST", instead="delete the record; screens void")
    draft = Draft(company, type, id, body, {}, before)
    RULES[type.name](draft)
    lists.check_required(type, body)
    lists.check_columns(type, body)
    references.check(company, type, body, before)
    saved = store.save(company, type, id, body=body, facts=draft.facts)
    if before is None and body.get("reversalDate") and draft.facts["posts"]:
        saved = _reversal(company, type, saved)
    elif before is not None and body.get("reversalDate") != before.body.get("reversalDate"):
        raise NotSimulated("changing the reversal date of a journal entry")
    return saved


def _reversal(company: Company, type: RecordType, record: Record) -> Record:
    """A journal with a reversal date is turned round on that day by a journal of its own."""
    body = record.copy()
    if body["reversalDate"] <= body["tranDate"]:
        raise UserError("The reversal date must be after the date of the entry.", "reversalDate")
    lines = [dict(line) for line in body["line"]["items"]]
    for line in lines:
        turned = {"debit": line.get("credit"), "credit": line.get("debit")}
        line |= turned
    skipped = ("id", "tranId", "externalId", "reversalDate", "postingPeriod", "reversalEntry", "line")
    given = {name: value for name, value in body.items() if name not in skipped}
    made = create(company, type, {**given, "tranDate": body["reversalDate"], "line": lines})
    body["reversalEntry"] = made.id
    return store.save(company, type, record.id, body=body, facts=store.facts_of(company, record))


# Merging


def merged(body: Body, given: Body, *, type: RecordType, replace: Collection[str] = ()) -> Body:
    """The body with what is given put in: null clears, lines with a known key change theirs, others are added.

    A sublist that is replaced loses the lines that are not named again; those that are keep what is not given.
    Source: docs.oracle.com, section_1545295601.html and section_1545297048.html (keyed sublists)
    """
    for name, value in given.items():
        sublist = type.sublist_by_name.get(name.lower())
        if sublist is not None and sublist.name == name:
            _merge_lines(body, name, value, whole=name in replace)
        elif value is None:
            body.pop(name, None)
        else:
            body[name] = value
    return body


def _merge_lines(body: Body, name: str, given: list[Body] | None, *, whole: bool) -> None:
    if given is None:
        body.pop(name, None)
        return
    stood = [dict(line) for line in (body.get(name) or {}).get("items", [])]
    by_key = {line["line"]: line for line in stood}
    kept: list[Body] = [] if whole else stood
    for line in given:
        standing = by_key.get(line.get("line")) or _same_document(stood, line)
        if standing is None:
            kept.append({n: v for n, v in line.items() if v is not None and n != "line"})
            continue
        _merge_line(standing, line)
        if not any(standing is each for each in kept):
            kept.append(standing)
    last = max(by_key, default=0)
    for line in kept:
        if "line" not in line:
            last += 1
            line["line"] = last
    body[name] = {"items": kept}


def _same_document(kept: list[Body], line: Body) -> Body | None:
    """Applied documents are the key of their lines."""
    name = "doc" if line.get("doc") else "id"
    return next((k for k in kept if k.get(name) == line[name]), None) if line.get(name) else None


_AMOUNTS = frozenset({"amount", "quantity", "rate", "taxCode", "tax1Amt", "grossAmt"})


def _merge_line(standing: Body, line: Body) -> None:
    """A changed amount or tax code drops what was computed from the old one."""
    if _AMOUNTS & line.keys():
        for name in ("tax1Amt", "grossAmt", "taxRate1"):
            standing.pop(name, None)
    if ({"quantity", "rate"} & line.keys()) and "amount" not in line:
        standing.pop("amount", None)
    for name, value in line.items():
        if value is None:
            standing.pop(name, None)
        else:
            standing[name] = value


# Deleting and voiding


def delete(company: Company, type: RecordType, record: Record) -> None:
    """Delete a record. Raises ``CannotDelete`` when others rest on it, ``PeriodClosed``."""
    if not type.is_transaction:
        lists.delete(company, record)
        return
    _check_free(company, record)
    if record.kind != orders.ORDER:
        periods.check_open(company, record.kind, date.fromisoformat(record.body["tranDate"]))
    store.remove(company, record)


def _check_free(company: Company, record: Record) -> None:
    # Unconfirmed: the code for a bill with payments; SOAP has CANT_DELETE_TRANS and CANT_DELETE_CHILD_RCRDS_EXIST.
    if (
        is_applied(company, record)
        or deposit_of(company, record.id) is not None
        or (record.kind == orders.ORDER and orders.bills_of(company, record))
    ):
        raise CannotDelete(DELETE_DEPENDENT)


def void(company: Company, type: RecordType, record: Record) -> None:
    """Void as the screens do: amounts to zero on the original date, or a reversing journal where the account is set
    so (``void_by_reversing_journals``)."""
    if record.body.get("voided"):
        raise UserError("This transaction has already been voided.")
    _check_free(company, record)
    # What a voided payment or credit had settled is open again.
    body, facts = record.copy(), {**store.facts_of(company, record), "voided": True}
    body["voided"] = True
    if not company.settings.get("void_by_reversing_journals"):
        periods.check_open(company, record.kind, date.fromisoformat(body["tranDate"]))
        facts = {**facts, "posts": False}
        body["total"] = Decimal(0)
    elif facts.get("posts"):
        _reversing_journal(company, record, facts)
    store.save(company, type, record.id, body=body, facts=facts)


def _reversing_journal(company: Company, record: Record, facts: Body) -> None:
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
        return
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
    body = merged({}, {}, type=type) | {
        "id": store.new_id(company, type.series),
        "subsidiary": record.body["subsidiary"],
        "currency": {"id": store.currency_id(company, symbol)},
        "exchangeRate": record.body["exchangeRate"] if symbol == facts["currency"] else Decimal(1),
        "memo": f"Void of {store.shown_name(record)}",
        "line": {"items": lines},
    }
    draft = Draft(company, type, body["id"], body, {}, None)
    RULES[type.name](draft)
    group = company.book.current(record.kind, record.id) if facts.get(ledgers.GROUP) else None
    draft.facts |= {"mirror": _mirrored(posted), "posts": True, "payables": sorted(ledgers.payables_of(facts))}
    if group is not None:
        draft.facts[ledgers.GROUP] = {**draft.facts[ledgers.GROUP], "mirror": _mirrored(group)}
    store.save(company, type, body["id"], body=body, facts=draft.facts)


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
