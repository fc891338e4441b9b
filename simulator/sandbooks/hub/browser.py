"""A person at a native consent page who says yes: follows redirects, fills the form, presses the button that agrees.

Used where nobody sits in front of the page. Knows HTML forms, not any platform.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from msgspec import Struct, field

from sandbooks.wire import Answer, Request, Response

STEPS_MAX = 12
AGREES = re.compile(r"approve|allow|accept|agree|authori|connect|grant|continue|yes", re.IGNORECASE)
ACCEPT = (("Accept", "text/html"),)  # a browser: some pages answer scripts with a consent for their first company
DECLINES = re.compile(r"cancel|deny|decline|reject|refuse|\bno\b", re.IGNORECASE)


class NoConsent(Exception):
    """The page could not be walked to its end."""


class _Button(Struct):
    name: str
    value: str
    text: str = ""


class _Form(Struct):
    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    choices: dict[str, list[tuple[str, bool]]] = field(default_factory=dict)
    several: list[tuple[str, str, bool]] = field(default_factory=list)
    buttons: list[_Button] = field(default_factory=list)


class _Forms(HTMLParser):
    """The forms of a page with their inputs and buttons."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[_Form] = []
        self._button: _Button | None = None
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(_Form(given.get("action", ""), given.get("method", "get").upper()))
        if not self.forms:
            return
        form = self.forms[-1]
        if tag == "button" or (tag == "input" and given.get("type") == "submit"):
            self._button = _Button(given.get("name", ""), given.get("value", ""), given.get("value", ""))
            form.buttons.append(self._button)
        elif tag == "input":
            self._input(form, given)
        elif tag == "select":
            self._select = given.get("name", "")
        elif tag == "option" and self._select:
            form.choices.setdefault(self._select, []).append((given.get("value", ""), "selected" in given))

    def _input(self, form: _Form, given: dict[str, str]) -> None:
        name, value, kind = given.get("name", ""), given.get("value", ""), given.get("type", "text")
        if kind == "radio":
            form.choices.setdefault(name, []).append((value, "checked" in given))
        elif kind == "checkbox":
            form.several.append((name, value or "on", "checked" in given))
        elif name:
            form.fields.append((name, value))

    def handle_endtag(self, tag: str) -> None:
        if tag == "button":
            self._button = None
        if tag == "select":
            self._select = ""

    def handle_data(self, data: str) -> None:
        if self._button is not None:
            self._button.text += data


def consent(send: Callable[[Request], Answer], url: str, *, until: str, company: str) -> dict[str, str]:
    """Walk a consent page to its end; the parameters that come back to the address ``until``.

    ``company`` is the native company to choose where the page offers several. Raises ``NoConsent``.
    """
    request = Request("GET", url, ACCEPT)
    for _ in range(STEPS_MAX):
        answer = send(request)
        if not isinstance(answer, Response):
            raise NoConsent("the consent page did not answer")
        target = answer.header("Location")
        if target:
            target = urljoin(request.url, target)
            if target.startswith(until):
                return dict(parse_qsl(urlsplit(target).query, keep_blank_values=True))
            request = Request("GET", target, ACCEPT)
        else:
            request = _pressed(answer, request.url, company)
    raise NoConsent("the consent page leads nowhere")


def blanks(answer: Answer) -> list[str]:
    """The names of the fields that a page wants filled in."""
    page = _Forms()
    page.feed(answer.body.decode("utf-8", "replace") if isinstance(answer, Response) else "")
    return [name for form in page.forms for name, value in form.fields if not value]


def _pressed(answer: Response, url: str, company: str) -> Request:
    """The request of the page's form with the agreeing button pressed."""
    page = _Forms()
    page.feed(answer.body.decode("utf-8", "replace"))
    for form in page.forms:
        buttons = [b for b in form.buttons if not DECLINES.search(f"{b.value} {b.text}")]
        agreeing = [b for b in buttons if AGREES.search(f"{b.value} {b.text} {b.name}")] or buttons
        if not agreeing and form.buttons:
            continue
        filled = [*form.fields, *_chosen(form, company)]
        filled += [(b.name, b.value) for b in agreeing[:1] if b.name]
        return _submitted(form, urljoin(url, form.action) if form.action else url, filled)
    raise NoConsent(f"status {answer.status} and no form to agree with")


def _chosen(form: _Form, company: str) -> list[tuple[str, str]]:
    chosen = []
    for name, options in form.choices.items():
        values = [value for value, _ in options]
        first = next((value for value, checked in options if checked), values[0])
        chosen.append((name, company if company in values else first))
    ours = [(name, value) for name, value, _ in form.several if value == company]
    kept = [(name, value) for name, value, checked in form.several if checked or name not in dict(ours)]
    taken = {name for name, _ in ours}
    return [*chosen, *ours, *(pair for pair in kept if pair[0] not in taken)]


def _submitted(form: _Form, url: str, filled: list[tuple[str, str]]) -> Request:
    text = urlencode(filled)
    if form.method == "POST":
        headers = (("Content-Type", "application/x-www-form-urlencoded"),)
        return Request("POST", url, headers, text.encode())
    return Request("GET", f"{url.partition('?')[0]}?{text}")
