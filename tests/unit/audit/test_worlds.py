"""The audit of a world: what a driver was given, call by call, against the books of the company it writes to."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from tests.unit.audit.box import Bench, rules

from sandbooks.audit import Work, audit

TAXI: dict[str, Any] = {
    "id": "r-01",
    "kind": "payment",
    "date": "2026-03-28",
    "currency": "GBP",
    "lines": [{"net": "12.30", "account": "travel", "tracking": [], "description": "To the airport"}],
    "bank_account": "card",
    "merchant": "Contoso Cabs",
}
DONE = {"r-01": {"status": "completed", "native_id": "1"}}


def box_work() -> Work:
    return Work(platform="box", company_id="acme", defaults={"bank_account": "card"})


def test_a_world_is_judged_by_the_work_of_its_driver(bench: Bench) -> None:
    work = box_work()
    work.submitted([TAXI], [{"id": "r-01", "accepted": True}])
    bench.post("r-01")
    assert audit(bench.world, work, outcomes=DONE) == []
    assert rules(audit(bench.world, work, outcomes={"r-01": {"status": "failed", "message": "no"}})) == {"INV-03"}


def test_several_drivers_may_have_worked_in_one_world(bench: Bench) -> None:
    one, other = box_work(), Work(platform="box", company_id="globex")
    one.submitted([TAXI])
    other.submitted([{**TAXI, "id": "r-02"}])
    bench.post("r-01")
    bench.post("r-02", company="acme")
    outcomes = {**DONE, "r-02": {"status": "completed", "native_id": "2"}}
    found = audit(bench.world, [one, other], outcomes=outcomes)
    assert {"INV-02", "INV-04", "INV-45"} <= rules(found)


def test_work_of_a_company_that_does_not_exist_is_a_mistake_of_the_caller(bench: Bench) -> None:
    with pytest.raises(LookupError, match="initech on box"):
        audit(bench.world, Work(platform="box", company_id="initech"))


def test_without_work_the_world_speaks_for_itself(bench: Bench) -> None:
    bench.lose("r-01")
    bench.post("r-01")
    assert rules(audit(bench.world)) == {"INV-01", "INV-09"}


def test_everything_that_was_handed_over_is_kept() -> None:
    work = box_work()
    work.submitted([TAXI, {**TAXI, "id": "r-02"}], [{"id": "r-02", "accepted": False, "message": "no account"}])
    work.submitted([TAXI])
    work.attached(
        {"id": "a", "transaction": "r-01", "name": "a.png", "type": "image/png", "content": base64.b64encode(b"\x89")}
    )
    work.reported({"r-01": {"status": "pending"}})
    work.updated({**TAXI, "date": "2026-03-30"})
    work.updated({**TAXI, "date": "2026-04-30"}, {"id": "r-01", "accepted": False})
    bill = {**TAXI, "id": "b-01", "contact": "airline", "due_date": "2026-04-28"}
    del bill["kind"]
    pays = [{"id": "b-01", "amount": "12.30"}]
    payment = {"id": "p-01", "date": "2026-04-01", "currency": "GBP", "bank_account": "bank", "bills": pays}
    work.billed([bill], [payment])
    first, second, billed, paid = work.inputs(base_currency="GBP", outcomes=DONE)
    assert (first.submissions, first.dataset, first.updated, str(first.date)) == (2, 1, True, "2026-03-30")
    assert [str(body.date) for body in first.earlier] == ["2026-03-28"]
    assert first.told == (("pending", ""), ("completed", ""))
    assert (first.files[0].name, first.files[0].content) == ("a.png", b"\x89")
    assert (first.merchant, first.lines[0].description) == ("Contoso Cabs", "To the airport")
    assert (second.status, second.message) == ("refused", "no account")
    assert (billed.kind, str(billed.due_date), str(billed.gross)) == ("bill", "2026-04-28", "12.30 GBP")
    assert (paid.kind, str(paid), paid.pays[0][0]) == ("bill_payment", "bill payment p-01 of 12.30 GBP", "b-01")
