"""Texts within the limits of a platform. The token that names a transaction is never cut."""

from __future__ import annotations

import hashlib

DESCRIPTION_MOST = 100  # what fits the statement views of the product
NUMBER_MOST = 21  # Source: Finance.xsd, DocNumber
REFERENCE_MOST = 255  # Source: developer.xero.com, bank transactions, Reference


class Texts:
    """Notes, references and document numbers."""

    def token(self, id: str) -> str:
        return f"[{id}]"

    def marked(self, text: str, id: str, *, most: int = REFERENCE_MOST) -> str:
        """A text that ends with the token of a transaction."""
        token = self.token(id)
        return f"{self.cut(text, most - len(token) - 1)} {token}".strip()

    def number(self, id: str, merchant: str) -> str:
        """The document number of a transaction, one for each id."""
        return "E" + hashlib.sha256(id.encode()).hexdigest()[: NUMBER_MOST - 1]

    def description(self, text: str) -> str:
        return self.cut(text, DESCRIPTION_MOST)

    def cut(self, text: str, most: int) -> str:
        """The first characters of a text: as many as fit ``most`` bytes."""
        if len(text.encode()) <= most:
            return text
        return text.encode()[:most].decode(errors="ignore")
