"""A native export as an organisation's lists: answers of the API itself (accounts, contacts, taxes, bank accounts)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sandbooks.kit.company import Company
from sandbooks.kit.exports import each_answer
from sandbooks.platforms.zoho_books import chart
from sandbooks.platforms.zoho_books.records import accounts, contacts, lists, taxes

ROOTS = ("chartofaccounts", "bankaccounts", "contacts", "taxes", "items")


def take_over(company: Company, export: Any) -> None:
    """Take the lists from one answer, a list of them, or a mapping of them. Raises ValueError for one without."""
    answers: list[Mapping[str, Any]] = []
    each_answer(export, lambda answer: _collect(answer, answers), lists=ROOTS)
    for root in ROOTS:
        for answer in answers:
            for item in answer.get(root, ()):
                _TAKERS[root](company, dict(item))


def _collect(answer: Any, answers: list[Mapping[str, Any]]) -> bool:
    before = len(answers)
    answers.extend(_answers(answer))
    return len(answers) > before


def _answers(export: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(export, list):
        for part in export:
            yield from _answers(part)
    elif isinstance(export, Mapping):
        if any(isinstance(export.get(root), list) for root in ROOTS):
            yield export
        else:
            for part in export.values():
                yield from _answers(part)


def _take_account(company: Company, item: dict[str, Any]) -> None:
    """An account of the export, by its name; one that stands keeps its type and takes the code."""
    name = str(item["account_name"])
    kind = str(item.get("account_type", "expense"))
    if company.records.find("account", "name", name.lower()) or kind not in chart.CLASSES:
        return
    code = str(item.get("account_code") or "")
    if code and company.records.find("account", "code", code):
        code = ""
    currency = str(item.get("currency_code") or "")
    known = bool(company.records.find("currency", "code", currency))
    made = accounts.add(company, name, kind, code=code, currency=currency if known else "")
    if item.get("is_active") is False:
        accounts.set_active(company, made, active=False)


def _take_contact(company: Company, item: dict[str, Any]) -> None:
    name = str(item["contact_name"])
    if company.records.find("contact", "name", name.lower()):
        return
    given = {"contact_name": name, "contact_type": str(item.get("contact_type") or "vendor")}
    currency = company.records.find("currency", "code", str(item.get("currency_code") or ""))
    if currency:
        given["currency_id"] = currency[0].id
    made = contacts.create(company, given)
    if item.get("status") == "inactive":
        contacts.set_active(company, made, active=False)


def _take_tax(company: Company, item: dict[str, Any]) -> None:
    if item.get("tax_type") == "tax_group" or company.records.find("tax", "name", str(item["tax_name"]).lower()):
        return
    kept = ("tax_name", "tax_percentage", "tax_type", "is_value_added")
    taxes.write(company, {name: item[name] for name in kept if name in item})


def _take_item(company: Company, item: dict[str, Any]) -> None:
    if not company.records.find("item", "name", str(item["name"]).lower()):
        lists.write_item(company, {"name": item["name"], "rate": item.get("rate", 0), "sku": item.get("sku", "")})


_TAKERS = {
    "chartofaccounts": _take_account,
    "bankaccounts": _take_account,
    "contacts": _take_contact,
    "taxes": _take_tax,
    "items": _take_item,
}
