"""What each transaction does to the books."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from tests.platforms.quickbooks_online.builders import Client, bill_payment, journal_line, line

from sandbooks.kit.errors import NotSimulated

D = Decimal


def expense(client: Client, paid_by: str, kind: str, *lines: dict[str, Any], **members: Any) -> Any:
    body = {"AccountRef": {"value": client.account(paid_by)}, "PaymentType": kind, "Line": list(lines), **members}
    return client.make("Purchase", body)


def test_a_card_charge_debits_the_category_and_credits_the_card(us: Client) -> None:
    expense(us, "card", "CreditCard", line(us.account("travel"), "41.17"), line(us.account("meals"), "8.02"))
    assert us.trial() == {"Corporate card": D("-49.19"), "Flights": D("41.17"), "Meals": D("8.02")}


def test_a_card_credit_is_the_charge_the_other_way_round(us: Client) -> None:
    expense(us, "card", "CreditCard", line(us.account("travel"), "41.17"))
    refund = expense(us, "card", "CreditCard", line(us.account("travel"), "41.17"), Credit=True)
    assert refund["PurchaseEx"]["any"][0]["value"]["Value"] == "11"
    assert us.trial() == {}


def test_a_refund_to_a_bank_account_is_a_deposit(us: Client) -> None:
    detail = {"AccountRef": {"value": us.account("travel")}, "Entity": {"value": us.labels["suppliers"]["airline"]}}
    deposit = us.make(
        "Deposit",
        {
            "DepositToAccountRef": {"value": us.account("bank")},
            "Line": [{"Amount": D("12.63"), "DetailType": "DepositLineDetail", "DepositLineDetail": detail}],
        },
    )
    assert deposit["TotalAmt"] == D("12.63")
    assert deposit["Line"][0]["DepositLineDetail"]["Entity"]["name"] == "Contoso Airways"
    assert us.trial() == {"Main bank": D("12.63"), "Flights": D("-12.63")}


def test_exclusive_and_inclusive_tax_post_alike(gb: Client) -> None:
    code = {"value": gb.named("TaxCode", "20.0% S")}
    expense(gb, "card", "CreditCard", line(gb.account("travel"), "83.33", TaxCodeRef=code))
    exclusive = gb.trial()
    gross = line(gb.account("travel"), "83.33", TaxCodeRef=code, TaxInclusiveAmt=D("100.00"))
    made = expense(gb, "card", "CreditCard", gross, GlobalTaxCalculation="TaxInclusive", Credit=True)
    assert exclusive == {"VAT Control": D("16.67"), "Corporate card": D("-100.00"), "Flights": D("83.33")}
    assert (made["TotalAmt"], made["TxnTaxDetail"]["TotalTax"]) == (D("100.00"), D("16.67"))
    assert gb.trial() == {}


def test_stated_tax_replaces_the_computed_tax(gb: Client) -> None:
    code = gb.named("TaxCode", "20.0% S")
    rate = gb.get(f"taxcode/{code}")["TaxCode"]["PurchaseTaxRateList"]["TaxRateDetail"][0]["TaxRateRef"]
    stated = {"Amount": D("9.99"), "DetailType": "TaxLineDetail", "TaxLineDetail": {"TaxRateRef": rate}}
    made = expense(
        gb,
        "card",
        "CreditCard",
        line(gb.account("travel"), "50.00", TaxCodeRef={"value": code}),
        GlobalTaxCalculation="TaxExcluded",
        TxnTaxDetail={"TaxLine": [stated]},
    )
    assert made["TotalAmt"] == D("59.99")
    assert gb.trial() == {"VAT Control": D("9.99"), "Corporate card": D("-59.99"), "Flights": D("50.00")}


def test_a_reverse_charge_moves_the_tax_account_both_ways_and_the_supplier_by_the_net(gb: Client) -> None:
    code = {"value": gb.named("TaxCode", "20.0% RC SG")}
    made = expense(gb, "card", "CreditCard", line(gb.account("travel"), "75.05", TaxCodeRef=code))
    taxes = [each["Amount"] for each in made["TxnTaxDetail"]["TaxLine"]]
    assert (made["TotalAmt"], made["TxnTaxDetail"]["TotalTax"], taxes) == (D("75.05"), 0, [D("15.01"), D("-15.01")])
    assert gb.trial() == {"Corporate card": D("-75.05"), "Flights": D("75.05")}
    lines = [each.base.amount for each in gb.company.book.lines(source=("Purchase", made["Id"]))]
    assert sorted(lines) == [D("-75.05"), D("-15.01"), D("15.01"), D("75.05")]


def test_tax_that_is_reclaimed_in_part_leaves_the_rest_with_the_line(open_client: Any) -> None:
    half = {"rate": "20%", "name": "Cars 20%", "recoverable": "50%"}
    client = open_client("GB", taxes={"half": half})
    code = {"value": client.labels["taxes"]["half"]}
    expense(client, "card", "CreditCard", line(client.account("travel"), "60.00", TaxCodeRef=code))
    assert client.trial() == {"VAT Control": D("6.00"), "Corporate card": D("-72.00"), "Flights": D("66.00")}


def test_a_foreign_card_charge_posts_at_the_given_rate(gb: Client) -> None:
    made = expense(
        gb,
        "usd_card",
        "CreditCard",
        line(gb.account("travel"), "412.37"),
        CurrencyRef={"value": "USD"},
        ExchangeRate=D("0.7741"),
        GlobalTaxCalculation="NotApplicable",
    )
    assert made["CurrencyRef"]["value"] == "USD"
    balance = gb.company.book.balance(gb.account("usd_card"))
    assert (balance.by_currency["USD"].amount, balance.base.amount) == (D("-412.37"), D("-319.22"))
    assert gb.balance("travel") == D("319.22")


def test_a_foreign_bill_paid_at_another_rate_realises_the_difference(gb: Client) -> None:
    bill = gb.make(
        "Bill",
        {
            "VendorRef": {"value": gb.labels["suppliers"]["hotel"]},
            "Line": [line(gb.account("travel"), "100.00")],
            "ExchangeRate": D("1.10"),
            "GlobalTaxCalculation": "NotApplicable",
        },
    )
    assert (bill["Balance"], bill["HomeBalance"]) == (D("100.00"), D("110.00"))
    gb.make("BillPayment", bill_payment(gb, "hotel", "40.00", bill, "40.00", ExchangeRate=D("1.25")))
    part = gb.get(f"bill/{bill['Id']}")["Bill"]
    assert (part["Balance"], part["HomeBalance"]) == (D("60.00"), D("66.00"))
    gb.make("BillPayment", bill_payment(gb, "hotel", "60.00", bill, "60.00", ExchangeRate=D("1.25")))
    paid = gb.get(f"bill/{bill['Id']}")["Bill"]
    assert (paid["Balance"], [link["TxnType"] for link in paid["LinkedTxn"]]) == (0, ["BillPaymentCheck"] * 2)
    assert gb.trial() == {"Main bank": D("-125.00"), "Flights": D("110.00"), "Exchange Gain or Loss": D("15.00")}


def test_the_last_part_payment_takes_the_odd_cent(gb: Client) -> None:
    bill = gb.make(
        "Bill",
        {
            "VendorRef": {"value": gb.labels["suppliers"]["hotel"]},
            "Line": [line(gb.account("travel"), "10.00")],
            "ExchangeRate": D("0.8333"),
            "GlobalTaxCalculation": "NotApplicable",
        },
    )
    for part in ("3.33", "3.33", "3.34"):
        gb.make("BillPayment", bill_payment(gb, "hotel", part, bill, part, ExchangeRate=D("0.8333")))
    payable = bill["APAccountRef"]["value"]
    assert not gb.company.book.balance(payable)


def test_paying_more_leaves_the_rest_on_the_vendors_account(us: Client) -> None:
    bill = us.make("Bill", {"VendorRef": _airline(us), "Line": [line(us.account("travel"), "30.00")]})
    us.make("BillPayment", bill_payment(us, "airline", "37.50", bill, "30.00"))
    assert us.get(f"vendor/{_airline(us)['value']}")["Vendor"]["Balance"] == D("-7.50")
    assert us.get(f"bill/{bill['Id']}")["Bill"]["Balance"] == 0


def test_applying_a_credit_at_equal_rates_posts_nothing(us: Client) -> None:
    bill = us.make("Bill", {"VendorRef": _airline(us), "Line": [line(us.account("travel"), "30.00")]})
    credit = us.make("VendorCredit", {"VendorRef": _airline(us), "Line": [line(us.account("travel"), "12.00")]})
    before = us.trial()
    body = bill_payment(us, "airline", "0", bill, "12.00")
    body["Line"].append({"Amount": D("12.00"), "LinkedTxn": [{"TxnId": credit["Id"], "TxnType": "VendorCredit"}]})
    payment = us.make("BillPayment", body)
    assert us.trial() == before
    assert us.company.book.current("BillPayment", payment["Id"]) is None
    assert us.get(f"bill/{bill['Id']}")["Bill"]["Balance"] == D("18.00")
    assert us.get(f"vendorcredit/{credit['Id']}")["VendorCredit"]["Balance"] == 0


def test_voiding_a_payment_opens_its_bills_again(us: Client) -> None:
    bill = us.make("Bill", {"VendorRef": _airline(us), "Line": [line(us.account("travel"), "30.00")]})
    before = us.trial()
    body = {**bill_payment(us, "airline", "30.00", bill, "30.00"), "PrivateNote": "RC 93"}
    payment = us.make("BillPayment", body)
    void = {"Id": payment["Id"], "SyncToken": payment["SyncToken"], "sparse": True}
    voided = us.make("BillPayment", void, operation="update", include="void")
    assert (voided["TotalAmt"], voided["Line"], voided["PrivateNote"]) == (0, [], "Voided - RC 93")
    assert us.trial() == before
    assert us.get(f"bill/{bill['Id']}")["Bill"]["Balance"] == D("30.00")


def test_deleting_a_payment_opens_its_bills_again(us: Client) -> None:
    bill = us.make("Bill", {"VendorRef": _airline(us), "Line": [line(us.account("travel"), "30.00")]})
    before = us.trial()
    payment = us.make("BillPayment", bill_payment(us, "airline", "30.00", bill, "30.00"))
    us.post("billpayment", {"Id": payment["Id"], "SyncToken": "0"}, operation="delete")
    assert us.trial() == before
    assert "LinkedTxn" not in us.get(f"bill/{bill['Id']}")["Bill"]


def test_changing_a_payment_settles_anew(us: Client) -> None:
    bill = us.make("Bill", {"VendorRef": _airline(us), "Line": [line(us.account("travel"), "30.00")]})
    payment = us.make("BillPayment", bill_payment(us, "airline", "30.00", bill, "30.00"))
    changed = {**bill_payment(us, "airline", "11.00", bill, "11.00"), "Id": payment["Id"], "SyncToken": "0"}
    us.make("BillPayment", changed)
    assert us.get(f"bill/{bill['Id']}")["Bill"]["Balance"] == D("19.00")
    assert us.balance("bank") == D("-11.00")


def test_deleting_a_paid_bill_leaves_the_payment_unapplied(us: Client) -> None:
    bill = us.make("Bill", {"VendorRef": _airline(us), "Line": [line(us.account("travel"), "30.00")]})
    payment = us.make("BillPayment", bill_payment(us, "airline", "30.00", bill, "30.00"))
    token = us.get(f"bill/{bill['Id']}")["Bill"]["SyncToken"]
    us.post("bill", {"Id": bill["Id"], "SyncToken": token}, operation="delete")
    assert us.get(f"billpayment/{payment['Id']}")["BillPayment"]["Line"] == []
    assert us.trial() == {"Main bank": D("-30.00"), "Accounts Payable (A/P)": D("30.00")}


def test_an_edit_replaces_the_posting(us: Client) -> None:
    made = expense(us, "card", "CreditCard", line(us.account("travel"), "41.17"))
    body = {**made, "Line": [{**made["Line"][0], "Amount": D("14.71")}]}
    changed = us.make("Purchase", body)
    assert (changed["SyncToken"], changed["Line"][0]["Id"]) == ("1", "1")
    assert us.trial() == {"Corporate card": D("-14.71"), "Flights": D("14.71")}


def test_a_journal_entry_posts_its_lines_and_their_tax(gb: Client) -> None:
    code = {"value": gb.named("TaxCode", "20.0% S")}
    tax = {"TaxCodeRef": code, "TaxApplicableOn": "Purchase", "TaxAmount": D("10.00")}
    taxed = journal_line(gb.account("travel"), "50.00", "Debit", **tax)
    made = gb.make("JournalEntry", {"Line": [taxed, journal_line(gb.account("bank"), "60.00", "Credit")]})
    assert [each["Id"] for each in made["Line"]] == ["0", "1"]
    assert gb.trial() == {"VAT Control": D("10.00"), "Main bank": D("-60.00"), "Flights": D("50.00")}


def test_a_journal_credit_on_accounts_payable_is_paid_like_a_bill(us: Client) -> None:
    payable = us.named("Account", "Accounts Payable (A/P)")
    named = {"Entity": {"Type": "Vendor", "EntityRef": _airline(us)}}
    made = us.make(
        "JournalEntry",
        {
            "Line": [
                journal_line(payable, "21.00", "Credit", **named),
                journal_line(us.account("meals"), "21.00", "Debit"),
            ]
        },
    )
    body = bill_payment(us, "airline", "21.00", made, "21.00", kind="JournalEntry")
    us.make("BillPayment", body)
    assert us.trial() == {"Main bank": D("-21.00"), "Meals": D("21.00")}
    assert us.fault("billpayment", body)[1] == "620"


def test_a_transfer_moves_money_between_two_accounts(gb: Client) -> None:
    body = {
        "FromAccountRef": {"value": gb.account("bank")},
        "ToAccountRef": {"value": gb.account("eur_bank")},
        "Amount": D("50.00"),
        "ExchangeRate": D("0.86"),
    }
    gb.make("Transfer", body)
    euro = gb.company.book.balance(gb.account("eur_bank"))
    assert (euro.by_currency["EUR"].amount, euro.base.amount) == (D("50.00"), D("43.00"))
    assert gb.balance("bank") == D("-43.00")


def test_a_card_payment_moves_money_from_the_bank_to_the_card(us: Client) -> None:
    answer = us.post(
        "creditcardpayment",
        {
            "CreditCardAccountRef": {"value": us.account("card")},
            "BankAccountRef": {"value": us.account("bank")},
            "Amount": D("99.01"),
        },
    )
    assert answer["CreditCardPaymentTxn"]["Amount"] == D("99.01")
    assert us.trial() == {"Main bank": D("-99.01"), "Corporate card": D("99.01")}


def test_item_lines_post_to_the_items_expense_account(us: Client) -> None:
    members = {"Type": "Service", "ExpenseAccountRef": {"value": us.account("meals")}}
    item = us.make("Item", {"Name": "Lunch", **members})
    detail = {"ItemRef": {"value": item["Id"]}, "Qty": 3, "UnitPrice": D("4.25")}
    lunch = {"DetailType": "ItemBasedExpenseLineDetail", "ItemBasedExpenseLineDetail": detail, "Amount": D("12.75")}
    expense(us, "bank", "Check", lunch)
    assert us.balance("meals") == D("12.75")
    wrong = {**lunch, "Amount": D("12.74")}
    body = {"AccountRef": {"value": us.account("bank")}, "PaymentType": "Check", "Line": [wrong]}
    assert us.fault("purchase", body)[:2] == (400, "6070")


def test_negative_lines_swap_sides_and_a_negative_total_is_refused(us: Client) -> None:
    expense(us, "card", "CreditCard", line(us.account("travel"), "20.00"), line(us.account("meals"), "-4.50"))
    assert us.trial() == {"Corporate card": D("-15.50"), "Flights": D("20.00"), "Meals": D("-4.50")}
    body = {
        "AccountRef": {"value": us.account("card")},
        "PaymentType": "CreditCard",
        "Line": [line(us.account("travel"), "-1.00")],
    }
    assert us.fault("purchase", body)[1] == "6000"


def test_the_books_can_be_built_again_from_stored_versions_and_facts(gb: Client) -> None:
    from sandbooks.ledger import Book, MemoryRows
    from sandbooks.platforms.quickbooks_online.posting import Document, entry_of

    test_a_foreign_bill_paid_at_another_rate_realises_the_difference(gb)
    code = {"value": gb.named("TaxCode", "20.0% S")}
    made = expense(gb, "card", "CreditCard", line(gb.account("travel"), "10.00", TaxCodeRef=code))
    gb.post("purchase", {"Id": made["Id"], "SyncToken": "0"}, operation="delete")
    expense(gb, "bank", "Cash", line(gb.account("meals"), "7.77", TaxCodeRef=code))

    rebuilt = Book(MemoryRows(), "GBP")
    for account in gb.company.book.accounts():
        rebuilt.open_account(account)
    for version in gb.company.records.changes():
        document = Document(version.kind, version.id, version.version, version.body, version.facts)
        entry = entry_of(document) if version.action != "delete" and version.facts else None
        standing = rebuilt.current(version.kind, version.id)
        if entry is not None and standing is not None:
            rebuilt.replace(entry)
        elif entry is not None:
            rebuilt.post(entry)
        elif standing is not None:
            rebuilt.reverse(version.kind, version.id)
    assert {r.account.name: r.balance for r in rebuilt.trial_balance()} == {
        r.account.name: r.balance for r in gb.company.book.trial_balance()
    }


def _airline(client: Client) -> dict[str, str]:
    return {"value": client.labels["suppliers"]["airline"]}


def test_a_deposit_takes_undeposited_money_to_the_bank_and_fixes_where_it_came_from(us: Client) -> None:
    funds = us.query("select * from Account where AccountSubType = 'UndepositedFunds'")["Account"][0]["Id"]
    lines = [journal_line(us.account("income"), "12.30", "Credit"), journal_line(funds, "12.30", "Debit")]
    journal = us.make("JournalEntry", {"Line": lines})
    cash = {"FromAccountRef": {"value": us.account("bank")}, "ToAccountRef": {"value": funds}, "Amount": D("8.00")}
    moved = us.make("Transfer", cash)
    link = {"TxnId": journal["Id"], "TxnType": "JournalEntry", "TxnLineId": "1"}
    taken: list[Any] = [{"Amount": D("12.30"), "LinkedTxn": [link]}]
    taken.append({"Amount": D("8.00"), "LinkedTxn": [{"TxnId": moved["Id"], "TxnType": "Transfer"}]})
    body = {"DepositToAccountRef": {"value": us.account("bank")}, "Line": taken}
    made = us.make("Deposit", body)
    assert made["TotalAmt"] == D("20.30")
    assert us.trial() == {"Main bank": D("12.30"), "Rebates": D("-12.30")}
    for path, entity in (("journalentry", journal), ("transfer", moved)):
        assert us.fault(path, entity, operation="delete")[:2] == (400, "6540")
        assert us.fault(path, entity)[:2] == (400, "6540")
    assert us.fault("deposit", body)[:2] == (400, "620")
    us.make("Deposit", {**made, "Line": made["Line"][:1]})
    us.post("transfer", moved, operation="delete")
    assert us.trial() == {"Main bank": D("12.30"), "Rebates": D("-12.30")}
    us.post("deposit", {"Id": made["Id"], "SyncToken": "1"}, operation="delete")
    us.post("journalentry", journal, operation="delete")
    assert us.trial() == {}


def test_what_a_deposit_cannot_take_is_refused_and_posts_nothing(us: Client) -> None:
    lines = [journal_line(us.account("income"), "12.30", "Credit"), journal_line(us.account("card"), "12.30", "Debit")]
    journal = us.make("JournalEntry", {"Line": lines})
    before = us.trial()
    funds = us.query("select * from Account where AccountSubType = 'UndepositedFunds'")["Account"][0]["Id"]
    other = us.make(
        "JournalEntry",
        {"Line": [journal_line(us.account("income"), "5.00", "Credit"), journal_line(funds, "5.00", "Debit")]},
    )
    into = {"DepositToAccountRef": {"value": us.account("bank")}}
    for id, line_id, amount in ((journal["Id"], "1", "12.30"), (other["Id"], "0", "5.00"), (other["Id"], "1", "4.00")):
        link = {"TxnId": id, "TxnType": "JournalEntry", "TxnLineId": line_id}
        assert us.fault("deposit", {**into, "Line": [{"Amount": D(amount), "LinkedTxn": [link]}]})[:2] == (400, "620")
    with pytest.raises(NotSimulated):
        us.send("POST", "deposit", {**into, "Line": [{"LinkedTxn": [{"TxnId": "1", "TxnType": "Payment"}]}]})
    assert us.trial() == {**before, "Undeposited Funds": D("5.00"), "Rebates": D("-17.30")}
