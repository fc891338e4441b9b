"""What the company and its objects are like: inspect, lookup, dimensions, preferences, closed books, trial balance."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from lxml import etree

from sandbooks.kit.call import Call
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.records import Version
from sandbooks.platforms.sage_intacct.documents.lines import DIMENSIONS
from sandbooks.platforms.sage_intacct.documents.registry import kind_named
from sandbooks.platforms.sage_intacct.gateway.envelope import Function
from sandbooks.platforms.sage_intacct.gateway.replies import Result, data
from sandbooks.platforms.sage_intacct.objects import own
from sandbooks.platforms.sage_intacct.objects.catalogue import OBJECTS, ObjectType
from sandbooks.platforms.sage_intacct.objects.keeping import by_number, find
from sandbooks.platforms.sage_intacct.objects.preferences import APPLICATIONS, preferences
from sandbooks.platforms.sage_intacct.objects.relations import relations
from sandbooks.platforms.sage_intacct.query import audit
from sandbooks.platforms.sage_intacct.refusals import FieldMalformed, NotFound, ReferenceInvalid
from sandbooks.platforms.sage_intacct.wire.scalars import decimal_text, parse_date
from sandbooks.platforms.sage_intacct.wire.xml import Fields, append, child, fields_of, text


def _result(function: Function, found: etree._Element) -> Result:
    return Result(function=function.name, control_id=function.control_id, data=found)


def inspect(call: Call, function: Function) -> Result:
    """``inspect``: every object, or the fields of one (with their types when ``detail`` is 1)."""
    name = text(child(function.element, "object")) or text(child(function.element, "name"))
    if name == "*":
        found = data(listtype="All", count=str(len(OBJECTS)))
        for kind in OBJECTS.values():
            etree.SubElement(found, "type", typename=kind.name).text = kind.title
        return _result(function, found)
    kind = kind_named(name)
    found = data(listtype="All", count="1")
    holder = etree.SubElement(found, "Type", Name=kind.name)
    fields = etree.SubElement(holder, "Fields")
    for field in kind.fields:
        if function.element.get("detail") == "1":
            append(fields, "Field", _field(kind, field))
        else:
            append(fields, "Field", field)
    return _result(function, found)


def _field(kind: ObjectType, name: str) -> dict[str, object]:
    return {
        "Name": name,
        "GroupName": kind.title,
        "dataName": _type(name),
        "externalDataName": _type(name).lower(),
        "isRequired": "true" if name in kind.required else "false",
        "isReadOnly": "true" if name in ("RECORDNO", "WHENMODIFIED", "CREATEDBY", "MODIFIEDBY") else "false",
        "DisplayLabel": name.replace("_", " ").replace(".", " ").capitalize(),
        "Description": "",
        "id": name,
        **({"enumsInfo": {"value": list(kind.choices[name])}} if name in kind.choices else {}),
    }


def _type(name: str) -> str:
    if name in ("RECORDNO", "PRBATCHKEY", "MEGAENTITYKEY"):
        return "INTEGER"
    if name in ("WHENMODIFIED", "AUWHENCREATED"):
        return "TIMESTAMP"
    if name.startswith("WHEN") or name.endswith("DATE"):
        return "DATE"
    if "TOTAL" in name or name.endswith("AMOUNT"):
        return "CURRENCY"
    return "TEXT"


def lookup(call: Call, function: Function) -> Result:
    """``lookup``: fields, valid values and relationships of an object."""
    kind = kind_named(text(child(function.element, "object")))
    found = data(listtype="All", count="1")
    holder = etree.SubElement(found, "Type", Name=kind.name, DocumentType="")
    fields = etree.SubElement(holder, "Fields")
    for name in kind.fields:
        values = {"VALIDVALUES": {"VALIDVALUE": list(kind.choices[name])}} if name in kind.choices else {}
        append(
            fields,
            "Field",
            {
                "ID": name,
                "LABEL": name.replace("_", " ").capitalize(),
                "DESCRIPTION": "",
                "REQUIRED": "true" if name in kind.required else "false",
                "READONLY": "true" if name == "RECORDNO" else "false",
                "DATATYPE": _type(name),
                "ISCUSTOM": "false",
                **values,
            },
        )
    relationships = etree.SubElement(holder, "Relationships")
    for path, reached in relations(kind).items():
        append(
            relationships,
            "Relationship",
            {
                "OBJECTPATH": path,
                "OBJECTNAME": reached.target.name,
                "LABEL": reached.target.title,
                "RELATIONSHIPTYPE": "MANY2ONE",
                "RELATEDBY": reached.field,
            },
        )
    return _result(function, found)


def get_dimensions(call: Call, function: Function) -> Result:
    """``getDimensions``: the dimensions that lines may carry."""
    found = data()
    holder = etree.SubElement(found, "dimensions")
    for _, name, _, _ in DIMENSIONS:
        kind = OBJECTS[name]
        append(
            holder,
            "dimension",
            {
                "objectName": kind.name,
                "objectLabel": kind.title,
                "termLabel": kind.title,
                "userDefinedDimension": "false",
                "enabledInGL": "true",
            },
        )
    for name in own.dimensions_of(call.company):
        append(
            holder,
            "dimension",
            {
                "objectName": name,
                "objectLabel": name,
                "termLabel": name,
                "userDefinedDimension": "true",
                "enabledInGL": "true",
            },
        )
    return _result(function, found)


def user_permissions(call: Call, function: Function) -> Result:
    """``getUserPermissions``: what the web services user may do; here everything that is simulated."""
    user = text(child(function.element, "userId"))
    if find(call.company, "USERINFO", user) is None:
        raise NotFound("USERINFO", user[:60])
    found = data()
    permissions = {
        "appSubscription": [
            _application(name) for name in ("General Ledger", "Accounts Payable", "Cash Management", "Time & Expenses")
        ]
    }
    append(found, "permissions", permissions)
    return _result(function, found)


def _application(name: str) -> dict[str, object]:
    rights = {"policyName": "All", "rights": "List|View|Add|Edit|Delete"}
    return {"applicationName": name, "policies": {"policy": rights}}


def closed_books_date(call: Call, function: Function) -> Result:
    """``get_closedbooksdate``: the last day of the closed books, empty while all are open."""
    # Source: github.com/Intacct/intacct_dtd (intacct_response.v2.1.dtd: closedbooksdate is a date in its parts)
    through = call.company.book.closed_through
    parts = {"year": through.year, "month": f"{through.month:02d}", "day": f"{through.day:02d}"} if through else ""
    found = data()
    append(found, "closedbooksdate", parts)
    return _result(function, found)


def company_prefs(call: Call, function: Function) -> Result:
    """``get_companyprefs``: preferences of an application as names and values."""
    application = function.element.get("application", "")
    if application not in APPLICATIONS:
        raise ReferenceInvalid("companyprefs", "Application", application[:40])
    found = data()
    for name, value in preferences(call.company, application).items():
        append(found, "companypref", {"application": application, "preference": name, "prefvalue": value})
    return _result(function, found)


def financial_setup(call: Call, function: Function) -> Result:
    """``getFinancialSetup``: book, fiscal year, currencies and entities."""
    # Source: https://developer.intacct.com/api/company-console/financial-setup
    found = data()
    append(
        found,
        "financialSetup",
        {
            "baseCurrency": call.company.currency,
            "defaultBook": "ACCRUAL",
            "firstFiscalMonth": "1",
            "multiBaseCurrency": "false",
            "multiBook": "false",
            "multiCurrency": "true",
            "multiEntityShared": "true" if call.company.settings.get("entities") else "false",
        },
    )
    return _result(function, found)


def dimension_relationships(call: Call, function: Function) -> Result:
    """``getDimensionRelationships``: which dimension reaches which, from either side."""
    # Source: https://developer.intacct.com/api/platform-services/dimensions. Unconfirmed: ids of standard dimensions.
    names = [name for _, name, _, _ in DIMENSIONS]
    ids = {name: str(5000 + place) for place, name in enumerate(names, 1)}
    found = data()
    for name in names:
        related = [_related(other, ids, "Many", "One") for other in _reached(name) if other in ids]
        related += [_related(other, ids, "One", "Many") for other in names if name in _reached(other)]
        about = {"dimension": name, "object_id": ids[name], "autofillrelated": "false", "enableoverride": "false"}
        append(found, "relationship", {**about, "related": related})
    return _result(function, found)


def _reached(name: str) -> list[str]:
    """The other dimensions whose ids a dimension's object holds."""
    own = {target for target in OBJECTS[name].references.values() if target != name}
    return [other for _, other, _, _ in DIMENSIONS if other in own]


def _related(name: str, ids: dict[str, str], source: str, related: str) -> dict[str, str]:
    return {
        "dimension": name,
        "object_id": ids[name],
        "relationship_id": f"1{ids[name]}",
        "source_side": source,
        "related_side": related,
    }


def audit_trail(call: Call, function: Function) -> Result:
    """``getAuditTrail``: the changes of one record."""
    element = function.element
    kind = kind_named(text(child(element, "object")))
    number, key = text(child(element, "recordNo")), text(child(element, "objectKey"))
    record = by_number(call.company, kind, number) if number else None
    id = record.id if record else key or number
    versions = call.company.records.versions(kind.name, id)
    found = data()
    # Unconfirmed: the answer for a record that never was; here an empty one, as for a record older than the trail.
    for version in versions:
        append(found, "auditTrailDetail", _trail(call, version))
    return _result(function, found)


def _trail(call: Call, version: Version) -> dict[str, str]:
    tracking = call.world.ids.fixed_token(f"sage_intacct/trail/{version.number}", length=24)
    return {
        "userId": "xml_gateway",
        "object": version.kind.lower(),
        "objectKey": version.id,
        "accessTime": version.at.replace(microsecond=0).isoformat(),
        "accessMode": audit.MODES[audit.mode_of(version)],
        "workflowAction": "",
        "webServer": "web01",
        "trackingId": tracking,
        "ipAddress": "127.0.0.1",
        "source": audit.source_of(version),
    }


def trial_balance(call: Call, function: Function) -> Result:
    """``get_trialbalance``: opening balance, debits, credits and closing balance of each account between two days."""
    fields = fields_of(function.element)
    start, end = _span(call, fields)
    book = call.company.book
    before: dict[str, Decimal] = {}
    sums: dict[str, tuple[Decimal, Decimal]] = {}
    for line in book.lines(through=end):
        account, base = line.posting.account, line.posting.base.amount
        if line.date < start:
            before[account] = before.get(account, Decimal(0)) + base
        else:
            debits, credits = sums.get(account, (Decimal(0), Decimal(0)))
            sums[account] = (debits + max(base, Decimal(0)), credits - min(base, Decimal(0)))
    found = data()
    for held in book.accounts():
        if held.id not in before and held.id not in sums:
            continue
        opening = before.get(held.id, Decimal(0))
        debits, credits = sums.get(held.id, (Decimal(0), Decimal(0)))
        append(
            found,
            "trialbalance",
            {
                "glaccountno": held.id,
                "startbalance": decimal_text(opening),
                "debits": decimal_text(debits),
                "credits": decimal_text(credits),
                "adjdebits": "0",
                "adjcredits": "0",
                "reportingbook": "ACCRUAL",
                "endbalance": decimal_text(opening + debits - credits),
                "currency": call.company.currency,
            },
        )
    return _result(function, found)


# What a trial balance may be narrowed or widened by, and this one is not.
_TAKEN = ("REPORTINGPERIODNAME", "STARTDATE", "ENDDATE")


def _span(call: Call, fields: Fields) -> tuple[date, date]:
    """First and last day, of a reporting period or as given. Raises ``NotSimulated`` for whatever else is asked."""
    usual = {"", "false", "ACCRUAL"}
    lacking = next((name for name, value in fields.items() if name not in _TAKEN and value not in usual), "")
    if lacking:
        raise NotSimulated(f"{lacking.lower()} of get_trialbalance", instead="startdate and enddate")
    name = str(fields.get("REPORTINGPERIODNAME") or "")
    if not name:
        return _day(fields.get("STARTDATE"), "startdate"), _day(fields.get("ENDDATE"), "enddate")
    period = find(call.company, "REPORTINGPERIOD", name)
    if period is None:
        raise ReferenceInvalid("trialbalance", "Reporting period", name[:80])
    first, last = parse_date(period.body["START_DATE"]), parse_date(period.body["END_DATE"])
    if first is None or last is None:
        raise AssertionError(f"reporting period {name} has no dates")
    return first, last


def _day(value: object, name: str) -> date:
    text_ = "/".join(str(value.get(part, "")) for part in ("MONTH", "DAY", "YEAR")) if isinstance(value, dict) else ""
    found = parse_date(text_)
    if found is None:
        raise FieldMalformed("trialbalance", name, text_[:20], "date")
    return found
