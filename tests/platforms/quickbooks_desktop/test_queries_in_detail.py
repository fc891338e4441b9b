"""What queries say beyond the plain ones: macros of dates, counts, balances, lines of every type in one list."""

from datetime import date
from decimal import Decimal

import pytest
from lxml import etree
from tests.platforms.quickbooks_desktop.desk import Desk, add, bill, charge, document, line, modify, ref

from sandbooks.kit.errors import NotSimulated
from sandbooks.platforms.quickbooks_desktop.queries.macros import macro_range

WEDNESDAY = date(2026, 5, 20)


@pytest.mark.parametrize(
    ("macro", "first", "last"),
    [
        ("LastWeekToDate", "2026-05-10", "2026-05-13"),
        ("LastMonthToDate", "2026-04-01", "2026-04-20"),
        ("LastCalendarQuarterToDate", "2026-01-01", "2026-02-20"),
        ("LastCalendarYearToDate", "2025-01-01", "2025-05-20"),
        ("ThisCalendarYearToDate", "2026-01-01", "2026-05-20"),
        ("ThisFiscalQuarter", "2026-04-01", "2026-06-30"),
        ("ThisFiscalYear", "2025-10-01", "2026-09-30"),
        ("LastFiscalYear", "2024-10-01", "2025-09-30"),
        ("LastFiscalYearToDate", "2024-10-01", "2025-05-20"),
        ("NextFiscalQuarter", "2026-07-01", "2026-09-30"),
        ("NextFourWeeks", "2026-05-24", "2026-06-20"),
        ("NextCalendarYear", "2027-01-01", "2027-12-31"),
        ("NextMonth", "2026-06-01", "2026-06-30"),
    ],
)
def test_a_date_macro_names_its_days(macro: str, first: str, last: str) -> None:
    assert macro_range(WEDNESDAY, macro, fiscal_month=10) == (date.fromisoformat(first), date.fromisoformat(last))


def test_a_fiscal_year_may_begin_in_the_middle_of_a_quarter() -> None:
    assert macro_range(WEDNESDAY, "ThisFiscalQuarter", fiscal_month=2) == (date(2026, 5, 1), date(2026, 7, 31))
    assert macro_range(date(2026, 1, 31), "LastFiscalYear", fiscal_month=2) == (date(2024, 2, 1), date(2025, 1, 31))


def test_last_month_to_date_ends_with_its_month() -> None:
    assert macro_range(date(2026, 3, 31), "LastMonthToDate", fiscal_month=1) == (date(2026, 2, 1), date(2026, 2, 28))


def test_the_company_says_when_its_fiscal_year_begins() -> None:
    desk = Desk(fiscal_year_begins="April")
    assert desk.ok("<CompanyQueryRq/>").findtext("FirstMonthFiscalYear") == "April"
    desk.ok(bill(line("31.40"), number="A-1").replace("<RefNumber>", "<TxnDate>2025-03-30</TxnDate><RefNumber>"))
    desk.ok(bill(line("8.20"), number="A-2").replace("<RefNumber>", "<TxnDate>2025-04-02</TxnDate><RefNumber>"))
    found = desk.run(
        "<BillQueryRq><TxnDateRangeFilter><DateMacro>ThisFiscalYear</DateMacro></TxnDateRangeFilter></BillQueryRq>"
    )[0]
    assert [each.findtext("RefNumber") for each in found] == ["A-2"]


@pytest.mark.parametrize(
    "asked",
    [
        "<TxnDeletedQueryRq{}><TxnDelType>Bill</TxnDelType></TxnDeletedQueryRq>",
        f"<BillToPayQueryRq{{}}>{ref('PayeeEntityRef', 'Contoso Air')}</BillToPayQueryRq>",
    ],
)
def test_every_query_that_takes_it_counts(desk: Desk, asked: str) -> None:
    gone = desk.ok(bill(line("20.00"))).findtext("TxnID")
    desk.ok(f"<TxnDelRq><TxnDelType>Bill</TxnDelType><TxnID>{gone}</TxnID></TxnDelRq>")
    desk.ok(bill(line("31.00")))
    alone = desk.one(asked.format(' metaData="MetaDataOnly"'))
    both = desk.one(asked.format(' metaData="MetaDataAndResponseData"'))
    assert (alone.get("retCount"), len(alone), both.get("retCount"), len(both)) == ("1", 0, "1", 1)
    assert desk.one(asked.format("")).get("retCount") is None


# Bills to pay


def test_bills_to_pay_tell_what_is_left_in_both_currencies(desk: Desk) -> None:
    owed = desk.ok(bill(line("200.00"), vendor="Litware Rail", more="<ExchangeRate>1.25</ExchangeRate>"))
    desk.ok(pay(owed, "50.00", "Litware Rail"))
    credit = bill(line("40.00"), vendor="Litware Rail", more="<ExchangeRate>1.50</ExchangeRate>")
    desk.ok(credit.replace("Bill", "VendorCredit"))
    rows = desk.one(f"<BillToPayQueryRq>{ref('PayeeEntityRef', 'Litware Rail')}</BillToPayQueryRq>")
    told = [(row[0].findtext("AmountDue"), row[0].findtext("AmountDueInHomeCurrency")) for row in rows]
    assert told[0] == ("150.00", "187.50")
    assert rows[1][0].findtext("CreditRemainingInHomeCurrency") == "60.00"


def test_bills_to_pay_of_a_currency(desk: Desk) -> None:
    desk.ok(bill(line("31.00")))
    asked = (
        f"<BillToPayQueryRq>{ref('PayeeEntityRef', 'Contoso Air')}"
        "<CurrencyFilter><FullName>{}</FullName></CurrencyFilter></BillToPayQueryRq>"
    )
    assert [desk.one(asked.format(name)).get("statusCode") for name in ("US Dollar", "Euro")] == ["0", "1"]


# Balances


def pay(owed: etree._Element, amount: str, vendor: str = "Contoso Air") -> str:
    applied = f"<TxnID>{owed.findtext('TxnID')}</TxnID><PaymentAmount>{amount}</PaymentAmount>"
    return add(
        "BillPaymentCheck",
        ref("PayeeEntityRef", vendor)
        + ref("BankAccountRef", "Main Checking")
        + f"<RefNumber>7</RefNumber><AppliedToTxnAdd>{applied}</AppliedToTxnAdd>",
    )


def sides(*lines: tuple[str, str, str, str]) -> str:
    return "".join(
        f"<Journal{side}Line>{ref('AccountRef', account)}<Amount>{amount}</Amount>"
        f"{ref('EntityRef', name) if name else ''}</Journal{side}Line>"
        for side, account, amount, name in lines
    )


def balance(desk: Desk, kind: str, name: str) -> str | None:
    return desk.ok(f"<{kind}QueryRq><FullName>{name}</FullName></{kind}QueryRq>").findtext("Balance")


def test_a_vendor_is_owed_what_the_books_say_by_whatever_transaction(desk: Desk) -> None:
    owed = desk.ok(bill(line("100.00")))
    desk.ok(pay(owed, "30.00"))
    desk.ok(bill(line("9.00"), number="c").replace("Bill", "VendorCredit"))
    desk.ok(
        add(
            "JournalEntry",
            sides(("Credit", "Accounts Payable", "25.50", "Contoso Air"), ("Debit", "Travel", "25.50", "")),
        )
    )
    desk.ok(
        add(
            "Check",
            ref("AccountRef", "Main Checking")
            + ref("PayeeEntityRef", "Contoso Air")
            + line("4.25", "Accounts Payable"),
        )
    )
    assert balance(desk, "Vendor", "Contoso Air") == "82.25"
    assert desk.books()["Accounts Payable"] == "-82.25"
    assert balance(desk, "Vendor", "Fabrikam Inns") == "0.00"


def test_a_customer_owes_what_the_books_say(desk: Desk) -> None:
    desk.ok(
        add(
            "JournalEntry",
            sides(("Debit", "Accounts Receivable", "61.30", "Meadow School"), ("Credit", "Travel", "61.30", "")),
        )
    )
    assert balance(desk, "Customer", "Meadow School") == "61.30"


def test_names_by_their_balance(desk: Desk) -> None:
    desk.ok(bill(line("31.00")))
    desk.ok(bill(line("12.00"), vendor="Fabrikam Inns"))
    for operator, amount, found in (
        ("GreaterThan", "12.00", ["Contoso Air"]),
        ("GreaterThanEqual", "12.00", ["Contoso Air", "Fabrikam Inns"]),
        ("LessThan", "12.00", ["Litware Rail"]),
        ("LessThanEqual", "0.00", ["Litware Rail"]),
        ("Equal", "31.00", ["Contoso Air"]),
    ):
        inner = f"<Operator>{operator}</Operator><Amount>{amount}</Amount>"
        answer = desk.one(f"<VendorQueryRq><TotalBalanceFilter>{inner}</TotalBalanceFilter></VendorQueryRq>")
        assert [each.findtext("Name") for each in answer] == found, operator


def test_a_control_account_on_a_deposit_needs_its_name(desk: Desk) -> None:
    head = ref("DepositToAccountRef", "Main Checking")
    for name, account, code in (
        ("", "Accounts Payable", "3210"),
        (ref("EntityRef", "Meadow School"), "Accounts Payable", "3210"),
        (ref("EntityRef", "Contoso Air"), "Accounts Receivable", "3210"),
    ):
        row = f"<DepositLineAdd>{name}{ref('AccountRef', account)}<Amount>5.00</Amount></DepositLineAdd>"
        assert desk.refused(add("Deposit", head + row)) == code
    row = f"<DepositLineAdd>{ref('EntityRef', 'Contoso Air')}{ref('AccountRef', 'Accounts Payable')}"
    desk.ok(add("Deposit", head + row + "<Amount>5.00</Amount></DepositLineAdd>"))
    assert balance(desk, "Vendor", "Contoso Air") == "5.00"


# TransactionQuery


def rows(desk: Desk, asked: str) -> list[tuple[str | None, ...]]:
    answer = desk.one(f"<TransactionQueryRq>{asked}</TransactionQueryRq>")
    parts = ("TxnType", "AccountRef/FullName", "Amount")
    return [tuple(each.findtext(part) for part in parts) for each in answer]


def detail(level: str) -> str:
    return f"<TransactionDetailLevelFilter>{level}</TransactionDetailLevelFilter>"


def test_transactions_come_with_their_lines_where_they_are_asked_for(desk: Desk) -> None:
    made = desk.ok(bill(line("10.00", more="<Memo>seat</Memo>"), line("2.50", "Software"), number="A-1"))
    desk.ok(charge(line("4.00"), line("-1.00")))
    head = [("Bill", "Accounts Payable", "12.50"), ("CreditCardCharge", "Visa", "3.00")]
    lines = [("Bill", "Travel", "10.00"), ("Bill", "Software", "2.50")]
    spent = [("CreditCardCharge", "Travel", "4.00"), ("CreditCardCharge", "Travel", "-1.00")]
    assert rows(desk, detail("SummaryOnly")) == head == rows(desk, "")
    assert rows(desk, detail("AllExceptSummary")) == [*lines, *spent]
    assert rows(desk, detail("All")) == [head[0], *lines, head[1], *spent]
    first = desk.one(f"<TransactionQueryRq>{detail('AllExceptSummary')}</TransactionQueryRq>")[0]
    told = made.find("ExpenseLineRet")
    assert told is not None
    assert (first.findtext("TxnID"), first.findtext("TxnLineID")) == (
        made.findtext("TxnID"),
        told.findtext("TxnLineID"),
    )
    assert (first.findtext("Memo"), first.findtext("RefNumber")) == ("seat", "A-1")
    assert first.findtext("EntityRef/FullName") == "Contoso Air"


def test_lines_of_credits_journals_deposits_and_transfers_are_signed_by_their_account(desk: Desk) -> None:
    desk.ok(charge(line("5.00")).replace("CreditCardCharge", "CreditCardCredit"))
    desk.ok(add("JournalEntry", sides(("Credit", "Visa", "30.00", ""), ("Debit", "Travel", "30.00", ""))))
    row = f"<DepositLineAdd>{ref('AccountRef', 'Discounts Taken')}<Amount>25.00</Amount></DepositLineAdd>"
    desk.ok(add("Deposit", ref("DepositToAccountRef", "Main Checking") + row))
    desk.ok(
        add(
            "Transfer",
            ref("TransferFromAccountRef", "Main Checking")
            + ref("TransferToAccountRef", "Rainy Day")
            + "<Amount>15.00</Amount>",
        )
    )
    assert rows(desk, detail("AllExceptSummary")) == [
        ("CreditCardCredit", "Travel", "-5.00"),
        ("JournalEntry", "Visa", "30.00"),
        ("JournalEntry", "Travel", "30.00"),
        ("Deposit", "Discounts Taken", "25.00"),
        ("Transfer", "Rainy Day", "15.00"),
    ]


def test_a_filter_of_accounts_holds_for_lines_too(desk: Desk) -> None:
    desk.ok(bill(line("10.00"), line("2.50", "Software")))
    asked = "<TransactionAccountFilter><FullName>Software</FullName></TransactionAccountFilter>"
    assert rows(desk, asked + detail("All")) == [("Bill", "Software", "2.50")]
    assert rows(desk, asked) == [("Bill", "Accounts Payable", "12.50")]


@pytest.mark.parametrize(
    ("type", "found"),
    [
        ("APOrCreditCard", ["Bill", "CreditCardCharge"]),
        ("AccountsPayable", ["Bill"]),
        ("CreditCard", ["CreditCardCharge"]),
        ("Bank", []),
        ("ExpenseAndOtherExpense", ["Bill", "CreditCardCharge"]),
        ("Liability", ["Bill", "CreditCardCharge"]),
        ("Equity", []),
    ],
)
def test_transactions_by_type_of_account(desk: Desk, type: str, found: list[str]) -> None:
    desk.ok(bill(line("10.00")))
    desk.ok(charge(line("4.00")))
    asked = f"<TransactionAccountFilter><AccountTypeFilter>{type}</AccountTypeFilter></TransactionAccountFilter>"
    assert [row[0] for row in rows(desk, asked)] == found


def test_what_no_account_here_can_tell_is_not_simulated(desk: Desk) -> None:
    asked = "<TransactionAccountFilter><AccountTypeFilter>AllowedFor1099</AccountTypeFilter></TransactionAccountFilter>"
    with pytest.raises(NotSimulated, match="AllowedFor1099"):
        rows(desk, asked)


def test_transactions_by_item(desk: Desk) -> None:
    desk.ok(
        add(
            "ItemService",
            f"<Name>Hours</Name><SalesOrPurchase><Price>9.00</Price>{ref('AccountRef', 'Travel')}</SalesOrPurchase>",
        )
    )
    item = f"<ItemLineAdd>{ref('ItemRef', 'Hours')}<Quantity>3</Quantity></ItemLineAdd>"
    desk.ok(bill(line("10.00"), item))
    desk.ok(charge(line("4.00")))
    for inner, found in (
        ("<FullName>Hours</FullName>", ["Bill"]),
        ("<ItemTypeFilter>Service</ItemTypeFilter>", ["Bill"]),
        ("<ItemTypeFilter>AllExceptFixedAsset</ItemTypeFilter>", ["Bill"]),
        ("<ItemTypeFilter>NonInventory</ItemTypeFilter>", []),
    ):
        asked = f"<TransactionItemFilter>{inner}</TransactionItemFilter>"
        assert [row[0] for row in rows(desk, asked)] == found, inner
    only = "<TransactionItemFilter><FullName>Hours</FullName></TransactionItemFilter>"
    assert rows(desk, only + detail("AllExceptSummary")) == [("Bill", "Travel", "27.00")]


def test_only_the_elements_asked_for_come_of_transactions_too(desk: Desk) -> None:
    desk.ok(charge(line("4.00")))
    (told,) = desk.one("<TransactionQueryRq><IncludeRetElement>TxnID</IncludeRetElement></TransactionQueryRq>")
    assert [each.tag for each in told] == ["TxnID"]


# Lines and what they are called


def keys(made: etree._Element) -> str:
    return f"<TxnID>{made.findtext('TxnID')}</TxnID><EditSequence>{made.findtext('EditSequence')}</EditSequence>"


def test_a_line_that_is_not_there_cannot_be_changed(desk: Desk) -> None:
    made = desk.ok(bill(line("10.00")))
    item = f"<ItemLineMod><TxnLineID>99-1773675000</TxnLineID>{ref('ItemRef', 'Hours')}</ItemLineMod>"
    desk.ok(add("ItemService", f"<Name>Hours</Name><SalesOrPurchase>{ref('AccountRef', 'Travel')}</SalesOrPurchase>"))
    assert desk.refused(modify("Bill", keys(made) + item)) == "3120"


def test_a_line_stands_once_in_a_change(desk: Desk) -> None:
    made = desk.ok(bill(line("10.00")))
    id = made.findtext("ExpenseLineRet/TxnLineID")
    twice = f"<ExpenseLineMod><TxnLineID>{id}</TxnLineID></ExpenseLineMod>" * 2
    assert desk.refused(modify("Bill", keys(made) + twice)) == "3210"


def test_a_payment_is_as_much_as_it_pays(desk: Desk) -> None:
    paid = desk.ok(pay(desk.ok(bill(line("80.00"))), "60.00"))
    for amount, code in (("75.00", "3210"), ("60.00", "0")):
        answer = desk.one(modify("BillPaymentCheck", keys(paid) + f"<Amount>{amount}</Amount>"))
        assert answer.get("statusCode") == code


def test_a_macro_may_name_a_line(desk: Desk) -> None:
    named = bill(line("10.00"), line("2.50")).replace("<ExpenseLineAdd>", '<ExpenseLineAdd defMacro="TxnLineID:b">')
    assert desk.refused(named) == "9101"
    named = bill(line("10.00"), line("2.50")).replace("<ExpenseLineAdd>", '<ExpenseLineAdd defMacro="TxnLineID:a">', 1)
    named = named.replace("<BillAdd>", '<BillAdd defMacro="TxnID:bill">')
    asked = '<BillQueryRq><TxnID useMacro="TxnID:bill"/><IncludeLineItems>true</IncludeLineItems></BillQueryRq>'
    made, told = desk.run(named + asked)
    assert told.get("statusCode") == "0"
    changed = (
        f"<TxnID>{made[0].findtext('TxnID')}</TxnID><EditSequence>{made[0].findtext('EditSequence')}</EditSequence>"
        '<ExpenseLineMod><TxnLineID useMacro="TxnLineID:a"/><Memo>kept</Memo></ExpenseLineMod>'
    )
    assert desk.refused(modify("Bill", changed)) == "9102"


# Journals in home currency; what a new vendor is owed


def test_a_journal_may_be_entered_in_home_currency(desk: Desk) -> None:
    head = (
        "<IsAmountsEnteredInHomeCurrency>true</IsAmountsEnteredInHomeCurrency>"
        f"{ref('CurrencyRef', 'Euro')}<ExchangeRate>1.25</ExchangeRate>"
    )
    told = desk.ok(
        add("JournalEntry", head + sides(("Credit", "Visa EUR", "50.00", ""), ("Debit", "Travel", "50.00", "")))
    )
    assert (desk.books()["Visa EUR"], desk.books()["Travel"]) == ("-50.00", "50.00")
    card = desk.ok("<AccountQueryRq><FullName>Visa EUR</FullName></AccountQueryRq>")
    assert card.findtext("Balance") == "40.00"
    assert told.findtext("JournalDebitLine/Amount") == "50.00"
    uneven = sides(("Credit", "Visa EUR", "50.00", ""), ("Debit", "Travel", "40.00", ""))
    assert desk.refused(add("JournalEntry", head + uneven)) == "3210"


def test_a_new_vendor_may_be_owed_something_already(desk: Desk) -> None:
    for name, amount, kind in (("Northwind", "512.40", "Bill"), ("Tailspin", "-20.10", "VendorCredit")):
        opening = f"<OpenBalance>{amount}</OpenBalance><OpenBalanceDate>2026-01-31</OpenBalanceDate>"
        assert desk.ok(add("Vendor", f"<Name>{name}</Name>{opening}")).findtext("Balance") == amount
        entity = f"<EntityFilter><FullName>{name}</FullName></EntityFilter>"
        made = desk.ok(f"<{kind}QueryRq>{entity}</{kind}QueryRq>")
        assert (made.findtext("TxnDate"), made.findtext("Memo")) == ("2026-01-31", "Opening balance")
    assert Decimal(desk.books()["Uncategorized Expenses"]) == Decimal("492.30")


def test_what_a_new_customer_owes_already_is_not_simulated(desk: Desk) -> None:
    with pytest.raises(NotSimulated):
        desk.one(add("Customer", "<Name>Northwind</Name><OpenBalance>5.00</OpenBalance>"))


def test_the_company_tells_who_it_is(desk: Desk) -> None:
    told = desk.ok("<CompanyQueryRq/>")
    assert told.findtext("AccountantCopy/AccountantCopyExists") == "false"
    assert told.findtext("CompanyName") == "Acme Boats"


def test_a_copy_that_the_accountant_has_closes_what_is_before_its_dividing_date() -> None:
    desk = Desk(dividing_date="2026-02-28")
    told = desk.ok("<CompanyQueryRq/>")
    assert (told.findtext("AccountantCopy/AccountantCopyExists"), told.findtext("AccountantCopy/DividingDate")) == (
        *("true", "2026-02-28"),
    )
    early = charge(line("5.00")).replace("<RefNumber>", "<TxnDate>2026-02-28</TxnDate><RefNumber>")
    assert desk.refused(early) == "3180"
    desk.ok(early.replace("02-28", "03-01"))


@pytest.mark.parametrize("kind", ["Vendor", "Customer"])
def test_names_have_types(desk: Desk, kind: str) -> None:
    desk.ok(add(f"{kind}Type", "<Name>Travel</Name>"))
    desk.ok(add(f"{kind}Type", f"<Name>Air</Name>{ref('ParentRef', 'Travel')}"))
    found = desk.one(f"<{kind}TypeQueryRq/>")
    assert [each.findtext("FullName") for each in found] == ["Travel", "Travel:Air"]
    made = desk.ok(add(kind, f"<Name>Northwind</Name>{ref(f'{kind}TypeRef', 'Travel:Air')}"))
    assert made.findtext(f"{kind}TypeRef/FullName") == "Travel:Air"
    assert desk.refused(add(kind, f"<Name>Tailspin</Name>{ref(f'{kind}TypeRef', 'Rail')}")) == "3140"
    gone = f"<ListDelRq><ListDelType>{kind}Type</ListDelType><ListID>{found[1].findtext('ListID')}</ListID></ListDelRq>"
    assert desk.refused(gone) == "3160"


def test_cash_back_of_a_deposit_may_change_without_its_account(desk: Desk) -> None:
    row = f"<DepositLineAdd>{ref('AccountRef', 'Discounts Taken')}<Amount>25.00</Amount></DepositLineAdd>"
    back = f"<CashBackInfoAdd>{ref('AccountRef', 'Rainy Day')}<Amount>4.00</Amount></CashBackInfoAdd>"
    made = desk.ok(add("Deposit", ref("DepositToAccountRef", "Main Checking") + back + row))
    changed = desk.ok(modify("Deposit", keys(made) + "<CashBackInfoMod><Amount>6.50</Amount></CashBackInfoMod>"))
    assert changed.findtext("CashBackInfoRet/AccountRef/FullName") == "Rainy Day"
    assert (desk.books()["Rainy Day"], desk.books()["Main Checking"]) == ("6.50", "18.50")
    plain = desk.ok(add("Deposit", ref("DepositToAccountRef", "Main Checking") + row))
    assert (
        desk.refused(modify("Deposit", keys(plain) + "<CashBackInfoMod><Amount>1.00</Amount></CashBackInfoMod>"))
        == "3150"
    )


def test_a_list_element_has_no_macro(desk: Desk) -> None:
    named = add("Vendor", "<Name>Northwind</Name>").replace("<VendorAdd>", '<VendorAdd defMacro="ListID:v">')
    assert desk.failed(document(named)) == "0x80040400"


def test_an_account_tells_its_tax_line(desk: Desk) -> None:
    made = desk.ok(add("Account", "<Name>Tolls</Name><AccountType>Expense</AccountType><TaxLineID>1397</TaxLineID>"))
    assert made.findtext("TaxLineInfoRet/TaxLineID") == "1397"
    assert desk.ok("<AccountQueryRq><FullName>Travel</FullName></AccountQueryRq>").find("TaxLineInfoRet") is None


def test_what_would_be_passed_over_is_told_loudly(desk: Desk) -> None:
    account = desk.ok("<AccountQueryRq><FullName>Rainy Day</FullName></AccountQueryRq>")
    with pytest.raises(NotSimulated):
        desk.one(modify("Account", listed(account) + "<OpenBalance>5.00</OpenBalance>"))
    assert "Rainy Day" not in desk.books()


def listed(made: etree._Element) -> str:
    return f"<ListID>{made.findtext('ListID')}</ListID><EditSequence>{made.findtext('EditSequence')}</EditSequence>"


def test_a_vendor_has_contacts_of_its_own(desk: Desk) -> None:
    ada = "<Contacts><FirstName>Ada</FirstName><LastName>Byron</LastName><JobTitle>Owner</JobTitle></Contacts>"
    made = desk.ok(add("Vendor", f"<Name>Northwind</Name>{ada}<Contacts><FirstName>Max</FirstName></Contacts>"))
    assert [each.findtext("Contact") for each in made.findall("ContactsRet")] == ["Ada Byron", "Max"]
    first = made.find("ContactsRet")
    assert first is not None
    change = f"<ContactsMod>{listed(first)}<FirstName>Ada</FirstName><LastName>King</LastName></ContactsMod>"
    changed = desk.ok(modify("Vendor", listed(made) + change))
    assert [each.findtext("Contact") for each in changed.findall("ContactsRet")] == ["Ada King", "Max"]
    assert changed.findtext("ContactsRet/JobTitle") == "Owner"
    assert desk.refused(modify("Vendor", listed(changed) + change)) == "3200"
    strange = change.replace(first.findtext("ListID") or "", "80000FFF-1773675000")
    assert desk.refused(modify("Vendor", listed(changed) + strange)) == "3120"


@pytest.mark.parametrize("kind", ["Vendor", "Customer"])
def test_a_name_has_notes_beside_its_own(desk: Desk, kind: str) -> None:
    notes = "".join(f"<AdditionalNotes><Note>{text}</Note></AdditionalNotes>" for text in ("pays late", "called"))
    made = desk.ok(add(kind, f"<Name>Northwind</Name><Notes>main</Notes>{notes}"))
    told = [(each.findtext("NoteID"), each.findtext("Note")) for each in made.findall("AdditionalNotesRet")]
    assert (made.findtext("Notes"), told) == ("main", [("1", "pays late"), ("2", "called")])
    change = "<AdditionalNotesMod><NoteID>{}</NoteID><Note>pays on time</Note></AdditionalNotesMod>"
    changed = desk.ok(modify(kind, listed(made) + change.format(1)))
    assert [each.findtext("Note") for each in changed.findall("AdditionalNotesRet")] == ["pays on time", "called"]
    assert desk.refused(modify(kind, listed(changed) + change.format(9))) == "3120"
