"""What was submitted against what stands in the books: INV-01 to INV-05, and INV-35."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from msgspec import structs
from tests.unit.audit.box import Bench, bought, gbp, rules

from sandbooks import platform
from sandbooks.audit import Finding
from sandbooks.audit.evidence import _may_hold, gather
from sandbooks.audit.submitted import Submitted, SubmittedLine

UUID = "4d5e8f60-7a1b-4c2d-9e3f-0a1b2c3d4e5f"


def only(findings: list[Finding]) -> Finding:
    (finding,) = findings
    return finding


def test_completed_and_posted_once_is_right(bench: Bench) -> None:
    bench.post("r-01")
    assert bench.audit(bought("r-01", native_id="1")) == []


def test_completed_and_posted_twice_is_found_even_when_every_answer_was_whole(bench: Bench) -> None:
    bench.post("r-01")
    bench.post("r-01", note="sent again by the sweep")
    finding = only(bench.audit(bought("r-01", native_id="2")))
    assert finding.invariants == ("INV-01", "INV-13", "INV-14")
    assert finding.title == "The payment r-01 of 12.30 GBP stands in the books twice: Spend 1 and Spend 2."
    assert "Nobody was told of Spend 1." in finding.message
    rows = [(row.account, str(row.expected), str(row.difference)) for row in finding.table]
    assert rows == [("Travel", "12.30 GBP", "12.30 GBP"), ("Company Card", "-12.30 GBP", "-12.30 GBP")]


def test_a_double_posting_after_a_lost_answer_is_one_finding_with_all_its_rules(bench: Bench) -> None:
    bench.lose("r-01")
    bench.post("r-01")
    finding = only(bench.audit(bought("r-01")))
    assert (finding.transaction, rules([finding])) == ("r-01", {"INV-01", "INV-09", "INV-13", "INV-14"})


def test_several_documents_that_together_move_the_right_amounts_are_no_double_posting(bench: Bench) -> None:
    bench.post("r-01", ("travel", "12.30"), ("payables", "-12.30"))
    bench.post("r-01", ("payables", "12.30"), ("card", "-12.30"))
    assert bench.audit(bought("r-01")) == []


def test_twins_are_told_apart_by_their_references(bench: Bench) -> None:
    bench.post("r-01")
    bench.post("r-02")
    assert bench.audit(bought("r-01"), bought("r-02")) == []


def test_a_client_may_choose_its_own_references(bench: Bench) -> None:
    bench.post("EXP/7/a")
    bench.post("EXP/7/b")
    given = [bought("0001"), bought("0002", native_id="2")]
    assert bench.audit(*given) == []


def test_with_references_of_its_own_a_double_posting_is_found_by_its_money(bench: Bench) -> None:
    for name in ("EXP/7/a", "EXP/7/b", "EXP/7/b again"):
        bench.post(name)
    assert rules(bench.audit(bought("0001"), bought("0002"))) == {"INV-01", "INV-13", "INV-14"}


def test_a_document_that_nobody_submitted_is_an_orphan(bench: Bench) -> None:
    bench.post("r-01")
    bench.post("r-09", ("meals", "4.41"), ("card", "-4.41"))
    finding = only(bench.audit(bought("r-01")))
    assert finding.invariants == ("INV-02",)
    assert finding.title == "Spend 2 of 4.41 GBP, dated 28 March 2026, belongs to nothing that was submitted."


def test_a_draft_that_is_left_beside_the_document_is_found(bench: Bench) -> None:
    bench.post("r-01", status="draft")
    bench.post("r-01")
    finding = only(bench.audit(bought("r-01")))
    assert (finding.invariants, finding.failure_modes) == (("INV-02",), ("FM-06",))
    assert finding.title == "Spend 1 for the payment r-01 of 12.30 GBP was never posted, and is left beside Spend 2."


@pytest.mark.parametrize(("status", "told"), [("deleted", "completed"), ("draft", "failed")])
def test_a_draft_that_was_taken_back_or_stands_alone_is_in_order(bench: Bench, status: str, told: Any) -> None:
    bench.post("r-01", status=status)
    bench.post("r-02")
    if told == "completed":
        bench.post("r-01")
    assert bench.audit(bought("r-01", status=told, message="It needs an approval."), bought("r-02")) == []


def test_what_the_company_enters_itself_is_no_orphan(bench: Bench) -> None:
    from tests.unit.audit.box import TAXI, put

    with bench.world.unit():
        put(bench.company(), "77", {"date": "2026-03-02", "lines": TAXI}, version=1)
    assert bench.audit() == []


def test_a_transaction_of_this_company_in_another_ones_books_is_found(bench: Bench) -> None:
    bench.post("r-01", company="globex")
    finding = only(bench.audit(bought("r-01")))
    assert finding.invariants == ("INV-02", "INV-04", "INV-45")
    assert finding.title == (
        "The payment r-01 of 12.30 GBP was written into another company's books: Spend 1 of globex."
    )


@pytest.mark.parametrize("status", ["failed", "pending"])
def test_what_is_not_completed_must_not_be_posted(bench: Bench, status: str) -> None:
    bench.lose("r-01")
    finding = only(bench.audit(bought("r-01", status=status, message="timed out")))
    assert finding.invariants == ("INV-03",)
    assert "Whoever enters it again by hand books it twice." in finding.message


def test_what_is_pending_may_be_posted_while_work_goes_on(bench: Bench) -> None:
    bench.post("r-01")
    assert bench.audit(bought("r-01", status="pending"), quiet=False) == []


def test_what_failed_and_is_not_posted_is_right(bench: Bench) -> None:
    bench.lose("r-01", phase="validate")
    assert bench.audit(bought("r-01", status="failed")) == []


@pytest.mark.parametrize(("phase", "mode"), [("validate", "FM-02"), ("admit", "FM-02")])
def test_completed_and_not_posted_is_found(bench: Bench, phase: str, mode: str) -> None:
    bench.lose("r-01", phase=phase)
    finding = only(bench.audit(bought("r-01")))
    assert (finding.invariants, finding.failure_modes) == (("INV-04",), (mode,))
    assert [str(row.difference) for row in finding.table] == ["-12.30 GBP", "12.30 GBP"]


def test_completed_under_the_id_of_another_transaction_is_found(bench: Bench) -> None:
    bench.post("r-01")
    bench.post("r-02", ("meals", "5.17"), ("card", "-5.17"))
    given = [bought("r-01", native_id="2"), bought("r-02", "5.17", account="meals", native_id="2")]
    finding = only(bench.audit(*given))
    assert (finding.transaction, finding.invariants, finding.failure_modes) == ("r-01", ("INV-04",), ("FM-16",))
    assert "the customer was told 2, which is payment r-02 of 5.17 GBP" in finding.title


def test_a_native_id_may_be_reported_with_its_kind(bench: Bench) -> None:
    bench.post("r-01")
    assert bench.audit(bought("r-01", native_id="spend-1")) == []


def test_what_was_refused_is_neither_sent_nor_posted(bench: Bench) -> None:
    assert bench.audit(bought("r-01", status="refused")) == []
    bench.lose("r-01", phase="validate")
    assert rules(bench.audit(bought("r-01", status="refused"))) == {"INV-05"}
    bench.post("r-02")
    finding = bench.audit(bought("r-02", status="refused"), bought("r-01", status="failed"))
    assert rules(finding) == {"INV-05"}


def test_a_uuid_is_recognised_in_any_spelling(bench: Bench) -> None:
    bench.post(UUID.replace("-", "").upper())
    assert bench.audit(bought(UUID)) == []


def through_hub(kind: Any, **facts: Any) -> Submitted:
    return replace(bought("r-01"), kind=kind, through_hub=True, **facts)


def test_what_the_hub_does_not_offer_on_a_platform_must_not_go_through(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    says_no = structs.replace(platform.platforms()["box"], name="freeagent")
    bench.post("r-01", ("card", "12.30"), ("travel", "-12.30"))
    from sandbooks.audit.evidence import gather
    from sandbooks.audit.invariants.exactly_once import within_capabilities

    evidence = gather(bench.company(), [through_hub("refund")])
    assert list(within_capabilities(evidence)) == []
    monkeypatch.setattr(evidence.company, "platform", says_no.name)
    (finding,) = within_capabilities(evidence)
    assert finding.invariants == ("INV-35",)
    evidence.submitted = [through_hub("payment")]
    assert list(within_capabilities(evidence)) == []
    evidence.submitted = [through_hub("payment", lines=2 * bought("r-01").lines)]
    (finding,) = within_capabilities(evidence)
    assert "takes at most 1 line" in finding.message
    evidence.submitted = [replace(through_hub("refund"), through_hub=False)]
    assert list(within_capabilities(evidence)) == []


def test_an_update_leaves_one_document(bench: Bench) -> None:
    bench.post("r-01")
    body = {"ref": "r-01", "date": "2026-03-28", "lines": [["meals", "8.05"], ["card", "-8.05"]]}
    bench.send("PUT", "/acme/spend/1", body)
    assert bench.audit(bought("r-01", "8.05", account="meals")) == []


def test_what_the_bookkeeper_changes_is_not_the_clients_fault(bench: Bench) -> None:
    from tests.unit.audit.box import drop, put

    bench.post("r-01")
    bench.post("r-02")
    with bench.world.unit():
        put(bench.company(), "1", {"date": "2026-03-29", "lines": (("meals", "9"), ("card", "-9"))}, version=2)
        drop(bench.company(), "2")
    assert bench.audit(bought("r-01"), bought("r-02")) == []


def taken_out(bench: Bench) -> None:
    """Posted under an id of the client's own, the answer lost, and taken out by the bookkeeper before anybody looks."""
    from tests.unit.audit.box import drop

    bench.lose("r-01", id="d-4711")
    with bench.world.unit():
        drop(bench.company(), "d-4711")
    bench.world.advance(by=timedelta(minutes=1))


def test_what_people_took_out_before_the_client_knew_of_it_is_not_done(bench: Bench) -> None:
    taken_out(bench)
    bench.send("GET", "/acme/spend?ref=r-01&deleted=too")
    finding = only(bench.audit(bought("r-01", native_id="d-4711")))
    assert (finding.invariants, finding.failure_modes) == (("INV-04",), ("FM-52",))
    assert "Spend d-4711 was deleted or voided by hand" in finding.title
    assert finding.exchanges == (1, 2)
    assert bench.audit(bought("r-01", status="failed")) == []


def test_at_one_moment_the_exchange_comes_after_what_people_did(bench: Bench) -> None:
    from tests.unit.audit.box import drop

    bench.lose("r-01", id="d-4711")
    with bench.world.unit():
        drop(bench.company(), "d-4711")
    bench.send("GET", "/acme/spend?ref=r-01&deleted=too")
    assert bench.audit(bought("r-01", status="failed")) == []
    assert rules(bench.audit(bought("r-01", native_id="d-4711"))) == {"INV-04"}


def test_where_the_clock_stands_nobody_can_tell_and_the_client_is_believed(bench: Bench) -> None:
    from tests.unit.audit.box import drop

    bench.world.clock.configure(mode="frozen")
    bench.lose("r-01", id="d-4711")
    bench.send("GET", "/acme/spend?ref=r-01")
    with bench.world.unit():
        drop(bench.company(), "d-4711")
    bench.send("GET", "/acme/spend?ref=r-01&deleted=too")
    assert bench.audit(bought("r-01", native_id="d-4711")) == []


def test_it_may_be_posted_again(bench: Bench) -> None:
    taken_out(bench)
    bench.send("GET", "/acme/spend?ref=r-01")
    bench.post("r-01", id="d-4712")
    assert bench.audit(bought("r-01", native_id="d-4712")) == []


def test_who_was_answered_or_had_read_it_before_may_call_it_done(bench: Bench) -> None:
    from tests.unit.audit.box import drop

    bench.lose("r-01", id="d-4711")
    bench.send("GET", "/acme/spend?ref=r-01")
    with bench.world.unit():
        drop(bench.company(), "d-4711")
    bench.send("GET", "/acme/spend?ref=r-01&deleted=too")
    assert bench.audit(bought("r-01", native_id="d-4711")) == []


def test_the_answer_to_a_key_says_that_it_was_done(bench: Bench) -> None:
    taken_out(bench)
    bench.send("GET", "/acme/spend?ref=r-01&deleted=too")
    bench.send("PUT", "/acme/spend/d-4711/nothing", {"id": "d-4711"})
    assert rules(bench.audit(bought("r-01", native_id="d-4711"))) == {"INV-04"}, "a refusal is no answer"


def countered(bench: Bench) -> None:
    """The same with every sign turned, entered by hand beside a document that nobody has an answer for."""
    from tests.unit.audit.box import put

    bench.lose("r-01", id="d-4711")
    lines = [("travel", "-12.30"), ("card", "12.30")]
    with bench.world.unit():
        put(bench.company(), "j-1", {"date": "2026-03-28", "lines": lines}, version=1)


def test_what_people_enter_against_a_document_does_not_take_it_out(bench: Bench) -> None:
    countered(bench)
    bench.send("GET", "/acme/spend?ref=r-01")
    assert bench.audit(bought("r-01", native_id="d-4711")) == []


def test_where_the_document_is_marked_as_well_it_is_void(bench: Bench) -> None:
    countered(bench)
    bench.by_hand("d-4711", status="void")
    bench.send("GET", "/acme/spend?ref=r-01")
    finding = only(bench.audit(bought("r-01", native_id="d-4711")))
    assert (finding.invariants, finding.failure_modes) == (("INV-04",), ("FM-52",))


def test_another_document_of_the_same_transaction_is_not_one_that_stood_beside_it(bench: Bench) -> None:
    """A bill stands; its payment is lost, taken out by hand, and made again."""
    owed, paid = ("payables", "12.30"), ("payables", "-12.30")
    bench.post("r-01", ("travel", "12.30"), paid, id="b-1")
    with_payment = (owed, ("card", "-12.30"))
    bench.lose("r-01", *with_payment, id="p-1")
    from tests.unit.audit.box import drop

    with bench.world.unit():
        drop(bench.company(), "p-1")
    bench.world.advance(by=timedelta(minutes=1))
    bench.post("r-01", *with_payment, id="p-2")
    evidence = gather(bench.company(), [bought("r-01")])
    assert [document.id for document in evidence.standing("r-01")] == ["b-1", "p-2"]


def test_who_was_answered_without_an_id_may_call_it_done(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.unit.audit import box

    monkeypatch.setattr(box, "shown", lambda record, *, status=200: box.json_reply({"done": True}, status=status))
    bench.post("r-01", id="d-4711")
    with bench.world.unit():
        box.drop(bench.company(), "d-4711")
    bench.world.advance(by=timedelta(minutes=1))
    bench.send("GET", "/acme/spend?ref=r-01&deleted=too")
    assert bench.audit(bought("r-01")) == []


def test_a_batch_payment_makes_as_many_objects_as_is_known(bench: Bench) -> None:
    line = SubmittedLine(account="travel", net=gbp("12.30"), tax=gbp("0"))
    given = Submitted(
        id="r-01",
        kind="bill_payment",
        date=bought("x").date,
        currency="GBP",
        lines=(line,),
        status="completed",
        objects=2,
    )
    bench.post("r-01")
    bench.post("r-01", note="second object")
    assert bench.audit(given) == []


def test_the_id_of_its_supplier_is_not_the_id_of_a_document(bench: Bench) -> None:
    bench.contact("Contoso Rail")
    airline = bench.contact("Contoso Air")
    bench.post("r-01", ("travel", "12.30", {"party": airline}), ("card", "-12.30"))
    assert bench.audit(bought("r-01", native_id="1")) == []
    (finding,) = bench.audit(bought("r-01", native_id=airline))
    assert finding.invariants == ("INV-04",)


def test_a_short_id_is_not_found_among_the_numbers_of_lines(bench: Bench) -> None:
    bench.post("r-01", number="77", rows=[{"Id": "5"}])  # type: ignore[arg-type]  # a list is a value, too
    assert bench.audit(bought("r-01", native_id="77")) == []
    (finding,) = bench.audit(bought("r-01", native_id="5"))
    assert finding.invariants == ("INV-04",)


def test_a_transfer_may_be_told_by_the_id_of_its_other_side(bench: Bench) -> None:
    other = bench.contact("Contoso Air")
    bench.post("r-01", other_side=f"https://box.example/spends/{other}", party=f"https://box.example/contacts/{other}")
    assert bench.audit(bought("r-01", native_id=other)) == []
    bench.post("r-02", party=f"https://box.example/contacts/{other}")
    found = bench.audit(bought("r-01", native_id=other), bought("r-02", native_id=other))
    assert [one.invariants for one in found if one.transaction == "r-02"] == [("INV-04",)]


@pytest.mark.parametrize(
    ("collection", "kind", "may"),
    [
        ("", "bill", True),
        ("bills", "bill", True),
        ("bank_transaction_explanations", "bank_transaction_explanation", True),
        ("creditcardcharge", "creditCardCharge", True),
        ("journalentries", "journalEntry", True),
        ("bank_accounts", "bank_transaction_explanation", False),
        ("bank_transactions", "bank_transaction_explanation", False),
    ],
)
def test_an_address_names_a_record_by_its_number_in_its_own_collection_alone(
    collection: str, kind: str, may: bool
) -> None:
    assert _may_hold(collection, kind) is may
