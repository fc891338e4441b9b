"""Tokens: each refresh token used once, the newest pair kept, a failure never stored over it. INV-44."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from sandbooks import exact_json
from sandbooks.audit.evidence import Evidence
from sandbooks.audit.findings import Finding
from sandbooks.audit.reading import Sent
from sandbooks.audit.wording import numbers, saw, step
from sandbooks.kit.tokens import Tokens
from sandbooks.wire import header_of

NOTHING = frozenset({"", "none", "null", "undefined", "nil", "nan"})
MINUTE = 60_000_000
LASTS_LEAST = 5 * MINUTE  # access tokens last longer on every platform
WINDOW, RENEWALS_MOST = 10 * MINUTE, 10  # Source: https://www.zoho.com/books/api/v3/oauth/, the tightest there is
_SCHEME = re.compile(r"^(?:bearer|zoho-oauthtoken)\s*", re.IGNORECASE)


@dataclass
class _Story:
    """What the client knows of its tokens, refresh by refresh.

    ``used``: refresh tokens whose use was answered with a new pair, with that answer; ``old``: access tokens that were
    replaced, with the answer that replaced them; ``current`` the last pair; ``failed`` the last refresh that failed.
    """

    used: dict[str, Sent] = field(default_factory=dict)
    old: dict[str, Sent] = field(default_factory=dict)
    current: dict[str, str] = field(default_factory=dict)
    failed: Sent | None = None


def tokens_are_kept(evidence: Evidence) -> Iterator[Finding]:
    """INV-44 (W): a refresh token that was answered with a new one is not used again, no request uses a pair that was
    replaced, and a refresh that failed never erases a pair that works."""
    story = _Story()
    told: set[str] = set()
    for sent in evidence.surface:
        given = refresh_token(sent)
        found = _at_refresh(evidence, story, sent, given) if given is not None else _at_call(evidence, story, sent)
        if found is not None and found.title not in told:
            told.add(found.title)
            yield found


def tokens_are_used_while_they_last(evidence: Evidence) -> Iterator[Finding]:
    """INV-44 (W): an access token is used until it is about to end or is refused, not renewed for each request."""
    needless: list[Sent] = []
    last: Sent | None = None
    refused = False
    for sent in evidence.surface:
        given = refresh_token(sent)
        if given is None:
            refused = refused or (sent.entry.status == 401 and _is_here(evidence, sent))
        elif _is_ours(evidence, given) and pair_of(sent):
            soon = last is not None and sent.entry.at - last.entry.until < LASTS_LEAST
            needless = [one for one in needless if sent.entry.at - one.entry.at < WINDOW]
            needless += [sent] if soon and not refused else []
            last, refused = sent, False
            if len(needless) > RENEWALS_MOST:
                yield _needless(needless)
                return


def refresh_token(sent: Sent) -> str | None:
    """The refresh token that a request to a token endpoint carries; None for any other request."""
    if sent.entry.method != "POST" or "refresh_token" not in sent.body:
        return None
    fields = _fields(sent.body)
    if fields.get("grant_type") != "refresh_token":
        return None
    return fields.get("refresh_token", "")


def _fields(body: str) -> dict[str, str]:
    if body.lstrip().startswith("{"):
        try:
            loaded = exact_json.loads(body.encode())
        except exact_json.MalformedJson:
            return {}
        return {str(name): str(value) for name, value in loaded.items()}
    return {name: values[0] for name, values in parse_qs(body, keep_blank_values=True).items()}


def pair_of(sent: Sent) -> dict[str, str]:
    """The tokens of an answer that the client saw whole; empty when it holds none."""
    if not sent.succeeded:
        return {}
    try:
        answer: Any = exact_json.loads(sent.entry.response_body)
    except exact_json.MalformedJson:
        return {}
    if not isinstance(answer, dict) or not answer.get("access_token"):
        return {}
    return {name: str(answer[name]) for name in ("access_token", "refresh_token") if answer.get(name)}


def _at_refresh(evidence: Evidence, story: _Story, sent: Sent, given: str) -> Finding | None:
    if not _is_ours(evidence, given):
        return None
    pair = pair_of(sent)
    found = None
    if given.lower() in NOTHING:
        found = _erased(story, sent) if story.current or story.failed else None
    elif given in story.used and pair.get("refresh_token", "") != given and not _stays(evidence, given, pair):
        found = _used_again(story.used[given], sent)
    if not pair:
        story.failed = sent
        return found
    story.failed = None
    rotated = pair.get("refresh_token")
    if rotated and rotated != given:
        story.used.setdefault(given, sent)
        if story.current.get("refresh_token") in (given, None) and story.current.get("access_token"):
            story.old.setdefault(story.current["access_token"], sent)
    story.current = {"refresh_token": rotated or given, "access_token": pair["access_token"]}
    return found


def _at_call(evidence: Evidence, story: _Story, sent: Sent) -> Finding | None:
    header = header_of(sent.entry.request_headers, "Authorization")
    token = _SCHEME.sub("", header).strip()
    if not header or not _SCHEME.match(header) or not _is_here(evidence, sent):
        return None
    if token.lower() in NOTHING:
        return _erased(story, sent) if story.failed else None
    if token in story.old and sent.entry.status == 401:
        return _outdated(story.old[token], sent)
    return None


def _is_ours(evidence: Evidence, token: str) -> bool:
    """Whether a refresh token is one for this company; one that nobody issued counts where there is one company."""
    known = Tokens(evidence.company.world, evidence.company.platform).find("refresh", token)
    if known is not None:
        return evidence.company.id in known.grant.companies
    return token.lower() in NOTHING


def _stays(evidence: Evidence, old: str, pair: dict[str, str]) -> bool:
    """Whether the platform lets an old refresh token live on as long as the new one: then nothing was rotated."""
    tokens = Tokens(evidence.company.world, evidence.company.platform)
    one, two = tokens.find("refresh", old), tokens.find("refresh", pair.get("refresh_token", ""))
    if one is None or two is None or one.revoked is not None or one.expires is None or two.expires is None:
        return False
    return one.expires - one.issued == two.expires - two.issued


def _is_here(evidence: Evidence, sent: Sent) -> bool:
    """Whether a call is for this company: admitted for it, or addressed to it."""
    if sent.entry.company:
        return sent.entry.company == evidence.company.id
    return evidence.company.id.lower() in f"{sent.text}\n{sent.entry.request_headers}".lower()


def _needless(renewals: Sequence[Sent]) -> Finding:
    return Finding(
        title=f"The access token was renewed {len(renewals)} times within {WINDOW // MINUTE} minutes, and none of the "
        "tokens had been refused.",
        message=f"{numbers(renewals[:3])} and others each threw a token away that was good for most of an hour. "
        "Platforms count: once the quota is used up nobody can sign in for a while.",
        invariants=("INV-44",),
        failure_modes=("FM-21",),
        exchanges=tuple(one.number for one in renewals),
        steps=tuple(map(step, renewals[:3])),
        control="A client that keeps its access token renews it about once an hour, or after a 401.",
        remedy="Keep the access token with the instant at which it ends, for all workers and across restarts.",
        assumption=f"Renewals within {LASTS_LEAST // MINUTE} minutes of the one before, no 401 in between; up to "
        f"{RENEWALS_MOST} of them are let pass.",
    )


def _used_again(first: Sent, again: Sent) -> Finding:
    return Finding(
        title=f"{numbers([again])} used a refresh token again that {numbers([first])} had turned into a new one.",
        message=f"The client saw the new pair ({saw(first.entry)}) and went on with the old one; it then saw "
        f"{saw(again.entry)}. Where the grace period is over, somebody has to sign in again.",
        invariants=("INV-44",),
        failure_modes=("FM-18",) if again.succeeded else ("FM-19",),
        exchanges=(first.number, again.number),
        steps=(step(first), step(again)),
        control="One worker that refreshes once and stores what it gets never sends an old token.",
        remedy="One refresh at a time for each connection; store the new pair before its first use.",
        assumption="The first answer reached the client whole, with a refresh token other than the one it had sent.",
    )


def _outdated(replaced: Sent, sent: Sent) -> Finding:
    return Finding(
        title=f"{numbers([sent])} used an access token that {numbers([replaced])} had replaced.",
        message=f"The client had the new one and saw {saw(sent.entry)}.",
        invariants=("INV-44",),
        failure_modes=("FM-18",),
        exchanges=(replaced.number, sent.number),
        steps=(step(replaced), step(sent)),
        control="Requests after a refresh carry the token that it gave.",
        remedy="Read the pair from one place under the lock that the refresh takes.",
        assumption="The answer with the new pair reached the client whole.",
    )


def _erased(story: _Story, sent: Sent) -> Finding:
    first = [story.failed] if story.failed else []
    after = f"after {numbers(first)}, which the client saw as {saw(first[0].entry)}" if first else "all at once"
    return Finding(
        title=f"{numbers([sent])} was sent without a token, {after}: the pair that worked is gone.",
        message="The refresh failed, and what it answered was stored in place of the tokens.",
        invariants=("INV-44",),
        failure_modes=("FM-20",),
        exchanges=tuple(one.number for one in [*first, sent]),
        steps=tuple(step(one) for one in [*first, sent]),
        control="With the refresh answered, the next request carries the new token.",
        remedy="Check status and members of a token answer before anything is overwritten.",
        assumption="The request carries an empty or a null token.",
    )
