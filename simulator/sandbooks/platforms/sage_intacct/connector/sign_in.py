"""Signing in to Sage Intacct: a web services user's credentials for a session, and a new session when that has ended.

There is no consent page: the company's administrator makes a user for web services, allows the application's sender id,
and its credentials are typed in at the hub.
Source: https://developer.intacct.com/api/company-console/api-sessions/, https://developer.intacct.com/support/faq/
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from lxml import etree

from sandbooks.connector import Application, Asked, Consent, NeedsConsent, Refused, Request, Steps, Unavailable
from sandbooks.platforms.sage_intacct.connector.envelope import HEADERS, PATH, element, envelope, with_credentials
from sandbooks.platforms.sage_intacct.connector.gateway import answered

ASKED = (
    Asked(name="company_id", label="Company ID"),
    Asked(name="user_id", label="Web Services user ID"),
    Asked(name="user_password", label="Password", secret=True),
)
SESSION = timedelta(minutes=30)  # where an answer does not say; a session that ended before is renewed anyway


def exchange(application: Application, callback: Mapping[str, str], *, now: datetime, company: str) -> Steps[Consent]:
    """A session for what was typed in."""
    missing = [field.label for field in ASKED if not callback.get(field.name)]
    if missing:
        raise Refused(f"missing: {', '.join(missing)}", status=403)
    id = callback["company_id"]
    if company and company != id:
        raise Refused(f"the credentials are for company {id}, not {company}", status=403)
    facts = {
        "user_id": callback["user_id"],
        "sender_id": application.client_id,
        "sender_password": application.client_secret,
    }
    consent = Consent(company=id, access_token="", refresh_token=callback["user_password"], facts=facts)
    try:
        fresh = yield from _session(consent, now=now)
    except NeedsConsent as refused:
        raise Refused(refused.message, status=403) from refused
    return fresh


def refresh(application: Application, consent: Consent, *, now: datetime) -> Steps[Consent]:
    """A new session of the same user."""
    sender = {"sender_id": application.client_id, "sender_password": application.client_secret}
    renewed = Consent(
        company=consent.company,
        access_token="",
        refresh_token=consent.refresh_token,
        facts={**consent.facts, **sender},
    )
    try:
        fresh = yield from _session(renewed, now=now)
    except Refused as refused:
        raise NeedsConsent(refused.message) from refused
    return fresh


def _session(consent: Consent, *, now: datetime) -> Steps[Consent]:
    purpose = "open a session"
    body = envelope(etree.Element("getAPISession"), control_id="getAPISession", once=False, way=_login(consent))
    sender, password = consent.facts["sender_id"], consent.facts["sender_password"]
    body = with_credentials(body, sender=sender, password=password)
    request = Request("POST", PATH, purpose=purpose, base="auth", signed=False, headers=HEADERS, body=body)
    result = yield from answered(request)
    session = result.findtext("data/api/sessionid") or ""
    if not session:
        raise Unavailable(f"no session in the answer to: {purpose}")
    # Where this company's requests go from now on.
    endpoint = result.findtext("data/api/endpoint") or ""
    operation = result.getparent()
    timeout = operation.findtext("authentication/sessiontimeout") if operation is not None else None
    return Consent(
        company=consent.company,
        access_token=session,
        refresh_token=consent.refresh_token,
        access_expires=_instant(timeout) or now + SESSION,
        facts={**consent.facts, **({"endpoint": endpoint} if endpoint else {})},
    )


def _login(consent: Consent) -> etree._Element:
    return element(
        "login",
        {
            "userid": consent.facts["user_id"],
            "companyid": consent.company,
            "password": consent.refresh_token,
        },
    )


def _instant(text: str | None) -> datetime | None:
    """``2015-10-22T20:58:27-07:00``; None for anything that is no instant."""
    try:
        found = datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None
