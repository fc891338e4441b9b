"""Bank transaction explanations: what money in or out of a bank account was for.

One explanation has one purpose: a category, a bill, a user, or a transfer to another bank account. It explains a
transaction that stands, or makes one of its own.
Source: https://dev.freeagent.com/docs/bank_transaction_explanations
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.money import Money
from sandbooks.platforms.freeagent.fields import Fields
from sandbooks.platforms.freeagent.records import (
    attachments,
    bank_transactions,
    bills,
    capital_assets,
    invoices,
    purposes,
    stock,
)
from sandbooks.platforms.freeagent.records.storing import check_open, check_visible, new_id, refer, remove, save
from sandbooks.platforms.freeagent.records.sub_accounts import STOCK as STOCK_CODE
from sandbooks.platforms.freeagent.refusals import Invalid
from sandbooks.platforms.freeagent.tax import without_standing_tax
from sandbooks.platforms.freeagent.wire import decimal_text, path, tail

KIND = "bank_transaction_explanation"
PURPOSES = ("category", "paid_bill", "paid_invoice", "paid_user", "transfer_bank_account", "disposed_asset")
_STOCK = ("stock_item", "stock_altering_quantity")
_TEXTS = ("receipt_reference", "cheque_number")


def create(company: Company, given: dict[str, Any], *, several_files: bool = False) -> Record:
    """A new explanation, with its transaction where none is named. Raises ``Invalid``."""
    fields = Fields(_with_category(given))
    transaction, account = _place(company, fields)
    read = _read(company, fields, account)
    files = attachments.read(fields, several=several_files)
    fields.check()
    purpose = purposes.of(company, fields, read, but="")
    fields.check()
    check_visible(account)
    if transaction is not None:
        _check_fits(company, transaction, read.gross, but="")
    else:
        transaction = bank_transactions.add(
            company,
            account,
            amount=read.gross,
            dated_on=read.dated_on.isoformat(),
            description=purpose.description,
            manual=True,
        )
    id = new_id(company, KIND)
    document = {"url": path("bank_transaction_explanations", id), "bank_transaction": refer(transaction)}
    document |= _document(read, purpose)
    saved = _keep(company, None, document=document, purpose=purpose, read=read)
    attachments.attach(company, saved, files)
    return saved


def _keep(
    company: Company,
    record: Record | None,
    *,
    document: dict[str, Any],
    purpose: purposes.Purpose,
    read: purposes.Read,
) -> Record:
    """Store a new explanation or a new version of one, and what follows from it."""
    before = record.body if record is not None else {}
    id = tail(document["url"], "bank_transaction_explanations")
    if purpose.kind == "transfer":
        saved = _make_transfer(company, id, document=document, purpose=purpose, read=read)
    else:
        lines = capital_assets.single(company, document, purpose.bought, years="asset_life_years")
        saved = save(company, KIND, id, document=document, facts=purpose.facts)
        capital_assets.keep(company, saved, lines, facts=purpose.facts)
        _follow(company, document)
    if purpose.kind == "transfer" and before:
        capital_assets.keep(company, saved, (), facts=purpose.facts)
    capital_assets.follow_disposal(company, before, document)
    stock.follow(company, before, document)
    if any(before.get(name) not in (None, document.get(name)) for name in ("paid_bill", "paid_invoice")):
        _settle_documents(company, before)
    return saved


def _with_category(given: dict[str, Any]) -> dict[str, Any]:
    """Clients that send ``nominal_code`` beside another purpose mean that purpose."""
    if given.get("category") in (None, "") and any(given.get(name) for name in PURPOSES[1:]):
        return {name: value for name, value in given.items() if name != "nominal_code"}
    return given


def _place(company: Company, fields: Fields) -> tuple[Record | None, Record]:
    """The transaction to explain, if one is named, and the bank account. Raises ``Invalid``."""
    transaction = fields.record("bank_transaction", company, "bank_transaction")
    if transaction is not None:
        named = fields.raw("bank_account")
        own = tail(transaction.body["bank_account"], "bank_accounts")
        if named not in (None, "") and tail(named, "bank_accounts") != own:
            fields.wrong("bank_account", "is not that of the bank transaction")
        account = company.records.get("bank_account", own)
    else:
        account = fields.record("bank_account", company, "bank_account", required=not fields.messages)
    if account is None:
        # The other members are read too, so that one answer names everything that is wrong.
        purposes.read_plain(fields)
        fields.check()
        raise AssertionError("a missing bank account is always named")
    return transaction, account


def _read(company: Company, fields: Fields, account: Record) -> purposes.Read:
    dated_on = fields.date("dated_on", required=True)
    gross = fields.money("gross_value", account.body["currency"], required=True)
    if gross is not None and not gross:
        fields.wrong("gross_value", "must be other than 0")
    extra = {name: value for name in _TEXTS if (value := fields.text(name)) is not None}
    extra |= purposes.rebilling(company, fields)
    currency = account.body["currency"]
    return purposes.Read(
        account=account,
        dated_on=dated_on or date(1970, 1, 1),
        gross=gross or Money.zero(currency),
        description=fields.text("description", limit=purposes.DESCRIPTION_MAX) or "",
        marked_for_review=fields.flag("marked_for_review"),
        extra=extra,
    )


def _check_fits(company: Company, transaction: Record, gross: Money, *, but: str) -> None:
    """An explanation goes the way of its transaction and takes no more than is left of it. Raises ``Invalid``."""
    left = bank_transactions.unexplained(company, transaction, but=but)
    if gross.amount * left.amount <= 0 or abs(gross) > abs(left):
        raise Invalid((f"gross_value can't be more than the unexplained amount of {decimal_text(left.amount)}",))


def _document(read: purposes.Read, purpose: purposes.Purpose) -> dict[str, Any]:
    into = read.gross.amount > 0
    return {
        "bank_account": refer(read.account),
        "type": purpose.type,
        "dated_on": read.dated_on.isoformat(),
        "description": purpose.description,
        "gross_value": decimal_text(read.gross.amount),
        **purpose.members,
        **read.extra,
        "is_money_in": into,
        "is_money_out": not into,
        "is_money_paid_to_user": purpose.kind == "paid_user",
        "marked_for_review": read.marked_for_review,
    }


def _follow(company: Company, document: dict[str, Any]) -> None:
    """What follows from a change: the transaction's unexplained amount, the bill's due value."""
    changes = {}
    if document:
        changes = {"dated_on": document["dated_on"], "description": document["description"]}
    id = tail(document["bank_transaction"], "bank_transactions")
    transaction = company.records.get("bank_transaction", id)
    follows = transaction is not None and transaction.body["is_manual"]
    alone = len(bank_transactions.explained(company, id)) == 1
    bank_transactions.settle(company, id, **(changes if follows and alone else {}))
    _settle_documents(company, document)


def _settle_documents(company: Company, document: dict[str, Any]) -> None:
    if "paid_bill" in document:
        bills.settle(company, tail(document["paid_bill"], "bills"))
    if "paid_invoice" in document:
        invoices.settle_named(company, document["paid_invoice"])


# Transfers


def _make_transfer(
    company: Company, id: str, *, document: dict[str, Any], purpose: purposes.Purpose, read: purposes.Read
) -> Record:
    """Both sides: each its own explanation and transaction; the entry stands with the side that was explained first."""
    other = purpose.other
    if other is None:
        raise AssertionError("a transfer has another account")
    check_visible(other.account)
    twin = new_id(company, KIND)
    transaction = bank_transactions.add(
        company,
        other.account,
        amount=other.gross,
        dated_on=read.dated_on.isoformat(),
        description=purpose.description,
        manual=True,
    )
    document |= _link(twin, other.account)
    saved = save(company, KIND, id, document=document, facts=purpose.facts)
    mirrored = _mirror(document, other.gross, account=other.account) | _link(id, read.account)
    mirrored |= {
        "url": path("bank_transaction_explanations", twin),
        "bank_transaction": refer(transaction),
    }
    save(company, KIND, twin, document=mirrored)
    _follow(company, document)
    _follow(company, mirrored)
    return saved


def _link(id: str, account: Record) -> dict[str, Any]:
    return {
        "linked_transfer_explanation": path("bank_transaction_explanations", id),
        "linked_transfer_account": refer(account),
    }


def _mirror(document: dict[str, Any], gross: Money, *, account: Record) -> dict[str, Any]:
    into = gross.amount > 0
    return document | {
        "bank_account": refer(account),
        "type": purposes.transfer_type(gross),
        "gross_value": decimal_text(gross.amount),
        "is_money_in": into,
        "is_money_out": not into,
        **({"foreign_currency_value": document["gross_value"]} if "foreign_currency_value" in document else {}),
    }


def twin_of(company: Company, record: Record) -> Record | None:
    """The other side of a transfer."""
    linked = record.body.get("linked_transfer_explanation")
    found = company.records.get(KIND, tail(linked, "bank_transaction_explanations")) if linked else None
    return None if found is None or found.deleted else found


# Changes


def update(company: Company, record: Record, given: dict[str, Any], *, several_files: bool = False) -> Record:
    """Change an explanation. Its bank account and transaction stay. Raises ``Invalid``."""
    standing = _standing(record, given)
    fields = Fields(_with_category(given), standing)
    check_open(company, record.body["dated_on"])
    for name, resource in (("bank_account", "bank_accounts"), ("bank_transaction", "bank_transactions")):
        if fields.gives(name) and tail(given[name], resource) != tail(record.body[name], resource):
            fields.wrong(name, "can't be changed")
    account = company.records.get("bank_account", tail(record.body["bank_account"], "bank_accounts"))
    if account is None:
        raise AssertionError("an explanation has a bank account")
    read = _read(company, fields, account)
    files = attachments.read(fields, several=several_files)
    fields.check()
    check_open(company, read.dated_on.isoformat())
    purpose = purposes.of(company, fields, read, but=record.id)
    fields.check()
    _check_update_fits(company, record, read.gross)
    document = {name: record.body[name] for name in ("url", "bank_transaction")} | _document(read, purpose)
    twin = twin_of(company, record)
    other = refer(purpose.other.account) if purpose.other is not None else ""
    if twin is not None and twin.body["bank_account"] == other:
        saved = _change_transfer(company, record, twin, document=document, purpose=purpose, read=read)
    else:
        if twin is not None:
            _part(company, twin)
        saved = _keep(company, record, document=document, purpose=purpose, read=read)
    attachments.attach(company, saved, files)
    return saved


def _part(company: Company, twin: Record) -> None:
    """Take away the other side of what is no transfer to that account any more. Raises ``PeriodClosed``."""
    check_open(company, twin.body["dated_on"])
    attachments.drop_all(company, twin)
    remove(company, twin)
    bank_transactions.settle(company, tail(twin.body["bank_transaction"], "bank_transactions"))


def _standing(record: Record, given: dict[str, Any]) -> dict[str, Any]:
    """What stands of an explanation, less what a new purpose or tax takes the place of."""
    standing = record.copy()
    if "linked_transfer_account" in standing:
        standing["transfer_bank_account"] = standing["linked_transfer_account"]
    named = [name for name in (*PURPOSES, "nominal_code") if given.get(name) not in (None, "")]
    if named and not (named == ["category"] and "paid_user" in standing):
        sale = standing.get("type") == "Sale of Stock"
        dropped = PURPOSES if _stays_stock(given, sale=sale) else (*PURPOSES, *_STOCK)
        standing = {name: value for name, value in standing.items() if name not in dropped}
    return without_standing_tax(standing, given)


def _stays_stock(given: dict[str, Any], *, sale: bool) -> bool:
    """Whether the stock that stands still counts under the category now given."""
    code = tail(given.get("category"), "categories").partition("-")[0]
    return code == STOCK_CODE or (sale and code.isdigit() and int(code) <= 49)


def _check_update_fits(company: Company, record: Record, gross: Money) -> None:
    id = tail(record.body["bank_transaction"], "bank_transactions")
    transaction = company.records.get("bank_transaction", id)
    if transaction is None:
        raise AssertionError("an explanation has a transaction")
    alone = len(bank_transactions.explained(company, id)) == 1
    if not (transaction.body["is_manual"] and alone):
        _check_fits(company, transaction, gross, but=record.id)


def _change_transfer(
    company: Company,
    record: Record,
    twin: Record,
    *,
    document: dict[str, Any],
    purpose: purposes.Purpose,
    read: purposes.Read,
) -> Record:
    other = purpose.other
    if other is None:
        raise AssertionError("a transfer has another account")
    _check_update_fits(company, twin, other.gross)
    document |= _link(twin.id, other.account)
    first = bool(company.records.facts(KIND, record.id))
    mirrored = _mirror(document, other.gross, account=other.account) | _link(record.id, read.account)
    mirrored |= {name: twin.body[name] for name in ("url", "bank_transaction")}
    saved = save(company, KIND, record.id, document=document, facts=purpose.facts if first else {})
    facts = (
        {}
        if first
        else purposes.transfer_facts(company, other.account, read.account, gross=read.gross, on=read.dated_on)
    )
    save(company, KIND, twin.id, document=mirrored, facts=facts)
    _follow(company, document)
    _follow(company, mirrored)
    return saved


def delete(company: Company, record: Record) -> None:
    """Delete an explanation, and with it the other side of a transfer. Raises ``PeriodClosed``."""
    for side in filter(None, (record, twin_of(company, record))):
        check_open(company, side.body["dated_on"])
        attachments.drop_all(company, side)
        capital_assets.drop(company, side)
        remove(company, side)
        capital_assets.follow_disposal(company, side.body, {})
        stock.follow(company, side.body)
        bank_transactions.settle(company, tail(side.body["bank_transaction"], "bank_transactions"))
        _settle_documents(company, side.body)
