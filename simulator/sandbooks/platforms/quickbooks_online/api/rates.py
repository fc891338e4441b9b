"""Exchange rates: read one as of a day, set one."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sandbooks.kit.call import Call
from sandbooks.kit.surface import Operation
from sandbooks.money import known_currency
from sandbooks.platforms.quickbooks_online import refusals as no
from sandbooks.platforms.quickbooks_online.draft import Draft, store
from sandbooks.platforms.quickbooks_online.fields import Reading, raise_wrong, read_day
from sandbooks.platforms.quickbooks_online.idempotency import once
from sandbooks.platforms.quickbooks_online.query.answer import rate_document
from sandbooks.platforms.quickbooks_online.realm import Realm
from sandbooks.platforms.quickbooks_online.records import ENTITIES
from sandbooks.platforms.quickbooks_online.wire.replies import document_of, reply
from sandbooks.wire import Response

_ENTITY = ENTITIES["ExchangeRate"]


def read_rate(call: Call) -> Response:
    """The rate of a currency on a day, today by default: home units for one unit of it."""
    realm = Realm(call.company)
    code = call.query.get("sourcecurrencycode", "").upper()
    if not code:
        raise no.RequiredMissing("sourcecurrencycode")
    asked = call.query.get("asofdate")
    on = read_day(asked, "asofdate") if asked else realm.today
    if not known_currency(code) or realm.rate_on(code, on) is None:
        raise no.InvalidCurrency("sourcecurrencycode", code[:10])
    return reply(call, {"ExchangeRate": rate_document(realm, code, on)})


def write_rate(call: Call) -> Response:
    """Set the rate of a currency from a day on."""
    body = document_of(call, _ENTITY)
    with call.unit():
        return once(call, lambda: reply(call, {"ExchangeRate": _written(Realm(call.company), body)}))


def _written(realm: Realm, body: Any) -> dict[str, Any]:
    reading = Reading("ExchangeRate")
    given = reading.members(_ENTITY.rules, body)
    raise_wrong(reading.wrong)
    if not realm.multicurrency:
        raise no.FeatureOff("multicurrency")
    raise_wrong([no.RequiredMissing(name) for name in _ENTITY.required if name not in given])
    code, on = given["SourceCurrencyCode"].upper(), date.fromisoformat(given["AsOfDate"])
    if not known_currency(code) or code == realm.home:
        raise no.InvalidCurrency("SourceCurrencyCode", code)
    if given.get("TargetCurrencyCode", realm.home).upper() != realm.home:
        raise no.InvalidCurrency("TargetCurrencyCode", given["TargetCurrencyCode"])
    if given["Rate"] < Decimal("0.000000001"):
        raise no.NumberRange("Rate", str(given["Rate"]))
    set_rate(realm, code, on, given["Rate"])
    return rate_document(realm, code, on)


def set_rate(realm: Realm, code: str, on: date, rate: Decimal) -> None:
    """Store a rate: home units for one unit, from a day on."""
    id = f"{code}-{on.isoformat()}"
    body = {"SourceCurrencyCode": code, "TargetCurrencyCode": realm.home, "Rate": rate, "AsOfDate": on.isoformat()}
    before = realm.records.get("ExchangeRate", id)
    store(Draft(realm, _ENTITY, id, body, before), action="update" if before else "create")


OPERATIONS = (
    Operation("read_exchangerate", "GET", "/v3/company/<realm>/exchangerate", read_rate),
    Operation("create_exchangerate", "POST", "/v3/company/<realm>/exchangerate", write_rate, writes=True),
)
