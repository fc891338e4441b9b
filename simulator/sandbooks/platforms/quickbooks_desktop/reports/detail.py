"""Lists of postings: general ledger, journal, transactions by date. One row for each posting or transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from itertools import groupby

from msgspec import Struct

from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.records import Record
from sandbooks.ledger import AccountClass
from sandbooks.platforms.quickbooks_desktop import values
from sandbooks.platforms.quickbooks_desktop.file import ACCOUNT_CLASSES, BALANCE_SHEET, ENTITIES, CompanyFile
from sandbooks.platforms.quickbooks_desktop.reports.asking import Asked, against, every_line, fiscal_year, lines
from sandbooks.platforms.quickbooks_desktop.reports.layout import LABEL, Column, Report, Row, period, text
from sandbooks.platforms.quickbooks_desktop.reports.lines import Line
from sandbooks.platforms.quickbooks_desktop.reports.summary import in_order

# Source: QuickBooks Desktop SDK, Onscreen Reference (IncludeColumn). Unconfirmed: the titles.
_COLUMNS: Mapping[str, Column] = {
    "Account": Column("Account", "Account"),
    "Amount": Column("Amount", "Amount", "AMTTYPE"),
    "Class": Column("Class", "Class"),
    "Credit": Column("Credit", "Credit", "AMTTYPE"),
    "Date": Column("Date", "Date", "DATETYPE"),
    "Debit": Column("Debit", "Debit", "AMTTYPE"),
    "DueDate": Column("Due Date", "DueDate", "DATETYPE"),
    "Memo": Column("Memo", "Memo"),
    "ModifiedTime": Column("Entered/Last Modified", "ModifiedTime", "DATETIMETYPE"),
    "Name": Column("Name", "Name"),
    "RefNumber": Column("Num", "RefNumber"),
    "RunningBalance": Column("Balance", "RunningBalance", "AMTTYPE"),
    "SplitAccount": Column("Split", "SplitAccount"),
    "TxnID": Column("Txn ID", "TxnID", "IDTYPE"),
    "TxnNumber": Column("Trans #", "TxnNumber", "INTTYPE"),
    "TxnType": Column("Type", "TxnType"),
}
_SPLIT = "-SPLIT-"
# Source: QuickBooks Desktop (the words of its transaction lists)
_TYPES: Mapping[str, str] = {
    "BillPaymentCheck": "Bill Pmt -Check",
    "BillPaymentCreditCard": "Bill Pmt -CCard",
    "CreditCardCharge": "Credit Card Charge",
    "CreditCardCredit": "Credit Card Credit",
    "JournalEntry": "General Journal",
    "VendorCredit": "Bill Credit",
}


class Cell(Struct, frozen=True):
    """What the columns of a row are made of."""

    record: Record
    line: Line
    split: str
    running: Decimal


class _Writer:
    """Rows in the columns that a query asks for, or in those of the report."""

    def __init__(self, file: CompanyFile, query: Asked, usual: Iterable[str], *, runs: bool = True) -> None:
        """``runs``: the report goes along accounts, so that a balance can be told after each row."""
        self._file = file
        asked = [str(child.value) for child in query.node.all("IncludeColumn")]
        known = _COLUMNS.keys() if runs else _COLUMNS.keys() - {"RunningBalance"}
        lacking = next((name for name in asked if name not in known), "")
        if lacking:
            raise NotSimulated(f"the report column {lacking}", instead=", ".join(sorted(known)))
        self._names = tuple(dict.fromkeys(asked)) or tuple(usual)
        self.columns = (LABEL, *(_COLUMNS[name] for name in self._names))

    def row(self, cell: Cell) -> Row:
        """One posting."""
        return Row("Data", ("", *(self._text(name, cell) for name in self._names)))

    def sums(
        self, label: str, kind: str, found: Iterable[Decimal], *, of: str = "", running: Decimal | None = None
    ) -> Row:
        """A total of debits and credits under their columns; that of one account ``of`` in its natural sign."""
        moved = list(found)
        debits = sum((amount for amount in moved if amount > 0), Decimal(0))
        credits = -sum((amount for amount in moved if amount < 0), Decimal(0))
        amount = _natural(self._file, of, debits - credits) if of else debits - credits
        cells = {"Debit": debits, "Credit": credits, "Amount": amount, "RunningBalance": running}
        told = (cells.get(name) for name in self._names)
        texts = tuple("" if each is None else values.amount(each) for each in told)
        return Row("Total" if kind == "Total" else "Subtotal", (label, *texts))

    def opening(self, account: Record, amount: Decimal) -> Row:
        """What an account held before the period."""
        cells = (values.amount(amount) if name == "RunningBalance" else "" for name in self._names)
        return Row("Data", (str(account.body["Name"]), *cells), str(account.body["FullName"]))

    def _text(self, name: str, cell: Cell) -> str:
        file, record, posting = self._file, cell.record, cell.line.posting
        amount = posting.base.amount
        makers: Mapping[str, Callable[[], str]] = {
            "Account": lambda: full_name(file, posting.account),
            "Amount": lambda: values.amount(_natural(file, posting.account, amount)),
            "Class": lambda: _named(file, ("Class",), dict(posting.dimensions).get("Class", "")),
            "Credit": lambda: values.amount(-amount) if amount < 0 else "",
            "Date": lambda: cell.line.day.isoformat(),
            "Debit": lambda: values.amount(amount) if amount > 0 else "",
            "DueDate": lambda: str(record.body.get("DueDate", "")),
            "Memo": lambda: posting.memo or str(record.body.get("Memo", "")),
            "ModifiedTime": lambda: values.local(record.updated, file.zone),
            "Name": lambda: _named(file, ENTITIES, posting.party),
            "RefNumber": lambda: str(record.body.get("RefNumber", "")),
            "RunningBalance": lambda: values.amount(_natural(file, posting.account, cell.running)),
            "SplitAccount": lambda: cell.split,
            "TxnID": lambda: record.id,
            "TxnNumber": lambda: str(record.body.get("TxnNumber", "")),
            "TxnType": lambda: _TYPES.get(record.kind, record.kind),
        }
        return makers[name]()


def _natural(file: CompanyFile, account: str, amount: Decimal) -> Decimal:
    debit = (AccountClass.ASSET, AccountClass.EXPENSE)
    return amount if ACCOUNT_CLASSES[file.account_type(account)] in debit else -amount


def full_name(file: CompanyFile, account: str) -> str:
    """The account's name of today."""
    return _named(file, ("Account",), account)


def _named(file: CompanyFile, kinds: Iterable[str], id: str) -> str:
    found = (file.records.get(kind, id) for kind in kinds) if id else iter(())
    record = next((each for each in found if each is not None), None)
    return str(record.body["FullName"]) if record else ""


def _split(file: CompanyFile, line: Line, together: Iterable[Line]) -> str:
    """The account on the other side; where there are several, that they are."""
    side = line.posting.base.amount > 0
    others = {each.posting.account for each in together if (each.posting.base.amount > 0) != side}
    return full_name(file, next(iter(others))) if len(others) == 1 else _SPLIT


def _whole(file: CompanyFile, query: Asked) -> dict[str, list[Line]]:
    """Every transaction with all its postings, whichever of them a filter means."""
    together: dict[str, list[Line]] = {}
    for line in every_line(file, query):
        together.setdefault(line.record.id, []).append(line)
    return together


def _is_within(query: Asked, day: date) -> bool:
    return (query.first is None or query.first <= day) and day <= query.last


def _is_before(file: CompanyFile, query: Asked, line: Line) -> bool:
    """Whether a posting is part of what its account held before the period; income and expenses begin each year."""
    if query.first is None or line.day >= query.first:
        return False
    return file.account_type(line.posting.account) in BALANCE_SHEET or line.day >= fiscal_year(file, query.first)


def general_ledger(file: CompanyFile, query: Asked) -> Report:
    """Account by account: what it held, every posting with the balance after it, and its total."""
    usual = (*("TxnType", "Date", "RefNumber", "Name", "Memo", "SplitAccount", "Debit", "Credit", "RunningBalance"),)
    writer, found = _Writer(file, query, usual), lines(file, query)
    together = _whole(file, query)
    rows: list[Row] = []
    moved: list[Decimal] = []
    for account in in_order(file):
        own = [line for line in found if line.posting.account == account.id]
        running = sum((line.posting.base.amount for line in own if _is_before(file, query, line)), Decimal(0))
        within = [line for line in own if _is_within(query, line.day)]
        if not within and not running and query.node.get("IncludeAccounts", "InUse") != "All":
            continue
        rows.append(text(str(account.body["FullName"])))
        if running:
            rows.append(writer.opening(account, _natural(file, account.id, running)))
        for line in within:
            running += line.posting.base.amount
            split = _split(file, line, together[line.record.id])
            rows.append(writer.row(Cell(line.record, line, split, running)))
        amounts = [line.posting.base.amount for line in within]
        moved += amounts
        label = f"Total {account.body['FullName']}"
        held = _natural(file, account.id, running)
        rows.append(writer.sums(label, "Subtotal", amounts, of=account.id, running=held))
    rows.append(writer.sums("TOTAL", "Total", moved))
    return Report("General Ledger", period(query.first, query.last), writer.columns, tuple(rows), query.basis)


def journal(file: CompanyFile, query: Asked) -> Report:
    """Transaction by transaction: its postings, and their sum on both sides."""
    usual = ("TxnNumber", "TxnType", "Date", "RefNumber", "Name", "Memo", "Account", "Debit", "Credit")
    writer, together = _Writer(file, query, usual, runs=False), _whole(file, query)
    within = [line for line in lines(file, query) if _is_within(query, line.day)]
    rows: list[Row] = []
    for id, group in groupby(within, key=lambda line: line.record.id):
        own = list(group)
        rows += [writer.row(Cell(line.record, line, _split(file, line, together[id]), Decimal(0))) for line in own]
        rows.append(writer.sums("", "Subtotal", [line.posting.base.amount for line in own]))
    rows.append(writer.sums("TOTAL", "Total", [line.posting.base.amount for line in within]))
    return Report("Journal", period(query.first, query.last), writer.columns, tuple(rows), query.basis)


def by_date(file: CompanyFile, query: Asked) -> Report:
    """Each transaction in one row, on the account that its form stands against."""
    usual = ("TxnType", "Date", "RefNumber", "Name", "Memo", "Account", "SplitAccount", "Debit", "Credit")
    writer, together = _Writer(file, query, usual, runs=False), _whole(file, query)
    within = [line for line in lines(file, query) if _is_within(query, line.day)]
    rows = []
    for id, group in groupby(within, key=lambda line: line.record.id):
        own = list(group)
        line = next((each for each in own if each.posting.account == against(each.record)), own[0])
        rows.append(writer.row(Cell(line.record, line, _split(file, line, together[id]), Decimal(0))))
    return Report("Transaction List by Date", period(query.first, query.last), writer.columns, tuple(rows), query.basis)


def grouped(file: CompanyFile, query: Asked, groups: Iterable[tuple[str, list[Line]]], *, title: str) -> Report:
    """Postings under headings, each group with its total and a running sum."""
    usual = ("TxnType", "Date", "RefNumber", "Name", "Memo", "Account", "SplitAccount", "Amount", "RunningBalance")
    writer, together = _Writer(file, query, usual), _whole(file, query)
    rows: list[Row] = []
    moved: list[Decimal] = []
    for label, own in groups:
        rows += [text(label)] if label else []
        running = Decimal(0)
        for line in own:
            running += line.posting.base.amount
            rows.append(writer.row(Cell(line.record, line, _split(file, line, together[line.record.id]), running)))
        found = [line.posting.base.amount for line in own]
        moved += found
        accounts = {line.posting.account for line in own}
        of = accounts.pop() if len(accounts) == 1 else ""
        rows += [writer.sums(f"Total {label}", "Subtotal", found, of=of)] if label else []
    rows.append(writer.sums("TOTAL", "Total", moved))
    return Report(title, period(query.first, query.last), writer.columns, tuple(rows), query.basis)


REPORTS = {"GeneralLedger": general_ledger, "Journal": journal, "TxnListByDate": by_date}
