"""What holds for every document: any bad input is refused natively, and the books follow from the stored versions."""

import copy
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.platforms.zoho_books import contract
from tests.platforms.zoho_books.desk import PLAN, TODAY, Desk, open_desk

from sandbooks import exact_json
from sandbooks.app import App
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.surface import Operation
from sandbooks.ledger import Book, MemoryRows, Refusal
from sandbooks.platform import CompanyPlan
from sandbooks.platforms.zoho_books import errors, refusals
from sandbooks.platforms.zoho_books.api import OPERATIONS
from sandbooks.platforms.zoho_books.posting import entry_of
from sandbooks.settings import read_contract

TEXTS = [
    *("", " ", "NaN", "1e400", "-0.00", "0.001", "9" * 40, "2026-02-30", "0001-01-01", "9999-12-31", "\u0000", "٣"),
    *("x" * 6000, "true", "460000000026001", "20070010001", "Infinity", "-5"),
]
ODD: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.text(max_size=20),
    st.sampled_from(TEXTS),
    st.lists(
        st.one_of(st.none(), st.integers(), st.dictionaries(st.text(max_size=4), st.none(), max_size=2)), max_size=3
    ),
    st.dictionaries(st.text(max_size=6), st.one_of(st.none(), st.integers(), st.text(max_size=5)), max_size=3),
)


def documents(desk: Desk) -> dict[str, tuple[str, str, dict[str, Any]]]:
    """One right document for every write, by path: its root, the member that holds its id, and its members."""
    standard = desk.tax("Standard Rate")
    site = desk.company.records.find("tag", "name", "site")[0]
    tag = {"tag_id": site.id, "tag_option_id": site.body["tag_options"][0]["tag_option_id"]}
    line = desk.line("12.50", tax_id=standard, item_order=1, description="Boards", tags=[tag])
    expense = {
        "account_id": desk.account("travel"),
        "paid_through_account_id": desk.account("visa"),
        "date": TODAY,
        "amount": "36.00",
        "tax_id": standard,
        "is_inclusive_tax": True,
        "vendor_id": desk.vendor("acme"),
        "reference_number": "R",
        "description": "Train",
        "tags": [tag],
        "custom_fields": [{"api_name": "cf_external_id", "value": "x-1"}],
    }
    items = [
        {"account_id": desk.account(name), "amount": v, "tax_id": standard}
        for name, v in (("travel", 4), ("office", 5))
    ]
    itemised = {"paid_through_account_id": desk.account("bank"), "date": TODAY, "line_items": items, "taxes": []}
    bill = {
        "vendor_id": desk.vendor("usco"),
        "bill_number": "B-7",
        "date": TODAY,
        "due_date": "2026-03-09",
        "currency_id": desk.currency("USD"),
        "exchange_rate": "0.8",
        "is_item_level_tax_calc": True,
        "adjustment": "0.05",
        "line_items": [line, desk.line("7.00", quantity="2")],
        "taxes": [{"tax_id": standard, "tax_amount": "2.49"}],
    }
    credit = {"vendor_id": desk.vendor("acme"), "date": TODAY, "line_items": [line], "vendor_credit_number": "C-1"}
    payment = {
        "vendor_id": desk.vendor("usco"),
        "amount": "20.00",
        "date": TODAY,
        "exchange_rate": "0.81",
        "paid_through_account_id": desk.account("dollars"),
    }
    journal = {
        "journal_date": TODAY,
        "notes": "J",
        "line_items": [
            {"account_id": desk.account(n), "amount": "4.00", "debit_or_credit": s, "tags": [tag]}
            for n, s in (("sales", "credit"), ("office", "debit"))
        ],
    }
    transfer = {
        "transaction_type": "transfer_fund",
        "from_account_id": desk.account("dollars"),
        "to_account_id": desk.account("bank"),
        "amount": "9.00",
        "date": TODAY,
        "exchange_rate": "0.77",
        "bank_charges": "1.10",
    }
    refund = {
        "transaction_type": "expense_refund",
        "from_account_id": desk.account("travel"),
        "to_account_id": desk.account("visa"),
        "amount": "6.00",
        "date": TODAY,
        "tax_id": standard,
        "is_inclusive_tax": True,
    }
    person = {"first_name": "Ada", "email": "ada@example.com", "is_primary_contact": True}
    contact = {
        "contact_name": "New Vendor",
        "contact_type": "vendor",
        "payment_terms": 15,
        "currency_id": desk.currency("EUR"),
        "billing_address": {"city": "Leeds"},
        "contact_persons": [person],
    }
    banked = {"account_name": "Extra", "account_type": "credit_card", "currency_id": desk.currency("EUR")}
    charted = {"account_name": "Sundries", "account_code": "6999", "account_type": "expense", "description": "d"}
    item = {"name": "Plank", "rate": 4, "purchase_rate": 3, "purchase_account_id": desk.account("office")}
    tax = {"tax_name": "Odd Rate", "tax_percentage": "12.5", "tax_type": "tax", "is_value_added": True}
    opening = {
        "date": "2026-01-01",
        "accounts": [
            {"account_id": desk.account("dollars"), "debit_or_credit": "debit", "amount": "5", "exchange_rate": 1}
        ],
    }
    adjustment = {"currency_id": desk.currency("USD"), "adjustment_date": TODAY, "exchange_rate": "0.9", "notes": "n"}
    return {
        "expenses": ("expense", "expense_id", expense),
        "expenses#items": ("expense", "expense_id", itemised),
        "bills": ("bill", "bill_id", bill),
        "vendorcredits": ("vendor_credit", "vendor_credit_id", credit),
        "vendorpayments": ("vendorpayment", "payment_id", payment),
        "journals": ("journal", "journal_id", journal),
        "banktransactions": ("banktransaction", "transaction_id", transfer),
        "banktransactions#refund": ("banktransaction", "transaction_id", refund),
        "contacts": ("contact", "contact_id", contact),
        "bankaccounts": ("bankaccount", "account_id", banked),
        "chartofaccounts": ("chart_of_account", "account_id", charted),
        "items": ("item", "item_id", item),
        "projects": (
            "project",
            "project_id",
            {"project_name": "P", "customer_id": desk.labels["customers"]["client"], "rate": 3},
        ),
        "settings/taxes": ("tax", "tax_id", tax),
        "settings/openingbalances": ("opening_balance", "", opening),
        "basecurrencyadjustment": ("data", "", adjustment),
        "reportingtags": ("reporting_tag", "tag_id", {"tag_name": "T", "tag_options": [{"tag_option_name": "A"}]}),
        "locations": ("location", "location_id", {"location_name": "Yard", "address": {"city": "Hull"}}),
        "users": ("user", "user_id", {"name": "Kit", "email": "kit@example.com", "user_role": "staff"}),
        "settings/currencies": ("currency", "currency_id", {"currency_code": "SEK", "currency_symbol": "kr"}),
    }


PATHS = list(documents(open_desk(App())))


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


@pytest.mark.parametrize("name", PATHS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(data=st.data())
def test_a_mutated_document_is_taken_or_refused_natively_and_a_refusal_posts_nothing(
    name: str, data: st.DataObject
) -> None:
    desk = open_desk(App())
    root, id_name, document = documents(desk)[name]
    path = name.partition("#")[0]
    made = desk.make(path, root, **document)
    updates = data.draw(st.booleans()) and bool(id_name)
    broken = mutated(document, data.draw(st.sampled_from(list(places(document)))), data.draw(ODD))
    before = desk.posted()
    try:
        answer = desk.send("PUT" if updates else "POST", f"{path}/{made[id_name]}" if updates else path, broken)
    except NotSimulated:
        assert desk.posted() == before
        return
    assert answer.status in (200, 201, 400, 404), answer.body
    said = exact_json.loads(answer.body)
    assert (said["code"] == 0) == (answer.status < 400), said
    if answer.status >= 400:
        assert said["message"]
        assert desk.posted() == before
    assert rebuilt(desk) == balances(desk.company.book)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(
    body=st.one_of(st.binary(max_size=40), st.sampled_from([b"[]", b"null", b"{", b"{}", b"JSONString=", b"--x--"])),
    kind=st.sampled_from(
        ["application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""]
    ),
    path=st.sampled_from(["expenses", "bills", "contacts", "expenses/460000000000001/receipt", "bankstatements"]),
)
def test_a_body_of_any_bytes_gets_a_native_answer(body: bytes, kind: str, path: str) -> None:
    desk = open_desk(App())
    answer = desk.send("POST", path, body, headers={"Content-Type": kind})
    assert answer.status in (400, 404), answer.body
    assert exact_json.loads(answer.body)["code"] > 0


LISTS = [operation.rule.removeprefix("/books/v3/") for operation in OPERATIONS if operation.name.startswith("list_")]
PARAMETERS = [
    *("page", "per_page", "sort_column", "sort_order", "filter_by", "search_text", "last_modified_time", "date"),
    *("date_start", "total_less_than", "amount_greater_equals", "account_id", "from_date", "organization_id"),
]


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(
    path=st.sampled_from([path for path in LISTS if "<" not in path]),
    name=st.sampled_from(PARAMETERS),
    value=st.one_of(st.text(max_size=12), st.sampled_from(TEXTS)),
)
def test_a_parameter_of_any_text_gets_a_native_answer(path: str, name: str, value: str) -> None:
    desk = open_desk(App())
    answer = desk.send("GET", path, **{name: value[:200]})
    assert answer.status in (200, 400, 404), answer.body
    assert "code" in exact_json.loads(answer.body)


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
        book.open_account(type(account)(account.id, account.name, account.kind, account.currency))
    for kind in records.kinds():
        for record in records.scan(kind):
            last = records.versions(kind, record.id)[-1]
            entry = entry_of(kind, record.id, last.version, facts=last.facts)
            if entry is not None:
                book.post(entry)
    return balances(book)


def test_the_books_can_be_rebuilt_from_the_stored_versions(desk: Desk) -> None:
    bill = desk.bill(desk.line("100.00"), desk.line("20.00", tax_id=desk.tax("Reduced Rate")), vendor="usco")
    desk.pay("33.33", (bill, "33.33"), paid="dollars", vendor="usco", exchange_rate="0.80")
    advance = desk.pay("50.00", vendor="usco", exchange_rate="0.75")
    applied = {"bill_payments": [{"payment_id": advance["payment_id"], "amount_applied": "41.10"}]}
    desk.act(f"bills/{bill['bill_id']}/credits", applied)
    credit = desk.credit(desk.line("17.00"), vendor="usco", exchange_rate="0.79")
    bills = {"bills": [{"bill_id": bill["bill_id"], "amount_applied": "9.99"}]}
    desk.act(f"vendorcredits/{credit['vendor_credit_id']}/bills", bills)
    refund = {"date": TODAY, "amount": "2.50", "account_id": desk.account("dollars")}
    desk.make(f"vendorcredits/{credit['vendor_credit_id']}/refunds", "vendor_credit_refund", **refund)
    spent = desk.expense("8.40", paid="dollar_visa", currency_id=desk.currency("USD"))
    desk.change(f"expenses/{spent['expense_id']}", "expense", amount="9.10", account_id=desk.account("office"))
    desk.act(f"expenses/{desk.expense('4.00')['expense_id']}", method="DELETE")
    for row in desk.get(f"bills/{bill['bill_id']}")["bill"]["payments"]:
        desk.act(f"bills/{bill['bill_id']}/payments/{row['bill_payment_id']}", method="DELETE")
    assert rebuilt(desk) == balances(desk.company.book)
    desk.company.book.verify()


def classes(root: type[Refusal]) -> list[type[Refusal]]:
    return [inner for direct in root.__subclasses__() for inner in (direct, *classes(direct))]


def test_every_refusal_has_a_native_answer() -> None:
    modules = ("sandbooks.ledger", "sandbooks.kit", refusals.__name__)
    own = [found for found in classes(Refusal) if found.__module__.startswith(modules)]
    assert set(own) <= set(errors.REFUSALS)
    assert {found.__name__ for found in own} >= {"PeriodClosed", "Broken", "InvalidValue", "NotPermitted"}


def test_every_operation_is_described_and_its_evidence_named() -> None:
    answered = {operation.name for operation in OPERATIONS if not operation.run.__name__.startswith("lacking")}
    evidence = read_contract("platforms", "zoho_books", "evidence.yaml")["evidence"]
    assert answered == set(contract.operations())
    assert answered == {row["name"] for row in evidence if row["kind"] == "operation"}
    assert {row["status"] for row in evidence} <= {"client", "specification", "assumed"}
    assert all(row["source"] for row in evidence)
    assert len({row["name"] for row in evidence}) == len(evidence)


LACKING = [operation for operation in OPERATIONS if operation.run.__name__.startswith("lacking")]


@pytest.mark.parametrize("operation", LACKING[::7], ids=lambda operation: f"{operation.method} {operation.rule}")
def test_what_is_not_simulated_says_so_and_writes_nothing(operation: Operation) -> None:
    desk = open_desk(App())
    before = desk.posted()
    path = re.sub(r"<[^>]*>", "1", operation.rule).removeprefix("/books/v3/")
    with pytest.raises(NotSimulated):
        desk.send(operation.method, path, {})
    assert desk.posted() == before


def test_organisations_do_not_see_each_other(desk: Desk) -> None:
    other = open_desk(desk.app, CompanyPlan(name="Birch Ltd", accounts=PLAN.accounts, suppliers=PLAN.suppliers))
    bill = desk.bill(desk.line("9.00"))
    code, said = other.refused("GET", f"bills/{bill['bill_id']}", status=404)
    assert (code, said) == (1002, "Bill does not exist.")
    rows = [{"bill_id": bill["bill_id"], "amount_applied": 1}]
    payment = {"vendor_id": other.vendor("acme"), "amount": 1, "paid_through_account_id": other.account("bank")}
    assert other.refused("POST", "vendorpayments", {**payment, "bills": rows})[0] == 1002
    assert other.refused("DELETE", f"bills/{bill['bill_id']}", status=404)[0] == 1002
    code, said = other.refused("GET", "bills", organization_id=desk.company.id)
    assert (code, desk.company.id in said) == (6041, True)
    assert other.books() == {}
