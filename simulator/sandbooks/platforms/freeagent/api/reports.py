"""Reports in whole units of native currency: profit and loss, the balance sheet, and the opening balances.

Source: https://dev.freeagent.com/docs/profit_and_loss, https://dev.freeagent.com/docs/balance_sheet,
https://dev.freeagent.com/docs/journal_sets
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sandbooks.kit.call import Call, json_reply
from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.kit.surface import Operation
from sandbooks.ledger import Account, AccountClass
from sandbooks.money import Money, total
from sandbooks.platforms.freeagent.api.accounting import asked_range, brought_forward, codes_of, opening_rows
from sandbooks.platforms.freeagent.periods import accounting_periods, period_of
from sandbooks.platforms.freeagent.posting import DIVIDENDS, RETAINED_PROFIT, SUSPENSE
from sandbooks.platforms.freeagent.records.sub_accounts import owner_of
from sandbooks.platforms.freeagent.refusals import Malformed
from sandbooks.platforms.freeagent.wire import date_in, decimal_text, shown, timestamp
from sandbooks.wire import Response

Rows = Iterable[tuple[Account, Money]]
_CAPITAL_ASSETS = range(600, 609)


def _whole(value: Decimal) -> int:
    return int(value.quantize(Decimal(1), ROUND_HALF_UP))


def profit_and_loss(call: Call) -> Response:
    """``GET /v2/accounting/profit_and_loss/summary``"""
    first, last = _period(call)
    book, zero = call.company.book, Money.zero(call.company.currency)
    moved = [(row.account, row.balance.base) for row in book.trial_balance(as_of=last, since=first)]
    income = -total((m for a, m in moved if a.kind is AccountClass.INCOME), zero.currency).amount
    expenses = total((m for a, m in moved if a.kind is AccountClass.EXPENSE), zero.currency).amount
    dividends = total((m for a, m in moved if _is_dividend(a)), zero.currency).amount
    carried = _retained(_standing(call.company, last))
    retained = income - expenses - dividends
    # Unconfirmed: the titles for companies that are not limited; no entry of ours charges corporation tax.
    less = [("Corp. Tax", Decimal(0)), ("Dividends", dividends), ("Adjustments", Decimal(0))]
    summary = {
        "from": first.isoformat(),
        "to": last.isoformat(),
        "income": str(_whole(income)),
        "expenses": str(_whole(expenses)),
        "operating_profit": str(_whole(income - expenses)),
        "less": [{"title": title, "total": str(_whole(value))} for title, value in less],
        "retained_profit": str(_whole(retained)),
        "retained_profit_brought_forward": str(_whole(carried - retained)),
        "retained_profit_carried_forward": str(_whole(carried)),
    }
    return json_reply({"profit_and_loss_summary": summary})


def _period(call: Call) -> tuple[date, date]:
    """The accounting period named (``2022/23``), up to today at most, else the dates. Raises ``Malformed``."""
    named = call.query.get("accounting_period")
    if not named:
        return asked_range(call)
    for first, last in accounting_periods(call.company, through=call.today()):
        if named == f"{first.year}/{last.year % 100:02d}":
            return first, max(first, min(last, call.today()))
    # Unconfirmed: the answer to a period that the company does not have.
    raise Malformed("accounting_period is not included in the list")


def _standing(company: Company, on: date) -> list[tuple[Account, Money]]:
    return [(row.account, row.balance.base) for row in company.book.trial_balance(as_of=on)]


def _is_dividend(account: Account) -> bool:
    return account.id.partition("-")[0] == DIVIDENDS


def _is_profit(account: Account) -> bool:
    """Whether an account is part of what the business has retained."""
    kinds = (AccountClass.INCOME, AccountClass.EXPENSE)
    return account.kind in kinds or account.id == RETAINED_PROFIT or _is_dividend(account)


def _retained(rows: Rows) -> Decimal:
    return -sum((value.amount for account, value in rows if _is_profit(account)), Decimal(0))


def balance_sheet(call: Call) -> Response:
    """``GET /v2/accounting/balance_sheet``"""
    on = date_in(call, "as_at_date") or call.today()
    dates = {
        "accounting_period_start_date": period_of(call.company, on)[0].isoformat(),
        "as_at_date": on.isoformat(),
    }
    moved = call.company.book.trial_balance(as_of=on, since=period_of(call.company, on)[0])
    rows = brought_forward(call.company, _standing(call.company, on), {r.account.id: r.balance.base for r in moved})
    return json_reply({"balance_sheet": dates | _sheet(call.company, rows)})


def opening_balance_sheet(call: Call) -> Response:
    """``GET /v2/accounting/balance_sheet/opening_balances``: no dates, as none applies."""
    return json_reply({"balance_sheet": _sheet(call.company, opening_rows(call.company))})


def _sheet(company: Company, rows: Rows) -> dict[str, Any]:
    parts: dict[str, list[tuple[Account, Decimal]]] = {n: [] for n in ("capital", "assets", "liabilities", "equity")}
    listed = list(rows)
    for account, value in listed:
        if value and not _is_profit(account):
            parts[_part(account, value.amount)].append((account, value.amount))
    sums = {name: sum((value for _, value in part), Decimal(0)) for name, part in parts.items()}
    retained = -_retained(listed)
    current = sums["assets"] + sums["liabilities"]
    return {
        "currency": company.currency,
        "capital_assets": _accounts(company, parts["capital"]) | {"net_book_value": _whole(sums["capital"])},
        "current_assets": _accounts(company, parts["assets"]),
        "current_liabilities": _accounts(company, parts["liabilities"]),
        "net_current_assets": _whole(current),
        "total_assets": _whole(current + sums["capital"]),
        "owners_equity": _accounts(company, parts["equity"]) | {"retained_profit": _whole(retained)},
        "total_owners_equity": _whole(sums["equity"] + retained),
    }


def _part(account: Account, value: Decimal) -> str:
    number = account.id.partition("-")[0]
    if account.kind is AccountClass.EQUITY and account.id != SUSPENSE:
        return "equity"
    if len(number) == 3 and int(number) in _CAPITAL_ASSETS:
        return "capital"
    # The sample has the suspense account, in credit, among the liabilities, and reclaimed VAT among the assets.
    # Unconfirmed: that the side of the balance decides for every current account.
    return "assets" if value > 0 else "liabilities"


def _accounts(company: Company, part: list[tuple[Account, Decimal]]) -> dict[str, Any]:
    """The accounts of a section by code; the member is left out where there are none, as in the sample."""
    rows = []
    for account, value in part:
        codes = codes_of(company, account.id)
        name = f"Bank Account: {account.name}" if "bank_account" in codes else account.name
        row = {"name": name, "nominal_code": codes["display_nominal_code"], "total_debit_value": _whole(value)}
        rows.append(row)
    return {"accounts": sorted(rows, key=lambda row: row["nominal_code"])} if rows else {}


def opening_balances_journal(call: Call) -> Response:
    """``GET /v2/journal_sets/opening_balances``: what bank accounts and stock opened with, in native currency."""
    company = call.company
    banks, stocked = [], []
    for account, value in opening_rows(company):
        bank = company.records.get("bank_account", account.id)
        item = owner_of(company, account.id)
        if bank is not None:
            banks.append((bank, str(bank.body["name"]), value))
        elif item is not None:
            stocked.append((item, f"Opening Balance for Stock Item: {item.body['description']}", value))
    times = [record.updated for record, *_ in (*banks, *stocked)]
    document = {
        # Unconfirmed: the live document has a number of its own; this address gives the same document.
        "url": "/v2/journal_sets/opening_balances",
        "description": "Opening Balances Journal Set",
        "updated_at": timestamp(max(times) if times else company.world.clock.now()),
        "journal_entries": [],
        "bank_accounts": [_opened(*each) for each in banks],
        "stock_items": [_opened(*each) for each in stocked],
    }
    return shown(call, "journal_set", document)


def _opened(record: Record, description: str, value: Money) -> dict[str, str]:
    return {"url": record.body["url"], "description": description, "debit_value": decimal_text(value.amount)}


OPERATIONS = (
    Operation("profit_and_loss", "GET", "/v2/accounting/profit_and_loss/summary", profit_and_loss, scope="7"),
    Operation("balance_sheet", "GET", "/v2/accounting/balance_sheet", balance_sheet, scope="7"),
    Operation(
        "opening_balance_sheet",
        "GET",
        "/v2/accounting/balance_sheet/opening_balances",
        opening_balance_sheet,
        scope="7",
    ),
    Operation(
        "opening_balances_journal", "GET", "/v2/journal_sets/opening_balances", opening_balances_journal, scope="7"
    ),
)
