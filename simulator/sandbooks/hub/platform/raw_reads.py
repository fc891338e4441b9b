"""Native records of the client's own choice, read by a path that it names, and the members that it asks for.

Paths into a record are the simple form of JSONPath: ``$.Name``, ``$.MetaData.LastUpdatedTime``, ``$[*].number``,
``$.Lines[*].Amount``. Knows JSON documents, not any platform: the records of an answer are its first list of objects.
"""

from __future__ import annotations

from typing import Any

from sandbooks import exact_json
from sandbooks.connector import ReadsAnything, Refused, Steps, Unavailable
from sandbooks.hub.native import Session
from sandbooks.wire import Response

DEPTH_MAX = 6
LINKS = "links"


def read(session: Session, source: str) -> list[dict[str, Any]]:
    """The native records behind a path. Raises what a connector's read raises.

    Source: https://docs.codat.io/using-the-api/custom-data (JSON alone is read, whatever cannot be is a fetch error)
    """
    connector = session.connector
    if not isinstance(connector, ReadsAnything):
        raise Refused(f"{source}: {session.platform.title} is not read in JSON, which data of one's own choice needs")
    return session.run(_steps(connector, session, source))


def _steps(connector: ReadsAnything, session: Session, source: str) -> Steps[list[dict[str, Any]]]:
    answer = yield connector.anything(source, session.consent)
    if not isinstance(answer, Response):
        raise Unavailable(f"no answer to a read of {source}")
    if answer.status >= 400:
        raise Refused(f"{source}: HTTP {answer.status}", status=answer.status)
    try:
        found = exact_json.loads(answer.body)
    except exact_json.MalformedJson:
        raise Refused(f"{source} is not answered with JSON") from None
    return records_in(found)


def records_in(document: Any, *, depth: int = 0) -> list[dict[str, Any]]:
    """The first list of objects in a document, looking at the nearest levels first; links of a page are no records.

    >>> records_in({"QueryResponse": {"Account": [{"Id": "1"}], "maxResults": 1}})
    [{'Id': '1'}]
    >>> records_in({"links": [{"rel": "self"}], "items": [{"id": "12"}]})
    [{'id': '12'}]
    """
    if isinstance(document, list):
        return [each for each in document if isinstance(each, dict)]
    if not isinstance(document, dict) or depth > DEPTH_MAX:
        return []
    members = [value for name, value in document.items() if name != LINKS]
    lists = [each for each in members if isinstance(each, list)]
    inner = [found for each in members if (found := records_in(each, depth=depth + 1))]
    return next((records_in(each) for each in lists if each and isinstance(each[0], dict)), next(iter(inner), []))


def picked(record: Any, path: str) -> Any:
    """What stands at a path of a record, None when nothing does; a list after ``[*]``.

    >>> picked({"a": {"b": 1}, "c": [{"d": 2}, {"d": 3}]}, "$.a.b")
    1
    >>> picked({"c": [{"d": 2}, {"d": 3}]}, "$.c[*].d")
    [2, 3]
    """
    parts = [part for part in path.removeprefix("$").removeprefix("[*]").split(".") if part]
    return _at(record, parts)


def _at(value: Any, parts: list[str]) -> Any:
    for place, part in enumerate(parts):
        name, star, _ = part.partition("[*]")
        value = value.get(name) if isinstance(value, dict) else None
        if star:
            return [_at(each, parts[place + 1 :]) for each in value] if isinstance(value, list) else []
    return value
