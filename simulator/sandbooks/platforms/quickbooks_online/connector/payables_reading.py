"""Bills, bill payments and vendor credits of QuickBooks Online in neutral words. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sandbooks.connector import Company, TrackingRef
from sandbooks.payables import (
    ZERO,
    Bill,
    BillCredit,
    BillFile,
    BillLine,
    BillPayment,
    CreditStatus,
    PaymentLink,
    day_of,
    number_of,
    status_of,
    unmarked,
)
from sandbooks.platforms.quickbooks_online.connector.lists import Taxes
from sandbooks.platforms.quickbooks_online.connector.native import ref

ACCOUNT_LINE, ITEM_LINE = "AccountBasedExpenseLineDetail", "ItemBasedExpenseLineDetail"
CENT = Decimal("0.01")

Body = Mapping[str, Any]


def updated(body: Body) -> datetime | None:
    """When a record was last changed."""
    text = (body.get("MetaData") or {}).get("LastUpdatedTime")
    return datetime.fromisoformat(text) if text else None


def _currency(body: Body, company: Company) -> str:
    return ref(body.get("CurrencyRef")) or company.currency


def _rate(body: Body, company: Company) -> Decimal | None:
    return None if _currency(body, company) == company.currency else number_of(body.get("ExchangeRate")) or None


def bill(body: Body, company: Company, taxes: Taxes) -> Bill:
    total, open = number_of(body.get("TotalAmt")), number_of(body.get("Balance"))
    return Bill(
        id=str(body["Id"]),
        supplier=ref(body.get("VendorRef")),
        supplier_name=str((body.get("VendorRef") or {}).get("name") or ""),
        date=day_of(body, "TxnDate"),
        due=day_of(body, "DueDate" if body.get("DueDate") else "TxnDate"),
        currency=_currency(body, company),
        rate=_rate(body, company),
        reference=str(body.get("DocNumber") or ""),
        note=unmarked(str(body.get("PrivateNote") or "")),
        status=status_of(total, open),
        total=total,
        open=open,
        tax=number_of((body.get("TxnTaxDetail") or {}).get("TotalTax")),
        lines=_lines(body, taxes),
        updated=updated(body),
    )


def credit(body: Body, company: Company, taxes: Taxes) -> BillCredit:
    total, left = number_of(body.get("TotalAmt")), number_of(body.get("Balance"))
    status: CreditStatus = "Paid" if left <= 0 else "Submitted" if left >= total else "PartiallyPaid"
    return BillCredit(
        id=str(body["Id"]),
        supplier=ref(body.get("VendorRef")),
        supplier_name=str((body.get("VendorRef") or {}).get("name") or ""),
        date=day_of(body, "TxnDate"),
        currency=_currency(body, company),
        rate=_rate(body, company),
        number=str(body.get("DocNumber") or ""),
        note=unmarked(str(body.get("PrivateNote") or "")),
        status=status,
        total=total,
        remaining=left,
        tax=number_of((body.get("TxnTaxDetail") or {}).get("TotalTax")),
        lines=_lines(body, taxes),
        updated=updated(body),
    )


def _lines(body: Body, taxes: Taxes) -> tuple[BillLine, ...]:
    bought = [line for line in body.get("Line") or () if line.get("DetailType") in (ACCOUNT_LINE, ITEM_LINE)]
    tax = number_of((body.get("TxnTaxDetail") or {}).get("TotalTax"))
    shares = _shares(bought, tax, taxes)
    place = ref(body.get("DepartmentRef"))
    return tuple(_line(line, share, place) for line, share in zip(bought, shares, strict=True))


def _shares(lines: Sequence[Body], tax: Decimal, taxes: Taxes) -> list[Decimal]:
    """The tax of each line: QuickBooks tells the total alone, so what rounding leaves goes to the last taxed line."""
    percents = [sum((p for _, p in taxes.of_code(_code(line))), ZERO) for line in lines]
    shares = [
        (number_of(line.get("Amount")) * percent / 100).quantize(CENT, "ROUND_HALF_UP")
        for line, percent in zip(lines, percents, strict=True)
    ]
    taxed = [place for place, percent in enumerate(percents) if percent]
    if taxed:
        shares[taxed[-1]] += tax - sum(shares, ZERO)
    return shares


def _code(line: Body) -> str:
    return ref((line.get(line["DetailType"]) or {}).get("TaxCodeRef"))


def _line(line: Body, tax: Decimal, place: str) -> BillLine:
    detail = line.get(line["DetailType"]) or {}
    net, code = number_of(line.get("Amount")), _code(line)
    quantity = number_of(detail.get("Qty")) or Decimal(1)
    tags = [TrackingRef(id=f"CLASS_{ref(detail['ClassRef'])}")] if detail.get("ClassRef") else []
    tags += [TrackingRef(id=f"DEPARTMENT_{place}")] if place else []
    if detail.get("CustomerRef"):
        tags.append(TrackingRef(id=ref(detail["CustomerRef"]), kind="customer"))
    return BillLine(
        net=net,
        tax=tax,
        quantity=quantity,
        unit=number_of(detail.get("UnitPrice")) or net / quantity,
        description=str(line.get("Description") or ""),
        account=ref(detail.get("AccountRef")),
        item=ref(detail.get("ItemRef")),
        tax_rate=f"{code}_Bills" if code.isdigit() else code,
        tracking=tuple(tags),
        billable=detail.get("BillableStatus") == "Billable",
    )


def payment(body: Body, company: Company) -> BillPayment:
    """A payment; what is set against nothing stands on the supplier's account."""
    card, check = body.get("CreditCardPayment") or {}, body.get("CheckPayment") or {}
    total, links = number_of(body.get("TotalAmt")), tuple(_links(body))
    used = sum((link.amount if link.kind == "Bill" else -link.amount for link in links), ZERO)
    supplier = ref(body.get("VendorRef"))
    if total > used:
        links += (PaymentLink(kind="PaymentOnAccount", id=supplier, amount=total - used),)
    return BillPayment(
        id=str(body["Id"]),
        date=day_of(body, "TxnDate"),
        currency=_currency(body, company),
        rate=_rate(body, company),
        total=total,
        account=ref(card.get("CCAccountRef")) or ref(check.get("BankAccountRef")),
        supplier=supplier,
        supplier_name=str((body.get("VendorRef") or {}).get("name") or ""),
        reference=str(body.get("DocNumber") or ""),
        note=unmarked(str(body.get("PrivateNote") or "")),
        links=links,
        updated=updated(body),
    )


def _links(body: Body) -> list[PaymentLink]:
    found = []
    for line in body.get("Line") or ():
        for linked in line.get("LinkedTxn") or ():
            kind = {"Bill": "Bill", "VendorCredit": "CreditNote"}.get(str(linked.get("TxnType")), "Other")
            amount = number_of(line.get("Amount"))
            found.append(PaymentLink(kind=kind, id=str(linked.get("TxnId")), amount=amount))  # type: ignore[arg-type]  # one of LinkKind
    return found


def file(body: Body) -> BillFile:
    created = (body.get("MetaData") or {}).get("CreateTime")
    refs: Sequence[Body] = body.get("AttachableRef") or ()
    return BillFile(
        id=str(body["Id"]),
        name=str(body.get("FileName") or ""),
        content_type=str(body.get("ContentType") or "application/octet-stream"),
        size=int(body["Size"]) if body.get("Size") is not None else None,
        include_when_sent=any(entry.get("IncludeOnSend") is True for entry in refs),
        created=datetime.fromisoformat(created) if created else None,
    )
