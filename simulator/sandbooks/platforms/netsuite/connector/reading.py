"""What the hub reads from NetSuite, in neutral words: the company, its accounts, vendors, customers, taxes and tags.

Lists are read by SuiteQL, because a collection of records answers ids alone.
Source: docs.oracle.com, NetSuite Online Help, "Executing SuiteQL Queries Through REST Web Services".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation

from sandbooks.connector import (
    Account,
    AccountClass,
    Company,
    Consent,
    Contact,
    ContactKind,
    Steps,
    TaxRate,
    TrackingOption,
    Unavailable,
)
from sandbooks.platforms.netsuite.connector.calls import Row, rows_of, rows_where_offered

EXPENSE_KINDS = ("Payment", "Refund", "Reward", "Chargeback")
# Source: docs.oracle.com, account types; their ids in public clients (hotgluexyz/target-netsuite-v2)
CLASSES: Mapping[str, AccountClass] = {
    "Bank": "Asset",
    "AcctRec": "Asset",
    "OthCurrAsset": "Asset",
    "FixedAsset": "Asset",
    "OthAsset": "Asset",
    "DeferExpense": "Asset",
    "UnbilledRec": "Asset",
    "AcctPay": "Liability",
    "CredCard": "Liability",
    "OthCurrLiab": "Liability",
    "LongTermLiab": "Liability",
    "DeferRevenue": "Liability",
    "Equity": "Equity",
    "Income": "Income",
    "OthIncome": "Income",
    "COGS": "Expense",
    "Expense": "Expense",
    "OthExpense": "Expense",
}
# Lines name none of these: money moves by the document's own account, payables and receivables by bills.
NOT_ON_LINES = ("Bank", "CredCard", "AcctRec", "AcctPay", "UnbilledRec")
CONTACTS: Mapping[ContactKind, str] = {
    "supplier": "SELECT id, entityid, companyname, isperson, firstname, lastname, email, phone, currency, isinactive "
    "FROM vendor ORDER BY id",
    "customer": "SELECT id, entityid, companyname, isperson, firstname, lastname, email, phone, currency, isinactive "
    "FROM customer ORDER BY id",
}
TAGS: Mapping[str, str] = {
    "department": "SELECT id, name, parent, isinactive FROM department ORDER BY id",
    "class": "SELECT id, name, parent, isinactive FROM classification ORDER BY id",
    "location": "SELECT id, name, parent, isinactive FROM location ORDER BY id",
}
SUBSIDIARY = "subsidiary"
UNTAXED = "untaxed"
CURRENCY = "currency."


def company(consent: Consent) -> Steps[Company]:
    """The account, and the subsidiary at the root of it, which documents are written for.

    ``facts``: its id under ``subsidiary`` (absent in an account without subsidiaries), ids of currencies under
    ``currency.<code>``, and under ``untaxed`` the tax code that charges nothing.
    """
    currencies = yield from _currencies()
    root = yield from _root()
    home = currencies.get(root.get("currency", "")) if root else (yield from _base_currency())
    if not home:
        raise Unavailable("no base currency in NetSuite's answer")
    country = root.get("country", "")
    codes = yield from _tax_codes()
    facts = {f"{CURRENCY}{symbol}": id for id, symbol in currencies.items()}
    if root:
        facts[SUBSIDIARY] = root["id"]
    free = untaxed(codes, country)
    if free:
        facts[UNTAXED] = free
    return Company(
        id=consent.company,
        name=root.get("name") or consent.company,
        legal_name=root.get("legalname", ""),
        currency=home,
        country=country,
        multicurrency=len(currencies) > 1,
        facts=facts,
    )


def _root() -> Steps[Row]:
    """The subsidiary that has no parent; an empty row where the account has no subsidiaries."""
    statement = "SELECT id, name, legalname, country, currency, parent FROM subsidiary ORDER BY id"
    found = yield from rows_where_offered(statement, purpose="list subsidiaries")
    return min((row for row in found if not row.get("parent")), key=lambda row: int(row["id"]), default={})


def _currencies() -> Steps[dict[str, str]]:
    """ISO codes by id; none where several currencies are not in use."""
    found = yield from rows_where_offered("SELECT id, symbol FROM currency ORDER BY id", purpose="list currencies")
    return {row["id"]: row["symbol"] for row in found if row.get("symbol")}


def _base_currency() -> Steps[str]:
    statement = "SELECT id, symbol FROM currency WHERE isbasecurrency = 'T' ORDER BY id"
    found = yield from rows_of(statement, purpose="find the base currency")
    return next((row["symbol"] for row in found if row.get("symbol")), "")


def accounts() -> Steps[Sequence[Account]]:
    """The chart of accounts, inactive ones included; statistical and non-posting ones are no accounts of the books."""
    currencies = yield from _currencies()
    root = yield from _root()
    home = currencies.get(root.get("currency", "")) if root else (yield from _base_currency())
    statement = "SELECT id, acctname, acctnumber, accttype, description, currency, isinactive FROM account ORDER BY id"
    found = yield from rows_of(statement, purpose="list accounts")
    return [account(row, currencies, home or "") for row in found if row.get("accttype") in CLASSES]


def account(row: Row, currencies: Mapping[str, str], home: str) -> Account:
    """An account from its row; ``currencies`` are ISO codes by id. Only bank and card accounts have their own."""
    native_type = row["accttype"]
    ordinary = native_type not in NOT_ON_LINES
    return Account(
        id=row["id"],
        name=row.get("acctname", ""),
        nominal_code=row.get("acctnumber", ""),
        description=row.get("description", ""),
        account_class=CLASSES[native_type],
        category=f"{CLASSES[native_type]}.{native_type}",
        currency=currencies.get(row.get("currency", ""), home),
        pays="card" if native_type == "CredCard" else "bank" if native_type == "Bank" else "",
        lines=(*EXPENSE_KINDS, "Reimbursable") if ordinary else (),
        active=row.get("isinactive") != "T",
    )


def contacts(kind: ContactKind) -> Steps[Sequence[Contact]]:
    """Vendors or customers, inactive ones included."""
    currencies = yield from _currencies()
    found = yield from rows_of(CONTACTS[kind], purpose=f"list {kind}s")
    return [contact(row, kind, currencies) for row in found]


def contact(row: Row, kind: ContactKind, currencies: Mapping[str, str]) -> Contact:
    """A vendor or customer from its row. ``currency`` is the primary one."""
    person = " ".join(row[name] for name in ("firstname", "lastname") if row.get(name))
    name = person if row.get("isperson") == "T" and person else row.get("companyname", "")
    return Contact(
        kind=kind,
        id=row["id"],
        name=name or row.get("entityid", ""),
        currency=currencies.get(row.get("currency", ""), ""),
        contact_name=person,
        email=row.get("email", ""),
        phone=row.get("phone", ""),
        active=row.get("isinactive") != "T",
    )


# Taxes


def _tax_codes() -> Steps[list[Row]]:
    statement = "SELECT id, itemid, displayname, rate, available, isinactive FROM salestaxitem ORDER BY id"
    found = yield from rows_where_offered(statement, purpose="list tax codes")
    return found


def tax_rates() -> Steps[Sequence[TaxRate]]:
    """The tax codes. In the US none is for purchases: sales tax is part of what a thing costs."""
    root = yield from _root()
    found = yield from _tax_codes()
    return [_tax_rate(row, root.get("country", "")) for row in found]


def _tax_rate(row: Row, country: str) -> TaxRate:
    bought = country != "US" and row.get("available", "BOTH").upper() != "SALE"
    return TaxRate(
        id=row["id"],
        name=row.get("displayname") or row.get("itemid", row["id"]),
        code=row.get("itemid", ""),
        effective=percent(row.get("rate", "")),
        total=percent(row.get("rate", "")),
        kinds=(*EXPENSE_KINDS, "Reimbursable") if bought else (),
        active=row.get("isinactive") != "T",
    )


def percent(text: str) -> Decimal:
    """A rate in per cent, written with the sign or without.

    Unconfirmed: whether SuiteQL answers 20, 20.0% or 0.2; a query on a live account would settle it.
    """
    try:
        return Decimal(text.strip().removesuffix("%") or 0)
    except InvalidOperation:
        return Decimal(0)


def untaxed(codes: Sequence[Row], country: str) -> str:
    """The code that stands for no tax: the country's own undefined one, else the first active one at nought per cent.

    Source: docs.codat.io, NetSuite integration (UNDEF-{country} as the neutral tax).
    """
    free = [row for row in codes if row.get("isinactive") != "T" and row.get("rate") and not percent(row["rate"])]
    own = [row for row in codes if row.get("itemid") == f"UNDEF-{country}"]
    return min((row["id"] for row in own or free), key=_number, default="")


def _number(id: str) -> tuple[int, str]:
    return (int(id) if id.lstrip("-").isdigit() else 0, id)


# Tags


def tracking() -> Steps[Sequence[TrackingOption]]:
    """Departments, classes and locations, inactive ones included, as ``department-7`` and the like."""
    options: list[TrackingOption] = []
    for prefix, statement in TAGS.items():
        found = yield from rows_where_offered(statement, purpose=f"list tags: {prefix}")
        parents = {row.get("parent") for row in found}
        options += [
            TrackingOption(
                id=f"{prefix}-{row['id']}",
                name=row.get("name", ""),
                parent=f"{prefix}-{row['parent']}" if row.get("parent") else "",
                has_children=row["id"] in parents,
                active=row.get("isinactive") != "T",
            )
            for row in found
        ]
    return options
