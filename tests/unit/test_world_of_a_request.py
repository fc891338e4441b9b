"""Which world answers: the one that the path names, else the one that issued the credential, else ``default``."""

from base64 import b64encode
from typing import Any

import pytest

from sandbooks.app import App
from sandbooks.control.companies import list_companies
from sandbooks.control.worlds import add_company, create
from sandbooks.wire import Request, Response

WORLD = "http://127.0.0.1"


@pytest.fixture
def app() -> App:
    app = App()
    app.create_world()
    xero = {"platform": "xero", "name": "Contoso"}
    world = create(app, {"name": "second", "seed": 7, "companies": [xero]})
    company = list_companies(world, WORLD)[0]["company_id"]
    add_company(world, {"platform": "codat", "connected_to": {"platform": "xero", "company_id": company}})
    return app


def credentials(app: App) -> list[dict[str, Any]]:
    world = app.world("second")
    assert world is not None
    return [company["credentials"] for company in list_companies(world, WORLD)]


def status(app: App, path: str, authorization: str) -> int:
    answer = app.edge.dispatch(Request("GET", f"{WORLD}{path}", (("Authorization", authorization),), b""))
    assert isinstance(answer, Response)
    return answer.status


def test_a_path_without_a_world_belongs_to_the_world_that_issued_the_token(app: App) -> None:
    xero, hub = credentials(app)
    assert status(app, "/xero/connections", f"Bearer {xero['access_token']}") == 200
    assert status(app, "/codat/companies", f"Basic {b64encode(hub['api_key'].encode()).decode()}") == 200


def test_a_path_that_names_a_world_is_not_answered_by_the_one_that_issued_the_token(app: App) -> None:
    xero, _ = credentials(app)
    assert status(app, "/w/default/xero/connections", f"Bearer {xero['access_token']}") == 401
    assert status(app, "/w/second/xero/connections", f"Bearer {xero['access_token']}") == 200


def test_a_token_that_no_world_issued_is_refused_by_the_default_one(app: App) -> None:
    assert status(app, "/xero/connections", "Bearer nobody") == 401
    default = app.world("default")
    assert default is not None
    assert default.tape.count() == 1
