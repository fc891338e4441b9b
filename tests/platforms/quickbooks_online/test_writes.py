"""Creating and changing records: versions, request ids, closed periods, names, what payments need."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from tests.platforms.quickbooks_online.builders import Client, bill_payment, journal_line, line, purchase

from sandbooks import exact_json
from sandbooks.platform import platform_named

D = Decimal
XML = "{http://schema.intuit.com/finance/v3}"
REDIRECT = "https://app.example/done"


def test_a_request_id_gives_the_first_answer_again(gb: Client) -> None:
    answers = [gb.send("POST", "purchase", purchase(gb), requestid="r-7").body for _ in range(2)]
    assert answers[0] == answers[1]
    assert gb.balance("travel") == D("4.05")
    assert gb.fault("bill", {}, requestid="r-7")[1] == "600"
    assert gb.fault("purchase", purchase(gb), requestid="r" * 51)[1] == "2130"


def test_a_refused_request_id_may_be_used_again(gb: Client) -> None:
    assert gb.fault("purchase", purchase(gb, Line=[]), requestid="r-8")[1] == "2020"
    gb.make("Purchase", purchase(gb), requestid="r-8")
    assert gb.balance("travel") == D("4.05")


def test_a_sparse_update_keeps_what_it_does_not_name_and_a_full_one_clears_it(gb: Client) -> None:
    made = gb.make("Purchase", purchase(gb, PrivateNote="note", DocNumber="n-1"))
    kept = {"Id": made["Id"], "SyncToken": "0", "sparse": True, "PaymentType": "CreditCard", "DocNumber": ""}
    sparse = gb.make("Purchase", kept)
    assert ("DocNumber" in sparse, sparse["PrivateNote"], sparse["TotalAmt"]) == (False, "note", D("4.05"))
    full = gb.make("Purchase", purchase(gb, Id=made["Id"], SyncToken="1"))
    assert "PrivateNote" not in full
    assert gb.fault("purchase", {"Id": made["Id"], "SyncToken": "2", "sparse": True})[1] == "2020"


def test_a_stale_or_missing_token_is_refused(gb: Client) -> None:
    made = gb.make("Purchase", purchase(gb))
    gb.make("Purchase", purchase(gb, Id=made["Id"], SyncToken="0"))
    for token, code in (("0", "5010"), ("7", "5010"), (None, "2020")):
        assert gb.fault("purchase", purchase(gb, Id=made["Id"], SyncToken=token))[1] == code
    assert gb.fault("purchase", {"Id": made["Id"], "SyncToken": "0"}, operation="delete")[1] == "5010"
    gb.post("purchase", {"Id": made["Id"], "SyncToken": "9"}, operation="delete")
    assert gb.trial() == {}


def test_nothing_is_written_into_a_closed_period(gb: Client) -> None:
    made = gb.make("Purchase", purchase(gb, TxnDate="2026-01-31"))
    keeper = platform_named("qbo").load_bookkeeper()
    with gb.company.world.unit():
        keeper.lock_period(gb.company, "2026-01-31")
    assert gb.get("preferences")["Preferences"]["AccountingInfoPrefs"]["BookCloseDate"] == "2026-01-31"
    for body, query in (
        (purchase(gb, TxnDate="2026-01-31"), {}),
        (purchase(gb, TxnDate="2026-02-01", Id=made["Id"], SyncToken="0"), {}),
        ({"Id": made["Id"], "SyncToken": "0"}, {"operation": "delete"}),
    ):
        answer = gb.send("POST", "purchase", body, **query)
        (error,) = exact_json.loads(answer.body)["Fault"]["Error"]
        assert (answer.status, error["code"]) == (400, "6210")
        assert "account period closed" in error["Message"].lower()
    gb.make("Purchase", purchase(gb, TxnDate="2026-02-01"))
    with gb.company.world.unit():
        keeper.lock_period(gb.company, "")
    assert "BookCloseDate" not in gb.get("preferences")["Preferences"]["AccountingInfoPrefs"]


def test_names_are_unique_across_vendors_customers_and_employees(gb: Client) -> None:
    assert gb.fault("customer", {"DisplayName": "contoso airways"})[:2] == (400, "6240")
    vendor = gb.labels["suppliers"]["airline"]
    gb.make("Vendor", {"Id": vendor, "SyncToken": "0", "sparse": True, "Active": False})
    assert gb.get(f"vendor/{vendor}")["Vendor"]["DisplayName"] == "Contoso Airways (deleted)"
    assert gb.fault("customer", {"DisplayName": "Contoso Airways"})[:2] == (400, "6240")
    assert gb.fault("purchase", purchase(gb, EntityRef={"value": vendor}))[1] == "610"


def test_an_inactive_name_can_be_made_free_for_another(open_client: Callable[..., Client]) -> None:
    client = open_client("GB", settings={"inactive_names": "free"})
    vendor = client.labels["suppliers"]["airline"]
    client.make("Vendor", {"Id": vendor, "SyncToken": "0", "sparse": True, "Active": False})
    made = client.make("Customer", {"DisplayName": "Contoso Airways"})
    assert made["DisplayName"] == "Contoso Airways"


def test_an_archived_account_takes_no_new_transactions(gb: Client) -> None:
    keeper = platform_named("qbo").load_bookkeeper()
    with gb.company.world.unit():
        keeper.archive_account(gb.company, gb.account("travel"))
    assert gb.fault("purchase", purchase(gb))[1] == "610"
    with gb.company.world.unit():
        keeper.restore_account(gb.company, gb.account("travel"))
    gb.make("Purchase", purchase(gb))


def test_the_bookkeeper_edits_voids_renames_and_disconnects(gb: Client) -> None:
    keeper = platform_named("qbo").load_bookkeeper()
    made = gb.make("Purchase", purchase(gb, EntityRef={"value": gb.labels["suppliers"]["airline"]}))
    with gb.company.world.unit():
        keeper.edit(gb.company, "Purchase", made["Id"], {"PrivateNote": "by hand"})
        keeper.rename_contact(gb.company, gb.labels["suppliers"]["airline"], "Renamed")
    read = gb.get(f"purchase/{made['Id']}")["Purchase"]
    assert (read["SyncToken"], read["PrivateNote"], read["EntityRef"]["name"]) == ("1", "by hand", "Renamed")
    with gb.company.world.unit():
        keeper.void(gb.company, "Purchase", made["Id"])
    assert (gb.trial(), gb.get(f"purchase/{made['Id']}")["Purchase"]["PrivateNote"]) == ({}, "Voided - by hand")


def test_duplicate_numbers_are_refused_where_the_company_says_so(open_client: Callable[..., Client]) -> None:
    client = open_client("GB", settings={"custom_numbers": True, "warn_duplicate_numbers": True})
    first = client.make("Purchase", purchase(client, DocNumber="N-1"))
    status, code, detail = client.fault("purchase", purchase(client, DocNumber="n-1"))
    assert (status, code) == (400, "6140")
    assert f"TxnId={first['Id']}" in detail
    client.make("Purchase", purchase(client, DocNumber="n-1"), include="allowduplicatedocnum")


def test_journal_entries_must_agree_and_name_who_they_concern(gb: Client) -> None:
    bank, meals = gb.account("bank"), gb.account("meals")
    payable = gb.named("Account", "Accounts Payable (A/P)")
    debit, credit = journal_line(meals, "5.00", "Debit"), journal_line(bank, "5.00", "Credit")
    odd = journal_line(bank, "4.99", "Credit")
    nameless = journal_line(payable, "5.00", "Credit")
    sideless = journal_line(bank, "5.00", "Credit")
    del sideless["JournalEntryLineDetail"]["PostingType"]
    negative = journal_line(bank, "-5.00", "Credit")
    for lines, code in (
        ([debit, odd], "2300"),
        ([debit, nameless], "6000"),
        ([debit, sideless], "2260"),
        ([debit, negative], "2290"),
    ):
        assert gb.fault("journalentry", {"Line": lines})[1] == code
    assert gb.make("JournalEntry", {"Line": [debit, credit]})["DocNumber"] == "1"


def test_payments_must_fit_what_they_pay(us: Client) -> None:
    vendor = {"value": us.labels["suppliers"]["airline"]}
    other = us.make("Vendor", {"DisplayName": "Other"})
    bill = us.make("Bill", {"VendorRef": vendor, "Line": [line(us.account("travel"), "30.00")]})
    good = bill_payment(us, "airline", "30.00", bill, "30.00")
    for change, code in (
        ({"TotalAmt": D("29.99")}, "6000"),
        ({"TotalAmt": None}, "6000"),
        ({"TotalAmt": D("-1.00")}, "6000"),
        ({"VendorRef": {"value": other["Id"]}}, "620"),
        (
            {"Line": [{"Amount": D("31.00"), "LinkedTxn": [{"TxnId": bill["Id"], "TxnType": "Bill"}]}], "TotalAmt": 31},
            "6000",
        ),
        ({"Line": [{"Amount": 1, "LinkedTxn": [{"TxnId": "777", "TxnType": "Bill"}]}]}, "610"),
        ({"CheckPayment": {"BankAccountRef": {"value": us.account("card")}}}, "6430"),
        ({"CheckPayment": None}, "2020"),
    ):
        assert us.fault("billpayment", {**good, **change})[1] == code, change
    us.make("BillPayment", good)
    assert us.fault("bill", {**bill, "SyncToken": "1", "Line": [line(us.account("travel"), "29.00")]})[1] == "6000"


def test_the_tape_names_what_a_post_asked_for(us: Client) -> None:
    made = us.make("Purchase", purchase(us))
    us.make("Purchase", purchase(us, Id=made["Id"], SyncToken="0"))
    us.fault("purchase", {"Id": made["Id"], "SyncToken": "0"})
    us.post("purchase", {"Id": made["Id"], "SyncToken": "1"}, operation="delete")
    us.send("POST", "purchase", raw=b"{")
    names = [entry.operation for entry in us.company.world.tape.entries()]
    assert names == ["create_purchase", "update_purchase", "update_purchase", "delete_purchase", "create_purchase"]
