"""A sync killed anywhere and started again on the same store posts every transaction exactly once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.hub.desk import Desk, open_desk, transaction_id

from sandbooks import capabilities, exact_json
from sandbooks.app import App
from sandbooks.kit.company import find_company
from sandbooks.platform import platforms
from sandbooks.wire import Answer, Request
from sandbooks.world import World, parse_instant

Work = Callable[[Desk], None]
TABLES = capabilities.load()
SIDES = ("visa", "travel")
EMPTIED = ("journal",)  # the sheet that a document was written on before it was posted: nothing is on it any more


class Killed(BaseException):
    """The process ends here."""


class Reaper:
    """Stands before a world's gateway and around its units, and kills at the chosen point; counts them when none is."""

    def __init__(self, world: World, point: int = 0) -> None:
        self._world = world
        self._inner = world.gateway
        self._point = point
        self._unit = world.unit
        self.passed = 0
        self.image = b""
        world.gateway = self
        world.unit = self.unit  # type: ignore[method-assign]  # stands around the world's own

    def _pass(self) -> None:
        if self._world.store.in_unit:
            return
        self.passed += 1
        if self.passed == self._point:
            self.image = self._world.image()
            raise Killed

    @contextmanager
    def unit(self, exchange: Any = None) -> Iterator[None]:
        with self._unit(exchange):
            yield
        self._pass()

    def call(self, world: World, request: Request, *, actor: str, parent: int) -> Answer:
        self._pass()
        assert self._inner is not None
        answer = self._inner.call(world, request, actor=actor, parent=parent)
        self._pass()
        return answer

    def deliver(self, request: Request) -> Answer:
        assert self._inner is not None
        return self._inner.deliver(request)


def _expense(kind: str, account: str) -> Work:
    def work(desk: Desk) -> None:
        desk.push(desk.expense(1, kind, bankAccountRef={"id": desk.account(account)}))

    return work


def _reimbursable(desk: Desk) -> None:
    line = {"netAmount": 17, "accountRef": {"id": desk.account("meals")}}
    body = {
        "id": transaction_id(1),
        "issueDate": "2026-03-20",
        "dueDate": "2026-04-20",
        "currency": "GBP",
        "contactRef": {"id": desk.supplier("employee")},
        "lines": [line],
    }
    assert desk.send("POST", "{c}/sync/expenses/reimbursable-expense-transactions", [body]).status == 200


def _transfer(desk: Desk) -> None:
    sides = {
        "from": {"accountRef": {"id": desk.account("bank")}, "amount": 41},
        "to": {"accountRef": {"id": desk.account("reserve")}, "amount": 41},
    }
    path = f"{{c}}/sync/expenses/transfer-transactions/{transaction_id(1)}"
    assert desk.send("PUT", path, {"date": "2026-03-20", **sides}).status == 200


def _adjustment(desk: Desk) -> None:
    lines = [
        {"amount": 23, "accountRef": {"id": desk.account("travel")}},
        {"amount": -23, "accountRef": {"id": desk.account("meals")}},
    ]
    body = {"id": transaction_id(1), "date": "2026-03-20", "currency": "GBP", "lines": lines}
    assert desk.send("POST", "{c}/sync/expenses/adjustment-transactions", [body]).status == 200


def _first_version(kind: str, account: str) -> Work:
    def work(desk: Desk) -> None:
        line = {"netAmount": 31, "taxAmount": 0, "accountRef": {"id": desk.account(account)}}
        item = {**desk.expense(1, kind, bankAccountRef={"id": desk.account("bank")}), "lines": [line]}
        made = desk.send("POST", "{c}/sync/expenses/data/expense-transactions", {"items": [item]}).body["datasetId"]
        assert desk.send("POST", "{c}/sync/expenses/syncs", {"datasetIds": [made]}).status == 202

    return work


WORK: dict[str, Work] = {
    f"{kind} on {account}": _expense(kind, account)
    for kind in ("Payment", "Refund", "Reward", "Chargeback")
    for account in ("visa", "bank")
} | {
    "Reimbursable": _reimbursable,
    "Transfer": _transfer,
    "Adjustment": _adjustment,
    "TransferIn of the first version": _first_version("TransferIn", "reserve"),
    "AdjustmentOut of the first version": _first_version("AdjustmentOut", "travel"),
}


@pytest.fixture(scope="module")
def begun() -> tuple[Desk, bytes]:
    desk = open_desk()
    return desk, desk.world.image()


def accepted(desk: Desk) -> bool:
    """The hub has taken the transaction in."""
    return desk.send("GET", "{c}/sync/expenses/syncs/latest/status").status == 200


def settled_once(desk: Desk) -> None:
    """After the restart everything comes to rest with one document, and the hub says Completed."""
    desk.world.jobs.run_due()
    desk.world.settle()
    sync = desk.get("{c}/sync/expenses/syncs/latest/status")
    assert (sync["syncStatusCode"], sync["dataPushed"]) == (2000, True), sync
    assert desk.outcome(sync["syncId"])[0] == "Completed"
    assert len(desk.documents(1)) == 1


@pytest.mark.parametrize("name", list(WORK))
def test_killed_at_any_step_of_a_sync_exactly_one_document_stands(begun: tuple[Desk, bytes], name: str) -> None:
    first, image = begun
    whole = first.reopened(image)
    reaper = Reaper(whole.world)
    WORK[name](whole)
    steps = reaper.passed
    assert steps > 6
    for point in range(1, steps + 1):
        desk = first.reopened(image)
        reaper = Reaper(desk.world, point)
        with pytest.raises(Killed):
            WORK[name](desk)
        after = desk.reopened(reaper.image)
        if not accepted(after):
            WORK[name](after)  # the client had no answer and sends again
        settled_once(after)


@pytest.mark.parametrize("platform", [n for n, p in platforms().items() if p.connector and n != "quickbooks_online"])
def test_killed_at_any_step_of_a_sync_on_any_platform_exactly_one_document_stands(platform: str) -> None:
    first = open_desk(platform=platform)
    image = first.world.image()
    whole = first.reopened(image)
    reaper = Reaper(whole.world)
    _taxed_payment(whole)
    assert reaper.passed > 6
    assert _carrying(whole)
    for point in range(1, reaper.passed + 1):
        desk = first.reopened(image)
        killer = Reaper(desk.world, point)
        with pytest.raises(Killed):
            _taxed_payment(desk)
        after = desk.reopened(killer.image)
        if not accepted(after):
            _taxed_payment(after)
        after.world.settle()
        sync = after.get("{c}/sync/expenses/syncs/latest/status")
        assert (sync["syncStatusCode"], sync["dataPushed"]) == (2000, True), (point, sync)
        assert [kind for kind in _carrying(after) if kind not in EMPTIED] == _carrying(whole), point
        assert [after.balance(label) for label in SIDES] == [whole.balance(label) for label in SIDES], point


def _taxed_payment(desk: Desk) -> None:
    """A payment at a rate that charges nothing, where the platform wants one, taken to its end."""
    table = TABLES[desk.native.platform]
    tax = table.neutral_tax("GB") or (desk.labels["taxes"]["none"] if "tax_rate_required" in table.rules else "")
    body = desk.expense(1, bankAccountRef={"id": desk.account("visa")})
    body["lines"] = [{**line, **({"taxRateRef": {"id": tax}} if tax else {})} for line in body["lines"]]
    desk.push(body)
    desk.world.settle()


def _carrying(desk: Desk) -> list[str]:
    """The kinds of the live native records that carry the transaction's id."""
    records = desk.native.records
    found = [record for kind in records.kinds() for record in records.scan(kind) if not record.deleted]
    return sorted(one.kind for one in found if transaction_id(1) in exact_json.dumps(one.body).decode())


@pytest.mark.parametrize("name", ["Payment on visa", "Payment on bank", "Reimbursable", "Transfer"])
def test_an_update_killed_at_any_step_leaves_one_document_with_the_new_amount(
    begun: tuple[Desk, bytes], name: str
) -> None:
    first, image = begun
    start = first.reopened(image)
    WORK[name](start)
    written = start.world.image()
    whole = start.reopened(written)
    reaper = Reaper(whole.world)
    _update(whole, name)
    for point in range(1, reaper.passed + 1):
        desk = start.reopened(written)
        killer = Reaper(desk.world, point)
        with pytest.raises(Killed):
            _update(desk, name)
        after = desk.reopened(killer.image)
        if after.get("{c}/sync/expenses/syncs/latest/status") == start.get("{c}/sync/expenses/syncs/latest/status"):
            _update(after, name)
        settled_once(after)
        assert str(_total(after.document(1))) in ("77", "77.00")


def _update(desk: Desk, name: str) -> None:
    line = {"netAmount": 77, "taxAmount": 0, "accountRef": {"id": desk.account("meals")}}
    id = transaction_id(1)
    if name == "Transfer":
        sides = {
            "from": {"accountRef": {"id": desk.account("bank")}, "amount": 77},
            "to": {"accountRef": {"id": desk.account("reserve")}, "amount": 77},
        }
        answer = desk.send("PUT", f"{{c}}/sync/expenses/transfer-transactions/{id}", {"date": "2026-03-20", **sides})
    elif name == "Reimbursable":
        body = {
            "issueDate": "2026-03-20",
            "dueDate": "2026-04-20",
            "currency": "GBP",
            "contactRef": {"id": desk.supplier("employee")},
            "lines": [line],
        }
        answer = desk.send("PUT", f"{{c}}/sync/expenses/reimbursable-expense-transactions/{id}", body)
    else:
        account = {"id": desk.account(name.rpartition(" ")[2])}
        body = {"type": "Payment", "issueDate": "2026-03-20", "currency": "GBP", "lines": [line]}
        path = f"{{c}}/sync/expenses/expense-transactions/{id}"
        answer = desk.send("PUT", path, {**body, "bankAccountRef": account})
    assert answer.status in (200, 202), answer.body


def _total(document: dict[str, Any]) -> Any:
    return document["Amount"] if document["kind"] == "Transfer" else document["TotalAmt"]


def test_a_world_in_a_file_goes_on_after_its_process_was_dropped(tmp_path: Path) -> None:
    desk = open_desk()
    path, crashed = tmp_path / "world.db", tmp_path / "crashed.db"
    filed = in_file(desk, path, image=desk.world.image())
    reaper = Reaper(filed.world, 6)
    with pytest.raises(Killed):
        filed.push(filed.expense(1))
    filed.world.close()
    crashed.write_bytes(reaper.image)
    settled_once(in_file(desk, crashed))


def in_file(desk: Desk, path: Path, *, image: bytes = b"") -> Desk:
    """The desk in a world of its own file, which an image may fill."""
    app = App()
    world = app.create_world(path=path)
    if image:
        world.restore(image)
    native = find_company(world, desk.native.platform, desk.native.id)
    assert native is not None
    return Desk(app, world, native, desk.labels, desk.company, desk.connection, desk.api_key)


def test_the_clock_of_a_reopened_world_stands_where_it_stood(begun: tuple[Desk, bytes]) -> None:
    first, image = begun
    assert first.reopened(image).world.clock.now() >= parse_instant("2026-03-23T09:00:00 Europe/London")
