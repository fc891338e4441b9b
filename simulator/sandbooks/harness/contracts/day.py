"""A company with a day's work behind it: one of everything that the hub can put into its platform.

Reading a contract against an empty company shows little: there would be no document to read, change or delete.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sandbooks import capabilities
from sandbooks.app import App
from sandbooks.control.companies import list_companies
from sandbooks.harness.contracts.client import Client
from sandbooks.harness.contracts.description import access_of
from sandbooks.platform import platform_named
from sandbooks.replay.run import Run
from sandbooks.replay.script import parse_scenario
from sandbooks.replay.script_steps import Scenario
from sandbooks.wire import Answer, Cut, Request, Response
from sandbooks.world import World

BASE_URL = "http://127.0.0.1:8787"
HUB = "codat"
HUB_OVER = "xero"
STEP = timedelta(milliseconds=1100)  # below every platform's limit of requests a minute
HEAD = """
scenario: A day's work
platforms: [{platform}]
seed: {seed}
clock: "2026-03-16T09:30:00 Europe/London"
companies:
  acme:
    country: GB
    currency: GBP
    accounts:
      travel: {{type: expense, name: Travel Sundry}}
      meals: {{type: expense, name: Client Meals}}
      cashback: {{type: other_income, name: Card Cashback}}
      card: {{type: credit_card, name: Company Card}}
      current: {{type: bank, name: Current Account One}}
      reserve: {{type: bank, name: Reserve Account}}
    suppliers:
      shop: {{name: Fabrikam Stores}}
    customers:
      card_provider: {{name: Card Provider}}
    tracking:
      team: {{name: Team, options: {{sales: Sales, research: Research}}}}
steps:
"""
ROLES = {
    "expense_account": ("accounts", "travel"),
    "income_account": ("accounts", "cashback"),
    "card_account": ("accounts", "card"),
    "bank_account": ("accounts", "current"),
    "supplier": ("suppliers", "shop"),
    "customer": ("customers", "card_provider"),
}
PUSHES = {
    "expense.Payment": 'payment: t-1, date: "2026-03-16", amount: 64.20 GBP, account: travel, notes: Taxi',
    "expense.Refund": 'refund: t-2, date: "2026-03-16", amount: 12.35 GBP, account: travel, notes: Taxi',
    "expense.Reward": 'reward: t-3, date: "2026-03-16", amount: 5.10 GBP, account: cashback, notes: Points',
    "expense.Chargeback": 'chargeback: t-4, date: "2026-03-16", amount: 31.75 GBP, account: meals, notes: Dispute',
    "reimbursable": 'reimbursable: t-5, date: "2026-03-16", due_date: "2026-03-30", contact: shop, amount: 38.95 GBP, '
    "account: travel, notes: Train",
    "transfer": 'transfer: t-6, date: "2026-03-16", from: {current: 120.45 GBP}, to: {reserve: 120.45 GBP}',
    "adjustment": 'adjustment: t-7, date: "2026-03-16", lines: [{amount: Dr 17.85 GBP, account: travel}, '
    "{amount: Cr 17.85 GBP, account: meals}]",
}


@dataclass
class Place:
    """The company at the end of its day. ``reach`` is how control lists it."""

    app: App
    world: World
    surface: str
    reach: dict[str, Any]

    def client(self, world: World | None = None) -> Client:
        """A client of the company, in this world or in a fork of it."""
        credentials = {**self.reach["credentials"], "company_id": self.reach["company_id"]}
        return Client(self.surface, self.base_url, access_of(self.surface, credentials), self.sender(world))

    @property
    def base_url(self) -> str:
        return str(self.reach["base_url"])

    def sender(self, world: World | None = None) -> Any:
        """What answers the requests of a client; bugs come as answers, in native dress."""

        def send(request: Request) -> Response:
            answer = self.app.edge.dispatch(request, world=world or self.world)
            if not isinstance(answer, Response):
                raise AssertionError("no fault is planned, so every answer is whole")
            return answer

        return send


class _Kept:
    """A transport whose app outlives the run."""

    def __init__(self) -> None:
        self.base_url = BASE_URL
        self.app = App(raises=False)

    def send(self, request: Request) -> Answer | Cut:
        return self.app.edge.dispatch(request)

    def close(self) -> None:
        """The app lives on."""


def day_at(surface: str, *, seed: int = 1) -> Place:
    """Play the day on a platform; for the hub, on one of the platforms that it writes to."""
    platform = HUB_OVER if surface == HUB else surface
    kept = _Kept()
    run = Run(day_scenario(platform, seed=seed), kept)
    run.open()
    for step in run.scenario.steps:
        failures = run.play(step)
        if failures:
            raise AssertionError(f"the day cannot be played on {platform}: {failures}")
    world = kept.app.world(run.control.world)
    if world is None:
        raise AssertionError("a run makes its world")
    world.clock.configure(step=STEP)
    reach = next(each for each in list_companies(world, run.control.base_url) if each["platform"] == surface)
    return Place(kept.app, world, surface, reach)


def day_scenario(platform: str, *, seed: int) -> Scenario:
    """One of everything that the platform takes through the hub; nothing where the hub cannot write to it."""
    text = HEAD.format(platform=platform, seed=seed)
    if platform_named(platform).connector:
        table = capabilities.load()
        text += "  - connect: acme\n  - configure: {bank_account: card, supplier: shop, customer: card_provider}\n"
        for cell, push in PUSHES.items():
            kind: Any = "card" if cell.startswith("expense") else None
            if table.allows(platform, cell, kind):
                text += f"  - push: {{{push}}}\n"
        text += "  - sync: until idle\n"
        text += "  - attach: {file: receipt, transaction: t-1, name: receipt.png, size: 2 kB}\n"
    else:
        text += '  - advance: {to: "2026-03-16T10:00:00 Europe/London"}\n'
    (run,) = parse_scenario(text).runs()
    return run


def roles_of(place: Place) -> dict[str, list[str]]:
    """The native ids that examples may name, by role."""
    labels = place.reach["labels"]
    found = {}
    for role, (part, label) in ROLES.items():
        if label in labels.get(part, {}):
            found[role] = [str(labels[part][label])]
    return found
