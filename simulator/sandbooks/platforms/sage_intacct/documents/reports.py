"""Expense reports: what an employee spent. Reimbursable lines are owed to the employee, others to an offset account.

Source: developer.intacct.com/api/employee-expenses, developer.sage.com/intacct (employee-expense)
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sandbooks.kit.company import Company
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.records import Record
from sandbooks.money import Money, Rate, known_currency
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
from sandbooks.platforms.sage_intacct.documents.items import payments_of
from sandbooks.platforms.sage_intacct.documents.lines import Line, between_entities, read_line
from sandbooks.platforms.sage_intacct.documents.reading import Given, exchange_rate, money_fields
from sandbooks.platforms.sage_intacct.documents.relationships import check_claim
from sandbooks.platforms.sage_intacct.documents.summaries import check_summary, summary_of
from sandbooks.platforms.sage_intacct.documents.taxes import entries
from sandbooks.platforms.sage_intacct.objects.keeping import annotate, facts_of, find, remove
from sandbooks.platforms.sage_intacct.rates import day_rate
from sandbooks.platforms.sage_intacct.refusals import (
    FieldMalformed,
    FieldMissing,
    LineUnusable,
    NotAllowed,
    UniqueValueTaken,
)
from sandbooks.platforms.sage_intacct.wire.scalars import decimal_text, native_date, parse_date
from sandbooks.platforms.sage_intacct.wire.xml import Fields

_LIGHT = frozenset(["RECORDNO", "SUPDOCID", "DESCRIPTION", "MEMO"])


def write(company: Company, given: Fields, record: Record | None = None) -> Record:
    """A new expense report, or the next version of one."""
    said = Given(company, "EEXPENSES", given, record.copy() if record else None)
    employee = said.reference("EMPLOYEEID", "EMPLOYEE", required=True)
    if employee is None:
        raise FieldMissing(said.kind, "EMPLOYEEID")
    on = said.need_date("WHENCREATED")
    batch, posted = summary_of(said, (said.date("WHENPOSTED") if said.sent("WHENPOSTED") else None) or on)
    number = _number(company, said, record)
    rate = exchange_rate(said, posted)
    lines = _lines(said, record, rate)
    for line in lines:
        project = str(line.document.get("PROJECTID", ""))
        check_claim(said, find(company, "PROJECT", project) if project else None, employee.id)
    between_entities(company, lines)
    state = _state(company, said, record)
    check_open(company, posted)
    document: Fields = {
        **(record.copy() if record else {}),
        "RECORDID": number,
        "EMPLOYEEID": employee.id,
        "EMPLOYEENAME": str(employee.body.get("NAME", "")),
        "WHENCREATED": native_date(on),
        "WHENPOSTED": native_date(posted),
        "DESCRIPTION": said.text("DESCRIPTION", limit=1000),
        "MEMO": said.text("MEMO", limit=1000),
        **batch,
        "STATE": state,
        "RAWSTATE": state[0],
        "INCLUSIVETAX": "true" if said.flag("INCLUSIVETAX") else "false",
        "TAXSOLUTIONID": tax_solution(said),
        **money_fields(said, rate, posted),
        **extras(said),
        **sums(lines, rate),
        "LINES": [line.document for line in lines],
    }
    control = company.settings["accounts"]["employee_payables"]
    facts = facts_for(rate, posted, posts=state == "Approved", control=control, lines=[line.facts for line in lines])
    return keep(company, "EEXPENSES", document, facts, record=record)


def _number(company: Company, said: Given, record: Record | None) -> str:
    number = said.text("RECORDID", limit=45)
    if not number:
        # Source: developer.intacct.com/api/employee-expenses (left out where the company numbers reports itself)
        return f"ER-{company.records.next_number('sequence/report', start=1001):05d}"
    taken = [
        held
        for held in company.records.find("EEXPENSES", "RECORDID", number)
        if held.id != (record.id if record else "")
    ]
    if [held for held in taken if held.body["STATE"] not in ("Reversed", "Reversal")]:
        raise UniqueValueTaken("EEXPENSES", "RECORDID", number)
    return number


def _state(company: Company, said: Given, record: Record | None) -> str:
    wanted = (
        said.choice("STATE", ("Draft", "Submitted", "Approved"), "Submitted")
        if said.sent("STATE") or record is None
        else ""
    )
    if not wanted and record is not None:
        return str(record.body["STATE"])
    if wanted == "Draft":
        return "Draft"
    # A company without expense approval approves at once, and approval is what posts.
    return "Submitted" if company.settings.get("expense_approval") else "Approved"


def _lines(said: Given, record: Record | None, rate: Rate) -> list[Line]:
    holder = said.given.get("LINES")
    rows = said.group("LINES")
    if holder in (None, "") and record is not None:
        rows = [Given(said.company, said.kind, as_sent(line)) for line in record.body["LINES"]]
    if not rows:
        raise LineUnusable(said.kind, 1)
    inclusive = said.flag("INCLUSIVETAX")
    parts = spread([_claimed(row, rate) for row in rows], rate.foreign, inclusive=inclusive)
    return [_line(row, place, rate=rate, inclusive=inclusive) for place, row in enumerate(parts, 1)]


def _claimed(row: Given, rate: Rate) -> Given:
    """A line in another currency is spread in that, and converted by its rate. Raises ``NotSimulated``."""
    spent = (row.text("CURRENCY") or rate.foreign).upper()
    if row.sent("ALLOCATION") and spent != rate.foreign and row.sent("AMOUNT"):
        raise NotSimulated("an allocated expense whose claimed amount is stated", instead="its exchange rate")
    return row


def as_sent(line: Fields) -> Fields:
    """A stored line as a client would send it again."""
    left_out = ("TOTALTRXAMOUNT", "CURRENCY", "EXCHANGE_RATE")
    sent = as_part({name: value for name, value in line.items() if name not in left_out})
    if "SPENT_CURRENCY" in line:
        sent |= {"CURRENCY": line["SPENT_CURRENCY"], "SPENT": line["SPENT"], "EXCHANGE_RATE": line["EXCHANGE_RATE"]}
    return sent


def _line(row: Given, place: int, *, rate: Rate, inclusive: bool) -> Line:
    """One expense: in the report's currency, or spent in another and converted at the line's own rate."""
    when = row.date("ENTRY_DATE")
    spent = (row.text("CURRENCY") or rate.foreign).upper()
    extra: Fields = {"ENTRY_DATE": native_date(when)} if when else {}
    if spent != rate.foreign:
        row, shown = _converted(row, spent, rate, when, inclusive=inclusive)
        extra |= shown
    line = read_line(row, place, rate=rate, inclusive=inclusive, labels="EEACCOUNTLABEL")
    payment = row.reference("EXPPMTTYPE", "EXPENSEPAYMENTTYPE")
    if payment is not None:
        extra["EXPPMTTYPE"] = payment.id
        extra["NONREIMBURSABLE"] = str(payment.body["NONREIMBURSABLE"])
        if payment.body["NONREIMBURSABLE"] == "true" and payment.body.get("OFFSETACCTNO"):
            line.facts["control"] = str(payment.body["OFFSETACCTNO"])
    if row.sent("ACCOUNTLABEL"):
        extra["EXPENSETYPE"] = row.text("ACCOUNTLABEL")
    line.document.update(extra)
    return line


def _converted(row: Given, spent: str, rate: Rate, when: date | None, *, inclusive: bool) -> tuple[Given, Fields]:
    if not known_currency(spent):
        raise FieldMalformed(row.kind, "CURRENCY", spent[:20], "currency")
    again = row.sent("SPENT")
    gross = not again and row.sent("TOTALTRXAMOUNT") and (inclusive or not row.sent("TRX_AMOUNT"))
    amount = row.money("SPENT" if again else "TOTALTRXAMOUNT" if gross else "TRX_AMOUNT", spent)
    if amount is None:
        raise LineUnusable(row.kind, 1)
    stated = row.decimal("EXCHANGE_RATE")
    if stated is not None and not 0 < stated < 10**9:
        raise FieldMalformed(row.kind, "EXCHANGE_RATE", decimal_text(stated)[:40], "rate above zero")
    if rate.foreign != rate.base and stated is None:
        raise FieldMissing(row.kind, "EXCHANGE_RATE")
    found = (
        Rate(stated, spent, rate.foreign)
        if stated is not None
        else day_rate(row.company, spent, when or row.company.world.clock.today())
    )
    if found is None:
        raise FieldMissing(row.kind, "EXCHANGE_RATE")
    claimed = row.money("AMOUNT", rate.foreign) if row.sent("AMOUNT") and not gross else None
    claimed = claimed or found.to_base(amount)
    shown: Fields = {
        "SPENT_CURRENCY": spent,
        "SPENT": decimal_text(amount.amount),
        "EXCHANGE_RATE": decimal_text(found.value),
    }
    left_out = ("CURRENCY", "TRX_AMOUNT", "TOTALTRXAMOUNT", "SPENT")
    sent: dict[str, Any] = {name: value for name, value in row.given.items() if name not in left_out}
    if not again and row.sent("TAXENTRIES"):
        sent["TAXENTRIES"] = {"TAXENTRY": [_converted_tax(detail, spent, found) for detail in entries(row)]}
    held = {"TOTALTRXAMOUNT" if gross else "TRX_AMOUNT": _text(claimed)}
    return Given(row.company, row.kind, {**sent, **held}), shown


def _converted_tax(detail: Given, spent: str, rate: Rate) -> Fields:
    """A tax entry with its amount, which is stated in what was spent, in the report's currency."""
    tax = detail.money("TRX_TAX", spent)
    return {**detail.given, **({"TRX_TAX": _text(rate.to_base(tax))} if tax is not None else {})}


def _text(money: Money) -> str:
    return decimal_text(money.amount)


def update(company: Company, record: Record, given: Fields) -> Record:
    """Change a report; one with payments takes attachments and notes only."""
    if not {name for name, value in given.items() if value is not None} - _LIGHT:
        said = Given(company, record.kind, given, record.copy())
        notes = {name: said.text(name, limit=1000) for name in ("DESCRIPTION", "MEMO")}
        return annotate(company, record, {**record.copy(), **extras(said), **notes})
    _check_unpaid(company, record, "updated")
    return write(company, {"EMPLOYEEID": record.body["EMPLOYEEID"], **given}, record)


def _check_unpaid(company: Company, record: Record, verb: str) -> None:
    check_summary(company, record)
    if payments_of(company, record, ("Confirmed",)) or record.body["STATE"] in ("Reversed", "Reversal"):
        raise NotAllowed(
            record.kind, f"The expense report is paid or reversed and cannot be {verb}.", "Check its state."
        )


def approve(company: Company, record: Record, *, declined: bool = False) -> Record:
    """An approver's decision on a submitted report: it posts, or is declined."""
    if record.body["STATE"] != "Submitted":
        raise NotAllowed(record.kind, "Only submitted expense reports can be approved.", "Submit it first.")
    check_summary(company, record)
    state = "Declined" if declined else "Approved"
    facts = {**facts_of(company, record), "posts": not declined}
    return keep(company, record.kind, {**record.copy(), "STATE": state, "RAWSTATE": state[0]}, facts, record=record)


def recall(company: Company, record: Record) -> Record:
    """Take a report back from its approvers: it is a draft again."""
    # Source: github.com/lorenz-bus-service/node-intacct-rest-api (expenses: workflow recall)
    if record.body["STATE"] != "Submitted":
        raise NotAllowed(record.kind, "Only submitted expense reports can be recalled.", "Check its state.")
    check_summary(company, record)
    facts = facts_of(company, record)
    return keep(company, record.kind, {**record.copy(), "STATE": "Draft", "RAWSTATE": "D"}, facts, record=record)


def delete(company: Company, record: Record) -> None:
    """Delete a report that is not paid."""
    _check_unpaid(company, record, "deleted")
    posted = parse_date(str(record.body["WHENPOSTED"]))
    if posted is not None:
        check_open(company, posted)
    remove(company, record)


def reverse_report(company: Company, record: Record, on: date, memo: str) -> Record:
    """Reverse an approved report that is not paid."""
    _check_unpaid(company, record, "reversed")
    return reverse(company, record, on, memo=memo)
