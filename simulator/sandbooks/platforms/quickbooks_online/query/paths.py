"""What a query may name: the properties of each kind, and which of them filter.

Source: the filterable marks on the entity pages; refusals seen in public reports of
https://github.com/fylein/fyle-qbo-api and https://github.com/singer-io/tap-quickbooks
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from msgspec import Struct

from sandbooks.kit.records import Record
from sandbooks.ledger import Refusal
from sandbooks.platforms.quickbooks_online import refusals as no
from sandbooks.platforms.quickbooks_online.fields import Field, read_day
from sandbooks.platforms.quickbooks_online.query.syntax import Value
from sandbooks.platforms.quickbooks_online.records import Entity

_FRAME = {"id": "Id", "synctoken": "SyncToken"}
_TIMES = {"metadata.createtime": "created", "metadata.lastupdatedtime": "updated"}
_TRANSACTION_FILTERS = frozenset(
    {"DocNumber", "TxnDate", "DueDate", "Balance", "TotalAmt", "PaymentType", "VendorRef", "CustomerRef"}
)
_NUMBERS = frozenset({"TotalAmt", "Balance", "HomeBalance", "HomeTotalAmt", "CurrentBalance", "Size", "Level"})
_NUMBERS_TOO = frozenset({"CurrentBalanceWithSubAccounts", "BalanceWithJobs"})


class Path(Struct, frozen=True):
    """A property: ``name`` in its own case; ``kind`` says how values compare."""

    name: str
    kind: str

    def of(self, record: Record, body: Mapping[str, Any]) -> list[Any]:
        """The values of a record at this path, ready to compare."""
        if self.kind == "time":
            # Documents show whole seconds, and a record is found by the time that it shows. Unconfirmed: that the real
            # service keeps none either; settled by `>` with the LastUpdatedTime of a record that was changed just then.
            return [(record.created if self.name == "created" else record.updated).replace(microsecond=0)]
        if self.kind == "attached":
            member = self.name.rpartition(".")[2]
            refs = [each.get("EntityRef", {}) for each in body.get("AttachableRef", [])]
            return [str(ref.get(member, "")).lower() for ref in refs]
        return [comparable(self.kind, body.get(self.name))]


def comparable(kind: str, value: Any) -> Any:
    """A stored value as comparisons see it; None for an absent one."""
    if value is None:
        return None
    if kind == "ref":
        return str(value["value"]).lower()
    if kind == "number":
        return Decimal(value)
    if kind == "id":
        return int(value) if str(value).isdigit() else str(value).lower()
    return value if kind == "flag" else str(value).lower()


def filter_path(entity: Entity, text: str) -> Path:
    """The property that a condition or a sort names. Raises QueryInvalid."""
    wanted = text.lower()
    if wanted in _TIMES:
        return Path(_TIMES[wanted], "time")
    if wanted in ("attachableref.entityref.type", "attachableref.entityref.value") and entity.name == "Attachable":
        return Path("AttachableRef.EntityRef." + wanted.rpartition(".")[2], "attached")
    if wanted in _FRAME:
        return Path(_FRAME[wanted], "id")
    name, rule = _member(entity, text)
    allowed = name in _TRANSACTION_FILTERS if entity.transaction else rule.kind != "lacking"
    if name in entity.unfiltered or not allowed or rule.kind in ("group", "many"):
        raise no.QueryInvalid(f"QueryValidationError: property '{name}' is not queryable")
    return Path(name, _kind(name, rule))


def _kind(name: str, rule: Field) -> str:
    if name in _NUMBERS or name in _NUMBERS_TOO:
        return "number"
    return rule.kind if rule.kind in ("ref", "number", "flag", "date") else "text"


def _member(entity: Entity, text: str) -> tuple[str, Field]:
    wanted = text.lower()
    for name, rule in entity.rules.items():
        if name.lower() == wanted and (rule.kind != "ignored" or name in entity.shown):
            return name, rule
    raise no.QueryInvalid(f"QueryValidationError: Property {text[:60]} not found for Entity {entity.name}")


def column(entity: Entity, text: str) -> str:
    """The member that a column list names. Raises QueryInvalid."""
    wanted = text.lower()
    if wanted in _FRAME:
        return _FRAME[wanted]
    if wanted in _TIMES or wanted == "metadata":
        return "MetaData"
    if wanted.endswith(".*"):
        wanted = wanted.removesuffix(".*")
    name, rule = _member(entity, text[: len(wanted)])
    if rule.kind == "group":
        raise no.QueryInvalid(f"QueryValidationError: property '{name}' is not queryable")
    return name


def operand(path: Path, value: Value, *, zone: Any) -> Any:
    """A value of the statement in the form that the path compares. Raises QueryInvalid."""
    if path.kind == "time":
        return _instant(str(value), zone)
    if path.kind == "number":
        try:
            found = Decimal(str(value).strip())
        except InvalidOperation as error:
            raise _unfit(path, value) from error
        if not found.is_finite():
            raise _unfit(path, value)
        return found
    if path.kind == "id":
        text = f"{value:f}" if isinstance(value, Decimal) else str(value)
        return int(text) if text.isascii() and text.isdigit() and len(text) < 30 else text.lower()
    if path.kind == "flag":
        text = str(value).strip().lower()
        if text not in ("true", "false"):
            raise _unfit(path, value)
        return text == "true"
    if path.kind == "date":
        return _day(path, value)
    return (f"{value:f}" if isinstance(value, Decimal) else str(value)).lower()


def _unfit(path: Path, value: Value) -> no.QueryInvalid:
    return no.QueryInvalid(f"QueryValidationError: value {str(value)[:40]} is not valid for property {path.name}")


def _day(path: Path, value: Value) -> str:
    """A date, also from a date-time. Unconfirmed: the sentence for what is none."""
    try:
        return read_day(str(value), path.name).isoformat()
    except Refusal as refusal:
        raise _unfit(path, value) from refusal


def _instant(text: str, zone: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(text.strip().replace(" ", "+") if "T" in text else text.strip())
        return moment if moment.tzinfo else moment.replace(tzinfo=zone)
    except ValueError as error:
        raise no.QueryInvalid(f"QueryValidationError: Invalid date-time {text[:40]}") from error
