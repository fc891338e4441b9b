"""What a payment settles: cents that rounding left, credit memos beside the invoice, and nobody else's documents."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace
from tests.platforms.business_central.desk import PLAN, Desk, open_desk
from tests.platforms.business_central.test_posting_setup import held, left, owed, pay, pay_both

from sandbooks.app import App

# What rounding leaves


@pytest.mark.parametrize(
    ("day", "bank", "exchange"), [("2026-03-10", "-2.35", "0.00"), ("2026-04-03", "-2.38", "0.03")]
)
def test_cents_that_rounding_left_go_to_their_own_account(desk: Desk, day: str, bank: str, exchange: str) -> None:
    # Three lines of 1.01 USD at 0.7741 stand at 2.34 in the books; 3.03 USD are 2.35.
    lines = [desk.item(Decimal("1.01"), taxCode="NO VAT") for _ in range(3)]
    invoice = owed(desk, *lines, vendor="airline", currencyCode="USD")
    pay(desk, invoice, "3.03", day=day, bank="dollars")
    assert left(desk, invoice) == ("Paid", "0.00")
    assert desk.books()["dollars"] == bank
    assert (held(desk, "80100"), held(desk, "80300")) == (exchange, "0.01")


# Credit memos in a payment


def memo_of(desk: Desk, net: int, *, vendor: str = "shop", **members: Any) -> Any:
    made = desk.make(
        "purchaseCreditMemos",
        vendorId=desk.labels["suppliers"][vendor],
        vendorCreditMemoNumber="C-9",
        postingDate="2026-03-05",
        purchaseCreditMemoLines=[desk.item(net)],
        **members,
    )
    desk.act(f"purchaseCreditMemos({made['id']})")
    return desk.get(f"purchaseCreditMemos({made['id']})")


def pay_with(desk: Desk, memo: Any, amount: str, *, invoice: Any = None, day: str = "2026-03-10", bank: str) -> None:
    journal = desk.make("vendorPaymentJournals", code="BOTH", balancingAccountId=desk.account(bank))
    applies = {"appliesToInvoiceId": invoice["id"]} if invoice else {"vendorId": memo["vendorId"]}
    path = f"vendorPaymentJournals({journal['id']})/vendorPayments"
    line = desk.make(path, amount=Decimal(amount), postingDate=day, **applies)
    entries = desk.list(f"vendorPayments({line['id']})/applyVendorEntries")
    (entry,) = [each for each in entries if each["documentNumber"] == memo["number"]]
    desk.change(f"vendorPayments({line['id']})/applyVendorEntries({entry['id']})", applied=True)
    desk.act(f"journals({journal['id']})")
    desk.company.book.verify()


@pytest.mark.parametrize(
    ("amount", "of_invoice", "balance"), [("180", "Paid", "0.00"), ("100", "Open", "80.00"), ("190", "Paid", "-10.00")]
)
def test_a_payment_settles_an_invoice_less_a_credit_memo(
    desk: Desk, amount: str, of_invoice: str, balance: str
) -> None:
    invoice, memo = owed(desk), memo_of(desk, 50)  # 240.00 less 60.00
    pay_with(desk, memo, amount, invoice=invoice, bank="current")
    assert left(desk, invoice) == (of_invoice, balance)
    assert desk.get(f"purchaseCreditMemos({memo['id']})")["status"] == "Paid"
    assert desk.books()["current"] == f"-{amount}.00"


def test_a_foreign_credit_memo_in_a_payment_leaves_at_its_own_rate(desk: Desk) -> None:
    invoice = owed(desk, desk.item(100), vendor="airline", currencyCode="USD")  # 120.00 USD at 0.7741
    memo = memo_of(desk, 50, vendor="airline", currencyCode="USD")  # 60.00 USD at 0.7741
    pay_with(desk, memo, "60", invoice=invoice, day="2026-04-03", bank="dollars")
    assert left(desk, invoice) == ("Paid", "0.00")
    assert desk.books()["dollars"] == "-47.15"  # 60.00 USD at 0.7859
    assert (held(desk, "80100"), held(desk, "80300")) == ("0.72", "-0.01")


def test_what_a_credit_memo_leaves_open_stands_at_what_the_books_hold(desk: Desk) -> None:
    def item(cost: str) -> Any:
        return desk.item(Decimal(cost), taxCode="NO VAT")

    foreign = {"vendor": "airline", "currencyCode": "USD"}
    invoice = owed(desk, item("10.01"), **foreign)
    lines = [item("11.11") for _ in range(3)]
    made = desk.make(
        "purchaseCreditMemos",
        vendorId=invoice["vendorId"],
        vendorCreditMemoNumber="C-9",
        postingDate="2026-04-05",
        currencyCode="USD",
        invoiceId=invoice["id"],
        purchaseCreditMemoLines=lines,
    )
    desk.act(f"purchaseCreditMemos({made['id']})")
    memo = desk.get(f"purchaseCreditMemos({made['id']})")
    last = owed(desk, item("25.32"), vendorInvoiceNumber="last", postingDate="2026-04-06", **foreign)
    pay_both(desk, "2", last, memo, bank="dollars")  # 25.32 less 23.32
    assert left(desk, last) == ("Paid", "0.00")
    assert "payables" not in desk.books()


def test_a_payment_settles_no_invoice_of_another_vendor(app: App) -> None:
    desk = open_desk(app, replace(PLAN, suppliers={**PLAN.suppliers, "third": {"name": "Third Ltd"}}))
    invoice = owed(desk)
    journal = desk.make("vendorPaymentJournals", code="PAY", balancingAccountId=desk.account("current"))
    path = f"vendorPaymentJournals({journal['id']})/vendorPayments"
    line = desk.make(path, appliesToInvoiceId=invoice["id"], amount=240, postingDate="2026-03-10")
    desk.change(f"vendorPayments({line['id']})", vendorId=desk.labels["suppliers"]["third"])
    desk.refused("POST", f"journals({journal['id']})/Microsoft.NAV.post", code="Internal_DataNotFoundFilter")
    assert left(desk, invoice) == ("Open", "240.00")


def test_a_credit_memo_without_an_invoice_stays_open(desk: Desk) -> None:
    memo = memo_of(desk, 50)
    pay_with(desk, memo, "10", bank="current")
    assert desk.get(f"purchaseCreditMemos({memo['id']})")["status"] == "Open"
    assert left(desk, memo_invoice(desk))[1] == "-70.00"


def memo_invoice(desk: Desk) -> Any:
    """A draft that owes nothing yet, by which the vendor is seen."""
    return desk.invoice(desk.item(1))
