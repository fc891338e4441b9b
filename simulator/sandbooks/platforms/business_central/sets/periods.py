"""Between which dates anything may be posted."""

from __future__ import annotations

from sandbooks.platforms.business_central.names import BLANK_DATE
from sandbooks.platforms.business_central.refusals import Dialog
from sandbooks.platforms.business_central.sets.entity import Scope


def check_open(scope: Scope, day: str, *, where: str = "") -> None:
    """Refuse a posting date outside the allowed range: the user's own where there is one, else the company's.

    Source: codeunit Gen. Jnl.-Check Line (DateNotAllowed) and table User Setup, github.com/microsoft/BCApps
    """
    first, last = _range(scope)
    # Unconfirmed: the code of this answer; the text is a field error, whose code no public page gives.
    if day < first or (last != BLANK_DATE and day > last):
        place = f" in {where}" if where else ""
        raise Dialog(f"Posting Date is not within your range of allowed posting dates{place}.")


def _range(scope: Scope) -> tuple[str, str]:
    """The first and the last day; blank ones are open. What is closed in the books stays closed to everybody."""
    settings = scope.company.settings
    own = settings.get("user_posting_range") or {}
    if own:
        return str(own.get("from") or BLANK_DATE), str(own.get("to") or BLANK_DATE)
    return settings.get("allow_posting_from") or BLANK_DATE, settings.get("allow_posting_to") or BLANK_DATE
