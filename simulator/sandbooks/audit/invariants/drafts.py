"""Drafts: records that could move money and do not, left beside the document that the customer was told of. INV-02."""

from __future__ import annotations

from collections.abc import Iterator

from sandbooks.audit.documents import leaves_of
from sandbooks.audit.evidence import Evidence
from sandbooks.audit.findings import Finding
from sandbooks.audit.submitted import Submitted
from sandbooks.audit.wording import listed, step, told
from sandbooks.kit.records import Version

STATES = ("status", "state")  # what the member ends with in which a platform tells what a record is


def nothing_is_left_beside(evidence: Evidence) -> Iterator[Finding]:
    """INV-02 (Q): of a completed transaction no draft is left beside its document: whoever approves it, or lets the
    platform post it, books it twice."""
    if not evidence.quiet or not evidence.submitted:
        return
    for first, last in _drafts(evidence):
        for owner in evidence.references.carried(last.raw.decode("utf-8")):
            given = evidence.by_id.get(owner)
            if given is not None and given.status == "completed" and evidence.standing(owner):
                yield _left(evidence, given, first, last)
                break


def _drafts(evidence: Evidence) -> Iterator[tuple[Version, Version]]:
    """Records that the system made, of kinds that stand in these books, that never moved anything, are there still and
    call themselves drafts: their first version and their last. Half of a transfer, or a line of a journal that another
    one posts, moves nothing either, and is none."""
    kinds = {document.kind for document in evidence.documents}
    moved = {(line.source.kind, line.source.id) for line in evidence.lines}
    found: dict[tuple[str, str], tuple[Version, Version]] = {}
    for version in evidence.versions:
        key = (version.kind, version.id)
        if version.kind in kinds and key not in moved:
            found[key] = (found[key][0] if key in found else version, version)
    for first, last in found.values():
        if first.exchange and last.action != "delete" and _is_draft(last):
            yield first, last


def _is_draft(version: Version) -> bool:
    leaves = leaves_of(version.raw.decode("utf-8"))
    return any(value.casefold() == "draft" and where.lower().endswith(STATES) for where, value in leaves)


def _left(evidence: Evidence, given: Submitted, first: Version, last: Version) -> Finding:
    names = listed([document.name for document in evidence.standing(given.id)])
    made = evidence.by_number.get(first.exchange)
    return Finding(
        title=f"{last.kind} {last.id} for the {given} was never posted, and is left beside {names}.",
        message=f"{told(given)} Whoever approves what is left books it a second time.",
        invariants=("INV-02",),
        failure_modes=("FM-06",),
        transaction=given.id,
        exchanges=(first.exchange,),
        steps=(step(made),) if made is not None else (),
        control="With every answer delivered there is one record, and it is posted.",
        remedy="After an unclear answer look for drafts, too, and go on with what is found.",
        assumption="The record carries the transaction's reference, moved nothing, and calls itself a draft.",
    )
