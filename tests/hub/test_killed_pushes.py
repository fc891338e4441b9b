"""A server killed by SIGKILL at every step of a push, an update or an upload: each is carried out once.

As in ``test_killed_processes`` whoever takes step n dies there, for each n until the work comes to its end before it
gets that far. The client hands over again what it had no answer to, under the same key, and asks what came of it.
Usually one kind of work is killed, around its first request; ``KILLS=every`` kills each kind at every step, on every
platform of ``PLATFORMS`` and by four workers over PostgreSQL too.
"""

from __future__ import annotations

import itertools
import json
import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.databases import Databases
from tests.hub.processes import Client, House, Nursery, carrying, receiving, transaction_id, until

EVERY = os.environ.get("KILLS") == "every"
PLATFORMS = ("freeagent", "xero", "netsuite", "zoho_books") if EVERY else ("freeagent",)
HOUSES: dict[str, tuple[bool, dict[str, int]]] = {"a server over a file": (False, {})}
if EVERY:
    HOUSES["four workers over postgresql"] = (True, {"workers": 4})
SAMPLE = (1, 2)  # the request that writes is about to go, and was answered
TODAY = "2026-03-20"


class Work:
    """One kind of work, handed over for each step anew."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.push = f"/connections/{client.connection}/push"
        self.supplier = client.read("/data/suppliers")["results"][0]["id"]
        accounts = client.read("/data/accounts?pageSize=500")["results"]
        self.bank = next(one for one in accounts if one["isBankAccount"] and one["currency"] == "GBP")["id"]
        self.expense = client.native["labels"]["accounts"].get("travel") or client.expense

    def prepare(self, step: int) -> None:
        """What has to be there before; nobody is killed yet."""

    def hand_over(self, step: int) -> Any:
        """Ask for it; the answer, None where none came."""
        raise NotImplementedError

    def check(self, step: int, answer: Any) -> None:
        """It was carried out, once."""
        raise NotImplementedError

    # Parts

    def bill(self, step: int, amount: int) -> dict[str, Any]:
        line = {"description": f"Seat {step}", "unitAmount": amount, "quantity": 1, "taxAmount": 0}
        return {
            "reference": f"B-{step}",
            "supplierRef": {"id": self.supplier},
            "issueDate": TODAY,
            "dueDate": "2026-04-19",
            "currency": "GBP",
            "status": "Open",
            "lineItems": [{**line, "accountRef": {"id": self.expense}}],
        }

    def pushed(self, answer: Any) -> str:
        """The id of what a push operation has made, once it has ended."""

        def ended() -> Any:
            self.client.settle()
            found = self.client.read(f"/push/{answer['pushOperationKey']}")
            return found if found["status"] != "Pending" else None

        found = until(ended, what="the end of a push operation")
        assert found["status"] == "Success", found["errorMessage"]
        return str(found["changes"][0]["recordRef"]["id"])

    def made_bill(self, step: int, amount: int) -> str:
        answer = self.client.send("POST", f"{self.push}/bills", self.bill(step, amount), key=transaction_id(step))
        return self.pushed(answer)


class Bill(Work):
    def hand_over(self, step: int) -> Any:
        body = self.bill(step, 100 + step)
        return self.client.send("POST", f"{self.push}/bills", body, key=transaction_id(step))

    def check(self, step: int, answer: Any) -> None:
        assert self.pushed(answer)
        assert carrying(self.client.documents(), transaction_id(step)) == 1


class BillPayment(Work):
    def __init__(self, client: Client) -> None:
        super().__init__(client)
        before = [one["kind"] for one in self.client.documents()]
        self.owed = self.made_bill(900_000, 100_000)
        (self.owed_kind,) = Counter(one["kind"] for one in self.client.documents()) - Counter(before)

    def hand_over(self, step: int) -> Any:
        link = {"type": "Bill", "id": self.owed, "amount": -(10 + step)}
        body = {
            "supplierRef": {"id": self.supplier},
            "accountRef": {"id": self.bank},
            "totalAmount": 10 + step,
            "currency": "GBP",
            "currencyRate": 1,
            "date": TODAY,
            "lines": [{"amount": 10 + step, "links": [link]}],
        }
        return self.client.send("POST", f"{self.push}/billPayments", body, key=transaction_id(step))

    def check(self, step: int, answer: Any) -> None:
        self.pushed(answer)
        others = [one for one in self.client.documents() if one["kind"] != self.owed_kind]  # a bill may show payments
        assert carrying(others, transaction_id(step)) == 1


class Supplier(Work):
    def hand_over(self, step: int) -> Any:
        body = {"supplierName": f"Fabrikam {step}", "status": "Active"}
        return self.client.send("POST", f"{self.push}/suppliers", body, key=transaction_id(step))

    def check(self, step: int, answer: Any) -> None:
        made = self.pushed(answer)
        read = self.client.send("POST", "/data/queue/suppliers")
        until(lambda: self.client.read(f"/data/history/{read['id']}")["isCompleted"], what="a read")
        found = self.client.read(f"/data/suppliers?query=supplierName%3DFabrikam%20{step}")["results"]
        assert [one["id"] for one in found] == [made]


class Update(Work):
    """An expense that is changed to another amount."""

    def prepare(self, step: int) -> None:
        assert self.client.push(transaction_id(step))
        until(lambda: self.client.settle() and self.client.statuses(transaction_id(step)) == ["Completed"], what="it")

    def hand_over(self, step: int) -> Any:
        body = {**self.client.expense_of(transaction_id(step), amount=1000 + step)}
        id = body.pop("id")
        return self.client.send("PUT", f"/sync/expenses/expense-transactions/{id}", body, key=id)

    def check(self, step: int, answer: Any) -> None:
        statuses = until(lambda: self.client.settle() and self.ended(step), what="the end of an update")
        assert set(statuses) == {"Completed"}
        (found,) = [one for one in self.client.documents() if transaction_id(step) in json.dumps(one["native"])]
        assert str(1000 + step) in json.dumps(found["native"])

    def ended(self, step: int) -> list[str]:
        found = self.client.statuses(transaction_id(step))
        return found if "Pending" not in found else []


class BillFile(Work):
    """A file on a bill."""

    def __init__(self, client: Client) -> None:
        super().__init__(client)
        self.bills: dict[int, str] = {}

    def prepare(self, step: int) -> None:
        self.bills[step] = self.made_bill(step, 50 + step)

    def hand_over(self, step: int) -> Any:
        files = {"file": ("bill.pdf", b"%PDF-1.7 " * (20 + step), "application/pdf")}
        return self.client.send("POST", f"{self.push}/bills/{self.bills[step]}/attachments", files=files)

    def check(self, step: int, answer: Any) -> None:
        path = f"/connections/{self.client.connection}/data/bills/{self.bills[step]}/attachments"
        found = self.client.read(path)["attachments"]
        assert [one["fileSize"] for one in found] == [9 * (20 + step)]


class Receipt(Update):
    """A file on an expense."""

    def prepare(self, step: int) -> None:
        super().prepare(step)
        (self.sync,) = self.client.syncs_of(transaction_id(step))  # nobody may answer this later

    def hand_over(self, step: int) -> Any:
        files = {"file": ("receipt.png", b"PNG" * (20 + step), "image/png")}
        id = transaction_id(step)
        return self.client.send("POST", f"/sync/expenses/syncs/{self.sync}/transactions/{id}/attachments", files=files)

    def check(self, step: int, answer: Any) -> None:
        assert answer["transactionId"] == transaction_id(step)
        (found,) = [one for one in self.client.documents() if transaction_id(step) in json.dumps(one["native"])]
        assert [one["size"] for one in found["attachments"]] == [3 * (20 + step)]


KINDS: dict[str, type[Work]] = {
    "a bill": Bill,
    "a bill payment": BillPayment,
    "a supplier": Supplier,
    "a changed expense": Update,
    "a file on a bill": BillFile,
    "a receipt": Receipt,
}
Open = Callable[..., AbstractContextManager[House]]


@pytest.fixture
def opened(tmp_path: Path, request: pytest.FixtureRequest) -> Open:
    """Opens a house over a database of its own."""

    @contextmanager
    def made(platform: str, *, shared: bool, steps: str, **more: int) -> Iterator[House]:
        databases: Databases | None = request.getfixturevalue("databases") if shared else None
        url = databases.new() if databases else str(tmp_path / "world.db")
        nursery = Nursery(tmp_path, platform, kinds=steps)
        try:
            house = House(nursery, url, platform, **more)
            house.revive()
            yield house
        finally:
            house.end()
            nursery.end()

    return made


def answered(work: Work, step: int) -> list[Any]:
    """The answer to a work, which may be empty; nothing where none came."""
    answer = work.hand_over(step)
    return [] if answer is None else [answer]


def killed_at_each_step(house: House, receiver: str, kind: type[Work]) -> list[str]:
    """The steps, once each of them was the last of a process."""
    client = Client(house.told)
    client.configure(receiver)
    work = kind(client)
    for step in itertools.count(1) if EVERY else SAMPLE:
        work.prepare(step)
        house.nursery.aim(step)
        answer = work.hand_over(step)
        until(lambda: house.nursery.hit or (client.settle() and house.at_rest()), what="rest, or a death")
        died, taken = house.nursery.spare(), house.nursery.steps()
        house.revive()
        until(lambda: client.settle() and house.at_rest(), what="rest after the kill")
        if answer is None:
            answer = until(lambda at=step: answered(work, at), what="an answer")[0]
            until(lambda: client.settle() and house.at_rest(), what="rest in the end")
        work.check(step, answer)
        if not died:
            break
    assert client.findings() == []
    return taken


@pytest.mark.parametrize("house", HOUSES)
@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("kind", KINDS if EVERY else ["a bill"])
def test_it_is_carried_out_once_whichever_step_a_process_is_killed_at(
    kind: str, platform: str, house: str, opened: Open
) -> None:
    shared, more = HOUSES[house]
    with opened(platform, shared=shared, steps="every" if EVERY else "requests", **more) as built:
        with receiving() as receiver:
            taken = killed_at_each_step(built, receiver.url, KINDS[kind])
    assert {"before call", "after call"} <= set(taken)
