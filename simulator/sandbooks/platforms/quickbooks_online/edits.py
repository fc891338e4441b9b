"""A bookkeeper's correction of a document, in the members of this platform."""

from __future__ import annotations

from sandbooks.kit.edits import Members, Native, only_line, renamed


def edited(native: Native, wanted: Members) -> Members:
    """The members that a correction changes."""
    changes = renamed(wanted, notes="PrivateNote", date="TxnDate")
    if "contact" in wanted:
        changes["VendorRef" if "VendorRef" in native else "EntityRef"] = {"value": wanted["contact"]}
    if {"account", "amount"} & set(wanted):
        line = only_line(native.get("Line"), wanted)
        detail = dict(line["AccountBasedExpenseLineDetail"])
        if "account" in wanted:
            detail["AccountRef"] = {"value": wanted["account"]}
        changes["Line"] = [{**line, "Amount": wanted.get("amount", line["Amount"])}]
        changes["Line"][0]["AccountBasedExpenseLineDetail"] = detail
    return changes
