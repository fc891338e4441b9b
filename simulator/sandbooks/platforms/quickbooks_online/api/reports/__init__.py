"""Reports over the books: each by its name, with the parameters of the service."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from sandbooks.kit.call import Call
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.surface import Operation
from sandbooks.platforms.quickbooks_online import refusals as no
from sandbooks.platforms.quickbooks_online.api.reports import accounts, listings, payables, summaries
from sandbooks.platforms.quickbooks_online.api.reports.asked import NAMES, Asked, asked_by
from sandbooks.platforms.quickbooks_online.api.reports.shapes import Column, Row, whole_report
from sandbooks.platforms.quickbooks_online.realm import Realm
from sandbooks.platforms.quickbooks_online.wire.replies import report_reply
from sandbooks.wire import Response

# The other reports. Source: https://github.com/mcohen01/node-quickbooks and the developer site.
_LACKING = frozenset(
    {
        "agedreceivabledetail", "agedreceivables", "cashflow", "classsales", "customerbalance",
        "customerbalancedetail", "customerincome", "customersales", "departmentsales", "expensesbyvendor",
        "fecreport", "generalledgerdetail", "incomebycustomer", "inventoryvaluationdetail",
        "inventoryvaluationsummary", "itemsales", "profitandlossdetail", "salesbyclasssummary", "salesbycustomer",
        "salesbydepartment", "salesbyproduct", "taxsummary", "transactionlistbycustomer", "transactionlistbyvendor",
        "transactionlistwithsplits", "vendorexpenses",
    }
)  # fmt: skip
_REPORTS: Mapping[str, Callable[[Asked], tuple[list[Column], list[Row]]]] = {
    "TrialBalance": summaries.trial_balance,
    "ProfitAndLoss": summaries.profit_and_loss,
    "BalanceSheet": summaries.balance_sheet,
    "GeneralLedger": listings.general_ledger,
    "JournalReport": listings.journal,
    "TransactionList": listings.transaction_list,
    "VendorBalance": payables.vendor_balance,
    "VendorBalanceDetail": payables.vendor_balance_detail,
    "AgedPayables": payables.aged_payables,
    "AgedPayableDetail": payables.aged_payable_detail,
    "AccountList": accounts.account_list,
}
_SUMMARISED = ("ProfitAndLoss", "BalanceSheet")


def report(call: Call) -> Response:
    """One report by its name, in any case."""
    return report_reply(call, made(Realm(call.company), call.args["name"], call.query))


def made(realm: Realm, wanted: str, query: Mapping[str, str]) -> dict[str, Any]:
    """A report as it is answered. Raises UnsupportedOperation for a name that the service has not."""
    name = next((each for each in _REPORTS if each.lower() == wanted.lower()), None)
    if name is None and wanted.lower() not in _LACKING:
        raise no.UnsupportedOperation(f"report {wanted[:40]}")
    if name is None:
        raise NotSimulated(f"report {wanted.lower()}", instead=", ".join(_REPORTS))
    asked = asked_by(realm, query)
    if asked.by != "Total" and (name not in _SUMMARISED or (asked.by in NAMES and name != "ProfitAndLoss")):
        raise NotSimulated(f"summarize_column_by of {name}", instead="Total")
    columns, rows = _REPORTS[name](asked)
    return whole_report(asked, name, columns, rows)


def queried(realm: Realm, statement: str) -> dict[str, Any]:
    """The report that a batch item asks for: a name with parameters, as in a URL."""
    path, _, query = statement.strip().partition("?")
    name = path.strip("/").removeprefix("reports/")
    return made(realm, name, dict(parse_qsl(query, keep_blank_values=True)))


OPERATIONS = (Operation("report", "GET", "/v3/company/<realm>/reports/<name>", report),)
