"""A long history of native calls, drawn at random: the open documents, the ledger's own details and the books agree."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from random import Random
from typing import Any

from lxml import etree
from tests.platforms.histories import histories
from tests.platforms.sage_intacct.desk import Desk, day, function, open_desk
from tests.platforms.sage_intacct.documents import employee

from sandbooks.app import App

STEPS = 70
CENT = Decimal("0.01")


class Bookkeeping:
    """Draws lawful and unlawful calls; what is refused changes nothing, and the history goes on."""

    def __init__(self, desk: Desk, random: Random) -> None:
        self.desk, self.random, self.number = desk, random, 0
        self.made: dict[str, list[str]] = {"APBILL": [], "APPYMT": [], "CCTRANSACTION": [], "EEXPENSES": []}
        employee(desk)

    def amount(self) -> str:
        return f"{self.random.randint(1, 400_00) / Decimal(100):.2f}"

    def date(self) -> str:
        return f"2026-0{self.random.randint(1, 2)}-{self.random.randint(1, 28):02d}"

    def send(self, call: Mapping[str, Any] | etree._Element) -> etree._Element | None:
        """The result of a lawful call; nothing for one that is refused, which wrote nothing."""
        before = self.desk.posted()
        result = self.desk.send(call).find("operation/result")
        if result.findtext("status") != "success":
            assert self.desk.posted() == before, etree.tostring(result)
            return None
        return result

    def keep(self, kind: str, call: Mapping[str, Any] | etree._Element) -> None:
        result = self.send(call)
        if result is not None:
            self.made[kind].append(str(result.findtext("key") or result.findtext(".//RECORDNO")))

    def chosen(self, kind: str) -> str:
        return self.random.choice(self.made[kind]) if self.made[kind] else "99999"

    def foreign(self) -> dict[str, str]:
        rate = f"0.{self.random.randint(5000, 9999)}"
        return self.random.choice([{}, {"CURRENCY": "USD", "EXCHANGE_RATE": rate}])

    def bill(self) -> None:
        self.number += 1
        accounts = [self.desk.account(label) for label in ("office", "travel")]
        lines = [
            {"ACCOUNTNO": self.random.choice(accounts), "TRX_AMOUNT": self.amount()}
            for _ in range(self.random.randint(1, 3))
        ]
        head = self.desk.bill_fields(f"B-{self.number}") | self.foreign()
        head["WHENCREATED"] = "{1}/{2}/{0}".format(*self.date().split("-"))
        self.keep("APBILL", {"create": {"APBILL": {**head, "APBILLITEMS": {"APBILLITEM": lines}}}})

    def pay(self) -> None:
        """A payment of one or two bills, in whole, in part or beyond."""
        rows = []
        foreign = self.foreign()
        for key in {self.chosen("APBILL") for _ in range(self.random.randint(1, 2))}:
            found = self.desk.query("APBILL", "TRX_TOTALDUE", filter={"equalto": {"field": "RECORDNO", "value": key}})
            due = Decimal(found[0]["TRX_TOTALDUE"]) if found else Decimal(1)
            part = self.random.choice([due, due, (due / 3).quantize(CENT), due + 1])
            rows.append({"RECORDKEY": key, "TRX_PAYMENTAMOUNT": str(part)})
        entity = self.random.choice(["bank", "reserve", "dollars", "visa"])
        given = {
            "PAYMENTMETHOD": "Charge Card" if entity == "visa" else "EFT",
            "FINANCIALENTITY": self.desk.account(entity),
            "VENDORID": self.desk.labels["suppliers"]["acme"],
            "PAYMENTDATE": "03/01/2026",
            "APPYMTDETAILS": {"APPYMTDETAIL": rows},
        }
        self.keep("APPYMT", {"create": {"APPYMT": given | foreign}})

    def charge(self) -> None:
        line = {"glaccountno": self.desk.account("travel"), "description": "T", "paymentamount": self.amount()}
        if self.random.random() < 0.3:
            line["paymentamount"] = f"-{line['paymentamount']}"
        head = {"chargecardid": self.desk.account("visa"), "paymentdate": day(self.date())}
        self.keep("CCTRANSACTION", function("record_cctransaction", {**head, "ccpayitems": {"ccpayitem": line}}))

    def claim(self) -> None:
        expense = {
            "glaccountno": self.desk.account("travel"),
            "amount": self.amount(),
            "expensedate": day("2026-03-01"),
        }
        head = {"employeeid": "E-1", "datecreated": day(self.date())}
        self.keep("EEXPENSES", function("create_expensereport", {**head, "expenses": {"expense": expense}}))

    def repay(self) -> None:
        item = {"key": self.chosen("EEXPENSES"), "paymentamount": self.amount()}
        head = {"bankaccountid": self.desk.account("bank"), "employeeid": "E-1", "paymentmethod": "EFT"}
        head |= {"paymentdate": day("2026-03-01"), "eppaymentrequestitems": {"eppaymentrequestitem": item}}
        self.send(function("create_reimbursementrequest", head))

    def journal(self) -> None:
        amount = self.amount()
        sides = (("travel", "1"), ("office", "-1"))
        entries = [{"ACCOUNTNO": self.desk.account(a), "TR_TYPE": side, "TRX_AMOUNT": amount} for a, side in sides]
        head = {"JOURNAL": "GJ", "BATCH_DATE": "02/11/2026", "BATCH_TITLE": "J", "ENTRIES": {"GLENTRY": entries}}
        self.send({"create": {"GLBATCH": head}})

    def undo(self) -> None:
        kind = self.random.choice(sorted(self.made))
        key = self.chosen(kind)
        reversed_on = {"datereversed": day("2026-03-02")}
        calls: dict[str, list[Any]] = {
            "APBILL": [function("reverse_bill", reversed_on, key=key)],
            "CCTRANSACTION": [function("reverse_cctransaction", reversed_on, key=key)],
            "EEXPENSES": [function("reverse_expensereport", reversed_on, key=key)],
            "APPYMT": [function("void_appaymentrequest", {"appaymentkeys": {"appaymentkey": key}})],
        }
        self.send(self.random.choice([*calls[kind], {"delete": {"object": kind, "keys": key}}]))

    def run(self) -> None:
        steps: list[Callable[[], None]] = [self.bill, self.bill, self.pay, self.pay, self.charge, self.claim]
        steps += [self.repay, self.journal, self.undo]
        for _ in range(STEPS):
            self.random.choice(steps)()


def due(desk: Desk, kind: str) -> dict[str, Decimal]:
    """What the documents of a kind say is due, by currency."""
    found: dict[str, Decimal] = {}
    for row in desk.query(kind, "TRX_TOTALDUE", "CURRENCY", pagesize="1000"):
        code = row["CURRENCY"] or desk.company.currency
        found[code] = found.get(code, Decimal(0)) + Decimal(row["TRX_TOTALDUE"] or "0")
    return {code: value for code, value in found.items() if value}


@histories(3)
def test_open_documents_details_and_books_agree_after_a_long_history(random: Random) -> None:
    desk = open_desk(App())
    Bookkeeping(desk, random).run()
    book = desk.company.book
    held = {code: -money.amount for code, money in book.balance(desk.account("payables")).by_currency.items() if money}
    assert due(desk, "APBILL") == held
    owed = [Decimal(row["TOTALDUE"]) for row in desk.query("APBILL", "TOTALDUE", "STATE", pagesize="1000")]
    vendor = desk.labels["suppliers"]["acme"]
    found = desk.query("VENDOR", "TOTALDUE", filter={"equalto": {"field": "VENDORID", "value": vendor}})
    assert Decimal(found[0]["TOTALDUE"]) == sum(owed)
    base = {row.account.id: row.balance.base.amount for row in book.trial_balance() if row.balance.base}
    assert sum(base.values()) == 0
    if not held:
        assert desk.account("payables") not in base
    details: dict[str, Decimal] = {}
    for row in desk.query("GLDETAIL", "ACCOUNTNO", "AMOUNT", "TR_TYPE", pagesize="2000"):
        value = Decimal(row["AMOUNT"]) * int(row["TR_TYPE"])
        details[row["ACCOUNTNO"]] = details.get(row["ACCOUNTNO"], Decimal(0)) + value
    assert {account: value for account, value in details.items() if value} == base
