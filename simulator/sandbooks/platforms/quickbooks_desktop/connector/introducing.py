"""The .qwc file by which a company's user adds the hub to the Web Connector.

Source: QuickBooks Web Connector Programmer's Guide (the .qwc file)
"""

from __future__ import annotations

from xml.sax.saxutils import escape

from sandbooks.connector import File, Program

DESCRIPTION = "Writes expenses into QuickBooks"


def introduction(program: Program) -> File:
    """The file. The password is not in it: the user types it in."""
    minutes, seconds = divmod(program.every_seconds, 60)
    name, number = ("RunEveryNMinutes", minutes) if not seconds else ("RunEveryNSeconds", program.every_seconds)
    parts = (
        ("AppName", program.name),
        ("AppID", ""),
        ("AppURL", program.url),
        ("AppDescription", DESCRIPTION),
        ("AppSupport", program.url),
        ("UserName", program.user),
        ("OwnerID", _braced(program.owner)),
        ("FileID", _braced(program.company)),
        ("QBType", "QBFS"),
    )
    inner = "".join(f"<{tag}>{escape(text)}</{tag}>" for tag, text in parts)
    inner += f"<Scheduler><{name}>{number}</{name}></Scheduler><IsReadOnly>false</IsReadOnly>"
    text = f'<?xml version="1.0"?><QBWCXML>{inner}</QBWCXML>'
    return File(name="connect.qwc", content_type="application/xml", content=text.encode("utf-8"), key=program.company)


def _braced(guid: str) -> str:
    return "{" + guid + "}"
