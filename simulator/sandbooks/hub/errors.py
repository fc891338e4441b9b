"""How the hub says no: one refusal that carries the status and texts of its error envelope.

Source: github.com/codatio/oas, schema ErrorMessage and its example answers.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from sandbooks.ledger import Refusal

NOT_VALID = "Error processing request - not valid."
FORBIDDEN = "You are using an outdated API key or a key not associated with that resource."
TOO_MANY = "You have made too many requests in a given amount of time; please retry later."
SERVER_PROBLEM = "There is a problem with our server. Please try again later."
MAINTENANCE = "The Codat API is temporarily offline for maintenance. Please try again later."


class Item(Struct, frozen=True):
    """One complaint: which member of the request, what is wrong and what would be right, and the rule's name."""

    item_id: str
    message: str
    validator: str = ""


class HubRefusal(Refusal):
    """{error}"""

    status: int
    error: str
    service: str = "PublicApi"
    items: Sequence[Item] = ()
    retry_after: int = 0


def not_valid(*items: Item, service: str = "PublicApi") -> HubRefusal:
    """400 with what is wrong, item by item."""
    return HubRefusal(400, NOT_VALID, service, items)


def bad_request(error: str, *, service: str = "PublicApi") -> HubRefusal:
    """400 with a text of its own."""
    return HubRefusal(400, error, service)


def not_found(error: str, *, service: str = "PublicApi") -> HubRefusal:
    """404."""
    return HubRefusal(404, error, service)


def conflict(error: str) -> HubRefusal:
    """409."""
    return HubRefusal(409, error)
