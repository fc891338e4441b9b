"""Bugs in posting by journals, as Business Central takes card spend."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from tests.harness.gallery.client.business_central import BusinessCentralDriver, Refused
from tests.harness.gallery.registry import bug

Json = dict[str, Any]


@bug("The tax code of a line is left out, and its tax becomes cost", severity="S1", origin="FM-89")
class P53(BusinessCentralDriver):
    def tax_code(self, line: Json) -> str:
        return ""


@bug("Every try makes a journal of its own, and nobody looks into the ledger", severity="S1", origin="FM-01")
class P54(BusinessCentralDriver):
    def is_posted(self, given: Json) -> bool:
        return False

    def begin_anew(self, place: str) -> None:
        pass

    def journal(self, given: Json) -> Json:
        id = str(uuid4())
        return {**super().journal(given), "id": id, "code": id[:10].upper()}


@bug("A journal that was made counts as posted, whatever posting it says", severity="S1", origin="FM-07")
class P55(BusinessCentralDriver):
    def finish(self, place: str) -> None:
        try:
            super().finish(place)
        except Refused:
            return


@bug("What is given back on a bank account is booked as spend", severity="S1", origin="FM-69")
class P56(BusinessCentralDriver):
    def sign(self, given: Json) -> int:
        cards = [id for name, id in self.company["accounts"].items() if "card" in name]
        return super().sign(given) if self.account(given) in cards else 1
