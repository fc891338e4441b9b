"""The scenario that recorded exchanges tell: what was handed over, what went wrong on the wire, in which order.

Tries of one document are one transaction: the program under test tries again by itself. Where nobody can know whether
the platform had carried a request out, the scenario runs both ways. Names of people and companies, references and notes
are left out; everything that was guessed is listed at the head of the file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from sandbooks.harness.incidents.natives import Unreadable, Written, WrittenLine, written_in
from sandbooks.harness.incidents.seen import Seen
from sandbooks.harness.writing import scenario_text
from sandbooks.money import digits

COUNTRIES = {"GBP": "GB", "USD": "US", "EUR": "IE", "AUD": "AU", "NZD": "NZ", "CAD": "CA"}
AGAIN_AFTER = timedelta(hours=1)  # a later try was handed over anew; sooner ones are the program's own
ADVANCE_FROM = timedelta(minutes=10)
HUB = "codat"
EITHER = "{phase}"
SERVER_STATUSES = (500, 502, 503, 504)


@dataclass
class Told:
    """A scenario as plain data, what was guessed in it, and the writes that could not be read."""

    data: dict[str, Any]
    guesses: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The scenario file."""
        head = [f"# guess: {guess}" for guess in self.guesses] + [f"# not told: {text}" for text in self.unread]
        return "\n".join([*head, scenario_text(self.data)]) if head else scenario_text(self.data)


class NothingToTell(Exception):
    """No exchange of the recording writes a document that is known."""


@dataclass
class _Transaction:
    """One document with its tries."""

    label: str
    written: Written
    surface: str
    tries: list[Seen]


def scenario_from(recorded: list[Seen], *, title: str, platform: str = "", currency: str = "", seed: int = 1) -> Told:
    """Tell a recording as a scenario. ``platform`` is the one behind the hub where the hub was spoken to.

    ``currency`` is the company's own where the recording does not show it. Raises ``NothingToTell``.
    """
    unread: list[str] = []
    transactions = _transactions(recorded, unread)
    if not transactions:
        reasons = ["no request of the recording writes a document that is known", *unread[:3]]
        raise NothingToTell("; ".join(reasons))
    surfaces = list(dict.fromkeys(t.surface for t in transactions if t.surface != HUB))
    platforms = [platform] if platform else surfaces
    if not platforms:
        raise NothingToTell("the hub was spoken to: say which platform stands behind it with --platform")
    book = _Book(recorded, transactions, currency)
    steps = [{"connect": "acme"}, {"configure": book.configured()}, *_steps(transactions, book)]
    wanted = [t.label for t in transactions if t.tries[-1].outcome != "refused" and t.written.kind != "bill"]
    if wanted:
        steps.append({"expect": {"transactions": dict.fromkeys(wanted, "Completed")}})
    data: dict[str, Any] = {
        "scenario": title,
        "platforms": platforms[:1],
        **({"matrix": {"phase": ["commit", "validate"]}} if _unknown(transactions) else {}),
        "seed": seed,
        "clock": f"{transactions[0].tries[0].at:%Y-%m-%dT%H:%M:%S} UTC",
        "companies": {"acme": book.company()},
        "steps": steps,
    }
    if _unknown(transactions):
        book.guesses.append("whether the platform had carried out what was not answered: both ways are played")
    return Told(data, book.guesses, unread)


# What was handed over


def _transactions(recorded: list[Seen], unread: list[str]) -> list[_Transaction]:
    found: list[_Transaction] = []
    for seen in recorded:
        try:
            documents = written_in(seen)
        except Unreadable as error:
            unread.append(str(error))
            continue
        for written in documents:
            earlier = next((t for t in reversed(found) if _is_again(t, written, seen)), None)
            if earlier is not None:
                earlier.tries.append(seen)
            else:
                found.append(_Transaction(f"r-{len(found) + 1:02d}", written, seen.surface, [seen]))
    return found


def _is_again(known: _Transaction, written: Written, seen: Seen) -> bool:
    """Whether a document is another try of one that is known: the same id, the same content under the same reference,
    or the same content after a try that failed."""
    if known.surface != seen.surface:
        return False
    if written.id or known.written.id:
        return written.id == known.written.id
    return known.written == written and (known.tries[-1].outcome != "done" or bool(written.reference))


def _unknown(transactions: list[_Transaction]) -> bool:
    return any(one.committed is None for transaction in transactions for one in transaction.tries)


# What went wrong


def _faults(transaction: _Transaction) -> Iterator[dict[str, Any]]:
    for nth, seen in enumerate(transaction.tries, 1):
        fault = _fault(seen)
        if fault is None:
            continue
        kind, facts = fault
        at: dict[str, Any] = {"write": transaction.label}
        if nth > 1:
            at["nth"] = nth
            # A program that looks first, as it should, sends nothing more of what was carried out.
            if any(before.committed is not False for before in transaction.tries[: nth - 1]):
                facts = {**facts, "may_rest": True}
        if seen.surface == HUB:
            at["platform"] = HUB
        yield {"fault": {kind: {"at": at, **facts}}}


def _fault(seen: Seen) -> tuple[str, dict[str, Any]] | None:
    phase = EITHER if seen.committed is None else "commit" if seen.committed else "validate"
    if seen.outcome == "lost":
        return "drop_response", {"phase": phase}
    if seen.outcome == "failed":
        return "server_error", {"phase": phase, "status": seen.status if seen.status in SERVER_STATUSES else 500}
    if seen.outcome == "page":
        status = seen.status if seen.status in (200, 413, *SERVER_STATUSES) else 502
        return "html_error_page", {"phase": phase, "status": status}
    kinds: dict[str, str] = {"cut": "truncate", "throttled": "throttle", "unauthorized": "expire_token"}
    return (kinds[seen.outcome], {}) if seen.outcome in kinds else None


# The steps


def _steps(transactions: list[_Transaction], book: _Book) -> Iterator[dict[str, Any]]:
    now = transactions[0].tries[0].at
    for transaction in transactions:
        yield from _waited(now, transaction.tries[0].at)
        yield from _faults(transaction)
        forgotten = _forgotten(transaction)
        if forgotten:
            book.guesses.append(
                f"{transaction.label} was sent again after its answer had come: as by a program that died"
            )
            yield {"kill": {"at": {"write": transaction.label, "nth": forgotten}, "phase": "deliver"}}
        yield book.step(transaction)
        yield {"sync": "after restart" if forgotten else "until idle"}
        now = transaction.tries[0].at
        for seen in transaction.tries[1:]:
            if seen.at - now >= AGAIN_AFTER:
                yield from _waited(now, seen.at)
                yield book.step(transaction)
                yield {"sync": "until idle"}
            now = seen.at
        if transaction.tries[-1].outcome == "refused":
            book.guesses.append(
                f"{transaction.label} was refused with status {transaction.tries[-1].status}; why is not told"
            )


def _forgotten(transaction: _Transaction) -> int:
    """The try whose answer came and was forgotten, because the same was sent again soon after; 0 for none."""
    for number, (before, after) in enumerate(pairwise(transaction.tries), 1):
        if before.outcome == "done" and after.at - before.at < AGAIN_AFTER:
            return number
    return 0


def _waited(since: datetime, until: datetime) -> Iterator[dict[str, Any]]:
    minutes = int((until - since) / timedelta(minutes=1))
    if until - since >= ADVANCE_FROM:
        yield {"advance": f"{minutes}m"}


# The company


class _Book:
    """The company that the documents speak of: keys for native ids, names where an answer showed them."""

    def __init__(self, recorded: list[Seen], transactions: list[_Transaction], currency: str) -> None:
        self.guesses: list[str] = []
        self._known: dict[str, Mapping[str, Any]] = {}
        for seen in recorded:
            self._learn(seen.answer)
        self._accounts: dict[str, dict[str, Any]] = {}
        self._keys: dict[str, str] = {}
        self._suppliers: dict[str, str] = {}
        self._taxes: dict[str, str] = {}
        self._currency = currency or self._own_currency(transactions)
        for transaction in transactions:
            self._meet(transaction.written)

    # Reading

    def _learn(self, answer: Any) -> None:
        """Remember every object of an answer that has an id and a name."""
        if isinstance(answer, list):
            for item in answer:
                self._learn(item)
        elif isinstance(answer, Mapping):
            if any(str(answer.get(name) or "") for name in NAMES):
                for name in IDS:
                    if answer.get(name):
                        self._known.setdefault(str(answer[name]), answer)
            for item in answer.values():
                self._learn(item)

    def _own_currency(self, transactions: list[_Transaction]) -> str:
        said = [t.written.currency for t in transactions if t.written.currency and t.written.rate in (None, 1)]
        if said:
            return max(set(said), key=said.count)
        self.guesses.append("the company's currency is GBP: no document says one")
        return "GBP"

    def _meet(self, written: Written) -> None:
        if written.kind not in ("adjustment", "bill", "reimbursable"):
            self._account(written.account or "default", pays=True)
        if written.kind == "transfer":
            self._account(written.to_account, pays=True)
            return
        for line in written.lines:
            self._account(line.account or "none", pays=False)
            self._tax(line)
        if written.kind in ("bill", "reimbursable") or written.contact:
            self._supplier(written.contact)

    def _account(self, id: str, *, pays: bool) -> str:
        if id in self._keys:
            return self._keys[id]
        known = self._known.get(id, {})
        number = len(self._accounts) + 1
        key = f"account_{number}"
        name = next((str(known[part]) for part in NAMES if known.get(part)), "")
        text = (
            f"{known.get('AccountType', '')} {known.get('BankAccountType', '')} {known.get('account_type', '')}".lower()
        )
        type = ("bank" if "bank" in text and "credit" not in text else "credit_card") if pays else "expense"
        if not name or (pays and not text.strip()):
            self.guesses.append(f"{key} is of type {type}: the recording shows no account {id!r}")
        self._accounts[key] = {"type": type, "name": name or f"Account {number}"}
        self._keys[id] = key
        return key

    def _supplier(self, id: str) -> str:
        return self._suppliers.setdefault(id, f"supplier_{len(self._suppliers) + 1}")

    def _tax(self, line: WrittenLine) -> str:
        if not line.tax or not line.net:
            return "none"
        rate = (line.tax / line.net * 100).quantize(Decimal("0.1")).normalize()
        text = f"{rate:f}%"
        if text not in self._taxes:
            self._taxes[text] = f"tax_{len(self._taxes) + 1}"
            self.guesses.append(f"{self._taxes[text]} has a rate of {text}, from the amounts of a line")
        return self._taxes[text]

    # Telling

    def company(self) -> dict[str, Any]:
        """The declaration of the company."""
        country = COUNTRIES.get(self._currency, "GB")
        self.guesses.append(f"the company's country is {country}")
        suppliers = self._suppliers or {"": "supplier_1"}
        return {
            "country": country,
            "currency": self._currency,
            "accounts": self._accounts,
            "suppliers": {key: {"name": f"Supplier {n}"} for n, key in enumerate(suppliers.values(), 1)},
            "customers": {"card_provider": {"name": "Card Provider"}},
            **({"taxes": {key: {"rate": rate} for rate, key in self._taxes.items()}} if self._taxes else {}),
        }

    def configured(self) -> dict[str, str]:
        """The hub's defaults: the first account that pays, the first supplier."""
        paying = next((key for key, facts in self._accounts.items() if facts["type"] in ("credit_card", "bank")), None)
        if paying is None:
            paying = self._account("default", pays=True)
        supplier = next(iter(self._suppliers.values()), "supplier_1")
        return {"bank_account": paying, "supplier": supplier, "customer": "card_provider"}

    def step(self, transaction: _Transaction) -> dict[str, Any]:
        """The step that hands a transaction over."""
        written, label = transaction.written, transaction.label
        currency = written.currency or self._currency
        given: dict[str, Any] = {"date": written.date}
        if currency != self._currency and written.kind != "transfer":
            given["rate"] = f"1 {currency} = {self._rate(transaction, currency)} {self._currency}"
        if written.kind == "transfer":
            sent = {self._keys[written.account]: _amount(written.lines[0].net, currency)}
            return {"push": {"transfer": label, **given, "from": sent, "to": self._arrived(written, currency)}}
        if written.kind == "adjustment":
            return {
                "push": {
                    "adjustment": label,
                    **given,
                    "lines": [self._booking(line, currency) for line in written.lines],
                }
            }
        given["lines"] = [self._line(line, currency) for line in written.lines]
        if written.kind == "bill":
            due = {"due_date": written.due} if written.due else {}
            return {"bill": {"id": label, "supplier": self._supplier(written.contact), **due, **given}}
        if written.kind == "reimbursable":
            due = {"due_date": written.due} if written.due else {}
            return {"push": {"reimbursable": label, "contact": self._supplier(written.contact), **due, **given}}
        return {"push": {written.kind: label, **given, "bank_account": self._keys[written.account or "default"]}}

    def _arrived(self, written: Written, currency: str) -> dict[str, str]:
        return {self._keys[written.to_account]: _amount(written.to_amount, currency)}

    def _rate(self, transaction: _Transaction, currency: str) -> str:
        if transaction.written.rate:
            return f"{transaction.written.rate.normalize():f}"
        self.guesses.append(f"{transaction.label} says no rate from {currency}: 1 is put in its place")
        return "1"

    def _line(self, line: WrittenLine, currency: str) -> dict[str, Any]:
        told: dict[str, Any] = {"net": _amount(line.net, currency)}
        if line.tax:
            told |= {"tax_amount": _amount(line.tax, currency), "tax": self._tax(line)}
        return {**told, "account": self._keys[line.account or "none"]}

    def _booking(self, line: WrittenLine, currency: str) -> dict[str, Any]:
        side = "Cr" if line.net < 0 else "Dr"
        return {"amount": f"{side} {_amount(abs(line.net), currency)}", "account": self._keys[line.account]}


IDS = ("Id", "AccountID", "ContactID", "Code", "account_id", "contact_id", "url", "internalId", "id")
NAMES = ("Name", "account_name", "acctName", "DisplayName", "displayName", "contact_name", "name", "description")


def _amount(value: Decimal, currency: str) -> str:
    places = Decimal(1).scaleb(-digits(currency))
    rounded = value.quantize(places)
    return f"{rounded if rounded == value else value:f} {currency}"
