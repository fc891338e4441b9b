"""Currencies, rates and amounts of a transaction that is being written."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sandbooks.kit.records import Record
from sandbooks.money import Money, Rate
from sandbooks.platforms.quickbooks_desktop.file import CompanyFile
from sandbooks.platforms.quickbooks_desktop.refusals import InvalidAmount

Body = Mapping[str, Any]


def decimal(body: Body, name: str) -> Decimal:
    """A stored amount; nothing where there is none."""
    return Decimal(body.get(name) or 0)


def money(value: Decimal, currency: str) -> Money:
    """An amount that the currency can carry: AMTTYPE has two decimals, some currencies have none."""
    made = Money.of(value, currency)
    if not made.is_exact:
        raise InvalidAmount("Amount", f"{value:f}", f"{currency} has no such fraction.")
    return made


def rate_of(file: CompanyFile, draft: Body, currency: str) -> Rate:
    """Home for one foreign unit: the draft's ExchangeRate, else that of the Currency list."""
    given = draft.get("ExchangeRate")
    if given is None:
        return file.list_rate(currency)
    value = Decimal(given)
    if value <= 0:
        raise InvalidAmount("ExchangeRate", str(given), "The exchange rate must be greater than zero.")
    if currency == file.home and value != 1:
        raise InvalidAmount("ExchangeRate", str(given), "The exchange rate of the home currency is 1.")
    return Rate(value, currency, file.home)


def payment_currency(file: CompanyFile, account: Record, payee: Record | None) -> str:
    """The currency of a payment: the payee's, unless the account is kept in a foreign one, which must be the same.

    Source: QuickBooks Desktop help (multicurrency: accounts and names have one currency each).
    """
    kept = file.currency_of(account)
    theirs = file.currency_of(payee) if payee is not None else kept
    if file.home not in (kept,) and theirs != kept:
        raise InvalidAmount(
            "AccountRef",
            str(account.body["FullName"]),
            f"The account is in {kept}, the name on the transaction in {theirs}.",
        )
    return theirs


def foreign_fields(file: CompanyFile, total: Money, rate: Rate, home_name: str) -> dict[str, Any]:
    """CurrencyRef, ExchangeRate and the home amount, where the file uses several currencies."""
    if not file.switch("multicurrency"):
        return {}
    found: dict[str, Any] = {
        "CurrencyRef": file.currency_ref(total.currency),
        "ExchangeRate": f"{rate.value.normalize():f}",
    }
    if total.currency != file.home and home_name:
        found[home_name] = f"{rate.to_base(total).amount:.2f}"
    return {name: value for name, value in found.items() if value is not None}
