"""The same id again, and changes to what stands: INV-06, INV-07, INV-18 and INV-52."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from sandbooks.audit.documents import Document
from sandbooks.audit.effects import expected_moves, is_as_expected
from sandbooks.audit.evidence import Evidence
from sandbooks.audit.findings import Finding
from sandbooks.audit.invariants.limits import is_final
from sandbooks.audit.reading import Sent, says_word
from sandbooks.audit.submitted import Submitted
from sandbooks.audit.wording import added, listed, step, steps_of, table, times, told
from sandbooks.kit.records import Version
from sandbooks.world import instant

Leaves = dict[str, Any]


def again_changes_nothing(evidence: Evidence) -> Iterator[Finding]:
    """INV-06 (D): a transaction that is handed over several times stands in the books once, as if handed over once.
    INV-07 (S): with another body under the same id it is refused, or taken as the update that it is; never posted
    beside the first."""
    for given in evidence.submitted or ():
        documents = evidence.standing(given.id)
        again = given.submissions > 1 or bool(given.earlier)
        if not again or len(documents) <= given.objects or is_as_expected(evidence, given, documents):
            continue
        other = bool(given.earlier) and not given.updated
        how = "with different bodies" if other else "and posted each time" if not given.updated else "and was updated"
        yield Finding(
            title=f"The {given} was handed over {times(given.submissions)} {how}: "
            f"{listed([d.name for d in documents])}.",
            message=told(given),
            invariants=("INV-07",) if other else ("INV-06",) if not given.updated else ("INV-18",),
            failure_modes=("FM-11",) if other else ("FM-12",),
            transaction=given.id,
            steps=steps_of(evidence, given.id, documents),
            table=table(evidence, expected_moves(evidence, given, documents), added(d.moves() for d in documents)),
            control="Handed over once, it stands once.",
            remedy="Keep one row for each id under a unique key; what is done stays done.",
            assumption="All of them were handed over under one id.",
        )


def updates_reach_the_books(evidence: Evidence) -> Iterator[Finding]:
    """INV-18 (D): after an update the books hold the new state and nothing of the old, in one live document."""
    for given in evidence.submitted or ():
        documents = evidence.standing(given.id)
        if not given.updated or given.status != "completed" or not documents or given.amended:
            continue
        if is_as_expected(evidence, given, documents) and all(d.date == given.date for d in documents):
            continue
        old = next((body for body in reversed(given.earlier) if is_as_expected(evidence, body, documents)), None)
        if old is None and len(documents) <= given.objects:
            continue  # wrong in its amounts, which other rules tell
        what = f"stands as it was before its update: {old}" if old else f"stands {times(len(documents))}"
        yield Finding(
            title=f"The {given} {what}.",
            message=f"{told(given)} {listed([d.name for d in documents])}.",
            invariants=("INV-18",),
            transaction=given.id,
            steps=steps_of(evidence, given.id, documents),
            table=table(evidence, expected_moves(evidence, given, documents), added(d.moves() for d in documents)),
            control="Submitted in its new state at once, the same transaction is booked right.",
            remedy="Change the document that stands, with the version that it has now; report an update that failed.",
            assumption="The update was taken, and the customer was told that the transaction is done.",
        )


def others_edits_stand(evidence: Evidence) -> Iterator[Finding]:
    """INV-52 (S): a client's change to a document that somebody else has changed meanwhile keeps their values, or is
    refused; it never puts an old value back in silence."""
    histories: defaultdict[tuple[str, str], list[Version]] = defaultdict(list)
    for version in evidence.versions:
        histories[version.kind, version.id].append(version)
    for (kind, id_), history in histories.items():
        if (kind, id_) not in evidence.made or len(history) < 3:
            continue
        for before, edited, after in zip(history, history[1:], history[2:], strict=False):
            if before.exchange and not edited.exchange and after.exchange and after.action != "delete":
                undone = _undone(before, edited, after)
                if undone:
                    yield _overwritten(evidence, edited, after, undone)


def accounts_are_left_to_people(evidence: Evidence) -> Iterator[Finding]:
    """INV-52 (S): what the company's own people changed in an account, closing it before all, the client does not turn
    back to get its own work through."""
    histories: defaultdict[tuple[str, str], list[Version]] = defaultdict(list)
    for version in evidence.versions:
        if _is_account(evidence, version):
            histories[version.kind, version.id].append(version)
    for history in histories.values():
        for before, edited, after in zip(history, history[1:], history[2:], strict=False):
            undone = _undone(before, edited, after) if after.exchange and not edited.exchange else {}
            if undone:
                yield _turned_back(evidence, after, undone)


def _is_account(evidence: Evidence, version: Version) -> bool:
    """Whether a record is an account: of kinds that share their ids, the one that bears the account's name, and is
    neither a document nor a contact."""
    account, contact = evidence.accounts.get(version.id), evidence.contacts.get(version.id)
    if account is None or (version.kind, version.id) in evidence.made or (contact and contact.kind == version.kind):
        return False
    return any(str(value).startswith(account.name) for value in version.body.values())


def _turned_back(evidence: Evidence, after: Version, undone: Mapping[str, tuple[Any, Any]]) -> Finding:
    sent = evidence.by_number.get(after.exchange)
    lines = [f"{place}: {theirs} -> {new}" for place, (theirs, new) in list(undone.items())[:6]]
    name = evidence.account_name(after.id)
    return Finding(
        title=f"The account {name} was closed or changed by the company's own people, and #{after.exchange} changed it "
        "back.",
        message="Whoever closed the account is not told, and finds new postings on it.",
        invariants=("INV-52",),
        failure_modes=("FM-84",),
        exchanges=(after.exchange,),
        steps=(step(sent),) if sent else (),
        repeat=tuple(lines),
        control="While the account is open nobody needs to change it.",
        remedy="Refuse what goes to an account that was closed, and say which: the chart is the customer's.",
        assumption=f"Version {after.version} of the account was made by the client; the values are those of before.",
    )


def nobody_is_overruled(evidence: Evidence) -> Iterator[Finding]:
    """INV-52 (S): who is told that somebody else has changed a document reads it before changing it again."""
    for (kind, id_), document in evidence.made.items():
        history = [v for v in evidence.versions if (v.kind, v.id) == (kind, id_)]
        by_hand = next((v for v in reversed(history) if not v.exchange and v.action == "update"), None)
        forced = history[-1] if history else None
        if by_hand is None or forced is None or forced.version <= by_hand.version or forced.action != "update":
            continue
        after = [s for s in evidence.sent if s.number < forced.exchange and instant(s.entry.at) >= by_hand.at]
        refused = [s for s in after if s.entry.writes and _is_refusal(s) and says_word(_said(s), id_.lower())]
        read = [s for s in after if s.succeeded and says_word(_answer(s), id_.lower())]
        if refused and not any(one.number > refused[0].number for one in read):
            yield _overruled(evidence, document, refused[0], evidence.by_number.get(forced.exchange))


def _is_refusal(sent: Sent) -> bool:
    """A refusal of the change itself, or of the version that it was made on."""
    return is_final(sent) or (sent.answered and sent.entry.status in (409, 412))


def _said(sent: Sent) -> str:
    return f"{sent.path}\n{sent.content}".lower()


def _answer(sent: Sent) -> str:
    return "\n".join(value for _, value in sent.answer_leaves).lower()


def _overruled(evidence: Evidence, document: Document, refused: Sent, forced: Sent | None) -> Finding:
    owner = evidence.owners.get((document.kind, document.id), "")
    given = evidence.by_id.get(owner)
    shown = [one for one in (refused, forced) if one is not None]
    return Finding(
        title=f"{document.name} was changed by the company's own people; the client was told so by #{refused.number}, "
        "and put its own version over theirs without reading it.",
        message=told(given) if given else "Whoever changed it is not told.",
        invariants=("INV-52",),
        failure_modes=("FM-49",),
        transaction=owner,
        exchanges=tuple(one.number for one in shown),
        steps=tuple(step(one) for one in shown),
        control="Without the edit in between the first attempt goes through.",
        remedy="Read the document again, apply your own change to what stands now, and send that; never count a "
        "version up to get past the refusal.",
        assumption="No answer between the refusal and the second attempt showed the document.",
    )


def _undone(before: Version, edited: Version, after: Version) -> dict[str, tuple[Any, Any]]:
    """The members that somebody else changed and that the client's next version holds as they were before."""
    old, theirs, new = (_leaves(version.body) for version in (before, edited, after))
    changed = {place for place in old.keys() | theirs.keys() if old.get(place) != theirs.get(place)}
    return {
        place: (theirs.get(place), new.get(place))
        for place in sorted(changed)
        if new.get(place) == old.get(place) and not place.startswith("_")
    }


def _leaves(body: Mapping[str, Any], where: str = "") -> Leaves:
    found: Leaves = {}
    for name, value in body.items():
        place = f"{where}.{name}" if where else str(name)
        if isinstance(value, Mapping):
            found |= _leaves(value, place)
        elif isinstance(value, list):
            found |= _leaves({str(number): member for number, member in enumerate(value)}, place)
        else:
            found[place] = value
    return found


def _overwritten(evidence: Evidence, edited: Version, after: Version, undone: Mapping[str, tuple[Any, Any]]) -> Finding:
    owner = evidence.owners.get((after.kind, after.id), "")
    sent = evidence.by_number.get(after.exchange)
    lines = [f"{place}: {theirs} -> {new}" for place, (theirs, new) in list(undone.items())[:6]]
    given: Submitted | None = evidence.by_id.get(owner)
    return Finding(
        title=f"{after.kind} {after.id} was changed by the company's own people, and #{after.exchange} put "
        f"{listed(list(undone)[:3])} back.",
        message=told(given) if given else "Whoever changed it is not told.",
        invariants=("INV-52",),
        failure_modes=("FM-50",),
        transaction=owner,
        exchanges=(after.exchange,),
        steps=(step(sent),) if sent else (),
        repeat=tuple(lines),
        control="Without the edit in between the same update changes what it means to change.",
        remedy="Read the document again before changing it; send the members that change and no others, "
        "or refuse when somebody else has changed it.",
        assumption=f"Version {edited.version} was made in the platform's own screens, version {after.version} by the "
        "client; the values named are those of before the edit.",
    )
