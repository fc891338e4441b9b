"""Accepted findings: told, but nobody is held up, until their end date."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from sandbooks.audit import Finding
from sandbooks.cli.main import main
from sandbooks.harness.accepting import read_accepted, weighed
from sandbooks.settings import FileInvalid

FINDING = Finding(
    title="The payment r-01 stands in the books twice.",
    message="",
    invariants=("INV-01", "INV-09"),
    failure_modes=(),
    platform="Xero",
    company="Acme",
    transaction="r-01",
)
FILE = """accepted:
  - {rule: INV-09, platform: xero, reason: Ticket 4711, until: 2026-11-30}
  - {rule: INV-01, title: stands in the BOOKS, reason: Ticket 4712, until: 2026-12-31}
"""


def entries(tmp_path: Path, text: str = FILE) -> Path:
    path = tmp_path / "accepted.yaml"
    path.write_text(text)
    return path


@pytest.mark.parametrize(
    ("day", "reason", "counts"),
    [("2026-11-30", "Ticket 4712", False), ("2026-12-31", "Ticket 4712", False), ("2027-01-01", "Ticket 4712", True)],
)
def test_an_accepted_finding_counts_again_after_its_end(tmp_path: Path, day: str, reason: str, counts: bool) -> None:
    found = weighed(FINDING, read_accepted(entries(tmp_path)), today=date.fromisoformat(day))
    assert found.accepted is not None
    assert (found.accepted.reason, found.counts) == (reason, counts)


def test_another_platform_or_another_rule_is_not_accepted(tmp_path: Path) -> None:
    listed = read_accepted(entries(tmp_path))
    elsewhere = replace(FINDING, platform="FreeAgent", title="Something else is wrong.")
    other = replace(FINDING, invariants=("INV-40",))
    assert all(weighed(one, listed, today=date(2026, 1, 1)).counts for one in (elsewhere, other))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[]", "1:1: There is no list `accepted`"),
        ("accepted:\n  - {rule: INV-01, until: 2026-12-31}", "2:5: `reason` is missing"),
        ("accepted:\n  - {rule: INV-01, reason: x, until: soon}", "2:31: Is no date"),
        ("accepted:\n  - {rule: INV-01, reason: x, until: 2026-12-31, platfrom: xero}", "Did you mean `platform`"),
        ("accepted: [INV-01]", "Is no entry"),
    ],
)
def test_a_file_with_an_error_names_line_and_remedy(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(FileInvalid) as raised:
        read_accepted(entries(tmp_path, text))
    assert said in str(raised.value)


@pytest.mark.parametrize(("until", "code"), [("2999-01-01", 0), ("2001-01-01", 1)])
def test_accepted_findings_hold_nobody_up_until_their_end(tmp_path: Path, until: str, code: int) -> None:
    rules = [f"INV-{number:02d}" for number in range(1, 75)]
    listed = "\n".join(f"  - {{rule: {rule}, reason: Ticket 4711, until: {until}}}" for rule in rules)
    path = entries(tmp_path, f"accepted:\n{listed}\n")
    report = ["--report", str(tmp_path / "report"), "--accept", str(path)]
    driver = "tests.harness.small_clients:Hasty"
    result = CliRunner().invoke(main, ["check", driver, "--platform", "qbo", "--examples", "25", *report])
    assert result.exit_code == code, result.output
    assert "stands in the books twice" in result.output
    assert ("accepted: " in result.output) is (code == 0)


@pytest.mark.parametrize("written", ["quickbooks_online", "qbo", "QuickBooks Online"])
def test_a_platform_is_named_as_everywhere_else(tmp_path: Path, written: str) -> None:
    file = tmp_path / "accepted.yaml"
    file.write_text(f"accepted:\n  - {{rule: INV-09, platform: {written}, reason: Ticket 4711, until: 2026-11-30}}\n")
    (entry,) = read_accepted(file)
    assert entry.fits(replace(FINDING, platform="QuickBooks Online"))
    assert not entry.fits(replace(FINDING, platform="Xero"))


def test_a_platform_that_there_is_not_is_told(tmp_path: Path) -> None:
    file = tmp_path / "accepted.yaml"
    file.write_text("accepted:\n  - {rule: INV-09, platform: xerro, reason: Ticket 4711, until: 2026-11-30}\n")
    with pytest.raises(FileInvalid, match="There is no platform xerro"):
        read_accepted(file)
