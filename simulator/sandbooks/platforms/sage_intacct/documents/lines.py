"""Lines of bills, charges, expense reports and receipts: account, amount, tax, dimensions, and what each posts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from msgspec import Struct

from sandbooks.kit.company import Company
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.records import Record
from sandbooks.ledger import TaxCode, TaxComponent, tax_on
from sandbooks.money import Money, Rate, total
from sandbooks.platforms.sage_intacct.documents.reading import Given, reference
from sandbooks.platforms.sage_intacct.objects.keeping import find, session_entity
from sandbooks.platforms.sage_intacct.refusals import AccountRequires, FieldMissing, LineUnusable, ReferenceInvalid
from sandbooks.platforms.sage_intacct.wire.scalars import decimal_text
from sandbooks.platforms.sage_intacct.wire.xml import Fields, many

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
    net, taxes = _taxed(given, number, rate=rate, inclusive=inclusive)
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
        shown["TAXENTRIES"] = {
            "TAXENTRY": [{"DETAILID": t["detail"], "TRX_TAX": t["amount"], "TAXRATE": t["rate"]} for t in taxes]
        }
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
    """The dimension values of a line, checked against what its account demands."""
    shown: Fields = {}
    aliases = {"LOCATIONID": "LOCATION", "DEPARTMENTID": "DEPARTMENT"}
    for name, target, demand, title in DIMENSIONS:
        field = name if given.sent(name) or name not in aliases else aliases[name]
        record = given.reference(field, target)
        if record is not None:
            shown[name] = record.id
            shown[f"{name.removesuffix('ID')}NAME"] = str(record.body.get(title, ""))
        elif demand and account.body.get(demand) == "true":
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
    for line in lines:
        if entity_of(company, str(line.document.get("LOCATIONID", ""))) != home:
            line.facts.update(due_from=accounts["inter_entity_receivable"], due_to=accounts["inter_entity_payable"])


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


def _taxed(given: Given, number: int, *, rate: Rate, inclusive: bool) -> tuple[Money, list[dict[str, Any]]]:
    """The net of a line and its taxes. Without a tax solution, tax is part of the amount."""
    net, gross = given.money("TRX_AMOUNT", rate.foreign), given.money("TOTALTRXAMOUNT", rate.foreign)
    stated = gross if (inclusive and gross is not None) or net is None else net
    if stated is None:
        raise LineUnusable(given.kind, number)
    holder = given.given.get("TAXENTRIES")
    entries = many(holder.get("TAXENTRY")) if isinstance(holder, dict) else []
    if not entries:
        return stated, []
    taken_inclusive = stated is gross
    details = [Given(given.company, given.kind, entry) for entry in entries]
    taxes: list[dict[str, Any]] = []
    if len(details) == 1:
        result = tax_on(
            stated, _code(details[0]), inclusive=taken_inclusive, given=details[0].money("TRX_TAX", rate.foreign)
        )
        return result.net, _parts(details[0], result.parts)
    if taken_inclusive:
        raise NotSimulated("inclusive amounts with several taxes on a line", instead="TRX_AMOUNT")
    for detail in details:
        result = tax_on(stated, _code(detail), inclusive=False, given=detail.money("TRX_TAX", rate.foreign))
        taxes += _parts(detail, result.parts)
    return stated, taxes


def _detail(given: Given) -> Record:
    record = given.reference("DETAILID", "TAXDETAIL", required=True)
    if record is None or record.body.get("TAXTYPE") == "Sale":
        raise ReferenceInvalid(given.kind, "Tax detail", given.text("DETAILID")[:80])
    return record


def _code(given: Given) -> TaxCode:
    record = _detail(given)
    accounts = given.company.settings["accounts"]
    reverse = record.body.get("REVERSECHARGE") == "true"
    component = TaxComponent(
        name=record.id,
        rate=Decimal(str(record.body["VALUE"])),
        account=str(record.body.get("GLACCOUNT") or accounts["input_tax"]),
        reverse_charge=reverse,
        output_account=accounts["output_tax"] if reverse else "",
    )
    return TaxCode(id=record.id, name=record.id, components=(component,))


def _parts(given: Given, parts: tuple[Any, ...]) -> list[dict[str, Any]]:
    """The taxes of a line for posting: input tax is a debit; a reverse charge names the account of its credit too."""
    record = _detail(given)
    if not parts:
        return []
    tax: dict[str, Any] = {
        "detail": record.id,
        "account": parts[0].account,
        "amount": decimal_text(parts[0].amount.amount),
        "rate": str(record.body["VALUE"]),
    }
    if len(parts) > 1:
        tax["output"] = parts[1].account
    return [tax]
