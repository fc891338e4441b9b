"""Revaluation of open foreign balances at the end of a period, and its reversal as the next begins."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from msgspec.structs import replace
from tests.platforms.netsuite.desk import PLAN, RECORD, Desk, open_desk
from tests.platforms.netsuite.test_laws import balances, rebuilt
from tests.platforms.netsuite.test_subsidiaries import Group, opened

from sandbooks.app import App
from sandbooks.ledger import PeriodClosed
from sandbooks.platform import platform_named
from sandbooks.platforms.netsuite.bookkeeper import BOOKKEEPER
from sandbooks.platforms.netsuite.refusals import CannotDelete, UserError

KIND, ACCOUNT = "currencyRevaluation", "Unrealized Gain/Loss"
RATES = {"USD": {"2026-01-01": "0.80", "2026-03-10": "0.90", "2026-03-31": "0.84", "2026-04-30": "0.75"}}


@pytest.fixture
def desk(app: App) -> Desk:
    return open_desk(app, replace(PLAN, settings={**PLAN.settings, "exchange_rates": RATES}))


def revalue(desk: Desk, month: str = "Mar 2026") -> None:
    (period,) = desk.suiteql(f"SELECT id FROM accountingperiod WHERE periodname = '{month}'")  # noqa: S608 - our own
    with desk.world.unit():
        BOOKKEEPER.edit(desk.company, "accountingPeriod", period["id"], {"revalueOpenBalances": True})


def later(desk: Desk, day: str) -> None:
    """The clock moves on, and whoever is at the desk signs in anew."""
    desk.world.advance(to=datetime.combine(date.fromisoformat(day), time(9), UTC))
    with desk.world.unit():
        desk.credentials = platform_named("netsuite").load_seed().credentials(desk.world, desk.company)


def books_at(desk: Desk, day: str) -> dict[str, str]:
    names = {id: label for label, id in reversed(desk.labels["accounts"].items())}
    rows = desk.company.book.trial_balance(as_of=date.fromisoformat(day))
    return {names.get(r.account.id, r.account.name): f"{r.balance.base.amount:.2f}" for r in rows if r.balance.base}


def dollar_bill(desk: Desk, amount: str = "100.00", **members: object) -> str:
    return desk.bill(desk.line(amount), currency=desk.currency("USD"), **members)


def test_open_bills_and_balances_are_worth_the_rate_of_the_last_day_until_the_next_begins(desk: Desk) -> None:
    dollar_bill(desk)
    desk.spend("check", desk.line("50.00"), account="dollars", currency=desk.currency("USD"))
    desk.spend("creditCardCharge", desk.line("7.00"), account="visa", currency=desk.currency("USD"))
    before = desk.books()
    assert before == {"travel": "125.60", "payables": "-80.00", "dollars": "-40.00", "visa": "-5.60"}
    later(desk, "2026-04-02")
    revalue(desk)
    assert books_at(desk, "2026-03-31") == {
        **before,
        "payables": "-84.00",
        "dollars": "-42.00",
        "Unrealized Gain/Loss": "6.00",
    }
    assert desk.books() == before
    assert desk.held("dollars") == {"USD": "-50.00"}


def test_before_the_period_is_over_the_rate_of_today_is_taken(desk: Desk) -> None:
    dollar_bill(desk)
    later(desk, "2026-03-12")
    revalue(desk)
    assert books_at(desk, "2026-03-31")["Unrealized Gain/Loss"] == "10.00"


def test_run_again_it_posts_what_changed_alone(desk: Desk) -> None:
    dollar_bill(desk)
    later(desk, "2026-04-02")
    revalue(desk)
    revalue(desk)
    assert desk.company.records.count(KIND) == 2
    dollar_bill(desk, "10.00", exchangeRate="0.80")
    revalue(desk)
    assert desk.company.records.count(KIND) == 4
    assert books_at(desk, "2026-03-31")["Unrealized Gain/Loss"] == "4.40"
    assert "Unrealized Gain/Loss" not in desk.books()


def test_run_again_it_takes_back_what_stands_for_a_balance_that_is_gone(desk: Desk) -> None:
    bill = dollar_bill(desk)
    later(desk, "2026-04-02")
    revalue(desk)
    desk.write("DELETE", bill)
    assert books_at(desk, "2026-03-31") == {"payables": "-4.00", "Unrealized Gain/Loss": "4.00"}
    revalue(desk)
    assert (books_at(desk, "2026-03-31"), desk.books()) == ({}, {})
    revalue(desk)
    assert desk.company.records.count(KIND) == 4


def test_each_period_starts_from_the_booking_rate_and_a_payment_realises_all_of_it(desk: Desk) -> None:
    bill = dollar_bill(desk)
    later(desk, "2026-05-02")
    for month in ("Mar 2026", "Apr 2026"):
        revalue(desk, month)
    assert books_at(desk, "2026-04-30")["Unrealized Gain/Loss"] == "-5.00"
    apply = {"items": [{"doc": {"id": bill.rpartition("/")[2]}, "apply": True}]}
    desk.make("vendorPayment", entity=desk.id("acme"), account=desk.id("dollars"), exchangeRate="0.75", apply=apply)
    assert desk.books() == {"travel": "80.00", "dollars": "-75.00", "exchange_differences": "-5.00"}
    revalue(desk, "May 2026")
    assert "payables" not in books_at(desk, "2026-05-31")


def test_an_account_says_itself_whether_it_is_revalued(desk: Desk) -> None:
    desk.spend("check", desk.line("50.00"), account="dollars", currency=desk.currency("USD"))
    desk.write("PATCH", f"account/{desk.id('dollars')['id']}", {"revalue": False})
    desk.write("PATCH", f"account/{desk.id('travel')['id']}", {"revalue": True})
    revalue(desk)
    assert desk.company.records.count(KIND) == 0


def test_what_stands_on_an_inactive_account_is_revalued_while_people_enter_nothing_there(desk: Desk) -> None:
    desk.spend("check", desk.line("50.00"), account="dollars", currency=desk.currency("USD"))
    desk.write("PATCH", f"account/{desk.id('dollars')['id']}", {"isInactive": True})
    later(desk, "2026-05-02")
    revalue(desk)
    assert books_at(desk, "2026-03-31")["dollars"] == "-42.00"
    (made,) = desk.suiteql(f"SELECT id FROM account WHERE acctname = '{ACCOUNT}'")  # noqa: S608 - our own
    desk.write("PATCH", f"account/{made['id']}", {"isInactive": True})
    revalue(desk, "Apr 2026")
    assert books_at(desk, "2026-04-30")["dollars"] == "-37.50"
    line = {"items": [desk.line("1.00")]}
    assert desk.refused("POST", "check", {"account": desk.id("dollars"), "expense": line})[0] == "INVALID_CONTENT"


@pytest.mark.parametrize(("type", "made"), [("OthExpense", 1), ("Equity", 2)])
def test_an_account_that_bears_the_name_already_is_taken_where_its_type_fits(desk: Desk, type: str, made: int) -> None:
    desk.make("account", acctName=ACCOUNT, acctType={"id": type})
    desk.make("account", acctName="In the way", acctNumber="8300", acctType={"id": "Expense"})
    dollar_bill(desk)
    later(desk, "2026-04-02")
    revalue(desk)
    rows = desk.suiteql(
        f"SELECT accttype, acctnumber FROM account WHERE acctname = '{ACCOUNT}' ORDER BY id"  # noqa: S608 - our own
    )
    assert rows == [{"accttype": type}, {"accttype": "OthExpense", "acctnumber": "8301"}][:made]
    at_end = desk.company.book.trial_balance(as_of=date(2026, 3, 31))
    assert [row.account.kind.value for row in at_end if row.account.name == ACCOUNT] == ["expense"]


def test_unrealized_gains_and_losses_go_where_the_rules_of_the_account_say(app: App) -> None:
    rules = [{"account": "7000", "variance": "unrealized", "result": "gain", "currency": "USD"}]
    desk = open_desk(app, replace(PLAN, settings={**PLAN.settings, "exchange_rates": RATES, "variance_rules": rules}))
    dollar_bill(desk)
    later(desk, "2026-05-02")
    revalue(desk)
    assert books_at(desk, "2026-03-31")[ACCOUNT] == "4.00"
    revalue(desk, "Apr 2026")
    assert books_at(desk, "2026-04-30") == {"travel": "80.00", "payables": "-75.00", "Interest Income": "-5.00"}
    assert desk.books() == {"travel": "80.00", "payables": "-80.00"}


def test_a_revaluation_is_queried_but_is_no_record_of_rest(desk: Desk) -> None:
    dollar_bill(desk)
    later(desk, "2026-04-02")
    revalue(desk)
    rows = desk.suiteql(
        "SELECT t.trandate, t.memo, BUILTIN.DF(t.postingperiod) period, SUM(l.debit) debit FROM transaction t "
        "JOIN transactionaccountingline l ON l.transaction = t.id WHERE t.type = 'FxReval' "
        "GROUP BY t.id, t.trandate, t.memo, t.postingperiod ORDER BY t.id"
    )
    assert rows == [
        {"trandate": "3/31/2026", "memo": "Unrealized Gain/Loss", "period": "Mar 2026", "debit": "4"},
        {"trandate": "4/1/2026", "memo": "Reversal of Unrealized Gain/Loss", "period": "Apr 2026", "debit": "4"},
    ]
    assert desk.refused("GET", KIND, status=404)[0] == "INVALID_URL"
    assert KIND not in [item["name"] for item in desk.get("metadata-catalog")["items"]]


def test_it_is_deleted_with_its_reversal_and_never_changed(desk: Desk) -> None:
    dollar_bill(desk)
    later(desk, "2026-04-02")
    revalue(desk)
    first, second = desk.company.records.scan(KIND)
    for act in (
        lambda: BOOKKEEPER.edit(desk.company, KIND, first.id, {"memo": "mine"}),
        lambda: BOOKKEEPER.void(desk.company, KIND, first.id),
        lambda: BOOKKEEPER.delete(desk.company, KIND, second.id),
    ):
        with pytest.raises((UserError, CannotDelete)), desk.world.unit():
            act()
    with desk.world.unit():
        BOOKKEEPER.delete(desk.company, KIND, first.id)
    assert books_at(desk, "2026-03-31") == {"travel": "80.00", "payables": "-80.00"}
    assert (desk.company.records.count(KIND), rebuilt(desk)) == (0, balances(desk.company.book))


@pytest.mark.parametrize("lock", ["2026-03-31", "2026-04-30"])
def test_a_closed_period_is_not_revalued(desk: Desk, lock: str) -> None:
    dollar_bill(desk)
    later(desk, "2026-04-02")
    with desk.world.unit():
        BOOKKEEPER.lock_period(desk.company, lock)
    before = desk.posted()
    with pytest.raises(PeriodClosed):
        revalue(desk)
    assert desk.posted() == before
    (year,) = desk.suiteql("SELECT id FROM accountingperiod WHERE periodname = 'FY 2026'")
    with pytest.raises(UserError), desk.world.unit():
        BOOKKEEPER.edit(desk.company, "accountingPeriod", year["id"], {"revalueOpenBalances": True})


def test_a_subsidiary_revalues_in_its_own_base_currency_and_the_group_takes_that(app: App) -> None:
    group: Group = opened(app)
    usd = group.currency("USD")
    for currency, rate, day in (("EUR", "0.8512", "2026-01-01"), ("EUR", "0.9000", "2026-03-31")):
        pair = {"baseCurrency": group.currency("GBP"), "transactionCurrency": group.currency(currency)}
        group.make("currencyRate", **pair, effectiveDate=day, exchangeRate=rate)
    pair = {"baseCurrency": group.currency("EUR"), "transactionCurrency": usd}
    for rate, day in (("0.92", "2026-01-01"), ("0.95", "2026-03-31")):
        group.make("currencyRate", **pair, effectiveDate=day, exchangeRate=rate)
    group.local_bill("100.00", currency=usd)
    booked = group.books()
    later(group, "2026-04-02")
    revalue(group)
    at_end = {row.account.name: row.balance.base.amount for row in group.local().trial_balance(as_of=date(2026, 3, 31))}
    assert at_end["Unrealized Gain/Loss"] == Decimal("3.00")
    assert books_at(group, "2026-03-31")["Unrealized Gain/Loss"] == "2.70"
    assert group.books() == booked
    assert group.local_books() == {"travel": "92.00", "payables": "-92.00"}


def test_without_foreign_balances_nothing_is_posted(open_with: Callable[..., Desk]) -> None:
    desk = open_with()
    desk.bill(desk.line("5.00"))
    revalue(desk)
    assert desk.posted()[0] == 2
    assert desk.send("GET", f"{RECORD}/vendor").status == 200
