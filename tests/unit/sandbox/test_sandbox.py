"""The Python interface: worlds, forks, snapshots, faults, sockets, webhooks, charts."""

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import requests
from flask import Flask, request
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.toy import registered
from tests.toy_client import HOST, ToyClient

from sandbooks import Sandbox
from sandbooks.control.errors import ControlError
from sandbooks.kit.errors import NotSimulated
from sandbooks.sandbox import FaultNeverFired


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with registered(), Sandbox(seed=7, clock="2026-03-28T17:40:00 Europe/London") as made:
        yield made


def test_production_code_with_the_vendors_address_lands_in_the_books(sandbox: Sandbox) -> None:
    acme = sandbox.company("toy", name="Acme", currency="GBP")
    with sandbox.intercept(), ToyClient(acme.credentials) as client:
        client.export("r-01", "12.30")
    books = acme.books()
    assert str(books["travel"]) == "Dr 12.30 GBP"
    assert str(books["Company Card"]) == "Cr 12.30 GBP"
    assert acme.books(as_of="2026-03-27").rows == []
    assert acme.documents(reference="")[0]["native_id"] == "1"


def test_companies_are_found_by_alias_and_have_their_own_books(sandbox: Sandbox) -> None:
    acme, bolt = sandbox.company("tb", name="Acme"), sandbox.company("toy", name="Bolt")
    with sandbox.intercept(), ToyClient(acme.credentials) as a, ToyClient(bolt.credentials) as b:
        a.export("r-01", "12.30")
        b.export("r-01", "0.41")
    assert [str(company.books()["card"]) for company in sandbox.companies()] == ["Cr 12.30 GBP", "Cr 0.41 GBP"]
    sandbox.assert_isolated(acme, bolt)


def test_a_native_export_is_the_chart_of_a_company(sandbox: Sandbox, tmp_path: Path) -> None:
    native = {"ledger_accounts": [{"code": "7400", "title": "Software"}]}
    (tmp_path / "chart.json").write_text(json.dumps(native))
    from_file = sandbox.company("toy", chart=tmp_path / "chart.json")
    from_value = sandbox.company("toy", chart=native)
    for company in (from_file, from_value):
        with sandbox.intercept(), ToyClient(company.credentials) as client:
            client.export("r-01", "19.99", account="7400")
        assert str(company.books()["Software"]) == "Dr 19.99 GBP"


def test_a_fork_answers_in_place_of_its_world_and_leaves_it_alone(sandbox: Sandbox) -> None:
    acme = sandbox.company("toy")
    with sandbox.intercept(), ToyClient(acme.credentials) as client:
        client.export("r-01", "5.11")
        with sandbox.fork() as fork:
            client.export("r-02", "6.22")
            assert str(fork.copy_of(acme).books()["card"]) == "Cr 11.33 GBP"
        client.export("r-03", "1.05")
    assert str(acme.books()["card"]) == "Cr 6.16 GBP"


def test_a_fork_knows_only_companies_of_its_world(sandbox: Sandbox) -> None:
    with sandbox.fork() as fork:
        acme = sandbox.company("toy")
        with pytest.raises(LookupError):
            fork.copy_of(acme)


def test_each_example_of_a_property_gets_a_fork() -> None:
    with registered(), Sandbox() as sandbox:
        acme = sandbox.company("toy")

        @settings(max_examples=15, database=None, deadline=None)
        @given(st.integers(min_value=1, max_value=9_999_999))
        def posts_to_the_penny(pennies: int) -> None:
            amount = f"{pennies // 100}.{pennies % 100:02}"
            with sandbox.fork() as fork, fork.intercept(), ToyClient(acme.credentials) as client:
                client.export("r-01", amount)
                fork.copy_of(acme).assert_trial_balance({"travel": f"Dr {amount} GBP", "card": f"Cr {amount} GBP"})

        posts_to_the_penny()
        assert sandbox.tape() == []


def test_a_snapshot_takes_everything_back(sandbox: Sandbox) -> None:
    acme = sandbox.company("toy")
    sandbox.snapshot("opened")
    before = sandbox.clock.now
    with sandbox.intercept(), ToyClient(acme.credentials) as client:
        first = client.export("r-01", "5.11")
        sandbox.restore("opened")
        assert (sandbox.clock.now, sandbox.tape(), len(acme.books())) == (before, [], 0)
        assert client.export("r-02", "8.20") == first
    with pytest.raises(LookupError, match="there is opened"):
        sandbox.restore("closed")


def test_the_same_world_answers_on_a_socket(sandbox: Sandbox) -> None:
    acme = sandbox.company("toy")
    server = sandbox.serve()
    assert sandbox.serve() is server
    with ToyClient(acme.credentials, base_url=acme.base_url) as client:
        client.export("r-01", "12.30")
    assert acme.environment["TOY_BASE_URL"] == f"{server.url}/toy"
    assert str(acme.books()["travel"]) == "Dr 12.30 GBP"


def test_a_fault_that_meets_no_exchange_is_an_error(sandbox: Sandbox) -> None:
    acme = sandbox.company("toy")
    fault = sandbox.fault("drop_response", phase="commit", at=acme.write("r-77"))
    with pytest.raises(FaultNeverFired, match="drop_response"), fault:
        pass
    assert sandbox.plan.list() == []


def test_an_error_of_the_test_is_not_hidden_by_a_fault_that_never_fired(sandbox: Sandbox) -> None:
    acme = sandbox.company("toy")
    with pytest.raises(KeyError), sandbox.fault("drop_response", at=acme.write("r-77")):
        raise KeyError
    assert sandbox.plan.list() == []


def test_a_lost_answer_is_lost_once_and_the_books_know(sandbox: Sandbox) -> None:
    acme = sandbox.company("toy")
    lost = sandbox.fault("drop_response", phase="commit", at=acme.write("r-02"))
    with sandbox.client_time(), sandbox.intercept(), ToyClient(acme.credentials) as client, lost as fault:
        client.export("r-01", "12.30")
        client.export("r-02", "4.10")
        assert sandbox.plan.list()[0].fired == 1
    assert fault.phase == "commit"
    assert [entry.cut for entry in sandbox.tape()] == ["", "timeout", ""]
    acme.assert_exactly_once("r-01", "r-02")


def test_what_is_not_simulated_and_our_own_bugs_are_raised_through_the_client_library(sandbox: Sandbox) -> None:
    acme = sandbox.company("toy")
    headers = {"Authorization": f"Bearer {acme.credentials['access_token']}"}
    with sandbox.intercept():
        with pytest.raises(NotSimulated, match="spend approval"):
            requests.post(f"{HOST}/companies/{acme.id}/spend/1/approve", headers=headers, timeout=5)
        with pytest.raises(ZeroDivisionError), httpx.Client() as client:
            client.get(f"{HOST}/companies/{acme.id}/crash", headers=headers)


def signed(body: bytes, secret: str) -> str:
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def test_webhooks_reach_a_flask_application_with_a_good_signature(sandbox: Sandbox) -> None:
    acme = sandbox.company("toy")
    app = Flask("receiver")
    got: list[tuple[str, Any, bool]] = []

    @app.post("/webhooks/books")
    def receive() -> str:
        right = request.headers["X-Toy-Signature"] == signed(request.get_data(), "hush")
        got.append((request.path, request.get_json(), right))
        return ""

    acme.webhooks.deliver_to(app, path="/webhooks/books", secret="hush")
    with sandbox.intercept(), ToyClient(acme.credentials) as client:
        client.export("r-01", "12.30")
    sandbox.settle()
    assert got == [("/webhooks/books", {"event": "spend.created", "company": acme.id, "id": "1"}, True)]
    assert [d["state"] for d in acme.webhooks.deliveries()] == ["delivered"]


class Asgi:
    def __init__(self) -> None:
        self.got: list[bytes] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await asyncio.sleep(0)
        self.got.append((await receive())["body"])
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})


def test_webhooks_reach_an_asgi_application(sandbox: Sandbox) -> None:
    acme, app = sandbox.company("toy"), Asgi()
    acme.webhooks.deliver_to(app)
    with sandbox.intercept(), ToyClient(acme.credentials) as client:
        client.export("r-01", "12.30")
    sandbox.settle()
    assert len(app.got) == 1


async def test_webhooks_reach_an_asgi_application_from_within_a_running_loop(sandbox: Sandbox) -> None:
    acme, app = sandbox.company("toy"), Asgi()
    acme.webhooks.deliver_to(app)
    headers = {"Authorization": f"Bearer {acme.credentials['access_token']}"}
    body = {"ref": "r-01", "account": "travel", "amount": "3.07", "date": "2026-03-28"}
    with sandbox.intercept():
        async with httpx.AsyncClient() as client:
            answer = await client.post(f"{HOST}/companies/{acme.id}/spend", json=body, headers=headers)
    sandbox.settle()
    assert (answer.status_code, len(app.got)) == (201, 1)


def test_a_receiver_that_raises_is_a_500_to_the_platform_and_kept_for_the_test(sandbox: Sandbox) -> None:
    acme = sandbox.company("toy")
    calls = []

    def broken(environ: Any, start_response: Any) -> Any:
        calls.append(environ["PATH_INFO"])
        if len(calls) == 1:
            raise LookupError("no such customer")
        start_response("200 OK", [])
        return [b""]

    acme.webhooks.deliver_to(broken)
    with sandbox.intercept(), ToyClient(acme.credentials) as client:
        client.export("r-01", "12.30")
    sandbox.settle()
    (delivery,) = acme.webhooks.deliveries()
    assert [attempt["status"] for attempt in delivery["attempts"]] == [500, 200]
    assert [str(error) for error in sandbox.receiver_errors] == ["no such customer"]


def test_requests_to_other_hosts_can_be_refused(sandbox: Sandbox) -> None:
    with sandbox.intercept(network="refuse"), pytest.raises(requests.ConnectionError, match="network='refuse'"):
        requests.get("https://elsewhere.example/", timeout=5)


def test_the_bookkeeper_works_past_the_api(sandbox: Sandbox) -> None:
    acme = sandbox.company("toy")
    with sandbox.intercept(), ToyClient(acme.credentials) as client:
        number = client.export("r-01", "12.30")
        acme.bookkeeper.edit("Spend", number, amount="15.80")
        assert str(acme.books()["travel"]) == "Dr 15.80 GBP"
        acme.bookkeeper.lock_period("2026-03-31")
        with pytest.raises(requests.HTTPError, match="409"):
            client.export("r-02", "4.10")
    acme.assert_nothing_posted("r-02")


def test_time_does_not_run_backwards(sandbox: Sandbox) -> None:
    before = sandbox.clock.now
    with pytest.raises(ValueError, match="forward only"):
        sandbox.clock.advance(days=-1)
    assert sandbox.clock.now == before


def test_an_account_of_an_unknown_type_is_refused_in_words(sandbox: Sandbox) -> None:
    with pytest.raises(ControlError, match="name accounts, taxes and contacts as a company of a scenario does"):
        sandbox.company("xero", accounts={"travel": {"type": "zeppelin"}})
    assert sandbox.companies() == []


def test_a_chart_is_read_from_several_exports(sandbox: Sandbox, tmp_path: Path) -> None:
    accounts, contacts = tmp_path / "accounts.json", tmp_path / "contacts.json"
    account = {"AccountID": "0a7b4c1e-5d2f-4f6a-9b3c-8e1d2f3a4b5c", "Code": "429", "Name": "Travel", "Type": "EXPENSE"}
    accounts.write_text(json.dumps({"Accounts": [account]}))
    contact = {"ContactID": "1b8c5d2f-6e3a-4a7b-8c4d-9f2e3a4b5c6d", "Name": "Contoso Air"}
    contacts.write_text(json.dumps({"Contacts": [contact]}))
    acme = sandbox.company("xero", chart=[str(accounts), contacts])
    assert acme.native_id("Travel") == account["AccountID"]
    assert [record.body["Name"] for record in acme.records("Contact")] == ["Contoso Air"]
    contacts.write_text("no answer of any platform")
    with pytest.raises(ControlError, match="neither JSON nor XML"):
        sandbox.company("xero", chart=str(contacts))
