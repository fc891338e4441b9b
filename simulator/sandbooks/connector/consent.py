"""Who may do what in a company, and until when: application, consent, typed credentials."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from msgspec import Struct, field


class Application(Struct, frozen=True, kw_only=True):
    """The hub's registration with a platform."""

    client_id: str
    client_secret: str
    redirect_uri: str


class Consent(Struct, frozen=True, kw_only=True):
    """What a company's consent gave. ``company`` is the native id of the one company that this connection is for
    (realm, tenant, organisation); it is pinned when the consent is given and never changes.

    ``facts`` hold what else the platform needs with each request (a region host, a subdomain).
    """

    company: str
    access_token: str
    refresh_token: str = ""
    access_expires: datetime.datetime | None = None
    refresh_expires: datetime.datetime | None = None
    facts: Mapping[str, str] = field(default_factory=dict)


class Asked(Struct, frozen=True, kw_only=True):
    """One thing that a user types in to sign in; ``secret``: it is not shown while it is typed."""

    name: str
    label: str
    secret: bool = False
