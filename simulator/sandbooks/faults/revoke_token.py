"""Consent withdrawn: the customer takes back what the caller's tokens rest on."""

from __future__ import annotations

from sandbooks.faults.expire_token import carries_token
from sandbooks.faults.fault import Effect, Firing, Kind
from sandbooks.faults.parameters import Parameter
from sandbooks.kit.tokens import Tokens


def act(firing: Firing) -> Effect | None:
    exchange, token, what = firing.exchange, firing.content.token, firing.parameter("what")
    if token is None:
        return None
    tokens = Tokens(exchange.world, exchange.surface)
    with exchange.world.unit():
        if what == "consent":
            tokens.revoke(token.grant)
        elif what == "access_token":
            tokens.withdraw(token)
        else:
            for refresh in tokens.of_grant(token.grant.id):
                if refresh.kind == "refresh":
                    tokens.withdraw(refresh)
    return Effect(note=what)


KIND = Kind(
    name="revoke_token",
    phases=("send", "deliver"),
    default_phase="send",
    parameters={
        "what": Parameter(type="string", default="consent", choices=("consent", "refresh_token", "access_token"))
    },
    act=act,
    concerns=carries_token,
)
