"""One function per native operation, and the table of them all."""

from __future__ import annotations

from functools import wraps

from msgspec import structs

from sandbooks.kit.call import Call
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.surface import Operation
from sandbooks.platforms.freeagent import auth
from sandbooks.platforms.freeagent.api import (
    accounting,
    banking,
    cashflow,
    categories,
    company,
    documents,
    files,
    invoices,
    lists,
    people,
    properties,
    reports,
    sales_tax_periods,
    time_tracking,
)
from sandbooks.platforms.freeagent.wire import in_form_asked
from sandbooks.wire import Response

# Real resources of the API that are not emulated: they answer loudly rather than with a 404.
# Source: https://dev.freeagent.com/docs (contents)
LACKING = [
    "bank_feeds",
    "clients",
    "corporation_tax_returns",
    "ec_moss",
    "estimates",
    "final_accounts_reports",
    "payroll",
    "payroll_profiles",
    "recurring_invoices",
    "self_assessment_returns",
    "vat_returns",
]


def _lacking(resource: str) -> list[Operation]:
    def lacking(_: Call) -> Response:
        raise NotSimulated(resource)

    operations = []
    for method in ("GET", "POST", "PUT", "DELETE"):
        name = f"{method.lower()}_{resource}"
        operations.append(Operation(name, method, f"/v2/{resource}", lacking, scope="1"))
        operations.append(Operation(f"{name}_below", method, f"/v2/{resource}/<path:rest>", lacking, scope="1"))
    return operations


def _in_both_forms(operation: Operation) -> Operation:
    """An operation whose answers are given as XML to those who accept that."""

    @wraps(operation.run)
    def run(call: Call) -> Response:
        return in_form_asked(call, operation.run(call))

    return structs.replace(operation, run=run)


_RESOURCES: tuple[Operation, ...] = (
    *company.OPERATIONS,
    *categories.OPERATIONS,
    *people.OPERATIONS,
    *banking.OPERATIONS,
    *documents.OPERATIONS,
    *files.OPERATIONS,
    *invoices.OPERATIONS,
    *cashflow.OPERATIONS,
    *lists.OPERATIONS,
    *properties.OPERATIONS,
    *reports.OPERATIONS,
    *sales_tax_periods.OPERATIONS,
    *time_tracking.OPERATIONS,
    *accounting.OPERATIONS,
    *(operation for resource in LACKING for operation in _lacking(resource)),
)

OPERATIONS: tuple[Operation, ...] = (
    Operation("approve_app", "GET", "/v2/approve_app", auth.approve_page, public=True),
    Operation("approve_app_decision", "POST", "/v2/approve_app", auth.approve, public=True),
    Operation("token_endpoint", "POST", "/v2/token_endpoint", auth.token_endpoint, public=True),
    *(_in_both_forms(operation) for operation in _RESOURCES),
)
