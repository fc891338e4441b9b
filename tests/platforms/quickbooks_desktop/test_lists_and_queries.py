"""Lists, their names and their trees; queries by id, by name, by filter, page by page."""

import pytest
from lxml import etree
from tests.platforms.quickbooks_desktop.desk import Desk, add, bill, charge, line, modify, ref


def names(desk: Desk, text: str, path: str = "Name") -> list[str]:
    answer = desk.one(text)
    assert answer.get("statusCode") in ("0", "1", "500"), answer.get("statusMessage")
    return [record.findtext(path) or "" for record in answer]


def keys(record: etree._Element) -> str:
    return f"<ListID>{record.findtext('ListID')}</ListID><EditSequence>{record.findtext('EditSequence')}</EditSequence>"


# Lists


def test_an_account_opens_in_the_books_and_takes_postings(desk: Desk) -> None:
    made = desk.ok(add("Account", "<Name>Parking</Name><AccountType>Expense</AccountType>"))
    assert (made.findtext("FullName"), made.findtext("Sublevel"), made.findtext("Balance")) == ("Parking", "0", "0.00")
    desk.ok(charge(line("4.00", "Parking")))
    assert desk.books() == {"Parking": "4.00", "Visa": "-4.00"}


def test_an_account_opens_with_its_balance_in_its_natural_sign(desk: Desk) -> None:
    opening = "<OpenBalance>250.00</OpenBalance><OpenBalanceDate>2026-01-01</OpenBalanceDate>"
    desk.ok(add("Account", f"<Name>Loan</Name><AccountType>LongTermLiability</AccountType>{opening}"))
    assert desk.books() == {"Opening Balance Equity": "250.00", "Loan": "-250.00"}


def test_a_subaccount_is_named_by_its_path_and_has_the_type_of_its_parent(desk: Desk) -> None:
    parent = ref("ParentRef", "Travel")
    made = desk.ok(add("Account", f"<Name>Rail</Name>{parent}<AccountType>Expense</AccountType>"))
    assert (made.findtext("FullName"), made.findtext("Sublevel")) == ("Travel:Rail", "1")
    assert desk.refused(add("Account", f"<Name>Air</Name>{parent}<AccountType>Income</AccountType>")) == "3210"
    missing = ref("ParentRef", "Nothing")
    assert desk.refused(add("Account", f"<Name>Air</Name>{missing}<AccountType>Expense</AccountType>")) == "3130"


def test_children_follow_the_name_of_their_parent(desk: Desk) -> None:
    desk.ok(add("Account", f"<Name>Rail</Name>{ref('ParentRef', 'Travel')}<AccountType>Expense</AccountType>"))
    travel = desk.ok("<AccountQueryRq><FullName>Travel</FullName></AccountQueryRq>")
    desk.ok(modify("Account", keys(travel) + "<Name>Journeys</Name>"))
    assert names(desk, "<AccountQueryRq><FullName>Journeys:Rail</FullName></AccountQueryRq>") == ["Rail"]


def test_an_account_cannot_be_its_own_ancestor(desk: Desk) -> None:
    desk.ok(add("Account", f"<Name>Rail</Name>{ref('ParentRef', 'Travel')}<AccountType>Expense</AccountType>"))
    travel = desk.ok("<AccountQueryRq><FullName>Travel</FullName></AccountQueryRq>")
    assert desk.refused(modify("Account", keys(travel) + ref("ParentRef", "Travel:Rail"))) == "3130"


def test_an_account_number_is_used_once(desk: Desk) -> None:
    desk.ok(add("Account", "<Name>One</Name><AccountType>Expense</AccountType><AccountNumber>7100</AccountNumber>"))
    again = add("Account", "<Name>Two</Name><AccountType>Expense</AccountType><AccountNumber>7100</AccountNumber>")
    assert desk.refused(again) == "3180"


def test_vendors_customers_employees_and_other_names_share_their_names_in_any_case(desk: Desk) -> None:
    for kind in ("Vendor", "Customer", "OtherName"):
        assert desk.refused(add(kind, "<Name>CONTOSO air</Name>")) == "3100"
    assert desk.refused(add("Employee", "<FirstName>Contoso</FirstName><LastName>Air</LastName>")) == "3100"
    desk.ok(add("Class", "<Name>Contoso Air</Name>"))


@pytest.mark.parametrize(("name", "code"), [("", "3150"), (" ", "3150"), ("a:b", "3080"), ("n" * 42, "3070")])
def test_a_name_is_a_name(desk: Desk, name: str, code: str) -> None:
    assert desk.refused(add("Vendor", f"<Name>{name}</Name>")) == code


def test_an_employee_is_named_by_first_and_last_name(desk: Desk) -> None:
    made = desk.ok(add("Employee", "<FirstName>Robin</FirstName><LastName>Marsh</LastName>"))
    assert made.findtext("Name") == "Robin Marsh"


def test_a_vendor_keeps_its_address_and_its_currency(desk: Desk) -> None:
    place = "<VendorAddress><Addr1>1 Quay</Addr1><City>Cork</City></VendorAddress><Phone>555</Phone>"
    made = desk.ok(add("Vendor", f"<Name>Cork Boats</Name>{place}{ref('CurrencyRef', 'Euro')}"))
    assert (made.findtext("VendorAddress/City"), made.findtext("CurrencyRef/FullName")) == ("Cork", "Euro")
    assert desk.refused(modify("Vendor", keys(made) + ref("CurrencyRef", "US Dollar"))) == "3170"
    changed = desk.ok(modify("Vendor", keys(made) + "<Phone></Phone>"))
    assert (changed.find("Phone"), changed.findtext("VendorAddress/City")) == (None, "Cork")


def test_a_profit_and_loss_account_has_no_foreign_currency(desk: Desk) -> None:
    text = f"<Name>Euro Travel</Name><AccountType>Expense</AccountType>{ref('CurrencyRef', 'Euro')}"
    assert desk.refused(add("Account", text)) == "3210"


def test_what_is_referred_to_cannot_be_deleted(desk: Desk) -> None:
    vendor = desk.acme.native_id("hotel")
    deleting = f"<ListDelRq><ListDelType>Vendor</ListDelType><ListID>{vendor}</ListID></ListDelRq>"
    desk.ok(charge(line("4.00"), payee="Fabrikam Inns"))
    assert desk.refused(deleting) == "3160"
    spare = desk.ok(add("Vendor", "<Name>Spare</Name>")).findtext("ListID")
    gone = desk.one(deleting.replace(vendor, str(spare)))
    assert (gone.get("statusCode"), gone.findtext("FullName")) == ("0", "Spare")
    asked = desk.ok("<ListDeletedQueryRq><ListDelType>Vendor</ListDelType></ListDeletedQueryRq>")
    assert asked.findtext("ListID") == spare
    assert desk.ok(add("Vendor", "<Name>Spare</Name>")).findtext("ListID") != spare


def test_an_account_that_quickbooks_keeps_for_itself_cannot_be_deleted(desk: Desk) -> None:
    payables = desk.acme.labels["accounts"]["payables"]
    text = f"<ListDelRq><ListDelType>Account</ListDelType><ListID>{payables}</ListID></ListDelRq>"
    assert desk.refused(text) == "3160"


def test_a_vendor_shows_what_it_is_owed(desk: Desk) -> None:
    desk.ok(bill(line("31.00")))
    assert names(desk, "<VendorQueryRq><FullName>Contoso Air</FullName></VendorQueryRq>", "Balance") == ["31.00"]


# Queries


def test_names_are_found_in_any_case_and_those_missing_are_told(desk: Desk) -> None:
    answer = desk.one("<VendorQueryRq><FullName>contoso AIR</FullName><FullName>Nobody</FullName></VendorQueryRq>")
    assert (answer.get("statusCode"), answer.get("statusSeverity"), len(answer)) == ("500", "Warn", 1)
    assert '("Nobody")' in answer.get("statusMessage", "")


def test_nothing_found_is_information(desk: Desk) -> None:
    answer = desk.one("<CheckQueryRq/>")
    assert (answer.get("statusCode"), answer.get("statusSeverity"), len(answer)) == ("1", "Info", 0)


def test_inactive_records_are_hidden_unless_asked_for(desk: Desk) -> None:
    desk.bookkeeper().archive_contact("hotel")
    shown = {
        s: names(desk, f"<VendorQueryRq><ActiveStatus>{s}</ActiveStatus></VendorQueryRq>")
        for s in ("ActiveOnly", "InactiveOnly", "All")
    }
    assert shown["ActiveOnly"] == names(desk, "<VendorQueryRq/>") == ["Contoso Air", "Litware Rail"]
    assert shown["InactiveOnly"] == ["Fabrikam Inns"]
    assert shown["All"] == ["Contoso Air", "Fabrikam Inns", "Litware Rail"]


@pytest.mark.parametrize(
    ("criterion", "text", "found"),
    [
        ("StartsWith", "con", ["Contoso Air"]),
        ("Contains", "RIK", ["Fabrikam Inns"]),
        ("EndsWith", "l", ["Litware Rail"]),
    ],
)
def test_a_name_filter(desk: Desk, criterion: str, text: str, found: list[str]) -> None:
    inner = f"<MatchCriterion>{criterion}</MatchCriterion><Name>{text}</Name>"
    assert names(desk, f"<VendorQueryRq><NameFilter>{inner}</NameFilter></VendorQueryRq>") == found


def test_a_name_range(desk: Desk) -> None:
    inner = "<FromName>d</FromName><ToName>g</ToName>"
    assert names(desk, f"<VendorQueryRq><NameRangeFilter>{inner}</NameRangeFilter></VendorQueryRq>") == [
        "Fabrikam Inns"
    ]


def test_accounts_by_type(desk: Desk) -> None:
    asked = "<AccountQueryRq><AccountType>CreditCard</AccountType></AccountQueryRq>"
    assert names(desk, asked) == ["Visa", "Visa EUR"]


def test_all_names_together(desk: Desk) -> None:
    assert [record.tag for record in desk.one("<EntityQueryRq/>")] == [
        "VendorRet",
        "VendorRet",
        "VendorRet",
        "CustomerRet",
    ] or ({record.tag for record in desk.one("<EntityQueryRq/>")} == {"VendorRet", "CustomerRet"})


def test_a_count_alone_and_with_its_records(desk: Desk) -> None:
    alone = desk.one('<VendorQueryRq metaData="MetaDataOnly"/>')
    assert (alone.get("retCount"), len(alone)) == ("3", 0)
    both = desk.one('<VendorQueryRq metaData="MetaDataAndResponseData"/>')
    assert (both.get("retCount"), len(both)) == ("3", 3)
    assert desk.one("<VendorQueryRq/>").get("retCount") is None


def test_transactions_by_number_date_name_account_and_payment(desk: Desk) -> None:
    desk.ok(
        bill(line("10.00"), number="A-1", more="").replace("<RefNumber>", "<TxnDate>2026-03-01</TxnDate><RefNumber>")
    )
    desk.ok(bill(line("20.00"), number="B-2", vendor="Fabrikam Inns"))
    asks = {
        "<RefNumber>a-1</RefNumber>": ["10.00"],
        "<RefNumberCaseSensitive>a-1</RefNumberCaseSensitive>": [],
        "<TxnDateRangeFilter><FromTxnDate>2026-03-02</FromTxnDate></TxnDateRangeFilter>": ["20.00"],
        "<TxnDateRangeFilter><DateMacro>Today</DateMacro></TxnDateRangeFilter>": ["20.00"],
        "<TxnDateRangeFilter><DateMacro>LastMonth</DateMacro></TxnDateRangeFilter>": [],
        "<TxnDateRangeFilter><DateMacro>ThisCalendarQuarter</DateMacro></TxnDateRangeFilter>": ["10.00", "20.00"],
        f"<EntityFilter>{ref('X', 'Contoso Air')[3:-4]}</EntityFilter>": ["10.00"],
        "<AccountFilter><FullName>Accounts Payable</FullName></AccountFilter>": ["10.00", "20.00"],
        "<RefNumberFilter><MatchCriterion>Contains</MatchCriterion><RefNumber>-2</RefNumber></RefNumberFilter>": [
            "20.00"
        ],
        "<RefNumberRangeFilter><ToRefNumber>a-9</ToRefNumber></RefNumberRangeFilter>": ["10.00"],
        "<PaidStatus>PaidOnly</PaidStatus>": [],
        "<PaidStatus>NotPaidOnly</PaidStatus>": ["10.00", "20.00"],
        "<CurrencyFilter><FullName>Euro</FullName></CurrencyFilter>": [],
    }
    for asked, found in asks.items():
        assert names(desk, f"<BillQueryRq>{asked}</BillQueryRq>", "AmountDue") == found, asked
    assert desk.refused("<BillQueryRq><EntityFilter><FullName>Nobody</FullName></EntityFilter></BillQueryRq>") == "3140"


def test_lines_come_only_when_they_are_asked_for(desk: Desk) -> None:
    desk.ok(bill(line("10.00")))
    assert desk.ok("<BillQueryRq/>").find("ExpenseLineRet") is None
    assert (
        desk.ok("<BillQueryRq><IncludeLineItems>1</IncludeLineItems></BillQueryRq>").find("ExpenseLineRet") is not None
    )


def test_what_changed_since_a_moment_in_company_time(desk: Desk) -> None:
    desk.ok(bill(line("10.00")))
    desk.sandbox.clock.advance(hours=2)
    desk.ok(bill(line("20.00")))

    def since(moment: str) -> list[str]:
        inner = f"<FromModifiedDate>{moment}</FromModifiedDate>"
        asked = f"<BillQueryRq><ModifiedDateRangeFilter>{inner}</ModifiedDateRangeFilter></BillQueryRq>"
        return names(desk, asked, "AmountDue")

    assert since("2026-03-16T12:00:00") == ["20.00"]
    assert since("2026-03-16T16:00:00+00:00") == ["20.00"]
    assert since("9999-12-31T23:59:59") == []
    assert since("2026-03-16") == ["10.00", "20.00"]


def test_what_was_deleted_is_told_for_ninety_days(desk: Desk) -> None:
    gone = desk.ok(bill(line("20.00"))).findtext("TxnID")
    vendor = desk.ok(add("Vendor", "<Name>Short Lived</Name>")).findtext("ListID")
    desk.ok(f"<TxnDelRq><TxnDelType>Bill</TxnDelType><TxnID>{gone}</TxnID></TxnDelRq>")
    desk.ok(f"<ListDelRq><ListDelType>Vendor</ListDelType><ListID>{vendor}</ListID></ListDelRq>")
    asked = (
        "<TxnDeletedQueryRq><TxnDelType>Bill</TxnDelType></TxnDeletedQueryRq>"
        "<ListDeletedQueryRq><ListDelType>Vendor</ListDelType></ListDeletedQueryRq>"
    )
    for days, code in ((89, "0"), (2, "1")):
        desk.sandbox.clock.advance(days=days)
        assert [answer.get("statusCode") for answer in desk.run(asked)] == [code, code]


def test_a_date_macro_counts_the_days_of_the_company(desk: Desk) -> None:
    desk.sandbox.clock.advance(hours=11)  # half past two in the night, half past ten of the evening in New York
    made = desk.ok(bill(line("20.00")))
    assert made.findtext("TimeModified").startswith("2026-03-16T22:30")
    macro = "<TransactionModifiedDateRangeFilter><DateMacro>{}</DateMacro></TransactionModifiedDateRangeFilter>"
    for name, found in (("Today", 1), ("Yesterday", 0)):
        answer = desk.one(f"<TransactionQueryRq>{macro.format(name)}</TransactionQueryRq>")
        assert len(answer) == found, name


@pytest.mark.parametrize(
    ("name", "kind"),
    [("Main Checking", "NotApplicable"), ("Visa", "Operating"), ("Accounts Payable", "Operating")],
)
def test_an_account_tells_its_place_in_the_statement_of_cash_flows(desk: Desk, name: str, kind: str) -> None:
    account = desk.ok(f"<AccountQueryRq><FullName>{name}</FullName></AccountQueryRq>")
    assert account.findtext("CashFlowClassification") == kind


def test_an_iterator_gives_everything_once_while_the_file_changes(desk: Desk) -> None:
    for number in range(7):
        desk.ok(bill(line(f"{number + 1}.00"), number=f"n-{number}"))
    page = desk.one('<BillQueryRq iterator="Start"><MaxReturned>3</MaxReturned></BillQueryRq>')
    found = [record.findtext("AmountDue") for record in page]
    assert (page.get("iteratorRemainingCount"), len(found)) == ("4", 3)
    desk.ok(bill(line("99.00")))
    while page.get("iteratorRemainingCount") != "0":
        asked = f'<BillQueryRq iterator="Continue" iteratorID="{page.get("iteratorID")}"><MaxReturned>3</MaxReturned>'
        page = desk.one(asked + "</BillQueryRq>")
        found += [record.findtext("AmountDue") for record in page]
    assert found == [f"{number}.00" for number in range(1, 8)]


@pytest.mark.parametrize(
    "request_text",
    [
        '<BillQueryRq iterator="Continue" iteratorID="{1}"><MaxReturned>3</MaxReturned></BillQueryRq>',
        '<BillQueryRq iterator="Stop" iteratorID="{1}"><MaxReturned>3</MaxReturned></BillQueryRq>',
    ],
)
def test_an_iterator_that_is_not_there_is_refused(desk: Desk, request_text: str) -> None:
    assert desk.refused(request_text) == "3240"


def test_an_iterator_goes_on_with_the_query_that_it_began_with(desk: Desk) -> None:
    for number in range(3):
        desk.ok(bill(line(f"{number + 1}.00"), number=f"n-{number}"))
    lines = "<IncludeLineItems>true</IncludeLineItems>"
    page = desk.one(f'<BillQueryRq requestID="1" iterator="Start"><MaxReturned>1</MaxReturned>{lines}</BillQueryRq>')
    head = f'<BillQueryRq requestID="2" iterator="Continue" iteratorID="{page.get("iteratorID")}">'
    assert desk.refused(f"{head}<MaxReturned>1</MaxReturned></BillQueryRq>") == "3240"
    paid = "<MaxReturned>1</MaxReturned><PaidStatus>PaidOnly</PaidStatus>"
    assert desk.refused(f"{head}{paid}{lines}</BillQueryRq>") == "3240"
    rest = desk.one(f"{head}<MaxReturned>2</MaxReturned>{lines}</BillQueryRq>")
    assert [record.findtext("AmountDue") for record in rest] == ["2.00", "3.00"]


def test_an_iterator_needs_its_page_size(desk: Desk) -> None:
    assert desk.refused('<BillQueryRq iterator="Start"/>') == "3150"
    assert desk.refused("<BillQueryRq><MaxReturned>0</MaxReturned></BillQueryRq>") == "3210"


def test_a_stopped_iterator_has_ended(desk: Desk) -> None:
    page = desk.one('<VendorQueryRq iterator="Start"><MaxReturned>1</MaxReturned></VendorQueryRq>')
    for way in ("Stop", "Continue"):
        asked = f'<VendorQueryRq iterator="{way}" iteratorID="{page.get("iteratorID")}"><MaxReturned>1</MaxReturned>'
        answer = desk.one(asked + "</VendorQueryRq>")
    assert answer.get("statusCode") == "3240"


def test_bills_to_pay(desk: Desk) -> None:
    desk.ok(bill(line("10.00"), number="A-1"))
    desk.ok(bill(line("4.00"), number="C-1").replace("Bill", "VendorCredit"))
    answer = desk.one(f"<BillToPayQueryRq>{ref('PayeeEntityRef', 'Contoso Air')}</BillToPayQueryRq>")
    assert [(row[0].tag, row[0].findtext("RefNumber")) for row in answer] == [
        ("BillToPay", "A-1"),
        ("CreditToApply", "C-1"),
    ]


def test_transactions_of_every_type_in_one_list(desk: Desk) -> None:
    desk.ok(bill(line("10.00"), number="A-1"))
    desk.ok(charge(line("4.00")))
    kinds = names(desk, "<TransactionQueryRq/>", "TxnType")
    assert kinds == ["Bill", "CreditCardCharge"]
    one = "<TransactionTypeFilter><TxnTypeFilter>Bill</TxnTypeFilter></TransactionTypeFilter>"
    assert names(desk, f"<TransactionQueryRq>{one}</TransactionQueryRq>", "Amount") == ["10.00"]
    open_ones = "<TransactionPaidStatusFilter>Open</TransactionPaidStatusFilter>"
    assert names(desk, f"<TransactionQueryRq>{open_ones}</TransactionQueryRq>", "TxnType") == ["Bill"]


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("SalesRep", "<Initial>AB</Initial><SalesRepEntityRef></SalesRepEntityRef>"),
        ("ItemSalesTaxGroup", "<Name>Both</Name><ItemSalesTaxRef></ItemSalesTaxRef>"),
    ],
)
def test_a_record_without_what_it_stands_for_is_refused(desk: Desk, kind: str, content: str) -> None:
    assert desk.refused(add(kind, content)) == "3150"
