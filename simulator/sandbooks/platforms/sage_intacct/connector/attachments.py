"""Files on charges and bills of Sage Intacct: a supporting document of one or more files that they point at.

A transaction has one supporting document. Where it has none yet, one is made under an id that follows from the
transaction, so that an attempt that was cut off is taken up again.
Source: https://developer.intacct.com/api/company-console/attachments/
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from lxml import etree

from sandbooks.connector import Attached, File, Native, Refused, Steps
from sandbooks.platforms.sage_intacct.connector.envelope import condition, element
from sandbooks.platforms.sage_intacct.connector.gateway import call, query

ID_MOST = 20  # Source: as above, supdocid
PREFIXES = {"CCTRANSACTION": "CC", "APBILL": "AP"}


def attach(file: File, native: Native) -> Steps[Attached]:
    """Attach a file once: one of its name and content that hangs there already is an earlier upload."""
    if native.kind not in PREFIXES:
        raise Refused(f"files are not attached to {native.kind} in Sage Intacct")
    rows = yield from query(
        native.kind, ("RECORDNO", "SUPDOCID"), condition=condition("equalto", "RECORDNO", native.id)
    )
    if not rows:
        raise Refused(f"there is no {native.kind} {native.id} in Sage Intacct")
    pointed = rows[0].get("SUPDOCID", "")
    id = pointed or f"{PREFIXES[native.kind]}-{native.id}"[:ID_MOST]
    stands = yield from standing(id)
    if stands is None:
        yield from _send("create_supdoc", id, file)
    elif not _holds(stands, file):
        yield from _send("update_supdoc", id, file)
    if not pointed:
        yield from call(_pointing(native, id), purpose=f"attach {file.name}", mutates=True)
    return Attached(id=f"{id}/{file.name}")


def standing(id: str) -> Steps[etree._Element | None]:
    """A supporting document with its files; None where there is none of the id."""
    wanted = {"expression": {"field": "supdocid", "operator": "=", "value": id}}
    function = element("get_list", {"filter": wanted}, object="supdoc", maxitems="1")
    result = yield from call(function, purpose=f"read the files of {id}")
    for found in result.iterfind("data/supdoc"):
        if (found.findtext("supdocid") or "").strip() == id:
            return found
    return None


def _holds(supdoc: etree._Element, file: File) -> bool:
    name, kind = _name(file)
    for attached in supdoc.iterfind("attachments/attachment"):
        same = (attached.findtext("attachmentname"), attached.findtext("attachmenttype")) == (name, kind)
        data = attached.findtext("attachmentdata")
        if same and (not data or _decoded(data) == file.content):
            return True
    return False


def _decoded(data: str) -> bytes:
    try:
        return base64.b64decode("".join(data.split()))
    except (binascii.Error, ValueError):
        return b""


def _name(file: File) -> tuple[str, str]:
    """Name and type apart, as Sage Intacct keeps them."""
    name, dot, kind = file.name.rpartition(".")
    return (name, kind) if dot and name else (file.name, file.content_type.rpartition("/")[2] or "bin")


def _send(function: str, id: str, file: File) -> Steps[None]:
    name, kind = _name(file)
    body: Mapping[str, Any] = {
        "supdocid": id,
        "attachments": {
            "attachment": {
                "attachmentname": name,
                "attachmenttype": kind,
                "attachmentdata": base64.b64encode(file.content).decode(),
            }
        },
    }
    yield from call(element(function, body), purpose=f"attach {file.name}", mutates=True)


def _pointing(native: Native, id: str) -> etree._Element:
    if native.kind == "CCTRANSACTION":
        return element("update_cctransaction", {"supdocid": id}, key=native.id)
    return element("update", {native.kind: {"RECORDNO": native.id, "SUPDOCID": id}})
