"""The command group. Each command lives in a module of its own and is imported when it is called."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click

from sandbooks import __version__
from sandbooks.cli.variables import with_variables

COMMANDS = {
    "serve": "serve:serve",
    "worker": "worker:worker",
    "companies": "look:companies",
    "env": "look:env",
    "clock": "look:clock",
    "tape": "look:tape",
    "books": "look:books",
    "explain": "explain:explain",
    "fault": "look:fault",
    "snapshot": "look:snapshot",
    "import": "look:import_",
    "record": "incidents:record",
    "exec": "execute:execute",
    "webhooks": "webhooks:webhooks",
    "replay": "judge:replay",
    "check": "campaigns:check",
    "sweep": "campaigns:sweep",
    "lint": "judge:lint",
    "contract": "contract:contract",
    "platforms": "know:platforms",
    "capabilities": "know:capabilities",
    "faults": "know:faults",
    "evidence": "know:evidence",
}


# What an extra brings that a light installation lacks.
EXTRAS = {"hypothesis": "harness", "pytest": "harness", "psycopg": "postgres"}


class Unable(click.ClickException):
    """What kept a command from its work. Ends with 2, as wrong usage does: 1 is for findings alone."""

    exit_code = 2


class Commands(click.Group):
    """Finds a command by name and imports its module only then."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        place = COMMANDS.get(cmd_name)
        if place is None:
            return None
        module, _, name = place.partition(":")
        command: click.Command = getattr(import_module(f"sandbooks.cli.{module}"), name)
        return with_variables(command, cmd_name)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; what keeps it from its work is told in a line."""
        try:
            return super().invoke(ctx)
        except OSError as error:
            if error.filename is None:
                raise
            raise Unable(f"{error.filename}: {error.strerror}") from error
        except ModuleNotFoundError as error:
            extra = EXTRAS.get((error.name or "").partition(".")[0])
            if extra is None:
                raise
            raise Unable(f"this needs {error.name}: pip install 'sandbooks[{extra}]'") from error
        except click.UsageError:
            raise
        except click.ClickException as error:
            raise Unable(error.message) from error


@click.group(
    cls=Commands,
    context_settings={
        "auto_envvar_prefix": "SANDBOOKS",
        "help_option_names": ["-h", "--help"],
        "max_content_width": 100,
    },
)
@click.version_option(__version__, prog_name="sandbooks")
def main() -> None:
    """A sandbox for accounting integrations. Not affiliated with the vendors.

    \b
    run     sandbooks serve                     simulated platforms on one port
    judge   sandbooks replay scenarios/…        scenario files, with a report
    judge   sandbooks check shop.sync:Driver    your own program, through hundreds of runs
    know    sandbooks capabilities              what each platform can take

    Every option is a variable too: --at is SANDBOOKS_AT; SANDBOOKS_SERVE_PORT is the --port of serve alone.
    Ends with 0 when all is well, 1 when something was found wrong, 2 when it could not be tried.
    """
