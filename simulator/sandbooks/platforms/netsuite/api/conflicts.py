"""Changes that others made to a record between the moment a request loaded it and the moment it saves it.

No version goes over the wire: the service loads a record and saves it within one request, and refuses the save where
the record has another version by then. A request that stands still before its commit, or that goes on after its client
gave up, is overtaken so. Requests of one world that nothing holds back run one after the other and do not meet.
Source: docs.oracle.com, SuiteScript 2.x FAQ ("Record has been changed")
"""

from __future__ import annotations

from datetime import datetime

from sandbooks.kit.call import Call
from sandbooks.kit.records import Record
from sandbooks.platforms.netsuite.access import LATE
from sandbooks.platforms.netsuite.api import answers
from sandbooks.platforms.netsuite.errors import CHANGED_CODE
from sandbooks.platforms.netsuite.refusals import RecordChanged
from sandbooks.world.clock import instant


def check_unchanged(call: Call, record: Record) -> None:
    """Refuse to save over what others have saved since the request came. Raises ``RecordChanged``."""
    number, moment = _came(call)
    if record.exchange > number or record.updated > moment:
        code = str(call.company.settings.get("record_changed_error", CHANGED_CODE))
        raise RecordChanged(record.kind, record.id, code)


def _came(call: Call) -> tuple[int, datetime]:
    """The number and the moment at which the service took the request up.

    What runs on after its client gave up was taken up when it first came; an asynchronous job begins when it runs.
    """
    exchange = call.exchange
    if exchange.actor == LATE and not answers.prefers(call, "respond-async"):
        first = call.world.tape.entry(exchange.parent)
        if first is not None:
            return first.number, instant(first.at)
    return exchange.number, instant(exchange.reached[0][1])
