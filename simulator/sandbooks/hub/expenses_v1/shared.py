"""The paths that both versions use, and how a request on them is told apart."""

from __future__ import annotations

from sandbooks.hub import caps, expenses, wire
from sandbooks.hub.expenses_v1 import datasets
from sandbooks.kit.call import Call
from sandbooks.wire import Response


def create_expenses(call: Call) -> Response:
    """An object with ``items`` is a dataset that waits; a list is synced by itself."""
    if datasets.is_dataset(wire.raw_body(call)):
        return datasets.create_dataset(call)
    return expenses.create_expenses(call)


def update_expense(call: Call) -> Response:
    """A transaction is changed by the rules of the version that it came through."""
    known = expenses.written(call, "expense")
    if known.generation == caps.FIRST_VERSION:
        return datasets.update(call, known)
    return expenses.update_expense(call)
