"""Every operation beside the usual ones: it answers as its contract says and is taken back."""

from decimal import Decimal
from typing import Any

import pytest
from tests.platforms.zoho_books.desk import PNG, TODAY, Desk, multipart

from sandbooks.kit.errors import NotSimulated


def test_the_rest_of_the_small_operations_answer(desk: Desk) -> None:
    contact = f"contacts/{desk.vendor('acme')}"
    address = f"{contact}/address/{desk.make(f'{contact}/address', 'address_info', city='Leeds')['address_id']}"
    assert len(desk.get(f"{contact}/address")["addresses"]) == 3
    assert desk.change(address, "address_info", zip="LS1")["city"] == "Leeds"
    desk.act(address, method="DELETE")
    assert desk.refused("DELETE", address, status=404)[0] == 1002
    desk.act(f"{contact}/track1099")
    desk.act(f"{contact}/untrack1099")
    assert desk.get(f"{contact}/comments")["comments"] == []
    tag = desk.get("reportingtags")["reporting_tags"][0]
    own = f"reportingtags/{tag['tag_id']}"
    assert len(desk.get(f"{own}/tagoptions")["results"]) == 2
    assert len(desk.get("reportingtags/tagoptions")["tag_options"]) == 2
    options = [*tag["tag_options"], {"tag_option_name": "West"}]
    desk.change(f"{own}/tagoptions", "reporting_tag", tag_options=options)
    desk.act(f"{own}/inactive")
    desk.act(f"{own}/active")
    assert len(desk.get(own)["reporting_tag"]["tag_options"]) == 3
    desk.change(f"settings/tags/{tag['tag_id']}", "reporting_tag", description="Where")
    made = desk.make("settings/tags", "reporting_tag", tag_name="Second")
    desk.get(f"settings/tags/{made['tag_id']}")
    desk.act(f"settings/tags/{made['tag_id']}", method="DELETE")
    user = desk.make("users", "user", name="Kit", email="kit@example.com")
    for word in ("invite", "active", "inactive"):
        desk.act(f"users/{user['user_id']}/{word}")
    desk.change(f"users/{user['user_id']}", "user", name="Kit Marsh")
    owner = desk.get("users/me")["user"]
    assert desk.refused("DELETE", f"users/{owner['user_id']}")[0] == 36
    employee = desk.make("employees", "employee", name="Kit", email="kit@example.com")
    desk.expense("2.00", employee_id=employee["employee_id"])
    assert desk.refused("DELETE", f"employee/{employee['employee_id']}")[0] == 1004
    other = desk.make("employees", "employee", name="Lee", email="lee@example.com")
    desk.act(f"employee/{other['employee_id']}", method="DELETE")


def test_items_projects_taxes_and_vendors_are_changed(desk: Desk) -> None:
    item = desk.make("items", "item", name="Plank", rate=4)
    path = f"items/{item['item_id']}"
    assert str(desk.change(path, "item", rate=5)["rate"]) == "5"
    fields = {"custom_fields": [{"label": "External ID", "value": "p-1"}]}
    desk.act(f"item/{item['item_id']}/customfields", fields, method="PUT")
    assert desk.get(path)["item"]["custom_fields"][0]["value"] == "p-1"
    desk.act(f"{path}/inactive")
    desk.act(f"{path}/active")
    project = desk.make("projects", "project", project_name="Barn", customer_id=desk.labels["customers"]["client"])
    path = f"projects/{project['project_id']}"
    desk.change(path, "project", description="Big")
    desk.act(f"{path}/inactive")
    desk.act(f"{path}/active")
    comment = desk.make(f"{path}/comments", "comment", description="Begun")
    assert len(desk.get(f"{path}/comments")["comments"]) == 1
    desk.act(f"{path}/comments/{comment['comment_id']}", method="DELETE")
    tax = f"settings/taxes/{desk.tax('Reduced Rate')}"
    assert str(desk.change(tax, "tax", tax_percentage="6")["tax_percentage"]) == "6"
    group = desk.make("settings/taxgroups", "tax_group", tax_group_name="G", taxes=desk.tax("Reduced Rate"))
    own = f"settings/taxgroups/{group['tax_group_id']}"
    desk.change(own, "tax_group", tax_group_name="H")
    assert desk.get(own)["tax_group"]["tax_group_name"] == "H"
    desk.act(own, method="DELETE")
    desk.act(tax, method="DELETE")
    vendor = f"vendors/{desk.vendor('zenith')}"
    desk.change(vendor, "contact", notes="Rail")
    assert desk.get(vendor)["contact"]["notes"] == "Rail"
    desk.act(vendor, method="DELETE")
    for path, root, member in (
        ("settings/taxauthorities", "tax_authority", "tax_authority_name"),
        ("settings/taxexemptions", "tax_exemption", "tax_exemption_code"),
        ("locations", "location", "location_name"),
    ):
        made = desk.make(path, root, **{member: "One"})
        changed = desk.change(f"{path}/{made[f'{root}_id']}", root, **{member: "Two"})
        assert changed[member] == "Two"


def test_the_rest_of_the_document_operations_answer(desk: Desk) -> None:
    bill = f"bills/{desk.bill(desk.line('5.00'))['bill_id']}"
    comment = desk.make(f"{bill}/comments", "comment", description="Seen")
    assert len(desk.get(f"{bill}/comments")["comments"]) == 1
    desk.act(f"{bill}/comments/{comment['comment_id']}", method="DELETE")
    assert desk.act(f"{bill}/address/billing", {"city": "Hull"}, method="PUT") == "Billing address updated."
    fields = {"custom_fields": [{"api_name": "cf_external_id", "value": "x"}]}
    desk.act(f"bill/{bill.removeprefix('bills/')}/customfields", fields, method="PUT")
    assert desk.get(bill)["bill"]["custom_fields"][0]["value"] == "x"
    credit = desk.credit(desk.line("9.00"), status="draft")
    own = f"vendorcredits/{credit['vendor_credit_id']}"
    desk.change(own, "vendor_credit", notes="Later")
    desk.act(f"{own}/submit")
    desk.act(f"{own}/approve")
    desk.act(f"{own}/status/void")
    desk.act(f"{own}/status/open")
    note = desk.make(f"{own}/comments", "comment", description="Seen")
    assert len(desk.get(f"{own}/comments")["comments"]) == 1
    desk.act(f"{own}/comments/{note['comment_id']}", method="DELETE")
    given = {"date": TODAY, "amount": 2, "account_id": desk.account("bank")}
    refund = desk.make(f"{own}/refunds", "vendor_credit_refund", **given)
    desk.get(f"{own}/refunds/{refund['vendor_credit_refund_id']}")
    assert len(desk.get(f"{own}/refunds")["vendor_credit_refunds"]) == 1
    assert len(desk.get("vendorcredits/refunds")["vendor_credit_refunds"]) == 1
    desk.act(f"{own}/refunds/{refund['vendor_credit_refund_id']}", method="DELETE")
    desk.act(own, method="DELETE")
    payment = f"vendorpayments/{desk.pay('8.00')['payment_id']}"
    back = {"date": TODAY, "amount": 2, "to_account_id": desk.account("bank")}
    refund = desk.make(f"{payment}/refunds", "vendorpayment_refund", **back)
    desk.get(f"{payment}/refunds/{refund['vendorpayment_refund_id']}")
    assert len(desk.get(f"{payment}/refunds")["vendorpayment_refunds"]) == 1
    for path, root, member in (("expenses", "expense", "expense_id"), ("journals", "journal", "journal_id")):
        made = _made(desk, path, root)
        own = f"{path}/{made[member]}"
        note = desk.make(f"{own}/comments", "comment", description="Seen")
        desk.act(f"{own}/comments/{note['comment_id']}", method="DELETE")
        body, headers = multipart("attachment", "a.png", PNG)
        assert desk.send("POST", f"{own}/attachment", body, headers=headers).status in (200, 201)
        assert desk.get(own)[root]["documents"][0]["file_name"] == "a.png"
    desk.change(own, "journal", notes="Changed")
    assert desk.send("GET", f"{own}/attachment").body == PNG
    desk.act(f"{own}/attachment", method="DELETE")
    moved = {"transaction_type": "card_payment", "from_account_id": desk.account("bank")}
    moved |= {"to_account_id": desk.account("visa"), "amount": 3}
    made = desk.make("banktransactions", "banktransaction", **moved)
    own = f"banktransactions/{made['transaction_id']}"
    assert str(desk.change(own, "banktransaction", amount=4)["amount"]) == "4.00"
    desk.get(own)
    bank = f"bankaccounts/{desk.account('reserve')}"
    desk.change(bank, "bankaccount", bank_name="Larch Bank")
    desk.act(f"{bank}/inactive")
    desk.act(f"{bank}/active")
    desk.act(bank, method="DELETE")


def _made(desk: Desk, path: str, root: str) -> Any:
    if path == "expenses":
        return desk.expense("6.00")
    rows = (("travel", "debit"), ("office", "credit"))
    lines = [{"account_id": desk.account(a), "debit_or_credit": side, "amount": 1} for a, side in rows]
    return desk.make(path, root, journal_date=TODAY, line_items=lines)


def test_a_custom_field_finds_bills_contacts_items_payments_and_projects(desk: Desk) -> None:
    headers = {"X-Unique-Identifier-Key": "cf_external_id", "X-Unique-Identifier-Value": "k-1", "X-Upsert": "true"}
    documents: dict[str, dict[str, object]] = {
        "bills": {"vendor_id": desk.vendor("acme"), "bill_number": "K", "line_items": [desk.line("1.00")]},
        "contacts": {"contact_name": "Keyed", "contact_type": "vendor"},
        "items": {"name": "Keyed", "rate": 1},
        "projects": {"project_name": "Keyed", "customer_id": desk.labels["customers"]["client"]},
        "vendorpayments": {
            "vendor_id": desk.vendor("acme"),
            "amount": 1,
            "paid_through_account_id": desk.account("bank"),
        },
    }
    for path, given in documents.items():
        before = len(desk.get(path)[path])
        assert desk.send("PUT", path, given, headers=headers).status == 201
        assert desk.send("PUT", path, {"description": "again"}, headers=headers).status == 200
        assert len(desk.get(path)[path]) == before + 1


def test_what_is_read_and_taken_back_beside_the_usual(desk: Desk) -> None:
    krona = desk.make("settings/currencies", "currency", currency_code="SEK")
    path = f"settings/currencies/{krona['currency_id']}"
    rate = desk.make(f"{path}/exchangerates", "exchange_rate", effective_date="2026-03-01", rate="0.074")
    own = f"{path}/exchangerates/{rate['exchange_rate_id']}"
    assert str(desk.get(own)["exchange_rate"]["rate"]) == "0.074"
    assert len(desk.get(f"{path}/exchangerates", is_current_date="true")["exchange_rates"]) == 1
    assert str(desk.get(path)["currency"]["exchange_rate"]) == "0.074"
    desk.act(own, method="DELETE")
    desk.act(path, method="DELETE")
    assert desk.get(f"settings/taxes/{desk.tax('Zero Rate')}")["tax"]["tax_percentage"] == 0
    desk.make("locations", "location", location_name="Yard")
    depot = desk.make("locations", "location", location_name="Depot")
    desk.act(f"locations/{depot['location_id']}/inactive")
    desk.act(f"locations/{depot['location_id']}/active")
    desk.act(f"locations/{depot['location_id']}", method="DELETE")
    given = {"contact_id": desk.vendor("acme"), "first_name": "Ada", "email": "ada@example.com"}
    person = desk.make("contacts/contactpersons", "contact_person", **given)
    shown = desk.get(f"contacts/{desk.vendor('acme')}/contactpersons/{person['contact_person_id']}")
    assert shown["contact_person"]["first_name"] == "Ada"


def test_documents_of_every_kind_are_read_and_taken_back(desk: Desk) -> None:
    bill = f"bills/{desk.bill(desk.line('4.00'))['bill_id']}"
    body, headers = multipart("attachment", "bill.png", PNG)
    desk.send("POST", f"{bill}/attachment", body, headers=headers)
    desk.act(f"{bill}/attachment", method="DELETE")
    desk.act(bill, method="DELETE")
    journal = _made(desk, "journals", "journal")
    assert desk.get(f"journals/{journal['journal_id']}/comments")["comments"] == []
    desk.act(f"journals/{journal['journal_id']}", method="DELETE")
    rows = [{"account_id": desk.account("bank"), "debit_or_credit": "credit", "amount": "7.00"}]
    desk.make("settings/openingbalances", "opening_balance", date="2026-01-01", accounts=rows)
    assert str(desk.get("settings/openingbalances")["opening_balance"]["total"]) == "0.00"
    adjustment = {"currency_id": desk.currency("USD"), "adjustment_date": TODAY, "exchange_rate": "0.8", "notes": "n"}
    made = desk.make("basecurrencyadjustment", "data", **adjustment)
    assert desk.get(f"basecurrencyadjustment/{made['base_currency_adjustment_id']}")["data"]["accounts"] == []
    line = {"date": TODAY, "debit_or_credit": "debit", "amount": "6.00"}
    desk.act("bankstatements", {"account_id": desk.account("bank"), "transactions": [line]})
    (row,) = desk.get("banktransactions", filter_by="Status.Uncategorized")["banktransactions"]
    path = f"banktransactions/uncategorized/{row['transaction_id']}/categorize"
    desk.act(f"{path}/vendorpayments", {"vendor_id": desk.vendor("acme")})
    assert desk.get("vendorpayments")["vendorpayments"][0]["balance"] == 6
    with pytest.raises(NotSimulated):
        desk.act(f"{path}/customerpayments", {})


def test_lists_of_what_few_companies_have_are_as_their_contract_says(desk: Desk) -> None:
    desk.make("locations", "location", location_name="Depot")
    desk.make("employees", "employee", name="Kit", email="kit@example.com")
    for path in ("locations", "employees", "journals", "vendorcredits", "settings/taxauthorities"):
        assert desk.get(path)["code"] == 0
    desk.bill(desk.line("12.25"))
    rows = desk.get("chartofaccounts/transactions", account_id=desk.account("office"))["transactions"]
    assert [(row["debit_amount"], row["credit_amount"]) for row in rows] == [(Decimal("12.25"), "")]
