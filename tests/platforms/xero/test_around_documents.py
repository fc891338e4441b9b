"""Attachments, history, webhooks, reports, the chart, tracking, the bookkeeper, exports and demo organisations."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from tests.platforms.xero.conftest import Client, bill, line, spend

from sandbooks.kit import outbox
from sandbooks.platform import CompanyPlan, platform_named
from sandbooks.platforms.xero import webhooks
from sandbooks.wire import Request, Response

BOOKKEEPER = platform_named("xero").load_bookkeeper()


def attach(client: Client, path: str, content: bytes, media: str = "application/octet-stream") -> Response:
    return client.send("PUT", path, content, {"Content-Type": media})


@pytest.mark.parametrize("media", ["application/pdf", "application/octet-stream", "*"])
def test_a_file_comes_back_byte_for_byte(client: Client, media: str) -> None:
    made = client.one("PUT", "BankTransactions", spend(line("5.00")))
    content = bytes(range(256)) + b"\r\n--boundary\r\n"
    path = f"banktransactions/{made['BankTransactionID']}/attachments"
    (stored,) = json.loads(attach(client, f"{path}/r%20%5B1%5D%20%26%20%C3%A9.pdf", content, media).body)["Attachments"]
    assert (stored["FileName"], stored["ContentLength"], stored["MimeType"]) == (
        "r [1] & é.pdf",
        len(content),
        "application/pdf",
    )
    assert client.send("GET", f"{path}/r%20%5B1%5D%20%26%20%C3%A9.pdf").body == content
    assert client.send("GET", f"{path}/{stored['AttachmentID']}").body == content
    assert client.one("GET", f"BankTransactions/{made['BankTransactionID']}")["HasAttachments"] is True


def test_the_same_name_replaces_and_ten_files_are_the_most(client: Client) -> None:
    made = client.one("PUT", "Invoices", bill(line("5.00")))
    path = f"Invoices/{made['InvoiceID']}/Attachments"
    for number in range(10):
        assert attach(client, f"{path}/{number}.png", b"x").status == 200
    assert attach(client, f"{path}/3.png", b"yy").status == 200
    refused = attach(client, f"{path}/10.png", b"x")
    assert (refused.status, b"maximum number of attachments" in refused.body) == (400, True)
    found = client.json("GET", path)["Attachments"]
    assert (len(found), sorted(f["ContentLength"] for f in found)[-1]) == (10, 2)


def test_a_file_of_the_wrong_kind_or_size_is_refused_and_nothing_is_kept(client: Client) -> None:
    made = client.one("PUT", "Invoices", bill(line("5.00")))
    path = f"Invoices/{made['InvoiceID']}/Attachments"
    for name in ("noextension", "program.exe", "page.html"):
        assert b"isn't a supported file type" in attach(client, f"{path}/{name}", b"x").body
    assert attach(client, f"{path}/empty.pdf", b"").status == 400
    client.company.change_settings(attachment_bytes_max=4)
    assert attach(client, f"{path}/four.pdf", b"1234").status == 200
    large = attach(client, f"{path}/five.pdf", b"12345")
    assert (large.status, json.loads(large.body)["Title"]) == (413, "RequestEntityTooLarge")
    assert len(client.json("GET", path)["Attachments"]) == 1


def test_an_attachment_changes_no_posting(client: Client) -> None:
    made = client.one("PUT", "Invoices", bill(line("5.00")))
    before = len(list(client.company.book.lines()))
    attach(client, f"Invoices/{made['InvoiceID']}/Attachments/a.pdf", b"x")
    assert len(list(client.company.book.lines())) == before


def test_history_tells_versions_and_notes(client: Client) -> None:
    made = client.one("PUT", "Invoices", bill(line("5.00")))
    path = f"Invoices/{made['InvoiceID']}/history"
    client.json("PUT", path, {"HistoryRecords": [{"Details": "Checked with the supplier"}]})
    found = client.json("GET", path)["HistoryRecords"]
    assert [(entry["Changes"], entry["Details"]) for entry in found] == [
        ("Note", "Checked with the supplier"),
        ("Created", ""),
    ]
    assert client.send("PUT", path, {"HistoryRecords": [{"Details": "x" * 2501}]}).status == 400


class Receiver:
    """An application's webhook endpoint."""

    def __init__(self, key: str) -> None:
        self.key = key.encode()
        self.events: list[dict[str, Any]] = []
        self.statuses: list[int] = []

    def __call__(self, request: Request) -> Response:
        mine = base64.b64encode(hmac.new(self.key, request.body, hashlib.sha256).digest()).decode()
        right = hmac.compare_digest(mine, request.header("x-xero-signature"))
        self.statuses.append(200 if right else 401)
        if right:
            self.events += json.loads(request.body)["events"]
        return Response(self.statuses[-1])


@pytest.fixture
def receiver(client: Client) -> Receiver:
    key = client.credentials["webhook_key"]
    made = Receiver(key)
    client.app.receivers.append(("https://hooks.example/", made))
    with client.world.unit():
        outbox.subscribe(client.world, "xero", url="https://hooks.example/xero", secret=key)
    return made


def test_invoices_contacts_and_credit_notes_are_announced_signed(client: Client, receiver: Receiver) -> None:
    made = client.one("PUT", "Invoices", bill(line("5.00"), Contact={"Name": "Brand New"}))
    client.one("PUT", "BankTransactions", spend(line("5.00")))
    client.world.settle()
    told = [(event["eventCategory"], event["eventType"]) for event in receiver.events]
    assert told == [("CONTACT", "CREATE"), ("CONTACT", "UPDATE"), ("INVOICE", "CREATE")]
    assert receiver.events[-1]["resourceId"] == made["InvoiceID"]
    assert receiver.events[-1]["tenantId"] == client.company.id


def test_a_payment_is_announced_as_a_change_of_its_invoice(client: Client, receiver: Receiver) -> None:
    made = client.one("PUT", "Invoices", bill(line("5.00")))
    client.one(
        "PUT", "Payments", {"Invoice": {"InvoiceID": made["InvoiceID"]}, "Account": {"Code": "090"}, "Amount": 5}
    )
    client.world.settle()
    assert [e["eventType"] for e in receiver.events if e["eventCategory"] == "INVOICE"] == ["CREATE", "UPDATE"]


def test_the_intent_to_receive_is_signed_rightly_and_wrongly(client: Client, receiver: Receiver) -> None:
    with client.world.unit():
        webhooks.intent_to_receive(client.world, outbox.subscriptions(client.world, "xero")[0])
    client.world.settle(horizon=timedelta(seconds=1))
    assert sorted(receiver.statuses) == [200, 200, 401, 401]
    assert receiver.events == []


def test_the_trial_balance_names_accounts_with_their_codes(client: Client) -> None:
    client.one("PUT", "BankTransactions", spend(line("12.50")))
    report = client.json("GET", "Reports/TrialBalance?date=2026-03-31")["Reports"][0]
    rows = {
        row["Cells"][0]["Value"]: [c["Value"] for c in row["Cells"][1:]]
        for s in report["Rows"][1:]
        for row in s["Rows"]
    }
    assert rows == {
        "Travel (501)": ["12.50", "", "12.50", ""],
        "Current (090)": ["", "12.50", "", "12.50"],
        "Total": ["12.50"] * 4,
    }


def test_the_bank_summary_shows_what_came_and_went(client: Client) -> None:
    client.one("PUT", "BankTransactions", spend(line("12.50")))
    client.one("PUT", "BankTransactions", spend(line("3.25"), Type="RECEIVE"))
    report = client.json("GET", "Reports/BankSummary?fromDate=2026-03-01&toDate=2026-03-31")["Reports"][0]
    rows = {row["Cells"][0]["Value"]: [c["Value"] for c in row["Cells"][1:]] for row in report["Rows"][1]["Rows"]}
    assert rows["Current"] == ["0.00", "3.25", "12.50", "-9.25"]


def test_a_balance_sheet_balances(client: Client) -> None:
    client.one("PUT", "Invoices", bill(line("70.00", tax="INPUT2")))
    sections = client.json("GET", "Reports/BalanceSheet?date=2026-03-31")["Reports"][0]["Rows"][1:]
    cells = [row["Cells"] for part in sections for row in part["Rows"]]
    sums = {name["Value"]: value["Value"] for name, value in cells}
    assert (sums["Total Assets"], sums["Total Liabilities"]) == ("0.00", "70.00")
    assert sums["Net Assets"] == sums["Total Equity"] == sums["Current Year Earnings"] == "-70.00"


def test_journals_sum_to_zero_and_page_by_number(client: Client) -> None:
    for amount in ("1.00", "2.00", "3.00"):
        client.one("PUT", "BankTransactions", spend(line(amount, tax="INPUT2")))
    found = client.json("GET", "Journals?offset=1")["Journals"]
    assert [(j["JournalNumber"], j["SourceType"]) for j in found] == [(2, "CASHPAID"), (3, "CASHPAID")]
    for journal in found:
        assert round(sum(entry["NetAmount"] for entry in journal["JournalLines"]), 2) == 0


def test_accounts_are_made_archived_and_deleted_only_when_unused(client: Client) -> None:
    made = client.one("PUT", "Accounts", {"Code": "599", "Name": "Gifts", "Type": "EXPENSE"})
    assert (made["Class"], made["Status"]) == ("EXPENSE", "ACTIVE")
    assert client.problems("PUT", "Accounts", {"Code": "599", "Name": "gifts", "Type": "EXPENSE"}) == [
        "Please enter a unique Code.",
        "Please enter a unique Name.",
    ]
    assert client.one("DELETE", f"Accounts/{made['AccountID']}")["Status"] == "DELETED"
    client.one("PUT", "BankTransactions", spend(line("1.00")))
    assert client.send("DELETE", f"Accounts/{client.labels['accounts']['travel']}").status == 400
    assert (
        "not subscribed to currency 'XOF'"
        in client.problems(
            "PUT", "Accounts", {"Name": "CFA", "Type": "BANK", "BankAccountNumber": "1", "CurrencyCode": "XOF"}
        )[0]
    )


def test_a_third_tracking_category_is_refused(client: Client) -> None:
    client.one("PUT", "TrackingCategories", {"Name": "Project"})
    assert client.problems("PUT", "TrackingCategories", {"Name": "Third"}) == [
        "You already have 2 active tracking categories."
    ]


def test_a_used_tracking_option_can_be_archived_but_not_deleted(client: Client) -> None:
    client.one("PUT", "BankTransactions", spend(line("1.00", Tracking=[{"Name": "Region", "Option": "North"}])))
    labels = client.labels["tracking"]
    assert client.send("DELETE", f"TrackingCategories/{labels['region']}").status == 400
    assert (
        client.one("DELETE", f"TrackingCategories/{labels['region']}/Options/{labels['region/South']}")["Status"]
        == "DELETED"
    )


def test_a_billable_expense_links_a_line_to_a_customer(client: Client) -> None:
    made = client.one("PUT", "Invoices", bill(line("5.00")))
    body = {
        "SourceTransactionID": made["InvoiceID"],
        "SourceLineItemID": made["LineItems"][0]["LineItemID"],
        "ContactID": client.labels["customers"]["shop"],
    }
    link = client.one("PUT", "LinkedTransactions", body)
    assert (link["Type"], link["Status"], link["SourceTransactionTypeCode"]) == (
        "BILLABLEEXPENSE",
        "APPROVED",
        "ACCPAY",
    )
    assert client.send("DELETE", f"LinkedTransactions/{link['LinkedTransactionID']}").status == 204
    assert client.json("GET", "LinkedTransactions")["LinkedTransactions"] == []


def test_the_bookkeeper_works_past_the_api_under_the_same_rules(client: Client) -> None:
    made = client.one("PUT", "Invoices", bill(line("5.00")))
    airline = client.labels["suppliers"]["airline"]
    with client.world.unit():
        BOOKKEEPER.rename_contact(client.company, airline, "Contoso Airways")
        BOOKKEEPER.edit(client.company, "Invoice", made["InvoiceID"], {"LineItems": [line("6.00")]})
        BOOKKEEPER.archive_contact(client.company, client.labels["suppliers"]["baker"])
    assert client.one("GET", f"Invoices/{made['InvoiceID']}")["Contact"]["Name"] == "Contoso Airways"
    assert client.balances()["Travel"] == "6.00 GBP"
    with client.world.unit():
        BOOKKEEPER.void(client.company, "Invoice", made["InvoiceID"])
        BOOKKEEPER.archive_account(client.company, client.labels["accounts"]["travel"])
    assert client.balances() == {}
    assert "has been archived" in client.problems("PUT", "BankTransactions", spend(line("1.00")))[0]
    with client.world.unit():
        BOOKKEEPER.restore_account(client.company, client.labels["accounts"]["travel"])
    client.one("PUT", "BankTransactions", spend(line("1.00")))


def test_a_native_export_becomes_the_chart(client: Client, open_organisation: Callable[[CompanyPlan], Client]) -> None:
    export = [client.json("GET", path) for path in ("Accounts", "TaxRates", "Contacts", "TrackingCategories")]
    copy = open_organisation(CompanyPlan(country="GB", currency="GBP", chart=export))
    for path in ("Accounts", "Contacts", "TaxRates"):
        mine = {
            tuple(sorted((k, str(v)) for k, v in row.items() if k in ("AccountID", "ContactID", "TaxType", "Name")))
            for row in copy.json("GET", path)[path]
        }
        theirs = {
            tuple(sorted((k, str(v)) for k, v in row.items() if k in ("AccountID", "ContactID", "TaxType", "Name")))
            for row in client.json("GET", path)[path]
        }
        assert mine == theirs
    made = copy.one("PUT", "BankTransactions", spend(line("10.00", tax="INPUT2")))
    assert made["Total"] == 12


@pytest.mark.parametrize(
    ("country", "code", "total"),
    [("GB", "INPUT2", 12), ("AU", "INPUT", 11), ("NZ", "INPUT2", 11.5), ("US", "INPUT", 10), ("CA", "INPUT", 10)],
)
def test_a_demo_organisation_of_each_country_takes_money_spent(
    open_organisation: Callable[[CompanyPlan], Client], country: str, code: str, total: float
) -> None:
    client = open_organisation(CompanyPlan(country=country, demo=True))
    banks = client.json("GET", 'Accounts?where=Type=="BANK"')["Accounts"]
    assert len(banks) == 5
    body = spend(line("10.00", account="429", tax=code), BankAccount={"AccountID": banks[0]["AccountID"]})
    assert client.one("PUT", "BankTransactions", body)["Total"] == total


def test_opening_balances_stand_against_historical_adjustment(
    open_organisation: Callable[[CompanyPlan], Client],
) -> None:
    accounts = {
        "bank": {"type": "bank", "name": "B", "opening": "Dr 100.00 GBP"},
        "card": {"type": "credit_card", "name": "C", "opening": "Cr 30.00 GBP"},
    }
    client = open_organisation(CompanyPlan(country="GB", accounts=accounts))
    assert client.balances() == {"Historical Adjustment": "-70.00 GBP", "B": "100.00 GBP", "C": "-30.00 GBP"}


def test_the_same_seed_opens_the_same_organisation() -> None:
    from tests.platforms.xero.conftest import signed_in

    from sandbooks.app import App

    first, second = signed_in(App()), signed_in(App())
    assert (first.credentials, first.labels) == (second.credentials, second.labels)


def claimed(client: Client, **more: Any) -> dict[str, Any]:
    """A claim of one receipt."""
    user = {"UserID": client.one("GET", "Users")["UserID"]}
    document = {
        "User": user,
        "Contact": {"Name": "Taxi"},
        "Date": "2026-03-01",
        "LineItems": [line("20.00", tax="INPUT2")],
    }
    receipt = client.one("PUT", "Receipts", document)
    body = {"User": user, "Receipts": [{"ReceiptID": receipt["ReceiptID"]}], "ReportingDate": "2026-03-01", **more}
    return client.one("PUT", "ExpenseClaims", body)


def test_a_claim_posts_when_it_is_approved_and_not_before(client: Client) -> None:
    claim = claimed(client)
    assert (claim["Status"], client.balances()) == ("SUBMITTED", {})
    path = f"ExpenseClaims/{claim['ExpenseClaimID']}"
    client.one("POST", path, {"Status": "AUTHORISED"})
    assert client.balances() == {"Travel": "20.00 GBP", "Unpaid Expense Claims": "-24.00 GBP", "VAT": "4.00 GBP"}
    assert client.one("GET", "Receipts")["Status"] == "AUTHORISED"
    client.one("POST", path, {"Status": "VOIDED"})
    assert client.balances() == {}
    assert "not of valid status" in client.problems("POST", path, {"Status": "AUTHORISED"})[0]


def test_a_receipt_is_claimed_once(client: Client) -> None:
    claim = claimed(client, Status="AUTHORISED")
    receipt = claim["Receipts"][0]["ReceiptID"]
    body = {"User": claim["User"], "Receipts": [{"ReceiptID": receipt}]}
    assert client.problems("PUT", "ExpenseClaims", body) == ["An expense claim must name draft receipts, each once."]
    assert "not of valid status" in client.problems("POST", f"Receipts/{receipt}", {"Reference": "x"})[0]


def test_a_journal_line_shows_the_tax_that_has_a_line_of_its_own(client: Client) -> None:
    client.one("PUT", "Invoices", bill(line("100.00", tax="INPUT2"), line("30.00", account="502", tax="RRINPUT")))
    (journal,) = client.json("GET", "Journals")["Journals"]
    members = ("AccountName", "NetAmount", "TaxAmount", "GrossAmount")
    shown = [tuple(posted[name] for name in members) for posted in journal["JournalLines"]]
    assert shown == [
        ("Travel", 100.0, 20.0, 120.0),
        ("VAT", 20.0, 0.0, 20.0),
        ("Meals", 30.0, 1.5, 31.5),
        ("VAT", 1.5, 0.0, 1.5),
        ("Accounts Payable", -151.5, 0.0, -151.5),
    ]


def test_a_note_on_a_document_that_does_not_exist_is_refused(client: Client) -> None:
    path = "Payments/11111111-1111-1111-1111-111111111111/History"
    assert client.problems("PUT", path, {"HistoryRecords": [{"Details": "Seen"}]}) == [
        "The document with the supplied id was not found for this endpoint."
    ]
    assert client.send("GET", path).status == 404


def test_a_credit_note_with_an_unknown_id_is_refused_by_its_own_words(client: Client) -> None:
    body = {"CreditNoteID": "11111111-1111-1111-1111-111111111111", "Reference": "x"}
    assert client.problems("POST", "CreditNotes", body) == [
        "An existing Credit Note with the specified CreditNoteID could not be found"
    ]


def test_only_files_of_invoices_and_credit_notes_may_be_shown_online(client: Client) -> None:
    owed = client.one("PUT", "Invoices", bill(line("100.00")))
    for path, online in ((f"Invoices/{owed['InvoiceID']}", True), (f"Contacts/{owed['Contact']['ContactID']}", False)):
        answer = attach(client, f"{path}/Attachments/a.pdf?IncludeOnline=true", b"%PDF")
        (told,) = json.loads(answer.body)["Attachments"]
        assert ("IncludeOnline" in told) is online


def test_a_tax_rate_is_changed_and_deleted_by_its_name_and_none_is_born_deleted(client: Client) -> None:
    component = {"Name": "State Tax", "Rate": "2.25"}
    made = client.one("PUT", "TaxRates", {"Name": "State Tax NY", "TaxComponents": [component]})
    dearer = client.one("POST", "TaxRates", {"Name": "state tax ny", "TaxComponents": [{**component, "Rate": "3"}]})
    assert (dearer["TaxType"], dearer["EffectiveRate"]) == (made["TaxType"], 3)
    gone = client.one("POST", "TaxRates", {"Name": "State Tax NY", "TaxComponents": [component], "Status": "DELETED"})
    assert (gone["TaxType"], gone["Name"], gone["Status"]) == (made["TaxType"], "state tax ny", "DELETED")
    known = len(client.json("GET", "TaxRates")["TaxRates"])
    for method, name in (("PUT", "Nobody's"), ("POST", "Nobody's"), ("POST", "State Tax NY")):
        body = {"Name": name, "TaxComponents": [component], "Status": "DELETED"}
        assert client.problems(method, "TaxRates", body) == ["A tax rate that does not exist cannot be deleted."]
    assert len(client.json("GET", "TaxRates")["TaxRates"]) == known
