"""The spelling of every resource name, and the operations of a plain resource: list, read, create, update."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct

from sandbooks.kit.call import Call
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.records import Record
from sandbooks.kit.surface import Operation
from sandbooks.platforms.xero import lookup, query, views, writes
from sandbooks.platforms.xero.records import NUMBER_FIELD, PLURAL
from sandbooks.platforms.xero.refusals import NotFound
from sandbooks.platforms.xero.wire import pdf, writing
from sandbooks.wire import Response

ROOT = "/api.xro/2.0"
_NAMES = (
    *PLURAL.values(), "Organisation", "Attachments", "History", "Allocations", "Options", "Reports", "Actions", "Email",
    "OnlineInvoice", "CISSettings", "Contacts", "Quotes", "PurchaseOrders", "RepeatingInvoices", "Receipts",
    "ExpenseClaims", "Employees", "Budgets", "PaymentServices", "InvoiceReminders", "Settings", "Setup", "TrialBalance",
    "BalanceSheet", "ProfitAndLoss", "BankSummary", "ExecutiveSummary", "BudgetSummary", "AgedPayablesByContact",
    "AgedReceivablesByContact", "TenNinetyNine", "Files", "Folders", "Inbox", "Associations", "Content", "Count", "pdf",
)  # fmt: skip
SPELLING = {name.lower(): name for name in _NAMES} | {"organisations": "Organisation"}

TRANSACTIONS = "accounting.transactions"
Keep = Callable[[Mapping[str, Any]], bool]


class Resource(Struct, frozen=True, kw_only=True):
    """A resource of the Accounting API.

    ``scopes``: any of these, blank between. ``pages`` and ``sizes``: whether the list takes `page` and `pageSize`.
    ``tells_pages``: whether a page carries a pagination block. ``brief``: whether a list without `page` leaves line
    details out. ``keep``: the list's own parameters.
    """

    kind: str
    scopes: str
    writer: writes.Writer | None = None
    pages: bool = False
    sizes: bool = True
    tells_pages: bool = True
    brief: bool = False
    keep: Callable[[Call], Keep | None] | None = None
    puts: bool = True
    posts: bool = True
    path: str = ""
    shape: Callable[[Call, dict[str, Any]], dict[str, Any]] | None = None

    @property
    def name(self) -> str:
        return self.path or PLURAL[self.kind]

    def operations(self) -> tuple[Operation, ...]:
        """List and read; create by PUT and POST, update by POST, where there is a writer."""
        rule, name = f"{ROOT}/{self.name}", self.name
        found = [
            Operation(f"list_{name}", "GET", rule, self.list, scope=self.scopes),
            Operation(f"read_{name}", "GET", f"{rule}/<id>", self.read, scope=self.scopes),
        ]
        if self.writer is not None and self.puts:
            found.append(Operation(f"create_{name}", "PUT", rule, self.put, writes=True, scope=self.scopes))
        if self.writer is not None and self.posts:
            found += [
                Operation(f"create_or_update_{name}", "POST", rule, self.put, writes=True, scope=self.scopes),
                Operation(f"update_{name}", "POST", f"{rule}/<id>", self.post_one, writes=True, scope=self.scopes),
            ]
        return tuple(found)

    def find(self, call: Call, id: str) -> Record:
        """The record that a path names. Raises NotFound."""
        if self.kind in ("TaxRate", "Currency"):
            record = call.company.records.get(self.kind, id.upper())
        else:
            record = lookup.record_named(call.company, self.kind, id, number=NUMBER_FIELD.get(self.kind, ""))
        if record is None:
            raise NotFound
        return record

    def list(self, call: Call) -> Response:
        keep = self.keep(call) if self.keep else None
        found = query.search(call, self.kind, keep=keep, pages=self.pages, sizes=self.sizes)
        lines = found.paged or not self.brief
        bodies = [views.in_list(call.company, record, lines=lines) for record in found.records]
        paging = found.paging if self.tells_pages else None
        return writing.answer(call, self.kind, [self._shaped(call, body) for body in bodies], paging=paging)

    def _shaped(self, call: Call, body: dict[str, Any]) -> dict[str, Any]:
        return self.shape(call, body) if self.shape else body

    def read(self, call: Call) -> Response:
        if "application/pdf" in call.header("Accept").lower():
            return self.read_pdf(call)
        body = views.full(call.company, self.find(call, call.args["id"]))
        return writing.answer(call, self.kind, [self._shaped(call, body)])

    def read_pdf(self, call: Call) -> Response:
        """An invoice, credit note, purchase order or quote as a PDF."""
        record = self.find(call, call.args["id"])
        number = NUMBER_FIELD.get(self.kind, "")
        if self.kind not in ("Invoice", "CreditNote", "PurchaseOrder", "Quote"):
            raise NotSimulated(f"{self.name} as PDF")
        title = f"{call.company.name}: {self.kind} {record.body.get(number, '')}"
        content = pdf.document(title, pdf.invoice_lines(query.with_contact(call, record.body)))
        return Response(200, (("Content-Type", "application/pdf"),), content)

    def put(self, call: Call) -> Response:
        assert self.writer is not None
        return writes.write(call, self.kind, self.writer)

    def post_one(self, call: Call) -> Response:
        assert self.writer is not None
        call.facts["path_id"] = self.find(call, call.args["id"]).id
        return writes.write(call, self.kind, self.writer)


def ids_filter(call: Call, kind: str, name: str = "IDs") -> Keep | None:
    """The filter of an ``IDs=`` parameter."""
    wanted = query.listed(call, name)
    return query.id_filter(kind, wanted) if wanted else None


def references_filter(call: Call) -> Keep | None:
    """The filter of a ``References=`` parameter."""
    text = query.parameter(call, "References")
    wanted = {part.strip().lower() for part in text.split(",") if part.strip()}
    return (lambda body: str(body.get("Reference", "")).lower() in wanted) if wanted else None


def all_of(*filters: Keep | None) -> Keep | None:
    """One filter from several."""
    real = [keep for keep in filters if keep is not None]
    return (lambda body: all(keep(body) for keep in real)) if real else None
