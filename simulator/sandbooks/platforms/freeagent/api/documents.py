"""Bills, expenses and journal sets."""

from __future__ import annotations

from sandbooks.kit.call import Call, json_reply
from sandbooks.kit.records import Record
from sandbooks.kit.surface import Operation
from sandbooks.platforms.freeagent.api import shapes
from sandbooks.platforms.freeagent.api.listing import RECENT_MONTHS, every, months_ago, paged, reference, view
from sandbooks.platforms.freeagent.records import bills, cis, expenses, journal_sets, mileage
from sandbooks.platforms.freeagent.records.storing import find
from sandbooks.platforms.freeagent.refusals import Malformed
from sandbooks.platforms.freeagent.wire import absolute, created, document, root, shown
from sandbooks.wire import Response

_BILL_VIEWS = [
    "all",
    "open",
    "overdue",
    "open_or_overdue",
    "open_or_overdue_payments",
    "open_or_overdue_refunds",
    "paid",
    "recurring",
    "hire_purchase",
    "cis",
]
EXPENSES_MAX = 100


def list_bills(call: Call) -> Response:
    """``GET /v2/bills``"""
    chosen = view(call, _BILL_VIEWS, "all")
    contact, project = reference(call, "contact", "contact"), reference(call, "project", "project")
    found = every(call, "bill", of=contact or project)
    if chosen != "all" or (contact and project):
        found = [
            record
            for record in found
            if (project is None or shapes.refers_to(record, "project", project)) and _in_view(call, record, chosen)
        ]
    nested = call.query.get("nested_bill_items") == "true"
    return paged(call, "bills", found, shapes.bill if nested else _without_items)


def _in_view(call: Call, record: Record, chosen: str) -> bool:
    status = bills.status(record.body, call.today())
    refund = record.body["total_value"].startswith("-")
    if chosen.startswith("open_or_overdue"):
        kinds = {"open_or_overdue_payments": (False,), "open_or_overdue_refunds": (True,)}.get(chosen, (True, False))
        return status in ("Open", "Overdue") and refund in kinds
    if chosen == "recurring":
        return "recurring" in record.body
    if chosen == "hire_purchase":
        return bool(record.body["is_paid_by_hire_purchase"])
    if chosen == "cis":
        return any(cis.is_labour(item) for item in record.body["bill_items"])
    if chosen == "paid":
        return status in ("Paid", "Refunded")
    return chosen == "all" or status.lower() == chosen


def _without_items(call: Call, record: Record) -> dict[str, object]:
    return {name: value for name, value in shapes.bill(call, record).items() if name != "bill_items"}


def get_bill(call: Call) -> Response:
    """``GET /v2/bills/:id``"""
    return shown(call, "bill", shapes.bill(call, find(call.company, "bill", call.args["id"])))


def create_bill(call: Call) -> Response:
    """``POST /v2/bills``"""
    with call.unit():
        record = bills.create(call.company, root(call, "bill"), several_files=shapes.several_files(call))
    return created(call, "bill", shapes.bill(call, record))


def update_bill(call: Call) -> Response:
    """``PUT /v2/bills/:id``"""
    with call.unit():
        record = find(call.company, "bill", call.args["id"])
        record = bills.update(call.company, record, root(call, "bill"), several_files=shapes.several_files(call))
    return shown(call, "bill", shapes.bill(call, record))


def delete_bill(call: Call) -> Response:
    """``DELETE /v2/bills/:id``"""
    with call.unit():
        bills.delete(call.company, find(call.company, "bill", call.args["id"]))
    return json_reply({})


def list_expenses(call: Call) -> Response:
    """``GET /v2/expenses``"""
    chosen = view(call, ("all", "recent", "recurring"), "all")
    project = reference(call, "project", "project")
    found = every(call, "expense", of=project)
    if chosen == "recurring":
        found = [record for record in found if "recurring" in record.body]
    if chosen == "recent":
        first = months_ago(call, RECENT_MONTHS)
        found = [record for record in found if record.body["dated_on"] >= first]
    return paged(call, "expenses", found, shapes.expense)


def get_expense(call: Call) -> Response:
    """``GET /v2/expenses/:id``"""
    return shown(call, "expense", shapes.expense(call, find(call.company, "expense", call.args["id"])))


def create_expense(call: Call) -> Response:
    """``POST /v2/expenses``: one, or several in one document, of which all are kept or none."""
    several = document(call).get("expenses")
    if several is not None:
        return _create_expenses(call, several)
    with call.unit():
        record = expenses.create(call.company, root(call, "expense"), several_files=shapes.several_files(call))
    return created(call, "expense", shapes.expense(call, record))


def _create_expenses(call: Call, given: object) -> Response:
    # Unconfirmed: whether one wrong expense refuses the whole batch, as here.
    if not isinstance(given, list) or not given or not all(isinstance(item, dict) for item in given):
        raise Malformed("param is missing or the value is empty: expenses")
    if len(given) > EXPENSES_MAX:
        raise Malformed(f"expenses can't be more than {EXPENSES_MAX}")
    with call.unit():
        files = shapes.several_files(call)
        records = [expenses.create(call.company, item, several_files=files) for item in given]
    shown_records = [absolute(call, shapes.expense(call, record)) for record in records]
    return json_reply({"expenses": shown_records}, status=201)


def update_expense(call: Call) -> Response:
    """``PUT /v2/expenses/:id``"""
    with call.unit():
        record = find(call.company, "expense", call.args["id"])
        record = expenses.update(call.company, record, root(call, "expense"), several_files=shapes.several_files(call))
    return shown(call, "expense", shapes.expense(call, record))


def delete_expense(call: Call) -> Response:
    """``DELETE /v2/expenses/:id``"""
    with call.unit():
        expenses.delete(call.company, find(call.company, "expense", call.args["id"]))
    return json_reply({})


def mileage_settings(call: Call) -> Response:
    """``GET /v2/expenses/mileage_settings``"""
    mileage.check_simulated(call.company)
    return json_reply({"mileage_settings": mileage.settings()})


def list_journal_sets(call: Call) -> Response:
    """``GET /v2/journal_sets``"""
    tag = call.query.get("tag")
    found = every(call, "journal_set")
    if tag is not None:
        found = [record for record in found if record.body.get("tag") == tag]
    return paged(call, "journal_sets", found, shapes.plain)


def get_journal_set(call: Call) -> Response:
    """``GET /v2/journal_sets/:id``"""
    return shown(call, "journal_set", shapes.plain(call, find(call.company, "journal_set", call.args["id"])))


def create_journal_set(call: Call) -> Response:
    """``POST /v2/journal_sets``"""
    with call.unit():
        record = journal_sets.create(call.company, root(call, "journal_set"))
    return created(call, "journal_set", shapes.plain(call, record))


def update_journal_set(call: Call) -> Response:
    """``PUT /v2/journal_sets/:id``"""
    with call.unit():
        record = find(call.company, "journal_set", call.args["id"])
        record = journal_sets.update(call.company, record, root(call, "journal_set"))
    return shown(call, "journal_set", shapes.plain(call, record))


def delete_journal_set(call: Call) -> Response:
    """``DELETE /v2/journal_sets/:id``"""
    with call.unit():
        journal_sets.delete(call.company, find(call.company, "journal_set", call.args["id"]))
    return json_reply({})


OPERATIONS = (
    Operation("list_bills", "GET", "/v2/bills", list_bills, scope="5"),
    Operation("get_bill", "GET", "/v2/bills/<id>", get_bill, scope="5"),
    Operation("create_bill", "POST", "/v2/bills", create_bill, writes=True, scope="5"),
    Operation("update_bill", "PUT", "/v2/bills/<id>", update_bill, writes=True, scope="5"),
    Operation("delete_bill", "DELETE", "/v2/bills/<id>", delete_bill, writes=True, scope="5"),
    Operation("list_expenses", "GET", "/v2/expenses", list_expenses, scope="2"),
    Operation("mileage_settings", "GET", "/v2/expenses/mileage_settings", mileage_settings, scope="2"),
    Operation("get_expense", "GET", "/v2/expenses/<id>", get_expense, scope="2"),
    Operation("create_expense", "POST", "/v2/expenses", create_expense, writes=True, scope="2"),
    Operation("update_expense", "PUT", "/v2/expenses/<id>", update_expense, writes=True, scope="2"),
    Operation("delete_expense", "DELETE", "/v2/expenses/<id>", delete_expense, writes=True, scope="2"),
    Operation("list_journal_sets", "GET", "/v2/journal_sets", list_journal_sets, scope="7"),
    Operation("get_journal_set", "GET", "/v2/journal_sets/<id>", get_journal_set, scope="7"),
    Operation("create_journal_set", "POST", "/v2/journal_sets", create_journal_set, writes=True, scope="7"),
    Operation("update_journal_set", "PUT", "/v2/journal_sets/<id>", update_journal_set, writes=True, scope="7"),
    Operation("delete_journal_set", "DELETE", "/v2/journal_sets/<id>", delete_journal_set, writes=True, scope="7"),
)
