"""Bill payments by check and by card: bills of one vendor and one A/P account, with credits and discounts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from sandbooks.kit.records import Record
from sandbooks.platforms.quickbooks_desktop import drafts, values
from sandbooks.platforms.quickbooks_desktop.drafts import Draft
from sandbooks.platforms.quickbooks_desktop.file import CompanyFile
from sandbooks.platforms.quickbooks_desktop.money import decimal, foreign_fields, money, payment_currency, rate_of
from sandbooks.platforms.quickbooks_desktop.nodes import Node
from sandbooks.platforms.quickbooks_desktop.refusals import InvalidAmount
from sandbooks.platforms.quickbooks_desktop.rules import open_items
from sandbooks.platforms.quickbooks_desktop.rules.lists import open_payables
from sandbooks.platforms.quickbooks_desktop.rules.purchases import check_type
from sandbooks.platforms.quickbooks_desktop.rules.ready import Ready, facts, id_of, keys_of

_APPLIED = ("AppliedToTxnAdd", "AppliedToTxnMod")
_FROM = {
    "BillPaymentCheck": ("BankAccountRef", "Bank"),
    "BillPaymentCreditCard": ("CreditCardAccountRef", "CreditCard"),
}
# Source: text quoted in github.com/flowlink/quickbooks_desktop_integration
_TOO_MUCH = "You cannot pay more than the amount due."


def draft_of(file: CompanyFile, kind: str, node: Node, standing: Record | None) -> Draft:
    """The draft that an Add says, or that a Mod makes of what stands; ``applied`` is what is settled."""
    before: Mapping[str, Any] = standing.body if standing else {}
    draft = drafts.merged(before, drafts.fields(file, node, kind, skip=(*_APPLIED, "Amount")))
    if node.has("Amount"):
        draft["_amount"] = str(node.get("Amount"))
    given = [_applied(file, child, kind) for child in node.children if child.name in _APPLIED]
    if given:
        draft["_applied"] = given
    return draft


def _applied(file: CompanyFile, node: Node, kind: str) -> Draft:
    found = drafts.fields(file, node, kind, skip=("SetCredit",))
    credits = [_set_credit(each) for each in node.all("SetCredit")]
    return {**found, "TxnID": node.get("TxnID"), "credits": credits}


def _set_credit(node: Node) -> dict[str, Any]:
    credit: dict[str, Any] = {"id": node.get("CreditTxnID"), "amount": str(node.get("AppliedAmount"))}
    return {**credit, "override": True} if node.get("Override") else credit


def overridden(file: CompanyFile, draft: Draft, *, without: str = "") -> list[tuple[Record, Draft]]:
    """The payments that applied a credit before which this one applies anew, each without that credit.

    Takes the marks off the draft: what is overridden once stays so.
    """
    # Source: Onscreen Reference (Override of SetCredit, since qbXML 10.0: the amount that was applied is replaced)
    # Unconfirmed: that it means what other payments applied of that credit to that bill.
    wanted = {
        (item["TxnID"], credit["id"])
        for item in draft.get("_applied", ())
        for credit in item["credits"]
        if credit.pop("override", False)
    }
    found: dict[str, tuple[Record, Draft]] = {}
    for _, credit in sorted(wanted):
        for payment, _ in open_items.settlements(file, credit, without=without):
            before = found[payment.id][1] if payment.id in found else dict(payment.body)
            applied = [_without(item, wanted) for item in before["_applied"]]
            if applied != before["_applied"]:
                found[payment.id] = payment, {**before, "_applied": [item for item in applied if _settles(item)]}
    return list(found.values())


def _without(item: Mapping[str, Any], wanted: set[tuple[str, str]]) -> Draft:
    kept = [credit for credit in item["credits"] if (item["TxnID"], credit["id"]) not in wanted]
    return {**item, "credits": kept}


def _settles(item: Mapping[str, Any]) -> bool:
    return bool(item["credits"] or decimal(item, "PaymentAmount") or decimal(item, "DiscountAmount"))


def ready(file: CompanyFile, kind: str, draft: Draft, *, id: str, standing: Record | None) -> Ready:
    """The payment with its total and what it relieves. Raises what the rules refuse."""
    draft.setdefault("TxnDate", file.today().isoformat())
    vendor = file.lookup(("Vendor",), id_of(draft, "PayeeEntityRef"))
    name, type = _FROM[kind]
    source = file.lookup(("Account",), id_of(draft, name))
    check_type(source, name, type)
    currency = payment_currency(file, source, vendor)
    draft.setdefault("APAccountRef", {"ListID": open_payables(file, currency).id})
    rate = rate_of(file, draft, currency)
    settled, discounts = _settle(file, draft, vendor=vendor.id, without=id)
    total = sum((decimal(item, "PaymentAmount") for item in draft["_applied"]), Decimal(0))
    asked = draft.pop("_amount", None)
    if asked is not None and Decimal(asked) != total:
        raise InvalidAmount("Amount", values.amount(Decimal(asked)), "It must equal what is applied to transactions.")
    if total < 0 or (not total and not any(item["credits"] or discounts for item in draft["_applied"])):
        raise InvalidAmount("AppliedToTxnAdd payment amount", values.amount(total), "A payment amount is needed.")
    body = {**draft, "Amount": values.amount(total)}
    body |= foreign_fields(file, money(total, currency), rate, "AmountInHomeCurrency")
    known = [id_of(draft, "APAccountRef"), source.id, *(each["account"] for each in discounts)]
    more = facts(file, rate, known, settled=settled, discounts=discounts, paid_from=source.id)
    applied = [item["id"] for item in settled]
    return Ready(body, more, keys_of(body, applied=applied))


def _settle(
    file: CompanyFile, draft: Draft, *, vendor: str, without: str
) -> tuple[list[dict[str, Any]], list[dict[str, str]]]:
    """What the payment settles of each bill and credit, with the home value that this takes off each."""
    amounts: dict[str, Decimal] = {}
    credits: dict[str, Decimal] = {}
    discounts = []
    for item in draft["_applied"]:
        paid, discount = decimal(item, "PaymentAmount"), decimal(item, "DiscountAmount")
        if min(paid, discount) < 0:
            raise InvalidAmount("AppliedToTxnAdd payment amount", values.amount(min(paid, discount)), "It is negative.")
        used = sum((Decimal(credit["amount"]) for credit in item["credits"]), Decimal(0))
        amounts[item["TxnID"]] = amounts.get(item["TxnID"], Decimal(0)) + paid + discount + used
        for credit in item["credits"]:
            credits[credit["id"]] = credits.get(credit["id"], Decimal(0)) + _positive(credit["amount"])
        if discount:
            discounts.append({"account": _discount_account(item), "amount": values.amount(discount)})
    found = [
        _item(file, "Bill", id, amount, draft=draft, vendor=vendor, without=without) for id, amount in amounts.items()
    ]
    taken = credits.items()
    found += [
        _item(file, "VendorCredit", id, amount, draft=draft, vendor=vendor, without=without) for id, amount in taken
    ]
    return [item for item in found if Decimal(item["amount"])], discounts


def _positive(text: str) -> Decimal:
    if Decimal(text) <= 0:
        raise InvalidAmount("SetCredit applied amount", text, "The amount must be greater than zero.")
    return Decimal(text)


def _discount_account(item: Draft) -> str:
    if not item.get("DiscountAccountRef"):
        raise InvalidAmount("DiscountAccountRef", "", "A discount needs an account.")
    return id_of(item, "DiscountAccountRef")


def _item(
    file: CompanyFile, kind: str, id: str, amount: Decimal, *, draft: Draft, vendor: str, without: str
) -> dict[str, Any]:
    record = file.lookup((kind,), id)
    if id_of(record.body, "VendorRef") != vendor:
        raise InvalidAmount("AppliedToTxnAdd", id, "The transaction belongs to another vendor.")
    if id_of(record.body, "APAccountRef") != id_of(draft, "APAccountRef"):
        raise InvalidAmount("AppliedToTxnAdd", id, "The transaction is in another Accounts Payable account.")
    if amount > open_items.open_amount(file, record, without=without):
        raise InvalidAmount("AppliedToTxnAdd payment amount", values.amount(amount), _TOO_MUCH)
    base = open_items.relief(file, record, amount, without=without)
    return {"kind": kind, "id": id, "amount": values.amount(amount), "base": f"{base:f}"}


def shown(file: CompanyFile, applied: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """AppliedToTxnRet: each bill with what is left of it."""
    found = []
    for item in applied:
        bill = file.records.get("Bill", item["TxnID"])
        if bill is None:
            continue
        row: dict[str, Any] = {"TxnID": bill.id, "TxnType": "Bill", "TxnDate": bill.body["TxnDate"]}
        row |= {"RefNumber": bill.body.get("RefNumber"), "Amount": values.amount(decimal(item, "PaymentAmount"))}
        row["BalanceRemaining"] = values.amount(open_items.open_amount(file, bill))
        row |= {n: item[n] for n in ("DiscountAmount", "DiscountAccountRef", "DiscountClassRef") if item.get(n)}
        row["LinkedTxn"] = [_credit(file, credit) for credit in item["credits"]]
        found.append(row)
    return found


def _credit(file: CompanyFile, credit: Mapping[str, str]) -> dict[str, Any]:
    record = file.records.get("VendorCredit", credit["id"])
    day = record.body["TxnDate"] if record else ""
    number = record.body.get("RefNumber") if record else None
    amount = values.amount(-Decimal(credit["amount"]))
    row = {"TxnID": credit["id"], "TxnType": "VendorCredit", "TxnDate": day, "RefNumber": number, "LinkType": "AMTTYPE"}
    return {**row, "Amount": amount}
