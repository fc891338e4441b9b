"""Receipts. INV-40 to INV-43."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.unit.audit.box import Bench, bought, drop, rules

from sandbooks.audit import Submitted, SubmittedFile

PNG = b"\x89PNG\r\n\x1a\n\x00\xff\xfe--boundary\r\n"


def receipt(
    content: bytes = PNG, name: str = "taxi.png", type: str = "image/png", *, taken_at: int = 0
) -> SubmittedFile:
    return SubmittedFile(name=name, content_type=type, content=content, taken_at=taken_at)


def given(*files: SubmittedFile, **facts: Any) -> Submitted:
    return bought("r-01", files=files, **facts)


@pytest.fixture
def posted(bench: Bench) -> Bench:
    bench.post("r-01")
    return bench


def test_a_receipt_that_arrives_once_and_unchanged_is_right(posted: Bench) -> None:
    posted.attach("1", PNG)
    assert posted.audit(given(receipt())) == []


def test_a_receipt_that_was_read_as_text_is_found(posted: Bench) -> None:
    posted.attach("1", PNG.decode("utf-8", "ignore").encode())
    (finding,) = posted.audit(given(receipt()))
    assert (finding.invariants, finding.failure_modes) == (("INV-40",), ("FM-104",))
    assert [one.sent for one in finding.steps] == ["POST /acme/spend", "POST /acme/spend/1/files"]


def test_a_receipt_without_its_ending_is_found(posted: Bench) -> None:
    posted.attach("1", PNG, name="taxi", type="application/octet-stream")
    assert rules(posted.audit(given(receipt()))) == {"INV-40"}


def test_a_name_that_was_made_fit_is_in_order(posted: Bench) -> None:
    posted.attach("1", PNG, name="taxi_1_.png")
    assert posted.audit(given(receipt(name="taxi#[1].png"))) == []


def test_a_receipt_that_hangs_there_twice_is_found(posted: Bench) -> None:
    posted.attach("1", PNG)
    posted.attach("1", PNG)
    (finding,) = posted.audit(given(receipt()))
    assert (finding.invariants, finding.failure_modes) == (("INV-41",), ("FM-105",))
    assert posted.audit(given(receipt(), receipt())) == []


def test_a_receipt_that_is_lost_in_silence_is_found(posted: Bench) -> None:
    (finding,) = posted.audit(given(receipt()))
    assert (finding.invariants, finding.failure_modes) == (("INV-41",), ("FM-102",))


def test_a_receipt_that_the_platform_refused_is_not_lost(posted: Bench) -> None:
    page = receipt(b"<p>", name="taxi.html", type="text/html")
    posted.attach("1", b"<p>", name="taxi.html")
    assert posted.audit(given(page)) == []


def test_a_refused_receipt_that_was_called_taken_is_lost(posted: Bench) -> None:
    posted.attach("1", b"<p>", name="taxi.html")
    told = posted.world.tape.count()
    page = receipt(b"<p>", name="taxi.html", type="text/html", taken_at=told)
    assert rules(posted.audit(given(page))) == {"INV-41"}
    assert posted.audit(given(replace(page, taken_at=told - 1))) == []


def test_a_receipt_that_is_refused_where_it_does_not_belong_is_lost(
    posted: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sandbooks.audit.evidence import gather
    from sandbooks.audit.invariants.attachments import files_are_kept_once

    posted.attach("99", PNG)
    evidence = gather(posted.company(), [given(receipt())])
    assert list(files_are_kept_once(evidence)) == []  # nobody knows what this platform takes
    monkeypatch.setattr(evidence.company, "platform", "xero")
    (finding,) = files_are_kept_once(evidence)
    assert finding.invariants == ("INV-41",)


def test_a_receipt_that_was_to_wait_and_was_given_up_is_lost(posted: Bench) -> None:
    with posted.fault("throttle", "admit", until_over=False):
        posted.attach("1", PNG)
    assert rules(posted.audit(given(receipt()))) == {"INV-41"}


def test_a_receipt_of_another_transaction_is_found(posted: Bench) -> None:
    posted.post("r-02")
    other = receipt(b"train", name="train.pdf")
    posted.attach("1", PNG)
    posted.attach("1", b"train", name="train.pdf")
    found = posted.audit(given(receipt()), bought("r-02", files=(other,)))
    assert [f.transaction for f in found] == ["r-01", "r-02"]
    assert "train.pdf of the payment r-02" in found[0].title


def test_an_update_that_loses_the_receipt_is_found(posted: Bench) -> None:
    (finding,) = posted.audit(given(receipt(), updated=True))
    assert (finding.invariants, finding.failure_modes) == (("INV-42",), ("FM-106",))
    posted.attach("1", PNG)
    assert posted.audit(given(receipt(), updated=True)) == []


def test_a_part_of_a_file_is_no_file(posted: Bench) -> None:
    posted.attach("1", PNG[:9])
    assert rules(posted.audit(given(receipt()))) == {"INV-43"}


def test_a_receipt_of_what_was_never_posted_is_not_asked_for(bench: Bench) -> None:
    assert bench.audit(given(receipt(), status="failed")) == []


def test_nothing_hangs_on_what_the_companys_own_people_have_deleted(posted: Bench) -> None:
    assert rules(posted.audit(given(receipt()))) == {"INV-41"}
    with posted.world.unit():
        drop(posted.company(), "1")
    assert posted.audit(given(receipt())) == []


def test_a_receipt_may_wait_while_work_is_left_to_do(posted: Bench) -> None:
    assert posted.audit(given(receipt()), quiet=False) == []
    assert rules(posted.audit(given(receipt()), quiet=True)) == {"INV-41"}
