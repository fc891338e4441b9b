"""Between REST documents and the fields of objects: nested JSON on one side, native names and texts on the other."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sandbooks.kit.company import Company
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.records import Record
from sandbooks.money import Money
from sandbooks.platforms.sage_intacct.documents.attachments import contents
from sandbooks.platforms.sage_intacct.objects import own
from sandbooks.platforms.sage_intacct.objects.catalogue import object_named
from sandbooks.platforms.sage_intacct.objects.keeping import by_name, by_number, find
from sandbooks.platforms.sage_intacct.query.rows import Rows
from sandbooks.platforms.sage_intacct.refusals import FieldMalformed, FieldUnknown, ReferenceInvalid
from sandbooks.platforms.sage_intacct.rest.members import AMOUNT, NUMBER, Member, Resource, Words, written
from sandbooks.platforms.sage_intacct.rest.resources import PATHS
from sandbooks.platforms.sage_intacct.wire.scalars import decimal_text, iso_date, parse_instant
from sandbooks.platforms.sage_intacct.wire.xml import Fields

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
)
_IGNORED = ("key", "href", "ia::status")
_ACTIONS = {"draft": "Draft", "submitted": "Submit", "submit": "Submit", "posted": "Submit"}


def to_native(company: Company, resource: Resource, body: Any, *, fresh: bool) -> Fields:
    """The fields of an object from a REST document. Raises for unknown members, malformed values, bad references."""
    if not isinstance(body, dict):
        raise FieldMalformed(resource.object, "body", str(body)[:40], "object")
    rest = {name: value for name, value in body.items() if name not in (resource.lines, *_IGNORED)}
    fields = _fields(company, resource, (*resource.taken, *resource.members), rest)
    if fresh:
        for name, value in resource.defaults.items():
            fields.setdefault(name, value)
    # Source: developer.sage.com/intacct (bills: the state is draft unless it is given). Unconfirmed: fyle-intacct-api
    # sends none and takes the bill for posted, so the setting ``rest_bill_state`` chooses.
    if fresh and resource.object == "APBILL" and not fields.get("STATE"):
        fields["STATE"] = str(company.settings.get("rest_bill_state", "submitted"))
    _states(resource, fields)
    lines = body.get(resource.lines) if resource.lines else None
    if lines is not None:
        _put_lines(company, resource, fields, lines)
    return fields


def _states(resource: Resource, fields: Fields) -> None:
    """Words of REST for those of the object."""
    state = fields.get("STATE")
    if isinstance(state, str) and resource.object in ("APBILL", "APPYMT", "APADVANCE"):
        del fields["STATE"]
        fields["ACTION"] = _ACTIONS.get(state.lower(), state)
    if resource.object == "EEXPENSES" and isinstance(state, str):
        fields["STATE"] = state.capitalize()
    for each in (resource.words, resource.taken_words):
        _translate(fields, each)


def _translate(fields: Fields, words: Words) -> None:
    for name, known in words.items():
        if fields.get(name) in known:
            fields[name] = known[fields[name]]


def _put_lines(company: Company, resource: Resource, fields: Fields, lines: Any) -> None:
    if not isinstance(lines, list):
        raise FieldMalformed(resource.object, resource.lines, str(lines)[:40], "list")
    if resource.object == "SUPDOC":
        fields["ATTACHMENTS"] = {"ATTACHMENT": [_file(each) for each in lines]}
    elif resource.holder is not None:
        group, item = resource.holder
        fields[group] = {item: [_line(company, resource, each) for each in lines]}


def _file(given: Any) -> Fields:
    if not isinstance(given, dict):
        raise FieldMalformed("SUPDOC", "files", str(given)[:40], "object")
    name, data = given.get("name"), given.get("data")
    if not isinstance(name, str) or not isinstance(data, str):
        raise FieldMalformed("SUPDOC", "files", str(name)[:40], "file with name and data")
    stem, dot, extension = name.rpartition(".")
    return {
        "ATTACHMENTNAME": stem if dot else name,
        "ATTACHMENTTYPE": extension if dot else "bin",
        "ATTACHMENTDATA": data,
    }


def _line(company: Company, resource: Resource, given: Any) -> Fields:
    if not isinstance(given, dict):
        raise FieldMalformed(resource.object, resource.lines, str(given)[:40], "object")
    rest = {name: value for name, value in given.items() if name not in ("taxEntries", *_IGNORED, "id")}
    line = _fields(company, resource, (*resource.line_taken, *resource.line_members), rest)
    _translate(line, resource.line_words)
    if resource.object == "APPYMT":
        line = _adjustments(company, line)
    taxes = given.get("taxEntries")
    if taxes:
        if not isinstance(taxes, list):
            raise FieldMalformed(resource.object, "taxEntries", str(taxes)[:40], "list")
        line["TAXENTRIES"] = {"TAXENTRY": [_tax(company, resource, each) for each in taxes]}
    return line


def _adjustments(company: Company, line: Fields) -> Fields:
    """The adjustments of a payment's detail under the key of what each is: one that is owed, or a credit."""
    given = {name: line[name] for name in ("POSADJKEY", "ADJUSTMENTKEY") if line.get(name)}
    found = {name: value for name, value in line.items() if name not in given}
    for name, id in given.items():
        record = find(company, "APADJUSTMENT", id)
        place = name if record is None else _side(record)
        if place in found:
            raise FieldMalformed("APPYMT", "details", id, "one adjustment of each sort")
        found[place] = id
    return found


def _side(adjustment: Record) -> str:
    return "POSADJKEY" if Decimal(adjustment.body["TRX_TOTALENTERED"]) < 0 else "ADJUSTMENTKEY"


def _tax(company: Company, resource: Resource, given: Any) -> Fields:
    detail = given.get("purchasingTaxDetail", given.get("taxDetail")) if isinstance(given, dict) else None
    id = _reference(company, resource, Member("purchasingTaxDetail", "DETAILID", "TAXDETAIL"), detail)
    amount = given.get("txnTaxAmount") if isinstance(given, dict) else None
    return {"DETAILID": id, **({"TRX_TAX": _text(resource, "txnTaxAmount", amount)} if amount is not None else {})}


def _fields(company: Company, resource: Resource, members: Sequence[Member], body: Mapping[str, Any]) -> Fields:
    fields: Fields = {}
    references = {member.path: member for member in members if member.target}
    plain = {member.path: member for member in members if not member.target}
    for path, value in _leaves(body, tuple(references)):
        if path in references:
            member = references[path]
            if not member.is_answered_only:
                _put(fields, member, _reference(company, resource, member, value))
        elif path in plain:
            _set(fields, resource, plain[path], value)
        elif "nsp::" in path:
            fields |= _own_dimension(company, path, _text(resource, path, value))
        elif path.rpartition(".")[2] not in _IGNORED:
            raise FieldUnknown(resource.object, path[:60])
    return fields


def _own_dimension(company: Company, path: str, value: str) -> Fields:
    """The value of a dimension of the company's own. Raises ``NotSimulated`` for fields of its own."""
    name, _, part = path.partition("nsp::")[2].partition(".")
    if not value:
        return {}
    if not own.named(company, name) or part not in ("key", "id"):
        raise NotSimulated(f"user-defined member {path[:60]}", instead="the dimensions of the setting user_dimensions")
    return {f"{own.PREFIX}{name.upper()}": value}


def own_dimensions(company: Company, line: Mapping[str, Any]) -> dict[str, Any]:
    """The values of the company's own dimensions that a line names, as flat members."""
    found: dict[str, Any] = {}
    for name, values in own.dimensions_of(company).items():
        id = line.get(f"{own.PREFIX}{name.upper()}")
        if id:
            path = f"dimensions.nsp::{name}"
            found |= {f"{path}.key": id, f"{path}.id": id, f"{path}.name": values.get(id)}
    return found


def _set(fields: Fields, resource: Resource, member: Member, value: Any) -> None:
    if not member.is_answered_only:
        _put(fields, member, _text(resource, member.path, value))


def _put(fields: Fields, member: Member, text: str) -> None:
    """A value under its field, which may lie in a group; nothing does not replace what another name said."""
    head, dot, tail = member.field.partition(".")
    if dot:
        fields.setdefault(head, {})[tail] = text
    elif text or member.field not in fields:
        fields[member.field] = text


def _leaves(body: Mapping[str, Any], references: tuple[str, ...], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in body.items():
        path = f"{prefix}{name}"
        if isinstance(value, dict) and path not in references:
            yield from _leaves(value, references, f"{path}.")
        else:
            yield path, value


def _text(resource: Resource, path: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, Decimal)):
        return decimal_text(Decimal(value)) if abs(Decimal(value)) < 10**30 else "too large"
    if not isinstance(value, str):
        raise FieldMalformed(resource.object, path, str(value)[:40], "plain value")
    return value


def _reference(company: Company, resource: Resource, member: Member, value: Any) -> str:
    """The id behind ``{"id": ...}`` or ``{"key": ...}``."""
    if value is None or value == {}:
        return ""
    kind = object_named(member.target)
    if isinstance(value, str):
        return value
    if not isinstance(value, dict):
        raise FieldMalformed(resource.object, member.path, str(value)[:40], "reference")
    key, id = value.get("key"), value.get("id")
    if key not in (None, ""):
        record = by_number(company, kind, str(key)[:100])
        if record is None:
            raise ReferenceInvalid(resource.object, kind.title, str(key)[:80])
        return record.id
    if id in (None, ""):
        return ""
    if kind.is_document:
        record = by_name(company, kind, str(id)[:100])
        return record.id if record else str(id)[:100]
    return str(id)


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
    # Unconfirmed: the OpenAPI calls the data zipped (base64zip); public clients send and read plain base64.
    return {
        **_address(resource.line_path, f"{record.body['RECORDNO']}{number:03d}"),
        "name": f"{file['NAME']}.{file['TYPE']}",
        "size": int(file["SIZE"]),
        "data": base64.b64encode(content).decode("ascii"),
        resource.owner: {"key": str(record.body["RECORDNO"]), "id": record.id, "href": href(resource, record)},
    }


def leaves(company: Company, resource: Resource, record: Record) -> dict[str, Any]:
    """A record as flat members, as the query service selects them."""
    kind = object_named(resource.object)
    found = _row(company, resource.members, Rows(company).row(kind, record), record, words=resource.words)
    if kind.is_document:
        found["state"] = state_of(record)
    found["id"] = record.id if kind.is_document else str(record.body.get(resource.id, record.id))
    found["key"] = str(record.body["RECORDNO"])
    return found


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
