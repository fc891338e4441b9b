"""What the README promises is true: its table is generated, its commands exist, its links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import click

from sandbooks.cli import main
from sandbooks.cli.simulated import table

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]


def test_the_table_is_what_the_declarations_say() -> None:
    between = README.partition("<!-- generated: platforms -->\n")[2].partition("<!-- end: platforms -->")[0]
    assert between == table(), "run `make readme`"


def test_every_command_shown_exists() -> None:
    shown = re.findall(r"^\$ sandbooks (\w+)", README, flags=re.MULTILINE)
    assert shown
    context = click.Context(main)
    assert [name for name in shown if main.get_command(context, name) is None] == []


def test_every_link_to_a_file_leads_to_one() -> None:
    for page in PAGES:
        links = re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8"))
        assert [link for link in links if not (page.parent / link).exists()] == [], page.name
