"""Receipts as Xero spend-money bank transactions. The receipt's reference is the transaction's reference."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from exporter.connection import Connection
from exporter.receipts import Receipt

API = "https://api.xero.com/api.xro/2.0"
TOKEN_URL = "https://identity.xero.com/connect/token"


class Xero:
    """One Xero organisation."""

    def __init__(self, credentials: Mapping[str, str]) -> None:
        self.connection = Connection(TOKEN_URL, credentials, {"Xero-tenant-id": credentials["tenant_id"]})

    def create(self, receipt: Receipt) -> str:
        """Post a receipt; the id of the bank transaction."""
        line: dict[str, Any] = {
            "Description": receipt.merchant,
            "Quantity": 1,
            "UnitAmount": receipt.amount,
            "AccountID": receipt.account,
            "TaxType": "NONE",
        }
        spend = {
            "Type": "SPEND",
            "Contact": {"Name": receipt.merchant},
            "BankAccount": {"AccountID": receipt.card},
            "Date": receipt.date.isoformat(),
            "Reference": receipt.reference,
            "LineAmountTypes": "NoTax",
            "LineItems": [line],
        }
        made = self.connection.call("PUT", f"{API}/BankTransactions", body={"BankTransactions": [spend]})
        return str(made["BankTransactions"][0]["BankTransactionID"])

    def find(self, reference: str) -> str | None:
        """The bank transaction that carries a reference, if there is one."""
        where = f'Reference=="{reference}" AND Status!="DELETED"'
        found = self.connection.call("GET", f"{API}/BankTransactions", where=where)["BankTransactions"]
        return str(found[0]["BankTransactionID"]) if found else None
