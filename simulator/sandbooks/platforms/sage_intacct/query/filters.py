"""The filters of ``query`` and ``get_list``, and the text of ``readByQuery``, read into conditions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lxml import etree

from sandbooks.platforms.sage_intacct.objects.catalogue import ObjectType
from sandbooks.platforms.sage_intacct.query.audit import MODES
from sandbooks.platforms.sage_intacct.query.conditions import Condition, comparison
from sandbooks.platforms.sage_intacct.refusals import FieldUnknown, QueryMalformed
from sandbooks.platforms.sage_intacct.wire.scalars import is_iso
from sandbooks.platforms.sage_intacct.wire.xml import child, children, name_of, text

# Source: github.com/Intacct/intacct-sdk-php (Filter)
COMPARISONS = {
    "equalto": "=",
    "notequalto": "!=",
    "lessthan": "<",
    "lessthanorequalto": "<=",
    "greaterthan": ">",
    "greaterthanorequalto": ">=",
    "between": "between",
    "in": "in",
    "notin": "not in",
    "like": "like",
    "notlike": "not like",
    "isnull": "is null",
    "isnotnull": "is not null",
}
DEPTH_MAX = 40


def of_query(kind: ObjectType, element: etree._Element | None) -> Condition:
    """The ``<filter>`` of a query."""
    if element is None:
        return Condition()
    return Condition("and", [_part(kind, inner, 1) for inner in children(element)])


def _part(kind: ObjectType, element: etree._Element, depth: int) -> Condition:
    name = name_of(element)
    if depth > DEPTH_MAX:
        raise QueryMalformed("the filter nests too deeply")
    if name in ("and", "or"):
        return Condition(name, [_part(kind, inner, depth + 1) for inner in children(element)])
    if name not in COMPARISONS:
        raise QueryMalformed(f"{name[:40]} is no filter")
    field = child(element, "field")
    if field is None:
        raise QueryMalformed(f"{name} names no field")
    values = [text(inner) for inner in children(element) if name_of(inner) == "value"]
    _check_dates(text(field), values)
    return comparison(kind, text(field), COMPARISONS[name], values)


def _check_dates(field: str, values: Sequence[str]) -> None:
    # Source: developer.intacct.com/web-services/queries (dates are MM/DD/YYYY, with hh:mm:ss or without).
    # Unconfirmed: what the gateway says of others.
    last = field.rpartition(".")[2].upper()
    if any(is_iso(value) for value in values) and ("WHEN" in last or last.endswith("DATE")):
        raise QueryMalformed(f"{field[:60]} wants dates written MM/DD/YYYY")


def of_list(kind: ObjectType, element: etree._Element | None, names: dict[str, str]) -> Condition:
    """The ``<filter>`` of get_list; ``names`` turn its field names into those of the object."""
    if element is None:
        return Condition()
    return Condition("and", [_legacy(kind, inner, names, 1) for inner in children(element)])


def _legacy(kind: ObjectType, element: etree._Element, names: dict[str, str], depth: int) -> Condition:
    if depth > DEPTH_MAX:
        raise QueryMalformed("the filter nests too deeply")
    if name_of(element) == "logical":
        join = element.get("logical_operator", "and").lower()
        if join not in ("and", "or"):
            raise QueryMalformed(f"{join[:20]} joins nothing")
        return Condition(join, [_legacy(kind, inner, names, depth + 1) for inner in children(element)])
    if name_of(element) != "expression":
        raise QueryMalformed(f"{name_of(element)[:40]} is no filter")
    name, operator = text(child(element, "field")), text(child(element, "operator")).lower()
    field = names.get(name.upper(), name)
    value = text(child(element, "value"))
    return comparison(kind, field, operator, [] if operator.startswith("is ") else [value])


_TOKEN = re.compile(
    r"\s*(?:(?P<string>'(?:\\.|[^'\\])*')|(?P<symbol><=|>=|!=|<>|<|>|=|\(|\)|,)|(?P<word>[^\s'()<>=!,]+))", re.DOTALL
)


class ConditionText:
    """Comparisons joined by ``and``, ``or``, ``not`` and brackets; a subclass reads one comparison."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._at = 0

    def condition(self) -> Condition:
        """The whole text. Raises ``QueryMalformed``, ``FieldUnknown``."""
        if not self._tokens:
            return Condition()
        found = self._either(1)
        if self._at < len(self._tokens):
            raise QueryMalformed(f"{self._tokens[self._at][:40]!r} is too much")
        return found

    def _peek(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _next(self) -> str:
        if self._at >= len(self._tokens):
            raise QueryMalformed("it ends too early")
        self._at += 1
        return self._tokens[self._at - 1]

    def _takes(self, word: str) -> bool:
        if self._peek().lower() == word:
            self._at += 1
            return True
        return False

    def _either(self, depth: int) -> Condition:
        parts = [self._both(depth)]
        while self._takes("or"):
            parts.append(self._both(depth))
        return Condition("or", parts) if len(parts) > 1 else parts[0]

    def _both(self, depth: int) -> Condition:
        parts = [self._one(depth)]
        while self._takes("and"):
            parts.append(self._one(depth))
        return Condition("and", parts) if len(parts) > 1 else parts[0]

    def _one(self, depth: int) -> Condition:
        if depth > DEPTH_MAX:
            raise QueryMalformed("it nests too deeply")
        if self._takes("not"):
            return Condition("not", [self._one(depth + 1)])
        if self._takes("("):
            inner = self._either(depth + 1)
            if not self._takes(")"):
                raise QueryMalformed("a bracket is not closed")
            return inner
        return self._comparison()

    def _comparison(self) -> Condition:
        raise NotImplementedError


class QueryText(ConditionText):
    """``VENDORNAME = 'Regal' and (STATUS != 'inactive' or TOTALDUE > 10)``"""

    # Source: developer.intacct.com/web-services/queries (readByQuery operators, escapes)

    def __init__(self, kind: ObjectType, source: str) -> None:
        super().__init__(list(_tokens(source)))
        self._kind = kind

    def _comparison(self) -> Condition:
        field, operator = self._next(), self._next().lower()
        # Source: developer.intacct.com/web-services/queries (readByQuery has no joins; query follows relationships)
        if field.upper() not in (*self._kind.fields, *self._kind.own):
            raise FieldUnknown(self._kind.name, field[:60])
        if operator == "not":
            operator = f"not {self._next().lower()}"
        if operator == "is":
            operator = "is not null" if self._takes("not") else "is null"
            if not self._takes("null"):
                raise QueryMalformed("after is comes null or not null")
            return comparison(self._kind, field, operator, [])
        values = self._several() if operator in ("in", "not in") else [_literal(self._next())]
        _check_dates(field, values)
        values = [_stored(self._kind, field.upper(), value) for value in values]
        return comparison(self._kind, field, {"<>": "!="}.get(operator, operator), values)

    def _several(self) -> list[str]:
        if not self._takes("("):
            raise QueryMalformed("in wants a list in brackets")
        values = [_literal(self._next())]
        while self._takes(","):
            values.append(_literal(self._next()))
        if not self._takes(")"):
            raise QueryMalformed("a bracket is not closed")
        return values


# What readByQuery compares is what is stored: the code of a state, and T or F for a flag.
# Source: developer.intacct.com/api (readByQuery of bills, AP payments, reporting periods). Unconfirmed: of others.
_STATES = {
    "APBILL": {"A": "Posted", "D": "Draft", "S": "Submitted", "PA": "Partially Approved", "U": "Declined"},
    "APPYMT": {"C": "Confirmed", "D": "Draft", "S": "Submitted", "A": "Approved", "V": "Voided"},
}


def _stored(kind: ObjectType, field: str, value: str) -> str:
    if kind.name == "AUDITHISTORY" and field == "ACCESSMODE":
        return {word: code for code, word in MODES.items()}.get(value.lower(), value)
    if field == "STATE":
        return _STATES.get(kind.name, {}).get(value, value)
    if field in kind.flags:
        return {"T": "true", "F": "false"}.get(value, value)
    return value


def _tokens(source: str) -> Iterator[str]:
    rest = source.strip()
    at = 0
    while at < len(rest):
        match = _TOKEN.match(rest, at)
        if match is None:
            raise QueryMalformed(f"{rest[at : at + 20]!r} cannot be read")
        at = match.end()
        symbol = match["symbol"]
        # Source: developer.intacct.com/web-services/queries (an operator has spaces around it)
        if symbol and symbol not in "()," and not (match[0][0].isspace() and rest[at : at + 1].isspace()):
            raise QueryMalformed(f"operator {symbol} wants spaces around it")
        yield match["string"] or match["symbol"] or match["word"]


def _literal(token: str) -> str:
    if token.startswith("'"):
        return re.sub(r"\\(.)", r"\1", token[1:-1], flags=re.DOTALL)
    if token in ("(", ")", ",", "=", "<", ">", "<=", ">=", "!="):
        raise QueryMalformed(f"{token!r} is no value")
    return token
