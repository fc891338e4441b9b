"""The integration record of an account: the application that signs in, and whether the account lets it.

An administrator blocks it on the screens: sign-in and every request are refused from then on. The bookkeeper does so by
editing the record (kind ``integration``, id ``1``, member ``state``), which control, Python and scenarios reach.
Source: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_4639959077.html (blocking an application)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.platforms.netsuite.refusals import BadContent, RecordMissing

KIND, ONLY = "integration", "1"
# Source: docs.oracle.com, section_4429293934.html (an application that was installed may wait for approval at first)
STATES = ("enabled", "waitingForApproval", "blocked")


def make(company: Company) -> None:
    """The record of the application that every account here trusts."""
    company.records.put(KIND, ONLY, {"id": ONLY, "name": "Sandbooks", "state": "enabled"}, version=1)


def is_enabled(company: Company) -> bool:
    """Whether the application may sign in and call."""
    record = company.records.get(KIND, ONLY)
    return record is None or record.body["state"] == "enabled"


def change(company: Company, changes: Mapping[str, Any]) -> Record:
    """What an administrator does to the record. Raises ``BadContent``, ``RecordMissing``."""
    record = company.records.get(KIND, ONLY)
    if record is None:
        raise RecordMissing(KIND, ONLY)
    if set(changes) - {"state"} or changes.get("state") not in STATES:
        raise BadContent(f"An integration has the state {', '.join(STATES[:-1])} or {STATES[-1]}.", "state")
    body = {**record.copy(), "state": changes["state"]}
    return company.records.put(KIND, ONLY, body, version=record.version + 1, action="update")
