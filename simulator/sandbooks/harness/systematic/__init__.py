"""The systematic part of a campaign: what every client should be asked once, before chance has its turn.

Each kind once with plain data; then currencies, taxes, lines, names and dates; then the same id again, batches,
changes, files, bills; then what the bookkeeper does meanwhile. Faults and kills at each exchange of such runs follow
from their tapes (``disturbed``). Nothing here looks for a particular bug.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sandbooks.harness.examples import Menu
from sandbooks.harness.systematic.bookkeeping import bookkeeping
from sandbooks.harness.systematic.contents import contents
from sandbooks.harness.systematic.kinds import kinds
from sandbooks.harness.systematic.lives import lives
from sandbooks.harness.systematic.not_offered import not_offered
from sandbooks.harness.systematic.payables import bills
from sandbooks.harness.systematic.steps import (
    RESTART,
    SYNC,
    TWO_WORKERS,
    Example,
    adjustment,
    bill,
    pay,
    receipt,
    reimbursable,
    spend,
    transfer,
)
from sandbooks.harness.systematic.together import LAG, together

WAVES: tuple[Callable[[Menu], Iterator[Example]], ...] = (kinds, lives, together, not_offered, contents, bookkeeping)

__all__ = [
    "LAG",
    "RESTART",
    "SYNC",
    "TWO_WORKERS",
    "WAVES",
    "Example",
    "adjustment",
    "bill",
    "bills",
    "bookkeeping",
    "contents",
    "kinds",
    "lives",
    "not_offered",
    "pay",
    "receipt",
    "reimbursable",
    "spend",
    "together",
    "transfer",
]
