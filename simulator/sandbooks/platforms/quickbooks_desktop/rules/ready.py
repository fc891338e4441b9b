"""What a rule makes of a draft: the document to store and the facts that its posting rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from msgspec import Struct, field

from sandbooks.money import Rate
from sandbooks.platforms.quickbooks_desktop.file import CompanyFile

Body = dict[str, Any]


class Ready(Struct, frozen=True):
    """A document that may be stored, with its facts and look-up keys."""

    body: Body
    facts: Body
    keys: dict[str, Iterable[str]] = field(default_factory=dict)


def facts(file: CompanyFile, rate: Rate, accounts: Iterable[str], **more: Any) -> Body:
    """The facts that every posting needs, and those of a kind."""
    exchange = file.special_account("ExchangeGainLoss")
    return {
        "currency": rate.foreign,
        "home": file.home,
        "rate": f"{rate.value:f}",
        "kept": file.kept(accounts),
        "exchange_account": exchange.id if exchange else "",
        **more,
    }


def id_of(draft: Mapping[str, Any], name: str) -> str:
    """The id behind a stored reference; empty where there is none."""
    return str((draft.get(name) or {}).get("ListID", ""))


def total_of(lines: Iterable[Mapping[str, Any]], name: str = "Amount") -> Decimal:
    """The sum of the lines' amounts."""
    return sum((Decimal(line.get(name) or 0) for line in lines), Decimal(0))


def keys_of(body: Mapping[str, Any], *, applied: Iterable[str] = ()) -> dict[str, Iterable[str]]:
    """Lookup keys: the number in any case, every list element that is referred to, every transaction settled."""
    keys: dict[str, Iterable[str]] = {"refers": sorted(set(_references(body))), "applied": list(dict.fromkeys(applied))}
    if body.get("RefNumber"):
        keys["ref_number"] = str(body["RefNumber"]).lower()
    return keys


def _references(value: Any) -> Iterable[str]:
    if isinstance(value, Mapping):
        if "ListID" in value and len(value) == 1:
            yield str(value["ListID"])
        for inner in value.values():
            yield from _references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _references(inner)
