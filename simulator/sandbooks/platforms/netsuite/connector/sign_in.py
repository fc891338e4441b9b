"""Signing in to NetSuite with a token of token-based authentication: OAuth 1.0a, each request signed on its own.

An administrator makes an integration record, a role and a token, and types the four keys in at the hub. Such a token
does not expire, where the refresh token of OAuth 2.0 ends a week after the consent: a connection that nobody looks
after can live on this one alone.
Source: docs.oracle.com, NetSuite Online Help, section_4247337262 and section_4389727047 (token-based authentication)
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import parse_qsl, quote, urlsplit

from sandbooks.connector import Asked, Consent, NeedsConsent, Refused, Request, Steps, ask, with_headers
from sandbooks.platforms.netsuite.connector.calls import ACCEPT, RECORD

ASKED = (
    Asked(name="account", label="Account ID"),
    Asked(name="consumer_key", label="Consumer key"),
    Asked(name="consumer_secret", label="Consumer secret", secret=True),
    Asked(name="token_id", label="Token ID"),
    Asked(name="token_secret", label="Token secret", secret=True),
)
REFUSED = "NetSuite does not accept these keys: its login audit trail says why"


def exchange(callback: Mapping[str, str], *, company: str) -> Steps[Consent]:
    """A consent of what was typed in, tried out with one request."""
    missing = [field.label for field in ASKED if not callback.get(field.name)]
    if missing:
        raise Refused(f"missing: {', '.join(missing)}", status=403)
    account = callback["account"]
    if company and company != account:
        raise Refused(f"the keys are for account {account}, not {company}", status=403)
    secrets = ("consumer_key", "consumer_secret", "token_secret")
    facts = {name: callback[name] for name in secrets}
    consent = Consent(company=account, access_token=callback["token_id"], facts=facts)
    path = f"{RECORD}/metadata-catalog/account"
    trial = Request("GET", path, purpose="try the keys", headers=(ACCEPT,), consent=consent)
    try:
        answer = yield from ask(trial)
    except NeedsConsent as refused:
        raise Refused(REFUSED, status=403) from refused
    if answer.status >= 400 and answer.status != 404:
        raise Refused(REFUSED, status=403)
    return consent


def signed(request: Request, consent: Consent, *, url: str, now: datetime, nonce: str) -> Request:
    """The request with its ``Authorization: OAuth`` header; ``url`` is where it goes."""
    parameters = {
        "oauth_consumer_key": consent.facts.get("consumer_key", ""),
        "oauth_nonce": nonce,
        "oauth_signature_method": "HMAC-SHA256",
        "oauth_timestamp": str(int(now.timestamp())),
        "oauth_token": consent.access_token,
        "oauth_version": "1.0",
    }
    secrets = (consent.facts.get("consumer_secret", ""), consent.facts.get("token_secret", ""))
    proof = _signature(request.method, url, parameters, key="&".join(map(_encoded, secrets)))
    told = {"realm": consent.company, **parameters, "oauth_signature": proof}
    header = ", ".join(f'{name}="{_encoded(value)}"' for name, value in told.items())
    return with_headers(request, ("Authorization", f"OAuth {header}"))


def _signature(method: str, url: str, parameters: Mapping[str, str], *, key: str) -> str:
    """HMAC-SHA256 over the signature base string. Source: RFC 5849 section 3.4"""
    place = urlsplit(url)
    pairs = [*parameters.items(), *parse_qsl(place.query, keep_blank_values=True)]
    normal = "&".join(f"{name}={value}" for name, value in sorted((_encoded(n), _encoded(v)) for n, v in pairs))
    where = f"{place.scheme.lower()}://{place.netloc.lower()}{place.path or '/'}"
    text = "&".join((method.upper(), _encoded(where), _encoded(normal)))
    return base64.b64encode(hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()).decode()


def _encoded(text: str) -> str:
    return quote(text, safe="-._~")
