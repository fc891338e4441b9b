"""Posting rules: from a version of a Xero document and its facts to a journal entry. Pure functions."""

from sandbooks.platforms.xero.posting.rules import POSTING_KINDS, entry_of

__all__ = ["POSTING_KINDS", "entry_of"]
