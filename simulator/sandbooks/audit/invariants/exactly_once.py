"""Posting exactly once: what was submitted against what stands in the books. INV-01 to INV-05 and INV-35."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sandbooks import capabilities
from sandbooks.audit.documents import Document, leaves_of
from sandbooks.audit.effects import expected_moves, is_as_expected, offers
from sandbooks.audit.evidence import Evidence
from sandbooks.audit.findings import Finding
from sandbooks.audit.reading import Sent, says_word
from sandbooks.audit.submitted import CARD_KINDS, Submitted
from sandbooks.audit.wording import added, day, listed, numbers, step, steps_of, table, times, told
from sandbooks.ledger import AccountClass

LOOK_UP = "Before a transaction is sent again, look it up by its reference, and adopt what is found."
TELLING_LEAST = 6  # characters of an id that stands in a document for a reason


def posted_once(evidence: Evidence) -> Iterator[Finding]:
    """INV-01 (Q): every transaction that the customer was told is completed stands in the books exactly once.

    Several native records are no fault where together they move what one transaction moves (a bill and its payment).
    """
    for given in evidence.submitted or ():
        documents = evidence.standing(given.id)
        if given.status != "completed" or len(documents) <= given.objects:
            continue
        if is_as_expected(evidence, given, documents):
            continue
        yield Finding(
            title=f"The {given} stands in the books {times(len(documents))}: {listed([d.name for d in documents])}.",
            message=f"{told(given)} {_unmentioned(evidence, given, documents)}",
            invariants=("INV-01",),
            failure_modes=("FM-04",),
            transaction=given.id,
            steps=steps_of(evidence, given.id, documents),
            table=table(evidence, expected_moves(evidence, given, documents), added(d.moves() for d in documents)),
            control="Each transaction sent once, with every answer delivered, stands once.",
            remedy=LOOK_UP,
            assumption=_assumption(given, documents, evidence),
        )


def belongs_to_a_transaction(evidence: Evidence) -> Iterator[Finding]:
    """INV-02 (S): every document that the client made belongs to a transaction that was submitted for this company."""
    if evidence.submitted is None:
        return
    for document in evidence.documents:
        owner = evidence.owners.get((document.kind, document.id))
        if document.live and owner not in evidence.by_id and evidence.is_of_the_system(document):
            total = document.total
            of = f" of {total}" if total is not None else ""
            yield Finding(
                title=f"{document.name}{of}, dated {day(document.date)}, belongs to nothing that was submitted.",
                message="Nobody was told of it."
                if owner is None
                else f"It speaks of {owner}, which was never submitted here.",
                invariants=("INV-02",),
                exchanges=document.exchanges,
                steps=steps_of(evidence, "", [document]),
                table=table(evidence, {}, document.moves()),
                control="Every document of a right run is made for one transaction of the same company.",
                remedy="Write the transaction's id where the platform keeps it, and never write without one.",
                assumption="It was matched by its texts, by the ids that were reported, and by account and amount.",
            )


def in_its_own_company(evidence: Evidence) -> Iterator[Finding]:
    """INV-02 (S): no document of this company's transactions was written into another company's books."""
    if not evidence.submitted:
        return
    for sent in evidence.surface:
        elsewhere = [w for w in sent.written if w[1] != evidence.company.id]
        ours = [owner for owner in evidence.carried(sent) if owner in evidence.by_id] if elsewhere else []
        for owner in ours:
            _, company, kind, id_, _, _ = elsewhere[0]
            given = evidence.by_id[owner]
            yield Finding(
                title=f"The {given} was written into another company's books: {kind} {id_} of {company}.",
                message=told(given),
                invariants=("INV-02", "INV-45"),
                failure_modes=("FM-25",),
                transaction=owner,
                steps=steps_of(evidence, owner),
                exchanges=(sent.number,),
                control=f"The same transaction lands in {evidence.company.name} when its own company id is addressed.",
                remedy="Keep the company's native id with its connection and address no other.",
                assumption="The request carries the transaction's reference.",
            )


def not_posted_unless_completed(evidence: Evidence) -> Iterator[Finding]:
    """INV-03 (Q): what is not completed stands nowhere: nothing is failed but posted."""
    for given in evidence.submitted or ():
        documents = evidence.standing(given.id)
        waits = not evidence.quiet or given.through_hub  # the hub tells by itself when its work has ended
        undone = given.status == "failed" or (given.status == "pending" and not waits)
        if documents and undone:
            yield Finding(
                title=f"The {given} stands in the books as {listed([d.name for d in documents])}, "
                f"and the customer was told {'that it failed' if given.status == 'failed' else 'nothing final'}.",
                message=f"{told(given)} Whoever enters it again by hand books it twice.",
                invariants=("INV-03",),
                failure_modes=("FM-01",),
                transaction=given.id,
                steps=steps_of(evidence, given.id, documents),
                table=table(evidence, {}, added(document.moves() for document in documents)),
                control="With every answer delivered the same transaction is reported as completed.",
                remedy=f"After an answer that did not come, the outcome is unknown, not failed. {LOOK_UP}",
                assumption=_assumption(given, documents, evidence),
            )


def completed_exists(evidence: Evidence) -> Iterator[Finding]:
    """INV-04 (Q): what the customer was told is completed exists, and the id that was told is the id it has."""
    for given in evidence.submitted or ():
        if given.status != "completed":
            continue
        documents = evidence.standing(given.id)
        if not documents:
            gone = [d for d in evidence.documents_by_owner.get(given.id, []) if evidence.is_gone_unseen(d)]
            yield _adopted(evidence, given, gone) if gone else _missing(evidence, given)
        elif given.native_id and not any(_is_told(evidence, given, document) for document in documents):
            yield _mistold(evidence, given, documents)


def _missing(evidence: Evidence, given: Submitted) -> Finding:
    gone = [document.name for document in evidence.documents_by_owner.get(given.id, [])]
    return Finding(
        title=f"The {given} is not in the books, and the customer was told that it is done.",
        message=told(given) + (f" {listed(gone)} was taken out again by the client." if gone else ""),
        invariants=("INV-04",),
        failure_modes=("FM-02",) if _any_unknown(evidence, given) else ("FM-08",),
        transaction=given.id,
        steps=steps_of(evidence, given.id),
        table=table(evidence, expected_moves(evidence, given, []), {}),
        control="With every answer delivered whole and read to the end, it is posted.",
        remedy="Report a transaction as done only when the platform's own answer names the record that it made.",
        assumption="Nothing in the books carries its texts or its reported id, or moves its account by its amount.",
    )


def _adopted(evidence: Evidence, given: Submitted, gone: Sequence[Document]) -> Finding:
    """What stood once was taken out by people before the client knew of it, and the client took the rest for it."""
    names = listed([document.name for document in gone])
    found = [sent for document in gone for sent in evidence.naming(document)]
    story = {one.number: one for one in (*steps_of(evidence, given.id, gone), *map(step, found))}
    return Finding(
        title=f"The {given} is not in the books, and the customer was told that it is done: {names} was deleted or "
        "voided by hand.",
        message=f"{told(given)} The bookkeeper took {names} out of the books before the program knew that it had "
        "posted it, and nothing stands in its place.",
        invariants=("INV-04",),
        failure_modes=("FM-52",),
        transaction=given.id,
        steps=tuple(story[number] for number in sorted(story)),
        table=table(evidence, expected_moves(evidence, given, []), {}),
        control="A document that nobody deletes or voids is found again and stands.",
        remedy="Look at the status of what a look-up finds: a document that is deleted or void is not there. Post the "
        "transaction again, or tell the customer that it failed.",
        assumption="No answer of the platform named the document to the program before it was taken out.",
    )


def _any_unknown(evidence: Evidence, given: Submitted) -> bool:
    return any(sent.outcome_unknown for sent in evidence.sent_by_owner.get(given.id, []) if sent.entry.writes)


def _mistold(evidence: Evidence, given: Submitted, documents: Sequence[Document]) -> Finding:
    other = next((d for d in evidence.documents if _is_told(evidence, given, d)), None)
    owner = evidence.owners.get((other.kind, other.id)) if other else None
    whose = f", which is {evidence.by_id[owner]}" if owner in evidence.by_id else ", which does not exist"
    return Finding(
        title=f"The {given} is {listed([d.name for d in documents])}, "
        f"but the customer was told {given.native_id}{whose}.",
        message=f"{told(given)} What is attached to it or changed in it later goes to the wrong record.",
        invariants=("INV-04",),
        failure_modes=("FM-16",),
        transaction=given.id,
        steps=steps_of(evidence, given.id, documents),
        control="One transaction in a request of its own gets the right id.",
        remedy="Join the answers of a batch by the id that each element carries, never by its place.",
        assumption=_assumption(given, documents, evidence),
    )


def _is_told(evidence: Evidence, given: Submitted, document: Document) -> bool:
    """Whether the reported id means the document: its id, alone or with its kind, or another id that it carries, or
    carried when it was made, as people may have written over it since."""
    reported, id_ = given.native_id.lower(), document.id.lower()
    if reported.endswith(id_) and not reported[: -len(id_)][-1:].isalnum():
        return True
    if _is_its_other_side(document, reported):
        return True
    if given.native_id in evidence.contacts or given.native_id in evidence.accounts:
        return False  # it carries the ids of others, too
    if len(reported) < TELLING_LEAST:
        return any(value.lower() == reported for where, value in leaves_of(document.text) if "." not in where)
    made_by = evidence.by_number.get(document.made_by)
    return says_word(document.text.lower(), reported) or (made_by is not None and says_word(made_by.text, reported))


def _is_its_other_side(document: Document, reported: str) -> bool:
    """Whether the document links another of its own kind by the reported id: a transfer may be one on either side."""
    links = [value.lower().split("/") for where, value in leaves_of(document.text) if "." not in where]
    return any(link[-1] == reported and link[-2].startswith(document.kind.lower()) for link in links if len(link) > 1)


def refused_is_never_sent(evidence: Evidence) -> Iterator[Finding]:
    """INV-05 (S): for what was refused no mutating native request was ever sent, and nothing was posted."""
    for given in evidence.submitted or ():
        if given.status != "refused":
            continue
        documents = evidence.standing(given.id)
        writes = [sent for sent in evidence.sent_by_owner.get(given.id, []) if sent.entry.writes]
        if not documents and not writes:
            continue
        what = f"stands in the books as {listed([d.name for d in documents])}" if documents else _was_sent(writes)
        yield Finding(
            title=f"The {given} was refused, and {what}.",
            message=f"{told(given)} A refusal promises that nothing was written.",
            invariants=("INV-05",),
            transaction=given.id,
            steps=steps_of(evidence, given.id, documents),
            table=table(evidence, {}, added(document.moves() for document in documents)),
            control="A transaction that is refused at the door reaches the platform with no request.",
            remedy="Check everything that can be refused before the first native write.",
            assumption=_assumption(given, documents, evidence),
        )


def _was_sent(writes: Sequence[Sent]) -> str:
    return f"was sent to the platform all the same ({numbers(writes)})"


def within_capabilities(evidence: Evidence) -> Iterator[Finding]:
    """INV-35 (S): what the hub's capability table does not offer is refused; it is never completed and never posted."""
    asked = [given for given in evidence.submitted or () if given.through_hub and not given.amended]
    if not asked:
        return
    offered = offers(evidence)
    if offered is None:
        return
    for given in asked:
        reason = why_not(evidence, given, offered)
        documents = evidence.standing(given.id)
        if reason is None or (given.status != "completed" and not documents):
            continue
        yield Finding(
            title=f"The {given} went through, and {offered.title} does not offer it.",
            message=f"{told(given)} {reason}",
            invariants=("INV-35",),
            failure_modes=("FM-100",),
            transaction=given.id,
            steps=steps_of(evidence, given.id, documents),
            table=table(evidence, {}, added(document.moves() for document in documents)),
            control="The same transaction is refused at the door, with what would be accepted.",
            remedy="Refuse what the capability table does not offer before anything is sent.",
            assumption=f"Capability tables of edition {offered.edition}.",
        )


def why_not(evidence: Evidence, given: Submitted, offered: capabilities.PlatformCapabilities) -> str | None:
    operation = f"expense.{given.kind.capitalize()}" if given.kind in CARD_KINDS else given.kind
    if given.kind in ("bill", "bill_payment"):
        return None
    account = evidence.accounts.get(given.bank_account)
    held: capabilities.AccountClass | None = None
    if account is not None and given.kind in CARD_KINDS:
        held = "card" if account.kind is AccountClass.LIABILITY else "bank"
    reason = offered.refusal(operation, held)
    most = offered.limits_of("expense" if given.kind in CARD_KINDS else given.kind).lines_max
    if reason is None and most is not None and len(given.lines) > most:
        return f"{offered.title} takes at most {most} line{'s' if most > 1 else ''}; this has {len(given.lines)}."
    return reason


def _unmentioned(evidence: Evidence, given: Submitted, documents: Sequence[Document]) -> str:
    extra = [d.name for d in documents if not (given.native_id and _is_told(evidence, given, d))]
    return f"Nobody was told of {listed(extra)}." if given.native_id and extra else ""


def _assumption(given: Submitted, documents: Sequence[Document], evidence: Evidence) -> str:
    named = [d.name for d in documents if given.id in evidence.references.carried(d.text)]
    if len(named) == len(documents) and named:
        return f"{listed(named)} carry {given.reference or given.id}."
    return "What belongs to it was told by texts, by reported ids, and else by account, amount and date."
