"""Expenses: what a user paid out of pocket. A claim has a negative value; it is live at once, there is no approval.

Source: https://dev.freeagent.com/docs/expenses
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.money import Money, Rate
from sandbooks.platforms.freeagent.fields import Fields
from sandbooks.platforms.freeagent.posting import EXPENSE_ACCOUNT, user_account
from sandbooks.platforms.freeagent.records import (
    attachments,
    capital_assets,
    mileage,
    properties,
    recurring,
    stock,
    targets,
)
from sandbooks.platforms.freeagent.records.purposes import DESCRIPTION_MAX, rate_on, rebilling
from sandbooks.platforms.freeagent.records.storing import check_open, new_id, refer, remove, save
from sandbooks.platforms.freeagent.tax import Basis, ec_status, sales_tax, scheme_of, without_standing_tax
from sandbooks.platforms.freeagent.wire import decimal_text, path

KIND = "expense"


def create(company: Company, given: dict[str, Any], *, several_files: bool = False) -> Record:
    """A new expense. Raises ``Invalid``."""
    return _write(company, given, None, several_files=several_files)


def update(company: Company, record: Record, given: dict[str, Any], *, several_files: bool = False) -> Record:
    """Change an expense. Raises ``Invalid``."""
    check_open(company, record.body["dated_on"])
    return _write(company, given, record, several_files=several_files)


def _write(company: Company, given: dict[str, Any], record: Record | None, *, several_files: bool) -> Record:
    standing = without_standing_tax(record.body, given) if record else {}
    if given.get("gross_value") is not None and given.get("native_gross_value") is None:
        standing = {name: value for name, value in standing.items() if name != "native_gross_value"}
    fields = Fields(given, standing)
    if mileage.is_mileage(company, fields):
        return _write_mileage(company, fields, record, several_files=several_files)
    user = fields.record("user", company, "user", required=True)
    dated_on = fields.date("dated_on", required=True)
    currency = fields.currency("currency", company.currency)
    gross = fields.money("gross_value", currency, required=True)
    if gross is not None and not gross:
        fields.wrong("gross_value", "must be other than 0")
    description = fields.text("description", required=True, limit=DESCRIPTION_MAX)
    receipt = fields.text("receipt_reference")
    target = targets.chosen(fields, company)
    members = rebilling(company, fields) | recurring.read(company, fields, dated_on)
    members |= properties.read(company, fields, required=target is None or not target.buys_asset)
    files = attachments.read(fields, several=several_files)
    if target is not None and gross is not None:
        targets.check_bought(fields, target, -gross, name="gross_value")
    bought = target.bought(fields, company) if target is not None else None
    fields.check()
    if user is None or dated_on is None or gross is None or target is None:
        raise AssertionError("checked above")
    check_open(company, dated_on.isoformat())
    document: dict[str, Any] = {
        "user": refer(user),
        "category": target.reference,
        "dated_on": dated_on.isoformat(),
        "currency": currency,
        "description": description,
        **members,
        **target.members,
    }
    if receipt is not None:
        document["receipt_reference"] = receipt
    valued, facts = _valued(company, fields, gross, on=dated_on, auto=target.auto)
    fields.check()
    facts |= {"claimant": user_account(EXPENSE_ACCOUNT, user.id)}
    return _keep(company, record, document | valued, facts=facts, files=files, bought=bought)


def _keep(
    company: Company,
    record: Record | None,
    document: dict[str, Any],
    *,
    facts: dict[str, Any],
    files: attachments.Files,
    bought: capital_assets.Bought | None = None,
) -> Record:
    """Store an expense, and what follows from it."""
    id = record.id if record else new_id(company, KIND)
    document = {"url": path("expenses", id), **document}
    lines = capital_assets.single(company, document, bought, years="depreciation_schedule")
    saved = save(company, KIND, id, document=document, facts=facts)
    capital_assets.keep(company, saved, lines, facts=facts)
    stock.follow(company, record.body if record else {}, document)
    recurring.plan(company, saved)
    attachments.attach(company, saved, files)
    return saved


def _write_mileage(company: Company, fields: Fields, record: Record | None, *, several_files: bool) -> Record:
    members = rebilling(company, fields) | recurring.read(company, fields, fields.date("dated_on"))
    members |= properties.read(company, fields, required=True)
    files = attachments.read(fields, several=several_files)
    document, facts = mileage.read(company, fields, record.id if record else "")
    return _keep(company, record, document | members, facts=facts, files=files)


def _valued(
    company: Company, fields: Fields, gross: Money, *, on: date, auto: str
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The amounts of an expense, in its own and in native currency, and the facts of its entry."""
    scheme = scheme_of(company, on)
    ec = ec_status(fields, scheme, on)
    foreign = gross.currency != company.currency
    native = _native(company, fields, gross, on) if foreign else gross
    tax = _tax(fields, gross, native, Basis(scheme=scheme, auto=auto or "Outside of the scope of VAT", ec=ec))
    shown = tax.tax
    if foreign and native:
        shown = Money(tax.tax.amount, gross.currency)
        rate = Rate(abs(native.amount / gross.amount), gross.currency, company.currency)
        shown = Money(tax.tax.amount / rate.value, gross.currency).rounded()
    document = {
        **tax.members,
        "gross_value": decimal_text(gross.amount),
        "native_gross_value": decimal_text(native.amount),
        "sales_tax_value": decimal_text(shown.amount),
        "native_sales_tax_value": decimal_text(tax.tax.amount),
    }
    if fields.has("ec_status"):
        document["ec_status"] = ec
    if "second_sales_tax_value" in document and foreign and native:
        part = Fraction(gross.amount) / Fraction(native.amount) * Fraction(tax.second.amount)
        document["second_sales_tax_value"] = decimal_text(Money(Decimal(1), gross.currency).portion(part).amount)
    facts = {
        "posts": "expense",
        "base": company.currency,
        "recoverable": scheme.recoverable,
        "notional": str(tax.notional.amount),
        "second_tax": str(tax.second.amount),
    }
    return document, facts


def _native(company: Company, fields: Fields, gross: Money, on: date) -> Money:
    given = fields.money("native_gross_value", company.currency)
    if given is not None:
        if given.amount * gross.amount <= 0:
            fields.wrong("native_gross_value", "is invalid")
            fields.check()
        return given
    return rate_on(company, gross.currency, on).to_base(gross)


def _tax(fields: Fields, gross: Money, native: Money, basis: Basis) -> Any:
    """Tax in native currency; a rate does not count on a foreign expense, only a typed amount does."""
    if gross.currency == native.currency:
        return sales_tax(fields, native, basis)
    if fields.has("sales_tax_rate") or not fields.has("manual_sales_tax_amount"):
        rest = {n: v for n, v in fields.standing.items() if n != "sales_tax_rate"}
        given = {n: v for n, v in fields.given.items() if n != "sales_tax_rate"}
        fields.given, fields.standing = given | {"sales_tax_rate": "0.0"}, rest
    return sales_tax(fields, native, basis)


def delete(company: Company, record: Record) -> None:
    """Delete an expense. Raises ``PeriodClosed``."""
    check_open(company, record.body["dated_on"])
    attachments.drop_all(company, record)
    capital_assets.drop(company, record)
    remove(company, record)
    stock.follow(company, record.body)
