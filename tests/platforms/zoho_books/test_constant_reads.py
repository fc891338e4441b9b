"""Finding one document costs the same however many others there are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.platforms.counting import counted
from tests.platforms.zoho_books.desk import PNG, TODAY, Desk, multipart

from sandbooks import exact_json


def receipt(desk: Desk) -> str:
    """A file of an expense, by its id."""
    expense = desk.expense("8.40")["expense_id"]
    body, headers = multipart("receipt", "taxi.png", PNG)
    desk.send("POST", f"expenses/{expense}/receipt", body, headers=headers)
    return str(desk.get(f"expenses/{expense}")["expense"]["documents"][0]["document_id"])


def tie(desk: Desk) -> Callable[[], object]:
    """Give a transfer the file of another document."""
    sides = {"from_account_id": desk.account("bank"), "to_account_id": desk.account("reserve"), "date": TODAY}
    given = {"transaction_type": "transfer_fund", "amount": "7.70", **sides}
    document = {"document_id": receipt(desk)}
    return lambda: desk.make("banktransactions", "banktransaction", **given, documents=[document])


def update_by_key(desk: Desk) -> Callable[[], object]:
    """Change the expense whose custom field holds a value."""
    fields = [{"api_name": "cf_external_id", "value": "T-1"}]
    made = desk.expense("3.10", custom_fields=fields)["expense_id"]
    keyed = {"X-Unique-Identifier-Key": "cf_external_id", "X-Unique-Identifier-Value": "T-1"}

    def run() -> None:
        answer = desk.send("PUT", "expenses", {"reference_number": "R"}, headers=keyed)
        assert exact_json.loads(answer.body)["expense"]["expense_id"] == made

    return run


def read_person(desk: Desk) -> Callable[[], object]:
    """Read a contact person by its id."""
    person = {"first_name": "Ida", "last_name": "Holm"}
    contact = desk.make("contacts", "contact", contact_name="Holm", contact_persons=[person])
    (kept,) = contact["contact_persons"]
    path = f"contacts/{contact['contact_id']}/contactpersons/{kept['contact_person_id']}"
    return lambda: desk.get(path)


def unmatch(desk: Desk) -> Callable[[], object]:
    """Match a line of a statement with an expense, and undo that by the expense."""
    expense = desk.expense("12.34", paid="bank")["expense_id"]
    row = {"date": TODAY, "debit_or_credit": "debit", "amount": "12.34"}
    desk.send("POST", "bankstatements", {"account_id": desk.account("bank"), "transactions": [row]})
    rows = desk.get("banktransactions", account_id=desk.account("bank"), status="uncategorized")["banktransactions"]
    line, matched = rows[0]["transaction_id"], [{"transaction_id": expense, "transaction_type": "expense"}]
    match = {"transactions_to_be_matched": matched}

    def run() -> None:
        found = desk.get(f"banktransactions/uncategorized/{line}/match")["matching_transactions"]
        assert [each["transaction_id"] for each in found] == [expense]
        desk.act(f"banktransactions/uncategorized/{line}/match", match)
        desk.act(f"banktransactions/{expense}/unmatch")

    return run


def read_account(desk: Desk) -> Callable[[], object]:
    """List what went through one account."""
    desk.expense("1.90", paid="euros", currency_id=desk.currency("EUR"))
    return lambda: desk.get("banktransactions", account_id=desk.account("euros"))


def find_contact(desk: Desk) -> Callable[[], object]:
    """Find a vendor by its name, in any case."""

    def run() -> None:
        found = desk.get("contacts", contact_name="ACME timber")["contacts"]
        assert [each["contact_id"] for each in found] == [desk.vendor("acme")]

    return run


def list_of_vendor(desk: Desk) -> Callable[[], object]:
    """List the expenses of a vendor that changed since a moment, and those of its bills that have a number."""
    expense = desk.expense("2.20", vendor_id=desk.vendor("acme"))["expense_id"]
    desk.bill(desk.line("4.00"), number="Inv-9")

    def run() -> None:
        early, late = "2026-03-01T00:00:00+0000", "2027-03-01T00:00:00+0000"
        asked = {"vendor_id": desk.vendor("acme")}
        found = desk.get("expenses", last_modified_time=early, **asked)["expenses"]
        assert [each["expense_id"] for each in found] == [expense]
        assert desk.get("expenses", last_modified_time=late, **asked)["expenses"] == []
        assert len(desk.get("bills", bill_number="INV-9", **asked)["bills"]) == 1

    return run


@pytest.mark.parametrize("act", [find_contact, list_of_vendor, tie, update_by_key, read_person, unmatch, read_account])
def test_finding_one_document_costs_the_same_however_many_there_are(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, act: Callable[[Desk], Callable[[], object]]
) -> None:
    run = act(desk)
    run()
    with counted(desk.world, monkeypatch) as before:
        run()
    for number in range(5):
        fields: list[dict[str, Any]] = [{"api_name": "cf_external_id", "value": f"other {number}"}]
        desk.expense(f"{number + 2}.50", custom_fields=fields)
        desk.make("contacts", "contact", contact_name=f"Other {number}", contact_persons=[{"first_name": "O"}])
        row = {"date": TODAY, "debit_or_credit": "debit", "amount": f"{number + 1}.01"}
        desk.send("POST", "bankstatements", {"account_id": desk.account("visa"), "transactions": [row]})
    with counted(desk.world, monkeypatch) as after:
        run()
    assert after == before


def test_the_transactions_of_an_account_are_read_at_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def read() -> list[str]:
        rows = desk.get("chartofaccounts/transactions", account_id=desk.account("travel"))["transactions"]
        return [f"{row['debit_amount']}{row['credit_amount']}" for row in rows]

    gone, changed = (desk.expense(amount)["expense_id"] for amount in ("1.10", "2.20"))
    with counted(desk.world, monkeypatch) as before:
        assert read() == ["1.10", "2.20"]
    for amount in ("3.30", "4.40", "5.50"):
        desk.expense(amount)
    desk.act(f"expenses/{gone}", method="DELETE")
    desk.change(f"expenses/{changed}", "expense", amount="2.90")
    with counted(desk.world, monkeypatch) as after:
        assert read() == ["3.30", "4.40", "5.50", "2.90"]
    assert after["queries"] == before["queries"]


def test_a_tax_that_only_a_buyer_accounts_for_is_in_use_too(desk: Desk) -> None:
    tax = desk.make("settings/taxes", "tax", tax_name="Imports", tax_percentage="12")["tax_id"]
    bill = desk.bill(desk.line("30.00", reverse_charge_tax_id=tax))
    assert desk.refused("DELETE", f"settings/taxes/{tax}")[0] == 36
    desk.act(f"bills/{bill['bill_id']}", method="DELETE")
    desk.act(f"settings/taxes/{tax}", method="DELETE")


def test_a_tax_of_a_group_is_in_use(desk: Desk) -> None:
    taxes = [desk.make("settings/taxes", "tax", tax_name=name, tax_percentage="4")["tax_id"] for name in ("A", "B")]
    group = desk.make("settings/taxgroups", "tax_group", tax_group_name="AB", taxes=",".join(taxes))
    assert desk.refused("DELETE", f"settings/taxes/{taxes[1]}")[0] == 36
    desk.act(f"settings/taxgroups/{group['tax_group_id']}", method="DELETE")
    desk.act(f"settings/taxes/{taxes[1]}", method="DELETE")
