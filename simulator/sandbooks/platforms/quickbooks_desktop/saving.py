"""Keeping record versions: each with its facts, its lookup keys and its entry, in the caller's unit of work."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sandbooks.kit.records import Record
from sandbooks.ledger import PeriodClosed
from sandbooks.platforms.quickbooks_desktop.file import CompanyFile
from sandbooks.platforms.quickbooks_desktop.posting import entry_of
from sandbooks.platforms.quickbooks_desktop.rules import balances
from sandbooks.platforms.quickbooks_desktop.rules.ready import Ready


def put(file: CompanyFile, kind: str, id: str, ready: Ready, *, active: bool = True, action: str = "") -> Record:
    """Store a new version of a record and bring the books in step with it."""
    known = file.records.get(kind, id)
    version = known.version + 1 if known else 1
    before = str(known.body.get("EditSequence", "")) if known else ""
    body = {**ready.body, "EditSequence": file.edit_sequence(before)}
    if "TxnNumber" not in body and ready.facts:
        body["TxnNumber"] = str(file.records.next_number("txn_number"))
    balances.follow(file, kind, known, body, ready.facts)
    record = file.records.put(
        kind,
        id,
        body,
        version=version,
        action=action or ("update" if known else "create"),
        active=active,
        keys=ready.keys,
        facts=ready.facts,
    )
    if ready.facts:
        file.company.post(record, entry_of(kind, id, version, body=body, facts=ready.facts))
    return record


def remove(file: CompanyFile, record: Record) -> Record:
    """Delete a record: its entry goes too, dated as it was."""
    check_open(file, record.body)
    body, version = record.body, record.version + 1
    balances.follow(file, record.kind, record, None, {})
    gone = file.records.put(record.kind, record.id, body, version=version, action="delete", deleted=True)
    if "TxnDate" in record.body:
        file.company.post(gone, None)
    return gone


def check_open(file: CompanyFile, body: Mapping[str, Any]) -> None:
    """Refuse to change what is dated in a closed period, even where nothing would be posted."""
    through = file.closed_through
    dated = body.get("TxnDate")
    if through is not None and dated and date.fromisoformat(dated) <= through:
        raise PeriodClosed(date.fromisoformat(dated), through)
