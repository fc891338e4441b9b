"""The companies of a tenant: above every other set, and read only."""

from __future__ import annotations

from sandbooks.kit.company import Company
from sandbooks.platforms.business_central.fields import Field, instant, shown, text, uid
from sandbooks.platforms.business_central.names import BLANK_ID

FIELDS: tuple[Field, ...] = shown(
    text("systemVersion"),
    text("timestamp"),
    text("name"),
    text("displayName"),
    text("businessProfileId"),
    instant("systemCreatedAt"),
    uid("systemCreatedBy"),
    instant("systemModifiedAt"),
    uid("systemModifiedBy"),
)


def shown_company(company: Company) -> dict[str, object]:
    """A company as the API lists it."""
    opened = str(company.settings.get("opened_at", "2026-01-01T00:00:00Z"))
    return {
        "id": company.id,
        "systemVersion": "28.0.0.0",
        "timestamp": company.settings.get("number", 1),
        "name": company.name[:30],
        "displayName": company.name,
        "businessProfileId": "",
        "systemCreatedAt": opened,
        "systemCreatedBy": BLANK_ID,
        "systemModifiedAt": opened,
        "systemModifiedBy": BLANK_ID,
    }
