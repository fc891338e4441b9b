"""How the control API and the Python interface say that they did not understand: what is wrong, and the remedy."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class ControlError(Exception):
    """``error`` is a stable word for programs, ``status`` the HTTP status that the control API answers."""

    def __init__(self, error: str, message: str, *, remedy: str, status: int = 400) -> None:
        super().__init__(f"{message}; {remedy}")
        self.error = error
        self.message = message
        self.remedy = remedy
        self.status = status


def unknown(what: str, name: str, known: Iterable[str]) -> ControlError:
    """No such thing, with the nearest names that there are."""
    names = sorted(known)
    near = get_close_matches(name, names, n=3, cutoff=0.4) or names[:8]
    remedy = f"there is {', '.join(near)}" if near else f"there is no {what} yet"
    return ControlError(f"unknown_{what.replace(' ', '_')}", f"no {what} {name!r}", remedy=remedy, status=404)
