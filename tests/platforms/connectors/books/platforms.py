"""The books of every platform that passes the same tests as the others, by the platform's name."""

from __future__ import annotations

from tests.platforms.connectors.books import business_central, freeagent, netsuite, sage_intacct, xero, zoho_books

BOOKS = {
    module.BOOKS.platform: module.BOOKS
    for module in (business_central, freeagent, netsuite, sage_intacct, xero, zoho_books)
}
