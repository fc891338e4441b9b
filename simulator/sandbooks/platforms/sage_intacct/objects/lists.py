"""Lists: accounts, vendors, employees, dimensions, banks, cards, tax details. One set of rules, from the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbooks.kit.company import Company
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.records import Record
from sandbooks.ledger import Account, AccountClass
from sandbooks.money import known_currency
from sandbooks.platforms.sage_intacct.objects import allocating
from sandbooks.platforms.sage_intacct.objects.catalogue import ObjectType, object_named
from sandbooks.platforms.sage_intacct.objects.keeping import (
    check_external_id,
    entity_fields,
    find,
    new_number,
    remove,
    save,
    session_entity,
)
from sandbooks.platforms.sage_intacct.refusals import (
    FieldMalformed,
    FieldMissing,
    NotAllowed,
    ReferenceInvalid,
    Taken,
)
from sandbooks.platforms.sage_intacct.wire.scalars import flag, native_date, parse_date, parse_decimal
from sandbooks.platforms.sage_intacct.wire.xml import Fields

_NUMBERS = (
    *("VALUE", "CREDITLIMIT", "EXP_YEAR", "DUEDATE", "DISCDATE", "DISCAMOUNT", "DISCFUDGEDAYS", "PENAMOUNT"),
    *("STANDARD_COST", "BASEPRICE", "SHIP_WEIGHT"),
)
_DATES = (
    *("BIRTHDATE", "STARTDATE", "ENDDATE", "BEGINDATE", "START_DATE", "END_DATE", "PBEGINDATE", "PENDDATE"),
    *("PLANNEDBEGINDATE", "PLANNEDENDDATE", "ACTUALBEGINDATE", "ACTUALENDDATE"),
)
_OWN = ("RECORDNO", "WHENCREATED", "WHENMODIFIED", "CREATEDBY", "MODIFIEDBY", "RECORD_URL")
# What a list entry shows beside the id that it was given: the field, the object, and that object's field.
_SHOWN = (
    ("PARENTNAME", "PARENTID", "", "NAME"),
    ("CUSTOMERNAME", "CUSTOMERID", "CUSTOMER", "NAME"),
    ("PROJECTNAME", "PROJECTID", "PROJECT", "NAME"),
    ("TASKNAME", "TASKID", "TASK", "NAME"),
    ("DEPARTMENTNAME", "DEPARTMENTID", "DEPARTMENT", "TITLE"),
    ("LOCATIONNAME", "LOCATIONID", "LOCATION", "NAME"),
    ("GLACCOUNTTITLE", "GLACCOUNTNO", "GLACCOUNT", "TITLE"),
    ("OFFSETACCTTITLE", "OFFSETACCTNO", "GLACCOUNT", "TITLE"),
    ("APACCOUNTTITLE", "APACCOUNT", "GLACCOUNT", "TITLE"),
)
# A group that is taken apart into another object.
_READ_WHOLE = ("PERSONALINFO",)
_GLOBAL = ("GLACCOUNT", "LOCATIONENTITY")


def defined(company: Company, kind: ObjectType | None, given: Any) -> Any:
    """The fields of a list entry that its object has, and those of the company's own; others are left out.

    Documents pick the fields that they know themselves.
    """
    # Source: github.com/Intacct/intacct-sdk-js issue 56 (a create with a field that the company does not have succeeds,
    # and nothing of it is read back). Unconfirmed: for every object; a recorded answer would settle it.
    if kind is None or kind.is_document or not isinstance(given, dict):
        return given
    lost = next((name for name in kind.absent if _says(given.get(name))), "")
    if lost:
        raise NotSimulated(f"{lost} of {kind.name}")
    return _defined(given, kind.fields, frozenset(company.settings.get("custom_fields", ())), "")


def _says(value: Any) -> bool:
    return flag(value) is not False and value != "" if isinstance(value, str) else bool(value)


def _defined(given: Mapping[str, Any], fields: tuple[str, ...], own: frozenset[str], path: str) -> Fields:
    kept: Fields = {}
    for name, value in given.items():
        whole = f"{path}{name}"
        inside = any(field.startswith(f"{whole}.") for field in fields)
        if inside and isinstance(value, dict) and name not in _READ_WHOLE:
            kept[name] = _defined(value, fields, own, f"{whole}.")
        elif inside or whole in fields or name in own or name.startswith("@"):
            kept[name] = value
    return kept


def create(company: Company, kind: ObjectType, given: Mapping[str, Any]) -> Record:
    """A new list entry. Raises what the catalogue forbids."""
    document = {**kind.defaults, **_plain(kind, given)}
    if not document.get(kind.key) and kind.key == "VENDORID" and company.settings.get("vendor_sequence"):
        document[kind.key] = f"VEN-{company.records.next_number('sequence/vendor', start=10001)}"
    _complete(company, kind, document)
    _contacts(company, kind, document)
    _allocate(company, kind, document)
    _check(company, kind, document)
    check_external_id(company, kind.name, str(document.get("EXTERNALID") or ""))
    key = str(document[kind.key])
    if find(company, kind.name, key) is not None:
        raise Taken(kind.name, key)
    document["RECORDNO"] = new_number(company, kind)
    _shown(company, kind, document)
    _entity(company, kind, document)
    if kind.name == "GLACCOUNT":
        _open(company, document)
    return save(company, kind, key, document=document)


def update(company: Company, kind: ObjectType, record: Record, given: Mapping[str, Any]) -> Record:
    """Change a list entry: what is named changes, an empty value clears. The key stays."""
    document = _merged(record.copy(), _plain(kind, given))
    if str(document.get(kind.key)) != record.id:
        raise NotAllowed(kind.name, f"{kind.key} cannot be changed", "Leave it as it is.")
    _contacts(company, kind, document)
    _allocate(company, kind, document)
    check_external_id(company, kind.name, str(document.get("EXTERNALID") or ""), id=record.id)
    _check(company, kind, document)
    _shown(company, kind, document)
    if kind.name == "GLACCOUNT":
        _rename(company, document)
    return save(company, kind, record.id, document=document)


def delete(company: Company, kind: ObjectType, record: Record) -> None:
    """Delete a list entry that nothing rests on."""
    if kind.name == "GLACCOUNT":
        if next(company.book.lines(account=record.id), None) is not None:
            raise NotAllowed(kind.name, f"Account {record.id} is in use", "Make it inactive instead.")
        held = company.book.account(record.id)
        company.book.change_account(Account(held.id, held.name, held.kind, held.currency, active=False))
    elif _is_used(company, kind, record):
        raise NotAllowed(kind.name, f"{kind.title} {record.id} is in use", "Make it inactive instead.")
    remove(company, record)


def _is_used(company: Company, kind: ObjectType, record: Record) -> bool:
    used = {"VENDOR": "VENDORID", "EMPLOYEE": "EMPLOYEEID"}.get(kind.name)
    if kind.name in ("CREDITCARD", "CHECKINGACCOUNT", "SAVINGSACCOUNT"):
        used = "FINANCIALENTITY"
    documents = (
        "APBILL",
        "APADJUSTMENT",
        "APADVANCE",
        "APPYMT",
        "CCTRANSACTION",
        "EEXPENSES",
        "EPPAYMENT",
        "OTHERRECEIPTS",
        "FUNDSTRANSFER",
    )
    return used is not None and any(company.records.find(name, used, record.id) for name in documents)


def _plain(kind: ObjectType, given: Mapping[str, Any]) -> Fields:
    """What the client may set, RECORDNO and audit fields left out, dotted names nested."""
    document: Fields = {}
    for name, value in given.items():
        if name in _OWN or name.startswith("@"):
            continue
        if isinstance(value, list):
            raise FieldMalformed(kind.name, name, "several values", "single value")
        head, dot, tail = name.partition(".")
        if dot:
            document.setdefault(head, {})[tail] = value
        else:
            document[name] = value
    return document


def _merged(document: Fields, changes: Mapping[str, Any]) -> Fields:
    for name, value in changes.items():
        held = document.get(name)
        document[name] = _merged(dict(held), value) if isinstance(value, dict) and isinstance(held, dict) else value
    return document


def _complete(company: Company, kind: ObjectType, document: Fields) -> None:
    """What follows from what was given: display contacts, names, the offset account of a card."""
    if kind.name in ("VENDOR", "CUSTOMER"):
        contact = document.get("DISPLAYCONTACT")
        contact = dict(contact) if isinstance(contact, dict) else {}
        # Source: developer.intacct.com/api/accounts-payable/vendors (DISPLAYCONTACT.PRINTAS is required)
        # Unconfirmed: what is shown of one that came without a display contact; it is the name.
        if any(value not in (None, "") for value in contact.values()) and not contact.get("PRINTAS"):
            raise FieldMissing(kind.name, "DISPLAYCONTACT.PRINTAS")
        contact.setdefault("PRINTAS", str(document.get("NAME", "")))
        contact.setdefault("CONTACTNAME", f"{document.get('NAME', '')}({document.get(kind.key, '')})"[:200])
        document["DISPLAYCONTACT"] = contact
        document.setdefault("ENTITY", f"{'V' if kind.name == 'VENDOR' else 'C'}{document.get(kind.key, '')}")
    if kind.name == "EMPLOYEE":
        _employee(company, document)


def _allocate(company: Company, kind: ObjectType, document: Fields) -> None:
    """The entries of an allocation, each with dimensions that are there."""
    if kind.name != "ALLOCATION":
        return
    document["LINES"] = allocating.read_entries(document)
    for entry in document["LINES"]:
        for name, target in allocating.DIMENSIONS.items():
            if name in entry and find(company, target, entry[name]) is None:
                raise ReferenceInvalid(kind.name, object_named(target).title, entry[name][:80])


_NAMED = ("CONTACTINFO", "PAYTO", "RETURNTO", "BILLTO", "SHIPTO")


def _contacts(company: Company, kind: ObjectType, document: Fields) -> None:
    """Contacts that an entry names are there; one that comes in whole is made."""
    # Source: https://developer.intacct.com/api/accounts-payable/vendors (CONTACTINFO, PAYTO, RETURNTO: contact name)
    for name in _NAMED:
        held = document.get(name)
        if f"{name}.CONTACTNAME" not in kind.fields or held in (None, ""):
            continue
        info = held.get("CONTACT", held) if isinstance(held, dict) else None
        if not isinstance(info, dict) or not isinstance(info.get("CONTACTNAME", ""), str):
            raise FieldMalformed(kind.name, name, str(held)[:40], "contact")
        wanted = info.get("CONTACTNAME", "")
        if wanted and find(company, "CONTACT", wanted) is None:
            if len(info) == 1:
                raise ReferenceInvalid(kind.name, "Contact", wanted[:80])
            create(company, object_named("CONTACT"), info)
        document[name] = {"CONTACTNAME": wanted}


def _employee(company: Company, document: Fields) -> None:
    """An employee is a contact with an id. Source: developer.intacct.com/api/company-console/employees"""
    info = document.get("PERSONALINFO")
    info = info.get("CONTACT", info) if isinstance(info, dict) else {}
    name = str(info.get("CONTACTNAME", "")) if isinstance(info, dict) else ""
    if not name:
        raise FieldMissing("EMPLOYEE", "PERSONALINFO.CONTACTNAME")
    contact = find(company, "CONTACT", name)
    if contact is None and len(info) > 1:
        contact = create(company, object_named("CONTACT"), {"PRINTAS": name, **info})
    if contact is None:
        raise ReferenceInvalid("EMPLOYEE", "contact", name)
    shown = {key: value for key, value in contact.body.items() if key not in (*_OWN, "STATUS")}
    document.update({"PERSONALINFO": {"CONTACTNAME": name}, "CONTACT": shown, "CONTACTKEY": contact.body["RECORDNO"]})
    document.setdefault("NAME", name)
    # Source: developer.intacct.com/api/company-console/employees (LOCATIONID in a company of several entities)
    if company.settings.get("entities") and not document.get("LOCATIONID") and not session_entity(company):
        raise FieldMissing("EMPLOYEE", "LOCATIONID")


def _check(company: Company, kind: ObjectType, document: Fields) -> None:
    for name in kind.required:
        if document.get(name) in (None, "", {}):
            raise FieldMissing(kind.name, name)
    for name in (*kind.required, *kind.references, *kind.choices, *kind.flags, *kind.lengths):
        if isinstance(document.get(name), dict):
            raise FieldMalformed(kind.name, name, "a group", "text")
    for name, allowed in kind.choices.items():
        _check_choice(kind, document, name, allowed)
    for name in kind.flags:
        _check_flag(kind, document, name)
    for name, most in kind.lengths.items():
        if len(str(document.get(name, ""))) > most:
            raise FieldMalformed(kind.name, name, str(document[name])[:40], f"text of at most {most} characters")
    _check_forms(kind, document)
    for name, target in kind.references.items():
        value = str(document.get(name, "") or "")
        if value and find(company, target, value) is None:
            raise ReferenceInvalid(kind.name, object_named(target).title, value[:80])
    if kind.name == "CREDITCARD":
        _check_card(company, document)
    if kind.name == "REPORTINGPERIOD":
        _check_period(company, document)


def _check_period(company: Company, document: Fields) -> None:
    """A period ends no earlier than it starts, and those of budgets do not overlap."""
    # Source: https://developer.intacct.com/api/general-ledger/reporting-periods (BUDGETING). Unconfirmed: the words.
    start, end = parse_date(str(document["START_DATE"])), parse_date(str(document["END_DATE"]))
    if start is None or end is None or end < start:
        raise FieldMalformed("REPORTINGPERIOD", "END_DATE", str(document["END_DATE"])[:40], "date after the start")
    document |= {"START_DATE": native_date(start), "END_DATE": native_date(end)}
    if document.get("BUDGETING") != "true":
        return
    for other in company.records.scan("REPORTINGPERIOD"):
        body = other.body
        if other.id == document["NAME"] or body["BUDGETING"] != "true":
            continue
        first, last = parse_date(body["START_DATE"]), parse_date(body["END_DATE"])
        if first is not None and last is not None and first <= end and start <= last:
            raise NotAllowed("REPORTINGPERIOD", f"Budgetable periods overlap: {other.id}.", "Choose other dates.")


def _check_choice(kind: ObjectType, document: Fields, name: str, allowed: tuple[str, ...]) -> None:
    value = str(document.get(name, "") or "")
    if not value:
        if name in kind.defaults:
            document[name] = kind.defaults[name]
        return
    match = next((each for each in allowed if each.lower() == value.lower()), None)
    if match is None:
        raise FieldMalformed(kind.name, name, value[:40], f"one of {', '.join(allowed)}")
    document[name] = match


def _check_flag(kind: ObjectType, document: Fields, name: str) -> None:
    if name in document and document[name] != "":
        value = flag(str(document[name]))
        if value is None:
            raise FieldMalformed(kind.name, name, str(document[name])[:40], "boolean")
        document[name] = "true" if value else "false"


def _check_forms(kind: ObjectType, document: Fields) -> None:
    for name in _NUMBERS:
        value = document.get(name)
        if value not in (None, "") and (isinstance(value, dict) or parse_decimal(str(value)) is None):
            raise FieldMalformed(kind.name, name, str(value)[:40], "number")
    if kind.name == "TAXDETAIL" and not -100 < (parse_decimal(str(document["VALUE"])) or 0) <= 100:
        raise FieldMalformed(kind.name, "VALUE", str(document["VALUE"])[:40], "rate between -100 and 100")
    for name in _DATES:
        value = document.get(name)
        if value not in (None, "") and parse_date(str(value)) is None:
            raise FieldMalformed(kind.name, name, str(value)[:40], "date")
    currency = document.get("CURRENCY")
    if currency not in (None, "") and not known_currency(str(currency)):
        raise FieldMalformed(kind.name, "CURRENCY", str(currency)[:40], "currency")


def _check_card(company: Company, document: Fields) -> None:
    """A credit card has a liability account of its own, a debit card the account of its checking account."""
    # Source: Sage Intacct help, "Set up credit cards" (credit: offset account; debit: checking account)
    if document["LIABILITYTYPE"] == "Debit":
        bank = find(company, "CHECKINGACCOUNT", str(document.get("BANKACCOUNTID", "") or ""))
        if bank is None:
            raise FieldMissing("CREDITCARD", "BANKACCOUNTID")
        document["OFFSETGLACCOUNTNO"] = bank.body["GLACCOUNTNO"]
    elif not document.get("OFFSETGLACCOUNTNO"):
        standard = company.settings.get("accounts", {}).get("cards", "")
        if not standard:
            raise FieldMissing("CREDITCARD", "OFFSETGLACCOUNTNO")
        document["OFFSETGLACCOUNTNO"] = standard


def _shown(company: Company, kind: ObjectType, document: Fields) -> None:
    for name, key, target, shown in _SHOWN:
        if name in kind.fields and key in document:
            record = find(company, target or kind.name, str(document.get(key, "") or ""))
            document[name] = str(record.body.get(shown, "")) if record else ""


def _entity(company: Company, kind: ObjectType, document: Fields) -> None:
    if "MEGAENTITYID" in kind.fields and kind.name not in _GLOBAL:
        document.update(entity_fields(company))


def class_of(document: Mapping[str, Any]) -> AccountClass:
    """The class of an account, from its type and normal balance; the category tells equity from liabilities."""
    debit = document["NORMALBALANCE"] == "debit"
    if document["ACCOUNTTYPE"] == "incomestatement":
        return AccountClass.EXPENSE if debit else AccountClass.INCOME
    if debit:
        return AccountClass.ASSET
    equity = "equity" in str(document.get("CATEGORY", "")).lower() or "retained" in str(document["TITLE"]).lower()
    return AccountClass.EQUITY if equity else AccountClass.LIABILITY


def _open(company: Company, document: Mapping[str, Any]) -> None:
    number, title = str(document["ACCOUNTNO"]), str(document["TITLE"])
    active = document["STATUS"] == "active"
    account = Account(number, title, class_of(document), None, active=active)
    if any(held.id == number for held in company.book.accounts()):
        company.book.change_account(account)
    else:
        company.book.open_account(account)


def _rename(company: Company, document: Mapping[str, Any]) -> None:
    held = company.book.account(str(document["ACCOUNTNO"]))
    active = document["STATUS"] == "active"
    company.book.change_account(
        Account(held.id, str(document["TITLE"]), class_of(document), held.currency, active=active)
    )
