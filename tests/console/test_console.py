"""The console, asked as a browser would ask it: through the edge of a process that serves the toy platform."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pytest
from lxml import html
from tests import toy

from sandbooks import exact_json
from sandbooks.app import App
from sandbooks.control.companies import credentials_of, open_company, plan_of
from sandbooks.platform import platforms
from sandbooks.wire import Headers, Request, Response

ORIGIN = "http://127.0.0.1:8787"
BROWSER = ("Accept", "text/html,application/xhtml+xml")


@dataclass(frozen=True)
class Reached:
    """How code reaches a company."""

    company_id: str
    credentials: Mapping[str, str]


@pytest.fixture
def app() -> Iterator[App]:
    with toy.registered():
        served = App(control_token="open-sesame")
        yield served
        served.close()


def send(app: App, method: str, url: str, body: object = None, *, headers: Headers = ()) -> Response:
    data = b"" if body is None else exact_json.dumps(body)
    address = url if url.startswith("http") else ORIGIN + url
    answer = app.edge.dispatch(Request(method, address, (*headers, ("Content-Type", "application/json")), data))
    assert isinstance(answer, Response)
    return answer


def page(app: App, url: str = "/") -> html.HtmlElement:
    answer = send(app, "GET", url, headers=(BROWSER,))
    assert (answer.status, answer.header("Content-Type")) == (200, "text/html; charset=utf-8")
    return html.fromstring(answer.body)


def make(app: App, name: str = "default", company: str = "Alpine Ski House") -> Reached:
    """A world with one toy company; how to reach it."""
    world = app.create_world(name, seed=71)
    opened = open_company(world, "toy", plan_of(world, "toy", name=company, country="GB")).company
    return Reached(opened.id, credentials_of(opened))


def words(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def test_a_company_is_listed_with_its_address_and_credentials(app: App) -> None:
    reach = make(app)
    (card,) = page(app).xpath("//article")
    facts = [words(code) for code in card.xpath(".//dl//code")]
    assert words(card.xpath("./h3")[0]) == "Alpine Ski House"
    assert facts[:2] == [f"{ORIGIN}/toy", reach.company_id]
    assert facts[2:] == list(reach.credentials.values())


def test_each_world_has_a_page_of_its_own(app: App) -> None:
    make(app)
    make(app, "second", "Wide World Importers")
    assert [link.get("href") for link in page(app).xpath("//nav/a")] == ["/w/default/", "/w/second/"]
    second = page(app, "/w/second/")
    assert words(second.xpath("//article/h3")[0]) == "Wide World Importers"
    assert words(second.xpath("//article//code")[0]) == f"{ORIGIN}/w/second/toy"
    assert words(second.xpath("//a[@aria-current]")[0]) == "second"


def test_the_books_and_the_exchange_of_a_write_are_on_the_page(app: App) -> None:
    reach = make(app)
    token = reach.credentials["access_token"]
    spend = {"ref": "r-31", "amount": "1417.25", "account": "travel", "date": "2026-03-02"}
    url = f"/toy/companies/{reach.company_id}/spend"
    written = send(app, "POST", url, spend, headers=(("Authorization", f"Bearer {token}"),))
    assert written.status == 201, written.body
    found = page(app)
    rows = [[words(cell) for cell in row.xpath("./*")] for row in found.xpath("//table[@class='balance']//tr")]
    assert ["Total", "1,417.25", "1,417.25", ""] in rows
    assert any(row[0].startswith("Travel") and row[1:] == ["1,417.25", "", ""] for row in rows)
    (exchange,) = found.xpath("//table[@class='exchanges']/tbody/tr")
    assert f"POST {url}" in words(exchange)
    assert words(exchange.xpath("./td")[5]) == "201"
    assert "Spend" in words(exchange.xpath("./td")[6])
    assert token not in words(exchange)


def test_the_page_shows_the_latest_exchanges_newest_first(app: App) -> None:
    make(app)
    for number in range(33):
        send(app, "GET", f"/toy/nowhere-{number}")
    found = page(app)
    numbers = [words(cell) for cell in found.xpath("//table[@class='exchanges']/tbody/tr/td[1]")]
    assert numbers == [str(number) for number in range(33, 3, -1)]
    assert "The tape has 3 earlier ones." in words(found)


def test_looking_at_the_console_is_on_no_tape(app: App) -> None:
    make(app)
    page(app)
    world = app.world("default")
    assert world is not None
    assert world.tape.count() == 0


def test_what_clients_send_stays_text(app: App) -> None:
    make(app, company="<b>Bold & Sons</b>")
    send(app, "POST", "/toy/<script>alert(1)</script>", "</pre><script>alert(2)</script>")
    found = page(app)
    assert found.xpath("//script | //article//b") == []
    assert words(found.xpath("//article/h3")[0]) == "<b>Bold & Sons</b>"


def test_the_page_allows_no_script_and_is_not_kept(app: App) -> None:
    answer = send(app, "GET", "/", headers=(BROWSER,))
    assert answer.header("Content-Security-Policy").startswith("default-src 'none'; style-src 'unsafe-inline'")
    assert answer.header("Cache-Control") == "no-store"


def test_without_a_world_the_page_says_how_to_make_one(app: App) -> None:
    assert f"POST {ORIGIN}/_control/worlds" in words(page(app))


def test_a_world_without_companies_says_how_to_add_one(app: App) -> None:
    send(app, "POST", "/_control/worlds", {"name": "bare"})
    assert f"POST {ORIGIN}/_control/worlds/bare/companies" in words(page(app, "/w/bare/"))


@pytest.mark.parametrize("path", ["/nowhere", "/w/nobody/", "/w/nobody/zip"])
def test_a_path_that_nothing_serves_is_answered_in_the_form_that_was_asked_for(app: App, path: str) -> None:
    plain = send(app, "GET", path)
    assert plain.status == 404
    said, _, listed = exact_json.loads(plain.body)["error"].partition("; platforms: ")
    assert said == f"nothing is served at {path}"
    assert {"codat", *platforms()} <= set(listed.split(", "))
    shown = send(app, "GET", path, headers=(BROWSER,))
    assert (shown.status, b"Nothing here" in shown.body) == (404, True)


def test_the_console_is_for_reading(app: App) -> None:
    answer = send(app, "POST", "/", {})
    assert (answer.status, exact_json.loads(answer.body)) == (
        405,
        {"error": "POST is not served at /; the console is for reading"},
    )


def test_away_from_loopback_the_console_asks_for_the_control_token(app: App) -> None:
    make(app)
    away = "http://books.example.net:8787/"
    refused = send(app, "GET", away, headers=(BROWSER,))
    assert (refused.status, b"Alpine" in refused.body) == (401, False)
    assert refused.header("WWW-Authenticate").startswith("Basic ")
    for value in ("Basic b2ZmaWNlOndyb25n", "Bearer wrong", "Bearer", "Basic %%%", "Bearer sésame"):
        assert send(app, "GET", away, headers=(BROWSER, ("Authorization", value))).status == 401
    for value in ("Basic b2ZmaWNlOm9wZW4tc2VzYW1l", "Bearer open-sesame"):
        assert send(app, "GET", away, headers=(BROWSER, ("Authorization", value))).status == 200


def test_without_a_control_token_nobody_enters_from_elsewhere() -> None:
    served = App()
    for value in ("Basic b2ZmaWNlOg==", "Bearer "):
        answer = send(served, "GET", "http://books.example.net/", headers=(("Authorization", value),))
        assert answer.status == 401
