"""Purchase orders and quotes: documents with lines and taxes that never reach the books.

# Source: https://developer.xero.com/documentation/api/accounting/purchaseorders and .../quotes
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from msgspec import Struct

from sandbooks.kit.call import Call
from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.kit.surface import Operation
from sandbooks.platforms.xero import documents, lookup, query
from sandbooks.platforms.xero.api.registry import ROOT, TRANSACTIONS, Keep, Resource, all_of
from sandbooks.platforms.xero.refusals import QueryUnreadable, invalid
from sandbooks.platforms.xero.saving import save
from sandbooks.platforms.xero.wire.dates import day_of

Body = dict[str, Any]
SCOPES = f"{TRANSACTIONS} accounting.invoices"


class OrderKind(Struct, frozen=True):
    """What sets orders and quotes apart: number, series, first status, what may follow each status, own members."""

    kind: str
    noun: str
    number: str
    series: str
    follows: Mapping[str, tuple[str, ...]]
    own: tuple[str, ...]

    @property
    def id(self) -> str:
        return f"{self.kind}ID"


# Unconfirmed: which changes of status are refused; settled by trying each on a demo company.
PURCHASE_ORDER = OrderKind(
    "PurchaseOrder",
    "Purchase Order",
    "PurchaseOrderNumber",
    "PO-",
    {
        "": ("DRAFT", "SUBMITTED", "AUTHORISED"),
        "DRAFT": ("DRAFT", "SUBMITTED", "AUTHORISED", "DELETED"),
        "SUBMITTED": ("SUBMITTED", "AUTHORISED", "DELETED"),
        "AUTHORISED": ("AUTHORISED", "BILLED", "DELETED"),
        "BILLED": ("BILLED",),
    },
    (
        *("DeliveryDate", "Reference", "BrandingThemeID", "SentToContact", "DeliveryAddress", "AttentionTo"),
        *("Telephone", "DeliveryInstructions", "ExpectedArrivalDate"),
    ),
)
QUOTE = OrderKind(
    "Quote",
    "Quote",
    "QuoteNumber",
    "QU-",
    {
        "": ("DRAFT", "SENT"),
        "DRAFT": ("DRAFT", "SENT", "DELETED"),
        "SENT": ("SENT", "ACCEPTED", "DECLINED", "INVOICED", "DRAFT", "DELETED"),
        "ACCEPTED": ("ACCEPTED", "INVOICED", "SENT", "DRAFT", "DELETED"),
        "DECLINED": ("DECLINED", "SENT", "DRAFT", "DELETED"),
        "INVOICED": ("INVOICED", "SENT", "DELETED"),
    },
    ("ExpiryDate", "Reference", "BrandingThemeID", "Title", "Summary", "Terms"),
)
_MODES = {"EXCLUSIVE": "Exclusive", "INCLUSIVE": "Inclusive", "NOTAX": "NoTax"}


def write_purchase_order(call: Call, given: Mapping[str, Any], prior: Record | None) -> Record:
    """Create or change a purchase order; a POST finds one by its number. Raises Invalid."""
    number = str(given.get("PurchaseOrderNumber", ""))
    if prior is None and call.request.method == "POST" and number:
        found = call.company.records.find("PurchaseOrder", "PurchaseOrderNumber", number.lower())
        prior = found[0] if found else None
    return _write(call, given, prior, PURCHASE_ORDER)


def write_quote(call: Call, given: Mapping[str, Any], prior: Record | None) -> Record:
    """Create or change a quote, whose LineAmountTypes are written in capitals. Raises Invalid."""
    if given.get("LineAmountTypes"):
        given = {**given, "LineAmountTypes": _MODES[given["LineAmountTypes"].upper()]}
    if prior is None and not given.get("Date"):
        raise invalid("Date cannot be empty")  # Source: the documentation requires Date on new quotes
    return _write(call, given, prior, QUOTE)


def _write(call: Call, given: Mapping[str, Any], prior: Record | None, kind: OrderKind) -> Record:
    company = call.company
    before: Body = prior.copy() if prior else {}
    status = str(given.get("Status") or before.get("Status") or "DRAFT")
    if status not in kind.follows.get(before.get("Status", ""), ()):
        raise invalid(f"{kind.noun} not of valid status for modification")
    if status == "DELETED":
        return save(company, kind.kind, {**before, "Status": status})
    if "LineAmountTypes" in before:
        before["LineAmountTypes"] = _MODES.get(before["LineAmountTypes"].upper(), before["LineAmountTypes"])
    stated = given.get("CurrencyCode") or before.get("CurrencyCode")
    currency = lookup.checked_currency(company, stated, company.currency)
    purchase = kind is PURCHASE_ORDER
    draft = documents.Draft(given=given, prior=before, currency=currency, complete=False, purchase=purchase)
    body = documents.common(call, draft)
    if not body["LineItems"]:
        raise invalid("One or more line items must be specified.")
    body |= {name: draft.value(name) for name in kind.own if draft.value(name) is not None}
    if kind is QUOTE:
        body["LineAmountTypes"] = body["LineAmountTypes"].upper()
    blank: Body = {kind.id: company.records.next_uuid(kind.kind.lower()), "HasAttachments": False}
    kept = {**(before or blank), **body, "Status": status, "UpdatedDateUTC": ""}
    kept[kind.number] = _number(company, given, before, kind, own=kept[kind.id])
    return save(company, kind.kind, kept)


def _number(company: Company, given: Mapping[str, Any], before: Mapping[str, Any], kind: OrderKind, *, own: str) -> str:
    """The number: unique among live documents, and made up when none is given."""
    number = str(given.get(kind.number) or before.get(kind.number) or "")
    while not number:
        made = f"{kind.series}{company.records.next_number(kind.number):04d}"
        number = "" if company.records.find(kind.kind, kind.number, made.lower()) else made
    if any(other.id != own for other in company.records.find(kind.kind, kind.number, number.lower())):
        raise invalid(f"{kind.noun} number must be unique.")
    return number


# Lists


def _between(call: Call, member: str, first: str, last: str) -> Keep | None:
    """What is dated from one parameter to another."""
    since, through = _day(call, first), _day(call, last)
    if since is None and through is None:
        return None

    def keep(body: Mapping[str, Any]) -> bool:
        on = day_of(body[member]) if body.get(member) else None
        return on is not None and (since is None or since <= on) and (through is None or on <= through)

    return keep


def _day(call: Call, name: str) -> date | None:
    text = query.parameter(call, name)
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError as error:
        raise QueryUnreadable(f"{name} is not a date") from error


def _equal(call: Call, parameter: str, value: str) -> Keep | None:
    """What has a member equal to a parameter; ``value`` is its dotted path."""
    wanted = query.parameter(call, parameter).lower()
    outer, _, inner = value.partition(".")
    if not wanted:
        return None
    return lambda body: str(body[outer][inner] if inner else body.get(outer, "")).lower() == wanted


def _keep_orders(call: Call) -> Keep | None:
    return all_of(_equal(call, "Status", "Status"), _between(call, "Date", "DateFrom", "DateTo"))


def _keep_quotes(call: Call) -> Keep | None:
    return all_of(
        _equal(call, "Status", "Status"),
        _equal(call, "ContactID", "Contact.ContactID"),
        _equal(call, "QuoteNumber", "QuoteNumber"),
        _between(call, "Date", "DateFrom", "DateTo"),
        _between(call, "ExpiryDate", "ExpiryDateFrom", "ExpiryDateTo"),
    )


ORDERS = Resource(kind="PurchaseOrder", scopes=SCOPES, writer=write_purchase_order, pages=True, keep=_keep_orders)
# Source: recorded live answers: a page of quotes carries no pagination block.
QUOTES = Resource(
    kind="Quote", scopes=SCOPES, writer=write_quote, pages=True, sizes=False, tells_pages=False, keep=_keep_quotes
)
OPERATIONS = (
    *ORDERS.operations(),
    Operation("read_purchase_order_pdf", "GET", f"{ROOT}/PurchaseOrders/<id>/pdf", ORDERS.read_pdf, scope=SCOPES),
    *QUOTES.operations(),
    Operation("read_quote_pdf", "GET", f"{ROOT}/Quotes/<id>/pdf", QUOTES.read_pdf, scope=SCOPES),
)
