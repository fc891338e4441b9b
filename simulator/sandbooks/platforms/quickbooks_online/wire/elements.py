"""How the XML of QuickBooks Online is judged: lists repeat their element, a reference is a text with attributes.

Source: XSD of https://github.com/intuit/QuickBooks-V3-PHP-SDK, whose client speaks XML by default.
"""

from __future__ import annotations

from sandbooks.kit.elements import Element, Form
from sandbooks.platforms.quickbooks_online.records import ENTITIES
from sandbooks.platforms.quickbooks_online.wire.xml import name_of

# Source: as above (IntuitRestServiceDef.xsd)
_ROOTS = {"Batch": ("IntuitBatchRequest",), "TaxService": ("TaxService",)}


def _roots(schema: str) -> tuple[str, ...]:
    """What the root of a document may be called, by the name of its schema."""
    name = schema.removesuffix("_input")
    if name in ENTITIES:
        return tuple(dict.fromkeys((ENTITIES[name].key, name)))
    return _ROOTS.get(name, ())


def _document(root: Element) -> Element:
    return root


FORM = Form(document=_document, name=name_of, root=_roots)
