"""``--config``: the worlds that a file asks for, checked before one of them is opened."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sandbooks.control.bodies import problems_of
from sandbooks.control.errors import ControlError
from sandbooks.platform import platforms
from sandbooks.settings import Document, FileInvalid, NodePath, Problem, read_document

if TYPE_CHECKING:
    from sandbooks.app import App

_EXAMPLE = "Write `worlds:` and below it `- name: second`, with what WorldRequest in contracts/control.yaml has."


def configured_worlds(config: Path) -> list[dict[str, Any]]:
    """Each world as a ``WorldRequest``. Raises ``UsageError`` that names file, line and remedy."""
    try:
        document = read_document(config)
    except FileInvalid as error:
        raise click.UsageError(str(error)) from error
    found = _named_in_full(document.data)
    problems = list(_problems(document, found))
    if problems:
        raise click.UsageError("\n".join(map(str, problems)))
    worlds: list[dict[str, Any]] = found["worlds"]
    return worlds


def open_configured(app: App, wanted: dict[str, Any], config: Path) -> None:
    """Make one world of a file. Raises ``UsageError`` that names file, line and remedy."""
    from sandbooks.control.worlds import create

    try:
        create(app, wanted)
    except ControlError as error:
        document = read_document(config)
        named = [number for number, world in enumerate(document.data["worlds"]) if world["name"] == wanted["name"]]
        told = f"World `{wanted['name']}`: {error.message}."
        problem = document.problem(("worlds", named[-1]), told, remedy=f"{error.remedy[:1].upper()}{error.remedy[1:]}.")
        raise click.UsageError(str(problem)) from error


def _problems(document: Document, data: Any) -> list[Problem]:
    if not isinstance(data, dict) or not isinstance(data.get("worlds"), list):
        return [document.problem((), "The file lists no worlds.", remedy=_EXAMPLE)]
    unknown = [name for name in data if name != "worlds"]
    found = [document.problem((name,), f"Unknown key `{name}`.", remedy="Use `worlds`.") for name in unknown]
    for number, world in enumerate(data["worlds"]):
        for where, message in problems_of("WorldRequest", world):
            path: NodePath = ("worlds", number, *where)
            found.append(document.problem(path, f"{message}.", remedy="See WorldRequest in contracts/control.yaml."))
    return found


def _named_in_full(value: Any) -> Any:
    """The same with the short names of platforms written out."""
    aliases = {alias: platform.name for platform in platforms().values() for alias in platform.aliases}
    if isinstance(value, list):
        return [_named_in_full(each) for each in value]
    if not isinstance(value, dict):
        return value
    full = {name: _named_in_full(inner) for name, inner in value.items()}
    if isinstance(full.get("platform"), str):
        full["platform"] = aliases.get(full["platform"], full["platform"])
    return full
