"""Journals, deposits and expenses with a line on Accounts Payable, settled and applied by bill payments."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from tests.platforms.quickbooks_online.builders import Client, bill_payment, journal_line, line, purchase

from sandbooks.kit.errors import NotSimulated

D = Decimal


def vendor(client: Client) -> dict[str, str]:
    return {"value": client.labels["suppliers"]["airline"]}


def payable(client: Client) -> str:
    return client.named("Account", "Accounts Payable (A/P)")


def bill(client: Client, amount: str) -> Any:
    body = {"VendorRef": vendor(client), "Line": [line(client.account("travel"), amount)]}
    return client.make("Bill", body)


def ahead(client: Client, amount: str) -> Any:
    """Money paid to a vendor ahead of the bill."""
    named = {**vendor(client), "type": "Vendor"}
    return client.make("Purchase", purchase(client, EntityRef=named, Line=[line(payable(client), amount)]))


def both(client: Client, owed: Any, credit: Any, kind: str, amount: str, *, total: str = "0") -> dict[str, Any]:
    """A payment that applies a credit to a bill, and pays the rest of ``total``."""
    body = bill_payment(client, "airline", total, owed, f"{D(amount) + D(total)}")
    body["Line"].append({"Amount": D(amount), "LinkedTxn": [{"TxnId": credit["Id"], "TxnType": kind}]})
    return body


def test_money_paid_ahead_is_applied_to_the_bill(us: Client) -> None:
    early, owed = ahead(us, "30.00"), bill(us, "50.00")
    made = us.make("BillPayment", both(us, owed, early, "expense", "30.00", total="20.00"))
    assert [each["LinkedTxn"][0]["TxnType"] for each in made["Line"]] == ["Bill", "Expense"]
    assert us.get(f"bill/{owed['Id']}")["Bill"]["Balance"] == 0
    assert us.trial() == {"Corporate card": D("-30.00"), "Main bank": D("-20.00"), "Flights": D("50.00")}
    assert us.fault("billpayment", both(us, bill(us, "30.00"), early, "Expense", "30.00"))[1] == "620"


def test_money_paid_ahead_stays_while_it_is_applied(us: Client) -> None:
    early, owed = ahead(us, "30.00"), bill(us, "30.00")
    paid = us.make("BillPayment", both(us, owed, early, "Expense", "30.00"))
    gone = {"Id": early["Id"], "SyncToken": "1"}
    assert us.fault("purchase", gone, operation="delete")[:2] == (400, "800")
    changed = {**early, "SyncToken": "1", "Line": [line(payable(us), "29.00")]}
    assert us.fault("purchase", changed)[:2] == (400, "6000")
    noted = us.make("Purchase", {**early, "SyncToken": "1", "PrivateNote": "deposit for the flight"})
    us.post("billpayment", {"Id": paid["Id"], "SyncToken": "0"}, operation="delete")
    us.post("purchase", {"Id": early["Id"], "SyncToken": str(int(noted["SyncToken"]) + 1)}, operation="delete")
    assert us.trial() == {"Accounts Payable (A/P)": D("-30.00"), "Flights": D("30.00")}


def test_a_refund_deposited_on_payables_is_paid_like_a_bill(us: Client) -> None:
    detail = {"AccountRef": {"value": payable(us)}, "Entity": {**vendor(us), "type": "Vendor"}}
    taken = {"Amount": D("12.00"), "DetailType": "DepositLineDetail", "DepositLineDetail": detail}
    deposit = us.make("Deposit", {"DepositToAccountRef": {"value": us.account("bank")}, "Line": [taken]})
    us.make("BillPayment", bill_payment(us, "airline", "12.00", deposit, "12.00", kind="Deposit"))
    assert us.trial() == {}
    assert us.fault("billpayment", bill_payment(us, "airline", "1.00", deposit, "1.00", kind="Deposit"))[1] == "620"


def test_a_journal_debit_on_payables_is_applied_like_a_credit(us: Client) -> None:
    entity = {"Type": "Vendor", "EntityRef": vendor(us)}
    lines = [
        journal_line(payable(us), "7.50", "Debit", Entity=entity),
        journal_line(us.account("meals"), "7.50", "Credit"),
    ]
    credit, owed = us.make("JournalEntry", {"Line": lines}), bill(us, "7.50")
    us.make("BillPayment", both(us, owed, credit, "JournalEntry", "7.50"))
    assert us.get(f"bill/{owed['Id']}")["Bill"]["Balance"] == 0
    assert us.fault("journalentry", {"Id": credit["Id"], "SyncToken": "1"}, operation="delete")[:2] == (400, "800")


def test_what_is_on_no_payable_or_of_another_vendor_is_not_linked(us: Client) -> None:
    plain, early = us.make("Purchase", purchase(us, "9.00")), ahead(us, "9.00")
    assert us.fault("billpayment", bill_payment(us, "airline", "9.00", plain, "9.00", kind="Expense"))[1] == "620"
    other = {**bill_payment(us, "airline", "0", early, "9.00", kind="Expense")}
    other["VendorRef"] = {"value": us.make("Vendor", {"DisplayName": "Somebody else"})["Id"]}
    assert us.fault("billpayment", other)[1] == "620"
    with pytest.raises(NotSimulated):
        us.send("POST", "billpayment", bill_payment(us, "airline", "9.00", early, "9.00", kind="BillPaymentCheck"))


def test_a_payment_cannot_link_what_is_paid_or_is_of_another_type(us: Client) -> None:
    paid, owed = bill(us, "30.00"), bill(us, "41.00")
    us.make("BillPayment", bill_payment(us, "airline", "30.00", paid, "30.00"))
    before = us.trial()
    for target, kind, amount in ((paid, "Bill", "1.00"), (owed, "VendorCredit", "5.00"), (owed, "Deposit", "5.00")):
        asked = bill_payment(us, "airline", amount, target, amount, kind=kind)
        assert us.fault("billpayment", asked)[:2] == (400, "620")
    assert us.trial() == before


def test_a_line_without_account_or_item_is_refused(us: Client) -> None:
    bare = {"Amount": D("4.00"), "DetailType": "AccountBasedExpenseLineDetail"}
    for missing in (bare, {**bare, "AccountBasedExpenseLineDetail": {}}):
        assert us.fault("purchase", purchase(us, Line=[missing]))[:2] == (400, "6440")


def test_a_payment_is_voided_by_the_include_option_alone(us: Client) -> None:
    owed = bill(us, "30.00")
    paid = us.make("BillPayment", bill_payment(us, "airline", "30.00", owed, "30.00"))
    told = us.make("BillPayment", {"Id": paid["Id"], "SyncToken": "0", "sparse": True}, include="void")
    assert (told["TotalAmt"], told["PrivateNote"]) == (0, "Voided")
    assert us.get(f"bill/{owed['Id']}")["Bill"]["Balance"] == D("30.00")
