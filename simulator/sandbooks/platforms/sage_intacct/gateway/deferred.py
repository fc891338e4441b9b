"""Asynchronous requests: acknowledged at once, worked at later.

A request that names a policy is put in a queue. What its functions come to is told to the policy's own address in the
product, which is none of the gateway's; here it stands on the tape, as an exchange of its own.
Source: developer.intacct.com/web-services/sync-vs-async; github.com/Intacct/intacct-sdk-php (OfflineResponse)
"""

from __future__ import annotations

import base64
import re
from datetime import timedelta
from typing import Any

from sandbooks.kit.call import Call
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
    }
    with call.unit():
        call.world.jobs.put(RUN, body, due=call.world.clock.now() + WAIT)
    return replies.acknowledgement(control)


_ABOUT_BODY = ("content-length", "content-encoding")


def run(world: World, body: dict[str, Any]) -> None:
    """The job: the request goes its way as one that waits for its answer would."""
    headers = tuple((name, value) for name, value in body["headers"])
    request = Request("POST", body["url"], headers, base64.b64decode(body["body"]))
    world.call(request, actor="queue", parent=body["exchange"])
