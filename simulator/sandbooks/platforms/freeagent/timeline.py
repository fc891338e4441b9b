"""The tax timeline of a company in the United Kingdom: VAT returns, accounts and corporation tax as they fall due.

Source: https://dev.freeagent.com/docs/company (tax timeline: descriptions, natures, and the days of the sample)
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from typing import Any

from sandbooks.kit.company import Company
from sandbooks.money import Money
from sandbooks.platforms.freeagent.periods import accounting_periods
from sandbooks.platforms.freeagent.posting import VAT_CHARGED, VAT_RECLAIMED
from sandbooks.platforms.freeagent.wire import decimal_text

# How far ahead the timeline looks. Unconfirmed: the sample shows the current year's items and the next one's.
_AHEAD_DAYS = 550


def months_after(day: date, months: int) -> date:
    """The same day some months later; the last day of a month stays the last day of one."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = monthrange(year, month + 1)[1]
    ends = day.day == monthrange(day.year, day.month)[1]
    return date(year, month + 1, last if ends else min(day.day, last))


def upcoming(company: Company, today: date) -> list[dict[str, Any]]:
    """What falls due on or after a day, soonest first. Companies elsewhere have no items."""
    # Unconfirmed: the items of companies outside the United Kingdom, and the personal ones of sole traders.
    if company.country != "GB":
        return []
    found = [*_vat(company, today), *(_accounts(company, today) if _is_limited(company) else ())]
    last = today + timedelta(days=_AHEAD_DAYS)
    items = [item for item in found if today.isoformat() <= item["dated_on"] <= last.isoformat()]
    return sorted(items, key=lambda item: (item["dated_on"], item["description"]))


def _is_limited(company: Company) -> bool:
    return company.settings.get("type") == "UkLimitedCompany"


def _item(description: str, nature: str, on: date) -> dict[str, Any]:
    return {"description": description, "nature": nature, "dated_on": on.isoformat(), "is_personal": False}


def _vat(company: Company, today: date) -> list[dict[str, Any]]:
    """Quarterly returns: due one month and seven days after the quarter, with what is owed for it so far."""
    settings = company.settings
    if settings.get("sales_tax_registration_status") != "Registered":
        return []
    start = date.fromisoformat(settings["freeagent_start_date"])
    first = settings.get("vat_first_return_period_ends_on")
    end = date.fromisoformat(first) if first else months_after(start, 3) - timedelta(days=1)
    items = []
    # The quarter that a day is in, and those before it whose return is still due.
    while start <= today:
        due = months_after(end, 1) + timedelta(days=7)
        item = _item(f"VAT Return {end:%m %y}", "Electronic Submission and Payment Due", due)
        items.append(item | {"amount_due": decimal_text(_owed(company, start, end).amount)})
        start, end = end + timedelta(days=1), months_after(end, 3)
    return items


def _owed(company: Company, first: date, last: date) -> Money:
    """VAT charged less VAT reclaimed in a period; negative is a repayment."""
    moved = {row.account.id: row.balance.base for row in company.book.trial_balance(as_of=last, since=first)}
    zero = Money.zero(company.currency)
    return -(moved.get(VAT_CHARGED, zero) + moved.get(VAT_RECLAIMED, zero))


def _accounts(company: Company, today: date) -> list[dict[str, Any]]:
    """Accounts, annual returns and corporation tax of a limited company, for every period up to the present one."""
    incorporated = date.fromisoformat(company.settings["company_start_date"])
    items = []
    for number, (_, last) in enumerate(accounting_periods(company, through=today)):
        first_accounts = ("Companies House First Accounts Due", months_after(incorporated, 21))
        later_accounts = ("Companies House Accounts Due", months_after(last, 9))
        items.append(_item(f"Accounting Period Ending {_day(last)}", *(later_accounts if number else first_accounts)))
        tax = f"Corporation Tax, year ending {_day(last)}"
        # No amount: nothing here computes the tax itself.
        items.append(_item(tax, "Payment Due", months_after(last, 9) + timedelta(days=1)))
        items.append(_item(tax, "Submission Due", months_after(last, 12)))
        made_up = months_after(incorporated, 12 * (number + 1))
        annual = f"Annual Return as at {_day(made_up)}"
        items.append(_item(annual, "Companies House Annual Return Due", made_up + timedelta(days=28)))
    return items


def _day(day: date) -> str:
    return f"{day:%d %b %y}"
