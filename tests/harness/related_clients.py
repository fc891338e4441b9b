"""Clients that are right in a plain run and wrong in its other shape: one bug for each relation between two runs."""

from __future__ import annotations

import time
from collections import Counter
from datetime import date
from typing import Any, ClassVar

from tests.harness.gallery.client import engine, planning, xero
from tests.harness.gallery.client.driver import Driver
from tests.harness.gallery.client.quickbooks import QuickBooks
from tests.harness.small_clients import Careful, Json


class Watermark(Careful):
    """Takes its work for sorted: what is larger than the last is left aside."""

    def restart(self) -> None:
        super().restart()
        self.last = float("inf")

    def _post(self, row: Json) -> None:
        amount = sum(float(line["net"]) for line in row["given"]["lines"])
        if amount > self.last:
            row.update(status="failed", message="out of order")
            return
        self.last = amount
        super()._post(row)


class Repeats(Careful):
    """Whatever is handed over again is done again, under a number of its own."""

    def _take(self, given: Json) -> Json:
        if given["id"] in self.stored:
            self.stored[given["id"]]["status"] = "pending"
        return super()._take(given)

    def _path(self, id: str) -> str:
        self.counts = getattr(self, "counts", Counter())
        self.counts[id] += 1
        return f"purchase?requestid={id[:20]}-{self.counts[id]}"


class GivesUp(Careful):
    """After the first that is refused it does no more."""

    def settle(self) -> None:
        for row in self.stored.values():
            if any(other["status"] == "failed" for other in self.stored.values()) and row["status"] == "pending":
                row.update(status="failed", message="an earlier one was refused")
        super().settle()

    def _post(self, row: Json) -> None:
        if any(other["status"] == "failed" for other in self.stored.values()):
            row.update(status="failed", message="an earlier one was refused")
        else:
            super()._post(row)


class Shared(Careful):
    """Keeps the company that it works for where every instance finds it."""

    current: ClassVar[Json] = {}

    def connect(self, environment: Json) -> None:
        super().connect(environment)
        Shared.current = environment

    def _purchase(self, given: Json) -> Json:
        body = super()._purchase(given)
        body["AccountRef"] = {"value": Shared.current["defaults"]["bank_account"]}
        return body

    def settle(self) -> None:
        if Shared.current["company_id"] != self.environment["company_id"]:
            for row in self.stored.values():
                row.update(status="failed", message="another company is at work")
        super().settle()


class ByName(Careful):
    """Knows its accounts by their names, as they were when it was written."""

    known = ("Travel", "Meals & Drinks", "Software", "Visa Company Card", "Current Account")

    def _post(self, row: Json) -> None:
        status, answer = self._call("GET", f"account/{row['given']['lines'][0]['account']}", {})
        if status == 200 and answer["Account"]["Name"] not in self.known:
            row.update(status="failed", message="no such account")
        else:
            super()._post(row)


class LocalDay(Careful):
    """Refuses what is dated after its own process's today."""

    def _post(self, row: Json) -> None:
        if date.fromisoformat(row["given"]["date"]) > date(*time.localtime()[:3]):
            row.update(status="failed", message="dated in the future")
        else:
            super()._post(row)


class Counts(Careful):
    """Numbers its requests by how many purchases the books hold."""

    def _path(self, id: str) -> str:
        _, answer = self._call("GET", "query?query=select%20*%20from%20Purchase", {})
        return f"purchase?requestid=n-{len(answer['QueryResponse'].get('Purchase', []))}"


class Thousands(Careful):
    """Knows amounts of up to three digits before the point."""

    def _purchase(self, given: Json) -> Json:
        body = super()._purchase(given)
        for line in body["Line"]:
            whole, _, cents = str(line["Amount"]).partition(".")
            line["Amount"] = f"{whole[-3:].lstrip('0') or '0'}.{cents}"
        return body


class FirstLine(Careful):
    """Sends what takes away from a document as its own document, and of many lines the first two alone."""

    def _purchase(self, given: Json) -> Json:
        body = super()._purchase(given)
        body["Line"] = body["Line"][:2]
        return body


class SpendsRefunds(Careful):
    """A refund goes out as another charge."""

    def _purchase(self, given: Json) -> Json:
        return {**super()._purchase(given), "Credit": False}


class Revives(Careful):
    """Posts again what it does not find in the books any more."""

    def settle(self) -> None:
        for row in self.stored.values():
            if row["status"] == "completed" and self._call("GET", f"purchase/{row['native_id']}", {})[0] != 200:
                row["status"] = "pending"
        super().settle()

    def _path(self, id: str) -> str:
        return f"purchase?requestid={id[:20]}-{time.time():.0f}"


class AddsChanges(Driver):
    """A change is posted as a new document, beside the old one."""

    platforms = ("quickbooks_online",)

    class Engine(engine.Engine):
        def change(self, row: Any) -> Any:
            document = self.driver.planner.document(row["given"])
            stands = self.store.get("transactions", row["id"])
            intent = {"key": f"{row['id'][:20]}-{row['version']}", "facts": {document.id: stands["facts"]}}
            document = self.documents_of({**intent, "ids": [row["id"]]})[0]
            return self.driver.adapter.post([document], key=intent["key"])[document.id]


class OneWay(Driver):
    """Money that comes back into the account it came from is sent out of it once more."""

    platforms = ("quickbooks_online",)

    class Planner(planning.Planner):
        def document(self, given: Any) -> Any:
            checking = self.driver.environment["company"]["accounts"]["checking"]
            if given["kind"] == "transfer" and given["to"]["account"] == checking:
                given = {**given, "from": given["to"], "to": given["from"]}
            return super().document(given)


class ChargesRefunds(Driver):
    """On QuickBooks Online a refund is a charge; on Xero it is right."""

    class QuickBooks(QuickBooks):
        def credit(self, document: Any) -> dict[str, Any]:
            return {}


class TwoModes(Driver):
    """Sends amounts with their tax where it is told to, without it elsewhere."""

    platforms = ("xero",)
    tax_modes = ("exclusive", "inclusive")

    class Xero(xero.Xero):
        def body(self, document: Any) -> dict[str, Any]:
            body = super().body(document)
            return {**body, "LineAmountTypes": self.mode} if body.get("LineAmountTypes") == "Exclusive" else body

        @property
        def mode(self) -> str:
            return str(self.driver.environment.get("tax_mode", "exclusive")).capitalize()

        def line_amount(self, line: Any) -> Any:
            return line.net + line.tax if self.mode == "Inclusive" else line.net


class ForgetsTheMode(TwoModes):
    """Where amounts are to include their tax it says so, and sends them without."""

    class Xero(TwoModes.Xero):
        def line_amount(self, line: Any) -> Any:
            return line.net


class FirstPage(Driver):
    """Looks a supplier up on the first page of the list alone; who is not there is the default one."""

    class QuickBooks(QuickBooks):
        def find_contact(self, name: str) -> tuple[str, bool] | None:
            page = self.page("Vendor", "Active in (true, false)", 1)
            found = [body for body in page if body["DisplayName"].casefold() == name.casefold()]
            return (
                (found[0]["Id"], found[0]["Active"])
                if found
                else (self.driver.environment["defaults"]["supplier"], True)
            )


class FirstWord(Driver):
    """Knows a merchant by the first word of its name."""

    class QuickBooks(QuickBooks):
        def find_contact(self, name: str) -> tuple[str, bool] | None:
            return super().find_contact(name.split()[0])

        def create_contact(self, name: str, *, key: str) -> str:
            return super().create_contact(name.split()[0], key=key)
