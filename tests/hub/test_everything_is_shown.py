"""Each status, connection state and error that the hub's public pages name is brought about by a scenario that ships.

The scenarios are played, and what the hub answers in them is read off their tapes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, TypeAlias

from sandbooks.platform import platforms
from sandbooks.replay.playing import play
from sandbooks.replay.script import read_scenario, scenario_files
from sandbooks.replay.script_steps import Scenario
from sandbooks.settings import read_contract, scenarios_root

Shown: TypeAlias = dict[str, set[Any]]
SIMULATED = [name for name, platform in platforms().items() if platform.connector]
FOLDERS = ("hub", "bill_pay", "capabilities")
SCHEMAS = read_contract("hub", "expenses.yaml")["components"]["schemas"]
PUSHES = read_contract("hub", "bill_pay_v1.yaml")["components"]["schemas"]["PushOperation"]

# Source: https://docs.codat.io/expenses/sync-process/syncing-expenses (status codes)
SYNC_CODES = SCHEMAS["CompanySyncStatus"]["properties"]["syncStatusCode"]["enum"]
TRANSACTION_STATUSES = SCHEMAS["Transaction"]["properties"]["status"]["enum"]
CONNECTION_STATES = SCHEMAS["Connection"]["properties"]["status"]["enum"]
PUSH_STATUSES = PUSHES["properties"]["status"]["enum"]
# Source: https://docs.codat.io/using-the-api/errors, github.com/codatio/oas (responses of Codat-Sync-Expenses)
HTTP_STATUSES = (400, 401, 402, 403, 404, 405, 409, 422, 429, 451, 500, 503)
# Source: the examples beside those responses, https://docs.codat.io/using-the-api/querying, expenses/faq, and the
# updates of 2022-08-25, 2024-03-14 and 2024-06-07; using-the-api/errors and /queueing-data-syncs
ERRORS = (
    "Error processing request - not valid.",
    "Error parsing query - Could not resolve property",
    "Error parsing query - Malformed query.",
    "Unauthorized",
    "CompanyValidationException: Company limit exceeded",
    "You have exceeded the 50-company limit that applies to a Free plan.",
    "SyncSettingsValidationException: Sync schedule not allowed",
    "Payment Required",
    "You are using an outdated API key or a key not associated with that resource.",
    "You have made too many requests in a given amount of time; please retry later.",
    "There is a problem with our server. Please try again later.",
    "The Codat API is temporarily offline for maintenance. Please try again later.",
    "DatasetAlreadyInProgressException: Cannot queue ",
    "Data cannot be refreshed while a read operation is in progress.",
    "Bank Feeds doesn't support data refreshing.",
    "Max string length (50) for `name` reached.",
    "Maximum number of API keys reached.",
    "Platform 'qhyg' is not currently available for compliance purposes.",
    "There are problems with the request, see the Validation property for more detail.",
    "NotFound",
    "Push object DataConnectionArgs must be provided",
    "Data connection ",
    "No company was found with ID",
    "No data available for ",
    "Datatype ",
    "The data set has not been requested.",
    "Expense transaction updates are not supported",
    "One or more transactions have previously been processed: ",
    "Transfer In/Out transaction type is no longer supported.",
    "Adjustment In/Out transaction type is no longer supported.",
)


def runs() -> Iterator[Scenario]:
    """Every hub scenario in every variant, on one of its platforms."""
    for file in scenario_files(scenarios_root()):
        if file.parent.name in FOLDERS:
            script = read_scenario(file)
            yield from next(filter(None, ([*script.runs([name])] for name in SIMULATED)))


def shown() -> Shown:
    """What the hub says in the scenarios, by what it is said of."""
    found: Shown = {name: set() for name in ("sync", "transaction", "connection", "push", "http", "error")}
    for run in runs():
        for line in play(run).tape.splitlines():
            entry = json.loads(line)
            if entry["surface"] == "codat" and entry.get("response"):
                found["http"].add(entry["response"]["status"])
                _note(found, _parsed(entry["response"].get("body")))
    return found


def _parsed(body: Any) -> Any:
    """An answer in JSON; None where it is a page or a file."""
    try:
        return json.loads(body) if isinstance(body, str) else body
    except json.JSONDecodeError:
        return None


def _note(found: Shown, said: Any) -> None:
    if isinstance(said, list):
        for one in said:
            _note(found, one)
    if not isinstance(said, dict):
        return
    if "syncStatusCode" in said:
        found["sync"].add(said["syncStatusCode"])
    if "integrationType" in said:
        found["transaction"].add(said["status"])
    if "linkUrl" in said:
        found["connection"].add(said["status"])
    if "pushOperationKey" in said:
        found["push"].add(said["status"])
    if "correlationId" in said:
        found["error"].add(said["error"])
    for one in said.values():
        _note(found, one)


WANTED: Shown = {
    "sync": set(SYNC_CODES),
    "transaction": set(TRANSACTION_STATUSES),
    "connection": set(CONNECTION_STATES),
    "push": set(PUSH_STATUSES),
    "http": set(HTTP_STATUSES),
}


def test_each_code_status_state_and_documented_error_is_shown() -> None:
    """One test, because the scenarios are played for all of them at once."""
    found = shown()
    lacking = {name: wanted - found[name] for name, wanted in WANTED.items() if wanted - found[name]}
    assert lacking == {}
    untold = [begins for begins in ERRORS if not any(error.startswith(begins) for error in found["error"])]
    assert untold == [], sorted(found["error"])
