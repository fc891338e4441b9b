"""Refused: turned away lawfully and for good, by the network, by the rights of the user, or by a rule of the books."""

from __future__ import annotations

from sandbooks.faults import dress
from sandbooks.faults.fault import Effect, Firing, Kind
from sandbooks.kit.errors import NotPermitted
from sandbooks.ledger import PeriodClosed, Refusal
from sandbooks.wire import Cut


def act(firing: Firing) -> Effect:
    if firing.phase == "connect":
        return Effect(answer=Cut("refused"))
    refusal = _refusal(firing)
    if firing.phase == "render":  # a read, which has no unit of work that could refuse it
        return Effect(answer=dress.refused(firing.exchange, refusal))
    return Effect(error=refusal)


def _refusal(firing: Firing) -> Refusal:
    if firing.fault.phase == "admit":
        return NotPermitted()
    today = firing.exchange.world.clock.today()
    return PeriodClosed(date=today, closed_through=today)


KIND = Kind(name="refuse", phases=("connect", "admit", "validate"), default_phase="connect", act=act, ends=True)
