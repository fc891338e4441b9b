"""Relations between two runs: bugs that a plain run does not show, shown by its other shape; no false alarm."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.harness import related_clients as clients
from tests.harness.gallery.client.driver import Driver
from tests.harness.gallery.client.hub import HubDriver
from tests.harness.small_clients import Careful

from sandbooks.audit.relations import RELATIONS
from sandbooks.harness.campaign import Campaign, Options
from sandbooks.harness.examples import Data, Menu, scenario_of
from sandbooks.harness.hub_driver import Hub
from sandbooks.harness.judging import Judge, Verdict
from sandbooks.harness.related import relations
from sandbooks.harness.relating import SHAPES, related_of
from sandbooks.harness.subject import Subject, subject_of_class
from sandbooks.harness.systematic import Example
from sandbooks.settings import PLATFORMS

ROOT = Path(__file__).parents[2]


def asked(subject: Subject, platform: str, rule: str) -> list[Example]:
    menu = Menu(platform, subject.verbs, subject.through_hub)
    return [example for example in relations(menu) if example.data["relation"] == rule]


def judged(driver: type[Any], platform: str, data: Data) -> Verdict:
    return Judge(subject_of_class(driver)).judge(scenario_of(data, platform))


def plain(data: Data) -> Data:
    return {name: value for name, value in data.items() if name != "relation"}


@pytest.mark.parametrize(
    ("rule", "driver", "platform"),
    [
        ("INV-06", clients.Repeats, "quickbooks_online"),
        ("INV-16", clients.SpendsRefunds, "quickbooks_online"),
        ("INV-19", clients.AddsChanges, "quickbooks_online"),
        ("INV-20", clients.Watermark, "quickbooks_online"),
        ("INV-28", clients.OneWay, "quickbooks_online"),
        ("INV-37", clients.FirstWord, "quickbooks_online"),
        ("INV-46", clients.Shared, "quickbooks_online"),
        ("INV-49", clients.FirstPage, "quickbooks_online"),
        ("INV-55", clients.GivesUp, "quickbooks_online"),
        ("INV-64", clients.Counts, "quickbooks_online"),
        ("INV-65", clients.ChargesRefunds, "xero"),
        ("INV-66", clients.Thousands, "quickbooks_online"),
        ("INV-68", clients.ByName, "quickbooks_online"),
        ("INV-69", clients.LocalDay, "quickbooks_online"),
        ("INV-73", clients.Revives, "quickbooks_online"),
        ("INV-74", clients.ForgetsTheMode, "xero"),
    ],
)
def test_a_bug_that_a_plain_run_hides_shows_in_its_other_shape(rule: str, driver: type[Any], platform: str) -> None:
    examples = asked(subject_of_class(driver), platform, rule)
    hidden = [judged(driver, platform, plain(example.data)) for example in examples]
    assert not any(verdict.findings for verdict in hidden)
    shown = [judged(driver, platform, example.data) for example in examples]
    assert any(verdict.findings for verdict in shown)


@pytest.mark.parametrize(("rule", "driver"), [("INV-18", clients.AddsChanges), ("INV-67", clients.FirstLine)])
def test_a_bug_in_the_run_itself_is_told_before_its_relation_is_asked(rule: str, driver: type[Any]) -> None:
    example = asked(subject_of_class(driver), "quickbooks_online", rule)[0]
    verdict = judged(driver, "quickbooks_online", example.data)
    assert verdict.findings
    assert rule not in verdict.findings[0].invariants or rule == "INV-18"


@pytest.mark.parametrize("platform", ["quickbooks_online", "xero"])
@pytest.mark.parametrize("driver", [Driver, HubDriver, clients.TwoModes])
def test_clients_that_are_right_keep_every_relation(driver: type[Any], platform: str) -> None:
    subject = subject_of_class(driver)
    judge = Judge(subject)
    for example in relations(Menu(platform, subject.verbs, subject.through_hub)):
        verdict = judge.judge(scenario_of(example.data, platform))
        assert not verdict.trouble, example.about
        assert not verdict.findings, example.about


@pytest.mark.parametrize("platform", sorted(set(PLATFORMS) - {"quickbooks_online", "xero"}))
def test_the_bundled_hub_keeps_every_relation(platform: str) -> None:
    subject = subject_of_class(Hub)
    judge = Judge(subject)
    for example in relations(Menu(platform, subject.verbs, subject.through_hub)):
        verdict = judge.judge(scenario_of(example.data, platform))
        assert not verdict.findings, example.about


def test_what_the_relation_itself_finds_is_told_under_its_rule() -> None:
    example = asked(subject_of_class(clients.Watermark), "quickbooks_online", "INV-20")[0]
    (finding,) = judged(clients.Watermark, "quickbooks_online", example.data).findings
    assert finding.invariants == ("INV-20",)
    assert finding.title.startswith("In another order or other batches the same work moves other amounts")
    assert {str(row.account) for row in finding.table} >= {"Travel"}


def test_every_relation_of_the_audit_has_a_shape() -> None:
    assert set(SHAPES) == set(RELATIONS)


def test_a_relation_of_a_run_with_faults_is_not_asked() -> None:
    example = asked(subject_of_class(Careful), "quickbooks_online", "INV-20")[0]
    fault: Data = {"fault": {"throttle": {"at": {"write": "r-01"}}}}
    steps = example.data["steps"]
    disturbed = {**example.data, "steps": [*steps[:2], fault, *steps[2:]]}
    assert related_of(scenario_of(example.data, "quickbooks_online")) is not None
    assert related_of(scenario_of(disturbed, "quickbooks_online")) is None


def test_a_finding_of_a_relation_is_made_small_and_shown_again_by_its_file_in_a_fresh_process(tmp_path: Path) -> None:
    subject = subject_of_class(clients.Watermark)
    campaign = Campaign(subject, "quickbooks_online", Options(folder=tmp_path))
    campaign._try(asked(subject, "quickbooks_online", "INV-20")[0])
    (found,) = campaign.found
    assert found.file is not None
    assert len([step for step in found.data["steps"] if "push" in step]) == 1
    assert found.data["relation"] == "INV-20"
    for driver, code in (("tests.harness.related_clients:Watermark", 1), ("tests.harness.small_clients:Careful", 0)):
        command = [sys.executable, "-m", "sandbooks", "replay", str(found.file), "--driver", driver, "--quiet"]
        paths = f"{ROOT / 'simulator'}:{ROOT}"
        done = subprocess.run(command, env={"PYTHONPATH": paths}, cwd=ROOT, capture_output=True, check=False)
        assert done.returncode == code, done.stdout


def test_a_campaign_asks_relations_before_chance(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    campaign = Campaign(subject_of_class(Careful), "quickbooks_online", Options(examples=200))
    monkeypatch.setattr(campaign, "_try", lambda one: seen.append(one.data.get("relation", one.about)))
    monkeypatch.setattr(campaign, "_asked_once", lambda: iter(()))
    monkeypatch.setattr(campaign, "_draw", lambda: None)
    campaign.run()
    applying = {"INV-06", "INV-16", "INV-20", "INV-28", "INV-46", "INV-55", "INV-64", "INV-66", "INV-67", "INV-68"}
    assert applying <= set(seen)
    assert "INV-65" not in seen, "a driver of one platform has no other"
