"""Documents as PDF, filters of single lists, warnings, and what closes an organisation."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.platforms.xero.conftest import Client, bill, line, spend

from sandbooks.faults.plan import Plan
from sandbooks.kit.errors import NotSimulated
from sandbooks.platform import CompanyPlan, platform_named
from sandbooks.platforms.xero.refusals import Invalid

Open = Callable[[CompanyPlan], Client]


@pytest.mark.parametrize(("path", "accept"), [("", "application/pdf"), ("/pdf", "application/pdf"), ("/PDF", None)])
def test_an_invoice_is_read_as_pdf(client: Client, path: str, accept: str | None) -> None:
    made = client.one("PUT", "Invoices", bill(line("8.00"), InvoiceNumber="B-(1)"))
    answer = client.send("GET", f"Invoices/{made['InvoiceID']}{path}", headers={"Accept": accept})
    assert (answer.status, answer.header("Content-Type")) == (200, "application/pdf")
    assert answer.body.startswith(b"%PDF-1.4")
    assert answer.body.rstrip().endswith(b"%%EOF")
    assert rb"B-\(1\)" in answer.body
    table = int(answer.body.rsplit(b"startxref\n", 1)[1].split(b"\n")[0])
    assert answer.body[table : table + 4] == b"xref"


def test_a_credit_note_is_read_as_pdf_and_a_contact_is_not(client: Client) -> None:
    note = client.one("PUT", "CreditNotes", bill(line("9.00"), Type="ACCPAYCREDIT"))
    assert client.send("GET", f"CreditNotes/{note['CreditNoteID']}/pdf").body.startswith(b"%PDF")
    headers: dict[str, str | None] = {"Accept": "application/pdf"}
    with pytest.raises(NotSimulated):
        client.send("GET", f"Contacts/{client.labels['suppliers']['airline']}", headers=headers)


def test_created_by_my_app_leaves_out_what_another_application_made(client: Client) -> None:
    mine = client.one("PUT", "Invoices", bill(line("8.00"), InvoiceNumber="mine"))
    record = client.company.records.get("Invoice", mine["InvoiceID"])
    assert record is not None
    body = {**record.copy(), "InvoiceID": "7f3c0b1e-0000-4000-8000-000000000001", "_App": "another", "_BaseOpen": 0}
    with client.world.unit():
        client.company.records.put("Invoice", body["InvoiceID"], body, version=1)
    found = client.json("GET", "Invoices?createdByMyApp=True")["Invoices"]
    assert [each["InvoiceNumber"] for each in found] == ["mine"]
    assert len(client.json("GET", "Invoices")["Invoices"]) == 2


def test_prepayments_are_found_by_the_invoices_that_they_pay(client: Client) -> None:
    owed = client.one("PUT", "Invoices", bill(line("20.00"), InvoiceNumber="B-77"))
    paid = client.one("PUT", "BankTransactions", spend(line("7.00"), Type="SPEND-PREPAYMENT"))
    client.one("PUT", "BankTransactions", spend(line("4.00"), Type="SPEND-PREPAYMENT"))
    place = f"Prepayments/{paid['PrepaymentID']}/Allocations"
    client.one("PUT", place, {"Amount": 7, "Invoice": {"InvoiceID": owed["InvoiceID"]}})
    found = client.json("GET", "Prepayments?InvoiceNumbers=b-77,other")["Prepayments"]
    assert [each["PrepaymentID"] for each in found] == [paid["PrepaymentID"]]


def test_only_money_spent_or_received_keeps_a_reference(client: Client) -> None:
    plain = client.one("PUT", "BankTransactions", spend(line("4.00"), Reference="r-1"))
    ahead = client.one("PUT", "BankTransactions", spend(line("4.00"), Type="SPEND-PREPAYMENT", Reference="r-2"))
    assert (plain["Reference"], "Reference" in ahead) == ("r-1", False)


def test_a_draft_journal_loses_an_unknown_account_with_a_warning_and_a_posted_one_is_refused(client: Client) -> None:
    lines = [{"LineAmount": 5, "AccountCode": "501"}, {"LineAmount": -5, "AccountCode": "9476"}]
    draft = {"Narration": "n", "JournalLines": lines}
    warning = "Account code '9476' has been removed as it does not match a recognised account."
    made = client.one("PUT", "ManualJournals", draft)
    assert made["Warnings"] == [{"Message": warning}]
    assert [line.get("AccountCode") for line in made["JournalLines"]] == ["501", None]
    apart = client.one("PUT", "ManualJournals?summarizeErrors=false", draft)
    assert (apart["StatusAttributeString"], apart["Warnings"]) == ("WARNING", [{"Message": warning}])
    message = "Account code '9476' is not a valid code for this document."
    assert client.problems("PUT", "ManualJournals", {**draft, "Status": "POSTED"}) == [message]
    assert client.problems("POST", f"ManualJournals/{made['ManualJournalID']}", {"Status": "POSTED"})
    assert client.balances() == {}


def test_a_receipt_and_a_claim_have_a_history(client: Client) -> None:
    user = {"UserID": client.json("GET", "Users")["Users"][0]["UserID"]}
    receipt = client.one("PUT", "Receipts", {"User": user, "Contact": {"Name": "Cafe"}, "LineItems": [line("4.10")]})
    claim = client.one("PUT", "ExpenseClaims", {"User": user, "Receipts": [{"ReceiptID": receipt["ReceiptID"]}]})
    for path in (f"Receipts/{receipt['ReceiptID']}", f"ExpenseClaims/{claim['ExpenseClaimID']}"):
        client.json("PUT", f"{path}/History", {"HistoryRecords": [{"Details": "seen"}]})
        told = client.json("GET", f"{path}/History")["HistoryRecords"]
        assert "seen" in [each["Details"] for each in told]


def test_a_precondition_closes_the_organisation(open_organisation: Open) -> None:
    client = open_organisation(CompanyPlan(country="GB", settings={"precondition_failed": "The trial has ended"}))
    answer = client.send("GET", "Organisation")
    assert (answer.status, b"The trial has ended" in answer.body) == (412, True)
    assert client.send("GET", "/connections").status == 200


def test_journals_may_be_kept_for_the_advanced_tier(client: Client) -> None:
    asked = {"grant_type": "client_credentials", "scope": "accounting.journals.read"}
    keys = {name: client.credentials[name] for name in ("client_id", "client_secret")}
    assert client.form("/connect/token", **asked, **keys)[0] == 200
    with client.world.unit():
        client.world.put("settings", "xero_journals", "off")
    assert client.form("/connect/token", **asked, **keys)[1]["error"] == "invalid_scope"


def test_a_guid_in_a_filter_needs_no_dashes(client: Client) -> None:
    made = client.one("PUT", "Invoices", bill(line("8.00"), InvoiceNumber="B-1"))
    bare = made["InvoiceID"].replace("-", "").upper()
    found = client.json("GET", f'Invoices?where=InvoiceID==Guid("{bare}")')["Invoices"]
    assert [each["InvoiceNumber"] for each in found] == ["B-1"]


def test_the_history_tells_of_approval_files_and_payments(client: Client) -> None:
    made = client.one("PUT", "Invoices", bill(line("8.00"), Status="DRAFT"))
    place = f"Invoices/{made['InvoiceID']}"
    client.one("POST", place, {"Reference": "seen"})
    client.one("POST", place, {"Status": "AUTHORISED"})
    client.send("PUT", f"{place}/Attachments/r.pdf", b"x")
    paid = {"Invoice": {"InvoiceID": made["InvoiceID"]}, "Account": {"Code": "090"}}
    for amount in ("3.00", "5.00"):
        last = client.one("PUT", "Payments", {**paid, "Amount": amount})
    client.one("POST", f"Payments/{last['PaymentID']}", {"Status": "DELETED"})
    told = client.json("GET", f"{place}/History")["HistoryRecords"]
    changes = ["Payment Deleted", "Paid", "Payment Made", "Attached a file", "Approved", "Edited", "Created"]
    assert [each["Changes"] for each in told] == changes
    assert told[3]["Details"] == "r.pdf"


def test_the_status_of_a_billable_link_follows_its_documents(client: Client) -> None:
    cost = client.one("PUT", "Invoices", bill(line("8.00"), Status="DRAFT"))
    shop = client.labels["customers"]["shop"]
    source = {"SourceTransactionID": cost["InvoiceID"], "SourceLineItemID": cost["LineItems"][0]["LineItemID"]}
    link = client.one("PUT", "LinkedTransactions", {**source, "ContactID": shop})
    place = f"LinkedTransactions/{link['LinkedTransactionID']}"
    seen = [link["Status"]]
    client.one("POST", f"Invoices/{cost['InvoiceID']}", {"Status": "AUTHORISED"})
    seen.append(client.one("GET", place)["Status"])
    sold = bill(line("8.00", account="200"), Type="ACCREC", Contact={"ContactID": shop}, Status="DRAFT")
    target = client.one("PUT", "Invoices", sold)
    client.one("POST", place, {"TargetTransactionID": target["InvoiceID"]})
    seen.append(client.one("GET", place)["Status"])
    client.one("POST", f"Invoices/{target['InvoiceID']}", {"Status": "AUTHORISED"})
    seen.append(client.json("GET", "LinkedTransactions?Status=billed")["LinkedTransactions"][0]["Status"])
    client.one("POST", f"Invoices/{cost['InvoiceID']}", {"Status": "VOIDED"})
    seen.append(client.one("GET", place)["Status"])
    assert seen == ["DRAFT", "APPROVED", "ONDRAFT", "BILLED", "VOIDED"]


def test_an_approved_claim_is_paid_in_the_screens(client: Client) -> None:
    user = {"UserID": client.json("GET", "Users")["Users"][0]["UserID"]}
    receipt = client.one("PUT", "Receipts", {"User": user, "Contact": {"Name": "Cafe"}, "LineItems": [line("4.10")]})
    named = {"User": user, "Receipts": [{"ReceiptID": receipt["ReceiptID"]}]}
    claim = client.one("PUT", "ExpenseClaims", named)
    bookkeeper = platform_named("xero").load_bookkeeper()
    with pytest.raises(Invalid), client.world.unit():
        bookkeeper.edit(client.company, "ExpenseClaim", claim["ExpenseClaimID"], {"Status": "PAID"})
    place = f"ExpenseClaims/{claim['ExpenseClaimID']}"
    client.one("POST", place, {"Status": "AUTHORISED"})
    assert client.balances() == {"Travel": "4.10 GBP", "Unpaid Expense Claims": "-4.10 GBP"}
    assert client.send("POST", place, {"Status": "PAID"}).status == 400
    with client.world.unit():
        bookkeeper.edit(client.company, "ExpenseClaim", claim["ExpenseClaimID"], {"Status": "PAID"})
    paid = client.one("GET", place)
    assert (paid["Status"], paid["AmountPaid"], paid["AmountDue"], paid["Payments"][0]["Amount"]) == (
        "PAID",
        4.1,
        0,
        4.1,
    )
    assert client.balances() == {"Travel": "4.10 GBP", "Current": "-4.10 GBP"}
    assert [each["SourceType"] for each in client.json("GET", "Journals")["Journals"]] == ["EXPCLAIM", "EXPPAYMENT"]
    assert client.json("GET", "Payments")["Payments"] == []


def test_a_user_without_the_right_is_turned_away_by_the_gateway(client: Client) -> None:
    Plan(client.world).add("refuse", phase="admit", at={"platform": "xero"})
    answer = client.send("PUT", "Contacts", {"Contacts": [{"Name": "Northwind Cafe"}]})
    assert (answer.status, b'"Title":"Forbidden"' in answer.body, b"Elements" in answer.body) == (403, True, False)
    assert "Northwind Cafe" not in {each["Name"] for each in client.json("GET", "Contacts")["Contacts"]}
