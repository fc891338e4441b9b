"""Bugs in reading what the platform has answered."""

from __future__ import annotations

from typing import Any

from tests.harness.gallery.client import intacct, quickbooks, transport, xero
from tests.harness.gallery.client.documents import Posted, Rejected
from tests.harness.gallery.client.driver import Driver, IntacctDriver
from tests.harness.gallery.registry import bug


@bug("Status 200 is taken as success, whatever an element says", severity="S1", origin="FM-07")
class P09(Driver):
    platforms = ("xero",)

    class Xero(xero.Xero):
        def verdict(self, kind: str, element: Any) -> Any:
            return Posted(str(element.get(f"{kind}ID")))


@bug("The answers of a batch are joined by position instead of by id", severity="S1", origin="FM-16")
class P10(Driver):
    platforms = ("quickbooks_online",)

    class QuickBooks(quickbooks.QuickBooks):
        def joined(self, documents: Any, answers: Any) -> Any:
            pairs = zip(documents, answers, strict=False)
            return {document.id: self.verdict(document, answer) for document, answer in pairs}

        def verdict(self, document: Any, answer: Any) -> Any:
            kinds = ("Purchase", "Deposit", "Bill", "Transfer", "JournalEntry")
            made = next((answer[kind] for kind in kinds if kind in answer), None)
            return Posted(str(made["Id"])) if made else super().verdict(document, answer)


@bug(
    "An error without elements is no error: nothing is returned, and that counts as done",
    severity="S2",
    origin="FM-115, seen in real code",
)
class P12(Driver):
    platforms = ("xero",)

    class Xero(xero.Xero):
        def refused(self, documents: Any, answer: Any) -> Any:
            errors = xero.messages(answer.body.get("Elements") or []) if answer.body else []
            return {d.id: Rejected("; ".join(errors), "10") if errors else Posted("") for d in documents}


@bug("Retry-After is ignored: one second, whatever was asked for", severity="S3", origin="FM-29")
class P16(Driver):
    class Transport(transport.Transport):
        def wait_of(self, told: str) -> float:
            return 1.0


@bug("Retry-After as a date is read as no wait at all", severity="S3", origin="FM-29")
class P46(Driver):
    class Transport(transport.Transport):
        def wait_of(self, told: str) -> float:
            try:
                return float(told or transport.WAIT_WHEN_NOT_TOLD_S) + 1
            except ValueError:
                return 0.0


@bug("One element that is not valid fails the whole dataset", severity="S2", origin="FM-113")
class P41(Driver):
    platforms = ("xero",)

    class Xero(xero.Xero):
        summarize_errors = "true"


@bug("Only the gateway's own status is read, not that of the result", severity="S1", origin="FM-07")
class P11(IntacctDriver):
    class Intacct(intacct.Intacct):
        def failed(self, root: Any) -> bool:
            return root.findtext("control/status") == "failure"

        def unnamed(self) -> Any:
            return Posted("")
