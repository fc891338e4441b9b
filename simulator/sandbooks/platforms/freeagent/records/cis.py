"""The Construction Industry Scheme: its bands, and what contractors keep of contacts and show on bills.

Source: https://dev.freeagent.com/docs/cis_bands, https://dev.freeagent.com/docs/contacts,
https://dev.freeagent.com/docs/bills (cis_deduction_band, cis_deduction_rate, cis_deduction, cis_deduction_suffered)
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sandbooks.kit.company import Company
from sandbooks.money import Money
from sandbooks.platforms.freeagent.chart import CIS_CODES, CIS_DEDUCTIONS
from sandbooks.platforms.freeagent.fields import Fields
from sandbooks.platforms.freeagent.wire import decimal_text, tail

# Name: the part deducted, its words, and the code of the income under it.
_BANDS = {
    "cis_gross": ("0", "Gross", "061"),
    "cis_standard": ("0.2", "20%", "062"),
    "cis_higher": ("0.3", "30%", "063"),
}
_REFERENCE = re.compile(r"[0-9]{10}")
_VERIFICATION = re.compile(r"V[0-9]{10}[A-Z]{0,2}")


def is_contractor(company: Company) -> bool:
    """Whether the scheme for contractors is on."""
    return bool(company.settings.get("cis_contractor", False))


def is_subcontractor(company: Company) -> bool:
    """Whether the scheme for subcontractors is on."""
    return bool(company.settings.get("cis_subcontractor", False))


def bands() -> list[dict[str, str]]:
    """The bands with their rates and words."""
    return [
        {
            "name": name,
            "deduction_rate": decimal_text(Decimal(rate)),
            "income_description": f"CIS Income ({words})",
            "deduction_description": f"CIS Deduction ({words})",
            "nominal_code": code,
        }
        for name, (rate, words, code) in _BANDS.items()
    ]


def contact_members(company: Company, fields: Fields) -> dict[str, Any]:
    """What a contractor keeps of a contact; nothing where the scheme is off."""
    if not is_contractor(company):
        return {}
    subcontractor = fields.flag("is_cis_subcontractor")
    band = fields.choice("cis_deduction_rate", _BANDS)
    if subcontractor and not fields.has("cis_deduction_rate"):
        fields.wrong("cis_deduction_rate", "can't be blank")
    members: dict[str, Any] = {"is_cis_subcontractor": subcontractor}
    members |= {"cis_deduction_rate": band} if band is not None else {}
    for name, shape in (("unique_tax_reference", _REFERENCE), ("subcontractor_verification_number", _VERIFICATION)):
        value = fields.text(name)
        if value is not None and not shape.fullmatch(value):
            fields.wrong(name, "is invalid")
        elif value is not None:
            members[name] = value
    return members


def is_labour(item: dict[str, Any]) -> bool:
    """Whether an item of a bill is under the scheme, by its category."""
    code = tail(item["category"], "categories")
    return code.isdigit() and int(code) in CIS_CODES


def bill_members(
    contact: dict[str, Any], standing: dict[str, Any], items: Sequence[dict[str, Any]], currency: str
) -> dict[str, Any]:
    """What a bill with items under the scheme shows, and each of those items; the band is that of the contact when
    the bill is made."""
    labour = [item for item in items if is_labour(item)]
    for item in items:
        item.pop("cis_deduction_rate", None)
    if not labour:
        return {}
    band = standing.get("cis_deduction_band") or contact.get("cis_deduction_rate") or "cis_gross"
    rate = decimal_text(Decimal(_BANDS[band][0]))
    net = sum((Decimal(item["total_value_ex_tax"]) for item in labour), Decimal(0))
    for item in labour:
        item["cis_deduction_rate"] = rate
    return {
        "cis_deduction_band": band,
        "cis_deduction_rate": rate,
        "cis_deduction": decimal_text(Money(net, currency).portion(Fraction(rate)).amount),
        "cis_deduction_suffered": standing.get("cis_deduction_suffered", "0.0"),
    }


def deduction(bill: dict[str, Any]) -> Money:
    """What is held back of a bill in all; zero outside the scheme."""
    return Money.of(bill.get("cis_deduction", "0"), bill["currency"])


def held_back(bill: dict[str, Any], *, paid: Money, before: Money) -> Money:
    """What is held back once so much of a bill is paid, less what was ``before``: in proportion to what is to be paid,
    so that the last payment takes the rest."""
    # Source: https://dev.freeagent.com/docs/bills (sample: 32.9 of 35.5 suffered once 164.5 of 213.0 is paid, 13.0 due)
    whole = deduction(bill)
    payable = Money.of(bill["total_value"], bill["currency"]) - whole
    if not (whole and payable):
        return Money.zero(whole.currency)
    more = whole.portion(Fraction(paid.amount) / Fraction(payable.amount)) - before
    return more if more.amount * whole.amount > 0 else Money.zero(whole.currency)


def held_back_at_once(company: Company, bill: dict[str, Any]) -> dict[str, str]:
    """The facts of a bill whose deduction is all that is owed: no payment will hold it back, so the bill does."""
    # Unconfirmed: what the live service makes of such a bill; here it is paid, and the whole is owed to HMRC.
    whole = deduction(bill)
    if not whole or whole != Money.of(bill["total_value"], whole.currency):
        return {}
    return {"held_back": str(whole.amount), "held_back_on": category(company)}


def category(company: Company) -> str:
    """The category on which a contractor owes HMRC what was held back."""
    return str(company.settings.get("cis_deductions_category", CIS_DEDUCTIONS))
