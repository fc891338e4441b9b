"""``sandbooks explain``: the chain from a transaction to requests, documents and ledger lines."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from click.testing import CliRunner
from tests.toy import registered
from tests.toy_client import ToyClient

from sandbooks import Sandbox, exact_json
from sandbooks.cli.main import main


@pytest.fixture
def place() -> Iterator[str]:
    """A server whose world holds two expenses of one company; the first answer of one of them was lost."""
    with registered(), Sandbox(seed=7, clock="2026-03-28T17:40:00 Europe/London") as sandbox:
        acme = sandbox.company("toy", name="Acme", currency="GBP")
        with (
            sandbox.intercept(),
            ToyClient(acme.credentials) as client,
            sandbox.fault("drop_response", phase="commit", at=acme.write("r-02")),
        ):
            client.export("r-01", "12.30")
            client.export("r-02", "7.45")  # tries again by itself
        with sandbox.serve() as server:
            yield server.url


def explained(place: str, transaction: str, *more: str, code: int = 0) -> str:
    result = CliRunner().invoke(main, ["explain", transaction, "--at", place, *more])
    assert result.exit_code == code, result.output
    return result.output


def test_requests_documents_and_ledger_lines_of_one_transaction_are_shown(place: str) -> None:
    told = explained(place, "r-02")
    assert "POST" in told
    assert "reached commit, the client saw timeout" in told
    assert "the client saw 200" in told  # it looked its own expense up
    assert "fault" in told
    assert "Dr 7.45 GBP" in told
    assert "Cr 7.45 GBP" in told
    assert "12.30" not in told


def test_a_machine_reads_the_chain_as_json(place: str) -> None:
    chain = exact_json.loads(explained(place, "r-01", "--json"))
    assert [(entry["client"], entry["response"]["status"]) for entry in chain["exchanges"]] == [("outside", 201)]
    assert [document["platform"] for document in chain["documents"]] == ["toy"]
    assert {line["amount"]["amount"] for line in chain["lines"]} == {"12.30", "-12.30"}


def test_what_nothing_carries_is_said_to_be_unknown(place: str) -> None:
    assert "no document carries 'r-09'" in explained(place, "r-09", code=2)
