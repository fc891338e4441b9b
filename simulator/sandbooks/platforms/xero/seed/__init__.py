"""Opening a Xero organisation: its chart, taxes, currencies, contacts, and the credentials of code under test."""

from sandbooks.platforms.xero.seed.opening import SEED

__all__ = ["SEED"]
