"""Posting setup: what a tax code, an account or a party means for the books, as facts for a posting."""

from __future__ import annotations

from typing import Any

from sandbooks.kit.records import Record
from sandbooks.platforms.business_central.refusals import Unrelated
from sandbooks.platforms.business_central.sets.entity import Scope
from sandbooks.platforms.business_central.sets.posting_setup import is_use_tax
from sandbooks.platforms.business_central.vat import USE

TAX_TABLES = {True: ("VAT Prod. Posting Group", "VAT Product Posting Group"), False: ("Tax Group Code", "Tax Group")}


def tax_group(scope: Scope, tax_code: str, *, table: str) -> Record | None:
    """The tax group that a line's code names; None for a blank one. Raises ``Unrelated``."""
    if not tax_code:
        return None
    found = scope.by("taxGroup", "code", tax_code.lower())
    if found is None:
        member, related = TAX_TABLES[scope.uses_vat]
        raise Unrelated(member, table, tax_code, related)
    return found


def tax_facts(scope: Scope, tax_code: str, *, side: str, table: str) -> dict[str, Any] | None:
    """What a tax code charges on purchases or sales; None where it charges nothing or the company has no VAT."""
    group = tax_group(scope, tax_code, table=table)
    if group is None or str(group.body["_rate"]) == "0":
        return None
    if not scope.uses_vat:
        return use_tax(scope, group) if side == "Purchase" else None
    return {
        "code": group.body["code"],
        "rate": str(group.body["_rate"]),
        "calculation": group.body["_calculation"],
        "recoverable": str(group.body["_recoverable"]) if side == "Purchase" else "1",
        "account": scope.posting["input_tax" if side == "Purchase" else "output_tax"],
        "reverse_account": scope.posting["reverse_tax"],
        "non_deductible_account": scope.posting.get("non_deductible_tax", ""),
    }


def use_tax(scope: Scope, group: Record) -> dict[str, Any] | None:
    """The use tax on purchases in a tax group; None where the company owes none."""
    if not is_use_tax(scope, group.body["code"]):
        return None
    return area_tax(scope, group, calculation=USE, roles=("use_tax", "use_tax_payable"))


def area_tax(scope: Scope, group: Record, *, calculation: str, roles: tuple[str, str]) -> dict[str, Any]:
    """What a tax group charges in the company's own area; ``roles`` are those of its account and of the reverse one."""
    account, reverse = roles
    return {
        "code": group.body["code"],
        "rate": str(group.body["_rate"]),
        "calculation": calculation,
        "recoverable": "1",
        "account": scope.posting[account],
        "reverse_account": scope.posting[reverse],
    }
