"""What a demo organisation has beside the usual lists: bank and card accounts, contacts, tags, locations, items."""

from __future__ import annotations

from sandbooks.kit.company import Company
from sandbooks.platforms.zoho_books.records import accounts, contacts, lists, tags

_VENDORS = {
    "GB": ("Northgate Office Supplies", "Skyline Rail", "Copperleaf Catering"),
    "US": ("Bluebonnet Stationers", "Prairie Air", "Juniper Coffee Roasters"),
    "IN": ("Lotus Stationery Mart", "Deccan Cabs", "Monsoon Caterers"),
}


def fill(company: Company) -> None:
    """Fill a demo organisation."""
    other = "USD" if company.currency != "USD" else "EUR"
    accounts.add(company, "Business Current Account", "bank", code="1010")
    accounts.add(company, "Business Card", "credit_card", code="2010")
    accounts.add(company, f"{other} Account", "bank", code="1020", currency=other)
    accounts.add(company, f"{other} Card", "credit_card", code="2020", currency=other)
    for name in _VENDORS.get(company.country, _VENDORS["US"]):
        contacts.create(company, {"contact_name": name, "contact_type": "vendor"})
    contacts.create(
        company,
        {
            "contact_name": f"Harbour Cloud ({other})",
            "contact_type": "vendor",
            "currency_id": company.records.find("currency", "code", other)[0].id,
        },
    )
    contacts.create(company, {"contact_name": "Orchard House Clients", "contact_type": "customer"})
    tags.create(
        company,
        {
            "tag_name": "Department",
            "tag_options": [{"tag_option_name": "Field"}, {"tag_option_name": "Office"}],
        },
    )
    lists.write_location(company, {"location_name": "Head Office"})
    travel = company.records.find("account", "name", "travel expense")[0].id
    lists.write_item(company, {"name": "Train Ticket", "rate": 42, "purchase_rate": 42, "purchase_account_id": travel})
