"""A share of every fault at every exchange of every write of bill pay, on every platform: made once, and told rightly.

The share is spread over the whole: each write meets the faults in turn, beginning with the answers that are lost.
``python -m tests.hub.bill_pay.fault_matrix PLATFORM`` runs all of it.
"""

from __future__ import annotations

import pytest
from tests.hub.bill_pay.fault_matrix import TABLE, Schedule, bench, finding, schedules, whole

SHARE = 3  # schedules of each write; some ten thousand are all


@pytest.mark.parametrize("platform", list(TABLE))
def test_whatever_stands_in_the_way_a_write_is_made_once_or_refused_without_a_trace(platform: str) -> None:
    at = bench(platform)
    found = []
    for place, name in enumerate(at.works):
        operations, wanted = whole(at, name)
        assert wanted != at.before or name.endswith("file")
        for schedule in _share(schedules(operations), place):
            problem = finding(at, name, schedule, wanted)
            found += [f"{name}, {schedule}: {problem}"] if problem else []
    assert found == []


def _share(every: list[Schedule], place: int) -> list[Schedule]:
    """A few of the schedules of a write, others for each write: steps that have no factor in common with the whole."""
    step = 31 if len(every) % 31 else 37
    return [every[(place * 7 + number * step) % len(every)] for number in range(SHARE)]
