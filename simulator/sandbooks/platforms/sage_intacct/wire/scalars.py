"""Dates, instants, amounts and booleans as Sage Intacct writes them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal

_NATIVE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_NUMBER = re.compile(r"[+-]?(?:\d{1,20}(?:\.\d{0,12})?|\.\d{1,12})", re.ASCII)


def parse_date(text: str) -> date | None:
    """A date written ``MM/DD/YYYY`` or ``YYYY-MM-DD``; None for anything else."""
    native, iso = _NATIVE.fullmatch(text), _ISO.fullmatch(text)
    try:
        if native:
            return date(int(native[3]), int(native[1]), int(native[2]))
        if iso:
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
    except ValueError:
        return None
    return None


def is_iso(text: str) -> bool:
    """Whether a text begins with a date as REST writes it."""
    return _ISO.match(text) is not None


def parse_instant(text: str) -> datetime | None:
    """An instant written ``MM/DD/YYYY hh:mm:ss`` (GMT) or in ISO form; a bare date is its first second."""
    day, _, clock = text.replace("T", " ").removesuffix("Z").partition(" ")
    found = parse_date(day)
    if found is None:
        return None
    try:
        time = datetime.strptime(clock.partition(".")[0] or "00:00:00", "%H:%M:%S")  # noqa: DTZ007 - the zone is below
    except ValueError:
        return None
    return datetime(found.year, found.month, found.day, time.hour, time.minute, time.second, tzinfo=UTC)


def native_date(value: date) -> str:
    """``MM/DD/YYYY``"""
    return f"{value.month:02d}/{value.day:02d}/{value.year:04d}"


def native_instant(value: datetime) -> str:
    """``MM/DD/YYYY hh:mm:ss`` in GMT."""
    moment = value.astimezone(UTC)
    return f"{native_date(moment.date())} {moment:%H:%M:%S}"


def iso_date(text: str) -> str:
    """A native date text in ISO form; anything else as it is."""
    found = parse_date(text)
    return found.isoformat() if found else text


def parse_decimal(text: str) -> Decimal | None:
    """A plain decimal number; None for anything else."""
    stripped = text.strip()
    return Decimal(stripped) if _NUMBER.fullmatch(stripped) else None


def decimal_text(value: Decimal) -> str:
    """A decimal without exponent or superfluous zeros: ``12.3``, ``100``."""
    shown = f"{value:f}"
    shown = shown.rstrip("0").rstrip(".") if "." in shown else shown
    return "0" if shown in ("-0", "") else shown


def flag(text: str) -> bool | None:
    """``true``/``false`` and the stored ``T``/``F``; None for anything else."""
    return {"true": True, "t": True, "1": True, "y": True, "false": False, "f": False, "0": False, "n": False}.get(
        text.strip().lower()
    )
