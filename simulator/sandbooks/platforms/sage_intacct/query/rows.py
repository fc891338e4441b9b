"""Rows: every object as flat fields, as a query sees it, for the entity that asks and as old as a trailing index shows.

Lines of documents, general ledger detail and other read-only views are made from what is kept, when asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.ledger import Source
from sandbooks.money import Money
from sandbooks.platforms.sage_intacct.documents import summaries
from sandbooks.platforms.sage_intacct.documents.items import line_payments
from sandbooks.platforms.sage_intacct.objects.catalogue import ObjectType, object_named
from sandbooks.platforms.sage_intacct.objects.keeping import KEYED, find, session_entity, total_due
from sandbooks.platforms.sage_intacct.objects.relations import holder_of, relation
from sandbooks.platforms.sage_intacct.query import audit, views
from sandbooks.platforms.sage_intacct.wire.scalars import decimal_text, native_date, parse_date
from sandbooks.platforms.sage_intacct.wire.xml import many

Row = dict[str, str]
_HIDDEN = ("LINES", "FILES")
# Objects whose rows come from elsewhere, or from elsewhere too.
_MADE = ("GLDETAIL", "APDETAIL", "AUDITHISTORY", "CHARGEPAYOFF", "CHARGEPAYOFFENTRY", "EXCHANGERATETYPES")
_PAYABLES = ("APBILL", "APADJUSTMENT", "APADVANCE")


class Rows:
    """The rows of one company for one caller."""

    def __init__(self, company: Company, *, lag: timedelta = timedelta(0), private: bool = False) -> None:
        self.company = company
        self._lag = lag
        self._private = private
        self._entity = session_entity(company)

    def with_values(self, kind: ObjectType, name: str, values: Sequence[str]) -> Iterator[Row] | None:
        """The rows of an object whose field has one of some values, in order of creation, by the lookup key of that
        field; lines by the key of their document. None where there is none."""
        if self._lag or kind.view or kind.name in _MADE:
            return None
        if kind.parent:
            parent = object_named(kind.parent)
            found = self._found(kind.parent, "RECORDNO", values) if name == holder_of(kind.parent) else None
            return None if found is None else (row for record in found for row in self.lines(parent, record))
        if name not in ("RECORDNO", *KEYED):
            return None
        return (self.row(kind, record) for record in self._found(kind.name, name, values))

    def _found(self, kind: str, key: str, values: Sequence[str]) -> list[Record]:
        found = {record.id: record for value in values for record in self.company.records.find(kind, key, value)}
        return sorted(filter(lambda each: self.sees(each.body), found.values()), key=lambda each: each.sequence)

    def of(self, kind: ObjectType) -> Iterator[Row]:
        """Every row of an object, in order of creation."""
        if kind.name == "GLDETAIL":
            yield from self._ledger()
        elif kind.name == "APDETAIL":
            yield from self._ap_detail()
        elif kind.name == "AUDITHISTORY":
            yield from audit.history(self.company)
        elif kind.name == "CHARGEPAYOFF":
            yield from self._payoffs()
        elif kind.name == "CHARGEPAYOFFENTRY":
            yield from self._payoff_lines()
        elif kind.view:
            yield from views.rows_of(self.company, kind)
        elif kind.parent:
            parent = object_named(kind.parent)
            for record in self.records(parent):
                yield from self.lines(parent, record)
        else:
            for record in self.records(kind):
                yield self.row(kind, record)
            if kind.name == "EXCHANGERATETYPES":
                yield from views.rate_types(self.company)

    def records(self, kind: ObjectType) -> Iterator[Record]:
        """The records of an object that the caller may see."""
        for record in self.company.records.scan(kind.name, lag=self._lag):
            if self.sees(record.body):
                yield record

    def listing(self, kind: ObjectType) -> Sequence[Record] | None:
        """The records of an object in order of creation, of which a slice costs no more than itself.

        None for what is made of others, and where not every caller sees every record.
        """
        made = kind.parent or kind.view or kind.name in _MADE
        if made or self._lag or self.company.settings.get("entities"):
            return None
        return self.company.records.listed(kind.name)

    def sees(self, body: Mapping[str, Any]) -> bool:
        """Whether the caller may see a record: shared ones, and those of its own entity."""
        # Source: developer.intacct.com/web-services/queries (showprivate)
        owner = body.get("MEGAENTITYID", "")
        return not owner or owner == self._entity or (self._private and not self._entity)

    def row(self, kind: ObjectType, record: Record) -> Row:
        """A record as flat fields."""
        row = flat(record.body)
        if kind.name == "VENDOR":
            row["TOTALDUE"] = decimal_text(total_due(self.company, record.id))
        if kind.name in summaries.DOCUMENTS:
            row |= self._summed(kind, record)
        if "DUE_IN_DAYS" in kind.fields:
            due = parse_date(row.get("WHENDUE", ""))
            today = self.company.world.clock.today(self.company.time_zone)
            row["DUE_IN_DAYS"] = str((due - today).days) if due else ""
        return row

    def _summed(self, kind: ObjectType, record: Record) -> Row:
        """Whether a summary is open, and what its documents come to."""
        held = self.company.records.find(summaries.DOCUMENTS[kind.name], "PRBATCHKEY", record.id)
        whole = sum((Decimal(each.body["TOTALENTERED"]) for each in held), Decimal(0))
        closed = summaries.is_closed(self.company, str(record.body["TITLE"]))
        return {"OPEN": "Closed" if closed else "Open", "TOTAL": decimal_text(whole)}

    def lines(self, parent: ObjectType, record: Record) -> Iterator[Row]:
        """The lines of a document, each with the keys of both, and what is paid of each of a payable's."""
        paid = line_payments(self.company, record) if parent.name in _PAYABLES else []
        for place, line in enumerate(record.body.get("LINES", ()), 1):
            row = flat(line)
            if paid:
                rate = Decimal(line.get("EXCHANGE_RATE") or record.body.get("EXCHANGE_RATE") or 1)
                row |= _line_paid(paid[place - 1], rate, self.company.currency)
            yield {
                **row,
                **_own_keys(parent, record),
                "RECORDNO": f"{record.body['RECORDNO']}{place:03d}",
                holder_of(parent.name): str(record.body["RECORDNO"]),
                "LINE_NO": row.get("LINE_NO", str(place)),
                "RECORDTYPE": str(record.body.get("RECORDTYPE", "")),
                "STATE": str(record.body.get("STATE", "")),
                "ENTRY_DATE": row.get("ENTRY_DATE")
                or str(record.body.get("WHENPOSTED") or record.body.get("BATCH_DATE") or ""),
            }

    def _ap_detail(self) -> Iterator[Row]:
        for name in _PAYABLES:
            parent = object_named(name)
            for record in self.records(parent):
                for row in self.lines(parent, record):
                    yield {**row, "VENDORID": str(record.body["VENDORID"])}

    def _payoffs(self) -> Iterator[Row]:
        """The bills that pay off charges of a card."""
        for record in self.records(object_named("APBILL")):
            charge = next(iter(self.company.records.find("CCTRANSACTION", "PAYOFFKEY", record.id)), None)
            if charge is not None:
                yield {**flat(record.body), "CHARGECARDID": str(charge.body["CHARGECARDID"])}

    def _payoff_lines(self) -> Iterator[Row]:
        bills = object_named("APBILL")
        for row in self._payoffs():
            record = self.company.records.get("APBILL", row["RECORDNO"])
            yield from self.lines(bills, record) if record is not None else ()

    def _ledger(self) -> Iterator[Row]:
        names = {account.id: account.name for account in self.company.book.accounts()}
        stamps, titles = cache(self._stamps), cache(self._title)
        first: dict[str, int] = {}
        for number, line in enumerate(self.company.book.lines(), 1):
            posting = line.posting
            base, amount = posting.base.amount, posting.amount.amount
            is_debit = base > 0 or (base == 0 and amount >= 0)
            yield {
                **dict(posting.dimensions),
                "RECORDNO": str(number),
                "BATCHKEY": str(first.setdefault(titles(line.source)[0], line.number)),
                "BATCH_TITLE": titles(line.source)[1],
                "BATCH_DATE": native_date(line.date),
                "ENTRY_DATE": native_date(line.date),
                "ACCOUNTNO": posting.account,
                "ACCOUNTTITLE": names.get(posting.account, ""),
                "TR_TYPE": "1" if is_debit else "-1",
                "AMOUNT": decimal_text(abs(base)),
                "TRX_AMOUNT": decimal_text(abs(amount)),
                "DEBITAMOUNT": decimal_text(abs(base)) if is_debit else "0",
                "CREDITAMOUNT": "0" if is_debit else decimal_text(abs(base)),
                "TRX_DEBITAMOUNT": decimal_text(abs(amount)) if is_debit else "0",
                "TRX_CREDITAMOUNT": "0" if is_debit else decimal_text(abs(amount)),
                "CURRENCY": posting.amount.currency,
                "BASECURR": posting.base.currency,
                "DESCRIPTION": posting.memo,
                "RECORDTYPE": line.source.kind.lower(),
                "RECORDKEY": line.source.id,
                **stamps(line.source),
            }

    def _title(self, source: Source) -> tuple[str, str]:
        """What groups the postings of a document (its summary, or itself), and the title of that."""
        record = self.company.records.get(source.kind, source.id)
        body: Mapping[str, Any] = record.body if record else {}
        summary = str(body.get("PRBATCH") or "")
        return summary or f"{source.kind} {source.id}", summary or str(body.get("BATCH_TITLE") or "")

    def _stamps(self, source: Source) -> Row:
        """When the document behind a posting was made and changed last, and by whom."""
        # Source: https://github.com/MeltanoLabs/tap-intacct streams.py (GLDETAIL is copied by WHENMODIFIED)
        record = self.company.records.get(source.kind, source.id)
        body: Mapping[str, Any] = record.body if record else {}
        stamps = {name: str(body.get(name, "")) for name in ("WHENMODIFIED", "CREATEDBY", "MODIFIEDBY")}
        return {**stamps, "WHENCREATED": str(body.get("AUWHENCREATED", ""))}

    def related(self, kind: ObjectType, row: Row, name: str) -> str:
        """A field of a related object (``VENDOR.TERM.DUEDATE``) for a row."""
        head, _, rest = name.partition(".")
        found = relation(kind, head)
        key = row.get(found.field, "") if found else ""
        record = find(self.company, found.target.name, key) if found and key else None
        if found is None or record is None or not self.sees(record.body):
            return ""
        reached = self.row(found.target, record)
        if rest in reached or rest in found.target.fields or "." not in rest:
            return reached.get(rest, "")
        return self.related(found.target, reached, rest)


def _own_keys(parent: ObjectType, record: Record) -> Row:
    """Keys of the parent that its lines show under names of their own."""
    if parent.name != "ALLOCATION":
        return {}
    return {"ALLOCATIONID": record.id, "ALLOCATIONKEY": str(record.body["RECORDNO"])}


def _line_paid(paid: Decimal, rate: Decimal, base: str) -> Row:
    in_base = Money(paid * rate, base).rounded()
    return {"TRX_TOTALPAID": decimal_text(paid), "TOTALPAID": decimal_text(in_base.amount)}


def flat(document: Mapping[str, Any], prefix: str = "") -> Row:
    """Nested fields under dotted names; what repeats is left out."""
    found: Row = {}
    for name, value in document.items():
        if name in _HIDDEN or isinstance(value, list):
            continue
        if isinstance(value, Mapping):
            found |= flat(value, f"{prefix}{name}.")
        else:
            found[f"{prefix}{name}"] = "" if value is None else str(value)
    return found


def whole(kind: ObjectType, record: Record) -> dict[str, Any]:
    """A record with its lines where ``read`` shows them."""
    body = {name: value for name, value in record.body.items() if name not in _HIDDEN}
    shown: dict[str, Any] = {name: body.get(name, "") for name in kind.fields if "." not in name}
    shown |= body
    if kind.lines is not None:
        group, item = kind.lines
        lines = [
            {
                "RECORDNO": f"{record.body['RECORDNO']}{place:03d}",
                "RECORDKEY": str(record.body["RECORDNO"]),
                **line,
            }
            for place, line in enumerate(many(record.body.get("LINES")), 1)
        ]
        shown[group] = {item: lines}
    return shown
