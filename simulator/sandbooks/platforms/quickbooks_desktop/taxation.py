"""Purchase tax, in the editions that have it. In the US edition tax on purchases is part of the line's amount.

A sales tax code names the tax item for purchases; the item names its rate, and the tax goes to one liability account.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sandbooks.money import Money
from sandbooks.platforms.quickbooks_desktop.file import CompanyFile


def tax_account(file: CompanyFile) -> str:
    """The liability account of the tax agency; empty in the US edition."""
    found = file.special_account("SalesTaxPayable")
    return found.id if found and not file.us else ""


def purchase_rate(file: CompanyFile, code: str) -> Decimal:
    """The rate in per cent that a sales tax code puts on purchases: that of its item; nothing where it names none."""
    record = file.records.get("SalesTaxCode", code)
    reference = record.body.get("ItemPurchaseTaxRef") if record else None
    item = file.records.get("ItemSalesTax", reference["ListID"]) if reference else None
    return Decimal(item.body.get("TaxRate", "0")) if item else Decimal(0)


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
