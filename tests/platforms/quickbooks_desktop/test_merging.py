"""Two list elements become one: the transactions of both are the other's, and the books stay as they are."""

import pytest
from lxml import etree
from tests.platforms.quickbooks_desktop.desk import Desk, add, bill, charge, line, modify, ref


def told(desk: Desk, kind: str, name: str) -> etree._Element:
    return desk.ok(f"<{kind}QueryRq><FullName>{name}</FullName></{kind}QueryRq>")


def merge(desk: Desk, kind: str, old: str, new: str) -> str:
    def part(tag: str, name: str) -> str:
        found = told(desk, kind, name)
        sequence = found.findtext("EditSequence")
        return f"<{tag}><ListID>{found.findtext('ListID')}</ListID><EditSequence>{sequence}</EditSequence></{tag}>"

    parts = part("MergeFrom", old) + part("MergeTo", new)
    return f"<ListMergeRq><ListMergeType>{kind}</ListMergeType>{parts}</ListMergeRq>"


def pay(owed: etree._Element, amount: str, vendor: str) -> str:
    applied = f"<TxnID>{owed.findtext('TxnID')}</TxnID><PaymentAmount>{amount}</PaymentAmount>"
    head = ref("PayeeEntityRef", vendor) + ref("BankAccountRef", "Main Checking")
    return add("BillPaymentCheck", f"{head}<RefNumber>7</RefNumber><AppliedToTxnAdd>{applied}</AppliedToTxnAdd>")


def test_what_a_vendor_was_owed_is_the_others(desk: Desk) -> None:
    owed = desk.ok(bill(line("100.00"), vendor="Fabrikam Inns"))
    desk.ok(pay(owed, "30.00", "Fabrikam Inns"))
    desk.ok(bill(line("9.00"), number="b"))
    desk.ok(charge(line("4.00"), payee="Fabrikam Inns"))
    gone, before = told(desk, "Vendor", "Fabrikam Inns").findtext("ListID"), desk.books()
    answer = desk.one(merge(desk, "Vendor", "Fabrikam Inns", "Contoso Air"))
    assert (answer.get("statusCode"), answer.findtext("ListMergeType")) == ("0", "Vendor")
    assert (answer.findtext("MergedFrom/ListID"), answer.findtext("MergedTo/FullName")) == (gone, "Contoso Air")
    assert desk.books() == before
    assert told(desk, "Vendor", "Contoso Air").findtext("Balance") == "79.00"
    assert desk.one("<VendorQueryRq><FullName>Fabrikam Inns</FullName></VendorQueryRq>").get("statusCode") == "500"
    assert {each.findtext("VendorRef/FullName") for each in desk.one("<BillQueryRq/>")} == {"Contoso Air"}
    desk.ok(pay(owed, "70.00", "Contoso Air"))
    assert told(desk, "Vendor", "Contoso Air").findtext("Balance") == "9.00"
    (deleted,) = desk.one("<ListDeletedQueryRq><ListDelType>Vendor</ListDelType></ListDeletedQueryRq>")
    assert deleted.findtext("ListID") == gone


def test_an_application_that_kept_the_old_id_is_refused(desk: Desk) -> None:
    old = told(desk, "Vendor", "Fabrikam Inns").findtext("ListID")
    desk.one(merge(desk, "Vendor", "Fabrikam Inns", "Contoso Air"))
    named = add("Bill", f"<VendorRef><ListID>{old}</ListID></VendorRef>{line('5.00')}")
    assert desk.refused(named) == "3140"


def test_an_account_gives_its_postings_and_its_subaccounts_to_the_other(desk: Desk) -> None:
    desk.ok(add("Account", f"<Name>Trains</Name>{ref('ParentRef', 'Travel')}<AccountType>Expense</AccountType>"))
    desk.ok(charge(line("10.00"), line("3.00", "Travel:Trains"), line("2.50", "Software")))
    assert desk.one(merge(desk, "Account", "Travel", "Software")).get("statusCode") == "0"
    assert told(desk, "Account", "Software:Trains").findtext("Balance") == "3.00"
    parent = told(desk, "Account", "Software")
    assert (parent.findtext("Balance"), parent.findtext("TotalBalance")) == ("12.50", "15.50")


@pytest.mark.parametrize(
    ("kind", "old", "new", "code"),
    [
        ("Vendor", "Contoso Air", "Contoso Air", "3210"),
        ("Vendor", "Contoso Air", "Litware Rail", "3210"),
        ("Account", "Travel", "Visa", "3210"),
        ("Account", "Accounts Payable", "Accounts Payable", "3210"),
        ("Account", "Undeposited Funds", "Prepaid Expenses", "3160"),
    ],
)
def test_what_does_not_go_together_stays_apart(desk: Desk, kind: str, old: str, new: str, code: str) -> None:
    assert desk.refused(merge(desk, kind, old, new)) == code


def test_a_stale_edit_sequence_keeps_elements_apart(desk: Desk) -> None:
    asked = merge(desk, "Vendor", "Fabrikam Inns", "Contoso Air")
    vendor = told(desk, "Vendor", "Contoso Air")
    keys = f"<ListID>{vendor.findtext('ListID')}</ListID><EditSequence>{vendor.findtext('EditSequence')}</EditSequence>"
    desk.ok(modify("Vendor", keys + "<Notes>x</Notes>"))
    assert desk.refused(asked) == "3200"


def test_nobody_merges_in_multi_user_mode() -> None:
    desk = Desk(file_mode="MultiUser")
    assert desk.refused(merge(desk, "Vendor", "Fabrikam Inns", "Contoso Air")) == "3162"


def by_item(desk: Desk) -> None:
    """A bill of a service whose account only the item names."""
    sold = f"<SalesOrPurchase><Price>1.00</Price>{ref('AccountRef', 'Travel')}</SalesOrPurchase>"
    desk.ok(add("ItemService", f"<Name>Taxi</Name>{sold}"))
    desk.ok(bill(f"<ItemLineAdd>{ref('ItemRef', 'Taxi')}<Amount>25.00</Amount></ItemLineAdd>"))


def test_an_account_behind_an_item_gives_what_was_booked_through_it(desk: Desk) -> None:
    by_item(desk)
    assert desk.one(merge(desk, "Account", "Travel", "Software")).get("statusCode") == "0"
    assert desk.books() == {"Accounts Payable": "-25.00", "Software": "25.00"}
    item = told(desk, "ItemService", "Taxi")
    assert item.findtext("SalesOrPurchase/AccountRef/FullName") == "Software"


def test_an_account_behind_an_item_is_in_use(desk: Desk) -> None:
    by_item(desk)
    id = told(desk, "Account", "Travel").findtext("ListID")
    assert desk.refused(f"<ListDelRq><ListDelType>Account</ListDelType><ListID>{id}</ListID></ListDelRq>") == "3160"


def test_nothing_merges_whose_transactions_lie_before_a_dividing_date(desk: Desk) -> None:
    desk.ok(bill(line("100.00"), vendor="Fabrikam Inns"))
    company = desk.acme._company
    with company.world.unit():
        company.change_settings(dividing_date="2026-03-31")
    assert desk.refused(merge(desk, "Vendor", "Fabrikam Inns", "Contoso Air")) == "3171"
    assert told(desk, "Vendor", "Fabrikam Inns").findtext("Balance") == "100.00"
