"""A native export as an account's lists: REST records as GET answers them, or rows of SuiteQL.

One record, a list of them, ``items`` of a collection, or a mapping from record type to a list.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbooks.kit.company import Company
from sandbooks.kit.exports import each_answer
from sandbooks.ledger import Refusal
from sandbooks.platforms.netsuite.custom import type_of
from sandbooks.platforms.netsuite.reading import Reader
from sandbooks.platforms.netsuite.records import store, writing

Body = dict[str, Any]

_KINDS = ("account", "department", "classification", "location", "vendor", "customer", "employee", "expenseCategory")
# Columns of SuiteQL rows and the REST names of the same. Source: hotgluexyz/target-netsuite-v2 (queries)
_COLUMNS = {
    "accountsearchdisplaynamecopy": "acctName",
    "fullname": "acctName",
    "acctname": "acctName",
    "acctnumber": "acctNumber",
    "accttype": "acctType",
}
# One of these stands in every record and in the rows of accounts.
_OF_RECORDS = frozenset({"id", "links", *_COLUMNS})


def collected(chart: Any) -> dict[str, list[Body]]:
    """The records of an export, by type. Raises ValueError for an answer without any."""
    found: dict[str, list[Body]] = {}
    each_answer(chart, lambda answer: _collect(answer, "account", found), lists=_KINDS)
    return found


def _collect(part: Any, kind: str, found: dict[str, list[Body]]) -> bool:
    """Whether there was a list, or a record, to collect."""
    known = False
    if isinstance(part, list):
        for each in part:
            known |= _collect(each, kind, found)
    elif isinstance(part, Mapping):
        kind = _linked(part) or kind
        named = {k: v for k, v in part.items() if str(k) in _KINDS and isinstance(v, (list, Mapping)) and not _leaf(v)}
        if isinstance(part.get("items"), list):
            _collect(part["items"], kind, found)
            known = True
        elif named and "id" not in part:
            for name, value in named.items():
                _collect(value, name, found)
            known = True
        elif len(part) > 1:
            found.setdefault(kind, []).append(dict(part))
            known = any(str(name).lower() in _OF_RECORDS for name in part)
    return known


def _linked(part: Mapping[str, Any]) -> str:
    """The kind of a record, or of a list of them, by its own link (``…/record/v1/vendor/107``); empty for none."""
    for link in part.get("links") or ():
        rest = str(link.get("href", "")).partition("/record/v1/")[2] if link.get("rel") == "self" else ""
        name = rest.partition("?")[0].partition("/")[0]
        if name in _KINDS:
            return name
    return ""


def _leaf(value: Any) -> bool:
    """A reference, not a list of records."""
    return isinstance(value, Mapping) and set(value) <= {"id", "refName", "links", "externalId"}


def bring_in(company: Company, exported: Mapping[str, list[Body]]) -> None:
    """Make what an export holds; what does not fit here (other currencies, subsidiaries) loses that member."""
    for kind, given in exported.items():
        for each in given:
            _record(company, kind, each)


def _record(company: Company, kind: str, given: Body) -> None:
    members: Body = {}
    reader = Reader(company, names="ignore")
    for name, value in given.items():
        known = _COLUMNS.get(name.lower(), name)
        try:
            members |= reader.document(type_of(company, kind), {known: value})
        except Refusal:
            continue
    if kind in ("vendor", "customer", "employee"):
        members["subsidiary"] = {"id": "1"}
    if kind == "account" and _stands(company, members):
        return
    made = writing.create(company, type_of(company, kind), members)
    company.world.put(f"netsuite/imported/{company.id}", f"{kind}/{given.get('id')}", made.id)


def _stands(company: Company, members: Body) -> bool:
    number = str(members.get("acctNumber") or "").lower()
    if number and company.records.find("account", "number", number):
        return True
    return not members.get("acctName") or bool(store.by_external_id(company, "account", str(members.get("externalId"))))
