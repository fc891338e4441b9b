"""Reports: what was earned in a period, and what the business owns and owes on a day."""

from typing import Any

from tests.platforms.freeagent.desk import BASE, Desk


def summary(desk: Desk, **query: object) -> Any:
    return desk.get("accounting/profit_and_loss/summary", **query)["profit_and_loss_summary"]


def test_profit_and_loss_tells_a_period_and_what_was_retained_before(desk: Desk) -> None:
    desk.explain("bank", "1200.00", category=desk.category("sales"), dated_on="2025-11-05")
    desk.explain("bank", "601.20", category=desk.category("sales"))
    desk.explain("bank", "-90.36", dated_on="2026-03-02")
    desk.explain("bank", "-50.00", paid_user=desk.me(), category=f"{BASE}/v2/categories/908")
    shown = summary(desk, from_date="2026-01-01", to_date="2026-03-31")
    assert (shown["from"], shown["to"]) == ("2026-01-01", "2026-03-31")
    # 601.20 and 90.36 hold VAT at 20 %: 501.00 and 75.30 are net.
    assert (shown["income"], shown["expenses"], shown["operating_profit"]) == ("501", "75", "426")
    assert {row["title"]: row["total"] for row in shown["less"]} == {
        "Corp. Tax": "0",
        "Dividends": "50",
        "Adjustments": "0",
    }
    assert shown["retained_profit"] == "376"
    assert (shown["retained_profit_brought_forward"], shown["retained_profit_carried_forward"]) == ("1000", "1376")


def test_profit_and_loss_takes_an_accounting_period_and_refuses_more_than_a_year(desk: Desk) -> None:
    year = desk.world.clock.today().year
    assert summary(desk, accounting_period=f"{year}/{year % 100:02d}")["from"] == f"{year}-01-01"
    path = "accounting/profit_and_loss/summary"
    assert desk.refused("GET", f"{path}?accounting_period=1990/91", status=400)
    assert "12 months" in desk.refused("GET", f"{path}?from_date=2020-01-01&to_date=2026-01-01", status=400)


def test_the_balance_sheet_balances_and_sorts_accounts_by_what_they_are(desk: Desk) -> None:
    desk.make("bank_accounts", "bank_account", name="Savings", opening_balance="250.75")
    desk.bill(desk.item("120.00"))
    desk.explain("bank", "601.20", category=desk.category("sales"))
    desk.make(
        "journal_sets",
        "journal_set",
        dated_on="2026-03-02",
        description="Shares",
        journal_entries=[
            {"category": f"{BASE}/v2/categories/921", "debit_value": "-30.00"},
            {"category": f"{BASE}/v2/categories/671", "debit_value": "30.00"},
        ],
    )
    sheet = desk.get("accounting/balance_sheet", as_at_date="2026-03-31")["balance_sheet"]
    assert (sheet["as_at_date"], sheet["currency"]) == ("2026-03-31", "GBP")

    def section(name: str) -> dict[str, int]:
        return {row["name"]: row["total_debit_value"] for row in sheet[name].get("accounts", ())}

    assert section("current_assets") == {
        "Bank Account: Savings": 251,
        "Bank Account: Current Account": 601,
        "Prepayments and Accrued Income": 30,
        "VAT Reclaimed": 20,
    }
    assert section("current_liabilities") == {"Trade Creditors": -120, "VAT Charged": -100, "Suspense Account": -251}
    assert section("owners_equity") == {"Called Up Share Capital": -30}
    assert "accounts" not in sheet["capital_assets"]
    assert sheet["owners_equity"]["retained_profit"] == -401
    assert sheet["total_owners_equity"] == -sheet["total_assets"] == -431
    before = desk.get("accounting/balance_sheet", as_at_date="2026-03-01")["balance_sheet"]
    assert before["total_assets"] == 0


def test_opening_balances_come_as_a_sheet_and_as_a_journal_set(desk: Desk) -> None:
    savings = desk.make("bank_accounts", "bank_account", name="Savings", opening_balance="250.75")
    sheet = desk.get("accounting/balance_sheet/opening_balances")["balance_sheet"]
    assert "as_at_date" not in sheet
    assert [row["total_debit_value"] for row in sheet["current_assets"]["accounts"]] == [251]
    journal = desk.get("journal_sets/opening_balances")["journal_set"]
    assert journal["bank_accounts"] == [{"url": savings["url"], "description": "Savings", "debit_value": "250.75"}]
    assert (journal["journal_entries"], journal["stock_items"]) == ([], [])
