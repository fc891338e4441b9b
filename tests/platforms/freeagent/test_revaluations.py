"""Daily revaluation of open foreign documents: off unless asked for, gone once they are settled."""

from datetime import timedelta
from typing import Any

import pytest
from tests.platforms.freeagent.desk import PLAN, Desk, open_desk

from sandbooks.app import App
from sandbooks.platform import CompanyPlan, platform_named

RATES = {"USD": {"2026-01-01": "0.80", "2026-03-04": "0.83", "2026-03-06": "0.78"}}


def after(desk: Desk, days: int) -> None:
    desk.world.advance(by=timedelta(days=days))
    with desk.world.unit():
        desk.token = platform_named("freeagent").load_seed().credentials(desk.world, desk.company)["access_token"]


@pytest.fixture
def revalued() -> Desk:
    settings = {"exchange_rates": RATES, "revalue_open_items": True}
    return open_desk(App(), CompanyPlan(accounts=PLAN.accounts, suppliers=PLAN.suppliers, settings=settings))


def owed(desk: Desk) -> Any:
    return desk.bill(desk.item("100.00"), currency="USD")


def sold(desk: Desk) -> Any:
    item = {"description": "Oak", "price": "200.00", "quantity": "1", "sales_tax_rate": "0"}
    given = {"contact": desk.contact("acme"), "dated_on": "2026-03-02", "payment_terms_in_days": 5, "currency": "USD"}
    made = desk.make("invoices", "invoice", **given, invoice_items=[item])
    desk.send("PUT", f"{made['url']}/transitions/mark_as_sent")
    return made


def test_what_is_open_is_worth_the_rate_of_the_day(revalued: Desk) -> None:
    owed(revalued)
    sold(revalued)
    assert "391" not in revalued.books()
    after(revalued, 1)
    assert "391" not in revalued.books()
    after(revalued, 1)
    books = revalued.books()
    assert (books["payables"], books["receivables"], books["391"]) == ("-83.00", "166.00", "-3.00")
    after(revalued, 2)
    books = revalued.books()
    assert (books["payables"], books["receivables"], books["391"]) == ("-78.00", "156.00", "2.00")
    lines = revalued.get("accounting/transactions", nominal_code="391")["transactions"]
    assert sorted((line["dated_on"], line["debit_value"]) for line in lines) == [
        ("2026-03-04", "-6.0"),
        ("2026-03-04", "3.0"),
        ("2026-03-06", "-5.0"),
        ("2026-03-06", "10.0"),
    ]


def test_a_payment_realises_its_part_and_leaves_nothing_behind(revalued: Desk) -> None:
    bill = owed(revalued)
    after(revalued, 2)
    assert revalued.books()["391"] == "3.00"
    revalued.explain("dollars", "-40.00", paid_bill=bill["url"], description="", dated_on="2026-03-04")
    books = revalued.books()
    assert (books["payables"], books["391"], books["exchange_differences"]) == ("-49.80", "1.80", "1.20")
    revalued.explain("dollars", "-60.00", paid_bill=bill["url"], description="", dated_on="2026-03-04")
    books = revalued.books()
    assert "391" not in books
    assert "payables" not in books
    assert books["exchange_differences"] == "3.00"
    after(revalued, 5)
    assert revalued.books() == books


def test_what_goes_takes_its_revaluation_with_it(revalued: Desk) -> None:
    bill, invoice = owed(revalued), sold(revalued)
    after(revalued, 2)
    revalued.drop(bill["url"])
    revalued.send("PUT", f"{invoice['url']}/transitions/mark_as_draft")
    assert revalued.books() == {}


def test_a_locked_day_is_left_out_and_the_next_one_takes_it(revalued: Desk) -> None:
    owed(revalued)
    with revalued.world.unit():
        platform_named("freeagent").load_bookkeeper().lock_period(revalued.company, "2026-03-05")
    after(revalued, 3)
    assert "391" not in revalued.books()
    after(revalued, 1)
    assert (revalued.books()["391"], revalued.books()["payables"]) == ("-2.00", "-78.00")


def lock(desk: Desk, through: str) -> None:
    with desk.world.unit():
        platform_named("freeagent").load_bookkeeper().lock_period(desk.company, through)


def test_what_is_paid_on_a_locked_day_leaves_nothing_behind_on_the_next(revalued: Desk) -> None:
    bill = owed(revalued)
    after(revalued, 2)
    lock(revalued, "2026-03-04")
    revalued.explain("dollars", "-100.00", paid_bill=bill["url"], description="", dated_on="2026-03-05")
    assert revalued.books()["391"] == "3.00"
    after(revalued, 1)
    books = revalued.books()
    assert ("391" in books, "payables" in books) == (False, False)


def test_a_document_that_goes_on_a_locked_day_leaves_nothing_behind_on_the_next(revalued: Desk) -> None:
    bill = revalued.bill(revalued.item("100.00"), currency="USD", exchange_rate="0.80", dated_on="2026-03-05")
    after(revalued, 2)
    assert revalued.books()["391"] == "3.00"
    lock(revalued, "2026-03-04")
    revalued.drop(bill["url"])
    assert revalued.books() == {"payables": "-3.00", "391": "3.00"}
    lock(revalued, "2026-03-05")
    after(revalued, 1)
    assert revalued.books() == {"payables": "-3.00", "391": "3.00"}
    after(revalued, 1)
    assert revalued.books() == {}
    queued = [job for job in revalued.world.jobs.waiting() if job.run.endswith("revaluations:run")]
    after(revalued, 3)
    assert (len(queued), revalued.world.jobs.waiting()) == (0, [])


def test_nothing_is_revalued_unless_the_company_asks_for_it() -> None:
    plan = CompanyPlan(accounts=PLAN.accounts, suppliers=PLAN.suppliers, settings={"exchange_rates": RATES})
    desk = open_desk(App(), plan)
    owed(desk)
    after(desk, 30)
    assert desk.books()["payables"] == "-80.00"


def test_a_bill_that_moves_to_another_account_takes_its_revaluation_along(revalued: Desk) -> None:
    bill = owed(revalued)
    after(revalued, 2)
    for hired in (True, False, True):
        revalued.change(bill["url"], "bill", is_paid_by_hire_purchase=hired)
        (owing,) = (code for code in revalued.books() if code not in ("office", "391"))
        assert owing.startswith("792-" if hired else "payables")
        assert (revalued.books()[owing], revalued.books()["391"]) == ("-83.00", "3.00")
    after(revalued, 2)
    revalued.drop(bill["url"])
    assert revalued.books() == {}


def test_a_bill_that_is_moved_to_another_currency_is_revalued_in_that(revalued: Desk) -> None:
    bill = owed(revalued)
    after(revalued, 2)
    revalued.change(bill["url"], "bill", currency="GBP")
    assert revalued.books() == {"office": "100.00", "payables": "-100.00"}
    revalued.change(bill["url"], "bill", currency="USD")
    assert revalued.books() == {"office": "80.00", "payables": "-83.00", "391": "3.00"}
    revalued.change(bill["url"], "bill", contact=revalued.contact("zenith"))
    lines = [line.posting for line in revalued.company.book.lines() if line.posting.account == "796"]
    held = {party: sum(p.base.amount for p in lines if p.party == party) for party in {p.party for p in lines}}
    assert sorted(held.values()) == [-83, 0]
    revalued.drop(bill["url"])
    assert revalued.books() == {}
