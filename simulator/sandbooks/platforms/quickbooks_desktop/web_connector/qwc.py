"""The .qwc file: how an application introduces itself to the Web Connector.

Source: QuickBooks Web Connector Programmer's Guide (the .qwc file; error codes in appendix A)
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit

from lxml import etree
from msgspec import Struct

from sandbooks.kit.errors import NotSimulated
from sandbooks.platforms.quickbooks_desktop.refusals import ApplicationInvalid

_GUID = re.compile(r"\{[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\}")
REQUIRED = ("AppName", "AppID", "AppURL", "AppDescription", "AppSupport", "UserName", "OwnerID", "FileID", "QBType")
_MAY_BE_EMPTY = ("AppID", "AppDescription")
OPTIONAL = (
    *("Scheduler", "Style", "IsReadOnly", "UnattendedModePref", "PersonalDataPref", "AuthFlags", "AppDisplayName"),
    *("AppUniqueName", "Notify", "CertURL"),
)
VALUES = {
    "QBType": ("QBFS", "QBPOS"),
    "Style": ("Document", "DocWrapped", "RPC"),
    "IsReadOnly": ("true", "false"),
    "UnattendedModePref": ("umpRequired", "umpOptional"),
    "PersonalDataPref": ("pdpNotNeeded", "pdpOptional", "pdpRequired"),
}
# Real, and not emulated: these applications are told so when they are added.
_LACKING = {"QBType": "QBPOS"}
_WORDS = {"QBPOS": "QuickBooks Point of Sale"}
_LOOPBACK = ("localhost",)
INVALID = "QBWC1039"  # a file that lacks elements, or cannot be read
NOT_SECURE = "QBWC1010"
# Source: QuickBooks Web Connector Programmer's Guide (AuthFlags: the editions that an application works with)
_FLAGS = re.compile(r"0[xX][0-9A-Fa-f]{1,8}|[0-9]{1,9}")
_EDITIONS = 0xF


class Introduction(Struct, frozen=True):
    """What a .qwc file says. ``every_seconds`` is nothing where it names no schedule."""

    texts: Mapping[str, str]
    every_seconds: int = 0
    auth_flags: int = 0

    def __getitem__(self, name: str) -> str:
        return self.texts.get(name, "")


def parse(raw: bytes, *, strict: bool = False) -> Introduction:
    """Read a .qwc file. Raises ``ApplicationInvalid`` with the Web Connector's own code where it has one, and
    ``NotSimulated`` for a program or a style that only the real one knows."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
    try:
        root = etree.fromstring(raw.strip(), parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise ApplicationInvalid(INVALID, f"the .qwc file is not XML: {error}") from error
    if root.tag != "QBWCXML":
        raise ApplicationInvalid(INVALID, f"the root of a .qwc file is QBWCXML, not {root.tag}")
    children = list(root.iterchildren(etree.Element))
    texts = {str(child.tag): _text(child) for child in children}
    if len(texts) < len(children):
        raise ApplicationInvalid(INVALID, "each element of a .qwc file stands in it once")
    _check_names(texts)
    _check_addresses(texts, strict=strict)
    return Introduction(texts, _schedule(root), _flags(texts.get("AuthFlags", "")))


def _flags(text: str) -> int:
    """The editions that an application works with, as bits; 0 is all of them."""
    if not text:
        return 0
    if not _FLAGS.fullmatch(text) or int(text, 0 if "x" in text.lower() else 10) > _EDITIONS:
        raise ApplicationInvalid("QBWC1034", f"AuthFlags is a number from 0x0 to 0xF, not {text}")
    return int(text, 0 if "x" in text.lower() else 10)


def _text(element: etree._Element) -> str:
    return "".join(str(part) for part in element.itertext()).strip()


def _check_names(texts: Mapping[str, str]) -> None:
    for name in texts:
        if name not in (*REQUIRED, *OPTIONAL):
            raise ApplicationInvalid(INVALID, f"a .qwc file has no element {name}")
    for name in REQUIRED:
        if name not in texts or (not texts[name] and name not in _MAY_BE_EMPTY):
            raise ApplicationInvalid(INVALID, f"the .qwc file lacks {name}")
    for name in ("OwnerID", "FileID"):
        if not _GUID.fullmatch(texts[name]):
            raise ApplicationInvalid(INVALID, f"{name} is a GUID in braces, not {texts[name]}")
    for name, known in VALUES.items():
        if name in texts and texts[name] not in known:
            raise ApplicationInvalid(INVALID, f"{name} is one of {', '.join(known)}, not {texts[name]}")
    for name, value in _LACKING.items():
        if texts.get(name) == value:
            raise NotSimulated(f"{name} {value} in a .qwc file ({_WORDS[value]})")


def _check_addresses(texts: Mapping[str, str], *, strict: bool) -> None:
    """AppURL is HTTPS unless it is this machine; AppSupport shares its host."""
    try:
        url, support = urlsplit(texts["AppURL"]), urlsplit(texts["AppSupport"])
        host, helped = url.hostname or "", support.hostname or ""
        _ = url.port
    except ValueError as error:
        raise ApplicationInvalid(INVALID, f"{texts['AppURL']} is no URL") from error
    local = host in _LOOPBACK
    if _is_address(host):
        # Unconfirmed: whether the loopback address is refused as other addresses are; the switch says so.
        local = ip_address(host).is_loopback and not strict
        if not local:
            raise ApplicationInvalid("QBWC1001", f"AppURL names an IP address, {host}; it needs a host name")
    if not host or url.scheme not in ("http", "https"):
        raise ApplicationInvalid(INVALID, f"AppURL {texts['AppURL']} is no web address")
    if url.scheme != "https" and not local:
        raise ApplicationInvalid(NOT_SECURE, "AppURL is https unless the application runs on this machine")
    if _is_address(helped) and not local:
        raise ApplicationInvalid("QBWC1002", f"AppSupport names an IP address, {helped}; it needs a host name")
    if not local and helped != host:
        raise ApplicationInvalid("QBWC1000", f"AppSupport is on {helped or 'no host'}, AppURL on {host}")


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _schedule(root: etree._Element) -> int:
    """Seconds between runs; the first element of the schedule counts."""
    scheduler = root.find("Scheduler")
    if scheduler is None or not len(scheduler):
        return 0
    first = scheduler[0]
    text = (first.text or "").strip()
    if first.tag not in ("RunEveryNMinutes", "RunEveryNSeconds") or not re.fullmatch(r"[0-9]{1,7}", text):
        raise ApplicationInvalid(INVALID, "Scheduler holds RunEveryNMinutes or RunEveryNSeconds, a whole number")
    return int(text) * (60 if first.tag == "RunEveryNMinutes" else 1)


def write(texts: Mapping[str, str], *, every_minutes: int = 0) -> bytes:
    """A .qwc file."""
    root = etree.Element("QBWCXML")
    for name in (*REQUIRED, *OPTIONAL):
        if name in texts:
            etree.SubElement(root, name).text = texts[name]
    if every_minutes:
        scheduler = etree.SubElement(root, "Scheduler")
        etree.SubElement(scheduler, "RunEveryNMinutes").text = str(every_minutes)
    return b'<?xml version="1.0"?>\n' + etree.tostring(root, pretty_print=True)
