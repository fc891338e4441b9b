"""Where a consent page may send a browser: an address that fits into a Location header as it stands.

Sign-in pages are open to anyone, so what is no address must be refused before a redirect is made from it.
"""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

from werkzeug.urls import iri_to_uri


def is_web_address(text: str) -> bool:
    """Whether this is an absolute http or https address without blanks or control characters."""
    try:
        place = urlsplit(text)
    except ValueError:
        return False
    plain = text.isprintable() and " " not in text
    return plain and place.scheme in ("http", "https") and bool(place.netloc)


def redirect_location(address: str, members: dict[str, str]) -> str:
    """The address with these members in its query, in ASCII as a header needs it."""
    joint = "&" if urlsplit(address).query else "?"
    return iri_to_uri(f"{address}{joint}{urlencode(members)}")
