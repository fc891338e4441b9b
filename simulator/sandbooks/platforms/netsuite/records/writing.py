"""Create, change and delete records of every type: merging what a request gives into what stands."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from sandbooks.kit.company import Company
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.records import Record
from sandbooks.platforms.netsuite import periods
from sandbooks.platforms.netsuite.errors import LINKED, LINKED_VOID
from sandbooks.platforms.netsuite.records import lists, orders, references, revaluation, store, voids
from sandbooks.platforms.netsuite.records.header import Draft
from sandbooks.platforms.netsuite.records.rules import RULES
from sandbooks.platforms.netsuite.records.settlement import deposit_of, is_applied
from sandbooks.platforms.netsuite.refusals import CannotDelete, UserError
from sandbooks.platforms.netsuite.schema import RecordType

Body = dict[str, Any]


def create(company: Company, type: RecordType, given: Body) -> Record:
    """A new record. ``given`` is what a ``Reader`` read."""
    body = merged({}, given, type=type)
    id = store.new_id(company, type.series or type.name)
    return _write(company, type, id, body, None)


def update(company: Company, type: RecordType, record: Record, given: Body, *, replace: Collection[str] = ()) -> Record:
    """A record with what is given in its place; sublists named in ``replace`` are replaced as a whole."""
    _check_made_by_hand(type)
    if record.body.get("voided"):
        facts = voids.changed(company, type, record, given)
        body = merged(record.copy(), given, type=type)
        return store.save(company, type, record.id, body=body, facts=facts, in_books=False)
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
    _check_free(company, record, LINKED)
    journal = voids.journal_of(company, record) or revaluation.reversal_of(company, record)
    for each in (journal, record):
        if each is not None and each.kind != orders.ORDER:
            periods.check_open(company, each.kind, date.fromisoformat(each.body["tranDate"]))
    for each in (journal, record):
        if each is not None:
            store.remove(company, each)
    if record.body.get("createdFrom"):
        voids.restore(
            company, record, rewrite=lambda kind, voided, body: _write(company, kind, voided.id, body, voided)
        )


def void(company: Company, type: RecordType, record: Record) -> None:
    """Void as the screens do. Raises ``CannotDelete`` when others rest on the record, ``UserError``."""
    _check_made_by_hand(type)
    _check_free(company, record, LINKED_VOID)
    voids.void(company, type, record)


def _check_made_by_hand(type: RecordType) -> None:
    """What the service makes of its own accord is deleted and made anew, never changed."""
    if type.is_transaction and not type.writable:
        # Unconfirmed: the sentence; on the screens the memo and the classification of such a transaction can change.
        raise UserError(f"A {type.label} cannot be changed: delete it and revalue again.")


def _check_free(company: Company, record: Record, sentence: str) -> None:
    # Unconfirmed: the code for a bill with payments; SOAP has CANT_DELETE_TRANS and CANT_DELETE_CHILD_RCRDS_EXIST.
    if (
        is_applied(company, record)
        or deposit_of(company, record.id) is not None
        or revaluation.is_reversal(record)
        or (record.kind == orders.ORDER and orders.bills_of(company, record))
    ):
        raise CannotDelete(sentence)
