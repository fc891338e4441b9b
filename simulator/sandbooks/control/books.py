"""The books behind a platform company, as an accountant reads them and as JSON."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date
from typing import Any

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.kit.references import references_of
from sandbooks.ledger import Account, Line, TrialRow
from sandbooks.money import Money
from sandbooks.platform import platform_named


def money(value: Money) -> dict[str, str]:
    """Money as the control API writes it."""
    text, currency = str(value).split(" ")
    return {"amount": text, "currency": currency}


def account_type(company: Company, account: Account) -> str:
    """The neutral type of an account; the finer native type stays in the native record."""
    native = (company.world.get("account/type", f"{company.platform}/{company.id}") or {}).get(account.id)
    fallback = {"asset": "current_asset", "liability": "current_liability"}.get(account.kind.value, account.kind.value)
    return str(native or fallback)


def books(company: Company, *, as_of: date | None = None) -> dict[str, Any]:
    """The trial balance: accounts that hold anything, and totals that agree in right books."""
    rows = company.book.trial_balance(as_of=as_of)
    return {
        "company_id": company.id,
        "base_currency": company.currency,
        "as_of": as_of.isoformat() if as_of else None,
        "accounts": [_account(company, row) for row in rows],
        "totals": {
            "base": _totals((row.balance.base for row in rows), company.currency),
            "by_currency": _by_currency(rows),
        },
    }


def _account(company: Company, row: TrialRow) -> dict[str, Any]:
    account = row.account
    return {
        "account": account.id,
        "number": None,
        "name": account.name,
        "type": account_type(company, account),
        "class": account.kind.value,
        "currency": account.currency or company.currency,
        "active": account.active,
        "base": money(row.balance.base),
        "balances": [money(m) for m in row.balance.by_currency.values()],
    }


def _totals(amounts: Iterable[Money], currency: str) -> dict[str, Any]:
    debit = credit = Money.zero(currency)
    for amount in amounts:
        if amount > Money.zero(currency):
            debit += amount
        else:
            credit -= amount
    return {"debit": money(debit), "credit": money(credit)}


def _by_currency(rows: list[TrialRow]) -> list[dict[str, Any]]:
    amounts: dict[str, list[Money]] = {}
    for row in rows:
        for currency, amount in row.balance.by_currency.items():
            amounts.setdefault(currency, []).append(amount)
    return [_totals(amounts[currency], currency) for currency in sorted(amounts)]


def lines(
    company: Company, *, account: str = "", transaction: str = "", as_of: date | None = None
) -> list[dict[str, Any]]:
    """Posted lines, oldest first."""
    names = {a.id: a.name for a in company.book.accounts()}
    found = company.book.lines(account=account or None, through=as_of)
    owners, others = _owners(company), _not_contacts(company)
    listed = [_line(line, names, others, owners.get((line.source.kind, line.source.id))) for line in found]
    carriers = _carriers(company, transaction)
    return [line for line in listed if not transaction or line["document"] in carriers]


def _not_contacts(company: Company) -> frozenset[str]:
    """Ids of the records besides contacts that postings are for."""
    kinds = platform_named(company.platform).not_contacts
    return frozenset(record.id for kind in kinds for record in company.records.scan(kind, deleted=True))


def _line(line: Line, names: dict[str, str], others: frozenset[str], transaction: str | None) -> dict[str, Any]:
    posting = line.posting
    return {
        "entry": str(line.number),
        "number": line.index,
        "date": line.date.isoformat(),
        "account": posting.account,
        "account_name": names.get(posting.account, ""),
        "amount": money(posting.amount),
        "base": money(posting.base),
        "tax_code": posting.tax_code or None,
        "dimensions": dict(posting.dimensions),
        "contact": posting.party if posting.party and posting.party not in others else None,
        "document": f"{line.source.kind} {line.source.id}",
        "transaction": transaction,
        "reverses": str(line.reverses) if line.reverses else None,
    }


def money_records(company: Company) -> list[Record]:
    """Native records that have ever moved money, deleted ones included, in order of creation."""
    sources = dict.fromkeys((line.source.kind, line.source.id) for line in company.book.lines())
    found = [company.records.get(kind, id_) for kind, id_ in sources]
    return sorted((record for record in found if record is not None), key=lambda record: record.sequence)


def documents(company: Company, *, kind: str = "", transaction: str = "") -> list[dict[str, Any]]:
    """Native records that moved money."""
    owners = _owners(company)
    listed = [
        _document(company, record, owners.get((record.kind, record.id)))
        for record in money_records(company)
        if not kind or record.kind == kind
    ]
    carriers = _carriers(company, transaction)
    return [d for d in listed if not transaction or f"{d['kind']} {d['native_id']}" in carriers]


def _document(company: Company, record: Record, transaction: str | None) -> dict[str, Any]:
    standing = company.book.current(record.kind, record.id)
    history = list(company.book.lines(source=(record.kind, record.id)))
    day = standing.entry.date if standing else history[-1].date
    shown: dict[str, Any] = {
        "kind": record.kind,
        "native_id": record.id,
        "version": str(record.version),
        "status": "deleted" if record.deleted else "live" if standing else "voided",
        "date": day.isoformat(),
        "transaction": transaction,
        "exchanges": [v.exchange for v in company.records.versions(record.kind, record.id) if v.exchange],
        "native": record.body,
    }
    shown["attachments"] = [
        {
            "name": file.name,
            "type": file.content_type,
            "sha256": hashlib.sha256(file.content).hexdigest(),
            "size": len(file.content),
        }
        for file in platform_named(company.platform).load_bookkeeper().files(company, record.kind, record.id)
    ]
    if standing:
        debits = [p.amount for p in standing.entry.postings if p.amount.amount > 0]
        if debits and len({m.currency for m in debits}) == 1:
            shown["total"] = money(sum(debits[1:], debits[0]))
    return shown


def reference_of(company: Company, record: Record) -> str | None:
    """The reference that a native record carries in any of its members; the longest text that matches wins."""
    return references_of(company.world).owner(record.raw.decode("utf-8"))


def _carriers(company: Company, transaction: str) -> set[str]:
    """The documents that carry a reference, or a text that stands for it, in any of their members."""
    if not transaction:
        return set()
    known = (company.world.get("reference", transaction) or []) if transaction else []
    texts = [text.lower() for text in (transaction, *known)]
    found = ((f"{r.kind} {r.id}", r.raw.decode("utf-8").lower()) for r in money_records(company))
    return {name for name, raw in found if any(text in raw for text in texts)}


def _owners(company: Company) -> dict[tuple[str, str], str | None]:
    known = references_of(company.world)
    return {(record.kind, record.id): known.owner(record.raw.decode("utf-8")) for record in money_records(company)}
