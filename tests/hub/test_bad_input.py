"""Whatever is sent to any operation of the hub, it says what is wrong and never fails."""

from __future__ import annotations

import base64
import re

import pytest
from tests.hub.desk import Desk, transaction_id

from sandbooks.hub.api import DIALECT
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.surface import Operation
from sandbooks.wire import Request, Response

ENDS = ("delete-company", "delete-connection", "unlink-connection")
BODIES = [
    b"",
    b"{}",
    b"[]",
    b"null",
    b'"x"',
    b"{",
    b"\xff\xfe",
    b"[" * 3000 + b"]" * 3000,
    b'{"items":[null],"datasetIds":[7],"settings":[null],"dataTypes":[null],"companyTags":[null],"notifiers":7}',
    b'{"items":{},"datasetIds":"x","settings":{},"dataTypes":7,"url":"http://[bad","tags":[],"name":7}',
    b'{"type":"Sync Failed","notifiers":{"webhook":"http://[bad"},"allowedOrigins":["http://[bad"]}',
    b'{"supplementalDataConfig":{"a":null},"facts":7,"accessToken":"\\u0000","companyId":"\\u0000"}',
    b'{"dataSource":"\\u0000/\\n x","requiredData":{"a":"$.["},"keyBy":["$..","[*][*]"],"status":7,"platformKey":7}',
    b"choice=%00&otp=x",
    b"choice=approve",
]
QUERIES = [
    "page=x&pageSize=99999999",
    "query=%7B%7B%7B&orderBy=-nothing",
    "query=a.b.c=1",
    "otp=1&state=%00&code=x",
    "tags=%7B%7D",
]
NAMES = ["x", "%00", "..", "%F0%9F%92%A9", "a" * 300]


def paths(desk: Desk, operation: Operation) -> list[str]:
    """The operation's path with what there is, and with each argument replaced by what there is not."""
    known = {"company_id": desk.company, "connection_id": desk.connection, "transaction_id": transaction_id(1)}
    known |= {"platform_key": "qhyg", "data_type": "suppliers", "product": "expenses"}

    def path(argument: str = "", value: str = "") -> str:
        filled = {**known, argument: value}
        return re.sub(r"<(?:path:)?(\w+)>", lambda found: filled.get(found[1], "x"), operation.rule)

    arguments = re.findall(r"<(?:path:)?(\w+)>", operation.rule)
    return [path(), *(path(argument, value) for argument in arguments for value in NAMES)]


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
def test_no_request_makes_the_hub_fail(desk: Desk, method: str) -> None:
    desk.push(desk.expense(1))
    with desk.world.unit():
        desk.world.put("settings", "limits", "off")
    key = ("Authorization", "Basic " + base64.b64encode(desk.api_key.encode()).decode())
    for operation in DIALECT.operations:
        if operation.method != method or operation.name in ENDS:
            continue
        form = "application/x-www-form-urlencoded" if operation.public else "application/json"
        first, *others = paths(desk, operation)
        sent = [(f"{first}?{query}", b"") for query in QUERIES] + [(other, b"{}") for other in others]
        sent += [(first, body) for body in BODIES if method != "GET"]
        for path, body in sent:
            request = Request(method, f"https://api.codat.io{path}", (key, ("Content-Type", form)), body)
            try:
                answer = desk.app.edge.dispatch(request, world=desk.world, raises=True)
            except NotSimulated:
                continue
            assert isinstance(answer, Response)
            assert answer.status < 500, (operation.name, path, body[:80], answer.body[:200])
