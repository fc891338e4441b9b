"""Writing one record or transaction exactly once, whatever becomes of the answer.

Each document names a message set, which QuickBooks carries out once and keeps the answers of: a repetition under the
same id is refused, and the kept answers can be fetched. What was begun and never finished, or was refused because
somebody else held the object open, is sent again under a further id.
Source: QuickBooks Desktop SDK, Programmer's Guide (error recovery: newMessageSetID, oldMessageSetID).
"""

from __future__ import annotations

from collections.abc import Callable, Generator

from lxml import etree

from sandbooks.connector import Refused, Request, Step, Steps, Unavailable, Unknown, Wait
from sandbooks.platforms.quickbooks_desktop.connector.qbxml import (
    CHANGE,
    IN_USE,
    NOTHING_KEPT,
    QUERY,
    Answer,
    document,
    refused,
    run,
)
from sandbooks.wire import Answer as Wire

SETS_MOST = 6
WAIT_SECONDS = 60
DELETION = "TxnDel"

LookUp = Callable[[], Generator[Step, Wire | None, etree._Element | None]]


def write(
    message: str, content: str, *, key: str, purpose: str, reference: str, look_up: LookUp
) -> Steps[tuple[etree._Element, bool]]:
    """Carry out one request; its record, and whether it stood there from an earlier attempt.

    ``look_up`` searches for the record by what it says, for the case that a set was begun and nothing is kept of it.
    Raises ``Refused``, ``Unknown``.
    """
    for number in range(1, SETS_MOST + 1):
        name = set_id(key, number)
        kept = yield from _sent(message, content, name=name, purpose=purpose, reference=reference)
        first = kept is not None
        if kept is None:
            kept = yield from recovered(name, reference=reference)
        record = _record(kept, message)
        if record is not None:
            return record, not first
        if kept is not None and kept.failed and kept.code not in IN_USE:
            raise refused(kept)
        if not first:
            standing = yield from look_up()
            if standing is not None:
                return standing, True
        elif kept is not None and kept.failed:
            yield Wait(WAIT_SECONDS, "unanswered")
        else:
            raise Unknown(f"no record in the answer to: {purpose}")
    raise Refused(f"QuickBooks held the object open again and again: {purpose}", native_code=str(IN_USE[0]))


def _record(kept: Answer | None, message: str) -> etree._Element | None:
    """The record in an answer that says yes; a deletion answers with what it deleted, and no record."""
    if kept is None or kept.failed:
        return None
    return kept.element if message == DELETION else next(iter(kept.records), None)


def set_id(key: str, number: int) -> str:
    """The id of a message set: the key, then the key with a number."""
    return key if number == 1 else f"{key}.{number}"


def _sent(message: str, content: str, *, name: str, purpose: str, reference: str) -> Steps[Answer | None]:
    """The answer to a request; None when its message set was carried out before."""
    raw = document([f'<{message}Rq requestID="1">{content}</{message}Rq>'], new_set=name)
    request = Request("POST", CHANGE, purpose=purpose, body=raw, mutates=True, reference=reference)
    answers = yield from run(request)
    if answers.each:
        return answers.each[0]
    if not answers.set_code:
        raise Unknown(f"no answer to: {purpose}")
    return None


def recovered(name: str, *, reference: str) -> Steps[Answer | None]:
    """What a message set was answered; None where nothing is kept of it."""
    raw = document([], old_set=name)
    request = Request("POST", QUERY, purpose="ask what became of it", body=raw, reference=reference)
    answers = yield from run(request)
    if answers.set_code not in (0, NOTHING_KEPT):
        raise Unavailable("QuickBooks does not say what became of it")
    return answers.each[0] if answers.each else None
