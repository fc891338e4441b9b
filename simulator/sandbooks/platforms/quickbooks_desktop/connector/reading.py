"""What the hub reads from QuickBooks Desktop, in neutral words: the company, its accounts, names, taxes and classes.

Source: QuickBooks Desktop SDK, Onscreen Reference for qbXML 13.0 (queries, their filters and records).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation

from lxml import etree

from sandbooks.connector import (
    Account,
    AccountClass,
    Company,
    Consent,
    Contact,
    ContactKind,
    Refused,
    Request,
    Steps,
    TaxRate,
    TrackingOption,
    Unavailable,
)
from sandbooks.platforms.quickbooks_desktop.connector.qbxml import (
    QUERY,
    Answer,
    Answers,
    Part,
    document,
    query,
    refused,
    run,
    text_of,
)

EXPENSE_KINDS = ("Payment", "Refund", "Reward", "Chargeback")
PAGE = 500
STARTS_MOST = 3  # an iterator ends with the session that began it: then the list is read from its start again
CURRENCY = "currency."
OWNER = "owner"
ALL = ("ActiveStatus", "All")

# Source: Onscreen Reference (AccountType)
CLASSES: Mapping[str, AccountClass] = {
    "Bank": "Asset",
    "AccountsReceivable": "Asset",
    "OtherCurrentAsset": "Asset",
    "FixedAsset": "Asset",
    "OtherAsset": "Asset",
    "AccountsPayable": "Liability",
    "CreditCard": "Liability",
    "OtherCurrentLiability": "Liability",
    "LongTermLiability": "Liability",
    "Equity": "Equity",
    "Income": "Income",
    "OtherIncome": "Income",
    "CostOfGoodsSold": "Expense",
    "Expense": "Expense",
    "OtherExpense": "Expense",
}
OWED = ("AccountsPayable", "AccountsReceivable")
PAYS = {"Bank": "bank", "CreditCard": "card"}
# Source: Onscreen Reference (HostRet.Country); without several currencies the edition decides the home currency
COUNTRIES = {"US": "US", "CA": "CA", "UK": "GB"}
HOME = {"US": "USD", "CA": "CAD", "GB": "GBP"}


# Sending queries


def asked(requests: Sequence[str], *, purpose: str, reference: str = "") -> Steps[Answers]:
    """The answers to some queries, asked in one document; each is run whatever becomes of the others."""
    body = document(requests, goes_on=True)
    answers = yield from run(Request("POST", QUERY, purpose=purpose, body=body, reference=reference))
    if len(answers.each) != len(requests):
        raise Unavailable(f"not every answer came to: {purpose}")
    return answers


def found(answer: Answer) -> list[etree._Element]:
    """The records of an answer. Raises ``Refused``."""
    if answer.failed:
        raise refused(answer)
    return answer.records


def every(name: str, *given: Part, purpose: str, id: str = "ListID") -> Steps[list[etree._Element]]:
    """Every record of a long list, page by page. Raises ``Unavailable`` when its iterator ends again and again."""
    for _ in range(STARTS_MOST):
        records: dict[str, etree._Element] = {}
        iterator = ""
        while True:
            filters: tuple[Part, ...] = (("MaxReturned", str(PAGE)), *given)
            answers = yield from asked([query(name, *filters, iterator=iterator, page=PAGE)], purpose=purpose)
            answer = answers.each[0]
            if answer.failed and iterator:
                break
            records |= {text_of(record, id): record for record in found(answer)}
            iterator = answer.iterator
            if not answer.left or not iterator:
                return list(records.values())
    raise Unavailable(f"the list could not be read to its end: {purpose}")


# The company


def company(consent: Consent) -> Steps[Company]:
    """The company file. ``facts``: ids of currencies under ``currency.<code>``."""
    owner = consent.facts.get(OWNER, "")
    requests = [
        query("Host"),
        query("Company", *([("OwnerID", "{" + owner + "}")] if owner else [])),
        query("Preferences"),
        query("Currency", ALL),
    ]
    answers = yield from asked(requests, purpose="read the company")
    host, about, preferences = (next(iter(answer.records), None) for answer in answers.each[:3])
    if host is None or about is None:
        raise Unavailable("QuickBooks did not say which company file is open")
    codes = currencies(answers.each[3])
    country = COUNTRIES.get(text_of(host, "Country"), "")
    several = "MultiCurrencyPreferences"
    home = codes.get(text_of(preferences, f"{several}/HomeCurrencyRef/ListID")) or HOME.get(country, "USD")
    name = text_of(about, "CompanyName")
    return Company(
        id=consent.company,
        name=name,
        legal_name=text_of(about, "LegalCompanyName"),
        currency=home,
        country=country,
        multicurrency=text_of(preferences, f"{several}/IsMultiCurrencyOn") == "true",
        facts={f"{CURRENCY}{code}": id for id, code in codes.items()},
    )


def file_id(owner: str) -> Steps[str]:
    """The id under which the Web Connector has made the company file known to us, empty where it has not.

    Source: sample of github.com/skryl/qbwc (FileID as data extension of the company, seen by its owner alone).
    """
    request = query("Company", ("OwnerID", "{" + owner + "}"))
    answers = yield from asked([request], purpose="find out which company file this is")
    for about in found(answers.each[0]):
        for extension in about.iterfind("DataExtRet"):
            if text_of(extension, "DataExtName") == "FileID":
                return text_of(extension, "DataExtValue").strip("{} ").lower()
    return ""


def currencies(answer: Answer) -> dict[str, str]:
    """ISO codes by id; none where the file uses one currency."""
    return {} if answer.failed else {text_of(c, "ListID"): text_of(c, "CurrencyCode") for c in answer.records}


# Accounts


def accounts() -> Steps[Sequence[Account]]:
    """The chart of accounts, inactive ones included; non-posting accounts are no accounts of the books."""
    requests = [query("Account", ALL), query("Currency", ALL), query("Preferences"), query("Host")]
    answers = yield from asked(requests, purpose="list accounts")
    codes = currencies(answers.each[1])
    home = home_of(codes, answers.each[2], answers.each[3])
    listed = found(answers.each[0])
    return [account(each, codes, home) for each in listed if text_of(each, "AccountType") in CLASSES]


def home_of(codes: Mapping[str, str], preferences: Answer, host: Answer) -> str:
    """The home currency, as preferences or the edition have it."""
    reference = "MultiCurrencyPreferences/HomeCurrencyRef/ListID"
    named = next((codes.get(text_of(each, reference), "") for each in preferences.records), "")
    country = next((text_of(each, "Country") for each in host.records), "")
    return named or HOME.get(COUNTRIES.get(country, ""), "USD")


def account(record: etree._Element, codes: Mapping[str, str], home: str) -> Account:
    """An account from its record; ``codes`` are ISO codes by id."""
    kind = text_of(record, "AccountType")
    currency = codes.get(text_of(record, "CurrencyRef/ListID"), "") or home
    pays = PAYS.get(kind, "")
    lines = (*EXPENSE_KINDS, "Reimbursable") if not pays and kind not in OWED else ()
    return Account(
        id=text_of(record, "ListID"),
        name=text_of(record, "FullName"),
        nominal_code=text_of(record, "AccountNumber"),
        description=text_of(record, "Desc"),
        account_class=CLASSES[kind],
        category=f"{CLASSES[kind]}.{kind}",
        currency=currency,
        pays="card" if pays == "card" else "bank" if pays else "",
        # An adjustment in home currency moves no foreign account.
        lines=(*lines, "Adjustment") if currency == home else lines,
        # Source: Onscreen Reference (TransferAdd: balance sheet accounts, but not receivables and payables)
        transfers=CLASSES[kind] in ("Asset", "Liability", "Equity") and kind not in OWED,
        active=text_of(record, "IsActive") != "false",
        balance=_decimal(text_of(record, "Balance")),
        updated=instant(text_of(record, "TimeModified")),
    )


# Names


def contacts(kind: ContactKind) -> Steps[Sequence[Contact]]:
    """Vendors or customers, inactive ones included."""
    word = "Vendor" if kind == "supplier" else "Customer"
    around = yield from asked([query("Currency", ALL), query("Preferences"), query("Host")], purpose="list currencies")
    codes = currencies(around.each[0])
    home = home_of(codes, *around.each[1:])
    records = yield from every(word, ALL, purpose=f"list {kind}s")
    return [contact(record, kind, codes, home) for record in records]


def contact(record: etree._Element, kind: ContactKind, codes: Mapping[str, str], home: str) -> Contact:
    """A vendor or customer from its record. Every name is kept in one currency, which is home where none is told."""
    person = " ".join(text_of(record, name) for name in ("FirstName", "LastName") if text_of(record, name))
    return Contact(
        kind=kind,
        id=text_of(record, "ListID"),
        name=text_of(record, "FullName") or text_of(record, "Name"),
        currency=codes.get(text_of(record, "CurrencyRef/ListID"), "") or home,
        contact_name=text_of(record, "Contact") or person,
        email=text_of(record, "Email"),
        phone=text_of(record, "Phone"),
        tax_number=text_of(record, "VendorTaxIdent"),
        active=text_of(record, "IsActive") != "false",
        version=text_of(record, "EditSequence"),
        updated=instant(text_of(record, "TimeModified")),
    )


# Taxes and classes


def tax_rates() -> Steps[Sequence[TaxRate]]:
    """The sales tax codes with their rate on purchases. In the US edition none is for purchases.

    Source: Onscreen Reference (SalesTaxCodeRet.ItemPurchaseTaxRef, not in the US; ItemSalesTaxRet.TaxRate).
    """
    host = yield from asked([query("Host")], purpose="find the edition")
    us = next((text_of(each, "Country") for each in host.each[0].records), "US") == "US"
    kinds = ("SalesTaxCode",) if us else ("SalesTaxCode", "ItemSalesTax", "ItemSalesTaxGroup")
    requests = [query(kind, ALL) for kind in kinds]
    answers = yield from asked(requests, purpose="list sales tax codes")
    rates = {} if us else {text_of(i, "ListID"): _decimal(text_of(i, "TaxRate")) for i in found(answers.each[1])}
    for group in [] if us else found(answers.each[2]):
        members = (rates.get(text_of(each, "ListID")) for each in group.findall("ItemSalesTaxRef"))
        rates[text_of(group, "ListID")] = sum((rate or Decimal(0) for rate in members), Decimal(0))
    return [_tax_rate(record, rates, bought=not us) for record in found(answers.each[0])]


def _tax_rate(record: etree._Element, rates: Mapping[str, Decimal | None], *, bought: bool) -> TaxRate:
    percent = rates.get(text_of(record, "ItemPurchaseTaxRef/ListID")) or Decimal(0)
    name = text_of(record, "Name")
    return TaxRate(
        id=text_of(record, "ListID"),
        name=text_of(record, "Desc") or name,
        code=name,
        effective=percent,
        total=percent,
        kinds=(*EXPENSE_KINDS, "Reimbursable") if bought else (),
        active=text_of(record, "IsActive") != "false",
    )


def tracking() -> Steps[Sequence[TrackingOption]]:
    """The classes; none where the file does not track them."""
    answers = yield from asked([query("Class", ALL)], purpose="list classes")
    try:
        records = found(answers.each[0])
    except Refused:
        return []
    parents = {text_of(record, "ParentRef/ListID") for record in records}
    return [
        TrackingOption(
            id=text_of(record, "ListID"),
            name=text_of(record, "FullName") or text_of(record, "Name"),
            parent=text_of(record, "ParentRef/ListID"),
            has_children=text_of(record, "ListID") in parents,
            active=text_of(record, "IsActive") != "false",
            updated=instant(text_of(record, "TimeModified")),
        )
        for record in records
    ]


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        return None


def instant(text: str) -> datetime | None:
    """A time with its offset; one without is local to a machine that we do not know, and says nothing."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else None
