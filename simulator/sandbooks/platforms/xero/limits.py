"""Xero's quotas: per organisation and application by minute and day, per application by minute.

# Source: https://developer.xero.com/documentation/guides/oauth2/limits/
"""

from __future__ import annotations

from sandbooks.kit import limits
from sandbooks.kit.call import Call
from sandbooks.platforms.xero.refusals import Throttled
from sandbooks.wire import Request

MINUTE = limits.Window("minute", 60, 60)
# Unconfirmed: since 2026 the daily figure depends on the pricing tier; the setting `rate_limit_day` moves it.
DAY = limits.Window("day", 5000, 86_400)
APP_MINUTE = limits.Window("appminute", 10_000, 60)
CONCURRENT = 5  # calls of an application to one organisation, under way at the same moment


def draw(call: Call, client_id: str) -> None:
    """Take one request from each quota and announce what is left. Raises Throttled."""
    if limits.overlapping(call.exchange, _caller) > CONCURRENT:
        raise Throttled("concurrent", 0)
    settings = call.company.settings
    minute = limits.Window("minute", int(settings.get("rate_limit_minute", MINUTE.most)), 60)
    day = limits.Window("day", int(settings.get("rate_limit_day", DAY.most)), 86_400)
    tenant = f"xero/{client_id}/{call.company.id}"
    quotas = [
        limits.take(call.world, tenant, day),
        limits.take(call.world, tenant, minute),
        limits.take(call.world, f"xero/{client_id}", APP_MINUTE),
    ]
    names = ("X-DayLimit-Remaining", "X-MinLimit-Remaining", "X-AppMinLimit-Remaining")
    call.reply_headers += [(name, str(quota.remaining)) for name, quota in zip(names, quotas, strict=True)]
    for quota in quotas:
        if quota.exceeded:
            raise Throttled(quota.window.name, quota.retry_after)


def _caller(request: Request) -> object:
    """The application and the organisation that it calls."""
    return limits.by_token(request), request.header("Xero-Tenant-Id").lower()
