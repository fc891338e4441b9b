"""From one object to another: the names by which a query reaches through, and the field that holds the other's key.

``VENDOR.TERM.DUEDATE`` of a bill: its vendor, the vendor's term, the term's due date.
Source: https://developer.intacct.com/web-services/queries/ (related objects; an object above itself is reached once)
"""

from __future__ import annotations

from msgspec import Struct

from sandbooks.kit.errors import NotSimulated
from sandbooks.platforms.sage_intacct.objects.catalogue import OBJECTS, ObjectType

# The object behind a name, and the fields that may hold its key, the first that an object has counts.
_NAMES: dict[str, tuple[str, tuple[str, ...]]] = {
    "VENDOR": ("VENDOR", ("VENDORID",)),
    "CUSTOMER": ("CUSTOMER", ("CUSTOMERID",)),
    "EMPLOYEE": ("EMPLOYEE", ("EMPLOYEEID",)),
    "PROJECT": ("PROJECT", ("PROJECTID",)),
    "TASK": ("TASK", ("TASKID",)),
    "DEPARTMENT": ("DEPARTMENT", ("DEPARTMENTID", "DEPT")),
    "LOCATION": ("LOCATION", ("LOCATIONID",)),
    "CLASS": ("CLASS", ("CLASSID",)),
    "ITEM": ("ITEM", ("ITEMID",)),
    "CONTRACT": ("CONTRACT", ("CONTRACTID",)),
    "WAREHOUSE": ("WAREHOUSE", ("WAREHOUSEID",)),
    "GLACCOUNT": ("GLACCOUNT", ("ACCOUNTNO", "GLACCOUNTNO")),
    "CREDITCARD": ("CREDITCARD", ("CHARGECARDID", "FINANCIALENTITY")),
    "TERM": ("APTERM", ("TERMNAME",)),
    "JOURNAL": ("GLJOURNAL", ("JOURNAL", "SYMBOL")),
    "CONTACT": ("CONTACT", ("PERSONALINFO.CONTACTNAME",)),
    "DISPLAYCONTACT": ("CONTACT", ("DISPLAYCONTACT.CONTACTNAME",)),
    "PAYTOCONTACT": ("CONTACT", ("PAYTO.CONTACTNAME", "BILLTOPAYTOCONTACTNAME")),
    "RETURNTOCONTACT": ("CONTACT", ("RETURNTO.CONTACTNAME", "SHIPTORETURNTOCONTACTNAME")),
    "TAXSOLUTION": ("TAXSOLUTION", ("TAXSOLUTIONID",)),
    "EXPENSEPAYMENTTYPE": ("EXPENSEPAYMENTTYPE", ("EXPPMTTYPE",)),
    "PARENT": ("", ("PARENTID",)),
}


class Relation(Struct, frozen=True):
    """What a name reaches: the object, and the field that holds its key."""

    target: ObjectType
    field: str


def relation(kind: ObjectType, name: str) -> Relation | None:
    """What an object reaches under a name; None where it reaches nothing."""
    if kind.parent and name == kind.parent:
        return Relation(OBJECTS[name], holder_of(name))
    target, fields = _NAMES.get(name, ("", ()))
    held = next((field for field in fields if field in kind.fields and field != kind.key), "")
    if not held:
        return None
    return Relation(OBJECTS[target] if target else kind, held)


def holder_of(parent: str) -> str:
    """The field by which the lines of a document hold its key."""
    return {"APPYMT": "PAYMENTKEY", "GLBATCH": "BATCHNO"}.get(parent, "RECORDKEY")


def has(kind: ObjectType, name: str, *, above: bool = False) -> bool:
    """Whether an object has a field, itself or through objects that it reaches. Raises ``NotSimulated``."""
    if name in kind.absent:
        raise NotSimulated(f"{name} of {kind.name}")
    if name in kind.fields or name in kind.own:
        return True
    head, dot, rest = name.partition(".")
    found = relation(kind, head) if dot else None
    if found is None or (head == "PARENT" and above):
        return False
    return has(found.target, rest, above=head == "PARENT")


def relations(kind: ObjectType) -> dict[str, Relation]:
    """Everything that an object reaches, by name."""
    names = (*_NAMES, *((kind.parent,) if kind.parent else ()))
    return {name: found for name in names if (found := relation(kind, name)) is not None}
