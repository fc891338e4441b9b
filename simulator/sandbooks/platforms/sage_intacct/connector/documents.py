"""Neutral documents as charge card transactions and bills of Sage Intacct. Pure.

A charge carries the transaction's id at the end of its description; a bill is numbered by it, and no vendor has two
bills of one number. Source: https://developer.intacct.com/api/cash-management/charge-card-transactions/,
https://developer.intacct.com/api/accounts-payable/bills/
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from lxml import etree
from msgspec import Struct, field

from sandbooks.connector import (
    Adjustment,
    Company,
    Document,
    Expense,
    Line,
    Native,
    Refused,
    Reimbursable,
    Transfer,
    marked,
)
from sandbooks.platforms.sage_intacct.connector.envelope import Row, condition, element
from sandbooks.platforms.sage_intacct.connector.reading import NO_TAX

CHARGE = "CCTRANSACTION"
BILL = "APBILL"
TEXT_MOST = 1000  # Source: github.com/codatio/oas, Codat-Lending (direct costs of Sage Intacct: line description)
PAYEE_MOST = 80  # Source: as above (note)
REFERENCE_MOST = 45  # Source: as above (reference)
GONE = ("Reversed", "Reversal")  # Source: Sage Intacct help, bill state descriptions

Kind = Literal["CCTRANSACTION", "APBILL"]
Body = dict[str, Any]
DATA_TYPES: Mapping[Kind, str] = {"CCTRANSACTION": "directCosts", "APBILL": "bills"}
# The field of a line that takes an option of a dimension; legacy functions write it in lower case.
FIELDS = {"DEPARTMENT": "DEPARTMENTID", "LOCATION": "LOCATIONID", "CLASS": "CLASSID", "PROJECT": "PROJECTID"}


class Taxes(Struct, frozen=True):
    """The tax solutions behind the tax details that a document names, and how its amounts are stated.

    ``inclusive``: with the tax inside, so that the gross stands whatever the platform makes of the tax.
    """

    solutions: Mapping[str, str] = field(default_factory=dict)
    inclusive: bool = False

    @property
    def solution(self) -> str:
        """The one solution of the document. Raises ``Refused`` for several."""
        found = {id for id in self.solutions.values() if id}
        if len(found) > 1:
            raise Refused("Sage Intacct takes tax details of one tax solution for each document")
        return next(iter(found), "")


def kind_for(document: Document) -> Kind:
    """The native record that a document becomes. Raises ``Refused`` for what Sage Intacct is not offered for."""
    match document:
        case Expense() if document.kind not in ("Payment", "Refund"):
            raise Refused(f"a {document.kind.lower()} is not offered for Sage Intacct")
        case Expense() if document.account.pays != "card":
            raise Refused(
                "Sage Intacct takes expenses on charge cards only, and on bank accounts that have a debit card"
            )
        case Expense():
            return "CCTRANSACTION"
        case Reimbursable():
            return "APBILL"
        case Transfer() | Adjustment():
            raise Refused(f"{type(document).__name__.lower()}s are not offered for Sage Intacct")


def native_of(kind: Kind, record: str) -> Native:
    """A record's identity; Sage Intacct has no version tokens."""
    return Native(kind=kind, id=record, data_type=DATA_TYPES[kind])


def search(document: Document) -> tuple[Kind, tuple[str, ...], etree._Element]:
    """Object, fields and condition that find the record of a document."""
    kind = kind_for(document)
    if kind == "APBILL":
        return kind, ("RECORDNO", "RECORDID", "STATE"), condition("equalto", "RECORDID", document.id)
    mark = f"%[{document.id}]"
    return kind, ("RECORDNO", "DESCRIPTION", "STATE"), condition("like", "DESCRIPTION", mark)


def carries(row: Row, id: str) -> bool:
    """Whether a row is the record written for a transaction, and still stands."""
    if row.get("STATE") in GONE:
        return False
    return row.get("RECORDID") == id or row.get("DESCRIPTION", "").endswith(f"[{id}]")


def taxed(line: Line) -> bool:
    """Whether a line names a tax detail."""
    return line.tax_rate not in ("", NO_TAX)


def lines_of(document: Document) -> tuple[Line, ...]:
    return document.lines if isinstance(document, Expense | Reimbursable) else ()


def details_of(document: Document) -> list[str]:
    """The tax details that a document names, each once."""
    return list(dict.fromkeys(line.tax_rate for line in lines_of(document) if taxed(line)))


def taxes_of(document: Document, solutions: Mapping[str, str]) -> Taxes:
    """How the taxes of a document are stated; not inclusive where the tax of a line is left to the platform.

    A charge with inclusive tax could never be updated: its net and its tax are stated instead.
    Source: developer.intacct.com/api/cash-management/charge-card-transactions (update)
    """
    named = [line for line in lines_of(document) if taxed(line)]
    whole = bool(named) and all(line.tax is not None for line in named)
    return Taxes(solutions, whole and not isinstance(document, Expense))


# What is sent


def check(document: Document, company: Company) -> Kind:
    """Refuse what Sage Intacct cannot state, before anything is read or written."""
    kind = kind_for(document)
    if not isinstance(document, Expense | Reimbursable):
        raise Refused(f"{type(document).__name__.lower()}s are not offered for Sage Intacct")
    if not document.lines:
        raise Refused("Sage Intacct needs at least one line")
    for line in document.lines:
        if line.item or not line.account:
            raise Refused("Sage Intacct needs an account on each line")
        _dimensions(line)
    if document.currency != company.currency and document.rate is None:
        raise Refused(f"a rate is needed: the document is in {document.currency}, not in {company.currency}")
    if len(document.reference) > REFERENCE_MOST:
        raise Refused(f"a reference has at most {REFERENCE_MOST} characters in Sage Intacct")
    return kind


def create(document: Document, company: Company, taxes: Taxes) -> etree._Element:
    """The function that makes the record of a document."""
    match document:
        case Expense():
            items = {"ccpayitem": [_charged(line, document) for line in document.lines]}
            body = {"chargecardid": document.account.id, **_charge(document, company, taxes), "ccpayitems": items}
            return element("record_cctransaction", body)
        case Reimbursable():
            return element("create", {BILL: _bill(document, company, taxes)})
        case _:
            raise Refused(f"{type(document).__name__.lower()}s are not offered for Sage Intacct")


def _charge(document: Expense, company: Company, taxes: Taxes) -> Body:
    """The head of a charge, in the order of its schema."""
    text = " - ".join(filter(None, (document.merchant, document.notes)))
    payee = document.notes or document.merchant
    body: Body = {"paymentdate": _legacy_date(document.date)}
    if document.reference:
        body["referenceno"] = document.reference
    if payee:
        body["payee"] = payee[:PAYEE_MOST]
    body["description"] = marked(text, document.id, most=TEXT_MOST)
    body |= _rate(document, company, legacy=True)
    if taxes.solutions:
        body["inclusivetax"] = False
        if taxes.solution:
            body["taxsolutionid"] = taxes.solution
    return body


def _legacy_date(day: date) -> Body:
    return {"year": f"{day:%Y}", "month": f"{day:%m}", "day": f"{day:%d}"}


def _rate(document: Expense | Reimbursable, company: Company, *, legacy: bool) -> Body:
    """Currency and rate; without a conversion the rate's type is left empty."""
    foreign = document.currency != company.currency
    if legacy:
        stated = {"exchrate": document.rate} if foreign else {"exchratetype": ""}
        return {"currency": document.currency, **stated}
    stated = {"EXCHANGE_RATE": document.rate} if foreign else {"EXCH_RATE_TYPE_ID": ""}
    return {"BASECURR": company.currency, "CURRENCY": document.currency, **stated}


def _charged(line: Line, document: Expense) -> Body:
    """A line of a charge; money that comes back is negative."""
    sign = -1 if document.kind == "Refund" else 1
    body: Body = {
        "glaccountno": line.account,
        "description": (line.description or document.notes or document.merchant)[:TEXT_MOST],
        "paymentamount": sign * _amount(line),
    }
    where = _dimensions(line)
    if document.contact and document.contact.id:
        where.setdefault("VENDORID", document.contact.id)
    order = ("DEPARTMENTID", "LOCATIONID", "CUSTOMERID", "VENDORID", "PROJECTID", "CLASSID")
    body |= {name.lower(): where[name] for name in order if name in where}
    if taxed(line):
        body["taxentries"] = {"taxentry": _entry(line, sign, names=("detailid", "trx_tax"))}
    if line.invoice_to:
        body["billable"] = True
    return body


def _amount(line: Line) -> Decimal:
    """The net of a taxed line; elsewhere a tax is no tax of the books, but part of the cost."""
    return line.net if taxed(line) else line.net + (line.tax or 0)


def _entry(line: Line, sign: int, *, names: tuple[str, str]) -> Body:
    """The tax of a line. Source: github.com/Intacct/intacct-sdk-php (tax entries of a line: detail, amount)."""
    detail, amount = names
    return {detail: line.tax_rate} | ({amount: sign * line.tax} if line.tax is not None else {})


def _bill(document: Reimbursable, company: Company, taxes: Taxes) -> Body:
    body: Body = {
        "WHENCREATED": f"{document.date:%m/%d/%Y}",
        "VENDORID": document.contact.id,
        "RECORDID": document.id,
    }
    if document.reference:
        body["DOCNUMBER"] = document.reference
    body |= {
        "DESCRIPTION": marked(document.notes, document.id, most=TEXT_MOST),
        "WHENDUE": f"{document.due:%m/%d/%Y}",
        **_rate(document, company, legacy=False),
    }
    if taxes.solutions:
        body["INCLUSIVETAX"] = taxes.inclusive
        if taxes.solution:
            body["TAXSOLUTIONID"] = taxes.solution
    return body | {"APBILLITEMS": {"APBILLITEM": [_billed(line, document, taxes) for line in document.lines]}}


def _billed(line: Line, document: Reimbursable, taxes: Taxes) -> Body:
    body: Body = {"ACCOUNTNO": line.account}
    if document.payables_account:
        body["OFFSETGLACCOUNTNO"] = document.payables_account
    body["TRX_AMOUNT"] = _amount(line)
    if taxed(line) and taxes.inclusive:
        body["TOTALTRXAMOUNT"] = line.net + (line.tax or 0)
    body["ENTRYDESCRIPTION"] = (line.description or document.notes or document.reference)[:TEXT_MOST]
    body |= _dimensions(line)
    if line.invoice_to:
        body["BILLABLE"] = True
    if taxed(line):
        body["TAXENTRIES"] = {"TAXENTRY": _entry(line, 1, names=("DETAILID", "TRX_TAX"))}
    return body


def _dimensions(line: Line) -> dict[str, str]:
    """The dimensions of a line by field, from ids of the form ``DEPARTMENT-100``."""
    found: dict[str, str] = {}
    for ref in line.tracking:
        if ref.kind == "tracking":
            object, _, id = ref.id.partition("-")
            if object not in FIELDS or not id:
                raise Refused(f"{ref.id} is no department, location, class or project of Sage Intacct")
            _put(found, FIELDS[object], id)
        else:
            _put(found, "CUSTOMERID" if ref.kind == "customer" else "VENDORID", ref.id)
    if line.invoice_to:
        _put(found, "CUSTOMERID", line.invoice_to)
    return found


def _put(found: dict[str, str], name: str, id: str) -> None:
    if found.setdefault(name, id) != id:
        raise Refused(f"Sage Intacct takes one {name.removesuffix('ID').lower()} on a line")


# Changes


def change(document: Expense, company: Company, taxes: Taxes, *, record: str, numbers: Sequence[str]) -> etree._Element:
    """The function that brings a charge to the state of a document, by the numbers of the lines that stand.

    Raises ``Refused`` where a line would have to go: a charge can be changed and added to.
    """
    if len(document.lines) < len(numbers):
        raise Refused("Sage Intacct takes no line away from a charge: correct it in Sage Intacct")
    function = element("update_cctransaction", _charge(document, company, taxes), key=record)
    items = etree.SubElement(function, "updateccpayitems")
    for place, line in enumerate(document.lines):
        body = _charged(line, document)
        if place < len(numbers):
            items.append(element("updateccpayitem", _emptied(body), line_num=numbers[place]))
        else:
            items.append(element("ccpayitem", body))
    return function


def _emptied(body: Body) -> Body:
    """A line with the dimensions and taxes that it no longer has emptied, still in the order of the schema.

    Unconfirmed: that an empty list of taxes takes them away, as an empty field is cleared; a live update would tell.
    """
    ours = ("departmentid", "locationid", "customerid", "vendorid", "projectid", "classid")
    first = {name: body[name] for name in ("glaccountno", "description", "paymentamount")}
    rest = {name: value for name, value in body.items() if name not in first and name not in ours}
    taxes = {} if "taxentries" in rest else {"totaltrxamount": "", "taxentries": ""}
    return {**first, **{name: body.get(name, "") for name in ours}, **taxes, **rest}
