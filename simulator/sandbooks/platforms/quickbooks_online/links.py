"""Download links of files: they need no token and live fifteen minutes."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from sandbooks.kit.company import Company
from sandbooks.world import World

LIFETIME = timedelta(seconds=900)


def link(company: Company, id: str) -> str:
    """The link to a file as the client of the present exchange can reach it; empty outside of one."""
    if company.exchange is None:
        return ""
    expires = int((company.world.clock.now() + LIFETIME).timestamp())
    signed = signature(company.world, id, expires)
    return f"{company.exchange.base_url}/v3/file/{company.id}/{id}?expires={expires}&sign={signed}"


def signature(world: World, id: str, expires: int) -> str:
    """What makes a link valid until an instant (seconds since 1970)."""
    secret = world.ids.digest("quickbooks_online/download").hex()
    return hashlib.sha256(f"{secret}/{id}/{expires}".encode()).hexdigest()[:32]
