"""Microsoft Dynamics 365 Business Central, API v2.0: OData over journals, documents of trade and one set of books.

The declaration alone; what it names is loaded when first used.
"""

from sandbooks.platform import Platform

PLATFORM = Platform(
    name="business_central",
    title="Dynamics 365 Business Central",
    aliases=("bc",),
    hosts=("api.businesscentral.dynamics.com", "login.microsoftonline.com"),
    company_word="company",
    hub_key="trji",
    contacts=("vendor:displayName", "customer:displayName"),
    not_contacts=("fixedAsset",),
    dialect="sandbooks.platforms.business_central.dialect:DIALECT",
    seed="sandbooks.platforms.business_central.seed:SEED",
    connector="sandbooks.platforms.business_central.connector:CONNECTOR",
    bookkeeper="sandbooks.platforms.business_central.bookkeeper:BOOKKEEPER",
    usual_accounts="sandbooks.platforms.business_central.usual:usual_accounts",
    not_by_hand=frozenset({"notes", "account", "amount"}),
    webhooks="api",
    source="https://learn.microsoft.com/en-us/dynamics365/business-central/dev-itpro/api-reference/v2.0/",
)
