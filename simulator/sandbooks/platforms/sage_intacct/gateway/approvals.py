"""What waits for approvers: listed by application, approved or declined.

Source: github.com/Intacct/intacct_dtd (getTransactionsToApprove: module; approve, decline), developer.intacct.com/api
(approvals). Unconfirmed: the words of modules beside PO, and the form of the answer; ``approve`` takes what is listed.
"""

from __future__ import annotations

from sandbooks.kit.call import Call
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.records import Record
from sandbooks.platforms.sage_intacct.documents import advances, bills, payments, registry, reports
from sandbooks.platforms.sage_intacct.gateway.envelope import Function
from sandbooks.platforms.sage_intacct.gateway.replies import Result, data
from sandbooks.platforms.sage_intacct.objects.keeping import find
from sandbooks.platforms.sage_intacct.query.rows import Rows
from sandbooks.platforms.sage_intacct.refusals import NotFound, ReferenceInvalid
from sandbooks.platforms.sage_intacct.wire.xml import append, child, children, fields_of, name_of, text

_MODULES = {"AP": ("APBILL", "APADJUSTMENT", "APPYMT", "APADVANCE"), "EE": ("EEXPENSES",)}
_WAITING = ("Submitted", "Pending Approval")
_SHOWN = ("RECORDID", "STATE", "WHENCREATED", "CURRENCY", "TOTALENTERED", "DESCRIPTION")


def listed(call: Call, function: Function) -> Result:
    """``getTransactionsToApprove``: the transactions of an application that wait for an approver."""
    module = text(child(function.element, "module"))
    # Modules are also named by their keys, as MODULEKEY of a bill: 3.AP.
    name = module.rpartition(".")[2].upper()
    if name == "PO":
        raise NotSimulated("approvals of purchasing")
    if name not in _MODULES:
        raise ReferenceInvalid("getTransactionsToApprove", "module", module[:40])
    rows = Rows(call.company, lag=call.exchange.lag)
    found = data(listtype="transactions")
    for kind in map(registry.kind_named, _MODULES[name]):
        for record in rows.records(kind):
            if record.body["STATE"] in _WAITING:
                shown = {field: str(record.body.get(field, "")) for field in _SHOWN}
                append(found, "transaction", {"OBJECT": kind.name, "DOCID": record.id, "RECORDNO": record.id, **shown})
    found.set("count", str(len(found)))
    return Result(function=function.name, control_id=function.control_id, data=found)


def decide(call: Call, function: Function) -> Result:
    """``approve`` and ``decline``: transactions that wait for approval."""
    for element in children(function.element):
        kind = registry.kind_named(name_of(element))
        fields = fields_of(element)
        key = str(fields.get("RECORDNO") or fields.get("DOCID") or "")
        record = find(call.company, kind.name, key)
        if record is None:
            raise NotFound(kind.name, key[:80])
        _decide(call, record, declined=function.name == "decline")
    return Result(function=function.name, control_id=function.control_id)


def _decide(call: Call, record: Record, *, declined: bool) -> None:
    verb = "decline" if declined else "approve"
    if record.kind == "EEXPENSES":
        reports.approve(call.company, record, declined=declined)
    elif record.kind in ("APBILL", "APADJUSTMENT"):
        bills.approve(call.company, record, declined=declined)
    elif record.kind == "APPYMT":
        payments.step(call.company, record, verb)
    elif record.kind == advances.KIND:
        advances.step(call.company, record, verb)
    else:
        raise NotSimulated(f"approval of {record.kind}")
