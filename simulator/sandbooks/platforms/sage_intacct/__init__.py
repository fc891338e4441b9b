"""Sage Intacct: the XML gateway with its generic and legacy functions, and the REST API over the same books.

The declaration alone; what it names is loaded when first used.
"""

from sandbooks.platform import Platform

PLATFORM = Platform(
    name="sage_intacct",
    title="Sage Intacct",
    aliases=("intacct",),
    # Source: getAPISession answers with a data centre's host (developer.intacct.com/web-services); the official SDKs
    # accept any host below intacct.com (github.com/Intacct/intacct-sdk-php, Endpoint)
    hosts=("api.intacct.com", "www-p02.intacct.com", "www.intacct.com", "local.intacct.com"),
    company_word="company",
    hub_key="knfz",
    # The gateway's own guard, ``uniqueid`` with the function's control id, is an attribute that no way here names.
    idempotency=("header:Idempotency-Key",),
    contacts=("VENDOR:NAME", "CUSTOMER:NAME", "EMPLOYEE:NAME"),
    dialect="sandbooks.platforms.sage_intacct.dialect:DIALECT",
    seed="sandbooks.platforms.sage_intacct.seed:SEED",
    connector="sandbooks.platforms.sage_intacct.connector:CONNECTOR",
    bookkeeper="sandbooks.platforms.sage_intacct.bookkeeper:BOOKKEEPER",
    usual_accounts="sandbooks.platforms.sage_intacct.usual:usual_accounts",
    webhooks="screens",
    edits="sandbooks.platforms.sage_intacct.edits:edited",
    elements="sandbooks.platforms.sage_intacct.elements:SCHEMAS",
    not_by_hand=frozenset({"account", "amount"}),
    source="https://developer.intacct.com/web-services/",
)
