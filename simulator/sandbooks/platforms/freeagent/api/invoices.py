"""Invoices, credit notes, and what sets one off against the other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbooks.kit.call import Call, json_reply
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.records import Record
from sandbooks.kit.surface import Operation
from sandbooks.platforms.freeagent.api import shapes
from sandbooks.platforms.freeagent.api.listing import (
    RECENT_MONTHS,
    changed,
    dated,
    months_ago,
    ordered,
    paged,
    reference,
)
from sandbooks.platforms.freeagent.records import invoices, reconciliations
from sandbooks.platforms.freeagent.records.storing import find
from sandbooks.platforms.freeagent.refusals import Malformed
from sandbooks.platforms.freeagent.wire import absolute, created, document, page_of, root, shown
from sandbooks.wire import Response

_VIEWS = ("all", "recent_open_or_overdue", "open", "overdue", "open_or_overdue", "draft")
_OWN_VIEWS = {
    "invoice": (*_VIEWS, "paid", "scheduled_to_email", "thank_you_emails", "reminder_emails"),
    "credit_note": (*_VIEWS, "refunded"),
}
_BY: dict[str, Callable[[Record], Any]] = {
    "created_at": lambda record: record.created,
    "updated_at": lambda record: record.updated,
}
_LACKING_PARTS = {"pdf": "PDF documents", "send_email": "e-mail", "direct_debit": "GoCardless"}


def _list(call: Call, kind: str) -> Response:
    words = invoices.WORDS[kind]
    chosen, months = _view(call, kind)
    contact, project = reference(call, "contact", "contact"), reference(call, "project", "project")
    found = [
        record
        for record in changed(call, kind)
        if (contact is None or shapes.refers_to(record, "contact", contact))
        and (project is None or shapes.refers_to(record, "project", project))
        and _in_view(call, record, chosen)
        and (not months or record.body["dated_on"] >= months_ago(call, months))
    ]
    nested = call.query.get(f"nested_{words.items}") == "true"

    def row(call: Call, record: Record) -> dict[str, Any]:
        return {name: v for name, v in shapes.invoice(call, record).items() if nested or name != words.items}

    return paged(call, words.resource, ordered(call, found, _BY), row)


def _view(call: Call, kind: str) -> tuple[str, int]:
    """The view asked for, and how many months it reaches back (0: all of them). Raises ``Malformed``."""
    value = call.query.get("view") or "all"
    if value.startswith("last_") and value.endswith("_months"):
        count = value.removeprefix("last_").removesuffix("_months")
        if count.isascii() and count.isdigit() and 0 < int(count) <= 1200:
            return "all", int(count)
    if value not in _OWN_VIEWS[kind]:
        raise Malformed("view is not included in the list")
    return value, RECENT_MONTHS if value.startswith("recent") else 0


def _in_view(call: Call, record: Record, chosen: str) -> bool:
    if chosen in ("thank_you_emails", "reminder_emails"):
        return False
    word = invoices.status(record.body, record.kind, call.today())
    if chosen.endswith("open_or_overdue"):
        return word in ("Open", "Overdue")
    if chosen == "paid":
        return word in ("Paid", "Refunded")
    return chosen == "all" or word.lower().replace(" ", "_") == chosen


def _show(call: Call, record: Record) -> Response:
    return shown(call, record.kind, shapes.invoice(call, record))


def _get(call: Call, kind: str) -> Response:
    return _show(call, find(call.company, kind, call.args["id"]))


def _create(call: Call, kind: str) -> Response:
    with call.unit():
        record = invoices.create(call.company, root(call, kind), kind)
    return created(call, kind, shapes.invoice(call, record))


def _update(call: Call, kind: str) -> Response:
    with call.unit():
        record = invoices.update(call.company, find(call.company, kind, call.args["id"]), root(call, kind))
    return _show(call, record)


def _delete(call: Call, kind: str) -> Response:
    with call.unit():
        invoices.delete(call.company, find(call.company, kind, call.args["id"]))
    return json_reply({})


def _transition(call: Call, kind: str, state: str) -> Response:
    with call.unit():
        record = find(call.company, kind, call.args["id"])
        record = invoices.transition(call.company, record, state, today=call.today())
    return _show(call, record)


def duplicate_invoice(call: Call) -> Response:
    """``POST /v2/invoices/:id/duplicate``"""
    with call.unit():
        record = find(call.company, "invoice", call.args["id"])
        record = invoices.duplicate(call.company, record, today=call.today())
    return _show(call, record)


def convert_to_credit_note(call: Call) -> Response:
    """``PUT /v2/invoices/:id/transitions/convert_to_credit_note``"""
    with call.unit():
        record = invoices.convert(call.company, find(call.company, "invoice", call.args["id"]))
    return _show(call, record)


def timeline(call: Call) -> Response:
    """``GET /v2/invoices/timeline``: what was sent and what was received, the latest first."""
    items = []
    for record in call.company.records.scan("invoice", lag=call.exchange.lag):
        if record.body["state"] != invoices.DRAFT:
            items.append(_event(record.body, record.body, "Invoice", record.body["total_value"]))
            items += [
                _event(record.body, paid.body, "Payment", paid.body["gross_value"])
                for paid in invoices.settlements(call.company, record)
                if paid.kind == invoices.EXPLANATION
            ]
    items.sort(key=lambda item: item["dated_on"], reverse=True)
    return json_reply({"invoice_timeline_items": [absolute(call, item) for item in page_of(call, items)]})


def _event(invoice: dict[str, Any], source: dict[str, Any], what: str, amount: str) -> dict[str, Any]:
    verb = "received" if what == "Payment" else "sent"
    return {
        "reference": invoice["reference"],
        "summary": f"{what}: {invoice['reference']}: {amount} {invoice['currency']} {verb}",
        "description": source.get("description") or source.get("comments") or "",
        "dated_on": source["dated_on"],
        "amount": amount,
    }


def default_additional_text(call: Call) -> Response:
    """``GET /v2/invoices/default_additional_text``"""
    return json_reply({"default_additional_text": call.company.settings.get("invoice_text") or ""})


def set_default_additional_text(call: Call) -> Response:
    """``PUT /v2/invoices/default_additional_text``"""
    text = document(call).get("default_additional_text")
    if not isinstance(text, str) or len(text) > 65535:
        raise Malformed("default_additional_text is invalid")
    with call.unit():
        call.company.change_settings(invoice_text=text)
    return default_additional_text(call)


def drop_default_additional_text(call: Call) -> Response:
    """``DELETE /v2/invoices/default_additional_text``"""
    with call.unit():
        call.company.change_settings(invoice_text=None)
    return json_reply({})


def lacking_part(call: Call) -> Response:
    """What leaves the books: documents to print, e-mail, collected payments."""
    raise NotSimulated(_LACKING_PARTS[call.request.path.rpartition("/")[2]])


# Reconciliations

_RECONCILIATION = "credit_note_reconciliation"


def list_reconciliations(call: Call) -> Response:
    """``GET /v2/credit_note_reconciliations``"""
    return paged(call, "credit_note_reconciliations", dated(call, _RECONCILIATION), shapes.plain)


def get_reconciliation(call: Call) -> Response:
    """``GET /v2/credit_note_reconciliations/:id``: the sample has its one document under the plural."""
    # Unconfirmed: whether the plural root is a slip of the documentation.
    record = find(call.company, _RECONCILIATION, call.args["id"])
    return shown(call, "credit_note_reconciliations", shapes.plain(call, record))


def create_reconciliation(call: Call) -> Response:
    """``POST /v2/credit_note_reconciliations``"""
    with call.unit():
        record = reconciliations.write(call.company, root(call, _RECONCILIATION))
    return created(call, _RECONCILIATION, shapes.plain(call, record))


def update_reconciliation(call: Call) -> Response:
    """``PUT /v2/credit_note_reconciliations/:id``"""
    with call.unit():
        record = find(call.company, _RECONCILIATION, call.args["id"])
        record = reconciliations.write(call.company, root(call, _RECONCILIATION), record)
    return shown(call, _RECONCILIATION, shapes.plain(call, record))


def delete_reconciliation(call: Call) -> Response:
    """``DELETE /v2/credit_note_reconciliations/:id``"""
    with call.unit():
        reconciliations.delete(call.company, find(call.company, _RECONCILIATION, call.args["id"]))
    return json_reply({})


def _operation(name: str, method: str, rule: str, run: Callable[..., Response], *given: str) -> Operation:
    def bound(call: Call) -> Response:
        return run(call, *given)

    bound.__name__ = run.__name__
    return Operation(name, method, f"/v2/{rule}", bound, writes=method != "GET", scope="4")


def _of(kind: str) -> list[Operation]:
    rule = invoices.WORDS[kind].resource
    transitions = {"mark_as_sent": invoices.SENT, "mark_as_draft": invoices.DRAFT}
    if kind == "invoice":
        transitions |= {"mark_as_scheduled": invoices.SCHEDULED, "mark_as_cancelled": invoices.CANCELLED}
    return [
        _operation(f"list_{rule}", "GET", rule, _list, kind),
        _operation(f"get_{kind}", "GET", f"{rule}/<id>", _get, kind),
        _operation(f"create_{kind}", "POST", rule, _create, kind),
        _operation(f"update_{kind}", "PUT", f"{rule}/<id>", _update, kind),
        _operation(f"delete_{kind}", "DELETE", f"{rule}/<id>", _delete, kind),
        *(
            _operation(f"{name}_{kind}", "PUT", f"{rule}/<id>/transitions/{name}", _transition, kind, state)
            for name, state in transitions.items()
        ),
        _operation(f"pdf_{kind}", "GET", f"{rule}/<id>/pdf", lacking_part),
        _operation(f"send_email_{kind}", "POST", f"{rule}/<id>/send_email", lacking_part),
    ]


_TEXT = "invoices/default_additional_text"
_ONE = "credit_note_reconciliations/<id>"
OPERATIONS = (
    _operation("invoice_timeline", "GET", "invoices/timeline", timeline),
    _operation("get_default_additional_text", "GET", _TEXT, default_additional_text),
    _operation("set_default_additional_text", "PUT", _TEXT, set_default_additional_text),
    _operation("drop_default_additional_text", "DELETE", _TEXT, drop_default_additional_text),
    *_of("invoice"),
    _operation("duplicate_invoice", "POST", "invoices/<id>/duplicate", duplicate_invoice),
    _operation(
        "convert_to_credit_note", "PUT", "invoices/<id>/transitions/convert_to_credit_note", convert_to_credit_note
    ),
    _operation("direct_debit_invoice", "POST", "invoices/<id>/direct_debit", lacking_part),
    *_of("credit_note"),
    _operation("list_credit_note_reconciliations", "GET", "credit_note_reconciliations", list_reconciliations),
    _operation("get_credit_note_reconciliation", "GET", _ONE, get_reconciliation),
    _operation("create_credit_note_reconciliation", "POST", "credit_note_reconciliations", create_reconciliation),
    _operation("update_credit_note_reconciliation", "PUT", _ONE, update_reconciliation),
    _operation("delete_credit_note_reconciliation", "DELETE", _ONE, delete_reconciliation),
)
