"""What the headers of all transactions share: numbers, attachments, dates, storing, and reversal on a later date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.ledger import PeriodClosed
from sandbooks.money import Rate, total
from sandbooks.platforms.sage_intacct.documents.lines import Line
from sandbooks.platforms.sage_intacct.documents.reading import Given, totals
from sandbooks.platforms.sage_intacct.objects.catalogue import object_named
from sandbooks.platforms.sage_intacct.objects.keeping import (
    RECORD_URL,
    check_external_id,
    entity_fields,
    facts_of,
    find,
    new_number,
    save,
    touch,
)
from sandbooks.platforms.sage_intacct.refusals import NotAllowed, ReferenceInvalid
from sandbooks.platforms.sage_intacct.wire.scalars import decimal_text, native_date, parse_date
from sandbooks.platforms.sage_intacct.wire.xml import Fields

_AMOUNTS = (
    "TOTALENTERED",
    "TRX_TOTALENTERED",
    "TRX_AMOUNT",
    "AMOUNT",
    "TOTALTRXAMOUNT",
    "PAYMENTAMOUNT",
    "TRX_PAYMENTAMOUNT",
    "DISCOUNTAMOUNT",
    "TRX_DISCOUNTAMOUNT",
    "ADJUSTMENTAMOUNT",
    "TRX_ADJUSTMENTAMOUNT",
    "INLINEAMOUNT",
    "TRX_INLINEAMOUNT",
    *("NEGATIVEBILLINVAMOUNT", "TRX_NEGATIVEBILLINVAMOUNT", "POSTEDADVANCEAMOUNT", "TRX_POSTEDADVANCEAMOUNT"),
    *("POSTEDOVERPAYMENTAMOUNT", "TRX_POSTEDOVERPAYMENTAMOUNT"),
)
# Source: developer.intacct.com/api (RECORDTYPE of subledger records)
RECORD_TYPES = {
    "APBILL": "apbill",
    "APADJUSTMENT": "apadjustment",
    "APADVANCE": "apadvance",
    "APPYMT": "appayment",
    "EEXPENSES": "eexpense",
    "EPPAYMENT": "eppayment",
    "CCTRANSACTION": "cctransaction",
    "OTHERRECEIPTS": "otherreceipts",
    "FUNDSTRANSFER": "fundtransfer",
}


def extras(given: Given) -> Fields:
    """What headers share: attachment record, custom fields, an id of the client's own.

    Raises ``ReferenceInvalid``, ``UniqueValueTaken``.
    """
    id = given.text("SUPDOCID", limit=60)
    if id and find(given.company, "SUPDOC", id) is None:
        raise ReferenceInvalid(given.kind, "attachment", id)
    external = {}
    if given.sent("EXTERNALID"):
        own = str(given.standing.get("RECORDNO") or "")
        external["EXTERNALID"] = check_external_id(
            given.company, given.kind, given.text("EXTERNALID", limit=100), id=own
        )
    return {**given.custom(), **external, "SUPDOCID": id}


def tax_solution(given: Given) -> str:
    """The tax solution that a header names. Raises ``ReferenceInvalid``."""
    record = given.reference("TAXSOLUTIONID", "TAXSOLUTION")
    return record.id if record else ""


def check_open(company: Company, on: date) -> None:
    """Refuse what is dated in a closed period, even where nothing would be posted."""
    through = company.book.closed_through
    if through is not None and on <= through:
        raise PeriodClosed(on, through)


def sums(lines: Sequence[Line], rate: Rate) -> Fields:
    """The totals of a header from its lines, tax included."""
    return totals(
        total((line.gross for line in lines), rate.foreign),
        total((line.base for line in lines), rate.base),
    )


def facts_for(rate: Rate, on: date, *, posts: bool, **more: Any) -> dict[str, Any]:
    """What every posting rests on."""
    return {
        "posts": posts,
        "date": on.isoformat(),
        "currency": rate.foreign,
        "base": rate.base,
        "rate": decimal_text(rate.value),
        **more,
    }


def keep(
    company: Company, kind: str, document: Mapping[str, Any], facts: Mapping[str, Any], *, record: Record | None = None
) -> Record:
    """Store a document: under a new RECORDNO, or as the next version of the one that stands."""
    object_type = object_named(kind)
    number = record.id if record else new_number(company, object_type)
    whole = {**document, "RECORDNO": number, "RECORD_URL": f"{RECORD_URL}{number}"}
    if record is None:
        whole |= entity_fields(company)
    if kind in RECORD_TYPES:
        whole["RECORDTYPE"] = RECORD_TYPES[kind]
    return save(company, object_type, number, document=whole, facts=facts)


def posted_on(record: Record) -> date:
    """The day that a document is posted on."""
    found = parse_date(str(record.body.get("WHENPOSTED") or record.body.get("WHENCREATED") or ""))
    if found is None:
        raise AssertionError(f"{record.kind} {record.id} carries no date")
    return found


def reverse(company: Company, record: Record, on: date, *, memo: str = "", word: str = "Reversed") -> Record:
    """Post the mirror image of a document on a later date; both stay and point at each other."""
    # Source: Sage Intacct help, "Reverse a bill" (the original stays; state Reversed, the mirror Reversal)
    if record.body.get("REVERSEDKEY") or record.body["STATE"] in ("Reversed", "Reversal", "Voided"):
        raise NotAllowed(record.kind, "This transaction has already been reversed.", "Choose another transaction.")
    facts = facts_of(company, record)
    if not facts.get("posts") and record.body.get("NOGL") != "true":
        raise NotAllowed(record.kind, "Only posted transactions can be reversed.", "Delete it instead.")
    posted = posted_on(record)
    if on < posted:
        raise NotAllowed(
            record.kind, f"Date must be on or after {native_date(posted)}.", "Enter a later reversal date."
        )
    mirror: Fields = _negated(record.copy())
    mirror.update(
        WHENCREATED=native_date(on),
        WHENPOSTED=native_date(on),
        STATE="Reversal" if word == "Reversed" else word,
        RAWSTATE="V",
        REVERSEDKEY=record.id,
        TOTALDUE="0",
        TRX_TOTALDUE="0",
    )
    if memo:
        mirror["DESCRIPTION"] = memo
    if record.kind in ("APBILL", "APADJUSTMENT") and record.body.get("RECORDID"):
        # Source: Sage Intacct help, "About deleting and reversing bills" (number of the reversal)
        mirror["RECORDID"] = f"Reversed - {record.body['RECORDID']}"
    made = keep(company, record.kind, mirror, {**facts, "date": on.isoformat(), "sign": -1})
    touch(
        company,
        record,
        {**record.copy(), "STATE": word, "RAWSTATE": "V", "REVERSALKEY": made.id, "TOTALDUE": "0", "TRX_TOTALDUE": "0"},
    )
    return made


def _negated(document: Fields) -> Fields:
    for name in _AMOUNTS:
        if name in document:
            document[name] = decimal_text(-Decimal(document[name]))
    document["LINES"] = [_negated(line) if isinstance(line, dict) else line for line in document.get("LINES", [])]
    if not document["LINES"]:
        del document["LINES"]
    return document
