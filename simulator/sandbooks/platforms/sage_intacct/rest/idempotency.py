"""Idempotency keys: a request that is sent again with its key is answered as it was, and does nothing twice.

Source: developer.sage.com/intacct (preventing duplicate requests: cached for 48 hours, kept for 60 days, 409 for
another request with the same key). Unconfirmed: that a failure is kept too, as the page says; here it is not.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta

from sandbooks.kit.call import Call
from sandbooks.platforms.sage_intacct.refusals import KeyReused
from sandbooks.wire import Response

USED = "sage_intacct/idempotency_key"
CACHED, KEPT = timedelta(hours=48), timedelta(days=60)
_LONGEST = 256


def once(call: Call, run: Callable[[], Response]) -> Response:
    """The answer of a request, which is made once for each key. Raises ``KeyReused``."""
    key = call.header("Idempotency-Key")[:_LONGEST]
    if not key:
        return run()
    held = f"{call.company.id}/{call.exchange.caller}/{key}"
    now = call.world.clock.now()
    kept = call.world.get(USED, held)
    if kept is not None and now - datetime.fromisoformat(kept["at"]) < KEPT:
        return _again(key, kept, _digest(call), now)
    with call.unit():
        answer = run()
        body = base64.b64encode(answer.body).decode("ascii")
        found = {"at": now.isoformat(), "request": _digest(call), "status": answer.status, "body": body}
        call.world.put(USED, held, {**found, "headers": [list(pair) for pair in answer.headers]})
    return Response(answer.status, (*answer.headers, ("Idempotency-Key", key)), answer.body)


def _digest(call: Call) -> str:
    told = f"{call.request.method} {call.request.path}\n".encode() + call.request.body
    return hashlib.sha256(told).hexdigest()


def _again(key: str, kept: dict[str, object], digest: str, now: datetime) -> Response:
    at = datetime.fromisoformat(str(kept["at"]))
    if kept["request"] != digest or now - at >= CACHED:
        raise KeyReused(key[:100])
    headers = kept["headers"] if isinstance(kept["headers"], list) else []
    told = (("Idempotency-Key", key), ("x-ia-idempotency-cached-date", at.strftime("%Y-%m-%dT%H:%M:%SZ")))
    body = base64.b64decode(str(kept["body"]))
    return Response(int(str(kept["status"])), (*((name, value) for name, value in headers), *told), body)
