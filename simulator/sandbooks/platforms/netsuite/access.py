"""Who may call: the credential, the role's permissions, the account's own host, and the concurrency limit."""

from __future__ import annotations

import hmac

from sandbooks.kit.call import Call
from sandbooks.kit.company import Company, companies, find_company
from sandbooks.kit.limits import overlapping
from sandbooks.kit.tokens import Token, Tokens
from sandbooks.platforms.netsuite import integrations
from sandbooks.platforms.netsuite.auth import oauth1
from sandbooks.platforms.netsuite.refusals import (
    BodyTooLarge,
    FeatureOff,
    LoginInvalid,
    NoAnalytics,
    PermissionMissing,
    TooManyAtOnce,
)
from sandbooks.platforms.netsuite.schema import RecordType
from sandbooks.wire import Request
from sandbooks.world import World

PLATFORM = "netsuite"
REST, RESTLETS, ANALYTICS, ASSISTANTS = "rest_webservices", "restlets", "suite_analytics", "mcp"
# Unconfirmed: the tolerance; public re-implementations use five minutes.
TOLERANCE_SECONDS = 300
# Source: Jitterbit documentation and https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_1504769959.html
CONCURRENCY = 5
CONCURRENCY_CODE = "CONCURRENCY_LIMIT_EXCEEDED"
LATE = "late"
WORKBOOK = "Reports -> SuiteAnalytics Workbook"
# Source: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/article_71141027565.html
FEATURES = {"expenseReport": "expenseReports"}
FEATURE_NAMES = {"expenseReports": "Expense Reports"}
# Source: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/chapter_161251386312.html (104 MB)
BODY_MAX = 104 * 10**6


def admit(call: Call) -> None:
    """Turn the credential into an account and a role; refuse natively."""
    header = call.header("Authorization")
    signed = oauth1.parse(header)
    token = _by_signature(call, signed) if signed is not None else _by_bearer(call, header)
    company = find_company(call.world, PLATFORM, token.grant.companies[0]) if token.grant.companies else None
    if company is None:
        raise _refused(call, "the account is gone", bearer=signed is None)
    _check_host(call, company, bearer=signed is None)
    if not integrations.is_enabled(company):
        # Unconfirmed: how a request of a blocked integration is told from any other that may not sign in.
        raise _refused(call, "the integration is blocked", bearer=signed is None)
    call.token, call.company = token, company
    call.exchange.caller = token.grant.user
    if len(call.request.body) > BODY_MAX:
        raise BodyTooLarge(BODY_MAX)
    _check_scope(call, token)
    _check_concurrency(call, company)


def slug(account: str) -> str:
    """An account id as it stands in host names. Source: PyPI netsuite 0.12.0 (account_slugified)."""
    return account.lower().replace("_", "-")


def _refused(call: Call, reason: str, *, bearer: bool = False) -> LoginInvalid:
    """The reason goes to the audit trail (the tape), not to the client."""
    call.exchange.note = f"login audit trail: {reason}"
    # Unconfirmed: the code; public clients see either, so the setting ``login_error`` of any account chooses.
    chosen = (c.settings.get("login_error") for c in companies(call.world, PLATFORM))
    return LoginInvalid(reason, token_refused=bearer, code=next(filter(None, chosen), "INVALID_LOGIN"))


def _check_host(call: Call, company: Company, *, bearer: bool) -> None:
    if not call.exchange.surface_by_host:
        return
    first = call.request.host.partition(".")[0]
    if first not in (slug(company.id), "system"):
        raise _refused(call, f"the host is not that of account {company.id}", bearer=bearer)


# OAuth 1.0a


def _by_signature(call: Call, signed: oauth1.Signed) -> Token:
    if signed.get("oauth_signature_method") != oauth1.METHOD:
        raise _refused(call, "only HMAC-SHA256 is accepted")
    if signed.get("oauth_version") not in ("", "1.0"):
        raise _refused(call, "oauth_version is not 1.0")
    token = Tokens(call.world, PLATFORM).find("access", signed.get("oauth_token"))
    secret = token.facts.get("secret") if token else None
    if token is None or secret is None or not token.is_live(call.world.clock.now()):
        raise _refused(call, "the token is unknown or revoked")
    client_id, client_secret = Tokens(call.world, PLATFORM).client()
    if signed.get("oauth_consumer_key") != client_id:
        raise _refused(call, "the consumer key is unknown")
    if signed.realm not in token.grant.companies:
        raise _refused(call, "the realm is not the account of the token")
    made = oauth1.signature(call.request, signed, consumer_secret=client_secret, token_secret=secret)
    if not hmac.compare_digest(made.encode(), signed.get("oauth_signature").encode()):
        raise _refused(call, "the signature does not fit the request")
    if not oauth1.body_hash_holds(call.request, signed):
        raise _refused(call, "oauth_body_hash is not that of the body")
    # A request that a fault or an asynchronous job sends on later was checked when it first came.
    if call.exchange.actor != LATE:
        _check_fresh(call, signed, token)
    return token


def _check_fresh(call: Call, signed: oauth1.Signed, token: Token) -> None:
    """The timestamp is near, by the world's clock or by the process's own; the nonce is new for the token."""
    stamp, nonce = signed.get("oauth_timestamp"), signed.get("oauth_nonce")
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) < 12) or not nonce:
        raise _refused(call, "timestamp or nonce is missing")
    scope = f"netsuite/nonce/{token.value}"
    used = call.world.get(scope, nonce)
    # The same exchange may be run again, later (a fault held it back before its commit); another request may not.
    if used == call.exchange.number:
        return
    if used is not None:
        raise _refused(call, "the nonce was used before")
    clock = call.world.clock
    if all(abs(int(stamp) - int(now.timestamp())) > TOLERANCE_SECONDS for now in (clock.now(), clock.wall())):
        raise _refused(call, "the timestamp is too far from the present")
    call.world.put(scope, nonce, call.exchange.number)


# OAuth 2.0


def _by_bearer(call: Call, header: str) -> Token:
    scheme, _, value = header.partition(" ")
    token = Tokens(call.world, PLATFORM).find("access", value.strip()) if scheme.lower() == "bearer" else None
    if token is None or "secret" in token.facts or not token.is_live(call.world.clock.now()):
        raise _refused(call, "the access token is missing, unknown or expired", bearer=scheme.lower() == "bearer")
    return token


def _check_scope(call: Call, token: Token) -> None:
    needed = call.operation.scope or REST
    if "secret" not in token.facts and needed not in token.grant.scopes:
        raise _refused(call, f"the token lacks the scope {needed}", bearer=True)


# The account


def _check_concurrency(call: Call, company: Company) -> None:
    """The limit holds for the account as a whole, whoever asks and of which service: what is under way together counts,
    and what others use at this moment by the setting ``concurrency_in_use``."""
    limit = concurrency_limit(company)
    under_way = overlapping(call.exchange, lambda request: _account_of(call.world, request))
    used = int(company.settings.get("concurrency_in_use", 0)) + under_way
    if used > limit and call.world.get("settings", "limits") != "off":
        # Source: github.com/julbrs/netsuite-api-client issue 26 (overload met as a refused login)
        if concurrency_code(company) == "INVALID_LOGIN":
            raise _refused(call, "too many requests at once")
        restlet = call.operation.scope == RESTLETS
        raise TooManyAtOnce(limit, concurrency_code(company), restlet=restlet)


def _account_of(world: World, request: Request) -> str:
    """The account whose credential a request bears, good or not; empty without one."""
    header = request.header("Authorization")
    signed = oauth1.parse(header)
    if signed is not None:
        return signed.realm
    token = Tokens(world, PLATFORM).find("access", header.partition(" ")[2].strip())
    return token.grant.companies[0] if token is not None and token.grant.companies else ""


def concurrency_limit(company: Company) -> int:
    """Requests that the account may run at once."""
    return int(company.settings.get("concurrency_limit", CONCURRENCY))


def concurrency_code(company: Company) -> str:
    """The code of the refusal. Unconfirmed: public clients expect either; the setting ``concurrency_error`` chooses."""
    return str(company.settings.get("concurrency_error", CONCURRENCY_CODE))


def check_analytics(call: Call) -> None:
    """Lists, filters, SuiteQL and datasets need a permission of their own, which single records do not. Raises
    ``NoAnalytics``."""
    if WORKBOOK in call.company.settings.get("role_lacks", ()):
        raise NoAnalytics


def check_permission(call: Call, type: RecordType) -> None:
    """The account has the feature of a record type, unless ``features_off`` names it, and the role its permission,
    unless ``role_lacks`` does. Raises ``FeatureOff``, ``PermissionMissing``."""
    feature = FEATURES.get(type.name, "")
    if feature and feature in call.company.settings.get("features_off", ()):
        raise FeatureOff(FEATURE_NAMES[feature])
    if type.permission in call.company.settings.get("role_lacks", ()):
        raise PermissionMissing(type.permission)
