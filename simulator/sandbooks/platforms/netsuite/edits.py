"""A bookkeeper's correction of a document, in the members of this platform."""

from __future__ import annotations

from sandbooks.kit.edits import Members, Native, only_line, renamed

_COMPUTED = ("line", "tax1Amt", "grossAmt", "taxRate1")


def edited(native: Native, wanted: Members) -> Members:
    """The members that a correction changes."""
    changes = renamed(wanted, notes="memo", date="tranDate")
    if "contact" in wanted:
        changes["entity"] = {"id": wanted["contact"]}
    if {"account", "amount"} & set(wanted):
        line = only_line(native["expense"]["items"], wanted)
        kept = {name: value for name, value in line.items() if name not in _COMPUTED}
        if "account" in wanted:
            kept["account"] = {"id": wanted["account"]}
        changes["expense"] = {"items": [{**kept, **renamed(wanted, amount="amount")}]}
    return changes
