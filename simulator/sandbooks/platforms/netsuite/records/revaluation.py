"""Revaluation at the end of a period: open foreign balances at that day's rate, taken back as the next period begins.

Each subsidiary with a variance gets a Currency Revaluation on the last day of the period and its reversal on the first
day of the next. It goes over what stands on its balance-sheet accounts in each foreign currency, payables and
receivables by entity, and posts Dr the account, Cr Unrealized Gain/Loss (a loss the other way). Amounts in the foreign
currency do not move. Run again, it posts the change alone, and takes back what it put where no balance is left. The
book of a group takes it at the rate of the subsidiary's base currency on that day, its reversal too, so that nothing
stays behind.
Source: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_N1428662.html (what is revalued, when),
section_N1430227.html (the rate of the period's last day, of today before it), section_1550016096.html (the
transactions), section_N1409370.html (the account, which is added when it is first needed); meridianbusiness.com,
2024/06/12, currency-revaluation-transactions (which types of account, and that a repeat posts the net change);
wp.jjknowledgebase.com, month-end-currency-revaluation-in-netsuite (the reversal on the first day)
Unconfirmed: long-term liabilities and deferred revenue; whether accounts other than payables and receivables reverse;
inactive accounts, which no page leaves out, and an account that bears the name already.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any, TypeAlias

from msgspec import Struct

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.ledger import Posting
from sandbooks.money import Money, total
from sandbooks.platforms.netsuite import periods
from sandbooks.platforms.netsuite.posting import postings_of
from sandbooks.platforms.netsuite.rates import day_rate
from sandbooks.platforms.netsuite.records import ledgers, lists, store, variances
from sandbooks.platforms.netsuite.refusals import UserError
from sandbooks.platforms.netsuite.schema import TRANSACTION_KINDS, TYPES

KIND = "currencyRevaluation"
ACCOUNT, _TYPE, _SETTING, _NUMBERS_FROM = "Unrealized Gain/Loss", "OthExpense", "unrealized", 8300
_REVALUED = frozenset({"Bank", "AcctRec", "UnbilledRec", "AcctPay", "CredCard", "OthCurrLiab", "LongTermLiab"})
_BY_ENTITY = frozenset({"AcctPay", "AcctRec"})
_PROFIT_OR_EQUITY = frozenset({"Income", "OthIncome", "COGS", "Expense", "OthExpense", "Equity"})


class _Place(Struct, frozen=True):
    """Where a balance stands; ``party`` only on payables and receivables."""

    account: str
    currency: str
    party: str


class _Balance(Struct, frozen=True):
    """What stands at a place: in its currency, in base, and how much of the base revaluations put there."""

    amount: Money
    base: Money
    revalued: Money

    def with_posting(self, posting: Posting, *, revalues: bool) -> _Balance:
        """With one more posting; ``revalues`` says that a revaluation or its reversal made it."""
        revalued = self.revalued + posting.base if revalues else self.revalued
        return _Balance(self.amount + posting.amount, self.base + posting.base, revalued)


_Balances: TypeAlias = dict[_Place, _Balance]


def revalue(company: Company, period: Record) -> list[Record]:
    """What the screens do for a period: the revaluations, each followed by its reversal. Raises ``UserError``,
    ``PeriodClosed``."""
    if not period.body["isPosting"]:
        raise UserError("Open currency balances are revalued for a month.", "postingPeriod")
    end = date.fromisoformat(period.body["endDate"])
    made: list[Record] = []
    for subsidiary, held in _held(company, end).items():
        lines = _variances(company, lists.base_of(company, subsidiary), held, end)
        if lines:
            made += _pair(company, subsidiary, lines, end)
    return made


def reversal_of(company: Company, record: Record) -> Record | None:
    """The reversal of a revaluation, which goes with it."""
    return store.get(company, KIND, str(record.body.get("reversalEntry") or "")) if record.kind == KIND else None


def is_reversal(record: Record) -> bool:
    """Whether a record takes a revaluation back, with which alone it goes."""
    return record.kind == KIND and "reverses" in record.body


# Balances


def _held(company: Company, end: date) -> dict[str, _Balances]:
    """By subsidiary, what stands on the accounts that are revalued."""
    types = {record.id: record.body["acctType"]["id"] for record in store.scan(company, "account") if _is_open(record)}
    found: dict[str, _Balances] = {}
    for subsidiary, posting, revalues in _postings(company, end):
        type = types.get(posting.account)
        if type is None or posting.amount.currency == posting.base.currency:
            continue
        place = _Place(posting.account, posting.amount.currency, posting.party if type in _BY_ENTITY else "")
        balances = found.setdefault(subsidiary, {})
        none, nothing = Money.zero(place.currency), Money.zero(posting.base.currency)
        standing = balances.get(place, _Balance(none, nothing, nothing))
        balances[place] = standing.with_posting(posting, revalues=revalues)
    return found


def _is_open(account: Record) -> bool:
    """Whether an account is revalued: as it says, else as its type is."""
    type, own = account.body["acctType"]["id"], account.body.get("revalue")
    return type not in _PROFIT_OR_EQUITY and (type in _REVALUED if own is None else bool(own))


def _postings(company: Company, end: date) -> Iterator[tuple[str, Posting, bool]]:
    """Every posting through a day, in the books of its subsidiary, and whether a revaluation made it."""
    for record in (record for kind in TRANSACTION_KINDS for record in store.scan(company, kind)):
        facts = store.facts_of(company, record)
        if not facts.get("posts") or date.fromisoformat(record.body["tranDate"]) > end:
            continue
        if "legs" in facts:
            for id in facts["legs"]:
                yield from ((id, p, False) for p in postings_of(record.kind, record.body, ledgers.of_leg(facts, id)))
            continue
        posted = ledgers.current(company, record, facts)
        made = posted.entry.postings if posted else ()
        yield from ((facts["subsidiary"], p, record.kind == KIND) for p in made)


def _variances(company: Company, base: str, held: _Balances, end: date) -> list[dict[str, Any]]:
    """What the rate of the day makes of each balance that is left, less what it stands at; where none is left, what
    earlier revaluations put there is taken back."""
    today = company.world.clock.today(company.time_zone)
    lines: list[dict[str, Any]] = []
    for place, balance in held.items():
        gain = -balance.revalued
        if balance.amount:
            rate = day_rate(company, place.currency, min(end, today), base=base)
            if rate is None:
                raise lists.missing("Exchange Rate")
            gain = rate.to_base(balance.amount) - balance.base
        if gain:
            lines.append(_line(place, gain))
    return lines


def _line(place: _Place, gain: Money) -> dict[str, Any]:
    return {"account": place.account, "currency": place.currency, "party": place.party, "gain": str(gain.amount)}


# Transactions


def _pair(company: Company, subsidiary: str, lines: list[dict[str, Any]], end: date) -> list[Record]:
    base, root = lists.base_of(company, subsidiary), company.currency
    facts: dict[str, Any] = {"posts": True, "subsidiary": subsidiary, "base": base, "currency": base, "rate": "1"}
    if base != root:
        found = day_rate(company, base, end)
        if found is None:
            raise lists.missing("Exchange Rate")
        facts[ledgers.GROUP] = {"base": root, "rate": str(found.value)}
    usual = _account(company)
    lines = [{**line, **_taken_by(company, line["currency"], subsidiary, usual)} for line in lines]
    turned, next_day = [_turned(line, base) for line in lines], end + timedelta(days=1)
    with _revived(company, {id for line in lines for id in (line["account"], line["exchange"], line["exchange_gain"])}):
        first = _save(company, facts, lines, end, memo="Unrealized Gain/Loss")
        second = _save(company, facts, turned, next_day, memo="Reversal of Unrealized Gain/Loss", reverses=first.id)
    body = {**first.copy(), "reversalEntry": second.id}
    kept = store.save(company, TYPES[KIND], first.id, body=body, facts=store.facts_of(company, first), in_books=False)
    return [kept, second]


def _taken_by(company: Company, currency: str, subsidiary: str, usual: str) -> dict[str, str]:
    return variances.accounts(company, currency, subsidiary, variance="unrealized", usual=usual)


def _turned(line: dict[str, Any], base: str) -> dict[str, Any]:
    """A line that takes another back, from the same account."""
    sides = {"exchange": line["exchange_gain"], "exchange_gain": line["exchange"]}
    return {**line, **sides, "gain": str(-Money.of(line["gain"], base).amount)}


@contextmanager
def _revived(company: Company, ids: Iterable[str]) -> Iterator[None]:
    """People enter nothing on inactive accounts any more; what stands on one is revalued all the same."""
    inactive = [account for account in map(company.book.account, sorted(ids)) if not account.active]
    for account in inactive:
        company.book.change_account(replace(account, active=True))
    yield
    for account in inactive:
        company.book.change_account(account)


def _save(
    company: Company, facts: dict[str, Any], lines: list[dict[str, Any]], day: date, *, memo: str, **more: str
) -> Record:
    type = TYPES[KIND]
    id = store.new_id(company, type.series)
    body: dict[str, Any] = {
        "id": id,
        "tranId": str(company.records.next_number(f"tranId/{KIND}")),
        "tranDate": day.isoformat(),
        "postingPeriod": {"id": periods.check_open(company, KIND, day)},
        "subsidiary": {"id": facts["subsidiary"]},
        "currency": {"id": store.currency_id(company, facts["base"])},
        "exchangeRate": Decimal(1),
        "memo": memo,
        "total": _total(lines, facts["base"]).amount,
        **more,
    }
    return store.save(company, type, id, body=body, facts={**facts, "lines": lines})


def _total(lines: Iterable[dict[str, Any]], base: str) -> Money:
    return total((Money.of(line["gain"], base) for line in lines), base)


def _account(company: Company) -> str:
    """The account of unrealized gains and losses, which an account has from its first revaluation on. One of other
    expense that bears its name already is taken for it; where another account does, it gets a number."""
    usual: dict[str, str] = company.settings["usual"]
    if _SETTING not in usual:
        usual = {**usual, _SETTING: _standing(company) or _opened(company)}
        company.change_settings(usual=usual)
    return usual[_SETTING]


def _standing(company: Company) -> str:
    found = company.records.find("account", "name", ACCOUNT.lower())
    return next((record.id for record in found if record.body["acctType"]["id"] == _TYPE), "")


def _opened(company: Company) -> str:
    id = store.new_id(company, TYPES["account"].series)
    body = {"id": id, "acctName": ACCOUNT, "acctType": {"id": _TYPE}}
    if company.records.find("account", "name", ACCOUNT.lower()):
        free = (n for n in count(_NUMBERS_FROM) if not company.records.find("account", "number", str(n)))
        body["acctNumber"] = str(next(free))
    lists.write(company, TYPES["account"], id, body, None)
    return id
