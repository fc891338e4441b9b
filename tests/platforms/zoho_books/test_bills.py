"""Bills, vendor payments and vendor credits: what they post, what settles what, what is refused."""

from datetime import timedelta
from typing import Any

import pytest
from tests.platforms.zoho_books.desk import PNG, TODAY, Desk, multipart

from sandbooks import exact_json
from sandbooks.platform import platform_named


def status(desk: Desk, bill: Any) -> str:
    return str(desk.get(f"bills/{bill['bill_id']}")["bill"]["status"])


def test_a_bill_is_owed_to_its_vendor(desk: Desk) -> None:
    bill = desk.bill(desk.line("310.40", tax_id=desk.tax("Standard Rate")), desk.line("6.15", quantity=2))
    assert (str(bill["sub_total"]), str(bill["tax_total"]), str(bill["total"])) == ("322.70", "62.08", "384.78")
    assert desk.books() == {"office": "322.70", "input_tax": "62.08", "payables": "-384.78"}


def test_tax_is_rounded_once_a_document_or_on_each_line(desk: Desk) -> None:
    tax = desk.tax("Reduced Rate")
    lines = [desk.line("0.30", tax_id=tax) for _ in range(3)]
    assert str(desk.bill(*lines, number="A")["tax_total"]) == "0.05"
    assert str(desk.bill(*lines, number="B", is_item_level_tax_calc=True)["tax_total"]) == "0.06"


def test_an_inclusive_bill_keeps_its_gross(desk: Desk) -> None:
    bill = desk.bill(desk.line("99.99", tax_id=desk.tax("Standard Rate")), is_inclusive_tax=True)
    assert (str(bill["total"]), str(bill["tax_total"])) == ("99.99", "16.67")
    assert str(bill["line_items"][0]["item_total_inclusive_of_tax"]) == "99.99"


def test_a_draft_posts_nothing_until_it_is_opened(desk: Desk) -> None:
    bill = desk.bill(desk.line("45.00"), status="draft")
    assert (bill["status"], desk.books()) == ("draft", {})
    desk.act(f"bills/{bill['bill_id']}/submit")
    assert (status(desk, bill), desk.books()) == ("pending_approval", {})
    desk.act(f"bills/{bill['bill_id']}/approve")
    assert (status(desk, bill), desk.books()) == ("open", {"office": "45.00", "payables": "-45.00"})


def test_the_status_follows_payments_and_days(desk: Desk) -> None:
    bill = desk.bill(desk.line("80.00"), due_date="2026-03-20")
    assert status(desk, bill) == "open"
    desk.pay("30.00", (bill, "30.00"))
    assert status(desk, bill) == "partially_paid"
    desk.world.advance(by=timedelta(days=40))
    desk.sign_in()
    assert status(desk, bill) == "overdue"
    desk.pay("50.00", (bill, "50.00"))
    assert status(desk, bill) == "paid"
    assert desk.books() == {"office": "80.00", "bank": "-80.00"}


def test_a_bill_number_is_taken_once_for_each_vendor(desk: Desk) -> None:
    bill = desk.bill(desk.line("5"), number="77")
    desk.bill(desk.line("6"), number="77", vendor="zenith")
    given = {"vendor_id": desk.vendor("acme"), "bill_number": "77", "line_items": [desk.line("7")]}
    taken = "A bill with this number has already been created for this vendor. Please check and try again."
    assert desk.refused("POST", "bills", given) == (13011, taken)
    other = desk.bill(desk.line("8"), number="78")
    assert desk.refused("PUT", f"bills/{other['bill_id']}", {"bill_number": "77"})[0] == 13011
    desk.act(f"bills/{bill['bill_id']}/status/void")
    assert desk.bill(desk.line("9"), number="77")["bill_number"] == "77"
    assert desk.refused("POST", f"bills/{bill['bill_id']}/status/open")[0] == 13011


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"bill_number": ""}, 1001),
        ({"vendor_id": None}, 1001),
        ({"line_items": []}, 4016),
        ({"due_date": "2026-03-01"}, 13017),
        ({"adjustment": "-500"}, 13012),
        ({"vendor_id": "client"}, 3043),
    ],
)
def test_a_bill_that_will_not_do_is_refused(desk: Desk, changes: dict[str, object], code: int) -> None:
    if changes.get("vendor_id"):
        changes = {"vendor_id": desk.labels["customers"]["client"]}
    given = {"vendor_id": desk.vendor("acme"), "bill_number": "X", "date": TODAY, "line_items": [desk.line("7")]}
    assert desk.refused("POST", "bills", {**given, **changes})[0] == code


def test_a_paid_bill_keeps_what_its_payments_rest_on(desk: Desk) -> None:
    bill = desk.bill(desk.line("60.00"))
    desk.pay("40.00", (bill, "40.00"))
    path = f"bills/{bill['bill_id']}"
    row = bill["line_items"][0]
    assert desk.refused("PUT", path, {"line_items": [{**row, "rate": "39.99"}]})[0] == 13014
    assert desk.refused("PUT", path, {"vendor_id": desk.vendor("zenith")})[0] == 13013
    assert desk.refused("POST", f"{path}/status/void")[0] == 13013
    assert desk.refused("DELETE", path)[0] == 13013
    changed = desk.change(path, "bill", line_items=[{**row, "rate": "41.00"}])
    assert (str(changed["balance"]), changed["line_items"][0]["line_item_id"]) == ("1.00", row["line_item_id"])
    assert desk.books() == {"office": "41.00", "payables": "-1.00", "bank": "-40.00"}


def test_lines_that_are_not_sent_again_are_gone(desk: Desk) -> None:
    bill = desk.bill(desk.line("10.00"), desk.line("3.30"))
    changed = desk.change(f"bills/{bill['bill_id']}", "bill", line_items=[bill["line_items"][1]])
    assert str(changed["total"]) == "3.30"
    same = desk.change(f"bills/{bill['bill_id']}", "bill", notes="Only this")
    assert (str(same["total"]), len(same["line_items"])) == ("3.30", 1)


def test_a_void_bill_leaves_no_balance_and_takes_no_payment(desk: Desk) -> None:
    bill = desk.bill(desk.line("33.00"))
    desk.act(f"bills/{bill['bill_id']}/status/void")
    assert (status(desk, bill), desk.books()) == ("void", {})
    rows = [{"bill_id": bill["bill_id"], "amount_applied": 1}]
    given = {"vendor_id": desk.vendor("acme"), "amount": 1, "paid_through_account_id": desk.account("bank")}
    assert desk.refused("POST", "vendorpayments", {**given, "bills": rows})[0] == 13015
    desk.act(f"bills/{bill['bill_id']}/status/open")
    assert desk.books() == {"office": "33.00", "payables": "-33.00"}


def test_a_foreign_bill_is_relieved_at_its_own_rate(desk: Desk) -> None:
    bill = desk.bill(desk.line("100.00"), vendor="usco", exchange_rate="0.7741")
    desk.pay("60.00", (bill, "60.00"), vendor="usco", paid="dollars", exchange_rate="0.80")
    desk.pay("40.00", (bill, "40.00"), vendor="usco", paid="bank", exchange_rate="0.75")
    assert desk.books() == {"office": "77.41", "dollars": "-48.00", "bank": "-30.00", "exchange_differences": "0.59"}
    assert desk.held("dollars") == ["-60.00 USD"]


def test_what_a_payment_leaves_over_is_an_advance(desk: Desk) -> None:
    first, second = desk.bill(desk.line("70.00"), number="A"), desk.bill(desk.line("55.00"), number="B")
    payment = desk.pay("100.00", (first, "70.00"))
    assert str(payment["balance"]) == "30.00"
    assert desk.books() == {"office": "125.00", "payables": "-55.00", "Prepaid Expenses": "30.00", "bank": "-100.00"}
    rows = {"bill_payments": [{"payment_id": payment["payment_id"], "amount_applied": "30.00"}]}
    desk.act(f"bills/{second['bill_id']}/credits", rows)
    assert desk.books() == {"office": "125.00", "payables": "-25.00", "bank": "-100.00"}
    rows["bill_payments"][0]["amount_applied"] = "5.00"
    assert desk.refused("POST", f"bills/{second['bill_id']}/credits", rows)[0] == 13022


def test_an_advance_at_another_rate_realises_the_difference_when_applied(desk: Desk) -> None:
    payment = desk.pay("50.00", vendor="usco", paid="dollars", exchange_rate="0.80")
    bill = desk.bill(desk.line("50.00"), vendor="usco", exchange_rate="0.70")
    rows = {"bill_payments": [{"payment_id": payment["payment_id"], "amount_applied": "50.00"}]}
    desk.act(f"bills/{bill['bill_id']}/credits", rows)
    assert desk.books() == {"office": "35.00", "dollars": "-40.00", "exchange_differences": "5.00"}


@pytest.mark.parametrize(
    ("amount", "applied", "code"), [("50.00", "61.00", 13021), ("20.00", "30.00", 13022), ("0", "1", 9001)]
)
def test_more_than_there_is_cannot_be_applied(desk: Desk, amount: str, applied: str, code: int) -> None:
    bill = desk.bill(desk.line("60.00"))
    given = {"vendor_id": desk.vendor("acme"), "amount": amount, "paid_through_account_id": desk.account("bank")}
    rows = [{"bill_id": bill["bill_id"], "amount_applied": applied}]
    assert desk.refused("POST", "vendorpayments", {**given, "bills": rows})[0] == code


def test_bills_and_vendors_that_do_not_fit_a_payment_are_refused_in_the_words_that_clients_know(desk: Desk) -> None:
    bill = desk.bill(desk.line("60.00"))
    given = {"vendor_id": desk.vendor("acme"), "amount": "99.00", "paid_through_account_id": desk.account("bank")}
    rows = [{"bill_id": bill["bill_id"], "amount_applied": "60.01"}]
    _, said = desk.refused("POST", "vendorpayments", {**given, "bills": rows})
    assert said == "The amount entered is more than the balance due for the selected bills."
    rows = [{"bill_id": "460000000000009", "amount_applied": 5}]
    _, said = desk.refused("POST", "vendorpayments", {**given, "bills": rows})
    assert said.startswith("Some of the bills for which you've chosen to record payments do not exist.")
    for path in ("bills", "vendorpayments"):
        lines = {"bill_number": "9", "line_items": [desk.line("7")]} if path == "bills" else given
        for vendor in ("", "460000000000009"):
            _, said = desk.refused("POST", path, {**lines, "vendor_id": vendor})
            assert said.startswith("The Vendor field can neither be blank nor be incorrect.")


def test_a_bill_of_another_vendor_cannot_be_paid(desk: Desk) -> None:
    bill = desk.bill(desk.line("60.00"), vendor="zenith")
    given = {"vendor_id": desk.vendor("acme"), "amount": 5, "paid_through_account_id": desk.account("bank")}
    rows = [{"bill_id": bill["bill_id"], "amount_applied": 5}]
    assert desk.refused("POST", "vendorpayments", {**given, "bills": rows})[0] == 13023


def test_a_changed_payment_is_applied_anew(desk: Desk) -> None:
    bill = desk.bill(desk.line("60.00"))
    payment = desk.pay("60.00", (bill, "60.00"))
    path = f"vendorpayments/{payment['payment_id']}"
    rows = [{"bill_id": bill["bill_id"], "amount_applied": "25.00"}]
    changed = desk.change(path, "vendorpayment", amount="25.00", bills=rows)
    assert (str(changed["balance"]), status(desk, bill)) == ("0.00", "partially_paid")
    assert desk.books() == {"office": "60.00", "payables": "-35.00", "bank": "-25.00"}
    desk.act(path, method="DELETE")
    assert (status(desk, bill), desk.books()) == ("open", {"office": "60.00", "payables": "-60.00"})


def test_payments_are_deleted_together_or_not_at_all(desk: Desk) -> None:
    one, two = desk.pay("10.00"), desk.pay("20.00")
    ids = f"{one['payment_id']},460000000000009"
    assert desk.refused("DELETE", "vendorpayments", status=404, vendorpayment_id=ids, bulk_delete="true")[0] == 1002
    ids = f"{one['payment_id']},{two['payment_id']}"
    desk.act("vendorpayments", method="DELETE", vendorpayment_id=ids, bulk_delete="true")
    assert desk.books() == {}


def test_a_payment_taken_off_a_bill_becomes_an_advance(desk: Desk) -> None:
    bill = desk.bill(desk.line("60.00"))
    desk.pay("60.00", (bill, "60.00"))
    row = desk.get(f"bills/{bill['bill_id']}/payments")["payments"][0]
    desk.act(f"bills/{bill['bill_id']}/payments/{row['bill_payment_id']}", method="DELETE")
    assert desk.books() == {"office": "60.00", "payables": "-60.00", "Prepaid Expenses": "60.00", "bank": "-60.00"}


def test_an_advance_is_refunded_changed_and_kept_from_deletion(desk: Desk) -> None:
    payment = desk.pay("90.00")
    path = f"vendorpayments/{payment['payment_id']}"
    given = {"date": TODAY, "amount": "35.00", "to_account_id": desk.account("bank")}
    refund = desk.make(f"{path}/refunds", "vendorpayment_refund", **given)
    assert desk.books() == {"Prepaid Expenses": "55.00", "bank": "-55.00"}
    assert desk.refused("POST", f"{path}/refunds", {**given, "amount": "55.01"})[0] == 13028
    assert desk.refused("DELETE", path)[0] == 13026
    own = f"{path}/refunds/{refund['vendorpayment_refund_id']}"
    desk.change(own, "vendorpayment_refund", amount="40.00")
    assert desk.books() == {"Prepaid Expenses": "50.00", "bank": "-50.00"}
    desk.act(own, method="DELETE")
    assert str(desk.get(path)["vendorpayment"]["balance"]) == "90.00"
    assert desk.books() == {"Prepaid Expenses": "90.00", "bank": "-90.00"}


def test_a_vendor_credit_is_applied_taken_off_and_refunded(desk: Desk) -> None:
    bill = desk.bill(desk.line("60.00"))
    credit = desk.credit(desk.line("24.00", tax_id=desk.tax("Standard Rate")))
    assert (credit["vendor_credit_number"], str(credit["balance"])) == ("DN-00001", "28.80")
    path = f"vendorcredits/{credit['vendor_credit_id']}"
    desk.act(f"{path}/bills", {"bills": [{"bill_id": bill["bill_id"], "amount_applied": "18.80"}]})
    assert str(desk.get(f"bills/{bill['bill_id']}")["bill"]["balance"]) == "41.20"
    assert desk.refused("DELETE", path)[0] == 13033
    given = {"date": TODAY, "amount": "10.00", "account_id": desk.account("visa")}
    refund = desk.make(f"{path}/refunds", "vendor_credit_refund", **given)
    shown = desk.get(path)["vendor_credit"]
    assert (shown["status"], str(shown["balance"])) == ("closed", "0.00")
    assert desk.books() == {"office": "36.00", "input_tax": "-4.80", "payables": "-41.20", "visa": "10.00"}
    desk.change(f"{path}/refunds/{refund['vendor_credit_refund_id']}", "vendor_credit_refund", amount="7.00")
    assert desk.books()["visa"] == "7.00"
    desk.act(f"{path}/refunds/{refund['vendor_credit_refund_id']}", method="DELETE")
    applied = desk.get(f"{path}/bills")["bills_credited"][0]["vendor_credit_bill_id"]
    desk.act(f"{path}/bills/{applied}", method="DELETE")
    assert str(desk.get(f"bills/{bill['bill_id']}")["bill"]["balance"]) == "60.00"
    desk.act(f"{path}/status/void")
    assert desk.books() == {"office": "60.00", "payables": "-60.00"}


def test_a_credit_at_another_rate_moves_only_the_difference(desk: Desk) -> None:
    bill = desk.bill(desk.line("100.00"), vendor="usco", exchange_rate="0.80")
    credit = desk.credit(desk.line("100.00"), vendor="usco", exchange_rate="0.75")
    rows = {"bills": [{"bill_id": bill["bill_id"], "amount_applied": "100.00"}]}
    desk.act(f"vendorcredits/{credit['vendor_credit_id']}/bills", rows)
    assert desk.books() == {"office": "5.00", "exchange_differences": "-5.00"}


def test_a_bill_takes_files_of_the_documented_types(desk: Desk) -> None:
    path = f"bills/{desk.bill(desk.line('4.00'))['bill_id']}"
    body, headers = multipart("attachment", "bill.png", PNG)
    assert desk.send("POST", f"{path}/attachment", body, headers=headers).status == 201
    assert desk.get(path)["bill"]["attachment_name"] == "bill.png"
    assert desk.send("GET", f"{path}/attachment").body == PNG
    body, headers = multipart("attachment", "sheet.xlsx", PNG)
    answer = desk.send("POST", f"{path}/attachment", body, headers=headers)
    assert exact_json.loads(answer.body)["code"] == 9011


def test_the_bookkeeper_edits_voids_and_deletes_under_the_same_rules(desk: Desk) -> None:
    bookkeeper = platform_named("zoho").load_bookkeeper()
    bill = desk.bill(desk.line("12.00"))
    with desk.world.unit():
        bookkeeper.edit(desk.company, "bill", bill["bill_id"], {"notes": "By hand"})
        bookkeeper.rename_contact(desk.company, desk.vendor("acme"), "Acme Wood")
        bookkeeper.void(desk.company, "bill", bill["bill_id"])
    assert desk.get(f"bills/{bill['bill_id']}")["bill"]["notes"] == "By hand"
    with desk.world.unit():
        bookkeeper.delete(desk.company, "bill", bill["bill_id"])
    assert desk.books() == {}
