"""What the hub has read from a platform: queued reads, the copies they leave, and their status.

A copy is as old as its last read: what was created or archived on the platform since is not seen until the next one.
Source: https://docs.codat.io/using-the-api/queueing-data-syncs, github.com/codatio/oas (PullOperation, DataStatus).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Literal, TypeAlias

import msgspec

from sandbooks.connector import (
    Account,
    Company,
    Contact,
    NeedsConsent,
    Refused,
    TaxRate,
    TrackingOption,
    Unavailable,
)
from sandbooks.hub import companies, connections, profiles, records, wire
from sandbooks.hub.bill_pay import copies as payables
from sandbooks.hub.errands import Awaiting, Work, forget
from sandbooks.hub.errors import bad_request, conflict, not_found
from sandbooks.hub.integrations import connector_of, integration_of
from sandbooks.hub.native import Parked, Session
from sandbooks.hub.webhooks import company_reference, emit
from sandbooks.kit.call import Call, json_reply
from sandbooks.wire import Response
from sandbooks.world import World

PULL = "pull"
CACHE = "cache"
TOLD = "codat/pulls_told"
RUN = "sandbooks.hub.data:pull"
CUSTOM = "custom/"  # before the identifier of a data type of the client's own
PARKS_MAX = 12
_SECOND = timedelta(seconds=1)

DataType: TypeAlias = Literal[
    "company", "chartOfAccounts", "bankAccounts", "suppliers", "customers", "taxRates", "trackingCategories"
]
# Source: https://docs.codat.io/expenses/getting-started (data types that Expenses needs)
SHAPES: Mapping[str, type[Any]] = {
    "company": Company,
    "chartOfAccounts": Account,
    "bankAccounts": Account,
    "suppliers": Contact,
    "customers": Contact,
    "taxRates": TaxRate,
    "trackingCategories": TrackingOption,
    **payables.SHAPES,
}


def types_of(connection: Mapping[str, Any], *, expenses_only: bool = False) -> tuple[str, ...]:
    """The data types that the platform behind a connection keeps; ``expenses_only``: without those of bill pay."""
    integration = integration_of(connection["platformKey"])
    if integration is None or integration.platform is None:
        return ()
    kept = () if expenses_only else payables.kept(connector_of(integration.platform))
    return tuple(name for name in SHAPES if name in kept or name not in payables.SHAPES)


# Copies


def copy_of(world: World, company: str, data_type: str) -> dict[str, Any] | None:
    """The records of a type by id as last read, None when they were never read."""
    record = records.record(world, CACHE, data_type, company=company)
    if record is None:
        return None
    name = f"codat/{company}/{data_type}"
    kept = world.local.get(name)
    if kept is None or kept[0] != record.version:
        loaded = {row["id"]: msgspec.convert(row, SHAPES[data_type]) for row in record.body["rows"]}
        kept = (record.version, loaded)
        world.local[name] = kept
    found: dict[str, Any] = kept[1]
    return found


def company_facts(world: World, company: str) -> Company:
    """The connected company as last read. Raises ``Unavailable`` when it never could be."""
    found = copy_of(world, company, "company")
    if not found:
        raise Unavailable("The company itself has not been read yet.")
    facts: Company = next(iter(found.values()))
    return facts


def _keep_copy(world: World, company: str, data_type: str, found: Sequence[Any]) -> bool:
    """Keep what was read; whether it is other than what was read before."""
    before = records.get(world, CACHE, data_type, company=company) or {"rows": []}
    body = {"at": records.now(world), "rows": [msgspec.to_builtins(row) for row in found]}
    records.put(world, CACHE, data_type, body, company=company)
    after = records.get(world, CACHE, data_type, company=company) or {"rows": []}
    return bool(before["rows"] != after["rows"])


# Reads


def queue(
    world: World, company: str, connection_id: str, data_types: Sequence[str], *, initial: bool = False
) -> list[str]:
    """Queue a read of each data type; the ids of the reads. Writes: call it in a unit of work."""
    made = []
    for data_type in data_types:
        pull_id = world.ids.uuid("codat/pull")
        body = {
            "id": pull_id,
            "companyId": company,
            "connectionId": connection_id,
            "dataType": data_type,
            "status": "Queued",
            "errorMessage": None,
            "requested": records.now(world),
            "completed": None,
        }
        records.put(world, PULL, pull_id, body, company=company)
        made.append(pull_id)
    if made:
        world.jobs.put(RUN, {"company": company, "pulls": made, "initial": initial, "parks": 0})
    return made


def pull(world: World, body: dict[str, Any]) -> None:
    """The job: carry out queued reads; what was read already stays read when the job is run again."""
    company = body["company"]
    waiting = [records.get(world, PULL, id, company=company) for id in body["pulls"]]
    todo = [row for row in waiting if row is not None and row["completed"] is None]
    if not todo and world.get(TOLD, body["pulls"][0]):
        return
    if records.get(world, "company", company) is None:
        return
    fetched: dict[str, Sequence[Any]] = {}
    for row in todo:
        connection = records.get(world, connections.KIND, row["connectionId"], company=company)
        if connection is None or connection["status"] != "Linked":
            _end(world, row, "AuthError", "The connection is not linked.")
            continue
        if row["dataType"] in payables.SHAPES and row["dataType"] not in types_of(connection):
            _end(world, row, "NotSupported", f"{connection['platformName']} keeps no {row['dataType']}.")
            continue
        try:
            _read(world, row, Session(world, connection), body, fetched)
        except Awaiting:
            _hold(world, todo)
            return
        except Parked as parked:
            _hold(world, todo)
            _again(world, body, row, parked.seconds, "RateLimitError" if parked.throttled else "FetchError")
            return
        except NeedsConsent as gone:
            connections.deauthorise(world, connection, gone.message)
            _end(world, row, "AuthError", gone.message)
        except (Refused, Unavailable) as failure:
            _end(world, row, "FetchError", failure.message)
    _tell(world, company, body)


def _hold(world: World, todo: Sequence[dict[str, Any]]) -> None:
    """Remember of what is not read yet that the platform lets it wait."""
    waiting = [row for row in todo if row["completed"] is None and not row.get("held")]
    if waiting:
        with world.unit():
            for row in waiting:
                row["held"] = True
                records.put(world, PULL, row["id"], row, company=row["companyId"], keys={"held": "yes"})


def _read(
    world: World, row: dict[str, Any], session: Session, body: dict[str, Any], fetched: dict[str, Sequence[Any]]
) -> None:
    from sandbooks.hub.platform import custom_data, supplemental  # they are built on this module

    data_type = row["dataType"]
    if data_type.startswith(CUSTOM):
        row["modified"] = custom_data.read(world, session, row["companyId"], data_type.removeprefix(CUSTOM))
        _end(world, row, "Complete", None)
        return
    source = "accounts" if data_type in ("chartOfAccounts", "bankAccounts") else data_type
    if source not in fetched:
        work = Work(f"{_errand(body)}{source}/{body['parks']}", RUN, body)
        if source in payables.SHAPES:
            facts = company_facts(world, row["companyId"])
            fetched[source] = payables.fetch(session, source, facts, work)
        else:
            fetched[source] = _fetch(session, source, work)
    found = fetched[source]
    if data_type == "bankAccounts":
        found = [account for account in found if account.pays]
    supplemental.read(world, session, row["companyId"], data_type)
    with world.unit():
        row["modified"] = _keep_copy(world, row["companyId"], data_type, found)
        _end(world, row, "Complete", None)


def _errand(body: Mapping[str, Any]) -> str:
    """What the errands of a job's reads begin with."""
    return f"pull/{body['pulls'][0]}/"


def _fetch(session: Session, source: str, work: Work) -> Sequence[Any]:
    connector, consent = session.connector, session.consent
    match source:
        case "company":
            return [session.run(connector.company(consent), work=work)]
        case "accounts":
            return session.run(connector.accounts(consent), work=work)
        case "suppliers":
            return session.run(connector.suppliers(consent), work=work)
        case "customers":
            return session.run(connector.customers(consent), work=work)
        case "taxRates":
            return session.run(connector.tax_rates(consent), work=work)
        case _:
            return session.run(connector.tracking(consent), work=work)


def _end(world: World, row: dict[str, Any], status: str, message: str | None) -> None:
    with world.unit():
        row |= {"status": status, "errorMessage": message, "completed": records.now(world)}
        records.put(world, PULL, row["id"], row, company=row["companyId"])


def _again(world: World, body: dict[str, Any], row: dict[str, Any], seconds: int, status: str) -> None:
    """The read has to wait; after too many waits it has failed."""
    if body["parks"] >= PARKS_MAX:
        _end(world, row, status, "The platform did not answer.")
        seconds, parks = 0, 0
    else:
        parks = body["parks"] + 1
    with world.unit():
        due = world.clock.now() + max(seconds, 2**parks if parks else 0) * _SECOND
        world.jobs.put(RUN, {**body, "parks": parks}, due=due)


def _tell(world: World, company: str, body: dict[str, Any]) -> None:
    pulls = [row for id in body["pulls"] if (row := records.get(world, PULL, id, company=company)) is not None]
    reference = company_reference(companies.company_of(world, company))
    payload = {
        "referenceCompany": reference,
        "modifiedFromDate": None,
        "dataTypes": [
            {
                "connectionId": row["connectionId"],
                "dataType": row["dataType"],
                "recordsModified": bool(row.get("modified")),
                "status": row["status"],
                "issues": [],
            }
            for row in pulls
        ],
    }
    with world.unit():
        world.put(TOLD, body["pulls"][0], True)
        for row in pulls:
            forget(world, row["connectionId"], begins=_errand(body))
        emit(world, "read.completed", payload, company=company)
        if body["initial"]:
            emit(world, "read.completed.initial", payload, company=company)


# Operations


def refresh_all(call: Call) -> Response:
    company, connection = linked(call)
    # Unconfirmed: what becomes of the data types that are being read; here they are not read once more.
    wanted = [name for name in types_of(connection) if under_way(call.world, company["id"], name) is None]
    if wanted:
        with call.unit():
            queue(call.world, company["id"], connection["id"], wanted)
    return Response(204)


def under_way(world: World, company: str, data_type: str) -> dict[str, Any] | None:
    """The read of a data type that the platform lets wait, if there is one; None as well where reads queue up.

    One that is merely next takes an instant here, whatever the clock: it counts as done.
    """
    if profiles.on(world, "refreshes_queue_up"):
        return None
    held = records.found(world, PULL, "held", "yes", company=company)
    return next((row for row in held if row["dataType"] == data_type), None)


def check_idle(world: World, company: str, data_type: str) -> None:
    """400 for a data type that is being read.

    Source: https://docs.codat.io/using-the-api/queueing-data-syncs
    Unconfirmed: the status; the operation lists no 409.
    """
    before = under_way(world, company, data_type)
    if before is not None:
        said = f"Cannot queue {data_type} sync for {company} as previous sync {before['id']} is still in progress"
        raise bad_request(f"DatasetAlreadyInProgressException: {said}", service="PullApi")


def refresh_data_type(call: Call) -> Response:
    company, connection = linked(call)
    data_type = call.args["data_type"]
    if data_type not in types_of(connection):
        # Source: github.com/codatio/oas, response Not-Found, example of an unsupported data type
        raise not_found(f"Datatype {data_type} not supported by platform(s) {connection['platformName']}")
    check_idle(call.world, company["id"], data_type)
    with call.unit():
        (pull_id,) = queue(call.world, company["id"], connection["id"], (data_type,))
    row = records.get(call.world, PULL, pull_id, company=company["id"])
    return json_reply(shown(row or {}))


def linked(call: Call) -> tuple[dict[str, Any], dict[str, Any]]:
    """The company of the path and its linked connection (the one that ``connectionId`` names); 404 or 400 otherwise."""
    company = companies.called(call)
    wanted = call.query.get("connectionId", "")
    if wanted:
        connection: dict[str, Any] | None = connections.connection_of(call.world, company["id"], wanted)
    else:
        connection = connections.accounting_of(call.world, company["id"])
    if connection is None or connection["sourceType"] != "Accounting":
        raise not_found("Data connection not found: the company has no accounting connection")
    if connection["status"] != "Linked":
        raise bad_request(f"The data connection is {connection['status']}: nothing can be read")
    return company, connection


def data_status(call: Call) -> Response:
    company = companies.called(call)
    found: dict[str, Any] = {}
    for row in records.every(call.world, PULL, company=company["id"]):
        if row["dataType"] not in SHAPES:
            continue
        status = found.setdefault(row["dataType"], {"dataType": row["dataType"], "currentStatus": row["status"]})
        status |= {"currentStatus": row["status"], "latestSyncId": row["id"]}
        if row["status"] == "Complete":
            status |= {"lastSuccessfulSync": row["completed"], "latestSuccessfulSyncId": row["id"]}
    return json_reply(found)


def list_pulls(call: Call) -> Response:
    company = companies.called(call)
    rows = [shown(row) for row in records.every(call.world, PULL, company=company["id"])]
    return wire.page_reply(call, rows[::-1], what="Dataset")


def get_pull(call: Call) -> Response:
    company = companies.called(call)
    row = records.get(call.world, PULL, call.args["dataset_id"], company=company["id"])
    if row is None:
        raise not_found(f"No dataset was found with ID {call.args['dataset_id']}", service="PullApi")
    return json_reply(shown(row))


def shown(row: Mapping[str, Any]) -> dict[str, Any]:
    """A read as the hub shows it."""
    done = row["completed"] is not None
    facts = {name: row[name] for name in ("id", "companyId", "connectionId", "dataType", "status", "requested")}
    return (
        facts
        | {
            "statusDescription": row["errorMessage"],
            "errorMessage": row["errorMessage"],
            "progress": 100 if done else 0,
            "isCompleted": row["status"] == "Complete",
            "isErrored": done and row["status"] != "Complete",
        }
        | ({"completed": row["completed"]} if done else {})
    )


def company_info(call: Call) -> Response:
    company = companies.called(call)
    facts: Company = next(iter(read_copy(call, company["id"], "company").values()))
    return json_reply(
        {
            "companyName": facts.name,
            "accountingPlatformRef": facts.id,
            "companyLegalName": facts.legal_name or None,
            "addresses": [],
            "phoneNumbers": [],
            "webLinks": [],
            "registrationNumber": None,
            "taxNumber": None,
            "baseCurrency": facts.currency,
            "sourceUrls": {},
        }
    )


def read_copy(call: Call, company: str, data_type: str) -> dict[str, Any]:
    """A copy for an operation; 409 when it was never asked for, 404 when it has not arrived."""
    found = copy_of(call.world, company, data_type)
    if found is not None:
        return found
    check_requested(call.world, company, data_type)
    raise not_found(f"No data available for {data_type} for ID {company}", service="ClientsApi")


def check_requested(world: World, company: str, data_type: str) -> None:
    """409 for a data type of which no read was ever asked for."""
    if copy_of(world, company, data_type) is None and not any(
        row["dataType"] == data_type for row in records.every(world, PULL, company=company)
    ):
        raise conflict("The data set has not been requested.")  # Source: github.com/codatio/oas, response Conflict
