"""A demo company: banks and cards of both kinds, vendors, employees, dimensions, expense types."""

from __future__ import annotations

from sandbooks.kit.company import Company
from sandbooks.platforms.sage_intacct.objects import lists
from sandbooks.platforms.sage_intacct.objects.catalogue import object_named
from sandbooks.platforms.sage_intacct.seed.plans import add, open_bank, open_card, open_dimension

_VENDORS = ("Northgate Office Supplies", "Skyline Rail", "Copperleaf Catering", "Harrow Web Services")
_CUSTOMERS = ("Lattice Retail", "Bluewater Clinics")
_EMPLOYEES = (("E-101", "Priya Nolan"), ("E-102", "Tomas Berg"))
_LABELS = (("Airfare", "6200"), ("Hotel", "6200"), ("Meals", "6210"), ("Office Supplies", "6300"), ("Software", "6310"))
_DIMENSIONS = (
    ("DEPARTMENT", ("Sales", "Engineering", "Finance")),
    ("LOCATION", ("Head Office", "Warehouse")),
    ("CLASS", ("Retail", "Wholesale")),
    ("PROJECT", ("Website Relaunch",)),
    ("ITEM", ("Consulting Hours",)),
)


def fill(company: Company) -> None:
    """What the demo company has beside the lists that every company has."""
    _cash(company)
    for number, name in enumerate(_VENDORS, 1):
        contact = {"PRINTAS": name, "EMAIL1": f"accounts{number}@example.com"}
        fields = {"VENDORID": f"VEN-{number:03d}", "NAME": name, "DISPLAYCONTACT": contact}
        lists.create(company, object_named("VENDOR"), fields)
    for number, name in enumerate(_CUSTOMERS, 1):
        add(company, "CUSTOMER", CUSTOMERID=f"CUST-{number:03d}", NAME=name)
    for kind, names in _DIMENSIONS:
        for name in names:
            open_dimension(company, kind, name)
    where = {"LOCATIONID": next(iter(company.settings["entities"]))} if company.settings.get("entities") else {}
    for id, name in _EMPLOYEES:
        first, _, last = name.partition(" ")
        info = {"CONTACTNAME": name, "PRINTAS": name, "FIRSTNAME": first, "LASTNAME": last}
        lists.create(company, object_named("EMPLOYEE"), {"EMPLOYEEID": id, "PERSONALINFO": info, **where})
    for label, account in _LABELS:
        for kind in ("EEACCOUNTLABEL", "APACCOUNTLABEL"):
            add(company, kind, ACCOUNTLABEL=label, DESCRIPTION=label, GLACCOUNTNO=account)
    add(company, "EXPENSEPAYMENTTYPE", NAME="Out of pocket", DESCRIPTION="Owed to the employee")
    add(company, "EXPENSEPAYMENTTYPE", NAME="Company card", NONREIMBURSABLE="true", OFFSETACCTNO="2100")


def _cash(company: Company) -> None:
    other = "USD" if company.currency != "USD" else "EUR"
    for number, name in (("1010", "Main Current Account"), ("1020", "Payroll Account")):
        _account(company, number, name, credit=False)
        open_bank(company, number, name, currency=company.currency)
    _account(company, "1030", f"{other} Account", credit=False)
    open_bank(company, "1030", f"{other} Account", currency=other)
    _account(company, "1040", "Reserve Account", credit=False)
    add(company, "SAVINGSACCOUNT", BANKACCOUNTID="1040", BANKNAME="Reserve Account", GLACCOUNTNO="1040")
    _account(company, "2100", "Company Visa", credit=True)
    open_card(company, "2100", "Company Visa", currency=company.currency)


def _account(company: Company, number: str, title: str, *, credit: bool) -> None:
    add(
        company,
        "GLACCOUNT",
        ACCOUNTNO=number,
        TITLE=title,
        ACCOUNTTYPE="balancesheet",
        NORMALBALANCE="credit" if credit else "debit",
        CATEGORY="Credit Cards" if credit else "Cash",
    )
