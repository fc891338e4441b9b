"""Who changed what and when: the audit trail, told from the versions of the company's records.

Source: https://developer.intacct.com/api/company-console/audit-trails
"""

from __future__ import annotations

from collections.abc import Iterator

from sandbooks.kit.company import Company
from sandbooks.kit.records import Version
from sandbooks.platforms.sage_intacct.wire.scalars import native_instant

# The code of each mode, and its word.
MODES = {"C": "create", "M": "modify", "D": "delete"}
_CODES = {"create": "C", "update": "M", "delete": "D"}


def mode_of(version: Version) -> str:
    """The code of what a version did."""
    return _CODES.get(version.action, "M")


def source_of(version: Version) -> str:
    """Whether a change came through the API or was made in the product's own screens."""
    return "api" if version.exchange else "ui"


def history(company: Company) -> Iterator[dict[str, str]]:
    """Every change of the company's records, oldest first."""
    # Unconfirmed: the user of a change in the screens; the world has one user.
    for version in company.records.changes():
        yield {
            "RECORDNO": str(version.number),
            "USERID": "xml_gateway",
            "ACCESSTIME": native_instant(version.at),
            "ACCESSMODE": mode_of(version),
            "SOURCE": source_of(version),
            "OBJECTTYPE": version.kind.lower(),
            "OBJECTKEY": version.id,
            "WORKFLOWACTION": "",
        }
