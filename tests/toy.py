"""Toy Books: the smallest whole platform, for tests of what is not about any vendor.

It signs in with rotating tokens, posts spend (debit the account, credit the card), lists, lags, deletes, locks, sends
signed webhooks, and has one operation that is not simulated and one that crashes.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import InvalidOperation
from typing import Any

from sandbooks import exact_json, platform
from sandbooks.kit import outbox
from sandbooks.kit.call import Call, json_reply
from sandbooks.kit.company import Company, find_company
from sandbooks.kit.company import open_company as make_company
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.records import Record
from sandbooks.kit.surface import Operation
from sandbooks.kit.tokens import Grant, Tokens
from sandbooks.ledger import Account, AccountClass, Entry, PeriodClosed, Refusal, Source, credit, debit
from sandbooks.money import Money
from sandbooks.platform import CompanyPlan, OpenedCompany, Platform, StoredFile
from sandbooks.wire import Response
from sandbooks.world import World

NAME = "toy"
HOST = "api.toybooks.example"
ACCESS_LIFETIME = timedelta(minutes=30)
ACCOUNTS: Mapping[str, Mapping[str, Any]] = {
    "travel": {"name": "Travel", "type": "expense"},
    "meals": {"name": "Meals", "type": "expense"},
    "card": {"name": "Company Card", "type": "credit_card"},
}
CLASSES = {
    "expense": AccountClass.EXPENSE,
    "other_income": AccountClass.INCOME,
    "credit_card": AccountClass.LIABILITY,
    "bank": AccountClass.ASSET,
}


class NotSignedIn(Refusal):
    """The token is not good."""


class Unacceptable(Refusal):
    """{member} will not do."""

    member: str


class NoSuchSpend(Refusal):
    """There is no spend {id}."""

    id: str


def refresh(call: Call) -> Response:
    tokens = Tokens(call.world, NAME)
    with call.unit():
        old = tokens.find("refresh", call.form.get("refresh_token", ""))
        if old is None or not old.is_live(call.world.clock.now()):
            return json_reply({"error": "invalid_grant"}, status=400)
        tokens.spend(old)
        return json_reply({**_issue(tokens, old.grant), "expires_in": ACCESS_LIFETIME // timedelta(seconds=1)})


def _issue(tokens: Tokens, grant: Grant) -> dict[str, str]:
    access = tokens.issue("access", grant, lifetime=ACCESS_LIFETIME)
    renewal = tokens.issue("refresh", grant, lifetime=timedelta(days=60))
    return {"access_token": access.value, "refresh_token": renewal.value}


def create_spend(call: Call) -> Response:
    body = _checked(call)
    with call.unit():
        record = put_spend(call.company, str(call.company.records.next_number("spend")), body, version=1)
        _announce(call, record)
    return json_reply(shown(call, record), status=201)


def put_spend(company: Company, number: str, body: dict[str, Any], *, version: int) -> Record:
    action = "create" if version == 1 else "update"
    keys = {"ref": str(body["ref"])}
    record = company.records.put("Spend", number, body, version=version, action=action, keys=keys)
    amount = Money.of(body["amount"], company.currency)
    postings = (debit(body["account"], amount), credit("card", amount))
    company.post(record, Entry(date.fromisoformat(body["date"]), Source("Spend", number, version), postings))
    return record


def _checked(call: Call) -> dict[str, Any]:
    try:
        body = call.json()
    except exact_json.MalformedJson as error:
        raise Unacceptable("body") from error
    for member in ("ref", "account", "amount", "date"):
        if not isinstance(body, dict) or not isinstance(body.get(member), str):
            raise Unacceptable(member)
    try:
        Money.of(body["amount"], call.company.currency)
        date.fromisoformat(body["date"])
    except (ValueError, InvalidOperation) as error:
        raise Unacceptable("amount or date") from error
    return {str(member): value for member, value in body.items()}


def _announce(call: Call, record: Record) -> None:
    body = exact_json.dumps({"event": "spend.created", "company": call.company.id, "id": record.id})
    for subscription in outbox.subscriptions(call.world, NAME):
        digest = hmac.new(subscription.secret.encode(), body, hashlib.sha256).digest()
        headers = (
            ("Content-Type", "application/json"),
            ("X-Toy-Signature", base64.b64encode(digest).decode()),
        )
        outbox.send(
            call.world,
            subscription,
            event="spend.created",
            headers=headers,
            body=body,
            retries=(timedelta(minutes=1),),
        )


def shown(call: Call, record: Record) -> dict[str, Any]:
    link = call.link(f"/companies/{call.company.id}/spend/{record.id}", host=HOST)
    return {"id": record.id, "version": record.version, "link": link, **record.body}


def list_spend(call: Call) -> Response:
    found = call.company.records.scan("Spend", lag=call.exchange.lag)
    wanted = call.query.get("ref")
    return json_reply({"spend": [shown(call, r) for r in found if wanted in (None, r.body["ref"])]})


def get_spend(call: Call) -> Response:
    record = call.company.records.get("Spend", call.args["id"])
    if record is None or record.deleted:
        raise NoSuchSpend(call.args["id"])
    return json_reply(shown(call, record), headers=(("X-Request-Id", call.world.ids.uuid("toy/request")),))


def approve(call: Call) -> Response:
    raise NotSimulated("spend approval", instead="spend is approved when made")


def crash(call: Call) -> Response:
    raise ZeroDivisionError(f"division of {call.company.name}")


class ToyDialect:
    name = NAME
    operations = (
        Operation("refresh_token", "POST", "/oauth/token", refresh, public=True),
        Operation("create_spend", "POST", "/companies/<company>/spend", create_spend, writes=True),
        Operation("list_spend", "GET", "/companies/<company>/spend", list_spend),
        Operation("get_spend", "GET", "/companies/<company>/spend/<id>", get_spend),
        Operation("approve_spend", "POST", "/companies/<company>/spend/<id>/approve", approve, writes=True),
        Operation("crash", "GET", "/companies/<company>/crash", crash),
    )

    def route(self, path: str) -> str:
        return path

    def admit(self, call: Call) -> None:
        token = Tokens(call.world, NAME).find("access", call.header("Authorization").removeprefix("Bearer "))
        company = find_company(call.world, NAME, call.args["company"])
        if token is None or not token.is_live(call.world.clock.now()) or company is None:
            raise NotSignedIn
        if company.id not in token.grant.companies:
            raise NotSignedIn
        call.token = token
        call.company = company

    def refused(self, call: Call, refusal: Refusal) -> Response:
        status = {NotSignedIn: 401, NoSuchSpend: 404, PeriodClosed: 409}.get(type(refusal), 422)
        return json_reply({"error": type(refusal).__name__, "message": str(refusal)}, status=status)

    def unmatched(self, call: Call, status: int) -> Response:
        return json_reply({"error": "unmatched"}, status=status)

    def broken(self, call: Call, error: Exception) -> Response:
        return json_reply({"error": "internal"}, status=getattr(error, "status", 500))

    def absent(self, call: Call, error: NotSimulated) -> Response:
        return json_reply({"error": error.feature}, status=501)

    def throttled(self, call: Call, *, retry_after: int) -> Response:
        return json_reply({"error": "slow down"}, status=429, headers=(("Retry-After", str(retry_after)),))


class ToySeed:
    def open(self, world: World, plan: CompanyPlan) -> OpenedCompany:
        number = world.ids.number("toy/company")
        company = make_company(
            world,
            NAME,
            f"toy-{number}",
            name=plan.name,
            country=plan.country,
            currency=plan.currency,
            time_zone=plan.time_zone,
        )
        wanted = {**ACCOUNTS, **self._charted(plan.chart), **plan.accounts}
        for label, facts in wanted.items():
            kind = CLASSES[facts.get("type", "expense")]
            company.book.open_account(Account(label, facts.get("name", label), kind, facts.get("currency")))
        return OpenedCompany(company=company, labels={"accounts": {label: label for label in wanted}})

    def _charted(self, chart: Any) -> dict[str, Any]:
        return {a["code"]: {"name": a["title"], "type": "expense"} for a in (chart or {}).get("ledger_accounts", [])}

    def credentials(self, world: World, company: Company) -> dict[str, str]:
        tokens = Tokens(world, NAME)
        client_id, client_secret = tokens.client()
        grant = tokens.new_grant(client_id=client_id, scopes=("spend",), companies=(company.id,))
        issued = _issue(tokens, grant)
        return {"client_id": client_id, "client_secret": client_secret, "company": company.id, **issued}

    def environment(self, base_url: str, company: Company, credentials: Mapping[str, str]) -> dict[str, str]:
        return {"TOY_BASE_URL": base_url, "TOY_COMPANY": company.id, "TOY_TOKEN": credentials["access_token"]}


class ToyBookkeeper:
    def lock_period(self, company: Company, through: str) -> None:
        company.book.lock(date.fromisoformat(through) if through else None)

    def archive_account(self, company: Company, account: str) -> None:
        _activate(company, account, active=False)

    def restore_account(self, company: Company, account: str) -> None:
        _activate(company, account, active=True)

    def files(self, company: Company, kind: str, id: str) -> list[StoredFile]:
        return []

    def archive_contact(self, company: Company, contact: str) -> None:
        raise NotSimulated("contacts")

    def rename_contact(self, company: Company, contact: str, name: str) -> None:
        raise NotSimulated("contacts")

    def edit(self, company: Company, kind: str, id: str, changes: Mapping[str, Any]) -> None:
        record = company.records.get(kind, id)
        if record is None:
            raise NoSuchSpend(id)
        put_spend(company, id, {**record.copy(), **changes}, version=record.version + 1)

    def delete(self, company: Company, kind: str, id: str) -> None:
        record = company.records.get(kind, id)
        if record is None:
            raise NoSuchSpend(id)
        gone = company.records.put(
            kind, id, record.body, version=record.version + 1, action="delete", active=False, deleted=True
        )
        company.post(gone, None)

    void = delete


def _activate(company: Company, account: str, *, active: bool) -> None:
    found = company.book.account(account)
    company.book.change_account(Account(found.id, found.name, found.kind, found.currency, active))


DIALECT, SEED, BOOKKEEPER = ToyDialect(), ToySeed(), ToyBookkeeper()

PLATFORM = Platform(
    name=NAME,
    title="Toy Books",
    aliases=("tb",),
    hosts=(HOST,),
    dialect="tests.toy:DIALECT",
    seed="tests.toy:SEED",
    bookkeeper="tests.toy:BOOKKEEPER",
)


@contextmanager
def registered() -> Iterator[Platform]:
    """The toy is among the platforms while this lasts, and gone for every other test."""
    platform.register(PLATFORM)
    try:
        yield PLATFORM
    finally:
        del platform._registered[NAME]
