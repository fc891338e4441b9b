"""From REST documents to the fields of objects: nested JSON on one side, native names and texts on the other."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from sandbooks.kit.company import Company
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.records import Record
from sandbooks.platforms.sage_intacct.documents.attachments import files_by_key
from sandbooks.platforms.sage_intacct.objects import own
from sandbooks.platforms.sage_intacct.objects.catalogue import object_named
from sandbooks.platforms.sage_intacct.objects.keeping import by_name, by_number, find
from sandbooks.platforms.sage_intacct.refusals import (
    FieldMalformed,
    FieldMissing,
    FieldUnknown,
    NotFound,
    ReferenceInvalid,
)
from sandbooks.platforms.sage_intacct.rest import owned
from sandbooks.platforms.sage_intacct.rest.members import Member, Resource, Words
from sandbooks.platforms.sage_intacct.wire.scalars import decimal_text
from sandbooks.platforms.sage_intacct.wire.xml import Fields

_IGNORED = ("key", "href", "ia::status")
# Where the keys of files stand that a change takes away.
REMOVED = "@REMOVED"
_ACTIONS = {"draft": "Draft", "submitted": "Submit", "submit": "Submit", "posted": "Submit"}


def to_native(company: Company, resource: Resource, body: Any, *, record: Record | None = None) -> Fields:
    """The fields of an object from a REST document, a new one or the change of a record.

    Raises for unknown members, malformed values, bad references.
    """
    fresh = record is None
    if not isinstance(body, dict):
        raise FieldMalformed(resource.object, "body", str(body)[:40], "object")
    rest = {name: value for name, value in body.items() if name not in (resource.lines, *_IGNORED)}
    fields = _fields(company, resource, (*resource.taken, *resource.members), rest, lacking=resource.lacking)
    if fresh:
        _begin(resource, fields)
    # Source: developer.sage.com/intacct (bills: the state is draft unless it is given). Unconfirmed: fyle-intacct-api
    # sends none and takes the bill for posted, so the setting ``rest_bill_state`` chooses.
    if fresh and resource.object == "APBILL" and not fields.get("STATE"):
        fields["STATE"] = str(company.settings.get("rest_bill_state", "submitted"))
    _states(resource, fields)
    lines = body.get(resource.lines) if resource.lines else None
    if lines is not None:
        _put_lines(company, resource, fields, lines, record)
    return fields


def _begin(resource: Resource, fields: Fields) -> None:
    """What a new document must have, and what it has without being told. Raises ``FieldMissing``."""
    for name, source in resource.copied.items():
        if not fields.get(name) and fields.get(source):
            fields[name] = fields[source]
    for path in resource.required:
        if not any(fields.get(member.name) for member in resource.members if member.path == path):
            raise FieldMissing(resource.object, path)
    if resource.only is not None:
        fields[resource.only[0]] = resource.only[1]
    for name, value in resource.defaults.items():
        fields.setdefault(name, value)


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


def _put_lines(company: Company, resource: Resource, fields: Fields, lines: Any, record: Record | None) -> None:
    if not isinstance(lines, list):
        raise FieldMalformed(resource.object, resource.lines, str(lines)[:40], "list")
    if resource.object == "SUPDOC":
        _put_files(resource, fields, lines, record)
    elif resource.holder is not None:
        group, item = resource.holder
        read = partial(_line, company, resource)
        if record is not None and owned.is_merged(resource):
            fields[group] = {item: owned.merged(resource, record, lines, read)}
        else:
            fields[group] = {item: [read(each) for each in lines]}


def _put_files(resource: Resource, fields: Fields, files: list[Any], record: Record | None) -> None:
    """Files to add, and in a change the keys of those to take away. Raises ``NotFound``, ``NotSimulated`` for a file
    that is neither."""
    added, removed = [], []
    for given in files:
        key = str(given.get("key") or "")[:100] if isinstance(given, dict) else ""
        if record is not None and isinstance(given, dict) and owned.operation_of(given, resource) == owned.DELETE:
            removed.append(key)
        elif record is not None and key:
            if key not in files_by_key(record.body):
                raise NotFound("file", key)
            raise NotSimulated("the change of a file by its key", instead="deleting it and adding another")
        else:
            added.append(_file(given))
    fields["ATTACHMENTS"] = {"ATTACHMENT": added}
    if removed:
        fields[REMOVED] = removed


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
    rest = {
        name: value for name, value in given.items() if name not in ("taxEntries", *_IGNORED, "id", "ia::operation")
    }
    known = (*resource.line_taken, *resource.line_members)
    line = _fields(company, resource, known, rest, lacking=resource.line_lacking)
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


def _fields(
    company: Company,
    resource: Resource,
    members: Sequence[Member],
    body: Mapping[str, Any],
    *,
    lacking: Collection[str] = (),
) -> Fields:
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
        elif any(path == each or path.startswith(f"{each}.") for each in lacking):
            if value not in (None, "", False, [], {}):
                raise NotSimulated(f"{path[:60]} of {resource.path}", instead="a document without it")
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
