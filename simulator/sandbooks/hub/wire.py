"""Bodies in and out of the hub: parsing into typed requests, the error envelope, lists in pages.

Source: github.com/codatio/oas (PagingInfo, ErrorMessage).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, TypeVar
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit

import msgspec

from sandbooks import exact_json
from sandbooks.hub import profiles, query
from sandbooks.hub.errors import NOT_VALID, HubRefusal, Item, not_valid
from sandbooks.kit.call import Call, UnreadableBody, json_reply
from sandbooks.wire import Response

T = TypeVar("T")

OF_FIRST_VERSION = ("create-expense-dataset", "initiate-sync")
UNKNOWN = "Unknown"
AMOUNTS = frozenset({"netamount", "taxamount", "amount", "currencyrate"})
PAGE_SIZE_OF_PAGES = 2000  # Source: github.com/codatio/oas, schema PagingInfo (the parameter has 5000)
NUMBER_DIGITS_MAX = 28
NUMBER_DECIMALS_MAX = 20


def raw_body(call: Call) -> Any:
    """The JSON body; 400 when it is none."""
    try:
        return call.json()
    except (exact_json.MalformedJson, UnreadableBody) as error:
        raise not_valid(Item("body", f"the body is not JSON: {error}"[:300], "Json")) from error


def parsed(body: Any, shape: type[T], *, at: str = "body") -> T:
    """A body as a typed request; 400 names the member that is wrong and what was expected."""
    try:
        return msgspec.convert(body, shape)
    except msgspec.ValidationError as error:
        text = str(error)
        where = text.rpartition(" - at `$")[2].rstrip("`") if " - at `$" in text else ""
        item = f"{at}{where}" if where else at
        raise not_valid(Item(item, text.partition(" - at ")[0], "Schema")) from error


def check_numbers(value: Any, *, at: str = "body") -> None:
    """Amounts are JSON numbers of a sane length; 400 otherwise."""
    if isinstance(value, list):
        for place, element in enumerate(value):
            check_numbers(element, at=f"{at}[{place}]")
    elif isinstance(value, dict):
        for name, element in value.items():
            inner = f"{at}.{name}"
            if name.lower() in AMOUNTS and element is not None:
                _check_number(element, at=inner)
            else:
                check_numbers(element, at=inner)


def _check_number(value: Any, *, at: str) -> None:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise not_valid(Item(at, "Expected a number", "Schema"))
    exact = Decimal(value)
    digits, exponent = exact.as_tuple().digits, int(exact.as_tuple().exponent)
    if exact and (exact.adjusted() > 14 or len(digits) > NUMBER_DIGITS_MAX or exponent < -NUMBER_DECIMALS_MAX):
        raise not_valid(Item(at, "The number has too many digits", "Precision"))


def lower_keys(value: Any) -> Any:
    """Objects with member names as the hub spells them, whatever their case (``From.AccountRef.Id``)."""
    if isinstance(value, list):
        return [lower_keys(element) for element in value]
    if isinstance(value, dict):
        return {name[:1].lower() + name[1:]: lower_keys(element) for name, element in value.items()}
    return value


def web_address(text: str) -> SplitResult | None:
    """The parts of an absolute http or https address; None when the text is none.

    >>> web_address("https://app.example/hook").netloc, web_address("app.example"), web_address("http://[x")
    ('app.example', None, None)
    """
    try:
        parts = urlsplit(text)
        found = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return None
    return parts if found else None


def correlation_id(call: Call) -> str:
    """32 hexadecimal digits that are this exchange's own."""
    seed = f"{call.world.seed}/correlation/{call.exchange.number}"
    return hashlib.sha256(seed.encode()).hexdigest()[:32]


def refusal_reply(call: Call, refusal: HubRefusal) -> Response:
    """The error envelope. ``canBeRetried`` is a text: every published example says ``Unknown``."""
    items = [{"itemId": i.item_id, "message": i.message, "validatorName": i.validator} for i in refusal.items]
    headers = (("Retry-After", str(refusal.retry_after)),) if refusal.retry_after else ()
    error, again = _worded(call, refusal)
    return error_reply(
        call, refusal.status, error, service=refusal.service, items=items, headers=headers, can_be_retried=again
    )


def _worded(call: Call, refusal: HubRefusal) -> tuple[str, str]:
    """The text of a refusal and whether it can be retried, in older words where the world has chosen them.

    Source: github.com/codatio/oas, yaml/Codat-Expenses.yaml (CodatErrorMessage and its examples)
    """
    if call.operation.name in OF_FIRST_VERSION and profiles.on(call.world, "v1_errors_of_2022"):
        if refusal.error == NOT_VALID:
            return "There are problems with the request, see the Validation property for more detail.", "No"
        if refusal.status == 404 and refusal.service == "ExpenseSyncApi":
            return "NotFound", UNKNOWN
    return refusal.error, UNKNOWN


def error_reply(
    call: Call,
    status: int,
    error: str,
    *,
    service: str = "PublicApi",
    items: Sequence[dict[str, str]] = (),
    headers: tuple[tuple[str, str], ...] = (),
    can_be_retried: str = UNKNOWN,
) -> Response:
    """An answer in the hub's error envelope."""
    body = {
        "statusCode": 429 if status == 402 and profiles.on(call.world, "company_limit_body_429") else status,
        "service": service,
        "error": error,
        "correlationId": correlation_id(call),
        "validation": {"errors": list(items), "warnings": []} if items else None,
        "canBeRetried": can_be_retried,
        "detailedErrorCode": 0,
    }
    return json_reply(body, status=status, headers=headers)


# Members of companies, connections and integrations whose schemas know no null: absent when there is nothing to tell.
# Source: github.com/codatio/oas, yaml/Codat-Platform.yaml; the vendor's TypeScript client refuses an answer with one.
ABSENT_WHEN_NULL = frozenset({"description", "lastSync", "referenceParentCompany", "resolvedOnUtc", "dataProvidedBy"})


def without_nulls(body: Any) -> Any:
    """A body without those members that its schema does not let be null."""
    if isinstance(body, list):
        return [without_nulls(each) for each in body]
    if not isinstance(body, dict):
        return body
    kept = {name: value for name, value in body.items() if value is not None or name not in ABSENT_WHEN_NULL}
    return {name: without_nulls(value) for name, value in kept.items()}


def page_reply(
    call: Call, rows: Iterable[dict[str, Any]], *, what: str, queries: bool = True, nulls: bool = True
) -> Response:
    """A list answer: filtered, ordered, one page of it, with relative links; ``nulls``: as ``without_nulls`` says."""
    asked = call.query
    number = query.page_of(asked.get("page", ""), name="page", default=1, most=10**8)
    size = query.page_of(
        asked.get("pageSize", ""), name="pageSize", default=query.PAGE_SIZE_DEFAULT, most=_page_size_max(call)
    )
    kept = list(rows)
    if queries:
        listed_by = call.operation.name
        kept = query.filtered(kept, asked.get("query", ""), what=what, listed_by=listed_by)
        kept = query.ordered(kept, asked.get("orderBy", ""), what=what, listed_by=listed_by)
    start = (number - 1) * size
    shown = kept[start : start + size]
    body = {
        "results": shown if nulls else without_nulls(shown),
        "pageNumber": number,
        "pageSize": size,
        "totalResults": len(kept),
        "_links": _links(call, number, more=start + size < len(kept)),
    }
    return json_reply(body)


def _page_size_max(call: Call) -> int:
    return PAGE_SIZE_OF_PAGES if profiles.on(call.world, "page_size_max_2000") else query.PAGE_SIZE_MAX


def _links(call: Call, number: int, *, more: bool) -> dict[str, dict[str, str]]:
    path = "/" + "/".join(call.request.path.split("/")[_depth(call) :])
    raw = call.request.query
    links = {"self": {"href": path}, "current": {"href": f"{path}?{raw}" if raw else path}}
    if more:
        links["next"] = {"href": _at(path, raw, number + 1)}
    if number > 1:
        links["previous"] = {"href": _at(path, raw, number - 1)}
    return links


def _depth(call: Call) -> int:
    """How many parts of the request's path are the prefix under which the hub is served."""
    base = call.exchange.base_url.partition("://")[2]
    return base.count("/") + 1


def _at(path: str, raw: str, number: int) -> str:
    kept = [(name, value) for name, value in parse_qsl(raw, keep_blank_values=True) if name != "page"]
    return f"{path}?{urlencode([('page', str(number)), *kept])}"
