"""Cells of the capability tables as scenarios: what a finance person would write to try each of them out.

A cell that is offered stands in the books line by line, as the native record that its table names and with the contact
that it names; one that is not is refused in the table's own words and leaves nothing. No platform is named here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import product
from typing import Any

import requests

from sandbooks import Sandbox, capabilities
from sandbooks.capabilities import EDITIONS, AccountClass, PlatformCapabilities
from sandbooks.platform import platforms
from sandbooks.replay.playing import play
from sandbooks.replay.result import Result
from sandbooks.replay.script import parse_scenario

NAMES = [name for name, platform in platforms().items() if platform.connector]
TYPES = ("Payment", "Refund", "Reward", "Chargeback")
ACCOUNTS: dict[AccountClass, str] = {"card": "card", "bank": "current"}
DAY = 'date: "2026-03-16"'
HEAD = """
edition: '{edition}'
scenario: What a table offers
platforms: [{platform}]
seed: 6100
clock: "2026-03-16T09:30:00 Europe/London"
companies:
  acme:
    country: GB
    currency: GBP
    accounts:
      travel: {{type: expense, name: Travel Sundry}}
      cashback: {{type: other_income, name: Card Cashback}}
      card: {{type: credit_card, name: Company Card}}
      current: {{type: bank, name: Current Account One}}
      reserve: {{type: bank, name: Reserve Account}}
    suppliers:
      shop: {{name: Fabrikam Stores}}
      airline: {{name: Contoso Air}}
      employee: {{name: Ada Byron}}
    customers:
      card_provider: {{name: Card Provider}}
    taxes:
      standard: {{rate: 20%}}
    tracking:
      team: {{name: Team, options: {{sales: Sales, research: Research}}}}
steps:
  - http: {{to: control, authorized: false, request: "PUT /_control/worlds/{{world}}/hub", json: {chosen}}}
  - connect: acme
  - configure: {{bank_account: card, supplier: shop, customer: card_provider}}
"""


@dataclass(frozen=True)
class Place:
    """A platform as one edition has it, some of its profiles in force."""

    platform: str
    edition: str
    profiles: tuple[str, ...] = ()

    def __str__(self) -> str:
        return "-".join((self.edition, self.platform, *self.profiles))

    @property
    def table(self) -> PlatformCapabilities:
        """What holds here."""
        return capabilities.load(self.edition, profiles=self._chosen)[self.platform]

    @property
    def head(self) -> str:
        """A company with cards, banks and contacts, in a world that keeps to this edition and these profiles."""
        chosen = json.dumps({"edition": self.edition, "profiles": list(self._chosen)})
        return HEAD.format(edition=self.edition, platform=self.platform, chosen=chosen).lstrip()

    @property
    def _chosen(self) -> tuple[str, ...]:
        return tuple(f"{self.platform}.{profile}" for profile in self.profiles)


def places() -> list[Place]:
    """Every edition of every platform, and the newest edition under each profile of the platform."""
    dated = [Place(platform, edition) for edition, platform in product(EDITIONS, NAMES)]
    newest = capabilities.load()
    return dated + [
        Place(platform, capabilities.LATEST, (profile,))
        for platform in NAMES
        for profile in newest[platform].profiles_known
    ]


@dataclass(frozen=True)
class Cell:
    """One cell: what is pushed under a label, and what it moves where it is offered.

    ``refusal`` is why it is not offered, in the table's words. ``document`` is the native record that it becomes,
    ``party`` the contact that this names; empty where it names none.
    """

    label: str
    push: str
    moves: dict[str, Decimal]
    refusal: str | None = None
    document: str = ""
    party: str = ""

    @property
    def offered(self) -> bool:
        return self.refusal is None


def expense_cells(table: PlatformCapabilities) -> Iterator[Cell]:
    """Each type on each class of account, every amount its own: tracked where there is something to track by, taxed
    at the rate, but for rewards, which are income."""
    tracking = "tracking: {team: research}, " if tracks(table.platform) else ""
    for number, (kind, account_class) in enumerate(product(TYPES, ACCOUNTS), start=1):
        net = Decimal(f"{10 + number * 7}.{number}5")
        tax = Decimal(0) if kind == "Reward" else net / 5
        taxed = f"tax_amount: {tax} GBP, tax: standard, " if tax else ""
        line, account = ("cashback" if kind == "Reward" else "travel"), ACCOUNTS[account_class]
        label, gross = f"{kind.lower()}-{account_class}", net + tax
        lines = f"{{net: {net} GBP, {taxed}{tracking}account: {line}, description: Cell by cell}}"
        push = (
            f"{{{kind.lower()}: {label}, {DAY}, contact: airline, bank_account: {account}, notes: Cell by cell, "
            f"lines: [{lines}]}}"
        )
        sign = 1 if kind == "Payment" else -1
        moves = {line: sign * net, **({"input_tax": sign * tax} if tax else {}), account: -sign * gross}
        refusal = refused_by(table, f"expense.{kind}", account_class)
        if refusal is not None:
            yield Cell(label, push, moves, refusal)
            continue
        party = {"supplier": "airline", "customer": "card_provider"}.get(table.contact_of(kind, account_class), "")
        document = table.document_of(f"expense.{kind}", account_class)
        yield Cell(label, push, moves, None, document, party)


@cache
def tracks(platform: str) -> bool:
    """Whether the hub lists anything of the platform that lines are tracked by."""
    with Sandbox(seed=7) as sandbox:
        hub = sandbox.hub(
            sandbox.company(platform, country="GB", tracking={"team": {"name": "Team", "options": {"a": "A"}}})
        )
        with sandbox.intercept():
            url = f"https://api.codat.io/companies/{hub.id}/sync/expenses/mappingOptions"
            answer = requests.get(url, headers={"Authorization": hub.auth_header}, timeout=10)
    answer.raise_for_status()
    return bool(answer.json()["trackingCategories"])


def refused_by(table: PlatformCapabilities, operation: str, account_class: AccountClass | None = None) -> str | None:
    """Why a table does not offer an operation: the whole endpoint before a type of it; None where it does."""
    return table.refusal(operation.partition(".")[0]) or table.refusal(operation, account_class)


def other_cells(table: PlatformCapabilities) -> Iterator[Cell]:
    """Reimbursables, transfers between banks and from a bank to a card, and adjustments."""

    def cell(operation: str, label: str, push: str, moves: dict[str, Decimal], party: str = "") -> Cell:
        refusal = refused_by(table, operation)
        if refusal is not None:
            return Cell(label, push, moves, refusal)
        return Cell(label, push, moves, None, table.document_of(operation, "bank"), party)

    owed = Decimal("38.75")
    push = (
        f'{{reimbursable: bill, {DAY}, due_date: "2026-03-30", contact: employee, amount: 38.75 GBP, account: travel, '
        "notes: Train}"
    )
    yield cell("reimbursable", "bill", push, {"travel": owed, "payables": -owed}, "employee")
    for label, target, amount in (("saved", "reserve", Decimal("120.45")), ("paid-down", "card", Decimal("77.05"))):
        ends = f"from: {{current: {amount} GBP}}, to: {{{target}: {amount} GBP}}"
        yield cell("transfer", label, f"{{transfer: {label}, {DAY}, {ends}}}", {"current": -amount, target: amount})
    moved = Decimal("17.85")
    lines = "[{amount: Dr 17.85 GBP, account: travel}, {amount: Cr 17.85 GBP, account: cashback}]"
    push = f"{{adjustment: journal, {DAY}, lines: {lines}}}"
    yield cell("adjustment", "journal", push, {"travel": moved, "cashback": -moved})


def scenario(place: Place, cells: Sequence[Cell]) -> str:
    """Every cell in one company: the offered ones stand in the books line by line, nothing else does."""
    text = place.head
    for cell in cells:
        text += f"  - push: {cell.push}\n  - sync: until idle\n"
    return text + "  - expect:\n" + expected(cells) + "      nothing_else: true\n"


def expected(cells: Sequence[Cell]) -> str:
    """What came of each cell, in the hub's words, in the books and on the wire."""
    offered, refused = [c for c in cells if c.offered], [c for c in cells if not c.offered]
    why = [f"{cell.label}: {{message_contains: {quoted(cell.refusal or '')}}}" for cell in refused]
    return (
        section("transactions", "{}", [f"{cell.label}: Completed" for cell in offered])
        + section("refused", "{}", why)
        + section("tape", "[]", [f"{{write: {cell.label}, count: 0}}" for cell in refused])
        + section("books", "{}", books(offered))
        + section("lines", "{}", [f"{cell.label}: [{', '.join(lines(cell.moves))}]" for cell in offered])
    )


def quoted(text: str) -> str:
    """A text as YAML writes it, whatever stands in it."""
    return json.dumps(text, ensure_ascii=False)


def section(name: str, brackets: str, parts: list[str]) -> str:
    """A part of ``expect``; nothing where there is nothing to say."""
    return f"      {name}: {brackets[0]}{', '.join(parts)}{brackets[1]}\n" if parts else ""


def books(cells: Sequence[Cell]) -> list[str]:
    """How far each account has moved."""
    moved: dict[str, Decimal] = {}
    for cell in cells:
        for account, amount in cell.moves.items():
            moved[account] = moved.get(account, Decimal(0)) + amount
    return [f"{label}: [{booking(amount)}]" for label, amount in moved.items() if amount]


def lines(moves: dict[str, Decimal]) -> list[str]:
    """The posted lines of one document."""
    return [f"{booking(amount, account)}" for account, amount in moves.items()]


def booking(amount: Decimal, account: str = "") -> str:
    """An amount as a scenario writes it: ``Dr travel 17.85 GBP``."""
    words = ("Dr" if amount > 0 else "Cr", account, str(abs(amount)), "GBP")
    return " ".join(word for word in words if word)


def held(text: str) -> Result:
    """A scenario that holds on its one platform, and what came of it."""
    (run,) = parse_scenario(text).runs()
    result = play(run)
    assert result.passed, "\n".join(result.problems)
    return result


def standing(result: Result, cell: Cell) -> list[dict[str, Any]]:
    """The lines of the documents that bear a cell's amount on its last account."""
    account, amount = list(cell.moves.items())[-1]
    id = result.names["acme"].book_id(account)
    posted = result.lines["acme"]
    own = {
        line["document"]
        for line in posted
        if line["account"] == id and Decimal(line["base"]["amount"]) == amount and not line["reverses"]
    }
    return [line for line in posted if line["document"] in own]


def parties(result: Result, found: Sequence[dict[str, Any]]) -> set[str]:
    """The scenario's contacts that lines name, as their party or as one of their dimensions."""
    names = result.names["acme"]
    ids = {names.native("suppliers", label): label for label in ("shop", "airline", "employee")}
    ids[names.native("customers", "card_provider")] = "card_provider"
    named = {value for line in found for value in (line["contact"], *line["dimensions"].values())}
    return {ids[value] for value in named if value in ids}


def proved(place: Place, cells: Sequence[Cell]) -> None:
    """Every cell is as its table says: in the books, as a native record, with its contact."""
    result = held(scenario(place, cells))
    for cell in cells:
        found = standing(result, cell)
        kinds = {line["document"].partition(" ")[0] for line in found}
        assert kinds == ({cell.document} if cell.offered else set()), cell.label
        assert parties(result, found) == ({cell.party} if cell.party else set()), cell.label
