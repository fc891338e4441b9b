"""Webhook subscriptions: made and renewed with a handshake.

Source: https://learn.microsoft.com/dynamics365/business-central/dev-itpro/api-reference/v2.0/dynamics-subscriptions
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode, urlsplit

from sandbooks import exact_json
from sandbooks.kit import outbox
from sandbooks.kit.call import Call
from sandbooks.kit.surface import Operation
from sandbooks.platforms.business_central import webhooks
from sandbooks.platforms.business_central.access import address_of, find
from sandbooks.platforms.business_central.api.collections import body_of, root_of
from sandbooks.platforms.business_central.errors import ODATA
from sandbooks.platforms.business_central.names import entity_tag, guid, is_entity_tag, same_tag
from sandbooks.platforms.business_central.refusals import (
    BadBody,
    Dialog,
    EntityChanged,
    KeyExists,
    RecordMissing,
    TokenNotValid,
    TooLong,
)
from sandbooks.wire import Cut, Headers, Request, Response
from sandbooks.world.clock import instant

STATE_MAX = 2048
_RESOURCE = re.compile(r"companies\((?P<company>[^)]*)\)/(?P<set>\w+)(?:\?.*)?$", re.IGNORECASE)
_MEMBERS = ("subscriptionId", "notificationUrl", "resource", "clientState")


def list_subscriptions(call: Call) -> Response:
    """``GET subscriptions``."""
    body = {"@odata.context": f"{root_of(call)}/$metadata#subscriptions", "value": [_shown(s) for s in _own(call)]}
    return Response(200, ODATA, exact_json.dumps(body))


def get_subscription(call: Call) -> Response:
    """``GET subscriptions('id')``."""
    return _answer(call, _found(call))


def create_subscription(call: Call) -> Response:
    """``POST subscriptions``: the receiver must echo the validation token first."""
    given = _given(call)
    url, resource = given.get("notificationUrl", ""), given.get("resource", "")
    company, set_name = _target(call, resource)
    _check_url(url)
    if len(_own(call)) >= webhooks.MOST:
        raise Dialog(f"The number of subscriptions is limited to {webhooks.MOST}.")
    for each in _own(call):
        if each["notificationUrl"] == url and each["resource"] == resource:
            raise KeyExists("API Webhook Subscription", f"Subscription ID='{each['id']}'")
    _shake_hands(call, url)
    with call.unit():
        made = outbox.subscribe(call.world, webhooks.PLATFORM, url=url, events=(set_name,), company=company)
        facts = {
            "id": made.id.replace("-", ""),
            "outbox": made.id,
            "notificationUrl": url,
            "resource": resource,
            "clientState": given.get("clientState", ""),
            "company": company,
            "user": call.token.grant.user if call.token else "",
            "created": call.world.clock.micros(),
            "modified": call.world.clock.micros(),
            "expires": _expiry(call),
            "version": 1,
        }
        call.world.put(webhooks.FACTS, made.id, facts)
    return _answer(call, facts, status=201)


def update_subscription(call: Call) -> Response:
    """``PATCH subscriptions('id')``: renews for another three days, after another handshake."""
    facts = _found(call)
    _check_tag(call, facts, required=True)
    given = _given(call)
    url = given.get("notificationUrl", facts["notificationUrl"])
    if given.get("resource", facts["resource"]) != facts["resource"]:
        raise Dialog("The resource of a subscription cannot be changed.")
    _check_url(url)
    _shake_hands(call, url)
    with call.unit():
        for each in outbox.subscriptions(call.world, webhooks.PLATFORM):
            if each.id == facts["outbox"]:
                outbox.keep(
                    call.world,
                    outbox.Subscription(
                        id=each.id,
                        platform=each.platform,
                        url=url,
                        secret=each.secret,
                        events=each.events,
                        company=each.company,
                    ),
                )
        facts = {
            **facts,
            "notificationUrl": url,
            "clientState": given.get("clientState", facts["clientState"]),
            "modified": call.world.clock.micros(),
            "expires": _expiry(call),
            "version": facts["version"] + 1,
        }
        call.world.put(webhooks.FACTS, facts["outbox"], facts)
    return _answer(call, facts)


def delete_subscription(call: Call) -> Response:
    """``DELETE subscriptions('id')``."""
    facts = _found(call)
    _check_tag(call, facts, required=False)
    with call.unit():
        for each in outbox.subscriptions(call.world, webhooks.PLATFORM):
            if each.id == facts["outbox"]:
                outbox.drop(call.world, each)
        call.world.put(webhooks.FACTS, facts["outbox"], None)
    return Response(204, (("OData-Version", "4.0"),))


def _expiry(call: Call) -> int:
    return call.world.clock.micros() + int(webhooks.LIFETIME.total_seconds()) * 1_000_000


def _given(call: Call) -> dict[str, str]:
    body = body_of(call)
    if not isinstance(body, dict):
        raise BadBody("The request body must be one JSON object.")
    given = {}
    for name in _MEMBERS:
        value = body.get(name)
        if value is None:
            continue
        if not isinstance(value, str) or any(ord(letter) < 32 or 0xD800 <= ord(letter) < 0xE000 for letter in value):
            raise BadBody(f"Cannot convert the value of '{name}' to the expected type 'Edm.String'.")
        if len(value) > STATE_MAX:
            raise TooLong(len(value), STATE_MAX, value[:100])
        given[name] = value
    return given


def _target(call: Call, resource: str) -> tuple[str, str]:
    """The company and the set that a resource names. Raises ``BadBody``."""
    found = _RESOURCE.search(resource)
    if found is None:
        raise BadBody("The resource must name an entity set of a company, like companies(<id>)/vendors.")
    company = find(call.facts["in_environment"], found["company"] or "-")
    for name in webhooks.SUPPORTED:
        if name.lower() == found["set"].lower():
            return company.id, name
    raise BadBody(f"The resource '{found['set'][:60]}' does not support webhooks.")


def _check_url(url: str) -> None:
    try:
        parts = urlsplit(url)
        named = parts.hostname
    except ValueError:
        named = None
        parts = urlsplit("")
    # Plain http is taken from this machine alone, so that a receiver under test needs no certificate.
    if not named or (parts.scheme != "https" and not (parts.scheme == "http" and named in ("localhost", "127.0.0.1"))):
        raise BadBody("The notificationUrl must be an absolute https address.")


def _shake_hands(call: Call, url: str) -> None:
    """Ask the receiver to echo a token. Raises ``BadBody``."""
    token = call.world.ids.uuid("business_central/validation")
    joint = "&" if urlsplit(url).query else "?"
    asked = f"{url}{joint}{urlencode({'validationToken': token})}"
    answer = call.world.deliver(Request("POST", asked, (("Content-Type", "text/plain"),), b""))
    # Unconfirmed: the text of a failed handshake.
    if isinstance(answer, Cut) or answer.status != 200 or answer.body.decode("utf-8", "replace").strip() != token:
        raise BadBody("The handshake with the notificationUrl failed: it must answer 200 with the validation token.")


def _own(call: Call) -> list[dict[str, Any]]:
    reached = {company.id for company in call.facts["in_environment"]}
    found = sorted(call.world.kept(webhooks.FACTS).values(), key=lambda facts: int(facts["created"]))
    now = call.world.clock.micros()
    living = [facts for facts in found if facts["company"] in reached and facts["expires"] > now]
    return [facts for facts in living if not webhooks.turned_away(call.world, facts["outbox"])]


def _found(call: Call) -> dict[str, Any]:
    wanted = (address_of(call).segments[-1].key or "").strip("'\"")
    plain = (guid(wanted) or wanted).replace("-", "").lower()
    for facts in _own(call):
        if facts["id"] == plain:
            return facts
    raise RecordMissing("API Webhook Subscription", f"Subscription ID='{wanted[:60]}'")


def _tag(facts: dict[str, Any]) -> str:
    return entity_tag("subscription", facts["id"], facts["version"])


def _check_tag(call: Call, facts: dict[str, Any], *, required: bool) -> None:
    given = call.header("If-Match").strip()
    if given == "*" or (not given and not required):
        return
    if not is_entity_tag(given):
        raise TokenNotValid
    if not same_tag(given, _tag(facts)):
        raise EntityChanged


def _shown(facts: dict[str, Any]) -> dict[str, Any]:
    return {
        "@odata.etag": _tag(facts),
        "subscriptionId": facts["id"],
        "notificationUrl": facts["notificationUrl"],
        "resource": facts["resource"],
        "timestamp": facts["version"],
        "userId": guid(facts["user"]) or "00000000-0000-0000-0000-000000000000",
        "lastModifiedDateTime": _stamp(facts["modified"]),
        "clientState": facts["clientState"],
        "expirationDateTime": _stamp(facts["expires"]),
        "systemCreatedAt": _stamp(facts["created"]),
        "systemCreatedBy": "00000000-0000-0000-0000-000000000000",
        "systemModifiedAt": _stamp(facts["modified"]),
        "systemModifiedBy": "00000000-0000-0000-0000-000000000000",
    }


def _stamp(micros: int) -> str:
    return instant(micros).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def _answer(call: Call, facts: dict[str, Any], *, status: int = 200) -> Response:
    body = {"@odata.context": f"{root_of(call)}/$metadata#subscriptions/$entity", **_shown(facts)}
    headers: Headers = ODATA
    if status == 201:
        headers = (*ODATA, ("Location", f"{root_of(call)}/subscriptions('{facts['id']}')"))
    return Response(status, headers, exact_json.dumps(body))


OPERATIONS = (
    Operation("list_subscriptions", "GET", "/api/subscriptions", list_subscriptions, scope="tenant"),
    Operation("create_subscription", "POST", "/api/subscriptions", create_subscription, writes=True, scope="tenant"),
    Operation("get_subscription", "GET", "/api/subscriptions(-)", get_subscription, scope="tenant"),
    Operation(
        "update_subscription", "PATCH", "/api/subscriptions(-)", update_subscription, writes=True, scope="tenant"
    ),
    Operation(
        "delete_subscription", "DELETE", "/api/subscriptions(-)", delete_subscription, writes=True, scope="tenant"
    ),
)
