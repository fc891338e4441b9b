"""The query endpoint: the statement in the URL or as the body."""

from __future__ import annotations

from sandbooks.kit.call import Call
from sandbooks.kit.surface import Operation
from sandbooks.platforms.quickbooks_online import refusals as no
from sandbooks.platforms.quickbooks_online.query import answer
from sandbooks.platforms.quickbooks_online.realm import Realm
from sandbooks.platforms.quickbooks_online.wire.replies import body_of, reply
from sandbooks.wire import Response


def query(call: Call) -> Response:
    """Answer a statement."""
    found = answer(Realm(call.company), _statement(call), lag=call.exchange.lag)
    return reply(call, {"QueryResponse": found})


def _statement(call: Call) -> str:
    """The statement: parameter ``query``, form field ``query``, or the body as text. JSON is not taken."""
    if call.query.get("query"):
        return str(call.query["query"])
    text = body_of(call).decode("utf-8")
    if call.content_type == "application/x-www-form-urlencoded" and "query" in call.form:
        text = call.form["query"]
    if not text.strip():
        raise no.RequiredMissing("query")
    return text


OPERATIONS = (
    Operation("query", "GET", "/v3/company/<realm>/query", query),
    Operation("query_by_post", "POST", "/v3/company/<realm>/query", query),
)
