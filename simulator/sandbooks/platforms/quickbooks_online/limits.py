"""Request quotas with the service's own numbers.

Source: https://developer.intuit.com/app/developer/qbo/docs/learn/learn-basic-field-definitions (limits and throttles)
"""

from __future__ import annotations

from sandbooks.kit.call import Call
from sandbooks.kit.limits import Window, take
from sandbooks.platforms.quickbooks_online import refusals as no
from sandbooks.platforms.quickbooks_online.switches import switch

PER_MINUTE = Window("quickbooks_online/minute", 500, 60)
BATCHES_PER_MINUTE = Window("quickbooks_online/batch", 40, 60)
REALM_BATCHES_PER_MINUTE = Window("quickbooks_online/batch of a realm", 120, 60)
_MONTH = 30 * 24 * 3600
REPORTS_PER_MINUTE = Window("quickbooks_online/reports", 200, 60)  # Unconfirmed: only newer pages name it
BATCH_ITEMS = 30
PAGE = 1000


def draw(call: Call, *, client: str) -> None:
    """Draw one request of a realm (and an application). Raises Throttled."""
    realm = call.company.id
    key = f"{realm}/{client}"
    windows = [(realm, PER_MINUTE)]
    if call.operation.name == "batch":
        windows += [(key, BATCHES_PER_MINUTE), (realm, REALM_BATCHES_PER_MINUTE)]
    if call.operation.name == "report":
        windows.append((realm, REPORTS_PER_MINUTE))
    # Unconfirmed: ten a second by newer pages, ten at the same time by older ones; one request runs at a time here.
    per_second = switch(call.company.settings, "per_second_limit")
    if per_second:
        windows.append((key, Window("quickbooks_online/second", int(per_second), 1)))
    # Reads of the free tier are counted by the month. Unconfirmed: when its month begins.
    per_month = switch(call.company.settings, "monthly_read_limit")
    if per_month and not call.operation.writes:
        windows.append((client, Window("quickbooks_online/month", int(per_month), _MONTH)))
    for whose, window in windows:
        if take(call.world, whose, window).exceeded:
            raise no.Throttled
