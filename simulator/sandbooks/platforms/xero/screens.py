"""Changes to a document made in Xero's screens: the same rules as the API, by the organisation's own user."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sandbooks.kit.call import Call
from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.kit.surface import UNMATCHED
from sandbooks.platforms.xero import approvals, auth, contacts, lookup, paying
from sandbooks.platforms.xero.api import accounts, bank_transactions, claims, journals, orders, payments, transfers
from sandbooks.platforms.xero.refusals import NotFound, invalid
from sandbooks.platforms.xero.saving import save
from sandbooks.platforms.xero.wire.reading import read
from sandbooks.wire import Request
from sandbooks.world import Exchange

_WRITERS: dict[str, Callable[[Call, Mapping[str, Any], Record | None], Record]] = {
    "Account": accounts.write_account,
    "Contact": contacts.write_contact,
    "ExpenseClaim": claims.write_claim,
    "Receipt": claims.write_receipt,
    "BankTransaction": bank_transactions.write_bank_transaction,
    "BankTransfer": transfers.write_transfer,
    "BatchPayment": payments.write_batch_payment,
    "CreditNote": approvals.write_credit_note,
    "Invoice": approvals.write_invoice,
    "ManualJournal": journals.write_manual_journal,
    "Payment": paying.write_payment,
    "PurchaseOrder": orders.write_purchase_order,
    "Quote": orders.write_quote,
}


def change_document(company: Company, kind: str, id: str, changes: Mapping[str, Any]) -> Record:
    """Change members of a document as its writer would. Raises NotFound, Invalid."""
    record = company.records.get(kind, id)
    if record is None:
        raise NotFound
    given = read(changes, kind)
    if kind == "Payment" and set(given) == {"IsReconciled"}:
        return save(company, kind, {**record.copy(), **given})
    if kind == "ExpenseClaim" and given.get("Status") == "PAID":
        return claims.pay_claim(_screen(company), record, _paying_account(company, changes.get("Account") or {}))
    writer = _WRITERS.get(kind)
    if writer is None:
        raise invalid(f"{kind} cannot be changed in the screens.")
    return writer(_screen(company), given, record)


def _paying_account(company: Company, named: Mapping[str, Any]) -> Record:
    """The account that a claim is paid from: the one named, else the first bank account in base currency."""
    found = lookup.referenced_account(company, named) if named else None
    if found is not None:
        return found
    banks = company.records.find("Account", "Type", "bank")
    own = [each for each in banks if each.active and lookup.currency_of(company, each) == company.currency]
    if not own:
        raise invalid("There is no bank account to pay from.")
    return own[0]


def _screen(company: Company) -> Call:
    """A call as the screens make it: no exchange of its own on the tape."""
    exchange = Exchange(company.world, 0, "xero", Request("POST", "https://go.xero.com/"), actor=auth.USER)
    call = Call(exchange, UNMATCHED, {})
    call.company = company
    return call
