"""AP bills and AP adjustments (debit memos): what is owed to a vendor, and what the vendor owes back.

Source: developer.intacct.com/api/accounts-payable (bills, adjustments)
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.platforms.sage_intacct.documents.allocations import as_part, spread
from sandbooks.platforms.sage_intacct.documents.headers import (
    check_open,
    extras,
    facts_for,
    keep,
    reverse,
    sums,
    tax_solution,
)
from sandbooks.platforms.sage_intacct.documents.items import PAYMENTS, payments_of
from sandbooks.platforms.sage_intacct.documents.lines import Line, between_entities, read_line
from sandbooks.platforms.sage_intacct.documents.reading import Given, exchange_rate, money_fields
from sandbooks.platforms.sage_intacct.documents.summaries import check_summary, summary_of
from sandbooks.platforms.sage_intacct.documents.terms import due_day
from sandbooks.platforms.sage_intacct.objects.keeping import annotate, facts_of, find, remove, touch
from sandbooks.platforms.sage_intacct.refusals import (
    BillNumberMissing,
    BillNumberTaken,
    FieldMissing,
    LineUnusable,
    NotAllowed,
)
from sandbooks.platforms.sage_intacct.wire.scalars import native_date, parse_date
from sandbooks.platforms.sage_intacct.wire.xml import Fields

# A bill that is posted and moves nothing. Source: Sage Intacct help, "Bill state descriptions"
NO_VALUE = "No Value"
# What may change on a bill whose posting stays as it is.
_LIGHT = frozenset(
    (
        "RECORDNO",
        "DESCRIPTION",
        "DOCNUMBER",
        "SUPDOCID",
        "WHENDUE",
        "ONHOLD",
        "RECPAYMENTDATE",
        "PAYMENTPRIORITY",
        "TERMNAME",
        "BILLTOPAYTOCONTACTNAME",
        "SHIPTORETURNTOCONTACTNAME",
    )
)
# Source: developer.intacct.com/api/accounts-payable/bills (create: payment priority, pay-to and return-to contacts)
_PRIORITIES = ("urgent", "high", "normal", "low")
_CONTACTS = ("BILLTOPAYTOCONTACTNAME", "SHIPTORETURNTOCONTACTNAME")
_ITEMS = {"APBILL": ("APBILLITEMS", "APBILLITEM"), "APADJUSTMENT": ("APADJUSTMENTITEMS", "APADJUSTMENTITEM")}


def create(company: Company, kind: str, given: Fields) -> Record:
    """A new bill or adjustment."""
    return _write(company, kind, Given(company, kind, given), None)


def update(company: Company, record: Record, given: Fields) -> Record:
    """Change a bill. One that is paid in part or whole takes attachments and notes only."""
    said = Given(company, record.kind, given, record.copy())
    if not {name for name in given if given[name] is not None} - _LIGHT:
        return _annotate(company, record, said)
    check_summary(company, record)
    if record.body["STATE"] in ("Reversed", "Reversal"):
        raise NotAllowed(record.kind, "A reversed transaction cannot be updated.", "Create a new one.")
    if _is_touched(company, record):
        # Source: docs.codat.io (validation of bills of Sage Intacct)
        raise NotAllowed(
            record.kind,
            "This bill has been paid or partially paid and can no longer be updated.",
            "Void the payment first.",
        )
    # Unconfirmed: public pages disagree on whether a posted bill takes new lines; the setting chooses.
    if record.body["STATE"] == "Posted" and company.settings.get("posted_bill_edits") == "limited":
        raise NotAllowed(record.kind, "Posted transactions cannot be edited.", "Reverse it and create a new one.")
    return _write(company, record.kind, said, record)


def _annotate(company: Company, record: Record, said: Given) -> Record:
    document = record.copy()
    for name in ("DESCRIPTION", "DOCNUMBER", "TERMNAME"):
        if name in said.given:
            document[name] = said.text(name, limit=1000)
    due = said.date("WHENDUE")
    document.update(extras(said), WHENDUE=native_date(due) if due else document["WHENDUE"])
    document["RECPAYMENTDATE"] = _shown(said.date("RECPAYMENTDATE"))
    document["PAYMENTPRIORITY"] = said.choice("PAYMENTPRIORITY", _PRIORITIES, "normal")
    document |= _contacts(said)
    document["ONHOLD"] = "true" if said.flag("ONHOLD") else "false"
    return annotate(company, record, document)


def _is_touched(company: Company, record: Record) -> bool:
    return bool(payments_of(company, record, ("Draft", "Submitted", "Approved", "Delivered", "Confirmed")))


def _write(company: Company, kind: str, given: Given, record: Record | None) -> Record:
    state = _state(company, given, record)
    # Source: developer.intacct.com/api/accounts-payable/bills (a draft needs neither vendor nor dates)
    draft = state == "Draft" and kind == "APBILL"
    created = given.date("WHENCREATED") if draft else given.need_date("WHENCREATED")
    posted = (given.date("WHENPOSTED") if given.sent("WHENPOSTED") or record is None else None) or created
    batch, on = summary_of(given, posted or company.world.clock.today(company.time_zone))
    posted = on if posted else None
    vendor = given.reference("VENDORID", "VENDOR", required=not draft)
    rate = exchange_rate(given, on)
    number = _number(company, kind, given, vendor.id if vendor else "", record)
    head: Fields = {
        "RECORDID": number,
        "VENDORID": vendor.id if vendor else "",
        "VENDORNAME": str(vendor.body["NAME"]) if vendor else "",
        "DOCNUMBER": given.text("DOCNUMBER", limit=45),
        "DESCRIPTION": given.text("DESCRIPTION", limit=1000),
        "WHENCREATED": _shown(created),
        "WHENPOSTED": _shown(posted),
        "WHENDUE": _shown(_due(given, kind, created, draft=draft)),
        "RECPAYMENTDATE": _shown(given.date("RECPAYMENTDATE")),
        "TERMNAME": given.text("TERMNAME"),
        "ONHOLD": "true" if given.flag("ONHOLD") else "false",
        "INCLUSIVETAX": "true" if given.flag("INCLUSIVETAX") else "false",
        "TAXSOLUTIONID": tax_solution(given),
        "PAYMENTPRIORITY": given.choice("PAYMENTPRIORITY", _PRIORITIES, "normal"),
        "MODULEKEY": "3.AP",
        "NOGL": "true" if given.flag("NOGL") else "false",
        **batch,
        **_contacts(given),
        **money_fields(given, rate, on),
        **extras(given),
    }
    lines = _lines(kind, given, record, rate, inclusive=given.flag("INCLUSIVETAX"))
    between_entities(company, lines)
    check_open(company, on)
    shown = NO_VALUE if kind == "APBILL" and state == "Posted" and not any(line.gross for line in lines) else state
    head |= {"STATE": shown, "RAWSTATE": shown[0], **sums(lines, rate), "LINES": [line.document for line in lines]}
    # Source: developer.intacct.com/api/accounts-payable/vendors (OFFSETGLACCOUNTNO: AP account; APACCOUNT: expenses)
    own = str(vendor.body.get("OFFSETGLACCOUNTNO") or "") if vendor else ""
    control = own or company.settings["accounts"]["payables"]
    # Source: github.com/Intacct/intacct_dtd (nogl). Unconfirmed: that payments of such a bill are posted all the same.
    posts = state == "Posted" and not given.flag("NOGL")
    facts = facts_for(rate, on, posts=posts, control=control, lines=[line.facts for line in lines])
    if record is not None:
        head = {**record.copy(), **head}
    return keep(company, kind, head, facts, record=record)


def _number(company: Company, kind: str, given: Given, vendor: str, record: Record | None) -> str:
    """The bill number: required where the company numbers no documents itself, unique for the vendor."""
    number = given.text("RECORDID", limit=45)
    if not number and company.settings.get("bill_sequence"):
        number = f"BILL-{company.records.next_number('sequence/bill')}"
    if not number and kind == "APBILL":
        raise BillNumberMissing
    taken = [
        held
        for held in company.records.find(kind, "RECORDID", number)
        if number and held.body["VENDORID"] == vendor and held.id != (record.id if record else "")
    ]
    live = [held for held in taken if held.body["STATE"] not in ("Reversed", "Reversal")]
    # Source: Sage Intacct help, "Configure Accounts Payable" (duplicate bill numbers: disallow, warn, allow)
    if live and company.settings.get("duplicate_bill_numbers") != "allow":
        raise BillNumberTaken(vendor, number)
    return number


def _shown(day: date | None) -> str:
    return native_date(day) if day else ""


def _contacts(given: Given) -> Fields:
    """Whom to pay and whom to return to, as the bill names them. Raises ``ReferenceInvalid``."""
    # Unconfirmed: what is shown of a bill that names none; here nothing, not the vendor's own.
    found = {name: given.reference(name, "CONTACT") for name in _CONTACTS}
    return {name: record.id if record else "" for name, record in found.items()}


def _due(given: Given, kind: str, created: date | None, *, draft: bool) -> date | None:
    due = given.date("WHENDUE")
    if due is not None:
        return due
    term = given.reference("TERMNAME", "APTERM")
    if created is None or (draft and term is None):
        return None
    if term is None:
        if kind == "APADJUSTMENT":
            return created
        raise FieldMissing(kind, "WHENDUE")
    return due_day(term.body, created)


def _lines(kind: str, given: Given, record: Record | None, rate: Any, *, inclusive: bool) -> list[Line]:
    group, item = _ITEMS[kind]
    holder = given.given.get(group)
    if holder in (None, "") and record is not None:
        rows = [Given(given.company, kind, as_sent(line)) for line in record.body["LINES"]]
    else:
        rows = Given(given.company, kind, holder if isinstance(holder, dict) else {}).group(item)
    if not rows:
        raise LineUnusable(kind, 1)
    parts = spread(rows, rate.foreign, inclusive=inclusive)
    lines = [read_line(row, place, rate=rate, inclusive=inclusive) for place, row in enumerate(parts, 1)]
    if kind == "APADJUSTMENT" and len({line.net.amount > 0 for line in lines if line.net}) > 1:
        # Source: developer.intacct.com/api/accounts-payable/ap-adjustments (lines). Unconfirmed: the words.
        raise NotAllowed(kind, "Amounts must be all positive or all negative.", "Create two adjustments.")
    return lines


def as_sent(line: Fields) -> Fields:
    """A stored line as a client would send it again."""
    return as_part({name: value for name, value in line.items() if name != "TOTALTRXAMOUNT"})


def _state(company: Company, given: Given, record: Record | None) -> str:
    action = given.choice("ACTION", ("Draft", "Submit"), "Submit")
    if record is not None and not given.sent("ACTION"):
        return "Posted" if record.body["STATE"] == NO_VALUE else str(record.body["STATE"])
    if action == "Draft":
        return "Draft"
    return "Submitted" if company.settings.get("bill_approval") else "Posted"


def approve(company: Company, record: Record, *, declined: bool = False) -> Record:
    """An approver's decision on a submitted bill: it posts, or is declined."""
    if record.body["STATE"] != "Submitted":
        raise NotAllowed(record.kind, "Only submitted transactions can be approved.", "Submit it first.")
    state = "Declined" if declined else "Posted"
    check_summary(company, record)
    facts = {**facts_of(company, record), "posts": not declined and record.body.get("NOGL") != "true"}
    return keep(company, record.kind, {**record.copy(), "STATE": state, "RAWSTATE": state[0]}, facts, record=record)


def recall(company: Company, record: Record) -> Record:
    """Take a bill back from its approvers: it is a draft again."""
    if record.body["STATE"] != "Submitted":
        raise NotAllowed(record.kind, "Only submitted bills can be recalled.", "Check its state.")
    facts = facts_of(company, record)
    return keep(company, record.kind, {**record.copy(), "STATE": "Draft", "RAWSTATE": "D"}, facts, record=record)


def delete(company: Company, record: Record) -> None:
    """Delete what is unpaid; what was reversed stays, and so does what pays off a card."""
    # Source: Sage Intacct help, "About deleting and reversing bills" ; developer.sage.com/intacct (delete a bill: only
    # unpaid ones in the states posted, draft and declined)
    check_summary(company, record)
    if _paid_off_by(company, record):
        raise NotAllowed(record.kind, "A bill of a charge payoff cannot be deleted.", "Reverse it instead.")
    if record.body["STATE"] not in ("Posted", NO_VALUE, "Draft", "Declined") or _is_touched(company, record):
        raise NotAllowed(
            record.kind,
            f"The bill is in state {record.body['STATE']} and cannot be deleted.",
            "Cancel or void its payments first, or reverse it.",
        )
    posted = parse_date(str(record.body["WHENPOSTED"]))
    if posted is not None:
        check_open(company, posted)
    remove(company, record)


def reverse_bill(company: Company, record: Record, on: date, memo: str) -> Record:
    """Reverse a posted bill that no payment touches; the charges that it paid off stand again."""
    if record.kind in PAYMENTS and _is_touched(company, record):
        raise NotAllowed(record.kind, "A bill with payments cannot be reversed.", "Void the payments first.")
    check_summary(company, record)
    made = reverse(company, record, on, memo=memo)
    for charge in _paid_off_by(company, record):
        whole, base = charge.body["TRX_TOTALENTERED"], charge.body["TOTALENTERED"]
        due = {"TRX_TOTALPAID": "0", "TOTALPAID": "0", "TRX_TOTALDUE": whole, "TOTALDUE": base}
        touch(company, charge, {**charge.copy(), **due, "STATE": "Posted", "PAYOFFKEY": ""})
    return made


def _paid_off_by(company: Company, record: Record) -> list[Record]:
    """The charges that a bill to a card's vendor pays off. Source: Sage Intacct help, "Pay off charges" """
    return list(company.records.find("CCTRANSACTION", "PAYOFFKEY", record.id)) if record.kind == "APBILL" else []


def standing(company: Company, key: str) -> Record | None:
    """A bill or an adjustment by its RECORDNO."""
    return find(company, "APBILL", key) or find(company, "APADJUSTMENT", key)
