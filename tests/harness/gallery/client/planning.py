"""From a submitted transaction to a document: signs, dates, currencies, tax and the contact. Nothing is sent here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tests.harness.gallery.client.answers import Refused
from tests.harness.gallery.client.documents import Account, Document, Line, Side

if TYPE_CHECKING:
    from tests.harness.gallery.client.driver import Driver

GIVES_BACK = ("refund", "reward", "chargeback")


class Planner:
    """What is to be posted, by the rules of the product."""

    def __init__(self, driver: Driver) -> None:
        self.driver = driver
        self.company = driver.environment["company"]
        self.defaults = driver.environment.get("defaults") or {}

    # At the door

    def accepted(self, given: Mapping[str, Any]) -> None:
        """Raise ``Refused`` for what can be told to be wrong without looking at the books."""
        if given["kind"] == "transfer":
            self._amounts([(given[side]["amount"], given[side]["currency"]) for side in ("from", "to")])
            return
        self.rate(given)
        name = "amount" if given["kind"] == "adjustment" else "net"
        self._amounts([(line[name], given["currency"]) for line in given["lines"]])
        self._amounts([(line.get("tax") or "0", given["currency"]) for line in given["lines"]])

    def _amounts(self, amounts: list[tuple[str, str]]) -> None:
        for text, currency in amounts:
            self.driver.amounts.stored(text, currency)

    # Documents

    def document(self, row: Mapping[str, Any]) -> Document:
        """The document of a stored transaction. Raises ``Refused``."""
        kind = row["kind"]
        if kind == "transfer":
            return self._transfer(row)
        lines = self._journal_lines(row) if kind == "adjustment" else self._lines(row)
        return Document(
            id=row["id"],
            kind=kind,
            date=self.date(row["date"]),
            due=self.date(row["due_date"]) if row.get("due_date") else None,
            currency=row["currency"],
            rate=self.rate(row),
            lines=tuple(lines),
            account=row.get("bank_account") or self.defaults.get("bank_account") or "",
            contact=row.get("contact") or "",
            merchant=row.get("merchant") or "",
            reference=row.get("reference") or "",
            notes=row.get("notes") or "",
        )

    def sign(self, kind: str) -> int:
        """+1 for what is spent, -1 for what comes back."""
        return -1 if kind in GIVES_BACK else 1

    def date(self, text: str) -> date:
        """A calendar date stays the date that it is, whatever the zone."""
        return date.fromisoformat(text[:10])

    def rate(self, given: Mapping[str, Any]) -> Decimal | None:
        if given["currency"] == self.company["currency"]:
            return None
        if not given.get("rate"):
            raise Refused(f"a rate is needed for {given['currency']}")
        return Decimal(given["rate"])

    def _lines(self, row: Mapping[str, Any]) -> list[Line]:
        sign = self.sign(row["kind"])
        return [self.line(line, row["currency"], sign) for line in row["lines"]]

    def line(self, line: Mapping[str, Any], currency: str, sign: int) -> Line:
        amounts = self.driver.amounts
        return Line(
            account=line["account"],
            net=sign * amounts.amount(line["net"], currency),
            tax=sign * amounts.amount(line["tax"], currency),
            tax_code=line.get("tax_code") or "",
            tracking=tuple(line.get("tracking") or ()),
            description=line.get("description") or "",
        )

    def _journal_lines(self, row: Mapping[str, Any]) -> list[Line]:
        """The lines of an adjustment, those that say the same of the same account taken together."""
        amounts, currency = self.driver.amounts, row["currency"]
        together: dict[tuple[Any, ...], list[Decimal]] = {}
        for line in row["lines"]:
            key = (line["account"], tuple(line.get("tracking") or ()), line.get("description") or "")
            together.setdefault(key, []).append(amounts.amount(line["amount"], currency))
        netted = [(key, amounts.total(found)) for key, found in together.items()]
        return [
            Line(account=account, net=net, tracking=tracking, description=description)
            for (account, tracking, description), net in self.worth_posting(netted)
        ]

    def worth_posting(self, netted: list[Any]) -> list[Any]:
        """Journal lines that move something."""
        return [(key, net) for key, net in netted if net]

    def _transfer(self, row: Mapping[str, Any]) -> Document:
        sides = [
            Side(
                account=row[name]["account"],
                currency=row[name]["currency"],
                amount=self.driver.amounts.amount(row[name]["amount"], row[name]["currency"]),
            )
            for name in ("from", "to")
        ]
        return Document(
            id=row["id"],
            kind="transfer",
            date=self.date(row["date"]),
            source=sides[0],
            target=sides[1],
            notes=row.get("notes") or "",
        )

    # Capability

    def check(self, document: Document, accounts: Mapping[str, Account]) -> None:
        """Raise ``Refused`` for what the customer's books cannot take: an archived account, another currency."""
        for id in self.accounts(document):
            account = accounts.get(id)
            if account is None:
                raise Refused(f"account {id} is not in the chart of accounts")
            if not account.active:
                raise Refused(f"account {account.name} is archived")
        if document.account and document.kind not in ("reimbursable", "adjustment", "bill"):
            self.check_currency(document, accounts[document.account])

    def accounts(self, document: Document) -> list[str]:
        """Every account that a document names."""
        own = [line.account for line in document.lines]
        if document.source and document.target:
            own += [document.source.account, document.target.account]
        if document.kind not in ("reimbursable", "adjustment", "transfer", "bill"):
            if not document.account:
                raise Refused("no bank or card account is chosen, and there is no default")
            own.append(document.account)
        return own

    def check_currency(self, document: Document, bank: Account) -> None:
        """An account is charged in its own currency; one in base currency also in a foreign one where that works."""
        base = self.company["currency"]
        foreign_on_base = bank.currency == base and self.driver.adapter.converts_on_base_accounts
        if document.currency != bank.currency and not foreign_on_base:
            raise Refused(f"{bank.name} is in {bank.currency} and cannot be charged in {document.currency}")


def stored(given: Mapping[str, Any], amounts: Any) -> dict[str, Any]:
    """A submitted transaction as it is kept: amounts in minor units."""
    row = dict(given)
    if given["kind"] == "transfer":
        for name in ("from", "to"):
            row[name] = {**given[name], "amount": amounts.stored(given[name]["amount"], given[name]["currency"])}
        return row
    currency = given["currency"]
    row["lines"] = [
        {**line, **{n: amounts.stored(line.get(n) or "0", currency) for n in ("net", "tax", "amount")}}
        for line in given["lines"]
    ]
    return row
