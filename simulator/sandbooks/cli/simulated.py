"""What is and what is not simulated, from the declarations and contracts alone: the table of the README."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sandbooks import capabilities
from sandbooks.platform import platforms
from sandbooks.settings import DataMissing, read_contract

TYPES = ("Payment", "Refund", "Reward", "Chargeback")
ENDPOINTS = ("reimbursable", "transfer", "adjustment")
HEAD = (
    "| Platform | Operations, rules and errors | Seen with a real client | From a specification | Assumed "
    "| Through the hub |\n|---|--:|--:|--:|--:|---|\n"
)
LACKING = "\nWhat each platform does not do here:\n"


def evidence_of(platform: str) -> dict[str, Any]:
    """The evidence list of a platform; empty when it has none yet."""
    try:
        found: dict[str, Any] = read_contract("platforms", platform, "evidence.yaml")
    except DataMissing:
        return {"evidence": [], "not_simulated": []}
    return found


def table() -> str:
    """The table in Markdown, a line for each platform of the capability tables, and what each does not do."""
    tables = capabilities.load().platforms.items()
    rows = "".join(_row(name, table.title, table) for name, table in tables)
    return HEAD + rows + LACKING + "".join(_lacking(name, table.title) for name, table in tables)


def _row(name: str, title: str, table: capabilities.PlatformCapabilities) -> str:
    declared = platforms().get(name)
    if declared is None:
        return f"| {title} | not simulated yet | | | | not yet; its capabilities are data |\n"
    status = Counter(row["status"] for row in evidence_of(name)["evidence"])
    counts = f"{status.total()} | {status['client']} | {status['specification']} | {status['assumed']}"
    through_hub = _offered(table) if declared.connector else "not yet"
    return f"| {title} | {counts} | {through_hub} |\n"


def _lacking(name: str, title: str) -> str:
    """What is not simulated of a platform, as a list that is folded until somebody asks."""
    listed = evidence_of(name)["not_simulated"] if name in platforms() else ["everything"]
    return f"\n<details><summary>{title}</summary>\n\n" + "".join(f"- {one}\n" for one in listed) + "\n</details>\n"


def _offered(table: capabilities.PlatformCapabilities) -> str:
    types = [
        kind + (" (cards)" if table.cell(f"expense.{kind}") == "card" else "")
        for kind in TYPES
        if table.allows(f"expense.{kind}")
    ]
    endpoints = [name for name in ENDPOINTS if table.allows(name)]
    return ", ".join([*types, *endpoints]).lower()
