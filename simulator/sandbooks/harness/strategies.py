"""Hypothesis strategies for tests of your own: transactions, transactions with one thing wrong, native documents.

They draw for a company of a ``Sandbox``: its accounts, suppliers and tax codes by their native ids, and only what the
platform's capability edition offers, so that code under test has no reason to refuse (or, in ``nearly_valid``, one).
Shapes are those of ``contracts/driver.yaml``: amounts are text, ids native.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from sandbooks import capabilities
from sandbooks.capabilities import AccountClass
from sandbooks.control.companies import planned_account_types
from sandbooks.money import digits
from sandbooks.sandbox.company import PlatformCompany
from sandbooks.world import TapeEntry

if TYPE_CHECKING:
    from sandbooks.harness.hub_driver import Hub

Transaction = dict[str, Any]

CARD_KINDS = ("payment", "refund", "reward", "chargeback")
SPENT_ON = ("expense", "cost_of_sales", "other_expense")
MERCHANTS = ("Contoso Air", 'A&B "Bits" Ltd', "O'Neill & Söhne", "Café 🍕 Napoli", "100% Taxis; 24/7")
CLASSES: dict[str, AccountClass] = {"credit_card": "card", "bank": "bank"}
PLAIN_LINE: dict[str, Any] = {"tax": "0", "tax_code": None, "tracking": [], "description": None}
MINOR_MOST = 9_999_999
DAYS_BACK = 25


@dataclass(frozen=True)
class NearlyValid:
    """A transaction with one thing wrong, and what: code under test should turn it away, and post nothing for it."""

    transaction: Transaction
    wrong: str


@dataclass(frozen=True)
class NativeDocument:
    """A document as a client of the platform sends it: everything but the credential.

    ``path`` is the vendor's own with its query; ``transaction`` is what it stands for.
    """

    method: str
    path: str
    content_type: str
    body: bytes
    transaction: Transaction


class Lacking(Exception):
    """The company has no account of a kind that is needed. The message says which."""


def transactions(company: PlatformCompany, *, kinds: tuple[str, ...] = ()) -> st.SearchStrategy[Transaction]:
    """Card and bank transactions, reimbursables and adjustments that the platform takes. ``kinds``: only these.

    Raises ``Lacking`` where the company has no account that pays, or none to spend on.
    """
    desk = _Desk(company)
    wanted = [kind for kind in (*CARD_KINDS, "reimbursable", "adjustment") if not kinds or kind in kinds]
    offered = [one for kind in wanted for one in desk.strategies(kind)]
    if not offered:
        raise Lacking(f"{company.platform} offers none of {', '.join(kinds) or 'the kinds'} on this company's accounts")
    return st.one_of(offered)


def nearly_valid(
    company: PlatformCompany, *, kinds: tuple[str, ...] = (), wrong: tuple[str, ...] = ()
) -> st.SearchStrategy[NearlyValid]:
    """Transactions with exactly one thing wrong; ``wrong`` names which, of ``DAMAGES``."""
    return st.builds(_damaged, transactions(company, kinds=kinds), st.sampled_from(wrong or tuple(DAMAGES)))


def native_documents(
    company: PlatformCompany, *, kinds: tuple[str, ...] = CARD_KINDS
) -> st.SearchStrategy[NativeDocument]:
    """Documents as the hub's own client sends them to this platform: valid requests to vary in your tests.

    Each is made in a fork of the world, so that nothing of it stands in the company's books.
    """
    return transactions(company, kinds=kinds).map(lambda given: _native_of(company, given))


# Valid


class _Desk:
    """What there is to draw from: the accounts that the company was opened with by label."""

    def __init__(self, company: PlatformCompany) -> None:
        self.table = capabilities.load()[company.platform]
        self.currency = company.currency
        held = company._company
        named = planned_account_types(held)
        known = [(a, named[a.id]) for a in held.book.accounts() if a.active and a.id in named]
        self.paying: dict[AccountClass, list[str]] = {
            CLASSES[type]: [a.id for a, t in known if t == type and (a.currency or self.currency) == self.currency]
            for type in CLASSES
        }
        self.spent_on = [account.id for account, type in known if type in SPENT_ON]
        self.suppliers = sorted(company.labels.get("suppliers", {}).values())
        self.today = held.world.clock.today()
        if not self.spent_on or not any(self.paying.values()):
            raise Lacking("open the company with a bank or card account in its own currency, and an expense account")

    def strategies(self, kind: str) -> Iterator[st.SearchStrategy[Transaction]]:
        """One strategy for each way in which the platform takes this kind."""
        if kind == "reimbursable" and self.table.allows("reimbursable") and self.suppliers:
            yield self._reimbursable()
        elif kind == "adjustment" and self.table.allows("adjustment") and len(self.spent_on) > 1:
            yield self._adjustment()
        elif kind in CARD_KINDS:
            for held, accounts in self.paying.items():
                if accounts and self.table.allows(f"expense.{kind.capitalize()}", held):
                    yield self._card(kind, accounts)

    def _head(self, kind: str) -> dict[str, st.SearchStrategy[Any]]:
        return {
            "id": st.uuids(version=4).map(str),
            "kind": st.just(kind),
            "date": st.integers(0, DAYS_BACK).map(lambda days: (self.today - timedelta(days=days)).isoformat()),
            "currency": st.just(self.currency),
            "rate": st.none(),
            "reference": st.none(),
        }

    def _card(self, kind: str, accounts: list[str]) -> st.SearchStrategy[Transaction]:
        most = min(self.table.limits_of("expense").lines_max or 4, 4)
        notes = st.just("Fares") if self.table.limits_of("expense").notes_required else st.sampled_from([None, "Fares"])
        return st.fixed_dictionaries({
            **self._head(kind),
            "lines": st.lists(self._line(), min_size=1, max_size=most),
            "bank_account": st.sampled_from(accounts),
            "contact": st.sampled_from([None, *self.suppliers]),
            "merchant": st.sampled_from([None, *MERCHANTS]),
            "notes": notes,
        })  # fmt: skip

    def _reimbursable(self) -> st.SearchStrategy[Transaction]:
        drawn = st.fixed_dictionaries({
            **self._head("reimbursable"),
            "lines": st.lists(self._line(), min_size=1, max_size=2),
            "contact": st.sampled_from(self.suppliers),
            "notes": st.none(),
        })  # fmt: skip
        return drawn.map(lambda given: {**given, "due_date": given["date"]})

    def _adjustment(self) -> st.SearchStrategy[Transaction]:
        pairs = st.permutations(self.spent_on).map(lambda accounts: accounts[:2])
        lines = st.builds(
            lambda amount, pair: [{"amount": amount, "account": pair[0]}, {"amount": f"-{amount}", "account": pair[1]}],
            amounts(self.currency),
            pairs,
        )
        return st.fixed_dictionaries({**self._head("adjustment"), "lines": lines})

    def _line(self) -> st.SearchStrategy[dict[str, Any]]:
        return st.builds(
            lambda net, account: {**PLAIN_LINE, "net": net, "account": account},
            amounts(self.currency),
            st.sampled_from(self.spent_on),
        )


def amounts(currency: str) -> st.SearchStrategy[str]:
    """Amounts above zero as text, with exactly the digits of the currency: ``0.01``, ``124.85``; ``1200`` in JPY."""
    awkward = st.sampled_from([1, 10, 33, 100, 1005, 12_485, 99_999])
    return st.one_of(awkward, st.integers(1, MINOR_MOST)).map(lambda minor: _major(minor, digits(currency)))


def _major(minor: int, places: int) -> str:
    text = f"{minor:0{places + 1}d}"
    return f"{text[:-places]}.{text[-places:]}" if places else text


# One thing wrong


def _first_line(transaction: Transaction, **changes: Any) -> Transaction:
    first, *rest = transaction["lines"]
    return {**transaction, "lines": [{**first, **changes}, *rest]}


def _amount_name(transaction: Transaction) -> str:
    return "amount" if transaction["kind"] == "adjustment" else "net"


DAMAGES: dict[str, Callable[[Transaction], Transaction]] = {
    "an account that does not exist": lambda t: _first_line(t, account="no-such-account"),
    "a currency that does not exist": lambda t: {**t, "currency": "ZZZ"},
    "a date that does not exist": lambda t: {**t, "date": "2026-02-30"},
    "an amount with too many digits": lambda t: _first_line(t, **{_amount_name(t): "1.23456789"}),
    "an amount that is no number": lambda t: _first_line(t, **{_amount_name(t): "12,50 €"}),
    "no lines": lambda t: {**t, "lines": []},
}


def _damaged(transaction: Transaction, wrong: str) -> NearlyValid:
    return NearlyValid(DAMAGES[wrong](transaction), wrong)


# Native


def _native_of(company: PlatformCompany, given: Transaction) -> NativeDocument:
    """The request in which the hub's client writes a transaction."""
    with company._sandbox.fork() as fork, fork.intercept(), fork.client_time():
        fork.audit_at_end = False
        hub = fork.hub(fork.copy_of(company))
        before = fork.world.tape.count()
        driver = _configured_hub()
        driver.connect({
            "base_url": hub.base_url,
            "company_id": hub.id,
            "credentials": {"api_key": hub.api_key},
            "company": {"taxes": {}},
        })  # fmt: skip
        driver.submit([given])
        driver.settle()
        written = next((e for e in fork.tape() if e.number > before and _is_document(e, company)), None)
        if written is None:
            raise Lacking(f"the hub did not post {given}: {driver.outcomes().get(given['id'])}")
    path = written.url.partition(f"/{company.platform}")[2]
    media = next((value for name, value in written.request_headers if name.lower() == "content-type"), "")
    return NativeDocument(written.method, path, media, written.request_body, given)


def _configured_hub() -> Hub:
    """A client of the hub that leaves the company's configuration as it stands."""
    from sandbooks.harness.hub_driver import Hub

    class Configured(Hub):
        def _configure(self) -> None:
            """The hub company was opened with one."""

    return Configured()


def _is_document(entry: TapeEntry, company: PlatformCompany) -> bool:
    return entry.surface == company.platform and bool(entry.written) and entry.method in ("POST", "PUT", "PATCH")
