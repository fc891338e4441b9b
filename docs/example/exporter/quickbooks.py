"""Receipts as QuickBooks Online purchases. The receipt's reference is the document number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from exporter.connection import Connection
from exporter.receipts import Receipt

API = "https://quickbooks.api.intuit.com/v3/company"
TOKEN_URL = "https://oauth.platform.intuit.com/oauth2/v1/tokens/bearer"
MINOR_VERSION = "75"


class QuickBooks:
    """One QuickBooks Online company."""

    def __init__(self, credentials: Mapping[str, str]) -> None:
        self.connection = Connection(TOKEN_URL, credentials, {})
        self._company = f"{API}/{credentials['realm_id']}"

    def create(self, receipt: Receipt) -> str:
        """Post a receipt; the id of the purchase."""
        purchase: dict[str, Any] = {
            "PaymentType": "CreditCard",
            "AccountRef": {"value": receipt.card},
            "DocNumber": receipt.reference,
            "TxnDate": receipt.date.isoformat(),
            "PrivateNote": receipt.merchant,
            "Line": [
                {
                    "DetailType": "AccountBasedExpenseLineDetail",
                    "Amount": receipt.amount,
                    "Description": receipt.merchant,
                    "AccountBasedExpenseLineDetail": {"AccountRef": {"value": receipt.account}},
                }
            ],
        }
        url = f"{self._company}/purchase"
        made = self.connection.call("POST", url, body=purchase, minorversion=MINOR_VERSION)
        return str(made["Purchase"]["Id"])

    def find(self, reference: str) -> str | None:
        """The purchase that carries a reference, if there is one."""
        escaped = reference.replace("\\", "\\\\").replace("'", "\\'")
        query = f"select Id from Purchase where DocNumber = '{escaped}'"
        found = self.connection.call("GET", f"{self._company}/query", query=query, minorversion=MINOR_VERSION)
        purchases = found["QueryResponse"].get("Purchase", [])
        return str(purchases[0]["Id"]) if purchases else None
