"""What came through the hub is judged by what the hub was given: silent on right books, loud when rows or books lie."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from tests.hub.desk import Desk, open_desk, transaction_id

from sandbooks import exact_json
from sandbooks.audit import audit_company
from sandbooks.audit.hub_inputs import submitted_through_hub
from sandbooks.hub import records
from sandbooks.money import Money
from sandbooks.platform import platform_named
from sandbooks.wire import Request, Response

PLATFORMS = ["quickbooks_online", "xero"]


@pytest.fixture(params=PLATFORMS)
def desk(request: pytest.FixtureRequest) -> Desk:
    return open_desk(platform=request.param)


def found(desk: Desk) -> set[str]:
    return {rule for finding in audit_company(desk.native, strict=True) for rule in finding.invariants}


def told(desk: Desk, number: int, **changes: Any) -> None:
    """The hub's row of a transaction, changed behind its back."""
    id_ = transaction_id(number)
    row = records.get(desk.world, "transaction", id_, company=desk.company)
    assert row is not None
    with desk.world.unit():
        records.put(desk.world, "transaction", id_, {**row, **changes}, company=desk.company)


def test_without_a_hub_there_are_no_inputs(desk: Desk) -> None:
    desk.push(desk.expense(1))
    assert submitted_through_hub(desk.native)
    desk.native.world.put("codat/connections", desk.connection, None)
    assert submitted_through_hub(desk.native) is None


def test_who_writes_natively_beside_an_idle_hub_is_not_asked_what_the_hub_was_given() -> None:
    desk = open_desk(platform="quickbooks_online")
    with desk.world.unit():
        token = platform_named("quickbooks_online").load_seed().credentials(desk.world, desk.native)["access_token"]
    kind = "AccountBasedExpenseLineDetail"
    detail = {"AccountRef": {"value": desk.account("travel")}}
    spent: dict[str, Any] = {"AccountRef": {"value": desk.account("visa")}, "PaymentType": "CreditCard"}
    spent |= {"GlobalTaxCalculation": "NotApplicable"}
    body = {**spent, "Line": [{"Amount": 7.31, "DetailType": kind, kind: detail}]}
    headers = (("Authorization", f"Bearer {token}"), ("Content-Type", "application/json"))
    url = f"https://quickbooks.api.intuit.com/v3/company/{desk.native.id}/purchase"
    answer = desk.app.edge.dispatch(Request("POST", url, headers, exact_json.dumps(body)), world=desk.world)
    assert isinstance(answer, Response)
    assert answer.status == 200, answer.body
    assert submitted_through_hub(desk.native) is None
    assert found(desk) == set()


def test_every_kind_and_outcome_is_read_as_it_was_submitted(desk: Desk) -> None:
    desk.push(desk.expense(1), desk.expense(2, "Refund", account="meals"))
    desk.push(desk.expense(3, lines=[{"netAmount": 5, "accountRef": {"id": "none"}}]))
    given = {g.id: g for g in submitted_through_hub(desk.native) or ()}
    one, two, three = (given[transaction_id(number)] for number in (1, 2, 3))
    assert (one.kind, one.status, one.gross) == ("payment", "completed", Money.of("13", "GBP"))
    assert (two.kind, two.direction, two.bank_account) == ("refund", -1, desk.account("visa"))
    assert one.native_id
    assert three.status == "refused"
    assert found(desk) == set()


def test_a_request_that_was_refused_whole_is_known_as_refused(desk: Desk) -> None:
    body = [desk.expense(4, currency="no")]
    assert desk.send("POST", "{c}/sync/expenses/expense-transactions", body).status == 400
    (given,) = submitted_through_hub(desk.native) or ()
    assert (given.id, given.status) == (transaction_id(4), "refused")
    assert found(desk) == set()


@pytest.mark.parametrize("phase", ["validate", "commit"])
def test_a_lost_answer_that_the_hub_recovers_from_is_silent(desk: Desk, phase: str) -> None:
    plan: Any = desk.world.plan
    with desk.world.unit():
        plan.add("drop_response", at={"write": transaction_id(1)}, phase=phase)
    desk.push(desk.expense(1))
    desk.world.settle()
    assert any(fault.fired for fault in plan.list())
    assert found(desk) == set()


@pytest.mark.parametrize(
    ("changes", "rules"),
    [
        ({"status": "PushError", "native": None, "message": "no"}, {"INV-03", "INV-53"}),
        ({"status": "ValidationError", "native": None}, {"INV-05", "INV-53"}),
        ({"native": {"kind": "Purchase", "id": "77777", "version": "0"}}, {"INV-04"}),
        ({"kind": "Refund"}, {"INV-13", "INV-14", "INV-17"}),
    ],
)
def test_what_was_told_and_what_is_posted_must_agree(desk: Desk, changes: dict[str, Any], rules: set[str]) -> None:
    desk.push(desk.expense(1), desk.expense(2, account="meals"))
    told(desk, 1, **changes)
    assert found(desk) == rules


def test_a_later_choice_of_the_account_leaves_earlier_spend_where_it_was_booked(desk: Desk) -> None:
    desk.push(desk.expense(1))
    kept = desk.get("{c}/sync/expenses/config")
    changed = {**kept, "bankAccount": {"id": desk.account("bank")}}
    assert desk.send("POST", "{c}/sync/expenses/config", changed).status == 200
    assert found(desk) == set()


def test_an_update_that_failed_leaves_the_earlier_state_in_peace(desk: Desk) -> None:
    desk.push(desk.expense(1))
    request = {**desk.expense(1), "issueDate": "2026-03-22", "lines": [{"netAmount": 99, "accountRef": {"id": "x"}}]}
    told(desk, 1, status="PushError", update=True, request=request)
    assert found(desk) == set()


def test_what_somebody_else_writes_natively_is_not_the_hubs(desk: Desk) -> None:
    desk.push(desk.expense(1))
    rows = desk.native.world.tape.entries()
    assert any(entry.actor == "hub" and entry.written for entry in rows)
    told_before = submitted_through_hub(desk.native)
    assert told_before is not None
    assert found(desk) == set()
    connection = desk.world_connection()
    token = connection["consent"]["access_token"]
    _write_natively(desk, token)
    assert found(desk) == set()


def _write_natively(desk: Desk, token: str) -> None:
    """The hub's last native write, sent again by somebody else under another name and without its key."""
    from sandbooks.wire import Request

    last = [e for e in desk.world.tape.entries() if e.actor == "hub" and any(w[5] == "create" for w in e.written)][-1]
    body = last.request_body.replace(transaction_id(1).encode(), b"by hand").replace(b"13", b"17")
    kept = tuple((n, token if n == "-" else v) for n, v in last.request_headers if n.lower() != "idempotency-key")
    url = last.url.replace("requestid=", "other=")
    desk.app.edge.dispatch(Request(last.method, url, kept, body), world=desk.world, raises=True)
    newest = list(desk.world.tape.entries())[-1]
    assert newest.actor == "client"
    assert newest.written, newest.response_body


def test_the_code_of_a_sync_that_does_not_fit_its_transactions_is_found(desk: Desk) -> None:
    desk.push(desk.expense(1))
    assert found(desk) == set()
    (row,) = list(records.every(desk.world, "sync", company=desk.company))
    for changes in (
        {"code": 2040},
        {"pushed": False},
        {"code": 2000, "outcomes": {transaction_id(1): ["PushError", ""]}},
    ):
        with desk.world.unit():
            records.put(desk.world, "sync", row["id"], {**row, **changes}, company=desk.company)
        assert found(desk) == {"INV-54"}


def announce(desk: Desk, status: str) -> None:
    from sandbooks.kit import outbox

    body = exact_json.dumps({"payload": {"transactions": [{"id": transaction_id(1), "status": status}]}})
    with desk.world.unit():
        subscription = outbox.subscribe(desk.world, "codat", url="")
        outbox.send(desk.world, subscription, event="expenses.sync", headers=(), body=body)


@pytest.mark.parametrize(("status", "right"), [("Completed", True), ("Pending", True), ("PushError", False)])
def test_a_status_that_was_announced_is_one_that_it_had(desk: Desk, status: str, right: bool) -> None:
    desk.push(desk.expense(1))
    announce(desk, status)
    assert found(desk) == (set() if right else {"INV-57"})


def test_nothing_is_sent_while_the_connection_is_unlinked(desk: Desk) -> None:
    from msgspec.structs import replace

    desk.push(desk.expense(1))
    path = f"{{c}}/connections/{desk.connection}"
    assert desk.send("PATCH", path, {"status": "Unlinked"}).status == 200
    assert found(desk) == set()
    tape = list(desk.world.tape.entries())
    read = next(e for e in reversed(tape) if e.actor == "hub" and e.company == desk.native.id and not e.writes)
    again = replace(read, number=tape[-1].number + 1)
    (finding,) = audit_company(desk.native, tape=[*tape, again])
    assert finding.invariants == ("INV-61",)


@pytest.mark.parametrize("rate", ["0", "-0.5", "0.00000000000000000001"])
def test_a_transaction_refused_for_its_rate_has_none(desk: Desk, rate: str) -> None:
    desk.push(desk.expense(1, currency="USD", currencyRate=Decimal(rate)))
    (given,) = submitted_through_hub(desk.native) or []
    assert (given.status, given.rate) == ("refused", None)
    assert audit_company(desk.native) == []
