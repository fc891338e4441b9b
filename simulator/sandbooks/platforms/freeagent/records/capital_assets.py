"""Capital assets: what a line on ``602-x`` bought, how it loses its value with the clock, and how it goes.

Nobody writes an asset itself: bills, expenses and explanations make it, change it and take it away with them, and an
explanation that names it disposes of it.
Source: https://dev.freeagent.com/docs/capital_assets, https://dev.freeagent.com/docs/depreciation_profiles
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct

from sandbooks.kit.company import Company, find_company
from sandbooks.kit.records import Record
from sandbooks.money import Money, total
from sandbooks.platforms.freeagent.posting import costs
from sandbooks.platforms.freeagent.records import depreciation, sub_accounts
from sandbooks.platforms.freeagent.records.storing import is_locked, new_id, refer, remove, save, touch
from sandbooks.platforms.freeagent.refusals import Invalid
from sandbooks.platforms.freeagent.wire import decimal_text, path, tail
from sandbooks.world import World

KIND, DEPRECIATION = "capital_asset", "capital_asset_depreciation"
PLATFORM = "freeagent"
RUN = "sandbooks.platforms.freeagent.records.capital_assets:run"
# A change to what was bought is refused once the asset is gone.
_FIXED = ("capital_asset_type", "cost", "purchased_on", "depreciation_profile")


class Bought(Struct, frozen=True, kw_only=True):
    """What a line buys: an asset of a type, which loses its value as the profile says."""

    type: Record
    profile: dict[str, Any]


class Line(Struct, frozen=True, kw_only=True):
    """A line that buys: its place in its document, its URL and its words."""

    place: int
    url: str
    description: str
    bought: Bought


def single(company: Company, document: dict[str, Any], bought: Bought | None, *, years: str) -> list[Line]:
    """The line of a document that is one itself, which then names its asset; none where it buys nothing."""
    if bought is None:
        return []
    url = str(document["url"])
    document |= members(company, bought, made_by(company, url).get(url), years=years)
    return [Line(place=0, url=url, description=str(document["description"]), bought=bought)]


def made_by(company: Company, parent: str) -> dict[str, Record]:
    """The assets that a document bought, by the URL of the line."""
    return {str(found.body["item"]): found for found in company.records.find(KIND, "bought_by", parent)}


def profile_of(company: Company, line: dict[str, Any] | None) -> dict[str, Any] | None:
    """The profile of the asset that a standing line bought."""
    id = tail((line or {}).get("capital_asset"), "capital_assets")
    record = company.records.get(KIND, id) if id else None
    return dict(record.body["depreciation_profile"]) if record is not None and not record.deleted else None


def members(company: Company, bought: Bought, standing: Record | None, *, years: str) -> dict[str, Any]:
    """What a line shows of its asset; ``years`` names the old member for its life."""
    id = standing.id if standing is not None else new_id(company, KIND)
    return {"capital_asset": path("capital_assets", id), years: str(depreciation.life_years(bought.profile))}


def keep(company: Company, parent: Record, lines: Sequence[Line], *, facts: dict[str, Any]) -> None:
    """Bring the assets in step with the lines of a stored document. Raises ``Invalid`` for one that is gone."""
    standing = made_by(company, refer(parent))
    if not lines and not standing:
        return
    values = costs(parent.kind, parent.body, facts)
    for line in lines:
        _keep(company, parent, line, values[line.place], standing.pop(line.url, None))
    for record in standing.values():
        _drop(company, record)


def _keep(company: Company, parent: Record, line: Line, cost: Money, standing: Record | None) -> None:
    holder = parent.body["bill_items"][line.place] if parent.kind == "bill" else parent.body
    document: dict[str, Any] = {
        "url": holder["capital_asset"],
        "description": line.description,
        "asset_life_years": depreciation.life_years(line.bought.profile),
        "depreciation_profile": line.bought.profile,
        "asset_type": line.bought.type.body["name"],
        "purchased_on": parent.body["dated_on"],
        "capital_asset_type": refer(line.bought.type),
        "code": line.bought.type.body["sub_code"],
        "cost": decimal_text(cost.amount),
        "bought_by": refer(parent),
        "item": line.url,
    }
    if standing is not None:
        kept: dict[str, Any] = {
            name: standing.body[name] for name in ("disposed_on", "disposal") if name in standing.body
        }
        if kept and any(document[name] != standing.body[name] for name in _FIXED):
            _refuse_disposed()
        document |= kept
    bring(company, save(company, KIND, tail(document["url"], "capital_assets"), document=document))


def _refuse_disposed() -> None:
    # Unconfirmed: the words; the live service knows no asset that was disposed of before it was bought.
    raise Invalid(("Capital asset has been disposed of and its purchase can't be changed",))


def drop(company: Company, parent: Record) -> None:
    """Take away what a document bought that goes. Raises ``Invalid`` for an asset that was disposed of."""
    for record in made_by(company, refer(parent)).values():
        _drop(company, record)


def _drop(company: Company, record: Record) -> None:
    if "disposal" in record.body:
        _refuse_disposed()
    for lost in company.records.find(DEPRECIATION, KIND, record.id):
        remove(company, lost)
    remove(company, record)


# Depreciation


def bring(company: Company, record: Record) -> None:
    """Post the depreciation up to today that is not posted yet, take away what should not be, and plan the next."""
    today = company.world.clock.today(company.time_zone).isoformat()
    gone = record.body.get("disposed_on", "9999")
    last = min(today, gone)
    wanted: dict[str, Money] = {}
    following = ""
    for day, amount in depreciation.amounts(
        cost_of(company, record), record.body["depreciation_profile"], _day(record)
    ):
        following = day.isoformat()
        if following > last:
            break
        wanted[following], following = amount, ""
    if gone == last:
        wanted.setdefault(gone, Money.zero(company.currency))
    _bring_posted(company, record, _from_the_start(company, wanted))
    following = min(following or "9999", gone)
    _plan(company, record, following if last < following < "9999" else "")


def _from_the_start(company: Company, wanted: dict[str, Money]) -> dict[str, Money]:
    """The parts with those that fell before the company began in FreeAgent as one, on the day of their last."""
    # Unconfirmed: whether the live service posts each of them. One brings forward what is on 605 from the first period
    # on all the same; the setting ``depreciation_before_start`` chooses ``parts``.
    start = str(company.settings["freeagent_start_date"])
    before = [day for day in wanted if day < start]
    if len(before) < 2 or company.settings.get("depreciation_before_start") == "parts":
        return wanted
    together = total((wanted[day] for day in before), company.currency)
    return {before[-1]: together, **{day: amount for day, amount in wanted.items() if day >= start}}


def _bring_posted(company: Company, record: Record, wanted: dict[str, Money]) -> None:
    """Bring what is posted in step with what is wanted by day. What fell into a locked period goes with the next part,
    at the latest on the day of the disposal."""
    # Unconfirmed: what the live service does with depreciation that falls due in a locked period.
    standing = {lost.body["dated_on"]: lost for lost in company.records.find(DEPRECIATION, KIND, record.id)}
    for dated_on, lost in standing.items():
        if dated_on not in wanted:
            remove(company, lost)
    carried = Money.zero(company.currency)
    for dated_on, amount in wanted.items():
        carried, stood = carried + amount, standing.get(dated_on)
        if is_locked(company, dated_on):
            carried -= Money.of(stood.body["amount"] if stood else "0", company.currency)
            continue
        if carried:
            _post(company, record, dated_on, carried)
        elif stood is not None:
            remove(company, stood)
        carried = Money.zero(company.currency)


def _day(record: Record) -> date:
    return date.fromisoformat(record.body["purchased_on"])


def cost_of(company: Company, record: Record) -> Money:
    """What an asset cost, net of the tax reclaimed, in native currency."""
    return Money.of(record.body["cost"], company.currency)


def _post(company: Company, record: Record, dated_on: str, amount: Money) -> None:
    id = f"{record.id}@{dated_on}"
    account = f"{sub_accounts.DEPRECIATION}-{record.body['code']}"
    document = {
        "capital_asset": refer(record),
        "dated_on": dated_on,
        "description": f"Depreciation: {record.body['description']}",
        "amount": decimal_text(amount.amount),
        "account": account,
    }
    standing = company.records.get(DEPRECIATION, id)
    if standing is not None and not standing.deleted and standing.body == document:
        return
    type = company.records.get(sub_accounts.ASSET_TYPE, tail(record.body["capital_asset_type"], "capital_asset_types"))
    if type is None:
        raise AssertionError("an asset has a type")
    sub_accounts.opened(company, sub_accounts.DEPRECIATION, type.body)
    save(company, DEPRECIATION, id, document=document, facts={"posts": "depreciation", "base": company.currency})


def _plan(company: Company, record: Record, following: str) -> None:
    """Have the next part posted when its day begins."""
    document = {name: value for name, value in record.body.items() if name != "depreciates_on"}
    if following:
        document["depreciates_on"] = following
    if document != record.body:
        touch(company, record, document)
    if following and record.body.get("depreciates_on") != following:
        due = datetime.combine(date.fromisoformat(following), datetime.min.time(), ZoneInfo(company.time_zone))
        company.world.jobs.put(RUN, {"company": company.id, "id": record.id, "on": following}, due=due)


def run(world: World, body: dict[str, Any]) -> None:
    """The job: post what is due of an asset, unless it went or loses its value at other times by now."""
    with world.unit():
        company = find_company(world, PLATFORM, body["company"])
        record = company.records.get(KIND, body["id"]) if company else None
        if company is None or record is None or record.deleted or record.body.get("depreciates_on") != body["on"]:
            return
        bring(company, record)


# Disposal


def depreciated(company: Company, record: Record, on: date) -> Money:
    """What an asset has lost of its value by a day."""
    parts = depreciation.amounts(cost_of(company, record), record.body["depreciation_profile"], _day(record))
    taken = []
    for day, amount in parts:
        if day > on:
            break
        taken.append(amount)
    return total(taken, company.currency)


def disposal_facts(company: Company, record: Record, on: date) -> dict[str, Any]:
    """What the entry of a disposal rests on, beside the money: the cost and what was lost of it."""
    type = company.records.get(sub_accounts.ASSET_TYPE, tail(record.body["capital_asset_type"], "capital_asset_types"))
    if type is None:
        raise AssertionError("an asset has a type")
    return {
        "cost": record.body["cost"],
        "depreciated": str(depreciated(company, record, on).amount),
        "disposed": sub_accounts.opened(company, sub_accounts.DISPOSAL, type.body),
        "disposed_depreciation": sub_accounts.opened(company, sub_accounts.DISPOSED_DEPRECIATION, type.body),
    }


def follow_disposal(company: Company, before: dict[str, Any], now: dict[str, Any]) -> None:
    """Mark the asset that an explanation disposes of, and give back the one that it disposed of before."""
    was, named = before.get("disposed_asset"), now.get("disposed_asset")
    if was is not None and was != named:
        _mark(company, was, {})
    if named is not None:
        _mark(company, named, {"disposed_on": now["dated_on"], "disposal": now["url"]})


def _mark(company: Company, reference: str, disposal: dict[str, str]) -> None:
    record = company.records.get(KIND, tail(reference, "capital_assets"))
    if record is None:
        raise AssertionError("a disposed asset is always named")
    document = {name: value for name, value in record.body.items() if name not in ("disposed_on", "disposal")}
    bring(company, save(company, KIND, record.id, document=document | disposal))


# History


def history(company: Company, record: Record) -> list[dict[str, Any]]:
    """The events of an asset's life: its purchase, its depreciation and its disposal, oldest first."""
    # Capital allowances, which are a matter of tax returns, are left out.
    cost = cost_of(company, record)
    events: list[dict[str, Any]] = [
        {
            "type": "purchase",
            "description": f"{record.body['asset_type']} Purchase",
            "date": record.body["purchased_on"],
            "value": decimal_text(cost.amount),
            "link": record.body["bought_by"],
        }
    ]
    for lost in sorted(company.records.find(DEPRECIATION, KIND, record.id), key=lambda found: found.body["dated_on"]):
        described = depreciation.describe(record.body["depreciation_profile"])
        event = {"type": "depreciation", "description": described, "date": lost.body["dated_on"]}
        events.append(event | {"value": f"-{lost.body['amount']}"})
    if "disposal" in record.body:
        events.append(_disposal_event(company, record, cost))
    return events


def _disposal_event(company: Company, record: Record, cost: Money) -> dict[str, Any]:
    disposed_on = record.body["disposed_on"]
    left = cost - depreciated(company, record, date.fromisoformat(disposed_on))
    id = tail(record.body["disposal"], "bank_transaction_explanations")
    explanation = company.records.versions("bank_transaction_explanation", id)[-1]
    (proceeds,) = costs("bank_transaction_explanation", explanation.body, explanation.facts)
    return {
        "type": "disposal",
        "description": "Disposal",
        "date": disposed_on,
        "value": decimal_text(-left.amount),
        "tax_value": decimal_text(proceeds.amount),
        "link": record.body["disposal"],
    }
