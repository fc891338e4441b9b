"""A bookkeeper's correction of a document, in the members of this platform."""

from __future__ import annotations

from sandbooks.kit.edits import Members, Native, only_line, renamed


def edited(native: Native, wanted: Members) -> Members:
    """The members that a correction changes."""
    if native.get("line_items") and {"account", "amount"} & set(wanted):
        line = {
            name: only_line(native["line_items"], wanted).get(name) for name in ("account_id", "rate", "description")
        }
        line |= renamed(wanted, account="account_id", amount="rate")
        return {**renamed(wanted, notes="notes", date="date", contact="vendor_id"), "line_items": [line]}
    memo = "notes" if "bill_id" in native else "description"
    return renamed(wanted, notes=memo, date="date", account="account_id", amount="amount", contact="vendor_id")
