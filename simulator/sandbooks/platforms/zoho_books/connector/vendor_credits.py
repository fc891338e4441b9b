"""Vendor credits of Zoho Books, set against bills of the same vendor.

An application carries no text of its own: a credit that is set against a bill by the amount is what was asked for.
Source: https://www.zoho.com/books/api/v3/vendor-credits/
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sandbooks.connector import Consent, Done, Native, Refused, Steps
from sandbooks.payables import NewPayment, number_of
from sandbooks.platforms.zoho_books.connector.calls import act, one

KIND, ROOT = "vendorcredit", "vendor_credit"


def used_by(record: NewPayment) -> str:
    """The vendor credit that a payment is made of, empty for money."""
    return next((link.id for link in record.links if link.kind == "CreditNote"), "")


def apply(record: NewPayment, consent: Consent) -> Steps[Done]:
    """Set one vendor credit against bills. Raises ``Refused`` for what Zoho Books cannot state."""
    id = used_by(record)
    bills = [link for link in record.links if link.kind == "Bill"]
    if record.total or len(bills) + 1 < len(record.links):
        raise Refused("Zoho Books sets one vendor credit against bills, without money: pay the rest apart")
    stands = yield from one(consent, "vendorcredits", ROOT, id)
    if stands is None:
        raise Refused(f"there is no vendor credit {id} in Zoho Books", status=404)
    twice = next((link.id for link in bills if link.id in _applied(stands)), "")
    if twice:  # adding to it could not be told from a repeat
        raise Refused(f"the vendor credit is applied to bill {twice} already: change that in Zoho Books")
    rows = [{"bill_id": link.id, "amount_applied": link.amount} for link in bills]
    path, purpose = f"vendorcredits/{id}/bills", "apply a vendor credit"
    yield from act("POST", consent, path, purpose=purpose, reference=record.id, body={"bills": rows})
    return _done(id)


def find(record: NewPayment, consent: Consent) -> Steps[Done | None]:
    """The credit, where it is set against the bills as was asked."""
    id = used_by(record)
    applied = _applied((yield from one(consent, "vendorcredits", ROOT, id, reference=record.id)) or {})
    there = all(applied.get(link.id) == link.amount for link in record.links if link.kind == "Bill")
    return _done(id, found=True) if there else None


def _done(id: str, *, found: bool = False) -> Done:
    return Done(native=Native(kind=KIND, id=id, data_type="billCreditNotes"), found=found)


def _applied(body: Mapping[str, Any]) -> dict[str, Decimal]:
    return {str(row.get("bill_id")): number_of(row.get("amount")) for row in body.get("bills_credited") or ()}
