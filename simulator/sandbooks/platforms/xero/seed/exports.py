"""A native export as a company's lists: the JSON answers of Accounts, TaxRates, Contacts, TrackingCategories.

One answer, several in a list, or a mapping from collection to answer or list; names as Xero writes them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbooks.kit.company import Company
from sandbooks.kit.exports import each_answer
from sandbooks.platforms.xero import contacts
from sandbooks.platforms.xero.api import accounts
from sandbooks.platforms.xero.saving import save
from sandbooks.platforms.xero.wire.reading import read

Body = dict[str, Any]
COLLECTIONS = ("TaxRates", "Currencies", "Accounts", "Contacts", "TrackingCategories", "Items")


def collected(chart: Any) -> dict[str, list[Body]]:
    """The collections of an export, by name. Raises ValueError for an answer without any."""
    found: dict[str, list[Body]] = {}
    each_answer(chart, lambda answer: _collect(answer, found), lists=COLLECTIONS)
    return found


def _collect(part: Any, found: dict[str, list[Body]]) -> bool:
    """Whether there was a collection to collect."""
    known = False
    if isinstance(part, list):
        for item in part:
            known |= _collect(item, found)
    elif isinstance(part, Mapping):
        for name, value in part.items():
            wanted = next((c for c in COLLECTIONS if c.lower() == str(name).lower()), None)
            if wanted and isinstance(value, list):
                found.setdefault(wanted, []).extend(dict(item) for item in value)
                known = True
            elif isinstance(value, (Mapping, list)) and (wanted or name in ("answers", "responses")):
                known |= _collect(value, found)
    return known


def bring_in(company: Company, exported: Mapping[str, list[Body]]) -> None:
    """Store what an export holds, ids kept."""
    for given in exported.get("TaxRates", []):
        _tax_rate(company, given)
    for given in exported.get("Currencies", []):
        save(company, "Currency", read(given, "Currency"))
    for given in exported.get("Accounts", []):
        _account(company, given)
    for given in exported.get("Contacts", []):
        body = contacts.blank(company) | read(given, "Contact")
        body |= {name: bool(given.get(name)) for name in ("IsSupplier", "IsCustomer")}
        contacts.keep(company, body)
    for given in exported.get("TrackingCategories", []):
        save(company, "TrackingCategory", {"Status": "ACTIVE", "Options": [], **read(given, "TrackingCategory")})
    for given in exported.get("Items", []):
        save(company, "Item", read(given, "Item"))


def _tax_rate(company: Company, given: Body) -> None:
    body = {"Status": "ACTIVE", "TaxComponents": [], **read(given, "TaxRate")}
    shown = ("DisplayTaxRate", "EffectiveRate")
    flags = [name for name in given if name.startswith("CanApplyTo")]
    body |= {name: given[name] for name in (*shown, *flags) if name in given}
    reverse = body["TaxType"].upper() in ("REVERSECHARGES", "ECACQUISITIONS")
    body |= {"TaxType": body["TaxType"].upper(), "_ReverseCharge": reverse, "_Account": "GST"}
    save(company, "TaxRate", body)


def _account(company: Company, given: Body) -> None:
    base: Body = {"AccountID": company.records.next_uuid("account"), "Status": "ACTIVE", "HasAttachments": False}
    body = base | read(given, "Account")
    if given.get("SystemAccount"):
        body["SystemAccount"] = given["SystemAccount"]
    if body["Type"] == "BANK":
        body.setdefault("CurrencyCode", company.currency)
    else:
        body.pop("BankAccountType", None)
        body.pop("CurrencyCode", None)
    accounts.keep_account(company, body)
