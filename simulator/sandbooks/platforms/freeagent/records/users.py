"""Users: claimants of expenses and callers of the API, each with accounts of their own under the user categories.

Source: https://dev.freeagent.com/docs/users
"""

from __future__ import annotations

from typing import Any

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.ledger import Account
from sandbooks.platforms.freeagent import chart
from sandbooks.platforms.freeagent.fields import Fields
from sandbooks.platforms.freeagent.posting import USER_CODES, user_account
from sandbooks.platforms.freeagent.records.storing import new_id, remove, save
from sandbooks.platforms.freeagent.refusals import Invalid
from sandbooks.platforms.freeagent.wire import decimal_text, path

KIND = "user"
ROLES = ("Owner", "Director", "Partner", "Company Secretary", "Employee", "Shareholder", "Accountant")
LEVEL_DEFAULT = 2
_TEXTS = ("ni_number", "unique_tax_reference")
# Source: https://dev.freeagent.com/docs/users (role: what a sole trader's business does not have)
_SOLE = ("UkSoleTrader", "UkUnincorporatedLandlord", "UsSoleProprietor")
_NOT_SOLE = ("Director", "Partner", "Company Secretary", "Shareholder")


def create(company: Company, given: dict[str, Any]) -> Record:
    """A user of the company, with the accounts of one. Raises ``Invalid``."""
    document = _document(company, Fields(given))
    id = new_id(company, KIND)
    number = company.records.next_number("user_sub_code")
    record = save(company, KIND, id, document={"url": path("users", id), **document, "sub_code": str(number)})
    for code in USER_CODES:
        category = company.records.get("category", str(code))
        if category is not None:
            label = f"{category.body['description']}: {name_of(record)}"
            company.book.open_account(Account(user_account(str(code), id), label, chart.class_of(str(code))))
    return record


def update(company: Company, record: Record, given: dict[str, Any]) -> Record:
    """Change a user; the accounts take the new name. Raises ``Invalid``."""
    document = _document(company, Fields(given, record.body))
    kept = {name: record.body[name] for name in ("url", "sub_code")}
    saved = save(company, KIND, record.id, document={**document, **kept})
    if name_of(saved) != name_of(record):
        _change_accounts(company, saved, active=True)
    return saved


def delete(company: Company, record: Record) -> None:
    """Delete a user who has claimed and received nothing. Raises ``Invalid``."""
    used = any(company.records.find(kind, name, record.id) for kind, name in _USES)
    posted = any(any(True for _ in company.book.lines(account=account)) for account in _accounts(company, record))
    if used or posted:
        # Unconfirmed: the wording; the live service keeps users who have items.
        raise Invalid(("User has items and can't be deleted",))
    remove(company, record)
    _change_accounts(company, record, active=False)


_USES = (("expense", "user"), ("bank_transaction_explanation", "paid_user"), ("timeslip", "user"))


def name_of(record: Record) -> str:
    """The name under which a user's accounts stand."""
    return f"{record.body['first_name']} {record.body['last_name']}"


def _document(company: Company, fields: Fields) -> dict[str, Any]:
    level = fields.decimal("permission_level")
    if level is not None and level not in range(9):
        fields.wrong("permission_level", "is not included in the list")
    roles = [role for role in ROLES if company.settings.get("type") not in _SOLE or role not in _NOT_SOLE]
    if not fields.has("role"):
        fields.wrong("role", "can't be blank")
    mileage = fields.decimal("opening_mileage", required=True)
    document: dict[str, Any] = {
        "email": fields.text("email", required=True),
        "first_name": fields.text("first_name", required=True),
        "last_name": fields.text("last_name", required=True),
        "role": fields.choice("role", roles),
        "opening_mileage": decimal_text(mileage) if mileage is not None else "",
    }
    document |= {name: value for name in _TEXTS if (value := fields.text(name)) is not None}
    fields.flag("send_invitation")  # taken and checked; nobody is written to
    fields.check()
    return {**document, "permission_level": int(level) if level is not None else LEVEL_DEFAULT}


def _accounts(company: Company, record: Record) -> list[str]:
    known = (str(code) for code in USER_CODES if company.records.get("category", str(code)) is not None)
    return [user_account(code, record.id) for code in known]


def _change_accounts(company: Company, record: Record, *, active: bool) -> None:
    for id in _accounts(company, record):
        account = company.book.account(id)
        label = f"{account.name.partition(': ')[0]}: {name_of(record)}"
        company.book.change_account(Account(id, label, account.kind, account.currency, active))
