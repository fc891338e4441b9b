"""Accounting reports: the trial balance and the ledger lines.

Source: https://dev.freeagent.com/docs/trial_balance, https://dev.freeagent.com/docs/transactions
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sandbooks.kit.call import Call, json_reply
from sandbooks.kit.company import Company
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.surface import Operation
from sandbooks.ledger import Account, AccountClass, Line, standing
from sandbooks.money import Money
from sandbooks.platforms.freeagent.fields import RESOURCES
from sandbooks.platforms.freeagent.periods import period_of
from sandbooks.platforms.freeagent.posting import BANK, RETAINED_PROFIT, USER_CODES
from sandbooks.platforms.freeagent.records.sub_accounts import BROUGHT_FORWARD, name_of, owner_of
from sandbooks.platforms.freeagent.refusals import Malformed
from sandbooks.platforms.freeagent.wire import absolute, date_in, decimal_text, page_of, path, timestamp
from sandbooks.wire import Response

_PROFIT_AND_LOSS = (AccountClass.INCOME, AccountClass.EXPENSE)


def trial_balance(call: Call) -> Response:
    """``GET /v2/accounting/trial_balance/summary``"""
    last = date_in(call, "to_date") or call.today()
    first = date_in(call, "from_date") or period_of(call.company, last)[0]
    if first > last:
        raise Malformed("from_date must not be after to_date")
    return _summary(call, _totals(call.company, first, last))


def opening_balances(call: Call) -> Response:
    """``GET /v2/accounting/trial_balance/summary/opening_balances``"""
    return _summary(call, opening_rows(call.company))


def opening_rows(company: Company) -> list[tuple[Account, Money]]:
    """What the accounts opened with, in native currency."""
    start = date.fromisoformat(company.settings["freeagent_start_date"])
    rows: dict[str, Money] = {}
    for line in company.book.lines(through=start):
        if line.source.kind in ("bank_account", "stock_item"):
            rows[line.account] = rows.get(line.account, Money.zero(company.currency)) + line.base
    accounts = {account.id: account for account in company.book.accounts()}
    return [(accounts[id], total) for id, total in rows.items()]


def _totals(company: Company, first: date, last: date) -> list[tuple[Account, Money]]:
    """Balances at the end; income and expense from the beginning of the period, earlier ones as retained profit."""
    book = company.book
    moved = {row.account.id: row.balance.base for row in book.trial_balance(as_of=last, since=first)}
    retained = Money.zero(company.currency)
    rows: list[tuple[Account, Money]] = []
    for row in book.trial_balance(as_of=last):
        if row.account.kind in _PROFIT_AND_LOSS:
            retained = retained + row.balance.base - moved.get(row.account.id, Money.zero(company.currency))
        elif row.account.id != RETAINED_PROFIT:
            rows.append((row.account, row.balance.base))
        else:
            retained = retained + row.balance.base
    accounts = {account.id: account for account in book.accounts()}
    rows += [(accounts[id], total) for id, total in moved.items() if accounts[id].kind in _PROFIT_AND_LOSS]
    return [*brought_forward(company, rows, moved), (accounts[RETAINED_PROFIT], retained)]


def brought_forward(
    company: Company, rows: list[tuple[Account, Money]], moved: dict[str, Money]
) -> list[tuple[Account, Money]]:
    """The rows with what capital assets carry from earlier periods on the accounts of that: 602 keeps the purchases
    of this period, 601 shows the others."""
    zero = Money.zero(company.currency)
    kept: list[tuple[Account, Money]] = []
    carried: dict[str, Money] = {}
    for account, value in rows:
        code, _, sub = account.id.partition("-")
        earlier = BROUGHT_FORWARD.get(code) if sub else None
        if earlier is None:
            kept.append((account, value))
            continue
        here = moved.get(account.id, zero)
        kept.append((account, here))
        carried[f"{earlier}-{sub}"] = carried.get(f"{earlier}-{sub}", zero) + value - here
    places = {account.id: place for place, (account, _) in enumerate(kept)}
    for id, value in carried.items():
        if id in places:
            kept[places[id]] = (kept[places[id]][0], kept[places[id]][1] + value)
            continue
        owner = owner_of(company, id)
        if owner is not None:
            code = id.partition("-")[0]
            kept.append((Account(id, name_of(code, owner.body), AccountClass.ASSET), value))
    return kept


def _summary(call: Call, rows: list[tuple[Account, Money]]) -> Response:
    shown = [_row(call.company, account, total) for account, total in rows if total]
    shown.sort(key=lambda row: row["display_nominal_code"])
    return json_reply({"trial_balance_summary": [_linked(call, row) for row in shown]})


def _linked(call: Call, row: dict[str, Any]) -> Any:
    return absolute(call, row)


def codes_of(company: Company, account: str) -> dict[str, Any]:
    """The category behind an account: legacy code (with the resource's id), shown code (with the sub code), owner."""
    bank = company.records.get("bank_account", account)
    if bank is not None:
        return {
            "category": path("categories", BANK),
            "nominal_code": f"{BANK}-{account}",
            "display_nominal_code": f"{BANK}-{bank.body['sub_code']}",
            "bank_account": path(RESOURCES["bank_account"], account),
        }
    code, _, owner = account.partition("-")
    user = company.records.get("user", owner) if owner and int(code) in USER_CODES else None
    if user is not None:
        return {
            "category": path("categories", code),
            "nominal_code": account,
            "display_nominal_code": f"{code}-{user.body['sub_code']}",
            "user": path(RESOURCES["user"], owner),
        }
    return {"category": path("categories", code), "nominal_code": account, "display_nominal_code": account}


def _row(company: Company, account: Account, total: Money) -> dict[str, Any]:
    codes = codes_of(company, account.id)
    name = f"Bank Account {account.name}" if "bank_account" in codes else account.name
    return {**codes, "name": name, "total": decimal_text(total.amount)}


def list_transactions(call: Call) -> Response:
    """``GET /v2/accounting/transactions``: the standing ledger lines of a period; reversed ones are gone."""
    first, last = asked_range(call)
    wanted = call.query.get("nominal_code")
    lines = standing(call.company.book.lines(since=first, through=last))
    if wanted is not None:
        _check_code(call.company, wanted)
        codes = {account: codes_of(call.company, account) for account in {line.account for line in lines}}
        names = {account: found["display_nominal_code"] for account, found in codes.items()}
        lines = [line for line in lines if wanted in (names[line.account], names[line.account].partition("-")[0])]
    lines.sort(key=lambda line: line.date)
    return json_reply({"transactions": [absolute(call, _line(call, line)) for line in page_of(call, lines)]})


def _check_code(company: Company, code: str) -> None:
    if company.records.get("category", code.partition("-")[0]) is None:
        # Source: https://api-discuss.freeagent.com (quoted text, status 400)
        raise Malformed("Invalid nominal code")


def asked_range(call: Call) -> tuple[date, date]:
    """The period asked for: the present one up to today, at most twelve months. Raises ``Malformed``."""
    last = date_in(call, "to_date") or call.today()
    first = date_in(call, "from_date") or period_of(call.company, last)[0]
    if first > last:
        raise Malformed("from_date must not be after to_date")
    in_one_period = period_of(call.company, first) == period_of(call.company, last)
    if last - first > timedelta(days=366) and not in_one_period:
        raise Malformed("The date range must not be longer than 12 months")
    return first, last


def _line(call: Call, line: Line) -> dict[str, Any]:
    company = call.company
    codes = codes_of(company, line.account)
    source = company.records.get(line.source.kind, line.source.id)
    foreign: dict[str, str] = {}
    if line.amount.currency != company.currency:
        foreign = {"currency_code": line.amount.currency, "debit_value": decimal_text(line.amount.amount)}
    at = source.created if source is not None else call.world.clock.now()
    changed = source.updated if source is not None else at
    return {
        "url": path("accounting/transactions", f"{line.number}{line.index:04d}"),
        "dated_on": line.date.isoformat(),
        "created_at": timestamp(at),
        "updated_at": timestamp(changed),
        "description": line.posting.memo or line.entry_memo,
        "category": codes["category"],
        "category_name": company.book.account(line.account).name,
        "nominal_code": codes["display_nominal_code"],
        "debit_value": decimal_text(line.base.amount),
        # Parts of an asset's depreciation, and of an open document's revaluation, lead to the asset and the document.
        "source_item_url": path(RESOURCES[line.source.kind], line.source.id.partition("@")[0]),
        "foreign_currency_data": foreign,
    }


def lacking(call: Call) -> Response:
    """The other reports."""
    raise NotSimulated(f"accounting/{call.args['report']}", instead="accounting/trial_balance/summary")


OPERATIONS = (
    Operation("trial_balance", "GET", "/v2/accounting/trial_balance/summary", trial_balance, scope="7"),
    Operation(
        "opening_balances", "GET", "/v2/accounting/trial_balance/summary/opening_balances", opening_balances, scope="7"
    ),
    Operation("list_transactions", "GET", "/v2/accounting/transactions", list_transactions, scope="7"),
    Operation("get_report", "GET", "/v2/accounting/<path:report>", lacking, scope="7"),
)
