"""What holds for every document: any bad input is refused natively, and the books follow from the stored versions."""

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.platforms.freeagent import contract
from tests.platforms.freeagent.desk import BASE, PLAN, Desk, open_desk

from sandbooks import exact_json
from sandbooks.app import App
from sandbooks.framing import write_response
from sandbooks.kit.errors import NotPermitted, NotSimulated
from sandbooks.ledger import Book, MemoryRows, Refusal
from sandbooks.platform import CompanyPlan
from sandbooks.platforms.freeagent import errors, refusals
from sandbooks.platforms.freeagent.api import LACKING, OPERATIONS
from sandbooks.platforms.freeagent.posting import entry_of
from sandbooks.platforms.freeagent.records import stock
from sandbooks.settings import read_contract
from sandbooks.wire import Request, Response

ODD: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.text(max_size=20),
    st.sampled_from(
        [
            "",
            " ",
            "NaN",
            "1e400",
            "-0.00",
            "0.001",
            "9" * 40,
            "2026-02-30",
            "0001-01-01",
            "9999-12-31",
            "\u0000",
            "٣",
            "x" * 5000,
        ]
    ),
    st.sampled_from([f"{BASE}/v2/categories/601", f"{BASE}/v2/bills/1", "/v2/", "v2/users/me", "http://[", "%2F"]),
    st.lists(
        st.one_of(st.none(), st.integers(), st.dictionaries(st.text(max_size=4), st.none(), max_size=2)), max_size=3
    ),
    st.dictionaries(st.text(max_size=6), st.one_of(st.none(), st.integers(), st.text(max_size=5)), max_size=3),
)


def apple(desk: Desk) -> str:
    """A stock item; its URL."""
    given = {"description": "Apple", "cost_of_sale_category": "/v2/categories/101"}
    with desk.world.unit():
        return f"{BASE}{stock.write(desk.company, given).body['url']}"


def documents(desk: Desk) -> dict[str, tuple[str, dict[str, Any]]]:
    """One right document for every write, by resource: its root and its members."""
    spend = {
        "bank_account": desk.account("bank"),
        "dated_on": "2026-03-02",
        "gross_value": "-36.00",
        "category": desk.category("travel"),
        "description": "Train",
        "sales_tax_rate": "20.0",
        "ec_status": "UK/Non-EC",
        "attachment": {"data": "AAAA", "file_name": "a.png", "content_type": "image/png"},
        "marked_for_review": False,
    }
    bill = {
        "contact": desk.contact("acme"),
        "reference": "R",
        "dated_on": "2026-03-02",
        "due_on": "2026-03-09",
        "currency": "USD",
        "exchange_rate": "0.8",
        "bill_items": [desk.item("12.00"), desk.item("7.00", manual_sales_tax_amount="1.00", unit="Days")],
    }
    expense = {
        "user": desk.me(),
        "category": desk.category("travel"),
        "dated_on": "2026-03-02",
        "description": "Taxi",
        "gross_value": "-36.00",
        "currency": "EUR",
        "native_gross_value": "-30",
        "manual_sales_tax_amount": "2",
    }
    entries = [{"category": desk.category(n), "debit_value": v} for n, v in (("sales", "-4"), ("office", "4.00"))]
    transfer = {"transfer_bank_account": desk.account("dollars"), "foreign_currency_value": "4.00"}
    asset = {
        "category": f"{BASE}/v2/categories/602-1",
        "total_value": "90.00",
        "description": "Server",
        "capital_asset": {
            "depreciation_profile": {"method": "straight_line", "asset_life_years": 3, "frequency": "monthly"}
        },
    }
    stocked = {
        "category": f"{BASE}/v2/categories/609",
        "total_value": "12.00",
        "stock_item": apple(desk),
        "stock_altering_quantity": "6",
    }
    sold = {
        "contact": desk.contact("acme"),
        "dated_on": "2026-03-02",
        "payment_terms_in_days": 14,
        "currency": "GBP",
        "discount_percent": "2.5",
        "ec_status": "UK/Non-EC",
    }
    thing = {"description": "Oak", "price": "4.00", "quantity": "2", "item_type": "Hours", "sales_tax_rate": "20.0"}
    named = {"tax_reporting_name": "sundry_expenses"}
    return {
        "bank_transaction_explanations": ("bank_transaction_explanation", spend),
        "bank_transaction_explanations?transfer": (
            "bank_transaction_explanation",
            {**{n: spend[n] for n in ("bank_account", "dated_on", "gross_value")}, **transfer},
        ),
        "bills": ("bill", bill),
        "expenses": ("expense", expense),
        "journal_sets": ("journal_set", {"dated_on": "2026-03-02", "description": "J", "journal_entries": entries}),
        "invoices": ("invoice", {**sold, "invoice_items": [thing]}),
        "credit_notes": ("credit_note", {**sold, "credit_note_items": [{**thing, "price": "-4.00"}]}),
        "contacts": ("contact", {"organisation_name": "A", "default_payment_terms_in_days": 30, "status": "Active"}),
        "projects": (
            "project",
            {"contact": desk.contact("acme"), "name": "P", "budget": "5", "starts_on": "2026-01-01", "currency": "GBP"},
        ),
        "bank_accounts": (
            "bank_account",
            {
                "name": "B",
                "type": "CreditCardAccount",
                "account_number": "1",
                "opening_balance": "1",
                "currency": "EUR",
            },
        ),
        "users": (
            "user",
            {"email": "a@example.com", "first_name": "A", "last_name": "B", "role": "Owner", "opening_mileage": "1"},
        ),
        "bills?capital": ("bill", {**bill, "currency": "GBP", "bill_items": [asset, stocked]}),
        "expenses?capital": (
            "expense",
            {**{n: expense[n] for n in ("user", "dated_on", "gross_value")}, **asset, "total_value": None},
        ),
        "bank_transaction_explanations?sale": (
            "bank_transaction_explanation",
            {
                **{n: spend[n] for n in ("bank_account", "dated_on", "description")},
                **{n: stocked[n] for n in ("stock_item", "stock_altering_quantity")},
                "gross_value": "36.00",
            },
        ),
        "bills?hired": ("bill", {**bill, "is_paid_by_hire_purchase": True, "due_on": "2028-03-02"}),
        "capital_asset_types": ("capital_asset_type", {"name": "Boats"}),
        "expenses?mileage": (
            "expense",
            {
                **{n: expense[n] for n in ("user", "dated_on", "description")},
                "category": "Mileage",
                "mileage": "40",
                "vehicle_type": "Car",
                "reclaim_mileage": 1,
                "engine_type": "Diesel",
                "engine_size": "Over 2000cc",
                "rebill_mileage_rate": "0.5",
            },
        ),
        "categories": (
            "category",
            {"description": "C", "nominal_code": "211", "category_group": "admin_expenses", **named},
        ),
    }


RESOURCES = list(documents(open_desk(App())))


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a document that a mutation may strike."""
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in members:
        yield (*path, key)
        yield from places(inner, (*path, key))


def mutated(document: dict[str, Any], path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    changed = copy.deepcopy(document)
    place: Any = changed
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return changed


def entries(desk: Desk) -> int:
    return len(list(desk.company.book.lines()))


@pytest.mark.parametrize("resource", RESOURCES)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(data=st.data())
def test_a_mutated_document_is_taken_or_refused_natively_and_a_refusal_posts_nothing(
    resource: str, data: st.DataObject
) -> None:
    desk = open_desk(App())
    root, document = documents(desk)[resource]
    path = resource.partition("?")[0]
    made = desk.send("POST", path, {root: document})
    assert made.status == 201, made.body
    shown: Any = exact_json.loads(made.body)
    target = data.draw(st.sampled_from(["POST", "PUT"]))
    broken = mutated(document, data.draw(st.sampled_from(list(places(document)))), data.draw(ODD))
    url = path if target == "POST" else made.header("Location")
    before = desk.posted()
    try:
        answer = desk.send(target, url, {root: broken})
    except NotSimulated:
        assert desk.posted() == before
        return
    assert answer.status in (200, 201, 400, 422), answer.body
    if answer.status >= 400:
        assert exact_json.loads(answer.body)["errors"]
        assert desk.posted() == before
    assert shown
    assert rebuilt(desk) == balances(desk.company.book)


def balances(book: Book) -> dict[str, tuple[str, dict[str, str]]]:
    return {
        row.account.id: (str(row.balance.base), {c: str(m) for c, m in row.balance.by_currency.items()})
        for row in book.trial_balance()
    }


def rebuilt(desk: Desk) -> dict[str, tuple[str, dict[str, str]]]:
    """The balances of a fresh book that gets the entry of each record's last stored version."""
    records = desk.company.records
    book = Book(MemoryRows(), desk.company.currency)
    for account in desk.company.book.accounts():
        book.open_account(account if account.active else type(account)(account.id, account.name, account.kind))
    for kind in records.kinds():
        for record in records.scan(kind):
            last = records.versions(kind, record.id)[-1]
            entry = entry_of(kind, record.id, last.version, document=last.body, facts=last.facts)
            if entry is not None:
                book.post(entry)
    return balances(book)


def test_the_books_can_be_rebuilt_from_the_stored_versions(desk: Desk) -> None:
    bill = desk.bill(desk.item("100.00"), desk.item("20.00", manual_sales_tax_amount="2"), currency="USD")
    desk.explain("dollars", "-33.33", paid_bill=bill["url"])
    payment = desk.explain("bank", "-20.00", paid_bill=bill["url"], foreign_currency_value="-25.10")
    desk.change(payment["url"], "bank_transaction_explanation", gross_value="-21.00")
    desk.explain("bank", "-17.00", transfer_bank_account=desk.account("dollar_visa"))
    desk.drop(desk.explain("visa", "-4.00")["url"])
    desk.explain("visa", "-8.00", ec_status="Reverse Charge")
    desk.change(desk.explain("visa", "-8.40")["url"], "bank_transaction_explanation", category=desk.category("office"))
    given = {"contact": desk.contact("acme"), "dated_on": "2026-01-02", "payment_terms_in_days": 1, "currency": "USD"}
    item = {"description": "Oak", "price": "90.00", "quantity": "1", "sales_tax_rate": "20.0"}
    sold = desk.make("invoices", "invoice", **given, invoice_items=[item])
    desk.send("PUT", f"{sold['url']}/transitions/mark_as_sent")
    desk.explain("dollars", "33.33", paid_invoice=sold["url"], description="")
    desk.send("PUT", f"{sold['url']}/transitions/mark_as_cancelled")
    desk.make("bank_accounts", "bank_account", name="Euro", currency="EUR", opening_balance="10.00")
    for resource in ("bills?capital", "expenses?capital", "bank_transaction_explanations?sale", "bills?hired"):
        root, document = documents(desk)[resource]
        desk.make(resource.partition("?")[0], root, **document)
    bought = desk.get("capital_assets")["capital_assets"][0]["url"]
    desk.explain("dollars", "70.00", disposed_asset=bought, category="")
    assert rebuilt(desk) == balances(desk.company.book)


def classes(root: type[Refusal]) -> list[type[Refusal]]:
    return [inner for direct in root.__subclasses__() for inner in (direct, *classes(direct))]


def test_every_refusal_has_a_native_answer() -> None:
    own = [c for c in classes(Refusal) if c.__module__.startswith(("sandbooks.ledger", refusals.__name__))]
    assert {*own, NotPermitted} == set(errors.REFUSALS)


def test_every_operation_is_described_and_its_evidence_named() -> None:
    answered = {operation.name for operation in OPERATIONS if not operation.run.__name__.startswith("lacking")}
    evidence = read_contract("platforms", "freeagent", "evidence.yaml")["evidence"]
    assert answered == set(contract.operations())
    assert answered == {row["name"] for row in evidence if row["kind"] == "operation"}
    assert {row["status"] for row in evidence} <= {"client", "specification", "assumed"}
    assert all(row["source"] for row in evidence)
    assert len({row["name"] for row in evidence}) == len(evidence)


def test_every_resource_that_is_lacking_is_named_as_not_simulated(desk: Desk) -> None:
    told = " ".join(read_contract("platforms", "freeagent", "evidence.yaml")["not_simulated"])
    assert [name for name in LACKING if name not in told.replace(",", " ").split()] == []
    for name in LACKING:
        for method, path in (("GET", name), ("POST", name), ("PUT", f"{name}/1"), ("DELETE", f"{name}/1")):
            with pytest.raises(NotSimulated):
                desk.send(method, path)


def test_companies_do_not_see_each_other(desk: Desk) -> None:
    other = open_desk(desk.app, CompanyPlan(name="Birch Ltd", accounts=PLAN.accounts, suppliers=PLAN.suppliers))
    bill = desk.bill(desk.item("9.00"))
    made = desk.explain("bank", "-3.00")
    assert other.send("GET", bill["url"]).status == 404
    given = {"bank_account": other.account("bank"), "dated_on": "2026-03-02", "gross_value": "-3.00"}
    refused = other.refused(
        "POST", "bank_transaction_explanations", {"bank_transaction_explanation": {**given, "paid_bill": bill["url"]}}
    )
    assert refused == "Bill not found"
    assert other.send("DELETE", made["url"]).status == 404
    assert other.books() == {}


def test_a_company_in_the_united_states_has_its_own_chart_and_no_input_tax() -> None:
    desk = open_desk(App(), CompanyPlan(country="US", demo=True, accounts=PLAN.accounts, suppliers=PLAN.suppliers))
    company = desk.get("company")["company"]
    assert (company["type"], company["currency"], company["sales_tax_is_value_added"]) == (
        "UsLimitedLiabilityCompany",
        "USD",
        False,
    )
    assert len(desk.get("bank_accounts")["bank_accounts"]) == 7
    desk.bill(desk.item("12.00", sales_tax_rate="0"))
    desk.explain("visa", "-5.00")
    assert {k: v for k, v in desk.books().items() if k in ("office", "payables", "travel", "visa", "input_tax")} == {
        "office": "12.00",
        "payables": "-12.00",
        "travel": "5.00",
        "visa": "-5.00",
    }


def test_links_begin_with_the_base_that_the_client_addressed(desk: Desk) -> None:
    answer = desk.send("GET", "http://127.0.0.1:8019/w/default/freeagent/v2/bank_accounts")
    (first, *_) = exact_json.loads(answer.body)["bank_accounts"]
    assert first["url"].startswith("http://127.0.0.1:8019/w/default/freeagent/v2/bank_accounts/")
    page = desk.send("GET", "http://127.0.0.1:8019/freeagent/v2/bank_accounts?per_page=2")
    assert "<http://127.0.0.1:8019/freeagent/v2/bank_accounts?page=2&per_page=2>" in page.header("Link")


@pytest.mark.parametrize("name", ["%00", "%E2%82%AC"])
def test_what_is_not_simulated_is_named_in_a_header_that_holds_together(desk: Desk, name: str) -> None:
    headers = (("Authorization", f"Bearer {desk.credentials['access_token']}"),)
    answer = desk.app.edge.dispatch(Request("GET", f"{BASE}/v2/accounting/{name}", headers))
    assert isinstance(answer, Response)
    assert answer.status == 501
    assert b"X-Sandbooks-Not-Simulated: " in write_response(answer, "GET", keep_alive=True)
