"""Bugs in reading lists, and in finding the contact behind a name."""

from __future__ import annotations

import time
from typing import Any

from tests.harness.gallery.client import chart, contacts, quickbooks, texts
from tests.harness.gallery.client.driver import Driver
from tests.harness.gallery.registry import bug


@bug("The second page of a list is dropped", severity="S2", origin="FM-39, seen in real code")
class P19(Driver):
    platforms = ("quickbooks_online",)

    class QuickBooks(quickbooks.QuickBooks):
        def goes_on(self, page: Any, fresh: Any) -> bool:
            return False

    class Chart(chart.Chart):
        def include(self, ids: Any) -> None:
            """What the list does not show is not there."""


@bug("Changes in the second of the checkpoint are missed", severity="S2", origin="FM-41, seen in real code")
class P20(Driver):
    platforms = ("quickbooks_online",)

    class Chart(chart.Chart):
        def checkpoint(self, started: float) -> float:
            return float(int(time.time()))

    class QuickBooks(quickbooks.QuickBooks):
        since_operator = ">"


@bug(
    "An inactive supplier is not found, its name is taken, and the spend goes to a catch-all",
    severity="S2",
    origin="FM-45, FM-93",
)
class P21(Driver):
    platforms = ("quickbooks_online",)

    class QuickBooks(quickbooks.QuickBooks):
        activity = "Active = true"

    class Contacts(contacts.Contacts):
        def when_taken(self, name: str) -> str:
            return self.found_or_created("Miscellaneous")


@bug(
    "Special characters are left out of the search and kept in the name",
    severity="S2",
    origin="FM-94, seen in real code",
)
class P35(Driver):
    class Contacts(contacts.Contacts):
        def resolved(self, merchant: str) -> str:
            return self.found_or_created(self.name_of(merchant))

        def searched(self, name: str) -> str:
            return name.replace("&", "").replace('"', "")

        def key(self, name: str) -> str:
            return f"{super().key(name)}-{self.driver.store.number('contact')}"


@bug("The reference is cut from the right, and the id at its end is lost", severity="S1", origin="FM-95")
class P36(Driver):
    platforms = ("quickbooks_online",)

    class Texts(texts.Texts):
        def number(self, id: str, merchant: str) -> str:
            return f"{merchant} {id}".strip()[: texts.NUMBER_MOST]


@bug(
    "A long contact name is cut to 20 characters, with a tail that is new each time",
    severity="S2",
    origin="FM-95, seen in real code",
)
class P37(Driver):
    class Contacts(contacts.Contacts):
        def name_of(self, merchant: str) -> str:
            name = super().name_of(merchant)
            return name if len(name) <= 20 else f"{name[:20]}-{self.driver.store.number('tail')}"


@bug("A description is cut in the middle of a character", severity="S3", origin="FM-95")
class P49(Driver):
    class Texts(texts.Texts):
        def cut(self, text: str, most: int) -> str:
            return text.encode()[:most].decode(errors="replace")
