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


def applied_in(facts: Mapping[str, Any]) -> list[str]:
    """The ids of the transactions that a document settles, and of the purchase orders that it receives."""
    return [*(str(item["id"]) for item in facts.get("settled", ())), *facts.get("linked", ())]


def keys_of(
    body: Mapping[str, Any], known: Mapping[str, Any] | None = None, *, applied: Iterable[str] = ()
) -> dict[str, Iterable[str]]:
    """Lookup keys: the number in any case, every list element that is referred to, every transaction settled.

    The facts name accounts that the document does not: those behind its items and its tax.
    """
    behind = {*(known or {}).get("accounts", {}).values(), (known or {}).get("tax_account", "")} - {""}
    refers = sorted({*references(body), *behind})
    keys: dict[str, Iterable[str]] = {"refers": refers, "applied": list(dict.fromkeys(applied))}
    if body.get("RefNumber"):
        keys["ref_number"] = str(body["RefNumber"]).lower()
    return keys


def references(value: Any) -> Iterable[str]:
    """The ids of list elements that a stored body refers to, at any depth."""
    if isinstance(value, Mapping):
        if "ListID" in value and len(value) == 1:
            yield str(value["ListID"])
        for inner in value.values():
            yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)
