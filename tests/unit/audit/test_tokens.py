"""Tokens, addresses and consent. INV-44, INV-45 and INV-61."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.unit.audit.box import Bench, rules

from sandbooks.kit.tokens import Tokens


def call(bench: Bench, token: str, *, company: str = "acme") -> None:
    bench.send("GET", f"/{company}/accounts", Authorization=f"Bearer {token}")


def test_a_client_that_stores_what_it_gets_is_right(bench: Bench) -> None:
    pair = bench.sign_in()
    for _ in range(3):
        call(bench, pair["access_token"])
        bench.world.advance(by=timedelta(minutes=31))
        call(bench, pair["access_token"])
        pair = bench.refresh(pair["refresh_token"])
        call(bench, pair["access_token"])
    assert bench.alone(strict=True) == []


def test_a_refresh_token_that_was_turned_into_a_new_one_is_not_used_again(bench: Bench) -> None:
    first = bench.sign_in()
    bench.refresh(first["refresh_token"])
    bench.refresh(first["refresh_token"])
    (finding,) = bench.alone()
    assert (finding.invariants, finding.failure_modes) == (("INV-44",), ("FM-18",))


def test_a_new_refresh_token_that_was_not_kept_is_found_when_the_old_one_is_gone(bench: Bench) -> None:
    first = bench.sign_in()
    bench.refresh(first["refresh_token"])
    bench.world.advance(by=timedelta(hours=1))
    bench.refresh(first["refresh_token"])
    (finding,) = bench.alone()
    assert finding.failure_modes == ("FM-19",)


@pytest.mark.parametrize("how", ["timeout", "reset"])
def test_a_refresh_whose_answer_was_lost_may_be_repeated(bench: Bench, how: str) -> None:
    first = bench.sign_in()
    with bench.fault("drop_response", "commit", how=how):
        assert bench.refresh(first["refresh_token"]) == {}
    pair = bench.refresh(first["refresh_token"])
    call(bench, pair["access_token"])
    assert bench.alone(strict=True) == []


def test_a_client_that_died_before_it_could_read_the_answer_may_repeat_it(bench: Bench) -> None:
    first = bench.sign_in()
    bench.refresh(first["refresh_token"])
    call(bench, bench.refresh(first["refresh_token"])["access_token"])
    from msgspec.structs import replace

    died, *rest = bench.world.tape.entries()
    assert bench.audit(tape=[replace(died, faults=["kill at deliver"]), *rest]) == []
    assert rules(bench.audit(tape=[died, *rest])) == {"INV-44"}


def test_an_access_token_that_was_replaced_is_not_used_when_it_no_longer_works(bench: Bench) -> None:
    first = bench.sign_in()
    second = bench.refresh(first["refresh_token"])
    third = bench.refresh(second["refresh_token"])
    call(bench, third["access_token"])
    bench.world.advance(by=timedelta(minutes=31))
    fourth = bench.refresh(third["refresh_token"])
    call(bench, third["access_token"])
    call(bench, fourth["access_token"])
    (finding,) = bench.alone()
    assert finding.invariants == ("INV-44",)
    assert "used an access token" in finding.title


@pytest.mark.parametrize("token", ["None", "", "null", "undefined"])
def test_a_failure_that_is_stored_as_tokens_is_found(bench: Bench, token: str) -> None:
    first = bench.sign_in()
    with bench.fault("server_error", "admit"):
        bench.refresh(first["refresh_token"])
    call(bench, token)
    (finding,) = bench.alone()
    assert (finding.invariants, finding.failure_modes) == (("INV-44",), ("FM-20",))


def test_a_token_that_is_renewed_for_each_request_is_found(bench: Bench) -> None:
    pair = bench.sign_in()
    for _ in range(14):
        pair = bench.refresh(pair["refresh_token"])
        call(bench, pair["access_token"])
    assert bench.alone() == []
    (finding,) = bench.alone(strict=True)
    assert (finding.invariants, finding.failure_modes) == (("INV-44",), ("FM-21",))
    assert "renewed 11 times within 10 minutes" in finding.title


@pytest.mark.parametrize(("times", "minutes"), [(10, 0), (30, 6)])
def test_a_token_that_is_renewed_at_each_start_of_work_is_no_burst(bench: Bench, times: int, minutes: int) -> None:
    pair = bench.sign_in()
    for _ in range(times):
        pair = bench.refresh(pair["refresh_token"])
        call(bench, pair["access_token"])
        bench.world.advance(by=timedelta(minutes=minutes))
    assert bench.alone(strict=True) == []


def test_a_refresh_with_nothing_is_found(bench: Bench) -> None:
    first = bench.sign_in()
    bench.refresh(first["refresh_token"])
    bench.refresh("None")
    assert rules(bench.alone()) == {"INV-44"}


def test_a_refresh_that_failed_and_kept_the_pair_is_right(bench: Bench) -> None:
    first = bench.sign_in()
    with bench.fault("server_error", "admit"):
        bench.refresh(first["refresh_token"])
    call(bench, first["access_token"])
    call(bench, bench.refresh(first["refresh_token"])["access_token"])
    assert bench.alone(strict=True) == []


def test_a_request_with_another_companys_token_is_found(bench: Bench) -> None:
    ours, theirs = bench.sign_in(), bench.sign_in("globex")
    call(bench, ours["access_token"])
    call(bench, theirs["access_token"], company="globex")
    assert bench.alone() == []
    call(bench, theirs["access_token"])
    (finding,) = bench.alone()
    assert (finding.invariants, finding.failure_modes) == (("INV-45",), ("FM-25",))
    assert "the token of Globex GmbH" in finding.title


def test_a_request_with_another_companys_id_is_found(bench: Bench) -> None:
    bench.post("r-01", note="for acme")
    assert bench.alone() == []
    bench.send("GET", "/acme/spend?organisation=globex")
    assert rules(bench.alone()) == {"INV-45"}


def test_a_consent_that_is_gone_is_not_asked_for_without_end(bench: Bench) -> None:
    pair = bench.sign_in()
    tokens = Tokens(bench.world, "box")
    known = tokens.find("refresh", pair["refresh_token"])
    assert known is not None
    with bench.world.unit():
        tokens.spend(known)
    for _ in range(5):
        bench.refresh(pair["refresh_token"])
        bench.world.advance(by=timedelta(hours=1))
    assert bench.alone() == []
    for _ in range(11):
        bench.refresh(pair["refresh_token"])
    (finding,) = bench.alone()
    assert finding.invariants == ("INV-61",)
