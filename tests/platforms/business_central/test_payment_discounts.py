"""Payment discounts: what a vendor lets go where it is paid in time."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from tests.platforms.business_central.desk import Desk


def owed(desk: Desk, *, vendor: str = "shop", net: int = 200, **members: Any) -> Any:
    """A posted invoice under terms of two percent within eight days; VAT is on top of the net."""
    terms = desk.make(
        "paymentTerms", code="2-8", discountPercent=2, discountDateCalculation="8D", dueDateCalculation="30D"
    )
    desk.change(f"vendors({desk.labels['suppliers'][vendor]})", paymentTermsId=terms["id"])
    made = desk.invoice(desk.item(net), vendor=vendor, **members)
    desk.act(f"purchaseInvoices({made['id']})")
    return desk.get(f"purchaseInvoices({made['id']})")


def pay(desk: Desk, invoice: Any, amount: Any, *, day: str, bank: str = "current") -> None:
    journal = desk.make("vendorPaymentJournals", code="PAY", balancingAccountId=desk.account(bank))
    path = f"vendorPaymentJournals({journal['id']})/vendorPayments"
    desk.make(path, appliesToInvoiceId=invoice["id"], amount=amount, postingDate=day)
    desk.act(f"journals({journal['id']})")


def left(desk: Desk, invoice: Any) -> tuple[str, str]:
    status = desk.get(f"purchaseInvoices({invoice['id']})")["status"]
    return status, str(desk.get(f"vendors({invoice['vendorId']})")["balance"])


def discounts(desk: Desk) -> str:
    (account,) = desk.list("accounts", filter="number eq '80200'")
    return str(account["netChange"])


def test_less_than_the_discount_allows_is_a_part_payment(desk: Desk) -> None:
    invoice = owed(desk)  # 240.00, of which 4.80 may be kept
    pay(desk, invoice, Decimal("235.19"), day="2026-03-10")
    assert left(desk, invoice) == ("Open", "4.81")  # a penny too little: no discount is given


@pytest.mark.parametrize(
    ("amount", "day", "status", "balance", "given"),
    [
        ("235.20", "2026-03-10", "Paid", "0", "-4.80"),
        ("240", "2026-03-10", "Paid", "-4.80", "-4.80"),
        ("240", "2026-03-11", "Paid", "0", "0"),
        ("235.20", "2026-03-11", "Open", "4.80", "0"),
    ],
)
def test_the_discount_is_given_until_its_day_alone(
    desk: Desk, amount: str, day: str, status: str, balance: str, given: str
) -> None:
    invoice = owed(desk)
    pay(desk, invoice, Decimal(amount), day=day)
    assert left(desk, invoice) == (status, f"{Decimal(balance):.2f}")
    assert Decimal(discounts(desk)) == Decimal(given)
    desk.company.book.verify()


def test_a_foreign_discount_is_worth_what_it_is_on_the_day_of_the_payment(desk: Desk) -> None:
    invoice = owed(
        desk, vendor="airline", net=100, currencyCode="USD", invoiceDate="2026-03-28", postingDate="2026-03-28"
    )
    pay(desk, invoice, Decimal("117.60"), day="2026-04-03", bank="dollars")
    # 120.00 USD owed at 0.7741, paid with 117.60 at 0.7859; 2.40 USD at 0.7859 are kept.
    assert left(desk, invoice) == ("Paid", "0.00")
    assert Decimal(discounts(desk)) == Decimal("-1.89")
    assert desk.books()["dollars"] == "-92.42"
    desk.company.book.verify()


def test_an_invoice_under_terms_without_a_discount_is_settled_in_full_alone(desk: Desk) -> None:
    made = desk.invoice(desk.item(200))
    desk.act(f"purchaseInvoices({made['id']})")
    pay(desk, made, Decimal("235.20"), day="2026-03-03")
    assert left(desk, made) == ("Open", "4.80")


@pytest.mark.parametrize("percent", [Decimal("-0.01"), Decimal("100.01")])
def test_terms_with_a_discount_of_less_than_nothing_or_more_than_all_are_refused(desk: Desk, percent: Decimal) -> None:
    text = "The value of Discount % must be between 0 and 100."
    body = {"code": "ODD", "discountPercent": percent, "dueDateCalculation": "30D"}
    assert desk.refused("POST", "paymentTerms", body, code="Application_FieldValidationException") == text
    terms = desk.make("paymentTerms", code="EVEN", discountPercent=100)
    path = f"paymentTerms({terms['id']})"
    assert (
        desk.refused("PATCH", path, {"discountPercent": percent}, code="Application_FieldValidationException") == text
    )
