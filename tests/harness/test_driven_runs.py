"""A scenario played through a driver: verbs, kills, crashes, and what is judged at the end."""

from __future__ import annotations

from typing import Any

import pytest
from tests.harness.conftest import SYNC, Judged, payment
from tests.harness.small_clients import Careful, Hasty

from sandbooks.harness.driver import DriverFailed

LOST = {"fault": {"drop_response": {"at": {"write": "r-01"}, "phase": "commit"}}}


def rules(verdict: Any) -> set[str]:
    return {rule for finding in verdict.findings for rule in finding.invariants}


def test_a_driver_posts_and_nothing_is_found(judged: Judged) -> None:
    verdict = judged(payment(), SYNC)
    assert not verdict.trouble
    assert verdict.told == {"r-01": "Completed"}
    assert verdict.findings == []


def test_a_write_that_is_sent_again_under_its_own_key_is_right(judged: Judged) -> None:
    verdict = judged(LOST, payment(), SYNC)
    assert verdict.fired
    assert verdict.findings == []


def test_a_write_that_is_sent_again_blindly_is_found(judged: Judged) -> None:
    verdict = judged(LOST, payment(), SYNC, driver=Hasty)
    assert "INV-01" in rules(verdict)
    assert verdict.findings[0].title.startswith("The payment r-01 of 412.37 GBP stands in the books twice")


def test_a_kill_after_the_answer_arrived_shows_who_forgets(judged: Judged) -> None:
    dies = {"kill": {"at": {"write": "r-01"}}}
    assert judged(dies, payment(), SYNC).findings == []
    assert "INV-01" in rules(judged(dies, payment(), SYNC, driver=Hasty))


def test_a_kill_before_anything_is_sent_leaves_nothing_behind(judged: Judged) -> None:
    verdict = judged({"kill": {"at": {"write": "r-01"}, "phase": "connect"}}, payment(), SYNC, driver=Hasty)
    assert verdict.told == {"r-01": "Completed"}
    assert "INV-01" not in rules(verdict)


def test_a_kill_that_meets_no_exchange_is_told(judged: Judged) -> None:
    verdict = judged({"kill": {"at": {"operation": "create_bill"}}}, payment(), SYNC)
    assert verdict.never_met == ["the kill at {'operation': 'create_bill'} never met an exchange"]


def test_what_is_refused_at_the_door_and_not_posted_is_right(judged: Judged) -> None:
    verdict = judged(payment(tax="none", bank_account="checking", notes="Fares"), SYNC)
    assert verdict.findings == []
    refused = judged({"push": {"reward": "r-01", "date": "2026-03-16", "amount": "5.10 GBP", "account": "meals"}}, SYNC)
    assert refused.told == {"r-01": "ValidationError"}
    assert refused.findings == []


class Forgetful(Careful):
    """Leaves what it has not finished when it is started again."""

    def restart(self) -> None:
        super().restart()
        for row in self.stored.values():
            row["begun"] = True

    def settle(self) -> None:
        for row in self.stored.values():
            if row["status"] == "pending" and not row.get("begun"):
                self._post(row)


def test_work_that_nothing_takes_up_again_is_found(judged: Judged) -> None:
    verdict = judged({"kill": {"at": {"write": "r-01"}, "phase": "connect"}}, payment(), SYNC, driver=Forgetful)
    assert "INV-53" in rules(verdict) or "INV-70" in rules(verdict)


class Crashing(Careful):
    """Falls over the first transaction that it meets."""

    def settle(self) -> None:
        raise KeyError("TotalAmt")


def test_a_driver_that_falls_over_is_told_with_its_error(judged: Judged) -> None:
    verdict = judged(payment(), SYNC, driver=Crashing)
    assert "settle ended with KeyError" in verdict.findings[0].title


class Doubling(Careful):
    """Takes a repeated id for a new transaction."""

    def submit(self, transactions: list[dict[str, Any]]) -> list[dict[str, Any]]:
        for given in transactions:
            if given["id"] in self.stored:
                self.stored[f"{given['id']}-again"] = {
                    "given": {**given, "id": f"{given['id']}-2"},
                    "status": "pending",
                }
        return super().submit(transactions)


def test_the_same_id_posted_twice_is_found_without_any_fault(judged: Judged) -> None:
    assert judged(payment(), SYNC, payment(), SYNC).findings == []
    assert judged(payment(), SYNC, payment(), SYNC, driver=Doubling).findings


class Dropping(Careful):
    """Loses one of several that come together, and says nothing."""

    def settle(self) -> None:
        rows = list(self.stored.values())
        waiting = [row for row in rows if row["status"] == "pending"]
        for row in waiting[:1] if len(waiting) > 1 else waiting:
            self._post(row)
        for row in waiting[1:]:
            row.update(status="failed", message="")


def test_what_is_lost_only_in_company_is_told_as_failed_and_right(judged: Judged) -> None:
    both = {"push": [payment("r-01")["push"], payment("r-02", "88.14 GBP")["push"]]}
    verdict = judged(both, SYNC, driver=Dropping)
    assert verdict.told == {"r-01": "Completed", "r-02": "PushError"}


class Misshapen(Careful):
    """Answers what the contract does not know."""

    def outcomes(self) -> dict[str, Any]:
        return {id: {"state": "done"} for id in self.stored}


def test_an_answer_that_the_contract_does_not_know_is_refused(judged: Judged) -> None:
    with pytest.raises(DriverFailed, match=r"driver\.yaml"):
        judged(payment(), SYNC, driver=Misshapen)
