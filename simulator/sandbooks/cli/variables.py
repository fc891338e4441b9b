"""Every option of the command line as an environment variable, named after its flag."""

from __future__ import annotations

import click

PREFIX = "SANDBOOKS"


def with_variables(command: click.Command, *path: str) -> click.Command:
    """The command at a path, its options read from ``SANDBOOKS_<COMMAND>_<FLAG>``, else from ``SANDBOOKS_<FLAG>``."""
    for option in command.params:
        if isinstance(option, click.Option) and option.envvar is None:
            flag = _flag(option)
            option.envvar = ["_".join(map(_word, (PREFIX, *path, flag))), f"{PREFIX}_{_word(flag)}"]
    if isinstance(command, click.Group):
        for name, below in command.commands.items():
            with_variables(below, *path, name)
    return command


def _flag(option: click.Option) -> str:
    """The long form that switches the option on: ``json`` of ``--json``, ``write`` of ``--write/--no-write``."""
    return max(option.opts, key=len).lstrip("-")


def _word(text: str) -> str:
    return text.upper().replace("-", "_")
