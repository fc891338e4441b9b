"""Neutral documents as journals of Business Central, one journal for each. Pure.

Posting a journal posts every line that is in it, so that a document has a journal of its own, under an id and a code
that follow from the document's id alone: a second one cannot be made. The document number follows from it too, and
stays on the entries of the ledger, where the document is found again; the description shows the id itself.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from msgspec import Struct

from sandbooks.connector import (
    Adjustment,
    AdjustmentLine,
    Company,
    Document,
    Expense,
    Native,
    Refused,
    Reimbursable,
    TrackingRef,
    Transfer,
    marked,
)
from sandbooks.platforms.business_central.connector.reading import BANK, LEDGER

NUMBER_MOST = 20  # Source: github.com/microsoft/BCApps, table Gen. Journal Line, Document No.
CODE_MOST = 10  # Source: github.com/microsoft/BCApps, table Gen. Journal Batch, Name
REFERENCE_MOST = 35  # Source: github.com/microsoft/BCApps, table Gen. Journal Line, External Document No.
DESCRIPTION_MOST = 100  # Source: github.com/microsoft/BCApps, table Gen. Journal Line, Description
LINE_STEP = 10000  # Source: github.com/microsoft/BCApps, codeunit Library API - General Journal
ADJUSTMENT_LINES = 2  # Source: docs.codat.io, Dynamics 365 Business Central, journal entries
JOURNAL = "journal"
CENT = Decimal("0.01")
COMPARED = (
    "accountId",
    "postingDate",
    "balancingAccountId",
    "taxCode",
    "description",
    "externalDocumentNumber",
    "vendorId",
    "appliesToInvoiceId",
)
_IDS = UUID("5f0d6f1e-2b7c-5a7e-9d0c-7b1f3c9a4e62")  # the name space of ids that the hub chooses

Body = dict[str, Any]


def chosen_id(name: str) -> str:
    """An id for a record that is created under an id of the client's choice.

    Source: learn.microsoft.com, transitioning from API v1.0 to API v2.0, key fields (providing the SystemId)
    """
    return str(uuid5(_IDS, name))


class Journal(Struct, frozen=True):
    """The journal of one document; everything about it follows from its document number."""

    number: str

    @staticmethod
    def of(document_id: str) -> Journal:
        digest = hashlib.sha256(document_id.encode()).digest()
        return Journal(f"SB{base64.b32encode(digest).decode()}"[:NUMBER_MOST])

    @property
    def id(self) -> str:
        return chosen_id(self.number)

    @property
    def code(self) -> str:
        return code_of(self.number)

    def line_id(self, place: int) -> str:
        """The id of a line by its place, from 0."""
        return chosen_id(f"{self.number}/{place}")


def code_of(number: str) -> str:
    """The code of the journal that a document number belongs to."""
    return number[:CODE_MOST]


def is_draft(document: Document) -> bool:
    """Whether a document is left for somebody to post."""
    return isinstance(document, Expense) and document.draft


def native_of(document: Document) -> Native:
    """A document's identity: its number, which journal lines and ledger entries share."""
    if isinstance(document, Adjustment):
        data_type = "journalEntries"
    else:
        spent = isinstance(document, Expense) and document.kind == "Payment"
        data_type = "directCosts" if spent else "directIncomes"
    return Native(kind=JOURNAL, id=Journal.of(document.id).number, data_type=data_type)


def tax_group(document: Document) -> str:
    """The tax group that the line of an expense names, empty for none."""
    return document.lines[0].tax_rate if isinstance(document, Expense) and document.lines else ""


def journal_of(document: Document, company: Company, *, tax_code: str = "") -> Body:
    """The journal to be sent, lines included; ``tax_code`` is the code of the tax group that the document names.

    Raises ``Refused`` for what Business Central cannot state.

    Source: learn.microsoft.com, API v2.0, OData known limitations (deep insert).
    """
    journal = Journal.of(document.id)
    return {
        "id": journal.id,
        "code": journal.code,
        "displayName": marked("", document.id, most=DESCRIPTION_MOST),
        "journalLines": lines_of(document, company, tax_code=tax_code),
    }


def lines_of(document: Document, company: Company, *, tax_code: str = "") -> list[Body]:
    """The journal lines of a document. Raises ``Refused`` for what is not offered."""
    match document:
        case Expense():
            return [_expense_line(document, tax_code)]
        case Adjustment():
            return _adjustment_lines(document, company)
        case Reimbursable():
            raise Refused("reimbursable expenses are not offered for Business Central")
        case Transfer():
            raise Refused("transfers are not offered for Business Central")


def _line(document: Expense | Adjustment, place: int, *, account: str, amount: Decimal, text: str) -> Body:
    journal = Journal.of(document.id)
    body: Body = {
        "id": journal.line_id(place),
        "lineNumber": (place + 1) * LINE_STEP,
        "accountType": LEDGER,
        "accountId": account,
        "postingDate": document.date.isoformat(),
        "documentNumber": journal.number,
        "amount": amount,
        "description": marked(text, document.id, most=DESCRIPTION_MOST),
    }
    return body | ({"externalDocumentNumber": document.reference[:REFERENCE_MOST]} if document.reference else {})


def _expense_line(document: Expense, tax_code: str) -> Body:
    """The gross on the line's account, against the bank or card account: above zero is a debit of the line's account.

    The ledger works the tax out of the gross, by the line's tax code and the account's set-up. Contact, tags and notes
    have no place. A bank account in a foreign currency is converted at Business Central's own rate of the day, because
    a journal line of the API takes none.
    Source: github.com/microsoft/BCApps, Gen. Jnl.-Post Line (VAT of journal lines), page API Journal Lines
    """
    if len(document.lines) != 1:
        raise Refused("Business Central takes one line for each expense")
    if document.currency != document.account.currency:
        raise Refused(f"Business Central books in the bank account's currency, {document.account.currency}")
    line = document.lines[0]
    if line.item or not line.account:
        raise Refused("Business Central needs an account on each line, and takes no item")
    if line.invoice_to:
        raise Refused("Business Central takes no customer to bill a line on to here")
    gross = line.net + (line.tax or 0)
    if gross <= 0:
        raise Refused("Business Central takes no expense of nothing or less")
    text = " - ".join(filter(None, (document.merchant, line.description or document.notes)))
    amount = gross if document.kind == "Payment" else -gross
    body = _line(document, 0, account=line.account, amount=amount, text=text)
    if line.tax_rate or line.tax is not None:
        body["taxCode"] = tax_code
    bank = not document.account.category or document.account.category.endswith(BANK)
    body["balanceAccountType"] = BANK if bank else LEDGER
    return body | {"balancingAccountId": document.account.id}


def _adjustment_lines(document: Adjustment, company: Company) -> list[Body]:
    """Two lines that balance, without tax."""
    if len(document.lines) != ADJUSTMENT_LINES:
        raise Refused(f"Business Central takes {ADJUSTMENT_LINES} lines for an adjustment, not {len(document.lines)}")
    if document.currency != company.currency:
        raise Refused(f"Business Central takes adjustments in {company.currency} alone")
    return [_adjustment_line(document, place, line) for place, line in enumerate(document.lines)]


def _adjustment_line(document: Adjustment, place: int, line: AdjustmentLine) -> Body:
    if line.invoice_to:
        raise Refused("a journal line of Business Central takes no customer to bill it on to")
    text = line.description or document.reference
    body = _line(document, place, account=line.account, amount=line.amount, text=text)
    dimensions = [_dimension(ref) for ref in line.tracking]
    if len({dimension["id"] for dimension in dimensions}) < len(dimensions):
        raise Refused("Business Central takes one value of each dimension on a line")
    return body | {"taxCode": ""} | ({"dimensionSetLines": dimensions} if dimensions else {})


def _dimension(ref: TrackingRef) -> Body:
    dimension, _, value = ref.id.partition("_")
    if ref.kind != "tracking" or not value:
        raise Refused(f"Business Central has no dimension value {ref.id}", element=ref.id)
    return {"id": dimension, "valueId": value}


# What stands


def same(sent: Mapping[str, Any], stands: Mapping[str, Any]) -> bool:
    """Whether a line that stands is the one that would be sent, as far as the answer shows it."""
    for name in COMPARED:
        if name in sent and name in stands and str(stands[name]).lower() != str(sent[name]).lower():
            return False
    return Decimal(str(stands.get("amount") or 0)) == Decimal(sent["amount"])


def first_entry(entries: Sequence[Mapping[str, Any]]) -> str:
    """The id of the ledger entry that a document's files hang on: the first that its posting made."""
    return str(min(entries, key=lambda entry: int(entry.get("entryNumber") or 0))["id"])
