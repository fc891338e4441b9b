"""What an answer of Sage Intacct's XML gateway says: a result, or errors at three levels, mostly under status 200.

Source: https://developer.intacct.com/web-services/error-handling/
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lxml import etree
from msgspec import Struct

from sandbooks.connector import CompanyUnavailable, Failure, NeedsConsent, Refused, Request, Unavailable, Unknown
from sandbooks.platforms.sage_intacct.connector.envelope import parse
from sandbooks.wire import Response

# Source: https://developer.intacct.com/support/faq/ (XL03000006), github.com/fylein/fyle-intacct-api (UJPP0002,
# invalidRequest), the gateway's codes at developer.sage.com/intacct (GW-0010, GW-0011)
SIGN_IN = ("XL03000006", "UJPP0002", "invalidRequest", "GW-0011")
LAPSED = ("PL04000055",)
MALFORMED = "XL03000003"
THROTTLED = "GW-0010"
# A control id that was taken before: the first attempt got through. Unconfirmed: the number.
REPEATED = "XL03000004"
WRAPPER = "BL01001973"
NO_OBJECT = "Query Failed"
TAKEN = ("BL34000061", "PL05000104")


_SUPPORT_ID = re.compile(r"\s*\[Support ID:[^\]]*\]")


class Problem(Struct, frozen=True):
    """One error of an answer, without what changes from one answer to the next."""

    number: str
    text: str
    correction: str


def parsed(body: bytes) -> etree._Element | None:
    """The ``response`` of an answer; None for anything else."""
    try:
        root = parse(body)
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
    return " ".join(_SUPPORT_ID.sub("", text or "").split())


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
