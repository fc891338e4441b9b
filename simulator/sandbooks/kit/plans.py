"""What a company's plan said that its native records do not tell, kept beside them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sandbooks.kit.company import Company

TAX_SHARES = "tax/share"
TAX_RATES = "tax/rate"
NEVER_BACK = frozenset({"US"})  # where tax on purchases is cost, whatever a plan says


def note_taxes(company: Company, taxes: Mapping[str, Mapping[str, Any]], ids: Mapping[str, str]) -> None:
    """Keep the rate of each of the plan's taxes, and how much of it a purchaser gets back: all, where the plan does not
    say.

    ``taxes`` are the plan's by label, ``ids`` the native ids behind the labels. A tax that the purchaser owes himself
    is not among them: he owes what he gets back.
    """
    charged = {ids[label]: facts for label, facts in taxes.items() if label in ids and "rate" in facts}
    rates = {id: str(facts["rate"]).rstrip("% ") for id, facts in charged.items() if not facts.get("reverse_charge")}
    if rates and company.country not in NEVER_BACK:
        company.world.put(TAX_RATES, f"{company.platform}/{company.id}", rates)
    known = {id: facts for id, facts in charged.items() if not facts.get("reverse_charge")}
    if known and company.country not in NEVER_BACK:
        shares = {id: str(facts.get("recoverable", "100")).rstrip("% ") for id, facts in known.items()}
        company.world.put(TAX_SHARES, f"{company.platform}/{company.id}", shares)


def planned_tax_shares(company: Company) -> dict[str, Decimal]:
    """The share (0 to 1) of each planned tax that a purchaser gets back, by native id; of others nothing is known."""
    kept: dict[str, str] = company.world.get(TAX_SHARES, f"{company.platform}/{company.id}") or {}
    return {id: Decimal(share) / 100 for id, share in kept.items()}


def planned_tax_rates(company: Company) -> dict[str, Decimal]:
    """The rate of each planned tax in per cent, by native id; of others nothing is known."""
    kept: dict[str, str] = company.world.get(TAX_RATES, f"{company.platform}/{company.id}") or {}
    return {id: Decimal(rate) for id, rate in kept.items()}
