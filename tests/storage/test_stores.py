"""What every store keeps, whichever database is behind it."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import suppress
from typing import Any

import pytest
from tests.storage.conftest import NewStore

from sandbooks.storage import SqliteStore, Store


def put(store: Store, key: str, value: bytes, scope: str = "s") -> int:
    return store.run("state.put", scope=scope, key=key, value=value)


def values(store: Store, scope: str = "s") -> dict[str, bytes]:
    return dict(store.all("state.scope", scope=scope))


def test_what_was_put_is_there_and_a_second_time_replaces_it(store: Store) -> None:
    assert put(store, "a", b"1") == 1
    assert put(store, "a", b"2") == 1
    assert values(store) == {"a": b"2"}
    assert store.one("state.get", scope="s", key="a") == (b"2",)
    assert store.one("state.get", scope="s", key="b") is None


def test_a_unit_that_fails_leaves_nothing(store: Store) -> None:
    put(store, "before", b"1")
    with suppress(ZeroDivisionError), store.unit():
        put(store, "within", b"2")
        raise ZeroDivisionError
    assert (values(store), store.in_unit) == ({"before": b"1"}, False)


def test_an_inner_unit_that_fails_leaves_the_outer_as_it_was(store: Store) -> None:
    with store.unit():
        put(store, "outer", b"1")
        with suppress(ZeroDivisionError), store.unit():
            put(store, "inner", b"2")
            with store.unit():
                put(store, "innermost", b"3")
            raise ZeroDivisionError
        with store.unit():
            put(store, "second", b"4")
        assert store.in_unit
    assert values(store) == {"outer": b"1", "second": b"4"}


def test_a_statement_that_fails_in_an_inner_unit_does_not_end_the_outer(store: Store) -> None:
    job: dict[str, Any] = {"due": 5, "run": "x:y", "body": b"{}"}
    with store.unit():
        store.run("jobs.put", id=7, **job)
        with pytest.raises(Exception, match=r"(?i)unique"), store.unit():
            store.run("jobs.put", id=7, **job)
        store.run("jobs.put", id=8, **job)
    assert [row[0] for row in store.all("jobs.list")] == [7, 8]


def test_counters_count_by_name_and_go_back_with_their_unit(store: Store) -> None:
    def count(name: str) -> Any:
        return store.one("state.next", name=name, start=41)

    assert (count("a"), count("a"), count("b")) == ((41,), (42,), (41,))
    with suppress(ZeroDivisionError), store.unit():
        assert count("a") == (43,)
        raise ZeroDivisionError
    assert count("a") == (43,)


def test_text_is_ordered_by_its_characters_alone(store: Store) -> None:
    keys = ["Zebra", "apple", "Äpfel", "_", "a-b", "a b", "ab", "10", "9", "é", "z"]
    for key in keys:
        put(store, key, b"")
    assert list(values(store)) == sorted(keys)


@pytest.mark.parametrize(
    "text",
    ["", "nul\x00within", "\x00", "'; DROP TABLE state; --", "100% :scope %s", "\U0001f4b7 £ é", "x" * 9000, "\\N\t\n"],
    ids=range(8),
)
def test_any_text_is_a_key_and_comes_back_through_an_image_too(store: Store, new_store: NewStore, text: str) -> None:
    put(store, text, text.encode())
    assert store.one("state.get", scope="s", key=text) == (text.encode(),)
    copy = new_store()
    copy.restore(store.image())
    assert values(copy) == {text: text.encode()}
    put(copy, text, b"again")
    assert values(copy) == {text: b"again"}
    assert copy.run("state.drop", scope="s", key=text) == 1
    assert values(copy) == {}


def test_long_tokens_are_found_and_replaced(store: Store) -> None:
    value = "".join(f"{n:x}" for n in range(4000))
    row = {"platform": "p", "kind": "access", "value": value, "grant_id": "g", "issued": 1, "expires": None}
    store.run("tokens.put", **row, revoked=None, body=b"1")
    store.run("tokens.put", **row, revoked=9, body=b"2")
    found = store.one("tokens.get", platform="p", kind="access", value=value)
    assert found == ("access", value, "g", 1, None, 9, b"2")
    assert store.all("tokens.platforms_of", value=value) == [("p",)]


def test_lookup_keys_are_many_and_none_is_there_twice(store: Store) -> None:
    where = {"platform": "p", "company": "c", "kind": "k"}
    record = {"version": 1, "active": True, "deleted": False, "created": 1, "updated": 1, "exchange": 0, "body": b"{}"}
    for number, id in enumerate(("b", "a")):
        store.run("records.put", id=id, sequence=number, **record, **where)
    name = {"name": "docnumber", "value": "n" * 5000, **where}
    store.run_many("records.add_key", [{**name, "id": "a"}, {**name, "id": "b"}, {**name, "id": "a"}])
    assert [row[1] for row in store.all("records.by_key", **name)] == ["b", "a"]
    assert store.run("records.drop_keys", id="a", **where) == 1


def test_truth_values_and_whole_numbers_of_any_size_come_back_as_numbers(store: Store) -> None:
    where = {"platform": "p", "company": "c", "kind": "k", "id": "1"}
    large = 2**62
    store.run(
        "records.put", **where, version=3, active=True, deleted=False, created=1, updated=large, sequence=1, exchange=0,
        body=b"",
    )  # fmt: skip
    row = store.one("records.get", **where)
    assert row == ("k", "1", 3, 1, 0, 1, large, 1, 0, b"")
    assert all(type(value) is not bool for value in row)


def test_the_tape_is_read_whole_or_in_part(store: Store) -> None:
    for number in (1, 2, 3):
        store.run("tape.put", number=number, surface="x", company="c", at=number, body=b"%d" % number)
    assert store.all("tape.after", after=1, most=-1) == [(b"2",), (b"3",)]
    assert store.all("tape.after", after=0, most=2) == [(b"1",), (b"2",)]


def test_an_image_opens_on_every_database(store: Store) -> None:
    put(store, "a", b"\x00\xff")
    store.run("jobs.put", id=1, due=5, run="x:y", body=b"{}")
    image = store.image()
    memory = SqliteStore.of_image(image)
    memory.run("state.put", scope="s", key="b", value=b"2")
    put(store, "gone", b"3")
    store.restore(memory.image())
    memory.close()
    assert values(store) == {"a": b"\x00\xff", "b": b"2"}
    assert [row[0] for row in store.all("jobs.list")] == [1]
    store.restore(image)
    assert values(store) == {"a": b"\x00\xff"}


def test_no_image_is_taken_or_restored_within_a_unit(store: Store) -> None:
    image = store.image()
    with store.unit(), pytest.raises(RuntimeError, match="unit"):
        store.image()
    with store.unit(), pytest.raises(RuntimeError, match="unit"):
        store.restore(image)


def test_two_worlds_know_nothing_of_each_other(new_store: NewStore) -> None:
    first, second = new_store(), new_store()
    put(first, "a", b"1")
    put(second, "a", b"2")
    assert (values(first), values(second)) == ({"a": b"1"}, {"a": b"2"})


def test_units_of_many_threads_come_one_after_the_other(store: Store) -> None:
    def add() -> None:
        for _ in range(10):
            with store.lock, store.unit():
                row = store.one("state.get", scope="s", key="sum")
                put(store, "sum", b"%d" % (int(row[0] if row else 0) + 1))

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert values(store) == {"sum": b"40"}


def test_a_job_is_claimed_once(store: Store) -> None:
    store.run("jobs.put", id=1, due=5, run="x:y", body=b"{}")
    assert store.one("jobs.next", now=4) is None
    assert store.one("jobs.next", now=5) == (1, 5, "x:y", b"{}")
    assert store.run("jobs.claim", id=1, owner=store.session) == 1
    assert store.run("jobs.claim", id=1, owner=store.session) == 0
    assert store.one("jobs.next", now=5) is None


def test_what_one_thread_asks_does_not_come_between_the_statements_of_anothers_unit(store: Store) -> None:
    failed: list[sqlite3.Error] = []
    numbers: list[int] = []

    def draw() -> None:
        try:
            for _ in range(400):
                row = store.one("state.next", name="n", start=0)
                assert row is not None
                numbers.append(row[0])
        except sqlite3.Error as error:
            failed.append(error)

    drawing = [threading.Thread(target=draw) for _ in range(2)]
    for thread in drawing:
        thread.start()
    for number in range(400):
        with store.lock, store.unit():
            put(store, f"key {number}", b"1")
            assert len(values(store)) == number + 1
    for thread in drawing:
        thread.join()
    assert (failed, len(numbers), len(set(numbers))) == ([], 800, 800)
