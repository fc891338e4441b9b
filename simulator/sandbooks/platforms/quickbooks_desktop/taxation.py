"""Purchase tax, in the editions that have it. In the US edition tax on purchases is part of the line's amount.

A sales tax code names the tax item for purchases; the item names its rate, and the tax goes to one liability account.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sandbooks.money import Money, total
from sandbooks.platforms.quickbooks_desktop.file import CompanyFile


def tax_account(file: CompanyFile) -> str:
    """The liability account of the tax agency; empty in the US edition."""
    found = file.special_account("SalesTaxPayable")
    return found.id if found and not file.us else ""


def purchase_rate(file: CompanyFile, code: str) -> Decimal:
    """The rate in per cent that a sales tax code puts on purchases: that of its item; nothing where it names none."""
    return sum(_rates(file, code), Decimal(0))


def _rates(file: CompanyFile, code: str) -> list[Decimal]:
    """The rates of the tax items behind a code: of one, or of each in a group."""
    record = file.records.get("SalesTaxCode", code)
    reference = record.body.get("ItemPurchaseTaxRef") if record else None
    group = file.records.get("ItemSalesTaxGroup", reference["ListID"]) if reference else None
    members = group.body.get("ItemSalesTaxRef", ()) if group else [reference] if reference else []
    items = (file.records.get("ItemSalesTax", each["ListID"]) for each in members)
    return [Decimal(item.body.get("TaxRate", "0")) for item in items if item is not None]


def parts_of(file: CompanyFile, code: str, *, net: Money, tax: Money) -> list[Money]:
    """What each item of a group puts on a line; nothing for a code of one item. The last takes what rounding leaves.

    Two opposite items are a reverse charge: the vendor charges nothing, and the tax is owed and got back.
    """
    # Source: QuickBooks Desktop help (tax groups of the United Kingdom).
    # Unconfirmed: that both sides are on one account.
    rates = _rates(file, code)
    if len(rates) < 2:
        return []
    parts = [net.portion(Fraction(rate) / 100) for rate in rates[:-1]]
    return [*parts, tax - total(parts, tax.currency)]


def purchase_tax(
    file: CompanyFile, line: Mapping[str, Any], draft: Mapping[str, Any], *, included: bool, currency: str
) -> Decimal | None:
    """The tax of a line: as given, else by its code's rate; None where the edition or the line has none."""
    if file.us:
        return None
    code = line.get("SalesTaxCodeRef") or draft.get("SalesTaxCodeRef")
    if code is None:
        return Decimal(line["TaxAmount"]) if line.get("TaxAmount") else None
    if line.get("TaxAmount"):
        return Decimal(line["TaxAmount"])
    percent = Fraction(purchase_rate(file, code["ListID"]))
    share = percent / (100 + percent) if included else percent / 100
    return Money.of(str(line.get("Amount") or 0), currency).portion(share).amount
