"""What is read from Sage Intacct, in neutral words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Literal

from lxml import etree

from sandbooks.connector import (
    Account,
    AccountClass,
    Company,
    Consent,
    Contact,
    ContactKind,
    Refused,
    Steps,
    TaxRate,
    TrackingOption,
    Unavailable,
)
from sandbooks.platforms.sage_intacct.connector.answers import NO_OBJECT
from sandbooks.platforms.sage_intacct.connector.envelope import Row, condition, element
from sandbooks.platforms.sage_intacct.connector.gateway import call, query

BASE_CURRENCY = ("BASECURRENCY", "BASECURR")
DOCUMENTS = ("Payment", "Refund", "Reimbursable")
# The choice of no tax: a company without a tax solution has no tax details, and a line has to say something.
NO_TAX = "NONE"
DIMENSIONS = {  # object: the fields of its id and its name, and the field of a line that takes it
    "DEPARTMENT": ("DEPARTMENTID", "TITLE"),
    "LOCATION": ("LOCATIONID", "NAME"),
    "CLASS": ("CLASSID", "NAME"),
    "PROJECT": ("PROJECTID", "NAME"),
}
ADDRESS = {
    "line1": "ADDRESS1",
    "line2": "ADDRESS2",
    "city": "CITY",
    "region": "STATE",
    "postalCode": "ZIP",
    "country": "COUNTRYCODE",
}
_CONTACT = ("FIRSTNAME", "LASTNAME", "PHONE1", "EMAIL1", *(f"MAILADDRESS.{name}" for name in ADDRESS.values()))
CONTACT_FIELDS = tuple(f"DISPLAYCONTACT.{name}" for name in _CONTACT)


def company(consent: Consent) -> Steps[Company]:
    """The company behind the session: its financial setup, its preferences, and its entities where it has some.

    Unconfirmed: the preferences that tell the company's name and country; a live answer would settle them.
    Source: developer.intacct.com/api/company-console (financial setup, subscriptions)
    """
    setup = yield from _told("getFinancialSetup", BASE_CURRENCY)
    entities = yield from query(
        "LOCATIONENTITY",
        ("RECORDNO", "LOCATIONID", "NAME", "CURRENCY", "LEGALNAME", "LEGALCOUNTRY", "OPCOUNTRY"),
    )
    first = next((row for row in entities if row.get("CURRENCY")), next(iter(entities), {}))
    preferences = yield from _told("get_companyprefs", ("COMPANYNAME", "COUNTRY"), application="GEN")
    currency = next((setup[name] for name in BASE_CURRENCY if setup.get(name)), "") or first.get("CURRENCY")
    if not currency:
        raise Unavailable("Sage Intacct does not tell the base currency of this company")
    own = first.get("NAME", "") if len(entities) == 1 else ""
    return Company(
        id=consent.company,
        name=preferences.get("COMPANYNAME") or own or consent.company,
        legal_name=first.get("LEGALNAME", ""),
        currency=currency,
        country=_country(first.get("OPCOUNTRY") or first.get("LEGALCOUNTRY") or preferences.get("COUNTRY", "")),
    )


def _told(function: str, names: Sequence[str], **attributes: str) -> Steps[dict[str, str]]:
    """What a function without arguments tells under some names: as elements, or as pairs of name and value."""
    try:
        result = yield from call(element(function, None, **attributes), purpose=f"ask {function}")
    except Refused:
        return {}
    found: dict[str, str] = {}
    for node in result.iterfind("data//*"):
        name = str(node.tag).replace("_", "").upper()
        if name in names and node.text:
            found[name] = node.text.strip()
        preference = (node.findtext("preference") or "").upper()
        if preference in names:
            found[preference] = (node.findtext("prefvalue") or "").strip()
    return found


def _country(text: str) -> str:
    """Two letters; a country that is written out is left unsaid."""
    return text.upper() if len(text) == 2 else ""


def accounts(consent: Consent) -> Steps[Sequence[Account]]:
    """The chart of accounts, then charge cards, then checking and savings accounts."""
    home = (yield from company(consent)).currency
    chart = yield from query(
        "GLACCOUNT",
        (
            "RECORDNO",
            "ACCOUNTNO",
            "TITLE",
            "ACCOUNTTYPE",
            "NORMALBALANCE",
            "CLOSINGTYPE",
            "CATEGORY",
            "STATUS",
            "WHENMODIFIED",
        ),
    )
    cards = yield from _cards()
    banks = []
    for object in ("CHECKINGACCOUNT", "SAVINGSACCOUNT"):
        fields = ("RECORDNO", "BANKACCOUNTID", "BANKNAME", "GLACCOUNTNO", "CURRENCY", "STATUS")
        banks += [(object, row) for row in (yield from query(object, fields, key="BANKACCOUNTID"))]
    money = [*(card(row, home) for row in cards), *(bank(row, object, home) for object, row in banks)]
    named = {account.id for account in money}  # some companies name a card as they number its account
    return [*(account(row, home) for row in chart if row["ACCOUNTNO"] not in named), *money]


def _cards() -> Steps[list[Row]]:
    """The charge cards, with name and currency where the object has them.

    Unconfirmed: that it does; without them a card goes by its id and is in base currency.
    """
    confirmed = ("RECORDNO", "CARDID", "CARDTYPE", "LIABILITYTYPE", "STATUS")
    try:
        rows = yield from query("CREDITCARD", (*confirmed, "DESCRIPTION", "CURRENCY"), key="CARDID")
    except Refused as refused:
        if refused.native_code != NO_OBJECT:
            raise
        rows = yield from _offered("CREDITCARD", confirmed, key="CARDID")
    return rows


def account(row: Row, home: str) -> Account:
    """An account of the chart; lines name costs."""
    number = row["ACCOUNTNO"]
    account_class = class_of(row)
    parts = (account_class, row.get("ACCOUNTTYPE"), row.get("CATEGORY"))
    return Account(
        id=number,
        name=row.get("TITLE", ""),
        nominal_code=number,
        account_class=account_class,
        category=".".join(part for part in parts if part),
        currency=home,
        lines=DOCUMENTS if account_class == "Expense" else (),
        active=row.get("STATUS", "active") == "active",
        updated=instant(row.get("WHENMODIFIED", "")),
    )


def class_of(row: Row) -> AccountClass:
    """The class of an account by its statement and normal balance; equity by its category, or as years close to it."""
    debit = row.get("NORMALBALANCE", "debit") != "credit"
    if row.get("ACCOUNTTYPE") == "incomestatement":
        return "Expense" if debit else "Income"
    category = row.get("CATEGORY", "").lower()
    if row.get("CLOSINGTYPE") == "closed to account" or "equity" in category or "retained" in category:
        return "Equity"
    return "Asset" if debit else "Liability"


def card(row: Row, home: str) -> Account:
    """A charge card; the charges of one of liability type Debit leave its checking account.

    Source: Sage Intacct help, set up a credit card account
    """
    debit = row.get("LIABILITYTYPE") == "Debit"
    account_class: Literal["Asset", "Liability"] = "Asset" if debit else "Liability"
    return Account(
        id=row["CARDID"],
        name=row.get("DESCRIPTION") or row["CARDID"],
        account_class=account_class,
        category=f"{account_class}.Charge Card.{row.get('LIABILITYTYPE') or 'Credit'}",
        description=row.get("CARDTYPE", ""),
        currency=row.get("CURRENCY") or home,
        pays="card",
        active=row.get("STATUS", "active") == "active",
    )


def bank(row: Row, object: str, home: str) -> Account:
    """A checking or savings account."""
    return Account(
        id=row["BANKACCOUNTID"],
        name=row["BANKACCOUNTID"],
        account_class="Asset",
        category=f"Asset.Bank Account.{'Checking' if object == 'CHECKINGACCOUNT' else 'Savings'}",
        description=row.get("BANKNAME", ""),
        currency=row.get("CURRENCY") or home,
        pays="bank",
        active=row.get("STATUS", "active") == "active",
    )


def contacts(kind: ContactKind) -> Steps[Sequence[Contact]]:
    """The vendors or the customers, inactive ones included."""
    object = object_of(kind)
    rows = yield from query(object, contact_fields(object), key=f"{object}ID")
    return [contact(row, kind) for row in rows]


def object_of(kind: ContactKind) -> Literal["VENDOR", "CUSTOMER"]:
    """What Sage Intacct calls a supplier or customer."""
    return "VENDOR" if kind == "supplier" else "CUSTOMER"


def contact_fields(object: str) -> tuple[str, ...]:
    """The fields that a contact is read by."""
    return ("RECORDNO", f"{object}ID", "NAME", "CURRENCY", "STATUS", "TAXID", "WHENMODIFIED", *CONTACT_FIELDS)


def contact(row: Row, kind: ContactKind) -> Contact:
    """A vendor or customer with its display contact."""
    shown = {name: row.get(f"DISPLAYCONTACT.{name}", "") for name in _CONTACT}
    address = {ours: shown[f"MAILADDRESS.{theirs}"] for ours, theirs in ADDRESS.items()}
    address = {name: text for name, text in address.items() if text}
    return Contact(
        kind=kind,
        id=row[f"{object_of(kind)}ID"],
        name=row.get("NAME", ""),
        currency=row.get("CURRENCY", ""),
        contact_name=" ".join(filter(None, (shown["FIRSTNAME"], shown["LASTNAME"]))),
        email=shown["EMAIL1"],
        phone=shown["PHONE1"],
        tax_number=row.get("TAXID", ""),
        addresses=(address,) if address else (),
        active=row.get("STATUS", "active") == "active",
        updated=instant(row.get("WHENMODIFIED", "")),
    )


def tax_rates() -> Steps[Sequence[TaxRate]]:
    """The tax details for purchases, after the choice of none."""
    none = TaxRate(id=NO_TAX, name="No tax", kinds=DOCUMENTS)
    rows = yield from _details()
    return [
        none,
        *(
            TaxRate(
                id=row["DETAILID"],
                name=row["DETAILID"],
                code=row.get("TAXSOLUTIONID", ""),
                effective=_number(row.get("VALUE", "")),
                total=_number(row.get("VALUE", "")),
                kinds=DOCUMENTS,
                active=row.get("STATUS", "active") == "active",
            )
            for row in rows
            if row.get("TAXTYPE", "Purchase") != "Sale"
        ),
    ]


def solutions(details: Sequence[str], *, reference: str) -> Steps[dict[str, str]]:
    """The tax solutions that some tax details belong to; one that is not shown is left for the platform to judge."""
    if not details:
        return {}
    rows = yield from _details(details, reference=reference)
    return dict.fromkeys(details, "") | {row["DETAILID"]: row.get("TAXSOLUTIONID", "") for row in rows}


def _details(wanted: Sequence[str] = (), *, reference: str = "") -> Steps[list[Row]]:
    fields = ("RECORDNO", "DETAILID", "DESCRIPTION", "VALUE", "TAXTYPE", "TAXSOLUTIONID", "STATUS")
    only = condition("in", "DETAILID", *wanted) if wanted else None
    rows = yield from _offered("TAXDETAIL", fields, key="DETAILID", only=only, reference=reference)
    return rows


def tracking() -> Steps[Sequence[TrackingOption]]:
    """Departments, locations, classes and projects, an option's id being ``DEPARTMENT-100``.

    Source: docs.codat.io, Sage Intacct integration reference (ids of tracking categories)
    """
    options: list[TrackingOption] = []
    for object, (id, name) in DIMENSIONS.items():
        rows = yield from _offered(object, ("RECORDNO", id, name, "PARENTID", "STATUS", "WHENMODIFIED"), key=id)
        parents = {row.get("PARENTID", "") for row in rows}
        options += [
            TrackingOption(
                id=f"{object}-{row[id]}",
                name=row.get(name, ""),
                parent=f"{object}-{row['PARENTID']}" if row.get("PARENTID") else "",
                has_children=row[id] in parents,
                active=row.get("STATUS", "active") == "active",
                updated=instant(row.get("WHENMODIFIED", "")),
            )
            for row in rows
        ]
    return options


def _offered(
    object: str,
    fields: Sequence[str],
    *,
    key: str,
    only: etree._Element | None = None,
    reference: str = "",
) -> Steps[list[Row]]:
    """The records of an object that a company's subscriptions may lack; none then."""
    try:
        rows = yield from query(object, fields, key=key, condition=only, reference=reference)
    except Refused as refused:
        if refused.native_code != NO_OBJECT:
            raise
        rows = []
    return rows


def _number(text: str) -> Decimal:
    try:
        return Decimal(text or 0)
    except InvalidOperation:
        return Decimal(0)


def instant(text: str) -> datetime | None:
    """An instant as Sage Intacct writes it: ``MM/DD/YYYY hh:mm:ss`` in GMT."""
    try:
        return datetime.strptime(text, "%m/%d/%Y %H:%M:%S").replace(tzinfo=UTC) if text else None
    except ValueError:
        return None
