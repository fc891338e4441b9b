"""Tax on lines: from the tax that each names to net, tax, cost, and what goes to tax accounts.

Tax is rounded half up to the currency's decimals, on each line or once per tax over the document, as the document says.
Source: https://www.zoho.com/books/api/v3/taxes/, https://www.zoho.com/books/api/v3/bills/ (is_item_level_tax_calc)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from msgspec import Struct

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.ledger.taxes import TaxCode, TaxComponent, TaxPart, TaxResult, tax_on
from sandbooks.money import Money, allocate, digits, total
from sandbooks.platforms.zoho_books.wire import Body

NO_TAX = TaxCode("", "")


class Charge(Struct, frozen=True):
    """What goes to a tax account: positive for tax to get back, negative for tax owed (a reverse charge)."""

    account: str
    amount: Money


class TaxedLine(Struct, frozen=True):
    """One line. ``cost`` is what its account bears: the net and the tax that nobody gives back."""

    net: Money
    tax: Money
    cost: Money

    @property
    def gross(self) -> Money:
        return self.net + self.tax


class Taxed(Struct, frozen=True):
    """The lines of a document with their tax."""

    lines: tuple[TaxedLine, ...]
    charges: tuple[Charge, ...]
    by_tax: Mapping[str, Money]

    def net(self, currency: str) -> Money:
        return total((line.net for line in self.lines), currency)

    def tax(self, currency: str) -> Money:
        return total((line.tax for line in self.lines), currency)


def code_of(company: Company, tax: Record | None, *, reverse: Record | None = None, sales: bool = False) -> TaxCode:
    """The tax code behind a line's tax and, beside it, the tax that the buyer accounts for."""
    components = _components(company, tax, sales=sales) if tax else ()
    if reverse is not None:
        owed = _components(company, reverse, sales=False)
        components += tuple(replace(component, reverse_charge=True) for component in owed)
    id = tax.id if tax else reverse.id if reverse else ""
    return TaxCode(id, "", components) if components else NO_TAX


def _components(company: Company, tax: Record, *, sales: bool) -> tuple[TaxComponent, ...]:
    members = tax.body.get("taxes") if tax.body["tax_type"] == "tax_group" else None
    if members is None:
        return (_component(tax.body, sales=sales),)
    found = (company.records.get("tax", member["tax_id"]) for member in members)
    return tuple(_component(record.body, sales=sales) for record in found if record is not None)


def _component(tax: Body, *, sales: bool) -> TaxComponent:
    share = Decimal(str(tax.get("_recoverable", "1" if tax["is_value_added"] else "0")))
    return TaxComponent(
        str(tax["tax_name"]),
        Decimal(str(tax["tax_percentage"])),
        str(tax["tax_account_id"] if sales else tax["purchase_tax_account_id"]),
        recoverable=Decimal(1) if sales else share,
        reverse_charge=bool(tax.get("_reverse")) and not sales,
        compound=tax["tax_type"] == "compound_tax",
        output_account=str(tax["tax_account_id"]),
    )


def taxed(
    amounts: Sequence[tuple[Money, TaxCode]],
    *,
    inclusive: bool,
    item_level: bool = True,
    given: Mapping[str, Money] | None = None,
    rounding: str = ROUND_HALF_UP,
) -> Taxed:
    """The tax on amounts, each with its code. ``given`` is tax as the document states it, by id of the tax.

    ``rounding`` is one of the modes of ``decimal``.
    """
    stated = given or {}
    lines: dict[int, TaxedLine] = {}
    charges: list[Charge] = []
    by_tax: dict[str, Money] = {}
    together: dict[str, list[int]] = {}
    for index, (amount, code) in enumerate(amounts):
        if item_level and code.id not in stated:
            result = _result(amount, code, inclusive, _rounded(amount, code, inclusive, rounding), rounding)
            lines[index] = TaxedLine(result.net, result.tax, result.net + result.unrecoverable)
            _add(charges, by_tax, code, result)
        else:
            together.setdefault(code.id, []).append(index)
    for places in together.values():
        code = amounts[places[0]][1]
        parts = [amounts[place][0] for place in places]
        whole = total(parts, parts[0].currency)
        tax = stated[code.id] if code.id in stated else _rounded(whole, code, inclusive, rounding)
        result = _result(whole, code, inclusive, tax, rounding)
        lines |= dict(zip(places, _shared(parts, result, inclusive=inclusive), strict=True))
        _add(charges, by_tax, code, result)
    return Taxed(tuple(lines[index] for index in sorted(lines)), tuple(charges), by_tax)


def _rounded(amount: Money, code: TaxCode, inclusive: bool, rounding: str) -> Money | None:
    """The tax on an amount where the document rounds in a way of its own; None: half up, as the ledger does."""
    if rounding == ROUND_HALF_UP or not code.factor:
        return None
    return _portion(amount, code.factor / (1 + code.factor) if inclusive else code.factor, rounding)


def _portion(amount: Money, share: Fraction, rounding: str) -> Money:
    minor = Fraction(amount.amount) * share * 10 ** digits(amount.currency)
    whole = (Decimal(minor.numerator) / Decimal(minor.denominator)).quantize(Decimal(1), rounding=rounding)
    return Money.from_minor(int(whole), amount.currency)


def _result(amount: Money, code: TaxCode, inclusive: bool, given: Money | None, rounding: str) -> TaxResult:
    """The tax on an amount; what the buyer accounts for is rounded as the document says, too."""
    result = tax_on(amount, code, inclusive=inclusive, given=given)
    if rounding == ROUND_HALF_UP:
        return result
    charged = (part for part in result.parts if not part.component.reverse_charge)
    owed = (part for component in code.components for part in _owed(result.net, component, rounding))
    return replace(result, parts=(*charged, *owed))


def _owed(net: Money, component: TaxComponent, rounding: str) -> tuple[TaxPart, ...]:
    """What the buyer accounts for: to get back, and to pay."""
    if not component.reverse_charge:
        return ()
    owed = _portion(net, Fraction(component.rate) / 100, rounding)
    back, none = owed.portion(Fraction(component.recoverable)), Money.zero(net.currency)
    output = component.output_account or component.account
    return TaxPart(component, owed, back, owed - back, component.account), TaxPart(
        component, -owed, -owed, none, output
    )


def _add(charges: list[Charge], by_tax: dict[str, Money], code: TaxCode, result: TaxResult) -> None:
    charges += [Charge(part.account, part.recoverable) for part in result.parts if part.recoverable]
    if code.id and code.charged:
        by_tax[code.id] = by_tax[code.id] + result.tax if code.id in by_tax else result.tax


def _shared(parts: Sequence[Money], result: TaxResult, *, inclusive: bool) -> list[TaxedLine]:
    """The tax of several lines, shared out over them in proportion."""
    weights = [part.amount for part in parts]
    if not sum(weights):
        weights = [Decimal(1)] * len(parts)
    taxes, lost = allocate(result.tax, weights), allocate(result.unrecoverable, weights)
    nets = [part - tax if inclusive else part for part, tax in zip(parts, taxes, strict=True)]
    return [TaxedLine(net, tax, net + gone) for net, tax, gone in zip(nets, taxes, lost, strict=True)]


def notional(amount: Money, code: TaxCode, rounding: str = ROUND_HALF_UP) -> Money:
    """The tax on an amount that the buyer accounts for instead of the supplier."""
    return total((part.amount for c in code.components for part in _owed(amount, c, rounding)[:1]), amount.currency)
