"""What public sources leave open is a setting, each with its default in the contract."""

from typing import Any

import pytest
from tests.platforms.quickbooks_desktop.desk import (
    ConnectedDesk,
    Desk,
    Feeder,
    add,
    bill,
    charge,
    document,
    line,
    qwc,
    ref,
)

from sandbooks.platforms.quickbooks_desktop.switches import SWITCHES, check
from sandbooks.settings import read_contract
from sandbooks.wire import Cut, Response


def test_every_switch_is_in_the_contract_with_its_default() -> None:
    told = read_contract("platforms", "quickbooks_desktop", "switches.yaml")["organisation"]
    assert SWITCHES.keys() <= told.keys()
    for name, known in SWITCHES.items():
        default = list(known.default) if isinstance(known.default, tuple) else known.default
        assert told[name]["default"] == default, name


@pytest.mark.parametrize(
    ("codes", "code"),
    [
        ({}, "3180"),
        ({"PeriodClosed": {"code": 3173}}, "3173"),
        ({"PeriodClosed.Add": {"code": 3173}, "PeriodClosed": {"code": 3174}}, "3173"),
        ({"PeriodClosed.Del": {"code": 3173}}, "3180"),
    ],
)
def test_a_company_file_says_its_own_codes(codes: dict[str, Any], code: str) -> None:
    desk = Desk(status_codes=codes)
    desk.bookkeeper().lock_period("2026-03-31")
    assert desk.refused(charge(line("5.00"))) == code


def test_a_company_file_says_its_own_words() -> None:
    desk = Desk(status_codes={"IteratorUnknown": {"code": 3299, "text": "Gone."}})
    iterator = 'iterator="Continue" iteratorID="{11111111-2222-4333-8444-555555555555}"'
    answer = desk.one(f"<BillQueryRq {iterator}><MaxReturned>1</MaxReturned></BillQueryRq>")
    assert (answer.get("statusCode"), answer.get("statusMessage")) == ("3299", "Gone.")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("value_errors", "nearest"),
        ("status_codes", {"PeriodClosed": 3173}),
        ("status_codes", {"PeriodClosed": {"code": True}}),
        ("status_codes", ["PeriodClosed"]),
        ("soap_headers", "X-Own: 1"),
        ("locked_objects", 5),
        ("company_details", {"Address": "12 Quay"}),
        ("company_details", {"EIN": {"Name": "12-345"}}),
    ],
)
def test_a_setting_that_will_not_do_is_told(name: str, value: Any) -> None:
    with pytest.raises(ValueError, match=name):
        check({name: value})


WRONG = [
    add("CreditCardCharge", ref("AccountRef", "Visa") + f"<RefNumber>{'9' * 12}</RefNumber>" + line("5.00")),
    charge(line("5,00")),
    charge(line("5.00"), more="<Memo>\u4f60</Memo>"),
    add("CreditCardCharge", ref("AccountRef", "Visa") + "<TxnDate>2026-02-30</TxnDate>" + line("5.00")),
]


@pytest.mark.parametrize("wrong", WRONG)
def test_one_wrong_value_is_told_of_its_request_or_breaks_the_document(wrong: str) -> None:
    answers = Desk().run(charge(line("1.00")) + wrong, on_error="continueOnError")
    assert answers[0].get("statusCode") == "0"
    assert str(answers[1].get("statusCode")).startswith("30")
    assert Desk(value_errors="document").failed(document(charge(line("1.00")) + wrong)) == "0x80040400"


@pytest.mark.parametrize(
    ("order", "numbers"), [("entry", ["a", "b", "c"]), ("date", ["b", "c", "a"]), ("modified", ["b", "c", "a"])]
)
def test_transactions_come_in_the_order_of_the_company_file(order: str, numbers: list[str]) -> None:
    desk = Desk(transaction_order=order)
    days = {"a": "2026-03-09", "b": "2026-03-01", "c": "2026-03-05"}
    for number, day in days.items():
        made = desk.ok(bill(line("5.00"), number=number).replace("<RefNumber>", f"<TxnDate>{day}</TxnDate><RefNumber>"))
        desk.sandbox.clock.advance(minutes=1)
        if number == "a":
            first = made
    keys = f"<TxnID>{first.findtext('TxnID')}</TxnID><EditSequence>{first.findtext('EditSequence')}</EditSequence>"
    desk.ok(f"<BillModRq><BillMod>{keys}<Memo>Later</Memo></BillMod></BillModRq>")
    assert [each.findtext("RefNumber") for each in desk.one("<BillQueryRq/>")] == numbers


def test_the_web_connector_sends_the_headers_that_it_is_told_to() -> None:
    told: list[tuple[str, str]] = []

    class Listening(Feeder):
        def __call__(self, request: Any) -> Any:
            told.append((request.header("User-Agent"), request.header("X-Machine")))
            return super().__call__(request)

    desk = ConnectedDesk(Listening(), soap_headers={"user-agent": "Connector/2.3", "X-Machine": "desk-4"})
    desk.update()
    assert set(told) == {("Connector/2.3", "desk-4")}


def test_a_company_tells_its_details() -> None:
    details = {
        "Address": {"Addr1": "4 Quay Street", "City": "Bristol"},
        "EIN": "12-3456789",
        "SubscribedServices": {"Service": [{"Name": "Payroll", "Domain": "intuit.com", "ServiceStatus": "Never"}]},
    }
    told = Desk(company_details=details).ok("<CompanyQueryRq/>")
    assert told.findtext("Address/City") == "Bristol"
    assert told.findtext("AddressBlock/Addr1") == "4 Quay Street"
    assert (told.findtext("EIN"), told.findtext("SubscribedServices/Service/Name")) == ("12-3456789", "Payroll")
    assert Desk().ok("<CompanyQueryRq/>").find("Address") is None


# Lists that documents name


def test_a_sales_representative_stands_on_a_line(desk: Desk) -> None:
    made = desk.ok(add("SalesRep", f"<Initial>AB</Initial>{ref('SalesRepEntityRef', 'Contoso Air')}"))
    assert made.findtext("SalesRepEntityRef/FullName") == "Contoso Air"
    owed = desk.ok(bill(line("5.00", more=ref("SalesRepRef", "AB"))))
    assert owed.findtext("ExpenseLineRet/SalesRepRef/FullName") == "AB"
    assert desk.refused(bill(line("5.00", more=ref("SalesRepRef", "ZZ")))) == "3140"
    assert desk.refused(add("SalesRep", f"<Initial>ab</Initial>{ref('SalesRepEntityRef', 'Contoso Air')}")) == "3100"
    assert desk.refused(add("SalesRep", f"<Initial>C</Initial>{ref('SalesRepEntityRef', 'Meadow School')}")) == "3140"
    keys = f"<ListID>{made.findtext('ListID')}</ListID><EditSequence>{made.findtext('EditSequence')}</EditSequence>"
    desk.ok(f"<SalesRepModRq><SalesRepMod>{keys}<Initial>BC</Initial></SalesRepMod></SalesRepModRq>")
    assert desk.ok("<SalesRepQueryRq><FullName>BC</FullName></SalesRepQueryRq>").findtext("Initial") == "BC"


def test_a_vendor_has_a_billing_rate(desk: Desk) -> None:
    sold = f"<SalesOrPurchase>{ref('AccountRef', 'Travel')}</SalesOrPurchase>"
    desk.ok(add("ItemService", f"<Name>Seat</Name>{sold}"))
    fixed = desk.ok(add("BillingRate", "<Name>Plain</Name><FixedBillingRate>45.00</FixedBillingRate>"))
    assert (fixed.findtext("BillingRateType"), fixed.findtext("FixedBillingRate")) == ("FixedRate", "45")
    row = f"<BillingRatePerItem>{ref('ItemRef', 'Seat')}<CustomRate>60.00</CustomRate></BillingRatePerItem>"
    each = desk.ok(add("BillingRate", f"<Name>By Seat</Name>{row}"))
    assert each.findtext("BillingRatePerItemRet/CustomRate") == "60"
    found = desk.one(f"<BillingRateQueryRq>{ref('ItemRef', 'Seat')}</BillingRateQueryRq>")
    assert [one.findtext("Name") for one in found] == ["By Seat"]
    made = desk.ok(add("Vendor", f"<Name>Rated</Name>{ref('BillingRateRef', 'Plain')}"))
    assert made.findtext("BillingRateRef/FullName") == "Plain"
    assert desk.refused(add("Vendor", f"<Name>Other</Name>{ref('BillingRateRef', 'None')}")) == "3140"


@pytest.mark.parametrize(
    ("status", "more", "code"),
    [
        (200, "", ""),
        (404, "", "QBWC1004"),
        (0, "", "QBWC1003"),
        (200, "<CertURL>https://feeder.example/gone</CertURL>", "QBWC1048"),
    ],
)
def test_the_addresses_of_a_file_may_be_asked(status: int, more: str, code: str) -> None:
    def answer(request: Any) -> Response | Cut:
        if request.url.endswith("/gone"):
            return Cut("refused")
        return Response(status) if status else Cut("refused")

    desk = Desk(addresses_asked=True)
    desk.sandbox.app.receivers.append(("https://feeder.example/", answer))
    added = desk.http("POST", "/web_connector/applications?password=x", qwc(more=more))
    assert (added.status, code.encode() in added.body) == (400 if code else 201, True)
    assert (b'"id"' in desk.http("GET", "/web_connector/applications").body) == (not code)
