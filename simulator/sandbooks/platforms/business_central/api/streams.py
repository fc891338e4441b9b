"""The bytes of a file, picture or print: read and written beside the entity that describes them."""

from __future__ import annotations

from sandbooks.kit.call import Call, UnreadableBody
from sandbooks.platforms.business_central.access import address_of
from sandbooks.platforms.business_central.api.collections import check_tag, scope_of, target
from sandbooks.platforms.business_central.refusals import BadBody, SegmentMissing
from sandbooks.platforms.business_central.sets.entity import EntitySet, Row, Scope
from sandbooks.wire import Response


def read(call: Call) -> Response:
    """``GET …/attachmentContent``: the bytes as they were sent; 204 where there are none yet."""
    scope = scope_of(call)
    entity_set, row = _described(call, scope)
    content, kind = entity_set.content(scope, row)
    if not content:
        return Response(204)
    return Response(200, (("Content-Type", kind or "application/octet-stream"),), content)


def write(call: Call) -> Response:
    """``PATCH …/attachmentContent``: raw bytes, with the entity tag or ``*``."""
    try:
        content = call.body
    except UnreadableBody as error:
        raise BadBody("The request body cannot be decoded.") from error
    with call.unit():
        scope = scope_of(call)
        entity_set, row = _described(call, scope)
        check_tag(call, row, required=True)
        entity_set.store(scope, row, content, call.content_type)
    return Response(204, (("OData-Version", "4.0"),))


def _described(call: Call, scope: Scope) -> tuple[EntitySet, Row]:
    """The entity whose stream an address names."""
    entity_set, id, parent = target(call, tails=1)
    wanted = address_of(call).segments[-1].name
    if id is None or wanted.lower() not in (name.lower() for name in entity_set.streams):
        raise SegmentMissing(wanted[:60])
    return entity_set, entity_set.under(scope, parent, id)
