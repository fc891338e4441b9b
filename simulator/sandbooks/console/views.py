"""What a page of the console shows of a world: companies and how to reach them, books, the latest exchanges."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote, unquote_plus, urlsplit

from msgspec import Struct

from sandbooks.control.books import books
from sandbooks.control.companies import list_companies
from sandbooks.control.exchanges import exchange_json, transactions_in, world_references
from sandbooks.control.variables import lines
from sandbooks.control.worlds import clock_json
from sandbooks.kit.company import find_company
from sandbooks.money import Money
from sandbooks.platform import platform_named
from sandbooks.world import World

HUB = "codat"
LATEST = 30  # exchanges on the page
BODY_MAX = 4_000  # characters of a body on the page; the control API has all of it


class WorldLink(Struct, frozen=True):
    """One world of the process."""

    name: str
    path: str
    current: bool
    exchanges: int


class BalanceRow(Struct, frozen=True):
    """One account of a trial balance, in base currency, and what it holds in its own."""

    name: str
    type: str
    debit: str
    credit: str
    own: str


class BooksView(Struct, frozen=True):
    """A trial balance."""

    currency: str
    rows: tuple[BalanceRow, ...]
    debit: str
    credit: str

    @property
    def agree(self) -> bool:
        return self.debit == self.credit


class CompanyView(Struct, frozen=True):
    """One company: who it is, how code reaches it, and its books where it has any."""

    facts: Mapping[str, Any]
    platform: str
    books: BooksView | None

    @property
    def variables(self) -> str:
        """The lines of a .env file."""
        return "\n".join(lines(self.facts["environment"]))


class ExchangeView(Struct, frozen=True):
    """One exchange, in short and with the beginning of its bodies."""

    facts: Mapping[str, Any]
    platform: str

    @property
    def address(self) -> str:
        """Method, path and query, readable."""
        place = urlsplit(self.facts["request"]["url"])
        query = f"?{place.query}" if place.query else ""
        return f"{self.facts['request']['method']} {unquote_plus(place.path + query)}"

    @property
    def answer(self) -> str:
        """The status, or how the exchange was cut."""
        return str(self.facts["cut"] or (self.facts["response"] or {}).get("status") or "")

    @property
    def tone(self) -> str:
        if self.facts["cut"]:
            return "cut"
        return "bad" if (self.facts["response"] or {}).get("status", 0) >= 400 else "good"

    @property
    def written(self) -> str:
        return ", ".join(f"{w['kind']} {w['native_id']}" for w in self.facts["written"])

    def body(self, side: str) -> str:
        """The beginning of the request's or the response's body."""
        message = self.facts[side] or {}
        text = "(no text)" if message.get("body_base64") else str(message.get("body") or "")
        return text if len(text) <= BODY_MAX else text[:BODY_MAX] + "…"


class WorldView(Struct, frozen=True):
    """One world."""

    name: str
    seed: int
    clock: Mapping[str, Any]
    faults: int
    companies: tuple[CompanyView, ...]
    exchanges: tuple[ExchangeView, ...]
    count: int
    control: str


def world_links(worlds: Iterable[World], current: str) -> list[WorldLink]:
    """Every world, by name."""
    return [
        WorldLink(world.name, f"/w/{quote(world.name, safe='')}/", world.name == current, world.tape.count())
        for world in sorted(worlds, key=lambda world: world.name)
    ]


def world_view(world: World, base_url: str) -> WorldView:
    """One world as it stands now."""
    with world.lock:
        count = world.tape.count()
        known = world_references(world)
        latest = [
            exchange_json(entry, transactions=transactions_in(entry, known))
            for entry in world.tape.entries(after=max(0, count - LATEST))
        ]
        return WorldView(
            name=world.name,
            seed=world.seed,
            clock=clock_json(world),
            faults=len(world.store.all("tape.faults")),
            companies=tuple(_company(world, facts) for facts in list_companies(world, base_url)),
            exchanges=tuple(ExchangeView(facts, _title(facts["platform"])) for facts in reversed(latest)),
            count=count,
            control=f"/_control/worlds/{quote(world.name, safe='')}",
        )


def _company(world: World, facts: Mapping[str, Any]) -> CompanyView:
    company = None if facts["platform"] == HUB else find_company(world, facts["platform"], facts["company_id"])
    return CompanyView(facts, _title(facts["platform"]), _books(books(company)) if company else None)


def _title(surface: str) -> str:
    return "Hub" if surface == HUB else platform_named(surface).title


def _books(found: Mapping[str, Any]) -> BooksView:
    currency = str(found["base_currency"])
    rows = tuple(_balance(row, currency) for row in found["accounts"] if _amount(row["base"]) or row["balances"])
    totals = found["totals"]["base"]
    return BooksView(currency, rows, _digits(_amount(totals["debit"])), _digits(_amount(totals["credit"])))


def _balance(row: Mapping[str, Any], currency: str) -> BalanceRow:
    base = _amount(row["base"])
    own = [_amount(m) for m in row["balances"] if row["currency"] != currency and m["currency"] != currency]
    shown = ", ".join(f"{'Cr' if m.amount < 0 else 'Dr'} {_digits(m)} {m.currency}" for m in own if m)
    debit, credit = (_digits(base), "") if base.amount > 0 else ("", _digits(base) if base else "")
    return BalanceRow(str(row["name"]), str(row["type"]).replace("_", " "), debit, credit, shown)


def _amount(given: Mapping[str, str]) -> Money:
    return Money.of(given["amount"], given["currency"])


def _digits(money: Money) -> str:
    return f"{abs(money).amount:,}"
