"""Finding what a document names: accounts, contacts, tax rates, tracking, currencies and rates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.money import known_currency
from sandbooks.platforms.xero.posting.money import CONTEXT, rounded
from sandbooks.platforms.xero.refusals import Invalid, invalid
from sandbooks.platforms.xero.wire.dates import day_of
from sandbooks.platforms.xero.wire.errors import lock_message
from sandbooks.platforms.xero.wire.reading import guid

# Foreign units per US dollar: what a document without a rate is valued at when the organisation's setting `rates`
# says nothing. Xero takes the day's rate from a rate provider; these stand in for it and never move.
DAY_RATES = {
    "USD": "1", "EUR": "0.92", "GBP": "0.79", "AUD": "1.52", "NZD": "1.65", "CAD": "1.37", "SGD": "1.34",
    "JPY": "151.3", "CHF": "0.89", "SEK": "10.5", "NOK": "10.7", "DKK": "6.87", "HKD": "7.82", "INR": "83.4",
    "ZAR": "18.6", "KWD": "0.307", "AED": "3.6725", "PLN": "3.97", "MXN": "17.1", "CNY": "7.2",
}  # fmt: skip
RATE_DECIMALS = 6


def account_by_id(company: Company, id: str) -> Record | None:
    return company.records.get("Account", id)


def account_by_code(company: Company, code: str) -> Record | None:
    found = company.records.find("Account", "Code", code.lower())
    return found[0] if found else None


def system_account(company: Company, name: str) -> str:
    """The id of a system account such as DEBTORS."""
    found = company.records.find("Account", "SystemAccount", name.lower())
    if not found:
        raise AssertionError(f"the chart has no system account {name}")
    return found[0].id


def referenced_account(company: Company, given: Mapping[str, Any]) -> Record | None:
    """The account of a nested reference by AccountID or Code."""
    if given.get("AccountID"):
        return account_by_id(company, given["AccountID"])
    return account_by_code(company, given["Code"]) if given.get("Code") else None


def bank_account(company: Company, given: Mapping[str, Any] | None, *, what: str = "BankAccount") -> Record:
    """An active bank or card account. Raises Invalid."""
    if not given:
        raise invalid(f"{what} must be specified.")
    record = referenced_account(company, given)
    if record is None or record.deleted or record.body["Type"] != "BANK":
        raise invalid("Bank account could not be found. The account must be of type BANK.")
    if not record.active:
        raise invalid(archived_account(record))
    return record


def archived_account(record: Record) -> str:
    shown = record.body.get("Code") or record.body["Name"]
    return (
        f"Account code '{shown}' has been archived, or has been deleted. Each line item must reference a valid account."
    )


def currency_of(company: Company, account: Record) -> str:
    return str(account.body.get("CurrencyCode") or company.currency)


def subscribed(company: Company, currency: str) -> bool:
    """Whether the organisation may use a currency."""
    return currency == company.currency or company.records.get("Currency", currency) is not None


def checked_currency(company: Company, given: str | None, default: str) -> str:
    """A document's currency. Raises Invalid for one that the organisation is not subscribed to."""
    currency = (given or default).upper()
    if not known_currency(currency) or not subscribed(company, currency):
        raise invalid(f"Organisation is not subscribed to currency {currency}")
    return currency


def day_rate(company: Company, currency: str) -> Decimal:
    """Foreign units per unit of base when a document names no rate: the setting `rates`, else a fixed table."""
    rates = company.settings.get("rates") or {}
    if currency in rates:
        return Decimal(str(rates[currency]))
    foreign, base = DAY_RATES.get(currency), DAY_RATES.get(company.currency)
    if foreign is None or base is None:
        raise invalid(f"There is no exchange rate for {currency}. CurrencyRate must be specified.")
    return rounded(CONTEXT.divide(Decimal(foreign), Decimal(base)), RATE_DECIMALS)


def currency_rate(company: Company, given: Decimal | None, currency: str) -> Decimal:
    """A document's CurrencyRate, kept to six decimals. Raises Invalid."""
    if currency == company.currency:
        return Decimal(1)
    if given is None:
        return day_rate(company, currency)
    rate = rounded(given, int(company.settings.get("currency_rate_decimals", RATE_DECIMALS)))
    if rate <= 0:
        raise invalid("CurrencyRate must be greater than zero.")
    return rate


def check_open(company: Company, stored_day: str) -> None:
    """Refuse a date that a lock date closes. Raises Invalid with the message that integrations look for."""
    day = day_of(stored_day)
    for name, which in (("EndOfYearLockDate", "end of year lock date"), ("PeriodLockDate", "period lock date")):
        text = company.settings.get(name)
        if text and day <= date.fromisoformat(text):
            # Unconfirmed: which roles pass the period lock; `period_lock_binds_api` false lets the API pass.
            if name == "PeriodLockDate" and company.settings.get("period_lock_binds_api") is False:
                continue
            raise invalid(lock_message(which, date.fromisoformat(text)))


def tax_rate(company: Company, code: str) -> Record | None:
    """A tax rate by its TaxType, in any case."""
    record = company.records.get("TaxRate", code.upper())
    return record if record is not None and not record.deleted else None


def tax_components(company: Company, code: str) -> list[dict[str, Any]]:
    """The components of a tax type as facts for the posting rule."""
    record = tax_rate(company, code)
    if record is None:
        return []
    body = record.body
    gst = system_account(company, str(body.get("_Account", "GST")))
    return [
        {
            "name": component["Name"],
            "rate": str(component["Rate"]),
            "account": gst,
            "recoverable": "0" if component.get("IsNonRecoverable") else "1",
            "reverse_charge": bool(body.get("_ReverseCharge")),
            "compound": bool(component.get("IsCompound")),
        }
        for component in body.get("TaxComponents", [])
    ]


def find_contact(company: Company, given: Mapping[str, Any]) -> Record | None:
    """A contact by ContactID, ContactNumber or name; an active one before an archived one."""
    if given.get("ContactID"):
        return company.records.get("Contact", given["ContactID"])
    for key in ("ContactNumber", "Name"):
        if given.get(key):
            found = company.records.find("Contact", key, str(given[key]).strip().lower())
            if found:
                return next((record for record in found if record.active), found[0])
    return None


def tracking_of(company: Company, given: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The tracking of a line as stored. Raises Invalid for more than two or two of one category.

    A category or option that is unknown or archived is left out in silence, and the answer shows it missing.
    """
    # Source: https://help.airwallex.com (article 6694335849615): archived options leave tracking blank.
    if len(given) > 2:
        raise invalid("A line item may have no more than two tracking categories.")
    found: list[dict[str, Any]] = []
    for wanted in given:
        category = _category(company, wanted)
        option = _option(category, wanted) if category else None
        if category is not None and option is not None:
            found.append(
                {
                    "Name": category.body["Name"],
                    "Option": option["Name"],
                    "TrackingCategoryID": category.id,
                    "TrackingOptionID": option["TrackingOptionID"],
                }
            )
    if len({entry["TrackingCategoryID"] for entry in found}) < len(found):
        raise invalid("A tracking category may be used only once on a line item.")
    return found


def _category(company: Company, wanted: Mapping[str, Any]) -> Record | None:
    if wanted.get("TrackingCategoryID"):
        record = company.records.get("TrackingCategory", wanted["TrackingCategoryID"])
        return record if record is not None and record.active else None
    found = company.records.find("TrackingCategory", "Name", str(wanted.get("Name", "")).lower())
    return next((record for record in found if record.active), None)


def _option(category: Record, wanted: Mapping[str, Any]) -> Mapping[str, Any] | None:
    id, name = wanted.get("TrackingOptionID"), str(wanted.get("Option", "")).lower()
    for option in category.body.get("Options", []):
        matches = option["TrackingOptionID"] == id if id else option["Name"].lower() == name
        if matches and option["Status"] == "ACTIVE":
            found: Mapping[str, Any] = option
            return found
    return None


def record_named(company: Company, kind: str, name: str, *, number: str = "") -> Record | None:
    """A record by the id in a path, or by the human number that the path takes instead."""
    id = guid(name)
    if id is not None:
        record = company.records.get(kind, id)
        if record is not None:
            return record
    if number:
        found = company.records.find(kind, number, name.lower(), deleted=True)
        return found[-1] if found else None
    return None


def rejects(*problems: str | None) -> None:
    """Raise Invalid with every problem that there is."""
    found = tuple(problem for problem in problems if problem)
    if found:
        raise Invalid(found)
