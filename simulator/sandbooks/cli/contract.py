"""Contracts: verify a platform by its own, and judge a recording of a client by one."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sandbooks import exact_json

if TYPE_CHECKING:
    from sandbooks.harness.contracts.checking import Judgement
    from sandbooks.harness.contracts.client import Client
    from sandbooks.harness.contracts.verifying import Verification

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for a machine.")


@click.group()
def contract() -> None:
    """Verify a platform by its contract, and check a client's recording by one.

    A contract is what Sandbooks promises of a platform, as an OpenAPI file of our own words.
    """


@contract.command()
@click.option("--platform", "names", multiple=True, help="Only these platforms. One of them with --base-url.")
@click.option("--base-url", default="", help="A running server or a vendor's own sandbox. Default: in this process.")
@click.option("--token-env", default="", metavar="NAME", help="The environment variable that holds the token.")
@click.option(
    "--value",
    "values",
    multiple=True,
    metavar="NAME=VALUE",
    help="What a request names: realm_id, tenant_id, …; expense_account, supplier, … for documents.",
)
@click.option("--write/--no-write", default=None, help="Create documents too. Default: only in this process.")
@click.option("--all", "show_all", is_flag=True, help="Show what held and what could not be tried, too.")
@json_option
def verify(
    names: tuple[str, ...],
    base_url: str,
    token_env: str,
    values: tuple[str, ...],
    write: bool | None,
    show_all: bool,
    as_json: bool,
) -> None:
    """Do what a contract promises, one operation after the other, and report where an answer differs.

    \b
    sandbooks contract verify --platform xero
    sandbooks contract verify --platform qbo --base-url https://sandbox-quickbooks.api.intuit.com \\
        --token-env QBO_TOKEN --value realm_id=4620816365

    Only reads, unless --write asks for more. Ends with 0 when everything held, 1 when something drifted, 2 when it
    could not be tried.
    """
    given = _pairs(values)
    if base_url:
        found = [_over_network(names, base_url, token_env, given, write=bool(write))]
    else:
        found = [_in_process(name, write=write is not False) for name in _chosen(names)]
    if as_json:
        click.echo(exact_json.dumps([_as_json(each) for each in found]))
    else:
        for each in found:
            _print(each, show_all=show_all)
    raise SystemExit(1 if any(each.drift for each in found) else 0)


def _pairs(values: tuple[str, ...]) -> dict[str, str]:
    for value in values:
        if "=" not in value:
            raise click.UsageError(f"--value {value!r}: write NAME=VALUE, such as realm_id=4620816365")
    return dict(value.split("=", 1) for value in values)


def _chosen(names: tuple[str, ...]) -> list[str]:
    from sandbooks.platform import platform_named, platforms

    try:
        return [platform_named(name).name for name in names] or [*platforms()]
    except LookupError as error:
        raise click.UsageError(str(error)) from error


def _in_process(name: str, *, write: bool) -> Verification:
    from sandbooks.harness.contracts.day import day_at, roles_of
    from sandbooks.harness.contracts.verifying import verify as verified

    place = day_at(name)
    return verified(place.client(), write=write, values=roles_of(place))


def _over_network(
    names: tuple[str, ...], base_url: str, token_env: str, given: Mapping[str, str], *, write: bool
) -> Verification:
    from sandbooks.harness.contracts.client import NoAnswer
    from sandbooks.harness.contracts.verifying import verify as verified

    chosen = _chosen(names)
    if len(chosen) != 1:
        raise click.UsageError("--base-url is the address of one platform: name it with --platform")
    if not token_env or not os.environ.get(token_env):
        raise click.UsageError("--token-env names the environment variable that holds the token, and it is not set")
    client = _client(chosen[0], base_url, os.environ[token_env], given)
    try:
        return verified(client, write=write, values={name: [value] for name, value in given.items()})
    except NoAnswer as error:
        click.echo(f"{base_url} does not answer: {error}", err=True)
        raise SystemExit(2) from error


def _client(platform: str, base_url: str, token: str, given: Mapping[str, str]) -> Client:
    from sandbooks.harness.contracts.client import Client, over_network
    from sandbooks.harness.contracts.description import access_of, credentials_named

    credentials = {"access_token": token, "api_key": token, **given}
    lacking = sorted(credentials_named(platform) - credentials.keys())
    if lacking:
        wanted = " ".join(f"--value {name}=…" for name in lacking)
        raise click.UsageError(f"requests to {platform} name their company: add {wanted}")
    return Client(platform, base_url.rstrip("/"), access_of(platform, credentials), over_network(base_url))


def _as_json(found: Verification) -> dict[str, object]:
    outcomes = {outcome: found.counted(outcome) for outcome in ("held", "drifted", "untried")}
    checks = [check.as_json() for check in found.checks]
    return {"platform": found.surface, "base_url": found.base_url, **outcomes, "checks": checks}


def _print(found: Verification, *, show_all: bool) -> None:
    click.echo(
        f"{found.surface}  {found.base_url}\n  {found.counted('held')} held, {found.counted('drifted')} drifted, "
        f"{found.counted('untried')} not tried, {found.requests} requests"
    )
    for check in found.drift:
        click.echo(
            f"\n  {check.operation}: {check.promise}\n    asked     {check.asked}\n    expected  {check.expected}\n"
            f"    seen      {check.seen}"
        )
    for check in found.checks if show_all else ():
        if check.outcome != "drifted":
            click.echo(f"  {check.outcome:<8} {check.operation}: {check.promise}; {check.seen}")


@contract.command()
@click.argument("tape", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--platform", "name", required=True, help="The platform whose contract judges.")
@click.option("--base-url", default="", help="What stands before the vendor's paths, where it is no vendor's host.")
@json_option
def check(tape: Path, name: str, base_url: str, as_json: bool) -> None:
    """Judge a HAR of a client by a platform's contract: each request and each answer, JSON, XML and forms.

    Ends with 0 when all is as described, 1 when something is not, 2 when the file holds nothing to judge.
    """
    from sandbooks.harness.contracts.checking import NotAHar, judge_har

    (platform,) = _chosen((name,))
    try:
        found = judge_har(tape, platform, base_url=base_url)
    except NotAHar as error:
        click.echo(str(error), err=True)
        raise SystemExit(2) from error
    if as_json:
        problems = [each.as_json() for each in found.problems]
        click.echo(exact_json.dumps({"judged": found.judged, "unread": found.unread, "problems": problems}))
    else:
        _print_judgement(found)
    if not found.judged:
        raise SystemExit(2)
    raise SystemExit(1 if found.problems else 0)


def _print_judgement(found: Judgement) -> None:
    for problem in found.problems:
        click.echo(str(problem))
    others = f", {found.others} to other hosts" if found.others else ""
    click.echo(f"{found.judged} entries judged{others}, {len(found.problems)} problems")
    if found.unread:
        click.echo(f"{found.unread} of them have bodies that nobody can look into, such as files", err=True)
    if not found.judged:
        click.echo("no entry goes to this platform; --base-url names the address that stands for it", err=True)
