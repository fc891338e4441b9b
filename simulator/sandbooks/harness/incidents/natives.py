"""What a recorded write says: its kind, date, amounts and accounts, read from each platform's own document.

Only reading, and only of what a scenario can tell. A document that is not known here is left to the reader.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from sandbooks.harness.incidents.seen import Seen

RATE_DIGITS = Decimal("0.000000001")
_DOTNET = re.compile(r"/Date\((-?\d+)(?:[+-]\d{4})?\)/")


class Unreadable(Exception):
    """The document lacks what a scenario needs. The message says what."""


@dataclass(frozen=True)
class WrittenLine:
    """One line: net and tax as they were sent, native ids. ``amount`` signed only in an adjustment (debit > 0)."""

    net: Decimal
    account: str
    tax: Decimal = Decimal(0)
    tax_code: str = ""


@dataclass(frozen=True)
class Written:
    """One document as it was sent. Ids are native; ``rate`` is base currency for one unit, None when not said."""

    kind: str
    date: str
    lines: tuple[WrittenLine, ...]
    currency: str = ""
    rate: Decimal | None = None
    account: str = ""
    contact: str = ""
    reference: str = ""
    to_account: str = ""
    to_amount: Decimal = Decimal(0)
    due: str = ""
    id: str = field(default="", compare=False)


def written_in(seen: Seen) -> list[Written]:
    """The documents that an exchange sent; none for one that writes nothing of the kind. Raises ``Unreadable``."""
    reader = READERS.get(seen.surface)
    if reader is None or seen.method not in ("POST", "PUT") or seen.body is None:
        return []
    try:
        return list(reader(seen))
    except (KeyError, TypeError, AttributeError, ValueError, InvalidOperation, IndexError) as error:
        raise Unreadable(f"{seen.method} {seen.path}: {type(error).__name__} {error}") from error


def knows(surface: str) -> bool:
    """Whether documents of a platform can be read here."""
    return surface in READERS


# QuickBooks Online. Source: https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/purchase


def _quickbooks(seen: Seen) -> Iterator[Written]:
    entity = seen.path.rstrip("/").rpartition("/")[2].lower()
    body = seen.body
    if body.get("Id") or entity not in ("purchase", "deposit", "vendorcredit", "bill", "transfer", "journalentry"):
        return
    common: dict[str, Any] = {
        "date": _day(body.get("TxnDate"), seen),
        "currency": _ref(body.get("CurrencyRef")),
        "rate": _number(body.get("ExchangeRate")),
        "reference": str(body.get("PrivateNote") or body.get("DocNumber") or ""),
    }
    if entity == "transfer":
        amount, source = _money(body["Amount"]), _ref(body["FromAccountRef"])
        sides: dict[str, Any] = {"to_account": _ref(body["ToAccountRef"]), "to_amount": amount}
        yield Written("transfer", lines=(WrittenLine(amount, source),), account=source, **sides, **common)
    elif entity == "journalentry":
        yield Written("adjustment", lines=tuple(_journal_lines(body)), **common)
    elif entity == "deposit":
        given = [(line["Amount"], line["DepositLineDetail"]["AccountRef"]) for line in body["Line"]]
        lines = [WrittenLine(_money(amount), _ref(account)) for amount, account in given]
        yield Written("refund", lines=tuple(lines), account=_ref(body["DepositToAccountRef"]), **common)
    else:
        spent = "refund" if body.get("Credit") is True else "payment"
        kind = {"bill": "bill", "vendorcredit": "refund"}.get(entity, spent)
        lines = [_quickbooks_line(line) for line in body["Line"] if "AccountBasedExpenseLineDetail" in line]
        account, contact = _ref(body.get("AccountRef")), _ref(body.get("EntityRef") or body.get("VendorRef"))
        due = str(body.get("DueDate") or "")
        yield Written(kind, lines=tuple(lines), account=account, contact=contact, due=due, **common)


def _quickbooks_line(line: Mapping[str, Any]) -> WrittenLine:
    detail = line["AccountBasedExpenseLineDetail"]
    return WrittenLine(_money(line["Amount"]), _ref(detail["AccountRef"]), tax_code=_ref(detail.get("TaxCodeRef")))


def _journal_lines(body: Mapping[str, Any]) -> Iterator[WrittenLine]:
    for line in body["Line"]:
        detail = line["JournalEntryLineDetail"]
        sign = 1 if detail["PostingType"] == "Debit" else -1
        yield WrittenLine(_money(line["Amount"]) * sign, _ref(detail["AccountRef"]))


def _ref(found: Any) -> str:
    return str(found.get("value", "")) if isinstance(found, Mapping) else ""


# Xero. Source: https://developer.xero.com/documentation/api/accounting/banktransactions


def _xero(seen: Seen) -> Iterator[Written]:
    collection = seen.path.rstrip("/").rpartition("/")[2]
    if collection not in ("BankTransactions", "Invoices", "BankTransfers", "ManualJournals"):
        return
    for body in _each(seen.body, collection):
        if not any(name in body for name in ("BankTransactionID", "InvoiceID", "ManualJournalID")):
            yield from _xero_one(collection, body, seen)


def _xero_one(collection: str, body: Mapping[str, Any], seen: Seen) -> Iterator[Written]:
    day = _day(body.get("Date"), seen)
    if collection == "BankTransfers":
        amount, source = _money(body["Amount"]), _code(body["FromBankAccount"])
        line = WrittenLine(amount, source)
        to = _code(body["ToBankAccount"])
        yield Written("transfer", day, (line,), account=source, to_account=to, to_amount=amount)
        return
    if collection == "ManualJournals":
        lines = tuple(WrittenLine(_money(line["LineAmount"]), _code(line)) for line in body["JournalLines"])
        yield Written("adjustment", day, lines, reference=str(body.get("Narration") or ""))
        return
    kind = {"SPEND": "payment", "RECEIVE": "refund", "ACCPAY": "bill"}.get(str(body.get("Type")))
    if kind is None:
        return
    rate = _number(body.get("CurrencyRate"))  # foreign currency for one unit of base
    inclusive = str(body.get("LineAmountTypes") or "Exclusive") == "Inclusive"
    yield Written(
        kind,
        day,
        tuple(_xero_line(line, inclusive=inclusive) for line in body["LineItems"]),
        currency=str(body.get("CurrencyCode") or ""),
        rate=(1 / rate).quantize(RATE_DIGITS) if rate else None,
        account=_code(body.get("BankAccount") or {}),
        contact=str((body.get("Contact") or {}).get("ContactID") or (body.get("Contact") or {}).get("Name") or ""),
        reference=str(body.get("Reference") or ""),
        due=_day(body["DueDate"], seen) if body.get("DueDate") else "",
    )


def _xero_line(line: Mapping[str, Any], *, inclusive: bool) -> WrittenLine:
    given = line.get("LineAmount")
    worth = _money(given) if given is not None else _money(line["UnitAmount"]) * _money(line.get("Quantity", 1))
    tax = _money(line.get("TaxAmount") or 0)
    return WrittenLine(worth - tax if inclusive else worth, _code(line), tax, str(line.get("TaxType") or ""))


def _code(found: Mapping[str, Any]) -> str:
    return str(found.get("AccountID") or found.get("AccountCode") or found.get("Code") or "")


# FreeAgent. Source: https://dev.freeagent.com/docs/bank_transaction_explanations


def _freeagent(seen: Seen) -> Iterator[Written]:
    body = (seen.body or {}).get("bank_transaction_explanation")
    if body is None or seen.method != "POST":
        return
    gross = _money(body["gross_value"])
    lines = (WrittenLine(abs(gross), str(body.get("category") or "")),)
    yield Written(
        "payment" if gross < 0 else "refund",
        _day(body.get("dated_on"), seen),
        lines,
        account=str(body.get("bank_account") or ""),
        reference=str(body.get("description") or ""),
    )


# Zoho Books. Source: https://www.zoho.com/books/api/v3/expenses/


def _zoho(seen: Seen) -> Iterator[Written]:
    if not seen.path.rstrip("/").endswith("/expenses") or seen.method != "POST":
        return
    body = seen.body
    lines = body.get("line_items") or [body]
    yield Written(
        "payment",
        _day(body.get("date"), seen),
        tuple(WrittenLine(_money(line["amount"]), str(line["account_id"])) for line in lines),
        rate=_number(body.get("exchange_rate")),
        account=str(body.get("paid_through_account_id") or ""),
        contact=str(body.get("vendor_id") or ""),
        reference=str(body.get("reference_number") or ""),
    )


# NetSuite. Source: https://system.netsuite.com/help/helpcenter/en_US/APIs/REST_API_Browser/record/v1/2024.2/index.html

_NETSUITE = {"creditCardCharge": "payment", "check": "payment", "creditCardRefund": "refund", "vendorBill": "bill"}


def _netsuite(seen: Seen) -> Iterator[Written]:
    kind = next((_NETSUITE[part] for part in seen.path.split("/") if part in _NETSUITE), None)
    if kind is None:
        return
    body = seen.body
    lines = [
        WrittenLine(_money(line["amount"]), str((line.get("account") or {}).get("id", "")))
        for line in body["expense"]["items"]
    ]
    yield Written(
        kind,
        _day(body.get("tranDate"), seen),
        tuple(lines),
        rate=_number(body.get("exchangeRate")),
        account=str((body.get("account") or {}).get("id", "")),
        contact=str((body.get("entity") or {}).get("id", "")),
        reference=str(body.get("memo") or body.get("externalId") or ""),
    )


# The hub. Source: https://docs.codat.io/sync-for-expenses-api


def _hub(seen: Seen) -> Iterator[Written]:
    place = seen.path.rstrip("/").rpartition("/")[2]
    items = seen.body if isinstance(seen.body, list) else [seen.body]
    if place in ("expense-transactions", "reimbursable-expense-transactions", "adjustment-transactions"):
        for body in items:
            yield _hub_one(place, body, seen)
    elif "/transfer-transactions" in seen.path:
        body = seen.body
        source, target = body["from"], body["to"]
        line = WrittenLine(_money(source["amount"]), source["accountRef"]["id"])
        yield Written(
            "transfer",
            _day(body.get("date"), seen),
            (line,),
            account=source["accountRef"]["id"],
            to_account=target["accountRef"]["id"],
            to_amount=_money(target["amount"]),
            id=place,
        )


def _hub_one(place: str, body: Mapping[str, Any], seen: Seen) -> Written:
    common: dict[str, Any] = {
        "currency": str(body.get("currency") or ""),
        "rate": _number(body.get("currencyRate")),
        "reference": str(body.get("notes") or body.get("reference") or ""),
        "id": str(body.get("id") or ""),
    }
    if place.startswith("adjustment"):
        lines = tuple(WrittenLine(_money(line["amount"]), line["accountRef"]["id"]) for line in body["lines"])
        return Written("adjustment", _day(body.get("date"), seen), lines, **common)
    lines = tuple(
        WrittenLine(
            _money(line["netAmount"]),
            str((line.get("accountRef") or {}).get("id") or ""),
            _money(line.get("taxAmount") or 0),
            str((line.get("taxRateRef") or {}).get("id") or ""),
        )
        for line in body["lines"]
    )
    kind = "reimbursable" if place.startswith("reimbursable") else str(body["type"]).lower()
    return Written(
        kind,
        _day(body.get("issueDate"), seen),
        lines,
        account=str((body.get("bankAccountRef") or {}).get("id") or ""),
        contact=str((body.get("contactRef") or {}).get("id") or ""),
        due=str(body.get("dueDate") or "")[:10],
        **common,
    )


# Parts


def _each(body: Any, collection: str) -> list[Mapping[str, Any]]:
    listed = body.get(collection) if isinstance(body, Mapping) else body
    if listed is None:
        return [body]
    return listed if isinstance(listed, list) else [listed]


def _money(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, (int, str, Decimal)):
        raise Unreadable(f"{value!r} is no amount")
    return Decimal(value)


def _number(value: Any) -> Decimal | None:
    return Decimal(str(value)) if value not in (None, "") else None


def _day(value: Any, seen: Seen) -> str:
    """The accounting date; the day on which it was sent where the document says none."""
    if value in (None, ""):
        return seen.at.date().isoformat()
    dotnet = _DOTNET.fullmatch(str(value))
    if dotnet:
        return datetime.fromtimestamp(int(dotnet[1]) / 1000, UTC).date().isoformat()
    return datetime.fromisoformat(str(value)[:10]).date().isoformat()


READERS: dict[str, Callable[[Seen], Iterator[Written]]] = {
    "quickbooks_online": _quickbooks,
    "xero": _xero,
    "freeagent": _freeagent,
    "zoho_books": _zoho,
    "netsuite": _netsuite,
    "codat": _hub,
}
