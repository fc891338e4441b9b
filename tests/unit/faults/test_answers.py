"""What the client sees and what the books hold, for faults that end an exchange."""

from datetime import date

import pytest
from tests.unit.faults.toy import Bench, cut, new_bench, response

from sandbooks import exact_json
from sandbooks.wire import Cut


@pytest.mark.parametrize(
    ("phase", "booked"), [("send", []), ("admit", []), ("validate", []), ("commit", ["r-1"]), ("render", ["r-1"])]
)
@pytest.mark.parametrize("how", ["closed", "timeout", "reset"])
def test_a_lost_answer_looks_alike_at_every_phase_and_the_books_differ(
    bench: Bench, phase: str, booked: list[str], how: str
) -> None:
    bench.plan.add("drop_response", at={"write": "r-1"}, phase=phase, how=how)
    assert bench.spend("r-1") == Cut(how)
    assert bench.refs() == booked
    (entry,) = bench.world.tape.entries()
    assert (entry.committed, entry.cut) == (bool(booked), how)
    assert (entry.operation, entry.company, entry.writes) == ("create_spend", "acme", True)
    assert entry.faults == [f"f1 drop_response after {phase}: {how}"]


def test_after_a_lost_answer_the_repeat_is_answered(bench: Bench) -> None:
    bench.plan.add("drop_response", at={"write": "r-1"})
    assert cut(bench.spend("r-1")) == "timeout"
    assert response(bench.spend("r-1")).status == 201
    assert bench.refs() == ["r-1", "r-1"]


@pytest.mark.parametrize("kind", ["server_error", "html_error_page", "reset", "drop_response"])
def test_commit_and_validate_show_the_client_the_same_bytes(kind: str) -> None:
    seen = []
    for phase, booked in (("validate", []), ("commit", ["r-1"])):
        bench = new_bench()
        bench.plan.add(kind, at={"write": "r-1"}, phase=phase)
        seen.append(bench.spend("r-1"))
        assert bench.refs() == booked
    assert seen[0] == seen[1]


def test_a_server_error_wears_the_dress_of_the_platform_under_the_chosen_status(bench: Bench) -> None:
    bench.plan.add("server_error", at={"write": "r-1"}, status=503, retry_after="2m")
    answer = response(bench.spend("r-1"))
    assert (answer.status, exact_json.loads(answer.body)) == (503, {"no": "internal"})
    assert (answer.header("Retry-After"), answer.header("X-Toy-Left")) == ("120", "41")
    assert answer.header("X-Sandbooks-Bug") == ""
    assert bench.refs() == []


def test_a_server_error_before_routing_speaks_the_platforms_language(bench: Bench) -> None:
    bench.plan.add("server_error", phase="send")
    answer = response(bench.spend("r-1"))
    assert (answer.status, exact_json.loads(answer.body)) == (500, {"no": "internal"})


@pytest.mark.parametrize(("status", "words"), [(502, b"502 Bad Gateway"), (200, b"maintenance"), (413, b"413 ")])
def test_an_html_page_replaces_the_answer(bench: Bench, status: int, words: bytes) -> None:
    bench.plan.add("html_error_page", at={"write": "r-1"}, phase="commit", status=status)
    answer = response(bench.spend("r-1"))
    assert (answer.status, answer.header("Content-Type")) == (status, "text/html; charset=utf-8")
    assert words in answer.body
    assert bench.refs() == ["r-1"]


def test_a_reset_before_anything_is_read_posts_nothing(bench: Bench) -> None:
    bench.plan.add("reset", phase="connect")
    assert cut(bench.spend("r-1")) == "reset"
    assert bench.refs() == []


def test_a_truncated_answer_keeps_its_head_and_loses_its_tail(bench: Bench) -> None:
    bench.plan.add("truncate", at={"write": "r-1"}, keep=5)
    answer = bench.spend("r-1")
    assert isinstance(answer, Cut)
    assert answer.response is not None
    assert (answer.how, answer.keep, answer.response.status) == ("truncated", 5, 201)
    assert bench.refs() == ["r-1"]


def test_a_truncated_answer_always_lacks_something(bench: Bench) -> None:
    bench.plan.add("truncate", keep=4096)
    answer = bench.spend("r-1")
    assert isinstance(answer, Cut)
    assert answer.response is not None
    assert answer.keep == len(answer.response.body) - 1


def test_a_refusal_at_each_phase_posts_nothing(bench: Bench) -> None:
    for phase in ("connect", "admit", "validate"):
        bench.plan.add("refuse", at={"write": phase}, phase=phase)
    assert cut(bench.spend("connect")) == "refused"
    admit, validate = response(bench.spend("admit")), response(bench.spend("validate"))
    assert (admit.status, exact_json.loads(admit.body)) == (403, {"no": "NotPermitted"})
    assert (validate.status, exact_json.loads(validate.body)) == (400, {"no": "PeriodClosed"})
    assert bench.refs() == []
    assert bench.plan.unfired() == []


@pytest.mark.parametrize("phase", ["validate", "commit"])
def test_a_read_has_no_unit_so_its_answer_is_lost_when_it_is_rendered(bench: Bench, phase: str) -> None:
    bench.spend("r-1")
    bench.plan.add("drop_response", at={"operation": "find_spends"}, phase=phase)
    assert cut(bench.send("GET", "/acme/spend")) == "timeout"
    assert bench.faults_on_tape()[-1] == ["f1 drop_response after render: timeout"]
    assert bench.found() == ["r-1"]


def test_a_refused_read_answers_with_a_refusal(bench: Bench) -> None:
    bench.plan.add("refuse", at={"operation": "find_spends"}, phase="validate")
    assert response(bench.send("GET", "/acme/spend")).status == 400


def test_a_repeated_write_answered_from_memory_loses_its_answer_too(bench: Bench) -> None:
    bench.spend("r-1", Idempotency_Key="k")
    bench.plan.add("drop_response", at={"write": "r-1"}, phase="commit")
    assert cut(bench.spend("r-1", Idempotency_Key="k")) == "timeout"
    assert bench.refs() == ["r-1"]


def test_a_write_that_the_books_refuse_never_reaches_the_commit_and_the_fault_has_not_fired(bench: Bench) -> None:
    fault = bench.plan.add("drop_response", at={"write": "r-1"}, phase="commit")
    bench.company().book.lock(date(2026, 3, 31))
    assert response(bench.spend("r-1")).status == 400
    assert (bench.plan.unfired(), fault.matches) == ([fault], 1)
