"""The tax service: the only way to make tax codes and rates. Its answer has no envelope.

Source: SalesTax.xsd of https://github.com/intuit/QuickBooks-V3-PHP-SDK; taxservice.py of ej2/python-quickbooks
"""

from __future__ import annotations

from typing import Any

from sandbooks.kit.call import Call
from sandbooks.kit.records import Record
from sandbooks.kit.surface import Operation
from sandbooks.platforms.quickbooks_online import refusals as no
from sandbooks.platforms.quickbooks_online.draft import Draft, next_id, store
from sandbooks.platforms.quickbooks_online.fields import (
    Members,
    Reading,
    choice,
    ignored,
    many,
    number,
    raise_wrong,
    text,
)
from sandbooks.platforms.quickbooks_online.idempotency import once
from sandbooks.platforms.quickbooks_online.realm import Realm
from sandbooks.platforms.quickbooks_online.records import ENTITIES
from sandbooks.platforms.quickbooks_online.wire.replies import bare, body_of, json_of
from sandbooks.wire import Response

_RATE: Members = {
    "TaxRateName": text(100),
    "TaxRateId": text(40),
    "RateValue": number(5, low=-100, high=1000),
    "TaxAgencyId": text(40),
    "TaxApplicableOn": choice("Sales", "Purchase", "Adjustment", "Other"),
}
_RULES: Members = {
    "TaxCode": text(100),
    "TaxRateDetails": many(_RATE),
    **ignored("TaxCodeId", "Id", "SyncToken", "domain", "sparse", "MetaData", "status", "Fault"),
}


def create_tax_code(call: Call) -> Response:
    """A tax code with its rates, made or taken by id."""
    body = json_of(body_of(call))
    with call.unit():
        return once(call, lambda: bare(call, _created(Realm(call.company), body)))


def _created(realm: Realm, body: Any) -> dict[str, Any]:
    reading = Reading("TaxService")
    given = reading.members(_RULES, body)
    raise_wrong(reading.wrong)
    raise_wrong([no.RequiredMissing(name) for name in ("TaxCode", "TaxRateDetails") if not given.get(name)])
    name = given["TaxCode"]
    taken = realm.records.find("TaxCode", "Name", name.lower())
    if taken:
        raise no.NameTaken("tax code", taken[0].id)
    rates = [(_rate(realm, detail), detail.get("TaxApplicableOn", "Sales")) for detail in given["TaxRateDetails"]]
    lists = {
        member: {"TaxRateDetail": [_listed(rate, order) for order, (rate, on) in enumerate(rates) if on == side]}
        for member, side in (("SalesTaxRateList", "Sales"), ("PurchaseTaxRateList", "Purchase"))
    }
    flags = {"Active": True, "Hidden": False, "Taxable": True, "TaxGroup": True}
    code = _put(realm, "TaxCode", {"Name": name, "Description": name, **flags, **lists})
    return {
        "TaxCode": name,
        "TaxCodeId": code.id,
        "TaxRateDetails": [_told(rate, on) for rate, on in rates],
    }


def _listed(rate: Record, order: int) -> dict[str, Any]:
    return {"TaxRateRef": {"value": rate.id}, "TaxTypeApplicable": "TaxOnAmount", "TaxOrder": order}


def _told(rate: Record, on: str) -> dict[str, Any]:
    body = rate.body
    agency = body["AgencyRef"]["value"]
    told = {"TaxRateName": body["Name"], "TaxRateId": rate.id, "RateValue": body["RateValue"]}
    return {**told, "TaxAgencyId": agency, "TaxApplicableOn": on}


def _rate(realm: Realm, detail: dict[str, Any]) -> Record:
    """A rate that stands, by its id, or a new one."""
    if "TaxRateId" in detail:
        known = realm.get("TaxRate", detail["TaxRateId"])
        if known is None:
            raise no.InvalidReference("TaxRate", detail["TaxRateId"], "TaxRateId")
        return known
    raise_wrong([no.RequiredMissing(n) for n in ("TaxRateName", "RateValue", "TaxAgencyId") if n not in detail])
    if realm.get("TaxAgency", detail["TaxAgencyId"]) is None:
        raise no.InvalidReference("TaxAgency", detail["TaxAgencyId"], "TaxAgencyId")
    taken = realm.records.find("TaxRate", "Name", detail["TaxRateName"].lower())
    if taken:
        raise no.NameTaken("tax rate", taken[0].id)
    body = {
        "Name": detail["TaxRateName"],
        "Description": detail["TaxRateName"],
        "Active": True,
        "RateValue": detail["RateValue"],
        "AgencyRef": {"value": detail["TaxAgencyId"]},
        "SpecialTaxType": "NONE" if detail["RateValue"] else "ZERO_RATE",
        "DisplayType": "ReadOnly",
    }
    return _put(realm, "TaxRate", body)


def _put(realm: Realm, kind: str, body: dict[str, Any]) -> Record:
    entity = ENTITIES[kind]
    return store(Draft(realm, entity, next_id(realm, entity), body), action="create")


OPERATIONS = (
    Operation("create_taxservice", "POST", "/v3/company/<realm>/taxservice/taxcode", create_tax_code, writes=True),
)
