"""Recurring expenses and bills, and mileage: amounts and documents that follow from what is described once."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from tests.platforms.zoho_books.desk import Desk


def after(desk: Desk, days: int) -> None:
    desk.world.advance(by=timedelta(days=days))
    desk.sign_in()


def rent(desk: Desk, **members: object) -> Any:
    given: dict[str, object] = {
        "recurrence_name": "Rent",
        "start_date": "2026-03-09",
        "recurrence_frequency": "weeks",
        "repeat_every": 2,
        "account_id": desk.account("office"),
        "paid_through_account_id": desk.account("bank"),
        "amount": 120.5,
    }
    return desk.make("recurringexpenses", "recurring_expense", **{**given, **members})


def test_a_recurring_expense_posts_nothing_until_its_day(desk: Desk) -> None:
    made = rent(desk, end_date="2026-04-10")
    assert (made["next_expense_date"], made["status"], made["total"]) == ("2026-03-09", "active", 120.5)
    assert desk.books() == {}
    after(desk, 8)
    (child,) = desk.get(f"recurringexpenses/{made['recurring_expense_id']}/expenses")["expensehistory"]
    assert (child["date"], child["total"]) == ("2026-03-09", 120.5)
    assert (
        desk.get(f"expenses/{child['expense_id']}")["expense"]["recurring_expense_id"] == made["recurring_expense_id"]
    )
    assert desk.books() == {"office": "120.50", "bank": "-120.50"}
    after(desk, 60)
    whole = desk.get(f"recurringexpenses/{made['recurring_expense_id']}")["recurring_expense"]
    assert (whole["status"], whole["last_created_date"], whole["next_expense_date"]) == ("expired", "2026-04-06", "")
    assert desk.books()["office"] == "361.50"


def test_a_stopped_profile_rests_until_it_is_resumed(desk: Desk) -> None:
    made = rent(desk)
    path = f"recurringexpenses/{made['recurring_expense_id']}"
    assert desk.act(f"{path}/status/stop") == "The recurring expense has been stopped."
    assert desk.get("recurringexpenses", filter_by="Status.Stopped")["recurring_expenses"][0]["status"] == "stopped"
    after(desk, 30)
    assert desk.books() == {}
    assert desk.act(f"{path}/status/resume") == "The recurring expense has been activated."
    assert desk.get(path)["recurring_expense"]["next_expense_date"] == "2026-04-06"
    assert desk.change(path, "recurring_expense", amount=50)["recurrence_name"] == "Rent"
    after(desk, 5)
    assert desk.books() == {"office": "50.00", "bank": "-50.00"}
    assert desk.act(path, method="DELETE") == "The recurring expense has been deleted."
    after(desk, 30)
    assert desk.books()["office"] == "50.00"


def test_a_recurring_bill_makes_open_bills_with_their_lines(desk: Desk) -> None:
    given = {
        "vendor_id": desk.vendor("acme"),
        "recurrence_name": "Lease",
        "start_date": "2026-03-31",
        "recurrence_frequency": "months",
        "repeat_every": 1,
        "payment_terms": 10,
        "line_items": [desk.line(80), desk.line(20.5, account="travel")],
    }
    made = desk.make("recurringbills", "recurring_bill", **given)
    assert (made["next_bill_date"], made["total"]) == ("2026-03-31", 100.5)
    after(desk, 59)
    bills = desk.get("bills", sort_column="date")["bills"]
    assert [(bill["date"], bill["due_date"], bill["total"]) for bill in bills] == [
        ("2026-03-31", "2026-04-10", 100.5),
        ("2026-04-30", "2026-05-10", 100.5),
    ]
    assert desk.books() == {"office": "160.00", "travel": "41.00", "payables": "-201.00"}
    id = made["recurring_bill_id"]
    assert desk.get(f"recurring_bills/{id}")["recurring_bill"]["last_created_date"] == "2026-04-30"
    assert desk.get("recurringbills")["recurringbills"][0]["next_bill_date"] == "2026-05-31"
    assert desk.get(f"recurringbills/{id}/comments")["comments"] == []
    assert desk.act(f"recurring_bills/{id}", method="DELETE") == "The recurring bill has been deleted."


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"recurrence_name": ""}, "recurrence_name"),
        ({"repeat_every": 0}, "repeat_every"),
        ({"recurrence_frequency": "fortnights"}, "recurrence_frequency"),
        ({"end_date": "2026-03-01"}, "end_date"),
        ({"amount": 0}, "amount"),
    ],
)
def test_a_profile_that_could_make_nothing_is_refused(desk: Desk, wrong: dict[str, object], told: str) -> None:
    given = {
        "recurrence_name": "Rent",
        "start_date": "2026-03-09",
        "recurrence_frequency": "weeks",
        "repeat_every": 2,
        "account_id": desk.account("office"),
        "amount": 120.5,
    }
    _, text = desk.refused("POST", "recurringexpenses", {**given, **wrong})
    assert told in text


def test_two_profiles_do_not_share_a_name(desk: Desk) -> None:
    rent(desk)
    given = {"recurrence_name": "rent", "start_date": "2026-03-09", "recurrence_frequency": "weeks", "repeat_every": 2}
    given |= {"account_id": desk.account("office"), "amount": 4}
    assert "already exists" in desk.refused("POST", "recurringexpenses", given)[1]


def test_what_the_books_refuse_on_its_day_is_left_out(desk: Desk) -> None:
    made = rent(desk)
    desk.act(f"chartofaccounts/{desk.account('office')}/inactive")
    after(desk, 10)
    assert desk.books() == {}
    assert desk.get(f"recurringexpenses/{made['recurring_expense_id']}")["recurring_expense"]["status"] == "active"


@pytest.mark.parametrize(
    "driven",
    [
        {"mileage_type": "manual", "distance": "43.5", "mileage_unit": "mile", "vehicle_type": "car"},
        {"mileage_type": "odometer", "start_reading": 1200.5, "end_reading": 1244},
    ],
)
def test_mileage_has_the_amount_of_its_distance_at_its_rate(desk: Desk, driven: dict[str, object]) -> None:
    made = desk.expense(None, mileage_rate=0.45, paid="bank", **driven)
    assert (made["distance"], made["mileage_rate"], made["total"]) == (
        Decimal("43.5"),
        Decimal("0.45"),
        Decimal("19.58"),
    )
    assert (made["expense_type"], made["mileage_type"]) == ("mileage", driven["mileage_type"])
    assert desk.books() == {"travel": "19.58", "bank": "-19.58"}
    changed = desk.change(f"expenses/{made['expense_id']}", "expense", mileage_rate=0.5)
    assert changed["total"] == Decimal("21.75")


@pytest.mark.parametrize(
    "driven",
    [
        {"mileage_type": "manual", "mileage_rate": 0.45},
        {"mileage_type": "manual", "distance": "-4", "mileage_rate": 0.45},
        {"mileage_type": "odometer", "start_reading": 44, "end_reading": 12, "mileage_rate": 0.45},
        {"mileage_type": "manual", "distance": "4", "mileage_rate": 0},
        {"mileage_type": "teleport", "distance": "4", "mileage_rate": 1},
    ],
)
def test_a_distance_that_is_none_is_refused(desk: Desk, driven: dict[str, object]) -> None:
    given = {
        "account_id": desk.account("travel"),
        "paid_through_account_id": desk.account("bank"),
        "date": "2026-03-02",
    }
    desk.refused("POST", "expenses", given | driven)
