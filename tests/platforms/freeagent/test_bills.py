"""Bills and their payments: totals, status, trade creditors, foreign currency."""

import pytest
from tests.platforms.freeagent.desk import BASE, Desk

ROOT = "bill"


def pay(desk: Desk, bill: dict[str, str], value: str, account: str = "bank", **members: object) -> dict[str, str]:
    made: dict[str, str] = desk.explain(account, value, paid_bill=bill["url"], **members)
    return made


def test_a_bill_debits_its_categories_and_tax_and_credits_trade_creditors(desk: Desk) -> None:
    bill = desk.bill(
        desk.item("120.00", sales_tax_rate="20.0", description="Oak"),
        desk.item("42.00", category="travel", sales_tax_rate="5.0"),
        {"category": desk.category("travel"), "total_value_ex_tax": "10.00", "manual_sales_tax_amount": "1.37"},
    )
    assert (bill["total_value"], bill["net_value"], bill["sales_tax_value"]) == ("173.37", "-150.0", "-23.37")
    assert (bill["status"], bill["long_status"], bill["due_value"]) == ("Open", "Open - due in about 1 month", "173.37")
    oak = bill["bill_items"][0]
    assert (oak["total_value_ex_tax"], oak["sales_tax_value"], oak["quantity"]) == ("100.0", "-20.0", "1.0")
    assert oak["bill"] == bill["url"]
    assert desk.books() == {"office": "100.00", "travel": "50.00", "input_tax": "23.37", "payables": "-173.37"}


def test_lists_leave_items_out_unless_asked(desk: Desk) -> None:
    desk.bill(desk.item("12.00"))
    assert "bill_items" not in desk.get("bills")["bills"][0]
    assert len(desk.get("bills", nested_bill_items="true")["bills"][0]["bill_items"]) == 1


def test_payments_bring_a_bill_from_open_to_paid_and_back(desk: Desk) -> None:
    bill = desk.bill(desk.item("90.00", sales_tax_rate=0), reference="A-7")
    first = pay(desk, bill, "-31.00", description="")
    assert (first["type"], first["description"]) == ("Bill Payment", "Bill A-7")
    part = desk.get(bill["url"])[ROOT]
    assert (part["paid_value"], part["due_value"], part["status"], "paid_on" in part) == ("31.0", "59.0", "Open", False)
    assert part["updated_at"] > bill["updated_at"]
    last = pay(desk, bill, "-59.00", account="visa", dated_on="2026-03-09")
    whole = desk.get(bill["url"])[ROOT]
    assert (whole["status"], whole["paid_on"], whole["due_value"]) == ("Paid", "2026-03-09", "0.0")
    assert desk.books() == {"office": "90.00", "bank": "-31.00", "visa": "-59.00"}
    assert "payments and can't be deleted" in desk.refused("DELETE", bill["url"])
    desk.drop(last["url"])
    assert desk.get(bill["url"])[ROOT]["due_value"] == "59.0"
    assert desk.get("bills", view="open")["bills"][0]["url"] == bill["url"]


def test_an_update_of_a_payment_changes_what_is_due(desk: Desk) -> None:
    bill = desk.bill(desk.item("90.00", sales_tax_rate=0))
    payment = pay(desk, bill, "-90.00")
    desk.change(payment["url"], "bank_transaction_explanation", gross_value="-40.00")
    assert desk.get(bill["url"])[ROOT]["due_value"] == "50.0"
    assert desk.books() == {"office": "90.00", "bank": "-40.00", "payables": "-50.00"}


@pytest.mark.parametrize("value", ["-90.01", "12.00"])
def test_a_bill_cannot_be_paid_twice_or_the_wrong_way(desk: Desk, value: str) -> None:
    bill = desk.bill(desk.item("90.00"))
    given = {"bank_account": desk.account("bank"), "dated_on": "2026-03-02", "gross_value": value}
    refusal = desk.refused(
        "POST",
        "bank_transaction_explanations",
        {"bank_transaction_explanation": {**given, "paid_bill": bill["url"]}},
    )
    assert refusal == "gross_value can't be more than the due value of 90.0"


def test_a_refund_is_a_bill_with_a_negative_total_settled_by_money_in(desk: Desk) -> None:
    refund = desk.bill(desk.item("-24.00", sales_tax_rate="20.0"))
    assert (refund["total_value"], refund["sales_tax_value"], refund["status"]) == ("-24.0", "4.0", "Open")
    assert desk.books() == {"office": "-20.00", "input_tax": "-4.00", "payables": "24.00"}
    assert pay(desk, refund, "24.00")["type"] == "Bill Refund"
    assert desk.get(refund["url"])[ROOT]["status"] == "Refunded"
    assert desk.books() == {"office": "-20.00", "input_tax": "-4.00", "bank": "24.00"}


def test_a_bill_is_overdue_after_its_date(desk: Desk) -> None:
    bill = desk.bill(desk.item("5.00"), dated_on="2026-01-05", due_on="2026-02-27")
    assert (bill["status"], bill["long_status"]) == ("Overdue", "Overdue - due 3 days ago")
    assert [b["url"] for b in desk.get("bills", view="overdue")["bills"]] == [bill["url"]]
    assert desk.get("bills", view="paid")["bills"] == []


def test_items_are_changed_added_and_destroyed_by_url(desk: Desk) -> None:
    bill = desk.bill(desk.item("10.00", sales_tax_rate=0), desk.item("20.00", sales_tax_rate=0, category="travel"))
    first, second = (item["url"] for item in bill["bill_items"])
    changed = desk.change(
        bill["url"],
        ROOT,
        bill_items=[
            {"url": first, "total_value": "11.50"},
            {"url": second, "_destroy": 1},
            {"url": "", **desk.item("7.00", sales_tax_rate=0, category="travel")},
        ],
    )
    assert [item["total_value"] for item in changed["bill_items"]] == ["11.5", "7.0"]
    assert changed["bill_items"][0]["url"] == first
    assert desk.books() == {"office": "11.50", "travel": "7.00", "payables": "-18.50"}
    assert desk.change(bill["url"], ROOT, reference="B-2")["total_value"] == "18.5"


def test_forty_items_are_taken_and_forty_one_refused(desk: Desk) -> None:
    items = [desk.item(f"{n}.10", sales_tax_rate=0) for n in range(1, 42)]
    assert len(desk.bill(*items[:40])["bill_items"]) == 40
    given = {"contact": desk.contact("acme"), "reference": "x", "dated_on": "2026-03-02", "due_on": "2026-03-02"}
    assert desk.refused("POST", "bills", {ROOT: {**given, "bill_items": items}}) == "bill_items can't be more than 40"


def test_a_foreign_bill_is_settled_at_its_own_rate_and_the_rest_is_exchange_difference(desk: Desk) -> None:
    bill = desk.bill(desk.item("100.00"), currency="USD", exchange_rate="0.80")
    assert (bill["exchange_rate"], bill["sales_tax_value"], bill["currency"]) == ("0.8", "0.0", "USD")
    pay(desk, bill, "-30.00", account="dollars")
    assert desk.books() == {
        "office": "80.00",
        "payables": "-56.00",
        "dollars": "-23.22",
        "exchange_differences": "-0.78",
    }
    pay(desk, bill, "-57.40", foreign_currency_value="-70.00")
    assert desk.get(bill["url"])[ROOT]["status"] == "Paid"
    assert desk.books() == {"office": "80.00", "dollars": "-23.22", "bank": "-57.40", "exchange_differences": "0.62"}


def test_tax_of_a_foreign_bill_is_typed_in_native_currency(desk: Desk) -> None:
    bill = desk.bill(desk.item("120.00", manual_sales_tax_amount="16.00"), currency="USD", exchange_rate="0.8")
    assert (bill["sales_tax_value"], bill["bill_items"][0]["manual_sales_tax_amount"]) == ("-20.0", "16.0")
    assert desk.books() == {"office": "80.00", "input_tax": "16.00", "payables": "-96.00"}


def test_the_day_rate_stands_in_for_an_exchange_rate(desk: Desk) -> None:
    assert desk.bill(desk.item("1.00"), currency="USD")["exchange_rate"] == "0.7741"
    assert desk.bill(desk.item("1.00"), currency="USD", dated_on="2026-04-03")["exchange_rate"] == "0.7859"


def test_a_foreign_bill_paid_in_native_currency_needs_its_foreign_value(desk: Desk) -> None:
    bill = desk.bill(desk.item("50.00"), currency="USD")
    given = {"bank_account": desk.account("bank"), "dated_on": "2026-03-02", "gross_value": "-40.00"}
    body = {"bank_transaction_explanation": {**given, "paid_bill": bill["url"]}}
    assert desk.refused("POST", "bank_transaction_explanations", body) == "foreign_currency_value can't be blank"


def test_a_paid_bill_keeps_contact_and_total(desk: Desk) -> None:
    bill = desk.bill(desk.item("90.00", sales_tax_rate=0))
    pay(desk, bill, "-50.00")
    item = bill["bill_items"][0]["url"]
    assert "contact can't be changed" in desk.refused("PUT", bill["url"], {ROOT: {"contact": desk.contact("zenith")}})
    less = {"bill_items": [{"url": item, "total_value": "49.99"}]}
    assert "less than the paid value" in desk.refused("PUT", bill["url"], {ROOT: less})
    more = desk.change(bill["url"], ROOT, bill_items=[{"url": item, "total_value": "50.00"}])
    assert (more["status"], more["due_value"]) == ("Paid", "0.0")


def test_reverse_charge_on_a_bill(desk: Desk) -> None:
    desk.bill(desk.item("60.00", sales_tax_rate="20.0"), ec_status="Reverse Charge")
    assert desk.books() == {"office": "60.00", "payables": "-60.00", "input_tax": "12.00", "output_tax": "-12.00"}


def test_a_deleted_bill_leaves_nothing_behind(desk: Desk) -> None:
    bill = desk.bill(desk.item("60.00"))
    desk.drop(bill["url"])
    assert desk.books() == {}
    assert desk.get("bills") == {"bills": []}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"contact": None}, "contact can't be blank"),
        ({"contact": f"{BASE}/v2/contacts/4"}, "Contact not found"),
        ({"reference": ""}, "reference can't be blank"),
        ({"reference": "x" * 256}, "reference is too long (maximum is 255 characters)"),
        ({"dated_on": "yesterday"}, "dated_on is invalid"),
        ({"due_on": None}, "due_on can't be blank"),
        ({"currency": "POUND"}, "currency is not included in the list"),
        ({"currency": "USD", "exchange_rate": "0"}, "exchange_rate must be greater than 0"),
        ({"currency": "XAF"}, "exchange_rate can't be blank"),
        ({"bill_items": []}, "bill_items can't be blank"),
        ({"bill_items": {"0": {}}}, "bill_items is invalid"),
        ({"bill_items": [{}]}, "bill_items.category can't be blank; bill_items.total_value can't be blank"),
        ({"bill_items": [{"url": f"{BASE}/v2/bill_items/3"}]}, "Bill item not found"),
        ({"ec_status": "EC Goods"}, "ec_status is not included in the list"),
    ],
)
def test_what_is_wrong_with_a_bill_is_named_and_nothing_is_posted(
    desk: Desk, change: dict[str, object], says: str
) -> None:
    given = {"contact": desk.contact("acme"), "reference": "x", "dated_on": "2026-03-02", "due_on": "2026-03-02"}
    assert desk.refused("POST", "bills", {ROOT: {**given, "bill_items": [desk.item("3.00")], **change}}) == says


def test_one_answer_names_everything_that_a_bill_lacks(desk: Desk) -> None:
    missing = ("contact", "dated_on", "due_on", "bill_items")
    said = desk.refused("POST", "bills", {ROOT: {"reference": "x"}})
    assert said == "; ".join(f"{name} can't be blank" for name in missing)


def test_an_account_without_a_dot_of_tax_in_the_united_states(desk: Desk) -> None:
    desk.company.change_settings(sales_tax_is_value_added=False)
    desk.bill(desk.item("120.00", sales_tax_rate="20.0"))
    assert desk.books() == {"office": "120.00", "payables": "-120.00"}


def test_what_is_due_in_native_currency_is_told_at_the_rate_of_today(desk: Desk) -> None:
    bill = desk.bill(desk.item("100.00"), currency="USD", exchange_rate="0.5")
    assert (bill["due_value"], bill["native_due_value"]) == ("100.0", "77.41")
    desk.explain("dollars", "-60.00", paid_bill=bill["url"], description="")
    assert desk.get(bill["url"])["bill"]["native_due_value"] == "30.96"
    assert desk.bill(desk.item("9.00"))["native_due_value"] == "9.0"
