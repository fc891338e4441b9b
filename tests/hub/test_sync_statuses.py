"""Every status of a sync, a transaction and a connection, each brought about, and how the syncs fare over all."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.hub.desk import Desk, transaction_id
from tests.hub.receivers import Receiver, consumer

from sandbooks.platform import platform_named

NEXT = "/hub/companies/{}/next_sync"


def ask(desk: Desk, code: int, message: str = "") -> None:
    body = {"code": code, **({"message": message} if message else {})}
    assert desk.control("POST", NEXT.format(desk.company), body).status == 204


def ended(desk: Desk, *expenses: dict[str, Any]) -> tuple[int, str, bool, str]:
    """Code, text and whether anything was written of a sync, and the status of its first transaction."""
    sync = desk.push(*(expenses or (desk.expense(1),)))
    desk.world.settle()
    status = desk.status(sync)
    first = next(iter(desk.outcomes(sync).values()))[0]
    return status["syncStatusCode"], status["syncStatus"], status["dataPushed"], first


def unlinked(desk: Desk) -> None:
    assert desk.send("PATCH", "{c}/connections/{k}", {"status": "Unlinked"}).status == 200


def without_configuration(desk: Desk) -> None:
    desk.send("POST", "{c}/sync/expenses/config", {"bankAccount": {}, "supplier": {}, "customer": {}})


def books_closed(desk: Desk) -> None:
    keeper = platform_named(desk.native.platform).load_bookkeeper()
    with desk.world.unit():
        keeper.lock_period(desk.native, desk.world.clock.today("UTC").isoformat())


BY_THE_WORLD = [
    (lambda desk: None, {}, (2000, "Complete", True, "Completed")),
    (without_configuration, {}, (4000, "ValidationError", False, "ValidationError")),
    (unlinked, {}, (4220, "Deauthorized", False, "Pending")),
    (lambda desk: None, {"currency": "JPY"}, (5120, "ValidationError", False, "ValidationError")),
    (books_closed, {}, (5130, "PushError", False, "PushError")),
]


@pytest.mark.parametrize(("prepare", "change", "wanted"), BY_THE_WORLD)
def test_a_status_that_the_world_brings_about(
    desk: Desk, prepare: Any, change: dict[str, Any], wanted: tuple[int, str, bool, str]
) -> None:
    prepare(desk)
    assert ended(desk, desk.expense(1, **change)) == wanted


@pytest.mark.parametrize(
    ("code", "text", "status"),
    [
        (1000, "InProgress", "Pending"),
        (2040, "Complete", "Unknown"),
        (4000, "ConfigurationError", "ValidationError"),
        (4040, "CompanyDeleted", "ValidationError"),
        (4220, "Deauthorized", "ValidationError"),
        (4260, "BillingExpired", "PushError"),
        (5000, "ServerError", "Unknown"),
        (5080, "DuplicateError", "ValidationError"),
        (5120, "ValidationError", "ValidationError"),
        (5130, "PushError", "PushError"),
    ],
)
def test_any_status_can_be_asked_for_and_nothing_is_sent(desk: Desk, code: int, text: str, status: str) -> None:
    ask(desk, code)
    assert ended(desk) == (code, text, False, status)
    assert desk.native_writes() == []


def test_a_sync_in_progress_for_more_than_ten_minutes_is_1010_and_goes_on_after_a_new_consent(desk: Desk) -> None:
    ask(desk, 1000)
    sync = desk.push(desk.expense(1))
    desk.world.advance(by=timedelta(minutes=11))
    assert desk.status(sync)["syncStatusCode"] == 1010
    unlinked(desk)
    desk.authorise()
    assert desk.status(sync)["syncStatusCode"] == 2000


def test_outcomes_that_were_asked_for_come_in_turn_and_then_no_more(desk: Desk) -> None:
    ask(desk, 5000, "The lights went out.")
    ask(desk, 5130)
    assert ended(desk)[0] == 5000
    assert ended(desk)[0] == 5130
    assert ended(desk) == (2000, "Complete", True, "Completed")


def test_a_transaction_whose_fate_is_unknown_is_looked_up_before_it_is_sent_again(desk: Desk) -> None:
    ask(desk, 5000)
    assert ended(desk)[3] == "Unknown"
    assert ended(desk)[3] == "Completed"
    reads = [
        entry.url for entry in desk.world.tape.entries() if entry.actor == "hub" and "from%20Purchase" in entry.url
    ]
    assert reads
    assert len(desk.documents(1)) == 1


@pytest.mark.parametrize(
    "body", [{}, {"code": 2000}, {"code": 7}, {"code": "5000"}, {"code": 5000, "then": 1}, [], {"code": 5000.5}]
)
def test_an_outcome_that_there_is_not_is_refused(desk: Desk, body: Any) -> None:
    answer = desk.control("POST", NEXT.format(desk.company), body)
    assert answer.status == 400
    assert answer.body["remedy"]


def test_an_outcome_for_a_company_that_there_is_not_is_refused(desk: Desk) -> None:
    answer = desk.control("POST", NEXT.format(transaction_id(5)), {"code": 5000})
    assert (answer.status, answer.body["error"]) == (404, "unknown_hub_company")


def test_a_company_deleted_while_its_sync_waits_ends_it_with_4040(desk: Desk) -> None:
    unlinked(desk)
    sync = desk.push(desk.expense(1))
    desk.world.settle()
    desk.send("DELETE", "{c}")
    desk.world.settle()
    (row,) = desk.control("GET", "/hub/health/syncs").body
    assert (row["sync_id"], row["code"], row["outcome"]) == (sync, 4040, "unsuccessful")


def test_one_that_fails_makes_the_sync_unsuccessful_and_the_others_stay_written(desk: Desk) -> None:
    sync = desk.push(desk.expense(1), desk.expense(2, currency="JPY"), desk.expense(3))
    desk.world.settle()
    assert [status for status, _ in desk.outcomes(sync).values()] == ["Completed", "ValidationError", "Completed"]
    status = desk.status(sync)
    assert (status["syncStatusCode"], status["dataPushed"]) == (5120, True)
    assert [len(desk.documents(number)) for number in (1, 2, 3)] == [1, 0, 1]


def test_a_duplicate_is_refused_at_the_door_or_ends_its_sync_as_the_world_reads_it(desk: Desk) -> None:
    desk.push(desk.expense(1))
    refused = desk.send("POST", "{c}/sync/expenses/expense-transactions", [desk.expense(1), desk.expense(2)])
    assert (refused.status, refused.body["error"].split(":")[0]) == (
        400,
        "One or more transactions have previously been processed",
    )
    desk.choose("duplicates_fail_sync")
    assert ended(desk, desk.expense(1), desk.expense(2)) == (5080, "DuplicateError", False, "ValidationError")
    assert [len(desk.documents(number)) for number in (1, 2)] == [1, 0]
    assert desk.outcome(desk.push(desk.expense(2))) == ("Completed", "")


def test_an_expired_subscription_of_the_accounting_software_is_4260_when_the_platform_says_so(desk: Desk) -> None:
    ask(desk, 4260, "The trial has ended.")
    sync = desk.push(desk.expense(1))
    desk.world.settle()
    assert desk.status(sync)["errorMessage"] == "The trial has ended."
    assert desk.outcome(sync) == ("PushError", "The trial has ended.")


# Limits


def test_the_first_refusal_of_a_day_is_told_once_and_the_next_day_is_told_too(desk: Desk) -> None:
    receiver = Receiver(desk)
    consumer(desk, "client.rateLimit.reached", "client.rateLimit.reset")
    desk.spend_quota()
    assert desk.send("GET", "{c}").headers["Retry-After"]
    desk.world.advance(by=timedelta(days=1))
    assert receiver.events() == ["client.rateLimit.reached", "client.rateLimit.reset"]
    assert [body["payload"]["quotaRemaining"] for body in receiver.bodies()] == [0, 3]
    assert desk.send("GET", "{c}").status == 200


def test_more_than_a_thousand_requests_a_minute_are_refused_where_the_world_counts_them(desk: Desk) -> None:
    desk.choose("requests_per_minute", daily_quota=5000)
    desk.world.clock.configure(mode="frozen")
    statuses = {desk.send("GET", "{c}/connections/{k}").status for _ in range(1000)}
    refused = desk.send("GET", "{c}/connections/{k}")
    assert (statuses, refused.status) == ({200}, 429)
    desk.world.advance(by=timedelta(minutes=1))
    assert desk.send("GET", "{c}/connections/{k}").status == 200


def test_a_plan_that_is_full_takes_no_further_company(desk: Desk) -> None:
    desk.choose(companies_max=1)
    answer = desk.send("POST", "/companies", {"name": "Globex"})
    assert (answer.status, answer.body["statusCode"]) == (402, 402)
    desk.choose("company_limit_body_429")
    answer = desk.send("POST", "/companies", {"name": "Globex"})
    assert (answer.status, answer.body["statusCode"]) == (402, 429)
    desk.choose(companies_max=None)
    assert desk.send("POST", "/companies", {"name": "Globex"}).status == 200


# Health


def test_health_counts_syncs_and_transactions_and_follows_the_days(desk: Desk) -> None:
    assert desk.control("GET", "/hub/health").body["success_rate"] is None
    desk.push(desk.expense(1), desk.expense(2, currency="JPY"))
    desk.world.advance(by=timedelta(days=1))
    desk.push(desk.expense(3))
    ask(desk, 1000)
    desk.push(desk.expense(4))
    desk.world.settle()
    health = desk.control("GET", "/hub/health").body
    assert health["companies"] == 1
    assert health["syncs"] == {"total": 3, "successful": 1, "unsuccessful": 1, "in_progress": 1}
    assert health["transactions"] == {"Completed": 2, "ValidationError": 1, "Pending": 1}
    assert str(health["success_rate"]) == "66.67"
    assert [(d["date"], d["successful"], d["unsuccessful"], d["in_progress"]) for d in health["days"]] == [
        ("2026-03-23", 0, 1, 0),
        ("2026-03-24", 1, 0, 1),
    ]


def test_health_is_filtered_by_company_platform_day_code_and_outcome(desk: Desk) -> None:
    desk.push(desk.expense(1, currency="JPY"))
    desk.world.advance(by=timedelta(days=2))
    desk.push(desk.expense(2))

    def codes(query: str) -> list[int]:
        return [row["code"] for row in desk.control("GET", f"/hub/health/syncs?{query}").body]

    assert codes("") == [2000, 5120]
    assert codes(f"company={desk.company}") == [2000, 5120]
    assert codes(f"company={transaction_id(5)}") == []
    assert codes("platform=quickbooks_online&from=2026-03-24") == [2000]
    assert codes("platform=xero") == []
    assert codes("to=2026-03-23") == [5120]
    assert codes("code=5120") == [5120]
    assert codes("outcome=successful") == [2000]


def test_errors_are_listed_by_transaction_with_what_the_customer_is_told(desk: Desk) -> None:
    sync = desk.push(desk.expense(1), desk.expense(2, "Refund", currency="JPY"))
    desk.world.settle()
    (error,) = desk.control("GET", "/hub/health/errors").body
    assert (error["transaction_id"], error["sync_id"], error["type"]) == (transaction_id(2), sync, "Refund")
    assert (error["platform"], error["status"]) == ("quickbooks_online", "ValidationError")
    assert error["message"] == desk.outcomes(sync)[transaction_id(2)][1]
    assert desk.control("GET", "/hub/health/errors?status=PushError").body == []


@pytest.mark.parametrize("query", ["from=soon", "code=x", "outcome=good", "status=Completed", "to=2026-13-01"])
def test_a_filter_that_cannot_be_read_is_refused_with_the_remedy(desk: Desk, query: str) -> None:
    for path in ("/hub/health", "/hub/health/syncs", "/hub/health/errors"):
        answer = desk.control("GET", f"{path}?{query}")
        assert answer.status == 400
        assert answer.body["remedy"]
