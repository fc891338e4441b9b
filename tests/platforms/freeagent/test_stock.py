"""Stock: bought on 609-x, sold by money in, costed first in, first out."""

from typing import Any

import pytest
from tests.platforms.freeagent.desk import BASE, PLAN, Desk, open_desk

from sandbooks.app import App
from sandbooks.platform import CompanyPlan, platform_named
from sandbooks.platforms.freeagent.records import stock
from sandbooks.platforms.freeagent.records.storing import find

STOCK = f"{BASE}/v2/categories/609"


def defined(desk: Desk, **members: object) -> str:
    """A stock item as a person defines it; its URL."""
    given = {"description": "Apple", "cost_of_sale_category": "/v2/categories/101", **members}
    with desk.world.unit():
        return f"{BASE}{stock.write(desk.company, given).body['url']}"


@pytest.fixture
def apple(desk: Desk) -> str:
    return defined(desk)


def buy(desk: Desk, item: str, quantity: object, value: str, **members: object) -> Any:
    given = {"stock_item": item, "stock_altering_quantity": quantity, "sales_tax_rate": 0, "category": STOCK}
    return desk.explain("bank", value, description="", **{**given, **members})


def sell(desk: Desk, item: str, quantity: object, value: str, **members: object) -> Any:
    given = {"stock_item": item, "stock_altering_quantity": quantity, "sales_tax_rate": 0, "category": ""}
    return desk.explain("bank", value, description="", **{**given, **members})


def on_hand(desk: Desk, item: str) -> str:
    return str(desk.get(item)["stock_item"]["stock_on_hand"])


def test_stock_is_bought_by_bills_expenses_and_money_out(desk: Desk, apple: str) -> None:
    line = {"category": STOCK, "stock_item": apple, "stock_altering_quantity": "30", "sales_tax_rate": "20.0"}
    (item,) = desk.bill({**line, "total_value": "36.00"})["bill_items"]
    assert (item["category"].rpartition("/")[2], item["unit"], item["stock_item"]) == ("609-1", "Stock", apple)
    assert (item["stock_item_description"], item["stock_altering_quantity"]) == ("Apple", "30.0")
    given = {"user": desk.me(), "category": f"{STOCK}-1", "dated_on": "2026-03-02", "description": "Market"}
    desk.make("expenses", "expense", **given, gross_value="-7.00", sales_tax_rate=0, stock_altering_quantity=5)
    bought = buy(desk, apple, 2, "-3.10", category="")
    assert (bought["type"], bought["description"]) == ("Purchase of Stock", "Apple")
    assert on_hand(desk, apple) == "37.0"
    assert desk.books() == {
        "609-1": "40.10",
        "input_tax": "6.00",
        "payables": "-36.00",
        desk.me_account(): "-7.00",
        "bank": "-3.10",
    }


def test_what_is_sold_costs_what_the_oldest_units_cost(desk: Desk, apple: str) -> None:
    buy(desk, apple, 5, "-1.00", dated_on="2026-02-01")
    buy(desk, apple, 5, "-0.50", dated_on="2026-02-10")
    sold = sell(desk, apple, 7, "2.10")
    assert (sold["type"], sold["category"].rpartition("/")[2]) == ("Sale of Stock", "001")
    assert on_hand(desk, apple) == "3.0"
    assert desk.books() == {"001": "-2.10", "101": "1.20", "609-1": "0.30", "bank": "0.60"}
    (line,) = desk.get("accounting/transactions", nominal_code="101")["transactions"]
    assert (line["debit_value"], line["source_item_url"]) == ("1.2", sold["url"])


def test_a_sale_is_costed_anew_when_a_purchase_changes_or_the_sale_goes(desk: Desk, apple: str) -> None:
    bought = buy(desk, apple, 10, "-20.00")
    sold = sell(desk, apple, 4, "18.00", category=desk.category("sales"))
    assert (desk.books()["101"], desk.books()["sales"]) == ("8.00", "-18.00")
    desk.change(bought["url"], "bank_transaction_explanation", gross_value="-30.00")
    assert desk.books()["101"] == "12.00"
    desk.change(sold["url"], "bank_transaction_explanation", stock_altering_quantity=1)
    assert (desk.books()["101"], on_hand(desk, apple)) == ("3.00", "9.0")
    desk.change(sold["url"], "bank_transaction_explanation", category=desk.category("travel"))
    assert on_hand(desk, apple) == "10.0"
    desk.drop(sold["url"])
    assert desk.books() == {"609-1": "30.00", "bank": "-30.00"}


def test_what_is_sold_before_it_was_bought_costs_its_price_until_it_is(desk: Desk, apple: str) -> None:
    sell(desk, apple, 6, "27.00")
    assert (desk.books()["101"], desk.books()["609-1"], on_hand(desk, apple)) == ("27.00", "-27.00", "-6.0")
    buy(desk, apple, 8, "-16.00", dated_on="2026-03-01")
    assert (desk.books()["101"], desk.books()["609-1"], on_hand(desk, apple)) == ("12.00", "4.00", "2.0")


def test_a_journal_changes_quantity_and_value(desk: Desk, apple: str) -> None:
    buy(desk, apple, 10, "-20.00")
    entries = [
        {"category": STOCK, "stock_item": apple, "stock_altering_quantity": -3, "debit_value": "-6.00"},
        {"category": desk.category("office"), "debit_value": "6.00"},
    ]
    made = desk.make("journal_sets", "journal_set", dated_on="2026-03-02", description="Rot", journal_entries=entries)
    shown = made["journal_entries"][0]
    assert (shown["stock_item"], shown["stock_altering_quantity"]) == (apple, "-3.0")
    assert (on_hand(desk, apple), desk.books()["609-1"]) == ("7.0", "14.00")
    desk.drop(made["url"])
    assert on_hand(desk, apple) == "10.0"


def test_opening_stock_stands_in_the_books_and_their_journal() -> None:
    item = {"description": "Pear", "opening_quantity": "10.0", "opening_balance": "15.50"}
    item["cost_of_sale_category"] = "https://api.freeagent.com/v2/categories/101"
    plan = CompanyPlan(accounts=PLAN.accounts, suppliers=PLAN.suppliers, chart={"stock_items": [item]})
    desk = open_desk(App(), plan)
    (pear,) = desk.get("stock_items")["stock_items"]
    assert (pear["opening_balance"], pear["stock_on_hand"]) == ("15.5", "10.0")
    assert desk.books() == {"609-1": "15.50", "999": "-15.50"}
    opened = desk.get("journal_sets/opening_balances")["journal_set"]
    assert opened["stock_items"] == [
        {"url": pear["url"], "description": "Opening Balance for Stock Item: Pear", "debit_value": "15.5"}
    ]
    rows = desk.get("accounting/trial_balance/summary/opening_balances")["trial_balance_summary"]
    assert {row["display_nominal_code"]: row["total"] for row in rows} == {"609-1": "15.5", "999": "-15.5"}
    sell(desk, pear["url"], 4, "40.00")
    assert desk.books()["101"] == "6.20"


def test_stock_items_are_listed_in_the_order_asked_for_and_read_only(desk: Desk, apple: str) -> None:
    pear = defined(desk, description="Acorn")
    assert [item["url"] for item in desk.get("stock_items")["stock_items"]] == [apple, pear]
    by_name = desk.get("stock_items", sort="description")["stock_items"]
    assert [item["description"] for item in by_name] == ["Acorn", "Apple"]
    assert desk.send("GET", "stock_items", sort="price").status == 400
    assert desk.send("POST", "stock_items", {"stock_item": {"description": "x"}}).status == 405
    assert desk.send("GET", "stock_items/4").status == 404
    listed = desk.get("categories", sub_accounts="true")["general_categories"]
    assert [c["stock_item"] for c in listed if c["nominal_code"].startswith("609-")] == [apple, pear]


def test_a_person_defines_and_renames_items_on_the_screens(desk: Desk, apple: str) -> None:
    buy(desk, apple, 2, "-3.10")
    with desk.world.unit():
        keeper = platform_named("freeagent").load_bookkeeper()
        keeper.edit(desk.company, "stock_item", apple.rpartition("/")[2], {"description": "Green apple"})
    assert desk.get(apple)["stock_item"]["description"] == "Green apple"
    (line,) = desk.get("accounting/transactions", nominal_code="609")["transactions"]
    assert line["category_name"] == "Stock: Green apple"


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"stock_item": ""}, "stock_item can't be blank"),
        ({"stock_item": f"{BASE}/v2/stock_items/4"}, "Stock item not found"),
        ({"stock_altering_quantity": ""}, "stock_altering_quantity can't be blank"),
        ({"stock_altering_quantity": "-2"}, "stock_altering_quantity must be greater than 0"),
        ({"gross_value": "2.00", "category": f"{BASE}/v2/categories/285"}, "stock_item is only for purchases of stock"),
        ({"category": f"{BASE}/v2/categories/609-2"}, "stock_item is not that of the category"),
    ],
)
def test_a_wrong_movement_is_refused(desk: Desk, apple: str, given: dict[str, object], says: str) -> None:
    defined(desk, description="Pear")
    body = {"bank_account": desk.account("bank"), "dated_on": "2026-03-02", "gross_value": "-3.00", "description": "S"}
    body |= {"category": STOCK, "stock_item": apple, "stock_altering_quantity": 1, **given}
    path = "bank_transaction_explanations"
    assert desk.refused("POST", path, {"bank_transaction_explanation": body}) == says
    assert on_hand(desk, apple) == "0.0"


def test_stock_is_not_given_back_by_a_bill(desk: Desk, apple: str) -> None:
    item = {"category": STOCK, "stock_item": apple, "stock_altering_quantity": 1, "total_value": "-5.00"}
    given = {"contact": desk.contact("acme"), "reference": "R", "dated_on": "2026-03-02", "due_on": "2026-04-01"}
    says = desk.refused("POST", "bills", {"bill": {**given, "bill_items": [item]}})
    assert says == "bill_items.total_value must be a purchase"


def test_a_sale_in_a_locked_period_keeps_its_cost(desk: Desk, apple: str) -> None:
    sell(desk, apple, 2, "9.00", dated_on="2026-02-21")
    with desk.world.unit():
        platform_named("freeagent").load_bookkeeper().lock_period(desk.company, "2026-02-28")
    buy(desk, apple, 5, "-40.00")
    sell(desk, apple, 3, "30.00")
    assert desk.books()["101"] == "33.00"


def test_an_item_has_changed_once_some_of_it_moved(desk: Desk, apple: str) -> None:
    since = desk.get(apple)["stock_item"]["updated_at"]
    pear = defined(desk, description="Pear")
    buy(desk, pear, 2, "-3.10")
    buy(desk, apple, 2, "-3.10")
    first, second = (desk.get(item)["stock_item"]["updated_at"] for item in (pear, apple))
    assert since < first < second
    changed = desk.get("stock_items", updated_since=second)["stock_items"]
    assert [item["url"] for item in changed] == [apple]


def test_what_is_sold_to_the_last_unit_leaves_nothing_in_the_stock(desk: Desk, apple: str) -> None:
    buy(desk, apple, 3, "-10.00")
    buy(desk, apple, 7, "-5.00")
    sales = [sell(desk, apple, 1, "9.00") for _ in range(10)]
    assert (desk.books()["101"], "609-1" in desk.books(), on_hand(desk, apple)) == ("15.00", False, "0.0")
    desk.drop(sales[4]["url"])
    assert desk.books()["609-1"] == "0.71"


@pytest.mark.parametrize("seed", range(4))
def test_going_on_from_what_is_in_stock_costs_what_costing_everything_anew_does(
    desk: Desk, apple: str, seed: int
) -> None:
    chance = desk.world.ids.chance(f"movements {seed}")
    made: list[Any] = []
    for _ in range(14):
        day = f"2026-02-{chance.choice((3, 9, 9, 20, 28)):02d}"
        how = chance.choice(("buy", "buy", "sell", "sell", "change", "drop"))
        quantity, value = chance.randint(1, 7), f"{chance.randint(1, 4000) / 100:.2f}"
        if how == "buy":
            made.append(buy(desk, apple, quantity, f"-{value}", dated_on=day))
        elif how == "sell":
            made.append(sell(desk, apple, quantity, value, dated_on=day))
        elif made and how == "change":
            gone = chance.choice(made)["url"]
            desk.change(gone, "bank_transaction_explanation", stock_altering_quantity=quantity, dated_on=day)
        elif made:
            desk.drop(made.pop(chance.randrange(len(made)))["url"])
    standing = desk.books()
    with desk.world.unit():
        stock.bring(desk.company, find(desk.company, "stock_item", apple.rpartition("/")[2]))
    assert desk.books() == standing
