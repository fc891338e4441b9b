"""The members of an entity: their types, and reading what a client gave for them.

Blank values are never null here: text "", GUID zeros, date 0001-01-01, number 0.
Source: https://learn.microsoft.com/dynamics365/business-central/dev-itpro/api-reference/v2.0/ (resource pages)
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from sandbooks.platforms.business_central.names import BLANK_DATE, BLANK_ID, BLANK_INSTANT, caption, encoded, guid
from sandbooks.platforms.business_central.refusals import BadBody, NotAnOption, TooLong

Type: TypeAlias = Literal["text", "code", "guid", "date", "instant", "decimal", "int", "bool", "enum"]
EDM = {
    "text": "Edm.String",
    "code": "Edm.String",
    "enum": "Edm.String",
    "guid": "Edm.Guid",
    "date": "Edm.Date",
    "instant": "Edm.DateTimeOffset",
    "decimal": "Edm.Decimal",
    "int": "Edm.Int32",
    "bool": "Edm.Boolean",
}
_BLANKS: dict[str, Any] = {
    "text": "",
    "code": "",
    "guid": BLANK_ID,
    "date": BLANK_DATE,
    "instant": BLANK_INSTANT,
    "decimal": 0,
    "int": 0,
    "bool": False,
}
_DECIMAL_MAX = Decimal("999999999999999.99")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)")


class Field(Struct, frozen=True):
    """One member. ``writable``: clients may set it; ``length`` bounds text; ``options`` are an enum's captions."""

    name: str
    type: Type
    writable: bool = False
    length: int = 0
    options: tuple[str, ...] = ()

    @property
    def blank(self) -> Any:
        """What stands when nothing was given."""
        return encoded(self.options[0]) if self.type == "enum" else _BLANKS[self.type]

    @property
    def read_only(self) -> Field:
        """The same member, closed to clients."""
        return replace(self, writable=False)

    def read(self, value: Any) -> Any:
        """A given value as it is stored. Raises ``BadBody``, ``TooLong``, ``NotAnOption``."""
        if value is None:
            return self.blank
        return _READERS[self.type](self, value)


def text(name: str, length: int = 100) -> Field:
    return Field(name, "text", True, length)


def code(name: str, length: int = 20) -> Field:
    """Text that the application keeps in capitals."""
    return Field(name, "code", True, length)


def uid(name: str) -> Field:
    return Field(name, "guid", True)


def day(name: str) -> Field:
    return Field(name, "date", True)


def instant(name: str) -> Field:
    return Field(name, "instant")


def number(name: str) -> Field:
    return Field(name, "decimal", True)


def whole(name: str) -> Field:
    return Field(name, "int", True)


def flag(name: str) -> Field:
    return Field(name, "bool", True)


def choice(name: str, *options: str) -> Field:
    """One of these captions; the first stands when nothing was given."""
    return Field(name, "enum", True, 0, options)


def shown(*fields: Field) -> tuple[Field, ...]:
    """Members that clients only read."""
    return tuple(field.read_only for field in fields)


def _wrong(field: Field, value: Any) -> BadBody:
    said = str(value)[:80]
    return BadBody(f"Cannot convert the literal '{said}' to the expected type '{EDM[field.type]}'.")


def _read_text(field: Field, value: Any) -> str:
    if not isinstance(value, str):
        raise _wrong(field, value)
    found = value.strip().upper() if field.type == "code" else value
    if "\x00" in found or any(0xD800 <= ord(letter) < 0xE000 for letter in found):
        raise _wrong(field, "")
    if len(found) > field.length:
        raise TooLong(len(found), field.length, found[: field.length])
    return found


def _read_guid(field: Field, value: Any) -> str:
    found = guid(value) if isinstance(value, str) else None
    if found is None:
        raise _wrong(field, value)
    return found


def _read_date(field: Field, value: Any) -> str:
    if not isinstance(value, str) or not _DATE.fullmatch(value) or not value.isascii():
        raise _wrong(field, value)
    try:
        date.fromisoformat(value)
    except ValueError as error:
        raise _wrong(field, value) from error
    # The application's calendar begins in 1753. Source: learn.microsoft.com, data type Date of the AL language
    if value != BLANK_DATE and value < "1753-01-03":
        raise _wrong(field, value)
    return value


def _read_decimal(field: Field, value: Any) -> Decimal | int:
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        raise _wrong(field, value)
    exact = Decimal(value)
    if abs(exact) > _DECIMAL_MAX:
        raise _wrong(field, value)
    return plain(exact)


def plain(value: Decimal) -> Decimal | int:
    """A number without trailing zeros or exponent, an integer where it is one; at most ten decimals."""
    kept = value.quantize(Decimal("1e-10")) if -int(value.as_tuple().exponent) > 10 else value
    whole_part = kept.to_integral_value()
    return int(whole_part) if whole_part == kept else Decimal(f"{kept.normalize():f}")


def _read_int(field: Field, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not -(2**31) <= value < 2**31:
        raise _wrong(field, value)
    return value


def _read_bool(field: Field, value: Any) -> bool:
    if not isinstance(value, bool):
        raise _wrong(field, value)
    return value


def _read_enum(field: Field, value: Any) -> str:
    if not isinstance(value, str):
        raise _wrong(field, value)
    wanted = caption(value).lower()
    for option in field.options:
        if option.lower() == wanted:
            return encoded(option)
    raise NotAnOption(field.name, value[:80], field.options)


def _read_instant(field: Field, value: Any) -> str:
    if not isinstance(value, str) or _INSTANT.fullmatch(value) is None:
        raise _wrong(field, value)
    try:
        found = datetime.fromisoformat(value).astimezone(UTC)
    except (ValueError, OverflowError):
        raise _wrong(field, value) from None
    told = found.replace(tzinfo=None).isoformat(timespec="milliseconds")
    return BLANK_INSTANT if told == BLANK_INSTANT.replace("Z", ".000") else f"{told}Z"


_READERS: Mapping[str, Any] = {
    "text": _read_text,
    "code": _read_text,
    "guid": _read_guid,
    "date": _read_date,
    "instant": _read_instant,
    "decimal": _read_decimal,
    "int": _read_int,
    "bool": _read_bool,
    "enum": _read_enum,
}
