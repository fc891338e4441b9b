"""Quotas on the world's clock."""

from sandbooks.app import App
from sandbooks.kit.limits import Window, take

WINDOW = Window("minute", 2, 60)


def test_a_window_admits_its_number_and_no_more() -> None:
    world = App().create_world(seed=5)
    assert [(q.remaining, q.exceeded) for q in (take(world, "acme", WINDOW) for _ in range(3))] == [
        (1, False),
        (0, False),
        (0, True),
    ]


def test_without_limits_no_answer_says_that_a_quota_ran_dry() -> None:
    world = App().create_world(seed=5)
    world.put("settings", "limits", "off")
    assert {(q.remaining, q.exceeded) for q in (take(world, "acme", WINDOW) for _ in range(9))} == {(2, False)}
