"""Bank transactions, imported statements, and what becomes of their lines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sandbooks.kit.call import Call
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.records import Record
from sandbooks.kit.surface import Operation
from sandbooks.platforms.zoho_books import listing
from sandbooks.platforms.zoho_books.api.parts import Resource, plain, read, stamped, write
from sandbooks.platforms.zoho_books.fields import Fields
from sandbooks.platforms.zoho_books.listing import ListRules
from sandbooks.platforms.zoho_books.records import (
    accounts,
    banking,
    expenses,
    payment_refunds,
    payments,
    statements,
    vendor_credits,
)
from sandbooks.platforms.zoho_books.records.storing import find
from sandbooks.platforms.zoho_books.refusals import NoSuch, Required
from sandbooks.platforms.zoho_books.wire import Body, amount, read_body, reply
from sandbooks.wire import Response

_RULES = ListRules(
    root="banktransactions",
    report="Bank Transactions",
    texts=("transaction_type", "reference_number", "payee", "status"),
    ids=("account_id",),
    dates=("date",),
    amounts=("amount",),
    search=("reference_number", "payee", "description", "offset_account_name"),
    order=("date", "amount", "transaction_type", "payee"),
    filters={
        "Status.Uncategorized": lambda body: body["status"] == "uncategorized",
        "Status.Categorized": lambda body: body["status"] == "categorized",
        "Status.ManuallyAdded": lambda body: body["status"] == "manually_added",
        "Status.Matched": lambda body: body["status"] == "matched",
        "Status.Excluded": lambda body: body["status"] == "excluded",
    },
)
# What shows in the list beside the transactions of this module, and the type it shows as.
_TYPES = {
    "expense": "expense",
    "vendorpayment": "vendor_payment",
    "vendorcreditrefund": "vendor_credit_refund",
    "vendorpaymentrefund": "vendor_payment_refund",
}
# The members by which a document names an account that money goes through.
_ACCOUNTS = ("account_id", "from_account_id", "to_account_id", "paid_through_account_id")


def _show(call: Call, record: Record) -> Body:
    shown = stamped(call, record, record.copy())
    return shown | {"status": _status(call, record), "source": "manually_added"}


def _status(call: Call, record: Record) -> str:
    line = call.company.records.get(statements.LINE, record.body["_matched"]) if record.body["_matched"] else None
    return str(line.body["status"]) if line else "manually_added"


def list_transactions(call: Call) -> Response:
    """``GET /banktransactions``: every transaction that touches a bank or card account, once for each side."""
    if listing.everything(call, _RULES):
        return listing.page_of_rows(call, _RULES, _rows(call))
    return listing.answer(call, _RULES, list(_rows(call)))


def _rows(call: Call) -> Iterator[Body]:
    banks = {account.id: account for account in call.company.records.scan("account") if account.body["_bank"]}
    account = call.query.get("account_id") or ""
    for kind in ("banktransaction", *_TYPES):
        for record in _touching(call, kind, account):
            yield from _sides(call, record, banks)
    for line in _touching(call, statements.LINE, account):
        if line.body["status"] in ("uncategorized", "excluded"):
            yield _imported(call, line, banks[line.body["account_id"]])


def _touching(call: Call, kind: str, account: str) -> Iterator[Record]:
    """The records of a kind that name an account, or all where none is given."""
    since, lag = listing.since(call), call.exchange.lag
    if lag or not account:
        yield from call.company.records.scan(kind, since=since, lag=lag)
        return
    found = {one.id: one for key in _ACCOUNTS for one in call.company.records.find(kind, key, account)}
    for record in sorted(found.values(), key=lambda one: one.sequence):
        if since is None or record.updated >= since:
            yield record


def _sides(call: Call, record: Record, banks: dict[str, Record]) -> Iterator[Body]:
    current = call.company.book.current(record.kind, record.id)
    for posting in current.entry.postings if current else ():
        bank = banks.get(posting.account)
        if bank is None or not posting.amount:
            continue
        body = record.body
        others = [p.account for p in current.entry.postings if p.account != posting.account] if current else []
        offset = call.company.records.get("account", others[0]) if others else None
        yield stamped(
            call,
            record,
            {
                "transaction_id": record.id,
                "date": body["date"],
                "amount": amount(abs(posting.amount.amount), posting.amount.currency),
                "transaction_type": body.get("transaction_type")
                if record.kind == "banktransaction"
                else _TYPES[record.kind],
                "status": _status(call, record),
                "source": "manually_added",
                **_bank(bank),
                "customer_id": body.get("customer_id", ""),
                "payee": body.get("vendor_name") or body.get("customer_name") or "",
                "description": body.get("description", ""),
                "debit_or_credit": "debit" if posting.amount.amount > 0 else "credit",
                "offset_account_name": offset.body["account_name"] if offset else "",
                "reference_number": body.get("reference_number", ""),
                "imported_transaction_id": body["_matched"],
            },
        )


def _bank(bank: Record) -> Body:
    names = ("account_id", "account_name", "account_type", "currency_id", "currency_code")
    return {name: bank.body[name] for name in names}


def _imported(call: Call, line: Record, bank: Record) -> Body:
    body = line.body
    return stamped(
        call,
        line,
        {
            "transaction_id": line.id,
            "imported_transaction_id": line.id,
            "date": body["date"],
            "amount": body["amount"],
            "transaction_type": "",
            "status": body["status"],
            "source": "csv",
            **_bank(bank),
            "customer_id": "",
            "payee": body["payee"],
            "description": body["description"],
            # On the account a credit of the statement is a debit: money in.
            "debit_or_credit": "debit" if body["debit_or_credit"] == "credit" else "credit",
            "offset_account_name": "",
            "reference_number": body["reference_number"],
        },
    )


TRANSACTIONS = Resource(
    kind="banktransaction",
    path="banktransactions",
    one="bank_transaction",
    many="bank_transactions",
    root="banktransaction",
    module="banking",
    rules=_RULES,
    show=_show,
    created="The bank transaction has been recorded.",
    updated="The bank transaction has been updated.",
    deleted="The transaction has been deleted.",
    create=lambda call, given: banking.create(call.company, given),
    update=lambda call, record, given: banking.update(call.company, record, given),
    delete=banking.delete,
)


def _line(call: Call) -> Record:
    return find(call.company, statements.LINE, call.args["id"])


def list_matching(call: Call) -> Response:
    """``GET /banktransactions/uncategorized/{id}/match``: what the line may be."""
    line = _line(call)
    wanted = statements.signed(line)
    found = []
    for kind in ("banktransaction", *_TYPES):
        for record in _touching(call, kind, line.body["account_id"]):
            moved = statements.moved(call.company, record, line.body["account_id"])
            if moved and moved == wanted and not record.body["_matched"]:
                found.append(_candidate(record, line))
    rules = ListRules(
        root="matching_transactions", report="Matching Transactions", dates=("date",), amounts=("amount",)
    )
    return listing.answer(call, rules, found)


def _candidate(record: Record, line: Record) -> Body:
    body = record.body
    kind = body.get("transaction_type") if record.kind == "banktransaction" else _TYPES[record.kind]
    return {
        "transaction_id": record.id,
        "date": body["date"],
        "transaction_type": kind,
        "reference_number": body.get("reference_number", ""),
        "amount": line.body["amount"],
        "debit_or_credit": "debit" if line.body["debit_or_credit"] == "credit" else "credit",
        "transaction_number": body.get("payment_number", ""),
        "contact_name": body.get("vendor_name") or body.get("customer_name") or "",
        "is_best_match": body["date"] == line.body["date"],
    }


def match(call: Call) -> Response:
    """``POST /banktransactions/uncategorized/{id}/match``"""
    rows = [Fields(row) for row in Fields(read_body(call)).rows("transactions_to_be_matched")]
    with call.unit():
        pairs = [(row.text("transaction_type"), row.id("transaction_id", required=True)) for row in rows]
        statements.match(call.company, _line(call), pairs)
    return reply("The transaction has been matched.", status=201)


def unmatch(call: Call) -> Response:
    """``POST /banktransactions/{id}/unmatch``"""
    with call.unit():
        statements.unmatch(call.company, call.args["id"])
    return reply("The transaction has been unmatched.", status=201)


def exclude(call: Call) -> Response:
    """``POST /banktransactions/uncategorized/{id}/exclude``"""
    with call.unit():
        statements.exclude(call.company, _line(call))
    return reply("The transaction has been excluded.", status=201)


def restore(call: Call) -> Response:
    """``POST /banktransactions/uncategorized/{id}/restore``"""
    with call.unit():
        statements.restore(call.company, _line(call))
    return reply("The excluded transaction(s) have been restored.", status=201)


def categorize(call: Call) -> Response:
    """``POST /banktransactions/uncategorized/{id}/categorize``: as a transaction of this module."""
    given = read_body(call)
    with call.unit():
        line = _line(call)
        filled = _filled(line, given)
        sides = ("from_account_id", "to_account_id")
        mine = sides[1] if statements.signed(line) > 0 else sides[0]
        record = banking.create(call.company, {mine: line.body["account_id"], **filled})
        _tie(call, line, record)
    return reply("The transaction(s) have been categorized.", status=201)


def _filled(line: Record, given: Body) -> Body:
    """What a line says of itself, under what the request says."""
    own: Body = {name: line.body[name] for name in ("date", "amount", "reference_number", "description")}
    return {**own, **given}


def _tie(call: Call, line: Record, record: Record) -> None:
    if line.body["status"] != "uncategorized":
        statements.exclude(call.company, line)  # refuses with the status that the line has
    statements.check_moved(call.company, line, record)
    statements.mark(call.company, line, [record], status="categorized")


def categorize_as_expense(call: Call) -> Response:
    """``POST /banktransactions/uncategorized/{id}/categorize/expenses``"""
    given = read_body(call)
    with call.unit():
        line = _line(call)
        filled = _filled(line, given)
        record = expenses.create(call.company, {"paid_through_account_id": line.body["account_id"], **filled})
        _tie(call, line, record)
    return reply("The transaction(s) have been categorized.", status=201)


def categorize_as_payment(call: Call) -> Response:
    """``POST /banktransactions/uncategorized/{id}/categorize/vendorpayments``"""
    given = read_body(call)
    with call.unit():
        line = _line(call)
        filled = _filled(line, given)
        record = payments.create(call.company, {"paid_through_account_id": line.body["account_id"], **filled})
        _tie(call, line, record)
    return reply("The transaction(s) have been categorized.", status=201)


def categorize_as_credit_refund(call: Call) -> Response:
    """``POST /banktransactions/uncategorized/{id}/categorize/vendorcreditrefunds``"""
    given = read_body(call)
    with call.unit():
        line = _line(call)
        filled = {"account_id": line.body["account_id"], **_filled(line, given)}
        credit = Fields(given).record("vendor_credit_id", call.company, vendor_credits.KIND, required=True)
        if credit is None:
            raise Required("vendor_credit_id")
        _tie(call, line, vendor_credits.refund(call.company, credit, filled))
    return reply("The transaction(s) have been categorized.", status=201)


def categorize_as_payment_refund(call: Call) -> Response:
    """``POST /banktransactions/uncategorized/{id}/categorize/vendorpaymentrefunds``"""
    given = read_body(call)
    with call.unit():
        line = _line(call)
        filled = {"to_account_id": line.body["account_id"], **_filled(line, given)}
        payment = Fields(given).record("vendorpayment_id", call.company, payments.KIND, required=True)
        if payment is None:
            raise Required("vendorpayment_id")
        _tie(call, line, payment_refunds.refund(call.company, payment, filled))
    return reply("The transaction(s) have been categorized.", status=201)


def lacking_category(call: Call) -> Response:
    """The other kinds of category."""
    raise NotSimulated(f"categorizing as {call.args['kind']}")


def uncategorize(call: Call) -> Response:
    """``POST /banktransactions/{id}/uncategorize``: the transaction goes, its line waits again."""
    with call.unit():
        line = statements.line_of(call.company, call.args["id"])
        if line is None or line.body["status"] != "categorized":
            raise NoSuch("Transaction", call.args["id"])
        statements.uncategorize(call.company, line)
    return reply("Transaction(s) have been uncategorized.", status=201)


def import_statement(call: Call) -> Response:
    """``POST /bankstatements``"""
    given = read_body(call)
    with call.unit():
        statements.import_statement(call.company, given)
    return reply("Your bank statement has been imported.", status=201)


def last_imported(call: Call) -> Response:
    """``GET /bankaccounts/{id}/statement/lastimported``"""
    account = accounts.bank(call.company, call.args["id"])
    statement = statements.last_imported(call.company, account)
    lines = call.company.records.find(statements.LINE, "statement_id", statement.id)
    shown: dict[str, Any] = plain(call, statement) | {"transactions": [plain(call, line) for line in lines]}
    return reply(statement=shown)


def delete_statement(call: Call) -> Response:
    """``DELETE /bankaccounts/{id}/statement/{statement_id}``"""
    with call.unit():
        account = accounts.bank(call.company, call.args["id"])
        statement = find(call.company, statements.STATEMENT, call.args["statement"])
        if statements.last_imported(call.company, account).id != statement.id:
            raise NoSuch("Statement", statement.id)
        statements.delete_statement(call.company, statement)
    return reply("You have successfully deleted the last imported statement.")


_OPEN = "banktransactions/uncategorized/<id>"
_USUAL = [operation for operation in TRANSACTIONS.operations() if operation.name != "list_bank_transactions"]
OPERATIONS: tuple[Operation, ...] = (
    read("list_bank_transactions", "banktransactions", list_transactions, module="banking"),
    *_USUAL,
    read("list_matching_transactions", f"{_OPEN}/match", list_matching, module="banking"),
    write("match_transaction", "POST", f"{_OPEN}/match", match, module="banking"),
    write("unmatch_transaction", "POST", "banktransactions/<id>/unmatch", unmatch, module="banking"),
    write("exclude_transaction", "POST", f"{_OPEN}/exclude", exclude, module="banking"),
    write("restore_transaction", "POST", f"{_OPEN}/restore", restore, module="banking"),
    write("categorize_transaction", "POST", f"{_OPEN}/categorize", categorize, module="banking"),
    write("categorize_as_expense", "POST", f"{_OPEN}/categorize/expenses", categorize_as_expense, module="banking"),
    write(
        "categorize_as_payment", "POST", f"{_OPEN}/categorize/vendorpayments", categorize_as_payment, module="banking"
    ),
    write(
        "categorize_as_credit_refund",
        "POST",
        f"{_OPEN}/categorize/vendorcreditrefunds",
        categorize_as_credit_refund,
        module="banking",
    ),
    write(
        "categorize_as_payment_refund",
        "POST",
        f"{_OPEN}/categorize/vendorpaymentrefunds",
        categorize_as_payment_refund,
        module="banking",
    ),
    write("categorize_as_other", "POST", f"{_OPEN}/categorize/<kind>", lacking_category, module="banking"),
    write("uncategorize_transaction", "POST", "banktransactions/<id>/uncategorize", uncategorize, module="banking"),
    write("import_bank_statement", "POST", "bankstatements", import_statement, module="banking"),
    read("get_last_statement", "bankaccounts/<id>/statement/lastimported", last_imported, module="banking"),
    write(
        "delete_last_statement", "DELETE", "bankaccounts/<id>/statement/<statement>", delete_statement, module="banking"
    ),
)
