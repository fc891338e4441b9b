"""Every kind of fault by its name, in the order of ``contracts/faults.yaml``."""

from __future__ import annotations

from sandbooks.faults import (
    delay,
    delay_webhook,
    drop_response,
    duplicate_webhook,
    expire_token,
    forge_webhook,
    html_error_page,
    late_commit,
    lose_webhook,
    refuse,
    reorder_batch,
    reorder_webhook,
    reset,
    revoke_token,
    server_error,
    stale_read,
    stray_webhook,
    throttle,
    truncate,
)
from sandbooks.faults.fault import Kind, WebhookKind

MODULES = (
    refuse,
    throttle,
    delay,
    drop_response,
    late_commit,
    reset,
    truncate,
    html_error_page,
    server_error,
    stale_read,
    reorder_batch,
    expire_token,
    revoke_token,
)
KINDS: dict[str, Kind] = {module.KIND.name: module.KIND for module in MODULES}

WEBHOOK_MODULES = (
    duplicate_webhook,
    reorder_webhook,
    delay_webhook,
    lose_webhook,
    forge_webhook,
    stray_webhook,
)
WEBHOOK_KINDS: dict[str, WebhookKind] = {module.KIND.name: module.KIND for module in WEBHOOK_MODULES}
ALL_KINDS: dict[str, Kind | WebhookKind] = {**KINDS, **WEBHOOK_KINDS}
