"""What the control API is given for a company, a clock or a token: refused in its own words, and nothing is left."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from sandbooks import exact_json
from sandbooks.app import App
from sandbooks.kit.company import companies
from sandbooks.platform import platforms
from sandbooks.wire import Request, Response

BASE = "http://127.0.0.1:8787/_control/worlds"


@pytest.fixture
def app() -> Iterator[App]:
    app = App()
    app.create_world()
    yield app
    app.close()


def send(app: App, path: str, body: Any, *, url: str = BASE, token: str = "") -> tuple[int, Any]:
    headers = (("Authorization", token),) if token else ()
    answer = app.edge.dispatch(Request("POST", url + path, headers, exact_json.dumps(body)))
    assert isinstance(answer, Response)
    return answer.status, exact_json.loads(answer.body)


@pytest.mark.parametrize("platform", platforms())
@pytest.mark.parametrize(
    "chart",
    [
        {"accounts": "travel"},
        {"accounts": {"travel": None}},
        {"accounts": {"travel": {"type": ["expense"], "name": "Travel"}}},
        {"accounts": {"travel": {"type": "no such type", "name": "Travel"}}},
        {"accounts": {"travel": {"type": "expense", "name": "\x00"}}},
        {"suppliers": {"airline": 7}},
        {"suppliers": {"airline": {"name": {}}}},
        {"taxes": {"vat": {"rate": "a fifth"}}},
        {"taxes": {"vat": {"rate": "1e999999999"}}},
        {"taxes": {"vat": {"name": "VAT"}}},
        {"taxes": ["vat"]},
        {"tracking": {"team": ["sales"]}},
    ],
)
def test_a_chart_of_the_wrong_shape_opens_no_company(app: App, platform: str, chart: Any) -> None:
    status, told = send(app, "/default/companies", {"platform": platform, "chart": chart})
    assert (status, sorted(told)) == (400, ["error", "message", "remedy"])
    world = app.world("default")
    assert world is not None
    assert companies(world) == []


@pytest.mark.parametrize("zone", ["Nowhere/City", "America", "../../etc/passwd", "\x00", "z" * 4000])
def test_a_time_zone_that_there_is_not_is_refused(app: App, zone: str) -> None:
    status, told = send(app, "/default/companies", {"platform": "xero", "timezone": zone})
    assert (status, told["error"]) == (400, "unknown_timezone")


@pytest.mark.parametrize("platform", ["sage_intacct", "quickbooks_desktop", "xero"])
@pytest.mark.parametrize("chart", ["", " ", "plain text", "<open"])
def test_a_native_chart_that_is_none_is_refused(app: App, platform: str, chart: Any) -> None:
    status, told = send(app, "/default/companies", {"platform": platform, "chart": chart})
    assert (status, told["error"]) == (400, "chart_unreadable")


@pytest.mark.parametrize("platform", platforms())
@pytest.mark.parametrize("answer", [{"hello": "world"}, {"hello": 1, "world": 2}, [], 7, None, "<hello>world</hello>"])
def test_an_answer_without_any_list_that_is_known_opens_no_company(app: App, platform: str, answer: Any) -> None:
    status, told = send(app, "/default/companies", {"platform": platform, "chart": [answer]})
    assert (status, told["error"]) == (400, "chart_unreadable")
    world = app.world("default")
    assert world is not None
    assert companies(world) == []


@pytest.mark.parametrize(
    "body", [{"advance": "99999999d"}, {"to": "9999-12-31T23:59:59Z"}, {"to": "0001-01-01T00:00:00+14:00"}]
)
def test_time_does_not_leave_the_calendar(app: App, body: dict[str, str]) -> None:
    assert send(app, "/default/clock", body)[1]["error"] == "invalid_time"
    assert send(app, "", {"name": "second", "clock": "9999-12-31"})[1]["error"] == "invalid_time"
    assert app.world("second") is None


def test_settling_with_a_limit_beyond_the_calendar_ends(app: App) -> None:
    assert send(app, "/default/settle", {"limit": "9999999d"})[0] == 200


@pytest.mark.parametrize("token", ["Bearer \xff\xe9", "Bearer ²", ""])
def test_a_token_beyond_ascii_is_a_wrong_one(token: str) -> None:
    app = App(control_token="right")
    status, told = send(app, "", {"name": "x"}, url="http://sandbox.example/_control/worlds", token=token)
    assert (status, told["error"]) == (401, "token_needed")


@pytest.mark.parametrize("after", ["²", "9" * 5000, "-1"])
def test_a_place_on_the_tape_that_is_no_number_is_refused(app: App, after: str) -> None:
    answer = app.edge.dispatch(Request("GET", f"{BASE}/default/tape?after={after}".replace("²", "%C2%B2")))
    assert isinstance(answer, Response)
    assert (answer.status, exact_json.loads(answer.body)["error"]) == (400, "invalid_parameter")


@pytest.mark.parametrize("platform", platforms())
@pytest.mark.parametrize("action", ["edit", "delete", "void"])
def test_a_bookkeeper_finds_no_document_that_is_not_there(app: App, platform: str, action: str) -> None:
    send(app, "/default/companies", {"platform": platform})
    world = app.world("default")
    assert world is not None
    (company,) = companies(world)
    body = {"action": action, "document": {"kind": "Nonsense", "native_id": "1"}}
    wanted = {**body, "changes": {"Memo": "x"}} if action == "edit" else body
    status, told = send(app, f"/default/companies/{platform}/{company.id}/bookkeeper", wanted)
    assert (status, told["error"]) == (404, "unknown_document")
