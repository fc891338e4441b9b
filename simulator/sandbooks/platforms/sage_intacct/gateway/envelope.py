"""The frame of a request: control, operation, authentication, functions; read and checked against its schema.

Source: github.com/Intacct/intacct_dtd (schema of the gateway), developer.intacct.com/web-services/requests
"""

from __future__ import annotations

from functools import cache

from lxml import etree
from msgspec import Struct

from sandbooks.kit.call import Call, UnreadableBody
from sandbooks.kit.errors import NotSimulated
from sandbooks.platforms.sage_intacct.refusals import RequestMalformed
from sandbooks.platforms.sage_intacct.wire.xml import child, children, name_of, parse, problem, text
from sandbooks.settings import contract_path


class Control(Struct, frozen=True):
    """Who sends, and how the request is to be answered."""

    sender: str = ""
    password: str = ""
    control_id: str = ""
    unique: bool = False
    version: str = "3.0"
    policy: str = ""
    spaced: bool = False


class Login(Struct, frozen=True):
    """User credentials, a session id, or an access token of REST."""

    user: str = ""
    company: str = ""
    password: str = ""
    location: str = ""
    session: str = ""
    token: str = ""


class Function(Struct, frozen=True):
    """One function call: its element, and the control id of the function around it."""

    name: str
    control_id: str
    element: etree._Element


class OperationBlock(Struct, frozen=True):
    """One operation: who signs in for it, its functions, and whether they stand or fall together."""

    login: Login
    functions: tuple[Function, ...]
    transaction: bool


class Request(Struct, frozen=True):
    """A request document."""

    control: Control
    operations: tuple[OperationBlock, ...]

    @property
    def functions(self) -> tuple[Function, ...]:
        """The functions of all its operations."""
        return tuple(function for operation in self.operations for function in operation.functions)


@cache
def _schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(contract_path("platforms", "sage_intacct", "gateway.xsd"))))


def read(call: Call) -> Request:
    """The request of a call. Raises ``RequestMalformed``, with what could be read of the control in ``call.facts``."""
    try:
        root = parse(call.body)
    except UnreadableBody as error:
        raise RequestMalformed("the body cannot be decoded") from error
    call.facts["control"] = control_of(root)
    _check(root)
    control = child(root, "control")
    if text(child(control, "showadditionalerrorinfo") if control is not None else None) == "true":
        raise NotSimulated("showadditionalerrorinfo", instead="the numbers and texts of errors")
    operations = (inner for inner in children(root) if name_of(inner) == "operation")
    return Request(call.facts["control"], tuple(_operation(inner) for inner in operations))


def _operation(operation: etree._Element) -> OperationBlock:
    content = child(operation, "content")
    functions = tuple(_function(inner) for inner in children(content)) if content is not None else ()
    return OperationBlock(_login(operation), functions, operation.get("transaction") == "true")


def _check(root: etree._Element) -> None:
    try:
        _schema().assertValid(root)
    except etree.DocumentInvalid as error:
        raise RequestMalformed(problem(error)) from error


def control_of(root: etree._Element) -> Control:
    """What can be told of the control, even of a request that its schema refuses."""
    control = child(root, "control")
    if control is None:
        return Control()
    return Control(
        sender=text(child(control, "senderid")),
        password=text(child(control, "password")),
        control_id=text(child(control, "controlid")),
        # Left out, it is on. Source: developer.intacct.com/web-services/requests
        unique=text(child(control, "uniqueid")) != "false",
        version=text(child(control, "dtdversion")) or "3.0",
        policy=text(child(control, "policyid")),
        # Left out, it is on. Source: developer.intacct.com/web-services/requests (includewhitespace)
        spaced=text(child(control, "includewhitespace")) != "false",
    )


def _login(operation: etree._Element) -> Login:
    authentication = child(operation, "authentication")
    (way,) = children(authentication) if authentication is not None else [None]
    if way is None:
        return Login()
    if name_of(way) == "oauth":
        return Login(token=text(way) or "".join(text(each) for each in children(way)))
    if name_of(way) == "sessionid":
        return Login(session=text(way))
    # Users of a console name the client company, and its entity, behind bars or in elements of their own.
    # Source: developer.intacct.com/web-services/requests (login)
    console, client, entity = (*text(child(way, "companyid")).split("|", 2), "", "")[:3]
    return Login(
        user=text(child(way, "userid")),
        company=client or text(child(way, "clientid")) or console,
        password=text(child(way, "password")),
        location=entity or text(child(way, "locationid")),
    )


def _function(element: etree._Element) -> Function:
    (inner,) = children(element)
    return Function(name_of(inner), element.get("controlid", ""), inner)
