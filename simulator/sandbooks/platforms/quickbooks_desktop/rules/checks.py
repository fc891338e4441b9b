"""Checks that are applied to bills: what stands on their Accounts Payable lines settles bills of their payee.

Source: QuickBooks Desktop SDK, Onscreen Reference (ApplyCheckToTxnAdd, ApplyCheckToTxnMod)
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sandbooks.kit.records import Record
from sandbooks.platforms.quickbooks_desktop import values
from sandbooks.platforms.quickbooks_desktop.drafts import Draft
from sandbooks.platforms.quickbooks_desktop.file import CompanyFile
from sandbooks.platforms.quickbooks_desktop.money import decimal
from sandbooks.platforms.quickbooks_desktop.nodes import Node
from sandbooks.platforms.quickbooks_desktop.refusals import InvalidAmount
from sandbooks.platforms.quickbooks_desktop.rules import open_items
from sandbooks.platforms.quickbooks_desktop.rules.ready import id_of

ELEMENTS = ("ApplyCheckToTxnAdd", "ApplyCheckToTxnMod")


def applied_of(node: Node) -> list[Draft]:
    """What a request applies a check to: each transaction with the amount, where one is given."""
    found = [child for child in node.children if child.name in ELEMENTS]
    return [
        {"TxnID": child.get("TxnID"), **({"Amount": str(child.get("Amount"))} if child.has("Amount") else {})}
        for child in found
    ]


def settled_by(
    file: CompanyFile, draft: Draft, accounts: Mapping[str, str], *, party: str, id: str
) -> list[dict[str, Any]]:
    """What a check settles of each bill, with the home value that this takes off it. Fills in open amounts.

    Sales documents, of which there are none here, are not found.
    """
    spare = _payables(file, draft, accounts)
    settled: list[dict[str, Any]] = []
    for item in draft.get("_applied_to", ()):
        bill = file.lookup(("Bill",), item["TxnID"])
        if id_of(bill.body, "VendorRef") != party:
            raise InvalidAmount("ApplyCheckToTxnAdd", bill.id, "The transaction belongs to another vendor.")
        if any(each["id"] == bill.id for each in settled):
            raise InvalidAmount("ApplyCheckToTxnAdd", bill.id, "A transaction stands once in a request.")
        left, payable = open_items.open_amount(file, bill, without=id), id_of(bill.body, "APAccountRef")
        there = spare.get(payable, Decimal(0))
        amount = decimal(item, "Amount") if "Amount" in item else min(left, there)
        if amount <= 0 or amount > left:
            raise InvalidAmount("Amount", values.amount(amount), "You cannot pay more than the amount due.")
        if amount > there:
            reason = "The check has no such amount on the Accounts Payable account of the transaction."
            raise InvalidAmount("Amount", values.amount(amount), reason)
        spare[payable] = there - amount
        item["Amount"] = values.amount(amount)
        base = open_items.relief(file, bill, amount, without=id)
        row = {"kind": "Bill", "id": bill.id, "amount": item["Amount"], "base": f"{base:f}", "account": payable}
        settled.append(row)
    return settled


def _payables(file: CompanyFile, draft: Draft, accounts: Mapping[str, str]) -> dict[str, Decimal]:
    """What a check pays onto each Accounts Payable account, without the tax inside it."""
    found: dict[str, Decimal] = {}
    included = draft.get("IsTaxIncluded") == "true"
    for line in (*draft.get("ExpenseLineRet", ()), *draft.get("ItemLineRet", ())):
        account = accounts[str(line["TxnLineID"])]
        if file.account_type(account) == "AccountsPayable":
            net = decimal(line, "Amount") - (decimal(line, "TaxAmount") if included else Decimal(0))
            found[account] = found.get(account, Decimal(0)) + net
    return found


def links_of(file: CompanyFile, check: Record) -> list[dict[str, Any]]:
    """LinkedTxn of a check: the bills that it is applied to."""
    found = ((item, file.records.get("Bill", item["TxnID"])) for item in check.body.get("_applied_to", ()))
    return [
        {
            "TxnID": bill.id,
            "TxnType": "Bill",
            "TxnDate": bill.body["TxnDate"],
            "RefNumber": bill.body.get("RefNumber"),
            "LinkType": "AMTTYPE",
            "Amount": values.amount(-decimal(item, "Amount")),
        }
        for item, bill in found
        if bill is not None
    ]
