"""Lists that go on with a token: a live list is read whole, and the token says from where to show it.

Unconfirmed: the size of a page; the published example of a token speaks of 100.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import Any, TypeVar

from sandbooks import exact_json
from sandbooks.hub.bill_pay.desk import SERVICE
from sandbooks.hub.errors import Item, not_valid
from sandbooks.kit.call import Call

PAGE = 100
T = TypeVar("T")


def start_of(call: Call) -> int:
    """Where the asked page starts; 400 for a token that is none of ours."""
    token = call.query.get("continuationToken", "")
    if not token:
        return 0
    try:
        told = exact_json.loads(base64.b64decode(token, validate=True))
        page = int(told["page"])
    except (binascii.Error, exact_json.MalformedJson, KeyError, TypeError, ValueError, UnicodeError) as error:
        item = Item("continuationToken", "continuationToken is none that this list gave", "Token")
        raise not_valid(item, service=SERVICE) from error
    if not 1 <= page < 10**6:
        raise not_valid(Item("continuationToken", "continuationToken is none that this list gave"), service=SERVICE)
    return (page - 1) * PAGE


def page(rows: Sequence[T], start: int) -> list[T]:
    """One page of a list."""
    return list(rows[start : start + PAGE])


def pagination(start: int, *lists: Sequence[Any]) -> dict[str, str]:
    """What leads to the next page; empty at the end of the longest list."""
    total = max((len(rows) for rows in lists), default=0)
    if start + PAGE >= total:
        return {}
    told = {"page": start // PAGE + 2, "pageSize": PAGE, "pageCount": -(-total // PAGE)}
    return {"continuationToken": base64.b64encode(exact_json.dumps(told)).decode("ascii")}
