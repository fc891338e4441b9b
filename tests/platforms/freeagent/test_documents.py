"""Expenses, journal sets, attachments, people and lists."""

import base64
import struct
from datetime import timedelta
from typing import Any

import pytest
from tests.platforms.freeagent.desk import BASE, Desk, open_desk

from sandbooks import exact_json
from sandbooks.app import App
from sandbooks.faults.plan import Plan
from sandbooks.kit.errors import NotSimulated
from sandbooks.platform import CompanyPlan, platform_named

PNG = bytes(range(256)) * 4


def expense(desk: Desk, **members: object) -> Any:
    given = {"user": desk.me(), "category": desk.category("travel"), "dated_on": "2026-03-02"}
    return desk.make("expenses", "expense", **{**given, "description": "Taxi", "gross_value": "-36.00", **members})


def file(**members: object) -> dict[str, object]:
    data = base64.b64encode(PNG).decode()
    return {"data": data, "file_name": "receipt.png", "content_type": "image/png", "description": "Tea", **members}


def claim(desk: Desk) -> str:
    return f"905-{desk.me().rpartition('/')[2]}"


def test_an_expense_is_owed_to_its_claimant(desk: Desk) -> None:
    made = expense(desk)
    assert (made["gross_value"], made["sales_tax_value"], made["native_gross_value"]) == ("-36.0", "-6.0", "-36.0")
    assert desk.books() == {"travel": "30.00", "input_tax": "6.00", claim(desk): "-36.00"}
    desk.change(made["url"], "expense", gross_value="-12.00", sales_tax_rate=0)
    assert desk.books() == {"travel": "12.00", claim(desk): "-12.00"}
    desk.drop(made["url"])
    assert desk.books() == {}


def test_a_foreign_expense_counts_only_typed_tax(desk: Desk) -> None:
    made = expense(desk, currency="USD", gross_value="-100.00", sales_tax_rate="20.0")
    assert (made["native_gross_value"], made["sales_tax_rate"], made["sales_tax_value"]) == ("-77.41", "0.0", "0.0")
    made = expense(desk, currency="USD", gross_value="-50", native_gross_value="-40", manual_sales_tax_amount="4.00")
    assert (made["native_sales_tax_value"], made["sales_tax_value"]) == ("-4.0", "-5.0")
    assert desk.books() == {"travel": "113.41", "input_tax": "4.00", claim(desk): "-117.41"}


def test_a_batch_of_expenses_is_kept_whole_or_not_at_all(desk: Desk) -> None:
    good = {"user": desk.me(), "category": desk.category("travel"), "dated_on": "2026-03-02", "description": "a"}
    bad = {**good, "gross_value": None}
    assert desk.refused("POST", "expenses", {"expenses": [{**good, "gross_value": "-1.20"}, bad]})
    answer = desk.send("POST", "expenses", {"expenses": [{**good, "gross_value": v} for v in ("-1.20", "-2.40")]})
    assert answer.status == 201
    assert desk.books()[claim(desk)] == "-3.60"


def test_a_journal_set_balances_or_is_refused(desk: Desk) -> None:
    entries = [
        {"category": desk.category("sales"), "debit_value": "-123.45", "description": "Correction"},
        {"category": f"{BASE}/v2/categories/901", "user": desk.me(), "debit_value": "123.45"},
    ]
    given = {"dated_on": "2026-03-02", "description": "Year end", "tag": "APP"}
    made = desk.make("journal_sets", "journal_set", **given, journal_entries=entries)
    capital = f"901-{desk.me().rpartition('/')[2]}"
    assert desk.books() == {"sales": "-123.45", capital: "123.45"}
    uneven = {**given, "journal_entries": [entries[0]]}
    assert desk.refused("POST", "journal_sets", {"journal_set": uneven}) == "journal_entries must balance"
    bank = {"category": f"{BASE}/v2/categories/750-1", "debit_value": "5"}
    refused = desk.refused("POST", "journal_sets", {"journal_set": {**given, "journal_entries": [bank]}})
    assert refused == "journal_entries.category can't be a bank account"
    first, second = (entry["url"] for entry in made["journal_entries"])
    desk.change(
        made["url"],
        "journal_set",
        journal_entries=[
            {"url": first, "debit_value": "-20.00"},
            {"url": second, "_destroy": True},
            {"category": desk.category("office"), "debit_value": "20.00"},
        ],
    )
    assert desk.books() == {"sales": "-20.00", "office": "20.00"}
    assert len(desk.get("journal_sets", tag="APP")["journal_sets"]) == 1
    assert desk.get("journal_sets", tag="OTHER")["journal_sets"] == []
    desk.drop(made["url"])
    assert desk.books() == {}


def test_an_attachment_comes_back_byte_for_byte(desk: Desk) -> None:
    made = desk.explain("bank", "-9.60", attachment=file())
    shown = made["attachment"]
    assert (shown["file_name"], shown["file_size"], shown["description"]) == ("receipt.png", 1024, "Tea")
    answer = desk.send("GET", shown["content_src"], headers={"Authorization": ""})
    assert (answer.status, answer.body, answer.header("Content-Type")) == (200, PNG, "image/png")
    assert desk.get(shown["url"])["attachment"]["file_name"] == "receipt.png"
    forged = shown["content_src"].replace("Signature=", "Signature=0")
    assert desk.send("GET", forged).status == 403
    desk.world.advance(by=timedelta(hours=2))
    assert desk.send("GET", shown["content_src"]).status == 403


def test_a_file_that_stands_is_used_for_another_item(desk: Desk) -> None:
    first = desk.explain("bank", "-9.60", attachment=file())["attachment"]
    second = desk.bill(desk.item("9.60"), attachment={"file": first["url"]})["attachment"]
    assert (second["file_name"], second["file_size"]) == (first["file_name"], first["file_size"])
    assert second["url"] != first["url"]
    desk.drop(first["url"])
    assert desk.send("GET", second["content_src"], headers={"Authorization": ""}).body == PNG
    given = {"bank_account": desk.account("bank"), "dated_on": "2026-03-02", "gross_value": "-4.00", "description": "S"}
    body = {**given, "category": desk.category("travel"), "attachment": {"file": first["url"]}}
    told = desk.refused("POST", "bank_transaction_explanations", {"bank_transaction_explanation": body})
    assert told == "Attachment not found"


def jpeg(width: int, height: int) -> bytes:
    """The head of a picture behind an application segment, a stuffed byte and a table."""
    table = b"\xff\xc4\x00\x04ab"
    return b"\xff\xd8\xff\xe0\x00\x06JFIF\xff" + table + struct.pack(">BBHBHH", 0xFF, 0xC2, 11, 8, height, width)


def png(width: int, height: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + struct.pack(">II", width, height)


@pytest.mark.parametrize(
    ("content", "thumbnails"),
    [
        (png(250, 90), ["medium", "small"]),
        (png(90, 251), ["medium"]),
        (png(501, 90), []),
        (b"GIF89a" + struct.pack("<HH", 300, 40), ["medium"]),
        (jpeg(40, 250), ["medium", "small"]),
        (jpeg(501, 40), []),
        (jpeg(40, 40)[:20], []),
        (b"\xff\xd8 no picture", []),
        (PNG, []),
    ],
)
def test_a_thumbnail_is_told_only_where_the_whole_picture_is_one(
    desk: Desk, content: bytes, thumbnails: list[str]
) -> None:
    sent = file(data=base64.b64encode(content).decode())
    shown = desk.explain("bank", "-9.60", attachment=sent)["attachment"]
    links = [shown[f"content_src_{name}"] for name in thumbnails]
    assert [name for name in shown if name.startswith("content_src_")] == [f"content_src_{n}" for n in thumbnails]
    assert len({shown["content_src"], *links}) == 1 + len(links)
    assert [desk.send("GET", link, headers={"Authorization": ""}).body for link in links] == [content] * len(links)
    for name in {"medium", "small", "large"} - set(thumbnails):
        assert desk.send("GET", shown["content_src"].replace("/original.", f"/{name}.")).status == 404


def test_one_file_replaces_another_and_an_update_without_one_keeps_it(desk: Desk) -> None:
    bill = desk.bill(desk.item("9.60"), attachment=file())
    kept = desk.change(bill["url"], "bill", reference="Later")["attachment"]
    assert kept["url"] == bill["attachment"]["url"]
    other = desk.change(bill["url"], "bill", attachment=file(file_name="b.pdf", content_type="application/x-pdf"))
    assert other["attachment"]["file_name"] == "b.pdf"
    assert desk.send("GET", kept["url"]).status == 404
    desk.drop(other["attachment"]["url"])
    assert "attachment" not in desk.get(bill["url"])["bill"]


def test_several_attachments_come_with_a_newer_version(desk: Desk) -> None:
    made = expense(desk, attachments=[file(), file(file_name="b.gif", content_type="image/gif")])
    assert "attachment" not in made
    new = {"X-Api-Version": "2026-09-01"}
    body = {"expense": {"attachments": [file(), file(file_name="b.gif", content_type="image/gif")]}}
    answer = desk.send("PUT", made["url"], body, headers=new)
    assert answer.status == 200
    assert desk.get(made["url"])["expense"]["attachment"]["file_name"] == "receipt.png"
    too_many = {"expense": {"attachments": [file()] * 51}}
    assert desk.send("PUT", made["url"], too_many, headers=new).status == 422
    desk.world.advance(by=timedelta(days=300))
    with desk.world.unit():
        desk.token = platform_named("freeagent").load_seed().credentials(desk.world, desk.company)["access_token"]
    assert [a["file_name"] for a in desk.get(made["url"])["expense"]["attachments"]] == ["receipt.png", "b.gif"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"content_type": "text/html"}, "attachment.content_type is not included in the list"),
        ({"data": "%%%"}, "attachment.data is invalid"),
        ({"data": None}, "attachment.data can't be blank"),
        ({"file_name": ""}, "attachment.file_name can't be blank"),
        (
            {"data": base64.b64encode(bytes(5 * 1024 * 1024 + 1)).decode()},
            "attachment.file_size must be less than 5 MB",
        ),
    ],
)
def test_a_wrong_attachment_refuses_the_whole_document(desk: Desk, change: dict[str, object], says: str) -> None:
    given = {"bank_account": desk.account("bank"), "dated_on": "2026-03-02", "gross_value": "-3.00"}
    given |= {"category": desk.category("travel"), "description": "x"}
    body = {"bank_transaction_explanation": {**given, "attachment": file(**change)}}
    assert desk.refused("POST", "bank_transaction_explanations", body) == says


def test_the_largest_attachment_is_taken(desk: Desk) -> None:
    data = base64.b64encode(bytes(5 * 1024 * 1024)).decode()
    assert desk.explain("bank", "-3.00", attachment=file(data=data))["attachment"]["file_size"] == 5 * 1024 * 1024


def test_lists_come_in_pages_with_links(desk: Desk) -> None:
    for number in range(26):
        desk.make("contacts", "contact", organisation_name=f"Firm {number:02d}")
    answer = desk.send("GET", "contacts", view="all", per_page=10, page=2)
    assert answer.header("X-Total-Count") == "28"
    links = dict(reversed(link.split("; rel=")) for link in answer.header("Link").split(", "))
    assert set(links) == {'"prev"', '"next"', '"first"', '"last"'}
    assert links['"last"'] == f"<{BASE}/v2/contacts?view=all&page=3&per_page=10>"
    pages = [desk.get("contacts", view="all", per_page=10, page=p)["contacts"] for p in (1, 2, 3, 4)]
    assert [len(page) for page in pages] == [10, 10, 8, 0]
    names = [c["organisation_name"] for page in pages for c in page]
    assert names == sorted(names, key=str.lower)
    assert len(desk.get("contacts", per_page=1000)["contacts"]) == 28
    assert len(desk.get("contacts", per_page="x", page="-1")["contacts"]) == 25


def test_updated_since_follows_every_change(desk: Desk) -> None:
    first, second = desk.bill(desk.item("9.00")), desk.bill(desk.item("8.00"))
    since = desk.world.clock.now() + timedelta(minutes=5)
    desk.world.advance(by=timedelta(minutes=10))
    desk.explain("bank", "-3.00", paid_bill=first["url"])
    found = desk.get("bills", updated_since=since.isoformat().replace("+00:00", "Z"))["bills"]
    assert [bill["url"] for bill in found] == [first["url"]]
    assert second["url"] != first["url"]
    assert desk.refused("GET", "bills?updated_since=soon", status=400)


def test_a_trailing_index_hides_what_is_new_from_lists_but_not_by_url(desk: Desk) -> None:
    made = desk.explain("bank", "-3.00")
    answer = desk.get("bank_transaction_explanations", bank_account=desk.account("bank"))
    assert len(answer["bank_transaction_explanations"]) == 1
    assert isinstance(desk.world.plan, Plan)
    desk.world.plan.add("stale_read", lag="5m")
    answer = desk.get("bank_transaction_explanations", bank_account=desk.account("bank"))
    assert answer["bank_transaction_explanations"] == []
    assert desk.get(made["url"])


def test_contacts_are_suppliers_once_they_have_bills(desk: Desk) -> None:
    assert desk.get("contacts", view="suppliers")["contacts"] == []
    desk.bill(desk.item("9.00"))
    (found,) = desk.get("contacts", view="suppliers")["contacts"]
    assert (found["organisation_name"], found["account_balance"]) == ("Acme Timber", "-9.0")
    assert "can't be deleted" in desk.refused("DELETE", desk.contact("acme"))
    desk.drop(desk.contact("zenith"))
    assert desk.refused("POST", "contacts", {"contact": {"first_name": "Ann"}}) == "organisation_name can't be blank"


def test_categories_are_added_used_and_deleted_by_code(desk: Desk) -> None:
    given = {"description": "Timber", "nominal_code": "160", "tax_reporting_name": "purchases"}
    answer = desk.send("POST", "categories", {"category": {**given, "category_group": "cost_of_sales"}})
    assert (answer.status, b"cost_of_sales_categories" in answer.body) == (201, True)
    sets = desk.get("categories")
    assert [c["description"] for c in sets["cost_of_sales_categories"] if c["nominal_code"] == "160"] == ["Timber"]
    assert desk.get("categories/001")["income_categories"]["description"] == "Sales"
    subs = {c["nominal_code"] for c in desk.get("categories", sub_accounts="true")["general_categories"]}
    assert {"750-1", "905-1"} <= subs
    assert "750" not in subs
    again = {"category": {**given, "category_group": "cost_of_sales"}}
    assert desk.refused("POST", "categories", again) == "nominal_code has already been taken"
    wrong = {"category": {**given, "nominal_code": "400", "category_group": "cost_of_sales"}}
    assert desk.refused("POST", "categories", wrong) == "nominal_code must be between 096 and 199"
    made = desk.explain("bank", "-6.00", category=f"{BASE}/v2/categories/160")
    assert "has items" in desk.refused("DELETE", "categories/160")
    desk.drop(made["url"])
    desk.drop("categories/160")
    assert desk.send("GET", "categories/160").status == 404
    assert desk.refused("DELETE", "categories/285") == "Category can't be deleted"


def test_the_trial_balance_and_the_ledger_agree_with_the_books(desk: Desk) -> None:
    desk.explain("bank", "-120.00", sales_tax_rate="20.0")
    gone = desk.explain("visa", "-44.00")
    desk.drop(gone["url"])
    desk.explain("visa", "-10.00", sales_tax_rate=0, dated_on="2025-06-01")
    rows = desk.get("accounting/trial_balance/summary")["trial_balance_summary"]
    totals = {row["display_nominal_code"]: row["total"] for row in rows}
    travel = desk.labels["accounts"]["travel"]
    assert totals == {travel: "100.0", "750-1": "-120.0", "750-2": "-10.0", "818": "20.0", "970": "10.0"}
    assert {row["nominal_code"] for row in rows if "bank_account" in row} == {
        f"750-{desk.labels['accounts'][name]}" for name in ("bank", "visa")
    }
    lines = desk.get("accounting/transactions", from_date="2026-01-01", to_date="2026-12-31")["transactions"]
    assert [line["debit_value"] for line in lines] == ["-120.0", "20.0", "100.0"]
    (line,) = desk.get("accounting/transactions", nominal_code=travel)["transactions"]
    assert line["debit_value"] == "100.0"
    assert desk.refused("GET", "accounting/transactions?nominal_code=888", status=400) == "Invalid nominal code"


def test_notes_belong_to_contacts_and_projects(desk: Desk) -> None:
    answer = desk.send("POST", "notes", {"note": {"note": "Pays late"}}, contact=desk.contact("acme"))
    assert answer.status == 201
    (note,) = desk.get("notes", contact=desk.contact("acme"))["notes"]
    assert (note["note"], note["author"], note["parent_url"]) == ("Pays late", "Robin Marsh", desk.contact("acme"))
    assert desk.change(note["url"], "note", note="Pays now")["note"] == "Pays now"
    desk.drop(note["url"])
    assert desk.get("notes", contact=desk.contact("acme"))["notes"] == []


def test_a_project_is_named_on_spending(desk: Desk) -> None:
    project = f"{BASE}/v2/projects/{desk.labels['tracking']['site']}"
    made = desk.explain("bank", "-6.00", project=project, rebill_type="markup", rebill_factor="0.25")
    assert (made["project"], made["rebill_type"], made["rebill_factor"]) == (project, "markup", "0.25")
    claimed = expense(desk, project=project, rebill_type="cost")
    assert (claimed["project"], claimed["rebill_to_project"]) == (project, project)
    assert "has items" in desk.refused("DELETE", project)


def test_bank_accounts_are_opened_changed_and_deleted(desk: Desk) -> None:
    made = desk.make("bank_accounts", "bank_account", name="Savings", opening_balance="250.75")
    assert (made["type"], made["current_balance"], made["currency"]) == ("StandardBankAccount", "250.75", "GBP")
    assert desk.books()["999"] == "-250.75"
    assert desk.change(made["url"], "bank_account", name="Rainy day")["opening_balance"] == "250.75"
    for members, lacking in (
        ({"opening_balance": "0"}, "name"),
        ({"name": "x"}, "opening_balance"),
        ({"name": "x", "opening_balance": "0", "type": "PaypalAccount"}, "email"),
        ({"name": "x", "opening_balance": "0", "type": "CreditCardAccount"}, "account_number"),
    ):
        assert desk.refused("POST", "bank_accounts", {"bank_account": members}) == f"{lacking} can't be blank"
    desk.drop(made["url"])
    assert desk.books() == {}
    desk.explain("bank", "-6.00")
    assert "has transactions" in desk.refused("DELETE", desk.account("bank"))
    assert "currency can't be changed" in desk.refused(
        "PUT", desk.account("bank"), {"bank_account": {"currency": "USD"}}
    )


def test_an_opening_balance_stands_in_the_accounting_report(desk: Desk) -> None:
    desk.make("bank_accounts", "bank_account", name="Savings", opening_balance="250.75")
    rows = desk.get("accounting/trial_balance/summary/opening_balances")["trial_balance_summary"]
    assert {row["total"] for row in rows} == {"250.75", "-250.75"}


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "estimates", None),
        ("POST", "estimates", {}),
        ("GET", "vat_returns/4", None),
        ("GET", "accounting/cashflow", None),
        ("GET", "company/cis", None),
    ],
)
def test_what_is_missing_says_so_loudly(desk: Desk, method: str, path: str, body: object) -> None:
    with pytest.raises(NotSimulated):
        desk.send(method, path, body)


def test_what_cannot_be_read_or_found_has_a_native_answer(desk: Desk) -> None:
    assert desk.refused("POST", "bills", b"{", status=400) == "The request body could not be parsed"
    assert desk.refused("POST", "bills", b"[]", status=400) == "The request body must be an object"
    assert desk.refused("POST", "bills", {"bills": {}}, status=400) == "param is missing or the value is empty: bill"
    assert desk.refused("GET", "nowhere", status=404) == "Resource not found"
    assert desk.refused("PATCH", "bills", status=405) == "Method not allowed"
    assert desk.refused("GET", "bank_transactions", status=400).endswith("bank_account")
    assert desk.send("GET", "bills", headers={"Accept": "image/png"}).status == 406


def test_a_statement_comes_as_a_file_too(desk: Desk) -> None:
    rows = '2026-03-01,-12.50,Cafe\r\n2026-03-01,"40.00",Refund, part\r\n'
    body = (
        '--b\r\nContent-Disposition: form-data; name="statement"; filename="s.csv"\r\n'
        f"Content-Type: text/csv\r\n\r\n{rows}\r\n--b--\r\n"
    ).encode()
    kind = {"Content-Type": "multipart/form-data; boundary=b"}
    bank = desk.account("bank")
    assert desk.send("POST", "bank_transactions/statement", body, headers=kind, bank_account=bank).status == 200
    found = desk.get("bank_transactions", bank_account=bank, last_uploaded="true")["bank_transactions"]
    assert [line["amount"] for line in found] == ["-12.5", "40.0"]
    empty = {"statement": []}
    assert desk.send("POST", "bank_transactions/statement", empty, bank_account=bank).status == 406
    assert desk.send("POST", "bank_transactions/statement", {"statement": 4}, bank_account=bank).status == 400
    missing = f"{BASE}/v2/bank_accounts/4"
    assert desk.send("POST", "bank_transactions/statement", {"statement": [{}]}, bank_account=missing).status == 404
    assert desk.refused("POST", f"bank_transactions/statement?bank_account={bank}", {"statement": [{}]})


@pytest.mark.parametrize("row", ["x" * 140_000 + ",1", "2026-03-01,1\r\n--b\r\nContent-Dispos"])
def test_a_statement_file_that_cannot_be_read_is_refused(desk: Desk, row: str) -> None:
    head = '--b\r\nContent-Disposition: form-data; name="statement"; filename="s.csv"\r\n\r\n'
    kind = {"Content-Type": "multipart/form-data; boundary=b"}
    bank = desk.account("bank")
    path = f"bank_transactions/statement?bank_account={bank}"
    for body in (f"{head}{row}\r\n--b--\r\n", f"{head}{row}"):
        assert 400 <= desk.send("POST", path, body.encode(), headers=kind).status < 500
    assert desk.get("bank_transactions", bank_account=bank)["bank_transactions"] == []


@pytest.mark.parametrize(
    ("type", "group", "code", "right", "wrong"),
    [
        ("UkLimitedCompany", "admin_expenses", "211", "travel_and_subsistence", "other_business_expenses"),
        ("UkSoleTrader", "admin_expenses", "211", "other_business_expenses", "sundry_expenses"),
        ("UkPartnership", "cost_of_sales", "160", "cost_of_sales", "purchases"),
        ("UniversalCompany", "cost_of_sales", "160", "cost_of_labor", "commissions_payable"),
        ("UkLimitedCompany", "current_assets", "672", "money_in_transit", "creditors"),
        ("UkLimitedCompany", "liabilities", "732", "provisions_for_liabilities", "debtors"),
        (
            "UkLimitedCompany",
            "cost_of_sales",
            "160",
            "purchases",
            "construction_industry_scheme_subcontractor_costs",
        ),
    ],
)
def test_a_category_is_reported_under_a_name_of_the_companys_type(
    type: str, group: str, code: str, right: str, wrong: str
) -> None:
    desk = open_desk(App(), CompanyPlan(settings={"type": type}))
    given = {"description": "Own", "nominal_code": code, "category_group": group}
    body = {"category": {**given, "tax_reporting_name": wrong}}
    assert desk.refused("POST", "categories", body) == "tax_reporting_name is not included in the list"
    assert desk.send("POST", "categories", {"category": {**given, "tax_reporting_name": right}}).status == 201
    body = {"category": {"tax_reporting_name": wrong}}
    assert desk.refused("PUT", f"categories/{code}", body) == "tax_reporting_name is not included in the list"
    ((_, stands),) = desk.get(f"categories/{code}").items()
    echoed = desk.send("PUT", f"categories/{code}", {"category": {**stands, "description": "Renamed"}})
    ((_, changed),) = exact_json.loads(echoed.body).items()
    assert (echoed.status, changed["description"]) == (200, "Renamed")
    assert changed["tax_reporting_name"] == right.replace("_", " ").capitalize()
