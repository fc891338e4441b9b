"""Permission sets: what a user or an application may do with which table.

A user without any limit has ``SUPER``. The company's setting ``permission_sets`` narrows both, as a list of role ids or
as lists by ``user`` (the signed-in person) and ``app`` (the application by itself); the automation API changes it.
Source: the permission sets of the base application, github.com/microsoft/BCApps src/Layers/W1/BaseApp/Permissions
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from sandbooks.kit.company import Company
from sandbooks.platforms.business_central.refusals import PermissionMissing

SETTING = "permission_sets"
USER, APP = "user", "app"
_ADMINISTRATORS = ("SUPER", "SECURITY", "D365 AUTOMATION")  # they may change what others may do
_EVERYTHING = "RIMD *"
# Rights by table: read, insert, modify, delete; small: by posting routines alone. Posting needs to insert into the
# posted document or into the ledger.
ROLES: Mapping[str, tuple[str, str]] = {
    "SUPER": ("This user has all permissions.", _EVERYTHING),
    "SECURITY": ("Assign permissions to users", ""),
    "D365 AUTOMATION": ("Dynamics 365 Automation", _EVERYTHING),
    "D365 BUS FULL ACCESS": ("Dyn. 365 Full Business Acc.", _EVERYTHING),
    "D365 READ": ("Dyn. 365 Read access all", "R *"),
    "D365 BASIC": (
        "Dynamics 365 Basic access",
        "R 3 4 10 14 18 23 27 38 39 50 79 81 98 289 318 321 330 348 349 454 456 480; RIMD 9 204 232 352 1173; RIM 130",
    ),
    "D365 PURCH DOC, EDIT": (
        "Dyn. 365 Create purch. doc.",
        "RMD 3; RM 4 23; R 15 25 79 122 124 270 5200; RIMD 38 39",
    ),
    "D365 PURCH DOC, POST": (
        "Dyn. 365 Post purchase doc.",
        "RMD 3; RM 4 23 25; RIM 15; Ri 17; RIMD 38 39; R 79 270 5200; RDi 122 124",
    ),
    "D365 SALES DOC, EDIT": (
        "Dynamics 365 Create sales doc.",
        "RMD 3; RM 4 270; R 15 79 98 5200; RIM 18; RiMd 21; RIMD 36 37; RimD 112 114",
    ),
    "D365 SALES DOC, POST": (
        "Dynamics 365 Post sales doc.",
        "RMD 3; RM 4 270; RIM 15 18; Rimd 17; R 79 98 5200; RiMd 21; RIMD 36 37; RimD 112 114",
    ),
    "D365 JOURNALS, EDIT": ("Dynamics 365 Edit journals", "R 15 25 270; RIMD 81"),
    "D365 JOURNALS, POST": ("Dynamics 365 Post journals", "RIMD 4 15 81; Ri 17; R 25 270; RIM 330"),
    "D365 VENDOR, VIEW": ("Dynamics 365 View vendors", "R 25"),
    "D365 VENDOR, EDIT": ("Dynamics 365 Create vendors", "RM 4 25; RIMD 23; R 289"),
    "D365 ACC. PAYABLE": (
        "Dynamics 365 Accounts payable",
        "RMD 3 23; RIMD 4 15 38 39 81 330; Ri 17; RM 25 98 270; R 79 5200; RDi 122 124",
    ),
    "D365 BANKING": ("Dynamics 365 Banking", "RM 4; R 15 25 122 124 289; Ri 17; RIMD 81 270 330"),
}
_PURCHASE, _LINE = (38, "Purchase Header"), (39, "Purchase Line")
_SALE, _SALES_LINE = (36, "Sales Header"), (37, "Sales Line")
_BATCH, _JOURNAL = (232, "Gen. Journal Batch"), (81, "Gen. Journal Line")
_ENTRY, _VENDOR_ENTRY = (17, "G/L Entry"), (25, "Vendor Ledger Entry")
# Unconfirmed: reading invoices needs what their documents need; the pages read a table that is made of those.
TABLES: Mapping[str, tuple[int, str]] = {
    "accountingPeriods": (50, "Accounting Period"),
    "accounts": (15, "G/L Account"),
    "agedAccountsPayables": _VENDOR_ENTRY,
    "applyVendorEntries": _VENDOR_ENTRY,
    "approvalEntries": (454, "Approval Entry"),
    "attachments": (130, "Incoming Document"),
    "balanceSheets": _ENTRY,
    "bankAccounts": (270, "Bank Account"),
    "cashFlowStatements": _ENTRY,
    "companyInformation": (79, "Company Information"),
    "contactsInformation": (5050, "Contact"),
    "countriesRegions": (9, "Country/Region"),
    "currencies": (4, "Currency"),
    "currencyExchangeRates": (330, "Currency Exchange Rate"),
    "customerPaymentJournals": _BATCH,
    "customerPayments": _JOURNAL,
    "customers": (18, "Customer"),
    "defaultDimensions": (352, "Default Dimension"),
    "dimensionSetLines": (480, "Dimension Set Entry"),
    "dimensionValues": (349, "Dimension Value"),
    "dimensions": (348, "Dimension"),
    "documentAttachments": (1173, "Document Attachment"),
    "employees": (5200, "Employee"),
    "fixedAssetLocations": (5609, "FA Location"),
    "fixedAssets": (5600, "Fixed Asset"),
    "generalLedgerEntries": _ENTRY,
    "generalLedgerSetup": (98, "General Ledger Setup"),
    "incomeStatements": _ENTRY,
    "itemCategories": (5722, "Item Category"),
    "items": (27, "Item"),
    "journalLines": _JOURNAL,
    "journals": _BATCH,
    "locations": (14, "Location"),
    "paymentMethods": (289, "Payment Method"),
    "paymentTerms": (3, "Payment Terms"),
    "postedApprovalEntries": (456, "Posted Approval Entry"),
    "projects": (167, "Job"),
    "purchaseCreditMemoLines": _LINE,
    "purchaseCreditMemos": _PURCHASE,
    "purchaseInvoiceLines": _LINE,
    "purchaseInvoices": _PURCHASE,
    "purchaseOrderLines": _LINE,
    "purchaseOrders": _PURCHASE,
    "retainedEarningsStatements": _ENTRY,
    "salesCreditMemoLines": _SALES_LINE,
    "salesCreditMemos": _SALE,
    "salesInvoiceLines": _SALES_LINE,
    "salesInvoices": _SALE,
    "salesOrderLines": _SALES_LINE,
    "salesOrders": _SALE,
    "salesQuoteLines": _SALES_LINE,
    "salesQuotes": _SALE,
    "shipmentMethods": (10, "Shipment Method"),
    "taxAreas": (318, "Tax Area"),
    "taxGroups": (321, "Tax Group"),
    "timeRegistrationEntries": (952, "Time Sheet Detail"),
    "trialBalances": _ENTRY,
    "unitsOfMeasure": (204, "Unit of Measure"),
    "vendorPaymentJournals": _BATCH,
    "vendorPayments": _JOURNAL,
    "vendorPurchases": (23, "Vendor"),
    "vendors": (23, "Vendor"),
}
_POSTED = {
    "purchaseInvoices": (122, "Purch. Inv. Header"),
    "purchaseOrders": (122, "Purch. Inv. Header"),
    "purchaseCreditMemos": (124, "Purch. Cr. Memo Hdr."),
    # Who may only edit sales documents may insert into the posted ones by routine as well, but not into the ledger.
    "salesInvoices": _ENTRY,
    "salesCreditMemos": _ENTRY,
    "salesOrders": _ENTRY,
    "salesQuotes": _SALE,
    "journals": _ENTRY,
}
_RIGHTS = {"GET": "Read", "POST": "Insert", "PATCH": "Modify", "PUT": "Modify", "DELETE": "Delete"}


def roles_of(company: Company, who: str) -> tuple[str, ...]:
    """The role ids that the person or the application has in a company."""
    given = company.settings.get(SETTING)
    if given is None:
        return ("SUPER",)
    held = given.get(who, "SUPER") if isinstance(given, Mapping) else given
    return (held,) if isinstance(held, str) else tuple(held)


def assign(company: Company, who: str, roles: Sequence[str]) -> None:
    """Give the person or the application these role ids and no others. Called inside a unit of work."""
    given = {each: list(roles_of(company, each)) for each in (USER, APP)}
    company.change_settings(**{SETTING: {**given, who: list(roles)}})


def check(company: Company, who: str, entity_set: str, method: str, *, posts: bool = False) -> None:
    """Refuse what no role allows; ``posts``: the request runs a posting routine. Raises ``PermissionMissing``."""
    if company.settings.get(SETTING) is None or entity_set not in TABLES:
        return
    table, right = _POSTED[entity_set] if posts else TABLES[entity_set], _RIGHTS[method]
    held = "".join(_held(role, table[0]) for role in roles_of(company, who))
    if right[0] not in (held.upper() if posts else held):
        # Unconfirmed: which table a posting routine finds closed first, and what its extension is called.
        raise PermissionMissing(*table, right, "Base Application" if posts else "_Exclude_APIV2_")


def check_administrator(company: Company, who: str) -> None:
    """Refuse the automation API to who may not change permissions. Raises ``PermissionMissing``."""
    if not set(_ADMINISTRATORS) & set(roles_of(company, who)):
        raise PermissionMissing(2000000053, "Access Control", "Read", "_Exclude_APIV2_")


@cache
def _held(role: str, table: int) -> str:
    """The rights of a role on a table, as letters; none where the role is not known here."""
    _, grants = ROLES.get(role, ("", ""))
    for grant in filter(None, grants.split("; ")):
        rights, *tables = grant.split()
        if "*" in tables or str(table) in tables:
            return rights
    return ""
