"""Variables of a company as lines of a .env file."""

from __future__ import annotations

import shlex
from collections.abc import Mapping


def lines(variables: Mapping[str, str]) -> list[str]:
    """``NAME=value``; a value of several lines, such as a key, is quoted as shells and .env readers take it."""
    return [f"{name}={_quoted(value)}" for name, value in variables.items()]


def short_lines(variables: Mapping[str, str]) -> list[str]:
    """The same for eyes: of a value of several lines only the first."""
    return [f"{name}={_shortened(value)}" for name, value in variables.items()]


def _quoted(value: str) -> str:
    return shlex.quote(value) if "\n" in value else value


def _shortened(value: str) -> str:
    return f"{value.splitlines()[0]} …" if "\n" in value else value
