"""AP advances: money paid to a vendor before there is a bill, which stands as a credit until payments of bills use it.

Paid, an advance is a debit on the account of advances (or the one that its line names) and a credit on the bank.
Applied, it pays of a bill as any credit does. A payment on account is an advance without lines of its own.
Source: Sage Intacct help ("About AP advances", "Field descriptions: Advances"), developer.sage.com/intacct (OpenAPI of
accounts payable: advance, advance-line). Unconfirmed: that the payment request of an advance has the advance's key.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.money import Rate, total
from sandbooks.platforms.sage_intacct.documents.banks import cash_account
from sandbooks.platforms.sage_intacct.documents.headers import (
    check_open,
    extras,
    facts_for,
    keep,
    posted_on,
    reverse,
    sums,
)
from sandbooks.platforms.sage_intacct.documents.items import EFFECTIVE, PENDING, payments_of
from sandbooks.platforms.sage_intacct.documents.lines import Line, between_entities, read_line
from sandbooks.platforms.sage_intacct.documents.payments import METHODS, method_of, paid_from
from sandbooks.platforms.sage_intacct.documents.reading import Given, exchange_rate, money_fields
from sandbooks.platforms.sage_intacct.objects.keeping import facts_of, remove
from sandbooks.platforms.sage_intacct.refusals import FieldMalformed, FieldMissing, LineUnusable, NotAllowed
from sandbooks.platforms.sage_intacct.wire.scalars import decimal_text, native_date
from sandbooks.platforms.sage_intacct.wire.xml import Fields

KIND = "APADVANCE"
_WAITING = ("Draft", "Declined", "Pending Approval")
PAID = "Advance paid"
# Source: developer.sage.com/intacct (OpenAPI of accounts payable: paymentMethod of advance)
_METHODS = tuple(method for method in METHODS if method in ("Printed Check", "Cash", "EFT", "Charge Card", "ACH"))


def create(company: Company, given: Fields) -> Record:
    """A new advance, paid at once unless it is a draft or payments need approval."""
    return _write(company, Given(company, KIND, given), None)


def update(company: Company, record: Record, given: Fields) -> Record:
    """Change an advance that is not paid yet."""
    _check_state(record, ("Draft", "Declined"), "updated")
    return _write(company, Given(company, KIND, given, record.copy()), record)


def on_account(company: Company, given: Fields) -> Record:
    """A payment to a vendor that names no bill: its amount stands as a credit."""
    # Source: github.com/Intacct/intacct_dtd (create_paymentrequest: paymentamount in place of paymentrequestitems).
    # Unconfirmed: that the amount stays on account and pays no bill by itself.
    line = {"TRX_AMOUNT": given.get("PAYMENTAMOUNT", "")}
    rest = {name: value for name, value in given.items() if name not in ("PAYMENTAMOUNT", "APPYMTDETAILS")}
    return create(company, {**rest, "APADVANCEITEMS": {"APADVANCEITEM": line}})


def _write(company: Company, said: Given, record: Record | None) -> Record:
    vendor = said.reference("VENDORID", "VENDOR", required=True)
    on = said.need_date("PAYMENTDATE")
    if vendor is None:
        raise FieldMissing(KIND, "VENDORID")
    bank = cash_account(company, KIND, said.need("FINANCIALENTITY"))
    rate = exchange_rate(said, on)
    if bank.is_bank and bank.currency not in (rate.foreign, company.currency):
        raise FieldMalformed(KIND, "FINANCIALENTITY", bank.id, "account in the currency of the advance")
    method = method_of(said, _METHODS)
    lines = _lines(said, record, rate)
    between_entities(company, lines)
    check_open(company, on)
    state = _first_state(company, said)
    document: Fields = {
        **(record.copy() if record else {}),
        "VENDORID": vendor.id,
        "VENDORNAME": str(vendor.body["NAME"]),
        "RECORDID": said.text("DOCNUMBER", limit=45),
        "DOCNUMBER": said.text("DOCNUMBER", limit=45),
        "DESCRIPTION": said.text("DESCRIPTION", limit=1000),
        "PAYMENTMETHOD": method,
        "WHENCREATED": native_date(on),
        "WHENPOSTED": native_date(on),
        "PAYMENTDATE": native_date(on),
        "WHENPAID": native_date(on) if state == PAID else "",
        "STATE": state,
        "RAWSTATE": state[0],
        "PRBATCH": f"Advances: {on:%Y/%m/%d} Batch",
        **paid_from(bank),
        **money_fields(said, rate, on),
        **extras(said),
        **sums(lines, rate),
        "LINES": [line.document for line in lines],
    }
    in_foreign = bank.currency == rate.foreign or not bank.is_bank
    facts = facts_for(
        rate,
        on,
        posts=state == PAID,
        control=bank.account,
        bank_currency=rate.foreign if in_foreign else company.currency,
        lines=[line.facts for line in lines],
    )
    return keep(company, KIND, document, facts, record=record)


def _lines(said: Given, record: Record | None, rate: Rate) -> list[Line]:
    holder = said.given.get("APADVANCEITEMS")
    if holder in (None, "") and record is not None:
        rows = [Given(said.company, KIND, dict(line)) for line in record.body["LINES"]]
    else:
        rows = Given(said.company, KIND, holder if isinstance(holder, dict) else {}).group("APADVANCEITEM")
    if not rows:
        raise LineUnusable(KIND, 1)
    lines = [read_line(_placed(row), place, rate=rate) for place, row in enumerate(rows, 1)]
    whole = total((line.net for line in lines), rate.foreign)
    wrong = next((line.net for line in lines if line.net.amount <= 0), None)
    if wrong is not None or not whole:
        raise FieldMalformed(KIND, "TRX_AMOUNT", decimal_text((wrong or whole).amount), "amount above zero")
    return lines


def _placed(row: Given) -> Given:
    """A line with its account: that of advances in the setup, payables where the setup names none."""
    if row.sent("ACCOUNTNO") or row.sent("ACCOUNTLABEL"):
        return row
    company = row.company
    account = str(company.settings.get("advance_account") or company.settings["accounts"]["payables"])
    return Given(company, KIND, {**row.given, "ACCOUNTNO": account})


def _first_state(company: Company, said: Given) -> str:
    if said.choice("ACTION", ("Draft", "Submit"), "Submit") == "Draft":
        return "Draft"
    return "Pending Approval" if company.settings.get("payment_approval") else PAID


def step(company: Company, record: Record, verb: str) -> Record:
    """What becomes of the payment request of an advance: confirmed it is paid, declined it is not."""
    if verb in ("approve", "send"):
        _check_state(record, ("Pending Approval", "In process"), "approved")
        return _move(company, record, "In process", posts=False)
    if verb == "decline":
        _check_state(record, ("Pending Approval",), "declined")
        return _move(company, record, "Declined", posts=False)
    _check_state(record, ("Pending Approval", "In process"), "confirmed")
    return _move(company, record, PAID, posts=True)


def _move(company: Company, record: Record, state: str, *, posts: bool) -> Record:
    facts: dict[str, Any] = {**facts_of(company, record), "posts": posts}
    document = {**record.copy(), "STATE": state, "RAWSTATE": state[0]}
    if posts:
        document["WHENPAID"] = document["PAYMENTDATE"]
    return keep(company, KIND, document, facts, record=record)


def void(company: Company, record: Record, on: date) -> Record:
    """Void an advance of which nothing is applied: its mirror is posted on the void date."""
    if payments_of(company, record, (*EFFECTIVE, *PENDING)):
        raise NotAllowed(KIND, "An advance that is applied cannot be voided.", "Void the payments that use it first.")
    _check_state(record, (PAID,), "voided")
    return reverse(company, record, max(on, posted_on(record)), word="Voided")


def delete(company: Company, record: Record) -> None:
    """Delete an advance that is not paid."""
    _check_state(record, _WAITING, "deleted")
    remove(company, record)


def _check_state(record: Record, states: tuple[str, ...], verb: str) -> None:
    state = record.body["STATE"]
    if state not in states:
        raise NotAllowed(KIND, f"The advance is in state {state}; it cannot be {verb}.", "Check its state.")
