"""Xero: Accounting API 2.0, sign-in, connections, webhooks. The declaration only; the rest loads when used."""

from sandbooks.platform import Platform

PLATFORM = Platform(
    name="xero",
    title="Xero",
    hosts=("api.xero.com", "identity.xero.com", "login.xero.com", "go.xero.com"),
    company_word="organisation",
    hub_key="gbol",
    idempotency=("header:Idempotency-Key",),
    contacts=("Contact:Name",),
    dialect="sandbooks.platforms.xero.dialect:DIALECT",
    seed="sandbooks.platforms.xero.seed:SEED",
    connector="sandbooks.platforms.xero.connector:CONNECTOR",
    bookkeeper="sandbooks.platforms.xero.bookkeeper:BOOKKEEPER",
    usual_accounts="sandbooks.platforms.xero.usual:usual_accounts",
    edits="sandbooks.platforms.xero.edits:edited",
    elements="sandbooks.platforms.xero.wire.elements:FORM",
    webhooks="screens",
    subscribed="sandbooks.platforms.xero.webhooks:intent_to_receive",
    source="https://developer.xero.com/documentation/api/accounting/overview",
)
