"""The bytes of a file: read and written beside the entity that describes it."""

from __future__ import annotations

from sandbooks.kit.call import Call, UnreadableBody
from sandbooks.platforms.business_central.api.collections import check_tag, scope_of, target
from sandbooks.platforms.business_central.refusals import BadBody, SegmentMissing
from sandbooks.platforms.business_central.sets.files import SETS
from sandbooks.wire import Response


def read(call: Call) -> Response:
    """``GET …/attachmentContent``: the bytes as they were sent; 204 where there are none yet."""
    entity_set, id, parent = target(call, tails=1)
    files = next((each for each in SETS if each is entity_set), None)
    if files is None:
        raise SegmentMissing("attachmentContent")
    scope = scope_of(call)
    row = files.under(scope, parent, str(id))
    content = files.content(scope, row)
    if not content:
        return Response(204)
    kind = row.record.body.get("_contentType", "") if row.record else ""
    return Response(200, (("Content-Type", kind or "application/octet-stream"),), content)


def write(call: Call) -> Response:
    """``PATCH …/attachmentContent``: raw bytes, with the entity tag or ``*``."""
    entity_set, id, parent = target(call, tails=1)
    files = next((each for each in SETS if each is entity_set), None)
    if files is None:
        raise SegmentMissing("attachmentContent")
    try:
        content = call.body
    except UnreadableBody as error:
        raise BadBody("The request body cannot be decoded.") from error
    with call.unit():
        scope = scope_of(call)
        row = files.under(scope, parent, str(id))
        check_tag(call, row, required=True)
        files.store(scope, row, content, call.content_type)
    return Response(204, (("OData-Version", "4.0"),))
