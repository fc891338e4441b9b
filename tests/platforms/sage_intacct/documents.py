"""Documents that several subjects need: an employee with an expense report, and a journal entry."""

from typing import Any

from tests.platforms.sage_intacct.desk import Desk, day


def employee(desk: Desk) -> str:
    return desk.create("EMPLOYEE", EMPLOYEEID="E-1", PERSONALINFO={"CONTACTNAME": "Ana Bell", "PRINTAS": "Ana Bell"})


def report(desk: Desk, amount: str, **line: Any) -> str:
    if not desk.query("EMPLOYEE", "EMPLOYEEID"):
        employee(desk)
    expense = {"glaccountno": desk.account("travel"), "amount": amount, "expensedate": day("2026-03-01"), **line}
    given = {"employeeid": "E-1", "datecreated": day("2026-03-02"), "expenses": {"expense": expense}}
    return desk.legacy("create_expensereport", given)


def journal(desk: Desk, *lines: tuple[str, str, str], **fields: str) -> dict[str, Any]:
    entries = [{"ACCOUNTNO": desk.account(a), "TR_TYPE": side, "TRX_AMOUNT": amount} for a, side, amount in lines]
    head = {"JOURNAL": "GJ", "BATCH_DATE": "03/02/2026", "BATCH_TITLE": "Adjustment"}
    return {"create": {"GLBATCH": {**head, **fields, "ENTRIES": {"GLENTRY": entries}}}}
