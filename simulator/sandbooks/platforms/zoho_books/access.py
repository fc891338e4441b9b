"""Who may call: the OAuth token and its scopes, the organisation, and the request quotas.

Source: https://www.zoho.com/books/api/v3/oauth/, https://www.zoho.com/books/api/v3/introduction/ (limits, data centres)
"""

from __future__ import annotations

from sandbooks.kit.call import Call
from sandbooks.kit.company import Company, find_company
from sandbooks.kit.limits import Quota, Window, take
from sandbooks.kit.tokens import Token, Tokens
from sandbooks.platforms.zoho_books.refusals import InvalidToken, NotAuthorized, Required, TooMany, WrongOrganization

PLATFORM = "zoho_books"
PREFIX = "/books/v3"
FULL_ACCESS = "ZohoBooks.fullaccess.all"
MINUTE = Window("zoho_books/minute", 100, 60)
# Unconfirmed: the two middle figures; the first and the last are named by third parties.
DAILY = {"FREE": 1000, "STANDARD": 2000, "PROFESSIONAL": 5000, "PREMIUM": 10000, "ELITE": 10000, "ULTIMATE": 10000}
_SCHEMES = ("zoho-oauthtoken", "bearer")
_DAY_SECONDS = 86400


def admit(call: Call) -> None:
    """Turn the token into an organisation, draw on its quotas, check the scope; refuse natively."""
    token = _token(call)
    call.token = token
    call.exchange.caller = token.grant.user
    company = _organization(call, token)
    if call.exchange.surface_by_host and data_center_of(call.request.host) != company.settings["data_center"]:
        # A token works in the data centre that issued it alone.
        raise InvalidToken
    call.company = company
    _draw(call, company)
    _check_scope(token, call.operation.scope)


def _token(call: Call) -> Token:
    scheme, _, value = call.header("Authorization").partition(" ")
    found = Tokens(call.world, PLATFORM).find("access", value.strip()) if scheme.lower() in _SCHEMES else None
    if found is None or not found.is_live(call.world.clock.now()) or not found.grant.companies:
        raise InvalidToken
    return found


def _organization(call: Call, token: Token) -> Company:
    named = call.query.get("organization_id") or call.header("X-com-zoho-books-organizationid")
    default = find_company(call.world, PLATFORM, token.grant.companies[0])
    if default is None:
        raise InvalidToken
    if call.operation.name in ("list_organizations",):
        return default
    if not named:
        # Unconfirmed: the live service falls back on the user's default organisation; the setting turns that off.
        if default.settings.get("require_organization_id"):
            raise Required("organization_id")
        return default
    company = find_company(call.world, PLATFORM, named) if named in token.grant.companies else None
    if company is None:
        raise WrongOrganization(named)
    return company


def data_center_of(host: str) -> str:
    """The data centre of a vendor host: what follows the product's domain name."""
    name = host.partition(":")[0]
    if name.endswith("zohocloud.ca"):
        return "ca"
    return name.partition("zohoapis.")[2] or name.partition("zoho.")[2]


def _check_scope(token: Token, needed: str) -> None:
    """Whether one of the token's scopes covers ``module.OPERATION``; names count in any case."""
    held = {scope.lower() for scope in token.grant.scopes}
    module, _, operation = needed.lower().partition(".")
    wanted = {FULL_ACCESS.lower(), f"zohobooks.{module}.{operation}", f"zohobooks.{module}.all"}
    if needed and not held & wanted:
        raise NotAuthorized(needed)


def _draw(call: Call, company: Company) -> None:
    plan = str(company.settings.get("plan_name", "PREMIUM"))
    day = Window("zoho_books/day", DAILY.get(plan, DAILY["PREMIUM"]), _DAY_SECONDS)
    for window in (MINUTE, day):
        quota = take(call.world, company.id, window)
        if window is MINUTE or quota.exceeded:
            _tell(call, quota)
        if quota.exceeded:
            raise TooMany(window.most, window.seconds, quota.retry_after)


def _tell(call: Call, quota: Quota) -> None:
    # Unconfirmed: these headers are seen on newer answers only. No Retry-After is documented.
    call.reply_headers[:] = [
        ("X-Rate-Limit-Limit", str(quota.window.most)),
        ("X-Rate-Limit-Remaining", str(quota.remaining)),
        ("X-Rate-Limit-Reset", str(quota.retry_after)),
    ]
