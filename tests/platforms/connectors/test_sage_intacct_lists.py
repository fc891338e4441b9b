"""The connector of Sage Intacct, fed with answers written by hand: the lists that it reads and writes, and sign-in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from lxml import etree
from msgspec.structs import replace
from tests.platforms.connectors.answers.documents import NOW
from tests.platforms.connectors.answers.played import Played, page
from tests.platforms.connectors.answers.sage_intacct import (
    COMPANY,
    CONSENT,
    DENIALS,
    FACTS,
    control_failure,
    created,
    failed,
    function,
    plain,
    result,
    rows,
)

from sandbooks.connector import (
    Application,
    AsksCredentials,
    Contact,
    NeedsConsent,
    NewAccount,
    Refused,
    Steps,
    Unavailable,
)
from sandbooks.platforms.sage_intacct.connector import CONNECTOR
from sandbooks.wire import Response

APPLICATION = Application(client_id="SENDER", client_secret="s&cret", redirect_uri="https://hub.example/callback")


# Reads


def run(steps: Steps[Any], *answers: Response) -> Any:
    played = Played(steps, answers)
    assert played.ended
    return played.result


ENTITY = {"RECORDNO": "1", "LOCATIONID": "100", "NAME": "Acme UK", "CURRENCY": "GBP", "OPCOUNTRY": "GB"}
SETUP = result("<data><financialSetup><baseCurrency>GBP</baseCurrency></financialSetup></data>")
PREFERENCES = result(
    "<data><companypref><preference>COMPANYNAME</preference><prefvalue>Acme Group</prefvalue></companypref></data>"
)
SILENT = failed(("Query Failed", "no", ""))


def test_the_company_is_told_by_its_setup_and_its_entities() -> None:
    entity = rows("LOCATIONENTITY", {**ENTITY, "LEGALNAME": "Acme UK Ltd"})
    company = run(CONNECTOR.company(CONSENT), SETUP, entity, SILENT)
    assert (company.id, company.name, company.legal_name) == ("acme", "Acme UK", "Acme UK Ltd")
    assert (company.currency, company.country) == ("GBP", "GB")
    several = rows("LOCATIONENTITY", {**ENTITY, "CURRENCY": "EUR"}, {**ENTITY, "RECORDNO": "2"})
    assert run(CONNECTOR.company(CONSENT), SETUP, several, SILENT).name == "acme"
    assert run(CONNECTOR.company(CONSENT), SETUP, several, PREFERENCES).name == "Acme Group"
    assert run(CONNECTOR.company(CONSENT), SILENT, several, SILENT).currency == "EUR"


def test_a_company_that_tells_no_base_currency_cannot_be_read() -> None:
    with pytest.raises(Unavailable, match="base currency"):
        Played(CONNECTOR.company(CONSENT), [SILENT, rows("LOCATIONENTITY"), SILENT])


def gl(number: str, kind: str, balance: str, **more: str) -> dict[str, str]:
    own = {"RECORDNO": number, "ACCOUNTNO": number, "TITLE": f"Account {number}", "STATUS": "active"}
    return own | {"ACCOUNTTYPE": kind, "NORMALBALANCE": balance, "ALTERNATIVEACCOUNT": "None"} | more


def test_accounts_are_the_chart_cards_and_banks() -> None:
    chart = (
        gl("1000", "balancesheet", "debit"),
        gl("1500", "balancesheet", "debit", CATEGORY="Other Current Assets"),
        gl("2000", "balancesheet", "credit", ALTERNATIVEACCOUNT="Payables account"),
        gl("3000", "balancesheet", "credit", CLOSINGTYPE="closed to account"),
        gl("4000", "incomestatement", "credit"),
        gl("6400", "incomestatement", "debit", STATUS="inactive"),
    )
    cards = (
        {"RECORDNO": "1", "CARDID": "VISA-1", "CARDTYPE": "Visa", "LIABILITYTYPE": "Credit", "STATUS": "active"},
        {"RECORDNO": "2", "CARDID": "PREPAID", "CARDTYPE": "Visa", "LIABILITYTYPE": "Debit", "STATUS": "inactive"},
    )
    bank = {"RECORDNO": "3", "BANKACCOUNTID": "BOA", "GLACCOUNTNO": "1000", "CURRENCY": "USD", "STATUS": "active"}
    found = run(
        CONNECTOR.accounts(CONSENT),
        SETUP,
        rows("LOCATIONENTITY", ENTITY),
        PREFERENCES,
        rows("GLACCOUNT", *chart),
        rows("CREDITCARD", *cards),
        rows("CHECKINGACCOUNT", bank),
        rows("SAVINGSACCOUNT"),
    )
    shown = {a.id: (a.account_class, a.pays, a.currency, a.active, bool(a.lines)) for a in found}
    assert shown == {
        "1000": ("Asset", "", "GBP", True, False),
        "1500": ("Asset", "", "GBP", True, False),
        "2000": ("Liability", "", "GBP", True, False),
        "3000": ("Equity", "", "GBP", True, False),
        "4000": ("Income", "", "GBP", True, False),
        "6400": ("Expense", "", "GBP", False, True),
        "VISA-1": ("Liability", "card", "GBP", True, False),
        "PREPAID": ("Asset", "card", "GBP", False, False),
        "BOA": ("Asset", "bank", "USD", True, False),
    }
    by_id = {a.id: a for a in found}
    assert by_id["1500"].category == "Asset.balancesheet.Other Current Assets"
    assert by_id["PREPAID"].category == "Asset.Charge Card.Debit"
    assert set(by_id["6400"].lines) == {"Payment", "Refund", "Reimbursable"}


def test_cards_are_read_by_what_is_known_of_them_where_the_rest_is_not_there() -> None:
    full = {"RECORDNO": "1", "CARDID": "VISA-1", "DESCRIPTION": "Travel card", "CURRENCY": "USD"}
    bare = {"RECORDNO": "1", "CARDID": "VISA-1"}
    lists = (SETUP, rows("LOCATIONENTITY", ENTITY), PREFERENCES, rows("GLACCOUNT"))
    banks = (rows("CHECKINGACCOUNT"), rows("SAVINGSACCOUNT"))
    (card,) = run(CONNECTOR.accounts(CONSENT), *lists, rows("CREDITCARD", full), *banks)
    assert (card.name, card.currency) == ("Travel card", "USD")
    (card,) = run(CONNECTOR.accounts(CONSENT), *lists, SILENT, rows("CREDITCARD", bare), *banks)
    assert (card.name, card.currency) == ("VISA-1", "GBP")
    assert run(CONNECTOR.accounts(CONSENT), *lists, SILENT, SILENT, *banks) == []


def test_vendors_show_their_display_contact_however_it_is_nested() -> None:
    flat = {
        "RECORDNO": "1",
        "VENDORID": "V100",
        "NAME": "Contoso Air",
        "STATUS": "inactive",
        "CURRENCY": "EUR",
        "DISPLAYCONTACT.FIRSTNAME": "Ada",
        "DISPLAYCONTACT.LASTNAME": "Reed",
        "DISPLAYCONTACT.MAILADDRESS.CITY": "Marlow",
        "WHENMODIFIED": "03/02/2026 10:00:00",
    }
    nested = (
        "<VENDOR><RECORDNO>2</RECORDNO><VENDORID>V200</VENDORID><NAME>Nested</NAME><STATUS>active</STATUS>"
        "<DISPLAYCONTACT><EMAIL1>n@x.example</EMAIL1></DISPLAYCONTACT></VENDOR>"
    )
    body = rows("VENDOR", flat).body.replace(b"</data>", f"{nested}</data>".encode())
    first, second = run(CONNECTOR.suppliers(CONSENT), Response(200, (), body))
    assert (first.id, first.name, first.currency, first.active) == ("V100", "Contoso Air", "EUR", False)
    assert (first.contact_name, first.addresses) == ("Ada Reed", ({"city": "Marlow"},))
    assert first.updated == datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
    assert (second.id, second.email) == ("V200", "n@x.example")
    customers = run(CONNECTOR.customers(CONSENT), rows("CUSTOMER", {"CUSTOMERID": "10064", "NAME": "Northwind"}))
    assert [(c.kind, c.id) for c in customers] == [("customer", "10064")]


def test_tax_details_of_purchases_follow_the_choice_of_none() -> None:
    details = (
        {"DETAILID": "UK Input 20", "VALUE": "20", "TAXTYPE": "Purchase", "TAXSOLUTIONID": "UK VAT"},
        {"DETAILID": "UK Output 20", "VALUE": "20", "TAXTYPE": "Sale"},
        {"DETAILID": "Old", "VALUE": "17.5", "TAXTYPE": "Purchase", "STATUS": "inactive"},
    )
    found = run(CONNECTOR.tax_rates(CONSENT), rows("TAXDETAIL", *details))
    assert [(r.id, r.effective, r.active) for r in found] == [
        ("NONE", 0, True),
        ("UK Input 20", 20, True),
        ("Old", Decimal("17.5"), False),
    ]


def test_a_company_without_taxes_has_the_choice_of_none() -> None:
    absent = failed(("Query Failed", "Object definition TAXDETAIL not found", ""))
    assert [r.id for r in run(CONNECTOR.tax_rates(CONSENT), absent)] == ["NONE"]


def test_dimensions_are_named_by_their_object() -> None:
    found = run(
        CONNECTOR.tracking(CONSENT),
        rows(
            "DEPARTMENT",
            {"DEPARTMENTID": "100", "TITLE": "Sales"},
            {"DEPARTMENTID": "110", "TITLE": "Field", "PARENTID": "100", "STATUS": "inactive"},
        ),
        rows("LOCATION", {"LOCATIONID": "L-1", "NAME": "Leeds"}),
        failed(("Query Failed", "Object definition CLASS not found", "")),
        rows("PROJECT", {"PROJECTID": "P-9", "NAME": "Pier"}),
    )
    assert [(o.id, o.name, o.parent, o.has_children, o.active) for o in found] == [
        ("DEPARTMENT-100", "Sales", "", True, True),
        ("DEPARTMENT-110", "Field", "DEPARTMENT-100", False, False),
        ("LOCATION-L-1", "Leeds", "", False, True),
        ("PROJECT-P-9", "Pier", "", False, True),
    ]


# Lists


WANTED = Contact(
    kind="supplier",
    name="Marlow Print & Sons",
    email="post@marlow.example",
    contact_name="Ada Reed",
    addresses=({"line1": "4 Wharf Road", "city": "Marlow"},),
)


def test_a_contact_is_made_under_an_id_that_follows_from_its_key() -> None:
    played = Played(CONNECTOR.create_contact(WANTED, CONSENT, COMPANY, key="c-1"), [])
    vendor = plain(function(played.last))["VENDOR"]
    assert vendor["VENDORID"].startswith("MARLOWPRINT-")
    assert len(vendor["VENDORID"]) <= 20
    assert vendor["NAME"] == "Marlow Print & Sons"
    assert vendor["DISPLAYCONTACT"] == {
        "PRINTAS": "Marlow Print & Sons",
        "COMPANYNAME": "Marlow Print & Sons",
        "FIRSTNAME": "Ada",
        "LASTNAME": "Reed",
        "EMAIL1": "post@marlow.example",
        "MAILADDRESS": {"ADDRESS1": "4 Wharf Road", "CITY": "Marlow"},
    }
    again = Played(CONNECTOR.create_contact(WANTED, CONSENT, COMPANY, key="c-1"), [])
    other = Played(CONNECTOR.create_contact(WANTED, CONSENT, COMPANY, key="c-2"), [])
    assert again.last == played.last
    assert plain(function(other.last))["VENDOR"]["VENDORID"] != vendor["VENDORID"]


def test_a_contact_that_an_earlier_attempt_made_is_taken_over() -> None:
    taken = failed(("BL34000061", "Another Vendor with the given value(s)", "Use a unique value instead."))
    own = rows("VENDOR", {"RECORDNO": "1", "VENDORID": "MARLOWPRINT-X", "NAME": "Marlow Print & Sons"})
    steps = CONNECTOR.create_contact(WANTED, CONSENT, COMPANY, key="c-1")
    assert run(steps, taken, own).id == "MARLOWPRINT-X"
    foreign = rows("VENDOR", {"RECORDNO": "1", "VENDORID": "MARLOWPRINT-X", "NAME": "Another"})
    with pytest.raises(Refused, match="Another Vendor"):
        run(CONNECTOR.create_contact(WANTED, CONSENT, COMPANY, key="c-1"), taken, foreign)


def test_a_contact_is_renamed_and_made_inactive() -> None:
    changed = replace(WANTED, id="V100", name="New", active=False)
    shown = rows("VENDOR", {"RECORDNO": "1", "VENDORID": "V100", "NAME": "New", "STATUS": "inactive"})
    played = Played(
        CONNECTOR.update_contact(changed, CONSENT, COMPANY, key="c"), [created("vendor", VENDORID="V100"), shown]
    )
    vendor = plain(function(played.requests[0]))["VENDOR"]
    assert (vendor["VENDORID"], vendor["NAME"], vendor["STATUS"]) == ("V100", "New", "inactive")
    assert "PRINTAS" not in vendor["DISPLAYCONTACT"]
    assert (played.result.name, played.result.active) == ("New", False)


def test_an_account_of_the_chart_is_made_by_its_number() -> None:
    wanted = NewAccount(name="Drones", account_class="Expense", nominal_code="6490")
    played = Played(
        CONNECTOR.create_account(wanted, CONSENT, COMPANY, key="a"), [created("glaccount", ACCOUNTNO="6490")]
    )
    sent = plain(function(played.last))["GLACCOUNT"]
    assert (sent["ACCOUNTTYPE"], sent["NORMALBALANCE"], sent["CLOSINGTYPE"]) == (
        "incomestatement",
        "debit",
        "closing account",
    )
    assert (played.result.id, played.result.account_class, played.result.currency) == ("6490", "Expense", "GBP")
    taken = failed(("BL34000061", "Another Glaccount", ""))
    own = rows("GLACCOUNT", gl("6490", "incomestatement", "debit", TITLE="Drones"))
    assert run(CONNECTOR.create_account(wanted, CONSENT, COMPANY, key="a"), taken, own).id == "6490"
    other = rows("GLACCOUNT", gl("6490", "incomestatement", "debit", TITLE="Kites"))
    with pytest.raises(Refused, match="Another Glaccount"):
        run(CONNECTOR.create_account(wanted, CONSENT, COMPANY, key="a"), taken, other)


def test_a_checking_account_is_made_and_a_card_is_not() -> None:
    wanted = NewAccount(name="Deposit No. 2", account_class="Asset", pays="bank", nominal_code="1010", currency="USD")
    made = created("checkingaccount", BANKACCOUNTID="Deposit No 2")
    account = run(CONNECTOR.create_account(wanted, CONSENT, COMPANY, key="a"), made)
    assert (account.id, account.pays, account.currency) == ("Deposit No 2", "bank", "USD")
    with pytest.raises(Refused, match="set up in Sage Intacct"):
        next(CONNECTOR.create_account(replace(wanted, pays="card"), CONSENT, COMPANY, key="a"))
    with pytest.raises(Refused, match="nominalCode"):
        next(CONNECTOR.create_account(replace(wanted, nominal_code=""), CONSENT, COMPANY, key="a"))
    with pytest.raises(Refused, match="nominalCode"):
        next(CONNECTOR.create_account(replace(wanted, nominal_code="", pays=""), CONSENT, COMPANY, key="a"))


# Sign-in


TYPED = {"company_id": "acme", "user_id": "hub_ws", "user_password": "pass<word"}


def session(id: str = "session-9") -> Response:
    endpoint = "https://www-p02.intacct.com/ia/xml/xmlgw.phtml"
    return result(f"<data><api><sessionid>{id}</sessionid><endpoint>{endpoint}</endpoint></api></data>")


def test_the_hub_asks_the_user_itself() -> None:
    assert isinstance(CONNECTOR, AsksCredentials)
    assert [(field.name, field.secret) for field in CONNECTOR.asked] == [
        ("company_id", False),
        ("user_id", False),
        ("user_password", True),
    ]


def test_what_is_typed_in_opens_a_session() -> None:
    played = Played(CONNECTOR.exchange_code(APPLICATION, TYPED, now=NOW), [session()])
    consent = played.result
    assert (consent.company, consent.access_token, consent.refresh_token) == ("acme", "session-9", "pass<word")
    assert consent.access_expires == datetime(2026, 3, 2, 13, 0, tzinfo=UTC)
    assert consent.facts == {**FACTS, "endpoint": "https://www-p02.intacct.com/ia/xml/xmlgw.phtml"}
    (request,) = played.requests
    assert (request.signed, request.base) == (False, "auth")
    root = etree.fromstring(request.body)
    assert root.findtext("control/senderid") == "SENDER"
    assert root.findtext("control/password") == "s&cret"
    login = root.find("operation/authentication/login")
    assert login is not None
    assert plain(login) == {"userid": "hub_ws", "companyid": "acme", "password": "pass<word"}
    assert function(request).tag == "getAPISession"


def test_a_session_that_does_not_say_when_it_ends_is_renewed_in_half_an_hour() -> None:
    answer = session()
    body = answer.body.replace(b"2026-03-02T05:00:00-08:00", b"soon")
    steps = CONNECTOR.exchange_code(APPLICATION, TYPED, now=NOW)
    assert Played(steps, [Response(200, (), body)]).result.access_expires == NOW + timedelta(minutes=30)


@pytest.mark.parametrize("answer", DENIALS)
def test_wrong_credentials_are_a_refusal_that_asks_again(answer: Response) -> None:
    with pytest.raises(Refused, match="Sage Intacct"):
        Played(CONNECTOR.exchange_code(APPLICATION, TYPED, now=NOW), [answer])


def test_what_is_missing_or_of_another_company_is_refused_before_any_request() -> None:
    with pytest.raises(Refused, match="missing: Password"):
        next(CONNECTOR.exchange_code(APPLICATION, {**TYPED, "user_password": ""}, now=NOW))
    with pytest.raises(Refused, match="not other"):
        next(CONNECTOR.exchange_code(APPLICATION, TYPED, now=NOW, company="other"))


def test_a_refresh_opens_another_session_of_the_same_user() -> None:
    fresh = Played(CONNECTOR.refresh(APPLICATION, CONSENT, now=NOW), [session("session-10")]).result
    assert (fresh.company, fresh.access_token, fresh.refresh_token) == ("acme", "session-10", "pass<word")
    assert fresh.facts["user_id"] == "hub_ws"


@pytest.mark.parametrize("answer", DENIALS)
def test_a_refresh_that_is_refused_needs_consent(answer: Response) -> None:
    with pytest.raises(NeedsConsent):
        Played(CONNECTOR.refresh(APPLICATION, CONSENT, now=NOW), [answer])


@pytest.mark.parametrize("answer", [page(404), Response(503), result(""), control_failure("XL99000001")])
def test_a_refresh_without_an_answer_does_not_need_consent(answer: Response) -> None:
    with pytest.raises(Unavailable):
        Played(CONNECTOR.refresh(APPLICATION, CONSENT, now=NOW), [answer] * 4)
