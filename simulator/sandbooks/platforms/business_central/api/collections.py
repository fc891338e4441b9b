"""Reading and changing entities of any set: list, count, get, create, update, delete, bound actions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from msgspec.structs import replace

from sandbooks import exact_json
from sandbooks.exact_json import MalformedJson
from sandbooks.kit.call import Call, UnreadableBody
from sandbooks.platforms.business_central import languages, paths
from sandbooks.platforms.business_central.access import address_of
from sandbooks.platforms.business_central.errors import ODATA
from sandbooks.platforms.business_central.names import guid, is_entity_tag, same_tag
from sandbooks.platforms.business_central.odata.answers import context, entity, next_link, page_of
from sandbooks.platforms.business_central.odata.options import (
    PAGE_MAX,
    Options,
    check_single,
    page_size,
    read_options,
)
from sandbooks.platforms.business_central.paths import API, Segment
from sandbooks.platforms.business_central.refusals import (
    BadBody,
    BadUrl,
    EntityChanged,
    MethodNotAllowed,
    SegmentMissing,
    TokenNotValid,
)
from sandbooks.platforms.business_central.sets import SETS
from sandbooks.platforms.business_central.sets.entity import EntitySet, Given, Parent, Row, Scope
from sandbooks.wire import Headers, Response

HOST = "api.businesscentral.dynamics.com"
NESTING_MAX = 8


def scope_of(call: Call, *, lists: bool = False) -> Scope:
    """The company of a call; lists trail the books where a fault says so."""
    lag = call.exchange.lag if lists else timedelta(0)
    return Scope(call.company, lag=lag, language=languages.language_of(call.header("Accept-Language")))


def root_of(call: Call) -> str:
    """The address of the API as the client used it."""
    address = address_of(call)
    place = ""
    if address.environment:
        tenant = f"/{address.tenant}" if address.tenant else ""
        place = f"/v2.0{tenant}/{address.environment}"
    return call.link(f"{place}{API}", host=HOST)


def entity_link(call: Call, entity_set: EntitySet, id: str) -> str:
    """The address of one entity."""
    return f"{root_of(call)}/companies({call.company.id})/{entity_set.place(Scope(call.company), id)}"


def target(call: Call, *, tails: int = 0) -> tuple[EntitySet, str | None, Parent | None]:
    """The set, the key and the parent that an address names; ``tails`` segments at its end are none of these.

    Every entity on the way must exist. Raises ``RecordMissing``, ``BadUrl``, ``SegmentMissing``.
    """
    segments = list(address_of(call).segments)
    segments = segments[: len(segments) - tails]
    if not segments or len(segments) > NESTING_MAX:
        raise BadUrl("The address is not well formed.")
    *above, last = segments
    scope = Scope(call.company)
    parent: Parent | None = None
    for segment in above:
        if parent is not None and _beside(scope, parent, segment) is not None:
            raise BadUrl(f"Nothing can follow '{segment.name}'.")
        step = _set_of(segment, parent)
        step.under(scope, parent, _key(segment))
        parent = Parent(step, _key(segment))
    beside = _beside(scope, parent, last) if parent is not None else None
    if beside is not None:
        return *beside, None
    entity_set = _set_of(last, parent)
    if parent is None and last.key is not None:
        entity_set.check_root()
    return entity_set, None if last.key is None else _key(last), parent


def _beside(scope: Scope, parent: Parent, segment: Segment) -> tuple[EntitySet, str] | None:
    """The single entity that a navigation leads to, where the segment is one."""
    for name, (set_name, member) in parent.set.to_one.items():
        if name.lower() == segment.name.lower() and segment.key is None:
            return SETS[set_name], str(parent.set.row(scope, parent.id).values[member])
    return None


def _set_of(segment: Segment, parent: Parent | None) -> EntitySet:
    wanted = paths.ALIASES.get(segment.name.lower(), segment.name) if segment.key is not None else segment.name
    for name, entity_set in SETS.items():
        if name.lower() == wanted.lower():
            if parent is not None and parent.set.name not in entity_set.parents:
                raise SegmentMissing(segment.name[:60])
            return entity_set
    raise SegmentMissing(segment.name[:60])


def _key(segment: Segment) -> str:
    found = guid((segment.key or "").strip("'"))
    if found is None:
        raise BadUrl(f"The key in '{segment.name}({(segment.key or '')[:60]})' is not a GUID.")
    return found


def list_rows(call: Call) -> Response:
    """``GET set``."""
    entity_set, _, parent = target(call)
    scope, options = scope_of(call, lists=True), read_options(call.query)
    page = page_of(scope, entity_set, options, parent=parent, size=page_size(call.header("Prefer")))
    root = root_of(call)
    body: dict[str, Any] = {"@odata.context": context(root, call.company.id, entity_set, options, single=False)}
    if options.count:
        body["@odata.count"] = page.total
    body["value"] = [
        entity(scope, entity_set, row, options, link=entity_link(call, entity_set, row.id)) for row in page.rows
    ]
    if page.next_token:
        address = root + "/" + "/".join(_written(call))
        body["@odata.nextLink"] = next_link(address, dict(call.query.items()), page.next_token, served=len(page.rows))
    return Response(200, ODATA, exact_json.dumps(body))


def rows_of(call: Call, name: str, options: Options) -> list[dict[str, Any]]:
    """The rows of a set of the call's company, as they come along with the company."""
    entity_set, scope = SETS[name], scope_of(call, lists=True)
    page = page_of(scope, entity_set, options, parent=None, size=PAGE_MAX)
    return [entity(scope, entity_set, row, options, link=entity_link(call, entity_set, row.id)) for row in page.rows]


def _written(call: Call) -> list[str]:
    address = address_of(call)
    above = [] if address.company is None else [f"companies({address.company})"]
    return above + [s.name if s.key is None else f"{s.name}({s.key})" for s in address.segments]


def count_rows(call: Call) -> Response:
    """``GET set/$count``: a bare number behind a byte order mark."""
    entity_set, _, parent = target(call, tails=1)
    options = replace(read_options(call.query), count=True)
    page = page_of(scope_of(call, lists=True), entity_set, options, parent=parent, size=PAGE_MAX)
    return Response(
        200, (("Content-Type", "text/plain"), ("OData-Version", "4.0")), b"\xef\xbb\xbf" + str(page.total).encode()
    )


def get_row(call: Call) -> Response:
    """``GET set(id)``."""
    entity_set, id, parent = target(call)
    scope, options = scope_of(call), read_options(call.query)
    check_single(options)
    return _answer(call, scope, entity_set, entity_set.under(scope, parent, str(id)), options)


def _answer(
    call: Call, scope: Scope, entity_set: EntitySet, row: Row, options: Options, *, status: int = 200
) -> Response:
    from sandbooks.platforms.business_central.odata.answers import check_select

    check_select(entity_set, options)
    link = entity_link(call, entity_set, row.id)
    shown = entity(scope, entity_set, row, options, link=link)
    body = {"@odata.context": context(root_of(call), call.company.id, entity_set, options, single=True), **shown}
    headers: Headers = (*ODATA, ("ETag", row.tag))
    if status == 201:
        headers = (*headers, ("Location", link))
    return Response(status, headers, exact_json.dumps(body))


def body_of(call: Call) -> Any:
    """The JSON body. Raises ``BadBody``."""
    try:
        return call.json()
    except (MalformedJson, UnreadableBody) as error:
        raise BadBody("The request body is not valid JSON.") from error


def create_row(call: Call) -> Response:
    """``POST set``, with lines and other parts inside it where given."""
    entity_set, _, parent = target(call)
    options = read_options(call.query)
    with call.unit():
        scope = scope_of(call)
        row = _create(scope, entity_set, body_of(call), parent, how=_how(call))
        if "return-no-content" in call.header("Prefer") or "return=minimal" in call.header("Prefer"):
            link = entity_link(call, entity_set, row.id)
            return Response(204, (("OData-Version", "4.0"), ("Location", link), ("ETag", row.tag)))
        # Inside the unit: options that do not fit the entity are refused, and then nothing is created.
        return _answer(call, scope_of(call), entity_set, row, options, status=201)


def _how(call: Call) -> dict[str, bool]:
    """How bodies are read."""
    settings = call.company.settings
    # Unconfirmed: which read-only members are refused and which passed over; a setting refuses them all. Which members
    # may be null is not known either: clients send null for whatever they do not set.
    # Source: learn.microsoft.com, Business Central error codes (ODataBadRequestNullFieldException)
    return {
        "strict": bool(settings.get("strict_read_only")),
        "null_flags": not settings.get("null_flags_refused"),
    }


def _create(scope: Scope, entity_set: EntitySet, body: Any, parent: Parent | None, *, how: dict[str, bool]) -> Row:
    given = entity_set.read(body, **how)
    row = entity_set.create_under(scope, given, parent)
    if not given.parts:
        return row
    above = Parent(entity_set, row.id)
    for name, items in given.parts.items():
        around, scope.inserting = scope.inserting, row.id
        for item in items:
            _create(scope, SETS[name], item, above, how=how)
        scope.inserting = around
        SETS[name].parts_created(scope, above)
    return entity_set.under(Scope(scope.company), parent, row.id)


def update_row(call: Call) -> Response:
    """``PATCH set(id)``: needs the current entity tag, or ``*``."""
    entity_set, id, parent = target(call)
    options = read_options(call.query)
    with call.unit():
        scope = scope_of(call)
        row = entity_set.under(scope, parent, str(id))
        check_tag(call, row, required=True)
        given = entity_set.read(body_of(call), **_how(call))
        _refuse_parts(entity_set, given)
        row = entity_set.update_under(scope, given, parent, row.id)
        return _answer(call, scope_of(call), entity_set, row, options)


def _refuse_parts(entity_set: EntitySet, given: Given) -> None:
    for name in given.parts:
        raise BadBody(
            f"A nested property '{name}' of {entity_set.type} cannot be updated: deep updates are not supported."
        )


def check_tag(call: Call, row: Row, *, required: bool) -> None:
    """Compare ``If-Match`` with the current tag. Raises ``TokenNotValid`` or ``EntityChanged``."""
    given = call.header("If-Match").strip()
    if not given:
        if required:
            raise TokenNotValid
        return
    if given == "*":
        return
    if not is_entity_tag(given):
        raise TokenNotValid
    if not same_tag(given, row.tag):
        raise EntityChanged


def delete_row(call: Call) -> Response:
    """``DELETE set(id)``: a tag counts only where one is sent."""
    entity_set, id, parent = target(call)
    with call.unit():
        scope = scope_of(call)
        row = entity_set.under(scope, parent, str(id))
        check_tag(call, row, required=False)
        entity_set.delete_under(scope, parent, row.id)
    return Response(204, (("OData-Version", "4.0"),))


def run_action(call: Call) -> Response:
    """``POST set(id)/Microsoft.NAV.action``."""
    entity_set, id, parent = target(call, tails=1)
    wanted = address_of(call).segments[-1].name.lower()
    action = next((act for name, act in entity_set.actions.items() if name.lower() == wanted), None)
    if action is None or id is None:
        raise MethodNotAllowed("POST", wanted)
    with call.unit():
        scope = scope_of(call)
        row = entity_set.acted_on(scope, parent, id)
        check_tag(call, row, required=False)
        set_name, found = action(scope, row)
    return Response(204, (("OData-Version", "4.0"), ("Location", entity_link(call, SETS[set_name], found))))
