"""Clients that are right in another way. A harness that flags one of them over-constrains."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from tests.harness.gallery.client import adapter, engine, planning, quickbooks, texts, transport, xero
from tests.harness.gallery.client.answers import Refused
from tests.harness.gallery.client.business_central import BusinessCentralDriver
from tests.harness.gallery.client.driver import Driver, IntacctDriver
from tests.harness.gallery.client.hearing import HearingDriver
from tests.harness.gallery.client.hub import HubDriver
from tests.harness.gallery.client.netsuite import NetSuiteDriver
from tests.harness.gallery.registry import control


@control("The client that every bug is made of")
class C00(Driver):
    pass


@control("It looks every transaction up before it creates it")
class C01(Driver):
    class Engine(engine.Engine):
        def post(self, documents: Any) -> None:
            found = self.found(documents)
            for document in documents:
                if document.id in found:
                    self.completed(document.id, found[document.id].native_id)
            missing = [document for document in documents if document.id not in found]
            if missing:
                super().post(missing)


@control("It waits with jitter, and gives up after another number of attempts")
class C02(Driver):
    class Transport(transport.Transport):
        def pause(self, attempt: int) -> float:
            jitter = hashlib.sha256(f"{attempt}{self.driver.store.number('pause')}".encode()).digest()[0] / 64
            return float(min(3**attempt, 40)) + jitter

        def wait_of(self, told: str) -> float:
            return super().wait_of(told) * 1.5


@control("It sends one transaction to a request")
class C03(Driver):
    class Engine(engine.Engine):
        batch_size = 1


@control("It sends forty transactions to a request where the platform takes them")
class C03Forty(Driver):
    class Engine(engine.Engine):
        batch_size = 40

    class QuickBooks(quickbooks.QuickBooks):
        def chunks(self, documents: Any, most: int) -> Iterator[Sequence[Any]]:
            return adapter.in_chunks(documents, min(most, 30))  # Source: developer.intuit.com, batch, 30 payloads


@control("Its references are another function of the id, one for each")
class C04(Driver):
    class Texts(texts.Texts):
        def token(self, id: str) -> str:
            return f"x{hashlib.sha1(id.encode(), usedforsecurity=False).hexdigest()}"

        def number(self, id: str, merchant: str) -> str:
            return f"{int.from_bytes(hashlib.sha256(id.encode()).digest()[:8]):020d}"


@control("The tax of a document is shared out by its lines, the last cent on the last of them")
class C05(Driver):
    platforms = ("xero",)

    class Xero(xero.Xero):
        def line_items(self, document: Any) -> list[dict[str, Any]]:
            items = super().line_items(document)
            nets = [item["LineAmount"] for item in items]
            same = len({item.get("TaxType") for item in items}) == 1
            left = sum(item["TaxAmount"] for item in items)
            if not same or not left or min(nets) <= 0:
                return items
            whole = left
            for item, net in zip(items[:-1], nets[:-1], strict=True):
                item["TaxAmount"] = (whole * net / sum(nets)).quantize(Decimal("0.01"), "ROUND_DOWN")
                left -= item["TaxAmount"]
            items[-1]["TaxAmount"] = left
            return items


@control("Money back on a card is a journal entry instead of a credit, where no tax is booked apart")
class C06(Driver):
    platforms = ("quickbooks_online",)

    class QuickBooks(quickbooks.QuickBooks):
        def entity(self, document: Any) -> str:
            own = super().entity(document)
            untaxed = not any(line.tax or line.tax_code for line in document.lines)
            return "JournalEntry" if own == "Purchase" and not document.spends and untaxed else own

        def body(self, document: Any) -> dict[str, Any]:
            if document.facts["entity"] != "JournalEntry" or document.kind == "adjustment":
                return super().body(document)
            back = planning.Line(account=document.account, net=-sum(line.net for line in document.lines))
            journal = replace(document, kind="adjustment", lines=(*document.lines, back))
            return super().body(journal)


@control("It leaves it to the platform to refuse an archived account")
class C07(Driver):
    class Planner(planning.Planner):
        def check(self, document: Any, accounts: Any) -> None:
            for id in self.accounts(document):
                if id not in accounts:
                    raise Refused(f"account {id} is not in the chart of accounts")
            if document.account and document.kind not in ("reimbursable", "adjustment", "bill"):
                self.check_currency(document, accounts[document.account])


@control("The client of the hub")
class C00Hub(HubDriver):
    pass


@control("It hears of changes by the platforms' own webhooks, and reads anew what they are about")
class C00Heard(HearingDriver):
    pass


@control("The client of NetSuite")
class C00NetSuite(NetSuiteDriver):
    pass


@control("The client of Business Central")
class C00BusinessCentral(BusinessCentralDriver):
    pass


@control("The client of Sage Intacct")
class C00Intacct(IntacctDriver):
    pass
