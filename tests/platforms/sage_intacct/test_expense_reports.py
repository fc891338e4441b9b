"""Expense reports: what employees are owed and how they are paid back."""

from tests.platforms.sage_intacct.desk import Desk, day, open_desk
from tests.platforms.sage_intacct.documents import employee, report

from sandbooks.app import App
from sandbooks.platform import CompanyPlan


def test_an_expense_report_is_owed_to_the_employee_until_it_is_reimbursed(desk: Desk) -> None:
    key = report(desk, "47.80")
    assert desk.books() == {"travel": "47.80", "employee_payables": "-47.80"}
    item = {"key": key, "paymentamount": "47.80"}
    given = {
        "bankaccountid": desk.account("bank"),
        "employeeid": "E-1",
        "paymentmethod": "EFT",
        "paymentdate": day("2026-03-05"),
        "eppaymentrequestitems": {"eppaymentrequestitem": item},
    }
    desk.legacy("create_reimbursementrequest", given)
    assert desk.books() == {"travel": "47.80", "bank": "-47.80"}
    assert desk.row("EEXPENSES", key)["STATE"] == "Paid"


def test_a_non_reimbursable_expense_credits_its_offset_account(desk: Desk) -> None:
    desk.create("EXPENSEPAYMENTTYPE", NAME="Card", NONREIMBURSABLE="true", OFFSETACCTNO=desk.account("visa"))
    report(desk, "19.90", exppmttype="Card")
    assert desk.books() == {"travel": "19.90", "visa": "-19.90"}


def test_an_expense_spent_abroad_is_claimed_at_its_own_rate(desk: Desk) -> None:
    report(desk, "", currency="USD", trx_amount="50.00", exchrate="0.9")
    assert desk.books() == {"travel": "45.00", "employee_payables": "-45.00"}


def test_expense_reports_wait_for_approval_where_the_company_wants_it(app: App) -> None:
    desk = open_desk(app, CompanyPlan(country="GB", settings={"expense_approval": True}))
    employee(desk)
    expense = {"glaccountno": "6200", "amount": "31.00"}
    key = desk.legacy(
        "create_expensereport",
        {"employeeid": "E-1", "datecreated": day("2026-03-02"), "expenses": {"expense": expense}},
    )
    assert (desk.row("EEXPENSES", key)["STATE"], desk.books()) == ("Submitted", {})
    desk.run({"approve": {"EEXPENSES": {"RECORDNO": key}}})
    assert desk.books() == {"6200": "31.00", "employee_payables": "-31.00"}


def test_an_employee_of_a_company_of_several_entities_has_a_location(app: App) -> None:
    desk = open_desk(app, CompanyPlan(country="GB", settings={"entities": {"UK": "Larch UK"}}))
    fields = {"EMPLOYEEID": "E-1", "PERSONALINFO": {"CONTACTNAME": "Ana Bell", "PRINTAS": "Ana Bell"}}
    assert "LOCATIONID" in desk.refused({"create": {"EMPLOYEE": fields}})[0][1]
    desk.create("EMPLOYEE", **fields, LOCATIONID="UK")
