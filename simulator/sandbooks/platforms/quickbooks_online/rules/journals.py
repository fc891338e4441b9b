"""Journal entries: sides that agree, names on control accounts, tax on lines."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sandbooks.ledger.taxes import TaxCode, TaxComponent, tax_on
from sandbooks.platforms.quickbooks_online import refusals as no
from sandbooks.platforms.quickbooks_online.draft import Draft
from sandbooks.platforms.quickbooks_online.rules.deposited import check_undeposited
from sandbooks.platforms.quickbooks_online.rules.header import (
    check_doc_number,
    complete_header,
    drop_untracked,
    money,
    number_lines,
    touch,
)
from sandbooks.platforms.quickbooks_online.rules.open_items import applied, home_amount
from sandbooks.platforms.quickbooks_online.rules.tax import rates_of

_DETAIL = "JournalEntryLineDetail"
_CONTROL = {
    "Accounts Payable": ("Vendor", "When you use Accounts Payable, you must choose a vendor in the Name field."),
    "Accounts Receivable": (
        "Customer",
        "When you use Accounts Receivable, you must choose a customer in the Name field.",
    ),
}


def journal_entry(draft: Draft) -> None:
    """Complete a journal entry. Raises DebitsDiffer and what its lines lack."""
    body, realm = draft.body, draft.realm
    if draft.before is not None:
        check_undeposited(realm, draft.before)
    complete_header(draft, currency=realm.home)
    check_doc_number(draft, "Journal Entry")
    lines = body["Line"]
    for line in lines:
        _complete_line(draft, line)
    details = [line[_DETAIL] for line in lines if _DETAIL in line]
    if not details:
        raise no.LineRequired
    _check_control(draft, lines)
    touch(draft, [detail["AccountRef"]["value"] for detail in details])
    taxes = _tax_lines(draft)
    debits, credits = (_side(lines, taxes, way) for way in ("Debit", "Credit"))
    if debits != credits:
        raise no.DebitsDiffer(f"{debits - credits:f}")
    number_lines(draft, first=0)
    if "DocNumber" not in body:
        body["DocNumber"] = draft.old.get("DocNumber") or str(realm.records.next_number("journal_number"))
    body["TotalAmt"] = debits if realm.switch("journal_total") == "debits" else money(draft, 0).amount
    if realm.multicurrency:
        body["HomeTotalAmt"] = home_amount(draft.facts, body["TotalAmt"])
    body.setdefault("Adjustment", False)
    _note_payable(draft, lines)


def _complete_line(draft: Draft, line: dict[str, Any]) -> None:
    if line.get("DetailType") is None:
        raise no.RequiredMissing("DetailType")
    if line["DetailType"] == "DescriptionOnly":
        line.pop(_DETAIL, None)
        line["Amount"] = money(draft, 0).amount
        return
    detail = line.get(_DETAIL)
    if detail is None:
        raise no.RequiredMissing(_DETAIL)
    if "PostingType" not in detail:
        raise no.PostingTypeMissing
    if "AccountRef" not in detail:
        raise no.RequiredMissing("AccountRef")
    if "Amount" not in line:
        raise no.RequiredMissing("Amount")
    line["Amount"] = money(draft, line["Amount"]).amount
    if line["Amount"] < 0:
        raise no.NegativeLine("Amount")
    _complete_entity(detail)
    drop_untracked(draft, detail)


def _complete_entity(detail: dict[str, Any]) -> None:
    """The name on a line: its type stands beside the reference."""
    entity = detail.get("Entity")
    if entity is None:
        return
    if "EntityRef" not in entity:
        del detail["Entity"]
        return
    ref = entity["EntityRef"]
    given = entity.get("Type")
    found = ref.pop("type", given)
    if given in ("Vendor", "Customer", "Employee") and given != found:
        raise no.NameTypeWrong(ref["value"], given)
    entity["Type"] = found


def _check_control(draft: Draft, lines: list[dict[str, Any]]) -> None:
    """One line at most on A/R and A/P together, and with the name that it needs."""
    used = 0
    for line in lines:
        detail = line.get(_DETAIL, {})
        kind = draft.realm.account_type(detail.get("AccountRef", {}).get("value", ""))
        if kind is None or kind.name not in _CONTROL:
            continue
        used += 1
        wanted, text = _CONTROL[kind.name]
        if detail.get("Entity", {}).get("Type") != wanted:
            raise no.BusinessRule(text, "Entity")
    if used > 1:
        raise no.BusinessRule("Only one line of a journal entry can use Accounts Receivable or Accounts Payable")


def _tax_lines(draft: Draft) -> dict[int, Decimal]:
    """The tax of each line; its parts by account go into the facts. A stated TaxAmount replaces the computed one."""
    draft.facts["line_tax"] = {}
    body, realm = draft.body, draft.realm
    body.pop("TxnTaxDetail", None)
    if not realm.taxes_purchases or body.get("GlobalTaxCalculation") == "NotApplicable":
        for line in body["Line"]:
            for name in ("TaxCodeRef", "TaxAmount", "TaxInclusiveAmt", "TaxApplicableOn"):
                line.get(_DETAIL, {}).pop(name, None)
        if not realm.taxes_purchases:
            body.pop("GlobalTaxCalculation", None)
        return {}
    taxes: dict[int, Decimal] = {}
    for index, line in enumerate(body["Line"]):
        if "TaxCodeRef" in line.get(_DETAIL, {}):
            taxes[index] = _tax_line(draft, index, line)
    if taxes:
        body["TxnTaxDetail"] = {"TotalTax": sum(taxes.values(), money(draft, 0).amount)}
    return taxes


def _tax_line(draft: Draft, index: int, line: dict[str, Any]) -> Decimal:
    detail = line[_DETAIL]
    if "TaxApplicableOn" not in detail:
        raise no.TaxApplicableOnMissing
    sales = detail["TaxApplicableOn"] == "Sales"
    rates = rates_of(draft.realm, detail["TaxCodeRef"]["value"], sales=sales)
    code = TaxCode("", "", tuple(TaxComponent(rate.id, rate.percent, rate.account) for rate in rates))
    stated = detail.get("TaxAmount")
    if (
        stated is None
        and any(rate.percent for rate in rates)
        and draft.realm.switch("journal_tax_amount") == "required"
    ):
        raise no.TaxAmountMissing
    given = money(draft, stated) if stated is not None and any(rate.percent for rate in rates) else None
    result = tax_on(money(draft, line["Amount"]), code, inclusive=False, given=given)
    parts = [{"account": part.account, "amount": part.amount.amount} for part in result.parts]
    draft.facts["line_tax"][str(index)] = parts
    detail["TaxAmount"] = result.tax.amount
    detail["TaxInclusiveAmt"] = result.gross.amount
    return result.tax.amount


def _side(lines: list[dict[str, Any]], taxes: dict[int, Decimal], way: str) -> Decimal:
    amounts = [
        Decimal(line["Amount"]) + taxes.get(index, Decimal(0))
        for index, line in enumerate(lines)
        if line.get(_DETAIL, {}).get("PostingType") == way
    ]
    return sum(amounts, Decimal(0))


def _note_payable(draft: Draft, lines: list[dict[str, Any]]) -> None:
    """A credit on A/P can be paid like a bill: note where it stands and at what home amount."""
    body = draft.body
    body.pop("_payable", None)
    total = Decimal(0)
    for line in lines:
        detail = line.get(_DETAIL, {})
        account = detail.get("AccountRef", {}).get("value", "")
        kind = draft.realm.account_type(account)
        if kind is not None and kind.name == "Accounts Payable" and detail["PostingType"] == "Credit":
            body["_payable"] = account
            total = Decimal(line["Amount"])
    body["_base"] = home_amount(draft.facts, total)
    if total < applied(draft.old):
        raise no.BusinessRule("The amount cannot be less than what was already paid")
