"""Subsidiaries with base currencies of their own: what is booked where, at which rate, and who may be used."""

from __future__ import annotations

from decimal import Decimal
from random import Random
from typing import ClassVar

import pytest
from msgspec.structs import replace
from tests.platforms.histories import histories
from tests.platforms.netsuite.desk import PLAN, RECORD, Desk, open_desk

from sandbooks.app import App
from sandbooks.ledger import Book
from sandbooks.platforms.netsuite.bookkeeper import BOOKKEEPER
from sandbooks.platforms.netsuite.posting import entry_of
from sandbooks.platforms.netsuite.records import ledgers, store

BERLIN = {"name": "Berlin", "country": "DE", "currency": "EUR"}
SETTINGS = {**PLAN.settings, "subsidiaries": [BERLIN, {"name": "Leeds"}]}


class Group(Desk):
    """An account with a root and a subsidiary in pounds, and one in euros."""

    berlin: ClassVar[dict[str, str]] = {"id": "2"}

    def local(self) -> Book:
        return ledgers.book_of(self.company, {"subsidiary": "2", "base": "EUR", "group": {"base": "GBP"}})

    def local_books(self) -> dict[str, str]:
        names = {id: label for label, id in reversed(self.labels["accounts"].items())}
        rows = self.local().trial_balance()
        return {names.get(r.account.id, r.account.name): f"{r.balance.base.amount:.2f}" for r in rows if r.balance.base}

    def local_bill(self, amount: str, **members: object) -> str:
        line = self.line(amount)
        return self.bill(line, **{"subsidiary": self.berlin, "currency": self.currency("EUR"), **members})

    def pay(self, bill: str, **members: object) -> str:
        doc = {"id": bill.rpartition("/")[2]}
        apply = {"items": [{"doc": doc, "apply": True}]}
        return self.make("vendorPayment", entity=self.id("acme"), **{"apply": apply, **members})


def opened(app: App) -> Group:
    accounts = {**PLAN.accounts, "euros": {"type": "bank", "name": "Euro Account", "currency": "EUR"}}
    desk = open_desk(app, replace(PLAN, settings=SETTINGS, accounts=accounts))
    made = Group(desk.app, desk.world, desk.company, desk.labels)
    made.make("vendorSubsidiaryRelationship", entity=made.id("acme"), subsidiary=made.berlin)
    return made


@pytest.fixture
def group(app: App) -> Group:
    return opened(app)


def test_a_transaction_is_booked_in_the_base_currency_of_its_subsidiary_and_in_the_root_s(group: Group) -> None:
    bill = group.read(group.local_bill("100.00"))
    assert (bill["exchangeRate"], bill["currency"]["refName"]) == (1, "Euro")
    assert group.local_books() == {"travel": "100.00", "payables": "-100.00"}
    assert group.books() == {"travel": "85.12", "payables": "-85.12"}


def test_the_rate_of_a_foreign_transaction_is_into_the_base_currency_of_its_subsidiary(group: Group) -> None:
    bill = group.read(group.local_bill("50.00", currency=group.currency("USD")))
    assert bill["exchangeRate"] == Decimal("0.90942199")  # 0.7741 pounds through 0.8512
    assert group.local_books() == {"travel": "45.47", "payables": "-45.47"}
    assert group.books()["travel"] == "38.70"
    pounds = group.read(group.local_bill("10.00", currency=group.currency("GBP")))
    assert pounds["exchangeRate"] == Decimal("1.17481203")
    assert group.books()["travel"] == "48.70"


def test_a_rate_of_the_account_s_own_is_taken_for_the_base_currency_that_it_names(group: Group) -> None:
    pair = {"baseCurrency": group.currency("EUR"), "transactionCurrency": group.currency("USD")}
    group.make("currencyRate", **pair, effectiveDate="2026-02-01", exchangeRate="0.91")
    assert group.read(group.local_bill("5.00", currency=group.currency("USD")))["exchangeRate"] == Decimal("0.91")
    own = group.read(group.bill(group.line("5.00"), currency=group.currency("USD")))
    assert own["exchangeRate"] == Decimal("0.7741")
    same = {"baseCurrency": group.currency("EUR"), "transactionCurrency": group.currency("EUR"), "exchangeRate": 1}
    assert "must be different" in group.refused("POST", "currencyRate", same)[1]
    none = {"baseCurrency": group.currency("USD"), "transactionCurrency": group.currency("EUR"), "exchangeRate": 1}
    assert "Invalid basecurrency reference key" in group.refused("POST", "currencyRate", none)[1]


def test_a_payment_realizes_its_difference_in_each_book_and_leaves_nothing_owed_in_either(group: Group) -> None:
    bill = group.local_bill("200.00", currency=group.currency("USD"), exchangeRate="0.90")
    group.pay(bill, account=group.id("dollars"), exchangeRate="0.95", tranDate="2026-04-07")
    assert group.local_books() == {"travel": "180.00", "dollars": "-190.00", "exchange_differences": "10.00"}
    # Booked at 0.90 and 0.95 euros, each of 0.8512 pounds.
    assert group.books() == {"travel": "153.22", "dollars": "-161.73", "exchange_differences": "8.51"}
    assert group.read(bill)["status"]["refName"] == "Paid In Full"
    group.local().verify()
    group.company.book.verify()


def test_a_bank_account_in_the_subsidiary_s_base_currency_pays_a_foreign_bill_in_it(group: Group) -> None:
    bill = group.local_bill("200.00", currency=group.currency("USD"), exchangeRate="0.90")
    group.pay(bill, account=group.id("euros"), exchangeRate="0.95")
    assert group.local_books() == {"travel": "180.00", "euros": "-190.00", "exchange_differences": "10.00"}
    assert group.held("euros") == {"EUR": "-190.00"}
    wrong = {"entity": group.id("acme"), "account": group.id("bank")}
    doc = {"items": [{"doc": {"id": group.local_bill("7.00").rpartition("/")[2]}}]}
    detail = group.refused("POST", "vendorPayment", {**wrong, "apply": doc})[1]
    assert "does not match the currency GBP" in detail


def test_a_credit_is_set_off_against_a_bill_in_both_books(group: Group) -> None:
    bill = group.local_bill("80.00", currency=group.currency("USD"), exchangeRate="0.90")
    apply = {"items": [{"doc": {"id": bill.rpartition("/")[2]}, "amount": "80.00"}]}
    members = {"subsidiary": group.berlin, "currency": group.currency("USD"), "exchangeRate": "0.80"}
    lines = {"items": [group.line("80.00", account="office")]}
    group.make("vendorCredit", entity=group.id("acme"), tranDate="2026-03-04", expense=lines, apply=apply, **members)
    assert group.local_books() == {"travel": "72.00", "office": "-64.00", "exchange_differences": "-8.00"}
    assert group.books() == {"travel": "61.29", "office": "-54.48", "exchange_differences": "-6.81"}


@pytest.mark.parametrize("kind", ["journalEntry", "check", "deposit", "expenseReport"])
def test_every_kind_of_transaction_balances_in_both_books(group: Group, kind: str) -> None:
    employee = group.make("employee", firstName="Casey", lastName="Lind", subsidiary=group.berlin)
    (category, *_) = group.get("expenseCategory")["items"]
    lines = [group.line("33.33"), group.line("33.34", account="office")]
    sides = [
        {"account": group.id("travel"), "debit": "66.67"},
        {"account": group.id("office"), "credit": "33.33"},
        {"account": group.id("sales"), "credit": "33.34"},
    ]
    bodies: dict[str, dict[str, object]] = {
        "journalEntry": {"currency": group.currency("USD"), "line": {"items": sides}},
        "check": {"account": group.id("euros"), "currency": group.currency("USD"), "expense": {"items": lines}},
        "deposit": {"account": group.id("euros"), "other": {"items": lines}},
        "expenseReport": {
            "entity": {"id": employee.rpartition("/")[2]},
            "accountingapproval": True,
            "complete": True,
            "expense": {"items": [{"category": {"id": category["id"]}, "amount": "41.07"}]},
        },
    }
    made = group.make(kind, subsidiary=group.berlin, tranDate="2026-03-02", **bodies[kind])
    assert group.local_books()
    assert group.books()
    group.write("PATCH", made, {"tranDate": "2026-03-03"})
    for book in (group.local(), group.company.book):
        book.verify()
        assert sum(row.balance.base.amount for row in book.trial_balance()) == 0
    group.send("DELETE", f"/services/rest/record/v1/{made}")
    assert (group.local_books(), group.books()) == ({}, {})


def test_a_bill_that_moves_to_another_subsidiary_leaves_the_first_one_s_book(group: Group) -> None:
    bill = group.local_bill("100.00")
    group.write("PATCH", bill, {"subsidiary": {"id": "1"}, "exchangeRate": "0.80"})
    assert group.local_books() == {}
    assert group.books() == {"travel": "80.00", "payables": "-80.00"}
    group.write("PATCH", bill, {"subsidiary": group.berlin, "exchangeRate": "1"})
    assert group.local_books() == {"travel": "100.00", "payables": "-100.00"}
    assert group.books() == {"travel": "85.12", "payables": "-85.12"}


def test_a_closed_period_refuses_in_every_subsidiary(group: Group) -> None:
    with group.world.unit():
        BOOKKEEPER.lock_period(group.company, "2026-03-31")
    body = {"entity": group.id("acme"), "subsidiary": group.berlin, "tranDate": "2026-03-02"}
    detail = group.refused("POST", "vendorBill", {**body, "expense": {"items": [group.line("5.00")]}})[1]
    assert "is not within the date range of your accounting period" in detail
    assert group.local_books() == {}


def test_a_query_gives_lines_in_the_subsidiary_s_base_currency_and_consolidates_them(group: Group) -> None:
    bill = group.local_bill("50.00", currency=group.currency("USD"), exchangeRate="0.90").rpartition("/")[2]
    own = group.bill(group.line("9.00")).rpartition("/")[2]
    asked = (
        "SELECT tal.transaction, tal.amount, BUILTIN.CONSOLIDATE(tal.amount, 'LEDGER', 'DEFAULT', 'DEFAULT', 1, 1,"
        " 'DEFAULT') whole FROM transactionaccountingline tal WHERE tal.amount > 0 ORDER BY tal.transaction"
    )
    rows = [(row["transaction"], row["amount"], row["whole"]) for row in group.suiteql(asked)]
    assert rows == [(bill, "45", "38.3"), (own, "9", "9")]
    lines = "SELECT transaction, netamount, foreignamount FROM transactionline WHERE mainline = 'T' AND netamount < -9"
    assert group.suiteql(lines) == [{"transaction": bill, "netamount": "-45", "foreignamount": "-50"}]
    rates = "SELECT currentrate, fromsubsidiary, tosubsidiary FROM consolidatedexchangerate WHERE postingperiod = 105"
    assert group.suiteql(rates) == [{"currentrate": "0.8512", "fromsubsidiary": "2", "tosubsidiary": "1"}]
    bases = "SELECT symbol FROM currency WHERE isbasecurrency = 'T' ORDER BY symbol"
    assert [row["symbol"] for row in group.suiteql(bases)] == ["EUR", "GBP"]


def test_what_a_vendor_is_owed_is_told_by_subsidiary_in_its_base_currency(group: Group) -> None:
    bill = group.local_bill("100.00")
    group.bill(group.line("9.00"))
    vendor = f"vendor/{group.id('acme')['id']}"
    assert group.read(vendor)["balance"] == 9
    relations = [group.read(f"vendorSubsidiaryRelationship/{r['id']}") for r in relationships(group)]
    assert [
        (r["subsidiary"]["id"], r["isPrimarySub"], r["balance"], r["baseCurrency"]["refName"]) for r in relations
    ] == [
        ("1", True, 9, "British Pound"),
        ("2", False, 100, "Euro"),
    ]
    group.pay(bill, account=group.id("euros"))
    assert group.read(f"vendorSubsidiaryRelationship/{relations[1]['id']}")["balance"] == 0


def relationships(group: Group) -> list[dict[str, str]]:
    found: list[dict[str, str]] = group.get(
        "vendorSubsidiaryRelationship", q=f"entity ANY_OF [{group.id('acme')['id']}]"
    )["items"]
    return found


def test_a_vendor_keeps_its_primary_subsidiary_and_those_that_it_has_transactions_in(group: Group) -> None:
    group.local_bill("12.00")
    primary, added = (f"vendorSubsidiaryRelationship/{relation['id']}" for relation in relationships(group))
    assert "primary subsidiary" in group.refused("DELETE", primary)[1]
    assert group.refused("DELETE", added)[0] == "USER_ERROR"
    vendor = f"vendor/{group.id('acme')['id']}"
    assert "transactions exist for this entity" in group.refused("PATCH", vendor, {"subsidiary": group.berlin})[1]
    free = f"vendor/{group.id('zenith')['id']}"
    group.write("PATCH", free, {"subsidiary": group.berlin})
    rows = group.suiteql("SELECT entity, subsidiary, isprimarysub FROM vendorsubsidiaryrelationship")
    own = [row for row in rows if row["entity"] == group.id("zenith")["id"]]
    assert own == [{"entity": group.id("zenith")["id"], "subsidiary": "2", "isprimarysub": "T"}]
    assert group.send("DELETE", f"/services/rest/record/v1/{free}").status == 204


@pytest.mark.parametrize("field", ["entity", "account", "department", "location", "taxcode"])
def test_what_is_not_of_the_subsidiary_is_refused_by_its_reference_key(group: Group, field: str) -> None:
    root = {"items": [{"id": "1"}]}
    made: dict[str, str] = {
        "entity": group.id("zenith")["id"],
        "account": group.make("account", acctName="Home Only", acctType={"id": "Expense"}, subsidiary=root).rpartition(
            "/"
        )[2],
        "department": group.make("department", name="Home Office", subsidiary=root).rpartition("/")[2],
        "location": group.make("location", name="Home Depot", subsidiary=root).rpartition("/")[2],
        "taxcode": group.id("fifteen")["id"],
    }
    line = group.line("5.00")
    header: dict[str, object] = {"entity": group.id("acme"), "subsidiary": group.berlin}
    given = {"id": made[field]}
    if field == "entity":
        header["entity"] = given
    else:
        line |= {"account": given} if field == "account" else {"taxCode" if field == "taxcode" else field: given}
    detail = group.refused("POST", "vendorBill", {**header, "expense": {"items": [line]}})[1]
    assert detail.endswith(f"Invalid {field} reference key {made[field]} for subsidiary 2.")


def test_a_subsidiary_s_country_brings_a_tax_code_without_tax_and_its_base_currency_stays(group: Group) -> None:
    line = group.line("5.00", taxCode={"id": "UNDEF-DE"})
    group.bill(line, subsidiary=group.berlin)
    detail = group.refused("PATCH", "subsidiary/2", {"currency": group.currency("GBP")})[1]
    assert "base currency" in detail
    paris = group.make("subsidiary", name="Paris", country="FR", currency=group.currency("EUR"))
    assert group.read(paris)["parent"]["id"] == "1"
    assert group.suiteql("SELECT itemid FROM salestaxitem WHERE itemid = 'UNDEF-FR'") == [{"itemid": "UNDEF-FR"}]


def test_a_payment_settles_bills_of_its_own_subsidiary_alone(group: Group) -> None:
    doc = {"id": group.local_bill("12.00").rpartition("/")[2]}
    body = {"entity": group.id("acme"), "account": group.id("euros"), "subsidiary": {"id": "1"}}
    body |= {"currency": group.currency("EUR"), "apply": {"items": [{"doc": doc}]}}
    assert "subsidiary" in group.refused("POST", "vendorPayment", body)[1]


class Bookkeeping:
    """Bills, credits, payments, changes, voids and deletions in a subsidiary, as they come."""

    def __init__(self, group: Group, random: Random) -> None:
        self.group, self.random = group, random
        self.made: list[str] = []

    def amount(self) -> str:
        return f"{self.random.randint(100, 30000) / 100:.2f}"

    def members(self) -> dict[str, object]:
        symbol = self.random.choice(["EUR", "USD", "GBP"])
        rate = "1" if symbol == "EUR" else f"{self.random.uniform(0.7, 1.4):.4f}"
        days = f"2026-0{self.random.randint(1, 6)}-{self.random.randint(10, 28)}"
        head = {"entity": self.group.id("acme"), "subsidiary": self.group.berlin, "tranDate": days}
        return {**head, "currency": self.group.currency(symbol), "exchangeRate": rate}

    def lines(self) -> dict[str, object]:
        labels = [self.random.choice(["travel", "office"]) for _ in range(self.random.randint(1, 3))]
        return {"items": [self.group.line(self.amount(), account=label) for label in labels]}

    def send(self, method: str, path: str, body: object = None, **query: object) -> None:
        answer = self.group.send(method, f"{RECORD}/{path}", body, **query)
        assert answer.status in (204, 400, 404), answer.body
        if method == "DELETE" and answer.status == 204:
            self.made.remove(path)
        if method == "POST" and answer.status == 204:
            self.made.append(answer.header("Location").partition(f"{RECORD}/")[2])

    def owe(self) -> None:
        self.send(
            "POST",
            self.random.choice(["vendorBill"] * 3 + ["vendorCredit"]),
            {**self.members(), "expense": self.lines()},
        )

    def pay(self) -> None:
        bills = [path for path in self.made if path.startswith("vendorBill")]
        credits = [path for path in self.made if path.startswith("vendorCredit")]
        if not bills:
            return
        bill = self.group.read(self.random.choice(bills))
        left = Decimal(str(bill.get("amountRemaining") or 0))
        part = left if self.random.random() < 0.6 else (left / 3).quantize(Decimal("0.01"))
        applied = {"items": [{"doc": {"id": bill["id"]}, "amount": part}]}
        common = {"currency": {"id": bill["currency"]["id"]}, "apply": applied}
        if credits and self.random.random() < 0.3:
            self.send("PATCH", self.random.choice(credits), {"apply": applied})
            return
        bank = self.random.choice(["euros", "dollars", "bank"])
        self.send("POST", "vendorPayment", {**self.members(), **common, "account": self.group.id(bank)})

    def change(self) -> None:
        if self.made:
            body = self.random.choice([{"expense": self.lines()}, {"tranDate": "2026-05-05"}, {"memo": "x"}])
            self.send("PATCH", self.random.choice(self.made), body, replace="expense")

    def undo(self) -> None:
        if self.made:
            self.send("DELETE", self.random.choice(self.made))

    def run(self) -> None:
        steps = [self.owe, self.owe, self.pay, self.pay, self.pay, self.change, self.undo]
        for _ in range(45):
            self.random.choice(steps)()


@histories(3)
def test_both_books_balance_and_what_is_paid_leaves_nothing_after_a_long_history(random: Random) -> None:
    group = opened(App())
    Bookkeeping(group, random).run()
    payables = group.labels["accounts"]["payables"]
    for book in (group.local(), group.company.book):
        book.verify()
        assert sum(row.balance.base.amount for row in book.trial_balance()) == 0
    local, whole = (book.balance(payables) for book in (group.local(), group.company.book))
    assert local.by_currency == whole.by_currency
    if not local.by_currency:
        assert (local.base.amount, whole.base.amount) == (0, 0)
    (relation,) = (r["id"] for r in relationships(group)[1:])
    assert group.read(f"vendorSubsidiaryRelationship/{relation}")["balance"] == -local.base.amount
    stored = store.facts_of
    for kind in ("vendorBill", "vendorCredit", "vendorPayment"):
        for record in group.company.records.scan(kind):
            facts = stored(group.company, record)
            standing = ledgers.current(group.company, record, facts)
            made = entry_of(kind, record.id, record.version, document=record.body, facts=facts)
            assert (standing.entry.postings if standing else None) == (made.postings if made else None)
