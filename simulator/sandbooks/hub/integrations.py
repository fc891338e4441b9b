"""The hub's catalogue of integrations: what each platform is called and keyed there.

A platform takes part when its declaration names a hub key and a connector; nothing here names one in code.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

from msgspec import Struct

from sandbooks.platform import Platform, load, platforms

if TYPE_CHECKING:
    from sandbooks.connector import Connector

PARTNER_KEY = "pexp"  # Unconfirmed: the partner expense connection's own key is not published
PARTNER_NAME = "Partner Expense"  # Source: github.com/codatio/oas, MappingOptions.expenseProvider example

# integrationId and sourceId by platform key. Source: https://docs.codat.io/expenses/configure-customer (qhyg),
# https://docs.codat.io/commerce/build/sync-platform-selection (gbol), github.com/codatio/oas Codat-Platform (akxx).
# Unconfirmed: the others are constants of our own.
_KNOWN = {
    "qhyg": ("6b113e06-e818-45d7-977b-8e6bb3d01269", "56e6575a-3f1f-4918-b009-f7535555f0d6"),
    "gbol": ("0f20c943-12d0-4800-9f6c-d218f62d494c", "8a156a5a-39cb-4f9d-856e-76ef9b9a9607"),
    "akxx": ("cc750323-5a47-4f28-8d8e-30fbbf2ce137", "9815b998-024d-4415-a40b-89903b2cad6f"),
}
_SANDBOX_KEYS = {"ndsk": "qhyg"}  # Source: https://docs.codat.io/integrations/accounting/overview


class Integration(Struct, frozen=True):
    """An integration of the catalogue."""

    key: str
    name: str
    integration_id: str
    source_id: str
    source_type: str
    platform: Platform | None = None


def integration_of(key: str) -> Integration | None:
    """The accounting integration with a four-letter key."""
    wanted = _SANDBOX_KEYS.get(key, key)
    for platform in platforms().values():
        if platform.hub_key == wanted and platform.connector:
            name = platform.title if wanted == key else f"{platform.title} Sandbox"
            return Integration(key, name, *_ids(key), "Accounting", platform)
    return None


def integrations() -> list[Integration]:
    """Every accounting integration there is."""
    keys = [platform.hub_key for platform in platforms().values() if platform.hub_key]
    return [found for key in keys if (found := integration_of(key)) is not None]


def partner_expense() -> Integration:
    """The integration behind every partner expense connection."""
    return Integration(PARTNER_KEY, PARTNER_NAME, *_ids(PARTNER_KEY), "Expense")


def connector_of(platform: Platform) -> Connector:
    """The client of a platform."""
    loaded: Connector = load(platform.connector)
    return loaded


@cache
def _ids(key: str) -> tuple[str, str]:
    made = tuple(
        str(uuid5(NAMESPACE_URL, f"https://sandbooks.invalid/{word}/{key}")) for word in ("integration", "source")
    )
    return _KNOWN.get(key, (made[0], made[1]))
