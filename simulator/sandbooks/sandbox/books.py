"""A company's books as a test reads them: balances by label, name or native id, and the lines behind them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sandbooks.control.companies import labels_of
from sandbooks.control.errors import unknown
from sandbooks.kit.company import Company
from sandbooks.ledger import Account, Line
from sandbooks.money import Money


@dataclass(frozen=True)
class AccountRow:
    """One account. Debit is positive; ``balances`` are per currency of posting, ``base`` in base currency."""

    id: str
    label: str
    name: str
    base: Money
    balances: Mapping[str, Money]

    def __str__(self) -> str:
        amounts = [m for m in self.balances.values() if m.currency != self.base.currency]
        return ", ".join(dr_cr(m) for m in [*amounts, self.base])


def dr_cr(amount: Money) -> str:
    """Money as an accountant writes it: ``Dr 12.30 GBP`` or ``Cr 12.30 GBP``."""
    return f"{'Dr' if amount.amount >= 0 else 'Cr'} {abs(amount)}"


class Books:
    """The balances of a company at the end of a day (or now). ``books["travel"]`` finds by label, name or native id."""

    def __init__(self, company: Company, *, as_of: date | None = None) -> None:
        self._company = company
        self.as_of = as_of
        self.currency = company.currency
        self._labels = {id_: label for label, id_ in labels_of(company).get("accounts", {}).items()}
        rows = company.book.trial_balance(as_of=as_of)
        self.rows = [
            AccountRow(
                r.account.id,
                self._labels.get(r.account.id, ""),
                r.account.name,
                r.balance.base,
                dict(r.balance.by_currency),
            )
            for r in rows
        ]

    def account(self, name: str) -> Account:
        """The account that a label, native id or name means; raises ``ControlError`` with the nearest names."""
        accounts = self._company.book.accounts()
        by_label = {label: id_ for id_, label in self._labels.items()}
        wanted = by_label.get(name, name)
        for account in accounts:
            if account.id == wanted:
                return account
        for account in accounts:
            if account.name.casefold() == name.casefold():
                return account
        raise unknown("account", name, [*by_label, *(a.name for a in accounts)])

    def __getitem__(self, name: str) -> AccountRow:
        account = self.account(name)
        for row in self.rows:
            if row.id == account.id:
                return row
        return AccountRow(account.id, self._labels.get(account.id, ""), account.name, Money.zero(self.currency), {})

    def __iter__(self) -> Iterator[AccountRow]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def balance(self, name: str, *, currency: str = "") -> Money:
        """The balance of an account in base currency, or in one currency of posting; debit is positive."""
        row = self[name]
        return row.balances.get(currency, Money.zero(currency)) if currency else row.base

    def lines(self, name: str = "") -> list[Line]:
        """The posted lines (of one account), oldest first, reversals included."""
        wanted = self.account(name).id if name else None
        return list(self._company.book.lines(account=wanted, through=self.as_of))

    def __str__(self) -> str:
        width = max((len(r.label or r.name) for r in self.rows), default=8)
        return "\n".join(f"{(r.label or r.name):<{width}}  {r}" for r in self.rows)
