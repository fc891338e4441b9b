"""Functions of Sage Intacct's XML gateway, sent until they are answered: one function in each request.

Knows the gateway alone, nothing of what is read or written. A create names the document's key as its control id and
asks the gateway to take it once only. Source: https://developer.intacct.com/web-services/requests/
"""

from __future__ import annotations

from collections.abc import Sequence

from lxml import etree

from sandbooks.connector import Request, Steps, Unavailable, Wait, ask
from sandbooks.platforms.sage_intacct.connector.answers import is_throttle, result_of
from sandbooks.platforms.sage_intacct.connector.envelope import HEADERS, PATH, Row, element, envelope, flat

PAGE = 1000  # Source: https://developer.intacct.com/web-services/queries/, pagesize (at most 2000)
PAGES_MOST = 10_000
THROTTLE_SECONDS = 30  # Unconfirmed: how long to stay away after too many calls at once


def call(
    function: etree._Element,
    *,
    purpose: str,
    control_id: str = "",
    mutates: bool = False,
    once: bool = False,
    reference: str = "",
) -> Steps[etree._Element]:
    """Send a function until it is answered with more than a throttle; its result. Raises what ``result_of`` raises."""
    named = control_id or function.tag
    body = envelope(function, control_id=named, once=once, way=etree.Element("sessionid"))
    request = Request("POST", PATH, purpose=purpose, headers=HEADERS, body=body, mutates=mutates, reference=reference)
    result = yield from answered(request)
    return result


def answered(request: Request) -> Steps[etree._Element]:
    """The result behind a request."""
    while True:
        response = yield from ask(request, throttle_seconds=THROTTLE_SECONDS)
        if not is_throttle(response):
            return result_of(response, request)
        yield Wait(THROTTLE_SECONDS, "throttled")


def query(
    object: str,
    fields: Sequence[str],
    *,
    condition: etree._Element | None = None,
    key: str = "RECORDNO",
    reference: str = "",
) -> Steps[list[Row]]:
    """The records of an object, to the end, each once; ``key`` names the field that tells them apart."""
    purpose = f"look for {reference} among {object}" if reference else f"list {object}"
    found: dict[str, Row] = {}
    offset = 0
    for _ in range(PAGES_MOST):
        function = _query(object, fields, condition, offset)
        result = yield from call(function, purpose=purpose, reference=reference)
        data = result.find("data")
        if data is None:
            raise Unavailable(f"no data in the answer to: {purpose}")
        rows = [flat(node) for node in data if isinstance(node.tag, str)]
        fresh = {row[key]: row for row in rows if row.get(key) and row[key] not in found}
        found |= fresh
        offset += len(rows)
        if not fresh or not _remain(data, len(rows)):
            break
    return list(found.values())


def _query(object: str, fields: Sequence[str], condition: etree._Element | None, offset: int) -> etree._Element:
    function = element("query", {"object": object, "select": {"field": list(fields)}})
    if condition is not None:
        wanted = etree.SubElement(function, "filter")
        wanted.append(condition)
    function.append(element("pagesize", str(PAGE)))
    function.append(element("offset", str(offset)))
    return function


def _remain(data: etree._Element, rows: int) -> bool:
    said = data.get("numremaining", "")
    return int(said) > 0 if said.isdigit() else rows >= PAGE
