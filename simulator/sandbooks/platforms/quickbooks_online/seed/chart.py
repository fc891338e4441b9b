"""Taking the lists of a real company from its own JSON answers: ids are kept, so that configured code runs as it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sandbooks.kit.exports import each_answer
from sandbooks.kit.records import Record
from sandbooks.platforms.quickbooks_online.draft import Draft, store
from sandbooks.platforms.quickbooks_online.fields import Reading, raise_wrong
from sandbooks.platforms.quickbooks_online.realm import Realm
from sandbooks.platforms.quickbooks_online.records import ENTITIES
from sandbooks.platforms.quickbooks_online.records.account_types import ACCOUNT_TYPES
from sandbooks.platforms.quickbooks_online.seed import lists
from sandbooks.platforms.quickbooks_online.seed.countries import Country

_ORDER = (
    "CompanyInfo",
    "Preferences",
    "CompanyCurrency",
    "Account",
    "TaxAgency",
    "TaxRate",
    "TaxCode",
    "Term",
    "PaymentMethod",
    "Class",
    "Department",
    "Customer",
    "Vendor",
    "Employee",
    "Item",
)
# Members that only the platform writes and that an import must keep.
_COMPUTED = ("FullyQualifiedName", "Classification", "AgencyRef", "Type", "NameValue", "Country", "Level")
_MERGED = ("CurrencyPrefs", "TaxPrefs", "OtherPrefs", "ProductAndServicesPrefs")


def import_chart(realm: Realm, country: Country, chart: Any) -> set[str]:
    """Import native answers; the kinds that they held. Raises ValueError for what is no such answer."""
    if chart is None:
        return set()
    found: dict[str, list[dict[str, Any]]] = {}
    each_answer(chart, lambda answer: _collect(answer, found), lists=_ORDER)
    _count_past(realm, found)
    for kind in _ORDER:
        for document in sorted(found.get(kind, []), key=lambda d: str(d.get("FullyQualifiedName", "")).count(":")):
            _import(realm, country, kind, document)
    return set(found)


def _collect(answer: Any, found: dict[str, list[dict[str, Any]]]) -> bool:
    """Whether there was a list: an answer of ``/query`` that found nothing is an empty one."""
    known = isinstance(answer, Mapping) and answer.get("QueryResponse") == {}
    for kind, document in _documents(answer):
        found.setdefault(kind, []).append(document)
        known = True
    return known


def _documents(chart: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every record of some answers: a list of answers, an answer, or a QueryResponse."""
    if isinstance(chart, list):
        for each in chart:
            yield from _documents(each)
    elif isinstance(chart, Mapping):
        for name, value in chart.items():
            if name == "QueryResponse":
                yield from _documents(value)
            elif name in ENTITIES:
                for each in value if isinstance(value, list) else [value]:
                    if isinstance(each, dict):
                        yield name, each


def _import(realm: Realm, country: Country, kind: str, document: dict[str, Any]) -> None:
    entity = ENTITIES[kind]
    id = str(document.get("Id", "1"))
    body = _readable(kind, document)
    before = realm.records.get(kind, id)
    if kind in ("Preferences", "CompanyInfo") and before is not None:
        body = {**before.body, **body, **{n: document[n] for n in _MERGED if n in document}}
        store(Draft(realm, entity, id, body, before), action="update")
        realm.forget(kind, id)
        return
    body["Active"] = document.get("Active") is not False
    draft = Draft(realm, entity, id, body, active=body["Active"])
    if kind == "Account":
        _complete_account(realm, draft)
    elif kind == "TaxAgency":
        name = str(document.get("DisplayName", f"Agency {id}"))
        lists.open_agency(realm, name, country.tax_account or f"{name} Payable", id=id)
        return
    store(draft, action="create")
    if kind == "CompanyCurrency":
        lists.use_currency(realm, str(body.get("Code", "")))


def _readable(kind: str, document: Mapping[str, Any]) -> dict[str, Any]:
    rules = ENTITIES[kind].rules
    known = {name: value for name, value in document.items() if name in rules and rules[name].kind != "lacking"}
    reading = Reading(kind)
    body = reading.members(rules, known)
    raise_wrong(reading.wrong)
    body.update({name: document[name] for name in _COMPUTED if document.get(name) is not None})
    for name in ("Name", "DisplayName", "FullyQualifiedName"):
        if isinstance(body.get(name), str):
            body[name] = body[name].removesuffix(" (deleted)")
    return body


def _complete_account(realm: Realm, draft: Draft) -> None:
    body = draft.body
    kind = ACCOUNT_TYPES[body["AccountType"]]
    body.setdefault("AccountSubType", kind.subtypes[0])
    body.setdefault("Classification", kind.classification)
    body.setdefault("FullyQualifiedName", body["Name"])
    body.setdefault("CurrencyRef", {"value": realm.home})

    def open_in_book(record: Record) -> None:
        realm.company.book.open_account(realm.ledger_account(record))

    draft.after = open_in_book


def _count_past(realm: Realm, found: Mapping[str, list[dict[str, Any]]]) -> None:
    """Ids that are given later begin after the highest imported one of their series."""
    highest: dict[str, int] = {}
    for kind, documents in found.items():
        series = ENTITIES[kind].series
        ids = [int(d["Id"]) for d in documents if str(d.get("Id", "")).isdigit()]
        if series and ids:
            highest[series] = max(highest.get(series, 0), *ids)
    for series, id in highest.items():
        realm.records.next_number(series, start=id)
