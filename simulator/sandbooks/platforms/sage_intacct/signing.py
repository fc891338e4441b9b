"""Signing in: senders, users, sessions of the gateway and access tokens of REST, all over one kind of grant.

A session is an access token whose value is the session id. A user's consent is one grant: when it is revoked, neither
sessions nor passwords work any more.
Source: developer.intacct.com/api/company-console/api-sessions, developer.sage.com/intacct (OAuth 2.0)
"""

from __future__ import annotations

from datetime import timedelta

from msgspec import Struct

from sandbooks.kit.company import Company, companies, find_company
from sandbooks.kit.tokens import Grant, Token, Tokens
from sandbooks.platforms.sage_intacct.objects.keeping import find
from sandbooks.platforms.sage_intacct.refusals import ReferenceInvalid, SenderUnknown, SessionInvalid, SignInIncorrect
from sandbooks.world import World

PLATFORM = "sage_intacct"
USER = "xml_gateway"
SESSION_LIFETIME = timedelta(hours=2)
ACCESS_LIFETIME = timedelta(hours=6)
REFRESH_LIFETIME = timedelta(days=60)


class Caller(Struct, frozen=True):
    """Who is signed in: company, user, entity (empty at the top level), and until when."""

    company: Company
    user: str
    entity: str
    token: Token | None
    grant: Grant


def _secret(world: World, key: str) -> str:
    """A password that depends on the seed alone; drawn once, as every request is checked against it."""
    held: str = world.local.setdefault(f"{PLATFORM}/{key}", "")
    if not held:
        held = world.local[f"{PLATFORM}/{key}"] = world.ids.fixed_token(f"{PLATFORM}/{key}", length=24)
    return held


def sender(world: World) -> tuple[str, str]:
    """Sender id and password of the world's own application: the same registration as for REST."""
    held: tuple[str, str] | None = world.local.get(f"{PLATFORM}/sender")
    if held is None:
        held = world.local[f"{PLATFORM}/sender"] = Tokens(world, PLATFORM).client()
    return held


def password_of(company: Company) -> str:
    """The password of the web services user of a company."""
    return _secret(company.world, f"{company.id}/password")


def check_sender(world: World, id: str, password: str) -> None:
    """The sender's own id, or the application that the hub is registered as. Raises ``SenderUnknown``."""
    if (id, password) not in (sender(world), Tokens(world, PLATFORM).client()):
        # Unconfirmed: the HTTP status; the setting of the world chooses between the two answers that were seen.
        raise SenderUnknown(int(world.get("settings", "sender_failure_status") or 200))


def consent(world: World, company: Company) -> Grant:
    """The grant behind everything that the user signs in to; made when first asked, and anew after it was revoked."""
    tokens = Tokens(world, PLATFORM)
    held, count = _consents(world, company)
    if held is not None and held.is_live(world.clock.now()):
        return held.grant
    client_id, _ = tokens.client()
    grant = tokens.new_grant(client_id=client_id, scopes=(), companies=(company.id,), user=USER)
    tokens.issue("refresh", grant, lifetime=None, value=_consent_key(company, count))
    return grant


def _consents(world: World, company: Company) -> tuple[Token | None, int]:
    """The newest consent of the user, and how many there have been."""
    newest, count = None, 0
    while (found := Tokens(world, PLATFORM).find("refresh", _consent_key(company, count))) is not None:
        newest, count = found, count + 1
    return newest, count


def _consent_key(company: Company, number: int) -> str:
    return f"user/{company.id}/{USER}" + (f"/{number}" if number else "")


def sign_in(world: World, *, user: str, company_id: str, password: str, location: str) -> Caller:
    """The caller behind user credentials. Raises ``SignInIncorrect``, ``ReferenceInvalid``."""
    company = company_named(world, company_id)
    if company is None:
        raise SignInIncorrect
    # Unconfirmed: whether wrong user credentials answer in a document of status 200 or with 401; the setting chooses.
    status = int(company.settings.get("sign_in_failure_status", 200))
    if user.lower() != USER or password != password_of(company):
        raise SignInIncorrect(status)
    held, _ = _consents(world, company)
    if held is None or not held.is_live(world.clock.now()):
        raise SignInIncorrect(status)
    return Caller(company, USER, entity_named(company, location), None, held.grant)


def company_named(world: World, id: str) -> Company | None:
    """A company by its id, in any case."""
    exact = find_company(world, PLATFORM, id)
    return exact or next((each for each in companies(world, PLATFORM) if each.id.lower() == id.lower()), None)


def entity_named(company: Company, location: str) -> str:
    """An entity by its id; empty stays the top level. Raises ``ReferenceInvalid``."""
    if not location:
        return ""
    record = find(company, "LOCATIONENTITY", location)
    if record is None:
        raise ReferenceInvalid("SESSION", "Location", location[:60])
    return record.id


def open_session(world: World, grant: Grant, entity: str) -> Token:
    """A new session. Called inside a unit of work."""
    value = f"{world.ids.token(f'{PLATFORM}/session', length=42)}.."
    return Tokens(world, PLATFORM).issue(
        "access", grant, lifetime=SESSION_LIFETIME, value=value, facts={"entity": entity, "session": True}
    )


def resume(world: World, session: str) -> Caller:
    """The caller behind a session id, whose life is prolonged by every call. Raises ``SessionInvalid``."""
    tokens = Tokens(world, PLATFORM)
    token = tokens.find("access", session) if session else None
    if token is None or not token.is_live(world.clock.now()) or not token.facts.get("session"):
        raise SessionInvalid(_session_status(world, token))
    company = find_company(world, PLATFORM, token.grant.companies[0])
    if company is None:
        raise SessionInvalid
    with world.unit():
        tokens.spend(token, after=SESSION_LIFETIME)
    return Caller(company, token.grant.user, str(token.facts.get("entity", "")), token, token.grant)


def by_token(world: World, value: str) -> Caller:
    """The caller behind an access token of REST. Raises ``SignInIncorrect``."""
    # Source: github.com/Intacct/intacct_dtd (oauth in authentication). Unconfirmed: that it takes the access tokens of
    # REST, and how it refuses others.
    token = Tokens(world, PLATFORM).find("access", value)
    if token is None or not token.is_live(world.clock.now()) or not token.facts.get("rest"):
        raise SignInIncorrect
    company = find_company(world, PLATFORM, token.grant.companies[0])
    if company is None:
        raise SignInIncorrect
    return Caller(company, token.grant.user, str(token.facts.get("entity", "")), None, token.grant)


def _session_status(world: World, token: Token | None) -> int:
    # Unconfirmed: a session that has ended was seen as status 200 with a failed authentication and as 400 with
    # ``invalidRequest``; the setting chooses.
    company = find_company(world, PLATFORM, token.grant.companies[0]) if token else None
    return int(company.settings.get("session_failure_status", 200)) if company else 200


def standing_consent(world: World, company: Company) -> Grant | None:
    """The grant of the user as it stands; None after it was withdrawn."""
    held, _ = _consents(world, company)
    return held.grant if held is not None and held.is_live(world.clock.now()) else None
