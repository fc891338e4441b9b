"""SuiteQL and saved datasets over HTTP: a query in, a page of rows out; every value is text, null columns are left out.

Source: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_157909186990.html (SuiteQL),
section_156577938018.html (datasets)
Unconfirmed: that the values of a dataset are text as those of SuiteQL are.
"""

from __future__ import annotations

from typing import Any

from sandbooks.kit.call import Call
from sandbooks.platforms.netsuite import datasets, rendering
from sandbooks.platforms.netsuite.access import check_analytics
from sandbooks.platforms.netsuite.api import answers
from sandbooks.platforms.netsuite.api.paging import Page, check_parameters, collection, page_of, part
from sandbooks.platforms.netsuite.refusals import BadHeader, BadParameter
from sandbooks.platforms.netsuite.schema import TYPES
from sandbooks.wire import Response

PATH = "/services/rest/query/v1/suiteql"
DATASETS = "/services/rest/query/v1/dataset"


def suiteql(call: Call) -> Response:
    """``POST /query/v1/suiteql`` with ``Prefer: transient``."""
    # A query that is asked for asynchronously is transient too: nothing else can become of it.
    if not (answers.prefers(call, "transient") or answers.prefers(call, "respond-async")):
        # Unconfirmed: the code; the header is documented as required.
        raise BadHeader("The required request header 'Prefer' is missing or invalid. Use 'transient'.", "Prefer")
    check_analytics(call)
    check_parameters(call, ("limit", "offset"))
    page = page_of(call)
    body = answers.body_of(call)
    query = body.get("q")
    if not isinstance(query, str) or not query.strip():
        raise BadParameter("The request body must have the query in 'q'.", "q")
    return _rows(call, PATH, page, query)


def list_datasets(call: Call) -> Response:
    """``GET /query/v1/dataset``: what can be run, by id and name.

    Source: github.com/activepieces/activepieces pull 11172 (a paged collection, whose items have id and name)
    """
    check_analytics(call)
    check_parameters(call, ("limit", "offset"))
    page, every = page_of(call), datasets.saved(call.company)
    items = [
        {"links": [rendering.link(call, f"{DATASETS}/{each.id}")], "id": each.id, "name": each.name}
        for each in part(every, page)
    ]
    return answers.collection(collection(call, DATASETS, page, items=items, total=len(every)))


def run_dataset(call: Call) -> Response:
    """``GET /query/v1/dataset/{id}/result``: its rows. Those with the internal id of a record that is no transaction
    link to it."""
    check_analytics(call)
    check_parameters(call, ("limit", "offset"))
    found = datasets.dataset(call.company, call.args["id"])
    type = TYPES.get(found.record_type)
    linked = type.name if type is not None and not type.is_transaction else ""
    return _rows(call, f"{DATASETS}/{found.id}/result", page_of(call), found.query, linked=linked)


def _rows(call: Call, path: str, page: Page, query: str, *, linked: str = "") -> Response:
    from sandbooks.platforms.netsuite.suiteql import run  # 50 ms to import: only a query pays for it

    found = run(call.company, query, lag=call.exchange.lag)
    items = [_item(found.columns, row) for row in part(found.rows, page)]
    for item in items if linked else ():
        if "id" in item:
            item["links"] = [rendering.link(call, f"{rendering.ROOT}/{linked}/{item['id']}")]
    return answers.collection(collection(call, path, page, items=items, total=len(found.rows)))


def _item(columns: tuple[str, ...], row: tuple[str | None, ...]) -> dict[str, Any]:
    item: dict[str, Any] = {"links": []}
    item.update((name, value) for name, value in zip(columns, row, strict=True) if value is not None)
    return item
