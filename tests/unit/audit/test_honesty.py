"""Books and answers agree: INV-71; and a request touches its own company alone: INV-45."""

from __future__ import annotations

import msgspec
from tests.unit.audit.box import Bench, rules

from sandbooks.world import TapeEntry


def test_a_document_whose_write_was_answered_with_an_error_is_found(bench: Bench) -> None:
    bench.post("r-01", lie="yes")
    (finding,) = bench.alone()
    assert finding.invariants == ("INV-71",)
    assert finding.title == "Spend 1 stands in the books, and its write was answered with 422."


def test_an_error_that_a_fault_put_in_the_platforms_place_is_not_the_platforms(bench: Bench) -> None:
    with bench.fault("server_error", "commit"):
        bench.post("r-01")
    assert bench.alone() == []


def test_a_refusal_that_wrote_nothing_is_honest(bench: Bench) -> None:
    bench.post("r-01", ("travel", "1"), ("card", "-2"))
    assert bench.alone() == []


def test_what_the_tape_says_was_written_must_be_in_the_records(bench: Bench) -> None:
    bench.post("r-01")
    bench.world.store._connection.execute("DELETE FROM versions")
    (finding,) = bench.alone()
    assert finding.invariants == ("INV-71",)
    assert "is in no records" in finding.title


def test_what_is_in_the_records_must_be_on_the_tape(bench: Bench) -> None:
    bench.post("r-01")
    forged(bench, written=[])
    assert rules(bench.alone()) == {"INV-71"}


def test_a_write_into_another_companys_books_is_found(bench: Bench) -> None:
    bench.post("r-01", company="globex")
    forged(bench, company="acme")
    assert rules(bench.alone()) == {"INV-45", "INV-71"}


def forged(bench: Bench, **changes: object) -> None:
    """The last exchange, changed on the tape."""
    (entry,) = bench.world.tape.entries()
    body = msgspec.msgpack.encode(msgspec.structs.replace(entry, **changes))
    assert isinstance(msgspec.msgpack.decode(body, type=TapeEntry), TapeEntry)
    bench.world.store.run(
        "tape.put", number=entry.number, surface=entry.surface, company=entry.company, at=entry.at, body=body
    )
