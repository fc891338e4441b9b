"""The client's own plan with the hub: what a free one does not include, and what is left of one that has expired.

Source: https://docs.codat.io/using-the-api/errors (402 and its limits), github.com/codatio/oas (Payment-Required).
"""

from __future__ import annotations

from typing import Literal

from sandbooks.hub import profiles, records
from sandbooks.hub.errors import HubRefusal, Item
from sandbooks.world import World

Account = Literal["paid", "free", "expired"]
COMPANIES_OF_FREE = 50
ANY_NUMBER = 1_000_000
HOURS_OF_FREE = 24  # Unconfirmed: whether anything between an hour and a day is refused as well
# Source: github.com/codatio/oas, response Payment-Required, its example
COMPANY_LIMIT = (
    "You have exceeded the 50-company limit that applies to a Free plan. We recommend that you delete any companies you"
    " no longer need and retry the request."
)


def account(world: World) -> Account:
    """What the client pays for."""
    kept: Account = records.setting(world, "account", "paid")
    return kept


def check_paid(world: World) -> None:
    """402 for whatever is asked when the account has expired."""
    if account(world) == "expired":
        raise HubRefusal(402, "Payment Required", items=(Item("Account", "Account expired.", "Account"),))


def check_companies(world: World, count: int) -> None:
    """402 when one more company than ``count`` is more than the plan has."""
    usual = COMPANIES_OF_FREE if account(world) == "free" else ANY_NUMBER
    own: int | None = records.setting(world, "companies_max")
    if count < (usual if own is None else own):
        return
    if profiles.on(world, "company_limit_body_429"):
        raise HubRefusal(402, COMPANY_LIMIT)
    item = Item("Company", "The plan's number of companies is reached.", "CreateCompany")
    raise HubRefusal(402, "CompanyValidationException: Company limit exceeded", items=(item,))


def check_schedule(world: World, hours: int) -> None:
    """402 for reads more often than the plan has."""
    if account(world) == "free" and 0 < hours < HOURS_OF_FREE:
        raise HubRefusal(402, "SyncSettingsValidationException: Sync schedule not allowed")
