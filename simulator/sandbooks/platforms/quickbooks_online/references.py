"""References from one record to others: whether they hold, and what they are called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sandbooks.ledger import Refusal
from sandbooks.money import known_currency
from sandbooks.platforms.quickbooks_online import refusals as no
from sandbooks.platforms.quickbooks_online.fields import Clear, Members
from sandbooks.platforms.quickbooks_online.realm import NAME_KINDS, Realm

# The words of error 2500. Source: https://github.com/fylein/fyle-qbo-api (errors/helpers.py)
WORDS = {
    "Account": "Accounts",
    "Class": "Klasses",
    "Department": "Depts",
    "Vendor": "Names",
    "Customer": "Names",
    "Entity": "Names",
    "Item": "Items",
}
ATTACHABLE_TO = (
    "Bill",
    "BillPayment",
    "Customer",
    "Deposit",
    "Employee",
    "Item",
    "JournalEntry",
    "Purchase",
    "PurchaseOrder",
    "Transfer",
    "Vendor",
    "VendorCredit",
    "CreditCardPayment",
)
# Kinds that the service attaches to and that nothing here can make.
ATTACHABLE_ELSEWHERE = (
    "Invoice",
    "Estimate",
    "CreditMemo",
    "Payment",
    "RefundReceipt",
    "SalesReceipt",
)


def references(rules: Members, document: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every reference in a document: its target, its member name, and the reference itself."""
    for name, value in document.items():
        rule = rules.get(name)
        if rule is None or isinstance(value, Clear):
            continue
        if rule.kind == "ref" and isinstance(value, dict):
            yield rule.target, name, value
        elif rule.kind == "group" and isinstance(value, dict):
            yield from references(rule.members, value)
        elif rule.kind == "many" and isinstance(value, list):
            for each in value:
                yield from references(rule.members, each)


def check(realm: Realm, rules: Members, document: Mapping[str, Any], *, before: Mapping[str, Any]) -> list[Refusal]:
    """What is wrong with the references of a document; those that stood ``before`` may have become inactive."""
    standing = {(target, ref["value"]) for target, _, ref in references(rules, before)}
    wrong: list[Refusal] = []
    for target, name, ref in references(rules, document):
        refusal = _wrong(realm, target, name, ref, standing=(target, ref["value"]) in standing)
        if refusal is not None:
            wrong.append(refusal)
    return wrong


def _wrong(realm: Realm, target: str, name: str, ref: dict[str, Any], *, standing: bool) -> Refusal | None:
    id = ref["value"]
    if target == "Currency":
        return _wrong_currency(realm, name, ref)
    if target == "Attached":
        return _wrong_attached(realm, ref)
    if target == "Entity":
        given = ref.get("type", "")
        kind = next((each for each in NAME_KINDS if each.lower() == given.lower()), "")
        if given and not kind:
            return no.InvalidChoice("type", given)
        record = realm.name(id, kind)
        if record is not None:
            ref["type"] = record.kind
    else:
        record = realm.get(target, id)
    if record is None:
        return no.InvalidReference(WORDS.get(target, target), id, name)
    if not record.active and not standing:
        return no.CustomerInactive(id) if record.kind == "Customer" else no.Inactive(record.kind, id)
    return None


def _wrong_currency(realm: Realm, name: str, ref: dict[str, Any]) -> Refusal | None:
    code = str(ref["value"]).upper()
    ref["value"] = code
    if code == realm.home:
        return None
    if not known_currency(code):
        return no.InvalidCurrency(name, code)
    if not realm.multicurrency:
        if realm.switch("multicurrency_off_code") == "5030":
            return no.FeatureOff("multicurrency")
        return no.BusinessRule("Multi currency should be enabled to perform this operation", name)
    if not any(record.active for record in realm.records.find("CompanyCurrency", "Code", code.lower())):
        return no.InvalidCurrency(name, code)
    return None


def _wrong_attached(realm: Realm, ref: dict[str, Any]) -> Refusal | None:
    kind = next((k for k in (*ATTACHABLE_TO, *ATTACHABLE_ELSEWHERE) if k.lower() == ref.get("type", "").lower()), "")
    if not kind:
        return no.AttachedKindUnsupported(ref.get("type", "") or "an entity without type")
    if realm.get(kind, ref["value"]) is None:
        return no.NotFound(kind, ref["value"])
    ref["type"] = kind
    return None
