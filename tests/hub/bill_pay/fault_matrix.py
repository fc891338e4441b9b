"""Every kind of fault at every exchange of every write of bill pay, and what each write must come to all the same.

    python -m tests.hub.bill_pay.fault_matrix PLATFORM [WORK ...]

runs all of it for a platform and prints what was doubled, lost or told wrongly. ``test_fault_matrix`` runs a share.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from tests.hub.bill_pay import desk as live
from tests.hub.bill_pay.desk import PAYABLES, key, payer, upload
from tests.hub.bill_pay.test_credits import credit, owed, settling
from tests.hub.bill_pay.test_first_version import bill, lacks, made, offers, payment, push, read, rules
from tests.hub.desk import Answer, Desk

from sandbooks.hub import link
from sandbooks.settings import read_contract

TABLE: Mapping[str, Any] = read_contract("hub", "bill_pay_platforms.yaml")["platforms"]
SYNCHRONOUS = "synchronous "
KINDS: Mapping[str, tuple[str, ...]] = {
    "refuse": ("connect", "admit", "validate"),
    "throttle": ("admit",),
    "delay": ("admit", "commit"),
    "drop_response": ("send", "admit", "validate", "commit", "render"),
    "late_commit": ("validate",),
    "reset": ("connect", "send", "validate", "commit", "render"),
    "truncate": ("render",),
    "html_error_page": ("send", "validate", "commit", "render"),
    "server_error": ("send", "validate", "commit", "render"),
    "stale_read": ("admit",),
    "expire_token": ("send", "deliver"),
    "revoke_token": ("send", "deliver"),
}
PATIENCE = 10
LATE = timedelta(hours=7)

State = tuple[Any, ...]


@dataclass
class Bench:
    """A company with bills, a payment and a credit, and what may be written there."""

    platform: str
    desk: Desk
    image: bytes = b""
    ids: dict[str, str] = field(default_factory=dict)
    token: int = 77
    works: dict[str, Callable[[Desk], Answer]] = field(default_factory=dict)
    before: State = ()

    def opened(self) -> Desk:
        self.token = 77
        return self.desk.reopened(self.image)


@dataclass(frozen=True)
class Schedule:
    """One fault at the nth exchange with the platform."""

    nth: int
    operation: str
    kind: str
    phase: str

    def __str__(self) -> str:
        return f"{self.nth} {self.operation}: {self.kind} at {self.phase}"


def bench(platform: str) -> Bench:
    """Set up a company and the writes that its platform offers."""
    desk = payer(platform)
    draft = "Draft" if platform == "business_central" else "Open"
    for number in (1, 2, 3):
        made(desk, push(desk, "POST", "bills", bill(desk, number)))
    made(desk, push(desk, "POST", "bills", bill(desk, 60, status=draft)))
    ids = {one["reference"]: str(one["id"]) for one in read(desk, "bills")}
    ids["paid"] = made(desk, push(desk, "POST", "billPayments", payment(desk, (ids["B-3"], 150))))
    if "credits" in offers(desk):
        ids["credit"] = owed(desk, 7, 307)
    desk.send("POST", "{c}/data/all")
    desk.world.settle()
    found = Bench(platform, desk, desk.world.image(), ids)
    found.works = dict(_pushes(found, draft)) | dict(_live(found) if TABLE[platform]["synchronous"] else ())
    found.before = state(found.opened())
    return found


# What is written


def _pushes(at: Bench, draft: str) -> Iterator[tuple[str, Callable[[Desk], Answer]]]:
    desk, ids, has = at.opened(), at.ids, offers(at.desk)

    def by(method: str, path: str, body: Any = None) -> Callable[[Desk], Answer]:
        return lambda desk: push(desk, method, path, body, token=key(at.token))

    yield "bill", by("POST", "bills", bill(desk, 5))
    yield "bill changed", by("PUT", f"bills/{ids['B-60']}", bill(desk, 6, status=draft))
    yield "part paid", by("POST", "billPayments", payment(desk, (ids["B-1"], 77)))
    yield "paid by card", by("POST", "billPayments", payment(desk, (ids["B-1"], 301), accountRef=_card(desk)))
    if "bill.delete" in has:
        yield "bill removed", by("DELETE", f"bills/{ids['B-60']}")
    if "payment.delete" in has:
        yield "payment removed", by("DELETE", f"billPayments/{ids['paid']}")
    if "many" in has:
        yield "many paid", by("POST", "billPayments", _many(desk, ids))
    if "on_account" in has:
        link_ = {"type": "PaymentOnAccount", "id": desk.supplier("airline"), "amount": -33}
        body = payment(desk, lines=[{"amount": 33, "links": [link_]}], totalAmount=33)
        yield "paid on account", by("POST", "billPayments", body)
    if "credits" in has and "billCreditNotes" not in lacks(desk):
        yield "credit", by("POST", "billCreditNotes", credit(desk, 8))
    if "credit.update" in has:
        yield "credit changed", by("PUT", f"billCreditNotes/{ids['credit']}", credit(desk, 9))
    if "credit_use" in has:
        body = settling(desk, ids["B-1"], ids["credit"], of_bill=88, of_credit=88)
        yield "credit used", by("POST", "billPayments", body)
    if "credit_in_payment" in has:
        body = settling(desk, ids["B-1"], ids["credit"], of_bill=188, of_credit=88)
        yield "credit and money", by("POST", "billPayments", body)
    if "credit_refund" in has:
        link_ = {"type": "CreditNote", "id": ids["credit"], "amount": 48}
        body = payment(desk, lines=[{"amount": -48, "links": [link_]}], totalAmount=-48)
        yield "credit paid back", by("POST", "billPayments", body)
    if "journalEntries" not in lacks(desk):
        yield "journal entry", by("POST", "journalEntries", _entry(desk))
    if "journal.create" in has:
        yield "journal", by("POST", "journals", {"name": "Bill pay", "journalCode": "BP", "status": "Active"})
    if "attachments" not in lacks(desk):
        yield "file", _file(at, "{c}/connections/{k}/push/bills/" + ids["B-1"] + "/attachments")


def _live(at: Bench) -> Iterator[tuple[str, Callable[[Desk], Answer]]]:
    desk, ids = at.opened(), at.ids

    def by(method: str, path: str, body: Any, *, keyed: bool = True) -> Callable[[Desk], Answer]:
        def work(desk: Desk) -> Answer:
            headers = (("Idempotency-Key", key(at.token)),) if keyed else ()
            return desk.send(method, f"{PAYABLES}/{path}", body, headers=headers)

        return work

    paid = {"date": "2026-03-21", "accountRef": {"id": desk.account("bank")}}
    named = {"status": "Active", "supplierName": "Fabrikam"}
    bank = {"name": "Payroll run", "accountType": "Debit", "accountNumber": "12345678", "currency": "GBP"}
    yield f"{SYNCHRONOUS}bill", by("POST", "bills", live.bill(desk, 15))
    yield f"{SYNCHRONOUS}bill without a key", by("POST", "bills", live.bill(desk, 16), keyed=False)
    yield f"{SYNCHRONOUS}bill changed", by("PUT", f"bills/{ids['B-60']}", live.changed_bill(desk, 17))
    yield f"{SYNCHRONOUS}part paid", by("POST", f"bills/{ids['B-1']}/payment", {"amount": 55.5, **paid})
    whole = {"amount": 301, **paid}
    yield f"{SYNCHRONOUS}paid without a key", by("POST", f"bills/{ids['B-1']}/payment", whole, keyed=False)
    yield f"{SYNCHRONOUS}supplier", by("POST", "suppliers", named)
    renamed = {**named, "supplierName": "Contoso Airways"}
    yield f"{SYNCHRONOUS}supplier changed", by("PUT", f"suppliers/{desk.supplier('airline')}", renamed)
    yield f"{SYNCHRONOUS}bank account", by("POST", "bankAccounts", {**bank, "nominalCode": live.free_code(desk)})
    yield f"{SYNCHRONOUS}file", _file(at, f"{PAYABLES}/bills/{ids['B-1']}/attachments")


def _card(desk: Desk) -> dict[str, str]:
    return {"id": desk.account("visa")}


def _many(desk: Desk, ids: Mapping[str, str]) -> dict[str, Any]:
    body = payment(desk, (ids["B-1"], 301), (ids["B-2"], 102))
    if "one_line" in rules(desk):
        body["lines"] = [{"amount": 403, "links": [each for line in body["lines"] for each in line["links"]]}]
    return body


def _entry(desk: Desk) -> dict[str, Any]:
    rows = ((23, "travel"), (-23, "meals"))
    lines = [{"netAmount": amount, "accountRef": {"id": desk.account(label)}} for amount, label in rows]
    body: dict[str, Any] = {"postedOn": "2026-03-20", "description": "Fares", "journalLines": lines}
    if "journal_needed" in rules(desk):
        body["journalRef"] = {"id": read(desk, "journals")[0]["id"]}
    return body


def _file(at: Bench, path: str) -> Callable[[Desk], Answer]:
    body, headers = upload("bill.pdf", b"%PDF-1.7 " * 20)
    return lambda desk: desk.send("POST", path, body, headers=(*headers, ("Idempotency-Key", key(at.token))))


# What stands afterwards

EMPTIED = ("folder", "SUPDOC", "journal", "vendorPaymentJournal")  # containers that stay behind empty do no harm


def state(desk: Desk) -> State:
    """How many records of each kind there are, what stands on each account, and what the hub reads of it."""
    native = desk.native
    counted = {
        kind: sum(1 for _ in native.records.scan(kind)) for kind in native.records.kinds() if kind not in EMPTIED
    }
    counts = tuple(sorted((kind, count) for kind, count in counted.items() if count))
    balances = {account.id: native.book.balance(account.id).base.amount for account in native.book.accounts()}
    paid = sorted((str(one["totalAmount"]), one["metadata"]["isDeleted"]) for one in read(desk, "billPayments"))
    credits: list[Any] = []
    if "credits" in offers(desk):
        credits = sorted((str(o["totalAmount"]), str(o["remainingCredit"])) for o in read(desk, "billCreditNotes"))
    bills = sorted((str(one["reference"]), str(one["amountDue"]), one["status"]) for one in read(desk, "bills"))
    named = sorted(str(one["supplierName"]) for one in read(desk, "suppliers"))
    return counts, tuple(sorted((id, b) for id, b in balances.items() if b)), paid, credits, bills, named


# One run


def carried(at: Bench, desk: Desk, name: str) -> str:
    """A write taken to its end as a patient client does: ``done``, ``refused`` or ``open``."""
    work = at.works[name]
    for _ in range(PATIENCE):
        answer = work(desk)
        waits = answer.headers.get("Retry-After", "5")
        if answer.status < 300:
            live_answer = name.startswith(SYNCHRONOUS) or not answer.body
            return "done" if live_answer else _pushed(at, desk, name, answer)
        if answer.status in (429, 503, 409):
            desk.world.advance(by=timedelta(seconds=int(waits)))
        elif desk.get("{c}/connections/{k}")["status"] != "Linked":
            relink(desk)
            at.token += 1  # what was refused under a key stays refused under it
        else:
            return "refused"
    return "open"


def _pushed(at: Bench, desk: Desk, name: str, answer: Answer) -> str:
    desk.world.settle()
    found = desk.get(f"{{c}}/push/{answer.body['pushOperationKey']}")
    if desk.get("{c}/connections/{k}")["status"] != "Linked":
        desk.world.advance(by=timedelta(hours=2))  # longer than a key is kept for
        relink(desk)
        again = at.works[name](desk)
        desk.world.settle()
        found = desk.get(f"{{c}}/push/{again.body['pushOperationKey']}")
    return {"Success": "done", "Failed": "refused"}.get(found["status"], "open")


def relink(desk: Desk) -> None:
    """The company's user gives the consent anew."""
    link.authorize(desk.world, desk.connection, company=desk.native.id)
    desk.world.settle()


def whole(at: Bench, name: str) -> tuple[list[str], State]:
    """The exchanges of a write that nothing stands in the way of, and what it comes to."""
    desk = at.opened()
    first = len(list(desk.world.tape.entries()))
    assert carried(at, desk, name) == "done", (at.platform, name)
    operations = [one.operation for one in list(desk.world.tape.entries())[first:] if one.surface == at.platform]
    return operations, state(desk)


def schedules(operations: list[str]) -> list[Schedule]:
    """Every fault at every exchange."""
    return [
        Schedule(nth, operation, kind, phase)
        for nth, operation in enumerate(operations, 1)
        for kind, phases in KINDS.items()
        for phase in phases
    ]


def finding(at: Bench, name: str, schedule: Schedule, wanted: State) -> str:
    """What is wrong after a write under one fault; empty for nothing, and for a fault that had nothing to act on."""
    desk = at.opened()
    plan: Any = desk.world.plan
    plan.add(schedule.kind, at={"platform": at.platform, "nth": schedule.nth}, phase=schedule.phase)
    came_to = carried(at, desk, name)
    acted = not plan.unfired()
    plan.clear()
    if not acted:
        return ""
    if schedule.kind == "late_commit":
        desk.world.advance(by=LATE)  # until nothing more of it can come
    if schedule.kind == "revoke_token":
        relink(desk)
    stands = state(desk)
    desk.native.book.verify()
    if came_to == "done":
        return "" if stands == wanted else f"said to be done, and stands otherwise: {stands} instead of {wanted}"
    if came_to == "refused" and schedule.kind == "refuse":
        return "" if stands == at.before else f"said to be refused, and something was left: {stands}"
    return f"{came_to} for ever"


def main(arguments: list[str], prepared: Callable[[str], Bench] = bench) -> int:
    """Run everything that a bench offers, and print what was found; 1 if there was anything."""
    at = prepared(arguments[0])
    count = 0
    for name in arguments[1:] or list(at.works):
        operations, wanted = whole(at, name)
        for schedule in schedules(operations):
            found = finding(at, name, schedule, wanted)
            count += bool(found)
            if found:
                print(f"{at.platform}, {name}, {schedule}: {found}", flush=True)
    print(f"{at.platform}: {count} findings in {', '.join(at.works)}")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
