"""Zoho Books, API version 3: expenses, bills, payments, banking and journals over one organisation's books.

The declaration alone; what it names is loaded when first used.
"""

from sandbooks.platform import Platform

# Source: https://www.zoho.com/books/api/v3/introduction/ (multiple data centres, organization_id)
_DATA_CENTERS = ("com", "eu", "in", "com.au", "jp", "ca", "com.cn", "sa")

PLATFORM = Platform(
    name="zoho_books",
    title="Zoho Books",
    aliases=("zoho",),
    hosts=(
        *(f"www.zohoapis.{center}" for center in _DATA_CENTERS),
        *(f"books.zoho.{center}" for center in _DATA_CENTERS),
        *(f"accounts.zoho.{center}" for center in _DATA_CENTERS if center != "ca"),
        "accounts.zohocloud.ca",
        "books.zohocloud.ca",
    ),
    company_word="organization",
    hub_key="rwuv",
    # Only an upsert by a unique custom field is safe to repeat; a plain create has no key.
    idempotency=("header:X-Unique-Identifier-Value",),
    contacts=("contact:contact_name:contact_type",),
    dialect="sandbooks.platforms.zoho_books.dialect:DIALECT",
    seed="sandbooks.platforms.zoho_books.seed:SEED",
    connector="sandbooks.platforms.zoho_books.connector:CONNECTOR",
    bookkeeper="sandbooks.platforms.zoho_books.bookkeeper:BOOKKEEPER",
    usual_accounts="sandbooks.platforms.zoho_books.usual:usual_accounts",
    edits="sandbooks.platforms.zoho_books.edits:edited",
    not_by_hand=frozenset({"void"}),
    webhooks="screens",
    source="https://www.zoho.com/books/api/v3/",
)
