"""The audit: named invariants over tape, books and inputs, and findings in accounting words."""

from sandbooks.audit.findings import BooksWrong, Difference, Finding, audit_company, raise_findings

__all__ = ["BooksWrong", "Difference", "Finding", "audit_company", "raise_findings"]
