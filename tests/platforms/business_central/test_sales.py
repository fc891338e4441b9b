"""Sales documents: drafts, posting to receivables, receipts, correction, orders and quotes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.platforms.business_central.desk import BLANK_ID, PLAN, Desk, open_desk
from tests.platforms.business_central.test_around import Receiver, subscribe
from tests.platforms.business_central.test_notified import told
from tests.platforms.business_central.test_permissions import DENIED, denied, may

from sandbooks.app import App
from sandbooks.kit.errors import NotSimulated
from sandbooks.platform import CompanyPlan
from sandbooks.platforms.business_central.bookkeeper import BOOKKEEPER

DATES = {
    "salesInvoices": "invoiceDate",
    "salesCreditMemos": "creditMemoDate",
    "salesOrders": "orderDate",
    "salesQuotes": "documentDate",
}


def line(price: Any, *, of: str = "rebates", quantity: Any = 1, desk: Desk, **members: Any) -> dict[str, Any]:
    given = {"lineType": "Account", "accountId": desk.account(of), "unitPrice": price, "quantity": quantity}
    return {**given, "taxCode": "STANDARD", **members}


def draft(desk: Desk, *lines: dict[str, Any], of: str = "salesInvoices", **members: Any) -> Any:
    given = {"customerId": desk.labels["customers"]["provider"], "postingDate": "2026-03-02", DATES[of]: "2026-03-02"}
    return desk.make(of, **{**given, f"{of.removesuffix('s')}Lines": list(lines), **members})


def posted(desk: Desk, *lines: dict[str, Any], of: str = "salesInvoices", **members: Any) -> Any:
    made = draft(desk, *lines, of=of, **members)
    desk.act(f"{of}({made['id']})")
    return desk.get(f"{of}({made['id']})")


def receive(desk: Desk, invoice: Any, amount: Any, *, account: str = "current", day: str = "2026-03-05") -> str:
    """A receipt applied to an invoice, ready to be posted: its journal."""
    found = desk.list("customerPaymentJournals")
    journal = found[0] if found else desk.make("customerPaymentJournals", code="CASH")
    desk.change(f"customerPaymentJournals({journal['id']})", balancingAccountId=desk.account(account))
    members = {"appliesToInvoiceId": invoice["id"], "amount": -Decimal(amount), "postingDate": day}
    desk.make(f"customerPaymentJournals({journal['id']})/customerPayments", **members)
    return f"journals({journal['id']})"


def follow(desk: Desk, path: str, action: str) -> Any:
    """What an action gives: the entity that its answer leads to."""
    answer = desk.send("POST", f"{path}/Microsoft.NAV.{action}")
    assert answer.status == 204, answer.body
    return desk.get(answer.header("Location"))


def status(desk: Desk, document: Any, of: str = "salesInvoices") -> tuple[str, Decimal]:
    row = desk.get(f"{of}({document['id']})")
    return row["status"], row.get("remainingAmount")


def test_a_draft_takes_over_its_customer_and_has_no_effect(desk: Desk) -> None:
    (terms,) = desk.list("paymentTerms", filter="code eq '30 DAYS'")
    customer = desk.make("customers", displayName="Adatum", email="a@adatum.example", paymentTermsId=terms["id"])
    lines = [line(Decimal("10.50"), quantity=3, desk=desk), {"lineType": "Comment", "description": "Thanks"}]
    made = draft(desk, *lines, customerId=customer["id"], customerPurchaseOrderReference="PO-7")
    shown = {name: made[name] for name in ("number", "status", "customerName", "billToName", "email", "dueDate")}
    assert shown == {
        "number": "102001",
        "status": "Draft",
        "customerName": "Adatum",
        "billToName": "Adatum",
        "email": "a@adatum.example",
        "dueDate": "2026-04-01",
    }
    totals = [made[f"total{name}"] for name in ("AmountExcludingTax", "TaxAmount", "AmountIncludingTax")]
    assert totals == [Decimal("31.50"), Decimal("6.30"), Decimal("37.80")]
    assert made["remainingAmount"] == Decimal("37.80")
    (cod,) = desk.list("paymentTerms", filter="code eq 'COD'")
    assert desk.change(f"salesInvoices({made['id']})", paymentTermsId=cod["id"])["dueDate"] == "2026-03-02"
    assert desk.books() == {}
    desk.drop(f"salesInvoices({made['id']})")
    assert desk.list("salesInvoiceLines", filter=f"documentId eq {made['id']}") == []


def test_another_customer_brings_its_own_address_terms_and_currency(desk: Desk) -> None:
    (cod,), (month,) = (desk.list("paymentTerms", filter=f"code eq '{code}'") for code in ("COD", "30 DAYS"))
    (dollar,) = desk.list("currencies", filter="code eq 'USD'")
    old = desk.make("customers", displayName="Ash", addressLine1="Ash Street", email="a@x.example")
    terms = {"paymentTermsId": month["id"], "currencyId": dollar["id"]}
    new = desk.make("customers", displayName="Beech", addressLine1="Beech Street", email="b@x.example", **terms)
    made = draft(desk, line(10, desk=desk), customerId=old["id"], paymentTermsId=cod["id"], phoneNumber="1")
    changed = desk.change(f"salesInvoices({made['id']})", customerId=new["id"], phoneNumber="2")
    streets = {changed[f"{place}AddressLine1"] for place in ("sellTo", "billTo", "shipTo")}
    assert (streets, changed["shipToName"], changed["email"]) == ({"Beech Street"}, "Beech", "b@x.example")
    assert (changed["paymentTermsId"], changed["dueDate"], changed["phoneNumber"]) == (month["id"], "2026-04-01", "2")
    assert (changed["currencyCode"], desk.get(f"customers({old['id']})")["balanceDue"]) == ("USD", 0)
    again = desk.change(f"salesInvoices({made['id']})", customerId=new["id"], sellToCity="Town")
    assert (again["sellToCity"], again["email"]) == ("Town", "b@x.example")


def test_an_invoice_is_posted_to_receivables_revenue_and_sales_vat(desk: Desk) -> None:
    made = posted(desk, line(100, desk=desk), line(40, taxCode="REVERSE", desk=desk))
    assert (made["number"], made["status"], made["remainingAmount"]) == ("103001", "Open", 160)
    assert desk.books() == {"rebates": "-140.00", "output_tax": "-20.00", "receivables": "160.00"}
    assert desk.get(f"customers({made['customerId']})")["balanceDue"] == 160
    entries = desk.list("generalLedgerEntries", filter="documentNumber eq '103001'")
    assert {each["documentType"] for each in entries} == {"Invoice"}
    assert sum(each["debitAmount"] - each["creditAmount"] for each in entries) == 0
    desk.company.book.verify()


def test_receipts_settle_an_invoice_in_part_and_then_in_full(desk: Desk) -> None:
    made = posted(desk, line(100, desk=desk))
    desk.act(receive(desk, made, 45))
    assert status(desk, made) == ("Open", 75)
    desk.act(receive(desk, made, 75, account="visa"))
    assert status(desk, made) == ("Paid", 0)
    assert desk.books() == {"rebates": "-100.00", "output_tax": "-20.00", "current": "45.00", "visa": "75.00"}


def test_what_is_received_too_much_stays_on_the_customer(desk: Desk) -> None:
    made = posted(desk, line(100, taxCode="", desk=desk))
    desk.act(receive(desk, made, 130))
    assert status(desk, made) == ("Paid", 0)
    assert desk.books()["receivables"] == "-30.00"


def test_a_receipt_at_another_rate_realises_the_difference(desk: Desk) -> None:
    (dollar,) = desk.list("currencies", filter="code eq 'USD'")
    abroad = desk.make("customers", displayName="Trey", currencyId=dollar["id"])
    made = posted(desk, line(100, taxCode="", desk=desk), customerId=abroad["id"])
    assert (made["currencyCode"], made["totalAmountIncludingTax"]) == ("USD", 100)
    desk.act(receive(desk, made, 60, account="dollars", day="2026-04-03"))
    assert desk.books()["receivables"] == "30.96"
    desk.act(receive(desk, made, 40, account="dollars", day="2026-04-03"))
    assert desk.books() == {"rebates": "-77.41", "dollars": "78.59", "exchange_differences": "-1.18"}
    assert status(desk, made) == ("Paid", 0)
    desk.company.book.verify()


def test_a_receipt_is_refused_for_an_invoice_of_another_customer_or_an_earlier_day(desk: Desk) -> None:
    made = posted(desk, line(100, desk=desk))
    other = desk.make("customers", displayName="Other")
    journal = receive(desk, made, 5, day="2026-03-01")
    post = f"{journal}/Microsoft.NAV.post"
    assert desk.refused("POST", post).startswith("You are not allowed to apply and post an entry to an entry with an")
    (payment,) = desk.list("customerPayments", filter=f"journalId eq {journal[9:-1]}")
    desk.change(f"customerPayments({payment['id']})", customerId=other["id"], postingDate="2026-03-04")
    text = desk.refused("POST", post, code="Internal_DataNotFoundFilter")
    assert text == "There is no Cust. Ledger Entry within the filter."
    assert status(desk, made) == ("Open", 120)


def test_sales_tax_is_owed_for_customers_that_are_liable_to_it() -> None:
    plan = CompanyPlan(country="US", accounts=PLAN.accounts, customers={"provider": {"name": "Shop"}})
    desk = open_desk(App(), plan)
    customer = desk.labels["customers"]["provider"]
    assert draft(desk, line(100, taxCode="TAXABLE", desk=desk))["totalTaxAmount"] == 0
    desk.change(f"customers({customer})", taxLiable=True)
    made = posted(desk, line(100, taxCode="TAXABLE", desk=desk), line(20, taxCode="NONTAXABLE", desk=desk))
    assert made["totalTaxAmount"] == Decimal("8.25")
    assert desk.books() == {"rebates": "-120.00", "output_tax": "-8.25", "receivables": "128.25"}
    text = desk.refused("POST", "salesOrders", {"customerId": customer, "pricesIncludeTax": True})
    assert text == 'The "pricesIncludeTax" cannot be set to true if VAT Calculation Type is Sales Tax.'


def test_items_are_sold_at_their_price_on_the_account_for_sales(desk: Desk) -> None:
    net = desk.make("items", displayName="Board", unitPrice=Decimal("12.40"), taxGroupCode="STANDARD")
    gross = desk.make("items", displayName="Beam", unitPrice=24, priceIncludesTax=True, taxGroupCode="STANDARD")
    lines = [{"lineType": "Item", "itemId": each["id"], "quantity": 2} for each in (net, gross)]
    made = posted(desk, *lines)
    rows = desk.list(f"salesInvoices({made['id']})/salesInvoiceLines")
    assert [(row["unitPrice"], row["description"]) for row in rows] == [(Decimal("12.40"), "Board"), (20, "Beam")]
    entries = desk.list("generalLedgerEntries", filter="accountNumber eq '40100'")
    assert sum(each["creditAmount"] for each in entries) == Decimal("64.80")
    assert desk.books()["receivables"] == "77.76"


def test_dimensions_of_the_customer_reach_the_ledger_and_its_rules_hold(desk: Desk) -> None:
    customer = desk.labels["customers"]["provider"]
    (site,) = desk.list("dimensions", filter="code eq 'SITE'")
    harbour = desk.list(f"dimensions({site['id']})/dimensionValues")[0]
    rule = {"dimensionId": site["id"], "dimensionValueId": harbour["id"], "postingValidation": "Code Mandatory"}
    desk.make(f"customers({customer})/defaultDimensions", **rule)
    made = draft(desk, line(30, desk=desk))
    assert [each["code"] for each in desk.list(f"salesInvoices({made['id']})/dimensionSetLines")] == ["SITE"]
    desk.drop(f"salesInvoices({made['id']})/dimensionSetLines({site['id']})")
    text = desk.refused("POST", f"salesInvoices({made['id']})/Microsoft.NAV.post")
    assert text.startswith(f"The dimensions used in Invoice {made['number']} are invalid (Error: Select a Dimension")
    desk.make(f"salesInvoices({made['id']})/dimensionSetLines", code="SITE", valueId=harbour["id"])
    desk.act(f"salesInvoices({made['id']})")
    (sold,) = desk.list("generalLedgerEntries", filter=f"accountNumber eq '{desk.number('rebates')}'")
    (held,) = desk.list(f"generalLedgerEntries({sold['id']})/dimensionSetLines")
    assert held["valueCode"] == harbour["code"]


def test_a_posted_invoice_changes_in_what_is_agreed_on_with_the_customer_alone(desk: Desk) -> None:
    made = draft(desk, line(100, desk=desk))
    one = f"salesInvoices({made['id']})"
    promise = {"promisedPayDate": "2026-05-01"}
    assert desk.refused("PATCH", one, promise, code="Application_FieldValidationException").startswith("Posted must be")
    desk.act(one)
    changed = desk.change(one, dueDate="2026-06-01", **promise)
    assert (changed["dueDate"], changed["promisedPayDate"]) == ("2026-06-01", "2026-05-01")
    closed = "The invoice has been posted and can no longer be modified."
    assert desk.refused("PATCH", one, {"externalDocumentNumber": "X"}) == closed
    (row,) = desk.list(f"{one}/salesInvoiceLines")
    assert desk.refused("PATCH", f"salesInvoiceLines({row['id']})", {"unitPrice": 1}) == closed
    assert desk.refused("POST", f"{one}/Microsoft.NAV.post") == "The action can be applied to a draft invoice only."
    assert desk.refused("DELETE", one).startswith(
        "The date Allow Document Deletion Before must be set on the page Sales"
    )


def test_a_cancelled_invoice_is_mirrored_and_its_credit_memo_can_be_taken_back(desk: Desk) -> None:
    made = posted(desk, line(100, desk=desk))
    one = f"salesInvoices({made['id']})"
    assert follow(desk, one, "cancel")["status"] == "Canceled"
    assert desk.books() == {}
    (memo,) = desk.list("salesCreditMemos")
    assert (memo["status"], memo["invoiceNumber"], memo["number"]) == ("Corrective", made["number"], "104001")
    assert status(desk, made) == ("Canceled", 0)
    text = desk.refused("POST", f"{one}/Microsoft.NAV.cancel")
    assert text == "The invoice cannot be canceled because it has already been canceled."
    desk.act(f"salesCreditMemos({memo['id']})", "cancel")
    assert status(desk, made) == ("Open", 120)
    assert status(desk, memo, "salesCreditMemos")[0] == "Canceled"
    assert desk.books() == {"rebates": "-100.00", "output_tax": "-20.00", "receivables": "120.00"}
    (again,) = desk.list("salesInvoices", filter="status eq 'Corrective'")
    text = desk.refused("POST", f"salesInvoices({again['id']})/Microsoft.NAV.cancel")
    assert text == "You cannot cancel this posted sales invoice because it represents a correction of a credit memo."
    desk.act(receive(desk, made, 120))
    assert status(desk, made) == ("Paid", 0)
    assert "receivables" not in desk.books()
    desk.company.book.verify()


def test_an_invoice_is_cancelled_at_its_own_rate(app: App) -> None:
    rates = {"USD": {"2026-01-01": "0.71", "2026-03-01": "0.83"}}
    plan = CompanyPlan(accounts=PLAN.accounts, customers=PLAN.customers, settings={"exchange_rates": rates})
    desk = open_desk(app, plan)
    made = posted(desk, line(100, taxCode="", desk=desk), currencyCode="USD", postingDate="2026-02-10")
    assert desk.books()["receivables"] == "71.00"
    desk.act(f"salesInvoices({made['id']})", "cancel")
    assert desk.books() == {}
    (memo,) = desk.list("salesCreditMemos")
    assert memo["postingDate"] == "2026-03-02"
    desk.act(f"salesCreditMemos({memo['id']})", "cancel")
    assert desk.books() == {"rebates": "-71.00", "receivables": "71.00"}


def test_an_invoice_that_is_paid_or_in_a_closed_period_is_not_cancelled(desk: Desk) -> None:
    made = posted(desk, line(100, desk=desk))
    cancel = f"salesInvoices({made['id']})/Microsoft.NAV.cancel"
    with desk.world.unit():
        desk.company.change_settings(allow_posting_from="2026-03-03")
    wanted = "You cannot cancel this posted sales invoice because it was posted in a posting period that is closed."
    assert desk.refused("POST", cancel) == wanted
    other = draft(desk, line(7, desk=desk))
    text = desk.refused("POST", f"salesInvoices({other['id']})/Microsoft.NAV.post")
    assert text.startswith(
        "Posting Date is not within your range of allowed posting dates in Sales Header Document Type"
    )
    with desk.world.unit():
        desk.company.change_settings(allow_posting_from=None)
    desk.act(receive(desk, made, 20))
    assert "because it is fully or partially paid." in desk.refused("POST", cancel)
    correct = f"salesInvoices({made['id']})/Microsoft.NAV.makeCorrectiveCreditMemo"
    assert desk.refused("POST", correct).startswith("The invoice is partially paid or credited.")
    desk.act(receive(desk, made, 100))
    assert desk.refused("POST", correct).startswith("The invoice is closed.")


def test_a_corrective_credit_memo_is_a_draft_that_closes_its_invoice(desk: Desk) -> None:
    made = posted(desk, line(100, desk=desk), line(50, taxCode="", desk=desk))
    memo = follow(desk, f"salesInvoices({made['id']})", "makeCorrectiveCreditMemo")
    assert (memo["status"], memo["invoiceId"], memo["totalAmountIncludingTax"]) == ("Draft", made["id"], 170)
    rows = desk.list(f"salesCreditMemos({memo['id']})/salesCreditMemoLines")
    desk.drop(f"salesCreditMemoLines({rows[1]['id']})")
    desk.act(f"salesCreditMemos({memo['id']})")
    assert status(desk, made) == ("Open", 50)
    assert status(desk, memo, "salesCreditMemos")[0] == "Paid"
    assert desk.books() == {"rebates": "-50.00", "receivables": "50.00"}
    text = desk.refused("POST", f"salesCreditMemos({memo['id']})/Microsoft.NAV.cancel")
    assert text == "You cannot cancel this posted sales credit memo because it is not a corrective document."


def test_a_credit_memo_settles_an_invoice_at_the_rate_of_the_invoice(desk: Desk) -> None:
    (dollar,) = desk.list("currencies", filter="code eq 'USD'")
    abroad = desk.make("customers", displayName="Trey", currencyId=dollar["id"])
    made = posted(desk, line(100, taxCode="", desk=desk), customerId=abroad["id"])
    given = {"of": "salesCreditMemos", "customerId": abroad["id"], "invoiceId": made["id"]}
    memo = posted(desk, line(30, taxCode="", desk=desk), postingDate="2026-04-02", **given)
    assert (memo["number"], memo["status"]) == ("104001", "Paid")
    assert status(desk, made) == ("Open", 70)
    assert desk.books() == {"rebates": "-53.83", "receivables": "54.19", "exchange_differences": "-0.36"}
    desk.company.book.verify()


def test_a_credit_memo_without_an_invoice_is_owed_to_the_customer(desk: Desk) -> None:
    empty = draft(desk, of="salesCreditMemos")
    text = desk.refused("POST", f"salesCreditMemos({empty['id']})/Microsoft.NAV.post")
    assert text == "Please add at least one line item to the credit memo."
    memo = posted(desk, line(10, desk=desk), of="salesCreditMemos")
    assert memo["status"] == "Open"
    assert desk.books() == {"rebates": "10.00", "output_tax": "2.00", "receivables": "-12.00"}
    wrong = {"customerId": memo["customerId"], "invoiceId": BLANK_ID[:-1] + "1"}
    assert desk.refused("POST", "salesCreditMemos", wrong) == 'The "invoiceId" does not match to an Invoice.'


def test_an_order_becomes_a_posted_invoice_as_a_whole(desk: Desk) -> None:
    made = draft(desk, line(60, quantity=2, desk=desk), of="salesOrders", pricesIncludeTax=True)
    assert (made["number"], made["partialShipping"], made["totalAmountIncludingTax"]) == ("101001", True, 120)
    (row,) = desk.list(f"salesOrders({made['id']})/salesOrderLines")
    assert (row["shipQuantity"], row["invoiceQuantity"]) == (2, 2)
    one = f"salesOrders({made['id']})"
    desk.change(f"salesOrderLines({row['id']})", shipQuantity=1)
    with pytest.raises(NotSimulated, match="in parts"):
        desk.act(one, "shipAndInvoice")
    desk.change(f"salesOrderLines({row['id']})", shipQuantity=2)
    invoice = follow(desk, one, "shipAndInvoice")
    assert (invoice["status"], invoice["orderNumber"], invoice["number"]) == ("Open", "101001", "103001")
    assert desk.list("salesOrders") == []
    assert desk.books() == {"rebates": "-100.00", "output_tax": "-20.00", "receivables": "120.00"}


@pytest.mark.parametrize(
    ("action", "into", "number"), [("makeInvoice", "Invoice", "102001"), ("makeOrder", "Order", "101001")]
)
def test_a_quote_becomes_a_draft(desk: Desk, action: str, into: str, number: str) -> None:
    made = draft(desk, line(15, quantity=4, desk=desk), of="salesQuotes", discountAmount=10)
    assert (made["status"], made["totalAmountExcludingTax"]) == ("Draft", 50)
    sent = desk.change(f"salesQuotes({made['id']})", sentDate="2026-03-02T10:00:00Z")
    assert (sent["status"], sent["sentDate"]) == ("Sent", "2026-03-02T10:00:00.000Z")
    assert desk.change(f"salesQuotes({made['id']})", sentDate="0001-01-01T00:00:00Z")["status"] == "Draft"
    for wrong in ("2026-02-30T10:00:00Z", "2026-03-02", 7):
        desk.refused("PATCH", f"salesQuotes({made['id']})", {"sentDate": wrong}, code="BadRequest")
    found = follow(desk, f"salesQuotes({made['id']})", action)
    assert (found["number"], found["status"], found["totalAmountIncludingTax"]) == (number, "Draft", 60)
    assert desk.list("salesQuotes") == []
    (row,) = desk.list(f"sales{into}s({found['id']})/sales{into}Lines")
    assert (row["unitPrice"], row["quantity"], row.get("shipQuantity", 4)) == (15, 4, 4)
    assert desk.books() == {}
    desk.act(f"sales{into}s({found['id']})", "post" if into == "Invoice" else "shipAndInvoice")
    assert desk.books()["receivables"] == "60.00"


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["invoice", "credit", "receive", "cancel", "correct", "order", "undo"]),
        st.integers(0, 9),
        st.decimals("0.01", "900", places=2),
        st.sampled_from(["2026-03-02", "2026-04-02"]),
    ),
    min_size=4,
    max_size=9,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(steps=STEPS, foreign=st.booleans())
def test_what_is_open_of_documents_and_receipts_is_what_customers_owe_in_any_mix(steps: Any, foreign: bool) -> None:
    desk = open_desk(App())
    code = "USD" if foreign else ""
    received = Decimal(0)
    for kind, which, amount, day in steps:
        invoices = [row for row in desk.list("salesInvoices") if row["status"] == "Open"]
        memos = [row for row in desk.list("salesCreditMemos") if row["status"] == "Corrective"]
        common: dict[str, Any] = {"currencyCode": code, "postingDate": day}
        chosen = invoices[which % len(invoices)] if invoices else None
        sold = line(amount, quantity=Decimal(f"1.{which}"), desk=desk)
        if kind == "invoice":
            posted(desk, sold, **common)
        elif kind == "order":
            desk.act(f"salesOrders({draft(desk, sold, of='salesOrders', **common)['id']})", "shipAndInvoice")
        elif kind == "credit":
            applied = {"invoiceId": chosen["id"]} if chosen and day >= chosen["postingDate"] else {}
            posted(desk, sold, of="salesCreditMemos", **common, **applied)
        elif kind == "undo" and memos:
            desk.act(f"salesCreditMemos({memos[which % len(memos)]['id']})", "cancel")
        elif chosen is not None and kind == "receive" and day >= chosen["postingDate"]:
            desk.act(receive(desk, chosen, amount, account="dollars" if foreign else "current", day=day))
            received += max(amount - chosen["remainingAmount"], Decimal(0)) * (rate(day) if foreign else 1)
        elif chosen is not None and kind in ("cancel", "correct"):
            action = "cancel" if kind == "cancel" else "makeCorrectiveCreditMemo"
            desk.send("POST", f"salesInvoices({chosen['id']})/Microsoft.NAV.{action}")
    desk.company.book.verify()
    owed = Decimal(desk.books().get("receivables", "0"))
    assert abs(owed - open_of(desk, "salesInvoice") + open_of(desk, "salesCreditMemo") + received) <= Decimal("0.05")
    assert foreign or owed == open_of(desk, "salesInvoice") - open_of(desk, "salesCreditMemo") - received


def rate(day: str) -> Decimal:
    return Decimal("0.7741") if day < "2026-04-01" else Decimal("0.7859")


def open_of(desk: Desk, kind: str) -> Decimal:
    """What is open of the posted documents of a kind, in local currency."""
    bodies = [record.body for record in desk.company.records.scan(kind)]
    return sum((Decimal(str(body["_remainingBase"])) for body in bodies if body.get("_posted")), Decimal(0))


def test_what_a_sales_document_may_not_be(desk: Desk) -> None:
    customer = desk.labels["customers"]["provider"]
    wrong: list[tuple[dict[str, Any], str]] = [
        ({}, 'A "customerNumber" or a "customerId" must be provided.'),
        ({"customerId": BLANK_ID[:-1] + "1"}, "The sell-to customer cannot be found."),
        (
            {"customerId": customer, "customerNumber": "X"},
            "The sell-to customer values do not match to a specific Customer.",
        ),
        ({"customerId": customer, "billToCustomerNumber": "X"}, "The bill-to customer cannot be found."),
        (
            {"customerId": customer, "paymentTermsId": BLANK_ID[:-1] + "1"},
            'The "paymentTermsId" does not match to a Payment Terms.',
        ),
        ({"customerId": customer, "disputeStatus": "X"}, "The dispute status cannot be found."),
    ]
    assert [desk.refused("POST", "salesInvoices", given) for given, _ in wrong] == [text for _, text in wrong]
    made = draft(desk)
    text = desk.refused("POST", f"salesInvoices({made['id']})/Microsoft.NAV.post")
    assert text == "Please add at least one line item to the invoice."
    lines = f"salesInvoices({made['id']})/salesInvoiceLines"
    for kind in ("Resource", "Fixed Asset", "Charge"):
        with pytest.raises(NotSimulated, match="sales lines of type"):
            desk.send("POST", lines, {"lineType": kind, "lineObjectNumber": "X"})
    for action in ("send", "postAndSend", "cancelAndSend"):
        with pytest.raises(NotSimulated, match=action):
            desk.act(f"salesInvoices({made['id']})", action)
    assert desk.list(lines) == []


@pytest.mark.parametrize(
    ("blocked", "refused"),
    [("All", {*DATES}), ("Invoice", {*DATES} - {"salesCreditMemos"}), ("Ship", {"salesOrders", "salesQuotes"})],
)
def test_a_blocked_customer_is_sold_less(desk: Desk, blocked: str, refused: set[str]) -> None:
    customer = desk.labels["customers"]["provider"]
    number = desk.change(f"customers({customer})", blocked=blocked)["number"]
    wanted = f"You cannot create this type of document when Customer {number} is blocked with type {blocked}"
    for name in DATES:
        if name in refused:
            assert desk.refused("POST", name, {"customerId": customer}) == wanted
        else:
            draft(desk, of=name)


def test_a_blocked_payer_is_not_invoiced(desk: Desk) -> None:
    payer = desk.make("customers", displayName="Payer")
    made = draft(desk, line(10, desk=desk), billToCustomerId=payer["id"])
    assert (made["billToName"], made["customerName"]) == ("Payer", "Card Provider")
    desk.change(f"customers({payer['id']})", blocked="Invoice")
    post = f"salesInvoices({made['id']})/Microsoft.NAV.post"
    assert desk.refused("POST", post).startswith(
        f"You cannot post this type of document when Customer {payer['number']}"
    )
    given = {"customerId": made["customerId"], "billToCustomerNumber": payer["number"]}
    assert desk.refused("POST", "salesInvoices", given).startswith("You cannot create this type of document")
    desk.change(f"customers({payer['id']})", blocked="")
    desk.change(f"customers({made['customerId']})", blocked="Invoice")
    assert desk.refused("POST", post).startswith("You cannot post this type of document when Customer")
    desk.change(f"customers({made['customerId']})", blocked="")
    desk.act(f"salesInvoices({made['id']})")
    assert desk.get(f"customers({payer['id']})")["balanceDue"] == 12


def test_a_customer_with_a_draft_is_not_deleted(desk: Desk) -> None:
    customer = desk.make("customers", displayName="Brief")
    made = draft(desk, of="salesQuotes", customerId=customer["id"])
    text = desk.refused("DELETE", f"customers({customer['id']})")
    assert text.endswith("because there is at least one outstanding Sales Quote for this customer.")
    desk.drop(f"salesQuotes({made['id']})")
    desk.drop(f"customers({customer['id']})")


def test_discounts_to_customers_and_unrealised_vat_say_that_they_are_not_simulated(app: App) -> None:
    desk = open_desk(
        app, CompanyPlan(customers=PLAN.customers, settings={"unrealised_vat": {"STANDARD": "Percentage"}})
    )
    (account,) = desk.list("accounts", filter="number eq '40100'")
    sold = {"lineType": "Account", "accountId": account["id"], "unitPrice": 5, "quantity": 1}
    made = draft(desk, sold)
    with pytest.raises(NotSimulated, match="unrealised VAT of sales documents"):
        desk.act(f"salesInvoices({made['id']})")
    terms = desk.make("paymentTerms", code="2/10", dueDateCalculation="30D", discountPercent=2)
    other = draft(desk, {**sold, "taxCode": "REDUCED"}, paymentTermsId=terms["id"])
    with pytest.raises(NotSimulated, match="payment discounts granted"):
        desk.act(f"salesInvoices({other['id']})")
    assert list(desk.company.book.lines()) == []


@pytest.mark.parametrize("name", sorted(DATES))
def test_documents_and_their_lines_are_told_of_to_who_subscribed(desk: Desk, name: str) -> None:
    receiver = Receiver(desk)
    subscribe(desk, receiver, name)
    made = draft(desk, line(10, desk=desk), of=name)
    one = f"{name}({made['id']})"
    assert told(desk, receiver) == [(one, "created")]
    (row,) = desk.list(f"{one}/{name.removesuffix('s')}Lines")
    desk.change(f"{name.removesuffix('s')}Lines({row['id']})", description="Other")
    assert told(desk, receiver) == [(one, "updated")]
    desk.drop(one)
    assert told(desk, receiver) == [(one, "deleted")]


def test_a_paid_invoice_is_told_of_under_the_same_id(desk: Desk) -> None:
    made = posted(desk, line(31, desk=desk))
    receiver = Receiver(desk)
    subscribe(desk, receiver, "salesInvoices")
    desk.act(receive(desk, made, Decimal("37.20")))
    assert told(desk, receiver) == [(f"salesInvoices({made['id']})", "updated")]


@pytest.mark.parametrize("name", sorted(DATES))
def test_files_and_prints_belong_to_sales_documents(desk: Desk, name: str) -> None:
    made = draft(desk, line(10, desk=desk), of=name)
    one = f"{name}({made['id']})"
    file = desk.make(f"{one}/attachments", fileName="a.pdf")
    desk.make(f"{one}/documentAttachments", fileName="b.pdf")
    assert desk.get(f"attachments({file['id']})/{name.removesuffix('s')}")["number"] == made["number"]
    if name == "salesCreditMemos":
        text = desk.refused("GET", f"{one}/pdfDocument")
        assert text == f"You must post sales credit memo {made['id']} before generating the PDF document."
        desk.act(one)
    answer = desk.send("GET", f"{one}/pdfDocument/pdfDocumentContent")
    assert answer.body.startswith(b"%PDF")


def test_files_go_with_what_takes_the_place_of_a_document_and_with_the_document_itself(desk: Desk) -> None:
    quote = draft(desk, line(10, desk=desk), of="salesQuotes")
    given = {"parentId": quote["id"], "parentType": "Sales Quote", "fileName": "a.pdf"}
    made = {path: desk.make(path, **given) for path in ("attachments", "documentAttachments")}
    content = f"attachments({made['attachments']['id']})/attachmentContent"
    headers = {"If-Match": "*", "Content-Type": "application/pdf"}
    assert desk.send("PATCH", content, b"bytes", headers=headers).status == 204
    order = follow(desk, f"salesQuotes({quote['id']})", "makeOrder")
    invoice = follow(desk, f"salesOrders({order['id']})", "shipAndInvoice")
    for path in made:
        (row,) = desk.list(f"salesInvoices({invoice['id']})/{path}")
        assert (row["id"], row["parentType"]) == (made[path]["id"], "Sales_x0020_Invoice")
    assert desk.send("GET", content).body == b"bytes"
    memo = draft(desk, of="salesCreditMemos")
    kept = {path: desk.make(f"salesCreditMemos({memo['id']})/{path}", fileName="b.pdf") for path in made}
    desk.drop(f"salesCreditMemos({memo['id']})")
    for path, file in kept.items():
        assert desk.list(path, filter=f"parentId eq {memo['id']}") == []
        assert desk.send("GET", f"{path}({file['id']})").status == 404


def test_who_may_edit_sales_may_not_post_them(desk: Desk) -> None:
    may(desk, "D365 BASIC", "D365 SALES DOC, EDIT")
    made = draft(desk, line(17, taxCode="", desk=desk))
    told_ = denied("17 G/L Entry Insert", extension="Base Application")
    assert desk.refused("POST", f"salesInvoices({made['id']})/Microsoft.NAV.post", **DENIED) == told_
    may(desk, "D365 BASIC", "D365 SALES DOC, POST")
    desk.act(f"salesInvoices({made['id']})")
    assert desk.books()["rebates"] == "-17.00"
    may(desk, "D365 BASIC", "D365 PURCH DOC, POST")
    assert desk.refused("GET", "salesOrders", **DENIED) == denied("36 Sales Header Read")


def test_the_company_cancels_in_its_own_pages_under_the_same_rules(desk: Desk) -> None:
    made = posted(desk, line(100, desk=desk))
    with desk.world.unit():
        BOOKKEEPER.void(desk.company, "salesInvoice", made["id"])
    assert status(desk, made) == ("Canceled", 0)
    assert desk.books() == {}
    with pytest.raises(NotSimulated, match="approval of sales documents"):
        BOOKKEEPER.edit(desk.company, "salesInvoice", made["id"], {"status": "Released"})


def test_a_failure_in_the_middle_of_posting_leaves_nothing(desk: Desk) -> None:
    made = draft(desk, line(10, desk=desk), line(0, desk=desk), of="salesOrders")
    with desk.world.unit():
        BOOKKEEPER.archive_account(desk.company, desk.account("rebates"))
    text = desk.refused(
        "POST", f"salesOrders({made['id']})/Microsoft.NAV.shipAndInvoice", code="Application_FieldValidationException"
    )
    assert text.startswith("Blocked must be equal to 'No' in G/L Account")
    assert desk.list("salesInvoices") == []
    assert len(desk.list(f"salesOrders({made['id']})/salesOrderLines")) == 2
