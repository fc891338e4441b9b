"""Statuses that only circumstances outside this world bring about, to be said by the next requests that they name.

Notes that cannot be saved, an object that QuickBooks cannot show: none of it is kept here, so
a test announces it on the company file (``next_statuses``) and the next fitting request is told so, once. A warning
stands on an answer that is done; an error keeps its request from being done.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from sandbooks.kit.company import Company
from sandbooks.platforms.quickbooks_desktop.statuses import Act, Status

SETTING = "next_statuses"
_WARNING_MAX = 999
# Source: https://developer.intuit.com/app/developer/qbdesktop/docs/develop/exploring-the-quickbooks-desktop-sdk/
# status-codes-in-response-messages (501 to 1030). Unconfirmed: the words of 3035 and of those after it.
STATUSES: Mapping[int, str] = {
    501: 'Unable to represent {about} "{value}" in this version of the qbXML spec.',
    510: "Unable to return object.",
    531: 'The enum value "{value}" in the field "{about}" is not supported by this implementation.',
    550: "The {about} object was saved successfully, but its corresponding Notes record could not be saved.",
    560: "This field will not always be supported.",
    570: 'Unable to link to transaction "{value}" because it has already been closed.',
    1000: "There has been an internal error when processing the request.",
    1010: "System not available",
    1030: "This request is not supported by this implementation.",
    3035: 'The time interval "{value}" is invalid.',
    3090: 'The {about} "{value}" is invalid.',
    3110: 'The enumerated value "{value}" is unknown.',
    3121: 'The list element "{value}" cannot be found.',
    3152: 'The element "{value}" is out of its place.',
    3153: 'The element "{value}" cannot be used together with another one.',
    3177: "A related object of the {about} was deleted or modified by another user.",
    3205: 'The address "{value}" is invalid.',
    3220: "The application is not authorized to perform this request.",
    3230: "The message set has been ended because of an earlier error.",
    3260: "Insufficient permission level to perform this action.",
    3280: 'The item "{value}" is of another type than the {about} takes.',
    3290: "The {about} cannot be changed because of what is linked to it.",
    3300: "The {about} could not be added to its list.",
    3310: "The {about} could not be saved.",
}


class Announced(Struct, frozen=True):
    """One status to come: which requests it waits for (any, where it names none), and what it speaks of."""

    status: int
    request: str = ""
    value: str = ""

    @property
    def warns(self) -> bool:
        """Whether the request is done all the same."""
        return self.status <= _WARNING_MAX

    def told(self, act: Act) -> Status:
        return Status(self.status, STATUSES[self.status].format(about=act.about, value=self.value))


def take(company: Company, request: str) -> Announced | None:
    """The first status that waits for a request, which is then used up."""
    kept: list[dict[str, Any]] = list(company.settings.get(SETTING, ()))
    for place, each in enumerate(kept):
        announced = Announced(**each)
        if announced.request in ("", request):
            with company.world.unit():
                company.change_settings(**{SETTING: [*kept[:place], *kept[place + 1 :]]})
            return announced
    return None
