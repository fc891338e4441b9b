"""Journal entries of NetSuite as bill pay writes them, each under an external id of its own. Pure.

Source: docs.oracle.com, NetSuite REST Web Services, journalEntry (subsidiary, line.items with debit or credit).
"""

from __future__ import annotations

from typing import Any

from sandbooks.connector import AdjustmentLine, Company, Refused, marked
from sandbooks.payables import NewEntry
from sandbooks.platforms.netsuite.connector.documents import LINE_MEMO_MOST, MEMO_MOST, external_id
from sandbooks.platforms.netsuite.connector.reading import CURRENCY, SUBSIDIARY

ENTRY = "journalEntry"
DIMENSIONS = ("department", "class", "location")

Body = dict[str, Any]


def journal_entry(record: NewEntry, company: Company) -> Body:
    """The entry to be sent. Raises ``Refused`` for what NetSuite cannot state."""
    body: Body = {
        "externalId": external_id(record.id),
        "tranDate": record.date.isoformat(),
        "memo": marked(record.description, record.id, most=MEMO_MOST),
        # Source: docs.oracle.com, journalEntry (approved): only an approved entry is in the ledger
        "approved": True,
    }
    if company.facts.get(SUBSIDIARY):
        body["subsidiary"] = {"id": company.facts[SUBSIDIARY]}
    known = company.facts.get(f"{CURRENCY}{record.currency}")
    if known:
        body["currency"] = {"id": known}
    elif record.currency != company.currency:
        raise Refused(f"the NetSuite account has no currency {record.currency}", element="currency")
    return body | {"line": {"items": [_line(line) for line in record.lines]}}


def _line(line: AdjustmentLine) -> Body:
    side = "debit" if line.amount > 0 else "credit"
    body: Body = {"account": {"id": line.account}, side: abs(line.amount)}
    if line.description:
        body["memo"] = line.description[:LINE_MEMO_MOST]
    for ref in line.tracking:
        member, _, id = ref.id.partition("-") if ref.kind == "tracking" else ("entity", "", ref.id)
        if ref.kind == "tracking" and (member not in DIMENSIONS or not id):
            raise Refused(f"NetSuite has no tag {ref.id}", element=ref.id)
        if member in body:
            raise Refused(f"NetSuite takes one {member} on a line")
        body[member] = {"id": id}
    return body
