"""What each function of the gateway does: generic ones by object, workflow ones by name, older ones by word.

Every function takes the call and its element and gives a result; what it refuses is raised.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, TypeAlias

from lxml import etree

from sandbooks.kit.call import Call
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.records import Record
from sandbooks.platforms.sage_intacct import signing
from sandbooks.platforms.sage_intacct.documents import (
    advances,
    attachments,
    bills,
    charges,
    payments,
    registry,
)
from sandbooks.platforms.sage_intacct.documents.reading import Given
from sandbooks.platforms.sage_intacct.gateway import absent, approvals, legacy, listing, metadata
from sandbooks.platforms.sage_intacct.gateway.envelope import Function
from sandbooks.platforms.sage_intacct.gateway.replies import Result, data, made
from sandbooks.platforms.sage_intacct.objects import lists
from sandbooks.platforms.sage_intacct.objects.catalogue import OBJECTS, object_named
from sandbooks.platforms.sage_intacct.objects.keeping import by_external_key, by_number, find
from sandbooks.platforms.sage_intacct.refusals import (
    FieldMalformed,
    FieldMissing,
    FunctionUnknown,
    NotAllowed,
    NotFound,
    RequestMalformed,
)
from sandbooks.platforms.sage_intacct.wire.scalars import is_iso
from sandbooks.platforms.sage_intacct.wire.xml import (
    Fields,
    append,
    child,
    children,
    fields_of,
    name_of,
    text,
    value_of,
)

Run: TypeAlias = Callable[[Call, Function], Result]


def result(function: Function, *, key: str = "", data: etree._Element | None = None) -> Result:
    """A success."""
    return Result(function=function.name, control_id=function.control_id, key=key, data=data)


# Sessions


def get_session(call: Call, function: Function) -> Result:
    """``getAPISession``: a session for the company, or for one of its entities, and the address to use from now on."""
    location = child(function.element, "locationid")
    entity = call.facts["entity"] if location is None else signing.entity_named(call.company, text(location))
    session = signing.open_session(call.world, call.facts["grant"], entity)
    found = data()
    append(
        found,
        "api",
        {"sessionid": session.value, "endpoint": call.link("/ia/xml/xmlgw.phtml"), "locationid": entity},
    )
    return result(function, data=found)


# Objects


def create(call: Call, function: Function) -> Result:
    """``create``: one object, or several of them."""
    return _written(call, function, lambda name, fields: registry.create(call.company, name, fields))


def update(call: Call, function: Function) -> Result:
    """``update``: each object names itself by RECORDNO or by its own key."""

    def change(name: str, fields: object) -> Record:
        # Source: github.com/fylein/fyle-intacct-api, developer.intacct.com/api/general-ledger/journal-entries (update:
        # all entries again)
        if name.upper() == "GLBATCH" and isinstance(fields, dict) and fields.get("ENTRIES") in (None, ""):
            raise FieldMissing("GLBATCH", "ENTRIES")
        return registry.update(call.company, name, fields)

    return _written(call, function, change)


def _check_dates(kind: str, value: Any, name: str = "") -> None:
    """Refuse a date that is not written as the gateway writes dates."""
    # Source: developer.intacct.com/web-services (dates are MM/DD/YYYY). Unconfirmed: what it says of others.
    if isinstance(value, dict):
        for inner, held in value.items():
            _check_dates(kind, held, inner)
    elif isinstance(value, list):
        for held in value:
            _check_dates(kind, held, name)
    elif isinstance(value, str) and is_iso(value) and (name.startswith("WHEN") or name.endswith("DATE")):
        raise FieldMalformed(kind, name, value, "date (MM/DD/YYYY)")


def _written(call: Call, function: Function, write: Callable[[str, object], Record]) -> Result:
    inner = children(function.element)
    if not inner:
        raise RequestMalformed(f"{function.name} holds no object")
    holder: etree._Element | None = None
    for element in inner:
        fields = lists.defined(call.company, OBJECTS.get(name_of(element).upper()), value_of(element))
        _check_dates(name_of(element).upper(), fields)
        record = write(name_of(element), fields)
        kind = object_named(record.kind)
        fields = {"RECORDNO": str(record.body["RECORDNO"])}
        if kind.key != "RECORDNO":
            fields[kind.key] = record.id
        if "RECORD_URL" in record.body:
            fields["RECORD_URL"] = str(record.body["RECORD_URL"])
        one = made(name_of(element), fields)
        if holder is None:
            holder = one
        else:
            holder.append(one[0])
            holder.set("count", str(len(holder)))
    return result(function, data=holder)


def delete(call: Call, function: Function) -> Result:
    """``delete``: by RECORDNO, several of them between commas."""
    name, keys = text(child(function.element, "object")), text(child(function.element, "keys"))
    kind = registry.kind_named(name)
    wanted = [key.strip() for key in keys.split(",") if key.strip()]
    if not wanted:
        raise FieldMissing(kind.name, "keys")
    for key in wanted:
        record = by_number(call.company, kind, key)
        if record is None:
            raise NotFound(kind.name, key[:80])
        registry.delete(call.company, record)
    return result(function)


# Workflow of payment requests


def _payment_keys(function: Function) -> list[str]:
    holder = child(function.element, "appaymentkeys")
    keys = [text(key) for key in children(holder)] if holder is not None else []
    if not keys:
        raise FieldMissing("APPYMT", "appaymentkeys")
    return keys


def _request_at(call: Call, key: str) -> Record | None:
    """A payment request by its key; that of an advance is the advance."""
    return find(call.company, "APPYMT", key) or find(call.company, advances.KIND, key)


def payment_step(verb: str) -> Run:
    """approve, decline, send, confirm, void: each for some payment requests."""

    def run(call: Call, function: Function) -> Result:
        for key in _payment_keys(function):
            record = _request_at(call, key)
            if record is None:
                raise NotFound("APPYMT", key[:80])
            if verb == "void":
                registry.reverse(call.company, record, call.today())
            elif record.kind == advances.KIND:
                advances.step(call.company, record, verb)
            else:
                payments.step(call.company, record, verb)
        return result(function)

    return run


# Older functions


def legacy_write(call: Call, function: Function) -> Result:
    """``create_bill``, ``record_cctransaction``, ``update_vendor``, ``reverse_bill``, ``delete_class`` and the like."""
    found = legacy.split(function.name)
    if found is None:
        raise FunctionUnknown(function.name[:60])
    verb, name = found
    if name in ("SUPDOC", "SUPDOCFOLDER"):
        return _attachment(call, function, verb, name)
    _check_inner_keys(function)
    if verb in ("create", "record"):
        sent = _sent(call, function, name)
        record = _standing(call, function, name, sent) or registry.create(call.company, name, sent)
        return result(function, key=_key(record))
    record = _keyed(call, function, name)
    if verb == "update":
        sent = _sent(call, function, name, standing=record.body)
        record = registry.update(call.company, name, {k: v for k, v in sent.items() if not k.startswith("@")}, record)
    elif verb == "reverse":
        record = _reverse(call, function, record)
    else:
        registry.delete(call.company, record)
    return result(function, key=_key(record))


def _sent(call: Call, function: Function, name: str, *, standing: Fields | None = None) -> Fields:
    """The fields that an older function sends. Raises ``NotSimulated`` for what a list would lose."""
    sent = legacy.fields_for(name, fields_of(function.element), standing=standing)
    kind = object_named(name)
    if kind.is_document:
        return sent
    own = Given(call.company, name, sent).custom()
    sent.pop("CUSTOMFIELDS", None)
    lost = legacy.unkept({each: value for each, value in sent.items() if not each.startswith("@")}, kind.fields)
    if lost:
        raise NotSimulated(f"{lost} of {function.name}")
    return {**sent, **own}


def _standing(call: Call, function: Function, name: str, sent: Fields) -> Record | None:
    """What has the key already, where duplicates are to be ignored."""
    # Source: github.com/Intacct/intacct_dtd (ignoreduplicates). Unconfirmed: that the answer is the key that stands.
    kind = object_named(name)
    ignored = function.element.get("ignoreduplicates") == "true"
    return find(call.company, name, str(sent.get(kind.key) or "")) if ignored else None


def _check_inner_keys(function: Function) -> None:
    if any(inner.get("externalkey") == "true" for inner in function.element.iterdescendants()):
        raise NotSimulated("externalkey inside a function", instead="the key that a create answered")


def _key(record: Record) -> str:
    return str(record.body["RECORDNO"]) if object_named(record.kind).is_document else record.id


def _keyed(call: Call, function: Function, name: str) -> Record:
    key = function.element.get(legacy.KEYS.get(name, "key"), "")
    if not key:
        raise RequestMalformed(f"{function.name} needs the attribute {legacy.KEYS.get(name, 'key')}")
    if function.element.get("externalkey") == "true":
        record = by_external_key(call.company, name, key)
    else:
        record = _request_at(call, key) if name == "APPYMT" else find(call.company, name, key)
    if record is None:
        raise NotFound(name, key[:80])
    return record


def _reverse(call: Call, function: Function, record: Record) -> Record:
    given = Given(call.company, record.kind, fields_of(function.element))
    on: date = given.need_date("DATEREVERSED")
    memo = given.text("MEMO", limit=1000) or given.text("DESCRIPTION", limit=1000)
    registry.reverse(call.company, record, on, memo)
    return record


def _attachment(call: Call, function: Function, verb: str, name: str) -> Result:
    fields = fields_of(function.element)
    if name == "SUPDOCFOLDER" and verb == "create":
        return result(function, key=attachments.create_folder(call.company, fields).id)
    if name == "SUPDOCFOLDER" and verb == "update":
        return result(function, key=attachments.update_folder(call.company, fields).id)
    if name == "SUPDOCFOLDER" and verb == "delete":
        attachments.delete_folder(call.company, function.element.get("key", ""))
        return result(function)
    if name == "SUPDOC" and verb in ("create", "update"):
        write = attachments.create if verb == "create" else attachments.update
        return result(function, key=write(call.company, fields).id)
    if name == "SUPDOC" and verb == "delete":
        attachments.delete(call.company, function.element.get("key", ""))
        return result(function)
    raise NotSimulated(f"function {function.name}")


def create_summary(call: Call, function: Function) -> Result:
    """``create_billbatch`` and its like: a summary, and the documents that come with it."""
    word = function.name.removeprefix("create_").removesuffix("batch")
    name = legacy.LISTS[word]
    sent = fields_of(function.element)
    given = {"TITLE": sent.get("BATCHTITLE", ""), "CREATED": sent.get("DATECREATED", "")}
    record = registry.create(call.company, legacy.LISTS[f"{word}batch"], given)
    for inner in children(function.element):
        if name_of(inner) == f"create_{word}":
            document = Function(name_of(inner), function.control_id, inner)
            registry.create(call.company, name, {**_sent(call, document, name), "BATCHKEY": record.id})
    return result(function, key=record.id)


def recall_bill(call: Call, function: Function) -> Result:
    """``recallApBill``: a bill that waits for approval becomes a draft again."""
    # Source: developer.intacct.com/api/accounts-payable/bills (recall)
    key = text(child(function.element, "recordno"))
    record = find(call.company, "APBILL", key)
    if record is None:
        raise NotFound("APBILL", key[:80])
    bills.recall(call.company, record)
    return result(function)


def pay_off_charges(call: Call, function: Function) -> Result:
    """``create_chargepayoff``: bills to the card's vendor for some of its charges."""
    # Unconfirmed: the name and the fields of the function; the effect on the books is that of the screen.
    given = Given(call.company, "CCTRANSACTION", fields_of(function.element))
    holder = given.given.get("CHARGES")
    keys = [row.need("KEY") for row in Given(call.company, "CCTRANSACTION", holder or {}).group("CHARGE")]
    if not keys:
        raise NotAllowed("CCTRANSACTION", "No line items found.", "Add a charge to pay off.")
    on = given.need_date("PAYOFFDATE")
    made = charges.pay_off(call.company, given.need("CHARGECARDID"), keys, on=on, due=given.date("DATEDUE") or on)
    return result(function, key=",".join(bill.id for bill in made))


_READS: dict[str, Run] = {
    "query": listing.query,
    "readByQuery": listing.read_by_query,
    "readMore": listing.read_more,
    "read": listing.read,
    "readByName": listing.read_by_name,
    "get_list": listing.get_list,
    "get": listing.get,
    "inspect": metadata.inspect,
    "lookup": metadata.lookup,
    "getDimensions": metadata.get_dimensions,
    "getUserPermissions": metadata.user_permissions,
    "get_closedbooksdate": metadata.closed_books_date,
    "get_companyprefs": metadata.company_prefs,
    "getFinancialSetup": metadata.financial_setup,
    "getDimensionRelationships": metadata.dimension_relationships,
    "getAuditTrail": metadata.audit_trail,
    "get_trialbalance": metadata.trial_balance,
    "getTransactionsToApprove": approvals.listed,
}
_WRITES: dict[str, Run] = {
    "create": create,
    "update": update,
    "delete": delete,
    "approve_appaymentrequest": payment_step("approve"),
    "decline_appaymentrequest": payment_step("decline"),
    "send_appaymentrequest": payment_step("send"),
    "confirm_appaymentrequest": payment_step("confirm"),
    "void_appaymentrequest": payment_step("void"),
    "approve": approvals.decide,
    "decline": approvals.decide,
    "create_chargepayoff": pay_off_charges,
    "recallApBill": recall_bill,
    **{f"create_{word}batch": create_summary for word in ("bill", "apadjustment", "expensereport")},
}
_LISTS = {"create", "update", "delete"}


def kind_of_function(name: str) -> str:
    """``read``, ``write``, ``session``, ``absent``, or empty for what is unknown."""
    if name == "getAPISession":
        return "session"
    if name in _READS:
        return "read"
    if name in _WRITES or legacy.split(name) is not None:
        return "write"
    return "absent" if name in absent.FUNCTIONS else ""


def run(call: Call, function: Function) -> Result:
    """Run one function. Raises its refusals; ``NotSimulated`` for what is real and absent."""
    kind = kind_of_function(function.name)
    if kind == "session":
        return get_session(call, function)
    if kind == "absent":
        raise NotSimulated(f"function {function.name}")
    found = _READS.get(function.name) or _WRITES.get(function.name)
    if found is not None:
        return found(call, function)
    return legacy_write(call, function)


def names() -> list[str]:
    """Every function that is answered, generic and workflow ones by name and older ones by verb and object."""
    older = [f"{verb}_{word}" for verb, words in _OLDER.items() for word in words]
    return ["getAPISession", *_READS, *(name for name in _WRITES if name not in _LISTS), *older]


_OLDER = {
    "create": (
        "bill",
        "apadjustment",
        "expensereport",
        "paymentrequest",
        "reimbursementrequest",
        "gltransaction",
        "vendor",
        "customer",
        "employee",
        "contact",
        "glaccount",
        "department",
        "location",
        "class",
        "project",
        "item",
        "checkingaccount",
        "savingsaccount",
        "expensetype",
        "taxdetail",
        "apterm",
        "supdoc",
        "supdocfolder",
    ),
    "record": ("cctransaction", "otherreceipt"),
    "update": (
        "bill",
        "cctransaction",
        "expensereport",
        "otherreceipt",
        "vendor",
        "customer",
        "employee",
        "apterm",
        "supdoc",
        "supdocfolder",
    ),
    "delete": (
        "bill",
        "expensereport",
        "otherreceipt",
        "gltransaction",
        "paymentrequest",
        "vendor",
        "customer",
        "employee",
        "class",
        "apterm",
        "supdoc",
    ),
    "reverse": ("bill", "cctransaction", "expensereport", "appayment"),
}
