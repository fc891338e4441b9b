"""RESTlets over HTTP: who answers at an address, what it is given, and how its answer goes back.

Source: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_4634920277.html (statuses),
section_4407966008.html (media types of body and answer)
Unconfirmed: the codes beside those statuses, and what a request without a media type is taken for.
"""

from __future__ import annotations

from typing import Any

from sandbooks.kit.call import Call, UnreadableBody, json_reply
from sandbooks.kit.errors import NotSimulated
from sandbooks.platforms.netsuite import restlets
from sandbooks.platforms.netsuite.api import answers
from sandbooks.platforms.netsuite.refusals import PermissionMissing, ScriptFailed, Unparsable
from sandbooks.wire import Response

ADDRESS = "/app/site/hosting/restlet.nl"
_JSON, _TEXT = "application/json", "text/plain"
# Source: public set-up notes of clients of RESTlets (the permission that a role needs)
PERMISSION = "Setup -> SuiteScript"


def run(call: Call) -> Response:
    """``/app/site/hosting/restlet.nl?script=…&deploy=…``: what the account deployed there."""
    if PERMISSION in call.company.settings.get("role_lacks", ()):
        raise PermissionMissing(PERMISSION)
    place = {name: call.query.get(name) or "" for name in ("script", "deploy")}
    for name, value in place.items():
        if not value:
            raise ScriptFailed("SSS_MISSING_REQD_ARGUMENT", f"Missing a required argument: {name}")
    function = restlets.deployed(call.company, **place)
    script = restlets.Script(call, _body(call))
    with call.unit():
        return _answer(call, function(script))


def _answer(call: Call, given: Any) -> Response:
    if isinstance(given, str):
        return Response(200, (("Content-Type", f"{_TEXT}; charset=utf-8"),), given.encode())
    if call.content_type == _TEXT:
        # Source: public threads that quote this code and sentence
        raise ScriptFailed("INVALID_RETURN_DATA_FORMAT", "Invalid data format. You should return TEXT.")
    return json_reply(given)


def _body(call: Call) -> Any:
    if call.request.method in ("GET", "DELETE"):
        if call.request.body and call.request.method == "GET":
            raise ScriptFailed("UNEXPECTED_ERROR", "A GET request has no body.")
        return None
    if call.content_type == _JSON:
        return answers.json_of(call)
    if call.content_type in ("", _TEXT):
        try:
            return call.body.decode()
        except (UnreadableBody, UnicodeDecodeError) as error:
            raise Unparsable("The request body is not text.") from error
    if call.content_type == "application/xml":
        raise NotSimulated("RESTlets that take XML", instead=f"{_JSON}, {_TEXT}")
    raise ScriptFailed("UNSUPPORTED_MEDIA_TYPE", f"Unsupported Content-Type: {call.content_type[:60]}", 415)
