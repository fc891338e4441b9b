"""Bills and expenses that recur: each occurrence is a document of its own, made when its day comes.

Source: https://dev.freeagent.com/docs/expenses, https://dev.freeagent.com/docs/bills (recurring, recurring_end_date,
next_recurs_on)
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from sandbooks.kit.company import Company, find_company
from sandbooks.kit.records import Record
from sandbooks.kit.recurrence import Step, first_after
from sandbooks.ledger import Refusal
from sandbooks.platforms.freeagent.fields import Fields
from sandbooks.platforms.freeagent.records import capital_assets, depreciation
from sandbooks.platforms.freeagent.records.storing import touch
from sandbooks.world import World

PLATFORM = "freeagent"
RUN = "sandbooks.platforms.freeagent.records.recurring:run"
MEMBERS = ("recurring", "recurring_end_date", "next_recurs_on")
FREQUENCIES = {
    "Weekly": Step(days=7),
    "Two Weekly": Step(days=14),
    "Four Weekly": Step(days=28),
    # Unconfirmed: the documentation's list leaves the month itself out; the screens offer it.
    "Monthly": Step(months=1),
    "Two Monthly": Step(months=2),
    "Quarterly": Step(months=3),
    "Biannually": Step(months=6),
    "Annually": Step(months=12),
    "2-Yearly": Step(months=24),
}
_OWN = ("url", "updated_at", "created_at", "paid_value", "due_value", "paid_on", *MEMBERS)


def read(company: Company, fields: Fields, dated_on: date | None) -> dict[str, Any]:
    """The members of a document that recurs; nothing for one that does not."""
    frequency = fields.choice("recurring", FREQUENCIES)
    ends = fields.date("recurring_end_date")
    if frequency is None or dated_on is None:
        return {}
    # Unconfirmed: whether occurrences before today are made up for; here the next one lies ahead.
    today = company.world.clock.today(company.time_zone)
    following = first_after(dated_on, FREQUENCIES[frequency], max(dated_on, today))
    members = {"recurring": frequency}
    members |= {"recurring_end_date": ends.isoformat()} if ends else {}
    return members | ({"next_recurs_on": following.isoformat()} if ends is None or following <= ends else {})


def plan(company: Company, record: Record) -> None:
    """Have the next occurrence of a document made when its day begins."""
    following = record.body.get("next_recurs_on")
    if following is None:
        return
    due = datetime.combine(date.fromisoformat(following), datetime.min.time(), ZoneInfo(company.time_zone))
    body = {"company": company.id, "kind": record.kind, "id": record.id, "on": following}
    company.world.jobs.put(RUN, body, due=due)


def run(world: World, body: dict[str, Any]) -> None:
    """The job: make the occurrence, unless the document went or recurs at other times by now."""
    with world.unit():
        company = find_company(world, PLATFORM, body["company"])
        record = company.records.get(body["kind"], body["id"]) if company else None
        if company is None or record is None or record.deleted or record.body.get("next_recurs_on") != body["on"]:
            return
        _make(company, record, body["on"])
        document = {name: value for name, value in record.body.items() if name != "next_recurs_on"}
        step = FREQUENCIES[document["recurring"]]
        following = first_after(date.fromisoformat(document["dated_on"]), step, date.fromisoformat(body["on"]))
        if following.isoformat() <= document.get("recurring_end_date", "9999"):
            document["next_recurs_on"] = following.isoformat()
        current = company.records.get(record.kind, record.id) or record
        plan(company, touch(company, current, document))


def _make(company: Company, record: Record, on: str) -> None:
    """One occurrence. What the books refuse by then (a locked period, a hidden category) is left out."""
    from sandbooks.platforms.freeagent.records import bills, expenses

    makers: dict[str, Callable[[Company, dict[str, Any]], Record]] = {
        "bill": partial(bills.create, occurrence=True),
        "expense": expenses.create,
    }
    given = {name: value for name, value in record.body.items() if name not in _OWN} | {"dated_on": on}
    given = _as_bought(company, {name: value for name, value in given.items() if name not in _DERIVED})
    if "due_on" in given:
        waits = date.fromisoformat(record.body["due_on"]) - date.fromisoformat(record.body["dated_on"])
        given["due_on"] = (date.fromisoformat(on) + max(waits, timedelta(0))).isoformat()
        given["bill_items"] = [_item(company, item) for item in record.body["bill_items"]]
    try:
        with company.world.unit():
            makers[record.kind](company, given)
    except Refusal:
        # Unconfirmed: what the live service does then.
        return


_DERIVED = ("native_gross_value", "sales_tax_value", "native_sales_tax_value", "exchange_rate")


def _item(company: Company, item: dict[str, Any]) -> dict[str, Any]:
    dropped = ("url", "bill", "total_value_ex_tax", "sales_tax_value", "second_sales_tax_value", "quantity")
    return _as_bought(company, {name: value for name, value in item.items() if name not in dropped})


def _as_bought(company: Company, line: dict[str, Any]) -> dict[str, Any]:
    """A line that buys an asset buys another one like it."""
    profile = capital_assets.profile_of(company, line)
    if profile is None:
        return line
    kept = {name: value for name, value in line.items() if name not in depreciation.SCHEDULES}
    return kept | {"capital_asset": {"depreciation_profile": profile}}
