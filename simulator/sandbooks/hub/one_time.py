"""One-time passwords of link URLs: six digits, good once and for a day.

A link without one works too, as the published example of a connection has it. Source: https://docs.codat.io/auth-flow/build-your-own
"""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import parse_qsl

from sandbooks.kit.call import Call
from sandbooks.world import World, instant

SCOPE = "codat/otp"
LIFETIME = timedelta(days=1)


def parameters(call: Call) -> dict[str, str]:
    """The parameters of a link, with those that an application put behind a second question mark."""
    return dict(parse_qsl(re.sub(r"(otp=\d*)\?", r"\1&", call.request.query)))


def issue(world: World, connection_id: str) -> str:
    """A new password for a connection's link; the one before it ends. Writes: call it in a unit of work."""
    number = world.ids.chance(f"codat/otp/{connection_id}/{world.ids.number('codat/otp')}").randrange(10**6)
    password = f"{number:06d}"
    world.put(SCOPE, connection_id, {"password": password, "at": world.clock.micros()})
    return password


def holds(call: Call, connection_id: str) -> bool:
    """Whether the password in the URL is good; True when the URL has none."""
    given = parameters(call).get("otp")
    if given is None:
        return True
    kept = call.world.get(SCOPE, connection_id)
    fresh = kept is not None and call.world.clock.now() < instant(kept["at"]) + LIFETIME
    return fresh and kept["password"] == given


def spend(call: Call, connection_id: str) -> None:
    """The link was used: its password is good no more. Writes: call it in a unit of work."""
    if "otp" in parameters(call):
        call.world.put(SCOPE, connection_id, None)
