"""From a table of native operations to a Flask application: routing, admission, phases, and native refusals.

A dialect is what a platform exports: its operations and how it says no. The Flask application is made once per process
and serves every world; the exchange arrives in the WSGI environment.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from flask import Flask, request
from flask import Response as FlaskResponse
from msgspec import Struct
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import Rule

from sandbooks.kit.call import Call
from sandbooks.kit.errors import NotSimulated
from sandbooks.ledger import Refusal
from sandbooks.wire import Response
from sandbooks.world import Exchange

ENVIRON_EXCHANGE = "sandbooks.exchange"


class Operation(Struct, frozen=True):
    """One native operation. ``rule`` is a Werkzeug rule on the vendor's own path; ``writes``: it may change books.

    ``public`` operations (sign-in pages, discovery) are not admitted first. ``scope`` is the platform's own word for
    what a caller must hold. ``named`` tells apart the operations that share a rule (create, update and delete by one
    POST): it reads the request and must not fail on a damaged one. ``refine`` does so where they differ in nature too
    (reads and writes at the one address of an XML gateway): it gives the particular operation.
    ``by_hand``: a person does it in a window of the platform's own program, so that no network lies between and only a
    fault that names it meets it.
    ``answers`` is the member of a batch's answer whose elements name what they answer, so that their order is free.
    """

    name: str
    method: str
    rule: str
    run: Callable[[Call], Response]
    writes: bool = False
    public: bool = False
    scope: str = ""
    named: Callable[[Call], str] | None = None
    refine: Callable[[Call], Operation] | None = None
    answers: str = ""
    by_hand: bool = False

    def name_of(self, call: Call) -> str:
        """The name of what a call asks for."""
        return self.named(call) if self.named else self.name


class Dialect(Protocol):
    """How one surface speaks. Every method answers in that surface's own envelope."""

    @property
    def name(self) -> str:
        """The surface's name: the platform's folder name, or ``codat``."""

    @property
    def operations(self) -> Sequence[Operation]:
        """Everything that it answers."""

    def route(self, path: str) -> str:
        """The path to route by, where a platform takes paths in any case. Most give it back as it is."""

    def admit(self, call: Call) -> None:
        """Turn the credential into a caller and a company, draw on the limits; raise a ``Refusal`` otherwise."""

    def refused(self, call: Call, refusal: Refusal) -> Response:
        """A lawful no in native dress: total over every refusal."""

    def unmatched(self, call: Call, status: int) -> Response:
        """No such resource (404) or method (405)."""

    def broken(self, call: Call, error: Exception) -> Response:
        """A bug of the simulator, in the dress of the platform's internal error."""

    def absent(self, call: Call, error: NotSimulated) -> Response:
        """A feature that is not simulated (501, or a 4xx where the official client would retry a 5xx for long)."""

    def throttled(self, call: Call, *, retry_after: int) -> Response:
        """The platform's own 'too many requests'."""


UNMATCHED = Operation("unmatched", "*", "", lambda _: Response(404))


class MatchingRule(Rule):
    """A rule that is only ever matched. Compiling what builds URLs would be most of a platform's start-up."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        def build(**values: str) -> tuple[str, str]:
            raise NotImplementedError(f"no URL is built from {self.rule} (append_unknown={append_unknown}, {values})")

        return build


def flask_app(dialect: Dialect) -> Flask:
    """The Flask application of a dialect."""
    app = Flask(f"sandbooks.{dialect.name}", static_folder=None)
    app.url_rule_class = MatchingRule
    app.config["PROPAGATE_EXCEPTIONS"] = True
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    app.json.sort_keys = False  # type: ignore[attr-defined]  # Flask's provider has it; its protocol does not say so
    for operation in dialect.operations:
        app.add_url_rule(
            operation.rule,
            endpoint=operation.name,
            view_func=_view(dialect, operation),
            methods=[operation.method],
            provide_automatic_options=False,
        )
    app.register_error_handler(HTTPException, _unmatched(dialect))
    return app


class Routes:
    """Which operation a request means, found by the rules of the Flask application without running it."""

    def __init__(self, app: Flask, dialect: Dialect) -> None:
        self._operations = {operation.name: operation for operation in dialect.operations}
        self._urls = app.url_map.bind("localhost")

    def find(self, method: str, path: str) -> tuple[Operation, dict[str, str]]:
        """The operation and its path arguments; ``UNMATCHED`` where there is none. ``path`` is percent-decoded."""
        try:
            name, args = self._urls.match(path, method=method)
        except HTTPException:
            return UNMATCHED, {}
        return self._operations[name], dict(args)


def _view(dialect: Dialect, operation: Operation) -> Callable[..., FlaskResponse]:
    def view(**args: str) -> FlaskResponse:
        exchange: Exchange = request.environ[ENVIRON_EXCHANGE]
        return _flask(run(dialect, operation, exchange, args))

    return view


def run(dialect: Dialect, operation: Operation, exchange: Exchange, args: dict[str, str]) -> Response:
    """One operation from admission to its answer, refusals included."""
    call = Call(exchange, operation, args)
    exchange.operation = operation.name_of(call)
    exchange.writes = operation.writes
    exchange.call = call
    try:
        if not operation.public:
            dialect.admit(call)
        exchange.reach("admit")
        response = operation.run(call)
    except Refusal as refusal:
        exchange.refused = type(refusal).__name__
        response = dialect.refused(call, refusal)
    if call.reply_headers:
        response = Response(response.status, (*response.headers, *call.reply_headers), response.body)
    return response


def _unmatched(dialect: Dialect) -> Callable[[HTTPException], FlaskResponse]:
    def answer(error: HTTPException) -> FlaskResponse:
        exchange: Exchange = request.environ[ENVIRON_EXCHANGE]
        call = Call(exchange, UNMATCHED, {})
        exchange.call = call
        status = 405 if isinstance(error, MethodNotAllowed) else (error.code or 404)
        return _flask(dialect.unmatched(call, status))

    return answer


def _flask(response: Response) -> FlaskResponse:
    made = FlaskResponse(response.body, status=response.status)
    made.headers.clear()
    for name, value in response.headers:
        made.headers.add(name, value)
    return made


def call_of(exchange: Exchange) -> Call:
    """The call of an exchange, even of one that never got as far as an operation."""
    if exchange.call is None:
        exchange.call = Call(exchange, UNMATCHED, {})
    call: Call = exchange.call
    return call
