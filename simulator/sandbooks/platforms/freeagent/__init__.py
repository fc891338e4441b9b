"""FreeAgent, API version 2: bank transaction explanations, bills, expenses and journals over one company's books.

The declaration alone; what it names is loaded when first used.
"""

from sandbooks.platform import Platform

PLATFORM = Platform(
    name="freeagent",
    title="FreeAgent",
    aliases=("fa",),
    hosts=("api.freeagent.com", "api.sandbox.freeagent.com"),
    company_word="company",
    hub_key="fbrh",
    contacts=("contact:organisation_name first_name last_name",),
    dialect="sandbooks.platforms.freeagent.dialect:DIALECT",
    seed="sandbooks.platforms.freeagent.seed:SEED",
    connector="sandbooks.platforms.freeagent.connector:CONNECTOR",
    bookkeeper="sandbooks.platforms.freeagent.bookkeeper:BOOKKEEPER",
    usual_accounts="sandbooks.platforms.freeagent.usual:usual_accounts",
    edits="sandbooks.platforms.freeagent.edits:edited",
    elements="sandbooks.platforms.freeagent.elements:FORM",
    not_by_hand=frozenset({"void"}),
    source="https://dev.freeagent.com/docs",
)
