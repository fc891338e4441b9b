"""Relations between two runs: each is silent where it holds and tells where it does not."""

from __future__ import annotations

import pytest
from tests.unit.audit.box import Bench

from sandbooks.audit import books_of_run, compare_related
from sandbooks.audit.comparing import RunBooks
from sandbooks.audit.relations import RELATIONS
from sandbooks.audit.rules import decided_in


def books(*lines: tuple[tuple[str, str], ...], date: str = "2026-03-28") -> RunBooks:
    bench = Bench()
    for number, given in enumerate(lines):
        bench.post(f"r-{number}", *given, date=date)
    return books_of_run(bench.company())


ONE, OTHER = (("travel", "12.30"), ("card", "-12.30")), (("meals", "4.10"), ("card", "-4.10"))


@pytest.mark.parametrize("rule", [rule for rule in RELATIONS if rule != "INV-66"])
def test_the_same_work_in_another_shape_moves_the_same(bench: Bench, rule: str) -> None:
    assert bench
    assert compare_related(rule, books(OTHER, ONE), books(ONE, OTHER)) == []
    (finding,) = compare_related(rule, books(ONE, ONE), books(ONE, OTHER))
    assert finding.invariants == (rule,)
    assert [(row.account, str(row.difference)) for row in finding.table] == [
        ("Company Card", "-8.20 GBP"),
        ("Meals", "-4.10 GBP"),
        ("Travel", "12.30 GBP"),
    ]
    assert finding.control
    assert finding.remedy


def test_what_is_done_and_undone_leaves_the_books_as_before(bench: Bench) -> None:
    assert bench
    back = tuple((account, str(-float(amount))) for account, amount in ONE)
    assert compare_related("INV-16", books(ONE, back), books()) == []
    (finding,) = compare_related("INV-16", books(ONE, OTHER), books())
    assert finding.invariants == ("INV-16",)


def test_amounts_scale(bench: Bench) -> None:
    assert bench
    thrice = tuple((account, f"{3 * float(amount):.2f}") for account, amount in ONE)
    assert compare_related("INV-66", books(thrice), books(ONE), factor=3) == []
    (finding,) = compare_related("INV-66", books(thrice), books(ONE), factor=2)
    assert finding.invariants == ("INV-66",)


def test_days_count_where_they_are_asked_for(bench: Bench) -> None:
    assert bench
    early, late = books(ONE), books(ONE, date="2026-03-29")
    assert compare_related("INV-69", late, early) == []
    found = compare_related("INV-69", late, early, days=True)
    assert [row.account for row in found[0].table] == [
        "Company Card on 2026-03-28",
        "Company Card on 2026-03-29",
        "Travel on 2026-03-28",
        "Travel on 2026-03-29",
    ]


def test_accounts_of_another_platform_are_mapped_and_some_may_differ(bench: Bench) -> None:
    assert bench
    run = books((("meals", "12.30"), ("card", "-12.30")))
    names = {"meals": "travel"}
    assert compare_related("INV-65", run, books(ONE), account_of=lambda a: names.get(a, a)) == []
    assert compare_related("INV-65", run, books(ONE), aside=("meals", "travel")) == []


def test_every_relation_is_one_that_check_decides() -> None:
    assert set(RELATIONS) <= set(decided_in("check"))
