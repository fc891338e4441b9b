"""The mapping of a log: where a record of it says method, URL, status, bodies and time.

The file is described by ``contracts/log_mapping.schema.json``. A log of JSON objects is read by JSONPath, one of text
by regular expressions with named groups. Knows nothing of what the requests mean.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from sandbooks import exact_json
from sandbooks.settings import Document, FileInvalid, NodePath, Problem, read_contract, read_document

PARTS = ("at", "method", "url", "host", "status", "request", "response", "id")
NEEDED = ("at", "method", "url")
Record = dict[str, Any]


@dataclass(frozen=True)
class LogMapping:
    """How a log is read: ``records`` takes its text apart, ``instant`` reads its times.

    ``hosts`` are further hosts by what stands behind them; ``encoded`` says that bodies are base64.
    """

    records: Callable[[str], Iterator[Record | None]] = field(repr=False)
    instant: Callable[[Any], datetime] = field(repr=False)
    hosts: Mapping[str, str] = field(default_factory=dict)
    encoded: bool = False


def read_mapping(path: Path) -> LogMapping:
    """The mapping in a file. Raises ``FileInvalid`` with line and remedy."""
    document = read_document(path)
    problems = list(_shape_problems(document))
    if problems:
        raise FileInvalid(problems)
    data: Mapping[str, Any] = document.data
    reader = _json_records(document) if data["format"] == "json" else _text_records(document)
    return LogMapping(
        records=reader,
        instant=_instants(str(data.get("time", "iso"))),
        hosts={str(host).lower(): str(name) for host, name in data.get("hosts", {}).items()},
        encoded=data.get("encoding") == "base64",
    )


def _shape_problems(document: Document) -> Iterator[Problem]:
    from jsonschema import Draft202012Validator

    data = document.data
    schema = read_contract("log_mapping.schema.json")
    named = data.get("format") if isinstance(data, Mapping) else None
    if named not in ("json", "text"):
        remedy = "Begin with `format: json` (an object on each line) or `format: text`."
        yield document.problem((), "The mapping does not say how the log is written.", remedy=remedy)
        return
    meant = {"$ref": f"#/$defs/{named}", "$defs": schema["$defs"]}
    for error in Draft202012Validator(meant).iter_errors(data):
        where: NodePath = tuple(error.absolute_path)
        known = ", ".join(schema["$defs"][named]["properties"])
        yield document.problem(where, f"{error.message}.", remedy=f"A mapping of {named} has: {known}.")


# Records


def _json_records(document: Document) -> Callable[[str], Iterator[Record | None]]:
    import jsonpath

    queries: dict[str, Any] = {}
    for name in PARTS:
        if name in document.data:
            try:
                queries[name] = jsonpath.compile(str(document.data[name]))
            except jsonpath.JSONPathError as error:
                problem = str(error).splitlines()[0]
                remedy = "Write a JSONPath like `$.http.status`."
                raise FileInvalid([document.problem((name,), f"Is no JSONPath: {problem}.", remedy=remedy)]) from error

    def records(text: str) -> Iterator[Record | None]:
        for line in text.splitlines():
            if line.strip():
                yield _by_query(line, queries)

    return records


def _by_query(line: str, queries: Mapping[str, Any]) -> Record | None:
    try:
        decoded = exact_json.loads(line.encode())
    except exact_json.MalformedJson:
        return None
    found = {name: query.match(decoded) for name, query in queries.items()}
    return {name: match.obj for name, match in found.items() if match is not None and match.obj is not None}


def _text_records(document: Document) -> Callable[[str], Iterator[Record | None]]:
    given = document.data["pattern"]
    several = given if isinstance(given, list) else [given]
    patterns = [_pattern(document, ("pattern",), text, flags=re.DOTALL) for text in several]
    groups = {name for pattern in patterns for name in pattern.groupindex}
    missing = [name for name in NEEDED if name not in groups]
    if missing or groups - set(PARTS):
        what = f"has no group {missing[0]}" if missing else f"has a group {min(groups - set(PARTS))} that means nothing"
        remedy = f"Name groups as (?P<{missing[0] if missing else 'url'}>…); there are {', '.join(PARTS)}."
        raise FileInvalid([document.problem(("pattern",), f"The pattern {what}.", remedy=remedy)])
    begins = _pattern(document, ("begins",), str(document.data["begins"])) if "begins" in document.data else None

    def records(text: str) -> Iterator[Record | None]:
        for record in _parted(text, begins):
            found = next((match for pattern in patterns if (match := pattern.search(record))), None)
            yield found and {name: value for name, value in found.groupdict().items() if value is not None}

    return records


def _pattern(document: Document, where: NodePath, text: str, *, flags: int = 0) -> re.Pattern[str]:
    try:
        return re.compile(text, flags)
    except re.error as error:
        remedy = "See https://docs.python.org/3/library/re.html#regular-expression-syntax."
        raise FileInvalid([document.problem(where, f"Is no regular expression: {error}.", remedy=remedy)]) from error


def _parted(text: str, begins: re.Pattern[str] | None) -> Iterator[str]:
    """The records of a text: its lines, or what stands from one beginning to the next."""
    if begins is None:
        yield from (line for line in text.splitlines() if line.strip())
        return
    record: list[str] = []
    for line in text.splitlines():
        if begins.search(line) and record:
            yield "\n".join(record)
            record = []
        record.append(line)
    if record:
        yield "\n".join(record)


# Times


def _instants(form: str) -> Callable[[Any], datetime]:
    if form in ("seconds", "milliseconds"):
        scale = 1 if form == "seconds" else 1000
        return lambda value: datetime.fromtimestamp(float(_number(value) / scale), UTC)
    if form == "iso":
        return lambda value: _aware(datetime.fromisoformat(str(value).strip().replace("Z", "+00:00")))
    return lambda value: _aware(datetime.strptime(str(value).strip(), form))  # noqa: DTZ007 - made aware at once


def _number(value: Any) -> Decimal:
    try:
        return Decimal(str(value))
    except InvalidOperation as error:
        raise ValueError(f"{value!r} is no number of seconds") from error


def _aware(at: datetime) -> datetime:
    return at if at.tzinfo else at.replace(tzinfo=UTC)
