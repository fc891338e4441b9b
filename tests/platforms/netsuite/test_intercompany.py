"""Intercompany journals: each subsidiary books its own lines in its base currency, at its own rate."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from tests.platforms.netsuite.desk import RECORD
from tests.platforms.netsuite.test_subsidiaries import Group, opened

from sandbooks.app import App
from sandbooks.platforms.netsuite.bookkeeper import BOOKKEEPER

KIND = "advInterCompanyJournalEntry"


@pytest.fixture
def group(app: App) -> Group:
    return opened(app)


def lines(group: Group, here: str, there: str, **members: object) -> dict[str, Any]:
    """The root pays ``here`` for what Berlin spends, ``there``."""
    office = {"account": group.id("office"), "lineSubsidiary": group.berlin}
    items = [
        {"account": group.id("sales"), "debit": here, "memo": "Owed by Berlin"},
        {"account": group.id("bank"), "credit": here},
        {"account": group.id("travel"), "debit": there, "lineSubsidiary": group.berlin, "memo": "Fair", **members},
        {**office, "credit": there, **members},
    ]
    return {"items": items}


def journal(group: Group, here: str = "100.00", there: str = "100.00", **members: object) -> str:
    given = {"subsidiary": {"id": "1"}, "tranDate": "2026-03-02", "line": lines(group, here, there)}
    return group.make(KIND, **{**given, **members})


def test_each_subsidiary_books_its_own_lines_in_its_base_currency(group: Group) -> None:
    made = group.read(journal(group))
    assert group.local_books() == {"travel": "117.48", "office": "-117.48"}
    assert group.books() == {"travel": "100.00", "bank": "-100.00", "sales": "100.00", "office": "-100.00"}
    shown = [(line["lineFxRate"], line["lineBaseCurrency"]["refName"]) for line in made["line"]["items"]]
    assert shown == [(1, "British Pound")] * 2 + [(Decimal("1.17481203"), "Euro")] * 2
    group.local().verify()
    group.company.book.verify()


def test_the_rate_of_a_subsidiary_may_be_given_on_its_lines(group: Group) -> None:
    dollars = {"currency": group.currency("USD"), "exchangeRate": "0.80"}
    body = lines(group, "50.00", "30.00", lineFxRate="0.90")
    body["items"] = [line for line in body["items"] if line["account"] != group.id("bank")]
    group_line = {"account": group.id("dollars"), "credit": "50.00"}
    body["items"].append(group_line)
    group.make(KIND, subsidiary={"id": "1"}, tranDate="2026-03-02", line=body, **dollars)
    assert group.local_books() == {"travel": "27.00", "office": "-27.00"}
    # The root at 0.80; Berlin at 0.90 euros of 0.8512 pounds.
    assert group.books() == {"sales": "40.00", "dollars": "-40.00", "travel": "22.98", "office": "-22.98"}


def test_queries_tell_each_line_s_subsidiary_and_consolidate_it(group: Group) -> None:
    journal(group)
    query = (
        "SELECT t.subsidiary, a.amount,"
        " BUILTIN.CONSOLIDATE(a.amount, 'LEDGER', 'DEFAULT', 'DEFAULT', 1, 1, 'DEFAULT') AS whole"
        " FROM transactionaccountingline a JOIN transactionline t ON t.transaction = a.transaction"
        " AND t.id = a.transactionline WHERE a.amount > 0 ORDER BY t.subsidiary"
    )
    assert group.suiteql(query) == [
        {"subsidiary": "1", "amount": "100", "whole": "100"},
        {"subsidiary": "2", "amount": "117.48", "whole": "100"},
    ]


def test_an_expression_over_a_line_is_consolidated_by_the_line_s_own_rate(group: Group) -> None:
    journal(group)
    query = (
        "SELECT account, BUILTIN.CONSOLIDATE(amount * -2, 'LEDGER', 'DEFAULT', 'DEFAULT', 1, 1, 'DEFAULT') AS whole"
        " FROM transactionaccountingline WHERE amount < 0 ORDER BY amount DESC"
    )
    assert group.suiteql(query) == [
        {"account": group.id("bank")["id"], "whole": "200"},
        {"account": group.id("office")["id"], "whole": "200"},
    ]


def test_a_change_and_a_deletion_reach_every_book(group: Group) -> None:
    made = journal(group)
    items = group.read(made)["line"]["items"]
    halved = [{"line": line["line"], ("debit" if "debit" in line else "credit"): "40.00"} for line in items[2:]]
    group.write("PATCH", made, {"line": {"items": halved}})
    assert group.local_books() == {"travel": "46.99", "office": "-46.99"}
    assert group.books()["travel"] == "40.00"
    moved = [{"line": line["line"], "lineSubsidiary": {"id": "3"}} for line in items[2:]]
    group.write("PATCH", made, {"line": {"items": moved}})
    assert (group.local_books(), group.books()["travel"]) == ({}, "40.00")
    group.write("PATCH", made, {"line": {"items": [{**line, "lineSubsidiary": group.berlin} for line in moved]}})
    assert group.local_books() == {"travel": "46.99", "office": "-46.99"}
    assert group.send("DELETE", f"{RECORD}/{made}").status == 204
    assert (group.local_books(), group.books()) == ({}, {})


def test_a_reversal_turns_every_subsidiary_s_lines_round(group: Group) -> None:
    journal(group, reversalDate="2026-03-31")
    assert (group.local_books(), group.books()) == ({}, {})
    group.local().verify()


def test_a_void_empties_every_book(group: Group) -> None:
    made = journal(group)
    with group.world.unit():
        BOOKKEEPER.void(group.company, KIND, made.rpartition("/")[2])
    assert (group.local_books(), group.books()) == ({}, {})


def test_each_subsidiary_s_lines_balance_and_have_one_rate(group: Group) -> None:
    body: dict[str, Any] = {"subsidiary": {"id": "1"}, "line": lines(group, "100.00", "100.00")}
    items = body["line"]["items"]
    uneven = [{**items[0]}, {**items[1], "lineSubsidiary": group.berlin}]
    assert group.refused("POST", KIND, {**body, "line": {"items": uneven}})[1].endswith("must balance.")
    two = [items[0], items[1], {**items[2], "lineFxRate": "1.2"}, {**items[3], "lineFxRate": "1.3"}]
    assert "same exchange rate" in group.refused("POST", KIND, {**body, "line": {"items": two}})[1]
    none = [items[0], items[1], {**items[2], "lineFxRate": 0}, items[3]]
    assert group.refused("POST", KIND, {**body, "line": {"items": none}})[0] == "USER_ERROR"
    plain = {"items": [{**line, "lineSubsidiary": group.berlin} for line in items]}
    assert group.refused("POST", "journalEntry", {**body, "line": plain})[0] == "USER_ERROR"


def test_a_line_s_references_fit_its_own_subsidiary(group: Group) -> None:
    depot = group.make("location", name="Depot", subsidiary={"items": [group.berlin]}).rpartition("/")[2]
    body: dict[str, Any] = {"subsidiary": {"id": "1"}, "line": lines(group, "5.00", "5.00", location={"id": depot})}
    group.make(KIND, **body)
    body["line"]["items"][0]["location"] = {"id": depot}
    detail = group.refused("POST", KIND, body)[1]
    assert detail.endswith(f"Invalid location reference key {depot} for subsidiary 1.")
