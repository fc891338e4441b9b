"""Taking transactions in: expenses, reimbursables, transfers and adjustments, created and updated.

A request is accepted whole or refused whole; what is accepted is queued as one sync that starts by itself.
Source: github.com/codatio/oas (ExpenseTransaction and its kin), https://docs.codat.io/expenses/sync-process.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec

from sandbooks.hub import caps, companies, connections, profiles, wire
from sandbooks.hub.errors import HubRefusal, Item, bad_request, not_found, not_valid
from sandbooks.hub.integrations import integration_of
from sandbooks.hub.syncs import rows
from sandbooks.hub.syncs.dates import calendar_date
from sandbooks.hub.syncs.rows import Endpoint, Transaction
from sandbooks.kit.call import Call, json_reply
from sandbooks.wire import Response

SERVICE = "ExpenseSyncApi"
ITEMS_MAX = 50
TEXT_MAX = 10_000
EXPENSE_TYPES = ("Payment", "Refund", "Reward", "Chargeback")

Text = Annotated[str, msgspec.Meta(max_length=TEXT_MAX)]
Currency = Annotated[str, msgspec.Meta(pattern="^[A-Z]{3}$")]
Id = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class Ref(msgspec.Struct, omit_defaults=True):
    id: Id


class ItemRef(msgspec.Struct, omit_defaults=True):
    id: Id | None = None


class ContactRef(msgspec.Struct, omit_defaults=True):
    id: Id
    type: Literal["Supplier"] = "Supplier"


class TrackingRef(msgspec.Struct, omit_defaults=True):
    id: Id
    dataType: Literal["trackingCategories", "customers"] = "trackingCategories"


class AdjustmentTrackingRef(msgspec.Struct, omit_defaults=True):
    id: Id
    dataType: Literal["trackingCategories", "customers", "suppliers"] = "trackingCategories"


class InvoiceTo(msgspec.Struct, omit_defaults=True):
    id: Id
    # Source: github.com/codatio/oas says customer; the samples of the documentation write it with a capital.
    type: Annotated[str, msgspec.Meta(pattern="^[Cc]ustomer$")] = "customer"


class Line(msgspec.Struct, omit_defaults=True):
    netAmount: Decimal
    taxAmount: Decimal | None = None
    taxRateRef: ItemRef | None = None
    accountRef: ItemRef | None = None
    itemRef: ItemRef | None = None
    trackingRefs: Annotated[list[TrackingRef], msgspec.Meta(max_length=10)] | None = None
    invoiceTo: InvoiceTo | None = None
    description: Text | None = None


Lines = Annotated[list[Line], msgspec.Meta(min_length=1, max_length=100)]


class ExpenseUpdate(msgspec.Struct, omit_defaults=True, kw_only=True):
    type: Literal["Payment", "Refund", "Reward", "Chargeback"]
    issueDate: str
    currency: Currency
    currencyRate: Decimal | None = None
    contactRef: ContactRef | None = None
    bankAccountRef: ItemRef | None = None
    merchantName: Text | None = None
    lines: Lines | None = None
    notes: Text | None = None


class Expense(ExpenseUpdate, omit_defaults=True, kw_only=True):
    id: UUID
    reference: Text | None = None
    postAsDraft: bool | None = None


class ReimbursableUpdate(msgspec.Struct, omit_defaults=True, kw_only=True):
    contactRef: Ref
    issueDate: str
    dueDate: str
    currency: Currency
    reference: Text | None = None
    apAccountRef: ItemRef | None = None
    currencyRate: Decimal | None = None
    notes: Text | None = None
    lines: Lines | None = None


class Reimbursable(ReimbursableUpdate, omit_defaults=True, kw_only=True):
    id: UUID


class TransferSide(msgspec.Struct, omit_defaults=True):
    accountRef: Ref
    amount: Decimal


class Transfer(msgspec.Struct, omit_defaults=True, rename={"source": "from", "target": "to"}):
    date: str
    source: TransferSide
    target: TransferSide
    description: Text | None = None


class AdjustmentLine(msgspec.Struct, omit_defaults=True):
    amount: Decimal
    accountRef: Ref
    description: Text | None = None
    trackingRefs: Annotated[list[AdjustmentTrackingRef], msgspec.Meta(max_length=10)] | None = None
    invoiceTo: InvoiceTo | None = None


class Adjustment(msgspec.Struct, omit_defaults=True, kw_only=True):
    id: UUID
    date: str
    currency: Currency
    lines: Annotated[list[AdjustmentLine], msgspec.Meta(min_length=1, max_length=100)]
    currencyRate: Decimal | None = None
    reference: Text | None = None


# Removed types. Source: https://docs.codat.io/updates (240314, 240607)
REMOVED = {
    "TransferIn": "Transfer In/Out",
    "TransferOut": "Transfer In/Out",
    "AdjustmentIn": "Adjustment In/Out",
    "AdjustmentOut": "Adjustment In/Out",
}


def create_expenses(call: Call) -> Response:
    body = wire.raw_body(call)
    for item in body if isinstance(body, list) else ():
        removed = REMOVED.get(str(item.get("type"))) if isinstance(item, dict) else None
        if removed:
            raise bad_request(
                f"{removed} transaction type is no longer supported. "
                "Please use the 'Create transfer transactions' endpoint.",
                service=SERVICE,
            )
    return _create(call, body, "expense", Expense)


def create_reimbursables(call: Call) -> Response:
    return _create(call, wire.raw_body(call), "reimbursable", Reimbursable)


def create_adjustments(call: Call) -> Response:
    return _create(call, wire.raw_body(call), "adjustment", Adjustment)


def _create(call: Call, body: Any, endpoint: Endpoint, shape: type[Any]) -> Response:
    company = companies.called(call)
    wire.check_numbers(body)
    if not isinstance(body, list) or not 1 <= len(body) <= ITEMS_MAX:
        raise not_valid(Item("body", f"the body is a list of 1 to {ITEMS_MAX} transactions", "Count"), service=SERVICE)
    items = [wire.parsed(item, shape, at=f"body[{place}]") for place, item in enumerate(body)]
    for place, item in enumerate(items):
        check_dates(item, at=f"body[{place}]")
    check_endpoint(call, company["id"], endpoint)
    made = [_row(company["id"], endpoint, item) for item in items]
    check_unique(made)
    fresh, duplicates = rows.fresh_and_duplicates(call.world, company["id"], made)
    if duplicates and not profiles.on(call.world, "duplicates_fail_sync"):
        raise bad_request(rows.processed_before(duplicates), service=SERVICE)
    return _accepted(call, company["id"], fresh, status=200, duplicates=duplicates)


def _row(company: str, endpoint: Endpoint, item: Any) -> Transaction:
    request = msgspec.to_builtins(item)
    kind = request.get("type") or {"reimbursable": "Reimbursable", "adjustment": "Adjustment"}[endpoint]
    return Transaction(request["id"], company, endpoint, kind, request, sync="")


def check_dates(item: Any, *, at: str) -> None:
    for member in ("issueDate", "dueDate", "date"):
        text = getattr(item, member, None)
        if text is not None:
            try:
                calendar_date(text)
            except ValueError as error:
                raise not_valid(Item(f"{at}.{member}", str(error), "Date"), service=SERVICE) from error


def check_endpoint(call: Call, company: str, endpoint: Endpoint, *, generation: str = "current") -> None:
    """The connection exists and its platform takes this kind of transaction at all."""
    connection = connections.accounting_of(call.world, company)
    if connection is None or connection["status"] == "PendingAuth":
        raise bad_request("The company has no linked accounting connection: link one first.", service=SERVICE)
    integration = integration_of(connection["platformKey"])
    if integration is None or integration.platform is None:
        raise AssertionError("an accounting connection is to a platform")
    refusal = caps.table(call.world, integration.platform.name, generation=generation).refusal(endpoint)
    if refusal:
        raise not_valid(Item(endpoint, refusal, "Capability"), service=SERVICE)


def check_unique(made: Sequence[Transaction]) -> None:
    """No id comes twice in a request. Raises a 400."""
    ids = [row.id for row in made]
    twice = sorted({id for id in ids if ids.count(id) > 1})
    if twice:
        raise not_valid(Item("id", f"ids come once in a request: {', '.join(twice)}", "Unique"), service=SERVICE)


def _accepted(
    call: Call, company: str, made: Sequence[Transaction], *, status: int, duplicates: Sequence[str] = ()
) -> Response:
    waits = profiles.on(call.world, "sync_on_initiate")
    with call.unit():
        number = call.exchange.number
        sync = rows.accept(call.world, company, made, exchange=number, duplicates=duplicates, waits=waits)
    return json_reply({"syncId": sync.id}, status=status)


# Updates


def update_expense(call: Call) -> Response:
    return _update(call, "expense", ExpenseUpdate, status=202)


def update_reimbursable(call: Call) -> Response:
    return _update(call, "reimbursable", ReimbursableUpdate, status=200)


def update_misspelt_reimbursable(call: Call) -> Response:
    """The path and body of the guide, where the world reads that page: no id in the path, and a letter too many."""
    if not profiles.on(call.world, "reimbursable_path_misspelt"):
        raise not_found("Not found")
    body = wire.raw_body(call)
    id = body.get("id") if isinstance(body, dict) else None
    if not isinstance(id, str):
        raise not_valid(Item("id", "id is the transaction to update", "Required"), service=SERVICE)
    call.args["transaction_id"] = id
    return update_reimbursable(call)


def _update(call: Call, endpoint: Endpoint, shape: type[Any], *, status: int) -> Response:
    company = companies.called(call)
    body = wire.raw_body(call)
    wire.check_numbers(body)
    item = wire.parsed(body, shape)
    check_dates(item, at="body")
    known = written(call, endpoint)
    check_endpoint(call, company["id"], endpoint)
    refusal = _update_refusal(call, company["id"], endpoint, known, item)
    if refusal:
        raise HubRefusal(422, refusal, SERVICE)
    known.request = msgspec.to_builtins(item) | _kept(known)
    return _accepted(call, company["id"], [_again(known)], status=status)


def _kept(known: Transaction) -> dict[str, Any]:
    """What an update cannot name stays as it was."""
    names = ("id", "postAsDraft", *(("reference",) if known.endpoint == "expense" else ()))
    return {name: known.request[name] for name in names if name in known.request}


def written(call: Call, endpoint: Endpoint) -> Transaction:
    """The transaction that the path names, written to the platform and at rest; 404, 409 or 400 otherwise."""
    company = companies.called(call)
    id = call.args["transaction_id"].lower()
    known = rows.transaction(call.world, company["id"], id)
    if known is None or known.endpoint != endpoint:
        raise not_found(f"No transaction was found with ID {id}", service=SERVICE)
    if known.status == "Pending":
        raise HubRefusal(409, f"Transaction {id} is being synced: update it when that has ended.", SERVICE)
    if known.native is None:
        raise bad_request(f"Transaction {id} was never written: send it again instead.", service=SERVICE)
    return known


def _update_refusal(call: Call, company: str, endpoint: str, known: Transaction, item: Any) -> str | None:
    connection = connections.accounting_of(call.world, company)
    integration = integration_of(connection["platformKey"]) if connection else None
    if integration is None or integration.platform is None:
        raise AssertionError("the endpoint was checked before")
    table = caps.table(call.world, integration.platform.name)
    refusal = _refused_in_2023(call, integration.platform.name, endpoint) or table.refusal(f"update.{endpoint}")
    if refusal or endpoint != "expense":
        return refusal
    if known.kind != "Payment" or item.type != "Payment":
        # Source: https://docs.codat.io/expenses/sync-process/updating-expenses (Payment only)
        return "Only expense transactions of type Payment can be updated."
    before = (known.request.get("bankAccountRef") or {}).get("id")
    after = item.bankAccountRef.id if item.bankAccountRef else None
    if "update_without_account" in table.rules and after and after != before:
        return table.rules["update_without_account"]
    return None


# Source: github.com/codatio/oas, yaml/Codat-Sync-Expenses.yaml, example of the 422 of update-expense-transaction
UPDATES_NOT_SUPPORTED = "Expense transaction updates are not supported for platforms other than Xero."


def _refused_in_2023(call: Call, platform: str, endpoint: str) -> str:
    """The reading of 2023, when the world has chosen it: the tables of that year say where an expense is updated."""
    if endpoint != "expense" or not profiles.on(call.world, "updates_as_in_2023"):
        return ""
    first = caps.table(call.world, platform, generation=caps.FIRST_VERSION)
    return "" if first.allows("update.expense") else UPDATES_NOT_SUPPORTED


def _again(known: Transaction) -> Transaction:
    known.submission += 1
    known.update = known.native is not None
    known.status, known.message, known.native_code, known.intent = "Pending", "", "", None
    return known


# Transfers


def put_transfer(call: Call) -> Response:
    company = companies.called(call)
    id = _uuid(call.args["transaction_id"])
    body = wire.lower_keys(wire.raw_body(call))
    wire.check_numbers(body)
    item = wire.parsed(body, Transfer)
    check_dates(item, at="body")
    check_endpoint(call, company["id"], "transfer")
    known = rows.transaction(call.world, company["id"], id)
    request = msgspec.to_builtins(item) | {"id": id}
    if known is None:
        made = Transaction(id, company["id"], "transfer", "Transfer", request, sync="")
        return _accepted(call, company["id"], [made], status=200)
    return _accepted(call, company["id"], [_next_transfer(call, known, request)], status=200)


def _next_transfer(call: Call, known: Transaction, request: dict[str, Any]) -> Transaction:
    if known.endpoint != "transfer":
        raise bad_request(rows.processed_before([known.id]), service=SERVICE)
    if known.status == "Pending":
        raise HubRefusal(409, f"Transaction {known.id} is being synced: update it when that has ended.", SERVICE)
    if known.native is not None:
        refusal = _update_refusal(call, known.company, "transfer", known, None)
        if refusal:
            raise HubRefusal(422, refusal, SERVICE)
    known.request = request
    return _again(known)


def _uuid(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError as error:
        raise not_valid(Item("transactionId", f"{text[:50]!r} is not a UUID", "Uuid"), service=SERVICE) from error
