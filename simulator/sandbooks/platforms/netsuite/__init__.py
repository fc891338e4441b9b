"""Oracle NetSuite: SuiteTalk REST records, SuiteQL, token-based and OAuth 2.0 sign-in. The declaration only.

SOAP web services are not simulated and say so loudly.
"""

from sandbooks.platform import Platform

PLATFORM = Platform(
    name="netsuite",
    title="Oracle NetSuite",
    aliases=("ns",),
    hosts=(
        "*.suitetalk.api.netsuite.com",
        "*.restlets.api.netsuite.com",
        "*.app.netsuite.com",
        "system.netsuite.com",
    ),
    company_word="account",
    hub_key="akxx",
    # The idempotency header counts only on asynchronous requests, so it is no promise for a write in general.
    idempotency=("path:eid:", "body:externalId"),
    contacts=("vendor:entityId companyName", "customer:entityId companyName", "employee:entityId"),
    dialect="sandbooks.platforms.netsuite.dialect:DIALECT",
    seed="sandbooks.platforms.netsuite.seed:SEED",
    connector="sandbooks.platforms.netsuite.connector:CONNECTOR",
    bookkeeper="sandbooks.platforms.netsuite.bookkeeper:BOOKKEEPER",
    usual_accounts="sandbooks.platforms.netsuite.usual:usual_accounts",
    edits="sandbooks.platforms.netsuite.edits:edited",
    source="https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/chapter_1540391670.html",
)
