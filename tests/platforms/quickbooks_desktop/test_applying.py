"""Credits that override how they were applied before, and checks that are applied to bills."""

import pytest
from lxml import etree
from tests.platforms.quickbooks_desktop.desk import Desk, add, bill, line, modify, ref

from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.records import Records


def credit(desk: Desk, amount: str) -> etree._Element:
    return desk.ok(bill(line(amount), number="cr").replace("Bill", "VendorCredit"))


def used(made: etree._Element, amount: str, *, override: bool = False) -> str:
    mark = "<Override>true</Override>" if override else ""
    id = f"<CreditTxnID>{made.findtext('TxnID')}</CreditTxnID>"
    return f"<SetCredit>{id}<AppliedAmount>{amount}</AppliedAmount>{mark}</SetCredit>"


def pay(owed: etree._Element, amount: str, credits: str = "") -> str:
    paid = f"<PaymentAmount>{amount}</PaymentAmount>" if amount else ""
    applied = f"<AppliedToTxnAdd><TxnID>{owed.findtext('TxnID')}</TxnID>{paid}{credits}</AppliedToTxnAdd>"
    head = ref("PayeeEntityRef", "Contoso Air") + ref("BankAccountRef", "Main Checking") + "<RefNumber>77</RefNumber>"
    return add("BillPaymentCheck", head + applied)


def left(desk: Desk, kind: str, made: etree._Element) -> str | None:
    asked = f"<TxnID>{made.findtext('TxnID')}</TxnID>"
    return desk.ok(f"<{kind}QueryRq>{asked}</{kind}QueryRq>").findtext("OpenAmount")


def test_a_credit_that_overrides_takes_the_place_of_what_was_applied(desk: Desk) -> None:
    owed, back = desk.ok(bill(line("100.00"))), credit(desk, "30.00")
    first = desk.ok(pay(owed, "10.00", used(back, "25.00")))
    desk.ok(pay(owed, "5.00", used(back, "12.00", override=True)))
    assert (left(desk, "Bill", owed), left(desk, "VendorCredit", back)) == ("73.00", "18.00")
    asked = f"<TxnID>{first.findtext('TxnID')}</TxnID><IncludeLineItems>1</IncludeLineItems>"
    stands = desk.ok(f"<BillPaymentCheckQueryRq>{asked}</BillPaymentCheckQueryRq>")
    assert stands.find("AppliedToTxnRet/LinkedTxn") is None
    assert stands.findtext("Amount") == "10.00"


def test_a_payment_that_only_applied_that_credit_goes(desk: Desk) -> None:
    owed, back = desk.ok(bill(line("100.00"))), credit(desk, "30.00")
    first = desk.ok(pay(owed, "", used(back, "30.00")))
    desk.ok(pay(owed, "60.00", used(back, "20.00", override=True)))
    assert (left(desk, "Bill", owed), left(desk, "VendorCredit", back)) == ("20.00", "10.00")
    asked = f"<BillPaymentCheckQueryRq><TxnID>{first.findtext('TxnID')}</TxnID></BillPaymentCheckQueryRq>"
    assert desk.one(asked).get("statusCode") == "500"


def test_without_the_mark_the_credit_is_applied_on_top(desk: Desk) -> None:
    owed, back = desk.ok(bill(line("100.00"))), credit(desk, "30.00")
    desk.ok(pay(owed, "10.00", used(back, "25.00")))
    assert desk.refused(pay(owed, "10.00", used(back, "12.00"))) == "3210"
    assert left(desk, "VendorCredit", back) == "5.00"


def test_what_overrides_in_a_closed_period_is_refused_and_changes_nothing(desk: Desk) -> None:
    owed, back = desk.ok(bill(line("100.00"))), credit(desk, "30.00")
    early = pay(owed, "10.00", used(back, "25.00")).replace(
        "<BankAccountRef>", "<TxnDate>2026-03-01</TxnDate><BankAccountRef>"
    )
    desk.ok(early)
    desk.bookkeeper().lock_period("2026-03-05")
    assert desk.refused(pay(owed, "5.00", used(back, "12.00", override=True))) in ("3171", "3180")
    assert left(desk, "VendorCredit", back) == "5.00"


# Checks


def check(owed: etree._Element, amount: str, *lines: str, payee: str = "Contoso Air", rate: str = "") -> str:
    told = f"<Amount>{amount}</Amount>" if amount else ""
    applied = f"<ApplyCheckToTxnAdd><TxnID>{owed.findtext('TxnID')}</TxnID>{told}</ApplyCheckToTxnAdd>"
    rated = f"<ExchangeRate>{rate}</ExchangeRate>" if rate else ""
    head = ref("AccountRef", "Main Checking") + ref("PayeeEntityRef", payee) + "<RefNumber>501</RefNumber>"
    return add("Check", head + rated + applied + "".join(lines))


def test_a_check_settles_a_bill_with_what_it_has_on_accounts_payable(desk: Desk) -> None:
    owed = desk.ok(bill(line("100.00")))
    made = desk.ok(check(owed, "60.00", line("60.00", "Accounts Payable"), line("4.00")))
    assert desk.books() == {"Accounts Payable": "-40.00", "Travel": "104.00", "Main Checking": "-64.00"}
    assert left(desk, "Bill", owed) == "40.00"
    link = made.find("LinkedTxn")
    assert link is not None
    assert (link.findtext("TxnID"), link.findtext("Amount")) == (owed.findtext("TxnID"), "-60.00")
    asked = f"<TxnID>{owed.findtext('TxnID')}</TxnID><IncludeLinkedTxns>1</IncludeLinkedTxns>"
    assert desk.ok(f"<BillQueryRq>{asked}</BillQueryRq>").findtext("LinkedTxn/TxnType") == "Check"


def test_a_check_that_names_no_amount_settles_what_it_can(desk: Desk) -> None:
    owed = desk.ok(bill(line("100.00")))
    desk.ok(check(owed, "", line("70.00", "Accounts Payable")))
    assert left(desk, "Bill", owed) == "30.00"


def test_a_check_at_another_rate_leaves_the_difference_to_exchange(desk: Desk) -> None:
    owed = desk.ok(bill(line("200.00"), vendor="Litware Rail", more="<ExchangeRate>1.10</ExchangeRate>"))
    payable = owed.findtext("APAccountRef/FullName") or ""
    desk.ok(check(owed, "200.00", line("200.00", payable), payee="Litware Rail", rate="1.25"))
    books = desk.books()
    assert books["Main Checking"] == "-250.00"
    assert books["Exchange Gain or Loss"] == "30.00"
    assert books.get(payable, "0.00") in ("0", "0.00")


def test_a_check_applies_no_more_than_is_there_or_due(desk: Desk) -> None:
    owed = desk.ok(bill(line("50.00")))
    assert desk.refused(check(owed, "50.00", line("40.00", "Accounts Payable"))) == "3210"
    assert desk.refused(check(owed, "60.00", line("60.00", "Accounts Payable"))) == "3210"
    assert desk.refused(check(owed, "50.00", line("50.00"))) == "3210"
    assert desk.refused(check(owed, "50.00", line("50.00", "Accounts Payable"), payee="Fabrikam Inns")) == "3210"


def test_a_bill_is_free_again_when_its_check_goes(desk: Desk) -> None:
    owed = desk.ok(bill(line("100.00")))
    made = desk.ok(check(owed, "60.00", line("60.00", "Accounts Payable")))
    gone = f"<TxnDelRq><TxnDelType>Bill</TxnDelType><TxnID>{owed.findtext('TxnID')}</TxnID></TxnDelRq>"
    assert desk.refused(gone) == "3160"
    desk.one(f"<TxnVoidRq><TxnVoidType>Check</TxnVoidType><TxnID>{made.findtext('TxnID')}</TxnID></TxnVoidRq>")
    assert left(desk, "Bill", owed) == "100.00"
    assert desk.one(gone).get("statusCode") == "0"


def test_a_check_is_applied_otherwise_when_it_changes(desk: Desk) -> None:
    one, two = desk.ok(bill(line("100.00"))), desk.ok(bill(line("80.00"), number="inv-2"))
    made = desk.ok(check(one, "60.00", line("60.00", "Accounts Payable")))
    keys = f"<TxnID>{made.findtext('TxnID')}</TxnID><EditSequence>{made.findtext('EditSequence')}</EditSequence>"
    applied = f"<ApplyCheckToTxnMod><TxnID>{two.findtext('TxnID')}</TxnID></ApplyCheckToTxnMod>"
    desk.ok(modify("Check", keys + applied))
    assert (left(desk, "Bill", one), left(desk, "Bill", two)) == ("100.00", "20.00")


# Deposits of what waits


def waiting(desk: Desk, amount: str) -> etree._Element:
    sides = (("Debit", "Undeposited Funds"), ("Credit", "Discounts Taken"))
    lines = "".join(
        f"<Journal{side}Line>{ref('AccountRef', name)}<Amount>{amount}</Amount><Memo>Refund</Memo></Journal{side}Line>"
        for side, name in sides
    )
    return desk.ok(add("JournalEntry", f"<TxnDate>2026-03-09</TxnDate>{lines}"))


def deposit(made: etree._Element, more: str = "", *, line_id: str = "") -> str:
    named = f"<PaymentTxnLineID>{line_id}</PaymentTxnLineID>" if line_id else ""
    row = f"<DepositLineAdd><PaymentTxnID>{made.findtext('TxnID')}</PaymentTxnID>{named}{more}</DepositLineAdd>"
    return add("Deposit", ref("DepositToAccountRef", "Main Checking") + row)


def test_a_deposit_takes_to_the_bank_what_waits(desk: Desk) -> None:
    made = waiting(desk, "35.00")
    more = "<OverrideMemo>Card refund</OverrideMemo><OverrideCheckNumber>88</OverrideCheckNumber>"
    told = desk.ok(deposit(made, more + ref("OverrideClassRef", "North"))).find("DepositLineRet")
    assert told is not None
    parts = ("TxnType", "TxnID", "PaymentTxnLineID", "Memo", "CheckNumber", "ClassRef/FullName", "Amount")
    line_id = made.findtext("JournalDebitLine/TxnLineID")
    expected = ["JournalEntry", made.findtext("TxnID"), line_id, "Card refund", "88", "North", "35.00"]
    assert [told.findtext(part) for part in parts] == expected
    held = {name: amount for name, amount in desk.books().items() if amount.strip("0.")}
    assert held == {"Main Checking": "35.00", "Discounts Taken": "-35.00"}


def test_what_waits_is_deposited_once(desk: Desk) -> None:
    made, other = waiting(desk, "35.00"), desk.ok(bill(line("5.00")))
    first = desk.ok(deposit(made))
    assert desk.refused(deposit(made)) == "3210"
    assert desk.refused(deposit(other)) == "3120"
    gone = f"<TxnDelRq><TxnDelType>JournalEntry</TxnDelType><TxnID>{made.findtext('TxnID')}</TxnID></TxnDelRq>"
    assert desk.refused(gone) == "3160"
    desk.one(f"<TxnDelRq><TxnDelType>Deposit</TxnDelType><TxnID>{first.findtext('TxnID')}</TxnID></TxnDelRq>")
    assert desk.refused(deposit(made, line_id="99-1700000000")) == "3210"
    desk.ok(deposit(made))


def test_one_deposit_takes_what_waits_once(desk: Desk) -> None:
    made = waiting(desk, "35.00")
    row = f"<DepositLineAdd><PaymentTxnID>{made.findtext('TxnID')}</PaymentTxnID></DepositLineAdd>"
    assert desk.refused(add("Deposit", ref("DepositToAccountRef", "Main Checking") + row + row)) == "3210"


def test_what_has_been_deposited_keeps_its_amount_on_both_sides(desk: Desk) -> None:
    made = waiting(desk, "35.00")
    taken = desk.ok(deposit(made))
    keys = [
        f"<TxnID>{each.findtext('TxnID')}</TxnID><EditSequence>{each.findtext('EditSequence')}</EditSequence>"
        for each in (made, taken)
    ]
    lines = "".join(
        f"<JournalLineMod><TxnLineID>{made.findtext(f'{side}/TxnLineID')}</TxnLineID><Amount>20.00</Amount>"
        "</JournalLineMod>"
        for side in ("JournalDebitLine", "JournalCreditLine")
    )
    assert desk.refused(modify("JournalEntry", keys[0] + lines)) == "3170"
    id = f"<TxnLineID>{taken.findtext('DepositLineRet/TxnLineID')}</TxnLineID>"
    changed = f"<DepositLineMod>{id}<Amount>10.00</Amount></DepositLineMod>"
    assert desk.refused(modify("Deposit", keys[1] + changed)) == "3170"
    desk.ok(modify("Deposit", keys[1] + "<Memo>Branch</Memo>"))
    desk.ok(modify("JournalEntry", keys[0] + "<TxnDate>2026-03-08</TxnDate>"))


def test_what_waits_in_another_currency_is_not_simulated(desk: Desk) -> None:
    made = waiting(desk, "35.00")
    desk.ok(add("Account", "<Name>Bank EUR</Name><AccountType>Bank</AccountType>" + ref("CurrencyRef", "Euro")))
    with pytest.raises(NotSimulated, match="another currency"):
        desk.one(deposit(made).replace("Main Checking", "Bank EUR"))


def test_a_check_applies_no_tax_that_is_inside_its_payables() -> None:
    desk = Desk(country="GB", currency="GBP")
    owed = desk.ok(bill(line("100.00")))
    inside = line("50.00", "Accounts Payable", more=ref("SalesTaxCodeRef", "S"))
    amounts = {
        amount: check(owed, amount, inside).replace(
            "<ApplyCheckToTxnAdd>", "<IsTaxIncluded>true</IsTaxIncluded><ApplyCheckToTxnAdd>"
        )
        for amount in ("50.00", "41.67")
    }
    assert desk.refused(amounts["50.00"]) == "3210"
    desk.ok(amounts["41.67"])
    assert (left(desk, "Bill", owed), desk.books()["Accounts Payable"]) == ("58.33", "-58.33")


def test_no_history_is_read_to_change_pay_and_void(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(Records, "versions")
    owed, back = desk.ok(bill(line("100.00"))), credit(desk, "30.00")
    keys = f"<TxnID>{owed.findtext('TxnID')}</TxnID><EditSequence>{owed.findtext('EditSequence')}</EditSequence>"
    desk.ok(modify("Bill", f"{keys}<Memo>Fares</Memo>"))
    desk.ok(pay(owed, "10.00", used(back, "25.00")))
    made = desk.ok(pay(owed, "5.00", used(back, "12.00", override=True)))
    assert left(desk, "Bill", owed) == "73.00"
    gone = f"<TxnVoidType>BillPaymentCheck</TxnVoidType><TxnID>{made.findtext('TxnID')}</TxnID>"
    desk.ok(f"<TxnVoidRq>{gone}</TxnVoidRq>")
    assert left(desk, "VendorCredit", back) == "30.00"
