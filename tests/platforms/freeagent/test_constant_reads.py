"""Reading one record, or one page, costs the same however many others there are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from urllib.parse import quote

import pytest
from msgspec import structs
from tests.platforms.counting import counted
from tests.platforms.freeagent.desk import BASE, PLAN, Desk, open_desk

from sandbooks.app import App
from sandbooks.platforms.freeagent.records import stock, sums
from sandbooks.platforms.freeagent.wire import tail

Ask = Callable[[Desk], str]


def _first(desk: Desk, kind: str) -> str:
    return next(iter(desk.company.records.page(kind, skip=0, most=1))).id


def _of_bank(desk: Desk, resource: str) -> str:
    return f"{resource}?per_page=3&bank_account={quote(desk.account('bank'))}"


READS: dict[str, Ask] = {
    "a bank account": lambda desk: desk.account("bank"),
    "the bank accounts": lambda _: "bank_accounts",
    "a bank transaction": lambda desk: f"bank_transactions/{_first(desk, 'bank_transaction')}",
    "a page of bank transactions": lambda desk: _of_bank(desk, "bank_transactions"),
    "a page of explanations": lambda desk: _of_bank(desk, "bank_transaction_explanations"),
    "a page of bills": lambda _: "bills?per_page=3",
    "a page of a contact's bills": lambda desk: f"bills?per_page=3&contact={quote(desk.contact('acme'))}",
    "a contact": lambda desk: desk.contact("acme"),
    "the contacts": lambda _: "contacts",
    "a page of capital assets": lambda _: "capital_assets?per_page=3",
    "a page of capital assets with what happened to them": lambda _: "capital_assets?per_page=3&include_history=true",
    "a stock item": lambda desk: f"stock_items/{_first(desk, 'stock_item')}",
    "the stock items": lambda _: "stock_items",
    "a page of hire purchases": lambda _: "hire_purchases?per_page=3",
}


def _register(desk: Desk, many: int, start: int = 0) -> None:
    """Purchases of assets and stock, and sales of it."""
    if not start:
        with desk.world.unit():
            stock.write(desk.company, {"description": "Apple", "cost_of_sale_category": "/v2/categories/101"})
    item = {"stock_item": f"/v2/stock_items/{_first(desk, 'stock_item')}", "stock_altering_quantity": 2}
    for number in range(start, start + many // 4):
        desk.explain("bank", f"-{number + 40}.00", category=f"{BASE}/v2/categories/602-1", description="Desk")
        desk.explain("bank", f"-{number + 3}.00", category=f"{BASE}/v2/categories/609", **item)
        desk.explain("bank", f"{number + 9}.00", category="", **{**item, "stock_altering_quantity": 1})


def _fill(desk: Desk, many: int, start: int = 0) -> None:
    _register(desk, many, start)
    for number in range(start, start + many):
        desk.explain("bank", f"-{number + 3}.17", dated_on=f"2026-02-{number % 28 + 1:02d}")
        hired = number % 6 == 0
        desk.bill(desk.item(f"{number + 11}.29"), reference=f"B-{number}", is_paid_by_hire_purchase=hired)
    lines = [
        {"dated_on": "2026-02-11", "amount": f"{n + 1}.05", "description": "Till"} for n in range(start, start + 9)
    ]
    desk.send("POST", f"bank_transactions/statement?bank_account={quote(desk.account('bank'))}", {"statement": lines})


@pytest.mark.parametrize("what", READS)
def test_a_read_makes_as_many_queries_and_gets_as_many_rows_however_many_documents_there_are(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    _fill(desk, 28)
    with counted(desk.world, monkeypatch) as before:
        desk.get(READS[what](desk))
    _fill(desk, 56, start=28)
    with counted(desk.world, monkeypatch) as after:
        desk.get(READS[what](desk))
    assert after == before


def test_the_latest_day_of_a_bank_account_follows_what_comes_and_goes(desk: Desk) -> None:
    desk.explain("bank", "-4.10", dated_on="2026-02-03")
    later = desk.explain("bank", "-9.63", dated_on="2026-02-27")
    desk.explain("visa", "-1.72", dated_on="2026-03-01")
    assert desk.get(desk.account("bank"))["bank_account"]["latest_activity_date"] == "2026-02-27"
    desk.change(later["url"], "bank_transaction_explanation", dated_on="2026-02-19")
    assert desk.get(desk.account("bank"))["bank_account"]["latest_activity_date"] == "2026-02-19"
    desk.drop(later["url"])
    assert desk.get(desk.account("bank"))["bank_account"]["latest_activity_date"] == "2026-02-03"


def test_the_sums_that_are_kept_are_those_of_the_documents_that_stand(desk: Desk) -> None:
    _fill(desk, 6)
    for number, bill in enumerate(list(desk.company.records.scan("bill"))):
        desk.explain("bank", f"-{bill.body['due_value']}" if number % 2 else "-1.13", paid_bill=bill.body["url"])
    for explanation in list(desk.company.records.scan("bank_transaction_explanation"))[::3]:
        desk.drop(f"bank_transaction_explanations/{explanation.id}")
    imported = [found for found in desk.company.records.scan("bank_transaction") if not found.body["is_manual"]]
    desk.drop(f"bank_transactions/{imported[4].id}")
    waiting: dict[str, Decimal] = {}
    for record in desk.company.records.scan("bank_transaction"):
        account = tail(record.body["bank_account"], "bank_accounts")
        waiting[account] = waiting.get(account, Decimal(0)) + Decimal(record.body["unexplained_amount"])
    assert {account: sums.unexplained(desk.company, account) for account in waiting} == waiting
    owed = -sum(Decimal(record.body["due_value"]) for record in desk.company.records.scan("bill"))
    assert sums.owed(desk.company, desk.labels["suppliers"]["acme"]) == owed < 0


def test_changing_a_document_costs_the_same_however_often_it_was_changed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    bill = desk.bill(desk.item("90.00"))
    desk.explain("bank", "-20.00", paid_bill=bill["url"], description="")

    def cost(many: int) -> int:
        for number in range(many):
            desk.change(bill["url"], "bill", comments=f"{many} {number}")
        with counted(desk.world, monkeypatch) as counts:
            desk.change(bill["url"], "bill", comments=f"{many}")
        return counts["rows"]

    assert cost(2) == cost(12)


def test_a_day_of_revaluation_costs_the_same_however_many_documents_are_settled(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def cost(many: int) -> dict[str, int]:
        settings = {**PLAN.settings, "revalue_open_items": True}
        desk = open_desk(App(), structs.replace(PLAN, settings=settings))
        desk.bill(desk.item("100.00"), currency="USD")
        for number in range(many):
            desk.bill(desk.item(f"{number + 5}.00"), reference=f"HOME-{number}")
            paid = desk.bill(desk.item(f"{number + 2}.00"), currency="USD", reference=f"PAID-{number}")
            desk.explain("dollars", f"-{number + 2}.00", paid_bill=paid["url"], description="")
        with counted(desk.world, monkeypatch) as counts:
            desk.world.advance(by=timedelta(days=1))
        return counts

    assert cost(1) == cost(4)
    assert cost(0)["rows"] > 0


def test_a_statement_is_compared_with_the_transactions_of_its_own_days(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def upload(day: str, first: int = 1) -> int:
        lines = [{"dated_on": day, "amount": f"{first + n}.05", "description": "Till"} for n in range(3)]
        path = f"bank_transactions/statement?bank_account={quote(desk.account('bank'))}"
        with counted(desk.world, monkeypatch) as counts:
            desk.send("POST", path, {"statement": lines})
        return counts["rows"]

    upload("2026-01-02")
    before = upload("2026-02-03")
    for number in range(4):
        upload(f"2026-01-{number + 10}", first=40)
    assert upload("2026-02-04") == before
    shown = desk.get("bank_transactions", bank_account=desk.account("bank"))["bank_transactions"]
    upload("2026-02-03")
    assert desk.get("bank_transactions", bank_account=desk.account("bank"))["bank_transactions"] == shown


def test_a_sale_costs_the_same_however_often_the_item_was_bought_and_sold(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    _register(desk, 8)
    item = {"stock_item": f"/v2/stock_items/{_first(desk, 'stock_item')}", "stock_altering_quantity": 1}

    def sell() -> dict[str, int]:
        with counted(desk.world, monkeypatch) as counts:
            desk.explain("bank", "5.00", category="", **item)
        return counts

    before = sell()
    _register(desk, 24, start=8)
    assert sell() == before
