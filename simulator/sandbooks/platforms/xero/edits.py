"""A bookkeeper's correction of a document, in the members of this platform."""

from __future__ import annotations

from sandbooks.kit.edits import Members, Native, only_line, renamed


def edited(native: Native, wanted: Members) -> Members:
    """The members that a correction changes."""
    changes = renamed(wanted, notes="Reference", date="Date")
    if "contact" in wanted:
        changes["Contact"] = {"ContactID": wanted["contact"]}
    if {"account", "amount"} & set(wanted):
        kept = ("LineItemID", "Description", "Quantity", "UnitAmount", "AccountID", "TaxType")
        line = {name: value for name, value in only_line(native.get("LineItems"), wanted).items() if name in kept}
        line |= renamed(wanted, account="AccountID", amount="UnitAmount")
        changes["LineItems"] = [line]
    return changes
