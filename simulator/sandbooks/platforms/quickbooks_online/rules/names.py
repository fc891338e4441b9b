"""Vendors, customers, employees: one space of display names."""

from __future__ import annotations

from sandbooks.platforms.quickbooks_online import refusals as no
from sandbooks.platforms.quickbooks_online.draft import Draft
from sandbooks.platforms.quickbooks_online.realm import NAME_KINDS
from sandbooks.platforms.quickbooks_online.rules.hierarchy import complete_hierarchy

_PARTS = ("Title", "GivenName", "MiddleName", "FamilyName", "Suffix")


def vendor(draft: Draft) -> None:
    """Complete a vendor. Its terms are not taken on create; an A/P account of its own exists in France alone.

    Source: the vendor page of https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/vendor
    Unconfirmed: that TermRef is ignored on create (seen in one client's tests); switch ``vendor_terms``.
    """
    _complete_name(draft)
    _complete_currency(draft)
    if draft.before is None and draft.realm.switch("vendor_terms") == "ignored":
        draft.body.pop("TermRef", None)
    if draft.realm.company.country != "FR":
        draft.body.pop("APAccountRef", None)
    draft.body.setdefault("Vendor1099", False)


def customer(draft: Draft) -> None:
    """Complete a customer, which may be a job of another."""
    _complete_name(draft)
    _complete_currency(draft)
    body = draft.body
    complete_hierarchy(draft, flag="Job", name="DisplayName")
    if not draft.active and draft.before and draft.before.active and _unbilled(draft):
        raise no.UnbilledCharges(body["DisplayName"])
    body.setdefault("BillWithParent", False)
    for name in ("Taxable", "Job", "BillWithParent"):
        body.setdefault(name, False)


def _unbilled(draft: Draft) -> bool:
    """Whether a cost that is to be billed to the customer stands on some expense."""
    for kind in ("Purchase", "Bill", "VendorCredit"):
        for record in draft.realm.records.scan(kind):
            for line in record.body["Line"]:
                detail = line.get(line["DetailType"], {})
                mine = detail.get("CustomerRef", {}).get("value") == draft.id
                if mine and detail.get("BillableStatus") == "Billable":
                    return True
    return False


def employee(draft: Draft) -> None:
    """Complete an employee."""
    _complete_name(draft)
    draft.body.setdefault("BillableTime", False)


def _complete_name(draft: Draft) -> None:
    """Build the display name from its parts where it is not given; refuse one that is taken."""
    body = draft.body
    built = " ".join(body[part] for part in _PARTS if body.get(part))
    shown = body.get("DisplayName", "").strip() or built
    if not shown:
        raise no.NoName
    if len(shown) > 500 or any(mark in shown for mark in ":\t\n"):
        raise no.InvalidText("DisplayName")
    body["DisplayName"] = shown.removesuffix(" (deleted)") if draft.before else shown
    body.setdefault("PrintOnCheckName", body.get("CompanyName", body["DisplayName"])[:110])
    if draft.active:
        _check_unique(draft)
    elif draft.before and draft.before.active and draft.realm.name_balance(draft.id):
        raise no.HasBalance(body["DisplayName"])


def _check_unique(draft: Draft) -> None:
    """Source: github.com/fylein/fyle-qbo-api (a name that an inactive vendor has is refused with 6240)."""
    name = draft.body["DisplayName"].lower()
    taken = draft.realm.switch("inactive_names") == "taken"
    for kind in NAME_KINDS:
        for held in (name, f"{name} (deleted)") if taken else (name,):
            for other in draft.realm.records.find(kind, "DisplayName", held):
                if other.id != draft.id:
                    raise no.NameTaken("customer, vendor or employee", other.id)


def _complete_currency(draft: Draft) -> None:
    draft.body["CurrencyRef"] = {"value": draft.ref("CurrencyRef") or draft.realm.home}
