"""A bookkeeper's correction of a document, in the members of this platform."""

from __future__ import annotations

from sandbooks.kit.edits import Members, Native, only_line, renamed


def edited(native: Native, wanted: Members) -> Members:
    """The members that a correction changes."""
    changes = renamed(wanted, notes="Memo", date="TxnDate")
    if "contact" in wanted:
        changes["VendorRef" if "VendorRef" in native else "PayeeEntityRef"] = {"ListID": wanted["contact"]}
    if {"account", "amount"} & set(wanted):
        line = only_line(native.get("ExpenseLineRet"), wanted)
        changed = dict(line)
        if "account" in wanted:
            changed["AccountRef"] = {"ListID": wanted["account"]}
        if "amount" in wanted:
            changed["Amount"] = str(wanted["amount"])
        changes["ExpenseLineRet"] = [changed]
    return changes
