"""Expenses: what they show, what they post, what is refused."""

from datetime import date

import pytest
from tests.platforms.zoho_books.desk import PNG, TODAY, Desk, multipart, open_desk

from sandbooks import exact_json
from sandbooks.app import App
from sandbooks.platform import CompanyPlan, platform_named


def test_an_expense_debits_its_category_and_credits_the_card(desk: Desk) -> None:
    made = desk.expense("64.20", reference_number="r-01", description="Train")
    assert (str(made["total"]), made["paid_through_account_name"]) == ("64.20", "Visa")
    assert desk.books() == {"travel": "64.20", "visa": "-64.20"}


def test_tax_inside_an_amount_goes_to_input_vat(desk: Desk) -> None:
    made = desk.expense("54.60", tax_id=desk.tax("Standard Rate"), is_inclusive_tax=True)
    assert (str(made["sub_total"]), str(made["tax_amount"]), str(made["total"])) == ("45.50", "9.10", "54.60")
    assert desk.books() == {"travel": "45.50", "input_tax": "9.10", "visa": "-54.60"}


def test_tax_on_top_of_an_amount_raises_the_total(desk: Desk) -> None:
    made = desk.expense("40.00", tax_id=desk.tax("Reduced Rate"))
    assert str(made["total"]) == "42.00"
    assert desk.books() == {"travel": "40.00", "input_tax": "2.00", "visa": "-42.00"}


def test_sales_tax_that_nobody_gives_back_is_part_of_the_cost() -> None:
    accounts = {"travel": {"type": "expense", "name": "Trips"}, "visa": {"type": "credit_card", "name": "Card"}}
    desk = open_desk(App(), CompanyPlan(country="US", accounts=accounts))
    answer = desk.send(
        "POST",
        f"https://www.zohoapis.com/books/v3/expenses?organization_id={desk.company.id}",
        {
            "account_id": desk.account("travel"),
            "paid_through_account_id": desk.account("visa"),
            "date": TODAY,
            "amount": 100,
            "tax_id": desk.tax("Sales Tax"),
        },
    )
    assert answer.status == 200, answer.body
    assert desk.books() == {"travel": "108.25", "visa": "-108.25"}


def test_stated_tax_takes_the_place_of_computed_tax(desk: Desk) -> None:
    tax = desk.tax("Standard Rate")
    made = desk.expense("60.00", tax_id=tax, is_inclusive_tax=True, taxes=[{"tax_id": tax, "tax_amount": "9.97"}])
    assert str(made["sub_total"]) == "50.03"
    assert desk.books() == {"travel": "50.03", "input_tax": "9.97", "visa": "-60.00"}


def test_lines_post_to_their_own_accounts(desk: Desk) -> None:
    rows = [
        {"account_id": desk.account("travel"), "amount": "30.00", "tax_id": desk.tax("Standard Rate")},
        {"account_id": desk.account("office"), "amount": "11.40"},
    ]
    given = {"paid_through_account_id": desk.account("bank"), "date": TODAY, "line_items": rows}
    made = desk.make("expenses", "expense", **given)
    assert (made["is_itemized_expense"], str(made["total"]), len(made["line_items"])) == (True, "47.40", 2)
    assert desk.books() == {"travel": "30.00", "office": "11.40", "input_tax": "6.00", "bank": "-47.40"}


def test_a_dollar_expense_on_a_dollar_card_is_booked_at_its_rate(desk: Desk) -> None:
    given = {"currency_id": desk.currency("USD"), "exchange_rate": "0.7741"}
    made = desk.expense("412.37", paid="dollar_visa", **given)
    assert str(made["bcy_total"]) == "319.22"
    assert desk.books() == {"travel": "319.22", "dollar_visa": "-319.22"}
    assert desk.held("dollar_visa") == ["-412.37 USD"]


def test_a_dollar_expense_on_a_card_kept_in_base_moves_base_there(desk: Desk) -> None:
    desk.expense("100.00", currency_id=desk.currency("USD"))
    assert desk.held("visa") == ["-77.41 GBP"]
    assert desk.held("travel") == ["100.00 USD"]


def test_the_rate_of_the_day_counts_where_none_is_given(desk: Desk) -> None:
    given = {"paid": "dollar_visa", "currency_id": desk.currency("USD")}
    assert str(desk.expense("10", **given)["exchange_rate"]) == "0.7741"
    assert str(desk.expense("10", date="2026-04-02", **given)["exchange_rate"]) == "0.7859"


def test_reverse_charge_is_owed_and_reclaimed_alike(desk: Desk) -> None:
    made = desk.expense("50.00", reverse_charge_vat_id=desk.tax("Standard Rate"))
    assert (str(made["total"]), str(made["reverse_charge_vat_amount"])) == ("50.00", "10.00")
    assert desk.books() == {"travel": "50.00", "visa": "-50.00", "input_tax": "10.00", "output_tax": "-10.00"}


def test_a_change_keeps_what_is_not_given_and_replaces_the_entry(desk: Desk) -> None:
    made = desk.expense("18.00", reference_number="r-7")
    changed = desk.change(
        f"expenses/{made['expense_id']}", "expense", amount="19.50", account_id=desk.account("office")
    )
    assert (changed["reference_number"], str(changed["total"])) == ("r-7", "19.50")
    assert desk.books() == {"office": "19.50", "visa": "-19.50"}


def test_another_currency_does_not_keep_the_rate_of_the_first(desk: Desk) -> None:
    made = desk.expense("10.00")
    changed = desk.change(f"expenses/{made['expense_id']}", "expense", currency_id=desk.currency("EUR"))
    assert str(changed["exchange_rate"]) == "0.8512"


def test_a_deleted_expense_leaves_no_balance_and_cannot_be_changed(desk: Desk) -> None:
    made = desk.expense("21.30")
    path = f"expenses/{made['expense_id']}"
    assert desk.act(path, method="DELETE") == "The expense has been deleted."
    assert desk.books() == {}
    assert desk.refused("PUT", path, {"amount": 3}, status=404) == (1002, "Expense does not exist.")
    assert desk.refused("DELETE", path, status=404)[0] == 1002


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"amount": "0"}, 9001),
        ({"amount": "-5"}, 9001),
        ({"amount": "ten"}, 2),
        ({"amount": None}, 1001),
        ({"date": "2026-13-01"}, 2),
        ({"account_id": None}, 1001),
        ({"tax_id": "460000000000009"}, 1002),
        ({"reference_number": "x" * 101}, 15),
        ({"exchange_rate": "0", "currency_id": "USD"}, 2),
    ],
)
def test_what_is_wrong_is_told_by_its_code(desk: Desk, changes: dict[str, object], code: int) -> None:
    given: dict[str, object] = {
        "account_id": desk.account("travel"),
        "paid_through_account_id": desk.account("visa"),
        "date": TODAY,
        "amount": 5,
    }
    if changes.get("currency_id"):
        changes = {**changes, "currency_id": desk.currency("USD")}
    assert desk.refused("POST", "expenses", {**given, **changes})[0] == code


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"paid_through_account_id": "euros", "currency": "USD"}, 9003),
    ],
)
def test_accounts_that_do_not_fit_are_refused(desk: Desk, members: dict[str, str], code: int) -> None:
    given: dict[str, object] = {
        "account_id": desk.account("travel"),
        "paid_through_account_id": desk.account("visa"),
        "date": TODAY,
        "amount": 5,
    }
    given |= {name: desk.account(label) for name, label in members.items() if name != "currency"}
    if "currency" in members:
        given["currency_id"] = desk.currency(members["currency"])
    assert desk.refused("POST", "expenses", given)[0] == code


@pytest.mark.parametrize(
    ("name", "account", "text"),
    [
        ("account_id", "460000000000009", "Please enter valid expense account"),
        ("account_id", "Site Travel", "Please enter valid expense account"),
        ("account_id", "bank", "Please enter valid expense account"),
        ("account_id", "payables", "Please enter valid expense account"),
        ("paid_through_account_id", "460000000000009", "Please enter valid paid through account"),
        ("paid_through_account_id", "travel", "Please enter valid paid through account"),
        ("paid_through_account_id", "payables", "Please enter valid paid through account"),
    ],
)
def test_an_account_of_nothing_or_of_another_kind_is_refused_in_the_words_that_clients_know(
    desk: Desk, name: str, account: str, text: str
) -> None:
    given = {"account_id": desk.account("travel"), "paid_through_account_id": desk.account("visa"), "amount": 5}
    wrong = {"date": TODAY, name: account if account[0] in "4S" else desk.account(account)}
    assert desk.refused("POST", "expenses", {**given, **wrong}, status=404) == (1002, text)
    if name == "account_id":
        row = {"account_id": wrong[name], "amount": 5}
        lines = {"paid_through_account_id": given["paid_through_account_id"], "date": TODAY, "line_items": [row]}
        assert desk.refused("POST", "expenses", lines, status=404) == (1002, text)


def test_an_inactive_account_and_an_inactive_vendor_are_refused(desk: Desk) -> None:
    bookkeeper = platform_named("zoho").load_bookkeeper()
    with desk.world.unit():
        bookkeeper.archive_account(desk.company, desk.account("travel"))
        bookkeeper.archive_contact(desk.company, desk.vendor("zenith"))
    given = {"paid_through_account_id": desk.account("visa"), "date": TODAY, "amount": 5}
    assert desk.refused("POST", "expenses", {**given, "account_id": desk.account("travel")})[0] == 11503
    vendor = {"account_id": desk.account("office"), "vendor_id": desk.vendor("zenith")}
    assert desk.refused("POST", "expenses", {**given, **vendor})[0] == 3044
    with desk.world.unit():
        bookkeeper.restore_account(desk.company, desk.account("travel"))
    assert desk.expense("5")["account_name"] == "Site Travel"


def test_a_locked_period_takes_no_new_no_changed_and_no_deleted_expense(desk: Desk) -> None:
    made = desk.expense("14.00")
    with desk.world.unit():
        platform_named("zoho").load_bookkeeper().lock_period(desk.company, "2026-03-31")
    given = {"account_id": desk.account("travel"), "paid_through_account_id": desk.account("visa"), "amount": 5}
    code, said = desk.refused("POST", "expenses", {**given, "date": "2026-03-31"})
    assert (code, "locked" in said) == (10037, True)
    assert desk.refused("PUT", f"expenses/{made['expense_id']}", {"date": "2026-04-01"})[0] == 10037
    assert desk.refused("DELETE", f"expenses/{made['expense_id']}")[0] == 10037
    assert desk.expense("6.00", date="2026-04-01")["date"] == "2026-04-01"


def test_a_number_of_an_error_can_be_chosen_by_the_organisation(desk: Desk) -> None:
    desk.company.book.lock(date(2026, 3, 31))
    with desk.world.unit():
        desk.company.change_settings(errors={"PeriodClosed": {"code": 4711, "message": "Locked."}})
    given = {"account_id": desk.account("travel"), "paid_through_account_id": desk.account("visa"), "amount": 5}
    assert desk.refused("POST", "expenses", {**given, "date": TODAY}) == (4711, "Locked.")


def test_a_receipt_is_stored_shown_fetched_and_taken_off(desk: Desk) -> None:
    id = desk.expense("9.99")["expense_id"]
    body, headers = multipart("receipt", "taxi.png", PNG)
    assert desk.send("POST", f"expenses/{id}/receipt", body, headers=headers).status == 200
    assert desk.get(f"expenses/{id}")["expense"]["expense_receipt_name"] == "taxi.png"
    fetched = desk.send("GET", f"expenses/{id}/receipt")
    assert (fetched.body, fetched.header("Content-Type")) == (PNG, "image/png")
    files = platform_named("zoho").load_bookkeeper().files(desk.company, "expense", id)
    assert [(file.name, file.content) for file in files] == [("taxi.png", PNG)]
    desk.act(f"expenses/{id}/receipt", method="DELETE")
    assert desk.refused("GET", f"expenses/{id}/receipt", status=404)[0] == 1002


def test_a_receipt_travels_along_with_a_json_string(desk: Desk) -> None:
    given = {
        "account_id": desk.account("travel"),
        "paid_through_account_id": desk.account("visa"),
        "date": TODAY,
        "amount": 7,
    }
    text = exact_json.dumps(given).decode()
    body, headers = multipart("receipt", "a.pdf", b"%PDF-1.7", JSONString=text)
    answer = desk.send("POST", "expenses", body, headers=headers)
    assert exact_json.loads(answer.body)["expense"]["expense_receipt_name"] == "a.pdf"
    assert desk.books() == {"travel": "7.00", "visa": "-7.00"}


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [("run.exe", PNG, 9011), ("big.png", b"0" * (10 * 1024 * 1024 + 1), 9012), ("empty.png", b"", 9014)],
)
def test_a_file_that_will_not_do_is_refused_and_not_stored(desk: Desk, name: str, content: bytes, code: int) -> None:
    id = desk.expense("9.99")["expense_id"]
    body, headers = multipart("receipt", name, content)
    answer = desk.send("POST", f"expenses/{id}/receipt", body, headers=headers)
    assert (answer.status, exact_json.loads(answer.body)["code"]) == (400, code)
    assert desk.get(f"expenses/{id}")["expense"]["expense_receipt_name"] == ""


def test_an_upsert_by_a_custom_field_creates_once_and_then_updates(desk: Desk) -> None:
    given = {
        "account_id": desk.account("travel"),
        "paid_through_account_id": desk.account("visa"),
        "date": TODAY,
        "amount": "31.00",
    }
    headers = {"X-Unique-Identifier-Key": "cf_external_id", "X-Unique-Identifier-Value": "r-55", "X-Upsert": "true"}
    first = desk.send("PUT", "expenses", given, headers=headers)
    again = desk.send("PUT", "expenses", {**given, "amount": "32.00"}, headers=headers)
    ids = {exact_json.loads(answer.body)["expense"]["expense_id"] for answer in (first, again)}
    assert (len(ids), desk.books()) == (1, {"travel": "32.00", "visa": "-32.00"})
    unknown = {**headers, "X-Unique-Identifier-Value": "r-56", "X-Upsert": "false"}
    assert desk.send("PUT", "expenses", given, headers=unknown).status == 404
    wrong = {**headers, "X-Unique-Identifier-Key": "cf_nothing"}
    assert desk.send("PUT", "expenses", given, headers=wrong).status == 400


def test_a_plain_create_has_no_protection_against_a_repeat(desk: Desk) -> None:
    desk.expense("12.00", reference_number="r-1")
    desk.expense("12.00", reference_number="r-1")
    assert len(desk.get("expenses", reference_number="r-1")["expenses"]) == 2


DRIVEN = {"mileage_type": "manual", "mileage_unit": "mile", "distance": "100", "mileage_rate": "0.45"}


@pytest.mark.parametrize(
    ("car", "vat"),
    [
        ({"fuel_type": "petrol", "engine_capacity_range": "less_than_1400cc"}, "2.00"),
        ({"fuel_type": "petrol", "engine_capacity_range": "between_1400cc_and_1600cc"}, "2.33"),
        ({"fuel_type": "diesel", "engine_capacity_range": "between_1400cc_and_1600cc"}, "1.83"),
        ({"fuel_type": "diesel", "engine_capacity_range": "less_than_1600cc"}, "1.83"),
        ({"fuel_type": "diesel", "engine_capacity_range": "less_than_1400cc"}, "1.83"),
        ({"fuel_type": "lpg", "engine_capacity_range": "more_than_2000cc"}, "3.50"),
        ({"fuel_type": "lpg", "engine_capacity_range": "more_than_2000cc", "mileage_unit": "km"}, "2.17"),
    ],
)
def test_the_vat_inside_the_fuel_of_a_journey_is_got_back(desk: Desk, car: dict[str, str], vat: str) -> None:
    more = {**DRIVEN, **car, "can_reclaim_vat_on_mileage": "true", "tax_id": desk.tax("Standard Rate")}
    made = desk.expense(None, paid="bank", **more)
    assert (str(made["total"]), str(made["tax_amount"]), made["can_reclaim_vat_on_mileage"]) == ("45.00", vat, True)
    assert desk.books()["input_tax"] == vat


def test_an_organisation_has_fuel_rates_of_its_own(desk: Desk) -> None:
    with desk.world.unit():
        desk.company.change_settings(advisory_fuel_rates={"petrol": {"1400": "0.18"}})
    car = {"fuel_type": "petrol", "engine_capacity_range": "less_than_1400cc", "can_reclaim_vat_on_mileage": True}
    made = desk.expense(None, paid="bank", **{**DRIVEN, **car, "tax_id": desk.tax("Standard Rate")})
    assert str(made["tax_amount"]) == "3.00"


def test_vat_on_mileage_needs_a_tax_a_fuel_and_an_engine(desk: Desk) -> None:
    given = {
        **DRIVEN,
        "account_id": desk.account("travel"),
        "paid_through_account_id": desk.account("bank"),
        "date": TODAY,
        "can_reclaim_vat_on_mileage": True,
    }
    assert desk.refused("POST", "expenses", given)[0] == 1001
    given["tax_id"] = desk.tax("Standard Rate")
    assert desk.refused("POST", "expenses", given)[0] == 1001
    wrong = {**given, "fuel_type": "petrol", "engine_capacity_range": "less_than_1600cc"}
    assert desk.refused("POST", "expenses", wrong)[0] == 2


def test_tags_are_shown_with_their_names_and_post_as_dimensions(desk: Desk) -> None:
    tag = desk.get("settings/tags")["reporting_tags"][0]
    chosen = {"tag_id": tag["tag_id"], "tag_option_id": tag["tag_options"][1]["tag_option_id"]}
    made = desk.expense("3.00", tags=[chosen])
    assert (made["tags"][0]["tag_name"], made["tags"][0]["tag_option_name"]) == ("Site", "South")
    (line,) = desk.company.book.lines(account=desk.account("travel"))
    assert line.posting.dimensions == (("Site", "South"),)
    desk.change(f"reportingtags/{tag['tag_id']}", "reporting_tag", is_mandatory=True)
    given = {"account_id": desk.account("travel"), "paid_through_account_id": desk.account("visa"), "date": TODAY}
    assert desk.refused("POST", "expenses", {**given, "amount": 4})[0] == 11601


def test_comments_are_added_listed_and_deleted(desk: Desk) -> None:
    path = f"expenses/{desk.expense('2.00')['expense_id']}/comments"
    comment = desk.make(path, "comment", description="Checked")
    assert [row["description"] for row in desk.get(path)["comments"]] == ["Checked"]
    desk.act(f"{path}/{comment['comment_id']}", method="DELETE")
    assert desk.get(path)["comments"] == []
