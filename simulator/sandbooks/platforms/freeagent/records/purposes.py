"""What an explanation is for, decided by the members that it names, with the facts that its entry rests on."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from msgspec import Struct, field

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.money import Money, Rate
from sandbooks.platforms.freeagent import chart
from sandbooks.platforms.freeagent.fields import Fields
from sandbooks.platforms.freeagent.posting import (
    EXPENSE_ACCOUNT,
    TRADE_DEBTORS,
    USER_CODES,
    VAT_CHARGED,
    VAT_MOSS,
    VAT_RECLAIMED,
    user_account,
)
from sandbooks.platforms.freeagent.rates import day_rate
from sandbooks.platforms.freeagent.records import (
    bills,
    capital_assets,
    categories,
    cis,
    invoices,
    properties,
    sub_accounts,
    targets,
)
from sandbooks.platforms.freeagent.records.storing import refer
from sandbooks.platforms.freeagent.refusals import Invalid
from sandbooks.platforms.freeagent.tax import MOSS, Basis, ec_status, place_of_supply, sales_tax, scheme_of
from sandbooks.platforms.freeagent.wire import decimal_text, path, tail

# Unconfirmed: the live limit of a description.
DESCRIPTION_MAX = 4000
REBILL_TYPES = ("cost", "markup", "price")
# What stock is sold on when no category is named.
SALES = "001"


class Read(Struct, frozen=True, kw_only=True):
    """The members that every explanation has."""

    account: Record
    dated_on: date
    gross: Money
    description: str
    marked_for_review: bool
    extra: dict[str, Any]


class OtherSide(Struct, frozen=True, kw_only=True):
    """The other account of a transfer and what arrives there, in that account's currency."""

    account: Record
    gross: Money


class Purpose(Struct, frozen=True, kw_only=True):
    """The purpose found: its members, its facts, and the native type and description."""

    kind: str
    type: str
    description: str
    members: dict[str, Any]
    facts: dict[str, Any] = field(default_factory=dict)
    other: OtherSide | None = None
    bought: capital_assets.Bought | None = None


def read_plain(fields: Fields) -> None:
    """Check the members that need no bank account."""
    fields.date("dated_on", required=True)
    fields.decimal("gross_value", required=True)


def rebilling(company: Company, fields: Fields) -> dict[str, Any]:
    """Project and rebilling members of an explanation, bill or expense."""
    members: dict[str, Any] = {}
    project = fields.record("project", company, "project")
    if project is not None:
        members["project"] = refer(project)
    kind = fields.choice("rebill_type", REBILL_TYPES)
    if kind is not None:
        members["rebill_type"] = kind
        if not fields.has("project"):
            fields.wrong("project", "can't be blank")
    factor = fields.decimal("rebill_factor", required=kind in ("markup", "price"))
    if factor is not None:
        members["rebill_factor"] = decimal_text(factor)
    return members


def rate_on(company: Company, currency: str, on: date) -> Rate:
    """The day rate. Raises ``Invalid`` where there is none."""
    rate = day_rate(company, currency, on)
    if rate is None:
        raise Invalid(("currency has no exchange rate",))
    return rate


def of(company: Company, fields: Fields, read: Read, *, but: str) -> Purpose:
    """The purpose of an explanation; wrong members are noted. ``but`` is the explanation that is being changed."""
    if fields.has("disposed_asset"):
        return _disposal(company, fields, read, but=but)
    if fields.has("transfer_bank_account"):
        return _transfer(company, fields, read)
    if fields.has("paid_bill"):
        return _paid_bill(company, fields, read, but=but)
    if fields.has("paid_invoice"):
        return _paid_invoice(company, fields, read, but=but)
    if fields.has("paid_user"):
        return _paid_user(company, fields, read)
    return _category(company, fields, read)


def _facts(company: Company, read: Read, kind: str, **facts: Any) -> dict[str, Any]:
    rate = rate_on(company, read.gross.currency, read.dated_on)
    return {
        "posts": kind,
        "bank": read.account.id,
        "currency": rate.foreign,
        "base": rate.base,
        "rate": str(rate.value),
        **facts,
    }


def _category(company: Company, fields: Fields, read: Read) -> Purpose:
    target = _target(company, fields, read)
    bought = target.bought(fields, company) if target is not None else None
    scheme = scheme_of(company, read.dated_on)
    ec = ec_status(fields, scheme, read.dated_on, moss=True)
    described = read.description or (str(target.members.get("stock_item_description", "")) if target else "")
    if not described:
        fields.wrong("description", "can't be blank")
    if target is None:
        fields.check()
        raise AssertionError("a missing category is always named")
    income = chart.is_income(target.category.id)
    members = {"category": target.reference, **target.members, **properties.read(company, fields)}
    if ec == MOSS:
        members |= _supplied(fields, sale=income)
    tax = sales_tax(fields, read.gross, Basis(scheme=scheme, auto=target.auto, ec=ec))
    members |= tax.members | ({"ec_status": ec} if fields.has("ec_status") else {})
    charged = VAT_MOSS if ec == MOSS else VAT_CHARGED
    facts = _facts(
        company,
        read,
        "category",
        account=target.account,
        # Unconfirmed: whether tax on a refund from a supplier lowers the tax reclaimed (here) or is tax charged.
        tax_account=charged if income else VAT_RECLAIMED,
        # Tax on sales is owed whatever the scheme; tax on purchases is reclaimed only under a value added tax.
        recoverable=scheme.registered if income else scheme.recoverable,
        notional=str(tax.notional.amount),
    )
    kind = _type(target, read.gross, income=income)
    return Purpose(kind="category", type=kind, description=described, members=members, facts=facts, bought=bought)


def _supplied(fields: Fields, *, sale: bool) -> dict[str, str]:
    """Where a sale under EC VAT MOSS is taxed; its rate must be named, and it must be a sale."""
    if not sale:
        fields.wrong("ec_status", "is not included in the list")
    if not fields.has("sales_tax_rate"):
        fields.wrong("sales_tax_rate", "can't be blank")
    return place_of_supply(fields)


def _target(company: Company, fields: Fields, read: Read) -> targets.Target | None:
    """What the money is for; stock by itself is bought with money out and sold with money in."""
    code = targets.code_named(fields).partition("-")[0]
    into = read.gross.amount > 0
    if fields.has("stock_item") and into and (not code or code == sub_accounts.STOCK or chart.is_income(code)):
        return _sold(company, fields, code)
    if fields.has("stock_item") and not code:
        fields.given = {**fields.given, "category": path("categories", sub_accounts.STOCK)}
    target = targets.chosen(fields, company, hired=True)
    if target is not None:
        targets.check_bought(fields, target, -read.gross, name="gross_value")
    return target


def _sold(company: Company, fields: Fields, code: str) -> targets.Target | None:
    """A sale of stock: on the income category named, else on sales."""
    category = categories.find_code(company, code if code and chart.is_income(code) else SALES)
    item, quantity = targets.stock_item(fields, company), targets.stock_quantity(fields)
    if item is None or quantity is None:
        return None
    return targets.Target(category=category, account=category.id, members=targets.stock_members(item, quantity))


def _type(target: targets.Target, gross: Money, *, income: bool) -> str:
    """The native type of money for a category. Unconfirmed: the words of the types that move assets and stock."""
    if target.buys_asset:
        return "Purchase of Capital Asset"
    if target.is_stock:
        return "Purchase of Stock"
    if gross.amount > 0:
        return "Sale of Stock" if target.members else "Sales" if income else "Refund"
    return "Sales Refund" if income else "Payment"


def _disposal(company: Company, fields: Fields, read: Read, *, but: str) -> Purpose:
    """Money for a capital asset that goes. No category is named; tax is charged on it as on a sale."""
    asset = fields.record("disposed_asset", company, capital_assets.KIND)
    if read.gross.amount <= 0:
        fields.wrong("gross_value", "must be greater than 0")
    if asset is not None and tail(asset.body.get("disposal"), "bank_transaction_explanations") not in ("", but):
        fields.wrong("disposed_asset", "has already been disposed of")
    if asset is not None and but and asset.body["bought_by"] == path("bank_transaction_explanations", but):
        # Unconfirmed: the words. The asset goes as soon as its purchase is another thing.
        fields.wrong("disposed_asset", "is purchased by this explanation")
    if asset is not None and read.dated_on.isoformat() < asset.body["purchased_on"]:
        fields.wrong("dated_on", "can't be before the asset was purchased")
    scheme = scheme_of(company, read.dated_on)
    ec = ec_status(fields, scheme, read.dated_on)
    fields.check()
    if asset is None:
        raise AssertionError("a missing asset is always named")
    category = categories.find_code(company, sub_accounts.DISPOSAL)
    auto = category.body.get("auto_sales_tax_rate", "Outside of the scope of VAT")
    tax = sales_tax(fields, read.gross, Basis(scheme=scheme, auto=auto, ec=ec))
    facts = _facts(
        company, read, "disposal", tax_account=VAT_CHARGED, recoverable=scheme.registered, notional="0"
    ) | capital_assets.disposal_facts(company, asset, read.dated_on)
    members = {"disposed_asset": refer(asset), "category": path("categories", facts["disposed"]), **tax.members}
    members |= {"ec_status": ec} if fields.has("ec_status") else {}
    description = read.description or f"Disposal of {asset.body['description']}"
    return Purpose(
        kind="disposal", type="Disposal of Capital Asset", description=description, members=members, facts=facts
    )


def _paid_bill(company: Company, fields: Fields, read: Read, *, but: str) -> Purpose:
    bill = fields.record("paid_bill", company, "bill")
    fields.check()
    if bill is None:
        raise AssertionError("a missing bill is always named")
    state, kept = bills.open_item(company, bill, but=but), bills.held_back(company, bill, but=but)
    payable = bills.payable(bill, state, kept)
    members, facts = _settled(company, fields, read, bill=bill, state=state, payable=payable)
    more = bills.held_back_with(bill, state, kept, Money.of(facts["paid"], payable.currency))
    if more:
        facts |= {"held_back": str(more.amount), "held_back_on": cis.category(company)}
    kind = "Bill Refund" if read.gross.amount > 0 else "Bill Payment"
    description = read.description or f"Bill {bill.body['reference']}"
    members = {"paid_bill": refer(bill), **members}
    return Purpose(
        kind="paid_bill",
        type=kind,
        description=description,
        members=members,
        facts=_facts(company, read, "paid_bill", control=bills.control_of(company, bill), **facts),
    )


def _settled(
    company: Company, fields: Fields, read: Read, *, bill: Record, state: bills.OpenItem, payable: Money
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a payment settles of a bill or an invoice: its members, and the facts of its entry."""
    paid = read.gross
    members: dict[str, Any] = {}
    if bill.body["currency"] != read.gross.currency:
        given = fields.money("foreign_currency_value", bill.body["currency"], required=True)
        fields.check()
        paid = abs(given) if given is not None else paid
        if not paid:
            raise Invalid(("foreign_currency_value must be other than 0",))
        paid = paid if read.gross.amount > 0 else -paid
        members["foreign_currency_value"] = decimal_text(paid.amount)
    if paid.amount * payable.amount <= 0 or abs(paid) > abs(payable):
        due = payable.amount if bill.kind != "bill" else -payable.amount
        fields.wrong("gross_value", f"can't be more than the due value of {decimal_text(due)}")
    facts = {
        "bill_currency": state.amount.currency,
        "open": str(state.amount.amount),
        "open_base": str(state.base.amount),
        "paid": str(paid.amount),
        "party": tail(bill.body["contact"], "contacts"),
    }
    return members, facts


def _paid_invoice(company: Company, fields: Fields, read: Read, *, but: str) -> Purpose:
    """Money for an invoice, or back for a credit note. Unconfirmed: how the live service takes more than is due."""
    invoice = invoices.referred(company, fields.raw("paid_invoice"))
    if invoice is None:
        # Source: https://api-discuss.freeagent.com (quoted text)
        fields.messages.append("Invoice not found for this company")
        fields.check()
        raise AssertionError("a missing invoice is always named")
    if invoice.body["state"] != invoices.SENT:
        fields.wrong("paid_invoice", "must be sent")
    fields.check()
    state = invoices.open_item(company, invoice, but=but)
    members, facts = _settled(company, fields, read, bill=invoice, state=state, payable=state.amount)
    kind = "Invoice Receipt" if read.gross.amount > 0 else "Credit Note Refund"
    title = "Invoice" if invoice.kind == invoices.INVOICE else "Credit Note"
    return Purpose(
        kind="paid_invoice",
        type=kind,
        description=read.description or f"{title} {invoice.body['reference']}",
        members={"paid_invoice": refer(invoice), **members},
        facts=_facts(company, read, "paid_invoice", control=TRADE_DEBTORS, **facts),
    )


def _paid_user(company: Company, fields: Fields, read: Read) -> Purpose:
    user = fields.record("paid_user", company, "user")
    category = categories.chosen(fields, company, required=False)
    code = category.id if category is not None else EXPENSE_ACCOUNT
    if int(code) not in USER_CODES:
        fields.wrong("category", "is not included in the list")
    fields.check()
    if user is None:
        raise AssertionError("a missing user is always named")
    members: dict[str, Any] = {"paid_user": refer(user)}
    if category is not None:
        members["category"] = refer(category)
    # Unconfirmed: a smart user payment pays salary and loan accounts too; here it settles the expense account alone.
    facts = _facts(company, read, "paid_user", account=user_account(code, user.id))
    into = read.gross.amount > 0
    kind = "Money Received from User" if into else "Money Paid to User"
    name = f"{user.body['first_name']} {user.body['last_name']}"
    description = read.description or f"{kind.removesuffix(' User')} {name}"
    return Purpose(kind="paid_user", type=kind, description=description, members=members, facts=facts)


def transfer_type(gross: Money) -> str:
    """The native type of one side of a transfer."""
    return "Transfer from Another Account" if gross.amount > 0 else "Transfer to Another Account"


def _transfer(company: Company, fields: Fields, read: Read) -> Purpose:
    other = fields.record("transfer_bank_account", company, "bank_account")
    if other is not None and other.id == read.account.id:
        fields.wrong("transfer_bank_account", "can't be the bank account itself")
    fields.check()
    if other is None:
        raise AssertionError("a missing bank account is always named")
    arrives = _arrives(company, fields, read, other)
    fields.check()
    facts = transfer_facts(company, read.account, other, gross=arrives, on=read.dated_on)
    source, target = (other, read.account) if read.gross.amount > 0 else (read.account, other)
    # The platform words the description of a transfer itself.
    # Source: https://docs.codat.io/integrations/accounting/freeagent/accounting-freeagent
    description = f"Transfer from {source.body['name']} to {target.body['name']}"
    return Purpose(
        kind="transfer",
        type=transfer_type(read.gross),
        description=description,
        members={} if arrives == -read.gross else {"foreign_currency_value": decimal_text(arrives.amount)},
        facts=facts,
        other=OtherSide(account=other, gross=arrives),
    )


def _arrives(company: Company, fields: Fields, read: Read, other: Record) -> Money:
    """What the other account receives: the same, or between currencies the amount given, else by day rates."""
    currency = other.body["currency"]
    if currency == read.gross.currency:
        return -read.gross
    # Unconfirmed: by which member the live service takes the other side's amount.
    stands = fields.has("foreign_currency_value") and not fields.gives("gross_value")
    named = stands or fields.gives("foreign_currency_value")
    given = fields.money("foreign_currency_value", currency) if named else None
    if given is not None and given:
        return -abs(given) if read.gross.amount > 0 else abs(given)
    base = rate_on(company, read.gross.currency, read.dated_on).to_base(read.gross)
    exact = Decimal(base.amount) / rate_on(company, currency, read.dated_on).value
    arrives = -Money(exact.quantize(Decimal("0.000001")), currency).rounded()
    if not arrives:
        raise Invalid(("gross_value must be other than 0",))
    return arrives


def transfer_facts(company: Company, account: Record, other: Record, *, gross: Money, on: date) -> dict[str, Any]:
    """The facts of a transfer's entry, seen from ``account``; ``gross`` is what moves on the other one."""
    here = rate_on(company, account.body["currency"], on)
    there = rate_on(company, other.body["currency"], on)
    # Between currencies each side is carried at its own day rate; what differs is an exchange difference.
    # Unconfirmed: that the live service posts that difference at once.
    return {
        "posts": "transfer",
        "bank": account.id,
        "other": other.id,
        "other_currency": there.foreign,
        "other_rate": str(there.value),
        "other_value": str(gross.amount),
        "currency": here.foreign,
        "base": here.base,
        "rate": str(here.value),
    }
