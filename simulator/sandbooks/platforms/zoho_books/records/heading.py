"""What every document begins with: its day, its currency and rate, its location and project."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.money import Rate
from sandbooks.platforms.zoho_books import chart, rates
from sandbooks.platforms.zoho_books.fields import Fields
from sandbooks.platforms.zoho_books.records import accounts, lines
from sandbooks.platforms.zoho_books.records.storing import check_open
from sandbooks.platforms.zoho_books.refusals import Required
from sandbooks.platforms.zoho_books.wire import Body


class Head(Struct, frozen=True, kw_only=True):
    """The day of a document, its currency, and that currency's rate."""

    day: date
    currency: Record
    rate: Rate

    @property
    def code(self) -> str:
        return self.rate.foreign

    @property
    def iso(self) -> str:
        return self.day.isoformat()

    def members(self, *more: str) -> Body:
        """What a document shows of its currency; ``more`` names further members of the currency."""
        shown: Body = {"currency_id": self.currency.id, "currency_code": self.code}
        return shown | {name: self.currency.body[name] for name in more} | {"exchange_rate": self.rate.value}

    def facts(self, company: Company) -> Body:
        """What the entry of a document rests on, whatever it books."""
        return {
            "base": company.currency,
            "currency": self.code,
            "rate": str(self.rate.value),
            "date": self.iso,
            "exchange": accounts.named(company, chart.EXCHANGE).id,
        }


def day_of(company: Company, fields: Fields, *, name: str = "date", required: bool = False) -> date:
    """The day of a document, today where none is given. Raises ``PeriodClosed`` and ``Required``."""
    day = fields.date(name, required=required) or company.world.clock.today(company.time_zone)
    check_open(company, day.isoformat())
    return day


def read(company: Company, fields: Fields, *, currency: str, name: str = "date", required: bool = False) -> Head:
    """The head of a document; ``currency`` is the code that counts where none is given."""
    day = day_of(company, fields, name=name, required=required)
    found = rates.currency_of(company, fields, currency)
    rate = rates.rate_of(company, fields, str(found.body["currency_code"]), day)
    return Head(day=day, currency=found, rate=rate)


def vendor_of(record: Record | None) -> Record:
    """A vendor that must be named. Raises ``Required``."""
    if record is None:
        raise Required("vendor_id")
    return record


def kept_in(account: Record) -> str:
    """The currency that an account is kept in; empty where it takes any."""
    return str(account.body["currency_code"]) if account.body["account_type"] in chart.MONEY_TYPES else ""


def location(company: Company, fields: Fields) -> Body:
    """What a document shows of its location; nothing where it has none."""
    found = lines.location(company, fields)
    return {"location_id": found.id, "location_name": found.body["location_name"]} if found else {}


def project(company: Company, fields: Fields) -> Body:
    """What a document or line shows of its project."""
    found = fields.record("project_id", company, "project")
    return {"project_id": found.id if found else "", "project_name": found.body["project_name"] if found else ""}
