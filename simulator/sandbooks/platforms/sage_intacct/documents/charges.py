"""Charge card transactions, other receipts and funds transfers: what cash management records.

A credit card's charges are a liability on the card's own offset account until a payoff turns them into a bill; those
of a debit card leave the checking account and are final. A negative line is a refund.
Source: Sage Intacct help ("About credit card transactions", "Pay off charges"), developer.sage.com/intacct
(credit-card-account, funds-transfer)
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.ledger import WrongPrecision
from sandbooks.money import Money, Rate
from sandbooks.platforms.sage_intacct.documents import bills
from sandbooks.platforms.sage_intacct.documents.allocations import as_part, spread
from sandbooks.platforms.sage_intacct.documents.banks import CashAccount, cash_account
from sandbooks.platforms.sage_intacct.documents.headers import (
    check_open,
    extras,
    facts_for,
    keep,
    reverse,
    sums,
    tax_solution,
)
from sandbooks.platforms.sage_intacct.documents.lines import Line, between_entities, read_line
from sandbooks.platforms.sage_intacct.documents.reading import Given, exchange_rate, money_fields, totals
from sandbooks.platforms.sage_intacct.objects.keeping import annotate, find, remove, touch
from sandbooks.platforms.sage_intacct.rates import day_rate
from sandbooks.platforms.sage_intacct.refusals import FieldMalformed, FieldMissing, LineUnusable, NotAllowed
from sandbooks.platforms.sage_intacct.wire.scalars import decimal_text, native_date, parse_date
from sandbooks.platforms.sage_intacct.wire.xml import Fields

_LIGHT = frozenset(["RECORDNO", "SUPDOCID", "DESCRIPTION", "PAYEE", "RECORDID"])
_RECEIPT_METHODS = ("Printed Check", "Cash", "EFT", "Credit Card", "Online", "Record Transfer", "Check")


def record_charge(company: Company, given: Fields, record: Record | None = None) -> Record:
    """A charge on a card, or a refund where its lines are negative."""
    said = Given(company, "CCTRANSACTION", given, record.copy() if record else None)
    card = cash_account(company, said.kind, said.need("CHARGECARDID"), banks=False)
    on = said.need_date("WHENCREATED")
    rate = exchange_rate(said, on)
    lines = _lines(said, record, rate)
    between_entities(company, lines)
    check_open(company, on)
    settled = _is_bank_account(company, card.account)
    document: Fields = {
        **(record.copy() if record else {}),
        "CHARGECARDID": card.id,
        "FINANCIALENTITY": card.id,
        "RECORDID": said.text("RECORDID", limit=45),
        "PAYEE": said.text("PAYEE", limit=80),
        "DESCRIPTION2": said.text("PAYEE", limit=80),
        "DESCRIPTION": said.text("DESCRIPTION", limit=1000),
        "WHENCREATED": native_date(on),
        "WHENPOSTED": native_date(on),
        "INCLUSIVETAX": "true" if said.flag("INCLUSIVETAX") else "false",
        "TAXSOLUTIONID": tax_solution(said),
        "PRBATCH": f"Charges: {on:%Y/%m/%d} Batch",
        "CLEARED": "F",
        # Unconfirmed: the state of a debit card's charge, which is final as it stands.
        "STATE": "Posted",
        "RAWSTATE": "A",
        **money_fields(said, rate, on),
        **extras(said),
        **sums(lines, rate),
        "LINES": [line.document for line in lines],
    }
    if settled:
        document |= {"TOTALDUE": "0", "TRX_TOTALDUE": "0"}
    facts = facts_for(rate, on, posts=True, control=card.account, lines=[line.facts for line in lines])
    return keep(company, "CCTRANSACTION", document, facts, record=record)


def _is_bank_account(company: Company, account: str) -> bool:
    """Whether an account is that of a bank account: what is charged there is paid."""
    kinds = ("CHECKINGACCOUNT", "SAVINGSACCOUNT")
    return any(company.records.find(kind, "GLACCOUNTNO", account) for kind in kinds)


def _lines(said: Given, record: Record | None, rate: Rate) -> list[Line]:
    holder = said.given.get("LINES")
    rows = said.group("LINES")
    if holder in (None, "") and record is not None:
        rows = [
            Given(said.company, said.kind, as_part({k: v for k, v in line.items() if k != "TOTALTRXAMOUNT"}))
            for line in record.body["LINES"]
        ]
    if not rows:
        raise LineUnusable(said.kind, 1)
    inclusive = said.flag("INCLUSIVETAX")
    parts = spread(rows, rate.foreign, inclusive=inclusive)
    return [read_line(row, place, rate=rate, inclusive=inclusive) for place, row in enumerate(parts, 1)]


def update_charge(company: Company, record: Record, given: Fields) -> Record:
    """Change a charge that is neither paid off nor reversed; what a debit card spent is final but for its notes."""
    if not {name for name, value in given.items() if value is not None} - _LIGHT:
        said = Given(company, record.kind, given, record.copy())
        document = {**record.copy(), **extras(said)}
        for name in ("DESCRIPTION", "PAYEE", "RECORDID"):
            document[name] = said.text(name, limit=1000 if name == "DESCRIPTION" else 80)
        document["DESCRIPTION2"] = document["PAYEE"]
        return annotate(company, record, document)
    _check_standing(record)
    _check_credit(company, record, "changed")
    if record.body.get("INCLUSIVETAX") == "true":
        # Source: developer.intacct.com/api/cash-management/charge-card-transactions (update). Unconfirmed: the words.
        raise NotAllowed(record.kind, "A transaction with inclusive tax cannot be updated.", "Reverse it instead.")
    return record_charge(company, {"CHARGECARDID": record.body["CHARGECARDID"], **given}, record)


def _check_standing(record: Record) -> None:
    if record.body["STATE"] != "Posted" or record.body.get("PAYOFFKEY") or record.body.get("REVERSEDKEY"):
        raise NotAllowed(
            record.kind,
            f"The transaction is in state {record.body['STATE']} and cannot be changed.",
            "Record a new one.",
        )


def _check_credit(company: Company, record: Record, verb: str) -> None:
    """Refuse what is done to credit cards alone."""
    # Source: Sage Intacct help, "Edit a credit card transaction", "Delete a credit card transaction" (of a debit
    # card: it can be reversed and neither edited nor deleted)
    card = find(company, "CREDITCARD", str(record.body["CHARGECARDID"]))
    if card is not None and card.body["LIABILITYTYPE"] == "Debit":
        raise NotAllowed(record.kind, f"A transaction of a debit card cannot be {verb}.", "Reverse it instead.")


def delete_charge(company: Company, record: Record) -> None:
    """Delete a charge of a credit card that is neither paid off nor reversed; dated as it was."""
    # Source: Sage Intacct help, "Delete a credit card transaction"
    _check_standing(record)
    _check_credit(company, record, "deleted")
    posted = parse_date(str(record.body["WHENPOSTED"]))
    if posted is not None:
        check_open(company, posted)
    remove(company, record)


def reverse_charge(company: Company, record: Record, on: date, memo: str) -> Record:
    """Reverse a charge that is not paid off."""
    if record.body.get("PAYOFFKEY"):
        raise NotAllowed(record.kind, "The charge is paid off and cannot be reversed.", "Reverse the payoff first.")
    return reverse(company, record, on, memo=memo)


def pay_off(company: Company, card_id: str, keys: list[str], *, on: date, due: date) -> list[Record]:
    """Pay off a credit card: bills to the card's vendor for its charges, Dr the card's offset account, Cr payables.

    One bill, or one for each currency and rate among the charges.
    """
    # Source: Sage Intacct help, "Pay off charges" (several bills where charges differ in currency or rate)
    card = cash_account(company, "CCTRANSACTION", card_id, banks=False)
    held = find(company, "CREDITCARD", card.id)
    vendor = str(held.body.get("VENDORID", "") or "") if held else ""
    if held is None or held.body["LIABILITYTYPE"] != "Credit" or not vendor:
        raise NotAllowed("CCTRANSACTION", "Only credit cards with a vendor are paid off.", "Set the card's vendor.")
    if len(set(keys)) < len(keys):
        raise NotAllowed("CCTRANSACTION", "A charge is listed twice.", "List it once.")
    groups: dict[tuple[str, str], list[Record]] = {}
    for charge in (_payable_charge(company, card, key) for key in keys):
        told = (str(charge.body["CURRENCY"]), str(charge.body.get("EXCHANGE_RATE", "")))
        groups.setdefault(told, []).append(charge)
    return [_payoff_bill(company, card, vendor, charges, on=on, due=due) for charges in groups.values()]


def _payoff_bill(
    company: Company, card: CashAccount, vendor: str, charges: list[Record], *, on: date, due: date
) -> Record:
    rows = [
        {
            "ACCOUNTNO": card.account,
            "TRX_AMOUNT": charge.body["TRX_TOTALENTERED"],
            "ENTRYDESCRIPTION": f"Charge {charge.id}",
        }
        for charge in charges
    ]
    given: Fields = {
        "VENDORID": vendor,
        "RECORDID": f"{card.id}-{company.records.next_number('payoff')}",
        "WHENCREATED": native_date(on),
        "WHENDUE": native_date(due),
        "CURRENCY": charges[0].body["CURRENCY"],
        "EXCHANGE_RATE": str(charges[0].body.get("EXCHANGE_RATE", "")),
        "APBILLITEMS": {"APBILLITEM": rows},
    }
    bill = bills.create(company, "APBILL", given)
    for charge in charges:
        paid = {"TOTALPAID": charge.body["TOTALENTERED"], "TRX_TOTALPAID": charge.body["TRX_TOTALENTERED"]}
        due_now = {"TOTALDUE": "0", "TRX_TOTALDUE": "0", "STATE": "Paid", "PAYOFFKEY": bill.id}
        touch(company, charge, {**charge.copy(), **paid, **due_now})
    return bill


def _payable_charge(company: Company, card: CashAccount, key: str) -> Record:
    charge = find(company, "CCTRANSACTION", key)
    if charge is None or charge.body["CHARGECARDID"] != card.id:
        raise NotAllowed("CCTRANSACTION", f"Charge {key[:40]} is not on this card.", "Check the key, then try again.")
    _check_standing(charge)
    return charge


def record_receipt(company: Company, given: Fields, record: Record | None = None) -> Record:
    """Money that came in from nobody in particular: cash back, interest, a refund to a bank account."""
    said = Given(company, "OTHERRECEIPTS", given, record.copy() if record else None)
    on = said.need_date("WHENCREATED")
    bank = _receiving(said)
    rate = exchange_rate(said, on)
    lines = _lines(said, record, rate)
    between_entities(company, lines)
    check_open(company, on)
    method = said.choice("PAYMENTMETHOD", _RECEIPT_METHODS, said.need("PAYMENTMETHOD"))
    received = said.date("RECEIPTDATE") or on
    document: Fields = {
        **(record.copy() if record else {}),
        "FINANCIALENTITY": bank.id,
        "PAYER": said.need("PAYER", limit=100),
        "PAYMENTMETHOD": method,
        "PAYMETHOD": method,
        "RECORDID": said.text("RECORDID", limit=45),
        "DOCNUMBER": said.text("RECORDID", limit=45),
        "DESCRIPTION": said.text("DESCRIPTION", limit=1000),
        "WHENCREATED": native_date(on),
        "WHENPOSTED": native_date(on),
        "RECEIPTDATE": native_date(received),
        "DEPOSITDATE": native_date(deposited) if (deposited := said.date("DEPOSITDATE")) else "",
        "TAXSOLUTIONID": tax_solution(said),
        "STATE": "Posted",
        "RAWSTATE": "A",
        "UNDEPOSITEDACCOUNTNO": "" if bank.is_bank else bank.account,
        "INCLUSIVETAX": "true" if said.flag("INCLUSIVETAX") else "false",
        **money_fields(said, rate, on),
        **extras(said),
        **sums(lines, rate),
        "LINES": [line.document for line in lines],
    }
    facts = facts_for(rate, on, posts=True, control=bank.account, lines=[line.facts for line in lines])
    return keep(company, "OTHERRECEIPTS", document, facts, record=record)


def _receiving(said: Given) -> CashAccount:
    undeposited = said.reference("UNDEPOSITEDACCOUNTNO", "GLACCOUNT")
    if undeposited is not None and not said.sent("FINANCIALENTITY"):
        return CashAccount("", "Undeposited funds", undeposited.id, said.company.currency, is_bank=False)
    return cash_account(said.company, said.kind, said.need("FINANCIALENTITY"), cards=False)


def delete_receipt(company: Company, record: Record) -> None:
    """Delete a receipt or a transfer; dated as it was."""
    if record.body["STATE"] != "Posted":
        raise NotAllowed(record.kind, "Reversed transactions cannot be deleted.", "Leave both as they are.")
    posted = parse_date(str(record.body["WHENPOSTED"]))
    if posted is not None:
        check_open(company, posted)
    remove(company, record)


def transfer(company: Company, given: Fields) -> Record:
    """Funds from one bank account to another. Cards take no part in transfers."""
    said = Given(company, "FUNDSTRANSFER", given)
    on = said.need_date("WHENCREATED")
    here = cash_account(company, said.kind, said.need("FROMBANKACCOUNTID"), cards=False)
    there = cash_account(company, said.kind, said.need("TOBANKACCOUNTID"), cards=False)
    if here.id == there.id:
        raise NotAllowed(said.kind, "A transfer needs two different accounts.", "Choose another account.")
    rate = _side_rate(said, here, on, stated=here.currency != company.currency)
    amount = said.money("TRX_TOTALENTERED", here.currency)
    if amount is None:
        raise FieldMissing(said.kind, "TRX_TOTALENTERED")
    if amount.amount <= 0:
        raise FieldMalformed(said.kind, "TRX_TOTALENTERED", decimal_text(amount.amount), "amount above zero")
    to_rate = _side_rate(said, there, on, stated=here.currency == company.currency)
    into = _arriving(said, amount, rate, to_rate)
    check_open(company, on)
    document: Fields = {
        "FROMBANKACCOUNTID": here.id,
        "TOBANKACCOUNTID": there.id,
        "FINANCIALENTITY": here.id,
        "RECORDID": said.text("DOCNUMBER", limit=45),
        "DOCNUMBER": said.text("DOCNUMBER", limit=45),
        "DESCRIPTION": said.text("DESCRIPTION", limit=1000),
        "WHENCREATED": native_date(on),
        "WHENPOSTED": native_date(on),
        "STATE": "Posted",
        "RAWSTATE": "A",
        "TOCURRENCY": there.currency,
        "TOAMOUNT": decimal_text(into.amount),
        "BASECURR": company.currency,
        "CURRENCY": here.currency,
        "EXCHANGE_RATE": decimal_text(rate.value),
        **extras(said),
        **totals(amount, rate.to_base(amount), paid=amount, paid_base=rate.to_base(amount)),
    }
    more: dict[str, Any] = {
        "from": here.account,
        "to": there.account,
        "amount": decimal_text(amount.amount),
        "to_amount": decimal_text(into.amount),
        "to_currency": there.currency,
        "to_rate": decimal_text(to_rate.value),
        "exchange": company.settings["accounts"]["exchange"],
    }
    return keep(company, said.kind, document, facts_for(rate, on, posts=True, **more))


def _side_rate(said: Given, account: CashAccount, on: date, *, stated: bool) -> Rate:
    base = said.company.currency
    if account.currency == base:
        return Rate(Decimal(1), base, base)
    value = said.decimal("EXCHANGE_RATE") if stated else None
    if value is not None and not Decimal("0.000000001") <= value < 10**9:
        raise FieldMalformed(said.kind, "EXCHANGE_RATE", decimal_text(value)[:40], "rate above zero")
    rate = Rate(value, account.currency, base) if value is not None else day_rate(said.company, account.currency, on)
    if rate is None:
        raise FieldMissing(said.kind, "EXCHANGE_RATE")
    return rate


def _arriving(said: Given, amount: Money, rate: Rate, to_rate: Rate) -> Money:
    given = said.money("TOAMOUNT", to_rate.foreign)
    if rate.foreign == to_rate.foreign:
        if given is not None and given != amount:
            raise FieldMalformed(said.kind, "TOAMOUNT", decimal_text(given.amount), "amount equal to what is sent")
        return amount
    if given is None:
        base = rate.to_base(amount)
        given = (
            base if to_rate.foreign == to_rate.base else Money(base.amount / to_rate.value, to_rate.foreign).rounded()
        )
    if given.amount <= 0:
        raise FieldMalformed(said.kind, "TOAMOUNT", decimal_text(given.amount), "amount above zero")
    if not given.is_exact:
        raise WrongPrecision(given)
    return given
