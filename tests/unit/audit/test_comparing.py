"""Two runs compared: INV-70 over books, INV-62 over tapes."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.audit.box import Bench, bought

from sandbooks.audit import BooksWrong, RunBooks, books_of_run, compare_books, compare_tapes
from sandbooks.audit.oracles import assert_fault_transparent
from sandbooks.recording import canonical


def run_of(*calls: Any, submitted: Any = None) -> RunBooks:
    bench = Bench()
    for call in calls:
        call(bench)
    return books_of_run(bench.company(), submitted)


def posts(ref: str, *lines: tuple[str, ...], **more: str) -> Any:
    return lambda bench: bench.post(ref, *lines, **more)


def loses(ref: str, **more: str) -> Any:
    return lambda bench: bench.lose(ref, **more)


MEAL = (("meals", "4.41"), ("card", "-4.41"))


@pytest.fixture(autouse=True)
def _box(bench: Bench) -> None:
    """The platform is registered."""


def test_the_same_books_with_and_without_a_fault_are_right() -> None:
    control = run_of(posts("r-01"), posts("r-02", *MEAL))
    assert compare_books(run_of(loses("r-01"), posts("r-02", *MEAL)), control) == []
    assert compare_books(run_of(posts("r-02", *MEAL), loses("r-01", phase="validate"), posts("r-01")), control) == []


def test_what_a_fault_added_is_found_with_the_fault_named() -> None:
    (finding,) = compare_books(run_of(loses("r-01"), posts("r-01")), run_of(posts("r-01")), command="again")
    assert finding.invariants == ("INV-70",)
    assert finding.title == (
        "With f1 drop_response after commit: timeout the books end otherwise than without: Spend 2 too much."
    )
    assert [(r.account, str(r.expected), str(r.actual)) for r in finding.table] == [
        ("Company Card", "-12.30 GBP", "-24.60 GBP"),
        ("Travel", "12.30 GBP", "24.60 GBP"),
    ]
    assert [step.number for step in finding.steps] == [1, 2]


def test_what_a_fault_lost_is_found_unless_it_was_told_as_not_done() -> None:
    control = run_of(posts("r-01"), submitted=[bought("r-01")])
    silent = run_of(loses("r-01", phase="validate"), submitted=[bought("r-01")])
    told = run_of(loses("r-01", phase="validate"), submitted=[bought("r-01", status="failed")])
    (finding,) = compare_books(silent, control)
    assert (finding.failure_modes, finding.title.endswith("no Spend 1.")) == (("FM-02",), True)
    assert compare_books(told, control) == []


def test_what_was_told_as_failed_must_not_be_posted_twice() -> None:
    control = run_of(posts("r-01"), submitted=[bought("r-01")])
    run = run_of(loses("r-01"), posts("r-01"), submitted=[bought("r-01", status="failed")])
    assert len(compare_books(run, control)) == 1


def test_a_client_that_gave_up_aloud_may_miss_what_it_did_not_reach_but_never_add() -> None:
    control = run_of(posts("r-01"), posts("r-02", *MEAL))
    assert compare_books(run_of(loses("r-01", phase="validate")), control, gave_up=True) == []
    assert len(compare_books(run_of(loses("r-01", phase="validate")), control)) == 1
    assert len(compare_books(run_of(loses("r-01"), posts("r-01")), control, gave_up=True)) == 1


def test_one_document_or_two_for_the_same_lines_are_the_same_books() -> None:
    both = (("travel", "12.30"), ("meals", "4.41"), ("card", "-16.71"))
    assert compare_books(run_of(posts("batch", *both)), run_of(posts("r-01"), posts("r-02", *MEAL))) == []


def test_another_day_is_another_balance_on_that_day() -> None:
    (finding,) = compare_books(run_of(posts("r-01", date="2026-04-01")), run_of(posts("r-01")))
    assert [row.account for row in finding.table] == [
        "Company Card on 2026-03-28",
        "Company Card on 2026-04-01",
        "Travel on 2026-03-28",
        "Travel on 2026-04-01",
    ]


def test_the_assertion_takes_two_runs_or_what_makes_them() -> None:
    control = run_of(posts("r-01"))
    assert_fault_transparent((control, control))
    with pytest.raises(BooksWrong, match="INV-70"):
        assert_fault_transparent(lambda: (run_of(loses("r-01"), posts("r-01")), control))


def tape(*refs: str) -> list[bytes]:
    bench = Bench()
    for ref in refs:
        bench.post(ref)
    return list(canonical(bench.world.tape.entries()))


def test_equal_tapes_are_right() -> None:
    assert compare_tapes(tape("r-01", "r-02"), tape("r-01", "r-02")) == []


def test_the_first_difference_of_two_tapes_is_found() -> None:
    (finding,) = compare_tapes(tape("r-01", "r-02", "r-03"), tape("r-01", "r-09", "r-03"))
    assert (finding.invariants, finding.exchanges) == (("INV-62",), (2,))
    assert finding.title == "Two runs with the same seed part at exchange 2 of the tape in request.body."


def test_a_tape_that_ends_early_is_found() -> None:
    (finding,) = compare_tapes(tape("r-01"), tape("r-01", "r-02"))
    assert "The first run has ended there." in finding.message
    (finding,) = compare_tapes(tape("r-01", "r-02"), tape("r-01"))
    assert "The second run has ended there." in finding.message
