"""Requests to Sage Intacct's XML gateway and what its answers mean: one function each, its result or why there is none.

Knows the envelope alone, nothing of what is read or written. A create names the document's key as the function's
control id and asks the gateway to take it once only. A no may stand at three levels (control, authentication, result),
mostly under status 200. Source: https://developer.intacct.com/web-services/requests/, .../error-handling/
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, TypeAlias
from urllib.parse import unquote

from lxml import etree

from sandbooks.connector import (
    CompanyUnavailable,
    Consent,
    Failure,
    NeedsConsent,
    Refused,
    Request,
    Steps,
    Unavailable,
    Unknown,
    Wait,
    ask,
    plain,
)
from sandbooks.wire import Response

PATH = "/ia/xml/xmlgw.phtml"
HEADERS = (("Content-Type", "application/xml"), ("Accept", "application/xml"))
PAGE = 1000  # Source: https://developer.intacct.com/web-services/queries/, pagesize (at most 2000)
PAGES_MOST = 10_000

Value: TypeAlias = "str | Decimal | bool | Mapping[str, Any] | Sequence[Any] | None"
Row = dict[str, str]

# Source: https://developer.intacct.com/support/faq/ (XL03000006), github.com/fylein/fyle-intacct-api (UJPP0002,
# invalidRequest), the gateway's codes at developer.sage.com/intacct (GW-0010, GW-0011)
SIGN_IN = ("XL03000006", "UJPP0002", "invalidRequest", "GW-0011")
LAPSED = ("PL04000055",)
MALFORMED = "XL03000003"
THROTTLED = "GW-0010"
THROTTLE_SECONDS = 30  # Unconfirmed: how long to stay away after too many calls at once
# A control id that was taken before: the first attempt got through. Unconfirmed: the number.
REPEATED = "XL03000004"
WRAPPER = "BL01001973"
NO_OBJECT = "Query Failed"
TAKEN = ("BL34000061", "PL05000104")

_SUPPORT_ID = re.compile(r"\s*\[Support ID:[^\]]*\]")


def _parse(body: bytes) -> etree._Element:
    """The root of a document; entities stay unresolved, and files may be large."""
    return etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))


# Building


def element(name: str, value: Value, **attributes: str) -> etree._Element:
    """An element from plain values: a mapping's members are children in their order, a list repeats its member."""
    made = etree.Element(name, attributes)
    if isinstance(value, Mapping):
        for member, inner in value.items():
            many = isinstance(inner, Sequence) and not isinstance(inner, str)
            for one in inner if many else (inner,):
                made.append(element(member, one))
    elif value is not None:
        made.text = _text(value)
    return made


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    text = plain(value) if isinstance(value, Decimal) else str(value)
    return "".join(c for c in text if c in "\t\n\r" or ord(c) >= 32)  # XML knows no other control characters


def envelope(function: etree._Element, *, control_id: str, once: bool, way: etree._Element) -> bytes:
    """A request with one function; ``way`` is how it authenticates. The sender is named when it is signed."""
    request = etree.Element("request")
    control = element(
        "control",
        {
            "senderid": "",
            "password": "",
            "controlid": control_id,
            "uniqueid": once,
            "dtdversion": "3.0",
            "includewhitespace": False,
        },
    )
    operation = etree.Element("operation")
    authentication = etree.SubElement(operation, "authentication")
    authentication.append(way)
    content = etree.SubElement(operation, "content")
    wrapped = etree.SubElement(content, "function", controlid=control_id)
    wrapped.append(function)
    request.extend([control, operation])
    return _bytes(request)


def _bytes(root: etree._Element) -> bytes:
    made: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return made


def with_credentials(body: bytes, *, sender: str, password: str, session: str = "") -> bytes:
    """The request with its sender and, where it has none, its session filled in."""
    root = _parse(body)
    _fill(root, "control/senderid", sender)
    _fill(root, "control/password", password)
    if session:
        _fill(root, "operation/authentication/sessionid", session)
    return _bytes(root)


def _fill(root: etree._Element, path: str, text: str) -> None:
    found = root.find(path)
    if found is not None:
        found.text = text


def call(
    function: etree._Element,
    *,
    purpose: str,
    control_id: str = "",
    mutates: bool = False,
    once: bool = False,
    reference: str = "",
) -> Steps[etree._Element]:
    """Send a function until it is answered with more than a throttle; its result. Raises what ``result_of`` raises."""
    named = control_id or function.tag
    body = envelope(function, control_id=named, once=once, way=etree.Element("sessionid"))
    request = Request("POST", PATH, purpose=purpose, headers=HEADERS, body=body, mutates=mutates, reference=reference)
    result = yield from answered(request)
    return result


def answered(request: Request) -> Steps[etree._Element]:
    """The result behind a request."""
    while True:
        response = yield from ask(request, throttle_seconds=THROTTLE_SECONDS)
        if not is_throttle(response):
            return result_of(response, request)
        yield Wait(THROTTLE_SECONDS, "throttled")


# Reading


def query(
    object: str,
    fields: Sequence[str],
    *,
    condition: etree._Element | None = None,
    key: str = "RECORDNO",
    reference: str = "",
) -> Steps[list[Row]]:
    """The records of an object, to the end, each once; ``key`` names the field that tells them apart."""
    purpose = f"look for {reference} among {object}" if reference else f"list {object}"
    found: dict[str, Row] = {}
    offset = 0
    for _ in range(PAGES_MOST):
        function = _query(object, fields, condition, offset)
        result = yield from call(function, purpose=purpose, reference=reference)
        data = result.find("data")
        if data is None:
            raise Unavailable(f"no data in the answer to: {purpose}")
        rows = [flat(node) for node in data if isinstance(node.tag, str)]
        fresh = {row[key]: row for row in rows if row.get(key) and row[key] not in found}
        found |= fresh
        offset += len(rows)
        if not fresh or not _remain(data, len(rows)):
            break
    return list(found.values())


def _query(object: str, fields: Sequence[str], condition: etree._Element | None, offset: int) -> etree._Element:
    function = element("query", {"object": object, "select": {"field": list(fields)}})
    if condition is not None:
        wanted = etree.SubElement(function, "filter")
        wanted.append(condition)
    function.append(element("pagesize", str(PAGE)))
    function.append(element("offset", str(offset)))
    return function


def _remain(data: etree._Element, rows: int) -> bool:
    said = data.get("numremaining", "")
    return int(said) > 0 if said.isdigit() else rows >= PAGE


def condition(operator: str, field: str, *values: str) -> etree._Element:
    """One condition of a query's filter. Source: https://developer.intacct.com/web-services/queries/ (filters)."""
    return element(operator, {"field": field, "value": list(values)})


def flat(node: etree._Element) -> Row:
    """The fields of a row by their names, those of a part named with a dot; an empty one is an empty text."""
    row: Row = {}
    for child in node:
        if not isinstance(child.tag, str):
            continue
        if len(child):
            row |= {f"{child.tag}.{name}": text for name, text in flat(child).items()}
        else:
            row[child.tag] = (child.text or "").strip()
    return row


# What an answer says


@dataclass(frozen=True, slots=True)
class Problem:
    """One error of an answer, without what changes from one answer to the next."""

    number: str
    text: str
    correction: str


def parsed(body: bytes) -> etree._Element | None:
    """The ``response`` of an answer; None for anything else."""
    try:
        root = _parse(body)
    except (etree.XMLSyntaxError, ValueError):
        return None
    return root if root.tag == "response" else None


def problems_of(node: etree._Element | None) -> list[Problem]:
    """The errors below an ``errormessage``, root cause first."""
    found = []
    for error in node.iterfind("errormessage/error") if node is not None else ():
        text = _clean(error.findtext("description2")) or _clean(error.findtext("description"))
        found.append(Problem(_clean(error.findtext("errorno")), text, _clean(error.findtext("correction"))))
    return found


def _clean(text: str | None) -> str:
    return " ".join(_SUPPORT_ID.sub("", unquote(text) if text and "Support ID" in text else text or "").split())


def is_throttle(response: Response) -> bool:
    """Whether an answer says, under any status, that too much was asked."""
    root = parsed(response.body)
    return root is not None and any(problem.number == THROTTLED for problem in _all_problems(root))


def credential_refused(response: Response) -> bool:
    """Whether an answer says that session, user or sender is not taken."""
    root = parsed(response.body)
    if root is None:
        return False
    failed = root.findtext("operation/authentication/status") == "failure"
    above = [*problems_of(root), *problems_of(root.find("operation"))]
    return failed or any(problem.number in SIGN_IN for problem in above)


def _all_problems(root: etree._Element) -> Iterator[Problem]:
    yield from problems_of(root)
    yield from problems_of(root.find("operation"))
    yield from problems_of(root.find("operation/result"))


def result_of(response: Response, request: Request) -> etree._Element:
    """The result of the one function. Raises ``Refused``, ``NeedsConsent``, ``Unknown`` or ``Unavailable``."""
    root = parsed(response.body)
    if root is None:
        raise _silent(request, f"status {response.status} without an answer of the gateway")
    above = [*problems_of(root), *problems_of(root.find("operation"))]
    if above or root.findtext("control/status") != "success":
        raise _refused_above(above, response, request, credential=credential_refused(response))
    result = root.find("operation/result")
    status = result.findtext("status") if result is not None else ""
    if result is not None and status == "success" and response.status < 300:
        return result
    if result is not None and status in ("failure", "aborted"):
        raise refusal(problems_of(result), response.status)
    raise _silent(request, "no result")


def _silent(request: Request, what: str) -> Failure:
    kind = Unknown if request.mutates else Unavailable
    return kind(f"{what}: {request.purpose}")


def _refused_above(problems: Sequence[Problem], response: Response, request: Request, *, credential: bool) -> Failure:
    """A no from the gateway itself: the function was never begun."""
    numbers = {problem.number for problem in problems}
    if numbers & set(LAPSED):
        return refusal(problems, response.status)
    if credential:
        return NeedsConsent(message_of(problems))
    if MALFORMED in numbers:
        return refusal(problems, response.status)
    if REPEATED in numbers:
        return refusal(problems, response.status)
    return _silent(request, "the gateway is out of service")


def refusal(problems: Sequence[Problem], status: int) -> Failure:
    """The errors of a function as one of ours. A control id taken before leaves open what the first attempt did."""
    number = problems[0].number if problems else ""
    message = message_of(problems)
    if number == REPEATED:
        return Unknown(message)
    if number in LAPSED:
        return CompanyUnavailable(message, native_code=number, status=status)
    return Refused(message, native_code=number, status=status)


def message_of(problems: Sequence[Problem]) -> str:
    """The native words, cause first; the wrapper that says only that it failed is left out beside a cause."""
    causes = [problem for problem in problems if problem.number != WRAPPER] or list(problems[:1])
    said = list(dict.fromkeys(f"{problem.text} {problem.correction}".strip() for problem in causes))
    number = problems[0].number if problems else ""
    return f"{'; '.join(filter(None, said)) or 'refused'} (Sage Intacct {number or 'without a number'})"


def signed(request: Request, consent: Consent) -> Request:
    """The request with the credential in its body."""
    body = with_credentials(
        request.body,
        sender=consent.facts.get("sender_id", ""),
        password=consent.facts.get("sender_password", ""),
        session=consent.access_token,
    )
    return replace(request, body=body)
