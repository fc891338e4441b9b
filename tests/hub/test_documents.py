"""What each transaction becomes on the wire and in the books."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from tests.hub.desk import Desk, open_desk, transaction_id


def completed(desk: Desk, sync: str) -> None:
    assert [status for status, _ in desk.outcomes(sync).values()] == ["Completed"], desk.outcomes(sync)


@pytest.mark.parametrize(
    ("kind", "account", "native", "balance"),
    [
        ("Payment", "visa", {"kind": "Purchase", "PaymentType": "CreditCard"}, "-13.00 GBP"),
        ("Refund", "visa", {"kind": "Purchase", "PaymentType": "CreditCard", "Credit": True}, "13.00 GBP"),
        ("Reward", "visa", {"kind": "Purchase", "Credit": True}, "13.00 GBP"),
        ("Chargeback", "visa", {"kind": "Purchase", "Credit": True}, "13.00 GBP"),
        ("Payment", "bank", {"kind": "Purchase", "PaymentType": "Cash"}, "-13.00 GBP"),
        ("Refund", "bank", {"kind": "Deposit"}, "13.00 GBP"),
        ("Reward", "bank", {"kind": "Deposit"}, "13.00 GBP"),
        ("Chargeback", "bank", {"kind": "Deposit"}, "13.00 GBP"),
    ],
)
def test_an_expense_becomes_the_native_document_of_its_kind_and_account(
    desk: Desk, kind: str, account: str, native: dict[str, Any], balance: str
) -> None:
    completed(desk, desk.push(desk.expense(1, kind, bankAccountRef={"id": desk.account(account)})))
    document = desk.document(1)
    assert {name: document.get(name) for name in native} == native
    assert desk.balance(account) == balance
    assert document["TxnDate"] == "2026-03-20"


def test_a_transfer_and_its_way_back_leave_the_balances_as_they_were(desk: Desk) -> None:
    def move(number: int, source: str, target: str) -> None:
        sides = {
            "from": {"accountRef": {"id": desk.account(source)}, "amount": 41.5},
            "to": {"accountRef": {"id": desk.account(target)}, "amount": 41.5},
        }
        path = f"{{c}}/sync/expenses/transfer-transactions/{transaction_id(number)}"
        completed(desk, desk.send("PUT", path, {"date": "2026-03-20", **sides}).body["syncId"])

    move(1, "bank", "visa")
    assert (desk.balance("bank"), desk.balance("visa")) == ("-41.50 GBP", "41.50 GBP")
    move(2, "visa", "bank")
    assert (desk.balance("bank"), desk.balance("visa")) == ("0.00 GBP", "0.00 GBP")


def test_a_transfer_is_read_whatever_the_case_of_its_member_names(desk: Desk) -> None:
    body = {
        "Date": "2026-03-20",
        "From": {"AccountRef": {"Id": desk.account("bank")}, "Amount": 7},
        "To": {"AccountRef": {"Id": desk.account("reserve")}, "Amount": 7},
    }
    answer = desk.send("PUT", f"{{c}}/sync/expenses/transfer-transactions/{transaction_id(1)}", body)
    completed(desk, answer.body["syncId"])


def test_an_adjustment_posts_debits_and_credits(desk: Desk) -> None:
    lines = [
        {"amount": 23.4, "accountRef": {"id": desk.account("travel")}},
        {"amount": -23.4, "accountRef": {"id": desk.account("meals")}},
    ]
    body = [{"id": transaction_id(1), "date": "2026-03-20", "currency": "GBP", "lines": lines}]
    completed(desk, desk.send("POST", "{c}/sync/expenses/adjustment-transactions", body).body["syncId"])
    assert (desk.balance("travel"), desk.balance("meals")) == ("23.40 GBP", "-23.40 GBP")


def test_a_reimbursable_is_a_bill_of_the_employee_and_moves_no_bank_account(desk: Desk) -> None:
    body = {
        "id": transaction_id(1),
        "issueDate": "2026-03-20",
        "dueDate": "2026-04-20",
        "currency": "GBP",
        "reference": "MAR-7",
        "contactRef": {"id": desk.supplier("employee")},
        "lines": [{"netAmount": 17.35, "accountRef": {"id": desk.account("meals")}}],
    }
    completed(desk, desk.send("POST", "{c}/sync/expenses/reimbursable-expense-transactions", [body]).body["syncId"])
    bill = desk.document(1)
    assert (bill["kind"], bill["VendorRef"]["value"]) == ("Bill", desk.supplier("employee"))
    assert (bill["DueDate"], bill["DocNumber"]) == ("2026-04-20", "MAR-7")
    assert (desk.balance("meals"), desk.balance("visa")) == ("17.35 GBP", "0.00 GBP")


def test_tax_is_booked_apart_and_the_gross_is_what_was_spent(desk: Desk) -> None:
    rates = desk.get("{c}/sync/expenses/mappingOptions")["taxRates"]
    rate = next(row for row in rates if row["totalTaxRate"] == 20)
    line = {
        "netAmount": 50.01,
        "taxAmount": 10.01,
        "taxRateRef": {"id": rate["id"]},
        "accountRef": {"id": desk.account("travel")},
    }
    completed(desk, desk.push(desk.expense(1, lines=[line])))
    assert (desk.balance("visa"), desk.balance("travel")) == ("-60.02 GBP", "50.01 GBP")
    completed(desk, desk.push(desk.expense(2, "Refund", lines=[line])))
    assert (desk.balance("visa"), desk.balance("travel")) == ("0.00 GBP", "0.00 GBP")


def test_tax_without_a_rate_is_part_of_the_cost(desk: Desk) -> None:
    line = {"netAmount": 50.01, "taxAmount": 3.2, "accountRef": {"id": desk.account("travel")}}
    completed(desk, desk.push(desk.expense(1, lines=[line])))
    assert (desk.balance("visa"), desk.balance("travel")) == ("-53.21 GBP", "53.21 GBP")


def test_in_a_company_of_the_us_tax_is_part_of_the_cost() -> None:
    desk = open_desk(country="US", currency="USD", accounts={"dollars": {"type": "bank", "name": "Other"}})
    line = {
        "netAmount": 50.01,
        "taxAmount": 4.13,
        "taxRateRef": {"id": "NON"},
        "accountRef": {"id": desk.account("travel")},
    }
    completed(desk, desk.push(desk.expense(1, currency="USD", lines=[line])))
    assert (desk.balance("visa"), desk.balance("travel")) == ("-54.14 USD", "54.14 USD")


# Currencies: the vectors of the public example, base GBP at 0.781 pounds for a dollar


def test_dollars_on_a_dollar_card_are_carried_at_the_given_rate(desk: Desk) -> None:
    line = {"netAmount": 20, "taxAmount": 0, "accountRef": {"id": desk.account("travel")}}
    sync = desk.push(
        desk.expense(
            1, currency="USD", currencyRate=0.781, bankAccountRef={"id": desk.account("dollars")}, lines=[line]
        )
    )
    completed(desk, sync)
    balance = desk.native.book.balance(desk.account("dollars"))
    assert str(balance.base) == "-15.62 GBP"
    assert desk.balance("travel") == "15.62 GBP"


def test_dollars_on_a_pound_card_are_booked_in_pounds_to_the_cent(desk: Desk) -> None:
    lines = [{"netAmount": net, "taxAmount": 0, "accountRef": {"id": desk.account("travel")}} for net in (6.67, 13.33)]
    completed(desk, desk.push(desk.expense(1, currency="USD", currencyRate=0.781, lines=lines)))
    assert (desk.balance("visa"), desk.balance("travel")) == ("-15.62 GBP", "15.62 GBP")


@pytest.mark.parametrize(
    ("currency", "account"), [("GBP", "dollars"), ("EUR", "dollars")], ids=["pounds", "another foreign currency"]
)
def test_a_dollar_card_takes_neither_pounds_nor_another_foreign_currency(
    desk: Desk, currency: str, account: str
) -> None:
    sync = desk.push(
        desk.expense(1, currency=currency, currencyRate=0.781, bankAccountRef={"id": desk.account(account)})
    )
    assert desk.outcome(sync)[0] == "ValidationError"
    assert desk.documents(1) == []


def test_a_foreign_currency_needs_a_rate(desk: Desk) -> None:
    sync = desk.push(desk.expense(1, currency="USD"))
    status, message = desk.outcome(sync)
    assert (status, "currencyRate" in message) == ("ValidationError", True)


def test_a_card_paid_down_from_pounds_takes_the_rate_of_the_two_amounts(desk: Desk) -> None:
    sides = {
        "from": {"accountRef": {"id": desk.account("bank")}, "amount": 16},
        "to": {"accountRef": {"id": desk.account("dollars")}, "amount": 20},
    }
    path = f"{{c}}/sync/expenses/transfer-transactions/{transaction_id(1)}"
    completed(desk, desk.send("PUT", path, {"date": "2026-03-20", **sides}).body["syncId"])
    assert (desk.balance("bank"), desk.balance("dollars")) == ("-16.00 GBP", "16.00 GBP")


# Updates


def test_an_update_changes_the_one_document_and_keeps_its_id(desk: Desk) -> None:
    completed(desk, desk.push(desk.expense(1)))
    before = desk.document(1)["Id"]
    line = {"netAmount": 29.99, "taxAmount": 0, "accountRef": {"id": desk.account("meals")}}
    body = {"type": "Payment", "issueDate": "2026-03-21", "currency": "GBP", "lines": [line]}
    answer = desk.send("PUT", f"{{c}}/sync/expenses/expense-transactions/{transaction_id(1)}", body)
    assert answer.status == 202
    completed(desk, answer.body["syncId"])
    after = desk.document(1)
    assert (after["Id"], after["TxnDate"], Decimal(after["TotalAmt"])) == (before, "2026-03-21", Decimal("29.99"))
    assert (desk.balance("visa"), desk.balance("travel"), desk.balance("meals")) == (
        "-29.99 GBP",
        "0.00 GBP",
        "29.99 GBP",
    )


def test_only_payments_that_were_written_can_be_updated(desk: Desk) -> None:
    completed(desk, desk.push(desk.expense(1, "Refund")))
    body = {"type": "Payment", "issueDate": "2026-03-21", "currency": "GBP"}
    refund = desk.send("PUT", f"{{c}}/sync/expenses/expense-transactions/{transaction_id(1)}", body)
    assert refund.status == 422
    unknown = desk.send("PUT", f"{{c}}/sync/expenses/expense-transactions/{transaction_id(9)}", body)
    assert unknown.status == 404


def test_an_update_goes_on_top_of_what_the_bookkeeper_changed(desk: Desk) -> None:
    from sandbooks.platform import platform_named

    completed(desk, desk.push(desk.expense(1)))
    native = desk.document(1)
    with desk.world.unit():
        platform_named(desk.native.platform).load_bookkeeper().edit(
            desk.native, "Purchase", native["Id"], {"DocNumber": "KEPT-1"}
        )
    line = {"netAmount": 8.05, "taxAmount": 0, "accountRef": {"id": desk.account("meals")}}
    body = {"type": "Payment", "issueDate": "2026-03-20", "currency": "GBP", "lines": [line]}
    answer = desk.send("PUT", f"{{c}}/sync/expenses/expense-transactions/{transaction_id(1)}", body)
    completed(desk, answer.body["syncId"])
    assert (desk.document(1)["DocNumber"], desk.balance("visa")) == ("KEPT-1", "-8.05 GBP")


def test_an_update_that_cannot_be_written_leaves_the_document_and_the_first_syncs_word(desk: Desk) -> None:
    first = desk.push(desk.expense(1))
    completed(desk, first)
    line = {"netAmount": 8, "taxAmount": 0, "accountRef": {"id": "no-such"}}
    body = {"type": "Payment", "issueDate": "2026-03-20", "currency": "GBP", "lines": [line]}
    path = f"{{c}}/sync/expenses/expense-transactions/{transaction_id(1)}"
    second = desk.send("PUT", path, body).body["syncId"]
    assert (desk.outcome(first)[0], desk.outcome(second)[0]) == ("Completed", "ValidationError")
    assert desk.balance("visa") == "-13.00 GBP"
    line["accountRef"] = {"id": desk.account("meals")}
    completed(desk, desk.send("PUT", path, {**body, "lines": [line]}).body["syncId"])
    assert desk.balance("visa") == "-8.00 GBP"
