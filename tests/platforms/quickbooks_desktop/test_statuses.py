"""Every status code of the table is brought about: by what a request says, or by what the machine is told to be."""

import json
from typing import Any

import pytest
from lxml import etree
from tests.platforms.quickbooks_desktop.desk import (
    ConnectedDesk,
    Desk,
    Feeder,
    add,
    bill,
    charge,
    document,
    line,
    modify,
    ref,
)

from sandbooks.platforms.quickbooks_desktop.circumstances import STATUSES
from sandbooks.settings import read_contract


def keys(record: etree._Element, id: str = "TxnID") -> str:
    return f"<{id}>{record.findtext(id)}</{id}><EditSequence>{record.findtext('EditSequence')}</EditSequence>"


def told(answer: etree._Element) -> tuple[str | None, str | None, str]:
    return answer.get("statusCode"), answer.get("statusSeverity"), answer.get("statusMessage", "")


# Warnings: the request is done, and not all of it


def test_a_field_of_another_edition_is_left_out_with_a_warning(desk: Desk) -> None:
    answer = desk.one(bill(line("41.20", more=ref("SalesTaxCodeRef", "S"))))
    assert told(answer) == ("530", "Warn", 'The field "SalesTaxCodeRef" is not supported by this implementation.')
    assert answer[0].find("ExpenseLineRet/SalesTaxCodeRef") is None
    assert desk.books() == {"Travel": "41.20", "Accounts Payable": "-41.20"}


def test_a_field_of_another_edition_may_break_the_document_instead() -> None:
    desk = Desk(foreign_fields="refused")
    assert desk.failed(document(bill(line("41.20", more=ref("SalesTaxCodeRef", "S"))))) == "0x80040400"


def test_a_field_of_the_edition_itself_brings_no_warning() -> None:
    desk = Desk(country="GB", currency="GBP")
    assert desk.ok(bill(line("41.20", more=ref("SalesTaxCodeRef", "S")))).findtext("AmountDue") == "49.44"


def test_a_rate_without_multicurrency_may_be_left_out_with_a_warning() -> None:
    desk = Desk(multicurrency=False, multicurrency_off="warned")
    answer = desk.one(charge(line("10.00"), more="<ExchangeRate>1.25</ExchangeRate>"))
    assert told(answer)[:2] == ("530", "Warn")
    assert desk.books()["Visa"] == "-10.00"


def test_a_query_says_that_a_field_is_not_supported_and_answers(desk: Desk) -> None:
    desk.ok(charge(line("10.00")))
    asked = "<CreditCardChargeQueryRq><IncludeLineItems>1</IncludeLineItems></CreditCardChargeQueryRq>"
    assert told(desk.one(asked))[0] == "0"


# Ranges


@pytest.mark.parametrize(
    ("what", "first", "last", "code"),
    [
        ("TxnDate", "2026-03-02", "2026-03-01", "3030"),
        ("ModifiedDate", "2026-03-02T10:00:00+02:00", "2026-03-02T07:59:00+00:00", "3030"),
        ("RefNumber", "b-2", "B-1", "3031"),
        ("RefNumber", "10", "9", "3031"),
    ],
)
def test_a_range_that_ends_before_it_begins_is_refused(desk: Desk, what: str, first: str, last: str, code: str) -> None:
    ends = f"<From{what}>{first}</From{what}><To{what}>{last}</To{what}>"
    asked = f"<BillQueryRq><{what}RangeFilter>{ends}</{what}RangeFilter></BillQueryRq>"
    assert desk.refused(asked) == code
    assert told(desk.one(asked.replace(f"<From{what}>{first}</From{what}>", "")))[0] == "1"


def test_a_range_of_names_or_of_deletions_that_ends_before_it_begins_is_refused(desk: Desk) -> None:
    names = "<NameRangeFilter><FromName>m</FromName><ToName>C</ToName></NameRangeFilter>"
    assert desk.refused(f"<VendorQueryRq>{names}</VendorQueryRq>") == "3031"
    window = "<FromDeletedDate>2026-03-02</FromDeletedDate><ToDeletedDate>2026-03-01</ToDeletedDate>"
    asked = f"<DeletedDateRangeFilter>{window}</DeletedDateRangeFilter>"
    assert desk.refused(f"<TxnDeletedQueryRq><TxnDelType>Bill</TxnDelType>{asked}</TxnDeletedQueryRq>") == "3030"


def test_numbers_in_a_range_are_in_the_order_of_numbers(desk: Desk) -> None:
    for number in ("8", "9", "10", "11"):
        desk.ok(bill(line("10.00"), number=number))
    asked = "<RefNumberRangeFilter><FromRefNumber>9</FromRefNumber><ToRefNumber>10</ToRefNumber></RefNumberRangeFilter>"
    assert [row.findtext("RefNumber") for row in desk.one(f"<BillQueryRq>{asked}</BillQueryRq>")] == ["9", "10"]


# What a request may not do


def test_a_list_element_is_deleted_in_single_user_mode_only(desk: Desk) -> None:
    spare = desk.ok(add("Vendor", "<Name>Spare</Name>")).findtext("ListID")
    charged = desk.ok(charge(line("4.00"))).findtext("TxnID")
    deleting = f"<ListDelRq><ListDelType>Vendor</ListDelType><ListID>{spare}</ListID></ListDelRq>"
    assert desk.http("PATCH", "/company_file", '{"file_mode": "MultiUser"}').status == 200
    assert desk.ok("<HostQueryRq/>").findtext("QBFileMode") == "MultiUser"
    assert desk.refused(deleting) == "3162"
    gone = f"<TxnDelRq><TxnDelType>CreditCardCharge</TxnDelType><TxnID>{charged}</TxnID></TxnDelRq>"
    assert desk.one(gone).get("statusCode") == "0"
    desk.http("PATCH", "/company_file", '{"file_mode": "SingleUser"}')
    assert desk.one(deleting).get("statusCode") == "0"


def test_an_element_that_must_be_there_cannot_be_cleared(desk: Desk) -> None:
    owed = desk.ok(bill(line("10.00")))
    assert desk.refused(modify("Bill", keys(owed) + "<VendorRef></VendorRef>")) == "3190"
    vendor = desk.ok("<VendorQueryRq><FullName>Contoso Air</FullName></VendorQueryRq>")
    assert desk.refused(modify("Vendor", keys(vendor, "ListID") + "<Name></Name>")) == "3190"


def test_an_item_without_an_account_cannot_be_bought(desk: Desk) -> None:
    sold = f"<SalesAndPurchase>{ref('IncomeAccountRef', 'Software')}</SalesAndPurchase>"
    desk.ok(add("ItemService", f"<Name>Sold Only</Name>{sold}"))
    bought = f"<ItemLineAdd>{ref('ItemRef', 'Sold Only')}<Amount>3.00</Amount></ItemLineAdd>"
    assert desk.refused(charge(bought)) == "3270"


# What an application may not see or change


def answers_to(*documents: str, more: str) -> list[etree._Element]:
    feeder = Feeder(list(documents))
    desk = ConnectedDesk(feeder, more=more)
    desk.ok(add("Employee", "<FirstName>Robin</FirstName><LastName>Marsh</LastName><SSN>078-05-1120</SSN>"))
    assert desk.update()["state"] == "done"
    return [etree.fromstring(answer.encode())[0][0] for answer in feeder.answers]


HIRED = add("Employee", "<FirstName>Kim</FirstName><LastName>Lee</LastName><SSN>219-09-9999</SSN>")


def test_an_application_that_needs_no_personal_data_neither_reads_nor_writes_it() -> None:
    more = "<PersonalDataPref>pdpNotNeeded</PersonalDataPref>"
    asked, added, rights = answers_to(
        document("<EmployeeQueryRq/>"), document(HIRED), document("<PreferencesQueryRq/>"), more=more
    )
    assert (asked[0].findtext("Name"), asked[0].find("SSN")) == ("Robin Marsh", None)
    assert told(added)[:2] == ("3261", "Error")
    assert rights[0].findtext("CurrentAppAccessRights/IsPersonalDataAccessAllowed") == "false"


def test_an_application_that_asks_for_personal_data_reads_and_writes_it() -> None:
    more = "<PersonalDataPref>pdpRequired</PersonalDataPref>"
    asked, added = answers_to(document("<EmployeeQueryRq/>"), document(HIRED), more=more)
    assert (asked[0].findtext("SSN"), added[0].findtext("SSN")) == ("078-05-1120", "219-09-9999")


def test_an_application_that_reads_only_changes_nothing() -> None:
    (refused,) = answers_to(document(charge(line("9.00"))), more="<IsReadOnly>true</IsReadOnly>")
    assert told(refused)[:2] == ("3263", "Error")


# What only the machine brings about


def machine(desk: Desk, *statuses: dict[str, Any]) -> None:
    answer = desk.http("PATCH", "/company_file", json.dumps({"next_statuses": list(statuses)}))
    assert answer.status == 200, answer.body


def test_a_warning_of_the_machine_stands_on_an_answer_that_is_done(desk: Desk) -> None:
    machine(desk, {"status": 570, "request": "BillAddRq", "value": "43-1773675000"})
    assert desk.one("<HostQueryRq/>").get("statusCode") == "0"
    answer = desk.one(bill(line("12.00")))
    assert told(answer) == (
        "570",
        "Warn",
        'Unable to link to transaction "43-1773675000" because it has already been closed.',
    )
    assert answer[0].findtext("AmountDue") == "12.00"
    assert desk.books() == {"Travel": "12.00", "Accounts Payable": "-12.00"}
    assert desk.one(bill(line("13.00"))).get("statusCode") == "0"


def test_an_error_of_the_machine_keeps_a_request_from_being_done_once(desk: Desk) -> None:
    machine(desk, {"status": 1000}, {"status": 3177, "request": "CreditCardChargeAddRq"})
    assert desk.refused(bill(line("12.00"))) == "1000"
    answers = desk.run(charge(line("1.00")) + charge(line("2.50"), number="r-2"))
    assert [answer.get("statusCode") for answer in answers] == ["3177", "3231"]
    assert desk.books() == {}
    desk.ok(charge(line("2.50")))


@pytest.mark.parametrize("code", sorted(STATUSES))
def test_every_status_of_the_machine_has_its_words_and_its_severity(desk: Desk, code: int) -> None:
    machine(desk, {"status": code})
    status, severity, message = told(desk.one(charge(line("2.50"))))
    assert (status, severity) == (str(code), "Warn" if code < 1000 else "Error")
    assert message
    assert desk.books() == ({"Travel": "2.50", "Visa": "-2.50"} if code < 1000 else {})


@pytest.mark.parametrize(
    "statuses",
    [
        "[1]",
        '[{"status": 0}]',
        '[{"status": "570"}]',
        '[{"request": "BillAddRq"}]',
        '[{"status": 570, "often": 2}]',
        '[{"status": 570, "request": "NoSuchRq"}]',
        '[{"status": true}]',
        "{}",
    ],
)
def test_a_machine_says_only_what_quickbooks_says(desk: Desk, statuses: str) -> None:
    assert desk.http("PATCH", "/company_file", f'{{"next_statuses": {statuses}}}').status == 400


def test_every_status_is_in_the_evidence() -> None:
    rows = read_contract("platforms", "quickbooks_desktop", "evidence.yaml")["evidence"]
    listed = {row["name"] for row in rows if row["kind"] == "error"}
    own = ("530", "3030", "3031", "3162", "3190", "3261", "3263", "3270")
    assert {f"status_{code}" for code in (*STATUSES, *own)} <= listed
