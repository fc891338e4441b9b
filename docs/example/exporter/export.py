"""Exporting a receipt so that it is posted once, whatever the network does; and the way that looks right and is not."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol, TypeVar

from exporter.receipts import OutcomeUnknown, Receipt

ATTEMPTS = 4
Answer = TypeVar("Answer")


class Software(Protocol):
    """A customer's accounting software."""

    def create(self, receipt: Receipt) -> str: ...

    def find(self, reference: str) -> str | None: ...


def export(software: Software, receipt: Receipt) -> str:
    """The native id of the receipt, posted exactly once. Raises ``Refused``; ``OutcomeUnknown`` when all else fails."""
    for attempt in range(ATTEMPTS):
        try:
            return software.create(receipt)
        except OutcomeUnknown:
            time.sleep(2**attempt)
            found = _persistently(lambda: software.find(receipt.reference))
            if found is not None:
                return found
    raise OutcomeUnknown(f"{receipt.reference} is not in the books after {ATTEMPTS} attempts")


def export_naively(software: Software, receipt: Receipt) -> str:
    """As above, but a receipt whose answer was lost is sent again at once. It is posted twice."""
    return _persistently(lambda: software.create(receipt))


def _persistently(call: Callable[[], Answer]) -> Answer:
    for attempt in range(ATTEMPTS - 1):
        try:
            return call()
        except OutcomeUnknown:
            time.sleep(2**attempt)
    return call()
