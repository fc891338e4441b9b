"""What one transaction should move, and what its documents moved: the accountant's side of every comparison.

Tax is left open where the platform decides: what is not recoverable is part of the line's account, and a platform that
computes tax itself may shift half a minor unit for each line between tax and net. What the card was charged is exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from sandbooks import capabilities
from sandbooks.audit.documents import Document, Moves, moves_of
from sandbooks.audit.evidence import Evidence
from sandbooks.audit.submitted import CARD_KINDS, Submitted
from sandbooks.hub import caps
from sandbooks.ledger import AccountClass
from sandbooks.money import Money, digits, total

RATE_ERROR = Decimal("0.000001")  # platforms keep rates to six decimals at least, some of them the other way round


@dataclass(frozen=True)
class Check:
    """One account of one transaction: what was submitted for it, what its documents moved, and whether it is right."""

    account: str
    expected: Money
    actual: Money
    right: bool
    is_bank: bool = False


def checks(evidence: Evidence, given: Submitted, documents: Sequence[Document]) -> list[Check]:
    """Every account that a transaction names, and every income or expense account that its documents moved besides."""
    if documents and documents == evidence.standing(given.id) and given is evidence.by_id.get(given.id):
        return evidence.once(f"checks of {given.id}", lambda: _checks(evidence, given, documents))
    return _checks(evidence, given, documents)


def _checks(evidence: Evidence, given: Submitted, documents: Sequence[Document]) -> list[Check]:
    moved, base = _moved(documents)
    named = dict.fromkeys(account for account, _ in given.limbs())
    found = [_check(evidence, given, account, moved, base) for account in named if account in evidence.accounts]
    if len(found) < len(named):
        return found  # a line names an item or the like: which account that means is the platform's to know
    for (account, currency), money in moved.items():
        known = evidence.accounts.get(account)
        if account in evidence.differences:
            continue
        if account not in named and known and known.kind in (AccountClass.INCOME, AccountClass.EXPENSE):
            small = abs(money.amount) <= half_units(len(given.lines), currency)
            found.append(Check(account, Money.zero(currency), money, small))
    return found


def is_as_expected(evidence: Evidence, given: Submitted, documents: Sequence[Document]) -> bool:
    """Whether the documents of a transaction together move what it says."""
    return all(check.right for check in checks(evidence, given, documents))


def expected_moves(evidence: Evidence, given: Submitted, documents: Sequence[Document]) -> Moves:
    """What a transaction should move, for a table beside what its documents move.

    What the lines leave open (tax, payables) goes to the account that the documents used for it, else to the lines.
    """
    found = {(check.account, check.expected.currency): check.expected for check in checks(evidence, given, documents)}
    currencies = {currency for _, currency in found}
    if len(currencies) != 1 or given.direction == 0:
        return found
    (currency,) = currencies
    rest = -total(found.values(), currency)
    others = [key for key in _moved(documents)[0] if key not in found and key[1] == currency]
    if rest and (others or given.kind in CARD_KINDS):
        key = others[0] if others else next(iter(found))
        found[key] = found.get(key, Money.zero(currency)) + rest
    return found


def _moved(documents: Sequence[Document]) -> tuple[Moves, dict[str, Money]]:
    """What documents moved together: by account and currency of posting, and in base by account."""
    postings = [posting for document in documents for posting in document.postings]
    base: dict[str, Money] = {}
    for posting in postings:
        base[posting.account] = base[posting.account] + posting.base if posting.account in base else posting.base
    return moves_of(postings), base


def _check(evidence: Evidence, given: Submitted, account: str, moved: Moves, base: dict[str, Money]) -> Check:
    is_bank = given.kind in CARD_KINDS and account == given.bank_account
    net = _limb(evidence, given, account)
    tax = _tax(evidence, given, account) if given.direction and not is_bank else Money.zero(net.currency)
    slack = half_units(len(given.lines), net.currency) if tax else Decimal(0)
    actual = moved.get((account, net.currency))
    if actual is None and account in base and given.rate is not None and net.currency == given.rate.foreign:
        net, tax, actual = given.rate.to_base(net), given.rate.to_base(tax), base[account]
        slack = half_units(len(given.lines) + 1, net.currency) + abs(net.amount) * RATE_ERROR
    if actual is None:
        actual = Money.zero(net.currency) if account not in base else base[account]
    if actual.currency != net.currency:
        return Check(account, net, Money.zero(net.currency), False, is_bank)
    low, high = sorted((net.amount, (net + tax).amount))
    return Check(account, net, actual, low - slack <= actual.amount <= high + slack, is_bank)


def _limb(evidence: Evidence, given: Submitted, account: str) -> Money:
    amounts = [money for name, money in given.limbs() if name == account]
    return _in_account_currency(evidence, given, total(amounts, amounts[0].currency))


def _tax(evidence: Evidence, given: Submitted, account: str) -> Money:
    amounts = [line.tax * given.direction for line in given.lines if line.account == account]
    return _in_account_currency(evidence, given, total(amounts, given.currency))


def half_units(count: int, currency: str) -> Decimal:
    """Half a minor unit for each of so many roundings, in whole minor units."""
    return Decimal(count // 2).scaleb(-digits(currency))


def _in_account_currency(evidence: Evidence, given: Submitted, money: Money) -> Money:
    """Where the hub takes a transaction in the currency of its account, whatever currency it names."""
    if not takes_account_currency(evidence, given):
        return money
    account = evidence.accounts[given.bank_account]
    return Money(money.amount, account.currency or evidence.company.currency)


def takes_account_currency(evidence: Evidence, given: Submitted) -> bool:
    """Whether the capability table says that the transaction's own currency is ignored."""
    account = evidence.accounts.get(given.bank_account)
    if not given.through_hub or given.kind not in CARD_KINDS or account is None:
        return False
    offered = offers(evidence)
    if offered is None:
        return False
    base = evidence.company.currency
    held: capabilities.AccountClass = "card" if account.kind is AccountClass.LIABILITY else "bank"
    rule = offered.expense_currency(held, base=base, account=account.currency or base, transaction=given.currency)
    return rule == "as_account"


def leaves_members_out(evidence: Evidence, given: Submitted) -> bool:
    """Whether the hub says of this platform that it takes some members (tracking, tax, rate) and leaves them out."""
    offered = offers(evidence) if given.through_hub else None
    return offered is not None and "ignored_fields" in offered.rules


def offers(evidence: Evidence) -> capabilities.PlatformCapabilities | None:
    """The capability table of the platform: of the edition that was asked for, else the one that the hub goes by."""
    company = evidence.company
    if evidence.edition:
        return _load(evidence.edition).platforms.get(company.platform)
    known = company.platform in _load(capabilities.LATEST).platforms
    return caps.table(company.world, company.platform) if known else None


@cache
def _load(edition: str) -> capabilities.Capabilities:
    return capabilities.load(edition)
