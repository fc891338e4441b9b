"""Opening a NetSuite account: its lists, what a plan names on top, and the credentials of code under test."""

from sandbooks.platforms.netsuite.seed.opening import SEED

__all__ = ["SEED"]
