"""One company on one platform: its settings, its native records and its book."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from sandbooks import exact_json
from sandbooks.kit.records import Record, Records
from sandbooks.ledger import Book, Entry
from sandbooks.storage.book_rows import StoredRows
from sandbooks.world import Exchange, World


class Company:
    """A company file, organisation, realm: whatever the platform calls it.

    ``settings`` are what the platform lets an administrator choose (features, closing date, switches); ``country`` is
    ISO 3166 alpha-2, ``currency`` the base currency, ``time_zone`` an IANA name.
    """

    def __init__(self, world: World, platform: str, id: str, body: dict[str, Any]) -> None:
        self.world = world
        self.platform = platform
        self.id = id
        self._body = body
        self.records = Records(world, platform, id)

    @property
    def exchange(self) -> Exchange | None:
        return self.records.exchange

    @exchange.setter
    def exchange(self, exchange: Exchange | None) -> None:
        self.records.exchange = exchange

    @property
    def name(self) -> str:
        return str(self._body["name"])

    @property
    def country(self) -> str:
        return str(self._body["country"])

    @property
    def currency(self) -> str:
        return str(self._body["currency"])

    @property
    def time_zone(self) -> str:
        return str(self._body.get("time_zone", "UTC"))

    @property
    def settings(self) -> dict[str, Any]:
        settings: dict[str, Any] = self._body["settings"]
        return settings

    def change_settings(self, **changes: Any) -> None:
        """Change settings; a value of None removes one."""
        merged = {**self.settings, **changes}
        self._body["settings"] = {key: value for key, value in merged.items() if value is not None}
        self._keep()

    def _keep(self) -> None:
        body = exact_json.dumps(self._body)
        self.world.store.run("companies.put", platform=self.platform, id=self.id, number=0, body=body)

    @cached_property
    def book(self) -> Book:
        """The double-entry book of this company."""
        rows = StoredRows(self.world.store, f"{self.platform}/{self.id}", self.currency)
        return Book(rows, self.currency)

    def post(self, record: Record, entry: Entry | None) -> None:
        """Bring the book in step with a record version: post, replace, or (no entry) reverse what stands."""
        standing = self.book.current(record.kind, record.id)
        if entry is None:
            if standing is not None:
                self.book.reverse(record.kind, record.id)
        elif standing is None:
            self.book.post(entry)
        else:
            self.book.replace(entry)


def open_company(
    world: World,
    platform: str,
    id: str,
    *,
    name: str,
    country: str,
    currency: str,
    time_zone: str = "UTC",
    settings: dict[str, Any] | None = None,
) -> Company:
    """Make a company; its chart of accounts and lists are the platform's ``seed`` to fill."""
    body = {"name": name, "country": country, "currency": currency, "time_zone": time_zone, "settings": settings or {}}
    number = world.ids.number("company")
    raw = exact_json.dumps(body)
    world.store.run("companies.put", platform=platform, id=id, number=number, body=raw)
    return Company(world, platform, id, body)


def find_company(world: World, platform: str, id: str) -> Company | None:
    """A company by its native id."""
    row = world.store.one("companies.get", platform=platform, id=id)
    return Company(world, platform, id, exact_json.loads(row[0])) if row else None


def companies(world: World, platform: str = "") -> list[Company]:
    """The companies of a world (of one platform, if named), in order of creation."""
    found = []
    for row_platform, row_id in world.store.all("companies.list"):
        if not platform or row_platform == platform:
            company = find_company(world, row_platform, row_id)
            if company:
                found.append(company)
    return found
