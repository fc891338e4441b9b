"""From the JSON of a request to members of a stored record: names in any case, values checked by the schema.

Source: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_1545141395.html (bodies),
section_0504060412.html (field names in lower case in the vendor's own samples)
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from sandbooks.kit.company import Company
from sandbooks.kit.errors import NotSimulated
from sandbooks.platforms.netsuite.records import store
from sandbooks.platforms.netsuite.refusals import BadContent, ExternalIdMissing, UserError
from sandbooks.platforms.netsuite.schema import TYPES
from sandbooks.platforms.netsuite.schema.fields import NUMBERS, Field, RecordType, Sublist

Body = dict[str, Any]

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PASSED_OVER = frozenset({"links", "refname"})
_MAGNITUDE = Decimal(10) ** 12
_FINEST = -15
_SIMULATED = frozenset({*TYPES, "file", "folder"})
_TRUE, _FALSE = ("t", "true", "yes"), ("f", "false", "no")


class Reader:
    """Reads bodies for one account. ``names``: what to do with unknown properties (``error``, ``warning``,
    ``ignore``), ``values``: the same for values that do not fit their property; ``warnings`` collects the properties
    that were passed over.

    Unconfirmed: which values may be passed over. References to records that are not there never are.
    """

    def __init__(self, company: Company, *, names: str = "warning", values: str = "error") -> None:
        self._company = company
        self._names = names
        self._values = values
        self.warnings: list[str] = []

    def document(self, type: RecordType, given: Any) -> Body:
        """The members that a body gives; a member given as null is None, to be cleared."""
        if not isinstance(given, dict):
            raise BadContent("The request body must be a JSON object.")
        body: Body = {}
        for name, value in given.items():
            field, sublist = type.by_name.get(name.lower()), type.sublist_by_name.get(name.lower())
            if sublist is not None and sublist.read_only:
                self._note(name)
            elif sublist is not None:
                body[sublist.name] = self._lines(sublist, value)
            elif field is not None:
                self._member(body, field, value, path=name)
            else:
                self._unknown(name, path=name)
        return body

    def _member(self, body: Body, field: Field, value: Any, *, path: str) -> None:
        if field.read_only:
            self._note(path)
        elif value is None:
            body[field.name] = None
        else:
            try:
                body[field.name] = self._value(field, value, path=path)
            except BadContent:
                if self._values == "error" or field.kind in ("ref", "refs"):
                    raise
                if self._values == "warning":
                    self.warnings.append(path[:120])

    def _unknown(self, name: str, *, path: str) -> None:
        if name.lower() in _PASSED_OVER:
            return
        if self._names == "error":
            # Unconfirmed: the code of an unknown property; public clients see INVALID_CONTENT or INVALID_PARAMETER.
            raise BadContent(f"Unknown reference or field {name[:60]}.", path[:120])
        self._note(path)

    def _note(self, path: str) -> None:
        if self._names != "ignore":
            self.warnings.append(path[:120])

    def _lines(self, sublist: Sublist, value: Any) -> list[Body] | None:
        if value is None:
            return None
        items = value.get("items") if isinstance(value, dict) else None
        if not isinstance(items, list):
            raise BadContent(f"The sublist {sublist.name} must be an object with an array named items.", sublist.name)
        return [self._line(sublist, item, path=f"{sublist.name}.items[{n}]") for n, item in enumerate(items)]

    def _line(self, sublist: Sublist, given: Any, *, path: str) -> Body:
        if not isinstance(given, dict):
            raise BadContent("A sublist line must be a JSON object.", path)
        body: Body = {}
        for name, value in given.items():
            field = sublist.by_name.get(name.lower())
            if field is None:
                self._unknown(name, path=f"{path}.{name}")
            else:
                self._member(body, field, value, path=f"{path}.{name}")
        return body

    def _value(self, field: Field, value: Any, *, path: str) -> Any:
        if field.kind in NUMBERS:
            return _number(field, value, path)
        if field.kind == "ref":
            return self._reference(field, value, path)
        if field.kind == "refs":
            return self._references(field, value, path)
        return _PLAIN[field.kind](field, value, path)

    def _reference(self, field: Field, value: Any, path: str) -> Body:
        external, id = "", ""
        if isinstance(value, dict):
            external, id = _text_id(value.get("externalId")), _text_id(value.get("id"))
        else:
            id = _text_id(value)
        if id.lower().startswith("eid:"):
            external = id[4:]
        if not _SIMULATED & set(field.targets):
            raise NotSimulated(f"the record type {', '.join(field.targets)}, which {field.name} names")
        found = store.refer(self._company, field.targets, id=id, external=external) if id or external else None
        if found is None and external:
            raise ExternalIdMissing(external[:60], path)
        if found is None:
            shown = id or ("{}" if isinstance(value, (dict, list)) else str(value)[:60])
            raise BadContent(
                f"You have entered an Invalid Field Value {shown[:60]} for the following field: {field.name}", path
            )
        return {"id": found.id}

    def _references(self, field: Field, value: Any, path: str) -> Body:
        items = value.get("items", value) if isinstance(value, dict) else value
        listed = items if isinstance(items, list) else [items]
        found = {self._reference(field, item, path)["id"]: None for item in listed}
        return {"items": [{"id": id} for id in found]}


def _text_id(value: Any) -> str:
    return str(value).strip() if isinstance(value, (str, int)) and not isinstance(value, bool) else ""


def _invalid(field: Field, value: Any, path: str) -> BadContent:
    shown = str(value)[:60] if isinstance(value, (str, int, Decimal, bool)) else "{}"
    return BadContent(f"Invalid value for the resource or sub-resource field '{field.name}': {shown}.", path[:120])


def _number(field: Field, value: Any, path: str) -> Decimal | int:
    if isinstance(value, bool) or not isinstance(value, (int, Decimal, str)):
        raise _invalid(field, value, path)
    try:
        number = Decimal(value.strip() if isinstance(value, str) else value)
    except InvalidOperation:
        raise _invalid(field, value, path) from None
    exponent = number.as_tuple().exponent
    # The exponent is looked at first: a far one would overflow in any arithmetic.
    if not isinstance(exponent, int) or not _FINEST <= exponent < 30 or abs(number) >= _MAGNITUDE:
        raise _invalid(field, value, path)
    if field.kind == "integer":
        if number != int(number):
            raise _invalid(field, value, path)
        return int(number)
    # A zero keeps no sign, and no number keeps an exponent that would show on the wire.
    return Decimal(f"{number:f}") if number else Decimal(0)


def _text(field: Field, value: Any, path: str) -> str:
    if isinstance(value, bool) or not isinstance(value, (str, int, Decimal)):
        raise _invalid(field, value, path)
    if len(str(value)) > field.length:
        raise UserError(
            f"The field {field.name} contained more than the maximum number ( {field.length} ) of characters allowed.",
            path,
        )
    return str(value)


def _flag(field: Field, value: Any, path: str) -> bool:
    if isinstance(value, bool):
        return value
    word = value.lower() if isinstance(value, str) else ""
    if word in (*_TRUE, *_FALSE):
        return word in _TRUE
    raise _invalid(field, value, path)


def _day(field: Field, value: Any, path: str) -> str:
    if isinstance(value, str):
        stamp = value.partition("T")[0]
        if _DAY.fullmatch(stamp):
            try:
                return date.fromisoformat(stamp).isoformat()
            except ValueError:
                pass
    raise _invalid(field, value, path)


def _enum(field: Field, value: Any, path: str) -> Mapping[str, str]:
    given = value.get("id", value.get("refName")) if isinstance(value, dict) else value
    if isinstance(given, bool):  # choices of T and F are checkboxes elsewhere
        given = "T" if given else "F"
    word = _text_id(given).lstrip("_").replace(" ", "").lower()
    for id, text in field.choices.items():
        if word and word in (id.lower(), text.replace(" ", "").lower()):
            return {"id": id}
    raise _invalid(field, given, path)


def _moment(field: Field, value: Any, path: str) -> str:
    try:
        moment = datetime.fromisoformat(value if isinstance(value, str) else "")
        moment = moment.astimezone(UTC) if moment.tzinfo else moment
    except (ValueError, OverflowError):
        raise _invalid(field, value, path) from None
    return f"{moment.replace(tzinfo=None, microsecond=0).isoformat()}Z"


_PLAIN = {"text": _text, "flag": _flag, "date": _day, "datetime": _moment, "enum": _enum}
