"""``$filter``: a grammar of Business Central's subset of OData version 4, and its meaning on rows.

The library odata-query was tried first: it cannot read the blank date 0001-01-01, lists of one value after ``in``, or
members whose names begin with ``any`` or ``all``, all of which clients of Business Central send.
Source: https://learn.microsoft.com/dynamics365/business-central/dev-itpro/developer/devenv-connect-apps-filtering and
https://learn.microsoft.com/dynamics365/business-central/dev-itpro/webservices/odata-known-limitations
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Any, TypeAlias

from lark import Lark, Token, Transformer, v_args
from lark.exceptions import LarkError
from msgspec import Struct

from sandbooks.platforms.business_central.fields import EDM, Field
from sandbooks.platforms.business_central.names import caption
from sandbooks.platforms.business_central.refusals import BadUrl, Dialog, FilterTooLong, IncompatibleTypes, NotAnOption

LENGTH_MAX = 8000
_WORDS = re.compile(r"(?<=[a-z])([A-Z])")
DEPTH_MAX = 60
_GRAMMAR = r"""
    ?start: either
    ?either: both (_OR both)* -> either
    ?both: negated (_AND negated)* -> both
    ?negated: _NOT negated -> negation
            | comparison
    ?comparison: value OPERATOR value -> comparison
               | value _IN "(" value ("," value)* ")" -> within
               | value
    ?value: NULL -> null
          | BOOLEAN -> boolean
          | TEXT -> text
          | GUID -> guid
          | INSTANT -> instant
          | DATE -> date
          | NUMBER -> number
          | NAME "(" [value ("," value)*] ")" -> function
          | NAME ("/" NAME)+ "(" [NAME ":" either] ")" -> collection
          | NAME ("/" NAME)* -> member
          | "(" either ")"
    _OR.3: /or(?=[\s(])/
    _AND.3: /and(?=[\s(])/
    _NOT.3: /not(?=[\s(])/
    _IN.3: /in(?=[\s(])/
    OPERATOR.3: /(eq|ne|gt|ge|lt|le)(?=[\s(])/
    NULL.2: /null\b/
    BOOLEAN.2: /(true|false)\b/
    TEXT: /'(?:[^']|'')*'/
    GUID.4: /[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}/
    INSTANT.4: /\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?/
    DATE.3: /\d{4}-\d\d-\d\d/
    NUMBER: /[+-]?\d{1,28}(\.\d{1,20})?/
    NAME: /[A-Za-z_]\w{0,127}/
    WS: /[ \t\f\r\n]+/
    %ignore WS
"""


class Literal(Struct, frozen=True):
    """A value as it stands in the filter."""

    type: str
    value: Any


class Member(Struct, frozen=True):
    """A member of the row, or of what it points to (not followed)."""

    path: tuple[str, ...]


class Function(Struct, frozen=True):
    name: str
    arguments: tuple[Any, ...]


class Comparison(Struct, frozen=True):
    operator: str
    left: Any
    right: Any


class Within(Struct, frozen=True):
    left: Any
    values: tuple[Any, ...]


class Every(Struct, frozen=True):
    parts: tuple[Any, ...]


class Some(Struct, frozen=True):
    parts: tuple[Any, ...]


class Negation(Struct, frozen=True):
    part: Any


Node: TypeAlias = Literal | Member | Function | Comparison | Within | Every | Some | Negation


@v_args(inline=True)
class _Build(Transformer[Token, Node]):
    def either(self, *parts: Node) -> Node:
        return parts[0] if len(parts) == 1 else Some(parts)

    def both(self, *parts: Node) -> Node:
        return parts[0] if len(parts) == 1 else Every(parts)

    def negation(self, part: Node) -> Node:
        return Negation(part)

    def comparison(self, left: Node, operator: Token, right: Node) -> Node:
        return Comparison(str(operator), left, right)

    def within(self, left: Node, *values: Node) -> Node:
        return Within(left, values)

    def null(self, _: Token) -> Node:
        return Literal("null", None)

    def boolean(self, token: Token) -> Node:
        return Literal("bool", str(token).startswith("t"))

    def text(self, token: Token) -> Node:
        return Literal("text", token[1:-1].replace("''", "'"))

    def guid(self, token: Token) -> Node:
        return Literal("guid", token.lower())

    def instant(self, token: Token) -> Node:
        return Literal("instant", str(token))

    def date(self, token: Token) -> Node:
        return Literal("date", str(token))

    def number(self, token: Token) -> Node:
        return Literal("decimal", Decimal(token))

    def function(self, name: Token, *arguments: Node | None) -> Node:
        return Function(name.lower(), tuple(each for each in arguments if each is not None))

    def collection(self, *parts: Token | Node | None) -> Node:
        """``lines/any(d:…)``: the service passes over it, and so every row stays."""
        # Source: https://learn.microsoft.com/dynamics365/business-central/dev-itpro/webservices/odata-known-limitations
        names = [str(part) for part in parts if isinstance(part, Token)]
        if not {"any", "all"} & set(names[1:]):
            raise BadUrl(f"An unknown function with name '{names[-1]}' was found.")
        return Literal("bool", True)

    def member(self, *names: Token) -> Node:
        return Member(tuple(str(name) for name in names))


@cache
def _parser() -> Lark:
    return Lark(_GRAMMAR, parser="lalr", maybe_placeholders=True)


def parsed(text: str) -> Node | None:
    """The filter as a tree; None for an empty one. Raises ``BadUrl``."""
    if not text.strip():
        return None
    if len(text) > LENGTH_MAX or text.count("(") + text.count("not ") > DEPTH_MAX:
        raise BadUrl("The filter is too long or too deep.")
    try:
        return _Build().transform(_parser().parse(text))
    except LarkError as error:
        raise BadUrl(f"The $filter clause could not be read: {str(error).splitlines()[0][:120]}") from error


def members_of(node: Node | None) -> frozenset[str]:
    """Every member that a filter names."""
    match node:
        case Member(path):
            return frozenset(path[:1])
        case Every(parts) | Some(parts) | Function(_, parts):
            return frozenset().union(*(members_of(part) for part in parts))
        case Comparison(_, left, right):
            return members_of(left) | members_of(right)
        case Within(left, values):
            return frozenset().union(members_of(left), *(members_of(value) for value in values))
        case Negation(part):
            return members_of(part)
        case _:
            return frozenset()


def pinned(node: Node | None) -> dict[str, str]:
    """Members that must equal a text or an id for any row to pass: what an index can answer."""
    match node:
        case Comparison("eq", Member((name,)), Literal("text" | "guid", value)):
            return {name: value}
        case Every(parts):
            found: dict[str, str] = {}
            for part in parts:
                found.update(pinned(part))
            return found
        case _:
            return {}


class Meaning:
    """What a filter means on the rows of one set. Raises where members or types do not fit."""

    def __init__(self, node: Node, fields: Mapping[str, Field], type_name: str, *, newer: bool) -> None:
        self._fields, self._type, self._newer = fields, type_name, newer
        self._node = self._typed(node)
        self._check_either(node)

    def admits(self, row: Mapping[str, Any]) -> bool:
        """Whether a row passes."""
        return bool(self._value(self._node, row))

    def _check_either(self, node: Node) -> None:
        match node:
            case Some(parts):
                if len(members_of(node)) > 1:
                    raise Dialog("The 'OR' operator is not supported on distinct fields on an OData filter.")
                for part in parts:
                    self._check_either(part)
            case Every(parts):
                for part in parts:
                    self._check_either(part)
            case Negation(part):
                self._check_either(part)
            case _:
                return

    def _typed(self, node: Any) -> Node:
        """The tree with its literals turned into what the members beside them hold."""
        match node:
            case Every(parts):
                return Every(tuple(self._truth(part) for part in parts))
            case Some(parts):
                return Some(tuple(self._truth(part) for part in parts))
            case Negation(part):
                return Negation(self._truth(part))
            case Comparison(operator, left, right):
                return self._compared(operator, left, right)
            case Within(left, values):
                if not self._newer:
                    raise BadUrl("The 'in' operator needs $schemaversion=2.1.")
                return Within(self._operand(left), tuple(self._fit(left, value, "Equal") for value in values))
            case _:
                return self._truth(node)

    def _truth(self, node: Any) -> Node:
        if isinstance(node, (Member, Literal, Function)):
            operand = self._operand(node)
            if self._type_of(operand) != "bool":
                raise BadUrl("The $filter expression must evaluate to a single boolean value.")
            return operand
        return self._typed(node)

    def _compared(self, operator: str, left: Any, right: Any) -> Node:
        if isinstance(left, Literal) and not isinstance(right, Literal):
            return Comparison(operator, self._fit(right, left, operator), self._operand(right))
        return Comparison(operator, self._operand(left), self._fit(left, right, operator))

    def _operand(self, node: Any) -> Node:
        match node:
            case Member(path):
                if len(path) > 1 or path[0] not in self._fields:
                    name = "/".join(path)
                    raise BadUrl(f"Could not find a property named '{name}' on type 'Microsoft.NAV.{self._type}'.")
                return node
            case Function(name, arguments):
                return self._call(name, arguments)
            case Literal():
                return node
            case _:
                return self._typed(node)

    def _call(self, name: str, arguments: tuple[Any, ...]) -> Function:
        counts = _FUNCTIONS.get(name)
        if counts is None:
            raise BadUrl(f"An unknown function with name '{name}' was found.")
        if len(arguments) not in counts:
            raise BadUrl(f"No function signature for the function with name '{name}' matches the specified arguments.")
        if not self._newer and any(isinstance(each, Function) for each in arguments):
            # Source: learn.microsoft.com, Using Filter Expressions in OData URIs (Nested function calls): earlier
            # versions throw an error or have no defined result.
            raise BadUrl("Nested functions need $schemaversion=2.1.")
        operands = tuple(self._operand(each) for each in arguments)
        for place, each in enumerate(operands):
            wanted = "decimal" if name == "substring" and place else "text"
            kind = self._type_of(each)
            if (kind in ("decimal", "int")) != (wanted == "decimal") or kind not in (
                "text",
                "code",
                "enum",
                "decimal",
                "int",
            ):
                raise BadUrl(
                    f"No function signature for the function with name '{name}' matches the specified arguments."
                )
        return Function(name, operands)

    def _type_of(self, node: Any) -> str:
        match node:
            case Member((name, *_)):
                return self._fields[name].type
            case Literal(type, _):
                return type
            case Function(name, _):
                return "bool" if name in _TESTS else "decimal" if name == "length" else "text"
            case _:
                return "bool"

    def _fit(self, beside: Any, node: Any, operator: str) -> Node:
        """An operand as the other side compares it. Raises ``IncompatibleTypes`` or ``NotAnOption``."""
        operand = self._operand(node)
        wanted, found = self._type_of(self._operand(beside)), self._type_of(operand)
        if not isinstance(operand, Literal):
            if _FAMILY[wanted] != _FAMILY[found]:
                raise _unlike(wanted, found, operator)
            return operand
        if found == "null":
            return Literal(wanted, self._fields[beside.path[0]].blank if isinstance(beside, Member) else None)
        if wanted == "enum" and found == "text" and isinstance(beside, Member):
            return self._option(self._fields[beside.path[0]], operand.value)
        if found == "text" and wanted in ("code", "text") and isinstance(beside, Member):
            self._check_length(self._fields[beside.path[0]], operand.value)
        if wanted == "code" and found == "text":
            return Literal("code", operand.value.upper())
        if wanted == "instant" and found in ("instant", "date"):
            return Literal("instant", _instant(operand.value))
        if _FAMILY[wanted] != _FAMILY[found]:
            raise _unlike(wanted, found, operator)
        return operand

    def _check_length(self, field: Field, value: str) -> None:
        """Refuse a value that the member can never hold. Raises ``FilterTooLong``."""
        # Source: learn.microsoft.com, Business Central error codes (NavFilterException)
        if field.length and len(value) > field.length:
            member = _WORDS.sub(r" \1", field.name).replace("number", "No.").replace("Number", "No.")
            table = self._type[:1].upper() + self._type[1:]
            raise FilterTooLong(value[:100], member[:1].upper() + member[1:], table, len(value), field.length)

    def _option(self, field: Field, value: str) -> Literal:
        wanted = caption(value).lower()
        for option in field.options:
            if option.lower() == wanted:
                return Literal("enum", option)
        raise NotAnOption(field.name, value[:80], field.options)

    def _value(self, node: Any, row: Mapping[str, Any]) -> Any:
        match node:
            case Literal(type, value):
                return value.rstrip() if type == "code" else value
            case Member((name, *_)):
                return self._held(self._fields[name], row[name])
            case Function(name, arguments):
                return _CALLS[name](*(self._value(each, row) for each in arguments))
            case Every(parts):
                return all(self._value(part, row) for part in parts)
            case Some(parts):
                return any(self._value(part, row) for part in parts)
            case Negation(part):
                return not self._value(part, row)
            case Within(left, values):
                return self._value(left, row) in [self._value(value, row) for value in values]
            case Comparison(operator, left, right):
                return _OPERATORS[operator](self._value(left, row), self._value(right, row))
            case _:
                raise AssertionError(f"{node} has no meaning")

    def _held(self, field: Field, value: Any) -> Any:
        if field.type == "enum":
            return caption(value)
        if field.type == "instant":
            return _instant(value)
        return value


def _unlike(left: str, right: str, operator: str) -> IncompatibleTypes:
    names = {"eq": "Equal", "ne": "NotEqual", "gt": "GreaterThan", "ge": "GreaterThanOrEqual"}
    names |= {"lt": "LessThan", "le": "LessThanOrEqual"}
    return IncompatibleTypes(EDM.get(left, left), EDM.get(right, right), names.get(operator, operator))


def _instant(text: str) -> str:
    """An instant in a form that sorts. Raises ``BadUrl``."""
    from datetime import UTC, datetime

    try:
        moment = datetime.fromisoformat(text)
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return aware.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f").rjust(26, "0")
    except (ValueError, OverflowError) as error:
        if text.startswith("0001-01-01"):
            return "0001-01-01T00:00:00.000000"
        raise BadUrl(f"The literal '{text}' is no instant.") from error


def _substring(text: str, start: Decimal, length: Decimal | None = None) -> str:
    first = max(0, int(start))
    return text[first:] if length is None else text[first : first + max(0, int(length))]


_FAMILY = {
    "text": "text",
    "code": "text",
    "enum": "text",
    "guid": "guid",
    "date": "date",
    "instant": "instant",
    "decimal": "number",
    "int": "number",
    "bool": "bool",
    "null": "null",
}
_TESTS = ("contains", "startswith", "endswith")
_FUNCTIONS = {
    "contains": (2,),
    "startswith": (2,),
    "endswith": (2,),
    "tolower": (1,),
    "toupper": (1,),
    "trim": (1,),
    "length": (1,),
    "substring": (2, 3),
}
_CALLS: dict[str, Any] = {
    "contains": lambda text, part: part in text,
    "startswith": lambda text, part: text.startswith(part),
    "endswith": lambda text, part: text.endswith(part),
    "tolower": lambda text: text.lower(),
    "toupper": lambda text: text.upper(),
    "trim": lambda text: text.strip(),
    "length": len,
    "substring": _substring,
}
_OPERATORS: dict[str, Any] = {
    "eq": lambda left, right: left == right,
    "ne": lambda left, right: left != right,
    "gt": lambda left, right: left > right,
    "ge": lambda left, right: left >= right,
    "lt": lambda left, right: left < right,
    "le": lambda left, right: left <= right,
}
