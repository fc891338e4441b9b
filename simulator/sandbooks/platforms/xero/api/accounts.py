"""The chart of accounts.

# Source: https://developer.xero.com/documentation/api/accounting/accounts
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbooks.kit.call import Call
from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.kit.surface import Operation
from sandbooks.ledger import Account, AccountClass
from sandbooks.platforms.xero import lookup, writes
from sandbooks.platforms.xero.api.registry import ROOT, Keep, Resource
from sandbooks.platforms.xero.entities import ACCOUNT_CLASS
from sandbooks.platforms.xero.refusals import invalid
from sandbooks.platforms.xero.saving import save
from sandbooks.platforms.xero.wire import writing
from sandbooks.wire import Response

Body = dict[str, Any]
SCOPES = "accounting.settings"
_CLASSES = {
    "ASSET": AccountClass.ASSET,
    "LIABILITY": AccountClass.LIABILITY,
    "EQUITY": AccountClass.EQUITY,
    "REVENUE": AccountClass.INCOME,
    "EXPENSE": AccountClass.EXPENSE,
}


def write_account(call: Call, given: Mapping[str, Any], prior: Record | None) -> Record:
    """Create, change or archive an account. Raises Invalid."""
    company = call.company
    if prior is not None and (prior.body["Status"] == "DELETED"):
        raise invalid("This account has been deleted.")
    if given.get("Status") == "DELETED":
        raise invalid("Accounts are deleted with the DELETE method.")
    if prior is not None and given.get("Status") == "ARCHIVED" and prior.body.get("SystemAccount"):
        raise invalid("System accounts cannot be archived.")
    body = prior.copy() if prior else new_account(company, given)
    changes = {name: value for name, value in given.items() if name not in ("AccountID", "CurrencyCode")}
    if (
        prior is not None
        and "Type" in changes
        and changes["Type"] != body["Type"]
        and "BANK" in (changes["Type"], body["Type"])
    ):
        raise invalid("The type of a bank account cannot be changed.")
    body.update(changes)
    check_account(company, body)
    return keep_account(company, body)


def new_account(company: Company, given: Mapping[str, Any]) -> Body:
    """The members that an account has from the start. Raises Invalid for a currency without subscription."""
    body: Body = {
        "AccountID": company.records.next_uuid("account"),
        "Status": "ACTIVE",
        "TaxType": "NONE",
        "EnablePaymentsToAccount": False,
        "ShowInExpenseClaims": False,
        "HasAttachments": False,
        "AddToWatchlist": False,
    }
    if given.get("Type") == "BANK":
        currency = (given.get("CurrencyCode") or company.currency).upper()
        if not lookup.subscribed(company, currency):
            raise invalid(f"The current organisation is not subscribed to currency '{currency}'.")
        body |= {"BankAccountType": "BANK", "CurrencyCode": currency}
    return body


def check_account(company: Company, body: Body) -> None:
    """Required members and unique names. Raises Invalid."""
    problems = []
    if not body.get("Name"):
        problems.append("Account name must be specified.")
    if not body.get("Type"):
        problems.append("Account type must be specified.")
    if body.get("Type") == "BANK" and not body.get("BankAccountNumber"):
        problems.append("Bank account number must be specified.")
    if body.get("Type") != "BANK" and not body.get("Code"):
        problems.append("Account code must be specified.")
    if _taken(company, "Code", body.get("Code"), body["AccountID"]):
        problems.append("Please enter a unique Code.")
    if _taken(company, "Name", body.get("Name"), body["AccountID"]):
        problems.append("Please enter a unique Name.")
    if body.get("TaxType") and lookup.tax_rate(company, body["TaxType"]) is None:
        problems.append(f"The TaxType code '{body['TaxType']}' does not exist.")
    lookup.rejects(*problems)


def _taken(company: Company, key: str, value: str | None, own: str) -> bool:
    found = company.records.find("Account", key, value.lower()) if value else []
    return any(record.id != own for record in found)


def keep_account(company: Company, body: Body) -> Record:
    """Store an account and keep the book's chart in step with it."""
    body["Class"] = ACCOUNT_CLASS[body["Type"]] if body.get("Class") is None else body["Class"]
    known = company.records.get("Account", body["AccountID"])
    account = _book_account(body)
    if known is None:
        company.book.open_account(account)
    else:
        company.book.change_account(account)
    return save(company, "Account", {**body, "UpdatedDateUTC": ""})


def _book_account(body: Body) -> Account:
    kind = _CLASSES[body["Class"]]
    if body.get("BankAccountType") == "CREDITCARD":
        kind = AccountClass.LIABILITY
    currency = body.get("CurrencyCode") if body["Type"] == "BANK" else None
    return Account(body["AccountID"], body["Name"], kind, currency, active=body["Status"] == "ACTIVE")


def delete_account(call: Call) -> Response:
    """Delete an account that nothing uses. Raises Invalid."""
    record = ACCOUNTS.find(call, call.args["id"])

    def run() -> Response:
        if record.body.get("SystemAccount") or any(True for _ in call.company.book.lines(account=record.id)):
            raise invalid("This account cannot be deleted: it is a system account or has transactions.")
        return writing.answer(
            call, "Account", [keep_account(call.company, {**record.copy(), "Status": "DELETED"}).body]
        )

    return writes.keyed(call, run)


def _keep(_: Call) -> Keep:
    return lambda body: body["Status"] != "DELETED"


ACCOUNTS = Resource(kind="Account", scopes=SCOPES, writer=write_account, keep=_keep)
OPERATIONS = (
    *ACCOUNTS.operations(),
    Operation("delete_Accounts", "DELETE", f"{ROOT}/Accounts/<id>", delete_account, writes=True, scope=SCOPES),
)
