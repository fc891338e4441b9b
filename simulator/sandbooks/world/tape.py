"""The tape: every exchange of a world as it happened, kept as bytes.

What leaves a world (files, HAR, reports) goes through ``sandbooks.replay``, which normalises and redacts.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from sandbooks.storage import Store
from sandbooks.wire import Cut, Headers, Request, Response
from sandbooks.world.exchange import Exchange, Phase


class TapeEntry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One exchange. Times are microseconds since 1970; ``cut`` says how the answer was cut, if it was."""

    number: int
    at: int
    until: int
    surface: str
    method: str
    url: str
    request_headers: Headers
    request_body: bytes
    actor: str = "client"
    parent: int = 0
    base_url: str = ""
    operation: str = ""
    company: str = ""
    caller: str = ""
    writes: bool = False
    reached: list[tuple[Phase, int]] = msgspec.field(default_factory=list)
    written: list[tuple[str, str, str, str, int, str]] = msgspec.field(default_factory=list)
    faults: list[str] = msgspec.field(default_factory=list)
    cut: str = ""
    status: int = 0
    response_headers: Headers = ()
    response_body: bytes = b""
    bug: str = ""
    not_simulated: str = ""
    note: str = ""

    @property
    def phases(self) -> tuple[Phase, ...]:
        return tuple(name for name, _ in self.reached)

    @property
    def committed(self) -> bool:
        return bool(self.written)

    @property
    def answered(self) -> bool:
        """The client got a whole answer."""
        return not self.cut


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(TapeEntry)


class Tape:
    """The exchanges of one world, in order."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def keep(self, exchange: Exchange) -> None:
        """Write down an exchange that has ended."""
        self._put(entry_of(exchange))

    def foresee(self, exchange: Exchange) -> None:
        """Write down, in the unit that commits it, how an exchange has ended if the process is killed after that.

        It has changed the books, and there was no answer. Whoever is still alive writes over this at the end.
        """
        entry = entry_of(exchange)
        reached: list[tuple[Phase, int]] = [*entry.reached, ("commit", entry.until)]
        self._put(msgspec.structs.replace(entry, reached=reached, cut="closed", status=0))

    def _put(self, entry: TapeEntry) -> None:
        self._store.run(
            "tape.put",
            number=entry.number,
            surface=entry.surface,
            company=entry.company,
            at=entry.at,
            body=_encoder.encode(entry),
        )

    def entries(self, *, after: int = 0, most: int = -1) -> Iterator[TapeEntry]:
        """The exchanges with a number above ``after``, oldest first."""
        for (body,) in self._store.all("tape.after", after=after, most=most):
            yield _decoder.decode(body)

    def count(self) -> int:
        """How many exchanges there are."""
        row = self._store.one("tape.count")
        return int(row[0]) if row else 0

    def entry(self, number: int) -> TapeEntry | None:
        """One exchange by its number."""
        row = self._store.one("tape.get", number=number)
        return _decoder.decode(row[0]) if row else None


def entry_of(exchange: Exchange) -> TapeEntry:
    """The exchange as it is written on the tape."""
    request: Request = exchange.request
    answer = exchange.answer
    response = answer.response if isinstance(answer, Cut) else answer
    shown = response or Response(0)
    now = exchange.world.clock.micros()
    return TapeEntry(
        number=exchange.number,
        at=exchange.reached[0][1] if exchange.reached else now,
        until=now,
        surface=exchange.surface,
        method=request.method,
        url=request.url,
        request_headers=request.headers,
        request_body=request.body,
        actor=exchange.actor,
        parent=exchange.parent,
        base_url=exchange.base_url,
        operation=exchange.operation,
        company=exchange.company,
        caller=exchange.caller,
        writes=exchange.writes,
        reached=exchange.reached,
        written=[(w.platform, w.company, w.kind, w.id, w.version, w.action) for w in exchange.written],
        faults=exchange.faults,
        cut=answer.how if isinstance(answer, Cut) else "",
        status=shown.status,
        response_headers=shown.headers,
        response_body=shown.body,
        bug=exchange.bug,
        not_simulated=exchange.not_simulated,
        note=exchange.note,
    )
