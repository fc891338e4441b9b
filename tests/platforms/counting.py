"""How much a world's store is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from sandbooks.world import World


@contextmanager
def counted(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, int]]:
    """How many queries are run, and how many rows they give."""
    counts = {"queries": 0, "rows": 0}
    store = world.store
    every, single = store.all, store.one

    def all_rows(query: str, /, **given: Any) -> list[Any]:
        rows = every(query, **given)
        counts["queries"] += 1
        counts["rows"] += len(rows)
        return rows

    def one_row(query: str, /, **given: Any) -> Any:
        counts["queries"] += 1
        return single(query, **given)

    with monkeypatch.context() as patch:
        patch.setattr(store, "all", all_rows)
        patch.setattr(store, "one", one_row)
        yield counts
