"""Neutral documents as Xero records, and whether Xero kept what was sent. Pure.

Every record carries the transaction's id at the end of a text that Xero keeps: the reference of a bank transaction or
transfer, the narration of a manual journal.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from msgspec import Struct

from sandbooks.connector import (
    Adjustment,
    AdjustmentLine,
    Company,
    Document,
    Expense,
    Line,
    Native,
    Refused,
    Reimbursable,
    TrackingRef,
    Transfer,
    marked,
)
from sandbooks.platforms.xero.connector.reading import day

REFERENCE_MOST = 255  # Source: developer.xero.com, bank transactions and bank transfers, Reference
DESCRIPTION_MOST = 4000  # Source: developer.xero.com, line items, Description
TRACKING_MOST = 2  # Source: github.com/XeroAPI/Xero-OpenAPI, LineItem.Tracking
NO_TAX = "NONE"
CENT = Decimal("0.01")
# Source: ISO 4217 (currencies without a minor unit)
_WHOLE = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
WHOLE = frozenset(_WHOLE.split())
RATE_PLACES = Decimal("1e-6")  # Source: developer.xero.com, CurrencyRate, length 18 with 6 decimals
RATE_PLACES_FINE = Decimal("1e-10")  # as recorded answers print it

Kind = Literal["BankTransaction", "BankTransfer", "ManualJournal"]
COLLECTIONS: Mapping[str, str] = {
    "BankTransaction": "BankTransactions",
    "BankTransfer": "BankTransfers",
    "ManualJournal": "ManualJournals",
    "Invoice": "Invoices",
    "CreditNote": "CreditNotes",
}
MARKED_IN: Mapping[str, str] = {
    "BankTransaction": "Reference",
    "BankTransfer": "Reference",
    "ManualJournal": "Narration",
}
# The status that takes a record out of the books. Source: developer.xero.com, status codes of each endpoint
ENDED: Mapping[str, str] = {"BankTransaction": "DELETED", "BankTransfer": "DELETED", "ManualJournal": "VOIDED"}

Body = dict[str, Any]


class Lists(Struct, frozen=True):
    """What documents refer to: account codes by account id, and tracking options by option id."""

    codes: Mapping[str, str]
    options: Mapping[str, Mapping[str, Any]]


def kind_for(document: Document) -> Kind:
    """The native record that a document becomes. Raises ``Refused`` for what Xero is not offered for."""
    match document:
        case Expense():
            return "BankTransaction"
        case Transfer():
            return "BankTransfer"
        case Adjustment():
            return "ManualJournal"
        case Reimbursable():
            raise Refused("reimbursable expenses are not offered for Xero")


def native_of(kind: str, body: Mapping[str, Any]) -> Native:
    """A record's identity; Xero has no version token."""
    types = {"BankTransfer": "transfers", "ManualJournal": "journalEntries"}
    spent = "directIncomes" if body.get("Type") == "RECEIVE" else "directCosts"
    return Native(kind=kind, id=str(body[f"{kind}ID"]), data_type=types.get(kind, spent))


def carries(kind: str, body: Mapping[str, Any], id: str) -> bool:
    """Whether a live record is the one written for a transaction."""
    text = str(body.get(MARKED_IN[kind]) or "").rstrip()
    return text.endswith(f"[{id}]") and body.get("Status") not in ("DELETED", "VOIDED")


def names_options(document: Document) -> bool:
    """Whether any line is tracked."""
    return not isinstance(document, Transfer) and any(line.tracking for line in document.lines)


def line_accounts(document: Document) -> tuple[str, ...]:
    """The accounts that lines name, each once."""
    if isinstance(document, Transfer):
        return ()
    if any(not line.account for line in document.lines):
        raise Refused("Xero needs an account on each line")
    return tuple(dict.fromkeys(line.account for line in document.lines))


def body_of(document: Document, company: Company, lists: Lists) -> Body:
    """The record to be sent. Raises ``Refused`` for what Xero cannot state, before anything is written."""
    match document:
        case Expense():
            return _bank_transaction(document, company, lists)
        case Transfer():
            return _bank_transfer(document, company)
        case Adjustment():
            return _manual_journal(document, company, lists)
        case Reimbursable():
            raise Refused("reimbursable expenses are not offered for Xero")


# Money spent and received


def _bank_transaction(document: Expense, company: Company, lists: Lists) -> Body:
    """Amounts are never negative in Xero: what nets to the other side is the opposite type."""
    if document.contact is None or not document.contact.id:
        raise Refused(f"Xero needs a contact on a {document.kind.lower()}")
    total = sum((line.net + (line.tax or 0) for line in document.lines), Decimal(0))
    spent = (document.kind == "Payment") == (total >= 0)
    lines = [_line_item(line, document, lists, sign=-1 if total < 0 else 1) for line in document.lines]
    body: Body = {
        "Type": "SPEND" if spent else "RECEIVE",
        "Contact": {"ContactID": document.contact.id},
        "BankAccount": {"AccountID": document.account.id},
        "Date": document.date.isoformat(),
        "Reference": marked(document.reference or document.merchant, document.id, most=REFERENCE_MOST),
        "LineAmountTypes": "Exclusive",
        "Status": "AUTHORISED",
        "LineItems": lines,
    }
    if document.account.currency != company.currency:
        body["CurrencyRate"] = currency_rate(document, abs(total))
    return body


def currency_rate(document: Expense, total: Decimal) -> Decimal:
    """Foreign units per base unit, the reciprocal of ours; finer where six decimals would miss the base amount.

    Xero books a document in the currency of its bank account, whatever the money was spent in.
    """
    if document.rate is None or document.rate <= 0:
        raise Refused(f"a rate is needed: the bank account is in {document.account.currency}")
    wanted = (total * document.rate).quantize(CENT, "ROUND_HALF_UP")
    rate = (1 / document.rate).quantize(RATE_PLACES, "ROUND_HALF_UP")
    if not rate or (total / rate).quantize(CENT, "ROUND_HALF_UP") != wanted:
        rate = (1 / document.rate).quantize(RATE_PLACES_FINE, "ROUND_HALF_UP")
    return rate


def _line_item(line: Line, document: Expense, lists: Lists, *, sign: int) -> Body:
    if line.invoice_to:
        raise Refused("Xero takes no customer to bill a line on to here")
    text = line.description or " - ".join(filter(None, (document.merchant, document.notes))) or document.kind
    body: Body = {
        "Description": text[:DESCRIPTION_MOST],
        "Quantity": 1,
        "UnitAmount": cents(sign * line.net),
        "LineAmount": cents(sign * line.net),
        "AccountCode": code_of(line.account, lists),
    }
    if line.tax_rate or not line.tax:
        body["TaxType"] = line.tax_rate or NO_TAX
    if line.tax is not None:
        body["TaxAmount"] = cents(sign * line.tax)
    return body | tracked(line.tracking, lists)


def cents(amount: Decimal) -> Decimal:
    """The amount at the two decimals that Xero keeps; one that has more would be changed on the way."""
    rounded = amount.quantize(CENT)
    if rounded != amount:
        raise Refused(f"Xero keeps two decimals: {amount} cannot be booked")
    return rounded if rounded else abs(rounded)


def code_of(account: str, lists: Lists) -> str:
    """The code of an account: lines of a request name accounts by code alone.

    Source: github.com/XeroAPI/Xero-OpenAPI, release 2.12.1 (AccountID of a line is for reading only).
    """
    if not lists.codes.get(account):
        raise Refused(f"account {account} has no code in Xero, so no line can name it", element=account)
    return lists.codes[account]


def tracked(tracking: Sequence[TrackingRef], lists: Lists) -> Body:
    """The tags of a line. An inactive one is refused here: Xero would leave it out without a word."""
    tags = []
    for ref in tracking:
        option = lists.options.get(ref.id) if ref.kind == "tracking" else None
        if option is None:
            raise Refused(f"{ref.id} is no tracking option of the organisation", element=ref.id)
        if not option["active"]:
            raise Refused(f"tracking option {option['name']} is archived in Xero", element=ref.id)
        tags.append({"TrackingCategoryID": option["category"], "TrackingOptionID": ref.id})
    if len(tags) > TRACKING_MOST or len({tag["TrackingCategoryID"] for tag in tags}) < len(tags):
        raise Refused("Xero takes two tracking options for each line, of two categories")
    return {"Tracking": tags} if tags else {}


def options_of(categories: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Tracking options by id: their name, their category, and whether a line may carry them."""
    return {
        str(option["TrackingOptionID"]): {
            "category": str(category["TrackingCategoryID"]),
            "name": option.get("Name"),
            "active": {category.get("Status", "ACTIVE"), option.get("Status", "ACTIVE")} == {"ACTIVE"},
        }
        for category in categories
        for option in category.get("Options") or ()
    }


# Transfers and journals


def _bank_transfer(document: Transfer, company: Company) -> Body:
    """One amount, in the currency of the account that it leaves: what arrives abroad, Xero reckons at its own rate."""
    source, target = document.source, document.target
    if source.currency == target.currency and source.amount != target.amount:
        raise Refused(f"a transfer in {source.currency} arrives as the amount that leaves: Xero takes one amount")
    if source.currency != target.currency and company.currency not in (source.currency, target.currency):
        raise Refused(f"Xero does not transfer from {source.currency} to {target.currency}, both foreign")
    return {
        "FromBankAccount": {"AccountID": source.account},
        "ToBankAccount": {"AccountID": target.account},
        "Amount": cents(source.amount),
        "Date": document.date.isoformat(),
        "Reference": marked(document.description, document.id, most=REFERENCE_MOST),
    }


def _manual_journal(document: Adjustment, company: Company, lists: Lists) -> Body:
    if document.currency != company.currency:
        raise Refused(f"Xero's manual journals are in {company.currency} alone")
    return {
        "Narration": marked(document.reference, document.id, most=REFERENCE_MOST),
        "Date": document.date.isoformat(),
        "LineAmountTypes": "NoTax",
        "Status": "POSTED",
        "JournalLines": [_journal_line(line, lists) for line in document.lines],
    }


def _journal_line(line: AdjustmentLine, lists: Lists) -> Body:
    if line.invoice_to:
        raise Refused("Xero takes no customer to bill a journal line on to")
    body: Body = {"LineAmount": cents(line.amount), "AccountCode": code_of(line.account, lists)}
    if line.description:
        body["Description"] = line.description[:DESCRIPTION_MOST]
    return body | tracked(line.tracking, lists)


# What came back


def differences(sent: Mapping[str, Any], stands: Mapping[str, Any]) -> Iterator[str]:
    """In words for the customer, what Xero did not keep of what was sent."""
    for name in ("Type", "LineAmountTypes", "Amount"):
        if name in sent and name in stands and sent[name] != stands[name]:
            yield f"{name} is {stands[name]} instead of {sent[name]}"
    for name, id in (("BankAccount", "AccountID"), ("FromBankAccount", "AccountID"), ("ToBankAccount", "AccountID")):
        if name in sent and _same_id(sent[name][id], stands.get(name), id) is False:
            yield f"{name} is another account"
    if "Contact" in sent and _same_id(sent["Contact"]["ContactID"], stands.get("Contact"), "ContactID") is False:
        yield "Contact is another"
    if day(stands.get("Date")) not in (None, date.fromisoformat(sent["Date"])):
        yield f"Date is {day(stands['Date'])} instead of {sent['Date']}"
    if "CurrencyRate" in sent and abs(_decimal(stands.get("CurrencyRate")) - sent["CurrencyRate"]) > RATE_PLACES / 2:
        yield f"CurrencyRate is {stands.get('CurrencyRate')} instead of {sent['CurrencyRate']}"
    for name in ("LineItems", "JournalLines"):
        if name in sent:
            yield from line_differences(sent[name], stands.get(name) or [])
    if "LineItems" in sent and all("TaxAmount" in line for line in sent["LineItems"]) and "Total" in stands:
        total = sum((line["LineAmount"] + line["TaxAmount"] for line in sent["LineItems"]), Decimal(0))
        if _decimal(stands["Total"]) != total:
            yield f"Total is {stands['Total']} instead of {total}"


def arrival_differences(document: Document, stands: Mapping[str, Any], company: Company) -> Iterator[str]:
    """In words, what else than it should arrives of a transfer between currencies at Xero's own rate."""
    if not isinstance(document, Transfer) or document.source.currency == document.target.currency:
        return
    # Source: developer.xero.com, bank transfers: CurrencyRate is only read. It is foreign units for one of base.
    rate, left, target = _decimal(stands.get("CurrencyRate")), document.source, document.target
    arrives = Decimal(0)
    if rate > 0:
        exact = left.amount * rate if left.currency == company.currency else left.amount / rate
        arrives = exact.quantize(Decimal(1) if target.currency in WHOLE else CENT, "ROUND_HALF_UP")
    if arrives != target.amount:
        yield f"{arrives} {target.currency} arrives instead of {target.amount}"


def line_differences(sent: Sequence[Mapping[str, Any]], stands: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """As ``differences``, for the lines."""
    if len(sent) != len(stands):
        yield f"{len(stands)} lines instead of {len(sent)}"
        return
    for number, (line, kept) in enumerate(zip(sent, stands, strict=True), 1):
        for name in ("AccountCode", "TaxType"):
            if name in line and str(kept.get(name) or "").upper() != line[name].upper():
                yield f"{name} of line {number} is {kept.get(name) or 'empty'} instead of {line[name]}"
        for name in ("LineAmount", "TaxAmount"):
            if name in line and _decimal(kept.get(name)) != line[name]:
                yield f"{name} of line {number} is {kept.get(name)} instead of {line[name]}"
        if _tags(line) != _tags(kept):
            yield f"the tracking of line {number} was not kept"


def lost(document: Document, stands: Mapping[str, Any]) -> set[str]:
    """Tracking options (lower case) and tax types of a document that the record that stands does not carry."""
    missing: set[str] = set()
    if isinstance(document, Transfer):
        return missing
    lines: Sequence[Line | AdjustmentLine] = document.lines
    kept_lines = stands.get("LineItems") or stands.get("JournalLines") or ()
    for line, kept in zip(lines, kept_lines, strict=False):
        missing |= {ref.id.lower() for ref in line.tracking} - _tags(kept)
        rate = line.tax_rate if isinstance(line, Line) else ""
        if rate and rate.upper() != str(kept.get("TaxType") or "").upper():
            missing.add(rate)
    return missing


def _tags(line: Mapping[str, Any]) -> set[str]:
    return {str(tag.get("TrackingOptionID")).lower() for tag in line.get("Tracking") or ()}


def _same_id(sent: str, stands: Any, name: str) -> bool | None:
    """Whether a nested record is the one that was sent; None where the answer does not say."""
    found = stands.get(name) if isinstance(stands, dict) else None
    return None if not found else _plain_id(str(found)) == _plain_id(sent)


def _plain_id(id: str) -> str:
    return id.replace("-", "").lower()


def _decimal(value: Any) -> Decimal:
    return Decimal(str(value or 0))
