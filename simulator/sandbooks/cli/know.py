"""What there is to know: platforms, capabilities, faults, evidence."""

from __future__ import annotations

from pathlib import Path

import click

from sandbooks import exact_json


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON for a machine.")
@click.option("--markdown", is_flag=True, help="Print what is and what is not simulated, as in the README.")
def platforms(as_json: bool, markdown: bool) -> None:
    """List the simulated platforms and the vendor hosts that they answer for."""
    if markdown:
        from sandbooks.cli.simulated import table

        click.echo(table(), nl=False)
        return
    from sandbooks.platform import platforms as declared

    listed = [
        {"name": p.name, "title": p.title, "aliases": list(p.aliases), "hosts": list(p.hosts)}
        for p in declared().values()
    ]
    if as_json:
        click.echo(exact_json.dumps(listed))
        return
    for one in listed:
        click.echo(f"{one['name']:<22} {one['title']:<24} {', '.join(one['hosts'])}")


@click.command()
@click.option("--edition", help="A dated edition, such as 2025-12. Default the newest.")
@click.option("--platform", "platform", multiple=True, help="Only these platforms.")
@click.option(
    "--format", "form", type=click.Choice(["table", "json", "csv", "markdown"]), default="table", show_default=True
)
@click.option("--json", "form", flag_value="json", help="The same as --format json.")
@click.option(
    "--file", "file", type=click.Path(exists=True, path_type=Path), help="Your own file, which overrides cells."
)
def capabilities(edition: str | None, platform: tuple[str, ...], form: str, file: Path | None) -> None:
    """Print what each platform takes through the hub: endpoints and transaction types."""
    from sandbooks import capabilities as matrix
    from sandbooks.settings import FileInvalid

    try:
        loaded = matrix.load(edition, override_file=file) if edition else matrix.load(override_file=file)
    except (FileInvalid, LookupError, ValueError) as error:
        raise click.UsageError(str(error)) from error
    chosen = [name if name in loaded.platforms else _name(name) for name in platform]
    click.echo(matrix.render(loaded, form=form, platforms=chosen), nl=False)


def _name(given: str) -> str:
    from sandbooks.platform import platform_named

    try:
        return platform_named(given).name
    except LookupError as error:
        raise click.UsageError(str(error.args[0])) from error


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON for a machine.")
def faults(as_json: bool) -> None:
    """List every fault kind, where it acts, what the client sees and what the books do."""
    from sandbooks.settings import read_contract

    catalogue = read_contract("faults.yaml")["faults"]
    if as_json:
        click.echo(exact_json.dumps(catalogue))
        return
    for name, kind in catalogue.items():
        click.echo(f"{name}  (after {', '.join(kind['phases'])}; default {kind['default_phase']})")
        click.echo(f"  {kind['description']}\n  client: {kind['client_sees']}\n  books:  {kind['books']}")


@click.command()
@click.option("--platform", "platform", multiple=True, help="Only these platforms.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for a machine.")
def evidence(platform: tuple[str, ...], as_json: bool) -> None:
    """List every emulated operation, rule and error with its public source and how it is known."""
    from sandbooks.platform import platforms as declared
    from sandbooks.settings import DataMissing, read_contract

    chosen = [_name(name) for name in platform] or [*declared()]
    found = []
    for name in chosen:
        try:
            listed = read_contract("platforms", name, "evidence.yaml")
        except DataMissing:
            continue
        found += [{"platform": name, **row} for row in listed["evidence"]]
    if as_json:
        click.echo(exact_json.dumps(found))
        return
    for row in found:
        click.echo(
            f"{row['platform']:<20} {row['status']:<14} {row.get('kind', ''):<10} {row['name']:<44} {row['source']}"
        )
