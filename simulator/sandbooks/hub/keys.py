"""API keys, the daily quota and repeated requests: what stands before every operation of the hub.

Source: https://docs.codat.io/using-the-api/authentication, rate-limits, write-data/idempotency.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime, timedelta
from typing import Any

from sandbooks.hub import plan, profiles, records
from sandbooks.hub.errors import FORBIDDEN, TOO_MANY, HubRefusal
from sandbooks.hub.records import HUB
from sandbooks.hub.webhooks import emit
from sandbooks.hub.wire import refusal_reply
from sandbooks.kit.call import Call
from sandbooks.kit.limits import Window, by_token, overlapping, take
from sandbooks.kit.tokens import Tokens
from sandbooks.wire import Response
from sandbooks.world import World, instant

CLIENT = "client"
QUOTA_PER_COMPANY = 1000
AT_ONCE_PER_COMPANY = 10  # Source: https://docs.codat.io/using-the-api/rate-limits
DAY = 86_400
REPLAY_FOR = timedelta(minutes=90)
REPLAYS = "codat/idempotency"
API_KEYS_MAX = 10
REQUESTS_PER_MINUTE = 1000
QUOTA_TOLD = "codat/quota"
RESET = "sandbooks.hub.keys:tell_reset"


def api_key(world: World) -> str:
    """The first API key of this world's client, made when first asked for. Writes: call it in a unit of work."""
    key = world.ids.fixed_token("codat/api_key", length=40)
    issue(world, key)
    return key


def issue(world: World, key: str) -> None:
    """Make an API key known."""
    tokens = Tokens(world, HUB)
    value = encoded(key)
    if tokens.find("access", value) is None:
        grant = tokens.new_grant(client_id=CLIENT, scopes=(), companies=())
        tokens.issue("access", grant, lifetime=None, value=value)


def encoded(key: str) -> str:
    """The key as it stands in the header: base64 of the key alone."""
    return base64.b64encode(key.encode()).decode()


def admit(call: Call) -> None:
    """Turn the API key into a caller and draw on the daily quota."""
    scheme, _, value = call.header("Authorization").partition(" ")
    token = Tokens(call.world, HUB).find("access", value.strip())
    if token is None or scheme.lower() != ("bearer" if token.grant.companies else "basic"):
        raise HubRefusal(401, "Unauthorized")
    if token.grant.companies and call.args.get("company_id") not in token.grant.companies:
        raise HubRefusal(403, FORBIDDEN)
    if not token.is_live(call.world.clock.now()):
        raise HubRefusal(403, FORBIDDEN)
    call.token = token
    call.exchange.caller = CLIENT
    call.exchange.company = call.args.get("company_id", "")
    _let_browsers(call)
    plan.check_paid(call.world)
    _draw(call)


def _let_browsers(call: Call) -> None:
    """A browser's page may read the answer when its origin is one that the client allows."""
    if _is_allowed(call):
        call.reply_headers += [("Access-Control-Allow-Origin", call.header("Origin")), ("Vary", "Origin")]


def _is_allowed(call: Call) -> bool:
    origin = call.header("Origin")
    return bool(origin) and origin in records.setting(call.world, "allowed_origins", ())


def asks_first(call: Call) -> bool:
    """Whether a browser asks, before it sends a page's request, if it may."""
    return call.request.method == "OPTIONS" and bool(call.header("Access-Control-Request-Method"))


def let_browsers_ask(call: Call) -> Response:
    """Yes to the pages of an allowed origin; to others nothing is said, so that the browser sends nothing.

    Source: https://fetch.spec.whatwg.org (CORS-preflight); https://docs.codat.io/auth-flow/authorize-embedded-link (the
    origins are those that were registered). Unconfirmed: status and headers of the service's own answer.
    """
    if not _is_allowed(call):
        return Response(204)
    headers = [
        ("Access-Control-Allow-Origin", call.header("Origin")),
        ("Access-Control-Allow-Methods", call.header("Access-Control-Request-Method")),
        ("Vary", "Origin"),
    ]
    wanted = call.header("Access-Control-Request-Headers")
    return Response(204, (*headers, *([("Access-Control-Allow-Headers", wanted)] if wanted else [])))


def daily_quota(world: World) -> int:
    """How many requests a day the client has, by its active companies or by this world's own setting."""
    own: int | None = records.setting(world, "daily_quota")
    return own or QUOTA_PER_COMPANY * (1 + _active_companies(world))


def _active_companies(world: World) -> int:
    return int(records.setting(world, "active_companies", 0))


def _draw(call: Call) -> None:
    world = call.world
    most = daily_quota(world)
    quota = take(world, CLIENT, Window("codat-day", most, DAY))
    reset = instant((world.clock.micros() // (DAY * 1_000_000) + 1) * DAY * 1_000_000)
    call.reply_headers += [
        ("X-Rate-Limit-Limit", str(most)),
        ("X-Rate-Limit-Remaining", str(quota.remaining)),
        ("X-Rate-Limit-Reset", records.stamp(reset)),
    ]
    if quota.exceeded:
        _tell_exceeded(world, most, reset)
        raise HubRefusal(429, TOO_MANY, retry_after=quota.retry_after)
    # Unconfirmed: how long the service asks to wait, and what a client without an active company may send at once.
    if overlapping(call.exchange, by_token) > AT_ONCE_PER_COMPANY * max(1, _active_companies(world)):
        raise HubRefusal(429, TOO_MANY, retry_after=1)
    if profiles.on(world, "requests_per_minute"):
        minute = take(world, CLIENT, Window("codat-minute", REQUESTS_PER_MINUTE, 60))
        if minute.exceeded:
            raise HubRefusal(429, TOO_MANY, retry_after=minute.retry_after)


def _tell_exceeded(world: World, most: int, reset: datetime) -> None:
    """The first refusal of a day is an event; so is the end of that day."""
    if world.get(QUOTA_TOLD, CLIENT) == records.stamp(reset):
        return
    with world.unit():
        world.put(QUOTA_TOLD, CLIENT, records.stamp(reset))
        emit(world, "client.rateLimit.reached", _quota_payload(most, 0, reset))
        world.jobs.put(RESET, {}, due=reset)


def tell_reset(world: World, _: dict[str, Any]) -> None:
    """The job: a day's quota that had run dry is full again."""
    most = daily_quota(world)
    reset = instant((world.clock.micros() // (DAY * 1_000_000) + 1) * DAY * 1_000_000)
    with world.unit():
        emit(world, "client.rateLimit.reset", _quota_payload(most, most, reset))


def _quota_payload(most: int, remaining: int, reset: datetime) -> dict[str, Any]:
    return {"dailyQuota": most, "quotaRemaining": remaining, "expiryDate": records.stamp(reset)}


def once(run: Callable[[Call], Response], *, alone: bool = False) -> Callable[[Call], Response]:
    """The operation, with the first answer to an ``Idempotency-Key`` given again for 90 minutes.

    ``alone``: the operation asks no platform while its client waits. What it writes and its answer are then one unit of
    work, so that a client whose answer was lost is told it when it asks again. Others keep their answer themselves.
    """

    def repeated(call: Call) -> Response:
        key = call.header("Idempotency-Key").strip()
        if not key:
            return run(call)
        kept = call.world.get(REPLAYS, key)
        if kept is not None and call.world.clock.now() < instant(kept["at"]) + REPLAY_FOR:
            if kept["digest"] != _digest(call):
                raise HubRefusal(422, "The Idempotency-Key was used before with another request.")
            return _again(kept)
        try:
            with call.unit() if alone else nullcontext():
                answer = run(call)
                keep_answer(call, answer)
        except HubRefusal as refusal:
            answer = refusal_reply(call, refusal)
            keep_answer(call, answer)
        return answer

    return repeated


def keep_answer(call: Call, answer: Response) -> None:
    """Remember the answer to the call's ``Idempotency-Key``, if it has one. Belongs in the unit of what it answers."""
    key = call.header("Idempotency-Key").strip()
    if key and answer.status != 429 and not _is_open(answer):
        call.world.put(REPLAYS, key, _kept(call, _digest(call), answer))


def _is_open(answer: Response) -> bool:
    """An answer that says to ask again: the request has not come to its end, so its key is not spent."""
    return answer.status == 503 and bool(answer.header("Retry-After"))


def _digest(call: Call) -> str:
    shown = f"{call.request.method} {call.request.path}?{call.request.query}\n".encode()
    return hashlib.sha256(shown + call.request.body).hexdigest()


def _kept(call: Call, digest: str, answer: Response) -> dict[str, Any]:
    return {
        "at": call.world.clock.micros(),
        "digest": digest,
        "status": answer.status,
        "headers": [list(pair) for pair in answer.headers],
        "body": answer.body.decode("utf-8"),
    }


def _again(kept: dict[str, Any]) -> Response:
    return Response(kept["status"], tuple((n, v) for n, v in kept["headers"]), kept["body"].encode("utf-8"))


def revoke(world: World, key: str) -> None:
    """End an API key. Writes: call it in a unit of work."""
    tokens = Tokens(world, HUB)
    token = tokens.find("access", encoded(key))
    if token is not None:
        tokens.revoke(token.grant)
