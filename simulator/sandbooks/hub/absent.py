"""What the hub's public API has and this hub lacks: each answers loudly that it is not simulated.

Source: github.com/codatio/oas, yaml/Codat-Platform.yaml, Codat-Sync-Expenses-v1.yaml and Codat-Sync-Payables.yaml.
"""

from __future__ import annotations

from collections.abc import Callable

from sandbooks.kit.call import Call
from sandbooks.kit.errors import NotSimulated
from sandbooks.wire import Response

_C = "/companies/<company_id>"
_TYPE = "/integrations/<platform_key>/dataTypes"
_K = f"{_C}/connections/<connection_id>"
_FIRST_VERSION = "datasets of the first version of Sync for Expenses"
_LACKING: tuple[tuple[str, tuple[str, ...], str], ...] = (
    (f"{_C}/sync/expenses/data/expense-transactions", ("POST",), _FIRST_VERSION),
    (f"{_C}/sync/expenses/syncs", ("POST",), _FIRST_VERSION),
    (f"{_C}/products/<product>", ("PUT", "DELETE"), "products of a company"),
    (f"{_C}/products/<product>/refresh", ("POST",), "products of a company"),
    (f"{_C}/accessToken", ("GET",), "access tokens of companies"),
    (f"{_C}/connectionManagement/accessToken", ("GET",), "access tokens of companies"),
    (f"{_C}/syncSettings", ("GET", "POST"), "sync settings"),
    ("/profile/syncSettings", ("GET", "POST"), "sync settings"),
    ("/corsSettings", ("GET", "POST"), "CORS settings"),
    ("/connectionManagement/corsSettings", ("GET", "POST"), "CORS settings"),
    ("/webhooks/integrationKeys/zapier", ("POST",), "Zapier keys"),
    ("/integrations/<platform_key>/branding", ("GET",), "branding of integrations"),
    (f"{_C}/sync/<dataset_id>/validation", ("GET",), "validation results"),
    (f"{_TYPE}/<data_type>/supplementalDataConfig", ("GET", "PUT"), "supplemental data"),
    (f"{_TYPE}/custom/<custom>", ("GET", "PUT"), "custom data types"),
    (f"{_K}/data/custom/<custom>", ("GET",), "custom data types"),
    (f"{_K}/data/queue/custom/<custom>", ("POST",), "custom data types"),
)


def refuse_first_version(body: object) -> None:
    """The older API sends its transactions as ``items`` of an object. Raises NotSimulated for such a body."""
    if isinstance(body, dict) and isinstance(body.get("items"), list) and body["items"]:
        raise NotSimulated(_FIRST_VERSION)


def _lacking(feature: str) -> Callable[[Call], Response]:
    def run(_: Call) -> Response:
        raise NotSimulated(feature)

    return run


TABLE = tuple(
    (f"absent-{place}-{method.lower()}", method, rule, _lacking(feature))
    for place, (rule, methods, feature) in enumerate(_LACKING)
    for method in methods
)
