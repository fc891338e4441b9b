"""The bugs, each the clean client with one wrong part. ``GALLERY`` has every entry, controls included, by name."""

from tests.harness.gallery.bugs import (
    amounts,
    answers,
    attachments,
    capabilities,
    controls,
    currencies,
    exactly_once,
    journals,
    reads,
    sign_in,
    statuses,
    webhooks,
)
from tests.harness.gallery.registry import ENTRIES, Entry

__all__ = ["GALLERY", "Entry"]

_FAMILIES = (
    exactly_once,
    answers,
    sign_in,
    reads,
    amounts,
    currencies,
    attachments,
    capabilities,
    journals,
    statuses,
    webhooks,
    controls,
)
GALLERY: dict[str, Entry] = dict(sorted(ENTRIES.items()))
