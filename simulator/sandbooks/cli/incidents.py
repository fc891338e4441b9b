"""``sandbooks record`` and ``sandbooks import`` of an archive or a log: from exchanges to a scenario file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sandbooks.cli.place import Place, at_place

if TYPE_CHECKING:
    from sandbooks.harness.incidents import Seen


def import_incident(file: Path, *, platform: str, currency: str, out: Path | None) -> None:
    """Write the scenario of one archive beside it, or where ``out`` says."""
    title = f"The incident recorded in {file.name}"
    _write(file.read_bytes(), title, platform=platform, currency=currency, out=out or file.with_suffix(".yaml"))


def import_log(file: Path, mapping: Path, *, platform: str, currency: str, out: Path | None) -> None:
    """Write the scenario of a log that a mapping tells how to read."""
    from sandbooks.app import App
    from sandbooks.harness.incidents import NotALog, read_log, read_mapping
    from sandbooks.settings import FileInvalid

    target = out or file.with_suffix(".yaml")
    if target.resolve() == mapping.resolve():
        raise click.UsageError(f"the scenario would take the place of the mapping {mapping}; say --out FILE")
    try:
        how = read_mapping(mapping)
        read = read_log(file.read_bytes(), how, surfaces=App().edge.surfaces_by_host())
    except (FileInvalid, NotALog) as error:
        raise click.ClickException(str(error)) from error
    _tell(read.seen, f"The incident logged in {file.name}", platform=platform, currency=currency, out=target)
    if read.left_out:
        click.echo(f"  left out: {read.left_out} record(s) that the mapping does not take for an exchange")


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--title", default="", help="The scenario's sentence.")
@click.option("--platform", default="", help="The platform behind the hub. Default: the one of the first company.")
@click.option("--currency", default="", help="Base currency of the company. Default: what the documents show.")
@at_place
def record(place: Place, file: Path, title: str, platform: str, currency: str) -> None:
    """Write FILE: a scenario of what your code has sent to the simulator so far, and of the faults that it met.

    Which requests were carried out is known here, so that nothing of it is guessed.
    """
    from sandbooks.platform import platform_named

    try:
        behind = platform_named(platform).name if platform else _first_platform(place)
    except LookupError as error:
        raise click.UsageError(str(error)) from error
    content = place.raw("GET", "/tape.har")
    _write(
        content, title or f"What was recorded in the world {place.world}", platform=behind, currency=currency, out=file
    )


def _first_platform(place: Place) -> str:
    """The platform behind the hub where there is one alone; empty leaves it to what was spoken to."""
    named = {company["platform"] for company in place.call("GET", "/companies")} - {"codat"}
    return named.pop() if len(named) == 1 else ""


def _write(content: bytes, title: str, *, platform: str, currency: str, out: Path) -> None:
    from sandbooks.app import App
    from sandbooks.harness.incidents import NotAnArchive, read_har

    try:
        seen = read_har(content, surfaces=App().edge.surfaces_by_host())
    except NotAnArchive as error:
        raise click.ClickException(str(error)) from error
    _tell(seen, title, platform=platform, currency=currency, out=out)


def _tell(seen: list[Seen], title: str, *, platform: str, currency: str, out: Path) -> None:
    from sandbooks.harness.incidents import NothingToTell, scenario_from

    try:
        told = scenario_from(seen, title=title, platform=platform, currency=currency)
    except NothingToTell as error:
        raise click.ClickException(str(error)) from error
    out.write_text(told.text, encoding="utf-8")
    click.echo(
        f"{out}: {sum('push' in step or 'bill' in step for step in told.data['steps'])} step(s) hand something over"
    )
    for guess in told.guesses:
        click.echo(f"  guessed: {guess}")
    for text in told.unread:
        click.echo(f"  not told: {text}")
    platform = told.data["platforms"][0]
    click.echo(f"see it: sandbooks replay {out} --driver package.module:YourDriver --platform {platform}")
