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

from sandbooks.kit.company import Company, find_company
from sandbooks.kit.records import Record
from sandbooks.kit.sums import Sums
from sandbooks.ledger import PeriodClosed
from sandbooks.money import Money
from sandbooks.platforms.freeagent.rates import day_rate
from sandbooks.platforms.freeagent.records.storing import save
from sandbooks.platforms.freeagent.wire import decimal_text, tail
from sandbooks.world import World

PLATFORM = "freeagent"
RUN = "sandbooks.platforms.freeagent.records.revaluations:run"
SWITCH = "revalue_open_items"
DOCUMENTS = ("bill", "invoice", "credit_note")
_PLANNED = "freeagent/revaluations"


class Standing(Struct, frozen=True):
    """What the books hold open of a document on its control account, at booking rates; credits are negative."""

    control: str
    amount: Money
    base: Money


def follow(company: Company, record: Record, standing: Standing) -> None:
    """Bring the revaluation of a document in step with what is open of it and with today's rate."""
    name = f"unrealised/{record.kind}/{record.id}"
    held = Sums(company).of(name)
    if not held and not (company.settings.get(SWITCH) and standing.amount.currency != company.currency):
        return
    today = company.world.clock.today(company.time_zone)
    rate = day_rate(company, standing.amount.currency, today)
    if rate is None:
        return
    wanted = (rate.to_base(standing.amount) - standing.base).amount
    if wanted != held and _keep(company, record, standing, moved=wanted - held, on=today):
        Sums(company).move({name: held}, {name: wanted})
    if standing.amount:
        _plan(company, today)


def _keep(company: Company, record: Record, standing: Standing, *, moved: Decimal, on: date) -> bool:
    """Post what the day moves; False where the day is locked, so that a later one takes it."""
    kind, id = f"{record.kind}_revaluation", f"{record.id}@{on.isoformat()}"
    known = company.records.get(kind, id)
    document = {
        "dated_on": on.isoformat(),
        "description": f"Revaluation: {record.body['reference']}",
        "currency": standing.amount.currency,
        "gain": decimal_text(moved + (Decimal(known.body["gain"]) if known is not None else 0)),
    }
    party = tail(record.body["contact"], "contacts")
    facts = {"posts": "revaluation", "base": company.currency, "control": standing.control, "party": party}
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
        for kind in DOCUMENTS:
            for record in list(company.records.scan(kind)):
                if record.body["currency"] != company.currency and record.body["due_value"] != "0.0":
                    (bills if kind == "bill" else invoices).revalue(company, record)
