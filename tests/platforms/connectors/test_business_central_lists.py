"""The connector of Business Central, fed with answers written by hand: signing in, and what it lists and makes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

import pytest
from msgspec.structs import replace
from tests.platforms.connectors.answers.business_central import (
    BANK,
    COMPANY,
    COMPANY_ID,
    CONSENT,
    EXISTS,
    FACTS,
    HERE,
    MISSING,
    NONE,
    NORTH,
    PAYMENT,
    REGION,
    TRAVEL,
    no,
    played,
)
from tests.platforms.connectors.answers.documents import APPLICATION, NOW
from tests.platforms.connectors.answers.played import Played, page, reply, sent

from sandbooks.connector import Contact, NeedsConsent, NewAccount, Refused, Unavailable, Unknown
from sandbooks.platforms.business_central.connector import CONNECTOR
from sandbooks.wire import Response

# Lists

INFO = reply({"value": [{"id": "i", "displayName": "Harbour Street Ltd", "country": "GB", "currencyCode": "GBP"}]})


def test_the_company_says_its_name_country_and_currency() -> None:
    found = Played(CONNECTOR.company(CONSENT), [reply({"id": COMPANY_ID, "name": "CRONUS"}), INFO])
    company = found.result
    assert (company.id, company.name, company.legal_name) == (COMPANY_ID, "CRONUS", "Harbour Street Ltd")
    assert (company.country, company.currency) == ("GB", "GBP")
    assert [request.path for request in found.requests] == [HERE, f"{HERE}/companyInformation"]


def test_the_ledgers_set_up_names_a_currency_that_the_company_does_not() -> None:
    info = reply({"displayName": "Harbour Street Ltd", "country": "GB", "currencyCode": ""})
    answers = [reply({"id": COMPANY_ID}), info, reply({"value": [{"id": "g", "localCurrencyCode": "GBP"}]})]
    assert Played(CONNECTOR.company(CONSENT), answers).result.currency == "GBP"
    with pytest.raises(Unavailable, match="local currency"):
        Played(CONNECTOR.company(CONSENT), [reply({}), info, reply({"value": [{"id": "g"}]})])
    with pytest.raises(Unavailable, match="companyInformation"):
        Played(CONNECTOR.company(CONSENT), [reply({}), NONE])


def test_accounts_are_those_that_can_be_posted_to_and_the_bank_accounts() -> None:
    chart = [
        {
            "id": TRAVEL,
            "number": "60100",
            "displayName": "Travel",
            "category": "Cost_x0020_of_x0020_Goods_x0020_Sold",
            "subCategory": "Other",
            "accountType": "Posting",
            "directPosting": True,
            "blocked": False,
            "lastModifiedDateTime": "2026-01-31T10:11:12.5Z",
        },
        {"id": "h", "displayName": "HEADING", "accountType": "Heading", "category": "Expense"},
        {"id": "p", "displayName": "Payables", "category": "Liabilities", "directPosting": False, "blocked": True},
    ]
    banks = [
        {"id": BANK, "number": "B010", "displayName": "Card", "currencyCode": "USD", "blocked": True},
        {"id": "b2", "displayName": "Current", "currencyCode": "", "lastModifiedDateTime": "0001-01-01T00:00:00Z"},
    ]
    answers = [INFO, reply({"value": chart}), reply({"value": banks})]
    travel, payables, card, current = Played(CONNECTOR.accounts(CONSENT), answers).result
    assert (travel.account_class, travel.category) == ("Expense", "Expense.Cost of Goods Sold.Other")
    assert (travel.nominal_code, travel.currency, travel.active) == ("60100", "GBP", True)
    assert travel.lines == ("Payment", "Refund", "Reward", "Chargeback", "Adjustment")
    assert travel.updated == datetime(2026, 1, 31, 10, 11, 12, 500000, tzinfo=UTC)
    assert (payables.lines, payables.active, payables.pays) == ((), False, "")
    assert (card.pays, card.currency, card.active, card.category) == ("bank", "USD", False, "Asset.Bank Account")
    assert (current.currency, current.lines, current.updated) == ("GBP", (), None)


def test_a_set_is_read_to_its_end_by_the_query_of_each_link() -> None:
    link = "https://elsewhere.example/prefix/api/v2.0/companies(x)/vendors?$skiptoken=abc%20d"
    first = reply(
        {"value": [{"id": "1", "displayName": "A"}, {"id": "2", "displayName": "B"}], "@odata.nextLink": link}
    )
    second = reply({"value": [{"id": "2", "displayName": "B"}, {"id": "3", "displayName": "C", "blocked": "All"}]})
    one = Played(CONNECTOR.suppliers(CONSENT), [first, second])
    assert [(contact.id, contact.active) for contact in one.result] == [("1", True), ("2", True), ("3", False)]
    assert one.last.path == f"{HERE}/vendors?$skiptoken=abc%20d"


def test_a_contact_has_its_currency_address_and_version() -> None:
    row = {
        "id": "1",
        "displayName": "Contoso",
        "currencyCode": "USD",
        "addressLine1": "4 Wharf Road",
        "state": "",
        "blocked": "_x0020_",
        "email": "a@b.example",
        "phoneNumber": "01",
        "taxRegistrationNumber": "GB1",
        "@odata.etag": 'W/"1"',
    }
    (found,) = Played(CONNECTOR.customers(CONSENT), [reply({"value": [row]})]).result
    assert (found.kind, found.currency, found.addresses) == ("customer", "USD", ({"line1": "4 Wharf Road"},))
    assert (found.active, found.version, found.tax_number) == (True, 'W/"1"', "GB1")


def test_tax_groups_have_a_code_and_no_percentage() -> None:
    groups = reply({"value": [{"id": "g1", "code": "VAT20", "displayName": "Standard"}, {"id": "g2", "code": ""}]})
    (rate,) = Played(CONNECTOR.tax_rates(CONSENT), [groups]).result
    assert (rate.id, rate.code, rate.name) == ("g1", "VAT20", "Standard")
    assert rate.kinds == ("Payment", "Refund", "Reward", "Chargeback")


def test_dimension_values_are_known_by_the_ids_of_both() -> None:
    dimensions = reply({"value": [{"id": REGION, "code": "REGION", "displayName": "Region"}, {"id": "e"}]})
    values = reply({"value": [{"id": NORTH, "code": "N", "displayName": "North", "dimensionId": REGION.upper()}]})
    found = Played(CONNECTOR.tracking(CONSENT), [dimensions, values]).result
    assert [(o.id, o.name, o.parent, o.has_children) for o in found] == [
        (REGION, "Region", "", True),
        (f"{REGION}_{NORTH}", "North", REGION, False),
        ("e", "", "", False),
    ]


WANTED = Contact(
    kind="supplier",
    name="Marlow Print",
    email="post@marlow.example",
    currency="USD",
    addresses=({"line1": "4 Wharf Road", "country": "GB"},),
)


def test_a_vendor_is_made_under_an_id_that_follows_from_the_key() -> None:
    made = reply({"id": "v-1", "displayName": "Marlow Print", "number": "V00010"}, 201)
    one = Played(CONNECTOR.create_contact(WANTED, CONSENT, COMPANY, key="k-1"), [made])
    body = sent(one.last)
    assert str(UUID(body.pop("id"))) == sent(one.last)["id"]
    assert body == {
        "displayName": "Marlow Print",
        "email": "post@marlow.example",
        "addressLine1": "4 Wharf Road",
        "country": "GB",
        "currencyCode": "USD",
    }
    assert (one.last.path, one.result.id, one.result.name) == (f"{HERE}/vendors", "v-1", "Marlow Print")
    again = Played(CONNECTOR.create_contact(WANTED, CONSENT, COMPANY, key="k-1"), [made])
    assert again.last == one.last


def test_a_vendor_that_an_earlier_attempt_made_is_found_by_that_id() -> None:
    stands = reply({"id": "v-1", "displayName": "Marlow Print"})
    one = Played(CONNECTOR.create_contact(WANTED, CONSENT, COMPANY, key="k-1"), [EXISTS, stands])
    assert one.last.path == f"{HERE}/vendors({sent(one.requests[0])['id']})"
    assert one.result.id == "v-1"
    with pytest.raises(Refused, match="already exists"):
        Played(CONNECTOR.create_contact(WANTED, CONSENT, COMPANY, key="k-1"), [EXISTS, MISSING])
    with pytest.raises(Unknown):
        Played(CONNECTOR.create_contact(WANTED, CONSENT, COMPANY, key="k-1"), [reply({}, 201)])


def test_a_contact_in_the_local_currency_names_none_and_an_inactive_one_is_blocked() -> None:
    wanted = replace(WANTED, currency="GBP", active=False, addresses=())
    body = sent(Played(CONNECTOR.create_contact(wanted, CONSENT, COMPANY, key="k-1"), []).last)
    assert ("currencyCode" in body, body["blocked"]) == (False, "All")


def test_a_customer_is_changed_whatever_its_version() -> None:
    wanted = Contact(kind="customer", id="c-1", name="Mill", active=True)
    one = Played(CONNECTOR.update_contact(wanted, CONSENT, COMPANY, key="k-2"), [reply({"displayName": "Mill"})])
    assert (one.last.method, one.last.path) == ("PATCH", f"{HERE}/customers(c-1)")
    assert dict(one.last.headers)["If-Match"] == "*"
    assert sent(one.last) == {"displayName": "Mill", "blocked": " "}
    assert (one.result.id, one.result.name, one.result.active) == ("c-1", "Mill", True)


def test_a_card_is_made_as_a_bank_account_and_ledger_accounts_are_not_made() -> None:
    wanted = NewAccount(
        name="Team Card", account_class="Liability", pays="card", currency="USD", sort_code="1", account_number="23"
    )
    made = reply({"id": "b-9", "displayName": "Team Card", "currencyCode": "USD"}, 201)
    one = Played(CONNECTOR.create_account(wanted, CONSENT, COMPANY, key="k-3"), [made])
    body = sent(one.last)
    assert (body["bankAccountNumber"], body["currencyCode"], "number" in body) == ("123", "USD", False)
    assert (one.result.id, one.result.pays, one.result.currency) == ("b-9", "bank", "USD")
    with pytest.raises(Refused, match="G/L accounts"):
        Played(CONNECTOR.create_account(replace(wanted, pays=""), CONSENT, COMPANY, key="k"), [])


# Sign-in

TOKENS = {"access_token": "a2", "refresh_token": "r2", "expires_in": 3599, "token_type": "Bearer"}
ENVIRONMENTS = reply(
    {
        "value": [
            {"aadTenantId": "t-1", "applicationFamily": "BusinessCentral", "type": "Sandbox", "name": "Sandbox UK"},
            {"aadTenantId": "t-1", "applicationFamily": "BusinessCentral", "type": "Production", "name": "Live"},
            {"aadTenantId": "t-1", "applicationFamily": "Other", "type": "Production", "name": "X"},
        ]
    }
)
TWO_COMPANIES = reply({"value": [{"id": "c-1", "name": "One"}, {"id": "c-2", "name": "Two"}]})


def test_the_consent_page_is_asked_for_a_refresh_token_too() -> None:
    url = urlsplit(CONNECTOR.consent_path(APPLICATION, state="s-1"))
    query = dict(parse_qsl(url.query))
    assert url.path == "/organizations/oauth2/v2.0/authorize"
    assert query["scope"].split() == [
        "https://api.businesscentral.dynamics.com/Financials.ReadWrite.All",
        "offline_access",
    ]
    assert (query["state"], query["response_type"], query["client_id"]) == ("s-1", "code", "app")


def test_a_code_becomes_a_consent_for_the_first_company_of_the_production_environment() -> None:
    one = Played(
        CONNECTOR.exchange_code(APPLICATION, {"code": "c"}, now=NOW), [reply(TOKENS), ENVIRONMENTS, TWO_COMPANIES]
    )
    consent = one.result
    assert (consent.company, consent.access_token, consent.refresh_token) == ("c-1", "a2", "r2")
    assert consent.facts == {"tenant": "t-1", "environment": "Live"}
    assert consent.access_expires == NOW + timedelta(seconds=3599)
    token, environments, companies = one.requests
    assert (token.base, token.path, token.signed) == ("auth", "/organizations/oauth2/v2.0/token", False)
    form = dict(parse_qsl(token.body.decode()))
    assert (form["client_secret"], form["code"], form["grant_type"]) == ("secret", "c", "authorization_code")
    assert dict(environments.headers)["Authorization"] == "Bearer a2"
    assert companies.path == "/v2.0/t-1/Live/api/v2.0/companies"


def test_the_company_that_was_asked_for_is_looked_for_in_every_environment() -> None:
    answers = [reply(TOKENS), ENVIRONMENTS, no("NoEnvironment", "x", 404), TWO_COMPANIES]
    steps = CONNECTOR.exchange_code(APPLICATION, {"code": "c"}, now=NOW, company="C-2")
    consent = Played(steps, answers).result
    assert (consent.company, consent.facts["environment"]) == ("c-2", "Sandbox UK")
    steps = CONNECTOR.exchange_code(APPLICATION, {"code": "c"}, now=NOW, company="c-9")
    with pytest.raises(Refused, match="not for company c-9"):
        Played(steps, [reply(TOKENS), ENVIRONMENTS, no("Authorization_X", "x", 403), TWO_COMPANIES])
    with pytest.raises(Refused, match="no company"):
        Played(CONNECTOR.exchange_code(APPLICATION, {"code": "c"}, now=NOW), [reply(TOKENS), NONE])


def test_a_sign_in_that_came_back_without_a_code_is_refused() -> None:
    for callback, said in (
        ({"error": "access_denied", "error_description": "The user said no"}, "said no"),
        ({"error": "access_denied"}, "access_denied"),
        ({}, "without a code"),
    ):
        with pytest.raises(Refused, match=said):
            Played(CONNECTOR.exchange_code(APPLICATION, callback, now=NOW), [])


@pytest.mark.parametrize(("error", "status"), [("invalid_grant", 400), ("invalid_client", 401)])
def test_a_spent_code_is_refused_and_a_dead_refresh_token_needs_consent(error: str, status: int) -> None:
    described = "AADSTS70008: The token has expired. Trace ID: 1 Correlation ID: 2"
    answer = reply({"error": error, "error_description": described}, status)
    with pytest.raises(Refused) as failed:
        Played(CONNECTOR.exchange_code(APPLICATION, {"code": "c"}, now=NOW), [answer])
    assert failed.value.message == f"sign-in refused: {error}: AADSTS70008: The token has expired."
    with pytest.raises(NeedsConsent, match=error):
        Played(CONNECTOR.refresh(APPLICATION, CONSENT, now=NOW), [answer])


@pytest.mark.parametrize("answer", [reply({}), reply({"token": 1}, 400), page(200), reply([])])
def test_a_token_answer_that_says_nothing_leaves_the_old_consent(answer: Response) -> None:
    with pytest.raises(Unavailable):
        Played(CONNECTOR.refresh(APPLICATION, CONSENT, now=NOW), [answer])


def test_a_refresh_goes_to_the_tenant_and_keeps_company_and_environment() -> None:
    one = Played(CONNECTOR.refresh(APPLICATION, CONSENT, now=NOW), [reply(TOKENS)])
    assert one.last.path == "/t-1/oauth2/v2.0/token"
    assert (one.result.company, one.result.facts, one.result.refresh_token) == (COMPANY_ID, FACTS, "r2")
    kept = Played(CONNECTOR.refresh(APPLICATION, CONSENT, now=NOW), [reply({"access_token": "a3"})]).result
    assert (kept.access_token, kept.refresh_token) == ("a3", "refresh")


def test_requests_are_signed_with_the_access_token() -> None:
    signed = CONNECTOR.signed(played(PAYMENT).last, CONSENT, now=NOW, nonce="n")
    assert dict(signed.headers)["Authorization"] == "Bearer access"
