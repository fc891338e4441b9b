"""Every cell of the tables of 2023 through the first version of the API: eight types, cards and banks, both ways.

Transfers and adjustments were types of an expense then. No platform is named here.
Source: https://github.com/codatio/codat-docs docs/expenses/overview.md (2023) and config-and-categorize.md at 4189f75d1
"""

from __future__ import annotations

from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from tests.hub.desk import Desk, open_desk
from tests.suite.cells import NAMES, TYPES, refused_by

from sandbooks import capabilities
from sandbooks.capabilities import AccountClass

FIRST = "2023"
TABLES = capabilities.load(FIRST)
EIGHT = (*TYPES, "TransferIn", "TransferOut", "AdjustmentIn", "AdjustmentOut")
OUT = ("Payment", "TransferOut", "AdjustmentOut")
ACCOUNTS: dict[AccountClass, str] = {"card": "visa", "bank": "bank"}
CELLS = list(product(EIGHT, ACCOUNTS))


def item(desk: Desk, number: int, kind: str, account: str) -> dict[str, Any]:
    """One transaction of its own amount on an account; a transfer goes to another bank account."""
    line = "reserve" if kind.startswith("Transfer") else "travel"
    table = TABLES[desk.native.platform]
    untaxed = table.neutral_tax("GB") or ("tax_rate_required" in table.rules and desk.labels["taxes"]["none"])
    known = {"netAmount": amount_of(number), "taxAmount": 0, "accountRef": {"id": desk.account(line)}}
    own = {"taxRateRef": {"id": untaxed}} if untaxed else {}
    return desk.expense(number, kind, lines=[known | own], bankAccountRef={"id": desk.account(account)})


def amount_of(number: int) -> int:
    return 10 * number + 3


def moved(desk: Desk) -> dict[str, Decimal]:
    """How far each account stands from nothing."""
    labels = (*ACCOUNTS.values(), "travel", "reserve")
    return {label: desk.native.book.balance(desk.account(label)).base.amount for label in labels}


@pytest.mark.parametrize("platform", NAMES)
def test_each_of_the_eight_types_is_posted_where_it_was_offered_and_refused_where_not(platform: str) -> None:
    table, desk = TABLES[platform], open_desk(platform=platform)
    expected = moved(desk)
    for number, (kind, account_class) in enumerate(CELLS, start=1):
        account, writes = ACCOUNTS[account_class], len(desk.native_writes())
        refusal = refused_by(table, f"expense.{kind}", account_class)
        body = {"items": [item(desk, number, kind, account)]}
        answer = desk.send("POST", "{c}/sync/expenses/data/expense-transactions", body)
        if table.refusal("expense"):
            assert answer.status == 400
            assert answer.body["validation"]["errors"][0]["message"] == refusal
        else:
            sync = desk.send("POST", "{c}/sync/expenses/syncs", {"datasetIds": [answer.body["datasetId"]]})
            outcome = desk.outcome(sync.body["syncId"])
            assert outcome == (("ValidationError", refusal) if refusal else ("Completed", "")), (kind, account_class)
        if refusal is None:
            sign = -1 if kind in OUT else 1
            expected[account] += sign * amount_of(number)
            expected["reserve" if kind.startswith("Transfer") else "travel"] -= sign * amount_of(number)
        assert moved(desk) == expected, (kind, account_class)
        assert (len(desk.native_writes()) == writes) is bool(refusal), (kind, account_class)
