"""Variants of the reference client that are wrong about bills, ids, drafts or tokens, and one that is right."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from tests.harness.gallery.client import auth, engine, payables, quickbooks, texts, transport, xero
from tests.harness.gallery.client.answers import OutcomeUnknown, RateLimited, Unavailable
from tests.harness.gallery.client.documents import Document, Posted, Rejected, Verdict
from tests.harness.gallery.client.driver import Driver

Json = dict[str, Any]


class OldestFirst(Driver):
    """A payment settles the oldest bill of its supplier that is large enough."""

    platforms = ("quickbooks_online",)

    class Payables(payables.Payables):
        def sent(self, payment: Json) -> Json:
            bills = self.driver.adapter.query("Bill", f"VendorRef = '{payment['contact']}'")
            bills.sort(key=lambda bill: bill["TxnDate"])
            return {**payment, "parts": [{**part, **self.oldest(bills, part)} for part in payment["parts"]]}

        def oldest(self, bills: Sequence[Json], part: Json) -> Json:
            large = [bill for bill in bills if Decimal(str(bill["Balance"])) >= part["amount"]]
            return {"native_id": large[0]["Id"]} if large else {}


class OneAccount(Driver):
    """All lines of a bill go to the account of its first."""

    platforms = ("quickbooks_online",)

    class QuickBooks(quickbooks.QuickBooks):
        def body(self, document: Document) -> Json:
            account = document.lines[0].account if document.kind == "bill" else ""
            lines = tuple(replace(line, account=account or line.account) for line in document.lines)
            return super().body(replace(document, lines=lines))


class ShortIds(Driver):
    """Eight letters and digits of an id stand for a transaction."""

    class Texts(texts.Texts):
        length = 8

        def token(self, id: str) -> str:
            return f"[{id.replace('-', '')[: self.length]}]"

        def number(self, id: str, merchant: str) -> str:
            return f"E{id.replace('-', '')[: self.length]}"


class ThirteenCharacters(ShortIds):
    """Thirteen of them do."""

    class Texts(ShortIds.Texts):
        length = 13


class LongerIds(Driver):
    """Twenty letters and digits of an id stand for a transaction."""

    class Texts(texts.Texts):
        def token(self, id: str) -> str:
            return "#" + id.replace("-", "")[:20]

        def number(self, id: str, merchant: str) -> str:
            return id.replace("-", "")[:20]


class RenewsEachTime(Driver):
    """Every request is signed with a token of its own."""

    class Auth(auth.Auth):
        def access_token(self) -> str:
            self.check()
            pair = self.pair()
            answer = self.asked(pair["refresh_token"])
            if self.is_pair(answer):
                self.save({"refresh_token": pair["refresh_token"], **answer})
            return super().access_token()


class RenewsAtEachStart(Driver):
    """Whenever it begins to work it asks for a token first."""

    def work(self) -> None:
        self.adapter.auth.renew(self.adapter.auth.pair()["access_token"])
        super().work()


class LooksOnce(Driver):
    """One look-up after a lost answer; one that fails counts as one that finds nothing, and no key protects."""

    platforms = ("quickbooks_online",)

    class Engine(engine.Engine):
        def resolved(self, intent: Any, documents: Sequence[Document]) -> Mapping[str, Verdict] | None:
            time.sleep(60)  # the harness answers, in the world's time
            try:
                found = self.found(documents)
            except Unavailable:
                return None
            return found if len(found) == len(documents) else None

        def key_of(self, intent: Any) -> str:
            return ""

    class Transport(transport.Transport):
        def read(self, url: str, *, headers: Mapping[str, str] | None = None, **query: Any) -> transport.Answer:
            if "DocNumber" not in str(query):
                return super().read(url, headers=headers, **query)
            try:
                return self.send("GET", url, headers=headers, query=query)
            except (RateLimited, OutcomeUnknown) as error:
                raise Unavailable(str(error)) from error


class Drafts(Driver):
    """Bills of Xero are drafts first, approved by a second request; what is there already is gone on with."""

    platforms = ("xero",)

    class Xero(xero.Xero):
        def post(self, documents: Sequence[Document], *, key: str) -> Mapping[str, Verdict]:
            if self.kind(documents[0]) != "Invoice":
                return super().post(documents, key=key)
            return {document.id: self.approved(document, key) for document in documents}

        def approved(self, document: Document, key: str) -> Verdict:
            there = self.stands(document)
            if there is None:
                there = self.drafted(document, key)
            if isinstance(there, Rejected):
                return there
            body = {"Invoices": [{"InvoiceID": there["InvoiceID"], "Status": "AUTHORISED"}]}
            answer = self.write("POST", f"Invoices/{there['InvoiceID']}", body, f"{key}-{document.id}-approved")
            return Posted(there["InvoiceID"]) if answer.status == 200 else Rejected(xero.said(answer.body), "10")

        def drafted(self, document: Document, key: str) -> Any:
            body = {"Invoices": [{**self.body(document), "Status": "DRAFT"}]}
            answer = self.write("PUT", "Invoices", body, self.draft_key(document, key))
            if answer.status != 200:
                return Rejected(xero.said(answer.body), "10")
            return self._elements(answer, "Invoices")[0]

        def draft_key(self, document: Document, key: str) -> str:
            return f"{key}-{document.id}"

        def stands(self, document: Document) -> Json | None:
            rows = self.paged("Invoices")
            token = self.driver.texts.token(document.id)
            return next((row for row in rows if token in str(row.get("InvoiceNumber"))), None)

        def find(self, document: Document) -> str | None:
            if self.kind(document) != "Invoice":
                return super().find(document)
            there = self.stands(document)
            return there["InvoiceID"] if there and there["Status"] in ("AUTHORISED", "PAID") else None


class ForgetsDrafts(Drafts):
    """After an unclear answer it makes another draft."""

    class Xero(Drafts.Xero):
        def stands(self, document: Document) -> Json | None:
            there = super().stands(document)
            return there if there and there["Status"] != "DRAFT" else None

        def draft_key(self, document: Document, key: str) -> str:
            return f"{key}-{document.id}-{self.driver.store.number('draft')}"
