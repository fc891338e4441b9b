"""Steps of documents through REST: submit, approve, decline, recall, print, confirm, reverse.

Source: developer.sage.com/intacct (OpenAPI: /workflows/accounts-payable/bill and payment,
/workflows/expenses/employee-expense)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from sandbooks.kit.call import Call, json_reply
from sandbooks.kit.company import Company
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.records import Record
from sandbooks.platforms.sage_intacct.documents import advances, bills, details, payments, registry, reports
from sandbooks.platforms.sage_intacct.documents.reading import Given
from sandbooks.platforms.sage_intacct.objects.catalogue import object_named
from sandbooks.platforms.sage_intacct.objects.keeping import by_number
from sandbooks.platforms.sage_intacct.query.rows import Rows
from sandbooks.platforms.sage_intacct.refusals import (
    FieldMissing,
    FieldUnknown,
    NotAllowed,
    NotFound,
    PathUnknown,
    RequestMalformed,
)
from sandbooks.platforms.sage_intacct.rest import batches
from sandbooks.platforms.sage_intacct.rest.idempotency import once
from sandbooks.platforms.sage_intacct.rest.members import Resource
from sandbooks.platforms.sage_intacct.rest.objects import ONE, body_of, named
from sandbooks.platforms.sage_intacct.rest.resources import BY_PATH, permitted
from sandbooks.platforms.sage_intacct.rest.showing import state_of
from sandbooks.wire import Response

# Source: github.com/lorenz-bus-service/node-intacct-rest-api (accounts-payable: what the approval of a bill tells is
# not the state that the bill has then)
_TOLD = {"reverse": "reversed", "accounts-payable/bill/approve": "approved"}
# Source: github.com/lorenz-bus-service/node-intacct-rest-api (cash-management: the key is that of the reversal)
_ANSWERS_MIRROR = ("cash-management/credit-card-txn",)
# Source: github.com/lorenz-bus-service/node-intacct-rest-api (accounts-payable, cash-management: the other steps of
# what is kept here)
_ABSENT = {"accounts-payable/vendor": ("approve", "decline"), "cash-management/funds-transfer": ("reverse",)}
Step = Callable[[Company, Record, Given], object]


def take(call: Call) -> Response:
    """``POST /workflows/{module}/{object}/{step}``: of one document, or an array of them."""
    path, verb = f"{call.args['module']}/{call.args['object']}", call.args["step"]
    if verb not in _STEPS.get(path, {}):
        if path in BY_PATH and verb not in _ABSENT.get(path, ()):
            raise PathUnknown(f"workflows/{path}/{verb[:40]}")
        raise NotSimulated(f"workflow {path[:80]}/{verb[:40]}", instead="a change of the document, the XML gateway")
    body = body_of(call)
    if isinstance(body, list):
        return once(call, lambda: batches.steps(call, body, lambda each: _taken(call, path, verb, each)))
    return once(call, lambda: json_reply({"ia::result": _taken(call, path, verb, body), "ia::meta": ONE}))


def _taken(call: Call, path: str, verb: str, body: Any) -> dict[str, Any]:
    """One step of one document, and its state after it."""
    members, step = _STEPS[path][verb]
    resource = permitted(call.company, path)
    if not isinstance(body, dict):
        raise RequestMalformed("the body is no object")
    unknown = next((name for name in body if name not in ("key", *members)), "")
    if unknown:
        raise FieldUnknown(resource.object, unknown[:60])
    record = _record(call, resource, body)
    said = Given(call.company, resource.object, {members[name]: body[name] for name in members if name in body})
    with call.unit():
        step(call.company, record, said)
    after = _record(call, resource, body)
    if verb == "reverse" and path in _ANSWERS_MIRROR:
        after = _record(call, resource, {"key": after.body["REVERSALKEY"]})
    return {**named(resource, after), "state": _TOLD.get(verb) or _TOLD.get(f"{path}/{verb}") or state_of(after)}


def _record(call: Call, resource: Resource, body: Mapping[str, Any]) -> Record:
    key = body.get("key")
    if key in (None, ""):
        raise FieldMissing(resource.object, "key")
    record = by_number(call.company, object_named(resource.object), str(key)[:100])
    if record is None or not Rows(call.company).sees(record.body):
        raise NotFound(resource.name, str(key)[:80])
    return record


def _submit_bill(company: Company, record: Record, _said: Given) -> object:
    _check_state(record, ("Draft", "Declined"), "submitted")
    return bills.update(company, record, {"ACTION": "Submit"})


def _submit_payment(company: Company, record: Record, _said: Given) -> object:
    _check_state(record, ("Draft",), "submitted")
    sent = [details.as_sent(line) for line in record.body["LINES"]]
    return payments.update(company, record, {"ACTION": "Submit", "APPYMTDETAILS": {"APPYMTDETAIL": sent}})


def _check_state(record: Record, states: tuple[str, ...], verb: str) -> None:
    state = record.body["STATE"]
    if state not in states:
        raise NotAllowed(record.kind, f"The transaction is in state {state}; it cannot be {verb}.", "Check its state.")


def _decide(*, declined: bool) -> Step:
    def step(company: Company, record: Record, said: Given) -> object:
        _check_notes(said)
        return bills.approve(company, record, declined=declined)

    return step


def _pay(verb: str) -> Step:
    def step(company: Company, record: Record, said: Given) -> object:
        _check_notes(said)
        return payments.step(company, record, verb)

    return step


def _submit_advance(company: Company, record: Record, _said: Given) -> object:
    _check_state(record, ("Draft", "Declined"), "submitted")
    return advances.update(company, record, {"ACTION": "Submit"})


def _check_notes(said: Given) -> None:
    if said.sent("NOTES"):
        raise NotSimulated("notes of an approver", instead="a step without them")


def _reverse(company: Company, record: Record, said: Given) -> object:
    return registry.reverse(company, record, said.need_date("REVERSEDATE"), said.text("NOTES"))


def _void(company: Company, record: Record, said: Given) -> object:
    if said.sent("DESCRIPTION"):
        raise NotSimulated("a description of a voided payment", instead="a step without it")
    on: date = said.date("PAYMENTDATE") or company.world.clock.today()
    return payments.void(company, record, on)


_NOTES = {"notes": "NOTES"}
_REVERSAL: tuple[Mapping[str, str], Step] = ({"reverseDate": "REVERSEDATE", **_NOTES}, _reverse)
# Source: github.com/lorenz-bus-service/node-intacct-rest-api (accounts-payable, cash-management: other words for the
# same in reversals of advances and charges). The words of bills are taken too, as they were before.
_CASH_REVERSAL: tuple[Mapping[str, str], Step] = (
    {"reverseDate": "REVERSEDATE", "reversedDate": "REVERSEDATE", "memo": "NOTES", **_NOTES},
    _reverse,
)
_STEPS: Mapping[str, Mapping[str, tuple[Mapping[str, str], Step]]] = {
    "accounts-payable/bill": {
        "submit": ({}, _submit_bill),
        "approve": (_NOTES, _decide(declined=False)),
        "decline": (_NOTES, _decide(declined=True)),
        "recall": ({}, lambda company, record, _said: bills.recall(company, record)),
        "reverse": _REVERSAL,
    },
    "accounts-payable/advance": {
        "submit": ({}, _submit_advance),
        "reverse": _CASH_REVERSAL,
    },
    "accounts-payable/payment": {
        "submit": ({}, _submit_payment),
        "approve": (_NOTES, _pay("approve")),
        "decline": (_NOTES, _pay("decline")),
        "print": ({}, _pay("print")),
        "confirm": ({}, _pay("confirm")),
        "reverse": ({"paymentDate": "PAYMENTDATE", "description": "DESCRIPTION"}, _void),
    },
    "expenses/employee-expense": {
        "recall": ({}, lambda company, record, _said: reports.recall(company, record)),
        "reverse": _REVERSAL,
    },
    "cash-management/credit-card-txn": {"reverse": _CASH_REVERSAL},
}
