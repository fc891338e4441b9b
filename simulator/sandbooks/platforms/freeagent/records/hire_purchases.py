"""Hire purchases: bills whose liability stands on accounts of their own until the agreement is paid off.

A bill makes one when it says that it is paid so, and takes it away with it; what is due of it is paid as any bill is.
Source: https://dev.freeagent.com/docs/hire_purchases, https://dev.freeagent.com/docs/bills (is_paid_by_hire_purchase);
https://support.freeagent.com article 115001216970 (a bill's due date is the end of the agreement)
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.kit.recurrence import Step, occurrence
from sandbooks.platforms.freeagent.fields import Fields
from sandbooks.platforms.freeagent.records import sub_accounts
from sandbooks.platforms.freeagent.records.storing import new_id, remove, save
from sandbooks.platforms.freeagent.wire import path, tail

KIND = "hire_purchase"


def read(company: Company, fields: Fields) -> bool:
    """Whether a bill is paid by hire purchase; where that cannot be is noted."""
    if not fields.flag("is_paid_by_hire_purchase"):
        return False
    if not str(company.settings.get("type", "")).startswith("Uk"):
        # Source: https://dev.freeagent.com/docs/hire_purchases (only for companies of the United Kingdom)
        fields.wrong("is_paid_by_hire_purchase", "is not included in the list")
    if fields.has("recurring"):
        # Source: https://support.freeagent.com article 8282132810770 (one excludes the other)
        fields.wrong("recurring", "can't be set on a bill that is paid by hire purchase")
    return True


def of_bill(company: Company, bill: str) -> Record | None:
    """The hire purchase of a bill, by the bill's id."""
    found = company.records.find(KIND, "bill", bill)
    return found[0] if found else None


def drafted(company: Company, bill: dict[str, Any]) -> dict[str, Any]:
    """The hire purchase of a bill as it will stand."""
    standing = of_bill(company, tail(bill["url"], "bills"))
    sub_code = standing.body["sub_code"] if standing else str(company.records.next_number("hire_purchase_sub_code"))
    return {
        "url": path("hire_purchases", standing.id if standing else new_id(company, KIND)),
        # Unconfirmed: which text of the bill the live service takes.
        "description": bill["reference"],
        "bill": bill["url"],
        "liabilities_over_one_year_category": path("categories", f"{sub_accounts.OVER_ONE_YEAR}-{sub_code}"),
        "liabilities_under_one_year_category": path("categories", f"{sub_accounts.UNDER_ONE_YEAR}-{sub_code}"),
        "sub_code": sub_code,
    }


def control(company: Company, draft: dict[str, Any], bill: dict[str, Any]) -> str:
    """The account that the bill's liability stands on: by whether the agreement ends within a year of the bill."""
    # Unconfirmed: the live service may split the liability, and move what falls due within a year by itself.
    dated, ends = (date.fromisoformat(bill[name]) for name in ("dated_on", "due_on"))
    over = ends.year - dated.year > 1 or (dated.year < 9990 and ends > occurrence(dated, Step(months=12), 1))
    return sub_accounts.opened(company, sub_accounts.OVER_ONE_YEAR if over else sub_accounts.UNDER_ONE_YEAR, draft)


def keep(company: Company, bill: Record, draft: dict[str, Any] | None) -> None:
    """Store the hire purchase of a bill, or take away the one that it has no more."""
    standing = of_bill(company, bill.id)
    if draft is None:
        if standing is not None:
            remove(company, standing)
        return
    if standing is None or standing.body != draft:
        sub_accounts.rename(company, save(company, KIND, tail(draft["url"], "hire_purchases"), document=draft))
