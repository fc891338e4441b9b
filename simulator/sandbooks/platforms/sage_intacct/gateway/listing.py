"""The reading functions: query, readByQuery, readMore, read, readByName, get_list, get.

Element names as the live answers have them: upper case in ``query`` and ``read``, lower case in ``readByQuery``, lower
case throughout in the older lists.
Source: developer.intacct.com/web-services/queries, github.com/Intacct/intacct-sdk-php (fixtures)
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any

from lxml import etree
from msgspec.structs import replace

from sandbooks.kit.call import Call
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.records import Record
from sandbooks.platforms.sage_intacct.documents.attachments import contents
from sandbooks.platforms.sage_intacct.documents.registry import kind_named
from sandbooks.platforms.sage_intacct.gateway import absent, formats, legacy
from sandbooks.platforms.sage_intacct.gateway.envelope import Function
from sandbooks.platforms.sage_intacct.gateway.older_lines import lines_of, parted
from sandbooks.platforms.sage_intacct.gateway.replies import Result, data
from sandbooks.platforms.sage_intacct.objects import own
from sandbooks.platforms.sage_intacct.objects.catalogue import ObjectType
from sandbooks.platforms.sage_intacct.objects.keeping import by_external_key, by_name, by_number, find
from sandbooks.platforms.sage_intacct.objects.relations import has
from sandbooks.platforms.sage_intacct.query import filters
from sandbooks.platforms.sage_intacct.query.answer import AGGREGATES, aggregated, known, page, search, shown
from sandbooks.platforms.sage_intacct.query.rows import Row, Rows, whole
from sandbooks.platforms.sage_intacct.refusals import FieldsNotQueried, FieldUnknown, NotFound, QueryMalformed
from sandbooks.platforms.sage_intacct.wire.xml import append, child, children, name_of, text

RESULTS, LATEST = "sage_intacct/result", "sage_intacct/latest_result"


def _result(function: Function, found: etree._Element | None, **more: Any) -> Result:
    return Result(function=function.name, control_id=function.control_id, data=found, **more)


def _kind(call: Call, name: str) -> ObjectType:
    """The object of a request, with the fields of the company's own that it may have."""
    kind = own.object_of(call.company, name) or kind_named(name)
    mine = tuple(name for name in call.company.settings.get("custom_fields", ()) if name not in kind.fields)
    if "CLASSID" in kind.fields and "LOCATIONID" in kind.fields:
        mine += own.fields_of(call.company)
    return replace(kind, own=mine) if mine else kind


def _rows(call: Call, *, private: bool = False) -> Rows:
    return Rows(call.company, lag=call.exchange.lag, private=private)


def _whole_number(element: etree._Element, name: str, default: int, most: int, *, least: int = 0) -> int:
    value = text(child(element, name))
    if not value:
        return default
    if not (value.isascii() and value.isdigit()) or len(value) > 9:
        raise QueryMalformed(f"{name} is {value[:20]!r}")
    number = int(value)
    if number > most:
        raise QueryMalformed(f"{name} is at most {most}")
    if number < least:
        raise QueryMalformed(f"{name} is at least {least}")
    return number


def _check_format(element: etree._Element) -> None:
    # Source: developer.intacct.com/web-services/queries (docparid: of order, purchasing and inventory documents)
    if text(child(element, "docparid")):
        raise QueryMalformed("docparid is of objects with transaction definitions")
    if _format(element) != "xml":
        raise NotSimulated(f"return format {_format(element)[:20]} of {name_of(element)}", instead="xml, or query")


def _format(element: etree._Element) -> str:
    """The return format that a function asks for, in its options or beside them."""
    holders = (element, child(element, "options"))
    inner = (each for holder in holders if holder is not None for each in children(holder))
    return next((text(each) for each in inner if name_of(each).lower() == "returnformat" and text(each)), "xml").lower()


def query(call: Call, function: Function) -> Result:
    """``query``: fields or aggregates of an object, filtered, sorted, in pages of up to 2000."""
    element = function.element
    kind = _kind(call, text(child(element, "object")))
    format = _format(element)
    if format not in formats.FORMATS:
        raise QueryMalformed(f"return format {format[:20]!r}")
    if text(child(element, "docparid")):
        raise QueryMalformed("docparid is of objects with transaction definitions")
    select, options = child(element, "select"), child(element, "options")
    picked = children(select) if select is not None else []
    named = [text(inner) for inner in picked if name_of(inner) == "field"]
    strange = tuple(name.strip()[:60] for name in named if not has(kind, name.strip().upper()))
    if strange:
        raise FieldsNotQueried(kind.name, strange)
    plain = known(kind, named)
    functions = [(name_of(inner), known(kind, [text(inner)])[0]) for inner in picked if name_of(inner) in AGGREGATES]
    if not plain and not functions:
        raise QueryMalformed("select names no field")
    private = options is not None and text(child(options, "showprivate")) == "true"
    folded = options is not None and text(child(options, "caseinsensitive")) == "true"
    rows = _rows(call, private=private)
    condition = filters.of_query(kind, child(element, "filter"))
    found = search(rows, kind, condition, order=_order(kind, child(element, "orderby")), folded=folded)
    if functions:
        found = aggregated(rows, kind, found, plain, functions)
    size = _whole_number(element, "pagesize", 100, 2000, least=1)
    cut = page(found, offset=_whole_number(element, "offset", 0, 10**9), size=size)
    shown_rows = [row if functions else shown(rows, kind, row, plain) for row in cut.rows]
    if format != "xml":
        return _result(function, None, raw=formats.written(format, shown_rows))
    answer = data(
        listtype=kind.name,
        totalcount=str(cut.total),
        offset=str(cut.offset),
        count=str(len(cut.rows)),
        numremaining=str(cut.remaining),
    )
    for row in shown_rows:
        append(answer, kind.name, _cased(call, kind, row))
    return _result(function, answer)


def _order(kind: ObjectType, element: etree._Element | None) -> list[tuple[str, bool]]:
    found = []
    for order in children(element) if element is not None else []:
        (name,) = known(kind, [text(child(order, "field"))])
        found.append((name, child(order, "descending") is not None))
    return found


def read_by_query(call: Call, function: Function) -> Result:
    """``readByQuery``: a text query, in pages of up to 1000; what remains is fetched by ``readMore``."""
    element = function.element
    kind = _kind(call, text(child(element, "object")))
    _check_format(element)
    fields = _asked_fields(kind, text(child(element, "fields")))
    for name in fields:
        if name not in kind.fields and name not in kind.own:
            raise FieldUnknown(kind.name, name[:60])
    size = _whole_number(element, "pagesize", 100, 1000, least=1)
    rows = _rows(call)
    found = search(rows, kind, filters.QueryText(kind, text(child(element, "query"))).condition())
    shown_now = [shown(rows, kind, row, fields) for row in found[:size]]
    result_id = ""
    if len(found) > size:
        result_id = call.world.ids.token("sage_intacct/result", length=40)
        keys = [row["RECORDNO"] for row in found]
        kept = {"company": call.company.id, "object": kind.name, "fields": fields, "size": size, "keys": keys}
        with call.world.unit():
            call.world.put(RESULTS, result_id, {**kept, "offset": size})
            call.world.put(LATEST, _latest(call, kind), result_id)
    return _query_page(call, function, kind, shown_now, result_id=result_id, total=len(found), remain=len(found) - size)


def _latest(call: Call, kind: ObjectType) -> str:
    return f"{call.company.id}/{call.exchange.caller}/{kind.name}"


def _asked_fields(kind: ObjectType, value: str) -> list[str]:
    names = [name for name in value.replace(" ", "").split(",") if name]
    return list(kind.fields) if not names or names == ["*"] else known(kind, names)


def _query_page(
    call: Call, function: Function, kind: ObjectType, rows: Sequence[Row], *, result_id: str, total: int, remain: int
) -> Result:
    remaining = max(0, remain)
    answer = data(
        listtype=kind.name.lower(),
        count=str(len(rows)),
        totalcount=str(total),
        numremaining=str(remaining),
        resultId=result_id if remaining else "",
    )
    for row in rows:
        append(answer, kind.name.lower(), _cased(call, kind, row))
    return _result(function, answer)


def _cased(call: Call, kind: ObjectType, row: Row) -> Row:
    """A row under its field names; objects of the company's own write them small."""
    # Source: github.com/fylein/fyle-intacct-api (id and name of dimension values)
    return {name.lower(): value for name, value in row.items()} if own.named(call.company, kind.name) else row


def read_more(call: Call, function: Function) -> Result:
    """``readMore``: the next page of a readByQuery, named by its result id or as the newest one of its object.

    One id serves for all pages: each call goes on where the last one ended, over the records that the query found when
    it ran. So a call that is repeated because its answer was lost goes past a page.
    """
    # Source: https://developer.intacct.com/web-services/queries/ (the result id of readByQuery is given again and
    # again; pages come from the same originating call, whatever changes meanwhile)
    # Unconfirmed: the answer past the last page; here an empty page.
    result_id = _result_named(call, function)
    kept = call.world.get(RESULTS, result_id) if result_id else None
    if kept is None or kept["company"] != call.company.id:
        raise NotFound("resultId", result_id[:60])
    kind, start = _kind(call, kept["object"]), kept["offset"]
    end = start + kept["size"]
    rows = _rows(call)
    page_keys = kept["keys"][start:end]
    standing = _by_key(rows, kind, page_keys)
    with call.world.unit():
        call.world.put(RESULTS, result_id, {**kept, "offset": end})
    found = [shown(rows, kind, standing[key], kept["fields"]) for key in page_keys if key in standing]
    total = len(kept["keys"])
    return _query_page(call, function, kind, found, result_id=result_id, total=total, remain=total - end)


def _result_named(call: Call, function: Function) -> str:
    for name in ("view", "reportId"):
        if child(function.element, name) is not None:
            raise NotSimulated(f"readMore by {name}", instead="resultId or object")
    named = child(function.element, "object")
    if named is None:
        return text(child(function.element, "resultId"))
    return str(call.world.get(LATEST, _latest(call, _kind(call, text(named)))) or "")


def _by_key(rows: Rows, kind: ObjectType, keys: Sequence[str]) -> dict[str, Row]:
    """The rows of some record numbers that still stand."""
    found = {key: rows.with_values(kind, "RECORDNO", [key]) for key in keys}
    if None not in found.values():
        return {key: row for key, held in found.items() for row in held or ()}
    wanted = set(keys)
    return {row["RECORDNO"]: row for row in rows.of(kind) if row["RECORDNO"] in wanted}


def read(call: Call, function: Function) -> Result:
    """``read``: whole records by RECORDNO; an empty list of keys reads the first hundred."""
    return _read(call, function, by_name_too=False)


def read_by_name(call: Call, function: Function) -> Result:
    """``readByName``: whole records by their own keys."""
    return _read(call, function, by_name_too=True)


def _read(call: Call, function: Function, *, by_name_too: bool) -> Result:
    element = function.element
    kind = _kind(call, text(child(element, "object")))
    _check_format(element)
    names = _asked_fields(kind, text(child(element, "fields")))
    everything = text(child(element, "fields")) in ("", "*")
    keys = [key.strip() for key in text(child(element, "keys")).split(",") if key.strip()]
    if kind.parent or kind.view or (kind.name.endswith("DETAIL") and not kind.key.endswith("ID")):
        return _read_views(call, function, kind, names, keys)
    rows = _rows(call)
    lookup = by_name if by_name_too else by_number
    records = [lookup(call.company, kind, key) for key in keys] if keys else list(rows.records(kind))[:100]
    seen = [record for record in records if record is not None and rows.sees(record.body)]
    if keys and not seen:
        raise NotFound(kind.name, ",".join(keys)[:80])
    answer = data(listtype=kind.name, count=str(len(seen)))
    for record in seen:
        append(
            answer,
            kind.name,
            _shown_whole(rows, kind, record) if everything else shown(rows, kind, rows.row(kind, record), names),
        )
    return _result(function, answer)


def _shown_whole(rows: Rows, kind: ObjectType, record: Record) -> dict[str, Any]:
    found = whole(kind, record)
    row = rows.row(kind, record)
    return {
        name: row.get(name, value) if not isinstance(value, (dict, list)) else value for name, value in found.items()
    }


def _read_views(call: Call, function: Function, kind: ObjectType, names: Sequence[str], keys: Sequence[str]) -> Result:
    rows = _rows(call)
    found = [row for row in rows.of(kind) if not keys or row["RECORDNO"] in keys][: len(keys) or 100]
    if keys and not found:
        raise NotFound(kind.name, ",".join(keys)[:80])
    answer = data(listtype=kind.name, count=str(len(found)))
    for row in found:
        append(answer, kind.name, _cased(call, kind, shown(rows, kind, row, names)))
    return _result(function, answer)


# Older lists


def _listed(word: str) -> ObjectType:
    """The object behind the name of an older list. Raises ``NotSimulated`` for what only the product has."""
    if word in absent.LISTS:
        raise NotSimulated(f"the older list {word}")
    return kind_named(legacy.LISTS.get(word, word))


def get_list(call: Call, function: Function) -> Result:
    """``get_list``: the older list of an object, ``start`` from 0."""
    element = function.element
    word = element.get("object", "")
    kind = _listed(word)
    names = _legacy_names(kind)
    rows = _rows(call, private=element.get("showprivate") == "true")
    condition = filters.of_list(kind, child(element, "filter"), names)
    found = search(rows, kind, condition, order=_sorts(kind, child(element, "sorts"), names))
    start = _attribute(element, "start", 0)
    most = _attribute(element, "maxitems", 100)
    if (more := child(element, "additional_parameters")) is not None and children(more):
        raise NotSimulated("additional_parameters of get_list", instead="filter")
    cut = page(found, offset=start, size=most)
    answer = data()
    wanted = child(element, "fields")
    fields = {text(inner).lower() for inner in children(wanted)} if wanted is not None else set()
    for row in cut.rows:
        append(answer, word, _legacy_row(call, rows, kind, row, word=word, wanted=fields))
    end = max(start, start + len(cut.rows) - 1)
    listtype = (word, {"start": str(start), "end": str(end), "total": str(cut.total)})
    return _result(function, answer, listtype=listtype)


def get(call: Call, function: Function) -> Result:
    """``get``: one object of the older lists by its key."""
    element = function.element
    word = element.get("object", "")
    kind = _listed(word)
    key = element.get("key", "")
    lookup = by_external_key if element.get("externalkey") == "true" else find
    record = lookup(call.company, kind.name, key) if key else None
    rows = _rows(call)
    if record is None or not rows.sees(record.body):
        raise NotFound(kind.name, key[:80])
    wanted = child(element, "fields")
    fields = {text(inner).lower() for inner in children(wanted)} if wanted is not None else set()
    answer = data()
    append(answer, word, _legacy_row(call, rows, kind, rows.row(kind, record), word=word, wanted=fields))
    return _result(function, answer, listtype=(word, {"start": "0", "end": "0", "total": "1"}))


def _attribute(element: etree._Element, name: str, default: int) -> int:
    value = element.get(name, "")
    if not value:
        return default
    if not (value.isascii() and value.isdigit()) or len(value) > 9:
        raise QueryMalformed(f"{name} is {value[:20]!r}")
    return int(value)


def _legacy_names(kind: ObjectType) -> dict[str, str]:
    names = legacy.names_of(kind.name)
    if kind.name == "SUPDOC":
        names |= {"FOLDER": "SUPDOCFOLDERNAME", "DESCRIPTION": "SUPDOCDESCRIPTION"}
    if kind.name == "SUPDOCFOLDER":
        names |= {"SUPDOCFOLDERNAME": "NAME", "SUPDOCPARENTFOLDERNAME": "PARENTFOLDER"}
    return {**names, "KEY": kind.key, "RECORDNO": "RECORDNO"}


def _sorts(kind: ObjectType, element: etree._Element | None, names: dict[str, str]) -> list[tuple[str, bool]]:
    found = []
    for sort in children(element) if element is not None else []:
        (name,) = known(kind, [names.get(text(sort).upper(), text(sort))])
        found.append((name, sort.get("order") == "desc"))
    return found


# Source: github.com/Intacct/intacct_dtd (intacct_response.v2.1.dtd). Unconfirmed: that 3.0 answers alike.
_WRITTEN = ("JOURNALID", "SUPDOCFOLDERNAME", "SUPDOCPARENTFOLDERNAME")  # names of functions that no list answers with
_KEYED = ("CLASS", "PROJECT")
_DATES = ("datecreated", "dateposted", "datedue", "datepaid", "creationdate")


def _legacy_row(call: Call, rows: Rows, kind: ObjectType, row: Row, *, word: str, wanted: set[str]) -> dict[str, Any]:
    names = _legacy_names(kind)
    old = {new: name for name, new in names.items() if name not in ("KEY", "RECORDNO", *_WRITTEN)}
    made: dict[str, Any] = {"key": row.get(kind.key, "")} if kind.is_document or kind.name in _KEYED else {}
    for name in kind.fields:
        if "." not in name:
            told = old.get(name, name).lower()
            made[told] = parted(row.get(name, "")) if told in _DATES else row.get(name, "")
    if kind.name == "SUPDOC":
        made |= _files(call, row["SUPDOCID"])
    if kind.is_document:
        made |= lines_of(rows, kind.name, row["RECORDNO"], word)
    return {name: value for name, value in made.items() if not wanted or name in wanted}


def _files(call: Call, id: str) -> dict[str, Any]:
    record = find(call.company, "SUPDOC", id)
    if record is None:
        return {}
    files = [
        {
            "attachmentname": file["NAME"],
            "attachmenttype": file["TYPE"],
            "attachmentdata": base64.b64encode(content).decode("ascii"),
        }
        for file, content in contents(call.company, record)
    ]
    return {"attachments": {"attachment": files}} if files else {"attachments": ""}
