"""Recurring expenses and bills: a profile that makes a document of its kind each time its day comes.

Source: https://www.zoho.com/books/api/v3/recurring-expenses/, https://www.zoho.com/books/api/v3/recurring-bills/
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from msgspec import Struct

from sandbooks.kit.company import Company, find_company
from sandbooks.kit.records import Record
from sandbooks.kit.recurrence import Step, first_after, occurrence
from sandbooks.ledger import Refusal
from sandbooks.platforms.zoho_books import chart
from sandbooks.platforms.zoho_books.fields import Fields
from sandbooks.platforms.zoho_books.records import accounts, bills, expenses
from sandbooks.platforms.zoho_books.records.storing import find, new_id, remove, save
from sandbooks.platforms.zoho_books.refusals import InvalidValue, Required, broken
from sandbooks.platforms.zoho_books.wire import Body
from sandbooks.world import World

PLATFORM = "zoho_books"
RUN = "sandbooks.platforms.zoho_books.records.recurrences:run"
EXPENSE, BILL = "recurringexpense", "recurringbill"
FREQUENCIES = ("days", "weeks", "months", "years")
EVERY_MAX = 1000
_PROFILE = ("recurrence_name", "start_date", "end_date", "recurrence_frequency", "repeat_every")


class Made(Struct, frozen=True, kw_only=True):
    """What a kind of profile makes, and what its own members are called."""

    kind: str
    id: str
    next: str
    read: Callable[[Company, Body, Record | None], tuple[Body, Body]]
    create: Callable[[Company, Body], Record]


MADE = {
    EXPENSE: Made(
        kind=expenses.KIND,
        id="recurring_expense_id",
        next="next_expense_date",
        read=expenses.read,
        create=expenses.create,
    ),
    BILL: Made(kind=bills.KIND, id="recurring_bill_id", next="next_bill_date", read=bills.read, create=bills.create),
}


def create(company: Company, given: Body, kind: str) -> Record:
    """A new profile. Raises ``Required``, ``InvalidValue``, and what the document itself is refused for."""
    return _write(company, given, kind, None)


def update(company: Company, record: Record, given: Body) -> Record:
    """Change a profile; what it made stays."""
    return _write(company, {**record.body["_given"], **given}, record.kind, record)


def _write(company: Company, given: Body, kind: str, record: Record | None) -> Record:
    made = MADE[kind]
    profile = _profile(Fields(given))
    _check_name(company, kind, str(profile["recurrence_name"]), record)
    id = record.id if record else new_id(company)
    shown, _ = made.read(company, _document(company, given, kind, date.fromisoformat(profile["start_date"])), None)
    status = str(record.body["status"]) if record else "active"
    document = {
        **{name: value for name, value in shown.items() if name not in _NOT_SHOWN},
        made.id: id,
        **profile,
        "last_created_date": record.body["last_created_date"] if record else "",
        made.next: "",
        "status": status,
        "_given": given,
        "_keys": {"recurrence_name": profile["recurrence_name"].lower()},
    }
    saved = save(company, kind, id, document=_with_next(company, document, made, after=None))
    _plan(company, saved)
    return saved


_NOT_SHOWN = (
    *("expense_id", "bill_id", "bill_number", "transaction_id", "transaction_type", "date", "due_date", "documents"),
    *("status", "payments", "vendor_credits", "payment_made", "balance", "vendor_credits_applied", "attachment_name"),
    *("expense_receipt_name", "expense_receipt_type", "invoice_id", "invoice_number", "reference_number"),
    *("is_personal", "_state", "_matched", "_relieved_base", "_keys"),
)


def _profile(fields: Fields) -> Body:
    start = fields.date("start_date", required=True)
    end = fields.date("end_date")
    every = fields.whole("repeat_every", default=0, most=EVERY_MAX)
    if not every:
        raise Required("repeat_every")
    if not fields.has("recurrence_frequency"):
        raise Required("recurrence_frequency")
    if start is None or (end is not None and end < start):
        raise InvalidValue("end_date")
    return {
        "recurrence_name": fields.text("recurrence_name", required=True),
        "start_date": start.isoformat(),
        "end_date": end.isoformat() if end else "",
        "recurrence_frequency": fields.choice("recurrence_frequency", FREQUENCIES),
        "repeat_every": every,
    }


def _check_name(company: Company, kind: str, name: str, record: Record | None) -> None:
    # Unconfirmed: that names are unique, as the screens say, and the number of the refusal.
    others = company.records.find(kind, "recurrence_name", name.lower())
    if any(record is None or other.id != record.id for other in others):
        raise broken("already_exists", f"The recurrence profile {name}")


def _document(company: Company, given: Body, kind: str, day: date) -> Body:
    """The document of one occurrence, as it would be sent."""
    document = {name: value for name, value in given.items() if name not in _PROFILE}
    document["date"] = day.isoformat()
    if kind == BILL:
        # Unconfirmed: how the live service numbers the bills that it makes.
        document["bill_number"] = f"{given.get('recurrence_name')} {day.isoformat()}"[:100]
        document.pop("due_date", None)
    elif not given.get("paid_through_account_id"):
        # The documented request names no account to pay from. Unconfirmed: which the live service takes.
        document["paid_through_account_id"] = accounts.named(company, chart.PETTY_CASH).id
    return document


def _step(document: Body) -> Step:
    every, unit = int(document["repeat_every"]), document["recurrence_frequency"]
    days = {"days": every, "weeks": 7 * every}
    return Step(days=days[unit]) if unit in days else Step(months=every * (12 if unit == "years" else 1))


def _with_next(company: Company, document: Body, made: Made, *, after: date | None) -> Body:
    """The profile with its next day: the first that is not over, and later than ``after``."""
    if document["status"] == "stopped":
        return {**document, made.next: ""}
    start, step = date.fromisoformat(document["start_date"]), _step(document)
    today = company.world.clock.today(company.time_zone)
    try:
        last = document["last_created_date"]
        floor = max(filter(None, (after, date.fromisoformat(last) if last else None)), default=None)
        following = occurrence(start, step, 0) if start >= today else first_after(start, step, today)
        if floor is not None and following <= floor:
            following = first_after(start, step, floor)
    except (OverflowError, ValueError):
        return {**document, made.next: "", "status": "expired"}
    if document["end_date"] and following.isoformat() > document["end_date"]:
        return {**document, made.next: "", "status": "expired"}
    return {**document, made.next: following.isoformat(), "status": "active"}


def _plan(company: Company, record: Record) -> None:
    following = record.body[MADE[record.kind].next]
    if following:
        due = datetime.combine(date.fromisoformat(following), datetime.min.time(), ZoneInfo(company.time_zone))
        body = {"company": company.id, "kind": record.kind, "id": record.id, "on": following}
        company.world.jobs.put(RUN, body, due=max(due, company.world.clock.now()))


def run(world: World, body: Body) -> None:
    """The job: make the occurrence, unless the profile went, stopped or has another day by now."""
    with world.unit():
        company = find_company(world, PLATFORM, body["company"])
        record = company.records.get(body["kind"], body["id"]) if company else None
        if company is None or record is None or record.deleted:
            return
        made = MADE[record.kind]
        if record.body[made.next] != body["on"]:
            return
        _make(company, record, body["on"])
        document = {**record.copy(), "last_created_date": body["on"]}
        saved = save(company, record.kind, record.id, document=_with_next(company, document, made, after=None))
        _plan(company, saved)


def _make(company: Company, record: Record, on: str) -> None:
    """One document. What is refused by then (a locked period, an inactive account) is left out."""
    given = _document(company, record.body["_given"], record.kind, date.fromisoformat(on))
    try:
        with company.world.unit():
            child = MADE[record.kind].create(company, given)
            _mark(company, child, record)
    except Refusal:
        # Unconfirmed: the live service notes such a failure in the history of the profile.
        return


def _mark(company: Company, child: Record, record: Record) -> None:
    """A child names its profile."""
    from sandbooks.platforms.zoho_books.records.storing import touch

    touch(company, child, **{MADE[record.kind].id: record.id})


def children(company: Company, record: Record) -> list[Record]:
    """What a profile has made."""
    made = MADE[record.kind]
    return company.records.find(made.kind, made.id, record.id)


def set_state(company: Company, record: Record, status: str) -> Record:
    """Stop a profile or set it going again."""
    made = MADE[record.kind]
    document = _with_next(company, {**record.copy(), "status": status}, made, after=None)
    saved = save(company, record.kind, record.id, document=document)
    _plan(company, saved)
    return saved


def delete(company: Company, record: Record) -> None:
    """Delete a profile; what it made stays."""
    remove(company, find(company, record.kind, record.id))
