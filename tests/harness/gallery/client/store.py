"""The client's database: what it knows after its process has died. Every write is durable when it returns."""

from __future__ import annotations

import json
from typing import Any


class Store:
    """Rows of plain data by table and key."""

    def __init__(self) -> None:
        self._tables: dict[str, dict[str, str]] = {}

    def get(self, table: str, key: str) -> Any:
        """A copy of a row; None when there is none."""
        row = self._tables.get(table, {}).get(key)
        return None if row is None else json.loads(row)

    def put(self, table: str, key: str, row: Any) -> None:
        self._tables.setdefault(table, {})[key] = json.dumps(row)

    def change(self, table: str, key: str, **members: Any) -> dict[str, Any]:
        """Set members of a row and leave the others."""
        row = {**(self.get(table, key) or {}), **members}
        self.put(table, key, row)
        return row

    def drop(self, table: str, key: str) -> None:
        self._tables.get(table, {}).pop(key, None)

    def rows(self, table: str) -> list[Any]:
        """Every row of a table in the order in which the rows came."""
        return [json.loads(row) for row in self._tables.get(table, {}).values()]

    def number(self, name: str) -> int:
        """The next number of a sequence."""
        number = int(self.get("sequences", name) or 0) + 1
        self.put("sequences", name, number)
        return number
