"""The course of a write: elements read, each checked and saved on its own, all in one unit with the idempotency key.

# Source: https://developer.xero.com/documentation/api/accounting/requests-and-responses (summarizeErrors) and
# https://developer.xero.com/documentation/guides/idempotent-requests/idempotency/
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, TypeAlias

from msgspec import Struct

from sandbooks.kit.call import Call
from sandbooks.kit.records import Record
from sandbooks.kit.xml_text import clean
from sandbooks.ledger import Refusal
from sandbooks.platforms.xero import query, refusals, views
from sandbooks.platforms.xero.entities import ENTITIES
from sandbooks.platforms.xero.records import ID_FIELD
from sandbooks.platforms.xero.refusals import BatchInvalid, Invalid, KeyInvalid, KeyReused, NotFound, TooLarge
from sandbooks.platforms.xero.wire import reading, writing
from sandbooks.platforms.xero.wire.errors import messages_of
from sandbooks.wire import Response

Body: TypeAlias = dict[str, Any]
Writer: TypeAlias = Callable[[Call, Mapping[str, Any], Record | None], Record]

ZERO_GUID = "00000000-0000-0000-0000-000000000000"
BODY_MOST = 3_500_000  # Source: https://developer.xero.com/documentation/guides/oauth2/limits/ (request size)
KEY_MOST = 128
# Unconfirmed: how long a key is kept; the organisation setting `idempotency_minutes` moves it.
KEY_MINUTES = 6
_IDEMPOTENCY = "xero/idempotency"
# Refusals that concern the request, not one element of it.
_OF_REQUEST = (refusals.Unreadable, refusals.NotFound, refusals.QueryUnreadable, refusals.NotImplementedHere)


class Outcome(Struct, frozen=True):
    """What became of one element: a record, or what is wrong with it."""

    record: Record | None
    echo: Body
    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def warn(call: Call, message: str) -> None:
    """Note something that was changed on the way in; the element's answer tells it."""
    call.facts.setdefault("warnings", []).append(message)


def keyed(call: Call, run: Callable[[], Response]) -> Response:
    """Run a write in one unit; with an Idempotency-Key its answer is kept in that unit and repeated."""
    key = call.header("Idempotency-Key").strip()
    if not key:
        with call.unit():
            return run()
    if len(key) > KEY_MOST:
        raise KeyInvalid
    owner = call.token.grant.client_id if call.token else ""
    place, mark = f"{owner}/{call.company.id}/{key}", _fingerprint(call)
    kept = call.world.get(_IDEMPOTENCY, place)
    if kept is not None and call.world.clock.micros() < kept["until"]:
        if kept["request"] != mark:
            raise KeyReused(key)
        headers = tuple((name, value) for name, value in kept["headers"])
        return Response(kept["status"], headers, kept["body"].encode())
    with call.unit():
        answer = run()
        call.world.put(_IDEMPOTENCY, place, _kept(call, mark, answer))
        return answer


def _fingerprint(call: Call) -> str:
    request = call.request
    parts = (request.method.encode(), request.path.lower().encode(), request.query.encode(), request.body)
    return hashlib.sha256(b"\n".join(parts)).hexdigest()


def _kept(call: Call, mark: str, answer: Response) -> Body:
    minutes = int(call.company.settings.get("idempotency_minutes", KEY_MINUTES))
    until = call.world.clock.micros() + timedelta(minutes=minutes) // timedelta(microseconds=1)
    headers = [list(pair) for pair in answer.headers]
    return {
        "request": mark,
        "until": until,
        "status": answer.status,
        "headers": headers,
        "body": answer.body.decode(),
    }


def write(call: Call, kind: str, writer: Writer, *, create: bool | None = None) -> Response:
    """Create or update the submitted elements of a kind. ``create`` defaults to what the method says (PUT creates).

    Raises BatchInvalid when any element is not valid, unless summarizeErrors=false.
    """
    if len(call.request.body) > BODY_MOST:
        raise TooLarge(BODY_MOST)
    making = call.request.method == "PUT" if create is None else create
    plain = reading.elements(call, kind)
    return keyed(call, lambda: _written(call, kind, plain, writer=writer, making=making))


def _written(call: Call, kind: str, plain: list[Body], *, writer: Writer, making: bool) -> Response:
    if "id" in call.args and len(plain) > 1:
        raise Invalid(("Only one element may be submitted to this address.",))
    outcomes = [_one(call, kind, element, writer=writer, making=making) for element in plain]
    apart = query.parameter(call, "summarizeErrors").strip().lower() == "false"
    if not apart and any(outcome.errors for outcome in outcomes):
        raise BatchInvalid(kind, tuple(_refused_element(call, kind, outcome) for outcome in outcomes))
    shown = [_element(call, kind, outcome, apart=apart) for outcome in outcomes]
    return writing.answer(call, kind, shown)


def _one(call: Call, kind: str, plain: Body, *, writer: Writer, making: bool) -> Outcome:
    """One element in a savepoint of its own, so that a refused one leaves nothing behind."""
    noted = len(call.exchange.written)
    call.facts.pop("warnings", None)
    given: Body = _scalars(plain, kind)
    try:
        with call.world.unit():
            given = reading.read(plain, kind)
            record = writer(call, given, None if making else existing(call, kind, given))
    except _OF_REQUEST:
        raise
    except Refusal as refusal:
        del call.exchange.written[noted:]
        return Outcome(None, given, messages_of(refusal))
    return Outcome(record, given, warnings=tuple(call.facts.pop("warnings", ())))


def _scalars(plain: Body, kind: str) -> Body:
    """The single texts and numbers of an element that could not be read, to be echoed."""
    found = {}
    for name, value in plain.items():
        if ENTITIES[kind][name].kind in ("text", "enum", "guid") and isinstance(value, str):
            found[name] = clean(value)
    return found


def existing(call: Call, kind: str, given: Mapping[str, Any]) -> Record | None:
    """The record that an update names, by path or body; None for a create. Raises NotFound, Invalid."""
    name = ID_FIELD[kind]
    id, path_id = given.get(name), call.facts.get("path_id")
    if path_id and id and path_id.lower() != id.lower():
        raise Invalid((f"The {name} in the address and in the body must agree.",))
    wanted = path_id or id
    if not wanted or wanted == ZERO_GUID:
        return None
    record = call.company.records.get(kind, wanted)
    if record is None and kind == "CreditNote":
        # Source: example of updateOrCreateCreditNotes in XeroAPI/Xero-OpenAPI xero_accounting.yaml
        raise Invalid(("An existing Credit Note with the specified CreditNoteID could not be found",))
    if record is None:
        raise NotFound
    return record


def _refused_element(call: Call, kind: str, outcome: Outcome) -> Body:
    """A submitted element as a ValidationException shows it."""
    name = ID_FIELD[kind]
    echo = writing.shown(outcome.echo, kind, json=writing.wants_json(call))
    errors = [{"Message": message} for message in outcome.errors]
    id = echo.pop(name, None) or call.facts.get("path_id") or ZERO_GUID
    return {name: id, **echo, "ValidationErrors": errors}


_HAS_ERRORS = {"Invoice": "HasErrors", "CreditNote": "HasErrors"}


def _element(call: Call, kind: str, outcome: Outcome, *, apart: bool) -> Body:
    """An element of a successful answer; with summarizeErrors=false it carries its own verdict."""
    flag = _HAS_ERRORS.get(kind, "HasValidationErrors")
    if outcome.record is None:
        errors = [{"Message": message} for message in outcome.errors]
        id = {ID_FIELD[kind]: outcome.echo.get(ID_FIELD[kind], ZERO_GUID)}
        return {**id, **outcome.echo, flag: True, "StatusAttributeString": "ERROR", "ValidationErrors": errors}
    body = views.full(call.company, outcome.record)
    for line in body.get("LineItems", ()):
        line["ValidationErrors"] = []
    warnings = [{"Message": message} for message in outcome.warnings]
    if apart:
        said = "WARNING" if warnings else "OK"
        verdict: Body = {"StatusAttributeString": said, flag: False, "ValidationErrors": [], "Warnings": warnings}
        body.update(verdict)
    elif warnings:
        body["Warnings"] = warnings
    return body
