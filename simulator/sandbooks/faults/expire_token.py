"""Access token expired: the caller's access token ends its life; its refresh token still works."""

from __future__ import annotations

from sandbooks.faults.content import Content
from sandbooks.faults.fault import Effect, Firing, Kind
from sandbooks.kit.tokens import Tokens


def act(firing: Firing) -> Effect | None:
    exchange, token = firing.exchange, firing.content.token
    if token is None:
        return None
    with exchange.world.unit():
        Tokens(exchange.world, exchange.surface).spend(token)
    return Effect()


def carries_token(content: Content) -> bool:
    """Whether the request shows an access token."""
    return content.token is not None


def has_an_end(content: Content) -> bool:
    """Whether the request shows an access token that can come to its end: some are good until they are revoked."""
    return content.token is not None and content.token.expires is not None


KIND = Kind(name="expire_token", phases=("send", "deliver"), default_phase="send", act=act, concerns=has_an_end)
