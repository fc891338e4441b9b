"""Datasets: transactions that were taken in and wait, and the sync that takes them to the platform.

Source: github.com/codatio/oas, yaml/Codat-Sync-Expenses-v1.yaml (create-expense-dataset, initiate-sync,
update-expense-dataset) and Codat-Expenses.yaml (the answer of initiate-sync).
"""

from __future__ import annotations

from typing import Any

from sandbooks.hub import caps, companies, connections, profiles, records, wire
from sandbooks.hub.errors import HubRefusal, Item, bad_request, not_found, not_valid
from sandbooks.hub.expenses import ITEMS_MAX, SERVICE, UPDATES_NOT_SUPPORTED, check_dates, check_endpoint, check_unique
from sandbooks.hub.expenses_v1 import requests
from sandbooks.hub.integrations import integration_of
from sandbooks.hub.syncs import rows
from sandbooks.hub.syncs.rows import Transaction
from sandbooks.kit.call import Call, json_reply
from sandbooks.wire import Response

KIND = "dataset"


def is_dataset(body: object) -> bool:
    """Whether a body is one of the first version: the present one sends a list."""
    return isinstance(body, dict) and "items" in body


def create_dataset(call: Call) -> Response:
    company = companies.called(call)
    body = wire.raw_body(call)
    wire.check_numbers(body)
    given = body.get("items") if isinstance(body, dict) else None
    if not isinstance(given, list) or not 1 <= len(given) <= ITEMS_MAX:
        raise not_valid(Item("items", f"items is a list of 1 to {ITEMS_MAX} transactions", "Count"), service=SERVICE)
    items = [requests.read(each, requests.Expense, at=f"items[{place}]") for place, each in enumerate(given)]
    for place, item in enumerate(items):
        check_dates(item, at=f"items[{place}]")
        _check_taxes(call, item, at=f"items[{place}]")
    check_endpoint(call, company["id"], "expense", generation=caps.FIRST_VERSION)
    made = [requests.plain(item) for item in items]
    check_unique([_row(company["id"], each) for each in made])
    with call.unit():
        id = call.world.ids.uuid("codat/dataset")
        body = {"id": id, "created": records.now(call.world), "items": made, "sync": None}
        records.put(call.world, KIND, id, body, company=company["id"])
    return json_reply({"datasetId": id})


def _check_taxes(call: Call, item: requests.Expense, *, at: str) -> None:
    if item.type.startswith("Transfer") or not profiles.on(call.world, "v1_tax_rate_required"):
        return
    for place, line in enumerate(item.lines):
        if line.taxRateRef is None or not line.taxRateRef.id:
            where = f"{at}.lines[{place}].taxRateRef"
            raise not_valid(Item(where, f"a line of a {item.type} names a tax rate", "Required"), service=SERVICE)


def _row(company: str, request: dict[str, Any]) -> Transaction:
    kind = request["type"]
    return Transaction(request["id"], company, "expense", kind, request, sync="", generation=caps.FIRST_VERSION)


def initiate(call: Call) -> Response:
    """Start a sync of datasets; several may be started at once and are worked on one after the other."""
    company = companies.called(call)
    raw = wire.raw_body(call)
    wanted = wire.parsed(raw, requests.Initiation)
    ids = [str(id) for id in wanted.datasetIds or ()]
    if profiles.on(call.world, "sync_on_initiate"):
        waiting = [row for row in rows.open_syncs(call.world, company["id"]) if row.waits]
        chosen = [row for row in waiting if not ids or row.id in ids]
        if chosen:
            return _started(call, chosen)
    if not ids:
        raise not_valid(Item("datasetIds", "datasetIds names at least one dataset", "Required"), service=SERVICE)
    datasets = [_dataset(call, company["id"], id) for id in dict.fromkeys(ids)]
    check_endpoint(call, company["id"], "expense", generation=caps.FIRST_VERSION)
    return _initiated(call, company["id"], datasets)


def _started(call: Call, chosen: list[rows.Sync]) -> Response:
    with call.unit():
        for row in chosen:
            row.waits = False
            rows.keep_sync(call.world, row)
            rows.schedule(call.world, row)
    return json_reply({"syncId": chosen[0].id}, status=202)


def _dataset(call: Call, company: str, id: str) -> dict[str, Any]:
    found = records.get(call.world, KIND, id, company=company)
    if found is None:
        raise not_found(f"No dataset was found with ID {id}", service=SERVICE)
    return found


def _initiated(call: Call, company: str, datasets: list[dict[str, Any]]) -> Response:
    left = [dataset for dataset in datasets if not _is_written(call, company, dataset)]
    made = [_row(company, item) for dataset in left for item in dataset["items"]]
    check_unique(made)
    fresh, duplicates = rows.fresh_and_duplicates(call.world, company, made)
    with call.unit():
        sync = rows.accept(
            call.world,
            company,
            fresh,
            exchange=call.exchange.number,
            duplicates=duplicates,
            generation=caps.FIRST_VERSION,
        )
        for dataset in datasets:
            dataset["sync"] = sync.id
            records.put(call.world, KIND, dataset["id"], dataset, company=company)
    return json_reply({"syncId": sync.id}, status=202)


def _is_written(call: Call, company: str, dataset: dict[str, Any]) -> bool:
    """Whether an earlier sync of this very dataset wrote all of it: then nothing is left to do."""
    if dataset["sync"] is None:
        return False
    found = [rows.transaction(call.world, company, item["id"]) for item in dataset["items"]]
    return all(row is not None and row.native is not None for row in found)


def update(call: Call, known: Transaction) -> Response:
    """Change a transaction that came through the first version. Source: update-expense-dataset (Payment, on Xero)."""
    body = wire.raw_body(call)
    wire.check_numbers(body)
    item = requests.read(body, requests.Update, at="body")
    check_dates(item, at="body")
    connection = connections.accounting_of(call.world, known.company)
    integration = integration_of(connection["platformKey"]) if connection else None
    if integration is None or integration.platform is None:
        raise bad_request("The company has no linked accounting connection: link one first.", service=SERVICE)
    table = caps.table(call.world, integration.platform.name, generation=caps.FIRST_VERSION)
    if not table.allows("update.expense") or known.kind != "Payment" or item.type != "Payment":
        raise HubRefusal(422, UPDATES_NOT_SUPPORTED, SERVICE)
    kept = {name: known.request[name] for name in ("id", "currency", "bankAccountRef") if name in known.request}
    known.request = kept | requests.plain(item)
    known.submission += 1
    known.update, known.status, known.message = True, "Pending", ""
    known.native_code, known.intent = "", None
    with call.unit():
        sync = rows.accept(
            call.world, known.company, [known], exchange=call.exchange.number, generation=caps.FIRST_VERSION
        )
    return json_reply({"syncId": sync.id}, status=202)
