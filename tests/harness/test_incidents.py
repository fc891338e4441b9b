"""Recorded exchanges become scenarios: what was sent, what went wrong, what nobody can know."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from sandbooks import Sandbox
from sandbooks.cli.main import main
from sandbooks.harness.incidents import NotAnArchive, NothingToTell, Told, read_har, scenario_from

SURFACES = {"quickbooks.api.intuit.com": "quickbooks_online", "api.xero.com": "xero", "api.codat.io": "codat"}
PURCHASE = "https://quickbooks.api.intuit.com/v3/company/123/purchase?requestid=k-1"


def entry(
    url: str, body: Any, *, status: int, answer: Any = None, at: str = "09:30:00", text: str = ""
) -> dict[str, Any]:
    headers = [{"name": "Authorization", "value": "Bearer hush-hush"}]
    content = text or (json.dumps(answer) if answer is not None else "")
    return {
        "startedDateTime": f"2026-03-16T{at}Z",
        "request": {"method": "POST", "url": url, "headers": headers, "postData": {"text": json.dumps(body)}},
        "response": {"status": status, "content": {"text": content}},
    }


def listing(url: str, answer: Any) -> dict[str, Any]:
    found = entry(url, None, status=200, answer=answer, at="09:29:00")
    found["request"] |= {"method": "GET", "postData": {"text": ""}}
    return found


def purchase(amount: str = "61.33", **more: Any) -> dict[str, Any]:
    detail = {"AccountRef": {"value": "25"}, "TaxCodeRef": {"value": "NON"}}
    line = {
        "Amount": float(amount),
        "DetailType": "AccountBasedExpenseLineDetail",
        "AccountBasedExpenseLineDetail": detail,
    }
    return {
        "PaymentType": "CreditCard",
        "AccountRef": {"value": "30"},
        "EntityRef": {"value": "7", "name": "Jane Doe"},
        "TxnDate": "2026-03-14",
        "CurrencyRef": {"value": "GBP"},
        "PrivateNote": "dinner with Jane [e-77]",
        "Line": [line],
        **more,
    }


def told(*entries: dict[str, Any], **more: str) -> Told:
    content = json.dumps({"log": {"version": "1.2", "entries": list(entries)}}).encode()
    return scenario_from(read_har(content, surfaces=SURFACES), title="What happened on that day", **more)


def faults(found: Told) -> list[Any]:
    return [step["fault"] for step in found.data["steps"] if "fault" in step]


def pushed(found: Told) -> list[Any]:
    return [step["push"] for step in found.data["steps"] if "push" in step]


def test_an_answer_that_never_came_is_played_both_ways() -> None:
    found = told(
        entry(PURCHASE, purchase(), status=0),
        entry(PURCHASE, purchase(), status=200, answer={"Purchase": {"Id": "145"}}, at="09:30:31"),
    )
    assert found.data["matrix"] == {"phase": ["commit", "validate"]}
    assert faults(found) == [{"drop_response": {"at": {"write": "r-01"}, "phase": "{phase}"}}]
    assert [push["payment"] for push in pushed(found)] == ["r-01"]
    assert any("both ways" in guess for guess in found.guesses)


def test_names_notes_and_credentials_stay_out_and_guesses_are_marked() -> None:
    accounts = {"QueryResponse": {"Account": [{"Id": "30", "Name": "Visa 4711", "AccountType": "Credit Card"}]}}
    found = told(
        listing("https://quickbooks.api.intuit.com/v3/company/123/query", accounts),
        entry(PURCHASE, purchase(), status=200),
    )
    text = found.text
    assert "Visa 4711" in text
    assert not any(secret in text for secret in ("Jane", "hush", "e-77", "123"))
    assert "# guess: account_2 is of type expense" in text
    assert pushed(found)[0]["lines"] == [{"net": "61.33 GBP", "account": "account_2"}]


def test_refusals_of_the_moment_become_their_faults() -> None:
    spend = {
        "Type": "SPEND",
        "Date": "/Date(1773446400000+0000)/",
        "BankAccount": {"Code": "090"},
        "CurrencyCode": "USD",
        "CurrencyRate": "1.25",
        "LineAmountTypes": "Inclusive",
        "LineItems": [{"UnitAmount": "120.00", "Quantity": "1", "TaxAmount": "20.00", "AccountCode": "400"}],
    }
    body = {"BankTransactions": [spend]}
    url = "https://api.xero.com/api.xro/2.0/BankTransactions"
    page = "<html><title>Bad gateway</title></html>"
    found = told(
        entry(url, body, status=429, at="09:30:00"),
        entry(url, body, status=401, at="09:31:00"),
        entry(url, body, status=503, at="09:31:10"),
        entry(url, body, status=502, text=page, at="09:31:20"),
        entry(url, body, status=200, answer=body, at="09:31:40"),
        currency="GBP",
    )
    assert [next(iter(fault)) for fault in faults(found)] == [
        "throttle",
        "expire_token",
        "server_error",
        "html_error_page",
    ]
    assert [fault[kind]["at"].get("nth", 1) for fault in faults(found) for kind in fault] == [1, 2, 3, 4]
    (push,) = pushed(found)
    assert (push["date"], push["rate"]) == ("2026-03-14", "1 USD = 0.8 GBP")
    assert push["lines"] == [{"net": "100.00 USD", "tax_amount": "20.00 USD", "tax": "tax_1", "account": "account_2"}]
    assert found.data["companies"]["acme"]["taxes"] == {"tax_1": {"rate": "20%"}}


def test_what_was_sent_again_after_its_answer_is_a_program_that_forgot() -> None:
    done = {"status": 200, "answer": {"Purchase": {"Id": "145"}}}
    found = told(entry(PURCHASE, purchase(), **done), entry(PURCHASE, purchase(), **done, at="09:32:00"))
    kinds = [next(iter(step)) for step in found.data["steps"]]
    assert kinds == ["connect", "configure", "kill", "push", "sync", "expect"]
    assert found.data["steps"][4] == {"sync": "after restart"}


def test_a_hub_client_is_told_by_its_own_ids() -> None:
    one = {
        "id": "0d4f7d2c-2c2e-4b63-a3f9-0f6ad1a3a001",
        "type": "Refund",
        "issueDate": "2026-03-14T00:00:00Z",
        "currency": "GBP",
        "lines": [{"netAmount": 12.5, "taxAmount": 0, "accountRef": {"id": "a-1"}}],
    }
    url = "https://api.codat.io/companies/c-1/sync/expenses/expense-transactions"
    found = told(
        entry(url, [one], status=502), entry(url, [one], status=200, answer=[], at="09:33:00"), platform="xero"
    )
    assert [next(iter(push)) for push in pushed(found)] == ["refund"]
    assert faults(found)[0]["server_error"]["at"] == {"write": "r-01", "platform": "codat"}
    with pytest.raises(NothingToTell, match="--platform"):
        told(entry(url, [one], status=200))


def test_what_cannot_be_read_is_said() -> None:
    odd = purchase(Line=[{"Amount": "many", "AccountBasedExpenseLineDetail": {"AccountRef": {"value": "25"}}}])
    found = told(entry(PURCHASE, odd, status=200), entry(PURCHASE, purchase(), status=200))
    assert len(found.unread) == 1
    assert "# not told: POST /v3/company/123/purchase" in found.text
    with pytest.raises(NothingToTell):
        told(listing("https://example.com/", {}))
    with pytest.raises(NotAnArchive, match="no HTTP archive"):
        read_har(b"[]", surfaces=SURFACES)


@pytest.mark.parametrize(("client", "code"), [("Hasty", 1), ("Careful", 0)])
def test_the_scenario_tells_a_hasty_client_from_a_careful_one(tmp_path: Path, client: str, code: int) -> None:
    recorded = {"log": {"entries": [entry(PURCHASE, purchase(), status=0)]}}
    (tmp_path / "incident.har").write_text(json.dumps(recorded))
    made = CliRunner().invoke(main, ["import", str(tmp_path / "incident.har")])
    assert made.exit_code == 0, made.output
    scenario = tmp_path / "incident.yaml"
    driver = f"tests.harness.small_clients:{client}"
    replayed = CliRunner().invoke(main, ["replay", str(scenario), "--driver", driver, "--quiet"])
    assert replayed.exit_code == code, replayed.output


def test_a_run_against_the_simulator_is_recorded_with_what_it_knows(tmp_path: Path) -> None:
    import requests

    with Sandbox(seed=3) as sandbox:
        acme = sandbox.company("quickbooks_online", country="GB", currency="GBP", accounts={
            "travel": {"type": "expense", "name": "Travel"}, "card": {"type": "credit_card", "name": "Company Card"},
        })  # fmt: skip
        with sandbox.serve() as server:
            url = f"{server.url}/quickbooks_online/v3/company/{acme.id}/purchase"
            body = purchase(AccountRef={"value": acme.native_id("card")}, GlobalTaxCalculation="NotApplicable")
            body["Line"][0]["AccountBasedExpenseLineDetail"] = {"AccountRef": {"value": acme.native_id("travel")}}
            body.pop("EntityRef")
            headers = {"Authorization": f"Bearer {acme.credentials['access_token']}", "Accept": "application/json"}
            with (
                sandbox.fault("drop_response", phase="commit", how="closed", at={"operation": "POST /**/purchase"}),
                pytest.raises(requests.ConnectionError),
            ):
                requests.post(url, json=body, headers=headers, timeout=5)
            file = tmp_path / "recorded.yaml"
            made = CliRunner().invoke(main, ["record", str(file), "--at", server.url])
    assert made.exit_code == 0, made.output
    text = file.read_text()
    assert "{drop_response: {at: {write: r-01}, phase: commit}}" in text
    assert "matrix" not in text


def test_a_later_accident_may_rest_where_a_program_that_looks_sends_nothing_more(tmp_path: Path) -> None:
    lost, failed = entry(PURCHASE, purchase(), status=0), entry(PURCHASE, purchase(), status=504, at="09:30:40")
    first, second = faults(told(lost, failed))
    assert "may_rest" not in first["drop_response"]
    assert second["server_error"]["may_rest"] is True
    (tmp_path / "incident.har").write_text(json.dumps({"log": {"version": "1.2", "entries": [lost, failed]}}))
    scenario = tmp_path / "incident.yaml"
    made = CliRunner().invoke(main, ["import", str(tmp_path / "incident.har"), "--out", str(scenario)])
    assert made.exit_code == 0, made.output
    replayed = CliRunner().invoke(main, ["replay", str(scenario), "--quiet"])
    assert replayed.exit_code == 0, replayed.output
