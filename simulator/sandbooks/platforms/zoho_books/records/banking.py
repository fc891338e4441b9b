"""Bank transactions that have no module of their own: transfers, card payments, refunds, income, owner's money.

Source: https://www.zoho.com/books/api/v3/bank-transactions/ (transaction_type)
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from msgspec import Struct

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.ledger import AccountClass
from sandbooks.money import Money, Rate
from sandbooks.platforms.zoho_books import chart, rates
from sandbooks.platforms.zoho_books.fields import Fields
from sandbooks.platforms.zoho_books.records import accounts, contacts, files, lines, tags
from sandbooks.platforms.zoho_books.records.storing import check_active, check_open, new_id, remove, save
from sandbooks.platforms.zoho_books.refusals import InvalidValue, Required, broken
from sandbooks.platforms.zoho_books.taxation import code_of, taxed
from sandbooks.platforms.zoho_books.wire import Body, amount

KIND = "banktransaction"
DESCRIPTION_MAX = 500


class Way(Struct, frozen=True, kw_only=True):
    """How money moves in a type of transaction: ``inward`` into a money account, and against what."""

    inward: bool = True
    against: tuple[AccountClass, ...] = ()
    kinds: tuple[str, ...] = chart.BANK_TYPES
    transfer: bool = False
    taxable: bool = False
    sales: bool = False


_ANY = (AccountClass.INCOME, AccountClass.EXPENSE, AccountClass.EQUITY, AccountClass.ASSET, AccountClass.LIABILITY)
WAYS: Mapping[str, Way] = {
    "deposit": Way(against=_ANY, taxable=True, sales=True),
    # Source: the same page (refund: credit card accounts only)
    "refund": Way(against=_ANY, kinds=("credit_card",), taxable=True),
    "transfer_fund": Way(transfer=True),
    "card_payment": Way(transfer=True),
    "sales_without_invoices": Way(against=(AccountClass.INCOME,), taxable=True, sales=True),
    "expense_refund": Way(against=(AccountClass.EXPENSE, AccountClass.ASSET), taxable=True),
    "owner_contribution": Way(against=(AccountClass.EQUITY,)),
    "interest_income": Way(against=(AccountClass.INCOME,)),
    "other_income": Way(against=(AccountClass.INCOME,), taxable=True, sales=True),
    "owner_drawings": Way(inward=False, against=(AccountClass.EQUITY,)),
    "sales_return": Way(inward=False, against=(AccountClass.INCOME,), taxable=True, sales=True),
}
# They have modules of their own and show in the list of transactions.
ELSEWHERE = (
    "expense",
    "vendor_payment",
    "customer_payment",
    "vendor_credit_refund",
    "vendor_payment_refund",
    "journal",
)


def create(company: Company, given: Body) -> Record:
    """A new transaction."""
    return write(company, given, None)


def update(company: Company, record: Record, given: Body) -> Record:
    """Change a transaction that is not matched."""
    check_open(company, record.body["date"])
    if record.body["_matched"]:
        raise broken("transaction_matched")
    return write(company, given, record)


def write(company: Company, given: Body, record: Record | None) -> Record:
    """A new version of a transaction."""
    fields = Fields(given, record.body if record else None)
    kind = fields.choice("transaction_type", tuple(WAYS))
    if not kind:
        raise Required("transaction_type")
    way = WAYS[kind]
    day = fields.date("date") or company.world.clock.today(company.time_zone)
    check_open(company, day.isoformat())
    source, target = _side(company, fields, "from_account_id"), _side(company, fields, "to_account_id")
    if source.id == target.id:
        raise broken("same_account")
    _check_sides(kind, way, source, target)
    bank = target if way.inward and not way.transfer else source
    currency = rates.currency_of(company, fields, str(bank.body["currency_code"]))
    code = str(currency.body["currency_code"])
    rate = rates.rate_of(company, fields, code, day)
    _check_currency(company, code, source, target)
    money = fields.positive("amount", code)
    id = record.id if record else new_id(company)
    document: Body = {
        "transaction_id": id,
        "transaction_type": kind,
        "date": day.isoformat(),
        **accounts.members(source, "from_account"),
        **accounts.members(target, "to_account"),
        "amount": amount(money.amount, code),
        "currency_id": currency.id,
        "currency_code": code,
        "exchange_rate": rate.value,
        "payment_mode": fields.text("payment_mode"),
        "reference_number": fields.text("reference_number"),
        "description": fields.text("description", limit=DESCRIPTION_MAX),
        **contacts.members(contacts.customer(company, fields), "customer"),
        **contacts.members(contacts.vendor(company, fields, required=False), "vendor"),
        "tags": tags.read(company, fields),
        "from_account_tags": tags.read(company, fields, "from_account_tags"),
        "to_account_tags": tags.read(company, fields, "to_account_tags"),
        "documents": _documents(company, fields, record),
        "imported_transactions": record.body["imported_transactions"] if record else [],
        "_matched": record.body["_matched"] if record else "",
        "_bank": bank.id,
    }
    facts = _facts(company, rate, day, bank=bank, party=str(document["vendor_id"] or document["customer_id"]))
    facts["memo"] = document["description"] or document["reference_number"]
    moved = _moved if way.transfer else _received
    shown, added = moved(company, fields, way, money, rate, source=source, target=target)
    return save(company, KIND, id, document=document | shown, facts=facts | added)


def _documents(company: Company, fields: Fields, record: Record | None) -> list[Body]:
    """The files of a transaction: those that it names, else those that it has."""
    if "documents" not in fields.given:
        return list(record.body["documents"]) if record else []
    found = files.named(company, fields)
    if record is not None:
        files.drop_all(company, record)
    return found


def _side(company: Company, fields: Fields, name: str) -> Record:
    account = fields.record(name, company, accounts.KIND, required=True)
    if account is None:
        raise Required(name)
    if fields.standing.get(name) != account.id:
        check_active(account)
    return account


def _check_sides(kind: str, way: Way, source: Record, target: Record) -> None:
    if way.transfer:
        sides = [source, target]
        if kind == "card_payment" and target.body["account_type"] != "credit_card":
            raise broken("account_type", str(target.body["account_name"]))
    else:
        bank, other = (target, source) if way.inward else (source, target)
        sides = [bank]
        held = other.body["account_type"]
        if chart.CLASSES[held] not in way.against or held in (*chart.BANK_TYPES, *chart.CONTROL_TYPES):
            raise broken("account_type", str(other.body["account_name"]))
    for side in sides:
        if side.body["account_type"] not in way.kinds:
            raise broken("account_type", str(side.body["account_name"]))


def _check_currency(company: Company, code: str, *sides: Record) -> None:
    """Each money account takes the currency of the transaction or is kept in base."""
    for side in sides:
        kept = side.body["currency_code"] if side.body["account_type"] in chart.MONEY_TYPES else code
        if kept not in (code, company.currency):
            raise broken("paid_through_currency", str(side.body["account_name"]))


def _kept(account: Record) -> str:
    return str(account.body["currency_code"]) if account.body["account_type"] in chart.MONEY_TYPES else ""


def _facts(company: Company, rate: Rate, day: date, *, bank: Record, party: str) -> Body:
    return {
        "base": company.currency,
        "currency": rate.foreign,
        "rate": str(rate.value),
        "date": day.isoformat(),
        "party": party,
        "account": bank.id,
        "account_currency": _kept(bank),
        "exchange": accounts.named(company, chart.EXCHANGE).id,
    }


def _moved(
    company: Company, fields: Fields, way: Way, money: Money, rate: Rate, *, source: Record, target: Record
) -> tuple[Body, Body]:
    """A transfer: what it shows, and the facts of its entry."""
    charges = fields.money("bank_charges", rate.foreign) or Money.zero(rate.foreign)
    if charges.amount < 0:
        raise InvalidValue("bank_charges")
    shown = _totals(money, Money.zero(rate.foreign), rate) | {"bank_charges": amount(charges.amount, rate.foreign)}
    added = {
        "posts": "transfer",
        "total": str(money.amount),
        "from": source.id,
        "from_currency": _kept(source),
        "to": target.id,
        "to_currency": _kept(target),
        "charges_amount": str(charges.amount),
        "fees": accounts.named(company, chart.BANK_FEES).id,
    }
    return shown, added


def _received(
    company: Company, fields: Fields, way: Way, money: Money, rate: Rate, *, source: Record, target: Record
) -> tuple[Body, Body]:
    """Money against a category: what it shows, and the facts of its entry."""
    other = source if way.inward else target
    tax = fields.record("tax_id", company, "tax") if way.taxable else None
    code = code_of(company, tax, sales=way.sales)
    done = taxed([(money, code)], inclusive=fields.flag("is_inclusive_tax"))
    result = done.lines[0]
    chosen = tags.read(company, fields)
    shown = {
        **_totals(result.net, result.tax, rate),
        **lines.tax_members(tax),
        "is_inclusive_tax": fields.flag("is_inclusive_tax"),
        "bank_charges": 0,
    }
    memo = fields.text("description", limit=DESCRIPTION_MAX)
    added = {
        "posts": "received",
        "sign": 1 if way.inward else -1,
        "total": str(result.gross.amount),
        "costs": [lines.cost(other.id, result.cost, tax=tax, chosen=chosen, memo=memo)],
        "charges": lines.charges(done),
    }
    return shown, added


def _totals(net: Money, tax: Money, rate: Rate) -> Body:
    code = rate.foreign
    return {
        "sub_total": amount(net.amount, code),
        "tax_amount": amount(tax.amount, code),
        "total": amount((net + tax).amount, code),
        "bcy_total": rate.to_base(net + tax).amount,
    }


def delete(company: Company, record: Record) -> None:
    """Delete a transaction that is not matched."""
    check_open(company, record.body["date"])
    if record.body["_matched"]:
        raise broken("transaction_matched")
    files.drop_all(company, record)
    remove(company, record)
