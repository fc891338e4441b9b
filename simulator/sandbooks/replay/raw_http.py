"""One raw request of a scenario to the platform, the hub or control, and what must come back."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from sandbooks import exact_json
from sandbooks.replay.script_steps import Http
from sandbooks.replay.values import at_path, differs
from sandbooks.wire import Cut, Request

if TYPE_CHECKING:
    from sandbooks.replay.run import Place, Run

_NAME = re.compile(r"\{([^{}]+)\}")


def send_raw(run: Run, place: Place, action: Http) -> list[str]:
    """Send it; what did not come back as expected."""
    to = place.platform if action.to == "platform" else action.to
    headers = [(name, filled(run, place, value)) for name, value in action.headers.items()]
    if action.authorized and not any(name.lower() == "authorization" for name, _ in headers):
        headers += _credentials(place, to)
    data, content_type = _body(run, place, action)
    if content_type and not any(name.lower() == "content-type" for name, _ in headers):
        headers.append(("Content-Type", content_type))
    url = _base(run, to) + filled(run, place, action.path)
    answer = run.control.transport.send(Request(action.method, url, tuple(headers), data))
    if isinstance(answer, Cut):
        run.remembered["answer"] = None
        return [] if action.expect_no_answer else [f"no answer came ({answer.how})"]
    if action.expect_no_answer:
        return [f"an answer came: HTTP {answer.status}"]
    try:
        decoded = exact_json.loads(answer.body)
    except exact_json.MalformedJson:
        decoded = None
    run.remembered["answer"] = decoded
    return _compare(run, place, action, answer.status, answer.body.decode("utf-8", "replace"), decoded)


def _compare(run: Run, place: Place, action: Http, status: int, text: str, decoded: Any) -> list[str]:
    failures = []
    if action.expect_status is not None and status != action.expect_status:
        failures.append(f"HTTP {status} came, {action.expect_status} was expected: {text[:300]}")
    for path, wanted in action.expect_json.items():
        wanted = filled(run, place, wanted) if isinstance(wanted, str) else wanted
        found = at_path(decoded, path)
        if differs(found, wanted):
            failures.append(f"{path} is {found!r}, {wanted!r} was expected")
    if action.expect_text is not None and filled(run, place, action.expect_text) not in text:
        failures.append(f"the answer does not contain {action.expect_text!r}: {text[:300]}")
    return failures


def _base(run: Run, to: str) -> str:
    if to == "control":
        return run.control.transport.base_url
    return f"{run.control.base_url}/{'codat' if to == 'hub' else to}"


def _credentials(place: Place, to: str) -> list[tuple[str, str]]:
    if to == "hub" and place.hub is not None:
        return [("Authorization", "Basic " + base64.b64encode(place.hub.api_key.encode()).decode())]
    credentials: Mapping[str, str] = place.facts.get("credentials", {})
    found = [("Authorization", f"Bearer {credentials['access_token']}")] if "access_token" in credentials else []
    if "tenant_id" in credentials:
        found.append(("Xero-tenant-id", credentials["tenant_id"]))
    return found


def _body(run: Run, place: Place, action: Http) -> tuple[bytes, str]:
    if action.has_json:
        return exact_json.dumps(_deep(run, place, action.json)), "application/json"
    if action.form is not None:
        pairs = {name: filled(run, place, value) for name, value in action.form.items()}
        return urlencode(pairs).encode(), "application/x-www-form-urlencoded"
    return filled(run, place, action.text or "").encode(), ""


def _deep(run: Run, place: Place, value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _deep(run, place, inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_deep(run, place, inner) for inner in value]
    return filled(run, place, value) if isinstance(value, str) else value


def filled(run: Run, place: Place, text: str) -> str:
    """A text with ``{company_id}``, ``{id of r-01}``, credentials, names and remembered values filled in."""

    def value(found: re.Match[str]) -> str:
        name = found[1]
        if name == "company_id":
            return place.company_id
        if name == "world":
            return run.control.world
        if name == "hub_company_id" and place.hub is not None:
            return place.hub.company_id
        if name == "connection_id" and place.hub is not None:
            return place.hub.connection_id
        if name.startswith("id of "):
            return run.id_of(name.removeprefix("id of "))
        if name in run.remembered:
            kept = run.remembered[name]
            return str(getattr(kept, "value", kept))
        for part in ("accounts", "suppliers", "customers", "taxes", "tracking"):
            native = place.names.native(part, name)
            if native != name:
                return native
        return str(place.facts.get("credentials", {}).get(name, found[0]))

    return _NAME.sub(value, text)
