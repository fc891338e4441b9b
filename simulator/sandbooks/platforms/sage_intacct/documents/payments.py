"""AP payments and employee reimbursements: drafts select, confirmed ones move money, void ones are taken back.

Source: developer.intacct.com/api/accounts-payable/ap-payments, .../employee-expenses (reimbursements)
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sandbooks.kit.company import Company
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.records import Record
from sandbooks.money import Money, Rate, total
from sandbooks.platforms.sage_intacct.documents.banks import CashAccount, cash_account
from sandbooks.platforms.sage_intacct.documents.headers import check_open, facts_for, keep, posted_on, reverse
from sandbooks.platforms.sage_intacct.documents.items import open_amount, refresh, relieve
from sandbooks.platforms.sage_intacct.documents.reading import Given, exchange_rate, money_fields, totals
from sandbooks.platforms.sage_intacct.objects.keeping import facts_of, find, remove
from sandbooks.platforms.sage_intacct.posting import rate_of
from sandbooks.platforms.sage_intacct.refusals import (
    FieldMalformed,
    FieldMissing,
    NotAllowed,
    Overpaid,
    ReferenceInvalid,
)
from sandbooks.platforms.sage_intacct.wire.scalars import decimal_text, native_date
from sandbooks.platforms.sage_intacct.wire.xml import Fields

METHODS = (
    "Printed Check",
    "Manual Check",
    "Cash",
    "EFT",
    "Charge Card",
    "Credit Card",
    "ACH",
    "WF Check",
    "Record Transfer",
)
PAYABLE = ("Posted", "Selected", "Partially Paid", "Approved")
# The ways of a payment detail to use a credit: its key, and the amount beside it.
CREDITS = (
    ("ADJUSTMENTKEY", "TRX_ADJUSTMENTAMOUNT", "APADJUSTMENT"),
    ("NEGATIVEBILLINVKEY", "TRX_NEGATIVEBILLINVAMOUNT", "APBILL"),
)
LACKING = ("DISCOUNTTOAPPLY", "CREDITTOAPPLY", "POSADJKEY", "ADVANCEKEY", "OVERPAYMENTKEY", "INLINEKEY", "ENTRYKEY")


def create(company: Company, given: Fields) -> Record:
    """A payment to a vendor."""
    said = Given(company, "APPYMT", given)
    vendor = said.reference("VENDORID", "VENDOR", required=True)
    on = said.need_date("PAYMENTDATE")
    bank = cash_account(company, "APPYMT", said.need("FINANCIALENTITY"))
    method = said.choice("PAYMENTMETHOD", METHODS, said.need("PAYMENTMETHOD"))
    if vendor is None:
        raise FieldMissing("APPYMT", "VENDORID")
    _check_currency(said)
    details = Given(company, "APPYMT", said.given.get("APPYMTDETAILS") or {}).group("APPYMTDETAIL")
    rate = _rate(said, details, on)
    lines, items = _details(company, details, vendor.id, rate)
    head: Fields = {
        "VENDORID": vendor.id,
        "VENDORNAME": str(vendor.body["NAME"]),
        "PAYMENTREQUESTMETHOD": said.text("PAYMENTREQUESTMETHOD") or "vendorpref",
        "GROUPPAYMENTS": "true" if said.flag("GROUPPAYMENTS") else "false",
    }
    state = _first_state(company, said)
    return _keep(said, head, bank=bank, method=method, on=on, rate=rate, state=state, lines=lines, items=items)


def reimburse(company: Company, given: Fields) -> Record:
    """A reimbursement to an employee, for expense reports."""
    said = Given(company, "EPPAYMENT", given)
    employee = said.reference("EMPLOYEEID", "EMPLOYEE", required=True)
    on = said.need_date("PAYMENTDATE")
    bank = cash_account(company, "EPPAYMENT", said.need("FINANCIALENTITY"), cards=False)
    method = said.choice("PAYMENTMETHOD", METHODS, said.need("PAYMENTMETHOD"))
    if employee is None:
        raise FieldMissing("EPPAYMENT", "EMPLOYEEID")
    details = Given(company, "EPPAYMENT", said.given.get("EPPAYMENTDETAILS") or {}).group("EPPAYMENTDETAIL")
    rate = _rate(said, details, on, kind="EEXPENSES")
    lines, items = [], []
    for place, detail in enumerate(details, 1):
        record = _target(company, detail, "RECORDKEY", "EEXPENSES")
        if record.body["EMPLOYEEID"] != employee.id:
            raise NotAllowed("EPPAYMENT", f"Expense report {record.id} belongs to another employee.", "Check the key.")
        line, item = _paid(company, detail, record, "TRX_PAYMENTAMOUNT", place=place, rate=rate)
        lines.append(line)
        items += item
    head: Fields = {
        "EMPLOYEEID": employee.id,
        "EMPLOYEENAME": str(employee.body.get("NAME", "")),
        "MEMO": said.text("MEMO"),
    }
    return _keep(said, head, bank=bank, method=method, on=on, rate=rate, state="Confirmed", lines=lines, items=items)


def _check_currency(said: Given) -> None:
    if not said.sent("CURRENCY") and said.company.settings.get("payment_currency_required"):
        raise FieldMissing("APPYMT", "CURRENCY")


def _rate(said: Given, details: Sequence[Given], on: date, *, kind: str = "APBILL") -> Rate:
    """The payment's rate: its own if given; the currency is that of the first document."""
    if not said.sent("CURRENCY") and details:
        record = _target(said.company, details[0], "RECORDKEY", kind)
        said = Given(
            said.company, said.kind, {**said.given, "CURRENCY": rate_of(facts_of(said.company, record)).foreign}
        )
    return exchange_rate(said, on)


def _target(company: Company, detail: Given, name: str, kind: str) -> Record:
    key = detail.need(name)
    record = find(company, kind, key) or (find(company, "APADJUSTMENT", key) if kind == "APBILL" else None)
    if record is None:
        # Source: error texts matched by github.com/fylein/fyle-intacct-api
        raise NotAllowed(
            detail.kind,
            f"Oops, we can't find this transaction; enter a valid {name}.",
            "Check the key, then try again.",
        )
    return record


def _details(
    company: Company, details: Sequence[Given], vendor: str, rate: Rate
) -> tuple[list[Fields], list[dict[str, Any]]]:
    lines: list[Fields] = []
    items: list[dict[str, Any]] = []
    for place, detail in enumerate(details, 1):
        lacking = next((name for name in LACKING if detail.sent(name)), "")
        if lacking:
            raise NotSimulated(f"{lacking} of a payment detail", instead="TRX_PAYMENTAMOUNT or ADJUSTMENTKEY")
        record = _target(company, detail, "RECORDKEY", "APBILL")
        if record.body["VENDORID"] != vendor:
            raise NotAllowed("APPYMT", f"Bill {record.id} belongs to another vendor.", "Check the key, then try again.")
        line, found = _paid(company, detail, record, "TRX_PAYMENTAMOUNT", place=place, rate=rate)
        items += found
        for key, amount, kind in CREDITS:
            if detail.sent(key):
                credit = _target(company, detail, key, kind)
                shown, used = _paid(company, detail, credit, amount, place=place, rate=rate)
                line |= {key: credit.id, amount: shown["TRX_PAYMENTAMOUNT"]}
                lines.append({**shown, "RECORDKEY": credit.id})
                items += used
        lines.append(line)
    return lines, items


def _paid(
    company: Company, detail: Given, record: Record, name: str, *, place: int, rate: Rate
) -> tuple[Fields, list[dict[str, Any]]]:
    """One document of a payment: its line, and what it relieves."""
    if rate_of(facts_of(company, record)).foreign != rate.foreign:
        raise ReferenceInvalid(detail.kind, "currency of the transaction", rate.foreign)
    amount = detail.money(name, rate.foreign)
    if amount is None:
        raise FieldMissing(detail.kind, name)
    opened = open_amount(company, record)
    if record.body["STATE"] not in PAYABLE or not opened:
        if record.body["STATE"] == "Paid":
            raise Overpaid("0", decimal_text(abs(amount).amount))
        raise NotAllowed(
            detail.kind,
            f"Transaction {record.id} is in state {record.body['STATE']} and cannot be paid.",
            "Check its state.",
        )
    if amount.amount <= 0 and record.kind != "APBILL":
        raise FieldMalformed(detail.kind, name, decimal_text(amount.amount), "amount above zero")
    sign = -1 if opened.amount < 0 else 1
    share = Money(abs(amount.amount) * sign, rate.foreign)
    if amount.amount < 0 and sign < 0:
        raise FieldMalformed(detail.kind, name, decimal_text(amount.amount), "amount above zero")
    pending = abs(Decimal(record.body["TRX_TOTALSELECTED"]))
    if abs(share.amount) > abs(opened.amount) - pending:
        raise Overpaid(decimal_text(abs(opened.amount) - pending), decimal_text(abs(share.amount)))
    line = {
        "RECORDKEY": record.id,
        "LINE_NO": str(place),
        "TRX_PAYMENTAMOUNT": decimal_text(abs(share.amount)),
        "PAYMENTAMOUNT": decimal_text(rate.to_base(abs(share)).amount),
        "CURRENCY": rate.foreign,
        "BASECURR": rate.base,
    }
    return line, relieve(company, record, share, rate)


def _first_state(company: Company, said: Given) -> str:
    # Unconfirmed: the names of payment states. A company without payment approval confirms at once.
    if said.choice("ACTION", ("Draft", "Submit"), "Submit") == "Draft":
        return "Draft"
    return "Submitted" if company.settings.get("payment_approval") else "Confirmed"


def _keep(
    said: Given,
    head: Fields,
    *,
    bank: CashAccount,
    method: str,
    on: date,
    rate: Rate,
    state: str,
    lines: list[Fields],
    items: list[dict[str, Any]],
) -> Record:
    company = said.company
    _check_lines(company, said.kind, lines, items)
    if bank.currency not in (rate.foreign, company.currency):
        raise ReferenceInvalid(said.kind, "currency of the bank account", bank.id)
    check_open(company, on)
    paid = -total((Money.of(item["paid"], rate.foreign) for item in items), rate.foreign)
    base = rate.to_base(paid)
    document = {
        **head,
        **money_fields(said, rate, on),
        **totals(paid, base, paid=paid, paid_base=base),
        "FINANCIALENTITY": bank.id,
        "FINANCIALENTITYTYPE": "ba" if bank.is_bank else "cc",
        "FINANCIALACCOUNTNAME": bank.name,
        "FINANCIALACCOUNTCURRENCY": bank.currency,
        "PAYMENTMETHOD": method,
        "DOCNUMBER": said.text("DOCNUMBER", limit=45),
        "DESCRIPTION": said.text("DESCRIPTION", limit=1000),
        "WHENCREATED": native_date(on),
        "WHENPOSTED": native_date(on),
        "PAYMENTDATE": native_date(on),
        "WHENPAID": native_date(on) if state == "Confirmed" else "",
        "PAYMENTAMOUNT": decimal_text(base.amount),
        "TRX_PAYMENTAMOUNT": decimal_text(paid.amount),
        "STATE": state,
        "RAWSTATE": state[0],
        "LINES": lines,
    }
    facts = facts_for(
        rate,
        on,
        posts=state == "Confirmed",
        items=items,
        bank=bank.account,
        bank_currency=rate.foreign if bank.currency == rate.foreign or not bank.is_bank else company.currency,
        exchange=company.settings["accounts"]["exchange"],
        party=str(head.get("VENDORID") or head.get("EMPLOYEEID")),
    )
    record = keep(company, said.kind, document, facts)
    _refresh(company, items)
    return record


def _check_lines(company: Company, kind: str, lines: list[Fields], items: list[dict[str, Any]]) -> None:
    if not lines or not items:
        # Source: error texts matched by github.com/fylein/fyle-intacct-api
        raise NotAllowed(kind, "No line items found.", "Add a transaction to pay.")
    keys = [item["record"] for item in items]
    for key in set(keys):
        shares = [item for item in items if item["record"] == key]
        if len(shares) > len({item["account"] for item in shares}):
            raise NotAllowed(kind, f"Transaction {key} is listed twice.", "List it once.")
    if not company.settings["accounts"].get("exchange"):
        raise FieldMissing(kind, "realised gain and loss account")


def _refresh(company: Company, items: Sequence[dict[str, Any]]) -> None:
    for kind, id in dict.fromkeys((item["kind"], item["record"]) for item in items):
        refresh(company, kind, id)


_STEPS = {
    "approve": (("Submitted",), "Approved"),
    "decline": (("Submitted",), "Declined"),
    "confirm": (("Submitted", "Approved"), "Confirmed"),
    "send": (("Approved", "Submitted"), "Approved"),
}


_DONE = {"approve": "approved", "decline": "declined", "send": "sent", "confirm": "confirmed"}


def step(company: Company, record: Record, verb: str) -> Record:
    """The workflow of a payment request: approve, decline, send, confirm."""
    from_states, state = _STEPS[verb]
    if record.body["STATE"] not in from_states:
        raise NotAllowed(
            "APPYMT",
            f"The payment is in state {record.body['STATE']}; it cannot be {_DONE[verb]}.",
            "Check its state.",
        )
    facts = {**facts_of(company, record), "posts": state == "Confirmed"}
    document = {**record.copy(), "STATE": state, "RAWSTATE": state[0]}
    if state == "Confirmed":
        facts["items"] = _again(company, record)
        document["WHENPAID"] = document["PAYMENTDATE"]
    made = keep(company, record.kind, document, facts, record=record)
    _refresh(company, facts["items"])
    return made


def _again(company: Company, record: Record) -> list[dict[str, Any]]:
    """What a request relieves at the moment when it is confirmed."""
    facts = facts_of(company, record)
    rate = rate_of(facts)
    items: list[dict[str, Any]] = []
    shares: dict[tuple[str, str], Money] = {}
    for item in facts["items"]:
        key = (item["kind"], item["record"])
        shares[key] = shares.get(key, Money.zero(rate.foreign)) + Money.of(item["paid"], rate.foreign)
    for (kind, id), share in shares.items():
        target = find(company, kind, id)
        if target is None:
            raise NotAllowed("APPYMT", f"Transaction {id} does not exist any more.", "Decline the payment.")
        items += relieve(company, target, share, rate)
    return items


def void(company: Company, record: Record, on: date) -> Record:
    """Void a confirmed payment: its mirror is posted on the void date and what it paid is open again.

    A payment that is dated later than that is voided on its own date.
    """
    if record.body["STATE"] != "Confirmed":
        raise NotAllowed(record.kind, "Only confirmed payments can be voided.", "Delete the request instead.")
    made = reverse(company, record, max(on, posted_on(record)), word="Voided")
    _refresh(company, facts_of(company, record)["items"])
    return made


def delete(company: Company, record: Record) -> None:
    """Delete a payment request that has moved nothing."""
    if record.body["STATE"] not in ("Draft", "Submitted", "Approved", "Declined"):
        raise NotAllowed(record.kind, "Confirmed payments cannot be deleted.", "Void the payment instead.")
    items = facts_of(company, record)["items"]
    remove(company, record)
    _refresh(company, items)
