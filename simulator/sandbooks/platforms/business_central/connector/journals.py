"""Bringing something into the books by a journal: make it with its lines, post it, and remove what is left of it.

A journal that stands without lines has been posted; one with lines has not. So whoever takes up what another attempt
began, by ids that need no search, never posts twice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from urllib.parse import quote

from msgspec import Struct

from sandbooks.connector import Company, Document, Done, Native, Refused, Steps, Unknown
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


def nothing_to_check() -> Steps[None]:
    """No further condition before a journal is posted."""
    yield from ()


class Task(Struct, frozen=True, kw_only=True):
    """One journal to be written: its body, lines included under ``lines``, in the set ``set``.

    ``reference`` is the id of the transaction that it carries; ``check`` is what must hold before it is posted.
    """

    journal: Journal
    body: Body
    native: Native
    reference: str
    set: str = "journals"
    lines: str = "journalLines"
    draft: bool = False
    check: Callable[[], Steps[None]] = nothing_to_check

    @property
    def rows(self) -> Sequence[Body]:
        """The lines to be sent."""
        rows: Sequence[Body] = self.body[self.lines]
        return rows

    @property
    def path(self) -> str:
        """The journal's address below the company."""
        return f"{self.set}({self.journal.id})"

    def line_path(self, place: int) -> str:
        """A line's address by its place, from 0."""
        return f"{self.path}/{self.lines}({self.journal.line_id(place)})"


def push(document: Document, company: Company, place: Place) -> Steps[Done]:
    """Bring a document into the books, or leave it in its journal when it is a draft."""
    documents.lines_of(document, company)  # what cannot be stated is refused before anything is asked
    tax_code = yield from _tax_code(document, place)
    task = Task(
        journal=Journal.of(document.id),
        body=documents.journal_of(document, company, tax_code=tax_code),
        native=documents.native_of(document),
        reference=document.id,
        draft=documents.is_draft(document),
    )
    done = yield from carry_out(task, place)
    return done


def carry_out(task: Task, place: Place) -> Steps[Done]:
    """Make the journal and post it, or take up what an earlier attempt left of it."""
    try:
        yield from _create(task, place)
    except Refused as refused:
        if refused.native_code != EXISTS:
            raise
        if (yield from _taken_up(task, place)):
            return Done(native=task.native, found=True)
    if not task.draft:
        yield from _post(task, place)
    return Done(native=task.native)


def _tax_code(document: Document, place: Place) -> Steps[str]:
    """The code of a document's tax group as it is now, which lines name it by."""
    id = documents.tax_group(document)
    if not id:
        return ""
    code = yield from tax_code(id, place, reference=document.id)
    return code


def tax_code(id: str, place: Place, *, reference: str) -> Steps[str]:
    """The code of a tax group. Raises ``Refused`` where there is none."""
    found = yield from there(place.path(f"taxGroups({quote(id)})"), purpose="read a tax group", reference=reference)
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
        path = f"journals({journal.id})/journalLines({journal.line_id(0)})"
        line = yield from there(place.path(path), purpose="read a journal line", reference=document.id)
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


def _line(task: Task, number: int, place: Place) -> Steps[Body | None]:
    path = place.path(task.line_path(number))
    found = yield from there(path, purpose="read a journal line", reference=task.reference)
    return found


def _create(task: Task, place: Place) -> Steps[None]:
    path = place.path(task.set)
    yield from write("POST", path, task.body, purpose="create a journal", reference=task.reference)


def _taken_up(task: Task, place: Place) -> Steps[bool]:
    """What an earlier attempt left: whether it was posted; if not, lines as they would be sent stand after this."""
    if (yield from posted(task.journal.number, place, reference=task.reference)):
        return True
    kept = True
    for number, line in enumerate(task.rows):
        stands = yield from _line(task, number, place)
        if number == 0 and stands is None:
            yield from _check_empty(task, place)
        kept = kept and stands is not None and documents.same(line, stands)
    if not kept:
        yield from _remove(task, place)
        yield from _create(task, place)
    return False


def _check_empty(task: Task, place: Place) -> Steps[None]:
    """Why a journal that could not be made has none of our lines. Always raises."""
    stands = yield from there(place.path(task.path), purpose="read a journal", reference=task.reference)
    if stands is None:
        raise Refused(f"the journal code {task.journal.code} is taken in Business Central", native_code=EXISTS)
    raise Unknown("the journal of this document has no lines: it was posted, but the ledger does not show it yet")


def _post(task: Task, place: Place) -> Steps[None]:
    """Post the journal. One that is refused is removed, so that nothing is left of the document.

    Whatever kind of journal it is, it is posted as one of ``journals``.
    Source: learn.microsoft.com, API v2.0, vendorPaymentJournal (no action of its own)
    """
    action = place.path(f"journals({task.journal.id})/Microsoft.NAV.post")
    try:
        yield from task.check()
        yield from write("POST", action, None, purpose="post a journal", reference=task.reference)
    except Refused as refused:
        line = yield from _line(task, 0, place)
        if line is None:
            raise Unknown("the journal of this document was posted by somebody else, or removed") from refused
        yield from _remove_refused(task, place, refused)
        raise
    yield from _tidy(task, place)


def _tidy(task: Task, place: Place) -> Steps[None]:
    """Remove the empty journal. The document stands, whatever comes of this."""
    yield writing("DELETE", place.path(task.path), None, purpose="remove an empty journal")


def _remove_refused(task: Task, place: Place, refused: Refused) -> Steps[None]:
    try:
        yield from _remove(task, place)
    except Refused as failure:
        raise Refused(
            f"{refused.message}; its lines are still in journal {task.journal.code} ({failure.message})",
            native_code=refused.native_code,
            status=refused.status,
        ) from failure


def _remove(task: Task, place: Place) -> Steps[None]:
    """Remove the lines of a journal that was not posted, then the journal; what is gone already is no mistake."""
    paths = [task.line_path(number) for number in range(len(task.rows))]
    for path in (*paths, task.path):
        try:
            yield from write("DELETE", place.path(path), None, purpose="take back a journal", reference=task.reference)
        except Refused as refused:
            if refused.status != MISSING:
                raise
