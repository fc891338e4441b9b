"""Lists that end too early, and good work that is turned away. INV-34, INV-49, INV-51 and INV-55."""

from __future__ import annotations

from typing import Any

from tests.unit.audit.box import Bench, bought, rules

from sandbooks.audit import Submitted


def turned_away(id: str, **facts: Any) -> Submitted:
    return bought(id, status="refused", message="The account is not known.", dataset=1, **facts)


def test_a_list_that_was_not_read_to_its_end_is_found_by_what_came_of_it(bench: Bench) -> None:
    bench.send("GET", "/acme/accounts?most=4")
    (finding,) = bench.audit(turned_away("r-01", account="meals"), turned_away("r-02", bank_account="bank"))
    assert (finding.transaction, finding.invariants, finding.failure_modes) == (
        "r-02",
        ("INV-34", "INV-49"),
        ("FM-39",),
    )
    assert "Current Account is there to take it" in finding.title


def test_whoever_read_the_whole_list_has_reasons_of_its_own(bench: Bench) -> None:
    bench.send("GET", "/acme/accounts")
    assert bench.audit(turned_away("r-02", bank_account="bank")) == []


def test_whoever_read_no_list_has_reasons_of_its_own(bench: Bench) -> None:
    assert bench.audit(turned_away("r-02", bank_account="bank")) == []


def test_an_account_that_other_work_was_posted_to_is_known(bench: Bench) -> None:
    bench.send("GET", "/acme/accounts?most=4")
    bench.post("r-01", ("travel", "12.30"), ("bank", "-12.30"))
    done = bought("r-01", bank_account="bank")
    assert bench.audit(done, turned_away("r-02", bank_account="bank")) == []


def test_documents_that_name_accounts_are_no_list_of_them(bench: Bench) -> None:
    bench.post("r-01", ("meals", "12.30"), ("card", "-12.30"), id="travel")
    bench.send("GET", "/acme/spend")
    assert bench.audit(bought("r-01", account="meals"), turned_away("r-02", bank_account="bank")) == []


def test_an_account_that_was_archived_is_a_reason(bench: Bench) -> None:
    bench.send("GET", "/acme/accounts?most=4")
    from dataclasses import replace

    book = bench.company().book
    with bench.world.unit():
        book.change_account(replace(next(a for a in book.accounts() if a.id == "bank"), active=False))
    assert bench.audit(turned_away("r-02", bank_account="bank")) == []


def test_good_work_that_goes_down_with_bad_work_is_found(bench: Bench) -> None:
    bad = turned_away("r-02", account="nowhere")
    good = bought("r-01", status="failed", message="The account is not known.", dataset=1)
    (finding,) = bench.audit(good, bad)
    assert (finding.transaction, finding.invariants, finding.failure_modes) == ("r-01", ("INV-55",), ("FM-113",))


def test_good_work_beside_bad_work_that_is_done_is_right(bench: Bench) -> None:
    bench.post("r-01")
    assert bench.audit(bought("r-01", dataset=1), turned_away("r-02", account="nowhere")) == []


def test_bad_work_in_another_dataset_explains_nothing(bench: Bench) -> None:
    good = bought("r-01", status="failed", message="no", dataset=2)
    assert bench.audit(good, turned_away("r-02", account="nowhere")) == []


def test_what_the_platform_refused_by_itself_failed_by_itself(bench: Bench) -> None:
    with bench.fault("server_error", "admit"):
        bench.post("r-01")
    good = bought("r-01", status="failed", message="The platform has an error.", dataset=1)
    assert bench.audit(good, turned_away("r-02", account="nowhere")) == []


def test_a_search_that_trails_the_books_is_outlasted(bench: Bench) -> None:
    bench.lose("r-01")
    with bench.fault("stale_read", "admit", lag="1h"):
        bench.look_up("r-01")
    bench.look_up("r-01")
    assert bench.alone(strict=True) == []
    bench.lose("r-02")
    with bench.fault("stale_read", "admit", lag="1h"):
        bench.look_up("r-02")
    bench.post("r-02")
    assert rules(bench.alone()) == {"INV-01", "INV-51"}
