"""What absorbs differences of rounding: the way of rounding, the adjustment, compound taxes and groups of taxes."""

import pytest
from tests.platforms.zoho_books.desk import TODAY, Desk

MODES = pytest.mark.parametrize(
    ("mode", "tax"),
    [
        ("round_half_up", "2.63"),
        ("round_half_down", "2.62"),
        ("round_half_even", "2.62"),
        ("round_up", "2.63"),
        ("round_down", "2.62"),
    ],
)


@MODES
def test_a_bill_rounds_its_tax_as_it_says(desk: Desk, mode: str, tax: str) -> None:
    reduced = desk.make("settings/taxes", "tax", tax_name="Odd", tax_percentage="10.5")["tax_id"]
    bill = desk.bill(desk.line("25.00", tax_id=reduced), rounding_mode=mode)
    assert (bill["rounding_mode"], str(bill["tax_total"])) == (mode, tax)
    assert desk.books()["input_tax"] == tax


@MODES
@pytest.mark.parametrize("item_level", [True, False])
def test_a_bill_rounds_the_tax_that_its_buyer_accounts_for_as_it_says(
    desk: Desk, mode: str, tax: str, item_level: bool
) -> None:
    reduced = desk.make("settings/taxes", "tax", tax_name="Odd", tax_percentage="10.5")["tax_id"]
    line = desk.line("25.00", reverse_charge_tax_id=reduced)
    bill = desk.bill(line, rounding_mode=mode, is_item_level_tax_calc=item_level)
    assert (str(bill["total"]), str(bill["line_items"][0]["reverse_charge_tax_amount"])) == ("25.00", tax)
    books = desk.books()
    assert (books["input_tax"], books["payables"], books["office"]) == (tax, "-25.00", "25.00")
    assert sorted(books.values()) == sorted(["25.00", "-25.00", tax, f"-{tax}"])


def test_tax_inside_an_amount_is_rounded_as_the_document_says_too(desk: Desk) -> None:
    bill = desk.bill(
        desk.line("10.00", tax_id=desk.tax("Standard Rate")), is_inclusive_tax=True, rounding_mode="round_down"
    )
    assert (str(bill["tax_total"]), str(bill["sub_total"])) == ("1.66", "8.34")


def test_a_change_keeps_the_way_of_rounding(desk: Desk) -> None:
    bill = desk.bill(
        desk.line("10.03", tax_id=desk.tax("Standard Rate")), rounding_mode="round_up", is_item_level_tax_calc=True
    )
    changed = desk.change(f"bills/{bill['bill_id']}", "bill", notes="Later")
    assert (str(changed["tax_total"]), changed["rounding_mode"]) == ("2.01", "round_up")


def test_an_unknown_way_of_rounding_is_refused_and_posts_nothing(desk: Desk) -> None:
    given = {"vendor_id": desk.vendor("acme"), "line_items": [desk.line("5.00")], "rounding_mode": "nearest"}
    assert desk.refused("POST", "bills", {**given, "bill_number": "B"}) == (2, "Invalid value passed for rounding_mode")
    assert desk.refused("POST", "vendorcredits", given)[0] == 2


def test_tax_of_nothing_has_nothing_to_round(desk: Desk) -> None:
    bill = desk.bill(desk.line("25.00", tax_id=desk.tax("Zero Rate")), rounding_mode="round_up")
    assert str(bill["tax_total"]) == "0.00"


def test_the_adjustment_of_a_vendor_credit_is_part_of_it(desk: Desk) -> None:
    made = desk.credit(desk.line("40.01"), adjustment="-0.01", adjustment_description="Rounding")
    assert (str(made["total"]), str(made["adjustment"]), str(made["balance"])) == ("40.00", "-0.01", "40.00")
    assert desk.books() == {"payables": "40.00", "office": "-40.01", "Other Expenses": "0.01"}
    given = {"vendor_id": desk.vendor("acme"), "date": TODAY, "line_items": [desk.line("5.00")], "adjustment": "-5.00"}
    assert desk.refused("POST", "vendorcredits", given)[0] == 9001


def test_a_compound_tax_is_on_the_amount_and_the_taxes_before_it(desk: Desk) -> None:
    first = desk.make("settings/taxes", "tax", tax_name="First", tax_percentage="10")["tax_id"]
    second = desk.make("settings/taxes", "tax", tax_name="Second", tax_percentage="5", tax_type="compound_tax")
    both = desk.make("settings/taxgroups", "tax_group", tax_group_name="Both", taxes=f"{first},{second['tax_id']}")
    bill = desk.bill(desk.line("200.00", tax_id=both["tax_group_id"]))
    assert str(bill["tax_total"]) == "31.00"
