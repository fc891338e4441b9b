"""How Business Central spells enum values, keys and entity tags.

Enum values travel under OData names: what may not stand in a name is written as ``_xHHHH_``. Requests may use either
the caption or the name. Source: https://learn.microsoft.com/dynamics365/business-central/dev-itpro/upgrade/transition-to-api-v2.0
"""

from __future__ import annotations

import base64
import binascii
import re
from uuid import UUID
from zlib import crc32

BLANK_ID = "00000000-0000-0000-0000-000000000000"
BLANK_DATE = "0001-01-01"
BLANK_INSTANT = "0001-01-01T00:00:00Z"
_ODD = re.compile(r"[^A-Za-z0-9_]")
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_GUID = re.compile(r"\{?([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})\}?")
_TAG = re.compile(r'(?:W/)?"([A-Za-z0-9+/=]+)"')


def encoded(caption: str) -> str:
    """An enum caption as answers carry it: ``G/L Account`` is ``G_x002F_L_x0020_Account``, blank ``_x0020_``."""
    return _ODD.sub(lambda found: f"_x{ord(found[0]):04X}_", caption or " ")


def caption(name: str) -> str:
    """The caption of an enum name or of a caption; blank for ``_x0020_``."""
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), name).strip()


def guid(text: str) -> str | None:
    """A GUID in lower case, or None when the text is none."""
    found = _GUID.fullmatch(text.strip())
    return str(UUID(found[1])) if found else None


def entity_tag(kind: str, id: str, version: int) -> str:
    """The weak entity tag of one version of an entity: a row version, opaque to clients."""
    # Source: https://learn.microsoft.com/dynamics365/business-central/dev-itpro/api-reference/v2.0/ (samples: JzIwOz…)
    row_version = 10**18 + crc32(f"{kind}/{id}".encode()) * 10**8 + version
    inner = f"'20;{row_version};00;'"
    return f'W/"{base64.b64encode(inner.encode()).decode()}"'


def is_entity_tag(text: str) -> bool:
    """Whether a text could be an entity tag at all."""
    found = _TAG.fullmatch(text.strip())
    if found is None:
        return False
    try:
        return base64.b64decode(found[1], validate=True).endswith(b";'")
    except binascii.Error:
        return False


def same_tag(given: str, current: str) -> bool:
    """Whether a given tag is the current one; the weakness mark may be missing."""
    return given.strip().removeprefix("W/") == current.removeprefix("W/")
