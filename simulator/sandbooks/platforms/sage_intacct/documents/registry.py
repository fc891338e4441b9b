"""Which function writes which object, in terms that the gateway and REST share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeVar

from msgspec import Struct

from sandbooks.kit.company import Company
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.records import Record
from sandbooks.platforms.sage_intacct.documents import advances, bills, charges, journals, payments, reports, summaries
from sandbooks.platforms.sage_intacct.documents.unkept import check_kept
from sandbooks.platforms.sage_intacct.objects import lists
from sandbooks.platforms.sage_intacct.objects.catalogue import ABSENT, ObjectType, object_named
from sandbooks.platforms.sage_intacct.objects.keeping import by_number, find
from sandbooks.platforms.sage_intacct.refusals import FieldMissing, NotAllowed, NotFound
from sandbooks.platforms.sage_intacct.wire.xml import Fields, many

Create = Callable[[Company, Fields], Record]
Update = Callable[[Company, Record, Fields], Record]
Delete = Callable[[Company, Record], None]
Reverse = Callable[[Company, Record, date, str], Record]
Function = TypeVar("Function")


class Writer(Struct, frozen=True, kw_only=True):
    """What may be done to a kind of document."""

    create: Create | None = None
    update: Update | None = None
    delete: Delete | None = None
    reverse: Reverse | None = None


def _bill(kind: str) -> Create:
    return lambda company, given: bills.create(company, kind, given)


def _void(company: Company, record: Record, on: date, _memo: str) -> Record:
    return payments.void(company, record, on)


def _void_advance(company: Company, record: Record, on: date, _memo: str) -> Record:
    return advances.void(company, record, on)


def _pay(company: Company, given: Fields) -> Record:
    """A payment; one that names an amount and no document stays on account."""
    if given.get("PAYMENTAMOUNT") not in (None, "") and given.get("APPYMTDETAILS") in (None, ""):
        return advances.on_account(company, given)
    return payments.create(company, given)


WRITERS: Mapping[str, Writer] = {
    "APBILL": Writer(create=_bill("APBILL"), update=bills.update, delete=bills.delete, reverse=bills.reverse_bill),
    "APADJUSTMENT": Writer(
        create=_bill("APADJUSTMENT"), update=bills.update, delete=bills.delete, reverse=bills.reverse_bill
    ),
    "APADVANCE": Writer(create=advances.create, update=advances.update, delete=advances.delete, reverse=_void_advance),
    "APPYMT": Writer(create=_pay, update=payments.update, delete=payments.delete, reverse=_void),
    "EPPAYMENT": Writer(create=payments.reimburse, delete=payments.delete, reverse=_void),
    "EEXPENSES": Writer(
        create=reports.write, update=reports.update, delete=reports.delete, reverse=reports.reverse_report
    ),
    "CCTRANSACTION": Writer(
        create=charges.record_charge,
        update=charges.update_charge,
        delete=charges.delete_charge,
        reverse=charges.reverse_charge,
    ),
    "OTHERRECEIPTS": Writer(
        create=charges.record_receipt,
        update=lambda company, record, given: charges.record_receipt(company, given, record),
        delete=charges.delete_receipt,
    ),
    "FUNDSTRANSFER": Writer(create=charges.transfer, delete=charges.delete_receipt),
    "GLBATCH": Writer(create=journals.create, update=journals.update, delete=journals.delete),
}
# Where the lines of a document are sent, beside its own shape in the catalogue.
HOLDERS = {
    "CCTRANSACTION": (("CCTRANSACTIONENTRIES", "CCTRANSACTIONENTRY"), ("CCPAYITEMS", "CCPAYITEM")),
    "OTHERRECEIPTS": (("OTHERRECEIPTSENTRIES", "OTHERRECEIPTSENTRY"), ("RECEIPTITEMS", "LINEITEM")),
    "EEXPENSES": (("EEXPENSESITEMS", "EEXPENSESITEM"), ("EXPENSES", "EXPENSE")),
}


def kind_named(name: str) -> ObjectType:
    """The object of a request. Raises ``NotSimulated`` for real objects that are not kept."""
    if name.strip().upper() in ABSENT:
        raise NotSimulated(f"object {name.strip().upper()}")
    return object_named(name)


def create(company: Company, name: str, given: Any) -> Record:
    """Create an object from its fields."""
    kind = kind_named(name)
    if not isinstance(given, dict):
        raise FieldMissing(kind.name, kind.required[0] if kind.required else kind.key)
    writer = WRITERS.get(kind.name)
    if kind.name in summaries.DOCUMENTS:
        return summaries.create(company, kind.name, given)
    if kind.is_document and writer is not None:
        return _required(kind, "created", writer.create)(company, _gathered(kind, given))
    _check_written(kind, "created")
    return lists.create(company, kind, given)


def update(company: Company, name: str, given: Any, record: Record | None = None) -> Record:
    """Change an object; without a record its RECORDNO or its own key is in the fields."""
    kind = kind_named(name)
    if not isinstance(given, dict):
        raise FieldMissing(kind.name, "RECORDNO")
    target = record or _target(company, kind, given)
    writer = WRITERS.get(kind.name)
    if kind.is_document and writer is not None:
        return _required(kind, "updated", writer.update)(company, target, _gathered(kind, given))
    _check_written(kind, "updated")
    return lists.update(company, kind, target, given)


def _target(company: Company, kind: ObjectType, given: Fields) -> Record:
    number, key = given.get("RECORDNO"), given.get(kind.key)
    if isinstance(number, str) and number:
        record = by_number(company, kind, number)
    elif isinstance(key, str) and key:
        record = find(company, kind.name, key)
    else:
        raise FieldMissing(kind.name, "RECORDNO")
    if record is None:
        raise NotFound(kind.name, str(number or key)[:80])
    return record


def delete(company: Company, record: Record) -> None:
    """Delete an object."""
    kind = object_named(record.kind)
    writer = WRITERS.get(kind.name)
    if kind.is_document and writer is not None:
        _required(kind, "deleted", writer.delete)(company, record)
    else:
        _check_written(kind, "deleted")
        lists.delete(company, kind, record)


# What the product writes and this simulator takes from a company's settings.
# Source: developer.intacct.com/api (entities, transaction currencies, exchange rate types, users)
_SETTINGS = {
    "LOCATIONENTITY": "the setting entities",
    "TRXCURRENCIES": "the currencies that it has",
    "EXCHANGERATETYPES": "the setting custom_exchange_rates",
    "USERINFO": "the users that it has",
}


def _check_written(kind: ObjectType, verb: str) -> None:
    """Refuse to write what is only read. Raises ``NotSimulated`` for what is only read here."""
    if kind.name in _SETTINGS:
        raise NotSimulated(f"{kind.name} that is {verb}", instead=_SETTINGS[kind.name])
    if kind.read_only:
        raise NotAllowed(kind.name, f"{kind.title} cannot be {verb} through the API.", "")


def reverse(company: Company, record: Record, on: date, memo: str = "") -> Record:
    """Reverse or void a document on a date."""
    writer = WRITERS.get(record.kind, Writer())
    return _required(object_named(record.kind), "reversed", writer.reverse)(company, record, on, memo)


def _required(kind: ObjectType, verb: str, function: Function | None) -> Function:
    if function is None:
        raise NotAllowed(kind.name, f"{kind.title} cannot be {verb}.", "Use another function.")
    return function


def _gathered(kind: ObjectType, given: Fields) -> Fields:
    """The lines of cash documents under one name, wherever the client put them. Raises ``NotSimulated``."""
    gathered = dict(given)
    for group, item in HOLDERS.get(kind.name, ()):
        holder = gathered.pop(group, None)
        if isinstance(holder, dict):
            gathered["LINES"] = many(holder.get(item))
    check_kept(kind.name, gathered)
    return gathered
