"""Accounts: type and detail type, hierarchy, the ledger's view, and the accounts that the platform makes itself."""

from __future__ import annotations

from typing import Any

from sandbooks.kit.records import Record
from sandbooks.platforms.quickbooks_online import refusals as no
from sandbooks.platforms.quickbooks_online.draft import Draft, next_id, store
from sandbooks.platforms.quickbooks_online.realm import Realm
from sandbooks.platforms.quickbooks_online.records import ENTITIES
from sandbooks.platforms.quickbooks_online.records.account_types import ACCOUNT_TYPES, SUBTYPES
from sandbooks.platforms.quickbooks_online.rules.hierarchy import complete_hierarchy


def account(draft: Draft) -> None:
    """Complete an account."""
    body = draft.body
    _complete_type(draft)
    kind = ACCOUNT_TYPES[body["AccountType"]]
    body["Classification"] = kind.classification
    parent = complete_hierarchy(draft, flag="SubAccount")
    if parent is not None and parent.body["AccountType"] != kind.name:
        raise no.BusinessRule("A sub-account must be of the same type as its parent", "AccountType")
    _complete_currency(draft, foreign=kind.foreign)
    _check_number(draft)
    if not draft.active and draft.before and draft.before.active:
        _check_archivable(draft)
    draft.after = lambda record: _open_in_book(draft, record)


def _complete_type(draft: Draft) -> None:
    body = draft.body
    type_name, subtype = body.get("AccountType"), body.get("AccountSubType")
    if type_name is None and subtype is None:
        raise no.AccountTypeMissing
    if type_name == "Non-Posting":
        raise no.BusinessRule("Non-posting accounts cannot be created", "AccountType")
    if type_name is None:
        body["AccountType"] = SUBTYPES[str(subtype)].name
    elif subtype is None or ("AccountType" in draft.given and "AccountSubType" not in draft.given):
        body["AccountSubType"] = ACCOUNT_TYPES[type_name].subtypes[0]
    elif subtype not in ACCOUNT_TYPES[type_name].subtypes:
        raise no.ConflictingElements("AccountType", "AccountSubType")
    if draft.before and ACCOUNT_TYPES[body["AccountType"]] is not ACCOUNT_TYPES[draft.old["AccountType"]]:
        _check_retype(draft)


def _check_retype(draft: Draft) -> None:
    """Unconfirmed: when a type may change. Here: never to or from A/R, A/P and cards, else while nothing is posted."""
    realm = draft.realm
    special = {"Accounts Receivable", "Accounts Payable", "Credit Card"}
    if special & {draft.body["AccountType"], draft.old["AccountType"]} or any(
        True for _ in realm.company.book.lines(account=draft.id)
    ):
        raise no.BusinessRule("The account type of an account that is in use cannot be changed", "AccountType")


def _complete_currency(draft: Draft, *, foreign: bool) -> None:
    realm = draft.realm
    code = draft.ref("CurrencyRef") or realm.home
    if code != realm.home and not foreign:
        raise no.BusinessRule("Accounts of this type are kept in the home currency", "CurrencyRef")
    draft.body["CurrencyRef"] = {"value": code}


def _check_number(draft: Draft) -> None:
    number = draft.body.get("AcctNum")
    if not number:
        return
    for other in draft.realm.records.find("Account", "AcctNum", number.lower()):
        if other.id != draft.id and other.active:
            raise no.NameTaken("account", other.id)


def _check_archivable(draft: Draft) -> None:
    if draft.old.get("_system"):
        raise no.BusinessRule("This account is used by QuickBooks and cannot be made inactive", "Active")


def _open_in_book(draft: Draft, record: Record) -> None:
    book = draft.realm.company.book
    made = draft.realm.ledger_account(record)
    if draft.before is None:
        book.open_account(made)
    else:
        book.change_account(made)


def open_account(realm: Realm, **members: Any) -> Record:
    """An account that the platform or the seed makes; ``_system`` marks one that stays."""
    entity = ENTITIES["Account"]
    draft = Draft(realm, entity, next_id(realm, entity), {"Active": True, **members})
    account(draft)
    return store(draft, action="create")


def exchange_account(realm: Realm) -> str:
    """The Exchange Gain or Loss account, made on first use. Unconfirmed: its name and type outside the US."""
    found = realm.accounts_of("Other Expense", subtype="ExchangeGainOrLoss")
    if found:
        return found[0].id
    made = open_account(
        realm,
        Name="Exchange Gain or Loss",
        AccountType="Other Expense",
        AccountSubType="ExchangeGainOrLoss",
        _system=True,
    )
    return made.id


def payable_account(realm: Realm, currency: str) -> str:
    """The A/P account of a currency; the platform makes one for each currency that it meets."""
    found = realm.accounts_of("Accounts Payable", currency=currency)
    if found:
        return found[0].id
    name = "Accounts Payable (A/P)" + ("" if currency == realm.home else f" - {currency}")
    made = open_account(realm, Name=name, AccountType="Accounts Payable", CurrencyRef={"value": currency}, _system=True)
    return made.id
