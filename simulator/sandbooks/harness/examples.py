"""Examples: scenarios as plain data, as a campaign draws them and a file holds them.

The data is what ``scenario.schema.json`` describes, so that what was run and what is written are the same thing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sandbooks import capabilities
from sandbooks.capabilities import PlatformCapabilities
from sandbooks.money import digits
from sandbooks.replay.script import company_plan
from sandbooks.replay.script_building import action, moment
from sandbooks.replay.script_steps import EXPENSE_KINDS, Scenario, Step

Data = dict[str, Any]

COMPANY = "acme"
ABROAD = "host"
FOREIGN_ACCOUNT = "foreign_account"
FILE = "check.yaml"
STEP_WORDS = ("only", "company", "note")


@dataclass(frozen=True, kw_only=True)
class Setting:
    """Where a company lives: its currency, a foreign one with its rate, the tax of the country, a day to begin."""

    country: str
    currency: str
    timezone: str
    foreign: str
    rate: str
    tax: str = ""
    clock: str = "2026-03-16T09:30:00"
    day: str = "2026-03-16"

    @property
    def equation(self) -> str:
        return f"1 {self.foreign} = {self.rate} {self.currency}"

    @property
    def later_equation(self) -> str:
        """The rate of another day, a little higher."""
        later = Decimal(self.rate) * Decimal("1.02")
        return f"1 {self.foreign} = {later:f} {self.currency}"


BRITISH = Setting(country="GB", currency="GBP", timezone="Europe/London", foreign="USD", rate="0.774163", tax="20%")
AMERICAN = Setting(
    country="US", currency="USD", timezone="America/Los_Angeles", foreign="EUR", rate="1.0846",
    clock="2026-02-28T23:40:00", day="2026-02-28",
)  # fmt: skip
NEW_ZEALAND = Setting(
    country="NZ", currency="NZD", timezone="Pacific/Auckland", foreign="AUD", rate="1.0923", tax="15%",
    clock="2026-04-01T00:20:00", day="2026-04-01",
)  # fmt: skip
AUSTRALIAN = Setting(
    country="AU", currency="AUD", timezone="Australia/Sydney", foreign="JPY", rate="0.010213", tax="10%",
    clock="2026-06-30T23:10:00", day="2026-06-30",
)  # fmt: skip
DINARS = Setting(
    country="GB", currency="GBP", timezone="Europe/London", foreign="KWD", rate="2.548731", tax="20%",
    clock="2026-12-31T17:05:00", day="2026-12-31",
)  # fmt: skip
SETTINGS = (BRITISH, AMERICAN, NEW_ZEALAND, AUSTRALIAN, DINARS)

NAMES = (
    "Contoso Air",
    'A&B "Bits" Ltd',
    "O'Neill & Söhne <GmbH>",
    "  Fabrikam Stores",
    "Café 🍕 Napoli",
    "The Very Long Merchant Name Company of Great Yarmouth and Lowestoft International Holdings (UK)",
    "100% Taxis; 24/7",
)


@dataclass(frozen=True)
class Menu:
    """What may be drawn for one platform: what its capability edition offers and what the driver has verbs for."""

    platform: str
    verbs: frozenset[str]
    through_hub: bool = False
    edition: str = capabilities.LATEST
    beyond: frozenset[str] = frozenset()
    offered: PlatformCapabilities = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "offered", capabilities.load(self.edition)[self.platform])

    def card_kinds(self, held: capabilities.AccountClass = "card") -> list[str]:
        """Kinds of expense on an account of a class."""
        return [kind for kind in EXPENSE_KINDS if self.offered.allows(f"expense.{kind.capitalize()}", held)]

    def offers(self, operation: str) -> bool:
        return self.offered.allows(operation)

    def takes_file(self, kind: str) -> bool:
        return "attach" in self.verbs and self.offered.allows(f"attachment.{kind.capitalize()}")

    def lines_most(self, operation: str) -> int:
        return self.offered.limits_of(operation).lines_max or 4

    @property
    def mixed_signs(self) -> bool:
        """Whether some lines may take from the others, as a discount does. What the platform itself does not take, a
        client that writes to it directly may refuse."""
        held_to = self.through_hub and "one_sign" in self.offered.rules
        return not held_to and self.lines_most("expense") > 1

    def foreign_on(self, setting: Setting) -> list[str]:
        """The accounts that may carry spend in the foreign currency."""
        options = self.offered.expense_currencies["card"]
        own = options["home_account_foreign_spend"] == "allowed"
        there = options["foreign_account_same_spend"] == "allowed"
        return [key for key, fits in (("visa_card", own), ("foreign_card", there)) if fits]


def base(menu: Menu, setting: Setting = BRITISH, *, seed: int = 7, name: str = NAMES[0]) -> Data:
    """A company with what the steps may name, connected and configured; no further step yet."""
    company: Data = {"country": setting.country, "currency": setting.currency, "timezone": setting.timezone}
    company["accounts"] = {
        "travel": {"type": "expense", "name": "Travel"},
        "meals": {"type": "expense", "name": "Meals & Drinks"},
        "software": {"type": "expense", "name": "Software"},
        "visa_card": {"type": "credit_card", "name": "Visa Company Card"},
        "checking": {"type": "bank", "name": "Current Account"},
    }
    company["suppliers"] = {"airline": {"name": name}, "jane": {"name": "Jane Doe"}}
    company["customers"] = {"card_provider": {"name": "Card Provider"}}
    if setting.tax:
        company["taxes"] = {"standard": {"rate": setting.tax}}
    return {
        "scenario": "A run drawn by check",
        "platforms": [menu.platform],
        "seed": seed,
        "clock": f"{setting.clock} {setting.timezone}",
        "companies": {COMPANY: company},
        "steps": [
            {"connect": COMPANY},
            {"configure": {"bank_account": "visa_card", "supplier": "airline", "customer": "card_provider"}},
        ],
    }


def with_steps(data: Data, *steps: Data) -> Data:
    """The same company with further steps."""
    return {**data, "steps": [*data["steps"], *steps]}


def add_account(data: Data, key: str, facts: Data) -> Data:
    """The same data with one more account."""
    company = data["companies"][COMPANY]
    changed = {**company, "accounts": {**company["accounts"], key: facts}}
    return {**data, "companies": {COMPANY: changed}}


def with_foreign_supplier(data: Data, setting: Setting) -> Data:
    """The same data with a supplier who is owed in the foreign currency, and a bank account in it."""
    data = add_account(data, FOREIGN_ACCOUNT, {"type": "bank", "name": "Foreign Account", "currency": setting.foreign})
    company = data["companies"][COMPANY]
    suppliers = {**company["suppliers"], ABROAD: {"name": "Contoso Cloud", "currency": setting.foreign}}
    return {**data, "companies": {COMPANY: {**company, "suppliers": suppliers}}}


def amount(number: str | Decimal, currency: str) -> str:
    """An amount with exactly the digits of its currency: ``412.37 GBP``, ``1234 JPY``, ``1.234 KWD``."""
    places = digits(currency)
    value = Decimal(number).quantize(Decimal(1).scaleb(-places))
    return f"{value:f} {currency}"


def scenario_of(data: Mapping[str, Any], platform: str = "", *, file: str = FILE) -> Scenario:
    """The run that plain data describes. Raises ``Mistake`` for data that no file could hold."""
    platform = platform or data["platforms"][0]
    companies = {key: company_plan(key, facts, platform) for key, facts in data["companies"].items()}
    pushed: dict[str, Any] = {}
    key = next(iter(companies))
    steps = []
    for index, raw in enumerate(data["steps"]):
        verb = next(word for word in raw if word not in STEP_WORDS)
        built = action(verb, raw[verb], ("steps", index, verb), base=companies[key].currency, pushed=pushed)
        steps.append(Step(number=index + 1, verb=verb, action=built, company=key, note=raw.get("note"), line=0))
    return Scenario(
        file=file,
        title=str(data["scenario"]),
        platform=platform,
        edition=str(data.get("edition", capabilities.LATEST)),
        values={},
        seed=data["seed"],
        clock=moment(data["clock"], ("clock",)),
        companies=companies,
        steps=tuple(steps),
        covers=tuple(data.get("covers", ())),
        relation=str(data.get("relation", "")),
    )
