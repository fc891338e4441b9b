"""What each transaction does to the books, and what it refuses."""

import pytest
from lxml import etree
from tests.platforms.quickbooks_desktop.desk import Desk, add, bill, charge, line, modify, ref


def pay(txn: str, amount: str, *, vendor: str = "Contoso Air", more: str = "", rate: str = "", extra: str = "") -> str:
    rated = f"<ExchangeRate>{rate}</ExchangeRate>" if rate else ""
    applied = f"<AppliedToTxnAdd><TxnID>{txn}</TxnID><PaymentAmount>{amount}</PaymentAmount>{more}</AppliedToTxnAdd>"
    head = ref("PayeeEntityRef", vendor) + ref("BankAccountRef", "Main Checking") + "<RefNumber>77</RefNumber>"
    return add("BillPaymentCheck", head + rated + applied + extra)


def id_of(record: etree._Element) -> str:
    return record.findtext("TxnID") or ""


def moved(desk: Desk) -> dict[str, str]:
    return desk.books()


def test_a_card_charge_debits_its_lines_and_credits_the_card(desk: Desk) -> None:
    desk.ok(charge(line("41.20"), line("8.15", "Software")))
    assert moved(desk) == {"Travel": "41.20", "Software": "8.15", "Visa": "-49.35"}


def test_a_card_credit_does_the_opposite(desk: Desk) -> None:
    desk.ok(charge(line("41.20")).replace("CreditCardCharge", "CreditCardCredit"))
    assert moved(desk) == {"Travel": "-41.20", "Visa": "41.20"}


def test_a_charge_may_have_a_negative_line_but_no_negative_total(desk: Desk) -> None:
    desk.ok(charge(line("30.00"), line("-4.00", "Software")))
    assert moved(desk) == {"Travel": "30.00", "Software": "-4.00", "Visa": "-26.00"}
    assert desk.refused(charge(line("-30.00"))) == "3210"


def test_a_check_is_written_on_a_bank_account_only(desk: Desk) -> None:
    content = ref("PayeeEntityRef", "Meadow School") + "<RefNumber>101</RefNumber>" + line("12.00")
    desk.ok(add("Check", ref("AccountRef", "Main Checking") + content))
    assert moved(desk) == {"Travel": "12.00", "Main Checking": "-12.00"}
    assert desk.refused(add("Check", ref("AccountRef", "Visa") + content)) == "3210"


def test_a_charge_is_put_on_a_card_only(desk: Desk) -> None:
    assert desk.refused(charge(line("12.00"), account="Main Checking")) == "3210"


@pytest.mark.parametrize(
    "request_text",
    [
        charge(line("12.00"), account="Nowhere"),
        charge(line("12.00"), payee="Nobody"),
        charge(line("12.00", "Nothing")),
        bill(line("12.00"), vendor="Meadow School"),
        charge(line("12.00", more=ref("ClassRef", "West"))),
    ],
)
def test_a_reference_to_nothing_is_refused(desk: Desk, request_text: str) -> None:
    assert desk.refused(request_text) == "3140"


def test_a_line_needs_an_account_unless_the_preference_lets_it_go_uncategorized(desk: Desk) -> None:
    bare = "<ExpenseLineAdd><Amount>3.00</Amount></ExpenseLineAdd>"
    assert desk.refused(charge(bare)) == "3210"
    relaxed = Desk(accounts_required=False)
    relaxed.ok(charge(bare))
    assert moved(relaxed) == {"Uncategorized Expenses": "3.00", "Visa": "-3.00"}


def test_an_inactive_account_takes_no_more_lines(desk: Desk) -> None:
    desk.bookkeeper().archive_account("travel")
    assert desk.refused(charge(line("3.00"))) == "3140"
    desk.bookkeeper().restore_account("travel")
    desk.ok(charge(line("3.00")))


def test_a_class_is_a_dimension_of_its_line(desk: Desk) -> None:
    made = desk.ok(charge(line("3.00", more=ref("ClassRef", "North"))))
    assert made.findtext("ExpenseLineRet/ClassRef/FullName") == "North"
    (posted,) = [x for x in desk.acme._company.book.lines() if x.posting.dimensions]
    assert posted.posting.dimensions == (("Class", desk.acme.native_id("north")),)


def test_a_class_without_class_tracking_is_refused_or_ignored() -> None:
    assert Desk(class_tracking=False).refused(charge(line("3.00", more=ref("ClassRef", "North")))) == "3250"
    ignoring = Desk(class_tracking=False, class_tracking_off="ignored")
    assert ignoring.ok(charge(line("3.00", more=ref("ClassRef", "North")))).find("ExpenseLineRet/ClassRef") is None


def test_a_billable_line_needs_a_customer(desk: Desk) -> None:
    billable = "<BillableStatus>Billable</BillableStatus>"
    assert desk.refused(charge(line("3.00", more=billable))) == "3210"
    desk.ok(charge(line("3.00", more=ref("CustomerRef", "Meadow School") + billable)))


# Bills


def test_a_bill_is_owed_until_it_is_paid(desk: Desk) -> None:
    made = desk.ok(bill(line("100.00")))
    assert (made.findtext("IsPaid"), made.findtext("OpenAmount")) == ("false", "100.00")
    part = desk.ok(pay(id_of(made), "40.25"))
    assert part.findtext("AppliedToTxnRet/BalanceRemaining") == "59.75"
    desk.ok(pay(id_of(made), "59.75"))
    again = desk.ok(f"<BillQueryRq><TxnID>{id_of(made)}</TxnID><IncludeLinkedTxns>1</IncludeLinkedTxns></BillQueryRq>")
    assert (again.findtext("IsPaid"), again.findtext("OpenAmount")) == ("true", "0.00")
    assert [e.findtext("Amount") for e in again.findall("LinkedTxn")] == ["-40.25", "-59.75"]
    assert moved(desk) == {"Travel": "100.00", "Main Checking": "-100.00"}


def test_more_than_is_due_cannot_be_paid(desk: Desk) -> None:
    made = id_of(desk.ok(bill(line("100.00"))))
    answer = desk.one(pay(made, "100.01"))
    assert answer.get("statusCode") == "3210"
    assert answer.get("statusMessage", "").endswith("You cannot pay more than the amount due.")
    twice = f"<AppliedToTxnAdd><TxnID>{made}</TxnID><PaymentAmount>60.00</PaymentAmount></AppliedToTxnAdd>"
    assert desk.refused(pay(made, "60.00", extra=twice)) == "3210"


def test_a_bill_of_another_vendor_cannot_be_paid(desk: Desk) -> None:
    made = id_of(desk.ok(bill(line("100.00"))))
    assert desk.refused(pay(made, "10.00", vendor="Fabrikam Inns")) == "3210"


@pytest.mark.parametrize("amount", ["0.00", "-5.00"])
def test_a_payment_of_nothing_is_refused(desk: Desk, amount: str) -> None:
    made = id_of(desk.ok(bill(line("100.00"))))
    assert desk.refused(pay(made, amount)) == "3210"


def test_a_credit_is_used_up_by_a_payment_without_moving_money(desk: Desk) -> None:
    owed = id_of(desk.ok(bill(line("100.00"))))
    given = id_of(desk.ok(bill(line("30.00"), number="cr-1").replace("Bill", "VendorCredit")))
    credit = f"<SetCredit><CreditTxnID>{given}</CreditTxnID><AppliedAmount>30.00</AppliedAmount></SetCredit>"
    paid = desk.ok(pay(owed, "70.00", more=credit))
    assert paid.findtext("AppliedToTxnRet/LinkedTxn/Amount") == "-30.00"
    assert moved(desk) == {"Travel": "70.00", "Main Checking": "-70.00"}
    left = desk.ok(f"<VendorCreditQueryRq><TxnID>{given}</TxnID></VendorCreditQueryRq>")
    assert left.findtext("OpenAmount") == "0.00"


def test_a_credit_cannot_be_used_beyond_its_amount(desk: Desk) -> None:
    owed = id_of(desk.ok(bill(line("100.00"))))
    given = id_of(desk.ok(bill(line("30.00"), number="cr-1").replace("Bill", "VendorCredit")))
    credit = f"<SetCredit><CreditTxnID>{given}</CreditTxnID><AppliedAmount>30.01</AppliedAmount></SetCredit>"
    assert desk.refused(pay(owed, "10.00", more=credit)) == "3210"


def test_a_discount_goes_to_its_account(desk: Desk) -> None:
    owed = id_of(desk.ok(bill(line("100.00"))))
    discount = "<DiscountAmount>2.00</DiscountAmount>"
    assert desk.refused(pay(owed, "98.00", more=discount)) == "3210"
    desk.ok(pay(owed, "98.00", more=discount + ref("DiscountAccountRef", "Discounts Taken")))
    assert moved(desk) == {"Travel": "100.00", "Main Checking": "-98.00", "Discounts Taken": "-2.00"}


def test_a_card_may_pay_a_bill(desk: Desk) -> None:
    owed = id_of(desk.ok(bill(line("64.00"))))
    applied = f"<AppliedToTxnAdd><TxnID>{owed}</TxnID><PaymentAmount>64.00</PaymentAmount></AppliedToTxnAdd>"
    head = ref("PayeeEntityRef", "Contoso Air") + ref("CreditCardAccountRef", "Visa")
    desk.ok(add("BillPaymentCreditCard", head + applied))
    assert moved(desk) == {"Travel": "64.00", "Visa": "-64.00"}


# Currencies


def test_a_foreign_bill_paid_at_another_rate_leaves_the_difference_on_exchange_gain_or_loss(desk: Desk) -> None:
    made = desk.ok(bill(line("200.00"), vendor="Litware Rail", more="<ExchangeRate>1.10</ExchangeRate>"))
    assert made.findtext("AmountDueInHomeCurrency") == "220.00"
    assert made.findtext("APAccountRef/FullName") == "Accounts Payable - EUR"
    desk.ok(pay(id_of(made), "80.00", vendor="Litware Rail", rate="1.20"))
    desk.ok(pay(id_of(made), "120.00", vendor="Litware Rail", rate="1.05"))
    assert moved(desk) == {"Travel": "220.00", "Main Checking": "-222.00", "Exchange Gain or Loss": "2.00"}


def test_a_foreign_card_takes_names_in_its_currency_only(desk: Desk) -> None:
    rate = "<ExchangeRate>1.25</ExchangeRate>"
    made = desk.ok(charge(line("10.00"), account="Visa EUR", payee="Litware Rail", more=rate))
    assert (made.findtext("Amount"), made.findtext("AmountInHomeCurrency")) == ("10.00", "12.50")
    held = desk.acme._company.book.balance(desk.acme.native_id("visa_eur"))
    assert (str(held.by_currency["EUR"]), str(held.base)) == ("-10.00 EUR", "-12.50 USD")
    assert desk.refused(charge(line("10.00"), account="Visa EUR", payee="Contoso Air")) == "3210"


def test_a_home_card_may_pay_a_foreign_name(desk: Desk) -> None:
    desk.ok(charge(line("10.00"), payee="Litware Rail", more="<ExchangeRate>1.25</ExchangeRate>"))
    assert moved(desk) == {"Travel": "12.50", "Visa": "-12.50"}


@pytest.mark.parametrize("rate", ["0", "-1.2"])
def test_a_rate_is_more_than_nothing(desk: Desk, rate: str) -> None:
    more = f"<ExchangeRate>{rate}</ExchangeRate>"
    assert desk.refused(charge(line("10.00"), payee="Litware Rail", more=more)) == "3210"


def test_home_currency_has_the_rate_one(desk: Desk) -> None:
    assert desk.refused(charge(line("10.00"), more="<ExchangeRate>1.25</ExchangeRate>")) == "3210"


def test_a_rate_without_multicurrency_is_refused() -> None:
    desk = Desk(multicurrency=False)
    assert desk.refused(charge(line("10.00"), more="<ExchangeRate>1</ExchangeRate>")) == "3250"
    assert desk.ok(charge(line("10.00"))).find("CurrencyRef") is None


# Journals, deposits, transfers


def journal(*lines: tuple[str, str, str], more: str = "") -> str:
    sides = "".join(
        f"<Journal{side}Line>{ref('AccountRef', account)}<Amount>{amount}</Amount>{more}</Journal{side}Line>"
        for side, account, amount in lines
    )
    return add("JournalEntry", "<TxnDate>2026-03-10</TxnDate><RefNumber>JE-9</RefNumber>" + sides)


def test_a_journal_entry_posts_its_lines_in_their_order(desk: Desk) -> None:
    made = desk.ok(journal(("Credit", "Visa", "30.00"), ("Debit", "Travel", "18.00"), ("Debit", "Software", "12.00")))
    assert [e.tag for e in made if e.tag.endswith("Line")] == [
        "JournalCreditLine",
        "JournalDebitLine",
        "JournalDebitLine",
    ]
    assert moved(desk) == {"Visa": "-30.00", "Travel": "18.00", "Software": "12.00"}


def test_a_journal_entry_balances_and_has_no_negative_lines(desk: Desk) -> None:
    assert desk.refused(journal(("Credit", "Visa", "30.00"), ("Debit", "Travel", "29.99"))) == "3210"
    assert desk.refused(journal(("Credit", "Visa", "-30.00"), ("Debit", "Travel", "-30.00"))) == "3210"


def test_payables_stand_on_the_first_line_with_their_vendor(desk: Desk) -> None:
    owed = (("Credit", "Accounts Payable", "30.00"), ("Debit", "Travel", "30.00"))
    assert desk.refused(journal(*owed)) == "3210"
    assert desk.refused(journal(*reversed(owed), more=ref("EntityRef", "Contoso Air"))) == "3210"
    desk.ok(journal(*owed, more=ref("EntityRef", "Contoso Air")))


def test_a_deposit_credits_its_lines_and_brings_money_into_the_bank(desk: Desk) -> None:
    who = ref("EntityRef", "Contoso Air") + ref("AccountRef", "Travel")
    row = f"<DepositLineAdd>{who}<Amount>25.00</Amount></DepositLineAdd>"
    back = f"<CashBackInfoAdd>{ref('AccountRef', 'Rainy Day')}<Amount>5.00</Amount></CashBackInfoAdd>"
    made = desk.ok(add("Deposit", ref("DepositToAccountRef", "Main Checking") + back + row))
    assert made.findtext("DepositTotal") == "20.00"
    assert moved(desk) == {"Main Checking": "20.00", "Rainy Day": "5.00", "Travel": "-25.00"}
    assert desk.refused(add("Deposit", ref("DepositToAccountRef", "Visa") + row)) == "3210"


def transfer(amount: str, source: str = "Main Checking", target: str = "Visa") -> str:
    ends = ref("TransferFromAccountRef", source) + ref("TransferToAccountRef", target)
    return add("Transfer", f"{ends}<Amount>{amount}</Amount>")


def test_a_transfer_pays_a_card_down(desk: Desk) -> None:
    made = desk.ok(transfer("15.00"))
    assert (made.findtext("FromAccountBalance"), made.findtext("ToAccountBalance")) == ("-15.00", "-15.00")
    assert moved(desk) == {"Main Checking": "-15.00", "Visa": "15.00"}


@pytest.mark.parametrize(
    "request_text",
    [
        transfer("0.00"),
        transfer("-3.00"),
        transfer("3.00", target="Main Checking"),
        transfer("3.00", target="Travel"),
        transfer("3.00", target="Accounts Payable"),
        transfer("3.00", target="Visa EUR"),
    ],
)
def test_a_transfer_moves_something_between_two_balance_sheet_accounts_of_one_currency(
    desk: Desk, request_text: str
) -> None:
    assert desk.refused(request_text) == "3210"


# Changing and undoing


def test_a_mod_keeps_what_it_does_not_name(desk: Desk) -> None:
    made = desk.ok(charge(line("41.20"), line("8.15", "Software")))
    keys = f"<TxnID>{id_of(made)}</TxnID><EditSequence>{made.findtext('EditSequence')}</EditSequence>"
    changed = desk.ok(modify("CreditCardCharge", keys + "<Memo>Leeds</Memo>"))
    assert (changed.findtext("Memo"), changed.findtext("RefNumber"), changed.findtext("Amount")) == (
        "Leeds",
        "r-1",
        "49.35",
    )
    assert int(changed.findtext("EditSequence") or 0) > int(made.findtext("EditSequence") or 0)


def test_lines_that_a_mod_does_not_list_are_deleted(desk: Desk) -> None:
    made = desk.ok(charge(line("41.20"), line("8.15", "Software")))
    kept = made.findall("ExpenseLineRet")[1].findtext("TxnLineID")
    keys = f"<TxnID>{id_of(made)}</TxnID><EditSequence>{made.findtext('EditSequence')}</EditSequence>"
    lines = f"<ExpenseLineMod><TxnLineID>{kept}</TxnLineID><Amount>9.00</Amount></ExpenseLineMod>"
    lines += (
        f"<ExpenseLineMod><TxnLineID>-1</TxnLineID>{ref('AccountRef', 'Travel')}<Amount>2.00</Amount></ExpenseLineMod>"
    )
    changed = desk.ok(modify("CreditCardCharge", keys + lines))
    assert [e.findtext("Amount") for e in changed.findall("ExpenseLineRet")] == ["9.00", "2.00"]
    assert moved(desk) == {"Software": "9.00", "Travel": "2.00", "Visa": "-11.00"}


def test_a_stale_edit_sequence_is_refused(desk: Desk) -> None:
    made = desk.ok(charge(line("41.20")))
    keys = f"<TxnID>{id_of(made)}</TxnID><EditSequence>1</EditSequence>"
    assert desk.refused(modify("CreditCardCharge", keys + "<Memo>Leeds</Memo>")) == "3200"


def test_a_stale_answer_tells_what_is_needed_to_send_the_change_again(desk: Desk) -> None:
    made = desk.ok(charge(line("41.20")))
    keys = f"<TxnID>{id_of(made)}</TxnID><EditSequence>1</EditSequence>"
    stale = modify("CreditCardCharge", keys + "<Memo>Leeds</Memo>")
    told = desk.one(stale).find("ErrorRecovery")
    assert told is not None
    assert [(part.tag, part.text) for part in told] == [
        (name, made.findtext(name)) for name in ("TxnID", "TxnNumber", "EditSequence")
    ]
    keys = keys.replace(">1<", f">{told.findtext('EditSequence')}<")
    assert desk.ok(modify("CreditCardCharge", keys + "<Memo>Leeds</Memo>")).findtext("Memo") == "Leeds"
    assert desk.one(stale, version="10.0").find("ErrorRecovery") is None


def test_a_mod_of_what_is_not_there_or_of_another_kind_is_refused(desk: Desk) -> None:
    made = desk.ok(charge(line("41.20")))
    keys = f"<TxnID>{id_of(made)}</TxnID><EditSequence>{made.findtext('EditSequence')}</EditSequence>"
    assert desk.refused(modify("Check", keys)) == "3120"
    assert desk.refused(modify("Check", keys.replace(id_of(made), "FFFF-1"))) == "3120"


def test_a_deleted_transaction_leaves_the_books_and_is_listed_as_deleted(desk: Desk) -> None:
    made = id_of(desk.ok(charge(line("41.20"))))
    gone = desk.one(f"<TxnDelRq><TxnDelType>CreditCardCharge</TxnDelType><TxnID>{made}</TxnID></TxnDelRq>")
    assert (gone.get("statusCode"), gone.findtext("TxnID"), moved(desk)) == ("0", made, {})
    kinds = "<TxnDelType>CreditCardCharge</TxnDelType><TxnDelType>Invoice</TxnDelType>"
    assert desk.ok(f"<TxnDeletedQueryRq>{kinds}</TxnDeletedQueryRq>").findtext("TxnID") == made
    again = f"<TxnDelRq><TxnDelType>CreditCardCharge</TxnDelType><TxnID>{made}</TxnID></TxnDelRq>"
    assert desk.refused(again) == "3120"


def test_a_void_stays_with_nothing_in_it(desk: Desk) -> None:
    made = id_of(desk.ok(charge(line("41.20"), more="<Memo>Taxi</Memo>")))
    voiding = f"<TxnVoidRq><TxnVoidType>CreditCardCharge</TxnVoidType><TxnID>{made}</TxnID></TxnVoidRq>"
    assert desk.one(voiding).get("statusCode") == "0"
    left = desk.ok(f"<CreditCardChargeQueryRq><TxnID>{made}</TxnID></CreditCardChargeQueryRq>")
    assert (left.findtext("Amount"), left.findtext("Memo"), moved(desk)) == ("0.00", "VOID: Taxi", {})
    assert desk.refused(voiding) == "3185"


def test_a_transfer_can_be_neither_deleted_nor_voided(desk: Desk) -> None:
    from tests.platforms.quickbooks_desktop.desk import document

    made = id_of(desk.ok(transfer("15.00")))
    for word in ("Del", "Void"):
        text = f"<Txn{word}Rq><Txn{word}Type>Transfer</Txn{word}Type><TxnID>{made}</TxnID></Txn{word}Rq>"
        assert desk.failed(document(text)) == "0x80040400"


def test_a_paid_bill_goes_after_its_payment_only(desk: Desk) -> None:
    owed = id_of(desk.ok(bill(line("100.00"))))
    paid = id_of(desk.ok(pay(owed, "100.00")))
    deleting = f"<TxnDelRq><TxnDelType>Bill</TxnDelType><TxnID>{owed}</TxnID></TxnDelRq>"
    assert desk.refused(deleting) == "3160"
    desk.one(f"<TxnVoidRq><TxnVoidType>BillPaymentCheck</TxnVoidType><TxnID>{paid}</TxnID></TxnVoidRq>")
    left = desk.ok(f"<BillQueryRq><TxnID>{owed}</TxnID></BillQueryRq>")
    assert (left.findtext("IsPaid"), left.findtext("OpenAmount")) == ("false", "100.00")
    assert desk.one(deleting).get("statusCode") == "0"
    assert moved(desk) == {}


def test_a_bill_cannot_fall_below_what_was_paid_of_it(desk: Desk) -> None:
    made = desk.ok(bill(line("100.00")))
    desk.ok(pay(id_of(made), "60.00"))
    row = made.findtext("ExpenseLineRet/TxnLineID")
    keys = f"<TxnID>{id_of(made)}</TxnID><EditSequence>{made.findtext('EditSequence')}</EditSequence>"
    less = f"<ExpenseLineMod><TxnLineID>{row}</TxnLineID><Amount>59.99</Amount></ExpenseLineMod>"
    assert desk.refused(modify("Bill", keys + less)) == "3170"
    desk.ok(modify("Bill", keys + less.replace("59.99", "60.00")))


def test_a_payment_can_be_changed_to_settle_less(desk: Desk) -> None:
    owed = id_of(desk.ok(bill(line("100.00"))))
    paid = desk.ok(pay(owed, "100.00"))
    keys = f"<TxnID>{id_of(paid)}</TxnID><EditSequence>{paid.findtext('EditSequence')}</EditSequence>"
    less = f"<AppliedToTxnMod><TxnID>{owed}</TxnID><PaymentAmount>35.00</PaymentAmount></AppliedToTxnMod>"
    desk.ok(modify("BillPaymentCheck", keys + less))
    assert moved(desk) == {"Travel": "100.00", "Main Checking": "-35.00", "Accounts Payable": "-65.00"}


# Closed books and locks


def test_what_is_dated_in_a_closed_period_is_neither_made_nor_changed_nor_undone(desk: Desk) -> None:
    made = desk.ok(charge(line("41.20"), more="").replace("<RefNumber>", "<TxnDate>2026-02-27</TxnDate><RefNumber>"))
    desk.bookkeeper().lock_period("2026-02-28")
    old = charge(line("1.00")).replace("<RefNumber>", "<TxnDate>2026-02-28</TxnDate><RefNumber>")
    assert desk.refused(old) == "3180"
    keys = f"<TxnID>{id_of(made)}</TxnID><EditSequence>{made.findtext('EditSequence')}</EditSequence>"
    assert desk.refused(modify("CreditCardCharge", keys + "<Memo>Leeds</Memo>")) == "3171"
    assert desk.refused(modify("CreditCardCharge", keys + "<TxnDate>2026-03-16</TxnDate>")) == "3171"
    deleting = f"<TxnDelRq><TxnDelType>CreditCardCharge</TxnDelType><TxnID>{id_of(made)}</TxnID></TxnDelRq>"
    assert desk.refused(deleting) == "3161"
    message = desk.one(old).get("statusMessage", "")
    assert message.endswith("before the closing date of the company.")
    told = desk.ok("<PreferencesQueryRq/>")
    assert told.findtext("AccountingPreferences/ClosingDate") == "2026-02-28"
    desk.ok(charge(line("1.00")))


def test_a_closing_date_without_a_password_may_let_writes_pass_in_silence() -> None:
    desk = Desk(closing_date="allowed")
    desk.bookkeeper().lock_period("2026-02-28")
    desk.ok(charge(line("1.00")).replace("<RefNumber>", "<TxnDate>2026-02-28</TxnDate><RefNumber>"))


def test_what_another_user_holds_open_cannot_be_changed(desk: Desk) -> None:
    made = desk.ok(charge(line("41.20")))
    desk.http("PATCH", "/company_file", f'{{"locked_objects": ["{id_of(made)}"]}}')
    keys = f"<TxnID>{id_of(made)}</TxnID><EditSequence>{made.findtext('EditSequence')}</EditSequence>"
    assert desk.refused(modify("CreditCardCharge", keys + "<Memo>Leeds</Memo>")) == "3175"
    voiding = f"<TxnVoidRq><TxnVoidType>CreditCardCharge</TxnVoidType><TxnID>{id_of(made)}</TxnID></TxnVoidRq>"
    assert desk.refused(voiding) == "3180"


# Items and other editions


def test_an_item_line_posts_to_the_account_of_its_item(desk: Desk) -> None:
    sale = f"<SalesOrPurchase><Price>7.25</Price>{ref('AccountRef', 'Software')}</SalesOrPurchase>"
    desk.ok(add("ItemService", f"<Name>Seat</Name>{sale}"))
    made = desk.ok(charge(f"<ItemLineAdd>{ref('ItemRef', 'Seat')}<Quantity>3</Quantity></ItemLineAdd>"))
    assert made.findtext("ItemLineRet/Amount") == "21.75"
    assert moved(desk) == {"Software": "21.75", "Visa": "-21.75"}


def test_an_edition_with_purchase_tax_posts_it_to_the_agency() -> None:
    desk = Desk(country="GB", currency="GBP")
    made = desk.ok(bill(line("100.00", more=ref("SalesTaxCodeRef", "S")), line("10.00", "Software")))
    assert (made.findtext("AmountDue"), made.findtext("ExpenseLineRet/TaxAmount")) == ("130.00", "20.00")
    assert moved(desk) == {
        "Travel": "100.00",
        "Software": "10.00",
        "VAT Liability": "20.00",
        "Accounts Payable": "-130.00",
    }


def test_tax_inside_an_amount_comes_off_its_line() -> None:
    desk = Desk(country="GB", currency="GBP")
    inside = "<IsTaxIncluded>true</IsTaxIncluded>"
    made = desk.ok(bill(line("120.00", more=ref("SalesTaxCodeRef", "S")), more=inside))
    assert made.findtext("AmountDue") == "120.00"
    assert moved(desk) == {"Travel": "100.00", "VAT Liability": "20.00", "Accounts Payable": "-120.00"}


def test_a_code_with_two_opposite_taxes_is_a_reverse_charge() -> None:
    desk = Desk(country="GB", currency="GBP")
    for name, rate in (("Owed", "20.0"), ("Got Back", "-20.0")):
        desk.ok(add("ItemSalesTax", f"<Name>{name}</Name><TaxRate>{rate}</TaxRate>"))
    members = ref("ItemSalesTaxRef", "Owed") + ref("ItemSalesTaxRef", "Got Back")
    made = desk.ok(add("ItemSalesTaxGroup", f"<Name>Abroad</Name>{members}"))
    assert [each.findtext("FullName") for each in made.findall("ItemSalesTaxRef")] == ["Owed", "Got Back"]
    code = "<Name>RC</Name><IsTaxable>true</IsTaxable>" + ref("ItemPurchaseTaxRef", "Abroad")
    desk.ok(add("SalesTaxCode", code))
    owed = desk.ok(bill(line("150.00", more=ref("SalesTaxCodeRef", "RC"))))
    assert (owed.findtext("AmountDue"), owed.findtext("ExpenseLineRet/TaxAmount")) == ("150.00", "0.00")
    company = desk.acme._company
    posted = company.book.current("Bill", owed.findtext("TxnID") or "")
    assert posted is not None
    taxes = sorted(f"{each.base.amount:f}" for each in posted.entry.postings if each.memo == "Tax")
    assert taxes == ["-30.00", "30.00"]
    company.book.verify()


def test_the_taxes_of_a_group_add_up_to_the_tax_of_the_line() -> None:
    desk = Desk(country="GB", currency="GBP")
    for name, rate in (("County", "3.33"), ("Town", "1.17")):
        desk.ok(add("ItemSalesTax", f"<Name>{name}</Name><TaxRate>{rate}</TaxRate>"))
    members = ref("ItemSalesTaxRef", "County") + ref("ItemSalesTaxRef", "Town")
    desk.ok(add("ItemSalesTaxGroup", f"<Name>Both</Name>{members}"))
    desk.ok(add("SalesTaxCode", "<Name>B2</Name><IsTaxable>true</IsTaxable>" + ref("ItemPurchaseTaxRef", "Both")))
    owed = desk.ok(bill(line("99.99", more=ref("SalesTaxCodeRef", "B2"))))
    assert owed.findtext("ExpenseLineRet/TaxAmount") == "4.50"
    assert desk.books()["Accounts Payable"] == "-104.49"
    assert desk.refused(add("ItemSalesTaxGroup", f"<Name>Other</Name>{ref('ItemSalesTaxRef', 'Nowhere')}")) == "3140"
