"""Journal entries: they balance, in each entity, and are taken back whole."""

from datetime import date
from typing import Any

from tests.platforms.sage_intacct.desk import Desk, open_desk
from tests.platforms.sage_intacct.documents import journal

from sandbooks.app import App
from sandbooks.platform import CompanyPlan


def test_a_journal_posts_as_entered_and_must_balance(desk: Desk) -> None:
    desk.run(journal(desk, ("travel", "1", "17.85"), ("office", "-1", "17.85")))
    assert desk.books() == {"travel": "17.85", "office": "-17.85"}
    said = desk.refused(journal(desk, ("travel", "1", "5.00"), ("office", "-1", "4.99")))
    assert "Transactions do not balance" in said[0][1]
    desk.refused(journal(desk, ("travel", "1", "5.00")))


def test_a_journal_with_a_reversal_date_is_taken_back_then_and_a_draft_does_nothing(desk: Desk) -> None:
    desk.run(journal(desk, ("travel", "1", "9.00"), ("office", "-1", "9.00"), REVERSEDATE="04/01/2026"))
    assert desk.books(date(2026, 3, 31)) == {"travel": "9.00", "office": "-9.00"}
    assert desk.books() == {}
    desk.run(journal(desk, ("travel", "1", "3.00"), ("office", "-1", "3.00"), STATE="Draft"))
    assert desk.books() == {}


def test_a_journal_and_its_reversal_are_changed_and_deleted_together(desk: Desk) -> None:
    sides = (("travel", "1", "9.00"), ("office", "-1", "9.00"))
    made = desk.run(journal(desk, *sides, REVERSEDATE="04/01/2026"))
    key = str(made.findtext("data/glbatch/RECORDNO"))
    whole = journal(desk, *sides, REVERSEDATE="05/01/2026")["create"]["GLBATCH"]
    desk.run({"update": {"GLBATCH": {"RECORDNO": key, **whole}}})
    assert desk.books(date(2026, 4, 30)) == {"travel": "9.00", "office": "-9.00"}
    assert desk.books() == {}
    mirror = next(row["RECORDNO"] for row in desk.query("GLBATCH", "RECORDNO") if row["RECORDNO"] != key)
    desk.refused({"delete": {"object": "GLBATCH", "keys": mirror}})
    desk.run({"delete": {"object": "GLBATCH", "keys": key}})
    assert desk.books(date(2026, 4, 30)) == {}
    assert desk.query("GLBATCH", "RECORDNO") == []


def test_a_journal_entry_balances_in_each_entity(app: App) -> None:
    desk = open_desk(app, CompanyPlan(country="GB", settings={"entities": {"UK": "Larch UK", "IE": "Larch Ireland"}}))

    def entry(*lines: tuple[str, str, str, str], **more: str) -> dict[str, Any]:
        names = ("ACCOUNTNO", "TR_TYPE", "TRX_AMOUNT", "LOCATION")
        entries = [dict(zip(names, line, strict=True)) for line in lines]
        head = {"JOURNAL": "GJ", "BATCH_DATE": "03/02/2026", "BATCH_TITLE": "Across", **more}
        return {"create": {"GLBATCH": {**head, "ENTRIES": {"GLENTRY": entries}}}}

    across = entry(("6300", "1", "5.00", "UK"), ("6400", "-1", "5.00", "IE"))
    assert desk.refused(across)[0][1].startswith("Transactions do not balance by 5 GBP.")
    one, other = (("6300", "1", "5.00", place) for place in ("UK", "IE"))
    desk.run(entry(one, ("6400", "-1", "5.00", "UK"), other, ("6400", "-1", "5.00", "IE")))
    assert desk.books() == {"6300": "10.00", "6400": "-10.00"}
    home = entry(("6300", "1", "7.00", "UK"), ("6400", "-1", "7.00", "IE"), BASELOCATION_NO="UK")
    desk.run(home)
    assert desk.books() == {"6300": "17.00", "6400": "-17.00", "1300": "7.00", "2300": "-7.00"}
    sums = {"UK": 0, "IE": 0}
    for row in desk.query("GLDETAIL", "LOCATIONID", "TR_TYPE", "AMOUNT"):
        sums[row["LOCATIONID"]] += int(row["TR_TYPE"]) * int(row["AMOUNT"])
    assert sums == {"UK": 0, "IE": 0}
