"""Lists: ``where``, ``order``, pages and If-Modified-Since.

Equality on a look-up key goes through the record keys and stays fast; everything else reads the kind. A lagging index
(``call.exchange.lag``) shows older versions on every list; reads by id see the truth.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

from msgspec import Struct

from sandbooks.kit.call import Call
from sandbooks.kit.records import Record
from sandbooks.platforms.xero.entities import ENTITIES, LOWER
from sandbooks.platforms.xero.records import ID_FIELD, KEY_PATHS, key_form, member
from sandbooks.platforms.xero.refusals import QueryUnreadable
from sandbooks.platforms.xero.wire.dates import NotADate, modified_since, read_instant
from sandbooks.platforms.xero.wire.reading import guid

if TYPE_CHECKING:
    from lark import Lark, Tree

Body: TypeAlias = Mapping[str, Any]
Value: TypeAlias = Callable[[Body], Any]

PAGE_SIZE = 100
PAGE_SIZE_MAX = 1000
# Source: https://developer.xero.com/documentation/api/accounting/requests-and-responses#retrieving-a-filtered-resource
GRAMMAR = r"""
?start: either
?either: both (_OR both)*
?both: negation (_AND negation)*
?negation: "!" negation -> no | compared
?compared: value | value OPERATOR value -> compare
?value: STRING -> text
      | NUMBER -> number
      | path
      | "(" either ")"
path: NAME step*
step: "." NAME | "(" [_arguments] ")"
_arguments: either ("," either)*
_OR.2: "||" | /\bor\b/i
_AND.2: "&&" | /\band\b/i
OPERATOR: "==" | "!=" | ">=" | "<=" | "<>" | "=" | ">" | "<"
STRING: /"(\\.|[^"\\])*"/ | /'(\\.|[^'\\])*'/
NUMBER: /-?\d+(\.\d+)?/
NAME: /[A-Za-z_][A-Za-z0-9_]*/
WS: /[ \t\f\r\n]+/
%ignore WS
"""


@cache
def _parser() -> Lark:
    from lark import Lark  # 70 ms to import: only a `where` pays for it

    return Lark(GRAMMAR, parser="lalr", maybe_placeholders=False)


class Where(Struct, frozen=True):
    """A compiled filter. ``keys`` are equalities that every match fulfils, by dotted path."""

    holds: Callable[[Body], bool]
    keys: Mapping[str, str]


@lru_cache(maxsize=256)
def parse_where(text: str, kind: str) -> Where:
    """A filter over documents of a kind. Raises QueryUnreadable."""
    from lark.exceptions import LarkError

    if len(text) > 10_000 or text.count("(") + text.count("!") > 200:
        raise QueryUnreadable("The where clause is too long")
    try:
        tree = _parser().parse(text)
    except LarkError as error:
        raise QueryUnreadable(f"Syntax error in where clause: {text[:200]}") from error
    compiled = _Compiler(kind)
    value = compiled.value(tree)
    return Where(lambda body: value(body) is True, dict(compiled.keys_of(tree)))


class _Constant:
    """A literal: the same for every document."""

    def __init__(self, value: Any) -> None:
        self.constant = value

    def __call__(self, _: Body) -> Any:
        return self.constant


class _Compiler:
    """From a syntax tree to closures, with every name checked against the fields of the kind."""

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def value(self, tree: Tree[Any]) -> Value:
        made: Value = getattr(self, f"_{tree.data}")(list(tree.children))
        return made

    def keys_of(self, tree: Tree[Any]) -> Iterable[tuple[str, str]]:
        """Equalities on look-up keys that are joined by AND at the top."""
        if tree.data == "both":
            for child in tree.children:
                yield from self.keys_of(child)
        elif tree.data == "compare" and str(tree.children[1]) in ("=", "=="):
            left, right = self.value(tree.children[0]), self.value(tree.children[2])
            path = getattr(left, "path", "")
            if (
                path in (ID_FIELD[self.kind], *KEY_PATHS.get(self.kind, ()))
                and isinstance(right, _Constant)
                and right.constant
            ):
                yield path, key_form(right.constant)

    def _either(self, parts: list[Any]) -> Value:
        values = [self.value(part) for part in parts]
        return lambda body: any(value(body) is True for value in values)

    def _both(self, parts: list[Any]) -> Value:
        values = [self.value(part) for part in parts]
        return lambda body: all(value(body) is True for value in values)

    def _no(self, parts: list[Any]) -> Value:
        value = self.value(parts[0])
        return lambda body: value(body) is not True

    def _text(self, parts: list[Any]) -> Value:
        return _Constant(str(parts[0])[1:-1].replace('\\"', '"').replace("\\'", "'").replace("\\\\", "\\"))

    def _number(self, parts: list[Any]) -> Value:
        return _Constant(Decimal(str(parts[0])[:60]))

    def _compare(self, parts: list[Any]) -> Value:
        left, operator, right = self.value(parts[0]), str(parts[1]), self.value(parts[2])
        return lambda body: compare(left(body), operator, right(body))

    def _path(self, parts: list[Any]) -> Value:
        """A literal word, a constructor, or a member with method calls behind it."""
        steps = [part.children for part in parts[1:]]
        names = [str(parts[0])]
        position = 0
        while position < len(steps) and _is_name(steps[position]):
            names.append(str(steps[position][0]))
            position += 1
        rest = steps[position:]
        if not rest:
            return self._plain(names)
        return self._called(names, rest)

    def _plain(self, names: list[str]) -> Value:
        word = names[0].lower()
        if len(names) == 1 and word in ("true", "false", "null"):
            return _Constant({"true": True, "false": False, "null": None}[word])
        return self._member(names)

    def _called(self, names: list[str], steps: list[Any]) -> Value:
        arguments = [self.value(argument) for argument in steps[0]]
        constructed = _constructed(names, arguments)
        value: Value
        if constructed is not None:
            value = constructed
        else:
            value = _method(self._plain(names[:-1]) if len(names) > 1 else _Constant(None), names[-1], arguments)
        remaining = steps[1:]
        while remaining:
            if not _is_name(remaining[0]) or len(remaining) < 2:
                raise QueryUnreadable("Syntax error in where clause")
            value = _method(value, str(remaining[0][0]), [self.value(a) for a in remaining[1]])
            remaining = remaining[2:]
        return value

    def _member(self, names: list[str]) -> Value:
        kind, path = self.kind, []
        for name in names:
            canonical = LOWER.get(kind, {}).get(name.lower())
            if canonical is None:
                raise QueryUnreadable(f"No property or field '{name}' exists in type '{kind}'")
            path.append(canonical)
            kind = ENTITIES[kind][canonical].of
        return _Member(".".join(path))


class _Member:
    """The value of a dotted path."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __call__(self, body: Body) -> Any:
        return member(body, self.path)


def _is_name(children: list[Any]) -> bool:
    return len(children) == 1 and getattr(children[0], "type", "") == "NAME"


def _constructed(names: list[str], arguments: list[Value]) -> Value | None:
    """``Guid("…")``, ``DateTime(y,m,d,…)`` and ``DateTime.Parse("…")`` as constants."""
    called = ".".join(names).lower()
    if called not in ("guid", "guid.parse", "datetime", "datetime.parse"):
        return None
    if not all(isinstance(argument, _Constant) for argument in arguments) or not arguments:
        raise QueryUnreadable(f"{names[0]} takes literals")
    given = [argument.constant for argument in arguments if isinstance(argument, _Constant)]
    if called.startswith("guid"):
        return _Constant(guid(str(given[0])) or str(given[0]).lower())
    try:
        if called == "datetime":
            return _Constant(datetime(*[int(part) for part in given], tzinfo=UTC))  # type: ignore[arg-type, misc]  # up to six whole numbers
        return _Constant(read_instant(str(given[0])))
    except (ValueError, TypeError, OverflowError, NotADate) as error:
        raise QueryUnreadable("DateTime takes year, month, day") from error


_METHODS: dict[str, Callable[[str, str], Any]] = {
    "contains": lambda text, part: part.lower() in text.lower(),
    "startswith": lambda text, part: text.lower().startswith(part.lower()),
    "endswith": lambda text, part: text.lower().endswith(part.lower()),
    "equals": lambda text, part: text.lower() == part.lower(),
    "tolower": lambda text, _: text.lower(),
    "toupper": lambda text, _: text.upper(),
    "trim": lambda text, _: text.strip(),
    "tostring": lambda text, _: text,
}


def _method(target: Value, name: str, arguments: list[Value]) -> Value:
    method = _METHODS.get(name.lower())
    if method is None:
        raise QueryUnreadable(f"No applicable method '{name}' exists")

    def called(body: Body) -> Any:
        text = target(body)
        if text is None:
            return None
        part = arguments[0](body) if arguments else ""
        return method(str(text), "" if part is None else str(part))

    return called


def compare(left: Any, operator: str, right: Any) -> bool:
    """Compare two values as Xero does: texts without case, dates by instant, nothing equals only null."""
    if operator in ("=", "=="):
        return _equal(left, right)
    if operator in ("!=", "<>"):
        return not _equal(left, right)
    pair = _ordered(left, right)
    if pair is None:
        return False
    first, second = pair
    outcome: bool = {
        ">": first > second,
        ">=": first >= second,
        "<": first < second,
        "<=": first <= second,
    }[operator]
    return outcome


def _equal(left: Any, right: Any) -> bool:
    if left is None or right is None:
        return left is right or (left in (None, "") and right in (None, ""))
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    pair = _ordered(left, right)
    return pair is not None and bool(pair[0] == pair[1])


def _ordered(left: Any, right: Any) -> tuple[Any, Any] | None:
    """Both values in a form that orders; None when they cannot be compared."""
    if isinstance(left, datetime) or isinstance(right, datetime):
        first, second = _as_instant(left), _as_instant(right)
        return None if first is None or second is None else (first, second)
    if isinstance(left, (int, Decimal)) and isinstance(right, (int, Decimal)):
        return left, right
    if isinstance(left, str) and isinstance(right, str):
        return left.lower(), right.lower()
    return None


def _as_instant(value: Any) -> datetime | None:
    if isinstance(value, datetime):
        return value
    try:
        return read_instant(value) if isinstance(value, str) else None
    except NotADate:
        return None


# Lists


class Found(Struct, frozen=True):
    """One page of a list, and its paging block where a page was asked for."""

    records: list[Record]
    paging: dict[str, int] | None
    paged: bool


def whole_number(call: Call, name: str, default: int) -> int:
    """A query parameter that must be a whole number."""
    text = parameter(call, name)
    if not text:
        return default
    if not text.isascii() or not text.removeprefix("-").isdigit() or len(text) > 9:
        raise QueryUnreadable(f"{name} must be a whole number")
    return int(text)


def parameter(call: Call, name: str) -> str:
    """A query parameter, its name in any case."""
    wanted = name.lower()
    return next((value for key, value in call.query.items(multi=True) if key.lower() == wanted), "")


def is_true(call: Call, name: str) -> bool:
    return parameter(call, name).strip().lower() == "true"


def listed(call: Call, name: str) -> set[str] | None:
    """A comma list in lower case, GUIDs without their dashes; None when it is not given."""
    text = parameter(call, name)
    return {part.strip().lower().replace("-", "") for part in text.split(",") if part.strip()} or None if text else None


def candidates(call: Call, kind: str, where: Where | None) -> Sequence[Record]:
    """The records that a filter can match, by key where it names one; without any, only what is shown is read."""
    records, lag = call.company.records, call.exchange.lag
    header = call.header("If-Modified-Since")
    since = modified_since(header) if header else None
    if where and where.keys and not lag:
        path, value = next(iter(where.keys.items()))
        if path == ID_FIELD[kind]:
            record = records.get(kind, value if kind not in ("TaxRate", "Currency") else value.upper())
            return [record] if record is not None and (since is None or record.updated >= since) else []
        found = records.find(kind, path, value, deleted=True)
        return [record for record in found if since is None or record.updated >= since]
    if since is None and not lag:
        return records.listed(kind, deleted=True)
    return list(records.scan(kind, since=since, deleted=True, lag=lag))


def search(
    call: Call, kind: str, *, keep: Callable[[Body], bool] | None = None, pages: bool = True, sizes: bool = True
) -> Found:
    """The records of a kind that the request's parameters ask for.

    ``keep`` is what the resource's own parameters ask; ``pages`` whether it takes `page`; ``sizes`` whether `pageSize`.
    """
    text = parameter(call, "where")
    where = parse_where(text, kind) if text.strip() else None
    records = candidates(call, kind, where)
    if where is not None:
        named = "contact.name" in text.lower()
        records = [r for r in records if where.holds(with_contact(call, r.body) if named else r.body)]
    if keep is not None:
        records = [record for record in records if keep(record.body)]
    records = ordered(records, kind, parameter(call, "order"))
    if not pages or not parameter(call, "page"):
        return Found(list(records), None, paged=False)
    return _page(call, records, sizes=sizes)


def with_contact(call: Call, body: Body) -> Body:
    """A document with its contact's name as it is now."""
    kept = body.get("Contact")
    contact = call.company.records.get("Contact", kept["ContactID"]) if kept else None
    return {**body, "Contact": {**kept, "Name": contact.body["Name"]}} if kept and contact else body


def _page(call: Call, records: Sequence[Record], *, sizes: bool) -> Found:
    page = max(1, whole_number(call, "page", 1))
    size = whole_number(call, "pageSize", PAGE_SIZE) if sizes else PAGE_SIZE
    if size < 1 or size > PAGE_SIZE_MAX:
        raise QueryUnreadable(f"pageSize must be between 1 and {PAGE_SIZE_MAX}")
    start = (page - 1) * size
    count = len(records)
    paging = {"page": page, "pageSize": size, "pageCount": -(-count // size), "itemCount": count}
    return Found(list(records[start : start + size]), paging, paged=True)


def ordered(records: Sequence[Record], kind: str, order: str) -> Sequence[Record]:
    """Records by an ``order`` parameter (``Name ASC, Date DESC``), ties as they were."""
    if not order.strip():
        return records
    found = records
    for part in reversed(order.split(",")):
        words = part.split()
        if not words or len(words) > 2 or (len(words) == 2 and words[1].lower() not in ("asc", "desc")):
            raise QueryUnreadable(f"Syntax error in order clause: {order[:200]}")
        value = _Compiler(kind)._member(words[0].split("."))
        found = sorted(found, key=lambda r: _sortable(value(r.body)), reverse=words[-1].lower() == "desc")
    return found


def _sortable(value: Any) -> tuple[int, Any]:
    if value is None:
        return (0, 0)
    if isinstance(value, (bool, int, Decimal)):
        return (1, Decimal(value))
    return (2, str(value).lower()) if isinstance(value, str) else (3, 0)


def id_filter(kind: str, wanted: set[str]) -> Callable[[Body], bool]:
    """Whether a document's id is among the wanted ones."""
    name = ID_FIELD[kind]
    return lambda body: str(body.get(name, "")).lower().replace("-", "") in wanted
