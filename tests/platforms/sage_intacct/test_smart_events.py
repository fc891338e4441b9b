"""Smart Events: what a company posts as a form to an address when a record that fulfils a condition changes."""

from typing import Any
from urllib.parse import parse_qsl

import pytest
from msgspec.structs import replace
from tests.platforms.sage_intacct.desk import PLAN, Desk, open_desk

from sandbooks.app import App
from sandbooks.wire import Request, Response

TARGET = "https://client.example/intacct-hook"
EVENT: dict[str, Any] = {
    "id": "BILL_WATCH",
    "object": "APBILL",
    "events": ["add", "set", "delete"],
    "target": TARGET,
    "arguments": {
        "BillNumber": "{!APBILL.RECORDID!}",
        "Due": "{!APBILL.TRX_TOTALDUE!} {!APBILL.CURRENCY!}",
        "Vendor": "{!APBILL.VENDOR.NAME!}",
        "ApiKey": "s&cr=t",
    },
}


def listening(app: App, *events: dict[str, Any], status: int = 200) -> tuple[Desk, list[Request]]:
    """A company with Smart Events, and what their receiver hears."""
    heard: list[Request] = []

    def receive(request: Request) -> Response:
        heard.append(request)
        return Response(status)

    app.receivers.append(("https://client.example/", receive))
    return open_desk(app, replace(PLAN, settings={**PLAN.settings, "smart_events": list(events)})), heard


def bill(desk: Desk, number: str, amount: str, **fields: Any) -> str:
    line = {"ACCOUNTNO": desk.account("office"), "TRX_AMOUNT": amount}
    return desk.create("APBILL", **desk.bill_fields(number), **fields, APBILLITEMS={"APBILLITEM": line})


def told(desk: Desk, heard: list[Request]) -> list[dict[str, str]]:
    """The forms that were posted since the last time."""
    desk.world.settle()
    forms = [dict(parse_qsl(request.body.decode(), keep_blank_values=True)) for request in heard]
    heard.clear()
    return forms


def test_a_smart_event_posts_its_arguments_filled_from_the_record(app: App) -> None:
    desk, heard = listening(app, EVENT)
    key = bill(desk, "B-1", "190.25")
    desk.world.settle()
    headers = [heard[0].header(name) for name in ("Content-Type", "User-Agent", "Accept")]
    assert headers == ["application/x-www-form-urlencoded", "Intacct Standard HTTP Agent", "*/*"]
    form = {"BillNumber": "B-1", "Due": "190.25 GBP", "Vendor": "Acme Timber", "ApiKey": "s&cr=t"}
    assert told(desk, heard) == [form]
    desk.run({"update": {"APBILL": {"RECORDNO": key, "DESCRIPTION": "Noted"}}})
    assert told(desk, heard) == [form]
    desk.run({"delete": {"object": "APBILL", "keys": key}})
    assert told(desk, heard) == [form]
    desk.create("CLASS", CLASSID="K-1", NAME="North")
    assert told(desk, heard) == []


CONDITIONS = [
    ("1 == 1", ["B-1", "B-2"]),
    ('({!APBILL.TOTALDUE!} > "100.00")', ["B-2"]),
    ("{!APBILL.TOTALDUE!}>=90", ["B-1", "B-2"]),
    ("{!APBILL.TOTALDUE!} > 95 && {!APBILL.VENDOR.NAME!} == 'Acme Timber'", ["B-2"]),
    ('{!APBILL.TOTALDUE!} > 95 and ({!APBILL.RECORDID!} == "B-1" || {!APBILL.VENDOR.NAME!} != "Acme Timber")', []),
    ("{!APBILL.ONHOLD!}==False", ["B-1", "B-2"]),
    ("{!APBILL.WHENCREATED!} < '03/01/2026'", []),
    ("{!APBILL.DESCRIPTION!} != ''", []),
    ("'{!APBILL.RECORDID!} {!APBILL.CURRENCY!}' == 'B-1 GBP'", ["B-1"]),
]


@pytest.mark.parametrize(("condition", "numbers"), CONDITIONS, ids=lambda value: str(value)[:30])
def test_a_condition_lets_the_event_proceed_or_not(app: App, condition: str, numbers: list[str]) -> None:
    desk, heard = listening(app, {**EVENT, "condition": condition})
    bill(desk, "B-1", "90.00", ONHOLD="false")
    bill(desk, "B-2", "190.25", ONHOLD="false")
    assert [form["BillNumber"] for form in told(desk, heard)] == numbers


def test_a_smart_event_that_its_receiver_does_not_take_is_not_sent_again(app: App) -> None:
    desk, heard = listening(app, {**EVENT, "events": ["set"]}, {**EVENT, "id": "OFF", "active": False}, status=503)
    key = bill(desk, "B-1", "190.25")
    assert told(desk, heard) == []
    desk.run({"update": {"APBILL": {"RECORDNO": key, "DESCRIPTION": "Noted"}}})
    assert len(told(desk, heard)) == 1


def test_what_is_taken_back_is_not_posted(app: App) -> None:
    desk, heard = listening(app, {**EVENT, "object": "CLASS", "arguments": {"Id": "{!CLASS.CLASSID!}"}})
    good, bad = ({"create": {"CLASS": {"CLASSID": id, "NAME": name}}} for id, name in (("K-1", "North"), ("K-2", "")))
    desk.send(good, bad, transaction=True)
    assert told(desk, heard) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"object": "APBILLITEM"},
        {"object": "ARINVOICE"},
        {"events": ["change"]},
        {"events": []},
        {"target": "client.example"},
        {"arguments": {"Due": "{!APBILL.TOTALDEW!}"}},
        {"arguments": {"Due": "{!VENDOR.NAME!}"}},
        {"arguments": {"User": "{!USERPROFILE.LOGINID!}"}},
        {"condition": "strlen({!APBILL.RECORDID!}) > 3"},
        {"condition": "{!APBILL.TOTALDUE!} > {!APBILL.TOTALPAID!}"},
        {"condition": "{!APBILL.TOTALDUE!} > '{!APBILL.TOTALPAID!}'"},
        {"condition": "{!APBILL.TOTALDUE!} > "},
        {"condition": "{!APBILL.TOTALDEW!} > 3"},
        {"action": "email"},
    ],
    ids=str,
)
def test_a_smart_event_that_cannot_be_worked_is_refused_when_the_company_is_opened(app: App, wrong: Any) -> None:
    with pytest.raises(ValueError, match="smart_events"):
        listening(app, {**EVENT, **wrong})
