"""Datasets of SuiteAnalytics: queries that people saved on the screens, which programs run by their ids.

They are given with the account (setting ``datasets``, by id): ``name``, ``query`` (SuiteQL, in place of the fields and
criteria that the screens put together) and, where its rows are records of one type, ``recordType``.
Source: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_156577938018.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from sandbooks.kit.company import Company
from sandbooks.platforms.netsuite.refusals import BadContent, RecordMissing
from sandbooks.platforms.netsuite.schema import TYPES

_MEMBERS = frozenset({"name", "query", "recordType"})


class Dataset(Struct, frozen=True):
    """A saved query. ``record_type`` is what its rows are records of; empty where they are not of one type."""

    id: str
    name: str
    query: str
    record_type: str = ""


def check(given: Any) -> None:
    """The datasets that an account begins with. Raises ``BadContent``."""
    if not isinstance(given, Mapping):
        raise BadContent("Datasets are given by their ids.", "datasets")
    if len({str(id).lower() for id in given}) < len(given):
        raise BadContent("Two datasets have one id: case does not tell ids apart.", "datasets")
    for id, facts in given.items():
        if not (str(id).isascii() and str(id).replace("_", "").isalnum()):
            raise BadContent(f"{str(id)[:60]} is no id of a dataset: letters, digits and underscores.", "id")
        if not isinstance(facts, Mapping) or set(facts) - _MEMBERS:
            raise BadContent(f"The dataset {id} has the members name, query and recordType alone.", id)
        if not all(isinstance(facts.get(name), str) and facts[name].strip() for name in ("name", "query")):
            raise BadContent(f"The dataset {id} needs a name and a query.", id)
        if not isinstance(facts.get("recordType", ""), str) or facts.get("recordType", "vendor") not in TYPES:
            raise BadContent(f"The dataset {id} is of no record type {str(facts['recordType'])[:40]}.", "recordType")


def saved(company: Company) -> list[Dataset]:
    """The datasets of an account, in the order in which they were given."""
    kept: Mapping[str, Any] = company.settings.get("datasets") or {}
    return [Dataset(id, facts["name"], facts["query"], facts.get("recordType", "")) for id, facts in kept.items()]


def dataset(company: Company, id: str) -> Dataset:
    """A dataset by its id, in any case. Raises ``RecordMissing``."""
    found = next((each for each in saved(company) if each.id.lower() == id.lower()), None)
    if found is None:
        raise RecordMissing("dataset", id[:60])
    return found
