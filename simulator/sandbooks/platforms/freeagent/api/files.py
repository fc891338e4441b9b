"""Attachments by themselves, and the signed links to their bytes."""

from __future__ import annotations

from sandbooks.kit.call import Call, json_reply
from sandbooks.kit.company import find_company
from sandbooks.kit.records import Record
from sandbooks.kit.surface import Operation
from sandbooks.platforms.freeagent.access import PLATFORM, user_of
from sandbooks.platforms.freeagent.api import shapes
from sandbooks.platforms.freeagent.records import attachments
from sandbooks.platforms.freeagent.records.storing import find
from sandbooks.platforms.freeagent.refusals import AccessDenied, LinkExpired, Missing
from sandbooks.platforms.freeagent.wire import shown
from sandbooks.wire import Response

# Source: https://dev.freeagent.com/docs/changes (12 August 2025: the level of the item that a file is attached to)
_LEVELS = {"bill": 5, "expense": 2, "bank_transaction_explanation": 6}


def _permitted(call: Call) -> Record:
    record = find(call.company, "attachment", call.args["id"])
    parent = attachments.parent_of(call.company, record)
    level = int(user_of(call).body["permission_level"])
    needed = _LEVELS[parent.kind] if parent is not None else 8
    if level < needed:
        raise AccessDenied(level, needed)
    return record


def get_attachment(call: Call) -> Response:
    """``GET /v2/attachments/:id``"""
    return shown(call, "attachment", shapes.attachment(call, _permitted(call)))


def delete_attachment(call: Call) -> Response:
    """``DELETE /v2/attachments/:id``"""
    with call.unit():
        attachments.delete(call.company, _permitted(call))
    return json_reply({})


def download(call: Call) -> Response:
    """The bytes behind ``content_src`` and the thumbnails that there are, for whoever holds the signed link."""
    id, company_id = call.args["id"], call.query.get("company", "")
    stamp, signature = call.query.get("Expires", ""), call.query.get("Signature", "")
    company = find_company(call.world, PLATFORM, company_id)
    if company is None or signature != shapes.sign(call, company_id, id, stamp):
        raise LinkExpired
    if (
        not stamp.isascii()
        or not stamp.isdigit()
        or len(stamp) > 15
        or int(stamp) <= call.world.clock.micros() // 1_000_000
    ):
        raise LinkExpired
    record = find(company, "attachment", id)
    content = company.records.blob(f"attachment/{id}")
    if call.args["file_name"].partition(".")[0] not in ("original", *record.body["thumbnails"]):
        raise Missing("attachment", id)
    if content is None:
        raise LinkExpired
    return Response(200, (("Content-Type", record.body["content_type"]),), content)


OPERATIONS = (
    Operation("get_attachment", "GET", "/v2/attachments/<id>", get_attachment, scope="1"),
    Operation("delete_attachment", "DELETE", "/v2/attachments/<id>", delete_attachment, writes=True, scope="1"),
    Operation("download_attachment", "GET", "/v2/attachments/<id>/<file_name>", download, public=True),
)
