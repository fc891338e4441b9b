"""How Xero's XML is judged: lists hold elements under the singular name, a document stands bare or within its plural.

Source: https://developer.xero.com/documentation/api/accounting/requests-and-responses (XML)
"""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from sandbooks.kit.elements import Element, Form
from sandbooks.platforms.xero.records import PLURAL
from sandbooks.platforms.xero.wire.writing import item_of

_BARE = frozenset(kind.lower() for kind in PLURAL)
_ANSWERS = ("Response", "ApiException")
_LISTS = {plural.lower(): plural for plural in PLURAL.values()}


def _name(element: Element) -> str:
    return etree.QName(element).localname


def _document(root: Element) -> Element | Mapping[str, Element]:
    name = _name(root)
    return root if name.lower() in _BARE or name in _ANSWERS else {name: root}


def _item(collection: str) -> str:
    return item_of(_LISTS.get(collection.lower(), collection))


FORM = Form(document=_document, name=_name, item=_item)
