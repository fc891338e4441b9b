"""Running a request: who calls, its functions one after the other or all together, and the one document that answers.

Functions stand alone unless the operation is a transaction: then all of them commit or none.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from typing import TypeAlias

from lxml import etree
from msgspec.structs import replace

from sandbooks.kit.call import Call
from sandbooks.kit.errors import NotPermitted, NotSimulated
from sandbooks.kit.surface import Operation
from sandbooks.ledger import Refusal
from sandbooks.platforms.sage_intacct import errors, limits, signing
from sandbooks.platforms.sage_intacct.gateway import deferred, envelope, functions, legacy, replies
from sandbooks.platforms.sage_intacct.gateway.envelope import Control, Function, OperationBlock, Request
from sandbooks.platforms.sage_intacct.gateway.replies import Result, SignedIn, SignInFailed
from sandbooks.platforms.sage_intacct.objects.catalogue import OBJECTS
from sandbooks.platforms.sage_intacct.refusals import (
    CompanyExpired,
    ControlIdUsed,
    FunctionUnknown,
    PolicyUnknown,
    RequestMalformed,
    SenderUnauthorised,
)
from sandbooks.platforms.sage_intacct.signing import SESSION_LIFETIME, Caller
from sandbooks.platforms.sage_intacct.wire.xml import child, children, name_of, parse, text
from sandbooks.wire import Response

Answered: TypeAlias = tuple[SignedIn, list[Result]] | SignInFailed
USED = "sage_intacct/control_id"
_BY_OBJECT = ("create", "update", "delete", "query", "read", "readByName", "readByQuery", "inspect", "lookup")


class _RolledBack(Exception):
    """A function of a transaction failed: the unit is undone, the results stay to be told."""

    def __init__(self, results: list[Result]) -> None:
        super().__init__("the transaction is rolled back")
        self.results = results


def admit(call: Call) -> None:
    """Read the request, check the sender, sign the users in. Raises what the gateway refuses before any function."""
    request = envelope.read(call)
    control = request.control
    signing.check_sender(call.world, control.sender, control.password)
    outcomes = [_signed_in(call, operation) for operation in request.operations]
    callers = [outcome for outcome in outcomes if isinstance(outcome, Caller)]
    if not callers:
        raise next(outcome for outcome in outcomes if isinstance(outcome, Refusal))
    call.facts.update(request=request, outcomes=outcomes)
    # The first caller comes last: the exchange is that of its company.
    for caller in {caller.company.id: caller for caller in reversed(callers)}.values():
        _act_as(call, caller)
        _check_company(call, control)
        limits.draw(call)
        _check_functions(call, request)
    _act_as(call, callers[0])


def _check_company(call: Call, control: Control) -> None:
    """What a company's administrator and its own time allow. Raises ``CompanyExpired``, ``SenderUnauthorised``."""
    settings = call.company.settings
    if settings.get("demo_expired"):
        raise CompanyExpired
    # Source: developer.intacct.com/support/faq (a company authorises the senders that may call for it)
    senders = settings.get("authorized_senders")
    if senders is not None and control.sender not in senders:
        raise SenderUnauthorised(control.sender, call.company.id)


def _signed_in(call: Call, operation: OperationBlock) -> Caller | Refusal:
    """The caller of one operation, or why there is none: other operations of the request run all the same."""
    login = operation.login
    try:
        if login.session:
            return signing.resume(call.world, login.session)
        if login.token:
            return signing.by_token(call.world, login.token)
        call.facts.setdefault("named", (login.user, login.company))
        return signing.sign_in(
            call.world, user=login.user, company_id=login.company, password=login.password, location=login.location
        )
    except Refusal as refusal:
        return refusal


def _act_as(call: Call, caller: Caller) -> None:
    call.company, call.token = caller.company, caller.token
    call.facts.update(entity=caller.entity, user=caller.user, grant=caller.grant)
    call.exchange.caller = caller.user


def _check_functions(call: Call, request: Request) -> None:
    unknown = next((each for each in request.functions if not functions.kind_of_function(each.name)), None)
    if unknown is not None:
        raise FunctionUnknown(unknown.name[:60])
    policies, policy = call.company.settings.get("transport_policies"), request.control.policy
    if policy and policies is not None and policy not in policies:
        raise PolicyUnknown(policy[:60])
    if len(request.functions) > 1 and any(each.name == "getAPISession" for each in request.functions):
        raise RequestMalformed("getAPISession must be alone in a request")


def run(call: Call) -> Response:
    """``POST /ia/xml/xmlgw.phtml``"""
    request: Request = call.facts["request"]
    if request.control.policy:
        return deferred.acknowledge(call, request.control)
    try:
        with call.unit() if _several_write(request) else nullcontext():
            answered = _operations(call, request)
            raw = _without_xml(request, answered)
    except Refusal as refusal:
        answered, raw = _operations(call, request, refused=refusal), None
    _act_as(call, next(outcome for outcome in call.facts["outcomes"] if isinstance(outcome, Caller)))
    if raw is None:
        return replies.answer(call, request.control, answered)
    return Response(200, (("Content-Type", raw[0]),), raw[1])


def _several_write(request: Request) -> bool:
    """Whether a function that writes has others beside it: they reach the commit together, whoever hears of it.

    What is refused is taken back alone; what is not simulated, or breaks, takes all of them back.
    """
    return len(request.functions) > 1 and any(
        functions.kind_of_function(each.name) == "write" for each in request.functions
    )


def _without_xml(request: Request, answered: Sequence[Answered]) -> tuple[str, bytes] | None:
    """The answer of a function that asked for another format. Raises ``NotSimulated`` beside other functions."""
    results = [result for each in answered if not isinstance(each, SignInFailed) for result in each[1]]
    raw = next((result.raw for result in results if result.raw is not None), None)
    if raw is not None and len(request.functions) > 1:
        raise NotSimulated("answers of several functions that are no XML", instead="one function in a request")
    return raw


def _operations(call: Call, request: Request, *, refused: Refusal | None = None) -> list[Answered]:
    """What the operations came to; ``refused`` is why nothing of them was committed."""
    return [
        _operation(call, request, operation, outcome, refused=refused)
        for operation, outcome in zip(request.operations, call.facts["outcomes"], strict=True)
    ]


def _operation(
    call: Call, request: Request, operation: OperationBlock, outcome: Caller | Refusal, *, refused: Refusal | None
) -> Answered:
    """One operation: what its functions came to, or why nobody is signed in for it."""
    login = operation.login
    if isinstance(outcome, Refusal):
        return SignInFailed(login.user, login.company, errors.error_of(outcome))
    _act_as(call, outcome)
    if refused is not None:
        results = _refused_together(call, operation, refused)
    elif operation.transaction:
        results = _together(call, request, operation.functions)
    else:
        results = [_one(call, request, function) for function in operation.functions]
    now = call.world.clock.now()
    return SignedIn(outcome.user, call.company.id, outcome.entity, now, now + SESSION_LIFETIME), results


def _one(call: Call, request: Request, function: Function) -> Result:
    """One function in a unit of its own."""
    try:
        return _attempt(call, request, function)
    except Refusal as refusal:
        return _failed(call, function, refusal)


def _attempt(call: Call, request: Request, function: Function) -> Result:
    _check_permission(call, function)
    if functions.kind_of_function(function.name) == "read":
        _use_control_id(call, request, function)
        return functions.run(call, function)
    with call.unit():
        _use_control_id(call, request, function)
        return functions.run(call, function)


def _check_permission(call: Call, function: Function) -> None:
    """What the web services user may do with an object. Raises ``NotPermitted``."""
    denied = call.company.settings.get("denied_objects", ())
    older = legacy.split(function.name)
    name = older[1] if older else _named(function.element)[0].rpartition(".")[2]
    if name in denied:
        raise NotPermitted


def _use_control_id(call: Call, request: Request, function: Function) -> None:
    """With ``uniqueid`` a control id of a function counts once in a company, if what it did was kept."""
    # Source: developer.intacct.com/web-services/requests. Unconfirmed: for how long, and whether a function that failed
    # uses its control id up; here it does not.
    if not request.control.unique:
        return
    key = f"{call.company.id}/{function.control_id}"
    if call.world.get(USED, key) is not None:
        raise ControlIdUsed(function.control_id[:80])
    with call.world.unit():
        call.world.put(USED, key, function.name)


def _failed(call: Call, function: Function, refusal: Refusal) -> Result:
    call.exchange.refused = type(refusal).__name__
    return Result(
        function=function.name,
        control_id=function.control_id,
        status="failure",
        # Source: developer.intacct.com/web-services/requests (answer to a create that failed)
        data=replies.data(listtype="objects", count="0") if function.name in ("create", "update") else None,
        errors=errors.wrapped(refusal, _wrapper(function)),
    )


def _wrapper(function: Function) -> str:
    """What the operation adds to the cause: "create cctransaction"; nothing for what only reads."""
    older = legacy.split(function.name)
    if older is not None:
        return f"{'create' if older[0] == 'record' else older[0]} {function.name.partition('_')[2]}"
    inner = children(function.element)
    if function.name in ("create", "update") and inner:
        return f"{function.name} {name_of(inner[0])}"
    return ""


def _together(call: Call, request: Request, together: Sequence[Function]) -> list[Result]:
    """Functions in one unit: the first that fails undoes the others."""
    results: list[Result] = []
    try:
        with call.unit():
            for place, function in enumerate(together):
                try:
                    results.append(_attempt(call, request, function))
                except Refusal as refusal:
                    failed = _failed(call, function, refusal)
                    raise _RolledBack(_aborted(together, results, failed, place)) from refusal
    except _RolledBack as rolled_back:
        return rolled_back.results
    return results


def _refused_together(call: Call, operation: OperationBlock, refusal: Refusal) -> list[Result]:
    """Functions that were worked at and refused as they were to be committed."""
    failed = [_failed(call, function, refusal) for function in operation.functions]
    return _aborted(operation.functions, [], failed[0], 0) if operation.transaction and failed else failed


def _aborted(all_of_them: Sequence[Function], done: Sequence[Result], failed: Result, place: int) -> list[Result]:
    """Every result of a transaction that was rolled back. Source: github.com/Intacct/intacct-sdk-php (fixtures)"""
    text_ = "The entire transaction in this operation has been rolled back due to an error."
    rolled = errors.Error(errors.ROLLED_BACK, text_, "", "")
    before = [replace(result, status="aborted", key="", data=None, listtype=None, errors=(rolled,)) for result in done]
    after = [
        Result(function=function.name, control_id=function.control_id, status="aborted", errors=(rolled,))
        for function in all_of_them[place + 1 :]
    ]
    return [*before, replace(failed, errors=(*failed.errors, rolled)), *after]


def refused(call: Call, refusal: Refusal) -> Response:
    """What is refused before any function runs."""
    control: Control = call.facts.get("control", Control())
    cause = errors.error_of(refusal)
    status = int(getattr(refusal, "status", 200))
    if isinstance(refusal, errors.CONTROL):
        return replies.control_failure(call, control, [cause], status=status)
    if status != 200:
        return replies.plain_failure(call, control, [cause], status=status)
    user, company = call.facts.get("named", (call.facts.get("user", ""), call.company.id if call.has_company else ""))
    return replies.authentication_failure(call, control, [cause], status=200, user=user, company=company)


def refine(call: Call) -> Operation:
    """The operation that a request means, told from its body: one address serves them all."""
    name, writes = told(call)
    return Operation(name, "POST", "/ia/xml/xmlgw.phtml", run, writes=writes)


def told(call: Call) -> tuple[str, bool]:
    """Name and nature of a request: that of its first writing function, else of its first function."""
    try:
        root = parse(call.body)
    except (Refusal, ValueError):
        return "xml_gateway", False
    contents = [child(each, "content") for each in children(root) if name_of(each) == "operation"]
    held = [each for content in contents if content is not None for each in children(content)]
    found = [_named(inner[0]) for inner in map(children, held) if inner]
    known = [(name, kind) for name, kind in found if kind]
    first = next((each for each in known if each[1] == "write"), known[0] if known else ("xml_gateway", ""))
    return first[0], first[1] == "write"


def _named(element: etree._Element) -> tuple[str, str]:
    """``create.VENDOR``, ``query.APBILL``, ``record_cctransaction``; the nature of the function beside it."""
    function = name_of(element)
    kind = functions.kind_of_function(function)
    if function not in _BY_OBJECT:
        return function, kind
    inner = children(element)
    if function in ("create", "update"):
        word = name_of(inner[0]) if inner else ""
    else:
        word = next((text(each) for each in inner if name_of(each) == "object"), "")
    upper = word.upper()
    return (f"{function}.{upper}" if upper in OBJECTS else function), kind
