"""Documents that several subjects need: employees with expense reports, journal entries, payables of every sort."""

from typing import Any

from tests.platforms.sage_intacct.desk import Desk, day, tax


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


def payables(desk: Desk, line: dict[str, Any], vendor: str) -> dict[str, Any]:
    """Advances, payments by credits, summaries, and an allocated and taxed charge."""
    money = {"PAYMENTMETHOD": "EFT", "FINANCIALENTITY": desk.account("bank"), "VENDORID": vendor}
    advance = {**money, "PAYMENTDATE": "03/03/2026", "APADVANCEITEMS": {"APADVANCEITEM": [{"TRX_AMOUNT": "6.00"}]}}
    key = desk.create("APADVANCE", **advance)
    detail = {"RECORDKEY": desk.bill("9.00", number="BY-CREDIT"), "ADVANCEKEY": key, "ADVANCEENTRYKEY": f"{key}001"}
    detail |= {"TRX_POSTEDADVANCEAMOUNT": "5.00", "TRX_PAYMENTAMOUNT": "3.00"}
    bill = {"vendorid": vendor, "datecreated": day("2026-03-02"), "datedue": day("2026-03-12"), "billno": "IN"}
    split = [{"AMOUNT": "2.00", "LOCATIONID": ""}, {"AMOUNT": "8.00", "VENDORID": vendor}]
    standard = tax(desk.labels["taxes"]["standard"])
    spread = {
        "ACCOUNTNO": "6200",
        "TRX_AMOUNT": "10.00",
        "ALLOCATION": "Custom",
        "SPLIT": split,
        "TAXENTRIES": standard,
    }
    charge = {"CHARGECARDID": desk.account("visa"), "WHENCREATED": "03/02/2026"}
    sides = [
        {"ACCOUNTNO": "6300", "TR_TYPE": "1", "TRX_AMOUNT": "10.00", "TAXENTRIES": standard},
        {"ACCOUNTNO": "2150", "TR_TYPE": "-1", "TRX_AMOUNT": "12.00"},
    ]
    journal = {"JOURNAL": "GJ", "BATCH_DATE": "03/02/2026", "BATCH_TITLE": "t", "TAXIMPLICATIONS": "Inbound"}
    return {
        "create.APADVANCE": {**advance, "CURRENCY": "USD", "EXCHANGE_RATE": "0.8", "ACTION": "Submit"},
        "create.APPYMT ": {**money, "PAYMENTDATE": "03/09/2026", "APPYMTDETAILS": {"APPYMTDETAIL": [detail]}},
        "create_billbatch": {
            "batchtitle": "B",
            "datecreated": day("2026-03-01"),
            "create_bill": {**bill, "nogl": "true", "billitems": {"lineitem": [line]}},
        },
        "create.CCTRANSACTION": {**charge, "CCTRANSACTIONENTRIES": {"CCTRANSACTIONENTRY": [spread]}},
        "create.GLBATCH ": {**journal, "VATVENDORID": vendor, "ENTRIES": {"GLENTRY": sides}},
    }
