"""Purchase documents and payments: totals, posting, settlement, correction."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from tests.platforms.business_central.desk import BLANK_ID, PLAN, Desk, open_desk

from sandbooks.app import App
from sandbooks.ledger import Refusal
from sandbooks.platform import CompanyPlan, platform_named
from sandbooks.platforms.business_central.sets import trade


def posted(desk: Desk, *lines: dict[str, Any], **members: Any) -> Any:
    made = desk.invoice(*lines, **members)
    desk.act(f"purchaseInvoices({made['id']})")
    return desk.get(f"purchaseInvoices({made['id']})")


def pay(desk: Desk, invoice: Any, amount: Any, *, account: str = "current", day: str = "2026-03-05") -> None:
    journal = desk.list("vendorPaymentJournals")[0]["id"]
    desk.change(f"vendorPaymentJournals({journal})", balancingAccountId=desk.account(account))
    desk.make(
        f"vendorPaymentJournals({journal})/vendorPayments",
        appliesToInvoiceId=invoice["id"],
        amount=amount,
        postingDate=day,
    )
    desk.act(f"journals({journal})")


def test_a_draft_has_totals_and_no_effect(desk: Desk) -> None:
    made = desk.invoice(desk.item(Decimal("10.50")), desk.item(Decimal("20.25"), description2="join"))
    assert (made["status"], made["number"]) == ("Draft", "107001")
    assert (made["totalAmountExcludingTax"], made["totalTaxAmount"]) == (Decimal("30.75"), Decimal("6.15"))
    assert made["dueDate"] == "2026-04-01"
    lines = desk.list(f"purchaseInvoices({made['id']})/purchaseInvoiceLines")
    assert [line["description2"] for line in lines] == ["", "join"]
    assert [line["sequence"] for line in lines] == [10000, 20000]
    assert desk.books() == {}


def test_posting_keeps_the_id_and_gives_another_number(desk: Desk) -> None:
    made = posted(desk, desk.item(100))
    assert (made["status"], made["number"]) == ("Open", "108001")
    assert desk.books() == {"office": "100.00", "input_tax": "20.00", "payables": "-120.00"}
    vendor = desk.get(f"vendors({made['vendorId']})")
    assert vendor["balance"] == 120


def test_tax_is_rounded_once_for_each_group(desk: Desk) -> None:
    made = desk.invoice(*[desk.item(Decimal("0.12")) for _ in range(5)])
    assert made["totalTaxAmount"] == Decimal("0.12")
    lines = desk.list(f"purchaseInvoices({made['id']})/purchaseInvoiceLines")
    assert sum(line["netTaxAmount"] for line in lines) == Decimal("0.12")


def test_prices_may_include_tax(desk: Desk) -> None:
    made = posted(desk, desk.item(120), pricesIncludeTax=True)
    assert (made["totalAmountExcludingTax"], made["totalAmountIncludingTax"]) == (100, 120)
    assert desk.books() == {"office": "100.00", "input_tax": "20.00", "payables": "-120.00"}


def test_discounts_lower_what_is_taxed(desk: Desk) -> None:
    made = posted(desk, desk.item(100, discountPercent=10), desk.item(60), discountAmount=15)
    assert made["totalAmountExcludingTax"] == 135
    assert desk.books() == {"office": "135.00", "input_tax": "27.00", "payables": "-162.00"}


def test_reverse_charge_is_not_owed_to_the_vendor(desk: Desk) -> None:
    made = posted(desk, desk.item(50, taxCode="REVERSE"))
    assert made["totalAmountIncludingTax"] == 50
    books = desk.books()
    assert (books["office"], books["payables"], books["input_tax"]) == ("50.00", "-50.00", "10.00")


def test_sales_tax_is_part_of_the_cost() -> None:
    desk = open_desk(App(), CompanyPlan(country="US", accounts=PLAN.accounts, suppliers={"shop": {"name": "Shop"}}))
    vendor = desk.labels["suppliers"]["shop"]
    desk.change(f"vendors({vendor})", taxLiable=True)
    made = posted(desk, desk.item(100, taxCode="TAXABLE"), desk.item(20, taxCode="NONTAXABLE"))
    assert made["totalTaxAmount"] == Decimal("8.25")
    assert desk.books() == {"office": "128.25", "payables": "-128.25"}


def test_a_payment_settles_an_invoice_in_part_and_then_in_full(desk: Desk) -> None:
    made = posted(desk, desk.item(100))
    pay(desk, made, 45)
    assert desk.get(f"purchaseInvoices({made['id']})")["status"] == "Open"
    assert desk.books()["payables"] == "-75.00"
    pay(desk, made, 75, account="visa")
    assert desk.get(f"purchaseInvoices({made['id']})")["status"] == "Paid"
    assert desk.books() == {"office": "100.00", "input_tax": "20.00", "current": "-45.00", "visa": "-75.00"}


def test_a_payment_at_another_rate_realises_the_difference(desk: Desk) -> None:
    made = posted(desk, desk.item(100, taxCode=""), vendor="airline")
    assert (made["currencyCode"], made["totalAmountIncludingTax"]) == ("USD", 100)
    pay(desk, made, 100, account="dollars", day="2026-04-03")
    books = desk.books()
    assert books == {"office": "77.41", "dollars": "-78.59", "exchange_differences": "1.18"}
    assert desk.get(f"purchaseInvoices({made['id']})")["status"] == "Paid"


def test_dollars_may_be_paid_from_pounds(desk: Desk) -> None:
    made = posted(desk, desk.item(100, taxCode=""), vendor="airline")
    pay(desk, made, 60)
    held = desk.company.book.balance(desk.account("current")).by_currency
    assert {code: str(amount) for code, amount in held.items()} == {"GBP": "-46.45 GBP"}
    assert desk.books()["payables"] == "-30.96"


def test_a_vendor_that_is_blocked_for_payment_is_invoiced_but_not_paid(desk: Desk) -> None:
    made = posted(desk, desk.item(100))
    journal = desk.list("vendorPaymentJournals")[0]["id"]
    desk.change(f"vendorPaymentJournals({journal})", balancingAccountId=desk.account("current"))
    path = f"vendorPaymentJournals({journal})/vendorPayments"
    given = {"appliesToInvoiceId": made["id"], "amount": 120, "postingDate": "2026-03-05"}
    desk.make(path, **given)
    vendor, number = made["vendorId"], made["vendorNumber"]
    desk.change(f"vendors({vendor})", blocked="Payment")
    wanted = f"You cannot {{}} this type of document when Vendor {number} is blocked with type Payment"
    assert desk.refused("POST", path, given) == wanted.format("create")
    assert desk.refused("POST", f"journals({journal})/Microsoft.NAV.post") == wanted.format("post")
    posted(desk, desk.item(7), vendorInvoiceNumber="INV-78")
    desk.change(f"vendors({vendor})", blocked="")
    desk.act(f"journals({journal})")
    assert desk.books()["current"] == "-120.00"


def test_a_vendor_that_is_blocked_for_everything_takes_no_journal_line(desk: Desk) -> None:
    vendor = desk.labels["suppliers"]["shop"]
    number = desk.get(f"vendors({vendor})")["number"]
    given = {"accountType": "Vendor", "accountNumber": number, "balanceAccountType": "G/L Account"}
    given |= {"balancingAccountNumber": desk.number("travel"), "amount": -5, "postingDate": "2026-03-02"}
    path = f"journals({desk.batch()})"
    desk.make(f"{path}/journalLines", **given)
    desk.change(f"vendors({vendor})", blocked="All")
    wanted = f"You cannot {{}} this type of document when Vendor {number} is blocked with type All"
    assert desk.refused("POST", f"{path}/journalLines", given) == wanted.format("create")
    assert desk.refused("POST", f"{path}/Microsoft.NAV.post") == wanted.format("post")


def test_a_payment_may_not_be_dated_before_its_invoice(desk: Desk) -> None:
    made = posted(desk, desk.item(100))
    journal = desk.list("vendorPaymentJournals")[0]["id"]
    desk.change(f"vendorPaymentJournals({journal})", balancingAccountId=desk.account("current"))
    path = f"vendorPaymentJournals({journal})/vendorPayments"
    line = desk.make(path, appliesToInvoiceId=made["id"], amount=5, postingDate="2026-03-01")
    assert line["vendorNumber"] == made["vendorNumber"]
    text = desk.refused("POST", f"journals({journal})/Microsoft.NAV.post")
    assert text.startswith("You are not allowed to apply and post an entry to an entry with an earlier posting date.")


def test_open_entries_are_seen_and_applied_from_a_payment(desk: Desk) -> None:
    made = posted(desk, desk.item(100))
    journal = desk.list("vendorPaymentJournals")[0]["id"]
    desk.change(f"vendorPaymentJournals({journal})", balancingAccountId=desk.account("current"))
    path = f"vendorPaymentJournals({journal})/vendorPayments"
    line = desk.make(path, vendorId=made["vendorId"], amount=120, postingDate="2026-03-05")
    (entry,) = desk.list(f"vendorPayments({line['id']})/applyVendorEntries")
    assert (entry["applied"], entry["remainingAmount"], entry["documentNumber"]) == (False, -120, "108001")
    changed = desk.change(f"vendorPayments({line['id']})/applyVendorEntries({entry['id']})", applied=True)
    assert changed["applied"] is True
    desk.act(f"journals({journal})")
    assert desk.get(f"purchaseInvoices({made['id']})")["status"] == "Paid"


def test_a_draft_invoice_cannot_be_paid(desk: Desk) -> None:
    made = desk.invoice(desk.item(9))
    journal = desk.list("vendorPaymentJournals")[0]["id"]
    path = f"vendorPaymentJournals({journal})/vendorPayments"
    text = desk.refused("POST", path, {"appliesToInvoiceId": made["id"], "amount": 5})
    assert text.startswith('The "appliesToInvoiceId" should be the ID of an Open')


def test_a_credit_memo_settles_its_invoice(desk: Desk) -> None:
    made = posted(desk, desk.item(100))
    memo = desk.make(
        "purchaseCreditMemos",
        vendorId=made["vendorId"],
        vendorCreditMemoNumber="C-1",
        invoiceId=made["id"],
        postingDate="2026-03-09",
        purchaseCreditMemoLines=[desk.item(100)],
    )
    assert memo["invoiceNumber"] == "108001"
    desk.act(f"purchaseCreditMemos({memo['id']})")
    assert desk.books() == {}
    assert desk.get(f"purchaseInvoices({made['id']})")["status"] == "Paid"
    assert desk.get(f"purchaseCreditMemos({memo['id']})")["status"] == "Paid"


def test_a_credit_memo_is_cancelled_by_a_corrective_invoice_dated_today(desk: Desk) -> None:
    memo = desk.make(
        "purchaseCreditMemos",
        vendorId=desk.labels["suppliers"]["shop"],
        vendorCreditMemoNumber="C-2",
        postingDate="2026-02-09",
        purchaseCreditMemoLines=[desk.item(30)],
    )
    desk.act(f"purchaseCreditMemos({memo['id']})")
    assert desk.books() == {"office": "-30.00", "input_tax": "-6.00", "payables": "36.00"}
    desk.act(f"purchaseCreditMemos({memo['id']})", "cancel")
    assert desk.books() == {}
    assert desk.get(f"purchaseCreditMemos({memo['id']})")["status"] == "Canceled"
    (corrective,) = desk.list("purchaseInvoices")
    assert (corrective["status"], corrective["postingDate"]) == ("Corrective", "2026-03-02")
    text = desk.refused("POST", f"purchaseCreditMemos({memo['id']})/Microsoft.NAV.cancel")
    assert text == "The credit memo cannot be cancelled because it has already been canceled."


def test_a_posted_invoice_is_cancelled_by_a_person_with_a_credit_memo(desk: Desk) -> None:
    made = posted(desk, desk.item(40), vendor="airline", postingDate="2026-02-02")
    bookkeeper = platform_named("business_central").load_bookkeeper()
    with pytest.raises(Refusal), desk.world.unit():
        bookkeeper.delete(desk.company, "purchaseInvoice", made["id"])
    with desk.world.unit():
        bookkeeper.void(desk.company, "purchaseInvoice", made["id"])
    assert desk.books() == {}
    assert desk.get(f"purchaseInvoices({made['id']})")["status"] == "Canceled"
    assert desk.list("purchaseCreditMemos")[0]["status"] == "Corrective"


def test_a_posted_invoice_cannot_be_changed_or_deleted(desk: Desk) -> None:
    made = posted(desk, desk.item(40))
    (line,) = desk.list(f"purchaseInvoices({made['id']})/purchaseInvoiceLines")
    text = "The invoice has been posted and can no longer be modified."
    assert desk.refused("PATCH", f"purchaseInvoices({made['id']})", {"purchaser": "X"}) == text
    assert desk.refused("PATCH", f"purchaseInvoiceLines({line['id']})", {"unitCost": 1}) == text
    assert desk.refused("DELETE", f"purchaseInvoiceLines({line['id']})") == text
    assert desk.refused("POST", f"purchaseInvoices({made['id']})/purchaseInvoiceLines", desk.item(1)) == text
    unset = "Allow Document Deletion Before must have a value in Purchases & Payables Setup: Primary Key=. "
    deleted = desk.refused("DELETE", f"purchaseInvoices({made['id']})", code="Application_FieldValidationException")
    assert deleted == unset + "It cannot be zero or empty."
    again = desk.refused("POST", f"purchaseInvoices({made['id']})/Microsoft.NAV.post")
    assert again == "The action can be applied to a draft invoice only."


def test_an_invoice_needs_the_vendors_number_and_only_once(desk: Desk) -> None:
    bare = desk.invoice(desk.item(9), vendorInvoiceNumber="")
    text = desk.refused("POST", f"purchaseInvoices({bare['id']})/Microsoft.NAV.post")
    assert text.startswith("You need to enter the document number of the document from the vendor")
    posted(desk, desk.item(5))
    twin = desk.invoice(desk.item(6))
    text = desk.refused("POST", f"purchaseInvoices({twin['id']})/Microsoft.NAV.post")
    assert text == "Purchase Invoice INV-77 already exists for this vendor."
    desk.change(f"purchaseInvoices({twin['id']})", vendorInvoiceNumber="INV-78")
    desk.act(f"purchaseInvoices({twin['id']})")
    assert desk.books()["payables"] == "-13.20"


def test_an_invoice_in_a_closed_period_is_refused(desk: Desk) -> None:
    platform_named("business_central").load_bookkeeper().lock_period(desk.company, "2026-03-31")
    made = desk.invoice(desk.item(9))
    text = desk.refused("POST", f"purchaseInvoices({made['id']})/Microsoft.NAV.post")
    assert text.startswith("Posting Date is not within your range of allowed posting dates")


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"vendorId": None}, 'A "vendorNumber" or a "vendorID" must be provided.'),
        ({"vendorId": "f8a5738a-44e3-ea11-bb43-000d3a2feca1"}, "The vendor cannot be found."),
        ({"payToVendorNumber": "NOPE"}, "The pay-to vendor cannot be found."),
        ({"payToVendorNumber": ""}, "The pay-to vendor cannot be found."),
        ({"payToVendorId": None}, "The pay-to vendor cannot be found."),
        ({"currencyCode": "XXX"}, 'The "currencyCode" does not match to a Currency.'),
    ],
)
def test_a_header_that_names_nobody_is_refused(desk: Desk, changes: dict[str, Any], text: str) -> None:
    given = {"vendorId": desk.labels["suppliers"]["shop"], **changes}
    assert desk.refused("POST", "purchaseInvoices", given) == text


@pytest.mark.parametrize(
    ("line", "text", "code"),
    [
        ({"lineType": "Account", "accountId": "f8a5738a-44e3-ea11-bb43-000d3a2feca1"}, "Account does not exist.", ""),
        ({"lineType": "Item", "itemId": "f8a5738a-44e3-ea11-bb43-000d3a2feca1"}, "Item does not exist.", ""),
        ({"lineType": "Nonsense"}, "'Nonsense' is not an option.", "Unknown"),
        ({"lineType": "Account", "lineObjectNumber": "X9"}, "The field No. of table", "Internal_InvalidTableRelation"),
        ({"taxCode": "WHAT"}, "The field VAT Prod. Posting Group", "Internal_InvalidTableRelation"),
        ({"unitOfMeasureCode": "PCS"}, "Unit of Measure can be set only for lines with type Item.", ""),
        (
            {"unitCost": 10**14, "quantity": 10**14},
            "The Line Amount is too large",
            "Application_FieldValidationException",
        ),
        (
            {"lineType": "Account", "unitCost": 5, "quantity": 1, "discountAmount": 6},
            "The value of Line Discount %",
            "Application_FieldValidationException",
        ),
        ({"colour": "red"}, "The property 'colour' does not exist", "BadRequest"),
        ({"unitCost": "5"}, "Cannot convert the literal '5' to the expected type 'Edm.Decimal'.", "BadRequest"),
        ({"description": "x" * 101}, "The length of the string is 101", "Application_StringExceededLength"),
    ],
)
def test_a_line_that_is_wrong_is_refused(desk: Desk, line: dict[str, Any], text: str, code: str) -> None:
    made = desk.invoice()
    path = f"purchaseInvoices({made['id']})/purchaseInvoiceLines"
    assert desk.refused("POST", path, line, code=code or "Application_DialogException").startswith(text)


def test_an_order_is_received_and_invoiced_as_a_whole(desk: Desk) -> None:
    item = desk.make("items", displayName="Oak board", type="Service", unitCost=24, taxGroupCode="STANDARD")
    order = desk.make(
        "purchaseOrders",
        vendorId=desk.labels["suppliers"]["shop"],
        postingDate="2026-03-02",
        purchaseOrderLines=[{"lineType": "Item", "itemId": item["id"], "quantity": 2}],
    )
    assert order["totalAmountIncludingTax"] == Decimal("57.6")
    desk.act(f"purchaseOrders({order['id']})", "receiveAndInvoice")
    assert desk.send("GET", f"purchaseOrders({order['id']})").status == 404
    (made,) = desk.list("purchaseInvoices")
    assert (made["orderId"], made["status"], made["totalTaxAmount"]) == (order["id"], "Open", Decimal("9.6"))
    assert desk.books()["payables"] == "-57.60"


def test_a_vendor_with_entries_cannot_be_deleted(desk: Desk) -> None:
    made = posted(desk, desk.item(9))
    number = made["vendorNumber"]
    entries = "because it has ledger entries in a fiscal year that has not been closed yet."
    text = desk.refused("DELETE", f"vendors({made['vendorId']})")
    assert text == f"You cannot delete Vendor {number} {entries}"
    draft = desk.invoice(desk.item(9), vendor="airline")
    text = desk.refused("DELETE", f"vendors({draft['vendorId']})")
    open_document = "because there is at least one outstanding Purchase Invoice for this vendor."
    assert text == f"You cannot delete Vendor {draft['vendorNumber']} {open_document}"
    fresh = desk.make("vendors", displayName="Nobody")
    desk.drop(f"vendors({fresh['id']})")
    assert desk.send("GET", f"vendors({fresh['id']})").status == 404


def test_a_blocked_vendor_gets_no_documents(desk: Desk) -> None:
    draft = desk.invoice(desk.item(9))
    desk.change(f"vendors({draft['vendorId']})", blocked="All")
    given = {"vendorId": draft["vendorId"]}
    assert "is blocked with type All" in desk.refused("POST", "purchaseInvoices", given)
    assert "is blocked with type All" in desk.refused("POST", f"purchaseInvoices({draft['id']})/Microsoft.NAV.post")


def test_reports_show_what_is_owed(desk: Desk) -> None:
    made = posted(desk, desk.item(100))
    (aged,) = desk.list("agedAccountsPayables")
    assert (aged["vendorId"], aged["balanceDue"], aged["currentAmount"]) == (made["vendorId"], 120, 120)
    trial = {row["number"]: row for row in desk.list("trialBalances")}
    assert trial[desk.number("office")]["totalDebit"] == "100.00"
    (bought,) = desk.list("vendorPurchases", filter=f"vendorId eq {made['vendorId']}")
    assert bought["totalPurchaseAmount"] == 100
    accounts = {row["number"]: row["netChange"] for row in desk.list("accounts")}
    assert (accounts["20100"], accounts[desk.number("office")]) == (-120, 100)


def test_a_payment_below_the_booked_rate_gains(desk: Desk) -> None:
    made = posted(desk, desk.item(100, taxCode=""), vendor="airline", postingDate="2026-04-02")
    with desk.world.unit():
        record = desk.company.records.find("currencyExchangeRate", "currencyCode", "usd")[-1]
        body = {**record.copy(), "startingDate": "2026-04-10", "relationalExchangeRateAmount": Decimal("0.75")}
        keys = {"currencyCode": "usd"}
        id = desk.company.records.next_uuid("currencyExchangeRate")
        desk.company.records.put("currencyExchangeRate", id, body, version=1, keys=keys)
    pay(desk, made, 100, account="dollars", day="2026-04-12")
    assert desk.books() == {"office": "78.59", "dollars": "-75.00", "exchange_differences": "-3.59"}


def test_the_due_date_follows_the_invoice_date(desk: Desk) -> None:
    made = desk.invoice()
    assert made["dueDate"] == "2026-04-01"
    path = f"purchaseInvoices({made['id']})"
    assert desk.change(path, invoiceDate="2026-03-12")["dueDate"] == "2026-04-11"
    assert desk.change(path, invoiceDate="2026-03-13", dueDate="2026-03-20")["dueDate"] == "2026-03-20"


def test_lines_stand_in_their_sequence(desk: Desk) -> None:
    made = desk.invoice(desk.item(5), desk.item(7, sequence=5000))
    lines = desk.list(f"purchaseInvoices({made['id']})/purchaseInvoiceLines")
    assert [line["unitCost"] for line in lines] == [7, 5]
    text = desk.refused("POST", f"purchaseInvoices({made['id']})/purchaseInvoiceLines", desk.item(9, sequence=5000))
    assert text == "You cannot insert a line with a duplicate sequence number."


def test_a_refused_invoice_is_named_by_its_type_and_number(desk: Desk) -> None:
    made = desk.invoice(desk.item(9))
    bookkeeper = platform_named("business_central").load_bookkeeper()
    with desk.world.unit():
        bookkeeper.lock_period(desk.company, "2026-03-31")
    text = desk.refused("POST", f"purchaseInvoices({made['id']})/Microsoft.NAV.post")
    where = f"Purchase Header Document Type='Invoice',No.='{made['number']}'"
    assert text == f"Posting Date is not within your range of allowed posting dates in {where}."


def test_an_invoice_of_many_lines_is_counted_once_at_the_end(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    counts: list[int] = []
    real = trade.counted

    def counting(scope: Any, of: Any, header: Any, lines: list[Any]) -> Any:
        counts.append(len(lines))
        return real(scope, of, header, lines)

    monkeypatch.setattr(trade, "counted", counting)
    made = desk.invoice(*[desk.item(Decimal(n)) for n in range(1, 41)])
    assert sum(count > 1 for count in counts) == 1
    assert desk.get(f"purchaseInvoices({made['id']})")["totalAmountExcludingTax"] == 820
    lines = desk.list(f"purchaseInvoices({made['id']})/purchaseInvoiceLines")
    assert [line["sequence"] for line in lines] == [10000 * n for n in range(1, 41)]


def test_lines_that_come_together_do_not_share_a_number(desk: Desk) -> None:
    lines = [{**desk.item(Decimal(n)), "sequence": 10000} for n in (4, 9)]
    vendor = desk.labels["suppliers"]["shop"]
    body = {"vendorId": vendor, "vendorInvoiceNumber": "TWICE-1", "purchaseInvoiceLines": lines}
    assert desk.send("POST", "purchaseInvoices", body).status == 400
    assert desk.list("purchaseInvoices") == []


def test_files_of_a_purchase_go_with_its_invoice_and_with_the_draft_itself(desk: Desk) -> None:
    vendor = desk.labels["suppliers"]["shop"]
    lines = [{"lineType": "Account", "accountId": desk.account("office"), "directUnitCost": 5, "quantity": 1}]
    order = desk.make("purchaseOrders", vendorId=vendor, orderDate="2026-03-02", purchaseOrderLines=lines)
    file = desk.make(f"purchaseOrders({order['id']})/attachments", fileName="a.pdf")
    answer = desk.send("POST", f"purchaseOrders({order['id']})/Microsoft.NAV.receiveAndInvoice")
    (row,) = desk.list(f"{answer.header('Location')}/attachments")
    assert (row["id"], row["parentType"]) == (file["id"], "Purchase_x0020_Invoice")
    draft = desk.invoice(desk.item(5), vendorInvoiceNumber="INV-78")
    gone = desk.make(f"purchaseInvoices({draft['id']})/attachments", fileName="b.pdf")
    desk.drop(f"purchaseInvoices({draft['id']})")
    assert desk.send("GET", f"attachments({gone['id']})").status == 404


def test_a_comment_has_no_amount_whatever_it_is_given(desk: Desk) -> None:
    remark = {"lineType": "Comment", "description": "As agreed", "quantity": 2, "unitCost": 50, "taxCode": "STANDARD"}
    made = desk.invoice(desk.item(10), remark, desk.item(7))
    assert made["totalAmountExcludingTax"] == 17
    second, third = desk.list(f"purchaseInvoices({made['id']})/purchaseInvoiceLines")[1:]
    assert (second["netAmount"], second["netTaxAmount"]) == (0, 0)
    assert desk.change(f"purchaseInvoiceLines({third['id']})", lineType="Comment")["netAmount"] == 0
    desk.act(f"purchaseInvoices({made['id']})")
    assert desk.get(f"purchaseInvoices({made['id']})")["totalAmountIncludingTax"] == 12
    assert desk.books()["payables"] == "-12.00"


def test_a_line_of_another_type_is_about_nothing_until_it_is_told(desk: Desk) -> None:
    made = desk.invoice(desk.item(10))
    (line,) = desk.list(f"purchaseInvoices({made['id']})/purchaseInvoiceLines")
    changed = desk.change(f"purchaseInvoiceLines({line['id']})", lineType="Fixed Asset")
    assert (changed["lineObjectNumber"], changed["accountId"]) == ("", BLANK_ID)
    text = desk.refused(
        "POST", f"purchaseInvoices({made['id']})/Microsoft.NAV.post", code="Application_FieldValidationException"
    )
    assert text.startswith("No. must have a value in Purchase Line")


def test_another_vendor_brings_its_own_address(desk: Desk) -> None:
    old, new = (desk.make("vendors", displayName=name, addressLine1=f"{name} Street") for name in ("Ash", "Beech"))
    made = desk.make("purchaseInvoices", vendorId=old["id"], buyFromCity="Town")
    changed = desk.change(f"purchaseInvoices({made['id']})", vendorId=new["id"], buyFromState="Shire")
    told = [changed[f"buyFrom{part}"] for part in ("AddressLine1", "City", "State")]
    assert (told, changed["payToAddressLine1"]) == (["Beech Street", "", "Shire"], "Beech Street")
