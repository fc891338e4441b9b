"""Each element in its place, its version and its edition; what is kept, and what there is no message for."""

import json
from decimal import Decimal

import pytest
from lxml import etree
from tests.platforms.quickbooks_desktop.desk import Desk, add, bill, charge, document, line, modify, ref

from sandbooks.kit.errors import NotSimulated
from sandbooks.platforms.quickbooks_desktop.hresults import SITUATIONS, TEXTS

PARSE = "0x80040400"
EMPLOYEE = (
    "<FirstName>Ada</FirstName><LastName>Byron</LastName>"
    "<EmergencyContacts><PrimaryContact><ContactName>Anne</ContactName><ContactValue>555 0100</ContactValue>"
    "<Relation>Mother</Relation></PrimaryContact></EmergencyContacts>"
    "<EmployeeType>Regular</EmployeeType><Exempt>NonExempt</Exempt><KeyEmployee>No</KeyEmployee>"
    "<USCitizen>No</USCitizen><Ethnicity>White</Ethnicity><Disabled>No</Disabled><OnFile>Yes</OnFile>"
    "<WorkAuthExpireDate>2030-01-31</WorkAuthExpireDate><USVeteran>No</USVeteran>"
)
VISA = "<AccountQueryRq><FullName>Visa EUR</FullName></AccountQueryRq>"
TYPES = (
    "<TransactionQueryRq><TransactionItemFilter><ItemTypeFilter>Cash</ItemTypeFilter></TransactionItemFilter>"
    "</TransactionQueryRq>"
)


def test_an_employee_is_kept_with_all_that_is_said_of_them(desk: Desk) -> None:
    made = desk.ok(add("Employee", EMPLOYEE))
    parts = (etree.tostring(each, encoding="unicode") for each in made if each.tag not in ("Name", "IsActive"))
    told = "".join(parts).replace("\n", "")
    assert told.endswith(EMPLOYEE.partition("</FirstName>")[2]), told


def test_empty_references_among_several_say_nothing_and_clear_what_stood(desk: Desk) -> None:
    empty = "<PrefillAccountRef><FullName></FullName></PrefillAccountRef>"
    kept = desk.ok(add("Vendor", f"<Name>Prefilled</Name>{empty}{ref('PrefillAccountRef', 'Travel')}"))
    assert [each.findtext("FullName") for each in kept.findall("PrefillAccountRef")] == ["Travel"]
    keys = "".join(f"<{name}>{kept.findtext(name)}</{name}>" for name in ("ListID", "EditSequence"))
    assert desk.ok(modify("Vendor", f"{keys}{empty}")).find("PrefillAccountRef") is None
    assert desk.ok(add("Vendor", f"<Name>Bare</Name>{empty}")).find("PrefillAccountRef") is None


def test_payroll_is_not_simulated(desk: Desk) -> None:
    raw = document(add("Employee", "<LastName>Byron</LastName><EmployeePayrollInfo/>"))
    with pytest.raises(NotSimulated):
        desk.http("POST", "/qbxml", raw)


def test_the_country_of_a_tax_is_kept_outside_the_united_states() -> None:
    desk = Desk(country="GB", currency="GBP")
    made = desk.ok(add("Vendor", "<Name>Northwind</Name><SalesTaxCountry>UK</SalesTaxCountry>"))
    assert made.findtext("SalesTaxCountry") == "UK"
    raw = document(add("Vendor", "<Name>HMRC</Name><IsSalesTaxAgency>true</IsSalesTaxAgency>"))
    with pytest.raises(NotSimulated):
        desk.http("POST", "/qbxml", raw)


def test_the_country_of_a_tax_is_left_out_in_the_united_states(desk: Desk) -> None:
    answer = desk.one(add("Vendor", "<Name>Northwind</Name><SalesTaxCountry>US</SalesTaxCountry>"))
    assert (answer.get("statusCode"), answer[0].find("SalesTaxCountry")) == ("530", None)


def test_an_address_is_shown_as_it_is_printed_too(desk: Desk) -> None:
    address = (
        "<VendorAddress><Addr1>Northwind</Addr1><Addr2>1 High Street</Addr2><City>Austin</City><State>TX</State>"
        "<PostalCode>78701</PostalCode></VendorAddress>"
    )
    made = desk.ok(add("Vendor", f"<Name>Northwind</Name>{address}"))
    block = made.find("VendorAddressBlock")
    assert block is not None
    assert [each.text for each in block] == ["Northwind", "1 High Street", "Austin, TX 78701"]


@pytest.mark.parametrize(
    "request_",
    [
        modify("BillPaymentCreditCard", "<TxnID>1-1</TxnID><EditSequence>1</EditSequence>"),
        modify("JournalEntry", "<TxnID>1-1</TxnID><EditSequence>1</EditSequence><Memo>x</Memo>"),
        TYPES,
    ],
)
def test_what_the_real_product_has_no_word_for_breaks_the_document(desk: Desk, request_: str) -> None:
    assert desk.failed(document(request_)) == PARSE


def test_the_preferences_come_with_every_group_that_must_be_there(desk: Desk) -> None:
    found = [each.tag for each in desk.ok("<PreferencesQueryRq/>")]
    assert [each.removesuffix("Preferences") for each in found] == [
        *("Accounting", "FinanceCharge", "JobsAndEstimates", "MultiCurrency", "PurchasesAndVendors", "Reports"),
        *("SalesAndCustomers", "CurrentAppAccessRights"),
    ]


def test_a_home_currency_adjustment_moves_home_value_alone(desk: Desk) -> None:
    desk.ok(charge(line("20.00"), account="Visa EUR", payee="Litware Rail"))
    before, held = desk.books(), desk.ok(VISA).findtext("Balance")
    for place, other in enumerate(("Travel", "Main Checking", "Visa"), 1):
        sides = "".join(
            f"<Journal{side}Line>{ref('AccountRef', account)}<Amount>5.00</Amount></Journal{side}Line>"
            for side, account in (("Debit", other), ("Credit", "Visa EUR"))
        )
        desk.ok(add("JournalEntry", f"<IsHomeCurrencyAdjustment>true</IsHomeCurrencyAdjustment>{sides}"))
        moved = Decimal(desk.books()["Visa EUR"]) - Decimal(before["Visa EUR"])
        assert (moved, desk.ok(VISA).findtext("Balance")) == (-5 * place, held)


# Versions


@pytest.mark.parametrize(
    ("version", "request_"),
    [
        ("1.0", "<TxnVoidRq><TxnVoidType>Bill</TxnVoidType><TxnID>1-1</TxnID></TxnVoidRq>"),
        ("3.0", "<TransactionQueryRq/>"),
        ("11.0", "<TransferQueryRq/>"),
        ("7.0", add("Vendor", f"<Name>Northwind</Name>{ref('CurrencyRef', 'US Dollar')}")),
        ("3.0", "<VendorQueryRq><IncludeRetElement>Name</IncludeRetElement></VendorQueryRq>"),
    ],
)
def test_an_older_version_does_not_know_what_came_later(desk: Desk, version: str, request_: str) -> None:
    assert desk.failed(document(request_, version=version)) == PARSE
    assert desk.books() == {}


def test_an_answer_is_in_the_version_of_its_request(desk: Desk) -> None:
    old = desk.ok(bill(line("41.20")), version="1.1")
    new = desk.ok(f"<BillQueryRq><TxnID>{old.findtext('TxnID')}</TxnID></BillQueryRq>")
    assert {each.tag for each in new} - {each.tag for each in old} == {
        *("APAccountRef", "CurrencyRef", "ExchangeRate", "IsPaid")
    }
    vendor = "<VendorQueryRq><FullName>Contoso Air</FullName></VendorQueryRq>"
    assert desk.ok(vendor, version="7.0").find("CurrencyRef") is None
    assert desk.ok(vendor, version="8.0").find("CurrencyRef") is not None


# The company file


def test_each_situation_of_the_file_has_its_code(desk: Desk) -> None:
    for situation, code in SITUATIONS.items():
        assert desk.http("PATCH", "/company_file", json.dumps({"file_state": situation})).status == 200
        if code:
            assert desk.failed(document("<HostQueryRq/>")) == code


def test_each_code_can_be_brought_about() -> None:
    elsewhere = {PARSE, "0x80040413", "0x80040423"}  # what a document says brings these about
    assert set(SITUATIONS.values()) - {""} | elsewhere == set(TEXTS)
