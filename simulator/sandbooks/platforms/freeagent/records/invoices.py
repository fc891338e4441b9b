"""Invoices and credit notes: what a contact owes, or is owed, once the document is sent.

Both are one kind of document: a credit note is its negative, told by other words. A draft moves nothing.
Source: https://dev.freeagent.com/docs/invoices, https://dev.freeagent.com/docs/credit_notes
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from msgspec import Struct

from sandbooks.kit.company import Company
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.records import Record
from sandbooks.money import Money, Rate, total
from sandbooks.platforms.freeagent.fields import Fields
from sandbooks.platforms.freeagent.posting import TRADE_DEBTORS, VAT_MOSS
from sandbooks.platforms.freeagent.records import invoice_items, properties, revaluations, write_offs
from sandbooks.platforms.freeagent.records.bills import OpenItem, exchange_rate
from sandbooks.platforms.freeagent.records.people import contact_name
from sandbooks.platforms.freeagent.records.storing import check_open, new_id, refer, remove, save, touch
from sandbooks.platforms.freeagent.refusals import Invalid
from sandbooks.platforms.freeagent.tax import MOSS, ec_status, place_of_supply, scheme_of
from sandbooks.platforms.freeagent.wire import decimal_text, path, tail

INVOICE = "invoice"
CREDIT_NOTE = "credit_note"
EXPLANATION = "bank_transaction_explanation"
RECONCILIATION = "credit_note_reconciliation"
DRAFT, SCHEDULED, SENT, CANCELLED = "Draft", "Scheduled", "Sent", "Cancelled"
_LACKING = {
    "include_timeslips": "time on invoices",
    "include_expenses": "rebilling on invoices",
    "include_estimates": "estimates",
    "cis_rate": "the Construction Industry Scheme",
}
_FLAGS = ("omit_header", "show_project_name", "always_show_bic_and_iban")
_MAILS = ("send_new_invoice_emails", "send_reminder_emails", "send_thank_you_emails")
_TEXTS = ("client_contact_name", "payment_terms", "po_reference")
TERMS_MAX = 3650
# Isle of Man is in the VAT area of the United Kingdom. Source: https://www.gov.uk/guidance/vat-guide-notice-700
_VAT_AREA = ("United Kingdom", "Isle of Man")


class Words(Struct, frozen=True, kw_only=True):
    """What the two kinds call the same thing."""

    resource: str
    items: str
    settled_value: str
    settled_on: str
    settled: str


WORDS = {
    INVOICE: Words(
        resource="invoices", items="invoice_items", settled_value="paid_value", settled_on="paid_on", settled="Paid"
    ),
    CREDIT_NOTE: Words(
        resource="credit_notes",
        items="credit_note_items",
        settled_value="refunded_value",
        settled_on="refunded_on",
        settled="Refunded",
    ),
}


def create(company: Company, given: dict[str, Any], kind: str) -> Record:
    """A new draft. Raises ``Invalid``."""
    return _write(company, given, kind, None)


def update(company: Company, record: Record, given: dict[str, Any]) -> Record:
    """Change a document; items that are not named stay. Raises ``Invalid``."""
    if record.body["state"] in (SENT, CANCELLED):
        check_open(company, record.body["dated_on"])
    return _write(company, given, record.kind, record)


def _write(company: Company, given: dict[str, Any], kind: str, record: Record | None) -> Record:
    words = WORDS[kind]
    fields = Fields(given, record.body if record else None)
    for name, feature in _LACKING.items():
        if fields.gives(name):
            raise NotSimulated(feature)
    head = _head(company, fields, kind)
    rate = exchange_rate(company, fields, head)
    dated = date.fromisoformat(head["dated_on"]) if head["dated_on"] else None
    scheme = scheme_of(company, dated)
    ec = ec_status(fields, scheme, dated, moss=True)
    supplied = place_of_supply(fields) if ec == MOSS else {}
    discount = _discount(fields)
    fields.check()
    terms = invoice_items.Terms(
        currency=rate.foreign, scheme=scheme, ec=ec, discount=discount, charged=_is_charged(company, head["contact"])
    )
    standing = record.body[words.items] if record else []
    items = invoice_items.read(company, given.get(words.items), standing=standing, terms=terms, where=words.items)
    # Source: https://dev.freeagent.com/docs/credit_notes (samples; customers hold nothing back here)
    told = {"suffers_cis_deduction": False} if kind == CREDIT_NOTE else {}
    head |= _totals(items, rate, words) | {words.items: [item.document | told for item in items]}
    head |= supplied | ({"ec_status": ec} if fields.has("ec_status") else {})
    head |= {"discount_percent": decimal_text(discount)} if discount else {}
    head["involves_sales_tax"] = scheme.registered
    if kind == CREDIT_NOTE and head["total_value"] != "0.0" and not head["total_value"].startswith("-"):
        # Source: https://dev.freeagent.com/docs/credit_notes (samples). Unconfirmed: the refusal and its words.
        raise Invalid(("total_value must be less than 0",))
    return _keep(company, record, kind, document=head, rate=rate)


def _keep(company: Company, record: Record | None, kind: str, *, document: dict[str, Any], rate: Rate) -> Record:
    words = WORDS[kind]
    # Invoices and credit notes count their ids, their items' ids and their references together.
    # Source: https://dev.freeagent.com/docs/credit_notes (reference; url of an item)
    id = record.id if record else new_id(company, INVOICE)
    for item in document[words.items]:
        item.setdefault("url", path("invoice_items", new_id(company, "invoice_item")))
    if not document["reference"]:
        document["reference"] = f"{company.records.next_number('invoice_reference'):03d}"
    document["state"] = record.body["state"] if record else DRAFT
    if record is not None:
        _check_settled(company, record, document)
    if document["state"] == SENT:
        check_open(company, document["dated_on"])
    whole = {"url": path(words.resource, id), **document}
    saved = save(company, kind, id, document=whole, facts=_facts(company, document, rate))
    settle(company, saved)
    return company.records.get(kind, id) or saved


def _facts(company: Company, document: dict[str, Any], rate: Rate) -> dict[str, Any]:
    sent = document["state"] in (SENT, CANCELLED)
    facts = {"currency": rate.foreign, "base": company.currency, "rate": str(rate.value)}
    facts |= {"tax_account": VAT_MOSS} if document.get("ec_status") == MOSS else {}
    return {"posts": "invoice", **facts} if sent else facts


def _head(company: Company, fields: Fields, kind: str) -> dict[str, Any]:
    contact = fields.record("contact", company, "contact", required=True)
    project = fields.record("project", company, "project")
    bank = fields.record("bank_account", company, "bank_account")
    dated_on = fields.date("dated_on", required=True)
    terms = _payment_terms(fields)
    due_on = fields.date("due_on") if fields.gives("due_on") else None
    if due_on is None and dated_on is not None:
        due_on = min(dated_on, date(9980, 1, 1)) + timedelta(days=terms)
    head: dict[str, Any] = {
        "contact": refer(contact) if contact else "",
        "contact_name": contact_name(contact.body) if contact else "",
        "reference": fields.text("reference") or "",
        "dated_on": dated_on.isoformat() if dated_on else "",
        "due_on": due_on.isoformat() if due_on else "",
        "payment_terms_in_days": terms,
        "currency": fields.currency("currency", company.currency),
        "comments": fields.text("comments", limit=65535) or "",
        **{name: fields.flag(name) for name in (_FLAGS if kind == INVOICE else _FLAGS[:2])},
        # No template and no payment provider stands behind a company here, so none of these can be set.
        # Source: https://dev.freeagent.com/docs/invoices (can only be true if templates exist; payment methods notes)
        **(dict.fromkeys(_MAILS, False) | {"payment_methods": {}} if kind == INVOICE else {}),
    }
    head |= properties.read(company, fields, required=kind == INVOICE)
    head |= {"project": refer(project)} if project is not None else {}
    head |= {"bank_account": refer(bank)} if bank is not None else {}
    return head | {name: value for name in _TEXTS if (value := fields.text(name)) is not None}


def _is_charged(company: Company, reference: str) -> bool:
    """Whether the contact is charged the sales tax of a category where an item names no rate."""
    # Source: https://dev.freeagent.com/docs/sales_tax (invoices: charge_sales_tax; Auto charges contacts at home).
    # Unconfirmed: a contact without a country, who counts as one at home.
    contact = company.records.get("contact", tail(reference, "contacts"))
    body = contact.body if contact is not None else {}
    told = body.get("charge_sales_tax", "Auto")
    home = ("", company.country, company.settings.get("country", ""), *(_VAT_AREA if company.country == "GB" else ()))
    return bool(told == "Always" or (told == "Auto" and body.get("country", "") in home))


def _payment_terms(fields: Fields) -> int:
    terms = fields.decimal("payment_terms_in_days", required=True)
    if terms is None or (terms == terms.to_integral_value() and 0 <= terms <= TERMS_MAX):
        return int(terms or 0)
    fields.wrong("payment_terms_in_days", "is not a number")
    return 0


def _discount(fields: Fields) -> Decimal:
    discount = fields.decimal("discount_percent") or Decimal(0)
    if not 0 <= discount <= 100:
        fields.wrong("discount_percent", "must be between 0 and 100")
        return Decimal(0)
    return discount


def _totals(items: list[invoice_items.Item], rate: Rate, words: Words) -> dict[str, Any]:
    currency = rate.foreign
    net = total((item.tax.net for item in items), currency)
    tax = total((item.tax.tax for item in items), currency)
    second = total((item.tax.second for item in items), currency)
    gross = net + tax + second
    members = {
        "net_value": decimal_text(net.amount),
        "sales_tax_value": decimal_text(tax.amount),
        "total_value": decimal_text(gross.amount),
        "exchange_rate": decimal_text(rate.value),
        words.settled_value: "0.0",
        "due_value": decimal_text(gross.amount),
    }
    return members | ({"second_sales_tax_value": decimal_text(second.amount)} if second else {})


def _check_settled(company: Company, record: Record, document: dict[str, Any]) -> None:
    """A document with payments keeps contact, currency, rate and total."""
    # Unconfirmed: which attributes of a paid invoice the live service locks.
    if not settlements(company, record):
        return
    kept = ("contact", "currency", "exchange_rate", "total_value")
    messages = [
        f"{name} can't be changed once the {record.kind.replace('_', ' ')} has payments"
        for name in kept
        if document[name] != record.body[name]
    ]
    if messages:
        raise Invalid(tuple(messages))


# Settlement


def settlements(company: Company, record: Record, *, but: str = "") -> list[Record]:
    """The explanations and reconciliations that settle a document, one of them left out if named."""
    found = company.records.find(EXPLANATION, "paid_invoice", record.id)
    found += company.records.find(RECONCILIATION, record.kind, record.id)
    return [settlement for settlement in found if settlement.id != but]


def open_item(company: Company, record: Record, *, but: str = "") -> OpenItem:
    """What the books hold open for a document, as if the settlement ``but`` did not stand."""
    amount, base = Money.zero(record.body["currency"]), Money.zero(company.currency)
    own = [(record.kind, record.id), (write_offs.KIND, record.id)]
    paid = [(found.kind, found.id) for found in settlements(company, record, but=but) if found.kind == EXPLANATION]
    for kind, id in (*own, *paid):
        posted = company.book.current(kind, id)
        for posting in posted.entry.postings if posted else ():
            if posting.account == TRADE_DEBTORS:
                amount, base = amount + posting.amount, base + posting.base
    for found in settlements(company, record, but=but):
        if found.kind == RECONCILIATION:
            facts = company.records.facts(RECONCILIATION, found.id)
            sign = -1 if record.kind == INVOICE else 1
            amount += Money(sign * Decimal(found.body["gross_value"]), amount.currency)
            base += Money(sign * Decimal(facts[f"{record.kind}_base"]), base.currency)
    return OpenItem(amount, base)


def settle(company: Company, record: Record) -> None:
    """Bring settled and due value in step with what settles the document."""
    current = company.records.get(record.kind, record.id)
    if current is None or current.deleted:
        return
    revalue(company, current)
    if current.body["state"] == CANCELLED:
        return
    words = WORDS[record.kind]
    whole = Money.of(current.body["total_value"], current.body["currency"])
    due = open_item(company, current).amount if current.body["state"] == SENT else whole
    document = current.copy()
    document[words.settled_value] = decimal_text((whole - due).amount)
    document["due_value"] = decimal_text(due.amount)
    document.pop(words.settled_on, None)
    standing = settlements(company, current)
    if whole and not due and standing:
        document[words.settled_on] = max(found.body["dated_on"] for found in standing)
    if document != current.body or standing:
        touch(company, current, document)


def revalue(company: Company, record: Record) -> None:
    """Bring the revaluation of a foreign document in step with what is open of it."""
    opened = open_item(company, record)
    standing = revaluations.Standing(TRADE_DEBTORS, opened.amount, opened.base)
    revaluations.follow(company, record, standing)


def settle_named(company: Company, reference: str) -> None:
    """The same for the document that a settlement names."""
    record = referred(company, reference)
    if record is not None:
        settle(company, record)


def referred(company: Company, reference: object) -> Record | None:
    """The invoice or credit note behind a reference."""
    for kind, words in WORDS.items():
        id = tail(reference, words.resource)
        found = company.records.get(kind, id) if id else None
        if found is not None and not found.deleted:
            return found
    return None


# Status


def transition(company: Company, record: Record, state: str, *, today: date) -> Record:
    """Send, schedule, write off a document or take it back. Raises ``Invalid``."""
    standing = record.body["state"]
    if standing == state:
        return record
    if state in (DRAFT, SCHEDULED) and settlements(company, record):
        raise Invalid((f"{_title(record)} has payments and can't be marked as {state.lower()}",))
    if state == CANCELLED and (standing != SENT or not record.body["due_on"] < today.isoformat()):
        # Source: https://dev.freeagent.com/docs/invoices (mark invoice as cancelled)
        raise Invalid((f"{_title(record)} must be sent and have a due date in the past",))
    if SENT in (state, standing):
        check_open(company, record.body["dated_on"])
    due = open_item(company, record) if state == CANCELLED else None
    rate = Rate(Decimal(record.body["exchange_rate"]), record.body["currency"], company.currency)
    document = {name: value for name, value in record.body.items() if name != "written_off_date"} | {"state": state}
    if due is not None:
        document["written_off_date"] = today.isoformat()
    saved = save(company, record.kind, record.id, document=document, facts=_facts(company, document, rate))
    write_offs.bring(company, saved, due)
    settle(company, saved)
    return company.records.get(record.kind, record.id) or saved


def _title(record: Record) -> str:
    return record.kind.replace("_", " ").capitalize()


def status(document: dict[str, Any], kind: str, today: date) -> str:
    """The status shown, from the state, the values and the due date."""
    state, words = document["state"], WORDS[kind]
    if state == CANCELLED:
        return "Written-off" if document[words.settled_value] == "0.0" else "Part written-off"
    if state != SENT:
        return "Draft" if state == DRAFT else "Scheduled To Email"
    whole, due = Decimal(document["total_value"]), Decimal(document["due_value"])
    if not whole:
        return "Zero Value"
    if not due:
        return "Refunded" if whole < 0 else words.settled
    return "Overdue" if document["due_on"] < today.isoformat() else "Open"


def convert(company: Company, record: Record) -> Record:
    """A draft invoice with a negative total becomes a credit note of the same id. Raises ``Invalid``."""
    if record.body["state"] != DRAFT or not record.body["total_value"].startswith("-"):
        raise Invalid(("Invoice must be a draft with a negative total",))
    given = {name: value for name, value in record.body.items() if name not in ("url", "state", "invoice_items")}
    given["credit_note_items"] = [
        {name: value for name, value in item.items() if name not in ("url", "sales_tax_value")}
        for item in record.body["invoice_items"]
    ]
    made = create(company, given, CREDIT_NOTE)
    remove(company, record)
    return made


def duplicate(company: Company, record: Record, *, today: date) -> Record:
    """A draft of the same content, with the next reference and today's date."""
    dropped = ("url", "state", "reference", "due_on", "invoice_items", "exchange_rate")
    given = {name: value for name, value in record.body.items() if name not in dropped}
    given |= {"dated_on": today.isoformat()}
    given["invoice_items"] = [
        {name: value for name, value in item.items() if name not in ("url", "sales_tax_value")}
        for item in record.body["invoice_items"]
    ]
    return create(company, given, INVOICE)


def delete(company: Company, record: Record) -> None:
    """Delete a document that nothing settles. Raises ``Invalid``, ``PeriodClosed``."""
    if settlements(company, record):
        raise Invalid((f"{_title(record)} has payments and can't be deleted",))
    if record.body["state"] in (SENT, CANCELLED):
        check_open(company, record.body["dated_on"])
    write_offs.bring(company, record, None)
    remove(company, record)
    nothing = Money.zero(record.body["currency"]), Money.zero(company.currency)
    revaluations.follow(company, record, revaluations.Standing(TRADE_DEBTORS, *nothing))
