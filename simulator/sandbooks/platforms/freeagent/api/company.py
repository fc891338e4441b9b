"""The company and its users."""

from __future__ import annotations

from datetime import date
from typing import Any

from sandbooks.kit.call import Call
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.surface import Operation
from sandbooks.platforms.freeagent.access import user_of
from sandbooks.platforms.freeagent.api import shapes
from sandbooks.platforms.freeagent.api.listing import paged, view
from sandbooks.platforms.freeagent.periods import accounting_periods
from sandbooks.platforms.freeagent.records.storing import find
from sandbooks.platforms.freeagent.wire import decimal_text, shown
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
    "town",
    "postcode",
    "country",
    "company_registration_number",
    "sales_tax_name",
    "sales_tax_registration_status",
    "sales_tax_registration_number",
    "sales_tax_effective_date",
    "second_sales_tax_name",
]


def get_company(call: Call) -> Response:
    """``GET /v2/company``"""
    company = call.company
    settings = company.settings
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
        "cis_enabled": False,
        "cis_subcontractor": False,
        "cis_contractor": False,
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


def lacking_company(call: Call) -> Response:
    """``GET /v2/company/…``"""
    raise NotSimulated(f"company/{call.args['part']}")


# Source: https://dev.freeagent.com/docs/users (views)
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


def lacking_user_changes(_: Call) -> Response:
    """Writes to users."""
    raise NotSimulated("changing users through the API")


OPERATIONS = (
    Operation("get_company", "GET", "/v2/company", get_company, scope="1"),
    Operation("get_company_part", "GET", "/v2/company/<part>", lacking_company, scope="1"),
    Operation("list_users", "GET", "/v2/users", list_users, scope="7"),
    Operation("get_me", "GET", "/v2/users/me", get_me, scope="1"),
    Operation("get_user", "GET", "/v2/users/<id>", get_user, scope="7"),
    Operation("create_user", "POST", "/v2/users", lacking_user_changes, scope="7"),
    Operation("update_user", "PUT", "/v2/users/<id>", lacking_user_changes, scope="7"),
    Operation("delete_user", "DELETE", "/v2/users/<id>", lacking_user_changes, scope="7"),
)
