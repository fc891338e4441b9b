"""The table of rules is whole, and says where each is decided what the code bears out."""

from __future__ import annotations

import re

import pytest

from sandbooks.audit.failure_modes import FAILURE_MODES
from sandbooks.audit.invariants import STRICT_RULES
from sandbooks.audit.rules import RULES, decided_in, in_words

ALL = [f"INV-{number:02}" for number in range(1, 75)]


def numbers_in(docstring: str | None) -> set[str]:
    text = docstring or ""
    found = set(re.findall(r"INV-\d\d", text))
    for first, last in re.findall(r"INV-(\d\d) to (?:INV-)?(\d\d)", text):
        found |= {f"INV-{number:02}" for number in range(int(first), int(last) + 1)}
    return found


def test_every_number_stands_in_the_table_in_order() -> None:
    assert list(RULES) == ALL


@pytest.mark.parametrize("number", ALL)
def test_every_rule_says_what_holds_and_how_it_is_decided(number: str) -> None:
    rule = RULES[number]
    assert rule.decided
    assert rule.how.endswith(".")
    assert rule.holds[0].islower()


def test_what_the_audit_decides_is_a_function_that_says_so_and_the_other_way_round() -> None:
    by_function = {rule.__name__: numbers_in(rule.__doc__) for rule in STRICT_RULES}
    assert all(by_function.values()), by_function
    assert sorted(set().union(*by_function.values())) == decided_in("audit")


def test_a_rule_that_the_audit_does_not_decide_says_why() -> None:
    for number, rule in RULES.items():
        if "audit" not in rule.decided:
            assert len(rule.how) > 30, number


def test_every_failure_mode_has_words() -> None:
    assert list(FAILURE_MODES) == [f"FM-{number:02}" for number in range(1, 122)]
    assert in_words("FM-100") == "FM-100 a combination that is not offered"
    assert in_words("INV-12") == "INV-12 the trial balance balances"
    assert in_words("INV-99") == "INV-99"


def test_the_page_shows_the_table() -> None:
    from pathlib import Path

    from sandbooks.audit.rules import as_markdown

    page = Path(__file__).parents[3] / "docs" / "rules.md"
    assert page.read_text(encoding="utf-8").endswith(as_markdown())
