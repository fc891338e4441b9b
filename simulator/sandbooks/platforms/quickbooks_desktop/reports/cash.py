"""The cash basis: what bills and vendor credits are for counts when they are paid, for as much as is paid.

Documents that stand on Accounts Payable say nothing by themselves; what settles them says it in their place, line by
line in proportion, so that the last settlement leaves every line whole. A document that is dated after its payment
counts on its own day.
Source: QuickBooks Desktop help (cash basis reports); https://quickbooks.intuit.com/learn-support/en-us/
reports-and-accounting/recording-invoices-expenses-on-cash-basis/00/212173 (paid in December, dated in January)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sandbooks.ledger import Posting
from sandbooks.money import Money
from sandbooks.platforms.quickbooks_desktop.file import CompanyFile
from sandbooks.platforms.quickbooks_desktop.reports.lines import Line, Standing
from sandbooks.platforms.quickbooks_desktop.rules import open_items
from sandbooks.platforms.quickbooks_desktop.rules.ready import id_of


def cash_lines(file: CompanyFile, found: Iterable[Standing]) -> Iterator[Line]:
    """The postings of transactions on the cash basis, each on the day on which money moved."""
    standing = sorted(found, key=lambda each: (each.day, each.record.sequence))
    owed = {each.record.id: each for each in standing if each.record.kind in open_items.TOTAL}
    paid: dict[str, Decimal] = {}
    for each in standing:
        if each.record.id in owed:
            # What is for nothing is never paid: it counts when it is entered.
            yield from (Line(each.record, each.day, posting) for posting in _unpayable(each))
            continue
        settled = each.facts.get("settled", ())
        yield from (Line(each.record, each.day, posting) for posting in _own(file, each, settled))
        for item in settled:
            document = owed.get(str(item["id"]))
            if document is not None:
                yield from _counted(each, document, list(_share(document, item, paid)))


def _counted(each: Standing, document: Standing, share: list[Posting]) -> Iterator[Line]:
    """A share of a document on the day of what settles it, or on the document's own where it was settled early.

    Until then what was paid stands on the payable account.
    """
    day = max(each.day, document.day)
    yield from (Line(each.record, day, posting) for posting in share)
    if day > each.day and share:
        whole = sum((posting.base for posting in share[1:]), share[0].base)
        payable = next(posting for posting in document.postings if posting.account == _payable(document))
        yield Line(each.record, each.day, _with(payable, whole))
        yield Line(each.record, day, _with(payable, -whole))


def _own(file: CompanyFile, each: Standing, settled: Iterable[Mapping[str, Any]]) -> Iterator[Posting]:
    """What a transaction posts itself: without the payables that it takes off documents."""
    freed: dict[str, Money] = {}
    for item in settled if each.record.kind == "Check" else ():
        base = Money.of(str(item["base"]), file.home)
        freed[item["account"]] = freed.get(item["account"], Money.zero(file.home)) + base
    for posting in each.postings:
        if each.record.kind in open_items.PAYMENTS and file.account_type(posting.account) == "AccountsPayable":
            continue
        left = posting.base - freed.pop(posting.account, Money.zero(file.home))
        if left == posting.base:
            yield posting
        elif left:
            yield _with(posting, left)


def _bought(document: Standing) -> list[Posting]:
    """What a bill or credit is for: every posting but the last on its payable account, which is what is due."""
    payable = _payable(document)
    places = [place for place, posting in enumerate(document.postings) if posting.account == payable]
    return [posting for place, posting in enumerate(document.postings) if place not in places[-1:]]


def _payable(document: Standing) -> str:
    return id_of(document.record.body, "APAccountRef")


def _unpayable(document: Standing) -> tuple[Posting, ...]:
    due = Decimal(document.record.body[open_items.TOTAL[document.record.kind]])
    return () if due else document.postings


def _share(document: Standing, item: Mapping[str, Any], paid: dict[str, Decimal]) -> Iterator[Posting]:
    """What a settlement makes of the lines of a document: their share so far less their share before."""
    lines = _bought(document)
    total = abs(sum((posting.base.amount for posting in lines), Decimal(0)))
    if not total:
        return
    before = paid.get(document.record.id, Decimal(0))
    after = paid[document.record.id] = before + Decimal(str(item["base"]))
    for posting, then, now in zip(lines, _part(lines, before, total), _part(lines, after, total), strict=True):
        if now != then:
            yield _with(posting, now - then)


def _part(lines: Iterable[Posting], paid: Decimal, total: Decimal) -> list[Money]:
    """Each line's part of what is paid; the last takes what rounding leaves."""
    rows = list(lines)
    parts = [posting.base.portion(Fraction(paid) / Fraction(total)) for posting in rows]
    sign = 1 if sum(posting.base.amount for posting in rows) > 0 else -1
    rest = paid * sign - sum((part.amount for part in parts), Decimal(0))
    parts[-1] = parts[-1] + Money.of(rest, parts[-1].currency)
    return parts


def _with(posting: Posting, base: Money) -> Posting:
    """A posting of another amount, in home currency."""
    return Posting(posting.account, base, base, posting.tax_code, posting.party, posting.dimensions, posting.memo)
