"""What holds for every entity: bad input is refused natively, and the books follow from the stored versions."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.platforms.business_central import contract
from tests.platforms.business_central.desk import PLAN, ROOT, Desk, open_desk

from sandbooks import exact_json
from sandbooks.app import App
from sandbooks.kit.errors import NotPermitted, NotSimulated
from sandbooks.ledger import Account, Book, MemoryRows, Refusal
from sandbooks.platform import CompanyPlan
from sandbooks.platforms.business_central import errors, refusals
from sandbooks.platforms.business_central.api import OPERATIONS
from sandbooks.platforms.business_central.posting import entry_of
from sandbooks.settings import read_contract

ODD: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.decimals(allow_nan=False, allow_infinity=False, places=4),
    st.text(max_size=20),
    st.sampled_from(
        [
            "",
            " ",
            "NaN",
            Decimal("1E+40"),
            999_999_999_999_999,
            Decimal("-999999999999999.99"),
            Decimal("0.0000000001"),
            Decimal("-0.00"),
            Decimal("0.001"),
            "9" * 40,
            "2026-02-30",
            "0001-01-01",
            "9999-12-31",
            "\u0000",
            "٣",
            "x" * 5000,
            "00000000-0000-0000-0000-000000000000",
            "f8a5738a-44e3-ea11-bb43-000d3a2feca1",
            "G/L Account",
            "Vendor",
            "Fixed Asset",
            "_x0020_",
        ]
    ),
    st.lists(st.one_of(st.none(), st.integers(), st.dictionaries(st.text(max_size=4), st.none())), max_size=3),
    st.dictionaries(st.text(max_size=6), st.one_of(st.none(), st.integers(), st.text(max_size=5)), max_size=3),
)


def documents(desk: Desk) -> dict[str, dict[str, Any]]:
    """One right document for every set that can be written, by its path."""
    vendor = desk.labels["suppliers"]["shop"]
    line = desk.item(Decimal("12.34"), taxCode="STANDARD", discountPercent=10)
    dimension = desk.list("dimensions")[0]
    value = desk.list(f"dimensions({dimension['id']})/dimensionValues")[0]
    chosen = {"code": dimension["code"], "valueCode": value["code"]}
    batch = desk.batch()
    payments = desk.list("vendorPaymentJournals")[0]["id"]
    posted = desk.invoice(desk.item(9), vendorInvoiceNumber="FUZZ-0")
    desk.act(f"purchaseInvoices({posted['id']})")
    header = {"vendorId": vendor, "postingDate": "2026-03-02", "currencyCode": "USD", "pricesIncludeTax": True}
    sold = {("unitPrice" if name == "unitCost" else name): value for name, value in line.items()}
    sale = {"customerId": desk.labels["customers"]["provider"], "postingDate": "2026-03-02", "currencyCode": "USD"}
    owed = desk.make("salesInvoices", **sale, salesInvoiceLines=[sold])
    desk.act(f"salesInvoices({owed['id']})")
    receipts = desk.make("customerPaymentJournals", code="CASH", balancingAccountId=desk.account("dollars"))["id"]
    ordered = {("directUnitCost" if name == "unitCost" else name): value for name, value in line.items()}
    return {
        f"journals({batch})/journalLines": {
            "accountType": "G/L Account",
            "accountId": desk.account("travel"),
            "balanceAccountType": "Bank Account",
            "balancingAccountNumber": desk.number("visa"),
            "postingDate": "2026-03-02",
            "documentNumber": "D-1",
            "externalDocumentNumber": "r-1",
            "amount": Decimal("36.40"),
            "description": "Train",
            "taxCode": "STANDARD",
            "lineNumber": 70000,
            "dimensionSetLines": [chosen],
        },
        "journals": {"code": "B1", "displayName": "Batch", "balancingAccountId": desk.account("visa")},
        "purchaseInvoices": {
            **header,
            "vendorInvoiceNumber": "V-1",
            "invoiceDate": "2026-03-01",
            "dueDate": "2026-04-01",
            "discountAmount": 1,
            "purchaseInvoiceLines": [line],
        },
        "purchaseCreditMemos": {**header, "vendorCreditMemoNumber": "C-1", "purchaseCreditMemoLines": [line]},
        "purchaseOrders": {**header, "orderDate": "2026-03-01", "purchaseOrderLines": [ordered]},
        f"vendorPaymentJournals({payments})/vendorPayments": {
            "vendorId": vendor,
            "amount": 9,
            "postingDate": "2026-03-05",
            "appliesToInvoiceId": posted["id"],
        },
        "salesInvoices": {
            **sale,
            "externalDocumentNumber": "S-1",
            "customerPurchaseOrderReference": "PO-1",
            "invoiceDate": "2026-03-01",
            "dueDate": "2026-04-01",
            "discountAmount": 1,
            "salesInvoiceLines": [sold],
        },
        "salesCreditMemos": {**sale, "invoiceId": owed["id"], "salesCreditMemoLines": [sold]},
        "salesOrders": {**sale, "orderDate": "2026-03-01", "pricesIncludeTax": True, "salesOrderLines": [sold]},
        "salesQuotes": {**sale, "sentDate": "2026-03-02T10:00:00Z", "salesQuoteLines": [sold]},
        f"customerPaymentJournals({receipts})/customerPayments": {
            "customerId": sale["customerId"],
            "amount": -9,
            "postingDate": "2026-04-05",
            "appliesToInvoiceId": owed["id"],
        },
        "vendorPaymentJournals": {"code": "PAY2", "displayName": "More", "balancingAccountId": desk.account("current")},
        "vendors": {"displayName": "V", "currencyCode": "USD", "blocked": "Payment", "email": "a@b.example"},
        "customers": {"displayName": "C", "type": "Person", "creditLimit": 5},
        "employees": {"givenName": "E", "surname": "F", "birthDate": "1990-01-02", "status": "Inactive"},
        "items": {"displayName": "I", "type": "Service", "unitCost": Decimal("3.5"), "taxGroupCode": "STANDARD"},
        "bankAccounts": {"number": "NEW", "displayName": "New bank", "currencyCode": "USD"},
        "currencies": {"code": "ISK", "displayName": "Krona", "amountRoundingPrecision": 1},
        "paymentTerms": {"code": "T1", "dueDateCalculation": "1M+8D", "discountPercent": 2},
        "taxGroups": {"code": "NEW", "displayName": "New"},
        "locations": {"code": "L1", "displayName": "Shed", "country": "GB"},
        "attachments": {"parentId": posted["id"], "parentType": "Purchase Invoice", "fileName": "a.png"},
        "documentAttachments": {"parentId": vendor, "parentType": "Vendor", "fileName": "a.png"},
        f"vendors({vendor})/defaultDimensions": {
            "dimensionId": dimension["id"],
            "dimensionValueId": value["id"],
            "postingValidation": "Same Code",
        },
        "$batch": {
            "requests": [
                {"id": "1", "method": "POST", "url": "vendors", "headers": {}, "body": {}},
                {"id": "2", "dependsOn": ["1"], "method": "GET", "url": "$1/picture", "headers": {}},
            ]
        },
    }


NAMES = [path.partition("(")[0] + path.rpartition(")")[2] for path in documents(open_desk(App()))]


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


def after(desk: Desk, path: str, made: dict[str, Any]) -> None:
    """Post what can be posted: refused natively, or in the books."""
    name = path.rpartition("/")[2]
    actions = {
        "journalLines": (f"journals({desk.batch()})", "post"),
        "vendorPayments": (path.partition("/")[0].replace("vendorPaymentJournals", "journals"), "post"),
        "customerPayments": (path.partition("/")[0].replace("customerPaymentJournals", "journals"), "post"),
        "salesInvoices": (f"salesInvoices({made.get('id')})", "post"),
        "salesCreditMemos": (f"salesCreditMemos({made.get('id')})", "post"),
        "salesOrders": (f"salesOrders({made.get('id')})", "shipAndInvoice"),
        "salesQuotes": (f"salesQuotes({made.get('id')})", "makeInvoice"),
        "purchaseInvoices": (f"purchaseInvoices({made.get('id')})", "post"),
        "purchaseCreditMemos": (f"purchaseCreditMemos({made.get('id')})", "post"),
        "purchaseOrders": (f"purchaseOrders({made.get('id')})", "receiveAndInvoice"),
    }
    if name in actions:
        target, action = actions[name]
        before = desk.posted()
        answer = desk.send("POST", f"{target}/Microsoft.NAV.{action}")
        assert answer.status in (204, 400), answer.body
        if answer.status == 400:
            assert desk.posted() == before


@pytest.mark.parametrize("place", range(len(NAMES)), ids=NAMES)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(data=st.data())
def test_a_mutated_document_is_taken_or_refused_natively_and_a_refusal_posts_nothing(
    place: int, data: st.DataObject
) -> None:
    desk = open_desk(App())
    path, document = list(documents(desk).items())[place]
    made: dict[str, Any] = {}
    target = data.draw(st.sampled_from(["POST", "PATCH"])) if path != "$batch" else "POST"
    if target == "PATCH":
        answer = desk.send("POST", path, document)
        assert answer.status == 201, answer.body
        made = exact_json.loads(answer.body)
    broken = mutated(document, data.draw(st.sampled_from(list(places(document)))), data.draw(ODD))
    url = f"{ROOT}/$batch" if path == "$batch" else path if target == "POST" else f"{path}({made['id']})"
    before = desk.posted()
    try:
        answer = desk.send(target, url, broken, headers={"If-Match": "*"})
        if answer.status == 201:
            made = exact_json.loads(answer.body)
        assert answer.status in (200, 201, 400, 404), answer.body
        if answer.status >= 400:
            assert exact_json.loads(answer.body)["error"]["code"]
            assert desk.posted() == before
        elif path != "$batch":
            after(desk, path, made)
    except NotSimulated:
        return
    assert rebuilt(desk) == balances(desk.company.book)
    desk.company.book.verify()


WORDS = [
    "number",
    "displayName",
    "eq",
    "ne",
    "gt",
    "'V'",
    "null",
    "(",
    ")",
    ",",
    "and",
    "or",
    "not",
    "in",
    "blocked",
    "contains(",
    "tolower(",
    "0001-01-01",
    "1.5",
    "balance",
    "id",
    "any",
    "/",
    "'",
    "%",
    "lastModifiedDateTime",
    "2026-03-02T00:00:00Z",
    "00000000-0000-0000-0000-000000000000",
    "true",
    "desc",
    "$top=1",
    ";",
    "currency",
]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(data=st.data())
def test_odd_queries_are_answered_or_refused_natively(data: st.DataObject) -> None:
    desk = DESK
    parts = st.sampled_from(WORDS)
    name = data.draw(st.sampled_from(["filter", "orderby", "select", "expand", "top", "skip", "count", "skiptoken"]))
    text = " ".join(data.draw(st.lists(parts, max_size=8)))
    answer = desk.send("GET", "vendors", **{name: text})
    assert answer.status in (200, 400), answer.body


DESK = open_desk(App())


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("vendors(nope)", 400),
        ("vendors(f8a5738a-44e3-ea11-bb43-000d3a2feca1)", 404),
        ("nonsense", 404),
        ("vendors(f8a5738a-44e3-ea11-bb43-000d3a2feca1)/nonsense", 404),
        ("vendors/journalLines", 400),
        ("vendors/(", 404),
        ("journalLines", 400),
        ("dimensionSetLines", 400),
        ("attachments", 400),
        ("vendors?$apply=x", 501),
        ("vendors?$nope=1", 400),
        ("vendors?$top=-1", 400),
        ("vendors?$skiptoken=%25", 400),
        ("accounts(%00)", 400),
    ],
)
def test_odd_addresses_are_refused_natively(path: str, status: int) -> None:
    try:
        answer = DESK.send("GET", path)
    except NotSimulated:
        assert status == 501
        return
    assert answer.status == status, answer.body
    assert exact_json.loads(answer.body)["error"]["code"]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b"[" * 5000, b'{"amount": 1e999999}'])
def test_a_body_that_is_no_object_is_refused(desk: Desk, body: bytes) -> None:
    before = desk.posted()
    for path in ("vendors", "purchaseInvoices", f"journals({desk.batch()})/journalLines"):
        answer = desk.send("POST", path, body, headers={"Content-Type": "application/json"})
        assert answer.status == 400, answer.body
    assert desk.posted() == before


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
        book.open_account(Account(account.id, account.name, account.kind, account.currency))
    for kind in records.kinds():
        for record in records.scan(kind):
            last = records.versions(kind, record.id)[-1]
            entry = entry_of(kind, record.id, last.version, document=last.body, facts=last.facts)
            if entry is not None:
                book.post(entry)
    return balances(book)


def test_the_books_can_be_rebuilt_from_the_stored_versions(desk: Desk) -> None:
    invoice = desk.invoice(desk.item(100), desk.item(20, taxCode="HALF"), vendor="airline")
    desk.act(f"purchaseInvoices({invoice['id']})")
    journal = desk.list("vendorPaymentJournals")[0]["id"]
    desk.change(f"vendorPaymentJournals({journal})", balancingAccountId=desk.account("current"))
    desk.make(
        f"vendorPaymentJournals({journal})/vendorPayments",
        appliesToInvoiceId=invoice["id"],
        amount=50,
        postingDate="2026-04-05",
    )
    desk.act(f"journals({journal})")
    desk.spend(33, account="office", taxCode="REVERSE")
    desk.spend(-17, balancing="dollar_visa")
    memo = desk.make(
        "purchaseCreditMemos",
        vendorId=desk.labels["suppliers"]["shop"],
        vendorCreditMemoNumber="C-9",
        postingDate="2026-03-09",
        purchaseCreditMemoLines=[desk.item(7)],
    )
    desk.act(f"purchaseCreditMemos({memo['id']})")
    desk.act(f"purchaseCreditMemos({memo['id']})", "cancel")
    assert rebuilt(desk) == balances(desk.company.book)
    desk.company.book.verify()


def classes(root: type[Refusal]) -> list[type[Refusal]]:
    return [inner for direct in root.__subclasses__() for inner in (direct, *classes(direct))]


def test_every_refusal_has_a_native_answer() -> None:
    own = [c for c in classes(Refusal) if c.__module__.startswith(("sandbooks.ledger", refusals.__name__))]
    assert {*own, NotPermitted} == set(errors.TABLE)


def test_every_operation_is_described_and_its_evidence_named() -> None:
    answered = {operation.name for operation in OPERATIONS if operation.run.__name__ != "lacking"}
    evidence = read_contract("platforms", "business_central", "evidence.yaml")["evidence"]
    assert answered == set(contract.operations())
    assert answered == {row["name"] for row in evidence if row["kind"] == "operation"}
    assert {row["status"] for row in evidence} <= {"client", "specification", "assumed"}
    assert all(row["source"] for row in evidence)
    assert len({row["name"] for row in evidence}) == len(evidence)


def test_companies_do_not_see_each_other(desk: Desk) -> None:
    other = open_desk(desk.app, CompanyPlan(name="Birch Ltd", accounts=PLAN.accounts, suppliers=PLAN.suppliers))
    made = desk.spend(9)
    invoice = desk.invoice(desk.item(3))
    assert other.send("GET", f"purchaseInvoices({invoice['id']})").status == 404
    refused = other.send("GET", f"{desk.root}/purchaseInvoices({invoice['id']})")
    assert (refused.status, exact_json.loads(refused.body)["error"]["code"]) == (404, "Internal_CompanyNotFound")
    assert other.books() == {}
    assert made["id"]


def test_links_begin_with_the_base_that_the_client_addressed(desk: Desk) -> None:
    base = "http://127.0.0.1:8019/w/default/business_central/v2.0/production/api/v2.0"
    answer = desk.send(
        "GET", f"{base}/companies({desk.company.id})/accounts", headers={"Prefer": "odata.maxpagesize=2"}
    )
    body = exact_json.loads(answer.body)
    assert body["@odata.context"] == f"{base}/$metadata#companies({desk.company.id})/accounts"
    assert body["@odata.nextLink"].startswith(f"{base}/companies({desk.company.id})/accounts?$skiptoken=")


def test_every_setting_that_is_read_is_told_of() -> None:
    told = read_contract("platforms", "business_central", "switches.yaml")
    package = Path(errors.__file__).parent
    text = "".join(path.read_text(encoding="utf-8") for path in package.rglob("*.py"))
    own = {"posting", "currency_symbol", "opened_at", "number"}  # no choice of anybody's
    read = set(re.findall(r'settings(?:\.get\(|\[)"(\w+)"', text)) - own
    assert read <= set(told["company"])
    assert set(told["company"]) <= set(re.findall(r'"(\w+)"', text))
