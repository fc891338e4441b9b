"""Xero: bank transactions, bank transfers, manual journals and bills, several to a request.

Every write carries an idempotency key, which Xero remembers for a short time only. A transaction's token stands in the
reference, of a manual journal in the narration, and is the number of a bill.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from tests.harness.gallery.client.adapter import in_chunks
from tests.harness.gallery.client.answers import OutcomeUnknown, Refused, Unavailable
from tests.harness.gallery.client.documents import Account, Document, Line, Posted, Rejected, Verdict
from tests.harness.gallery.client.transport import Answer

if TYPE_CHECKING:
    from tests.harness.gallery.client.driver import Driver

PAGE = 100  # Source: developer.xero.com, paging, the default page size
PLACES = 2  # Source: developer.xero.com, rounding in Xero
NO_ID = "00000000-0000-0000-0000-000000000000"
KINDS = {"transfer": "BankTransfer", "adjustment": "ManualJournal", "reimbursable": "Invoice", "bill": "Invoice"}
COLLECTIONS = {
    "BankTransaction": "BankTransactions",
    "BankTransfer": "BankTransfers",
    "ManualJournal": "ManualJournals",
    "Invoice": "Invoices",
}
ENDED = ("DELETED", "VOIDED")


class Xero:
    """One Xero organisation."""

    converts_on_base_accounts = False  # Xero books in the currency of the bank account, whatever was spent
    lasts_s = 1800
    summarize_errors = "false"

    def __init__(self, driver: Driver) -> None:
        self.driver = driver
        variables = driver.environment["environment"]
        self.root = variables["XERO_BASE_URL"]
        self.auth = driver.Auth(driver, token_url=variables["XERO_TOKEN_URL"], lasts_s=self.lasts_s)
        self.transport = driver.Transport(driver, self.auth, {"Xero-tenant-id": variables["XERO_TENANT_ID"]})
        self.company = driver.environment["company"]

    # Reads

    def read(self, path: str, *, headers: Mapping[str, str] | None = None, **query: Any) -> dict[str, Any]:
        answer = self.transport.read(f"{self.root}/{path}", headers=headers, **query)
        if answer.status == 404:
            return {}
        if answer.status != 200:
            raise Refused(said(answer.body), code=str(answer.status))
        if not isinstance(answer.body, dict):
            raise Unavailable("an answer without a body")
        return answer.body

    def paged(self, collection: str, **query: Any) -> list[dict[str, Any]]:
        """Every record of a collection that fits, page by page until an empty page."""
        found: dict[str, dict[str, Any]] = {}
        id, page = f"{collection[:-1]}ID", 1
        while True:
            rows = self.read(collection, page=page, order=f"{id} ASC", **query).get(collection) or []
            fresh = {row[id]: row for row in rows if row[id] not in found}
            found |= fresh
            if not fresh or len(rows) < PAGE:
                return list(found.values())
            page += 1

    def accounts(self, since: datetime | None) -> list[Account]:
        headers = {"If-Modified-Since": since.strftime("%Y-%m-%dT%H:%M:%S")} if since else {}
        return [self._account(body) for body in self.read("Accounts", headers=headers).get("Accounts") or []]

    def account(self, id: str) -> Account | None:
        found = self.read(f"Accounts/{quote(id)}").get("Accounts") or []
        return self._account(found[0]) if found else None

    def _account(self, body: Mapping[str, Any]) -> Account:
        kind = body.get("BankAccountType")
        return Account(
            id=body["AccountID"],
            name=body["Name"],
            currency=body.get("CurrencyCode") or self.company["currency"],
            active=body.get("Status") == "ACTIVE",
            code=body.get("Code") or "",
            pays=("card" if kind == "CREDITCARD" else "bank") if body["Type"] == "BANK" else "",
        )

    # What a document needs

    def facts(self, document: Document) -> dict[str, Any]:
        if document.kind == "transfer":
            self._check_transfer(document)
            return {}
        if any(amount != round(amount, PLACES) for line in document.lines for amount in (line.net, line.tax)):
            raise Refused(f"Xero keeps two decimals, and {document.currency} has more")
        accounts = self.driver.chart.accounts()
        codes = {line.account: accounts[line.account].code for line in document.lines}
        missing = [accounts[id].name for id, code in codes.items() if not code]
        if missing:
            raise Refused(f"account {missing[0]} has no code, so no line can name it")
        if document.kind == "adjustment":
            if document.currency != self.company["currency"]:
                raise Refused("Xero's journals are in base currency alone")
            return {"codes": codes, "options": self._options(document)}
        contact = self.contact(document)
        if not contact:
            raise Refused("Xero needs a contact")
        return {"codes": codes, "contact": contact, "options": self._options(document)}

    def contact(self, document: Document) -> str:
        if document.contact:
            return document.contact
        if document.merchant.strip():
            return self.driver.contacts.resolved(document.merchant)
        return str((self.driver.environment.get("defaults") or {}).get("supplier") or "")

    def _options(self, document: Document) -> dict[str, str]:
        """The category of each tracking option on the document. An archived one would be left out without a word."""
        wanted = {option for line in document.lines for option in line.tracking}
        if not wanted:
            return {}
        categories = self.read("TrackingCategories").get("TrackingCategories") or []
        found = {
            option["TrackingOptionID"]: category["TrackingCategoryID"]
            for category in categories
            for option in category.get("Options") or ()
            if option.get("Status", "ACTIVE") == "ACTIVE"
        }
        if wanted - set(found):
            raise Refused("a tracking option is archived or unknown")
        return {id: found[id] for id in wanted}

    def _check_transfer(self, document: Document) -> None:
        source, target = document.source, document.target
        assert source is not None
        assert target is not None
        if source.currency != target.currency or source.amount != target.amount:
            raise Refused("Xero transfers one amount between two accounts of one currency")

    # Posting

    def kind(self, document: Document) -> str:
        return KINDS.get(document.kind, "BankTransaction")

    def chunks(self, documents: Sequence[Document], most: int) -> Iterator[Sequence[Document]]:
        for kind in dict.fromkeys(map(self.kind, documents)):
            yield from in_chunks([document for document in documents if self.kind(document) == kind], most)

    def post(self, documents: Sequence[Document], *, key: str) -> Mapping[str, Verdict]:
        kind = self.kind(documents[0])
        collection = COLLECTIONS[kind]
        bodies = [self.body(document) for document in documents]
        answer = self.write("PUT", collection, {collection: bodies}, key, summarizeErrors=self.summarize_errors)
        if answer.status != 200:
            return self.refused(documents, answer)
        elements = self._elements(answer, collection)
        if len(elements) != len(documents):
            raise OutcomeUnknown(f"{len(elements)} records in the answer to {len(documents)}")
        return {document.id: self.verdict(kind, element) for document, element in zip(documents, elements, strict=True)}

    def refused(self, documents: Sequence[Document], answer: Answer) -> dict[str, Verdict]:
        """The whole request was turned away."""
        message = said(answer.body)
        return {document.id: Rejected(message, str(answer.status)) for document in documents}

    def verdict(self, kind: str, element: Mapping[str, Any]) -> Verdict:
        """The verdict on one element; one may have failed inside a good answer."""
        errors = messages(element)
        id = str(element.get(f"{kind}ID") or NO_ID)
        if errors or element.get("StatusAttributeString") == "ERROR" or id == NO_ID:
            return Rejected("; ".join(errors) or "refused", "10")
        return Posted(id)

    def write(self, method: str, path: str, body: Any, key: str, **query: Any) -> Answer:
        headers = {"Idempotency-Key": key} if key else {}
        return self.transport.write(method, f"{self.root}/{path}", body=body, headers=headers, **query)

    def _elements(self, answer: Answer, collection: str) -> list[dict[str, Any]]:
        if not isinstance(answer.body, dict) or not isinstance(answer.body.get(collection), list):
            raise OutcomeUnknown(f"status {answer.status}, and no {collection}")
        return list(answer.body[collection])

    def find(self, document: Document) -> str | None:
        kind = self.kind(document)
        name = {"ManualJournal": "Narration", "Invoice": "InvoiceNumber"}.get(kind, "Reference")
        token = self.driver.texts.token(document.id)
        collection = COLLECTIONS[kind]
        day = document.date
        where = f"Date==DateTime({day.year},{day.month:02d},{day.day:02d})"
        if kind == "BankTransfer":
            rows = self.read(collection, where=where).get(collection) or []
        else:
            rows = self.paged(collection, where=where)
        live = [row for row in rows if row.get("Status") not in ENDED and token in str(row.get(name) or "")]
        return str(live[0][f"{kind}ID"]) if live else None

    # Bodies

    def body(self, document: Document) -> dict[str, Any]:
        match self.kind(document):
            case "BankTransfer":
                return self._bank_transfer(document)
            case "ManualJournal":
                return self._manual_journal(document)
            case "Invoice":
                return self._bill(document)
            case _:
                return self._bank_transaction(document)

    def _bank_transaction(self, document: Document) -> dict[str, Any]:
        body: dict[str, Any] = {
            "Type": "SPEND" if self.spends(document) else "RECEIVE",
            "Contact": {"ContactID": document.facts["contact"]},
            "BankAccount": {"AccountID": document.account},
            "Date": document.date.isoformat(),
            "Reference": self.reference(document),
            "LineAmountTypes": "Exclusive",
            "Status": "AUTHORISED",
            "LineItems": self.line_items(document),
        }
        if document.rate is not None:
            body["CurrencyRate"] = self.currency_rate(document.rate)
        return body

    def _bill(self, document: Document) -> dict[str, Any]:
        body: dict[str, Any] = {
            "Type": "ACCPAY",
            "Contact": {"ContactID": document.facts["contact"]},
            "InvoiceNumber": self.reference(document),
            "Date": document.date.isoformat(),
            "DueDate": (document.due or document.date).isoformat(),
            "LineAmountTypes": "Exclusive",
            "Status": "AUTHORISED",
            "CurrencyCode": document.currency,
            "LineItems": self.line_items(document),
        }
        if document.rate is not None:
            body["CurrencyRate"] = self.currency_rate(document.rate)
        return body

    def reference(self, document: Document) -> str:
        return self.driver.texts.marked(document.reference or document.merchant, document.id)

    def spends(self, document: Document) -> bool:
        """Whether money goes out on the whole: Xero takes positive totals only."""
        return document.spends

    def currency_rate(self, rate: Decimal) -> Decimal:
        """Xero's rate is foreign units for one base unit, the reciprocal of ours."""
        return (1 / rate).quantize(Decimal("1e-10"), "ROUND_HALF_UP")

    def line_items(self, document: Document) -> list[dict[str, Any]]:
        sign = 1 if self.spends(document) else -1
        return [self._line_item(line, document, sign) for line in document.lines]

    def _line_item(self, line: Line, document: Document, sign: int) -> dict[str, Any]:
        amounts = self.driver.amounts
        text = line.description or document.text or document.kind
        amount = amounts.on_wire(self.signed(self.line_amount(line), sign))
        body: dict[str, Any] = {
            "Description": self.driver.texts.description(text),
            "Quantity": 1,
            "UnitAmount": amount,
            "LineAmount": amount,
            "AccountCode": document.facts["codes"][line.account],
            "TaxAmount": amounts.on_wire(self.signed(self.line_tax(line), sign)),
        }
        if line.tax_code or not line.tax:
            body["TaxType"] = line.tax_code or "NONE"
        return body | self._tracking(line, document)

    def signed(self, amount: Any, sign: int) -> Any:
        """An amount of a line as seen from the direction of its document."""
        return sign * amount

    def line_amount(self, line: Line) -> Any:
        """What a line amounts to without tax, as ``LineAmountTypes`` says."""
        return line.net

    def line_tax(self, line: Line) -> Any:
        return line.tax

    def _tracking(self, line: Line, document: Document) -> dict[str, Any]:
        options = document.facts.get("options") or {}
        tags = [{"TrackingCategoryID": options[id], "TrackingOptionID": id} for id in line.tracking]
        return {"Tracking": tags} if tags else {}

    def _bank_transfer(self, document: Document) -> dict[str, Any]:
        assert document.source is not None
        assert document.target is not None
        return {
            "FromBankAccount": {"AccountID": document.source.account},
            "ToBankAccount": {"AccountID": document.target.account},
            "Amount": document.source.amount,
            "Date": document.date.isoformat(),
            "Reference": self.driver.texts.marked(document.notes, document.id),
        }

    def _manual_journal(self, document: Document) -> dict[str, Any]:
        return {
            "Narration": self.driver.texts.marked(document.reference, document.id),
            "Date": document.date.isoformat(),
            "LineAmountTypes": "NoTax",
            "Status": "POSTED",
            "JournalLines": [self._journal_line(line, document) for line in document.lines],
        }

    def _journal_line(self, line: Line, document: Document) -> dict[str, Any]:
        body: dict[str, Any] = {
            "LineAmount": self.journal_amount(line.net),
            "AccountCode": document.facts["codes"][line.account],
        }
        if line.description:
            body["Description"] = self.driver.texts.description(line.description)
        return body | self._tracking(line, document)

    def journal_amount(self, net: Any) -> Any:
        return self.driver.amounts.on_wire(net)

    # Changes

    def update(self, document: Document, native_id: str, *, key: str) -> Verdict:
        stands = (self.read(f"BankTransactions/{native_id}").get("BankTransactions") or [{}])[0]
        if stands.get("Status") != "AUTHORISED":
            return Rejected(f"it is {stands.get('Status') or 'gone'} in Xero")
        body = {**self.body(document), "BankTransactionID": native_id}
        for line, kept in zip(body["LineItems"], stands.get("LineItems") or (), strict=False):
            line["LineItemID"] = kept["LineItemID"]
        key = f"{key}-{stands.get('UpdatedDateUTC', '')}"[:128]
        answer = self.write("POST", "BankTransactions", {"BankTransactions": [body]}, key)
        if answer.status != 200:
            return Rejected(said(answer.body), str(answer.status))
        return self.verdict("BankTransaction", self._elements(answer, "BankTransactions")[0])

    # Contacts

    def find_contact(self, name: str) -> tuple[str, bool] | None:
        rows = self.paged("Contacts", where=f'Name=="{self.quoted(name)}"', includeArchived="true")
        rows.sort(key=lambda row: row.get("ContactStatus") != "ACTIVE")
        return (rows[0]["ContactID"], rows[0].get("ContactStatus") == "ACTIVE") if rows else None

    def quoted(self, text: str) -> str:
        """A text within double quotes of a filter."""
        return text.replace("\\", "\\\\").replace('"', '\\"')

    def revive_contact(self, id: str) -> None:
        """An archived contact leaves its name free in Xero, and cannot be edited."""
        raise Refused("archived", code="name free")

    def create_contact(self, name: str, *, key: str) -> str:
        answer = self.write("PUT", "Contacts", {"Contacts": [{"Name": name}]}, key)
        if answer.status != 200:
            raise Refused(said(answer.body), code=str(answer.status))
        return str(self._elements(answer, "Contacts")[0]["ContactID"])

    # Files

    def _place(self, document: Document, native_id: str) -> str:
        return f"{COLLECTIONS[self.kind(document)]}/{native_id}/Attachments"

    def file_name(self, file: Mapping[str, Any]) -> str:
        """A name of its own: a second file of the same name would take the place of the first."""
        stem, dot, kind = file["name"].rpartition(".")
        return f"{stem}-{file['id'][-12:]}.{kind}" if dot else f"{file['name']}-{file['id'][-12:]}"

    def attached(self, document: Document, native_id: str, file: Mapping[str, Any]) -> bool:
        rows = self.read(self._place(document, native_id)).get("Attachments") or []
        return any(row.get("FileName") == self.file_name(file) for row in rows)

    def attach(self, document: Document, native_id: str, file: Mapping[str, Any], content: bytes, *, key: str) -> None:
        answer = self.transport.write(
            "PUT",
            f"{self.root}/{self._place(document, native_id)}/{quote(self.file_name(file), safe='')}",
            data=content,
            headers={"Content-Type": file["type"], "Idempotency-Key": key},
        )
        if answer.status != 200:
            raise Refused(said(answer.body), code=str(answer.status))

    # Bills

    def open_balance(self, native_id: str, currency: str) -> Decimal:
        rows = self.read(f"Invoices/{native_id}").get("Invoices") or [{}]
        return Decimal(str(rows[0].get("AmountDue") or 0))

    def pay(self, payment: Mapping[str, Any], *, key: str) -> Verdict:
        if len(payment["parts"]) == 1:
            body = {**self._payment(payment["parts"][0]), **self._paid_from(payment)}
            if payment["currency"] != self.company["currency"]:
                body["CurrencyRate"] = self.currency_rate(Decimal(payment["rate"]))
            return self._pay("Payments", body, key)
        token = self.driver.texts.token(payment["id"])
        parts = [{**self._payment(part), "Reference": token} for part in payment["parts"]]
        return self._pay("BatchPayments", {"Payments": parts, **self._paid_from(payment)}, key)

    def _payment(self, part: Mapping[str, Any]) -> dict[str, Any]:
        return {"Invoice": {"InvoiceID": part["native_id"]}, "Amount": part["amount"]}

    def _paid_from(self, payment: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "Account": {"AccountID": payment["bank_account"]},
            "Date": payment["date"],
            "Reference": self.driver.texts.marked(payment.get("reference") or "", payment["id"]),
        }

    def _pay(self, collection: str, body: dict[str, Any], key: str) -> Verdict:
        answer = self.write("PUT", collection, {collection: [body]}, key)
        if answer.status != 200:
            return Rejected(said(answer.body), str(answer.status))
        element = self._elements(answer, collection)[0]
        errors = messages(element)
        if errors:
            return Rejected("; ".join(errors), "10")
        made = element["Payments"][0] if collection == "BatchPayments" else element  # the batch itself posts nothing
        return Posted(str(made["PaymentID"]))

    def find_payment(self, payment: Mapping[str, Any]) -> str | None:
        token = self.driver.texts.token(payment["id"])
        live = [
            row
            for row in self.paged("Payments")
            if row.get("Status") not in ENDED and token in str(row.get("Reference") or "")
        ]
        return str(live[0]["PaymentID"]) if live else None


def messages(part: Any) -> list[str]:
    """Every validation message of an element and of what is nested in it, each once."""
    found: dict[str, None] = {}
    if isinstance(part, list):
        for item in part:
            found |= dict.fromkeys(messages(item))
    elif isinstance(part, dict):
        found |= {str(error["Message"]): None for error in part.get("ValidationErrors") or () if error.get("Message")}
        for name, nested in part.items():
            if name != "ValidationErrors" and isinstance(nested, list | dict):
                found |= dict.fromkeys(messages(nested))
    return list(found)


def said(body: Any) -> str:
    """What an error answer says, never empty."""
    if not isinstance(body, dict):
        return "refused"
    own = [str(body[name]) for name in ("Message", "Detail", "Title") if body.get(name)]
    return "; ".join(messages(body.get("Elements")) or own[:1]) or "refused"
