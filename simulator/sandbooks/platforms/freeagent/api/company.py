"""The company and its users."""

from __future__ import annotations

from datetime import date
from typing import Any

from sandbooks.kit.call import Call, json_reply
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.surface import Operation
from sandbooks.platforms.freeagent import timeline
from sandbooks.platforms.freeagent.access import user_of
from sandbooks.platforms.freeagent.api import shapes
from sandbooks.platforms.freeagent.api.listing import paged, view
from sandbooks.platforms.freeagent.api.trades import BUSINESS_CATEGORIES
from sandbooks.platforms.freeagent.periods import accounting_periods
from sandbooks.platforms.freeagent.records import cis, users
from sandbooks.platforms.freeagent.records.storing import find
from sandbooks.platforms.freeagent.refusals import AccessDenied, Invalid
from sandbooks.platforms.freeagent.tax import in_effect
from sandbooks.platforms.freeagent.wire import created, decimal_text, root, shown
from sandbooks.wire import Response

_SHOWN = [
    "subdomain",
    "type",
    "mileage_units",
    "company_start_date",
    "trading_start_date",
    "freeagent_start_date",
    "first_accounting_year_end",
    "address1",
    "address2",
    "address3",
    "town",
    "region",
    "postcode",
    "country",
    "company_registration_number",
    "contact_email",
    "contact_phone",
    "website",
    "business_type",
    "business_category",
    "short_date_format",
    "sales_tax_name",
    "sales_tax_registration_status",
    "sales_tax_registration_number",
    "sales_tax_effective_date",
    "sales_tax_deregistration_effective_date",
    "vat_first_return_period_ends_on",
    "initial_vat_basis",
    "initially_on_frs",
    "initial_vat_frs_type",
    "second_sales_tax_name",
]


def get_company(call: Call) -> Response:
    """``GET /v2/company``"""
    company = call.company
    settings = in_effect(company, call.today())
    document: dict[str, Any] = {
        "url": "/v2/company",
        "id": company.id,
        "name": company.name,
        "currency": company.currency,
        **{name: settings[name] for name in _SHOWN if settings.get(name) is not None},
        "annual_accounting_periods": [
            {"starts_on": first.isoformat(), "ends_on": last.isoformat()}
            for first, last in accounting_periods(company, through=call.today())
        ],
        "sales_tax_rates": [decimal_text(rate) for rate in _rates(settings, "sales_tax_rates")],
        "sales_tax_is_value_added": bool(settings.get("sales_tax_is_value_added", True)),
        # Source: https://dev.freeagent.com/docs/company (cis_enabled and cis_subcontractor name the same)
        "cis_enabled": cis.is_subcontractor(company),
        "cis_subcontractor": cis.is_subcontractor(company),
        "cis_contractor": cis.is_contractor(company),
        "locked_attributes": ["currency"],
        "created_at": f"{date.fromisoformat(settings['company_start_date']).isoformat()}T09:00:00.000Z",
        "updated_at": f"{date.fromisoformat(settings['company_start_date']).isoformat()}T09:00:00.000Z",
    }
    if settings.get("second_sales_tax_rates"):
        document["second_sales_tax_rates"] = [decimal_text(r) for r in _rates(settings, "second_sales_tax_rates")]
        document["second_sales_tax_is_compound"] = bool(settings.get("second_sales_tax_is_compound", False))
    return shown(call, "company", document)


def _rates(settings: dict[str, Any], name: str) -> list[Any]:
    from decimal import Decimal

    return [Decimal(str(rate)) for rate in settings.get(name, ())]


def business_categories(_: Call) -> Response:
    """``GET /v2/company/business_categories``"""
    return json_reply({"business_categories": list(BUSINESS_CATEGORIES)})


def tax_timeline(call: Call) -> Response:
    """``GET /v2/company/tax_timeline``: what falls due from today on, soonest first."""
    return json_reply({"timeline_items": timeline.upcoming(call.company, call.today())})


def lacking_company(call: Call) -> Response:
    """``PUT /v2/company`` and what else there may be below it."""
    raise NotSimulated(f"company/{call.args.get('part', '')}")


# Source: https://dev.freeagent.com/docs/users (access level, views)
USERS_LEVEL = 7
_ADVISORS = ("Accountant",)


def list_users(call: Call) -> Response:
    """``GET /v2/users``"""
    chosen = view(call, ("all", "staff", "active_staff", "advisors", "active_advisors"), "all")
    found = [
        user
        for user in call.company.records.scan("user", lag=call.exchange.lag)
        if chosen == "all" or (user.body["role"] in _ADVISORS) == ("advisors" in chosen)
        if "active" not in chosen or user.body["permission_level"]
    ]
    return paged(call, "users", found, shapes.plain)


def get_me(call: Call) -> Response:
    """``GET /v2/users/me``"""
    return shown(call, "user", shapes.plain(call, user_of(call)))


def get_user(call: Call) -> Response:
    """``GET /v2/users/:id``"""
    return shown(call, "user", shapes.plain(call, find(call.company, "user", call.args["id"])))


def create_user(call: Call) -> Response:
    """``POST /v2/users``"""
    with call.unit():
        record = users.create(call.company, root(call, "user"))
    return created(call, "user", shapes.plain(call, record))


def update_user(call: Call) -> Response:
    """``PUT /v2/users/:id``"""
    with call.unit():
        record = users.update(call.company, find(call.company, "user", call.args["id"]), root(call, "user"))
    return shown(call, "user", shapes.plain(call, record))


def update_me(call: Call) -> Response:
    """``PUT /v2/users/me``: a user's own profile, at any level; rights are for those who manage users."""
    me, given = user_of(call), root(call, "user")
    rights = [name for name in ("permission_level", "role") if name in given and given[name] != me.body[name]]
    level = int(me.body["permission_level"])
    if rights and level < USERS_LEVEL:
        # Unconfirmed: whether the live service refuses these members or passes over them.
        raise AccessDenied(level, USERS_LEVEL)
    with call.unit():
        record = users.update(call.company, me, given)
    return shown(call, "user", shapes.plain(call, record))


def delete_user(call: Call) -> Response:
    """``DELETE /v2/users/:id``"""
    with call.unit():
        record = find(call.company, "user", call.args["id"])
        if record.id == user_of(call).id:
            raise Invalid(("User can't delete themselves",))
        users.delete(call.company, record)
    return json_reply({})


OPERATIONS = (
    Operation("get_company", "GET", "/v2/company", get_company, scope="1"),
    Operation("business_categories", "GET", "/v2/company/business_categories", business_categories, scope="1"),
    Operation("tax_timeline", "GET", "/v2/company/tax_timeline", tax_timeline, scope="7"),
    Operation("get_company_part", "GET", "/v2/company/<part>", lacking_company, scope="1"),
    Operation("list_users", "GET", "/v2/users", list_users, scope="7"),
    Operation("get_me", "GET", "/v2/users/me", get_me, scope="1"),
    Operation("get_user", "GET", "/v2/users/<id>", get_user, scope="7"),
    Operation("create_user", "POST", "/v2/users", create_user, writes=True, scope="7"),
    Operation("update_me", "PUT", "/v2/users/me", update_me, writes=True, scope="1"),
    Operation("update_user", "PUT", "/v2/users/<id>", update_user, writes=True, scope="7"),
    Operation("delete_user", "DELETE", "/v2/users/<id>", delete_user, writes=True, scope="7"),
)
