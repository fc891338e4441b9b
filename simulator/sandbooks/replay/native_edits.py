"""What a bookkeeper's edit means in each platform's own members: a new memo, date, account, amount or supplier.

The scenario says it in neutral words; the platform's own table (``edits``) turns them into the members of the native
document, which the platform then checks as it checks any change. Reads the native document, changes nothing itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sandbooks.kit.edits import Members, Native, NotEditable
from sandbooks.platform import load, platform_named

__all__ = ["NotEditable", "edit_members"]


def edit_members(platform: str, native: Native, wanted: Mapping[str, Any]) -> Members:
    """The native members of an edit. ``wanted``: ``notes`` ``date`` (ISO) ``account`` ``contact`` (native ids)
    ``amount`` (Decimal, above zero), each only where it changes. Raises ``NotEditable``."""
    named = platform_named(platform)
    if not named.edits:
        raise NotEditable(f"a posted document of {named.title} is not changed on its screens; it is reversed")
    edited: Callable[[Native, Members], Members] = load(named.edits)
    try:
        return edited(native, dict(wanted))
    except KeyError as error:  # a kind of document whose lines are others, such as a deposit
        raise NotEditable(f"the document has no {error.args[0]} to change") from error
