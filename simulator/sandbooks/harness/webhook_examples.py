"""Examples whose webhooks are disturbed, for drivers that receive them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sandbooks.harness.examples import COMPANY, Data, Menu, base, with_steps
from sandbooks.harness.subject import HUB
from sandbooks.harness.systematic import SYNC, Example, receipt, spend

RECEIVE = "receive"
NAME = "Größe & Söhne Ltd"  # bytes that differ from what a JSON library writes by default
# Each with what it is about. Times are longer than a client's own waits, shorter than the rest at the end.
DISTURBANCES: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("a webhook delivered twice", "duplicate_webhook", {"after": "3s"}),
    ("a webhook with one blank more than was signed", "forge_webhook", {"how": "respaced"}),
    ("a forged webhook about another record", "forge_webhook", {"how": "other_record"}),
    ("a webhook that is not signed", "forge_webhook", {"how": "unsigned"}),
    ("webhooks in another order", "reorder_webhook", {}),
    ("a webhook about another company", "stray_webhook", {"about": "other_company"}),
    ("a webhook about a record that is gone", "stray_webhook", {"about": "missing_record"}),
    ("a late webhook", "delay_webhook", {"by": "20m"}),
    ("a webhook lost once", "lose_webhook", {}),
    ("a webhook lost for good", "lose_webhook", {"for_good": True}),
    ("a webhook delivered again a day later", "duplicate_webhook", {"copies": 2, "after": "12h"}),
)
KINDS = frozenset(kind for _, kind, _ in DISTURBANCES)


def heard(menu: Menu) -> Iterator[Example]:
    """Work that is told of by webhooks, each way of disturbing them once; then the bookkeeper's changes."""
    if RECEIVE not in menu.verbs:
        return
    one, two = spend(menu, "payment", "r-01", "412.37"), spend(menu, "payment", "r-02", "88.14", account="meals")
    two["merchant"] = "Café Größe"  # a contact that is new
    start = base(menu)
    company = {**start["companies"][COMPANY], "name": NAME}
    start = {**start, "companies": {COMPANY: company}}
    file = [receipt("f-01")] if menu.takes_file("payment") else []
    work: list[Data] = [{"push": one}, *file, SYNC, {"advance": "1h"}, {"push": two}, SYNC]
    yield Example("webhooks as they should come", with_steps(start, *work))
    for about, kind, more in DISTURBANCES:
        yield Example(about, with_steps(start, planned(menu, kind, more), *work))
    # One that is told of anything may look at everything: only where nothing comes must it ask by itself.
    silent = planned(menu, "lose_webhook", {"for_good": True}, every=True)
    yield Example("a webhook lost for good, and all after it", with_steps(start, silent, *work))
    late = [{"bookkeeper": {"lock_period": "2026-02-28"}}, {"push": {**one, "date": "2026-02-27"}}, SYNC]
    yield Example("a webhook of a failure", with_steps(start, planned(menu, "duplicate_webhook", {}), *late))
    if menu.through_hub:  # its messages have a word of their own for what could not be worked on
        wrong = {"push": {**two, "account": "visa_card"}}
        yield Example("a webhook of a failure", with_steps(start, {"push": one}, wrong, SYNC))
    for kind, more in (("reorder_webhook", {}), ("delay_webhook", {"by": "20m"})):
        yield Example("first a failure, then a success, told of the other way round", _mended(menu, start, kind, more))
    acts: tuple[Data, ...] = ({"rename_contact": {"airline": "Contoso Airways plc"}}, {"delete": "r-01"})
    for act in acts:
        for kind, more in (("duplicate_webhook", {}), ("stray_webhook", {"about": "missing_record"})):
            told = [planned(menu, kind, more), {"bookkeeper": act}, {"advance": "1h"}, {"push": two}, SYNC]
            yield Example("a change by the bookkeeper is told of", with_steps(start, {"push": one}, SYNC, *told))


def _mended(menu: Menu, start: Data, kind: str, more: dict[str, Any]) -> Data:
    """A transaction that fails, and goes through once the bookkeeper has mended what was wrong."""
    given: Data = {"push": spend(menu, "payment", "r-01", "19.99", account="software")}
    archived: Data = {"bookkeeper": {"archive_account": "software"}}
    restored: Data = {"bookkeeper": {"restore_account": "software"}}
    return with_steps(start, archived, planned(menu, kind, more), given, SYNC, restored, given, SYNC)


def planned(menu: Menu, kind: str, more: dict[str, Any], *, nth: int = 1, every: bool = False) -> Data:
    """The step that plans a fault of webhooks; those of the hub are named, because a fault means platforms else."""
    at: Data = {"platform": HUB if menu.through_hub else menu.platform}
    at |= {"every": True} if every else {"nth": nth} if nth > 1 else {}
    return {"fault": {kind: {"at": at, **more, "may_rest": True}}}
