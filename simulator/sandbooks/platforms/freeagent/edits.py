"""A bookkeeper's correction of a document, in the members of this platform."""

from __future__ import annotations

from decimal import Decimal

from sandbooks.kit.edits import Members, Native, renamed


def edited(native: Native, wanted: Members) -> Members:
    """The members that a correction changes."""
    if any(name in native for name in ("bill_items", "invoice_items", "credit_note_items")):
        return renamed(wanted, notes="comments", date="dated_on")
    changes = renamed(wanted, notes="description", date="dated_on")
    if "account" in wanted:
        changes["category"] = f"/v2/categories/{wanted['account']}"
    if "amount" in wanted:
        sign = -1 if Decimal(str(native["gross_value"])) < 0 else 1
        changes["gross_value"] = str(wanted["amount"] * sign)
    return changes
