"""The books behind a hub: its clients read no balances, so their scripts look into the connected company itself.

The company is one of QuickBooks Online. Like ``steps.py`` this file stands beside the scripts and needs nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

VENDOR = "https://quickbooks.api.intuit.com"


def connected(base_url: str, credentials: dict[str, str]) -> dict[str, str]:
    """What a script is told of the company: where it is, and by which token it is read."""
    return {
        "url": f"{base_url}/v3/company/{credentials['realm_id']}/query",
        "access_token": credentials["access_token"],
    }


class Books:
    """Balances of a company; ``get`` is that of an HTTP library of the script's environment."""

    def __init__(self, told: dict[str, str], get: Callable[..., Any]) -> None:
        self.url, self.get = told["url"], get
        self.headers = {"Authorization": f"Bearer {told['access_token']}", "Accept": "application/json"}

    def of(self, account_type: str) -> Decimal:
        """The balances of all accounts of a type, as QuickBooks signs them: what suppliers are owed is negative."""
        answer = self.get(self.url, params={"query": "select * from Account maxresults 1000"}, headers=self.headers)
        rows = json.loads(answer.text, parse_float=Decimal)["QueryResponse"]["Account"]
        balances = [Decimal(row["CurrentBalance"]) for row in rows if row["AccountType"] == account_type]
        assert balances, account_type
        return sum(balances, Decimal(0))

    def paid(self) -> Decimal:
        """What cards and banks have paid, less what came back to them."""
        return self.of("Credit Card") - self.of("Bank")
