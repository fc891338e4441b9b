"""Bad input of any kind: a native fault, nothing posted, never a crash."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.platforms.quickbooks_online.builders import Client, bill_payment, journal_line, line

from sandbooks import exact_json
from sandbooks.kit.errors import NotSimulated
from sandbooks.ledger import Refusal
from sandbooks.platforms.quickbooks_online import refusals
from sandbooks.platforms.quickbooks_online.faults import FAULTS
from sandbooks.wire import Request, Response


def documents(client: Client) -> dict[str, dict[str, Any]]:
    """A good document for each kind that can be written."""
    airline = {"value": client.labels["suppliers"]["airline"]}
    code = {"value": client.named("TaxCode", "20.0% S")}
    account = {name: {"value": client.account(name)} for name in ("bank", "card", "travel", "meals", "income")}
    lines = [line(account["travel"]["value"], "12.34", TaxCodeRef=code)]
    bill = client.make("Bill", {"VendorRef": airline, "Line": lines})
    agency = client.query("select * from TaxAgency")["TaxAgency"][0]["Id"]
    rate = {"TaxRateName": "New", "RateValue": "7", "TaxAgencyId": agency, "TaxApplicableOn": "Purchase"}
    return {
        "purchase": {
            "AccountRef": account["card"],
            "PaymentType": "CreditCard",
            "EntityRef": airline,
            "TxnDate": "2026-02-03",
            "DocNumber": "n-1",
            "PrivateNote": "note",
            "Line": lines,
        },
        "bill": {"VendorRef": airline, "Line": lines, "DueDate": "2026-04-01"},
        "vendorcredit": {"VendorRef": airline, "Line": lines},
        "billpayment": bill_payment(client, "airline", "3.00", bill, "3.00"),
        "journalentry": {
            "Line": [
                journal_line(account["bank"]["value"], "5.00", "Credit"),
                journal_line(account["meals"]["value"], "5.00", "Debit"),
            ]
        },
        "transfer": {"FromAccountRef": account["bank"], "ToAccountRef": account["card"], "Amount": Decimal("4.00")},
        "creditcardpayment": {
            "CreditCardAccountRef": account["card"],
            "BankAccountRef": account["bank"],
            "Amount": Decimal("4.00"),
        },
        "deposit": {
            "DepositToAccountRef": account["bank"],
            "Line": [
                {
                    "Amount": Decimal("6.00"),
                    "DetailType": "DepositLineDetail",
                    "DepositLineDetail": {"AccountRef": account["income"]},
                }
            ],
            "CashBack": {"AccountRef": account["meals"], "Amount": Decimal("1.00")},
        },
        "vendor": {"DisplayName": "V", "PrimaryEmailAddr": {"Address": "a@b.example"}, "BillAddr": {"Line1": "x"}},
        "customer": {"DisplayName": "C", "Job": False},
        "employee": {"GivenName": "E", "FamilyName": "F"},
        "account": {"Name": "A", "AccountType": "Expense"},
        "class": {"Name": "K"},
        "department": {"Name": "D"},
        "item": {"Name": "I", "Type": "Service", "ExpenseAccountRef": account["meals"]},
        "term": {"Name": "T", "DueDays": 5},
        "paymentmethod": {"Name": "P"},
        "companycurrency": {"Code": "CHF"},
        "taxagency": {"DisplayName": "G"},
        "attachable": {"Note": "n", "AttachableRef": [{"EntityRef": {"type": "Bill", "value": bill["Id"]}}]},
        "exchangerate": {"SourceCurrencyCode": "EUR", "Rate": Decimal("0.9"), "AsOfDate": "2026-01-02"},
        "taxservice/taxcode": {"TaxCode": "New code", "TaxRateDetails": [rate]},
        "batch": {"BatchItemRequest": [{"bId": "1", "operation": "create", "Vendor": {"DisplayName": "B"}}]},
        "preferences": {"Id": "1", "SyncToken": "0", "AccountingInfoPrefs": {"UseAccountNumbers": True}},
        "companyinfo": {"Id": "1", "SyncToken": "0", "CompanyName": "New"},
    }


def test_the_good_documents_are_accepted(gb: Client) -> None:
    for path, document in documents(gb).items():
        answer = gb.send("POST", path, document)
        assert answer.status == 200, (path, answer.body)
        assert b'"Fault"' not in answer.body, (path, answer.body)


JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from([10**40, -(10**25), 0, -1]),
    st.sampled_from(
        ["", " ", "None", "0", "-1", "9" * 400, "2026-02-30", "abc", "\u0000", "'; --", "é" * 5000, "1e999"]
    ),
    st.text(max_size=20),
    st.just([]),
    st.just({}),
    st.just([[]]),
    st.just({"value": "999999"}),
    st.just({"value": None}),
    st.just({"value": ["1"]}),
    st.just([{"value": "1"}]),
    st.decimals(allow_nan=False, allow_infinity=False, places=9, min_value=-(10**9), max_value=10**9),
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a document."""
    found = [path]
    if isinstance(value, dict):
        for name, each in value.items():
            found += places(each, (*path, name))
    elif isinstance(value, list):
        for index, each in enumerate(value):
            found += places(each, (*path, index))
    return found


def with_junk(value: Any, path: tuple[Any, ...], junk: Any, action: str) -> Any:
    """The document with junk at a place, without what stood there, or with a member beside it."""
    if not path:
        return junk if action == "replace" else value
    copy = dict(value) if isinstance(value, dict) else list(value)
    if len(path) == 1 and action == "drop":
        del copy[path[0]]
    elif len(path) == 1 and action == "add" and isinstance(copy, dict):
        copy["Unknown"] = junk
    else:
        copy[path[0]] = with_junk(copy[path[0]], path[1:], junk, action)
    return copy


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_document_is_accepted_or_refused_and_then_posts_nothing(gb: Client, data: st.DataObject) -> None:
    good = gb.__dict__.setdefault("good", None) or documents(gb)
    gb.__dict__["good"] = good
    path = data.draw(st.sampled_from(sorted(good)), label="path")
    place = data.draw(st.sampled_from(places(good[path])), label="place")
    action = data.draw(st.sampled_from(["replace", "replace", "drop", "add"]), label="action")
    document = with_junk(good[path], place, data.draw(JUNK, label="junk"), action)
    before, versions = gb.trial(), len(gb.company.records.changes())
    try:
        answer = gb.send("POST", path, document)
    except NotSimulated:
        assert gb.trial() == before
        return
    assert answer.status in (200, 400), answer.body
    told = exact_json.loads(answer.body)
    if answer.status == 400:
        (error, *_) = told["Fault"]["Error"]
        assert error["code"].isdigit()
        assert error["Message"]
        assert gb.trial() == before
        assert len(gb.company.records.changes()) == versions
    assert sum(gb.trial().values()) == 0


@pytest.mark.parametrize(
    ("raw", "content_type", "code"),
    [
        (b"{", "application/json", "2010"),
        (b"[]", "application/json", "2010"),
        (b'"text"', "application/json", "2010"),
        (b"", "application/json", "2010"),
        (b"[" * 5000, "application/json", "2010"),
        (b'{"DisplayName": "\xff\xfe"}', "application/json", "500"),
        (b'{"DisplayName": "n", "BillRate": 1e99999}', "application/json", "2240"),
        (b"<Vendor>", "application/xml", "2010"),
        (b'<!DOCTYPE x [<!ENTITY e "v">]><Vendor><DisplayName>&e;</DisplayName></Vendor>', "application/xml", "2010"),
        (b"<Bill/>", "application/xml", "2000"),
    ],
)
def test_a_body_that_cannot_be_read_gets_a_native_fault(gb: Client, raw: bytes, content_type: str, code: str) -> None:
    answer = gb.send("POST", "vendor", raw=raw, headers={"Content-Type": content_type})
    assert answer.status == 400
    assert exact_json.loads(answer.body)["Fault"]["Error"][0]["code"] == code


def test_a_gzip_body_is_taken_and_a_damaged_one_refused(gb: Client) -> None:
    import gzip

    packed = gzip.compress(json.dumps({"DisplayName": "Zipped"}).encode())
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    assert gb.send("POST", "vendor", raw=packed, headers=headers).status == 200
    assert gb.send("POST", "vendor", raw=packed[:-9], headers=headers).status == 400


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"AccountRef": None}, "2020"),
        ({"PaymentType": None}, "2020"),
        ({"Line": []}, "2020"),
        ({"Line": None}, "2020"),
        ({"Colour": "red"}, "2010"),
        ({"DocNumber": "x" * 22}, "2050"),
        ({"PrivateNote": "x" * 4001}, "2050"),
        ({"TxnDate": "2026-02-30"}, "2070"),
        ({"TxnDate": "03/02/2026"}, "2060"),
        ({"TxnDate": "0001-01-01"}, "2190"),
        ({"PaymentType": "Barter"}, "2170"),
        ({"Credit": "perhaps"}, "2230"),
        ({"AccountRef": {"value": "424242"}}, "2500"),
        ({"AccountRef": {"value": "None"}}, "2500"),
        ({"EntityRef": {"value": "424242"}}, "2500"),
        ({"DepartmentRef": {"value": "77"}}, "2500"),
        ({"CurrencyRef": {"value": "XYZ"}}, "2220"),
        ({"CurrencyRef": {"value": "EUR"}, "AccountRef": "usd"}, "6000"),
        ({"ExchangeRate": Decimal("2.5")}, "6000"),
        ({"PaymentType": "Check"}, "6430"),
        ({"PaymentType": "Cash", "AccountRef": "travel"}, "6430"),
        ({"Id": "abc", "SyncToken": "0"}, "2030"),
        ({"Id": "9999", "SyncToken": "0"}, "610"),
        ({"DocNumber": "a\u0001b"}, "2040"),
    ],
)
def test_each_mistake_has_its_code(gb: Client, change: dict[str, Any], code: str) -> None:
    accounts = {"usd": gb.account("usd_card"), "travel": gb.account("travel")}
    body = {
        "AccountRef": {"value": gb.account("card")},
        "PaymentType": "CreditCard",
        "GlobalTaxCalculation": "NotApplicable",
        "Line": [line(gb.account("travel"), "1.00")],
        **{n: {"value": accounts[v]} if n == "AccountRef" and isinstance(v, str) else v for n, v in change.items()},
    }
    status, told, _ = gb.fault("purchase", body)
    assert (status, told, gb.trial()) == (400, code, {})


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        ("1.123456", "2110"),
        ("abc", "2080"),
        ("1e20", "2140"),
        (True, "2080"),
        ([], "2080"),
        (10**40, "2240"),
        ("\u0661\u0662", "2080"),
    ],
)
def test_an_amount_that_is_none_is_refused(gb: Client, amount: Any, code: str) -> None:
    body = {
        "AccountRef": {"value": gb.account("card")},
        "PaymentType": "CreditCard",
        "GlobalTaxCalculation": "NotApplicable",
        "Line": [{**line(gb.account("travel"), "1.00"), "Amount": amount}],
    }
    assert gb.fault("purchase", body)[:2] == (400, code)


def test_ids_of_another_company_are_unknown_here(gb: Client, open_client: Any) -> None:
    other = open_client("US")
    vendor = other.make("Vendor", {"DisplayName": "Elsewhere"})
    far = other.make("Vendor", {"DisplayName": "Farther"})
    assert gb.fault(f"vendor/{far['Id']}", None, method="GET")[1] == "610"
    gb.realm = other.realm
    answer = gb.send("GET", f"vendor/{vendor['Id']}")
    fault = exact_json.loads(answer.body)["fault"]
    assert (answer.status, fault["type"], fault["error"][0]["code"]) == (403, "AUTHORIZATION", "3100")


def test_every_refusal_has_a_native_fault() -> None:
    def below(kind: type[Refusal]) -> set[type[Refusal]]:
        return {kind} | {each for child in kind.__subclasses__() for each in below(child)}

    ours = {each for each in below(Refusal) if each.__module__ == refusals.__name__}
    shared = {each for each in below(Refusal) if each.__module__.startswith(("sandbooks.ledger", "sandbooks.kit"))}
    assert (ours | shared) - {refusals.Several, Refusal} <= set(FAULTS)


@pytest.mark.parametrize(
    ("path", "member", "value"),
    [
        ("billpayment", "TxnTaxDetail", {"TotalTax": 1}),
        ("transfer", "TxnTaxDetail", {"TotalTax": 1}),
        ("journalentry", "DepartmentRef", {"value": "1"}),
        ("class", "CustomField", [{"DefinitionId": "1", "StringValue": "x"}]),
        ("item", "BuildPoint", 4),
        ("vendor", "TDSEnabled", True),
        ("customer", "TaxRegime", "x"),
    ],
)
def test_a_member_that_the_service_has_and_the_simulator_lacks_says_so(
    us: Client, path: str, member: str, value: Any
) -> None:
    with pytest.raises(NotSimulated):
        us.send("POST", path, {member: value})
    assert us.send("POST", path, {member: None}).status == 400
    assert us.trial() == {}


def test_a_damaged_form_or_upload_is_refused_in_the_dress_of_its_address(gb: Client) -> None:
    packed = {"Content-Encoding": "gzip", "Content-Type": "multipart/form-data; boundary=b"}
    before = len(gb.query("select * from Attachable").get("Attachable", []))
    answer = gb.send("POST", "upload", raw=b"not gzip", headers=packed)
    assert (answer.status, exact_json.loads(answer.body)["Fault"]["Error"][0]["code"]) == (400, "2010")
    assert len(gb.query("select * from Attachable").get("Attachable", [])) == before
    form = (("Content-Type", "application/x-www-form-urlencoded"), ("Content-Encoding", "gzip"))
    for url in (
        "https://oauth.platform.intuit.com/oauth2/v1/tokens/bearer",
        "https://developer.api.intuit.com/v2/oauth2/tokens/revoke",
    ):
        refused = gb.app.edge.dispatch(Request("POST", url, form, b"not gzip"), raises=True)
        assert isinstance(refused, Response)
        assert refused.status in (400, 401)
        assert "error" in exact_json.loads(refused.body)


@pytest.mark.parametrize("expires", ["%C2%B2", "%D9%A3", "x", "", "9" * 400])
def test_a_file_link_with_an_invented_expiry_has_expired(gb: Client, expires: str) -> None:
    url = f"https://quickbooks.api.intuit.com/v3/file/{gb.realm}/1?sign=x&expires={expires}"
    answer = gb.app.edge.dispatch(Request("GET", url), raises=True)
    assert isinstance(answer, Response)
    assert answer.status == 403


@pytest.mark.parametrize("amount", ["", None, 0])
def test_a_transfer_cannot_lose_its_amount(gb: Client, amount: Any) -> None:
    ends = {"FromAccountRef": {"value": gb.account("bank")}, "ToAccountRef": {"value": gb.account("card")}}
    made = gb.make("Transfer", {**ends, "Amount": Decimal("41.15")})
    status, _, _ = gb.fault("transfer", {**made, "Amount": amount})
    assert status == 400
    assert gb.get(f"transfer/{made['Id']}")["Transfer"]["Amount"] == Decimal("41.15")


@pytest.mark.parametrize(
    "statement", ["select * from Bill where Id = '\u00b2'", "select * from Bill startposition \u00b2"]
)
def test_a_query_with_digits_of_other_scripts_finds_nothing_or_is_refused(gb: Client, statement: str) -> None:
    assert gb.send("GET", "query", query=statement).status in (200, 400)
