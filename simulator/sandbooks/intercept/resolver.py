"""Keeps emulated hosts off the network whatever client asks for them.

A client that is not intercepted (aiohttp, a raw socket) would take test data and credentials to the vendor itself.
It fails to resolve the name instead, and the error says why.
"""

from __future__ import annotations

import socket
from functools import wraps
from typing import TYPE_CHECKING, Any

from sandbooks.intercept.active import active

if TYPE_CHECKING:
    from types import ModuleType

    from sandbooks.intercept.patching import Replace


def patch_socket(module: ModuleType, replace: Replace) -> None:
    """Replace where host names are resolved."""
    replace(module, "getaddrinfo", _getaddrinfo(module.getaddrinfo))


def _getaddrinfo(original: Any) -> Any:
    @wraps(original)
    def getaddrinfo(host: Any, *args: Any, **options: Any) -> Any:
        name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
        if isinstance(name, str) and active.answering(name) is not None:
            reason = f"{name} is emulated, but this client is not one that is intercepted: give it a served address"
            raise socket.gaierror(socket.EAI_FAIL, reason)
        return original(host, *args, **options)

    return getaddrinfo
