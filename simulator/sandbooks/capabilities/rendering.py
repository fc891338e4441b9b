"""The tables as text, for a terminal, a spreadsheet, a program or a page. Pure functions."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sandbooks.capabilities.tables import (
    LEGACY_TYPES,
    OPERATIONS,
    TYPES,
    UPDATES,
    Capabilities,
    PlatformCapabilities,
    offer_in_words,
)


def render(capabilities: Capabilities, form: str, *, platforms: Iterable[str] = ()) -> str:
    """The tables as ``table``, ``json``, ``csv`` or ``markdown``; all platforms unless some are named."""
    chosen = tuple(platforms) or tuple(capabilities.platforms)
    return FORMATS[form](capabilities, [capabilities[name] for name in chosen])


def columns(capabilities: Capabilities) -> list[str]:
    """The operations that make the columns; the transfer and adjustment types appear where the edition has them."""
    legacy = [
        name for name in LEGACY_TYPES if any(t.legacy_types[name] != "none" for t in capabilities.platforms.values())
    ]
    types = [f"expense.{name}" for name in (*TYPES, *legacy)]
    return [*OPERATIONS, *types, *(f"update.{name}" for name in UPDATES), "attachment"]


def as_table(capabilities: Capabilities, tables: list[PlatformCapabilities]) -> str:
    """Aligned columns for a terminal, one platform per row."""
    heads = ["platform", *(name.removeprefix("expense.") for name in columns(capabilities))]
    rows = [[t.title, *(_short(t.cell(name)) for name in columns(capabilities))] for t in tables]
    widths = [max(len(row[i]) for row in [heads, *rows]) for i in range(len(heads))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in [heads, *rows]
    ]
    return "\n".join([f"Edition {capabilities.edition}", "", *lines, "", "card = credit card accounts only", ""])


def as_markdown(capabilities: Capabilities, tables: list[PlatformCapabilities]) -> str:
    """A Markdown table, one platform per row."""
    heads = ["Platform", *columns(capabilities)]
    rows = [[t.title, *(offer_in_words(t.cell(name)) for name in columns(capabilities))] for t in tables]
    lines = [_markdown_row(heads), _markdown_row(["---"] * len(heads)), *map(_markdown_row, rows)]
    return "\n".join([f"Edition {capabilities.edition}", "", *lines, ""])


def as_csv(capabilities: Capabilities, tables: list[PlatformCapabilities]) -> str:
    """One cell per row: edition, platform, operation, offer."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["edition", "platform", "operation", "offer"])
    for table in tables:
        writer.writerows(
            [capabilities.edition, table.platform, name, table.cell(name)] for name in columns(capabilities)
        )
    return out.getvalue()


def as_json(capabilities: Capabilities, tables: list[PlatformCapabilities]) -> str:
    """Everything that the tables hold, sources included."""
    document = {"edition": capabilities.edition, "platforms": {table.platform: _full(table) for table in tables}}
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


FORMATS: Mapping[str, Callable[[Capabilities, list[PlatformCapabilities]], str]] = {
    "table": as_table,
    "json": as_json,
    "csv": as_csv,
    "markdown": as_markdown,
}


def _short(offer: str) -> str:
    return {"any": "yes", "card": "card", "none": "-"}[offer]


def _markdown_row(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _full(table: PlatformCapabilities) -> dict[str, Any]:
    attachments = table.attachments
    limits = {
        name: {key: value for key in limit.__struct_fields__ if (value := getattr(limit, key)) not in (None, False)}
        for name, limit in table.limits.items()
    }
    return {
        "title": table.title,
        "endpoints": dict(table.endpoints),
        "types": dict(table.types),
        "legacy_types": dict(table.legacy_types),
        "updates": dict(table.updates),
        "currencies": {"expense": table.expense_currencies, "transfer": table.transfer_currencies},
        "attachments": {
            "bytes_max": attachments.bytes_max,
            "extensions": "any" if attachments.extensions is None else sorted(attachments.extensions),
            "transactions": sorted(attachments.transactions),
        },
        "contacts": dict(table.contacts),
        "documents": {place: dict(kinds) for place, kinds in table.documents.items()},
        "limits": limits,
        "rules": dict(table.rules),
        "neutral_tax": dict(table.neutral_taxes),
        "profiles": {"in_force": list(table.profiles), "known": dict(table.profiles_known)},
        "sources": list(table.sources),
    }
