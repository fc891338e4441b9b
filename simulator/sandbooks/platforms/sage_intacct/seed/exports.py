"""Lists from a company's own answers of the XML gateway (``readByQuery``, ``query``, ``read``): rows by object."""

from __future__ import annotations

from lxml import etree

Rows = dict[str, list[dict[str, str]]]


def rows_of(text: str) -> Rows:
    """The rows of every ``data`` element of an answer, by the name of their object. Raises ``ValueError``."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    try:
        root = etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as error:
        raise ValueError(f"the chart is not XML: {error.msg}") from error
    found: Rows = {}
    for data in root.iter("data") if root is not None else ():
        for row in data.iterchildren(tag=etree.Element):
            members = {str(child.tag).upper(): child.text or "" for child in row if not len(child)}
            found.setdefault(str(row.tag).upper(), []).append(members)
    if not found:
        raise ValueError("the XML holds no data of an answer of the gateway")
    return found
