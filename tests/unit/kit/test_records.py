"""Records are counted and read in slices without reading the others."""

from __future__ import annotations

from decimal import Decimal

import pytest

from sandbooks.app import App
from sandbooks.kit.company import Company, open_company
from sandbooks.kit.sums import Sums


@pytest.fixture
def company() -> Company:
    world = App().create_world(seed=3)
    with world.unit():
        company = open_company(world, "toy", "c-1", name="Toy Ltd", country="GB", currency="GBP")
        for number in range(1, 8):
            who = "ada" if number % 2 else "bob"
            keys = {"who": who, "day": f"2026-0{number}-11"}
            company.records.put("Note", str(number), {"n": number}, version=1, keys=keys)
        company.records.put("Note", "5", {"n": 5}, version=2, action="delete", deleted=True)
        company.records.put(
            "Note", "6", {"n": 60}, version=2, action="update", keys={"who": "bob", "day": "2026-01-02"}
        )
    return company


def test_a_listing_has_the_live_records_in_order_of_creation(company: Company) -> None:
    listed = company.records.listed("Note")
    assert [record.id for record in listed] == ["1", "2", "3", "4", "6", "7"]
    assert len(listed) == 6
    assert [record.id for record in listed[1:3]] == ["2", "3"]
    assert [record.id for record in listed[4:99]] == ["6", "7"]
    assert (listed[0].id, listed[-1].id) == ("1", "7")
    assert listed[9:12] == []
    with pytest.raises(IndexError):
        listed[6]


def test_a_listing_with_tombstones_has_the_deleted_ones_at_their_place(company: Company) -> None:
    listed = company.records.listed("Note", deleted=True)
    assert [record.id for record in listed[3:6]] == ["4", "5", "6"]
    assert len(listed) == 7


def test_a_listing_by_a_key_has_what_the_key_finds(company: Company) -> None:
    listed = company.records.listed("Note", key="who", value="ada")
    assert [record.id for record in listed] == ["1", "3", "7"]
    assert [record.id for record in listed[1:2]] == ["3"]
    assert len(listed) == company.records.count_found("Note", "who", "ada") == 3
    assert company.records.count_found("Note", "who", "eve") == 0
    assert [company.records.has_found("Note", "who", who) for who in ("ada", "eve")] == [True, False]


def test_the_last_value_of_a_key_follows_changes_and_deletions(company: Company) -> None:
    assert company.records.last_value("Note", "day") == "2026-07-11"
    with company.world.unit():
        company.records.put("Note", "7", {}, version=2, action="delete", deleted=True)
    assert company.records.last_value("Note", "day") == "2026-04-11"
    assert company.records.last_value("Note", "hue") is None


def test_sums_move_by_what_changes_and_are_taken_back_with_the_unit(company: Company) -> None:
    sums = Sums(company)
    with company.world.unit():
        sums.move({}, {"owed/1": Decimal("12.35"), "owed/2": Decimal("4.10")})
        sums.move({"owed/1": Decimal("12.35")}, {"owed/1": Decimal("10.05")})
        sums.move({"owed/2": Decimal("4.10")}, {"owed/1": Decimal("1.00")})
    with pytest.raises(AssertionError, match="given up"), company.world.unit():
        _move_and_give_up(sums)
    assert (sums.of("owed/1"), sums.of("owed/2"), sums.of("owed/3")) == (Decimal("11.05"), Decimal(0), Decimal(0))


def _move_and_give_up(sums: Sums) -> None:
    sums.move({}, {"owed/1": Decimal(700)})
    raise AssertionError("given up")


def test_the_facts_of_a_record_are_those_of_its_newest_version(company: Company) -> None:
    with company.world.unit():
        for version, rate in ((3, "0.77"), (4, "0.81")):
            company.records.put("Note", "6", {"n": 61}, version=version, action="update", facts={"rate": rate})
    assert company.records.facts("Note", "6") == {"rate": "0.81"}
    assert company.records.facts("Note", "1") == {}
    with pytest.raises(KeyError):
        company.records.facts("Note", "99")
