"""What the sync engine makes of lost, unreadable, refused and postponed answers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.hub.desk import Desk, open_desk, transaction_id

from sandbooks.hub import link
from sandbooks.platform import platforms
from sandbooks.world import instant

UNREADABLE = ("drop_response", "reset", "truncate", "html_error_page", "server_error")


def fault(desk: Desk, kind: str, *, phase: str | None = None, at: Any = None, **parameters: Any) -> None:
    plan: Any = desk.world.plan
    address = {"write": transaction_id(1)} if at is None else at
    plan.add(kind, at=address, phase=phase, **parameters)


def ran(desk: Desk) -> bool:
    plan: Any = desk.world.plan
    return not plan.unfired()


@pytest.mark.parametrize("kind", UNREADABLE)
def test_an_answer_lost_after_the_commit_leaves_one_document_that_is_found(desk: Desk, kind: str) -> None:
    fault(desk, kind, phase={"truncate": None, "reset": "commit"}.get(kind, "commit"))
    sync = desk.push(desk.expense(1))
    assert desk.outcome(sync)[0] == "Pending"
    desk.world.settle()
    assert ran(desk)
    assert desk.outcome(sync)[0] == "Completed"
    assert len(desk.documents(1)) == 1
    assert desk.native_writes().count(_writing(desk)) == 1
    assert desk.balance("visa") == "-13.00 GBP"


def _writing(desk: Desk) -> str:
    return next(name for name in desk.native_writes() if "urchase" in name)


@pytest.mark.parametrize("kind", ["drop_response", "html_error_page", "server_error"])
def test_an_answer_lost_before_the_commit_is_sent_again_under_the_same_key(desk: Desk, kind: str) -> None:
    fault(desk, kind, phase="validate")
    sync = desk.push(desk.expense(1))
    desk.world.settle()
    assert ran(desk)
    assert desk.outcome(sync)[0] == "Completed"
    assert len(desk.documents(1)) == 1
    sent = [entry.url for entry in desk.world.tape.entries() if entry.actor == "hub" and "purchase?" in entry.url]
    assert len(sent) == 2
    assert len(set(sent)) == 1


def test_between_two_sendings_of_unknown_outcome_the_document_is_looked_up(desk: Desk) -> None:
    fault(desk, "drop_response", phase="validate")
    desk.push(desk.expense(1))
    desk.world.settle()
    steps = ["purchase" if "/purchase?" in e.url else "query" for e in desk.world.tape.entries() if _concerns(e)]
    assert steps == ["purchase", "query", "query", "query", "purchase"]


def _concerns(entry: Any) -> bool:
    return entry.actor == "hub" and ("/purchase?" in entry.url or "from%20Purchase" in entry.url)


def test_a_search_that_lags_behind_the_books_does_not_make_a_second_document(desk: Desk) -> None:
    fault(desk, "drop_response", phase="commit")
    fault(desk, "stale_read", at={"operation": "GET /v3/company/*/query", "every": True}, lag="45s")
    sync = desk.push(desk.expense(1))
    desk.world.settle()
    assert desk.outcome(sync)[0] == "Completed"
    assert len(desk.documents(1)) == 1
    assert desk.balance("visa") == "-13.00 GBP"


def test_a_late_commit_after_a_timeout_is_adopted(desk: Desk) -> None:
    fault(desk, "late_commit")
    sync = desk.push(desk.expense(1))
    desk.world.settle()
    assert ran(desk)
    assert desk.outcome(sync)[0] == "Completed"
    assert len(desk.documents(1)) == 1


@pytest.mark.parametrize("platform", sorted(platforms()))
def test_a_right_that_was_lost_is_refused_in_every_platforms_own_words(platform: str) -> None:
    desk = open_desk(platform=platform)
    fault(desk, "refuse", phase="admit", at={"operation": "* /**", "nth": 1})
    assert desk.send("POST", "{c}/data/all").status == 204
    desk.world.settle()
    (refused,) = [entry for entry in desk.world.tape.entries() if entry.faults]
    assert (refused.bug, refused.written, 200 <= refused.status < 500) == ("", [], True)


def taxed(desk: Desk) -> dict[str, Any]:
    """The first expense; where every line must name a tax rate, with one that the hub offers."""
    expense = desk.expense(1)
    if desk.native.platform in ("business_central", "sage_intacct"):
        rates = desk.get("{c}/sync/expenses/mappingOptions")["taxRates"]
        rate = min(rates, key=lambda one: one["totalTaxRate"])
        expense["lines"][0]["taxRateRef"] = {"id": rate["id"]}
    return expense


# Zoho Books and Sage Intacct tell a lost right as they tell a bad credential, which is renewed; in QuickBooks Desktop
# it is the application that is let in or not.
WITH_RIGHTS = sorted(set(platforms()) - {"quickbooks_desktop", "sage_intacct", "zoho_books"})


@pytest.mark.parametrize("platform", WITH_RIGHTS)
def test_a_right_that_was_lost_fails_the_transaction_and_not_the_connection(platform: str) -> None:
    desk = open_desk(platform=platform)
    expense = taxed(desk)
    fault(desk, "refuse", phase="admit", at={"platform": platform, "write": transaction_id(1)})
    sync = desk.push(expense)
    desk.world.settle()
    assert ran(desk)
    assert (desk.status(sync)["syncStatusCode"], desk.outcome(sync)[0]) == (5130, "PushError")
    assert desk.world_connection()["status"] == "Linked"
    assert desk.balance("travel") == "0.00 GBP"


@pytest.mark.parametrize("phase", ["admit", "validate"])
@pytest.mark.parametrize("platform", sorted(platforms()))
def test_a_search_that_is_refused_says_nothing_of_what_was_sent_before_it(platform: str, phase: str) -> None:
    desk = open_desk(platform=platform)
    expense = taxed(desk)
    fault(desk, "drop_response", phase="commit", at={"platform": platform, "write": transaction_id(1)})
    sync = desk.push(expense)
    if platform == "quickbooks_desktop":
        desk.world.advance(by=timedelta(seconds=6))  # until the Web Connector has fetched and sent it
    assert (ran(desk), desk.outcome(sync)[0]) == (True, "Pending")
    fault(desk, "refuse", phase=phase, at={"platform": platform, "nth": 1})
    desk.world.settle()
    assert ran(desk)
    assert desk.outcome(sync)[0] == "Completed"
    assert desk.balance("travel") in ("13.00 GBP", "10.83 GBP")  # the amount, or what is left of it without its tax


TOLD_TO_WAIT = ("quickbooks_online", "xero", "netsuite", "freeagent", "zoho_books")


@pytest.mark.parametrize("form", ["seconds", "date"])
@pytest.mark.parametrize("platform", TOLD_TO_WAIT)
def test_a_throttled_connection_sends_nothing_before_the_wait_is_over(platform: str, form: str) -> None:
    desk = open_desk(platform=platform)
    fault(desk, "throttle", form=form)
    sync = desk.push(desk.expense(1))
    throttled = max(entry.until for entry in desk.world.tape.entries() if entry.status == 429)
    other = desk.push(desk.expense(2))
    assert desk.outcome(sync)[0] == "Pending"
    desk.world.settle()
    assert (desk.outcome(sync)[0], desk.outcome(other)[0]) == ("Completed", "Completed")
    later = [entry.at for entry in desk.world.tape.entries() if entry.actor == "hub" and entry.at > throttled]
    assert instant(min(later)) - instant(throttled) >= timedelta(seconds=60)


def test_an_expired_token_is_refreshed_once_and_kept_before_it_is_used(desk: Desk) -> None:
    fault(desk, "expire_token")
    sync = desk.push(desk.expense(1))
    assert desk.outcome(sync)[0] == "Completed"
    refreshes = [e for e in desk.world.tape.entries() if b"grant_type=refresh_token" in e.request_body]
    assert len(refreshes) == 1
    assert len(desk.documents(1)) == 1


def test_a_token_that_ran_out_by_the_clock_is_refreshed_before_anything_is_sent(desk: Desk) -> None:
    desk.world.advance(by=timedelta(hours=2))
    assert desk.outcome(desk.push(desk.expense(1)))[0] == "Completed"
    assert [e.status for e in desk.world.tape.entries() if e.actor == "hub" and e.status == 401] == []


def test_a_withdrawn_consent_parks_the_transactions_until_the_company_authorises_again(desk: Desk) -> None:
    fault(desk, "revoke_token", at={"write": transaction_id(2)})
    sync = desk.push(desk.expense(1), desk.expense(2), desk.expense(3))
    desk.world.settle()
    statuses = [status for status, _ in desk.outcomes(sync).values()]
    assert statuses == ["Completed", "Pending", "Pending"]
    assert desk.status(sync)["syncStatusCode"] == 4220
    connection = desk.get("{c}/connections/{k}")
    assert connection["status"] == "Deauthorized"
    assert connection["dataConnectionErrors"][-1]["statusCode"] == "401"
    before = sum(1 for e in desk.world.tape.entries() if e.actor == "hub")
    desk.world.advance(by=timedelta(days=1))
    assert sum(1 for e in desk.world.tape.entries() if e.actor == "hub") == before
    link.authorize(desk.world, desk.connection, company=desk.native.id)
    desk.world.settle()
    assert [status for status, _ in desk.outcomes(sync).values()] == ["Completed"] * 3
    assert [len(desk.documents(number)) for number in (1, 2, 3)] == [1, 1, 1]


def test_an_unlinked_connection_gets_no_request_and_goes_on_when_linked_again(desk: Desk) -> None:
    fault(desk, "throttle", retry_after="30s")
    sync = desk.push(desk.expense(1))
    assert desk.send("PATCH", "{c}/connections/{k}", {"status": "Unlinked"}).status == 200
    count = sum(1 for e in desk.world.tape.entries() if e.actor == "hub")
    desk.world.settle()
    assert sum(1 for e in desk.world.tape.entries() if e.actor == "hub") == count
    assert desk.outcome(sync)[0] == "Pending"
    link.authorize(desk.world, desk.connection, company=desk.native.id)
    desk.world.settle()
    assert desk.outcome(sync)[0] == "Completed"
    assert len(desk.documents(1)) == 1


def test_a_closed_period_is_a_push_error_with_the_platforms_own_words_and_no_second_try(desk: Desk) -> None:
    desk.world.settle()
    from sandbooks.platform import platform_named

    with desk.world.unit():
        platform_named(desk.native.platform).load_bookkeeper().lock_period(desk.native, "2026-03-31")
    sync = desk.push(desk.expense(1))
    desk.world.settle()
    status, message = desk.outcome(sync)
    assert status == "PushError"
    assert "closed" in message
    assert desk.status(sync)["syncStatusCode"] == 5130
    assert desk.documents(1) == []
    assert sum(1 for e in desk.world.tape.entries() if "/purchase?" in e.url) == 1


def test_a_transaction_that_failed_may_be_sent_again_and_a_completed_one_may_not(desk: Desk) -> None:
    sync = desk.push(desk.expense(1, bankAccountRef={"id": "no-such-account"}))
    assert desk.outcome(sync)[0] == "ValidationError"
    again = desk.push(desk.expense(1))
    assert desk.outcome(again)[0] == "Completed"
    third = desk.send("POST", "{c}/sync/expenses/expense-transactions", [desk.expense(1), desk.expense(2)])
    assert third.status == 400
    assert third.body["error"] == f"One or more transactions have previously been processed: {transaction_id(1)}"
    assert desk.documents(2) == []


def test_one_bad_transaction_does_not_keep_the_others_from_the_books(desk: Desk) -> None:
    bad = desk.expense(2, bankAccountRef={"id": "no-such-account"})
    sync = desk.push(desk.expense(1), bad, desk.expense(3))
    assert [status for status, _ in desk.outcomes(sync).values()] == ["Completed", "ValidationError", "Completed"]
    told = desk.status(sync)
    assert (told["syncStatusCode"], told["dataPushed"]) == (5120, True)


def test_a_debit_card_that_was_closed_meanwhile_does_not_hide_what_it_was_charged() -> None:
    desk = open_desk(platform="sage_intacct")
    desk.choose("sage_intacct.expense_any_account")
    fault(desk, "drop_response", phase="commit")
    sync = desk.push({**taxed(desk), "bankAccountRef": {"id": desk.account("bank")}})
    records = desk.native.records
    (card,) = (each for each in records.scan("CREDITCARD") if each.body.get("BANKACCOUNTID") == desk.account("bank"))
    with desk.world.unit():
        records.put("CREDITCARD", card.id, {**card.body, "STATUS": "inactive"}, version=card.version + 1)
    desk.world.settle()
    assert ran(desk)
    assert desk.outcome(sync)[0] == "Completed"
    assert desk.balance("bank") == "-13.00 GBP"
