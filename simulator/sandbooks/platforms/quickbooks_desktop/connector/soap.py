"""The hub as a web service of the QuickBooks Web Connector: what its SOAP calls say, and how they are answered.

Knows SOAP and the callbacks' names, nothing of what is fetched.
Source: QuickBooks Web Connector Programmer's Guide (callbacks); github.com/johnballantyne/qbws lib/qbws.wsdl.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from xml.sax.saxutils import escape

from lxml import etree

from sandbooks.connector import Failure, Heard, NeedsConsent, Refused, Told, Unavailable
from sandbooks.wire import Response

NAMESPACE = "http://developer.intuit.com/"
ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
VERSION = "1.0"
HRESULT = "X-HRESULT"
# The documents were read and are lawful no's: the same document would be refused again.
# Source: Programmer's Guide (0x80040400). Unconfirmed: 0x80040423 and 0x80040413.
FOR_GOOD = ("0x80040400", "0x80040413", "0x80040423")
# The company's user has not let this application in, or no longer does.
# Source: texts quoted in public threads of github.com/consolibyte/quickbooks-php and skryl/qbwc
NOT_LET_IN = ("0x80040418", "0x8004041A", "0x8004041D", "0x80040420")

_CONTENT = (("Content-Type", "text/xml; charset=utf-8"),)
_WORDS: Mapping[str, str] = {"none": "none", "refused": "nvu", "work": ""}


def heard(body: bytes) -> Heard:
    """What a call says. Raises ``Refused``."""
    call = _call(body)
    name = etree.QName(call).localname
    given = {etree.QName(part).localname: "".join(map(str, part.itertext())) for part in call.iterchildren("*")}
    ticket = given.get("ticket", "")
    match name:
        case "serverVersion" | "getServerVersion" | "clientVersion":
            return Heard(word="greeting", call=name)
        case "authenticate":
            user, password = given.get("strUserName", ""), given.get("strPassword", "")
            return Heard(word="sign_in", call=name, user=user, password=password)
        case "sendRequestXML":
            return Heard(word="fetch", call=name, ticket=ticket)
        case "receiveResponseXML":
            return Heard(word="answer", call=name, ticket=ticket, answer=_answer(given))
        case "connectionError":
            return Heard(word="trouble", call=name, ticket=ticket, failure=_trouble(given))
        case "getLastError":
            return Heard(word="last_error", call=name, ticket=ticket)
        case "closeConnection":
            return Heard(word="end", call=name, ticket=ticket)
    raise Refused(f"there is no method {name[:60]}", native_code="Client")


def _call(body: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    try:
        root = etree.fromstring(body.strip(), parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise Refused("the request is not XML", native_code="Client") from error
    inner = root.find(f"{{{ENVELOPE}}}Body")
    enveloped = root.tag == f"{{{ENVELOPE}}}Envelope" and inner is not None
    call: etree._Element | None = next(inner.iterchildren("*"), None) if enveloped and inner is not None else None
    if call is None:
        raise Refused("the request is no SOAP 1.1 envelope with a call", native_code="Client")
    return call


def _answer(given: Mapping[str, str]) -> Response:
    """What came of a document: QuickBooks' answer, or the HRESULT by which it could not be run."""
    code = given.get("hresult", "").strip()
    if not code:
        return Response(200, _CONTENT, given.get("response", "").encode("utf-8"))
    status = 400 if _normal(code) in FOR_GOOD else 503
    return Response(status, ((HRESULT, _normal(code)),), given.get("message", "").encode("utf-8"))


def _trouble(given: Mapping[str, str]) -> Failure:
    code, text = _normal(given.get("hresult", "").strip()), given.get("message", "").strip()
    said = f"QuickBooks cannot be reached: {text or 'no reason was given'} ({code})"
    return NeedsConsent(said) if code in NOT_LET_IN else Unavailable(said)


def _normal(code: str) -> str:
    """An HRESULT as it is usually written: ``0x8004041A``."""
    return f"0x{code[2:].upper()}" if code[:2].lower() == "0x" else code


def told(heard: Heard, told: Told) -> Response:
    """The answer to a call."""
    match heard.word:
        case "greeting":
            return _text(heard.call, VERSION if heard.call != "clientVersion" else "")
        case "sign_in":
            return _strings(heard.call, (told.ticket, _WORDS[told.state]))
        case "fetch":
            return _text(heard.call, told.document.decode("utf-8"))
        case "answer":
            return _text(heard.call, str(told.percent))
        case "trouble":
            return _text(heard.call, "done")
        case "last_error" | "end":
            return _text(heard.call, told.text)


def misheard(refused: Refused) -> Response:
    """A SOAP fault."""
    inner = (
        f"<soap:Fault><faultcode>soap:{escape(refused.native_code or 'Client')}</faultcode>"
        f"<faultstring>{escape(refused.message)}</faultstring></soap:Fault>"
    )
    return _enveloped(inner, status=500)


def _text(call: str, text: str) -> Response:
    return _answered(call, escape(text))


def _strings(call: str, texts: Iterable[str]) -> Response:
    return _answered(call, "".join(f"<string>{escape(text)}</string>" for text in texts))


def _answered(call: str, inner: str) -> Response:
    result = f"<{call}Result>{inner}</{call}Result>" if inner else f"<{call}Result />"
    return _enveloped(f'<{call}Response xmlns="{NAMESPACE}">{result}</{call}Response>')


def _enveloped(inner: str, *, status: int = 200) -> Response:
    text = (
        f'<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="{ENVELOPE}"><soap:Body>{inner}</soap:Body>'
        "</soap:Envelope>"
    )
    return Response(status, _CONTENT, text.encode("utf-8"))
