"""From a scenario's names to ids: the hub's, as a client finds them by reading the hub, and the books' own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbooks.platform import CompanyPlan
from sandbooks.replay.handing_over import Ids
from sandbooks.replay.hub_client import HubClient


class UnknownName(LookupError):
    """The hub does not offer what the scenario names."""


class Names:
    """The names of one company. ``labels`` are the native ids that the platform gave when the company was opened."""

    def __init__(self, plan: CompanyPlan, labels: Mapping[str, Mapping[str, str]], neutral_tax: str) -> None:
        self._plan = plan
        self._labels = labels
        self._neutral_tax = neutral_tax
        self._found: dict[tuple[str, str], str] = {}
        self.takes_tax = True

    @property
    def customers(self) -> Mapping[str, Mapping[str, Any]]:
        """The customers that the company was opened with."""
        return self._plan.customers

    def learn(self, labels: Mapping[str, Mapping[str, str]]) -> None:
        """What the platform says now."""
        self._labels = labels

    def book_id(self, account: str) -> str:
        """The account's id in the platform's books."""
        return self._labels.get("accounts", {}).get(account, account)

    def account_of(self, book_id: str) -> str:
        """The scenario's name of an account of the books, else its id."""
        return next((k for k, v in self._labels.get("accounts", {}).items() if v == book_id), book_id)

    def native(self, part: str, key: str) -> str:
        """The native id behind a name, else the name itself."""
        return self._labels.get(part, {}).get(key, key)

    def finder(self, hub: HubClient) -> Ids:
        """What turns names into the hub's ids."""
        return lambda part, key: self.hub_id(hub, {"suppliers": "contacts"}.get(part, part), key)

    def hub_id(self, hub: HubClient, part: str, key: str) -> str:
        """The hub's id of an account, contact, customer, tax or tracking option. An unknown name stands for itself.

        Where the hub offers no tax rates, a tax is none: there is nothing that a client could refer to. Where a line
        needs a rate and no tax has no fixed id, the company's own rate that charges nothing stands for it.
        """
        if part == "taxes" and key == "none" and (self._neutral_tax or not self._labels.get("taxes", {}).get(key)):
            return self._neutral_tax
        if (part, key) not in self._found:
            self._read(hub)
        if part == "taxes" and key == "none":
            self._found[part, key] = self.native(part, key)
        if part == "taxes" and not self.takes_tax:
            return ""
        return self._found.get((part, key), key)

    def _read(self, hub: HubClient) -> None:
        options = hub.mapping_options() or {}
        self._match("accounts", self._plan.accounts, options.get("accounts", []), "name")
        self._match("contacts", self._plan.suppliers, list(hub.pages("suppliers")), "supplierName")
        self._match("customers", self._plan.customers, list(hub.pages("customers")), "customerName")
        self.takes_tax = bool(options.get("taxRates"))
        self._match("taxes", self._plan.taxes, options.get("taxRates", []), "name")
        self._match_tracking(options.get("trackingCategories", []))

    def _match(self, part: str, wanted: Mapping[str, Mapping[str, Any]], rows: list[Any], member: str) -> None:
        source = {"contacts": "suppliers"}.get(part, part)
        by_name = {str(row.get(member, "")).casefold(): str(row["id"]) for row in rows if row.get("id")}
        ids = sorted(str(row["id"]) for row in rows if row.get("id"))
        for key, facts in wanted.items():
            name = str(facts.get("name", key)).casefold()
            native = self._labels.get(source, {}).get(key, "")
            found = native if native in ids else by_name.get(name, "")
            found = found or next((id for id in ids if native and id.startswith(f"{native}_")), "")
            if found:
                self._found[(part, key)] = found
            elif native:
                self._found.setdefault((part, key), native)

    def _match_tracking(self, rows: list[Any]) -> None:
        parents = {str(row.get("id")): str(row.get("name", "")).casefold() for row in rows}
        for category, facts in self._plan.tracking.items():
            name = str(facts.get("name", category)).casefold()
            for option in facts.get("options", []):
                for row in rows:
                    parent = parents.get(str(row.get("parentId")), "")
                    if str(row.get("name", "")).casefold() == str(option).casefold() and parent in (name, ""):
                        self._found.setdefault(("tracking", f"{category}/{option}"), str(row["id"]))
