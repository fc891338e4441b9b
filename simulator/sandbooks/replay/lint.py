"""Is a scenario file right, and does it say what its author means?

Every problem names file, line and remedy. A clean file may still fail when it is replayed; a file with problems would
fail for a reason that has nothing to do with the platforms.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from sandbooks.replay.lint_rules import STEP_RULES, WHOLE_RULES, Run
from sandbooks.replay.script import ScenarioFile, scenario_of, tables
from sandbooks.settings import Document, FileInvalid, Problem, parse_document, read_document


def lint(path: Path) -> list[Problem]:
    """Everything that is wrong with a scenario file, in the order of its lines; empty when it is right."""
    try:
        return lint_document(read_document(path))
    except FileInvalid as invalid:
        return list(invalid.problems)


def lint_text(text: str, file: str = "<text>") -> list[Problem]:
    """As ``lint``, for text."""
    try:
        return lint_document(parse_document(text, file))
    except FileInvalid as invalid:
        return list(invalid.problems)


def lint_document(document: Document) -> list[Problem]:
    """As ``lint``, for a document that has been read."""
    try:
        script = scenario_of(document)
        found = list(_problems(script))
    except FileInvalid as invalid:
        found = list(invalid.problems)
    return sorted(dict.fromkeys(found), key=lambda problem: (problem.line, problem.column))


def _problems(script: ScenarioFile) -> Iterable[Problem]:
    offered = tables(script.edition)
    for variant in script.variants:
        for platform in script.platforms:
            scenario, problems = script.attempt(platform, variant)
            yield from problems
            run = Run(script.document, scenario, offered[platform])
            for rule in STEP_RULES if problems else STEP_RULES + WHOLE_RULES:
                yield from rule(run)
