"""What holds for every document: any bad input is refused natively, and the books follow from the stored versions."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.platforms.netsuite import contract
from tests.platforms.netsuite.desk import PLAN, RECORD, Desk, open_desk

from sandbooks import exact_json
from sandbooks.app import App
from sandbooks.kit.errors import NotPermitted, NotSimulated
from sandbooks.ledger import Account, Book, MemoryRows, Refusal
from sandbooks.platform import CompanyPlan
from sandbooks.platforms.netsuite import errors, refusals
from sandbooks.platforms.netsuite.api import OPERATIONS
from sandbooks.platforms.netsuite.bookkeeper import BOOKKEEPER
from sandbooks.platforms.netsuite.posting import entry_of
from sandbooks.platforms.netsuite.schema import TYPES
from sandbooks.settings import read_contract

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
            "2026-W01-1",
            "\u0000",
            "٣",
            "x" * 5000,
            "eid:",
            "eid:x",
            "T",
            "sNaN",
            "-1",
            "1",
            "2",
            "901",
            "-7",
            "UNDEF-GB",
            "1e-12",
            "999999999999.99",
        ]
    ),
    st.sampled_from(
        [
            {"id": "1"},
            {"id": 2},
            {"id": {}},
            {"externalId": "x"},
            {"refName": "x"},
            {"items": []},
            {"items": [{}]},
            {"items": None},
            {"items": [None, 1]},
            {"id": None},
            {"id": "1", "externalId": 5},
        ]
    ),
    st.lists(
        st.one_of(st.none(), st.integers(), st.dictionaries(st.text(max_size=4), st.none(), max_size=2)), max_size=3
    ),
    st.dictionaries(st.text(max_size=6), st.one_of(st.none(), st.integers(), st.text(max_size=5)), max_size=3),
)


def documents(desk: Desk) -> dict[str, dict[str, Any]]:
    """One right body for every record type that is written; the account has fields of its own."""
    with desk.world.unit():
        BOOKKEEPER.edit(desk.company, "customFields", "1", OWN_FIELDS)
    employee = desk.make("employee", firstName="Casey", lastName="Lind", subsidiary={"id": "1"}).rpartition("/")[2]
    category = desk.make("expenseCategory", name="Site", expenseAcct=desk.id("travel")).rpartition("/")[2]
    item = desk.make("servicePurchaseItem", itemId="Courier", expenseAccount=desk.id("office")).rpartition("/")[2]
    paid = desk.make("customerPayment", customer=desk.id("shop"), payment="8.00")
    waiting = {"items": [{"id": int(paid.rpartition("/")[2]), "deposit": True}]}
    bill = {"id": desk.bill(desk.line("500.00")).rpartition("/")[2]}
    owed = {"items": [desk.line("5.00")]}
    credit = {"id": desk.make("vendorCredit", entity=desk.id("acme"), expense=owed).rpartition("/")[2]}
    details = {"items": [{"taxDetailsReference": "a", "taxCode": desk.id("half"), "taxAmount": "1.00"}]}
    north = desk.id("department/North")
    lines = {
        "expense": {
            "items": [
                desk.line("12.00", taxCode=desk.id("half"), grossAmt="14.40", department=north, isBillable=False),
                desk.line("7.00", taxDetailsReference="a", memo="m", custcol_a="x", custcol_b=desk.id("acme")),
            ]
        },
        "item": {"items": [{"item": {"id": item}, "quantity": "2", "rate": "3.10"}]},
        "taxDetails": details,
    }
    foreign = {"currency": desk.currency("USD"), "exchangeRate": "0.8"}
    header = {"tranDate": "2026-03-02", "memo": "m", "subsidiary": {"id": "1"}}
    purchase = {**header, "entity": desk.id("acme"), **lines}
    other = {"items": [{"account": desk.id("travel"), "amount": "4.00", "entity": desk.id("acme")}]}
    report = {
        "category": {"id": category},
        "expenseDate": "2026-03-01",
        "foreignAmount": "3.00",
        "currency": desk.currency("EUR"),
    }
    journal = [
        {"account": desk.id("office"), "debit": "4.00", "department": north},
        {"account": desk.id("sales"), "credit": "4.00"},
    ]
    return {
        "vendorBill": {**purchase, **foreign, "dueDate": "2026-04-01", "approvalStatus": {"id": "2"}, "tranId": "INV"}
        | {"custbody_a": "x", "custbody_b": True, "custbody_c": {"id": "1"}, "custbody_d": "2026-03-02T10:00:00Z"}
        | {"custbody_e": {"items": [north]}, "custbody_f": "2026-03-02", "custbody_g": "1.5"},
        "vendorCredit": {**purchase, "apply": {"items": [{"doc": bill, "apply": True, "amount": "2.00"}]}},
        "vendorPayment": {
            **header,
            "entity": desk.id("acme"),
            "account": desk.id("bank"),
            "apply": {"items": [{"doc": bill, "apply": True, "amount": "3.00", "discount": "0.50"}]},
            "credit": {"items": [{"doc": credit, "apply": True, "amount": "1.00"}]},
        },
        "check": {**purchase, **foreign, "account": desk.id("dollars"), "postingPeriod": {"id": "107"}},
        "creditCardCharge": {**purchase, "account": desk.id("visa")},
        "creditCardRefund": {**purchase, **foreign, "account": desk.id("visa")},
        "deposit": {**header, "account": desk.id("bank"), "other": other, "payment": waiting},
        "customerPayment": {**header, **foreign, "customer": desk.id("shop"), "payment": "6.00", "undepFunds": True},
        "expenseReport": {
            **header,
            "entity": {"id": employee},
            "acctCorpCardExp": desk.id("visa"),
            "complete": True,
            "accountingApproval": True,
            "expense": {"items": [report, {**report, "corporateCreditCard": True}]},
        },
        "journalEntry": {**header, **foreign, "line": {"items": journal}, "reversalDate": "2026-04-01"},
        "advInterCompanyJournalEntry": {
            **header,
            **foreign,
            "line": {"items": [{**line, "lineSubsidiary": {"id": "1"}, "lineFxRate": "0.8"} for line in journal]},
        },
        "contact": {
            "firstName": "Ada",
            "lastName": "Finch",
            "company": desk.id("shop"),
            "email": "ada@example.com",
            "custentity_a": 3,
        },
        "contactRole": {"name": "Buyer", "description": "d"},
        "account": {
            "acctName": "A",
            "acctNumber": "7777",
            "acctType": "Bank",
            "currency": desk.currency("EUR"),
            "subsidiary": {"items": [{"id": "1"}]},
        },
        "vendor": {
            "companyName": "V",
            "subsidiary": {"id": "1"},
            "currency": desk.currency("USD"),
            "email": "a@example.com",
            "currencyList": {"items": [{"currency": desk.currency("EUR")}]},
            "isInactive": False,
        },
        "employee": {"firstName": "E", "lastName": "F", "subsidiary": {"id": "1"}},
        "customer": {"companyName": "C", "subsidiary": {"id": "1"}, "parent": desk.id("shop")},
        "department": {"name": "D", "parent": north, "subsidiary": {"items": [{"id": "1"}]}, "includeChildren": True},
        "salesTaxItem": {
            "itemId": "T",
            "rate": "5",
            "nonDeductibleRate": "50",
            "available": "PURCHASE",
            "reverseCharge": False,
        },
        "currency": {"name": "Zloty", "symbol": "PLN", "exchangeRate": "0.2"},
        "currencyRate": {
            "baseCurrency": desk.currency("GBP"),
            "transactionCurrency": desk.currency("EUR"),
            "exchangeRate": "0.9",
        },
        "expenseCategory": {"name": "X", "expenseAcct": desk.id("travel")},
        "servicePurchaseItem": {"itemId": "S", "expenseAccount": desk.id("travel"), "cost": "3"},
        "term": {"name": "Net 9", "daysUntilNetDue": 9},
        "subsidiary": {"name": "West", "country": "GB"},
    }


OWN_FIELDS: dict[str, dict[str, Any]] = {
    "custbody_a": {"type": "freeFormText"},
    "custbody_b": {"type": "checkBox"},
    "custbody_c": {"type": "listRecord", "values": {"1": "One", "2": "Two"}},
    "custbody_d": {"type": "dateTime"},
    "custbody_e": {"type": "multipleSelect", "selectRecordType": "department"},
    "custbody_f": {"type": "date"},
    "custbody_g": {"type": "currency"},
    "custcol_a": {"type": "freeFormText"},
    "custcol_b": {"type": "listRecord", "selectRecordType": "vendor"},
    "custentity_a": {"type": "integerNumber"},
}
KINDS = list(documents(open_desk(App())))


_READY: list[tuple[Desk, bytes, dict[str, dict[str, Any]]]] = []


def _prepared(kind: str) -> tuple[Desk, dict[str, Any]]:
    """A desk as it stood when its documents were ready, and the body of one kind."""
    if not _READY:
        desk = open_desk(App())
        bodies = documents(desk)
        _READY.append((desk, desk.world.image(), bodies))
    desk, image, bodies = _READY[0]
    desk.world.restore(image)
    desk.start_over()
    return desk, bodies[kind]


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


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(data=st.data())
def test_a_mutated_body_is_taken_or_refused_natively_and_a_refusal_posts_nothing(
    kind: str, data: st.DataObject
) -> None:
    desk, document = _prepared(kind)
    made = desk.send("POST", f"{RECORD}/{kind}", document)
    assert made.status == 204, made.body
    desk.read(made.header("Location").partition(f"{RECORD}/")[2])
    broken = document
    for _ in range(data.draw(st.integers(1, 2))):
        broken = mutated(broken, data.draw(st.sampled_from(list(places(broken)))), data.draw(ODD))
    target = data.draw(st.sampled_from(["POST", "PATCH", "PUT"]))
    url = {"POST": f"{RECORD}/{kind}", "PUT": f"{RECORD}/{kind}/eid:e1"}.get(target, made.header("Location"))
    before = desk.posted()
    try:
        answer = desk.send(target, url, broken)
    except NotSimulated:
        assert desk.posted() == before
        return
    assert answer.status in (204, 400), answer.body
    if answer.status == 400:
        assert desk.posted() == before
    else:
        desk.read(answer.header("Location").partition(f"{RECORD}/")[2])
    assert rebuilt(desk) == balances(desk.company.book)
    desk.company.book.verify()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(data=st.data())
def test_a_mutated_file_folder_or_role_is_taken_or_refused_natively(data: st.DataObject) -> None:
    desk, contact = _prepared("contact")
    root = "/services/rest/document/v1"
    file = {"name": "a.txt", "folder": {"id": "201"}, "content": "AA==", "isPrivate": True, "externalId": "f"}
    folder = {"name": "Scans", "parent": {"id": "201"}, "department": desk.id("department/North"), "description": "d"}
    shop = f"{RECORD}/customer/{desk.id('shop')['id']}"
    person = desk.make("contact", **contact).rpartition("/")[2]
    desk.send("POST", f"{root}/file", {**file, "name": "b.txt", "externalId": "g"})
    method, path, document = data.draw(
        st.sampled_from(
            [
                ("POST", f"{root}/file", file),
                ("PATCH", f"{root}/file/301", file),
                ("POST", f"{root}/folder", folder),
                ("PATCH", f"{root}/folder/202", folder),
                (
                    "POST",
                    f"{shop}/!attach/contact/{person}",
                    {"role": {"id": "-10"}},
                ),
            ]
        )
    )
    broken = mutated(document, data.draw(st.sampled_from(list(places(document)))), data.draw(ODD))
    before = desk.posted()
    answer = desk.send(method, path, broken)
    assert answer.status in (204, 400), answer.body
    if answer.status == 400:
        assert desk.posted() == before
    for kind in ("file/301", "folder/202"):
        desk.get(f"{root}/{kind}")


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"5", b"\xff\xfe", b'{"memo":NaN}', b"null"])
def test_a_body_that_is_no_json_object_is_refused(desk: Desk, body: bytes) -> None:
    for method, path in (("POST", "vendorBill"), ("PUT", "vendor/eid:x"), ("PATCH", f"vendor/{desk.id('acme')['id']}")):
        assert desk.refused(method, path, body)[0] == "INVALID_CONTENT"


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(
    method=st.sampled_from(["GET", "POST", "PATCH", "PUT", "DELETE"]),
    parts=st.lists(
        st.sampled_from(
            [*TYPES, "1", "901", "eid:x", "!transform", "!attach", "file", "expense", "line", "%2F", "%C3%A9", "..", ""]
        ),
        max_size=5,
    ),
    query=st.sampled_from(
        [
            "",
            "?expandSubResources=maybe",
            "?fields=,",
            "?replace=x",
            "?q=%00",
            "?limit=%D9%A3",
            "?replaceSelectedFields=1",
        ]
    ),
)
def test_any_path_is_answered_without_an_internal_error(method: str, parts: list[str], query: str) -> None:
    desk = _shared()
    try:
        answer = desk.send(method, f"{RECORD}/{'/'.join(parts)}{query}", {})
    except NotSimulated:
        return
    assert answer.status < 500, answer.body


_KEPT: list[Desk] = []


def _shared() -> Desk:
    if not _KEPT:
        _KEPT.append(open_desk(App()))
    return _KEPT[0]


def balances(book: Book) -> dict[str, tuple[str, dict[str, str]]]:
    return {
        row.account.id: (str(row.balance.base), {c: str(m) for c, m in row.balance.by_currency.items() if m})
        for row in book.trial_balance()
    }


def rebuilt(desk: Desk) -> dict[str, tuple[str, dict[str, str]]]:
    """The balances of a fresh book that gets the entry of each record's last stored version."""
    records = desk.company.records
    book = Book(MemoryRows(), desk.company.currency)
    for account in desk.company.book.accounts():
        book.open_account(Account(account.id, account.name, account.kind, account.currency))
    for kind in records.kinds():
        for record in records.scan(kind):
            last = records.versions(kind, record.id)[-1]
            entry = entry_of(kind, record.id, last.version, document=last.body, facts=last.facts)
            if entry is not None:
                book.post(entry)
    return balances(book)


def test_the_books_can_be_rebuilt_from_the_stored_versions(desk: Desk) -> None:
    for kind, body in documents(desk).items():
        made = desk.make(kind, **body)
        if TYPES[kind].is_transaction and kind != "journalEntry":
            desk.write("PATCH", made, {"memo": "again"})
    desk.send("DELETE", f"{RECORD}/{desk.spend('check', desk.line('3.00'), account='bank')}")
    assert rebuilt(desk) == balances(desk.company.book)
    assert desk.books()


def classes(root: type[Refusal]) -> list[type[Refusal]]:
    return [inner for direct in root.__subclasses__() for inner in (direct, *classes(direct))]


def test_every_refusal_has_a_native_answer() -> None:
    own = [c for c in classes(Refusal) if c.__module__.startswith(("sandbooks.ledger", refusals.__name__))]
    assert {*own, NotPermitted} == set(errors.REFUSALS)


def test_every_operation_is_described_and_its_evidence_named() -> None:
    answered = {operation.name for operation in OPERATIONS if operation.run.__qualname__ != "lacking.<locals>.answer"}
    evidence = read_contract("platforms", "netsuite", "evidence.yaml")["evidence"]
    assert answered == set(contract.operations())
    assert answered == {row["name"] for row in evidence if row["kind"] == "operation"}
    assert {row["status"] for row in evidence} <= {"client", "specification", "assumed"}
    assert all(row["source"] for row in evidence)
    assert len({row["name"] for row in evidence}) == len(evidence)


@pytest.mark.parametrize(("country", "neutral"), [("US", "-7"), ("GB", "UNDEF-GB"), ("CA", "114"), ("DE", "UNDEF-DE")])
def test_a_demo_account_has_the_lists_of_its_country(app: App, country: str, neutral: str) -> None:
    desk = open_desk(
        app, CompanyPlan(country=country, currency={"DE": "EUR"}.get(country, ""), demo=True, accounts=PLAN.accounts)
    )
    bases = [desk.get(f"subsidiary/{item['id']}")["currency"]["refName"] for item in desk.get("subsidiary")["items"]]
    assert (len(bases), len(set(bases)), bases[0]) == (3, 2, bases[1])
    line = {"account": desk.id("travel"), "amount": "8.00", "taxCode": {"id": neutral}}
    vendor = desk.get("vendor")["items"][0]["id"]
    desk.make("creditCardCharge", account=desk.id("visa"), entity={"id": vendor}, expense={"items": [line]})
    assert desk.books() == {"travel": "8.00", "visa": "-8.00"}


def test_sales_tax_on_purchases_is_cost_in_the_united_states(app: App) -> None:
    desk = open_desk(app, CompanyPlan(country="US", demo=True, accounts=PLAN.accounts))
    (code,) = desk.suiteql("SELECT id FROM salestaxitem WHERE itemid = 'CA-State'")
    line = {"account": desk.id("travel"), "amount": "100.00", "taxCode": code}
    desk.make("check", account=desk.id("bank"), expense={"items": [line]})
    assert desk.books() == {"travel": "107.25", "bank": "-107.25"}


def test_an_export_of_records_or_rows_becomes_the_chart(app: App) -> None:
    rows = [{"id": "5", "acctnumber": "6123", "fullname": "Tools", "accttype": "Expense"}]
    records = [
        {
            "id": "9",
            "acctNumber": "6124",
            "acctName": "Hire",
            "acctType": {"id": "Expense", "refName": "Expense"},
            "links": [],
        }
    ]
    for chart in ({"items": rows}, rows, {"account": records}, records):
        desk = open_desk(app, CompanyPlan(country="GB", chart=chart))
        numbers = {row["acctnumber"] for row in desk.suiteql("SELECT acctnumber FROM account")}
        assert numbers & {"6123", "6124"}
        assert "6900" not in numbers
    with pytest.raises(ValueError, match="none of the lists account"):
        open_desk(app, CompanyPlan(chart={}))


def test_each_account_has_ids_of_its_own(app: App, open_with: Callable[..., Desk]) -> None:
    first, second = open_desk(app), open_with()
    assert first.company.id != second.company.id
    assert exact_json.loads(second.send("GET", f"{RECORD}/vendor").body)["totalResults"] == 2
