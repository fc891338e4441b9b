"""Campaigns: what is found is made small and can be shown again; what is right is left alone."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from sandbooks.cli.main import main
from sandbooks.harness.campaign import (
    ASKED_ONCE,
    AT_ONCE_FIRST,
    DRAWN_LEAST,
    LATE_LEAST,
    Campaign,
    Options,
    comes_after,
)
from sandbooks.harness.disturbing import RECOVERY
from sandbooks.harness.driver import OPTIONAL_VERBS
from sandbooks.harness.examples import Menu
from sandbooks.harness.meanwhile import meanwhile
from sandbooks.harness.related import relations
from sandbooks.harness.subject import subject_of
from sandbooks.settings import PLATFORMS

CLIENTS = "tests.harness.small_clients"


def campaign(name: str, tmp_path: Path, **options: Any) -> Campaign:
    chosen = Options(**{"examples": 40, "folder": tmp_path, **options})
    return Campaign(subject_of(f"{CLIENTS}:{name}"), "quickbooks_online", chosen).run()


@pytest.fixture(scope="module")
def hasty(tmp_path_factory: pytest.TempPathFactory) -> Campaign:
    return campaign("Hasty", tmp_path_factory.mktemp("hasty"))


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_campaign_has_room_for_all_that_every_client_is_asked_once(platform: str) -> None:
    """Whatever the driver can do; with the accidents that come at once, a second one upon those of the first."""
    menu, examples = Menu(platform, frozenset(OPTIONAL_VERBS) - {"receive"}), Options().examples
    asked = [example for wave in ASKED_ONCE for example in wave(menu)]
    disturbed = [example for example in asked if example.disturb]
    at_once = AT_ONCE_FIRST + 2 * 2 * RECOVERY + sum(1 + comes_after(example.data) for example in disturbed[1:])
    late = [*relations(menu), *meanwhile(menu)]
    assert len(asked) + at_once <= examples * (1 - LATE_LEAST)
    assert len(late) <= examples * (LATE_LEAST - DRAWN_LEAST)


def test_a_double_post_is_found_and_made_small(hasty: Campaign) -> None:
    found = hasty.found[0]
    assert found.rule == "INV-01"
    verbs = [next(iter(step)) for step in found.data["steps"]]
    assert verbs[:2] == ["connect", "configure"]
    assert verbs.count("push") == 1
    assert {"fault", "kill"} & set(verbs)
    assert len(verbs) <= 5


def test_the_scenario_of_a_finding_shows_it_again_in_another_process(hasty: Campaign) -> None:
    found = hasty.found[0]
    assert found.finding.command == f"sandbooks replay {found.file} --driver {CLIENTS}:Hasty"
    wrong = CliRunner().invoke(main, ["replay", str(found.file), "--driver", f"{CLIENTS}:Hasty"])
    assert wrong.exit_code == 1
    assert "stands in the books twice" in " ".join(wrong.output.split())
    right = CliRunner().invoke(main, ["replay", str(found.file), "--driver", f"{CLIENTS}:Careful"])
    assert right.exit_code == 0, right.output


def test_the_same_seed_gives_the_same_scenario(hasty: Campaign, tmp_path: Path) -> None:
    again = campaign("Hasty", tmp_path)
    assert [found.data for found in again.found] == [found.data for found in hasty.found]


def test_drawn_examples_follow_from_the_seed(monkeypatch: pytest.MonkeyPatch) -> None:
    def drawn(seed: int) -> list[Any]:
        seen: list[Any] = []
        one = Campaign(subject_of(f"{CLIENTS}:Careful"), "quickbooks_online", Options(examples=6, seed=seed))
        monkeypatch.setattr(one, "_verdict", lambda data, **_: seen.append(data))
        one._draw()
        return seen

    assert drawn(3) == drawn(3)
    assert drawn(3) != drawn(4)


def test_a_client_that_is_right_is_not_flagged(tmp_path: Path) -> None:
    careful = campaign("Careful", tmp_path, examples=60)
    assert careful.played == 60
    assert careful.outcomes["Completed"] > 30
    assert careful.found == []
    assert list(tmp_path.iterdir()) == []


def test_only_the_faults_that_are_named_are_tried(tmp_path: Path) -> None:
    told = campaign("Hasty", tmp_path, faults=frozenset({"throttle"}), examples=30)
    assert not any("fault" in step and "throttle" not in step["fault"] for f in told.found for step in f.data["steps"])


def test_check_ends_with_one_when_something_is_found(tmp_path: Path) -> None:
    driver = f"{CLIENTS}:Hasty"
    asked = ["check", driver, "--examples", "25", "--report", str(tmp_path), "--junit", str(tmp_path / "j.xml")]
    answer = CliRunner().invoke(main, asked)
    assert answer.exit_code == 1, answer.output
    assert "INV-01" in answer.output
    assert (tmp_path / "index.html").is_file()
    assert 'failures="1"' in (tmp_path / "j.xml").read_text()


def test_check_ends_with_zero_when_nothing_is_found(tmp_path: Path) -> None:
    asked = ["check", f"{CLIENTS}:Careful", "--examples", "12", "--report", str(tmp_path), "--json"]
    answer = CliRunner().invoke(main, asked)
    assert answer.exit_code == 0, answer.output
    assert '"findings": []' in answer.output


def test_kinds_of_work_of_which_nothing_was_ever_completed_are_told(tmp_path: Path) -> None:
    """Each refund was turned away, with a message: no finding, and yet the customer has no refunds."""
    asked = ["check", f"{CLIENTS}:PaysAlone", "--examples", "26"]
    answer = CliRunner().invoke(main, asked)
    assert answer.exit_code == 0, answer.output
    assert re.search(r"completed were .*NONE of \d+ refunds", " ".join(answer.output.split()))


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (["check", "no_such_module:Driver"], "no module no_such_module"),
        (["check", f"{CLIENTS}:Nobody"], "no class Nobody"),
        (["check", "just_a_word"], "package.module:Class"),
        (["check", f"{CLIENTS}:Careful", "--faults", "earthquake"], "no fault earthquake"),
        (["check", f"{CLIENTS}:Careful", "--platform", "sage50"], "sage50"),
    ],
)
def test_check_says_what_is_wrong_with_the_question(asked: list[str], told: str) -> None:
    answer = CliRunner().invoke(main, asked)
    assert answer.exit_code == 2
    assert told in " ".join(answer.output.split())
