"""The catalogue: every object that is answered, by name, and those of the product that are not kept."""

from __future__ import annotations

from sandbooks.platforms.sage_intacct.objects.document_kinds import DERIVED, DOCUMENTS, LINES
from sandbooks.platforms.sage_intacct.objects.kinds import ObjectType
from sandbooks.platforms.sage_intacct.objects.list_kinds import LISTS
from sandbooks.platforms.sage_intacct.refusals import ObjectUnknown

__all__ = ["ABSENT", "DOCUMENTS", "LISTS", "OBJECTS", "ObjectType", "object_named"]

OBJECTS: dict[str, ObjectType] = {each.name: each for each in (*LISTS, *DOCUMENTS, *LINES, *DERIVED)}
_ALIASES = {
    "FUNDTRANSFER": "FUNDSTRANSFER",
    "APPAYMENT": "APPYMT",
    "APPAYMENTREQUEST": "APPYMT",
    "CHARGECARDACCOUNT": "CREDITCARD",
    "EXPENSESTYPE": "EEACCOUNTLABEL",
}
# Objects of the product that this simulator does not keep. Named, so that they answer loudly rather than as unknown.
# Source: https://developer.intacct.com/api/ (the objects of each application)
ABSENT = frozenset(
    (
        "ARINVOICE", "ARINVOICEITEM", "ARPYMT", "ARADJUSTMENT", "ARADVANCE", "ARAGING", "CONTRACT", "CONTRACTDETAIL",
        "SODOCUMENT", "SODOCUMENTENTRY", "PODOCUMENT", "PODOCUMENTENTRY", "INVDOCUMENT", "ALLOCATION",
        "ALLOCATIONENTRY", "TIMESHEET", "DEPOSIT", "REVRECSCHEDULE", "REVRECSCHEDULEENTRY", "INVPRICELISTENTRY",
        "STATJOURNAL", "GLBUDGET", "COMPANYPREF", "GLACCTALLOCATION", "WAREHOUSE", "APADVANCE",
        "ARADJUSTMENTITEM", "ARADVANCEITEM", "ARPYMTDETAIL", "ARPYMTENTRY", "ARRECURINVOICE", "ARRECURINVOICEENTRY",
        "ARTERM", "ARACCOUNTLABEL", "APADVANCEITEM", "APRECURBILL", "APRECURBILLENTRY", "PROVIDERBANKACCOUNT",
        "PROVIDERVENDOR", "PROVIDERPAYMENTMETHOD", "GLBUDGETHEADER", "GLBUDGETITEM", "STATACCOUNT", "GLACCTGRP",
        "GLACCOUNTBALANCE", "GLACCTALLOCATIONRUN", "INVDOCUMENTENTRY", "INVPRICELIST", "SOPRICELIST", "POPRICELIST",
        "SODOCUMENTPARAMS", "PODOCUMENTPARAMS", "INVDOCUMENTPARAMS", "ITEMGLGROUP", "PRODUCTLINE", "UOM", "AISLE",
        "BIN", "ROW", "ZONE", "TIMESHEETENTRY", "TIMETYPE", "PROJECTTYPE", "PROJECTSTATUS", "PROJECTRESOURCES",
        "TASKRESOURCES", "EARNINGTYPE", "EMPLOYEERATE", "EMPLOYEETYPE", "CUSTTYPE", "TERRITORY",
        "CUSTOMERGROUP", "VENDORGROUP", "DEPARTMENTGROUP", "LOCATIONGROUP", "CLASSGROUP", "PROJECTGROUP", "ITEMGROUP",
        "EXCHANGERATE", "EXCHANGERATEENTRY", "EXCHANGERATEINFO", "ROLES", "ROLEUSERS", "USERGROUP", "MEMBERUSERGROUP",
        "CONTRACTEXPENSE", "CONTRACTTYPE", "CONTRACTUSAGE", "CONTRACTREVENUESCHEDULE",
        "CONTRACTBILLINGSCHEDULE", "REVRECTEMPLATE", "RENEWALMACRO",
    )
)  # fmt: skip


def object_named(name: str) -> ObjectType:
    """The object of that name, in any case. Raises ``ObjectUnknown``."""
    upper = name.strip().upper()
    found = OBJECTS.get(_ALIASES.get(upper, upper))
    if found is None:
        raise ObjectUnknown(name.strip()[:60])
    return found
