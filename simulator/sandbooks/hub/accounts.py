"""Accounts and bank accounts: the copies last read, and creating one in the platform.

Source: github.com/codatio/oas, schemas Account and BankAccount.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal, get_args

import msgspec

from sandbooks.connector import Account, Company, NewAccount
from sandbooks.hub import companies, data, push, records, wire
from sandbooks.hub.errors import Item, not_found, not_valid
from sandbooks.hub.platform import supplemental
from sandbooks.kit.call import Call, json_reply
from sandbooks.wire import Response

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]

Class = Literal["Asset", "Expense", "Income", "Liability", "Equity"]


class AccountBody(msgspec.Struct, omit_defaults=True, kw_only=True):
    name: Name
    type: Class | None = None
    nominalCode: str | None = None
    description: str | None = None
    fullyQualifiedCategory: str | None = None
    currency: str | None = None
    isBankAccount: bool = False


class BankAccountBody(msgspec.Struct, omit_defaults=True, kw_only=True):
    accountName: Name
    accountType: Literal["Credit", "Debit"] | None = None
    nominalCode: str | None = None
    sortCode: str | None = None
    accountNumber: str | None = None
    iBan: str | None = None
    currency: str | None = None
    institution: str | None = None


def list_accounts(call: Call) -> Response:
    company = companies.called(call)
    found = data.read_copy(call, company["id"], "chartOfAccounts")
    currency = _base_currency(call, company)
    more = supplemental.beside(call.world, company["id"], "chartOfAccounts")
    rows = [more.joined(_shown(account, currency)) for account in found.values()]
    return wire.page_reply(call, rows, what="Account")


def get_account(call: Call) -> Response:
    company = companies.called(call)
    account = data.read_copy(call, company["id"], "chartOfAccounts").get(call.args["account_id"])
    if account is None:
        raise not_found(f"No account was found with ID {call.args['account_id']}", service="ClientsApi")
    more = supplemental.beside(call.world, company["id"], "chartOfAccounts")
    shown = _shown(account, _base_currency(call, company))
    return json_reply(more.joined(shown))


def list_bank_accounts(call: Call) -> Response:
    company, _ = companies.called(call), call.args["connection_id"]
    found = data.read_copy(call, company["id"], "bankAccounts")
    currency = _base_currency(call, company)
    return wire.page_reply(call, [_bank_shown(account, currency) for account in found.values()], what="BankAccount")


def _base_currency(call: Call, company: dict[str, Any]) -> str:
    """The base currency of the company as last read. Raises the refusal of what was not read yet."""
    facts: Company = next(iter(data.read_copy(call, company["id"], "company").values()))
    return facts.currency


def create_account(call: Call) -> Response:
    body = wire.parsed(wire.raw_body(call), AccountBody)
    made = NewAccount(
        name=body.name,
        account_class=_class_of(body),
        category=body.fullyQualifiedCategory or "",
        currency=_currency(body.currency),
        nominal_code=body.nominalCode or "",
        description=body.description or "",
    )
    return push.begin(call, "chartOfAccounts", made, msgspec.to_builtins(body), update=False)


def _class_of(body: AccountBody) -> Class:
    """The class of a new account: as sent, else the first part of its category, which some platforms' models have
    instead. 400 when neither tells."""
    if body.type is not None:
        return body.type
    first = (body.fullyQualifiedCategory or "").partition(".")[0]
    known = next((one for one in get_args(Class) if one == first), None)
    if known is None:
        raise not_valid(Item("type", f"type is one of {', '.join(get_args(Class))}", "Enum"))
    found: Class = known
    return found


def create_bank_account(call: Call) -> Response:
    body = wire.parsed(wire.raw_body(call), BankAccountBody)
    card = body.accountType == "Credit"
    made = NewAccount(
        name=body.accountName,
        account_class="Liability" if card else "Asset",
        currency=_currency(body.currency),
        nominal_code=body.nominalCode or "",
        pays="card" if card else "bank",
        institution=body.institution or "",
        account_number=body.accountNumber or "",
        sort_code=body.sortCode or "",
        iban=body.iBan or "",
    )
    return push.begin(call, "bankAccounts", made, msgspec.to_builtins(body), update=False)


def _currency(code: str | None) -> str:
    from sandbooks.money import known_currency

    if code and not known_currency(code):
        raise not_valid(Item("currency", f"{code[:20]!r} is not an ISO 4217 currency code", "Currency"))
    return code or ""


def _shown(account: Account, currency: str) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "id": account.id,
        "nominalCode": account.nominal_code or None,
        "name": account.name,
        "description": account.description or None,
        "fullyQualifiedCategory": account.category,
        "fullyQualifiedName": f"{account.category}.{account.name}",
        "currency": account.currency or currency,
        "currentBalance": account.balance,
        "type": account.account_class,
        "status": "Active" if account.active else "Archived",
        "isBankAccount": bool(account.pays),
        "validDatatypeLinks": [],
        "metadata": {"isDeleted": not account.active},
    }
    if account.updated is not None:
        shown["sourceModifiedDate"] = shown["modifiedDate"] = records.stamp(account.updated)
    return shown


def _bank_shown(account: Account, currency: str) -> dict[str, Any]:
    balance = account.balance if account.balance is not None else Decimal(0)
    return {
        "id": account.id,
        "accountName": account.name,
        "accountType": "Credit" if account.pays == "card" else "Debit",
        "nominalCode": account.nominal_code or None,
        "currency": account.currency or currency,
        "balance": balance,
        "status": "Active" if account.active else "Archived",
        "metadata": {"isDeleted": not account.active},
    }
