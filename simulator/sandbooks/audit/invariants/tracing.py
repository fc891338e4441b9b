"""Where everything comes from: one request at a time, every line with its request. INV-10 and INV-63."""

from __future__ import annotations

from collections.abc import Iterator

from sandbooks.audit.evidence import Evidence
from sandbooks.audit.findings import Finding
from sandbooks.audit.reading import Sent
from sandbooks.audit.wording import day, numbers, step, steps_of, table


def one_write_at_a_time(evidence: Evidence) -> Iterator[Finding]:
    """INV-10 (W): at most one mutating request for a transaction is under way at any time."""
    under_way: dict[tuple[str, str], Sent] = {}
    for sent in sorted(evidence.writes, key=lambda one: (one.entry.at, one.number)):
        for owner in evidence.carried(sent):
            first = under_way.get((owner, sent.entry.operation))
            if first is not None and sent.entry.at < first.entry.until and not first.late:
                yield Finding(
                    title=f"{numbers([first, sent])} wrote {evidence.by_id.get(owner, owner)} at the same time.",
                    message="Neither could know what the other would leave behind.",
                    invariants=("INV-10",),
                    failure_modes=("FM-04",),
                    transaction=owner if owner in evidence.by_id else "",
                    exchanges=(first.number, sent.number),
                    steps=(step(first), step(sent)),
                    control="With one worker the same work is done one request after the other.",
                    remedy="Claim a transaction under a lock, and let go of it when its outcome is written down.",
                    assumption="Both carry the transaction, and the second began before the first had ended.",
                )
            under_way[owner, sent.entry.operation] = sent


def lines_have_a_request(evidence: Evidence) -> Iterator[Finding]:
    """INV-63 (S): every line of a client's document leads back to a request on the tape."""
    for document in evidence.documents:
        lost = [number for number in document.exchanges if number not in evidence.by_number]
        if lost:
            yield Finding(
                title=f"{document.name}, dated {day(document.date)}, comes of exchange "
                f"{', '.join(f'#{number}' for number in lost)}, which is not on the tape.",
                message="Nobody can tell who wrote it.",
                invariants=("INV-63",),
                transaction=evidence.owners.get((document.kind, document.id), ""),
                steps=steps_of(evidence, "", [document]),
                table=table(evidence, {}, document.moves()),
                control="Every exchange is on the tape.",
                remedy="Keep the whole tape of a world that is to be audited.",
                assumption="Numbers of exchanges in the records against those of the tape.",
            )
