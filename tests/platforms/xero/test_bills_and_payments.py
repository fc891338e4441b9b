"""Bills, credit notes, payments, allocations, batches: what they settle and what they move."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from tests.platforms.xero.conftest import Client, bill, line, signed_in, spend

from sandbooks.platform import CompanyPlan


def pay(document: dict[str, object], amount: str, **more: object) -> dict[str, object]:
    payment = {"Invoice": {"InvoiceID": document["InvoiceID"]}, "Account": {"Code": "090"}, "Date": "2026-03-02"}
    return {**payment, "Amount": amount, **more}


def credit(*lines: dict[str, object], **more: object) -> dict[str, object]:
    return bill(*lines, **{"Type": "ACCPAYCREDIT", **more})


def test_a_draft_posts_nothing_and_its_approval_posts_once(client: Client) -> None:
    made = client.one("PUT", "Invoices", bill(line("120.00", tax="INPUT2"), Status="DRAFT"))
    assert client.balances() == {}
    client.one("POST", f"Invoices/{made['InvoiceID']}", {"Status": "AUTHORISED"})
    assert client.balances() == {
        "Travel": "120.00 GBP",
        "Accounts Payable": "-144.00 GBP",
        "VAT": "24.00 GBP",
    }


def test_a_sales_invoice_mirrors_a_bill(client: Client) -> None:
    made = client.one("PUT", "Invoices", bill(line("80.00", account="200", tax="OUTPUT2"), Type="ACCREC"))
    assert made["InvoiceNumber"] == "INV-0001"
    assert client.balances() == {
        "Sales": "-80.00 GBP",
        "Accounts Receivable": "96.00 GBP",
        "VAT": "-16.00 GBP",
    }
    assert client.problems("PUT", "Invoices", bill(line("1.00"), Type="ACCREC", InvoiceNumber="inv-0001")) == [
        "Invoice # must be unique."
    ]


def test_two_bills_may_share_a_number(client: Client) -> None:
    for amount in ("1.00", "2.00"):
        client.one("PUT", "Invoices", bill(line(amount), InvoiceNumber="B-1"))
    assert len(client.json("GET", "Invoices?InvoiceNumbers=B-1")["Invoices"]) == 2


def test_a_payment_in_full_makes_a_bill_paid_and_its_deletion_open_again(client: Client) -> None:
    made = client.one("PUT", "Invoices", bill(line("120.00"), InvoiceNumber="B-7"))
    payment = client.one("PUT", "Payments", pay(made, "120.00"))
    paid = client.one("GET", "Invoices/B-7")
    assert (paid["Status"], paid["AmountDue"], paid["AmountPaid"]) == ("PAID", 0, 120)
    assert [p["PaymentID"] for p in paid["Payments"]] == [payment["PaymentID"]]
    assert client.balances() == {"Travel": "120.00 GBP", "Current": "-120.00 GBP"}
    client.one("POST", f"Payments/{payment['PaymentID']}", {"Status": "DELETED"})
    opened = client.one("GET", "Invoices/B-7")
    assert (opened["Status"], opened["AmountDue"], opened["Payments"]) == ("AUTHORISED", 120, [])
    assert client.balances() == {"Travel": "120.00 GBP", "Accounts Payable": "-120.00 GBP"}


def test_a_foreign_bill_paid_at_another_rate_realises_the_difference(client: Client) -> None:
    made = client.one("PUT", "Invoices", bill(line("100.00"), CurrencyCode="EUR", CurrencyRate="0.9091"))
    first = client.one("PUT", "Payments", pay(made, "33.33", CurrencyRate="0.8"))
    assert first["BankAmount"] == 41.66
    client.one("PUT", "Payments", pay(made, "66.67", CurrencyRate="0.8"))
    assert client.balances() == {
        "Travel": "110.00 GBP",
        "Realised Currency Gains": "15.00 GBP",
        "Current": "-125.00 GBP",
    }
    payable = next(a.id for a in client.company.book.accounts() if a.name == "Accounts Payable")
    assert not client.company.book.balance(payable)


@pytest.mark.parametrize(
    ("amount", "more", "message"),
    [
        ("120.01", {}, "Payment amount exceeds the amount outstanding on this document"),
        ("0", {}, "The amount must be greater than zero."),
        ("5.00", {"Account": {"Code": "501"}}, "The Account must be a bank account or have payments enabled."),
        (
            "5.00",
            {"Account": {"Code": "092"}},
            "The payment account must be in the currency of the document or in the base currency.",
        ),
        ("5.00", {"Invoice": {"InvoiceID": "11111111-1111-4111-8111-111111111111"}}, "Invoice could not be found."),
    ],
)
def test_a_wrong_payment_is_refused(client: Client, amount: str, more: dict[str, object], message: str) -> None:
    made = client.one("PUT", "Invoices", bill(line("120.00")))
    assert client.problems("PUT", "Payments", pay(made, amount, **more)) == [message]


def test_a_draft_cannot_be_paid(client: Client) -> None:
    made = client.one("PUT", "Invoices", bill(line("120.00"), Status="DRAFT"))
    assert client.problems("PUT", "Payments", pay(made, "1.00")) == [
        "Payments can only be made against Authorised documents"
    ]


def test_a_bill_with_a_payment_can_be_neither_voided_nor_edited(client: Client) -> None:
    made = client.one("PUT", "Invoices", bill(line("120.00")))
    client.one("PUT", "Payments", pay(made, "20.00"))
    path = f"Invoices/{made['InvoiceID']}"
    assert "VOIDED cannot be applied" in client.problems("POST", path, {"Status": "VOIDED"})[0]
    assert "cannot be edited" in client.problems("POST", path, {"LineItems": [line("1.00")]})[0]
    assert client.one("POST", path, {"Reference": "note"})["Reference"] == "note"


def test_an_approved_bill_is_voided_and_never_deleted(client: Client) -> None:
    made = client.one("PUT", "Invoices", bill(line("120.00")))
    path = f"Invoices/{made['InvoiceID']}"
    assert client.problems("POST", path, {"Status": "DELETED"}) == ["Invoice not of valid status for modification"]
    assert client.one("POST", path, {"Status": "VOIDED"})["Status"] == "VOIDED"
    assert client.balances() == {}
    assert client.problems("POST", path, {"Reference": "x"}) == ["Invoice not of valid status for modification"]


def test_an_edit_of_an_approved_bill_reverses_and_posts_anew(client: Client) -> None:
    made = client.one("PUT", "Invoices", bill(line("120.00")))
    client.one("POST", f"Invoices/{made['InvoiceID']}", {"LineItems": [line("99.00", account="502")]})
    assert client.balances() == {"Meals": "99.00 GBP", "Accounts Payable": "-99.00 GBP"}
    numbers = [journal["JournalNumber"] for journal in client.json("GET", "Journals")["Journals"]]
    assert numbers == [1, 2, 3]


def test_an_allocation_moves_only_the_exchange_difference(client: Client) -> None:
    made = client.one("PUT", "Invoices", bill(line("100.00"), CurrencyCode="EUR", CurrencyRate="0.8"))
    note = client.one("PUT", "CreditNotes", credit(line("100.00"), CurrencyCode="EUR", CurrencyRate="1.25"))
    path = f"CreditNotes/{note['CreditNoteID']}/Allocations"
    body = {"Amount": 100, "Invoice": {"InvoiceID": made["InvoiceID"]}, "Date": "2026-03-02"}
    allocation = client.one("PUT", path, body)
    assert client.balances() == {"Travel": "45.00 GBP", "Realised Currency Gains": "-45.00 GBP"}
    settled = client.one("GET", f"Invoices/{made['InvoiceID']}")
    assert (settled["Status"], settled["AmountCredited"]) == ("PAID", 100)
    assert client.one("GET", f"CreditNotes/{note['CreditNoteID']}")["RemainingCredit"] == 0
    gone = client.json("DELETE", f"{path}/{allocation['AllocationID']}")
    assert (gone["IsDeleted"], gone["Amount"], gone["Invoice"]) == (True, allocation["Amount"], allocation["Invoice"])
    assert client.one("GET", f"Invoices/{made['InvoiceID']}")["AmountDue"] == 100
    assert "Realised Currency Gains" not in client.balances()


def test_an_allocation_may_name_its_amount_as_the_answers_do(client: Client) -> None:
    made = client.one("PUT", "Invoices", bill(line("30.00")))
    note = client.one("PUT", "CreditNotes", credit(line("12.40")))
    body = {"AppliedAmount": "7.25", "Invoice": {"InvoiceID": made["InvoiceID"]}}
    assert client.one("PUT", f"CreditNotes/{note['CreditNoteID']}/Allocations", body)["Amount"] == 7.25
    assert client.one("GET", f"Invoices/{made['InvoiceID']}")["AmountDue"] == 22.75
    assert client.one("GET", f"CreditNotes/{note['CreditNoteID']}")["RemainingCredit"] == 5.15


def test_a_refund_of_a_credit_note_comes_into_the_bank(client: Client) -> None:
    note = client.one("PUT", "CreditNotes", credit(line("45.00"), CreditNoteNumber="CN-9"))
    refund = {
        "CreditNote": {"CreditNoteNumber": "CN-9"},
        "Account": {"Code": "090"},
        "Amount": 45,
        "Date": "2026-03-02",
    }
    assert client.one("PUT", "Payments", refund)["PaymentType"] == "APCREDITPAYMENT"
    assert client.one("GET", f"CreditNotes/{note['CreditNoteID']}")["Status"] == "PAID"
    assert client.balances() == {"Travel": "-45.00 GBP", "Current": "45.00 GBP"}


def test_a_batch_pays_several_bills_and_is_deleted_as_a_whole(client: Client) -> None:
    bills = [
        client.one("PUT", "Invoices", bill(line(amount), Contact={"Name": name}))
        for amount, name in (("10.50", "A"), ("20.25", "B"))
    ]
    payments = [{"Invoice": {"InvoiceID": b["InvoiceID"]}, "Amount": b["Total"]} for b in bills]
    body = {"Account": {"Code": "090"}, "Date": "2026-03-02", "Payments": payments}
    batch = client.one("PUT", "BatchPayments", body)
    assert (batch["Type"], batch["TotalAmount"]) == ("PAYBATCH", 30.75)
    assert client.balances() == {"Travel": "30.75 GBP", "Current": "-30.75 GBP"}
    single = f"Payments/{batch['Payments'][0]['PaymentID']}"
    assert client.problems("POST", single, {"Status": "DELETED"}) == ["Payments within a batch cannot be deleted."]
    client.one("POST", f"BatchPayments/{batch['BatchPaymentID']}", {"Status": "DELETED"})
    assert client.balances() == {"Travel": "30.75 GBP", "Accounts Payable": "-30.75 GBP"}


def test_a_batch_with_one_bad_payment_pays_nothing(client: Client) -> None:
    made = client.one("PUT", "Invoices", bill(line("10.50")))
    payments = [{"Invoice": {"InvoiceID": made["InvoiceID"]}, "Amount": amount} for amount in ("10.00", "1.00")]
    body = {"Account": {"Code": "090"}, "Date": "2026-03-02", "Payments": payments}
    assert client.problems("PUT", "BatchPayments", body) == [
        "Payment amount exceeds the amount outstanding on this document"
    ]
    assert client.one("GET", f"Invoices/{made['InvoiceID']}")["AmountDue"] == 10.5


def test_a_prepayment_waits_where_it_was_coded_and_moves_when_allocated(client: Client) -> None:
    client.one("PUT", "BankTransactions", spend(line("50.00", tax="INPUT2"), Type="SPEND-PREPAYMENT"))
    (waiting,) = client.json("GET", "Prepayments")["Prepayments"]
    assert (waiting["RemainingCredit"], waiting["Status"]) == (60, "AUTHORISED")
    made = client.one("PUT", "Invoices", bill(line("50.00", account="502", tax="INPUT2")))
    body = {"Amount": 60, "Invoice": {"InvoiceID": made["InvoiceID"]}}
    client.one("PUT", f"Prepayments/{waiting['PrepaymentID']}/Allocations", body)
    assert client.balances() == {"Meals": "50.00 GBP", "VAT": "10.00 GBP", "Current": "-60.00 GBP"}


def test_an_overpayment_stands_with_the_supplier_and_its_allocation_moves_nothing(client: Client) -> None:
    over = client.one(
        "PUT", "BankTransactions", spend({"Description": "Too much", "UnitAmount": "9.00"}, Type="SPEND-OVERPAYMENT")
    )
    assert client.balances() == {"Accounts Payable": "9.00 GBP", "Current": "-9.00 GBP"}
    made = client.one("PUT", "Invoices", bill(line("9.00")))
    before = len(list(client.company.book.lines()))
    client.one(
        "PUT",
        f"Overpayments/{over['OverpaymentID']}/Allocations",
        {"Amount": 9, "Invoice": {"InvoiceID": made["InvoiceID"]}},
    )
    assert len(list(client.company.book.lines())) == before
    assert client.one("GET", f"Invoices/{made['InvoiceID']}")["Status"] == "PAID"


def test_a_transfer_moves_money_between_accounts_and_is_deleted_once(client: Client) -> None:
    body = {
        "FromBankAccount": {"Code": "090"},
        "ToBankAccount": {"Code": "091"},
        "Amount": "77.70",
        "Date": "2026-03-01",
    }
    made = client.one("PUT", "BankTransfers", body)
    assert client.balances() == {"Current": "-77.70 GBP", "Savings": "77.70 GBP"}
    halves = [
        client.one("GET", f"BankTransactions/{made[name]}")["Type"]
        for name in ("FromBankTransactionID", "ToBankTransactionID")
    ]
    assert halves == ["SPEND-TRANSFER", "RECEIVE-TRANSFER"]
    client.one("POST", f"BankTransfers/{made['BankTransferID']}", {"Status": "DELETED"})
    assert client.balances() == {}
    assert client.json("GET", "BankTransfers")["BankTransfers"] == []
    assert len(client.json("GET", "BankTransfers?includeDeleted=True")["BankTransfers"]) == 1


@pytest.mark.parametrize(("currency", "arrives"), [("JPY", "1917 JPY"), ("KWD", "3.890 KWD")])
def test_a_transfer_abroad_arrives_in_units_that_the_currency_has(
    open_organisation: Callable[[CompanyPlan], Client], currency: str, arrives: str
) -> None:
    accounts = {"home": {"type": "bank", "name": "Home"}, "abroad": {"type": "bank", "name": "Abroad"}}
    accounts["abroad"]["currency"] = currency
    client = open_organisation(CompanyPlan(country="GB", accounts=accounts))
    home, abroad = (client.labels["accounts"][name] for name in accounts)
    body = {"FromBankAccount": {"AccountID": home}, "ToBankAccount": {"AccountID": abroad}, "Amount": "10.01"}
    client.one("PUT", "BankTransfers", body)
    held = client.company.book.balance(abroad)
    assert (str(held.by_currency[currency]), str(held.base)) == (arrives, "10.01 GBP")


def test_a_manual_journal_must_balance_and_posts_when_posted(client: Client) -> None:
    lines = [{"LineAmount": "100.00", "AccountCode": "501"}, {"LineAmount": "-10.00", "AccountCode": "502"}]
    assert client.problems("PUT", "ManualJournals", {"Narration": "n", "JournalLines": lines}) == [
        "The total debits (100.00) must equal total credits (-10.00)"
    ]
    lines[1]["LineAmount"] = "-100.00"
    made = client.one("PUT", "ManualJournals", {"Narration": "n", "JournalLines": lines})
    assert (made["Status"], client.balances()) == ("DRAFT", {})
    path = f"ManualJournals/{made['ManualJournalID']}"
    client.one("POST", path, {"Status": "POSTED"})
    assert client.balances() == {"Travel": "100.00 GBP", "Meals": "-100.00 GBP"}
    client.one("POST", path, {"Status": "VOIDED"})
    assert client.balances() == {}


def test_a_manual_journal_takes_no_bank_account(client: Client) -> None:
    lines = [{"LineAmount": "5.00", "AccountCode": "501"}, {"LineAmount": "-5.00", "AccountCode": "090"}]
    (message,) = client.problems("PUT", "ManualJournals", {"Narration": "n", "JournalLines": lines, "Status": "POSTED"})
    assert message == "Account code '090' is not a valid code for this document."


def test_a_change_of_due_date_leaves_prices_and_discounts_as_they_were(client: Client) -> None:
    priced = line("0.3333", Quantity=3, DiscountRate=10, TaxAmount="0.15", TaxType="INPUT2")
    made = client.one("PUT", "Invoices?unitdp=4", bill(priced))
    changed = client.one("POST", f"Invoices/{made['InvoiceID']}", {"DueDate": "2026-04-01", "Reference": "r"})
    assert changed["LineItems"] == made["LineItems"]
    assert changed["DueDateString"] == "2026-04-01T00:00:00"
    assert client.one("POST", f"Invoices/{made['InvoiceID']}", {"Reference": ""})["Reference"] == ""


def test_a_line_known_by_its_id_goes_on_from_what_it_was(client: Client) -> None:
    made = client.one("PUT", "Invoices", bill(line("10.00", tax="INPUT2", TaxAmount="1.99"), line("5.00")))
    first, second = made["LineItems"]
    lines = [
        {"LineItemID": first["LineItemID"], "Description": "Renamed"},
        {"LineItemID": second["LineItemID"], "Quantity": 3},
    ]
    changed = client.one("POST", f"Invoices/{made['InvoiceID']}", {"LineItems": [*lines, line("1.00")]})["LineItems"]
    assert (changed[0]["Description"], changed[0]["TaxAmount"], changed[1]["LineAmount"]) == ("Renamed", 1.99, 15)
    assert [entry["LineItemID"] for entry in changed[:2]] == [first["LineItemID"], second["LineItemID"]]
    assert changed[2]["LineItemID"] not in (first["LineItemID"], second["LineItemID"])


def test_a_draft_whose_account_was_archived_cannot_be_approved(client: Client) -> None:
    made = client.one("PUT", "Invoices", bill(line("10.00"), Status="DRAFT"))
    client.one("POST", f"Accounts/{client.labels['accounts']['travel']}", {"Status": "ARCHIVED"})
    (message,) = client.problems("POST", f"Invoices/{made['InvoiceID']}", {"Status": "AUTHORISED"})
    assert "has been archived" in message


def test_credentials_reach_their_own_organisation_alone(client: Client) -> None:
    other = signed_in(client.app)
    (connection,) = json.loads(other.send("GET", "/connections").body)
    assert connection["tenantId"] == other.company.id
    assert other.send("GET", "Organisation", headers={"Xero-Tenant-Id": client.company.id}).status == 403
