"""What the company's own people do before, between and after."""

from __future__ import annotations

from collections.abc import Iterator

from sandbooks.harness.examples import Data, Menu, base, with_steps
from sandbooks.harness.systematic.steps import SYNC, Example, spend, sync_anew
from sandbooks.platform import platform_named


def bookkeeping(menu: Menu) -> Iterator[Example]:
    """The bookkeeper at work before, between and after."""
    one, two = spend(menu, "payment", "r-01", "412.37"), spend(menu, "payment", "r-02", "88.14", account="meals")
    bad = spend(menu, "payment", "r-03", "19.99", account="software")
    start = base(menu)

    def after(act: Data, *then: Data) -> Data:
        return with_steps(start, {"push": one}, SYNC, {"bookkeeper": act}, *then, SYNC, {"advance": "1d"}, SYNC)

    yield Example(
        "a closed period", with_steps(start, {"bookkeeper": {"lock_period": "2026-03-31"}}, {"push": [one]}, SYNC)
    )
    late = [{"bookkeeper": {"lock_period": "2026-02-28"}}, {"push": {**one, "date": "2026-02-27"}}]
    yield Example("a late one into a closed month", with_steps(start, *late, SYNC))
    closed, given = late
    yield Example("a late one among good ones", with_steps(start, closed, {"push": [given["push"], two, bad]}, SYNC))
    lock: Data = {"lock_period": "2026-03-16"}
    yield Example("a period closed in between", after(lock, {"push": two}))
    gone = after({"delete": "r-01"}, {"push": one}, SYNC, {"push": two}, sync_anew(menu))
    yield Example("deleted by the bookkeeper, then the same again and something new", gone)
    archived = {"bookkeeper": {"archive_account": "software"}}
    yield Example("one bad among good ones", with_steps(start, archived, {"push": [bad, one, two]}, SYNC))
    yield Example(
        "an account archived in between", with_steps(start, {"push": bad}, archived, SYNC, {"advance": "1d"}, SYNC)
    )
    closed_name = {"bookkeeper": {"archive_contact": "airline"}}
    known = {**one, "merchant": "Contoso Air"}
    yield Example("a name that is archived", with_steps(start, closed_name, {"push": known}, SYNC))
    yield Example("a supplier renamed", after({"rename_contact": {"airline": "Contoso Airways plc"}}, {"push": two}))
    yield Example("a supplier archived", after({"archive_contact": "airline"}, {"push": two}))
    named = {**two, "merchant": "Jane Doe"}
    yield Example("an archived name comes again", after({"archive_contact": "jane"}, {"push": named}))
    back = {"bookkeeper": {"restore_account": "software"}}
    again = with_steps(start, archived, {"push": one}, SYNC, back, {"push": bad}, SYNC)
    yield Example("an account that comes back", again)
    yield Example(
        "an account that comes back after a quiet sync", with_steps(start, archived, SYNC, back, {"push": bad}, SYNC)
    )
    yield Example("consent withdrawn", after({"withdraw_consent": True}, {"push": two}))
    yield from _gone_before_it_was_known(menu, one)
    if "update" in menu.verbs and menu.offers("update.expense"):
        change = {"update": {"transaction": "r-01", "amount": "397.12 GBP", "account": "meals"}}
        yield Example("deleted, then changed", after({"delete": "r-01"}, change))
        yield Example("closed, then changed", after(lock, change))


def _gone_before_it_was_known(menu: Menu, one: Data) -> Iterator[Example]:
    """The program dies when its write has been carried out; before it starts again somebody takes the document out."""
    if menu.through_hub:
        return  # the hub does not die with its client
    lacks = platform_named(menu.platform).not_by_hand
    dies: Data = {"kill": {"at": {"write": "r-01"}, "stays_down": True, "may_rest": True}}
    for act, how in (("delete", "deleted"), ("void", "voided")):
        if act not in lacks:
            gone: tuple[Data, ...] = ({"bookkeeper": {act: "r-01"}}, SYNC, {"advance": "1d"}, SYNC)
            yield Example(
                f"killed, and {how} by hand before it starts again",
                with_steps(base(menu), dies, {"push": one}, SYNC, *gone),
            )
