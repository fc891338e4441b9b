"""Lists: pages, filters, search, order, and what small lists keep."""

from typing import Any

import pytest
from tests.platforms.zoho_books.desk import PNG, TODAY, Desk, multipart


def names(desk: Desk, **query: object) -> list[str]:
    return [row["contact_name"] for row in desk.get("contacts", **query)["contacts"]]


def test_pages_say_whether_there_are_more(desk: Desk) -> None:
    first = desk.get("contacts", per_page=3)
    assert (len(first["contacts"]), first["page_context"]["has_more_page"]) == (3, True)
    last = desk.get("contacts", per_page=3, page=2)
    assert (len(last["contacts"]), last["page_context"]["has_more_page"]) == (1, False)
    assert desk.get("contacts", page=9)["contacts"] == []
    assert desk.get("contacts", per_page=5000)["page_context"]["per_page"] == 200
    assert desk.refused("GET", "contacts", page="0")[0] == 2


def test_a_page_drifts_when_records_go_while_a_client_reads(desk: Desk) -> None:
    first = names(desk, per_page=2)
    desk.act(f"contacts/{desk.vendor('acme')}", method="DELETE")
    second = names(desk, per_page=2, page=2)
    assert "Pacific Steel" not in first + second


def test_lists_are_filtered_searched_and_ordered(desk: Desk) -> None:
    assert names(desk, contact_name="Zenith Rail") == ["Zenith Rail"]
    assert names(desk, contact_name_startswith="pac") == ["Pacific Steel"]
    assert names(desk, contact_name_contains="lm") == ["Elm Clients"]
    assert names(desk, contact_type="customer") == ["Elm Clients"]
    assert names(desk, search_text="timber") == ["Acme Timber"]
    assert names(desk, sort_column="contact_name", sort_order="D")[0] == "Zenith Rail"
    assert desk.refused("GET", "contacts", filter_by="Status.Odd")[0] == 2
    assert desk.refused("GET", "contacts", sort_column="shoe_size")[0] == 2


def test_dates_and_amounts_bound_a_list(desk: Desk) -> None:
    for day, value in (("2026-03-02", "10.00"), ("2026-03-09", "20.00"), ("2026-03-16", "30.00")):
        desk.expense(value, date=day)

    def totals(**query: object) -> list[str]:
        return [str(row["total"]) for row in desk.get("expenses", **query)["expenses"]]

    assert totals(date="2026-03-09") == ["20.00"]
    assert totals(date_start="2026-03-09") == ["20.00", "30.00"]
    assert totals(date_before="2026-03-09") == ["10.00"]
    assert totals(total_greater_equals="20", total_less_than="30") == ["20.00"]


def test_changes_since_a_moment_are_listed_alone(desk: Desk) -> None:
    desk.expense("1.10")
    moment = desk.expense("2.20")["last_modified_time"]
    rows = desk.get("expenses", last_modified_time=moment)["expenses"]
    assert [str(row["total"]) for row in rows] == ["2.20"]
    assert desk.refused("GET", "expenses", last_modified_time="yesterday")[0] == 2


@pytest.mark.parametrize(
    ("path", "root", "given"),
    [
        ("items", "item", {"name": "Plank", "rate": 4}),
        ("projects", "project", {"project_name": "Barn"}),
        ("locations", "location", {"location_name": "Yard"}),
        ("users", "user", {"name": "Kit", "email": "kit@example.com"}),
        ("employees", "employee", {"name": "Kit", "email": "kit@example.com"}),
        ("reportingtags", "reporting_tag", {"tag_name": "Team"}),
        ("settings/taxauthorities", "tax_authority", {"tax_authority_name": "HMRC"}),
        ("settings/taxexemptions", "tax_exemption", {"tax_exemption_code": "EXPORT"}),
    ],
)
def test_a_small_list_takes_shows_and_forgets_a_record(desk: Desk, path: str, root: str, given: dict[str, Any]) -> None:
    if path == "projects":
        given = {**given, "customer_id": desk.labels["customers"]["client"]}
    made = desk.make(path, root, **given)
    id = next(made[name] for name in made if name.endswith("_id") and made[name])
    id = made.get(f"{root.removeprefix('reporting_')}_id", id)
    assert desk.get(f"{path}/{id}")[root]["created_time"].startswith("2026-03-02T09:00:")
    if root == "location":
        assert desk.refused("DELETE", f"{path}/{id}")[0] == 36
        return
    desk.act(f"{path}/{id}", method="DELETE")
    assert desk.refused("GET", f"{path}/{id}", status=404)[0] == 1002


def test_an_item_fills_a_line(desk: Desk) -> None:
    given = {"name": "Plank", "rate": 9, "purchase_rate": "4.40", "purchase_account_id": desk.account("office")}
    item = desk.make("items", "item", **given)
    bill = desk.bill({"item_id": item["item_id"], "quantity": 3})
    assert (bill["line_items"][0]["name"], str(bill["total"])) == ("Plank", "13.20")
    assert desk.refused("DELETE", f"items/{item['item_id']}")[0] == 1004


def test_documents_carry_their_location_and_project(desk: Desk) -> None:
    place = desk.make("locations", "location", location_name="Yard")
    desk.act("settings/locations/enable")
    customer = desk.labels["customers"]["client"]
    project = desk.make("projects", "project", project_name="Barn", customer_id=customer)
    ids = {"location_id": place["location_id"]}
    bill = desk.bill(desk.line("5.00", project_id=project["project_id"], customer_id=customer, **ids), **ids)
    assert (bill["location_name"], bill["line_items"][0]["project_name"]) == ("Yard", "Barn")
    desk.expense("2.00", project_id=project["project_id"], **ids)
    desk.pay("1.00", **ids)
    desk.credit(desk.line("3.00", **ids), **ids)
    lines = [
        {"account_id": desk.account(a), "debit_or_credit": s, "amount": 1}
        for a, s in (("travel", "debit"), ("office", "credit"))
    ]
    assert desk.make("journals", "journal", journal_date=TODAY, line_items=lines, **ids)["location_name"] == "Yard"
    rows = [
        {"account_id": desk.account("travel"), "amount": 4, **ids, "reverse_charge_vat_id": desk.tax("Standard Rate")}
    ]
    given = {"paid_through_account_id": desk.account("bank"), "date": TODAY, "line_items": rows}
    assert desk.make("expenses", "expense", **given)["line_items"][0]["location_name"] == "Yard"
    for path in ("bills", "expenses", "vendorpayments", "vendorcredits", "journals"):
        assert "location_id" in str(desk.get(path))
    assert desk.refused("DELETE", f"locations/{place['location_id']}")[0] == 36
    other = desk.make("locations", "location", location_name="Depot")
    desk.act(f"locations/{other['location_id']}/markasprimary")
    desk.act(f"locations/{place['location_id']}/inactive")
    assert desk.refused("POST", "expenses", {**given, **ids})[0] == 2


def test_a_list_of_bills_tells_which_have_files(desk: Desk) -> None:
    with_file, without = desk.bill(desk.line(5), number="B-1"), desk.bill(desk.line(6), number="B-2")
    body, headers = multipart("attachment", "scan.png", PNG)
    desk.send("POST", f"bills/{with_file['bill_id']}/attachment", body, headers=headers)
    told = {row["bill_id"]: row["has_attachment"] for row in desk.get("bills")["bills"]}
    assert told == {with_file["bill_id"]: True, without["bill_id"]: False}
