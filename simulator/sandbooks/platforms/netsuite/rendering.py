"""From stored records to the resources that REST answers: links, references with names, computed members.

Source: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_1545222128.html
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from sandbooks.kit.call import Call
from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.ledger import AccountUnknown
from sandbooks.platforms.netsuite import contacts
from sandbooks.platforms.netsuite.custom import type_of
from sandbooks.platforms.netsuite.posting import id_of
from sandbooks.platforms.netsuite.records import ledgers, lists, orders, store
from sandbooks.platforms.netsuite.records.settlement import deposit_of, remaining
from sandbooks.platforms.netsuite.schema import TYPES, Field, Sublist
from sandbooks.platforms.netsuite.schema.transactions import STATUSES

Body = dict[str, Any]

ROOT = "/services/rest/record/v1"
_CREDIT_NORMAL = frozenset(
    {"AcctPay", "CredCard", "OthCurrLiab", "LongTermLiab", "DeferRevenue", "Equity", "Income", "OthIncome"}
)


def stamp(moment: datetime) -> str:
    """A date-time as REST writes it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def link(call: Call, path: str, *, rel: str = "self") -> Body:
    """One entry of ``links``."""
    return {"rel": rel, "href": call.link(path)}


def path_of(record: Record) -> str:
    """Where a record is found."""
    if record.kind in ("file", "folder"):
        return f"/services/rest/document/v1/{record.kind}/{record.id}"
    return f"{ROOT}/{record.kind}/{record.id}"


def singular(call: Call, record: Record, *, expand: bool = False, fields: Collection[str] = ()) -> Body:
    """One record. ``fields`` limits what is shown, unless sublists are expanded."""
    type = type_of(call.company, record.kind)
    wanted = {name.lower() for name in fields} if not expand else set()
    body = {**record.body, **computed(call.company, record), "id": record.id}
    shown: Body = {"links": [link(call, path_of(record))]}
    for field in type.fields:
        if (not wanted or field.name.lower() in wanted) and body.get(field.name) is not None:
            shown[field.name] = _member(call, record, field, body[field.name], expand=expand)
    for sublist in type.sublists:
        if not wanted or sublist.name.lower() in wanted:
            shown[sublist.name] = _sublist(call, record, sublist, expand=expand)
    return shown


def _member(call: Call, record: Record, field: Field, value: Any, *, expand: bool) -> Any:
    if field.kind == "ref":
        return reference(call, field.targets, id_of(value))
    if field.kind == "enum":
        return {"id": value["id"], "refName": field.choices[value["id"]]}
    if field.kind == "refs":
        path = f"{path_of(record)}/{field.name}"
        shown: Body = {"links": [link(call, path)]}
        if expand:
            items = [reference(call, field.targets, item["id"]) for item in value["items"]]
            shown |= _counted(items)
        return shown
    return value


def _counted(items: list[Body]) -> Body:
    return {"items": items, "totalResults": len(items), "count": len(items), "hasMore": False, "offset": 0}


def reference(call: Call, targets: Iterable[str], id: str) -> Body:
    """A reference with its link and name."""
    kinds = tuple(targets)
    kind = next((k for k in kinds if store.get(call.company, k, id) is not None), kinds[0] if kinds else "")
    shown: Body = {"links": [link(call, f"{ROOT}/{kind}/{id}")], "id": id}
    name = store.name_of(call.company, (kind,), id)
    return {**shown, "refName": name} if name else shown


def _sublist(call: Call, record: Record, sublist: Sublist, *, expand: bool) -> Body:
    path = f"{path_of(record)}/{sublist.name}"
    shown: Body = {"links": [link(call, path)]}
    if expand:
        items = [line_of(call, record, sublist, line) for line in lines(call.company, record, sublist)]
        shown |= _counted(items)
    return shown


def lines(company: Company, record: Record, sublist: Sublist) -> list[Body]:
    """The lines of a sublist: stored, or for one that no body gives, worked out."""
    if sublist.name == "contactRoles":
        return contacts.roles(company, record)
    found: list[Body] = (record.body.get(sublist.name) or {}).get("items", [])
    return found


def line_of(call: Call, record: Record, sublist: Sublist, line: Body) -> Body:
    """One line of a sublist."""
    shown: Body = {"links": [link(call, f"{path_of(record)}/{sublist.name}/{line['line']}")]}
    shown_line = {**line, **_line_extras(call.company, sublist, line)}
    if record.kind == orders.ORDER:
        shown_line["amountBilled"] = orders.billed(call.company, record, sublist.name, line["line"])
    for field in sublist.fields:
        if shown_line.get(field.name) is not None:
            shown[field.name] = _member(call, record, field, shown_line[field.name], expand=True)
    return shown


def _line_extras(company: Company, sublist: Sublist, line: Body) -> Body:
    """What an applied line tells of the document that it settles."""
    if sublist.name == "payment":
        return _payment_extras(company, line)
    if sublist.name not in ("apply", "credit") or not line.get("doc"):
        return {}
    field = sublist.by_name["doc"]
    doc = store.refer(company, field.targets, id=id_of(line["doc"]))
    if doc is None:
        return {}
    extras = {"total": doc.body["total"], "due": remaining(company, doc), "refNum": doc.body.get("tranId")}
    if sublist.name == "apply":
        extras |= {"applyDate": doc.body["tranDate"], "currency": doc.body["currency"], "type": TYPES[doc.kind].label}
    return extras


def _payment_extras(company: Company, line: Body) -> Body:
    """What a line of a deposit tells of the payment that it takes along."""
    doc = store.get(company, "customerPayment", str(line.get("id")))
    if doc is None:
        return {}
    body = doc.body
    found = {"docDate": body["tranDate"], "docNumber": body.get("tranId"), "refNum": body.get("checkNumber")}
    found |= {"transactionAmount": body["payment"], "paymentAmount": body["payment"], "memo": body.get("memo")}
    return {**found, "entity": body["customer"], "currency": body["currency"]}


# Members that follow from other records


def computed(company: Company, record: Record) -> Body:
    """Members that are not stored: balances, statuses, the dates of the record itself."""
    created = stamp(record.created)
    found: Body = {"createdDate": created, "dateCreated": created, "lastModifiedDate": stamp(record.updated)}
    maker = _COMPUTED.get(record.kind)
    if maker is not None:
        found |= maker(company, record)
    if record.kind in TYPES and TYPES[record.kind].is_transaction:
        found["status"] = {"id": status_letter(company, record)}
    return found


def _account(company: Company, record: Record) -> Body:
    try:
        balance = company.book.balance(record.id).base.amount
    except AccountUnknown:
        return {}
    return {"balance": -balance + 0 if record.body["acctType"]["id"] in _CREDIT_NORMAL else balance}


def _vendor(company: Company, record: Record) -> Body:
    """What the vendor is owed, in the base currency of its primary subsidiary at booking rates."""
    # Unconfirmed: what other subsidiaries with the same base currency owe is taken in, others' is not.
    base = lists.base_of(company, id_of(record.body["subsidiary"]))
    return {"balance": ledgers.owed(company, record.id, base=base)}


def _relationship(company: Company, record: Record) -> Body:
    subsidiary = id_of(record.body["subsidiary"])
    owed = ledgers.owed(company, id_of(record.body["entity"]), subsidiary=subsidiary)
    currency = store.currency_id(company, lists.base_of(company, subsidiary))
    return {"balance": owed, "balanceBase": owed, "baseCurrency": {"id": currency}}


def _open(company: Company, record: Record) -> Body:
    left = remaining(company, record)
    return {"balance": left, "amountRemaining": left}


def _credit(company: Company, record: Record) -> Body:
    left = remaining(company, record)
    return {"unApplied": left, "applied": Decimal(record.body["total"]) - left}


def _unapplied(_company: Company, record: Record) -> Body:
    return {"applied": Decimal(0), "unapplied": Decimal(record.body["total"])}


_COMPUTED: dict[str, Callable[[Company, Record], Body]] = {
    "account": _account,
    "vendor": _vendor,
    "vendorSubsidiaryRelationship": _relationship,
    "vendorBill": _open,
    "expenseReport": _open,
    "customerPayment": _unapplied,
    "vendorCredit": _credit,
}


def status(company: Company, record: Record) -> str:
    """The status of a transaction, as a key of ``STATUSES``."""
    body = record.body
    if body.get("voided"):
        return "voided"
    approval = (body.get("approvalStatus") or {}).get("id", "2")
    if approval == "3":
        return "rejected"
    if record.kind == "expenseReport" and approval != "2":
        return _report_status(body)
    if approval == "1":
        return "pendingApproval"
    if record.kind in ("vendorBill", "expenseReport", "vendorCredit"):
        return _settled(company, record)
    if record.kind == orders.ORDER:
        return orders.status(company, record)
    if record.kind == "customerPayment":
        waits = record.body["undepFunds"]["id"] == "T" and deposit_of(company, record.id) is None
        return "open" if waits else "deposited"
    return "approved" if record.kind in ("journalEntry", "advInterCompanyJournalEntry") else "open"


def _report_status(body: Body) -> str:
    if not body.get("complete"):
        return "inProgress"
    return "pendingAcctApproval" if body.get("supervisorapproval") else "pendingSupApproval"


def _settled(company: Company, record: Record) -> str:
    done = not remaining(company, record)
    if record.kind == "vendorCredit":
        return "fullyApplied" if done else "open"
    if record.kind == "expenseReport" and not done:
        return "approvedByAcct"
    return "paidInFull" if done else "open"


def status_letter(company: Company, record: Record) -> str:
    """The letter of a status, as REST and SuiteQL give it."""
    return STATUSES[TYPES[record.kind].code][status(company, record)][0]


def status_text(company: Company, record: Record) -> str:
    """The status as people read it."""
    return STATUSES[TYPES[record.kind].code][status(company, record)][1]
