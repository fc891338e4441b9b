"""What a summary is split by: columns or rows by period, class or name. Each posting belongs to one part."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import TypeAlias

from msgspec import Struct

from sandbooks.kit.errors import NotSimulated
from sandbooks.platforms.quickbooks_desktop.file import ENTITIES, CompanyFile
from sandbooks.platforms.quickbooks_desktop.queries.macros import span
from sandbooks.platforms.quickbooks_desktop.refusals import InvalidAmount
from sandbooks.platforms.quickbooks_desktop.reports.asking import Asked, is_fiscal
from sandbooks.platforms.quickbooks_desktop.reports.layout import short
from sandbooks.platforms.quickbooks_desktop.reports.lines import Line
from sandbooks.platforms.quickbooks_desktop.rules.ready import id_of

PERIODS = ("Day", "Week", "TwoWeek", "FourWeek", "HalfMonth", "Month", "Quarter", "Year")
# Unconfirmed: how many columns QuickBooks takes.
PARTS_MAX = 500
_PARTIES = ("VendorRef", "PayeeEntityRef", "EntityRef")


Key: TypeAlias = Callable[[CompanyFile, Line], str]


class Part(Struct, frozen=True):
    """A column or a row: its title, its id among those that a posting may have, and for a period its last day."""

    title: str
    id: str
    of: Callable[[Line], str]
    last: date | None = None


def dealt(split: Sequence[Part], found: Iterable[Line]) -> list[list[Line]]:
    """The postings of each part, read once whatever the number of parts. Parts come of one ``parts``."""
    held: dict[str, list[Line]] = {part.id: [] for part in split}
    for line in found if split else ():
        id = split[0].of(line)
        if id in held:
            held[id].append(line)
    return [held[part.id] for part in split]


def parts(file: CompanyFile, query: Asked, by: str, found: Iterable[Line]) -> list[Part]:
    """The parts of a report that is split. Raises ``NotSimulated`` and ``InvalidAmount``."""
    if by in PERIODS:
        return _periods(file, query, by, found)
    key = _KEYS.get(by)
    if key is None:
        raise NotSimulated(f"reports summarized by {by}", instead=", ".join((*PERIODS, *_KEYS, "TotalOnly")))
    of, names = _remembered(file, key), dict[str, str]()
    for line in found:
        id = of(line)
        names.setdefault(id, _name(file, id) or _MISSING.get(by, "No name"))
    # What has no name of its own comes last, as in QuickBooks.
    order = sorted(names, key=lambda each: (not each, names[each].lower()))
    return [Part(names[id], id, of) for id in order]


def _remembered(file: CompanyFile, key: Key) -> Callable[[Line], str]:
    """The same key, looked up once for each name: a report asks again and again."""
    known: dict[tuple[object, ...], str] = {}

    def of(line: Line) -> str:
        posting = line.posting
        place = (line.record.id, posting.account, posting.party, tuple(posting.dimensions))
        if place not in known:
            known[place] = key(file, line)
        return known[place]

    return of


# Names

_MISSING = {"Class": "Unclassified", "VendorType": "No Vendor Type", "CustomerType": "No Customer Type"}


def _class(_file: CompanyFile, line: Line) -> str:
    return str(dict(line.posting.dimensions).get("Class", ""))


def _customer(file: CompanyFile, line: Line) -> str:
    party = str(dict(line.posting.dimensions).get("Customer", "")) or line.posting.party
    return party if file.records.get("Customer", party) is not None else ""


def _payee(_file: CompanyFile, line: Line) -> str:
    body = line.record.body
    return next((id_of(body, name) for name in _PARTIES if body.get(name)), "") or line.posting.party


def _of(kind: str) -> Key:
    def find(file: CompanyFile, line: Line) -> str:
        payee = _payee(file, line)
        return payee if file.records.get(kind, payee) is not None else ""

    return find


def _type_of(kind: str, reference: str, named: Key) -> Key:
    def find(file: CompanyFile, line: Line) -> str:
        record = file.records.get(kind, named(file, line))
        return id_of(record.body, reference) if record is not None else ""

    return find


_KEYS: Mapping[str, Key] = {
    "Account": lambda _file, line: line.posting.account,
    "Class": _class,
    "Customer": _customer,
    "CustomerType": _type_of("Customer", "CustomerTypeRef", _customer),
    "Employee": _of("Employee"),
    "Payee": _payee,
    "Vendor": _of("Vendor"),
    "VendorType": _type_of("Vendor", "VendorTypeRef", _of("Vendor")),
}


def _name(file: CompanyFile, id: str) -> str:
    kinds = ("Account", "Class", "VendorType", "CustomerType", *ENTITIES)
    found = (file.records.get(kind, id) for kind in kinds) if id else iter(())
    record = next((each for each in found if each is not None), None)
    return str(record.body["FullName"]) if record else ""


# Periods. Unconfirmed: the words above the columns.


def _periods(file: CompanyFile, query: Asked, unit: str, found: Iterable[Line]) -> list[Part]:
    days = [line.day for line in found]
    first = query.first or min([*days, query.last])
    begins = file.fiscal_month if is_fiscal(query.node) else 1
    made: list[Part] = []
    starts: list[date] = []

    def of(line: Line) -> str:
        place = bisect_right(starts, line.day) - 1
        return starts[place].isoformat() if place >= 0 and line.day <= query.last else ""

    while first <= query.last:
        if len(made) == PARTS_MAX:
            raise InvalidAmount("SummarizeColumnsBy", unit, f"The report would have more than {PARTS_MAX} columns.")
        last = min(_end(first, unit, begins), query.last)
        starts.append(first)
        made.append(Part(_title(first, last, unit), first.isoformat(), of, last))
        if last == date.max:
            break
        first = last + timedelta(days=1)
    return made


def _end(day: date, unit: str, begins: int) -> date:
    """The last day of the unit that a day is in."""
    if unit == "Day":
        return day
    if unit == "HalfMonth" and day.day <= 15:
        return day.replace(day=15)
    weeks = {"Week": 0, "TwoWeek": 1, "FourWeek": 3}
    if unit in weeks:
        # Weeks end on Saturday.
        ahead = timedelta(days=6 - (day.weekday() + 1) % 7, weeks=weeks[unit])
        return day + ahead if day <= date.max - ahead else date.max
    return span(day, "Month" if unit == "HalfMonth" else unit, 0, begins=begins)[1]


def _title(first: date, last: date, unit: str) -> str:
    if unit == "Day":
        return short(first)
    if unit == "Week":
        return f"Week of {short(first)}"
    if unit == "Month":
        return f"{first:%b %y}"
    if unit in ("Quarter", "Year"):
        return f"{first:%b} - {last:%b %y}"
    return f"{first:%b} {first.day} - {short(last)}"
