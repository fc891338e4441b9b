"""Answers of ``query`` that are no XML: the rows alone, with nothing around them, as CSV or JSON.

Source: https://developer.intacct.com/web-services/queries/ (response data format)
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

from sandbooks import exact_json

FORMATS = ("xml", "csv", "json")
# Unconfirmed: the content types of these answers.
_TYPES = {"csv": "text/csv; charset=UTF-8", "json": "application/json"}


def written(format: str, rows: Sequence[Mapping[str, str]]) -> tuple[str, bytes]:
    """Content type and body."""
    if format == "json":
        return _TYPES[format], exact_json.dumps([dict(row) for row in rows])
    held = io.StringIO()
    writer = csv.writer(held, lineterminator="\n")
    if rows:
        writer.writerow(rows[0])
        writer.writerows(row.values() for row in rows)
    return _TYPES[format], held.getvalue().encode()
