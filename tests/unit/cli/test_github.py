"""Annotations and summaries for GitHub Actions."""

from __future__ import annotations

from pathlib import Path

import pytest

from sandbooks.cli.github import Note, annotation, tell_github

NOTE = Note(
    title="The payment r-01, of 5.00 GBP: twice",
    text="100 % sure\nlook",
    platform="xero",
    rules=("INV-01",),
    file="found.yaml",
    line=3,
    command="sandbooks replay found.yaml",
)


def test_a_finding_is_an_annotation_with_its_file_and_line() -> None:
    assert annotation(NOTE) == (
        "::error file=found.yaml,line=3,title=The payment r-01%2C of 5.00 GBP%3A twice::100 %25 sure%0Alook"
    )


def test_a_summary_is_added_where_the_run_keeps_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("before\n")
    known = Note("Known", "", accepted="Ticket | 4711")
    tell_github(
        [NOTE, known], "2 findings", environment={"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(summary)}
    )
    written = summary.read_text()
    assert written.startswith("before\n### 2 findings\n")
    assert "| xero | The payment r-01, of 5.00 GBP: twice | INV-01 | `sandbooks replay found.yaml` |" in written
    assert "accepted: Ticket \\| 4711" in written
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == ["::error", "::notice"]


def test_nothing_is_said_elsewhere(capsys: pytest.CaptureFixture[str]) -> None:
    tell_github([NOTE], "1 finding", environment={})
    assert capsys.readouterr().out == ""
