"""What is told: the path of a status, codes of a sync, late success, messages. INV-53, 54, 57, 59 and 60."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from sandbooks.audit.evidence import Evidence
from sandbooks.audit.findings import Finding
from sandbooks.audit.hub_inputs import announced_statuses, ended_syncs
from sandbooks.audit.submitted import Submitted
from sandbooks.audit.wording import listed, numbers, steps_of, told
from sandbooks.kit.company import companies
from sandbooks.kit.tokens import Tokens

WRITTEN, NOTHING_WRITTEN = 2000, 2040
_MARKUP = re.compile(r"<\s*(?:!doctype|html|head|body|title|h1|pre|center|\?xml)\b", re.IGNORECASE)
_ORDER = {"pending": 0, "failed": 1, "refused": 1, "completed": 2}


def done_stays_done(evidence: Evidence) -> Iterator[Finding]:
    """INV-53 (S): a status goes from pending to one end. What was told as done is never taken back, and a failure
    becomes something else only when the transaction was handed over again."""
    for given in evidence.submitted or ():
        for (before, _), (after, why) in pairwise(given.told):
            back = before == "completed" and after != "completed" and not given.updated
            risen = before in ("failed", "refused") and after == "pending" and given.submissions < 2
            if (back or risen) and not given.updated:
                yield _moved(evidence, given, before, after, why)
                break


def _moved(evidence: Evidence, given: Submitted, before: str, after: str, why: str) -> Finding:
    because = f" ({why})" if why else ""
    return Finding(
        title=f"The {given} was told as {before}, and later as {after}{because}.",
        message=f"{told(given)} Whoever acted on the first word has acted on nothing.",
        invariants=("INV-53",),
        failure_modes=("FM-05",) if before == "completed" else ("FM-113",),
        transaction=given.id,
        steps=steps_of(evidence, given.id),
        control="Without what came later (a receipt, a restart, a second delivery) the status stays.",
        remedy="Make the end states final; keep a state of its own for what comes after (receipts).",
        assumption="Outcomes in the order in which they were told; nobody handed the transaction over again.",
    )


def syncs_tell_what_happened(evidence: Evidence) -> Iterator[Finding]:
    """INV-54 (S): the code of a sync agrees with its transactions: 2000 with something written, 2040 with nothing,
    and ``dataPushed`` exactly when something was."""
    for sync in ended_syncs(evidence.company):
        written = any(status == "Completed" for status in sync.outcomes.values())
        wrong = (
            (sync.code == WRITTEN and not written)
            or (sync.code == NOTHING_WRITTEN and written)
            or sync.pushed is not written
        )
        if wrong:
            yield Finding(
                title=f"Sync {sync.id} ended with {sync.code} and {'something' if sync.pushed else 'nothing'} pushed; "
                f"{'something' if written else 'nothing'} was written.",
                message=f"Its transactions: {listed([' '.join(pair) for pair in sync.outcomes.items()][:6])}.",
                invariants=("INV-54",),
                failure_modes=("FM-113",),
                control="A sync of one transaction that is posted ends with 2000.",
                remedy="Derive the code from the transactions when the last of them has ended.",
                assumption="Status of each transaction when the sync ended.",
            )


def announcements_agree(evidence: Evidence) -> Iterator[Finding]:
    """INV-57 (S): a status that the hub announces by webhook is one that the transaction had at that time."""
    for id_, announced, had in announced_statuses(evidence.company):
        if announced not in had:
            given = evidence.by_id.get(id_)
            yield Finding(
                title=f"{f'The {given}' if given else id_} was announced as {announced}, and was never so.",
                message=f"Its states were {listed(had)}.",
                invariants=("INV-57",),
                failure_modes=("FM-112",),
                transaction=id_,
                control="The API tells the same as the webhook.",
                remedy="Announce a state after it is stored, from what is stored.",
                assumption="States as the hub has stored them, one after the other.",
            )


def late_success_is_found(evidence: Evidence) -> Iterator[Finding]:
    """INV-59 (Q): what is posted after the client has given up waiting becomes completed, once; it is never told as
    failed and never posted again."""
    for given in evidence.submitted or ():
        late = [sent for sent in evidence.sent_by_owner.get(given.id, []) if sent.late and sent.written]
        documents = evidence.standing(given.id)
        untold = given.status == "failed" or (given.status == "pending" and evidence.quiet and not given.through_hub)
        if late and documents and (untold or len(documents) > given.objects):
            yield Finding(
                title=f"The {given} was posted after the client had given up on {numbers(late)}: "
                f"{listed([document.name for document in documents])}.",
                message=told(given),
                invariants=("INV-59",),
                failure_modes=("FM-15",),
                transaction=given.id,
                steps=steps_of(evidence, given.id, documents),
                control="With the answer in time it is told as completed and stands once.",
                remedy="Take a timeout as unknown; look again after the platform's longest delay.",
                assumption="The same request committed later, as the tape shows.",
            )


def failures_are_explained(evidence: Evidence) -> Iterator[Finding]:
    """INV-60 (S): whoever is told that something failed is told why, in words: no empty message, no page of markup, no
    secret, nothing of another company."""
    undone = [given for given in evidence.submitted or () if given.status in ("failed", "refused")]
    secrets = _secrets(evidence) if undone else {}
    for given in undone:
        wrong = _wrong_with(given.message, secrets, needs_one=given.status == "failed")
        if wrong:
            yield Finding(
                title=f"The {given} failed, and what the customer was told {wrong}.",
                message=f"{given.message[:200]!r}",
                invariants=("INV-60",),
                failure_modes=("FM-115",) if not given.message.strip() else ("FM-14",),
                transaction=given.id,
                steps=steps_of(evidence, given.id),
                control="A refusal that the platform explains reaches the customer in its words.",
                remedy="Tell the platform's own code and the record that it names; keep markup and tokens out.",
                assumption="The last message that was told.",
            )


def _wrong_with(message: str, secrets: dict[str, str], *, needs_one: bool) -> str:
    if not message.strip():
        return "is nothing" if needs_one else ""
    if _MARKUP.search(message):
        return "is a page of markup"
    return next((f"holds {what}" for value, what in secrets.items() if value in message), "")


def _secrets(evidence: Evidence) -> dict[str, str]:
    """Values that never belong into a message, with what they are."""
    company = evidence.company
    tokens = Tokens(company.world, company.platform)
    found = {tokens.client()[1]: "the application's secret"}
    for token in [*tokens.of_kind("access"), *tokens.of_kind("refresh")]:
        if len(token.value) > 12:
            found[token.value] = "a token"
    for other in companies(company.world):
        if other.id != company.id and len(other.name) > 5 and other.name != company.name:
            found[other.name] = f"the name of another company, {other.name}"
    return found
