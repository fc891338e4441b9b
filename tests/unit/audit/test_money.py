"""Amounts, directions, currencies and dates: INV-11 to INV-14, 17, 26, 31; and closed periods, INV-32."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from tests.unit.audit.box import DAY, Bench, bought, gbp, rules

from sandbooks.audit.submitted import Submitted, SubmittedLine
from sandbooks.money import Money, Rate


def usd(amount: str) -> Money:
    return Money.of(amount, "USD")


@pytest.mark.parametrize(
    ("kind", "lines"),
    [
        ("payment", (("travel", "12.30"), ("card", "-12.30"))),
        ("refund", (("card", "12.30"), ("travel", "-12.30"))),
        ("reward", (("card", "12.30"), ("travel", "-12.30"))),
        ("chargeback", (("card", "12.30"), ("travel", "-12.30"))),
        ("reimbursable", (("travel", "12.30"), ("payables", "-12.30"))),
    ],
)
def test_each_kind_has_its_direction(bench: Bench, kind: str, lines: tuple[tuple[str, str], ...]) -> None:
    bench.post("r-01", *lines)
    assert bench.audit(bought("r-01", kind=kind)) == []


@pytest.mark.parametrize(("kind", "mode"), [("refund", "FM-69"), ("reward", "FM-73"), ("chargeback", "FM-73")])
def test_money_coming_back_that_is_booked_as_spend_is_found(bench: Bench, kind: str, mode: str) -> None:
    bench.post("r-01")
    (finding,) = bench.audit(bought("r-01", kind=kind))
    assert rules([finding]) == {"INV-13", "INV-14", "INV-17"}
    assert finding.failure_modes == (mode,)
    rows = [(r.account, str(r.expected), str(r.actual), str(r.difference)) for r in finding.table]
    assert rows == [
        ("Travel", "-12.30 GBP", "12.30 GBP", "24.60 GBP"),
        ("Company Card", "12.30 GBP", "-12.30 GBP", "-24.60 GBP"),
    ]


def test_another_amount_on_the_card_is_found(bench: Bench) -> None:
    bench.post("r-01", ("travel", "12.31"), ("card", "-12.31"))
    assert rules(bench.audit(bought("r-01"))) == {"INV-13", "INV-14"}


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("24.60", "That is twice the amount."),
        ("10.25", "The tax is missing."),
        ("14.35", "The tax counts twice."),
        ("4.10", "That is the first 1 of its 2 lines."),
        ("11.00", ""),
    ],
)
def test_the_difference_is_explained_where_it_amounts_to_something(bench: Bench, amount: str, said: str) -> None:
    first = SubmittedLine(account="travel", net=gbp("4.10"), tax=gbp("0"))
    lines = (first, SubmittedLine(account="travel", net=gbp("6.15"), tax=gbp("2.05")))
    bench.post("r-01", ("travel", amount), ("card", f"-{amount}"))
    finding = bench.audit(bought("r-01", lines=lines))[0]
    assert finding.message.splitlines()[0].endswith(said or "GBP.")


def test_another_expense_account_is_found_with_both_accounts(bench: Bench) -> None:
    bench.post("r-01", ("meals", "12.30"), ("card", "-12.30"))
    (finding,) = bench.audit(bought("r-01"))
    assert finding.invariants == ("INV-14",)
    assert [(r.account, str(r.expected), str(r.actual)) for r in finding.table] == [
        ("Travel", "12.30 GBP", "0.00 GBP"),
        ("Meals", "0.00 GBP", "12.30 GBP"),
        ("Company Card", "-12.30 GBP", "-12.30 GBP"),
    ]


@pytest.mark.parametrize(
    "lines",
    [
        (("travel", "10.25"), ("vat", "2.05"), ("card", "-12.30")),
        (("travel", "11.27"), ("vat", "1.03"), ("card", "-12.30")),
        (("travel", "12.30"), ("card", "-12.30")),
    ],
)
def test_tax_is_recovered_whole_in_part_or_not_at_all(bench: Bench, lines: tuple[tuple[str, str], ...]) -> None:
    bench.post("r-01", *lines)
    assert bench.audit(bought("r-01", "10.25", tax="2.05")) == []


def test_tax_added_twice_is_found_on_the_card(bench: Bench) -> None:
    bench.post("r-01", ("travel", "12.30"), ("vat", "2.46"), ("card", "-14.76"))
    assert rules(bench.audit(bought("r-01", "10.25", tax="2.05"))) == {"INV-13", "INV-15", "INV-23"}


def test_a_platform_that_computes_tax_itself_may_shift_half_a_unit_for_each_line(bench: Bench) -> None:
    nets = [("25.06", "3.75"), ("25.61", "3.85"), ("25.63", "3.84")]
    lines = tuple(SubmittedLine(account="travel", net=gbp(net), tax=gbp(tax)) for net, tax in nets)
    bench.post("r-01", ("travel", "76.29"), ("vat", "11.45"), ("card", "-87.74"))
    assert bench.audit(bought("r-01", lines=lines)) == []
    bench.post("r-02", ("travel", "76.28"), ("vat", "11.46"), ("card", "-87.74"))
    assert rules(bench.audit(bought("r-01", lines=lines), bought("r-02", lines=lines))) == {"INV-14", "INV-24"}


def test_a_foreign_purchase_is_compared_in_its_own_currency_or_by_its_rate(bench: Bench) -> None:
    rate = Rate(Decimal("0.781"), "USD", "GBP")
    bench.post("r-01", ("travel", "20.00 USD", "15.62"), ("usd_card", "-20.00 USD", "-15.62"))
    bench.post("r-02", ("travel", "15.62"), ("card", "-15.62"))
    right = [
        bought("r-01", "20.00", currency="USD", rate=rate, bank_account="usd_card"),
        bought("r-02", "20.00", currency="USD", rate=rate),
    ]
    assert bench.audit(*right) == []


def test_a_rate_the_wrong_way_round_is_found(bench: Bench) -> None:
    rate = Rate(Decimal("0.781"), "USD", "GBP")
    bench.post("r-02", ("travel", "25.61"), ("card", "-25.61"))
    assert rules(bench.audit(bought("r-02", "20.00", currency="USD", rate=rate))) == {"INV-13", "INV-14", "INV-25"}


def test_a_transfer_moves_each_side_by_its_own_amount(bench: Bench) -> None:
    sides = (
        SubmittedLine(account="usd_card", net=usd("20.00"), tax=usd("0")),
        SubmittedLine(account="bank", net=gbp("-16.00"), tax=gbp("0")),
    )
    given = Submitted(id="t-01", kind="transfer", date=DAY, currency="USD", lines=sides, status="completed")
    bench.post("t-01", ("usd_card", "20.00 USD", "16.00"), ("bank", "-16.00"))
    assert bench.audit(given) == []
    bench.send("DELETE", "/acme/spend/1")
    bench.post("t-01", ("usd_card", "16.00 USD", "16.00"), ("bank", "-16.00"))
    assert rules(bench.audit(given)) == {"INV-27"}


def test_an_adjustment_has_the_sign_of_each_line(bench: Bench) -> None:
    lines = tuple(
        SubmittedLine(account=account, net=gbp(amount), tax=gbp("0"))
        for account, amount in (("meals", "7.70"), ("travel", "-7.70"))
    )
    given = Submitted(id="a-01", kind="adjustment", date=DAY, currency="GBP", lines=lines, status="completed")
    bench.post("a-01", ("meals", "7.70"), ("travel", "-7.70"))
    assert bench.audit(given) == []
    bench.send("DELETE", "/acme/spend/1")
    bench.post("a-01", ("travel", "7.70"), ("meals", "-7.70"))
    assert rules(bench.audit(given)) == {"INV-14"}


def test_two_foreign_currencies_in_one_transaction_are_found(bench: Bench) -> None:
    bench.post("r-01", ("travel", "20.00 EUR", "17.20"), ("usd_card", "-21.50 USD", "-17.20"))
    rate = Rate(Decimal("0.86"), "EUR", "GBP")
    assert "INV-26" in rules(bench.audit(bought("r-01", "20.00", currency="EUR", rate=rate, bank_account="usd_card")))
    assert rules(bench.alone()) == {"INV-26"}


def test_one_foreign_currency_and_transfers_between_two_are_none(bench: Bench) -> None:
    bench.post("r-01", ("travel", "20.00 USD", "15.62"), ("usd_card", "-20.00 USD", "-15.62"))
    bench.post("t-02", ("bank", "18.20 EUR", "15.62"), ("usd_card", "-20.00 USD", "-15.62"))
    assert bench.alone() == []


@pytest.mark.parametrize(("off", "mode"), [(-1, "FM-58"), (4, "FM-57")])
def test_another_date_is_found(bench: Bench, off: int, mode: str) -> None:
    bench.post("r-01", date=(DAY + timedelta(days=off)).isoformat())
    (finding,) = bench.audit(bought("r-01"))
    assert (finding.invariants, finding.failure_modes) == (("INV-31",), (mode,))
    assert "it happened on 28 March 2026" in finding.title


def test_a_date_that_was_moved_out_of_a_closed_period_and_recorded_is_right(bench: Bench) -> None:
    bench.company().book.lock(date(2026, 3, 31))
    bench.post("r-01", date="2026-04-01", memo="happened on 2026-03-28")
    assert bench.audit(bought("r-01")) == []


def test_a_document_that_bears_its_own_date_and_is_posted_on_another_is_found(bench: Bench) -> None:
    bench.post("r-01", date="2026-04-18", dated=DAY.isoformat())
    (finding,) = bench.audit(bought("r-01"))
    assert (finding.invariants, finding.failure_modes) == (("INV-31",), ("FM-57",))


def test_a_balance_of_a_closed_period_that_changes_is_found(bench: Bench) -> None:
    bench.post("r-01")
    bench.company().book.lock(DAY)
    with bench.world.unit():
        bench.company().book.reverse("Spend", "1", allow_closed=True)
    (finding,) = bench.alone()
    assert finding.invariants == ("INV-32",)
    assert [(r.account, str(r.expected), str(r.actual)) for r in finding.table] == [
        ("Travel", "12.30 GBP", "0.00 GBP"),
        ("Company Card", "-12.30 GBP", "0.00 GBP"),
    ]


def test_what_is_posted_before_after_or_beside_a_closing_leaves_it_alone(bench: Bench) -> None:
    bench.post("r-01")
    bench.company().book.lock(DAY)
    bench.post("r-02", date="2026-03-29")
    bench.company().book.lock(None)
    bench.post("r-03")
    bench.company().book.lock(DAY)
    assert bench.alone() == []


def test_an_entry_that_does_not_balance_is_found(bench: Bench) -> None:
    bench.post("r-01")
    bench.world.store._connection.execute("UPDATE lines SET amount = 1231, base = 1231 WHERE account = 'travel'")
    found = bench.alone()
    assert [finding.invariants for finding in found] == [("INV-11",), ("INV-12",)] or rules(found) == {
        "INV-11",
        "INV-12",
    }
    assert any(f.title == "Entry 1 for Spend 1 does not balance: it is out by Dr 0.01 GBP." for f in found)


def test_a_trial_balance_that_is_not_what_the_lines_add_up_to_is_found(bench: Bench) -> None:
    bench.post("r-01")
    bench.world.store._connection.execute("UPDATE day_totals SET amount = 1231, base = 1231 WHERE account = 'travel'")
    (finding,) = bench.alone()
    assert finding.invariants == ("INV-12",)
    assert finding.title == "The trial balance is out by Dr 0.01 GBP."
    assert [(r.account, str(r.expected), str(r.actual)) for r in finding.table] == [
        ("Travel", "12.30 GBP", "12.31 GBP")
    ]
