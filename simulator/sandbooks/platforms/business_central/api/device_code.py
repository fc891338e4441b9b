"""Sign-in by device code: an application without a browser shows a code, a person enters it elsewhere and consents.

Source: https://learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from html import escape

from sandbooks import exact_json
from sandbooks.kit.call import Call, UnreadableBody
from sandbooks.kit.company import companies
from sandbooks.kit.tokens import Token, Tokens
from sandbooks.platforms.business_central import entra
from sandbooks.platforms.business_central.access import PLATFORM
from sandbooks.platforms.business_central.refusals import SignInRefused
from sandbooks.wire import Response

GRANT_TYPE = "urn:ietf:params:oauth:grant-type:device_code"
LIFETIME = timedelta(minutes=15)
INTERVAL_SECONDS = 5
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_CODE_LENGTH = 9


def begin(call: Call, *, client_id: str, scopes: Sequence[str], page: str) -> Response:
    """A new pair of codes; ``page`` is where the person enters one of them."""
    reached = [company.id for company in companies(call.world, PLATFORM)]
    tokens = Tokens(call.world, PLATFORM)
    with call.unit():
        raw = call.world.ids.token("business_central/user_code", length=_CODE_LENGTH)
        user_code = "".join(_LETTERS[ord(letter) % len(_LETTERS)] for letter in raw)
        user = entra.user_id(call.world)
        grant = tokens.new_grant(client_id=client_id, scopes=scopes, companies=reached, user=user)
        code = tokens.issue("code", grant, lifetime=LIFETIME, facts={"user_code": user_code, "decision": ""})
    told = f"To sign in, use a web browser to open the page {page} and enter the code {user_code} to authenticate."
    body = {
        "user_code": user_code,
        "device_code": code.value,
        "verification_uri": page,
        "expires_in": LIFETIME // timedelta(seconds=1),
        "interval": INTERVAL_SECONDS,
        "message": told,
    }
    return Response(200, (("Content-Type", "application/json; charset=utf-8"),), exact_json.dumps(body))


def decide(call: Call) -> Response:
    """The page where the code is entered, and what its form sends: ``user_code`` with ``sandbox_decision``."""
    given = {name: str(value) for name, value in call.query.items()}
    if call.request.method == "POST":
        try:
            given |= {name: str(value) for name, value in call.form.items()}
        except UnreadableBody as error:
            raise SignInRefused("invalid_request", 900144, "The request body cannot be read.") from error
    wanted, decision = given.get("user_code", "").strip().upper(), given.get("sandbox_decision", "")
    code = _waiting(call, wanted)
    if not wanted or decision not in ("approve", "cancel"):
        return _page(call, wanted)
    if code is None:
        raise SignInRefused("invalid_request", 70018, "The verification code is not known, or was used already.")
    with call.unit():
        Tokens(call.world, PLATFORM).mark(code, decision=decision)
    return _html("<h1>You may close this window</h1>")


def _waiting(call: Call, user_code: str) -> Token | None:
    """The device code that a person's code belongs to, while it waits."""
    now = call.world.clock.now()
    for token in Tokens(call.world, PLATFORM).of_kind("code"):
        if token.facts.get("user_code") == user_code and not token.facts["decision"] and token.is_live(now):
            return token
    return None


def _page(call: Call, user_code: str) -> Response:
    action = escape(call.request.path)
    return _html(
        "<h1>Enter code</h1>"
        f'<form method="post" action="{action}"><input name="user_code" value="{escape(user_code)}">'
        '<button name="sandbox_decision" value="approve">Accept</button> '
        '<button name="sandbox_decision" value="cancel">Cancel</button></form>'
    )


def _html(inner: str) -> Response:
    body = f"<!doctype html><title>Sign in to your account</title>{inner}"
    return Response(200, (("Content-Type", "text/html; charset=utf-8"),), body.encode())


def granted(call: Call, given: Mapping[str, str]) -> Token:
    """The device code that a person has consented to. Raises ``SignInRefused`` while nobody has."""
    code = Tokens(call.world, PLATFORM).find("code", given.get("device_code", ""))
    if code is None or "user_code" not in code.facts or code.grant.client_id != given.get("client_id", "").lower():
        raise SignInRefused("bad_verification_code", 70018, "The device code is not known.")
    if not code.is_live(call.world.clock.now()):
        raise SignInRefused("expired_token", 70019, "The verification code has expired.")
    if code.facts["decision"] == "cancel":
        raise SignInRefused("authorization_declined", 65004, "User declined to consent to access the app.")
    if code.facts["decision"] != "approve":
        text = "OAuth 2.0 device flow error. Authorization is pending. Continue polling."
        raise SignInRefused("authorization_pending", 70016, text)
    return code
