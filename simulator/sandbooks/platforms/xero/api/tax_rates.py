"""Tax rates, by TaxType.

# Source: https://developer.xero.com/documentation/api/accounting/taxrates
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sandbooks.kit.call import Call
from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.platforms.xero.api.registry import Resource
from sandbooks.platforms.xero.posting.rules import tax_code
from sandbooks.platforms.xero.refusals import invalid
from sandbooks.platforms.xero.saving import save

Body = dict[str, Any]
SCOPES = "accounting.settings"
_PLACES = ("Assets", "Equity", "Expenses", "Liabilities", "Revenue")


def write_tax_rate(call: Call, given: Mapping[str, Any], prior: Record | None) -> Record:
    """Create, change, archive or delete a tax rate. Raises Invalid."""
    company = call.company
    if prior is None and call.request.method == "POST":
        prior = _named(company, str(given.get("Name", "")))
    if prior is None and given.get("Status") == "DELETED":
        # Unconfirmed: what Xero answers.
        raise invalid("A tax rate that does not exist cannot be deleted.")
    if prior is not None and (prior.deleted or prior.id == "NONE"):
        raise invalid("This tax rate cannot be changed.")
    body = prior.copy() if prior else _blank(company, given)
    if given.get("Status") == "DELETED":
        return save(company, "TaxRate", {**body, "Status": "DELETED"})
    body |= {name: given[name] for name in ("Name", "ReportTaxType", "Status", "TaxComponents") if name in given}
    _check(company, body)
    effective = _effective(body)
    return save(company, "TaxRate", {**body, "DisplayTaxRate": effective, "EffectiveRate": effective})


def _named(company: Company, name: str) -> Record | None:
    """The live rate of a name, in any case. Source: xero_accounting.yaml (updateTaxRate: its example has no TaxType)"""
    found = company.records.find("TaxRate", "Name", name.lower())
    return next((rate for rate in found if rate.body["Status"] != "DELETED"), None)


def _blank(company: Company, given: Mapping[str, Any]) -> Body:
    while True:
        code = f"TAX{company.records.next_number('tax'):03d}"
        if company.records.get("TaxRate", code) is None:
            break
    return {
        "Name": "",
        "TaxType": code,
        "ReportTaxType": given.get("ReportTaxType", "NONE"),
        **{f"CanApplyTo{place}": True for place in _PLACES},
        "Status": "ACTIVE",
        "TaxComponents": [],
        "_ReverseCharge": False,
        "_Account": "GST",
    }


def _check(company: Company, body: Body) -> None:
    if not body["Name"]:
        raise invalid("Please enter a unique Name.")
    others = company.records.find("TaxRate", "Name", body["Name"].lower())
    if any(other.id != body["TaxType"] for other in others):
        raise invalid("Please enter a unique Name.")
    if not body["TaxComponents"]:
        raise invalid("A tax rate must have at least one tax component.")
    for component in body["TaxComponents"]:
        component.setdefault("IsCompound", False)
        component.setdefault("IsNonRecoverable", False)
        if not component.get("Name") or not 0 <= component.get("Rate", Decimal(-1)) <= 100:
            raise invalid("A tax component must have a Name and a Rate between 0 and 100.")


def _effective(body: Body) -> Decimal:
    """What the components charge together, in percent."""
    components = [
        {
            "name": component["Name"],
            "rate": str(component["Rate"]),
            "account": "",
            "recoverable": "1",
            "reverse_charge": False,
            "compound": component["IsCompound"],
        }
        for component in body["TaxComponents"]
    ]
    factor = tax_code("", {"taxes": {"": components}}).factor * 100
    return (Decimal(factor.numerator) / Decimal(factor.denominator)).quantize(Decimal("0.0001")).normalize() + 0


OPERATIONS = Resource(kind="TaxRate", scopes=SCOPES, writer=write_tax_rate).operations()
