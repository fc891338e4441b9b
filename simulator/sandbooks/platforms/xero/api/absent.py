"""What Xero has and this simulator lacks: each answers loudly that it is not simulated.

A list of what nobody can make here is truthfully empty: clients that copy a whole organisation read them all.
"""

from __future__ import annotations

from collections.abc import Callable

from sandbooks.kit.call import Call
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.surface import Operation
from sandbooks.platforms.xero.api.registry import ROOT, TRANSACTIONS
from sandbooks.platforms.xero.refusals import NotFound
from sandbooks.platforms.xero.wire import writing
from sandbooks.wire import Response

_RESOURCES = {
    "RepeatingInvoices": f"{TRANSACTIONS} accounting.invoices",
    "Employees": "accounting.settings",
    "Budgets": "accounting.budgets",
    "PaymentServices": "paymentservices",
    "InvoiceReminders": "accounting.settings",
    "Setup": "accounting.settings",
}
_EMPTY = ("RepeatingInvoices", "Employees", "Budgets")
_PRODUCTS = ("payroll.xro", "assets.xro", "projects.xro", "bankfeeds.xro", "finance.xro")
_SINGLE = {
    f"{ROOT}/Contacts/<id>/CISSettings": ("CIS settings of contacts", "accounting.contacts"),
    f"{ROOT}/Organisation/<id>/CISSettings": ("CIS settings of the organisation", "accounting.settings"),
    f"{ROOT}/BrandingThemes/<id>/PaymentServices": ("payment services of branding themes", "paymentservices"),
    f"{ROOT}/Reports": ("the list of published tax reports", "accounting.reports"),
}


def _lacking(feature: str) -> Callable[[Call], Response]:
    def run(_: Call) -> Response:
        raise NotSimulated(feature)

    return run


def _none(_: Call) -> Response:
    """None of a kind that nobody can make here."""
    raise NotFound


def _none_of(name: str) -> Callable[[Call], Response]:
    return lambda call: writing.envelope(call, name, [], paging=None)


def _resource(name: str, scope: str) -> tuple[Operation, ...]:
    run = _lacking(f"{name} of the Accounting API")
    listed = _none_of(name) if name in _EMPTY else run
    return tuple(
        Operation(f"absent_{method}_{name}_{position}", method, rule, runs, scope=scope)
        for method in ("GET", "PUT", "POST", "DELETE")
        for position, (rule, runs) in enumerate(
            (
                (f"{ROOT}/{name}", listed if method == "GET" else run),
                (f"{ROOT}/{name}/<path:rest>", _none if method == "GET" and name in _EMPTY else run),
            )
        )
    )


def _product(product: str, method: str) -> Operation:
    run = _lacking(f"the API at /{product}")
    return Operation(f"absent_{method}_{product}", method, f"/{product}/<path:rest>", run)


OPERATIONS = (
    *(operation for name, scope in _RESOURCES.items() for operation in _resource(name, scope)),
    *(_product(product, method) for product in _PRODUCTS for method in ("GET", "PUT", "POST", "DELETE")),
    *(
        Operation(f"absent_{method}_single_{number}", method, rule, _lacking(feature), scope=scope)
        for number, (rule, (feature, scope)) in enumerate(_SINGLE.items())
        for method in (("GET", "POST") if rule.endswith("PaymentServices") else ("GET",))
    ),
)
