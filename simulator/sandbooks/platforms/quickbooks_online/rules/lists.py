"""Classes, departments, items, terms, payment methods, currencies, tax agencies, attachables."""

from __future__ import annotations

from sandbooks.kit.errors import NotSimulated
from sandbooks.money import known_currency
from sandbooks.platforms.quickbooks_online import refusals as no
from sandbooks.platforms.quickbooks_online.draft import Draft
from sandbooks.platforms.quickbooks_online.render import currency_name
from sandbooks.platforms.quickbooks_online.rules.accounts import open_account
from sandbooks.platforms.quickbooks_online.rules.hierarchy import complete_hierarchy


def class_(draft: Draft) -> None:
    """Complete a class; class tracking must be on."""
    preferences = ("ClassTrackingPerTxn", "ClassTrackingPerTxnLine")
    if not any(draft.realm.prefers("AccountingInfoPrefs", name) for name in preferences):
        raise no.FeatureOff("class tracking")
    complete_hierarchy(draft, flag="SubClass")


def department(draft: Draft) -> None:
    """Complete a department (a location in the screens); location tracking must be on."""
    if not draft.realm.prefers("AccountingInfoPrefs", "TrackDepartments"):
        raise no.FeatureOff("location tracking")
    complete_hierarchy(draft, flag="SubDepartment")


def item(draft: Draft) -> None:
    """Complete an item. Raises RequiredMissing for the accounts that its type needs."""
    body = draft.body
    kind = body.setdefault("Type", draft.old.get("Type"))
    if kind is None:
        raise no.RequiredMissing("Type")
    if kind in ("Group", "Bundle"):
        raise NotSimulated(f"Item of type {kind}")
    complete_hierarchy(draft, flag="SubItem")
    if kind != "Category" and "IncomeAccountRef" not in body and "ExpenseAccountRef" not in body:
        raise no.RequiredMissing("IncomeAccountRef")
    if kind == "Inventory":
        for name in ("AssetAccountRef", "ExpenseAccountRef", "QtyOnHand", "InvStartDate", "TrackQtyOnHand"):
            if name not in body:
                raise no.RequiredMissing(name)
        # What is on hand changes by transactions alone. Unconfirmed: what a changed QtyOnHand does in an update.
        if draft.before is not None:
            body["QtyOnHand"] = draft.old.get("QtyOnHand", body["QtyOnHand"])
    for name in ("Taxable", "TrackQtyOnHand"):
        body.setdefault(name, False)


def term(draft: Draft) -> None:
    """Complete a term: so many days, or on a day of the month."""
    body = draft.body
    if "DueDays" in body and "DayOfMonthDue" in body:
        raise no.ConflictingElements("DueDays", "DayOfMonthDue")
    if "DueDays" not in body and "DayOfMonthDue" not in body:
        raise no.RequiredMissing("DueDays")
    body["Type"] = "STANDARD" if "DueDays" in body else "DATE_DRIVEN"
    check_name(draft)


def payment_method(draft: Draft) -> None:
    """Complete a payment method."""
    draft.body.setdefault("Type", "NON_CREDIT_CARD")
    check_name(draft)


def company_currency(draft: Draft) -> None:
    """Complete a currency of the company; multicurrency must be on."""
    body, realm = draft.body, draft.realm
    if not realm.multicurrency:
        raise no.FeatureOff("multicurrency")
    body["Code"] = body["Code"].upper()
    if not known_currency(body["Code"]) or body["Code"] == realm.home:
        raise no.InvalidCurrency("Code", body["Code"])
    body.setdefault("Name", currency_name(body["Code"]))
    for other in realm.records.find("CompanyCurrency", "Code", body["Code"].lower()):
        if other.id != draft.id and draft.active:
            raise no.ObjectExists("CompanyCurrency", other.id)


def tax_agency(draft: Draft) -> None:
    """Complete a tax agency: the platform opens an account for its tax."""
    if draft.before is not None:
        raise no.UnsupportedOperation("update TaxAgency")
    check_name(draft, name="DisplayName")
    body = draft.body
    for name in ("TaxTrackedOnPurchases", "TaxTrackedOnSales"):
        body.setdefault(name, True)
    made = open_account(
        draft.realm,
        Name=f"{body['DisplayName']} Payable"[:100].replace(":", " ").replace('"', " "),
        AccountType="Other Current Liability",
        AccountSubType="GlobalTaxPayable",
        _system=True,
    )
    body["_account"] = made.id


def attachable(draft: Draft) -> None:
    """Complete an attachable: a note, or a file that was uploaded."""
    body = draft.body
    for name in ("Size", "_blob"):
        if name in draft.old:
            body[name] = draft.old[name]
    if "_blob" in body:
        body["FileAccessUri"] = f"/v3/company/{draft.realm.company.id}/download/{draft.id}"
    if not any(name in body for name in ("Note", "FileName", "AttachableRef")):
        raise no.RequiredMissing("Note")


def check_name(draft: Draft, *, name: str = "Name") -> None:
    """Refuse a name that another record of the kind has."""
    if not draft.active:
        return
    for other in draft.realm.records.find(draft.entity.name, name, str(draft.body[name]).lower()):
        if other.id != draft.id:
            raise no.NameTaken(draft.entity.list_name, other.id)
