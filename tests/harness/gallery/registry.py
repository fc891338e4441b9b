"""What the gallery holds: each bug and each control with its intent, severity and origin."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

Driver = TypeVar("Driver", bound=type[Any])


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One variant of a client.

    ``severity``: S1 books wrong and nobody is told, S2 wrong but a status shows it, S3 stops working, S4 diagnosis
    only; empty for a control, which is right. ``origin``: the failure mode, and whether it was seen in real code.
    """

    name: str
    intent: str
    severity: str
    origin: str
    driver: type[Any]

    @property
    def is_control(self) -> bool:
        return not self.severity

    @property
    def path(self) -> str:
        """What ``check`` takes as its DRIVER."""
        return f"{self.driver.__module__}:{self.driver.__qualname__}"


ENTRIES: dict[str, Entry] = {}


def bug(intent: str, *, severity: str, origin: str) -> Callable[[Driver], Driver]:
    """Put a client with a bug into the gallery under its class's name."""
    return _entering(intent, severity=severity, origin=origin)


def control(intent: str) -> Callable[[Driver], Driver]:
    """Put a client that is right in another way into the gallery."""
    return _entering(intent, severity="", origin="")


def _entering(intent: str, *, severity: str, origin: str) -> Callable[[Driver], Driver]:
    def enter(driver: Driver) -> Driver:
        name = driver.__name__
        ENTRIES[name] = Entry(name=name, intent=intent, severity=severity, origin=origin, driver=driver)
        return driver

    return enter
