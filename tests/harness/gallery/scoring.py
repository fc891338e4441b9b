"""Scoring: each entry of the gallery through tests with recorded answers, scenarios without faults, and ``check``."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.harness.gallery.bugs import GALLERY, Entry
from tests.harness.gallery.recorded_tests import failures

from sandbooks.harness.campaign import Campaign, Options
from sandbooks.harness.judging import Judge
from sandbooks.harness.subject import HUB, Subject, subject_of_class
from sandbooks.replay.script import read_scenario, scenario_files
from sandbooks.replay.script_steps import AddFault, Http, Kill, Sync

EXAMPLES = 200
ROOT = Path(__file__).parents[3]
BEHIND_THE_HUB = ("quickbooks_online", "xero")


@dataclass(frozen=True, kw_only=True)
class Score:
    """What found one entry. ``examples`` and ``seconds``: of ``check``, until it was found or gave up."""

    name: str
    recorded: str
    plain: str
    platform: str = ""
    found: bool
    rule: str = ""
    title: str = ""
    about: str = ""
    examples: int = 0
    seconds: float = 0.0
    file: str = ""
    replayed: bool | None = None
    trouble: str = ""


class FirstFinding(Campaign):
    """A campaign that ends with its first finding."""

    def _may_go_on(self, *, keep: int = 0) -> bool:
        return not self.found and super()._may_go_on(keep=keep)


def score(entry: Entry, folder: Path, *, examples: int = EXAMPLES, seconds: float | None = None) -> Score:
    """Put one entry through the three columns. Finding files go below ``folder``."""
    subject = subject_of_class(entry.driver, entry.path)
    recorded, plain = recorded_column(entry), plain_column(subject)
    told: dict[str, Any] = {"name": entry.name, "recorded": recorded, "plain": plain}
    spent, played, trouble = 0.0, 0, ""
    for platform in platforms_of(entry):
        options = Options(examples=examples, seconds=seconds, folder=folder / entry.name)
        campaign = FirstFinding(subject, platform, options).run()
        spent, played = max(spent, campaign.seconds), max(played, campaign.played)
        trouble = trouble or "; ".join(list(campaign.unplayable)[:2])[:300]
        if campaign.found:
            first = campaign.found[0]
            return Score(
                **told,
                platform=platform,
                found=True,
                rule=first.rule,
                title=first.finding.title,
                about=first.about,
                examples=first.number,
                seconds=round(first.seconds, 1),
                file=str(first.file or ""),
                replayed=shown_again(entry, first.file) if first.file else None,
                trouble=trouble,
            )
    return Score(**told, found=False, examples=played, seconds=round(spent, 1), trouble=trouble)


def platforms_of(entry: Entry) -> tuple[str, ...]:
    """Where an entry runs; what a client of the hub runs over."""
    named: tuple[str, ...] = entry.driver.platforms
    return BEHIND_THE_HUB if HUB in named else named


def recorded_column(entry: Entry) -> str:
    """The tests with recorded answers that fail, by name; empty when they are all green."""
    return ", ".join(failures(entry.driver))


def plain_column(subject: Subject) -> str:
    """The first shipped scenario without faults whose books are wrong under the driver; empty when none is."""
    platforms = BEHIND_THE_HUB if subject.through_hub else subject.platforms
    judge = Judge(subject)
    for platform in platforms:
        for path, scenario in _plain_scenarios(platform):
            verdict = judge.judge(scenario)
            if verdict.findings:
                return f"{path.stem} on {platform}"
    return ""


def _plain_scenarios(platform: str) -> Iterator[tuple[Path, Any]]:
    for path in scenario_files(ROOT / "scenarios"):
        for scenario in read_scenario(path).runs([platform]):
            disturbed = any(
                isinstance(step.action, AddFault | Kill | Http)
                or (isinstance(step.action, Sync) and step.action.restart)
                for step in scenario.steps
            )
            if not disturbed:
                yield path, scenario


def shown_again(entry: Entry, file: Path) -> bool:
    """Whether a fresh process that plays a finding's file under the same driver fails too."""
    command = [sys.executable, "-m", "sandbooks", "replay", str(file), "--driver", entry.path]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "simulator"), str(ROOT)])}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False)
    return done.returncode == 1


def scored(name: str, folder: str, examples: int, seconds: float | None) -> dict[str, Any]:
    """One row for a pool of processes."""
    began = time.perf_counter()
    row = asdict(score(GALLERY[name], Path(folder), examples=examples, seconds=seconds))
    return {**row, "whole": round(time.perf_counter() - began, 1)}
