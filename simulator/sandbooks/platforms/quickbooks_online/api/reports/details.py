"""Profit and loss line by line, and what each vendor was spent on or sent: statements with their transactions.

Source: the report pages of https://developer.intuit.com (ProfitAndLossDetail, VendorExpenses, TransactionListByVendor)
"""

from __future__ import annotations

from decimal import Decimal

from msgspec.structs import replace

from sandbooks.kit.errors import NotSimulated
from sandbooks.platforms.quickbooks_online.api.reports.amounts import Amounts, type_of
from sandbooks.platforms.quickbooks_online.api.reports.asked import Asked
from sandbooks.platforms.quickbooks_online.api.reports.listings import (
    LEDGER,
    LIST,
    Entry,
    chosen,
    header_line,
    live_lines,
    other_accounts,
    row_of,
    shown_columns,
    signed_total,
    total_cells,
    transactions,
)
from sandbooks.platforms.quickbooks_online.api.reports.shapes import Column, Row, cells, closing, data, full, section
from sandbooks.platforms.quickbooks_online.api.reports.summaries import PROFIT, Part

_AFTER = {
    "COGS": ("Gross Profit", "GrossProfit"),
    "Expenses": ("Net Operating Income", "NetOperatingIncome"),
    "OtherExpenses": ("Net Income", "NetIncome"),
}
# Unconfirmed: the word for what has no vendor; settled by asking a vendor's sandbox.
_NOBODY = "Not Specified"
_SPENT = ("Expense", "Cost of Goods Sold", "Other Expense")


def profit_and_loss_detail(asked: Asked) -> tuple[list[Column], list[Row]]:
    """The lines of each account of profit and loss; the totals are those of the statement.

    Unconfirmed: how the sections nest; here they stand as in the statement.
    """
    if asked.cash:
        raise NotSimulated("ProfitAndLossDetail on cash basis", instead="accounting_method=Accrual")
    names, rows, left = chosen(asked, LEDGER), list[Row](), Decimal(0)
    for part in PROFIT:
        shown, total = _accounts(asked, part, names)
        left -= total * part.sign
        if shown:
            rows.append(_headed(part.title, part.group, shown, names, total=f"Total {part.title}", amount=total))
        if rows and part.group in _AFTER:
            title, group = _AFTER[part.group]
            rows.append({"Summary": {"ColData": total_cells(title, names, left)}, "type": "Section", "group": group})
    return shown_columns(names), rows


def _accounts(asked: Asked, part: Part, names: list[str]) -> tuple[list[Row], Decimal]:
    """A section for each account of a part that moved, and what they come to."""
    rows, whole, realm = list[Row](), Decimal(0), asked.realm
    for account in realm.company.book.accounts():
        kind = realm.account_type(account.id)
        if kind is None or kind.name not in part.types:
            continue
        lines, balance = [], Decimal(0)
        for line, record in live_lines(asked, account.id):
            amount = line.base.amount * part.sign
            balance += amount
            lines.append(row_of(Entry(realm, record, line, other_accounts(realm, line), amount, balance), names))
        if lines:
            named = (realm.label("Account", account.id), account.id)
            rows.append(_headed(named, account.id, lines, names, total=f"Total for {named[0]}", amount=balance))
        whole += balance
    return rows, whole


def _headed(
    title: str | tuple[str, str], group: str, rows: list[Row], names: list[str], *, total: str, amount: Decimal
) -> Row:
    """A section whose heading and total have as many cells as its rows."""
    made = section(title, group, rows, (amount,))
    made["Header"] = {"ColData": cells(title, *[""] * (len(names) - 1))}
    made["Summary"] = {"ColData": total_cells(total, names, amount)}
    return made


def vendor_expenses(asked: Asked) -> tuple[list[Column], list[Row]]:
    """What was spent with each vendor on the accounts of costs, on either basis."""
    realm = asked.realm
    found = Amounts(replace(asked, by="Vendors")).by_name(asked.start, asked.end)
    sums: dict[str, Decimal] = {}
    for id, moved in found.items():
        kinds = {account: type_of(realm, account) for account in moved}
        spent = (value for account, value in moved.items() if (kind := kinds[account]) and kind.name in _SPENT)
        sums[id] = sum(spent, Decimal(0))
    named = sorted((realm.label("Entity", id).lower(), id) for id, total in sums.items() if id and total)
    rows = [data((realm.label("Entity", id), id), full(sums[id])) for _, id in named if asked.wants_vendor(id)]
    if sums.get("") and not asked.vendors:
        rows.append(data(_NOBODY, full(sums[""])))
    if rows:
        total = sum((v for id, v in sums.items() if asked.wants_vendor(id) and (id or not asked.vendors)), Decimal(0))
        rows.append(closing("TOTAL", "GrandTotal", [total]))
    return [Column("", "Vendor", "vendor"), Column("Total", "Money", "total")], rows


def transaction_list_by_vendor(asked: Asked) -> tuple[list[Column], list[Row]]:
    """The transactions of each vendor, with the amounts of the list of transactions."""
    names, realm = chosen(asked, LIST), asked.realm
    groups: dict[str, list[tuple[Row, Decimal]]] = {}
    for record, lines in transactions(asked):
        name = record.body.get("VendorRef", record.body.get("EntityRef", {})).get("value", "")
        if realm.get("Vendor", name) is None:
            continue
        line = header_line(record, lines)
        total = signed_total(asked, line, lines)
        entry = Entry(realm, record, line, other_accounts(realm, line), total)
        groups.setdefault(name, []).append((row_of(entry, names), total))
    rows = []
    for _, id in sorted((realm.label("Entity", id).lower(), id) for id in groups):
        label, total = realm.label("Entity", id), sum((amount for _, amount in groups[id]), Decimal(0))
        listed = [row for row, _ in groups[id]]
        rows.append(_headed((label, id), id, listed, names, total=f"Total for {label}", amount=total))
    return shown_columns(names), rows
