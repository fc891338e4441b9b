"""Drawn doings: what people do in the books between two drawn steps, and which other run is asked of drawn work.

Strategies of plain scenario data, as in ``drawing``. What is drawn is lawful: a client has no reason to do wrong by it.
"""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import strategies as st

from sandbooks.harness.examples import Data, Menu, scenario_of
from sandbooks.harness.meanwhile import by_hand
from sandbooks.harness.relating import SHAPES, related_of
from sandbooks.harness.systematic import SYNC, TWO_WORKERS
from sandbooks.platform import platform_named
from sandbooks.replay.script_building import Mistake
from sandbooks.replay.script_steps import EXPENSE_KINDS

ACCOUNTS = ("travel", "meals", "software")
RELATED = tuple(rule for rule in SHAPES if rule not in ("INV-18", "INV-19", "INV-65", "INV-74"))


@st.composite
def doings(draw: st.DrawFn, menu: Menu, one: Data) -> list[Data]:
    """One thing that people do once a transaction was handed over, before it is done or after."""
    account = draw(st.sampled_from(ACCOUNTS))
    archived, restored = by_hand(archive_account=account), by_hand(restore_account=account)
    choices: list[list[Data]] = [
        [archived],
        [SYNC, archived, SYNC, restored],
        [SYNC, by_hand(rename_contact={"airline": "Another Name Ltd"})],
        [SYNC, by_hand(lock_period="2026-01-31")],
    ]
    choices += [[SYNC, act] for act in _on_documents(menu, one, account)]
    return draw(st.sampled_from(choices))


def _on_documents(menu: Menu, one: Data, account: str) -> Iterator[Data]:
    """What may be done to the document of a card expense: its memo always, its account where it has one line."""
    kind = next(iter(one))
    if kind not in EXPENSE_KINDS:
        return
    lacks = platform_named(menu.platform).not_by_hand
    label = str(one[kind])
    if "notes" not in lacks:
        yield by_hand(edit={"transaction": label, "notes": "Seen by the auditor"})
    if "account" not in lacks and "lines" not in one and kind == "payment":
        yield by_hand(edit={"transaction": label, "account": account})
    if "delete" not in lacks:
        yield by_hand(delete=label)


@st.composite
def asked(draw: st.DrawFn, data: Data) -> Data:
    """The data with a relation that applies to it; as it is where none does."""
    rules = [rule for rule in RELATED if _applies({**data, "relation": rule})]
    return {**data, "relation": draw(st.sampled_from(rules))} if rules else data


def _applies(data: Data) -> bool:
    try:
        return related_of(scenario_of(data)) is not None
    except Mistake:  # what no file could hold is left to the campaign
        return False


def with_two_workers(steps: list[Data]) -> list[Data]:
    """The same steps, the last of them settled by two workers at once."""
    return [*steps[:-1], {"sync": TWO_WORKERS}] if steps and steps[-1] == SYNC else steps
