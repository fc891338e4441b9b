"""Bank accounts, PayPal accounts and credit cards: sub accounts of 750; a card's debt is a negative balance."""

from __future__ import annotations

from typing import Any

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.ledger import Account, AccountClass
from sandbooks.money import Money
from sandbooks.platforms.freeagent.fields import Fields
from sandbooks.platforms.freeagent.rates import day_rate
from sandbooks.platforms.freeagent.records import sums
from sandbooks.platforms.freeagent.records.storing import new_id, remove, save
from sandbooks.platforms.freeagent.refusals import Invalid
from sandbooks.platforms.freeagent.wire import decimal_text, path

KIND = "bank_account"
TYPES = ("StandardBankAccount", "PaypalAccount", "CreditCardAccount")
_TEXTS = [
    "bank_name",
    "bank_code",
    "account_number",
    "sort_code",
    "secondary_sort_code",
    "iban",
    "bic",
    "email",
]  # as the attribute table


def create(company: Company, given: dict[str, Any]) -> Record:
    """A new account, its sub account in the chart and its opening balance. Raises ``Invalid``."""
    fields = Fields(given)
    document = _document(company, fields)
    id = new_id(company, KIND)
    document = {"url": path("bank_accounts", id), **document}
    document["sub_code"] = str(company.records.next_number("bank_account_sub_code"))
    kind = AccountClass.LIABILITY if document["type"] == "CreditCardAccount" else AccountClass.ASSET
    company.book.open_account(Account(id, document["name"], kind, document["currency"]))
    if document["is_primary"]:
        _others_not_primary(company, id)
    return save(company, KIND, id, document=document, facts=_facts(company, document, id))


def _facts(company: Company, document: dict[str, Any], id: str) -> dict[str, Any]:
    start = str(company.settings["freeagent_start_date"])
    rate = day_rate(company, document["currency"], company.world.clock.today(company.time_zone))
    if rate is None:
        raise Invalid(("currency is not included in the list",))
    return {
        "posts": "opening",
        "dated_on": start,
        "bank": id,
        "currency": rate.foreign,
        "base": rate.base,
        "rate": str(rate.value),
    }


def _document(company: Company, fields: Fields) -> dict[str, Any]:
    kind = fields.choice("type", TYPES, default="StandardBankAccount")
    currency = fields.currency("currency", company.currency)
    opening = fields.money("opening_balance", currency, required=True)
    document: dict[str, Any] = {
        "type": kind,
        "name": fields.text("name", required=True),
        "currency": currency,
        "is_personal": fields.flag("is_personal"),
        "is_primary": fields.flag("is_primary"),
        "status": fields.choice("status", ("active", "hidden"), default="active"),
        "opening_balance": decimal_text(opening.amount if opening else Money.zero(currency).amount),
        "bank_guess_enabled": fields.flag("bank_guess_enabled"),
    }
    required = {"PaypalAccount": "email", "CreditCardAccount": "account_number"}.get(kind or "", "")
    for name in _TEXTS:
        value = fields.text(name, required=name == required)
        if value is not None:
            document[name] = value
    fields.check()
    return document


def update(company: Company, record: Record, given: dict[str, Any]) -> Record:
    """Change an account; type and, once there are transactions, currency stay. Raises ``Invalid``."""
    fields = Fields(given, record.body)
    document = {"url": record.body["url"], **_document(company, fields), "sub_code": record.body["sub_code"]}
    used = company.records.has_found("bank_transaction", KIND, record.id)
    if document["type"] != record.body["type"]:
        fields.wrong("type", "can't be changed")
    if document["currency"] != record.body["currency"] and used:
        fields.wrong("currency", "can't be changed once the account has transactions")
    fields.check()
    account = company.book.account(record.id)
    active = document["status"] == "active"
    changed = document["currency"] != record.body["currency"]
    if changed and any(True for _ in company.book.lines(account=record.id)):
        raise Invalid(("currency can't be changed once the account has transactions",))
    company.book.change_account(Account(record.id, document["name"], account.kind, document["currency"], active=True))
    same = not changed and document["opening_balance"] == record.body["opening_balance"]
    facts = company.records.facts(KIND, record.id) if same else _facts(company, document, record.id)
    saved = _put(company, record, document, facts, same=same, active=active)
    company.book.change_account(Account(record.id, document["name"], account.kind, document["currency"], active))
    if document["is_primary"] and not record.body["is_primary"]:
        _others_not_primary(company, record.id)
    return saved


def _put(
    company: Company, record: Record, document: dict[str, Any], facts: dict[str, Any], *, same: bool, active: bool
) -> Record:
    """A new version; the opening entry is posted anew only where it changes, so that a locked period is no bar."""
    if not same:
        return save(company, KIND, record.id, document=document, facts=facts, active=active)
    return company.records.put(
        KIND, record.id, document, version=record.version + 1, action="update", active=active, facts=facts
    )


def _others_not_primary(company: Company, id: str) -> None:
    for other in list(company.records.scan(KIND)):
        if other.id != id and other.body["is_primary"]:
            facts = company.records.facts(KIND, other.id)
            document = {**other.body, "is_primary": False}
            _put(company, other, document, facts, same=True, active=other.active)


def delete(company: Company, record: Record) -> None:
    """Delete an account without transactions. Raises ``Invalid``."""
    if company.records.has_found("bank_transaction", KIND, record.id):
        raise Invalid(("Bank account has transactions and can't be deleted",))
    remove(company, record)
    account = company.book.account(record.id)
    company.book.change_account(Account(record.id, account.name, account.kind, account.currency, active=False))


def balance(company: Company, record: Record) -> Money:
    """The account's balance in its own currency: what is in the books plus what is not yet explained."""
    currency = record.body["currency"]
    booked = company.book.balance(record.id).by_currency.get(currency, Money.zero(currency))
    return booked + Money(sums.unexplained(company, record.id), currency)
