"""The audit costs little: its work grows with the tape, not with its square."""

from __future__ import annotations

import pytest
from tests.unit.audit.box import Bench, bought

from sandbooks.audit import audit_company
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


def test_every_request_is_searched_for_references_once(bench: Bench) -> None:
    given = [bought(f"r-{number}") for number in range(30)]
    for one in given:
        bench.post(one.id)
    evidence = gather(bench.company(), given)
    searched: list[str] = []
    carried = evidence.references.carried
    evidence.references.carried = lambda text: searched.append(text) or carried(text)  # type: ignore[assignment,func-returns-value,method-assign]
    from sandbooks.audit.auditing import judged
    from sandbooks.audit.invariants import RULES

    assert judged(evidence, RULES) == []
    assert len(searched) <= 2 * len(given)
