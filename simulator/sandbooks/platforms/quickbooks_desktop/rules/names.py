"""Contacts and additional notes of names: small lists of their own inside a vendor, customer or employee."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbooks.platforms.quickbooks_desktop import drafts, values
from sandbooks.platforms.quickbooks_desktop.drafts import Draft
from sandbooks.platforms.quickbooks_desktop.file import CompanyFile
from sandbooks.platforms.quickbooks_desktop.nodes import Node
from sandbooks.platforms.quickbooks_desktop.refusals import EditSequenceStale, ObjectNotFound

# Source: QuickBooks Desktop SDK, Onscreen Reference (Contacts, AdditionalNotes, since qbXML 12.0)
PARTS = ("Contacts", "ContactsMod", "AdditionalNotes", "AdditionalNotesMod")


def with_parts(file: CompanyFile, node: Node, standing: Mapping[str, Any]) -> Draft:
    """The contacts and notes that a request makes of those that stand; nothing where it names none."""
    found: Draft = {}
    if node.has("Contacts") or node.has("ContactsMod"):
        found["ContactsRet"] = _contacts(file, node, list(standing.get("ContactsRet", ())))
    if node.has("AdditionalNotes") or node.has("AdditionalNotesMod"):
        found["AdditionalNotesRet"] = _notes(file, node, list(standing.get("AdditionalNotesRet", ())))
    return found


def _contacts(file: CompanyFile, node: Node, contacts: list[Draft]) -> list[Draft]:
    now = values.local(file.company.world.clock.now(), file.zone)
    for child in node.all("ContactsMod"):
        place = _place(contacts, "ListID", str(child.get("ListID")))
        before = contacts[place]
        if str(child.get("EditSequence")) != before["EditSequence"]:
            raise EditSequenceStale(str(child.get("EditSequence")))
        changed = drafts.merged(before, drafts.fields(file, child, "contact"))
        sequence = file.edit_sequence(str(before["EditSequence"]))
        contacts[place] = _named({**changed, "EditSequence": sequence, "TimeModified": now})
    for child in node.all("Contacts"):
        told = {"ListID": file.next_list_id(), "EditSequence": file.edit_sequence(), "TimeCreated": now}
        contacts.append(_named({**told, "TimeModified": now, **drafts.fields(file, child, "contact")}))
    return contacts


def _named(contact: Draft) -> Draft:
    parts = (contact.get(name) for name in ("FirstName", "MiddleName", "LastName"))
    return {**contact, "Contact": " ".join(str(part) for part in parts if part)[:41]}


def _notes(file: CompanyFile, node: Node, notes: list[Draft]) -> list[Draft]:
    for child in node.all("AdditionalNotesMod"):
        place = _place(notes, "NoteID", str(child.get("NoteID")))
        notes[place] = {**notes[place], "Note": str(child.get("Note"))}
    for child in node.all("AdditionalNotes"):
        number = max((int(note["NoteID"]) for note in notes), default=0) + 1
        note = {"NoteID": str(number), "Date": file.today().isoformat(), "Note": str(child.get("Note"))}
        notes.append(note)
    return notes


def _place(rows: list[Draft], key: str, id: str) -> int:
    """Where a row stands. Raises ``ObjectNotFound``."""
    for place, row in enumerate(rows):
        if row[key] == id:
            return place
    raise ObjectNotFound(id)
