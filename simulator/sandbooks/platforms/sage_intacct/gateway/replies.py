"""Answers of the gateway: control, authentication, results, and errors at each of the three levels.

Business failures have status 200; what fails before a company is reached may have a 4xx status.
Source: developer.intacct.com/web-services/responses, github.com/Intacct/intacct-sdk-php (fixtures)
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from lxml import etree
from msgspec import Struct

from sandbooks.kit.call import Call
from sandbooks.platforms.sage_intacct.errors import ROLLED_BACK, Error
from sandbooks.platforms.sage_intacct.gateway.envelope import Control
from sandbooks.platforms.sage_intacct.wire.xml import append, clean, dump
from sandbooks.wire import Response

CONTENT_TYPE = ("Content-Type", "text/xml; charset=UTF-8")


class Result(Struct, frozen=True, kw_only=True):
    """What one function came to. ``data`` is an element; ``listtype`` its text and attributes in legacy lists;
    ``raw`` the content type and the body of an answer that is no XML."""

    function: str
    control_id: str
    status: str = "success"
    key: str = ""
    listtype: tuple[str, dict[str, str]] | None = None
    data: etree._Element | None = None
    errors: tuple[Error, ...] = ()
    raw: tuple[str, bytes] | None = None


class SignedIn(Struct, frozen=True):
    """The authentication block of an answer."""

    user: str
    company: str
    location: str
    at: datetime
    until: datetime


class SignInFailed(Struct, frozen=True):
    """An operation for which nobody is signed in, beside others of its request that run."""

    user: str
    company: str
    error: Error


def data(**attributes: str) -> etree._Element:
    """A ``<data>`` element."""
    return etree.Element("data", dict(attributes))


def made(name: str, fields: dict[str, str]) -> etree._Element:
    """The data of create and update."""
    element = data(listtype="objects", count="1")
    append(element, name.lower(), fields)
    return element


def answer(
    call: Call, control: Control, operations: Sequence[tuple[SignedIn, Sequence[Result]] | SignInFailed]
) -> Response:
    """A whole answer: a block for each operation."""
    root = _frame(control, "success")
    for each in operations:
        operation = etree.SubElement(root, "operation")
        if isinstance(each, SignInFailed):
            _authentication(operation, "failure", each.user, each.company, "")
            _errors(call, operation, [each.error])
            continue
        signed, results = each
        authentication = _authentication(operation, "success", signed.user, signed.company, signed.location)
        etree.SubElement(authentication, "sessiontimestamp").text = _stamp(signed.at)
        etree.SubElement(authentication, "sessiontimeout").text = _stamp(signed.until)
        for result in results:
            _result(call, operation, result)
    return _response(root, control)


def acknowledgement(control: Control) -> Response:
    """A request that is worked at later. Source: github.com/Intacct/intacct-sdk-php (OfflineResponse)"""
    root = _frame(control, "success")
    etree.SubElement(etree.SubElement(root, "acknowledgement"), "status").text = "success"
    return _response(root, control)


def control_failure(call: Call, control: Control, errors: Sequence[Error], *, status: int = 200) -> Response:
    """A request that got no further than its control."""
    root = _frame(control, "failure")
    _errors(call, root, errors)
    return _response(root, control, status)


def authentication_failure(
    call: Call, control: Control, errors: Sequence[Error], *, status: int, user: str, company: str
) -> Response:
    """A request whose user or session is refused."""
    root = _frame(control, "success")
    operation = etree.SubElement(root, "operation")
    _authentication(operation, "failure", user, company, "")
    _errors(call, operation, errors)
    return _response(root, control, status)


def plain_failure(call: Call, control: Control, errors: Sequence[Error], *, status: int) -> Response:
    """What the gateway before the application answers: errors right under the response."""
    root = _frame(control, "failure")
    _errors(call, root, errors)
    return _response(root, control, status)


def _frame(control: Control, status: str) -> etree._Element:
    root = etree.Element("response")
    append(
        root,
        "control",
        {
            "status": status,
            "senderid": control.sender,
            "controlid": control.control_id,
            "uniqueid": "true" if control.unique else "false",
            "dtdversion": control.version,
        },
    )
    return root


def _authentication(operation: etree._Element, status: str, user: str, company: str, location: str) -> etree._Element:
    append(
        operation, "authentication", {"status": status, "userid": user, "companyid": company, "locationid": location}
    )
    return operation[-1]


def _stamp(at: datetime) -> str:
    return at.replace(microsecond=0).isoformat()


def _result(call: Call, operation: etree._Element, result: Result) -> None:
    element = etree.SubElement(operation, "result")
    append(element, "status", result.status)
    append(element, "function", result.function)
    append(element, "controlid", result.control_id)
    if result.listtype is not None:
        name, attributes = result.listtype
        etree.SubElement(element, "listtype", attributes).text = name
    if result.key:
        append(element, "key", result.key)
    if result.data is not None:
        element.append(result.data)
    if result.errors:
        _errors(call, element, result.errors)


def _errors(call: Call, parent: etree._Element, errors: Sequence[Error]) -> None:
    holder = etree.SubElement(parent, "errormessage")
    for error in errors:
        append(holder, "error", _error(call, error))


def _error(call: Call, error: Error) -> dict[str, Any]:
    # Only what the application says carries a support id, and it is another one every time.
    told = error.text
    if error.number != ROLLED_BACK:
        told = f"{told} [Support ID: {support_id(call)}]"
    return {
        "errorno": error.number,
        "description": error.description,
        "description2": clean(told),
        "correction": clean(error.correction),
    }


def support_id(call: Call) -> str:
    """The support id of an answer, percent-encoded as it is sent: another one for every exchange."""
    drawn = call.world.ids.fixed_token(f"sage_intacct/support/{call.exchange.number}", length=26)
    return f"{drawn[:5]}%7E{drawn[5:]}"


def _response(root: etree._Element, control: Control, status: int = 200) -> Response:
    if control.spaced:
        etree.indent(root)
    return Response(status, (CONTENT_TYPE,), dump(root))
