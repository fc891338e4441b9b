"""The control API is what ``contracts/control.yaml`` says: every operation, its status and its body."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from sandbooks import exact_json
from sandbooks.app import App
from sandbooks.control.bodies import contract
from sandbooks.hub import caps
from sandbooks.wire import CONTINUES, Request, Response

BASE = "http://127.0.0.1:8787/_control"


@dataclass
class Caller:
    """Calls operations by their id and holds every answer against the contract."""

    app: App
    called: set[str] = field(default_factory=set)

    def __call__(self, operation: str, body: Any = None, *, status: int, query: str = "", **path: str) -> Any:
        template, method, described = OPERATIONS[operation]
        url = BASE + template.format(**path) + (f"?{query}" if query else "")
        data = b"" if body is None else exact_json.dumps(body)
        answer = self.app.edge.dispatch(Request(method.upper(), url, (("Content-Type", "application/json"),), data))
        assert isinstance(answer, Response)
        assert answer.status == status, answer.body
        self.called.add(operation)
        if "ndjson" in answer.header("Content-Type"):
            decoded: Any = [exact_json.loads(line) for line in answer.body.splitlines()]
            for item in decoded:
                check(described, status, item)
            return decoded
        decoded = exact_json.loads(answer.body) if answer.body else None
        check(described, status, decoded)
        return decoded


def operations() -> dict[str, tuple[str, str, dict[str, Any]]]:
    return {
        described["operationId"]: (template, method, described)
        for template, item in contract()["paths"].items()
        for method, described in item.items()
        if method != "parameters"
    }


OPERATIONS = operations()


def check(described: dict[str, Any], status: int, body: Any) -> None:
    """The body of an answer is as described."""
    response = described["responses"][str(status)]
    if "$ref" in response:
        response = contract()["components"]["responses"][response["$ref"].rpartition("/")[2]]
    content = response.get("content")
    if not content:
        assert body is None
        return
    (media,) = content.values()
    schema = {**media["schema"], "components": contract()["components"]}
    problems = [f"{error.json_path}: {error.message}" for error in Draft202012Validator(schema).iter_errors(body)]
    assert problems == [], described["operationId"]


@pytest.fixture
def call() -> Iterator[Caller]:
    app = App()
    caller = Caller(app)
    yield caller
    app.close()


@pytest.fixture
def acme(call: Caller) -> dict[str, str]:
    """A world with a Xero company and its hub company; the path arguments of the Xero company."""
    chart = {
        "accounts": {
            "travel": {"type": "expense", "name": "Travel Sundry"},
            "card": {"type": "credit_card", "name": "Card"},
        },
        "suppliers": {"shop": {"name": "Fabrikam Stores"}},
    }
    wanted = {"platform": "xero", "name": "Acme", "country": "GB", "currency": "GBP", "chart": chart}
    made = call(
        "create_world",
        {"name": "w1", "seed": 5, "clock": "2026-03-16T09:30:00 Europe/London", "companies": [wanted]},
        status=201,
    )
    (company,) = made["companies"]
    return {"world": "w1", "platform": "xero", "company_id": company["company_id"]}


def spend(call: Caller, acme: dict[str, str], reference: str) -> None:
    """A native purchase, so that there is something to see."""
    listed = call("list_companies", status=200, world="w1")[0]
    account = listed["labels"]["accounts"]
    line = {"Description": "Taxi", "Quantity": 1, "UnitAmount": "37.15", "AccountID": account["travel"]}
    body = {
        "Type": "SPEND",
        "Contact": {"Name": "Fabrikam Stores"},
        "BankAccount": {"AccountID": account["card"]},
        "Reference": reference,
        "LineItems": [{**line, "AccountCode": account_code(call, account["travel"], listed), "TaxType": "NONE"}],
    }
    answer = native(call, "PUT", "/api.xro/2.0/BankTransactions", listed, body)
    assert answer.status == 200, answer.body


def native(call: Caller, method: str, path: str, listed: dict[str, Any], body: Any = None) -> Response:
    credentials = listed["credentials"]
    headers = (
        ("Authorization", f"Bearer {credentials['access_token']}"),
        ("Xero-tenant-id", listed["company_id"]),
        ("Accept", "application/json"),
        ("Content-Type", "application/json"),
    )
    data = b"" if body is None else exact_json.dumps(body)
    answer = call.app.edge.dispatch(Request(method, listed["base_url"] + path, headers, data))
    assert isinstance(answer, Response)
    return answer


def account_code(call: Caller, account: str, listed: dict[str, Any]) -> str:
    found = exact_json.loads(native(call, "GET", f"/api.xro/2.0/Accounts/{account}", listed).body)
    return str(found["Accounts"][0]["Code"])


def test_health_and_worlds(call: Caller, acme: dict[str, str]) -> None:
    assert call("read_health", status=200)["status"] == "ok"
    assert [world["name"] for world in call("list_worlds", status=200)] == ["w1"]
    assert call("read_world", status=200, world="w1")["seed"] == 5
    call("create_world", {"name": "w1"}, status=409)
    call("create_world", {"name": "W 1"}, status=400)
    call("fork_world", {"name": "w2"}, status=201, world="w1")
    call("fork_world", {"name": "w2"}, status=409, world="w1")
    call("delete_world", status=204, world="w2")
    call("delete_world", status=404, world="w2")
    call("reset_world", status=200, world="w1")


def test_snapshots(call: Caller, acme: dict[str, str]) -> None:
    call("save_snapshot", {"name": "before"}, status=201, world="w1")
    spend(call, acme, "r-01")
    assert [s["name"] for s in call("list_snapshots", status=200, world="w1")] == ["before"]
    call("restore_snapshot", status=200, world="w1", name="before")
    assert call("list_documents", status=200, **acme) == []
    assert call("restore_snapshot", status=404, world="w1", name="after")["remedy"] == "there is before"
    call("delete_snapshot", status=204, world="w1", name="before")
    call("delete_snapshot", status=404, world="w1", name="before")


def test_companies(call: Caller, acme: dict[str, str]) -> None:
    hub = {"platform": "codat", "connected_to": {"platform": "xero", "company_id": acme["company_id"]}}
    made = call("create_company", hub, status=201, world="w1")
    assert set(made["credentials"]) >= {"api_key", "connection_id"}
    call("create_company", {"platform": "sap"}, status=400, world="w1")
    call("create_company", {"platform": "xero", "country": "Narnia"}, status=400, world="w1")
    call("list_companies", status=404, world="nowhere")
    assert [c["platform"] for c in call("list_companies", status=200, world="w1")] == ["xero", "codat"]


def test_the_clock(call: Caller, acme: dict[str, str]) -> None:
    before = call("read_clock", status=200, world="w1")["now"]
    assert call("move_clock", {"advance": "+31d"}, status=200, world="w1")["now"] > before
    call("move_clock", {"to": before}, status=400, world="w1")
    call("move_clock", {"advance": "soon"}, status=400, world="w1")
    call("move_clock", {"advance": 5, "to": before}, status=400, world="w1")
    assert call("move_clock", {"mode": "frozen"}, status=200, world="w1")["mode"] == "frozen"
    call("settle_world", status=200, world="w1")


def test_faults(call: Caller, acme: dict[str, str]) -> None:
    made = call("add_fault", {"kind": "throttle", "at": {"write": "r-01"}, "retry_after": 31}, status=201, world="w1")
    call("add_fault", {"kind": "meteor"}, status=400, world="w1")
    call("add_fault", {"kind": "truncate", "phase": "connect"}, status=400, world="w1")
    assert [f["id"] for f in call("list_faults", status=200, world="w1")] == [made["id"]]
    call("remove_fault", status=204, world="w1", fault_id=made["id"])
    call("remove_fault", status=404, world="w1", fault_id=made["id"])
    call("clear_faults", status=204, world="w1")


def test_the_tape(call: Caller, acme: dict[str, str]) -> None:
    spend(call, acme, "r-01")
    listed = call("read_tape", status=200, world="w1")
    assert listed[-1]["phases"][-1] == "deliver"
    assert call("read_tape", status=200, world="w1", query=f"after={listed[-1]['number']}") == []
    assert call("read_exchange", status=200, world="w1", number=str(listed[-1]["number"]))["client"] == "outside"
    call("read_exchange", status=404, world="w1", number="4711")
    assert call("read_tape_har", status=200, world="w1")["log"]["version"] == "1.2"


def test_books_lines_documents_and_findings(call: Caller, acme: dict[str, str]) -> None:
    spend(call, acme, "r-01")
    books = call("read_books", status=200, **acme)
    assert books["totals"]["base"]["debit"] == {"amount": "37.15", "currency": "GBP"}
    assert call("read_books", status=200, query="as_of=2026-03-15", **acme)["accounts"] == []
    assert len(call("list_lines", status=200, query="account=card", **acme)) == 1
    (document,) = call("list_documents", status=200, query="transaction=r-01", **acme)
    assert (document["kind"], document["total"]["amount"]) == ("BankTransaction", "37.15")
    assert call("list_findings", status=200, **acme) == []
    call("read_books", status=404, **{**acme, "company_id": "nobody"})


def test_tokens(call: Caller, acme: dict[str, str]) -> None:
    call("list_tokens", status=200, **acme)
    assert call("issue_token", status=201, **acme)["status"] == "live"
    assert {token["status"] for token in call("expire_tokens", status=200, **acme)} == {"expired"}
    assert {token["status"] for token in call("revoke_tokens", status=200, **acme)} == {"revoked"}


def test_the_bookkeeper(call: Caller, acme: dict[str, str]) -> None:
    spend(call, acme, "r-01")
    call("act_as_bookkeeper", {"action": "archive_account", "account": "travel"}, status=200, **acme)
    call("act_as_bookkeeper", {"action": "restore_account", "account": "travel"}, status=200, **acme)
    call(
        "act_as_bookkeeper",
        {"action": "rename_contact", "contact": "shop", "name": "Fabrikam Retail"},
        status=200,
        **acme,
    )
    told = call("act_as_bookkeeper", {"action": "delete", "document": {"transaction": "r-01"}}, status=200, **acme)
    assert told["document"]["status"] == "deleted"
    call("act_as_bookkeeper", {"action": "lock_period", "date": "2026-03-31"}, status=200, **acme)
    call("act_as_bookkeeper", {"action": "lock_period", "date": None}, status=200, **acme)
    call("act_as_bookkeeper", {"action": "archive_account", "account": "yacht"}, status=404, **acme)
    call("act_as_bookkeeper", {"action": "burn"}, status=400, **acme)


def test_webhooks(call: Caller, acme: dict[str, str]) -> None:
    made = call("add_subscription", {"events": ["*"]}, status=201, **acme)
    assert [s["id"] for s in call("list_subscriptions", status=200, **acme)] == [made["id"]]
    call("list_deliveries", status=200, world="w1")
    call("remove_subscription", status=204, subscription_id=made["id"], **acme)
    call("remove_subscription", status=404, subscription_id=made["id"], **acme)
    call("clear_subscriptions", status=204, **acme)


def test_a_hub_company_is_linked_anew(call: Caller, acme: dict[str, str]) -> None:
    made = call(
        "create_company",
        {"platform": "codat", "connected_to": {"platform": acme["platform"], "company_id": acme["company_id"]}},
        status=201,
        world="w1",
    )
    where = {"world": "w1", "platform": "codat", "company_id": made["company_id"]}
    assert call("link_connection", status=200, **where)["status"] == "Linked"
    assert call("link_connection", status=404, **{**where, "company_id": "nobody"})["error"] == "unknown_hub_company"


def test_a_world_keeps_to_the_edition_that_it_was_made_with(call: Caller) -> None:
    chosen = {"edition": "2023", "profiles": ["xero.attachments_4_mb"]}
    call("create_world", {"name": "old", "capabilities": chosen}, status=201)
    world = call.app.world("old")
    assert world is not None
    assert (caps.table(world, "xero").edition, caps.table(world, "xero").attachments.bytes_max) == ("2023", 4_000_000)
    refused = call("create_world", {"name": "odd", "capabilities": {"edition": "1999"}}, status=400)
    assert (refused["error"], call.app.world("odd")) == ("unknown_capabilities", None)


def test_control_from_another_machine_needs_the_token() -> None:
    app = App(control_token="s3cret")
    app.create_world()
    url = "http://sandbooks.example:8787/_control/worlds"

    def status(*headers: tuple[str, str]) -> int:
        answer = app.edge.dispatch(Request("GET", url, headers))
        assert isinstance(answer, Response)
        return answer.status

    assert status() == 401
    assert status(("Authorization", "Bearer wrong")) == 401
    assert status(("Authorization", "Bearer s3cret")) == 200


def test_a_fork_can_be_reset_to_its_making_and_a_world_from_elsewhere_says_that_it_cannot(
    call: Caller, acme: dict[str, str]
) -> None:
    call("fork_world", {"name": "copy"}, status=201, world=acme["world"])
    assert call("reset_world", status=200, world="copy")["companies"]
    call.app.fork_world(acme["world"], "bare")
    assert call("reset_world", status=409, world="bare")["error"] == "creation_unknown"


@pytest.mark.parametrize("chart", [{"Rows": []}, {"Accounts": [1]}, {"Accounts": {"Name": 4}}, {"Accounts": [{}]}])
def test_a_chart_that_cannot_be_read_is_refused_and_opens_nothing(
    call: Caller, acme: dict[str, str], chart: dict[str, Any]
) -> None:
    before = call("list_companies", status=200, world=acme["world"])
    told = call("create_company", {"platform": "xero", "chart": chart}, status=400, world=acme["world"])
    assert told["error"] == "chart_unreadable"
    assert call("list_companies", status=200, world=acme["world"]) == before


@pytest.mark.parametrize(
    "body", [{"currency": "AAA"}, {"accounts": {"card": {"type": "credit_card", "currency": "Dollars"}}}]
)
def test_a_currency_that_does_not_exist_is_refused(call: Caller, acme: dict[str, str], body: dict[str, Any]) -> None:
    wanted = {"platform": "xero", **({"chart": body} if "accounts" in body else body)}
    told = call("create_company", wanted, status=400, world=acme["world"])
    assert told["error"] == "unknown_currency"


def test_an_exchange_number_beyond_any_store_is_unknown(call: Caller, acme: dict[str, str]) -> None:
    assert call("read_exchange", status=404, world=acme["world"], number=str(10**30))["error"] == "unknown_exchange"


def test_a_tape_that_is_followed_says_what_comes_after(call: Caller, acme: dict[str, str]) -> None:
    spend(call, acme, "r-01")
    url = f"{BASE}/worlds/w1/tape?follow=true&platform=xero"
    answer = call.app.edge.dispatch(Request("GET", url))
    assert isinstance(answer, Response)
    last = exact_json.loads(answer.body.splitlines()[-1])["number"]
    assert answer.header(CONTINUES) == f"/_control/worlds/w1/tape?follow=true&platform=xero&after={last}"
    assert CONTINUES not in dict(
        native(call, "GET", "/connections", call("list_companies", status=200, world="w1")[0]).headers
    )


@pytest.mark.parametrize("query", ["canonical=yes", "follow=1", "platform=sap", "after=-1"])
def test_a_tape_is_asked_for_in_words_that_there_are(call: Caller, acme: dict[str, str], query: str) -> None:
    call("read_tape", status=400, query=query, world="w1")


def test_a_canonical_tape_is_as_described(call: Caller, acme: dict[str, str]) -> None:
    spend(call, acme, "r-01")
    assert call("read_tape", status=200, query="canonical=true&platform=xero", world="w1")[0]["surface"] == "xero"


def test_a_clock_is_moved_or_changed_but_not_both(call: Caller, acme: dict[str, str]) -> None:
    before = call("read_clock", status=200, world="w1")
    call("move_clock", {"advance": 5, "mode": "live"}, status=400, world="w1")
    assert call("read_clock", status=200, world="w1") == before


def test_nobody_subscribes_to_a_company_that_is_not_there(call: Caller, acme: dict[str, str]) -> None:
    for platform in (acme["platform"], "codat"):
        nobody = {"world": "w1", "platform": platform, "company_id": "nobody"}
        call("list_subscriptions", status=404, **nobody)
        call("add_subscription", {}, status=404, **nobody)
        call("clear_subscriptions", status=404, **nobody)
    for url in ("not a url", "ftp://files.example/x", "http://", "http://host:99999/"):
        call("add_subscription", {"url": url}, status=400, **acme)
    assert call("list_subscriptions", status=200, **acme) == []


def test_a_token_that_nobody_has_cannot_end(call: Caller, acme: dict[str, str]) -> None:
    call("expire_tokens", {"token": "mistyped"}, status=404, **acme)
    call("revoke_tokens", {"token": "mistyped"}, status=404, **acme)
    assert {token["status"] for token in call("list_tokens", status=200, **acme)} == {"live"}


def test_a_hub_company_beside_nothing_is_not_made(call: Caller) -> None:
    hub = {"platform": "codat", "connected_to": {"platform": "xero", "company_id": "nobody"}}
    call("create_world", {"name": "w9", "companies": [hub]}, status=404)
    assert call.app.world("w9") is None
