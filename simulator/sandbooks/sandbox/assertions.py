"""What a test may claim about one company's books and exchanges. Each claim raises ``BooksWrong`` with its finding.

The rules themselves are the audit's; here they take the words of a test: labels for accounts, amounts as text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Unpack

from sandbooks.audit import Finding, Submitted, oracles
from sandbooks.audit.submitted import Status
from sandbooks.control.companies import credentials_of
from sandbooks.kit.company import Company
from sandbooks.money import Money
from sandbooks.sandbox.books import Books
from sandbooks.sandbox.expectations import Facts, expected, told
from sandbooks.world import TapeEntry, World


def money_of(text: str) -> Money:
    """Money from ``Dr 12.30 GBP``, ``Cr 12.30 GBP`` or ``-12.30 GBP``; debit is positive. Raises ``ValueError``."""
    found = re.fullmatch(r"(?:(dr|cr)\s+)?(-?[\d.,]+)\s+([A-Za-z]{3})", text.strip(), re.IGNORECASE)
    if found is None:
        raise ValueError(f"{text!r} is no amount; write 'Dr 12.30 GBP' or 'Cr 12.30 GBP'")
    try:
        amount = Decimal(found[2].replace(",", ""))
    except InvalidOperation as error:
        raise ValueError(f"{text!r} is no amount; write 'Dr 12.30 GBP' or 'Cr 12.30 GBP'") from error
    credit = (found[1] or "").lower() == "cr"
    return Money.of(str(-amount if credit else amount), found[3].upper())


class Assertions:
    """The claims; ``PlatformCompany`` offers them."""

    _company: Company
    _expected: dict[str, Submitted]

    def expect(self, reference: str, **facts: Unpack[Facts]) -> Submitted:
        """Say what a transaction should come to; the claims below and the audit at the end judge by it.

        ``net`` and ``tax`` as text (``"100.00 GBP"``), ``account``, ``paid_from``, ``contact``, ``tax_code`` and
        ``tracking`` as labels or native ids, ``kind`` (``payment``), ``date``, ``rate`` (``1 USD = 0.7741 GBP``),
        ``lines`` for several, ``files`` as ``(name, type, bytes)``, ``status`` (``completed``) as it was told.
        """
        given = expected(self._company, reference, **facts)
        self._expected[reference] = given
        return given

    def _given(self) -> list[Submitted] | None:
        """What the test expects; None where it expects nothing, so that the hub is asked."""
        return list(self._expected.values()) or None

    def assert_exactly_once(self, *references: str) -> None:
        """Each reference stands in the books as exactly one native record, and nothing else is there twice. INV-01."""
        oracles.assert_exactly_once(self._company, *references)

    def assert_tax(self, *references: str) -> None:
        """Tax amounts, tax codes and gross of what was expected (or given to the hub). INV-15, INV-23, INV-24."""
        oracles.assert_tax(self._company, *references, submitted=self._given())

    def assert_fx(self, *references: str) -> None:
        """Rates and currencies of what was expected, both sides of transfers. INV-25, INV-26, INV-27."""
        oracles.assert_fx(self._company, *references, submitted=self._given())

    def assert_attachments(self, *references: str) -> None:
        """Every file of what was expected hangs on its document once, byte by byte. INV-40 to INV-43."""
        oracles.assert_attachments(self._company, *references, submitted=self._given())

    def assert_statuses(self, *outcomes: Mapping[str, Status]) -> None:
        """What the code told its customers, oldest first, by reference: it went one way, and the books agree.

        Without ``outcomes`` the hub is asked. INV-53, INV-54.
        """
        given = self._given()
        oracles.assert_statuses(self._company, submitted=told(given, outcomes) if given else None)

    def assert_nothing_posted(self, *references: str) -> None:
        """None of the references stands in the books; without references, nothing of a client does. INV-05."""
        oracles.assert_nothing_posted(self._company, *references)

    def assert_trial_balance(
        self, expected: Mapping[str, str] | None = None, *, as_of: str | date | None = None, only: bool = False
    ) -> None:
        """The books balance in every currency, and the accounts named hold what is expected. INV-11, INV-12.

        ``expected`` maps an account (label, name, native id) to ``Dr 12.30 GBP`` or ``Cr …``; an amount in another
        than the base currency is compared in that currency. ``only``: no other account may hold anything.
        """
        day = date.fromisoformat(as_of) if isinstance(as_of, str) else as_of
        books = Books(self._company, as_of=day)
        claims = {books.account(name).id: money_of(text) for name, text in (expected or {}).items()}
        if only:
            claims = {**{row.id: Money.zero(books.currency) for row in books}, **claims}
        oracles.assert_trial_balance(self._company, claims, as_of=day)

    def assert_balance(self, account: str, expected: str, *, as_of: str | date | None = None) -> None:
        """One account holds exactly this much: ``Dr 12.30 GBP`` or ``Cr 12.30 GBP``."""
        self.assert_trial_balance({account: expected}, as_of=as_of)

    def assert_card_balance(self, account: str, expected: str) -> None:
        """The card owes (``Cr``) or is owed (``Dr``) exactly this much. INV-13."""
        native = Books(self._company).account(account).id
        oracles.assert_card_balance(self._company, native, money_of(expected))

    def assert_no_blind_retry(self, *references: str) -> None:
        """No write was sent again after a lost answer without a look-up or the same idempotency key. INV-09."""
        oracles.assert_no_blind_retry(self._company, *references)

    def assert_respects_limits(self) -> None:
        """No request was sent before an announced Retry-After was over. INV-47."""
        oracles.assert_respects_limits(self._company)


def isolated(world: World, one: Company, other: Company) -> list[Finding]:
    """Requests that were addressed to one company and carried another's credentials or id. INV-45."""
    own = credentials_of(one)
    foreign = [other.id, *(v for k, v in credentials_of(other).items() if own.get(k) != v and len(v) > 5)]
    wrong = [
        entry
        for entry in world.tape.entries()
        if entry.surface == one.platform and entry.company == one.id and _mentions(entry, foreign)
    ]
    return [
        Finding(
            title=f"A request to {one.name} carried what belongs to {other.name}.",
            message=f"#{entry.number} {entry.method}, operation {entry.operation}.",
            invariants=("INV-45",),
            company=one.name,
            exchanges=(entry.number,),
            remedy="Keep tokens and ids beside the connection that they belong to.",
        )
        for entry in wrong
    ]


def _mentions(entry: TapeEntry, values: Sequence[str]) -> bool:
    headers = "\n".join(value for _, value in entry.request_headers).encode()
    content = b"\n".join([entry.url.encode(), headers, entry.request_body])
    return any(value.encode() in content for value in values)
