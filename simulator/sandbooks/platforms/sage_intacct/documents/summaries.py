"""Summaries: transactions of one sort that are grouped, and that one date posts to the general ledger.

A company's setup makes them by itself, one for each day here; others are made by hand and named by the transaction.
A closed one takes nothing more, and what is in it stays as it is.
Source: Sage Intacct help ("Summary overview", "Create a manual summary", "Close a summary"),
developer.intacct.com/api/accounts-payable/ap-summaries, github.com/Intacct/intacct_dtd (create_billbatch, batchkey).
Unconfirmed: the words of refusals; that summaries of the setup are not objects that can be read.
"""

from __future__ import annotations

from datetime import date

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.platforms.sage_intacct.documents.headers import check_open
from sandbooks.platforms.sage_intacct.documents.reading import Given
from sandbooks.platforms.sage_intacct.objects.catalogue import object_named
from sandbooks.platforms.sage_intacct.objects.keeping import find, new_number, save
from sandbooks.platforms.sage_intacct.refusals import NotAllowed, ReferenceInvalid
from sandbooks.platforms.sage_intacct.wire.scalars import native_date, parse_date
from sandbooks.platforms.sage_intacct.wire.xml import Fields

# The object of the summaries of each document, and the titles of those that the setup makes.
# Source: developer.sage.com/intacct (OpenAPI: name of bill-summary, title of expenseSummary)
_KINDS = {
    "APBILL": ("APBILLBATCH", "Bills: {} Batch"),
    "APADJUSTMENT": ("APADJUSTMENTBATCH", "Adjustments: {} Batch"),
    "EEXPENSES": ("EEXPENSESBATCH", "Expenses {} batch"),
}
DOCUMENTS = {batch: kind for kind, (batch, _) in _KINDS.items()}


def create(company: Company, name: str, given: Fields) -> Record:
    """A summary made by hand: its title and the day that it posts on."""
    said = Given(company, name, given)
    on = said.date("CREATED") or company.world.clock.today(company.time_zone)
    title = said.need("TITLE", limit=100)
    if _titled(company, name, title) is not None:
        raise NotAllowed(name, f"Another summary is called {title}.", "Use a unique title instead.")
    check_open(company, on)
    kind = object_named(name)
    number = new_number(company, kind)
    document = {"RECORDNO": number, "TITLE": title, "CREATED": native_date(on), "STATUS": "active"}
    return save(company, kind, number, document=document)


def summary_of(given: Given, on: date) -> tuple[Fields, date]:
    """Title and key of the summary that a document goes to, and the day that it is posted on.

    Raises ``ReferenceInvalid``, ``NotAllowed``.
    """
    company, kind = given.company, given.kind
    name, words = _KINDS[kind]
    record = _named(given, name)
    if record is None:
        title = words.format(f"{on:%Y/%m/%d}")
        _check(company, kind, title)
        return {"PRBATCH": title, "PRBATCHKEY": ""}, on
    _check(company, kind, record.body["TITLE"])
    # Source: Sage Intacct help, "Create a manual summary" (its date posts all transactions within it)
    posted = parse_date(str(record.body["CREATED"])) or on
    return {"PRBATCH": str(record.body["TITLE"]), "PRBATCHKEY": record.id}, posted


def _named(given: Given, name: str) -> Record | None:
    """The summary that a document names by its key or its title, or is in already."""
    for field in ("BATCHKEY", "PRBATCHKEY"):
        key = given.text(field)
        if key:
            record = find(given.company, name, key)
            if record is None:
                raise ReferenceInvalid(given.kind, "summary", key[:80])
            return record
    title = given.text("PRBATCH") if given.sent("PRBATCH") else ""
    if not title or title == given.standing.get("PRBATCH"):
        return None
    record = _titled(given.company, name, title)
    if record is None:
        raise ReferenceInvalid(given.kind, "summary", title[:80])
    return record


def _titled(company: Company, name: str, title: str) -> Record | None:
    return next((each for each in company.records.scan(name) if each.body["TITLE"] == title), None)


def is_closed(company: Company, title: str) -> bool:
    """Whether a summary is closed, as a user does it in the product."""
    return title in company.settings.get("closed_summaries", ())


def check_summary(company: Company, record: Record) -> None:
    """Refuse to touch what is in a closed summary. Raises ``NotAllowed``."""
    _check(company, record.kind, str(record.body.get("PRBATCH", "")))


def _check(company: Company, kind: str, title: str) -> None:
    if is_closed(company, title):
        raise NotAllowed(kind, f"The summary '{title}' is closed.", "Open the summary, or choose another one.")
