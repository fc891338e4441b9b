"""What each transaction does to the books, and what it may not do."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from msgspec.structs import replace
from tests.platforms.netsuite.desk import PLAN, Desk, open_desk

from sandbooks.app import App
from sandbooks.platforms.netsuite.bookkeeper import BOOKKEEPER
from sandbooks.platforms.netsuite.errors import PERIOD
from sandbooks.platforms.netsuite.refusals import BadContent


@pytest.mark.parametrize(
    ("kind", "account", "sign"),
    [("check", "bank", 1), ("creditCardCharge", "visa", 1), ("creditCardRefund", "visa", -1)],
)
def test_money_spent_or_refunded_moves_the_lines_and_their_tax_against_the_account(
    desk: Desk, kind: str, account: str, sign: int
) -> None:
    lines = (desk.line("31.40"), desk.line("20.00", account="office", taxCode=desk.id("fifteen"), tax1Amt="3.00"))
    made = desk.spend(kind, *lines, account=account, memo="Trip")
    assert desk.read(made)["total"] == Decimal("54.40")
    amounts = {"travel": "31.40", "office": "20.00", "input_tax": "3.00", account: "-54.40"}
    assert desk.books() == {name: f"{sign * Decimal(value):.2f}" for name, value in amounts.items()}


def test_a_deposit_credits_its_other_lines_and_debits_the_bank(desk: Desk) -> None:
    other = [{"account": desk.id("travel"), "amount": "18.30", "entity": desk.id("acme"), "memo": "Back"}]
    back = [{"account": desk.id("office"), "amount": "2.10"}]
    desk.make("deposit", account=desk.id("bank"), other={"items": other}, cashBack={"items": back})
    assert desk.books() == {"travel": "-18.30", "office": "2.10", "bank": "16.20"}


@pytest.mark.parametrize(("kind", "account"), [("check", "visa"), ("creditCardCharge", "bank"), ("check", "travel")])
def test_money_is_spent_only_from_an_account_of_the_right_type(desk: Desk, kind: str, account: str) -> None:
    body = {"account": desk.id(account), "expense": {"items": [desk.line("5.00")]}}
    code, detail = desk.refused("POST", kind, body)
    assert code == "USER_ERROR"
    assert "for the following field: account" in detail


def test_a_check_with_a_negative_total_is_refused(desk: Desk) -> None:
    body = {"account": desk.id("bank"), "expense": {"items": [desk.line("-5.00")]}}
    assert desk.refused("POST", "check", body)[1].endswith("may not be negative.")


def test_a_bill_is_owed_until_its_payment_and_the_rates_differ_in_realized_gain_or_loss(desk: Desk) -> None:
    bill = desk.bill(desk.line("100.00"), currency=desk.currency("USD"), exchangeRate="0.80")
    assert desk.books() == {"travel": "80.00", "payables": "-80.00"}
    doc = {"id": bill.rpartition("/")[2]}
    half = {"doc": doc, "apply": True, "amount": "40.00"}
    desk.make(
        "vendorPayment",
        entity=desk.id("acme"),
        account=desk.id("dollars"),
        exchangeRate="0.83",
        apply={"items": [half]},
    )
    shown = desk.read(bill)
    assert (shown["balance"], shown["status"]["refName"]) == (Decimal("60.00"), "Open")
    rest = {"doc": doc, "apply": True}
    desk.make(
        "vendorPayment", entity=desk.id("acme"), account=desk.id("bank"), exchangeRate="0.79", apply={"items": [rest]}
    )
    assert desk.read(bill)["status"]["refName"] == "Paid In Full"
    assert desk.books() == {
        "travel": "80.00",
        "dollars": "-33.20",
        "bank": "-47.40",
        "exchange_differences": "0.60",
    }
    assert desk.held("dollars") == {"USD": "-40.00"}
    assert desk.held("bank") == {"GBP": "-47.40"}
    assert desk.held("payables") == {}


@pytest.mark.parametrize(
    ("rate", "currency", "account"),
    [
        ("0.83", "USD", {"dear": "3.00"}),
        ("0.78", "USD", {"Interest Income": "-2.00"}),
        ("0.83", "EUR", {"exchange_differences": "3.00"}),
    ],
)
def test_the_first_rule_that_fits_names_the_account_of_a_realized_gain_or_loss(
    app: App, rate: str, currency: str, account: dict[str, str]
) -> None:
    rules = [
        {"account": "7000", "currency": "USD", "result": "gain"},
        {"account": "7000", "variance": "unrealized"},
        {"account": "Dear Dollars", "currency": "USD", "subsidiary": PLAN.name},
        {"account": "7000", "subsidiary": "Elsewhere"},
    ]
    accounts = {**PLAN.accounts, "dear": {"type": "other_expense", "name": "Dear Dollars"}}
    desk = open_desk(app, replace(PLAN, accounts=accounts, settings={**PLAN.settings, "variance_rules": rules}))
    bill = desk.bill(desk.line("100.00"), currency=desk.currency(currency), exchangeRate="0.80")
    apply = {"items": [{"doc": {"id": bill.rpartition("/")[2]}, "apply": True}]}
    paid = {"entity": desk.id("acme"), "account": desk.id("bank"), "exchangeRate": rate, "apply": apply}
    payment = desk.make("vendorPayment", **paid)
    bank = f"-{Decimal(rate) * 100:.2f}"
    assert desk.books() == {"travel": "80.00", "bank": bank, **account}
    desk.write("PATCH", f"account/{desk.id('dear')['id']}", {"isInactive": True})
    desk.write("DELETE", payment)
    desk.make("vendorPayment", **paid)
    kept = {"exchange_differences": "3.00"} if "dear" in account else account
    assert desk.books() == {"travel": "80.00", "bank": bank, **kept}


@pytest.mark.parametrize(
    "wrong",
    [
        {"account": "7000"},
        ["7000"],
        [{"account": "7000", "result": "profit"}],
        [{"account": "7000", "curency": "USD"}],
        [{"account": "7000", "currency": "usd"}],
        [{"account": "7000", "currency": "USD"}, {"account": "8100", "currency": "USD"}],
        [{"account": "6900"}],
        [{"account": "nowhere"}],
    ],
)
def test_an_account_is_not_opened_with_rules_that_cannot_be(open_with: Callable[..., Desk], wrong: object) -> None:
    with pytest.raises(BadContent):
        open_with(variance_rules=wrong)


def test_a_payment_beyond_what_is_open_is_refused(desk: Desk) -> None:
    doc = {"id": desk.bill(desk.line("50.00")).rpartition("/")[2]}
    body = {
        "entity": desk.id("acme"),
        "account": desk.id("bank"),
        "apply": {"items": [{"doc": doc, "amount": "50.01"}]},
    }
    assert desk.refused("POST", "vendorPayment", body)[0] == "USER_ERROR"
    other = {**body, "entity": desk.id("zenith"), "apply": {"items": [{"doc": doc, "amount": "5.00"}]}}
    assert desk.refused("POST", "vendorPayment", other)[0] == "USER_ERROR"
    none = {**body, "apply": {"items": []}}
    assert desk.refused("POST", "vendorPayment", none)[0] == "USER_ERROR"


def test_a_vendor_credit_lowers_what_a_bill_leaves_open_and_a_payment_takes_the_rest(desk: Desk) -> None:
    bill = desk.bill(desk.line("90.00"))
    doc = {"id": bill.rpartition("/")[2]}
    lines = {"items": [desk.line("25.00", account="office")]}
    apply = {"items": [{"doc": doc, "apply": True, "amount": "10.00"}]}
    credit = desk.make("vendorCredit", entity=desk.id("acme"), expense=lines, apply=apply)
    assert desk.read(credit)["unApplied"] == Decimal("15.00")
    taken = {"items": [{"doc": {"id": credit.rpartition("/")[2]}, "apply": True}]}
    paying = {"items": [{"doc": doc, "apply": True}]}
    payment = desk.make("vendorPayment", entity=desk.id("acme"), account=desk.id("bank"), apply=paying, credit=taken)
    assert desk.read(payment)["total"] == Decimal("65.00")
    assert desk.read(bill)["status"]["refName"] == "Paid In Full"
    assert desk.read(credit)["status"]["refName"] == "Fully Applied"
    assert desk.books() == {"travel": "90.00", "office": "-25.00", "bank": "-65.00"}


def test_a_credit_of_another_rate_realises_the_difference_when_it_is_applied(desk: Desk) -> None:
    dollars = {"currency": desk.currency("USD")}
    doc = {"id": desk.bill(desk.line("100.00"), exchangeRate="0.80", **dollars).rpartition("/")[2]}
    lines = {"items": [desk.line("100.00", account="office")]}
    apply = {"items": [{"doc": doc, "apply": True}]}
    desk.make("vendorCredit", entity=desk.id("acme"), exchangeRate="0.75", expense=lines, apply=apply, **dollars)
    assert desk.books() == {"travel": "80.00", "office": "-75.00", "exchange_differences": "-5.00"}


def test_a_bill_with_a_payment_can_neither_be_deleted_nor_lowered_below_it(desk: Desk) -> None:
    bill = desk.bill(desk.line("50.00"))
    payment = desk.write("POST", f"{bill}/!transform/vendorPayment", {"account": desk.id("bank")})
    assert desk.refused("DELETE", bill)[0] == "USER_ERROR"
    assert (
        desk.refused("PATCH", f"{bill}?replace=expense", {"expense": {"items": [desk.line("49.00")]}})[0]
        == "USER_ERROR"
    )
    desk.send("DELETE", f"/services/rest/record/v1/{payment}")
    assert desk.books() == {"travel": "50.00", "payables": "-50.00"}
    assert desk.send("DELETE", f"/services/rest/record/v1/{bill}").status == 204
    assert desk.books() == {}
    assert desk.refused("GET", bill, status=404)[0] == "NONEXISTENT_ID"


def test_a_journal_posts_as_given_and_must_balance(desk: Desk) -> None:
    lines = [
        {"account": desk.id("office"), "debit": "12.50", "memo": "A"},
        {"account": desk.id("sales"), "credit": "12.50"},
    ]
    body = {"subsidiary": {"id": "1"}, "line": {"items": lines}}
    desk.make("journalEntry", **body)
    assert desk.books() == {"office": "12.50", "sales": "-12.50"}
    lines[1] = {"account": desk.id("sales"), "credit": "12.49"}
    assert desk.refused("POST", "journalEntry", body)[1].endswith("The amounts in a journal entry must balance.")
    assert desk.refused("POST", "journalEntry", {"line": body["line"]})[1].endswith(
        "Please enter value(s) for: Subsidiary."
    )


def test_a_journal_with_a_reversal_date_is_turned_round_on_that_day(desk: Desk) -> None:
    lines = [{"account": desk.id("office"), "debit": "7.00"}, {"account": desk.id("sales"), "credit": "7.00"}]
    made = desk.make("journalEntry", subsidiary={"id": "1"}, reversalDate="2026-04-01", line={"items": lines})
    assert desk.books() == {}
    dates = {row["trandate"] for row in desk.suiteql("SELECT trandate FROM transaction WHERE type='Journal'")}
    assert dates == {"3/2/2026", "4/1/2026"}
    assert desk.read(made)["reversalEntry"]


def test_an_advance_lessens_what_an_employee_is_owed(desk: Desk) -> None:
    employee = desk.make("employee", firstName="Casey", lastName="Lind", subsidiary={"id": "1"}).rpartition("/")[2]
    category = desk.make("expenseCategory", name="Site", expenseAcct=desk.id("travel")).rpartition("/")[2]
    (advances,) = desk.suiteql("SELECT id FROM account WHERE acctnumber = '1220'")
    approved = {"complete": True, "supervisorApproval": True, "accountingApproval": True}
    lines = {"items": [{"category": {"id": category}, "expenseDate": "2026-02-27", "amount": "80.00"}]}
    head = {"entity": {"id": employee}, "expense": lines, **approved}
    told = desk.refused("POST", "expenseReport", {**head, "advance": 30})
    assert told == (
        "USER_ERROR",
        "Error while accessing a resource. Please enter value(s) for: Advance to Apply Account.",
    )
    too_much = {**head, "advance": "80.01", "advanceAccount": {"id": advances["id"]}}
    assert "may not exceed" in desk.refused("POST", "expenseReport", too_much)[1]
    report = desk.make("expenseReport", **head, advance="30.00", advanceAccount={"id": advances["id"]})
    assert desk.books() == {"travel": "80.00", "payables": "-50.00", "Advances Paid": "-30.00"}
    assert desk.read(report)["amountRemaining"] == Decimal("50.00")
    apply = {"items": [{"doc": {"id": report.rpartition("/")[2]}, "apply": True}]}
    desk.make("vendorPayment", entity={"id": employee}, account=desk.id("bank"), apply=apply)
    assert desk.read(report)["status"]["refName"] == "Paid In Full"
    assert desk.books() == {"travel": "80.00", "bank": "-50.00", "Advances Paid": "-30.00"}


def test_an_expense_report_posts_once_accounting_has_approved_it(desk: Desk) -> None:
    employee = desk.make("employee", firstName="Casey", lastName="Lind", subsidiary={"id": "1"}).rpartition("/")[2]
    category = desk.make("expenseCategory", name="Site", expenseAcct=desk.id("travel")).rpartition("/")[2]
    line = {"category": {"id": category}, "expenseDate": "2026-02-27", "amount": "12.80"}
    card = {**line, "amount": "8.05", "corporateCreditCard": True}
    report = desk.make(
        "expenseReport", entity={"id": employee}, acctCorpCardExp=desk.id("visa"), expense={"items": [line, card]}
    )
    assert desk.books() == {}
    assert desk.read(report)["status"] == {"id": "A", "refName": "In Progress"}
    approved = {"complete": True, "supervisorApproval": True, "accountingApproval": True}
    desk.write("PATCH", report, approved)
    assert desk.books() == {"travel": "20.85", "payables": "-12.80", "visa": "-8.05"}
    apply = {"items": [{"doc": {"id": report.rpartition("/")[2]}, "apply": True}]}
    desk.make("vendorPayment", entity={"id": employee}, account=desk.id("bank"), apply=apply)
    shown = desk.read(report)
    assert shown["status"] == {"id": "I", "refName": "Paid In Full"}
    assert (shown["accountingapproval"], shown["acctcorpcardexp"]["id"]) == (True, desk.id("visa")["id"])
    first = shown["expense"]["items"][0]
    assert (first["expensedate"], "expenseDate" in first) == ("2026-02-27", False)


def test_tax_is_recovered_lost_or_owed_by_the_purchaser_as_its_code_says(desk: Desk) -> None:
    desk.bill(desk.line("50.00", taxCode=desk.id("half")))
    assert desk.books() == {"travel": "55.00", "input_tax": "5.00", "payables": "-60.00"}
    desk.bill(desk.line("30.00", account="office", taxCode=desk.id("reverse")))
    assert desk.books() == {
        "travel": "55.00",
        "office": "30.00",
        "input_tax": "11.00",
        "output_tax": "-6.00",
        "payables": "-90.00",
    }


def test_tax_details_post_as_a_tax_code_on_the_line_does(desk: Desk) -> None:
    details = {"items": [{"taxDetailsReference": "one", "taxCode": desk.id("fifteen"), "taxAmount": "3.00"}]}
    line = desk.line("20.00", taxDetailsReference="one")
    desk.spend("creditCardCharge", line, account="visa", taxDetailsOverride=True, taxDetails=details)
    assert desk.books() == {"travel": "20.00", "input_tax": "3.00", "visa": "-23.00"}


def test_card_charges_need_suitetax_where_the_account_is_strict(open_with: Callable[..., Desk]) -> None:
    desk = open_with(tax_fields="legacy")
    body = {"account": desk.id("visa"), "expense": {"items": [desk.line("5.00")]}}
    assert desk.refused("POST", "creditCardCharge", body)[0] == "FEATURE_DISABLED"
    strict = open_with(tax_fields="suitetax")
    taxed = {"entity": strict.id("acme"), "expense": {"items": [strict.line("5.00", taxCode=strict.id("half"))]}}
    assert strict.refused("POST", "vendorBill", taxed)[0] == "USER_ERROR"


def test_a_base_currency_card_pays_foreign_spend_in_base_and_a_dollar_card_in_dollars(desk: Desk) -> None:
    dollars = {"currency": desk.currency("USD"), "exchangeRate": "0.781"}
    desk.spend("creditCardCharge", desk.line("20.00"), account="visa", **dollars)
    assert (desk.held("visa"), desk.held("travel")) == ({"GBP": "-15.62"}, {"GBP": "15.62"})
    desk.spend("creditCardCharge", desk.line("30.00"), account="dollar_visa", **dollars)
    assert desk.held("dollar_visa") == {"USD": "-30.00"}
    body = {
        "account": desk.id("dollar_visa"),
        "currency": desk.currency("GBP"),
        "expense": {"items": [desk.line("1.00")]},
    }
    assert desk.refused("POST", "creditCardCharge", body)[0] == "USER_ERROR"
    assert desk.refused("POST", "creditCardCharge", {**body, "currency": desk.currency("EUR")})[0] == "USER_ERROR"


def test_a_closed_period_refuses_new_changed_and_deleted_documents_in_the_vendors_own_words(desk: Desk) -> None:
    bill = desk.bill(desk.line("40.00"))
    with desk.world.unit():
        BOOKKEEPER.lock_period(desk.company, "2026-03-31")
    body = {"entity": desk.id("acme"), "tranDate": "2026-03-02", "expense": {"items": [desk.line("5.00")]}}
    sentence = f"Error while accessing a resource. {PERIOD}"
    assert desk.refused("POST", "vendorBill", body) == ("USER_ERROR", sentence)
    assert desk.refused("PATCH", bill, {"expense": {"items": [desk.line("1.00")]}}) == ("USER_ERROR", sentence)
    assert desk.refused("DELETE", bill) == ("USER_ERROR", sentence)
    assert desk.refused("POST", "vendorBill", {**body, "tranDate": "1999-01-01"}) == ("USER_ERROR", sentence)
    desk.make("vendorBill", **{**body, "tranDate": "2026-04-01"})
    (march,) = desk.suiteql("SELECT closed, aplocked FROM accountingperiod WHERE periodname = 'Mar 2026'")
    assert march == {"closed": "T", "aplocked": "T"}


def test_locked_payables_refuse_bills_but_not_journals(open_with: Callable[..., Desk]) -> None:
    desk = open_with(ap_locked_through="2026-03-31")
    body = {"entity": desk.id("acme"), "expense": {"items": [desk.line("5.00")]}}
    assert desk.refused("POST", "vendorBill", body)[1].endswith(PERIOD)
    lines = [{"account": desk.id("office"), "debit": "7.00"}, {"account": desk.id("sales"), "credit": "7.00"}]
    desk.make("journalEntry", subsidiary={"id": "1"}, line={"items": lines})


def test_a_pending_bill_posts_when_it_is_approved(open_with: Callable[..., Desk]) -> None:
    desk = open_with(approval_routing=["vendorBill"])
    bill = desk.bill(desk.line("44.00"))
    assert (desk.books(), desk.read(bill)["status"]["refName"]) == ({}, "Pending Approval")
    desk.write("PATCH", bill, {"approvalstatus": 2})
    assert desk.books() == {"travel": "44.00", "payables": "-44.00"}


def test_an_edit_leaves_the_books_as_if_it_had_been_entered_so(desk: Desk) -> None:
    made = desk.spend("check", desk.line("31.00"), desk.line("9.00", account="office"), account="bank")
    desk.write("PATCH", made, {"expense": {"items": [{"line": 2, "amount": "4.00"}]}, "memo": None})
    assert desk.books() == {"travel": "31.00", "office": "4.00", "bank": "-35.00"}
    desk.write("PATCH", made, {"expense": {"items": [desk.line("2.00")]}})
    assert desk.books() == {"travel": "33.00", "office": "4.00", "bank": "-37.00"}
    desk.write("PATCH", f"{made}?replace=expense", {"expense": {"items": [desk.line("6.50")]}})
    assert desk.books() == {"travel": "6.50", "bank": "-6.50"}


def test_references_must_fit_subsidiary_entity_and_currency(desk: Desk) -> None:
    west = desk.make("subsidiary", name="West").rpartition("/")[2]
    depot = desk.make("location", name="Depot", subsidiary={"items": [{"id": west}]}).rpartition("/")[2]
    lines = {"items": [desk.line("5.00", location={"id": depot})]}
    code, detail = desk.refused("POST", "vendorBill", {"entity": desk.id("acme"), "expense": lines})
    assert (code, detail.rpartition(". Invalid")[2]) == (
        "INVALID_KEY_OR_REF",
        f" location reference key {depot} for subsidiary 1.",
    )
    (shop,) = desk.company.records.find("customer", "name", "corner shop")
    abroad = desk.make("customer", companyName="West Shop", subsidiary={"id": west}).rpartition("/")[2]
    billable = {"items": [desk.line("5.00", customer={"id": abroad})]}
    detail = desk.refused("POST", "vendorBill", {"entity": desk.id("acme"), "expense": billable})[1]
    assert detail.endswith(f"Invalid customer reference key {abroad} for entity {desk.id('acme')['id']}.")
    desk.bill(desk.line("5.00", customer={"id": shop.id}))
    plain = {"items": [desk.line("5.00")]}
    wrong = {"entity": desk.id("acme"), "subsidiary": {"id": west}, "expense": plain}
    assert "Invalid entity reference key" in desk.refused("POST", "vendorBill", wrong)[1]
    desk.make("vendorSubsidiaryRelationship", entity=desk.id("acme"), subsidiary={"id": west})
    desk.make("vendorBill", **wrong)
    local = desk.make("vendor", companyName="Local Only", subsidiary={"id": "1"}).rpartition("/")[2]
    foreign = {"entity": {"id": local}, "currency": desk.currency("EUR"), "expense": plain}
    assert "Invalid currency reference key" in desk.refused("POST", "vendorBill", foreign)[1]


def test_an_inactive_account_takes_nothing_until_it_is_restored(desk: Desk) -> None:
    body = {"entity": desk.id("acme"), "expense": {"items": [desk.line("5.00")]}}
    with desk.world.unit():
        BOOKKEEPER.archive_account(desk.company, desk.id("travel")["id"])
    assert "Invalid Field Value" in desk.refused("POST", "vendorBill", body)[1]
    with desk.world.unit():
        BOOKKEEPER.restore_account(desk.company, desk.id("travel")["id"])
    desk.make("vendorBill", **body)
