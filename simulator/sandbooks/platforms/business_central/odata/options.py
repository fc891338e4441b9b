"""Query options: what is chosen, expanded, sorted and counted, and from where.

Source: https://learn.microsoft.com/dynamics365/business-central/dev-itpro/webservices/odata-known-limitations
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping

from msgspec import Struct, field

from sandbooks.kit.errors import NotSimulated
from sandbooks.platforms.business_central.odata.filters import Node, parsed
from sandbooks.platforms.business_central.refusals import BadUrl, PageTooLarge

PAGE_MAX = 20_000
_KNOWN = frozenset(
    ["$filter", "$select", "$expand", "$orderby", "$top", "$skip", "$count", "$schemaversion", "$skiptoken", "$format"]
)
_INNER = frozenset(["$filter", "$select", "$expand", "$orderby", "$top", "$skip", "$count", "$levels"])
_DEPTH_MAX = 10


class Options(Struct, frozen=True):
    """The query options of one list, or of one expanded part of it."""

    filter: Node | None = None
    select: tuple[str, ...] = ()
    expand: Mapping[str, Options] = field(default_factory=dict)
    orderby: tuple[tuple[str, bool], ...] = ()  # member, descending
    top: int | None = None
    skip: int = 0
    count: bool = False
    newer: bool = False
    after: tuple[int, str] | None = None  # where the page before ended: position and id


def read_options(query: Mapping[str, str]) -> Options:
    """The options of a request's query. Raises ``BadUrl``; ``NotSimulated`` for searching and aggregation."""
    given = {}
    for name, value in query.items():
        if not name.startswith("$"):
            continue
        known = name.lower()
        if known in ("$apply", "$search", "$compute", "$deltatoken"):
            raise NotSimulated(f"the query option {known}")
        if known not in _KNOWN:
            raise BadUrl(f"The query parameter '{name[:40]}' is not supported.")
        given[known] = value
    return _options(given, newer=given.get("$schemaversion") in ("2.1", "'2.1'"), depth=0)


def check_single(options: Options) -> None:
    """Refuse on one entity what only a list can be asked for. Raises ``BadUrl``.

    Source: EnableQueryAttribute of github.com/OData/AspNetCoreOData. Unconfirmed: whether Business Central passes over.
    """
    if options.filter is not None or options.orderby or options.count or options.skip or options.top is not None:
        raise BadUrl(
            "The requested resource is not a collection. Query options $filter, $orderby, $count, $skip, and $top can "
            "be applied only on collections."
        )


def _options(given: Mapping[str, str], *, newer: bool, depth: int) -> Options:
    if depth > _DEPTH_MAX:
        raise BadUrl("The $expand clause is too deep.")
    return Options(
        filter=parsed(given.get("$filter", "")),
        select=tuple(each.strip() for each in given.get("$select", "").split(",") if each.strip()),
        expand=_expand(given.get("$expand", ""), newer=newer, depth=depth),
        orderby=_orderby(given.get("$orderby", "")),
        top=_whole(given, "$top"),
        skip=_whole(given, "$skip") or 0,
        count=_flag(given, "$count"),
        newer=newer,
        after=_after(given.get("$skiptoken", "")),
    )


def _whole(given: Mapping[str, str], name: str) -> int | None:
    value = given.get(name)
    if value is None:
        return None
    text = value.strip()
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise BadUrl(f"Invalid value '{value[:40]}' for {name} query option found. A non-negative integer is required.")
    return int(text)


def _flag(given: Mapping[str, str], name: str) -> bool:
    value = given.get(name, "false").strip().lower()
    if value not in ("true", "false"):
        raise BadUrl(
            f"Invalid value '{value[:40]}' for {name} query option found. Valid values are 'true' and 'false'."
        )
    return value == "true"


def _orderby(text: str) -> tuple[tuple[str, bool], ...]:
    found = []
    for part in text.split(","):
        words = part.split()
        if not words:
            continue
        if len(words) > 2 or (len(words) == 2 and words[1] not in ("asc", "desc")):
            raise BadUrl(f"The $orderby clause '{part[:60]}' could not be read.")
        found.append((words[0], words[1:] == ["desc"]))
    return tuple(found)


def _expand(text: str, *, newer: bool, depth: int) -> dict[str, Options]:
    found: dict[str, Options] = {}
    for part in _split(text, ","):
        name, _, inner = part.strip().partition("(")
        if inner and not inner.endswith(")"):
            raise BadUrl(f"The $expand clause '{part[:60]}' could not be read.")
        given = {}
        for option in _split(inner[:-1], ";") if inner else []:
            key, equals, value = option.strip().partition("=")
            if not equals or key.lower() not in _INNER:
                raise BadUrl(f"The $expand option '{option[:60]}' is not supported.")
            given[key.lower()] = value
        if name.strip():
            found[name.strip()] = _options(given, newer=newer, depth=depth + 1)
    return found


def _split(text: str, separator: str) -> list[str]:
    """Parts between separators that stand outside parentheses and quotes. Raises ``BadUrl``."""
    parts, start, depth, quoted = [], 0, 0, False
    for place, letter in enumerate(text):
        if letter == "'":
            quoted = not quoted
        elif not quoted and letter in "()":
            depth += 1 if letter == "(" else -1
        elif not quoted and not depth and letter == separator:
            parts.append(text[start:place])
            start = place + 1
        if depth < 0:
            break
    if depth or quoted:
        raise BadUrl("Parentheses or quotes are not closed.")
    return [part for part in [*parts, text[start:]] if part.strip()]


def skip_token(position: int, id: str) -> str:
    """The opaque mark of where a page ended."""
    return base64.urlsafe_b64encode(f"{position}|{id}".encode()).decode().rstrip("=")


def _after(token: str) -> tuple[int, str] | None:
    if not token:
        return None
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode()
    except (binascii.Error, ValueError) as error:
        raise BadUrl("The value of $skiptoken is not valid.") from error
    position, bar, id = raw.partition("|")
    if not bar or not (position.isascii() and position.isdigit() and len(position) < 10):
        raise BadUrl("The value of $skiptoken is not valid.")
    return int(position), id


def page_size(prefer: str) -> int:
    """The page size that a ``Prefer`` header asks for. Raises ``PageTooLarge`` beyond the service's own."""
    # Source: https://learn.microsoft.com/dynamics365/business-central/dev-itpro/administration/operational-limits-online
    for part in prefer.split(","):
        name, _, value = part.strip().partition("=")
        if name.strip().lower() in ("odata.maxpagesize", "maxpagesize"):
            text = value.strip().strip('"')
            if text.isascii() and text.isdigit() and len(text) < 10 and int(text) > 0:
                if int(text) > PAGE_MAX:
                    raise PageTooLarge(PAGE_MAX)
                return int(text)
    return PAGE_MAX


def prefers(header: str, name: str) -> bool:
    """Whether a ``Prefer`` header wants something that is on or off; ``odata.`` before its name may be missing."""
    for part in header.split(","):
        given, _, value = part.partition(";")[0].partition("=")
        if given.strip().lower().removeprefix("odata.") == name.removeprefix("odata."):
            return value.strip().strip('"').lower() in ("", "true")
    return False
