"""What waits for approvers: listed by application, approved or declined."""

import pytest
from tests.platforms.sage_intacct.desk import Desk
from tests.platforms.sage_intacct.documents import report

from sandbooks.kit.errors import NotSimulated


def waiting(desk: Desk, module: str) -> list[tuple[str, str]]:
    found = desk.run({"getTransactionsToApprove": {"module": module}}).findall("data/transaction")
    return [(str(each.findtext("OBJECT")), str(each.findtext("DOCID"))) for each in found]


def test_what_waits_for_an_approver_is_listed_until_it_is_decided(desk: Desk) -> None:
    desk.company.change_settings(bill_approval=True, expense_approval=True, payment_approval=True)
    bill, other = desk.bill("5.00"), desk.bill("7.00", number="B-2")
    expense = report(desk, "3.00")
    assert waiting(desk, "AP") == [("APBILL", bill), ("APBILL", other)]
    assert waiting(desk, "6.EE") == [("EEXPENSES", expense)]
    desk.run({"approve": {"APBILL": {"DOCID": bill}}})
    desk.run({"decline": {"APBILL": {"RECORDNO": other}}})
    assert desk.books() == {"office": "5.00", "payables": "-5.00"}
    payment = desk.payment(bill, "5.00")
    assert waiting(desk, "3.AP") == [("APPYMT", payment)]
    desk.run({"approve": {"APPYMT": {"RECORDNO": payment}}})
    assert (waiting(desk, "AP"), desk.row("APPYMT", payment)["STATE"]) == ([], "Approved")


def test_an_application_that_approves_nothing_here_is_refused_or_says_so(desk: Desk) -> None:
    assert "module" in desk.refused({"getTransactionsToApprove": {"module": "ZZ"}})[0][1]
    with pytest.raises(NotSimulated, match="purchasing"):
        desk.send({"getTransactionsToApprove": {"module": "PO"}})
