"""Who may call: the OAuth token and its scopes, the organisation, and the request quotas.

Source: https://www.zoho.com/books/api/v3/oauth/, https://www.zoho.com/books/api/v3/introduction/ (limits, data centres)
"""

from __future__ import annotations

from urllib.parse import parse_qsl

from sandbooks.kit.call import Call
from sandbooks.kit.company import Company, find_company
from sandbooks.kit.limits import Quota, Window, by_token, overlapping, take
from sandbooks.kit.tokens import Token, Tokens
from sandbooks.platforms.zoho_books.refusals import InvalidToken, NotAuthorized, Required, TooMany, WrongOrganization
from sandbooks.wire import Request

PLATFORM = "zoho_books"
PREFIX = "/books/v3"
FULL_ACCESS = "ZohoBooks.fullaccess.all"
MINUTE = Window("zoho_books/minute", 100, 60)
# Source: https://www.zoho.com/books/api/v3/introduction/#api-call-limit (calls a day, concurrent rate limiter)
DAILY = {"FREE": 1000, "STANDARD": 2000, "PROFESSIONAL": 5000, "PREMIUM": 10000, "ELITE": 10000, "ULTIMATE": 10000}
CONCURRENT_FREE, CONCURRENT_PAID = 5, 10
_SCHEMES = ("zoho-oauthtoken", "bearer")
_DAY_SECONDS = 86400
# What an organisation that exceeds the calls of a minute again and again is blocked for.
# Source: https://www.zoho.com/books/api/v3/introduction/#api-call-limit (it is blocked for a while)
# Unconfirmed: after how many such minutes within how many seconds, and for how long; the setting ``minute_block`` of
# an organisation chooses (``minutes`` 0: never).
MINUTE_BLOCK = {"minutes": 3, "within": 3600, "seconds": 600}
_BLOCKS = "zoho_books/minute_block"


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


def plan_of(company: Company) -> str:
    """The plan that an organisation pays for; its limits follow from it."""
    return str(company.settings.get("plan_name", "PREMIUM"))


def daily(company: Company) -> int:
    """How many calls an organisation has in a day."""
    return DAILY.get(plan_of(company), DAILY["PREMIUM"])


def _draw(call: Call, company: Company) -> None:
    at_once = CONCURRENT_FREE if plan_of(company) == "FREE" else CONCURRENT_PAID
    if overlapping(call.exchange, _caller) > at_once:
        raise TooMany("concurrent", at_once, 1)
    _check_block(call, company)
    day = Window("zoho_books/day", daily(company), _DAY_SECONDS)
    for name, window in (("minute", MINUTE), ("day", day)):
        quota = take(call.world, company.id, window)
        if window is MINUTE and quota.exceeded:
            quota = _note_excess(call, company, quota)
        if window is MINUTE or quota.exceeded:
            _tell(call, quota)
        if quota.exceeded:
            raise TooMany(name, window.most, quota.retry_after)


def _check_block(call: Call, company: Company) -> None:
    """Refuse every call of an organisation that is blocked, whatever its minute has left."""
    until = (call.world.get(_BLOCKS, company.id) or {}).get("until", 0)
    left = until - call.world.clock.micros() // 1_000_000
    if left > 0 and call.world.get("settings", "limits") != "off":
        _tell(call, Quota(MINUTE, 0, exceeded=True, retry_after=left))
        raise TooMany("minute", MINUTE.most, left)


def _note_excess(call: Call, company: Company, quota: Quota) -> Quota:
    """Remember a minute with too many calls; where it is one too many, the organisation is blocked for longer."""
    rule = {**MINUTE_BLOCK, **company.settings.get("minute_block", {})}
    now = call.world.clock.micros() // 1_000_000
    kept = (call.world.get(_BLOCKS, company.id) or {}).get("minutes", [])
    minutes = sorted({now - now % MINUTE.seconds, *(start for start in kept if start > now - rule["within"])})
    if not rule["minutes"] or len(minutes) < rule["minutes"]:
        call.world.put(_BLOCKS, company.id, {"minutes": minutes, "until": 0})
        return quota
    call.world.put(_BLOCKS, company.id, {"minutes": [], "until": now + rule["seconds"]})
    return Quota(MINUTE, 0, exceeded=True, retry_after=rule["seconds"])


def _caller(request: Request) -> object:
    """Whose call it is: the organisation's, where it is named; all its users and applications count together."""
    named = dict(parse_qsl(request.query)).get("organization_id") or request.header("X-com-zoho-books-organizationid")
    return named or by_token(request)


def _tell(call: Call, quota: Quota) -> None:
    # Unconfirmed: these headers are seen on newer answers only. No Retry-After is documented.
    call.reply_headers[:] = [
        ("X-Rate-Limit-Limit", str(quota.window.most)),
        ("X-Rate-Limit-Remaining", str(quota.remaining)),
        ("X-Rate-Limit-Reset", str(quota.retry_after)),
    ]
