"""What a member of a document may be: its type, its length, its values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

from msgspec import Struct

FieldKind: TypeAlias = Literal[
    "text", "amount", "number", "date", "instant", "flag", "guid", "whole", "enum", "object", "list", "texts"
]


class Field(Struct, frozen=True):
    """One member. ``most`` is the greatest length of a text; ``of`` the kind of nested objects."""

    kind: FieldKind
    most: int = 0
    choices: tuple[str, ...] = ()
    of: str = ""
    read_only: bool = False


Fields: TypeAlias = Mapping[str, Field]

TEXT = Field("text", 4000)
NUMBER = Field("number")
DATE = Field("date")
FLAG = Field("flag")
GUID = Field("guid")
SHOWN = Field("text", read_only=True)
SHOWN_NUMBER = Field("number", read_only=True)
SHOWN_FLAG = Field("flag", read_only=True)
SHOWN_GUID = Field("guid", read_only=True)
SHOWN_DATE = Field("date", read_only=True)
SHOWN_INSTANT = Field("instant", read_only=True)


def text(most: int) -> Field:
    return Field("text", most)


def choice(*choices: str) -> Field:
    return Field("enum", choices=choices)


def one(of: str) -> Field:
    return Field("object", of=of)


def many(of: str) -> Field:
    return Field("list", of=of)


def shown_many(of: str) -> Field:
    return Field("list", of=of, read_only=True)


LINE_AMOUNT_TYPES = choice("Exclusive", "Inclusive", "NoTax")
DOCUMENT_STATUS = choice("DRAFT", "SUBMITTED", "AUTHORISED", "PAID", "VOIDED", "DELETED")
TOTALS = {"SubTotal": SHOWN_NUMBER, "TotalTax": SHOWN_NUMBER, "Total": SHOWN_NUMBER}
STAMPS = {"UpdatedDateUTC": SHOWN_INSTANT, "HasAttachments": SHOWN_FLAG}
