"""A bookkeeper's correction of a document, in the members of this platform."""

from __future__ import annotations

from sandbooks.kit.edits import Members, Native, NotEditable, renamed


def edited(_native: Native, wanted: Members) -> Members:
    """The members that a correction changes."""
    if set(wanted) - {"notes"}:
        raise NotEditable("of a posted document of Sage Intacct only the memo is changed here")
    return renamed(wanted, notes="DESCRIPTION")
