"""What each vendor is owed: the running sum of its bills less credits and payments, in its currency."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sandbooks.kit.records import Record
from sandbooks.kit.sums import Sums
from sandbooks.platforms.quickbooks_desktop.file import CompanyFile
from sandbooks.platforms.quickbooks_desktop.money import decimal
from sandbooks.platforms.quickbooks_desktop.rules.open_items import PAYMENTS, TOTAL
from sandbooks.platforms.quickbooks_desktop.rules.ready import id_of

_SIGN = {"Bill": 1, "VendorCredit": -1}


def follow(
    file: CompanyFile, kind: str, before: Record | None, body: Mapping[str, Any] | None, facts: Mapping[str, Any]
) -> None:
    """Bring the sums in step with a transaction that changes (without a body: it is deleted)."""
    if kind not in TOTAL and kind not in PAYMENTS:
        return
    was: dict[str, Decimal] = {}
    if before is not None and not before.deleted:
        was = _part(kind, before.body, file.records.versions(kind, before.id)[-1].facts)
    Sums(file.company).move(was, _part(kind, body, facts) if body is not None else {})


def owed(file: CompanyFile, vendor: str) -> Decimal:
    """What is open of a vendor's bills, less what is open of its credits."""
    return Sums(file.company).of(f"owed/{vendor}")


def _part(kind: str, body: Mapping[str, Any], facts: Mapping[str, Any]) -> dict[str, Decimal]:
    if kind in TOTAL:
        return {f"owed/{id_of(body, 'VendorRef')}": _SIGN[kind] * decimal(body, TOTAL[kind])}
    settled = () if facts.get("void") else facts["settled"]
    paid = sum((_SIGN[item["kind"]] * Decimal(item["amount"]) for item in settled), Decimal(0))
    return {f"owed/{id_of(body, 'PayeeEntityRef')}": -paid}
