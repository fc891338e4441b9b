"""Taxes as posting setup has them, turned into the ledger's tax codes. Pure: facts in, values out.

Source: table VAT Posting Setup and codeunit Gen. Jnl.-Post Line of the base application, github.com/microsoft/BCApps
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sandbooks.ledger import TaxCode, TaxComponent, TaxResult, tax_on
from sandbooks.ledger.taxes import TaxPart
from sandbooks.money import Money

NORMAL, REVERSE, FULL, SALES, NONE = "Normal VAT", "Reverse Charge VAT", "Full VAT", "Sales Tax", "No Taxable VAT"
USE = "Use Tax"
"""Sales tax that the purchaser owes: a tick on a line in the application, a calculation of its own here."""
OWED = frozenset([REVERSE, USE])
"""Taxes that no supplier charges: the company owes them itself."""


def tax_code(facts: Mapping[str, Any]) -> TaxCode:
    """The ledger's code for tax facts: ``code rate calculation account reverse_account recoverable``."""
    rate, kind = Decimal(str(facts["rate"])), facts["calculation"]
    if kind == NONE or not rate:
        return TaxCode(facts["code"], facts["code"])
    component = TaxComponent(
        facts["code"],
        rate,
        facts["account"],
        recoverable=Decimal(str(facts["recoverable"])),
        reverse_charge=kind in OWED,
        output_account=facts["reverse_account"],
    )
    return TaxCode(facts["code"], facts["code"], (component,))


def taxed(amount: Money, facts: Mapping[str, Any] | None, *, inclusive: bool) -> TaxResult:
    """The tax on an amount; without facts there is none. *Full VAT*: the whole amount is tax."""
    if facts is None:
        return TaxResult(amount, Money.zero(amount.currency), amount)
    if facts["calculation"] == FULL:
        component = TaxComponent(facts["code"], Decimal(100), facts["account"])
        zero = Money.zero(amount.currency)
        return TaxResult(zero, amount, amount, (TaxPart(component, amount, amount, zero, facts["account"]),))
    return tax_on(amount, tax_code(facts), inclusive=inclusive)
