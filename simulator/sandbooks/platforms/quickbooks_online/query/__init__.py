"""The query language of the service: its grammar, what may be asked of each kind, and the answer."""

from sandbooks.platforms.quickbooks_online.query.answer import answer

__all__ = ["answer"]
