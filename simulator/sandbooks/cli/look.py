"""Look and act on a running server or a world file: companies, variables, clock, tape, books, faults, snapshots."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import click

from sandbooks import exact_json
from sandbooks.cli.place import Place, at_place


def show(value: Any, *, as_json: bool) -> bool:
    """Print as JSON when that was asked; tells whether it did."""
    if as_json:
        click.echo(exact_json.dumps(value))
    return as_json


json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for a machine.")


@click.command()
@at_place
@json_option
def companies(place: Place, as_json: bool) -> None:
    """List every company, how to reach it and with what."""
    listed = place.call("GET", "/companies")
    if show(listed, as_json=as_json):
        return
    for company in listed:
        click.echo(f"{company['platform']:<20} {company['company_id']:<40} {company['name']}\n  {company['base_url']}")


@click.command()
@click.argument("company")
@at_place
@json_option
def env(place: Place, company: str, as_json: bool) -> None:
    """Print the variables of COMPANY (a platform name or a company id) for a .env file."""
    variables = _chosen(place, company)[0]["environment"]
    if not show(variables, as_json=as_json):
        from sandbooks.control.variables import lines

        click.echo("\n".join(lines(variables)))


def _chosen(place: Place, name: str) -> list[dict[str, Any]]:
    from sandbooks.platform import platform_named

    listed: list[dict[str, Any]] = place.call("GET", "/companies")
    with contextlib.suppress(LookupError):
        name = platform_named(name).name
    found = [c for c in listed if name in (c["company_id"], c["platform"], c["name"])]
    if not found:
        known = ", ".join(dict.fromkeys(company["platform"] for company in listed))
        raise click.ClickException(f"no company {name!r}; there is {known}")
    return found


@click.command()
@click.argument("move", required=False)
@at_place
@json_option
def clock(place: Place, move: str | None, as_json: bool) -> None:
    """Show the time of the world, or move it: `sandbooks clock +31d`, `sandbooks clock 2026-04-03T09:00:00Z`."""
    if move is None:
        moved = place.call("GET", "/clock")
    else:
        body = {"advance": move} if move.startswith(("+", "P")) else {"to": move}
        moved = place.call("POST", "/clock", body)
    if not show(moved, as_json=as_json):
        click.echo(f"{moved['now']}  {moved['mode']}  ({moved['jobs']} job(s) due later)")


@click.command()
@click.option("-f", "--follow", is_flag=True, help="Go on printing exchanges as they end.")
@click.option("--canonical", is_flag=True, help="The comparable form.")
@at_place
@json_option
def tape(place: Place, follow: bool, canonical: bool, as_json: bool) -> None:
    """Print the exchanges of the world."""
    after = 0
    while True:
        lines = place.raw("GET", f"/tape?after={after}{'&canonical=true' if canonical else ''}").splitlines()
        for line in lines:
            entry = exact_json.loads(line)
            after = max(after, entry.get("number", after))
            click.echo(line if as_json or canonical else _line(entry))
        if not follow:
            return
        _wait_a_moment()


def _wait_a_moment() -> None:
    import threading

    threading.Event().wait(0.5)


def _line(entry: dict[str, Any]) -> str:
    request, response = entry["request"], entry["response"]
    outcome = entry["cut"] or (response["status"] if response else "no answer")
    fault = f"  fault: {', '.join(entry['faults'])}" if entry["faults"] else ""
    phases = entry["phases"][-1] if entry["phases"] else "-"
    return f"{entry['number']:>5} {entry['at']} {request['method']:<6} {request['url']} -> {outcome} [{phases}]{fault}"


@click.command()
@click.argument("company")
@click.option("--as-of", help="Postings up to and including this date.")
@at_place
@json_option
def books(place: Place, company: str, as_of: str | None, as_json: bool) -> None:
    """Print the trial balance of COMPANY (a platform name or a company id)."""
    chosen = next((c for c in _chosen(place, company) if c["platform"] != "codat"), None)
    if chosen is None:
        raise click.ClickException("the hub keeps no books; name the platform company behind it")
    path = f"/companies/{chosen['platform']}/{chosen['company_id']}/books" + (f"?as_of={as_of}" if as_of else "")
    found = place.call("GET", path)
    if show(found, as_json=as_json):
        return
    for row in found["accounts"]:
        base = row["base"]
        side = "Cr" if base["amount"].startswith("-") else "Dr"
        click.echo(f"{row['name']:<40} {side} {base['amount'].lstrip('-'):>14} {base['currency']}")
    if not found["accounts"]:
        click.echo("nothing is posted" + (f" up to {as_of}" if as_of else ""))


@click.group()
def fault() -> None:
    """Plan, list and clear faults."""


SPELT = {"true": True, "false": False, "null": None}


@fault.command("add")
@click.argument("kind")
@click.option("--at-write", "write", help="The transaction or reference whose write it meets.")
@click.option("--at-read", "read", help="The transaction or reference whose look-up it meets.")
@click.option("--operation", help="A native operation, or METHOD /path.")
@click.option("--on", "platform", help="The platform.")
@click.option("--company", help="The company, by its id.")
@click.option("--event", help="The event of a webhook.")
@click.option("--nth", type=click.IntRange(min=1), default=1, show_default=True)
@click.option("--every", is_flag=True, help="From the nth on, until the fault is cleared.")
@click.option("--phase", help="The phase after which it acts.")
@click.option("--set", "parameters", multiple=True, metavar="NAME=VALUE", help="A parameter of the kind.")
@at_place
@json_option
def fault_add(
    place: Place, kind: str, phase: str | None, parameters: tuple[str, ...], as_json: bool, **at: Any
) -> None:
    """Plan a fault: `sandbooks fault add drop_response --at-write r-02 --phase commit`."""
    if at["platform"] not in (None, "codat"):
        at["platform"] = _platform_name(at["platform"])
    body: dict[str, Any] = {"kind": kind, "at": {key: value for key, value in at.items() if value is not None}}
    if phase:
        body["phase"] = phase
    made = place.call("POST", "/faults", body | dict(map(_parameter, parameters)))
    if not show(made, as_json=as_json):
        click.echo(f"fault {made['id']}: {made['kind']} after {made['phase']}")


def _parameter(text: str) -> tuple[str, Any]:
    """``retry_after=37s`` as a name and a value of JSON."""
    name, equals, value = text.partition("=")
    if not (name and equals):
        raise click.UsageError(f"--set {text!r}: write NAME=VALUE, such as retry_after=37s")
    return name, int(value) if value.isascii() and value.isdigit() else SPELT.get(value, value)


@fault.command("list")
@at_place
@json_option
def fault_list(place: Place, as_json: bool) -> None:
    """List the planned faults and how often each has acted."""
    planned = place.call("GET", "/faults")
    if not show(planned, as_json=as_json):
        for one in planned:
            at = ", ".join(f"{key} {value}" for key, value in one["at"].items() if value is not False)
            click.echo(f"{one['id']}  {one['kind']}  after {one['phase']}  at {at}  fired {one['fired']}")


@fault.command("clear")
@at_place
def fault_clear(place: Place) -> None:
    """Remove every planned fault."""
    place.call("DELETE", "/faults")


@click.group()
def snapshot() -> None:
    """Save and restore states of a world, and fork it."""


@snapshot.command("save")
@click.argument("name")
@at_place
@json_option
def snapshot_save(place: Place, name: str, as_json: bool) -> None:
    """Keep the world as it stands under NAME."""
    made = place.call("POST", "/snapshots", {"name": name})
    if not show(made, as_json=as_json):
        click.echo(f"{made['name']}: {made['taken_at']}, {made['exchanges']} exchange(s)")


@snapshot.command("restore")
@click.argument("name")
@at_place
@json_option
def snapshot_restore(place: Place, name: str, as_json: bool) -> None:
    """Put the world back as it stood under NAME."""
    world = place.call("POST", f"/snapshots/{name}/restore")
    if not show(world, as_json=as_json):
        click.echo(f"{world['name']}: {world['clock']['now']}, {world['exchanges']} exchange(s)")


@snapshot.command("fork")
@click.argument("name")
@at_place
@json_option
def snapshot_fork(place: Place, name: str, as_json: bool) -> None:
    """Copy the world as it stands to another world NAME."""
    where = place.fork(name)
    if not show({"name": name, "at": where}, as_json=as_json):
        click.echo(where)


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--platform", default="", help="The platform whose own answers these are, or that stood behind the hub.")
@click.option("--name", default="", help="The company's name.")
@click.option("--country", default="GB", show_default=True)
@click.option("--currency", default="", help="Base currency. Default that of the country.")
@click.option(
    "--mapping",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Where a log of requests says what (contracts/log_mapping.schema.json); the log becomes a scenario.",
)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Where the scenario of an incident goes.")
@at_place
def import_(
    place: Place,
    files: tuple[Path, ...],
    platform: str,
    name: str,
    country: str,
    currency: str,
    mapping: Path | None,
    out: Path | None,
) -> None:
    """Make a company of a vendor's own answers, or a scenario of a recorded incident (HAR, or a log).

    `sandbooks import accounts.json contacts.json --platform xero` opens a company with that chart of accounts, those
    taxes and contacts. `sandbooks import incident.har` writes a scenario: what was handed over and what went wrong,
    without secrets, names and notes; what had to be guessed stands at its head. `sandbooks import requests.log
    --mapping log.yaml` does the same for a log of yours: the mapping says where it has method, URL, status and bodies.
    """
    if mapping is not None:
        from sandbooks.cli.incidents import import_log

        if len(files) != 1:
            raise click.UsageError("a scenario is made of one log; name no other file beside it")
        behind = platform and _platform_name(platform)
        import_log(files[0], mapping, platform=behind, currency=currency, out=out)
        return
    if any(file.suffix == ".har" for file in files):
        from sandbooks.cli.incidents import import_incident

        if len(files) != 1:
            raise click.UsageError("a scenario is made of one .har file; name no other file beside it")
        import_incident(files[0], platform=platform and _platform_name(platform), currency=currency, out=out)
        return
    if not platform:
        raise click.UsageError("--platform says whose answers these are")
    charts = [_answer(file) for file in files]
    wanted = {
        "platform": _platform_name(platform),
        "country": country,
        "chart": charts[0] if len(charts) == 1 else charts,
    }
    optional = {"name": name, "currency": currency}
    made = place.call("POST", "/companies", wanted | {key: value for key, value in optional.items() if value})
    click.echo(f"{made['platform']}  {made['company_id']}  {made['name']}\n{made['base_url']}")


def _platform_name(given: str) -> str:
    from sandbooks.platform import platform_named

    try:
        return platform_named(given).name
    except LookupError as error:
        raise click.UsageError(str(error)) from error


def _answer(file: Path) -> Any:
    from sandbooks.control.charts import native_answer
    from sandbooks.control.errors import ControlError

    try:
        return native_answer(file)
    except ControlError as error:
        raise click.ClickException(str(error)) from error
