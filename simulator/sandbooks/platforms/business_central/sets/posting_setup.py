"""Set-up that has no page in the API, as the company's settings hold it: tolerance, rounding, VAT, dimensions.

``check`` refuses settings that cannot be meant when a company is opened; everything else only reads them.
Source: tables General Ledger Setup, Currency, VAT Posting Setup, Tax Jurisdiction and Dimension Combination of the base
application, github.com/microsoft/BCApps
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from sandbooks.money import Money
from sandbooks.platforms.business_central.date_formulas import is_date_formula, reckoned
from sandbooks.platforms.business_central.names import BLANK_DATE
from sandbooks.platforms.business_central.refusals import Dialog
from sandbooks.platforms.business_central.sets import approvals
from sandbooks.platforms.business_central.sets.dimensions import coded_dimensions
from sandbooks.platforms.business_central.sets.entity import Scope

TOLERANCE, ROUNDING, UNREALISED = "payment_tolerance", "invoice_rounding", "unrealised_vat"
USE_TAX, COMBINATIONS, USER_RANGE = "use_tax", "dimension_combinations", "user_posting_range"
GRACE = "payment_discount_grace"
UNREALISED_TYPES = ("Percentage", "First", "Last", "First (Fully Paid)", "Last (Fully Paid)")
_DIRECTIONS = {"Nearest": ROUND_HALF_UP, "Up": ROUND_UP, "Down": ROUND_DOWN}


def check(settings: Mapping[str, Any]) -> None:
    """Refuse settings that cannot be meant. Raises ``ValueError``, which names the setting."""
    for name in (TOLERANCE, ROUNDING, UNREALISED, USER_RANGE):
        _object(settings.get(name) or {}, name)
    for name in (TOLERANCE, ROUNDING):
        for each in _by_currency(settings.get(name) or {}, name):
            for member in ("percent", "most", "precision"):
                _number(each.get(member, 0), f"{name}.{member}")
            if each.get("direction", "Nearest") not in _DIRECTIONS:
                raise ValueError(f"{name}.direction is one of {', '.join(_DIRECTIONS)}")
    if settings.get(UNREALISED) and settings["tax_type"] != "VAT":
        raise ValueError(f"{UNREALISED} is for companies with VAT")
    for code, kind in (settings.get(UNREALISED) or {}).items():
        if kind not in UNREALISED_TYPES:
            raise ValueError(f"{UNREALISED}.{code} is one of {', '.join(UNREALISED_TYPES)}")
    if settings.get(USE_TAX) and settings["tax_type"] == "VAT":
        raise ValueError(f"{USE_TAX} is for companies with sales tax")
    if not is_date_formula(str(settings.get(GRACE) or "")):
        raise ValueError(f"{GRACE} is a date formula such as 5D")
    _check_range(settings.get(USER_RANGE) or {})
    wanted = settings.get(approvals.SETTING) or ()
    if wanted is not True and not (isinstance(wanted, list | tuple) and set(wanted) <= approvals.KINDS):
        raise ValueError(f"{approvals.SETTING} lists {', '.join(sorted(approvals.KINDS))}")
    combinations = settings.get(COMBINATIONS) or ()
    for pair in combinations if isinstance(combinations, list | tuple) else (combinations,):
        if not isinstance(pair, list | tuple) or len(pair) not in (2, 4):
            raise ValueError(f"{COMBINATIONS} holds pairs of dimensions, or of dimensions each with a value")


def _object(value: Any, name: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise ValueError(f"{name} is an object")
    return value


def _by_currency(setting: Mapping[str, Any], name: str) -> Iterable[Mapping[str, Any]]:
    by_currency = _object(setting.get("by_currency") or {}, f"{name}.by_currency")
    return [setting, *(_object(each, f"{name}.by_currency.{currency}") for currency, each in by_currency.items())]


def _check_range(setting: Mapping[str, Any]) -> None:
    for member in ("from", "to"):
        try:
            date.fromisoformat(str(setting.get(member) or BLANK_DATE))
        except ValueError as error:
            raise ValueError(f"{USER_RANGE}.{member} is a date (YYYY-MM-DD)") from error


def _number(value: Any, name: str) -> Decimal:
    try:
        found = Decimal(str(value))
    except InvalidOperation as error:
        raise ValueError(f"{name} is a number") from error
    if not found.is_finite() or found < 0:
        raise ValueError(f"{name} is a number from 0")
    return found


def _of_currency(scope: Scope, name: str, currency: str) -> Mapping[str, Any]:
    """The set-up of the local currency, or of the card of another, which has its own."""
    setting: Mapping[str, Any] = scope.company.settings.get(name) or {}
    if currency == scope.company.currency:
        return setting
    found: Mapping[str, Any] = (setting.get("by_currency") or {}).get(currency) or {}
    return found


def tolerance(scope: Scope, amount: Money) -> Money:
    """By how much a payment may miss what is owed on a document of this amount.

    A percentage of the amount and a largest amount: the smaller counts where both are given.
    Source: codeunit Payment Tolerance Management (CalcMaxPmtTolerance)
    """
    setting = _of_currency(scope, TOLERANCE, amount.currency)
    percent, most = (_number(setting.get(name, 0), name) for name in ("percent", "most"))
    share, largest = amount.portion(Fraction(percent) / 100), Money.of(most, amount.currency).rounded()
    found = share if percent and (not most or share < largest) else largest
    return min(found, amount)


def grace(scope: Scope, until: date) -> date:
    """The last day on which a discount that ends on a day is given. A late one goes to the account of those in time.

    Source: table General Ledger Setup (Payment Discount Grace Period; Pmt. Disc. Tolerance Posting: Payment Discount
    Accounts). Nobody is asked: the warning is off.
    """
    return reckoned(str(scope.company.settings.get(GRACE) or ""), until)


def rounding(scope: Scope, total: Money) -> Money:
    """What is added to the total of a document, so that it can be paid. Source: codeunit Purch.-Post"""
    setting = _of_currency(scope, ROUNDING, total.currency)
    precision = _number(setting.get("precision", 0), "precision")
    if not precision:
        return Money.zero(total.currency)
    steps = (total.amount / precision).quantize(Decimal(1), _DIRECTIONS[setting.get("direction", "Nearest")])
    return Money.of(steps * precision, total.currency).rounded() - total


def unrealised_type(scope: Scope, code: str) -> str:
    """How the VAT of a product posting group comes about: with payments, by one of ``UNREALISED_TYPES``, else blank."""
    return str((scope.company.settings.get(UNREALISED) or {}).get(code, ""))


def is_use_tax(scope: Scope, code: str) -> bool:
    """Whether the company owes the sales tax on purchases in a tax group itself."""
    return code in (scope.company.settings.get(USE_TAX) or ())


def check_combinations(scope: Scope, body: Mapping[str, Any], *, told: str) -> None:
    """Refuse dimensions that may not stand together. ``told`` has a place for the problem. Raises ``Dialog``.

    Source: codeunit DimensionManagement (CheckDimComb, CheckDimValueComb)
    """
    pairs: Sequence[Sequence[str]] = scope.company.settings.get(COMBINATIONS) or ()
    held = {each[0]: each[1] for each in coded_dimensions(scope, body)} if pairs else {}
    for pair in pairs:
        problem = _blocked(pair, held)
        if problem:
            raise Dialog(told.replace("{problem}", problem))


def _blocked(pair: Sequence[str], held: Mapping[str, str]) -> str:
    if len(pair) == 2:
        blocked = all(code in held for code in pair)
        return f"Dimensions {pair[0]} and {pair[1]} can't be used concurrently." if blocked else ""
    one, its, other, others = pair
    if held.get(one) != its or held.get(other) != others:
        return ""
    return f"Dimension combinations {one} - {its} and {other} - {others} can't be used concurrently."
