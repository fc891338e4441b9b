"""Faults that let time pass, keep a company waiting, age an index or end a token."""

from datetime import date, timedelta
from typing import Any

import pytest
from tests.unit.faults.toy import Bench, cut, response

from sandbooks import exact_json
from sandbooks.kit.tokens import Tokens
from sandbooks.world import World


def seconds(bench: Bench) -> float:
    return bench.world.clock.micros() / 1_000_000


def lock_march(world: World, body: dict[str, Any]) -> None:
    """A job: the period is closed."""
    Bench.books_of(world).lock(date(2026, 3, 31))


def test_throttling_holds_for_the_whole_company_until_the_wait_is_over(bench: Bench) -> None:
    fault = bench.plan.add("throttle", at={"write": "r-1"}, retry_after="30s")
    first = response(bench.spend("r-1"))
    assert (first.status, first.header("Retry-After"), exact_json.loads(first.body)) == (429, "30", {"no": "minute"})
    again = response(bench.send("GET", "/acme/spend"))
    assert (again.status, again.header("Retry-After")) == (429, "29")
    assert response(bench.spend("r-2", company="borealis")).status == 201
    bench.world.advance(by=timedelta(seconds=27))
    assert response(bench.spend("r-3")).status == 201
    assert (bench.refs(), fault.fired) == (["r-3"], 2)


def test_throttling_of_one_call_alone_lets_the_next_one_through(bench: Bench) -> None:
    bench.plan.add("throttle", until_over=False, announce=False, limit="concurrent")
    first = response(bench.spend("r-1"))
    assert (first.status, first.header("Retry-After"), exact_json.loads(first.body)) == (429, "", {"no": "concurrent"})
    assert response(bench.spend("r-1")).status == 201


def test_the_daily_limit_ends_at_midnight(bench: Bench) -> None:
    bench.plan.add("throttle", limit="day")
    assert response(bench.spend("r-1")).header("Retry-After") == str(15 * 3600)  # the world begins at 9 o'clock


def test_throttling_ends_with_its_fault(bench: Bench) -> None:
    bench.plan.add("throttle", retry_after="1h")
    assert response(bench.spend("r-1")).status == 429
    bench.plan.clear()
    assert response(bench.spend("r-1")).status == 201


@pytest.mark.parametrize("phase", ["connect", "send", "admit", "validate", "commit", "render"])
def test_a_slow_answer_is_the_right_one_at_a_later_time(bench: Bench, phase: str) -> None:
    bench.plan.add("delay", at={"write": "r-1"}, phase=phase, by="45s")
    start = seconds(bench)
    assert response(bench.spend("r-1")).status == 201
    assert seconds(bench) - start == 46
    assert bench.refs() == ["r-1"]
    (entry,) = bench.world.tape.entries()
    assert entry.phases == ("connect", "send", "admit", "validate", "commit", "render", "deliver")
    assert [written[:4] for written in entry.written] == [("toy", "acme", "Spend", "1")]


@pytest.mark.parametrize(("phase", "status"), [("validate", 400), ("commit", 201)])
def test_what_falls_due_while_an_exchange_stands_still_is_done_first(bench: Bench, phase: str, status: int) -> None:
    bench.world.jobs.put(f"{__name__}:lock_march", {}, due=bench.world.clock.now() + timedelta(seconds=20))
    bench.plan.add("delay", at={"write": "r-1"}, phase=phase, by="30s")
    assert response(bench.spend("r-1")).status == status
    assert bench.company().book.closed_through == date(2026, 3, 31)


def test_a_late_commit_posts_once_the_time_has_passed(bench: Bench) -> None:
    bench.plan.add("late_commit", at={"write": "r-1"}, after="90s", how="reset")
    assert cut(bench.spend("r-1")) == "reset"
    bench.world.advance(by=timedelta(seconds=80))
    assert bench.refs() == []
    bench.world.advance(by=timedelta(seconds=10))
    assert bench.refs() == ["r-1"]
    late = list(bench.world.tape.entries())[-1]
    assert (late.actor, late.parent, late.status, late.faults) == ("late", 1, 201, [])


def test_a_retry_before_the_late_commit_is_a_second_request(bench: Bench) -> None:
    bench.plan.add("late_commit", at={"write": "r-1"})
    bench.spend("r-1")
    assert response(bench.spend("r-1")).status == 201
    bench.world.settle()
    assert bench.refs() == ["r-1", "r-1"]


def test_a_keyed_retry_before_the_late_commit_posts_once(bench: Bench) -> None:
    bench.plan.add("late_commit", at={"write": "r-1"})
    bench.spend("r-1", Idempotency_Key="k")
    assert response(bench.spend("r-1", Idempotency_Key="k")).status == 201
    bench.world.settle()
    assert bench.refs() == ["r-1"]


def test_a_late_commit_is_met_by_no_fault(bench: Bench) -> None:
    bench.plan.add("late_commit", at={"write": "r-1", "every": True})
    bench.spend("r-1")
    bench.world.settle()
    assert bench.refs() == ["r-1"]


def test_a_stale_search_misses_what_is_new_and_a_read_by_id_sees_it(bench: Bench) -> None:
    bench.spend("r-1")
    bench.world.advance(by=timedelta(seconds=60))
    bench.spend("r-2")
    bench.plan.add("stale_read", at={"every": True}, lag="30s")
    assert bench.found() == ["r-1"]
    assert response(bench.send("GET", "/acme/spend/2")).status == 200
    bench.world.advance(by=timedelta(seconds=60))
    assert bench.found() == ["r-1", "r-2"]


def test_writes_do_not_count_for_a_stale_search(bench: Bench) -> None:
    fault = bench.plan.add("stale_read", lag="30s")
    bench.spend("r-1")
    assert (fault.matches, bench.found(), bench.found()) == (0, [], ["r-1"])


def test_an_access_token_expires_under_the_very_call(bench: Bench) -> None:
    bench.plan.add("expire_token", at={"write": "r-1"})
    assert response(bench.spend("r-1")).status == 401
    assert bench.refs() == []
    refresh = Tokens(bench.world, "toy").find("refresh", "again")
    assert refresh is not None
    assert refresh.is_live(bench.world.clock.now())


def test_an_access_token_expires_after_the_call(bench: Bench) -> None:
    bench.plan.add("expire_token", at={"write": "r-1"}, phase="deliver")
    assert [response(bench.spend("r-1")).status for _ in range(2)] == [201, 401]
    assert bench.refs() == ["r-1"]


@pytest.mark.parametrize(
    ("what", "access", "refresh"),
    [("consent", False, False), ("refresh_token", True, False), ("access_token", False, True)],
)
def test_a_consent_is_withdrawn_in_whole_or_in_part(bench: Bench, what: str, access: bool, refresh: bool) -> None:
    bench.plan.add("revoke_token", what=what)
    assert response(bench.spend("r-1")).status == (201 if access else 401)
    tokens, now = Tokens(bench.world, "toy"), bench.world.clock.now()
    live = [
        token is not None and token.is_live(now)
        for token in (tokens.find("access", "good"), tokens.find("refresh", "again"))
    ]
    assert live == [access, refresh]


def test_a_call_without_a_token_is_not_counted(bench: Bench) -> None:
    fault = bench.plan.add("expire_token")
    bench.send("POST", "/token", Authorization="Basic eA==")
    assert fault.matches == 0
