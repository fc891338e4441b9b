"""The same id again, and changes. INV-06, INV-07, INV-18 and INV-52."""

from __future__ import annotations

from msgspec.structs import replace
from tests.unit.audit.box import Bench, bought, rules

from sandbooks.audit.evidence import gather
from sandbooks.audit.invariants.updates import accounts_are_left_to_people


def test_what_is_handed_over_twice_stands_once(bench: Bench) -> None:
    bench.post("r-01")
    assert bench.audit(bought("r-01", submissions=2)) == []
    bench.post("r-01")
    assert {"INV-01", "INV-06"} <= rules(bench.audit(bought("r-01", submissions=2)))


def test_another_body_under_the_same_id_is_never_posted_beside_the_first(bench: Bench) -> None:
    first, second = bought("r-01"), bought("r-01", "99.10")
    bench.post("r-01")
    assert bench.audit(bought("r-01", submissions=2, earlier=(second,))) == []
    bench.post("r-01", ("travel", "99.10"), ("card", "-99.10"))
    found = bench.audit(bought("r-01", "99.10", submissions=2, earlier=(first,)))
    assert {"INV-01", "INV-07"} <= rules(found)


def test_an_update_that_reached_the_books_is_right(bench: Bench) -> None:
    bench.post("r-01")
    new = ("meals", "15.00"), ("card", "-15.00")
    bench.send("PUT", "/acme/spend/1", {"ref": "r-01", "date": "2026-03-28", "lines": new})
    given = bought("r-01", "15.00", account="meals", updated=True, earlier=(bought("r-01"),))
    assert bench.audit(given) == []


def test_an_update_that_was_told_as_done_and_never_came_is_found(bench: Bench) -> None:
    bench.post("r-01")
    given = bought("r-01", "15.00", account="meals", updated=True, earlier=(bought("r-01"),))
    found = bench.audit(given)
    assert found[0].invariants == ("INV-13", "INV-14", "INV-18")
    assert "stands as it was before its update" in found[0].title


def test_an_update_that_makes_a_second_document_is_found(bench: Bench) -> None:
    bench.post("r-01")
    bench.post("r-01", ("meals", "15.00"), ("card", "-15.00"))
    given = bought("r-01", "15.00", account="meals", updated=True, earlier=(bought("r-01"),))
    assert "INV-18" in rules(bench.audit(given))


def test_somebody_elses_change_is_kept(bench: Bench) -> None:
    bench.post("r-01", note="taxi", memo="old")
    bench.by_hand("1", note="Taxi to the fair")
    kept = {"ref": "r-01", "date": "2026-03-28", "lines": [["travel", "12.30"], ["card", "-12.30"]]}
    bench.send("PUT", "/acme/spend/1", {**kept, "note": "Taxi to the fair", "memo": "new"})
    assert bench.alone() == []
    bench.by_hand("1", note="Taxi to the fair, with samples")
    bench.send("PUT", "/acme/spend/1", {**kept, "note": "Taxi to the fair", "memo": "new"})
    (finding,) = bench.alone()
    assert (finding.invariants, finding.failure_modes) == (("INV-52",), ("FM-50",))
    assert finding.repeat == ("note: Taxi to the fair, with samples -> Taxi to the fair",)


def test_a_change_of_the_same_member_that_means_something_new_overwrites_on_purpose(bench: Bench) -> None:
    bench.post("r-01", note="taxi")
    bench.by_hand("1", note="Taxi to the fair")
    kept = {"ref": "r-01", "date": "2026-03-28", "lines": [["travel", "12.30"], ["card", "-12.30"]]}
    bench.send("PUT", "/acme/spend/1", {**kept, "note": "Taxi, submitted again"})
    assert bench.alone() == []


def test_who_was_told_of_somebody_elses_change_reads_before_changing_again(bench: Bench) -> None:
    bench.post("r-01", note="taxi")
    bench.by_hand("1", note="Taxi to the fair")
    new = {
        "ref": "r-01",
        "date": "2026-03-28",
        "note": "Taxi, paid",
        "lines": [["travel", "15.00"], ["card", "-15.00"]],
    }
    gone = [["nowhere", "15.00"], ["card", "-15.00"]]  # any refusal of the change will do
    bench.send("PUT", "/acme/spend/1", {**new, "lines": gone})
    bench.look_up("r-01")
    bench.send("PUT", "/acme/spend/1", new)
    assert bench.alone() == []


def test_who_was_told_of_somebody_elses_change_and_forces_its_own_is_found(bench: Bench) -> None:
    bench.post("r-01", note="taxi")
    bench.by_hand("1", note="Taxi to the fair")
    new = {
        "ref": "r-01",
        "date": "2026-03-28",
        "note": "Taxi, paid",
        "lines": [["travel", "15.00"], ["card", "-15.00"]],
    }
    bench.send("PUT", "/acme/spend/1", {**new, "lines": [["nowhere", "15.00"], ["card", "-15.00"]]})
    bench.send("PUT", "/acme/spend/1", new)
    (finding,) = bench.alone()
    assert (finding.invariants, finding.failure_modes) == (("INV-52",), ("FM-49",))
    assert finding.exchanges == (2, 3)


def account(bench: Bench, **members: str) -> None:
    """A version of the account ``travel`` that the company's own people make."""
    records = bench.company().records
    before = records.get("Account", "travel")
    with bench.world.unit():
        records.put("Account", "travel", {"name": "Travel", **members}, version=before.version + 1 if before else 1)


def test_an_account_that_people_closed_stays_closed(bench: Bench) -> None:
    for state in ("open", "closed", "open"):
        account(bench, state=state)
    assert bench.alone() == [], "they may open it themselves"
    evidence = gather(bench.company())
    evidence.versions[-1] = replace(evidence.versions[-1], exchange=1)
    (finding,) = accounts_are_left_to_people(evidence)
    assert (finding.invariants, finding.failure_modes) == (("INV-52",), ("FM-84",))
    assert finding.repeat == ("state: closed -> open",)


def test_a_document_that_has_the_id_of_an_account_and_says_its_name_is_no_account(bench: Bench) -> None:
    body = {"ref": "r-01", "date": "2026-03-28", "lines": [["travel", "12.30"], ["card", "-12.30"]]}
    bench.post("r-01", id="travel", note="Travel by taxi", memo="old")
    bench.by_hand("travel", memo="new")
    bench.send("PUT", "/acme/spend/travel", {**body, "id": "travel", "note": "Travel by taxi", "memo": "old"})
    (finding,) = bench.alone()
    assert finding.failure_modes == ("FM-50",), "the document was changed, and no account"
