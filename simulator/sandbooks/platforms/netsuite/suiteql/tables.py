"""What a query may select from: columns by record type, and rows made of stored records and posted entries.

Source: hotgluexyz/target-netsuite-v2 (tables and columns that clients ask for);
https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/article_161950580975.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cached_property, partial
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from msgspec import Struct, field

from sandbooks.kit.company import Company
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.records import Record
from sandbooks.ledger import Posting
from sandbooks.platforms.netsuite.custom import type_of
from sandbooks.platforms.netsuite.posting import id_of, lines_behind, postings_of
from sandbooks.platforms.netsuite.records import ledgers, lists, orders, store
from sandbooks.platforms.netsuite.records.settlement import applications
from sandbooks.platforms.netsuite.refusals import BadSearch
from sandbooks.platforms.netsuite.schema import TRANSACTION_KINDS, TYPES, Field
from sandbooks.platforms.netsuite.suiteql.columns import EXTRA_COLUMNS, EXTRAS, entity_names, raw, shown_id
from sandbooks.platforms.netsuite.suiteql.lacking import LACKING_TABLES
from sandbooks.platforms.netsuite.suiteql.values import Row, Value, key

Display: TypeAlias = Callable[[Value, Row], str]


class Source(Struct, frozen=True, dict=True):
    """A table with its columns and rows. ``displays`` give the text behind a raw value (``BUILTIN.DF``)."""

    name: str
    columns: tuple[str, ...]
    rows: list[Row]
    displays: Mapping[str, Display] = field(default_factory=dict)

    def __contains__(self, column: str) -> bool:
        return column in self._known

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(self.columns)


class _Placed(Struct, frozen=True):
    """A posting as a line of its transaction: its number, the line of the document behind it where there is one, whose
    subsidiary it is, and by which rate it is consolidated."""

    number: int
    posting: Posting
    line: Mapping[str, Any] | None
    subsidiary: str
    hidden: Row


class _Row(dict[str, Value]):
    """A row with columns that are worked out together, when one of them is first asked for."""

    def __init__(self, plain: Row, more: Callable[[], Row]) -> None:
        super().__init__(plain)
        self._more: Callable[[], Row] | None = more

    def get(self, name: str, default: Value = None) -> Value:
        if self._more is not None and (name not in self or name in _COMPUTED):
            more, self._more = self._more, None
            self.update(more())
        return super().get(name, default)

    def __getitem__(self, name: str) -> Value:
        return self.get(name)


# Columns of records that are not what the record stores.
# The hidden column of a line whose subsidiary has a base currency of its own: by which rate it is consolidated.
CONSOLIDATION = "_consolidation"
_COMPUTED = frozenset({"status", "total", "approvalstatus", "duedate"})


class Tables:
    """The tables of one account as a search sees them, each made when first asked for."""

    def __init__(self, company: Company, *, lag: timedelta = timedelta(0), only: frozenset[str] | None = None) -> None:
        self._company, self._lag, self._only = company, lag, only
        self._made: dict[str, Source] = {}

    def table(self, name: str, *, ids: frozenset[str] | None = None) -> Source | None:
        """A table by its name in any case; None when there is none. ``ids`` are those of the only rows that are wanted,
        in the column of ``key_of``."""
        wanted = name.lower()
        if ids is not None and not self._lag and self.key_of(wanted):
            return Tables(self._company, only=ids)._make(wanted)
        if wanted not in self._made:
            made = self._make(wanted)
            if made is None:
                return None
            self._made[wanted] = made
        return self._made[wanted]

    def key_of(self, name: str) -> str:
        """The column of a table that holds the internal id of what it is made of; empty where there is none."""
        if name in ("transactionline", "transactionaccountingline"):
            return "transaction"
        return "id" if name == "transaction" or any(type.table == name for type in TYPES.values()) else ""

    def _make(self, name: str) -> Source | None:
        if name == "dual":
            return Source("dual", ("dummy",), [{"dummy": "X"}])
        maker = _SPECIAL.get(name)
        if maker is not None:
            return maker(self)
        if name in LACKING_TABLES or name.startswith(("customrecord", "customlist", "map_customrecord")):
            raise NotSimulated(f"table {name}", instead="tables here: " + ", ".join(sorted(_named())))
        kinds = [type.name for type in TYPES.values() if type.table == name]
        if kinds and not self._permitted(kinds):
            # Source: public test suites that quote live answers (the sentence). Unconfirmed: that a permission which
            # the role lacks is what brings it about.
            raise BadSearch(f"Invalid search type: {name}.")
        return self._of_kinds(name, kinds) if kinds else None

    def _permitted(self, kinds: Iterable[str]) -> list[str]:
        """The record types that the role may see; no others' rows are in any table."""
        lacking = self._company.settings.get("role_lacks", ())
        return [kind for kind in kinds if kind not in TYPES or TYPES[kind].permission not in lacking]

    def _records(self, kinds: Iterable[str]) -> list[Record]:
        kinds = self._permitted(kinds)
        if self._only is not None:
            named = (store.get(self._company, kind, id) for kind in kinds for id in self._only)
            found = [record for record in named if record is not None]
        else:
            found = [r for kind in kinds for r in store.scan(self._company, kind, lag=self._lag)]
        return sorted(found, key=lambda record: record.sequence)

    def _of_kinds(self, name: str, kinds: list[str], *, extra: tuple[str, ...] = ()) -> Source:
        """A table of whole records, a column for each member."""
        fields = {f.name.lower(): f for kind in kinds for f in type_of(self._company, kind).fields}
        more = EXTRAS.get(name)
        rows: list[Row] = []
        for record in self._records(kinds):
            row = {column: self._value(f, record) for column, f in fields.items()}
            rows.append(row if more is None else _Row(row, partial(more, self._company, record)))
        added = tuple(EXTRA_COLUMNS.get(name, ()))
        displays = {
            column: self._display(f) for column, f in fields.items() if f.kind in ("ref", "enum", "flag", "refs")
        }
        columns = (*fields, *(c for c in (*added, *extra) if c not in fields))
        return Source(name, columns, rows, {**displays, **self._extra_displays(name)})

    def _extra_displays(self, name: str) -> dict[str, Display]:
        if name != "transaction":
            return {}
        return {
            "status": lambda value, row: str(row["_status"]),
            "type": lambda value, row: str(row["_type"]),
            "entity": self._entity_name,
        }

    def _entity_name(self, value: Value, _row: Row) -> str:
        return store.name_of(self._company, ("vendor", "employee", "customer", "job"), shown_id(value))

    # Values

    def _value(self, field: Field, record: Record) -> Value:
        if field.name in ("createdDate", "dateCreated"):
            return self._local(record.created)
        if field.name == "lastModifiedDate":
            return self._local(record.updated)
        if field.name == "id":
            return key(record.id)
        return raw(field, record.body.get(field.name))

    def _local(self, moment: datetime) -> datetime:
        """An instant as the account's own clock shows it."""
        return moment.astimezone(ZoneInfo(self._company.time_zone)).replace(microsecond=0, tzinfo=UTC)

    def _display(self, field: Field) -> Display:
        if field.kind == "enum":
            return lambda value, _: field.choices.get(str(value), str(value))
        if field.kind == "flag":
            return lambda value, _: "Yes" if value == "T" else "No"
        return lambda value, _: ", ".join(
            store.name_of(self._company, field.targets, part.strip()) for part in shown_id(value).split(",")
        )

    def _named(self, *targets: str) -> Display:
        return lambda value, _: store.name_of(self._company, targets, shown_id(value))

    # Transactions

    @cached_property
    def _transactions(self) -> list[Record]:
        return self._records(TRANSACTION_KINDS)

    @cached_property
    def _columns(self) -> dict[str, Field]:
        """The custom fields of lines."""
        sublists = (s for kind in TRANSACTION_KINDS for s in type_of(self._company, kind).sublists)
        return {f.name: f for sublist in sublists for f in sublist.fields if f.custom}

    def _custom(self, line: Mapping[str, Any] | None) -> Row:
        return {name: raw(own, (line or {}).get(name)) for name, own in self._columns.items()}

    def _postings(self, record: Record) -> list[_Placed]:
        """The postings of a transaction; the main line, which closes the entry, is 0."""
        facts = store.facts_of(self._company, record)
        if "legs" in facts and "mirror" not in facts:
            return self._intercompany(record, facts)
        posted = ledgers.current(self._company, record, facts)
        if posted is None:
            return []
        postings = list(posted.entry.postings)
        main = next((n for n in range(len(postings) - 1, -1, -1) if postings[n].account == facts.get("account")), None)
        lines = lines_behind(record.kind, record.body, facts) if self._columns else [None] * len(postings)
        rest = [(p, line) for n, (p, line) in enumerate(zip(postings, lines, strict=True)) if n != main]
        hidden, own = self._consolidation(record, facts), id_of(record.body["subsidiary"])
        numbered = [_Placed(n, p, line, own, hidden) for n, (p, line) in enumerate(rest, 1)]
        return numbered if main is None else [_Placed(0, postings[main], None, own, hidden), *numbered]

    def _intercompany(self, record: Record, facts: Mapping[str, Any]) -> list[_Placed]:
        """The postings of a journal between subsidiaries, each in the base currency of its own."""
        found: list[_Placed] = []
        for id in facts["legs"] if facts["posts"] else ():
            leg = ledgers.of_leg(facts, id)
            hidden = self._consolidation(record, leg)
            postings = [p for p in postings_of(record.kind, record.body, leg) if p.amount or p.base]
            for posting, line in zip(postings, lines_behind(record.kind, record.body, leg), strict=True):
                found.append(_Placed(len(found) + 1, posting, line, id, hidden))
        return found

    def transaction_lines(self) -> Source:
        """``transactionline``: a main line and what it is made up of, debits positive, in base and in currency."""
        rows = [row for record in self._transactions for row in self._lines(record)]
        displays: dict[str, Display] = {
            "account": self._named("account"),
            "expenseaccount": self._named("account"),
            "entity": self._entity_name,
            "department": self._named("department"),
            "class": self._named("classification"),
            "location": self._named("location"),
            "subsidiary": self._named("subsidiary"),
            "transaction": self._named(*TRANSACTION_KINDS),
        }
        shown = {name: f for name, f in self._columns.items() if f.kind in ("ref", "enum", "flag", "refs")}
        displays |= {name: self._display(f) for name, f in shown.items()}
        return Source("transactionline", (*_LINE_COLUMNS, *self._columns), rows, displays)

    def _lines(self, record: Record) -> Iterator[Row]:
        posted = self._postings(record)
        if posted:
            for placed in posted:
                posting, number = placed.posting, placed.number
                dimensions = dict(posting.dimensions)
                yield (
                    placed.hidden
                    | _line(record, number, posting.account, posting.base.amount, posting.amount.amount)
                    | {
                        "memo": posting.memo or (record.body.get("memo") if not number else None),
                        "entity": key(posting.party or id_of(record.body.get("entity"))) or None,
                        **{name: key(dimensions[name]) if name in dimensions else None for name in _DIMENSIONS},
                    }
                    | {"subsidiary": key(placed.subsidiary)}
                    | self._custom(placed.line)
                )
            return
        yield _line(record, 0, "", None, None) | self._custom(None)
        numbered = (line for s in ("expense", "item", "line", "other") for line in _stored(record, s))
        for number, line in enumerate(numbered, 1):
            net = line.get("amount", line.get("debit", line.get("credit")))
            found = _line(record, number, id_of(line.get("account")), None, net)
            yield found | {"memo": line.get("memo")} | self._custom(line)

    def accounting_lines(self) -> Source:
        """``transactionaccountingline``: the ledger impact of each line, in base currency."""
        rows: list[Row] = []
        for record in self._transactions:
            for placed in self._postings(record):
                posting = placed.posting
                base = posting.base.amount
                rows.append(
                    {
                        **placed.hidden,
                        "transaction": key(record.id),
                        "transactionline": Decimal(placed.number),
                        "account": key(posting.account),
                        "debit": base if base > 0 else None,
                        "credit": -base if base < 0 else None,
                        "amount": base,
                        "netamount": base,
                        "posting": "T",
                        "accountingbook": Decimal(1),
                        "accounttype": self._account_type(posting.account),
                    }
                )
        columns = ("transaction", "transactionline", "account", "debit", "credit", "amount", "netamount")
        displays = {"account": self._named("account"), "transaction": self._named(*TRANSACTION_KINDS)}
        return Source(
            "transactionaccountingline", (*columns, "posting", "accountingbook", "accounttype"), rows, displays
        )

    def _consolidation(self, record: Record, facts: Mapping[str, Any]) -> Row:
        if ledgers.GROUP not in facts:
            return {}
        day = date.fromisoformat(record.body["tranDate"])
        return {CONSOLIDATION: ledgers.consolidated_rate(self._company, facts["base"], day)}

    @cached_property
    def has_foreign_books(self) -> bool:
        """Whether some subsidiary has a base currency of its own."""
        return bool(self._foreign_subsidiaries())

    def _foreign_subsidiaries(self) -> list[tuple[Record, str]]:
        every = [(s, lists.base_of(self._company, s.id)) for s in store.scan(self._company, "subsidiary")]
        return [(subsidiary, base) for subsidiary, base in every if base != self._company.currency]

    def consolidated_rates(self) -> Source:
        """``consolidatedexchangerate``: by which rates each period of a subsidiary is consolidated into the root."""
        root = key(lists.root_subsidiary(self._company))
        rows: list[Row] = []
        for subsidiary, base in self._foreign_subsidiaries():
            for period in store.scan(self._company, "accountingPeriod"):
                if period.body["isPosting"]:
                    day = date.fromisoformat(period.body["endDate"])
                    rate = ledgers.consolidated_rate(self._company, base, day)
                    rates: Row = dict.fromkeys(("currentrate", "averagerate", "historicalrate"), rate)
                    ends: Row = {"fromsubsidiary": key(subsidiary.id), "tosubsidiary": root}
                    rows.append({"id": Decimal(len(rows) + 1), "postingperiod": key(period.id), **ends, **rates})
        named = {"fromsubsidiary": self._named("subsidiary"), "tosubsidiary": self._named("subsidiary")}
        displays = {**named, "postingperiod": self._named("accountingPeriod")}
        columns = (
            "id",
            "postingperiod",
            "fromsubsidiary",
            "tosubsidiary",
            "currentrate",
            "averagerate",
            "historicalrate",
        )
        return Source("consolidatedexchangerate", columns, rows, displays)

    def _account_type(self, account: str) -> str:
        record = self._company.records.get("account", account)
        return str(record.body["acctType"]["id"]) if record is not None else ""

    def links(self, name: str) -> Source:
        """What settles what: each payment or credit line with the document that it was applied to."""
        rows: list[Row] = []
        for record in self._records(("vendorBill", "expenseReport", "vendorCredit")):
            for application in applications(self._company, record.id):
                row: Row = {
                    "previousdoc": key(record.id),
                    "previousline": Decimal(0),
                    "previoustype": TYPES[record.kind].code,
                    "nextdoc": key(application.record.id),
                    "nextline": Decimal(0),
                    "nexttype": TYPES[application.record.kind].code,
                    "linktype": "Payment",
                    "foreignamount": application.amount,
                }
                rows.append(row)
        rows += [self._billed(order, bill) for order in self._records((orders.ORDER,)) for bill in self._bills(order)]
        columns = ("previousdoc", "previousline", "previoustype", "nextdoc", "nextline", "nexttype")
        displays = {name: self._named(*TRANSACTION_KINDS) for name in ("previousdoc", "nextdoc")}
        return Source(name, (*columns, "linktype", "foreignamount"), rows, displays)

    def _bills(self, order: Record) -> list[Record]:
        return orders.bills_of(self._company, order)

    def _billed(self, order: Record, bill: Record) -> Row:
        ends: Row = {"previousdoc": key(order.id), "previousline": Decimal(0), "previoustype": TYPES[order.kind].code}
        ends |= {"nextdoc": key(bill.id), "nextline": Decimal(0), "nexttype": TYPES[bill.kind].code}
        # Source: timdietrich.me/blog (SuiteQL: linktype OrdBill)
        return {**ends, "linktype": "OrdBill", "foreignamount": Decimal(bill.body["total"])}

    def transactions(self) -> Source:
        """``transaction``: one row for each document."""
        return self._of_kinds("transaction", list(TRANSACTION_KINDS))

    # Unions of lists

    def entities(self) -> Source:
        """``entity``: vendors, employees, customers and projects alike."""
        kinds = {"vendor": "Vendor", "employee": "Employee", "customer": "CustJob", "job": "Job", "contact": "Contact"}
        every = (f for kind in kinds for f in type_of(self._company, kind).fields)
        fields = {f.name: f for f in every if f.custom}
        rows: list[Row] = []
        for record in self._records(kinds):
            body = record.body
            row: Row = {"id": key(record.id), "type": kinds[record.kind], "entityid": body["entityId"]}
            row |= entity_names(record)
            row |= {name.lower(): body.get(name) for name in ("externalId", "email", "phone", "comments")}
            row |= {"datecreated": self._local(record.created), "lastmodifieddate": self._local(record.updated)}
            row |= {f.name: raw(f, body.get(f.name)) for f in fields.values()}
            rows.append({**row, "isinactive": "T" if body.get("isInactive") else "F"})
        columns = ("id", "type", "entityid", "altname", "entitytitle", "externalid", "email", "phone", "comments")
        return Source("entity", (*columns, "datecreated", "lastmodifieddate", "isinactive", *fields), rows)

    def files(self) -> Source:
        """``file``: the file cabinet without its contents."""
        rows: list[Row] = []
        for record in self._records(("file",)):
            body = record.body
            row: Row = {"id": key(record.id), "name": body["name"], "folder": key(body["folder"]["id"])}
            row |= {"filesize": Decimal(body["size"]), "filetype": body["fileType"], "description": body["description"]}
            rows.append({**row, "createddate": self._local(record.created)})
        columns = ("id", "name", "folder", "filesize", "filetype", "description", "createddate")
        return Source("file", columns, rows, {"folder": self._named("folder")})


_DIMENSIONS = ("department", "class", "location")
_LINE_COLUMNS = (
    "transaction", "id", "uniquekey", "linesequencenumber", "mainline", "taxline", "account", "expenseaccount",
    "netamount", "foreignamount", "debitforeignamount", "creditforeignamount", "memo", "entity", "department",
    "class", "location", "subsidiary", "isclosed",
)  # fmt: skip


def _stored(record: Record, sublist: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (record.body.get(sublist) or {}).get("items", [])
    return found


def _line(record: Record, number: int, account: str, base: Value, foreign: Value) -> Row:
    amount = None if foreign is None else Decimal(foreign)
    return {
        "transaction": key(record.id),
        "id": Decimal(number),
        "uniquekey": Decimal(int(record.id) * 1000 + number),
        "linesequencenumber": Decimal(number),
        "mainline": "F" if number else "T",
        "taxline": "F",
        "account": key(account) if account else None,
        "expenseaccount": key(account) if account and number else None,
        "netamount": base,
        "foreignamount": amount,
        "debitforeignamount": amount if amount is not None and amount > 0 else None,
        "creditforeignamount": -amount if amount is not None and amount < 0 else None,
        "memo": None,
        "entity": key(id_of(record.body.get("entity"))) or None,
        **{name: key(id_of(record.body.get(name))) or None for name in _DIMENSIONS},
        "subsidiary": key(id_of(record.body.get("subsidiary"))),
        "isclosed": "F",
    }


_SPECIAL: dict[str, Callable[[Tables], Source]] = {
    "transaction": Tables.transactions,
    "transactionline": Tables.transaction_lines,
    "transactionaccountingline": Tables.accounting_lines,
    "previoustransactionlinelink": lambda t: t.links("previoustransactionlinelink"),
    "nexttransactionlinelink": lambda t: t.links("nexttransactionlinelink"),
    "previoustransactionlink": lambda t: t.links("previoustransactionlink"),
    "nexttransactionlink": lambda t: t.links("nexttransactionlink"),
    "consolidatedexchangerate": Tables.consolidated_rates,
    "entity": Tables.entities,
    "file": Tables.files,
}


def _named() -> set[str]:
    return {"dual", *_SPECIAL, *(type.table for type in TYPES.values())}
