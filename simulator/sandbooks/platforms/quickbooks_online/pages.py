"""The two pages of the sign-in service: consent, and what is shown when the request itself is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from jinja2 import Environment, select_autoescape

from sandbooks.wire import Response

_ENVIRONMENT = Environment(autoescape=select_autoescape(default=True))
_STYLE = (
    "body{font:16px/1.5 system-ui;max-width:34rem;margin:4rem auto;padding:0 1rem;color:#1c2733}"
    "button{font:inherit;padding:.5rem 1.25rem;border-radius:6px;border:1px solid #888;cursor:pointer}"
    ".go{background:#2ca01c;color:#fff;border-color:#2ca01c}label{display:block;margin:.5rem 0}"
)
_CONSENT = _ENVIRONMENT.from_string(
    """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Connect to a simulated company</title>
<style>{{ style }}</style></head><body>
<h1>Connect to QuickBooks Online (simulated)</h1>
<p>An application asks for: {{ asked.scope }}</p>
<form method="post">
{% for name, value in asked.items() %}{% if name not in ("decision", "realmId", "realm_id") %}
<input type="hidden" name="{{ name }}" value="{{ value }}">{% endif %}{% endfor %}
{% for id, name in companies %}<label><input type="radio" name="realmId" value="{{ id }}"
{%- if loop.first %} checked{% endif %}> {{ name }} ({{ id }})</label>{% endfor %}
<p><button class="go" name="decision" value="approve">Connect</button>
<button name="decision" value="cancel">Cancel</button></p></form></body></html>"""
)
_ERROR = _ENVIRONMENT.from_string(
    """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Error</title><style>{{ style }}</style></head>
<body><h1>Sorry, but the application did not connect</h1><p>{{ text }}</p></body></html>"""
)


def consent_page(asked: Mapping[str, str], companies: Sequence[tuple[str, str]]) -> Response:
    """The page on which a person approves or cancels; ``companies`` are (id, name)."""
    return _page(200, _CONSENT.render(asked=dict(asked), companies=companies, style=_STYLE))


def error_page(text: str) -> Response:
    """A wrong client or redirect address is told here, as redirecting would not be safe."""
    return _page(400, _ERROR.render(text=text, style=_STYLE))


def _page(status: int, text: str) -> Response:
    return Response(status, (("Content-Type", "text/html;charset=UTF-8"),), text.encode("utf-8"))
