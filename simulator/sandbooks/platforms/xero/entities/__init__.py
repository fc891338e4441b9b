"""The documents of a Xero organisation: which members each kind has, of which type and length.

Data only. Names and lengths are those of the Accounting API; what is not listed is ignored on input, as Xero does.
"""

from __future__ import annotations

from sandbooks.platforms.xero.entities.documents import DOCUMENTS
from sandbooks.platforms.xero.entities.fields import Field, Fields
from sandbooks.platforms.xero.entities.lists import ACCOUNT_CLASS, LISTS

ENTITIES: dict[str, Fields] = {**LISTS, **DOCUMENTS}
LOWER: dict[str, dict[str, str]] = {kind: {name.lower(): name for name in fields} for kind, fields in ENTITIES.items()}

__all__ = ["ACCOUNT_CLASS", "ENTITIES", "LOWER", "Field", "Fields"]
