"""Repeatable writes: the query parameter ``requestid`` gives the first answer again.

Source: https://developer.intuit.com/app/developer/qbo/docs/develop/rest-api-features (idempotent requests)
Unconfirmed: how long an id is remembered (here: for ever), and what another body with the same id gets.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable

from sandbooks.kit.call import Call
from sandbooks.platforms.quickbooks_online import refusals as no
from sandbooks.platforms.quickbooks_online.switches import switch
from sandbooks.wire import Response

_MOST = 50


def once(call: Call, run: Callable[[], Response]) -> Response:
    """The stored answer of a request id, else the answer of ``run``, stored in the same unit as its writes."""
    id = call.query.get("requestid")
    if id is None:
        return run()
    if not 0 < len(id) <= _MOST:
        raise no.RequestIdFormat(id[:80])
    scope = f"quickbooks_online/{call.company.id}/requestid"
    kept = call.world.get(scope, id)
    fingerprint = hashlib.sha256(call.request.body).hexdigest()
    if kept is not None:
        strict = switch(call.company.settings, "requestid_reuse") == "refused"
        if kept["path"] != call.operation.name or (strict and kept["body"] != fingerprint):
            raise no.RequestIdConflict(id)
        return Response(kept["status"], tuple((n, v) for n, v in kept["headers"]), base64.b64decode(kept["answer"]))
    response = run()
    told = {
        "path": call.operation.name,
        "body": fingerprint,
        "status": response.status,
        "headers": [list(pair) for pair in response.headers],
        "answer": base64.b64encode(response.body).decode("ascii"),
    }
    call.world.put(scope, id, told)
    return response
