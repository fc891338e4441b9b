"""Filters of queries: which records are meant."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.records import Record
from sandbooks.platforms.quickbooks_desktop.file import ENTITIES, ITEMS, CompanyFile
from sandbooks.platforms.quickbooks_desktop.nodes import Node
from sandbooks.platforms.quickbooks_desktop.queries import account_types
from sandbooks.platforms.quickbooks_desktop.queries.macros import macro_range
from sandbooks.platforms.quickbooks_desktop.queries.ranges import number_rank
from sandbooks.platforms.quickbooks_desktop.refusals import InvalidAmount, ReferenceInvalid
from sandbooks.platforms.quickbooks_desktop.rules import balances, open_items, purchase_orders
from sandbooks.platforms.quickbooks_desktop.rules.ready import id_of
from sandbooks.platforms.quickbooks_desktop.values import instant_of

Test = Callable[[Record], bool]
# Items that are not simulated have no records. Source: Onscreen Reference (ItemTypeFilter)
_ITEM_TYPES: Mapping[str, tuple[str, ...]] = {
    "AllExceptFixedAsset": ITEMS,
    "Sales": ITEMS,
    "Service": ("ItemService",),
    "NonInventory": ("ItemNonInventory",),
    "OtherCharge": ("ItemOtherCharge",),
}
_OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "LessThan": operator.lt,
    "LessThanEqual": operator.le,
    "Equal": operator.eq,
    "GreaterThan": operator.gt,
    "GreaterThanEqual": operator.ge,
}
_PARTIES = ("PayeeEntityRef", "VendorRef", "EntityRef")
_ACCOUNTS = (
    "AccountRef",
    "APAccountRef",
    "BankAccountRef",
    "CreditCardAccountRef",
    "DepositToAccountRef",
    "TransferFromAccountRef",
    "TransferToAccountRef",
)


def tests(file: CompanyFile, node: Node) -> list[Test]:
    """A predicate for each filter of a query; all must hold."""
    made: list[Test] = []
    for child in node.children:
        maker = _MAKERS.get(child.name)
        if maker is not None:
            made.append(maker(file, child))
    made += _modified(file, node)
    accepted = [str(child.value) for child in node.all("AccountType")]
    if accepted:
        made.append(lambda record: record.body.get("AccountType") in accepted)
    methods = [str(child.value) for child in node.all("PaymentMethodType")]
    if methods:
        made.append(lambda record: record.body.get("PaymentMethodType") in methods)
    return made


def active(node: Node) -> Test:
    """Source: Onscreen Reference (ActiveStatus; ActiveOnly where none is given)."""
    wanted = node.get("ActiveStatus", "ActiveOnly")
    return lambda record: wanted == "All" or record.active == (wanted == "ActiveOnly")


def _modified(file: CompanyFile, node: Node) -> list[Test]:
    since, until = node.get("FromModifiedDate"), node.get("ToModifiedDate")
    made: list[Test] = []
    if since is not None:
        first = instant_of(since, file.zone)
        made.append(lambda record: record.updated >= first)
    if until is not None:
        last = _end(until, file.zone)
        made.append(lambda record: record.updated <= last)
    return made


def _end(value: datetime, zone: str) -> datetime:
    """The end of a range: a second lasts until its end, as times in answers have no fractions."""
    return instant_of(value, zone).replace(microsecond=999_999)


def _modified_range(file: CompanyFile, node: Node) -> Test:
    macro = node.get("DateMacro")
    if macro:
        first, last = macro_range(file.today(), str(macro), fiscal_month=file.fiscal_month)
        zone = ZoneInfo(file.zone)
        return lambda record: first <= record.updated.astimezone(zone).date() <= last
    inner = _modified(file, node)
    return lambda record: all(test(record) for test in inner)


def _dates(file: CompanyFile, node: Node) -> Test:
    if node.has("DateMacro"):
        first, last = macro_range(file.today(), str(node.get("DateMacro")), fiscal_month=file.fiscal_month)
    else:
        first, last = node.get("FromTxnDate") or date.min, node.get("ToTxnDate") or date.max
    return lambda record: first <= date.fromisoformat(record.body["TxnDate"]) <= last


def _matches(node: Node, name: str) -> Callable[[str], bool]:
    wanted, criterion = str(node.get(name)).lower(), node.get("MatchCriterion")
    if criterion == "StartsWith":
        return lambda text: text.lower().startswith(wanted)
    if criterion == "EndsWith":
        return lambda text: text.lower().endswith(wanted)
    return lambda text: wanted in text.lower()


def _name(_file: CompanyFile, node: Node) -> Test:
    holds = _matches(node, "Name")
    return lambda record: holds(str(record.body["Name"]))


def _name_range(_file: CompanyFile, node: Node) -> Test:
    return _range(node, "FromName", "ToName", lambda record: str(record.body["Name"]))


def _number(_file: CompanyFile, node: Node) -> Test:
    holds = _matches(node, "RefNumber")
    return lambda record: holds(str(record.body.get("RefNumber", "")))


def _number_range(_file: CompanyFile, node: Node) -> Test:
    low, high = str(node.get("FromRefNumber", "")), node.get("ToRefNumber")
    first, last = number_rank(low) if low else None, None if high is None else number_rank(str(high))

    def within(record: Record) -> bool:
        place = number_rank(str(record.body.get("RefNumber", "")))
        return (first is None or first <= place) and (last is None or place <= last)

    return within


def _range(node: Node, first: str, last: str, value: Callable[[Record], str]) -> Test:
    low, high = str(node.get(first, "")).lower(), node.get(last)
    return lambda record: low <= value(record).lower() and (high is None or value(record).lower() <= str(high).lower())


def named(file: CompanyFile, node: Node, kinds: Iterable[str], word: str) -> set[str]:
    """The ids of the list elements that a filter names. Raises ``ReferenceInvalid``."""
    return _objects(file, node, kinds, word)


def _objects(file: CompanyFile, node: Node, kinds: Iterable[str], word: str) -> set[str]:
    """The ids that an object filter names; with children where it says so. Raises ``ReferenceInvalid``."""
    found: set[str] = set()
    for child in node.children:
        by_id = child.name.startswith("ListID")
        record = file.find(kinds, str(child.value)) if by_id else file.named(kinds, str(child.value))
        if record is None:
            raise ReferenceInvalid(word, str(child.value), "query")
        found |= {record.id, *(_below(file, record) if child.name.endswith("WithChildren") else ())}
    return found


def _below(file: CompanyFile, parent: Record) -> Iterable[str]:
    for child in file.records.find(parent.kind, "parent", parent.id):
        yield child.id
        yield from _below(file, child)


def _entity(file: CompanyFile, node: Node) -> Test:
    if node.has("EntityTypeFilter"):
        kind = str(node.get("EntityTypeFilter"))
        return lambda record: any(file.records.get(kind, id) for id in _named_in(record.body, _PARTIES))
    wanted = _objects(file, node, ENTITIES, "Entity")
    return lambda record: bool(wanted & _named_in(record.body, _PARTIES))


def _account(file: CompanyFile, node: Node) -> Test:
    wanted = accounts_of(file, node)
    return lambda record: bool(wanted & _named_in(record.body, _ACCOUNTS))


def accounts_of(file: CompanyFile, node: Node) -> set[str]:
    """The ids of the accounts that a filter means, by name or by type."""
    if node.has("AccountTypeFilter"):
        return account_types.accounts_of(file, str(node.get("AccountTypeFilter")))
    return _objects(file, node, ("Account",), "Account")


def items_of(file: CompanyFile, node: Node) -> set[str]:
    """The ids of the items that a filter means, by name or by type."""
    if not node.has("ItemTypeFilter"):
        return _objects(file, node, ITEMS, "Item")
    kinds = _ITEM_TYPES.get(str(node.get("ItemTypeFilter")), ())
    return {record.id for kind in kinds for record in file.records.scan(kind)}


def classes_of(file: CompanyFile, node: Node) -> set[str]:
    """The ids of the classes that a filter means."""
    return _objects(file, node, ("Class",), "Class")


def _item(file: CompanyFile, node: Node) -> Test:
    wanted = items_of(file, node)
    return lambda record: bool(wanted & _named_in(record.body, ("ItemRef",)))


def _of_item(file: CompanyFile, node: Node) -> Test:
    """What names one item. Raises ``ReferenceInvalid``."""
    wanted = file.refer(node, "query")
    return lambda record: wanted is None or wanted["ListID"] in _named_in(record.body, ("ItemRef",))


def _balance(file: CompanyFile, node: Node) -> Test:
    holds, amount = _OPERATORS[str(node.get("Operator"))], node.get("Amount")
    return lambda record: holds(balances.total_owed(file, record), amount)


def _class(file: CompanyFile, node: Node) -> Test:
    wanted = classes_of(file, node)
    return lambda record: bool(wanted & _named_in(record.body, ("ClassRef",)))


def _named_in(value: Any, names: Iterable[str]) -> set[str]:
    """The ids behind references of some names, anywhere in a document."""
    found: set[str] = set()
    if isinstance(value, dict):
        for name, inner in value.items():
            if name in names and isinstance(inner, dict) and "ListID" in inner:
                found.add(str(inner["ListID"]))
            else:
                found |= _named_in(inner, names)
    elif isinstance(value, list):
        for inner in value:
            found |= _named_in(inner, names)
    return found


def currency_test(file: CompanyFile, node: Node) -> Test:
    """Whether a transaction is in one of the currencies that a filter names."""
    wanted = _objects(file, node, ("Currency",), "Currency")
    home = (file.currency_ref(file.home) or {}).get("ListID", "")
    return lambda record: (id_of(record.body, "CurrencyRef") or home) in wanted


def _paid(file: CompanyFile, node: Node) -> Test:
    def is_paid(record: Record) -> bool:
        return open_items.open_amount(file, record) == 0

    wanted = node.value
    return lambda record: wanted == "All" or is_paid(record) == (wanted == "PaidOnly")


def _lacking(_file: CompanyFile, node: Node) -> Test:
    raise NotSimulated(f"the filter {node.name}")


def _types(_file: CompanyFile, node: Node) -> Test:
    wanted = {str(child.value) for child in node.children}
    return lambda record: "All" in wanted or record.kind in wanted


def _open_status(file: CompanyFile, node: Node) -> Test:
    def closed(record: Record) -> bool:
        if record.kind == "PurchaseOrder":
            return purchase_orders.is_closed(file, record)
        return record.kind not in open_items.TOTAL or open_items.open_amount(file, record) == 0

    wanted = node.value
    return lambda record: wanted == "Either" or closed(record) == (wanted == "Closed")


def _posting(_file: CompanyFile, node: Node) -> Test:
    wanted = node.value
    # Source: QuickBooks Desktop help (purchase orders do not affect the balances of accounts)
    return lambda record: wanted == "Either" or (record.kind == "PurchaseOrder") == (wanted == "NonPosting")


_MAKERS: dict[str, Callable[[CompanyFile, Node], Test]] = {
    "NameFilter": _name,
    "NameRangeFilter": _name_range,
    "RefNumberFilter": _number,
    "RefNumberRangeFilter": _number_range,
    "ModifiedDateRangeFilter": _modified_range,
    "TransactionModifiedDateRangeFilter": _modified_range,
    "TxnDateRangeFilter": _dates,
    "TransactionDateRangeFilter": _dates,
    "EntityFilter": _entity,
    "TransactionEntityFilter": _entity,
    "AccountFilter": _account,
    "TransactionAccountFilter": _account,
    "ClassFilter": _class,
    "TransactionClassFilter": _class,
    "CurrencyFilter": currency_test,
    "PaidStatus": _paid,
    "TotalBalanceFilter": _balance,
    "TransactionItemFilter": _item,
    "ItemRef": _of_item,
    "IncludeListMetaData": _lacking,
    "TransactionTypeFilter": _types,
    "TransactionPaidStatusFilter": _open_status,
    "TransactionPostingStatusFilter": _posting,
}


def limit(node: Node) -> int | None:
    """MaxReturned. Raises ``InvalidAmount`` below one."""
    most: int | None = node.get("MaxReturned")
    if most is not None and most < 1:
        raise InvalidAmount("MaxReturned", str(most), "It must be at least 1.")
    return most
