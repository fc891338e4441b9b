"""Receipts: a file sent with a completed transaction, written to the platform at once.

Source: https://docs.codat.io/expenses/sync-process/uploading-receipts, github.com/codatio/oas.
"""

from __future__ import annotations

import hashlib
import io
from typing import IO

from msgspec import Struct
from werkzeug.exceptions import HTTPException
from werkzeug.formparser import FormDataParser
from werkzeug.http import parse_options_header

from sandbooks import exact_json
from sandbooks.capabilities import PlatformCapabilities
from sandbooks.connector import File, NeedsConsent, Refused, Unavailable, Unknown
from sandbooks.hub import caps, companies, connections, doubles, profiles
from sandbooks.hub.errors import HubRefusal, Item, bad_request, not_found, not_valid
from sandbooks.hub.native import Parked, Session
from sandbooks.hub.syncs import rows
from sandbooks.hub.syncs.rows import Transaction
from sandbooks.kit.call import Call, UnreadableBody, json_reply
from sandbooks.wire import Response

SERVICE = "ExpenseSyncApi"
TRANSFERS = ("Transfer", "TransferIn", "TransferOut")
NEVER = (*TRANSFERS, "Adjustment", "AdjustmentIn", "AdjustmentOut")


class Upload(Struct, frozen=True):
    """The file of a request."""

    name: str
    content_type: str
    content: bytes
    include_when_sent: bool = False


def upload(call: Call) -> Response:
    company = companies.called(call)
    row = _transaction(call, company["id"])
    given = file_of(call, service=SERVICE)
    connection = connections.accounting_of(call.world, company["id"])
    if connection is None or connection["status"] != "Linked":
        raise bad_request("The company has no linked accounting connection: link it first.", service=SERVICE)
    session = Session(call.world, connection, parent=call.exchange.number)
    _check(call, row, given, platform=session.platform.name)
    native = row.native_document()
    if native is None:
        raise AssertionError("a completed transaction has a native document")
    digest = hashlib.sha256(f"{row.id}/{given.name}/".encode() + given.content).hexdigest()[:32]
    file = File(
        name=given.name,
        content_type=given.content_type,
        content=given.content,
        key=digest,
        include_when_sent=given.include_when_sent,
    )
    try:
        made = session.run(doubles.attaching(session, file, native))
    except Parked as parked:
        raise HubRefusal(429, "The platform asks to wait.", SERVICE, retry_after=parked.seconds) from parked
    except NeedsConsent as gone:
        connections.deauthorise(call.world, connection, gone.message)
        raise HubRefusal(403, gone.message, SERVICE) from gone
    except (Unknown, Unavailable) as failure:
        raise HubRefusal(503, failure.message, SERVICE) from failure
    except Refused as refused:
        raise bad_request(refused.message, service=SERVICE) from refused
    with call.unit():
        fresh = rows.transaction(call.world, company["id"], row.id) or row
        if made.id not in fresh.attachments:
            fresh.attachments.append(made.id)
            rows.keep(call.world, fresh)
    return json_reply({"companyId": company["id"], "id": made.id, "transactionId": row.id})


def _transaction(call: Call, company: str) -> Transaction:
    sync = rows.sync(call.world, company, call.args["sync_id"].lower())
    if sync is None:
        raise not_found(f"No sync was found with ID {call.args['sync_id']}", service=SERVICE)
    row = rows.transaction(call.world, company, call.args["transaction_id"].lower())
    if row is None or row.id not in sync.transactions:
        raise not_found(f"No transaction was found with ID {call.args['transaction_id']}", service=SERVICE)
    if row.native is None:
        raise bad_request(
            f"Transaction {row.id} is {row.status}: a file can be attached when it is Completed.", service=SERVICE
        )
    return row


def _check(call: Call, row: Transaction, given: Upload, *, platform: str) -> None:
    table = caps.table(call.world, platform, generation=row.generation)
    refusal = _refusal(call, row, table)
    if refusal:
        raise not_valid(Item("transactionId", refusal, "Capability"), service=SERVICE)
    if not table.attachments.takes_name(given.name):
        known = ", ".join(sorted(table.attachments.extensions or ()))
        raise not_valid(
            Item("file", f"{table.title} does not take the type of {given.name[:100]!r}; it takes {known}.", "Type"),
            service=SERVICE,
        )
    if not table.attachments.takes_size(len(given.content)):
        text = f"The file has {len(given.content)} bytes; {table.title} takes at most {table.attachments.bytes_max}."
        raise not_valid(Item("file", text, "Size"), service=SERVICE)
    if not given.content:
        raise not_valid(Item("file", "The file is empty.", "Size"), service=SERVICE)


def _refusal(call: Call, row: Transaction, table: PlatformCapabilities) -> str | None:
    """Why this kind of transaction carries no file; None when it does."""
    if row.kind in TRANSFERS and profiles.on(call.world, "transfer_attachments"):
        return None
    if row.kind in NEVER:
        return f"Files cannot be attached to a {row.kind}."
    return table.refusal(f"attachment.{row.kind}")


def file_of(call: Call, *, service: str) -> Upload:
    """The first part with a file name, whatever its own name; an optional JSON part may say more."""
    media, options = parse_options_header(call.header("Content-Type"))
    try:
        content = call.body
        if media != "multipart/form-data" or not options.get("boundary"):
            raise not_valid(Item("body", "the body is multipart/form-data with one file", "Multipart"), service=service)
        _, form, files = FormDataParser(_in_memory, silent=False).parse(
            io.BytesIO(content), media, len(content), options
        )
    except (ValueError, HTTPException, UnreadableBody) as error:
        raise not_valid(
            Item("body", "the body is no readable multipart/form-data", "Multipart"), service=service
        ) from error
    for part in files.values():
        if part.filename:
            name = part.filename.replace("\\", "/").rpartition("/")[2]
            return Upload(name, part.content_type or "application/octet-stream", part.read(), _include(form.values()))
    raise not_valid(Item("file", "the body has no part with a file", "Required"), service=service)


def _in_memory(*_: object, **__: object) -> IO[bytes]:
    """Where a part's bytes are kept: a body is in memory already."""
    return io.BytesIO()


def _include(parts: object) -> bool:
    for text in parts if hasattr(parts, "__iter__") else ():
        try:
            said = exact_json.loads(text)
        except exact_json.MalformedJson:
            continue
        if isinstance(said, dict) and said.get("includeWhenSent") is True:
            return True
    return False
