"""Signing in to Business Central: the consent page of Entra ID, tokens, and the company that a consent is for.

Source: learn.microsoft.com, Microsoft identity platform, OAuth 2.0 authorization code flow; Business Central,
"Authenticate web services using OAuth", environments.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

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
from sandbooks.platforms.business_central.connector.calls import ACCEPT, ENGLISH, Place, accepted

SCOPE = "https://api.businesscentral.dynamics.com/Financials.ReadWrite.All offline_access"
ANY_TENANT = "organizations"
ACCESS_SECONDS = 3599
REFRESH_DAYS = 90  # Source: learn.microsoft.com, Microsoft identity platform, refresh tokens
NOT_OF_THE_USER = (401, 403, 404)


def consent_path(application: Application, *, state: str) -> str:
    """The page where a user of the company says yes."""
    query = {
        "client_id": application.client_id,
        "response_type": "code",
        "redirect_uri": application.redirect_uri,
        "response_mode": "query",
        "scope": SCOPE,
        "state": state,
    }
    return f"/{ANY_TENANT}/oauth2/v2.0/authorize?{urlencode(query, quote_via=quote)}"


def exchange_code(
    application: Application, callback: Mapping[str, str], *, now: datetime, company: str
) -> Steps[Consent]:
    """Tokens for a code, pinned to one company of one environment."""
    if "code" not in callback:
        said = callback.get("error_description") or callback.get("error") or "the sign-in came back without a code"
        raise Refused(said, status=403)
    form = {
        "grant_type": "authorization_code",
        "code": callback["code"],
        "redirect_uri": application.redirect_uri,
    }
    body = yield from _token(application, form, ANY_TENANT, purpose="exchange the authorization code")
    place = yield from _place(str(body["access_token"]), company)
    facts = {"environment": place.environment} | ({"tenant": place.tenant} if place.tenant else {})
    return _fresh(Consent(company=place.company, access_token="", facts=facts), body, now=now)


def refresh(application: Application, consent: Consent, *, now: datetime) -> Steps[Consent]:
    """Both tokens anew; the one that was used stays good, so that a lost answer does no harm."""
    form = {"grant_type": "refresh_token", "refresh_token": consent.refresh_token}
    tenant = consent.facts.get("tenant") or ANY_TENANT
    try:
        body = yield from _token(application, form, tenant, purpose="refresh the access token")
    except Refused as refused:
        raise NeedsConsent(refused.message) from refused
    return _fresh(consent, body, now=now)


def _fresh(consent: Consent, body: Mapping[str, Any], *, now: datetime) -> Consent:
    return replace(
        consent,
        access_token=str(body["access_token"]),
        refresh_token=str(body.get("refresh_token") or consent.refresh_token),
        access_expires=now + timedelta(seconds=int(body.get("expires_in") or ACCESS_SECONDS)),
        refresh_expires=now + timedelta(days=REFRESH_DAYS) if body.get("refresh_token") else consent.refresh_expires,
    )


def _token(application: Application, form: Mapping[str, str], tenant: str, *, purpose: str) -> Steps[dict[str, Any]]:
    credential = {"client_id": application.client_id, "client_secret": application.client_secret, "scope": SCOPE}
    request = Request(
        "POST",
        f"/{quote(tenant, safe='')}/oauth2/v2.0/token",
        purpose=purpose,
        base="auth",
        signed=False,
        headers=(("Content-Type", "application/x-www-form-urlencoded"), ACCEPT),
        body=urlencode({**form, **credential}).encode(),
    )
    response = yield from ask(request)
    body = json_of(response, request)
    if isinstance(body, dict) and response.status == 200 and isinstance(body.get("access_token"), str):
        return body
    if isinstance(body, dict) and response.status in (400, 401) and body.get("error"):
        said = str(body.get("error_description") or body["error"]).partition(" Trace ID:")[0]
        message = f"sign-in refused: {body['error']}: {said}"
        raise Refused(message, native_code=str(body["error"]), status=response.status)
    raise Unavailable(f"status {response.status} without a token to: {purpose}")


# Environments and companies


def _place(access_token: str, company: str) -> Steps[Place]:
    """The company to pin: the one asked for, wherever it is, else the first of the first production environment."""
    found = yield from _listed("/environments/v1.1", access_token, purpose="list the environments")
    environments = [row for row in found if row.get("applicationFamily", "BusinessCentral") == "BusinessCentral"]
    environments.sort(key=lambda row: row.get("type") != "Production")
    for environment in environments:
        place = Place("", str(environment["name"]), str(environment.get("aadTenantId") or ""))
        for row in (yield from _companies(place, access_token)):
            if not company or str(row.get("id", "")).lower() == company.lower():
                return replace(place, company=str(row["id"]))
    raise Refused(f"the consent is not for company {company}" if company else "the user has no company", status=403)


def _companies(place: Place, access_token: str) -> Steps[list[dict[str, Any]]]:
    """The companies of an environment that the user may see; none where the user may not go."""
    try:
        found = yield from _listed(f"{place.root}/companies", access_token, purpose="list the companies")
    except (Refused, NeedsConsent) as failure:
        if isinstance(failure, Refused) and failure.status not in NOT_OF_THE_USER:
            raise
        return []
    return [row for row in found if row.get("id")]


def _listed(path: str, access_token: str, *, purpose: str) -> Steps[list[dict[str, Any]]]:
    headers = (("Authorization", f"Bearer {access_token}"), ACCEPT, ENGLISH)
    request = Request("GET", path, purpose=purpose, signed=False, headers=headers)
    response = yield from ask(request)
    rows = accepted(response, request).get("value")
    if not isinstance(rows, list):
        raise Unavailable(f"no list in the answer to: {purpose}")
    return [row for row in rows if isinstance(row, dict)]
