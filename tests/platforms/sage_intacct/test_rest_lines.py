"""Lines of REST documents: a change names those that it changes or deletes, adds others, and leaves the rest."""

import base64
from typing import Any

import pytest
from tests.platforms.sage_intacct.desk import Desk
from tests.platforms.sage_intacct.rest_bodies import BILL, CARD, bill, charge, line, made, refused

from sandbooks.kit.errors import NotSimulated

ENTRY = "objects/general-ledger/journal-entry"
REPORT = "objects/expenses/employee-expense"
SUPDOC = "objects/company-config/attachment"


def lines_of(desk: Desk, path: str, key: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = desk.rest("GET", f"{path}/{key}")[1]["ia::result"]["lines"]
    return found


def entry(desk: Desk) -> dict[str, Any]:
    sides = [("travel", "5.50", "debit"), ("office", "3.10", "debit"), ("bank", "8.60", "credit")]
    lines = [{**line(desk, account, amount), "txnType": side} for account, amount, side in sides]
    return {"glJournal": {"id": "GJ"}, "postingDate": "2026-03-02", "description": "Move", "lines": lines}


def report(desk: Desk) -> dict[str, Any]:
    desk.create("EMPLOYEE", EMPLOYEEID="E-1", PERSONALINFO={"CONTACTNAME": "Ana Bell", "PRINTAS": "Ana Bell"})
    lines = [{**line(desk, account, amount), "entryDate": "2026-03-02"} for account, amount in TWO]
    return {"employee": {"id": "E-1"}, "createdDate": "2026-03-02", "state": "submitted", "lines": lines}


TWO = (("office", "73.90"), ("travel", "18.40"))
DOCUMENTS = {
    BILL: lambda desk: bill(desk, lines=[line(desk, *each) for each in TWO]),
    CARD: lambda desk: charge(desk, lines=[line(desk, *each) for each in TWO]),
    REPORT: report,
}


@pytest.mark.parametrize("path", sorted(DOCUMENTS))
def test_a_change_leaves_the_lines_that_it_does_not_name(desk: Desk, path: str) -> None:
    key = made(desk, path, DOCUMENTS[path](desk))
    second = lines_of(desk, path, key)[1]["key"]
    changes = [{"key": second, "txnAmount": "20.05"}, line(desk, "office", "1.00")]
    status, answer = desk.rest("PATCH", f"{path}/{key}", {"lines": changes})
    assert status == 200, answer
    assert [each["txnAmount"] for each in lines_of(desk, path, key)] == ["73.90", "20.05", "1.00"]
    assert (desk.books()["office"], desk.books()["travel"]) == ("74.90", "20.05")
    status, answer = desk.rest("PATCH", f"{path}/{key}", {"lines": [{"key": second, "ia::operation": "delete"}]})
    assert (status, desk.books().get("travel")) == (200, None), answer
    assert [each["txnAmount"] for each in lines_of(desk, path, key)] == ["73.90", "1.00"]


def test_sides_of_an_entry_change_together(desk: Desk) -> None:
    key = made(desk, ENTRY, entry(desk))
    first, _, third = (each["key"] for each in lines_of(desk, ENTRY, key))
    refused(desk, "PATCH", f"{ENTRY}/{key}", {"lines": [{"key": first, "txnAmount": "6.00"}]}, status=422)
    changes = [{"key": first, "txnAmount": "6.00"}, {"key": third, "txnAmount": "9.10"}]
    assert desk.rest("PATCH", f"{ENTRY}/{key}", {"lines": changes})[0] == 200
    assert desk.books() == {"travel": "6.00", "office": "3.10", "bank": "-9.10"}


def test_a_tax_is_worked_out_again_with_the_amount_of_its_line(desk: Desk) -> None:
    detail = {"taxEntries": [{"purchasingTaxDetail": {"id": desk.labels["taxes"]["standard"]}}]}
    key = made(desk, BILL, bill(desk, lines=[line(desk, "office", "30.00", **detail)]))
    (only,) = lines_of(desk, BILL, key)
    assert desk.rest("PATCH", f"{BILL}/{key}", {"lines": [{"key": only["key"], "memo": "Noted"}]})[0] == 200
    assert desk.books()["input_tax"] == "6.00"
    assert desk.rest("PATCH", f"{BILL}/{key}", {"lines": [{"key": only["key"], "txnAmount": "50.00"}]})[0] == 200
    (after,) = lines_of(desk, BILL, key)
    assert (after["memo"], after["taxEntries"][0]["txnTaxAmount"]) == ("Noted", "10.00")
    assert desk.books() == {"office": "50.00", "input_tax": "10.00", "payables": "-60.00"}


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"key": "999001", "txnAmount": "1.00"}, 404),
        ({"key": "999001", "ia::operation": "delete"}, 404),
        ({"ia::operation": "delete"}, 400),
        ({"ia::operation": "merge", "txnAmount": "1.00"}, 400),
    ],
)
def test_a_line_that_is_not_there_is_not_changed(desk: Desk, change: dict[str, Any], status: int) -> None:
    key = made(desk, BILL, bill(desk))
    refused(desk, "PATCH", f"{BILL}/{key}", {"lines": [change]}, status=status)
    assert desk.books()["office"] == "73.90"


def test_the_last_line_of_a_document_stays(desk: Desk) -> None:
    key = made(desk, BILL, bill(desk))
    gone = {"lines": [{"key": f"{key}001", "ia::operation": "delete"}]}
    refused(desk, "PATCH", f"{BILL}/{key}", gone, status=422)
    assert desk.books()["office"] == "73.90"


def test_files_of_an_attachment_are_added_and_taken_away_by_their_keys(desk: Desk) -> None:
    files = [{"name": f"{name}.txt", "data": base64.b64encode(name.encode()).decode()} for name in ("one", "two")]
    key = made(desk, SUPDOC, {"id": "A-1", "name": "Receipts", "files": files})
    first = desk.rest("GET", f"{SUPDOC}/{key}")[1]["ia::result"]["files"][0]["key"]
    more = [{"key": first, "ia::operation": "delete"}, {"name": "three.txt", "data": "dGhyZWU="}]
    assert desk.rest("PATCH", f"{SUPDOC}/{key}", {"files": more})[0] == 200
    held = desk.rest("GET", f"{SUPDOC}/{key}")[1]["ia::result"]["files"]
    assert [(each["name"], base64.b64decode(each["data"])) for each in held] == [
        ("two.txt", b"two"),
        ("three.txt", b"three"),
    ]
    refused(desk, "PATCH", f"{SUPDOC}/{key}", {"files": [{"key": "7", "ia::operation": "delete"}]}, status=404)


def test_a_file_that_is_named_by_its_key_is_not_added_once_more(desk: Desk) -> None:
    file = {"name": "one.txt", "data": "b25l"}
    key = made(desk, SUPDOC, {"id": "A-1", "name": "Receipts", "files": [file]})
    held = desk.rest("GET", f"{SUPDOC}/{key}")[1]["ia::result"]["files"]
    with pytest.raises(NotSimulated, match="key"):
        desk.rest("PATCH", f"{SUPDOC}/{key}", {"files": [{**file, "key": held[0]["key"]}]})
    refused(desk, "PATCH", f"{SUPDOC}/{key}", {"files": [{**file, "key": "7"}]}, status=404)
    assert desk.rest("GET", f"{SUPDOC}/{key}")[1]["ia::result"]["files"] == held
