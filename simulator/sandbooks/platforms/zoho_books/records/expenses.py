"""Expenses: money spent through a bank, cash or card account, or another liability; one category or several lines.

Source: https://www.zoho.com/books/api/v3/expenses/
"""

from __future__ import annotations

from typing import Any

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.money import Money, Rate
from sandbooks.platforms.zoho_books import chart
from sandbooks.platforms.zoho_books.fields import Fields
from sandbooks.platforms.zoho_books.records import (
    accounts,
    contacts,
    custom_fields,
    files,
    heading,
    lines,
    mileage,
    tags,
)
from sandbooks.platforms.zoho_books.records.heading import Head
from sandbooks.platforms.zoho_books.records.storing import check_active, check_open, new_id, remove, save
from sandbooks.platforms.zoho_books.refusals import broken
from sandbooks.platforms.zoho_books.taxation import Taxed, code_of, taxed
from sandbooks.platforms.zoho_books.wire import Body, amount

KIND = "expense"
# The documented limit is 100; the live service takes more.
DESCRIPTION_MAX = 500
_NOT_COSTS = (*chart.BANK_TYPES, *chart.CONTROL_TYPES)
# Source: https://www.zoho.com/books/help/expenses/ (paid through: cash, bank, card, liabilities, equity and assets)
_PAYS = (
    *("cash", "bank", "credit_card", "payment_clearing", "other_current_liability", "other_liability"),
    *("long_term_liability", "loans_and_borrowing", "equity", "other_current_asset"),
)
_KEPT = (
    *("source_of_supply", "destination_of_supply", "place_of_supply", "hsn_or_sac", "gst_no", "gst_treatment"),
    *("vat_treatment", "tax_treatment", "product_type", "tax_exemption_id", "tax_exemption_code"),
)


def create(company: Company, given: Body) -> Record:
    """A new expense."""
    return write(company, given, None)


def update(company: Company, record: Record, given: Body) -> Record:
    """Change an expense."""
    check_open(company, record.body["date"])
    if record.body["_matched"]:
        raise broken("transaction_matched")
    return write(company, given, record)


def write(company: Company, given: Body, record: Record | None) -> Record:
    """A new version of an expense."""
    document, facts = read(company, given, record)
    return save(company, KIND, document["expense_id"], document=document, facts=facts)


def read(company: Company, given: Body, record: Record | None) -> tuple[Body, Body]:
    """An expense as it would stand, and the facts of its entry; nothing is kept."""
    standing = record.body if record else {}
    fields = Fields(given, _standing(standing, given))
    head = heading.read(company, fields, currency=company.currency, required=True)
    driven, fields = mileage.read(company, fields, head.code)
    payer = paying_account(company, fields, head.code)
    itemised = fields.gives("line_items") or _is_itemised(fields)
    spent = (_itemised if itemised else _single)(company, fields, head.code)
    id = record.id if record else new_id(company)
    document = {
        "expense_id": id,
        "transaction_id": id,
        "transaction_type": "expense",
        **_head_members(company, fields, head),
        **accounts.members(payer, "paid_through_account"),
        **files.standing(standing, "expense_receipt_name", "expense_receipt_type", "documents"),
        "_matched": standing.get("_matched", ""),
        **({"recurring_expense_id": standing["recurring_expense_id"]} if "recurring_expense_id" in standing else {}),
        **driven,
        **spent.members,
        **_totals(spent.done, head.rate),
    }
    facts = {
        "posts": True,
        **head.facts(company),
        "memo": document["description"] or document["reference_number"],
        "party": document["vendor_id"],
        "account": payer.id,
        "account_currency": heading.kept_in(payer),
        "total": str((spent.done.net(head.code) + spent.done.tax(head.code)).amount),
        "costs": spent.costs,
        "charges": lines.charges(spent.done),
    }
    return document, facts


def _head_members(company: Company, fields: Fields, head: Head) -> Body:
    """What an expense shows beside what was bought and who paid."""
    billable = fields.flag("is_billable")
    return {
        "date": head.iso,
        **head.members(),
        "is_inclusive_tax": fields.flag("is_inclusive_tax"),
        "reference_number": fields.text("reference_number"),
        "description": fields.text("description", limit=DESCRIPTION_MAX),
        "is_billable": billable,
        "is_personal": False,
        **contacts.members(contacts.customer(company, fields), "customer"),
        **contacts.members(contacts.vendor(company, fields, required=False), "vendor"),
        **heading.project(company, fields),
        **heading.location(company, fields),
        "employee_id": _employee(company, fields),
        **{member: fields.text(member) for member in _KEPT},
        "custom_fields": custom_fields.read(company, KIND, fields),
        "invoice_id": "",
        "invoice_number": "",
        "status": "unbilled" if billable else "non-billable",
    }


def _standing(standing: Body, given: Body) -> Body:
    """What stands of an expense, less what the change takes the place of."""
    kept = dict(standing)
    if kept and "account_id" in given and "line_items" not in given:
        kept.pop("line_items", None)
        kept["is_itemized_expense"] = False
    return kept


def _is_itemised(fields: Fields) -> bool:
    return bool(fields.standing.get("is_itemized_expense")) and "line_items" not in fields.given


class _Spent:
    """What was bought: the members that show it, the tax, and the costs of the entry."""

    def __init__(self, members: Body, done: Taxed, costs: list[Body]) -> None:
        self.members, self.done, self.costs = members, done, costs


def _single(company: Company, fields: Fields, code: str) -> _Spent:
    account = _category(company, fields)
    money = fields.positive("amount", code)
    tax = fields.record("tax_id", company, "tax")
    charged = code_of(company, tax, reverse=lines.reverse_of(company, fields))
    found = lines.Line(document={}, account=account, amount=money, code=charged, tax=tax)
    given = lines.stated(company, fields, code, [found])
    done = taxed([(money, charged)], inclusive=fields.flag("is_inclusive_tax"), given=given)
    chosen = tags.read(company, fields)
    if not fields.standing:
        tags.check_mandatory(company, chosen)
    members: Body = {
        **accounts.members(account),
        "amount": amount(money.amount, code),
        **lines.tax_members(tax),
        **lines.reverse_members(fields, money, charged),
        "tags": chosen,
        "is_itemized_expense": False,
        "line_items": [],
        "taxes": lines.summary(company, done),
    }
    memo = fields.text("description", limit=DESCRIPTION_MAX)
    costs = [lines.cost(account.id, done.lines[0].cost, tax=tax, chosen=chosen, memo=memo)]
    return _Spent(members, done, costs)


def _itemised(company: Company, fields: Fields, code: str) -> _Spent:
    """Several lines, each with an amount of its own that carries the header's inclusive flag."""
    # Unconfirmed: how the live service checks the header's amount against the lines; here their sum counts.
    held = {line["line_item_id"]: line for line in fields.standing.get("line_items", ())}
    rows = [Fields(row, held.get(str(row.get("line_item_id", "")))) for row in fields.rows("line_items")]
    if not rows:
        raise broken("no_line_items")
    found = [_item(company, row, code, index) for index, row in enumerate(rows, 1)]
    given = lines.stated(company, fields, code, found)
    done = taxed([(line.amount, line.code) for line in found], inclusive=fields.flag("is_inclusive_tax"), given=given)
    shown = [
        line.document | {"item_total": amount(result.net.amount, code), "tax_amount": amount(result.tax.amount, code)}
        for line, result in zip(found, done.lines, strict=True)
    ]
    total = sum((line.amount.amount for line in found), Money.zero(code).amount)
    first = found[0].document
    members: Body = {
        "account_id": first["account_id"] if len(found) == 1 else "",
        "account_name": ", ".join(dict.fromkeys(str(line.document["account_name"]) for line in found)),
        "amount": amount(total, code),
        **lines.tax_members(found[0].tax if len(found) == 1 else None),
        "tags": [],
        "is_itemized_expense": True,
        "line_items": shown,
        "taxes": lines.summary(company, done),
    }
    costs = [
        lines.cost(
            line.account.id, result.cost, tax=line.tax, chosen=line.document["tags"], memo=line.document["description"]
        )
        for line, result in zip(found, done.lines, strict=True)
    ]
    return _Spent(members, done, costs)


def _item(company: Company, fields: Fields, code: str, index: int) -> lines.Line:
    account = _category(company, fields)
    money = fields.positive("amount", code)
    tax = fields.record("tax_id", company, "tax")
    charged = code_of(company, tax, reverse=lines.reverse_of(company, fields))
    chosen = tags.read(company, fields)
    if not fields.standing:
        tags.check_mandatory(company, chosen)
    document: Body = {
        "line_item_id": fields.standing.get("line_item_id") or new_id(company),
        **accounts.members(account),
        "description": fields.text("description", limit=DESCRIPTION_MAX),
        "amount": amount(money.amount, code),
        **lines.tax_members(tax),
        **lines.reverse_members(fields, money, charged),
        "item_order": fields.whole("item_order", default=index),
        "tags": chosen,
        **heading.location(company, fields),
    }
    return lines.Line(document=document, account=account, amount=money, code=charged, tax=tax)


def _category(company: Company, fields: Fields) -> Record:
    account = _account(company, fields, "account_id")
    if account is None or account.body["account_type"] in _NOT_COSTS:
        raise broken("expense_account")
    if fields.standing.get("account_id") != account.id:
        check_active(account)
    return account


def _account(company: Company, fields: Fields, name: str) -> Record | None:
    """The account that a member names; None for an id of nothing, or a name in its place. Raises ``Required``."""
    given = fields.raw(name)
    if isinstance(given, str) and given.strip() and not given.strip().isdigit():
        return None
    found = company.records.get(accounts.KIND, fields.id(name, required=True))
    return None if found is None or found.deleted else found


def paying_account(company: Company, fields: Fields, code: str, *, name: str = "paid_through_account_id") -> Record:
    """The account that money leaves: kept in the currency of the document or in base."""
    payer = _account(company, fields, name)
    if payer is None or payer.body["account_type"] not in _PAYS:
        raise broken("paid_through_account")
    kept = heading.kept_in(payer)
    if kept and kept not in (code, company.currency):
        raise broken("paid_through_currency", str(payer.body["account_name"]))
    if fields.standing.get(name) != payer.id:
        check_active(payer)
    return payer


def _employee(company: Company, fields: Fields) -> str:
    found = fields.record("employee_id", company, "employee")
    return found.id if found else ""


def _totals(done: Taxed, rate: Rate) -> dict[str, Any]:
    net, tax = done.net(rate.foreign), done.tax(rate.foreign)
    return {
        "tax_amount": amount(tax.amount, rate.foreign),
        "sub_total": amount(net.amount, rate.foreign),
        "total": amount((net + tax).amount, rate.foreign),
        "total_without_tax": amount(net.amount, rate.foreign),
        "bcy_total": rate.to_base(net + tax).amount,
        "bcy_total_without_tax": rate.to_base(net).amount,
    }


def delete(company: Company, record: Record) -> None:
    """Delete an expense. Raises ``PeriodClosed``."""
    check_open(company, record.body["date"])
    if record.body["_matched"]:
        raise broken("transaction_matched")
    files.drop_all(company, record)
    remove(company, record)
