"""What a client that writes to a platform itself has to refuse (INV-35).

It may post in its own way what the capability table leaves to others, as an employee's spend as a bill. A transfer that
the table does not offer is another matter: the platform has no document of that kind to give, and a journal in its
place moves the money where neither bank feed nor reconciliation knows it. Whoever means to do so says it (``beyond``).
"""

from __future__ import annotations

from collections.abc import Iterator

from sandbooks import capabilities
from sandbooks.audit import Finding
from sandbooks.harness.driven_run import DrivenRun

REFUSED = ("transfer",)


def broken_promises(run: DrivenRun, *, command: str = "") -> Iterator[Finding]:
    """INV-35: what is not offered went through all the same. Of the hub's clients the audit itself tells."""
    offered = capabilities.load(run.scenario.edition)[run.scenario.platform]
    held_to = [kind for kind in REFUSED if not offered.allows(kind) and kind not in run.subject.beyond]
    if run.subject.through_hub or not held_to:
        return
    for key in run.customers:
        standing = set(run.books[key].owners.values()) if key in run.books else set()
        for given in run.submitted(key):
            if given.kind in held_to and (given.status == "completed" or given.id in standing):
                yield run.labelled(_posted(run, key, given.id, given.kind, offered.title, offered.edition, command))


def _posted(run: DrivenRun, key: str, id: str, kind: str, title: str, edition: str, command: str) -> Finding:
    standing = [d for d in run.books[key].documents if run.books[key].owners.get((d.kind, d.id)) == id]
    what = f" as {standing[0].name}" if standing else ""
    return Finding(
        title=f"The {kind} {id} went through{what}, and {title} has no {kind}s to offer.",
        message="The balances are right, and no statement of either account will ever match the document.",
        invariants=("INV-35", "INV-05"),
        failure_modes=("FM-100",),
        platform=title,
        company=run.company(key).name,
        transaction=id,
        control="The same transaction is refused at the door, with what would be accepted.",
        remedy=f"Refuse it before anything is sent; or, if you mean to, say so: beyond = ({kind!r},) in the driver.",
        assumption=f"Capability tables of edition {edition}; the driver does not say that it goes beyond them.",
        command=command,
    )
