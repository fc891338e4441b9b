"""Everything the hub answers: one table from operation to function, and how the hub says no.

Operations carry the names of the public API description. Source: github.com/codatio/oas, yaml/Codat-Sync-Expenses.yaml
and Codat-Platform.yaml.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sandbooks.faults.dress import ServerFailure
from sandbooks.hub import (
    absent,
    accounts,
    attachments,
    companies,
    config,
    connections,
    contacts,
    data,
    expenses,
    keys,
    link,
    mapping,
    polling,
    programs,
    push,
    webhooks,
    wire,
)
from sandbooks.hub.bill_pay import api as bill_pay
from sandbooks.hub.bill_pay import v1
from sandbooks.hub.errors import FORBIDDEN, MAINTENANCE, SERVER_PROBLEM, TOO_MANY, HubRefusal
from sandbooks.hub.expenses_v1 import datasets, rules, shared
from sandbooks.hub.platform import (
    access_tokens,
    api_keys,
    custom_data,
    integrations,
    options,
    products,
    profile,
    supplemental,
    sync_settings,
)
from sandbooks.hub.records import HUB
from sandbooks.hub.syncs import api as syncs
from sandbooks.kit.call import Call
from sandbooks.kit.errors import NotPermitted, NotSimulated
from sandbooks.kit.surface import Operation
from sandbooks.ledger import Refusal
from sandbooks.wire import Response

C = "/companies/<company_id>"
E = f"{C}/sync/expenses"
S = f"{E}/syncs"
K = f"{C}/connections/<connection_id>"
P = "/integrations/<platform_key>"
D = f"{P}/dataTypes/<data_type>"

_TABLE: tuple[tuple[str, str, str, Callable[[Call], Response]], ...] = (
    ("list-companies", "GET", "/companies", companies.list_companies),
    ("create-company", "POST", "/companies", companies.create_company),
    ("get-company", "GET", C, companies.get_company),
    ("replace-company", "PUT", C, companies.replace_company),
    ("update-company", "PATCH", C, companies.update_company),
    ("delete-company", "DELETE", C, companies.delete_company),
    ("list-connections", "GET", f"{C}/connections", connections.list_connections),
    ("create-connection", "POST", f"{C}/connections", connections.create_connection),
    ("get-connection", "GET", K, connections.get_connection),
    ("delete-connection", "DELETE", K, connections.delete_connection),
    ("unlink-connection", "PATCH", K, connections.unlink_connection),
    ("update-connection-authorization", "PUT", f"{K}/authorization", link.put_authorization),
    (
        "create-partner-expense-connection",
        "POST",
        f"{E}/connections/partnerExpense",
        connections.create_partner_expense,
    ),
    ("get-company-info", "GET", f"{C}/data/info", data.company_info),
    ("get-company-configuration", "GET", f"{E}/config", config.get_configuration),
    ("set-company-configuration", "POST", f"{E}/config", config.set_configuration),
    ("get-mapping-options", "GET", f"{E}/mappingOptions", mapping.get_options),
    ("get-last-successful-sync", "GET", f"{S}/lastSuccessful/status", syncs.last_successful),
    ("get-latest-sync", "GET", f"{S}/latest/status", syncs.latest),
    ("list-syncs", "GET", f"{S}/list/status", syncs.list_syncs),
    ("get-sync-by-id", "GET", f"{S}/<sync_id>/status", syncs.get_sync),
    ("list-sync-transactions", "GET", f"{S}/<sync_id>/transactions", syncs.list_transactions),
    ("get-sync-transaction", "GET", f"{S}/<sync_id>/transactions/<transaction_id>", syncs.get_transaction),
    (
        "upload-expense-attachment",
        "POST",
        f"{S}/<sync_id>/transactions/<transaction_id>/attachments",
        attachments.upload,
    ),
    ("create-expense-transaction", "POST", f"{E}/expense-transactions", shared.create_expenses),
    ("update-expense-transaction", "PUT", f"{E}/expense-transactions/<transaction_id>", shared.update_expense),
    ("create-transfer-transaction", "PUT", f"{E}/transfer-transactions/<transaction_id>", expenses.put_transfer),
    ("create-adjustment-transaction", "POST", f"{E}/adjustment-transactions", expenses.create_adjustments),
    (
        "create-reimbursable-expense-transaction",
        "POST",
        f"{E}/reimbursable-expense-transactions",
        expenses.create_reimbursables,
    ),
    (
        "update-reimbursable-expense-transaction",
        "PUT",
        f"{E}/reimbursable-expense-transactions/<transaction_id>",
        expenses.update_reimbursable,
    ),
    (
        "update-reimbursable-expense-transaction-of-the-guide",
        "PUT",
        f"{E}/reimburseable-expense-transactions",
        expenses.update_misspelt_reimbursable,
    ),
    ("create-expense-dataset", "POST", f"{E}/data/expense-transactions", datasets.create_dataset),
    ("initiate-sync", "POST", S, datasets.initiate),
    ("list-rules", "GET", "/rules", rules.list_rules),
    ("create-rule", "POST", "/rules", rules.create_rule),
    ("get-rule", "GET", "/rules/<rule_id>", rules.get_rule),
    ("delete-rule", "DELETE", "/rules/<rule_id>", rules.delete_rule),
    ("refresh-all-data-types", "POST", f"{C}/data/all", data.refresh_all),
    ("refresh-data-type", "POST", f"{C}/data/queue/<data_type>", data.refresh_data_type),
    ("get-data-status", "GET", f"{C}/dataStatus", data.data_status),
    ("list-pull-operations", "GET", f"{C}/data/history", data.list_pulls),
    ("get-pull-operation", "GET", f"{C}/data/history/<dataset_id>", data.get_pull),
    ("list-push-operations", "GET", f"{C}/push", push.list_pushes),
    ("get-push-operation", "GET", f"{C}/push/<push_operation_key>", push.get_push),
    ("create-account", "POST", f"{K}/push/accounts", accounts.create_account),
    ("get-create-chartOfAccounts-model", "GET", f"{K}/options/chartOfAccounts", v1.options("chartOfAccounts")),
    ("create-bank-account", "POST", f"{K}/push/bankAccounts", accounts.create_bank_account),
    ("get-create-bankAccounts-model", "GET", f"{K}/options/bankAccounts", v1.options("bankAccounts")),
    ("list-accounts", "GET", f"{C}/data/accounts", accounts.list_accounts),
    ("get-account", "GET", f"{C}/data/accounts/<account_id>", accounts.get_account),
    ("list-bank-accounts", "GET", f"{K}/data/bankAccounts", accounts.list_bank_accounts),
    ("list-customers", "GET", f"{C}/data/customers", contacts.list_customers),
    ("get-customer", "GET", f"{C}/data/customers/<customer_id>", contacts.get_customer),
    ("create-customer", "POST", f"{K}/push/customers", contacts.create_customer),
    ("update-customer", "PUT", f"{K}/push/customers/<customer_id>", contacts.update_customer),
    ("list-suppliers", "GET", f"{C}/data/suppliers", contacts.list_suppliers),
    ("get-supplier", "GET", f"{C}/data/suppliers/<supplier_id>", contacts.get_supplier),
    ("create-supplier", "POST", f"{K}/push/suppliers", contacts.create_supplier),
    ("update-supplier", "PUT", f"{K}/push/suppliers/<supplier_id>", contacts.update_supplier),
    ("list-webhook-consumers", "GET", "/webhooks", webhooks.list_consumers),
    ("create-webhook-consumer", "POST", "/webhooks", webhooks.create_consumer),
    ("delete-webhook-consumer", "DELETE", "/webhooks/<webhook_id>", webhooks.delete_consumer),
    ("list-integrations", "GET", "/integrations", integrations.list_integrations),
    ("get-integration", "GET", P, integrations.get_integration),
    ("get-integrations-branding", "GET", f"{P}/branding", integrations.get_branding),
    ("list-api-keys", "GET", "/apiKeys", api_keys.list_keys),
    ("create-api-key", "POST", "/apiKeys", api_keys.create_key),
    ("delete-api-key", "DELETE", "/apiKeys/<api_key_id>", api_keys.delete_key),
    ("get-profile", "GET", "/profile", profile.get_profile),
    ("update-profile", "PUT", "/profile", profile.update_profile),
    ("get-cors-settings", "GET", "/corsSettings", profile.get_origins),
    ("set-cors-settings", "POST", "/corsSettings", profile.set_origins),
    ("get-connection-management-cors-settings", "GET", "/connectionManagement/corsSettings", profile.get_origins),
    ("set-connection-management-cors-settings", "POST", "/connectionManagement/corsSettings", profile.set_origins),
    ("get-profile-syncSettings", "GET", "/profile/syncSettings", sync_settings.get_of_client),
    ("update-profile-syncSettings", "POST", "/profile/syncSettings", sync_settings.set_of_client),
    ("get-company-syncSettings", "GET", f"{C}/syncSettings", sync_settings.get_of_company),
    ("set-company-syncSettings", "POST", f"{C}/syncSettings", sync_settings.set_of_company),
    ("add-product", "PUT", f"{C}/products/<product>", products.add),
    ("remove-product", "DELETE", f"{C}/products/<product>", products.remove),
    ("refresh-product-data", "POST", f"{C}/products/<product>/refresh", products.refresh),
    ("get-company-access-token", "GET", f"{C}/accessToken", access_tokens.get_token),
    (
        "get-connection-management-access-token",
        "GET",
        f"{C}/connectionManagement/accessToken",
        access_tokens.get_older_token,
    ),
    ("rotate-zapier-key", "POST", "/webhooks/integrationKeys/zapier", webhooks.rotate_zapier_key),
    ("get-read-validation-results", "GET", f"{C}/sync/<dataset_id>/validation", options.get_validation),
    ("get-create-update-model-options-by-data-type", "GET", f"{K}/options/<data_type>", options.get_model),
    ("get-supplemental-data-configuration", "GET", f"{D}/supplementalDataConfig", supplemental.get_configuration),
    ("configure-supplemental-data", "PUT", f"{D}/supplementalDataConfig", supplemental.configure),
    ("get-custom-data-type-configuration", "GET", f"{P}/dataTypes/custom/<custom>", custom_data.get_configuration),
    ("configure-custom-data-type", "PUT", f"{P}/dataTypes/custom/<custom>", custom_data.configure),
    ("refresh-custom-data-type", "POST", f"{K}/data/queue/custom/<custom>", custom_data.refresh),
    ("list-custom-data-type-records", "GET", f"{K}/data/custom/<custom>", custom_data.list_records),
)
_ASKING = ("upload-expense-attachment",)  # the platform is asked while the client waits
_PAGES: tuple[tuple[str, str, str, Callable[[Call], Response]], ...] = (
    ("link-start", "GET", f"{K}/start", link.start_page),
    ("link-start-choice", "POST", f"{K}/start", link.start_choice),
    ("link-company", "GET", "/company/<company_id>", link.choose_page),
    ("link-company-choice", "POST", "/company/<company_id>", link.choice),
    ("link-callback", "GET", link.CALLBACK, link.callback),
    ("link-program", "GET", f"{K}/program", programs.program_file),
    ("poll-about", "GET", f"{polling.PLACE}<connection_id>", polling.about),
)
# Read by their very nature: a call of a program may carry anything, but it is not a write of the caller's.
_POLLED: tuple[tuple[str, str, str, Callable[[Call], Response]], ...] = (
    ("poll", "POST", f"{polling.PLACE}<connection_id>", polling.poll),
)


def _operations() -> tuple[Operation, ...]:
    named = [
        Operation(
            name,
            method,
            rule,
            keys.once(run, alone=alone and name not in _ASKING) if method in ("POST", "PATCH") else run,
            writes=method != "GET",
        )
        for table, alone in ((_TABLE, True), (bill_pay.OPERATIONS, False))
        for name, method, rule, run in table
    ]
    pages = [
        Operation(name, method, rule, run, writes=method != "GET", public=True) for name, method, rule, run in _PAGES
    ]
    polled = [Operation(name, method, rule, run, public=True) for name, method, rule, run in _POLLED]
    return (*named, *pages, *polled, *absent.OPERATIONS)


class HubDialect:
    """How the hub speaks."""

    name = HUB
    operations: Sequence[Operation] = _operations()

    def route(self, path: str) -> str:
        return path

    def admit(self, call: Call) -> None:
        keys.admit(call)

    def refused(self, call: Call, refusal: Refusal) -> Response:
        if isinstance(refusal, HubRefusal):
            return wire.refusal_reply(call, refusal)
        if isinstance(refusal, NotPermitted):
            return wire.error_reply(call, 403, FORBIDDEN)
        return wire.error_reply(call, 400, refusal.message)

    def unmatched(self, call: Call, status: int) -> Response:
        if keys.asks_first(call):
            return keys.let_browsers_ask(call)
        text = "Method not allowed" if status == 405 else "Not found"
        return wire.error_reply(call, status, text)

    def broken(self, call: Call, error: Exception) -> Response:
        offline = isinstance(error, ServerFailure) and error.status == 503
        return wire.error_reply(call, 503 if offline else 500, MAINTENANCE if offline else SERVER_PROBLEM)

    def absent(self, call: Call, error: NotSimulated) -> Response:
        # A 4xx: the official client would repeat a 5xx for an hour.
        return wire.error_reply(call, 400, str(error))

    def throttled(self, call: Call, *, retry_after: int) -> Response:
        headers = (("Retry-After", str(retry_after)),)
        return wire.error_reply(call, 429, TOO_MANY, headers=headers)


DIALECT = HubDialect()
