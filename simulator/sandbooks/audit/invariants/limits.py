"""Limits and retries: waits that were asked for, and attempts that cannot succeed. INV-47 and INV-48."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from email.utils import parsedate_to_datetime
from itertools import pairwise

from sandbooks.audit.evidence import Evidence
from sandbooks.audit.findings import Finding
from sandbooks.audit.invariants.tokens import refresh_token
from sandbooks.audit.reading import Sent
from sandbooks.audit.submitted import Submitted
from sandbooks.audit.wording import numbers, saw, step, steps_of, times, told
from sandbooks.wire import header_of
from sandbooks.world import TapeEntry, instant

ATTEMPTS_MOST = 12  # writes of one thing that left nothing behind
INSIDE_MOST = 3  # look-ups by POST may be among those that are answered with success and leave nothing
NOT_FINAL = frozenset({401, 403, 408, 409, 412, 423, 425, 429})
SECOND = 1_000_000


def waits_are_kept(evidence: Evidence) -> Iterator[Finding]:
    """INV-47 (W): nothing is sent to an organisation before the wait is over that an answer announced."""
    wait: tuple[int, TapeEntry] | None = None
    for sent in evidence.sent:
        entry = sent.entry
        elsewhere = wait is not None and entry.company not in ("", wait[1].company) and bool(wait[1].company)
        if wait is not None and entry.at < wait[0] and not elsewhere and refresh_token(sent) is None:
            yield _too_early(evidence, sent, *wait)
        until = wait_until(entry) if sent.answered else 0  # whoever died before reading it does not know
        if until:
            wait = (until, entry)


def wait_until(entry: TapeEntry) -> int:
    """The instant until which an answer asks to wait, in microseconds; 0 for none. Both forms of Retry-After."""
    if entry.cut or entry.status not in (429, 503):
        return 0
    text = header_of(entry.response_headers, "Retry-After").strip()
    if text.isdigit():
        return entry.until + int(text) * SECOND
    try:
        return round(parsedate_to_datetime(text).timestamp() * SECOND) if text else 0
    except ValueError:
        return 0


def _too_early(evidence: Evidence, sent: Sent, until: int, told: TapeEntry) -> Finding:
    first = evidence.by_number[told.number]
    return Finding(
        title=f"#{sent.number} was sent {(until - sent.entry.at) / SECOND:.0f} s before the wait was over that "
        f"#{told.number} had asked for.",
        message=f"The client saw {saw(told)} and was to wait until {instant(until):%H:%M:%S}.",
        invariants=("INV-47",),
        failure_modes=("FM-29",),
        exchanges=(told.number, sent.number),
        steps=(step(first), step(sent)),
        control="A client that is not throttled need not wait.",
        remedy="Wait as long as Retry-After says, whichever of its two forms it has.",
        assumption="The wait is for the whole organisation; sign-in is not counted.",
    )


def a_wait_is_no_refusal(evidence: Evidence) -> Iterator[Finding]:
    """INV-47 (W): what was only put off is done once the wait is over. A client that calls a transaction failed after
    one single answer of that kind has lost it, although nobody refused it."""
    renewed = [sent.number for sent in evidence.surface if refresh_token(sent) is not None and sent.succeeded]
    for given in evidence.submitted or ():
        sent = [one for one in evidence.sent_by_owner.get(given.id, []) if one.entry.writes]
        if given.status != "failed" or given.through_hub or not sent or evidence.standing(given.id):
            continue
        if _never_renewed(evidence, sent):
            yield _given_up(evidence, given, sent[0])
            continue
        if len(sent) != 1:
            continue
        (only,) = sent
        put_off = only.answered and bool(wait_until(only.entry) or only.entry.status == 429)
        expired = only.answered and only.entry.status == 401 and any(n > only.number for n in renewed)
        if put_off or expired:
            yield _given_up(evidence, given, only)


def _never_renewed(evidence: Evidence, sent: Sequence[Sent]) -> bool:
    """Whether a token ended and nobody asked for another one, though the consent stood."""
    if not all(one.answered and one.entry.status == 401 for one in sent):
        return False
    ended = any("expire_token" in fault for fault in sent[0].entry.faults)
    signs_each = header_of(sent[0].entry.request_headers, "Authorization").startswith("OAuth ")
    asked = [one for one in evidence.surface if "grant_type" in one.text]
    lost = any(one.number > sent[0].number or (one.answered and not one.succeeded) for one in asked)
    return ended and not signs_each and not lost


def _given_up(evidence: Evidence, given: Submitted, only: Sent) -> Finding:
    waits = only.entry.status != 401
    why = "asked to wait" if waits else "wanted a fresh token"
    return Finding(
        title=f"The {given} was given up because the platform {why} once.",
        message=f"{told(given)} Nothing was wrong with it: for #{only.number} the client saw {saw(only.entry)}, and it "
        "never tried again.",
        invariants=("INV-47",) if waits else ("INV-47", "INV-44"),
        failure_modes=("FM-29",) if waits else ("FM-17",),
        transaction=given.id,
        exchanges=(only.number,),
        steps=steps_of(evidence, given.id),
        control="Without that one answer the same transaction is posted.",
        remedy="Keep it waiting, and send it again when the wait is over."
        if waits
        else "Renew the token once, and send the same request again.",
        assumption="It was sent once and never refused for a reason of its own; the connection worked afterwards.",
    )


def refused_is_not_repeated(evidence: Evidence) -> Iterator[Finding]:
    """INV-48 (W): what the platform has refused for good is not sent again as it is, unless somebody acted; and no
    write is tried without end, not even one that differs each time in an id of its own."""
    told: set[int] = set()
    for attempts in _same(evidence, lambda sent: (sent.content,)):
        refused = [sent for sent in attempts if is_final(sent) and not _is_there(evidence, sent)]
        inside = [] if refused else _refused_inside(evidence, attempts)
        again = _asked_again(evidence, refused or inside) + _acted_between(evidence, refused or inside)
        if len(refused) > 1 + again or len(inside) > INSIDE_MOST + again:
            found = refused or inside
        elif len(found := [sent for sent in attempts if not sent.written]) <= ATTEMPTS_MOST:
            continue
        told |= {sent.number for sent in attempts}
        yield _repeated(evidence, found)
    for attempts in _same(evidence, lambda sent: (sent.entry.operation, *evidence.carried(sent))):
        inside = _refused_inside(evidence, [sent for sent in attempts if sent.number not in told])
        if len(inside) > ATTEMPTS_MOST + _asked_again(evidence, inside) + _acted_between(evidence, inside):
            yield _repeated(evidence, inside)


def _same(evidence: Evidence, what: Callable[[Sent], tuple[str, ...]]) -> list[list[Sent]]:
    """Writes that were sent more than once, told by method, path and ``what``; sign-ins are not among them."""
    tries: defaultdict[tuple[str, ...], list[Sent]] = defaultdict(list)
    for sent in evidence.writes:
        if refresh_token(sent) is None:
            tries[sent.entry.method, sent.path, *what(sent)].append(sent)
    return [attempts for attempts in tries.values() if len(attempts) > 1]


def is_final(sent: Sent) -> bool:
    """A refusal of the thing itself: not of the caller, the moment or the pace."""
    status = sent.entry.status
    return sent.answered and 400 <= status < 500 and status not in NOT_FINAL and not sent.written


def _is_there(evidence: Evidence, sent: Sent) -> bool:
    """Whether a create was refused because its client had made that very record, under an id of its own choice: who
    asks again learns that it is there, and that is all that it wants."""
    return sent.entry.method in ("POST", "PUT") and bool(evidence.chosen(sent))


def _refused_inside(evidence: Evidence, attempts: list[Sent]) -> list[Sent]:
    """Refusals inside a good answer: of work that failed in the end, and of which no attempt has left anything."""
    if any(sent.written for sent in attempts):
        return []
    owners = {owner for sent in attempts for owner in evidence.carried(sent) if owner in evidence.by_id}
    failed = owners and all(evidence.by_id[owner].status in ("failed", "refused") for owner in owners)
    return [sent for sent in attempts if sent.succeeded] if failed else []


def _asked_again(evidence: Evidence, refused: list[Sent]) -> int:
    """How often somebody handed the transaction over again; any of them, where the requests name none."""
    owners = {owner for sent in refused for owner in evidence.carried(sent) if owner in evidence.by_id}
    given = [evidence.by_id[owner] for owner in owners] or list(evidence.submitted or ())
    return max((one.submissions - 1 + one.updated for one in given), default=0)


def _acted_between(evidence: Evidence, refused: list[Sent]) -> int:
    """How often the company's own people changed something between two attempts, or somebody the very record that the
    request addresses: what is posted by an action of its own may have been written anew."""
    if len(refused) < 2:
        return 0
    place = refused[0].path.lower()
    changed = [v.at for v in evidence.versions if v.exchange == 0 or _addresses(place, v.id.lower())]
    ends = [instant(sent.entry.until) for sent in refused]
    between = [any(one < at <= other for at in changed) for one, other in pairwise(ends)]
    return sum(between)


def _addresses(path: str, id: str) -> bool:
    """Whether a path holds an id as a part of its own."""
    return re.search(rf"(?<![\w-]){re.escape(id)}(?![\w-])", path) is not None


def _repeated(evidence: Evidence, tries: list[Sent]) -> Finding:
    owner = next((o for sent in tries for o in evidence.carried(sent) if o in evidence.by_id), "")
    shown = tries[:6]
    subject = f"The write of {evidence.by_id[owner]}" if owner else f"{tries[0].entry.method} {tries[0].path}"
    return Finding(
        title=f"{subject} was sent {times(len(tries))} without a change, and refused each time.",
        message=f"The client saw {saw(tries[0].entry)} at {numbers(tries[:1])} and tried again as if that could pass. "
        "Quota is spent, and nobody is told what to do.",
        invariants=("INV-48",),
        failure_modes=("FM-37",),
        transaction=owner,
        exchanges=tuple(sent.number for sent in shown),
        steps=tuple(step(sent) for sent in shown),
        control="What the platform takes is sent once.",
        remedy="Report a refusal to the customer at once; try again when somebody has changed something.",
        assumption="Same address and same body each time; nobody submitted it again or changed a record in between.",
    )
