"""General ledger, journal, list of transactions: one row for each line or transaction, with columns to choose."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import TypeAlias

from msgspec import Struct

from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.records import Record
from sandbooks.ledger import Line
from sandbooks.platforms.quickbooks_online.api.reports.asked import Asked
from sandbooks.platforms.quickbooks_online.api.reports.shapes import Column, Row, amount, cells, data, full, section
from sandbooks.platforms.quickbooks_online.realm import Realm
from sandbooks.platforms.quickbooks_online.render import stamp

Cell: TypeAlias = "str | tuple[str, str]"

# How transactions are called in reports. Unconfirmed: the words for card charges and card credits.
_BY_PAYMENT = {"Cash": "Expense", "Check": "Check", "CreditCard": "Expense"}
_WORDS = {
    "VendorCredit": "Vendor Credit",
    "JournalEntry": "Journal Entry",
    "CreditCardPayment": "Credit Card Payment",
}


def type_of(record: Record) -> str:
    """The word for a transaction."""
    body = record.body
    if record.kind == "Purchase":
        return "Credit Card Credit" if body.get("Credit") else _BY_PAYMENT.get(body["PaymentType"], "Expense")
    if record.kind == "BillPayment":
        return "Bill Payment (Check)" if body["PayType"] == "Check" else "Bill Payment (Credit Card)"
    return _WORDS.get(record.kind, record.kind)


class Entry(Struct, frozen=True):
    """One row: the transaction, the line that the row is about, and what runs along."""

    realm: Realm
    record: Record
    line: Line
    split: tuple[str, ...] = ()
    shown: Decimal = Decimal(0)
    balance: Decimal = Decimal(0)


def _account(entry: Entry) -> Cell:
    return entry.realm.label("Account", entry.line.account), entry.line.account


def _split(entry: Entry) -> Cell:
    if len(entry.split) == 1:
        return entry.realm.label("Account", entry.split[0]), entry.split[0]
    return "-Split-"


def _name(entry: Entry) -> Cell:
    body = entry.record.body
    header = body.get("VendorRef", body.get("EntityRef", {})).get("value", "")
    id = entry.line.posting.party or header
    return (entry.realm.label("Entity", id), id) if id else ""


def _dimension(kind: str) -> Callable[[Entry], Cell]:
    def found(entry: Entry) -> Cell:
        id = dict(entry.line.posting.dimensions).get(kind, "")
        return (entry.realm.label(kind, id), id) if id else ""

    return found


_CELLS: Mapping[str, tuple[str, Callable[[Entry], Cell]]] = {
    "tx_date": ("Date", lambda e: e.line.date.isoformat()),
    "txn_type": ("Transaction Type", lambda e: (type_of(e.record), e.record.id)),
    "doc_num": ("Num", lambda e: str(e.record.body.get("DocNumber", ""))),
    "is_no_post": ("Posting", lambda _: "Yes"),
    "name": ("Name", _name),
    "vend_name": ("Vendor", _name),
    "dept_name": ("Location", _dimension("Department")),
    "klass_name": ("Class", _dimension("Class")),
    "memo": ("Memo/Description", lambda e: e.line.posting.memo or e.line.entry_memo),
    "account_name": ("Account", _account),
    "split_acc": ("Split", _split),
    "due_date": ("Due Date", lambda e: str(e.record.body.get("DueDate", ""))),
    "create_date": ("Create Date", lambda e: stamp(e.realm, e.record.created)),
    "last_mod_date": ("Last Modified", lambda e: stamp(e.realm, e.record.updated)),
    "subt_nat_amount": ("Amount", lambda e: full(e.shown)),
    "rbal_nat_amount": ("Balance", lambda e: full(e.balance)),
    "debt_amt": ("Debit", lambda e: amount(max(e.line.base.amount, Decimal(0)))),
    "credit_amt": ("Credit", lambda e: amount(max(-e.line.base.amount, Decimal(0)))),
}
LEDGER = ("tx_date", "txn_type", "doc_num", "name", "memo", "split_acc", "subt_nat_amount", "rbal_nat_amount")
_JOURNAL = ("tx_date", "txn_type", "doc_num", "name", "memo", "account_name", "debt_amt", "credit_amt")
LIST = ("tx_date", "txn_type", "doc_num", "is_no_post", "name", "memo", "account_name", "split_acc", "subt_nat_amount")


def chosen(asked: Asked, own: Sequence[str]) -> list[str]:
    """The columns asked for, else the report's own. Raises NotSimulated for one that is not known here."""
    for name in asked.columns:
        if name not in _CELLS:
            raise NotSimulated(f"report column {name[:40]}", instead=", ".join(_CELLS))
    return list(asked.columns or own)


def shown_columns(names: Sequence[str]) -> list[Column]:
    """The columns of these names."""
    return [Column(_CELLS[name][0], name) for name in names]


def row_of(entry: Entry, names: Sequence[str]) -> Row:
    """One row with the cells of these columns."""
    return data(*(_CELLS[name][1](entry) for name in names))


# The reports


def general_ledger(asked: Asked) -> tuple[list[Column], list[Row]]:
    """The live lines of each account; what was edited or deleted shows no pair."""
    if asked.cash:
        raise NotSimulated("GeneralLedger on cash basis", instead="accounting_method=Accrual")
    names, book, rows = chosen(asked, LEDGER), asked.realm.company.book, []
    for account in book.accounts():
        balance = before = book.balance(account.id, as_of=asked.start - timedelta(days=1)).base.amount
        lines = []
        for line, record in live_lines(asked, account.id):
            balance += line.base.amount
            split = other_accounts(asked.realm, line)
            lines.append(row_of(Entry(asked.realm, record, line, split, line.base.amount, balance), names))
        if lines:
            total = section((account.name, account.id), account.id, lines, (balance - before,))
            total["Header"] = {"ColData": cells((account.name, account.id), *[""] * (len(names) - 1))}
            total["Summary"] = {"ColData": total_cells(f"Total for {account.name}", names, balance - before)}
            rows.append(total)
    return shown_columns(names), rows


def total_cells(title: str, names: Sequence[str], total: Decimal) -> list[dict[str, str]]:
    """The cells of a total: under the amounts, if they are shown."""
    return cells(title, *(full(total) if name == "subt_nat_amount" else "" for name in names[1:]))


def live_lines(asked: Asked, account: str | None = None) -> Iterator[tuple[Line, Record]]:
    """The lines of the period that still stand, with their transactions."""
    realm, book = asked.realm, asked.realm.company.book
    for line in book.lines(account=account, since=asked.start, through=asked.end):
        live = book.current(line.source.kind, line.source.id)
        record = realm.get(line.source.kind, line.source.id)
        if live is not None and live.number == line.number and record is not None:
            yield line, record


def other_accounts(realm: Realm, line: Line) -> tuple[str, ...]:
    """The accounts on which the rest of a line's transaction stands."""
    entry = realm.company.book.current(line.source.kind, line.source.id)
    postings = entry.entry.postings if entry else ()
    return tuple(dict.fromkeys(p.account for p in postings if p.account != line.account))


def transactions(asked: Asked) -> Iterator[tuple[Record, list[Line]]]:
    """The transactions of the period in the order of their dates, each with its lines."""
    found: dict[tuple[date, int], tuple[Record, list[Line]]] = {}
    for line, record in live_lines(asked):
        found.setdefault((line.date, line.number), (record, []))[1].append(line)
    for key in sorted(found):
        record, lines = found[key]
        name = record.body.get("VendorRef", record.body.get("EntityRef", {})).get("value", "")
        if asked.wants_vendor(name):
            yield record, lines


def journal(asked: Asked) -> tuple[list[Column], list[Row]]:
    """Every transaction with its debits and credits, which are summed below it."""
    names, rows = chosen(asked, _JOURNAL), list[Row]()
    for record, lines in transactions(asked):
        rows += [row_of(Entry(asked.realm, record, line), names) for line in lines]
        debits = sum((max(line.base.amount, Decimal(0)) for line in lines), Decimal(0))
        totals = [full(debits) if name in ("debt_amt", "credit_amt") else "" for name in names]
        rows.append({"Summary": {"ColData": cells(*totals)}, "type": "Section"})
    return shown_columns(names), rows


# The member that names the account which a list shows for a transaction, by kind.
_HEADER = {
    "Purchase": ("AccountRef",),
    "Bill": ("APAccountRef",),
    "VendorCredit": ("APAccountRef",),
    "BillPayment": ("CheckPayment", "BankAccountRef"),
    "Transfer": ("FromAccountRef",),
    "CreditCardPayment": ("BankAccountRef",),
    "Deposit": ("DepositToAccountRef",),
}


def header_line(record: Record, lines: list[Line]) -> Line:
    """The line on the account that stands at the head of a transaction."""
    place = record.body
    path = _HEADER.get(record.kind, ())
    if record.kind == "BillPayment" and record.body["PayType"] == "CreditCard":
        path = ("CreditCardPayment", "CCAccountRef")
    for name in path:
        place = place.get(name, {})
    return next((line for line in lines if line.account == place.get("value")), lines[0])


def signed_total(asked: Asked, line: Line, lines: list[Line]) -> Decimal:
    """What a transaction moved on the account of a line, with the sign of the account's own side."""
    kind = asked.realm.account_type(line.account)
    sign = 1 if kind is None or kind.classification in ("Asset", "Expense") else -1
    return sum((each.base.amount for each in lines if each.account == line.account), Decimal(0)) * sign


def transaction_list(asked: Asked) -> tuple[list[Column], list[Row]]:
    """Every transaction of the period in one row: its header account, what stands against it, its amount.

    Amounts have the sign of the header account's own side. Unconfirmed: the sign; settled by asking a vendor's sandbox.
    """
    names, rows = chosen(asked, LIST), list[Row]()
    for record, lines in transactions(asked):
        line = header_line(record, lines)
        total = signed_total(asked, line, lines)
        rows.append(row_of(Entry(asked.realm, record, line, other_accounts(asked.realm, line), total), names))
    return shown_columns(names), rows
