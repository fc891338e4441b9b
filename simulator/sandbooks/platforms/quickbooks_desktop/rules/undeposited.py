"""Money that waits in Undeposited Funds, and the deposit that takes it to the bank.

Of what may wait there journal entries are here; payments and sales of customers are not.
Source: QuickBooks Desktop SDK, Onscreen Reference (DepositLineAdd: PaymentTxnID and what it overrides)
"""

from __future__ import annotations

from typing import Any

from sandbooks.kit.records import Record
from sandbooks.platforms.quickbooks_desktop.drafts import Draft
from sandbooks.platforms.quickbooks_desktop.file import CompanyFile
from sandbooks.platforms.quickbooks_desktop.refusals import InvalidAmount
from sandbooks.platforms.quickbooks_desktop.rules import journals
from sandbooks.platforms.quickbooks_desktop.rules.ready import id_of

_OVERRIDES = {"Memo": "OverrideMemo", "CheckNumber": "OverrideCheckNumber", "ClassRef": "OverrideClassRef"}


def deposits_of(file: CompanyFile, id: str) -> list[Record]:
    """The live deposits that took a transaction to the bank."""
    return file.records.find("Deposit", "applied", id)


def fill(file: CompanyFile, line: Draft, *, id: str) -> None:
    """Make a deposit line of what it takes: its account, amount and name. Other lines stay as they are."""
    wanted = line.pop("PaymentTxnID", None)
    if wanted is None:
        return
    entry = file.lookup(("JournalEntry",), str(wanted))
    waiting = _waiting(file, entry, line.get("PaymentTxnLineID"), but=id)
    taken: Draft = {"AccountRef": waiting["AccountRef"], "Amount": waiting["Amount"]}
    taken |= {name: waiting[name] for name in ("EntityRef", "Memo", "ClassRef") if name in waiting}
    taken |= {name: line.pop(own) for name, own in _OVERRIDES.items() if own in line}
    line |= {**taken, "TxnType": entry.kind, "TxnID": entry.id, "PaymentTxnLineID": waiting["TxnLineID"]}


def _waiting(file: CompanyFile, entry: Record, wanted: Any, *, but: str) -> Draft:
    """The line of an entry that waits to be deposited."""
    funds = file.special_account("UndepositedFunds")
    gone = {
        str(line.get("PaymentTxnLineID"))
        for deposit in deposits_of(file, entry.id)
        for line in (deposit.body.get("DepositLineRet", ()) if deposit.id != but else ())
    }
    for line in entry.body["_lines"]:
        is_there = funds is not None and id_of(line, "AccountRef") == funds.id and line["_name"] == journals.DEBIT
        if is_there and str(line["TxnLineID"]) not in gone and wanted in (None, line["TxnLineID"]):
            return dict(line)
    raise InvalidAmount("PaymentTxnID", entry.id, "The transaction does not wait to be deposited.")
