"""Tax of a document: which mode holds, what each line's code comes to, and the detail that the API shows.

Source: https://developer.intuit.com/app/developer/qbo/docs/workflows/manage-sales-tax-for-non-us-locales
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from sandbooks.money import Money
from sandbooks.platforms.quickbooks_online import refusals as no
from sandbooks.platforms.quickbooks_online.draft import Draft
from sandbooks.platforms.quickbooks_online.realm import Realm
from sandbooks.platforms.quickbooks_online.rules.header import money
from sandbooks.platforms.quickbooks_online.taxation import RateTotal, Taxed, TaxedLine, TaxRate, taxed

US_CODES = ("TAX", "NON")
# Unconfirmed: the exact sentence. Settled by posting a line without a tax code to a non-US company.
_NEEDS_CODE = "Make sure all your transactions have a GST/VAT rate before you save."


def rates_of(realm: Realm, code: str, *, sales: bool = False) -> tuple[TaxRate, ...]:
    """The rates of a tax code, as the taxation needs them."""
    record = realm.get("TaxCode", code)
    if record is None:
        raise no.InvalidReference("TaxCode", code, "TaxCodeRef")
    listed = record.body.get("SalesTaxRateList" if sales else "PurchaseTaxRateList", {})
    return tuple(_rate(realm, each["TaxRateRef"]["value"]) for each in listed.get("TaxRateDetail", []))


def _rate(realm: Realm, id: str) -> TaxRate:
    record = realm.get("TaxRate", id)
    if record is None:
        raise no.TaxRateMissing(id)
    agency = realm.get("TaxAgency", record.body["AgencyRef"]["value"])
    if agency is None:
        raise no.TaxRateMissing(id)
    percent, recoverable = Decimal(record.body["RateValue"]), Decimal(record.body.get("_recoverable", 1))
    return TaxRate(id, percent, agency.body["_account"], recoverable)


def complete_tax(draft: Draft, *, needed: bool = True) -> Decimal:
    """Tax the document; its total. ``needed``: lines must name a code where the company tracks tax."""
    body, realm = draft.body, draft.realm
    draft.facts.update(tax={}, line_rates={})
    if not realm.taxes_purchases:
        _complete_untaxed(draft)
        return _sum(draft)
    mode = body.get("GlobalTaxCalculation", "TaxExcluded" if needed or _has_codes(draft) else "NotApplicable")
    body["GlobalTaxCalculation"] = mode
    stated = body.pop("TxnTaxDetail", {}) if "TxnTaxDetail" in draft.given else {}
    body.pop("TxnTaxDetail", None)
    if mode == "NotApplicable":
        if any(Decimal(each.get("Amount", 0)) for each in stated.get("TaxLine", [])) or stated.get("TotalTax"):
            raise no.TaxDetailNotApplicable
        for _, detail in _taxable(draft):
            for name in ("TaxCodeRef", "TaxAmount", "TaxInclusiveAmt"):
                detail.pop(name, None)
        return _sum(draft)
    return _complete_taxed(draft, mode, stated, needed=needed)


def _complete_untaxed(draft: Draft) -> None:
    """No tax on purchases: US lines carry TAX or NON and nothing is computed."""
    draft.body.pop("TxnTaxDetail", None)
    draft.body.pop("GlobalTaxCalculation", None)
    for _, detail in _taxable(draft):
        for name in ("TaxAmount", "TaxInclusiveAmt"):
            detail.pop(name, None)
        if not draft.realm.is_us:
            detail.pop("TaxCodeRef", None)
            continue
        code = detail.setdefault("TaxCodeRef", {"value": "NON"})["value"]
        if code not in US_CODES:
            raise no.LineTaxCode(code)


def _taxable(draft: Draft) -> Iterable[tuple[int, dict[str, Any]]]:
    """The details of the lines that post, by index."""
    for index, line in enumerate(draft.body["Line"]):
        detail = line.get(line.get("DetailType", ""))
        if isinstance(detail, dict):
            yield index, detail


def _has_codes(draft: Draft) -> bool:
    return any("TaxCodeRef" in detail for _, detail in _taxable(draft))


def _sum(draft: Draft) -> Decimal:
    return sum((Decimal(line["Amount"]) for line in draft.body["Line"]), money(draft, 0).amount)


def _complete_taxed(draft: Draft, mode: str, stated: dict[str, Any], *, needed: bool) -> Decimal:
    by_rate = _stated(draft, stated)
    total = stated.get("TotalTax") if stated.get("TotalTax") is not None and not by_rate else None
    indexes, lines = [], []
    for index, detail in _taxable(draft):
        code = detail.get("TaxCodeRef")
        if code is None and needed and draft.realm.switch("tax_code_required"):
            raise no.BusinessRule(_NEEDS_CODE, "TaxCodeRef")
        sales = detail.get("TaxApplicableOn") == "Sales"
        rates = rates_of(draft.realm, code["value"], sales=sales) if code else ()
        indexes.append(index)
        lines.append(_line(draft, index, detail, rates, inclusive=mode == "TaxInclusive" and not by_rate))
        draft.facts["line_rates"][str(index)] = [rate.id for rate in rates]
    used = {rate.id for line in lines for rate in line.rates}
    unused = set(by_rate) - used
    if any(by_rate[id] for id in unused):
        raise no.TaxRateMissing(min(unused))
    result = taxed(
        lines,
        draft.facts["currency"],
        stated={id: amount for id, amount in by_rate.items() if id in used},
        stated_total=None if total is None else money(draft, total),
    )
    _show(draft, mode, indexes, result)
    return _sum(draft) + result.tax.amount


def _stated(draft: Draft, detail: dict[str, Any]) -> dict[str, Money]:
    """The tax that the client states, by rate."""
    found: dict[str, Money] = {}
    for line in detail.get("TaxLine", []):
        rate = line.get("TaxLineDetail", {}).get("TaxRateRef")
        if rate is None or "Amount" not in line:
            raise no.TaxRateMissing("TaxLine")
        found[rate["value"]] = found.get(rate["value"], money(draft, 0)) + money(draft, line["Amount"])
    return found


def _line(
    draft: Draft, index: int, detail: dict[str, Any], rates: tuple[TaxRate, ...], *, inclusive: bool
) -> TaxedLine:
    """One line before tax. In inclusive mode TaxInclusiveAmt is the gross and decides; Amount is the net.

    Unconfirmed: that the Amount of a deposit line, which has no TaxInclusiveAmt, is a net too.
    """
    amount = money(draft, draft.body["Line"][index]["Amount"])
    given = detail.get("TaxAmount")
    gross = detail.get("TaxInclusiveAmt")
    tax = None if given is None or not any(rate.percent for rate in rates) else money(draft, given)
    if inclusive and gross is not None:
        return TaxedLine(money(draft, gross), rates, inclusive=True, tax=tax)
    return TaxedLine(amount, rates, tax=tax if inclusive else None)


def _show(draft: Draft, mode: str, indexes: list[int], result: Taxed) -> None:
    """Write nets, gross amounts and the tax detail into the document; the accounts of the rates into the facts."""
    for (_, detail), index, line in zip(_taxable(draft), indexes, result.lines, strict=True):
        draft.body["Line"][index]["Amount"] = line.net.amount
        detail.pop("TaxAmount", None)
        detail.pop("TaxInclusiveAmt", None)
        if mode == "TaxInclusive" and draft.entity.name != "Deposit":
            detail["TaxInclusiveAmt"] = line.gross.amount
    for each in result.totals:
        draft.facts["tax"][each.rate.id] = {"account": each.rate.account, "recoverable": each.rate.recoverable}
    draft.body["TxnTaxDetail"] = {
        "TotalTax": result.tax.amount,
        "TaxLine": [_tax_line(each) for each in result.totals],
    }


def _tax_line(each: RateTotal) -> dict[str, Any]:
    return {
        "Amount": each.tax.amount,
        "DetailType": "TaxLineDetail",
        "TaxLineDetail": {
            "TaxRateRef": {"value": each.rate.id},
            "PercentBased": True,
            "TaxPercent": each.rate.percent,
            "NetAmountTaxable": each.taxable.amount,
        },
    }
