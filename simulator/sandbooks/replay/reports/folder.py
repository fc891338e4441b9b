"""The report folder: the page, the JUnit file, and a tape and a HAR for each run."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from sandbooks import exact_json
from sandbooks.replay.reports.junit import write_junit
from sandbooks.replay.reports.page import render_page
from sandbooks.replay.result import Result

NAME_LENGTH_MAX = 120  # leaves room for the endings below the 255 bytes that file systems allow


def write_report(results: Sequence[Result], folder: Path) -> None:
    """Write ``index.html``, ``junit.xml`` and, for each run, ``<name>.tape.jsonl`` and ``<name>.har``.

    The folder is made when it is not there; other files in it stay. Raises ``OSError``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    names = file_names(results)
    for result, name in zip(results, names, strict=True):
        (folder / f"{name}.tape.jsonl").write_bytes(result.tape)
        (folder / f"{name}.har").write_bytes(exact_json.dumps(result.har))
    write_junit(results, folder / "junit.xml")
    (folder / "index.html").write_text(render_page(results, file_names=names), encoding="utf-8")


def file_names(results: Sequence[Result]) -> list[str]:
    """One name for each run, safe on every file system and unlike the others: ``refund.xero.phase-commit``."""
    taken: set[str] = set()
    names = []
    for result in results:
        name = unique = safe(result.scenario.name)
        count = 1
        while unique.lower() in taken:
            count += 1
            unique = f"{name}.{count}"
        taken.add(unique.lower())
        names.append(unique)
    return names


def safe(text: str) -> str:
    """A text as a file name: letters, digits, dots, dashes and underscores."""
    plain = re.sub(r"[\[\]\s]+", ".", text)
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", plain).strip(".-")
    return plain[:NAME_LENGTH_MAX] or "run"
