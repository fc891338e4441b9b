"""Spend and receive money, prepayments and overpayments included.

# Source: https://developer.xero.com/documentation/api/accounting/banktransactions
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbooks.kit.call import Call
from sandbooks.kit.records import Record
from sandbooks.platforms.xero import documents, lookup, standing_credits
from sandbooks.platforms.xero.api.registry import TRANSACTIONS, Resource, references_filter
from sandbooks.platforms.xero.refusals import invalid
from sandbooks.platforms.xero.saving import save

Body = dict[str, Any]
SCOPES = f"{TRANSACTIONS} accounting.banktransactions"
_RECONCILED = "This Bank Transaction cannot be edited as it has been reconciled with a Bank Statement."


def write_bank_transaction(call: Call, given: Mapping[str, Any], prior: Record | None) -> Record:
    """Create, change or delete money spent or received. Raises Invalid."""
    if prior is None:
        return _create(call, given)
    if prior.deleted:
        raise invalid("This Bank Transaction cannot be edited as it has been deleted.")
    if prior.body["Type"].endswith("-TRANSFER"):
        raise invalid("This Bank Transaction is part of a bank transfer and cannot be edited.")
    if given.get("Status") in ("DELETED", "VOIDED"):
        return _delete(call, prior)
    return _change(call, given, prior)


def _create(call: Call, given: Mapping[str, Any]) -> Record:
    company = call.company
    kind = given.get("Type")
    if not kind or kind.endswith("-TRANSFER"):
        raise invalid("Type must be specified: SPEND or RECEIVE, or one of their prepayments and overpayments.")
    if given.get("Status", "AUTHORISED") != "AUTHORISED":
        raise invalid("Bank Transaction not of valid status for creation")
    body = _drawn_up(call, given, {}, kind=kind)
    body = {
        "BankTransactionID": company.records.next_uuid("bank_transaction"),
        **body,
        "IsReconciled": given.get("IsReconciled", False),
        "Status": "AUTHORISED",
        "HasAttachments": False,
    }
    return _keep(call, body)


def _drawn_up(call: Call, given: Mapping[str, Any], prior: Mapping[str, Any], *, kind: str) -> Body:
    """The document as it would stand. Raises Invalid."""
    company = call.company
    wanted = given.get("BankAccount")
    bank = lookup.bank_account(company, wanted) if wanted or not prior else None
    bank = bank or lookup.bank_account(company, prior["BankAccount"])
    own = lookup.currency_of(company, bank)
    stated = given.get("CurrencyCode")
    # Source: the documentation lets CurrencyCode be set on overpayments only; elsewhere the account's currency rules.
    if stated:
        lookup.checked_currency(company, stated, own)
    over = kind.endswith("-OVERPAYMENT")
    lines = given
    if over:
        lines = _on_control(call, given, kind)
    draft = documents.Draft(
        given=lines, prior=prior, currency=own, complete=True, purchase=kind.startswith("SPEND"), control=over
    )
    if not draft.value("LineItems"):
        raise invalid("One or more line items must be specified.")
    body = documents.common(call, draft)
    if body["Total"] <= 0:
        raise invalid("The total amount of a bank transaction must be greater than zero.")
    lookup.check_open(company, body["Date"])
    # Source: the documentation supports Reference on SPEND and RECEIVE only.
    reference = draft.value("Reference") if kind in ("SPEND", "RECEIVE") else None
    account = {"AccountID": bank.id, "Code": bank.body.get("Code"), "Name": bank.body["Name"], "CurrencyCode": own}
    return {"Type": kind, **body, "Reference": reference, "Url": draft.value("Url"), "BankAccount": account}


def _on_control(call: Call, given: Mapping[str, Any], kind: str) -> Mapping[str, Any]:
    """An overpayment has one line on the control account. Raises Invalid."""
    lines = given.get("LineItems") or []
    if len(lines) != 1:
        raise invalid("An overpayment must have exactly one line item.")
    control = lookup.system_account(call.company, "CREDITORS" if kind.startswith("SPEND") else "DEBTORS")
    line = {name: value for name, value in lines[0].items() if name not in ("AccountCode", "TaxType", "TaxAmount")}
    code = lines[0].get("AccountCode")
    record = lookup.account_by_code(call.company, code) if code else None
    if code and (record is None or record.id != control):
        raise invalid(f"Account code '{code}' is not a valid code for this document.")
    return {**given, "LineItems": [{**line, "AccountID": control}], "LineAmountTypes": "NoTax"}


def _keep(call: Call, body: Body) -> Record:
    company = call.company
    facts = documents.facts(company, body, control=body["BankAccount"]["AccountID"])
    cleaned = {name: value for name, value in body.items() if value is not None}
    if body["Type"] not in ("SPEND", "RECEIVE"):
        cleaned = standing_credits.from_bank_transaction(company, cleaned, facts)
    return save(company, "BankTransaction", {**cleaned, "UpdatedDateUTC": ""}, facts=facts)


def _change(call: Call, given: Mapping[str, Any], prior: Record) -> Record:
    body = prior.body
    if body["Type"] not in ("SPEND", "RECEIVE"):
        raise invalid("Prepayments and overpayments cannot be edited.")
    if given.get("Type", body["Type"]) != body["Type"]:
        raise invalid("The type of a bank transaction cannot be changed.")
    lookup.check_open(call.company, body["Date"])
    made = _drawn_up(call, given, body, kind=body["Type"])
    if body.get("IsReconciled") and not _same_effect(body, made):
        # Unconfirmed: what may change on a reconciled transaction; only what moves no money does here.
        raise invalid(_RECONCILED)
    return _keep(call, {**prior.copy(), **made, "IsReconciled": given.get("IsReconciled", body["IsReconciled"])})


def _same_effect(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    names = ("Total", "Date", "CurrencyRate")
    same_bank = before["BankAccount"]["AccountID"] == after["BankAccount"]["AccountID"]
    return same_bank and all(before[name] == after[name] for name in names)


def _delete(call: Call, prior: Record) -> Record:
    company, body = call.company, prior.copy()
    if body.get("IsReconciled"):
        raise invalid("This Bank Transaction cannot be deleted as it has been reconciled with a Bank Statement.")
    lookup.check_open(company, body["Date"])
    standing_credits.end_with_bank_transaction(company, body)
    body["Status"] = "DELETED" if body["Type"] in ("SPEND", "RECEIVE") else "VOIDED"
    return save(company, "BankTransaction", body)


BANK_TRANSACTIONS = Resource(
    kind="BankTransaction", scopes=SCOPES, writer=write_bank_transaction, pages=True, brief=True, keep=references_filter
)
OPERATIONS = BANK_TRANSACTIONS.operations()
