"""Error recovery: what a message set was answered is kept under the id that its application gave it.

An application whose answer was lost sends an empty set with ``oldMessageSetID`` and learns what became of it. The
answers are kept in the unit of work of each request, so that they tell exactly what the books hold.
"""

from __future__ import annotations

from typing import Any

from lxml import etree

from sandbooks.kit.company import Company
from sandbooks.platforms.quickbooks_desktop import statuses
from sandbooks.platforms.quickbooks_desktop.file import PLATFORM

SCOPE = f"{PLATFORM}/message_set"


class MessageSets:
    """The message sets of one company file that can be recovered."""

    def __init__(self, company: Company) -> None:
        self._company = company

    def _key(self, id: str) -> str:
        return f"{self._company.id}/{id}"

    def begin(self, answers: etree._Element, id: str, *, forget: str = "") -> bool:
        """Open a new set; whether it may be run. An old one that is named besides is recovered from, and dropped."""
        answers.set("newMessageSetID", id)
        world = self._company.world
        if world.get(SCOPE, self._key(id)) is not None:
            answers.set("messageSetStatusCode", str(statuses.MESSAGE_SET_USED))
            return False
        with world.unit():
            if forget:
                world.put(SCOPE, self._key(forget), None)
            world.put(SCOPE, self._key(id), [])
        answers.set("messageSetStatusCode", str(statuses.OK))
        return True

    def keep(self, id: str, answer: etree._Element) -> None:
        """Add an answer to its set, in the caller's unit of work."""
        world = self._company.world
        kept: list[Any] = world.get(SCOPE, self._key(id)) or []
        text = etree.tostring(answer, encoding="unicode")
        world.put(SCOPE, self._key(id), [*kept, text])

    def recover(self, answers: etree._Element, id: str) -> None:
        """The answers of an old set, as they were; status 600 where nothing is stored."""
        answers.set("oldMessageSetID", id)
        kept = self._company.world.get(SCOPE, self._key(id))
        code = statuses.NOTHING_STORED if kept is None else statuses.OK
        answers.set("messageSetStatusCode", str(code))
        for text in kept or ():
            answers.append(etree.fromstring(text))
