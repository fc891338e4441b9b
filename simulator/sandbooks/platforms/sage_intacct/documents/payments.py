"""AP payments and employee reimbursements: drafts select, confirmed ones move money, void ones are taken back.

Source: developer.intacct.com/api/accounts-payable/ap-payments, .../employee-expenses (reimbursements)
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from msgspec import Struct

from sandbooks.kit.company import Company
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.records import Record
from sandbooks.money import Money, Rate, total
from sandbooks.platforms.sage_intacct.documents import details
from sandbooks.platforms.sage_intacct.documents.banks import CashAccount, cash_account
from sandbooks.platforms.sage_intacct.documents.headers import check_open, facts_for, keep, posted_on, reverse
from sandbooks.platforms.sage_intacct.documents.items import refresh, relieve
from sandbooks.platforms.sage_intacct.documents.reading import Given, exchange_rate, money_fields, totals
from sandbooks.platforms.sage_intacct.objects.keeping import facts_of, find, remove, touch
from sandbooks.platforms.sage_intacct.posting import rate_of
from sandbooks.platforms.sage_intacct.refusals import FieldMalformed, FieldMissing, NotAllowed, ReferenceInvalid
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
    "WF Domestic ACH",
    "WF USD Wire",
    "Check Delivery",
    "Record Transfer",
)
_REQUESTS = ("vendorpref", "vendor", "bill", "payto")


def create(company: Company, given: Fields) -> Record:
    """A payment to a vendor."""
    return _write(company, Given(company, "APPYMT", given), None)


def update(company: Company, record: Record, given: Fields) -> Record:
    """Change a draft: its details are those that are sent, the rest of it stands where nothing is said."""
    # Source: developer.intacct.com/api/accounts-payable/ap-payments (update)
    if record.body["STATE"] != "Draft":
        state = record.body["STATE"]
        raise NotAllowed("APPYMT", f"The payment is in state {state}; only a draft can be updated.", "Void it instead.")
    if given.get("APPYMTDETAILS") in (None, ""):
        raise FieldMissing("APPYMT", "APPYMTDETAILS")
    items = facts_of(company, record)["items"]
    freed = touch(company, record, {**record.copy(), "STATE": "Declined"})
    _refresh(company, items)
    dated = {"PAYMENTDATE": given["WHENCREATED"]} if given.get("WHENCREATED") else {}
    standing = {name: value for name, value in record.copy().items() if name != "LINES"}
    return _write(company, Given(company, "APPYMT", {**given, **dated}, standing), freed)


def _write(company: Company, said: Given, record: Record | None) -> Record:
    vendor = said.reference("VENDORID", "VENDOR", required=True)
    on = said.need_date("PAYMENTDATE")
    if vendor is None:
        raise FieldMissing("APPYMT", "VENDORID")
    _check_currency(said)
    sent = Given(company, "APPYMT", said.given.get("APPYMTDETAILS") or {}).group("APPYMTDETAIL")
    rate = _rate(said, sent, on)
    paid = details.read(company, details.drawn(company, sent, vendor.id, rate), vendor.id, rate, on=on)
    money = -total((Money.of(item["paid"], rate.foreign) for item in paid.items), rate.foreign) - paid.discount
    # Source: developer.intacct.com/api/accounts-payable/ap-payments (a payment by credits alone names neither)
    bare = not money and bool(paid.items)
    entity = said.text("FINANCIALENTITY") if bare else said.need("FINANCIALENTITY")
    bank = cash_account(company, "APPYMT", entity) if entity else None
    rate, paid = _at_stated(said, sent, vendor.id, bank, money, rate, paid, on=on)
    method = "" if bare and not said.text("PAYMENTMETHOD") else method_of(said)
    contact = said.reference("PAYMENTCONTACT", "CONTACT")
    head: Fields = {
        "VENDORID": vendor.id,
        "VENDORNAME": str(vendor.body["NAME"]),
        "PAYMENTREQUESTMETHOD": _request_method(said, paid.lines),
        "GROUPPAYMENTS": "true" if said.flag("GROUPPAYMENTS") else "false",
        "PAYMENTCONTACT": contact.id if contact else "",
    }
    how = _How(bank=bank, method=method, on=on, rate=rate, state=_first_state(company, said))
    return _keep(said, head, how, paid, record=record)


def _at_stated(
    said: Given,
    sent: Sequence[Given],
    vendor: str,
    bank: CashAccount | None,
    money: Money,
    rate: Rate,
    paid: details.Paid,
    *,
    on: date,
) -> tuple[Rate, details.Paid]:
    """The rate that the amount which is to leave a bank account in base currency comes to."""
    # Source: developer.intacct.com/api/accounts-payable/ap-payments (AMOUNTTOPAY: in the currency of the bank account,
    # where that is not the currency of what is paid)
    if bank is None or not bank.is_bank or bank.currency == rate.foreign or not said.sent("AMOUNTTOPAY"):
        return rate, paid
    wanted = said.money("AMOUNTTOPAY", rate.base)
    if wanted is None or wanted.amount <= 0 or money.amount <= 0 or wanted == rate.to_base(money):
        return rate, paid
    company = said.company
    stated = Rate(wanted.amount / money.amount, rate.foreign, rate.base)
    return stated, details.read(company, details.drawn(company, sent, vendor, stated), vendor, stated, on=on)


def method_of(said: Given, allowed: Sequence[str] = METHODS) -> str:
    """How money is sent. Raises ``NotSimulated`` for joint checks."""
    if said.text("PAYMENTMETHOD").lower() == "joint check":
        raise NotSimulated("joint checks", instead="a check to the vendor")
    return said.choice("PAYMENTMETHOD", tuple(allowed), said.need("PAYMENTMETHOD"))


def _request_method(said: Given, lines: list[Fields]) -> str:
    chosen = said.choice("PAYMENTREQUESTMETHOD", _REQUESTS, "vendorpref")
    if chosen == "bill" and len({line.get("RECORDKEY") or line.get("POSADJKEY") for line in lines}) > 1:
        raise NotSimulated("a payment of several bills that is one for each", instead="a payment for each bill")
    return chosen


def reimburse(company: Company, given: Fields) -> Record:
    """A reimbursement to an employee, for expense reports."""
    said = Given(company, "EPPAYMENT", given)
    employee = said.reference("EMPLOYEEID", "EMPLOYEE", required=True)
    on = said.need_date("PAYMENTDATE")
    bank = cash_account(company, "EPPAYMENT", said.need("FINANCIALENTITY"), cards=False)
    if employee is None:
        raise FieldMissing("EPPAYMENT", "EMPLOYEEID")
    contact = said.reference("PAYMENTCONTACT", "CONTACT")
    sent = Given(company, "EPPAYMENT", said.given.get("EPPAYMENTDETAILS") or {}).group("EPPAYMENTDETAIL")
    rate = _rate(said, sent, on, kind="EEXPENSES")
    head: Fields = {
        "EMPLOYEEID": employee.id,
        "EMPLOYEENAME": str(employee.body.get("NAME", "")),
        "MEMO": said.text("MEMO"),
        # Source: github.com/Intacct/intacct_dtd (create_reimbursementrequest: paymentoption)
        "PAYMENTOPTION": said.choice("PAYMENTOPTION", ("employee", "expense", "employeepref"), "employee"),
        "PAYMENTCONTACT": contact.id if contact else "",
    }
    how = _How(bank=bank, method=method_of(said), on=on, rate=rate, state="Confirmed")
    return _keep(said, head, how, _reports(company, sent, employee.id, rate))


def _reports(company: Company, sent: Sequence[Given], employee: str, rate: Rate) -> details.Paid:
    """What a reimbursement pays of each expense report."""
    lines: list[Fields] = []
    items: list[dict[str, Any]] = []
    for place, detail in enumerate(sent, 1):
        if detail.sent("CREDITTOAPPLY") or detail.sent("DISCOUNTTOAPPLY"):
            raise NotSimulated("credits and discounts of reimbursements", instead="the payment amount")
        record = details.target(company, detail, "RECORDKEY", "EEXPENSES")
        if record.body["EMPLOYEEID"] != employee:
            raise NotAllowed("EPPAYMENT", f"Expense report {record.id} belongs to another employee.", "Check the key.")
        if any(item["record"] == record.id for item in items):
            raise NotAllowed("EPPAYMENT", f"Transaction {record.id} is listed twice.", "List it once.")
        amount = detail.money("TRX_PAYMENTAMOUNT", rate.foreign)
        if amount is None:
            raise FieldMissing(detail.kind, "TRX_PAYMENTAMOUNT")
        if amount.amount <= 0:
            raise FieldMalformed(detail.kind, "TRX_PAYMENTAMOUNT", decimal_text(amount.amount), "amount above zero")
        opened = details.opened_of(detail, record, amount, rate)
        items += relieve(company, record, {"": amount if opened.amount > 0 else -amount}, rate)
        shown = {"RECORDKEY": record.id, "LINE_NO": str(place), **details.amounts(rate, PAYMENTAMOUNT=amount)}
        lines.append({**shown, "CURRENCY": rate.foreign, "BASECURR": rate.base})
    return details.Paid(lines, items, Money.zero(rate.foreign))


def _check_currency(said: Given) -> None:
    if not said.sent("CURRENCY") and said.company.settings.get("payment_currency_required"):
        raise FieldMissing("APPYMT", "CURRENCY")


def _rate(said: Given, sent: Sequence[Given], on: date, *, kind: str = "APBILL") -> Rate:
    """The payment's rate: its own if given; the currency is that of the first document."""
    if not said.sent("CURRENCY") and sent:
        name = "POSADJKEY" if sent[0].sent("POSADJKEY") else "RECORDKEY"
        record = details.target(said.company, sent[0], name, "APADJUSTMENT" if name == "POSADJKEY" else kind)
        said = Given(
            said.company, said.kind, {**said.given, "CURRENCY": rate_of(facts_of(said.company, record)).foreign}
        )
    return exchange_rate(said, on)


def _first_state(company: Company, said: Given) -> str:
    # Unconfirmed: the names of payment states. A company without payment approval confirms at once.
    if said.choice("ACTION", ("Draft", "Submit"), "Submit") == "Draft":
        return "Draft"
    return "Submitted" if company.settings.get("payment_approval") else "Confirmed"


class _How(Struct, frozen=True, kw_only=True):
    """How a payment is made: from where, by which method, when, at which rate, and as what it begins."""

    bank: CashAccount | None
    method: str
    on: date
    rate: Rate
    state: str


def _keep(said: Given, head: Fields, how: _How, paid: details.Paid, *, record: Record | None = None) -> Record:
    company, rate, on, bank = said.company, how.rate, how.on, how.bank
    _check_lines(company, said.kind, paid)
    if bank is not None and bank.currency not in (rate.foreign, company.currency):
        raise ReferenceInvalid(said.kind, "currency of the bank account", bank.id)
    check_open(company, on)
    money = -total((Money.of(item["paid"], rate.foreign) for item in paid.items), rate.foreign) - paid.discount
    base = rate.to_base(money)
    _check_amount(said, bank, money, base)
    document = {
        **(record.copy() if record else {}),
        **head,
        **money_fields(said, rate, on),
        **totals(money, base, paid=money, paid_base=base),
        **paid_from(bank),
        "PAYMENTMETHOD": how.method,
        **({"PAYMENTTYPE": how.method} if said.kind == "EPPAYMENT" else {}),
        "DOCNUMBER": said.text("DOCNUMBER", limit=45),
        "DESCRIPTION": said.text("DESCRIPTION", limit=1000),
        "WHENCREATED": native_date(on),
        "WHENPOSTED": native_date(on),
        "PAYMENTDATE": native_date(on),
        "WHENPAID": native_date(on) if how.state == "Confirmed" else "",
        "PAYMENTAMOUNT": decimal_text(base.amount),
        "TRX_PAYMENTAMOUNT": decimal_text(money.amount),
        "STATE": how.state,
        "RAWSTATE": how.state[0],
        "LINES": paid.lines,
    }
    accounts = company.settings["accounts"]
    facts = facts_for(
        rate,
        on,
        posts=how.state == "Confirmed",
        items=paid.items,
        # What credits settle among themselves leaves at most a rounding, which is an exchange difference.
        bank=bank.account if bank else accounts["exchange"],
        bank_currency=rate.foreign
        if bank and (bank.currency == rate.foreign or not bank.is_bank)
        else company.currency,
        exchange=accounts["exchange"],
        party=str(head.get("VENDORID") or head.get("EMPLOYEEID")),
        **_discount_facts(company, paid.discount),
    )
    kept = keep(company, said.kind, document, facts, record=record)
    _refresh(company, paid.items)
    return kept


def paid_from(bank: CashAccount | None) -> Fields:
    """Where the money comes from, as it is shown."""
    return {
        "FINANCIALENTITY": bank.id if bank else "",
        "FINANCIALENTITYTYPE": "" if bank is None else "ba" if bank.is_bank else "cc",
        "FINANCIALACCOUNTNAME": bank.name if bank else "",
        "FINANCIALACCOUNTCURRENCY": bank.currency if bank else "",
    }


def _discount_facts(company: Company, discount: Money) -> dict[str, str]:
    """The account of discounts taken, and how much is taken. Raises ``FieldMissing`` where the setup has none."""
    if not discount:
        return {}
    account = company.settings["accounts"].get("discounts", "")
    if not account:
        raise FieldMissing("APPYMT", "discount account")
    return {"discount": decimal_text(discount.amount), "discounts": account}


def _check_amount(said: Given, bank: CashAccount | None, money: Money, base: Money) -> None:
    """What is to leave a bank account of another currency is what the payment's rate says."""
    if not said.sent("AMOUNTTOPAY"):
        return
    in_base = bank is not None and bank.currency == base.currency
    wanted = said.money("AMOUNTTOPAY", base.currency if in_base else money.currency)
    if wanted != (base if in_base else money):
        raise NotSimulated("AMOUNTTOPAY at a rate of its own", instead="EXCHANGE_RATE")


def _check_lines(company: Company, kind: str, paid: details.Paid) -> None:
    if not paid.lines or not paid.items:
        # Source: error texts matched by github.com/fylein/fyle-intacct-api
        raise NotAllowed(kind, "No line items found.", "Add a transaction to pay.")
    currency = paid.discount.currency
    if total((Money.of(item["paid"], currency) for item in paid.items), currency).amount > 0:
        raise NotAllowed(kind, "The credits are more than what they pay.", "Use less of them.")
    if not company.settings["accounts"].get("exchange"):
        raise FieldMissing(kind, "realised gain and loss account")


def _refresh(company: Company, items: Sequence[dict[str, Any]]) -> None:
    for kind, id in dict.fromkeys((item["kind"], item["record"]) for item in items):
        refresh(company, kind, id)


_STEPS = {
    "approve": (("Submitted",), "Approved"),
    "decline": (("Submitted",), "Declined"),
    "confirm": (("Submitted", "Approved", "Delivered"), "Confirmed"),
    "send": (("Approved", "Submitted"), "Approved"),
    # Source: github.com/lorenz-bus-service/node-intacct-rest-api (accounts-payable: an approved payment that is printed
    # is delivered, and confirmed after that)
    "print": (("Approved",), "Delivered"),
}


_DONE = {"approve": "approved", "decline": "declined", "send": "sent", "confirm": "confirmed", "print": "printed"}


def step(company: Company, record: Record, verb: str) -> Record:
    """The workflow of a payment request: approve, decline, send, print, confirm."""
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
    shares: dict[tuple[str, str], dict[str, Money]] = {}
    for item in facts["items"]:
        held = shares.setdefault((item["kind"], item["record"]), {})
        held[item["account"]] = Money.of(item["paid"], rate.foreign)
    for (kind, id), by_account in shares.items():
        target = find(company, kind, id)
        if target is None:
            raise NotAllowed("APPYMT", f"Transaction {id} does not exist any more.", "Decline the payment.")
        items += relieve(company, target, by_account, rate)
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
