"""Checks, card charges and credits, bills and vendor credits: documents with expense and item lines."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sandbooks.kit.records import Record
from sandbooks.ledger import Account
from sandbooks.money import Rate
from sandbooks.platforms.quickbooks_desktop import drafts, values
from sandbooks.platforms.quickbooks_desktop.drafts import Draft
from sandbooks.platforms.quickbooks_desktop.file import CompanyFile
from sandbooks.platforms.quickbooks_desktop.money import decimal, foreign_fields, money, payment_currency, rate_of
from sandbooks.platforms.quickbooks_desktop.nodes import Node
from sandbooks.platforms.quickbooks_desktop.refusals import (
    CannotModify,
    ElementMissing,
    InvalidAmount,
    PostingAccountMissing,
)
from sandbooks.platforms.quickbooks_desktop.rules import checks, open_items, purchase_orders
from sandbooks.platforms.quickbooks_desktop.rules.lists import open_payables
from sandbooks.platforms.quickbooks_desktop.rules.ready import Ready, applied_in, facts, id_of, keys_of
from sandbooks.platforms.quickbooks_desktop.taxation import parts_of, purchase_tax, tax_account

DAYS_DUE = 10
TOTALS = {
    "Check": ("Amount", "AmountInHomeCurrency"),
    "CreditCardCharge": ("Amount", "AmountInHomeCurrency"),
    "CreditCardCredit": ("Amount", "AmountInHomeCurrency"),
    "Bill": ("AmountDue", "AmountDueInHomeCurrency"),
    "VendorCredit": ("CreditAmount", "CreditAmountInHomeCurrency"),
}
# Source: Onscreen Reference (account types by transaction). Unconfirmed: the code, 3140 or 3210.
_PAYS = {"Check": "Bank", "CreditCardCharge": "CreditCard", "CreditCardCredit": "CreditCard"}
_LINES = ("ExpenseLineAdd", "ExpenseLineMod", "ItemLineAdd", "ItemLineMod", "ClearExpenseLines", "ClearItemLines")


def draft_of(file: CompanyFile, kind: str, node: Node, standing: Record | None) -> Draft:
    """The draft that an Add says, or that a Mod makes of what stands."""
    before: Mapping[str, Any] = standing.body if standing else {}
    draft = drafts.merged(before, drafts.fields(file, node, kind, skip=(*_LINES, *checks.ELEMENTS)))
    if applied := checks.applied_of(node):
        draft["_applied_to"] = applied
    for word in ("Expense", "Item"):
        name = f"{word}LineRet"
        given = [child for child in node.children if child.name in (f"{word}LineAdd", f"{word}LineMod")]
        if given:
            draft[name] = drafts.lines(file, given, kind, standing=before.get(name, ()))
        elif node.get(f"Clear{word}Lines"):
            draft.pop(name, None)
    return draft


def ready(file: CompanyFile, kind: str, draft: Draft, *, id: str, standing: Record | None) -> Ready:
    """The document with its totals and facts. Raises what the rules refuse."""
    draft.setdefault("TxnDate", file.today().isoformat())
    party = id_of(draft, "VendorRef") or id_of(draft, "PayeeEntityRef")
    currency, against = _against(file, kind, draft, party)
    rate = rate_of(file, draft, currency)
    links = purchase_orders.receive(file, draft, bill=id) if kind == "Bill" else {}
    accounts = {str(line["TxnLineID"]): _account(file, kind, line) for line in _all_lines(draft)}
    _check_lines(file, draft, accounts, party=party)
    _amounts(file, draft, rate)
    settled = checks.settled_by(file, draft, accounts, party=party, id=id) if kind == "Check" else []
    total = sum((decimal(line, "Amount") for line in _all_lines(draft)), Decimal(0))
    if draft.get("IsTaxIncluded") != "true":
        total += sum((decimal(line, "TaxAmount") for line in _all_lines(draft)), Decimal(0))
    if total < 0:
        raise InvalidAmount("Amount", values.amount(total), "The transaction amount cannot be negative.")
    name, home_name = TOTALS[kind]
    sum_total = money(total, currency)
    body = {**draft, name: values.amount(total), **foreign_fields(file, sum_total, rate, home_name)}
    if currency == file.home:
        body.pop(home_name, None)
    _check_settled(file, kind, body, id=id, standing=standing)
    agency = tax_account(file)
    known = facts(file, rate, [*accounts.values(), against, *([agency] if agency else [])])
    known |= {"accounts": accounts, "party": party, "tax_account": agency, **links}
    if settled:
        known["settled"] = settled
    return Ready(body, known, keys_of(body, known, applied=applied_in(known)))


def _all_lines(draft: Mapping[str, Any]) -> list[Draft]:
    return [*draft.get("ExpenseLineRet", ()), *draft.get("ItemLineRet", ())]


def _against(file: CompanyFile, kind: str, draft: Draft, party: str) -> tuple[str, str]:
    """The document's currency and the account that its lines stand against."""
    if kind in _PAYS:
        account = file.lookup(("Account",), id_of(draft, "AccountRef"))
        check_type(account, "AccountRef", _PAYS[kind])
        payee = file.find(("Vendor", "Customer", "Employee", "OtherName"), party) if party else None
        return payment_currency(file, account, payee), account.id
    if not party:
        raise ElementMissing("VendorRef")
    vendor = file.lookup(("Vendor",), party)
    currency = file.currency_of(vendor)
    payable = draft.get("APAccountRef") or {"ListID": open_payables(file, currency).id}
    draft["APAccountRef"] = payable
    account = file.lookup(("Account",), payable["ListID"])
    check_type(account, "APAccountRef", "AccountsPayable")
    if file.currency_of(account) != currency:
        raise InvalidAmount("APAccountRef", str(account.body["FullName"]), f"The account must be kept in {currency}.")
    _date_due(file, kind, draft)
    return currency, account.id


def check_type(account: Record, field: str, *types: str) -> None:
    """Refuse an account of another type than the transaction takes."""
    if account.body["AccountType"] not in types:
        reason = f"The account must be of type {' or '.join(types)}."
        raise InvalidAmount(field, str(account.body["FullName"]), reason)


def _date_due(file: CompanyFile, kind: str, draft: Draft) -> None:
    if kind == "Bill" and "DueDate" not in draft:
        terms = file.find(("StandardTerms",), id_of(draft, "TermsRef"))
        days = int(terms.body.get("StdDueDays", 0)) if terms else DAYS_DUE
        draft["DueDate"] = (date.fromisoformat(draft["TxnDate"]) + timedelta(days=min(days, 3650))).isoformat()


def _account(file: CompanyFile, kind: str, line: Draft) -> str:
    """The account that a line posts to: its own, its item's, or Uncategorized Expenses where that is preferred."""
    item = file.find(("ItemService", "ItemNonInventory", "ItemOtherCharge"), id_of(line, "ItemRef"))
    if item is not None:
        both, one = item.body.get("SalesAndPurchase", {}), item.body.get("SalesOrPurchase", {})
        found = id_of(line, "OverrideItemAccountRef") or id_of(both, "ExpenseAccountRef") or id_of(one, "AccountRef")
    else:
        found = id_of(line, "AccountRef")
    if found:
        return found
    if item is not None:
        raise PostingAccountMissing(str(item.body["FullName"]))
    fallback = file.special_account("UncategorizedExpenses")
    if file.switch("accounts_required") or fallback is None:
        raise InvalidAmount("AccountRef", "", f"An account is needed on every {kind} line.")
    line["AccountRef"] = {"ListID": fallback.id}
    return fallback.id


def _check_lines(file: CompanyFile, draft: Draft, accounts: Mapping[str, str], *, party: str) -> None:
    for line in _all_lines(draft):
        account: Account = file.company.book.account(accounts[str(line["TxnLineID"])])
        type = file.account_type(account.id)
        if type == "NonPosting":
            raise InvalidAmount("AccountRef", account.name, "The account does not take postings.")
        if type == "AccountsPayable" and file.find(("Vendor",), party) is None:
            raise InvalidAmount("AccountRef", account.name, "Accounts Payable needs a vendor.")
        if type == "AccountsReceivable" and not line.get("CustomerRef"):
            raise InvalidAmount("AccountRef", account.name, "Accounts Receivable needs a customer.")
        if line.get("BillableStatus") == "Billable" and not line.get("CustomerRef"):
            raise InvalidAmount("BillableStatus", "Billable", "A billable line needs a customer.")


def _amounts(file: CompanyFile, draft: Draft, rate: Rate) -> None:
    """Amounts of item lines from quantity and cost, and the tax of each line."""
    included = draft.get("IsTaxIncluded") == "true"
    for line in _all_lines(draft):
        if "ItemRef" in line and "Amount" not in line:
            line["Amount"] = values.amount(_item_amount(file, line, rate))
        line.setdefault("Amount", "0.00")
        money(decimal(line, "Amount"), rate.foreign)
        tax = purchase_tax(file, line, draft, included=included, currency=rate.foreign)
        if tax is not None:
            line["TaxAmount"] = values.amount(tax)
        _split_tax(file, draft, line, rate.foreign, included=included)


def _split_tax(file: CompanyFile, draft: Draft, line: Draft, currency: str, *, included: bool) -> None:
    """What each item of a tax group puts on a line."""
    line.pop("_taxes", None)
    code = id_of(line, "SalesTaxCodeRef") or id_of(draft, "SalesTaxCodeRef")
    if file.us or not code:
        return
    tax = money(decimal(line, "TaxAmount"), currency)
    amount = money(decimal(line, "Amount"), currency)
    parts = parts_of(file, code, net=amount - tax if included else amount, tax=tax)
    if parts:
        line["_taxes"] = [values.amount(part.amount) for part in parts]


def _item_amount(file: CompanyFile, line: Draft, rate: Rate) -> Decimal:
    cost = line.get("Cost") or purchase_orders.item_cost(file, line)
    exact = Decimal(cost) * Decimal(line.get("Quantity") or 1)
    return _rounded(exact, rate.foreign)


def _rounded(value: Decimal, currency: str) -> Decimal:
    from sandbooks.money import Money

    return Money.of(value, currency).rounded().amount


def _check_settled(file: CompanyFile, kind: str, body: Draft, *, id: str, standing: Record | None) -> None:
    """What payments have settled of a bill or credit must still fit it."""
    if standing is None or kind not in ("Bill", "VendorCredit"):
        return
    settled = open_items.settled(file, id)
    if not settled:
        return
    if decimal(body, TOTALS[kind][0]) < settled:
        raise CannotModify(kind, "The amount cannot be less than what has been applied to it.")
    for name in ("VendorRef", "APAccountRef", "ExchangeRate"):
        if standing.body.get(name) != body.get(name):
            raise CannotModify(kind, f"{name} cannot change once payments have been applied.")
