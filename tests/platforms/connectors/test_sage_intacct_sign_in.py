"""Signing in to Sage Intacct at the hub: what its user types in on the hub's own page, and sessions that end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from tests.hub.desk import Desk, open_desk, transaction_id

from sandbooks.platform import platform_named
from sandbooks.wire import Request, Response

KEY = "knfz"


@pytest.fixture
def desk() -> Desk:
    return open_desk(platform="sage_intacct")


def browse(desk: Desk, url: str, **form: str) -> Response:
    """A page opened, or its form sent."""
    method, body = ("POST", urlencode(form)) if form else ("GET", "")
    headers = (("Content-Type", "application/x-www-form-urlencoded"),) if form else ()
    request = Request(method, url, headers, body.encode())
    answer = desk.app.edge.dispatch(request, world=desk.world, raises=True)
    assert isinstance(answer, Response)
    return answer


def pending(desk: Desk) -> str:
    """A new company with a connection to be linked; its link."""
    desk.company = desk.send("POST", "/companies", {"name": "Second"}).body["id"]
    connection = desk.send("POST", "{c}/connections", {"platformKey": KEY}).body
    desk.connection = connection["id"]
    return str(connection["linkUrl"])


def known(desk: Desk) -> dict[str, str]:
    with desk.world.unit():
        found = platform_named("sage_intacct").load_seed().credentials(desk.world, desk.native)
    return {name: found[name] for name in ("company_id", "user_id", "user_password")}


def connection(desk: Desk) -> dict[str, Any]:
    found: dict[str, Any] = desk.get("{c}/connections/{k}")
    return found


def test_the_page_asks_for_company_user_and_password(desk: Desk) -> None:
    page = browse(desk, pending(desk)).body.decode()
    for name, kind in (("company_id", "text"), ("user_id", "text"), ("user_password", "password")):
        assert f'name="{name}"' in page
        assert f'type="{kind}"' in page
    assert "Cancel" in page


def test_what_is_typed_in_links_the_connection(desk: Desk) -> None:
    desk.send("PUT", "/profile", {"redirectUrl": "https://app.example/done?is={statusCode}&t={ref}"})
    link = f"{pending(desk)}?ref=77"
    done = browse(desk, link, choice="approve", **known(desk))
    assert done.header("Location") == "https://app.example/done?is=200&t=77"
    assert connection(desk)["status"] == "Linked"
    assert connection(desk)["connectionInfo"] == {"companyId": desk.native.id}
    assert {row["currentStatus"] for row in desk.get("{c}/dataStatus").values()} == {"Complete"}


def test_a_password_is_shown_nowhere_after_it_was_typed(desk: Desk) -> None:
    typed = known(desk)
    browse(desk, pending(desk), choice="approve", **typed)
    assert typed["user_password"] not in str(connection(desk))


@pytest.mark.parametrize("name", ["company_id", "user_id", "user_password"])
def test_a_wrong_credential_asks_again_in_native_words(desk: Desk, name: str) -> None:
    link = pending(desk)
    page = browse(desk, link, choice="approve", **{**known(desk), name: "nothing"})
    assert page.status == 403
    assert "Sage Intacct XL03000006" in page.body.decode()
    assert 'name="user_password"' in page.body.decode()
    assert connection(desk)["status"] == "PendingAuth"
    assert connection(desk)["dataConnectionErrors"][-1]["statusCode"] == "403"
    browse(desk, link, choice="approve", **known(desk))
    assert connection(desk)["status"] == "Linked"


def test_blanks_around_a_name_are_a_slip_and_around_a_password_a_part_of_it(desk: Desk) -> None:
    typed = known(desk)
    browse(desk, pending(desk), choice="approve", **{**typed, "user_id": " nobody ", "user_password": " pass "})
    bodies = [entry.request_body for entry in desk.world.tape.entries() if b"nobody</userid>" in entry.request_body]
    assert len(bodies) == 1
    assert b"<userid>nobody</userid>" in bodies[0]
    assert b"<password> pass </password>" in bodies[0]


def test_a_form_left_empty_says_what_is_missing(desk: Desk) -> None:
    page = browse(desk, pending(desk), choice="approve", company_id=desk.native.id)
    assert "missing: Web Services user ID, Password" in page.body.decode()
    assert connection(desk)["status"] == "PendingAuth"


def test_a_person_who_cancels_leaves_the_connection_pending_with_the_reason(desk: Desk) -> None:
    page = browse(desk, pending(desk), choice="cancel", **known(desk))
    assert "User cancelled linking" in page.body.decode()
    assert connection(desk)["status"] == "PendingAuth"
    assert connection(desk)["dataConnectionErrors"][-1]["errorMessage"] == "User cancelled linking"


def test_a_company_link_leads_to_the_same_page(desk: Desk) -> None:
    company = desk.send("POST", "/companies", {"name": "Third"}).body
    page = browse(desk, f"{company['redirect']}?ref=5", choice=KEY).header("Location")
    (found,) = desk.get(f"/companies/{company['id']}/connections")["results"]
    assert page.endswith(f"/companies/{company['id']}/connections/{found['id']}/start?ref=5")
    assert 'name="company_id"' in browse(desk, page).body.decode()


def count(desk: Desk) -> int:
    return sum(1 for _ in desk.native.records.scan("CCTRANSACTION"))


def expense(desk: Desk, number: int) -> dict[str, Any]:
    body = desk.expense(number)
    return {**body, "lines": [{**body["lines"][0], "taxRateRef": {"id": "NONE"}}]}


def test_an_expense_reaches_the_books_through_the_hub(desk: Desk) -> None:
    assert desk.outcome(desk.push(expense(desk, 1))) == ("Completed", "")
    assert count(desk) == 1
    assert desk.balance("visa") == "-13.00 GBP"


def test_a_session_that_ran_out_is_renewed_before_anything_is_sent(desk: Desk) -> None:
    desk.world.advance(by=timedelta(hours=9))
    assert desk.outcome(desk.push(expense(desk, 1)))[0] == "Completed"
    assert count(desk) == 1


def test_a_session_that_was_ended_is_renewed_when_the_answer_says_so(desk: Desk) -> None:
    plan: Any = desk.world.plan
    fault = plan.add("expire_token", at={"write": transaction_id(1)})
    assert desk.outcome(desk.push(expense(desk, 1)))[0] == "Completed"
    assert fault not in plan.unfired()
    assert count(desk) == 1


def test_a_withdrawn_consent_parks_the_transaction_until_the_company_signs_in_again(desk: Desk) -> None:
    plan: Any = desk.world.plan
    plan.add("revoke_token", at={"write": transaction_id(1)})
    sync = desk.push(expense(desk, 1))
    desk.world.settle()
    assert desk.outcome(sync)[0] == "Pending"
    shown = connection(desk)
    assert shown["status"] == "Deauthorized"
    browse(desk, shown["linkUrl"], choice="approve", **known(desk))
    desk.world.settle()
    assert desk.outcome(sync)[0] == "Completed"
    assert count(desk) == 1
