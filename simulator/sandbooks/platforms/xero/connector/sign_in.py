"""Signing in to Xero: the consent page, tokens, and which organisation a consent is for.

Source: developer.xero.com, OAuth 2.0, the standard authorization code flow; tenants.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from msgspec.structs import replace

from sandbooks import exact_json
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
from sandbooks.platforms.xero.connector.calls import ACCEPT

# Source: developer.xero.com, scopes; the granular ones, because new applications may not ask for the broad ones
SCOPES = (
    "offline_access",
    "accounting.settings",
    "accounting.contacts",
    "accounting.banktransactions",
    "accounting.manualjournals",
    "accounting.attachments",
    "accounting.invoices",
    "accounting.payments",
)
REFRESH_DAYS = 60  # Source: developer.xero.com, OAuth 2.0 FAQ


def consent_path(application: Application, *, state: str) -> str:
    """The page where the user picks an organisation."""
    query = {
        "response_type": "code",
        "client_id": application.client_id,
        "redirect_uri": application.redirect_uri,
        "scope": " ".join(SCOPES),
        "state": state,
    }
    return f"/identity/connect/authorize?{urlencode(query, quote_via=quote)}"


def exchange_code(
    application: Application, callback: Mapping[str, str], *, now: datetime, company: str
) -> Steps[Consent]:
    """Tokens for a code, pinned to one organisation of those that the user has just connected."""
    if "code" not in callback:
        raise Refused(callback.get("error", "the sign-in came back without a code"), status=403)
    form = {
        "grant_type": "authorization_code",
        "code": callback["code"],
        "redirect_uri": application.redirect_uri,
    }
    body = yield from _token(application, form, purpose="exchange the authorization code")
    tenant = yield from _tenant(body["access_token"], company)
    first = Consent(company=str(tenant["tenantId"]), access_token="", facts={"connection": str(tenant.get("id", ""))})
    return _fresh(first, body, now=now)


def refresh(application: Application, consent: Consent, *, now: datetime) -> Steps[Consent]:
    """Both tokens anew. A lost answer does no harm: for half an hour Xero takes the previous token again."""
    form = {"grant_type": "refresh_token", "refresh_token": consent.refresh_token}
    try:
        body = yield from _token(application, form, purpose="refresh the access token")
    except Refused as refused:
        raise NeedsConsent(refused.message) from refused
    return _fresh(consent, body, now=now)


def _fresh(consent: Consent, body: Mapping[str, Any], *, now: datetime) -> Consent:
    return replace(
        consent,
        access_token=str(body["access_token"]),
        refresh_token=str(body.get("refresh_token") or consent.refresh_token),
        access_expires=now + timedelta(seconds=int(body.get("expires_in", 1800))),
        refresh_expires=now + timedelta(days=REFRESH_DAYS),
    )


def _token(application: Application, form: Mapping[str, str], *, purpose: str) -> Steps[dict[str, Any]]:
    secret = base64.b64encode(f"{application.client_id}:{application.client_secret}".encode()).decode()
    request = Request(
        "POST",
        "/connect/token",
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


# Organisations


def _tenant(access_token: str, company: str) -> Steps[dict[str, Any]]:
    """The organisation to pin: the one asked for, else the first of this very consent.

    A user who connected another organisation earlier has that one on the list too; the consent's own event tells
    them apart.
    """
    event = _event_of(access_token)
    found = yield from _organisations(access_token, event)
    if event and not any(tenant["tenantId"] == company or not company for tenant in found):
        found = yield from _organisations(access_token, "")
    for tenant in found:
        if not company or tenant["tenantId"] == company:
            return tenant
    raise Refused(f"the consent is not for organisation {company}" if company else "no organisation was connected")


def _organisations(access_token: str, event: str) -> Steps[list[dict[str, Any]]]:
    request = Request(
        "GET",
        f"/connections?{urlencode({'authEventId': event})}" if event else "/connections",
        purpose="list the connected organisations",
        signed=False,
        headers=(("Authorization", f"Bearer {access_token}"), ACCEPT),
    )
    response = yield from ask(request)
    body = json_of(response, request)
    if response.status != 200 or not isinstance(body, list):
        raise Unavailable(f"status {response.status} without a list to: {request.purpose}")
    return [t for t in body if isinstance(t, dict) and t.get("tenantId") and t.get("tenantType") == "ORGANISATION"]


def _event_of(access_token: str) -> str:
    """The consent's own event, as the token names it; empty when the token cannot be read."""
    parts = access_token.split(".")
    if len(parts) != 3:
        return ""
    try:
        claims = exact_json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (binascii.Error, ValueError):
        return ""
    return str(claims.get("authentication_event_id") or "") if isinstance(claims, dict) else ""
