"""python-odata, unmodified, against a served Business Central: what a client makes of the service's own description.

Usage: ``odata_client.py BASE_URL CREDENTIALS`` where the credentials are JSON text. No class of this script names a set:
all come out of ``$metadata``.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import requests
from odata import ODataService
from odata.exceptions import ODataError
from odata.flags import ODataServerFlags
from steps import Recorder

STEP = Recorder("python-odata").step


class Steps:
    """The steps in order; each is announced when it has held."""

    def __init__(self, base: str, given: dict[str, str]) -> None:
        self.root = f"{base.rstrip('/')}/v2.0/{given['tenant_id']}/{given['environment']}/api/v2.0/"
        self.company = given["company_id"]
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {given['access_token']}"

    def description(self) -> None:
        """Every set of the description becomes a class, the companies among them."""
        flags = ODataServerFlags(skip_null_properties=True)  # a null would empty what the vendor brings along
        given = {"session": self.session, "reflect_entities": True, "quiet_progress": True, "server_flags": flags}
        self.service = ODataService(self.root, **given)
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
        self.expense = next(each for each in expenses if each.directPosting)
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
        """The entity tag of a reading that another change has overtaken."""
        tag = self.raw("execute_get", f"vendors({self.vendor.id})")["@odata.etag"]
        for name, act in (("Of another user", self.service.save), ("Too late", self.changed_late)):
            self.vendor.displayName = name
            self.tagged(tag, lambda act=act: act(self.vendor))
        assert self.query("vendors").get(id=self.vendor.id).displayName == "Of another user"

    def changed_late(self, vendor: Any) -> None:
        told = refused(lambda: self.service.save(vendor))
        assert "Request_EntityChanged" in told, told

    def raw(self, method: str, path: str, *given: Any, **more: Any) -> Any:
        """A request of the client's connection below the company, for what is no entity set of its own."""
        connection = self.service.default_context.connection
        return getattr(connection, method)(f"{self.service.url}{path}", *given, **more)

    def document(self, kind: str, number: str, cost: float, **more: str) -> Any:
        """A purchase document of one line that is not posted."""
        made = self.kinds[kind]()
        for name, value in {"vendorId": self.vendor.id, **more}.items():
            setattr(made, name, value)
        setattr(made, number, f"OD-{cost}")
        self.service.save(made)
        line = {"lineType": "Account", "accountId": self.expense.id, "unitCost": cost, "quantity": 1, "taxCode": ""}
        self.raw("execute_post", f"{kind}({made.id})/{kind[:-1]}Lines", line)
        return made

    def documents(self) -> None:
        """A bill and its credit, a file on the bill; both posted by the action that the description names."""
        with STEP("create"):
            bill = self.document("purchaseInvoices", "vendorInvoiceNumber", 71.6)
        with STEP("attach"):
            file = self.kinds["attachments"]()
            file.parentId, file.parentType, file.fileName = bill.id, "Purchase Invoice", "receipt.json"
            self.service.save(file)
            path = f"attachments({file.id})/attachmentContent"
            self.raw("execute_patch", path, "a receipt", extra_headers={"If-Match": "*"})
            assert self.query("attachments").get(id=file.id).byteSize == len('"a receipt"')
        with STEP("read_back"):
            self.raw("execute_post", f"purchaseInvoices({bill.id})/Microsoft.NAV.post", {})
            read = self.query("purchaseInvoices").get(id=bill.id)
            assert (read.status, float(read.totalAmountExcludingTax)) == ("Open", 71.6), read
        with STEP("credit"):
            credit = self.document("purchaseCreditMemos", "vendorCreditMemoNumber", 21.6, invoiceId=bill.id)
            self.raw("execute_post", f"purchaseCreditMemos({credit.id})/Microsoft.NAV.post", {})
            entry = self.kinds["generalLedgerEntries"]
            number = self.query("purchaseCreditMemos").get(id=credit.id).number
            posted = self.query("generalLedgerEntries").filter(entry.documentNumber == number).all()
            sides = {row.accountNumber: (float(row.debitAmount), float(row.creditAmount)) for row in posted}
            assert sides[self.expense.number] == (0, 21.6), sides

    def invalid(self) -> None:
        """A bill of a vendor whom nobody knows."""
        before = len(self.query("purchaseInvoices").all())
        bill = self.kinds["purchaseInvoices"]()
        bill.vendorNumber = "nobody"
        assert "The vendor cannot be found" in refused(lambda: self.service.save(bill))
        assert len(self.query("purchaseInvoices").all()) == before

    def delete(self) -> None:
        """A vendor without entries goes."""
        self.vendor = self.kinds["vendors"]()
        self.vendor.displayName = "O'Hara Ltd"
        self.service.save(self.vendor)
        self.tagged("*", lambda: self.service.delete(self.vendor))
        vendor = self.kinds["vendors"]
        assert self.query("vendors").filter(vendor.displayName == "O'Hara Ltd").all() == []

    def run(self) -> None:
        steps = {"companies": "sign_in", "lists": "lists", "stale": "stale_write", "invalid": "validation_error"}
        names = ("description", "companies", "lists", "create", "update", "stale", "invalid", "documents", "delete")
        for name in names:
            act = getattr(self, name)
            with STEP(steps[name]) if name in steps else nullcontext():
                act()
            print(f"ok {name}: {act.__doc__}", flush=True)


def refused(act: Callable[[], object]) -> str:
    """What the service says when an act is refused."""
    try:
        act()
    except ODataError as error:
        return str(error)
    raise AssertionError("nothing was refused")


if __name__ == "__main__":
    Steps(sys.argv[1], json.loads(sys.argv[2])).run()
