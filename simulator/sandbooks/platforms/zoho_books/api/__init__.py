"""One function per native operation, and the table of them all."""

from __future__ import annotations

from sandbooks.kit.surface import Operation
from sandbooks.platforms.zoho_books import auth
from sandbooks.platforms.zoho_books.api import (
    accounting,
    balances,
    banking,
    bills,
    expenses,
    people,
    recurrences,
    settings,
    vendor_credits,
    vendor_payments,
)
from sandbooks.platforms.zoho_books.api.parts import lacking, lacking_parts

# Real resources of the API that are not emulated: they answer loudly rather than with a 404.
# Source: https://www.zoho.com/books/api/v3/ (contents)
LACKING = (
    "creditnotes",
    "crm",
    "customerpayments",
    "custommodules",
    "documents",
    "estimates",
    "fixedassets",
    "importjobs",
    "inventoryadjustments",
    "invoices",
    "itemdetails",
    "purchaseorders",
    "recurringinvoices",
    "reports",
    "retainerinvoices",
    "salesorders",
    "salesreceipts",
    "transactionlock",
)

LACKING_PARTS = (
    ("GET", "bills/editpage/frompurchaseorders", "bills from purchase orders"),
    ("DELETE", "chartofaccounts/transactions/<id>", "deleting a transaction through its account"),
    ("POST", "contacts/<id>/portal/enable", "the client portal"),
    ("POST", "contacts/<id>/paymentreminder/<word>", "payment reminders"),
    ("POST", "contacts/<id>/statements/email", "statements by e-mail"),
    ("GET", "contacts/<id>/statements/email", "statements by e-mail"),
    ("POST", "contacts/<id>/email", "e-mail to contacts"),
    ("GET", "contacts/<id>/refunds", "refunds of customers"),
    ("GET", "contacts/<id>/receivables/unusedretainerpayments", "retainer payments"),
    ("POST", "organizations", "making organizations through the API"),
    ("PUT", "organizations/<id>", "changing organizations through the API"),
    ("POST", "projects/<id>/clone", "cloning projects"),
    ("GET", "projects/<id>/users", "users of projects"),
    ("POST", "projects/<id>/users", "users of projects"),
    ("POST", "projects/<id>/users/invite", "users of projects"),
    ("GET", "projects/<id>/users/<user>", "users of projects"),
    ("PUT", "projects/<id>/users/<user>", "users of projects"),
    ("DELETE", "projects/<id>/users/<user>", "users of projects"),
    ("GET", "projects/<id>/invoices", "invoices of projects"),
    ("GET", "vendorpayments/<id>/email", "e-mail of payments"),
    ("POST", "vendorpayments/<id>/email", "e-mail of payments"),
)

OPERATIONS: tuple[Operation, ...] = (
    Operation("authorize", "GET", "/oauth/v2/auth", auth.authorize, public=True),
    Operation("authorize_decision", "POST", "/oauth/v2/auth", auth.decide, public=True),
    Operation("token", "POST", "/oauth/v2/token", auth.token, public=True),
    Operation("revoke_token", "POST", "/oauth/v2/token/revoke", auth.revoke, public=True),
    *settings.OPERATIONS,
    *people.OPERATIONS,
    *accounting.OPERATIONS,
    *banking.OPERATIONS,
    *expenses.OPERATIONS,
    *bills.OPERATIONS,
    *recurrences.OPERATIONS,
    *vendor_payments.OPERATIONS,
    *vendor_credits.OPERATIONS,
    *balances.OPERATIONS,
    *lacking(LACKING),
    *lacking_parts(LACKING_PARTS),
)
