"""Signing in to Zoho: the consent page, tokens, and which organisation a consent is for.

Source: https://www.zoho.com/books/api/v3/oauth/, https://www.zoho.com/accounts/protocol/oauth.html.
"""

from __future__ import annotations

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
    Wait,
    ask,
    json_of,
)
from sandbooks.platforms.zoho_books.connector.calls import ACCEPT, API, accepted

# Source: https://www.zoho.com/books/api/v3/oauth/, scopes; one for each list and record that is read or written
SCOPES = (
    "ZohoBooks.settings.ALL",
    "ZohoBooks.contacts.ALL",
    "ZohoBooks.expenses.ALL",
    "ZohoBooks.bills.ALL",
    "ZohoBooks.vendorpayments.ALL",
    "ZohoBooks.debitnotes.ALL",
    "ZohoBooks.accountants.ALL",
    "ZohoBooks.banking.ALL",
)
# Ten access tokens of a refresh token in ten minutes, then none for the rest of them.
# Source: https://www.zoho.com/accounts/protocol/oauth/limits.html. Unconfirmed: the word; both spellings are seen.
THROTTLED = "access denied"
THROTTLE_SECONDS = 120
# Answers that would come again: the code or token is spent, or the application is not the one that it was given to.
DEFINITE = (
    "invalid_code",
    "invalid_grant",
    "invalid_client",
    "invalid_client_secret",
    "invalid_redirect_uri",
    "unauthorized_client",
)


def consent_path(application: Application, *, state: str) -> str:
    """The page where a user agrees; ``prompt`` and ``access_type`` together make sure of a refresh token."""
    query = {
        "scope": ",".join(SCOPES),
        "client_id": application.client_id,
        "state": state,
        "response_type": "code",
        "redirect_uri": application.redirect_uri,
        "access_type": "offline",
        "prompt": "consent",
    }
    return f"/oauth/v2/auth?{urlencode(query)}"


def exchange_code(
    application: Application, callback: Mapping[str, str], *, now: datetime, company: str
) -> Steps[Consent]:
    """Tokens for a code, pinned to one organisation of those that the user belongs to."""
    if "code" not in callback:
        raise Refused(callback.get("error", "the sign-in came back without a code"), status=403)
    form = {
        "grant_type": "authorization_code",
        "code": callback["code"],
        "redirect_uri": application.redirect_uri,
    }
    body = yield from _token(application, form, purpose="exchange the authorization code")
    id = yield from _organization(str(body["access_token"]), company)
    # Where this user's data lives. Source: https://www.zoho.com/accounts/protocol/oauth/multi-dc.html
    told = {"accounts_server": callback.get("accounts-server"), "api_domain": body.get("api_domain")}
    facts = {name: str(value).rstrip("/") for name, value in told.items() if value}
    return _fresh(Consent(company=id, access_token="", facts=facts), body, now=now)


def refresh(application: Application, consent: Consent, *, now: datetime) -> Steps[Consent]:
    """A fresh access token; the refresh token stays as it is."""
    form = {"grant_type": "refresh_token", "refresh_token": consent.refresh_token}
    try:
        body = yield from _token(application, form, purpose="refresh the access token")
    except Refused as refused:
        raise NeedsConsent(refused.message) from refused
    return _fresh(consent, body, now=now)


def _fresh(consent: Consent, body: Mapping[str, Any], *, now: datetime) -> Consent:
    # Older answers count milliseconds, and give the seconds beside them.
    seconds = int(body.get("expires_in_sec") or body.get("expires_in") or 3600)
    return replace(
        consent,
        access_token=str(body["access_token"]),
        refresh_token=str(body.get("refresh_token") or consent.refresh_token),
        access_expires=now + timedelta(seconds=seconds),
    )


def _token(application: Application, form: Mapping[str, str], *, purpose: str) -> Steps[dict[str, Any]]:
    """An answer of the token endpoint: an error comes with status 200 as often as not, so the body decides."""
    sent = {**form, "client_id": application.client_id, "client_secret": application.client_secret}
    request = Request(
        "POST",
        "/oauth/v2/token",
        purpose=purpose,
        base="auth",
        signed=False,
        headers=(("Content-Type", "application/x-www-form-urlencoded"), ACCEPT),
        body=urlencode(sent).encode(),
    )
    while True:
        response = yield from ask(request)
        body = json_of(response, request)
        if isinstance(body, dict) and response.status == 200 and isinstance(body.get("access_token"), str):
            return body
        error = str(body.get("error") or "") if isinstance(body, dict) else ""
        if error.lower().replace("_", " ") == THROTTLED:
            yield Wait(THROTTLE_SECONDS, "throttled")
        elif error in DEFINITE:
            raise Refused(f"sign-in refused: {error}", native_code=error, status=response.status)
        else:
            raise Unavailable(f"status {response.status} without a token to: {purpose}")


def _organization(access_token: str, wanted: str) -> Steps[str]:
    """The organisation to be connected: the one asked for, else the user's default, else the first."""
    request = Request(
        "GET",
        f"{API}/organizations",
        purpose="list the organisations of the user",
        signed=False,
        headers=(("Authorization", f"Zoho-oauthtoken {access_token}"), ACCEPT),
    )
    response = yield from ask(request)
    rows = accepted(response, request).get("organizations") or []
    ids = [str(row["organization_id"]) for row in sorted(rows, key=lambda row: not row.get("is_default_org"))]
    if wanted and wanted not in ids:
        raise Refused(f"the consent is not for organisation {wanted}", status=403)
    if not ids:
        raise Refused("the user belongs to no organisation of Zoho Books", status=403)
    return wanted or ids[0]
