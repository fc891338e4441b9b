"""Set-up without a page in the API: tolerance, rounding, VAT that waits for its payment, use tax, dimensions."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace
from tests.platforms.business_central.desk import PLAN, Desk, open_desk

from sandbooks.app import App
from sandbooks.platforms.business_central.bookkeeper import BOOKKEEPER

FIELD = "Application_FieldValidationException"


def desk_with(app: App, **settings: Any) -> Desk:
    return open_desk(app, replace(PLAN, settings={**PLAN.settings, **settings}))


def owed(desk: Desk, *lines: Any, vendor: str = "shop", **members: Any) -> Any:
    """A posted invoice."""
    made = desk.invoice(*(lines or [desk.item(200)]), vendor=vendor, **members)
    desk.act(f"purchaseInvoices({made['id']})")
    return desk.get(f"purchaseInvoices({made['id']})")


def pay(desk: Desk, invoice: Any, amount: str, *, day: str = "2026-03-10", bank: str = "current") -> None:
    found = desk.list("vendorPaymentJournals", filter="code eq 'PAY'")
    account = desk.account(bank)
    journal = found[0] if found else desk.make("vendorPaymentJournals", code="PAY", balancingAccountId=account)
    path = f"vendorPaymentJournals({journal['id']})/vendorPayments"
    desk.make(path, appliesToInvoiceId=invoice["id"], amount=Decimal(amount), postingDate=day)
    desk.act(f"journals({journal['id']})")
    desk.company.book.verify()


def left(desk: Desk, invoice: Any) -> tuple[str, str]:
    status = desk.get(f"purchaseInvoices({invoice['id']})")["status"]
    vendor = desk.get(f"vendors({invoice['vendorId']})")
    return status, f"{Decimal(vendor['balance']):.2f}"


def held(desk: Desk, number: str) -> str:
    rows = desk.list("accounts", filter=f"number eq '{number}'")
    return f"{Decimal(rows[0]['netChange']):.2f}" if rows else "no such account"


# Payment tolerance


@pytest.mark.parametrize(
    ("tolerance", "amount", "status", "balance", "missed"),
    [
        ({"percent": 1}, "237.60", "Paid", "0.00", "-2.40"),
        ({"percent": 1}, "237.59", "Open", "2.41", "0.00"),
        ({"percent": 1}, "242.40", "Paid", "0.00", "2.40"),
        ({"percent": 1}, "242.41", "Paid", "-2.41", "0.00"),
        ({"percent": 1, "most": "1.50"}, "238.50", "Paid", "0.00", "-1.50"),
        ({"percent": 1, "most": "1.50"}, "238.49", "Open", "1.51", "0.00"),
        ({"most": "3"}, "237", "Paid", "0.00", "-3.00"),
        ({"percent": 1}, "240", "Paid", "0.00", "0.00"),
        ({"by_currency": {"USD": {"percent": 5}}}, "239", "Open", "1.00", "0.00"),
    ],
)
def test_a_payment_may_miss_what_is_owed_by_the_tolerance(
    app: App, tolerance: dict[str, Any], amount: str, status: str, balance: str, missed: str
) -> None:
    desk = desk_with(app, payment_tolerance=tolerance)
    invoice = owed(desk)  # 240.00
    pay(desk, invoice, amount)
    assert left(desk, invoice) == (status, balance)
    assert held(desk, "80500") == missed


def test_without_the_set_up_a_penny_too_little_is_owed(desk: Desk) -> None:
    invoice = owed(desk)
    pay(desk, invoice, "239.99")
    assert left(desk, invoice) == ("Open", "0.01")
    assert held(desk, "80500") == "no such account"


def under_terms(desk: Desk, percent: int, days: int) -> None:
    """What is owed to the shop from now on has a discount of so much, within so many days."""
    terms = {"discountPercent": percent, "discountDateCalculation": f"{days}D", "dueDateCalculation": "30D"}
    made = desk.make("paymentTerms", code=f"{percent}-{days}", **terms)
    desk.change(f"vendors({desk.labels['suppliers']['shop']})", paymentTermsId=made["id"])


# Source: learn.microsoft.com/dynamics365/business-central/finance-payment-tolerance-and-payment-discount-tolerance,
# example 1 without the grace period: an invoice of 1,000, a discount of 20, a tolerance of 5.
@pytest.mark.parametrize(
    ("day", "amount", "status", "balance", "discount", "missed"),
    [
        ("2026-03-10", "985", "Paid", "0.00", "-20.00", "5.00"),
        ("2026-03-10", "980", "Paid", "0.00", "-20.00", "0.00"),
        ("2026-03-10", "975", "Paid", "0.00", "-20.00", "-5.00"),
        ("2026-03-10", "974.99", "Open", "25.01", "0.00", "0.00"),
        ("2026-03-11", "1005", "Paid", "0.00", "0.00", "5.00"),
        ("2026-03-11", "1000", "Paid", "0.00", "0.00", "0.00"),
        ("2026-03-11", "995", "Paid", "0.00", "0.00", "-5.00"),
        ("2026-03-11", "985", "Open", "15.00", "0.00", "0.00"),
        ("2026-03-11", "975", "Open", "25.00", "0.00", "0.00"),
    ],
)
def test_a_payment_may_miss_by_the_tolerance_beside_its_discount(
    app: App, day: str, amount: str, status: str, balance: str, discount: str, missed: str
) -> None:
    desk = desk_with(app, payment_tolerance={"most": 5})
    under_terms(desk, 2, 8)
    invoice = owed(desk, desk.item(Decimal("833.33")))
    pay(desk, invoice, amount, day=day)
    assert left(desk, invoice) == (status, balance)
    assert (held(desk, "80200"), held(desk, "80500")) == (discount, missed)


# The same example within the grace period and after it, where nobody is asked (A).
@pytest.mark.parametrize(
    ("day", "amount", "status", "balance", "discount", "missed"),
    [
        ("2026-03-15", "1005", "Paid", "-25.00", "-20.00", "0.00"),
        ("2026-03-11", "1000", "Paid", "-20.00", "-20.00", "0.00"),
        ("2026-03-11", "995", "Paid", "-15.00", "-20.00", "0.00"),
        ("2026-03-11", "985", "Paid", "0.00", "-20.00", "5.00"),
        ("2026-03-15", "980", "Paid", "0.00", "-20.00", "0.00"),
        ("2026-03-15", "975", "Paid", "0.00", "-20.00", "-5.00"),
        ("2026-03-16", "1005", "Paid", "0.00", "0.00", "5.00"),
        ("2026-03-16", "980", "Open", "20.00", "0.00", "0.00"),
    ],
)
def test_a_discount_is_given_within_the_grace_period(
    app: App, day: str, amount: str, status: str, balance: str, discount: str, missed: str
) -> None:
    desk = desk_with(app, payment_tolerance={"most": 5}, payment_discount_grace="5D")
    under_terms(desk, 2, 8)
    invoice = owed(desk, desk.item(Decimal("833.33")))
    pay(desk, invoice, amount, day=day)
    assert left(desk, invoice) == (status, balance)
    assert (held(desk, "80200"), held(desk, "80500")) == (discount, missed)


def test_a_full_payment_in_time_has_both_where_the_discount_is_within_the_tolerance(app: App) -> None:
    desk = desk_with(app, payment_tolerance={"most": 5})
    under_terms(desk, 2, 8)
    invoice = owed(desk)  # 240.00, of which 4.80 may be kept
    pay(desk, invoice, "240")
    assert left(desk, invoice) == ("Paid", "0.00")
    assert (held(desk, "80200"), held(desk, "80500")) == ("-4.80", "4.80")


def test_a_foreign_tolerance_is_worth_what_it_is_on_the_day_of_the_payment(app: App) -> None:
    desk = desk_with(app, payment_tolerance={"by_currency": {"USD": {"percent": 2}}})
    invoice = owed(desk, desk.item(100), vendor="airline", currencyCode="USD")  # 120.00 USD at 0.7741
    pay(desk, invoice, "118", day="2026-04-03", bank="dollars")
    assert left(desk, invoice) == ("Paid", "0.00")
    assert held(desk, "80500") == "-1.57"  # 2.00 USD at 0.7859
    assert desk.books()["dollars"] == "-92.74"


def pay_both(desk: Desk, amount: str, *invoices: Any, day: str = "2026-04-10", bank: str = "current") -> None:
    journal = desk.make("vendorPaymentJournals", code="BOTH", balancingAccountId=desk.account(bank))
    path = f"vendorPaymentJournals({journal['id']})/vendorPayments"
    line = desk.make(path, vendorId=invoices[0]["vendorId"], amount=Decimal(amount), postingDate=day)
    numbers = [each["number"] for each in invoices]
    for entry in desk.list(f"vendorPayments({line['id']})/applyVendorEntries"):
        if entry["documentNumber"] in numbers:
            desk.change(f"vendorPayments({line['id']})/applyVendorEntries({entry['id']})", applied=True)
    desk.act(f"journals({journal['id']})")
    desk.company.book.verify()


@pytest.mark.parametrize(("amount", "missed"), [("122.40", "0.00"), ("124", "1.60")])
def test_what_is_too_much_for_one_invoice_pays_the_next(app: App, amount: str, missed: str) -> None:
    desk = desk_with(app, payment_tolerance={"most": 5})
    large = owed(desk, desk.item(100), vendorInvoiceNumber="L")
    small = owed(desk, desk.item(2), vendorInvoiceNumber="S")
    pay_both(desk, amount, large, small)
    assert (left(desk, large), left(desk, small)) == (("Paid", "0.00"), ("Paid", "0.00"))
    assert held(desk, "80500") == missed


# Source: the same page, example 2 without the grace period: two invoices of 1,000 with discounts of 60 and 30.
@pytest.mark.parametrize(
    ("day", "amount", "discount", "missed"),
    [
        ("2026-03-10", "1920", "-90.00", "10.00"),
        ("2026-03-10", "1910", "-90.00", "0.00"),
        ("2026-03-10", "1900", "-90.00", "-10.00"),
        ("2026-03-11", "1980", "-30.00", "10.00"),
        ("2026-03-12", "1960", "-30.00", "-10.00"),
        ("2026-03-13", "2010", "0.00", "10.00"),
        ("2026-03-13", "1990", "0.00", "-10.00"),
    ],
)
def test_a_payment_of_several_invoices_may_miss_by_the_tolerances_of_all(
    app: App, day: str, amount: str, discount: str, missed: str
) -> None:
    desk = desk_with(app, payment_tolerance={"most": 5})
    under_terms(desk, 6, 8)
    first = owed(desk, desk.item(Decimal("833.33")), vendorInvoiceNumber="1")
    under_terms(desk, 3, 10)
    second = owed(desk, desk.item(Decimal("833.33")), vendorInvoiceNumber="2")
    pay_both(desk, amount, first, second, day=day)
    assert (left(desk, first), left(desk, second)) == (("Paid", "0.00"), ("Paid", "0.00"))
    assert (held(desk, "80200"), held(desk, "80500")) == (discount, missed)


@pytest.mark.parametrize(
    ("amount", "balance", "statuses"),
    [("232.79", "7.21", ("Paid", "Open")), ("119", "121.00", ("Open", "Open")), ("247.21", "-7.21", ("Paid", "Paid"))],
)
def test_a_payment_that_misses_all_by_more_misses_none_by_the_tolerance(
    app: App, amount: str, balance: str, statuses: tuple[str, str]
) -> None:
    desk = desk_with(app, payment_tolerance={"percent": 3})
    first = owed(desk, desk.item(100), vendorInvoiceNumber="1")
    second = owed(desk, desk.item(100), vendorInvoiceNumber="2")
    pay_both(desk, amount, first, second)
    assert (left(desk, first), left(desk, second)) == ((statuses[0], balance), (statuses[1], balance))
    assert held(desk, "80500") == "0.00"


def test_what_is_due_first_is_paid_first(desk: Desk) -> None:
    later = owed(desk, desk.item(100), vendorInvoiceNumber="1", dueDate="2026-04-30")
    sooner = owed(desk, desk.item(100), vendorInvoiceNumber="2", dueDate="2026-04-15")
    pay_both(desk, "150", later, sooner)
    assert (left(desk, later), left(desk, sooner)) == (("Open", "90.00"), ("Paid", "90.00"))


# Invoice rounding


@pytest.mark.parametrize(
    ("rounding", "total", "added"),
    [
        ({"precision": 1}, "40", "0.03"),
        ({"precision": 1, "direction": "Down"}, "39", "-0.97"),
        ({"precision": "0.25", "direction": "Up"}, "40", "0.03"),
        ({"precision": "0.05"}, "39.95", "-0.02"),
        ({"by_currency": {"USD": {"precision": 5}}}, "39.97", "0.00"),
    ],
)
def test_an_invoice_is_rounded_when_it_is_posted(app: App, rounding: dict[str, Any], total: str, added: str) -> None:
    desk = desk_with(app, invoice_rounding=rounding)
    draft = desk.invoice(desk.item(Decimal("33.31")))
    assert str(draft["totalAmountIncludingTax"]) == "39.97"
    desk.act(f"purchaseInvoices({draft['id']})")
    posted = desk.get(f"purchaseInvoices({draft['id']})", expand="purchaseInvoiceLines")
    assert str(posted["totalAmountIncludingTax"]) == total
    assert left(desk, posted) == ("Open", f"{Decimal(total):.2f}")
    assert (held(desk, "80400"), desk.books()["office"], held(desk, "15800")) == (added, "33.31", "6.66")
    lines = posted["purchaseInvoiceLines"]
    assert [line["sequence"] for line in lines] == ([10000, 20000] if Decimal(added) else [10000])
    with desk.world.unit():
        BOOKKEEPER.void(desk.company, "purchaseInvoice", draft["id"])
    assert desk.books() == {}


def test_a_rounded_document_that_is_refused_keeps_its_lines(app: App) -> None:
    desk = desk_with(app, invoice_rounding={"precision": 1}, approval_required=["purchaseInvoice"])
    draft = desk.invoice(desk.item(Decimal("33.31")))
    desk.refused("POST", f"purchaseInvoices({draft['id']})/Microsoft.NAV.post")
    assert len(desk.list(f"purchaseInvoices({draft['id']})/purchaseInvoiceLines")) == 1


# Unrealised VAT: an invoice of 200.00 and 40.00 VAT. Under First, all that was ever paid is compared with what is still
# unrealised, so that the second payment realises the rest. Source: table VAT Entry (GetUnrealizedVATPart)


@pytest.mark.parametrize(
    ("kind", "payments", "realised"),
    [
        ("Percentage", ["60", "180"], ["10.00", "40.00"]),
        ("Percentage", ["7", "100", "133"], ["1.17", "17.84", "40.00"]),
        ("First", ["25", "10", "205"], ["25.00", "40.00", "40.00"]),
        ("First", ["41"], ["40.00"]),
        ("Last", ["190", "25", "25"], ["0.00", "15.00", "40.00"]),
        ("First (Fully Paid)", ["39", "1"], ["0.00", "40.00"]),
        ("Last (Fully Paid)", ["239", "1"], ["0.00", "40.00"]),
    ],
)
def test_tax_is_realised_as_the_invoice_is_paid(app: App, kind: str, payments: list[str], realised: list[str]) -> None:
    desk = desk_with(app, unrealised_vat={"STANDARD": kind})
    invoice = owed(desk)
    assert (held(desk, "15800"), held(desk, "15810")) == ("0.00", "40.00")
    for amount, done in zip(payments, realised, strict=True):
        pay(desk, invoice, amount)
        assert (held(desk, "15800"), held(desk, "15810")) == (done, f"{40 - Decimal(done):.2f}")


def test_only_the_groups_that_are_set_up_wait_for_their_payment(app: App) -> None:
    desk = desk_with(app, unrealised_vat={"REDUCED": "Percentage"})
    owed(desk, desk.item(200), desk.item(60, taxCode="REDUCED"))
    assert (held(desk, "15800"), held(desk, "15810")) == ("40.00", "3.00")


def test_a_journal_line_has_its_tax_at_once(app: App) -> None:
    desk = desk_with(app, unrealised_vat={"STANDARD": "Percentage"})
    desk.spend(24, account="office")
    assert (held(desk, "15800"), held(desk, "15810")) == ("4.00", "0.00")


def test_a_reverse_charge_that_waits_is_owed_and_reclaimed_with_the_payment(app: App) -> None:
    desk = desk_with(app, unrealised_vat={"REVERSE": "Percentage"})
    invoice = owed(desk, desk.item(200, taxCode="REVERSE"))
    assert (held(desk, "15810"), held(desk, "21210"), held(desk, "21200")) == ("40.00", "-40.00", "0.00")
    pay(desk, invoice, "50")
    assert (held(desk, "15800"), held(desk, "21200")) == ("10.00", "-10.00")
    assert (held(desk, "15810"), held(desk, "21210")) == ("30.00", "-30.00")


def test_a_foreign_invoice_realises_its_tax_at_its_own_rate(app: App) -> None:
    desk = desk_with(app, unrealised_vat={"STANDARD": "Last"})
    invoice = owed(desk, desk.item(100), vendor="airline", currencyCode="USD")
    assert held(desk, "15810") == "15.48"  # 20.00 USD at 0.7741
    pay(desk, invoice, "110", day="2026-04-03", bank="dollars")
    assert (held(desk, "15800"), held(desk, "15810")) == ("7.74", "7.74")
    pay(desk, invoice, "10", day="2026-04-03", bank="dollars")
    assert (held(desk, "15800"), held(desk, "15810")) == ("15.48", "0.00")


def test_a_credit_memo_realises_its_own_tax_and_that_of_the_invoice(app: App) -> None:
    desk = desk_with(app, unrealised_vat={"STANDARD": "Percentage"})
    invoice = owed(desk)
    memo = desk.make(
        "purchaseCreditMemos",
        vendorId=invoice["vendorId"],
        vendorCreditMemoNumber="C-1",
        postingDate="2026-03-05",
        invoiceId=invoice["id"],
        purchaseCreditMemoLines=[desk.item(50)],
    )
    desk.act(f"purchaseCreditMemos({memo['id']})")
    assert (held(desk, "15800"), held(desk, "15810")) == ("0.00", "30.00")
    pay(desk, invoice, "180")
    assert (held(desk, "15800"), held(desk, "15810")) == ("30.00", "0.00")


def test_a_cancelled_invoice_leaves_no_tax_unrealised(app: App) -> None:
    desk = desk_with(app, unrealised_vat={"STANDARD": "Percentage"})
    invoice = owed(desk)
    with desk.world.unit():
        BOOKKEEPER.void(desk.company, "purchaseInvoice", invoice["id"])
    assert desk.books() == {}


# Taxes that the company owes itself, and those that it does not get back


def us_desk(app: App, **settings: Any) -> Desk:
    accounts = {
        "office": {"type": "expense", "name": "Office"},
        "travel": {"type": "expense", "name": "Travel"},
        "current": {"type": "bank", "name": "Checking"},
        "visa": {"type": "credit_card", "name": "Visa"},
    }
    plan = replace(PLAN, country="US", currency="USD", accounts=accounts, taxes={}, settings=settings)
    return open_desk(app, plan)


def test_use_tax_is_owed_beside_the_vendor(app: App) -> None:
    desk = us_desk(app, use_tax=["TAXABLE"])
    invoice = owed(desk, desk.item(200, taxCode="TAXABLE"))
    assert (str(invoice["totalAmountIncludingTax"]), left(desk, invoice)) == ("200", ("Open", "200.00"))
    assert (desk.books()["office"], held(desk, "64900"), held(desk, "21300")) == ("200.00", "16.50", "-16.50")
    desk.spend(80, taxCode="TAXABLE")
    assert (desk.books()["travel"], desk.books()["visa"]) == ("80.00", "-80.00")
    assert (held(desk, "64900"), held(desk, "21300")) == ("23.10", "-23.10")


def test_a_vendor_that_charges_sales_tax_leaves_no_use_tax_to_be_owed(app: App) -> None:
    desk = us_desk(app, use_tax=["TAXABLE"])
    desk.change(f"vendors({desk.labels['suppliers']['shop']})", taxLiable=True)
    invoice = owed(desk, desk.item(200, taxCode="TAXABLE"))
    assert str(invoice["totalAmountIncludingTax"]) == "216.5"
    assert (desk.books()["office"], held(desk, "21300")) == ("216.50", "0.00")


def test_without_the_set_up_there_is_no_use_tax(app: App) -> None:
    desk = us_desk(app)
    owed(desk, desk.item(200, taxCode="TAXABLE"))
    desk.spend(80, taxCode="TAXABLE")
    assert (desk.books()["office"], desk.books()["travel"]) == ("200.00", "80.00")
    assert held(desk, "21300") == "no such account"


def test_tax_that_is_not_deducted_has_an_account_of_its_own_where_it_is_set_up(app: App) -> None:
    desk = desk_with(app, non_deductible_vat_account=True)
    owed(desk, desk.item(200, taxCode="HALF"))
    assert (desk.books()["office"], held(desk, "63900"), held(desk, "15800")) == ("200.00", "20.00", "20.00")
    desk.spend(24, account="office", taxCode="HALF")
    assert (desk.books()["office"], held(desk, "63900"), held(desk, "15800")) == ("220.00", "22.00", "22.00")
    desk.company.book.verify()


def test_tax_that_is_not_deducted_is_cost_of_the_line_otherwise(desk: Desk) -> None:
    owed(desk, desk.item(200, taxCode="HALF"))
    assert (desk.books()["office"], held(desk, "63900")) == ("220.00", "no such account")


def test_under_full_vat_the_whole_amount_of_a_purchase_line_is_tax(desk: Desk) -> None:
    invoice = owed(desk, desk.item(37, taxCode="FULL NORM"))
    assert [str(invoice[f"total{name}"]) for name in ("AmountExcludingTax", "TaxAmount", "AmountIncludingTax")] == [
        "0",
        "37",
        "37",
    ]
    assert ("office" in desk.books(), held(desk, "15800")) == (False, "37.00")


# Dimension combinations


def value_of(desk: Desk, path: str, code: str, value: str) -> None:
    desk.make(f"{path}/dimensionSetLines", code=code, valueCode=value)


BLOCKED = [["DEPARTMENT", "AREA"]]
LIMITED = [["DEPARTMENT", "ADM", "AREA", "NORTH"]]
BOTH = "Dimensions DEPARTMENT and AREA can't be used concurrently."
THESE = "Dimension combinations DEPARTMENT - ADM and AREA - NORTH can't be used concurrently."


@pytest.mark.parametrize(
    ("combinations", "area", "problem"),
    [(BLOCKED, "SOUTH", BOTH), (LIMITED, "NORTH", THESE), (LIMITED, "SOUTH", ""), (BLOCKED, "", "")],
)
def test_dimensions_that_may_not_stand_together_are_not_posted(
    app: App, combinations: list[list[str]], area: str, problem: str
) -> None:
    desk = desk_with(app, dimension_combinations=combinations)
    line = desk.line(9)
    draft = desk.invoice(desk.item(5))
    (of_draft,) = desk.list(f"purchaseInvoices({draft['id']})/purchaseInvoiceLines")
    for path in (f"journalLines({line['id']})", f"purchaseInvoiceLines({of_draft['id']})"):
        value_of(desk, path, "DEPARTMENT", "ADM")
        if area:
            value_of(desk, path, "AREA", area)
    if not problem:
        desk.post()
        desk.act(f"purchaseInvoices({draft['id']})")
        return
    told = desk.refused("POST", f"journals({desk.batch()})/Microsoft.NAV.post")
    where = f"Gen. Journal Line GENERAL, DEFAULT, {line['lineNumber']}"
    assert told == f"The combination of dimensions used in {where} is blocked. {problem}"
    told = desk.refused("POST", f"purchaseInvoices({draft['id']})/Microsoft.NAV.post")
    where = f"Invoice {draft['number']}, line no. {of_draft['sequence']}"
    assert told == f"The combination of dimensions used in {where} is blocked (Error: {problem})."


def test_a_payment_and_a_document_mind_their_own_dimensions_too(app: App) -> None:
    desk = desk_with(app, dimension_combinations=BLOCKED)
    draft = desk.invoice(desk.item(5))
    journal = desk.make("vendorPaymentJournals", code="PAY", balancingAccountId=desk.account("current"))
    payment = desk.make(f"vendorPaymentJournals({journal['id']})/vendorPayments", vendorId=draft["vendorId"], amount=3)
    for path in (f"purchaseInvoices({draft['id']})", f"vendorPayments({payment['id']})"):
        value_of(desk, path, "DEPARTMENT", "ADM")
        value_of(desk, path, "AREA", "SOUTH")
    told = desk.refused("POST", f"purchaseInvoices({draft['id']})/Microsoft.NAV.post")
    assert told == f"The combination of dimensions used in Invoice {draft['number']} is blocked (Error: {BOTH})."
    assert desk.refused("POST", f"journals({journal['id']})/Microsoft.NAV.post").endswith(f"is blocked. {BOTH}")


# Dates and dimensions


@pytest.mark.parametrize(
    ("day", "own", "lawful"),
    [
        ("2026-02-10", {}, True),
        ("2026-01-31", {}, False),
        ("2026-01-31", {"from": "2026-01-15"}, True),
        ("2026-01-14", {"from": "2026-01-15"}, False),
        ("2026-02-10", {"from": "2026-03-01"}, False),
        ("2026-03-11", {"to": "2026-03-10"}, False),
        ("2026-03-10", {"to": "2026-03-10"}, True),
    ],
)
def test_the_dates_of_the_user_go_before_those_of_the_company(
    app: App, day: str, own: dict[str, str], lawful: bool
) -> None:
    desk = desk_with(app, allow_posting_from="2026-02-01", user_posting_range=own)
    desk.line(8, postingDate=day)
    if lawful:
        desk.post()
        return
    told = desk.refused("POST", f"journals({desk.batch()})/Microsoft.NAV.post")
    assert told.startswith("Posting Date is not within your range of allowed posting dates in Gen. Journal Line")


def account_desk(app: App, rule: str, value: str = "") -> Desk:
    return desk_with(app, account_dimensions={"60100": {"AREA": {"value": value, "rule": rule}}})


def test_an_account_brings_its_dimension_to_its_lines(app: App) -> None:
    desk = account_desk(app, "", "NORTH")
    (rent,) = desk.list("accounts", filter="number eq '60100'")
    line = desk.line(8, accountId=rent["id"])
    assert [row["valueCode"] for row in desk.list(f"journalLines({line['id']})/dimensionSetLines")] == ["NORTH"]


def test_an_account_may_demand_a_dimension(app: App) -> None:
    desk = account_desk(app, "Code Mandatory")
    (rent,) = desk.list("accounts", filter="number eq '60100'")
    line = desk.line(8, accountId=rent["id"])
    problem = "Select a Dimension Value Code for the Dimension Code AREA for G/L Account 60100."
    told = desk.refused("POST", f"journals({desk.batch()})/Microsoft.NAV.post")
    assert told.endswith(f"has caused an error. {problem}")
    value_of(desk, f"journalLines({line['id']})", "AREA", "SOUTH")
    desk.post()
    assert "8.00" in desk.books().values()


@pytest.mark.parametrize(
    "dimensions",
    [{"1": {"AREA": {"value": "NORTH"}}}, {"60100": {"NONE": {}}}, {"60100": {"AREA": {"value": "EAST"}}}],
)
def test_dimensions_of_accounts_that_are_not_there_open_no_company(app: App, dimensions: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="account_dimensions names"):
        desk_with(app, account_dimensions=dimensions)


def test_the_code_of_an_invalid_option_can_be_set(app: App) -> None:
    desk = desk_with(app, invalid_option_code="Application_EvaluateException")
    desk.refused("POST", "items", {"type": "Odd"}, code="Application_EvaluateException")


@pytest.mark.parametrize(
    "settings",
    [
        {"payment_tolerance": {"percent": "much"}},
        {"payment_discount_grace": "soon"},
        {"payment_tolerance": {"by_currency": {"USD": {"most": -1}}}},
        {"invoice_rounding": {"precision": 1, "direction": "Sideways"}},
        {"unrealised_vat": {"STANDARD": "Sometimes"}},
        {"unrealised_vat": {"TAXABLE": "First"}, "tax_type": "Sales Tax"},
        {"use_tax": ["STANDARD"]},
        {"dimension_combinations": [["DEPARTMENT"]]},
        {"dimension_combinations": 5},
        {"payment_tolerance": 5},
        {"payment_tolerance": {"by_currency": {"USD": 5}}},
        {"invoice_rounding": [1]},
        {"unrealised_vat": ["STANDARD"]},
        {"user_posting_range": "2026"},
        {"user_posting_range": {"from": "soon"}},
        {"approval_required": ["salesInvoice"]},
        {"approval_required": "purchaseInvoice"},
    ],
)
def test_set_up_that_cannot_be_meant_opens_no_company(app: App, settings: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(settings))):
        desk_with(app, **settings)
