"""From records to REST documents: members nested and in the forms of the OpenAPI, with their lines and taxes."""

from __future__ import annotations

import base64
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.money import Money
from sandbooks.platforms.sage_intacct.documents.attachments import contents
from sandbooks.platforms.sage_intacct.objects import own
from sandbooks.platforms.sage_intacct.objects.catalogue import object_named
from sandbooks.platforms.sage_intacct.objects.keeping import find
from sandbooks.platforms.sage_intacct.query.rows import Rows
from sandbooks.platforms.sage_intacct.rest.members import AMOUNT, NUMBER, Member, Resource, Words, written
from sandbooks.platforms.sage_intacct.rest.resources import PATHS
from sandbooks.platforms.sage_intacct.wire.scalars import decimal_text, iso_date, parse_instant

_DATED = (
    "WHEN",
    "ENTRY_DATE",
    "BATCH_DATE",
    "REVERSEDATE",
    "EXCH_RATE_DATE",
    "PAYMENTDATE",
    "RECPAYMENTDATE",
    "DISCOUNTDATE",
    "STARTDATE",
    "ENDDATE",
    "START_DATE",
    "END_DATE",
    "BIRTHDATE",
    "BEGINDATE",
    "PBEGINDATE",
    "PENDDATE",
    "PLANNEDBEGINDATE",
    "PLANNEDENDDATE",
    "ACTUALBEGINDATE",
    "ACTUALENDDATE",
)


def own_dimensions(company: Company, line: Mapping[str, Any]) -> dict[str, Any]:
    """The values of the company's own dimensions that a line names, as flat members."""
    found: dict[str, Any] = {}
    for name, values in own.dimensions_of(company).items():
        id = line.get(f"{own.PREFIX}{name.upper()}")
        if id:
            path = f"dimensions.nsp::{name}"
            found |= {f"{path}.key": id, f"{path}.id": id, f"{path}.name": values.get(id)}
    return found


def to_rest(company: Company, resource: Resource, record: Record) -> dict[str, Any]:
    """A whole REST document of a record, lines included."""
    body = {
        "key": str(record.body["RECORDNO"]),
        **nested(leaves(company, resource, record)),
        "href": href(resource, record),
    }
    if resource.object == "SUPDOC":
        body["files"] = [
            _shown_file(resource, record, n, file, data) for n, (file, data) in enumerate(contents(company, record), 1)
        ]
    elif resource.lines:
        rows = Rows(company).lines(object_named(resource.object), record)
        kept = record.body.get("LINES", ())
        body[resource.lines] = [
            _shown_line(company, resource, record, row, line) for row, line in zip(rows, kept, strict=True)
        ]
    return body


def _shown_line(
    company: Company, resource: Resource, record: Record, row: Mapping[str, str], line: Mapping[str, Any]
) -> dict[str, Any]:
    """A line with its own address, the document that it is of, and its taxes."""
    key = row["RECORDNO"]
    members = _row(company, resource.line_members, row, record, words=resource.line_words)
    shown: dict[str, Any] = {
        **_address(resource.line_path, key),
        **nested({**members, **own_dimensions(company, line)}),
    }
    if resource.owner:
        shown[resource.owner] = {**_address(resource.path, str(record.body["RECORDNO"]))}
    taxes = line.get("TAXENTRIES")
    if taxes:
        held = [_shown_tax(company, resource, record, line, tax) for tax in taxes["TAXENTRY"]]
        shown["taxEntries"] = [{"key": f"{key}{n}", "id": f"{key}{n}", **tax} for n, tax in enumerate(held, 1)]
    return shown


def _address(path: str, key: str) -> dict[str, str]:
    return {"key": key, "id": key, "href": f"/objects/{path}/{key}"}


def _shown_tax(
    company: Company, resource: Resource, record: Record, line: Mapping[str, Any], tax: Mapping[str, str]
) -> dict[str, Any]:
    """A tax of a line: its amounts in the currency of the document and of the company, its rate, its detail."""
    name, path = resource.tax_detail
    rate = Decimal(line.get("EXCHANGE_RATE") or record.body.get("EXCHANGE_RATE") or 1)
    amount = Decimal(tax["TRX_TAX"])
    detail = find(company, "TAXDETAIL", tax["DETAILID"])
    key = str(detail.body["RECORDNO"]) if detail else None
    return {
        "baseTaxAmount": written(AMOUNT, decimal_text(Money(amount * rate, company.currency).rounded().amount)),
        "txnTaxAmount": written(AMOUNT, tax["TRX_TAX"]),
        "taxRate": written(NUMBER, str(tax["TAXRATE"])),
        name: {"id": tax["DETAILID"], "key": key, "href": f"/objects/{path}/{key}" if key else None},
    }


def _shown_file(
    resource: Resource, record: Record, number: int, file: Mapping[str, Any], content: bytes
) -> dict[str, Any]:
    # Source: github.com/lorenz-bus-service/node-intacct-rest-api (company-configuration: the format of the data is
    # called base64zip, its examples are plain Base64), github.com/control-air-enterprises/intacct-php-sdk (as these)
    return {
        **_address(resource.line_path, f"{record.body['RECORDNO']}{number:03d}"),
        "name": f"{file['NAME']}.{file['TYPE']}",
        "size": int(file["SIZE"]),
        "data": base64.b64encode(content).decode("ascii"),
        resource.owner: {"key": str(record.body["RECORDNO"]), "id": record.id, "href": href(resource, record)},
    }


def leaves(
    company: Company, resource: Resource, record: Record, *, names: Collection[str] | None = None
) -> dict[str, Any]:
    """A record as flat members, as the query service selects them: all, or those of some names."""
    kind = object_named(resource.object)
    members = [member for member in resource.members if names is None or _is_named(member, names)]
    found = _row(company, members, Rows(company).row(kind, record), record, words=resource.words)
    if kind.is_document:
        found["state"] = state_of(record)
    found["id"] = record.id if kind.is_document else str(record.body.get(resource.id, record.id))
    found["key"] = str(record.body["RECORDNO"])
    return found


def _is_named(member: Member, names: Collection[str]) -> bool:
    return any(name == member.path or name.startswith(f"{member.path}.") for name in names)


def _row(
    company: Company, members: Sequence[Member], row: Mapping[str, str], record: Record, *, words: Words
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for member in members:
        if member.target:
            found |= _shown_reference(company, member, row.get(member.name, ""))
        else:
            found[member.path] = _shown(member, row, record, words.get(member.name, {}))
    return found


def _shown_reference(company: Company, member: Member, id: str) -> dict[str, Any]:
    """The id, key and address of what a member refers to, and its name where it has one."""
    record = find(company, member.target, id) if id else None
    key = str(record.body["RECORDNO"]) if record else None
    address = f"/objects/{PATHS[member.target]}/{key}" if key else None
    shown: dict[str, Any] = {
        f"{member.path}.id": id or None,
        f"{member.path}.key": key,
        f"{member.path}.href": address,
    }
    name = str(record.body.get("NAME") or record.body.get("TITLE") or "") if record else ""
    return {**shown, f"{member.path}.name": name} if name else shown


def _shown(member: Member, row: Mapping[str, str], record: Record, words: Mapping[str, str]) -> Any:
    if member.field in ("@created", "@modified"):
        moment = record.created if member.field == "@created" else record.updated
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    value = row.get(member.name, "")
    if member.name.startswith(_DATED) and value:
        return iso_date(value)
    return written(member.form, next((word for word, kept in words.items() if kept == value), value))


def state_of(record: Record) -> str:
    """The state of a document in the words of REST."""
    return _camel(str(record.body.get("STATE", "")))


def _camel(text: str) -> str:
    first, *rest = text.split() or [""]
    return first.lower() + "".join(word.capitalize() for word in rest)


def nested(row: Mapping[str, Any]) -> dict[str, Any]:
    """Flat members as nested ones. A value gives way to a group of the same name."""
    made: dict[str, Any] = {}
    for path, value in row.items():
        *heads, last = path.split(".")
        place = made
        for head in heads:
            inner = place.get(head)
            if not isinstance(inner, dict):
                inner = place[head] = {}
            place = inner
        if not isinstance(place.get(last), dict):
            place[last] = value
    return made


def href(resource: Resource, record: Record) -> str:
    """The address of a record below the API's base."""
    return f"/objects/{resource.path}/{record.body['RECORDNO']}"


def comparable(value: Any) -> str:
    """A member's value as the query service compares it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return decimal_text(value)
    text = "" if value is None else str(value)
    moment = parse_instant(text) if text[:4].isdigit() and "T" in text else None
    return moment.strftime("%Y-%m-%d %H:%M:%S") if moment else text
