"""The audit costs little: its work grows with the tape, not with its square."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.audit import box
from tests.unit.audit.box import Bench, bought

from sandbooks.audit import audit_company
from sandbooks.audit import evidence as evidence_module
from sandbooks.audit.evidence import gather
from sandbooks.audit.invariants import retries
from sandbooks.audit.reading import Sent


def test_a_long_tape_of_lost_answers_is_compared_pair_by_pair_only_near_by(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = 40
    with bench.fault("drop_response", "validate"):
        for number in range(count):
            bench.post(f"r-{number:03}")
    bench.post("r-100")
    compared: list[tuple[int, int]] = []
    unlike = retries.unlike

    def counted(first: Sent, again: Sent) -> list[tuple[str, str, str]] | None:
        compared.append((first.number, again.number))
        return unlike(first, again)

    monkeypatch.setattr(retries, "unlike", counted)
    assert audit_company(bench.company()) == []
    assert len(compared) <= count * retries.MOST_ALIKE


def test_every_request_is_searched_for_references_once(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    given = [bought(f"r-{number}") for number in range(30)]
    for one in given:
        bench.post(one.id)
    evidence = gather(bench.company(), given)
    searched: list[str] = []
    carried = evidence.references.carried

    def watched(text: str) -> Any:
        searched.append(text)
        return carried(text)

    monkeypatch.setattr(evidence.references, "carried", watched)
    from sandbooks.audit.auditing import judged
    from sandbooks.audit.invariants import RULES

    assert judged(evidence, RULES) == []
    assert len(searched) <= 2 * len(given)


def test_answers_are_searched_for_what_people_took_out_once(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    given = [bought(f"r-{number}", status="failed") for number in range(30)]
    for number, one in enumerate(given):
        bench.lose(one.id, id=f"d-{number}")
        with bench.world.unit():
            box.drop(bench.company(), f"d-{number}")
    bench.send("GET", "/acme/spend?deleted=too")
    looked_at: list[int] = []
    named = evidence_module._named
    monkeypatch.setattr(evidence_module, "_named", lambda sent: looked_at.append(sent.number) or named(sent))
    assert bench.audit(*given) == []
    assert len(looked_at) == 1, "one answer came"


def calls_of_an_audit(count: int) -> int:
    """How many calls of Python functions the audit of so many transactions takes."""
    import sys

    bench = Bench()
    given = [bought(f"4d5e8f60-7a1b-4c2d-9e3f-{number:012}", merchant=f"Shop {number}") for number in range(count)]
    for one in given:
        bench.look_up(one.id)
        bench.post(one.id)
    calls = 0

    def counted(frame: object, event: str, argument: object) -> None:
        nonlocal calls
        calls += event == "call"

    sys.setprofile(counted)
    try:
        assert audit_company(bench.company(), given, strict=True) == []
    finally:
        sys.setprofile(None)
    return calls


def test_four_times_the_work_takes_four_times_the_calls(bench: Bench) -> None:
    assert bench  # keeps the platform registered
    assert calls_of_an_audit(120) < 4.4 * calls_of_an_audit(30)
