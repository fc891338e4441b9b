"""Faults that are dangerous in pairs, and those that last."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sandbooks.harness.examples import Data, Menu, base, with_steps
from sandbooks.harness.systematic.steps import SYNC, Example, reimbursable, spend, sync_anew

MANY = 33  # more than the batches of thirty that platforms and clients are fond of
LAG = "5s"  # how old a search may be; a client that waits longer before it believes an empty answer is right


def together(menu: Menu) -> Iterator[Example]:
    """Faults that are dangerous in pairs, and those that last."""
    one, two = spend(menu, "payment", "r-01", "412.37"), spend(menu, "payment", "r-02", "88.14", account="meals")
    three = spend(menu, "payment", "r-03", "19.99", account="software")
    start = base(menu)

    def meeting(*faults: Data, push: Any = one, then: tuple[Data, ...] = ()) -> Data:
        return with_steps(start, *({"fault": fault} for fault in faults), {"push": push}, SYNC, *then)

    lost = {"drop_response": {"at": {"write": "r-01"}, "phase": "commit", "may_rest": True}}
    stale = {"stale_read": {"at": {"every": True}, "lag": LAG, "may_rest": True}}
    yield Example("an answer lost and a search that lags", meeting(lost, stale))
    yield from _looked_up(menu, meeting)
    expired = {"expire_token": {"may_rest": True}}
    again = ({"fault": expired}, {"push": two}, SYNC)
    anew = (sync_anew(menu), {"fault": expired}, {"push": three}, SYNC)
    yield Example("a token that ends", meeting(expired), disturb=True)
    yield Example("a token that ends twice, a restart, again", meeting(expired, then=(*again, *anew)))
    for nth in (2, 3):
        limit = {"throttle": {"at": {"operation": "* /**", "nth": nth}, "may_rest": True}}
        yield Example("a limit in the middle of a batch", meeting(limit, push=[one, two, three]))
    dated = {"throttle": {"at": {"write": "r-01"}, "form": "date", "may_rest": True}}
    yield Example("a wait that is told as a date", meeting(dated))
    shuffled = {"reorder_batch": {"at": {"every": True}, "may_rest": True}}
    yield Example("a batch answered in another order", meeting(shuffled, push=[one, two, three]))
    many = [spend(menu, "payment", f"r-{n:02d}", f"{n}.{n:02d}") for n in range(1, MANY + 1)]
    late = {"write": f"r-{MANY - 1}"}
    yield Example("a limit late in a long batch", meeting({"throttle": {"at": late, "may_rest": True}}, push=many))
    unheard = {"drop_response": {"at": late, "phase": "commit", "may_rest": True}}
    yield Example("an answer lost late in a long batch", meeting(unheard, push=many))
    gone = {"drop_response": {"at": {"write": "r-01", "every": True}, "phase": "commit", "may_rest": True}}
    yield Example("every answer lost for a while", meeting(gone))
    down = {"server_error": {"at": {"every": True}, "phase": "send", "status": 503, "may_rest": True}}
    yield Example("an outage", meeting(down, then=({"advance": "2h"}, {"fault": {"clear": "all"}}, SYNC)))
    if "restart" in menu.verbs:
        for label, phase in (("r-01", "deliver"), ("r-02", "deliver"), ("r-02", "connect")):
            dies: Data = {"kill": {"at": {"write": label}, "phase": phase, "may_rest": True}}
            yield Example("killed in a batch", with_steps(start, dies, {"push": [one, two, three]}, SYNC))
        down_for = {"at": late, "stays_down": True, "may_rest": True}
        slept = with_steps(start, {"kill": down_for}, {"push": many}, SYNC, {"advance": "30h"}, SYNC)
        yield Example("killed late in a long batch, and down for a day", slept)


def _looked_up(menu: Menu, meeting: Callable[..., Data]) -> Iterator[Example]:
    """What a look-up may mistake: one that looks alike, one of another day, one that is not shown yet."""
    unsent = {"drop_response": {"at": {"write": "r-02"}, "phase": "validate", "may_rest": True}}
    one = spend(menu, "payment", "r-01", "412.37", merchant="Contoso Air", reference="Trip 12")
    alike = {**one, "payment": "r-02"}
    yield Example("two that look alike, and one of them lost", meeting(unsent, push=[one, alike]))
    if menu.offers("reimbursable"):
        owed = {**reimbursable("r-01"), "reference": "Trip 12"}
        both = [owed, {**owed, "reimbursable": "r-02"}]
        yield Example("two of one employee that look alike, and one of them lost", meeting(unsent, push=both))
    lost = {"drop_response": {"at": {"write": "r-01"}, "phase": "commit", "may_rest": True}}
    earlier = {**one, "date": "2026-02-11"}
    yield Example("an answer lost, and a date of last month", meeting(lost, push=earlier))
    if "restart" in menu.verbs:
        dies = {"kill": {"at": {"write": "r-01"}, "phase": "deliver", "may_rest": True}}
        stale = {"fault": {"stale_read": {"at": {"every": True}, "lag": LAG, "may_rest": True}}}
        later = {"advance": "10m"}  # the company's own lists are no news any more
        data = with_steps(base(menu), later, stale, dies, {"push": one}, SYNC)
        yield Example("killed, and a search that lags", data)
