"""Asynchronous requests: acknowledged at once, worked at later.

A request that names a policy is put in a queue. What its functions come to stands on the tape, as an exchange of its
own, and goes to the address of the policy over a new connection, where the company's setting gives the policy one.
Source: developer.intacct.com/web-services/sync-vs-async; github.com/Intacct/intacct-sdk-php (OfflineResponse)
"""

from __future__ import annotations

import base64
import re
from datetime import timedelta
from typing import Any

from sandbooks.kit.call import Call
from sandbooks.kit.outbox import Subscription, send
from sandbooks.platforms.sage_intacct.gateway import replies
from sandbooks.platforms.sage_intacct.gateway.envelope import Control
from sandbooks.platforms.sage_intacct.refusals import RequestMalformed
from sandbooks.wire import Request, Response
from sandbooks.world import World

RUN = "sandbooks.platforms.sage_intacct.gateway.deferred:run"
CHARACTERS_MAX = 500_000
# Unconfirmed: how long a request waits in the queue.
WAIT = timedelta(seconds=2)
_POLICY = re.compile(rb"<policyid\s*>.*?</policyid\s*>", re.DOTALL)


def acknowledge(call: Call, control: Control) -> Response:
    """Put a request in the queue. Raises ``RequestMalformed`` for one that is too long for it."""
    if len(call.body) > CHARACTERS_MAX:
        raise RequestMalformed(f"an asynchronous request has at most {CHARACTERS_MAX} characters")
    request = call.request
    body = {
        "url": request.url,
        "headers": [[name, value] for name, value in request.headers if name.lower() not in _ABOUT_BODY],
        "body": base64.b64encode(_POLICY.sub(b"", call.body, count=1)).decode("ascii"),
        "exchange": call.exchange.number,
        "company": call.company.id,
        "policy": control.policy,
        "address": _address(call, control.policy),
    }
    with call.unit():
        call.world.jobs.put(RUN, body, due=call.world.clock.now() + WAIT)
    return replies.acknowledgement(control)


def _address(call: Call, policy: str) -> str:
    """Where the answers of a policy go; empty where the company's setting only names it."""
    policies = call.company.settings.get("transport_policies")
    return str(policies.get(policy) or "") if isinstance(policies, dict) else ""


_ABOUT_BODY = ("content-length", "content-encoding")


def run(world: World, body: dict[str, Any]) -> None:
    """The job: the request goes its way as one that waits for its answer would."""
    headers = tuple((name, value) for name, value in body["headers"])
    request = Request("POST", body["url"], headers, base64.b64decode(body["body"]))
    answer = world.call(request, actor="queue", parent=body["exchange"])
    if body.get("address") and isinstance(answer, Response):
        _tell(world, body, answer)


def _tell(world: World, body: dict[str, Any], answer: Response) -> None:
    """Send what the functions came to to the address of the policy."""
    # Source: developer.intacct.com/web-services/requests (policyid). Unconfirmed: whether it is tried again; here not.
    policy = Subscription(
        id=body["policy"], platform="sage_intacct", url=body["address"], secret="", company=body["company"]
    )
    with world.unit():
        send(world, policy, event="asynchronous", headers=(replies.CONTENT_TYPE,), body=answer.body)
