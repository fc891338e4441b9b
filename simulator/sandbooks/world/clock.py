"""The only source of time. Frozen, stepped by each exchange, or live with an offset from the wall.

Instants are aware UTC datetimes; in the store they are microseconds since 1970.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sandbooks import exact_json
from sandbooks.storage import Store

ClockMode: TypeAlias = Literal["frozen", "stepped", "live"]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = datetime(9000, 1, 1, tzinfo=UTC)
DEFAULT_START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DEFAULT_STEP = timedelta(seconds=1)


def micros(moment: datetime) -> int:
    """Microseconds since 1970 of an aware datetime, exact."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def wall_micros() -> int:
    """The wall clock, in microseconds since 1970."""
    return micros(datetime.now(UTC))


def instant(value: int) -> datetime:
    """The UTC datetime of so many microseconds since 1970."""
    return EPOCH + timedelta(microseconds=value)


def parse_instant(text: str, *, zone: str = "UTC") -> datetime:
    """An instant from ``2026-03-28T17:40:00 Europe/London``, with an offset, with ``Z`` or bare (then in ``zone``).

    Raises ValueError with a sentence that says what was expected.
    """
    stamp, _, name = text.strip().partition(" ")
    try:
        moment = datetime.fromisoformat(stamp)
        place = ZoneInfo(name or zone)
        return (moment if moment.tzinfo else moment.replace(tzinfo=place)).astimezone(UTC)
    except (ValueError, OverflowError, OSError, ZoneInfoNotFoundError) as error:
        raise ValueError(f"{text!r} is not a time such as '2026-03-28T17:40:00 Europe/London'") from error


def within_reach(moment: datetime) -> datetime:
    """The moment, where a clock can stand there: what is reckoned from it stays within the calendar.

    Raises ValueError.
    """
    if not EPOCH <= moment <= LATEST:
        raise ValueError(f"a clock runs from {EPOCH.year} to {LATEST.year}, not in {moment.year}")
    return moment


def _nobody() -> None:
    """Nobody follows this clock."""


_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_SHORT = re.compile(r"\+?((?:[0-9]+(?:\.[0-9]+)?[smhdw])+)")
_ISO = re.compile(
    r"P(?=.)(?:(?P<w>[0-9]+)W)?(?:(?P<d>[0-9]+)D)?"
    r"(?:T(?=.)(?:(?P<h>[0-9]+)H)?(?:(?P<m>[0-9]+)M)?(?:(?P<s>[0-9]+(?:\.[0-9]+)?)S)?)?"
)


def parse_duration(value: str | int | Decimal) -> timedelta:
    """A length of time: seconds, or text like ``30s``, ``5m``, ``2h``, ``+31d``, ``1d12h``, ``PT30S``, ``P31D``.

    Raises ValueError with a sentence that says what was expected.
    """
    text = str(value).strip()
    if (iso := _ISO.fullmatch(text)) is not None:
        parts = [(amount, unit) for unit, amount in iso.groupdict().items() if amount]
    elif (short := _SHORT.fullmatch(text)) is not None:
        parts = re.findall(r"([0-9.]+)([smhdw])", short[1])
    elif re.fullmatch(r"\+?[0-9]{1,12}(\.[0-9]+)?", text):
        parts = [(text, "s")]
    else:
        raise ValueError(f"{value!r} is not a length of time such as '30s', '2h', '+31d' or 'P31D'")
    seconds = sum(Decimal(amount) * _UNITS[unit] for amount, unit in parts)
    try:
        return timedelta(microseconds=int(seconds * 1_000_000))
    except OverflowError as error:
        raise ValueError(f"{value!r} is longer than any clock can run") from error


class Clock:
    """A world's time. ``step`` is what each exchange adds in ``stepped`` mode; ``latency``, where somebody has set it,
    draws a step of its own for each.

    It moves under the world's lock: in a shared world another process may have moved it before.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self.moved: Callable[[], None] = _nobody
        self.latency: Callable[[], timedelta] | None = None
        self.reload()

    def reload(self) -> None:
        """Take mode, time and step from the store (after opening or restoring a world)."""
        row = self._store.one("state.get", scope="clock", key="clock")
        kept = exact_json.loads(row[0]) if row else {}
        self.step = timedelta(microseconds=kept.get("step", DEFAULT_STEP // timedelta(microseconds=1)))
        self._set: tuple[ClockMode, int] = (kept.get("mode", "stepped"), int(kept.get("at", micros(DEFAULT_START))))

    @property
    def mode(self) -> ClockMode:
        return self._set[0]

    def _keep(self) -> None:
        """Store the time and tell whoever follows it (``moved``)."""
        mode, at = self._set
        body = {"mode": mode, "step": self.step // timedelta(microseconds=1), "at": at}
        self._store.run("state.put", scope="clock", key="clock", value=exact_json.dumps(body))
        self.moved()

    def configure(
        self, *, mode: ClockMode | None = None, at: datetime | None = None, step: timedelta | None = None
    ) -> None:
        """Change mode, present instant or step; what is not given stays."""
        with self._store.lock:
            present, chosen = within_reach(at) if at else self.now(), mode or self.mode
            self.step = self.step if step is None else step
            self._set = (chosen, micros(present) - (wall_micros() if chosen == "live" else 0))
            self._keep()

    def now(self) -> datetime:
        """The present instant of this world."""
        return instant(self.micros())

    def wall(self) -> datetime:
        """The process's own time, whatever the world's is: real clients sign and date their requests by it."""
        return datetime.now(UTC)

    def micros(self) -> int:
        """The present instant in microseconds since 1970."""
        mode, at = self._set  # at once: other threads may be setting it
        return at + (wall_micros() if mode == "live" else 0)

    def today(self, zone: str = "UTC") -> date:
        """The calendar date in a time zone."""
        return self.now().astimezone(ZoneInfo(zone)).date()

    def reach(self, moment: datetime) -> None:
        """Set the present instant unless it has come already: a live clock moves between any two looks at it."""
        with self._store.lock:
            if micros(moment) > self.micros():
                self.configure(at=moment)

    def tick(self) -> None:
        """One exchange has passed."""
        with self._store.lock:
            mode, at = self._set
            if mode == "stepped":
                step = self.step if self.latency is None else self.latency()
                self._set = (mode, at + step // timedelta(microseconds=1))
                self._keep()
