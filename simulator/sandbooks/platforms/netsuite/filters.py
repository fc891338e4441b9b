"""The ``q`` parameter of collections: conditions over body fields, joined by AND and OR.

Source: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_1545222128.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, TypeAlias

from msgspec import Struct

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.platforms.netsuite.refusals import BadParameter
from sandbooks.platforms.netsuite.rendering import computed
from sandbooks.platforms.netsuite.schema.fields import Field, RecordType

Body = dict[str, Any]
Test: TypeAlias = Callable[[Body], bool]
_TOKEN = re.compile(r'\s*(?:(?P<mark>[(),\[\]])|"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<word>[^\s(),\[\]"]+))')
_DEPTH_MAX = 40


class Token(Struct, frozen=True):
    """A mark, a quoted value or a bare word."""

    text: str
    kind: str


def matching(company: Company, type: RecordType, records: Iterable[Record], text: str) -> list[Record]:
    """The records that fulfil a filter. Raises ``BadParameter``."""
    test = _Parser(type, text).parsed()
    return [r for r in records if test(_View(company, r))]


class _View(dict[str, Any]):
    """A record as a filter sees it; what follows from other records is worked out only when it is asked for."""

    def __init__(self, company: Company, record: Record) -> None:
        super().__init__({**record.body, "id": record.id})
        self._company, self._record = company, record
        self._whole = False

    def get(self, name: str, default: Any = None) -> Any:
        if name not in self and not self._whole:
            self._whole = True
            self.update(computed(self._company, self._record))
        return super().get(name, default)


def _refused(detail: str) -> BadParameter:
    return BadParameter(f"Invalid query parameter 'q'. {detail}", "q")


class _Parser:
    """``condition (AND|OR condition)*`` with parentheses; AND binds tighter than OR."""

    def __init__(self, type: RecordType, text: str) -> None:
        self._type = type
        self._tokens = list(_tokens(text))
        self._at = 0
        self._depth = 0

    def parsed(self) -> Test:
        test = self._either()
        if self._at < len(self._tokens):
            raise _refused(f"Unexpected '{self._tokens[self._at].text[:40]}'.")
        return test

    def _next(self) -> Token:
        if self._at >= len(self._tokens):
            raise _refused("The expression ends too early.")
        self._at += 1
        return self._tokens[self._at - 1]

    def _takes(self, word: str) -> bool:
        token = self._tokens[self._at] if self._at < len(self._tokens) else None
        if token is not None and token.kind != "quoted" and token.text.upper() == word:
            self._at += 1
            return True
        return False

    def _either(self) -> Test:
        tests = [self._both()]
        while self._takes("OR"):
            tests.append(self._both())
        return lambda body: any(test(body) for test in tests)

    def _both(self) -> Test:
        tests = [self._one()]
        while self._takes("AND"):
            tests.append(self._one())
        return lambda body: all(test(body) for test in tests)

    def _one(self) -> Test:
        if not self._takes("("):
            return self._condition()
        self._depth += 1
        if self._depth > _DEPTH_MAX:
            raise _refused("The expression is nested too deeply.")
        test = self._either()
        if not self._takes(")"):
            raise _refused("A parenthesis is not closed.")
        self._depth -= 1
        return test

    def _condition(self) -> Test:
        name = self._next().text
        field = self._type.by_name.get(name.lower())
        if field is None:
            raise _refused(f"Field '{name[:40]}' was not found.")
        operator = self._next().text.upper()
        return _test(field, operator, self._values)

    def _values(self) -> list[str]:
        """One value, or a list in brackets."""
        if not self._takes("["):
            token = self._next()
            if token.kind == "mark":
                raise _refused("A value is missing.")
            return [token.text]
        values = []
        while not self._takes("]"):
            token = self._next()
            if token.kind == "mark" and token.text != ",":
                raise _refused("A list is not closed.")
            if token.text != "," or token.kind == "quoted":
                values.append(token.text)
        return values


def _tokens(text: str) -> Iterable[Token]:
    at, end = 0, len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if match is None:
            raise _refused(f"Unexpected '{text[at : at + 20]}'.")
        kind = str(match.lastgroup)
        value = match[kind]
        yield Token(re.sub(r"\\(.)", r"\1", value) if kind == "quoted" else value, kind)
        at = match.end()


# Operators by type of field


def _test(field: Field, operator: str, values: Callable[[], list[str]]) -> Test:
    plain = operator.removesuffix("_NOT")
    negated = plain != operator
    if plain == "EMPTY":
        found: Test = lambda body: _plain(field, body.get(field.name)) in (None, "")  # noqa: E731 - one of a family
    else:
        found = _family(field)(field, plain, values())
    return (lambda body: not found(body)) if negated else found


def _plain(field: Field, value: Any) -> Any:
    if field.kind in ("ref", "enum"):
        return value["id"] if value else None
    if field.kind == "refs":
        return [item["id"] for item in value["items"]] if value else None
    return value


def _family(field: Field) -> Callable[[Field, str, list[str]], Test]:
    if field.kind == "flag":
        return _flag_test
    if field.kind in ("date", "datetime"):
        return _date_test
    if field.kind in ("ref", "refs", "enum"):
        return _choice_test
    return _text_test if field.kind == "text" else _number_test


def _single(values: list[str]) -> str:
    if len(values) != 1:
        raise _refused("The operator takes one value.")
    return values[0]


def _unfit(field: Field, operator: str) -> BadParameter:
    return _refused(f"Operator '{operator[:30]}' is not supported for field '{field.name}'.")


def _flag_test(field: Field, operator: str, values: list[str]) -> Test:
    if operator != "IS":
        raise _unfit(field, operator)
    word = _single(values).lower()
    if word not in ("true", "false", "t", "f"):
        raise _refused(f"'{word[:20]}' is not a boolean.")
    return lambda body: bool(body.get(field.name)) == word.startswith("t")


_TEXT: dict[str, Callable[[str, str], bool]] = {
    "CONTAIN": lambda have, want: want in have,
    "IS": lambda have, want: have == want,
    "START_WITH": lambda have, want: have.startswith(want),
    "STARTWITH": lambda have, want: have.startswith(want),
    "END_WITH": lambda have, want: have.endswith(want),
    "ENDWITH": lambda have, want: have.endswith(want),
}


def _text_test(field: Field, operator: str, values: list[str]) -> Test:
    if operator == "ANY_OF":
        wanted = {value.lower() for value in values}
        return lambda body: str(body.get(field.name) or "").lower() in wanted
    compare = _TEXT.get(operator)
    if compare is None:
        raise _unfit(field, operator)
    want = _single(values).lower()
    return lambda body: body.get(field.name) is not None and compare(str(body[field.name]).lower(), want)


def _choice_test(field: Field, operator: str, values: list[str]) -> Test:
    if operator not in ("ANY_OF", "EQUAL", "IS"):
        raise _unfit(field, operator)
    wanted = set(values) if operator == "ANY_OF" else {_single(values)}

    def test(body: Body) -> bool:
        have = _plain(field, body.get(field.name))
        return bool(wanted & set(have)) if isinstance(have, list) else have in wanted

    return test


_NUMBERS: dict[str, Callable[[Decimal, list[Decimal]], bool]] = {
    "ANY_OF": lambda have, want: have in want,
    "EQUAL": lambda have, want: have == want[0],
    "GREATER": lambda have, want: have > want[0],
    "GREATER_OR_EQUAL": lambda have, want: have >= want[0],
    "LESS": lambda have, want: have < want[0],
    "LESS_OR_EQUAL": lambda have, want: have <= want[0],
    "BETWEEN": lambda have, want: want[0] <= have <= want[1],
    "WITHIN": lambda have, want: want[0] <= have <= want[1],
}


def _number_test(field: Field, operator: str, values: list[str]) -> Test:
    compare = _NUMBERS.get("EQUAL" if operator == "IS" else operator)
    if compare is None:
        raise _unfit(field, operator)
    wanted = [_decimal(value) for value in values]
    count = {"BETWEEN": 2, "WITHIN": 2}.get(operator, 1)
    if not wanted or (operator != "ANY_OF" and len(wanted) != count):
        raise _refused(f"The operator takes {count} value{'s' if count > 1 else ''}.")
    return lambda body: body.get(field.name) is not None and compare(Decimal(body[field.name]), wanted)


def _decimal(text: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise _refused(f"'{text[:20]}' is not a number.") from None
    if not value.is_finite() or abs(value.adjusted()) > 40:
        raise _refused(f"'{text[:20]}' is not a number.")
    return value


_DATES: dict[str, Callable[[str, list[str]], bool]] = {
    "AFTER": lambda have, want: have > want[0],
    "BEFORE": lambda have, want: have < want[0],
    "ON": lambda have, want: have[: len(want[0])] == want[0],
    "ON_OR_AFTER": lambda have, want: have >= want[0],
    "ON_OR_BEFORE": lambda have, want: have[: len(want[0])] <= want[0],
    "WITHIN": lambda have, want: want[0] <= have[: len(want[0])] and have[: len(want[1])] <= want[1],
}


def _date_test(field: Field, operator: str, values: list[str]) -> Test:
    compare = _DATES.get(operator)
    if compare is None:
        raise _unfit(field, operator)
    wanted = [_moment(value) for value in values]
    if len(wanted) != (2 if operator == "WITHIN" else 1):
        raise _refused("The operator takes another number of values.")
    if operator == "AFTER" and field.kind == "datetime" and len(wanted[0]) == 10:
        wanted = [wanted[0] + "T99"]
    return lambda body: bool(body.get(field.name)) and compare(str(body[field.name]), wanted)


_AMERICAN = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")


def _moment(text: str) -> str:
    """A date or an instant, ISO or in the account's date format (month/day/year), as stored values are written."""
    american = _AMERICAN.fullmatch(text)
    try:
        if american:
            return date(int(american[3]), int(american[1]), int(american[2])).isoformat()
        if len(text) <= 10:
            return date.fromisoformat(text).isoformat()
        moment = datetime.fromisoformat(text)
        moment = moment.astimezone(UTC) if moment.tzinfo else moment
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError):
        raise _refused(f"'{text[:30]}' is not a date.") from None
