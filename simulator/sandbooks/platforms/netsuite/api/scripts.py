"""RESTlets over HTTP: who answers at an address, what it is given, and how its answer goes back.

The media type of a request is that of its answer too: JSON carries any value, text and XML what the script made a
string or a document of. A request that names none is text, and needs one where it has a body.
Source: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_4634920277.html (statuses),
section_4619215993.html (the three media types, their spelling, 415 without one), section_4407966008.html (what a script
is given), section_0618021129.html (answers in a media type of the script's own); a public client of RESTlets, tried
against an account (the error of an object where the request named no media type)
Unconfirmed: the codes beside those statuses; that the object which XML becomes is its document.
"""

from __future__ import annotations

from typing import Any

from sandbooks.kit.call import Call, UnreadableBody, json_reply
from sandbooks.platforms.netsuite import restlets
from sandbooks.platforms.netsuite.api import answers
from sandbooks.platforms.netsuite.refusals import PermissionMissing, ScriptFailed, Unparsable
from sandbooks.wire import Response

ADDRESS = "/app/site/hosting/restlet.nl"
_JSON, _TEXT, _XML = "application/json", "text/plain", "application/xml"
_CALLED = {_TEXT: "TEXT", _XML: "XML"}
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
    media = _media(call)
    script = restlets.Script(call, _body(call, media))
    with call.unit():
        return _answer(media, function(script))


def _media(call: Call) -> str:
    """The media type of a request and of its answer, which is spelt in lower case."""
    named = call.header("Content-Type").partition(";")[0].strip()
    if named in (_JSON, _TEXT, _XML):
        return named
    if named or call.request.body:
        raise ScriptFailed("UNSUPPORTED_MEDIA_TYPE", f"Unsupported Content-Type: {named[:60] or 'none'}", 415)
    return _TEXT


def _answer(media: str, given: Any) -> Response:
    if isinstance(given, restlets.Reply):
        return Response(200, (("Content-Type", given.media),), given.content.encode())
    if media == _XML and not isinstance(given, str):
        given = _written(given)
    if isinstance(given, str):
        return Response(200, (("Content-Type", f"{media}; charset=utf-8"),), given.encode())
    if media != _JSON:
        # Source: public threads that quote this code, and this sentence of text
        raise ScriptFailed("INVALID_RETURN_DATA_FORMAT", f"Invalid data format. You should return {_CALLED[media]}.")
    return json_reply(given)


def _body(call: Call, media: str) -> Any:
    if call.request.method in ("GET", "DELETE"):
        if call.request.body and call.request.method == "GET":
            raise ScriptFailed("UNEXPECTED_ERROR", "A GET request has no body.")
        return None
    if media == _JSON:
        return answers.json_of(call)
    try:
        return _document(call.body) if media == _XML else call.body.decode()
    except (UnreadableBody, UnicodeDecodeError, SyntaxError) as error:
        raise Unparsable(f"The request body is not {_CALLED[media].lower()}.") from error


def _document(body: bytes) -> Any:
    """The root element of XML; nothing outside it is read. Raises ``SyntaxError``."""
    from lxml import etree  # only a script that is given XML pays for it

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return etree.fromstring(body, parser)


def _written(given: Any) -> Any:
    """An element as a document; anything else as it is."""
    from lxml import etree  # only a script that answers XML pays for it

    return etree.tostring(given, encoding="unicode", with_tail=False) if etree.iselement(given) else given
