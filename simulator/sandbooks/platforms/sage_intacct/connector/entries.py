"""Journal entries of Sage Intacct as bill pay writes them: batches of the journal that the client names.

The hub's id of an entry stands at the end of the batch's title, where people see it and a query finds it again.
Source: developer.intacct.com/api/general-ledger/journal-entries (create GLBATCH).
"""

from __future__ import annotations

from typing import Any

from sandbooks.connector import AdjustmentLine, Company, Done, Native, Refused, Steps, marked
from sandbooks.payables import NewEntry
from sandbooks.platforms.sage_intacct.connector.envelope import condition
from sandbooks.platforms.sage_intacct.connector.gateway import query

BATCH = "GLBATCH"
TITLE_MOST = 80  # Source: developer.intacct.com/api/general-ledger (BATCH_TITLE). Unconfirmed: the length
TEXT_MOST = 1000
# Lines of journals name two dimensions otherwise than all others. Source: developer.intacct.com (GLENTRY)
DIMENSIONS = {"DEPARTMENT": "DEPARTMENT", "LOCATION": "LOCATION", "CLASS": "CLASSID", "PROJECT": "PROJECTID"}

Body = dict[str, Any]


def native(id: str) -> Native:
    """An entry's identity."""
    return Native(kind=BATCH, id=id, data_type="journalEntries")


def journal_symbol(record: NewEntry) -> Steps[str]:
    """The symbol of the journal that an entry names. Raises ``Refused``."""
    if not record.journal:
        raise Refused("Sage Intacct needs the journal of a journal entry", element="journalRef")
    wanted = condition("equalto", "RECORDNO", record.journal)
    rows = yield from query("GLJOURNAL", ("RECORDNO", "SYMBOL"), condition=wanted, reference=record.id)
    if not rows:
        raise Refused(f"there is no journal {record.journal} in Sage Intacct", element="journalRef")
    return rows[0]["SYMBOL"]


def batch(record: NewEntry, company: Company, *, symbol: str) -> Body:
    """The batch to be sent. Raises ``Refused`` for what Sage Intacct cannot state."""
    if record.currency != company.currency:
        raise Refused(f"Sage Intacct takes journal entries in {company.currency} here", element="currency")
    return {
        "JOURNAL": symbol,
        "BATCH_DATE": f"{record.date:%m/%d/%Y}",
        "BATCH_TITLE": marked(record.description, record.id, most=TITLE_MOST),
        "ENTRIES": {"GLENTRY": [_line(line) for line in record.lines]},
    }


def _line(line: AdjustmentLine) -> Body:
    body: Body = {
        "ACCOUNTNO": line.account,
        "TR_TYPE": "1" if line.amount > 0 else "-1",
        "TRX_AMOUNT": abs(line.amount),
    }
    for ref in line.tracking:
        object, _, id = ref.id.partition("-") if ref.kind == "tracking" else ("", "", ref.id)
        known = DIMENSIONS.get(object) if object else "CUSTOMERID" if ref.kind == "customer" else "VENDORID"
        if known is None or not id:
            raise Refused(f"{ref.id} is no department, location, class or project of Sage Intacct")
        if known in body:
            raise Refused(f"Sage Intacct takes one {known.removesuffix('ID').lower()} on a line")
        body[known] = id
    return body | ({"DESCRIPTION": line.description[:TEXT_MOST]} if line.description else {})


def found(record: NewEntry) -> Steps[Done | None]:
    """One search for the batch that carries an entry's id."""
    wanted = condition("like", "BATCH_TITLE", f"%[{record.id}]")
    rows = yield from query(BATCH, ("RECORDNO", "BATCH_TITLE", "STATE"), condition=wanted, reference=record.id)
    own = next((row for row in rows if row.get("BATCH_TITLE", "").endswith(f"[{record.id}]")), None)
    return Done(native=native(own["RECORDNO"]), found=True) if own else None
