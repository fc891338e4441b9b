"""Questions about the program and the file: HostQuery, CompanyQuery, PreferencesQuery, deletions, bills to pay."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from sandbooks.kit.records import Record
from sandbooks.platforms.quickbooks_desktop import extensions, values
from sandbooks.platforms.quickbooks_desktop.file import CompanyFile
from sandbooks.platforms.quickbooks_desktop.nodes import Node
from sandbooks.platforms.quickbooks_desktop.queries.matching import currency_test
from sandbooks.platforms.quickbooks_desktop.render import address_block
from sandbooks.platforms.quickbooks_desktop.rules import open_items
from sandbooks.platforms.quickbooks_desktop.rules.ready import id_of
from sandbooks.platforms.quickbooks_desktop.schema.messages import LISTS, TRANSACTIONS
from sandbooks.platforms.quickbooks_desktop.values import instant_of

# Source: QuickBooks Desktop SDK release notes. Unconfirmed: which release first spoke 15.0 and 16.0.
VERSIONS = (
    *("1.0", "1.1", "2.0", "2.1", "3.0", "4.0", "4.1", "5.0", "6.0", "7.0", "8.0", "9.0", "10.0", "11.0", "12.0"),
    *("13.0", "14.0", "15.0", "16.0"),
)
# Source: QuickBooks Desktop SDK, Onscreen Reference (TxnDeletedQuery, ListDeletedQuery).
# Unconfirmed: the number of days.
HISTORY = timedelta(days=90)
COUNTRY_CODES = {"US": "US", "GB": "UK", "CA": "CA"}


def country_of(file: CompanyFile) -> str:
    """The edition, as qbXMLCountry and HostRet name it."""
    return COUNTRY_CODES.get(file.company.country, "UK")


def host(file: CompanyFile) -> dict[str, Any]:
    """HostRet."""
    return {
        "ProductName": "QuickBooks Enterprise Solutions 24.0",
        "MajorVersion": "34",
        "MinorVersion": "0",
        "Country": country_of(file),
        "SupportedQBXMLVersion": list(VERSIONS),
        "IsAutomaticLogin": "false",
        "QBFileMode": file.switch("file_mode"),
    }


def company(file: CompanyFile, owners: Collection[str]) -> dict[str, Any]:
    """CompanyRet, with the extensions of the owners that the query names."""
    # Source: sample of github.com/skryl/qbwc (FileID and AppLock as data extensions of the company)
    kept: dict[str, str] = file.company.settings.get("file_ids", {})
    wanted = {owner.lower() for owner in owners}
    introduced = [
        {"OwnerID": owner, "DataExtName": name, "DataExtType": "STR255TYPE", "DataExtValue": value}
        for owner, file_id in kept.items()
        if owner.lower() in wanted
        for name, value in (("AppLock", "LOCKED"), ("FileID", file_id))
    ]
    details: dict[str, Any] = file.switch("company_details")
    blocks = {
        name: address_block(details[name]) for name in ("Address", "CompanyAddressForCustomer") if name in details
    }
    named = {"Address": "AddressBlock", "CompanyAddressForCustomer": "CompanyAddressBlockForCustomer"}
    return {
        **details,
        **{named[name]: block for name, block in blocks.items()},
        "IsSampleCompany": "false",
        "CompanyName": file.company.name[:59],
        "LegalCompanyName": file.company.name[:59],
        "FirstMonthFiscalYear": file.switch("fiscal_year_begins"),
        "FirstMonthIncomeTaxYear": "January",
        "CompanyType": "General Product-based Business",
        "TaxForm": "Form1120" if file.us else "OtherOrNone",
        "AccountantCopy": {
            "AccountantCopyExists": values.write(bool(file.switch("dividing_date"))),
            "DividingDate": file.switch("dividing_date"),
        },
        "DataExtRet": [*introduced, *extensions.of(file, file.company.id, owners)],
    }


def preferences(file: CompanyFile, *, personal_data: bool = True) -> dict[str, Any]:
    """PreferencesRet: accounting, currencies, purchases, access; of sales what a new company file has."""
    through = file.company.settings.get("closing_through")
    multicurrency: dict[str, Any] = {"IsMultiCurrencyOn": values.write(bool(file.switch("multicurrency")))}
    if file.switch("multicurrency"):
        multicurrency["HomeCurrencyRef"] = file.currency_ref(file.home)
    return {
        "AccountingPreferences": {
            "IsUsingAccountNumbers": "false",
            "IsRequiringAccounts": values.write(bool(file.switch("accounts_required"))),
            "IsUsingClassTracking": values.write(bool(file.switch("class_tracking"))),
            "IsUsingAuditTrail": "true",
            "IsAssigningJournalEntryNumbers": "false",
            "ClosingDate": through,
        },
        # Unconfirmed: what a new company file has for finance charges, estimates, reports and sales.
        "FinanceChargePreferences": {
            "GracePeriod": "0",
            "IsAssessingForOverdueCharges": "false",
            "CalculateChargesFrom": "DueDate",
            "IsMarkedToBePrinted": "false",
        },
        "JobsAndEstimatesPreferences": {
            "IsUsingEstimates": "false",
            "IsUsingProgressInvoicing": "false",
            "IsPrintingItemsWithZeroAmounts": "false",
        },
        "MultiCurrencyPreferences": multicurrency,
        "PurchasesAndVendorsPreferences": {
            "IsUsingInventory": "false",
            "DaysBillsAreDue": "10",
            "IsAutomaticallyUsingDiscounts": "false",
        },
        "ReportsPreferences": {"AgingReportBasis": "AgeFromDueDate", "SummaryReportBasis": "Accrual"},
        "SalesAndCustomersPreferences": {
            "IsTrackingReimbursedExpensesAsIncome": "false",
            "IsAutoApplyingPayments": "true",
        },
        "CurrentAppAccessRights": {
            "IsAutomaticLoginAllowed": "true",
            "IsPersonalDataAccessAllowed": values.write(personal_data),
        },
    }


def deleted(file: CompanyFile, node: Node, *, lists: bool, lag: timedelta = timedelta(0)) -> list[dict[str, Any]]:
    """TxnDeletedRet or ListDeletedRet: what was deleted of the types asked for, in the range asked for."""
    word, known = ("ListDelType", LISTS) if lists else ("TxnDelType", TRANSACTIONS)
    window = node.child("DeletedDateRangeFilter")
    since = instant_of(window.get("FromDeletedDate"), file.zone) if window and window.has("FromDeletedDate") else None
    until = instant_of(window.get("ToDeletedDate"), file.zone) if window and window.has("ToDeletedDate") else None
    oldest = file.company.world.clock.now() - HISTORY
    kinds = dict.fromkeys(str(child.value) for child in node.all(word))
    scanned = (r for kind in kinds if kind in known for r in file.records.scan(kind, deleted=True, lag=lag))
    return [
        _tombstone(file, record, lists=lists)
        for record in scanned
        if record.deleted
        and record.updated >= oldest
        and (since is None or record.updated >= since)
        and (until is None or record.updated <= until)
    ]


def _tombstone(file: CompanyFile, record: Record, *, lists: bool) -> dict[str, Any]:
    times = {
        "TimeCreated": values.local(record.created, file.zone),
        "TimeDeleted": values.local(record.updated, file.zone),
    }
    if lists:
        return {"ListDelType": record.kind, "ListID": record.id, **times, "FullName": record.body["FullName"]}
    return {"TxnDelType": record.kind, "TxnID": record.id, **times, "RefNumber": record.body.get("RefNumber")}


def to_pay(file: CompanyFile, node: Node, *, lag: timedelta = timedelta(0)) -> list[dict[str, Any]]:
    """BillToPayRet: the open bills and credits of a payee."""
    payee = node.child("PayeeEntityRef")
    vendor = file.refer(payee, "BillToPay", kinds=("Vendor",)) if payee else None
    payable = node.child("APAccountRef")
    account = file.refer(payable, "BillToPay") if payable else None
    currencies = node.child("CurrencyFilter")
    of_currency = currency_test(file, currencies) if currencies else lambda _record: True
    found = []
    for kind, word, amount in (
        ("Bill", "BillToPay", "AmountDue"),
        ("VendorCredit", "CreditToApply", "CreditRemaining"),
    ):
        for record in _of_vendor(file, kind, (vendor or {}).get("ListID", ""), lag):
            left = open_items.open_amount(file, record)
            late = kind == "Bill" and node.has("DueDate") and record.body["DueDate"] > node.get("DueDate").isoformat()
            there = account is None or id_of(record.body, "APAccountRef") == account["ListID"]
            if left and not late and there and of_currency(record):
                row = {"TxnID": record.id, "TxnType": kind, amount: values.amount(left)}
                if file.currency_in(record.body) != file.home:
                    row[f"{amount}InHomeCurrency"] = values.amount(open_items.relief(file, record, left))
                found.append({word: {**record.body, **row}})
    return found


def _of_vendor(file: CompanyFile, kind: str, vendor: str, lag: timedelta) -> list[Record]:
    """The documents of a vendor, as an index that trails still shows them."""
    if not lag:
        return file.records.find(kind, "refers", vendor)
    return [each for each in file.records.scan(kind, lag=lag) if id_of(each.body, "VendorRef") == vendor]
