"""Purchase documents and the lists around them out of Business Central's entities, in neutral words.

Source: learn.microsoft.com, Business Central, API v2.0 (purchaseInvoice, purchaseCreditMemo, their lines).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sandbooks.connector import Company, Steps, TrackingRef
from sandbooks.payables import (
    ZERO,
    Bill,
    BillCredit,
    BillFile,
    BillLine,
    CreditStatus,
    LedgerJournal,
    PaymentMethod,
    day_of,
    number_of,
    status_of,
)
from sandbooks.platforms.business_central.connector.calls import Place, caption, every
from sandbooks.platforms.business_central.connector.reading import BLANK_ID, updated

NOT_POSTED = ("", "Draft", "In Review")
COMMENT = "Comment"
CREDIT_STATES: Mapping[str, CreditStatus] = {
    "Open": "Submitted",
    "Paid": "Paid",
    "Corrective": "Paid",
    "Canceled": "Void",
}

Body = Mapping[str, Any]


def status(body: Body) -> str:
    """The state of a document."""
    return caption(body.get("status"))


def is_posted(body: Body) -> bool:
    """Whether a document is in the books: neither a draft nor one that waits for approval or is released."""
    return status(body) not in NOT_POSTED


def is_open(body: Body) -> bool:
    """Whether something may still be owed of an invoice."""
    return status(body) == "Open"


def tax_groups(place: Place) -> Steps[Mapping[str, str]]:
    """The ids of tax groups by their codes."""
    found = yield from every(place.path("taxGroups"), purpose="list tax groups")
    return {str(row["code"]): str(row["id"]) for row in found if row.get("code")}


def bill(body: Body, company: Company, open_amounts: Mapping[str, Decimal], groups: Mapping[str, str]) -> Bill:
    """An invoice; ``open_amounts`` is what is left of the open ones, by number."""
    total = number_of(body.get("totalAmountIncludingTax"))
    state = status(body)
    left = open_amounts.get(str(body["number"]), total) if state == "Open" else ZERO
    number = str(body.get("vendorInvoiceNumber") or "")
    return Bill(
        id=str(body["id"]),
        supplier=str(body.get("vendorId") or ""),
        supplier_name=str(body.get("vendorName") or ""),
        date=_day(body, "invoiceDate", "postingDate"),
        due=_day(body, "dueDate", "invoiceDate"),
        currency=str(body.get("currencyCode") or company.currency),
        reference=number,
        note=_note(body, "purchaseInvoiceLines") or number,
        status=status_of(total, left, draft=state in NOT_POSTED, void=state == "Canceled"),
        total=total,
        open=total if state in NOT_POSTED else left,
        tax=number_of(body.get("totalTaxAmount")),
        lines=_lines(body, "purchaseInvoiceLines", groups),
        updated=updated(body),
        active=state != "Canceled",
    )


def credit(body: Body, company: Company, groups: Mapping[str, str]) -> BillCredit:
    """A credit memo. Business Central does not tell what a part of it was used for: it is open or it is not."""
    total, state = number_of(body.get("totalAmountIncludingTax")), status(body)
    number = str(body.get("vendorCreditMemoNumber") or "")
    return BillCredit(
        id=str(body["id"]),
        supplier=str(body.get("vendorId") or ""),
        supplier_name=str(body.get("vendorName") or ""),
        date=_day(body, "creditMemoDate", "postingDate"),
        currency=str(body.get("currencyCode") or company.currency),
        number=number,
        note=_note(body, "purchaseCreditMemoLines") or number,
        status="Draft" if state in NOT_POSTED else CREDIT_STATES.get(state, "Unknown"),
        total=total,
        remaining=total if state in ("Open", *NOT_POSTED) else ZERO,
        tax=number_of(body.get("totalTaxAmount")),
        lines=_lines(body, "purchaseCreditMemoLines", groups),
        updated=updated(body),
        active=state != "Canceled",
    )


def _note(body: Body, lines: str) -> str:
    """What the comment lines say."""
    return "".join(str(row.get("description") or "") for row in body.get(lines) or () if _is_comment(row))


def _is_comment(row: Body) -> bool:
    return caption(row.get("lineType")) == COMMENT


def _lines(body: Body, lines: str, groups: Mapping[str, str]) -> tuple[BillLine, ...]:
    return tuple(_line(row, groups) for row in body.get(lines) or () if not _is_comment(row))


def _line(row: Body, groups: Mapping[str, str]) -> BillLine:
    quantity = number_of(row.get("quantity")) or Decimal(1)
    return BillLine(
        net=number_of(row.get("netAmount")),
        tax=number_of(row.get("netTaxAmount")),
        quantity=quantity,
        unit=number_of(row.get("unitCost")),
        description=str(row.get("description") or ""),
        account=_id(row, "accountId"),
        item=_id(row, "itemId"),
        tax_rate=groups.get(str(row.get("taxCode") or ""), ""),
        tracking=tuple(TrackingRef(id=f"{tag['id']}_{tag['valueId']}") for tag in row.get("dimensionSetLines") or ()),
    )


def as_sent(row: Body) -> dict[str, Any]:
    """A line as it would be sent to stand as it stands."""
    if _is_comment(row):
        return {"lineType": COMMENT, "description": row.get("description") or ""}
    named = {name: _id(row, name) for name in ("accountId", "itemId")}
    plain = ("lineType", "description", "quantity", "unitCost", "taxCode")
    body = {name: row[name] for name in plain if row.get(name) is not None}
    tags = [{"id": tag["id"], "valueId": tag["valueId"]} for tag in row.get("dimensionSetLines") or ()]
    return body | {name: id for name, id in named.items() if id} | ({"dimensionSetLines": tags} if tags else {})


def _id(row: Body, name: str) -> str:
    id = str(row.get(name) or "")
    return "" if id == BLANK_ID else id


def _day(body: Body, *names: str) -> date:
    """The first of some days that is not blank."""
    found = (day_of(body, name) for name in names)
    return next((day for day in found if day.year > 1), date(1970, 1, 1))


def method(body: Body) -> PaymentMethod:
    """A payment method; Business Central has no types of them."""
    return PaymentMethod(
        id=str(body["id"]), name=str(body.get("displayName") or body.get("code") or ""), updated=updated(body)
    )


def journal(body: Body) -> LedgerJournal:
    """A journal batch, which entries are made in."""
    return LedgerJournal(
        id=str(body["id"]),
        name=str(body.get("displayName") or body.get("code") or ""),
        code=str(body.get("code") or ""),
        type=caption(body.get("templateDisplayName")),
        updated=updated(body),
    )


def file(body: Body) -> BillFile:
    """An attachment of an invoice."""
    size = body.get("byteSize")
    return BillFile(id=str(body["id"]), name=str(body.get("fileName") or ""), size=int(size) if size else None)
