"""A platform verified by its contract: the simulator holds it, and a platform that drifts is found out."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache

import pytest
from click.testing import CliRunner

from sandbooks import exact_json
from sandbooks.cli import main
from sandbooks.harness.contracts.client import Client, over_network
from sandbooks.harness.contracts.day import day_at, roles_of
from sandbooks.harness.contracts.verifying import Verification, verify
from sandbooks.harness.contracts.writing import examples_of
from sandbooks.platform import platforms
from sandbooks.serving import Server
from sandbooks.wire import Request, Response


@cache
def verified(platform: str) -> Verification:
    """A platform of this process, writing included."""
    place = day_at(platform)
    return verify(place.client(), write=True, values=roles_of(place))


@pytest.mark.parametrize("platform", platforms())
def test_the_simulator_does_what_its_contract_promises(platform: str) -> None:
    found = verified(platform)
    assert [f"{c.operation}: {c.promise}: {c.asked}: {c.seen}" for c in found.drift] == []
    assert found.counted("held") > found.counted("untried")


@pytest.mark.parametrize("platform", [name for name in platforms() if name != "quickbooks_desktop"])
def test_lawful_documents_are_taken_and_guarded(platform: str) -> None:
    found = verified(platform)
    taken = [c for c in found.checks if c.promise == "takes a lawful document"]
    assert len(taken) == len(examples_of(platform)) >= 6
    assert [c.operation for c in taken if c.outcome != "held"] == []
    assert any(c.promise == "shows what was made" for c in found.checks)


@pytest.mark.parametrize("platform", ["quickbooks_online", "business_central"])
def test_an_old_version_token_is_tried(platform: str) -> None:
    found = verified(platform)
    tried = [c for c in found.checks if c.promise == "refuses an old version token"]
    assert len(tried) >= 3
    assert {c.outcome for c in tried} == {"held"}


def drifting(platform: str, change: Callable[[Request, Response], Response]) -> list[tuple[str, str]]:
    """What is found where a platform's answers are changed on their way."""
    place = day_at(platform)
    client = place.client()
    send = client.send
    found = verify(Client(platform, client.base_url, client.access, lambda r: change(r, send(r))))
    return [(check.operation, check.promise) for check in found.drift]


def test_a_member_that_is_gone_a_status_and_an_error_envelope_are_drift() -> None:
    def change(request: Request, answer: Response) -> Response:
        if answer.header("Content-Type").startswith("application/xml"):
            return answer
        if request.path.endswith("/company") and answer.status == 200:
            body = exact_json.loads(answer.body)
            del body["company"]["currency"]
            return Response(200, answer.headers, exact_json.dumps(body))
        if request.path.endswith("/users") and answer.status == 200:
            return Response(206, answer.headers, answer.body)
        if answer.status == 404:
            return Response(404, (("Content-Type", "text/html"),), b"<h1>gone</h1>")
        return answer

    found = drifting("freeagent", change)
    assert ("get_company", "answers a lawful request") in found
    assert ("list_users", "answers a lawful request") in found
    assert ("get_contact", "answers for an id that does not exist") in found


def test_xml_that_does_not_say_what_the_json_says_is_drift() -> None:
    def change(request: Request, answer: Response) -> Response:
        as_xml = answer.header("Content-Type").startswith("application/xml")
        if not as_xml or not request.path.endswith("/company"):
            return answer
        return Response(200, answer.headers, answer.body.replace(b"currency>", b"curency>"))

    assert drifting("freeagent", change) == [("get_company", "answers as XML what it answers as JSON")]


def test_a_door_without_a_lock_and_pages_that_are_all_the_same_are_drift() -> None:
    def change(request: Request, answer: Response) -> Response:
        unlocked = not request.header("Authorization") and "/contacts" in request.path
        paged = "page=2" in request.query and "/categories" not in request.path
        return (
            Response(200, (("Content-Type", "application/json"),), b'{"contacts": []}') if unlocked or paged else answer
        )

    found = drifting("freeagent", change)
    assert ("list_contacts", "refuses a request without a credential") in found
    assert ("list_contacts", "pages through a list") in found


def test_reading_alone_sends_nothing_that_writes() -> None:
    place = day_at("xero")
    before = place.world.tape.count()
    found = verify(place.client())
    assert {entry.method for entry in place.world.tape.entries(after=before)} == {"GET"}
    assert found.requests > 60


def test_the_command_verifies_a_server_by_its_address_and_only_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    place = day_at("quickbooks_online")
    token, realm = place.reach["credentials"]["access_token"], place.reach["company_id"]
    monkeypatch.setenv("A_TOKEN", token)
    with Server(lambda request: place.app.edge.dispatch(request, world=place.world), "127.0.0.1", 0) as server:
        asked = ["contract", "verify", "--platform", "qbo", "--base-url", f"{server.url}/quickbooks_online"]
        before = place.world.tape.count()
        result = CliRunner().invoke(main, [*asked, "--token-env", "A_TOKEN", "--value", f"realm_id={realm}", "--json"])
        assert result.exit_code == 0, result.output
        (found,) = json.loads(result.stdout)
        assert (found["drifted"], found["held"] > 40) == (0, True)
        assert {entry.method for entry in place.world.tape.entries(after=before)} == {"GET"}
        assert CliRunner().invoke(main, [*asked, "--token-env", "A_TOKEN"]).exit_code == 2
        assert CliRunner().invoke(main, asked).exit_code == 2


def test_the_command_reports_and_knows_its_exit_codes() -> None:
    result = CliRunner().invoke(main, ["contract", "verify", "--platform", "freeagent", "--all"])
    assert result.exit_code == 0, result.output
    assert "0 drifted" in result.output
    assert CliRunner().invoke(main, ["contract", "verify", "--platform", "sage50"]).exit_code == 2


def test_a_limit_is_waited_for_and_is_no_drift() -> None:
    place = day_at("freeagent")
    turned_away: list[str] = []

    def limited(request: Request) -> Response:
        if request.path not in turned_away:
            turned_away.append(request.path)
            return Response(429, (("Retry-After", "0"), ("Content-Type", "text/plain")), b"You must wait")
        return place.sender()(request)

    with Server(limited, "127.0.0.1", 0) as server:
        access = place.client().access
        client = Client("freeagent", f"{server.url}/freeagent", access, over_network(f"{server.url}/freeagent"))
        assert [(check.operation, check.seen) for check in verify(client).drift] == []
    assert turned_away


def test_a_moment_that_must_be_recent_is_one_that_an_answer_told() -> None:
    place = day_at("quickbooks_online")
    before = place.world.tape.count()
    verify(place.client())
    asked = [entry.url for entry in place.world.tape.entries(after=before) if "changedSince" in entry.url]
    assert asked
    assert all(str(place.world.clock.now().date()) in url for url in asked), asked
