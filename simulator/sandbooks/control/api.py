"""The control API under ``/_control``: ``contracts/control.yaml`` over the functions of this package."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from flask import Flask, request
from flask import Response as FlaskResponse
from werkzeug.exceptions import HTTPException

from sandbooks import exact_json
from sandbooks.control import books as book_views
from sandbooks.control import deliveries as delivery_views
from sandbooks.control import tokens as token_views
from sandbooks.control.bodies import checked_body
from sandbooks.control.bookkeeping import Bookkeeping
from sandbooks.control.companies import HUB, check_reach, company_named, link_again, list_companies
from sandbooks.control.errors import ControlError, unknown
from sandbooks.control.exchanges import exchange_json, transactions_in, world_references
from sandbooks.control.worlds import (
    CREATION,
    Worlds,
    add_company,
    clock_json,
    create,
    duration,
    move_clock,
    world_json,
    world_named,
)
from sandbooks.faults.plan import Plan
from sandbooks.kit.company import Company
from sandbooks.kit.errors import NotSimulated
from sandbooks.platform import platform_named, platforms
from sandbooks.recording import canonical, har
from sandbooks.version import __version__
from sandbooks.wire import CONTINUES
from sandbooks.world import World

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

PREFIX = "/_control"
ENVIRON_WORLDS, ENVIRON_TOKEN = "sandbooks.control.worlds", "sandbooks.control.token"
WORLD = f"{PREFIX}/worlds/<world>"
COMPANY = f"{WORLD}/companies/<platform>/<company_id>"
NUMBER_MAX = 2**63 - 1  # what a store can hold
LOOPBACK = ("127.0.0.1", "localhost", "[::1]", "sandbooks.test")


def control_app(worlds: Worlds, *, token: str = "") -> WSGIApplication:
    """The control API over the worlds of a process. ``token`` admits callers that do not come by a loopback name."""

    def asked(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ[ENVIRON_WORLDS], environ[ENVIRON_TOKEN] = worlds, token
        return _flask()(environ, start_response)

    return asked


@cache
def _flask() -> Flask:
    """The routes, made once for every process's worth of worlds: who asks comes with each request."""
    app = Flask("sandbooks.control", static_folder=None)
    app.config["PROPAGATE_EXCEPTIONS"] = True  # a bug of ours is not dressed up as a refusal
    for rule, method, run in _routes():
        app.add_url_rule(rule, endpoint=f"{method} {rule}", view_func=_view(run), methods=[method])
    app.register_error_handler(HTTPException, _http_error)
    return app


def _view(run: Callable[..., Any]) -> Callable[..., FlaskResponse]:
    def view(**args: str) -> FlaskResponse:
        try:
            _admit(request.environ[ENVIRON_TOKEN])
            answered = run(ControlApi(request.environ[ENVIRON_WORLDS]), **args)
        except ControlError as error:
            body = {"error": error.error, "message": error.message, "remedy": error.remedy}
            return _json(body, error.status)
        except NotSimulated as error:
            remedy = error.instead or "`sandbooks platforms --markdown` lists what is not simulated"
            return _json({"error": "not_simulated", "message": str(error), "remedy": remedy}, 501)
        if isinstance(answered, FlaskResponse):
            return answered
        body, status = answered if isinstance(answered, tuple) else (answered, 200)
        return _json(body, status)

    return view


def _admit(token: str) -> None:
    """Open on loopback; elsewhere a caller needs the control token."""
    if request.host.rpartition(":")[0] in LOOPBACK or request.host in LOOPBACK or request.path == f"{PREFIX}/health":
        return
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not token or not hmac.compare_digest(given.encode(), token.encode()):
        remedy = "send Authorization: Bearer with the token that `serve` printed"
        raise ControlError("token_needed", "control is open on loopback only", remedy=remedy, status=401)


def _json(body: Any, status: int) -> FlaskResponse:
    if status == 204:
        return FlaskResponse(status=204)
    return FlaskResponse(exact_json.dumps(body), status=status, content_type="application/json")


def _http_error(error: HTTPException) -> FlaskResponse:
    what = "no such path" if error.code == 404 else "wrong method" if error.code == 405 else "not understood"
    body = {"error": what.replace(" ", "_"), "message": f"{request.method} {request.path}: {what}"}
    return _json({**body, "remedy": "contracts/control.yaml lists every path"}, error.code or 400)


class ControlApi:
    """One method for each operation of the contract."""

    def __init__(self, worlds: Worlds) -> None:
        self._worlds = worlds

    # Worlds

    def health(self) -> Any:
        worlds = self._worlds.count_worlds()
        return {"status": "ok", "version": __version__, "worlds": worlds, "platforms": sorted(platforms())}

    def list_worlds(self) -> Any:
        worlds = sorted(self._worlds.worlds(), key=lambda world: world.name)
        return [world_json(world, _base_url(world.name)) for world in worlds]

    def create_world(self) -> Any:
        world = create(self._worlds, checked_body("WorldRequest"))
        return world_json(world, _base_url(world.name)), 201

    def read_world(self, world: str) -> Any:
        return world_json(self._world(world), _base_url(world))

    def delete_world(self, world: str) -> Any:
        self._world(world)
        self._worlds.delete_world(world)
        return None, 204

    def reset_world(self, world: str) -> Any:
        self._world(world)
        if CREATION not in self._worlds.snapshots(world):
            remedy = "restore a snapshot, or delete the world and create it again"
            raise ControlError("creation_unknown", f"{world!r} was not created here", remedy=remedy, status=409)
        self._worlds.restore_snapshot(world, CREATION)
        self._world(world).jobs.run_due()  # what `serve` had put off when it kept this snapshot
        return self.read_world(world)

    def fork_world(self, world: str) -> Any:
        self._world(world)
        name = checked_body("NameRequest")["name"]
        if self._worlds.world(name) is not None:
            remedy = "take another name"
            raise ControlError("world_exists", f"there is a world {name!r}", remedy=remedy, status=409)
        made = self._worlds.fork_world(world, name)
        self._worlds.save_snapshot(name, CREATION)
        return world_json(made, _base_url(name)), 201

    def list_snapshots(self, world: str) -> Any:
        found = self._world(world)
        return [self._snapshot(found, name) for name in self._worlds.snapshots(world) if name != CREATION]

    def save_snapshot(self, world: str) -> Any:
        found = self._world(world)
        name = checked_body("NameRequest")["name"]
        self._worlds.save_snapshot(world, name)
        return self._snapshot(found, name), 201

    def _snapshot(self, world: World, name: str) -> Any:
        return {"name": name, **self._worlds.snapshot_facts(world.name, name)}

    def delete_snapshot(self, world: str, name: str) -> Any:
        self._has_snapshot(world, name)
        self._worlds.drop_snapshot(world, name)
        return None, 204

    def restore_snapshot(self, world: str, name: str) -> Any:
        self._has_snapshot(world, name)
        self._worlds.restore_snapshot(world, name)
        return self.read_world(world)

    def _has_snapshot(self, world: str, name: str) -> None:
        self._world(world)
        if name not in self._worlds.snapshots(world):
            raise unknown("snapshot", name, [kept for kept in self._worlds.snapshots(world) if kept != CREATION])

    def _world(self, name: str) -> World:
        return world_named(self._worlds, name)

    # Companies

    def list_companies(self, world: str) -> Any:
        return list_companies(self._world(world), _base_url(world))

    def create_company(self, world: str) -> Any:
        found = self._world(world)
        surface, company_id = add_company(found, checked_body("CompanyRequest"))
        listed = list_companies(found, _base_url(world))
        made = next(c for c in listed if (c["platform"], c["company_id"]) == (surface, company_id))
        return made, 201

    def _company(self, world: str, platform: str, company_id: str) -> Company:
        return company_named(self._world(world), platform, company_id)

    def link_connection(self, world: str, platform: str, company_id: str) -> Any:
        return link_again(self._world(world), platform, company_id)

    # Clock

    def read_clock(self, world: str) -> Any:
        return clock_json(self._world(world))

    def move_clock(self, world: str) -> Any:
        found = self._world(world)
        move_clock(found, checked_body("ClockRequest"))
        return clock_json(found)

    def settle(self, world: str) -> Any:
        found = self._world(world)
        body = checked_body("SettleRequest", optional=True)
        before = {job.id for job in found.jobs.waiting()}
        found.settle(horizon=duration(body.get("limit", "2h")))
        waiting = {job.id for job in found.jobs.waiting()}
        return {"now": clock_json(found)["now"], "jobs": len(before - waiting), "pending": len(waiting)}

    # Faults

    def _plan(self, world: str) -> Plan:
        plan = self._world(world).plan
        if not isinstance(plan, Plan):
            raise AssertionError("a world of an app has a plan")
        return plan

    def list_faults(self, world: str) -> Any:
        return [fault.as_dict() for fault in self._plan(world).list()]

    def add_fault(self, world: str) -> Any:
        body = checked_body("FaultRequest")
        kind, at, phase = body.pop("kind"), body.pop("at", {}), body.pop("phase", None)
        plan = self._plan(world)
        try:
            with self._world(world).unit():
                fault = plan.add(kind, at=at, phase=phase, **body)
        except (TypeError, ValueError) as error:
            raise ControlError("invalid_fault", str(error), remedy="`sandbooks faults` lists every kind") from error
        return fault.as_dict(), 201

    def clear_faults(self, world: str) -> Any:
        self._plan(world).clear()
        return None, 204

    def remove_fault(self, world: str, fault_id: str) -> Any:
        plan = self._plan(world)
        if fault_id not in {str(fault.id) for fault in plan.list()}:
            raise unknown("fault", fault_id, [str(fault.id) for fault in plan.list()])
        plan.remove(fault_id)
        return None, 204

    # Tape

    def read_tape(self, world: str) -> Any:
        found, after = self._world(world), _int("after")
        company, platform, follow = request.args.get("company"), _surface(), _flag("follow")
        new = list(found.tape.entries(after=after))
        entries = [e for e in new if company in (None, e.company) and platform in ("", e.surface)]
        if _flag("canonical"):
            lines = list(canonical(entries))
        else:
            known = world_references(found)
            lines = [exact_json.dumps(exchange_json(e, transactions=transactions_in(e, known))) for e in entries]
        body = b"".join(line.rstrip(b"\n") + b"\n" for line in lines)
        answer = FlaskResponse(body, mimetype="application/x-ndjson")
        if follow:
            given = {**request.args, "after": str(new[-1].number if new else after)}
            answer.headers[CONTINUES] = f"{request.path}?{urlencode(given)}"
        return answer

    def read_har(self, world: str) -> Any:
        return har(self._world(world).tape.entries())

    def read_exchange(self, world: str, number: int) -> Any:
        found = self._world(world)
        entry = found.tape.entry(number) if number <= NUMBER_MAX else None
        if entry is None:
            raise unknown("exchange", str(number), [])
        return exchange_json(entry, transactions=transactions_in(entry, world_references(found)))

    # Books

    def read_books(self, world: str, platform: str, company_id: str) -> Any:
        company = self._company(world, platform, company_id)
        with company.world.lock:
            return book_views.books(company, as_of=_day("as_of"))

    def list_lines(self, world: str, platform: str, company_id: str) -> Any:
        company = self._company(world, platform, company_id)
        account = request.args.get("account", "")
        wanted = Bookkeeping(company).account_id(account) if account else ""
        transaction = request.args.get("transaction", "")
        with company.world.lock:
            return book_views.lines(company, account=wanted, transaction=transaction, as_of=_day("as_of"))

    def list_documents(self, world: str, platform: str, company_id: str) -> Any:
        company = self._company(world, platform, company_id)
        kind, transaction = request.args.get("kind", ""), request.args.get("transaction", "")
        with company.world.lock:
            return book_views.documents(company, kind=kind, transaction=transaction)

    def list_findings(self, world: str, platform: str, company_id: str) -> Any:
        from sandbooks.audit import audit_company

        company = self._company(world, platform, company_id)
        with company.world.lock:
            return [finding.as_json(number) for number, finding in enumerate(audit_company(company), start=1)]

    # The hub

    def read_hub(self, world: str) -> Any:
        return _hub_views().hub_json(self._world(world))

    def choose_hub(self, world: str) -> Any:
        return _hub_views().choose(self._world(world), checked_body("HubChoice"))

    def choose_next_sync(self, world: str, company_id: str) -> Any:
        _hub_views().ask_for_next_sync(self._world(world), company_id, checked_body("NextSync"))
        return None, 204

    def read_sync_health(self, world: str) -> Any:
        return _hub_views().overview(self._world(world), request.args)

    def list_sync_health(self, world: str) -> Any:
        return _hub_views().syncs(self._world(world), request.args)

    def list_sync_errors(self, world: str) -> Any:
        return _hub_views().errors(self._world(world), request.args)

    # Tokens, bookkeeper, webhooks

    def list_tokens(self, world: str, platform: str, company_id: str) -> Any:
        return token_views.list_tokens(self._company(world, platform, company_id))

    def issue_token(self, world: str, platform: str, company_id: str) -> Any:
        checked_body("TokenRequest", optional=True)
        return token_views.issue(self._company(world, platform, company_id)), 201

    def expire_tokens(self, world: str, platform: str, company_id: str) -> Any:
        value = checked_body("TokenChoice", optional=True).get("token", "")
        return token_views.expire(self._company(world, platform, company_id), value)

    def revoke_tokens(self, world: str, platform: str, company_id: str) -> Any:
        value = checked_body("TokenChoice", optional=True).get("token", "")
        return token_views.revoke(self._company(world, platform, company_id), value)

    def act_as_bookkeeper(self, world: str, platform: str, company_id: str) -> Any:
        company = self._company(world, platform, company_id)
        return Bookkeeping(company).act(checked_body("BookkeeperAction"))

    def list_subscriptions(self, world: str, platform: str, company_id: str) -> Any:
        check_reach(self._world(world), platform, company_id)
        return delivery_views.subscriptions(self._world(world), platform, company_id)

    def add_subscription(self, world: str, platform: str, company_id: str) -> Any:
        body = checked_body("SubscriptionRequest", optional=True)
        check_reach(self._world(world), platform, company_id)
        return delivery_views.add_subscription(self._world(world), platform, company_id=company_id, body=body), 201

    def clear_subscriptions(self, world: str, platform: str, company_id: str) -> Any:
        check_reach(self._world(world), platform, company_id)
        delivery_views.drop_subscriptions(self._world(world), platform, company_id=company_id)
        return None, 204

    def remove_subscription(self, world: str, platform: str, company_id: str, subscription_id: str) -> Any:
        found = self._world(world)
        check_reach(found, platform, company_id)
        if not delivery_views.drop_subscriptions(found, platform, company_id=company_id, only=subscription_id):
            raise unknown("subscription", subscription_id, [])
        return None, 204

    def list_deliveries(self, world: str) -> Any:
        platform, company = _surface(), request.args.get("company", "")
        return delivery_views.deliveries(self._world(world), after=_int("after"), platform=platform, company=company)


def _hub_views() -> Any:
    """The views of the hub, loaded when they are first asked for: most servers start without."""
    from sandbooks.control import hub

    return hub


def _base_url(world: str) -> str:
    base = f"{request.scheme}://{request.host}"
    return base if world == "default" else f"{base}/w/{world}"


def _flag(name: str) -> bool:
    text = request.args.get(name, "false")
    if text not in ("true", "false"):
        raise ControlError("invalid_parameter", f"{name}={text!r} is neither", remedy="write true or false")
    return text == "true"


def _surface() -> str:
    """The platform that a list is kept to, or the hub; empty for all."""
    text = request.args.get("platform", "")
    if text in ("", HUB):
        return text
    try:
        return platform_named(text).name
    except LookupError as error:
        raise ControlError("unknown_platform", str(error), remedy="see `sandbooks platforms`") from error


def _int(name: str) -> int:
    text = request.args.get(name, "0")
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise ControlError("invalid_parameter", f"{name}={text!r} is no number", remedy="give a whole number from 0")
    return int(text)


def _day(name: str) -> date | None:
    text = request.args.get(name)
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ControlError("invalid_date", f"{name}={text!r} is no date", remedy="write it as 2026-03-31") from error


def _routes() -> Iterator[tuple[str, str, Callable[..., Any]]]:
    """Rule, method and function of every operation."""
    yield f"{PREFIX}/health", "GET", ControlApi.health
    yield f"{PREFIX}/worlds", "GET", ControlApi.list_worlds
    yield f"{PREFIX}/worlds", "POST", ControlApi.create_world
    yield WORLD, "GET", ControlApi.read_world
    yield WORLD, "DELETE", ControlApi.delete_world
    yield f"{WORLD}/reset", "POST", ControlApi.reset_world
    yield f"{WORLD}/fork", "POST", ControlApi.fork_world
    yield f"{WORLD}/snapshots", "GET", ControlApi.list_snapshots
    yield f"{WORLD}/snapshots", "POST", ControlApi.save_snapshot
    yield f"{WORLD}/snapshots/<name>", "DELETE", ControlApi.delete_snapshot
    yield f"{WORLD}/snapshots/<name>/restore", "POST", ControlApi.restore_snapshot
    yield f"{WORLD}/companies", "GET", ControlApi.list_companies
    yield f"{WORLD}/companies", "POST", ControlApi.create_company
    yield f"{WORLD}/clock", "GET", ControlApi.read_clock
    yield f"{WORLD}/clock", "POST", ControlApi.move_clock
    yield f"{WORLD}/settle", "POST", ControlApi.settle
    yield f"{WORLD}/faults", "GET", ControlApi.list_faults
    yield f"{WORLD}/faults", "POST", ControlApi.add_fault
    yield f"{WORLD}/faults", "DELETE", ControlApi.clear_faults
    yield f"{WORLD}/faults/<fault_id>", "DELETE", ControlApi.remove_fault
    yield f"{WORLD}/tape", "GET", ControlApi.read_tape
    yield f"{WORLD}/tape.har", "GET", ControlApi.read_har
    yield f"{WORLD}/tape/<int:number>", "GET", ControlApi.read_exchange
    yield f"{WORLD}/deliveries", "GET", ControlApi.list_deliveries
    yield f"{WORLD}/hub", "GET", ControlApi.read_hub
    yield f"{WORLD}/hub", "PUT", ControlApi.choose_hub
    yield f"{WORLD}/hub/companies/<company_id>/next_sync", "POST", ControlApi.choose_next_sync
    yield f"{WORLD}/hub/health", "GET", ControlApi.read_sync_health
    yield f"{WORLD}/hub/health/syncs", "GET", ControlApi.list_sync_health
    yield f"{WORLD}/hub/health/errors", "GET", ControlApi.list_sync_errors
    yield f"{COMPANY}/books", "GET", ControlApi.read_books
    yield f"{COMPANY}/lines", "GET", ControlApi.list_lines
    yield f"{COMPANY}/documents", "GET", ControlApi.list_documents
    yield f"{COMPANY}/findings", "GET", ControlApi.list_findings
    yield f"{COMPANY}/tokens", "GET", ControlApi.list_tokens
    yield f"{COMPANY}/tokens", "POST", ControlApi.issue_token
    yield f"{COMPANY}/tokens/expire", "POST", ControlApi.expire_tokens
    yield f"{COMPANY}/tokens/revoke", "POST", ControlApi.revoke_tokens
    yield f"{COMPANY}/link", "POST", ControlApi.link_connection
    yield f"{COMPANY}/bookkeeper", "POST", ControlApi.act_as_bookkeeper
    yield f"{COMPANY}/webhooks", "GET", ControlApi.list_subscriptions
    yield f"{COMPANY}/webhooks", "POST", ControlApi.add_subscription
    yield f"{COMPANY}/webhooks", "DELETE", ControlApi.clear_subscriptions
    yield f"{COMPANY}/webhooks/<subscription_id>", "DELETE", ControlApi.remove_subscription
