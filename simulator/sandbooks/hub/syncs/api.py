"""What the API tells of syncs and their transactions.

Source: github.com/codatio/oas (CompanySyncStatus, Transaction).
"""

from __future__ import annotations

from typing import Any

from sandbooks.hub import companies, profiles, records, wire
from sandbooks.hub.errors import not_found
from sandbooks.hub.syncs import rows
from sandbooks.hub.syncs.rows import Sync, Transaction
from sandbooks.kit.call import Call, json_reply
from sandbooks.wire import Response
from sandbooks.world import World, instant

SERVICE = "ExpenseSyncApi"


def last_successful(call: Call) -> Response:
    found = [row for row in _syncs(call) if row.code in (rows.WRITTEN, rows.NOTHING_WRITTEN) and row.ended]
    return _newest(call, found)


def latest(call: Call) -> Response:
    return _newest(call, _syncs(call))


def list_syncs(call: Call) -> Response:
    return json_reply([_shown(call.world, row) for row in reversed(_syncs(call))])


def get_sync(call: Call) -> Response:
    return json_reply(_shown(call.world, _called(call)))


def list_transactions(call: Call) -> Response:
    sync = _called(call)
    found = [shown for row in _transactions(call, sync) for shown in _transaction_shown(call.world, sync, row)]
    return wire.page_reply(call, found, what="Transaction", queries=False)


def get_transaction(call: Call) -> Response:
    wanted = call.args["transaction_id"].lower()
    sync = _called(call)
    found = [row for row in _transactions(call, sync) if row.id == wanted]
    if not found:
        raise not_found(f"No transaction was found with ID {wanted}", service=SERVICE)
    return json_reply([shown for row in found for shown in _transaction_shown(call.world, sync, row)])


def _syncs(call: Call) -> list[Sync]:
    return rows.syncs(call.world, companies.called(call)["id"])


def _newest(call: Call, found: list[Sync]) -> Response:
    if not found:
        raise not_found(f"No sync was found for company {call.args['company_id']}", service=SERVICE)
    return json_reply(_shown(call.world, found[-1]))


def _called(call: Call) -> Sync:
    company = companies.called(call)
    found = rows.sync(call.world, company["id"], call.args["sync_id"].lower())
    if found is None:
        raise not_found(f"No sync was found with ID {call.args['sync_id']}", service=SERVICE)
    return found


def _transactions(call: Call, sync: Sync) -> list[Transaction]:
    found = [rows.transaction(call.world, sync.company, id) for id in sync.transactions]
    return [row for row in found if row is not None]


def _shown(world: World, row: Sync) -> dict[str, Any]:
    code = row.code
    if code == rows.IN_PROGRESS and world.clock.now() - instant(row.created) > rows.LONG:
        code = rows.IN_PROGRESS_LONG
    return {
        "companyId": row.company,
        "syncId": row.id,
        "syncStatusCode": code,
        "syncStatus": row.status,
        "errorMessage": row.error,
        "syncExceptionMessage": row.error,
        "syncUtc": records.stamp(instant(row.ended or row.created)),
        "dataPushed": row.pushed,
    }


def _transaction_shown(world: World, sync: Sync, row: Transaction) -> list[dict[str, Any]]:
    """The rows of a transaction: one, unless the world counts bank feeds beside expenses."""
    status, message = sync.outcomes.get(row.id, (row.status, row.message))
    # Docs samples write ``expense``; the official client refuses that. Source: github.com/codatio/oas, IntegrationType
    types = ["expense" if profiles.on(world, "integration_type_expense") else "expenses"]
    if profiles.on(world, "bank_feed_rows"):
        types.insert(0, "bankfeeds")
    shown = {"transactionId": row.id, "status": status, "message": message}
    return [{**shown, "integrationType": type} for type in types]
