"""What a run of GitHub Actions shows: an annotation for each finding, and a summary on the page of the run.

Source: https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import click
from msgspec import Struct

ESCAPES = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
PROPERTY_ESCAPES = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})


class Note(Struct, frozen=True):
    """One thing that a reader should see. ``accepted``: it is known and holds nobody up."""

    title: str
    text: str
    platform: str = ""
    rules: Sequence[str] = ()
    file: str = ""
    line: int = 0
    command: str = ""
    accepted: str = ""


def tell_github(notes: Iterable[Note], headline: str, *, environment: Mapping[str, str] | None = None) -> None:
    """Annotate and summarise where this is a run of GitHub Actions; nothing elsewhere."""
    known = os.environ if environment is None else environment
    if known.get("GITHUB_ACTIONS") != "true":
        return
    listed = list(notes)
    for note in listed:
        click.echo(annotation(note))
    summary = known.get("GITHUB_STEP_SUMMARY")
    if summary:
        with Path(summary).open("a", encoding="utf-8") as file:
            file.write(markdown(listed, headline))


def annotation(note: Note) -> str:
    """The workflow command of one note: an error, or a notice where it is accepted."""
    facts = {"file": note.file, "line": str(note.line or ""), "title": note.title}
    properties = ",".join(f"{name}={value.translate(PROPERTY_ESCAPES)}" for name, value in facts.items() if value)
    return f"::{'notice' if note.accepted else 'error'} {properties}::{note.text.translate(ESCAPES)}"


def markdown(notes: Sequence[Note], headline: str) -> str:
    """The summary: a headline and a table."""
    lines = [f"### {headline}", ""]
    if notes:
        lines += ["| Platform | What is wrong | Rules | See it again |", "|---|---|---|---|"]
    for note in notes:
        known = f"<br>accepted: {_cell(note.accepted)}" if note.accepted else ""
        again = f"`{note.command}`" if note.command else ""
        lines.append(f"| {_cell(note.platform)} | {_cell(note.title)}{known} | {', '.join(note.rules)} | {again} |")
    return "\n".join([*lines, "", ""])


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
