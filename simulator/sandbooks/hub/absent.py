"""What the hub's public API has and this hub lacks: each answers loudly that it is not simulated.

Source: github.com/codatio/oas, yaml/Codat-Platform.yaml and Codat-Sync-Payables.yaml.
"""

from __future__ import annotations

from collections.abc import Callable

from sandbooks.kit.call import Call
from sandbooks.kit.errors import NotSimulated
from sandbooks.wire import Response

_C = "/companies/<company_id>"
_K = f"{_C}/connections/<connection_id>"
_EVERY = ("GET", "POST", "PUT", "PATCH", "DELETE")
_DATA = ("bills", "billPayments", "billCreditNotes", "journals", "journalEntries", "paymentMethods", "taxRates")
_LACKING: tuple[tuple[str, tuple[str, ...], str], ...] = (
    (f"{_K}/payables/<path:rest>", _EVERY, "the Bill Pay API"),
    *((f"{_C}/data/{name}", ("GET",), f"the data type {name}") for name in (*_DATA, "trackingCategories")),
    *((f"{_C}/data/{name}/<id>", ("GET",), f"the data type {name}") for name in (*_DATA, "trackingCategories")),
    *((f"{_K}/push/{name}", ("POST",), f"the data type {name}") for name in _DATA),
    *((f"{_K}/push/{name}/<path:rest>", _EVERY, f"the data type {name}") for name in _DATA),
)


def _lacking(feature: str) -> Callable[[Call], Response]:
    def run(_: Call) -> Response:
        raise NotSimulated(feature)

    return run


TABLE = tuple(
    (f"absent-{place}-{method.lower()}", method, rule, _lacking(feature))
    for place, (rule, methods, feature) in enumerate(_LACKING)
    for method in methods
)
