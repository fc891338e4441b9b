"""What the PDF of an invoice or credit note says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbooks.kit.pdf import document

__all__ = ["document", "invoice_lines"]


def invoice_lines(body: Mapping[str, Any]) -> list[str]:
    """An invoice or credit note in lines of text."""
    head = [f"To: {body['Contact']['Name']}", f"Date: {str(body['Date'])[:10]}"]
    head += [f"Due: {str(body['DueDate'])[:10]}"] if body.get("DueDate") else []
    rows = [f"{line.get('Description', '')}   {line['LineAmount']}" for line in body["LineItems"]]
    sums = [f"{name}: {body[name]} {body['CurrencyCode']}" for name in ("SubTotal", "TotalTax", "Total")]
    return [*head, "", *rows, "", *sums]
