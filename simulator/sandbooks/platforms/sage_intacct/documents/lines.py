"""Lines of bills, charges, expense reports and receipts: account, amount, tax, dimensions, and what each posts."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.money import Money, Rate, total
from sandbooks.platforms.sage_intacct.documents.reading import Given, reference
from sandbooks.platforms.sage_intacct.documents.relationships import related
from sandbooks.platforms.sage_intacct.documents.taxes import shown_taxes, taxed
from sandbooks.platforms.sage_intacct.objects.keeping import find, session_entity
from sandbooks.platforms.sage_intacct.refusals import AccountRequires, FieldMissing, LineUnusable, ReferenceInvalid
from sandbooks.platforms.sage_intacct.wire.scalars import decimal_text
from sandbooks.platforms.sage_intacct.wire.xml import Fields

# A dimension: the field on a line, the object that it names, and the field of an account that demands it.
DIMENSIONS = (
    ("LOCATIONID", "LOCATION", "REQUIRELOC", "NAME"),
    ("DEPARTMENTID", "DEPARTMENT", "REQUIREDEPT", "TITLE"),
    ("PROJECTID", "PROJECT", "REQUIREPROJECT", "NAME"),
    ("TASKID", "TASK", "REQUIRETASK", "NAME"),
    ("COSTTYPEID", "COSTTYPE", "", "NAME"),
    ("CUSTOMERID", "CUSTOMER", "REQUIRECUSTOMER", "NAME"),
    ("VENDORID", "VENDOR", "REQUIREVENDOR", "NAME"),
    ("EMPLOYEEID", "EMPLOYEE", "REQUIREEMPLOYEE", "NAME"),
    ("ITEMID", "ITEM", "REQUIREITEM", "NAME"),
    ("CLASSID", "CLASS", "REQUIRECLASS", "NAME"),
    ("CONTRACTID", "CONTRACT", "REQUIRECONTRACT", "NAME"),
    ("WAREHOUSEID", "WAREHOUSE", "REQUIREWAREHOUSE", "NAME"),
)
_KEPT = (
    "ENTRYDESCRIPTION",
    "BILLABLE",
    "FORM1099",
    "FORM1099TYPE",
    "FORM1099BOX",
    "PAIDFOR",
    "QUANTITY",
    "RATE",
    "MEMO",
)


class Line(Struct, frozen=True):
    """A line as it is shown, what its posting rests on, and its gross."""

    document: Fields
    facts: dict[str, Any]
    net: Money
    gross: Money
    base: Money


def read_line(
    given: Given, number: int, *, rate: Rate, inclusive: bool = False, labels: str = "APACCOUNTLABEL"
) -> Line:
    """One line. Amount in TRX_AMOUNT (net) or TOTALTRXAMOUNT (gross), account by number or by label."""
    account = account_of(given, number, labels)
    where = dimensions(given, account)
    net, taxes = taxed(given, number, currency=rate.foreign, inclusive=inclusive)
    gross = net + total((Money.of(tax["amount"], rate.foreign) for tax in taxes if "output" not in tax), rate.foreign)
    base = rate.to_base(net)
    for tax in taxes:
        if "output" not in tax:
            base = base + rate.to_base(Money.of(tax["amount"], rate.foreign))
    for name in ("BILLABLE", "FORM1099"):
        given.flag(name)  # refuses what is neither true nor false
    kept = {name: given.text(name) for name in _KEPT if given.sent(name)}
    if given.sent("ALLOCATED"):
        kept["ALLOCATION"] = given.text("ALLOCATED")
    shown: Fields = {
        "LINE_NO": str(number),
        "ACCOUNTNO": account.id,
        "ACCOUNTTITLE": str(account.body["TITLE"]),
        "TRX_AMOUNT": decimal_text(net.amount),
        "AMOUNT": decimal_text(rate.to_base(net).amount),
        "CURRENCY": rate.foreign,
        "BASECURR": rate.base,
        **({"ACCOUNTLABEL": given.text("ACCOUNTLABEL")} if given.sent("ACCOUNTLABEL") else {}),
        **given.custom(),
        **kept,
        **where,
    }
    if taxes:
        shown["TOTALTRXAMOUNT"] = decimal_text(gross.amount)
        shown["TAXENTRIES"] = shown_taxes(taxes)
    facts: dict[str, Any] = {"account": account.id, "net": decimal_text(net.amount), "taxes": taxes}
    offset = given.reference("OFFSETGLACCOUNTNO", "GLACCOUNT")
    if offset is not None:
        facts["control"] = shown["OFFSETGLACCOUNTNO"] = offset.id
    return Line(shown, facts, net, gross, base)


def account_of(given: Given, number: int, labels: str) -> Record:
    """The account of a line, by its number or by a label that stands for one."""
    if given.sent("ACCOUNTNO"):
        record = find(given.company, "GLACCOUNT", given.text("ACCOUNTNO").partition("--")[0])
        if record is None:
            raise ReferenceInvalid(given.kind, "Account number", given.text("ACCOUNTNO")[:80])
        return record
    if not given.sent("ACCOUNTLABEL"):
        raise LineUnusable(given.kind, number)
    label = given.reference("ACCOUNTLABEL", labels, required=True)
    if label is None:
        raise LineUnusable(given.kind, number)
    return reference(given.company, given.kind, "GLACCOUNT", str(label.body["GLACCOUNTNO"]))


def dimensions(given: Given, account: Record) -> Fields:
    """The dimension values of a line, checked against what its account demands and what goes with what."""
    shown: Fields = {}
    for name, target, _, title in DIMENSIONS:
        field = name if given.sent(name) or name not in _ALIASES else _ALIASES[name]
        _show(shown, name, given.reference(field, target), title)
    brought = related(given, shown, account, {target: name for name, target, _, _ in DIMENSIONS})
    for name, target, demand, title in DIMENSIONS:
        if name in brought and name not in shown:
            _show(shown, name, reference(given.company, given.kind, target, brought[name]), title)
        if demand and name not in shown and account.body.get(demand) == "true":
            raise AccountRequires(account.id, target.capitalize())
    _check_parents(given, shown)
    entity = given.company.settings.get("entities")
    if entity and "LOCATIONID" not in shown:
        # In a company of several entities every line says where. Source: developer.intacct.com/api (bills: LOCATIONID)
        session = session_entity(given.company)
        if not session:
            raise AccountRequires(account.id, "Location")
        shown["LOCATIONID"] = session
    return shown


_ALIASES = {"LOCATIONID": "LOCATION", "DEPARTMENTID": "DEPARTMENT"}


def _show(shown: Fields, name: str, record: Record | None, title: str) -> None:
    if record is not None:
        shown[name] = record.id
        shown[f"{name.removesuffix('ID')}NAME"] = str(record.body.get(title, ""))


# Source: developer.intacct.com/api (lines of bills, expense reports, charges and journal entries: a task only beside
# its project, a cost type only beside both). Unconfirmed: the words of the refusal.
_PARENTS = (("TASKID", ("PROJECTID",)), ("COSTTYPEID", ("PROJECTID", "TASKID")))


def _check_parents(given: Given, shown: Fields) -> None:
    for name, parents in _PARENTS:
        for parent in parents:
            if name in shown and parent not in shown:
                raise FieldMissing(given.kind, parent)


def between_entities(company: Company, lines: list[Line]) -> None:
    """Mark the lines that belong to another entity than the first one: each entity has to balance."""
    # Unconfirmed: which entity owns a top-level document; the first line's is taken.
    if not company.settings.get("entities") or not lines:
        return
    home = entity_of(company, str(lines[0].document.get("LOCATIONID", "")))
    accounts = company.settings["accounts"]
    due = {"due_from": accounts["inter_entity_receivable"], "due_to": accounts["inter_entity_payable"]}
    for line in lines:
        entity = entity_of(company, str(line.document.get("LOCATIONID", "")))
        if entity != home:
            line.facts.update(due, home=home, entity=entity)


def entity_of(company: Company, location: str) -> str:
    """The entity that a location belongs to: itself or the topmost above it."""
    seen: set[str] = set()
    while location and location not in seen:
        seen.add(location)
        record = find(company, "LOCATION", location)
        parent = str(record.body.get("PARENTID", "") or "") if record else ""
        if not parent:
            break
        location = parent
    return location
