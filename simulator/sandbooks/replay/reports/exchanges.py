"""The exchanges of a run as a reader follows them: who asked whom, how far it came, what the client saw."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote_plus, urlsplit

from sandbooks.replay.reports.amounts import plural
from sandbooks.replay.reports.places import HUB
from sandbooks.replay.reports.words import spaced
from sandbooks.replay.result import Result
from sandbooks.world.exchange import PHASES
from sandbooks.world.ids import key_uuid

CLIENT = "client"
CUTS = {
    "refused": "no connection",
    "closed": "no answer: the connection closed",
    "reset": "no answer: the connection was reset",
    "timeout": "no answer: the wait timed out",
    "truncated": "half an answer, then the connection ended",
}


@dataclass(frozen=True)
class Acted:
    """A fault where it acted: its kind, the phase after which it did, and what it noted."""

    kind: str
    phase: str
    note: str = ""

    @property
    def title(self) -> str:
        return f"{spaced(self.kind)} after {self.phase}"


@dataclass(frozen=True)
class Seen:
    """One exchange. ``tape`` is its line of the canonical tape, ``shown`` what the control API says of it.

    ``after_fault``: it goes to a platform where a fault has acted before, so it may be how the sender recovers.
    """

    shown: Mapping[str, Any]
    tape: Mapping[str, Any]
    after_fault: bool = False

    @property
    def number(self) -> int:
        return int(self.shown["number"])

    @cached_property
    def at(self) -> dt.datetime:
        return dt.datetime.fromisoformat(self.shown["at"])

    @property
    def source(self) -> str:
        """The lane that the request leaves from; a late commit leaves from the platform itself."""
        if self.late:
            return self.target
        return HUB if self.shown["client"] == "hub" else CLIENT

    @property
    def late(self) -> bool:
        return self.tape.get("client") == "late"

    @property
    def target(self) -> str:
        return str(self.shown["platform"])

    @property
    def method(self) -> str:
        return str(self.shown["request"]["method"])

    @cached_property
    def path(self) -> str:
        """Path and query, without what every address of the world begins with."""
        place = urlsplit(self.shown["request"]["url"])
        path = place.path
        if path.startswith("/w/"):
            path = "/" + path[3:].partition("/")[2]
        path = path.removeprefix(f"/{self.target}") or "/"
        return f"{path}?{place.query}" if place.query else path

    @property
    def readable(self) -> str:
        """Method and path with the escapes of the URL undone, for reading only."""
        return f"{self.method} {unquote_plus(self.path)}"

    @property
    def operation(self) -> str:
        return str(self.shown.get("operation") or "")

    @property
    def name(self) -> str:
        """The operation, or method and path where no operation answers."""
        return spaced(self.operation) if self.operation else f"{self.method} {self.path}"

    @property
    def status(self) -> int:
        return int((self.shown.get("response") or {}).get("status") or 0)

    @property
    def cut(self) -> str:
        return str(self.shown.get("cut") or "")

    @property
    def saw(self) -> str:
        """What the sender saw."""
        if self.cut:
            return CUTS.get(self.cut, self.cut)
        try:
            return f"{self.status} {HTTPStatus(self.status).phrase}"
        except ValueError:
            return str(self.status)

    @property
    def tone(self) -> str:
        """``cut``, ``bad`` (4xx and 5xx) or ``good``."""
        return "cut" if self.cut else "bad" if self.status >= 400 else "good"

    @property
    def phases(self) -> tuple[str, ...]:
        return tuple(self.shown["phases"])

    @property
    def timed_phases(self) -> list[tuple[str, int]]:
        """Each phase and its milliseconds since the exchange began."""
        return [(str(name), int(ms)) for name, ms in self.tape.get("phases", [])]

    @property
    def last_phase(self) -> str:
        return self.phases[-1] if self.phases else ""

    @cached_property
    def faults(self) -> tuple[Acted, ...]:
        return tuple(_acted(line) for line in self.tape.get("faults", self.shown["faults"]))

    @property
    def written(self) -> list[str]:
        """The record versions that it put: ``Purchase 145, version 1 (create)``."""
        return [f"{w['kind']} {w['native_id']}, version {w['version']} ({w['action']})" for w in self.shown["written"]]

    @property
    def wrote(self) -> str:
        """The same in short."""
        kinds = list(dict.fromkeys(f"{w['kind']} {w['native_id']}" for w in self.shown["written"]))
        return kinds[0] if len(kinds) == 1 else plural(len(kinds), "record") if kinds else ""

    @property
    def transactions(self) -> list[str]:
        return list(self.shown.get("transactions", []))

    @property
    def lack(self) -> str:
        """A real feature that is not simulated, and was asked for."""
        return str(self.tape.get("not_simulated", ""))

    @property
    def bug(self) -> str:
        return str(self.tape.get("bug", ""))

    @property
    def loud(self) -> bool:
        """Whether it is worth a reader's look: it wrote, failed, met a fault or carries a transaction."""
        told = self.tone != "good" or self.lack or self.bug
        return bool(self.shown["written"] or self.faults or self.transactions or self.after_fault or told)

    @property
    def verdict(self) -> str:
        """What a fault did to it, said once for the books and once for the sender."""
        books = f"The records had changed ({self.wrote})" if self.wrote else "Nothing had been written"
        return f"{books}; the sender saw {self.saw}."


def _acted(line: str) -> Acted:
    """A fault from its line on the tape: ``<id> <kind> after <phase>: <note>``."""
    head, _, note = str(line).partition(": ")
    words = head.split(" ")
    kind = words[1] if len(words) > 1 else words[0]
    phase = words[3] if len(words) > 3 and words[3] in PHASES else ""
    return Acted(kind, phase, note)


def seen(result: Result, tape: Mapping[int, Mapping[str, Any]]) -> list[Seen]:
    """Every exchange of a run, in order."""
    struck: set[str] = set()
    found = []
    for exchange in result.exchanges:
        found.append(Seen(exchange, tape.get(int(exchange["number"]), {}), exchange["platform"] in struck))
        if exchange["faults"]:
            struck.add(exchange["platform"])
    return found


def marks_of(result: Result) -> dict[str, str]:
    """The ids of the run's transactions, and their labels."""
    labels = [label for exchange in result.exchanges for label in exchange.get("transactions", [])]
    return {key_uuid(result.scenario.seed, f"transaction/{label}"): label for label in dict.fromkeys(labels)}
