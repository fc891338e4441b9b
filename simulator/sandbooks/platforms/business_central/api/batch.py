"""``$batch``: up to a hundred requests in one, each by itself, in groups, or all in one transaction.

Source: https://learn.microsoft.com/dynamics365/business-central/dev-itpro/webservices/use-odata-batch
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from itertools import chain, groupby
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct

from sandbooks import exact_json
from sandbooks.kit.call import Call, UnreadableBody
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.surface import Operation
from sandbooks.ledger import Refusal
from sandbooks.platforms.business_central import errors, paths
from sandbooks.platforms.business_central.access import (
    address_of,
    check_permission,
    find,
    is_there,
    wanted_company,
)
from sandbooks.platforms.business_central.api.batch_items import Item, items_of
from sandbooks.platforms.business_central.api.batch_parts import MEDIA, answer_in_parts, items_of_parts
from sandbooks.platforms.business_central.odata.options import prefers
from sandbooks.platforms.business_central.refusals import (
    BadBody,
    BadUrl,
    DependencyFailed,
    EnvironmentMissing,
    MethodNotAllowed,
    SegmentMissing,
)
from sandbooks.wire import Headers, Request, Response

HOST = "api.businesscentral.dynamics.com"
_known: dict[tuple[str, str], Operation] = {}
_rules: set[str] = set()


class _TakenBack(Exception):
    """One item failed in a snapshot: what is not committed yet goes back."""


class _Answered(Struct, frozen=True):
    """What an item was answered, and the address of what it made or found, empty where there is none."""

    item: Item
    answer: Response
    address: str = ""

    @property
    def failed(self) -> bool:
        return self.answer.status >= 400


def know(operations: Sequence[Operation]) -> None:
    """Learn which operation answers which route."""
    for operation in operations:
        _known[operation.method, operation.rule] = operation
        _rules.add(operation.rule)


def run_batch(call: Call) -> Response:
    """``POST $batch``."""
    in_parts = call.content_type == MEDIA
    items = _items_in_parts(call) if in_parts else _items_in_json(call)
    found = _snapshot(call, items) if _isolated(call) else _each(call, items)
    if in_parts:
        token = call.world.ids.uuid("business_central/batch")
        return answer_in_parts([(each.item, each.answer) for each in found], token=token)
    body = {"responses": [_shown(each.item, each.answer) for each in found]}
    return Response(200, (errors.JSON_TYPE, ("OData-Version", "4.0")), exact_json.dumps(body))


def _items_in_json(call: Call) -> list[Item]:
    from sandbooks.platforms.business_central.api.collections import body_of

    return items_of(body_of(call))


def _items_in_parts(call: Call) -> list[Item]:
    try:
        return items_of_parts(call.body, call.header("Content-Type"))
    except UnreadableBody as error:
        raise BadBody("The batch request cannot be read.") from error


def _isolated(call: Call) -> bool:
    # Unconfirmed: the name under which version 4.0 of the standard has the header; 4.01 and the documentation of
    # Business Central have it without OData-.
    wanted = (call.header("Isolation") or call.header("OData-Isolation")).strip().lower()
    if wanted not in ("", "snapshot"):
        # Unconfirmed: how another isolation is refused; the documentation knows this one alone.
        raise BadBody(f"The isolation '{wanted[:40]}' is not supported.")
    return wanted == "snapshot"


def _each(call: Call, items: list[Item]) -> list[_Answered]:
    """Every item or group by itself; the first failure ends the batch unless the client wants to go on."""
    # Source: https://dynamicsuser.net/nav/b/kauffmann/posts/batch-calls-with-business-central-2-error-handling
    goes_on = prefers(call.header("Prefer"), "odata.continue-on-error")
    found: list[_Answered] = []
    for group, members in groupby(items, key=lambda item: item.group):
        for some in [list(members)] if group else [[item] for item in members]:
            found += _together(call, some, found) if group else [_run(call, some[0], found)]
            if found[-1].failed and not goes_on:
                return found
    return found


def _together(call: Call, items: list[Item], before: Sequence[_Answered]) -> list[_Answered]:
    """A group that stands or falls as a whole: where one item fails, the others are answered that they hang on it."""
    found = list(before)
    kept = _in_transactions(call, items, found)
    if not found[-1].failed:
        return found[len(before) :]
    failed, standing = found[-1], found[len(before) : kept]
    told = str(failed.item.id or failed.item.group)
    others = [
        failed if item is failed.item else _Answered(item, errors.refused(call, DependencyFailed(told[:60])))
        for item in items[len(standing) :]
    ]
    return [*standing, *others]


def _snapshot(call: Call, items: list[Item]) -> list[_Answered]:
    """All items in one transaction, which a posting in between commits up to there.

    Posting routines commit what they posted, and with it everything before. Source: the same page ("for each commit,
    the transaction is committed, and a new one is started"); codeunits Purch.-Post and Gen. Jnl.-Post Batch,
    github.com/microsoft/BCApps. The tips for working with the APIs say that everything goes back: the setting
    ``batch_postings_go_back`` plays that.
    """
    found: list[_Answered] = []
    _in_transactions(call, items, found)
    return found


def _in_transactions(call: Call, items: list[Item], found: list[_Answered]) -> int:
    """Run items in one transaction, or in several where a posting commits; how many of those found are committed."""
    reached = call.facts["in_environment"]
    whole = any(company.settings.get("batch_postings_go_back") for company in reached)
    rest, kept = iter(items), len(found)
    try:
        for item in rest:
            with call.unit():
                _to_commit(call, chain([item], rest), found, whole=whole)
            kept = len(found)
    except _TakenBack:
        errors.correlation(call)  # that of the refusal was drawn in what went back: nobody else is given it
    return kept


def _to_commit(call: Call, items: Iterator[Item], found: list[_Answered], *, whole: bool) -> None:
    """Items up to the first that commits, or to the end. Raises ``_TakenBack`` at one that fails."""
    for item in items:
        found.append(_run(call, item, found))
        if found[-1].failed:
            raise _TakenBack
        if not whole and str(item.url).rpartition("/")[2].lower().startswith("microsoft.nav."):
            return


def _run(call: Call, item: Item, before: Sequence[_Answered]) -> _Answered:
    """One item, where those that it depends on succeeded."""
    standing = {str(each.item.id): each for each in before}
    inner = call
    try:
        for id in item.after:
            if any(each.failed for each in before if id in (str(each.item.id), each.item.group)):
                raise DependencyFailed(id[:60])
        url = _address(item, standing)
        inner, operation = _inner(call, item, url)
        if operation.scope == "company":
            inner.company = find(call.facts["in_environment"], wanted_company(inner, address_of(inner)))
            check_permission(inner)
        answer = operation.run(inner)
        return _Answered(item, answer, _found_at(inner, answer))
    except Refusal as refusal:
        return _Answered(item, errors.refused(inner, refusal))


def _address(item: Item, standing: dict[str, _Answered]) -> Any:
    """The item's address, with that of another item in the place of ``$id``."""
    if not item.reference:
        return item.url
    above = standing[item.reference].address if item.reference in standing else ""
    if not above:
        raise BadUrl(f"The request '{item.reference[:40]}' has no address that another could begin with.")
    return above + item.rest


def _found_at(call: Call, answer: Response) -> str:
    """Where the entity is found that an item made, changed or read."""
    if answer.header("Location"):
        return answer.header("Location")
    segments = address_of(call).segments
    one = segments and segments[-1].key is not None and call.request.method in ("GET", "PATCH")
    return call.request.url.partition("?")[0] if one else ""


def _inner(call: Call, item: Item, url: Any) -> tuple[Call, Operation]:
    """One item as a call of its own, under the batch's credential, environment and company."""
    from sandbooks.platforms.business_central.api import SPELLING

    method = item.method
    if not isinstance(method, str) or not isinstance(url, str) or not url:
        raise BadBody("Each request of a batch needs a 'method' and a 'url'.")
    request = _request(call, item, method.upper(), url)
    path = _native(call, request.url)
    rule = paths.routed(path, SPELLING)
    if rule.startswith("/lacking/"):
        raise NotSimulated(rule.rpartition("/")[2])
    operation = _known.get((request.method, rule))
    if operation is None:
        if rule in _rules:
            raise MethodNotAllowed(request.method, rule.rpartition("/")[2])
        raise SegmentMissing(rule.rpartition("/")[2][:60])
    if operation.rule == "/api/$batch" or operation.public or rule == "/environments":
        raise BadUrl("This request cannot stand in a batch.")
    inner = Call(call.exchange, operation, {})
    inner.request = request
    inner.token = call.token
    asked = call.query.get("company") or call.header("CompanyId") or call.header("Company")
    inner.facts = {
        "companies": call.facts["companies"],
        "in_environment": call.facts["in_environment"],
        "company": (asked or address_of(call).company or "").partition("?")[0],
    }
    named = address_of(inner)
    if not any(is_there(inner, company, named) for company in call.facts["in_environment"]):
        raise EnvironmentMissing(named.environment[:60] or named.tenant[:60])
    return inner, operation


def _native(call: Call, url: str) -> str:
    """The vendor's own path of an item's url. Raises ``BadUrl`` for one of another service than the batch was sent to.

    Unconfirmed: the wording; the standard lets a service refuse what it does not serve itself.
    """
    parts, own = urlsplit(url), urlsplit(call.exchange.base_url)
    if parts.netloc.lower() == own.netloc.lower():
        if parts.path.lower().startswith(own.path.lower()):
            return parts.path[len(own.path) :]
    elif parts.netloc.lower() == HOST:
        return parts.path
    raise BadUrl(f"The url '{url[:80]}' is not one of this service.")


def _request(call: Call, item: Item, method: str, url: str) -> Request:
    address = address_of(call)
    place = (
        f"/v2.0/{address.tenant + '/' if address.tenant else ''}{address.environment}" if address.environment else ""
    )
    if "://" in url.partition("?")[0] or url.startswith("//"):
        whole = url if "://" in url else f"https:{url}"
    elif "/api/v2.0" in url:
        whole = call.exchange.base_url + (url if url.startswith("/") else f"/{url}")
    else:
        whole = f"{call.exchange.base_url}{place}/api/v2.0/{url.lstrip('/')}"
    try:
        urlsplit(whole)
    except ValueError as error:
        raise BadUrl("The url of a batch request cannot be read.") from error
    return Request(method, whole, _headers(call, item), _body(item))


def _headers(call: Call, item: Item) -> Headers:
    given = item.headers or {}
    if not isinstance(given, dict):
        raise BadBody("The 'headers' of a batch request must be an object.")
    own = tuple((str(name), str(value)) for name, value in given.items())
    named = {name.lower() for name, _ in own}
    kept = [
        (name, value)
        for name, value in call.request.headers
        if name.lower() in ("authorization", "accept-language") and name.lower() not in named
    ]
    return (*own, *kept)


def _body(item: Item) -> bytes:
    body = item.body
    if body is None or isinstance(body, bytes):
        return body or b""
    return body.encode("utf-8", "replace") if isinstance(body, str) else exact_json.dumps(body)


def _shown(item: Item, answer: Response) -> dict[str, Any]:
    headers = {name.lower(): value for name, value in answer.headers}
    shown: dict[str, Any] = {"id": item.id, "status": answer.status, "headers": headers}
    if item.group:
        shown["atomicityGroup"] = item.group
    if answer.body:
        kind = headers.get("content-type", "")
        if kind.startswith("application/json"):
            shown["body"] = exact_json.loads(answer.body)
        elif kind.startswith("text/"):
            shown["body"] = answer.body.decode("utf-8-sig")
        else:
            shown["body"] = base64.b64encode(answer.body).decode()
    return shown
