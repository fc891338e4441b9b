"""The reference client as the harness drives it: the verbs of ``contracts/driver.yaml`` over the parts."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import requests
from tests.harness.gallery.client import (
    auth,
    chart,
    contacts,
    engine,
    files,
    intacct,
    money,
    payables,
    planning,
    quickbooks,
    texts,
    transport,
    xero,
)
from tests.harness.gallery.client.answers import Refused, SignInLost, Unavailable
from tests.harness.gallery.client.store import Store

Json = dict[str, Any]
ROUNDS = 8
STATUS = {engine.COMPLETE: "completed", engine.FAILED: "failed"}


class Driver:
    """A product that posts expenses and pays bills. Each part is a class, so that one may take its place."""

    Transport: type[transport.Transport] = transport.Transport
    Auth: type[auth.Auth] = auth.Auth
    Amounts: type[money.Amounts] = money.Amounts
    Texts: type[texts.Texts] = texts.Texts
    Planner: type[planning.Planner] = planning.Planner
    Chart: type[chart.Chart] = chart.Chart
    Contacts: type[contacts.Contacts] = contacts.Contacts
    Engine: type[engine.Engine] = engine.Engine
    Files: type[files.Files] = files.Files
    Payables: type[payables.Payables] = payables.Payables
    QuickBooks: type[Any] = quickbooks.QuickBooks
    Xero: type[Any] = xero.Xero
    Intacct: type[Any] = intacct.Intacct

    platforms: tuple[str, ...] = ("quickbooks_online", "xero")
    pause_s = 60.0
    environment: Json

    # Life

    def connect(self, environment: Json) -> None:
        """Forget everything and use this environment."""
        self.store = Store()
        self.environment = environment
        self.begin()

    def begin(self) -> None:
        """Start the process on the store: nothing else outlives it."""
        self.http = requests.Session()
        self.worker = 0
        self.amounts = self.Amounts()
        self.texts = self.Texts()
        self.planner = self.Planner(self)
        self.adapter = self.adapters()[self.environment["platform"]](self)
        self.chart = self.Chart(self)
        self.contacts = self.Contacts(self)
        self.engine = self.Engine(self)
        self.files = self.Files(self)
        self.payables = self.Payables(self)

    def adapters(self) -> dict[str, type[Any]]:
        return {"quickbooks_online": self.QuickBooks, "xero": self.Xero, "sage_intacct": self.Intacct}

    def restart(self) -> None:
        """The process is killed and starts again."""
        self.http.close()
        self.begin()
        self.restarted()

    def restarted(self) -> None:
        """What a fresh process does first: nothing; open intents are taken up when it settles."""

    # Taking

    def submit(self, transactions: list[Json]) -> list[Json]:
        return [self._submit(given) for given in transactions]

    def _submit(self, given: Json) -> Json:
        known = self.store.get("transactions", given["id"])
        if known is not None and known["submitted"] != given:
            return _receipt(given, "the id was used for another transaction")
        try:
            self.planner.accepted(given)
        except Refused as refused:
            return _receipt(given, str(refused))
        if known is None:
            self._keep(given)
        self.engine.enqueue(given["id"])
        return _receipt(given)

    def _keep(self, given: Json) -> None:
        row = {"id": given["id"], "submitted": given, "given": planning.stored(given, self.amounts)}
        self.store.put("transactions", given["id"], {**row, "status": "", "native_id": None, "message": ""})

    def update(self, given: Json) -> Json:
        """The new state of a payment; other kinds are not changed once they are handed over."""
        known = self.store.get("transactions", given["id"])
        if known is None or given["kind"] != "payment" or known["given"]["kind"] != "payment":
            return _receipt(given, "only a payment that was submitted before can be changed")
        try:
            self.planner.accepted(given)
        except Refused as refused:
            return _receipt(given, str(refused))
        row = {"submitted": given, "given": planning.stored(given, self.amounts)}
        if known["status"] == engine.QUEUED:
            self.store.change("transactions", given["id"], **row)
            return _receipt(given)
        if known["status"] != engine.COMPLETE:
            return _receipt(given, "it is not in the books")
        self.store.put("changes", given["id"], {**row, "id": given["id"], "version": self.store.number("version")})
        return _receipt(given)

    def attach(self, attachment: Json) -> None:
        """Take a file; if its transaction is in the books it goes out at once. Raises ``Refused`` for one not taken."""
        self.files.taken(attachment)
        self.files.now(attachment["id"])

    def submit_bills(self, handed: Json) -> list[Json]:
        receipts = [self._submit({**bill, "kind": "bill"}) for bill in handed.get("bills") or []]
        for payment in handed.get("payments") or []:
            self.payables.taken(payment)
            receipts.append(_receipt(payment))
        return receipts

    # Working

    def settle(self) -> None:
        """Work until nothing is left to do, with pauses while the platform cannot be reached."""
        for _ in range(ROUNDS):
            try:
                self.work()
                self.chart.refresh()  # the customer chooses among the accounts that there are now
            except (Unavailable, SignInLost) as error:
                self.last_trouble = str(error)
                if isinstance(error, SignInLost):
                    break
            if not self.under_way():
                return
            time.sleep(self.pause_s)
        self.give_up()

    def work(self) -> None:
        """One round."""
        self.engine.recover()
        if self.engine.pending() or self.store.rows("changes"):
            self.chart.refresh()
        self.engine.run()
        self.engine.change_all()
        self.files.run()
        self.payables.run()

    def under_way(self) -> bool:
        changes = bool(self.store.rows("changes"))
        return self.engine.under_way() or changes or bool(self.files.ready()) or bool(self.payables.waiting())

    def give_up(self) -> None:
        """Tell the customer of what was never sent. What may have been sent stays pending."""
        self.engine.give_up(getattr(self, "last_trouble", "") or "the platform could not be reached")

    # Telling

    def outcomes(self) -> dict[str, Json]:
        rows = [*self.store.rows("transactions"), *self.store.rows("payments")]
        return {row["id"]: self.outcome(row) for row in rows}

    def outcome(self, row: Mapping[str, Any]) -> Json:
        status = "failed" if row.get("unchanged") else STATUS.get(row["status"], "pending")
        return {"status": status, "native_id": row.get("native_id"), "message": row.get("message") or None}


def _receipt(given: Mapping[str, Any], message: str | None = None) -> Json:
    return {"id": given["id"], "accepted": message is None, "message": message}


class IntacctDriver(Driver):
    """The same product over Sage Intacct, which has no files, changes and bill payments here."""

    platforms = ("sage_intacct",)
    attach = None  # type: ignore[assignment]  # it has no such verb
    update = None  # type: ignore[assignment]  # it has no such verb
    submit_bills = None  # type: ignore[assignment]  # it has no such verb
