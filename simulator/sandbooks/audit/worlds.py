"""The audit of a whole world: every company by what was submitted for it, with one reading of the tape."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from sandbooks.audit.auditing import audit_company
from sandbooks.audit.driver_inputs import Outcomes, Work
from sandbooks.audit.findings import Finding
from sandbooks.audit.hub_inputs import hub_companies
from sandbooks.audit.submitted import Submitted
from sandbooks.kit.company import Company, companies
from sandbooks.world import World

HUB_PLATFORM = "codat"
Place: TypeAlias = tuple[str, str]


def audit(
    world: World,
    submitted: Work | Iterable[Work] | Mapping[Place, Iterable[Submitted]] | None = None,
    *,
    outcomes: Outcomes | None = None,
    quiet: bool = True,
    edition: str = "",
    command: str = "",
    strict: bool = False,
) -> list[Finding]:
    """Everything that is wrong with the books of a world, one finding for each cause, company by company.

    ``submitted`` is the work of one driver or of several, or inputs by ``(platform, company id)``; ``outcomes`` are
    what the driver tells at the end, by id (in addition to what ``Work`` has noted). Companies that nobody submitted
    anything for are judged by what the hub was given, else by tape and books alone. ``quiet``: all work is done.
    ``edition`` names the capability tables that clients of the hub are held to (default: those that the world's hub
    uses). ``strict``, which harnesses want, also finds ways of working that did no harm this time. ``command`` shows a
    finding again.
    """
    tape = list(world.tape.entries())
    given = inputs_by_company(world, submitted, outcomes)
    return [
        finding
        for company in companies(world)
        for finding in audit_company(
            company,
            given.get((company.platform, company.id)),
            quiet=quiet,
            edition=edition,
            command=command,
            strict=strict,
            tape=tape,
        )
    ]


def inputs_by_company(
    world: World,
    submitted: Work | Iterable[Work] | Mapping[Place, Iterable[Submitted]] | None,
    outcomes: Outcomes | None = None,
) -> dict[Place, list[Submitted]]:
    """What should be in the books of each company, by its platform and native id. Raises ``LookupError`` for work of
    a company that the world does not have."""
    if submitted is None:
        return {}
    if isinstance(submitted, Mapping):
        return {place: list(given) for place, given in submitted.items()}
    found: dict[Place, list[Submitted]] = {}
    for work in [submitted] if isinstance(submitted, Work) else submitted:
        company = company_of(world, work)
        inputs = work.inputs(base_currency=company.currency, outcomes=outcomes)
        found.setdefault((company.platform, company.id), []).extend(inputs)
    return found


def company_of(world: World, work: Work) -> Company:
    """The platform company that some work ends in; for a client of the hub the one that is connected."""
    for company in companies(world):
        if work.platform == HUB_PLATFORM:
            if work.company_id in hub_companies(company):
                return company
        elif (company.platform, company.id) == (work.platform, work.company_id):
            return company
    raise LookupError(f"the world has no company {work.company_id} on {work.platform}")
