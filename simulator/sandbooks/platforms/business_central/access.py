"""Who may call: bearer token, environment, company and request limits.

Source: https://learn.microsoft.com/dynamics365/business-central/dev-itpro/administration/operational-limits-online
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from urllib.parse import unquote

from sandbooks.kit.call import Call
from sandbooks.kit.company import Company, companies
from sandbooks.kit.limits import Quota, Window, take
from sandbooks.kit.tokens import Token, Tokens
from sandbooks.platforms.business_central import permissions, places
from sandbooks.platforms.business_central.names import guid
from sandbooks.platforms.business_central.odata.options import Options, read_options
from sandbooks.platforms.business_central.paths import TO_ONE, Address, api_address
from sandbooks.platforms.business_central.refusals import (
    BadBody,
    BodyTooLarge,
    CompanyMissing,
    CredentialsRejected,
    EnvironmentMissing,
    TooMany,
)
from sandbooks.world import World

PLATFORM = places.PLATFORM
USER = Window("business_central/user", 6000, 300)
SLICE_SECONDS = 10
# Before the limits were reckoned by user: 600 a minute in production, 300 in a sandbox. A setting brings them back.
LEGACY = {
    "production": Window("business_central/production", 600, 60),
    "sandbox": Window("business_central/sandbox", 300, 60),
}
BODY_MAX = 350 * 1024 * 1024
AUDIENCE = "https://api.businesscentral.dynamics.com"


def tenant_of(world: World) -> str:
    """The Entra tenant of a world."""
    return world.ids.fixed_uuid("business_central/tenant")


def native_path(call: Call) -> str:
    """The vendor's own path of a request, without the prefix under which it is served."""
    found = re.search(r"/(?:v[12]\.0|api|environments|admin)/.*", call.request.path)
    return found[0] if found else call.request.path


def address_of(call: Call) -> Address:
    """The address that a request names."""
    if "address" not in call.facts:
        found = api_address(native_path(call))
        call.facts["address"] = found or Address("", "", None, ())
    address: Address = call.facts["address"]
    return address


def admit(call: Call) -> None:
    """Turn the bearer token into companies, and the address into one of them; refuse natively."""
    token = live_token(call)
    call.token = token
    call.exchange.caller = token.grant.user
    reached = [c for c in companies(call.world, PLATFORM) if c.id in token.grant.companies]
    if not reached:
        raise CredentialsRejected
    call.facts["companies"] = reached
    if len(call.request.body) > BODY_MAX:
        raise BodyTooLarge(BODY_MAX)
    if call.header("Data-Access-Intent").lower() == "readonly" and call.request.method != "GET":
        raise BadBody("The header Data-Access-Intent: ReadOnly is allowed on GET requests alone.")
    address = address_of(call)
    in_environment = [c for c in reached if is_there(call, c, address)]
    if not in_environment:
        raise EnvironmentMissing(address.environment[:60] or address.tenant[:60])
    call.facts["in_environment"] = in_environment
    _draw(call, token, in_environment[0])
    if call.operation.scope == "company":
        call.company = find(in_environment, wanted_company(call, address))
        check_permission(call)


def who(call: Call) -> str:
    """Whether a call acts for a person or for the application by itself."""
    by_itself = call.token is not None and call.token.grant.user.startswith("app/")
    return permissions.APP if by_itself else permissions.USER


def check_permission(call: Call) -> None:
    """Refuse what the caller's permission sets do not allow on the set that the address ends in."""
    if call.company.settings.get(permissions.SETTING) is None:
        return
    names = [each.name.lower() for each in address_of(call).segments]
    posts = any(name.startswith("microsoft.nav.") for name in names)
    spelt = {name.lower(): name for name in permissions.TABLES}
    spelt |= {name: target for (_, name), target in TO_ONE.items() if target in permissions.TABLES}
    last = next((spelt[name] for name in reversed(names) if name in spelt), "")
    if last:
        permissions.check(call.company, who(call), last, call.request.method, posts=posts)
    for name in _brought_along(read_options(call.query).expand):
        permissions.check(call.company, who(call), spelt.get(name.lower(), ""), "GET")


def _brought_along(expanded: Mapping[str, Options]) -> Iterator[str]:
    """What ``$expand`` names, at any depth."""
    for name, inner in expanded.items():
        yield name
        yield from _brought_along(inner.expand)


def live_token(call: Call) -> Token:
    """The bearer token. Raises ``CredentialsRejected``."""
    scheme, _, value = call.header("Authorization").partition(" ")
    token = Tokens(call.world, PLATFORM).find("access", value.strip()) if scheme.lower() == "bearer" else None
    if token is None or not token.is_live(call.world.clock.now()) or token.facts.get("audience", AUDIENCE) != AUDIENCE:
        raise CredentialsRejected
    return token


def is_there(call: Call, company: Company, address: Address) -> bool:
    """Whether a company is in the environment and the tenant that an address names."""
    environment = str(company.settings["environment"]).lower()
    if address.environment and address.environment.lower() != environment:
        return False
    named = address.tenant.lower()
    return not named or named == tenant_of(call.world) or "." in named


def wanted_company(call: Call, address: Address) -> str:
    """The company that path, query or headers name; empty where none does.

    A batch carries ``company`` twice in places (``?company=A?company=A``): what stands before the second question mark
    counts.
    """
    if address.company is not None:
        return address.company
    asked = call.query.get("company") or call.header("CompanyId") or call.header("Company")
    inherited = str(call.facts.get("company", ""))
    return unquote(asked or inherited).partition("?")[0].strip()


def find(reached: list[Company], wanted: str) -> Company:
    """A company by id or name; the first one where none is named. Raises ``CompanyMissing``."""
    if not wanted:
        return reached[0]
    id = guid(wanted)
    for company in reached:
        if company.id == id or company.name.lower() == wanted.strip("'\"").lower():
            return company
    raise CompanyMissing(wanted[:80])


def slid(world: World, key: str, window: Window) -> Quota:
    """Draw one request from a window that slides: those of its last seconds count, by slices of ten.

    Source: operational limits, named above (a sliding window). Unconfirmed: how finely it slides.
    """
    if world.get("settings", "limits") == "off":
        return Quota(window, window.most, exceeded=False, retry_after=0)
    now = world.clock.micros() // 1_000_000
    kept = world.get(f"limit/{window.name}", key) or []
    living: list[list[int]] = [each for each in kept if each[0] > now - window.seconds]
    used = sum(count for _, count in living)
    if used >= window.most:
        return Quota(window, 0, exceeded=True, retry_after=living[0][0] + window.seconds - now)
    start = now - now % SLICE_SECONDS
    before = living[:-1] if living and living[-1][0] == start else living
    counted = 1 + sum(count for slice_start, count in living if slice_start == start)
    world.put(f"limit/{window.name}", key, [*before, [start, counted]])
    return Quota(window, window.most - used - 1, exceeded=False, retry_after=0)


def _draw(call: Call, token: Token, company: Company) -> None:
    # Five requests of a user are worked at, ninety-five wait; whatever comes beside these hundred is refused.
    # Source: the same page (maximum connections, maximum request queue size)
    under_way = places.under_way(call)
    if under_way > places.CONNECTIONS:
        raise TooMany(places.CONNECTIONS, under_way, 0, 1)
    windows = [USER]
    if company.settings.get("limits_by_environment"):
        windows.append(LEGACY["sandbox" if "sandbox" in str(company.settings["environment"]).lower() else "production"])
    for window in windows:
        key = token.grant.user if window is USER else str(company.settings["environment"])
        quota = slid(call.world, key, window) if window is USER else take(call.world, key, window)
        if quota.exceeded:
            raise TooMany(window.most, window.most + 1, window.seconds, quota.retry_after)
