"""Who may call: the bearer token, the user's permission level, the company, and the request limits.

Source: https://dev.freeagent.com/docs/introduction (access levels, rate limits)
"""

from __future__ import annotations

from sandbooks.kit.call import Call
from sandbooks.kit.company import find_company
from sandbooks.kit.limits import Window, take
from sandbooks.kit.records import Record
from sandbooks.kit.tokens import Tokens
from sandbooks.platforms.freeagent.refusals import (
    AccessDenied,
    ApiAccessDisabled,
    TokenNotRecognised,
    TooMany,
    UserAgentMissing,
)
from sandbooks.platforms.freeagent.wire import check_accept

PLATFORM = "freeagent"
MINUTE = Window("freeagent/minute", 120, 60)
HOUR = Window("freeagent/hour", 3600, 3600)
# The sandbox host lowers the limit for whoever asks, so that a client's own waiting can be tried.
TEST_MINUTE = Window("freeagent/test_minute", 5, 60)
REFRESHES = Window("freeagent/refreshes", 15, 60)


def admit(call: Call) -> None:
    """Turn the bearer token into a company and a user; refuse natively."""
    scheme, _, value = call.header("Authorization").partition(" ")
    token = Tokens(call.world, PLATFORM).find("access", value.strip()) if scheme.lower() == "bearer" else None
    if token is None or not token.is_live(call.world.clock.now()) or not token.grant.companies:
        raise TokenNotRecognised
    company = find_company(call.world, PLATFORM, token.grant.companies[0])
    if company is None:
        raise TokenNotRecognised
    call.token, call.company = token, company
    call.exchange.caller = token.grant.user
    _draw(call, f"{token.grant.client_id}/{token.grant.user}")
    # Unconfirmed: the status when the header is missing; the setting turns the documented demand on.
    if company.settings.get("require_user_agent") and not call.header("User-Agent"):
        raise UserAgentMissing
    if company.settings.get("api_access_disabled"):
        raise ApiAccessDisabled
    level = int(user_of(call).body["permission_level"])
    needed = int(call.operation.scope or "1")
    if level < needed:
        raise AccessDenied(level, needed)
    check_accept(call)


def user_of(call: Call) -> Record:
    """The user whom the token speaks for."""
    if call.token is None:
        raise TokenNotRecognised
    user = call.company.records.get("user", call.token.grant.user)
    if user is None or user.deleted:
        raise TokenNotRecognised
    return user


def refuse(call: Call) -> None:
    """Refuse what a company of another kind has: whatever the user's level, nobody in this one may."""
    level = int(user_of(call).body["permission_level"])
    raise AccessDenied(level, level)


def _draw(call: Call, key: str) -> None:
    windows = [MINUTE, HOUR]
    live = call.request.host == "api.freeagent.com"
    if call.header("X-RateLimit-Test").lower() == "true" and not live:
        windows[0] = TEST_MINUTE
    for window in windows:
        draw(call, key, window)


def draw(call: Call, key: str, window: Window) -> None:
    """Take one request from a window. Raises ``TooMany``."""
    quota = take(call.world, key, window)
    if quota.exceeded:
        # Source: https://dev.freeagent.com/docs/introduction (sample answer: Retry-After 60, whatever is left of it)
        wait = window.seconds if window.seconds == 60 else quota.retry_after
        raise TooMany(window.most, window.seconds, wait)
