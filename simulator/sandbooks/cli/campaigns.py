"""Judge a program of your own: ``check`` draws campaigns, ``sweep`` tries every fault of one scenario."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sandbooks.cli.github import tell_github

if TYPE_CHECKING:
    from sandbooks.audit import Finding
    from sandbooks.cli.github import Note
    from sandbooks.harness.accepting import Accepted
    from sandbooks.harness.campaign import Campaign, Options
    from sandbooks.harness.subject import Subject
    from sandbooks.harness.sweep import Sweep, Swept
    from sandbooks.replay.script_steps import Scenario

FOLDER = Path("sandbooks-findings")
PATIENCE_HELP = "How long the program may do nothing before it counts as hanging: 60s, 2m."
ACCEPT_HELP = "A file of findings that are known and accepted for a while, each with a reason and an end date."


def faults_of(context: click.Context, option: click.Parameter, value: str) -> frozenset[str] | None:
    """``all`` (None), ``none`` (empty) or names. Raises ``click.BadParameter``."""
    from sandbooks.harness.campaign import known_faults

    if value == "all":
        return None
    if value == "none":
        return frozenset()
    wanted = frozenset(name.strip() for name in value.split(",") if name.strip())
    unknown = wanted - known_faults()
    if unknown:
        known = ", ".join(sorted(known_faults()))
        raise click.BadParameter(f"there is no fault {', '.join(sorted(unknown))}; there is {known}")
    return wanted


def seconds_of(context: click.Context, option: click.Parameter, value: str | None) -> float | None:
    """``90``, ``90s``, ``5m`` or ``1h`` as seconds."""
    from sandbooks.world.clock import parse_duration

    if value is None:
        return None
    try:
        return float(parse_duration(f"{value}s" if value.replace(".", "", 1).isdigit() else value).total_seconds())
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


@click.command()
@click.argument("driver")
@click.option("--platform", "platforms", multiple=True, help="Only on these platforms. Default: all that it takes.")
@click.option("--faults", default="all", callback=faults_of, show_default=True, help="all, none, or NAME,…")
@click.option("--examples", default=200, show_default=True, type=click.IntRange(1), help="Runs for each platform.")
@click.option("--seed", default=0, show_default=True, type=int, help="Another seed draws other examples.")
@click.option("--time-limit", callback=seconds_of, help="Stop after this long in all: 60s, 5m.")
@click.option("--patience", default="2m", callback=seconds_of, show_default=True, help=PATIENCE_HELP)
@click.option("--report", type=click.Path(file_okay=False, path_type=Path), help="Write an HTML report here.")
@click.option("--junit", type=click.Path(dir_okay=False, path_type=Path), help="Write JUnit XML here.")
@click.option("--accept", type=click.Path(exists=True, dir_okay=False, path_type=Path), help=ACCEPT_HELP)
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
def check(
    driver: str,
    platforms: tuple[str, ...],
    faults: frozenset[str] | None,
    examples: int,
    seed: int,
    time_limit: float | None,
    patience: float,
    report: Path | None,
    junit: Path | None,
    accept: Path | None,
    as_json: bool,
) -> None:
    """Drive your program through hundreds of days at the office and audit its books.

    DRIVER is package.module:Class or http://host:port; contracts/driver.yaml says what it must have. Every finding is
    made small and written as a scenario that `sandbooks replay FILE --driver DRIVER` plays again.

    Ends with 0 when the books were always right, 1 when they were not, 2 when the driver cannot be used.
    """
    import_module("hypothesis")  # most examples are drawn with it: say so before any is played
    from sandbooks.harness.campaign import Options
    from sandbooks.harness.driver import DriverFailed, DriverUnusable

    entries = accepted_entries(accept)
    try:
        subject = _subject(driver, patience)
        wanted = _platforms(subject, platforms)
        limit = None if time_limit is None else time_limit / len(wanted)
        folder = (report / "scenarios") if report else FOLDER
        options = Options(examples=examples, seed=seed, faults=faults, seconds=limit, folder=folder)
        campaigns = _campaigns(subject, wanted, options, quiet=as_json)
    except (DriverUnusable, DriverFailed) as error:
        click.echo(f"the driver cannot be used: {error}", err=True)
        raise SystemExit(2) from error
    _told(campaigns, as_json=as_json)
    if report or junit:
        _reports(campaigns, report, junit)
    told = [told_about(found.finding, entries, file=found.file) for campaign in campaigns for found in campaign.found]
    tell_github([note for note, _ in told], f"sandbooks check {driver}: {len(told)} finding(s)")
    for note, _ in told:
        if note.accepted:
            click.echo(f"accepted: {note.title} ({note.accepted})", err=True)
    raise SystemExit(1 if any(counts for _, counts in told) else 0)


def accepted_entries(file: Path | None) -> tuple[Accepted, ...]:
    """The entries of the file of accepted findings; ends the command with 2 where it cannot be read."""
    from sandbooks.harness.accepting import read_accepted
    from sandbooks.settings import FileInvalid

    try:
        return read_accepted(file) if file else ()
    except FileInvalid as error:
        click.echo(str(error), err=True)
        raise SystemExit(2) from error


def told_about(finding: Finding, entries: tuple[Accepted, ...], *, file: Path | None) -> tuple[Note, bool]:
    """A finding as GitHub shows it, and whether it counts today."""
    from datetime import UTC, datetime

    from sandbooks.cli.github import Note
    from sandbooks.harness.accepting import weighed

    today = datetime.now(UTC).date()  # noqa: TID251 - an end date is a promise of people, in their own days
    known = weighed(finding, entries, today=today)
    reason = f"{known.accepted.reason}, until {known.accepted.until}" if known.accepted and not known.ended else ""
    note = Note(
        title=finding.title,
        text=finding.message or finding.title,
        platform=finding.platform,
        rules=finding.invariants,
        file=str(file or ""),
        command=finding.command,
        accepted=reason,
    )
    return note, known.counts


def _subject(driver: str, patience: float = 120.0) -> Subject:
    from sandbooks.harness.subject import subject_of

    return subject_of(driver, silence=patience)


def _platforms(subject: Subject, named: tuple[str, ...]) -> list[str]:
    from sandbooks.cli.judge import platform_name

    wanted = [platform_name(name) for name in named if name != "codat"]
    return wanted or list(subject.platforms)


def _campaigns(subject: Subject, platforms: list[str], options: Options, *, quiet: bool) -> list[Campaign]:
    """One campaign after the other, until the program hangs and does not come back."""
    done: list[Campaign] = []
    for platform in platforms:
        done.append(_campaign(subject, platform, options, quiet=quiet))
        if done[-1].is_stuck:
            break
    return done


def _campaign(subject: Subject, platform: str, options: Options, *, quiet: bool) -> Campaign:
    from rich.console import Console
    from rich.progress import Progress

    from sandbooks.harness.campaign import Campaign

    console = Console(stderr=True, quiet=quiet)
    with Progress(console=console, transient=True) as progress:
        task = progress.add_task(platform, total=options.examples)
        campaign = Campaign(subject, platform, options, lambda done: progress.update(task, completed=done))
        return campaign.run()


def _told(campaigns: list[Campaign], *, as_json: bool) -> None:
    from sandbooks.audit import print_findings

    if as_json:
        click.echo(json.dumps([_data(campaign) for campaign in campaigns], ensure_ascii=False, indent=2))
        return
    findings = [found.finding for campaign in campaigns for found in campaign.found]
    if findings:
        click.echo(print_findings(findings))
    for campaign in campaigns:
        click.echo(_line(campaign))


def _line(campaign: Campaign) -> str:
    done = campaign.outcomes.get("Completed", 0)
    rest = sum(campaign.outcomes.values()) - done
    told = f"{campaign.platform}: {campaign.played} examples in {campaign.seconds:.0f} s, {done} transactions completed"
    told += f", {rest} not" if rest else ""
    skipped = sum(campaign.unplayable.values())
    if skipped:
        first = max(campaign.unplayable, key=lambda why: campaign.unplayable[why])
        told += f"; {skipped} could not be played (mostly: {first})"
    if not done:
        told += "; NOTHING was completed, so that little has been shown"
    elif campaign.never_completed:
        told += f"; completed were {_listed(campaign.never_completed)}"
    if campaign.is_stuck:
        told += "; the program HANGS, so that nothing more was tried: start it again"
    again = sum(found.also for found in campaign.found)
    told += f"; {len(campaign.found)} findings" if campaign.found else "; no finding"
    return told + (f", met {again} more times" if again else "")


def _listed(never: dict[str, int]) -> str:
    return " and ".join(f"NONE of {tried} {kind}s" for kind, tried in never.items())


def _data(campaign: Campaign) -> dict[str, Any]:
    from sandbooks.audit import finding_data

    return {
        "platform": campaign.platform,
        "examples": campaign.played,
        "seconds": round(campaign.seconds, 2),
        "outcomes": campaign.outcomes,
        "never_completed": campaign.never_completed,
        "unplayable": campaign.unplayable,
        "findings": [
            {
                **finding_data(found.finding, number),
                "scenario": str(found.file) if found.file else None,
                "example": found.number,
                "seconds": round(found.seconds, 2),
                "about": found.about,
                "met_again": found.also,
            }
            for number, found in enumerate(campaign.found, 1)
        ],
    }


def _reports(campaigns: list[Campaign], report: Path | None, junit: Path | None) -> None:
    from sandbooks.replay.reports import write_junit, write_report

    reported = [campaign.report(found) for campaign in campaigns for found in campaign.found]
    results = [result for result in reported if result is not None]
    results += [result for campaign in campaigns if not campaign.found and (result := campaign.sound()) is not None]
    if report:
        write_report(results, report)
        click.echo(f"report: {report / 'index.html'}", err=True)
    if junit:
        write_junit(results, junit)


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--driver", default="sandbooks.harness.hub_driver:Hub", help="Your program. Default: the bundled hub.")
@click.option("--platform", "platforms", multiple=True, help="Only on these platforms.")
@click.option("--faults", default="all", callback=faults_of, show_default=True, help="all, or NAME,…")
@click.option("--depth", default=1, show_default=True, type=click.IntRange(1, 2), help="How many faults at once.")
@click.option("--processes", default=1, show_default=True, type=click.IntRange(1), help="How many play runs at once.")
@click.option("--report", type=click.Path(file_okay=False, path_type=Path), help="Write an HTML report here.")
@click.option("--junit", type=click.Path(dir_okay=False, path_type=Path), help="Write JUnit XML here.")
def sweep(
    paths: tuple[Path, ...],
    driver: str,
    platforms: tuple[str, ...],
    faults: frozenset[str] | None,
    depth: int,
    processes: int,
    report: Path | None,
    junit: Path | None,
) -> None:
    """Run scenarios once as they are, then once for each fault at each exchange and phase.

    The smallest schedule that leaves wrong books behind is told and written as a scenario of its own. Ends with 0 when
    there is none, 1 when there is, 2 when a file or the driver cannot be used. With several --processes your program
    runs several times at once: it must keep nothing outside of itself, such as a file of one name.
    """
    from sandbooks.cli.judge import scenario_runs
    from sandbooks.harness.driver import DriverFailed, DriverUnusable
    from sandbooks.harness.sweep import Sweep

    try:
        subject = _subject(driver)
        engine = Sweep(subject, faults or frozenset(), depth, kills=faults is None, processes=processes)
        runs = [run for run in scenario_runs(paths, platforms) if run.platform in subject.platforms]
        swept = [_swept(engine, run) for run in runs]
    except (DriverUnusable, DriverFailed) as error:
        click.echo(f"the driver cannot be used: {error}", err=True)
        raise SystemExit(2) from error
    wrong = [_tell_swept(one, subject, report or FOLDER) for one in swept]
    if report or junit:
        _report_swept(swept, subject, report, junit)
    raise SystemExit(1 if any(wrong) else 0)


def _swept(engine: Sweep, scenario: Scenario) -> Swept:
    from rich.console import Console
    from rich.progress import Progress

    # Without a thread of its own: a process with threads cannot be copied for further ones.
    with Progress(console=Console(stderr=True), transient=True, auto_refresh=False) as progress:
        task = progress.add_task(f"{Path(scenario.file).stem} on {scenario.platform}", total=None)
        return engine.run(scenario, lambda done, of: progress.update(task, completed=done, total=of, refresh=True))


def _tell_swept(swept: Swept, subject: Subject, folder: Path) -> bool:
    """One scenario's line, and the smallest failing schedule; whether there is one."""
    from sandbooks.audit import print_findings

    where = f"{swept.scenario.file} on {swept.scenario.platform}"
    if swept.first.trouble:
        click.echo(f"{where}: cannot be swept: {swept.first.trouble}")
        return False
    if swept.first.findings:
        click.echo(f"{where}: wrong without any fault")
        click.echo(print_findings(swept.first.findings))
        return True
    told = f"{swept.runs} runs under faults: {swept.right} ended as without, {swept.gave_up} gave up and said so"
    told += f", {len(swept.failing)} went wrong"
    told += f", {swept.never_met} never met their exchange again" if swept.never_met else ""
    click.echo(f"{where}: {told}")
    if swept.failing:
        schedule, verdict = swept.failing[0]
        click.echo(f"smallest failing schedule: {'; '.join(map(str, schedule))}")
        file = swept.write(folder)
        command = f"sandbooks replay {file} --driver {subject.text}"
        click.echo(print_findings([replace(finding, command=command) for finding in verdict.findings]))
    return bool(swept.failing)


def _report_swept(swept: list[Swept], subject: Subject, report: Path | None, junit: Path | None) -> None:
    from sandbooks.harness.judging import Judge
    from sandbooks.replay.reports import write_junit, write_report

    judge = Judge(subject)
    results = [judge.judge(one.shown, report=True).result for one in swept]
    known = [result for result in results if result is not None]
    if report:
        write_report(known, report)
        click.echo(f"report: {report / 'index.html'}", err=True)
    if junit:
        write_junit(known, junit)
