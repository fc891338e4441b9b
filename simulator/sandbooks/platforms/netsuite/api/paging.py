"""Pages of collections: limit, offset, links. Every query parameter must be known.

Source: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_156414087576.html
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from msgspec import Struct

from sandbooks.kit.call import Call
from sandbooks.platforms.netsuite.refusals import BadParameter

Item = TypeVar("Item")

PAGE_MAX = 1000
PAGES_MAX = 1000


class Page(Struct, frozen=True):
    """Which part of a collection is asked for."""

    limit: int
    offset: int


def check_parameters(call: Call, known: Collection[str]) -> None:
    """Refuse query parameters that the operation does not know."""
    for name in call.query:
        if name not in known:
            raise BadParameter(f"Unknown query parameter '{name[:60]}'.", name[:60])


def page_of(call: Call) -> Page:
    """The page that a request asks for. Raises ``BadParameter``."""
    limit, offset = _number(call, "limit", PAGE_MAX), _number(call, "offset", 0)
    if not 1 <= limit <= PAGE_MAX:
        raise BadParameter(f"The limit must be between 1 and {PAGE_MAX}.", "limit")
    if offset % limit:
        raise BadParameter("The offset must be divisible by the limit.", "offset")
    if offset // limit >= PAGES_MAX:
        raise BadParameter(f"No more than {PAGES_MAX} pages can be read.", "offset")
    return Page(limit, offset)


def _number(call: Call, name: str, default: int) -> int:
    text = call.query.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise BadParameter(f"Invalid value for the query parameter '{name}': {text[:40]}.", name)
    return int(text)


def flag(call: Call, name: str) -> bool:
    """A boolean query parameter."""
    text = (call.query.get(name) or "false").lower()
    if text not in ("true", "false"):
        raise BadParameter(f"Invalid value for the query parameter '{name}': {text[:40]}.", name)
    return text == "true"


def part(items: Sequence[Item], page: Page) -> Sequence[Item]:
    """The items of a page."""
    return items[page.offset : page.offset + page.limit]


def collection(call: Call, path: str, page: Page, *, items: list[dict[str, Any]], total: int) -> dict[str, Any]:
    """A page as it is answered."""
    more = page.offset + page.limit < total
    last = max(0, (total - 1) // page.limit * page.limit)
    offsets: dict[str, int] = {}
    if page.offset:
        offsets |= {"first": 0, "previous": max(0, page.offset - page.limit)}
    if more:
        offsets |= {"next": page.offset + page.limit, "last": last}
    links = [_link(call, path, rel, page.limit, offset) for rel, offset in offsets.items()]
    plain = not ({"limit", "offset"} & set(call.query))
    own = {"rel": "self", "href": call.link(_with(call, path, {}))} if plain else None
    links.append(own or _link(call, path, "self", page.limit, page.offset))
    return {
        "links": links,
        "count": len(items),
        "hasMore": more,
        "items": items,
        "offset": page.offset,
        "totalResults": total,
    }


def _link(call: Call, path: str, rel: str, limit: int, offset: int) -> dict[str, str]:
    return {"rel": rel, "href": call.link(_with(call, path, {"limit": limit, "offset": offset}))}


def _with(call: Call, path: str, members: dict[str, int]) -> str:
    kept = [(k, v) for k, v in call.query.items(multi=True) if k not in ("limit", "offset")]
    query = urlencode([*kept, *members.items()])
    return f"{path}?{query}" if query else path
