"""Tokens for the pages that a company's own user sees: they reach one company, for a day.

Source: github.com/codatio/oas, yaml/Codat-Platform.yaml (CompanyAccessToken, ConnectionManagementAccessToken).
"""

from __future__ import annotations

from datetime import timedelta

from sandbooks.hub import companies, keys
from sandbooks.hub.records import HUB
from sandbooks.kit.call import Call, json_reply
from sandbooks.kit.tokens import Tokens
from sandbooks.wire import Response

LIFETIME = timedelta(days=1)


def get_token(call: Call) -> Response:
    seconds = LIFETIME // timedelta(seconds=1)
    return json_reply({"expiresIn": seconds, "accessToken": _issued(call), "tokenType": "Bearer"})


def get_older_token(call: Call) -> Response:
    return json_reply({"accessToken": _issued(call)})


def _issued(call: Call) -> str:
    company = companies.called(call)
    tokens = Tokens(call.world, HUB)
    with call.unit():
        grant = tokens.new_grant(client_id=keys.CLIENT, scopes=(), companies=(company["id"],))
        return tokens.issue("access", grant, lifetime=LIFETIME).value
