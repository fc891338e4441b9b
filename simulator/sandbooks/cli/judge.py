"""Judge: replay scenario files, and lint them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec import structs

from sandbooks.cli.look import json_option, show

if TYPE_CHECKING:
    from sandbooks.replay.result import Result
    from sandbooks.replay.script_steps import Scenario

TITLE_WIDTH_MIN = 32
paths_argument = click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))


@click.command()
@paths_argument
@click.option("--platform", "platforms", multiple=True, help="Only on these platforms.")
@click.option("--base-url", default="", help="Play on a running server instead of in this process.")
@click.option("--driver", default="", help="Play through your program: package.module:Class or http://….")
@click.option("--seed", type=int, help="Another seed than the file's.")
@click.option(
    "--report", type=click.Path(file_okay=False, path_type=Path), help="Write an HTML report, tapes and HARs here."
)
@click.option("--junit", type=click.Path(dir_okay=False, path_type=Path), help="Write JUnit XML here.")
@click.option("--quiet", is_flag=True, help="Print failures only.")
@click.option(
    "--step", "stepwise", is_flag=True, help="Walk through one run, back and forth: requests and books at each step."
)
@json_option
def replay(
    paths: tuple[Path, ...],
    platforms: tuple[str, ...],
    base_url: str,
    driver: str,
    seed: int | None,
    report: Path | None,
    junit: Path | None,
    quiet: bool,
    stepwise: bool,
    as_json: bool,
) -> None:
    """Replay scenario files (or folders of them) and say what came of each.

    Ends with 0 when everything held, 1 when something did not, 2 when a file cannot be read.
    """
    runs = scenario_runs(paths, platforms)
    if stepwise:
        from sandbooks.cli.stepping import walk

        if driver:
            raise click.UsageError("--step walks the bundled hub's runs; --driver has none")
        raise SystemExit(walk(runs, base_url=base_url, seed=seed))
    play = _player(base_url, driver, seed)
    results = [play(run) for run in _with_progress(runs, quiet=quiet)]
    if not show([_result_json(result) for result in results], as_json=as_json):
        _table(results, quiet=quiet)
    if report or junit:
        from sandbooks.replay.reports import write_junit, write_report

        if report:
            write_report(results, report)
            click.echo(f"report: {report / 'index.html'}", err=as_json)
        if junit:
            write_junit(results, junit)
    _tell_github(results)
    raise SystemExit(0 if all(result.passed for result in results) else 1)


def _result_json(result: Result) -> dict[str, object]:
    """What came of one run, for a machine."""
    scenario = result.scenario
    return {
        "scenario": scenario.title,
        "file": str(scenario.file),
        "platform": scenario.platform,
        "values": dict(scenario.values),
        "passed": result.passed,
        "problems": result.problems,
    }


def _tell_github(results: list[Result]) -> None:
    from sandbooks.cli.github import Note, tell_github

    notes = [
        Note(
            title=result.scenario.title,
            text="\n".join(result.problems),
            platform=result.scenario.platform,
            rules=result.scenario.covers,
            file=str(result.scenario.file),
            command=f"sandbooks replay {result.scenario.file} --platform {result.scenario.platform}",
        )
        for result in results
        if not result.passed
    ]
    tell_github(notes, f"sandbooks replay: {len(results) - len(notes)} passed, {len(notes)} failed")


def _player(base_url: str, driver: str, seed: int | None) -> Callable[[Scenario], Result]:
    """What plays one run: the bundled hub, in this process or on a server, or a driver."""
    if not driver:
        from sandbooks.replay.playing import play

        return partial(play, base_url=base_url, seed=seed)
    if base_url:
        raise click.UsageError("--driver and --base-url do not go together: a driver is told its own address")
    from sandbooks.harness.driver import DriverFailed, DriverUnusable
    from sandbooks.harness.replaying import play_driven
    from sandbooks.harness.subject import subject_of

    def driven(run: Scenario) -> Result:
        try:
            return play_driven(run, subject_of(driver), seed=seed)
        except (DriverUnusable, DriverFailed) as error:
            raise click.UsageError(f"the driver cannot be used: {error}") from error

    return driven


def scenario_runs(paths: Iterable[Path], platforms: tuple[str, ...]) -> list[Scenario]:
    """Every run of scenario files or folders; says what is wrong with a file and exits with 2."""
    from sandbooks.replay.script import read_scenario, scenario_files
    from sandbooks.settings import FileInvalid

    wanted = [platform_name(name) for name in platforms]
    found: list[Scenario] = []
    for path in paths:
        try:
            for file in scenario_files(_existing(path)):
                found += read_scenario(file).runs(wanted)
        except FileInvalid as error:
            click.echo(str(error), err=True)
            raise SystemExit(2) from error
    if not found:
        raise click.UsageError("no scenario is left to replay; check the paths and --platform")
    return found


def _existing(path: Path) -> Path:
    """The path as given, or the same below the scenarios that the package ships."""
    from sandbooks.settings import scenarios_root

    if path.exists():
        return path
    shipped = scenarios_root() / Path(*[part for part in path.parts if part != "scenarios"])
    if shipped.exists():
        return shipped
    raise click.UsageError(f"there is no {path}, here or among the scenarios that come with Sandbooks")


def platform_name(name: str) -> str:
    from sandbooks.platform import platform_named

    try:
        return platform_named(name).name
    except LookupError as error:
        raise click.UsageError(str(error)) from error


def _with_progress(runs: list[Scenario], *, quiet: bool) -> Iterable[Scenario]:
    if quiet:
        return runs
    from rich.console import Console
    from rich.progress import track

    return track(runs, description="Replaying", console=Console(stderr=True))


def _table(results: list[Result], *, quiet: bool) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    if not quiet:
        platforms = list(dict.fromkeys(result.scenario.platform for result in results))
        headings, caption = _headings(platforms, console.width)
        table = Table("scenario", *headings, title="Sandbooks replay", caption=caption)
        for title in dict.fromkeys(result.scenario.title for result in results):
            table.add_row(title, *(_cell(results, title, platform) for platform in platforms))
        console.print(table)
    failed = [result for result in results if not result.passed]
    for result in failed:
        console.print(
            f"[bold red]failed[/] {result.scenario.file} on {result.scenario.platform}", highlight=False, soft_wrap=True
        )
        for problem in result.problems:
            console.print(f"  {problem}", highlight=False, markup=False, soft_wrap=True)
    console.print(f"{len(results) - len(failed)} passed, {len(failed)} failed", highlight=False)


def _headings(platforms: list[str], width: int) -> tuple[list[str], str | None]:
    """The platforms as column headings; numbers and their key where a title would be left with too little room."""
    if sum(len(name) + 3 for name in platforms) + TITLE_WIDTH_MIN <= width:
        return platforms, None
    numbered = [(str(number), name) for number, name in enumerate(platforms, start=1)]
    return [number for number, _ in numbered], "  ".join(f"{number} {name}" for number, name in numbered)


def _cell(results: list[Result], title: str, platform: str) -> str:
    here = [r for r in results if r.scenario.title == title and r.scenario.platform == platform]
    if not here:
        return ""
    bad = sum(not r.passed for r in here)
    count = f" x{len(here)}" if len(here) > 1 else ""
    return f"[red]{bad} failed[/]" if bad else f"[green]ok[/]{count}"


@click.command()
@paths_argument
@json_option
def lint(paths: tuple[Path, ...], as_json: bool) -> None:
    """Say what is wrong with scenario files, where, and what to write instead.

    Ends with 0 when nothing is, 1 when something is, 2 when there is no such file.
    """
    from sandbooks.replay.lint import lint as lint_file
    from sandbooks.replay.script import scenario_files

    files = [file for path in paths for file in scenario_files(_existing(path))]
    problems = [problem for file in files for problem in lint_file(file)]
    if not show([structs.asdict(problem) for problem in problems], as_json=as_json):
        for problem in problems:
            click.echo(str(problem))
        click.echo(f"{len(files)} file(s), {len(problems)} problem(s)")
    raise SystemExit(1 if problems else 0)
