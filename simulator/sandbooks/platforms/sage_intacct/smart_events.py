"""Smart Events: what a company posts to an address when a record of an object is added, set or deleted.

A person defines them on the screens or in a package (``smartLink``): owner object, events, condition, and the address
and arguments of an HTTP post. Here they are the setting ``smart_events``. An argument is text with injections,
``{!APBILL.VENDOR.NAME!}``, which a record and the objects that it reaches fill. The post is a form; nobody waits for
its answer.
Source: https://developer.intacct.com/customization-services/smart-event-walkthrough/ and .../smart-event-examples/
(events, conditions as a gate, injections); github.com/GraniteWMS/GraniteDocs, docs/integration/intacct (a package:
smartLink with httpPostAction); the README of a public bridge from Sage Intacct to Salesforce APTO (a post as it came:
content type, agent, "fire and forget"). Unconfirmed: how conditions are joined, what a field without a value posts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

from sandbooks.kit.company import Company
from sandbooks.kit.outbox import Subscription, send
from sandbooks.kit.records import Record
from sandbooks.platforms.sage_intacct.objects.catalogue import OBJECTS, ObjectType
from sandbooks.platforms.sage_intacct.objects.relations import has
from sandbooks.platforms.sage_intacct.query.conditions import Condition
from sandbooks.platforms.sage_intacct.query.filters import ConditionText
from sandbooks.platforms.sage_intacct.query.rows import Row, Rows
from sandbooks.platforms.sage_intacct.refusals import QueryMalformed

# The words of the screens, by what is told of a record.
EVENTS = {"after_create": "add", "after_update": "set", "after_delete": "delete"}
HEADERS = (
    ("Accept", "*/*"),
    ("Content-Type", "application/x-www-form-urlencoded"),
    ("User-Agent", "Intacct Standard HTTP Agent"),
)
_INJECTION = re.compile(r"\{!([A-Za-z0-9_.]+)!\}")
_TOKEN = re.compile(
    r"\s*(?P<token>\{![A-Za-z0-9_.]+!\}|\"[^\"]*\"|'[^']*'|==|!=|<=|>=|<|>|&&|\|\||\(|\)|[A-Za-z0-9_./:-]+)"
)
_JOINS = {"&&": "and", "||": "or"}
_COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")


def announce(company: Company, record: Record, event: str) -> None:
    """Post what the Smart Events of an object say of a record that ``event`` happened to."""
    for told in company.settings["smart_events"]:
        if told.get("active", True) and told["object"].upper() == record.kind and EVENTS[event] in told["events"]:
            _run(company, told, record, EVENTS[event])


def _run(company: Company, told: Mapping[str, Any], record: Record, event: str) -> None:
    kind, rows = OBJECTS[record.kind], Rows(company, private=True)
    row = rows.row(kind, record)

    def value(row: Row, token: str) -> str:
        return _filled(rows, kind, row, _literal(token))

    if not condition_of(told.get("condition", "")).holds(row, value):
        return
    form = {name: _filled(rows, kind, row, text) for name, text in told["arguments"].items()}
    to = Subscription(id=told["id"], platform="sage_intacct", url=told["target"], secret="", company=company.id)
    send(company.world, to, event=f"{record.kind}.{event}", headers=HEADERS, body=urlencode(form).encode())


def _filled(rows: Rows, kind: ObjectType, row: Row, text: str) -> str:
    """A text with what its injections name."""

    def injected(match: re.Match[str]) -> str:
        name = match[1].upper().partition(".")[2]
        return row.get(name, "") if name in row or name in kind.fields else rows.related(kind, row, name)

    return _INJECTION.sub(injected, text)


def condition_of(text: str) -> Condition:
    """The condition that a text says; its fields are injections and values. Raises ``QueryMalformed``."""
    return _Text(list(_tokens(text))).condition()


class _Text(ConditionText):
    """``({!ARINVOICE.TOTALDUE!} > "3000.00")``"""

    def _comparison(self) -> Condition:
        left, operator, right = self._next(), self._next(), self._next()
        if operator not in _COMPARISONS:
            raise QueryMalformed(f"operator {operator[:20]!r}")
        if "{!" in right or any(each in ("(", ")", "and", "or") for each in (left, right)):
            raise QueryMalformed("a field stands to the left of a value")
        return Condition(field=left, operator=operator.replace("==", "="), values=(_literal(right),))


def _tokens(text: str) -> Iterator[str]:
    at, whole = 0, text.strip()
    while at < len(whole):
        match = _TOKEN.match(whole, at)
        if match is None:
            raise QueryMalformed(f"{whole[at : at + 20]!r} cannot be read")
        at = match.end()
        yield _JOINS.get(match["token"], match["token"])


def _literal(token: str) -> str:
    if token[:1] in ("'", '"'):
        return token[1:-1]
    # Source: https://developer.intacct.com/customization-services/smart-rule-examples ({!VENDOR.ONETIME!}==False)
    return token.lower() if token.lower() in ("true", "false") else token


def works(told: Mapping[str, Any], own: tuple[str, ...]) -> bool:
    """Whether an event can be worked: its object is kept, and what it injects are fields or ``own`` ones of it."""
    kind = OBJECTS.get(told["object"].upper())
    if kind is None or kind.parent or kind.view or not told["events"]:
        return False
    try:
        texts = [*told["arguments"].values(), *condition_of(told.get("condition", "")).fields()]
    except QueryMalformed:
        return False
    names = [name.upper().partition(".") for text in texts for name in _INJECTION.findall(text)]
    return all(head == kind.name and (rest in own or has(kind, rest)) for head, _, rest in names)
