"""The company: its users and what falls due for it."""

import pytest
from tests.platforms.freeagent.desk import BASE, Desk, open_desk

from sandbooks.app import App
from sandbooks.platform import CompanyPlan

ADA = {
    "email": "ada@example.com",
    "first_name": "Ada",
    "last_name": "Quill",
    "role": "Employee",
    "opening_mileage": "120.5",
}


def signed_in_as(desk: Desk, user: str) -> None:
    """Let the desk speak for another user."""
    from sandbooks.kit.tokens import Tokens

    tokens = Tokens(desk.world, "freeagent")
    with desk.world.unit():
        client_id, _ = tokens.client()
        grant = tokens.new_grant(client_id=client_id, scopes=(), companies=(desk.company.id,), user=user)
        desk.token = tokens.issue("access", grant, lifetime=None).value


def test_a_new_user_claims_expenses_on_accounts_of_their_own(desk: Desk) -> None:
    made = desk.make("users", "user", **ADA, ni_number="QQ123456C", permission_level=2, send_invitation=True)
    assert (made["role"], made["permission_level"], made["opening_mileage"]) == ("Employee", 2, "120.5")
    assert (made["ni_number"], "send_invitation" in made) == ("QQ123456C", False)
    desk.make(
        "expenses",
        "expense",
        user=made["url"],
        category=desk.category("travel"),
        dated_on="2026-03-02",
        description="Bus",
        gross_value="-7.20",
        sales_tax_rate="0",
    )
    claim = f"905-{made['url'].rpartition('/')[2]}"
    assert desk.books() == {"travel": "7.20", claim: "-7.20"}
    changed = desk.change(made["url"], "user", last_name="Penn")
    assert (changed["last_name"], changed["email"], changed["ni_number"]) == ("Penn", ADA["email"], "QQ123456C")
    rows = desk.get("accounting/trial_balance/summary", to_date="2026-03-31")["trial_balance_summary"]
    assert "Expense Account: Ada Penn" in {row["name"] for row in rows}
    assert "can't be deleted" in desk.refused("DELETE", made["url"])


def test_a_user_who_has_nothing_is_deleted_but_nobody_deletes_themselves(desk: Desk) -> None:
    made = desk.make("users", "user", **ADA)
    desk.drop(made["url"])
    assert desk.send("GET", made["url"]).status == 404
    assert desk.refused("DELETE", desk.me()) == "User can't delete themselves"


@pytest.mark.parametrize("missing", list(ADA))
def test_a_user_without_a_required_member_is_refused(desk: Desk, missing: str) -> None:
    given = {name: value for name, value in ADA.items() if name != missing}
    assert desk.refused("POST", "users", {"user": given}) == f"{missing} can't be blank"


def test_a_sole_trader_has_no_directors() -> None:
    desk = open_desk(App(), CompanyPlan(country="GB", settings={"type": "UkSoleTrader"}))
    assert desk.refused("POST", "users", {"user": {**ADA, "role": "Director"}}) == "role is not included in the list"
    assert desk.make("users", "user", **ADA)["role"] == "Employee"


def test_a_user_of_low_level_changes_their_profile_but_not_their_rights(desk: Desk) -> None:
    made = desk.make("users", "user", **ADA, permission_level=1)
    signed_in_as(desk, made["url"].rpartition("/")[2])
    assert desk.change("users/me", "user", first_name="Ida")["first_name"] == "Ida"
    assert desk.refused("PUT", "users/me", {"user": {"permission_level": 8}}, status=403)
    assert desk.refused("PUT", made["url"], {"user": {"first_name": "Eve"}}, status=403)
    assert desk.refused("GET", "company/tax_timeline", status=403)
    assert len(desk.get("company/business_categories")["business_categories"]) == 54


def test_the_tax_timeline_tells_what_falls_due_from_today(desk: Desk) -> None:
    today = desk.world.clock.today()
    desk.explain("bank", "1200.00", category=desk.category("sales"), dated_on=today.isoformat())
    desk.explain("bank", "-90.36", dated_on=today.isoformat())
    items = desk.get("company/tax_timeline")["timeline_items"]
    assert [item["dated_on"] for item in items] == sorted(item["dated_on"] for item in items)
    assert all(item["dated_on"] >= today.isoformat() for item in items)
    returns = [item for item in items if item["description"].startswith("VAT Return")]
    # 200.00 charged less 15.06 reclaimed
    assert returns[-1]["amount_due"] == "184.94"
    assert returns[-1]["nature"] == "Electronic Submission and Payment Due"
    natures = {item["nature"] for item in items}
    assert {"Payment Due", "Submission Due", "Companies House First Accounts Due"} <= natures


def test_a_company_without_registration_has_no_returns_and_one_abroad_no_items() -> None:
    plain = open_desk(App(), CompanyPlan(country="GB", settings={"sales_tax_registration_status": "Not Registered"}))
    items = plain.get("company/tax_timeline")["timeline_items"]
    assert items
    assert not [item for item in items if "VAT" in item["description"]]
    assert open_desk(App(), CompanyPlan(country="US")).get("company/tax_timeline") == {"timeline_items": []}


def test_a_company_that_lets_no_application_in_says_so() -> None:
    shut = open_desk(App(), CompanyPlan(country="GB", settings={"api_access_disabled": True}))
    assert shut.refused("GET", "company", status=403) == "API access is disabled for this company"


def test_the_company_shows_what_its_settings_hold() -> None:
    held = {"contact_email": "office@example.com", "initially_on_frs": True, "region": "Fife"}
    company = open_desk(App(), CompanyPlan(country="GB", settings=held)).get("company")["company"]
    assert {name: company[name] for name in held} == held
    assert company["url"] == f"{BASE}/v2/company"


def test_a_company_tells_its_seat_and_its_registration(desk: Desk) -> None:
    company = desk.get("company")["company"]
    told = ("town", "short_date_format", "sales_tax_effective_date", "vat_first_return_period_ends_on")
    assert [company[name] for name in told] == ["Whitby", "dd mmm yy", "2025-01-01", "2025-03-31"]
    assert (company["initial_vat_basis"], company["initially_on_frs"]) == ("Invoice", False)
    abroad = open_desk(App(), CompanyPlan(country="AU")).get("company")["company"]
    assert not {"town", "initial_vat_basis", "vat_first_return_period_ends_on"} & set(abroad)
