"""One function for each kind of native operation, and the table of them all."""

from __future__ import annotations

from collections.abc import Iterator

from sandbooks.kit.call import Call
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.surface import Operation
from sandbooks.platforms.business_central import paths
from sandbooks.platforms.business_central.api import (
    batch,
    collections,
    environments,
    metadata,
    sign_in,
    streams,
    subscriptions,
)
from sandbooks.platforms.business_central.sets import SETS
from sandbooks.platforms.business_central.sets.entity import EntitySet
from sandbooks.wire import Response

# Real entity sets of the API that are not emulated: they answer loudly rather than with a 404.
# Source: https://learn.microsoft.com/dynamics365/business-central/dev-itpro/api-reference/v2.0/ (contents)
LACKING = (
    "agedAccountsReceivables",
    "apicategoryroutes",
    "approvalUserSetups",
    "cashFlowStatements",
    "contacts",
    "contactsInformation",
    "customerContacts",
    "customerFinancialDetail",
    "customerFinancialDetails",
    "customerPaymentJournals",
    "customerPayments",
    "customerReturnReasons",
    "customerSales",
    "disputeStatus",
    "externalidentifier",
    "fixedAssetLocations",
    "fixedAssets",
    "generalProductPostingGroups",
    "inventoryPostingGroups",
    "itemLedgerEntries",
    "itemVariants",
    "jobQueueEntries",
    "jobQueueLogEntries",
    "opportunities",
    "pdfDocument",
    "picture",
    "pictures",
    "purchaseReceiptLines",
    "purchaseReceipts",
    "salesCreditMemoLines",
    "salesCreditMemos",
    "salesInvoiceLines",
    "salesInvoices",
    "salesOrderLines",
    "salesOrders",
    "salesQuoteLines",
    "salesQuotes",
    "salesShipmentLines",
    "salesShipments",
    "salespeoplePurchasers",
    "timeRegistrationEntries",
    "workflowApprovers",
    "workflowResponseOptions",
    "workflowSteps",
    "workflows",
)


def _operations_of(entity_set: EntitySet) -> Iterator[Operation]:
    name, one = f"/api/{entity_set.name}", f"/api/{entity_set.name}(-)"
    kind = entity_set.type
    yield Operation(f"list_{entity_set.name}", "GET", name, collections.list_rows, scope="company")
    yield Operation(f"count_{entity_set.name}", "GET", f"{name}/$count", collections.count_rows, scope="company")
    yield Operation(f"get_{kind}", "GET", one, collections.get_row, scope="company")
    if entity_set.inserts:
        yield Operation(f"create_{kind}", "POST", name, collections.create_row, writes=True, scope="company")
    if entity_set.modifies:
        yield Operation(f"update_{kind}", "PATCH", one, collections.update_row, writes=True, scope="company")
    if entity_set.deletes:
        yield Operation(f"delete_{kind}", "DELETE", one, collections.delete_row, writes=True, scope="company")
    for stream in entity_set.streams:
        rule = f"{one}/{stream}"
        yield Operation(f"read_{kind}_content", "GET", rule, streams.read, scope="company")
        yield Operation(f"write_{kind}_content", "PATCH", rule, streams.write, writes=True, scope="company")
        yield Operation(f"put_{kind}_content", "PUT", rule, streams.write, writes=True, scope="company")
    for action in entity_set.actions:
        spelt = f"{action.rpartition('.')[2]}_{kind}"
        yield Operation(spelt, "POST", f"{one}/{action}", collections.run_action, writes=True, scope="company")


def _lacking(name: str) -> Iterator[Operation]:
    def lacking(_: Call) -> Response:
        raise NotSimulated(name)

    for method in ("GET", "POST", "PATCH", "DELETE"):
        for suffix, rule in (("", f"/api/{name}"), ("_one", f"/api/{name}(-)")):
            yield Operation(f"{method.lower()}_{name}{suffix}", method, rule, lacking, scope="company")
    yield Operation(f"count_{name}", "GET", f"/api/{name}/$count", lacking, scope="company")


def _automation() -> Iterator[Operation]:
    """Users, permission sets, extensions and the rest of the automation API, of which companies and routes are here."""

    def lacking(call: Call) -> Response:
        raise NotSimulated(f"{call.args['name'][:40]} of the automation API", instead="companies, apicategoryroutes")

    for method in ("GET", "POST", "PATCH", "DELETE"):
        rule = "/other/microsoft/automation/v2.0/<name>"
        yield Operation(f"{method.lower()}_automation", method, rule, lacking, scope="tenant")


def _beside(door: str, feature: str) -> Iterator[Operation]:
    def lacking(_: Call) -> Response:
        raise NotSimulated(feature, instead="version 2.0 of the API")

    for method in ("GET", "POST", "PATCH", "PUT", "DELETE"):
        name = f"{method.lower()}_{door.replace('/', '_').replace('.', '_')}"
        yield Operation(name, method, f"/beside/{door}", lacking, scope="tenant")


OPERATIONS: tuple[Operation, ...] = (
    *sign_in.OPERATIONS,
    *environments.OPERATIONS,
    *metadata.OPERATIONS,
    *subscriptions.OPERATIONS,
    Operation("batch", "POST", "/api/$batch", batch.run_batch, writes=True, scope="tenant", answers="responses"),
    *(operation for entity_set in SETS.values() for operation in _operations_of(entity_set)),
    *(operation for name in LACKING for operation in _lacking(name)),
    *_automation(),
    *(operation for door, feature in paths.BESIDE.items() for operation in _beside(door, feature)),
)

paths.TAILS.update(stream for each in SETS.values() for stream in each.streams)
paths.TAILS.update(action for each in SETS.values() for action in each.actions)
for _each in SETS.values():
    paths.TO_ONE.update((name.lower(), target) for name, (target, _) in _each.to_one.items())
_SPELT = [*SETS, *LACKING, *paths.TAILS, "companies", "subscriptions", "$batch", "$metadata", "entityDefinitions"]
SPELLING: dict[str, str] = {name.lower(): name for name in _SPELT}
batch.know(OPERATIONS)
