"""Request quotas on the world's clock, with each platform's own numbers.

A window counts in fixed slices of its length, as most gateways do. ``limits: off`` in a world's settings admits all.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from sandbooks.wire import Request
from sandbooks.world import Exchange, World


class Window(Struct, frozen=True):
    """At most ``most`` requests in each ``seconds``."""

    name: str
    most: int
    seconds: int


class Quota(Struct, frozen=True):
    """What is left of a window after this request. ``retry_after`` (seconds) counts when ``exceeded``."""

    window: Window
    remaining: int
    exceeded: bool
    retry_after: int


def take(world: World, key: str, window: Window) -> Quota:
    """Draw one request from a window; ``key`` says whose (an organisation, an application)."""
    now = world.clock.micros() // 1_000_000
    start = now - now % window.seconds
    if world.get("settings", "limits") == "off":  # no quota runs dry, nor does any answer say that one has
        return Quota(window, window.most, exceeded=False, retry_after=start + window.seconds - now)
    scope = f"limit/{window.name}"
    kept = world.get(scope, key) or [start, 0]
    used = kept[1] if kept[0] == start else 0
    exceeded = used >= window.most
    if not exceeded:
        used += 1
        world.put(scope, key, [start, used])
    return Quota(window, max(0, window.most - used), exceeded, start + window.seconds - now)


def refund(world: World, key: str, window: Window) -> None:
    """Give one request back (a request that turned out not to count)."""
    kept = world.get(f"limit/{window.name}", key)
    if kept and kept[1]:
        world.put(f"limit/{window.name}", key, [kept[0], kept[1] - 1])


def by_token(request: Request) -> object:
    """Who asks, as far as a request tells before it is admitted: the bearer of its credential."""
    return request.header("Authorization")


def overlapping(exchange: Exchange, caller: Callable[[Request], object]) -> int:
    """How many requests of one caller are under way together, this one included; 1 in a world without limits.

    A client that sends one request after the other never has more than one. ``caller`` says whose a request is.
    """
    if not exchange.beside or exchange.world.get("settings", "limits") == "off":
        return 1
    own = caller(exchange.request)
    return 1 + sum(caller(other) == own for other in exchange.beside)
