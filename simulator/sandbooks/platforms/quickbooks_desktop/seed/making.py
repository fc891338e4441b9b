"""The default lists of a new company file, made by its own rules."""

from __future__ import annotations

from typing import Any

from babel.numbers import get_currency_name

from sandbooks.kit.records import Record
from sandbooks.money import digits
from sandbooks.platforms.quickbooks_desktop.file import CompanyFile
from sandbooks.platforms.quickbooks_desktop.rules import lists
from sandbooks.platforms.quickbooks_desktop.seed import charts


def fill(file: CompanyFile) -> None:
    """Currencies, accounts, terms, payment methods and tax codes of the file's country."""
    for code in dict.fromkeys((file.home, *charts.CURRENCIES)):
        use_currency(file, code)
    for account in charts.accounts(file.company.country):
        body: dict[str, Any] = {"Name": account.name, "AccountType": account.type}
        if account.special:
            body["SpecialAccountType"] = account.special
        lists.add(file, "Account", body)
    for name, days in charts.TERMS:
        lists.add(file, "StandardTerms", {"Name": name, "StdDueDays": str(days)})
    for name, type in charts.METHODS:
        lists.add(file, "PaymentMethod", {"Name": name, "PaymentMethodType": type})
    for tax_code in charts.US_CODES if file.us else charts.VAT_CODES:
        add_tax_code(file, *tax_code)


def use_currency(file: CompanyFile, code: str) -> Record:
    """The Currency list's record of a code; a new one with a rate if it is not listed."""
    standing = file.currency(code)
    if standing is not None:
        return standing
    given = file.company.settings.get("exchange_rates", {}).get(code)
    name = str(get_currency_name(code, locale="en"))[:64]
    body: dict[str, Any] = {
        "Name": name if file.named(("Currency",), name) is None else f"{name} ({code})",
        "CurrencyCode": code,
        "IsUserDefinedCurrency": "false",
        "ExchangeRate": str(given or ("1" if code == file.home else charts.rate(code, file.home))),
        "AsOfDate": file.today().isoformat(),
    }
    if digits(code) in (0, 2):
        body["CurrencyFormat"] = {"DecimalPlaces": str(digits(code))}
    return lists.add(file, "Currency", body)


def add_tax_code(file: CompanyFile, name: str, taxable: str, description: str, percent: str) -> Record:
    """A sales tax code with its rate on purchases."""
    body: dict[str, Any] = {"Name": name, "IsTaxable": taxable, "Desc": description[:31]}
    if not file.us:
        item = {"Name": f"{name} purchases", "ItemDesc": description, "TaxRate": percent}
        body["ItemPurchaseTaxRef"] = {"ListID": lists.add(file, "ItemSalesTax", item).id}
    return lists.add(file, "SalesTaxCode", body)


def fill_demo(file: CompanyFile) -> None:
    """Bank and card accounts in home and a foreign currency, names of every kind, classes and items."""
    other = "USD" if file.home != "USD" else "EUR"
    foreign = {"CurrencyRef": {"ListID": use_currency(file, other).id}}
    for name, type, more in (
        ("Checking" if file.us else "Current Account", "Bank", {}),
        ("Savings", "Bank", {}),
        (f"{other} Account", "Bank", foreign),
        ("Company Card", "CreditCard", {}),
        (f"Company Card {other}", "CreditCard", foreign),
    ):
        lists.add(file, "Account", {"Name": name, "AccountType": type, **more})
    for name in ("Northgate Office Supplies", "Skyline Rail", "Copperleaf Catering"):
        lists.add(file, "Vendor", {"Name": name, "CompanyName": name})
    lists.add(file, "Vendor", {"Name": f"Harbor Lights {other}", **foreign})
    for name in ("Meadow Street School", "Tanglewood Hotels"):
        lists.add(file, "Customer", {"Name": name, "CompanyName": name})
    lists.add(file, "Employee", {"Name": "Robin Marsh", "FirstName": "Robin", "LastName": "Marsh"})
    for name in ("Field Office", "Head Office"):
        lists.add(file, "Class", {"Name": name})
    travel = file.named(("Account",), "Travel Expense")
    if travel is not None:
        sale = {"Desc": "Travel", "Price": "0", "AccountRef": {"ListID": travel.id}}
        lists.add(file, "ItemService", {"Name": "Travel", "SalesOrPurchase": sale})
