"""The older functions, one per object and verb, turned into the fields of the objects that they write.

Source: github.com/Intacct/intacct_dtd (schema of the gateway: element names of each function)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbooks.kit.errors import NotSimulated
from sandbooks.platforms.sage_intacct.documents.allocations import as_part
from sandbooks.platforms.sage_intacct.wire.xml import Fields, many

_MONEY = {"EXCHRATEDATE": "EXCH_RATE_DATE", "EXCHRATETYPE": "EXCH_RATE_TYPE_ID", "EXCHRATE": "EXCHANGE_RATE"}
_LINE = {
    "GLACCOUNTNO": "ACCOUNTNO",
    "AMOUNT": "TRX_AMOUNT",
    "MEMO": "ENTRYDESCRIPTION",
    "ALLOCATIONID": "ALLOCATION",
    "PAYMENTAMOUNT": "TRX_AMOUNT",
    "ITEM1099": "FORM1099",
}
_HEADS: Mapping[str, Mapping[str, str]] = {
    "APBILL": {
        "DATECREATED": "WHENCREATED",
        "DATEPOSTED": "WHENPOSTED",
        "DATEDUE": "WHENDUE",
        "BILLNO": "RECORDID",
        "PONUMBER": "DOCNUMBER",
        **_MONEY,
    },
    "APADJUSTMENT": {
        "DATECREATED": "WHENCREATED",
        "DATEPOSTED": "WHENPOSTED",
        "ADJUSTMENTNO": "RECORDID",
        "BILLNO": "DOCNUMBER",
        **_MONEY,
    },
    "CCTRANSACTION": {"PAYMENTDATE": "WHENCREATED", "REFERENCENO": "RECORDID", **_MONEY},
    "OTHERRECEIPTS": {
        "PAYMENTDATE": "WHENCREATED",
        "PAYEE": "PAYER",
        "RECEIVEDDATE": "RECEIPTDATE",
        "UNDEPGLACCOUNTNO": "UNDEPOSITEDACCOUNTNO",
        "BANKACCOUNTID": "FINANCIALENTITY",
        "REFID": "RECORDID",
        **_MONEY,
    },
    "EEXPENSES": {
        "DATECREATED": "WHENCREATED",
        "DATEPOSTED": "WHENPOSTED",
        "EXPENSEREPORTNO": "RECORDID",
        **_MONEY,
    },
    "APPYMT": {
        "BANKACCOUNTID": "FINANCIALENTITY",
        "CHARGECARDID": "FINANCIALENTITY",
        "MEMO": "DESCRIPTION",
        "DOCUMENTNUMBER": "DOCNUMBER",
        "PAYMENTDESCRIPTION": "DESCRIPTION",
        "PAYMENTOPTION": "PAYMENTREQUESTMETHOD",
    },
    "EPPAYMENT": {
        "BANKACCOUNTID": "FINANCIALENTITY",
        "DOCUMENTNUMBER": "DOCNUMBER",
        "PAYMENTDESCRIPTION": "DESCRIPTION",
    },
    "GLBATCH": {
        "JOURNALID": "JOURNAL",
        "DATECREATED": "BATCH_DATE",
        "DESCRIPTION": "BATCH_TITLE",
        "SOURCEENTITY": "BASELOCATION_NO",
    },
    # Lists: element names of the older functions that differ from the fields of the object.
    "VENDOR": {"CONTACTINFO": "DISPLAYCONTACT", "GLACCOUNTNO": "APACCOUNT", "PAYMETHOD": "PAYMETHODKEY"},
    "CUSTOMER": {"CONTACTINFO": "DISPLAYCONTACT", "GLACCOUNTNO": "ARACCOUNT"},
    "EMPLOYEE": {"PAYMETHOD": "PAYMETHODKEY"},
    "GLACCOUNT": {"GLACCOUNTNO": "ACCOUNTNO"},
    "EEACCOUNTLABEL": {"EXPENSETYPE": "ACCOUNTLABEL"},
    "GLJOURNAL": {"JOURNALID": "SYMBOL"},
    "TAXDETAIL": {"TAXDETAILID": "DETAILID", "TAXRATE": "VALUE", "GLACCOUNTNO": "GLACCOUNT"},
}
# Where the lines are: the group and the item of the function, and those of the object.
_LINES: Mapping[str, tuple[str, str, str, str]] = {
    "APBILL": ("BILLITEMS", "LINEITEM", "APBILLITEMS", "APBILLITEM"),
    "APADJUSTMENT": ("APADJUSTMENTITEMS", "LINEITEM", "APADJUSTMENTITEMS", "APADJUSTMENTITEM"),
    "CCTRANSACTION": ("CCPAYITEMS", "CCPAYITEM", "CCPAYITEMS", "CCPAYITEM"),
    "OTHERRECEIPTS": ("RECEIPTITEMS", "LINEITEM", "RECEIPTITEMS", "LINEITEM"),
    "EEXPENSES": ("EXPENSES", "EXPENSE", "EXPENSES", "EXPENSE"),
    "APPYMT": ("PAYMENTREQUESTITEMS", "PAYMENTREQUESTITEM", "APPYMTDETAILS", "APPYMTDETAIL"),
    "EPPAYMENT": ("EPPAYMENTREQUESTITEMS", "EPPAYMENTREQUESTITEM", "EPPAYMENTDETAILS", "EPPAYMENTDETAIL"),
    "GLBATCH": ("GLTRANSACTIONENTRIES", "GLENTRY", "ENTRIES", "GLENTRY"),
}
_ITEMS: Mapping[str, Mapping[str, str]] = {
    "CCTRANSACTION": {**_LINE, "DESCRIPTION": "ENTRYDESCRIPTION"},
    "EEXPENSES": {
        **_LINE,
        "EXPENSETYPE": "ACCOUNTLABEL",
        "EXPENSEDATE": "ENTRY_DATE",
        **_MONEY,
    },
    "APPYMT": {"KEY": "RECORDKEY", "PAYMENTAMOUNT": "TRX_PAYMENTAMOUNT"},
    "EPPAYMENT": {"KEY": "RECORDKEY", "PAYMENTAMOUNT": "TRX_PAYMENTAMOUNT"},
    "GLBATCH": {
        "TRTYPE": "TR_TYPE",
        "AMOUNT": "TRX_AMOUNT",
        "GLACCOUNTNO": "ACCOUNTNO",
        "MEMO": "DESCRIPTION",
        "DATECREATED": "ENTRY_DATE",
        **_MONEY,
    },
}
_UPDATES = {
    "APBILL": ("UPDATEBILLITEMS", "UPDATELINEITEM", "LINEITEM"),
    "APADJUSTMENT": ("UPDATEAPADJUSTMENTITEMS", "UPDATELINEITEM", "LINEITEM"),
    "CCTRANSACTION": ("UPDATECCPAYITEMS", "UPDATECCPAYITEM", "CCPAYITEM"),
    "EEXPENSES": ("UPDATEEXPENSES", "UPDATEEXPENSE", "EXPENSE"),
}
# The object behind the last word of a function's name, and what may be done to it by an older function.
_FUNCTIONS: Mapping[str, tuple[str, str]] = {
    "bill": ("APBILL", "create update delete reverse"),
    "apadjustment": ("APADJUSTMENT", "create update delete"),
    "cctransaction": ("CCTRANSACTION", "record update reverse"),
    "otherreceipt": ("OTHERRECEIPTS", "record update delete"),
    "expensereport": ("EEXPENSES", "create update delete reverse"),
    "paymentrequest": ("APPYMT", "create delete"),
    "appayment": ("APPYMT", "reverse"),
    "reimbursementrequest": ("EPPAYMENT", "create"),
    "gltransaction": ("GLBATCH", "create delete"),
    "vendor": ("VENDOR", "create update delete"),
    "customer": ("CUSTOMER", "create update delete"),
    "employee": ("EMPLOYEE", "create update delete"),
    "contact": ("CONTACT", "create update delete"),
    "glaccount": ("GLACCOUNT", "create update delete"),
    "department": ("DEPARTMENT", "create update delete"),
    "location": ("LOCATION", "create update delete"),
    "class": ("CLASS", "create update delete"),
    "project": ("PROJECT", "create update delete"),
    "item": ("ITEM", "create update delete"),
    "checkingaccount": ("CHECKINGACCOUNT", "create update delete"),
    "savingsaccount": ("SAVINGSACCOUNT", "create update delete"),
    "expensetype": ("EEACCOUNTLABEL", "create update delete"),
    "apaccountlabel": ("APACCOUNTLABEL", "create update delete"),
    "journal": ("GLJOURNAL", "create update delete"),
    "apterm": ("APTERM", "create update delete"),
    "taxdetail": ("TAXDETAIL", "create update delete"),
    "supdoc": ("SUPDOC", "create update delete"),
    "supdocfolder": ("SUPDOCFOLDER", "create update delete"),
}
# The attribute that names a list entry where it is not ``key``.
KEYS: Mapping[str, str] = {
    "VENDOR": "vendorid",
    "CUSTOMER": "customerid",
    "EMPLOYEE": "employeeid",
    "CONTACT": "contactname",
    "GLACCOUNT": "glaccountno",
    "DEPARTMENT": "departmentid",
    "LOCATION": "locationid",
    "ITEM": "itemid",
    "CHECKINGACCOUNT": "bankaccountid",
    "SAVINGSACCOUNT": "bankaccountid",
    "EEACCOUNTLABEL": "expensetype",
    "APACCOUNTLABEL": "accountlabel",
    "GLJOURNAL": "symbol",
    "TAXDETAIL": "detailid",
    "APTERM": "name",
}
# The older lists have names of their own for some objects.
LISTS: Mapping[str, str] = {
    **{word: name for word, (name, _) in _FUNCTIONS.items()},
    "appaymentrequest": "APPYMT",
    "expensepaymenttype": "EXPENSEPAYMENTTYPE",
    "expensetypes": "EEACCOUNTLABEL",
    "glentry": "GLENTRY",
    "icitem": "ITEM",
    "locationentity": "LOCATIONENTITY",
    "otherreceipts": "OTHERRECEIPTS",
    "reportingperiod": "REPORTINGPERIOD",
    "billbatch": "APBILLBATCH",
    "apadjustmentbatch": "APADJUSTMENTBATCH",
    "expensereportbatch": "EEXPENSESBATCH",
    "task": "TASK",
    "warehouse": "WAREHOUSE",
    "trxcurrencies": "TRXCURRENCIES",
}


def split(function: str) -> tuple[str, str] | None:
    """Verb and object of an older function: ``record_cctransaction`` -> record, CCTRANSACTION."""
    verb, _, word = function.partition("_")
    name, verbs = _FUNCTIONS.get(word, ("", ""))
    return (verb, name) if verb in verbs.split() else None


# What the older lists call totals, dates and keys that no function writes.
# Source: github.com/Intacct/intacct_dtd (intacct_response.v2.1.dtd)
_PAID = {
    "TOTALAMOUNT": "TOTALENTERED",
    "TRX_TOTALAMOUNT": "TRX_TOTALENTERED",
    "DATEPAID": "WHENPAID",
    "BATCHKEY": "PRBATCHKEY",
}
_SUMMARY = {"BATCHTITLE": "TITLE", "DATECREATED": "CREATED", "TOTALAMOUNT": "TOTAL"}
_TOLD: Mapping[str, Mapping[str, str]] = {
    "REPORTINGPERIOD": {
        "HEADINGTITLE": "HEADER1",
        "HEADINGTITLE2": "HEADER2",
        "STARTDATE": "START_DATE",
        "ENDDATE": "END_DATE",
        "BUDGETABLE": "BUDGETING",
    },
    **dict.fromkeys(("APBILLBATCH", "APADJUSTMENTBATCH", "EEXPENSESBATCH"), _SUMMARY),
    "APBILL": _PAID,
    "APADJUSTMENT": _PAID,
    "EEXPENSES": _PAID,
    "SUPDOC": {"CREATIONDATE": "WHENCREATED"},
    "SUPDOCFOLDER": {"CREATIONDATE": "WHENCREATED", "LASTMODIFIED": "WHENMODIFIED", "LASTMODIFIEDBY": "MODIFIEDBY"},
}


def names_of(object_name: str) -> dict[str, str]:
    """The element names of functions and older lists that differ from the object's fields."""
    return {**_HEADS.get(object_name, {}), **_TOLD.get(object_name, {})}


def line_names_of(object_name: str) -> tuple[str, ...]:
    """The element names of an older function's lines that differ from the fields of the object's lines."""
    return tuple(_ITEMS.get(object_name, _LINE))


def lines_of(object_name: str) -> tuple[tuple[str, str], ...]:
    """Where the lines of an object hang that older functions write: group and item."""
    return (_LINES[object_name][2:],) if object_name in _LINES else ()


def fields_for(object_name: str, given: Fields, *, standing: Fields | None = None) -> Fields:
    """The fields of an object from those of its older function."""
    renamed = _renamed(given, _HEADS.get(object_name, {}))
    if object_name in ("VENDOR", "CUSTOMER", "EMPLOYEE"):
        _unwrap_contacts(renamed)
    if object_name == "APBILL":
        _name_contacts(renamed)
    if object_name == "APTERM":
        _flatten_term(renamed)
    if object_name in _LINES:
        group, item, new_group, new_item = _LINES[object_name]
        holder = renamed.pop(group, None)
        if isinstance(holder, dict):
            renamed[new_group] = {new_item: [_item(object_name, line) for line in many(holder.get(item))]}
        elif holder is not None:
            renamed[new_group] = holder
    if standing is not None and object_name in _UPDATES:
        _merge_lines(object_name, renamed, standing)
    return renamed


def unkept(fields: Mapping[str, Any], kept: tuple[str, ...], path: str = "") -> str:
    """The first field that says something and that its list does not keep; empty where there is none."""
    for name, value in fields.items():
        whole = f"{path}{name}"
        if isinstance(value, Mapping) and name not in _WHOLE and any(each.startswith(f"{whole}.") for each in kept):
            found = unkept(value, kept, f"{whole}.")
        else:
            found = whole if value not in (None, "") and whole not in (*kept, *_WHOLE) else ""
        if found:
            return found
    return ""


# Groups that are taken apart into contacts of their own, and the client's own key.
_WHOLE = ("PERSONALINFO", "CONTACTINFO", "PAYTO", "RETURNTO", "BILLTO", "SHIPTO", "EXTERNALID")


def _renamed(given: Mapping[str, Any], names: Mapping[str, str]) -> Fields:
    renamed: Fields = {}
    for name, value in given.items():
        new = names.get(name, name)
        if new in renamed and value in (None, ""):
            continue
        renamed[new] = value
    return renamed


def _item(object_name: str, line: Any) -> Any:
    if not isinstance(line, dict):
        return line
    # An expense may carry both what was spent and what is claimed; then each keeps its name.
    both = object_name == "EEXPENSES" and line.get("TRX_AMOUNT") not in (None, "")
    names = {k: v for k, v in _ITEMS.get(object_name, _LINE).items() if not (both and k == "AMOUNT")}
    return _renamed(line, names)


def _unwrap_contacts(fields: Fields) -> None:
    for name in ("DISPLAYCONTACT", "PERSONALINFO"):
        held = fields.get(name)
        if isinstance(held, dict) and isinstance(held.get("CONTACT"), dict):
            fields[name] = held["CONTACT"]


_TERM = {
    "DUEDAY": "DUEDATE",
    "DISCDAY": "DISCDATE",
    "DISCGRACEDAYS": "DISCFUDGEDAYS",
    "PEN_TYPE": "PEN_TYPES",
    "PENGRACEDAYS": "PENFUDGEDAYS",
}


def _flatten_term(fields: Fields) -> None:
    """When a term is due, its discount and its penalty, as fields of the term."""
    for group in ("DUE", "DISCOUNT", "PENALTY"):
        held = fields.pop(group, None)
        if isinstance(held, dict):
            fields.update({_TERM.get(str(name), str(name)): value for name, value in held.items()})


_BILL_CONTACTS = (("PAYTO", "BILLTOPAYTOCONTACTNAME"), ("RETURNTO", "SHIPTORETURNTOCONTACTNAME"))


def _name_contacts(fields: Fields) -> None:
    """Whom a bill names, by the name of the contact; a whole contact in its place is made elsewhere."""
    for old, new in _BILL_CONTACTS:
        held = fields.pop(old, None)
        if isinstance(held, dict) and "CONTACT" in held:
            raise NotSimulated(f"a new contact inside {old.lower()}", instead="the name of a contact")
        if isinstance(held, dict):
            fields[new] = held.get("CONTACTNAME", "")


def _merge_lines(object_name: str, renamed: Fields, standing: Fields) -> None:
    """Lines of an update: those that name a line change it, others are added."""
    group, change, addition = _UPDATES[object_name]
    holder = renamed.pop(group, None)
    if not isinstance(holder, dict):
        return
    lines = [as_part({k: v for k, v in line.items() if k != "TOTALTRXAMOUNT"}) for line in standing.get("LINES", [])]
    for sent in many(holder.get(change)):
        if not isinstance(sent, dict):
            continue
        place = str(sent.get("@LINE_NUM") or sent.get("LINE_NUM") or "1")
        changed = {k: v for k, v in _item(object_name, sent).items() if not k.startswith("@") and k != "LINE_NUM"}
        index = int(place) - 1 if place.isascii() and place.isdigit() and 0 < int(place) <= len(lines) else -1
        if index < 0:
            lines.append(changed)
        else:
            lines[index] = _changed(lines[index], changed)
    lines += [_item(object_name, sent) for sent in many(holder.get(addition))]
    _, _, new_group, new_item = _LINES[object_name]
    renamed[new_group] = {new_item: lines}


def _changed(line: Fields, changes: Fields) -> Fields:
    """A line with changes: another label means another account, another amount is taxed anew."""
    kept = dict(line)
    if "ACCOUNTLABEL" in changes:
        kept.pop("ACCOUNTNO", None)
    if "TRX_AMOUNT" in changes and isinstance(kept.get("TAXENTRIES"), dict):
        taxes = many(kept["TAXENTRIES"].get("TAXENTRY"))
        kept["TAXENTRIES"] = {"TAXENTRY": [{"DETAILID": tax["DETAILID"]} for tax in taxes]}
    return {**kept, **changes}
