"""Bank statements as files: OFX in both its generations, QIF, and comma-separated values.

Pure: text in, the lines of a statement out, in the members of the JSON form. Dates stay text where they are not one.
Source: https://dev.freeagent.com/docs/bank_transactions (upload of OFX, QIF and CSV); OFX 1.6 and 2.2 section 11.4.3
(STMTTRN); QIF as Quicken writes it
"""

from __future__ import annotations

import csv
import io
import re
from html import unescape
from typing import Any

from sandbooks.platforms.freeagent.refusals import Malformed

Line = dict[str, Any]
_PROBLEM = "The statement could not be parsed"
_OFX = re.compile(r"<(?:\?OFX|OFX)\b|^OFXHEADER", re.IGNORECASE)
_TRANSACTION = re.compile(r"<STMTTRN>(.*?)(?=</STMTTRN>|<STMTTRN>|</BANKTRANLIST>)", re.IGNORECASE | re.DOTALL)
_MEMBER = re.compile(r"<([A-Z0-9.]+)>([^<\r\n]*)", re.IGNORECASE)
_SLASHED = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.'-]\s*(\d{2}|\d{4})")


def lines_of(text: str, *, month_first: bool) -> list[Line]:
    """The lines of a statement in any of the three forms. ``month_first``: 3/2 is the second of March.

    Raises ``Malformed``.
    """
    if _OFX.search(text[:2000]):
        return _ofx(text)
    if text.lstrip().startswith("!"):
        return _qif(text, month_first=month_first)
    return _csv(text, month_first=month_first)


def _ofx(text: str) -> list[Line]:
    """``STMTTRN`` blocks; in the older, SGML form their members have no end tags."""
    lines = []
    for block in _TRANSACTION.findall(text):
        members = {name.upper(): unescape(value.strip()) for name, value in _MEMBER.findall(block)}
        if not {"DTPOSTED", "TRNAMT"} <= members.keys():
            raise Malformed(_PROBLEM)
        day = members["DTPOSTED"][:8]
        told = [members[name] for name in ("NAME", "MEMO") if members.get(name)]
        lines.append(
            {
                "dated_on": f"{day[:4]}-{day[4:6]}-{day[6:]}",
                "amount": members["TRNAMT"].replace(",", "."),
                "description": " ".join(dict.fromkeys(told)),
                "fitid": members.get("FITID"),
                # The amounts of the format are signed already; the type does not turn them.
                # Source: OFX 2.2 section 11.4.3.1 (TRNTYPE says nothing of the sign)
                "transaction_type": "OTHER",
            }
        )
    return lines


def _qif(text: str, *, month_first: bool) -> list[Line]:
    lines: list[Line] = []
    entry: dict[str, str] = {}
    for row in (*text.splitlines(), "^"):
        if row.startswith("!"):
            entry = {}
        elif row.strip() == "^":
            if entry:
                lines.append(_qif_line(entry, month_first=month_first))
            entry = {}
        elif row.strip():
            entry.setdefault(row[0], row[1:].strip())
    return lines


def _qif_line(entry: dict[str, str], *, month_first: bool) -> Line:
    if not {"D", "T"} <= entry.keys():
        raise Malformed(_PROBLEM)
    told = [entry[code] for code in ("P", "M") if entry.get(code)]
    return {
        "dated_on": _date(entry["D"], month_first=month_first),
        "amount": entry["T"].replace(",", ""),
        "description": " ".join(told),
    }


def _csv(text: str, *, month_first: bool) -> list[Line]:
    """Date, amount, description; a heading is passed over."""
    lines: list[Line] = []
    for number, row in enumerate(_rows(text)):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) < 2:
            raise Malformed(_PROBLEM)
        if number == 0 and row[0].strip().lower() == "date":
            continue
        lines.append(
            {
                "dated_on": _date(row[0].strip(), month_first=month_first),
                "amount": row[1].strip(),
                "description": ",".join(row[2:]).strip(),
            }
        )
    return lines


def _rows(text: str) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(text)))
    except csv.Error as error:
        raise Malformed(_PROBLEM) from error


def _date(text: str, *, month_first: bool) -> str:
    """An ISO date from one with slashes, whose order is that of the company's country."""
    found = _SLASHED.fullmatch(text.strip())
    if found is None:
        return text
    first, second, year = (int(part) for part in found.groups())
    month, day = (first, second) if month_first else (second, first)
    return f"{year + 2000 if year < 100 else year:04d}-{month:02d}-{day:02d}"
