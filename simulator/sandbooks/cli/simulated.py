"""What is and what is not simulated, from the declarations and contracts alone: the table of the README."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sandbooks import capabilities
from sandbooks.platform import platforms
from sandbooks.settings import DataMissing, read_contract

TYPES = ("Payment", "Refund", "Reward", "Chargeback")
ENDPOINTS = ("reimbursable", "transfer", "adjustment")
HEAD = "| Platform | Native operations, rules and errors | Through the hub | Not simulated |\n|---|---|---|---|\n"


def evidence_of(platform: str) -> dict[str, Any]:
    """The evidence list of a platform; empty when it has none yet."""
    try:
        found: dict[str, Any] = read_contract("platforms", platform, "evidence.yaml")
    except DataMissing:
        return {"evidence": [], "not_simulated": []}
    return found


def table() -> str:
    """The table in Markdown: a line for each platform of the capability tables, simulated or not."""
    matrix = capabilities.load()
    return HEAD + "".join(_row(name, table.title, table) for name, table in matrix.platforms.items())


def _row(name: str, title: str, table: capabilities.PlatformCapabilities) -> str:
    declared = platforms().get(name)
    if declared is None:
        return f"| {title} | not simulated yet | not yet; its capabilities are data | everything |\n"
    listed = evidence_of(name)
    status = Counter(row["status"] for row in listed["evidence"])
    known = (
        f"{status.total()}: {status['client']} seen with a real client, {status['specification']} from a "
        f"specification, {status['assumed']} assumed"
    )
    through_hub = _offered(table) if declared.connector else "not yet"
    return f"| {title} | {known} | {through_hub} | {'; '.join(listed.get('not_simulated', []))} |\n"


def _offered(table: capabilities.PlatformCapabilities) -> str:
    types = [
        kind + (" (cards)" if table.cell(f"expense.{kind}") == "card" else "")
        for kind in TYPES
        if table.allows(f"expense.{kind}")
    ]
    endpoints = [name for name in ENDPOINTS if table.allows(name)]
    return ", ".join([*types, *endpoints]).lower()
