"""Writing a document by a journal: make it with its lines, post it, and remove what is left of it.

A journal that stands without lines has been posted; one with lines has not. So whoever takes up what another attempt
began, by ids that need no search, never posts twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from sandbooks.connector import Company, Document, Done, Refused, Steps, Unknown
from sandbooks.platforms.business_central.connector import documents
from sandbooks.platforms.business_central.connector.calls import (
    EXISTS,
    MISSING,
    Body,
    Place,
    every,
    there,
    write,
    writing,
)
from sandbooks.platforms.business_central.connector.documents import Journal


def push(document: Document, company: Company, place: Place) -> Steps[Done]:
    """Bring a document into the books, or leave it in its journal when it is a draft."""
    documents.lines_of(document, company)  # what cannot be stated is refused before anything is asked
    tax_code = yield from _tax_code(document, place)
    body = documents.journal_of(document, company, tax_code=tax_code)
    journal = Journal.of(document.id)
    try:
        yield from _create(body, place, document)
    except Refused as refused:
        if refused.native_code != EXISTS:
            raise
        done = yield from _taken_up(body, journal, place, document)
        if done:
            return done
    if not documents.is_draft(document):
        yield from _post(journal, len(body["journalLines"]), place, document)
    return Done(native=documents.native_of(document))


def _tax_code(document: Document, place: Place) -> Steps[str]:
    """The code of a document's tax group as it is now, which lines name it by."""
    id = documents.tax_group(document)
    if not id:
        return ""
    found = yield from there(place.path(f"taxGroups({quote(id)})"), purpose="read a tax group", reference=document.id)
    if not found or not found.get("code"):
        raise Refused(f"there is no tax group {id} in Business Central", element=id)
    return str(found["code"])


def posted(number: str, place: Place, *, reference: str = "") -> Steps[list[Body]]:
    """The ledger entries of a document number."""
    filter = f"documentNumber eq '{number}'"
    purpose = f"look for {reference or number} in the ledger"
    path = place.path("generalLedgerEntries")
    found = yield from every(path, purpose=purpose, filter=filter, reference=reference)
    return [row for row in found if row.get("documentNumber") == number]


def look_up(document: Document, place: Place) -> Steps[Done | None]:
    """A document in the ledger; a draft in its journal, too."""
    journal = Journal.of(document.id)
    found = yield from posted(journal.number, place, reference=document.id)
    if not found and documents.is_draft(document):
        line = yield from _line(journal, 0, place, document)
        found = [line] if line else []
    return Done(native=documents.native_of(document), found=True) if found else None


def draft_line(number: str, place: Place) -> Steps[Body | None]:
    """The first line of a document that was not posted, by its number."""
    found = yield from every(
        place.path("journals"), purpose="look for a journal", filter=f"code eq '{documents.code_of(number)}'"
    )
    for journal in found:
        lines = yield from every(
            place.path(f"journals({journal['id']})/journalLines"), purpose="list the lines of a journal"
        )
        own = [line for line in lines if line.get("documentNumber") == number]
        if own:
            return own[0]
    return None


def _line(journal: Journal, number: int, place: Place, document: Document) -> Steps[Body | None]:
    path = place.path(f"journals({journal.id})/journalLines({journal.line_id(number)})")
    found = yield from there(path, purpose="read a journal line", reference=document.id)
    return found


def _create(body: Body, place: Place, document: Document) -> Steps[None]:
    yield from write("POST", place.path("journals"), body, purpose="create a journal", reference=document.id)


def _taken_up(body: Body, journal: Journal, place: Place, document: Document) -> Steps[Done | None]:
    """What an earlier attempt left: the posted document; or nothing to return, and lines as they would be sent."""
    if (yield from posted(journal.number, place, reference=document.id)):
        return Done(native=documents.native_of(document), found=True)
    lines: Sequence[Body] = body["journalLines"]
    kept = True
    for number, line in enumerate(lines):
        stands = yield from _line(journal, number, place, document)
        if number == 0 and stands is None:
            yield from _check_empty(journal, place, document)
        kept = kept and stands is not None and documents.same(line, stands)
    if not kept:
        yield from _remove(journal, len(lines), place, document)
        yield from _create(body, place, document)
    return None


def _check_empty(journal: Journal, place: Place, document: Document) -> Steps[None]:
    """Why a journal that could not be made has none of our lines. Always raises."""
    path = place.path(f"journals({journal.id})")
    stands = yield from there(path, purpose="read a journal", reference=document.id)
    if stands is None:
        raise Refused(f"the journal code {journal.code} is taken in Business Central", native_code=EXISTS)
    raise Unknown("the journal of this document has no lines: it was posted, but the ledger does not show it yet")


def _post(journal: Journal, lines: int, place: Place, document: Document) -> Steps[None]:
    """Post the journal. One that is refused is removed, so that nothing is left of the document."""
    action = place.path(f"journals({journal.id})/Microsoft.NAV.post")
    try:
        yield from write("POST", action, None, purpose="post a journal", reference=document.id)
    except Refused as refused:
        line = yield from _line(journal, 0, place, document)
        if line is None:
            raise Unknown("the journal of this document was posted by somebody else, or removed") from refused
        yield from _remove_refused(journal, lines, place, document, refused)
        raise
    yield from _tidy(journal, place)


def _tidy(journal: Journal, place: Place) -> Steps[None]:
    """Remove the empty journal. The document stands, whatever comes of this."""
    yield writing("DELETE", place.path(f"journals({journal.id})"), None, purpose="remove an empty journal")


def _remove_refused(journal: Journal, lines: int, place: Place, document: Document, refused: Refused) -> Steps[None]:
    try:
        yield from _remove(journal, lines, place, document)
    except Refused as failure:
        raise Refused(
            f"{refused.message}; its lines are still in journal {journal.code} ({failure.message})",
            native_code=refused.native_code,
            status=refused.status,
        ) from failure


def _remove(journal: Journal, lines: int, place: Place, document: Document) -> Steps[None]:
    """Remove the lines of a journal that was not posted, then the journal; what is gone already is no mistake."""
    paths = [f"journals({journal.id})/journalLines({journal.line_id(number)})" for number in range(lines)]
    for path in (*paths, f"journals({journal.id})"):
        try:
            yield from write("DELETE", place.path(path), None, purpose="take back a journal", reference=document.id)
        except Refused as refused:
            if refused.status != MISSING:
                raise
