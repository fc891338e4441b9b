"""The interceptions that are open, innermost last, and what they say of a host.

One list for the process. It is replaced, never changed, so that threads read it without a lock.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sandbooks.intercept import Interception


class NetworkRefused(ConnectionRefusedError):
    """A host that no interception knows, while the network is off limits."""

    def __init__(self, host: str) -> None:
        super().__init__(f"{host} is not an emulated host and network='refuse' keeps requests off the network")
        self.host = host


class Active:
    """The open interceptions of this process."""

    def __init__(self) -> None:
        self.interceptions: tuple[Interception, ...] = ()

    def push(self, interception: Interception) -> None:
        self.interceptions = (*self.interceptions, interception)

    def remove(self, interception: Interception) -> None:
        """Take out the innermost entry of this interception, which need not be the last one entered."""
        rest = list(self.interceptions)
        at = max(index for index, entry in enumerate(rest) if entry is interception)
        del rest[at]
        self.interceptions = tuple(rest)

    def answering(self, host: str) -> Interception | None:
        """The interception that answers for a host, in any case, with or without a trailing dot."""
        name = host.lower().rstrip(".")
        return next((entry for entry in reversed(self.interceptions) if entry.knows(name)), None)

    def refuse_network(self, host: str) -> None:
        """Raise NetworkRefused where any open interception keeps requests off the network."""
        if any(entry.network == "refuse" for entry in self.interceptions):
            raise NetworkRefused(host)

    def count_network(self, host: str) -> None:
        """Note an exchange that leaves for the network, in each open interception once."""
        for entry in {id(entry): entry for entry in self.interceptions}.values():
            entry.network_exchanges.append(host)


active = Active()
