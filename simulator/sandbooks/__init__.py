"""A sandbox for accounting integrations.

Accounting platforms emulated at their native wire formats over real double-entry books, a hub on top of them, and a
harness that shows in a replayable file how code that writes spend into accounting software goes wrong.

Importing this package costs almost nothing: what it offers is loaded when first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbooks.version import __version__

if TYPE_CHECKING:
    from sandbooks.sandbox import Sandbox

__all__ = ["Sandbox", "__version__"]


def __getattr__(name: str) -> Any:
    if name == "Sandbox":
        from sandbooks.sandbox import Sandbox

        return Sandbox
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
