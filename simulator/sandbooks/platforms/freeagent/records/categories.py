"""Categories: the chart of accounts, keyed by nominal code, with sub accounts for bank accounts and users."""

from __future__ import annotations

from typing import Any

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.ledger import Account
from sandbooks.platforms.freeagent import chart
from sandbooks.platforms.freeagent.fields import Fields
from sandbooks.platforms.freeagent.posting import BANK, TRADE_CREDITORS, TRADE_DEBTORS, USER_CODES
from sandbooks.platforms.freeagent.records import reporting_names
from sandbooks.platforms.freeagent.records import sub_accounts as registers
from sandbooks.platforms.freeagent.records.storing import find, refer, remove, save
from sandbooks.platforms.freeagent.refusals import Invalid, Missing
from sandbooks.platforms.freeagent.tax import AUTO_RATES
from sandbooks.platforms.freeagent.wire import path, tail

KIND = "category"


def add(company: Company, code: str, name: str, *, reporting: str = "", auto: str = "", custom: bool = False) -> Record:
    """Put a category into the list and open its account."""
    group = next((g for g in chart.GROUPS.values() if g.first <= int(code) <= g.last), None)
    document: dict[str, Any] = {"url": path("categories", code), "description": name, "nominal_code": code}
    if group is not None:
        document["group_description"] = chart.description_of(group, code)
    if group is not None and group.reported and chart.set_of(code) != "general_categories":
        document["allowable_for_tax"] = True
    if reporting:
        document["tax_reporting_name"] = reporting
    if auto:
        document["auto_sales_tax_rate"] = auto
    if custom:
        document["is_custom"] = True
    record = save(company, KIND, code, document=document)
    if int(code) not in USER_CODES and code != BANK:
        company.book.open_account(Account(code, name, chart.class_of(code)))
    return record


def create(company: Company, given: dict[str, Any]) -> Record:
    """A category of the user's own. Raises ``Invalid``."""
    fields = Fields(given)
    name = fields.text("description", required=True)
    code = fields.text("nominal_code", required=True)
    group = chart.GROUPS.get(str(given.get("category_group")))
    if group is None:
        fields.wrong("category_group", "is not included in the list")
    elif code is not None and not (_is_code(code) and group.first <= int(code) <= group.last):
        fields.wrong("nominal_code", f"must be between {group.first:03d} and {group.last:03d}")
    reporting = _reporting(fields, company, group)
    auto = fields.choice("auto_sales_tax_rate", AUTO_RATES, default="Standard rate")
    allowable = fields.flag("allowable_for_tax", default=True)
    fields.check()
    if code is None or name is None or group is None:
        raise AssertionError("checked above")
    standing = company.records.get(KIND, code)
    if standing is not None:
        raise Invalid(("nominal_code has already been taken",))
    profit_and_loss = group.set_name != "general_categories"
    record = add(company, code, name, reporting=reporting, auto=(auto or "") if profit_and_loss else "", custom=True)
    if profit_and_loss and group.reported and not allowable:
        record = save(company, KIND, code, document={**record.body, "allowable_for_tax": False})
    return record


def _reporting(fields: Fields, company: Company, group: chart.Group | None) -> str:
    """The name that a category is reported under, as it is told; one that the company's type has not is noted."""
    name = fields.text("tax_reporting_name", required=group is not None and group.reported)
    if name is None or group is None:
        return ""
    allowed = reporting_names.allowed(company, group.name) if group.reported else None
    if allowed is not None and reporting_names.given(name) not in allowed:
        fields.wrong("tax_reporting_name", "is not included in the list")
    return reporting_names.shown(reporting_names.given(name))


def update(company: Company, record: Record, given: dict[str, Any]) -> Record:
    """Change a category that nothing is posted to. Raises ``Invalid``."""
    fields = Fields(given, record.body)
    document = record.copy()
    document["description"] = fields.text("description", required=True)
    if fields.gives("auto_sales_tax_rate"):
        document["auto_sales_tax_rate"] = fields.choice("auto_sales_tax_rate", AUTO_RATES)
    if fields.gives("tax_reporting_name"):
        code = int(record.id)
        group = next((group for group in chart.GROUPS.values() if group.first <= code <= group.last), None)
        if given["tax_reporting_name"] != record.body.get("tax_reporting_name"):
            document["tax_reporting_name"] = _reporting(fields, company, group)
    if fields.gives("allowable_for_tax"):
        document["allowable_for_tax"] = fields.flag("allowable_for_tax")
    if fields.gives("nominal_code") and str(given["nominal_code"]) != record.id:
        fields.wrong("nominal_code", "can't be changed")
    fields.check()
    _check_unused(company, record)
    _rename(company, record.id, str(document["description"]))
    return save(company, KIND, record.id, document=document, active=record.active)


def _rename(company: Company, code: str, name: str) -> None:
    if int(code) in USER_CODES or code == BANK:
        return
    account = company.book.account(code)
    company.book.change_account(Account(code, name, account.kind, account.currency, account.active))


def delete(company: Company, record: Record) -> None:
    """Delete a category of the user's own that nothing is posted to. Raises ``Invalid``."""
    if not record.body.get("is_custom"):
        raise Invalid(("Category can't be deleted",))
    _check_unused(company, record)
    account = company.book.account(record.id)
    company.book.change_account(Account(account.id, account.name, account.kind, account.currency, active=False))
    remove(company, record)


def _check_unused(company: Company, record: Record) -> None:
    # Source: https://dev.freeagent.com/docs/categories (a category with items cannot be changed or deleted)
    if any(company.records.find(kind, "category", record.id) for kind in _USERS):
        raise Invalid(("Category has items and can't be changed",))


_USERS = ("bank_transaction_explanation", "bill", "expense", "invoice", "credit_note", "journal_set")


def _is_code(code: str) -> bool:
    return len(code) == 3 and code.isascii() and code.isdigit()


def find_code(company: Company, code: str) -> Record:
    """The category of a code; ``905-1`` finds the main code. Raises ``Missing``."""
    record = company.records.get(KIND, code) or company.records.get(KIND, code.partition("-")[0])
    if record is None or record.deleted:
        raise Missing("categories", code)
    return record


def chosen(fields: Fields, company: Company, *, required: bool = True) -> Record | None:
    """The category that a document names, by ``category`` or, as some clients send, by ``nominal_code``."""
    name = "nominal_code" if fields.gives("nominal_code") and not fields.gives("category") else "category"
    value = fields.raw(name)
    if value in (None, ""):
        if required:
            fields.wrong("category", "can't be blank")
        return None
    # Source: PyPI package freeagent 0.3.1, payload.py (ExplanationPayload.nominal_code)
    code = tail(value, "categories") if name == "category" else str(value)
    try:
        record = find_code(company, code) if code else None
    except Missing:
        record = None
    if record is None:
        fields.messages.append(f"{fields.where}Category not found")
    return record


def sellable(fields: Fields, record: Record | None) -> Record | None:
    """The category, if something may be sold on it; wrong ones are noted."""
    if record is None:
        return None
    control = (BANK, TRADE_CREDITORS, TRADE_DEBTORS, *registers.OWNERS)
    if record.id in control or int(record.id) in USER_CODES:
        fields.wrong("category", "is not included in the list")
        return None
    return record


def sub_accounts(company: Company, record: Record) -> list[dict[str, Any]]:
    """The sub accounts that stand for a category: bank accounts for 750, users for 900-910, and those of registers."""
    kind = "bank_account" if record.id == BANK else "user" if int(record.id) in USER_CODES else ""
    kind = kind or registers.OWNERS.get(record.id, "")
    listed = []
    for owner in company.records.scan(kind) if kind else ():
        code = f"{record.id}-{owner.body['sub_code']}"
        listed.append(
            {
                **record.body,
                "url": path("categories", code),
                "nominal_code": code,
                "description": _sub_name(record, owner),
                kind: refer(owner),
            }
        )
    return listed


def _sub_name(record: Record, owner: Record) -> str:
    if record.id in registers.OWNERS:
        return registers.name_of(record.id, owner.body)
    name = owner.body.get("name") or f"{owner.body['first_name']} {owner.body['last_name']}"
    return f"{record.body['description']}: {name}"


def visible(document: dict[str, Any]) -> dict[str, Any]:
    """A category as the API shows it."""
    return {name: value for name, value in document.items() if name != "is_custom"}


def find_live(company: Company, code: str) -> Record:
    """The category itself or the main category of a sub code. Raises ``Missing``."""
    return find(company, KIND, code.partition("-")[0])
