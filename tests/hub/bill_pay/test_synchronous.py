"""Bills read, written and paid live on every platform that the synchronous API covers, and seen in its books."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from tests.hub.bill_pay.desk import (
    PAYABLES,
    balance,
    bill,
    changed_bill,
    created,
    free_code,
    key,
    listed,
    pay,
    payer,
    post,
    raw,
    standing,
    upload,
    usual,
)
from tests.hub.desk import Answer, Desk

from sandbooks.platform import load, platforms
from sandbooks.settings import read_contract

COVERED = [
    name
    for name, row in read_contract("hub", "bill_pay_platforms.yaml")["platforms"].items()
    if row["synchronous"] and hasattr(load(platforms()[name].connector), "payables")
]


@pytest.fixture(params=COVERED)
def desk(request: pytest.FixtureRequest) -> Desk:
    return payer(request.param)


def test_a_bill_created_through_the_hub_stands_in_the_books_and_is_listed_as_unpaid(desk: Desk) -> None:
    made = created(desk, 1)
    assert (made["status"], made["reference"], made["amountDue"]) == ("Open", "INV-1", 202)
    assert (made["issueDate"], made["dueDate"]) == ("2026-03-20T00:00:00", "2026-04-19T00:00:00")
    assert [one["id"] for one in listed(desk)] == [made["id"]]
    assert usual(desk, "payables") == -202
    assert balance(desk, "travel") == 202


def test_a_bill_paid_in_full_is_paid_in_the_books_and_leaves_the_list(desk: Desk) -> None:
    made = created(desk, 2)
    answer = pay(desk, made["id"], 204)
    assert (answer.status, answer.body["amount"], answer.body["date"]) == (201, 204, "2026-03-21T00:00:00")
    assert listed(desk) == []
    assert (standing(desk, made["id"])["status"], standing(desk, made["id"])["amountDue"]) == ("Paid", 0)
    assert usual(desk, "payables") == 0
    assert balance(desk, "bank") == -204


def test_a_bill_paid_in_two_parts_is_partially_paid_in_between(desk: Desk) -> None:
    made = created(desk, 3)
    assert pay(desk, made["id"], 51.25).status == 201
    between = standing(desk, made["id"])
    assert (between["status"], between["amountDue"]) == ("PartiallyPaid", Decimal("154.75"))
    assert pay(desk, made["id"], 154.75).status == 201
    assert standing(desk, made["id"])["status"] == "Paid"
    assert usual(desk, "payables") == 0


def test_more_than_is_owed_is_refused_and_posts_nothing(desk: Desk) -> None:
    made = created(desk, 4)
    before = balance(desk, "bank")
    answer = pay(desk, made["id"], 208.01)
    assert (answer.status, answer.body["validation"]["errors"][0]["itemId"]) == (400, "amount")
    assert balance(desk, "bank") == before
    assert standing(desk, made["id"])["amountDue"] == 208


def test_a_paid_bill_cannot_be_paid_again_or_changed(desk: Desk) -> None:
    made = created(desk, 5)
    assert pay(desk, made["id"], 210).status == 201
    assert pay(desk, made["id"], 1).status == 400
    answer = desk.send("PUT", f"{PAYABLES}/bills/{made['id']}", changed_bill(desk, 6))
    assert (answer.status, standing(desk, made["id"])["totalAmount"]) == (400, 210)


def test_an_open_bill_is_changed_in_all_its_lines(desk: Desk) -> None:
    made = created(desk, 7)
    line = {
        "description": "Dinner",
        "unitAmount": 31,
        "quantity": 1,
        "taxAmount": 0,
        "accountRef": {"id": desk.account("meals")},
    }
    changes = {"reference": "INV-7B", "lineItems": [line, {**line, "unitAmount": 12}]}
    answer = desk.send("PUT", f"{PAYABLES}/bills/{made['id']}", changed_bill(desk, 7, **changes))
    assert answer.status == 200, answer.body
    assert (answer.body["id"], answer.body["totalAmount"], len(answer.body["lineItems"])) == (made["id"], 43, 2)
    assert (balance(desk, "travel"), balance(desk, "meals"), usual(desk, "payables")) == (0, 43, -43)


def test_the_same_request_under_one_key_makes_one_bill(desk: Desk) -> None:
    first = post(desk, "bills", bill(desk, 8), token=key(8))
    again = post(desk, "bills", bill(desk, 8), token=key(8))
    assert (first.status, again.status, again.body) == (201, 201, first.body)
    assert len(listed(desk)) == 1
    other = post(desk, "bills", bill(desk, 9), token=key(8))
    assert other.status == 422
    assert len(listed(desk)) == 1


def test_what_is_wrong_with_a_bill_is_said_member_by_member(desk: Desk) -> None:
    answer = post(desk, "bills", {"currency": "POUND", "status": "Paid", "currencyRate": 0, "lineItems": []})
    messages = {item["message"] for item in answer.body["validation"]["errors"]}
    assert answer.status == 400
    assert messages == {
        "Supplier Ref must not be empty.",
        "Issue Date must not be empty.",
        "Due Date must not be empty.",
        "Currency Length must be equal to 3.",
        "Currency Rate must be greater than 0.",
        "Status must be equal to Open.",
        "Line Items must not be empty.",
    }
    assert listed(desk) == []


NOT_FOUND = {
    "quickbooks_online": "Supplier Ref Id was not found in QuickBooks Online.",
    "xero": "SupplierRef Id was not found in Xero.",
    "netsuite": "Supplier Ref was not found in NetSuite.",
    "sage_intacct": "The Supplier with Id 99999999 was not found.",
    "freeagent": "Supplier Ref Id was not found in FreeAgent.",
    "zoho_books": "SupplierRef Id was not found in ZohoBooks.",
}


def test_a_bill_that_names_what_is_not_there_is_refused_in_the_published_words(desk: Desk) -> None:
    platform = desk.native.platform
    unknown = bill(desk, 10, supplierRef={"id": "99999999"})
    answer = post(desk, "bills", unknown)
    assert (answer.status, answer.body["validation"]["errors"][0]["message"]) == (400, NOT_FOUND[platform])
    body = bill(desk, 10)
    body["lineItems"][0]["accountRef"] = {"id": "99999999"}
    answer = post(desk, "bills", body)
    text = f"Account Ref was not found in {platforms()[platform].title}."
    assert (answer.status, answer.body["validation"]["errors"][0]["message"]) == (400, text)
    assert (listed(desk), usual(desk, "payables")) == ([], 0)


TAX_RATES = {
    "quickbooks_online": (True, True, True),
    "xero": (True, True, True),
    "netsuite": (False, True, True),
    "sage_intacct": (False, True, True),
    "zoho_books": (False, False, True),
}


def test_a_changed_bill_names_the_tax_rates_that_its_platform_needs(desk: Desk) -> None:
    """With no tax amount, with an amount of nothing, with tax."""
    made = created(desk, 30)
    path = f"{PAYABLES}/bills/{made['id']}"
    needed = TAX_RATES.get(desk.native.platform)
    if needed is None:
        return
    for amount, refused in zip((None, 0, 7), needed, strict=True):
        line = {**bill(desk, 31)["lineItems"][0], "taxAmount": amount}
        if not refused:
            continue
        answer = desk.send("PUT", path, bill(desk, 31, lineItems=[line]))
        found = {item["itemId"]: item["message"] for item in answer.body["validation"]["errors"]}
        assert (answer.status, found) == (400, {"lineItems[0].taxRateRef": "Tax Rate Ref must not be empty."})
    assert standing(desk, made["id"])["totalAmount"] == 260


def test_an_account_that_holds_no_money_pays_no_bill(desk: Desk) -> None:
    made = created(desk, 11)
    answer = pay(desk, made["id"], 3, account="travel")
    assert (answer.status, answer.body["validation"]["errors"][0]["itemId"]) == (400, "accountRef.id")
    unknown = post(desk, f"bills/{made['id']}/payment", {"amount": 3, "date": "2026-03-21", "accountRef": {"id": "x"}})
    assert unknown.status == 400
    assert standing(desk, made["id"])["amountDue"] == 222


def test_a_bill_that_is_not_there_is_answered_with_404(desk: Desk) -> None:
    assert pay(desk, "9999999", 3).status == 404
    assert desk.send("GET", f"{PAYABLES}/bills/9999999/attachments").status == 404
    assert desk.send("PUT", f"{PAYABLES}/bills/9999999", changed_bill(desk, 1)).status == 404


def test_mapping_options_name_accounts_that_pay_and_accounts_that_are_paid_for(desk: Desk) -> None:
    options = desk.get(f"{PAYABLES}/mappingOptions/bills")
    assert desk.account("travel") in {one["id"] for one in options["accounts"]}
    banks = {one["id"]: one for one in desk.get(f"{PAYABLES}/mappingOptions/payments")["bankAccounts"]}
    assert banks[desk.account("bank")]["accountType"] == "Debit"
    assert not set(banks) & {one["id"] for one in options["accounts"]}
    archived = desk.get(f"{PAYABLES}/mappingOptions/payments", statusQuery="status=Archived")["bankAccounts"]
    assert desk.account("bank") not in {one["id"] for one in archived}


def test_the_company_behind_the_connection_is_told(desk: Desk) -> None:
    assert desk.get(f"{PAYABLES}/info") == {"companyName": "Acme", "baseCurrency": "GBP"}


def test_a_supplier_is_added_once_found_by_a_query_and_changed(desk: Desk) -> None:
    body = {"supplierName": "Fabrikam", "contactName": "Grace Hopper", "status": "Active", "phone": "01632 960001"}
    answer = post(desk, "suppliers", body, token=key(20))
    assert (answer.status, answer.body["supplierName"]) == (201, "Fabrikam"), answer.body
    assert post(desk, "suppliers", body, token=key(20)).body == answer.body
    found = desk.get(f"{PAYABLES}/suppliers", query="supplierName=Fabrikam&&status=Active")["results"]
    assert [one["id"] for one in found] == [answer.body["id"]]
    changed = desk.send("PUT", f"{PAYABLES}/suppliers/{answer.body['id']}", {**body, "supplierName": "Fabrikam Ltd"})
    assert (changed.status, changed.body["supplierName"]) == (200, "Fabrikam Ltd"), changed.body


def test_what_a_change_of_a_supplier_leaves_out_is_cleared(desk: Desk) -> None:
    body = {"supplierName": "Fabrikam", "emailAddress": "books@fabrikam.example", "phone": "01632 960002"}
    made = post(desk, "suppliers", {**body, "contactName": "Grace Hopper", "status": "Active"}).body
    assert (made["emailAddress"], made["phone"]) == ("books@fabrikam.example", "01632 960002")
    left = {"supplierName": "Fabrikam", "contactName": "Grace Hopper", "status": "Active", "phone": "01632 960003"}
    changed = desk.send("PUT", f"{PAYABLES}/suppliers/{made['id']}", left)
    assert changed.status == 200, changed.body
    assert (changed.body["emailAddress"], changed.body["phone"]) == (None, "01632 960003")


def _fabrikam(desk: Desk, **changes: Any) -> dict[str, Any]:
    """A supplier that stands."""
    body = {"supplierName": "Fabrikam", "contactName": "Grace Hopper", "status": "Active", **changes}
    answer = post(desk, "suppliers", body)
    assert answer.status == 201, answer.body
    found: dict[str, Any] = answer.body
    return found


def _changed(desk: Desk, made: dict[str, Any], **body: Any) -> Answer:
    return desk.send("PUT", f"{PAYABLES}/suppliers/{made['id']}", body)


NAMED = {
    "quickbooks_online": "Ada Lovelace",
    "freeagent": "Ada Lovelace",
    "xero": "Fabrikam",
    "sage_intacct": "Fabrikam",
    "zoho_books": "Fabrikam",
}


def test_a_changed_supplier_without_a_name_is_named_as_its_platform_does(desk: Desk) -> None:
    made = _fabrikam(desk)
    answer = _changed(desk, made, contactName="Ada Lovelace", status="Active")
    assert answer.status == 200, answer.body
    if desk.native.platform in NAMED:
        assert answer.body["supplierName"] == NAMED[desk.native.platform]
    nobody = _changed(desk, made, status="Active")
    assert nobody.status == (400 if desk.native.platform in ("quickbooks_online", "freeagent") else 200)


def test_a_supplier_of_freeagent_is_named_by_a_person_of_two_names_alone() -> None:
    desk = payer("freeagent")
    made = _fabrikam(desk)
    assert _changed(desk, made, contactName="Ada", status="Active").status == 400
    answer = _changed(desk, made, supplierName="Fabrikam", status="Active", defaultCurrency="USD")
    assert (answer.status, answer.body["defaultCurrency"]) == (200, "GBP")


def test_changes_of_an_archived_supplier_of_quickbooks_online_are_ignored_until_it_is_active() -> None:
    desk = payer("quickbooks_online")
    made = _fabrikam(desk)
    _changed(desk, made, supplierName="Fabrikam", status="Archived")
    ignored = _changed(desk, made, supplierName="Fabrikam Ltd", status="Archived")
    assert (ignored.status, ignored.body["status"]) == (200, "Archived")
    assert "Ltd" not in ignored.body["supplierName"]
    again = _changed(desk, made, supplierName="Fabrikam Ltd", status="Active")
    assert (again.body["supplierName"], again.body["status"]) == ("Fabrikam Ltd", "Active")


def test_a_change_without_a_status_reactivates_a_supplier_of_netsuite_alone(desk: Desk) -> None:
    made = _fabrikam(desk)
    assert _changed(desk, made, supplierName="Fabrikam", status="Archived").status == 200
    answer = _changed(desk, made, supplierName="Fabrikam")
    if desk.native.platform == "xero":
        assert answer.status == 400
        return
    assert answer.status == 200, answer.body
    assert answer.body["status"] == ("Active" if desk.native.platform == "netsuite" else "Archived")


def test_an_archived_supplier_of_zoho_books_is_changed_and_stays_archived() -> None:
    desk = payer("zoho_books")
    made = _fabrikam(desk)
    _changed(desk, made, supplierName="Fabrikam", status="Archived")
    answer = _changed(desk, made, supplierName="Fabrikam Ltd", status="Active")
    assert (answer.status, answer.body["supplierName"], answer.body["status"]) == (200, "Fabrikam Ltd", "Archived")


def test_a_name_that_another_supplier_has_is_refused(desk: Desk) -> None:
    made = _fabrikam(desk)
    answer = _changed(desk, made, supplierName="Contoso Air", contactName="Grace Hopper", status="Active")
    if desk.native.platform in ("xero", "netsuite", "zoho_books"):
        assert answer.status == 400, answer.body


def test_a_supplier_without_a_name_and_one_that_is_not_there_are_refused(desk: Desk) -> None:
    assert post(desk, "suppliers", {"status": "Active"}).status == 400
    assert post(desk, "suppliers", {"supplierName": "X", "status": "Asleep"}).status == 400
    assert desk.send("PUT", f"{PAYABLES}/suppliers/9999999", {"supplierName": "X", "status": "Active"}).status == 404


def test_a_bank_account_is_added_and_pays_a_bill(desk: Desk) -> None:
    body = {"name": "Payments", "accountType": "Debit", "accountNumber": "12345678", "sortCode": "010203"}
    body |= {"currency": "GBP", "nominalCode": free_code(desk)}
    answer = post(desk, "bankAccounts", body, token=key(21))
    assert (answer.status, answer.body["name"], answer.body["accountNumber"]) == (201, "Payments", "12345678")
    made = created(desk, 12)
    paid = {"amount": 224, "date": "2026-03-21", "accountRef": {"id": answer.body["id"]}}
    assert post(desk, f"bills/{made['id']}/payment", paid).status == 201
    assert post(desk, "bankAccounts", {**body, "accountType": "Savings"}).status == 400


def test_a_file_is_attached_once_listed_and_read_back(desk: Desk) -> None:
    made = created(desk, 13)
    body, headers = upload("invoice.pdf", b"%PDF-1.7 thirteen")
    path = f"{PAYABLES}/bills/{made['id']}/attachments"
    first = desk.send("POST", path, body, headers=headers)
    assert (first.status, first.body["name"]) == (201, "invoice.pdf"), first.body
    assert desk.send("POST", path, body, headers=headers).body["id"] == first.body["id"]
    (found,) = desk.get(path)
    assert found["id"] == first.body["id"]
    answer = raw(desk, "GET", f"{path}/{found['id']}/download")
    assert (answer.status, answer.body) == (200, b"%PDF-1.7 thirteen")
    assert raw(desk, "GET", f"{path}/none/download").status == 404


def test_a_list_goes_on_with_its_token_and_refuses_another(desk: Desk) -> None:
    options = desk.get(f"{PAYABLES}/mappingOptions/bills")
    while options["pagination"]:
        options = desk.get(
            f"{PAYABLES}/mappingOptions/bills", continuationToken=options["pagination"]["continuationToken"]
        )
    assert options["accounts"] or options["taxRates"]
    assert desk.send("GET", f"{PAYABLES}/bills?continuationToken=nonsense").status == 400
    assert desk.send("GET", f"{PAYABLES}/bills?query=nonsense").status == 400
    assert desk.send("GET", f"{PAYABLES}/bills?query=colour%3Dred").status in (200, 400)


def test_an_unlinked_connection_pays_nothing(desk: Desk) -> None:
    made = created(desk, 14)
    assert desk.send("PATCH", "{c}/connections/{k}", {"status": "Unlinked"}).status == 200
    assert pay(desk, made["id"], 228).status == 400
    assert desk.send("GET", f"{PAYABLES}/bills").status == 400
    assert balance(desk, "bank") == 0
