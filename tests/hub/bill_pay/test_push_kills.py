"""Push operations where there is no synchronous API: killed at any step, or with answers lost, made exactly once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.hub.bill_pay.desk import balance, key, payer, usual
from tests.hub.bill_pay.test_first_version import bill, made, payment, push, read
from tests.hub.desk import Desk
from tests.hub.test_kills import Killed, Reaper
from tests.hub.test_lost_answers import fault, ran

from sandbooks.hub import errands

PLATFORMS = ("quickbooks_desktop", "business_central")
Work = Callable[[Desk, dict[str, str]], Any]


def _bill(desk: Desk, ids: dict[str, str]) -> Any:
    return push(desk, "POST", "bills", bill(desk, 2), token=key(2))


def _payment(desk: Desk, ids: dict[str, str]) -> Any:
    return push(desk, "POST", "billPayments", payment(desk, (ids["bill"], 77)), token=key(3))


def _credit(desk: Desk, ids: dict[str, str]) -> Any:
    return push(desk, "POST", "billCreditNotes", credit(desk, 3), token=key(4))


def _change(desk: Desk, ids: dict[str, str]) -> Any:
    return push(desk, "PUT", f"bills/{ids['draft']}", bill(desk, 4, status=ids["status"]))


def _unpay(desk: Desk, ids: dict[str, str]) -> Any:
    return push(desk, "DELETE", f"billPayments/{ids['payment']}")


WORK: dict[str, Work] = {
    "bill": _bill,
    "payment": _payment,
    "credit": _credit,
    "change": _change,
    "deletion": _unpay,
}
REFUSED = {("business_central", "deletion")}


def credit(desk: Desk, number: int) -> dict[str, Any]:
    """A credit of the supplier."""
    return {**bill(desk, number), "billCreditNoteNumber": f"C-{number}", "status": "Submitted"}


@pytest.fixture(scope="module", params=PLATFORMS)
def begun(request: pytest.FixtureRequest) -> tuple[Desk, bytes, dict[str, str]]:
    """A company with a bill to be paid, one that is half paid, and one that can be changed."""
    desk = payer(request.param)
    status = "Draft" if request.param == "business_central" else "Open"
    first = made(desk, push(desk, "POST", "bills", bill(desk, 1)))
    half = made(desk, push(desk, "POST", "bills", bill(desk, 50)))
    paid = made(desk, push(desk, "POST", "billPayments", payment(desk, (half, 150))))
    draft = made(desk, push(desk, "POST", "bills", bill(desk, 60, status=status)))
    ids = {"bill": first, "payment": paid, "draft": draft, "status": status}
    return desk, desk.world.image(), ids


def _ends(desk: Desk) -> list[str]:
    """How the push operations since the first four have ended, the newest first."""
    found = desk.get("{c}/push")["results"]
    return [one["status"] for one in found[:-4]]


def _state(desk: Desk) -> Any:
    """Everything that a push could have made or moved."""
    owed = sorted((one["totalAmount"], one["amountDue"], one["status"]) for one in read(desk, "bills"))
    paid = sorted(one["totalAmount"] for one in read(desk, "billPayments"))
    credits = sorted(one["totalAmount"] for one in read(desk, "billCreditNotes"))
    return owed, paid, credits, usual(desk, "payables"), balance(desk, "bank"), balance(desk, "travel")


def _to_the_end(desk: Desk, work: Work, ids: dict[str, str]) -> None:
    work(desk, ids)
    desk.world.settle()


@pytest.mark.parametrize("name", list(WORK))
def test_killed_at_any_step_a_push_comes_to_its_end_and_is_made_once(
    begun: tuple[Desk, bytes, dict[str, str]], name: str
) -> None:
    first, image, ids = begun
    work = WORK[name]
    whole = first.reopened(image)
    before = _state(first.reopened(image))
    reaper = Reaper(whole.world)
    answer = work(whole, ids)
    if (first.native.platform, name) in REFUSED:
        assert answer.status == 404
        return
    whole.world.settle()
    steps = reaper.passed
    assert _ends(whole) == ["Success"]
    wanted = _state(whole)
    assert wanted != before
    assert steps > 8
    for point in range(1, steps + 1):
        desk = first.reopened(image)
        killer = Reaper(desk.world, point)
        with pytest.raises(Killed):
            _to_the_end(desk, work, ids)
        after = desk.reopened(killer.image)
        after.world.jobs.run_due()
        after.world.settle()
        if not _ends(after):
            _to_the_end(after, work, ids)  # the client had no answer and sends again
        assert _ends(after) == ["Success"], point
        assert _state(after) == wanted, point
        after.native.book.verify()
        assert errands.of_connection(after.world, after.connection) == []


LOST = [
    ("bill", {"platform": "quickbooks_desktop", "write": key(2)}),
    ("payment", {"platform": "quickbooks_desktop", "write": key(3)}),
    ("credit", {"platform": "quickbooks_desktop", "write": key(4)}),
    ("bill", {"platform": "business_central", "operation": "create_purchaseInvoice"}),
    ("bill", {"platform": "business_central", "operation": "post_purchaseInvoice"}),
    ("credit", {"platform": "business_central", "operation": "create_purchaseCreditMemo"}),
    ("credit", {"platform": "business_central", "operation": "post_purchaseCreditMemo"}),
    ("payment", {"platform": "business_central", "operation": "create_vendorPaymentJournal"}),
    ("payment", {"platform": "business_central", "operation": "post_journal"}),
    ("payment", {"platform": "business_central", "operation": "delete_vendorPaymentJournal"}),
]


@pytest.mark.parametrize("phase", ["commit", "validate"])
@pytest.mark.parametrize("kind", ["drop_response", "server_error"])
@pytest.mark.parametrize(("name", "at"), LOST)
def test_a_push_whose_answer_is_lost_is_made_once(
    begun: tuple[Desk, bytes, dict[str, str]], name: str, at: dict[str, str], kind: str, phase: str
) -> None:
    first, image, ids = begun
    if at["platform"] != first.native.platform:
        return
    whole = first.reopened(image)
    _to_the_end(whole, WORK[name], ids)
    wanted = _state(whole)
    desk = first.reopened(image)
    fault(desk, kind, phase=phase, at=at)
    _to_the_end(desk, WORK[name], ids)
    assert ran(desk)
    assert _ends(desk) == ["Success"]
    assert _state(desk) == wanted


ENTERED = ("netsuite", "sage_intacct")


@pytest.mark.parametrize("platform", ENTERED)
def test_a_journal_entry_killed_at_any_step_is_posted_once(platform: str) -> None:
    first = payer(platform)
    body = _entry(first)
    image = first.world.image()
    whole = first.reopened(image)
    reaper = Reaper(whole.world)
    _enter(whole, body)
    assert balance(whole, "travel") == 23
    assert reaper.passed > 5
    for point in range(1, reaper.passed + 1):
        desk = first.reopened(image)
        killer = Reaper(desk.world, point)
        with pytest.raises(Killed):
            _enter(desk, body)
        after = desk.reopened(killer.image)
        after.world.jobs.run_due()
        after.world.settle()
        if not after.get("{c}/push")["results"]:
            _enter(after, body)  # the client had no answer and sends again
        assert [one["status"] for one in after.get("{c}/push")["results"]] == ["Success"], point
        assert (balance(after, "travel"), balance(after, "meals")) == (23, -23), point


@pytest.mark.parametrize("phase", ["commit", "validate"])
@pytest.mark.parametrize("platform", ENTERED)
def test_a_journal_entry_whose_answer_is_lost_is_posted_once(platform: str, phase: str) -> None:
    desk = payer(platform)
    body = _entry(desk)
    fault(desk, "drop_response", phase=phase, at={"platform": platform, "write": key(9)})
    _enter(desk, body)
    assert ran(desk)
    assert [one["status"] for one in desk.get("{c}/push")["results"]] == ["Success"]
    assert (balance(desk, "travel"), balance(desk, "meals")) == (23, -23)


def _entry(desk: Desk) -> dict[str, Any]:
    rows = ((23, "travel"), (-23, "meals"))
    lines = [{"netAmount": amount, "accountRef": {"id": desk.account(label)}} for amount, label in rows]
    body: dict[str, Any] = {"postedOn": "2026-03-20", "description": "Fares", "journalLines": lines}
    if desk.native.platform == "sage_intacct":
        body["journalRef"] = {"id": read(desk, "journals")[0]["id"]}
    return body


def _enter(desk: Desk, body: dict[str, Any]) -> None:
    assert push(desk, "POST", "journalEntries", body, token=key(9)).status == 200
    desk.world.settle()
