"""Which published descriptions the hub is held against. A row is switched on when its operations are built."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Spec:
    """A file of github.com/codatio/oas, folder yaml. ``built``: the hub answers all of it."""

    file: str
    built: bool = True
    first_version: bool = False


SPECS = (
    Spec("Codat-Sync-Expenses.yaml"),
    Spec("Codat-Sync-Expenses-v1.yaml", first_version=True),
    Spec("Codat-Platform.yaml"),
    Spec("Codat-Sync-Payables.yaml"),
    Spec("Codat-Sync-Payables-v1.yaml"),
)


def needs_specs(test: F) -> F:
    """Mark a test that exists only when the folder of descriptions was named."""
    test.__dict__["needs_specs"] = True
    return test
