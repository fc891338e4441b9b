"""Sales tax periods: from which day on a company outside the United Kingdom is registered, and at which rates.

Source: https://dev.freeagent.com/docs/sales_tax_periods
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.platforms.freeagent.fields import Fields
from sandbooks.platforms.freeagent.records.storing import check_open, new_id, remove, save
from sandbooks.platforms.freeagent.wire import decimal_text, path

KIND = "sales_tax_period"
STATUSES = ("Not Registered", "Registered")
RATES = ("rate_1", "rate_2", "rate_3")


def offered(company: Company) -> bool:
    """Whether a company has such periods: those of the United Kingdom have not."""
    return not str(company.settings.get("type", "")).startswith("Uk")


def write(company: Company, given: dict[str, Any], record: Record | None = None) -> Record:
    """A period, new or changed. Raises ``Invalid``; ``PeriodClosed`` for one that is locked."""
    if record is not None:
        check_open(company, record.body["effective_date"])
    fields = Fields(given, record.body if record else None)
    universal = company.settings.get("type") == "UniversalCompany"
    effective = fields.date("effective_date", required=True)
    for name in ("sales_tax_registration_status", "sales_tax_is_value_added"):
        if fields.raw(name) in (None, ""):
            fields.wrong(name, "can't be blank")
    document: dict[str, Any] = {
        "sales_tax_name": fields.text("sales_tax_name", required=True),
        "sales_tax_registration_status": fields.choice("sales_tax_registration_status", STATUSES),
        "sales_tax_is_value_added": fields.flag("sales_tax_is_value_added"),
        "effective_date": effective.isoformat() if effective else "",
        **dict(_rates(fields, "sales_tax", required=True)),
    }
    number = fields.text("sales_tax_registration_number")
    if number is not None:
        document["sales_tax_registration_number"] = number
    if universal and fields.has("second_sales_tax_name"):
        document["second_sales_tax_name"] = fields.text("second_sales_tax_name")
        document |= dict(_rates(fields, "second_sales_tax", required=False))
        document["second_sales_tax_is_compound"] = fields.flag("second_sales_tax_is_compound")
    fields.check()
    check_open(company, document["effective_date"])
    id = record.id if record else new_id(company, KIND)
    return save(company, KIND, id, document={"url": path("sales_tax_periods", id), **document})


def _rates(fields: Fields, prefix: str, *, required: bool) -> Iterator[tuple[str, str]]:
    for place in RATES:
        name = f"{prefix}_{place}"
        rate = fields.decimal(name, required=required and place == RATES[0])
        if rate is not None and not 0 <= rate <= 100:
            fields.wrong(name, "must be between 0 and 100")
        elif rate is not None:
            yield name, decimal_text(Decimal(rate))


def delete(company: Company, record: Record) -> None:
    """Delete a period. Raises ``PeriodClosed`` for one that is locked."""
    check_open(company, record.body["effective_date"])
    remove(company, record)
