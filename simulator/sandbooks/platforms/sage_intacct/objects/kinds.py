"""What the catalogue says of one object, and the field names that many objects share.

Source: https://developer.intacct.com/api/ (object pages), PyPI sageintacctsdk 1.28.1 (field lists)
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

AUDIT = "WHENCREATED WHENMODIFIED CREATEDBY MODIFIEDBY"
ENTITY = "MEGAENTITYKEY MEGAENTITYID MEGAENTITYNAME"
CONTACT = (
    "CONTACTNAME PREFIX FIRSTNAME INITIAL LASTNAME COMPANYNAME PRINTAS PHONE1 PHONE2 CELLPHONE PAGER FAX EMAIL1 EMAIL2 "
    "URL1 URL2 TAXABLE TAXID TAXGROUP VISIBLE MAILADDRESS.ADDRESS1 MAILADDRESS.ADDRESS2 MAILADDRESS.CITY "
    "MAILADDRESS.STATE MAILADDRESS.ZIP MAILADDRESS.COUNTRY MAILADDRESS.COUNTRYCODE MAILADDRESS.ADDRESS3 "
    "MAILADDRESS.ISOCOUNTRYCODE TAXSCHEDULE TAXSOLUTIONID"
)
LINE_DIMENSIONS = (
    "LOCATIONID LOCATIONNAME DEPARTMENTID DEPARTMENTNAME PROJECTID PROJECTNAME TASKID TASKNAME COSTTYPEID "
    "CUSTOMERID CUSTOMERNAME VENDORID VENDORNAME EMPLOYEEID EMPLOYEENAME ITEMID ITEMNAME CLASSID CLASSNAME "
    "CONTRACTID CONTRACTNAME WAREHOUSEID WAREHOUSENAME"
)
TOTALS = "TOTALENTERED TRX_TOTALENTERED TOTALPAID TRX_TOTALPAID TOTALSELECTED TRX_TOTALSELECTED TOTALDUE TRX_TOTALDUE"
MONEY = "BASECURR CURRENCY EXCH_RATE_DATE EXCH_RATE_TYPE_ID EXCHANGE_RATE"


class ObjectType(Struct, frozen=True, kw_only=True):
    """One object. ``key`` is its own identifier beside RECORDNO; ``lines`` is where its line objects hang.

    ``references`` name the object that a field points to; ``parent`` marks a line object, read from its document;
    ``own`` are fields of a company's own; ``absent`` are fields of the product that are not kept; the rows of a
    ``view`` are made when asked, from what no record holds.
    """

    name: str
    title: str
    key: str = "RECORDNO"
    fields: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    references: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    flags: tuple[str, ...] = ()
    defaults: Mapping[str, str] = field(default_factory=dict)
    lengths: Mapping[str, int] = field(default_factory=dict)
    parent: str = ""
    lines: tuple[str, str] | None = None
    is_document: bool = False
    read_only: bool = False
    absent: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    view: bool = False


def words(*texts: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for text in texts for word in text.split()))


def prefixed(prefix: str, names: str) -> str:
    return " ".join(f"{prefix}.{name}" for name in names.split())
