"""Characters that no XML document can carry: they are dropped, on the way in and on the way out."""

from __future__ import annotations

import re

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def clean(text: str) -> str:
    """The text without control characters, lone surrogates and non-characters."""
    return _NOT_XML.sub("", text)
