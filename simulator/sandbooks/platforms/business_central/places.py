"""The places in which requests of a user are worked at: five. Who finds none free waits until one is.

Requests to one world run one after the other. What is told here is when each would have begun, had five been worked at
together: from the instant at which it came, and how long those before it took on the world's clock. So a request waits
where five others are slow, and for the first of them alone; what is fast costs nobody any time.
Source: https://learn.microsoft.com/dynamics365/business-central/dev-itpro/administration/operational-limits-online
"""

from __future__ import annotations

from msgspec import Struct

from sandbooks.kit.call import Call
from sandbooks.kit.limits import overlapping
from sandbooks.kit.tokens import Tokens
from sandbooks.wire import Request

PLATFORM = "business_central"
PLACES = 5
CONNECTIONS = 100
_KEPT = "business_central/places"


class Place(Struct):
    """What one place is, or was last, taken up with. Instants are microseconds.

    ``begun`` and ``until`` are those of five that are worked at together; ``since`` and ``left`` are those of its turn.
    """

    exchange: int
    begun: int
    until: int
    since: int
    left: int


def under_way(call: Call) -> int:
    """How many requests of the caller's are under way together, this one included."""

    def user(request: Request) -> str:
        scheme, _, value = request.header("Authorization").partition(" ")
        found = Tokens(call.world, PLATFORM).find("access", value.strip()) if scheme.lower() == "bearer" else None
        return found.grant.user if found else ""

    if "under_way" not in call.facts:
        call.facts["under_way"] = overlapping(call.exchange, user)
    return int(call.facts["under_way"])


def own(call: Call) -> Place | None:
    """The place that a request has, if it has one by now."""
    return next((place for place in _of_user(call) if place.exchange == call.exchange.number), None)


def begins(call: Call) -> int:
    """When a request without a place begins: held up on its way as long as it was, and where a place is free."""
    reached, places = call.exchange.reached, _of_user(call)
    there = call.exchange.came + (call.world.clock.micros() - reached[0][1] if reached else 0)
    free = min(place.until for place in places) if len(places) == PLACES else there
    return free if free > there and call.world.get("settings", "limits") != "off" else there


def take(call: Call, begun: int) -> Place:
    """Give a request the place that is free, or free first."""
    places, now = _of_user(call), call.world.clock.micros()
    if len(places) == PLACES:
        places.remove(min(places, key=lambda place: place.until))
    taken = Place(exchange=call.exchange.number, begun=begun, until=begun, since=now, left=now)
    places.append(taken)
    return taken


def leave(call: Call, place: Place) -> None:
    """A request has been worked at until now; held back and run again, it keeps its place."""
    place.left = call.world.clock.micros()
    place.until = place.begun + place.left - place.since


def _of_user(call: Call) -> list[Place]:
    """The places of the caller, as this process knows them: no image of a world holds them, nor a clock put back."""
    by_user: dict[str, list[Place]] = call.world.local.setdefault(_KEPT, {})
    kept, now = by_user.setdefault(call.exchange.caller, []), call.world.clock.micros()
    kept[:] = [place for place in kept if place.left <= now]
    return kept
