"""Capital assets: bought on 602-x by any document, depreciated with the clock, disposed of by an explanation."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from msgspec import structs
from tests.platforms.freeagent.desk import BASE, PLAN, Desk, open_desk

from sandbooks import exact_json
from sandbooks.app import App
from sandbooks.platform import platform_named
from sandbooks.platforms.freeagent.bookkeeper import BOOKKEEPER

COMPUTERS, FITTINGS = f"{BASE}/v2/categories/602-1", f"{BASE}/v2/categories/602-2"


def after(desk: Desk, days: int) -> None:
    desk.world.advance(by=timedelta(days=days))
    with desk.world.unit():
        desk.token = platform_named("freeagent").load_seed().credentials(desk.world, desk.company)["access_token"]


def profile(method: str = "straight_line", **members: object) -> dict[str, object]:
    return {"depreciation_profile": {"method": method, **members}}


STRAIGHT = profile(asset_life_years=2, frequency="annually")


def bill(desk: Desk, total: str = "1200.00", **members: object) -> Any:
    item = {"category": COMPUTERS, "total_value": total, "description": "Server", "sales_tax_rate": "20.0"}
    return desk.bill({**item, "capital_asset": STRAIGHT, **members})


def claim(desk: Desk, **members: object) -> Any:
    given = {"user": desk.me(), "category": COMPUTERS, "dated_on": "2026-03-02", "description": "Laptop"}
    given |= {"gross_value": "-1800.00", "sales_tax_rate": "20.0", "capital_asset": STRAIGHT}
    return desk.make("expenses", "expense", **{**given, **members})


def asset_of(desk: Desk, line: dict[str, str], **query: object) -> Any:
    return desk.get(line["capital_asset"], **query)["capital_asset"]


def test_a_bill_item_buys_an_asset_whose_first_year_is_lost_at_once(desk: Desk) -> None:
    made = bill(desk)
    (item,) = made["bill_items"]
    assert (item["category"], item["depreciation_schedule"]) == (COMPUTERS, "2")
    asset = asset_of(desk, item)
    assert (asset["description"], asset["asset_type"]) == ("Server", "Computer Equipment")
    assert (asset["purchased_on"], asset["asset_life_years"]) == ("2026-03-02", 2)
    assert asset["depreciation_profile"] == {"method": "straight_line", "asset_life_years": 2, "frequency": "annually"}
    assert desk.books() == {
        "602-1": "1000.00",
        "606-1": "-500.00",
        "460": "500.00",
        "input_tax": "200.00",
        "payables": "-1200.00",
    }


def test_an_expense_and_money_out_buy_assets_too(desk: Desk) -> None:
    made = claim(desk)
    spent = desk.explain("dollars", "-600.00", category=FITTINGS, description="Desk", sales_tax_rate="20.0")
    assert (spent["type"], spent["asset_life_years"]) == ("Purchase of Capital Asset", "0")
    assert asset_of(desk, spent)["depreciation_profile"] == {"method": "no_depreciation"}
    found = desk.get("capital_assets")["capital_assets"]
    assert [asset["url"] for asset in found] == [made["capital_asset"], spent["capital_asset"]]
    books = desk.books()
    assert (books["602-1"], books["602-2"], books["606-1"]) == ("1500.00", "387.05", "-750.00")
    assert "606-2" not in books


def test_depreciation_is_posted_when_its_day_comes(desk: Desk) -> None:
    asset = asset_of(desk, claim(desk, capital_asset=profile(asset_life_years=3)))
    assert asset["depreciation_profile"]["frequency"] == "monthly"
    assert desk.books()["606-1"] == "-41.67"
    after(desk, 30)
    assert desk.books()["606-1"] == "-41.67"
    after(desk, 1)
    assert (desk.books()["606-1"], desk.books()["460"]) == ("-83.33", "83.33")
    after(desk, 1200)
    assert (desk.books()["606-1"], desk.books()["460"]) == ("-1500.00", "1500.00")
    events = desk.get(asset["url"], include_history="true")["capital_asset"]["capital_asset_history"]
    assert [events[0]["type"], events[0]["value"], events[0]["description"]] == [
        "purchase",
        "1500.0",
        "Computer Equipment Purchase",
    ]
    assert (len(events), events[1]["description"], events[1]["value"]) == (37, "Depreciation of 2.78%", "-41.67")


def test_what_was_bought_earlier_has_lost_its_value_since(desk: Desk) -> None:
    reducing = profile("reducing_balance", annual_depreciation_percentage=25, frequency="annually")
    claim(desk, dated_on="2025-01-15", capital_asset=reducing)
    assert desk.books()["606-1"] == "-656.25"
    rows = desk.get("accounting/trial_balance/summary")["trial_balance_summary"]
    shown = {row["nominal_code"]: (row["name"], row["total"]) for row in rows}
    assert shown["601-1"] == ("Computer Equipment Brought Forward", "1500.0")
    assert shown["605-1"] == ("Computer Equipment Depreciation Brought Forward", "-375.0")
    assert shown["606-1"] == ("Computer Equipment Depreciation", "-281.25")
    assert "602-1" not in shown
    sheet = desk.get("accounting/balance_sheet")["balance_sheet"]["capital_assets"]
    assert sheet["net_book_value"] == 844
    assert [row["nominal_code"] for row in sheet["accounts"]] == ["601-1", "605-1", "606-1"]


def test_an_asset_follows_its_purchase_and_goes_with_it(desk: Desk) -> None:
    made = bill(desk)
    (item,) = made["bill_items"]
    change = {"url": item["url"], "total_value": "2400.00", "description": "Big server"}
    again = desk.change(made["url"], "bill", bill_items=[change])["bill_items"][0]
    assert again["capital_asset"] == item["capital_asset"]
    assert asset_of(desk, item)["description"] == "Big server"
    assert (desk.books()["602-1"], desk.books()["606-1"]) == ("2000.00", "-1000.00")
    moved = {"url": item["url"], "category": desk.category("office")}
    assert "capital_asset" not in desk.change(made["url"], "bill", bill_items=[moved])["bill_items"][0]
    assert desk.get("capital_assets")["capital_assets"] == []
    assert set(desk.books()) == {"office", "input_tax", "payables"}
    spent = desk.explain("bank", "-600.00", category=COMPUTERS, capital_asset=STRAIGHT)
    desk.drop(spent["url"])
    assert desk.send("GET", spent["capital_asset"]).status == 404
    assert "606-1" not in desk.books()


def test_a_disposal_takes_cost_and_depreciation_away_and_tells_the_result(desk: Desk) -> None:
    asset = bill(desk)["bill_items"][0]["capital_asset"]
    sold = desk.explain(
        "bank", "840.00", disposed_asset=asset, dated_on="2026-03-02", sales_tax_rate="20.0", category=""
    )
    assert (sold["type"], sold["disposed_asset"]) == ("Disposal of Capital Asset", asset)
    books = desk.books()
    assert {code: books[code] for code in ("602-1", "604-1", "606-1", "607-1", "461", "output_tax")} == {
        "602-1": "1000.00",
        "604-1": "-1000.00",
        "606-1": "-500.00",
        "607-1": "500.00",
        "461": "-200.00",
        "output_tax": "-140.00",
    }
    (gone,) = desk.get("capital_assets", view="disposed", include_history="true")["capital_assets"]
    assert gone["disposed_on"] == "2026-03-02"
    assert gone["capital_asset_history"][-1] == {
        "type": "disposal",
        "description": "Disposal",
        "date": "2026-03-02",
        "value": "-500.0",
        "tax_value": "-700.0",
        "link": sold["url"],
    }
    assert desk.get("capital_assets", view="disposable")["capital_assets"] == []
    after(desk, 400)
    assert desk.books()["606-1"] == "-500.00"
    desk.drop(sold["url"])
    assert "disposed_on" not in desk.get(asset)["capital_asset"]
    assert (desk.books()["606-1"], desk.books()["602-1"]) == ("-1000.00", "1000.00")


def test_a_disposal_moves_to_another_asset_and_becomes_ordinary_money_again(desk: Desk) -> None:
    first, second = bill(desk)["bill_items"][0]["capital_asset"], claim(desk)["capital_asset"]
    sold = desk.explain("bank", "840.00", disposed_asset=first, sales_tax_status="EXEMPT", category="")
    desk.change(sold["url"], "bank_transaction_explanation", disposed_asset=second)
    disposed = desk.get("capital_assets", view="disposed")["capital_assets"]
    assert [asset["url"] for asset in disposed] == [second]
    assert desk.books()["604-1"] == "-1500.00"
    desk.change(sold["url"], "bank_transaction_explanation", category=desk.category("sales"))
    assert desk.get("capital_assets", view="disposed")["capital_assets"] == []
    assert not {"604-1", "607-1", "461"} & set(desk.books())


def test_what_is_disposed_of_keeps_its_purchase(desk: Desk) -> None:
    made = bill(desk)
    asset = made["bill_items"][0]["capital_asset"]
    desk.explain("bank", "840.00", disposed_asset=asset, category="")
    says = "Capital asset has been disposed of and its purchase can't be changed"
    item = {"url": made["bill_items"][0]["url"], "total_value": "900.00"}
    assert desk.refused("PUT", made["url"], {"bill": {"bill_items": [item]}}) == says
    assert desk.refused("DELETE", made["url"]) == says
    assert desk.change(made["url"], "bill", reference="R-9")["reference"] == "R-9"


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"gross_value": "-840.00"}, "gross_value must be greater than 0"),
        ({"dated_on": "2026-03-01"}, "dated_on can't be before the asset was purchased"),
        ({"disposed_asset": f"{BASE}/v2/capital_assets/4"}, "Capital asset not found"),
    ],
)
def test_a_wrong_disposal_is_refused(desk: Desk, given: dict[str, object], says: str) -> None:
    asset = bill(desk)["bill_items"][0]["capital_asset"]
    body = {"bank_account": desk.account("bank"), "dated_on": "2026-03-02", "gross_value": "840.00"}
    body |= {"disposed_asset": asset, **given}
    assert desk.refused("POST", "bank_transaction_explanations", {"bank_transaction_explanation": body}) == says


def test_an_asset_is_disposed_of_once(desk: Desk) -> None:
    asset = bill(desk)["bill_items"][0]["capital_asset"]
    desk.explain("bank", "840.00", disposed_asset=asset, category="")
    body = {"bank_account": desk.account("bank"), "dated_on": "2026-03-02", "gross_value": "1.00"}
    again = {"bank_transaction_explanation": {**body, "disposed_asset": asset}}
    says = "disposed_asset has already been disposed of"
    assert desk.refused("POST", "bank_transaction_explanations", again) == says


@pytest.mark.parametrize(
    ("item", "says"),
    [
        ({"description": ""}, "bill_items.description can't be blank"),
        ({"category": f"{BASE}/v2/categories/602"}, "bill_items.category must be a sub account of 602"),
        ({"category": f"{BASE}/v2/categories/602-9"}, "bill_items.category must be a sub account of 602"),
        ({"category": f"{BASE}/v2/categories/606-1"}, "bill_items.category is not included in the list"),
        ({"total_value": "-5.00"}, "bill_items.total_value must be a purchase"),
        (
            {"capital_asset": profile("sum_of_digits")},
            "bill_items.depreciation_profile.method is not included in the list",
        ),
        ({"capital_asset": profile(asset_life_years=1)}, "bill_items.depreciation_profile.asset_life_years must be"),
        (
            {"capital_asset": profile("reducing_balance")},
            "bill_items.depreciation_profile.annual_depreciation_percentage can't be blank",
        ),
        (
            {"capital_asset": profile("reducing_balance", annual_depreciation_percentage="99.5")},
            "bill_items.depreciation_profile.annual_depreciation_percentage must be between 1 and 99",
        ),
        (
            {"capital_asset": profile(asset_life_years=4, frequency="weekly")},
            "bill_items.depreciation_profile.frequency is not included in the list",
        ),
    ],
)
def test_a_wrong_purchase_is_refused(desk: Desk, item: dict[str, object], says: str) -> None:
    right = {"category": COMPUTERS, "total_value": "90.00", "description": "Server", "capital_asset": STRAIGHT}
    given = {"contact": desk.contact("acme"), "reference": "R", "dated_on": "2026-03-02", "due_on": "2026-04-01"}
    assert desk.refused("POST", "bills", {"bill": {**given, "bill_items": [{**right, **item}]}}).startswith(says)


def test_years_in_the_old_way_are_taken_until_the_asset_has_a_profile(desk: Desk) -> None:
    old = claim(desk, capital_asset=None, depreciation_schedule="3")
    assert (old["depreciation_schedule"], desk.books()["606-1"]) == ("3", "-500.00")
    assert asset_of(desk, old)["depreciation_profile"] == {
        "method": "straight_line",
        "asset_life_years": 3,
        "frequency": "annually",
    }
    assert desk.change(old["url"], "expense", depreciation_schedule="5")["depreciation_schedule"] == "5"
    desk.change(old["url"], "expense", capital_asset=STRAIGHT)
    refused = desk.send("PUT", old["url"], {"expense": {"depreciation_schedule": "5"}})
    said = exact_json.loads(refused.body)["errors"]["error"]["message"]
    assert (refused.status, said) == (422, "`depreciation_schedule` is deprecated, use `depreciation_profile` instead")


def test_a_locked_period_keeps_its_depreciation(desk: Desk) -> None:
    made = claim(desk, dated_on="2025-12-10", capital_asset=profile(asset_life_years=5))
    before = desk.books()
    with desk.world.unit():
        platform_named("freeagent").load_bookkeeper().lock_period(desk.company, "2026-01-31")
    body = {"expense": {"capital_asset": STRAIGHT}}
    assert desk.refused("PUT", made["url"], body) == "dated_on is in a locked accounting period"
    with desk.world.unit():
        platform_named("freeagent").load_bookkeeper().lock_period(desk.company, "2026-03-31")
    after(desk, 20)
    assert desk.books() == before
    after(desk, 20)
    assert desk.books()["606-1"] == "-125.00"
    with desk.world.unit():
        platform_named("freeagent").load_bookkeeper().lock_period(desk.company, "")
    after(desk, 30)
    assert desk.books()["606-1"] == "-150.00"


def test_the_sub_accounts_of_a_type_are_among_the_categories(desk: Desk) -> None:
    desk.make("capital_asset_types", "capital_asset_type", name="Boats")
    listed = desk.get("categories", sub_accounts="true")["general_categories"]
    boats = {c["nominal_code"]: c["description"] for c in listed if c["description"].startswith("Boats")}
    assert boats == {
        "601-5": "Boats Brought Forward",
        "602-5": "Boats Purchase",
        "604-5": "Boats Disposal",
        "605-5": "Boats Depreciation Brought Forward",
        "606-5": "Boats Depreciation",
        "607-5": "Boats Depreciation on Disposal",
    }
    one = desk.get("categories/602-1")["general_categories"]
    types = desk.get("capital_asset_types")["capital_asset_types"]
    assert (one["description"], one["capital_asset_type"]) == ("Computer Equipment Purchase", types[0]["url"])


def test_a_type_that_something_was_bought_under_stays(desk: Desk) -> None:
    made = desk.make("capital_asset_types", "capital_asset_type", name="Boats")
    boat = desk.explain("bank", "-90.00", category=f"{BASE}/v2/categories/602-5")
    says = "Capital asset type has items and can't be changed"
    assert desk.refused("DELETE", made["url"]) == says
    assert desk.refused("PUT", made["url"], {"capital_asset_type": {"name": "Ships"}}) == says
    desk.drop(boat["url"])
    gone = desk.send("DELETE", made["url"])
    assert exact_json.loads(gone.body)["capital_asset_type"]["name"] == "Boats"


def test_a_journal_on_a_type_makes_no_asset(desk: Desk) -> None:
    types = desk.get("capital_asset_types")["capital_asset_types"]
    entries = [
        {"category": f"{BASE}/v2/categories/601", "capital_asset_type": types[2]["url"], "debit_value": "700.00"},
        {"category": f"{BASE}/v2/categories/605-3", "debit_value": "-300.00"},
        {"category": f"{BASE}/v2/categories/999", "debit_value": "-400.00"},
    ]
    made = desk.make("journal_sets", "journal_set", dated_on="2026-03-02", description="Van", journal_entries=entries)
    assert [entry["category"].rpartition("/")[2] for entry in made["journal_entries"]] == ["601-3", "605-3", "999"]
    assert [entry.get("capital_asset_type") for entry in made["journal_entries"]] == [types[2]["url"]] * 2 + [None]
    assert desk.books() == {"601-3": "700.00", "605-3": "-300.00", "999": "-400.00"}
    assert desk.get("capital_assets")["capital_assets"] == []
    entries[0].pop("capital_asset_type")
    body = {"journal_set": {"dated_on": "2026-03-02", "description": "Van", "journal_entries": entries}}
    assert desk.refused("POST", "journal_sets", body) == "journal_entries.capital_asset_type can't be blank"


def test_ledger_lines_lead_to_the_asset(desk: Desk) -> None:
    asset = bill(desk)["bill_items"][0]["capital_asset"]
    (line,) = desk.get("accounting/transactions", nominal_code="606")["transactions"]
    assert (line["nominal_code"], line["debit_value"], line["source_item_url"]) == ("606-1", "-500.0", asset)
    assert line["category_name"] == "Computer Equipment Depreciation"


def test_assets_are_read_only_and_need_the_level_of_banking(desk: Desk) -> None:
    assert desk.send("POST", "capital_assets", {}).status == 405
    assert desk.send("GET", "capital_assets", view="lost").status == 400
    desk.change(desk.me(), "user", permission_level=5)
    assert desk.send("GET", "capital_assets").status == 403


def test_a_purchase_does_not_turn_into_the_disposal_of_what_it_bought(desk: Desk) -> None:
    made = desk.explain("bank", "-600.00", category=COMPUTERS, capital_asset=STRAIGHT, sales_tax_rate=0)
    turned = {"gross_value": "100.00", "disposed_asset": made["capital_asset"]}
    said = desk.refused("PUT", made["url"], {"bank_transaction_explanation": turned})
    assert said == "disposed_asset is purchased by this explanation"
    assert desk.books()["602-1"] == "600.00"
    other = claim(desk)["capital_asset"]
    desk.change(made["url"], "bank_transaction_explanation", gross_value="100.00", disposed_asset=other)
    assert [asset["url"] for asset in desk.get("capital_assets")["capital_assets"]] == [other]


def test_what_fell_into_a_locked_period_goes_with_the_next_part(desk: Desk) -> None:
    monthly = profile(asset_life_years=2, frequency="monthly")
    bought = {"category": COMPUTERS, "sales_tax_rate": 0, "capital_asset": monthly}
    first, second = (desk.explain("bank", value, **bought)["capital_asset"] for value in ("-2400.00", "-480.00"))
    with desk.world.unit():
        BOOKKEEPER.lock_period(desk.company, "2026-04-30")
    after(desk, 55)
    assert desk.books()["606-1"] == "-120.00"
    desk.explain("bank", "50.00", disposed_asset=second, dated_on="2026-05-01", sales_tax_rate=0, category="")
    after(desk, 10)
    books = desk.books()
    assert (books["606-1"], books["607-1"], books["604-1"]) == ("-340.00", "40.00", "-480.00")
    after(desk, 800)
    assert desk.books()["606-1"] == "-2440.00"
    assert "disposed_on" not in desk.get(first)["capital_asset"]


MILL = profile("reducing_balance", annual_depreciation_percentage=1, frequency="monthly")


def test_what_was_lost_before_the_company_began_is_posted_as_one(desk: Desk) -> None:
    asset = asset_of(desk, claim(desk, dated_on="1901-01-05", capital_asset=MILL), include_history="true")
    events = [event for event in asset["capital_asset_history"] if event["type"] == "depreciation"]
    assert [event["date"] for event in events] == ["2000-12-05"]
    assert desk.books()["606-1"] == f"{Decimal(events[0]['value']):.2f}"
    later = asset_of(desk, claim(desk, dated_on="2024-11-05", capital_asset=MILL), include_history="true")
    days = [event["date"] for event in later["capital_asset_history"] if event["type"] == "depreciation"]
    assert days[:2] == ["2024-12-05", "2025-01-05"]
    assert days[-1] == "2026-02-05"


def test_a_company_posts_each_part_from_before_it_began() -> None:
    desk = open_desk(App(), structs.replace(PLAN, settings={"depreciation_before_start": "parts"}))
    asset = asset_of(desk, claim(desk, dated_on="2024-11-05", capital_asset=MILL), include_history="true")
    days = [event["date"] for event in asset["capital_asset_history"] if event["type"] == "depreciation"]
    assert days[:2] == ["2024-11-05", "2024-12-05"]
