"""Company files as they are opened, and what their own people do in them."""

import pytest
from tests.platforms.quickbooks_desktop.desk import Desk, bill, charge, line
from tests.platforms.quickbooks_desktop.test_postings import transfer

from sandbooks import Sandbox
from sandbooks.control.errors import ControlError
from sandbooks.kit.errors import NotSimulated
from sandbooks.ledger import PeriodClosed
from sandbooks.platforms.quickbooks_desktop.bookkeeper import BOOKKEEPER
from sandbooks.platforms.quickbooks_desktop.refusals import CannotVoid


@pytest.mark.parametrize(("country", "currency"), [("US", "USD"), ("GB", "GBP"), ("CA", "CAD"), ("JP", "JPY")])
def test_a_demo_file_opens_in_any_country_and_balances(country: str, currency: str) -> None:
    company = Sandbox(seed=3).company("qbd", country=country, demo=True)
    assert company.currency == currency
    company._company.book.verify()
    types = {record.body["AccountType"] for record in company.records("Account")}
    assert {"Bank", "CreditCard", "AccountsPayable", "Expense", "Income"} <= types


def test_the_same_seed_gives_the_same_ids() -> None:
    ids = [Sandbox(seed=3).company("qbd", country="US", demo=True).records("Vendor")[0].id for _ in range(2)]
    assert ids[0] == ids[1]
    assert ids[0].startswith("8000")


def test_labels_name_native_ids() -> None:
    desk = Desk()
    labels = desk.acme.labels
    assert {"payables", "receivables", "exchange_differences", "travel", "visa"} <= labels["accounts"].keys()
    assert desk.acme._company.records.get("Vendor", labels["suppliers"]["airline"]) is not None
    assert desk.acme._company.records.get("Class", labels["tracking"]["south"]) is not None


def test_an_account_opens_with_its_balance_and_currency() -> None:
    company = Sandbox(seed=3).company(
        "qbd",
        country="US",
        currency="USD",
        accounts={"euros": {"type": "bank", "name": "Euros", "currency": "EUR", "opening": "Dr 80.00 EUR"}},
        settings={"exchange_rates": {"EUR": "1.25"}},
    )
    held = company._company.book.balance(company.native_id("euros"))
    assert (str(held.by_currency["EUR"]), str(held.base)) == ("80.00 EUR", "100.00 USD")


def test_lists_are_taken_from_a_companys_own_answers() -> None:
    answer = """<QBXML><QBXMLMsgsRs><AccountQueryRs><AccountRet><Name>Plant</Name><FullName>Plant</FullName>
    <AccountType>FixedAsset</AccountType></AccountRet><AccountRet><Name>Lathe</Name><FullName>Plant:Lathe</FullName>
    <AccountType>FixedAsset</AccountType></AccountRet></AccountQueryRs><VendorQueryRs><VendorRet><Name>Lathes Ltd</Name>
    </VendorRet></VendorQueryRs></QBXMLMsgsRs></QBXML>"""
    company = Sandbox(seed=3).company("qbd", country="US", chart=[answer])
    assert "Plant:Lathe" in {record.body["FullName"] for record in company.records("Account")}
    assert [record.body["Name"] for record in company.records("Vendor")] == ["Lathes Ltd"]


def test_a_person_may_delete_what_an_application_cannot() -> None:
    desk = Desk()
    made = desk.ok(transfer("15.00")).findtext("TxnID") or ""
    desk.bookkeeper().delete("Transfer", made)
    assert desk.books() == {}


def test_a_person_edits_under_the_same_rules() -> None:
    desk = Desk()
    made = desk.ok(charge(line("15.00"))).findtext("TxnID") or ""
    desk.bookkeeper().edit("CreditCardCharge", made, Memo="Corrected")
    read = desk.ok(f"<CreditCardChargeQueryRq><TxnID>{made}</TxnID></CreditCardChargeQueryRq>")
    assert read.findtext("Memo") == "Corrected"
    desk.bookkeeper().lock_period("2026-03-31")
    with desk.sandbox.world.unit(), pytest.raises(PeriodClosed):
        BOOKKEEPER.edit(desk.acme._company, "CreditCardCharge", made, {"Memo": "Late"})


def test_a_person_voids_once_and_never_a_list_element() -> None:
    desk = Desk()
    made = desk.ok(bill(line("15.00"))).findtext("TxnID") or ""
    desk.bookkeeper().void("Bill", made)
    assert desk.books() == {}
    with pytest.raises(CannotVoid):
        BOOKKEEPER.void(desk.acme._company, "Bill", made)
    with pytest.raises(NotSimulated):
        BOOKKEEPER.void(desk.acme._company, "Vendor", desk.acme.native_id("hotel"))


def test_a_renamed_vendor_keeps_its_transactions() -> None:
    desk = Desk()
    desk.ok(bill(line("15.00")))
    desk.bookkeeper().rename_contact("airline", "Contoso Airways")
    assert desk.ok("<BillQueryRq/>").findtext("VendorRef/FullName") == "Contoso Airways"


def test_there_are_no_files_on_documents() -> None:
    desk = Desk()
    made = desk.ok(bill(line("15.00"))).findtext("TxnID") or ""
    assert BOOKKEEPER.files(desk.acme._company, "Bill", made) == []


def test_the_environment_names_what_an_application_needs() -> None:
    environment = Desk().acme.environment
    assert environment["QBWC_COMPANY_FILE"].endswith("Acme Boats.qbw")
    assert environment["QBWC_CONTROL_URL"].endswith("/quickbooks_desktop/web_connector")


@pytest.mark.parametrize(
    ("name", "value"),
    [("dividing_date", "soon"), ("fiscal_year_begins", "Janvier"), ("file_mode", "OneUser"), ("user", ["agrees"])],
)
def test_a_setting_that_a_file_cannot_have_opens_none(name: str, value: object) -> None:
    with pytest.raises(ControlError, match="soon" if value == "soon" else name):
        Desk(**{name: value})
