"""The chart of accounts, and the bank and card accounts in it: one record each, one id for both resources.

Source: https://www.zoho.com/books/api/v3/chart-of-accounts/, https://www.zoho.com/books/api/v3/bank-accounts/
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.ledger import Account, AccountClass
from sandbooks.platforms.zoho_books import chart, rates
from sandbooks.platforms.zoho_books.fields import NOTE_MAX, Fields
from sandbooks.platforms.zoho_books.records import custom_fields
from sandbooks.platforms.zoho_books.records.storing import find, new_id, remove, save
from sandbooks.platforms.zoho_books.refusals import InvalidValue, NoSuch, Required, broken
from sandbooks.platforms.zoho_books.wire import Body

KIND = "account"
# Source: https://www.zoho.com/books/api/v3/bank-accounts/ (account_type)
_BANK_KINDS = ("bank", "credit_card", "paypal", "cash", "payment_clearing")


def named(company: Company, name: str) -> Record:
    """An account that every organisation has, by its name."""
    return company.records.find(KIND, "system_name", name.lower())[0]


def withheld(company: Company) -> Record:
    """The account that holds tax withheld from vendors; the organisation has it from the first such payment on.

    Raises the rule ``account_type`` where the name is taken by an account of another kind.
    """
    # Source: https://www.zoho.com/in/books/help/settings/income-tds.html (what is deducted is a liability)
    # Unconfirmed: the account of the editions other than India's.
    own = company.records.find(KIND, "system_name", chart.WITHHELD.lower())
    found = own or company.records.find(KIND, "name", chart.WITHHELD.lower())
    if not found:
        return add(company, chart.WITHHELD, "other_current_liability", system=True)
    if chart.CLASSES[found[0].body["account_type"]] is not AccountClass.LIABILITY:
        raise broken("account_type", chart.WITHHELD)
    return found[0]


def create(company: Company, given: Body) -> Record:
    """A new account of the chart; one of a bank or a card shows among the bank accounts too."""
    return _write(company, given, None, bank=given.get("account_type") in ("bank", "credit_card"))


def create_bank(company: Company, given: Body) -> Record:
    """A new bank or card account."""
    return _write(company, given, None, bank=True)


def update(company: Company, record: Record, given: Body) -> Record:
    """Change an account of either resource."""
    return _write(company, given, record, bank=bool(record.body["_bank"]))


def add(company: Company, name: str, kind: str, *, code: str = "", system: bool = False, currency: str = "") -> Record:
    """An account that a new organisation has, or that a plan names."""
    given: Body = {"account_name": name, "account_type": kind, "account_code": code}
    if currency:
        given["currency_id"] = rates.currency_with(company, currency).id
    return _write(company, given, None, bank=kind in ("bank", "credit_card"), system=system)


def _write(company: Company, given: Body, record: Record | None, *, bank: bool, system: bool = False) -> Record:
    fields = Fields(given, record.body if record else None)
    name = fields.text("account_name", required=True, limit=200)
    kind = _type(fields, record, bank=bank)
    currency = _currency(company, fields, kind, record)
    check_name(company, name, record)
    code = fields.text("account_code", limit=50)
    _check_code(company, code, record)
    id = record.id if record else new_id(company)
    is_system = bool(record.body["is_system_account"]) if record else system
    document: Body = {
        "account_id": id,
        "account_name": name,
        "account_code": code,
        "account_type": kind,
        "currency_id": currency.id,
        "currency_code": currency.body["currency_code"],
        "description": fields.text("description", limit=NOTE_MAX),
        "is_active": record.active if record else True,
        "is_user_created": not is_system,
        "is_system_account": is_system,
        "custom_fields": custom_fields.read(company, KIND, fields),
        **_parent(company, fields, kind, id),
        **(_bank_members(fields) if kind in chart.BANK_TYPES else {}),
        "_bank": bank,
        "_keys": {"name": name.lower(), "code": code, **({"system_name": name.lower()} if is_system else {})},
    }
    if is_system and record is not None:
        document["_keys"]["system_name"] = str(record.body["_keys"]["system_name"])
    _open(company, record, Account(id, name, chart.CLASSES[kind], _kept_in(kind, document)))
    return save(company, KIND, id, document=document, active=record.active if record else True)


def _type(fields: Fields, record: Record | None, *, bank: bool) -> str:
    if bank:
        if not fields.has("account_type"):
            raise Required("account_type")
        kind = fields.choice("account_type", _BANK_KINDS)
        kind = "bank" if kind == "paypal" else kind
    else:
        if not fields.has("account_type"):
            raise Required("account_type")
        kind = fields.choice("account_type", tuple(chart.CLASSES))
    if (
        record is not None
        and kind != record.body["account_type"]
        and (
            record.body["is_system_account"]
            or kind in chart.MONEY_TYPES
            or record.body["account_type"] in chart.MONEY_TYPES
        )
    ):
        raise broken("account_type", str(record.body["account_name"]))
    return kind


def _currency(company: Company, fields: Fields, kind: str, record: Record | None) -> Record:
    standing = str(record.body["currency_code"]) if record else company.currency
    found = rates.currency_of(company, Fields(fields.given), standing)
    code = str(found.body["currency_code"])
    if kind not in chart.MONEY_TYPES and code != company.currency:
        return rates.currency_with(company, company.currency)
    if record is not None and code != standing and is_involved(company, record.id):
        raise broken("account_involved", str(record.body["account_name"]))
    return found


def _kept_in(kind: str, document: Body) -> str | None:
    return str(document["currency_code"]) if kind in chart.MONEY_TYPES else None


def check_name(company: Company, name: str, record: Record | None) -> None:
    """Names of accounts are unique. Raises the rule ``already_exists``."""
    for other in company.records.find(KIND, "name", name.lower()):
        if record is None or other.id != record.id:
            raise broken("already_exists", f"The account name {name}")


def _check_code(company: Company, code: str, record: Record | None) -> None:
    for other in company.records.find(KIND, "code", code) if code else ():
        if record is None or other.id != record.id:
            raise broken("already_exists", f"The account code {code}")


def _parent(company: Company, fields: Fields, kind: str, id: str) -> Body:
    parent = fields.record("parent_account_id", company, KIND)
    if parent is None:
        return {"parent_account_id": "", "parent_account_name": "", "depth": 0}
    if parent.id == id or parent.body["parent_account_id"] == id or parent.body["account_type"] != kind:
        raise InvalidValue("parent_account_id")
    return {
        "parent_account_id": parent.id,
        "parent_account_name": parent.body["account_name"],
        "depth": int(parent.body["depth"]) + 1,
    }


def _bank_members(fields: Fields) -> Body:
    return {
        "account_number": fields.text("account_number", limit=50),
        "bank_name": fields.text("bank_name"),
        "routing_number": fields.text("routing_number", limit=50),
        "is_primary_account": fields.flag("is_primary_account"),
        "is_paypal_account": fields.flag("is_paypal_account", default=fields.raw("account_type") == "paypal"),
        "paypal_type": fields.text("paypal_type"),
        "paypal_email_address": fields.text("paypal_email_address"),
    }


def _open(company: Company, record: Record | None, account: Account) -> None:
    if record is None:
        company.book.open_account(account)
    else:
        company.book.change_account(
            Account(account.id, account.name, account.kind, account.currency, active=record.active)
        )


def is_involved(company: Company, id: str) -> bool:
    """Whether the account has any posting, standing or taken back."""
    return bool(company.book.balance(id)) or next(iter(company.book.lines(account=id)), None) is not None


def set_active(company: Company, record: Record, *, active: bool) -> Record:
    """Mark an account as active or inactive."""
    if record.body["is_system_account"] and not active:
        raise broken("system_account", str(record.body["account_name"]))
    held = company.book.account(record.id)
    company.book.change_account(Account(held.id, held.name, held.kind, held.currency, active=active))
    return save(company, KIND, record.id, document={**record.copy(), "is_active": active}, active=active)


def delete(company: Company, record: Record) -> None:
    """Delete an account without transactions."""
    if record.body["is_system_account"]:
        raise broken("system_account", str(record.body["account_name"]))
    if is_involved(company, record.id) or _is_referred_to(company, record.id):
        raise broken("has_transactions", str(record.body["account_name"]))
    held = company.book.account(record.id)
    company.book.change_account(Account(held.id, held.name, held.kind, held.currency, active=False))
    remove(company, record)


def _is_referred_to(company: Company, id: str) -> bool:
    kinds = ("expense", "bill", "vendorcredit", "journal", "item", "banktransaction", "bankstatementline")
    keys = ("account_id", "paid_through_account_id", "from_account_id", "to_account_id")
    return any(company.records.find(kind, key, id) for kind in kinds for key in keys)


def bank(company: Company, id: str) -> Record:
    """A bank or card account by its id. Raises ``NoSuch``."""
    record = find(company, KIND, id)
    if record.body["account_type"] not in chart.BANK_TYPES:
        raise NoSuch("Bank account", id)
    return record


def shown(company: Company, record: Record) -> Body:
    """An account of the chart as its resource shows it."""
    body = record.copy()
    return body | {"is_involved_in_transaction": is_involved(company, record.id), "has_attachment": False}


def balance(company: Company, record: Record) -> tuple[Decimal, Decimal]:
    """What the account holds in its own currency and in base, positive on its natural side."""
    held = company.book.balance(record.id)
    sign = 1 if chart.CLASSES[record.body["account_type"]].debit_normal else -1
    own = held.by_currency.get(record.body["currency_code"])
    base = held.base.amount * sign
    if record.body["account_type"] not in chart.MONEY_TYPES:
        return base, base
    return (own.amount * sign if own else Decimal(0)), base


def members(record: Record | None, prefix: str = "account") -> dict[str, Any]:
    """The id and name of an account as documents show it."""
    return {
        f"{prefix}_id": record.id if record else "",
        f"{prefix}_name": record.body["account_name"] if record else "",
    }
