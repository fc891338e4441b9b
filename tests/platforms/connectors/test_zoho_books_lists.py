"""The connector of Zoho Books, fed with answers written by hand: the lists that it reads and writes, and sign-in."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from urllib.parse import parse_qsl, urlsplit

import pytest
from msgspec.structs import replace
from tests.platforms.connectors.answers.documents import NOW
from tests.platforms.connectors.answers.played import Played, page, reply, sent
from tests.platforms.connectors.answers.zoho_books import COMPANY, CONSENT, ORG, PAYMENT, good, listing, no, query_of

from sandbooks.connector import Application, Contact, NeedsConsent, NewAccount, Refused, Unavailable, Wait
from sandbooks.platforms.zoho_books.connector import CONNECTOR
from sandbooks.wire import Response

APPLICATION = Application(client_id="1000.C", client_secret="sec", redirect_uri="https://hub.example/callback")


# Reads


def test_the_company_is_the_one_that_was_pinned() -> None:
    rows = (
        {"organization_id": "1", "name": "Other", "currency_code": "USD"},
        {"organization_id": ORG, "name": "Quay Ltd", "currency_code": "GBP", "time_zone": "Europe/London"},
    )
    company = Played(CONNECTOR.company(CONSENT), [listing("organizations", *rows)]).result
    assert (company.id, company.name, company.currency, company.time_zone) == (ORG, "Quay Ltd", "GBP", "Europe/London")
    with pytest.raises(NeedsConsent):
        Played(CONNECTOR.company(CONSENT), [listing("organizations", rows[0])])


def test_the_chart_takes_currency_and_state_from_the_bank_accounts() -> None:
    chart = (
        {"account_id": "701", "account_name": "Travel", "account_type": "expense", "account_code": "4100"},
        {"account_id": "41", "account_name": "Card", "account_type": "credit_card", "currency_id": "92"},
        {"account_id": "7", "account_name": "Payables", "account_type": "accounts_payable", "is_active": False},
        {"account_id": "8", "account_name": "Van", "account_type": "fixed_asset", "current_balance": Decimal("7.5")},
        {"account_id": "9", "account_name": "New", "account_type": "something_new"},
    )
    banks = (
        {"account_id": "41", "account_name": "Card", "account_type": "credit_card", "currency_code": "USD"}
        | {"balance": Decimal("12.31"), "is_active": False},
        {"account_id": "42", "account_name": "Till", "account_type": "cash", "currency_code": "EUR"},
    )
    answers = [
        listing("currencies", {"currency_id": "92", "currency_code": "USD"}),
        listing("organizations", {"organization_id": ORG, "name": "Q", "currency_code": "GBP"}),
        listing("chartofaccounts", *chart),
        listing("bankaccounts", *banks),
    ]
    played = Played(CONNECTOR.accounts(CONSENT), answers)
    found = {a.id: a for a in played.result}
    shown = {id: (a.account_class, a.category, a.pays, a.currency, a.active) for id, a in found.items()}
    assert shown == {
        "701": ("Expense", "Expense.expense", "", "GBP", True),
        "41": ("Liability", "Liability.credit_card", "card", "USD", False),
        "7": ("Liability", "Liability.accounts_payable", "", "GBP", False),
        "8": ("Asset", "Asset.fixed_asset", "", "GBP", True),
        "9": ("Asset", "Asset.something_new", "", "GBP", True),
        "42": ("Asset", "Asset.cash", "bank", "EUR", True),
    }
    assert {id for id, a in found.items() if a.lines} == {"701", "8"}
    assert (found["41"].balance, found["8"].balance) == (Decimal("12.31"), Decimal("7.5"))
    assert not any(account.transfers for account in played.result)


def test_vendors_are_read_as_suppliers() -> None:
    row = {
        "contact_id": "5",
        "contact_name": "Contoso Air",
        "contact_type": "vendor",
        "currency_code": "EUR",
        "first_name": "Ada",
        "last_name": "Reed",
        "email": "ada@contoso.example",
        "status": "inactive",
        "last_modified_time": "2026-03-02T10:00:00+0530",
    }
    other = {**row, "contact_id": "6", "contact_type": "customer"}
    played = Played(CONNECTOR.suppliers(CONSENT), [listing("contacts", row, other)])
    assert query_of(played.last)["contact_type"] == "vendor"
    (found,) = played.result
    assert (found.id, found.name, found.currency, found.contact_name) == ("5", "Contoso Air", "EUR", "Ada Reed")
    assert not found.active
    assert found.updated is not None
    assert found.updated.utcoffset() == timedelta(hours=5, minutes=30)
    customers = Played(CONNECTOR.customers(CONSENT), [listing("contacts", row, other)]).result
    assert [contact.id for contact in customers] == ["6"]


def test_tax_rates_are_percentages() -> None:
    rows = ({"tax_id": "81", "tax_name": "VAT", "tax_percentage": 20}, {"tax_id": "82", "tax_name": "Old"})
    found = Played(CONNECTOR.tax_rates(CONSENT), [listing("taxes", *rows)]).result
    assert [(r.id, r.effective, r.total) for r in found] == [("81", 20, 20), ("82", 0, 0)]
    assert set(found[0].kinds) == {"Payment", "Reimbursable"}


TAG = {
    "tag_id": "11",
    "tag_name": "Region",
    "is_active": True,
    "tag_options": [
        {"tag_option_id": "12", "tag_option_name": "North", "is_active": True},
        {"tag_option_id": "13", "tag_option_name": "South", "is_active": False},
    ],
}


@pytest.mark.parametrize(
    "answers",
    [
        [good("reporting_tags", [TAG])],
        [no(5, "Invalid URL Passed", 404), good("reporting_tags", [TAG])],
    ],
)
def test_tags_are_groups_of_options_wherever_they_are_listed(answers: list[Response]) -> None:
    found = Played(CONNECTOR.tracking(CONSENT), answers).result
    assert [(o.id, o.name, o.parent, o.has_children, o.active) for o in found] == [
        ("11", "Region", "", True, True),
        ("11-12", "North", "11", False, True),
        ("11-13", "South", "11", False, False),
    ]


# Lists


WANTED = Contact(kind="supplier", name="Marlow Print", email="post@marlow.example", contact_name="Ada Reed")


def test_a_contact_that_an_earlier_attempt_made_is_not_made_again() -> None:
    near = {"contact_id": "4", "contact_name": "Marlow Print", "contact_type": "vendor"}
    same = {**near, "contact_id": "5", "email": "post@marlow.example", "first_name": "Ada", "last_name": "Reed"}
    steps = CONNECTOR.create_contact(WANTED, CONSENT, COMPANY, key="c")
    assert Played(steps, [listing("contacts", near, same)]).result.id == "5"
    fresh = Played(CONNECTOR.create_contact(WANTED, CONSENT, COMPANY, key="c"), [listing("contacts", near)])
    assert (fresh.last.method, sent(fresh.last)["contact_type"]) == ("POST", "vendor")
    assert sent(fresh.last)["contact_persons"] == [
        {"first_name": "Ada", "last_name": "Reed", "email": "post@marlow.example", "is_primary_contact": True}
    ]


def test_a_contact_changes_its_own_person_and_its_state_apart() -> None:
    standing = {
        "contact_id": "5",
        "contact_name": "Old",
        "status": "active",
        "contact_persons": [{"contact_person_id": "51", "is_primary_contact": True}],
    }
    changed = replace(WANTED, id="5", active=False)
    answers = [
        good("contact", standing),
        good("contact", {**standing, "contact_name": "Marlow Print"}),
        reply({"code": 0, "message": "inactive"}),
    ]
    played = Played(CONNECTOR.update_contact(changed, CONSENT, COMPANY, key="c"), answers)
    assert sent(played.requests[1])["contact_persons"][0]["contact_person_id"] == "51"
    assert urlsplit(played.last.path).path == "/books/v3/contacts/5/inactive"
    assert (played.result.name, played.result.active) == ("Marlow Print", False)


@pytest.mark.parametrize(
    ("account", "path", "kind"),
    [
        (NewAccount(name="Drones", account_class="Expense", nominal_code="4900"), "chartofaccounts", "expense"),
        (
            NewAccount(name="Drones", account_class="Expense", category="Expense.other_expense"),
            "chartofaccounts",
            "other_expense",
        ),
        (
            NewAccount(name="Drones", account_class="Asset", category="Expense.x"),
            "chartofaccounts",
            "other_current_asset",
        ),
        (NewAccount(name="Team Card", account_class="Liability", pays="card"), "bankaccounts", "credit_card"),
        (NewAccount(name="Deposit", account_class="Asset", pays="bank"), "bankaccounts", "bank"),
    ],
)
def test_an_account_is_made_where_accounts_of_its_kind_are_kept(account: NewAccount, path: str, kind: str) -> None:
    lists = [
        listing("currencies"),
        listing("organizations", {"organization_id": ORG, "currency_code": "GBP"}),
        listing("chartofaccounts"),
        listing("bankaccounts"),
    ]
    root = "bankaccount" if path == "bankaccounts" else "chart_of_account"
    created = good(root, {"account_id": "9", "account_name": account.name, "account_type": kind}, 201)
    played = Played(CONNECTOR.create_account(account, CONSENT, COMPANY, key="a"), [*lists, created])
    assert urlsplit(played.last.path).path == f"/books/v3/{path}"
    assert sent(played.last)["account_type"] == kind
    assert (played.result.id, played.result.currency, played.result.pays) == ("9", "GBP", account.pays)


# Sign-in


TOKENS = {"access_token": "1000.n", "refresh_token": "1000.m", "expires_in": 3600, "api_domain": "https://api.eu/"}
ORGANIZATIONS = (
    {"organization_id": "1", "is_default_org": False},
    {"organization_id": "2", "is_default_org": True},
    {"organization_id": "3"},
)


def test_the_consent_page_is_asked_for_a_lasting_consent() -> None:
    path, _, query = CONNECTOR.consent_path(APPLICATION, state="s-1").partition("?")
    asked = dict(parse_qsl(query))
    assert path == "/oauth/v2/auth"
    assert (asked["access_type"], asked["prompt"], asked["response_type"]) == ("offline", "consent", "code")
    assert (asked["client_id"], asked["redirect_uri"], asked["state"]) == ("1000.C", APPLICATION.redirect_uri, "s-1")
    assert all(scope.startswith("ZohoBooks.") for scope in asked["scope"].split(","))


def test_a_consent_is_pinned_to_the_organisation_asked_for_or_the_default_one() -> None:
    callback = {"code": "c", "accounts-server": "https://accounts.zoho.eu", "location": "eu"}
    answers = [reply(TOKENS), listing("organizations", *ORGANIZATIONS)]
    played = Played(CONNECTOR.exchange_code(APPLICATION, callback, now=NOW), answers)
    assert (played.result.company, played.result.refresh_token) == ("2", "1000.m")
    assert played.result.access_expires == NOW + timedelta(hours=1)
    assert played.result.facts == {"accounts_server": "https://accounts.zoho.eu", "api_domain": "https://api.eu"}
    assert [request.base for request in played.requests] == ["auth", "api"]
    assert not any(request.signed for request in played.requests)
    form = dict(parse_qsl(played.requests[0].body.decode()))
    assert (form["grant_type"], form["code"], form["client_secret"]) == ("authorization_code", "c", "sec")
    steps = CONNECTOR.exchange_code(APPLICATION, callback, now=NOW, company="3")
    assert Played(steps, answers).result.company == "3"
    with pytest.raises(Refused, match="organisation 9"):
        Played(CONNECTOR.exchange_code(APPLICATION, callback, now=NOW, company="9"), answers)
    with pytest.raises(Refused, match="no organisation"):
        Played(CONNECTOR.exchange_code(APPLICATION, callback, now=NOW), [answers[0], listing("organizations")])


def test_a_user_who_says_no_or_a_spent_code_is_a_refusal() -> None:
    with pytest.raises(Refused, match="access_denied"):
        Played(CONNECTOR.exchange_code(APPLICATION, {"error": "access_denied"}, now=NOW), [])
    with pytest.raises(Refused, match="invalid_code"):
        Played(CONNECTOR.exchange_code(APPLICATION, {"code": "c"}, now=NOW), [reply({"error": "invalid_code"}, 200)])


def test_a_refresh_keeps_the_refresh_token_and_everything_else() -> None:
    fresh = Played(CONNECTOR.refresh(APPLICATION, CONSENT, now=NOW), [reply({"access_token": "1000.n"})]).result
    assert fresh == replace(CONSENT, access_token="1000.n", access_expires=NOW + timedelta(hours=1))
    older = {"access_token": "1000.n", "expires_in": 3600000, "expires_in_sec": 3600}
    fresh = Played(CONNECTOR.refresh(APPLICATION, CONSENT, now=NOW), [reply(older)]).result
    assert fresh.access_expires == NOW + timedelta(hours=1)


@pytest.mark.parametrize("error", ["invalid_code", "invalid_client", "invalid_client_secret"])
@pytest.mark.parametrize("status", [200, 400, 401])
def test_a_refresh_that_is_refused_for_good_needs_consent(error: str, status: int) -> None:
    with pytest.raises(NeedsConsent, match=error):
        Played(CONNECTOR.refresh(APPLICATION, CONSENT, now=NOW), [reply({"error": error}, status)])


@pytest.mark.parametrize("answer", [reply({}), page(404), Response(503), reply({"error": "general_error"})])
def test_a_refresh_without_an_answer_does_not_need_consent(answer: Response) -> None:
    with pytest.raises(Unavailable):
        Played(CONNECTOR.refresh(APPLICATION, CONSENT, now=NOW), [answer] * 4)


@pytest.mark.parametrize(("error", "status"), [("Access Denied", 400), ("access_denied", 200), ("Access Denied", 200)])
def test_a_throttled_refresh_waits_and_the_connection_lives(error: str, status: int) -> None:
    throttled = reply({"error": error, "error_description": "too many", "status": "failure"}, status)
    played = Played(CONNECTOR.refresh(APPLICATION, CONSENT, now=NOW), [throttled, reply(TOKENS)])
    assert [step.reason for step in played.steps if isinstance(step, Wait)] == ["throttled"]
    assert played.result.access_token == "1000.n"


def test_a_request_is_signed_with_the_token_of_the_day() -> None:
    request = Played(CONNECTOR.push(PAYMENT, CONSENT, COMPANY), []).last
    signed = CONNECTOR.signed(request, CONSENT, now=NOW, nonce="n")
    assert dict(signed.headers)["Authorization"] == "Zoho-oauthtoken 1000.a"
    assert signed.body == request.body
