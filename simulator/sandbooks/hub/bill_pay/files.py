"""Files on bills: uploaded, listed and downloaded on the accounting platform itself.

Source: github.com/codatio/oas, yaml/Codat-Sync-Payables.yaml (attachments of bills).
"""

from __future__ import annotations

import hashlib
from urllib.parse import quote

from sandbooks.connector import File
from sandbooks.hub import caps, doubles
from sandbooks.hub.attachments import Upload, file_of
from sandbooks.hub.bill_pay import shown
from sandbooks.hub.bill_pay.desk import SERVICE, Desk, opened
from sandbooks.hub.errors import Item, not_found, not_valid
from sandbooks.kit.call import Call, json_reply
from sandbooks.payables import BillFile
from sandbooks.wire import Response


def upload(call: Call) -> Response:
    desk = opened(call)
    made = put_file(call, desk)
    return json_reply(shown.file(made), status=201)


def list_files(call: Call) -> Response:
    desk = opened(call)
    return json_reply([shown.file(one) for one in files_of(desk, call.args["bill_id"])])


def download(call: Call) -> Response:
    return content_reply(call, opened(call))


def content_reply(call: Call, desk: Desk) -> Response:
    """The bytes of the file that the path names."""
    found = file_on(desk, call.args["bill_id"], call.args["attachment_id"])
    content = desk.run(desk.payables.content(call.args["bill_id"], found, desk.session.consent))
    headers = (
        ("Content-Type", "application/octet-stream"),
        ("Content-Disposition", f"attachment; filename*=UTF-8''{quote(found.name, safe='')}"),
    )
    return Response(200, headers, content)


def files_of(desk: Desk, bill: str) -> list[BillFile]:
    """The files on a bill; 404 when there is no such bill."""
    check_bill(desk, bill)
    return list(desk.run(desk.payables.files(bill, desk.session.consent)))


def file_on(desk: Desk, bill: str, id: str) -> BillFile:
    """A file on a bill; 404 when there is none."""
    for found in files_of(desk, bill):
        if found.id == id:
            return found
    raise not_found(f"No attachment was found with ID {id}", service=SERVICE)


def check_bill(desk: Desk, id: str) -> None:
    """404 when the platform has no bill with this id."""
    if desk.run(desk.payables.bill(id, desk.session.consent, desk.facts)) is None:
        raise not_found(f"No bill was found with ID {id}", service=SERVICE)


def put_file(call: Call, desk: Desk) -> BillFile:
    """Attach the file of a request to the bill that its path names: the same file again is the same attachment."""
    bill = call.args["bill_id"]
    given = file_of(call, service=SERVICE)
    _check(call, desk, given)
    check_bill(desk, bill)
    digest = hashlib.sha256(f"{bill}/{given.name}/".encode() + given.content).hexdigest()[:32]
    file = File(
        name=given.name,
        content_type=given.content_type,
        content=given.content,
        key=digest,
        include_when_sent=given.include_when_sent,
    )
    native = desk.payables.native("bill", bill)
    made = desk.run(doubles.attaching(desk.session, file, native))
    return BillFile(
        id=made.id.rpartition("/")[2],  # where files have no id but a name in a folder, the name tells them apart
        name=given.name,
        content_type=given.content_type,
        size=len(given.content),
        include_when_sent=given.include_when_sent,
        created=call.world.clock.now(),
    )


def _check(call: Call, desk: Desk, given: Upload) -> None:
    table = caps.table(call.world, desk.session.platform.name)
    if not table.attachments.takes_name(given.name):
        known = ", ".join(sorted(table.attachments.extensions or ()))
        text = f"{table.title} does not take the type of {given.name[:100]!r}; it takes {known}."
        raise not_valid(Item("file", text, "Type"), service=SERVICE)
    if not table.attachments.takes_size(len(given.content)):
        text = f"The file has {len(given.content)} bytes; {table.title} takes at most {table.attachments.bytes_max}."
        raise not_valid(Item("file", text, "Size"), service=SERVICE)
    if not given.content:
        raise not_valid(Item("file", "The file is empty.", "Size"), service=SERVICE)
