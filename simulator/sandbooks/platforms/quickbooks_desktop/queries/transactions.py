"""TransactionQuery: transactions of every type in one list, in one row each or with a row for every line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sandbooks.kit.records import Record
from sandbooks.ledger import AccountClass
from sandbooks.platforms.quickbooks_desktop import values
from sandbooks.platforms.quickbooks_desktop.file import ACCOUNT_CLASSES, CompanyFile
from sandbooks.platforms.quickbooks_desktop.money import decimal
from sandbooks.platforms.quickbooks_desktop.nodes import Node
from sandbooks.platforms.quickbooks_desktop.queries import matching
from sandbooks.platforms.quickbooks_desktop.rules import journals
from sandbooks.platforms.quickbooks_desktop.rules.ready import id_of

Row = dict[str, Any]
_ACCOUNTS = ("AccountRef", "APAccountRef", "BankAccountRef", "CreditCardAccountRef", "DepositToAccountRef")
_PARTIES = ("PayeeEntityRef", "VendorRef", "EntityRef")
_TOTALS = ("Amount", "AmountDue", "CreditAmount", "DepositTotal", "TotalAmount")
# The side on which the lines of a kind stand.
_CREDITED = ("CreditCardCredit", "VendorCredit", "Deposit")


def rows(file: CompanyFile, node: Node, records: Iterable[Record]) -> list[Row]:
    """The rows of some transactions at the level of detail that a query asks for."""
    # Source: QuickBooks Desktop SDK, Onscreen Reference (TransactionDetailLevelFilter).
    # Unconfirmed: the sign of amounts of lines; here what raises an account in its natural sign is positive.
    level = str(node.get("TransactionDetailLevelFilter", "SummaryOnly"))
    if level == "SummaryOnly":
        return [summary(file, record) for record in records]
    wanted = _Wanted(file, node)
    found: list[Row] = []
    for record in records:
        head = summary(file, record)
        if level == "All" and wanted.head(head):
            found.append(head)
        found += [{**head, **line} for line in _lines(file, record) if wanted.line(line)]
    return [{name: value for name, value in row.items() if not name.startswith("_")} for row in found]


class _Wanted:
    """Which rows the filters of a query mean, where it goes into detail."""

    def __init__(self, file: CompanyFile, node: Node) -> None:
        account = node.child("TransactionAccountFilter")
        item, class_ = node.child("TransactionItemFilter"), node.child("TransactionClassFilter")
        self._accounts = matching.accounts_of(file, account) if account else None
        self._items = matching.items_of(file, item) if item else None
        self._classes = matching.classes_of(file, class_) if class_ else None

    def head(self, row: Row) -> bool:
        """A row of a whole transaction has an account alone."""
        if self._items is not None or self._classes is not None:
            return False
        return self._accounts is None or id_of(row, "AccountRef") in self._accounts

    def line(self, row: Row) -> bool:
        checks = (("AccountRef", self._accounts), ("_item", self._items), ("_class", self._classes))
        return all(wanted is None or id_of(row, name) in wanted for name, wanted in checks)


def summary(file: CompanyFile, record: Record) -> Row:
    """A transaction of any type in one row."""
    body = record.body
    amount = next((body[name] for name in _TOTALS if name in body), None)
    if record.kind == "JournalEntry":
        amount = values.amount(journals.total(body))
    names = ("TxnDate", "RefNumber", "CurrencyRef", "ExchangeRate", "Memo")
    places = (*_ACCOUNTS, "TransferFromAccountRef")
    return {
        **{name: body.get(name) for name in names},
        "TxnType": record.kind,
        "TxnID": record.id,
        "TimeCreated": values.local(record.created, file.zone),
        "TimeModified": values.local(record.updated, file.zone),
        "EntityRef": next((body[name] for name in _PARTIES if body.get(name)), None),
        "AccountRef": next((body[name] for name in places if body.get(name)), None),
        "Amount": amount,
    }


def _lines(file: CompanyFile, record: Record) -> Iterator[Row]:
    body = record.body
    facts = file.records.facts(record.kind, record.id)
    if record.kind == "Transfer":
        yield _row(file, {**body, "AccountRef": body["TransferToAccountRef"], "Memo": None}, debit=True)
    for line in (*body.get("ExpenseLineRet", ()), *body.get("ItemLineRet", ())):
        account = {"ListID": facts["accounts"][str(line["TxnLineID"])]}
        yield _row(file, {**line, "AccountRef": account}, debit=record.kind not in _CREDITED)
    for line in body.get("DepositLineRet", ()):
        yield _row(file, line, debit=False)
    if body.get("CashBackInfoRet"):
        yield _row(file, body["CashBackInfoRet"], debit=True)
    for line in body.get("_lines", ()):
        yield _row(file, line, debit=line["_name"] == journals.DEBIT)
    for applied in body.get("_applied", ()):
        paid = {"AccountRef": body["APAccountRef"], "Amount": applied.get("PaymentAmount", "0.00")}
        yield _row(file, paid, debit=True)


def _row(file: CompanyFile, line: Mapping[str, Any], *, debit: bool) -> Row:
    kind = ACCOUNT_CLASSES[file.account_type(id_of(line, "AccountRef"))]
    raises = (kind in (AccountClass.ASSET, AccountClass.EXPENSE)) == debit
    amount = decimal(line, "Amount")
    row: Row = {
        "TxnLineID": line.get("TxnLineID"),
        "AccountRef": line["AccountRef"],
        "Amount": values.amount(amount if raises else -amount),
        "Memo": line.get("Memo") or line.get("Desc"),
        "_item": line.get("ItemRef"),
        "_class": line.get("ClassRef"),
    }
    party = line.get("CustomerRef") or line.get("EntityRef")
    return {**row, "EntityRef": party} if party else row
