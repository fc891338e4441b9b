"""Drawn doings: what people do in the books between two drawn steps, and which other run is asked of drawn work.

Strategies of plain scenario data, as in ``drawing``. What is drawn is lawful: a client has no reason to do wrong by it.
"""

from __future__ import annotations

from hypothesis import strategies as st

from sandbooks.harness.examples import Data, Menu, scenario_of
from sandbooks.harness.meanwhile import SCREENS_LACK, by_hand
from sandbooks.harness.relating import SHAPES, related_of
from sandbooks.harness.systematic import SYNC, TWO_WORKERS
from sandbooks.replay.script_building import Mistake

ACCOUNTS = ("travel", "meals", "software")
RELATED = tuple(rule for rule in SHAPES if rule not in ("INV-18", "INV-19", "INV-65", "INV-74"))


@st.composite
def doings(draw: st.DrawFn, menu: Menu, label: str) -> list[Data]:
    """One thing that people do once a transaction was handed over, before it is done or after."""
    lacks = SCREENS_LACK.get(menu.platform, frozenset())
    account = draw(st.sampled_from(ACCOUNTS))
    closed = by_hand(archive_account=account), by_hand(restore_account=account)
    choices: list[list[Data]] = [
        [by_hand(archive_account=account)],
        [SYNC, closed[0], SYNC, closed[1]],
        [SYNC, by_hand(rename_contact={"airline": "Another Name Ltd"})],
        [SYNC, by_hand(lock_period="2026-01-31")],
    ]
    for what, act in (
        ("notes", by_hand(edit={"transaction": label, "notes": "Seen by the auditor"})),
        ("account", by_hand(edit={"transaction": label, "account": account})),
        ("delete", by_hand(delete=label)),
    ):
        if what not in lacks:
            choices.append([SYNC, act])
    return draw(st.sampled_from(choices))


@st.composite
def asked(draw: st.DrawFn, data: Data) -> Data:
    """The data, sometimes with a relation that applies to it."""
    if draw(st.integers(0, 3)):
        return data
    rule = draw(st.sampled_from(RELATED))
    related = {**data, "relation": rule}
    try:
        applies = related_of(scenario_of(related)) is not None
    except Mistake:  # what no file could hold is left to the campaign
        return data
    return related if applies else data


def with_two_workers(steps: list[Data]) -> list[Data]:
    """The same steps, the last of them settled by two workers at once."""
    return [*steps[:-1], {"sync": TWO_WORKERS}] if steps and steps[-1] == SYNC else steps
