"""How much a company may ask: a monthly allowance that is billed, not blocked, and a rate that is.

Source: developer.sage.com/intacct (transaction volume, concurrency), developer.intacct.com (performance tiers)
"""

from __future__ import annotations

from sandbooks.kit.call import Call
from sandbooks.kit.limits import Window, take
from sandbooks.platforms.sage_intacct.refusals import RateLimited

# Unconfirmed: the vendor publishes a concurrency of 2 for the first tier and no number of requests for a time. Requests
# of one world come one after the other, so the concurrency shows as a rate.
MINUTE = Window("sage_intacct/minute", 600, 60)


def draw(call: Call) -> None:
    """Take one request. Raises ``RateLimited``."""
    quota = take(call.world, call.company.id, MINUTE)
    if quota.exceeded:
        raise RateLimited(quota.retry_after, status_of(call))


def status_of(call: Call) -> int:
    """The HTTP status of a limit."""
    # Source: developer.intacct.com/web-services/error-handling, developer.sage.com (GW-0010: 429); PyPI sageintacctsdk
    # 1.28.1 knows the text in an answer of status 200, which a company's setting "rate_limit_status" chooses.
    if not call.operation.rule.startswith("/ia/xml"):
        return 429
    if call.facts.get("limit") == "concurrent":
        return 429
    return int(call.company.settings.get("rate_limit_status", 429)) if call.has_company else 429
