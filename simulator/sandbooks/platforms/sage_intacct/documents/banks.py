"""Cash accounts: checking and savings accounts, and charge cards of both kinds, with the account that each posts to."""

from __future__ import annotations

from msgspec import Struct

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.platforms.sage_intacct.objects.keeping import find
from sandbooks.platforms.sage_intacct.refusals import Inactive, ReferenceInvalid


class CashAccount(Struct, frozen=True):
    """Where money leaves from or comes to: native id, general ledger account, currency."""

    id: str
    name: str
    account: str
    currency: str
    is_bank: bool


def cash_account(company: Company, kind: str, id: str, *, banks: bool = True, cards: bool = True) -> CashAccount:
    """An active bank account or card by its id. Raises ``ReferenceInvalid``, ``Inactive``."""
    value = id.partition("--")[0]
    for target in ("CHECKINGACCOUNT", "SAVINGSACCOUNT") if banks else ():
        record = find(company, target, value)
        if record is not None:
            return _bank(company, record)
    record = find(company, "CREDITCARD", value) if cards else None
    if record is None:
        raise ReferenceInvalid(kind, "financial account" if banks else "charge card", id[:80])
    _check(record, "charge card")
    account = str(record.body["OFFSETGLACCOUNTNO"])
    currency = str(record.body.get("CURRENCY") or company.currency)
    return CashAccount(record.id, str(record.body.get("DESCRIPTION") or record.id), account, currency, is_bank=False)


def _bank(company: Company, record: Record) -> CashAccount:
    _check(record, "bank account")
    currency = str(record.body.get("CURRENCY") or company.currency)
    account = str(record.body["GLACCOUNTNO"])
    return CashAccount(record.id, str(record.body["BANKNAME"]), account, currency, is_bank=True)


def _check(record: Record, what: str) -> None:
    if record.body.get("STATUS") == "inactive":
        raise Inactive(what, record.id)
