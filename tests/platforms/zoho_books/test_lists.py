"""Contacts, accounts, taxes and other lists: pages, filters, search, order, rules of names, and who is still needed."""

from decimal import Decimal
from typing import Any

import pytest
from tests.platforms.zoho_books.desk import PNG, TODAY, Desk, multipart, open_desk

from sandbooks.app import App
from sandbooks.kit import outbox
from sandbooks.kit.errors import NotSimulated
from sandbooks.platform import CompanyPlan, platform_named


def names(desk: Desk, **query: object) -> list[str]:
    return [row["contact_name"] for row in desk.get("contacts", **query)["contacts"]]


def test_pages_say_whether_there_are_more(desk: Desk) -> None:
    first = desk.get("contacts", per_page=3)
    assert (len(first["contacts"]), first["page_context"]["has_more_page"]) == (3, True)
    last = desk.get("contacts", per_page=3, page=2)
    assert (len(last["contacts"]), last["page_context"]["has_more_page"]) == (1, False)
    assert desk.get("contacts", page=9)["contacts"] == []
    assert desk.get("contacts", per_page=5000)["page_context"]["per_page"] == 200
    assert desk.refused("GET", "contacts", page="0")[0] == 2


def test_a_page_drifts_when_records_go_while_a_client_reads(desk: Desk) -> None:
    first = names(desk, per_page=2)
    desk.act(f"contacts/{desk.vendor('acme')}", method="DELETE")
    second = names(desk, per_page=2, page=2)
    assert "Pacific Steel" not in first + second


def test_lists_are_filtered_searched_and_ordered(desk: Desk) -> None:
    assert names(desk, contact_name="Zenith Rail") == ["Zenith Rail"]
    assert names(desk, contact_name_startswith="pac") == ["Pacific Steel"]
    assert names(desk, contact_name_contains="lm") == ["Elm Clients"]
    assert names(desk, contact_type="customer") == ["Elm Clients"]
    assert names(desk, search_text="timber") == ["Acme Timber"]
    assert names(desk, sort_column="contact_name", sort_order="D")[0] == "Zenith Rail"
    assert desk.refused("GET", "contacts", filter_by="Status.Odd")[0] == 2
    assert desk.refused("GET", "contacts", sort_column="shoe_size")[0] == 2


def test_dates_and_amounts_bound_a_list(desk: Desk) -> None:
    for day, value in (("2026-03-02", "10.00"), ("2026-03-09", "20.00"), ("2026-03-16", "30.00")):
        desk.expense(value, date=day)

    def totals(**query: object) -> list[str]:
        return [str(row["total"]) for row in desk.get("expenses", **query)["expenses"]]

    assert totals(date="2026-03-09") == ["20.00"]
    assert totals(date_start="2026-03-09") == ["20.00", "30.00"]
    assert totals(date_before="2026-03-09") == ["10.00"]
    assert totals(total_greater_equals="20", total_less_than="30") == ["20.00"]


def test_changes_since_a_moment_are_listed_alone(desk: Desk) -> None:
    desk.expense("1.10")
    moment = desk.expense("2.20")["last_modified_time"]
    rows = desk.get("expenses", last_modified_time=moment)["expenses"]
    assert [str(row["total"]) for row in rows] == ["2.20"]
    assert desk.refused("GET", "expenses", last_modified_time="yesterday")[0] == 2


def test_a_contact_name_is_taken_once(desk: Desk) -> None:
    code, said = desk.refused("POST", "contacts", {"contact_name": "acme timber", "contact_type": "vendor"})
    assert (code, said) == (3062, 'The vendor "acme timber" already exists. Please specify a different name.')
    given = {"contact_name": "Acme Timber", "contact_type": "customer"}
    assert 'The customer "Acme Timber"' in desk.refused("POST", "contacts", given)[1]
    assert desk.refused("POST", "contacts", {"contact_name": "x" * 201})[0] == 15
    assert desk.refused("POST", "contacts", {"contact_name": "A", "contact_type": "friend"})[0] == 2


def test_a_contact_with_transactions_stays_and_keeps_its_currency(desk: Desk) -> None:
    desk.bill(desk.line("5"))
    path = f"contacts/{desk.vendor('acme')}"
    assert desk.refused("DELETE", path)[0] == 1004
    assert desk.refused("PUT", path, {"currency_id": desk.currency("EUR")})[0] == 3049
    shown = desk.get(path)["contact"]
    assert (shown["has_transaction"], str(shown["outstanding_payable_amount"])) == (True, "5.00")
    desk.act(f"{path}/inactive")
    given = {"vendor_id": desk.vendor("acme"), "bill_number": "2", "line_items": [desk.line("6")]}
    assert desk.refused("POST", "bills", given)[0] == 3044
    desk.act(f"{path}/active")
    assert desk.make("bills", "bill", **given)["status"] == "open"


def test_contact_persons_are_kept_with_their_contact(desk: Desk) -> None:
    given = {"contact_id": desk.vendor("acme"), "first_name": "Ada", "email": "ada@example.com"}
    person = desk.make("contacts/contactpersons", "contact_person", **given)
    own = f"contacts/contactpersons/{person['contact_person_id']}"
    desk.change(own, "contact_person", last_name="Marsh")
    desk.act(f"{own}/primary")
    shown = desk.get(f"contacts/{desk.vendor('acme')}")["contact"]
    assert (shown["first_name"], shown["last_name"], shown["email"]) == ("Ada", "Marsh", "ada@example.com")
    desk.act(own, method="DELETE")
    assert desk.get(f"contacts/{desk.vendor('acme')}/contactpersons")["contact_persons"] == []


def test_the_vendor_alias_makes_and_lists_vendors_alone(desk: Desk) -> None:
    desk.make("vendors", "contact", vendor_name="Quick Supplies")
    rows = desk.get("vendors")["contacts"]
    assert {row["contact_type"] for row in rows} == {"vendor"}
    assert "Quick Supplies" in [row["contact_name"] for row in rows]


def test_an_account_is_made_renamed_made_inactive_and_deleted(desk: Desk) -> None:
    made = desk.make("chartofaccounts", "chart_of_account", account_name="Parking", account_type="expense")
    path = f"chartofaccounts/{made['account_id']}"
    given = {"account_name": "parking", "account_type": "expense"}
    assert desk.refused("POST", "chartofaccounts", given)[0] == 4
    assert desk.change(path, "chart_of_account", account_name="Car Parks")["account_name"] == "Car Parks"
    desk.act(f"{path}/inactive")
    rows = desk.get("chartofaccounts", filter_by="AccountType.Inactive")["chartofaccounts"]
    assert [row["account_name"] for row in rows] == ["Car Parks"]
    desk.act(f"{path}/active")
    desk.act(path, method="DELETE")
    assert desk.refused("GET", path, status=404)[0] == 1002


def test_accounts_in_use_and_system_accounts_stay(desk: Desk) -> None:
    desk.expense("4.00")
    assert desk.refused("DELETE", f"chartofaccounts/{desk.account('travel')}")[0] == 1004
    assert desk.refused("DELETE", f"chartofaccounts/{desk.account('payables')}")[0] == 11501
    assert desk.refused("POST", f"chartofaccounts/{desk.account('payables')}/inactive")[0] == 11501
    lines = desk.get("chartofaccounts/transactions", account_id=desk.account("travel"))["transactions"]
    assert [(row["transaction_type"], str(row["debit_amount"])) for row in lines] == [("expense", "4.00")]


def test_bank_accounts_show_what_they_hold(desk: Desk) -> None:
    desk.expense("100.00", paid="dollar_visa", currency_id=desk.currency("USD"))
    shown = desk.get(f"bankaccounts/{desk.account('dollar_visa')}")["bankaccount"]
    assert (shown["currency_code"], str(shown["balance"]), str(shown["bcy_balance"])) == ("USD", "100.00", "77.41")
    given = {"account_name": "Till", "account_type": "bank", "currency_code": "EUR"}
    made = desk.make("bankaccounts", "bankaccount", **given)
    assert desk.get(f"chartofaccounts/{made['account_id']}")["chart_of_account"]["account_type"] == "bank"
    assert desk.refused("GET", f"bankaccounts/{desk.account('travel')}", status=404)[0] == 1002


def test_a_tax_group_sums_its_members_and_posts_to_their_accounts() -> None:
    accounts: dict[str, Any] = {
        "travel": {"type": "expense", "name": "Trips"},
        "visa": {"type": "credit_card", "name": "Corporate Card"},
    }
    desk = open_desk(App(), CompanyPlan(country="IN", accounts=accounts))
    url = f"https://www.zohoapis.in/books/v3/expenses?organization_id={desk.company.id}"
    given = {
        "account_id": desk.account("travel"),
        "paid_through_account_id": desk.account("visa"),
        "date": TODAY,
        "amount": 100,
        "tax_id": desk.tax("GST18"),
    }
    assert desk.send("POST", url, given).status == 200
    assert desk.books() == {"travel": "100.00", "Input CGST": "9.00", "Input SGST": "9.00", "visa": "-118.00"}


def test_taxes_are_made_grouped_and_kept_while_used(desk: Desk) -> None:
    one = desk.make("settings/taxes", "tax", tax_name="Levy", tax_percentage="3")
    group = desk.make(
        "settings/taxgroups", "tax_group", tax_group_name="Both", taxes=[one["tax_id"], desk.tax("Reduced Rate")]
    )
    assert str(group["tax_group_percentage"]) == "8"
    assert desk.refused("POST", "settings/taxes", {"tax_name": "Levy", "tax_percentage": 1})[0] == 4
    assert desk.refused("DELETE", f"settings/taxes/{one['tax_id']}")[0] == 36
    desk.expense("50.00", tax_id=group["tax_group_id"])
    assert desk.books() == {"travel": "50.00", "input_tax": "4.00", "visa": "-54.00"}
    assert desk.refused("DELETE", f"settings/taxgroups/{group['tax_group_id']}")[0] == 36


def test_currencies_and_rates_are_kept_by_day(desk: Desk) -> None:
    krona = desk.make("settings/currencies", "currency", currency_code="SEK")
    path = f"settings/currencies/{krona['currency_id']}"
    assert desk.refused("POST", "settings/currencies", {"currency_code": "SEK"})[0] == 4
    given = {"account_id": desk.account("travel"), "paid_through_account_id": desk.account("visa"), "date": TODAY}
    given |= {"amount": 5, "currency_id": krona["currency_id"]}
    assert desk.refused("POST", "expenses", given)[0] == 12011
    rate = desk.make(f"{path}/exchangerates", "exchange_rate", effective_date="2026-03-01", rate="0.074")
    desk.change(f"{path}/exchangerates/{rate['exchange_rate_id']}", "exchange_rate", rate="0.075")
    assert str(desk.make("expenses", "expense", **given)["exchange_rate"]) == "0.075"
    assert desk.refused("DELETE", path)[0] == 12012
    base = desk.currency("GBP")
    assert desk.refused("POST", f"settings/currencies/{base}/exchangerates", {"rate": 2})[0] == 12013


@pytest.mark.parametrize(
    ("path", "root", "given"),
    [
        ("items", "item", {"name": "Plank", "rate": 4}),
        ("projects", "project", {"project_name": "Barn"}),
        ("locations", "location", {"location_name": "Yard"}),
        ("users", "user", {"name": "Kit", "email": "kit@example.com"}),
        ("employees", "employee", {"name": "Kit", "email": "kit@example.com"}),
        ("reportingtags", "reporting_tag", {"tag_name": "Team"}),
        ("settings/taxauthorities", "tax_authority", {"tax_authority_name": "HMRC"}),
        ("settings/taxexemptions", "tax_exemption", {"tax_exemption_code": "EXPORT"}),
    ],
)
def test_a_small_list_takes_shows_and_forgets_a_record(desk: Desk, path: str, root: str, given: dict[str, Any]) -> None:
    if path == "projects":
        given = {**given, "customer_id": desk.labels["customers"]["client"]}
    made = desk.make(path, root, **given)
    id = next(made[name] for name in made if name.endswith("_id") and made[name])
    id = made.get(f"{root.removeprefix('reporting_')}_id", id)
    assert desk.get(f"{path}/{id}")[root]["created_time"].startswith("2026-03-02T09:00:")
    if root == "location":
        assert desk.refused("DELETE", f"{path}/{id}")[0] == 36
        return
    desk.act(f"{path}/{id}", method="DELETE")
    assert desk.refused("GET", f"{path}/{id}", status=404)[0] == 1002


def test_an_item_fills_a_line(desk: Desk) -> None:
    given = {"name": "Plank", "rate": 9, "purchase_rate": "4.40", "purchase_account_id": desk.account("office")}
    item = desk.make("items", "item", **given)
    bill = desk.bill({"item_id": item["item_id"], "quantity": 3})
    assert (bill["line_items"][0]["name"], str(bill["total"])) == ("Plank", "13.20")
    assert desk.refused("DELETE", f"items/{item['item_id']}")[0] == 1004


def test_an_organisation_tells_its_plan_and_currency(desk: Desk) -> None:
    (shown,) = desk.get("organizations")["organizations"]
    assert (shown["organization_id"], shown["currency_code"], shown["is_default_org"]) == (desk.company.id, "GBP", True)
    assert desk.get(f"organizations/{desk.company.id}")["organization"]["name"] == "Larch and Finch Ltd"
    assert desk.refused("GET", "organizations/1")[0] == 6041
    assert desk.get("users/me")["user"]["is_current_user"] is True


def test_a_workflow_rule_sends_what_changed_with_a_signature(desk: Desk) -> None:
    from sandbooks.platforms.zoho_books.webhooks import signature

    rule = outbox.subscribe(desk.world, "zoho_books", url="", events=("bill",), company=desk.company.id)
    bill = desk.bill(desk.line("5.50"))
    desk.expense("1.00")
    desk.world.jobs.run_due()
    (sent,) = outbox.deliveries(desk.world)
    headers = dict(sent["headers"])
    assert (sent["event"], bill["bill_id"] in sent["body"], "_state" in sent["body"]) == ("bill.created", True, False)
    assert headers["X-Zoho-Webhook-Signature"] == signature(sent["body"].encode(), rule.secret)


@pytest.mark.parametrize(("country", "currency"), [("GB", "GBP"), ("US", "USD"), ("IN", "INR"), ("DE", "EUR")])
def test_a_demo_organisation_has_what_its_country_needs(country: str, currency: str) -> None:
    app = App()
    world = app.create_world(seed=7)
    with world.unit():
        opened = platform_named("zoho").load_seed().open(world, CompanyPlan(country=country, demo=True))
    records = opened.company.records
    kinds = [account.body["account_type"] for account in records.scan("account")]
    assert opened.company.currency == currency
    assert (kinds.count("bank"), kinds.count("credit_card")) == (2, 2)
    assert records.count("tax") >= 3
    assert {"payables", "receivables", "input_tax", "output_tax", "rounding"} <= opened.labels["accounts"].keys()


def test_a_plan_finds_or_makes_what_it_names() -> None:
    plan = CompanyPlan(
        country="GB",
        accounts={"bank": {"type": "bank", "name": "Main", "opening": "Dr 316.23 GBP"}},
        taxes={
            "vat": {"rate": "20%"},
            "half": {"rate": "20%", "recoverable": "50%"},
            "reverse": {"rate": "20%", "reverse_charge": True},
        },
        chart={"chartofaccounts": [{"account_name": "Own Costs", "account_type": "expense", "account_code": "6543"}]},
    )
    desk = open_desk(App(), plan)
    assert desk.books() == {"bank": "316.23", "Opening Balance Offset": "-316.23"}
    taxes = desk.labels["taxes"]
    assert taxes["vat"] == desk.tax("Standard Rate")
    desk.expense("100.00", account="Own Costs", paid="bank", tax_id=taxes["half"])
    desk.expense("50.00", account="Own Costs", paid="bank", tax_id=taxes["reverse"])
    assert {k: v for k, v in desk.books().items() if k in ("Own Costs", "input_tax", "output_tax", "bank")} == {
        "Own Costs": "160.00",
        "input_tax": "20.00",
        "output_tax": "-10.00",
        "bank": "146.23",
    }


def test_documents_carry_their_location_and_project(desk: Desk) -> None:
    place = desk.make("locations", "location", location_name="Yard")
    desk.act("settings/locations/enable")
    customer = desk.labels["customers"]["client"]
    project = desk.make("projects", "project", project_name="Barn", customer_id=customer)
    ids = {"location_id": place["location_id"]}
    bill = desk.bill(desk.line("5.00", project_id=project["project_id"], customer_id=customer, **ids), **ids)
    assert (bill["location_name"], bill["line_items"][0]["project_name"]) == ("Yard", "Barn")
    desk.expense("2.00", project_id=project["project_id"], **ids)
    desk.pay("1.00", **ids)
    desk.credit(desk.line("3.00", **ids), **ids)
    lines = [
        {"account_id": desk.account(a), "debit_or_credit": s, "amount": 1}
        for a, s in (("travel", "debit"), ("office", "credit"))
    ]
    assert desk.make("journals", "journal", journal_date=TODAY, line_items=lines, **ids)["location_name"] == "Yard"
    rows = [
        {"account_id": desk.account("travel"), "amount": 4, **ids, "reverse_charge_vat_id": desk.tax("Standard Rate")}
    ]
    given = {"paid_through_account_id": desk.account("bank"), "date": TODAY, "line_items": rows}
    assert desk.make("expenses", "expense", **given)["line_items"][0]["location_name"] == "Yard"
    for path in ("bills", "expenses", "vendorpayments", "vendorcredits", "journals"):
        assert "location_id" in str(desk.get(path))
    assert desk.refused("DELETE", f"locations/{place['location_id']}")[0] == 36
    other = desk.make("locations", "location", location_name="Depot")
    desk.act(f"locations/{other['location_id']}/markasprimary")
    desk.act(f"locations/{place['location_id']}/inactive")
    assert desk.refused("POST", "expenses", {**given, **ids})[0] == 2


@pytest.mark.parametrize("kind", ["reverse_charge_tax_id", "acquisition_vat_id"])
def test_a_bill_line_shows_tax_that_the_buyer_accounts_for(desk: Desk, kind: str) -> None:
    bill = desk.bill(desk.line("30.00", **{kind: desk.tax("Standard Rate")}))
    assert str(bill["line_items"][0][f"{kind.removesuffix('_id')}_amount"]) == "6.00"
    assert desk.books() == {"office": "30.00", "payables": "-30.00", "input_tax": "6.00", "output_tax": "-6.00"}
    credit = desk.credit(desk.line("10.00", **{kind: desk.tax("Standard Rate")}))
    assert str(credit["total"]) == "10.00"
    assert desk.expense("5.00", **{kind: desk.tax("Standard Rate")})["total"] == 5


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


def test_accounts_show_their_balances_where_that_is_asked_for(desk: Desk) -> None:
    desk.expense("64.20", paid="dollar_visa", currency_id=desk.currency("USD"), exchange_rate="0.5")
    (card,) = desk.get("chartofaccounts", account_name="Dollar Visa", showbalance="true")["chartofaccounts"]
    assert str(card["current_balance"]) == "64.20"
    one = desk.get(f"chartofaccounts/{card['account_id']}", showbalance="true")["chart_of_account"]
    assert (str(one["current_balance"]), str(one["bcy_balance"])) == ("64.20", "32.10")
    (plain,) = desk.get("chartofaccounts", account_name="Dollar Visa")["chartofaccounts"]
    assert "current_balance" not in plain


def test_a_list_of_bills_tells_which_have_files(desk: Desk) -> None:
    with_file, without = desk.bill(desk.line(5), number="B-1"), desk.bill(desk.line(6), number="B-2")
    body, headers = multipart("attachment", "scan.png", PNG)
    desk.send("POST", f"bills/{with_file['bill_id']}/attachment", body, headers=headers)
    told = {row["bill_id"]: row["has_attachment"] for row in desk.get("bills")["bills"]}
    assert told == {with_file["bill_id"]: True, without["bill_id"]: False}


def test_lists_of_what_few_companies_have_are_as_their_contract_says(desk: Desk) -> None:
    desk.make("locations", "location", location_name="Depot")
    desk.make("employees", "employee", name="Kit", email="kit@example.com")
    for path in ("locations", "employees", "journals", "vendorcredits", "settings/taxauthorities"):
        assert desk.get(path)["code"] == 0
    desk.bill(desk.line("12.25"))
    rows = desk.get("chartofaccounts/transactions", account_id=desk.account("office"))["transactions"]
    assert [(row["debit_amount"], row["credit_amount"]) for row in rows] == [(Decimal("12.25"), "")]
