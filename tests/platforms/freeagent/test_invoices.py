"""Invoices and credit notes: drafts, sending, receipts, set-off, write-off."""

from datetime import date
from typing import Any

import pytest
from tests.platforms.freeagent.desk import Desk

from sandbooks.kit.errors import NotSimulated


def invoice(desk: Desk, *items: dict[str, object], kind: str = "invoice", send: bool = True, **members: object) -> Any:
    given: dict[str, object] = {"contact": desk.contact("acme"), "dated_on": "2026-03-02", "payment_terms_in_days": 30}
    made = desk.make(f"{kind}s", kind, **{**given, f"{kind}_items": list(items), **members})
    return sent(desk, made, kind) if send else made


def sent(desk: Desk, made: Any, kind: str = "invoice", transition: str = "mark_as_sent") -> Any:
    answer = desk.send("PUT", f"{made['url']}/transitions/{transition}")
    assert answer.status == 200, answer.body
    return desk.get(made["url"])[kind]


def item(price: str, quantity: str = "1", **members: object) -> dict[str, object]:
    return {"description": "Shelves", "item_type": "Products", "price": price, "quantity": quantity, **members}


def receive(desk: Desk, paid: Any, value: str, account: str = "bank", **members: object) -> Any:
    return desk.explain(account, value, paid_invoice=paid["url"], **members)


def test_a_draft_posts_nothing_and_sending_it_debits_the_debtors(desk: Desk) -> None:
    draft = invoice(
        desk, item("50.00", "2", sales_tax_rate="20.0"), item("7.00", sales_tax_status="EXEMPT"), send=False
    )
    assert (draft["status"], draft["reference"], draft["due_on"]) == ("Draft", "001", "2026-04-01")
    assert (draft["net_value"], draft["sales_tax_value"], draft["total_value"]) == ("107.0", "20.0", "127.0")
    assert desk.books() == {}
    whole = sent(desk, draft)
    assert (whole["status"], whole["due_value"]) == ("Open", "127.0")
    assert whole["long_status"].startswith("Open – due in ")
    assert desk.books() == {"001": "-107.00", "output_tax": "-20.00", "receivables": "127.00"}
    assert sent(desk, draft, transition="mark_as_draft")["status"] == "Draft"
    assert desk.books() == {}


def test_receipts_bring_an_invoice_from_open_to_paid(desk: Desk) -> None:
    made = invoice(desk, item("90.00", sales_tax_rate=0))
    first = receive(desk, made, "31.00")
    assert (first["type"], first["description"]) == ("Invoice Receipt", "Invoice 001")
    assert desk.get(made["url"])["invoice"]["due_value"] == "59.0"
    receive(desk, made, "59.00", dated_on="2026-03-09")
    paid = desk.get(made["url"])["invoice"]
    assert (paid["status"], paid["paid_on"], paid["long_status"]) == ("Paid", "2026-03-09", "Paid on – 09 Mar 26")
    assert desk.books() == {"001": "-90.00", "bank": "90.00"}
    assert "payments and can't be deleted" in desk.refused("DELETE", made["url"])
    changed = {"invoice": {"invoice_items": [item("4.00")]}}
    assert "total_value can't be changed" in desk.refused("PUT", made["url"], changed)
    desk.drop(first["url"])
    assert desk.get(made["url"])["invoice"]["due_value"] == "31.0"
    assert desk.get("invoices", view="open_or_overdue")["invoices"][0]["url"] == made["url"]


@pytest.mark.parametrize("value", ["90.01", "-4.00"])
def test_an_invoice_is_not_paid_twice_or_the_wrong_way(desk: Desk, value: str) -> None:
    made = invoice(desk, item("90.00", sales_tax_rate=0))
    given = {"bank_account": desk.account("bank"), "dated_on": "2026-03-02", "gross_value": value}
    body = {"bank_transaction_explanation": {**given, "paid_invoice": made["url"]}}
    assert desk.refused("POST", "bank_transaction_explanations", body).endswith("the due value of 90.0")


def test_a_draft_and_a_stranger_cannot_be_paid(desk: Desk) -> None:
    draft = invoice(desk, item("90.00"), send=False)
    given = {"bank_account": desk.account("bank"), "dated_on": "2026-03-02", "gross_value": "4.00"}
    for url, told in (
        (draft["url"], "paid_invoice must be sent"),
        ("/v2/invoices/4", "Invoice not found for this company"),
    ):
        body = {"bank_transaction_explanation": {**given, "paid_invoice": url}}
        assert desk.refused("POST", "bank_transaction_explanations", body) == told


def test_a_foreign_invoice_realises_its_gain_when_it_is_paid(desk: Desk) -> None:
    made = invoice(desk, item("100.00", sales_tax_rate=0), currency="USD", exchange_rate="0.7741")
    receive(desk, made, "40.00", account="dollars", dated_on="2026-04-03")
    assert desk.books() == {
        "001": "-77.41",
        "receivables": "46.45",
        "dollars": "31.44",
        "exchange_differences": "-0.48",
    }
    receive(desk, made, "50.00", account="bank", foreign_currency_value="60.00")
    books = desk.books()
    assert (books["bank"], books["exchange_differences"], "receivables" in books) == ("50.00", "-4.03", False)
    assert desk.get(made["url"])["invoice"]["status"] == "Paid"


def test_a_credit_note_is_negative_and_refunded_by_money_out(desk: Desk) -> None:
    note = invoice(desk, item("-30.00", sales_tax_rate="20.0"), kind="credit_note")
    assert (note["total_value"], note["due_value"], note["status"]) == ("-36.0", "-36.0", "Open")
    assert desk.books() == {"001": "30.00", "output_tax": "6.00", "receivables": "-36.00"}
    assert receive(desk, note, "-36.00")["type"] == "Credit Note Refund"
    assert desk.get(note["url"])["credit_note"]["status"] == "Refunded"
    assert desk.books() == {"001": "30.00", "output_tax": "6.00", "bank": "-36.00"}
    given = {"contact": desk.contact("acme"), "dated_on": "2026-03-02", "payment_terms_in_days": 0}
    body = {"credit_note": {**given, "credit_note_items": [item("3.00")]}}
    assert desk.refused("POST", "credit_notes", body) == "total_value must be less than 0"


def test_a_credit_note_is_set_off_against_an_invoice_at_both_booking_rates(desk: Desk) -> None:
    made = invoice(desk, item("100.00", sales_tax_rate=0), currency="USD", exchange_rate="0.80")
    note = invoice(desk, item("-40.00", sales_tax_rate=0), kind="credit_note", currency="USD", exchange_rate="0.75")
    pair = {"invoice": made["url"], "credit_note": note["url"]}
    too_much = {"credit_note_reconciliation": {**pair, "gross_value": "40.01"}}
    assert "can't be more than the due value of 40.0" in desk.refused("POST", "credit_note_reconciliations", too_much)
    set_off = desk.make("credit_note_reconciliations", "credit_note_reconciliation", **pair, gross_value="40.00")
    assert desk.get(made["url"])["invoice"]["due_value"] == "60.0"
    assert desk.get(note["url"])["credit_note"]["status"] == "Refunded"
    assert desk.books() == {"001": "-50.00", "receivables": "48.00", "exchange_differences": "2.00"}
    assert desk.change(set_off["url"], "credit_note_reconciliation", gross_value="10.00")["gross_value"] == "10.0"
    assert desk.get(note["url"])["credit_note"]["due_value"] == "-30.0"
    desk.drop(set_off["url"])
    assert desk.books() == {"001": "-50.00", "receivables": "50.00"}
    assert desk.get(made["url"])["invoice"]["due_value"] == "100.0"


def test_an_overdue_invoice_is_written_off_to_bad_debts_and_opened_again(desk: Desk) -> None:
    made = invoice(desk, item("90.00", sales_tax_rate="20.0"), dated_on="2025-01-02", payment_terms_in_days=7)
    assert made["status"] == "Overdue"
    receive(desk, made, "8.00")
    off = sent(desk, made, transition="mark_as_cancelled")
    assert (off["status"], off["due_value"], "written_off_date" in off) == ("Part written-off", "100.0", True)
    assert desk.books() == {"001": "-90.00", "output_tax": "-18.00", "bank": "8.00", "450": "100.00"}
    assert sent(desk, made)["status"] == "Overdue"
    assert desk.books()["receivables"] == "100.00"
    fresh = invoice(desk, item("5.00"), dated_on="2999-01-01")
    told = desk.refused("PUT", f"{fresh['url']}/transitions/mark_as_cancelled")
    assert told == "Invoice must be sent and have a due date in the past"


def test_items_are_changed_added_and_removed_by_their_ids(desk: Desk) -> None:
    draft = invoice(desk, item("10.00"), item("20.00", project=project(desk)), send=False, discount_percent="10")
    first, second = draft["invoice_items"]
    assert (first["position"], draft["net_value"]) == (1, "27.0")
    id = first["url"].rpartition("/")[2]
    changes = [{"id": int(id), "_destroy": 1}, {"url": second["url"], "price": "30.00"}, item("5.00")]
    changed = desk.change(draft["url"], "invoice", invoice_items=changes)
    assert [(i["position"], i["price"]) for i in changed["invoice_items"]] == [(1, "30.0"), (2, "5.0")]
    assert changed["net_value"] == "31.5"
    sent(desk, draft)
    assert desk.books()["001"] == "-31.50"
    assert desk.get("invoices", nested_invoice_items="true")["invoices"][0]["invoice_items"][0]["price"] == "30.0"
    assert "invoice_items" not in desk.get("invoices")["invoices"][0]


def project(desk: Desk) -> str:
    return str(desk.make("projects", "project", contact=desk.contact("acme"), name="Barn")["url"])


def test_a_negative_draft_becomes_a_credit_note_and_any_is_duplicated(desk: Desk) -> None:
    draft = invoice(desk, item("-12.00", sales_tax_rate="20.0"), send=False)
    answer = desk.send("PUT", f"{draft['url']}/transitions/convert_to_credit_note")
    assert (answer.status, b'"total_value":"-14.4"' in answer.body) == (200, True)
    assert desk.send("GET", draft["url"]).status == 404
    made = invoice(desk, item("9.00"))
    copy = desk.send("POST", f"{made['url']}/duplicate")
    assert (copy.status, b'"status":"Draft"' in copy.body) == (200, True)
    assert len(desk.get("invoices", view="draft")["invoices"]) == 1


def test_a_contact_is_a_client_by_its_invoices_and_its_balance_counts_them(desk: Desk) -> None:
    made = invoice(desk, item("90.00", sales_tax_rate=0))
    desk.bill(desk.item("25.00", sales_tax_rate=0))
    assert [c["url"] for c in desk.get("contacts", view="open_clients")["contacts"]] == [desk.contact("acme")]
    assert desk.get(desk.contact("acme"))["contact"]["account_balance"] == "65.0"
    receive(desk, made, "90.00")
    assert desk.get("contacts", view="open_clients")["contacts"] == []
    events = desk.get("invoices/timeline")["invoice_timeline_items"]
    assert {event["summary"] for event in events} == {"Invoice: 001: 90.0 GBP sent", "Payment: 001: 90.0 GBP received"}


def test_a_locked_period_keeps_invoices_as_they_are(desk: Desk) -> None:
    made = invoice(desk, item("90.00"))
    draft = invoice(desk, item("4.00"), send=False)
    with desk.world.unit():
        desk.company.book.lock(date(2026, 3, 31))
    for method, url in (("PUT", f"{draft['url']}/transitions/mark_as_sent"), ("DELETE", made["url"])):
        assert desk.refused(method, url) == "dated_on is in a locked accounting period"
    body = {"invoice": {"comments": "Late"}}
    assert desk.refused("PUT", made["url"], body) == "dated_on is in a locked accounting period"


def test_the_text_on_every_invoice_is_kept(desk: Desk) -> None:
    text = {"default_additional_text": "Pay within 7 days"}
    assert desk.send("PUT", "invoices/default_additional_text", text).status == 200
    assert desk.get("invoices/default_additional_text") == text
    desk.drop("invoices/default_additional_text")
    assert desk.get("invoices/default_additional_text") == {"default_additional_text": ""}


@pytest.mark.parametrize(("method", "part"), [("GET", "pdf"), ("POST", "send_email"), ("POST", "direct_debit")])
def test_what_leaves_the_books_is_not_simulated(desk: Desk, method: str, part: str) -> None:
    made = invoice(desk, item("90.00"))
    with pytest.raises(NotSimulated):
        desk.send(method, f"{made['url']}/{part}")


def test_customers_who_hold_cis_back_and_rates_of_other_countries_are_said_loudly_to_be_lacking(desk: Desk) -> None:
    moss = {"ec_status": "EC VAT MOSS", "place_of_supply": "Hungary", "invoice_items": [item("1.00")]}
    given = {"contact": desk.contact("acme"), "dated_on": "2026-03-02", "payment_terms_in_days": 30}
    for members in ({"cis_rate": "cis_gross"}, given | moss):
        with pytest.raises(NotSimulated):
            desk.send("POST", "invoices", {"invoice": members})


def test_a_sale_under_moss_owes_the_tax_of_its_country_on_an_account_of_its_own(desk: Desk) -> None:
    moss = {"ec_status": "EC VAT MOSS", "place_of_supply": "Hungary"}
    made = invoice(desk, item("100.00", sales_tax_rate="27"), **moss)
    assert (made["place_of_supply"], made["sales_tax_value"], made["total_value"]) == ("Hungary", "27.0", "127.0")
    assert desk.books() == {"001": "-100.00", "824": "-27.00", "receivables": "127.00"}
    credit = invoice(desk, item("-10.00", sales_tax_rate="27"), kind="credit_note", **moss)
    assert credit["credit_note_items"][0]["suffers_cis_deduction"] is False
    assert desk.books() == {"001": "-90.00", "824": "-24.30", "receivables": "114.30"}
    home = desk.change(made["url"], "invoice", ec_status="UK/Non-EC", invoice_items=[named(made, "20")])
    assert "place_of_supply" not in home
    assert desk.books() == {"001": "-90.00", "824": "2.70", "output_tax": "-20.00", "receivables": "107.30"}


@pytest.mark.parametrize(
    ("charge", "country", "rate"),
    [
        ("Auto", "", "20.0"),
        ("Auto", "United Kingdom", "20.0"),
        ("Auto", "Isle of Man", "20.0"),
        ("Auto", "France", "0.0"),
        ("Always", "France", "20.0"),
        ("Never", "United Kingdom", "0.0"),
    ],
)
def test_an_item_without_a_rate_is_taxed_as_its_contact_is_charged(
    desk: Desk, charge: str, country: str, rate: str
) -> None:
    desk.change(desk.contact("acme"), "contact", charge_sales_tax=charge, country=country)
    made = invoice(desk, item("100.00"), item("10.00", sales_tax_rate="5"))
    assert [each["sales_tax_rate"] for each in made["invoice_items"]] == [rate, "5.0"]
    assert made["sales_tax_value"] == ("20.5" if rate == "20.0" else "0.5")


def named(made: Any, rate: str) -> dict[str, object]:
    return {"url": made["invoice_items"][0]["url"], "sales_tax_rate": rate}


@pytest.mark.parametrize(
    ("members", "says"),
    [
        ({}, "place_of_supply can't be blank"),
        ({"place_of_supply": "Norway"}, "place_of_supply is not included in the list"),
        ({"place_of_supply": "Spain", "ec_status": ""}, "invoice_items.sales_tax_rate is not included in the list"),
    ],
)
def test_a_sale_under_moss_names_its_country(desk: Desk, members: dict[str, object], says: str) -> None:
    given: dict[str, object] = {"contact": desk.contact("acme"), "dated_on": "2026-03-02", "payment_terms_in_days": 30}
    given |= {"ec_status": "EC VAT MOSS", "invoice_items": [item("1.00", sales_tax_rate="27")]}
    assert desk.refused("POST", "invoices", {"invoice": {**given, **members}}) == says
