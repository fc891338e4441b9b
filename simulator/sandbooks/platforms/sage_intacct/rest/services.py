"""Services beside the objects: the query service, object models, the session's ids, the dimensions.

Source: developer.sage.com/intacct (query service), PyPI sageintacctrestsdk 1.4.3
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sandbooks.kit.call import Call, json_reply
from sandbooks.kit.errors import NotSimulated
from sandbooks.platforms.sage_intacct import signing
from sandbooks.platforms.sage_intacct.documents.lines import DIMENSIONS
from sandbooks.platforms.sage_intacct.objects import own
from sandbooks.platforms.sage_intacct.objects.catalogue import OBJECTS, object_named
from sandbooks.platforms.sage_intacct.query.conditions import Condition, sort_key
from sandbooks.platforms.sage_intacct.refusals import FieldUnknown, PathUnknown, QueryMalformed
from sandbooks.platforms.sage_intacct.rest.members import Member, Resource
from sandbooks.platforms.sage_intacct.rest.objects import Entry, body_of, entries_of, leaf_of, number, page_meta
from sandbooks.platforms.sage_intacct.rest.resources import BY_PATH, PATHS, permitted
from sandbooks.platforms.sage_intacct.rest.showing import comparable
from sandbooks.wire import Response

_OPERATORS = {
    "$eq": "=",
    "$ne": "!=",
    "$lt": "<",
    "$lte": "<=",
    "$gt": ">",
    "$gte": ">=",
    "$in": "in",
    "$notIn": "not in",
    "$between": "between",
    "$notBetween": "between",
    "$contains": "like",
    "$notContains": "not like",
    "$startsWith": "like",
    "$notStartsWith": "not like",
    "$endsWith": "like",
    "$notEndsWith": "not like",
}
# Source: github.com/lorenz-bus-service/node-intacct-rest-api (common-resources: functions over members)
_FUNCTIONS = ("count", "avg", "sum", "min", "max")
_PATTERN = {"ontains": "%{}%", "tartsWith": "{}%", "ndsWith": "%{}"}
_WORD = re.compile(r"\s*(\d{1,3}|and\b|or\b|\(|\))\s*", re.IGNORECASE)


def query(call: Call) -> Response:
    """``POST /services/core/query``"""
    body = body_of(call)
    if not isinstance(body, dict):
        raise QueryMalformed("the body is no object")
    resource = _resource(call, body.get("object"))
    fields = _fields(resource, body.get("fields"))
    condition = _condition(resource, body)
    start, size = number(body.get("start"), 1), min(number(body.get("size"), 100), 4000)
    folded, private = _folded(body), _parameters(body).get("includePrivate") is True
    order = _order(resource, body.get("orderBy"))
    found = entries_of(call, resource, private=private)
    if not condition.is_empty or not _is_as_made(resource, order):
        found = _matching(call, resource, found, condition, order, folded=folded)
    page = [leaf_of(call, resource, entry, names=fields) for entry in found[start - 1 : start - 1 + size]]
    shown = [_selected(leaf, fields) for leaf in page]
    return json_reply({"ia::result": shown, "ia::meta": page_meta(len(found), start, size)})


def _is_as_made(resource: Resource, order: list[tuple[str, bool]]) -> bool:
    """Whether entries come in the order that is asked for without being sorted: documents are numbered as made."""
    if not order:
        return True
    return object_named(resource.object).is_document and order in ([("key", False)], [("id", False)])


def _matching(
    call: Call,
    resource: Resource,
    entries: Sequence[Entry],
    condition: Condition,
    order: list[tuple[str, bool]],
    *,
    folded: bool,
) -> list[Entry]:
    """The entries that fulfil a condition, sorted. No more of each is read than both look at."""
    names = condition.fields() | {name for name, _ in order}
    found = []
    for entry in entries:
        texts = {path: comparable(value) for path, value in leaf_of(call, resource, entry, names=names).items()}
        if condition.holds(texts, lambda row, name: row.get(name, ""), folded=folded):
            found.append((entry, texts))
    for name, descending in reversed(order):
        found.sort(key=lambda pair, name=name: sort_key(pair[1].get(name, "")), reverse=descending)  # type: ignore[misc]  # bound now
    return [entry for entry, _ in found]


def _selected(leaf: dict[str, Any], fields: list[str]) -> dict[str, Any]:
    # Source: developer.sage.com/intacct (query service: members come back under the dotted names that were asked for)
    return {name: leaf.get(name) for name in fields}


_PARAMETERS = {"asOfDate": str, "includeHierarchyFields": bool, "caseSensitiveComparison": bool, "includePrivate": bool}


def _parameters(body: dict[str, Any]) -> dict[str, Any]:
    """The options of a query. Raises ``QueryMalformed``; ``NotSimulated`` for what would show more members."""
    given = body.get("filterParameters") or {}
    if not isinstance(given, dict):
        raise QueryMalformed("filterParameters is an object")
    for name, value in given.items():
        if name not in _PARAMETERS or not isinstance(value, _PARAMETERS[name]):
            raise QueryMalformed(f"filterParameters {name[:40]}")
    if given.get("includeHierarchyFields"):
        raise NotSimulated("includeHierarchyFields", instead="the member parent")
    return given


def _folded(body: dict[str, Any]) -> bool:
    # Source: github.com/lorenz-bus-service/node-intacct-rest-api (common-resources: case counts unless it is waived)
    return _parameters(body).get("caseSensitiveComparison") is False


def _resource(call: Call, name: Any) -> Resource:
    if not isinstance(name, str):
        raise PathUnknown(str(name)[:100])
    return permitted(call.company, name)


def known(resource: Resource) -> set[str]:
    """Every member that can be asked for."""
    names = {"key", "id", "href", "state"}
    for member in resource.members:
        names |= {f"{member.path}.{part}" for part in ("id", "key", "name", "href")} if member.target else {member.path}
    return names


def _fields(resource: Resource, wanted: Any) -> list[str]:
    if not isinstance(wanted, list) or not wanted or not all(isinstance(name, str) for name in wanted):
        raise QueryMalformed("fields is a list of names")
    for name in wanted:
        if name.partition(":")[0] in _FUNCTIONS and ":" in name:
            raise NotSimulated(f"the function {name[:40]} of a query", instead="the members, and totalCount")
        if name not in known(resource):
            raise FieldUnknown(resource.path, name[:60])
    return list(wanted)


def _order(resource: Resource, wanted: Any) -> list[tuple[str, bool]]:
    order = []
    for each in wanted if isinstance(wanted, list) else []:
        if not isinstance(each, dict) or len(each) != 1:
            raise QueryMalformed("orderBy is a list of one name each")
        ((name, direction),) = each.items()
        if name not in known(resource) or direction not in ("asc", "desc"):
            raise QueryMalformed(f"orderBy {str(name)[:40]}")
        order.append((name, direction == "desc"))
    return order


def _condition(resource: Resource, body: dict[str, Any]) -> Condition:
    filters = body.get("filters") or []
    if not isinstance(filters, list):
        raise QueryMalformed("filters is a list")
    conditions = [_filter(resource, each) for each in filters]
    expression = body.get("filterExpression") or "and"
    if not isinstance(expression, str):
        raise QueryMalformed("filterExpression is a text")
    if expression.strip().lower() in ("and", "or"):
        return Condition(expression.strip().lower(), conditions) if conditions else Condition()
    return _Expression(expression, conditions).condition()


def _filter(resource: Resource, given: Any) -> Condition:
    if not isinstance(given, dict) or len(given) != 1:
        raise QueryMalformed("a filter is an object with one operator")
    ((operator, operand),) = given.items()
    if operator == "$has":
        raise NotSimulated("the operator $has", instead="the other operators")
    if operator not in _OPERATORS or not isinstance(operand, dict) or len(operand) != 1:
        raise QueryMalformed(f"operator {str(operator)[:20]}")
    ((name, value),) = operand.items()
    if name not in known(resource):
        raise FieldUnknown(resource.path, str(name)[:60])
    native = _OPERATORS[operator]
    if value is None and native in ("=", "!="):
        return Condition(field=name, operator="is null" if native == "=" else "is not null")
    values = tuple(comparable(each) for each in (value if isinstance(value, list) else [value]))
    several = native in ("in", "not in", "between")
    if several != isinstance(value, list) or (native == "between" and len(values) != 2):
        raise QueryMalformed(f"{operator} of {str(name)[:40]}")
    if operator == "$notBetween":
        inside = Condition(field=name, operator=native, values=values)
        return Condition("not", [inside])
    shape = next((shape for part, shape in _PATTERN.items() if operator.endswith(part)), "{}")
    return Condition(field=name, operator=native, values=tuple(shape.format(each) for each in values))


class _Expression:
    """``1 and (2 or 3)`` over numbered filters."""

    def __init__(self, source: str, conditions: list[Condition]) -> None:
        self._conditions = conditions
        self._words: list[str] = []
        at = 0
        while at < len(source):
            match = _WORD.match(source, at)
            if match is None or len(self._words) > 200:
                raise QueryMalformed("filterExpression cannot be read")
            self._words.append(match[1].lower())
            at = match.end()

    def condition(self) -> Condition:
        found = self._joined("or", lambda: self._joined("and", self._one))
        if self._words:
            raise QueryMalformed("filterExpression cannot be read")
        return found

    def _joined(self, word: str, inner: Callable[[], Condition]) -> Condition:
        parts = [inner()]
        while self._words[:1] == [word]:
            self._words.pop(0)
            parts.append(inner())
        return Condition(word, parts) if len(parts) > 1 else parts[0]

    def _one(self) -> Condition:
        word = self._words.pop(0) if self._words else ""
        if word == "(":
            found = self._joined("or", lambda: self._joined("and", self._one))
            if self._words[:1] != [")"]:
                raise QueryMalformed("filterExpression has an open bracket")
            self._words.pop(0)
            return found
        if not (word.isascii() and word.isdigit() and len(word) < 6) or not 1 <= int(word) <= len(self._conditions):
            raise QueryMalformed(f"filterExpression names filter {word[:10]!r}")
        return self._conditions[int(word) - 1]


def model(call: Call) -> Response:
    """``GET /services/core/model``: the members of an object, or every object."""
    name = (call.query.get("name") or "").removeprefix("objects/")
    if not name:
        shown: Any = [_described(path, resource) for path, resource in BY_PATH.items()]
        return json_reply({"ia::result": shown, "ia::meta": {"totalCount": len(shown)}})
    resource = _resource(call, name)
    return json_reply({"ia::result": modelled(resource), "ia::meta": {"totalCount": 1}})


def _described(path: str, resource: Resource) -> dict[str, Any]:
    methods = "OPTIONS,GET" if resource.read_only else ",".join(("OPTIONS", *resource.methods.split()))
    place = f"objects/{path}"
    link = f"/services/core/model?version=v1&name={place}"
    return {"apiObject": place, "type": "rootObject", "httpMethods": methods, "href": link}


def modelled(resource: Resource) -> dict[str, Any]:
    """The members of an object: fields, groups of them, references to other objects, and lists.

    Source: github.com/lorenz-bus-service/node-intacct-rest-api (common-resources: object-model). Unconfirmed: what is
    told of a field beside its type.
    """
    plain = [Member(name, f"@{name}") for name in ("key", "href")]
    found = _grouped(dict.fromkeys((*plain, *resource.members)))
    if resource.lines:
        lines = _grouped(dict.fromkeys((*plain, Member("id", "@id"), *resource.line_members)))
        found["lists"] = {resource.lines: {"apiObject": resource.line_path, **lines}}
    return {**found, "idempotenceSupported": True, **_described(resource.path, resource)}


def _grouped(members: Iterable[Member]) -> dict[str, Any]:
    whole: dict[str, Any] = {"fields": {}, "groups": {}, "refs": {}, "lists": {}}
    for member in members:
        *heads, last = member.path.split(".")
        place = whole
        for head in heads:
            place = place["groups"].setdefault(head, {"fields": {}, "groups": {}, "refs": {}, "lists": {}})
        if member.target:
            parts = {part: _field("", read_only=part in ("name", "href")) for part in ("key", "id", "href")}
            place["refs"][last] = {"apiObject": PATHS[member.target], "fields": parts}
        else:
            place["fields"][last] = _field(member.form, read_only=member.is_answered_only)
    return whole


def _field(form: str, *, read_only: bool) -> dict[str, Any]:
    return {"type": {"flag": "boolean", "number": "number"}.get(form, "string"), "readOnly": read_only}


def session_id(call: Call) -> Response:
    """``GET /services/core/session/id``: a session of the gateway for the same user, company and entity."""
    entity = call.facts["entity"]
    with call.world.unit():
        session = signing.open_session(call.world, signing.consent(call.world, call.company), entity)
    shown = {"sessionId": session.value, "expiresIn": int(signing.SESSION_LIFETIME.total_seconds())}
    return json_reply({"ia::result": shown, "ia::meta": {"totalCount": 1}})


def dimensions(call: Call) -> Response:
    """``GET /services/company-config/dimensions/list``"""
    shown = [
        {
            "dimensionName": name,
            "dimensionEndpoint": f"/objects/{PATHS[name]}",
            "dimensionLabel": OBJECTS[name].title,
            "termName": OBJECTS[name].title,
            "isEnabledInGL": True,
            "isUserDefinedDimension": False,
        }
        for _, name, _, _ in DIMENSIONS
    ]
    shown += [
        {
            "dimensionName": name,
            "dimensionEndpoint": f"/objects/platform-apps/nsp::{name}",
            "dimensionLabel": name,
            "termName": name,
            "isEnabledInGL": True,
            "isUserDefinedDimension": True,
        }
        for name in own.dimensions_of(call.company)
    ]
    return json_reply({"ia::result": shown, "ia::meta": {"totalCount": len(shown)}})


def lacking(feature: str) -> Callable[[Call], Response]:
    """A service that is real and not simulated."""

    def run(_call: Call) -> Response:
        raise NotSimulated(feature)

    return run
