"""FreeAgent's wire forms: decimals as text, absolute URLs as identity and reference, pages with Link headers.

Documents are stored with their references as bare paths (``/v2/contacts/2``); the base that the client addressed is put
before them on the way out, and taken off whatever host it names on the way in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, TypeVar
from urllib.parse import urlencode

from sandbooks import exact_json
from sandbooks.kit.call import Call, json_reply
from sandbooks.platforms.freeagent.refusals import Malformed, NotAcceptable
from sandbooks.wire import Response
from sandbooks.world.clock import parse_instant

PREFIX = "/v2/"
# Source: https://dev.freeagent.com/docs/introduction (pagination)
PER_PAGE_DEFAULT = 25
PER_PAGE_MAX = 100

_REFERENCES = frozenset(
    [
        "url",
        "contact",
        "project",
        "task",
        "user",
        "category",
        "bank_account",
        "bank_transaction",
        "bill",
        "paid_bill",
        "paid_invoice",
        "invoice",
        "credit_note",
        "paid_user",
        "transfer_bank_account",
        "linked_transfer_account",
        "linked_transfer_explanation",
        "parent_url",
        "rebill_to_project",
        "source_item_url",
        "content_src",
        "content_src_medium",
        "content_src_small",
        "capital_asset",
        "capital_asset_type",
        "disposed_asset",
        "stock_item",
        "cost_of_sale_category",
        "hire_purchase",
        "liabilities_over_one_year_category",
        "liabilities_under_one_year_category",
        "property",
        "link",
    ]
)
_XML = ("application/xml", "text/xml")
_ID = r"([0-9A-Za-z-]{1,40})"

Item = TypeVar("Item")


def decimal_text(value: Decimal) -> str:
    """A decimal as FreeAgent writes it: plain, no trailing zeros, at least one decimal (``-20.0``)."""
    if not value:
        return "0.0"
    text = f"{value:f}"
    if "." not in text:
        return f"{text}.0"
    whole, _, fraction = text.partition(".")
    return f"{whole}.{fraction.rstrip('0') or '0'}"


def timestamp(moment: datetime) -> str:
    """``2020-07-06T15:26:21.000Z``. Source: https://dev.freeagent.com/docs/bank_transactions (samples)"""
    utc = moment.astimezone(UTC)
    return f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond // 1000:03d}Z"


def path(resource: str, id: str) -> str:
    """The stored form of a reference."""
    return f"{PREFIX}{resource}/{id}"


def tail(value: object, resource: str) -> str:
    """The id that a reference to a resource names: a URL of any host, or a bare path; empty when it names none."""
    if not isinstance(value, str):
        return ""
    # The documentation itself writes some references in the singular (notes?contact=…/v2/contact/1).
    words = f"(?:{re.escape(resource)}|{re.escape(_singular(resource))})"
    found = re.fullmatch(rf"(?:.*/)?(?:v2/)?{words}/{_ID}/?", value.strip(), re.DOTALL)
    return found[1] if found else ""


def _singular(resource: str) -> str:
    return {"categories": "category", "properties": "property"}.get(resource, resource.removesuffix("s"))


def absolute(call: Call, document: Any) -> Any:
    """A stored document with its references as URLs on the base that the client addressed."""
    if isinstance(document, Mapping):
        return {
            name: call.link(value)
            if name in _REFERENCES and isinstance(value, str) and value.startswith(PREFIX)
            else absolute(call, value)
            for name, value in document.items()
        }
    if isinstance(document, list):
        return [absolute(call, item) for item in document]
    return document


def check_accept(call: Call) -> None:
    """Refuse what can be answered neither as JSON nor as XML."""
    accept = call.header("Accept").lower()
    if accept and not any(form in accept for form in (*_XML, "json", "*/*", "application/*")):
        raise NotAcceptable(accept[:100])


def wants_xml(call: Call) -> bool:
    """Whether a caller asked for XML and would not have JSON sooner."""
    accept = call.header("Accept").lower()
    places = [accept.index(form) for form in _XML if form in accept]
    return bool(places) and ("json" not in accept or min(places) < accept.index("json"))


def in_form_asked(call: Call, answer: Response) -> Response:
    """An answer in the form that the caller accepts; what is not JSON stays as it is."""
    if not wants_xml(call) or answer.header("Content-Type") != "application/json":
        return answer
    from sandbooks.platforms.freeagent import xml_form

    headers = tuple((name, value) for name, value in answer.headers if name.lower() != "content-type")
    body = xml_form.rendered(exact_json.loads(answer.body))
    return Response(answer.status, (("Content-Type", "application/xml; charset=utf-8"), *headers), body)


def _read(call: Call) -> Any:
    """The body in the form that its Content-Type names. Raises ``ValueError``."""
    if "xml" not in call.content_type:
        return call.json()
    from sandbooks.platforms.freeagent import xml_form

    return xml_form.parsed(call.body)


def document(call: Call) -> dict[str, Any]:
    """The object of the body, in JSON or XML. Raises ``Malformed``."""
    try:
        body = _read(call)
    except ValueError as error:
        raise Malformed("The request body could not be parsed") from error
    if not isinstance(body, dict):
        raise Malformed("The request body must be an object")
    return body


def root(call: Call, name: str) -> dict[str, Any]:
    """The document under its root member. Raises ``Malformed``."""
    found = document(call).get(name)
    if not isinstance(found, dict) or not found:
        # Source: Ruby on Rails ActionController::ParameterMissing, which the live service is built on
        raise Malformed(f"param is missing or the value is empty: {name}")
    return found


def created(call: Call, name: str, value: Mapping[str, Any]) -> Response:
    """201 with the resource's address. ``value`` is the stored form with its ``url``."""
    shown = absolute(call, value)
    return json_reply({name: shown}, status=201, headers=(("Location", shown["url"]),))


def shown(call: Call, name: str, value: Any) -> Response:
    """200 with one document under its root."""
    return json_reply({name: absolute(call, value)})


def _count(text: str | None, default: int) -> int:
    if text is None or not (text.isascii() and text.isdigit()) or len(text) > 9:
        return default
    return int(text) or default


def page_of(call: Call, items: Sequence[Item]) -> list[Item]:
    """One page of a list; sets the Link and X-Total-Count headers of the answer."""
    page = _count(call.query.get("page"), 1)
    size = min(_count(call.query.get("per_page"), PER_PAGE_DEFAULT), PER_PAGE_MAX)
    last = max(1, -(-len(items) // size))
    numbers = {"prev": page - 1, "next": page + 1, "first": 1, "last": last}
    offered = {rel for rel in numbers if 1 <= numbers[rel] <= last and numbers[rel] != page}
    links = [f'<{_page_link(call, numbers[rel], size)}>; rel="{rel}"' for rel in numbers if rel in offered]
    if links:
        call.reply_headers.append(("Link", ", ".join(links)))
    call.reply_headers.append(("X-Total-Count", str(len(items))))
    return list(items[(page - 1) * size : page * size])


def _page_link(call: Call, page: int, size: int) -> str:
    kept = [(k, v) for k, v in call.query.items(multi=True) if k not in ("page", "per_page")]
    query = urlencode([*kept, ("page", page), ("per_page", size)])
    return call.link(f"{call.request.path[call.request.path.find(PREFIX) :]}?{query}")


def date_in(call: Call, name: str) -> date | None:
    """A date filter of the query. Raises ``Malformed``."""
    text = call.query.get(name)
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Malformed(f"{name} is not a valid date") from error


def instant_in(call: Call, name: str) -> datetime | None:
    """A timestamp filter of the query. Raises ``Malformed``."""
    text = call.query.get(name)
    if not text:
        return None
    try:
        return parse_instant(text)
    except (ValueError, OverflowError) as error:
        raise Malformed(f"{name} is not a valid timestamp") from error
