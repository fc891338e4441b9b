"""What clients of the first version send, in the spellings of its API description and of its samples."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec

from sandbooks.hub import wire
from sandbooks.hub.expenses import Currency, Id, ItemRef, Ref, Text

TYPES = ("Payment", "Refund", "Reward", "Chargeback", "TransferIn", "TransferOut", "AdjustmentIn", "AdjustmentOut")
_BY_LOWER = {name.lower(): name for name in TYPES}
Type = Literal[
    "Payment", "Refund", "Reward", "Chargeback", "TransferIn", "TransferOut", "AdjustmentIn", "AdjustmentOut"
]


class ContactRef(msgspec.Struct, omit_defaults=True):
    # Source: github.com/codatio/oas has contactType, the samples of the documentation type.
    id: Id
    contactType: Literal["Supplier"] | None = None
    type: Literal["Supplier"] | None = None


class InvoiceTo(msgspec.Struct, omit_defaults=True):
    id: Id
    dataType: Literal["customers"] = "customers"


class Line(msgspec.Struct, omit_defaults=True):
    netAmount: Decimal
    taxAmount: Decimal
    accountRef: Ref
    taxRateRef: ItemRef | None = None
    trackingRefs: Annotated[list[Ref], msgspec.Meta(max_length=10)] | None = None
    invoiceTo: InvoiceTo | None = None


Lines = Annotated[list[Line], msgspec.Meta(min_length=1, max_length=100)]


class Update(msgspec.Struct, omit_defaults=True, kw_only=True):
    type: Type
    issueDate: str
    currency: Currency | None = None
    currencyRate: Decimal | None = None
    contactRef: ContactRef | None = None
    merchantName: Text | None = None
    lines: Lines | None = None
    notes: Text | None = None


class Expense(msgspec.Struct, omit_defaults=True, kw_only=True):
    id: UUID
    type: Type
    issueDate: str
    currency: Currency
    lines: Lines
    currencyRate: Decimal | None = None
    contactRef: ContactRef | None = None
    bankAccountRef: ItemRef | None = None
    merchantName: Text | None = None
    notes: Text | None = None
    postAsDraft: bool | None = None


class Initiation(msgspec.Struct):
    datasetIds: Annotated[list[UUID], msgspec.Meta(min_length=1)] | None = None


def read(body: Any, shape: type[Any], *, at: str) -> Any:
    """A transaction as a typed request; its type is taken in any case, as stored samples write it small."""
    if isinstance(body, dict) and isinstance(body.get("type"), str):
        body = {**body, "type": _BY_LOWER.get(body["type"].lower(), body["type"])}
    return wire.parsed(body, shape, at=at)


def plain(item: Any) -> dict[str, Any]:
    """A request as the sync engine reads it: contacts and customers to invoice in the present spelling."""
    made: dict[str, Any] = msgspec.to_builtins(item)
    if "contactRef" in made:
        made["contactRef"] = {"id": made["contactRef"]["id"]}
    for line in made.get("lines", ()):
        if "invoiceTo" in line:
            line["invoiceTo"] = {"id": line["invoiceTo"]["id"]}
    return made
