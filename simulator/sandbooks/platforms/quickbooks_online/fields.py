"""Field rules as data, and the reading of a request by them.

A rule says what a member may hold: its kind, length, values, what it points at, whether a client may write it. Reading
takes a decoded JSON (or XML) document and gives the members that a client may write, cleaned; everything that is wrong
with it is collected. Knows no company and no books.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, Literal, TypeAlias

from msgspec import Struct, field
from msgspec.structs import replace

from sandbooks.kit.errors import NotSimulated
from sandbooks.ledger import Refusal
from sandbooks.platforms.quickbooks_online import refusals as no

Kind: TypeAlias = Literal[
    "text", "flag", "number", "date", "choice", "ref", "group", "many", "ignored", "lacking", "email", "url"
]
Measure: TypeAlias = Literal["number", "amount", "percent", "quantity"]
Members: TypeAlias = Mapping[str, "Field"]


class Field(Struct, frozen=True):
    """One member. ``most`` is a length for text; ``places`` the decimals of a number, ``low`` and ``high`` its range.

    ``measure`` is what a number counts, which decides the error of one out of range.
    ``target`` is what a reference points at. ``ignored`` members may be sent in any shape and are not kept, as the
    platform computes them; ``lacking`` ones may be sent empty, and anything else is a feature that is not simulated.
    """

    kind: Kind
    most: int = 0
    barred: str = ""
    places: int = 0
    low: Decimal | None = None
    high: Decimal | None = None
    measure: Measure = "number"
    choices: tuple[str, ...] = ()
    target: str = ""
    members: Members = field(default_factory=dict)


class Clear:
    """A member that a sparse update empties."""

    def __repr__(self) -> str:
        return "CLEAR"


CLEAR: Final = Clear()
# Unconfirmed: the largest amount that the service takes; settled by posting larger ones to a vendor's sandbox.
AMOUNT_MAX = Decimal("99999999999.99999")
_YEARS = range(1900, 2300)
_BARRED_EVERYWHERE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_EMAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;]+")


def text(most: int, *, barred: str = "") -> Field:
    return Field("text", most=most, barred=barred)


def flag() -> Field:
    return Field("flag")


def amount() -> Field:
    """An amount of money: at most five decimals, of which the currency's are kept (half up)."""
    return Field("number", places=5, low=-AMOUNT_MAX, high=AMOUNT_MAX, measure="amount")


def number(places: int = 7, *, low: int | None = None, high: int = 10**11) -> Field:
    return Field("number", places=places, low=Decimal(-(10**11) if low is None else low), high=Decimal(high))


def percent(low: int = 0) -> Field:
    """A percentage up to a hundred."""
    return Field("number", places=7, low=Decimal(low), high=Decimal(100), measure="percent")


def quantity() -> Field:
    return Field("number", places=7, low=Decimal(-(10**9)), high=Decimal(10**9), measure="quantity")


def whole(low: int, high: int) -> Field:
    return Field("number", low=Decimal(low), high=Decimal(high))


def day() -> Field:
    return Field("date")


def choice(*choices: str) -> Field:
    return Field("choice", choices=choices)


def ref(target: str) -> Field:
    return Field("ref", target=target)


def group(**members: Field) -> Field:
    return Field("group", members=members)


def many(members: Mapping[str, Field]) -> Field:
    """A list of objects."""
    return Field("many", members=members)


def ignored(*names: str) -> dict[str, Field]:
    """Members that the platform computes."""
    return dict.fromkeys(names, Field("ignored"))


def lacking(*names: str) -> dict[str, Field]:
    """Members that exist but are not simulated."""
    return dict.fromkeys(names, Field("lacking"))


class Reading(Struct):
    """One reading of one document: ``what`` names it, ``sparse`` lets empty values clear members."""

    what: str
    sparse: bool = False
    wrong: list[Refusal] = field(default_factory=list)

    def members(self, rules: Members, document: Any, *, inside: str = "") -> dict[str, Any]:
        """The writable members of an object, cleaned. Absent and null members are left out."""
        if not isinstance(document, dict):
            self.wrong.append(no.UnsupportedProperty(inside or self.what))
            return {}
        kept: dict[str, Any] = {}
        for name, value in document.items():
            rule = rules.get(name)
            if rule is None:
                self.wrong.append(no.UnsupportedProperty(name[:60]))
                continue
            read = self._member(rule, value, name)
            if read is not None:
                kept[name] = read
        return kept

    def _member(self, rule: Field, value: Any, name: str) -> Any:
        if value is None or rule.kind == "ignored":
            return None
        if rule.kind == "lacking":
            return self._lacking(value, name)
        if value == "":
            return CLEAR if self.sparse else None
        try:
            return _READERS[rule.kind](self, rule, value, name)
        except Refusal as refusal:
            self.wrong.append(refusal)
            return None

    def _lacking(self, value: Any, name: str) -> None:
        if not value or value == {"value": ""} or value == {"value": None}:
            return
        if isinstance(value, dict) and not any(value.values()):
            return
        raise NotSimulated(f"{self.what}.{name}")

    def text(self, rule: Field, value: Any, name: str) -> str:
        given = _plain_text(value, name)
        if _BARRED_EVERYWHERE.search(given) or any(mark in given for mark in rule.barred):
            raise no.InvalidText(name)
        if rule.most and len(given) > rule.most:
            raise no.TextLength(name, 0, rule.most, len(given))
        return given

    def flag(self, _: Field, value: Any, name: str) -> bool:
        if isinstance(value, bool):
            return value
        if isinstance(value, str) and value.strip().lower() in ("true", "false"):
            return value.strip().lower() == "true"
        raise no.BooleanValue(name, shown(value))

    def number(self, rule: Field, value: Any, name: str) -> Decimal:
        given = _decimal(value, name)
        if rule.low is not None and rule.high is not None and not rule.low <= given <= rule.high:
            raise _RANGE[rule.measure](name, shown(value))
        normal = given.normalize()
        if -int(normal.as_tuple().exponent) > rule.places:
            raise (no.TooPrecise if rule.places else no.NumberValue)(name, shown(value))
        return given

    def day(self, _: Field, value: Any, name: str) -> str:
        return read_day(value, name).isoformat()

    def choice(self, rule: Field, value: Any, name: str) -> str:
        if isinstance(value, str):
            for known in rule.choices:
                if known == value:
                    return known
        raise no.InvalidChoice(name, shown(value))

    def ref(self, rule: Field, value: Any, name: str) -> Any:
        if not isinstance(value, dict):
            raise no.UnsupportedProperty(name)
        for member in value:
            if member not in ("value", "name", "type"):
                raise no.UnsupportedProperty(member[:60])
        given = value.get("value")
        if given is None:
            return None
        pointed = _plain_text(given, name).strip()
        if not pointed:
            return CLEAR if self.sparse else None
        if len(pointed) > 60 or _BARRED_EVERYWHERE.search(pointed):
            raise no.InvalidReference(rule.target, pointed[:40], name)
        kind = value.get("type")
        if isinstance(kind, str) and kind and rule.target in ("Entity", "Attached"):
            return {"value": pointed, "type": kind[:30]}
        return {"value": pointed}

    def group(self, rule: Field, value: Any, name: str) -> Any:
        if value == {}:
            return CLEAR if self.sparse else None
        nested = replace(self, sparse=False)
        return nested.members(rule.members, value, inside=name) or None

    def many(self, rule: Field, value: Any, name: str) -> Any:
        if not isinstance(value, list):
            raise no.UnsupportedProperty(name)
        nested = replace(self, sparse=False)
        return [nested.members(rule.members, each, inside=name) for each in value]

    def email(self, rule: Field, value: Any, name: str) -> str:
        given = self.text(rule, value, name)
        if not all(_EMAIL.fullmatch(part.strip()) for part in given.split(",")):
            raise no.InvalidEmail(name, given[:60])
        return given

    def url(self, rule: Field, value: Any, name: str) -> str:
        given = self.text(rule, value, name)
        if any(mark.isspace() for mark in given):
            raise no.InvalidUrl(name, given[:60])
        return given


_RANGE: Mapping[Measure, type[no.NumberRange | no.AmountRange | no.PercentRange | no.QuantityRange]] = {
    "number": no.NumberRange,
    "amount": no.AmountRange,
    "percent": no.PercentRange,
    "quantity": no.QuantityRange,
}
_READERS: Mapping[str, Any] = {
    "text": Reading.text,
    "flag": Reading.flag,
    "number": Reading.number,
    "date": Reading.day,
    "choice": Reading.choice,
    "ref": Reading.ref,
    "group": Reading.group,
    "many": Reading.many,
    "email": Reading.email,
    "url": Reading.url,
}


def _plain_text(value: Any, name: str) -> str:
    """Text, or a number in its place, as the service's own reader takes both."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        raise no.UnsupportedProperty(name)
    shown = _decimal(value, name)
    return str(value) if isinstance(value, int) else f"{shown:f}"


def _decimal(value: Any, name: str) -> Decimal:
    """A number, or text that holds one; huge exponents are no numbers here."""
    if isinstance(value, bool) or not isinstance(value, (int, Decimal, str)):
        raise no.NumberFormat(name, shown(value))
    if isinstance(value, int):
        if abs(value) >= 10**30:
            raise no.NumberRange(name, "a number of more than 30 digits")
        return Decimal(value)
    if isinstance(value, str):
        if len(value) > 60 or not _NUMBER.fullmatch(value.strip()):
            raise no.NumberFormat(name, value[:40])
        value = value.strip()
    found = Decimal(value)
    if found and not -40 < found.adjusted() < 30:
        raise no.NumberRange(name, shown(value))
    return found or Decimal(0)


def read_day(value: Any, name: str) -> date:
    """A date from ``YYYY-MM-DD`` or from an ISO date-time, of which the date counts."""
    if not isinstance(value, str):
        raise no.DateFormat(name, shown(value))
    given = value.strip()
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}(T.*)?", given, re.ASCII):
        raise no.DateFormat(name, value[:40])
    try:
        found = datetime.fromisoformat(given).date() if "T" in given else date.fromisoformat(given)
    except ValueError as error:
        raise no.DateValue(name, value[:40]) from error
    if found.year not in _YEARS:
        raise no.DateRange(name, value[:40])
    return found


def raise_wrong(wrong: list[Refusal]) -> None:
    """Raise what is wrong, if anything is."""
    if len(wrong) == 1:
        raise wrong[0]
    if wrong:
        raise no.Several(tuple(wrong[:25]))


def shown(value: Any) -> str:
    """A value as an error quotes it: short, whatever it is."""
    if isinstance(value, int) and value.bit_length() > 200:
        return "a number of very many digits"
    return str(value)[:60] if isinstance(value, (str, int, Decimal)) else type(value).__name__
