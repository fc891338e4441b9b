"""Neutral documents as QuickBooks Online's own: purchases, deposits, bills, transfers and journal entries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from sandbooks.connector import (
    Adjustment,
    AdjustmentLine,
    Company,
    Consent,
    Contact,
    Document,
    Expense,
    Line,
    Refused,
    Reimbursable,
    Steps,
    TrackingRef,
    Transfer,
    marked,
)
from sandbooks.platforms.quickbooks_online.connector.lists import Taxes, read_taxes

NOTE_MOST = 4000  # Source: developer.intuit.com, entity Purchase, PrivateNote
DESCRIPTION_MOST = 4000  # Source: Finance.xsd, Line.Description
REFERENCE_MOST = 21  # Source: Finance.xsd, DocNumber
NO_TAX = ("", "NON")  # Source: developer.intuit.com, entity TaxCode (US pseudo codes TAX and NON)


def entity_of(document: Document) -> str:
    """The native record that a document becomes."""
    match document:
        case Expense() if document.kind == "Payment" or document.account.pays == "card":
            return "Purchase"
        case Expense():
            return "Deposit"  # a Purchase is never negative, and Credit is for card accounts alone
        case Reimbursable():
            return "Bill"
        case Transfer():
            return "Transfer"
        case Adjustment():
            return "JournalEntry"


def body_of(document: Document, consent: Consent, company: Company) -> Steps[dict[str, Any]]:
    taxes = Taxes({}, {})
    if isinstance(document, Expense | Reimbursable) and any(_taxed(line, company) for line in document.lines):
        taxes = yield from read_taxes(consent, reference=document.id)
    match document:
        case Expense() if entity_of(document) == "Purchase":
            return _purchase(document, company, taxes)
        case Expense():
            return _deposit(document, company, taxes)
        case Reimbursable():
            return _bill(document, company, taxes)
        case Transfer():
            return _transfer(document, company)
        case Adjustment():
            return _journal_entry(document, company)


def _head(document: Document, company: Company, *, note: str, currency: str, rate: Decimal | None) -> dict[str, Any]:
    body: dict[str, Any] = {
        "TxnDate": document.date.isoformat(),
        "PrivateNote": marked(note, document.id, most=NOTE_MOST),
    }
    if company.multicurrency or currency != company.currency:
        body["CurrencyRef"] = {"value": currency}
    if currency != company.currency and rate is not None:
        body["ExchangeRate"] = rate
    return body


def _purchase(document: Expense, company: Company, taxes: Taxes) -> dict[str, Any]:
    card = document.account.pays == "card"
    body = _head(document, company, note=_note(document), currency=document.currency, rate=document.rate)
    body |= {"PaymentType": "CreditCard" if card else "Cash", "AccountRef": {"value": document.account.id}}
    if card:
        body["Credit"] = document.kind != "Payment"
    if document.contact:
        body["EntityRef"] = {"value": document.contact.id, "type": _entity(document.contact)}
    return body | _spent(document, company, taxes, text=document.notes or document.merchant)


def _bill(document: Reimbursable, company: Company, taxes: Taxes) -> dict[str, Any]:
    body = _head(document, company, note=document.notes, currency=document.currency, rate=document.rate)
    body |= {"VendorRef": {"value": document.contact.id}, "DueDate": document.due.isoformat()}
    if document.payables_account:
        body["APAccountRef"] = {"value": document.payables_account}
    return body | _spent(document, company, taxes, text=document.notes)


def _spent(document: Expense | Reimbursable, company: Company, taxes: Taxes, *, text: str) -> dict[str, Any]:
    """Lines, taxes, number and department of a purchase or a bill."""
    lines = []
    for line in document.lines:
        detail = _line_detail(line, document, company, taxes)
        detail |= _billed_to(line)
        name = "ItemBasedExpenseLineDetail" if line.item else "AccountBasedExpenseLineDetail"
        detail["ItemRef" if line.item else "AccountRef"] = {"value": line.item or line.account}
        lines.append(_line(line, company, name, detail, line.description or text))
    return {"Line": lines} | _tax_and_place(document, company, taxes)


def _deposit(document: Expense, company: Company, taxes: Taxes) -> dict[str, Any]:
    body = _head(document, company, note=_note(document), currency=document.currency, rate=document.rate)
    lines = []
    for line in document.lines:
        detail = _line_detail(line, document, company, taxes) | {"AccountRef": {"value": line.account}}
        if _taxed(line, company):
            detail["TaxApplicableOn"] = "Purchase"
        if document.contact:
            detail["Entity"] = {"value": document.contact.id, "type": _entity(document.contact)}
        text = line.description or document.notes or document.merchant
        lines.append(_line(line, company, "DepositLineDetail", detail, text))
    body |= {"DepositToAccountRef": {"value": document.account.id}, "Line": lines}
    return body | _tax_and_place(document, company, taxes)


def _entity(contact: Contact) -> str:
    return "Vendor" if contact.kind == "supplier" else "Customer"


def _note(document: Expense) -> str:
    return " - ".join(filter(None, (document.merchant, document.notes)))


def _taxed(line: Line, company: Company) -> bool:
    """Whether a line carries a purchase tax that QuickBooks books apart: never in the US."""
    return company.country != "US" and line.tax_rate not in NO_TAX


def _line(line: Line, company: Company, name: str, detail: dict[str, Any], text: str) -> dict[str, Any]:
    apart = _taxed(line, company)
    amount = line.net if apart else line.net + (line.tax or 0)
    body: dict[str, Any] = {"DetailType": name, "Amount": amount, name: detail}
    if text:
        body["Description"] = text[:DESCRIPTION_MOST]
    return body


def _line_detail(line: Line, document: Expense | Reimbursable, company: Company, taxes: Taxes) -> dict[str, Any]:
    detail: dict[str, Any] = {}
    if _taxed(line, company):
        detail["TaxCodeRef"] = {"value": line.tax_rate.partition("_")[0]}
    elif company.country == "US" and line.tax_rate:
        detail["TaxCodeRef"] = {"value": line.tax_rate}
    elif any(_taxed(other, company) for other in document.lines) and taxes.untaxed():
        detail["TaxCodeRef"] = {"value": taxes.untaxed()}
    classes = list(_tags(line.tracking, "CLASS_"))
    if len(classes) > 1:
        raise Refused("QuickBooks Online takes one class for each line")
    if classes:
        detail["ClassRef"] = {"value": classes[0]}
    return detail


def _billed_to(line: Line) -> dict[str, Any]:
    if line.invoice_to:
        return {"CustomerRef": {"value": line.invoice_to}, "BillableStatus": "Billable"}
    customers = [ref.id for ref in line.tracking if ref.kind == "customer"]
    return {"CustomerRef": {"value": customers[0]}} if customers else {}


def _tags(tracking: Sequence[TrackingRef], prefix: str) -> Iterator[str]:
    return (r.id.removeprefix(prefix) for r in tracking if r.kind == "tracking" and r.id.startswith(prefix))


def _tax_and_place(document: Expense | Reimbursable, company: Company, taxes: Taxes) -> dict[str, Any]:
    body: dict[str, Any] = {}
    if document.reference:
        body["DocNumber"] = document.reference[:REFERENCE_MOST]
    departments = {tuple(_tags(line.tracking, "DEPARTMENT_")) for line in document.lines}
    if len(departments) > 1 or any(len(named) > 1 for named in departments):
        raise Refused("QuickBooks Online takes one location for the whole document")
    for named in departments:
        if named:
            body["DepartmentRef"] = {"value": named[0]}
    if company.country == "US":
        return body
    if not any(_taxed(line, company) for line in document.lines):
        return body | {"GlobalTaxCalculation": "NotApplicable"}
    body["GlobalTaxCalculation"] = "TaxExcluded"
    if all(line.tax is not None for line in document.lines if _taxed(line, company)):
        body["TxnTaxDetail"] = _tax_detail(document.lines, company, taxes)
    return body


def _tax_detail(lines: Sequence[Line], company: Company, taxes: Taxes) -> dict[str, Any]:
    """The submitted tax amounts, so that the gross is what was spent to the cent."""
    nets: dict[str, Decimal] = {}
    amounts: dict[str, Decimal] = {}
    for line in lines:
        if _taxed(line, company):
            code = line.tax_rate.partition("_")[0]
            nets[code] = nets.get(code, Decimal(0)) + line.net
            amounts[code] = amounts.get(code, Decimal(0)) + (line.tax or 0)
    tax_lines = [part for code in amounts for part in _tax_lines(taxes.of_code(code), amounts[code], nets[code])]
    return {"TotalTax": sum(amounts.values(), Decimal(0)), "TaxLine": tax_lines}


def _tax_lines(rates: Sequence[tuple[str, Decimal]], tax: Decimal, net: Decimal) -> Iterator[dict[str, Any]]:
    """One tax shared out over the rates of its code; rates that cancel out (reverse charge) each bear their own."""
    total = sum((percent for _, percent in rates), Decimal(0))
    left = tax
    for place, (ref, percent) in enumerate(rates):
        amount = _cents(tax * percent / total) if total else _cents(net * percent / 100)
        if total and place == len(rates) - 1:
            amount = left
        left -= amount
        detail = {"TaxRateRef": {"value": ref}, "PercentBased": False, "TaxPercent": percent, "NetAmountTaxable": net}
        yield {"Amount": amount, "DetailType": "TaxLineDetail", "TaxLineDetail": detail}


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), rounding="ROUND_HALF_UP")


def _transfer(document: Transfer, company: Company) -> dict[str, Any]:
    source, target = document.source, document.target
    foreign = target if source.currency == company.currency else source
    home = source if foreign is target else target
    rate = None
    if home.currency == company.currency != foreign.currency:
        rate = (home.amount / foreign.amount).quantize(Decimal("1e-9"))
    body = _head(document, company, note=document.description, currency=foreign.currency, rate=rate)
    return body | {
        "FromAccountRef": {"value": source.account},
        "ToAccountRef": {"value": target.account},
        "Amount": foreign.amount,
    }


def _journal_entry(document: Adjustment, company: Company) -> dict[str, Any]:
    body = _head(document, company, note="", currency=document.currency, rate=document.rate)
    if document.reference:
        body["DocNumber"] = document.reference[:REFERENCE_MOST]
    return body | {"Line": [_journal_line(line) for line in document.lines]}


def _journal_line(line: AdjustmentLine) -> dict[str, Any]:
    detail: dict[str, Any] = {
        "PostingType": "Debit" if line.amount > 0 else "Credit",
        "AccountRef": {"value": line.account},
    }
    for name, prefix in (("ClassRef", "CLASS_"), ("DepartmentRef", "DEPARTMENT_")):
        for tag in _tags(line.tracking, prefix):
            detail[name] = {"value": tag}
    for ref in line.tracking:
        if ref.kind != "tracking":
            party = "Vendor" if ref.kind == "supplier" else "Customer"
            detail["Entity"] = {"Type": party, "EntityRef": {"value": ref.id}}
    if line.invoice_to:
        detail["Entity"] = {"Type": "Customer", "EntityRef": {"value": line.invoice_to}}
        detail["BillableStatus"] = "Billable"
    body = {"DetailType": "JournalEntryLineDetail", "Amount": abs(line.amount), "JournalEntryLineDetail": detail}
    return body | ({"Description": line.description[:DESCRIPTION_MOST]} if line.description else {})
