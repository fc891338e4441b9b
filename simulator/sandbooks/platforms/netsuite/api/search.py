"""SuiteQL over HTTP: a query in, a page of rows out; every value is text, null columns are left out.

Source: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_157909186990.html
"""

from __future__ import annotations

from typing import Any

from sandbooks.kit.call import Call
from sandbooks.platforms.netsuite.api import answers
from sandbooks.platforms.netsuite.api.paging import check_parameters, collection, page_of, part
from sandbooks.platforms.netsuite.refusals import BadHeader, BadParameter
from sandbooks.wire import Response

PATH = "/services/rest/query/v1/suiteql"


def suiteql(call: Call) -> Response:
    """``POST /query/v1/suiteql`` with ``Prefer: transient``."""
    from sandbooks.platforms.netsuite.suiteql import run  # 50 ms to import: only a query pays for it

    # A query that is asked for asynchronously is transient too: nothing else can become of it.
    if not (answers.prefers(call, "transient") or answers.prefers(call, "respond-async")):
        # Unconfirmed: the code; the header is documented as required.
        raise BadHeader("The required request header 'Prefer' is missing or invalid. Use 'transient'.", "Prefer")
    check_parameters(call, ("limit", "offset"))
    page = page_of(call)
    body = answers.body_of(call)
    query = body.get("q")
    if not isinstance(query, str) or not query.strip():
        raise BadParameter("The request body must have the query in 'q'.", "q")
    found = run(call.company, query, lag=call.exchange.lag)
    items = [_item(found.columns, row) for row in part(found.rows, page)]
    return answers.collection(collection(call, PATH, page, items=items, total=len(found.rows)))


def _item(columns: tuple[str, ...], row: tuple[str | None, ...]) -> dict[str, Any]:
    item: dict[str, Any] = {"links": []}
    item.update((name, value) for name, value in zip(columns, row, strict=True) if value is not None)
    return item
