"""Money that waits in Undeposited Funds, and the deposit that takes it to the bank.

Of what may wait there journal entries are here; payments and sales of customers are not.
Source: QuickBooks Desktop SDK, Onscreen Reference (DepositLineAdd: PaymentTxnID and what it overrides)
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.records import Record
from sandbooks.platforms.quickbooks_desktop.drafts import Draft
from sandbooks.platforms.quickbooks_desktop.file import CompanyFile
from sandbooks.platforms.quickbooks_desktop.refusals import CannotModify, InvalidAmount
from sandbooks.platforms.quickbooks_desktop.rules import journals
from sandbooks.platforms.quickbooks_desktop.rules.ready import id_of

_OVERRIDES = {"Memo": "OverrideMemo", "CheckNumber": "OverrideCheckNumber", "ClassRef": "OverrideClassRef"}


def deposits_of(file: CompanyFile, id: str) -> list[Record]:
    """The live deposits that took a transaction to the bank."""
    return file.records.find("Deposit", "applied", id)


def fill(file: CompanyFile, line: Draft, lines: Iterable[Draft], *, currency: str, id: str) -> None:
    """Make a deposit line of what it takes: its account, amount and name. Other lines stay as they are.

    ``lines`` are those of the deposit, whose currency is ``currency``.
    """
    if line.get("PaymentTxnID") is None:
        _check_taken(file, line)
        return
    entry = file.lookup(("JournalEntry",), str(line.pop("PaymentTxnID")))
    if not file.home == currency == _currency(file, entry):
        raise NotSimulated("deposits of what waits in another currency than the home currency", instead="a transfer")
    gone = {str(each.get("PaymentTxnLineID")) for each in lines if each is not line and "PaymentTxnID" not in each}
    waiting = _waiting(file, entry, line.get("PaymentTxnLineID"), gone=gone, but=id)
    taken: Draft = {"AccountRef": waiting["AccountRef"], "Amount": waiting["Amount"]}
    taken |= {name: waiting[name] for name in ("EntityRef", "Memo", "ClassRef") if name in waiting}
    taken |= {name: line.pop(own) for name, own in _OVERRIDES.items() if own in line}
    line |= {**taken, "TxnType": entry.kind, "TxnID": entry.id, "PaymentTxnLineID": waiting["TxnLineID"]}


def _currency(file: CompanyFile, entry: Record) -> str:
    reference = entry.body.get("CurrencyRef")
    return file.currency_code(reference["ListID"]) if reference else file.home


def _check_taken(file: CompanyFile, line: Draft) -> None:
    """What a line took stays what it is while the line stands. Raises ``CannotModify``."""
    # Unconfirmed: the code.
    if line.get("TxnID") is None:
        return
    entry = file.lookup(("JournalEntry",), str(line["TxnID"]))
    waiting = next(each for each in entry.body["_lines"] if each["TxnLineID"] == line["PaymentTxnLineID"])
    if any(line.get(name) != waiting[name] for name in ("AccountRef", "Amount")):
        raise CannotModify("Deposit", "The account and amount of a deposited transaction cannot change.")


def _waiting(file: CompanyFile, entry: Record, wanted: Any, *, gone: set[str], but: str) -> Draft:
    """The line of an entry that waits to be deposited; those in ``gone`` wait no more."""
    funds = file.special_account("UndepositedFunds")
    elsewhere = {
        str(line.get("PaymentTxnLineID"))
        for deposit in deposits_of(file, entry.id)
        for line in (deposit.body.get("DepositLineRet", ()) if deposit.id != but else ())
    }
    for line in entry.body["_lines"]:
        is_there = funds is not None and id_of(line, "AccountRef") == funds.id and line["_name"] == journals.DEBIT
        if is_there and str(line["TxnLineID"]) not in gone | elsewhere and wanted in (None, line["TxnLineID"]):
            return dict(line)
    raise InvalidAmount("PaymentTxnID", entry.id, "The transaction does not wait to be deposited.")
