"""Opening an organisation on Zoho Books, and signing code in to it."""

from sandbooks.platforms.zoho_books.seed.opening import SEED

__all__ = ["SEED"]
