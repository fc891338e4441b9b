"""Bank transaction explanations: what they show, and what they do to the books."""

import pytest
from tests.platforms.freeagent.desk import BASE, Desk

from sandbooks.platform import platform_named

RESOURCE, ROOT = "bank_transaction_explanations", "bank_transaction_explanation"


def test_a_payment_debits_category_and_tax_and_credits_the_bank(desk: Desk) -> None:
    made = desk.explain("bank", "-120.00", sales_tax_rate="20.0")
    assert made["gross_value"] == "-120.0"
    assert (made["sales_tax_rate"], made["sales_tax_value"], made["type"]) == ("20.0", "-20.0", "Payment")
    assert made["is_money_out"] is True
    assert desk.books() == {"travel": "100.00", "input_tax": "20.00", "bank": "-120.00"}
    assert desk.get(made["url"])[ROOT] == made


def test_an_explanation_makes_its_own_transaction(desk: Desk) -> None:
    made = desk.explain("visa", "-31.27", sales_tax_rate=0)
    line = desk.get(made["bank_transaction"])["bank_transaction"]
    assert (line["amount"], line["unexplained_amount"], line["is_manual"]) == ("-31.27", "0.0", True)
    assert line["bank_transaction_explanations"][0]["url"] == made["url"]
    assert desk.get(desk.account("visa"))["bank_account"]["current_balance"] == "-31.27"


def test_the_documented_rounding_of_tax_within_a_gross(desk: Desk) -> None:
    assert desk.explain("bank", "-100.00", sales_tax_rate="20")["sales_tax_value"] == "-16.67"
    assert desk.books() == {"travel": "83.33", "input_tax": "16.67", "bank": "-100.00"}


def test_money_in_on_a_cost_category_mirrors_the_payment(desk: Desk) -> None:
    desk.explain("visa", "-96.14", manual_sales_tax_amount="7.03")
    made = desk.explain("visa", "96.14", manual_sales_tax_amount="7.03")
    assert (made["type"], made["sales_tax_value"], made["manual_sales_tax_amount"]) == ("Refund", "7.03", "7.03")
    assert "sales_tax_rate" not in made
    assert desk.books() == {}


def test_money_in_on_income_charges_tax(desk: Desk) -> None:
    desk.explain("bank", "240.00", category=desk.category("sales"))
    assert desk.books() == {"bank": "240.00", "sales": "-200.00", "output_tax": "-40.00"}


@pytest.mark.parametrize(
    ("given", "status", "tax"),
    [
        ({}, "TAXABLE", "-6.17"),
        ({"sales_tax_rate": "Auto"}, "TAXABLE", "-6.17"),
        ({"sales_tax_rate": "5.0"}, "TAXABLE", "-1.76"),
        ({"sales_tax_rate": 0}, "TAXABLE", "0.0"),
        ({"manual_sales_tax_amount": 0}, "TAXABLE", "0.0"),
        ({"manual_sales_tax_amount": "-2.11"}, "TAXABLE", "-2.11"),
        ({"sales_tax_status": "EXEMPT", "sales_tax_rate": "20.0"}, "EXEMPT", "0.0"),
        ({"sales_tax_status": "OUT_OF_SCOPE"}, "OUT_OF_SCOPE", "0.0"),
    ],
)
def test_tax_comes_from_amount_rate_status_or_the_category(
    desk: Desk, given: dict[str, object], status: str, tax: str
) -> None:
    made = desk.explain("bank", "-37.00", **given)
    assert (made["sales_tax_status"], made["sales_tax_value"]) == (status, tax)


def test_a_company_that_is_not_registered_reclaims_nothing(desk: Desk) -> None:
    desk.company.change_settings(sales_tax_registration_status="Not Registered")
    desk.explain("bank", "-54.00", sales_tax_rate="20.0")
    assert desk.books() == {"travel": "54.00", "bank": "-54.00"}


@pytest.mark.parametrize("rate", ["20.0", "0"])
def test_reverse_charge_owes_and_reclaims_the_same_tax(desk: Desk, rate: str) -> None:
    made = desk.explain("bank", "-80.00", ec_status="Reverse Charge", sales_tax_rate=rate)
    assert (made["ec_status"], made["sales_tax_value"]) == ("Reverse Charge", "0.0")
    assert desk.books() == {"travel": "80.00", "bank": "-80.00", "input_tax": "16.00", "output_tax": "-16.00"}


def test_european_statuses_ended_with_2020_in_great_britain(desk: Desk) -> None:
    given = {"bank_account": desk.account("bank"), "gross_value": "-9.00", "category": desk.category("travel")}
    given |= {"description": "Fares", "ec_status": "EC Services", "dated_on": "2021-01-01"}
    assert desk.refused("POST", RESOURCE, {ROOT: given}) == "ec_status is not included in the list"
    given["dated_on"] = "2020-12-31"
    assert desk.send("POST", RESOURCE, {ROOT: given}).status == 201


def test_an_update_posts_anew_under_the_same_url(desk: Desk) -> None:
    made = desk.explain("bank", "-120.00")
    changed = desk.change(
        made["url"], ROOT, gross_value="-61.20", category=desk.category("office"), dated_on="2026-03-05"
    )
    assert (changed["url"], changed["sales_tax_value"], changed["description"]) == (made["url"], "-10.2", "Spend")
    assert desk.books() == {"office": "51.00", "input_tax": "10.20", "bank": "-61.20"}
    line = desk.get(made["bank_transaction"])["bank_transaction"]
    assert (line["amount"], line["dated_on"], line["unexplained_amount"]) == ("-61.2", "2026-03-05", "0.0")


def test_a_tax_amount_given_later_replaces_the_rate_and_the_other_way_round(desk: Desk) -> None:
    made = desk.explain("bank", "-120.00")
    changed = desk.change(made["url"], ROOT, manual_sales_tax_amount="3.00")
    assert (changed["sales_tax_value"], "sales_tax_rate" in changed) == ("-3.0", False)
    changed = desk.change(made["url"], ROOT, sales_tax_rate="5.0")
    assert (changed["sales_tax_value"], "manual_sales_tax_amount" in changed) == ("-5.71", False)


def test_a_deleted_explanation_leaves_nothing_behind(desk: Desk) -> None:
    made = desk.explain("bank", "-77.31")
    desk.drop(made["url"])
    assert desk.books() == {}
    assert desk.refused("GET", made["url"], status=404) == "Resource not found"
    assert desk.refused("GET", made["bank_transaction"], status=404) == "Resource not found"
    assert desk.refused("PUT", made["url"], {ROOT: {"description": "x"}}, status=404) == "Resource not found"


def test_parts_of_a_statement_line_are_explained_one_by_one(desk: Desk) -> None:
    bank = desk.account("bank")
    line = {"dated_on": "2026-03-01", "amount": "-50.00", "description": "CARD 4417", "fitid": "f1"}
    assert (
        desk.send("POST", "bank_transactions/statement", {"statement": [line, line]}, bank_account=bank).status == 200
    )
    assert desk.send("POST", "bank_transactions/statement", {"statement": [line]}, bank_account=bank).status == 200
    (found,) = desk.get("bank_transactions", bank_account=bank, view="unexplained")["bank_transactions"]
    assert (found["unexplained_amount"], found["transaction_id"], found["is_manual"]) == ("-50.0", "f1", False)
    assert desk.books() == {}
    assert desk.get(bank)["bank_account"]["current_balance"] == "-50.0"
    given = {"bank_transaction": found["url"], "dated_on": "2026-03-01", "description": "Part", "sales_tax_rate": 0}
    given |= {"category": desk.category("travel"), "gross_value": "-31.00"}
    first = desk.make(RESOURCE, ROOT, **given)
    assert desk.get(found["url"])["bank_transaction"]["unexplained_amount"] == "-19.0"
    assert "unexplained amount of -19.0" in desk.refused("POST", RESOURCE, {ROOT: {**given, "gross_value": "-19.01"}})
    assert "unexplained" in desk.refused("POST", RESOURCE, {ROOT: {**given, "gross_value": "19.00"}})
    assert "has explanations" in desk.refused("DELETE", found["url"])
    desk.make(RESOURCE, ROOT, **{**given, "gross_value": "-19.00", "category": desk.category("office")})
    assert desk.books() == {"travel": "31.00", "office": "19.00", "bank": "-50.00"}
    assert desk.get("bank_transactions", bank_account=bank, view="unexplained")["bank_transactions"] == []
    desk.drop(first["url"])
    assert desk.get(found["url"])["bank_transaction"]["unexplained_amount"] == "-31.0"
    assert desk.get(bank)["bank_account"]["current_balance"] == "-50.0"


def test_a_transfer_has_two_linked_sides_and_one_entry(desk: Desk) -> None:
    made = desk.explain("bank", "-170.00", transfer_bank_account=desk.account("visa"), description="ignored")
    assert made["linked_transfer_account"] == desk.account("visa")
    assert made["description"] == "Transfer from Current Account to Visa"
    other = desk.get(made["linked_transfer_explanation"])[ROOT]
    assert (other["gross_value"], other["linked_transfer_explanation"]) == ("170.0", made["url"])
    assert desk.books() == {"bank": "-170.00", "visa": "170.00"}
    desk.change(other["url"], ROOT, gross_value="165.50")
    assert desk.get(made["url"])[ROOT]["gross_value"] == "-165.5"
    assert desk.books() == {"bank": "-165.50", "visa": "165.50"}
    desk.drop(other["url"])
    assert desk.books() == {}
    assert desk.send("GET", made["url"]).status == 404


def test_a_positive_value_turns_a_transfer_round(desk: Desk) -> None:
    desk.explain("bank", "42.00", transfer_bank_account=desk.account("visa"))
    assert desk.books() == {"bank": "42.00", "visa": "-42.00"}


def test_a_transfer_between_currencies_books_the_difference(desk: Desk) -> None:
    made = desk.explain(
        "bank", "-16.00", transfer_bank_account=desk.account("dollar_visa"), foreign_currency_value="20.00"
    )
    assert desk.get(made["linked_transfer_explanation"])[ROOT]["gross_value"] == "20.0"
    assert desk.books() == {"bank": "-16.00", "dollar_visa": "15.48", "exchange_differences": "0.52"}
    changed = desk.change(made["url"], ROOT, dated_on="2026-03-03")
    assert changed["foreign_currency_value"] == "20.0"
    assert desk.books()["dollar_visa"] == "15.48"


def test_spend_on_a_foreign_account_is_carried_at_the_day_rate(desk: Desk) -> None:
    made = desk.explain("dollars", "-20.00", sales_tax_rate=0)
    assert made["gross_value"] == "-20.0"
    assert desk.books() == {"travel": "15.48", "dollars": "-15.48"}
    desk.explain("dollars", "20.00", sales_tax_rate=0, dated_on="2026-04-03")
    assert desk.books() == {"travel": "-0.24", "dollars": "0.24"}
    assert str(desk.company.book.balance(desk.labels["accounts"]["dollars"]).by_currency) == "{}"


def test_money_paid_to_a_user_settles_the_expense_account(desk: Desk) -> None:
    me = desk.me()
    desk.make("expenses", "expense", user=me, category=desk.category("travel"), dated_on="2026-03-01",
              description="Taxi", gross_value="-36.00")  # fmt: skip
    claim = f"905-{me.rpartition('/')[2]}"
    assert desk.books() == {"travel": "30.00", "input_tax": "6.00", claim: "-36.00"}
    made = desk.explain("bank", "-36.00", paid_user=me)
    assert (made["type"], made["is_money_paid_to_user"]) == ("Money Paid to User", True)
    assert desk.books() == {"travel": "30.00", "input_tax": "6.00", "bank": "-36.00"}
    made = desk.explain("bank", "-11.00", paid_user=me, category=f"{BASE}/v2/categories/907")
    assert desk.books()[f"907-{me.rpartition('/')[2]}"] == "11.00"


def test_a_locked_period_shows_and_refuses(desk: Desk) -> None:
    made = desk.explain("bank", "-12.00", dated_on="2026-02-10")
    moved = desk.explain("bank", "-13.00", dated_on="2026-03-01")
    bookkeeper = platform_named("freeagent").load_bookkeeper()
    with desk.world.unit():
        bookkeeper.lock_period(desk.company, "2026-02-28")
    shown = desk.get(made["url"])[ROOT]
    assert (shown["is_locked"], shown["is_deletable"]) == (True, False)
    assert "gross_value" in shown["locked_attributes"]
    assert "locked" in desk.refused("PUT", made["url"], {ROOT: {"description": "Later"}})
    assert "locked" in desk.refused("DELETE", made["url"])
    assert "locked" in desk.refused("PUT", moved["url"], {ROOT: {"dated_on": "2026-02-28"}})
    given = {"bank_account": desk.account("bank"), "gross_value": "-9.00", "category": desk.category("travel")}
    assert "locked" in desk.refused("POST", RESOURCE, {ROOT: {**given, "description": "x", "dated_on": "2026-02-28"}})
    assert desk.change(moved["url"], ROOT, description="Free")["description"] == "Free"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"dated_on": None}, "dated_on can't be blank"),
        ({"gross_value": ""}, "gross_value can't be blank"),
        ({"gross_value": "0.00"}, "gross_value must be other than 0"),
        ({"gross_value": "12.345"}, "gross_value must have at most 2 decimal places"),
        ({"gross_value": True}, "gross_value is not a number"),
        ({"gross_value": "1e3"}, "gross_value is not a number"),
        ({"gross_value": 10**13}, "gross_value must be less than 1000000000000"),
        ({"dated_on": "28/03/2026"}, "dated_on is invalid"),
        ({"description": " "}, "description can't be blank"),
        ({"category": None}, "category can't be blank"),
        ({"category": "285"}, "Category not found"),
        ({"category": f"{BASE}/v2/categories/888"}, "Category not found"),
        ({"category": f"{BASE}/v2/categories/750-1"}, "category is not included in the list"),
        ({"category": f"{BASE}/v2/categories/796"}, "category is not included in the list"),
        ({"bank_account": f"{BASE}/v2/bank_accounts/9"}, "Bank account not found"),
        ({"bank_account": None}, "bank_account can't be blank"),
        ({"sales_tax_rate": "17.5"}, "sales_tax_rate is not included in the list"),
        ({"manual_sales_tax_amount": "36.01"}, "manual_sales_tax_amount can't be more than the value"),
        ({"sales_tax_status": "ZERO"}, "sales_tax_status is not included in the list"),
        ({"paid_bill": f"{BASE}/v2/bills/77"}, "Bill not found"),
        ({"paid_user": f"{BASE}/v2/users/77", "category": None}, "User not found"),
        ({"transfer_bank_account": "SELF"}, "transfer_bank_account can't be the bank account itself"),
        ({"transfer_bank_account": f"{BASE}/v2/categories/285"}, "Bank account not found"),
        ({"project": f"{BASE}/v2/projects/1"}, "Project not found"),
        ({"rebill_type": "markup"}, "project can't be blank; rebill_factor can't be blank"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_posted(desk: Desk, change: dict[str, object], says: str) -> None:
    given: dict[str, object] = {"bank_account": desk.account("bank"), "dated_on": "2026-03-02", "gross_value": "-36.00"}
    given |= {"category": desk.category("travel"), "description": "Train"}
    given |= {name: desk.account("bank") if value == "SELF" else value for name, value in change.items()}
    assert desk.refused("POST", RESOURCE, {ROOT: given}) == says


def test_references_count_by_their_tail_whatever_host_they_name(desk: Desk) -> None:
    id = desk.labels["accounts"]["travel"]
    for form in (f"https://api.freeagent.com/v2/categories/{id}", f"/v2/categories/{id}", f"categories/{id}"):
        assert desk.explain("bank", "-1.20", category=form)["category"] == f"{BASE}/v2/categories/{id}"


def test_a_nominal_code_stands_for_a_category(desk: Desk) -> None:
    made = desk.explain("bank", "-1.20", nominal_code="285")
    assert made["category"] == f"{BASE}/v2/categories/285"


def test_a_hidden_account_takes_no_more_explanations(desk: Desk) -> None:
    bookkeeper = platform_named("freeagent").load_bookkeeper()
    with desk.world.unit():
        bookkeeper.archive_account(desk.company, desk.labels["accounts"]["bank"])
        bookkeeper.archive_account(desk.company, desk.labels["accounts"]["office"])
    given = {"dated_on": "2026-03-02", "gross_value": "-5.00", "description": "x", "category": desk.category("travel")}
    assert desk.refused("POST", RESOURCE, {ROOT: {**given, "bank_account": desk.account("bank")}}).endswith("is hidden")
    given |= {"bank_account": desk.account("visa"), "category": desk.category("office")}
    assert desk.refused("POST", RESOURCE, {ROOT: given}) == "Office Sundries is hidden"
