"""What is owed to vendors: balances, and open items by age."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from msgspec import Struct

from sandbooks.kit.records import Record
from sandbooks.money import Money, Rate
from sandbooks.platforms.quickbooks_online.api.reports.asked import Asked
from sandbooks.platforms.quickbooks_online.api.reports.listings import type_of
from sandbooks.platforms.quickbooks_online.api.reports.shapes import (
    Column,
    Row,
    amount,
    closing,
    data,
    full,
    section,
)
from sandbooks.platforms.quickbooks_online.realm import Realm


class OpenItem(Struct, frozen=True):
    """What is still open of one transaction on a day, in home currency: positive is owed."""

    vendor: str
    record: Record | None
    due: date
    open: Decimal


def _on(record: Record) -> date:
    return date.fromisoformat(record.body["TxnDate"])


def open_items(asked: Asked) -> list[OpenItem]:
    """Everything that is open on the report date; what no transaction accounts for stands as one item by vendor."""
    found = [item for item in _items(asked) if item.open]
    listed: dict[str, Decimal] = {}
    for item in found:
        listed[item.vendor] = listed.get(item.vendor, Decimal(0)) + item.open
    for vendor, owed in _owed(asked).items():
        rest = owed - listed.get(vendor, Decimal(0))
        if rest:
            found.append(OpenItem(vendor, None, asked.report_date, rest))
    return [item for item in found if asked.wants_vendor(item.vendor)]


def _owed(asked: Asked) -> dict[str, Decimal]:
    """What the books say is owed to each vendor on the report date."""
    realm, owed = asked.realm, dict[str, Decimal]()
    for account in realm.records.find("Account", "AccountType", "accounts payable"):
        for line in realm.company.book.lines(account=account.id, through=asked.report_date):
            if line.posting.party:
                owed[line.posting.party] = owed.get(line.posting.party, Decimal(0)) - line.base.amount
    return owed


def _items(asked: Asked) -> Iterator[OpenItem]:
    realm = asked.realm
    for kind, sign in (("Bill", 1), ("VendorCredit", -1), ("JournalEntry", 1)):
        for record in realm.records.scan(kind):
            if _on(record) <= asked.report_date and not record.body.get("_void"):
                yield from _item(asked, record, sign)
    for record in realm.records.scan("BillPayment"):
        if _on(record) <= asked.report_date and not record.body.get("_void"):
            yield OpenItem(record.body["VendorRef"]["value"], record, _on(record), -_unapplied(realm, record))


def _item(asked: Asked, record: Record, sign: int) -> Iterator[OpenItem]:
    body = record.body
    vendor = body.get("VendorRef", {}).get("value") or _journal_vendor(record)
    if not vendor:
        return
    paid = Decimal(0)
    for row in body.get("_applied", []):
        payment = asked.realm.get("BillPayment", row["by"])
        if payment is not None and _on(payment) <= asked.report_date:
            paid += Decimal(row["base"])
    due = date.fromisoformat(body.get("DueDate", body["TxnDate"]))
    yield OpenItem(vendor, record, due, (Decimal(body["_base"]) - paid) * sign)


def _journal_vendor(record: Record) -> str:
    for line in record.body["Line"] if record.body.get("_payable") else ():
        detail = line.get("JournalEntryLineDetail", {})
        if detail.get("AccountRef", {}).get("value") == record.body["_payable"]:
            return str(detail.get("Entity", {}).get("EntityRef", {}).get("value", ""))
    return ""


def _unapplied(realm: Realm, payment: Record) -> Decimal:
    """What a payment left unapplied, in home currency at its own rate."""
    facts = realm.records.versions("BillPayment", payment.id)[-1].facts
    rest = Decimal(facts.get("rest", 0))
    if facts["currency"] == facts["home"]:
        return rest
    rate = Rate(Decimal(facts["rate"]), facts["currency"], facts["home"])
    return rate.to_base(Money.of(rest, facts["currency"])).amount


def _by_vendor(asked: Asked) -> Iterator[tuple[str, str, list[OpenItem]]]:
    """Vendors by name, each with what is open."""
    groups: dict[str, list[OpenItem]] = {}
    for item in open_items(asked):
        groups.setdefault(item.vendor, []).append(item)
    named = sorted((asked.realm.label("Entity", id).lower(), id) for id in groups)
    for _, id in named:
        yield id, asked.realm.label("Entity", id), sorted(groups[id], key=lambda item: item.due)


# The reports


def vendor_balance(asked: Asked) -> tuple[list[Column], list[Row]]:
    """What is owed to each vendor."""
    rows, total = list[Row](), Decimal(0)
    for id, name, items in _by_vendor(asked):
        owed = sum((item.open for item in items), Decimal(0))
        total += owed
        if owed:
            rows.append(data((name, id), full(owed)))
    if rows:
        rows.append(closing("TOTAL", "GrandTotal", [total]))
    return [Column("", "Vendor", "vendor"), Column("Total", "Money", "total")], rows


def aged_payables(asked: Asked) -> tuple[list[Column], list[Row]]:
    """What is owed to each vendor, by how many days it is overdue."""
    titles = bucket_titles(asked)
    rows, totals = list[Row](), [Decimal(0)] * (len(titles) + 1)
    for id, name, items in _by_vendor(asked):
        sums = [Decimal(0)] * (len(titles) + 1)
        for item in items:
            sums[_bucket(asked, item)] += item.open
            sums[-1] += item.open
        totals = [whole + each for whole, each in zip(totals, sums, strict=True)]
        if any(sums):
            rows.append(data((name, id), *map(amount, sums)))
    if rows:
        rows.append(closing("TOTAL", "GrandTotal", totals))
    keys = ["current", *(str(n) for n in range(1, len(titles)))]
    columns = [Column(title, "Money", key) for title, key in zip(titles, keys, strict=True)]
    return [Column("", "Vendor", "vendor"), *columns, Column("Total", "Money", "total")], rows


def bucket_titles(asked: Asked) -> list[str]:
    """The titles of the age columns: not due, then so many days at a time, then all that is older."""
    ends = [asked.aging_period * n for n in range(asked.aging_periods)]
    spans = [f"{begin + 1} - {begin + asked.aging_period}" for begin in ends[:-1]]
    return ["Current", *spans, f"{ends[-1] + 1} and over"]


def _bucket(asked: Asked, item: OpenItem) -> int:
    late = (asked.report_date - item.due).days
    return 0 if late <= 0 else min(1 + (late - 1) // asked.aging_period, asked.aging_periods)


def aged_payable_detail(asked: Asked) -> tuple[list[Column], list[Row]]:
    """The open transactions under the age that they have."""
    titles = bucket_titles(asked)
    groups: dict[int, list[Row]] = {}
    sums: dict[int, Decimal] = {}
    for _, name, items in _by_vendor(asked):
        for item in items:
            bucket = _bucket(asked, item)
            groups.setdefault(bucket, []).append(_detail(asked, name, item))
            sums[bucket] = sums.get(bucket, Decimal(0)) + item.open
    rows = []
    for bucket in sorted(groups, reverse=True):
        made = section(titles[bucket], "", groups[bucket], [sums[bucket]])
        del made["group"]
        rows.append(made)
    columns = ("Date", "tx_date"), ("Transaction Type", "txn_type"), ("Num", "doc_num"), ("Vendor", "vend_name")
    more = ("Due Date", "due_date"), ("Past Due", "past_due"), ("Open Balance", "subt_neg_open_bal")
    return [Column(title, kind) for title, kind in (*columns, *more)], rows


def _detail(asked: Asked, name: str, item: OpenItem) -> Row:
    record = item.record
    if record is None:
        return data("", "", "", (name, item.vendor), "", "", full(item.open))
    late = str((asked.report_date - item.due).days)
    head = (record.body["TxnDate"], (type_of(record), record.id), str(record.body.get("DocNumber", "")))
    return data(*head, (name, item.vendor), item.due.isoformat(), late, full(item.open))


def vendor_balance_detail(asked: Asked) -> tuple[list[Column], list[Row]]:
    """The open transactions of each vendor."""
    rows = []
    for id, name, items in _by_vendor(asked):
        lines, balance = [], Decimal(0)
        for item in items:
            balance += item.open
            record = item.record
            head = (
                ("", "", "")
                if record is None
                else (record.body["TxnDate"], type_of(record), str(record.body.get("DocNumber", "")))
            )
            lines.append(data(*head, item.due.isoformat(), full(item.open), full(balance)))
        rows.append(section((name, id), "", lines, [balance]))
    titles = ("Date", "tx_date"), ("Transaction Type", "txn_type"), ("Num", "doc_num"), ("Due Date", "due_date")
    more = ("Open Balance", "subt_neg_open_bal"), ("Balance", "rbal_neg_open_bal")
    return [Column(title, kind) for title, kind in (*titles, *more)], rows
