"""Between which dates anything may be posted."""

from __future__ import annotations

from sandbooks.platforms.business_central.names import BLANK_DATE
from sandbooks.platforms.business_central.refusals import Dialog
from sandbooks.platforms.business_central.sets.entity import Scope


def check_open(scope: Scope, day: str, *, where: str = "") -> None:
    """Refuse a posting date outside the allowed range. Source: codeunit Gen. Jnl.-Check Line (DateNotAllowed)."""
    settings = scope.company.settings
    first, last = settings.get("allow_posting_from", BLANK_DATE), settings.get("allow_posting_to", BLANK_DATE)
    # Unconfirmed: the code of this answer; the text is a field error, whose code no public page gives.
    if day < first or (last != BLANK_DATE and day > last):
        place = f" in {where}" if where else ""
        raise Dialog(f"Posting Date is not within your range of allowed posting dates{place}.")
