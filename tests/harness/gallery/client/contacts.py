"""Suppliers by the merchant's name: one for each name, found before it is created."""

from __future__ import annotations

import hashlib
import time
from typing import TYPE_CHECKING

from tests.harness.gallery.client.answers import OutcomeUnknown, RateLimited, Refused, Unavailable

if TYPE_CHECKING:
    from tests.harness.gallery.client.driver import Driver

NAME_MOST = 100  # Source: developer.intuit.com, entity Vendor, DisplayName (older limit; Xero takes 255)
ATTEMPTS = 6


class Contacts:
    """The supplier behind a merchant's name."""

    def __init__(self, driver: Driver) -> None:
        self.driver = driver

    def resolved(self, merchant: str) -> str:
        """The id of the supplier for a merchant. Raises ``Refused`` or ``Unavailable``."""
        name = self.name_of(merchant)
        known = self.driver.store.get("contacts", name.casefold())
        if known:
            return str(known)
        id = self.as_written(merchant) or self.found_or_created(name)
        self.driver.store.put("contacts", name.casefold(), id)
        return id

    def as_written(self, merchant: str) -> str:
        """The supplier of exactly this name, spaces and all, as somebody may have typed it in."""
        found = self.driver.adapter.find_contact(merchant) if merchant != self.name_of(merchant) else None
        return found[0] if found and self.usable(*found) else ""

    def name_of(self, merchant: str) -> str:
        """A merchant's name as the platforms take it, one for each merchant."""
        plain = " ".join(merchant.replace(":", " ").split())
        if len(plain) <= NAME_MOST:
            return plain
        tail = hashlib.sha256(plain.casefold().encode()).hexdigest()[:8]
        return f"{plain[: NAME_MOST - 9]} {tail}"

    def searched(self, name: str) -> str:
        """The name as it is searched for."""
        return name

    def found_or_created(self, name: str) -> str:
        for attempt in range(ATTEMPTS):
            found = self.driver.adapter.find_contact(self.searched(name))
            if found and self.usable(*found):
                return found[0]
            try:
                return self.driver.adapter.create_contact(name, key=self.key(name))
            except Refused as refused:
                if refused.code != "name taken":
                    raise
                return self.when_taken(name)
            except RateLimited as limited:
                time.sleep(limited.wait_s)
            except OutcomeUnknown:
                time.sleep(2**attempt)
        raise Unavailable("the supplier could not be created")

    def key(self, name: str) -> str:
        return "contact-" + hashlib.sha256(name.casefold().encode()).hexdigest()[:32]

    def usable(self, id: str, active: bool) -> bool:
        """Whether a supplier that was found can be used; an inactive one is made active again."""
        if active:
            return True
        for attempt in range(ATTEMPTS):
            try:
                self.driver.adapter.revive_contact(id)
            except Refused as refused:
                if refused.code == "name free":
                    return False
                raise
            except RateLimited as limited:
                time.sleep(limited.wait_s)
            except OutcomeUnknown:
                time.sleep(2**attempt)
            else:
                return True
        raise Unavailable("the supplier could not be made active")

    def when_taken(self, name: str) -> str:
        """A customer or an employee has the name: the supplier gets one that says what it is."""
        return self.found_or_created(f"{name} (supplier)"[:NAME_MOST])
