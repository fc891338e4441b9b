"""The connector of NetSuite, fed with answers written by hand: signing in, and the lists that it reads and writes."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from msgspec.structs import replace
from tests.platforms.connectors.answers.documents import APPLICATION, NOW
from tests.platforms.connectors.answers.netsuite import COMPANY, CONSENT, RECORD, no, written
from tests.platforms.connectors.answers.played import Played, reply, sent

from sandbooks.connector import Consent, Contact, NeedsConsent, NewAccount, Refused, Request, Unavailable
from sandbooks.platforms.netsuite.connector import CONNECTOR
from sandbooks.wire import Response

# Lists


def rows(*found: dict[str, Any], more: bool = False) -> Response:
    return reply({"items": [{"links": [], **row} for row in found], "hasMore": more, "count": len(found)})


CURRENCIES = rows({"id": "1", "symbol": "GBP"}, {"id": "5", "symbol": "USD"})
SUBSIDIARIES = rows(
    {"id": "9", "name": "Harbour Street GmbH", "country": "DE", "currency": "5", "parent": "2"},
    {"id": "2", "name": "Harbour Street", "legalname": "Harbour Street Ltd", "country": "GB", "currency": "1"},
)
NO_TABLE = no("INVALID_PARAMETER", "Invalid search query. Record 'x' was not found.", **{"o:errorQueryParam": "q"})
TAXES = rows(
    {"id": "11", "itemid": "S-GB", "displayname": "Standard", "rate": "20.0%", "available": "BOTH", "isinactive": "F"},
    {"id": "12", "itemid": "Z-GB", "rate": "0", "available": "PURCHASE", "isinactive": "F"},
    {"id": "13", "itemid": "O-GB", "rate": "5", "available": "SALE", "isinactive": "T"},
    {"id": "14", "itemid": "UNDEF-GB", "rate": "0.0%", "isinactive": "F"},
)


def test_the_company_is_the_root_subsidiary_with_what_its_documents_need() -> None:
    found = Played(CONNECTOR.company(CONSENT), [CURRENCIES, SUBSIDIARIES, TAXES])
    company = found.result
    assert (company.id, company.name, company.legal_name) == ("7654321_SB1", "Harbour Street", "Harbour Street Ltd")
    assert (company.currency, company.country, company.multicurrency) == ("GBP", "GB", True)
    assert company.facts == {"subsidiary": "2", "currency.GBP": "1", "currency.USD": "5", "untaxed": "14"}
    assert dict(found.requests[0].headers)["Prefer"] == "transient"
    assert not any(request.mutates for request in found.requests)


def test_an_account_without_subsidiaries_has_its_base_currency_and_its_own_id_for_a_name() -> None:
    answers = [CURRENCIES, NO_TABLE, rows({"id": "5", "symbol": "USD"}), NO_TABLE]
    company = Played(CONNECTOR.company(CONSENT), answers).result
    assert (company.name, company.currency, "subsidiary" in company.facts) == ("7654321_SB1", "USD", False)


def test_a_refused_query_over_what_every_account_has_is_refused() -> None:
    with pytest.raises(Refused, match="INSUFFICIENT_PERMISSION"):
        Played(CONNECTOR.company(CONSENT), [CURRENCIES, no("INSUFFICIENT_PERMISSION", "Permission Violation.", 403)])
    with pytest.raises(Unavailable, match="base currency"):
        Played(CONNECTOR.company(CONSENT), [NO_TABLE, SUBSIDIARIES])


def test_accounts_tell_their_class_what_they_pay_and_where_they_may_stand() -> None:
    chart = rows(
        {"id": "41", "acctname": "Card", "accttype": "CredCard", "currency": "5", "isinactive": "F"},
        {"id": "42", "acctname": "Current", "accttype": "Bank", "currency": "1", "isinactive": "F"},
        {"id": "58", "acctname": "Travel", "acctnumber": "6100", "accttype": "Expense", "isinactive": "F"},
        {"id": "59", "acctname": "Old", "accttype": "Income", "isinactive": "T"},
        {"id": "70", "acctname": "Payables", "accttype": "AcctPay", "isinactive": "F"},
        {"id": "71", "acctname": "Headcount", "accttype": "Stat", "isinactive": "F"},
    )
    found = {a.id: a for a in Played(CONNECTOR.accounts(CONSENT), [CURRENCIES, SUBSIDIARIES, chart]).result}
    assert list(found) == ["41", "42", "58", "59", "70"]
    card, bank, travel = found["41"], found["42"], found["58"]
    assert (card.pays, card.account_class, card.currency, card.lines) == ("card", "Liability", "USD", ())
    assert (bank.pays, bank.account_class, bank.currency) == ("bank", "Asset", "GBP")
    assert (travel.nominal_code, travel.category, travel.currency) == ("6100", "Expense.Expense", "GBP")
    assert travel.lines == ("Payment", "Refund", "Reward", "Chargeback", "Reimbursable")
    assert (found["59"].active, found["70"].lines) == (False, ())


def test_lists_are_read_to_the_end_each_row_once() -> None:
    first = rows(*({"id": str(n), "companyname": f"V{n}", "isinactive": "F"} for n in range(1000)), more=True)
    second = rows({"id": "999", "companyname": "again"}, {"id": "1000", "companyname": "last"})
    one = Played(CONNECTOR.suppliers(CONSENT), [CURRENCIES, first, second])
    assert (len(one.result), one.result[-1].name) == (1001, "last")
    assert [dict(parse_qsl(urlsplit(r.path).query))["offset"] for r in one.requests] == ["0", "0", "1000"]


def test_contacts_tell_people_from_companies_and_who_is_inactive() -> None:
    found = rows(
        {"id": "17", "entityid": "CONTOSO", "companyname": "Contoso", "currency": "5", "email": "a@b.example"},
        {"id": "18", "entityid": "Ines Duarte", "isperson": "T", "firstname": "Ines", "lastname": "Duarte"},
        {"id": "19", "entityid": "OLD", "isinactive": "T", "phone": "01"},
    )
    company, person, old = Played(CONNECTOR.customers(CONSENT), [CURRENCIES, found]).result
    assert (company.kind, company.name, company.currency, company.email) == (
        "customer",
        "Contoso",
        "USD",
        "a@b.example",
    )
    assert (person.name, person.contact_name, person.currency) == ("Ines Duarte", "Ines Duarte", "")
    assert (old.name, old.active, old.phone) == ("OLD", False, "01")


def test_tax_codes_for_sales_alone_are_for_no_document() -> None:
    standard, zero, sale, free = Played(CONNECTOR.tax_rates(CONSENT), [SUBSIDIARIES, TAXES]).result
    assert (standard.id, standard.name, standard.code, standard.total) == ("11", "Standard", "S-GB", Decimal("20.0"))
    assert standard.kinds == ("Payment", "Refund", "Reward", "Chargeback", "Reimbursable")
    assert (zero.name, zero.effective, sale.kinds, sale.active, free.active) == ("Z-GB", Decimal(0), (), False, True)


def test_in_the_us_no_tax_code_is_for_a_document_and_without_codes_there_are_none() -> None:
    us = rows({"id": "2", "name": "Harbour Street Inc", "country": "US", "currency": "5"})
    assert {rate.kinds for rate in Played(CONNECTOR.tax_rates(CONSENT), [us, TAXES]).result} == {()}
    assert Played(CONNECTOR.tax_rates(CONSENT), [SUBSIDIARIES, NO_TABLE]).result == []


def test_tags_have_the_kind_in_their_id_and_know_their_parents() -> None:
    departments = rows({"id": "4", "name": "Sales"}, {"id": "5", "name": "Field", "parent": "4", "isinactive": "T"})
    classes = rows({"id": "4", "name": "Retail"})
    found = Played(CONNECTOR.tracking(CONSENT), [departments, classes, NO_TABLE]).result
    assert [(o.id, o.parent, o.has_children, o.active) for o in found] == [
        ("department-4", "", True, True),
        ("department-5", "department-4", False, False),
        ("class-4", "", False, True),
    ]


def test_a_vendor_is_made_under_the_key_and_read_again() -> None:
    wanted = Contact(
        kind="supplier",
        name="Marlow Print",
        email="post@marlow.example",
        currency="USD",
        tax_number="GB123",
        addresses=({"line1": "4 Wharf Road", "city": "Marlow", "country": "GB"},),
    )
    stands = reply(
        {
            "id": "21",
            "companyName": "Marlow Print",
            "isPerson": False,
            "isInactive": False,
            "currency": {"id": "5", "refName": "US Dollar"},
            "email": "post@marlow.example",
            "expense": {"links": []},
        }
    )
    one = Played(CONNECTOR.create_contact(wanted, CONSENT, COMPANY, key="k-1"), [written("vendor", "21"), stands])
    assert (one.result.id, one.result.name, one.result.currency, one.result.active) == (
        "21",
        "Marlow Print",
        "USD",
        True,
    )
    create = one.requests[0]
    assert (create.method, create.path) == ("PUT", f"{RECORD}/vendor/eid:k-1")
    body = sent(create)
    assert (body["externalId"], body["subsidiary"], body["currency"]) == ("k-1", {"id": "2"}, {"id": "5"})
    assert (body["entityId"], body["vatRegNumber"]) == ("Marlow Print", "GB123")
    assert "addressBook" not in body


def test_a_customer_is_changed_in_place() -> None:
    wanted = Contact(kind="customer", id="33", name="Old Mill", active=False, currency="USD")
    answers = [Response(204), reply({"id": "33", "companyName": "Old Mill", "isInactive": True})]
    one = Played(CONNECTOR.update_contact(wanted, CONSENT, COMPANY, key="k-2"), answers)
    assert (one.requests[0].method, one.requests[0].path) == ("PATCH", f"{RECORD}/customer/33")
    assert sent(one.requests[0]) == {"entityId": "Old Mill", "companyName": "Old Mill", "isInactive": True}
    assert one.result.active is False


@pytest.mark.parametrize(
    ("account", "native_type"),
    [
        (NewAccount(name="A", account_class="Liability", pays="card"), "CredCard"),
        (NewAccount(name="A", account_class="Asset", pays="bank"), "Bank"),
        (NewAccount(name="A", account_class="Expense", category="Expense.COGS"), "COGS"),
        (NewAccount(name="A", account_class="Income", category="nothing known"), "Income"),
        (NewAccount(name="A", account_class="Asset"), "OthCurrAsset"),
    ],
)
def test_an_account_is_made_of_the_type_that_was_meant(account: NewAccount, native_type: str) -> None:
    stands = reply({"id": "99", "acctName": "A", "acctType": {"id": native_type, "refName": native_type}})
    answers = [written("account", "99"), stands]
    one = Played(CONNECTOR.create_account(account, CONSENT, COMPANY, key="k-3"), answers)
    body = sent(one.requests[0])
    assert (body["acctType"], body["subsidiary"]) == ({"id": native_type}, {"items": [{"id": "2"}]})
    assert (one.result.id, one.result.currency) == ("99", "GBP")


def test_a_card_account_has_the_currency_that_was_asked_for() -> None:
    wanted = NewAccount(name="A", account_class="Liability", pays="card", currency="USD", nominal_code="2100")
    steps = CONNECTOR.create_account(wanted, CONSENT, COMPANY, key="k-3")
    body = sent(Played(steps, []).last)
    assert (body["currency"], body["acctNumber"]) == ({"id": "5"}, "2100")
    with pytest.raises(Refused, match="no currency CHF"):
        Played(CONNECTOR.create_account(replace(wanted, currency="CHF"), CONSENT, COMPANY, key="k"), [])


# Sign-in

TYPED = {
    "account": "7654321_SB1",
    "consumer_key": "key",
    "consumer_secret": "a+b",
    "token_id": "token",
    "token_secret": "c/d",
}


def test_keys_that_were_typed_in_become_a_consent_when_netsuite_takes_them() -> None:
    one = Played(CONNECTOR.exchange_code(APPLICATION, TYPED, now=NOW), [reply({"name": "account"})])
    assert (one.result.company, one.result.access_token) == ("7654321_SB1", "token")
    assert (one.result.access_expires, one.result.refresh_expires) == (None, None)
    assert one.last.consent == one.result
    assert not one.last.mutates


@pytest.mark.parametrize("name", TYPED)
def test_a_key_that_is_left_out_is_asked_for_by_name(name: str) -> None:
    label = next(field.label for field in CONNECTOR.asked if field.name == name)
    with pytest.raises(Refused, match=f"missing: {label}"):
        Played(CONNECTOR.exchange_code(APPLICATION, {**TYPED, name: ""}, now=NOW), [])


def test_keys_of_another_account_are_refused() -> None:
    with pytest.raises(Refused, match="not 1111"):
        Played(CONNECTOR.exchange_code(APPLICATION, TYPED, now=NOW, company="1111"), [])


@pytest.mark.parametrize(
    "answer", [no("INVALID_LOGIN", "Invalid login.", 401), no("INSUFFICIENT_PERMISSION", "No.", 403)]
)
def test_keys_that_netsuite_does_not_take_are_refused(answer: Response) -> None:
    with pytest.raises(Refused, match="login audit trail"):
        Played(CONNECTOR.exchange_code(APPLICATION, TYPED, now=NOW), [answer])


def test_nothing_renews_a_token_that_is_refused() -> None:
    with pytest.raises(NeedsConsent):
        Played(CONNECTOR.refresh(APPLICATION, CONSENT, now=NOW), [])


def test_the_signature_covers_the_address_with_its_query() -> None:
    facts = {"consumer_key": "key", "consumer_secret": "a+b", "token_secret": "c/d"}
    consent = Consent(company="7654321_SB1", access_token="token", facts=facts)
    request = Request("POST", "/services/rest/query/v1/suiteql?limit=5&offset=0", purpose="test")
    told = dict(CONNECTOR.signed(request, consent, now=NOW, nonce="n-1").headers)["Authorization"]
    given = {name: unquote(value) for name, value in re.findall(r'(\w+)="([^"]*)"', told)}
    assert given["realm"] == "7654321_SB1"
    proof = given["oauth_signature"]
    place = "https%3A%2F%2F7654321-sb1.suitetalk.api.netsuite.com%2Fservices%2Frest%2Fquery%2Fv1%2Fsuiteql"
    normal = (
        "limit%3D5%26oauth_consumer_key%3Dkey%26oauth_nonce%3Dn-1%26oauth_signature_method%3DHMAC-SHA256"
        f"%26oauth_timestamp%3D{int(NOW.timestamp())}%26oauth_token%3Dtoken%26oauth_version%3D1.0%26offset%3D0"
    )
    made = hmac.new(b"a%2Bb&c%2Fd", f"POST&{place}&{normal}".encode(), hashlib.sha256).digest()
    assert proof == base64.b64encode(made).decode()
