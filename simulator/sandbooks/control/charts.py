"""The lists of a company to be opened, as a caller writes them: whether they have the shape that a plan needs.

What a platform makes of them, and whether it has such accounts and taxes, is the platform's own affair.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from sandbooks import exact_json
from sandbooks.control.errors import ControlError

_TEXTS = ("name", "type", "code", "currency", "email", "tax", "opening", "kind")
_SHARES = ("rate", "recoverable")
_SHARE_MAX = 1000  # percent


def native_answer(file: Path) -> Any:
    """A platform's own answer from a file: JSON, or XML as the text that it is. Raises ``ControlError``."""
    content = file.read_bytes()
    if content.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"<":
        return content.decode("utf-8", "replace").lstrip("\ufeff")
    try:
        return exact_json.loads(content)
    except exact_json.MalformedJson as error:
        remedy = "give each file as the platform's API answered it"
        raise ControlError("chart_unreadable", f"{file} is neither JSON nor XML ({error})", remedy=remedy) from error


def check_chart(parts: Mapping[str, Any]) -> None:
    """Raises ``ControlError`` that names the member which cannot be read."""
    for part, entries in parts.items():
        if not isinstance(entries, Mapping):
            raise _invalid(part, "is no mapping of labels")
        if part == "settings":
            continue
        for label, facts in entries.items():
            _check_entry(f"{part}/{label}", facts)


def _check_entry(where: str, facts: Any) -> None:
    if not isinstance(facts, Mapping):
        raise _invalid(where, "is no mapping of members")
    for name, value in facts.items():
        if name in _TEXTS and not _is_text(value):
            raise _invalid(f"{where}/{name}", "is no text")
        if name in _SHARES and not _is_share(value):
            raise _invalid(f"{where}/{name}", "is no share such as 20%")
    if where.startswith("taxes/") and "rate" not in facts and "native" not in facts:
        raise _invalid(where, "has no rate")


def _is_text(value: Any) -> bool:
    """Text that is not blank, or a number that stands for it (codes); printable, as names and codes are."""
    text = str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
    return bool(text.strip()) and text.isprintable()


def _is_share(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, (str, int, Decimal)):
        return False
    try:
        share = Decimal(str(value).rstrip("% "))
    except InvalidOperation:
        return False
    return share.is_finite() and -12 < share.adjusted() < 4 and 0 <= share <= _SHARE_MAX


def _invalid(where: str, problem: str) -> ControlError:
    remedy = "write it as a company of a scenario has it (contracts/scenario.schema.json)"
    return ControlError("invalid_chart", f"chart/{where} {problem}", remedy=remedy)
