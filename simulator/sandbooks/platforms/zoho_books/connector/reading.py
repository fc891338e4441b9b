"""What is read from Zoho Books, in neutral words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from sandbooks.connector import (
    Account,
    AccountClass,
    Company,
    Consent,
    Contact,
    ContactKind,
    NeedsConsent,
    Refused,
    Steps,
    TaxRate,
    TrackingOption,
    Unavailable,
)
from sandbooks.platforms.zoho_books.connector.calls import INVALID_URL, Body, answered, get, paged

# Source: https://www.zoho.com/books/api/v3/chart-of-accounts/, account_type
_TYPES: Mapping[AccountClass, str] = {
    "Asset": "other_asset other_current_asset intangible_asset right_to_use_asset financial_asset contingent_asset "
    "contract_asset cash bank fixed_asset accounts_receivable payment_clearing stock",
    "Liability": "other_current_liability contract_liability refund_liability credit_card long_term_liability "
    "loans_and_borrowing lease_liability employee_benefit_liability contingent_liability financial_liability "
    "other_liability accounts_payable",
    "Equity": "equity",
    "Income": "income finance_income other_comprehensive_income other_income",
    "Expense": "expense manufacturing_expense impairment_expense depreciation_expense employee_benefit_expense "
    "lease_expense finance_expense tax_expense cost_of_goods_sold other_expense",
}
CLASSES: Mapping[str, AccountClass] = {kind: name for name, kinds in _TYPES.items() for kind in kinds.split()}
PAYS: Mapping[str, Literal["card", "bank"]] = {
    "credit_card": "card",
    "bank": "bank",
    "cash": "bank",
    "payment_clearing": "bank",
}
# What an expense or a bill may be for, beside the costs. Source: https://www.zoho.com/books/help/expenses/
BOUGHT = ("fixed_asset", "other_asset", "intangible_asset")
DOCUMENTS = ("Payment", "Reimbursable")
ADDRESS = {
    "line1": "address",
    "line2": "street2",
    "city": "city",
    "region": "state",
    "postalCode": "zip",
    "country": "country",
}
# Unconfirmed: which of the two lists the tags of Zoho Books; a live call of each would settle it.
TAG_PATHS = ("settings/tags", "reportingtags")


def company(consent: Consent) -> Steps[Company]:
    """The organisation that the consent is for."""
    rows = yield from paged(consent, "organizations", "organization_id")
    for row in rows:
        if str(row["organization_id"]) == consent.company:
            return Company(
                id=consent.company,
                name=str(row.get("name") or ""),
                currency=str(row.get("currency_code") or ""),
                country=str(row.get("country_code") or row.get("country") or ""),
                time_zone=str(row.get("time_zone") or ""),
            )
    raise NeedsConsent(f"the user no longer belongs to organisation {consent.company}")


def currencies(consent: Consent, *, reference: str = "") -> Steps[dict[str, str]]:
    """The ids of the organisation's currencies by their codes."""
    rows = yield from paged(consent, "settings/currencies", "currency_id", reference=reference)
    return {str(row.get("currency_code")): str(row["currency_id"]) for row in rows}


def currency_id(consent: Consent, code: str, *, reference: str = "") -> Steps[str]:
    """The id of a currency. Raises ``Refused`` for one that the organisation does not use."""
    found = yield from currencies(consent, reference=reference)
    if code not in found:
        raise Refused(f"the organisation has no currency {code}: add it in Zoho Books")
    return found[code]


def accounts(consent: Consent) -> Steps[Sequence[Account]]:
    """The chart, with what the list of bank accounts says of those among them; bank accounts that it lacks after it."""
    known = {id: code for code, id in (yield from currencies(consent)).items()}
    home = (yield from company(consent)).currency
    query = {"filter_by": "AccountType.All", "showbalance": "true"}
    chart = yield from paged(consent, "chartofaccounts", "account_id", query=query)
    banks = yield from paged(consent, "bankaccounts", "account_id", query={"filter_by": "Status.All"})
    by_id = {str(row["account_id"]): row for row in banks}
    merged = [{**row, **by_id.pop(str(row["account_id"]), {})} for row in chart]
    return [account(row, known, home) for row in (*merged, *by_id.values())]


def account(row: Mapping[str, Any], currencies: Mapping[str, str], home: str) -> Account:
    """An account; only money accounts and those of costs, and of things bought to keep, take part in documents."""
    kind = str(row.get("account_type") or "")
    account_class = CLASSES.get(kind, "Asset")
    balance = row.get("balance", row.get("current_balance"))
    currency = row.get("currency_code") or currencies.get(str(row.get("currency_id")))
    buys = account_class == "Expense" or kind in BOUGHT
    return Account(
        id=str(row["account_id"]),
        name=str(row.get("account_name") or ""),
        nominal_code=str(row.get("account_code") or ""),
        description=str(row.get("description") or ""),
        account_class=account_class,
        category=f"{account_class}.{kind}",
        currency=str(currency or home),
        pays=PAYS.get(kind, ""),
        lines=DOCUMENTS if buys else (),
        active=bool(row.get("is_active", True)),
        balance=Decimal(str(balance)) if isinstance(balance, int | Decimal) else None,
        updated=instant(row.get("last_modified_time")),
    )


def contacts(consent: Consent, kind: ContactKind) -> Steps[Sequence[Contact]]:
    """The vendors or the customers, inactive ones included."""
    query = {"contact_type": native_type(kind), "filter_by": "Status.All"}
    rows = yield from paged(consent, "contacts", "contact_id", query=query)
    return [contact(row, kind) for row in rows if row.get("contact_type", query["contact_type"]) == native_type(kind)]


def native_type(kind: ContactKind) -> str:
    """What Zoho Books calls a supplier or customer."""
    return "vendor" if kind == "supplier" else "customer"


def contact(row: Mapping[str, Any], kind: ContactKind) -> Contact:
    """A contact; its person is the primary one."""
    person = " ".join(str(row[name]) for name in ("first_name", "last_name") if row.get(name))
    billing = row.get("billing_address") or {}
    address = {ours: str(billing[theirs]) for ours, theirs in ADDRESS.items() if billing.get(theirs)}
    return Contact(
        kind=kind,
        id=str(row["contact_id"]),
        name=str(row.get("contact_name") or ""),
        currency=str(row.get("currency_code") or ""),
        contact_name=person,
        email=str(row.get("email") or ""),
        phone=str(row.get("phone") or row.get("mobile") or ""),
        tax_number=str(row.get("vat_reg_no") or row.get("tax_reg_no") or row.get("gst_no") or ""),
        addresses=(address,) if address else (),
        active=str(row.get("status", "active")) == "active",
        updated=instant(row.get("last_modified_time")),
    )


def tax_rates(consent: Consent) -> Steps[Sequence[TaxRate]]:
    """The taxes and the groups of them; a rate is already effective."""
    rows = yield from paged(consent, "settings/taxes", "tax_id")
    return [
        TaxRate(
            id=str(row["tax_id"]),
            name=str(row.get("tax_name") or ""),
            effective=_rate(row),
            total=_rate(row),
            kinds=DOCUMENTS,
            active=not row.get("is_inactive") and str(row.get("status", "active")).lower() != "inactive",
        )
        for row in rows
    ]


def _rate(row: Mapping[str, Any]) -> Decimal:
    return Decimal(str(row.get("tax_percentage") or 0))


def tracking(consent: Consent) -> Steps[Sequence[TrackingOption]]:
    """Reporting tags and their options, an option's id being ``{tag}-{option}``.

    Source: docs.codat.io, Zoho Books integration reference (tags and options are tracking categories).
    """
    rows = yield from _tags(consent)
    return [option for row in rows for option in _options(row)]


def _tags(consent: Consent) -> Steps[list[Body]]:
    for path in TAG_PATHS:
        try:
            body = yield from answered(get(consent, path, purpose="list reporting tags"))
        except Refused as refused:
            if refused.native_code != INVALID_URL and refused.status != 404:
                raise
            continue
        found = next((body[name] for name in ("reporting_tags", "reportingtags", "tags") if name in body), None)
        if not isinstance(found, list):
            raise Unavailable("no reporting tags in the answer to: list reporting tags")
        return found
    return []


def _options(row: Mapping[str, Any]) -> Iterator[TrackingOption]:
    """A tag, then its options."""
    tag, active = str(row["tag_id"]), bool(row.get("is_active", True))
    options = row.get("tag_options") or row.get("options") or ()
    name = str(row.get("tag_name") or "")
    yield TrackingOption(id=tag, name=name, has_children=True, active=active)
    for option in options:
        yield TrackingOption(
            id=f"{tag}-{option.get('tag_option_id') or option.get('option_id')}",
            name=str(option.get("tag_option_name") or option.get("option_name") or ""),
            parent=tag,
            active=active and bool(option.get("is_active", True)),
        )


def instant(text: Any) -> datetime | None:
    """An instant as Zoho writes it: ``2013-09-11T17:18:32+0530``."""
    try:
        return datetime.fromisoformat(text) if isinstance(text, str) and text else None
    except ValueError:  # lists show some times in the user's own format
        return None
