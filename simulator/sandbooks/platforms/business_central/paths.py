"""Addresses: tenant, environment, company and the entity path inside an API address.

Sets, companies and actions are found whatever their casing; keys are GUIDs without quotes. Routing goes by a short form
that leaves tenant, environment, company and parents out: the operation reads those from the address itself.
Source: https://learn.microsoft.com/dynamics365/business-central/dev-itpro/webservices/api-endpoint-structure
"""

from __future__ import annotations

import re
from itertools import pairwise
from urllib.parse import unquote

from msgspec import Struct

from sandbooks.platforms.business_central import lacking

API = "/api/v2.0"
_API = re.compile(
    r"(?:/v[12]\.0/(?:(?P<tenant>[^/]+)/)?(?P<environment>[^/]+))?/api/v2\.0(?P<rest>/.*)?", re.IGNORECASE
)
_OTHER = re.compile(
    r"(?:/v[12]\.0/(?:(?P<tenant>[^/]+)/)?(?P<environment>[^/]+))?/api/(?P<route>(?:[^/]+/){2}(?:beta|v\d+\.\d+))(?P<rest>/.*)?",
    re.IGNORECASE,
)
# Real doors of the service beside the API in version 2.0: its older versions, and pages published as web services.
# Source: https://learn.microsoft.com/dynamics365/business-central/dev-itpro/webservices/web-services
_BESIDE = re.compile(
    r"(?:/v[12]\.0(?:/[^/]+){0,2}?)?/(?P<door>api/v1\.0|api/beta|odatav[34]|ws)(?:/.*)?",
    re.IGNORECASE,
)
BESIDE = {
    "api/v1.0": "version 1.0 of the API",
    "api/beta": "the beta version of the API",
    "odatav4": "pages published as OData web services",
    "odatav3": "pages published as OData web services",
    "ws": "pages published as SOAP web services",
}
_SHORT_FORMS = ("/api/", "/environments", "/beside/", "/other/", "/lacking/")
_AUTOMATION = "microsoft/automation/v2.0"
"""What routing goes by; as addresses of a client they lead nowhere."""
_NOWHERE = "/api/?"
_ENVIRONMENTS = re.compile(r"(?:/admin/[^/]+/applications)?/environments/v1\.\d", re.IGNORECASE)
_SEGMENT = re.compile(r"(?P<name>[A-Za-z_$][\w.$]*)(?:\((?P<key>[^()]*)\))?")


class Segment(Struct, frozen=True):
    """One part of an entity path: ``vendors(…)``. ``key`` is None where there are no parentheses."""

    name: str
    key: str | None = None


class Address(Struct, frozen=True):
    """An API address taken apart; ``company`` is None where the path names none. ``well_formed``: it could be read."""

    tenant: str
    environment: str
    company: str | None
    segments: tuple[Segment, ...]
    well_formed: bool = True


def automation_address(path: str) -> Address:
    """The address of a path of the automation API."""
    found = _OTHER.fullmatch(path)
    if found is None:
        raise AssertionError("the path was routed to the automation API")
    return _address(found["tenant"] or "", found["environment"] or "", found["rest"] or "")


def api_address(path: str) -> Address | None:
    """The address of an API v2.0 path (already without any prefix of ours); None for other paths."""
    found = _API.fullmatch(path)
    if found is None:
        return None
    return _address(found["tenant"] or "", found["environment"] or "", found["rest"] or "")


def _address(tenant: str, environment: str, rest: str) -> Address:
    parts = [_segment(unquote(part, errors="replace")) for part in rest.strip("/").split("/") if part]
    known = [part for part in parts if part is not None]
    company = None
    if known and known[0].name.lower() == "companies" and known[0].key is not None and len(known) > 1:
        company, known = known[0].key, known[1:]
    return Address(
        unquote(tenant),
        unquote(environment),
        company,
        tuple(known),
        len(parts) == len(known) or (company is not None and len(parts) == len(known) + 1),
    )


def _segment(part: str) -> Segment | None:
    found = _SEGMENT.fullmatch(part)
    return Segment(found["name"], found["key"]) if found else None


def routed(path: str, names: dict[str, str]) -> str:
    """The path to route by; ``names`` holds sets, streams and actions by their lower-case spelling."""
    if _ENVIRONMENTS.fullmatch(path.rstrip("/")):
        return "/environments"
    beside = _BESIDE.fullmatch(path)
    if beside is not None:
        return f"/beside/{beside['door'].lower()}"
    address = api_address(path)
    if address is not None:
        return _short(address, names)
    other = _OTHER.fullmatch(path)
    if other is not None:
        inner = _address("", "", other["rest"] or "")
        if other["route"].lower() == _AUTOMATION:
            absent = _lacking(inner, lacking.AUTOMATION_BY_SPELLING)
            if not absent and [each.name.lower() for each in inner.segments if each.key is not None] == ["companies"]:
                absent = "companies"  # one company is an entity of its own there
            if absent:
                return f"/lacking/automation/{absent}"
        last = inner.segments[-1] if inner.segments else Segment("")
        one = "(-)" if last.key is not None else ""
        return f"/other/{other['route'].lower()}/{names.get(last.name.lower(), last.name)}{one}"
    return _NOWHERE if path.startswith(_SHORT_FORMS) else path


def _short(address: Address, names: dict[str, str]) -> str:
    if not address.well_formed:
        return _NOWHERE
    absent = _lacking(address, lacking.BY_SPELLING)
    if absent:
        return f"/lacking/{absent}"
    spelt = [(_spelt(each, names), each.key) for each in address.segments]
    for (above, _), (name, _) in pairwise(spelt):
        if (above, name.lower()) in LACKS:
            return f"/lacking/{name}"
    if not spelt:
        return "/api"
    name, key = spelt[-1]
    if key is None and len(spelt) > 1:
        above = _entity(spelt[:-1])
        stream = (above.removesuffix("(-)"), name.lower()) in STREAMS
        if name == "$count" or name.lower().startswith("microsoft.nav.") or stream:
            return f"/api/{above}/{name}"
    return f"/api/{_entity(spelt)}"


def _spelt(segment: Segment, names: dict[str, str]) -> str:
    """A name as the API spells it."""
    lower = segment.name.lower()
    if segment.key is not None and lower in ALIASES:
        return ALIASES[lower]
    return names.get(lower, segment.name)


def _entity(spelt: list[tuple[str, str | None]]) -> str:
    """What the last of some segments is: a set, one of its entities, or the entity that a navigation leads to."""
    name, key = spelt[-1]
    beside = TO_ONE.get((spelt[-2][0], name.lower())) if key is None and len(spelt) > 1 else None
    return f"{beside}(-)" if beside else f"{name}{'(-)' if key is not None else ''}"


def _lacking(address: Address, names: dict[str, str]) -> str:
    """The first name in an address that is real and not emulated, else empty."""
    return next((names[each.name.lower()] for each in address.segments if each.name.lower() in names), "")


TO_ONE: dict[tuple[str, str], str] = {}
"""Navigation to a single other entity, by the set that it leads from and its lower-case name: the set where that is."""
LACKS: set[tuple[str, str]] = set()
"""Navigation that is real and not emulated though its name is, by the set that it leads from."""
ALIASES = {"picture": "pictures"}
"""What an entity is called in the address of one by its key, beside the name of its set."""
STREAMS: set[tuple[str, str]] = set()
"""Streams of entities, by their set and their lower-case name. The sets add theirs, here and above."""
