"""Bank statements: lines that were imported, and what becomes of them (matched, categorized, excluded).

Source: https://www.zoho.com/books/api/v3/bank-accounts/ (import), https://www.zoho.com/books/api/v3/bank-transactions/
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.platforms.zoho_books.fields import Fields
from sandbooks.platforms.zoho_books.records import accounts, payment_refunds, payments, vendor_credits
from sandbooks.platforms.zoho_books.records.storing import find, new_id, remove, save, touch
from sandbooks.platforms.zoho_books.refusals import NoSuch, Required, broken
from sandbooks.platforms.zoho_books.wire import Body, amount

LINE = "bankstatementline"
STATEMENT = "bankstatement"
# The kinds of record that a line can be matched with, by the word of their transaction type.
MATCHED = {
    "expense": "expense",
    "vendor_payment": "vendorpayment",
    "vendor_credit_refund": "vendorcreditrefund",
    "vendorcredit_refund": "vendorcreditrefund",
    "vendor_payment_refund": "vendorpaymentrefund",
}


def import_statement(company: Company, given: Body) -> Record:
    """The lines of a statement of one account."""
    fields = Fields(given)
    account = accounts.bank(company, fields.id("account_id", required=True))
    rows = fields.rows("transactions")
    if not rows:
        raise Required("transactions")
    id = new_id(company)
    lines = [_line(company, account, id, Fields(row)) for row in rows]
    document: Body = {
        "statement_id": id,
        "account_id": account.id,
        "from_date": fields.day("start_date", min_date(lines)),
        "to_date": fields.day("end_date", min_date(lines)),
        "source": "api",
    }
    return save(company, STATEMENT, id, document=document)


def min_date(lines: list[Record]) -> date:
    """The first day of some lines."""
    return min(date.fromisoformat(line.body["date"]) for line in lines)


def _line(company: Company, account: Record, statement: str, fields: Fields) -> Record:
    day = fields.date("date", required=True)
    side = fields.choice("debit_or_credit", ("debit", "credit"))
    if day is None or not side:
        raise Required("debit_or_credit")
    code = str(account.body["currency_code"])
    money = fields.positive("amount", code)
    id = new_id(company)
    document: Body = {
        "imported_transaction_id": id,
        "transaction_id": id,
        "statement_id": statement,
        "account_id": account.id,
        "date": day.isoformat(),
        "debit_or_credit": side,
        "amount": amount(money.amount, code),
        "currency_code": code,
        "payee": fields.text("payee", limit=200),
        "description": fields.text("description", limit=500),
        "reference_number": fields.text("reference_number"),
        "bank_reference": fields.text("transaction_id"),
        "status": "uncategorized",
        "_matched": [],
    }
    return save(company, LINE, id, document=document)


def lines_of(company: Company, account: Record) -> list[Record]:
    """The statement lines of an account."""
    return company.records.find(LINE, "account_id", account.id)


def open_lines(company: Company, account: Record) -> list[Record]:
    """The lines that still wait for a person."""
    return [line for line in lines_of(company, account) if line.body["status"] == "uncategorized"]


def signed(line: Record) -> Decimal:
    """The amount of a line: money in is positive. On a statement a credit is money in."""
    value = Decimal(str(line.body["amount"]))
    return value if line.body["debit_or_credit"] == "credit" else -value


def _check_status(line: Record, *allowed: str) -> None:
    if line.body["status"] not in allowed:
        raise broken("line_status", str(line.body["status"]))


def target(company: Company, kind: str, id: str) -> Record:
    """The record behind a transaction type and id. Raises ``NoSuch``."""
    return find(company, MATCHED.get(kind, "banktransaction"), id)


def match(company: Company, line: Record, rows: list[tuple[str, str]]) -> None:
    """Match a line with transactions of the same sum on its account."""
    _check_status(line, "uncategorized")
    found = [target(company, kind, id) for kind, id in rows]
    if not found:
        raise Required("transactions_to_be_matched")
    for record in found:
        if record.body.get("_matched"):
            raise broken("transaction_matched")
    if sum((moved(company, record, line.body["account_id"]) for record in found), Decimal(0)) != signed(line):
        raise broken("match_amount")
    mark(company, line, found, status="matched")


def mark(company: Company, line: Record, found: list[Record], *, status: str) -> None:
    """Tie a line and transactions to each other."""
    for record in found:
        touch(company, record, _matched=line.id)
    touch(company, line, status=status, _matched=[[record.kind, record.id] for record in found])


def moved(company: Company, record: Record, account: str) -> Decimal:
    """What a transaction moves on an account, in the account's currency."""
    current = company.book.current(record.kind, record.id)
    if current is None:
        return Decimal(0)
    amounts = [p.amount.amount for p in current.entry.postings if p.account == account]
    return sum(amounts, Decimal(0))


def unmatch(company: Company, id: str) -> None:
    """Undo a match, named by the line or by a transaction that is matched."""
    line = line_of(company, id)
    if line is None:
        raise NoSuch("Transaction", id)
    _check_status(line, "matched")
    for kind, matched in line.body["_matched"]:
        touch(company, find(company, kind, matched), _matched="")
    touch(company, line, status="uncategorized", _matched=[])


def line_of(company: Company, id: str) -> Record | None:
    """A line by its own id, or by that of a transaction that it was matched with or categorized as."""
    line = company.records.get(LINE, id) or next(iter(company.records.find(LINE, "matched", id)), None)
    return None if line is None or line.deleted else line


def exclude(company: Company, line: Record) -> None:
    """Set a line aside."""
    _check_status(line, "uncategorized")
    touch(company, line, status="excluded")


def restore(company: Company, line: Record) -> None:
    """Take a line back that was set aside."""
    _check_status(line, "excluded")
    touch(company, line, status="uncategorized")


def check_moved(company: Company, line: Record, record: Record) -> None:
    """A line becomes a transaction of the same amount on its account."""
    if moved(company, record, line.body["account_id"]) != signed(line):
        raise broken("match_amount")


def uncategorize(company: Company, line: Record) -> None:
    """Delete what a line was categorized as; the line waits again."""
    for kind, id in line.body["_matched"]:
        record = touch(company, find(company, kind, id), _matched="")
        _DELETES.get(kind, remove)(company, record)
    touch(company, line, status="uncategorized", _matched=[])


def _delete_credit_refund(company: Company, record: Record) -> None:
    credit = find(company, vendor_credits.KIND, record.body["vendor_credit_id"])
    vendor_credits.delete_refund(company, credit, record)


def _delete_payment_refund(company: Company, record: Record) -> None:
    payment_refunds.delete_refund(company, find(company, payments.KIND, record.body["payment_id"]), record)


_DELETES: Mapping[str, Callable[[Company, Record], None]] = {
    payments.KIND: payments.delete,
    vendor_credits.REFUND: _delete_credit_refund,
    payment_refunds.KIND: _delete_payment_refund,
}


def last_imported(company: Company, account: Record) -> Record:
    """The statement that was imported last. Raises ``NoSuch``."""
    found = company.records.find(STATEMENT, "account_id", account.id)
    if not found:
        raise NoSuch("Statement", account.id)
    return found[-1]


def delete_statement(company: Company, statement: Record) -> None:
    """Delete an imported statement whose lines nothing rests on."""
    lines = company.records.find(LINE, "statement_id", statement.id)
    for line in lines:
        _check_status(line, "uncategorized", "excluded")
    for line in lines:
        remove(company, line)
    remove(company, statement)
