"""From stored documents to answers: the envelope, JSON with ``/Date()/``, XML with ISO dates.

Members that begin with an underscore are the simulator's own and never leave; null members are left out, as live
answers leave them out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from lxml import etree

from sandbooks import exact_json
from sandbooks.kit.call import Call
from sandbooks.kit.xml_text import clean
from sandbooks.platforms.xero.entities import ENTITIES, Field
from sandbooks.platforms.xero.records import PLURAL
from sandbooks.platforms.xero.wire.dates import json_date, stored_instant
from sandbooks.wire import Response

JSON = "application/json; charset=utf-8"
XML = "text/xml; charset=utf-8"
PROVIDER = "Sandbooks"
_NO_FIELD = Field("text")
# Kinds whose update instant has a readable companion, and documents whose dates have one.
# Source: https://github.com/XeroAPI/Xero-OpenAPI xero_accounting.yaml 16.1.0 (UpdatedDateUTCString)
_WITH_UPDATED_STRING = frozenset({"Invoice", "CreditNote", "Payment", "Prepayment", "Overpayment"})
_WITH_DATE_STRING = frozenset(
    {"Invoice", "CreditNote", "BankTransaction", "Prepayment", "Overpayment", "BatchPayment", "PurchaseOrder", "Quote"}
)
_DATES = ("Date", "DueDate", "DeliveryDate", "ExpiryDate")
_SINGULAR = {plural: kind for kind, plural in PLURAL.items()} | {
    "Options": "Option",
    "LineItems": "LineItem",
    "JournalLines": "JournalLine",
    "Tracking": "TrackingCategory",
    "TrackingCategories": "TrackingCategory",
    "Addresses": "Address",
    "Phones": "Phone",
    "ContactPersons": "ContactPerson",
    "TaxComponents": "TaxComponent",
    "ValidationErrors": "ValidationError",
    "Warnings": "Warning",
    "Actions": "Action",
    "Reports": "Report",
    "ReportTitles": "ReportTitle",
    "Rows": "Row",
    "Cells": "Cell",
    "Attributes": "Attribute",
    "FromTracking": "TrackingCategory",
    "ToTracking": "TrackingCategory",
    "Elements": "DataContractBase",
}


def wants_json(call: Call) -> bool:
    """Whether the answer is JSON: XML is what Xero answers when nothing else is asked for.

    # Source: https://developer.xero.com/documentation/api/accounting/requests-and-responses
    # Unconfirmed: `Accept: */*` beside a JSON body; answered in JSON here.
    """
    accept = call.header("Accept").lower()
    if "json" in accept:
        return True
    return "*/*" in accept and "json" in call.content_type


def shown(body: Mapping[str, Any], kind: str, *, json: bool) -> dict[str, Any]:
    """A document as it leaves, dates in the notation of the answer."""
    fields = ENTITIES.get(kind, {})
    found: dict[str, Any] = {}
    for name, value in body.items():
        if name.startswith("_") or value is None:
            continue
        field = fields.get(name, _NO_FIELD)
        found[name] = _shown_value(value, field, json=json)
        if name in _DATES and kind in _WITH_DATE_STRING:
            found[f"{name}String"] = value
        elif name == "UpdatedDateUTC" and kind in _WITH_UPDATED_STRING:
            found["UpdatedDateUTCString"] = f"{value[:19]}Z"
    return found


def _shown_value(value: Any, field: Field, *, json: bool) -> Any:
    if field.kind in ("date", "instant"):
        return json_date(value) if json else value
    if isinstance(value, Mapping):
        return shown(value, field.of, json=json)
    if isinstance(value, list):
        return [shown(item, field.of, json=json) if isinstance(item, Mapping) else item for item in value]
    return value


def envelope(call: Call, collection: str, shown_items: Sequence[Any], *, paging: Mapping[str, int] | None) -> Response:
    """The successful answer: always 200."""
    now = stored_instant(call.world.clock.now())
    json = wants_json(call)
    document: dict[str, Any] = {
        "Id": call.world.ids.fixed_uuid(f"xero/answer/{call.exchange.number}"),
        "Status": "OK",
        "ProviderName": PROVIDER,
        "DateTimeUTC": json_date(now, offset=False) if json else f"{now}Z",
    }
    if paging is not None:
        document["pagination"] = dict(paging)
    document[collection] = list(shown_items)
    if json:
        return Response(200, (("Content-Type", JSON),), exact_json.dumps(document))
    return Response(200, (("Content-Type", XML),), xml_document("Response", document))


def answer(
    call: Call, kind: str, bodies: Sequence[Mapping[str, Any]], *, paging: Mapping[str, int] | None = None
) -> Response:
    """Documents of a kind in their envelope."""
    json = wants_json(call)
    return envelope(call, PLURAL[kind], [shown(body, kind, json=json) for body in bodies], paging=paging)


def bare(call: Call, kind: str, body: Mapping[str, Any]) -> Response:
    """One document without an envelope, as a deleted allocation is answered."""
    json = wants_json(call)
    document = shown(body, kind, json=json)
    if json:
        return Response(200, (("Content-Type", JSON),), exact_json.dumps(document))
    return Response(200, (("Content-Type", XML),), xml_document(kind, document))


XSI = "http://www.w3.org/2001/XMLSchema-instance"


def xml_document(root: str, members: Mapping[str, Any], *, element_type: str = "") -> bytes:
    """Members as an XML document; lists hold elements under the singular name.

    ``element_type`` is what the elements of an exception say they are (``xsi:type``).
    """
    element = etree.Element(root, nsmap={"xsi": XSI})
    for name, value in members.items():
        _append(element, name, value)
    if element_type:
        for child in element.iterfind("Elements/DataContractBase"):
            child.set(f"{{{XSI}}}type", element_type)
    return etree.tostring(element, encoding="utf-8", xml_declaration=True)


def item_of(collection: str) -> str:
    """The name of the elements within a list."""
    return _SINGULAR.get(collection, collection.removesuffix("s") or collection)


def _append(parent: etree._Element, name: str, value: Any) -> None:
    child = etree.SubElement(parent, name)
    if isinstance(value, Mapping):
        for inner, item in value.items():
            _append(child, inner, item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            _append(child, item_of(name), item)
    elif value is not None:
        child.text = _xml_text(value)


def _xml_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:f}" if isinstance(value, Decimal) else clean(str(value))
