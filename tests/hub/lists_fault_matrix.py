"""Every kind of fault at every exchange of every push of a supplier, customer or account.

    python -m tests.hub.lists_fault_matrix PLATFORM [WORK ...]

runs all of it for a platform and prints what was doubled, lost or told wrongly; ``test_pushed_records`` has what it
found.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Any

from tests.hub.bill_pay.desk import free_code
from tests.hub.bill_pay.fault_matrix import Bench, main, state
from tests.hub.bill_pay.test_first_version import push
from tests.hub.desk import Answer, Desk, open_desk

Work = Callable[[Desk], Answer]
KEY = "7c1f0000-0000-4000-8000-{:012d}"


def bench(platform: str) -> Bench:
    """A company, and what may be put on its lists."""
    desk = open_desk(platform=platform)
    desk.send("POST", "{c}/data/all")
    desk.world.settle()
    found = Bench(platform, desk, desk.world.image())
    found.works = dict(_works(found))
    found.before = state(found.opened())
    return found


def _works(at: Bench) -> Iterator[tuple[str, Work]]:
    desk = at.opened()

    def by(method: str, path: str, body: Any) -> Work:
        return lambda desk: push(desk, method, path, body, token=KEY.format(at.token))

    supplier = {"supplierName": "Fabrikam Freight", "status": "Active"}
    customer = {"customerName": "Wingtip Toys", "status": "Active"}
    account = {"name": "Parking", "type": "Expense", "status": "Active", "nominalCode": "0957"}
    bank = {"accountName": "Payroll run", "accountType": "Debit", "accountNumber": "12345678", "currency": "GBP"}
    yield "supplier", by("POST", "suppliers", supplier)
    yield "supplier changed", by("PUT", f"suppliers/{desk.supplier('airline')}", {**supplier, "phone": "+44 20 7946 0"})
    yield "customer", by("POST", "customers", customer)
    if _takes(at, account):
        yield "account", by("POST", "accounts", account)
    yield "bank account", by("POST", "bankAccounts", {**bank, "nominalCode": free_code(desk)})


def _takes(at: Bench, account: dict[str, Any]) -> bool:
    """Whether the platform's chart takes new accounts."""
    desk = at.opened()
    answer = push(desk, "POST", "accounts", account)
    desk.world.settle()
    key = answer.body.get("pushOperationKey", "")
    return answer.status == 200 and desk.get(f"{{c}}/push/{key}")["status"] == "Success"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], bench))
