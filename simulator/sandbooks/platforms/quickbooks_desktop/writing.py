"""Add, Mod, delete and void of any kind of record: draft, rules, version, entry."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct

from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.records import Record
from sandbooks.ledger import Refusal
from sandbooks.platforms.quickbooks_desktop import drafts, extensions, saving
from sandbooks.platforms.quickbooks_desktop.drafts import Draft
from sandbooks.platforms.quickbooks_desktop.file import CompanyFile
from sandbooks.platforms.quickbooks_desktop.nodes import Node
from sandbooks.platforms.quickbooks_desktop.refusals import (
    CannotClear,
    CannotDelete,
    CannotModify,
    CannotVoid,
    EditSequenceStale,
    ElementMissing,
    ObjectNotFound,
)
from sandbooks.platforms.quickbooks_desktop.rules import (
    journals,
    lists,
    movements,
    open_items,
    payments,
    purchase_orders,
    purchases,
    undeposited,
)
from sandbooks.platforms.quickbooks_desktop.rules.ready import Ready, keys_of
from sandbooks.platforms.quickbooks_desktop.schema.messages import LISTS, TRANSACTIONS

_VOIDED = "VOID: "
# Source: Onscreen Reference (TxnDelType, TxnVoidType): transfers can be neither deleted nor voided.
_IN_USE = "It is in use by other transactions or list elements."
# What may never be empty in a stored transaction, although a Mod may leave it out.
_NEEDED = {
    "Check": ("AccountRef",),
    "CreditCardCharge": ("AccountRef",),
    "CreditCardCredit": ("AccountRef",),
    "Bill": ("VendorRef",),
    "VendorCredit": ("VendorRef",),
    "BillPaymentCheck": ("PayeeEntityRef", "BankAccountRef"),
    "BillPaymentCreditCard": ("PayeeEntityRef", "CreditCardAccountRef"),
    "Deposit": ("DepositToAccountRef",),
}


class Rules(Struct, frozen=True):
    """How a kind of record is drafted and judged."""

    draft: Callable[[CompanyFile, str, Node, Record | None], Draft]
    ready: Callable[..., Ready]


_LIST_RULES = Rules(lists.draft_of, lists.ready)
_PURCHASE = Rules(purchases.draft_of, purchases.ready)
_PAYMENT = Rules(payments.draft_of, payments.ready)
_RULES: Mapping[str, Rules] = {
    **dict.fromkeys(LISTS, _LIST_RULES),
    **dict.fromkeys(purchases.TOTALS, _PURCHASE),
    **dict.fromkeys(open_items.PAYMENTS, _PAYMENT),
    purchase_orders.KIND: Rules(purchase_orders.draft_of, purchase_orders.ready),
    "JournalEntry": Rules(journals.draft_of, journals.ready),
    "Deposit": Rules(movements.deposit_draft, movements.deposit),
    "Transfer": Rules(movements.transfer_draft, movements.transfer),
}


def add(file: CompanyFile, kind: str, node: Node) -> Record:
    """A new record from its Add aggregate. Raises what the rules refuse."""
    rules = _RULES[kind]
    draft = rules.draft(file, kind, node, None)
    _check_needed(kind, draft, ElementMissing)
    id = file.next_list_id() if kind in LISTS else file.next_txn_id()
    _override(file, kind, draft, id)
    record = save(file, kind, id, rules.ready(file, kind, draft, id=id, standing=None))
    extensions.put_on_lines(file, kind, node, record.body)
    if kind == "Account" and node.get("OpenBalance"):
        open_balance(file, record, node)
    if kind == "Vendor" and node.get("OpenBalance"):
        _owe(file, record, node)
    return record


def modify(file: CompanyFile, kind: str, node: Node) -> Record:
    """A new version of a record from its Mod aggregate. Raises what the rules refuse."""
    id = str(node.get("ListID") or node.get("TxnID") or "")
    standing = file.lookup((kind,), id)
    file.check_unlocked(id)
    if str(node.get("EditSequence")) != standing.body["EditSequence"]:
        raise EditSequenceStale(str(node.get("EditSequence")))
    facts = file.records.facts(kind, id)
    if facts.get("void"):
        raise CannotModify(kind, "The transaction has been voided.")
    draft = _RULES[kind].draft(file, kind, node, standing)
    _override(file, kind, draft, id)
    return rewrite(file, standing, draft)


def _override(file: CompanyFile, kind: str, draft: Draft, id: str) -> None:
    """Take credits off the payments that applied them before, where this one says so; an empty payment goes."""
    if kind not in open_items.PAYMENTS:
        return
    for payment, without in payments.overridden(file, draft, without=id):
        if without["_applied"]:
            rewrite(file, payment, without)
        else:
            saving.remove(file, payment)


def rewrite(file: CompanyFile, standing: Record, draft: Draft) -> Record:
    """Store a changed draft of a record under the same rules as a new one."""
    kind, id = standing.kind, standing.id
    _check_needed(kind, draft, CannotClear)
    saving.check_open(file, standing.body)
    return save(file, kind, id, _RULES[kind].ready(file, kind, draft, id=id, standing=standing))


def save(file: CompanyFile, kind: str, id: str, ready: Ready) -> Record:
    """Store what the rules have made ready."""
    if kind in LISTS:
        return lists.save(file, kind, id, ready)
    saving.check_open(file, ready.body)
    return saving.put(file, kind, id, ready)


def _check_needed(kind: str, draft: Draft, refusal: Callable[[str], Refusal]) -> None:
    """Refuse a transaction without what it cannot be without: it was left out, or a Mod cleared it."""
    for name in _NEEDED.get(kind, ()):
        if not draft.get(name):
            raise refusal(name)


def open_balance(file: CompanyFile, account: Record, node: Node) -> None:
    """The opening balance of an account, in its natural sign, against Opening Balance Equity."""
    equity = file.special_account("OpeningBalanceEquity")
    book = file.company.book.account(account.id)
    if equity is None:
        raise ElementMissing("OpenBalance")
    value = node.get("OpenBalance")
    debit = book.kind.debit_normal == (value > 0)
    day = node.get("OpenBalanceDate")
    write_opening(file, account.id, equity.id, amount=abs(value), debit=debit, on=day.isoformat() if day else "")


def _owe(file: CompanyFile, vendor: Record, node: Node) -> None:
    """What a new vendor is owed already: a bill, or a credit where it is less than nothing."""
    # Source: QuickBooks Desktop help (opening balance of a vendor: a bill to Uncategorized Expenses).
    # Unconfirmed: the words of the memo, and the credit.
    expenses = file.special_account("UncategorizedExpenses")
    if expenses is None:
        raise NotSimulated("opening balances of vendors without Uncategorized Expenses", instead="a bill")
    value, day = node.get("OpenBalance"), node.get("OpenBalanceDate")
    line = {
        "TxnLineID": file.next_txn_id(),
        "AccountRef": {"ListID": expenses.id},
        "Amount": f"{abs(value):.2f}",
    }
    draft: Draft = {
        "VendorRef": {"ListID": vendor.id},
        "TxnDate": (day or file.today()).isoformat(),
        "Memo": "Opening balance",
        "ExpenseLineRet": [line],
    }
    kind, id = "Bill" if value > 0 else "VendorCredit", file.next_txn_id()
    save(file, kind, id, purchases.ready(file, kind, draft, id=id, standing=None))


def write_opening(file: CompanyFile, account: str, equity: str, *, amount: Any, debit: bool, on: str = "") -> Record:
    """A journal entry that opens an account."""
    sides = (journals.DEBIT, journals.CREDIT) if debit else (journals.CREDIT, journals.DEBIT)
    made = [
        {"TxnLineID": file.next_txn_id(), "AccountRef": {"ListID": each}, "Amount": f"{amount:.2f}", "_name": side}
        for each, side in zip((account, equity), sides, strict=True)
    ]
    record = file.records.get("Account", account)
    draft: Draft = {"TxnDate": on or file.today().isoformat(), "_lines": made}
    if record is not None and file.currency_of(record) != file.home:
        draft["CurrencyRef"] = record.body["CurrencyRef"]
    id = file.next_txn_id()
    return save(file, "JournalEntry", id, journals.ready(file, "JournalEntry", draft, id=id, standing=None))


def delete_transaction(file: CompanyFile, kind: str, id: str) -> Record:
    """Delete a transaction. A bill or credit that payments settle cannot go before they do."""
    record = _transaction(file, kind, id)
    if kind in open_items.TOTAL and any(open_items.settlements(file, id)):
        raise CannotDelete(id, "The transaction is linked to bill payments.")
    if undeposited.deposits_of(file, id):
        raise CannotDelete(id, "The transaction has been deposited.")
    if kind == purchase_orders.KIND and purchase_orders.bills_of(file, id):
        raise CannotDelete(id, "The transaction is linked to bills.")
    return saving.remove(file, record)


def void_transaction(file: CompanyFile, kind: str, id: str) -> Record:
    """Void a transaction: it stays with all amounts at zero, and frees what it settled."""
    record = _transaction(file, kind, id)
    if kind in open_items.TOTAL and any(open_items.settlements(file, id)):
        raise CannotVoid(id, "The transaction is linked to bill payments.")
    if undeposited.deposits_of(file, id):
        raise CannotVoid(id, "The transaction has been deposited.")
    saving.check_open(file, record.body)
    facts = file.records.facts(kind, id)
    if facts.get("void"):
        raise CannotVoid(id, "The transaction has been voided already.")
    body = _zeroed(record.body)
    body["Memo"] = f"{_VOIDED}{record.body.get('Memo', '')}"[:4095]
    freed = {name: value for name, value in facts.items() if name not in ("linked", "closed_links")}
    ready = Ready(body, {**freed, "void": True, "settled": []}, keys_of(body, facts))
    return saving.put(file, kind, id, ready, action="void")


def _transaction(file: CompanyFile, kind: str, id: str) -> Record:
    """A live transaction of a kind. A type that is not simulated here has no records."""
    record = file.records.get(kind, id) if kind in TRANSACTIONS else None
    if record is None or record.deleted:
        raise ObjectNotFound(id)
    file.check_unlocked(id)
    return record


def _zeroed(value: Any) -> Any:
    if isinstance(value, Mapping):
        freed = ("_applied", "_applied_to", "_link")
        return {k: "0.00" if _is_amount(k) else _zeroed(v) for k, v in value.items() if k not in freed}
    return [_zeroed(each) for each in value] if isinstance(value, list) else value


def _is_amount(name: str) -> bool:
    return "Amount" in name or name in ("DepositTotal", "DepositTotalInHomeCurrency")


def delete_list(file: CompanyFile, kind: str, id: str) -> Record:
    """Delete a list record that nothing refers to."""
    record = file.records.get(kind, id) if kind in LISTS else None
    if record is None or record.deleted:
        raise ObjectNotFound(id)
    file.check_unlocked(id)
    if record.body.get("SpecialAccountType") or _is_referred_to(file, id):
        raise CannotDelete(id, _IN_USE)
    return saving.remove(file, record)


def _is_referred_to(file: CompanyFile, id: str) -> bool:
    return any(file.records.find(kind, key, id) for kind in (*LISTS, *TRANSACTIONS) for key in ("refers", "parent"))


def edit(file: CompanyFile, record: Record, changes: Mapping[str, Any]) -> Record:
    """Change stored members of a record by name, as a person would in the form."""
    return rewrite(file, record, drafts.merged(record.body, dict(changes)))
