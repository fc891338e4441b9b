"""What a changed supplier comes to on each platform: what is cleared, kept, ignored or refused. Pure.

A change replaces the whole record, as far as the platform lets it.
Source: https://docs.codat.io/payables/sync/suppliers (software-specific behavior).
"""

from __future__ import annotations

from msgspec.structs import replace

from sandbooks.connector import Contact
from sandbooks.hub.bill_pay.desk import SERVICE
from sandbooks.hub.bill_pay.offers import Offer
from sandbooks.hub.bill_pay.requests import SupplierRequest
from sandbooks.hub.errors import Item, not_valid


class Untouched(Exception):
    """The platform ignores the change: the supplier stays as it ``stands``."""

    def __init__(self, stands: Contact) -> None:
        super().__init__(stands.id)
        self.stands = stands


def settled(wanted: SupplierRequest, stands: Contact, offer: Offer, *, platform: str) -> Contact:
    """The supplier to be written. 400 for what the platform refuses; raises ``Untouched``."""
    rules = offer.rules
    _check(wanted, stands, offer, platform=platform)
    if "archived_suppliers_untouched" in rules and not stands.active and wanted.status != "Active":
        raise Untouched(stands)
    changed = replace(wanted.contact, id=stands.id, replaces=True, active=_active(wanted, stands, offer))
    if "supplier_contact_ignored" in rules:
        changed = replace(changed, contact_name="")
    if "supplier_currency_ignored" in rules:
        changed = replace(changed, currency="")
    return replace(changed, name=_name(wanted.contact, stands, offer))


def _check(wanted: SupplierRequest, stands: Contact, offer: Offer, *, platform: str) -> None:
    currency = wanted.contact.currency
    fixed = "supplier_currency_fixed" in offer.rules and currency and stands.currency
    if fixed and stands.currency != currency:
        text = f"The currency of a supplier cannot change in {platform}; it is {stands.currency}."
        raise not_valid(Item("defaultCurrency", text, "Currency"), service=SERVICE)
    if "archived_suppliers_fixed" in offer.rules and not stands.active:
        text = f"An archived supplier cannot be updated in {platform}: restore it there first."
        raise not_valid(Item("status", text, "Archived"), service=SERVICE)


def _active(wanted: SupplierRequest, stands: Contact, offer: Offer) -> bool:
    """Whether the supplier is active afterwards. Unconfirmed: what no status means elsewhere; here it is kept."""
    if "archived_suppliers_stay" in offer.rules and not stands.active:
        return False
    if not wanted.status:
        return stands.active or "supplier_reactivated" in offer.rules
    return wanted.status != "Archived"


def _name(wanted: Contact, stands: Contact, offer: Offer) -> str:
    """The name: as sent, else the contact's, the one that stands, or none, by the platform."""
    if wanted.name:
        return wanted.name
    if "supplier_name_kept" in offer.rules:
        return stands.name
    if "supplier_name_cleared" in offer.rules:
        return ""
    person = wanted.contact_name
    if not person or ("supplier_has_two_names" in offer.rules and " " not in person):
        raise not_valid(Item("supplierName", "Supplier Name must not be empty.", "NotEmpty"), service=SERVICE)
    return person
