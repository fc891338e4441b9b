"""Signing in to FreeAgent: the approval page, tokens, and the one company behind a consent.

Source: dev.freeagent.com/docs/oauth.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from msgspec.structs import replace

from sandbooks.connector import (
    Application,
    Consent,
    NeedsConsent,
    Refused,
    Request,
    Steps,
    Unavailable,
    ask,
    json_of,
)
from sandbooks.platforms.freeagent.connector.calls import ACCEPT, accepted

USER_AGENT = ("User-Agent", "Sandbooks")  # Source: dev.freeagent.com/docs/introduction: every request names its agent


def consent_path(application: Application, *, state: str) -> str:
    """The page where a user of the company approves the application."""
    query = {
        "client_id": application.client_id,
        "response_type": "code",
        "redirect_uri": application.redirect_uri,
        "state": state,
    }
    return f"/v2/approve_app?{urlencode(query)}"


def exchange_code(
    application: Application, callback: Mapping[str, str], *, now: datetime, company: str
) -> Steps[Consent]:
    """Tokens for a code; a token is for one company, which names itself."""
    if "code" not in callback:
        raise Refused(callback.get("error", "the sign-in came back without a code"), status=403)
    form = {
        "grant_type": "authorization_code",
        "code": callback["code"],
        "redirect_uri": application.redirect_uri,
    }
    body = yield from _token(application, form, purpose="exchange the authorization code")
    found = yield from _company(str(body["access_token"]))
    id = str(found.get("id") or found.get("subdomain") or "")
    if not id or (company and company != id):
        raise Refused(f"the consent is for company {id}, not {company}", status=403)
    # Records are named by URLs: the company's own shows the address that FreeAgent itself goes by.
    base = str(found.get("url") or "").removesuffix("/v2/company")
    facts = {"base": base} if base.startswith("http") else {}
    return _fresh(Consent(company=id, access_token="", facts=facts), body, now=now)


def refresh(application: Application, consent: Consent, *, now: datetime) -> Steps[Consent]:
    """Fresh tokens; FreeAgent may hand out a new refresh token with them."""
    form = {"grant_type": "refresh_token", "refresh_token": consent.refresh_token}
    try:
        body = yield from _token(application, form, purpose="refresh the access token")
    except Refused as refused:
        raise NeedsConsent(refused.message) from refused
    return _fresh(consent, body, now=now)


def _fresh(consent: Consent, body: Mapping[str, Any], *, now: datetime) -> Consent:
    later = body.get("refresh_token_expires_in")
    return replace(
        consent,
        access_token=str(body["access_token"]),
        refresh_token=str(body.get("refresh_token") or consent.refresh_token),
        access_expires=now + timedelta(seconds=int(body.get("expires_in", 3600))),
        refresh_expires=now + timedelta(seconds=int(later)) if later else consent.refresh_expires,
    )


def _token(application: Application, form: Mapping[str, str], *, purpose: str) -> Steps[dict[str, Any]]:
    secret = base64.b64encode(f"{application.client_id}:{application.client_secret}".encode()).decode()
    request = Request(
        "POST",
        "/v2/token_endpoint",
        purpose=purpose,
        base="auth",
        signed=False,
        headers=(
            ("Authorization", f"Basic {secret}"),
            ("Content-Type", "application/x-www-form-urlencoded"),
            ACCEPT,
            USER_AGENT,
        ),
        body=urlencode(form).encode(),
    )
    response = yield from ask(request)
    if response.status == 401:  # plain text: the application's own credential
        raise Refused("sign-in refused: FreeAgent does not accept the application", status=401)
    body = json_of(response, request)
    if isinstance(body, dict) and response.status == 200 and isinstance(body.get("access_token"), str):
        return body
    if isinstance(body, dict) and response.status == 400 and body.get("error"):
        raise Refused(f"sign-in refused: {body['error']}", native_code=str(body["error"]), status=400)
    raise Unavailable(f"status {response.status} without a token to: {purpose}")


def _company(access_token: str) -> Steps[dict[str, Any]]:
    request = Request(
        "GET",
        "/v2/company",
        purpose="read the company that was connected",
        signed=False,
        headers=(("Authorization", f"Bearer {access_token}"), ACCEPT, USER_AGENT),
    )
    response = yield from ask(request)
    found = accepted(response, request).get("company")
    if not isinstance(found, dict):
        raise Unavailable("no company in FreeAgent's answer")
    return found
