"""What the corrections of every platform are made of.

A person corrects a document on the screen; ``wanted`` says so in neutral words (``notes`` ``date`` ``account``
``contact`` ``amount``), and a platform's ``edited`` turns them into the members of its own document.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

Native: TypeAlias = Mapping[str, Any]
Members: TypeAlias = dict[str, Any]


class NotEditable(Exception):
    """The platform has no such member on this document, or it is not known here. The message says which."""


def only_line(lines: Any, wanted: Mapping[str, Any]) -> Members:
    """The only line, copied, where the edit is about it."""
    given = [dict(line) for line in lines or []]
    if len(given) != 1 and ({"account", "amount"} & set(wanted)):
        raise NotEditable("a document of several lines has no one account or amount")
    return given[0] if given else {}


def renamed(wanted: Mapping[str, Any], **names: str) -> Members:
    """The changes that are a member under another name."""
    return {names[name]: value for name, value in wanted.items() if name in names}
