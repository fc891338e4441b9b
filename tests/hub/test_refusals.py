"""What the hub refuses, at the door and in the sync, before any native write."""

from __future__ import annotations

from typing import Any

import pytest
from tests.hub.desk import Desk, transaction_id

from sandbooks.hub import caps

PATH = "{c}/sync/expenses/expense-transactions"


def writes(desk: Desk) -> int:
    return len(desk.native_writes())


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"{}",
        b"[]",
        b"null",
        b"[1]",
        b'["x"]',
        b"[[]]",
        b"[NaN]",
        b'[{"id":"x"}]',
        b'{"items":[]}',
        b"[" * 5000,
    ],
)
def test_a_body_that_is_no_list_of_transactions_is_refused(desk: Desk, body: bytes) -> None:
    answer = desk.send("POST", PATH, body)
    assert answer.status == 400
    assert desk.send("GET", "{c}/sync/expenses/syncs/latest/status").status == 404


CHANGES: list[dict[str, Any]] = [
    {"id": "7"},
    {"id": None},
    {"type": "Purchase"},
    {"type": "payment"},
    {"type": None},
    {"issueDate": "2026-02-30"},
    {"issueDate": "20/03/2026"},
    {"issueDate": ""},
    {"issueDate": 20260320},
    {"issueDate": "2026-03-20T25:00:00"},
    {"currency": "pounds"},
    {"currency": ""},
    {"currencyRate": "0.7"},
    {"lines": []},
    {"lines": "none"},
    {"lines": [{"netAmount": "12.00"}]},
    {"lines": [{"netAmount": True}]},
    {"lines": [{"netAmount": None}]},
    {"lines": [{}]},
    {"lines": [{"netAmount": 1} for _ in range(101)]},
    {"lines": [{"netAmount": 1, "invoiceTo": {"id": "1", "type": "supplier"}}]},
    {"notes": 7},
    {"notes": "n" * 10_001},
    {"contactRef": {"id": "1", "type": "Customer"}},
    {"contactRef": {}},
    {"bankAccountRef": "41"},
]


@pytest.mark.parametrize("changes", CHANGES, ids=str)
def test_a_transaction_of_the_wrong_shape_is_refused_at_the_door(desk: Desk, changes: dict[str, Any]) -> None:
    answer = desk.send("POST", PATH, [desk.expense(1), {**desk.expense(2), **changes}])
    assert answer.status == 400
    assert answer.body["validation"]["errors"][0]["itemId"].startswith("body")
    assert desk.send("GET", "{c}/sync/expenses/syncs/latest/status").status == 404
    assert desk.documents(1) == []


@pytest.mark.parametrize("number", [b"1e400", b"1e30", b"-1e999999999", b"0.00000000000000000000000000000001", b"NaN"])
def test_a_number_beyond_any_ledger_is_refused_at_the_door(desk: Desk, number: bytes) -> None:
    import json

    text = json.dumps([desk.expense(1)]).encode().replace(b'"netAmount": 13', b'"netAmount": ' + number)
    assert number in text
    assert desk.send("POST", PATH, text).status == 400


def test_more_than_fifty_transactions_or_one_id_twice_are_refused(desk: Desk) -> None:
    assert desk.send("POST", PATH, [desk.expense(n) for n in range(1, 52)]).status == 400
    assert desk.send("POST", PATH, [desk.expense(1), desk.expense(1)]).status == 400


REFUSED: list[tuple[str, dict[str, Any]]] = [
    ("an unknown bank account", {"bankAccountRef": {"id": "no-such"}}),
    ("an unknown supplier", {"contactRef": {"id": "no-such"}}),
    ("no lines", {"lines": None}),
    ("an unknown line account", {"lines": [{"netAmount": 5, "accountRef": {"id": "no-such"}}]}),
    ("a line without an account", {"lines": [{"netAmount": 5}]}),
    ("an item", {"lines": [{"netAmount": 5, "itemRef": {"id": "1"}}]}),
    ("a fraction of a cent", {"lines": [{"netAmount": 5.001}]}),
    ("a float artefact", {"lines": [{"netAmount": 124.85000000000001}]}),
    ("a total of nothing", {"lines": [{"netAmount": 0}]}),
    ("a negative total", {"lines": [{"netAmount": -5}]}),
    ("an unknown tax rate", {"lines": [{"netAmount": 5, "taxRateRef": {"id": "no-such"}}]}),
    ("unknown tracking", {"lines": [{"netAmount": 5, "trackingRefs": [{"id": "no-such"}]}]}),
    ("an unknown customer", {"lines": [{"netAmount": 5, "invoiceTo": {"id": "no-such"}}]}),
    ("a currency that is none", {"currency": "XQX"}),
    ("a reference too long", {"reference": "r" * 22}),
    ("notes too long", {"notes": "n" * 4001}),
    ("a rate of nothing", {"currency": "USD", "currencyRate": 0}),
    ("tax against the net", {"lines": [{"netAmount": 5, "taxAmount": -1}]}),
]


@pytest.mark.parametrize(("name", "changes"), REFUSED, ids=[name for name, _ in REFUSED])
def test_what_cannot_be_written_is_a_validation_error_without_a_native_request(
    desk: Desk, name: str, changes: dict[str, Any]
) -> None:
    body = {**desk.expense(1), **changes}
    for line in body["lines"] or ():
        if name not in ("a line without an account", "an item"):
            line.setdefault("accountRef", {"id": desk.account("travel")})
    before = sum(1 for e in desk.world.tape.entries() if e.actor == "hub")
    sync = desk.push({key: value for key, value in body.items() if value is not None})
    status, message = desk.outcome(sync)
    assert status == "ValidationError"
    assert message
    assert sum(1 for e in desk.world.tape.entries() if e.actor == "hub") == before


def test_without_configuration_a_transaction_that_names_nothing_is_a_configuration_error(desk: Desk) -> None:
    desk.send("POST", "{c}/sync/expenses/config", {"bankAccount": {}, "supplier": {}, "customer": {}})
    sync = desk.push(desk.expense(1))
    assert desk.outcome(sync)[0] == "ValidationError"
    assert desk.status(sync)["syncStatusCode"] == 4000


def test_a_line_account_that_the_options_do_not_offer_is_refused_and_an_offered_one_taken(desk: Desk) -> None:
    offered = {
        account["id"]: "Payment" in account["validTransactionTypes"]
        for account in desk.get("{c}/sync/expenses/mappingOptions")["accounts"]
    }
    for number, (account, valid) in enumerate(offered.items(), start=1):
        line = {"netAmount": 3, "taxAmount": 0, "accountRef": {"id": account}}
        sync = desk.push(desk.expense(number, lines=[line]))
        assert desk.outcome(sync)[0] == ("Completed" if valid else "ValidationError"), account


def test_the_removed_types_are_refused_with_the_way_out(desk: Desk) -> None:
    answer = desk.send("POST", PATH, [{**desk.expense(1), "type": "TransferIn"}])
    assert answer.status == 400
    assert answer.body["error"].startswith("Transfer In/Out transaction type is no longer supported.")


def test_editions_and_profiles_decide_what_is_offered(desk: Desk) -> None:
    body = [
        {
            "id": transaction_id(1),
            "date": "2026-03-20",
            "currency": "GBP",
            "lines": [
                {"amount": 5, "accountRef": {"id": desk.account("travel")}},
                {"amount": -5, "accountRef": {"id": desk.account("meals")}},
            ],
        }
    ]
    caps.choose(desk.world, profiles=(f"{desk.native.platform}.adjustments_desktop_only",))
    refused = desk.send("POST", "{c}/sync/expenses/adjustment-transactions", body)
    assert refused.status == 400
    assert "does not take adjustment" in refused.body["validation"]["errors"][0]["message"]
    caps.choose(desk.world)
    assert desk.send("POST", "{c}/sync/expenses/adjustment-transactions", body).status == 200


def test_an_adjustment_that_does_not_sum_to_zero_is_refused(desk: Desk) -> None:
    lines = [
        {"amount": 5, "accountRef": {"id": desk.account("travel")}},
        {"amount": -4.99, "accountRef": {"id": desk.account("meals")}},
    ]
    body = [{"id": transaction_id(1), "date": "2026-03-20", "currency": "GBP", "lines": lines}]
    sync = desk.send("POST", "{c}/sync/expenses/adjustment-transactions", body).body["syncId"]
    assert desk.outcome(sync)[0] == "ValidationError"
    assert desk.documents(1) == []


@pytest.mark.parametrize(
    ("source", "target", "amounts"),
    [("bank", "bank", (5, 5)), ("bank", "reserve", (5, 6)), ("bank", "reserve", (0, 0)), ("bank", "travel", (5, 5))],
)
def test_a_transfer_that_moves_nothing_between_two_accounts_is_refused(
    desk: Desk, source: str, target: str, amounts: tuple[int, int]
) -> None:
    sides = {
        "from": {"accountRef": {"id": desk.account(source)}, "amount": amounts[0]},
        "to": {"accountRef": {"id": desk.account(target)}, "amount": amounts[1]},
    }
    path = f"{{c}}/sync/expenses/transfer-transactions/{transaction_id(1)}"
    sync = desk.send("PUT", path, {"date": "2026-03-20", **sides}).body["syncId"]
    assert desk.outcome(sync)[0] == "ValidationError"
    assert desk.documents(1) == []


def test_a_transfer_with_an_id_that_is_none_is_refused(desk: Desk) -> None:
    assert desk.send("PUT", "{c}/sync/expenses/transfer-transactions/abc", {}).status == 400


@pytest.mark.parametrize("path", ["config", "mappingOptions", "syncs/latest/status", "syncs/x/status"])
def test_an_unknown_company_is_404_everywhere(desk: Desk, path: str) -> None:
    assert desk.send("GET", f"/companies/{transaction_id(5)}/sync/expenses/{path}").status == 404
