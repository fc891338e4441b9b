"""Open foreign documents at the rate of the day, for companies that ask for it by the setting ``revalue_open_items``.

Each day brings what an open bill, invoice or credit note is worth in native currency in step with that day's rate; a
payment takes back its part, so that nothing stays behind once a document is settled.
Source: https://github.com/RootwireLtd/FreeAgentDotNet FreeAgentFixtures (391 Unrealized Currency Exchange Gain/Loss).
Unconfirmed: at what hour, and in how many entries, the live service does so.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import asdict, astuple

from sandbooks.kit.company import Company, find_company
from sandbooks.kit.records import Record
from sandbooks.ledger import PeriodClosed
from sandbooks.money import Money
from sandbooks.platforms.freeagent.rates import day_rate
from sandbooks.platforms.freeagent.records.storing import OPEN, save
from sandbooks.platforms.freeagent.wire import decimal_text, tail
from sandbooks.world import World

PLATFORM = "freeagent"
RUN = "sandbooks.platforms.freeagent.records.revaluations:run"
SWITCH = "revalue_open_items"
DOCUMENTS = ("bill", "invoice", "credit_note")
_PLANNED = "freeagent/revaluations"
_HELD = "freeagent/unrealised"
_LEFT = "freeagent/unrealised_left"


class Standing(Struct, frozen=True):
    """What the books hold open of a document on its control account, at booking rates; credits are negative."""

    control: str
    amount: Money
    base: Money


class Place(Struct, frozen=True):
    """Where a revaluation stands in the books: what a document is owed on, by whom, and in which currency."""

    control: str
    currency: str
    party: str


def follow(company: Company, record: Record, standing: Standing) -> None:
    """Bring the revaluation of a document in step with what is open of it and with today's rate.

    A document that moved to another account, contact or currency takes back what it had where it was before.
    """
    scope, name = f"{_HELD}/{company.id}", f"{record.kind}/{record.id}"
    known = company.world.get(scope, name)
    currency = standing.amount.currency
    if known is None and not (company.settings.get(SWITCH) and currency != company.currency):
        return
    today = company.world.clock.today(company.time_zone)
    rate = day_rate(company, currency, today)
    if rate is None:
        return
    place = Place(standing.control, currency, tail(record.body["contact"], "contacts"))
    held = Decimal(known["gain"]) if known else Decimal(0)
    stood = Place(**known["place"]) if known else place
    if stood != place and _keep(company, record, stood, moved=-held, on=today):
        held, stood = Decimal(0), place
    wanted = (rate.to_base(standing.amount) - standing.base).amount
    if stood == place and _keep(company, record, place, moved=wanted - held, on=today):
        held = wanted
    kept = {"gain": str(held), "place": asdict(stood)} if held else None
    if kept != known:
        company.world.put(scope, name, kept)
    left = held != wanted or stood != place
    _note_left(company, name, left=left)
    if standing.amount or left:
        _plan(company, today)


def _note_left(company: Company, name: str, *, left: bool) -> None:
    """Remember what a locked day leaves to a later one, whatever becomes of the document."""
    noted = list(company.world.get(_LEFT, company.id) or ())
    if left != (name in noted):
        company.world.put(_LEFT, company.id, [*noted, name] if left else [each for each in noted if each != name])


def _keep(company: Company, record: Record, place: Place, *, moved: Decimal, on: date) -> bool:
    """Post what the day moves; False where the day is locked, so that a later one takes it."""
    if not moved:
        return True
    kind, id = f"{record.kind}_revaluation", f"{record.id}@{on.isoformat()}/{'/'.join(astuple(place))}"
    known = company.records.get(kind, id)
    document = {
        "dated_on": on.isoformat(),
        "description": f"Revaluation: {record.body['reference']}",
        "currency": place.currency,
        "gain": decimal_text(moved + (Decimal(known.body["gain"]) if known is not None else 0)),
    }
    facts = {"posts": "revaluation", "base": company.currency, "control": place.control, "party": place.party}
    try:
        with company.world.unit():
            save(company, kind, id, document=document, facts=facts)
    except PeriodClosed:
        return False
    return True


def _plan(company: Company, today: date) -> None:
    """Have every open document looked at when the next day begins."""
    following = (today + timedelta(days=1)).isoformat()
    if company.world.get(_PLANNED, company.id) == following:
        return
    company.world.put(_PLANNED, company.id, following)
    due = datetime.combine(date.fromisoformat(following), datetime.min.time(), ZoneInfo(company.time_zone))
    company.world.jobs.put(RUN, {"company": company.id, "on": following}, due=due)


def run(world: World, body: dict[str, Any]) -> None:
    """The job: revalue what is open, unless another day was planned since."""
    from sandbooks.platforms.freeagent.records import bills, invoices

    with world.unit():
        company = find_company(world, PLATFORM, body["company"])
        if company is None or world.get(_PLANNED, company.id) != body["on"]:
            return
        for record in _looked_at(company):
            (bills if record.kind == "bill" else invoices).revalue(company, record)


def _looked_at(company: Company) -> list[Record]:
    """The documents that are open in another currency, and those whose revaluation a locked day left as it was."""
    found = {
        f"{each.kind}/{each.id}": each for kind in DOCUMENTS for each in company.records.find(kind, "foreign", OPEN)
    }
    for name in company.world.get(_LEFT, company.id) or ():
        record = company.records.get(*name.split("/"))
        if record is not None:
            found[name] = record
    return list(found.values())
