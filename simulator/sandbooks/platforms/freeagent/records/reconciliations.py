"""Credit note reconciliations: a credit note set off against an invoice of the same currency.

Source: https://dev.freeagent.com/docs/credit_note_reconciliations
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.money import Money
from sandbooks.platforms.freeagent.fields import Fields
from sandbooks.platforms.freeagent.records import invoices
from sandbooks.platforms.freeagent.records.storing import check_open, new_id, refer, remove, save
from sandbooks.platforms.freeagent.wire import decimal_text, path

KIND = invoices.RECONCILIATION


def write(company: Company, given: dict[str, Any], record: Record | None = None) -> Record:
    """A reconciliation, new or changed. Raises ``Invalid``."""
    fields = Fields(given, record.body if record else None)
    if record is not None:
        check_open(company, record.body["dated_on"])
    pair = [_document(company, fields, kind) for kind in (invoices.INVOICE, invoices.CREDIT_NOTE)]
    invoice, note = pair
    dated_on = fields.date("dated_on")
    fields.check()
    if invoice is None or note is None:
        raise AssertionError("checked above")
    if invoice.body["currency"] != note.body["currency"]:
        fields.wrong("credit_note", "must have the currency of the invoice")
        fields.check()
    value = fields.money("gross_value", invoice.body["currency"], required=True)
    fields.check()
    bases = _relieved(company, fields, pair, value, but=record.id if record else "")
    day = dated_on.isoformat() if dated_on else max(invoice.body["dated_on"], note.body["dated_on"])
    check_open(company, day)
    id = record.id if record else new_id(company, KIND)
    document = {
        "url": path("credit_note_reconciliations", id),
        "gross_value": decimal_text(value.amount if value else Money.zero(company.currency).amount),
        "dated_on": day,
        "currency": invoice.body["currency"],
        "exchange_rate": invoice.body["exchange_rate"],
        "invoice": refer(invoice),
        "credit_note": refer(note),
    }
    facts = {"posts": "reconciliation", "base": company.currency}
    saved = save(company, KIND, id, document=document, facts=facts | bases)
    for found in {tuple(pair), *([_pair(company, record)] if record else [])}:
        for side in found:
            if side is not None:
                invoices.settle(company, side)
    return saved


def _pair(company: Company, record: Record) -> tuple[Record | None, Record | None]:
    return (
        invoices.referred(company, record.body["invoice"]),
        invoices.referred(company, record.body["credit_note"]),
    )


def _document(company: Company, fields: Fields, kind: str) -> Record | None:
    found = fields.record(kind, company, kind, required=True)
    if found is not None and found.body["state"] != invoices.SENT:
        fields.wrong(kind, "must be sent")
    return found


def _relieved(
    company: Company, fields: Fields, pair: list[Record | None], value: Money | None, *, but: str
) -> dict[str, str]:
    """What each side is relieved of in native currency, at its own booking rate. Raises ``Invalid``."""
    bases = {}
    for side in pair:
        if side is None or value is None:
            raise AssertionError("checked by the caller")
        opened = invoices.open_item(company, side, but=but)
        due = abs(opened.amount)
        if value.amount <= 0 or value > due:
            fields.wrong("gross_value", f"can't be more than the due value of {decimal_text(due.amount)}")
            fields.check()
        base = abs(opened.base)
        part = base if value == due else base.portion(Fraction(value.amount) / Fraction(due.amount))
        bases[f"{side.kind}_base"] = str(part.amount)
    return bases


def delete(company: Company, record: Record) -> None:
    """Take a reconciliation back. Raises ``PeriodClosed``."""
    check_open(company, record.body["dated_on"])
    pair = _pair(company, record)
    remove(company, record)
    for side in pair:
        if side is not None:
            invoices.settle(company, side)
