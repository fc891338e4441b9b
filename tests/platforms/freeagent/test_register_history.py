"""A long history of assets, stock and hire purchases, drawn at random: registers, documents and ledger say the same."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

from tests.platforms.freeagent.desk import BASE, PLAN, Desk, open_desk
from tests.platforms.freeagent.test_laws import balances, rebuilt
from tests.platforms.histories import histories

from sandbooks import exact_json
from sandbooks.app import App
from sandbooks.platform import CompanyPlan, platform_named
from sandbooks.platforms.freeagent.records import stock

STEPS = 60
ROOTS = {"bills": "bill", "expenses": "expense", "bank_transaction_explanations": "bank_transaction_explanation"}


class Registers:
    """Draws lawful and unlawful calls; what is refused changes nothing, and the history goes on."""

    def __init__(self, desk: Desk, random: Random) -> None:
        self.desk, self.random = desk, random
        self.me = desk.me()
        self.made: dict[str, list[str]] = {resource: [] for resource in ROOTS}
        self.assets: list[str] = []
        self.items = [self.item(name) for name in ("Apple", "Pear")]

    def item(self, name: str) -> str:
        given = {"description": name, "cost_of_sale_category": "/v2/categories/101"}
        given |= {
            "opening_quantity": str(self.random.randint(0, 5)),
            "opening_balance": str(self.random.randint(0, 40)),
        }
        with self.desk.world.unit():
            return f"{BASE}{stock.write(self.desk.company, given).body['url']}"

    def amount(self) -> str:
        return f"{self.random.randint(1, 400_00) / Decimal(100):.2f}"

    def day(self) -> str:
        return f"202{self.random.choice('566')}-0{self.random.randint(1, 4)}-{self.random.randint(1, 28):02d}"

    def profile(self) -> dict[str, object]:
        method = self.random.choice(["straight_line", "reducing_balance", "no_depreciation"])
        profile = {"method": method, "frequency": self.random.choice(["monthly", "annually"])}
        extra = {"asset_life_years": self.random.randint(2, 5), "annual_depreciation_percentage": 37}
        return {"capital_asset": {"depreciation_profile": {**profile, **extra}}}

    def line(self) -> dict[str, object]:
        kind = self.random.choice(["asset", "asset", "stock", "stock", "plain"])
        if kind == "asset":
            code = f"{BASE}/v2/categories/602-{self.random.randint(1, 4)}"
            return {"category": code, "description": "Machine", **self.profile()}
        if kind == "stock":
            return {"category": f"{BASE}/v2/categories/609", "description": "Fruit", **self.moved()}
        return {"category": self.desk.category("office"), "description": "Paper"}

    def moved(self) -> dict[str, object]:
        return {"stock_item": self.random.choice(self.items), "stock_altering_quantity": self.random.randint(1, 9)}

    def document(self, resource: str) -> dict[str, Any]:
        if resource == "bills":
            items = [{**self.line(), "total_value": self.amount()} for _ in range(self.random.randint(1, 3))]
            hired = {"is_paid_by_hire_purchase": self.random.random() < 0.3}
            head = {"contact": self.desk.contact("acme"), "reference": "R", "dated_on": self.day()}
            due = {"due_on": self.random.choice(["2026-06-01", "2029-01-01"])}
            return {**head, **due, **hired, "currency": self.random.choice(["GBP", "USD"]), "bill_items": items}
        if resource == "expenses":
            head = {"user": self.me, "dated_on": self.day(), "gross_value": self.sign("-") + self.amount()}
            return {**head, "currency": self.random.choice(["GBP", "USD"]), **self.line()}
        account = self.desk.account(self.random.choice(["bank", "visa", "dollars"]))
        head = {"bank_account": account, "dated_on": self.day(), "description": "M"}
        return {**head, "gross_value": self.sign("-") + self.amount(), **self.purpose()}

    def sign(self, usual: str) -> str:
        return usual if self.random.random() < 0.7 else ""

    def purpose(self) -> dict[str, Any]:
        drawn = self.random.randint(0, 5)
        if drawn == 0 and self.assets:
            return {"gross_value": self.amount(), "disposed_asset": self.random.choice(self.assets)}
        if drawn == 1:
            return {"gross_value": self.amount(), **self.moved()}
        if drawn == 2 and self.made["bills"]:
            paid = {"gross_value": f"-{self.amount()}", "foreign_currency_value": self.amount()}
            return {**paid, "paid_bill": self.random.choice(self.made["bills"])}
        if drawn == 3:
            return {"transfer_bank_account": self.desk.account(self.random.choice(["bank", "visa", "dollars"]))}
        return self.line()

    def send(self, method: str, path: str, body: Any = None) -> Any:
        before = self.desk.posted()
        answer = self.desk.send(method, path, body)
        assert answer.status in (200, 201, 404, 422), answer.body
        if answer.status >= 400:
            assert self.desk.posted() == before
            return None
        read = exact_json.loads(answer.body)
        return next(iter(read.values())) if read else {}

    def make(self) -> None:
        resource = self.random.choice([*ROOTS, "bank_transaction_explanations"])
        made = self.send("POST", resource, {ROOTS[resource]: self.document(resource)})
        if made:
            self.made[resource].append(made["url"])
            lines = made.get("bill_items", [made])
            self.assets += [line["capital_asset"] for line in lines if "capital_asset" in line]

    def change(self) -> None:
        resource = self.random.choice(list(ROOTS))
        if not self.made[resource]:
            return
        url = self.random.choice(self.made[resource])
        document = self.document(resource)
        kept = {name: value for name, value in document.items() if self.random.random() < 0.6}
        kept.pop("bank_account", None)
        stands = self.send("GET", url)
        if stands and "bill_items" in kept:
            kept["bill_items"] = [{**kept["bill_items"][0], "url": item["url"]} for item in stands["bill_items"]]
        if kept:
            self.send("PUT", url, {ROOTS[resource]: kept})

    def drop(self) -> None:
        resource = self.random.choice(list(ROOTS))
        if self.made[resource]:
            url = self.random.choice(self.made[resource])
            if self.send("DELETE", url) is not None:
                self.made[resource].remove(url)

    def wait(self) -> None:
        self.desk.world.advance(by=timedelta(days=self.random.randint(1, 40)))
        with self.desk.world.unit():
            seed = platform_named("freeagent").load_seed()
            self.desk.token = seed.credentials(self.desk.world, self.desk.company)["access_token"]

    def run(self) -> None:
        steps: list[Callable[[], None]] = [self.make, self.make, self.make, self.make, self.change, self.change]
        steps += [self.change, self.drop, self.wait]
        for _ in range(STEPS):
            self.random.choice(steps)()


def lines_of(desk: Desk) -> list[dict[str, Any]]:
    """Every line that may buy something."""
    records = desk.company.records
    bills = [item for bill in records.scan("bill") for item in bill.body["bill_items"]]
    return bills + [r.body for kind in ("expense", "bank_transaction_explanation") for r in records.scan(kind)]


@histories(6)
def test_registers_documents_and_ledger_agree_after_a_long_history(random: Random) -> None:
    settings = {**PLAN.settings, "revalue_open_items": random.random() < 0.5}
    plan = CompanyPlan(accounts=PLAN.accounts, suppliers=PLAN.suppliers, settings=settings)
    desk = open_desk(App(), plan)
    Registers(desk, random).run()
    assert rebuilt(desk) == balances(desk.company.book)
    desk.company.book.verify()
    records = desk.company.records
    held = {row.account.id: row.balance.base.amount for row in desk.company.book.trial_balance()}
    assets = [record.body for record in records.scan("capital_asset")]
    bought = [line["capital_asset"] for line in lines_of(desk) if "capital_asset" in line]
    assert sorted(bought) == sorted(asset["url"] for asset in assets)
    lost = [record.body for record in records.scan("capital_asset_depreciation")]
    for code in "1234":
        costs = [(Decimal(a["cost"]), "disposal" in a) for a in assets if a["code"] == code]
        assert held.get(f"602-{code}", 0) == sum(cost for cost, _ in costs)
        assert -held.get(f"604-{code}", 0) == sum(cost for cost, gone in costs if gone)
        parts = [Decimal(part["amount"]) for part in lost if part["account"] == f"606-{code}"]
        assert -held.get(f"606-{code}", 0) == sum(parts)
    for item in records.scan("stock_item"):
        moved = sum((movement.quantity for movement in stock.movements(desk.company, item)), Decimal(0))
        assert stock.on_hand(desk.company, item) == Decimal(item.body["opening_quantity"]) + moved
    hired = {record.body["bill"] for record in records.scan("hire_purchase")}
    assert hired == {bill.body["url"] for bill in records.scan("bill") if bill.body["is_paid_by_hire_purchase"]}
