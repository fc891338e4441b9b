"""``POST /oauth2/token``: client credentials for a named user, refresh tokens, authorization codes."""

from __future__ import annotations

from typing import Any

from werkzeug.datastructures import MultiDict

from sandbooks.exact_json import MalformedJson
from sandbooks.kit.call import Call, UnreadableBody, json_reply
from sandbooks.kit.tokens import Grant, Tokens, basic_credentials
from sandbooks.platforms.sage_intacct import signing
from sandbooks.platforms.sage_intacct.refusals import TokenRefused
from sandbooks.platforms.sage_intacct.rest import authorizing
from sandbooks.platforms.sage_intacct.rest.access import issue
from sandbooks.wire import Response


def token(call: Call) -> Response:
    """Tokens for a grant. Source: developer.sage.com/intacct (OAuth 2.0: grant types)"""
    given = _given(call)
    kind = given.get("grant_type", "")
    if not (kind == "authorization_code" and authorizing.is_public_exchange(call, given)):
        _check_client(call, given)
    refreshes = True
    if kind == "client_credentials":
        grant, entity = _by_user(call, given.get("username", ""))
    elif kind == "refresh_token":
        grant, entity = _by_refresh(call, given.get("refresh_token", ""))
    elif kind == "authorization_code":
        (grant, refreshes), entity = authorizing.spend_code(call, given), ""
    elif not kind:
        raise TokenRefused("Missing grant_type Attribute", "GW-0015", 400)
    else:
        raise TokenRefused("Invalid Token Payload", "GW-0032", 400)
    with call.unit():
        made = issue(call.world, grant, entity=entity, refreshes=refreshes)
    return json_reply(made, headers=(("Cache-Control", "no-store"),))


_SINGLE = (("client_id", "Multiple Client IDs", "GW-0038"), ("username", "Multiple Usernames", "GW-0039"))
_FORMS = ("application/x-www-form-urlencoded", "application/json", "multipart/form-data")


def _given(call: Call) -> dict[str, str]:
    # Source: developer.sage.com/intacct (error handling: the gateway's codes and messages). Unconfirmed: the statuses,
    # and that a name given twice in JSON, of which the last counts, is no repetition.
    if not call.body:
        raise TokenRefused("Missing Token Payload", "GW-0035", 400)
    if call.content_type not in _FORMS:
        raise TokenRefused("Invalid Content Type", "GW-0014", 400)
    try:
        body: Any = call.json() if call.content_type == "application/json" else _single(call.form)
    except (MalformedJson, UnreadableBody) as error:
        raise TokenRefused("The request cannot be read", "GW-0011", 400) from error
    return {k: v for k, v in body.items() if isinstance(v, str)} if isinstance(body, dict) else {}


def _single(form: MultiDict[str, str]) -> dict[str, str]:
    """The parameters of a form. Raises ``TokenRefused`` where it names several clients or several users."""
    for name, message, code in _SINGLE:
        if len(form.getlist(name)) > 1:
            raise TokenRefused(message, code, 400)
    return dict(form.items())


def _check_client(call: Call, given: dict[str, str]) -> None:
    named = basic_credentials(call.header("Authorization")) or (
        given.get("client_id", ""),
        given.get("client_secret", ""),
    )
    if not named[0]:
        raise TokenRefused("Missing Client ID", "GW-0037", 400)
    if named != Tokens(call.world, signing.PLATFORM).client():
        raise TokenRefused("Invalid Request", "GW-0011")


def _by_user(call: Call, username: str) -> tuple[Grant, str]:
    """``user@company`` or ``user@company|entity``. Raises ``TokenRefused``."""
    if not username:
        raise TokenRefused("Missing User Name", "GW-0036", 400)
    user, _, place = username.partition("@")
    company_id, _, entity = place.partition("|")
    if not company_id:
        raise TokenRefused("Missing Tenant Data", "GW-0012", 400)
    company = signing.company_named(call.world, company_id)
    if company is None or user.lower() != signing.USER:
        raise TokenRefused("Sign-in information is incorrect. Please check your request.", "UJPP0002")
    grant = signing.standing_consent(call.world, company)
    if grant is None:
        raise TokenRefused("Sign-in information is incorrect. Please check your request.", "UJPP0002")
    return grant, signing.entity_named(company, entity)


def _by_refresh(call: Call, value: str) -> tuple[Grant, str]:
    held = Tokens(call.world, signing.PLATFORM).find("refresh", value)
    if held is None or not held.is_live(call.world.clock.now()) or not held.facts.get("rest"):
        raise TokenRefused("The token is not valid. Invalid token", "GW-0031", 400)
    return held.grant, str(held.facts.get("entity", ""))
