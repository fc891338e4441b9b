"""python-odata, unmodified, against a served Business Central: what a client makes of the service's own description.

Usage: ``odata_client.py BASE_URL CREDENTIALS`` where the credentials are JSON text. No class of this script names a set:
all come out of ``$metadata``.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

import requests
from odata import ODataService
from odata.exceptions import ODataError


class Steps:
    """The steps in order; each is announced when it has held."""

    def __init__(self, base: str, given: dict[str, str]) -> None:
        self.root = f"{base.rstrip('/')}/v2.0/{given['tenant_id']}/{given['environment']}/api/v2.0/"
        self.company = given["company_id"]
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {given['access_token']}"

    def description(self) -> None:
        """Every set of the description becomes a class, the companies among them."""
        self.service = ODataService(self.root, session=self.session, reflect_entities=True, quiet_progress=True)
        self.kinds = self.service.entities
        assert {"companies", "vendors", "accounts", "purchaseInvoices", "journalLines"} <= set(self.kinds)

    def companies(self) -> None:
        """The company is found; below it are the other sets."""
        found = [each.id for each in self.service.query(self.kinds["companies"]).all()]
        assert self.company in found, found
        self.service.url = f"{self.root}companies({self.company})/"

    def tagged(self, tag: str, act: Callable[[], object]) -> None:
        """The client names no entity tag of itself: it goes with the session's headers."""
        self.session.headers["If-Match"] = tag
        try:
            act()
        finally:
            del self.session.headers["If-Match"]

    def query(self, name: str) -> Any:
        return self.service.query(self.kinds[name])

    def lists(self) -> None:
        """Filters, order, a page, a count of members."""
        account = self.kinds["accounts"]
        every = self.query("accounts").all()
        first = self.query("accounts").order_by(account.number.asc()).limit(3).all()
        second = self.query("accounts").order_by(account.number.asc()).limit(3).offset(3).all()
        assert len({each.id for each in (*first, *second)}) == 6 <= len(every)
        expenses = self.query("accounts").filter(account.category == "Expense").all()
        assert {each.category for each in expenses} == {"Expense"}
        assert self.query("accounts").filter(account.number == first[0].number).first().id == first[0].id

    def create(self) -> None:
        """A vendor is made, found by its name and read by its key."""
        vendor = self.kinds["vendors"]
        self.vendor = vendor()
        self.vendor.displayName = "O'Hara & Søn"
        self.service.save(self.vendor)
        assert self.vendor.number
        found = self.query("vendors").filter(vendor.displayName == "O'Hara & Søn").all()
        assert [each.id for each in found] == [self.vendor.id]
        assert self.query("vendors").get(id=self.vendor.id).displayName == "O'Hara & Søn"

    def update(self) -> None:
        """Whoever names no entity tag is refused; the star names any."""
        self.vendor.displayName = "O'Hara Ltd"
        told = refused(lambda: self.service.save(self.vendor))
        assert "BadRequest_InvalidToken" in told, told
        self.vendor.displayName = "O'Hara Ltd"
        self.tagged("*", lambda: self.service.save(self.vendor))
        assert self.query("vendors").get(id=self.vendor.id).displayName == "O'Hara Ltd"

    def stale(self) -> None:
        """An old entity tag is refused."""
        self.vendor.displayName = "Too late"
        told = refused(lambda: self.tagged('W/"JzE7MDsn"', lambda: self.service.save(self.vendor)))
        assert "Request_EntityChanged" in told, told

    def invalid(self) -> None:
        """A bill of a vendor whom nobody knows."""
        before = len(self.query("purchaseInvoices").all())
        bill = self.kinds["purchaseInvoices"]()
        bill.vendorNumber = "nobody"
        assert "vendor" in refused(lambda: self.service.save(bill))
        assert len(self.query("purchaseInvoices").all()) == before

    def delete(self) -> None:
        """The vendor goes."""
        self.tagged("*", lambda: self.service.delete(self.vendor))
        vendor = self.kinds["vendors"]
        assert self.query("vendors").filter(vendor.displayName == "O'Hara Ltd").all() == []

    def run(self) -> None:
        for name in ("description", "companies", "lists", "create", "update", "stale", "invalid", "delete"):
            step = getattr(self, name)
            step()
            print(f"ok {name}: {step.__doc__}", flush=True)


def refused(act: Callable[[], object]) -> str:
    """What the service says when an act is refused."""
    try:
        act()
    except ODataError as error:
        return str(error)
    raise AssertionError("nothing was refused")


if __name__ == "__main__":
    Steps(sys.argv[1], json.loads(sys.argv[2])).run()
