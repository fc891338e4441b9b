"""How a plan is made, counted, kept, and what it says of a request that makes no sense."""

from pathlib import Path
from typing import Any

import pytest
from tests.unit.faults.toy import Bench, cut, new_bench, reopened, response

from sandbooks.faults.kinds import ALL_KINDS
from sandbooks.settings import read_document

CATALOGUE = Path(__file__).parents[3] / "contracts" / "faults.yaml"


def promised() -> dict[str, Any]:
    faults: dict[str, Any] = read_document(CATALOGUE).data["faults"]
    return faults


def test_every_promised_kind_is_there_and_no_other() -> None:
    assert list(ALL_KINDS) == list(promised())


@pytest.mark.parametrize("name", list(ALL_KINDS))
def test_phases_and_parameters_are_those_of_the_contract(name: str) -> None:
    kind, contract = ALL_KINDS[name], promised()[name]
    assert (list(kind.phases), kind.default_phase) == (contract["phases"], contract["default_phase"])
    assert set(kind.parameters) == set(contract["parameters"])
    for parameter, terms in contract["parameters"].items():
        ours = kind.parameters[parameter]
        type_ = terms["type"][0] if ours.nullable else terms["type"]
        assert (ours.type, ours.default) == (type_, terms["default"])
        assert list(ours.choices) == terms.get("enum", [])
        assert ours.minimum == terms.get("minimum")


@pytest.mark.parametrize(
    ("kind", "given", "words"),
    [
        ("drop_respones", {}, "did you mean 'drop_response'"),
        ("earthquake", {}, "there is refuse, throttle"),
        ("truncate", {"phase": "commit"}, "truncate does not act after 'commit'; it acts after render"),
        ("truncate", {"keeps": 3}, "did you mean 'keep'"),
        ("reset", {"how": "closed"}, "reset has no parameter 'how'; it has none"),
        ("truncate", {"keep": -1}, "keep is -1; give at least 0"),
        ("truncate", {"keep": "3"}, "give a whole number"),
        ("drop_response", {"how": "slowly"}, "give one of closed, timeout, reset"),
        ("delay", {"by": "soon"}, "give a length of time"),
        ("throttle", {"announce": 1}, "give true or false"),
        ("html_error_page", {"status": 201}, "give one of 200, 413"),
        ("reset", {"at": {"compny": "acme"}}, "did you mean 'company'"),
        ("reset", {"at": {"write": "a", "read": "b"}}, "at most one of write, read, reference"),
        ("reset", {"at": {"nth": 0}}, "give a whole number from 1 on"),
        ("reset", {"at": {"every": "yes"}}, "give true or false"),
        ("reset", {"at": {"operation": "POST v3/bill"}}, "'POST /v3/company/*/bill'"),
        ("reset", {"at": {"company": ""}}, "leave the key out"),
        ("reset", {"at": {"event": "bill.*"}}, "name an operation instead"),
        ("delay_webhook", {"at": {"operation": "create_spend"}}, "name its event instead"),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_remedy(bench: Bench, kind: str, given: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words.replace("*", r"\*")):
        bench.plan.add(kind, **given)
    assert bench.plan.list() == []


def test_a_fault_shows_itself_with_its_defaults(bench: Bench) -> None:
    made = bench.plan.add("drop_response", at={"write": "r-02"})
    assert made.as_dict() == {
        "id": "f1",
        "kind": "drop_response",
        "phase": "commit",
        "at": {"write": "r-02", "nth": 1, "every": False},
        "parameters": {"how": "timeout"},
        "fired": 0,
        "exchanges": [],
    }


def test_the_nth_match_is_hit_and_repeats_of_one_client_count(bench: Bench) -> None:
    bench.plan.add("server_error", at={"write": "r-1", "nth": 2})
    assert [response(bench.spend(ref)).status for ref in ("r-1", "r-2", "r-1", "r-1")] == [201, 201, 500, 201]


def test_every_match_from_the_nth_on_is_hit_until_the_fault_is_removed(bench: Bench) -> None:
    fault = bench.plan.add("server_error", at={"write": "r-1", "nth": 2, "every": True})
    assert [response(bench.spend("r-1")).status for _ in range(3)] == [201, 500, 500]
    assert (fault.fired, fault.exchanges) == (2, [2, 3])
    bench.plan.remove(fault.id)
    assert response(bench.spend("r-1")).status == 201


def test_faults_count_on_their_own(bench: Bench) -> None:
    bench.plan.add("server_error", at={"write": "r-1", "nth": 1})
    bench.plan.add("html_error_page", at={"nth": 2})
    assert [response(bench.spend(ref)).status for ref in ("r-1", "r-2", "r-1")] == [500, 502, 201]


def test_a_fault_that_met_nothing_is_told(bench: Bench) -> None:
    acts = bench.plan.add("reset", at={"write": "r-1"})
    rests = bench.plan.add("reset", at={"write": "r-9"})
    bench.spend("r-1")
    assert (bench.plan.list(), bench.plan.unfired()) == ([acts, rests], [rests])


def test_removing_what_is_not_there_is_told(bench: Bench) -> None:
    with pytest.raises(LookupError, match="f9"):
        bench.plan.remove("f9")


def test_a_cleared_plan_does_nothing_and_ids_are_not_used_again(bench: Bench) -> None:
    bench.plan.add("reset")
    bench.plan.add("truncate")
    bench.plan.clear()
    assert (bench.plan.list(), response(bench.spend("r-1")).status) == ([], 201)
    assert bench.plan.add("reset").id == "f3"


def test_faults_and_their_counts_survive_a_restart(tmp_path: Path) -> None:
    before = new_bench(tmp_path / "world.db")
    before.plan.add("drop_response", at={"write": "r-1", "nth": 2}, phase="validate")
    assert response(before.spend("r-1")).status == 201
    before.app.close()
    after = reopened(tmp_path / "world.db")
    assert cut(after.spend("r-1")) == "timeout"
    after.app.close()
    last = reopened(tmp_path / "world.db")
    assert last.plan.unfired() == []
    assert (last.plan.list()[0].exchanges, last.refs()) == ([2], ["r-1"])
    last.app.close()


def test_a_fork_counts_for_itself(bench: Bench) -> None:
    bench.plan.add("server_error", at={"write": "r-1", "nth": 2})
    bench.spend("r-1")
    bench.app.fork_world("default", "other")
    other = Bench(bench.app, "other")
    assert response(bench.spend("r-1")).status == 500
    assert (other.plan.list()[0].matches, len(other.plan.unfired())) == (1, 1)
    assert response(other.spend("r-1")).status == 500


def test_a_snapshot_brings_the_counts_back(bench: Bench) -> None:
    bench.plan.add("server_error", at={"write": "r-1"})
    bench.app.save_snapshot("default", "before")
    assert response(bench.spend("r-1")).status == 500
    bench.app.restore_snapshot("default", "before")
    assert response(bench.spend("r-1")).status == 500


def test_a_delay_and_a_lost_answer_at_one_phase_both_act(bench: Bench) -> None:
    bench.plan.add("drop_response", phase="admit")
    bench.plan.add("delay", phase="admit", by="40s")
    start = bench.world.clock.now()
    assert cut(bench.spend("r-1")) == "timeout"
    assert (bench.world.clock.now() - start).total_seconds() == 41
    assert bench.plan.unfired() == []
