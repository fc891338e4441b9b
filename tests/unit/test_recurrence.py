"""When something that repeats comes next."""

from datetime import date

import pytest

from sandbooks.kit.recurrence import Step, first_after, occurrence


def test_a_short_month_gives_its_last_day_and_the_next_one_the_day_itself() -> None:
    days = [occurrence(date(2026, 1, 31), Step(months=1), n) for n in range(4)]
    assert days == [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)]


@pytest.mark.parametrize(
    ("step", "after", "found"),
    [
        (Step(days=14), date(2026, 3, 1), date(2026, 3, 2)),
        (Step(days=14), date(2026, 3, 2), date(2026, 3, 16)),
        (Step(days=14), date(2026, 3, 29), date(2026, 3, 30)),
        (Step(months=2), date(2026, 7, 1), date(2026, 7, 2)),
        (Step(months=2), date(2026, 7, 2), date(2026, 9, 2)),
        (Step(months=24), date(2031, 1, 1), date(2032, 3, 2)),
    ],
)
def test_the_next_occurrence_is_later_than_the_day(step: Step, after: date, found: date) -> None:
    assert first_after(date(2026, 3, 2), step, after) == found
