"""``GET /oauth2/authorize``: the user's consent, and the authorization code that stands for it.

A browser sees a page that asks; any other client is taken as consenting, so that sign-in can be scripted.
Source: https://developer.sage.com/intacct/docs/developer-portal/guides/oauth2
"""

from __future__ import annotations

from datetime import timedelta
from html import escape

from sandbooks.kit.call import Call
from sandbooks.kit.company import Company, companies
from sandbooks.kit.redirects import is_web_address, redirect_location
from sandbooks.kit.tokens import Grant, Tokens, basic_credentials, challenge_holds
from sandbooks.platforms.sage_intacct import signing
from sandbooks.platforms.sage_intacct.refusals import TokenRefused
from sandbooks.wire import Response

PATH = "/ia/api/v1/oauth2/authorize"
# Unconfirmed: how long a code lives, and the answers to a code that is spent, too old or another application's.
CODE_LIFETIME = timedelta(minutes=5)
_ASKED = ("response_type", "client_id", "redirect_uri", "state", "scope", "code_challenge", "code_challenge_method")


def authorize(call: Call) -> Response:
    """The consent page for a browser, consent itself for a script. The page's form comes here too."""
    asked = _asked(call)
    decision = call.query.get("decision") or ""
    if not decision and "text/html" in call.header("Accept"):
        return Response(200, (("Content-Type", "text/html; charset=utf-8"),), _page(call, asked).encode())
    state = {"state": asked["state"]} if "state" in asked else {}
    if decision not in ("", "accept"):
        return _redirect(asked["redirect_uri"], {"error": "access_denied", **state})
    code = _code(call, asked, _chosen(call, call.query.get("company") or ""))
    return _redirect(asked["redirect_uri"], {"code": code, **state})


def _asked(call: Call) -> dict[str, str]:
    """The request for consent. Raises ``TokenRefused``, as there is nowhere safe to send the browser."""
    asked = {name: value for name in _ASKED if (value := call.query.get(name))}
    if asked.get("client_id") != Tokens(call.world, signing.PLATFORM).client()[0]:
        raise TokenRefused("Missing Client ID", "GW-0037", 400)
    if asked.get("response_type") != "code":
        raise TokenRefused("The response type must be code", "GW-0015", 400)
    if not is_web_address(asked.get("redirect_uri", "")):
        raise TokenRefused("The redirect URI is missing or is no web address", "GW-0015", 400)
    return asked


def _page(call: Call, asked: dict[str, str]) -> str:
    hidden = "".join(f'<input type="hidden" name="{name}" value="{escape(text)}">' for name, text in asked.items())
    offered = "".join(
        f'<option value="{escape(company.id)}">{escape(company.name)}</option>'
        for company in companies(call.world, signing.PLATFORM)
    )
    return (
        "<!doctype html><title>Sage Intacct (simulated)</title><h1>Allow access to your company?</h1>"
        f'<form method="get" action="{escape(call.link(PATH))}">{hidden}'
        f'<label>Company <select name="company">{offered}</select></label> '
        '<button name="decision" value="accept">Accept</button> '
        '<button name="decision" value="decline">Decline</button></form>'
    )


def _chosen(call: Call, id: str) -> Company:
    found = signing.company_named(call.world, id) if id else next(iter(companies(call.world, signing.PLATFORM)), None)
    if found is None:
        raise TokenRefused("Sign-in information is incorrect. Please check your request.", "UJPP0002")
    return found


def _code(call: Call, asked: dict[str, str], company: Company) -> str:
    with call.unit():
        grant = signing.consent(call.world, company)
        made = Tokens(call.world, signing.PLATFORM).issue("code", grant, lifetime=CODE_LIFETIME, facts=dict(asked))
    return made.value


def _redirect(address: str, members: dict[str, str]) -> Response:
    return Response(302, (("Location", redirect_location(address, members)),))


def spend_code(call: Call, given: dict[str, str]) -> tuple[Grant, bool]:
    """The grant behind a code, and whether it was asked with ``offline_access``. Raises ``TokenRefused``."""
    tokens = Tokens(call.world, signing.PLATFORM)
    code = tokens.find("code", given.get("code", ""))
    if code is None or not code.is_live(call.world.clock.now()):
        raise TokenRefused("The authorization code is not valid", "GW-0031", 400)
    if given.get("redirect_uri") != code.facts["redirect_uri"]:
        raise TokenRefused("The redirect URI is not the one that the code was asked with", "GW-0011", 400)
    challenge, method = str(code.facts.get("code_challenge", "")), str(code.facts.get("code_challenge_method", "plain"))
    if challenge and not challenge_holds(given.get("code_verifier", ""), challenge=challenge, method=method):
        raise TokenRefused("The code verifier does not fit", "GW-0031", 400)
    with call.unit():
        tokens.spend(code)
    return code.grant, "offline_access" in str(code.facts.get("scope", "")).split()


def is_public_exchange(call: Call, given: dict[str, str]) -> bool:
    """Whether a code is exchanged by an application that keeps no secret: a verifier stands in for it."""
    code = Tokens(call.world, signing.PLATFORM).find("code", given.get("code", ""))
    bare = not given.get("client_secret") and basic_credentials(call.header("Authorization")) is None
    return bare and code is not None and bool(code.facts.get("code_challenge"))
