"""Documents as the REST API takes them, made or refused."""

from typing import Any

from tests.platforms.sage_intacct.desk import Desk

BILL = "objects/accounts-payable/bill"
CARD = "objects/cash-management/credit-card-txn"


def line(desk: Desk, account: str, amount: str, **more: Any) -> dict[str, Any]:
    return {"glAccount": {"id": desk.account(account)}, "txnAmount": amount, **more}


def bill(desk: Desk, number: str = "R-1", **more: Any) -> dict[str, Any]:
    return {
        "billNumber": number,
        "vendor": {"id": desk.labels["suppliers"]["acme"]},
        "createdDate": "2026-03-02",
        "dueDate": "2026-04-01",
        "lines": [line(desk, "office", "73.90", memo="Hotel")],
        **more,
    }


def charge(desk: Desk, amount: str = "18.40", **more: Any) -> dict[str, Any]:
    account = {"id": desk.account("visa")}
    lines = [line(desk, "travel", amount, description="Train")]
    return {
        "txnDate": "2026-03-02",
        "creditCardAccount": account,
        "referenceNumber": "c-1",
        "payee": "Rail",
        "lines": lines,
        **more,
    }


def made(desk: Desk, path: str, body: Any, **headers: str) -> str:
    status, answer = desk.rest("POST", path, body, **headers)
    assert status == 201, answer
    assert answer["ia::result"]["href"] == f"/{path}/{answer['ia::result']['key']}"
    return str(answer["ia::result"]["key"])


def refused(desk: Desk, method: str, path: str, body: Any, *, status: int, **headers: str) -> dict[str, Any]:
    before = desk.posted()
    told, answer = desk.rest(method, path, body, **headers)
    assert (told, desk.posted()) == (status, before), answer
    error: dict[str, Any] = answer["ia::result"]["ia::error"]
    assert error["code"]
    assert error["supportId"]
    return error
