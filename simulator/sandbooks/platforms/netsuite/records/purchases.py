"""Expense and item lines of purchases: accounts, amounts, tax, totals."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sandbooks.kit.records import Record
from sandbooks.ledger import TaxCode, TaxComponent, tax_on
from sandbooks.money import Money, total
from sandbooks.platforms.netsuite.posting import id_of
from sandbooks.platforms.netsuite.records import store
from sandbooks.platforms.netsuite.records.header import Draft
from sandbooks.platforms.netsuite.records.lists import missing, taxes_fit
from sandbooks.platforms.netsuite.records.references import invalid_key
from sandbooks.platforms.netsuite.refusals import BadContent, UserError

Body = dict[str, Any]

# Unconfirmed: the full list of account types that a purchase line may not name.
_NOT_ON_LINES = frozenset({"AcctPay", "AcctRec"})
LEGACY, SUITETAX, EITHER = "legacy", "suitetax", "either"


def complete_lines(draft: Draft, *, sublists: tuple[str, ...] = ("expense", "item")) -> None:
    """Check and complete the lines; the facts get each line's account and the tax codes as they stand."""
    draft.facts["accounts"], draft.facts["taxes"] = [], {}
    _check_tax_fields(draft)
    details = _tax_details(draft)
    gross = tax = Money.zero(draft.currency)
    count = 0
    for sublist in sublists:
        for n, line in enumerate(draft.lines(sublist)):
            path = f"{sublist}.items[{n}]"
            account = _item(draft, line, path) if sublist == "item" else _expense(draft, line, path)
            _check_account(draft, account, path)
            draft.facts["accounts"].append(account)
            line_tax = _legacy_tax(draft, line, path) if line.get("taxCode") else _detailed(draft, line, details, path)
            gross, tax = gross + draft.money(line["amount"]) + line_tax, tax + line_tax
            count += 1
    if not count:
        raise UserError("You must enter at least one line item for this transaction.")
    if gross.amount < 0:
        raise UserError("The total of this transaction may not be negative.", "total")
    draft.body["total"] = draft.body["userTotal"] = gross.amount
    draft.body["taxTotal"] = tax.amount


def _expense(draft: Draft, line: Body, path: str) -> str:
    """The account of an expense line: its own, or that of its category."""
    category = (
        store.get(draft.company, "expenseCategory", id_of(line.get("category"))) if line.get("category") else None
    )
    if category is not None:
        line["account"] = {"id": id_of(category.body["expenseAcct"])}
    if not line.get("account"):
        raise missing("Account")
    _amount(draft, line, path)
    return id_of(line["account"])


def _item(draft: Draft, line: Body, path: str) -> str:
    if not line.get("item"):
        raise missing("Item")
    item = store.refer(draft.company, ("nonInventoryPurchaseItem", "servicePurchaseItem"), id=id_of(line["item"]))
    if item is None:
        raise AssertionError("references are resolved when a body is read")
    line.setdefault("quantity", Decimal(1))
    if line.get("amount") is None:
        rate = line.setdefault("rate", item.body.get("cost") or Decimal(0))
        product = Money(Decimal(rate) * Decimal(line["quantity"]), draft.currency).rounded()
        line["amount"] = product.amount
    _amount(draft, line, path)
    return id_of(item.body["expenseAccount"])


def _amount(draft: Draft, line: Body, path: str) -> None:
    """The net amount of a line; from its gross amount where only that is given with a tax code."""
    gross = line.get("grossAmt")
    if line.get("amount") is None and gross is not None and line.get("taxCode"):
        code = _code(draft, id_of(line["taxCode"]), path)
        given = line.get("tax1Amt")
        stated = None if given is None else draft.money(given)
        line["amount"] = tax_on(draft.money(gross), code, inclusive=True, given=stated).net.amount
        line["tax1Amt"] = (draft.money(gross) - draft.money(line["amount"])).amount
    if line.get("amount") is None:
        raise missing("Amount")
    line["amount"] = draft.money(line["amount"]).amount


def _check_account(draft: Draft, account: str, path: str) -> None:
    record = store.get(draft.company, "account", account)
    if record is None or record.body["acctType"]["id"] in _NOT_ON_LINES:
        raise UserError(
            f"You have entered an Invalid Field Value {account} for the following field: account", f"{path}.account"
        )
    if record.body.get("isInactive") and draft.before is None:
        raise BadContent(
            f"You have entered an Invalid Field Value {account} for the following field: account", f"{path}.account"
        )


# Tax


def _check_tax_fields(draft: Draft) -> None:
    """Which tax fields the account understands: those of legacy tax, those of SuiteTax, or (by default) either.

    A live account has one of the two, and legacy fields do not exist on card charges there; integrations meet both
    kinds, so the default takes what either kind takes. The setting ``tax_fields`` makes it strict.
    Source: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_45174026772.html
    """
    mode = draft.company.settings.get("tax_fields", EITHER)
    legacy = any(line.get(n) for s in ("expense", "item") for line in draft.lines(s) for n in ("taxCode", "tax1Amt"))
    if mode == SUITETAX and legacy:
        raise UserError("You do not have permission to set a value for element taxcode due to SuiteTax.", "taxCode")
    if mode == LEGACY and (draft.lines("taxDetails") or draft.body.get("taxDetailsOverride")):
        raise UserError("Tax details need the SuiteTax feature.", "taxDetails")


def _code(draft: Draft, id: str, path: str) -> TaxCode:
    """A tax code for purchases; what it means now becomes a fact of the document."""
    record = store.get(draft.company, "salesTaxItem", id)
    wrong = record is None or record.body["available"]["id"] == "SALE"
    if record is None or wrong or not taxes_fit(draft.company, record, draft.ref("subsidiary")):
        raise invalid_key("taxcode", id, "subsidiary", draft.ref("subsidiary"), path=path)
    draft.facts["taxes"][id] = kept = _kept(record)
    rate = Decimal(kept["rate"])
    component = TaxComponent(kept["name"], rate, kept["account"], reverse_charge=kept["reverse"])
    return TaxCode(id, kept["name"], (component,) if rate else ())


def _kept(record: Record) -> Body:
    body = record.body
    return {
        "name": body["itemId"],
        "rate": str(body.get("rate") or 0),
        "account": id_of(body["purchaseAccount"]),
        "output": id_of(body["saleAccount"]),
        "reverse": bool(body.get("reverseCharge")),
        "recoverable": str(1 - Decimal(body.get("nonDeductibleRate") or 0) / 100),
    }


def _legacy_tax(draft: Draft, line: Body, path: str) -> Money:
    code = _code(draft, id_of(line["taxCode"]), path)
    net, given = draft.money(line["amount"]), line.get("tax1Amt")
    if given is None and line.get("grossAmt") is not None:
        given = (draft.money(line["grossAmt"]) - net).amount
    result = tax_on(net, code, inclusive=False, given=None if given is None else draft.money(given))
    line["tax1Amt"], line["grossAmt"] = result.tax.amount, result.gross.amount
    line["taxRate1"] = Decimal(draft.facts["taxes"][code.id]["rate"])
    return result.tax


def _tax_details(draft: Draft) -> dict[str, list[Body]]:
    found: dict[str, list[Body]] = {}
    for n, detail in enumerate(draft.lines("taxDetails")):
        if not detail.get("taxDetailsReference"):
            raise missing("Tax Details Reference")
        if not detail.get("taxCode"):
            raise missing("Tax Code")
        detail["_path"] = f"taxDetails.items[{n}]"
        found.setdefault(detail["taxDetailsReference"], []).append(detail)
    lines = [line.get("taxDetailsReference") for s in ("expense", "item") for line in draft.lines(s)]
    for name, details in found.items():
        if lines.count(name) != 1:
            raise UserError(
                f"The tax details reference {name[:40]} does not match exactly one line.", details[0]["_path"]
            )
    return found


def _detailed(draft: Draft, line: Body, details: dict[str, list[Body]], path: str) -> Money:
    """Tax of a line from the tax details that name it. Without a tax engine nothing else is added."""
    if any(line.get(n) for n in ("tax1Amt", "grossAmt")):
        net = draft.money(line["amount"])
        if draft.money(line.get("tax1Amt")) or draft.money(line.get("grossAmt") or net.amount) != net:
            raise missing("Tax Code")
    taxes = []
    for detail in details.get(line.get("taxDetailsReference") or "", []):
        code = _code(draft, id_of(detail["taxCode"]), detail["_path"])
        net, given = draft.money(line["amount"]), detail.get("taxAmount")
        result = tax_on(net, code, inclusive=False, given=None if given is None else draft.money(given))
        detail["taxAmount"], detail["taxBasis"] = result.tax.amount, net.amount
        detail["taxRate"] = Decimal(draft.facts["taxes"][code.id]["rate"])
        del detail["_path"]
        taxes.append(result.tax)
    return total(taxes, draft.currency)
