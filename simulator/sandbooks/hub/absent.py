"""Other products of Codat over the same companies: each answers loudly that it is not simulated.

Source: https://docs.codat.io/lending-api, /bank-feeds-api, /sync-for-commerce-api and /accounting-api
"""

from __future__ import annotations

from collections.abc import Callable

from sandbooks.kit.call import Call
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.surface import Operation
from sandbooks.wire import Response

_COMPANY = "/companies/<company_id>"
_CONNECTION = f"{_COMPANY}/connections/<connection_id>"
_READS, _WRITES, _ALL = ("GET",), ("POST", "PUT", "PATCH", "DELETE"), ("GET", "POST", "PUT", "PATCH", "DELETE")
_PLACES: tuple[tuple[str, tuple[str, ...], str], ...] = (
    (f"{_COMPANY}/reports/<path:rest>", _ALL, "the reports of Lending"),
    (f"{_COMPANY}/data/<path:rest>", _READS, "this data type of Accounting and Lending"),
    (f"{_CONNECTION}/data/<path:rest>", _READS, "this data type of Accounting, Banking, Commerce and Lending"),
    (f"{_CONNECTION}/push/<path:rest>", _WRITES, "pushing this data type"),
    (f"{_CONNECTION}/connectionInfo/bankFeedAccounts", _ALL, "Bank Feeds"),
    (f"{_CONNECTION}/connectionInfo/bankFeedAccounts/<path:rest>", _ALL, "Bank Feeds"),
    (f"{_CONNECTION}/bankFeedAccounts/<path:rest>", _ALL, "Bank Feeds"),
    (f"{_CONNECTION}/bankStatements/<path:rest>", _ALL, "uploading bank statements"),
    (f"{_CONNECTION}/files", _ALL, "uploading files of Lending"),
    (f"{_COMPANY}/files", _ALL, "uploading files of Lending"),
    (f"{_COMPANY}/sync/commerce/<path:rest>", _ALL, "Sync for Commerce"),
    (f"{_CONNECTION}/sync/commerce/<path:rest>", _ALL, "Sync for Commerce"),
)


def _lacking(feature: str) -> Callable[[Call], Response]:
    def run(_: Call) -> Response:
        raise NotSimulated(feature)

    return run


OPERATIONS = tuple(
    Operation(f"absent_{method}_{position}", method, rule, _lacking(feature))
    for position, (rule, methods, feature) in enumerate(_PLACES)
    for method in methods
)
