"""Authlib and requests-oauthlib, unmodified, at the sign-in of every platform that has one: a line for each.

Runs under `sandbooks exec`: addresses are the vendors' own, credentials come from the environment. A browser is played
that reads the consent page and sends its form.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

import requests
from authlib.integrations.requests_client import OAuth2Session as AuthlibSession
from requests_oauthlib import OAuth2Session as OauthlibSession

CALLBACK = "https://app.example/callback"
VERIFIER = "v" * 64
ENVIRONMENT = os.environ


@dataclass(frozen=True)
class Server:
    """Where a platform is asked for consent and tokens, a resource to try them on, and how clients name themselves."""

    prefix: str
    authorize: str
    token: str
    resource: str
    scope: str = ""
    revoke: str = ""
    scheme: str = "Bearer"
    method: str = "client_secret_basic"
    more: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.prefix.lower()

    @property
    def client(self) -> tuple[str, str]:
        return ENVIRONMENT[f"{self.prefix}_CLIENT_ID"], ENVIRONMENT[f"{self.prefix}_CLIENT_SECRET"]

    @property
    def scopes(self) -> list[str] | None:
        return self.scope.split() or None

    def use(self, access_token: str) -> int:
        headers = {"Authorization": f"{self.scheme} {access_token}", "Accept": "application/json"}
        return requests.get(self.resource, headers=headers, timeout=9).status_code


def servers() -> list[Server]:
    entra = f"https://login.microsoftonline.com/{ENVIRONMENT['BC_TENANT_ID']}/oauth2/v2.0"
    central = "https://api.businesscentral.dynamics.com"
    place = f"{central}/v2.0/{ENVIRONMENT['BC_TENANT_ID']}/{ENVIRONMENT['BC_ENVIRONMENT']}/api/v2.0"
    suite = f"https://{ENVIRONMENT['NETSUITE_ACCOUNT'].lower().replace('_', '-')}"
    intacct = "https://api.intacct.com/ia/api/v1"
    return [
        Server(
            "QBO",
            "https://appcenter.intuit.com/connect/oauth2",
            "https://oauth.platform.intuit.com/oauth2/v1/tokens/bearer",
            f"https://quickbooks.api.intuit.com/v3/company/{ENVIRONMENT['QBO_REALM_ID']}/companyinfo/1",
            "com.intuit.quickbooks.accounting openid",
            "https://developer.api.intuit.com/v2/oauth2/tokens/revoke",
        ),
        Server(
            "XERO",
            "https://login.xero.com/identity/connect/authorize",
            "https://identity.xero.com/connect/token",
            "https://api.xero.com/connections",
            "openid offline_access accounting.settings payroll.employees",
            "https://identity.xero.com/connect/revocation",
        ),
        Server(
            "FREEAGENT",
            "https://api.freeagent.com/v2/approve_app",
            "https://api.freeagent.com/v2/token_endpoint",
            "https://api.freeagent.com/v2/company",
        ),
        Server(
            "ZOHO",
            "https://accounts.zoho.eu/oauth/v2/auth",
            "https://accounts.zoho.eu/oauth/v2/token",
            "https://www.zohoapis.eu/books/v3/organizations",
            "ZohoBooks.fullaccess.all",
            "https://accounts.zoho.eu/oauth/v2/token/revoke",
            scheme="Zoho-oauthtoken",
            method="client_secret_post",
            more={"access_type": "offline", "prompt": "consent"},
        ),
        Server(
            "BC",
            f"{entra}/authorize",
            f"{entra}/token",
            f"{place}/companies",
            f"{central}/.default offline_access",
        ),
        Server(
            "NETSUITE",
            f"{suite}.app.netsuite.com/app/login/oauth2/authorize.nl",
            f"{suite}.suitetalk.api.netsuite.com/services/rest/auth/oauth2/v1/token",
            f"{suite}.suitetalk.api.netsuite.com/services/rest/record/v1/vendor",
            "rest_webservices",
            f"{suite}.suitetalk.api.netsuite.com/services/rest/auth/oauth2/v1/revoke",
        ),
        Server(
            "INTACCT",
            f"{intacct}/oauth2/authorize",
            f"{intacct}/oauth2/token",
            f"{intacct}/objects/accounts-payable/vendor",
            "offline_access",
        ),
    ]


class Form(HTMLParser):
    """The first form of a page: where it goes, and what it carries when its first button is pressed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.action, self.method, self.fields = "", "get", {}
        self._select = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "form":
            self.action, self.method = given.get("action", ""), given.get("method", "get").lower()
        elif tag == "select":
            self._select = given["name"]
        elif tag == "option":
            self.fields.setdefault(self._select, given["value"])
        elif tag in ("input", "button") and given.get("name"):
            self.fields.setdefault(given["name"], given.get("value", ""))


def consented(url: str) -> str:
    """The address to which a browser is sent back after its user agreed."""
    with requests.Session() as browser:
        browser.headers["Accept"] = "text/html,application/xhtml+xml"
        answer = browser.get(url, allow_redirects=False, timeout=9)
        for _ in range(5):
            place = answer.headers.get("Location", "")
            if place.startswith(CALLBACK):
                return place
            if place:
                answer = browser.get(urljoin(answer.url, place), allow_redirects=False, timeout=9)
                continue
            form = Form(answer.text)
            sent = {"params" if form.method == "get" else "data": form.fields}
            address = urljoin(answer.url, form.action)
            answer = browser.request(form.method, address, allow_redirects=False, timeout=9, **sent)
    raise AssertionError(f"no way back from {url}")


def with_oauthlib(server: Server) -> None:
    """Consent, tokens, the resource, a refresh."""
    id, secret = server.client
    session = OauthlibSession(id, redirect_uri=CALLBACK, scope=server.scopes)
    url, _ = session.authorization_url(server.authorize, **server.more)
    in_body = {"client_id": id, "client_secret": secret} if server.method == "client_secret_post" else {}
    named = {"client_secret": secret, "include_client_id": True} if in_body else {"auth": (id, secret)}
    first = session.fetch_token(server.token, authorization_response=consented(url), **named)
    assert server.use(first["access_token"]) == 200
    keys = in_body or {"auth": (id, secret)}
    second = session.refresh_token(server.token, refresh_token=first["refresh_token"], **keys)
    assert second["access_token"] != first["access_token"]
    assert server.use(second["access_token"]) == 200


def with_authlib(server: Server) -> None:
    """The same with a code challenge; revoked where the platform revokes."""
    id, secret = server.client
    given = {"redirect_uri": CALLBACK, "scope": server.scope or None, "code_challenge_method": "S256"}
    session = AuthlibSession(id, secret, token_endpoint_auth_method=server.method, **given)
    url, _ = session.create_authorization_url(server.authorize, code_verifier=VERIFIER, **server.more)
    first = session.fetch_token(server.token, authorization_response=consented(url), code_verifier=VERIFIER)
    assert server.use(first["access_token"]) == 200
    second = session.refresh_token(server.token, refresh_token=first["refresh_token"])
    if server.revoke:
        assert session.revoke_token(server.revoke, token=second["refresh_token"]).status_code == 200
        assert server.use(second["access_token"]) == 401


if __name__ == "__main__":
    for each in servers():
        if each.prefix == "BC":  # Entra tells what it granted, not what was asked: oauthlib takes that for an error
            os.environ["OAUTHLIB_RELAX_TOKEN_SCOPE"] = "1"
        with_oauthlib(each)
        with_authlib(each)
        print(f"ok {each}", flush=True)
