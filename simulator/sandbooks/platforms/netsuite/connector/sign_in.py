"""Signing in to NetSuite: the consent page, tokens, and the account that a consent is for.

Source: docs.oracle.com, NetSuite Online Help, "OAuth 2.0 Authorization Code Grant Flow" and the pages beneath it.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

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
from sandbooks.platforms.netsuite.connector.calls import ACCEPT

SCOPE = "rest_webservices"  # Source: docs.oracle.com, section_158255317571
ACCESS_SECONDS = 3600  # Source: the same page, access tokens
REFRESH_DAYS = 7  # Source: the same page, refresh tokens


def consent_path(application: Application, *, state: str) -> str:
    """The page where a user of the account, in a role of theirs, lets the application in."""
    query = {
        "response_type": "code",
        "client_id": application.client_id,
        "redirect_uri": application.redirect_uri,
        "scope": SCOPE,
        "state": state,
    }
    return f"/app/login/oauth2/authorize.nl?{urlencode(query, quote_via=quote)}"


def exchange_code(
    application: Application, callback: Mapping[str, str], *, now: datetime, company: str
) -> Steps[Consent]:
    """Tokens for a code; the account comes back beside the code."""
    if "code" not in callback or not callback.get("company"):
        raise Refused(callback.get("error", "the sign-in came back without a code and an account"), status=403)
    if company and company != callback["company"]:
        raise Refused(f"the consent is for account {callback['company']}, not {company}", status=403)
    form = {
        "grant_type": "authorization_code",
        "code": callback["code"],
        "redirect_uri": application.redirect_uri,
    }
    body = yield from _token(application, form, purpose="exchange the authorization code")
    facts = {name: callback[name] for name in ("role", "entity") if callback.get(name)}
    return _fresh(Consent(company=callback["company"], access_token="", facts=facts), body, now=now)


def refresh(application: Application, consent: Consent, *, now: datetime) -> Steps[Consent]:
    """A fresh access token. The refresh token stays the same, and so does its end, unless another one comes."""
    form = {"grant_type": "refresh_token", "refresh_token": consent.refresh_token}
    try:
        body = yield from _token(application, form, purpose="refresh the access token")
    except Refused as refused:
        raise NeedsConsent(refused.message) from refused
    return _fresh(consent, body, now=now)


def _fresh(consent: Consent, body: Mapping[str, Any], *, now: datetime) -> Consent:
    given = str(body.get("refresh_token") or "")
    rotated = bool(given) and given != consent.refresh_token
    return replace(
        consent,
        access_token=str(body["access_token"]),
        refresh_token=given or consent.refresh_token,
        access_expires=now + timedelta(seconds=int(body.get("expires_in") or ACCESS_SECONDS)),
        refresh_expires=now + timedelta(days=REFRESH_DAYS) if rotated else consent.refresh_expires,
    )


def _token(application: Application, form: Mapping[str, str], *, purpose: str) -> Steps[dict[str, Any]]:
    secret = base64.b64encode(f"{application.client_id}:{application.client_secret}".encode()).decode()
    request = Request(
        "POST",
        "/services/rest/auth/oauth2/v1/token",
        purpose=purpose,
        base="auth",
        signed=False,
        headers=(
            ("Authorization", f"Basic {secret}"),
            ("Content-Type", "application/x-www-form-urlencoded"),
            ACCEPT,
        ),
        body=urlencode(form).encode(),
    )
    response = yield from ask(request)
    body = json_of(response, request)
    if isinstance(body, dict) and response.status == 200 and isinstance(body.get("access_token"), str):
        return body
    if isinstance(body, dict) and response.status in (400, 401) and body.get("error"):
        raise Refused(f"sign-in refused: {body['error']}", native_code=str(body["error"]), status=response.status)
    raise Unavailable(f"status {response.status} without a token to: {purpose}")
