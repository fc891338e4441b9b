"""Waits that were asked for, and refusals that are final. INV-47, INV-48; one write at a time, INV-10."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.unit.audit.box import Bench, bought, rules

from sandbooks.audit.findings import Finding


def throttled(bench: Bench, seconds: int) -> None:
    with bench.fault("throttle", "admit", retry_after=f"{seconds}s", until_over=False):
        bench.post("r-01")


def strictly(bench: Bench) -> list[Finding]:
    return bench.alone(strict=True)


@pytest.mark.parametrize(("wait", "fits"), [(30, False), (40, True)])
def test_a_wait_is_kept_whatever_the_pace_of_retries(bench: Bench, wait: int, fits: bool) -> None:
    throttled(bench, 37)
    bench.world.advance(by=timedelta(seconds=wait))
    bench.post("r-01")
    found = strictly(bench)
    assert rules(found) == (set() if fits else {"INV-47"})
    if found:
        assert [one.number for one in found[0].steps] == [1, 2]
        assert found[0].assumption


def test_another_company_need_not_wait(bench: Bench) -> None:
    throttled(bench, 37)
    bench.post("r-01", company="globex")
    assert strictly(bench) == []


def test_signing_in_is_not_held_back(bench: Bench) -> None:
    pair = bench.sign_in()
    throttled(bench, 37)
    bench.refresh(pair["refresh_token"])
    assert strictly(bench) == []


def refused(bench: Bench, ref: str = "r-01") -> None:
    bench.post(ref, ("nowhere", "12.30"), ("card", "-12.30"))


def test_what_was_refused_is_not_sent_again_as_it_is(bench: Bench) -> None:
    refused(bench)
    assert strictly(bench) == []
    refused(bench)
    (finding,) = strictly(bench)
    assert (finding.invariants, finding.failure_modes) == (("INV-48",), ("FM-37",))
    assert bench.alone() == []


def test_what_was_refused_may_be_sent_changed(bench: Bench) -> None:
    refused(bench)
    bench.post("r-01", ("travel", "12.30"), ("card", "-12.30"))
    assert strictly(bench) == []


def test_what_was_refused_may_be_sent_again_when_it_was_handed_over_again(bench: Bench) -> None:
    refused(bench)
    refused(bench)
    given = bought("r-01", status="failed", submissions=2)
    assert bench.audit(given, strict=True) == []


def test_what_was_refused_may_be_sent_again_when_somebody_has_changed_something(bench: Bench) -> None:
    bench.post("r-00")
    refused(bench)
    bench.by_hand("1", note="seen")
    refused(bench)
    assert strictly(bench) == []


def test_what_was_refused_may_be_sent_again_when_its_client_has_changed_what_it_addresses(bench: Bench) -> None:
    body = {"ref": "r-01", "date": "2026-03-28", "lines": [["travel", "12.30"], ["card", "-12.30"]]}
    wrong = {**body, "lines": [["nowhere", "12.30"], ["card", "-12.30"]]}
    bench.post("r-01")
    for note in ("once", "once more"):
        bench.send("PUT", "/acme/spend/1", wrong)
        bench.send("PUT", "/acme/spend/1", {**body, "note": note})
    assert strictly(bench) == []
    bench.send("PUT", "/acme/spend/1", wrong)
    assert strictly(bench) == []
    bench.send("PUT", "/acme/spend/1", wrong)
    assert rules(strictly(bench)) == {"INV-48"}


def test_a_refusal_inside_a_good_answer_is_final_too(bench: Bench) -> None:
    failed = bought("r-01", status="failed")
    for count in range(1, 6):
        bench.send("POST", "/acme/check", {"ref": "r-01"})
        assert rules(bench.audit(failed, strict=True)) == ({"INV-48"} if count > 3 else set())
    assert bench.audit(bought("r-01", status="pending"), quiet=False, strict=True) == []


def test_a_refusal_is_the_same_under_a_fresh_id_of_the_request(bench: Bench) -> None:
    failed = bought("r-01", status="failed")
    for count in range(1, 15):
        bench.send("POST", "/acme/check", {"ref": "r-01", "call": f"c-{count}"})
        assert rules(bench.audit(failed, strict=True)) == ({"INV-48"} if count > 12 else set())
    assert bench.audit(bought("r-01", status="pending"), quiet=False, strict=True) == []


def test_nothing_is_tried_without_end(bench: Bench) -> None:
    for _ in range(9):
        with bench.fault("server_error", "admit"):
            bench.post("r-01", key="k-1")
    assert strictly(bench) == []
    for _ in range(5):
        with bench.fault("server_error", "admit"):
            bench.post("r-01", key="k-1")
    assert rules(strictly(bench)) == {"INV-48"}


def test_two_writes_of_one_transaction_at_one_time_are_found(bench: Bench) -> None:
    bench.post("r-01", key="k-1")
    bench.post("r-01", key="k-1")
    given = bought("r-01")
    assert bench.audit(given, strict=True) == []
    first, again = bench.world.tape.entries()
    from msgspec.structs import replace

    overlapping = [first, replace(again, at=first.at, until=first.until + 1)]
    found = bench.audit(given, strict=True, tape=[replace(first, until=first.until + 1), overlapping[1]])
    assert rules(found) == {"INV-10"}


def test_what_was_only_put_off_is_not_given_up(bench: Bench) -> None:
    throttled(bench, 37)
    assert bench.audit(bought("r-01", status="failed")) == []
    (finding,) = bench.audit(bought("r-01", status="failed"), strict=True)
    assert (finding.invariants, finding.failure_modes) == (("INV-47",), ("FM-29",))
    assert finding.title == "The payment r-01 of 12.30 GBP was given up because the platform asked to wait once."


def test_who_has_tried_again_may_give_up(bench: Bench) -> None:
    throttled(bench, 37)
    bench.world.advance(by=timedelta(seconds=40))
    throttled(bench, 37)
    assert bench.audit(bought("r-01", status="failed"), strict=True) == []


def test_a_token_that_has_ended_is_no_reason_to_give_up(bench: Bench) -> None:
    pair = bench.sign_in()
    bench.world.advance(by=timedelta(hours=1))
    expired = {"Authorization": f"Bearer {pair['access_token']}"}
    bench.send("POST", "/acme/spend", {"ref": "r-01", "date": "2026-03-28", "lines": []}, **expired)
    failed = bought("r-01", status="failed")
    assert bench.audit(failed, strict=True) == []
    bench.refresh(pair["refresh_token"])
    (finding,) = bench.audit(failed, strict=True)
    assert (finding.invariants, finding.failure_modes) == (("INV-47", "INV-44"), ("FM-17",))


def test_who_never_asks_for_another_token_gives_up_too_early(bench: Bench) -> None:
    pair = bench.sign_in()
    with bench.fault("expire_token", "send"):
        headers = {"Authorization": f"Bearer {pair['access_token']}"}
        bench.send("POST", "/acme/spend", {"ref": "r-01", "date": "2026-03-28", "lines": []}, **headers)
    failed = bought("r-01", status="failed")
    (finding,) = bench.audit(failed, strict=True)
    assert (finding.invariants, finding.failure_modes) == (("INV-47", "INV-44"), ("FM-17",))
    bench.refresh("no such token")
    assert bench.audit(failed, strict=True) == [], "who asked and was turned away has lost the consent"


def test_who_has_lost_the_consent_need_not_ask_for_each_transaction(bench: Bench) -> None:
    pair = bench.sign_in()
    bench.refresh("no such token")
    with bench.fault("expire_token", "send"):
        headers = {"Authorization": f"Bearer {pair['access_token']}"}
        bench.send("POST", "/acme/spend", {"ref": "r-01", "date": "2026-03-28", "lines": []}, **headers)
    assert bench.audit(bought("r-01", status="failed"), strict=True) == []
