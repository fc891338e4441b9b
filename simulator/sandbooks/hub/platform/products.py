"""The products that are enabled for a company.

Source: github.com/codatio/oas, yaml/Codat-Platform.yaml (add-product, CompanyProductWebhook).
"""

from __future__ import annotations

from typing import Any

import msgspec

from sandbooks.hub import companies, data, records, wire
from sandbooks.hub.errors import Item, bad_request, not_found, not_valid
from sandbooks.hub.webhooks import emit
from sandbooks.kit.call import Call
from sandbooks.wire import Response

# Unconfirmed: the whole list of identifiers; custom products have names of the client's own and are not simulated.
NAMES = {
    "accounting": "Accounting",
    "bank-feeds": "Bank Feeds",
    "banking": "Banking",
    "commerce": "Commerce",
    "expenses": "Expenses",
    "lending": "Lending",
    "payables": "Bill Pay",
    "spend-insights": "Spend Insights",
}
# Source: github.com/codatio/oas, yaml/Codat-Platform.yaml (refresh-product-data, examples of 400). Unconfirmed: which
# products beside Bank Feeds read nothing.
WITHOUT_DATA = ("bank-feeds",)
MORE = "For more information, refer to your solution\u2019s documentation [here](https://docs.codat.io)."
READ_IN_PROGRESS = (
    "Data cannot be refreshed while a read operation is in progress. Allow the read to complete before attempting to"
    " refresh."
)


class Refresh(msgspec.Struct, forbid_unknown_fields=True):
    dataTypes: list[str] | None = None


def _called(call: Call) -> tuple[dict[str, Any], str]:
    company, product = companies.called(call), call.args["product"]
    if product not in NAMES:
        raise not_found(f"No product was found with identifier {product[:60]}", service="ClientsApi")
    return company, product


def add(call: Call) -> Response:
    company, product = _called(call)
    present = companies.products_of(company)
    if product not in present:
        _keep(call, company, [*present, product], product, "company.product.added")
    return Response(204)


def remove(call: Call) -> Response:
    company, product = _called(call)
    present = companies.products_of(company)
    if product not in present:
        raise not_found(f"The company has no product {product}", service="ClientsApi")
    _keep(call, company, [each for each in present if each != product], product, "company.product.removed")
    return Response(204)


def _keep(call: Call, company: dict[str, Any], products: list[str], changed: str, event: str) -> None:
    payload = {
        "id": company["id"],
        "name": company["name"],
        **({"description": company["description"]} if company.get("description") else {}),
        "productId": changed,
        "productName": NAMES[changed],
        "products": products,
    }
    with call.unit():
        records.put(call.world, "company", company["id"], {**company, "products": products})
        emit(call.world, event, payload, company=company["id"])


def refresh(call: Call) -> Response:
    company, product = _called(call)
    if product not in companies.products_of(company):
        raise not_found(f"The company has no product {product}", service="ClientsApi")
    if product in WITHOUT_DATA:
        raise bad_request(f"{NAMES[product]} doesn't support data refreshing. {MORE}")
    wanted = wire.parsed(wire.raw_body(call), Refresh) if call.request.body.strip() else Refresh()
    unknown = [name for name in wanted.dataTypes or () if name not in data.SHAPES]
    if unknown:
        text = f"{unknown[0][:60]!r} is no data type of {product}; there is {', '.join(data.SHAPES)}"
        raise not_valid(Item("dataTypes", text, "DataType"))
    _, connection = data.linked(call)
    kept = tuple(wanted.dataTypes or data.types_of(connection, expenses_only=product == companies.PRODUCT))
    if any(data.under_way(call.world, company["id"], name) for name in kept):
        raise bad_request(READ_IN_PROGRESS)
    with call.unit():
        data.queue(call.world, company["id"], connection["id"], kept)
    return Response(202)
