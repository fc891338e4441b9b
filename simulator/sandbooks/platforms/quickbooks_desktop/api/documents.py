"""Single qbXML documents: what the Web Connector hands to the request processor, and a door to try documents out."""

from __future__ import annotations

from sandbooks.kit.call import Call, UnreadableBody
from sandbooks.kit.surface import Operation
from sandbooks.platforms.quickbooks_desktop.engine import Engine
from sandbooks.platforms.quickbooks_desktop.hresults import PARSE_FAILED, SITUATIONS, hresult
from sandbooks.platforms.quickbooks_desktop.switches import switch
from sandbooks.wire import Response

SESSION_HEADER = "X-Web-Connector-Session"


def run_document(call: Call) -> Response:
    """Run one document over the company file. The file must be open and usable."""
    check_usable(call)
    try:
        body = call.body
    except UnreadableBody as error:
        raise hresult(PARSE_FAILED, str(error)) from error
    text = Engine(call, call.header(SESSION_HEADER) or "direct").run(body)
    return Response(200, (("Content-Type", "text/xml; charset=utf-8"),), text.encode())


def check_usable(call: Call) -> None:
    """Refuse with the HRESULT of what is the matter with the company file, if anything is."""
    code = SITUATIONS.get(str(switch(call.company, "file_state")), "")
    if code:
        raise hresult(code)


OPERATIONS = (
    # What may change the file and what only reads it have doors of their own, so that faults can tell them apart.
    Operation("run_qbxml", "POST", "/qbxml", run_document, writes=True),
    Operation("change_company_file", "POST", "/qbxml/change", run_document, writes=True),
    Operation("query_company_file", "POST", "/qbxml/query", run_document),
)
