"""What every list that clients may change has: a status, an entity, and the fields that tell who changed it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbooks.platforms.sage_intacct.objects.kinds import AUDIT, ENTITY, ObjectType, words

STATUS = {"STATUS": ("active", "inactive", "active non-posting")}
ACTIVE = {"STATUS": "active"}


def listed(
    *,
    fields: tuple[str, ...],
    choices: Mapping[str, tuple[str, ...]] | None = None,
    defaults: Mapping[str, str] | None = None,
    **more: Any,
) -> ObjectType:
    """A list that clients may change: it has a status, an entity, and the fields that tell who changed it."""
    return ObjectType(
        fields=(*fields, *words(AUDIT, ENTITY)),
        choices={**STATUS, **(choices or {})},
        defaults={**ACTIVE, **(defaults or {})},
        **more,
    )
