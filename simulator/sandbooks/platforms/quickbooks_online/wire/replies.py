"""Requests read and answers written in the format that the client asked for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from email.utils import format_datetime
from typing import Any
from zoneinfo import ZoneInfo

from sandbooks import exact_json
from sandbooks.kit.call import Call, UnreadableBody
from sandbooks.ledger import Refusal
from sandbooks.platforms.quickbooks_online import refusals as no
from sandbooks.platforms.quickbooks_online.faults import fault_of, gateway_fault, native_of
from sandbooks.platforms.quickbooks_online.records import Entity
from sandbooks.platforms.quickbooks_online.switches import switch
from sandbooks.platforms.quickbooks_online.wire import xml
from sandbooks.wire import Response

JSON_TYPE = "application/json;charset=UTF-8"
XML_TYPE = "application/xml;charset=UTF-8"


def _setting(call: Call, name: str) -> Any:
    return switch(call.company.settings if call.has_company else {}, name)


def wants_xml(call: Call) -> bool:
    """Whether the answer is XML: by Accept, else by the form of the request, else JSON."""
    if call.query.get("format") == "json":
        return False
    accept = call.header("Accept").lower()
    if "json" in accept:
        return False
    if "xml" in accept and "html" not in accept:
        return True
    if sends_xml(call):
        return True
    return not accept and _setting(call, "default_accept") == "xml"


def sends_xml(call: Call) -> bool:
    return call.content_type.endswith("/xml")


def body_of(call: Call) -> bytes:
    """The body as UTF-8, free of its content encoding. Raises MalformedBody, BodyEncoding."""
    data = decoded(call)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise no.BodyEncoding from error
    return data


def decoded(call: Call) -> bytes:
    """The body, free of its content encoding. Raises MalformedBody."""
    try:
        return call.body
    except UnreadableBody as error:
        raise no.MalformedBody("the body does not decompress") from error


def document_of(call: Call, entity: Entity) -> Any:
    """The object that a request carries. Raises MalformedBody, BodyEncoding."""
    if sends_xml(call):
        root = xml.parse(body_of(call))
        if xml.name_of(root) not in (entity.key, entity.name):
            raise no.UnsupportedObject(xml.name_of(root)[:60])
        return xml.document(root, entity.rules)
    return json_of(body_of(call))


def json_of(data: bytes) -> Any:
    """One JSON value. Raises MalformedBody."""
    try:
        return exact_json.loads(data.removeprefix(b"\xef\xbb\xbf"))
    except exact_json.MalformedJson as error:
        raise no.MalformedBody("the JSON is not well-formed") from error


def now(call: Call) -> datetime:
    """The present, in the zone that documents show."""
    return call.world.clock.now().astimezone(ZoneInfo(_setting(call, "document_zone")))


def reply(call: Call, payload: Mapping[str, Any], *, status: int = 200) -> Response:
    """An answer in the client's format, with the time of the answer."""
    time = now(call).isoformat(timespec="milliseconds")
    if wants_xml(call):
        return _response(call, xml.response(payload, time=time), XML_TYPE, status)
    return _response(call, exact_json.dumps({**payload, "time": time}), JSON_TYPE, status)


def bare(call: Call, payload: Mapping[str, Any]) -> Response:
    """An answer that has no envelope (the tax service)."""
    return _response(call, exact_json.dumps(payload), JSON_TYPE, 200)


def report_reply(call: Call, report: Mapping[str, Any]) -> Response:
    """A report, in the client's format and without envelope."""
    if wants_xml(call):
        return _response(call, xml.report(report), XML_TYPE, 200)
    return bare(call, report)


def _response(call: Call, body: bytes, content_type: str, status: int) -> Response:
    return Response(status, (("Content-Type", content_type), *frame(call)), body)


def frame(call: Call) -> tuple[tuple[str, str], ...]:
    """The headers that every answer of the API carries; clients log ``intuit_tid``."""
    tid = call.world.ids.fixed_uuid(f"quickbooks_online/tid/{call.exchange.number}")
    at = format_datetime(call.world.clock.now(), usegmt=True)
    return (("intuit_tid", tid), ("QBO-Version", "1975.200"), ("Date", at), ("Cache-Control", "no-cache, no-store"))


def refusal_reply(call: Call, refusal: Refusal) -> Response:
    """A refusal in native dress: the API's fault, or the gateway's older form."""
    native = native_of(refusal)
    lower = native.gateway and _setting(call, "gateway_case") == "lower"
    if isinstance(refusal, no.Throttled):
        lower = _setting(call, "throttle_case") == "lower"
    if lower and not wants_xml(call):
        time_ms = call.world.clock.micros() // 1000
        return _response(call, exact_json.dumps(gateway_fault(refusal, time_ms=time_ms)), JSON_TYPE, native.status)
    return reply(call, {"Fault": fault_of(refusal)}, status=native.status)
