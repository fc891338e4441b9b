"""The simulator's own honesty: what it answers is what it did. INV-71, and the company part of INV-45."""

from __future__ import annotations

from collections.abc import Iterator

from sandbooks.audit.documents import Document
from sandbooks.audit.evidence import Evidence
from sandbooks.audit.findings import Finding
from sandbooks.audit.reading import Sent
from sandbooks.audit.wording import added, listed, step, table

REPORT = "This is a mistake of the simulator: please report it with the tape."


def rejected_changes_nothing(evidence: Evidence) -> Iterator[Finding]:
    """INV-71 (S): a write that the platform itself answered with an error left nothing in the books.

    An answer that a planned fault put in the platform's place is not the platform's own.
    """
    for sent in evidence.sent:
        entry = sent.entry
        if not entry.written or entry.cut or entry.status < 400 or entry.faults:
            continue
        documents = [d for d in _touched(evidence, sent) if d.live]
        if documents:
            names = listed([document.name for document in documents])
            yield Finding(
                title=f"{names} stands in the books, and its write was answered with {entry.status}.",
                message=f"The client was told no by #{entry.number}; it has every reason to send it again.",
                invariants=("INV-71",),
                exchanges=(entry.number,),
                steps=(step(sent),),
                table=table(evidence, {}, added(document.moves() for document in documents)),
                control="A refused write rolls back whole.",
                remedy=REPORT,
                assumption="No planned fault took part in that exchange.",
            )


def written_exists(evidence: Evidence) -> Iterator[Finding]:
    """INV-71 (S): what an exchange wrote, by the tape, is in the records; what is in the records, the tape says."""
    kept: dict[int, set[tuple[str, str, int]]] = {}
    for version in evidence.versions:
        if version.exchange:
            kept.setdefault(version.exchange, set()).add((version.kind, version.id, version.version))
    for sent in evidence.surface:
        for entry in (sent.entry, *sent.late):
            told = {(w[2], w[3], w[4]) for w in entry.written if w[1] == evidence.company.id}
            differing = told ^ kept.get(entry.number, set())
            if differing:
                kind, id_, number = min(differing)
                gone = (kind, id_, number) in told
                says = (
                    "was written by the tape and is in no records" if gone else "is in the records and not on the tape"
                )
                yield Finding(
                    title=f"{kind} {id_}, version {number}, {says}.",
                    message=f"The client saw a status of {entry.status} for #{entry.number}.",
                    invariants=("INV-71",),
                    exchanges=(entry.number,),
                    steps=(step(sent),),
                    control="Records and tape commit together.",
                    remedy=REPORT,
                    assumption="The change feed of the company against the tape.",
                )


def writes_to_its_own_company(evidence: Evidence) -> Iterator[Finding]:
    """INV-45 (W): a request that was admitted for this company wrote to no other company's books."""
    for sent in evidence.sent:
        strangers = [w for w in sent.written if sent.entry.company and w[1] != sent.entry.company]
        if strangers:
            _, company, kind, id_, _, _ = strangers[0]
            yield Finding(
                title=f"A request admitted for {evidence.company.name} wrote {kind} {id_} into company {company}.",
                message="Another company's books hold what its own people never entered.",
                invariants=("INV-45", "INV-71"),
                failure_modes=("FM-25",),
                exchanges=(sent.number,),
                steps=(step(sent),),
                control="A credential reaches the companies of its consent alone.",
                remedy=REPORT,
                assumption="The company for which the platform admitted the request.",
            )


def _touched(evidence: Evidence, sent: Sent) -> list[Document]:
    keys = dict.fromkeys((kind, id_) for _, _, kind, id_, _, _ in sent.entry.written)
    return [d for key in keys if (d := evidence.made.get(key)) is not None]
