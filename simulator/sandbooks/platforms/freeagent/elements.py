"""How FreeAgent's XML is judged: dashes for underscores, the type of a value beside it, lists under their plural.

Source: https://dev.freeagent.com/docs/introduction (request and response formats)
"""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from sandbooks.kit.elements import Element, Form
from sandbooks.platforms.freeagent.xml_form import ROOT, singular


def _name(element: Element) -> str:
    """The member; names that no element can bear are keys of an ``entry``."""
    name = etree.QName(element).localname
    return element.get("key", name) if name == "entry" else name.replace("-", "_")


def _document(root: Element) -> Mapping[str, Element]:
    inner = [each for each in root if isinstance(each.tag, str)] if root.tag == ROOT else [root]
    return {_name(each): each for each in inner}


FORM = Form(document=_document, name=_name, item=singular, attributes=frozenset({"type", "nil", "key"}))
