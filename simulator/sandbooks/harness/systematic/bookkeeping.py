"""What the company's own people do before, between and after."""

from __future__ import annotations

from collections.abc import Iterator

from sandbooks.harness.examples import Data, Menu, base, with_steps
from sandbooks.harness.systematic.steps import RESTART, SYNC, Example, spend


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
    yield Example("deleted by the bookkeeper", after({"delete": "r-01"}, {"push": one}))
    yield Example("deleted, then something new", after({"delete": "r-01"}, {"push": two}, RESTART))
    archived = {"bookkeeper": {"archive_account": "software"}}
    yield Example("one bad among good ones", with_steps(start, archived, {"push": [bad, one, two]}, SYNC))
    yield Example(
        "an account archived in between", with_steps(start, {"push": bad}, archived, SYNC, {"advance": "1d"}, SYNC)
    )
    gone = {"bookkeeper": {"archive_contact": "airline"}}
    known = {**one, "merchant": "Contoso Air"}
    yield Example("a name that is archived", with_steps(start, gone, {"push": known}, SYNC))
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
    if "update" in menu.verbs and menu.offers("update.expense"):
        change = {"update": {"transaction": "r-01", "amount": "397.12 GBP", "account": "meals"}}
        yield Example("deleted, then changed", after({"delete": "r-01"}, change))
        yield Example("closed, then changed", after(lock, change))
