"""Taxes of lines: what a tax detail charges on a net or a gross amount, and the account that it goes to.

Source: developer.intacct.com/api (TAXENTRIES of bills, charges, expense reports and journal entries; INCLUSIVETAX),
Sage Intacct help ("VAT and GST tax solutions")
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sandbooks.kit.records import Record
from sandbooks.ledger import TaxCode, TaxComponent, tax_on
from sandbooks.money import Money, total
from sandbooks.platforms.sage_intacct.documents.reading import Given
from sandbooks.platforms.sage_intacct.refusals import LineUnusable, ReferenceInvalid
from sandbooks.platforms.sage_intacct.wire.scalars import decimal_text
from sandbooks.platforms.sage_intacct.wire.xml import Fields, many

PURCHASE, SALE = "Purchase", "Sale"


def taxed(
    given: Given, number: int, *, currency: str, inclusive: bool, type: str = PURCHASE
) -> tuple[Money, list[dict[str, Any]]]:
    """The net of a line and its taxes. Without a tax solution, tax is part of the amount."""
    net, gross = given.money("TRX_AMOUNT", currency), given.money("TOTALTRXAMOUNT", currency)
    stated = gross if (inclusive and gross is not None) or net is None else net
    if stated is None:
        raise LineUnusable(given.kind, number)
    details = entries(given)
    if not details:
        return stated, []
    taken_inclusive = stated is gross
    if len(details) == 1:
        return _single(details[0], stated, inclusive=taken_inclusive, type=type)
    return _several(details, stated, inclusive=taken_inclusive, type=type)


def entries(given: Given) -> list[Given]:
    """The tax entries that a line names."""
    holder = given.given.get("TAXENTRIES")
    rows = many(holder.get("TAXENTRY")) if isinstance(holder, dict) else []
    return [Given(given.company, given.kind, row) for row in rows]


def shown_taxes(taxes: list[dict[str, Any]]) -> Fields:
    """Taxes as a line shows them."""
    return {"TAXENTRY": [{"DETAILID": t["detail"], "TRX_TAX": t["amount"], "TAXRATE": t["rate"]} for t in taxes]}


def charged(taxes: list[dict[str, Any]], currency: str) -> Money:
    """What taxes add to the net of a line; a reverse charge adds nothing."""
    return total((Money.of(tax["amount"], currency) for tax in taxes if "output" not in tax), currency)


def _single(detail: Given, stated: Money, *, inclusive: bool, type: str) -> tuple[Money, list[dict[str, Any]]]:
    code, given = _code(detail, type), detail.money("TRX_TAX", stated.currency)
    if code.charged:
        result = tax_on(stated, code, inclusive=inclusive, given=given)
        return result.net, _parts(detail, result.parts, type)
    taxes = _parts(detail, tax_on(stated, code, inclusive=inclusive).parts, type)
    # Unconfirmed: what a stated zero means. Here it is what the vendor charges; the company owes the tax all the same.
    if given:
        taxes = [{**tax, "amount": decimal_text(given.amount)} for tax in taxes]
    return stated, taxes


def _several(details: list[Given], stated: Money, *, inclusive: bool, type: str) -> tuple[Money, list[dict[str, Any]]]:
    """Several taxes on one net. Of an inclusive amount the last one takes what rounding leaves over."""
    net = stated
    if inclusive:
        charging = [detail for detail in details if _code(detail, type).charged]
        sent = [detail.money("TRX_TAX", stated.currency) for detail in charging]
        if all(tax is not None for tax in sent):
            net = stated - total((tax for tax in sent if tax is not None), stated.currency)
        else:
            components = tuple(part for detail in details for part in _code(detail, type).components)
            net = tax_on(stated, TaxCode(id="taxes", name="taxes", components=components), inclusive=True).net
    taxes: list[dict[str, Any]] = []
    for detail in details:
        taxes += _single(detail, net, inclusive=False, type=type)[1]
    last = next((tax for tax in reversed(taxes) if "output" not in tax), None)
    if inclusive and last is not None:
        left = stated - net - charged(taxes, stated.currency)
        last["amount"] = decimal_text((Money.of(last["amount"], stated.currency) + left).amount)
    return net, taxes


def _detail(given: Given, type: str) -> Record:
    record = given.reference("DETAILID", "TAXDETAIL", required=True)
    if record is None or (record.body.get("TAXTYPE") or PURCHASE) != type:
        raise ReferenceInvalid(given.kind, "Tax detail", given.text("DETAILID")[:80])
    return record


def _code(given: Given, type: str) -> TaxCode:
    record = _detail(given, type)
    accounts = given.company.settings["accounts"]
    reverse = record.body.get("REVERSECHARGE") == "true"
    component = TaxComponent(
        name=record.id,
        rate=Decimal(str(record.body["VALUE"])),
        account=str(record.body.get("GLACCOUNT") or accounts["output_tax" if type == SALE else "input_tax"]),
        reverse_charge=reverse,
        output_account=accounts["output_tax"] if reverse else "",
    )
    return TaxCode(id=record.id, name=record.id, components=(component,))


def _parts(given: Given, parts: tuple[Any, ...], type: str) -> list[dict[str, Any]]:
    """The taxes of a line for posting: input tax is a debit; a reverse charge names the account of its credit too."""
    record = _detail(given, type)
    if not parts:
        return []
    tax: dict[str, Any] = {
        "detail": record.id,
        "account": parts[0].account,
        "amount": decimal_text(parts[0].amount.amount),
        "rate": str(record.body["VALUE"]),
    }
    if len(parts) > 1:
        tax["output"] = parts[1].account
    return [tax]
