"""Whose request it is: nothing of another company travels along, nothing is sent without consent. INV-45, INV-61."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sandbooks.audit.evidence import HUB_ACTOR, Evidence
from sandbooks.audit.findings import Finding
from sandbooks.audit.hub_inputs import consent_gaps
from sandbooks.audit.invariants.tokens import refresh_token
from sandbooks.audit.reading import Sent
from sandbooks.audit.wording import numbers, saw, step
from sandbooks.kit.company import Company, companies
from sandbooks.kit.tokens import Tokens
from sandbooks.wire import header_of

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
LONG = 6  # an id of fewer characters may stand for anything
TRIES = 10  # refreshes with a consent that was answered as gone, one soon after the other
SOON = 600 * 1_000_000


def carries_nothing_foreign(evidence: Evidence) -> Iterator[Finding]:
    """INV-45 (W): no request to a company carries the id, the token or a record's id of another company."""
    company = evidence.company
    others = [c for c in companies(company.world, company.platform) if c.id != company.id]
    if not others:
        return
    own_records = _record_ids(company)
    foreign = {id_: other for other in others for id_ in _record_ids(other) - own_records}
    foreign |= {other.id.lower(): other for other in others if len(other.id) >= LONG}
    for sent in evidence.surface:
        if sent.entry.company == company.id:
            said = set(_UUID.findall(sent.text)) | set(re.findall(r"[\w-]+", sent.text.partition("\n")[0]))
            said |= {value.lower() for _, value in sent.entry.request_headers if len(value) < 80}
            strange = next((foreign[word] for word in said if word in foreign), None)
            if strange is not None:
                yield _foreign(company, strange, sent, "an id")
        elif company.id.lower() in _addressed(sent):
            strange = _holder(company, sent, others)
            if strange is not None:
                yield _foreign(company, strange, sent, "the token")


def _record_ids(company: Company) -> set[str]:
    """The ids of a company's records that are told apart everywhere: UUIDs."""
    return {version.id.lower() for version in company.records.changes() if _UUID.fullmatch(version.id.lower())}


def _addressed(sent: Sent) -> set[str]:
    """Every word of the address and the short headers, where companies are named."""
    words = set(re.findall(r"[\w-]+", sent.entry.url.lower()))
    return words | {value.lower() for _, value in sent.entry.request_headers if len(value) < 80}


def _holder(company: Company, sent: Sent, others: list[Company]) -> Company | None:
    """The other company whose token a refused request carries, if the token does not reach this one."""
    token = header_of(sent.entry.request_headers, "Authorization").partition(" ")[2]
    known = Tokens(company.world, company.platform).find("access", token) if token else None
    if known is None or company.id in known.grant.companies:
        return None
    return next((other for other in others if other.id in known.grant.companies), None)


def _foreign(company: Company, other: Company, sent: Sent, what: str) -> Finding:
    return Finding(
        title=f"{numbers([sent])} is addressed to {company.name} and carries {what} of {other.name}.",
        message=f"The client saw {saw(sent.entry)}. The next one may find the other company's books open.",
        invariants=("INV-45",),
        failure_modes=("FM-25",),
        exchanges=(sent.number,),
        steps=(step(sent),),
        control="With one connection in the process every request carries its own ids.",
        remedy="Keep token, company id and native ids together in one connection; share none of them.",
        assumption="The id or token belongs to the other company alone.",
    )


def nothing_without_consent(evidence: Evidence) -> Iterator[Finding]:
    """INV-61 (W): after a connection was unlinked, or its consent was answered as gone, nothing more is sent for it."""
    for begin, end, instance in consent_gaps(evidence.company, evidence.world_tape):
        late = [
            sent
            for sent in evidence.sent
            if sent.entry.actor == HUB_ACTOR and begin < sent.number and (not end or sent.number < end)
        ]
        if late:
            yield _without_consent(late, f"the connection was {instance} by #{begin}")
    yield from _refreshed_in_vain(evidence)


def _refreshed_in_vain(evidence: Evidence) -> Iterator[Finding]:
    gone: dict[str, list[Sent]] = {}
    for sent in evidence.surface:
        token = refresh_token(sent)
        if token and sent.answered and sent.entry.status == 400 and b"invalid_grant" in sent.entry.response_body:
            gone.setdefault(token, []).append(sent)
    tokens = Tokens(evidence.company.world, evidence.company.platform)
    for token, tries in gone.items():
        known = tokens.find("refresh", token)
        in_haste = [s for s, before in zip(tries[TRIES:], tries, strict=False) if s.entry.at - before.entry.at < SOON]
        if in_haste and known is not None and evidence.company.id in known.grant.companies:
            yield _without_consent(in_haste, f"{numbers(tries[:1])} had said that the consent is gone")


def _without_consent(late: list[Sent], why: str) -> Finding:
    shown = late[:6]
    return Finding(
        title=f"{numbers(shown)} {'was' if len(shown) == 1 else 'were'} sent although {why}.",
        message=f"The client saw {saw(shown[0].entry)}. The work was to wait until somebody signs in again.",
        invariants=("INV-61",),
        failure_modes=("FM-26",),
        exchanges=tuple(sent.number for sent in shown),
        steps=tuple(step(sent) for sent in shown),
        control="While the connection is linked the same requests are in order.",
        remedy="Mark the connection at the first answer that says so, park what is queued, and send nothing more.",
        assumption="The connection was not linked again in between.",
    )
