"""Journal lines: defaults, gross amounts and VAT, currencies, posting, what is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.platforms.business_central.desk import BLANK_ID, PLAN, Desk, open_desk

from sandbooks.app import App
from sandbooks.kit.errors import NotSimulated
from sandbooks.platform import CompanyPlan, platform_named


def test_a_card_payment_is_cost_and_debt(desk: Desk) -> None:
    made = desk.line(Decimal("36.40"), description="Train", externalDocumentNumber="r-01")
    assert (made["lineNumber"], made["documentNumber"]) == (10000, "G00001")
    assert (made["accountType"], made["taxCode"]) == ("G_x002F_L_x0020_Account", "")
    assert made["externalDocumentNumber"] == "R-01"
    assert desk.books() == {}
    desk.post()
    assert desk.books() == {"travel": "36.40", "visa": "-36.40"}
    assert desk.list(f"journals({desk.batch()})/journalLines") == []
    assert desk.send("GET", f"journalLines({made['id']})").status == 404


def test_a_refund_is_the_same_with_a_negative_amount(desk: Desk) -> None:
    desk.spend(Decimal("61.15"))
    desk.spend(Decimal("-21.15"))
    assert desk.books() == {"travel": "40.00", "visa": "-40.00"}


def test_an_amount_on_an_account_with_a_posting_type_holds_its_vat(desk: Desk) -> None:
    made = desk.spend(54, account="office")
    assert made["taxCode"] == "STANDARD"
    desk.spend(-12, account="office")
    assert desk.books() == {"office": "35.00", "input_tax": "7.00", "visa": "-42.00"}


def test_a_tax_code_on_the_line_goes_before_that_of_the_account(desk: Desk) -> None:
    desk.spend(54, account="office", taxCode="")
    desk.spend(21, account="office", taxCode="REDUCED")
    assert desk.books() == {"office": "74.00", "input_tax": "1.00", "visa": "-75.00"}


def test_what_is_not_reclaimed_is_cost(desk: Desk) -> None:
    desk.spend(60, account="travel", taxCode="HALF")
    assert desk.books() == {"travel": "55.00", "input_tax": "5.00", "visa": "-60.00"}


def test_reverse_charge_moves_vat_on_both_sides_and_the_bank_gives_the_base(desk: Desk) -> None:
    desk.spend(50, taxCode="REVERSE")
    books = desk.books()
    assert (books["travel"], books["visa"], books["input_tax"]) == ("50.00", "-50.00", "10.00")
    assert sorted(books.values()) == ["-10.00", "-50.00", "10.00", "50.00"]


def test_a_tax_code_needs_a_posting_type_on_the_account(desk: Desk) -> None:
    desk.line(12, account="accruals", taxCode="STANDARD")
    text = desk.refused(
        "POST", f"journals({desk.batch()})/Microsoft.NAV.post", code="Application_FieldValidationException"
    )
    assert text.startswith("Gen. Posting Type must have a value in Gen. Journal Line: Journal Template Name=GENERAL,")


def test_income_carries_sales_vat(desk: Desk) -> None:
    desk.spend(-24, account="rebates", taxCode="STANDARD")
    assert desk.books() == {"rebates": "-20.00", "output_tax": "-4.00", "visa": "24.00"}


def test_a_dollar_card_is_carried_in_dollars_at_the_rate_of_the_day(desk: Desk) -> None:
    desk.spend(Decimal("412.37"), balancing="dollar_visa")
    desk.spend(Decimal("-96.14"), balancing="dollar_visa", postingDate="2026-04-03")
    assert desk.books() == {"travel": "243.66", "dollar_visa": "-243.66"}
    held = desk.company.book.balance(desk.account("dollar_visa")).by_currency
    assert str(held["USD"]) == "-316.23 USD"


def test_a_day_without_a_rate_is_refused(desk: Desk) -> None:
    desk.line(5, balancing="dollar_visa", postingDate="2025-12-31")
    text = desk.refused("POST", f"journals({desk.batch()})/Microsoft.NAV.post", code="Internal_DataNotFoundFilter")
    assert text == "There is no Currency Exchange Rate within the filter."


def test_two_foreign_banks_of_different_currencies_do_not_meet_in_one_line(desk: Desk) -> None:
    euros = desk.make("bankAccounts", displayName="Euro Account", currencyCode="EUR")
    given = {
        "accountType": "Bank Account",
        "accountNumber": euros["number"],
        "balanceAccountType": "Bank Account",
        "balancingAccountNumber": desk.number("dollars"),
        "amount": 5,
    }
    text = desk.refused("POST", f"journals({desk.batch()})/journalLines", given)
    assert text == "The account and the balancing account must have the same Currency Code."


def test_lines_of_one_document_balance_each_other(desk: Desk) -> None:
    first = desk.line(Decimal("17.85"), balancing="")
    second = desk.line(Decimal("-17.85"), account="rebates", balancing="")
    assert first["documentNumber"] == second["documentNumber"]
    assert desk.line(3)["documentNumber"] != first["documentNumber"]
    desk.post()
    assert desk.books() == {"travel": "20.85", "rebates": "-17.85", "visa": "-3.00"}
    numbered = desk.list("generalLedgerEntries", filter=f"documentNumber eq '{first['documentNumber']}'")
    assert [(row["debitAmount"], row["creditAmount"]) for row in numbered] == [
        (Decimal("17.85"), 0),
        (0, Decimal("17.85")),
    ]


def test_another_external_number_begins_another_document_although_the_one_before_is_out_of_balance(desk: Desk) -> None:
    first = desk.line(Decimal("17.85"), balancing="", externalDocumentNumber="r-1")
    same = desk.line(Decimal("-7.85"), account="rebates", balancing="", externalDocumentNumber="r-1")
    other = desk.line(-10, account="rebates", balancing="", externalDocumentNumber="r-2")
    assert same["documentNumber"] == first["documentNumber"]
    assert other["documentNumber"] != first["documentNumber"]
    assert "out of balance" in desk.refused("POST", f"journals({desk.batch()})/Microsoft.NAV.post")
    desk.change(f"journalLines({other['id']})", documentNumber=first["documentNumber"])
    desk.post()
    assert desk.books() == {"travel": "17.85", "rebates": "-17.85"}


def test_a_document_out_of_balance_posts_nothing_of_its_batch(desk: Desk) -> None:
    desk.line(9)
    desk.line(Decimal("17.85"), balancing="", documentNumber="ADJ-1")
    desk.line(-17, account="rebates", balancing="", documentNumber="ADJ-1")
    text = desk.refused("POST", f"journals({desk.batch()})/Microsoft.NAV.post")
    assert text.startswith(
        "Document No. ADJ-1 is out of balance by 0.85. Please check that Posting Date, Document Type, Document No. and "
        "Amount are correct for each line."
    )
    assert desk.books() == {}


def test_an_amount_in_a_message_has_its_thousands_parted_and_no_idle_zeros(desk: Desk) -> None:
    desk.line(Decimal("1200.50"), balancing="", documentNumber="ADJ-2")
    assert "out of balance by 1,200.5. " in desk.refused("POST", f"journals({desk.batch()})/Microsoft.NAV.post")


def test_an_empty_batch_has_nothing_to_post(desk: Desk) -> None:
    assert desk.refused("POST", f"journals({desk.batch()})/Microsoft.NAV.post") == "There is nothing to post."


def test_a_line_without_an_amount_is_dropped_at_posting(desk: Desk) -> None:
    desk.line(0)
    desk.line(8)
    desk.post()
    assert desk.books() == {"travel": "8.00", "visa": "-8.00"}
    assert desk.list(f"journals({desk.batch()})/journalLines") == []


def test_nothing_is_posted_before_the_first_allowed_day(desk: Desk) -> None:
    platform_named("business_central").load_bookkeeper().lock_period(desk.company, "2026-02-28")
    assert desk.list("generalLedgerSetup")[0]["allowPostingFrom"] == "2026-03-01"
    desk.line(7, postingDate="2026-02-28")
    text = desk.refused("POST", f"journals({desk.batch()})/Microsoft.NAV.post")
    assert text.startswith("Posting Date is not within your range of allowed posting dates in Gen. Journal Line")
    platform_named("business_central").load_bookkeeper().lock_period(desk.company, "")
    desk.post()
    assert desk.books() == {"travel": "7.00", "visa": "-7.00"}


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("10000", "Account Type must be equal to 'Posting' in G/L Account: No.=10000. Current value is 'Heading'."),
        ("20100", "Direct Posting must be equal to 'Yes' in G/L Account: No.=20100. Current value is 'No'."),
    ],
)
def test_headings_and_control_accounts_take_no_lines(desk: Desk, number: str, text: str) -> None:
    given = {"accountNumber": number, "amount": 5}
    path = f"journals({desk.batch()})/journalLines"
    assert desk.refused("POST", path, given, code="Application_FieldValidationException") == text


def test_a_blocked_account_is_refused_when_named_and_when_posted(desk: Desk) -> None:
    desk.line(6)
    bookkeeper = platform_named("business_central").load_bookkeeper()
    bookkeeper.archive_account(desk.company, desk.account("travel"))
    path = f"journals({desk.batch()})"
    wanted = f"Blocked must be equal to 'No' in G/L Account: No.={desk.number('travel')}. Current value is 'Yes'."
    code = "Application_FieldValidationException"
    assert desk.refused("POST", f"{path}/Microsoft.NAV.post", code=code) == wanted
    given = {"accountId": desk.account("travel"), "amount": 5}
    assert desk.refused("POST", f"{path}/journalLines", given, code=code) == wanted
    bookkeeper.restore_account(desk.company, desk.account("travel"))
    desk.post()
    assert desk.books() == {"travel": "6.00", "visa": "-6.00"}


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"accountId": "f8a5738a-44e3-ea11-bb43-000d3a2feca1"}, 'The "accountId" does not match to an Account.'),
        ({"accountNumber": "NOPE"}, 'The "accountNumber" does not match to an Account.'),
        ({"balancingAccountId": "f8a5738a-44e3-ea11-bb43-000d3a2feca1"}, 'The "balancingAccountId" does not match'),
        ({"accountNumber": "62100", "accountId": "travel"}, "The account values do not match to a specific Account."),
    ],
)
def test_accounts_that_do_not_match_are_refused(desk: Desk, given: dict[str, str], text: str) -> None:
    known = {name: desk.account(value) if value == "travel" else value for name, value in given.items()}
    assert desk.refused("POST", f"journals({desk.batch()})/journalLines", {**known, "amount": 5}).startswith(text)


def test_lines_must_be_asked_for_by_their_journal(desk: Desk) -> None:
    made = desk.line(5)
    assert desk.refused("GET", "journalLines") == (
        "You must specify a journal batch ID or a journal ID to get a journal line."
    )
    (found,) = desk.list("journalLines", filter=f"journalId eq {desk.batch()}")
    assert found["id"] == made["id"]
    assert desk.get(f"journalLines({made['id']})")["amount"] == 5


def test_a_vendor_line_is_stored_and_posted_but_not_listed(desk: Desk) -> None:
    vendor = desk.labels["suppliers"]["shop"]
    number = desk.get(f"vendors({vendor})")["number"]
    made = desk.line(
        Decimal("-38.75"),
        account="travel",
        balancing="",
        accountType="Vendor",
        accountId=BLANK_ID,
        accountNumber=number,
        balanceAccountType="G/L Account",
        balancingAccountNumber=desk.number("travel"),
    )
    assert made["accountType"] == "Vendor"
    assert desk.list(f"journals({desk.batch()})/journalLines") == []
    desk.post()
    assert desk.books() == {"travel": "38.75", "payables": "-38.75"}
    assert desk.get(f"vendors({vendor})")["balance"] == Decimal("38.75")


def test_an_employee_is_owed_through_the_employees_account(desk: Desk) -> None:
    employee = desk.make("employees", givenName="Robin", surname="Marsh")
    assert employee["displayName"] == "Robin Marsh"
    given = {"accountType": "Employee", "accountId": BLANK_ID, "accountNumber": employee["number"]}
    desk.line(Decimal("-12.50"), balancing="", **given)
    desk.line(Decimal("12.50"), balancing="")
    desk.post()
    books = desk.books()
    assert books.pop("travel") == "12.50"
    assert list(books.values()) == ["-12.50"]


def test_a_batch_takes_its_balancing_account_to_its_lines(desk: Desk) -> None:
    batch = desk.make("journals", code="card", displayName="Card", balancingAccountId=desk.account("visa"))
    assert (batch["code"], batch["balancingAccountNumber"]) == ("CARD", desk.number("visa"))
    made = desk.make(f"journals({batch['id']})/journalLines", accountId=desk.account("travel"), amount=4)
    assert made["balancingAccountNumber"] == desk.number("visa")
    desk.act(f"journals({batch['id']})")
    assert desk.books() == {"travel": "4.00", "visa": "-4.00"}


def test_batches_of_another_template_are_listed_only_by_its_name(desk: Desk) -> None:
    assert [row["code"] for row in desk.list("journals")] == ["DEFAULT", "DAILY"]
    (payments,) = desk.list("journals", filter="templateDisplayName eq 'PAYMENT'")
    assert payments["id"] == desk.list("vendorPaymentJournals")[0]["id"]
    assert desk.get(f"journals({payments['id']})")["code"] == payments["code"]
    missing = desk.send("POST", f"vendorPaymentJournals({payments['id']})/Microsoft.NAV.post")
    assert missing.status == 501


def test_a_second_batch_of_the_same_code_is_refused(desk: Desk) -> None:
    text = desk.refused("POST", "journals", {"code": "default"}, code="Internal_EntityWithSameKeyExists")
    assert text.startswith("The record in table Gen. Journal Batch already exists.")


def test_a_deleted_batch_takes_its_lines_along(desk: Desk) -> None:
    batch = desk.make("journals", code="X")
    made = desk.make(f"journals({batch['id']})/journalLines", accountId=desk.account("travel"), amount=4)
    desk.drop(f"journals({batch['id']})")
    assert desk.send("GET", f"journalLines({made['id']})").status == 404


def test_a_company_with_sales_tax_books_the_whole_amount() -> None:
    plan = CompanyPlan(country="US", accounts={**PLAN.accounts, "dollars": {"type": "bank", "name": "Checking"}})
    desk = open_desk(App(), plan)
    assert {row["taxType"] for row in desk.list("taxGroups")} == {"Sales_x0020_Tax"}
    desk.spend(54, taxCode="TAXABLE", balancing="dollars")
    assert desk.books() == {"travel": "54.00", "dollars": "-54.00"}


def test_an_opening_balance_stands_against_the_opening_account() -> None:
    accounts = {"visa": {"type": "credit_card", "name": "Visa", "currency": "USD", "opening": "Cr 100.00 USD"}}
    desk = open_desk(App(), CompanyPlan(accounts=accounts))
    assert desk.books()["visa"] == "-78.12"


def test_a_posted_line_is_taken_back_dated_as_it_was(desk: Desk) -> None:
    made = desk.spend(23, postingDate="2026-03-02")
    bookkeeper = platform_named("business_central").load_bookkeeper()
    with desk.world.unit():
        bookkeeper.delete(desk.company, "journalLine", made["id"])
    assert desk.books() == {}
    days = {line.date.isoformat() for line in desk.company.book.lines()}
    assert days == {"2026-03-02"}


def test_one_side_of_a_line_must_be_a_general_ledger_or_a_bank_account(desk: Desk) -> None:
    shop = desk.list("vendors")[0]["number"]
    both = {"accountType": "Vendor", "accountNumber": shop, "balanceAccountType": "Vendor", "amount": 3}
    text = "Account Type or Bal. Account Type must be a G/L Account or Bank Account."
    assert desk.refused("POST", f"journals({desk.batch()})/journalLines", both) == text
    line = desk.line(3, balancing="")
    change = {"accountType": "Vendor", "accountNumber": shop, "balanceAccountType": "Employee"}
    assert desk.refused("PATCH", f"journalLines({line['id']})", change) == text
    desk.change(f"journalLines({line['id']})", balanceAccountType="Vendor", balancingAccountNumber=shop)


def test_what_a_line_lacks_is_told_with_the_key_of_its_record(desk: Desk) -> None:
    line = desk.line(5, accountId=BLANK_ID, balancing="")
    text = desk.refused(
        "POST", f"journals({desk.batch()})/Microsoft.NAV.post", code="Application_FieldValidationException"
    )
    key = f"Journal Template Name=GENERAL, Journal Batch Name=DEFAULT, Line No.={line['lineNumber']}"
    assert text == f"Account No. must have a value in Gen. Journal Line: {key}. It cannot be zero or empty."


def test_a_payment_to_nobody_is_not_posted(desk: Desk) -> None:
    journal = desk.make("vendorPaymentJournals", code="PAY", balancingAccountId=desk.account("current"))
    desk.make(f"vendorPaymentJournals({journal['id']})/vendorPayments", amount=3)
    code = "Application_FieldValidationException"
    assert desk.refused("POST", f"journals({journal['id']})/Microsoft.NAV.post", code=code) == (
        "Account No. must have a value in Gen. Journal Line: Journal Template Name=PAYMENT, Journal Batch Name=PAY, "
        "Line No.=10000. It cannot be zero or empty."
    )


def test_a_template_may_leave_the_balance_of_documents_to_the_day(desk: Desk) -> None:
    with desk.world.unit():
        desk.company.change_settings(force_document_balance=False)
    desk.line(Decimal("1234.5"), balancing="", documentNumber="A")
    path = f"journals({desk.batch()})/Microsoft.NAV.post"
    rest = "Check that Posting Date and Amount are correct for each line."
    assert desk.refused("POST", path) == f"The lines in 03/02/26 are out of balance by 1,234.5. {rest}"
    told = desk.refused("POST", path, headers={"Accept-Language": "da-DK"})
    assert told.startswith("Linjerne i 02.03.2026 stemmer ikke med 1.234,5. ")
    desk.line(Decimal("-1234.5"), balancing="", account="office", documentNumber="B", taxCode="")
    with pytest.raises(NotSimulated):
        desk.send("POST", path)
    lines = desk.list(f"journals({desk.batch()})/journalLines")
    for line in lines:
        desk.change(f"journalLines({line['id']})", documentNumber="A")
    desk.post()
    assert desk.books()["travel"] == "1234.50"
