"""QuickBooks Online: the V3 Accounting API, its OAuth 2.0 sign-in and its webhooks, over real books."""

from sandbooks.platform import Platform

_HERE = "sandbooks.platforms.quickbooks_online"

PLATFORM = Platform(
    name="quickbooks_online",
    title="QuickBooks Online",
    aliases=("qbo",),
    hosts=(
        "quickbooks.api.intuit.com",
        "sandbox-quickbooks.api.intuit.com",
        "appcenter.intuit.com",
        "oauth.platform.intuit.com",
        "developer.api.intuit.com",
        "developer.intuit.com",
        "accounts.platform.intuit.com",
        "sandbox-accounts.platform.intuit.com",
        "oauth.intuit.com",
    ),
    company_word="realm",
    hub_key="qhyg",
    idempotency=("query:requestid",),
    contacts=("Vendor:DisplayName", "Customer:DisplayName", "Employee:DisplayName"),
    dialect=f"{_HERE}.dialect:DIALECT",
    seed=f"{_HERE}.seed:SEED",
    connector=f"{_HERE}.connector:CONNECTOR",
    bookkeeper=f"{_HERE}.bookkeeper:BOOKKEEPER",
    usual_accounts=f"{_HERE}.usual:usual_accounts",
    edits=f"{_HERE}.edits:edited",
    elements=f"{_HERE}.wire.elements:FORM",
    not_by_hand=frozenset({"archive_owed"}),
    unique_numbers=frozenset({"custom_numbers", "warn_duplicate_numbers"}),
    webhooks="screens",
    source="https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/account",
)
